"""How strictly each kind of document is read."""

from pydantic import BaseModel, ConfigDict


class Document(BaseModel):
    """What somebody sends us over HTTP: a field we do not know is an error, so that a typo is never lost."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Message(BaseModel):
    """What travels in an event: unknown fields are left alone, so that a sender may be newer than we are."""

    model_config = ConfigDict(extra="ignore", frozen=True)
