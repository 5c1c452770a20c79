"""Codes of the national data dictionary that decide something here; all others are plain data."""

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

AREA_PATTERN, CASE_PATTERN = r"^[0-9]{6}$", r"^[0-9A-Z]{8,20}$"
AreaCode = Annotated[str, StringConstraints(pattern=AREA_PATTERN)]
"""``admdvs``: six digits; whether it names a pooling area, only the registry knows."""

CaseNumber = Annotated[str, StringConstraints(pattern=CASE_PATTERN)]
"""``rlts_traf_id``; the check character is proved by ``shared.case_number``."""


class Insutype(StrEnum):
    """``insutype``: the two schemes that can be transferred (N2)."""

    EMPLOYEE = "310"
    RESIDENT = "390"


class PsnInsuStas(StrEnum):
    """``psn_insu_stas``: state of an insurance relation."""

    NOT_ENROLLED = "0"
    ACTIVE = "1"
    SUSPENDED = "2"
    INVALID = "3"
    TERMINATED = "4"


class RetrTrtEnjymntFlag(StrEnum):
    """``retr_trt_enjymnt_flag``: whether retiree benefits are enjoyed."""

    NOT_ENJOYED = "01"
    ENJOYED = "02"
    PAUSED_03 = "03"
    PAUSED_04 = "04"
    PAUSED_05 = "05"


class Gend(StrEnum):
    """``gend``."""

    MALE = "1"
    FEMALE = "2"
    UNSTATED = "9"


class OptChnl(StrEnum):
    """``opt_chnl``: where an application was made (N6); taken from the token, never from the body."""

    PLATFORM = "platform"
    OUTBOUND_WINDOW = "outbound_window"
    INBOUND_WINDOW = "inbound_window"


class Origin(StrEnum):
    """How a case came to us: applied for here, or on paper with an area that is not connected (*design*)."""

    ELECTRONIC = "electronic"
    PAPER = "paper"


class AcctDisposition(StrEnum):
    """Where the balance of the personal account goes (our own name, a reading per region)."""

    TRANSFER = "transfer"
    REFUNDED_TO_PERSON = "refunded_to_person"
    RETAINED_AT_OUTBOUND = "retained_at_outbound"
    NONE = "none"


class ReturnCode(StrEnum):
    """Why an inbound agency returns a sheet (grounded in N9)."""

    ROWS = "S01"
    SEAL = "S02"
    NOT_OUR_CASE = "S03"
    IDENTITY = "S04"
    AMOUNT = "S05"
    OTHER = "S06"


class CorrectionKind(StrEnum):
    """Why an outbound seals a version after the completion (*design*): facts changed, or it should never have been."""

    CORRECTION = "correction"
    SEALED_IN_ERROR = "sealed_in_error"


class TerminationCause(StrEnum):
    """Why a case ends after its sheet was issued (*design*: no text names these ends)."""

    DEATH = "death"
    RETIREMENT = "retirement"
    DUPLICATE_ENROLMENT = "duplicate_enrolment"
    PERSON_RETURNS = "person_returns"
    OTHER = "other"


class MoneyPath(StrEnum):
    """What becomes of the balance of a terminated case: none was owed, it stays, or what was paid goes back."""

    NONE = "none"
    RETAINED_AT_OUTBOUND = "retained_at_outbound"
    RETURN_TO_OUTBOUND = "return_to_outbound"
