"""Cases on paper: recorded as their agency tells them, shown with their origin, written to nobody."""

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest

from platform_gateway.use_cases.roll_up_statistics import roll_up_statistics
from shared.case_number import new_case_number
from shared.clock import local_date
from shared.contracts.addendum import AddendumCause, SheetAddendum
from shared.contracts.application import LodgedApplication
from shared.contracts.codes import AcctDisposition, MoneyPath, OptChnl, ReturnCode, TerminationCause
from shared.contracts.events import (
    AddendumIssued,
    PaperCaseOpened,
    SheetReturned,
    TransferCompleted,
    TransferCorrected,
    TransferTerminated,
    TransferWithdrawn,
)
from shared.contracts.events.relation import ReturnReason
from shared.contracts.paper import PaperAddendum, PaperSheet, TwoPeople
from shared.contracts.party import Party, Role
from shared.signing.paper import sign_statement
from tests.integration.platform_gateway.gateway import CHANNEL, CHENGDU, JINAN, LI_LEI, OPERATOR, Gateway, application

JINAN_OUT, JINAN_IN = Party(Role.OUTBOUND, JINAN), Party(Role.INBOUND, JINAN)
CHENGDU_IN = Party(Role.INBOUND, CHENGDU)
NUMBER, ANOTHER = new_case_number(Random(3)), new_case_number(Random(4))
ELSEWHERE = "659001"
ENDED = TransferTerminated(
    terminated_at=datetime(2026, 3, 2, tzinfo=UTC),
    cause=TerminationCause.PERSON_RETURNS,
    reason="参保人员返回原参保地",
    money_path=MoneyPath.RETAINED_AT_OUTBOUND,
)


def opened(gateway: Gateway, **changes: Any) -> PaperCaseOpened:
    """Li Lei leaves Jinan for an area that is not connected."""
    applied = application(trafout_admdvs=JINAN, trafin_admdvs=ELSEWHERE) | changes.pop("application", {})
    values: dict[str, Any] = {
        "lodged": LodgedApplication(application=applied, opt_chnl=OptChnl.OUTBOUND_WINDOW),
        "trafout_admdvs": applied["trafout_admdvs"],
        "trafin_admdvs": applied["trafin_admdvs"],
        "accepted_at": gateway.clock.now() - timedelta(days=20),
        "acct_disposition": AcctDisposition.TRANSFER,
    }
    return PaperCaseOpened.model_validate(values | changes)


@pytest.fixture(autouse=True)
async def known_registry(gateway: Gateway) -> None:
    """As a worker that has looked at the registry once; it holds an area that is not connected."""
    area = {"admdvs": ELSEWHERE, "name": "铁门关市医疗保障事务中心", "province": "650000", "city": ELSEWHERE}
    body = {"areas": [area | {"valid_from": "2020-01-01", "state": "not_connected"}], "keys": []}
    answer = await gateway.call("POST", "/registry/imports", OPERATOR, json=body)
    assert answer.is_success, answer.text
    await gateway.process.registry.fresh()


async def arrived(gateway: Gateway, number: str = NUMBER, version: int = 1) -> PaperCaseOpened:
    """Li Lei comes to Jinan from there, with a sheet on paper."""
    came = {"trafout_admdvs": ELSEWHERE, "trafin_admdvs": JINAN}
    row = {**came, "lodged": {"application": application()}, "rlts_traf_id": number, "acct_disposition": "transfer"}
    row |= {"trafout_insutype": "310", "trafin_insutype": "310", "trafout_admdvs": "510100"}
    sheet = gateway.sheet(row, version, 123456, trafout_admdvs=ELSEWHERE)
    statement = PaperSheet(
        sheet=sheet,
        scan_digest="ab" * 32,
        received_on=date(2026, 3, 2),
        people=TwoPeople(entered_by="wang", confirmed_by="zhao", confirmed_at=gateway.clock.now()),
    )
    text = await sign_statement(statement, gateway.keys.signers, JINAN_IN)
    return opened(gateway, application=came, sheet_version=version, paper_sheet=text)


async def added(gateway: Gateway, number: str, addendum_no: int = 1) -> AddendumIssued:
    """An addendum over one yuan came there on paper."""
    addendum = SheetAddendum(
        rlts_traf_id=number,
        addendum_no=addendum_no,
        sheet_version=1,
        trafout_admdvs=ELSEWHERE,
        trafin_admdvs=JINAN,
        psn_name=LI_LEI["psn_name"],
        cause=AddendumCause.INTEREST,
        reason="利息",
        amount=100,
        amount_cn="壹元整",
        opter_name="某某",
        agency_name="铁门关市医疗保障事务中心",
        issued_on=date(2026, 3, 1),
    )
    now = gateway.clock.now()
    statement = PaperAddendum(
        addendum=addendum,
        scan_digest="ab" * 32,
        received_on=date(2026, 3, 2),
        people=TwoPeople(entered_by="wang", confirmed_by="zhao", confirmed_at=now),
    )
    text = await sign_statement(statement, gateway.keys.signers, JINAN_IN)
    return AddendumIssued(addendum_no=addendum_no, sealed_addendum=text, amount=100, sealed_at=now)


async def test_a_case_that_came_on_paper_has_both_tracks_and_shows_its_origin(gateway: Gateway) -> None:
    await gateway.receive((JINAN_IN, NUMBER, await arrived(gateway)))
    assert await gateway.quarantined() == []
    shown = await gateway.shown(NUMBER)
    assert (shown["origin"], shown["state"], shown["money_state"]) == (
        "paper",
        "inbound_processing",
        "awaiting_payment",
    )
    assert {clock["kind"] for clock in shown["clocks"]} == {"inbound", "payment"}
    body = {"rlts_traf_id": NUMBER, "certno": LI_LEI["certno"]}
    progress = (await gateway.call("POST", "/progress", CHANNEL, json=body)).json()
    assert progress["relation"].startswith("医保关系（纸质办理）：信息表已于2026年3月2日送达转入地")
    assert (await gateway.call("GET", f"/transfers/{NUMBER}/sheets/1/arrival", CHANNEL)).status_code == 404
    done = TransferCompleted(sheet_version=1, completed_at=gateway.clock.now(), trafin_psn_no="P1")
    await gateway.receive((JINAN_IN, NUMBER, done))
    assert (await gateway.shown(NUMBER))["state"] == "completed"
    await gateway.receive((JINAN_IN, NUMBER, await arrived(gateway, version=2)))
    assert (await gateway.shown(NUMBER))["relation"]["correction_state"] == "under_way"
    corrected = TransferCorrected(sheet_version=2, corrected_at=gateway.clock.now())
    await gateway.receive((JINAN_IN, NUMBER, corrected))
    shown = await gateway.shown(NUMBER)
    assert (shown["state"], shown["relation"]["correction_state"], len(shown["sheets"])) == ("completed", "synced", 2)
    for addendum_no in (2, 1, 2):  # letters overtake one another, and are told once
        await gateway.receive((JINAN_IN, NUMBER, await added(gateway, NUMBER, addendum_no)))
    shown = await gateway.shown(NUMBER)
    assert [(each["addendum_no"], each["amount"]) for each in shown["addenda"]] == [(1, "1.00"), (2, "1.00")]
    assert await gateway.sent(NUMBER) == []
    assert await gateway.quarantined() == []
    await roll_up_statistics(gateway.process)
    nation = {"sub": "nation", "scope": "oversight:read", "oversight": "000000"}
    (line,) = (await gateway.call("GET", "/statistics?origin=paper", nation)).json()["items"]
    assert (line["volumes"]["accepted"], line["volumes"]["completed"], line["returns"]["sheets"]) == (1, 1, 1)


async def test_a_case_on_paper_holds_the_place_of_its_relation_and_is_found_where_it_came_second(
    gateway: Gateway,
) -> None:
    await gateway.receive((JINAN_OUT, NUMBER, opened(gateway)))
    assert {clock["kind"] for clock in (await gateway.shown(NUMBER))["clocks"]} == {"outbound", "total"}
    refused = (await gateway.apply()).json()
    assert [reason["code"] for reason in refused["reasons"]] == ["A08"]
    await gateway.receive((JINAN_OUT, ANOTHER, opened(gateway)))
    assert ("duplicate_found", "checking", True) in await gateway.history(ANOTHER)
    await gateway.receive((JINAN_OUT, NUMBER, TransferWithdrawn(withdrawn_at=gateway.clock.now(), reason="不转了")))
    assert (await gateway.shown(NUMBER))["state"] == "withdrawn"
    assert await gateway.quarantined() == []


async def test_an_old_case_that_was_open_before_every_policy_goes_on(gateway: Gateway) -> None:
    await gateway.receive((JINAN_OUT, NUMBER, opened(gateway, accepted_at=datetime(2021, 11, 1, tzinfo=UTC))))
    await gateway.issue(NUMBER)
    reasons = (ReturnReason(code=ReturnCode.ROWS, row=1, box="months"),)
    returned = SheetReturned(sheet_version=1, returned_at=gateway.clock.now(), reasons=reasons)
    gateway.clock.advance(days=2)
    await gateway.receive((JINAN_OUT, NUMBER, returned))
    shown = await gateway.shown(NUMBER)
    assert shown["state"] == "returned"
    # From the day of the return on, as the outbound counts, however late it is heard of.
    [again] = [clock for clock in shown["clocks"] if clock["kind"] == "outbound" and clock["stopped_at"] is None]
    assert (again["started_on"], again["days"]) == (local_date(returned.returned_at).isoformat(), 10)
    assert await gateway.quarantined() == []


async def test_a_case_that_runs_through_the_platform_takes_no_sheet_on_paper(gateway: Gateway) -> None:
    case = await gateway.accepted()
    before = await gateway.shown(case)
    for forged in (await arrived(gateway, case), opened(gateway)):
        await gateway.receive((JINAN_IN if forged.paper_sheet else JINAN_OUT, case, forged))
    await gateway.receive((CHENGDU_IN, case, await added(gateway, case)))
    after = await gateway.shown(case)
    assert (after["state"], after["clocks"]) == (before["state"], before["clocks"])
    assert len(await gateway.quarantined()) == 3


async def test_nobody_opens_or_ends_on_paper_what_is_not_his(gateway: Gateway) -> None:
    await gateway.receive((CHENGDU_IN, NUMBER, opened(gateway)))
    forged = (await arrived(gateway)).model_copy(update={"sheet_version": 2})
    await gateway.receive((JINAN_IN, ANOTHER, forged))
    case = await gateway.accepted()
    await gateway.issue(case)
    completed = TransferCompleted(sheet_version=1, completed_at=gateway.clock.now(), trafin_psn_no="P1")
    await gateway.receive((JINAN_OUT, case, completed))
    await gateway.receive((CHENGDU_IN, case, ENDED))
    assert (await gateway.shown(case))["state"] == "inbound_processing"
    assert len(await gateway.quarantined()) == 4


async def test_the_agency_of_a_case_on_paper_ends_it_after_its_sheet(gateway: Gateway) -> None:
    await gateway.receive((JINAN_IN, NUMBER, await arrived(gateway)))
    await gateway.receive((JINAN_IN, NUMBER, ENDED))
    shown = await gateway.shown(NUMBER)
    assert shown["state"] == "terminated"
    assert all(clock["stopped_at"] for clock in shown["clocks"])
    assert (await gateway.sent(NUMBER), await gateway.quarantined()) == ([], [])
