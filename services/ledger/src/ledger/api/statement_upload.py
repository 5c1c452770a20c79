"""A bank's file as it is uploaded: read and judged whole."""

from typing import Annotated

import anyio
from fastapi import Query
from starlette.requests import Request

from ledger.api.announced import announced_kind
from ledger.api.spool import Spooled
from ledger.context import LedgerContext
from ledger.metrics import STATEMENTS
from ledger.parsers.mapping import known_mappings, shipped_mappings
from ledger.parsers.statement_file import StatementFile, open_statement_file
from shared.errors import DomainError

MappingName = Annotated[
    str | None,
    Query(
        pattern=r"^[a-z0-9-]{1,30}$",
        description="CSV 或 Excel 的银行格式（"
        + "，".join(f"{mapping.code} {mapping.name}" for mapping in shipped_mappings().values())
        + "，以及本部署自配的）；省略时按表头识别",
    ),
]
OwnAccount = Annotated[
    str | None, Query(pattern=r"^[0-9A-Za-z-]{1,40}$", description="CSV 或 Excel 文件中没有账号时，指明是哪个账户的")
]


async def read_upload(
    context: LedgerContext, request: Request, body: Spooled, *, mapping: str | None, bankacct: str | None
) -> StatementFile:
    """The file of a request, which counts what was refused; raises a ``StatementRefused``."""
    kind = announced_kind(request)
    try:
        return await anyio.to_thread.run_sync(
            lambda: open_statement_file(
                body.file,
                kind,
                mapping=mapping,
                bankacct=bankacct,
                mappings=known_mappings(context.settings.mappings_dir),
                spool_dir=context.settings.spool_dir,
            )
        )
    except DomainError as error:
        STATEMENTS.labels(error.code).inc()
        raise
