"""What bank lines are about: the agency's rules, and how a line's class came about."""

from fastapi import Response

from ledger.api.callers import Checker, Context, Reader, agency_of
from ledger.api.cursors import after_id
from ledger.api.suspense import LinePath
from ledger.context import LedgerContext
from ledger.repository import line_rules, outcomes, reclassification
from ledger.schemas.line_rules import LineRulesShown, LineWithHistory, NewLineRules
from ledger.schemas.statements import LineShown
from ledger.use_cases.set_line_rules import set_line_rules
from shared.errors import NotFound
from shared.web.etags import IfMatch, etag
from shared.web.paging import Page, Paging, page_of
from shared.web.routing import Router

router = Router(tags=["流水分类"])


@router.get("/line-rules", summary="流水分类规则（现行）")
async def get_rules(caller: Reader, context: Context, response: Response) -> LineRulesShown:
    """The rules in force; version 0 is what is shipped."""
    admdvs = agency_of(caller, context)
    async with context.database.connection() as connection:
        shown = LineRulesShown.of(await line_rules.newest(connection, admdvs))
    response.headers["ETag"] = etag(shown.version)
    return shown


@router.put("/line-rules", summary="修改流水分类规则（产生新版本）")
async def put_rules(
    caller: Checker, context: Context, body: NewLineRules, expected: IfMatch, response: Response
) -> LineRulesShown:
    """A new version for lines that come from now on; older versions stay, with who made them and why."""
    admdvs, now = agency_of(caller, context), context.clock.now()
    async with context.database.transaction() as connection:
        row = await set_line_rules(
            connection, admdvs, body.rules, note=body.note, expected=expected, by=caller.opter_id, now=now
        )
    response.headers["ETag"] = etag(row.version)
    return LineRulesShown.of(row)


@router.get("/line-rules/versions", summary="流水分类规则的各个版本")
async def get_rule_versions(caller: Reader, context: Context, paging: Paging) -> Page[LineRulesShown]:
    """The agency's own versions, newest first."""
    admdvs = agency_of(caller, context)
    async with context.database.connection() as connection:
        rows = await line_rules.page(connection, admdvs, after=after_id(paging), limit=paging.limit)
    return page_of(rows, paging.limit, lambda row: (row.version,), LineRulesShown.of)


@router.get("/statement-lines/{line_id}", summary="一笔流水及其类别的由来")
async def get_line(caller: Reader, context: Context, line_id: LinePath, response: Response) -> LineWithHistory:
    """The line with every change of its class; ``ETag`` for the next one."""
    return await _shown(context, agency_of(caller, context), line_id, response)


async def _shown(context: LedgerContext, admdvs: str, line_id: int, response: Response) -> LineWithHistory:
    async with context.database.connection() as connection:
        row = await outcomes.line_by_id(connection, admdvs, line_id)
        if row is None:
            raise NotFound("没有这笔流水")
        changes = await reclassification.changes_of(connection, line_id)
    shown = LineWithHistory.of(LineShown.of(row, context.clock.now()), changes)
    response.headers["ETag"] = etag(shown.version)
    return shown
