"""Entries of the key list."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from shared.contracts.party import PLATFORM
from shared.signing.key_pair import PrivateKey
from shared.signing.keys import VerificationKey


def fields(**changes: object) -> dict[str, object]:
    key = PrivateKey.generate("ES256")
    return {
        "kid": key.kid,
        "owner": "platform",
        "purpose": "seal",
        "algorithm": "ES256",
        "public_key": key.public_key,
        "valid_from": "2026-01-01T00:00:00Z",
    } | changes


def test_reads_and_writes_the_owner_as_an_address() -> None:
    entry = VerificationKey.model_validate(fields())

    assert entry.owner == PLATFORM
    assert VerificationKey.model_validate_json(entry.model_dump_json()) == entry
    assert entry.model_dump(mode="json")["owner"] == "platform"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kid": "A" * 43}, "kid 与公钥不符"),
        ({"algorithm": "SM2-SM3"}, "算法与公钥不符"),
        ({"algorithm": "none"}, "算法与公钥不符"),
        ({"public_key": "nonsense"}, "公钥应为"),
        ({"owner": "outbound.37"}, "参与方"),
        ({"owner": 5}, "参与方"),
        ({"purpose": "login"}, "purpose"),
        ({"valid_from": datetime(2026, 1, 1)}, "valid_from"),  # noqa: DTZ001
    ],
)
def test_refuses_an_entry_that_contradicts_itself(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        VerificationKey.model_validate(fields(**changes))


def test_instants_are_compared_across_zones() -> None:
    entry = VerificationKey.model_validate(fields(valid_from="2026-01-01T08:00:00+08:00"))

    assert entry.valid_from == datetime(2026, 1, 1, tzinfo=UTC)
