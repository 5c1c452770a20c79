"""Take a bank's report on payments (pain.002): all of it, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.alerts import AlertKind, Finding
from ledger.domain.bank_answers import (
    NEEDS_A_PERSON,
    REJECTING,
    SETTLED,
    Answer,
    Asked,
    Outcome,
    StatusReportRestated,
    judge,
)
from ledger.domain.orders import OrderState
from ledger.domain.rejections import BY_BANK, OrderStep
from ledger.parsers.pain002 import StatusReport
from ledger.repository import order_events, orders, rejections, status_reports
from ledger.repository.locks import lock_matching
from ledger.repository.order_events import NewOrderEvent
from ledger.repository.orders import OrderRow
from ledger.repository.rejections import BankAnswer
from ledger.repository.status_reports import ReportLine, ReportRow
from ledger.use_cases.follow_rejections import follow_rejections
from ledger.use_cases.raise_alerts import raise_alerts
from shared.signing.signers import Signers


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report that was read; ``digest`` is SHA-256 (hex) of its bytes, ``by`` who brought it."""

    admdvs: str
    digest: str
    size_bytes: int
    by: str
    content: StatusReport


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer with its order, if there is one, and what it does to it."""

    answer: Answer
    order: OrderRow | None
    outcome: Outcome


async def import_status_report(connection: AsyncConnection, new: NewReport, *, signers: Signers, now: datetime) -> UUID:
    """Keep a report and do what it says; its id, or that of the same report kept before.

    Lines that refused orders would have given back are matched again. Raises ``StatusReportRestated`` where its number
    came before with another content; nothing is kept then.
    """
    await lock_matching(connection, [new.admdvs])
    numbers = (new.content.message_id, new.content.original_message_id)
    before = await status_reports.told_before(connection, new.admdvs, new.digest, *numbers)
    if before is not None:
        if before[1] != new.digest:
            raise StatusReportRestated("同一文件、同一编号的状态报告已经收到，内容不同，整份未予处理；请与银行核对")
        return before[0]
    answers = await _answers(connection, new)
    references = sorted({one.reference for one in answers if one.reference is not None})
    known = {row.end_to_end_id: row for row in await orders.lock_by_references(connection, new.admdvs, references)}
    judged = _judge(answers, known)
    kept = _kept(judged)
    await rejections.keep_answers(connection, kept, by=BY_BANK, now=now)
    steps = [NewOrderEvent(one.order_id, OrderStep.REJECTED, one.reason_code) for one in kept if one.is_rejected]
    await order_events.add(connection, steps, by=BY_BANK, now=now)
    await _warn(connection, judged, now)
    rejected = [(one.order, one.answer.reason_code) for one in judged if one.outcome is Outcome.REJECTED and one.order]
    await follow_rejections(connection, new.admdvs, rejected, by=BY_BANK, signers=signers, now=now)
    row = _row(new, len(judged), now)
    await status_reports.add(connection, row, [_line(place, one) for place, one in enumerate(judged, start=1)])
    return row.id


async def _answers(connection: AsyncConnection, new: NewReport) -> Sequence[Answer]:
    """Those of the report, and those of payments that it does not list but rejects with their whole file."""
    content = new.content
    if content.whole is None or content.whole.status not in REJECTING:
        return content.answers
    listed = {one.reference for one in content.answers}
    file_id = _file_id(content.original_message_id)
    held = [] if file_id is None else await rejections.references_in_file(connection, new.admdvs, file_id)
    unlisted = [replace(content.whole, reference=one) for one in held if one not in listed]
    if not unlisted and not content.answers:
        return [replace(content.whole, reference=content.original_message_id)]
    return [*content.answers, *unlisted]


def _file_id(message_id: str) -> UUID | None:
    try:
        return UUID(hex=message_id)
    except ValueError:
        return None


def _judge(answers: Sequence[Answer], known: Mapping[str, OrderRow]) -> list[Judged]:
    """In the report's order: what comes first for an order counts for what comes after."""
    standing = {
        reference: Asked(OrderState(row.state), row.amount_fen, row.bank_status) for reference, row in known.items()
    }
    judged = []
    for answer in answers:
        reference = answer.reference or ""
        outcome = judge(standing.get(reference), answer)
        if outcome is Outcome.REJECTED:
            standing[reference] = Asked(OrderState.REJECTED, standing[reference].amount_fen, answer.status)
        elif outcome is Outcome.NOTED:
            standing[reference] = replace(standing[reference], bank_status=answer.status)
        judged.append(Judged(answer, known.get(reference), outcome))
    return judged


def _kept(judged: Sequence[Judged]) -> list[BankAnswer]:
    """One answer an order: a rejection, or else the last word; a settlement after a rejection is remembered too."""
    found: dict[UUID, BankAnswer] = {}
    for one in judged:
        if one.order is None or not _is_kept(one):
            continue
        is_rejected = one.outcome is Outcome.REJECTED
        before = found.get(one.order.id)
        if before is None or is_rejected or not before.is_rejected:
            found[one.order.id] = BankAnswer(
                one.order.id, one.answer.status, one.answer.reason_code, one.answer.reason_text, is_rejected
            )
    return list(found.values())


def _is_kept(one: Judged) -> bool:
    if one.outcome in (Outcome.NOTED, Outcome.REJECTED):
        return True
    return one.outcome is Outcome.CONTRADICTS and one.answer.status in SETTLED


async def _warn(connection: AsyncConnection, judged: Sequence[Judged], now: datetime) -> None:
    """Alert of what needs a person; orders that pay anew what the bank may have paid after all are held."""
    doubtful = [(one, one.order) for one in judged if one.order is not None and one.outcome in NEEDS_A_PERSON]
    paid_after_all = {
        order.id for one, order in doubtful if one.outcome is Outcome.CONTRADICTS and one.answer.status in SETTLED
    }
    held = await rejections.hold_reissues(connection, sorted(paid_after_all), now=now)
    await orders.set_states(connection, {order_id: OrderState.HELD.value for order_id, _ in held})
    # The first that is said of an order counts.
    findings = {order.id: _finding(one, order) for one, order in reversed(doubtful)}
    await raise_alerts(connection, list(findings.values()), now=now)


def _finding(one: Judged, order: OrderRow) -> Finding:
    subject = order.end_to_end_id
    data = {"outcome": one.outcome.value, "status": one.answer.status}
    return Finding(order.admdvs, AlertKind.BANK_ANSWER, subject, data)


def _row(new: NewReport, line_count: int, now: datetime) -> ReportRow:
    return ReportRow(
        id=uuid4(),
        admdvs=new.admdvs,
        digest=new.digest,
        message_id=new.content.message_id,
        original_message_id=new.content.original_message_id,
        size_bytes=new.size_bytes,
        line_count=line_count,
        received_at=now,
        received_by=new.by,
    )


def _line(place: int, one: Judged) -> ReportLine:
    return ReportLine(
        line_no=place,
        reference=one.answer.reference,
        order_id=None if one.order is None else one.order.id,
        status=one.answer.status,
        reason_code=one.answer.reason_code,
        reason_text=one.answer.reason_text,
        outcome=one.outcome.value,
    )
