"""The registry in memory: immutable, with every look-up answered from a dictionary."""

import copy
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any

from shared.calendar import WorkingDays
from shared.contracts.facts import Side
from shared.errors import InvalidInput
from shared.law import law
from shared.registry.calendar_year import working_days
from shared.registry.models import AccountUse, Area, BankAccount, RegistrySnapshot
from shared.registry.policy.checking import check_content
from shared.registry.policy.effective import EffectivePolicy, PolicyBook
from shared.registry.policy.region_checks import Parents
from shared.registry.policy.section import NATION
from shared.signing.keys import Keys, VerificationKey

_MAX_SUCCESSIONS = 20


class AreaUnknown(InvalidInput):
    """No pooling area, county or region of the registry has this code."""

    code = "area-unknown"


class Registry:
    """One version of the registry. Dates are those of Asia/Shanghai; unknown codes answer ``None`` or ``False``."""

    def __init__(self, snapshot: RegistrySnapshot) -> None:
        self.snapshot = snapshot
        self._areas = {area.admdvs: area for area in snapshot.areas}
        self._areas_of_county = _areas_of_county(snapshot.areas)
        agencies = (key for area in snapshot.areas for key in area.keys)
        self._keys = MappingProxyType({key.kid: key for key in (*snapshot.platform_keys, *agencies)})
        self._cert_types = MappingProxyType({entry.code: entry.name for entry in snapshot.cert_types})
        self._keep_policies(PolicyBook(snapshot.policies))

    @property
    def version(self) -> int:
        """The snapshot's version."""
        return self.snapshot.version

    @property
    def keys(self) -> Keys:
        """All verification keys by ``kid``, old and revoked ones too: each is judged at an instant."""
        return self._keys

    @property
    def cert_types(self) -> Mapping[str, str]:
        """Names of the certificate types by code; one that is missing here is reported, never refused."""
        return self._cert_types

    def area(self, code: str) -> Area | None:
        """The pooling area of exactly this code, abolished ones too."""
        return self._areas.get(code)

    @law("N4")
    def resolve(self, code: str, on: date | None = None) -> Area | None:
        """The pooling area that a pooling area's or county's code belongs to.

        With ``on`` it is the area of that day: a later one is not found yet, and an abolished one gives way to
        its successor (an abolished one without a successor is ``None``).
        """
        candidates = self._candidates(code)
        if on is None:
            return candidates[0] if candidates else None
        begun = (area for area in candidates if area.valid_from <= on)
        return self._in_force(next(begun, None), on)

    @law("N17", "N15")
    def policy(self, admdvs: str, on: date) -> EffectivePolicy:
        """What holds in a pooling area, a county or a region (``370000``) on a day.

        Raises ``PolicyMissing`` where the snapshot holds no policies, ``PolicyNotInForce`` for a day before them, and
        ``AreaUnknown`` for a code that the registry does not know: the nation's policy is nobody's by accident.
        """
        return self._policy(admdvs, on)

    def trying(self, content: Mapping[str, Any]) -> "Registry":
        """The same registry with one region's policy (the file's content as JSON) in place of the one in force.

        Raises ``PolicyRefused`` where the file could not be loaded either.
        """
        return self.under(self.policies.with_file(check_content(content, self.policies, self.parents)))

    def under(self, policies: PolicyBook) -> "Registry":
        """The same registry with other policies: tried ones, or those of a decision made before."""
        other = copy.copy(self)
        other._keep_policies(policies)
        return other

    @cached_property
    def calendar(self) -> WorkingDays:
        """Working days, with the years that operators have loaded."""
        return working_days(self.snapshot.calendar_years)

    @cached_property
    def parents(self) -> Parents:
        """Which regions there are (provinces, cities, pooling areas), and from which others each may inherit."""
        found: dict[str, frozenset[str]] = {}
        for area in self._areas.values():
            found[area.province] = frozenset({NATION})
        for area in self._areas.values():
            found.setdefault(area.city, frozenset({area.province, NATION}))
            found.setdefault(area.admdvs, frozenset({area.city, area.province, NATION}))
        return found

    def key(self, kid: str) -> VerificationKey | None:
        """The verification key of this id."""
        return self._keys.get(kid)

    def bank_account(self, admdvs: str, use: AccountUse | str, on: date) -> BankAccount | None:
        """The account that the agency pays from (``payer``) or is paid to (``receiver``) on a day, the newest."""
        valid = [account for account in self._accounts(admdvs) if account.use == use and account.is_valid_on(on)]
        return max(valid, key=lambda account: account.valid_from, default=None)

    def endpoint(self, admdvs: str, side: Side) -> str | None:
        """Base URL of the agency's service for a side, without a trailing slash."""
        area = self._areas.get(admdvs)
        if area is None:
            return None
        return area.endpoints.outbound if side is Side.OUTBOUND else area.endpoints.inbound

    def same_city(self, first: str, second: str) -> bool:
        """Whether two pooling areas lie in one 设区的市."""
        one, other = self._areas.get(first), self._areas.get(second)
        return one is not None and other is not None and one.city == other.city

    def province_of(self, code: str) -> str | None:
        """The province's code of a pooling area or county."""
        area = self.resolve(code)
        return None if area is None else area.province

    def _keep_policies(self, policies: PolicyBook) -> None:
        self.policies = policies
        # Lives as long as this version of the registry does: a new one starts empty.
        self._policy = lru_cache(maxsize=8192)(self._find_policy)

    def _find_policy(self, admdvs: str, on: date) -> EffectivePolicy:
        return self.policies.effective(self._regions(admdvs, on), on)

    def _regions(self, code: str, on: date) -> tuple[str, ...]:
        """The region that a code stands for, and those above it, the nearest first."""
        area = self.resolve(code, on) or self.resolve(code)
        if area is not None:
            return area.admdvs, area.city, area.province
        if code == NATION:
            return (NATION,)
        if code not in self.parents:
            raise AreaUnknown(f"登记库中没有地区 {code}。")
        return code, *sorted(self.parents[code], reverse=True)

    def _accounts(self, admdvs: str) -> Iterable[BankAccount]:
        area = self._areas.get(admdvs)
        return () if area is None else area.bank_accounts

    def _candidates(self, code: str) -> tuple[Area, ...]:
        area = self._areas.get(code)
        return (area,) if area is not None else self._areas_of_county.get(code, ())

    def _in_force(self, area: Area | None, on: date) -> Area | None:
        for _ in range(_MAX_SUCCESSIONS):
            if area is None or area.valid_to is None or on <= area.valid_to:
                return area
            area = None if area.successor is None else self._areas.get(area.successor)
        return None


def _areas_of_county(areas: Iterable[Area]) -> dict[str, tuple[Area, ...]]:
    """The areas that each county belongs or belonged to, newest first."""
    found: dict[str, tuple[Area, ...]] = {}
    for area in sorted(areas, key=lambda area: area.valid_from, reverse=True):
        for county in area.counties:
            found[county] = (*found.get(county, ()), area)
    return found
