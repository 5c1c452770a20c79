"""Whole transfers through the public APIs of all four services, stage by stage."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.four_services import FourServices
from tests.people import contribution, person_document, relation
from tests.registry import CHENGDU, JINAN, bank_account
from tests.unit.ledger.files import Move, camt

CLERK, CHECKER, CORE = {"sub": "jing-ban"}, {"sub": "fu-he"}, {"sub": "core"}


@dataclass(frozen=True)
class Somebody:
    """A made-up person who moves from Jinan to Chengdu; the number has a valid check digit."""

    psn_no: str
    psn_name: str
    certno: str


ZHENG_SHUANG = Somebody("A001", "郑霜降", "110101199003078494")
QIAN_GUYU = Somebody("A002", "钱谷雨", "11010119900307002X")
SUN_MANGZHONG = Somebody("A003", "孙芒种", "110101199003070070")

_SURNAMES, _GIVEN = "赵周吴冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔", ("立春", "惊蛰", "清明", "立夏", "夏至", "处暑", "寒露")
_WEIGHTS, _CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"


def a_person(number: int) -> Somebody:
    """Another made-up person for each ``number`` from 0 to 99; the check digit is right (GB 11643)."""
    digits = f"11010119910408{number * 2 + 1:03d}"
    check = _CHECKS[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 11]
    name = _SURNAMES[number % len(_SURNAMES)] + _GIVEN[number // len(_SURNAMES)]
    return Somebody(f"B{number:03d}", name, digits + check)


async def enroll(system: FourServices, somebody: Somebody, trafout_admdvs: str = JINAN) -> None:
    """Suspended in Jinan, or in the area named, enrolled in Chengdu."""
    left = {"psn_insu_stas": "2", "paus_insu_date": "2026-01-31"}
    joined = {"insu_admdvs": "510102", "psn_insu_rlts_id": "R2", "crt_insu_date": "2026-02-01"}
    for package, area, changes, paid in (
        ("outbound", trafout_admdvs, left, contribution()),
        ("inbound", CHENGDU, joined, contribution("202602", "202602")),
    ):
        body = person_document(
            somebody.psn_no,
            psn_name=somebody.psn_name,
            certno=somebody.certno,
            gend="9",
            relations=[relation(**changes)],
            contributions=[paid],
            updt_time=system.clock.now().isoformat(),
        )
        path = f"/persons/{somebody.psn_no}"
        await system.done(package, "PUT", path, claims=CORE | {"admdvs": area}, json=body)


async def apply(system: FourServices, somebody: Somebody) -> str:
    """The number of the accepted case; both agencies have heard of it."""
    answer = await system.done("platform_gateway", "POST", "/transfers", json=application(somebody))
    assert answer["outcome"] == "accepted", answer
    await system.run()
    return str(answer["rlts_traf_id"])


def application(somebody: Somebody, **changes: Any) -> dict[str, Any]:
    """From Jinan to Chengdu, 310 to 310."""
    return {
        "psn_name": somebody.psn_name,
        "psn_cert_type": "01",
        "certno": somebody.certno,
        "trafout_admdvs": JINAN,
        "trafin_admdvs": CHENGDU,
        "trafout_insutype": "310",
        "trafin_insutype": "310",
    } | changes


async def seal(system: FourServices, case: str) -> None:
    """Two clerks of Jinan hand the sheet on; it is sealed, countersigned and routed."""
    await decide(system, "outbound", case, "submission", None, CLERK)
    await decide(system, "outbound", case, "review", {"decision": "approve"}, CHECKER)
    await system.run()


async def take_over(system: FourServices, case: str) -> None:
    """Two clerks of Chengdu take the person over."""
    await decide(system, "inbound", case, "submission", {"decision": "accept", "memo": "已核对"}, CLERK)
    await decide(system, "inbound", case, "review", {"decision": "approve"}, CHECKER)
    await system.run()


async def decide(
    system: FourServices, package: str, case: str, step: str, body: dict[str, Any] | None, clerk: dict[str, str]
) -> None:
    """A clerk's command on the case as it stands."""
    claims = clerk | {"admdvs": JINAN if package == "outbound" else CHENGDU}
    options: dict[str, Any] = {} if body is None else {"json": body}
    path = f"/cases/{case}/{step}"
    await system.done(package, "POST", path, claims=claims, headers={"If-Match": "*"}, **options)


async def release(system: FourServices, case: str, admdvs: str = JINAN) -> str:
    """Two clerks release an agency's payments that are ready; the batch's number."""
    as_clerk, as_checker = CLERK | {"admdvs": admdvs}, CHECKER | {"admdvs": admdvs}
    path = f"/payment-orders?rlts_traf_id={case}&state=ready"
    orders = (await system.done("ledger", "GET", path, claims=as_clerk))["items"]
    body = {"orders": [{"order_id": order["id"], "version": order["version"]} for order in orders]}
    batch = await system.done("ledger", "POST", "/payment-batches", claims=as_clerk, json=body)
    path = f"/payment-batches/{batch['id']}/approval"
    decision = {"decision": "approve"}
    await system.done("ledger", "POST", path, claims=as_checker, json=decision, headers={"If-Match": "*"})
    return str(batch["id"])


async def pay(system: FourServices, case: str, somebody: Somebody, fen: int = 123456) -> None:
    """Both banks' statements show the money."""
    payer, receiver = bank_account(JINAN, "payer"), bank_account(CHENGDU, "receiver")
    note = f"{case} {somebody.psn_name}"
    out = Move(-fen, note, other=receiver, e2e=f"{case}1", ref=f"O{case}", on=date(2026, 3, 2))
    into = Move(fen, note, other=payer, e2e=f"{case}1", ref=f"I{case}", on=date(2026, 3, 2))
    await upload(system, JINAN, camt(payer, [out], opening=10_000_000, statement_no=f"O{case}"))
    await upload(system, CHENGDU, camt(receiver, [into], opening=0, statement_no=f"I{case}"))
    await system.run()


async def upload(system: FourServices, admdvs: str, content: bytes) -> dict[str, Any]:
    """A bank file of an agency; the report."""
    headers = {"Content-Type": "application/xml"}
    claims = {"sub": "teller", "admdvs": admdvs}
    report: dict[str, Any] = await system.done(
        "ledger", "POST", "/statements", claims=claims, content=content, headers=headers
    )
    return report


async def whole_transfer(system: FourServices, somebody: Somebody) -> str:
    """From application to 办结; the case's number."""
    await enroll(system, somebody)
    case = await apply(system, somebody)
    await seal(system, case)
    await release(system, case)
    await pay(system, case, somebody)
    await take_over(system, case)
    return case
