"""What the platform's registry says, as one snapshot.

Which codes are pooling areas, and which counties belong to them, stands only here; nothing is derived from
GB/T 2260. A reader leaves fields alone that it does not know, so that the platform may be newer.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, model_validator

from shared.contracts.codes import AreaCode
from shared.contracts.model import Message
from shared.contracts.party import PLATFORM
from shared.registry.calendar_year import CalendarYear
from shared.registry.policy.region_file import RegionFile
from shared.signing.keys import VerificationKey

Name = Annotated[str, Field(min_length=1, max_length=100)]
ServiceUrl = Annotated[str, Field(pattern=r"^https?://[^\s/?#@]+(/[^\s?#]*)?$", max_length=200)]


class AreaState(StrEnum):
    """Whether transfers run through the platform for an area."""

    CONNECTED = "connected"
    SUSPENDED = "suspended"
    NOT_CONNECTED = "not_connected"


class AccountUse(StrEnum):
    """What a bank account of an agency is used for in transfers."""

    PAYER = "payer"
    RECEIVER = "receiver"


class Window(Message):
    """A service window of an agency (``optins_no``)."""

    optins_no: Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,40}$")]
    name: Name
    address: Annotated[str, Field(max_length=200)]
    tel: Annotated[str, Field(max_length=30)]


class Endpoints(Message):
    """Where an agency's services answer, without a trailing slash; ``None`` where it runs none."""

    outbound: ServiceUrl | None = None
    inbound: ServiceUrl | None = None


class BankAccount(Message):
    """An agency's account for transfers, valid on the days ``valid_from`` to ``valid_to``, both counted (Shanghai).

    ``bankcode`` is the 联行号; ``hif_acct_type`` says 1 收入户, 2 支出户 or 3 收支户 where known.
    """

    bankacct: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,40}$")]
    acctname: Name
    bankcode: Annotated[str, Field(pattern=r"^[0-9]{12}$")]
    bank_name: Name
    use: AccountUse
    hif_acct_type: Literal["1", "2", "3"] | None = None
    valid_from: date
    valid_to: date | None = None

    def is_valid_on(self, day: date) -> bool:
        """Whether the account may be used on ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Area(Message):
    """A pooling area (统筹区), valid on the days ``valid_from`` to ``valid_to``, both counted (Shanghai).

    ``name`` is its agency's name as sheets write it, ``former_names`` those before; ``province`` and ``city``
    the codes of the province and of the 设区的市 that it lies in, for a city may hold several pooling areas;
    ``counties`` the county codes that belong to it. An abolished area names its ``successor``.
    """

    admdvs: AreaCode
    name: Name
    province: AreaCode
    city: AreaCode
    counties: tuple[AreaCode, ...] = ()
    valid_from: date
    valid_to: date | None = None
    successor: AreaCode | None = None
    former_names: tuple[Name, ...] = ()
    state: AreaState
    windows: tuple[Window, ...] = ()
    endpoints: Endpoints = Endpoints()
    keys: tuple[VerificationKey, ...] = ()
    bank_accounts: tuple[BankAccount, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The present name, then the former ones."""
        return (self.name, *self.former_names)

    @model_validator(mode="after")
    def _holds_only_its_own_keys(self) -> "Area":
        if any(key.owner.admdvs != self.admdvs for key in self.keys):
            raise ValueError("密钥的所有者不是该统筹地区")
        return self


class CodeName(Message):
    """One entry of a code list."""

    code: Annotated[str, Field(min_length=1, max_length=10)]
    name: Name


class RegistrySnapshot(Message):
    """The whole registry at one version; versions only grow. Code lists are data: ``cert_types``.

    ``policies`` are the region files in force and ``calendar_years`` what operators have loaded of holidays; a
    snapshot from before there were any has none.
    """

    version: Annotated[int, Field(ge=1)]
    issued_at: AwareDatetime
    areas: tuple[Area, ...]
    platform_keys: tuple[VerificationKey, ...]
    cert_types: tuple[CodeName, ...] = ()
    policies: tuple[RegionFile, ...] = ()
    calendar_years: tuple[CalendarYear, ...] = ()

    @model_validator(mode="after")
    def _is_consistent(self) -> "RegistrySnapshot":
        _require_unique("统筹地区代码", (area.admdvs for area in self.areas))
        _require_unique("窗口编号", (window.optins_no for area in self.areas for window in area.windows))
        _require_unique("地区政策", (file.region for file in self.policies))
        keys = [*self.platform_keys, *(key for area in self.areas for key in area.keys)]
        _require_unique("密钥", (key.kid for key in keys))
        if any(key.owner != PLATFORM for key in self.platform_keys):
            raise ValueError("平台密钥的所有者应为平台")
        codes = {area.admdvs for area in self.areas}
        if any(area.successor is not None and area.successor not in codes for area in self.areas):
            raise ValueError("继任统筹地区未登记")
        return self


def _require_unique(what: str, values: Iterable[str]) -> None:
    repeated = [value for value, times in Counter(values).items() if times > 1]
    if repeated:
        raise ValueError(f"{what}重复：{'、'.join(repeated[:5])}")
