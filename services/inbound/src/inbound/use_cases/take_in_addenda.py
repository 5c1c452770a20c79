"""Addenda that are believed, electronic or on paper: kept, told to the ledger, and credited once matched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.addressing import to_ledger
from inbound.domain.case import InboundCase
from inbound.domain.decisions import Clerk
from inbound.office import Office
from inbound.repository.addenda import ReceivedAddendum, add_addenda
from inbound.repository.cases import save_cases
from inbound.repository.history import SYSTEM_CLERK, Happened, add_history
from inbound.use_cases.open_credits import open_credits
from shared.contracts.addendum import SheetAddendum
from shared.contracts.codes import Origin
from shared.contracts.events import AddendumPayable
from shared.messaging import enqueue
from shared.sheet_rules import addendum_obligation_no


@dataclass(frozen=True, slots=True)
class IncomingAddendum:
    """One addendum whose document held: its content and file; ``stated_payer`` is the account that paper names."""

    rlts_traf_id: str
    addendum: SheetAddendum
    text: str
    arrival: str
    digest: str
    origin: Origin
    stated_payer: str = ""
    by: Clerk = SYSTEM_CLERK
    message_id: UUID | None = None


async def take_in_addenda(
    connection: AsyncConnection,
    cases: Mapping[str, InboundCase],
    incoming: Sequence[IncomingAddendum],
    office: Office,
) -> None:
    """Take in an addendum per locked case; the sheet is not reopened, and what is owed grows by the amount."""
    now = office.clock.now()
    changed, news, steps = [], [], []
    for each in incoming:
        case = cases[each.rlts_traf_id]
        after = replace(case, addenda_amount=case.addenda_amount + each.addendum.amount)
        changed.append(after)
        news.append(to_ledger(after, _payable(after, each, office)))
        steps.append(Happened(after, "addendum_received", case.state, each.by, message_id=each.message_id))
    await add_addenda(connection, [_received(each, office) for each in incoming])
    await save_cases(connection, changed)
    await add_history(connection, steps, now=now)
    await enqueue(connection, news, signers=office.signers, now=now)
    await open_credits(connection, changed, office)


def _received(each: IncomingAddendum, office: Office) -> ReceivedAddendum:
    addendum = each.addendum
    return ReceivedAddendum(
        rlts_traf_id=each.rlts_traf_id,
        addendum_no=addendum.addendum_no,
        sealed_addendum=each.text,
        arrival=each.arrival,
        digest=each.digest,
        amount=addendum.amount,
        cause=addendum.cause,
        reason=addendum.reason,
        received_at=office.clock.now(),
    )


def _payable(case: InboundCase, each: IncomingAddendum, office: Office) -> AddendumPayable:
    registry, addendum = office.registry.current, each.addendum
    payer = registry.bank_account(case.trafout_admdvs, "payer", addendum.issued_on)
    payee = registry.bank_account(case.trafin_admdvs, "receiver", addendum.issued_on)
    return AddendumPayable(
        obligation_no=addendum_obligation_no(addendum.addendum_no),
        addendum_no=addendum.addendum_no,
        trafout_admdvs=case.trafout_admdvs,
        trafin_admdvs=case.trafin_admdvs,
        psn_name=addendum.psn_name,
        amount=addendum.amount,
        sealed_addendum=each.text,
        arrival=each.arrival,
        # An account that the registry lacks stays empty: the ledger then refuses or, on paper, matches nothing.
        payer_bankacct=payer.bankacct if payer else each.stated_payer,
        payee_bankacct=payee.bankacct if payee else "",
        origin=each.origin,
    )
