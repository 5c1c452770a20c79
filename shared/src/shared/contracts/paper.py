"""What two people of an agency say of paper, signed by the agency's seal key (*design*; decision 0014).

A paper sheet has no electronic seal, and a sheet sent on paper no countersignature of the platform. In their place
stands the statement of the agency that holds the paper: what stands on it, which scan shows it, who read it twice.
"""

from datetime import date
from typing import Annotated, Self

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from shared.contracts.addendum import AddendumNo, SheetAddendum
from shared.contracts.codes import CaseNumber
from shared.contracts.info_sheet import InfoSheet
from shared.contracts.model import Document

ScanDigest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="扫描件的 SHA-256（十六进制小写）")]
PaperNumber = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
BankAcct = Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,40}$")]


class StatedAccount(Document):
    """The bank account of an agency that the registry holds none of, as its paper states it."""

    bankacct: BankAcct
    acctname: Annotated[str, Field(min_length=1, max_length=100)]
    bankcode: Annotated[str, Field(pattern=r"^[0-9]{12}$")] | None = None


class TwoPeople(Document):
    """Who entered it and who compared it with the paper; never the same person."""

    entered_by: Annotated[str, Field(min_length=1, max_length=200)]
    confirmed_by: Annotated[str, Field(min_length=1, max_length=200)]
    confirmed_at: AwareDatetime

    @model_validator(mode="after")
    def _are_two(self) -> Self:
        if self.entered_by == self.confirmed_by:
            raise ValueError("录入与确认须为不同人员")
        return self


class PaperSheet(Document):
    """A 信息表 that came on paper: said by the inbound, which holds it. Dates are those of Asia/Shanghai."""

    sheet: InfoSheet
    paper_number: PaperNumber | None = None
    scan_digest: ScanDigest
    received_on: date
    payer_account: StatedAccount | None = None
    people: TwoPeople


class PaperDispatch(Document):
    """A sealed sheet that was printed and sent on paper: said by the outbound, which sent it."""

    rlts_traf_id: CaseNumber
    sheet_version: Annotated[int, Field(ge=1, le=999, strict=True)]
    sheet_digest: ScanDigest
    dispatched_on: date
    note: Annotated[str, Field(max_length=200)]
    payee_account: StatedAccount | None = None
    people: TwoPeople


class PaperAddendum(Document):
    """An addendum that came on paper: said by the inbound, which holds it. Dates are those of Asia/Shanghai."""

    addendum: SheetAddendum
    paper_number: PaperNumber | None = None
    scan_digest: ScanDigest
    received_on: date
    payer_account: StatedAccount | None = None
    people: TwoPeople


class AddendumDispatch(Document):
    """A sealed addendum that was printed and sent on paper: said by the outbound, which sent it."""

    rlts_traf_id: CaseNumber
    addendum_no: AddendumNo
    digest: ScanDigest
    dispatched_on: date
    note: Annotated[str, Field(max_length=200)]
    payee_account: StatedAccount | None = None
    people: TwoPeople
