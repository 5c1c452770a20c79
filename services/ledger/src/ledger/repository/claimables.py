"""Lines and obligations as they stand, for those who propose and decide matches by hand."""

from collections.abc import Iterable, Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.obligations import BookSide, ObligationState
from ledger.domain.obligations import Direction as MoneyDirection
from ledger.domain.orders import FAILED, UNRELEASED, OrderState
from ledger.domain.proposals import ClaimableLine, ClaimableObligation, Part, Standing
from ledger.domain.statement import Direction
from ledger.domain.suspense import LineKind
from ledger.repository.left import cleared, kind_of_waiting, reserved, taken_back
from ledger.repository.order_states import listed

_LINES = text(
    f"""
    SELECT l.id, l.direction, {kind_of_waiting("l", "s")} AS kind, l.amount_fen, l.is_return, l.booked_on, b.fund,
           {taken_back("l.id")} AS is_taken_back,
           s.line_id IS NOT NULL AND s.settled_on IS NULL AS is_waiting,
           CASE WHEN s.line_id IS NOT NULL AND s.settled_on IS NULL
                THEN l.amount_fen - s.claimed_fen - {cleared("l.id")} - {reserved("l.id")} ELSE 0 END AS left_fen
    FROM statement_line l
    JOIN bank_account b ON b.id = l.bank_account_id
    LEFT JOIN suspense s ON s.line_id = l.id
    WHERE l.admdvs = :admdvs AND l.id = ANY(:ids)
    """  # noqa: S608  # only our own SQL is put in
)
_SELECT = f"""
    SELECT o.id, o.side, o.direction, o.rlts_traf_id, o.obligation_no, o.psn_name, o.due_fen, o.state, o.is_doubtful,
           o.claimed_fen + CAST(coalesce(
               (SELECT sum(amount_fen) FROM clearing WHERE obligation_id = o.id), 0) AS bigint) AS claimed_fen,
           (SELECT state FROM payment_order WHERE obligation_id = o.id
             AND state NOT IN {listed(FAILED)})
               AS order_state
    FROM obligation o
"""  # noqa: S608  # only our own SQL is put in
_BY_ID = text(_SELECT + "WHERE o.admdvs = :admdvs AND o.id = ANY(:ids)")
_BY_NUMBER = text(
    _SELECT
    + """
    JOIN unnest(CAST(:cases AS text[]), CAST(:numbers AS text[])) AS n (rlts_traf_id, obligation_no)
      ON n.rlts_traf_id = o.rlts_traf_id AND n.obligation_no = o.obligation_no
    WHERE o.admdvs = :admdvs AND o.direction <> 'nothing'
    ORDER BY o.id
    """
)
_BY_CASE = text(
    _SELECT + "WHERE o.rlts_traf_id = ANY(:cases) AND o.admdvs = :admdvs AND o.direction <> 'nothing' ORDER BY o.id"
)
_PAIRS = text(
    """
    SELECT id, line_id, obligation_id, kind, amount_fen FROM claim
    WHERE admdvs = :admdvs AND line_id = ANY(:ids) AND undone_on IS NULL ORDER BY id
    """
)

# A payment that came back is what happened; so is its coming back, once another payment has left in its place, or a
# version has come that did not count it.
_FIXED = text(
    f"""
    SELECT c.id
    FROM claim c
    JOIN payment_order p ON p.id = c.order_id
    JOIN obligation o ON o.id = c.obligation_id
    WHERE c.id = ANY(:ids) AND p.state = 'returned' AND (
        c.kind = 'payment'
        OR EXISTS (SELECT FROM payment_order n
                   WHERE n.reissue_of = p.id AND n.state <> 'cancelled' AND n.state NOT IN {listed(UNRELEASED)})
        OR EXISTS (SELECT FROM obligation v
                   WHERE v.rlts_traf_id = o.rlts_traf_id AND v.admdvs = o.admdvs AND v.side = o.side AND v.id <> o.id
                     AND v.known_at >= c.claimed_at
                     AND (v.reason = 'termination' OR 'addendum' NOT IN (v.reason, o.reason))))
    """  # noqa: S608  # only our own SQL is put in
)

# Of the order that came back last: an earlier one may have come back as well.
_CAME_BACK = text(
    """
    SELECT c.obligation_id, array_agg(c.id) AS claim_ids
    FROM claim u
    JOIN claim c ON c.order_id = u.order_id AND c.kind = 'return' AND c.undone_on IS NULL
    WHERE u.id = ANY(:ids) AND u.kind = 'return' AND u.undone_on IS NULL
    GROUP BY c.obligation_id
    """
)


async def lines(connection: AsyncConnection, admdvs: str, ids: Iterable[int]) -> dict[int, ClaimableLine]:
    """The agency's lines among ``ids``, by id."""
    rows = await connection.execute(_LINES, {"admdvs": admdvs, "ids": sorted(set(ids))})
    return {
        row.id: ClaimableLine(
            **{**row._mapping, "direction": Direction(row.direction), "kind": LineKind(row.kind)},
        )
        for row in rows
    }


async def by_number(
    connection: AsyncConnection, admdvs: str, numbers: Sequence[tuple[str, str]]
) -> list[ClaimableObligation]:
    """The agency's obligations with these (case, obligation number); one number may be on both sides of the books."""
    wanted = sorted(set(numbers))
    values = {"admdvs": admdvs, "cases": [one[0] for one in wanted], "numbers": [one[1] for one in wanted]}
    return [_obligation(row._mapping) for row in await connection.execute(_BY_NUMBER, values)]


async def by_case(connection: AsyncConnection, admdvs: str, cases: Iterable[str]) -> list[ClaimableObligation]:
    """The agency's obligations of these cases."""
    rows = await connection.execute(_BY_CASE, {"admdvs": admdvs, "cases": sorted(set(cases))})
    return [_obligation(row._mapping) for row in rows]


async def claims_of(connection: AsyncConnection, admdvs: str, line_ids: Iterable[int]) -> list[Part]:
    """The standing claims of these lines, as parts that would undo them."""
    rows = await connection.execute(_PAIRS, {"admdvs": admdvs, "ids": sorted(set(line_ids))})
    return [Part(row.line_id, row.obligation_id, LineKind(row.kind), row.amount_fen, undoes=row.id) for row in rows]


async def standing(connection: AsyncConnection, admdvs: str, parts: Iterable[Part]) -> Standing:
    """Everything that ``parts`` touch, as it stands; the caller holds the agency's matching lock."""
    parts = list(parts)
    line_ids = {part.line_id for part in parts}
    found = await lines(connection, admdvs, line_ids)
    rows = await connection.execute(_BY_ID, {"admdvs": admdvs, "ids": sorted({part.obligation_id for part in parts})})
    obligations = {row.id: _obligation(row._mapping) for row in rows}
    claims = await claims_of(connection, admdvs, line_ids)
    pairs = {(claim.line_id, claim.obligation_id): claim.undoes or 0 for claim in claims}
    undone = [part.undoes for part in parts if part.undoes is not None]
    fixed = await connection.scalars(_FIXED, {"ids": undone})
    came_back = {
        row.obligation_id: frozenset(row.claim_ids) for row in await connection.execute(_CAME_BACK, {"ids": undone})
    }
    return Standing(found, obligations, pairs, frozenset(fixed), came_back)


def _obligation(row: object) -> ClaimableObligation:
    values = dict(row)  # type: ignore[call-overload]
    return ClaimableObligation(
        **{
            **values,
            "side": BookSide(values["side"]),
            "direction": MoneyDirection(values["direction"]),
            "state": ObligationState(values["state"]),
            "order_state": None if values["order_state"] is None else OrderState(values["order_state"]),
        }
    )
