"""Benefits from the acceptance to the final decision, and how the day passes."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from inbound.repository.benefits import BenefitsVersion, decisions_of
from inbound.repository.years import assessments_of
from inbound.use_cases.ask_cores import ask_cores
from inbound.use_cases.finish_benefits import finish_due
from shared.contracts.codes import PsnInsuStas
from shared.contracts.core_facts import CoreFactsAnswer
from shared.contracts.events import BenefitsDecided, SheetRecalled, TransferCompleted
from shared.contracts.facts import CheckResult, Relation, Side, SideFacts
from shared.contracts.info_sheet import InfoSheet
from shared.registry.models import RegistrySnapshot
from shared.registry.policy.region_file import RegionFile
from tests.clocks import SOME_MORNING
from tests.integration.inbound.conftest import As, StartService
from tests.integration.inbound.parts import InboundService, snapshot
from tests.integration.outbound.stand_in_core import StandInCore
from tests.people import contribution, person_record, relation
from tests.unit.inbound.builders import CASE, IN_AREA, OUT_AREA, info_sheet, sheet_row

LAST_DAY = date(2026, 6, 30)
REVOKED = "SELECT count(*) FROM core_task WHERE kind = 'revoke_back_payment'"
REGISTERED = relation(crt_insu_date="2026-02-03")
"""In Beijing until October 2025, in Jinan since February 2026: an interruption of three months."""


async def arrived(start_service: StartService, *, is_told: bool = True, **settings: Any) -> InboundService:
    """A case whose relation has arrived on 2 March 2026, with the interruption not paid for.

    ``is_told``: the core has pushed the first payment already.
    """
    service = await start_service(auto_accept_agencies={IN_AREA}, **settings)
    paid = [contribution("202602", "202602")] if is_told else []
    await service.push(relations=[REGISTERED], contributions=paid, rid="2")
    left = relation(psn_insu_rlts_id="RB1", psn_insu_stas=PsnInsuStas.SUSPENDED, paus_insu_date="2025-10-31")
    facts = SideFacts(
        facts_as_of=SOME_MORNING, psn_no="B1", relations=(Relation.model_validate(left),), last_paid_ym="202510"
    )
    told = CheckResult(rlts_traf_id=CASE, side=Side.OUTBOUND, admdvs=OUT_AREA, facts=facts)
    await service.accept(outbound_facts=told)
    await service.route(until_october())
    await service.run_core()
    return service


def until_october() -> InfoSheet:
    """Twenty years and ten months in Beijing."""
    return info_sheet(rows=[sheet_row(accrym_begn="200501", accrym_end="202510", months=250)])


async def versions(service: InboundService) -> list[BenefitsVersion]:
    async with service.database.connection() as connection:
        return await decisions_of(connection, CASE)


async def look_again(service: InboundService) -> int:
    async with service.database.transaction() as connection:
        return await finish_due(connection, service.office, limit=10)


async def test_a_recall_that_crosses_the_completion_revokes_what_the_core_may_have_allowed(
    start_service: StartService,
) -> None:
    service = await arrived(start_service)
    await service.receive(SheetRecalled(sheet_version=1, recalled_at=service.clock.now(), reason="误签章"))
    await service.run_core()
    kinds = "SELECT array_agg(kind ORDER BY position) FROM core_task WHERE kind LIKE '%back_payment' AND state = 'done'"
    assert await service.one(kinds) == ["allow_back_payment", "revoke_back_payment"]
    assert await service.one("SELECT count(*) FROM case_history WHERE what = 'back_payment_revoked'") == 1
    assert await service.one("SELECT count(*) FROM open_benefits") == 0


@pytest.mark.law("N11-1", "N12")
async def test_becomes_final_when_the_core_pushes_the_payment(
    start_service: StartService,
    as_caller: Callable[[InboundService], As],
) -> None:
    service = await arrived(start_service)
    provisional, preview = await versions(service)
    assert [preview.stage, provisional.stage] == ["preview", "provisional"]
    assert provisional.decision.outcome.first_benefit_date == date(2026, 3, 1)
    assert provisional.decision.back_pay_until == LAST_DAY

    [(_, told)] = await service.sent(TransferCompleted)
    assert told["benefits"]["back_pay_until"] == LAST_DAY.isoformat()
    assert told["benefits"]["first_benefit_date_if_back_paid"] == "2026-02-01"
    assert told["years"]["accumulated_months"] == 251
    task = "SELECT effective_date FROM core_task WHERE kind = 'allow_back_payment'"
    assert await service.one(task) == LAST_DAY

    clerk = as_caller(service)("cases:read records:read")
    if_paid = (await clerk.get(f"/v1/cases/{CASE}/benefits-preview?pay_on=2026-04-10")).json()
    assert if_paid["outcome"]["first_benefit_date"] == "2026-02-01"
    assert if_paid["outcome"]["reimbursed_from"] == "2025-11-01"
    too_late = (await clerk.get(f"/v1/cases/{CASE}/benefits-preview?pay_on=2026-07-01")).json()
    assert too_late["outcome"]["rule"] == "short_gap_not_back_paid"
    await the_platform_asks_for_others(as_caller(service)("platform"), if_paid)

    assert await look_again(service) == 0
    service.clock.advance(days=20)
    paid = contribution("202511", "202601", cashym="202603", rid="late")
    await service.push(
        relations=[REGISTERED], contributions=[contribution("202602", "202602"), paid], rid="3", updt_time=later()
    )
    assert await look_again(service) == 1
    final, *_ = await versions(service)
    assert (final.stage, final.cause, final.version) == ("final", "records_changed", 3)
    assert final.decision.outcome.is_gap_reimbursed
    assert await service.one(REVOKED) == 0
    assert final.decision.outcome.articles == ("N11", "J2")
    assert await look_again(service) == 0
    [(_, told)] = await service.sent(BenefitsDecided)
    assert (told["benefits"]["is_final"], told["benefits"]["first_benefit_date"]) == (True, "2026-02-01")

    clerk = as_caller(service)("cases:read records:read")
    record = (await clerk.get("/v1/persons/P1/contribution-record")).json()
    assert [each["stage"] for each in record["benefits"]] == ["final"]
    assert record["years"]["assessment"]["accumulated_months"] == 251
    shown = (await clerk.get(f"/v1/cases/{CASE}")).json()
    assert [each["stage"] for each in shown["benefits"]] == ["final", "provisional", "preview"]
    assert await feed_of(service) == ["inbound.benefits_provisional", "inbound.benefits_final"]


async def the_platform_asks_for_others(platform: httpx.AsyncClient, shown: dict[str, Any]) -> None:
    """The same decision, to whom it does not matter in which group our records count the person."""
    asked = {"rlts_traf_id": CASE, "trafin_admdvs": IN_AREA, "pay_on": "2026-04-10"}
    told = (await platform.post("/v1/benefits-previews", json=asked)).json()["preview"]
    outcome = shown["outcome"]
    assert {name: told[name] for name in told.keys() & outcome.keys()} == {
        name: outcome[name] for name in told.keys() & outcome.keys()
    }
    assert (told["explanation"], told["gap_months"]) == (shown["explanation"], 3)
    for unknown in ({"trafin_admdvs": OUT_AREA}, {"rlts_traf_id": "ZZZZZZZZZZZZZZZZ"}):
        answer = await platform.post("/v1/benefits-previews", json=asked | unknown)
        assert answer.json() == {"preview": None}, answer.text


def later() -> str:
    return datetime(2026, 3, 20, tzinfo=UTC).isoformat()


async def feed_of(service: InboundService) -> list[str]:
    async with service.database.connection() as connection:
        rows = await connection.scalars(text("SELECT type FROM feed WHERE type LIKE '%benefits%' ORDER BY feed_id"))
        return list(rows)


@pytest.mark.law("N11-1")
async def test_stays_open_until_the_core_has_told_the_first_payment(start_service: StartService) -> None:
    service = await arrived(start_service, is_told=False)
    unknown, preview = await versions(service)
    assert (unknown.stage, unknown.decision.outcome.rule, preview.stage) == ("provisional", "facts_missing", "preview")
    allowed = "SELECT effective_date FROM core_task WHERE kind = 'allow_back_payment'"
    assert await service.one(allowed) is None
    [(_, told)] = await service.sent(TransferCompleted)
    assert (told["benefits"]["is_final"], told["benefits"]["first_benefit_date"]) == (False, None)

    paid = [contribution("202602", "202602")]
    for rid, day in (("3", 20), ("4", 21)):
        service.clock.advance(days=20)
        at = datetime(2026, 3, day, tzinfo=UTC).isoformat()
        await service.push(relations=[REGISTERED], contributions=paid, rid=rid, updt_time=at)
        assert await look_again(service) == 1
    known, *before = await versions(service)
    assert (known.stage, known.cause, len(before)) == ("provisional", "records_changed", 2)
    assert (known.decision.outcome.rule, known.decision.back_pay_until) == ("short_gap_not_back_paid", LAST_DAY)
    assert await service.one(allowed) == LAST_DAY
    [(_, told)] = await service.sent(BenefitsDecided)
    assert (told["benefits"]["is_final"], told["benefits"]["back_pay_until"]) == (False, LAST_DAY.isoformat())

    assert await decided_on(service, rid="5") == ("provisional", "facts_missing")
    assert await service.one(REVOKED) == 0
    # Registered, but first paid for in March: an interruption of four months is none that can be paid for.
    assert await decided_on(service, contribution("202603", "202603"), rid="6") == ("final", "long_gap")
    assert await service.one(REVOKED) == 1


async def decided_on(service: InboundService, *paid: dict[str, Any], rid: str) -> tuple[str, str]:
    """Stage and rule of what is decided once the core has pushed these contributions and no others."""
    service.clock.advance(days=1)
    at = datetime(2026, 3, 25, tzinfo=UTC).isoformat()
    await service.push(relations=[REGISTERED], contributions=list(paid), rid=rid, updt_time=at)
    assert await look_again(service) == 1
    newest, *_ = await versions(service)
    return newest.stage, newest.decision.outcome.rule


@pytest.mark.law("N11-1")
async def test_becomes_final_when_the_last_day_has_passed(start_service: StartService) -> None:
    service = await arrived(start_service)
    service.clock.advance(days=120)  # 30 June, 09:00 in Shanghai
    await service.publish(reaching_back())
    assert await look_again(service) == 0
    service.clock.advance(hours=15)
    assert await look_again(service) == 1
    final, *_ = await versions(service)
    assert (final.stage, final.cause) == ("final", "day_passed")
    assert final.decision.outcome.rule == "short_gap_not_back_paid"
    assert final.decision.outcome.first_benefit_date == date(2026, 3, 1)
    assert not final.decision.may_back_pay
    assert await service.one(REVOKED) == 0
    provisional = (await versions(service))[1]
    assert final.decision.policy_version == provisional.decision.policy_version


def reaching_back() -> RegistrySnapshot:
    """A second version, with a city's file that would have held on the day of acceptance already."""
    held = snapshot(version=2)
    changed = {
        "region": IN_AREA,
        "name": "济南市",
        "inherits": "370000",
        "versions": [
            {
                "valid_from": "2022-01-01",
                "sources": ["后来的通知"],
                "benefits": {"long_gap_across_provinces": {"first_month": "month_of_payment", "waiting_months": 6}},
            }
        ],
    }
    files = [file for file in held.policies if file.region != IN_AREA]
    return held.model_copy(update={"policies": (*files, RegionFile.model_validate(changed))})


@pytest.mark.law("N11-1")
async def test_an_external_core_is_asked_and_reports_the_payment_with_its_task(
    start_service: StartService,
    as_caller: Callable[[InboundService], As],
    core: StandInCore,
) -> None:
    pulled = {"external_core_agencies": {IN_AREA}, "pulled_cores": {IN_AREA: core.settings}}
    service = await arrived(start_service, is_told=False, **pulled)
    as_: As = as_caller(service)
    worker = as_("core:work")
    [imports] = (await worker.get("/v1/core-tasks")).json()["items"]
    done = {"outcome": "done", "at": service.clock.now().isoformat(), "core_ref": "C1"}
    assert (await worker.post(f"/v1/core-tasks/{imports['task_id']}/result", json=done)).status_code == 204
    await the_core_is_asked_once_a_day(service, core)
    worker = as_("core:work")
    tasks = (await worker.get("/v1/core-tasks")).json()["items"]
    [task] = [each for each in tasks if each["kind"] != "credit_account"]
    assert (task["kind"], task["effective_date"]) == ("allow_back_payment", LAST_DAY.isoformat())
    result = f"/v1/core-tasks/{task['task_id']}/result"
    paid = done | {"back_payment": {"paid_on": "2026-03-02", "is_in_full": True}}
    assert [(await worker.post(result, json=paid)).status_code for _ in range(2)] == [204, 204]
    other = paid | {"back_payment": {"paid_on": "2026-03-01", "is_in_full": True}}
    assert (await worker.post(result, json=other)).status_code == 409
    final, *_ = await versions(service)
    assert (final.stage, final.cause) == ("final", "core_reported")
    async with service.database.connection() as connection:
        [years] = await assessments_of(connection, CASE)
    assert years.assessment.required_months == 360


async def the_core_is_asked_once_a_day(service: InboundService, core: StandInCore) -> None:
    """It does not answer on the first day, and tells the first payment on the second."""
    core.status, core.answer = 503, b""
    assert [await ask_cores(service.database, service.office, limit=10) for _ in range(2)] == [1, 0]
    assert (await look_again(service), len(core.asked)) == (0, 1)
    service.clock.advance(days=1)
    record = person_record(
        relations=[REGISTERED], contributions=[contribution("202602", "202602")], rid="3", updt_time=SOME_MORNING
    )
    core.status, core.answer = 200, CoreFactsAnswer(facts_as_of=service.clock.now(), persons=(record,))
    assert [await ask_cores(service.database, service.office, limit=10) for _ in range(2)] == [1, 0]
    assert await look_again(service) == 1
    known, unknown, *_ = await versions(service)
    assert (unknown.decision.outcome.rule, known.decision.outcome.rule) == ("facts_missing", "short_gap_not_back_paid")
    assert await ask_cores(service.database, service.office, limit=10) == 0


@pytest.mark.law("N11-1", "N12")
async def test_benefits_and_years_are_tried_one_by_one_and_many_at_once(
    start_service: StartService, as_caller: Callable[[InboundService], As]
) -> None:
    trier = as_caller(await arrived(start_service))("trials:run")
    ndjson = {"Content-Type": "application/x-ndjson"}
    areas = {"trafout_admdvs": OUT_AREA, "trafin_admdvs": IN_AREA}
    gap = areas | {"trafout_insutype": "310", "trafin_insutype": "310", "last_paid_ym": "202510"}
    paid = [{"insutype": "310", "accrym_begn": "200601", "accrym_end": "202512", "admdvs": OUT_AREA}]
    for what, trial, wrong in (
        ("benefits", gap | {"paid_on": "2026-03-02"}, {"brdy": "2099-01-01"}),
        ("years", areas | {"gend": "2", "paid": paid}, {"gend": "7"}),
    ):
        one = await trier.post(f"/v1/trials/{what}", json=trial)
        assert one.status_code == 200, one.text
        lines = "\n".join(json.dumps(each) for each in (trial, trial | wrong))
        many = await trier.post(f"/v1/trials/{what}/batch", content=lines.encode(), headers=ndjson)
        told, refused = (json.loads(line) for line in many.text.splitlines())
        assert told == {"line": 1, "answer": one.json()}
        assert (refused["line"], refused["errors"][0]["pointer"]) == (2, f"/{next(iter(wrong))}")
