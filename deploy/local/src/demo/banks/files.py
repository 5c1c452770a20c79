"""Bank files from readable templates: camt.053 and a bank's CSV, as an agency downloads them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from demo.banks.movement import Statement
from demo.templates import render
from shared.clock import SHANGHAI
from stack.paths import LOCAL

TEMPLATES = LOCAL / "demo" / "bank"


class Form(StrEnum):
    """Which template."""

    CAMT053 = "camt053.xml"
    CCB = "ccb.csv"


_ENCODINGS = {Form.CAMT053: "utf-8", Form.CCB: "gb18030"}
_CONTENT_TYPES = {Form.CAMT053: "application/xml", Form.CCB: "text/csv"}
_MAPPINGS = {Form.CCB: "ccb"}


@dataclass(frozen=True, slots=True)
class BankFile:
    """A file ready for upload; ``mapping`` names the ledger's CSV form."""

    name: str
    content: bytes
    content_type: str
    mapping: str | None
    statement: Statement


def write_statement(statement: Statement, form: Form, *, made_at: datetime, admdvs: str) -> BankFile:
    """The statement in ``form``; ``made_at`` is when the bank made it (UTC)."""
    local = made_at.astimezone(SHANGHAI).replace(microsecond=0)
    text = render(TEMPLATES / f"{form}.j2", statement=statement, made_at=local)
    name = f"{admdvs}-{statement.on:%Y%m%d}-{statement.account.bankacct[-4:]}.{form}"
    return BankFile(name, text.encode(_ENCODINGS[form]), _CONTENT_TYPES[form], _MAPPINGS.get(form), statement)
