"""What the ledger is told from outside, besides what every service is."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field, field_validator

from ledger.parsers.mapping import known_mappings
from shared.figures.settings import ReportingSettings
from shared.settings import MEBIBYTE


class LedgerSettings(ReportingSettings):
    """Environment variables of the ledger."""

    max_statement_bytes: int = Field(default=200 * MEBIBYTE, ge=MEBIBYTE, le=2048 * MEBIBYTE)
    spool_dir: Path | None = None
    """Where bank files and their lines stand while they are read; the system's folder for temporary files by default.

    A file takes about three times its size there at most.
    """
    mappings_dir: Path | None = None
    """A folder with further mapping files of banks' exports (``*.toml``); one of a shipped code replaces it."""
    balance_check_hours: float = Field(default=6.0, gt=0, le=24 * 31)
    """How often every account's daily turnovers are compared with its postings."""

    max_write_off_fen: int = Field(default=100, ge=0, le=1_000_000)
    """The most that two people may write off of one line or obligation."""

    @field_validator("mappings_dir")
    @classmethod
    def _mappings_are_right(cls, value: Path | None) -> Path | None:
        if value is not None and not value.is_dir():
            raise ValueError("no such folder")
        known_mappings(value)
        return value

    @property
    def balance_check_interval(self) -> timedelta:
        """``balance_check_hours`` as a duration."""
        return timedelta(hours=self.balance_check_hours)
