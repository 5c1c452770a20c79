"""Every balance left once, arrived once, was claimed once and credited once, to the fen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from demo.banks.files import BankFile
from demo.case_run import CaseRun
from tests.faults.stored import Stored

_CREDITED = "credited"

_CLAIMS = "SELECT o.rlts_traf_id, c.amount_fen FROM claim c JOIN obligation o ON o.id = c.obligation_id WHERE c.kind = "
_MOVED = {
    "paid by orders": (
        "ledger",
        "SELECT rlts_traf_id, amount_fen FROM payment_order WHERE state <> 'cancelled'",
    ),
    "claimed as paid": ("ledger", _CLAIMS + "'payment'"),
    "told as paid": ("platform_gateway", "SELECT rlts_traf_id, amount FROM money_fact WHERE kind = 'paid'"),
}
_ARRIVED = {
    "claimed as received": ("ledger", _CLAIMS + "'receipt'"),
    "told as matched": ("platform_gateway", "SELECT rlts_traf_id, amount FROM money_fact WHERE kind = 'matched'"),
    "told as credited": ("platform_gateway", "SELECT rlts_traf_id, amount FROM money_fact WHERE kind = 'credited'"),
    "credits opened": ("inbound", "SELECT rlts_traf_id, amount FROM balance_credit"),
    "credited to accounts": (
        "inbound",
        "SELECT rlts_traf_id, amount FROM account_movement WHERE kind = 'credit_account'",
    ),
    "credited on obligations": (
        "ledger",
        "SELECT rlts_traf_id, credited_fen FROM obligation WHERE side = 'payee' AND credited_on IS NOT NULL",
    ),
}
_TAKEN = "SELECT rlts_traf_id, -amount AS amount FROM account_movement WHERE kind = 'debit_account'"


@dataclass(frozen=True)
class _Case:
    number: str
    paid: list[int]
    credited: list[int]
    left: list[int]


async def money_deviations(stored: Stored, runs: Sequence[CaseRun], files: Sequence[BankFile]) -> list[str]:
    """Everything about the money's track that is not as it must be; the books' own balance is the reports' matter."""
    cases = [_expected(run) for run in runs if run.rlts_traf_id]
    found = []
    for what, (package, query) in _MOVED.items():
        found += await _compare(stored, what, package, query, ((case.number, case.paid) for case in cases))
    for what, (package, query) in _ARRIVED.items():
        found += await _compare(stored, what, package, query, ((case.number, case.credited) for case in cases))
    left = ((case.number, case.left) for case in cases)
    found += await _compare(stored, "taken off accounts", "outbound", _TAKEN, left)
    return [*found, *await _told_once(stored, files)]


def _expected(run: CaseRun) -> _Case:
    paid = [run.paid_fen] if run.paid_fen else []
    balance = run.scenario.outbound.balc if run.scenario.outbound else 0
    is_settled = run.scenario.expect.money == "settled_otherwise" and balance
    return _Case(
        run.rlts_traf_id,
        paid=paid,
        credited=paid if run.scenario.expect.money == _CREDITED else [],
        left=[balance] if is_settled else paid,
    )


async def _compare(
    stored: Stored, what: str, package: str, query: str, expected: Iterable[tuple[str, list[int]]]
) -> list[str]:
    held: dict[str, list[int]] = {}
    for number, amount in await stored.rows(package, query):
        held.setdefault(number, []).append(amount)
    found = []
    for number, amounts in expected:
        present = held.pop(number, [])
        if present != amounts:
            found.append(f"case {number}, {what}: {present}, must be {amounts}")
    return [*found, *(f"case {number}, {what}: {amounts}, must be none" for number, amounts in held.items())]


async def _told_once(stored: Stored, files: Sequence[BankFile]) -> list[str]:
    """Every statement and every line of it stands in the ledger once, however often it was uploaded."""
    told = (len(files), sum(len(file.statement.movements) for file in files))
    held = (
        await stored.count("ledger", "SELECT count(*) FROM statement"),
        await stored.count("ledger", "SELECT count(*) FROM statement_line"),
    )
    return [] if told == held else [f"the banks told {told} statements and lines, the ledger holds {held}"]
