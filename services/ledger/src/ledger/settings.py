"""What the ledger is told from outside, besides what every service is."""

from pathlib import Path

from pydantic import Field

from shared.settings import MEBIBYTE, ServiceSettings


class LedgerSettings(ServiceSettings):
    """Environment variables of the ledger."""

    max_statement_bytes: int = Field(default=200 * MEBIBYTE, ge=MEBIBYTE, le=2048 * MEBIBYTE)
    spool_dir: Path | None = None
    """Where bank files stand while they are read; the system's folder for temporary files by default."""
