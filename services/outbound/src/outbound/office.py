"""What the use cases need of this deployment."""

from dataclasses import dataclass
from datetime import date, datetime

from outbound.domain.case import Case, SigningRule
from outbound.settings import OutboundSettings
from shared.agency.core_source import CoreSource
from shared.clock import Clock, local_date
from shared.database import Database
from shared.registry.copy import RegistryCopy
from shared.registry.registry import Registry
from shared.registry.sheet_policy import blocking_warnings
from shared.signing.signers import Signers


@dataclass(slots=True)
class Office:
    """The agencies' desk: records, keys, registry, clock and settings."""

    settings: OutboundSettings
    database: Database
    signers: Signers
    registry_copy: RegistryCopy
    clock: Clock
    source: CoreSource

    @property
    def registry(self) -> Registry:
        """The registry as held; raises ``RegistryMissing`` before the first fetch."""
        return self.registry_copy.current

    def now(self) -> datetime:
        """The present instant, UTC."""
        return self.clock.now()

    def today(self) -> date:
        """The present date in Shanghai."""
        return local_date(self.clock.now())

    def blocking_warnings(self, admdvs: str, on: date) -> frozenset[str]:
        """The warnings with which this agency seals no sheet of a case accepted on a day; without a policy, none."""
        return blocking_warnings(self.registry, admdvs, on)

    def blocking_for(self, case: Case) -> frozenset[str]:
        """The warnings with which the sheet of ``case`` is not sealed."""
        if case.blocking_warnings is not None:
            return frozenset(case.blocking_warnings)
        return self.blocking_warnings(case.admdvs, local_date(case.accepted_at))

    def signing_rule(self, admdvs: str) -> SigningRule:
        """Whether 经办 and 复核 take two people at this agency."""
        is_alone = admdvs in self.settings.one_person_agencies
        return SigningRule.ONE_PERSON if is_alone else SigningRule.TWO_PEOPLE

    def sheet_tel(self, admdvs: str) -> str:
        """The 联系电话 for this agency's sheets: of its first window, else the setting's."""
        area = self.registry.area(admdvs)
        tels = [window.tel for window in area.windows if window.tel] if area is not None else []
        return tels[0] if tels else self.settings.sheet_tel
