"""Builders of cases for the outbound's unit tests."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from outbound.domain.case import Actor, ActorKind, Case, CaseState, SigningRule
from shared.contracts.codes import AcctDisposition

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CLERK = Actor(ActorKind.CLERK, "u1", "王经办")
REVIEWER = Actor(ActorKind.CLERK, "u2", "赵复核")
PLATFORM = Actor(ActorKind.PLATFORM)
CORE = Actor(ActorKind.CORE)


def a_case(state: CaseState = CaseState.DRAFTING, **changes: Any) -> Case:
    """A case of 370100 to 320100 with an account whose balance is transferred; handled where the state says so."""
    plain = Case(
        rlts_traf_id="ABCDEFGHJKMN2345",
        admdvs="370100",
        trafin_admdvs="320100",
        trafout_insutype="310",
        trafin_insutype="310",
        psn_no="P1",
        psn_insu_rlts_id="R1",
        psn_name="李雷",
        psn_cert_type="01",
        certno="110101199003078494",
        acct_disposition=AcctDisposition.TRANSFER,
        has_account=True,
        accepted_at=NOW,
        due_on=date(2026, 3, 16),
        total_due_on=None,
        is_due_provisional=False,
        state=state,
        signing_rule=SigningRule.TWO_PEOPLE,
    )
    if state in (CaseState.SUBMITTED, CaseState.APPROVED, CaseState.ISSUED, CaseState.SHEET_ACCEPTED):
        plain = replace(plain, submitter_id="u1", submitter_name="王经办")
    if state in (CaseState.APPROVED, CaseState.ISSUED, CaseState.SHEET_ACCEPTED):
        plain = replace(plain, reviewer_id="u2", approval_no=1)
    return replace(plain, **changes)
