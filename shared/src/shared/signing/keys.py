"""Verification keys as the registry lists them, each judged at an instant."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from shared.contracts.model import Message
from shared.contracts.party import Party
from shared.errors import InvalidInput
from shared.signing.errors import AlgorithmRefused, KeyNotValid, KeyRevoked, KeyUnknown, KeyUnreadable, WrongPurpose
from shared.signing.key_pair import PublicKey, algorithm_of, kid_of


class Purpose(StrEnum):
    """What a key may sign: sealed documents, or messages of the exchange."""

    SEAL = "seal"
    MESSAGE = "message"


def _party(value: object) -> Party:
    if isinstance(value, Party):
        return value
    try:
        return Party.parse(value if isinstance(value, str) else "")
    except InvalidInput as error:
        raise ValueError(error.message) from error


PartyAddress = Annotated[
    Party, BeforeValidator(_party), PlainSerializer(str, return_type=str), WithJsonSchema({"type": "string"})
]


class VerificationKey(Message):
    """One key of a party, valid from ``valid_from`` (counted) to ``valid_to`` (not counted), both UTC.

    ``revoked_at`` ends it earlier; ``revocation_reason`` then says why. ``kid`` must be the key's own.
    """

    kid: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]
    owner: PartyAddress
    purpose: Purpose
    algorithm: str
    public_key: Annotated[str, Field(max_length=4096)]
    valid_from: AwareDatetime
    valid_to: AwareDatetime | None = None
    revoked_at: AwareDatetime | None = None
    revocation_reason: Annotated[str, Field(max_length=200)] | None = None

    @model_validator(mode="after")
    def _is_consistent(self) -> "VerificationKey":
        try:
            kid, algorithm = kid_of(self.public_key), algorithm_of(self.public_key)
        except KeyUnreadable as error:
            raise ValueError("公钥应为受支持算法的 PEM") from error
        if kid != self.kid:
            raise ValueError("kid 与公钥不符")
        if algorithm != self.algorithm:
            raise ValueError("算法与公钥不符")
        return self

    def require(self, purpose: Purpose, at: datetime) -> None:
        """Returns when this key could sign for ``purpose`` at the instant ``at``.

        Raises ``WrongPurpose``, ``KeyNotValid`` or ``KeyRevoked``.
        """
        if self.purpose is not purpose:
            raise WrongPurpose("签名密钥的用途不符")
        if at < self.valid_from:
            raise KeyNotValid("签名密钥当时尚未生效")
        if self.valid_to is not None and at >= self.valid_to:
            raise KeyNotValid("签名密钥当时已过有效期")
        if self.revoked_at is not None and at >= self.revoked_at:
            raise KeyRevoked("签名密钥当时已被撤销")

    def verify(self, algorithm: str, signature: bytes, data: bytes) -> None:
        """Returns when ``signature`` by ``algorithm`` holds; raises ``AlgorithmRefused`` or ``SignatureInvalid``."""
        if algorithm != self.algorithm:
            raise AlgorithmRefused("签名算法与密钥登记的算法不符")
        PublicKey.load(self.public_key).verify(signature, data)


Keys = Mapping[str, VerificationKey]
"""By ``kid``, as ``Registry.keys`` gives them."""


def find(keys: Keys, kid: str) -> VerificationKey:
    """The key of ``kid``; raises ``KeyUnknown``."""
    key = keys.get(kid)
    if key is None:
        raise KeyUnknown("登记库中没有该签名密钥")
    return key
