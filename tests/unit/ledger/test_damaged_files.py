"""Files cut off anywhere, or with one byte changed: refused with a reason, or read and sound; never a failure of ours.

``DAMAGES`` of each way to each sample (``make test DAMAGES=500``), always the same ones of a ``SEED``.
"""

import io
import os
from random import Random

import pytest

from ledger.domain.statement import StatementRefused
from ledger.parsers.file_kind import FileKind
from ledger.parsers.statement_file import open_statement_file
from tests.unit.ledger.samples import ACCOUNT, SAMPLES, damaged

DAMAGES = int(os.environ.get("DAMAGES") or 15)
SEED = int(os.environ.get("SEED") or 5)
_WORKBOOKS_COST = 12
"""Each is read by a process of its own."""


@pytest.mark.parametrize("name", SAMPLES)
def test_a_damaged_file_is_refused_or_sound(name: str) -> None:
    content, kind = SAMPLES[name]
    count = DAMAGES if kind is not FileKind.EXCEL else max(DAMAGES // _WORKBOOKS_COST, 1)
    reasons: set[str] = set()
    for number, broken in enumerate(damaged(content, count, Random(SEED))):
        where = f"{name}, SEED={SEED}, damage {number}"
        try:
            opened = open_statement_file(io.BytesIO(broken), kind, bankacct=ACCOUNT if kind is FileKind.CSV else None)
        except StatementRefused as refused:
            reasons.add(refused.code)
            continue
        for index, head in enumerate(opened.heads):
            moved = sum(line.signed_fen for place, line in opened.lines() if place == index)
            assert head.opening_fen + moved == head.closing_fen, where
    assert reasons
    assert "statement-refused" not in reasons
