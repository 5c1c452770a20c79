"""A provisional decision is looked at again: the core has told more, or the last day has passed (N11)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.benefits.facts import BackPayment
from inbound.domain.benefits.payments import Repaid
from inbound.domain.benefits.versions import Cause, DecidedBenefits, Stage
from inbound.domain.case import InboundCase
from inbound.office import Office
from inbound.repository import benefits
from inbound.repository.cases import lock_cases, save_cases
from inbound.repository.history import Happened, add_history
from inbound.schemas.benefits import BenefitsShown
from inbound.use_cases.case_policies import policies_of
from inbound.use_cases.case_records import records_of
from inbound.use_cases.decide_benefits import Decided, decide_case, keep_decided
from inbound.use_cases.revoke_back_payments import revoke_back_payments
from shared.agency.core import BackPaymentReport, CoreResult, Outcome
from shared.clock import local_date
from shared.messaging import enqueue


async def finish_due(connection: AsyncConnection, office: Office, *, limit: int) -> int:
    """Look again at open decisions whose person the core has pushed since, or whose day has passed; how many."""
    now = office.clock.now()
    numbers = await benefits.due(connection, today=local_date(now), limit=limit)
    if not numbers:
        return 0
    cases = await lock_cases(connection, numbers)
    open_ones = await benefits.still_open(connection, numbers)
    await _decide_again(connection, [case for number, case in cases.items() if number in open_ones], {}, office)
    return len(numbers)


async def apply_reports(
    connection: AsyncConnection, cases: Mapping[str, InboundCase], results: Sequence[CoreResult], office: Office
) -> None:
    """What the core says of ``allow_back_payment``: allowed, not allowed, or already paid."""
    steps = [
        Happened(case, _what(result), case.state, reason=result.answer.reason)
        for result in results
        for case in [cases[result.task.rlts_traf_id]]
    ]
    await add_history(connection, steps, now=office.clock.now())
    reported = {
        result.task.rlts_traf_id: _repaid(result.answer.back_payment)
        for result in results
        if result.answer.outcome is Outcome.DONE and result.answer.back_payment is not None
    }
    open_ones = await benefits.still_open(connection, list(reported))
    await _decide_again(connection, [cases[number] for number in sorted(open_ones)], reported, office)


def _what(result: CoreResult) -> str:
    is_done = result.answer.outcome is Outcome.DONE
    return "back_payment_allowed" if is_done else "back_payment_not_allowed"


def _repaid(report: BackPaymentReport) -> Repaid:
    return Repaid(BackPayment.FULL if report.is_in_full else BackPayment.PARTIAL, report.paid_on)


async def _decide_again(
    connection: AsyncConnection, cases: Sequence[InboundCase], reported: Mapping[str, Repaid], office: Office
) -> None:
    """Keep a version of each that is final now, or decided otherwise than before."""
    if not cases:
        return
    now = office.clock.now()
    numbers = [case.rlts_traf_id for case in cases]
    records = await records_of(connection, cases, office)
    known = await policies_of(connection, cases, office)
    before = await benefits.newest_decisions(connection, numbers)
    changed: list[tuple[InboundCase, DecidedBenefits]] = []
    for case in cases:
        policies = known.get(case.rlts_traf_id)
        if policies is None:
            continue
        told, shown = reported.get(case.rlts_traf_id), before[case.rlts_traf_id]
        found = decide_case(case, records[case.rlts_traf_id], policies, Cause.RECORDS_CHANGED, office, told)
        if found.stage is Stage.FINAL or BenefitsShown.of(found.decision) != shown:
            changed.append((case, replace(found, cause=_cause(found, told, shown.back_pay_until))))
    await save_cases(connection, [case for case, _ in changed])
    await _revoke_groundless(connection, changed, office)
    await keep_decided(connection, [case for case, _ in changed], [each for _, each in changed], office)
    decided = Decided({each.rlts_traf_id: each for _, each in changed})
    news = decided.news([case for case, _ in changed])
    await enqueue(connection, news, signers=office.signers, now=now)
    await benefits.note_looked(connection, numbers, now=now)


async def _revoke_groundless(
    connection: AsyncConnection, changed: Sequence[tuple[InboundCase, DecidedBenefits]], office: Office
) -> None:
    """Changed records leave nothing to pay for; who has paid, or whose day is over, keeps what was allowed."""
    ended = [
        case
        for case, found in changed
        if found.stage is Stage.FINAL and found.facts.back_payment is not BackPayment.FULL
    ]
    numbers = [case.rlts_traf_id for case in ended]
    allowed = await benefits.still_allowed(connection, numbers, today=local_date(office.clock.now()))
    await revoke_back_payments(connection, [case for case in ended if case.rlts_traf_id in allowed], office)


def _cause(decided: DecidedBenefits, told: Repaid | None, until: date | None) -> Cause:
    """``until`` is the last day that the person was told before."""
    if told is not None:
        return Cause.CORE_REPORTED
    is_paid = decided.facts.back_payment is BackPayment.FULL
    has_passed = until is not None and until < decided.facts.as_of
    return Cause.DAY_PASSED if has_passed and not is_paid else Cause.RECORDS_CHANGED
