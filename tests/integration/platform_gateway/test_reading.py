"""Who sees what: an agency its own cases, oversight its area, applicants theirs; all others 404."""

from datetime import date
from typing import Any

import pytest

from shared.contracts.benefits_preview import BenefitsPreview
from shared.contracts.facts import Side
from tests.integration.platform_gateway.gateway import (
    BEIJING,
    CHANNEL,
    CHENGDU,
    HAN_MEI,
    JINAN,
    LI_LEI,
    QINGDAO,
    Gateway,
    agency,
)

READER = "transfers:read transfers:apply sheets:read"


def oversight(area: str) -> dict[str, str]:
    return {"sub": f"oversight-{area}", "scope": READER, "oversight": area}


SEEN_BY = [
    (CHANNEL, True),
    (agency(JINAN), True),
    (agency(CHENGDU), True),
    (agency(BEIJING), False),
    (agency(QINGDAO), False),
    (oversight("370000"), True),
    (oversight("370100"), True),
    (oversight("510000"), True),
    (oversight("110000"), False),
    (oversight("100000"), True),
    ({"sub": "li", "scope": READER, "certno": LI_LEI["certno"]}, True),
    ({"sub": "han", "scope": READER, "certno": HAN_MEI["certno"]}, False),
    ({"sub": "emp", "scope": READER, "emp_no": "E1"}, False),
    ({"sub": "online-channel", "scope": READER}, False),
]


@pytest.mark.parametrize(("caller", "is_seen"), SEEN_BY)
async def test_what_is_not_the_callers_does_not_exist(gateway: Gateway, caller: dict[str, Any], is_seen: bool) -> None:
    number = await gateway.accepted()
    await gateway.issue(number)
    paths = [f"/transfers/{number}{rest}" for rest in ("", "/history", "/sheets/1", "/sheets/1/arrival")]
    answers = [await gateway.call("GET", path, caller) for path in paths]
    assert {answer.status_code for answer in answers} == {200 if is_seen else 404}
    if not is_seen:
        unknown = await gateway.call("GET", "/transfers/ZZZZZZZZZZZZZZZZ", caller)
        same = ("type", "title", "detail", "status")
        assert [answers[0].json()[key] for key in same] == [unknown.json()[key] for key in same]
    listed = (await gateway.call("GET", "/transfers", caller)).json()["items"]
    searched = (await gateway.call("POST", "/transfers/search", caller, json=person(LI_LEI))).json()["items"]
    body = {"rlts_traf_ids": [number]}
    (queried,) = (await gateway.call("POST", "/transfers/query", caller, json=body)).json()["items"]
    assert [len(listed), len(searched), queried["transfer"] is not None] == [int(is_seen), int(is_seen), is_seen]


async def test_oversight_does_not_withdraw_and_strangers_find_nothing_to_withdraw(gateway: Gateway) -> None:
    number = await gateway.accepted()
    for caller in (oversight("370000"), agency(BEIJING)):
        response = await gateway.call("POST", f"/transfers/{number}/withdrawal", caller, json={"reason": "不转了"})
        assert response.status_code == 404
    assert (await gateway.shown(number))["state"] == "accepted"


def person(of: dict[str, str]) -> dict[str, str]:
    return {key: of[key] for key in ("psn_cert_type", "certno")}


async def test_every_spelling_of_a_certificate_finds_the_person(gateway: Gateway) -> None:
    number = await gateway.accepted(person=HAN_MEI)
    body = {"psn_cert_type": "01", "certno": HAN_MEI["certno"].lower()}
    (found,) = (await gateway.call("POST", "/transfers/search", CHANNEL, json=body)).json()["items"]
    assert found["rlts_traf_id"] == number
    assert HAN_MEI["certno"] not in str(found)


async def test_lists_go_page_by_page_without_a_gap(gateway: Gateway) -> None:
    numbers = [await gateway.accepted(trafin_admdvs=CHENGDU)]
    numbers += [(await gateway.apply()).json()["rlts_traf_id"] for _ in range(4)]
    seen: list[str] = []
    cursor = ""
    for _ in range(len(numbers)):
        page = (await gateway.call("GET", f"/transfers?limit=2{cursor}", CHANNEL)).json()
        seen += [item["rlts_traf_id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == numbers[::-1]
    assert (await gateway.call("GET", "/transfers?cursor=WyJ4IiwieSJd", CHANNEL)).status_code == 422


async def test_filters(gateway: Gateway) -> None:
    gateway.agencies.refuse(Side.OUTBOUND, "韩梅", "A01")
    accepted = await gateway.accepted()
    refused = (await gateway.apply(person=HAN_MEI)).json()["rlts_traf_id"]
    late = [(f"is_overdue={flag}", found) for flag, found in (("true", [accepted]), ("false", [refused]))]
    gateway.clock.advance(days=40)
    table: list[tuple[str, list[str]]] = [
        ("state=accepted", [accepted]),
        ("state=refused", [refused]),
        ("money_state=unknown", [refused, accepted]),
        (f"admdvs={JINAN}&side=outbound", [refused, accepted]),
        (f"admdvs={JINAN}&side=inbound", []),
        ("accepted_from=2026-03-02&accepted_to=2026-03-02", [accepted]),
        ("accepted_from=2026-03-03", []),
        *late,
    ]
    for query, expected in table:
        items = (await gateway.call("GET", f"/transfers?{query}", CHANNEL)).json()["items"]
        assert [item["rlts_traf_id"] for item in items] == expected, query
    mine = (await gateway.call("GET", "/transfers?side=inbound", agency(CHENGDU))).json()["items"]
    assert len(mine) == 2


async def test_an_etag_spares_what_has_not_changed(gateway: Gateway) -> None:
    number = await gateway.accepted()
    first = await gateway.call("GET", f"/transfers/{number}", CHANNEL)
    etag = {"If-None-Match": first.headers["etag"]}
    assert (await gateway.call("GET", f"/transfers/{number}", CHANNEL, headers=etag)).status_code == 304
    await gateway.issue(number)
    assert (await gateway.call("GET", f"/transfers/{number}", CHANNEL, headers=etag)).status_code == 200


@pytest.mark.law("N10")
async def test_progress_tells_two_lines_to_who_knows_both_numbers(gateway: Gateway) -> None:
    number = await gateway.accepted()
    body = {"rlts_traf_id": f" {number[:4]}-{number[4:].lower()}", "certno": "110101900307849"}
    answer = (await gateway.call("POST", "/progress", CHANNEL, json=body)).json()
    assert answer["relation"] == (
        "医保关系：2026年3月2日已受理，等待转出地办理，本环节应于2026年3月16日前（含当日）办结，全程应于2026年3月23日前（含当日）办结。"
    )
    assert answer["money"] == "个人账户：金额待定，以转出地出具的信息表为准。"
    await gateway.issue(number)
    answer = (await gateway.call("POST", "/progress", CHANNEL, json=body)).json()
    assert answer["money"] == "个人账户：待转出地划转，金额1234.56元，应于2026年3月16日前（含当日）办结。"


async def test_a_wrong_pair_looks_like_an_unknown_case_and_guessing_ends(gateway: Gateway) -> None:
    number = await gateway.accepted()
    wrong = {"rlts_traf_id": number, "certno": HAN_MEI["certno"]}
    unknown = {"rlts_traf_id": "ABCDEFGHJKLMNPQR", "certno": LI_LEI["certno"]}
    answers = [await gateway.call("POST", "/progress", CHANNEL, json=body) for body in (wrong, unknown)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json()["detail"] == answers[1].json()["detail"]
    assert HAN_MEI["certno"] not in answers[0].text
    codes = [(await gateway.call("POST", "/progress", CHANNEL, json=wrong)).status_code for _ in range(3)]
    assert codes == [404, 404, 429]


@pytest.mark.law("N10", "N11-1", "N11-2")
async def test_whoever_may_read_a_case_may_try_dates_of_their_own(gateway: Gateway) -> None:
    number = await gateway.accepted()
    days = {"pay_on": "2026-04-10", "complete_on": "2026-03-20", "insured_year": 2026}
    path = f"/transfers/{number}/benefits-preview?pay_on=2026-04-10&complete_on=2026-03-20&insured_year=2026"
    not_yet = await gateway.call("GET", path, CHANNEL)
    assert (not_yet.status_code, not_yet.json()["type"].rpartition("/")[2]) == (409, "nothing-to-preview")
    gateway.agencies.preview = preview = first_of_april()
    gateway.agencies.previewed.clear()
    told = [await gateway.call("GET", path, caller) for caller in (CHANNEL, agency(JINAN), oversight("370000"))]
    pair = {"rlts_traf_id": number, "certno": LI_LEI["certno"]} | days
    told.append(await gateway.call("POST", "/progress/benefits-preview", CHANNEL, json=pair))
    assert [answer.json() for answer in told] == [preview.model_dump(mode="json")] * 4
    asked = {"rlts_traf_id": number, "trafin_admdvs": CHENGDU} | days
    assert [each.model_dump(mode="json") for each in gateway.agencies.previewed] == [asked] * 4

    unknown = await gateway.call("GET", path.replace(number, "ZZZZZZZZZZZZZZZZ"), agency(BEIJING))
    another = await gateway.call("GET", path, agency(BEIJING))
    assert (another.status_code, another.json()["detail"]) == (404, unknown.json()["detail"])
    wrong = pair | {"certno": HAN_MEI["certno"]}
    assert (await gateway.call("POST", "/progress/benefits-preview", CHANNEL, json=wrong)).status_code == 404
    gateway.agencies.down.add(Side.INBOUND)
    assert (await gateway.call("GET", path, CHANNEL)).status_code == 503
    assert (
        await gateway.call("POST", f"/transfers/{number}/withdrawal", CHANNEL, json={"reason": "不转了"})
    ).status_code == 200
    assert (await gateway.call("GET", path, CHANNEL)).status_code == 409


def first_of_april() -> BenefitsPreview:
    return BenefitsPreview(
        first_benefit_date=date(2026, 4, 1),
        waiting_months=0,
        is_gap_reimbursed=True,
        reimbursed_from=date(2026, 2, 1),
        reimbursed_until=date(2026, 3, 31),
        gap_months=2,
        back_pay_until=None,
        first_benefit_date_if_back_paid=None,
        outbound_pays_until=date(2026, 1, 31),
        articles=("N11",),
        needs_local_decision=False,
        local_decision_reasons=(),
        explanation=("中断缴费3个月以内且已足额补缴，不设等待期。",),
        policy_version="000000@2021-12-01#0",
    )
