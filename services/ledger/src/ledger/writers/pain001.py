"""pain.001.001.09 (ISO 20022, CustomerCreditTransferInitiation) by lxml, held against the standard's own schema."""

from functools import cache
from importlib.resources import as_file, files
from uuid import UUID

from lxml import etree

from ledger.domain.payment_file import BankParty, Instruction, Payment, PaymentFileImpossible, at_order
from shared.clock import SHANGHAI
from shared.law import design
from shared.money import format_yuan

_SPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_CLEARING = "CNAPS"
"""ISO's code for the clearing system whose member numbers are the 联行号."""

_NOT_GIVEN = "NOTPROVIDED"
Element = etree._Element  # lxml publishes no other name for it


@design("what a payment file says to the bank")
def write(instruction: Instruction) -> bytes:
    """The message; raises ``PaymentFileImpossible`` where it would not be valid by the schema.

    Each payment is asked to be booked by itself, so that the statement shows its ``EndToEndId``.
    """
    root = etree.Element(f"{{{_SPACE}}}Document", nsmap={None: _SPACE})  # type: ignore[dict-item]  # the default one
    message = _add(root, "CstmrCdtTrfInitn")
    _group(message, instruction)
    block = _block(message, instruction)
    for payment in instruction.payments:
        try:
            _payment(block, payment)
        except ValueError:
            # lxml refuses what no XML can hold, such as control characters.
            raise PaymentFileImpossible.of([at_order(payment.place, "not-valid", "有 XML 不能表示的字符")]) from None
    _require_valid(root, instruction)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def message_id(file_id: UUID) -> str:
    """``MsgId`` of a file, by which the bank's report names it."""
    return file_id.hex


def _group(message: Element, instruction: Instruction) -> None:
    head = _add(message, "GrpHdr")
    _add(head, "MsgId", message_id(instruction.file_id))
    _add(head, "CreDtTm", instruction.made_at.astimezone(SHANGHAI).replace(microsecond=0).isoformat())
    _totals(head, instruction)
    _add(_add(head, "InitgPty"), "Nm", instruction.payer.acctname)


def _block(message: Element, instruction: Instruction) -> Element:
    block = _add(message, "PmtInf")
    _add(block, "PmtInfId", message_id(instruction.file_id))
    _add(block, "PmtMtd", "TRF")
    _add(block, "BtchBookg", "false")
    _totals(block, instruction)
    _add(_add(block, "ReqdExctnDt"), "Dt", instruction.execute_on.isoformat())
    _add(_add(block, "Dbtr"), "Nm", instruction.payer.acctname)
    _account(_add(block, "DbtrAcct"), instruction.payer)
    _agent(_add(block, "DbtrAgt"), instruction.payer)
    return block


def _payment(block: Element, payment: Payment) -> None:
    one = _add(block, "CdtTrfTxInf")
    ids = _add(one, "PmtId")
    _add(ids, "InstrId", payment.order_id.hex)
    _add(ids, "EndToEndId", payment.end_to_end_id)
    _add(_add(one, "Amt"), "InstdAmt", format_yuan(payment.amount_fen)).set("Ccy", "CNY")
    _agent(_add(one, "CdtrAgt"), payment.payee)
    _add(_add(one, "Cdtr"), "Nm", payment.payee.acctname)
    _account(_add(one, "CdtrAcct"), payment.payee)
    _add(_add(one, "RmtInf"), "Ustrd", payment.note)


def _totals(parent: Element, instruction: Instruction) -> None:
    _add(parent, "NbOfTxs", str(len(instruction.payments)))
    _add(parent, "CtrlSum", format_yuan(instruction.amount_fen))


def _account(parent: Element, party: BankParty) -> None:
    _add(_add(_add(parent, "Id"), "Othr"), "Id", party.bankacct)
    _add(parent, "Ccy", "CNY")


def _agent(parent: Element, party: BankParty) -> None:
    agent = _add(parent, "FinInstnId")
    if party.bankcode is None:
        _add(_add(agent, "Othr"), "Id", _NOT_GIVEN)
        return
    member = _add(agent, "ClrSysMmbId")
    _add(_add(member, "ClrSysId"), "Cd", _CLEARING)
    _add(member, "MmbId", party.bankcode)


def _add(parent: Element, name: str, content: str | None = None) -> Element:
    child = etree.SubElement(parent, f"{{{_SPACE}}}{name}")
    child.text = content
    return child


def _require_valid(root: Element, instruction: Instruction) -> None:
    schema = _schema()
    if schema.validate(root):
        return
    payments = root.findall(f".//{{{_SPACE}}}CdtTrfTxInf")
    log = schema.error_log
    wrong = [element for error in log for element in _at(root, error.path)]  # type: ignore[attr-defined]  # a sequence
    lineages = [(element, *element.iterancestors()) for element in wrong]
    indexes = {payments.index(one) for lineage in lineages for one in lineage if one in payments}
    if not indexes:
        raise PaymentFileImpossible("付款账户的户名或账号不符合 pain.001 的要求，文件未生成")
    message = "有内容不符合 pain.001 的要求（为空、过长或字符不允许）"
    places = [instruction.payments[index].place for index in sorted(indexes)]
    raise PaymentFileImpossible.of(at_order(place, "not-valid", message) for place in places)


def _at(root: Element, path: str | None) -> list[Element]:
    found = root.xpath(path) if path else []
    return [one for one in found if isinstance(one, Element)] if isinstance(found, list) else []


@cache
def _schema() -> etree.XMLSchema:
    with as_file(files("ledger") / "writers" / "schemas" / "pain.001.001.09.xsd") as path:
        return etree.XMLSchema(file=str(path))
