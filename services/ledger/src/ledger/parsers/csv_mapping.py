"""How one bank's CSV export is laid out: a validated TOML file in ``ledger/mappings``.

Each column is a list of header spellings, compared after folding widths and dropping spaces. ``amount.kind``:
``two_columns`` (``money_in``, ``money_out``), ``signed`` (``amount``, positive is money in) or ``flag``
(``amount``, ``flag``, ``in_values``, ``out_values``). On a bank's statement 借 is money out of the account.
The account number comes from the ``bankacct`` column or, with ``bankacct_label``, from the preamble.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Headers = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=60)], ...], Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TwoColumns(_Part):
    """Money in and money out stand in columns of their own; exactly one of them is filled."""

    kind: Literal["two_columns"]
    money_in: Headers
    money_out: Headers

    @property
    def headers(self) -> tuple[Headers, ...]:
        """The columns that must be there."""
        return (self.money_in, self.money_out)


class Signed(_Part):
    """One column, positive for money in."""

    kind: Literal["signed"]
    amount: Headers

    @property
    def headers(self) -> tuple[Headers, ...]:
        """The columns that must be there."""
        return (self.amount,)


class Flagged(_Part):
    """One unsigned column, and another that tells the direction."""

    kind: Literal["flag"]
    amount: Headers
    flag: Headers
    in_values: Annotated[tuple[str, ...], Field(min_length=1)]
    out_values: Annotated[tuple[str, ...], Field(min_length=1)]

    @property
    def headers(self) -> tuple[Headers, ...]:
        """The columns that must be there."""
        return (self.amount, self.flag)


class Columns(_Part):
    """Which header names which field; ``note`` columns are joined by a space in this order."""

    booked_on: Headers
    value_on: Headers | None = None
    balance: Headers
    bankacct: Headers | None = None
    currency: Headers | None = None
    counterparty_acct: Headers | None = None
    counterparty_name: Headers | None = None
    bank_ref: Headers | None = None
    note: tuple[Headers, ...] = ()


class CsvMapping(_Part):
    """One bank's form. ``encodings`` are tried in order until the header row is found."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,30}$")]
    name: str
    encodings: Annotated[tuple[Literal["utf-8-sig", "gb18030", "utf-16"], ...], Field(min_length=1)]
    delimiter: Literal[",", "\t", ";"] = ","
    max_preamble_lines: Annotated[int, Field(ge=0, le=50)] = 30
    footer_prefixes: tuple[str, ...] = ("合计", "总计", "小计", "本页", "#")
    currency_names: tuple[str, ...] = ("CNY", "人民币", "人民币元", "RMB")
    bankacct_label: str | None = None
    columns: Columns
    amount: Annotated[TwoColumns | Signed | Flagged, Field(discriminator="kind")]

    @model_validator(mode="after")
    def _knows_the_account(self) -> "CsvMapping":
        if (self.columns.bankacct is None) == (self.bankacct_label is None):
            raise ValueError("exactly one of columns.bankacct and bankacct_label says where the account stands")
        return self

    @property
    def required(self) -> tuple[Headers, ...]:
        """The columns without which a row cannot be the header row."""
        account = () if self.columns.bankacct is None else (self.columns.bankacct,)
        return (self.columns.booked_on, self.columns.balance, *account, *self.amount.headers)


def parse_mapping(text: str) -> CsvMapping:
    """The mapping in a TOML document; raises ``ValueError`` (pydantic's or tomllib's) where it is not right."""
    return CsvMapping.model_validate(tomllib.loads(text))


@cache
def shipped_mappings() -> Mapping[str, CsvMapping]:
    """The mappings in ``ledger/mappings`` by code."""
    folder = files("ledger") / "mappings"
    documents = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".toml")), key=lambda e: e.name)
    mappings = [parse_mapping(entry.read_text(encoding="utf-8")) for entry in documents]
    return {mapping.code: mapping for mapping in mappings}
