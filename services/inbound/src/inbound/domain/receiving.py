"""A sheet version comes in."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from inbound.domain.case import CaseState, InboundCase
from inbound.domain.sheet_difference import Difference
from inbound.domain.transitions import Command, next_state
from shared.clock import local_date
from shared.contracts.codes import AcctDisposition
from shared.contracts.events import SheetRouted
from shared.errors import Conflict
from shared.sheet_rules import next_obligation_no


class SheetVersionOld(Conflict):
    """This version, or a later one, is here already."""

    code = "sheet-version-old"


def receive(
    case: InboundCase, event: SheetRouted, stated_amount: int, differences: Sequence[Difference], *, two_people: bool
) -> InboundCase:
    """The case with its new version and without any decision; raises ``NotAllowed`` or ``SheetVersionOld``.

    The inbound's days run anew with every version (N9). ``stated_amount`` in fen counts where the balance travels.
    """
    state = require_receivable(case, event.sheet_version)
    amount = stated_amount if event.acct_disposition is AcctDisposition.TRANSFER else 0
    return replace(
        case,
        state=state,
        acct_disposition=event.acct_disposition,
        sheet_version=event.sheet_version,
        sheet_amount=amount,
        obligation_no=next_obligation_no(case.obligation_no, _present_amount(case), amount),
        # A version that takes an amount back has to be heard of as well.
        is_payable=amount > 0 or case.sheet_amount > 0,
        error_count=sum(each.is_error for each in differences),
        difference_count=len(differences),
        received_at=event.routed_at,
        inbound_due_on=event.inbound_due_on,
        is_due_provisional=event.is_due_provisional or case.is_due_provisional,
        **_clock(case, event),
        decision=None,
        reasons=(),
        memo=None,
        submitted_by=None,
        submitted_name=None,
        submitted_at=None,
        reviewed_by=None,
        reviewed_name=None,
        reviewed_at=None,
        needs_two_people=two_people,
        is_automatic=False,
    )


def require_receivable(case: InboundCase, sheet_version: int) -> CaseState:
    """The state after the version has come; raises ``NotAllowed`` or ``SheetVersionOld``."""
    state = next_state(case.state, Command.RECEIVE_SHEET)
    if sheet_version <= case.sheet_version:
        raise SheetVersionOld("信息表版本不是新的")
    return state


def _clock(case: InboundCase, event: SheetRouted) -> dict[str, Any]:
    """The inbound's clock from this version on; without days the one of an earlier version runs on."""
    if event.inbound_days is None and case.clock_days is not None:
        return {}
    return {"clock_started_on": local_date(event.routed_at), "clock_days": event.inbound_days, "warn_on": None}


def _present_amount(case: InboundCase) -> int | None:
    return case.sheet_amount if case.sheet_version else None
