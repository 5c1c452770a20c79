"""Statements about paper: signed by the seal key of the agency that holds or sent it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from pydantic import ValidationError

from shared.contracts.model import Document
from shared.contracts.paper import AddendumDispatch, PaperAddendum, PaperDispatch, PaperSheet
from shared.contracts.party import Party, Role
from shared.law import design
from shared.signing import json_text, jws
from shared.signing.addendum import OpenedAddendum, open_addendum
from shared.signing.documents import signing_key
from shared.signing.errors import ContentUnreadable, DigestDiffers, WrongOwner
from shared.signing.jws import DocumentType
from shared.signing.keys import Keys, Purpose
from shared.signing.seal import OpenedSheet, open_sheet, sheet_digest
from shared.signing.signers import Signers

Statement = TypeVar("Statement", bound=Document)
_TYPES: dict[type[Document], DocumentType] = {
    PaperSheet: DocumentType.PAPER_SHEET,
    PaperDispatch: DocumentType.PAPER_DISPATCH,
    PaperAddendum: DocumentType.PAPER_ADDENDUM,
    AddendumDispatch: DocumentType.ADDENDUM_DISPATCH,
}


@dataclass(frozen=True, slots=True)
class OpenedStatement(Generic[Statement]):
    """A statement whose signature held; ``digest`` is of its file, ``owner`` the agency that says it."""

    statement: Statement
    owner: Party
    digest: str


async def sign_statement(
    statement: PaperSheet | PaperDispatch | PaperAddendum | AddendumDispatch, signers: Signers, party: Party
) -> str:
    """The statement's JWS text by the seal key of ``party``; raises ``NoSigningKey``."""
    payload = json_text.canonical(statement.model_dump(mode="json"))
    return await signers.sign(party, Purpose.SEAL, payload, typ=_TYPES[type(statement)])


@design("paper sheets stand on a statement of the agency that holds them")
def open_paper_sheet(text: str, keys: Keys, at: datetime) -> OpenedStatement[PaperSheet]:
    """A paper sheet as its inbound states it, by a seal key of that inbound valid at ``at``.

    Raises ``VerificationFailed``.
    """
    opened = _open(PaperSheet, text, keys, at)
    if opened.owner != Party(Role.INBOUND, opened.statement.sheet.trafin_admdvs):
        raise WrongOwner("纸质信息表的录入声明不是转入地经办机构签署的")
    return opened


@design("the dispatch on paper stands for the platform's acceptance")
def open_dispatched_sheet(
    sheet_text: str, dispatch_text: str, keys: Keys, at: datetime
) -> tuple[OpenedSheet, OpenedStatement[PaperDispatch]]:
    """A sealed sheet with its dispatch, both by seal keys of its outbound valid at ``at``, and of this very file.

    Raises ``VerificationFailed``.
    """
    dispatch = _open(PaperDispatch, dispatch_text, keys, at)
    sheet = open_sheet(sheet_text, keys, at)
    if dispatch.owner != sheet.owner:
        raise WrongOwner("寄送声明不是转出地经办机构签署的")
    said = dispatch.statement
    stated = (said.sheet_digest, said.rlts_traf_id, said.sheet_version)
    if stated != (sheet.digest, sheet.sheet.rlts_traf_id, sheet.sheet.version):
        raise DigestDiffers("寄送声明不是对这份信息表文件作出的")
    return sheet, dispatch


@design("paper sheets stand on a statement of the agency that holds them")
def open_paper_addendum(text: str, keys: Keys, at: datetime) -> OpenedStatement[PaperAddendum]:
    """An addendum on paper as its inbound states it, by a seal key of that inbound valid at ``at``.

    Raises ``VerificationFailed``.
    """
    opened = _open(PaperAddendum, text, keys, at)
    if opened.owner != Party(Role.INBOUND, opened.statement.addendum.trafin_admdvs):
        raise WrongOwner("纸质补充单的录入声明不是转入地经办机构签署的")
    return opened


@design("the dispatch on paper stands for the platform's acceptance")
def open_dispatched_addendum(
    addendum_text: str, dispatch_text: str, keys: Keys, at: datetime
) -> tuple[OpenedAddendum, OpenedStatement[AddendumDispatch]]:
    """A sealed addendum with its dispatch, both by seal keys of its outbound valid at ``at``, and of this very file.

    Raises ``VerificationFailed``.
    """
    dispatch = _open(AddendumDispatch, dispatch_text, keys, at)
    opened = open_addendum(addendum_text, keys, at)
    if dispatch.owner != Party(Role.OUTBOUND, opened.addendum.trafout_admdvs):
        raise WrongOwner("寄送声明不是转出地经办机构签署的")
    said = dispatch.statement
    stated = (said.digest, said.rlts_traf_id, said.addendum_no)
    if stated != (opened.digest, opened.addendum.rlts_traf_id, opened.addendum.addendum_no):
        raise DigestDiffers("寄送声明不是对这份补充单文件作出的")
    return opened, dispatch


def _open(kind: type[Statement], text: str, keys: Keys, at: datetime) -> OpenedStatement[Statement]:
    envelope = jws.read(text)
    key = signing_key(envelope, envelope.only_signature, keys, _TYPES[kind])
    key.require(Purpose.SEAL, at)
    return OpenedStatement(_parse(kind, envelope.payload), key.owner, sheet_digest(text))


def _parse(kind: type[Statement], payload: bytes) -> Statement:
    try:
        json_text.read(payload)
        return kind.model_validate_json(payload)
    except (ValidationError, ValueError):
        # The cause would quote personal data.
        raise ContentUnreadable("签名有效，但内容不是关于纸质材料的声明") from None


def read_paper_sheet(text: str) -> PaperSheet:
    """The content of a statement that was signed or verified here; verifies nothing."""
    return _parse(PaperSheet, jws.read(text).payload)
