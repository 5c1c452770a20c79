"""Who calls, as the token says it. Nothing of this is ever taken from a body."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.contracts.codes import OptChnl
from shared.errors import Forbidden

_NATIONAL = ("000000", "100000")
EVERYWHERE = "*"


@dataclass(frozen=True, slots=True)
class Principal:
    """A verified caller.

    ``admdvs`` is the agency's pooling area; None for callers of no single area: the platform's own systems
    (``is_platform_wide``, claim ``admdvs: "*"``), and oversight, online channels, employers and persons.
    """

    subject: str
    scopes: frozenset[str]
    admdvs: str | None = None
    is_platform_wide: bool = False
    counties: frozenset[str] = frozenset()
    optins_no: str | None = None
    oversight: str | None = None
    emp_no: str | None = None
    emp_name: str | None = None
    name: str | None = None
    certno_holder: str | None = field(default=None, repr=False)

    @property
    def opter_id(self) -> str:
        """The clerk's or client's id as it is kept with what they did."""
        return self.subject

    @property
    def opter_name(self) -> str:
        """The clerk's name, or the id where the token has none."""
        return self.name or self.subject

    @property
    def is_window(self) -> bool:
        """Whether an agency's window speaks, rather than an online channel."""
        return self.optins_no is not None

    def agency(self) -> str:
        """The pooling area that the caller belongs to; raises ``Forbidden`` when the token names none."""
        if self.admdvs is None:
            raise Forbidden("令牌没有写明所属统筹区，不能办理经办机构的业务。", code="agency-missing")
        return self.admdvs

    def sees(self, *areas: str) -> bool:
        """Whether something that concerns these ``areas`` (a case's two sides) is the caller's to know of.

        Platform-wide callers see all, an agency its own, oversight what lies below it (a province's code ends in
        0000, a city's in 00).
        """
        if self.is_platform_wide:
            return True
        if self.admdvs is not None:
            return any(area == self.admdvs or area in self.counties for area in areas)
        if self.oversight is None:
            return False
        if self.oversight in _NATIONAL:
            return True
        prefix = self.oversight[:2] if self.oversight.endswith("0000") else self.oversight.removesuffix("00")
        return any(area.startswith(prefix) for area in areas)

    def channel(self, trafout_admdvs: str, trafin_admdvs: str) -> OptChnl | None:
        """Where an application between these areas comes from (N6); None: a window of neither side (A07)."""
        if not self.is_window:
            return OptChnl.PLATFORM
        if self.admdvs == trafin_admdvs:
            return OptChnl.INBOUND_WINDOW
        return OptChnl.OUTBOUND_WINDOW if self.admdvs == trafout_admdvs else None

    @classmethod
    def of_claims(cls, claims: Mapping[str, Any]) -> "Principal":
        """The caller of verified ``claims``; raises ``ValueError`` on a claim of the wrong shape."""
        admdvs = _text(claims, "admdvs")
        return cls(
            subject=_text(claims, "sub") or "",
            scopes=frozenset((_text(claims, "scope") or "").split()),
            admdvs=None if admdvs == EVERYWHERE else admdvs,
            is_platform_wide=admdvs == EVERYWHERE,
            counties=frozenset(_texts(claims, "counties")),
            optins_no=_text(claims, "optins_no"),
            oversight=_text(claims, "oversight"),
            emp_no=_text(claims, "emp_no"),
            emp_name=_text(claims, "emp_name"),
            name=_text(claims, "name"),
            certno_holder=_text(claims, "certno"),
        )


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not value or len(value) > 2000 or "\x00" in value:
        raise ValueError(f"claim {name} is not a text")
    return value


def _texts(claims: Mapping[str, Any], name: str) -> list[str]:
    values = claims.get(name) or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise ValueError(f"claim {name} is not a list of texts")
    return values
