"""Write a released batch into files for the banks: one per payer account, each once."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid4

import anyio
from sqlalchemy.ext.asyncio import AsyncConnection

from ledger.domain.batches import BatchEmpty, BatchNotReleased, BatchState
from ledger.domain.orders import OrderState
from ledger.domain.payment_file import BankParty, Instruction, Payment, PaymentFileImpossible
from ledger.repository import batches, payment_files
from ledger.repository.bank_accounts import BankAccountRow
from ledger.repository.locks import lock_matching
from ledger.repository.orders import OrderRow
from ledger.repository.payment_files import PaymentFileRow
from ledger.use_cases.let_leave import let_leave
from ledger.use_cases.open_bank_accounts import open_bank_accounts
from ledger.use_cases.registered_accounts import registered_accounts
from ledger.writers.payment_file import Written, write
from shared.clock import local_date
from shared.errors import NotFound
from shared.law import design
from shared.person_name import in_unicode
from shared.registry.models import BankAccount
from shared.registry.registry import Registry


@design("a payment file that nobody took is made anew without what people have noted as refused")
async def make_payment_files(
    connection: AsyncConnection, admdvs: str, batch_id: UUID, *, registry: Registry, by: str, now: datetime
) -> None:
    """Make the files of a released batch, in the form that each payer account is set to; those made before stay.

    One that nobody took, and that would pay what people have noted as refused since, is made anew without that.

    Raises ``NotFound``, ``BatchNotReleased``, ``BatchEmpty``, ``PaymentFileHeld``, ``AlreadyOnStatement``,
    ``PaymentFileImpossible`` and ``UnknownPaymentForm``; then none is kept.
    """
    own = {row.bankacct: row for row in await open_bank_accounts(connection, admdvs, registry, now=now)}
    await lock_matching(connection, [admdvs])
    batch = await batches.lock(connection, admdvs, batch_id)
    if batch is None:
        raise NotFound("没有这个支付批次")
    if batch.state != BatchState.RELEASED:
        raise BatchNotReleased("批次未经复核放行，不能生成支付文件；请先由另一人复核")
    wanted = await batches.orders_in(connection, batch_id)
    if await payment_files.of_batch(connection, admdvs, batch_id):
        left = await payment_files.to_renew(connection, batch_id)
        wanted = [order for order in wanted if order.id in left]
        if not wanted:
            return
    registered, by_account = registered_accounts(registry), _by_account(wanted)
    places = await batches.places_in(connection, batch_id)
    released = {order.id: places[order.id] for held in by_account.values() for order in held}
    await let_leave(connection, admdvs, released, registry=registry, now=now)
    for bankacct, held in by_account.items():
        account = own.get(bankacct)
        if account is None:
            raise PaymentFileImpossible("付款账户不在登记册中，文件未生成")
        instruction = _instruction(account, held, places, registered, now)
        written = await anyio.to_thread.run_sync(write, account.payment_form, instruction)
        row = _row(account, batch_id, instruction, written, by)
        await payment_files.add(connection, row, written.content, [order.id for order in held])


def _by_account(held: Iterable[OrderRow]) -> Mapping[str, Sequence[OrderRow]]:
    """The orders that still wait for the bank, by the account that pays them."""
    found: dict[str, list[OrderRow]] = defaultdict(list)
    for order in held:
        if order.state == OrderState.RELEASED:
            found[order.payer_bankacct].append(order)
    if not found:
        raise BatchEmpty("批次中没有等待支付的支付单")
    return found


def _instruction(
    account: BankAccountRow,
    held: Sequence[OrderRow],
    places: Mapping[UUID, int],
    registered: Mapping[str, BankAccount],
    now: datetime,
) -> Instruction:
    payer = BankParty(account.bankacct, account.acctname, account.bankcode, _bank_name(registered, account.bankacct))
    payments = tuple(
        Payment(
            order.id,
            places[order.id],
            order.end_to_end_id,
            order.amount_fen,
            BankParty(
                order.payee_bankacct,
                in_unicode(order.payee_acctname),
                order.payee_bankcode,
                _bank_name(registered, order.payee_bankacct),
            ),
            in_unicode(order.remittance_note),
        )
        for order in held
    )
    return Instruction(uuid4(), payer, payments, now, local_date(now))


def _bank_name(registered: Mapping[str, BankAccount], bankacct: str) -> str | None:
    account = registered.get(bankacct)
    return None if account is None else account.bank_name


def _row(
    account: BankAccountRow, batch_id: UUID, instruction: Instruction, written: Written, by: str
) -> PaymentFileRow:
    return PaymentFileRow(
        id=instruction.file_id,
        admdvs=account.admdvs,
        batch_id=batch_id,
        payer_bankacct=account.bankacct,
        form=account.payment_form,
        name=f"payments-{instruction.execute_on:%Y%m%d}-{instruction.file_id.hex[:8]}.{written.extension}",
        media_type=written.media_type,
        digest=hashlib.sha256(written.content).hexdigest(),
        order_count=len(instruction.payments),
        amount_fen=instruction.amount_fen,
        made_by=by,
        made_at=instruction.made_at,
    )
