"""The case as the platform keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from platform_gateway.domain.money import MoneyState
from platform_gateway.domain.states import CaseState, CorrectionState
from shared.contracts.codes import AcctDisposition, MoneyPath, Origin


@dataclass(frozen=True, slots=True)
class Case:
    """One application and what became of it.

    ``lodged``, ``reasons``, ``outbound_check`` and ``inbound_check`` are the documents as stored (JSON of
    ``LodgedApplication``, of stated reasons, of ``CheckResult``). ``is_duplicate`` marks a case that came while
    another of the same relation was open; ``open_rlts_traf_id`` is that other one. Instants are UTC, dates
    those of Asia/Shanghai. ``sheet_version`` is the last accepted one, 0 for none. ``handover_message_id`` is the
    message whose receipt proves that the outbound has the case in hand. ``benefits`` and ``years`` are what the
    inbound has decided (JSON of ``BenefitsTold`` and ``YearsTold``). ``forwarding`` is the last time that a side was
    replaced by another area: which side, from where, to where, when; and the number of the case that took the place of
    this one (``next_rlts_traf_id``), or whose place this one took (``former_rlts_traf_id``).

    ``stored`` are the documents as they were read, by column: what is still the same object is not written again.
    """

    rlts_traf_id: str
    lodged: dict[str, Any]
    person_key: str
    trafout_admdvs: str
    trafin_admdvs: str
    trafout_insutype: str
    trafin_insutype: str
    applicant_subject: str
    applied_at: datetime
    state: CaseState
    state_since: datetime
    is_duplicate: bool = False
    open_rlts_traf_id: str | None = None
    reasons: tuple[dict[str, Any], ...] = ()
    unknown_sides: tuple[str, ...] = ()
    outbound_check: dict[str, Any] | None = None
    inbound_check: dict[str, Any] | None = None
    policy_version: str | None = None
    decision: dict[str, Any] | None = None
    acct_disposition: AcctDisposition | None = None
    accepted_at: datetime | None = None
    sheet_version: int = 0
    trafin_psn_no: str | None = None
    completed_at: datetime | None = None
    relation_ended_on: date | None = None
    money_state: MoneyState = MoneyState.UNKNOWN
    closed_at: datetime | None = None
    money_path: MoneyPath | None = None
    correction_state: CorrectionState | None = None
    corrected_at: datetime | None = None
    benefits: dict[str, Any] | None = None
    years: dict[str, Any] | None = None
    forwarding: dict[str, Any] | None = None
    next_check_at: datetime | None = None
    check_attempts: int = 0
    handover_message_id: UUID | None = None
    origin: Origin = Origin.ELECTRONIC
    row_version: int = 1
    stored: Mapping[str, object] | None = field(default=None, compare=False, repr=False)

    @property
    def psn_name(self) -> str:
        """The name applied for."""
        name: str = self.lodged["application"]["psn_name"]
        return name

    @property
    def sides(self) -> frozenset[str]:
        """The two agencies, or the one where a scheme is switched inside an area."""
        return frozenset({self.trafout_admdvs, self.trafin_admdvs})
