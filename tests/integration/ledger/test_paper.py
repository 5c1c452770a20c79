"""Obligations that rest on paper: the agency's signed statement stands for seal and countersignature."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from shared.contracts.addendum import AddendumCause, SheetAddendum
from shared.contracts.codes import Origin
from shared.contracts.events import AddendumPayable, BalancePayable
from shared.contracts.paper import (
    AddendumDispatch,
    PaperAddendum,
    PaperDispatch,
    PaperSheet,
    StatedAccount,
    TwoPeople,
)
from shared.contracts.party import Party
from shared.signing.addendum import seal_addendum
from shared.signing.paper import sign_statement
from shared.signing.seal import seal_sheet, sheet_digest
from tests.integration.ledger.areas import BEIJING, BEIJING_OUT, EVERYBODY, JINAN, JINAN_IN, info_sheet
from tests.integration.ledger.bank import Bank
from tests.integration.ledger.seen import entries, heard
from tests.unit.ledger.files import Move, camt

SCAN = "a" * 64
ELSEWHERE = StatedAccount(bankacct="62990001", acctname="某市医保中心")


def people(bank: Bank) -> TwoPeople:
    return TwoPeople(entered_by="zhang", confirmed_by="li", confirmed_at=bank.clock.now())


async def paper_payable(
    bank: Bank, case: str, *, signed_by: str = f"inbound.{JINAN}", **changes: Any
) -> BalancePayable:
    """What the inbound of Jinan tells of a paper sheet from Beijing over 123.45."""
    statement = PaperSheet(
        sheet=info_sheet(case, 12345, "张三", 1),
        scan_digest=SCAN,
        received_on=date(2026, 3, 2),
        payer_account=ELSEWHERE,
        people=people(bank),
    )
    return BalancePayable.model_validate(
        {
            "obligation_no": "1",
            "sheet_version": 1,
            "trafout_admdvs": BEIJING,
            "trafin_admdvs": JINAN,
            "psn_name": "张三",
            "amount": 12345,
            "sealed_sheet": await sign_statement(statement, EVERYBODY, Party.parse(signed_by)),
            "arrival": "",
            "payer_bankacct": ELSEWHERE.bankacct,
            "payee_bankacct": JINAN_IN,
            "origin": Origin.PAPER,
        }
        | changes
    )


@pytest.mark.law("N9-2")
async def test_money_for_a_paper_sheet_matches_like_any_other(bank: Bank) -> None:
    case = bank.case()
    await bank.receive(await paper_payable(bank, case), case, f"inbound.{JINAN}", f"ledger.{JINAN}")
    [owed] = await bank.obligations(case)
    assert (owed["origin"], owed["state"], owed["payer_bankacct"]) == ("paper", "open", ELSEWHERE.bankacct)
    move = Move(12345, other=ELSEWHERE.bankacct, note=f"{case} 张三")
    await bank.book(camt(JINAN_IN, [move]))
    [owed] = await bank.obligations(case)
    assert owed["state"] == "matched"
    assert await heard(bank, case) == [("BalanceReceived", "123.45", None), ("BalanceMatched", "123.45", None)]
    assert await heard(bank, case, by=f"inbound.{JINAN}") == [("BalanceMatched", "123.45", None)]
    assert await entries(bank, case, "transfer_income") == [("credit", "123.45")]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"signed_by": f"inbound.{BEIJING}"}, "signature-key-owner-wrong"),
        ({"signed_by": f"outbound.{JINAN}"}, "signature-key-owner-wrong"),
        ({"amount": 12346}, "payable-disagrees-with-sheet"),
        ({"payer_bankacct": "62999999"}, "payable-account-not-registered"),
        ({"payee_bankacct": ELSEWHERE.bankacct}, "payable-account-not-registered"),
        ({"origin": Origin.ELECTRONIC}, "signature-malformed"),
    ],
)
async def test_what_the_statement_does_not_say_is_not_believed(
    bank: Bank, changes: dict[str, Any], reason: str
) -> None:
    case = bank.case()
    event = await paper_payable(bank, case, **changes)
    await bank.receive(event, case, f"inbound.{JINAN}", f"ledger.{JINAN}")
    assert await bank.obligations(case) == []
    assert await bank.quarantined() == [reason]


async def test_paper_that_names_no_account_is_owed_but_never_matched_by_itself(bank: Bank) -> None:
    case = bank.case()
    event = await paper_payable(bank, case, payer_bankacct="")
    await bank.receive(event, case, f"inbound.{JINAN}", f"ledger.{JINAN}")
    await bank.book(camt(JINAN_IN, [Move(12345, other=BEIJING_OUT, note=f"{case} 张三")]))
    [owed] = await bank.obligations(case)
    assert owed["state"] == "open"
    assert len(await bank.reasons()) == 1


async def test_a_dispatch_on_paper_frees_the_payment(bank: Bank) -> None:
    case = bank.case()
    sheet = info_sheet(case, 12345, "张三", 1)
    outbound = Party.parse(f"outbound.{BEIJING}")
    sealed = await seal_sheet(sheet, EVERYBODY, outbound)
    dispatch = PaperDispatch(
        rlts_traf_id=case,
        sheet_version=1,
        sheet_digest=sealed.digest,
        dispatched_on=date(2026, 3, 2),
        note="挂号信 X1",
        payee_account=ELSEWHERE,
        people=people(bank),
    )
    event = (await paper_payable(bank, case)).model_copy(
        update={
            "sealed_sheet": sealed.text,
            "arrival": await sign_statement(dispatch, EVERYBODY, outbound),
            "payer_bankacct": BEIJING_OUT,
            "payee_bankacct": ELSEWHERE.bankacct,
        }
    )
    other = event.model_copy(
        update={
            "arrival": await sign_statement(dispatch.model_copy(update={"sheet_digest": SCAN}), EVERYBODY, outbound)
        }
    )
    await bank.receive(other, bank.case(), str(outbound), f"ledger.{BEIJING}")
    assert await bank.quarantined() == ["sheet-digest-differs"]
    await bank.receive(event, case, str(outbound), f"ledger.{BEIJING}")
    [order] = await bank.orders(case)
    assert (order["state"], order["payee_bankacct"], order["payee_acctname"]) == ("ready", "62990001", "某市医保中心")
    assert order["origin"] == "paper"


async def test_an_addendum_on_paper_is_owed_by_the_agencys_own_statement(bank: Bank) -> None:
    case, inbound, outbound = bank.case(), Party.parse(f"inbound.{JINAN}"), Party.parse(f"outbound.{BEIJING}")
    addendum = SheetAddendum(
        rlts_traf_id=case,
        addendum_no=1,
        sheet_version=1,
        trafout_admdvs=BEIJING,
        trafin_admdvs=JINAN,
        psn_name="张三",
        cause=AddendumCause.INTEREST,
        reason="利息",
        amount=100,
        amount_cn="壹元整",
        opter_name="某某",
        agency_name="北京市医保中心",
        issued_on=date(2026, 3, 1),
    )
    came = PaperAddendum(
        addendum=addendum,
        scan_digest=SCAN,
        received_on=date(2026, 3, 2),
        payer_account=ELSEWHERE,
        people=people(bank),
    )
    event = AddendumPayable(
        obligation_no="901",
        addendum_no=1,
        trafout_admdvs=BEIJING,
        trafin_admdvs=JINAN,
        psn_name="张三",
        amount=100,
        sealed_addendum=await sign_statement(came, EVERYBODY, inbound),
        arrival="",
        payer_bankacct=ELSEWHERE.bankacct,
        payee_bankacct=JINAN_IN,
        origin=Origin.PAPER,
    )
    forged = event.model_copy(update={"sealed_addendum": await sign_statement(came, EVERYBODY, outbound)})
    await bank.receive(forged, case, str(inbound), f"ledger.{JINAN}")
    assert await bank.quarantined() == ["signature-key-owner-wrong"]
    other = bank.case()
    content = addendum.model_copy(update={"rlts_traf_id": other})
    told = event.model_copy(
        update={
            "sealed_addendum": await sign_statement(came.model_copy(update={"addendum": content}), EVERYBODY, inbound)
        }
    )
    await bank.receive(told, other, str(inbound), f"ledger.{JINAN}")
    await bank.book(camt(JINAN_IN, [Move(100, other=ELSEWHERE.bankacct, note=f"{other} 张三")]))
    [owed] = await bank.obligations(other)
    assert (owed["reason"], owed["origin"], owed["state"]) == ("addendum", "paper", "matched")

    leaving = bank.case()
    sealed = await seal_addendum(addendum.model_copy(update={"rlts_traf_id": leaving}), EVERYBODY)
    sent = AddendumDispatch(
        rlts_traf_id=leaving,
        addendum_no=1,
        digest=sheet_digest(sealed),
        dispatched_on=date(2026, 3, 2),
        note="挂号信 X2",
        payee_account=ELSEWHERE,
        people=people(bank),
    )
    dispatched = {
        "sealed_addendum": sealed,
        "arrival": await sign_statement(sent, EVERYBODY, outbound),
        "payer_bankacct": BEIJING_OUT,
        "payee_bankacct": ELSEWHERE.bankacct,
    }
    await bank.receive(event.model_copy(update=dispatched), leaving, str(outbound), f"ledger.{BEIJING}")
    [order] = await bank.orders(leaving)
    assert (order["state"], order["amount"], order["payee_acctname"]) == ("ready", "1.00", "某市医保中心")


def test_two_people_are_two() -> None:
    with pytest.raises(ValidationError, match="不同人员"):
        TwoPeople.model_validate(
            {"entered_by": "zhang", "confirmed_by": "zhang", "confirmed_at": "2026-03-02T01:00:00Z"}
        )
