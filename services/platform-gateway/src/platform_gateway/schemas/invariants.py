"""Where sheets, cases and money do not agree, with both sides' evidence."""

from datetime import date, datetime
from typing import Any, Self

from pydantic import BaseModel, Field
from sqlalchemy import Row

from platform_gateway.domain.breaks import BREAK_NAMES, BreakKind
from shared.contracts.events.figures import FiguresSide


class Evidence(BaseModel):
    """What one side holds: the value in question, and what it stands on (messages by id, as both have them signed)."""

    value: str
    stands_on: dict[str, Any]


class BreakShown(BaseModel):
    """One disagreement between the platform and one side of a case."""

    break_id: str
    rlts_traf_id: str
    kind: BreakKind
    name: str
    side: FiguresSide
    reported_by: str = Field(description="报送方地址，如 ledger.370100")
    trafout_admdvs: str
    trafin_admdvs: str
    platform: Evidence
    reported: Evidence
    found_at: datetime
    seen_at: datetime = Field(description="最近一次报送仍不一致的时间")
    settled_at: datetime | None = Field(description="后来的报送已一致的时间")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """As it is answered."""
        kind = BreakKind(row.kind)
        return cls(
            break_id=str(row.id),
            rlts_traf_id=row.rlts_traf_id,
            kind=kind,
            name=BREAK_NAMES[kind],
            side=FiguresSide(row.side),
            reported_by=row.sender,
            trafout_admdvs=row.trafout_admdvs,
            trafin_admdvs=row.trafin_admdvs,
            platform=Evidence(value=row.own_value, stands_on=row.own_evidence),
            reported=Evidence(value=row.told_value, stands_on=row.told_evidence),
            found_at=row.found_at,
            seen_at=row.seen_at,
            settled_at=row.settled_at,
        )


class FiguresReportShown(BaseModel):
    """How far a side's newest report has come; without ``reported_on`` it has never made one."""

    reported_by: str
    reported_on: date | None
    as_of: datetime | None
    case_count: int
    whole_on: date | None = Field(description="最近一次完整报送的日期")
    silent_since: date | None = Field(
        description="最近一次完整报送的日期；从未完整报送的，为平台受理第一件涉及该方的办件的日期"
    )

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """As it is answered."""
        return cls(
            reported_by=row.sender,
            reported_on=row.reported_on,
            as_of=row.as_of,
            case_count=row.case_count,
            whole_on=row.whole_on,
            silent_since=row.silent_since,
        )
