"""How one bank's batch payment template is laid out: a validated TOML file in ``ledger/payment_forms``.

A column either holds a ``field`` of the payment or a fixed ``text``. What is too long or missing is refused, never cut:
a shortened account or name is another one. ``is_assumed`` says that the layout was not taken from the bank's own file.
"""

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

PAIN_001 = "pain.001"


class TemplateField(StrEnum):
    """What a column may hold. ``place`` counts the file's rows from 1; ``reference`` has 16 characters."""

    PLACE = "place"
    EXECUTE_ON = "execute_on"
    REFERENCE = "reference"
    END_TO_END_ID = "end_to_end_id"
    PAYER_BANKACCT = "payer_bankacct"
    PAYER_ACCTNAME = "payer_acctname"
    PAYER_BANKCODE = "payer_bankcode"
    PAYER_BANK_NAME = "payer_bank_name"
    PAYEE_BANKACCT = "payee_bankacct"
    PAYEE_ACCTNAME = "payee_acctname"
    PAYEE_BANKCODE = "payee_bankcode"
    PAYEE_BANK_NAME = "payee_bank_name"
    SAME_BANK = "same_bank"
    AMOUNT = "amount"
    NOTE = "note"


_NEEDED = frozenset(
    {TemplateField.PAYEE_BANKACCT, TemplateField.PAYEE_ACCTNAME, TemplateField.AMOUNT, TemplateField.NOTE}
)


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Column(_Part):
    """One column. ``max_bytes`` counts as GB18030 does, two for a Chinese character, as banks count.

    ``texts``: of ``same_bank``, what stands for one bank and for another, in this order.
    """

    header: Annotated[str, Field(min_length=1, max_length=60)]
    field: TemplateField | None = None
    text: Annotated[str, Field(max_length=60)] | None = None
    is_required: bool = False
    max_bytes: Annotated[int, Field(ge=1, le=500)] | None = None
    texts: tuple[str, str] | None = None

    @model_validator(mode="after")
    def _holds_one_thing(self) -> Self:
        if (self.field is None) == (self.text is None):
            raise ValueError("a column holds either a field or a text")
        if (self.field is TemplateField.SAME_BANK) != (self.texts is not None):
            raise ValueError("texts belong to same_bank, and it needs them")
        return self


class PaymentTemplate(_Part):
    """One bank's template. ``date_form`` is that of ``execute_on``; ``encoding`` and ``delimiter`` are of CSV."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,30}$")]
    name: Annotated[str, Field(min_length=1, max_length=60)]
    kind: Literal["xlsx", "csv"]
    is_assumed: bool
    sheet: Annotated[str, Field(min_length=1, max_length=31)] = "Sheet1"
    encoding: Literal["gb18030", "utf-8-sig"] = "gb18030"
    delimiter: Literal[",", "\t", "|"] = ","
    date_form: Literal["yyyymmdd", "yyyy-mm-dd"] = "yyyymmdd"
    column: Annotated[tuple[Column, ...], Field(min_length=1, max_length=60)]

    @model_validator(mode="after")
    def _says_who_how_much_and_what_for(self) -> Self:
        if self.code == PAIN_001:
            raise ValueError("pain.001 is no template")
        held = {column.field for column in self.column}
        if not held >= _NEEDED:
            raise ValueError(f"columns are missing: {sorted(_NEEDED - held)}")
        return self


def parse_template(text: str) -> PaymentTemplate:
    """The template in a TOML document; raises ``ValueError`` (pydantic's or tomllib's) where it is not right."""
    return PaymentTemplate.model_validate(tomllib.loads(text))


@cache
def shipped_templates() -> Mapping[str, PaymentTemplate]:
    """The templates in ``ledger/payment_forms`` by code."""
    folder = files("ledger") / "payment_forms"
    documents = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda e: e.name)
    templates = [parse_template(entry.read_text(encoding="utf-8")) for entry in documents]
    return {template.code: template for template in templates}
