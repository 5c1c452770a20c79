"""Development tokens, signed with the development issuer's own key."""

import os
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from shared.clock import Clock
from shared.web.development_issuer.roles import claims_of, ready_made_tokens
from shared.web.development_issuer.signing_key import SigningKey

ONLINE_CHANNEL = "online-channel"
PLATFORM_OPERATOR = "platform-operator"
OVERSIGHT = "oversight"

EXAMPLE_EMPLOYER = ("EMP370100001", "济南泉城智造有限公司")

_LIFETIME = timedelta(days=1)


class Tokens:
    """Mints bearer tokens; each is valid for a day from the clock's present instant."""

    def __init__(self, key: SigningKey, clock: Clock) -> None:
        self._key = key
        self._clock = clock

    def mint(self, claims: Mapping[str, Any]) -> str:
        """A token with exactly these claims (``sub`` and ``scope`` at least)."""
        return self._key.mint(dict(claims), now=self._clock.now(), lifetime=_LIFETIME)

    def role(self, role: str, admdvs: str | None = None, **claims: Any) -> str:
        """A token of a role (``shared.web.development_issuer.roles``) of an agency, or of the platform without one.

        ``claims`` replace the role's own: ``sub`` for another clerk, ``optins_no`` for another window.
        Raises ``KeyError`` for an unknown role.
        """
        return self.mint({**claims_of(role, admdvs), **claims})

    def employer(self, emp_no: str, emp_name: str) -> str:
        """A token of an employer that applies for its employees (N5)."""
        scope = "transfers:apply transfers:read progress:read"
        return self.mint({"sub": f"employer-{emp_no}", "scope": scope, "emp_no": emp_no, "emp_name": emp_name})

    def oversight(self, area: str = "100000") -> str:
        """A token of an oversight body: the nation's (``100000``), or a province's or city's code."""
        scope = "transfers:read oversight:read registry:read"
        return self.mint({"sub": f"oversight-{area}", "scope": scope, "oversight": area})

    def ready_made(self, agencies: Sequence[str]) -> dict[str, str]:
        """A token for each role by name: ``online-channel``, ``clerk@370100``, ``oversight@100000`` and so on."""
        ours = ready_made_tokens(self._key, agencies, now=self._clock.now(), lifetime=_LIFETIME)
        employer = {"employer": self.employer(*EXAMPLE_EMPLOYER)}
        provinces = sorted({f"{admdvs[:2]}0000" for admdvs in agencies})
        return ours | employer | {f"{OVERSIGHT}@{area}": self.oversight(area) for area in ("100000", *provinces)}


def write_tokens(tokens: Mapping[str, str], folder: Path) -> None:
    """One file a token, named like it, readable by its owner only."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, token in tokens.items():
        descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(token)
