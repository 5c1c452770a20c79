"""TransferAccepted: somebody is on the way; the sheet will follow."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.domain.case import CaseState, InboundCase
from inbound.office import Office
from inbound.repository.cases import add_cases
from inbound.repository.history import Happened, add_history
from inbound.use_cases.preview_benefits import preview_accepted
from shared.contracts.events import TransferAccepted
from shared.messaging import CannotApply, Delivery


async def announce_cases(
    connection: AsyncConnection, deliveries: Sequence[Delivery[TransferAccepted]], office: Office
) -> None:
    """Add a case per delivery; raises ``CannotApply`` for one that is another area's."""
    now = office.clock.now()
    cases = [_announced(delivery) for delivery in deliveries]
    accepted = [delivery.event.model_dump_json() for delivery in deliveries]
    await add_cases(connection, cases, accepted, now=now)
    steps = [
        Happened(case, "announced", None, message_id=delivery.message_id)
        for case, delivery in zip(cases, deliveries, strict=True)
    ]
    await add_history(connection, steps, now=now)
    facts = [delivery.event.outbound_facts.facts for delivery in deliveries]
    await preview_accepted(connection, list(zip(cases, facts, strict=True)), office)


def _announced(delivery: Delivery[TransferAccepted]) -> InboundCase:
    event = delivery.event
    if event.trafin_admdvs != delivery.recipient.admdvs:
        raise CannotApply("消息的转入地不是本统筹区", code="not-our-case")
    application, facts = event.lodged.application, event.inbound_facts.facts
    relation = next((each for each in facts.relations if each.insutype == application.trafin_insutype), None)
    return InboundCase(
        rlts_traf_id=delivery.rlts_traf_id,
        trafin_admdvs=event.trafin_admdvs,
        trafout_admdvs=event.trafout_admdvs,
        trafin_insutype=application.trafin_insutype,
        trafout_insutype=application.trafout_insutype,
        psn_name=application.psn_name,
        psn_cert_type=application.psn_cert_type,
        certno=application.certno,
        trafin_psn_no=facts.psn_no,
        trafin_rlts_id=relation.psn_insu_rlts_id if relation else None,
        state=CaseState.ANNOUNCED,
        acct_disposition=event.acct_disposition,
        accepted_at=event.accepted_at,
        total_due_on=event.total_due_on,
        total_days=event.total_days,
        is_due_provisional=event.is_due_provisional,
    )
