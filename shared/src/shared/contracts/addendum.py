"""What is sealed for money that came after the sheet was (*design*): a supplement to it, which is not reopened."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from shared.contracts.application import PersonName
from shared.contracts.codes import AreaCode, CaseNumber
from shared.contracts.model import Document
from shared.money import Fen


class AddendumCause(StrEnum):
    """Whence the money came."""

    LATE_PREMIUM = "late_premium"
    INTEREST = "interest"
    REFUND = "refund"
    OTHER = "other"


AddendumNo = Annotated[int, Field(ge=1, le=99, strict=True)]
"""Counted from 1 within a case."""


class SheetAddendum(Document):
    """An addendum to a case's accepted sheet: so much more, and why. Its obligation stands beside the sheet's."""

    schema_version: Literal["1"] = "1"
    rlts_traf_id: CaseNumber
    addendum_no: AddendumNo
    sheet_version: Annotated[int, Field(ge=1, le=999, strict=True)]
    trafout_admdvs: AreaCode
    trafin_admdvs: AreaCode
    psn_name: PersonName
    cause: AddendumCause
    reason: Annotated[str, Field(max_length=500)]
    amount: Annotated[Fen, Field(gt=0)]
    amount_cn: Annotated[str, Field(max_length=60)]
    opter_name: Annotated[str, Field(max_length=50)]
    agency_name: Annotated[str, Field(max_length=100)]
    issued_on: date
