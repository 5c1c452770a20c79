"""The seal of an addendum and the platform's countersignature on it, by the same rules as a sheet's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar

from pydantic import AwareDatetime, Field, ValidationError

from shared.contracts.addendum import AddendumNo, SheetAddendum
from shared.contracts.codes import CaseNumber
from shared.contracts.model import Document
from shared.contracts.party import PLATFORM, Party, Role
from shared.signing import json_text, jws
from shared.signing.documents import signing_key
from shared.signing.errors import ContentUnreadable, DigestDiffers, WrongOwner
from shared.signing.jws import DocumentType
from shared.signing.keys import Keys, Purpose
from shared.signing.seal import sheet_digest as file_digest
from shared.signing.signers import Signers

_D = TypeVar("_D", bound=Document)


class AddendumArrival(Document):
    """What the platform signs: which file (SHA-256 hex), sealed by which key, arrived when (UTC)."""

    rlts_traf_id: CaseNumber
    addendum_no: AddendumNo
    digest: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    arrived_at: AwareDatetime
    kid: str


@dataclass(frozen=True, slots=True)
class OpenedAddendum:
    """An addendum whose seal held: its content, whose key sealed it, the digest of the file."""

    addendum: SheetAddendum
    kid: str
    digest: str


async def seal_addendum(addendum: SheetAddendum, signers: Signers) -> str:
    """The sealed file's text, by the outbound agency that it names; raises ``NoSigningKey``."""
    party = Party(Role.OUTBOUND, addendum.trafout_admdvs)
    payload = json_text.canonical(addendum.model_dump(mode="json"))
    return await signers.sign(party, Purpose.SEAL, payload, typ=DocumentType.ADDENDUM)


def open_addendum(text: str, keys: Keys, at: datetime) -> OpenedAddendum:
    """Verifies a sealed addendum first and parses it after; raises ``VerificationFailed``.

    The signature must be by a seal key, valid at ``at``, of the outbound agency that the addendum names.
    """
    envelope = jws.read(text)
    key = signing_key(envelope, envelope.only_signature, keys, DocumentType.ADDENDUM)
    key.require(Purpose.SEAL, at)
    addendum = _parse(envelope.payload, SheetAddendum, "签章有效，但内容不是信息表补充单")
    if key.owner != Party(Role.OUTBOUND, addendum.trafout_admdvs):
        raise WrongOwner("签章单位不是补充单载明的转出地经办机构")
    return OpenedAddendum(addendum, key.kid, file_digest(text))


async def countersign_addendum(opened: OpenedAddendum, signers: Signers, arrived_at: datetime) -> str:
    """The arrival's text for an addendum that was opened at ``arrived_at``; raises ``NoSigningKey``."""
    arrival = AddendumArrival(
        rlts_traf_id=opened.addendum.rlts_traf_id,
        addendum_no=opened.addendum.addendum_no,
        digest=opened.digest,
        arrived_at=arrived_at,
        kid=opened.kid,
    )
    payload = json_text.canonical(arrival.model_dump(mode="json"))
    return await signers.sign(PLATFORM, Purpose.SEAL, payload, typ=DocumentType.ADDENDUM_ARRIVAL)


def open_arrived_addendum(text: str, arrival_text: str, keys: Keys) -> tuple[AddendumArrival, OpenedAddendum]:
    """Verifies a sealed addendum together with its arrival; raises ``VerificationFailed``.

    The arrival must be by a platform seal key, of this very file, and the addendum's key valid when it arrived.
    """
    envelope = jws.read(arrival_text)
    key = signing_key(envelope, envelope.only_signature, keys, DocumentType.ADDENDUM_ARRIVAL)
    if key.owner != PLATFORM:
        raise WrongOwner("到达凭证不是平台签发的")
    arrival = _parse(envelope.payload, AddendumArrival, "到达凭证的内容无法识别")
    key.require(Purpose.SEAL, arrival.arrived_at)
    opened = open_addendum(text, keys, arrival.arrived_at)
    stated = (opened.addendum.rlts_traf_id, opened.addendum.addendum_no, opened.digest, opened.kid)
    if stated != (arrival.rlts_traf_id, arrival.addendum_no, arrival.digest, arrival.kid):
        raise DigestDiffers("到达凭证不是对这份补充单作出的")
    return arrival, opened


def read_addendum(text: str) -> SheetAddendum:
    """The content of an addendum that was sealed or verified here; verifies nothing."""
    return _parse(jws.read(text).payload, SheetAddendum, "内容不是信息表补充单")


def _parse(payload: bytes, kind: type[_D], message: str) -> _D:
    try:
        json_text.read(payload)
        return kind.model_validate_json(payload)
    except (ValidationError, ValueError):
        # The cause would quote personal data.
        raise ContentUnreadable(message) from None
