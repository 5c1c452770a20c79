"""A sheet version as the inbound has taken it in."""

from dataclasses import dataclass
from datetime import datetime

from inbound.domain.sheet_difference import Difference
from shared.contracts.info_sheet import InfoSheet, SheetFinding


@dataclass(frozen=True, slots=True)
class ReceivedSheet:
    """One version with what was found in it when it came (UTC)."""

    rlts_traf_id: str
    sheet_version: int
    sealed_sheet: str
    arrival: str
    sheet_digest: str
    sheet: InfoSheet
    findings: tuple[SheetFinding, ...]
    differences: tuple[Difference, ...]
    received_at: datetime
