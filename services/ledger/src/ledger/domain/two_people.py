"""Whatever moves money, or says what it is for, takes two people."""

from shared.errors import Forbidden


class SamePerson(Forbidden):
    """Who took the first of two steps does not take the second; the database refuses it too."""

    code = "second-person-required"


def require_other_person(first: str | None, second: str, refusal: str) -> None:
    """Returns when the two steps are different people's; raises ``SamePerson`` with ``refusal`` for its message."""
    if first == second:
        raise SamePerson(refusal)
