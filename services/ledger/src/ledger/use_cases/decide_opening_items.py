"""The second person says of old items that they stand: they are booked, and matched like anything else."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.obligations import BookSide, Direction, ObligationOrigin, ObligationState, Reason
from ledger.domain.opening_items import (
    OPENING_FORM,
    OPENING_NO,
    ItemState,
    OpeningItem,
    OpeningItemUnknown,
    Surroundings,
    decide_item,
)
from ledger.domain.payable import Route
from ledger.domain.statement import Direction as LineDirection
from ledger.domain.statement import Line
from ledger.repository import bank_accounts, obligations, opening_items, statements
from ledger.repository.locks import lock_matching
from ledger.repository.match_receipts import MatchScope
from ledger.repository.statements import FileRow
from ledger.use_cases.add_orders import Mover, add_orders
from ledger.use_cases.check_opening_items import checked, surroundings_of
from ledger.use_cases.classifiers import classifiers
from ledger.use_cases.doubt_obligations import doubt_obligations
from ledger.use_cases.line_rows import LineContext, line_row, payer_accounts
from ledger.use_cases.match_lines import match_lines
from shared.clock import local_date
from shared.errors import DomainError
from shared.law import design
from shared.registry.registry import Registry
from shared.signing.signers import Signers
from shared.web.etags import outdated


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the second person says of one item, and which version of it was compared with the old books."""

    item_id: UUID
    row_version: int
    is_approved: bool
    reason: str | None


Outcome = OpeningItem | DomainError


@design("old money items are brought in at cut-over, each by itself, by two people")
async def decide_opening_items(
    connection: AsyncConnection,
    admdvs: str,
    verdicts: Sequence[Verdict],
    *,
    by: str,
    registry: Registry,
    signers: Signers,
    now: datetime,
) -> list[Outcome]:
    """Each decided item, in order, or why it was not; what was true at the import is checked once more."""
    await lock_matching(connection, [admdvs])
    items = await opening_items.lock_items(connection, admdvs, [verdict.item_id for verdict in verdicts])
    outcomes = [_decided(verdict, items.get(verdict.item_id), by, now) for verdict in verdicts]
    approved = [one for one in outcomes if isinstance(one, OpeningItem) and one.state is ItemState.BOOKED]
    around = await surroundings_of(connection, admdvs, approved, registry, now=now)
    judged = dict(zip((item.item_id for item in approved), checked(approved, around), strict=True))
    outcomes = [judged.get(one.item_id, one) if isinstance(one, OpeningItem) else one for one in outcomes]
    stand = [one for one in outcomes if isinstance(one, OpeningItem)]
    await opening_items.save_decided(connection, [one for one in stand if one.state is ItemState.REJECTED])
    booked = [one for one in stand if one.state is ItemState.BOOKED]
    await _owe(connection, [one for one in booked if one.side is not None], around, now)
    file_id = await _put_lines(connection, admdvs, [one for one in booked if one.side is None], registry, by, now)
    cases = sorted({one.rlts_traf_id for one in booked if one.rlts_traf_id is not None})
    if booked:
        await match_lines(connection, MatchScope(admdvs, cases, file_id), signers=signers, now=now)
    return outcomes


def _decided(verdict: Verdict, item: OpeningItem | None, by: str, now: datetime) -> Outcome:
    if item is None:
        return OpeningItemUnknown("没有这项旧账款项。")
    if item.row_version != verdict.row_version:
        return outdated()
    try:
        return decide_item(item, by=by, at=now, is_approved=verdict.is_approved, reason=verdict.reason)
    except DomainError as error:
        return error


async def _owe(connection: AsyncConnection, items: Sequence[OpeningItem], around: Surroundings, now: datetime) -> None:
    """What is expected or owed becomes an obligation, what we owe has an order; nothing has moved or is posted."""
    if not items:
        return
    ways = {item.item_id: around.routes[item.item_id] for item in items}
    rows = [_obligation(item, ways[item.item_id], now) for item in items]
    ids = await obligations.add(connection, rows)
    owed = {
        item.item_id: ids[item.admdvs, str(row["side"]), str(item.rlts_traf_id), OPENING_NO]
        for item, row in zip(items, rows, strict=True)
    }
    await opening_items.save_decided(connection, [replace(item, obligation_id=owed[item.item_id]) for item in items])
    await add_orders(connection, [_mover(item, ways[item.item_id], owed[item.item_id]) for item in items], now=now)
    await doubt_obligations(connection, items=[item.item_id for item in items], now=now)


async def _put_lines(
    connection: AsyncConnection, admdvs: str, items: Sequence[OpeningItem], registry: Registry, by: str, now: datetime
) -> UUID | None:
    """Money that waits becomes lines of a file of their own, with the bank's particulars as the old books have them."""
    if not items:
        return None
    numbers = sorted({str(item.bankacct) for item in items})
    accounts = await bank_accounts.lock(connection, admdvs, numbers)
    payers = payer_accounts(registry)
    rules, version = await classifiers(connection, admdvs, accounts.values(), registry)
    file_id = uuid4()
    digest = hashlib.sha256("\n".join(str(item.item_id) for item in items).encode()).hexdigest()
    await statements.add_file(connection, FileRow(file_id, admdvs, digest, OPENING_FORM, 0, now, by))
    contexts = {
        number: LineContext(file_id, None, account, payers, rules[account.id], version)
        for number, account in accounts.items()
    }
    rows = [line_row(contexts[str(item.bankacct)], _line(number, item)) for number, item in enumerate(items, 1)]
    await statements.copy_lines(connection, rows)
    await opening_items.save_lines(connection, items, file_id)
    return file_id


def _line(number: int, item: OpeningItem) -> Line:
    booked_on = item.booked_on or item.open_since
    return Line(
        entry_no=number,
        detail_no=0,
        direction=LineDirection(str(item.direction)),
        amount_fen=item.amount_fen,
        booked_on=booked_on,
        value_on=item.value_on or booked_on,
        bank_ref=item.bank_ref,
        note=item.note,
        counterparty_acct=item.counterparty_acct,
        counterparty_name=item.counterparty_name,
    )


def _obligation(item: OpeningItem, way: Route | None, now: datetime) -> dict[str, Any]:
    side = item.side
    if way is None or side is None:
        raise ValueError("only a checked item is owed")
    named = ("admdvs", "rlts_traf_id", "trafout_admdvs", "trafin_admdvs", "psn_name", "match_name", "amount_fen")
    return {name: getattr(item, name) for name in named} | {
        "side": side.value,
        "obligation_no": OPENING_NO,
        "sheet_version": 0,
        "reason": Reason.OPENING.value,
        "direction": Direction.PAY.value,
        "due_fen": item.amount_fen,
        "payer_bankacct": way.payer_bankacct,
        "payee_bankacct": way.payee_bankacct,
        "sheet_digest": "",
        "state": ObligationState.OPEN.value,
        "known_on": local_date(now),
        "known_at": now,
        "origin": ObligationOrigin.OPENING.value,
    }


def _mover(item: OpeningItem, way: Route | None, obligation_id: int) -> Mover:
    if way is None:
        raise ValueError("only a checked item is owed")
    return Mover(
        obligation_id=obligation_id,
        admdvs=item.admdvs,
        side=item.side or BookSide.PAYEE,
        direction=Direction.PAY,
        rlts_traf_id=str(item.rlts_traf_id),
        obligation_no=OPENING_NO,
        psn_name=str(item.psn_name),
        due_fen=item.amount_fen,
        way=way,
    )
