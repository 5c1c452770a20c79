"""The seal of an 信息表 (电子签章, N8): a signature by the agency over the whole sheet, to be verified years later."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from pydantic import ValidationError

from shared.contracts.info_sheet import InfoSheet
from shared.contracts.party import Party, Role
from shared.law import law
from shared.sheet_rules import sheet_finding, unreadable_findings
from shared.signing import json_text, jws
from shared.signing.documents import signing_key
from shared.signing.errors import ContentUnreadable, WrongOwner
from shared.signing.jws import DocumentType
from shared.signing.keys import Keys, Purpose, VerificationKey
from shared.signing.signers import Signers


@dataclass(frozen=True, slots=True)
class SealedSheet:
    """A sheet just sealed. ``text`` is the file: store and pass it on unchanged; ``digest`` is of its bytes."""

    sheet: InfoSheet
    text: str
    kid: str
    digest: str


@dataclass(frozen=True, slots=True)
class OpenedSheet:
    """A sheet whose seal held: its content, the signed bytes, whose key sealed it, the digest of the file."""

    sheet: InfoSheet
    payload: bytes
    kid: str
    owner: Party
    digest: str


@law("N8")
async def seal_sheet(sheet: InfoSheet, signers: Signers, party: Party) -> SealedSheet:
    """Seals ``sheet`` for ``party``, its outbound agency; raises ``WrongOwner`` or ``NoSigningKey``."""
    _require_issuer(party, sheet)
    payload = json_text.canonical(sheet.model_dump(mode="json"))
    text = await signers.sign(party, Purpose.SEAL, payload, typ=DocumentType.SHEET)
    return SealedSheet(sheet, text, signers.key(party, Purpose.SEAL).kid, sheet_digest(text))


def open_sheet(text: str, keys: Keys, at: datetime) -> OpenedSheet:
    """Verifies a sealed sheet's text first and parses it after; raises ``VerificationFailed``.

    The first signature must be by a seal key of the outbound agency that the sheet names, and any further one
    by some party's seal key, all valid at ``at``: the instant when the platform takes the sheet in, or took it.
    That the sheet is the one of a case (number, areas, person) is for the caller to compare.
    """
    envelope = jws.read(text)
    sealed_by = [_verified_key(envelope, signature, keys, at) for signature in envelope.signatures]
    sheet = _parse(envelope.payload)
    _require_issuer(sealed_by[0].owner, sheet)
    return OpenedSheet(sheet, envelope.payload, sealed_by[0].kid, sealed_by[0].owner, sheet_digest(text))


def read_sheet(text: str) -> InfoSheet:
    """The content of a sheet that was sealed here or verified on its arrival; verifies nothing."""
    return _parse(jws.read(text).payload)


def sheet_digest(text: str) -> str:
    """SHA-256, as 64 lower-case hexadecimal digits, of the sealed sheet's file (its text in UTF-8)."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _verified_key(envelope: jws.Envelope, signature: jws.Signature, keys: Keys, at: datetime) -> VerificationKey:
    key = signing_key(envelope, signature, keys, DocumentType.SHEET)
    key.require(Purpose.SEAL, at)
    return key


def _parse(payload: bytes) -> InfoSheet:
    document = None
    try:
        # Two readers could take different ones of a member that is named twice.
        document = json_text.read(payload)
        return InfoSheet.model_validate_json(payload)
    except ValidationError as error:
        found = unreadable_findings(error)
        # The cause would quote personal data.
        raise ContentUnreadable("签章有效，但内容不是信息表", findings=found, document=document) from None
    except ValueError:
        raise ContentUnreadable("签章有效，但内容不是信息表", findings=(sheet_finding("E31"),)) from None


def _require_issuer(party: Party, sheet: InfoSheet) -> None:
    if party != Party(Role.OUTBOUND, sheet.trafout_admdvs):
        raise WrongOwner("签章单位不是信息表载明的转出地经办机构")
