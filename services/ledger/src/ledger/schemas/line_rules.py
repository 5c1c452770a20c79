"""An agency's rules for classing bank lines, and what clerks change of single lines."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, model_validator

from ledger.domain.line_classes import LineClass
from ledger.parsers.line_rules import LineRuleDocument, parse_rules, shipped_rules
from ledger.repository.line_rules import RuleSetRow
from ledger.repository.reclassification import ChangeRow
from ledger.schemas.fields import Reason
from ledger.schemas.statements import LineShown
from shared.contracts.model import Document


class NewLineRules(Document):
    """A new version of an agency's rules; they hold for lines that come after it."""

    note: Annotated[Reason, Field(description="为什么修改")]
    rules: tuple[LineRuleDocument, ...] = Field(max_length=200)

    @model_validator(mode="after")
    def _has_names(self) -> "NewLineRules":
        if len({rule.name for rule in self.rules}) < len(self.rules):
            raise ValueError("规则名称重复")
        return self


class LineRulesShown(BaseModel):
    """One version; 0 is what is shipped, for an agency that has none of its own."""

    version: int
    note: str
    made_by: str | None
    made_at: datetime | None
    rules: list[LineRuleDocument]

    @classmethod
    def of(cls, row: RuleSetRow | None) -> "LineRulesShown":
        """As it is answered."""
        if row is None:
            return cls(version=0, note="随附的规则", made_by=None, made_at=None, rules=list(shipped_rules()))
        rules = parse_rules(row.rules)
        return cls(version=row.version, note=row.note, made_by=row.made_by, made_at=row.made_at, rules=rules)


class ClassChange(Document):
    """What a clerk says that a line is about, and why."""

    line_class: LineClass
    reason: Reason


class ClassChangeShown(BaseModel):
    """One change of a line's class."""

    from_class: LineClass
    to_class: LineClass
    reason: str
    changed_by: str
    changed_at: datetime
    approved_by: str | None = Field(description="复核人；须两人办理之前的为空")


class LineWithHistory(BaseModel):
    """A line, and how its class came about."""

    line: LineShown
    version: int
    changes: list[ClassChangeShown]

    @classmethod
    def of(cls, line: LineShown, changes: list[ChangeRow]) -> "LineWithHistory":
        """As it is answered."""
        shown = [
            ClassChangeShown(
                from_class=LineClass(change.from_class),
                to_class=LineClass(change.to_class),
                reason=change.reason,
                changed_by=change.changed_by,
                changed_at=change.changed_at,
                approved_by=change.approved_by,
            )
            for change in changes
        ]
        return cls(line=line, version=len(changes) + 1, changes=shown)
