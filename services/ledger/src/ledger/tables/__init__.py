"""The ledger's own tables, all on one ``metadata``."""

from ledger.tables.accounts import account, account_title, bank_account
from ledger.tables.alerts import alert
from ledger.tables.clearings import adjustment, clearing
from ledger.tables.line_classes import line_class_change, line_rule_set
from ledger.tables.metadata import metadata
from ledger.tables.notices import notice_line, notification
from ledger.tables.obligations import obligation, obligation_past, payment_hold
from ledger.tables.opening_items import opening_duplicate, opening_item
from ledger.tables.order_blocks import fund_request, fund_request_item, order_hold
from ledger.tables.orders import order_event, payment_batch, payment_batch_item, payment_order
from ledger.tables.payment_files import payment_download, payment_file, payment_file_item
from ledger.tables.periods import book_closing, period_event
from ledger.tables.postings import posting
from ledger.tables.proposals import claim_reversal, proposal, proposal_part
from ledger.tables.restatements import restated_line, restatement, statement_shift
from ledger.tables.statements import statement, statement_file, statement_line
from ledger.tables.status_reports import status_report, status_report_line
from ledger.tables.suspense import claim, suspense, suspense_event, suspense_past
from ledger.tables.turnover import account_turnover, balance_check
from ledger.tables.untold import untold
from ledger.tables.vouchers import voucher, voucher_line, voucher_number, voucher_run

__all__ = [
    "account",
    "account_title",
    "account_turnover",
    "adjustment",
    "alert",
    "balance_check",
    "bank_account",
    "book_closing",
    "claim",
    "claim_reversal",
    "clearing",
    "fund_request",
    "fund_request_item",
    "line_class_change",
    "line_rule_set",
    "metadata",
    "notice_line",
    "notification",
    "obligation",
    "obligation_past",
    "opening_duplicate",
    "opening_item",
    "order_event",
    "order_hold",
    "payment_batch",
    "payment_batch_item",
    "payment_download",
    "payment_file",
    "payment_file_item",
    "payment_hold",
    "payment_order",
    "period_event",
    "posting",
    "proposal",
    "proposal_part",
    "restated_line",
    "restatement",
    "statement",
    "statement_file",
    "statement_line",
    "statement_shift",
    "status_report",
    "status_report_line",
    "suspense",
    "suspense_event",
    "suspense_past",
    "untold",
    "voucher",
    "voucher_line",
    "voucher_number",
    "voucher_run",
]
