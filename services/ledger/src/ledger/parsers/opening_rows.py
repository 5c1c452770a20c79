"""Old money items as the cut-over file brings them: a line of NDJSON each, and what came of the whole."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ledger.domain.opening_items import CLAIM_FIELDS, MAX_ITEM_FEN, MONEY_FIELDS, OpeningItem, OpeningKind
from ledger.parsers.amounts import clean_account
from shared.contracts.application import CaseReference, PersonName
from shared.contracts.codes import AreaCode, CaseNumber
from shared.contracts.model import Document
from shared.contracts.paper import BankAcct, StatedAccount
from shared.days import Day
from shared.money import Fen
from shared.web.line_imports import LineReport, RowPlace

Text = Annotated[str, Field(min_length=1, max_length=500)]


class OpeningRow(Document):
    """One old item as a line of the file.

    ``refs``: its old numbers, the item's own first. A ``receivable`` or ``payable`` names areas and person; what waits
    in ``suspense`` names our bank account, the direction (C in, D out) and the day that the bank booked it.
    """

    kind: OpeningKind
    refs: Annotated[tuple[CaseReference, ...], Field(min_length=1, max_length=10)]
    amount: Annotated[Fen, Field(gt=0, le=MAX_ITEM_FEN)]
    open_since: Day
    rlts_traf_id: CaseNumber | None = None
    trafout_admdvs: AreaCode | None = None
    trafin_admdvs: AreaCode | None = None
    psn_name: PersonName | None = None
    stated_account: StatedAccount | None = None
    bankacct: BankAcct | None = None
    direction: Literal["C", "D"] | None = None
    booked_on: Day | None = None
    value_on: Day | None = None
    bank_ref: Text | None = None
    note: Text | None = None
    counterparty_acct: BankAcct | None = None
    counterparty_name: Text | None = None

    def item(
        self, item_id: UUID, admdvs: str, place: RowPlace, *, by: str, at: datetime, number: Callable[[], str]
    ) -> OpeningItem:
        """What is kept of it; ``number`` gives an item without a case number one of its own."""
        own = {name: getattr(self, name) for name in ("kind", "refs", "open_since", *CLAIM_FIELDS, *MONEY_FIELDS)}
        accounts = {name: clean_account(own[name]) for name in ("bankacct", "counterparty_acct") if own[name]}
        account = self.stated_account
        given = self.rlts_traf_id
        return OpeningItem(
            **(own | accounts),
            item_id=item_id,
            admdvs=admdvs,
            amount_fen=self.amount,
            rlts_traf_id=given if given or self.kind is OpeningKind.SUSPENSE else number(),
            stated_bankacct=clean_account(account.bankacct) if account else None,
            stated_acctname=account.acctname if account else None,
            stated_bankcode=account.bankcode if account else None,
            import_key=place.import_key,
            import_line=place.import_line,
            row_digest=place.row_digest,
            entered_by=by,
            entered_at=at,
        )


class OpeningImport(LineReport):
    """What came of an import, with the items that a second person approves."""

    item_ids: list[UUID] = Field(default_factory=list)
