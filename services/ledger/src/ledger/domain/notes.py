"""What in a bank note could be somebody's name (domain §8: another person's name blocks a match).

A name is a run of two to four Chinese characters that begins with a known surname, one with the dot of minority
names, or two Latin words and more beside each other (foreigners; one alone is a bank's code more often than a name).
Everything else is no name: banks write too many words of their own. Words and surnames are data,
``ledger/words/notes.toml``.
"""

import re
import tomllib
from importlib.resources import files

from shared.person_name import normalise_words

_WORDS = tomllib.loads((files("ledger") / "words" / "notes.toml").read_text(encoding="utf-8"))
_HAN = "㐀-鿿\U00020000-\U0003134f"
_RUN = re.compile(rf"[{_HAN}]+(?:·[{_HAN}]+)*")
# 李　四: forms pad a short name to the width of three. Sought by the space, of which notes have few.
_PADDED = re.compile(rf" (?<=[{_HAN}] )(?<![{_HAN}·]. )([{_HAN}])(?![{_HAN}·])( ?)")
_FILLERS = re.compile("|".join(sorted(" ".join(_WORDS["words"].values()).split(), key=len, reverse=True)))
_OFFICES = ("中心", "公司", "银行", "支行", "分行", "机构")
_BODIES = ("局", "市", "省", "县", "区")
_LATIN = re.compile(r"(?<![0-9A-Z])[A-Z]{2,15}(?:[ ,·]+[A-Z]{2,15})+(?![0-9A-Z])")
_LATIN_FILLERS = re.compile(rf"(?<![0-9A-Z])(?:{'|'.join(_WORDS['latin'].split())})(?![0-9A-Z])")
# More than any note can hold that is kept.
_MAX_RUNS, _MAX_RUN = 200, 40

_SINGLE, _COMPOUND = "".join(_WORDS["surnames"]["single"].split()), "|".join(_WORDS["surnames"]["compound"].split())
_NAME = rf"(?:(?:{_COMPOUND})[^ ]{{1,2}}|[{_SINGLE}][^ ]{{1,3}}|[^ ]+·[^ ]+)"
WHOLE_NAME = rf"^(?:{_NAME}|[A-Z]+)$"
"""Matches a run that is a name. For Python and PostgreSQL alike."""

_VERBAL, _NOT_GIVEN = _WORDS["surnames"]["verbal"], _WORDS["surnames"]["not_given"]
NAME_WITHIN = rf"(?:^| )(?:[给代为由转及和与至到付退缴]?{_NAME}(?: |$)|[{_VERBAL}][^ {_NOT_GIVEN}][^ ]?$)"
"""Matches a run out of which the person's own name was taken, where a name is left, a particle before it or not."""


def name_runs(note: str) -> tuple[str, ...]:
    """Runs of Chinese characters or Latin words in a note that are neither ordinary words nor offices, normalised."""
    text = normalise_words(note)
    runs = _RUN.findall(_FILLERS.sub(" ", _PADDED.sub(r"\1\2", text)))
    if _LATIN.search(text):
        runs += [re.sub("[ ,·]", "", run) for run in _LATIN.findall(_LATIN_FILLERS.sub(";", text))]
    kept = dict.fromkeys([run[:_MAX_RUN] for run in runs if len(run) > 1 and not _is_office(run)])
    return tuple(kept)[:_MAX_RUNS]


def _is_office(run: str) -> bool:
    return run.endswith(_OFFICES) or (len(run) > 2 and run.endswith(_BODIES))
