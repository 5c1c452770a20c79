"""One ``Ntry`` of a camt.053 or camt.054 with its details."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from ledger.domain.statement import CurrencyNotSupported, Direction, Line
from ledger.parsers.amounts import MAX_TEXT, clean_account, read_iso_date, read_plain_fen, short
from ledger.parsers.errors import BadLine
from ledger.parsers.guarded_xml import Element, flatten
from shared.errors import FieldError

_NO_REFERENCE = "NOTPROVIDED"
_MAX_DETAILS = 20_000
_BOOKED, _NOT_BOOKED = "BOOK", frozenset({"PDNG", "INFO", "FUTR"})
_RETURN_CODES = frozenset({"RRTN", "RPCR"})
"""Sub-families of ISO's bank transaction codes that bring a payment back."""

_TOLD = (
    "RmtInf/Ustrd",
    "RmtInf/Strd/CdtrRefInf/Ref",
    "RmtInf/Strd/RfrdDocInf/Nb",
    "RmtInf/Strd/AddtlRmtInf",
    "AddtlTxInf",
)
"""Where a payment says what it is for: all of it counts, since another person may be named anywhere."""


Fields = Mapping[str, str]
"""Texts by path below an element, such as ``RltdPties/Dbtr/Nm``; a currency as ``Amt@Ccy``."""


def read_entry(entry: Element, entry_no: int) -> Iterator[Line]:
    """The lines of a booked entry, one per detail where the details' amounts add up to it, else one in all.

    Entries that are only pending, informative or of days to come yield nothing; one that does not say would be lost
    or counted by guess. Raises ``BadLine``.
    """
    details: list[Element] = []
    own = flatten(entry, apart={"NtryDtls/TxDtls": details})
    status = own.get("Sts") or own.get("Sts/Cd")
    if status in _NOT_BOOKED:
        return
    try:
        if status != _BOOKED:
            raise _Wrong("缺少状态（Sts），或状态无法识别")
        yield from _booked(own, details, entry_no)
    except _Wrong as wrong:
        raise BadLine.at(entry_no, str(wrong), f"（文件第 {entry.sourceline} 行）") from None


class _Wrong(Exception):
    """What is wrong with the entry at hand."""


def _booked(own: Fields, details: list[Element], entry_no: int) -> Iterator[Line]:
    if len(details) > _MAX_DETAILS:
        raise _Wrong("的明细过多")
    parts = [flatten(detail) for detail in details]
    amount_fen = _amount(own, parts, entry_no)
    if amount_fen == 0:
        return
    if len(parts) == 1:
        yield _line(own, parts[0], entry_no, 1, amount_fen)
        return
    shares = [_share(part, own.get("CdtDbtInd")) for part in parts]
    if parts and all(shares) and sum(shares) == amount_fen:
        for detail_no, (part, share) in enumerate(zip(parts, shares, strict=True), start=1):
            yield _line(own, part, entry_no, detail_no, share)
    else:
        yield _line(own, None, entry_no, 1, amount_fen, parts)


def _line(
    own: Fields, detail: Fields | None, entry_no: int, detail_no: int, amount_fen: int, parts: Sequence[Fields] = ()
) -> Line:
    """One line; ``parts`` are details that tell no amounts of their own, so that the entry stays whole."""
    direction = _direction(own)
    booked_on = _date(own, "BookgDt")
    if booked_on is None:
        raise _Wrong("缺少记账日期（BookgDt）")
    where = own if detail is None else detail
    party = "Dbtr" if direction is Direction.CREDIT else "Cdtr"
    is_return = any(_is_return(own, one) for one in (where, *parts))
    if is_return:
        # A returned payment names the parties of the original.
        party = "Cdtr" if direction is Direction.CREDIT else "Dbtr"
    entry_ref = short(own.get("AcctSvcrRef"))
    return Line(
        entry_no=entry_no,
        detail_no=detail_no,
        direction=direction,
        amount_fen=amount_fen,
        booked_on=booked_on,
        value_on=_date(own, "ValDt") or booked_on,
        bank_ref=short(where.get("Refs/AcctSvcrRef")) or entry_ref,
        end_to_end_id=_end_to_end_id(where),
        note=_note(own, detail) if detail is not None else _notes(own, parts),
        counterparty_acct=_account(where, party),
        counterparty_name=short(where.get(f"RltdPties/{party}/Pty/Nm") or where.get(f"RltdPties/{party}/Nm")),
        is_return=is_return,
        return_reason=_return_reason(where, *parts) if is_return else None,
        foreign_currency=_foreign(own, *parts, where),
        entry_ref=entry_ref,
    )


def _is_return(own: Fields, where: Fields) -> bool:
    if own.get("RvslInd") in ("true", "1") or "RtrInf" in where:
        return True
    codes = (where.get("BkTxCd/Domn/Fmly/SubFmlyCd"), own.get("BkTxCd/Domn/Fmly/SubFmlyCd"))
    return not _RETURN_CODES.isdisjoint(codes)


def _direction(own: Fields) -> Direction:
    indicator = own.get("CdtDbtInd")
    if indicator == "CRDT":
        return Direction.CREDIT
    if indicator == "DBIT":
        return Direction.DEBIT
    raise _Wrong("的借贷方向（CdtDbtInd）无法识别")


def _amount(own: Fields, parts: Sequence[Fields], entry_no: int) -> int:
    """Fen in CNY: the entry's amount, or its counter value (or its one detail's) where it is in another currency."""
    path, where = "Amt", own
    if own.get("Amt") is None:
        raise _Wrong("缺少金额（Amt）")
    if own.get("Amt@Ccy") != "CNY":
        path = "AmtDtls/CntrValAmt/Amt"
        where = parts[0] if path not in own and len(parts) == 1 else own
        if where.get(f"{path}@Ccy") != "CNY":
            text = f"第 {entry_no} 笔的币种不是人民币（CNY），也没有人民币对应金额"
            error = FieldError(f"/lines/{entry_no}", CurrencyNotSupported.code, text)
            raise CurrencyNotSupported(text, errors=[error])
    try:
        fen = read_plain_fen(where[path])
    except ValueError:
        raise _Wrong("的金额无法识别") from None
    if fen < 0:
        raise _Wrong("的金额为负")
    return fen


def _foreign(*parts: Fields) -> str | None:
    """The first currency that is not CNY among what the amounts of an entry or its details were paid in."""
    for part in parts:
        for path in part:
            if path[-4:] == "@Ccy" and path.startswith("Amt") and part[path] != "CNY":
                return part[path][:3]
    return None


def _share(detail: Fields, direction: str | None) -> int:
    """What a detail says of its own amount, 0 where that is none in CNY, or is of the other direction than its entry:
    the entry then stays one line.
    """
    if detail.get("CdtDbtInd", direction) != direction:
        return 0
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


def _note(own: Fields, detail: Fields) -> str | None:
    return short(_told(detail) or own.get("AddtlNtryInf"))


def _notes(own: Fields, parts: Sequence[Fields]) -> str | None:
    """What the entry and each of its details say, since one payment for many people names them there."""
    told, room = [own.get("AddtlNtryInf") or ""], MAX_TEXT
    for part in parts:
        reference = _end_to_end_id(part) or ""
        told.append(f"{reference} {_told(part)}".strip())
        room -= len(told[-1]) + 1
        if room <= 0:
            break
    return short("；".join(text for text in told if text))


def _told(detail: Fields) -> str:
    return " ".join(text for path in _TOLD if (text := detail.get(path)))


def _account(where: Fields, party: str) -> str | None:
    path = f"RltdPties/{party}Acct/Id/"
    account = where.get(f"{path}Othr/Id") or where.get(f"{path}IBAN")
    return clean_account(account)[:64] if account else None


def _return_reason(*parts: Fields) -> str | None:
    paths = ("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry", "RtrInf/AddtlInf")
    told = (text for part in parts for path in paths if (text := part.get(path)))
    return short(" ".join(dict.fromkeys(told)))


def _date(own: Fields, name: str) -> date | None:
    text = own.get(f"{name}/Dt") or own.get(f"{name}/DtTm")
    if text is None:
        return None
    try:
        return read_iso_date(text)
    except ValueError:
        raise _Wrong("的日期无法识别") from None
