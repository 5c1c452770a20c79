"""One ``Ntry`` of a camt.053 with its details."""

from collections.abc import Iterator
from datetime import date

from ledger.domain.statement import CurrencyNotSupported, Direction, Line
from ledger.parsers.amounts import clean_account, read_fen, read_iso_date, short
from ledger.parsers.errors import BadLine
from ledger.parsers.guarded_xml import Element

_NO_REFERENCE = "NOTPROVIDED"
_MAX_DETAILS = 20_000


def read_entry(entry: Element, entry_no: int) -> Iterator[Line]:
    """The lines of a booked entry, one per detail where the details' amounts add up to it, else one in all.

    Entries that are only pending or informative (``Sts`` not ``BOOK``) yield nothing. Raises ``BadLine``.
    """
    status = _text(entry, "{*}Sts") or _text(entry, "{*}Sts/{*}Cd")
    if status != "BOOK":
        return
    amount_fen = _amount(entry.find("{*}Amt"), entry_no)
    if amount_fen == 0:
        return
    details = entry.findall("{*}NtryDtls/{*}TxDtls")
    if len(details) > _MAX_DETAILS:
        raise BadLine(f"第 {entry_no} 笔的明细过多")
    shares = [_detail_amount(detail, entry_no) for detail in details] if len(details) > 1 else []
    if len(details) <= 1:
        yield _line(entry, details[0] if details else None, entry_no, 1, amount_fen)
    elif all(shares) and sum(shares) == amount_fen:
        for detail_no, (detail, share) in enumerate(zip(details, shares, strict=True), start=1):
            yield _line(entry, detail, entry_no, detail_no, share)
    else:
        yield _line(entry, None, entry_no, 1, amount_fen)


def _line(entry: Element, detail: Element | None, entry_no: int, detail_no: int, amount_fen: int) -> Line:
    direction = _direction(entry, entry_no)
    booked_on = _date(entry, "{*}BookgDt", entry_no)
    if booked_on is None:
        raise BadLine(f"第 {entry_no} 笔缺少记账日期（BookgDt）")
    where = entry if detail is None else detail
    party = "Dbtr" if direction is Direction.CREDIT else "Cdtr"
    is_return = _text(entry, "{*}RvslInd") in ("true", "1") or where.find("{*}RtrInf") is not None
    if is_return:
        # A returned payment names the parties of the original.
        party = "Cdtr" if direction is Direction.CREDIT else "Dbtr"
    return Line(
        entry_no=entry_no,
        detail_no=detail_no,
        direction=direction,
        amount_fen=amount_fen,
        booked_on=booked_on,
        value_on=_date(entry, "{*}ValDt", entry_no) or booked_on,
        bank_ref=short(_text(where, "{*}Refs/{*}AcctSvcrRef") or _text(entry, "{*}AcctSvcrRef")),
        end_to_end_id=_end_to_end_id(where),
        note=_note(entry, detail),
        counterparty_acct=_account(where, party),
        counterparty_name=short(
            _text(where, f"{{*}}RltdPties/{{*}}{party}/{{*}}Pty/{{*}}Nm")
            or _text(where, f"{{*}}RltdPties/{{*}}{party}/{{*}}Nm")
        ),
        is_return=is_return,
        return_reason=_return_reason(where) if is_return else None,
    )


def _direction(entry: Element, entry_no: int) -> Direction:
    indicator = _text(entry, "{*}CdtDbtInd")
    if indicator == "CRDT":
        return Direction.CREDIT
    if indicator == "DBIT":
        return Direction.DEBIT
    raise BadLine(f"第 {entry_no} 笔的借贷方向（CdtDbtInd）无法识别")


def _amount(amount: Element | None, entry_no: int) -> int:
    if amount is None:
        raise BadLine(f"第 {entry_no} 笔缺少金额（Amt）")
    if amount.get("Ccy") != "CNY":
        raise CurrencyNotSupported(f"第 {entry_no} 笔的币种不是人民币（CNY）")
    try:
        fen = read_fen((amount.text or "").strip())
    except ValueError:
        raise BadLine(f"第 {entry_no} 笔的金额无法识别") from None
    if fen < 0:
        raise BadLine(f"第 {entry_no} 笔的金额为负")
    return fen


def _detail_amount(detail: Element, entry_no: int) -> int:
    amount = detail.find("{*}Amt")
    if amount is None:
        amount = detail.find("{*}AmtDtls/{*}TxAmt/{*}Amt")
    return 0 if amount is None else _amount(amount, entry_no)


def _end_to_end_id(where: Element) -> str | None:
    text = _text(where, "{*}Refs/{*}EndToEndId")
    return None if text == _NO_REFERENCE else short(text)


def _note(entry: Element, detail: Element | None) -> str | None:
    parts = [] if detail is None else [element.text or "" for element in detail.findall("{*}RmtInf/{*}Ustrd")]
    own = " ".join(part.strip() for part in parts if part.strip())
    return short(own or _text(detail, "{*}AddtlTxInf") or _text(entry, "{*}AddtlNtryInf"))


def _account(where: Element, party: str) -> str | None:
    path = f"{{*}}RltdPties/{{*}}{party}Acct/{{*}}Id/"
    account = _text(where, f"{path}{{*}}Othr/{{*}}Id") or _text(where, f"{path}{{*}}IBAN")
    return clean_account(account)[:64] if account else None


def _return_reason(where: Element) -> str | None:
    parts = (_text(where, "{*}RtrInf/{*}Rsn/{*}Cd"), _text(where, "{*}RtrInf/{*}AddtlInf"))
    return short(" ".join(part for part in parts if part))


def _date(entry: Element, name: str, entry_no: int) -> date | None:
    text = _text(entry, f"{name}/{{*}}Dt") or _text(entry, f"{name}/{{*}}DtTm")
    if text is None:
        return None
    try:
        return read_iso_date(text)
    except ValueError:
        raise BadLine(f"第 {entry_no} 笔的日期无法识别") from None


def _text(element: Element | None, path: str) -> str | None:
    if element is None:
        return None
    return (element.findtext(path) or "").strip() or None
