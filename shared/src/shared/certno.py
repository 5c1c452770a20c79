"""Certificate numbers: one spelling for comparing, what is wrong with one, and masking."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from stdnum.iso7064 import mod_11_2

from shared.contracts.codes import Gend

IDENTITY_CARD = "01"
HK_MACAO_TAIWAN_RESIDENCE = "17"
PERMANENT_RESIDENCE = "07"
_KNOWN_TYPES = frozenset(("01", "02", "03", "04", "05", "06", "07", "08", "16", "17", "99"))
_EIGHTEEN = re.compile(r"^[0-9]{17}[0-9X]$")
_FIFTEEN = re.compile(r"^[0-9]{15}$")
_PERMIT = re.compile(r"^[A-Z0-9()/-]{6,15}$")
"""Permits and identity cards of Hong Kong, Macao and Taiwan, old ones too: ``0012345678(B)``, ``5/123456/7``."""
_OTHER_FORMS = {
    "07": re.compile(r"^[A-Z]{3}[0-9]{12}$"),
    "04": _PERMIT,
    "05": _PERMIT,
    "06": _PERMIT,
    "08": re.compile(r"^[A-Z0-9/-]{3,20}$"),
    "16": re.compile(r"^[A-Z0-9]{5,20}$"),
}
_PREFIXES = {
    IDENTITY_CARD: tuple("12345678"),
    HK_MACAO_TAIWAN_RESIDENCE: ("81", "82", "83"),
    PERMANENT_RESIDENCE: ("9",),
}
_IN_TEXT = re.compile(
    r"(?<![0-9A-Za-z])(?P<head>[0-9]{6})(?:[0-9]{8}(?=[0-9]{3}[0-9Xx](?![0-9A-Za-z]))|[0-9]{6}(?=[0-9]{3}(?![0-9A-Za-z])))"
    r"(?P<tail>[0-9]{3}[0-9Xx]?)"
)


@dataclass(frozen=True, slots=True)
class CertificateProblem:
    """What is wrong with a certificate number: stable ``code``, Chinese ``message`` without the number."""

    code: str
    message: str
    is_warning: bool = False


def normalise(certno: str) -> str:
    """One spelling: half-width, upper case, no blanks."""
    return "".join(unicodedata.normalize("NFKC", certno).split()).upper()


def person_key(psn_cert_type: str, certno: str) -> str:
    """The same for every spelling of one certificate: 15 and 18 digits are one, x and X are one."""
    number = normalise(certno)
    if psn_cert_type == IDENTITY_CARD and _FIFTEEN.match(number):
        body = f"{number[:6]}19{number[6:]}"
        number = body + mod_11_2.calc_check_digit(body)
    return f"{psn_cert_type}:{number}"


def problems(psn_cert_type: str, certno: str) -> list[CertificateProblem]:
    """Everything wrong with the number for its type (GB 11643 for identity cards).

    Area codes are not judged: people were born before theirs existed. An old 15-digit number and an unknown
    type are warnings only.
    """
    if psn_cert_type not in _KNOWN_TYPES:
        return [CertificateProblem("cert-type-unknown", "证件类型不在代码表中，请核对", is_warning=True)]
    number = normalise(certno)
    if psn_cert_type == IDENTITY_CARD and _FIFTEEN.match(number):
        found = _birthday_problems(f"19{number[6:12]}")
        return [*found, CertificateProblem("cert-15-digits", "15 位旧身份证号码，建议更新为 18 位", is_warning=True)]
    if psn_cert_type in _PREFIXES and (_EIGHTEEN.match(number) or psn_cert_type not in _OTHER_FORMS):
        return _eighteen_digit_problems(psn_cert_type, number)
    form = _OTHER_FORMS.get(psn_cert_type)
    if form is not None and not form.match(number):
        return [CertificateProblem("certno-malformed", "证件号码格式与证件类型不符")]
    return []


def _eighteen_digit_problems(psn_cert_type: str, number: str) -> list[CertificateProblem]:
    if not _EIGHTEEN.match(number):
        return [CertificateProblem("certno-malformed", "证件号码应为 18 位")]
    found = []
    if type_of_prefix(number) != psn_cert_type:
        found.append(CertificateProblem("cert-type-mismatch", "证件号码与证件类型不符"))
    if not mod_11_2.is_valid(number):
        found.append(CertificateProblem("certno-check-digit", "证件号码校验位不正确"))
    return found + _birthday_problems(number[6:14])


def type_of_prefix(number: str) -> str:
    """The certificate type that an 18-digit number's first digits belong to."""
    for psn_cert_type in (HK_MACAO_TAIWAN_RESIDENCE, PERMANENT_RESIDENCE):
        if number.startswith(_PREFIXES[psn_cert_type]):
            return psn_cert_type
    return IDENTITY_CARD


def _birthday_problems(digits: str) -> list[CertificateProblem]:
    return [] if _as_date(digits) else [CertificateProblem("certno-birthday", "证件号码中的出生日期不存在")]


def _as_date(digits: str) -> date | None:
    try:
        return datetime.strptime(digits, "%Y%m%d").date()  # noqa: DTZ007  # a calendar date has no zone
    except ValueError:
        return None


def birthday_of(psn_cert_type: str, certno: str) -> date | None:
    """The birthday that an identity card number states, if it is one."""
    number = person_key(psn_cert_type, certno).partition(":")[2]
    return _as_date(number[6:14]) if psn_cert_type in _PREFIXES and _EIGHTEEN.match(number) else None


def gender_of(psn_cert_type: str, certno: str) -> Gend | None:
    """The gender that an 18-digit number states (17th digit, odd for men), if it states one."""
    number = person_key(psn_cert_type, certno).partition(":")[2]
    if psn_cert_type not in _PREFIXES or not _EIGHTEEN.match(number):
        return None
    return Gend.MALE if int(number[16]) % 2 else Gend.FEMALE


def mask(text: str) -> str:
    """``text`` with the middle of everything that looks like a certificate number starred out."""
    return _IN_TEXT.sub(lambda found: f"{found['head']}********{found['tail']}", text)
