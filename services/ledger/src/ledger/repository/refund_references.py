"""SQL for the reference of a return to a payer (``TH12-1``, ``domain.refunds``) as orders and lines carry it."""

# A case number may end like one: ``…TH1-2`` is the second obligation of such a case.
_REFERENCE = "(?<![A-Z0-9])TH[0-9]+-[0-9]+"
# Most lines have none; folding the width and case of every note would cost more than all the rest of a look.
_MAY_HAVE_ONE = "[tTｔＴ][hHｈＨ]"


def of_order(order: str) -> str:
    """The reference of the order that the name stands for; ``NULL`` where it pays what is owed."""
    return f"substring({order}.end_to_end_id FROM '{_REFERENCE}')"


def of_line(line: str) -> str:
    """The reference that the line tells, in its ``EndToEndId`` before its note; ``NULL`` where it tells none."""
    return f"coalesce({_in(f'{line}.end_to_end_id')}, {_in(f'{line}.note')})"


def _in(told: str) -> str:
    folded = f"upper(normalize({told}, NFKC))"
    return f"CASE WHEN {told} ~ '{_MAY_HAVE_ONE}' THEN substring({folded} FROM '{_REFERENCE}') END"
