"""The signed snapshot."""

from collections.abc import Callable

import pytest

from shared.registry.models import RegistrySnapshot
from shared.registry.snapshot import open_snapshot, sign_snapshot
from shared.signing import json_text, jws
from shared.signing.errors import ContentUnreadable, KeyUnknown, KeyUnreadable, MalformedSignature, WrongType
from shared.signing.jws import DocumentType
from shared.signing.key_pair import PrivateKey

MakeSnapshot = Callable[..., RegistrySnapshot]


@pytest.fixture
def root() -> PrivateKey:
    return PrivateKey.generate("ES256")


def signed(payload: bytes, key: PrivateKey, typ: DocumentType = DocumentType.REGISTRY, *, times: int = 1) -> str:
    return jws.write(jws.Envelope(payload, tuple(jws.sign(payload, key, typ) for _ in range(times))))


def test_opens_what_the_root_key_signed(make_snapshot: MakeSnapshot, root: PrivateKey) -> None:
    snapshot = make_snapshot(cert_types=[{"code": "01", "name": "居民身份证"}])

    assert open_snapshot(sign_snapshot(snapshot, root), root.public_key) == snapshot


def test_refuses_a_snapshot_of_another_root_key(make_snapshot: MakeSnapshot, root: PrivateKey) -> None:
    text = sign_snapshot(make_snapshot(), PrivateKey.generate("ES256"))

    with pytest.raises(KeyUnknown):
        open_snapshot(text, root.public_key)


def test_refuses_two_signatures(make_snapshot: MakeSnapshot, root: PrivateKey) -> None:
    payload = json_text.canonical(make_snapshot().model_dump(mode="json"))

    with pytest.raises(MalformedSignature):
        open_snapshot(signed(payload, root, times=2), root.public_key)


def test_refuses_another_document_signed_by_the_root_key(make_snapshot: MakeSnapshot, root: PrivateKey) -> None:
    payload = json_text.canonical(make_snapshot().model_dump(mode="json"))

    with pytest.raises(WrongType):
        open_snapshot(signed(payload, root, DocumentType.SHEET), root.public_key)


@pytest.mark.parametrize("payload", [b"{}", b"[1]", b"nonsense", b'{"version":1,"version":2}'])
def test_refuses_signed_bytes_that_are_no_registry(root: PrivateKey, payload: bytes) -> None:
    with pytest.raises(ContentUnreadable):
        open_snapshot(signed(payload, root), root.public_key)


def test_says_when_the_pinned_key_is_no_key(make_snapshot: MakeSnapshot, root: PrivateKey) -> None:
    with pytest.raises(KeyUnreadable):
        open_snapshot(sign_snapshot(make_snapshot(), root), "not a key")
