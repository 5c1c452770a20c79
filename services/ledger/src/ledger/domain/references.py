"""What a bank line says it is for: exactly one check-valid case number, and nobody else's name (domain §8)."""

from typing import NamedTuple

from ledger.domain.notes import name_runs
from shared.case_number import find_in, noted_obligation, parse_end_to_end_id


class Reference(NamedTuple):
    """What was read from a line, kept with it.

    ``rlts_traf_id`` is set only when exactly one check-valid case number stands there; ``case_count`` says how many
    did. ``noted_no`` is the obligation's number that the note writes behind the case's, where nothing structured tells
    one. ``names`` are the runs of the note in which somebody's name may stand (``domain.notes``).
    """

    rlts_traf_id: str | None
    obligation_no: str | None
    noted_no: str | None
    case_count: int
    names: tuple[str, ...]


def read_reference(end_to_end_id: str | None, note: str | None) -> Reference:
    """The reference of a line from its structured ``EndToEndId`` and its note; empty text never matches."""
    structured = parse_end_to_end_id(end_to_end_id) if end_to_end_id else None
    found = find_in(note) if note else frozenset()
    if structured:
        found |= {structured[0]}
    elif end_to_end_id:
        found |= find_in(end_to_end_id)
    only = next(iter(found)) if len(found) == 1 else None
    obligation_no = structured[1] if structured and structured[0] == only else None
    noted_no = noted_obligation(only, note or "") if only and obligation_no is None else None
    return Reference(only, obligation_no, noted_no, len(found), name_runs(note) if note else ())
