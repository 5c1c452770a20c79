"""The private keys that a deployment signs with."""

from collections.abc import Mapping
from pathlib import Path

from shared.contracts.party import Party
from shared.errors import InvalidInput
from shared.signing import jws
from shared.signing.errors import KeyUnreadable, NoSigningKey
from shared.signing.jws import DocumentType
from shared.signing.key_pair import PrivateKey
from shared.signing.keys import Purpose

SigningKeys = Mapping[tuple[Party, Purpose], PrivateKey]


class Signers:
    """Signs for the parties that this deployment serves."""

    def __init__(self, keys: SigningKeys) -> None:
        self._keys = dict(keys)

    @classmethod
    def from_directory(cls, keys_dir: Path) -> "Signers":
        """Reads ``<keys_dir>/<party>/<purpose>.pem``, such as ``outbound.370100/seal.pem``; raises ``KeyUnreadable``.

        What is not named so (the root key, other files) is left alone.
        """
        return cls(
            {place: read_private_key(path) for path in sorted(keys_dir.glob("*/*.pem")) if (place := _place(path))}
        )

    def key(self, party: Party, purpose: Purpose) -> PrivateKey:
        """The private key of a party and purpose; raises ``NoSigningKey``."""
        key = self._keys.get((party, purpose))
        if key is None:
            raise NoSigningKey(f"no {purpose} key for {party} in this deployment")
        return key

    async def sign(self, party: Party, purpose: Purpose, payload: bytes, *, typ: DocumentType) -> str:
        """The JWS text (general JSON) over exactly ``payload``; raises ``NoSigningKey``.

        Asynchronous, so that an HSM or a remote signer fits behind it; call it before a transaction opens.
        """
        signature = jws.sign(payload, self.key(party, purpose), typ)
        return jws.write(jws.Envelope(payload, (signature,)))

    def sign_detached(self, party: Party, payload: bytes) -> str:
        """The detached signature of a message's value (ASCII), by the party's message key; raises ``NoSigningKey``.

        Message keys are local to the service, since one is needed for every message inside its transaction.
        """
        return jws.write_detached(jws.sign(payload, self.key(party, Purpose.MESSAGE), DocumentType.MESSAGE))

    def renew_detached(self, party: Party, payload: bytes, signature: str) -> str:
        """``signature`` while the party's present message key made it, else one by that key over the same bytes.

        A message may be sent again long after it was written, and its recipient judges the key on arrival. Where
        this deployment no longer signs for ``party``, the signature stays as it is.
        """
        key = self._keys.get((party, Purpose.MESSAGE))
        if key is None or jws.read_detached(signature).kid == key.kid:
            return signature
        return self.sign_detached(party, payload)


def read_private_key(path: Path) -> PrivateKey:
    """The private key in a PEM file; raises ``KeyUnreadable`` naming the file."""
    try:
        return PrivateKey.load(path.read_text(encoding="ascii"))
    except (KeyUnreadable, OSError, UnicodeDecodeError) as error:
        raise KeyUnreadable(f"{path}: {error}") from error


def _place(path: Path) -> tuple[Party, Purpose] | None:
    try:
        return Party.parse(path.parent.name), Purpose(path.stem)
    except (InvalidInput, ValueError):
        return None
