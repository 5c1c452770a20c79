"""How strictly a JWS is read."""

import json
from typing import Any

import pytest

from shared.signing import base64url, json_text, jws
from shared.signing.errors import AlgorithmRefused, MalformedSignature, WrongType
from shared.signing.jws import DocumentType

KID = "A" * 43
HEADER = {"alg": "ES256", "kid": KID, "typ": "transfer-sheet+json"}
SIGNATURE = base64url.encode(bytes(64))


def b64(value: Any) -> str:
    return base64url.encode(json.dumps(value, separators=(",", ":")).encode())


def document(header: Any = HEADER, **changes: Any) -> str:
    entry = {"protected": header if isinstance(header, str) else b64(header), "signature": SIGNATURE}
    return json.dumps({"payload": "e30", "signatures": [entry]} | changes, separators=(",", ":"))


def entry(**changes: Any) -> dict[str, Any]:
    return {"protected": b64(HEADER), "signature": SIGNATURE} | changes


def test_reads_what_it_writes() -> None:
    envelope = jws.read(document())

    assert envelope.payload == b"{}"
    assert envelope.only_signature.kid == KID
    assert jws.write(envelope) == document()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "{",
        " " + document(),
        document() + "\n",
        document() + document(),
        document(extra="x"),
        document(payload="e30="),
        document(payload="e31"),
        document(payload="e3+/"),
        document(payload="é"),
        document(payload=1),
        document(payload=None),
        document(signatures=[]),
        document(signatures={}),
        document(signatures="x"),
        document(signatures=[entry()] * 5),
        document(signatures=[entry(header={"kid": KID})]),
        document(signatures=[entry(signature=1)]),
        document(signatures=[entry(protected=None)]),
        document(signatures=[[]]),
        document("e30"),
        document("!"),
        document(HEADER | {"crit": ["exp"], "exp": 1}),
        document(HEADER | {"jwk": {}}),
        document(HEADER | {"b64": False}),
        document(HEADER | {"kid": "short"}),
        document(HEADER | {"kid": KID + "\n"}),
        document(HEADER | {"kid": 1}),
        document(HEADER | {"alg": 1}),
        document(HEADER | {"typ": "x" * 600}),
        document({"alg": "ES256", "typ": "transfer-sheet+json"}),
        document({"alg": "ES256", "kid": KID}),
        document(base64url.encode(b'{"alg":"none","alg":"ES256","kid":"%s","typ":"t"}' % KID.encode())),
        document().replace('"payload":"e30"', '"payload":"e30","payload":"e30"'),
        document().replace("e30", "\\u006530"),
        "[" * 100_000,
        '{"payload":NaN}',
    ],
)
def test_refuses_any_other_spelling(text: str) -> None:
    with pytest.raises(MalformedSignature):
        jws.read(text)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS256", "es256", "ES384", "EdDSA", ""])
def test_refuses_an_algorithm_that_is_not_in_the_table(algorithm: str) -> None:
    header = HEADER | {"alg": algorithm}

    with pytest.raises(AlgorithmRefused):
        jws.read(document(header))
    with pytest.raises(AlgorithmRefused):
        jws.read_detached(f"{b64(header)}..{SIGNATURE}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "..",
        f"{b64(HEADER)}.{SIGNATURE}",
        f"{b64(HEADER)}.e30.{SIGNATURE}",
        f"{b64(HEADER)}..{SIGNATURE}\n",
        f" {b64(HEADER)}..{SIGNATURE}",
        f"{b64(HEADER)}..{SIGNATURE[:-1]}",
        f"{b64(HEADER)}..{SIGNATURE[:-1]}B",
        f"{b64([])}..{SIGNATURE}",
        f"{b64(HEADER | {'crit': ['b64'], 'b64': False})}..{SIGNATURE}",
        f"{b64(HEADER | {'typ': 'x' * 600})}..{SIGNATURE}",
    ],
)
def test_refuses_any_other_detached_form(text: str) -> None:
    with pytest.raises(MalformedSignature):
        jws.read_detached(text)


def test_limit_counts_the_whole_text() -> None:
    text = document()

    assert jws.read(text, max_bytes=len(text)).payload == b"{}"
    with pytest.raises(MalformedSignature):
        jws.read(text, max_bytes=len(text) - 1)


def test_only_signature_refuses_two() -> None:
    envelope = jws.read(document(signatures=[entry(), entry()]))

    with pytest.raises(MalformedSignature):
        _ = envelope.only_signature


def test_type_must_be_the_expected_one() -> None:
    signature = jws.read(document()).only_signature

    signature.require_type(DocumentType.SHEET)
    with pytest.raises(WrongType):
        signature.require_type(DocumentType.ARRIVAL)


def test_signing_input_is_that_of_rfc_7515() -> None:
    assert jws.signing_input("aGVhZGVy", b"payload") == b"aGVhZGVy.cGF5bG9hZA"


def test_canonical_json_sorts_names_and_keeps_chinese() -> None:
    assert json_text.canonical({"b": [1, None], "a": "张"}) == '{"a":"张","b":[1,null]}'.encode()
    with pytest.raises(ValueError, match="JSON"):
        json_text.canonical(float("nan"))
