"""Whether a scenario came out as its file says, looked up at the platform, both agencies and the payee's ledger."""

from collections.abc import Iterator

from demo.case_run import CaseRun, Json
from demo.errors import NotInTime
from demo.records import psn_no_of
from demo.services import INBOUND, LEDGER, OUTBOUND, PLATFORM, Call, until
from demo.steps.agency_case import AgencyCase
from demo.steps.application import read_transfer
from demo.world import World
from shared.money import format_yuan, parse_yuan

_AWAITING_SHEET = "awaiting_sheet"


async def check(world: World, run: CaseRun) -> None:
    """Wait for what the scenario expects, and write into ``run.deviations`` whatever did not come so."""
    run.deviations += _answer_deviations(run)
    if not run.rlts_traf_id:
        return
    run.step("等待结果并核对")
    try:
        run.transfer = await until(
            lambda: read_transfer(world, run),
            lambda shown: not list(_transfer_deviations(run, shown)),
            what="办件达到预期状态",
            within_seconds=world.within_seconds,
        )
    except NotInTime:
        run.transfer = await read_transfer(world, run)
        run.deviations += _transfer_deviations(run, run.transfer)
    run.history = await _history(world, run)
    run.suspense = await read_suspense(world, run)
    run.deviations += _suspense_deviations(run)
    await _check_records(world, run)
    await _check_decisions(world, run)


def _answer_deviations(run: CaseRun) -> Iterator[str]:
    expect = run.scenario.expect
    if run.outcome != expect.outcome:
        yield f"申请结果为 {run.outcome}，应为 {expect.outcome}：{_reasons(run.answer)}"
    if expect.reasons and _reasons(run.answer) != sorted(expect.reasons):
        yield f"原因为 {_reasons(run.answer)}，应为 {sorted(expect.reasons)}"
    beside = sorted(code for answer in run.answers[1:] for code in _reasons(answer))
    if beside != sorted(expect.refused_beside):
        yield f"同时提交的其余申请被拒原因为 {beside}，应为 {sorted(expect.refused_beside)}"
    not_refused = [answer for answer in run.answers if answer["outcome"] not in ("refused", "not_taken")]
    if len(run.answers) > 1 and len(not_refused) != 1:
        yield f"同时提交的申请中有 {len(not_refused)} 件未被拒绝，应恰有一件"


def _reasons(answer: Json) -> list[str]:
    return sorted(reason["code"] for reason in answer.get("reasons", ()))


def _transfer_deviations(run: CaseRun, shown: Json) -> Iterator[str]:
    expect = run.scenario.expect
    pairs = (
        ("关系状态", expect.relation, shown["state"]),
        ("资金状态", expect.money, shown["money_state"]),
        ("是否办结", expect.is_closed, shown["closed_at"] is not None),
        ("信息表版本数", expect.sheet_versions, len(shown["sheets"])),
        ("银行划出金额", format_yuan(run.paid_fen), _paid(shown)),
    )
    for name, wanted, found in pairs:
        if wanted is not None and found != wanted:
            yield f"{name}为 {found}，应为 {wanted}"
    if expect.relation == "completed" and shown["relation"]["relation_ended_on"] is None:
        yield "转出地没有报告参保关系终止"


def _paid(shown: Json) -> str:
    facts = shown["money"]["facts"]
    return format_yuan(sum(parse_yuan(fact["amount"]) for fact in facts if fact["kind"] == "paid"))


def _suspense_deviations(run: CaseRun) -> Iterator[str]:
    wanted = run.scenario.expect.suspense_code
    found = suspense_reasons(run.suspense)
    if found != ([wanted] if wanted else []):
        yield f"待处理款原因为 {found}，应为 {[wanted] if wanted else []}"
    before = suspense_reasons(run.suspense_before_sheet)
    if run.scenario.course.money_arrives_first and before != [_AWAITING_SHEET]:
        yield f"信息表之前到账的款项，待处理原因为 {before}，应为 {[_AWAITING_SHEET]}"


def suspense_reasons(lines: list[Json]) -> list[str]:
    """The codes of what waits, sorted."""
    return sorted(line["suspense"]["reason"] for line in lines)


async def _history(world: World, run: CaseRun) -> list[Json]:
    path = f"/transfers/{run.rlts_traf_id}/history"
    token = world.callers.applicant(run.scenario)
    page = await world.services.json(Call(token, PLATFORM, "GET", path, params={"limit": "100"}))
    return list(page["items"])


async def read_suspense(world: World, run: CaseRun) -> list[Json]:
    """The bank lines that name this case and wait at either ledger, with the reason."""
    wish, found = run.scenario.application, []
    for admdvs in (wish.trafout_admdvs, wish.trafin_admdvs):
        token = world.callers.agency("clerk", admdvs)
        call = Call(token, LEDGER, "GET", "/suspense", params={"rlts_traf_id": run.rlts_traf_id})
        found += (await world.services.json(call))["items"]
    return found


async def _check_records(world: World, run: CaseRun) -> None:
    """The agencies' own records: relation ended, periods taken over, balance gone here and arrived there."""
    if run.scenario.course.is_withdrawn:
        if not run.person_before or run.person_after != run.person_before:
            run.deviations.append("撤销后转出地的记录与申请前不同")
        return
    if run.scenario.expect.relation != "completed":
        return
    wish = run.scenario.application
    try:
        await until(
            lambda: _person(world, run, OUTBOUND, wish.trafout_admdvs),
            lambda person: not list(_outbound_deviations(run, person)),
            what="转出地参保关系终止",
            within_seconds=world.within_seconds,
        )
    except NotInTime:
        run.deviations += _outbound_deviations(run, await _person(world, run, OUTBOUND, wish.trafout_admdvs))
    run.deviations += _inbound_deviations(run, await _person(world, run, INBOUND, wish.trafin_admdvs))


async def _check_decisions(world: World, run: CaseRun) -> None:
    """What the inbound decided on benefits and years when the relation arrived."""
    expect = run.scenario.expect
    if expect.benefits_rule is None and expect.is_years_reached is None:
        return
    case, _ = await AgencyCase(world, run, INBOUND, run.scenario.application.trafin_admdvs).read()
    run.benefits = case["benefits"][0]["decision"]
    run.years = case["years"][0]["assessment"]
    rule, is_reached = run.benefits["outcome"]["rule"], run.years["is_reached"]
    if expect.benefits_rule not in (None, rule):
        run.deviations.append(f"待遇衔接按规则 {rule} 判定，应为 {expect.benefits_rule}")
    if expect.is_years_reached not in (None, is_reached):
        run.deviations.append(f"缴费年限是否达到为 {is_reached}，应为 {expect.is_years_reached}")


async def _person(world: World, run: CaseRun, service: str, admdvs: str) -> Json:
    token = world.callers.agency("core", admdvs)
    return await world.services.json(Call(token, service, "GET", f"/persons/{psn_no_of(run.scenario)}"))


def _outbound_deviations(run: CaseRun, person: Json) -> Iterator[str]:
    record = person["record"]
    states = [relation["psn_insu_stas"] for relation in record["relations"]]
    if states != ["4"]:
        yield f"转出地参保关系状态为 {states}，应为 ['4']（N13）"
    balance = record["account"]["balc"] if record["account"] else "0.00"
    if run.scenario.expect.money in ("credited", "settled_otherwise") and balance != "0.00":
        yield f"转出地个人账户余额为 {balance}，应为 0.00"


def _inbound_deviations(run: CaseRun, person: Json) -> Iterator[str]:
    if not any(period["rlts_traf_id"] == run.rlts_traf_id for period in person["taken_over"]):
        yield "转入地没有记入转出地的参保缴费年限"
    side, account = run.scenario.inbound, person["record"]["account"]
    if side is None or account is None:
        return
    credited = parse_yuan(run.transfer["sheets"][-1]["amount"]) if run.scenario.expect.money == "credited" else 0
    if parse_yuan(account["balc"]) != side.balc + credited:
        yield f"转入地个人账户余额为 {account['balc']}，应为 {format_yuan(side.balc + credited)}"
