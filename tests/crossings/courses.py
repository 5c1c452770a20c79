"""Crossings that need all four services, each played with a person of its own."""

from collections.abc import Awaitable, Callable, Mapping

from tests.courses import Somebody, apply, enroll, seal, take_over
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


COURSES: Mapping[str, Course] = {course.__name__.replace("_", "-"): course for course in (payable_line,)}
