"""Statistics as CSV: a spreadsheet runs nothing of them."""

from collections import Counter
from datetime import UTC, datetime

from platform_gateway.domain.statistics import Figures, GroupBy
from platform_gateway.schemas.statistics import StatisticsShown, line
from platform_gateway.schemas.statistics_csv import rows_of
from shared.spreadsheet import as_csv


def test_an_areas_name_that_looks_like_a_formula_is_text() -> None:
    figures = Figures(("370100",), Counter({"accepted": 7}), Counter())
    shown = StatisticsShown(
        as_of=datetime(2026, 3, 2, tzinfo=UTC),
        month_from="202601",
        month_to="202603",
        by=GroupBy.AREA,
        side=None,
        items=[line(figures, GroupBy.AREA, {"admdvs": "370100"}, {"370100": "=1+1"})],
    )
    head, row, _ = as_csv(rows_of(shown)).split("\r\n")
    told = dict(zip(head.removeprefix("\ufeff").split(","), row.split(","), strict=True))
    assert (told["名称"], told["受理"], told["转出按期率"]) == ("'=1+1", "7", "")
