"""What we moved on personal accounts."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.facts import AccountEntry

_MEMOS = {
    "credit_account": "转移接续转入",
    "debit_account": "转移接续转出",
    "reverse_entry": "冲正",
}
_ENTRIES = text("""
SELECT task_id, booked_on, amount, kind, rlts_traf_id FROM account_movement
WHERE admdvs = :admdvs AND psn_no = :psn_no ORDER BY booked_at, task_id LIMIT 1000
""")


async def account_entries(connection: AsyncConnection, admdvs: str, psn_no: str) -> list[AccountEntry]:
    """Our own movements of one person in order, at most 1000, naming the case in ``memo``."""
    rows = await connection.execute(_ENTRIES, {"admdvs": admdvs, "psn_no": psn_no})
    return [
        AccountEntry(
            rid=str(row.task_id),
            booked_on=row.booked_on,
            amount=row.amount,
            memo=f"{_MEMOS.get(row.kind, row.kind)} {row.rlts_traf_id}",
        )
        for row in rows
    ]
