"""No certificate number leaves the process, and every line says which case and trace it belongs to."""

import json
import logging

import pytest
import structlog

from shared.telemetry.logs import configure_logging
from shared.telemetry.masking import MASK, mask_text, mask_value
from shared.telemetry.trace import case, current_traceparent, enter_trace, trace, trace_id

NUMBER = "11010519491231002X"
TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        NUMBER.lower(),
        f"certno={NUMBER};",
        f"证件{NUMBER}号",
        f"line\\n{NUMBER}",
        f'{{"certno":"{NUMBER}"}}',
        "370102194912310",
        "110105194912310021",
        f"x{NUMBER}x",
    ],
)
def test_masks_certificate_numbers(text: str) -> None:
    assert MASK in mask_text(text)
    assert not any(number in mask_text(text).upper() for number in (NUMBER, "370102194912310", "110105194912310021"))


@pytest.mark.parametrize("text", ["1234.56", "370100", "20260302T010000", "1" * 16, "1" * 19, "济南市"])
def test_leaves_other_text(text: str) -> None:
    assert mask_text(text) == text


def test_masks_inside_structures() -> None:
    value = {"a": [NUMBER, {NUMBER: 110105194912310021}], "b": (1, None, True, 2.5), "c": ValueError(NUMBER)}
    assert mask_value(value) == {"a": [MASK, {MASK: MASK}], "b": [1, None, True, 2.5], "c": MASK}


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_logs_carry_case_trace_and_service(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("outbound")
    with trace(TRACEPARENT), case("T1"):
        structlog.get_logger("test").info("sealed", version=1)
    structlog.get_logger("test").info("later")
    first, second = lines(capsys)
    assert first["rlts_traf_id"] == "T1"
    assert first["trace_id"] == "0af7651916cd43dd8448eb211c80319c"
    assert (first["service"], first["event"], first["version"]) == ("outbound", "sealed", 1)
    assert "rlts_traf_id" not in second


def test_masks_library_logs_and_exceptions(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("outbound")
    library = logging.getLogger("aiokafka.cluster")
    library.warning("bad record for %s", NUMBER)
    try:
        raise ValueError(NUMBER)
    except ValueError:
        library.exception("failed")
        structlog.get_logger("test").exception("failed", detail={"certno": NUMBER})
    written = capsys.readouterr().out
    assert len(written.splitlines()) == 3
    assert NUMBER not in written
    assert written.count("ValueError: (words withheld)") == 2


def test_continues_a_trace_with_a_new_span() -> None:
    with trace(TRACEPARENT):
        ours = current_traceparent()
    assert ours.split("-")[1] == TRACEPARENT.split("-")[1]
    assert ours.split("-")[2] != TRACEPARENT.split("-")[2]
    assert trace_id() is None


@pytest.mark.parametrize(
    "header", [None, "", "garbage", "00-" + "0" * 32 + "-b7ad6b7169203331-01", TRACEPARENT.upper(), TRACEPARENT + "-x"]
)
def test_starts_a_trace_where_none_is_right(header: str | None) -> None:
    with trace():
        found = enter_trace(header)
        assert len(found) == 32
        assert found != TRACEPARENT.split("-")[1]
        assert trace_id() == found
