"""Bank lines as they are compared with the business: what they name, and whose the other side is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set

from ledger.domain.candidates import WaitingLine
from ledger.domain.line_classes import fold_words
from ledger.domain.suspense import LineKind
from ledger.parsers.amounts import clean_account
from ledger.repository.candidates import WaitingRow
from shared.case_number import find_broken_in, find_in
from shared.person_name import normalise_name
from shared.registry.registry import Registry

_Owners = Mapping[str, Set[str]]
"""By account number or by folded account name: the agencies that have such an account."""


def waiting_lines(rows: Iterable[WaitingRow], registry: Registry) -> list[WaitingLine]:
    """The lines in order; the other side's agencies are looked up by its account number and by its name."""
    by_number: dict[str, set[str]] = defaultdict(set)
    by_name: dict[str, set[str]] = defaultdict(set)
    for area in registry.snapshot.areas:
        for account in area.bank_accounts:
            by_number[clean_account(account.bankacct)].add(area.admdvs)
            by_name[fold_words(account.acctname)].add(area.admdvs)
    return [_line(row, by_number, by_name) for row in rows]


def _line(row: WaitingRow, by_number: _Owners, by_name: _Owners) -> WaitingLine:
    number, name = row.counterparty_acct, fold_words(row.counterparty_name)
    nobody: Set[str] = frozenset()
    return WaitingLine(
        id=row.id,
        kind=LineKind(row.kind),
        left_fen=row.left_fen,
        booked_on=row.booked_on,
        other_acct=number,
        cases=find_in(row.end_to_end_id or "") | find_in(row.note or "") or find_broken_in(row.note or ""),
        names=frozenset(row.names),
        note=normalise_name(row.note or ""),
        agencies=frozenset(
            (by_number.get(number, nobody) if number else nobody) | (by_name.get(name, nobody) if name else nobody)
        ),
        version=row.version,
    )
