"""pain.002 (ISO 20022, CustomerPaymentStatusReport), version .03 and later: what a bank says of payments it was sent.

Read by local names and without a schema, as camt is: banks deviate. A payment's own status goes before its block's,
and that before the group's, and where it has none these are its own; where the bank rejects a whole block or group,
its payments need not be listed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from ledger.domain.bank_answers import Answer
from ledger.parsers.amounts import read_plain_fen, short
from ledger.parsers.errors import BadLine, UnsupportedForm
from ledger.parsers.guarded_xml import Element, elements, flatten, local_name, namespace, told_message
from ledger.parsers.pruning import Pruner

MAX_ANSWERS = 20_000
_READ = re.compile(r"^pain\.002\.001\.(?!0[012])[0-9]{2}$")
_ENVELOPE = "CstmrPmtStsRpt"
_BLOCK_PARTS = frozenset({"PmtInfSts", "StsRsnInf"})
_PARTS = ("GrpHdr", "OrgnlGrpInfAndSts", "TxInfAndSts", "OrgnlPmtInfAndSts", _ENVELOPE)


@dataclass(frozen=True, slots=True)
class StatusReport:
    """A whole report. ``whole`` is the status of everything in the file it answers, where the bank gives one: that of
    its only block, or else of the group.
    """

    message_id: str
    original_message_id: str
    whole: Answer | None
    answers: tuple[Answer, ...]


def read(file: BinaryIO) -> StatusReport:
    """The report in a file, bounded in size and number; blocking. Raises a ``StatementRefused``."""
    message_id = original = None
    group: Answer | None = None
    blocks: list[Answer | None] = []
    told: list[_Told] = []
    is_report = False
    pruner = Pruner(_BLOCK_PARTS)
    for element in elements(file, *_PARTS):
        name = local_name(element)
        if name == "TxInfAndSts":
            told.append(_Told(_answer(element, len(told) + 1), len(blocks), str(element.sourceline)))
            if len(told) > MAX_ANSWERS:
                raise UnsupportedForm("一份状态报告中的笔数过多")
        elif name == "GrpHdr":
            message_id = message_id or _text(element, "MsgId")
        elif name == "OrgnlGrpInfAndSts":
            original, group = _text(element, "OrgnlMsgId"), _status(element, "GrpSts")
        elif name == "OrgnlPmtInfAndSts":
            # It ends after all that stands in it.
            blocks.append(_status(element, "PmtInfSts"))
        else:
            _require_version(element)
            is_report = True
        if name == "TxInfAndSts":
            pruner.free(element)
        else:
            pruner.free_group(element)
    if not is_report:
        raise UnsupportedForm("文件不是 pain.002 付款状态报告")
    if message_id is None or original is None:
        raise BadLine("缺少报文编号（MsgId）或原报文编号（OrgnlMsgId）")
    answers = (_with_status(one, blocks, group, number) for number, one in enumerate(told, start=1))
    only = blocks[0] if len(blocks) == 1 else None
    return StatusReport(message_id, original, only or group, tuple(answers))


@dataclass(frozen=True, slots=True)
class _Told:
    """An answer, the place of the block that it stands in, and its line in the file."""

    answer: Answer
    block: int
    line: str


def _with_status(told: _Told, blocks: Sequence[Answer | None], group: Answer | None, number: int) -> Answer:
    """A payment without a status of its own has that of its block or group, and its own reason where it tells one."""
    answer = told.answer
    if answer.status:
        return answer
    whole = (blocks[told.block] if told.block < len(blocks) else None) or group
    if whole is None:
        raise BadLine.at(number, "缺少状态（TxSts）", f"（文件第 {told.line} 行）")
    why = answer if answer.reason_code or answer.reason_text else whole
    return replace(answer, status=whole.status, reason_code=why.reason_code, reason_text=why.reason_text)


def _answer(element: Element, number: int) -> Answer:
    found = flatten(element)
    return Answer(
        reference=short(found.get("OrgnlEndToEndId")),
        status=found.get("TxSts", "").strip()[:35],
        reason_code=short(found.get("StsRsnInf/Rsn/Cd") or found.get("StsRsnInf/Rsn/Prtry")),
        reason_text=short(found.get("StsRsnInf/AddtlInf")),
        amount_fen=_amount(found.get("OrgnlTxRef/Amt/InstdAmt"), number),
    )


def _status(element: Element, path: str) -> Answer | None:
    status = _text(element, path)
    if status is None:
        return None
    code = _text(element, "StsRsnInf/{*}Rsn/{*}Cd") or _text(element, "StsRsnInf/{*}Rsn/{*}Prtry")
    return Answer(None, status[:35], code, short(_text(element, "StsRsnInf/{*}AddtlInf")), None)


def _amount(text: str | None, number: int) -> int | None:
    if text is None:
        return None
    try:
        return read_plain_fen(text)
    except ValueError:
        raise BadLine.at(number, "的金额无法识别") from None


def _text(element: Element, path: str) -> str | None:
    return short(element.findtext(f"{{*}}{path}"))


def _require_version(envelope: Element) -> None:
    told = told_message(namespace(one) for one in (envelope, *envelope.iterancestors()))
    if told is not None and not _READ.match(told):
        raise UnsupportedForm(f"文件是 {told}，只接受 pain.002.001.03 及以后的版本")
