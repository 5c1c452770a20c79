"""What the core takes over about a person."""

from pydantic import BaseModel

from inbound.schemas.benefits import BenefitsVersionShown
from inbound.schemas.years import YearsVersionShown
from shared.contracts.facts import AccountEntry, Contribution
from shared.contracts.info_sheet import SheetRow
from shared.money import Fen


class TakenOverShown(BaseModel):
    """A period that a transfer brought here, with the case that did."""

    rlts_traf_id: str
    row: SheetRow


class MonthsShown(BaseModel):
    """Distinct months in one scheme over all areas; how many of them were paid elsewhere only."""

    insutype: str
    months: int
    months_elsewhere: int


class ContributionRecord(BaseModel):
    """Own contributions, periods taken over, plain months by scheme, and the account (``None`` without one).

    ``benefits`` is the present decision of each transfer that brought the person here, the newest first; ``years``
    the last assessment.
    """

    psn_no: str
    contributions: list[Contribution]
    taken_over: list[TakenOverShown]
    months: list[MonthsShown]
    balc: Fen | None
    account_entries: list[AccountEntry]
    benefits: list[BenefitsVersionShown]
    years: YearsVersionShown | None
