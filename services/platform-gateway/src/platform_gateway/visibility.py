"""Who may know of a case: its two sides, oversight of their area, and whoever applied."""

from dataclasses import dataclass

from platform_gateway.domain.case import Case
from shared import certno
from shared.errors import NotFound
from shared.web.principal import Principal

_NATIONAL = ("000000", "100000")


class CaseNotFound(NotFound):
    """No such case, or none that this caller may know of: the two look alike."""

    code = "transfer-not-found"

    def __init__(self) -> None:
        super().__init__("没有找到该办件，请核对编号。")


@dataclass(frozen=True, slots=True)
class Viewer:
    """The caller, seen from the cases."""

    principal: Principal

    def sees(self, case: Case) -> bool:
        """Whether the case exists for this caller; otherwise it is 404 like one that never was."""
        if self.principal.sees(case.trafout_admdvs, case.trafin_admdvs):
            return True
        if not self._is_applicant:
            return False
        return case.applicant_subject == self.principal.subject or case.person_key == self.holder_key

    def may_change(self, case: Case) -> bool:
        """Whether a withdrawal is the caller's to ask for: oversight only reads."""
        return self.principal.oversight is None and self.sees(case)

    def told_of(self, other: Case | None) -> str | None:
        """The number of another case where this caller may know of it (A08)."""
        return other.rlts_traf_id if other is not None and self.sees(other) else None

    @property
    def holder_key(self) -> str | None:
        """The person key of the person whom the token itself names (by an 18-digit certificate)."""
        holder = self.principal.certno_holder
        if holder is None:
            return None
        return certno.person_key(certno.type_of_prefix(certno.normalise(holder)), holder)

    @property
    def oversight_prefix(self) -> str:
        """What the codes of an oversight's areas begin with, as ``Principal.sees`` reads them; empty: all."""
        area = self.principal.oversight or ""
        if area in _NATIONAL:
            return ""
        return area[:2] if area.endswith("0000") else area.removesuffix("00")

    @property
    def _is_applicant(self) -> bool:
        caller = self.principal
        return caller.admdvs is None and caller.oversight is None and not caller.is_platform_wide
