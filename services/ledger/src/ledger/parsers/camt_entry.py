"""One ``Ntry`` of a camt.053 with its details."""

from collections.abc import Iterator, Mapping
from datetime import date

from ledger.domain.statement import CurrencyNotSupported, Direction, Line
from ledger.parsers.amounts import clean_account, read_iso_date, read_plain_fen, short
from ledger.parsers.errors import BadLine
from ledger.parsers.guarded_xml import Element, flatten

_NO_REFERENCE = "NOTPROVIDED"
_MAX_DETAILS = 20_000

Fields = Mapping[str, str]
"""Texts by path below an element, such as ``RltdPties/Dbtr/Nm``; a currency as ``Amt@Ccy``."""


def read_entry(entry: Element, entry_no: int) -> Iterator[Line]:
    """The lines of a booked entry, one per detail where the details' amounts add up to it, else one in all.

    Entries that are only pending or informative (``Sts`` not ``BOOK``) yield nothing. Raises ``BadLine``.
    """
    details: list[Element] = []
    own = flatten(entry, apart={"NtryDtls/TxDtls": details})
    if (own.get("Sts") or own.get("Sts/Cd")) != "BOOK":
        return
    amount_fen = _amount(own, entry_no)
    if amount_fen == 0:
        return
    if len(details) > _MAX_DETAILS:
        raise BadLine(f"第 {entry_no} 笔的明细过多")
    if len(details) <= 1:
        yield _line(own, flatten(details[0]) if details else None, entry_no, 1, amount_fen)
        return
    parts = [flatten(detail) for detail in details]
    shares = [_share(part) for part in parts]
    if all(shares) and sum(shares) == amount_fen:
        for detail_no, (part, share) in enumerate(zip(parts, shares, strict=True), start=1):
            yield _line(own, part, entry_no, detail_no, share)
    else:
        yield _line(own, None, entry_no, 1, amount_fen)


def _line(own: Fields, detail: Fields | None, entry_no: int, detail_no: int, amount_fen: int) -> Line:
    direction = _direction(own, entry_no)
    booked_on = _date(own, "BookgDt", entry_no)
    if booked_on is None:
        raise BadLine(f"第 {entry_no} 笔缺少记账日期（BookgDt）")
    where = own if detail is None else detail
    party = "Dbtr" if direction is Direction.CREDIT else "Cdtr"
    is_return = own.get("RvslInd") in ("true", "1") or any(path.startswith("RtrInf") for path in where)
    if is_return:
        # A returned payment names the parties of the original.
        party = "Cdtr" if direction is Direction.CREDIT else "Dbtr"
    return Line(
        entry_no=entry_no,
        detail_no=detail_no,
        direction=direction,
        amount_fen=amount_fen,
        booked_on=booked_on,
        value_on=_date(own, "ValDt", entry_no) or booked_on,
        bank_ref=short(where.get("Refs/AcctSvcrRef") or own.get("AcctSvcrRef")),
        end_to_end_id=_end_to_end_id(where),
        note=_note(own, detail),
        counterparty_acct=_account(where, party),
        counterparty_name=short(where.get(f"RltdPties/{party}/Pty/Nm") or where.get(f"RltdPties/{party}/Nm")),
        is_return=is_return,
        return_reason=_return_reason(where) if is_return else None,
    )


def _direction(own: Fields, entry_no: int) -> Direction:
    indicator = own.get("CdtDbtInd")
    if indicator == "CRDT":
        return Direction.CREDIT
    if indicator == "DBIT":
        return Direction.DEBIT
    raise BadLine(f"第 {entry_no} 笔的借贷方向（CdtDbtInd）无法识别")


def _amount(own: Fields, entry_no: int) -> int:
    text = own.get("Amt")
    if text is None:
        raise BadLine(f"第 {entry_no} 笔缺少金额（Amt）")
    if own.get("Amt@Ccy") != "CNY":
        raise CurrencyNotSupported(f"第 {entry_no} 笔的币种不是人民币（CNY）")
    try:
        fen = read_plain_fen(text)
    except ValueError:
        raise BadLine(f"第 {entry_no} 笔的金额无法识别") from None
    if fen < 0:
        raise BadLine(f"第 {entry_no} 笔的金额为负")
    return fen


def _share(detail: Fields) -> int:
    """What a detail says of its own amount, 0 where that is no amount in CNY: the entry then stays one line."""
    path = "Amt" if "Amt" in detail else "AmtDtls/TxAmt/Amt"
    if detail.get(f"{path}@Ccy") != "CNY":
        return 0
    try:
        return max(read_plain_fen(detail[path]), 0)
    except ValueError:
        return 0


def _end_to_end_id(where: Fields) -> str | None:
    text = where.get("Refs/EndToEndId")
    return None if text == _NO_REFERENCE else short(text)


def _note(own: Fields, detail: Fields | None) -> str | None:
    if detail is None:
        return short(own.get("AddtlNtryInf"))
    return short(detail.get("RmtInf/Ustrd") or detail.get("AddtlTxInf") or own.get("AddtlNtryInf"))


def _account(where: Fields, party: str) -> str | None:
    path = f"RltdPties/{party}Acct/Id/"
    account = where.get(f"{path}Othr/Id") or where.get(f"{path}IBAN")
    return clean_account(account)[:64] if account else None


def _return_reason(where: Fields) -> str | None:
    parts = (where.get("RtrInf/Rsn/Cd"), where.get("RtrInf/AddtlInf"))
    return short(" ".join(part for part in parts if part))


def _date(own: Fields, name: str, entry_no: int) -> date | None:
    text = own.get(f"{name}/Dt") or own.get(f"{name}/DtTm")
    if text is None:
        return None
    try:
        return read_iso_date(text)
    except ValueError:
        raise BadLine(f"第 {entry_no} 笔的日期无法识别") from None
