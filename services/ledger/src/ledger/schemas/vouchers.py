"""Vouchers as the general ledger takes them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field, StringConstraints

from ledger.domain.titles import Title
from ledger.repository.vouchers import NumberRow, VoucherLineRow, VoucherRow
from shared.contracts.model import Document
from shared.money import Fen
from shared.web.paging import Page, page_of


class GlNumber(Document):
    """The number that the general ledger gave."""

    gl_voucher_no: Annotated[
        str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9A-Za-z\u4e00-\u9fff/_-]{1,40}$")
    ]


class VoucherLineShown(BaseModel):
    """All postings of one pair of accounts, summed; official codes are empty where the agency has set none."""

    line_no: int
    debit_title: Title
    debit_code: str
    debit_bankacct: str | None
    credit_title: Title
    credit_code: str
    credit_bankacct: str | None
    amount: Fen
    posting_count: int

    @classmethod
    def of(cls, row: VoucherLineRow) -> Self:
        """As it is answered."""
        values = {name: getattr(row, name) for name in cls.model_fields if name != "amount"}
        return cls(**values, amount=row.amount_fen)


class NumberShown(BaseModel):
    """A number that the voucher was given, the replaced ones too."""

    gl_voucher_no: str
    recorded_by: str
    recorded_at: datetime

    @classmethod
    def of(cls, row: NumberRow) -> Self:
        """As it is answered."""
        return cls(gl_voucher_no=row.gl_voucher_no, recorded_by=row.recorded_by, recorded_at=row.recorded_at)


class VoucherShown(BaseModel):
    """One voucher of a fund's day; a later number holds what was posted for that day afterwards."""

    id: str
    fund: str
    booking_date: date
    voucher_no: int = Field(description="该基金当日第几张")
    made_at: datetime
    lines: list[VoucherLineShown]
    total: Fen
    gl_voucher_no: str | None = Field(description="总账凭证号")
    gl_recorded_by: str | None
    gl_recorded_at: datetime | None
    version: int

    @classmethod
    def of(cls, row: VoucherRow, own: Sequence[VoucherLineRow]) -> Self:
        """As it is answered, with its ``own`` lines."""
        return cls(
            id=str(row.id),
            fund=row.fund,
            booking_date=row.booking_date,
            voucher_no=row.voucher_no,
            made_at=row.made_at,
            lines=[VoucherLineShown.of(line) for line in own],
            total=sum(line.amount_fen for line in own),
            gl_voucher_no=row.gl_voucher_no,
            gl_recorded_by=row.gl_recorded_by,
            gl_recorded_at=row.gl_recorded_at,
            version=row.version,
        )


def voucher_page(rows: Sequence[VoucherRow], lines: Iterable[VoucherLineRow], limit: int) -> Page[VoucherShown]:
    """A page of vouchers, of which ``rows`` has one more than ``limit`` if there are more; ``lines`` are of all."""
    own = defaultdict(list)
    for line in lines:
        own[line.voucher_id].append(line)
    return page_of(
        rows,
        limit,
        lambda row: (row.booking_date.isoformat(), row.fund, row.voucher_no),
        lambda row: VoucherShown.of(row, own[row.id]),
    )


class VoucherInFull(VoucherShown):
    """One voucher with every number that it was ever given."""

    gl_numbers: list[NumberShown] = Field(description="历次回填的总账凭证号，先的在前；更正前的也保留")

    @classmethod
    def with_numbers(cls, row: VoucherRow, own: Sequence[VoucherLineRow], numbers: Iterable[NumberRow]) -> Self:
        """As it is answered."""
        shown = VoucherShown.of(row, own)
        values = {name: getattr(shown, name) for name in VoucherShown.model_fields}
        return cls(**values, gl_numbers=[NumberShown.of(one) for one in numbers])
