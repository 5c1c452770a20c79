"""Whether an account's statements follow each other: what one closes with the next opens with."""

from dataclasses import dataclass
from datetime import date

from ledger.domain.alerts import AlertKind, Finding
from shared.money import format_yuan


@dataclass(frozen=True, slots=True)
class Break:
    """Two neighbouring statements of an account that do not meet; amounts in fen."""

    statement_id: int
    bankacct: str
    period_from: date
    opening_fen: int
    previous_to: date
    previous_closing_fen: int

    def finding(self, admdvs: str) -> Finding:
        """The alert that it is worth."""
        data = {
            "bankacct": self.bankacct,
            "previous_to": self.previous_to.isoformat(),
            "previous_closing": format_yuan(self.previous_closing_fen),
            "period_from": self.period_from.isoformat(),
            "opening": format_yuan(self.opening_fen),
            "difference": format_yuan(self.opening_fen - self.previous_closing_fen),
        }
        return Finding(admdvs, AlertKind.STATEMENT_GAP, str(self.statement_id), data)
