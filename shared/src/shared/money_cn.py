"""大写: amounts in characters, as 正确填写票据和结算凭证的基本规定 asks; many spellings are right, one is ours."""

import itertools

from shared.errors import InvalidInput
from shared.law import law

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("仟", "佰", "拾", "")
_SECTIONS = ("亿", "万", "")
_OPTIONAL_ZERO = "?"
MAX_FEN = 10**14 - 1
_SAME_CHARACTER = str.maketrans(
    {"圆": "元", "圓": "元", "正": "整", "貳": "贰", "參": "叁", "叄": "叁", "陸": "陆", "萬": "万", "億": "亿"}
)


class AmountTooLarge(InvalidInput):
    """No bank document in this exchange carries a trillion yuan."""

    code = "amount-too-large"


class NotAnAmountInCharacters(InvalidInput):
    """The text is no correct way to write any amount."""

    code = "amount-in-characters-malformed"


@law("N annex 3")
def to_capital(fen: int) -> str:
    """Our one form of ``fen`` (0 to 10¹⁴ − 1), such as ``壹仟零壹元整``; raises ``AmountTooLarge`` outside."""
    return _template(fen).replace(_OPTIONAL_ZERO, "")


@law("N annex 3")
def parse_capital(text: str) -> int:
    """The fen that ``text`` writes correctly.

    Accepts 圆 for 元, 正 for 整, traditional characters, a leading 人民币, and the zeros that the rule leaves to the
    writer; a blank inside is none of them, for something could be written into it.
    Raises ``NotAnAmountInCharacters`` for everything else, a missing required zero included.
    """
    plain = text.strip().removeprefix("人民币").translate(_SAME_CHARACTER)
    fen = _value(plain)
    if plain not in _spellings(fen):
        raise NotAnAmountInCharacters("大写金额书写不规范")
    return fen


def _template(fen: int) -> str:
    if not 0 <= fen <= MAX_FEN:
        raise AmountTooLarge("金额超出可书写范围")
    yuan, rest = divmod(fen, 100)
    jiao, cent = divmod(rest, 10)
    if fen == 0:
        return "零元整"
    integer = f"{_integer(yuan)}元" if yuan else ""
    if not rest:
        return f"{integer}整"
    return integer + _fraction(jiao, cent, zero_before=_zero_before_jiao(yuan, jiao))


def _zero_before_jiao(yuan: int, jiao: int) -> str:
    if not yuan:
        return ""
    if not jiao:
        return "零"
    return _OPTIONAL_ZERO if yuan % 10 == 0 else ""


def _fraction(jiao: int, cent: int, *, zero_before: str) -> str:
    tenths = f"{_DIGITS[jiao]}角" if jiao else ""
    return zero_before + tenths + (f"{_DIGITS[cent]}分" if cent else "整")


def _integer(yuan: int) -> str:
    sections = (yuan // 10**8, yuan // 10**4 % 10**4, yuan % 10**4)
    text, digit_before = "", 0
    for value, unit in zip(sections, _SECTIONS, strict=True):
        if value:
            text += (_zero_between(value, digit_before) if text else "") + _section(value) + unit
        digit_before = value % 10
    return text


def _zero_between(value: int, digit_before: int) -> str:
    if value < 1000:
        return "零"
    return "" if digit_before else _OPTIONAL_ZERO


def _section(value: int) -> str:
    text, is_zero_pending = "", False
    for digit, place in zip(f"{value:04d}", _PLACES, strict=True):
        if digit == "0":
            is_zero_pending = bool(text)
            continue
        text += ("零" if is_zero_pending else "") + _DIGITS[int(digit)] + place
        is_zero_pending = False
    return text


def _spellings(fen: int) -> set[str]:
    parts = _template(fen).split(_OPTIONAL_ZERO)
    gaps = itertools.product(("", "零"), repeat=len(parts) - 1)
    spelled = {"".join(itertools.chain(*zip(parts, (*gap, ""), strict=True))) for gap in gaps}
    if fen == 0:
        return spelled | {"零元零角零分"}
    return spelled | {text.removesuffix("整") for text in spelled if text.endswith("角整")}


def _value(plain: str) -> int:
    total = section = digit = 0
    weights = {"仟": 1000, "佰": 100, "拾": 10}
    for character in plain:
        if character in _DIGITS:
            digit = _DIGITS.index(character)
        elif character in weights:
            section, digit = section + digit * weights[character], 0
        elif character in ("万", "亿"):
            total = (
                (total + section + digit) * (10**4 if character == "万" else 10**8)
                if total == 0
                else (total + (section + digit) * 10**4)
            )
            section = digit = 0
        elif character == "元":
            total, section, digit = (total + section + digit) * 100, 0, 0
        elif character in ("角", "分"):
            total, digit = total + digit * (10 if character == "角" else 1), 0
        elif character != "整":
            raise NotAnAmountInCharacters("大写金额含有不能识别的字")
        if total > MAX_FEN:
            raise NotAnAmountInCharacters("大写金额超出可书写范围")
    return total
