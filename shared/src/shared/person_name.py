"""Comparing people's names as two systems hold them."""

import unicodedata

_DOTS = dict.fromkeys(map(ord, "•‧∙・･．.●"), "·")


def normalise_name(name: str) -> str:
    """``name`` in one form for comparing: full width folded, the dots of minority names made one, no spaces."""
    return normalise_words(name).replace(" ", "")


def normalise_words(text: str) -> str:
    """``text`` as ``normalise_name`` has it, with one space between its words."""
    folded = unicodedata.normalize("NFKC", text).translate(_DOTS)
    return " ".join(folded.split()).upper()


def is_same_name(one: str, other: str) -> bool:
    """Whether two systems mean the same name, whatever dot, width or spacing they write it with."""
    return normalise_name(one) == normalise_name(other)
