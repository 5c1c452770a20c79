"""What a running balance leaves open: the order of what cancels out, the sense of a negative figure, idle rows."""

import io

import pytest

from ledger.domain.statement import StatementRefused
from ledger.parsers.file_kind import FileKind
from ledger.parsers.statement_file import StatementFile, open_statement_file
from tests.unit.ledger.files import RCB_HEADER

Rows = list[tuple[str, str, str]]
BY_TIME = f"{RCB_HEADER},交易时间"


def read(rows: Rows, *, days: str = "22", times: tuple[str, ...] = ()) -> StatementFile:
    """A rural bank's export of (money in, money out, balance)."""
    lines = [BY_TIME if times else RCB_HEADER]
    for number, (into, out, balance) in enumerate(rows):
        cells = [
            f"2026-03-0{days[min(number, len(days) - 1)]}",
            "某户",
            into,
            out,
            balance,
            "6201",
            "CNY",
            "",
            "",
            "",
            "",
        ]
        lines.append(",".join([*cells, *times[number : number + 1]]))
    return open_statement_file(io.BytesIO("\n".join(lines).encode()), FileKind.CSV)


def ends(rows: Rows, *, days: str = "22", times: tuple[str, ...] = ()) -> tuple[int, int, list[int]]:
    """Opening, closing and movements in fen."""
    opened = read(rows, days=days, times=times)
    return opened.heads[0].opening_fen, opened.heads[0].closing_fen, [line.signed_fen for _, line in opened.lines()]


CANCELLED: Rows = [("5", "", "10"), ("", "5", "5")]


@pytest.mark.parametrize(
    ("rows", "days", "times", "told"),
    [
        (CANCELLED, "23", (), (500, 500)),
        (CANCELLED, "32", (), (1000, 1000)),
        (CANCELLED, "22", ("9:05:00", "10:20:30"), (500, 500)),
        (CANCELLED, "22", ("20260302102030", "20260302090500"), (1000, 1000)),
        (CANCELLED, "22", ("2026-03-02-10.20.30.5", "2026-03-02-10.20.29.1"), (1000, 1000)),
        ([*CANCELLED, ("5", "", "10")], "22", (), (500, 1000)),
        (CANCELLED, "22", (), None),
        (CANCELLED * 2, "22", (), None),
        (CANCELLED, "22", ("10:20", "10:20"), None),
        (CANCELLED, "22", ("", "10:20"), None),
    ],
)
def test_money_that_came_and_went_is_ordered_by_day_and_time_or_refused(
    rows: Rows, days: str, times: tuple[str, ...], told: tuple[int, int] | None
) -> None:
    if told is not None:
        assert ends(rows, days=days, times=times)[:2] == told
        return
    with pytest.raises(StatementRefused) as refused:
        ends(rows, days=days, times=times)
    assert refused.value.code == "statement-order-unclear"


@pytest.mark.parametrize(
    ("rows", "moved"),
    [
        ([("5", "", "15"), ("", "-2", "17"), ("", "1", "16")], [500, 200, -100]),
        ([("5", "", "15"), ("-5", "", "10"), ("", "1", "9")], [500, -500, -100]),
        # Both columns could be read the other way round: as two payments, newest last.
        ([("", "-100", "900"), ("", "-100", "800")], None),
        ([("", "-100", "900")], None),
        ([("", "-2", "17"), ("5", "", "22")], None),
    ],
)
def test_a_negative_figure_is_a_correction_where_the_balances_prove_it(rows: Rows, moved: list[int] | None) -> None:
    if moved is not None:
        assert ends(rows)[2] == moved
        assert sum(line.is_return for _, line in read(rows).lines()) == 1
        return
    with pytest.raises(StatementRefused, match="冲正") as refused:
        ends(rows)
    assert refused.value.errors[0].pointer == "/rows/2"


def test_a_row_that_moves_nothing_is_no_line() -> None:
    assert ends([("5", "0.00", "15"), ("0.00", "0.00", "15"), ("", "1", "14")]) == (1000, 1400, [500, -100])
    with pytest.raises(StatementRefused, match="第 3 行的余额"):
        ends([("5", "0.00", "15"), ("0.00", "0.00", "16"), ("", "1", "15")])
