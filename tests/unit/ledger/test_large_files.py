"""Files of many megabytes pass through a bounded memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

MEGABYTES, ALLOWED = 55, 60
READ = """
import json, resource, sys
from ledger.parsers.file_kind import FileKind
from ledger.parsers.statement_file import open_statement_file

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

before = peak()
with open(sys.argv[1], "rb") as file:
    opened = open_statement_file(file, FileKind(sys.argv[2]))
    lines = sum(1 for _ in opened.lines())
print(json.dumps({"lines": lines, "grown": peak() - before}))
"""


@pytest.mark.parametrize("form", ["camt", "junk", "csv"])
def test_reading_stays_bounded(form: str, tmp_path: Path) -> None:
    path = tmp_path / form
    count = _write(path, form)
    assert path.stat().st_size > MEGABYTES * 2**20
    kind = "csv" if form == "csv" else "xml"
    done = subprocess.run([sys.executable, "-c", READ, str(path), kind], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["lines"] == count
    assert found["grown"] < ALLOWED


def _write(path: Path, form: str) -> int:
    """A sound statement of ``MEGABYTES`` whose lines carry long notes; ``junk``: and unknown elements in between."""
    note = "长" * 1300
    count = MEGABYTES * 2**20 // len(note.encode()) + 1
    with path.open("w", encoding="utf-8") as file:
        if form == "csv":
            file.write("交易日期,对方户名,收入金额,支出金额,余额,账号,币种,对方账号,用途,附言,核心流水号\n")
            file.writelines(f"20260302,甲,1.00,,{n}.00,6201,CNY,6202,,{note},R{n}\n" for n in range(1, count + 1))
            return count
        file.write('<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt><Id>1</Id>')
        file.write("<Acct><Id><Othr><Id>6201</Id></Othr></Id></Acct>")
        for code, amount in (("OPBD", 0), ("CLBD", count)):
            file.write(f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">{amount}.00</Amt>')
            file.write("<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-02</Dt></Dt></Bal>")
        padding = f"<X><Y>{note}</Y></X>" if form == "junk" else ""
        told = "" if form == "junk" else note
        for _ in range(count):
            file.write(f'<Ntry><Amt Ccy="CNY">1.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>{padding}')
            file.write(f"<BookgDt><Dt>2026-03-02</Dt></BookgDt><AddtlNtryInf>{told}</AddtlNtryInf></Ntry>{padding}")
        file.write("</Stmt></BkToCstmrStmt></Document>")
    return count
