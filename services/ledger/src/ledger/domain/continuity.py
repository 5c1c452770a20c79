"""Whether an account's statements follow each other: balances that meet, and numbers that leave none out."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from ledger.domain.alerts import AlertKind, Finding
from shared.law import design
from shared.money import format_yuan


@dataclass(frozen=True, slots=True)
class Numbering:
    """How the bank counts: this statement's number, that of the last one before that has any, and its last day.

    ``told_days``: how many of the days since then other statements told, which have no number.
    """

    sequence_no: int
    previous_no: int
    previous_to: date
    told_days: int

    @property
    def is_of_dates(self) -> bool:
        """Some banks write the date (``20260306`` or ``260306``) where the number belongs: that counts nothing."""
        return _is_date(self.sequence_no) and _is_date(self.previous_no)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """A statement and the one before it; amounts in fen. ``numbering`` is ``None`` where the bank does not count."""

    statement_id: int
    bankacct: str
    period_from: date
    opening_fen: int
    previous_to: date
    previous_closing_fen: int
    numbering: Numbering | None = None

    @property
    @design("a number that the bank left out shows a missing statement where there is a day that nobody has told")
    def missing_count(self) -> int:
        """How many statements the bank counted in between, of days that we have not been told.

        What a missing one brings in and out may be the same amount, so that the balances meet. Banks begin anew with
        a year.
        """
        count = self.numbering
        if count is None or count.is_of_dates or (self.period_from - count.previous_to).days - 1 <= count.told_days:
            return 0
        is_anew = count.sequence_no <= count.previous_no and self.period_from.year > count.previous_to.year
        before = 0 if is_anew else count.previous_no
        return max(count.sequence_no - before - 1 - count.told_days, 0)

    @property
    def is_break(self) -> bool:
        """Whether anything is missing in between, or was changed by the bank."""
        return self.opening_fen != self.previous_closing_fen or self.missing_count > 0

    def finding(self, admdvs: str) -> Finding:
        """The alert that a break is worth."""
        data: dict[str, Any] = {
            "bankacct": self.bankacct,
            "previous_to": self.previous_to.isoformat(),
            "previous_closing": format_yuan(self.previous_closing_fen),
            "period_from": self.period_from.isoformat(),
            "opening": format_yuan(self.opening_fen),
            "difference": format_yuan(self.opening_fen - self.previous_closing_fen),
        }
        if self.numbering is not None and self.missing_count:
            data["sequence_no"] = self.numbering.sequence_no
            data["previous_sequence_no"] = self.numbering.previous_no
            data["missing_count"] = self.missing_count
        return Finding(admdvs, AlertKind.STATEMENT_GAP, str(self.statement_id), data)


def _is_date(number: int) -> bool:
    digits = str(number)
    try:
        date.fromisoformat(digits if len(digits) > 6 else f"20{digits}")
    except ValueError:
        return False
    return True
