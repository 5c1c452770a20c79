"""What the outbound refuses, and why."""

from shared.errors import Conflict, InvalidInput, NotFound, PreconditionFailed


class CaseUnknown(NotFound):
    """No such case, or another agency's: the two cannot be told apart."""

    code = "case-not-found"


class SheetUnknown(NotFound):
    """The case has no sealed sheet of that version."""

    code = "sheet-not-found"


class AddendumUnknown(NotFound):
    """The case has no addendum of that number."""

    code = "addendum-not-found"


class CommandNotAllowed(Conflict):
    """The case's state does not allow the command (domain: transition table)."""

    code = "command-not-allowed"


class CaseChanged(PreconditionFailed):
    """Somebody changed the case after the caller read it."""

    code = "case-changed"


class CommandTwice(InvalidInput):
    """One set names the same case twice."""

    code = "case-named-twice"


class SameClerk(Conflict):
    """Where two people are asked for, who submitted may not review."""

    code = "reviewer-is-submitter"


class ReasonMissing(InvalidInput):
    """A rejection needs a reason."""

    code = "reason-missing"


class AmountNotTransferred(Conflict):
    """The balance of this case does not travel, so that no amount of it can be corrected."""

    code = "amount-not-transferred"


class MoneyUnderWay(Conflict):
    """The money of an earlier version is on its way: until it has arrived no other amount is stated."""

    code = "money-under-way"


class SheetFaulty(InvalidInput):
    """The sheet has errors of annex 3; each is named with row and box."""

    code = "sheet-faulty"
