"""Bank files damaged on their way, through the API: taken whole, or nothing of them is kept."""

import os
from random import Random

from ledger.parsers.file_kind import FileKind
from tests.integration.ledger.bank import Bank
from tests.integration.ledger.seen import kept
from tests.unit.ledger.samples import ACCOUNT, SAMPLES, damaged

DAMAGES, SEED = (int(os.environ.get(name) or usual) for name, usual in (("DAMAGES", 1), ("SEED", 5)))


async def test_damaged_files_are_taken_whole_or_leave_nothing(bank: Bank) -> None:
    types = {FileKind.XML: "application/xml", FileKind.CSV: "text/csv"}
    random, before = Random(SEED), await kept(bank)
    for name, (content, kind) in SAMPLES.items():
        for number, broken in enumerate(damaged(content, DAMAGES, random) if kind in types else ()):
            where = f"{name}, SEED={SEED}, damage {number}"
            params = {"bankacct": ACCOUNT} if kind is FileKind.CSV else {}
            answer = await bank.upload(broken, headers={"Content-Type": types[kind]}, params=params)
            assert answer.status_code in (202, 409, 422), f"{where}: {answer.text}"
            now = await kept(bank)
            if answer.status_code == 202:
                before = now
                continue
            assert now == before, where
            assert answer.json()["detail"], where
