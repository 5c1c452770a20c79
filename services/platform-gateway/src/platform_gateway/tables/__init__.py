"""The platform's own tables; those of messaging and web stand with their modules."""

from platform_gateway.tables.case import (
    addendum,
    answer_without_case,
    application_batch,
    case_history,
    case_proposal,
    deadline,
    money_fact,
    sheet,
    transfer_case,
)
from platform_gateway.tables.invariants import case_figures, figures_report, invariant_break
from platform_gateway.tables.metadata import metadata
from platform_gateway.tables.policy import calendar_year, policy_version
from platform_gateway.tables.registry import (
    agency_key,
    area,
    bank_account,
    bank_account_change,
    registry_snapshot,
    registry_version,
)
from platform_gateway.tables.statistics import statistic_case, statistic_due, statistic_month, statistic_standing
from platform_gateway.tables.transit import transit_case, transit_span, transit_sum

WRITABLE = (
    transfer_case,
    deadline,
    case_proposal,
    area,
    agency_key,
    bank_account,
    bank_account_change,
    statistic_due,
    statistic_case,
    statistic_month,
    statistic_standing,
    transit_case,
    transit_sum,
    transit_span,
    case_figures,
    figures_report,
    invariant_break,
)
APPEND_ONLY = (
    case_history,
    answer_without_case,
    sheet,
    addendum,
    money_fact,
    application_batch,
    registry_version,
    registry_snapshot,
    policy_version,
    calendar_year,
)

__all__ = [
    "APPEND_ONLY",
    "WRITABLE",
    "addendum",
    "agency_key",
    "answer_without_case",
    "application_batch",
    "area",
    "bank_account",
    "bank_account_change",
    "calendar_year",
    "case_figures",
    "case_history",
    "case_proposal",
    "deadline",
    "figures_report",
    "invariant_break",
    "metadata",
    "money_fact",
    "policy_version",
    "registry_snapshot",
    "registry_version",
    "sheet",
    "statistic_case",
    "statistic_due",
    "statistic_month",
    "statistic_standing",
    "transfer_case",
    "transit_case",
    "transit_span",
    "transit_sum",
]
