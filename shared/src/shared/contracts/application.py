"""The application for a transfer (N5, N6)."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.contracts.codes import AreaCode, OptChnl
from shared.contracts.model import Document

PersonName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]
CertType = Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")]
CertNo = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50)]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9+() -]{5,30}$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


class ApplicantKind(StrEnum):
    """Who applies: the person, who acts for them, or the employer (N5)."""

    PERSON = "person"
    GUARDIAN = "guardian"
    AGENT = "agent"
    EMPLOYER = "employer"


class Applicant(Document):
    """Who applies. Guardian and agent give their own name and certificate; an employer its number and name."""

    kind: ApplicantKind = ApplicantKind.PERSON
    psn_name: PersonName | None = None
    psn_cert_type: CertType | None = None
    certno: CertNo | None = None
    emp_no: Annotated[str, Field(max_length=40)] | None = None
    emp_name: Annotated[str, Field(max_length=200)] | None = None


class CaseReference(Document):
    """Another system's number for the same case."""

    system: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{0,39}$")]
    number: Annotated[str, StringConstraints(min_length=1, max_length=60)]


class Application(Document):
    """What is applied for. ``trafout_admdvs`` and ``trafin_admdvs`` may be county codes until resolved.

    The schemes are plain strings here, because an unknown one is reason A14 and not a malformed request.
    """

    psn_name: PersonName
    psn_cert_type: CertType
    certno: CertNo
    trafout_admdvs: AreaCode
    trafin_admdvs: AreaCode
    trafout_insutype: Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")]
    trafin_insutype: Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")]
    applicant: Applicant = Applicant()
    mob: Phone | None = None
    refs: Annotated[tuple[CaseReference, ...], Field(max_length=10)] = ()


class LodgedApplication(Document):
    """An application as the platform took it in: areas resolved to pooling areas, channel from the token."""

    application: Application
    opt_chnl: OptChnl
    optins_no: str | None = None
    opter_id: str | None = None
