"""The platform's countersignature: that this very file arrived, and when.

Key validity is judged at that instant, never at a time that the sealing agency claims.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field, ValidationError

from shared.contracts.codes import CaseNumber
from shared.contracts.model import Document
from shared.contracts.party import PLATFORM
from shared.signing import json_text, jws
from shared.signing.documents import signing_key
from shared.signing.errors import ContentUnreadable, DigestDiffers, WrongOwner
from shared.signing.jws import DocumentType
from shared.signing.keys import Keys, Purpose
from shared.signing.seal import OpenedSheet, open_sheet, sheet_digest
from shared.signing.signers import Signers


class Arrival(Document):
    """What the platform signs: which file (SHA-256 hex), sealed by which key, arrived when (UTC)."""

    rlts_traf_id: CaseNumber
    sheet_version: Annotated[int, Field(ge=1, le=999, strict=True)]
    sheet_digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    arrived_at: AwareDatetime
    kid: str


@dataclass(frozen=True, slots=True)
class ArrivedSheet:
    """A sheet and its arrival that belong together and both hold; ``platform_kid`` countersigned."""

    arrival: Arrival
    opened: OpenedSheet
    platform_kid: str


async def countersign(opened: OpenedSheet, signers: Signers, arrived_at: datetime) -> str:
    """The arrival's JWS text for a sheet that was opened at ``arrived_at``; raises ``NoSigningKey``."""
    arrival = Arrival(
        rlts_traf_id=opened.sheet.rlts_traf_id,
        sheet_version=opened.sheet.version,
        sheet_digest=opened.digest,
        arrived_at=arrived_at,
        kid=opened.kid,
    )
    payload = json_text.canonical(arrival.model_dump(mode="json"))
    return await signers.sign(PLATFORM, Purpose.SEAL, payload, typ=DocumentType.ARRIVAL)


def open_arrived_sheet(sheet_text: str, arrival_text: str, keys: Keys) -> ArrivedSheet:
    """Verifies a sealed sheet together with its arrival; raises ``VerificationFailed``.

    The arrival must be by a platform seal key, of this very file, and the sheet's key valid when it arrived.
    """
    arrival, platform_kid = open_arrival(arrival_text, keys)
    if arrival.sheet_digest != sheet_digest(sheet_text):
        raise DigestDiffers("到达凭证不是对这份信息表文件作出的")
    opened = open_sheet(sheet_text, keys, arrival.arrived_at)
    stated = (opened.sheet.rlts_traf_id, opened.sheet.version, opened.kid)
    if stated != (arrival.rlts_traf_id, arrival.sheet_version, arrival.kid):
        raise DigestDiffers("到达凭证所载办件编号、版本或密钥与信息表不一致")
    return ArrivedSheet(arrival, opened, platform_kid)


def open_arrival(text: str, keys: Keys) -> tuple[Arrival, str]:
    """An arrival and the platform key's id, verified by a platform seal key valid at ``arrived_at``."""
    envelope = jws.read(text)
    key = signing_key(envelope, envelope.only_signature, keys, DocumentType.ARRIVAL)
    if key.owner != PLATFORM:
        raise WrongOwner("到达凭证不是平台签发的")
    arrival = _parse(envelope.payload)
    key.require(Purpose.SEAL, arrival.arrived_at)
    return arrival, key.kid


def _parse(payload: bytes) -> Arrival:
    try:
        json_text.read(payload)
        return Arrival.model_validate_json(payload)
    except (ValidationError, ValueError) as error:
        raise ContentUnreadable("到达凭证的内容无法识别") from error
