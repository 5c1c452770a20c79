"""A parsed line as it is kept: with what it may be matched with, and whose case it names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ledger.domain.line_classes import Classifier
from ledger.domain.references import read_reference
from ledger.domain.statement import Direction, Line
from ledger.domain.suspense import LineKind
from ledger.domain.titles import HifAcctType
from ledger.parsers.amounts import clean_account
from ledger.repository.bank_accounts import BankAccountRow
from shared.registry.models import AccountUse
from shared.registry.registry import Registry


@dataclass(frozen=True, slots=True)
class LineContext:
    """What all lines of one statement share; ``payers`` tells the agency of a registered payer account.

    ``rules_version`` is that of the rules in ``classifier``. An old line of the cut-over stands on no statement; it is
    brought in as transfer money, whatever the rules say.
    """

    file_id: UUID
    statement_id: int | None
    account: BankAccountRow
    payers: Mapping[str, str]
    classifier: Classifier
    rules_version: int


def payer_accounts(registry: Registry) -> dict[str, str]:
    """The agency of every payer account in the registry, by account number."""
    return {
        clean_account(account.bankacct): area.admdvs
        for area in registry.snapshot.areas
        for account in area.bank_accounts
        if account.use is AccountUse.PAYER
    }


def line_kind(line: Line, hif_acct_type: str) -> LineKind:
    """Money out is a payment; money in on an account that only pays, or marked so by the bank, is a return."""
    if line.direction is Direction.DEBIT:
        return LineKind.PAYMENT
    is_return = line.is_return or hif_acct_type == HifAcctType.EXPENDITURE
    return LineKind.RETURN if is_return else LineKind.RECEIPT


def line_row(context: LineContext, line: Line) -> tuple[Any, ...]:
    """The row in the order of ``repository.statements.LINE_COLUMNS``."""
    reference = read_reference(line.end_to_end_id, line.note)
    kind = line_kind(line, context.account.hif_acct_type)
    is_old = context.statement_id is None
    # Which of a case's payments a debit or a return is about, only the bank's own reference tells.
    noted_no = reference.noted_no if kind is LineKind.RECEIPT else None
    classed = context.classifier.classify(line, kind, names_case=reference.case_count > 0 or is_old)
    return (
        context.file_id,
        context.statement_id,
        context.account.id,
        context.account.admdvs,
        line.entry_no,
        line.detail_no,
        kind,
        line.direction,
        line.amount_fen,
        line.booked_on,
        line.value_on,
        line.bank_ref,
        line.end_to_end_id,
        line.note,
        line.counterparty_acct,
        line.counterparty_name,
        context.payers.get(line.counterparty_acct or ""),
        line.balance_fen,
        line.is_return,
        line.return_reason,
        reference.rlts_traf_id,
        reference.obligation_no or noted_no,
        min(reference.case_count, 1000),
        list(reference.names),
        line.foreign_currency,
        classed.line_class,
        context.rules_version,
        classed.rule_name,
    )
