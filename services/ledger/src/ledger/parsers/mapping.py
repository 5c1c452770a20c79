"""How one bank's export is laid out, as CSV or Excel: a validated TOML file in ``ledger/mappings``, or an operator's.

A column is a list of header spellings, the likelier first, compared after folding widths, dropping spaces and a
translation in square brackets. ``amount`` is a list of ways to tell direction; the first whose columns are all there
holds: ``two_columns`` (``money_in``, ``money_out``), ``signed`` (``amount``, positive is money in) or ``flag``
(``amount``, ``flag``, ``in_values``, ``out_values``: 借/贷 or 来账/往账). On a bank's statement 借 is money out of the
account. The account number comes from ``bankacct``, from ``parties``, from the preamble (``bankacct_labels``), or else
from who uploads the file.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

_BETWEEN_NAMES = re.compile(r"[\s()\[\]/-]+")
Name = Annotated[str, Field(min_length=1, max_length=60)]
Headers = Annotated[tuple[Name, ...], Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


_Told = TypeVar("_Told", bound=_Part)


def _apart(told: _Told, money_in: Headers, money_out: Headers) -> _Told:
    """``told``, of which nothing tells money in and money out alike; raises ``ValueError``."""
    if both := set(money_in) & set(money_out):
        raise ValueError(f"money in and money out are told alike: {'、'.join(sorted(both))}")
    return told


class TwoColumns(_Part):
    """Money in and money out stand in columns of their own; exactly one of them is filled."""

    kind: Literal["two_columns"]
    money_in: Headers
    money_out: Headers

    @model_validator(mode="after")
    def _are_apart(self) -> "TwoColumns":
        return _apart(self, self.money_in, self.money_out)

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
    """One column, and another that tells the direction.

    ``is_signed``: money out is negative besides; then sign and flag have to agree. Otherwise a negative amount is the
    bank's own correction (红字).
    """

    kind: Literal["flag"]
    amount: Headers
    flag: Headers
    in_values: Headers
    out_values: Headers
    is_signed: bool = False

    @model_validator(mode="after")
    def _are_apart(self) -> "Flagged":
        return _apart(self, self.in_values, self.out_values)

    @property
    def headers(self) -> tuple[Headers, ...]:
        """The columns that must be there."""
        return (self.amount, self.flag)


class Parties(_Part):
    """Payer and payee in columns of their own: one of the two is the account itself, the other the counterparty."""

    payer_acct: Headers
    payer_name: Headers
    payee_acct: Headers
    payee_name: Headers

    @property
    def headers(self) -> tuple[Headers, ...]:
        """The columns that must be there."""
        return (self.payer_acct, self.payer_name, self.payee_acct, self.payee_name)


class Columns(_Part):
    """Which header names which field; ``note`` columns are joined by a space in this order.

    ``booked_at`` holds the time of day, where that does not stand beside the day in ``booked_on``.
    """

    booked_on: Headers
    booked_at: Headers | None = None
    value_on: Headers | None = None
    balance: Headers
    bankacct: Headers | None = None
    currency: Headers | None = None
    counterparty_acct: Headers | None = None
    counterparty_name: Headers | None = None
    bank_ref: Headers | None = None
    note: tuple[Headers, ...] = ()


class StatedTotals(_Part):
    """Labels in the preamble or the footer beside which the bank's own count and sums stand."""

    count: Headers | None = None
    money_in: Headers | None = None
    money_out: Headers | None = None


class BankMapping(_Part):
    """One bank's form. ``encodings`` and ``delimiters`` are of CSV, tried in order until the header row is found.

    ``marks`` are further columns by which the bank's form is known from others. ``date_order`` tells how dates whose
    year does not stand first are written; all that begin with the year are read in any case.
    """

    code: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,30}$")]
    name: str
    encodings: Annotated[tuple[Literal["utf-8-sig", "gb18030", "utf-16"], ...], Field(min_length=1)]
    delimiters: Annotated[tuple[Literal[",", "\t", ";"], ...], Field(min_length=1)] = (",",)
    max_preamble_lines: Annotated[int, Field(ge=0, le=50)] = 30
    footer_prefixes: tuple[Name, ...] = ("合计", "总计", "小计", "本页", "#")
    date_order: Literal["ymd", "dmy", "mdy"] = "ymd"
    currency_names: tuple[Name, ...] = ("CNY", "人民币", "人民币元", "RMB", "001")
    bankacct_labels: tuple[Name, ...] = ()
    currency_labels: tuple[Name, ...] = ("币种", "币别")
    totals: StatedTotals = StatedTotals()
    columns: Columns
    parties: Parties | None = None
    marks: tuple[Headers, ...] = ()
    amount: Annotated[
        tuple[Annotated[TwoColumns | Signed | Flagged, Field(discriminator="kind")], ...], Field(min_length=1)
    ]

    def is_cny(self, text: str) -> bool:
        """Whether a currency is told by names of the CNY alone, such as ``人民币`` or ``CNY-人民币``."""
        names = [name for name in _BETWEEN_NAMES.split(text.upper()) if name]
        return bool(names) and all(name in self.currency_names for name in names)

    @property
    def required(self) -> tuple[Headers, ...]:
        """The columns without which a row cannot be the header row, besides one way to tell the amount."""
        parties = () if self.parties is None else self.parties.headers
        return (self.columns.booked_on, self.columns.balance, *parties, *self.marks)


def parse_mapping(text: str) -> BankMapping:
    """The mapping in a TOML document; raises ``ValueError`` (pydantic's or tomllib's) where it is not right."""
    return BankMapping.model_validate(tomllib.loads(text))


@cache
def shipped_mappings() -> Mapping[str, BankMapping]:
    """The mappings in ``ledger/mappings`` by code."""
    return _mappings_in(files("ledger") / "mappings")


@cache
def known_mappings(folder: Path | None) -> Mapping[str, BankMapping]:
    """The shipped mappings by code with those in ``folder``, which hold where both have one.

    Raises ``ValueError`` naming the file where one is not right.
    """
    return shipped_mappings() if folder is None else {**shipped_mappings(), **_mappings_in(folder)}


def _mappings_in(folder: Traversable) -> dict[str, BankMapping]:
    found: dict[str, BankMapping] = {}
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if not entry.name.endswith(".toml"):
            continue
        try:
            mapping = parse_mapping(entry.read_text(encoding="utf-8"))
        except ValueError as error:
            raise ValueError(f"{entry.name}: {error}") from None
        if mapping.code in found:
            raise ValueError(f"{entry.name}: the code {mapping.code} stands in another file too")
        found[mapping.code] = mapping
    return found
