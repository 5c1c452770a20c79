"""The registry: versions, the signed snapshot, keys, and bank accounts by two people."""

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from platform_gateway.app import build_context
from platform_gateway.loops import timers
from shared.contracts.party import Party, Role
from shared.registry.models import AccountUse
from shared.registry.registry import Registry
from shared.registry.snapshot import open_snapshot
from shared.signing import json_text
from shared.signing.jws import DocumentType
from shared.signing.key_pair import PrivateKey
from shared.signing.keys import Purpose
from tests.integration.platform_gateway.gateway import (
    CHENGDU,
    JINAN,
    OPERATOR,
    QINGDAO,
    VALID_FROM,
    Gateway,
    agency,
)

SECOND = {**OPERATOR, "sub": "op-b"}


async def registry(gateway: Gateway) -> Registry:
    response = await gateway.call("GET", "/registry", OPERATOR)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/jose+json"
    return Registry(open_snapshot(response.text, gateway.keys.root.public_key))


def account(**changes: Any) -> dict[str, Any]:
    return {
        "admdvs": JINAN,
        "change_no": "1",
        "bankacct": "1602000000000000001",
        "acctname": "济南市医疗保险事业中心",
        "bankcode": "102451000011",
        "bank_name": "工商银行济南分行",
        "use": "payer",
        "valid_from": "2026-01-01",
    } | changes


async def signed(gateway: Gateway, document: dict[str, Any], party: Party | None = None) -> str:
    signer = party or Party(Role.OUTBOUND, JINAN)
    payload = json_text.canonical(document)
    return await gateway.keys.signers.sign(signer, Purpose.SEAL, payload, typ=DocumentType.BANK_ACCOUNT_CHANGE)


async def proposed(gateway: Gateway, document: dict[str, Any] | None = None, by: dict[str, Any] = OPERATOR) -> Any:
    jws = await signed(gateway, document or account())
    return await gateway.call("POST", f"/agencies/{JINAN}/bank-accounts/changes", by, json={"jws": jws})


async def decided(gateway: Gateway, change: Any, by: dict[str, Any], what: str = "approval", **body: str) -> Any:
    path = f"/agencies/{JINAN}/bank-accounts/changes/{change.json()['change_id']}/{what}"
    return await gateway.call("POST", path, by, json=body, headers={"If-Match": change.headers["etag"]})


async def test_the_snapshot_is_the_same_bytes_until_something_changes(gateway: Gateway) -> None:
    first, second = [await gateway.call("GET", "/registry", OPERATOR) for _ in range(2)]
    assert first.content == second.content
    etag = {"If-None-Match": first.headers["etag"]}
    assert (await gateway.call("GET", "/registry", OPERATOR, headers=etag)).status_code == 304
    seal = gateway.keys.signers.key(Party(Role.OUTBOUND, JINAN), Purpose.SEAL)
    path = f"/agencies/{JINAN}/keys/{seal.kid}/revocation"
    revoked_at = gateway.clock.now()
    body = {"reason": "更换密钥", "revoked_at": revoked_at.isoformat()}
    await gateway.call("POST", path, OPERATOR, json=body)
    changed = await gateway.call("GET", "/registry", OPERATOR, headers=etag)
    assert changed.status_code == 200
    key = (await registry(gateway)).keys[seal.kid]
    assert (key.revoked_at, key.revocation_reason) == (revoked_at, "更换密钥")


async def test_a_worker_that_nobody_asks_anything_follows_the_registry(gateway: Gateway) -> None:
    seal = gateway.keys.signers.key(Party(Role.OUTBOUND, JINAN), Purpose.SEAL)
    async with build_context(gateway.process.settings, clock=gateway.clock) as worker:
        [follow] = [timer for timer in timers(worker) if timer.name == "registry"]
        await follow.turn()
        assert worker.registry.current.keys[seal.kid].revoked_at is None
        body = {"reason": "更换密钥", "revoked_at": gateway.clock.now().isoformat()}
        await gateway.call("POST", f"/agencies/{JINAN}/keys/{seal.kid}/revocation", OPERATOR, json=body)
        await follow.turn()
        assert worker.registry.current.keys[seal.kid].revoked_at is not None


async def test_an_area_changes_only_for_who_has_seen_it(gateway: Gateway) -> None:
    shown = await gateway.call("GET", f"/agencies/{QINGDAO}", OPERATOR)
    document = {key: value for key, value in shown.json().items() if key not in ("admdvs", "keys", "bank_accounts")}
    document["state"] = "suspended"
    path = f"/agencies/{QINGDAO}"
    assert (await gateway.call("PUT", path, OPERATOR, json=document)).status_code == 428
    stale = await gateway.call("PUT", path, OPERATOR, json=document, headers={"If-Match": '"7"'})
    assert stale.status_code == 412
    changed = await gateway.call("PUT", path, OPERATOR, json=document, headers={"If-Match": shown.headers["etag"]})
    assert changed.status_code == 200
    refused = await gateway.apply(trafin_admdvs=QINGDAO)
    assert [error["code"] for error in refused.json()["errors"]] == ["A11"]
    assert "某路1号" in refused.text


async def test_a_registry_that_contradicts_itself_is_refused_as_a_whole(gateway: Gateway) -> None:
    before = (await registry(gateway)).version
    area = {
        "name": "新区",
        "province": "370000",
        "city": "370100",
        "valid_from": "2026-01-01",
        "state": "connected",
        "windows": [{"optins_no": f"{JINAN}01", "name": "大厅", "address": "某路", "tel": "12345"}],
    }
    response = await gateway.call("PUT", "/agencies/370199", OPERATOR, json=area)
    assert (response.status_code, response.json()["type"].rsplit("/", 1)[-1]) == (422, "registry-inconsistent")
    assert (await gateway.call("GET", "/agencies/370199", OPERATOR)).status_code == 404
    assert (await registry(gateway)).version == before


async def test_a_new_key_of_another_area_is_refused_and_its_own_is_registered_once(gateway: Gateway) -> None:
    key = PrivateKey.generate("SM2-SM3")
    body = {
        "owner": f"outbound.{JINAN}",
        "purpose": "seal",
        "public_key": key.public_key,
        "valid_from": VALID_FROM.isoformat(),
    }
    assert (await gateway.call("POST", f"/agencies/{CHENGDU}/keys", OPERATOR, json=body)).status_code == 422
    answers = [await gateway.call("POST", f"/agencies/{JINAN}/keys", OPERATOR, json=body) for _ in range(2)]
    assert [answer.json()["kid"] for answer in answers] == [key.kid, key.kid]
    assert (await registry(gateway)).keys[key.kid].algorithm == "SM2-SM3"
    versions = await gateway.rows("SELECT what FROM registry_version ORDER BY version")
    assert [row["what"] for row in versions] == ["import", "key"]


async def test_the_same_import_again_changes_nothing(gateway: Gateway) -> None:
    before = (await registry(gateway)).version
    await gateway.register()
    assert (await registry(gateway)).version == before


@pytest.mark.parametrize("change", [{"owner": f"inbound.{JINAN}"}, {"purpose": "message"}])
async def test_one_key_never_plays_two_parts(gateway: Gateway, change: dict[str, str]) -> None:
    seal = gateway.keys.signers.key(Party(Role.OUTBOUND, JINAN), Purpose.SEAL)
    same = {"owner": f"outbound.{JINAN}", "purpose": "seal", "public_key": seal.public_key}
    body = {**same, "valid_from": VALID_FROM.isoformat(), **change}
    response = await gateway.call("POST", f"/agencies/{JINAN}/keys", OPERATOR, json=body)
    assert (response.status_code, response.json()["type"].rsplit("/", 1)[-1]) == (422, "registry-inconsistent")


async def test_a_bank_account_counts_only_after_a_second_person(gateway: Gateway) -> None:
    change = await proposed(gateway)
    assert (change.status_code, change.json()["state"]) == (201, "pending")
    today = date(2026, 3, 2)
    assert (await registry(gateway)).bank_account(JINAN, AccountUse.PAYER, today) is None
    own = await decided(gateway, change, OPERATOR)
    assert (own.status_code, own.json()["type"].rsplit("/", 1)[-1]) == (403, "two-people-needed")
    assert (await decided(gateway, change, SECOND)).json()["state"] == "approved"
    found = (await registry(gateway)).bank_account(JINAN, AccountUse.PAYER, today)
    assert found is not None
    assert found.bankacct == "1602000000000000001"
    change_id = change.json()["change_id"]
    again = await gateway.call("GET", f"/agencies/{JINAN}/bank-accounts/changes/{change_id}", OPERATOR)
    assert (await decided(gateway, again, SECOND, "rejection", reason="误")).status_code == 409


async def test_the_database_itself_refuses_one_person_for_both(gateway: Gateway) -> None:
    await proposed(gateway)
    statement = "UPDATE bank_account_change SET state = 'approved', decided_by = proposed_by"
    with pytest.raises(IntegrityError, match="two_people"):
        async with gateway.process.database.transaction() as connection:
            await connection.execute(text(statement))


async def test_a_newer_account_ends_the_older_and_both_stay_known(gateway: Gateway) -> None:
    await decided(gateway, await proposed(gateway), SECOND)
    newer = account(change_no="2", bankacct="1602000000000000002", valid_from="2026-04-01")
    await decided(gateway, await proposed(gateway, newer), SECOND)
    seen = await registry(gateway)
    on = [seen.bank_account(JINAN, AccountUse.PAYER, day) for day in (date(2026, 3, 31), date(2026, 4, 1))]
    assert [each.bankacct[-1] for each in on if each is not None] == ["1", "2"]


async def test_a_rejected_change_never_counts(gateway: Gateway) -> None:
    rejected = await decided(gateway, await proposed(gateway), SECOND, "rejection", reason="户名不符")
    assert (rejected.json()["state"], rejected.json()["decision_reason"]) == ("rejected", "户名不符")
    assert (await registry(gateway)).bank_account(JINAN, AccountUse.PAYER, date(2026, 3, 2)) is None


async def test_refuses_a_change_that_the_agency_did_not_sign(gateway: Gateway) -> None:
    path = f"/agencies/{JINAN}/bank-accounts/changes"
    foreign = await signed(gateway, account(), Party(Role.OUTBOUND, CHENGDU))
    elsewhere = await signed(gateway, account(admdvs=CHENGDU))
    forged = json.dumps({**json.loads(foreign), "payload": json.loads(elsewhere)["payload"]}, separators=(",", ":"))
    for jws in (foreign, elsewhere, forged, "{}"):
        response = await gateway.call("POST", path, OPERATOR, json={"jws": jws})
        assert response.status_code == 422, jws
    assert await gateway.rows("SELECT 1 FROM bank_account_change") == []


async def test_the_same_signed_change_is_not_taken_twice(gateway: Gateway) -> None:
    jws = await signed(gateway, account())
    path = f"/agencies/{JINAN}/bank-accounts/changes"
    codes = [(await gateway.call("POST", path, OPERATOR, json={"jws": jws})).status_code for _ in range(2)]
    assert codes == [201, 409]


async def test_an_agency_proposes_for_itself_only(gateway: Gateway) -> None:
    assert (await proposed(gateway, by=agency(CHENGDU))).status_code == 403
    assert (await proposed(gateway, by=agency(JINAN))).status_code == 201


@pytest.mark.parametrize("table", ["case_history", "sheet", "money_fact", "registry_version", "registry_snapshot"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {}"])
async def test_evidence_cannot_be_removed_by_the_service(gateway: Gateway, table: str, statement: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with gateway.process.database.transaction() as connection:
            await connection.execute(text(statement.format(table)))


def new_key(admdvs: str) -> dict[str, str]:
    return {
        "owner": f"outbound.{admdvs}",
        "purpose": "seal",
        "public_key": PrivateKey.generate("ES256").public_key,
        "valid_from": VALID_FROM.isoformat(),
    }


@pytest.mark.parametrize("claims", [{"admdvs": JINAN}, {"admdvs": CHENGDU}, {"oversight": "100000"}, {"emp_no": "E1"}])
async def test_only_the_platform_writes_the_registry(gateway: Gateway, claims: dict[str, str]) -> None:
    caller = {"sub": "somebody", "scope": OPERATOR["scope"], **claims}
    seal = gateway.keys.signers.key(Party(Role.OUTBOUND, JINAN), Purpose.SEAL)
    before = (await registry(gateway)).version
    calls: list[tuple[str, dict[str, Any]]] = [
        (f"/agencies/{JINAN}/keys", new_key(JINAN)),
        (f"/agencies/{JINAN}/keys/{seal.kid}/revocation", {"reason": "作废"}),
        ("/registry/imports", {"keys": [new_key(JINAN)]}),
    ]
    for path, body in calls:
        answer = await gateway.call("POST", path, caller, json=body)
        assert (answer.status_code, answer.json()["type"].rsplit("/", 1)[-1]) == (403, "platform-only"), path
    assert (await registry(gateway)).version == before


@pytest.mark.parametrize("claims", [{"admdvs": CHENGDU}, {"oversight": "370000"}, {"emp_no": "E1"}])
async def test_nobody_else_touches_an_agencys_account_changes(gateway: Gateway, claims: dict[str, str]) -> None:
    change = await proposed(gateway)
    stranger = {"sub": "somebody", "scope": OPERATOR["scope"], **claims}
    path = f"/agencies/{JINAN}/bank-accounts/changes"
    answers = [
        await decided(gateway, change, stranger),
        await decided(gateway, change, stranger, "rejection", reason="误"),
        await proposed(gateway, account(change_no="2"), stranger),
        await gateway.call("GET", path, stranger),
        await gateway.call("GET", f"{path}/{change.json()['change_id']}", stranger),
    ]
    assert {answer.status_code for answer in answers} == {403}
    own = {"sub": "checker", "scope": OPERATOR["scope"], "admdvs": JINAN}
    assert (await decided(gateway, change, own)).json()["state"] == "approved"


async def test_one_idempotency_key_registers_one_thing(gateway: Gateway) -> None:
    bodies = [
        {
            "owner": f"outbound.{JINAN}",
            "purpose": "seal",
            "public_key": PrivateKey.generate("ES256").public_key,
            "valid_from": VALID_FROM.isoformat(),
        }
        for _ in range(2)
    ]
    same = {"Idempotency-Key": "once"}
    path = f"/agencies/{JINAN}/keys"
    answers = [await gateway.call("POST", path, OPERATOR, json=body, headers=same) for body in (bodies[0], *bodies)]
    assert [answer.status_code for answer in answers] == [201, 201, 422]
    assert answers[0].json() == answers[1].json()
    repeated = [
        await gateway.call("POST", "/registry/imports", OPERATOR, json={"areas": [], "keys": [body]}, headers=same)
        for body in (bodies[1], bodies[1], bodies[0])
    ]
    assert [answer.status_code for answer in repeated] == [200, 200, 422]
    assert repeated[0].json() == repeated[1].json()
