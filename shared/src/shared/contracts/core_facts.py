"""The pull contract: what we ask an agency's core, and what it answers (``facts_mode`` pull; docs/core-pull.md)."""

from typing import Annotated

from pydantic import AwareDatetime, Field

from shared.contracts.application import CertNo, CertType
from shared.contracts.facts import PersonRecord
from shared.contracts.model import Document


class CoreFactsQuery(Document):
    """Whom we ask about; the certificate number stands in the body, never in the address."""

    psn_cert_type: CertType
    certno: CertNo


class CoreFactsAnswer(Document):
    """Everybody whom the core knows by this certificate, with their whole records, as of ``facts_as_of``.

    ``persons`` is empty where it knows nobody: that is an answer, and refuses (A09). A core that cannot tell answers
    with an error status or not at all: that is unknown, and refuses nobody.
    """

    facts_as_of: AwareDatetime
    persons: Annotated[tuple[PersonRecord, ...], Field(max_length=5)]
