"""Crossings that need all four services, each played with a person of its own."""

from collections.abc import Awaitable, Callable, Mapping

from tests.courses import CHECKER, CLERK, Somebody, apply, decide, enroll, release, seal, take_over
from tests.crossings.banks import Banks
from tests.four_services import FourServices
from tests.registry import CHENGDU, JINAN, bank_account

Course = Callable[[FourServices, Banks, Somebody], Awaitable[None]]


async def shown(system: FourServices, case: str) -> dict[str, str]:
    """State, money state and whether it is closed, as the platform shows them."""
    found = await system.done("platform_gateway", "GET", f"/transfers/{case}")
    return {name: found[name] for name in ("state", "money_state", "closed_at")}


async def payable_line(system: FourServices, banks: Banks, somebody: Somebody) -> None:
    """The money stands on the bank statement before the sheet is sealed; it is matched and credited when it comes."""
    await enroll(system, somebody)
    case = await apply(system, somebody)
    note = f"{case} {somebody.psn_name}"
    await banks.tell(CHENGDU, "receiver", 123456, note, bank_account(JINAN, "payer"))
    await seal(system, case)
    assert (await shown(system, case))["money_state"] == "matched"
    await take_over(system, case)
    assert (await shown(system, case))["money_state"] == "credited"


async def matched_case(system: FourServices, banks: Banks, somebody: Somebody) -> str:
    """A case whose sheet is at the inbound and whose money is matched there."""
    await enroll(system, somebody)
    case = await apply(system, somebody)
    await seal(system, case)
    await release(system, case)
    await banks.transfer(JINAN, CHENGDU, f"{case} {somebody.psn_name}", 123456)
    assert (await shown(system, case))["money_state"] == "matched"
    return case


async def terminate(
    system: FourServices, case: str, *, cause: str = "death", money_path: str = "return_to_outbound"
) -> None:
    """Jinan proposes the end, Chengdu confirms it; nothing is carried yet."""
    body = {"kind": "termination", "cause": cause, "reason": "两地核实一致", "money_path": money_path}
    path = f"/transfers/{case}/proposals"
    claims, confirming = CLERK | {"admdvs": JINAN}, CHECKER | {"admdvs": CHENGDU}
    seen = {"If-Match": "*"}
    made = await system.done("platform_gateway", "POST", path, claims=claims, json=body, headers=seen)
    confirmation = f"{path}/{made['proposal_id']}/confirmation"
    await system.done("platform_gateway", "POST", confirmation, claims=confirming, headers=seen)


async def money_back(system: FourServices, banks: Banks, case: str, somebody: Somebody) -> None:
    """Two clerks of Chengdu release the return, and both banks show it; it stands on Jinan's account again."""
    await release(system, case, admdvs=CHENGDU)
    await banks.transfer(CHENGDU, JINAN, f"{case} {somebody.psn_name}", 123456)
    seen = await shown(system, case)
    assert (seen["state"], seen["money_state"]) == ("terminated", "returned_to_payer")
    assert await balance(system, "outbound", somebody) == "1234.56"


async def balance(system: FourServices, package: str, somebody: Somebody) -> str:
    """What the person has on the account there."""
    claims = CLERK | {"admdvs": JINAN if package == "outbound" else CHENGDU}
    person = await system.done(package, "GET", f"/persons/{somebody.psn_no}", claims=claims)
    return str(person["record"]["account"]["balc"])


async def terminated_completed(system: FourServices, banks: Banks, somebody: Somebody) -> None:
    """Chengdu has imported and credited when the end comes: all of it is taken back, and the money returns."""
    case = await matched_case(system, banks, somebody)
    before = await balance(system, "inbound", somebody)
    await decide(system, "inbound", case, "submission", {"decision": "accept", "memo": "已核对"}, CLERK)
    await decide(system, "inbound", case, "review", {"decision": "approve"}, CHECKER)
    for _ in range(3):
        system.clock.advance(milliseconds=1)
        await system.turn(system["inbound"])
    assert await balance(system, "inbound", somebody) != before
    await terminate(system, case)
    await system.run()
    claims = CLERK | {"admdvs": CHENGDU}
    theirs = await system.done("inbound", "GET", f"/cases/{case}", claims=claims)
    assert (theirs["case"]["state"], theirs["case"]["core_failure"]) == ("terminated", None)
    person = await system.done("inbound", "GET", f"/persons/{somebody.psn_no}", claims=claims)
    assert person["taken_over"] == []
    assert await balance(system, "inbound", somebody) == before
    await money_back(system, banks, case, somebody)


async def recall(system: FourServices, case: str) -> None:
    """Two clerks of Jinan recall the version that the platform has taken in; nothing is carried yet."""
    await decide(system, "outbound", case, "recall", {"reason": "缴费年月录入有误，误签章"}, CLERK)
    await decide(system, "outbound", case, "recall/review", {"decision": "approve"}, CHECKER)


async def recalled_completed(system: FourServices, banks: Banks, somebody: Somebody) -> None:
    """Chengdu has imported and credited when the recall holds: the import goes, the credit counts for the next."""
    case = await matched_case(system, banks, somebody)
    before = await balance(system, "inbound", somebody)
    await decide(system, "inbound", case, "submission", {"decision": "accept", "memo": "已核对"}, CLERK)
    await decide(system, "inbound", case, "review", {"decision": "approve"}, CHECKER)
    for _ in range(3):
        system.clock.advance(milliseconds=1)
        await system.turn(system["inbound"])
    credited = await balance(system, "inbound", somebody)
    assert credited != before
    await recall(system, case)
    await system.run()
    assert (await shown(system, case))["state"] == "outbound_processing"
    history = (await system.done("platform_gateway", "GET", f"/transfers/{case}/history"))["items"]
    traces = [(line["command"], line["is_allowed"]) for line in history if line["command"] != "money_changed"]
    assert traces[-3:] == [("recall_sheet", True), ("recall_sheet", True), ("complete", False)]
    claims = CLERK | {"admdvs": CHENGDU}
    theirs = await system.done("inbound", "GET", f"/cases/{case}", claims=claims)
    assert (theirs["case"]["state"], theirs["case"]["core_failure"]) == ("returned", None)
    person = await system.done("inbound", "GET", f"/persons/{somebody.psn_no}", claims=claims)
    assert person["taken_over"] == []
    await seal(system, case)
    await take_over(system, case)
    seen = await shown(system, case)
    assert (seen["state"], seen["money_state"]) == ("completed", "credited")
    assert seen["closed_at"] is not None
    person = await system.done("inbound", "GET", f"/persons/{somebody.psn_no}", claims=claims)
    assert len(person["taken_over"]) == 1
    assert await balance(system, "inbound", somebody) == credited


COURSES: Mapping[str, Course] = {
    course.__name__.replace("_", "-"): course for course in (payable_line, terminated_completed, recalled_completed)
}
