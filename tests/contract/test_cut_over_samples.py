"""The sample files of docs/cut-over.md are what the imports take."""

from pathlib import Path

import pytest
from pydantic import BaseModel

from inbound.schemas.paper import PaperCase
from ledger.parsers.opening_rows import OpeningRow
from outbound.schemas.old_cases import OldCaseRow
from shared.web.ndjson import Line, read_line

SAMPLES = Path(__file__).parents[2] / "docs/cut-over"


@pytest.mark.parametrize(
    ("name", "model"),
    [("outbound-cases", OldCaseRow), ("inbound-cases", PaperCase), ("opening-items", OpeningRow)],
)
def test_every_line_of_a_sample_can_be_read(name: str, model: type[BaseModel]) -> None:
    lines = (SAMPLES / f"{name}.ndjson").read_bytes().splitlines()
    assert [read_line(Line(number, line), model)[1] for number, line in enumerate(lines, 1)] == [[]] * len(lines)
    assert lines
