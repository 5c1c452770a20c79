"""The rules that class bank lines, as an agency writes them: untrusted data in, domain values out."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated, Any

from pydantic import Field, model_validator

from ledger.domain.line_classes import LineClass, LineRule, fold_words
from ledger.domain.statement import Direction
from ledger.domain.titles import AccountRole
from ledger.parsers.amounts import clean_account
from shared.contracts.model import Document
from shared.money import Fen

Word = Annotated[str, Field(min_length=2, max_length=50)]
Account = Annotated[str, Field(pattern=r"^[0-9A-Za-z -]{1,64}$")]
_DIRECTIONS = {
    LineClass.TRANSFER_IN: Direction.CREDIT,
    LineClass.TRANSFER_OUT: Direction.DEBIT,
    LineClass.FEE: Direction.DEBIT,
}


class LineRuleDocument(Document):
    """One rule: every condition given must hold, of a list one entry is enough. At least one condition is needed."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    line_class: LineClass
    direction: Direction | None = Field(default=None, description="C 收入，D 支出")
    roles: tuple[AccountRole, ...] = Field(default=(), max_length=4, description="本方账户的类型")
    bankaccts: tuple[Account, ...] = Field(default=(), max_length=100, description="本方账户")
    has_counterparty: bool | None = Field(default=None, description="是否有对方账号")
    counterparty_accts: tuple[Account, ...] = Field(default=(), max_length=500)
    counterparty_words: tuple[Word, ...] = Field(default=(), max_length=100, description="对方户名中的字样")
    note_words: tuple[Word, ...] = Field(default=(), max_length=100, description="摘要、用途、附言中的字样")
    min_amount: Fen | None = None
    max_amount: Fen | None = None

    @model_validator(mode="after")
    def _is_a_rule(self) -> "LineRuleDocument":
        if self.line_class is LineClass.RETURN:
            raise ValueError("退回款由银行标记和办件编号认定，不能由规则认定")
        if not (self.counterparty_accts or self.counterparty_words or self.note_words or self.bankaccts):
            raise ValueError("规则至少要有对方账号、对方户名、附言字样或本方账户中的一个条件")
        wanted = _DIRECTIONS.get(self.line_class)
        if wanted is not None and self.direction is not wanted:
            raise ValueError("规则的类别与收支方向不符")
        return self

    def rule(self) -> LineRule:
        """As the domain applies it."""
        return LineRule(
            name=self.name,
            line_class=self.line_class,
            direction=self.direction,
            roles=frozenset(self.roles),
            bankaccts=frozenset(map(clean_account, self.bankaccts)),
            has_counterparty=self.has_counterparty,
            counterparty_accts=frozenset(map(clean_account, self.counterparty_accts)),
            counterparty_words=tuple(map(fold_words, self.counterparty_words)),
            note_words=tuple(map(fold_words, self.note_words)),
            min_fen=self.min_amount,
            max_fen=self.max_amount,
        )


def parse_rules(stored: list[dict[str, Any]]) -> list[LineRuleDocument]:
    """Rules as they are kept."""
    return [LineRuleDocument.model_validate(rule) for rule in stored]


@cache
def shipped_rules() -> tuple[LineRuleDocument, ...]:
    """The rules of an agency that has none of its own."""
    text = (files("ledger") / "rules" / "default.toml").read_text(encoding="utf-8")
    return tuple(LineRuleDocument.model_validate(rule) for rule in tomllib.loads(text)["rules"])
