"""What stands against an application on the inbound's side: A02, A09 (N5, N7)."""

from collections.abc import Iterator
from datetime import datetime

from shared.contracts.codes import PsnInsuStas
from shared.contracts.facts import Finding, SideFacts
from shared.eligibility.rules import Asked, EligibilityRules, Reads, SideVerdict, judge, not_that_person, relation_of
from shared.law import law
from shared.months import month_of


def check_inbound(asked: Asked, facts: SideFacts, rules: EligibilityRules, at: datetime) -> SideVerdict:
    """Every obstacle on this side, all at once. Missing or old facts decide nothing; ``at`` is UTC.

    Somebody else's enrolment says nothing about the person: a wrong name is told alone.
    """

    def check(under: EligibilityRules, _reads: Reads) -> tuple[Finding, ...]:
        if not under.is_fresh(facts, at):
            return (Finding(code="A02", is_unknown=True, note="参保信息不是最新，待核心系统更新后再核验"),)
        return not_that_person(facts) or tuple(_enrolment(facts, asked.trafin_insutype))

    return judge(check, rules)


@law("N5-1", "N5-2", "N5-3", "N7-2")
def _enrolment(facts: SideFacts, insutype: str) -> Iterator[Finding]:
    """Enrolled means registered **and** paid under the present registration."""
    relation = relation_of(facts, insutype)
    if relation is None or relation.psn_insu_stas is not PsnInsuStas.ACTIVE:
        yield Finding(code="A02", note="在本地没有该险种正常参保的关系")
    elif (facts.last_paid_ym or "") < month_of(relation.crt_insu_date):
        yield Finding(code="A02", note="已登记，尚无此次参保的缴费")
