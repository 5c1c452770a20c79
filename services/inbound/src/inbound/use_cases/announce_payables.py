"""Tell the own ledger what a received sheet makes payable to us; it verifies the sheet itself."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.addressing import to_ledger
from inbound.domain.case import InboundCase
from inbound.domain.received_sheet import ReceivedSheet
from inbound.office import Office
from shared.contracts.codes import Origin
from shared.contracts.events import BalancePayable
from shared.messaging import enqueue
from shared.signing.paper import read_paper_sheet


async def announce_payables(
    connection: AsyncConnection, cases: Sequence[InboundCase], sheets: Sequence[ReceivedSheet], office: Office
) -> None:
    """Send ``BalancePayable`` for each sheet just received that transfers an amount or takes one back."""
    news = [
        to_ledger(case, _payable(case, sheet, office))
        for case, sheet in zip(cases, sheets, strict=True)
        if case.is_payable
    ]
    await enqueue(connection, news, signers=office.signers, now=office.clock.now())


def _payable(case: InboundCase, received: ReceivedSheet, office: Office) -> BalancePayable:
    registry, sealed_on = office.registry.current, received.sheet.foot.issued_on
    payer = registry.bank_account(case.trafout_admdvs, "payer", sealed_on)
    payee = registry.bank_account(case.trafin_admdvs, "receiver", sealed_on)
    return BalancePayable(
        obligation_no=str(case.obligation_no),
        sheet_version=case.sheet_version,
        trafout_admdvs=case.trafout_admdvs,
        trafin_admdvs=case.trafin_admdvs,
        psn_name=received.sheet.head.psn_name,
        amount=case.sheet_amount,
        sealed_sheet=received.sealed_sheet,
        arrival=received.arrival,
        # An account that the registry lacks stays empty: the ledger then matches nothing, and says so.
        payer_bankacct=payer.bankacct if payer else _stated_payer(case, received),
        payee_bankacct=payee.bankacct if payee else "",
        origin=case.origin,
    )


def _stated_payer(case: InboundCase, received: ReceivedSheet) -> str:
    """The account that the paper names; an electronic sheet is never paid from one that the registry lacks."""
    account = read_paper_sheet(received.sealed_sheet).payer_account if case.origin is Origin.PAPER else None
    return account.bankacct if account else ""
