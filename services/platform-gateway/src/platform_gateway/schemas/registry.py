"""The registry as operators and agencies change it."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from shared.contracts.codes import AreaCode
from shared.contracts.model import Document
from shared.days import Day
from shared.registry.models import AccountUse, AreaState, Name, ServiceUrl
from shared.signing.errors import KeyUnreadable
from shared.signing.key_pair import kid_of
from shared.signing.keys import PartyAddress, Purpose

Instant = Annotated[AwareDatetime, Field(ge=datetime(1990, 1, 1, tzinfo=UTC), le=datetime(2199, 12, 31, tzinfo=UTC))]
_Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class WindowDocument(Document):
    """A service window (``optins_no``)."""

    optins_no: Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,40}$")]
    name: Name
    address: Annotated[str, Field(max_length=200)]
    tel: Annotated[str, Field(max_length=30)]


class EndpointsDocument(Document):
    """Base URLs of an agency's services."""

    outbound: ServiceUrl | None = None
    inbound: ServiceUrl | None = None


class AreaDocument(Document):
    """A pooling area without its keys and bank accounts, which have ways of their own."""

    name: Name
    province: AreaCode
    city: AreaCode
    counties: Annotated[tuple[AreaCode, ...], Field(max_length=200)] = ()
    valid_from: Day
    valid_to: Day | None = None
    successor: AreaCode | None = None
    former_names: Annotated[tuple[Name, ...], Field(max_length=50)] = ()
    state: AreaState
    windows: Annotated[tuple[WindowDocument, ...], Field(max_length=500)] = ()
    endpoints: EndpointsDocument = EndpointsDocument()

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> "AreaDocument":
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("有效期的止日不能早于起日")
        return self


class NewArea(AreaDocument):
    """An area with its code, as a bulk load brings it."""

    admdvs: AreaCode


class NewKey(Document):
    """A public key to be registered for a party; its id and algorithm are read from the key itself."""

    owner: PartyAddress
    purpose: Purpose
    public_key: Annotated[str, Field(max_length=4096)]
    valid_from: Instant
    valid_to: Instant | None = None

    @model_validator(mode="after")
    def _is_a_key(self) -> "NewKey":
        try:
            kid_of(self.public_key)
        except KeyUnreadable as error:
            raise ValueError("公钥应为受支持算法的 PEM") from error
        return self


class RegistryImport(Document):
    """Areas and keys in bulk, taken in as one change; bank accounts always need their two people."""

    areas: Annotated[tuple[NewArea, ...], Field(max_length=1000)] = ()
    keys: Annotated[tuple[NewKey, ...], Field(max_length=5000)] = ()


class Revocation(Document):
    """From when a key no longer counts, and why; without an instant, from now on."""

    revoked_at: Instant | None = None
    reason: _Reason


class AccountDocument(Document):
    """What an agency signs when it changes an account; ``admdvs`` stands inside so that it counts nowhere else.

    ``change_no`` is the agency's own number of the change, so that each signed document counts once.
    """

    admdvs: AreaCode
    change_no: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,40}$")]
    bankacct: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,40}$")]
    acctname: Name
    bankcode: Annotated[str, Field(pattern=r"^[0-9]{12}$")]
    bank_name: Name
    use: AccountUse
    hif_acct_type: Annotated[str, Field(pattern=r"^[123]$")] | None = None
    valid_from: Day
    valid_to: Day | None = None


class AccountProposal(Document):
    """A bank account change: the JWS (general JSON) by the agency's seal key over an ``AccountDocument``."""

    jws: Annotated[str, Field(max_length=20_000)]


class ChangeState(StrEnum):
    """Where a bank account change stands."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"


class ChangeDecision(Document):
    """A second person's word on a change."""

    reason: _Reason | None = None


class ChangeRejection(Document):
    """Why a change is not taken."""

    reason: _Reason


class _OfRow(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ChangeShown(_OfRow):
    """A bank account change with who proposed and who decided it."""

    change_id: UUID
    admdvs: str
    document: AccountDocument
    state: ChangeState
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decision_reason: str | None


class KeyShown(_OfRow):
    """A registered key."""

    kid: str
    owner: str
    purpose: Purpose
    algorithm: str
    public_key: str
    valid_from: datetime
    valid_to: datetime | None
    revoked_at: datetime | None
    revocation_reason: str | None


class AccountShown(BaseModel):
    """An account that counts, or counted."""

    bankacct: str
    acctname: str
    bankcode: str
    bank_name: str
    use: AccountUse
    hif_acct_type: str | None = None
    valid_from: date
    valid_to: date | None = None


class AgencyShown(NewArea):
    """An area as it is registered."""

    keys: tuple[KeyShown, ...] = ()
    bank_accounts: tuple[AccountShown, ...] = ()


class RegistryVersionShown(BaseModel):
    """The version that a change made."""

    version: int
