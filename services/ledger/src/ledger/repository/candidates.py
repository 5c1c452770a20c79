"""What a waiting line could be for, by case number, amount and name: each look-up has an index and a bound."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.candidates import Counterpart
from ledger.domain.orders import FAILED, STILL_TO_PAY
from ledger.domain.titles import EMPLOYEE_FUND
from ledger.repository.left import cleared, kind_of_waiting, reserved
from ledger.repository.order_states import listed

MAX_EACH = 50
_MAX_WAITING = 2000
_MAX_BATCHES, _MAX_ORDERS = 3, 500

_LINE = f"""
    SELECT l.id, {kind_of_waiting("l", "s")} AS kind, l.direction, l.booked_on, l.counterparty_acct,
           l.counterparty_name, l.end_to_end_id, l.note, l.names, b.bankacct, b.fund, s.version,
           l.amount_fen - s.claimed_fen - {cleared("l.id")} - {reserved("l.id")} AS left_fen
    FROM suspense s
    JOIN statement_line l ON l.id = s.line_id
    JOIN bank_account b ON b.id = l.bank_account_id
"""  # noqa: S608  # only our own SQL is put in
_BY_ID = text(_LINE + "WHERE s.admdvs = :admdvs AND s.line_id = :line_id AND s.settled_on IS NULL")
# Of the newest that wait: those that name the case, or come from the same account.
_OTHERS = text(
    _LINE  # noqa: S608  # only our own SQL is put in
    + """
    WHERE s.line_id IN (
        SELECT line_id FROM (
            SELECT line_id, admdvs FROM suspense WHERE admdvs = :admdvs AND settled_on IS NULL
            ORDER BY booked_on DESC, line_id DESC LIMIT :waiting
        ) newest
        UNION
        SELECT line_id FROM suspense
        WHERE admdvs = :admdvs AND rlts_traf_id = ANY(:cases) AND settled_on IS NULL
    )
      AND s.line_id <> :line_id AND l.direction = :direction AND b.fund = :fund
      AND (s.rlts_traf_id = ANY(:cases) OR l.counterparty_acct = :other_acct)
    ORDER BY s.line_id DESC LIMIT :each
    """
)
_FIELDS = """
    SELECT o.id AS obligation_id, o.rlts_traf_id, o.obligation_no, o.psn_name, o.match_name, o.due_fen,
           {left} AS left_fen, {other} AS other_acct,
           CASE o.side WHEN 'payee' THEN o.trafout_admdvs ELSE o.trafin_admdvs END AS other_admdvs,
           {known} AS known_on
"""
_LEFT = "o.due_fen - o.claimed_fen"
_RECEIPTS = text(
    _FIELDS.format(left=_LEFT, other="o.payer_bankacct", known="o.known_on")  # noqa: S608  # only our own SQL is put in
    + """
    FROM obligation o
    WHERE o.admdvs = :admdvs AND o.state = 'open' AND (o.side = 'payee') = (o.direction <> 'return') AND o.id IN (
        SELECT id FROM obligation WHERE rlts_traf_id = ANY(:cases)
        UNION (SELECT id FROM obligation WHERE admdvs = :admdvs AND state = 'open' AND due_fen - claimed_fen = :fen
               ORDER BY id DESC LIMIT :each)
        UNION (SELECT id FROM obligation WHERE admdvs = :admdvs AND state = 'open' AND match_name = ANY(:names)
               ORDER BY id DESC LIMIT :each))
    ORDER BY o.id LIMIT :each
    """
)
_ORDERS = """
    FROM obligation o JOIN payment_order p ON p.obligation_id = o.id
    WHERE o.admdvs = :admdvs AND p.state = ANY(:order_states) AND o.id IN (
        SELECT id FROM obligation WHERE rlts_traf_id = ANY(:cases)
        UNION (SELECT id FROM obligation WHERE admdvs = :admdvs AND {by_amount} ORDER BY id DESC LIMIT :each)
        UNION (SELECT id FROM obligation WHERE admdvs = :admdvs AND state = 'open' AND match_name = ANY(:names)
               ORDER BY id DESC LIMIT :each))
    ORDER BY o.id LIMIT :each
"""
_PAYMENTS = text(
    _FIELDS.format(left=_LEFT, other="p.payee_bankacct", known="o.known_on")
    + _ORDERS.format(by_amount="state = 'open' AND due_fen - claimed_fen = :fen")
)
_RETURNS = text(
    _FIELDS.format(left="o.due_fen", other="p.payee_bankacct", known="coalesce(p.paid_on, o.known_on)")
    + _ORDERS.format(by_amount="state = 'paid' AND due_fen = :fen")
)
_BATCHES = text(
    _FIELDS.format(left=_LEFT, other="p.payee_bankacct", known="o.known_on")  # noqa: S608  # only our own SQL is put in
    + """
           , p.batch_id
    FROM payment_order p JOIN obligation o ON o.id = p.obligation_id
    WHERE p.batch_id IN (
        SELECT batch_id FROM payment_order
        WHERE admdvs = :admdvs AND state = 'released' AND payer_bankacct = :bankacct
        GROUP BY batch_id HAVING sum(amount_fen) = :fen AND count(*) BETWEEN 2 AND :orders
        ORDER BY batch_id LIMIT :batches
    ) AND p.state = 'released' AND p.payer_bankacct = :bankacct
    ORDER BY p.batch_id, o.id
    """
)


_COMPARED_LINES = text(
    f"""
    SELECT l.id, {kind_of_waiting("l", "s")} AS kind, l.direction, l.booked_on, l.counterparty_acct,
           l.counterparty_name, l.end_to_end_id, l.note, l.names, b.bankacct, b.fund,
           coalesce(s.version, 1) AS version, l.amount_fen AS left_fen
    FROM statement_line l
    JOIN bank_account b ON b.id = l.bank_account_id
    LEFT JOIN suspense s ON s.line_id = l.id
    WHERE l.admdvs = :admdvs AND l.id = ANY(:ids)
    """  # noqa: S608  # only our own SQL is put in
)
_COMPARED_OBLIGATIONS = text(
    _FIELDS.format(
        left=_LEFT, other="coalesce(p.payee_bankacct, o.payer_bankacct)", known="coalesce(p.paid_on, o.known_on)"
    )
    + f"""
    FROM obligation o
    LEFT JOIN payment_order p ON p.obligation_id = o.id AND p.state NOT IN {listed(FAILED)}
    WHERE o.admdvs = :admdvs AND o.id = ANY(:ids)
    """
)


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A waiting line as the bank told it; ``left_fen`` is unclaimed, ``bankacct`` our account, of ``fund``."""

    id: int
    kind: str
    direction: str
    booked_on: date
    counterparty_acct: str | None
    counterparty_name: str | None
    end_to_end_id: str | None
    note: str | None
    names: list[str]
    bankacct: str
    fund: str
    version: int
    left_fen: int


async def waiting(connection: AsyncConnection, admdvs: str, line_id: int) -> WaitingRow | None:
    """The agency's line, while it waits."""
    row = (await connection.execute(_BY_ID, {"admdvs": admdvs, "line_id": line_id})).one_or_none()
    return None if row is None else WaitingRow(**row._mapping)


async def compared_lines(connection: AsyncConnection, admdvs: str, ids: Collection[int]) -> dict[int, WaitingRow]:
    """The agency's lines among ``ids``, waiting or not, with all of their amount."""
    rows = await connection.execute(_COMPARED_LINES, {"admdvs": admdvs, "ids": sorted(ids)})
    return {row.id: WaitingRow(**row._mapping) for row in rows}


async def compared_obligations(
    connection: AsyncConnection, admdvs: str, ids: Collection[int]
) -> dict[int, Counterpart]:
    """The agency's obligations among ``ids``, whatever has come of them."""
    rows = await connection.execute(_COMPARED_OBLIGATIONS, {"admdvs": admdvs, "ids": sorted(ids)})
    return {row.obligation_id: Counterpart(**row._mapping) for row in rows}


async def others(connection: AsyncConnection, admdvs: str, row: WaitingRow, cases: Collection[str]) -> list[WaitingRow]:
    """Other lines that wait and name one of ``cases``, or come from the same account; newest first."""
    values = {
        "admdvs": admdvs,
        "line_id": row.id,
        "direction": row.direction,
        "fund": EMPLOYEE_FUND,
        "other_acct": row.counterparty_acct,
        "cases": sorted(cases),
        "waiting": _MAX_WAITING,
        "each": MAX_EACH,
    }
    return [WaitingRow(**found._mapping) for found in await connection.execute(_OTHERS, values)]


async def receipts(
    connection: AsyncConnection, admdvs: str, *, cases: Collection[str], names: Collection[str], fen: int
) -> list[Counterpart]:
    """What the agency waits for that has this case, name, or so much left."""
    values = {"admdvs": admdvs, "cases": sorted(cases), "names": sorted(names), "fen": fen, "each": MAX_EACH}
    return [Counterpart(**row._mapping) for row in await connection.execute(_RECEIPTS, values)]


async def orders(
    connection: AsyncConnection, admdvs: str, *, cases: Collection[str], names: Collection[str], fen: int, is_paid: bool
) -> list[Counterpart]:
    """Orders still to be paid (or paid ones, for money that comes back) of this case, name, or amount."""
    values = {
        "admdvs": admdvs,
        "cases": sorted(cases),
        "names": sorted(names),
        "fen": fen,
        "each": MAX_EACH,
        "order_states": ["paid"] if is_paid else sorted(STILL_TO_PAY),
    }
    return [Counterpart(**row._mapping) for row in await connection.execute(_RETURNS if is_paid else _PAYMENTS, values)]


async def batches(connection: AsyncConnection, admdvs: str, bankacct: str, fen: int) -> list[list[Counterpart]]:
    """The released orders of each batch whose payments from an account add up to ``fen``."""
    values = {
        "admdvs": admdvs,
        "bankacct": bankacct,
        "fen": fen,
        "orders": _MAX_ORDERS,
        "batches": _MAX_BATCHES,
    }
    found: dict[object, list[Counterpart]] = {}
    for row in await connection.execute(_BATCHES, values):
        told = dict(row._mapping)
        found.setdefault(told.pop("batch_id"), []).append(Counterpart(**told))
    return list(found.values())
