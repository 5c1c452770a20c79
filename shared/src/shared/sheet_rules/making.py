"""What a sheet is put together from besides its rows."""

from collections.abc import Sequence

from shared.contracts.facts import Account, Contribution, PersonRecord
from shared.contracts.info_sheet import SheetAttachment, SheetFinding, SheetRow
from shared.law import law
from shared.money_cn import MAX_FEN
from shared.sheet_rules.catalogue import sheet_finding

MAX_ROWS = 200
"""As many as ``InfoSheet`` takes."""


@law("N16")
def attachment_of(
    record: PersonRecord, contributions: tuple[Contribution, ...], account: Account | None
) -> SheetAttachment:
    """The personal record that travels along: basics, enrolment, payment detail, account with its entries.

    ``contributions`` are the record's own and those that earlier transfers brought, ``account`` the account as it
    stands. Name, certificate and gender stand in the sheet's head.
    """
    return SheetAttachment(
        psn_no=record.psn_no,
        brdy=record.brdy,
        mob=record.mob,
        psn_type=record.psn_type,
        surv_stas=record.surv_stas,
        relations=record.relations,
        contributions=contributions,
        account=account,
    )


def cannot_be_written(rows: Sequence[SheetRow], amount: int) -> list[SheetFinding]:
    """What no sheet can hold at all; ``amount`` in fen."""
    found = [sheet_finding("E27")] if len(rows) > MAX_ROWS else []
    return [*found, sheet_finding("E28")] if amount > MAX_FEN else found
