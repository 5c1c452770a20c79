"""The tables of the inbound service; messaging, web, registry and agency records bring their own."""

from inbound.tables.case import (
    RUNNING,
    accepted_application,
    case_history,
    inbound_case,
    received_addendum,
    received_sheet,
)
from inbound.tables.decisions import benefits_decision, case_policy, open_benefits, policy_file, years_assessment
from inbound.tables.metadata import metadata
from inbound.tables.money import balance_credit, balance_match, balance_release
from inbound.tables.paper import paper_addendum, paper_end, paper_entry

WRITABLE = (inbound_case, paper_entry, balance_credit, balance_release, open_benefits)
APPEND_ONLY = (
    accepted_application,
    received_sheet,
    received_addendum,
    case_history,
    balance_match,
    benefits_decision,
    years_assessment,
    case_policy,
    policy_file,
)

__all__ = [
    "APPEND_ONLY",
    "RUNNING",
    "WRITABLE",
    "accepted_application",
    "balance_credit",
    "balance_match",
    "balance_release",
    "benefits_decision",
    "case_history",
    "case_policy",
    "inbound_case",
    "metadata",
    "open_benefits",
    "paper_addendum",
    "paper_end",
    "paper_entry",
    "policy_file",
    "received_addendum",
    "received_sheet",
    "years_assessment",
]
