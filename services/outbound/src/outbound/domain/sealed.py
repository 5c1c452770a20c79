"""A sealed version as it is kept: the bytes once made are never made again."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SealedVersion:
    """One issue of the sheet. ``sealed_sheet`` is the JWS text exactly as signed; ``amount`` in fen.

    The bank accounts are those of the registry at sealing, ``None`` where nothing is to be paid.
    """

    rlts_traf_id: str
    version: int
    sealed_sheet: str
    sheet_digest: str
    kid: str
    amount: int
    payer_bankacct: str | None
    payee_bankacct: str | None
    sealed_at: datetime
