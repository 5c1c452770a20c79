"""What is tried out: facts, areas, a day, and a policy file if it is one that is not in force yet."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from inbound.domain.benefits.facts import BackPayment, BenefitFacts
from inbound.domain.years.facts import DeemedPeriod, PaidPeriod, YearsFacts
from shared.contracts.codes import AreaCode, Gend
from shared.contracts.model import Document
from shared.errors import FieldError, InvalidInput
from shared.months import YearMonth

AreaOf = Callable[[str], str]
Scheme = Literal["310", "390"]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))]
"""What is counted from a day has to be a day as well."""
Count = Annotated[int, Field(ge=0, le=1200)]
PolicyFile = Annotated[dict[str, Any], Field(description="要试用的地区政策文件（其 TOML 内容写成 JSON）")]


class BenefitsTrial(Document):
    """Facts of a benefits decision (``BenefitFacts``); ``as_of`` is today where it is left out."""

    trafin_admdvs: AreaCode
    trafin_insutype: Scheme
    trafout_admdvs: AreaCode | None = None
    trafout_insutype: Scheme | None = None
    is_transfer: bool = True
    as_of: Day | None = None
    paid_on: Day | None = None
    first_paid_ym: YearMonth | None = None
    last_paid_ym: YearMonth | None = None
    paus_insu_ym: YearMonth | None = None
    completed_on: Day | None = None
    back_payment: BackPayment = BackPayment.NONE
    back_paid_on: Day | None = None
    continuous_months: Count | None = None
    is_flexible: bool = False
    was_employee_before: bool | None = None
    insured_year: Annotated[int, Field(ge=1990, le=2200)] | None = None
    brdy: Day | None = None
    registered_on: Day | None = None
    is_low_income: bool = False
    cover_ends_on: Day | None = None
    policy: PolicyFile | None = None

    def facts(self, today: date, *, is_within_province: bool) -> BenefitFacts:
        """The facts; raises ``InvalidInput`` where they contradict each other."""
        self._require_sound()
        values = {name: getattr(self, name) for name in BenefitFacts.__dataclass_fields__ if name in _GIVEN}
        return BenefitFacts(**values, as_of=self.as_of or today, is_within_province=is_within_province)

    def _require_sound(self) -> None:
        errors = []
        if self.brdy and self.paid_on and self.brdy > self.paid_on:
            errors.append(FieldError("/brdy", "brdy-after-payment", "出生日期晚于缴费日期"))
        if self.trafout_insutype and not self.trafout_admdvs:
            errors.append(FieldError("/trafout_admdvs", "missing", "有转出险种时须写明转出地"))
        if errors:
            raise InvalidInput("所给信息自相矛盾。", errors=errors)


_GIVEN = frozenset(BenefitsTrial.model_fields) - {"as_of"}


class PaidPeriodGiven(Document):
    """Paid months of one scheme in one area."""

    insutype: Scheme
    accrym_begn: YearMonth
    accrym_end: YearMonth
    admdvs: AreaCode


class DeemedPeriodGiven(Document):
    """视同缴费 months."""

    accrym_begn: YearMonth
    accrym_end: YearMonth
    is_recognised: bool


class YearsTrial(Document):
    """Facts of an assessment of years; ``as_of`` is today where it is left out."""

    trafin_admdvs: AreaCode
    trafout_admdvs: AreaCode
    gend: Gend
    as_of: Day | None = None
    paid: Annotated[tuple[PaidPeriodGiven, ...], Field(max_length=2000)] = ()
    deemed: Annotated[tuple[DeemedPeriodGiven, ...], Field(max_length=500)] = ()
    policy: PolicyFile | None = None

    def facts(self, today: date, *, area_of: AreaOf, is_within_province: bool) -> YearsFacts:
        """The facts, with pooling areas for counties; raises ``InvalidInput`` for a period that ends too early."""
        given: dict[str, Sequence[PaidPeriodGiven | DeemedPeriodGiven]] = {"paid": self.paid, "deemed": self.deemed}
        errors = [
            FieldError(f"/{name}/{index}/accrym_end", "end-before-begin", "终止年月早于起始年月")
            for name, periods in given.items()
            for index, each in enumerate(periods)
            if each.accrym_end < each.accrym_begn
        ]
        if errors:
            raise InvalidInput("缴费时段有误。", errors=errors)
        return YearsFacts(
            gend=self.gend,
            trafin_admdvs=area_of(self.trafin_admdvs),
            is_within_province=is_within_province,
            as_of=self.as_of or today,
            paid=tuple(
                PaidPeriod(each.insutype, each.accrym_begn, each.accrym_end, area_of(each.admdvs)) for each in self.paid
            ),
            deemed=tuple(DeemedPeriod(each.accrym_begn, each.accrym_end, each.is_recognised) for each in self.deemed),
        )
