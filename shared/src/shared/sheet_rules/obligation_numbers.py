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
