"""How strictly each kind of document is read."""

from typing import Any

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema

from shared.contracts.as_written import read_as_written


class Document(BaseModel):
    """What somebody sends us over HTTP: a field we do not know is an error, so that a typo is never lost.

    Dates, flags and counts are read as they are written: a number is no date, a word or a number no flag.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        read_as_written(handler.resolve_ref_schema(schema))
        return schema


class Message(BaseModel):
    """What travels in an event: unknown fields are left alone, so that a sender may be newer than we are."""

    model_config = ConfigDict(extra="ignore", frozen=True)
