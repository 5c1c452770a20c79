"""Accounts, entries, and the agency's real bank accounts."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field

from ledger.domain.titles import HifAcctType, Side, Title, leaving_account
from ledger.repository.bank_accounts import BankAccountRow
from ledger.repository.books import AccountRow, EntryRow
from ledger.writers.payment_file import payment_forms
from ledger.writers.template import PAIN_001
from shared.contracts.model import Document
from shared.money import Fen


class AccountShown(BaseModel):
    """One account of the chart."""

    id: str
    fund: str = Field(description="险种（insutype），各基金分账")
    title: Title
    name: str
    official_code: str
    normal_side: Side
    bankacct: str | None

    @classmethod
    def of(cls, row: AccountRow) -> "AccountShown":
        """As it is answered."""
        return cls(
            id=str(row.id),
            fund=row.fund,
            title=Title(row.title),
            name=row.name,
            official_code=row.official_code,
            normal_side=Side(row.normal_side),
            bankacct=row.bankacct,
        )


class EntryShown(BaseModel):
    """A posting as one of its two accounts sees it."""

    id: str
    side: Side
    other_account_id: str
    amount: Fen
    booking_date: date
    effective_date: date
    dimension: str
    cause: str
    cause_id: str
    rlts_traf_id: str | None
    reverses: str | None
    reason: str | None
    recorded_at: datetime

    @classmethod
    def of(cls, row: EntryRow, **more: Any) -> Self:
        """As it is answered."""
        return cls(
            id=str(row.id),
            side=Side(row.side),
            other_account_id=str(row.other_account),
            amount=row.amount_fen,
            booking_date=row.booking_date,
            effective_date=row.effective_date,
            dimension=row.dimension,
            cause=row.cause,
            cause_id=str(row.cause_id),
            rlts_traf_id=row.rlts_traf_id,
            reverses=None if row.reverses is None else str(row.reverses),
            reason=row.reason,
            recorded_at=row.recorded_at,
            **more,
        )


_FORMS = "，".join(f"{code} {name}" for code, name in payment_forms().items())
PaymentForm = Annotated[str, Field(pattern=r"^[a-z0-9.-]{1,30}$", description=f"从该账户付款的文件格式（{_FORMS}）")]


class BankAccountShown(BaseModel):
    """A real account of the agency; number and name come from the registry."""

    bankacct: str
    acctname: str
    bankcode: str | None
    hif_acct_type: HifAcctType
    use: str
    is_treasury: bool = Field(description="是否财政专户")
    needs_funds: bool = Field(description="是否凭用款申请由财政专户拨入")
    payment_form: str = Field(description="从该账户付款的文件格式")
    fund: str
    valid_from: date
    valid_to: date | None
    returns_leave_from: str | None = Field(description="退回收到的款项时，从哪个账户付出")
    version: int

    @classmethod
    def of(cls, row: BankAccountRow, payer_bankacct: str | None) -> "BankAccountShown":
        """As it is answered; ``payer_bankacct`` is the account that the agency pays from."""
        shared = {name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)}
        return cls(**shared, returns_leave_from=leaving_account(row.bankacct, row.role, payer_bankacct))


class BankAccountChange(Document):
    """What the agency may say of its account; the registry decides the rest."""

    hif_acct_type: HifAcctType
    use: Literal["dedicated", "shared"]
    is_treasury: bool = Field(default=False, description="是否财政专户")
    needs_funds: bool = Field(default=False, description="是否凭用款申请由财政专户拨入")
    payment_form: PaymentForm = PAIN_001
    fund: Literal["310", "390"] | None = Field(
        default=None, description="哪个险种基金的账户，省略为不变；已有流水的账户不能改"
    )
