"""What banks notified of before their statements."""

from datetime import date

from pydantic import BaseModel, Field

from ledger.repository.notices import NoticeRow, NoticeTotals
from shared.money import Fen


class NoticeTotalsShown(BaseModel):
    """What a file of notifications announces, and how much of it a statement has booked since."""

    line_count: int
    credit_total: Fen
    debit_total: Fen
    confirmed_count: int = Field(description="已由对账单入账的笔数")

    @classmethod
    def of(cls, totals: NoticeTotals) -> "NoticeTotalsShown":
        """As it is answered."""
        return cls(
            line_count=totals.line_count,
            credit_total=totals.credit_fen,
            debit_total=totals.debit_fen,
            confirmed_count=totals.confirmed_count,
        )


class NoticeShown(BaseModel):
    """One announced movement; the books know it only once a statement tells it."""

    id: str
    bankacct: str
    notice_no: str
    direction: str = Field(description="C 收入，D 支出")
    amount: Fen
    booked_on: date
    bank_ref: str | None
    end_to_end_id: str | None
    note: str | None
    counterparty_acct: str | None
    counterparty_name: str | None
    foreign_currency: str | None
    is_confirmed: bool = Field(description="对账单是否已经入账")

    @classmethod
    def of(cls, row: NoticeRow) -> "NoticeShown":
        """As it is answered."""
        shared = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        stated = {"id": str(row.id), "amount": row.amount_fen, "is_confirmed": row.statement_id is not None}
        return cls(**(shared | stated))
