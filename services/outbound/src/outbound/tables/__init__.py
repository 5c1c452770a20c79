"""The tables of the outbound service; those of messages, records, registry and web come from ``shared``."""

from outbound.tables.cases import (
    RUNNING,
    accepted_transfer,
    addendum,
    case_history,
    draft_correction,
    draft_sheet,
    outbound_case,
    payment_fact,
    sealed_sheet,
    sheet_answer,
    sheet_return,
)
from outbound.tables.metadata import metadata
from outbound.tables.paper import old_case, paper_step

__all__ = [
    "RUNNING",
    "accepted_transfer",
    "addendum",
    "case_history",
    "draft_correction",
    "draft_sheet",
    "metadata",
    "old_case",
    "outbound_case",
    "paper_step",
    "payment_fact",
    "sealed_sheet",
    "sheet_answer",
    "sheet_return",
]
