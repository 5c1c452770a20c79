"""Comparing people's names as two systems hold them."""

import re
import unicodedata

_DOTS = dict.fromkeys(map(ord, "•‧∙・･．.●"), "·")
# GBK's last 80 characters (FE50 to FEA0) had no code in Unicode when systems that still run began: these keep them in
# the area of private use, 䶮 among them, which is in names. Python's codec knows most of those that have a code by now,
# GB 18030-2022 the others.
_GBK_PRIVATE = range(0xE815, 0xE865)
_GBK_TRAILS = (*range(0x50, 0x7F), *range(0x80, 0xA1))
_LATER = (
    "\ue816\U00020087\ue817\U00020089\ue818\U000200cc\ue81e\u9fb4\ue826\u9fb5\ue82b\u9fb6\ue82c\u9fb7"
    "\ue831\U000215d7\ue832\u9fb8\ue83b\U0002298f\ue843\u9fb9\ue854\u9fba\ue855\U000241fe\ue864\u9fbb"
)
_PRIVATE = {
    code: bytes((0xFE, trail)).decode("gb18030") for code, trail in zip(_GBK_PRIVATE, _GBK_TRAILS, strict=True)
} | dict(zip(map(ord, _LATER[::2]), _LATER[1::2], strict=True))


def in_unicode(text: str) -> str:
    """``text`` with the characters that GBK systems keep in the area of private use as Unicode has them: no bank and no
    font shows them otherwise.
    """
    return text.translate(_PRIVATE)


_FOLDED = _DOTS | _PRIVATE
# A search costs a third of a translation, and few texts hold any of them.
_TO_FOLD = re.compile(f"[{''.join(map(chr, _FOLDED))}]")


def normalise_name(name: str) -> str:
    """``name`` in one form for comparing: full width folded, the dots of minority names made one, no spaces."""
    return normalise_words(name).replace(" ", "")


def normalise_words(text: str) -> str:
    """``text`` as ``normalise_name`` has it, with one space between its words."""
    folded = unicodedata.normalize("NFKC", text)
    if _TO_FOLD.search(folded):
        folded = folded.translate(_FOLDED)
    return " ".join(folded.split()).upper()


def is_same_name(one: str, other: str) -> bool:
    """Whether two systems mean the same name, whatever dot, width or spacing they write it with."""
    return normalise_name(one) == normalise_name(other)
