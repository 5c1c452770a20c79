"""平台对账 as JSON and CSV."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Self

from pydantic import BaseModel, Field
from sqlalchemy import Row

from shared.ages import AGE_BRACKETS, age_in_days, bracket_of
from shared.money import Fen
from shared.spreadsheet import Cell, Yuan


class Aged(BaseModel):
    """How many cases and how much (yuan) have stood for so long."""

    code: str
    name: str
    cases: int
    amount: Fen


class Standing(BaseModel):
    """What stands at the end of the last day, by age; ``oldest_on`` is the day since when the oldest does."""

    cases: int
    amount: Fen
    oldest_on: date | None
    ages: list[Aged]

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]]) -> Self:
        """Of the brackets that hold something."""
        ages = [
            Aged(
                code=each.code,
                name=each.name,
                cases=sum(row["cases"] for row in rows if row["bracket"] == place),
                amount=sum(int(row["amount"]) for row in rows if row["bracket"] == place),
            )
            for place, each in enumerate(AGE_BRACKETS, start=1)
        ]
        oldest = min((date.fromisoformat(row["since"]) for row in rows), default=None)
        cases, amount = sum(each.cases for each in ages), sum(each.amount for each in ages)
        return cls(cases=cases, amount=amount, oldest_on=oldest, ages=ages)


class PairReconciled(BaseModel):
    """What the outbound's books told as paid against what the inbound's told as received, of one pair of areas.

    opening + paid - returned - received + sent_back = closing, where closing is what is under way less what arrived
    without a payment told.
    """

    trafout_admdvs: str
    trafin_admdvs: str
    opening: Fen = Field(description="期初未达：已付未收减已收未付")
    paid: Fen
    payments: int
    returned: Fen = Field(description="付款方收到的退汇")
    received: Fen
    receipts: int
    sent_back: Fen = Field(description="收款方未匹配、付款方其后收到退汇的款项")
    closing: Fen
    in_transit: Standing = Field(description="已付未收")
    unpaid_receipts: Standing = Field(description="已收而付款方未报已付")

    @classmethod
    def of(cls, row: Row[Any]) -> Self:
        """As it is answered."""
        under_way = Standing.of([each for each in row.standing if each["is_under_way"]])
        ahead = Standing.of([each for each in row.standing if not each["is_under_way"]])
        return cls(
            trafout_admdvs=row.trafout_admdvs,
            trafin_admdvs=row.trafin_admdvs,
            opening=int(row.opening),
            paid=int(row.paid),
            payments=row.payments,
            returned=int(row.returned),
            received=int(row.received),
            receipts=row.receipts,
            sent_back=int(row.sent_back),
            closing=under_way.amount - ahead.amount,
            in_transit=under_way,
            unpaid_receipts=ahead,
        )


class PlatformReconciliation(BaseModel):
    """From ``from_day`` to ``until``, both counted (Asia/Shanghai), by pair of areas, as is known by ``as_of``."""

    as_of: datetime
    from_day: date
    until: date
    items: list[PairReconciled]
    next_cursor: str | None


class CaseInTransit(BaseModel):
    """A case whose money is not level: under way, or arrived without a payment told."""

    rlts_traf_id: str
    trafout_admdvs: str
    trafin_admdvs: str
    is_in_transit: bool
    amount: Fen
    since: date
    days: int
    age: str

    @classmethod
    def of(cls, row: Row[Any], on: date) -> Self:
        """As it stands on ``on``."""
        days = age_in_days(row.since, on)
        return cls(
            rlts_traf_id=row.rlts_traf_id,
            trafout_admdvs=row.trafout_admdvs,
            trafin_admdvs=row.trafin_admdvs,
            is_in_transit=row.net_fen > 0,
            amount=abs(row.net_fen),
            since=row.since,
            days=days,
            age=bracket_of(days).code,
        )


def rows_of(shown: PlatformReconciliation) -> Iterator[list[Cell]]:
    """One line a pair, for a spreadsheet."""
    names = [each.name for each in AGE_BRACKETS]
    yield [
        *(
            "转出地",
            "转入地",
            "起始日",
            "截止日",
            "期初未达",
            "已付",
            "已付笔数",
            "退汇",
            "已收",
            "已收笔数",
            "已退原付",
        ),
        *("期末未达", "在途件数", "在途金额", "最早在途日", *(f"在途{name}" for name in names)),
        *("已收未报付件数", "已收未报付金额", "最早收款日"),
    ]
    for each in shown.items:
        moved = (each.opening, each.paid, each.payments, each.returned, each.received, each.receipts, each.sent_back)
        under_way, ahead = each.in_transit, each.unpaid_receipts
        yield [
            each.trafout_admdvs,
            each.trafin_admdvs,
            shown.from_day,
            shown.until,
            *(value if place in (2, 5) else Yuan(value) for place, value in enumerate(moved)),
            Yuan(each.closing),
            under_way.cases,
            Yuan(under_way.amount),
            under_way.oldest_on,
            *(Yuan(aged.amount) for aged in under_way.ages),
            ahead.cases,
            Yuan(ahead.amount),
            ahead.oldest_on,
        ]
