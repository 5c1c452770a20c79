"""Puts generated records into a ledger's database, as sealed sheets and released batches would have."""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bench.known.world import Account, World
from ledger.domain.titles import EMPLOYEE_FUND, HifAcctType
from ledger.parsers.line_rules import shipped_rules
from ledger.repository import bank_accounts, line_rules
from ledger.repository.line_rules import RuleSetRow
from ledger.tables import obligation, payment_batch, payment_order
from shared.case_number import end_to_end_id
from shared.database.rowset import ROWS, insert_rows
from shared.person_name import normalise_name

_CHUNK = 2000
_PREMIUM = {"name": "保费", "line_class": "other_business", "direction": "C", "note_words": ["居民医保费"]}
RULES = [_PREMIUM, *(rule.model_dump(mode="json", exclude_defaults=True) for rule in shipped_rules())]
_OBLIGATION = (
    "admdvs", "side", "rlts_traf_id", "obligation_no", "sheet_version", "reason", "trafout_admdvs", "trafin_admdvs",
    "psn_name", "match_name", "amount_fen", "direction", "due_fen", "payer_bankacct", "payee_bankacct", "sheet_digest",
    "state", "known_on", "known_at", "settled_on", "origin",
)  # fmt: skip
_ORDER = (
    "id", "admdvs", "obligation_id", "rlts_traf_id", "obligation_no", "end_to_end_id", "remittance_note", "match_name",
    "amount_fen", "payer_bankacct", "payee_bankacct", "payee_acctname", "state", "batch_id", "proposed_by",
    "released_by", "created_at", "version",
)  # fmt: skip
_OBLIGATIONS = insert_rows(obligation, _OBLIGATION).returning(obligation.c.id, obligation.c.rlts_traf_id)
_ORDERS = insert_rows(payment_order, _ORDER)


async def keep_records(connection: AsyncConnection, world: World, dues: Path, *, now: datetime) -> None:
    """Obligations for every due, and for what we are to pay an order, released by two people unless it is ready.

    And the agency's own rules for the bank's lines, and its 财政专户, which no agency pays to and so no registry names.
    """
    batch_id = uuid4()
    treasury = {
        "admdvs": world.admdvs, "fund": EMPLOYEE_FUND, "bankacct": world.treasury_bankacct, "acctname": "财政专户",
        "hif_acct_type": HifAcctType.BOTH.value, "is_treasury": True, "valid_from": world.first_day,
    }  # fmt: skip
    await bank_accounts.add_missing(connection, [treasury], now=now)
    await line_rules.add(connection, RuleSetRow(world.admdvs, 1, RULES, "", "zhang", now))
    await connection.execute(
        insert(payment_batch).values(
            id=batch_id, admdvs=world.admdvs, state="released", proposed_by="zhang", proposed_at=now, decided_by="li",
            decided_at=now,
        )
    )  # fmt: skip
    with dues.open(encoding="utf-8") as file:
        for chunk in _chunks(json.loads(line) for line in file):
            rows = [_obligation(world, due, now) for due in chunk]
            ids = {row.rlts_traf_id: row.id for row in await connection.execute(_OBLIGATIONS, {ROWS: rows})}
            owed = [due for due in chunk if due["side"] == "payer"]
            orders = [_order(world, due, ids[due["rlts_traf_id"]], batch_id, now) for due in owed]
            await connection.execute(_ORDERS, {ROWS: orders})


def _chunks(dues: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    rest = iter(dues)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


def _obligation(world: World, due: dict[str, Any], now: datetime) -> dict[str, Any]:
    is_ours, other = due["side"] == "payer", due["other"]
    is_closed, is_nothing = due["state"] in ("cancelled", "settled"), due["state"] == "settled"
    payer = "" if due["origin"] == "paper" else other["payer_bankacct"]
    return {
        "admdvs": world.admdvs,
        "side": due["side"],
        "rlts_traf_id": due["rlts_traf_id"],
        "obligation_no": due["obligation_no"],
        "sheet_version": int(due["obligation_no"]),
        "reason": due["reason"],
        "trafout_admdvs": world.admdvs if is_ours else other["admdvs"],
        "trafin_admdvs": other["admdvs"] if is_ours else world.admdvs,
        "psn_name": due["psn_name"],
        "match_name": normalise_name(due["psn_name"]),
        "amount_fen": due["amount_fen"],
        "direction": "nothing" if is_nothing else "pay",
        "due_fen": 0 if is_nothing else due["amount_fen"],
        "payer_bankacct": world.bankaccts[Account.EXPENDITURE] if is_ours else payer,
        "payee_bankacct": other["payee_bankacct"] if is_ours else world.bankaccts[Account.INCOME],
        "sheet_digest": "0",
        "state": due["state"] if is_closed else "open",
        "known_on": due["known_on"],
        "known_at": now,
        "settled_on": date.fromisoformat(due["known_on"]) if is_closed else None,
        "origin": due["origin"],
    }


def _order(world: World, due: dict[str, Any], obligation_id: int, batch_id: object, now: datetime) -> dict[str, Any]:
    released = {"batch_id": batch_id, "proposed_by": "zhang", "released_by": "li"}
    return {
        "id": uuid4(),
        "admdvs": world.admdvs,
        "obligation_id": obligation_id,
        "rlts_traf_id": due["rlts_traf_id"],
        "obligation_no": due["obligation_no"],
        "end_to_end_id": end_to_end_id(due["rlts_traf_id"], due["obligation_no"]),
        "remittance_note": f"{due['rlts_traf_id']} {due['psn_name']}",
        "match_name": normalise_name(due["psn_name"]),
        "amount_fen": due["amount_fen"],
        "payer_bankacct": world.bankaccts[Account.EXPENDITURE],
        "payee_bankacct": due["other"]["payee_bankacct"],
        "payee_acctname": "医保中心",
        "state": due["state"],
        "created_at": now,
        "version": 1,
    } | (released if due["state"] == "released" else {})
