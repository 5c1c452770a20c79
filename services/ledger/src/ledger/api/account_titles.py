"""The chart of accounts of this deployment, which its operators set."""

from typing import Annotated

from fastapi import Path, Response, Security

from ledger.api.callers import Context, Reader
from ledger.domain.titles import Title
from ledger.repository import account_titles
from ledger.schemas.account_titles import TitleChange, TitleShown
from ledger.use_cases.set_account_title import set_account_title
from shared.web.authentication import Principal, authenticated
from shared.web.etags import IfMatch, etag
from shared.web.routing import Router

Operator = Annotated[Principal, Security(authenticated, scopes=["operations:write"])]

router = Router(tags=["账簿"])


@router.get("/account-titles", summary="会计科目表")
async def get_titles(_caller: Reader, context: Context) -> list[TitleShown]:
    """Every title with its name and official code."""
    async with context.database.connection() as connection:
        return [TitleShown.of(row) for row in await account_titles.titles(connection)]


@router.put("/account-titles/{title}", summary="设定科目名称和科目代码")
async def put_title(
    caller: Operator,
    context: Context,
    title: Annotated[Title, Path(description="科目")],
    body: TitleChange,
    expected: IfMatch,
    response: Response,
) -> TitleShown:
    """Set what all agencies of this deployment call a title."""
    async with context.database.transaction() as connection:
        row = await set_account_title(
            connection,
            title,
            name=body.name,
            official_code=body.official_code,
            expected=expected,
            by=caller.opter_id,
            now=context.clock.now(),
        )
    response.headers["ETag"] = etag(row.version)
    return TitleShown.of(row)
