"""What a bank line says it is for: exactly one check-valid case number, and nobody else's name (domain §8)."""

import re
import unicodedata
from dataclasses import dataclass

from shared.case_number import find_in, is_valid, parse_end_to_end_id
from shared.person_name import normalise_name

_WORD = re.compile(r"[A-Z]{3,}|[㐀-鿿\U00020000-\U0003134f]+(?:·[㐀-鿿\U00020000-\U0003134f]+)*")
_ALPHANUMERIC = re.compile(r"[0-9A-Z]+(?:-[0-9]{1,3}(?![0-9A-Z]))?")
_FILLER_WORDS = (
    "城镇职工 基本医疗保险 基本医保 医疗保险 医疗保障 医保 社保 职工 居民 个人账户 个人帐户 个账 账户 帐户 "
    "关系 转移接续 转移 接续 转接 转入 转出 跨省 省内 省外 异地 余额 结余 资金 款项 基金 款 支付 付款 收款 汇款 转账 "
    "退汇 退回 退款 原路 摘要 用途 附言 备注 办件编号 办件号 业务编号 编号 姓名 参保人员 参保人 人员 本人 划转 划拨 的 "
    "CNY RMB NOTPROVIDED REF"
)
_FILLERS = re.compile("|".join(sorted(_FILLER_WORDS.split(), key=len, reverse=True)))
_ORGANISATION = re.compile(r"(?:中心|公司|银行|支行|分行|机构)$|..[局市省县区州]$|^[局处科部]$")


@dataclass(frozen=True, slots=True)
class Reference:
    """What was read from a line, kept with it.

    ``rlts_traf_id`` is set only when exactly one check-valid case number stands there; ``count`` says how many
    did. ``names`` holds every remaining word that could be a person's name, normalised.
    """

    rlts_traf_id: str | None
    obligation_no: str | None
    count: int
    names: tuple[str, ...]


def read_reference(end_to_end_id: str | None, note: str | None) -> Reference:
    """The reference of a line from its structured ``EndToEndId`` and its note; empty text never matches."""
    structured = parse_end_to_end_id(end_to_end_id) if end_to_end_id else None
    found = set(find_in(end_to_end_id or "")) | set(find_in(note or ""))
    if structured:
        found.add(structured[0])
    only = next(iter(found)) if len(found) == 1 else None
    obligation_no = structured[1] if structured and structured[0] == only else None
    return Reference(only, obligation_no, len(found), names_in(note or ""))


def names_in(note: str) -> tuple[str, ...]:
    """Words of a note that could name a person, normalised and sorted: what is neither number, filler nor office."""
    text = normalise_dots(note)
    text = _ALPHANUMERIC.sub(_without_references, text)
    words = _WORD.findall(_FILLERS.sub(" ", text))
    return tuple(sorted({normalise_name(word) for word in words if not _ORGANISATION.search(word)}))


def normalise_dots(text: str) -> str:
    """``text`` in one width and case, with the dots of minority names made one; spaces stay as separators."""
    return " ".join(normalise_name(word) for word in unicodedata.normalize("NFKC", text).split())


def _without_references(match: re.Match[str]) -> str:
    word = match[0]
    is_reference = is_valid(word.partition("-")[0]) or any(character.isdigit() for character in word)
    return " " if is_reference else word
