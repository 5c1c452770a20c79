"""What is tried out of an 信息表, and what comes of it."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from shared.contracts.codes import AcctDisposition, AreaCode
from shared.contracts.facts import PersonRecord
from shared.contracts.info_sheet import InfoSheet, SheetChange, SheetFinding, SheetRow
from shared.contracts.model import Document
from shared.money import NonNegativeFen
from shared.sheet_rules import OMISSION_TEXTS, Drafted, Omission, RowSource

Scheme = Literal["310", "390"]
Json = dict[str, Any]


class SheetTrial(Document):
    """Records of which a sheet is made, or a sheet that is checked, or both, to see where they differ.

    ``sheet`` is the document of an ``InfoSheet``; what is wrong with its form is a finding too. It is held against
    the areas, schemes and person given here. ``accepted_on`` and ``as_of`` are today where they are left out.
    """

    trafout_admdvs: AreaCode
    trafin_admdvs: AreaCode
    trafout_insutype: Scheme = "310"
    trafin_insutype: Scheme = "310"
    accepted_on: date | None = None
    as_of: date | None = None
    record: PersonRecord | None = None
    sheet: Annotated[Json, Field(description="一张信息表（InfoSheet），格式有误之处也作为核对结果指出")] | None = None
    acct_disposition: AcctDisposition | None = None
    drafted_amount: NonNegativeFen | None = None
    policy: Annotated[Json, Field(description="要试用的地区政策文件（其 TOML 内容写成 JSON）")] | None = None


class LeftOutShown(BaseModel):
    """A contribution record that is on no row, and why."""

    rid: str
    omission: Omission
    text: str

    @classmethod
    def all_of(cls, drafted: Drafted) -> list["LeftOutShown"]:
        """One for each record that a draft left out."""
        return [
            cls(rid=each.rid, omission=each.omission, text=OMISSION_TEXTS[each.omission]) for each in drafted.left_out
        ]


class SheetTried(BaseModel):
    """Everything that the rules find, and whether such a sheet could be sealed.

    ``rows`` are those that the records make, with the records behind each and those that do not count; ``sheet`` is
    the one that was checked, ``None`` where it cannot be read; ``changes`` lead from ``rows`` to the rows of a sheet
    that was given beside records. A finding without article is *design*.
    """

    is_sealable: bool
    findings: list[SheetFinding]
    rows: list[SheetRow]
    sources: list[RowSource]
    left_out: list[LeftOutShown]
    changes: list[SheetChange]
    sheet: InfoSheet | None
    registry_version: int
    policy_version: str | None
