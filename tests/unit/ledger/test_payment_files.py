"""Payment files: pain.001 against ISO's own schema, and banks' templates read back by the reader of statements."""

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.resources import files
from uuid import UUID

import pytest
from lxml import etree

from ledger.domain.payment_file import BankParty, Instruction, Payment, PaymentFileImpossible
from ledger.parsers.excel_rows import sheets_of
from ledger.writers.payment_file import UnknownPaymentForm, payment_forms, write
from ledger.writers.template import parse_template, shipped_templates

PAYER = BankParty("62020002", "北京医保中心", "102100099996", "工商银行北京某支行")
PAYEE = BankParty("62010001", "济南医保中心", "105451000018", "建设银行济南某支行")


def payment(number: int, fen: int, note: str = "ABCDEFGHJKLMNPQR 张三") -> Payment:
    return Payment(UUID(int=number), number * 10, f"ABCDEFGHJKLMNPQR-{number}", fen, PAYEE, note)


def instruction(*payments: Payment, payer: BankParty = PAYER) -> Instruction:
    made_at = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)
    return Instruction(UUID(int=7), payer, payments, made_at, date(2026, 3, 2))


def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring((files("ledger") / "writers/schemas/pain.001.001.09.xsd").read_bytes()))


@pytest.mark.law("N8")
def test_pain_001_is_valid_by_the_official_schema_and_exact() -> None:
    payments = [payment(number, fen) for number, fen in enumerate((1, 123456, 10**13 + 1), start=1)]
    document = etree.fromstring(write("pain.001", instruction(*payments)).content)
    assert schema().validate(document), schema().error_log
    head = "{*}CstmrCdtTrfInitn/{*}GrpHdr/{*}"
    assert document.findtext(f"{head}MsgId") == UUID(int=7).hex
    assert document.findtext(f"{head}CreDtTm") == "2026-03-02T00:30:00+08:00"
    assert (document.findtext(f"{head}NbOfTxs"), document.findtext(f"{head}CtrlSum")) == ("3", "100000001234.58")
    one = document.findall(".//{*}CdtTrfTxInf")[1]
    assert [text.strip() for text in map(str, one.itertext()) if text.strip()] == [
        UUID(int=2).hex,
        "ABCDEFGHJKLMNPQR-2",
        "1234.56",
        "CNAPS",
        "105451000018",
        "济南医保中心",
        "62010001",
        "CNY",
        "ABCDEFGHJKLMNPQR 张三",
    ]
    [amount] = one.findall("{*}Amt/{*}InstdAmt")
    assert amount.get("Ccy") == "CNY"


def test_pain_001_without_bank_codes_is_valid() -> None:
    bare = replace(PAYEE, bankcode=None, bank_name=None)
    content = write("pain.001", instruction(replace(payment(1, 1), payee=bare), payer=replace(PAYER, bankcode=None)))
    assert schema().validate(etree.fromstring(content.content))


@pytest.mark.parametrize(
    "change",
    [
        {"note": "张" * 141},
        {"note": "张\x01三"},
        {"payee": replace(PAYEE, acctname="")},
        {"payee": replace(PAYEE, bankacct="6" * 35)},
    ],
    ids=["long note", "control character", "no name", "long account"],
)
def test_pain_001_that_would_not_be_valid_is_refused_with_its_order(change: dict[str, object]) -> None:
    wrong = replace(payment(2, 200), **change)  # type: ignore[arg-type]
    with pytest.raises(PaymentFileImpossible) as refused:
        write("pain.001", instruction(payment(1, 100), wrong, payment(3, 300)))
    assert [error.pointer for error in refused.value.errors] == ["/orders/20"]


def test_payer_that_no_schema_takes_is_refused() -> None:
    with pytest.raises(PaymentFileImpossible, match="付款账户"):
        write("pain.001", instruction(payment(1, 1), payer=replace(PAYER, acctname="北" * 141)))


def rows_of(form: str, file: Instruction) -> list[list[str]]:
    written = write(form, file)
    if written.extension == "xlsx":
        [sheet] = sheets_of(io.BytesIO(written.content))
        return [list(row) for row in sheet.all()]
    template = shipped_templates()[form]
    text = written.content.decode(template.encoding)
    return list(csv.reader(io.StringIO(text), delimiter=template.delimiter))


@pytest.mark.parametrize("form", sorted(shipped_templates()))
def test_templates_say_who_how_much_and_what_for(form: str) -> None:
    header, first, second = rows_of(form, instruction(payment(1, 1), payment(2, 123456, "ABCDEFGHJKLMNPQR 欧阳𬭎")))
    assert header == [column.header for column in shipped_templates()[form].column]
    assert {"62010001", "济南医保中心", "ABCDEFGHJKLMNPQR 张三"} <= set(first)
    assert {"62010001", "济南医保中心", "ABCDEFGHJKLMNPQR 欧阳𬭎", "1234.56"} <= set(second)
    assert "0.01" in first


def test_template_tells_its_own_bank_from_others() -> None:
    own = replace(payment(2, 100), payee=replace(PAYEE, bankcode="102451000018"))
    header, other, same = rows_of("ccb", instruction(payment(1, 100), own))
    flag = next(place for place, name in enumerate(header) if "行别代码" in name)
    assert (other[flag], same[flag]) == ("02", "01")


def test_long_account_number_keeps_every_digit() -> None:
    account = "6222021234567890123"
    _, row = rows_of("icbc", instruction(replace(payment(1, 100), payee=replace(PAYEE, bankacct=account))))
    assert account in row


@pytest.mark.parametrize(
    ("form", "payee", "code"),
    [
        ("rcb", replace(PAYEE, bankcode=None), "missing"),
        ("icbc", replace(PAYEE, bank_name=None), "missing"),
        ("icbc", replace(PAYEE, acctname="济" * 31), "too-long"),
        ("rcb", replace(PAYEE, acctname="=HYPERLINK(1)"), "looks-like-formula"),
        ("ccb", replace(PAYEE, acctname="济南\n医保"), "not-printable"),
    ],
)
def test_what_does_not_fit_a_template_is_refused_with_its_order(form: str, payee: BankParty, code: str) -> None:
    with pytest.raises(PaymentFileImpossible) as refused:
        write(form, instruction(payment(1, 100), replace(payment(2, 100), payee=payee)))
    assert [(error.pointer, error.code) for error in refused.value.errors] == [("/orders/20", code)]


def test_unknown_form_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownPaymentForm, match=r"pain\.001.*icbc"):
        write("abc", instruction(payment(1, 1)))
    assert sorted(payment_forms()) == ["boc", "ccb", "icbc", "pain.001", "rcb"]


@pytest.mark.parametrize(
    "text",
    [
        'code = "x"\nname = "x"\nkind = "csv"\nis_assumed = true\n[[column]]\nheader = "金额"\nfield = "amount"',
        'code = "x"\nname = "x"\nkind = "csv"\nis_assumed = true\n[[column]]\nheader = "金额"\nfield = "sum"',
        'code = "x"\nname = "x"\nkind = "csv"\nis_assumed = true\n[[column]]\nheader = "金额"',
        'code = "x"\nname = "x"\nkind = "doc"\nis_assumed = true\ncolumn = []',
    ],
    ids=["says not who", "unknown field", "holds nothing", "unknown kind"],
)
def test_wrong_template_is_not_loaded(text: str) -> None:
    with pytest.raises(ValueError, match="validation error"):
        parse_template(text)
