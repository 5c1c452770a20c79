"""Who speaks: every step of a transfer is done with the token of the role that may do it."""

from collections.abc import Callable

from demo.scenario import Channel, Scenario
from stack.tokens import PLATFORM_OPERATOR, Tokens

_APPLICANT_SCOPES = "transfers:apply transfers:read progress:read"


class Callers:
    """Tokens by role, minted once each."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._minted: dict[str, str] = {}

    def applicant(self, scenario: Scenario) -> str:
        """Who applies: the person online, a window's clerk, or the employer."""
        wish = scenario.application
        if wish.channel is Channel.EMPLOYER:
            emp_no, emp_name = wish.emp_no or "", wish.emp_name or ""
            return self._once(f"employer@{emp_no}", lambda: self._tokens.employer(emp_no, emp_name))
        if wish.channel is Channel.ONLINE:
            return self._person(scenario)
        is_inbound = wish.channel is Channel.INBOUND_WINDOW
        return self.agency("window", wish.trafin_admdvs if is_inbound else wish.trafout_admdvs)

    def agency(self, role: str, admdvs: str) -> str:
        """``window``, ``clerk`` (经办), ``checker`` (复核), ``core``, ``bank-desk`` or ``operator`` of an agency."""
        return self._once(f"{role}@{admdvs}", lambda: self._tokens.role(role, admdvs))

    def operator(self) -> str:
        """The platform's operator."""
        return self._once(PLATFORM_OPERATOR, lambda: self._tokens.role(PLATFORM_OPERATOR))

    def _person(self, scenario: Scenario) -> str:
        claims = {
            "sub": f"person-{scenario.letter}",
            "scope": _APPLICANT_SCOPES,
            "name": scenario.person.psn_name,
            "certno": scenario.person.certno,
        }
        return self._once(f"person@{scenario.letter}", lambda: self._tokens.mint(claims))

    def _once(self, name: str, mint: Callable[[], str]) -> str:
        if name not in self._minted:
            self._minted[name] = mint()
        return self._minted[name]
