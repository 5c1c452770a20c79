"""参保人员基本医疗保险信息表: the sheet of N annex 3 with the attachment of N16, before and after sealing."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.application import CertNo, CertType, PersonName
from shared.contracts.codes import AcctDisposition, AreaCode, CaseNumber, Gend
from shared.contracts.facts import Account, Code, Contribution, Relation
from shared.contracts.model import Document
from shared.money import Fen
from shared.months import YearMonth


class SheetHead(Document):
    """Whose sheet it is."""

    psn_name: PersonName
    psn_cert_type: CertType
    certno: CertNo
    gend: Gend


class SheetRow(Document):
    """One stretch of insurance: 序号, 自/至, 类型, 月数, 经办机构, 行政区划代码, 备注."""

    row_no: Annotated[int, Field(strict=True)]
    accrym_begn: YearMonth
    accrym_end: YearMonth
    row_type: Annotated[str, Field(max_length=1)]
    months: Annotated[int, Field(strict=True)]
    agency_name: Annotated[str, Field(max_length=100)]
    admdvs: AreaCode
    memo: Annotated[str, Field(max_length=200)] | None = None


class SheetFoot(Document):
    """What is really transferred, in characters and figures, and who answers for the sheet."""

    acctfund_traf_amt_cn: Annotated[str, Field(max_length=60)]
    acctfund_traf_amt: Fen
    opter_name: Annotated[str, Field(max_length=50)]
    tel: Annotated[str, Field(max_length=30)]
    agency_name: Annotated[str, Field(max_length=100)]
    issued_on: date


class SheetAttachment(Document):
    """The personal record of N16: basics beyond those of the head; enrolment, payment detail, account with entries."""

    psn_no: str
    brdy: date | None = None
    mob: str | None = None
    psn_type: Code | None = None
    surv_stas: Code | None = None
    relations: tuple[Relation, ...] = ()
    contributions: tuple[Contribution, ...] = ()
    account: Account | None = None


class InfoSheet(Document):
    """The whole sheet; its canonical bytes are made once, at sealing, and never made again."""

    schema_version: Literal["1"] = "1"
    rlts_traf_id: CaseNumber
    version: Annotated[int, Field(ge=1, le=999, strict=True)]
    trafout_admdvs: AreaCode
    trafin_admdvs: AreaCode
    trafout_insutype: str
    trafin_insutype: str
    head: SheetHead
    rows: Annotated[tuple[SheetRow, ...], Field(max_length=200)]
    foot: SheetFoot
    acct_disposition: AcctDisposition
    has_account: bool
    attachment: SheetAttachment
    warnings: tuple[str, ...] = ()


class SheetFinding(Document):
    """One error (code E…) or warning (W…) of a sheet; ``row`` counts from 1, ``None`` outside the rows.

    ``articles`` says which text asks for it, as ``shared.law`` cites; none where the finding is *design*.
    """

    code: str
    row: int | None = None
    box: str
    message: str
    is_warning: bool = False
    articles: tuple[str, ...] = ()


class SheetChange(Document):
    """One box that differs between two versions of a sheet.

    ``row`` counts from 1 in the later version, or in the earlier one for a row that is gone; ``None`` outside the
    rows. ``before`` is ``None`` for what is new, ``after`` for what is gone; both as the form writes them.
    """

    row: int | None = None
    box: str
    before: str | None
    after: str | None
