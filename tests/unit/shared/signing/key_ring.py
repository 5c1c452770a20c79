"""Private keys with what the registry says of them, and the ways to make a sheet."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from shared.contracts.info_sheet import InfoSheet
from shared.contracts.party import Party
from shared.signing.key_pair import PrivateKey
from shared.signing.keys import Purpose, VerificationKey
from shared.signing.signers import Signers

MakeSheet = Callable[..., InfoSheet]
VALID_FROM = datetime(2026, 1, 1, tzinfo=UTC)
VALID_TO = datetime(2028, 1, 1, tzinfo=UTC)


@dataclass
class KeyRing:
    """Private keys with the registry's entries for them."""

    private: dict[tuple[Party, Purpose], PrivateKey] = field(default_factory=dict)
    public: dict[str, VerificationKey] = field(default_factory=dict)

    def add(self, owner: Party, purpose: Purpose, algorithm: str = "ES256", **changes: object) -> VerificationKey:
        private = PrivateKey.generate(algorithm)
        fields = {
            "kid": private.kid,
            "owner": owner,
            "purpose": purpose,
            "algorithm": algorithm,
            "public_key": private.public_key,
            "valid_from": VALID_FROM,
            "valid_to": VALID_TO,
        }
        entry = VerificationKey.model_validate(fields | changes)
        self.private[owner, purpose] = private
        self.public[entry.kid] = entry
        return entry

    def change(self, kid: str, **changes: object) -> None:
        self.public[kid] = self.public[kid].model_copy(update=changes)

    @property
    def signers(self) -> Signers:
        return Signers(self.private)
