"""Numbers of the obligations of a case, which outbound and inbound must count alike without asking each other."""


def next_obligation_no(present_no: int, present_amount: int | None, amount: int) -> int:
    """The obligation's number for a newly accepted sheet version that states ``amount`` fen.

    The first accepted version has number 1, whatever its amount; a later one keeps the number when it states
    the amount of the accepted version before it, and gets the next one when it states another (domain §4:
    one obligation per case, sheet version and reason; a changed amount cancels the older one).
    ``present_no`` is 0 and ``present_amount`` ``None`` before the first version.
    """
    if present_amount is None:
        return 1
    return present_no if amount == present_amount else present_no + 1


_ADDENDA = 900
MAX_ADDENDA = 99
TERMINATION_NO = "900"
"""Of the obligation under which a case that ended gets back what was paid for it."""


def addendum_obligation_no(addendum_no: int) -> str:
    """The obligation's number for an addendum, 1 to 99: apart from the versions', so that neither counts the other."""
    return str(_ADDENDA + addendum_no)


def is_addendum_obligation(obligation_no: str) -> bool:
    """Whether an obligation is an addendum's, and no sheet version's."""
    return obligation_no.isdigit() and _ADDENDA < int(obligation_no) <= _ADDENDA + MAX_ADDENDA
