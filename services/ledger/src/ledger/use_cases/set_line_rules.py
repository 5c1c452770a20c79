"""Make a new version of an agency's rules for classing bank lines."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.parsers.line_rules import LineRuleDocument
from ledger.repository import line_rules
from ledger.repository.line_rules import RuleSetRow
from shared.web.etags import Expected, outdated


async def set_line_rules(
    connection: AsyncConnection,
    admdvs: str,
    rules: Sequence[LineRuleDocument],
    *,
    note: str,
    expected: Expected,
    by: str,
    now: datetime,
) -> RuleSetRow:
    """The version as made; lines that came before keep the class that they have. Raises ``PreconditionFailed``."""
    present = await line_rules.newest(connection, admdvs)
    version = 0 if present is None else present.version
    expected.require(version)
    stored = [rule.model_dump(mode="json", exclude_defaults=True) for rule in rules]
    row = RuleSetRow(admdvs, version + 1, stored, note, by, now)
    if not await line_rules.add(connection, row):
        raise outdated()
    return row
