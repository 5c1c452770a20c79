"""pain.002 as banks write it."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape


@dataclass(frozen=True)
class Told:
    """One payment in a report."""

    reference: str
    status: str = "RJCT"
    code: str | None = "AC04"
    reason: str | None = None
    amount: str | None = None


def pain002(
    told: Sequence[Told],
    *,
    original: str = "F" * 32,
    message_id: str = "R1",
    group: str | None = None,
    version: str = "03",
    prologue: str = "",
) -> bytes:
    """A pain.002 that answers the file ``original``."""
    status = "" if group is None else f"<GrpSts>{group}</GrpSts><StsRsnInf><Rsn><Cd>MS03</Cd></Rsn></StsRsnInf>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{prologue}'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.{version}"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>{message_id}</MsgId><CreDtTm>2026-03-02T09:00:00+08:00</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{original}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{status}"
        f"</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>{original}</OrgnlPmtInfId>"
        f"{''.join(map(_transaction, told))}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()


def _transaction(told: Told) -> str:
    code = "" if told.code is None else f"<Rsn><Cd>{told.code}</Cd></Rsn>"
    words = "" if told.reason is None else f"<AddtlInf>{escape(told.reason)}</AddtlInf>"
    why = f"<StsRsnInf>{code}{words}</StsRsnInf>" if code or words else ""
    amount = f'<InstdAmt Ccy="CNY">{told.amount}</InstdAmt>'
    original = "" if told.amount is None else f"<OrgnlTxRef><Amt>{amount}</Amt></OrgnlTxRef>"
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{told.reference}</OrgnlEndToEndId><TxSts>{told.status}</TxSts>{why}{original}"
        "</TxInfAndSts>"
    )
