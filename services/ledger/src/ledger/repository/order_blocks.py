"""What keeps unreleased orders from being paid, and the states that follow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.orders import STILL_TO_PAY
from ledger.repository.order_states import listed

_OPEN_STATES = text(
    """
    SELECT o.id, o.state,
           CASE WHEN EXISTS (SELECT FROM order_hold h WHERE h.order_id = o.id AND h.lifted_at IS NULL)
                  OR b.is_doubtful OR (b.direction = 'return' AND b.released_fen < b.due_fen)
                  OR (b.direction = 'pay' AND EXISTS (
                      SELECT FROM payment_hold p
                      WHERE p.admdvs = o.admdvs AND p.rlts_traf_id = o.rlts_traf_id AND p.is_held)) THEN 'held'
                WHEN coalesce(a.needs_funds, false) AND NOT EXISTS (
                      SELECT FROM fund_request_item i JOIN fund_request r ON r.id = i.request_id
                      JOIN payment_order f ON f.id = i.order_id
                      WHERE (f.id = o.id OR f.obligation_id = o.obligation_id) AND r.state = 'funded')
                THEN 'awaiting_funds'
                ELSE 'ready' END AS open_state
    FROM payment_order o
    LEFT JOIN obligation b ON b.id = o.obligation_id
    LEFT JOIN bank_account a ON a.admdvs = o.admdvs AND a.bankacct = o.payer_bankacct
    WHERE o.id = ANY(:ids)
    """
)
_ENDS = """
    FROM payment_order o
    LEFT JOIN obligation b ON b.id = o.obligation_id
    LEFT JOIN statement_line l ON l.id = o.returns_line_id
    JOIN LATERAL (VALUES
        (o.admdvs, o.payer_bankacct, NULL, NULL),
        (CASE WHEN b.direction = 'return' THEN b.trafout_admdvs ELSE coalesce(b.trafin_admdvs, l.counterparty_admdvs)
         END, o.payee_bankacct, o.payee_acctname, o.payee_bankcode)
    ) AS x (owner, bankacct, acctname, bankcode) ON x.owner IS NOT NULL
"""
_ACCOUNTS = text(
    f"""
    SELECT DISTINCT o.admdvs, x.owner, x.bankacct, x.acctname, x.bankcode
    {_ENDS}
    WHERE o.admdvs = ANY(:agencies) AND o.state IN {listed(STILL_TO_PAY)}
      AND NOT EXISTS (SELECT FROM order_hold h WHERE h.order_id = o.id AND h.subject = x.owner || ':' || x.bankacct)
    ORDER BY o.admdvs, x.owner, x.bankacct, x.acctname, x.bankcode
    """  # noqa: S608  # only our own SQL is put in
)
_HOLD = text(
    f"""
    INSERT INTO order_hold (order_id, admdvs, subject, state_before, held_at)
    SELECT o.id, o.admdvs, :subject, CASE o.state WHEN 'proposed' THEN 'ready' ELSE o.state END, :now
    {_ENDS}
    WHERE o.admdvs = :admdvs AND x.owner = :owner AND x.bankacct = :bankacct
      AND x.acctname IS NOT DISTINCT FROM CAST(:acctname AS text)
      AND x.bankcode IS NOT DISTINCT FROM CAST(:bankcode AS text)
      AND o.state IN {listed(STILL_TO_PAY)}
    ORDER BY o.id
    ON CONFLICT (order_id, subject) DO NOTHING
    RETURNING order_id, state_before
    """  # noqa: S608  # only our own SQL is put in
)
_LIFT = text(
    """
    UPDATE order_hold h SET lifted_at = :now, lifted_by = :by, adjustment_id = a.id, adjustment_state = a.state
    FROM adjustment a JOIN alert t ON t.id = a.alert_id
    WHERE a.id = ANY(:adjustment_ids) AND h.admdvs = t.admdvs AND h.subject = t.subject AND h.lifted_at IS NULL
    RETURNING h.order_id
    """
)


@dataclass(frozen=True, slots=True)
class AccountInUse:
    """A bank account that unpaid orders of an agency pay from or to; ``owner`` is the agency whose account it is.

    Of an account that is paid to they keep name and bank besides.
    """

    admdvs: str
    owner: str
    bankacct: str
    acctname: str | None
    bankcode: str | None

    @property
    def subject(self) -> str:
        """What an alert about it is about."""
        return f"{self.owner}:{self.bankacct}"


async def open_states(connection: AsyncConnection, ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """By order: its state, and the one that it has when nobody but these blocks holds it."""
    rows = await connection.execute(_OPEN_STATES, {"ids": list(ids)})
    return {row.id: (row.state, row.open_state) for row in rows}


async def accounts_in_use(connection: AsyncConnection, agencies: Sequence[str]) -> list[AccountInUse]:
    """The accounts of unpaid orders that no hold has been about yet."""
    rows = await connection.execute(_ACCOUNTS, {"agencies": list(agencies)})
    return [AccountInUse(**row._mapping) for row in rows]


async def hold(connection: AsyncConnection, account: AccountInUse, *, now: datetime) -> dict[UUID, str]:
    """Hold the unpaid orders of an account; which they are, and the state that each was in."""
    values = {
        name: getattr(account, name) for name in ("admdvs", "owner", "bankacct", "acctname", "bankcode", "subject")
    }
    rows = await connection.execute(_HOLD, values | {"now": now})
    return {row.order_id: row.state_before for row in rows}


async def lift(connection: AsyncConnection, adjustment_ids: Sequence[UUID], *, by: str, now: datetime) -> list[UUID]:
    """Lift the holds that approved adjustments release; whose they were."""
    values = {"adjustment_ids": list(adjustment_ids), "by": by, "now": now}
    return list((await connection.scalars(_LIFT, values)).all())
