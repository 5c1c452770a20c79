"""``rlts_traf_id``: random, with an ISO 7064 check character, fit for typing and for a bank note.

Sixteen characters without 0, 1, I and O; nothing is coded inside. ``EndToEndId`` (ISO 20022, 35 characters)
is the case number followed by ``-`` and the obligation number, and ``-R2`` and so on where it is paid anew after a
rejection.
"""

import re
import secrets
import unicodedata
from random import Random

from stdnum.iso7064 import mod_37_36

from shared.errors import InvalidInput

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH = 16
_SHAPE = re.compile(rf"^[{_ALPHABET}]{{{_LENGTH}}}$")
_BY_ITSELF = re.compile(rf"(?<![0-9A-Z])[{_ALPHABET}]{{{_LENGTH}}}(?![0-9A-Z])")
_HYPHENS = frozenset("-－﹣")
_NOTED = re.compile(rf"(?<![0-9A-Z])([{_ALPHABET}]{{{_LENGTH}}})-([0-9]{{1,3}})(?:-R[0-9]{{1,3}})?(?=[\s,;]|$)")
_BROKEN = re.compile(rf"(?<![0-9A-Z])[{_ALPHABET}]+(?:[\s-]+[{_ALPHABET}]+)+(?![0-9A-Z])")
_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# From the sum so far to the next, by sign: the library goes through a number six times as long, and a large bank file
# names millions.
_NEXT_SUM = tuple(
    {sign: (((sum_ or 36) * 2) % 37 + value) % 36 for value, sign in enumerate(_SIGNS)} for sum_ in range(36)
)
_FIRST_SUM, _VALID_SUM = 18, 1
_END_TO_END = re.compile(rf"^([{_ALPHABET}]{{{_LENGTH}}})-([0-9]{{1,3}})(?:-R[0-9]{{1,3}})?$")


class InvalidCaseNumber(InvalidInput):
    """Not a case number, or one mistyped: its check character does not hold."""

    code = "case-number-invalid"


def new_case_number(random: Random | None = None) -> str:
    """A fresh case number, from the system's entropy unless a seeded ``random`` is given (tests, demos)."""
    source = random or secrets.SystemRandom()
    while True:
        body = "".join(source.choices(_ALPHABET, k=_LENGTH - 1))
        check = mod_37_36.calc_check_digit(body)
        if check in _ALPHABET:
            return body + check


def normalise(text: str) -> str:
    """A typed case number in its one spelling; raises ``InvalidCaseNumber`` when the check does not hold."""
    number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()
    if not is_valid(number):
        raise InvalidCaseNumber("办件编号不正确，请核对")
    return number


def is_valid(number: str) -> bool:
    """Whether ``number``, as it stands, is a case number with a right check character."""
    return _SHAPE.fullmatch(number) is not None and _holds(number)


def find_in(note: str) -> frozenset[str]:
    """Every check-valid case number that stands by itself in a bank note, however it is spaced around."""
    text = note if note.isascii() else unicodedata.normalize("NFKC", note)
    return frozenset(filter(_holds, _BY_ITSELF.findall(text.upper())))


def noted_obligation(rlts_traf_id: str, note: str) -> str | None:
    """The obligation's number that a note writes behind the case's as an ``EndToEndId`` has it; ``None``: not one."""
    if _HYPHENS.isdisjoint(note):
        return None
    noted = _NOTED.findall(unicodedata.normalize("NFKC", note).upper())
    told = {obligation_no for case, obligation_no in noted if case == rlts_traf_id}
    return told.pop() if len(told) == 1 else None


def find_broken_in(note: str) -> frozenset[str]:
    """Check-valid case numbers that a bank or a hand has broken by spaces or hyphens: a hint, never a reference."""
    found: set[str] = set()
    for run in _BROKEN.findall(unicodedata.normalize("NFKC", note).upper()):
        pieces = re.split(r"[\s-]+", run)
        for first in range(len(pieces)):
            joined = ""
            for piece in pieces[first : first + _LENGTH]:
                joined += piece
                if len(joined) >= _LENGTH:
                    break
            if is_valid(joined):
                found.add(joined)
    return frozenset(found)


def end_to_end_id(rlts_traf_id: str, obligation_no: str, attempt: int = 1) -> str:
    """The ``EndToEndId`` of an obligation's payment; ``attempt`` counts its orders, each after a rejection."""
    suffix = "" if attempt == 1 else f"-R{attempt}"
    return f"{rlts_traf_id}-{obligation_no}{suffix}"


def parse_end_to_end_id(text: str) -> tuple[str, str] | None:
    """Case number and obligation number of an ``EndToEndId``, or ``None`` when it is not one of ours."""
    match = _END_TO_END.match(unicodedata.normalize("NFKC", text).strip().upper())
    return (match[1], match[2]) if match and _holds(match[1]) else None


def _holds(number: str) -> bool:
    """Whether the check character of a run of the alphabet's signs is right (ISO 7064, MOD 37,36)."""
    total = _FIRST_SUM
    for sign in number:
        total = _NEXT_SUM[total][sign]
    return total == _VALID_SUM
