"""What pain.002 says and does: read from files of many kinds, judged by table, explained in Chinese."""

import io

import pytest

from ledger.domain.bank_answers import NEEDS_A_PERSON, OUTCOME_TEXTS, Answer, Asked, Outcome, judge
from ledger.domain.orders import OrderState
from ledger.domain.statement import StatementRefused
from ledger.domain.status_reasons import explain, explain_return
from ledger.parsers.pain002 import read
from tests.unit.ledger.status_reports import Told, pain002

RELEASED, PAID, RETURNED, REJECTED, READY, CANCELLED = (
    OrderState(state) for state in ("released", "paid", "returned", "rejected", "ready", "cancelled")
)


@pytest.mark.parametrize("version", ["03", "10", "14"])
def test_report_is_read_with_every_payment(version: str) -> None:
    told = [Told("E1", "RJCT", "AC04", "账户已销", "1.00"), Told("E2", "ACSP", None)]
    report = read(io.BytesIO(pain002(told, version=version)))
    assert (report.message_id, report.original_message_id, report.whole) == ("R1", "F" * 32, None)
    assert report.answers == (Answer("E1", "RJCT", "AC04", "账户已销", 100), Answer("E2", "ACSP", None, None, None))


def test_report_on_a_whole_file_is_read() -> None:
    report = read(io.BytesIO(pain002([], group="RJCT")))
    assert report.whole == Answer(None, "RJCT", "MS03", None, None)


def test_payment_without_a_status_of_its_own_has_that_of_its_group() -> None:
    told = pain002([Told("E1", "", "AC04"), Told("E2", "", None), Told("E3", "ACSC", None)], group="RJCT")
    answers = read(io.BytesIO(told.replace(b"<TxSts></TxSts>", b""))).answers
    assert [(one.status, one.reason_code) for one in answers] == [("RJCT", "AC04"), ("RJCT", "MS03"), ("ACSC", None)]


@pytest.mark.parametrize("others", [("ACSC", "RJCT"), ("RJCT", "ACSC")])
def test_payment_without_a_status_of_its_own_has_that_of_its_own_block(others: tuple[str, str]) -> None:
    blocks = "".join(
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{status}</OrgnlPmtInfId><PmtInfSts>{status}</PmtInfSts>"
        f"<TxInfAndSts><OrgnlEndToEndId>{status}-1</OrgnlEndToEndId></TxInfAndSts></OrgnlPmtInfAndSts>"
        for status in others
    )
    head, _, tail = pain002([]).decode().partition("<OrgnlPmtInfAndSts>")
    content = head + blocks + tail.partition("</OrgnlPmtInfAndSts>")[2]
    report = read(io.BytesIO(content.encode()))
    assert [(one.reference, one.status) for one in report.answers] == [(f"{each}-1", each) for each in others]
    assert report.whole is None, "neither is the status of everything in the file"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (pain002([Told("E")], version="02"), "statement-form-unsupported"),
        (pain002([Told("E")]).replace(b"CstmrPmtStsRpt", b"SomethingElse"), "statement-form-unsupported"),
        (pain002([Told("E")]).replace(b"<TxSts>RJCT</TxSts>", b""), "statement-line-invalid"),
        (pain002([Told("E", amount="1.234")]), "statement-line-invalid"),
        (pain002([Told("E")]).replace(b"<MsgId>R1</MsgId>", b""), "statement-line-invalid"),
        (pain002([Told("E")])[:-20], "statement-xml-broken"),
        (pain002([Told("E")], prologue='<!DOCTYPE x [<!ENTITY a "b">]>'), "statement-xml-doctype"),
        (pain002([Told("E")] * 20_001), "statement-form-unsupported"),
    ],
    ids=["old version", "other message", "no status", "third place", "no number", "cut off", "entities", "too many"],
)
def test_what_is_no_sound_report_is_refused_whole(content: bytes, code: str) -> None:
    with pytest.raises(StatementRefused) as refused:
        read(io.BytesIO(content))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("state", "before", "told", "outcome"),
    [
        (RELEASED, None, "ACSP", Outcome.NOTED),
        (RELEASED, None, "ACSC", Outcome.NOTED),
        (RELEASED, "ACSP", "ACSC", Outcome.NOTED),
        (RELEASED, "ACSC", "ACSP", Outcome.REPEATED),
        (RELEASED, "ACSP", "ACSP", Outcome.REPEATED),
        (RELEASED, None, "RJCT", Outcome.REJECTED),
        (RELEASED, "ACSP", "RJCT", Outcome.REJECTED),
        (RELEASED, "PDNG", "CANC", Outcome.REJECTED),
        (RELEASED, "ACSC", "RJCT", Outcome.CONTRADICTS),
        (PAID, None, "ACSC", Outcome.NOTED),
        (PAID, "ACSC", "RJCT", Outcome.CONTRADICTS),
        (PAID, None, "RJCT", Outcome.CONTRADICTS),
        (RETURNED, None, "RJCT", Outcome.CONTRADICTS),
        (REJECTED, "RJCT", "RJCT", Outcome.REPEATED),
        (REJECTED, "RJCT", "ACSP", Outcome.REPEATED),
        (REJECTED, "RJCT", "ACSC", Outcome.CONTRADICTS),
        (REJECTED, "ACSC", "ACSC", Outcome.REPEATED),
        (READY, None, "RJCT", Outcome.NOT_RELEASED),
        (CANCELLED, None, "ACSC", Outcome.NOT_RELEASED),
        (RELEASED, None, "XXXX", Outcome.UNKNOWN_STATUS),
    ],
)
def test_answers_are_judged(state: OrderState, before: str | None, told: str, outcome: Outcome) -> None:
    answer = Answer("E1", told, None, None, 100)
    assert judge(Asked(state, 100, before), answer) is outcome
    assert judge(None, answer) is Outcome.UNKNOWN_REFERENCE
    if outcome is not Outcome.UNKNOWN_STATUS:
        assert judge(Asked(state, 99, before), answer) is Outcome.AMOUNT_DIFFERS
    assert set(OUTCOME_TEXTS) == set(Outcome) > NEEDS_A_PERSON


@pytest.mark.parametrize(
    ("code", "words", "text"),
    [
        ("AC04", None, "账户已销户"),
        ("AM04", "请充值", "余额不足：请充值"),
        ("X9", "银行自有代码", "X9：银行自有代码"),
        (None, "户名不符", "户名不符"),
        (None, None, "银行未说明原因"),
    ],
)
def test_reasons_are_explained(code: str | None, words: str | None, text: str) -> None:
    assert explain(code, words) == text


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ("AC04", "账户已销户"),
        ("AC04 李雷已销户", "账户已销户"),
        ("李雷 已销户", "银行退回，未说明原因"),
        (None, "银行退回，未说明原因"),
    ],
)
def test_others_are_told_only_what_the_code_says(told: str | None, text: str) -> None:
    assert explain_return(told) == text
