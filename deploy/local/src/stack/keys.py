"""The private keys of the local stack, one folder per service so that none can read another's.

``<folder>/<service>/<party>/<purpose>.pem`` is a service's ``KEYS_DIR``; the registry's root key stands in
``<folder>/platform_gateway/root.pem``, its public half, which every service pins, in ``<folder>/root.pub.pem``.
"""

import os
from collections.abc import Collection, Sequence
from pathlib import Path

from shared.contracts.party import PLATFORM, Party, Role
from shared.signing.key_pair import PrivateKey
from shared.signing.keys import Purpose
from shared.signing.signers import read_private_key

ES256 = "ES256"
SM2 = "SM2-SM3"

PACKAGES = {
    Role.PLATFORM: "platform_gateway",
    Role.OUTBOUND: "outbound",
    Role.INBOUND: "inbound",
    Role.LEDGER: "ledger",
}
"""Which package serves a role."""

_PURPOSES: dict[Role, tuple[Purpose, ...]] = {
    Role.PLATFORM: (Purpose.SEAL, Purpose.MESSAGE),
    Role.OUTBOUND: (Purpose.SEAL, Purpose.MESSAGE),
    Role.INBOUND: (Purpose.SEAL, Purpose.MESSAGE),
    Role.LEDGER: (Purpose.MESSAGE,),
}


class KeyFolder:
    """Makes keys once and finds them again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root_public = folder / "root.pub.pem"
        self.root_private = folder / PACKAGES[Role.PLATFORM] / "root.pem"

    def ensure(self, agencies: Sequence[str], *, sm2_agencies: Collection[str] = ()) -> None:
        """Make every key that is not there yet; the agencies in ``sm2_agencies`` get SM2 keys."""
        root = self._ensure(self.root_private, ES256)
        self.root_public.write_text(root.public_key, encoding="ascii")
        for party in parties(agencies):
            algorithm = SM2 if party.admdvs in sm2_agencies else ES256
            for purpose in _PURPOSES[party.role]:
                self._ensure(self._path(party, purpose), algorithm)

    def service_folder(self, package: str) -> Path:
        """The ``KEYS_DIR`` of a service."""
        return self.folder / package

    def private_key(self, party: Party, purpose: Purpose) -> PrivateKey:
        """A party's key; raises ``KeyUnreadable`` when it was never made."""
        return read_private_key(self._path(party, purpose))

    def own_keys(self, admdvs: str) -> list[tuple[Party, Purpose, PrivateKey]]:
        """All keys of one agency's parties, to be listed in the registry."""
        return [
            (party, purpose, self.private_key(party, purpose))
            for party in parties([admdvs])
            if party.admdvs == admdvs
            for purpose in _PURPOSES[party.role]
        ]

    def _path(self, party: Party, purpose: Purpose) -> Path:
        return self.folder / PACKAGES[party.role] / str(party) / f"{purpose}.pem"

    def _ensure(self, path: Path, algorithm: str) -> PrivateKey:
        if path.exists():
            return read_private_key(path)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = PrivateKey.generate(algorithm)
        # Created with its rights rather than narrowed afterwards, and whole or not at all.
        partial = path.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(key.pem())
        os.replace(partial, path)
        return key


def parties(agencies: Sequence[str]) -> list[Party]:
    """The platform and every agency's three parties."""
    own = [Party(role, admdvs) for admdvs in agencies for role in (Role.OUTBOUND, Role.INBOUND, Role.LEDGER)]
    return [PLATFORM, *own]
