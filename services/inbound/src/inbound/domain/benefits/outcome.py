"""What a rule gives."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Rule(StrEnum):
    """Which rule decided."""

    FACTS_MISSING = "facts_missing"
    NO_GAP = "no_gap"
    SHORT_GAP = "short_gap"
    SHORT_GAP_NOT_BACK_PAID = "short_gap_not_back_paid"
    LONG_GAP = "long_gap"
    SWITCH_SHORT_GAP = "switch_short_gap"
    SWITCH_SHORT_GAP_NOT_BACK_PAID = "switch_short_gap_not_back_paid"
    SWITCH_LONG_GAP = "switch_long_gap"
    SWITCH_NOT_CONTINUOUS = "switch_not_continuous"
    FIRST_ENROLMENT = "first_enrolment"
    UNIT_RESUMES = "unit_resumes"
    FLEXIBLE_RESUMES = "flexible_resumes"
    FLEXIBLE_RESUMES_LATE = "flexible_resumes_late"
    ARREARS_UNPAID = "arrears_unpaid"
    NEWBORN_FROM_BIRTH = "newborn_from_birth"
    NEWBORN_LATE = "newborn_late"
    RESIDENTS_IN_WINDOW = "residents_in_window"
    RESIDENTS_LOW_INCOME = "residents_low_income"
    RESIDENTS_LATE = "residents_late"


class BackPaymentGives(StrEnum):
    """What paying for the interruption brings."""

    NOTHING = "nothing"
    YEARS = "years"
    BENEFITS = "benefits"


class LocalQuestion(StrEnum):
    """Why a local decision is needed, apart from readings."""

    NO_LOCAL_RULE = "no-local-rule"
    FACTS_MISSING = "facts-missing"
    CONTINUITY_UNKNOWN = "continuity-unknown"
    PAID_BEFORE_WINDOW = "paid-before-window"
    NO_LOCAL_NUMBER = "no-local-number"


class Outcome(NamedTuple):
    """When benefits begin, by one rule. Days in Asia/Shanghai; ``None`` where it cannot be said.

    ``waiting_months`` are whole months without benefits although paid for (含缴费当月 where the rule counts so).
    The interruption is reimbursed from ``reimbursed_from`` to ``reimbursed_until``, both counted; they are ``None``
    where benefits begin with the interruption itself.
    ``back_pay_until`` is the last day on which paying for the interruption brings benefits; until then
    ``if_back_paid`` says what it would bring. ``paused_from``: benefits were paused in an interruption.
    ``does_outrun_year``: the year paid for is over before they begin. (A named tuple, for it is made many times.)
    """

    rule: Rule
    articles: tuple[str, ...]
    first_benefit_date: date | None = None
    waiting_months: int | None = None
    is_gap_reimbursed: bool = False
    reimbursed_from: date | None = None
    reimbursed_until: date | None = None
    back_payment_gives: BackPaymentGives = BackPaymentGives.NOTHING
    back_pay_until: date | None = None
    if_back_paid: "Outcome | None" = None
    paused_from: date | None = None
    does_outrun_year: bool = False
    questions: tuple[LocalQuestion, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def may_back_pay(self) -> bool:
        """Whether paying for the interruption still brings benefits."""
        return self.if_back_paid is not None

    @property
    def is_open(self) -> bool:
        """Whether what is still to come may change it: a payment for the interruption, or facts that are missing."""
        return self.may_back_pay or self.rule is Rule.FACTS_MISSING
