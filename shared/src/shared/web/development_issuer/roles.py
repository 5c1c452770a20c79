"""The claims of the roles that people try the system out with."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from shared.web.development_issuer.signing_key import SigningKey

_ABOUT_CASES = "transfers:read transfers:decide sheets:read"
_BOOKS = "records:read ledger:read ledger:check"
_PLATFORM_ROLES: dict[str, tuple[str, str]] = {
    "online-channel": ("transfers:apply transfers:read progress:read", "线上渠道"),
    "platform-operator": (
        "transfers:read sheets:read registry:read registry:write events:read operations:read operations:write",
        "平台运维",
    ),
    "oversight": ("oversight:read transfers:read", "监督"),
}
_AGENCY_ROLES: dict[str, tuple[str, str]] = {
    "window": ("transfers:apply transfers:read sheets:read progress:read", "窗口甲"),
    "clerk": (
        f"cases:read cases:work records:read ledger:read ledger:work registry:propose trials:run {_ABOUT_CASES}",
        "经办甲",
    ),
    "checker": (
        f"transfers:apply trials:run cases:read cases:check {_BOOKS} registry:approve oversight:read {_ABOUT_CASES}",
        "复核乙",
    ),
    "core": ("records:write records:read core:work events:read", "核心业务系统"),
    "bank-desk": ("statements:write ledger:read events:read", "出纳丙"),
    "operator": ("operations:read operations:write registry:read cases:read ledger:read", "运维丁"),
}


def claims_of(role: str, admdvs: str | None = None) -> dict[str, Any]:
    """The claims of ``role``: of the agency ``admdvs``, or of the platform without one; raises ``KeyError``."""
    if admdvs is None:
        scope, name = _PLATFORM_ROLES[role]
        claims = {"sub": role, "scope": scope, "name": name}
        # A channel acts for those who apply through it: it knows of their cases, and of nobody else's.
        if role == "oversight":
            return claims | {"oversight": "000000"}
        return claims if role == "online-channel" else claims | {"admdvs": "*"}
    scope, name = _AGENCY_ROLES[role]
    claims = {"sub": f"{role}-{admdvs}", "scope": scope, "name": name, "admdvs": admdvs}
    return claims | {"optins_no": f"{admdvs}01"} if role == "window" else claims


def ready_made_tokens(
    key: SigningKey, agencies: Sequence[str], *, now: datetime, lifetime: timedelta = timedelta(days=1)
) -> dict[str, str]:
    """A token for each role, by name: ``platform-operator``, ``clerk@370100`` and so on."""
    platform = {role: claims_of(role) for role in _PLATFORM_ROLES}
    ours = {f"{role}@{admdvs}": claims_of(role, admdvs) for admdvs in agencies for role in _AGENCY_ROLES}
    return {name: key.mint(claims, now=now, lifetime=lifetime) for name, claims in (platform | ours).items()}
