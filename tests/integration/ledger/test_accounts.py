"""Accounts: the chart as operators set it, each fund's own books, and bank accounts as the registry names them now."""

from datetime import date, timedelta

from ledger.use_cases.renew_bank_accounts import renew_bank_accounts
from shared.registry import repository
from shared.registry.repository import StoredSnapshot
from shared.registry.snapshot import sign_snapshot
from tests.integration.ledger.areas import BEIJING_OUT, JINAN, JINAN_IN, JINAN_IN_2, ROOT, snapshot
from tests.integration.ledger.bank import Bank
from tests.integration.ledger.by_hand import propose
from tests.integration.ledger.desk import item_of, step
from tests.unit.ledger.files import DAY, Move, camt


async def test_operators_set_the_codes_that_books_and_vouchers_tell(bank: Bank) -> None:
    titles = {one["title"]: one for one in await bank.get("/account-titles")}
    assert {one["official_code"] for one in titles.values()} == {""}
    path, body = "/account-titles/income_deposit", {"name": "收入户存款", "official_code": "1001.01"}
    clerk = await bank.call("PUT", path, json=body, headers={"If-Match": '"1"'})
    assert clerk.status_code == 403
    scope = "operations:write ledger:read"
    for tag, status in (('"9"', 412), ('"1"', 200), ('"1"', 412)):
        answer = await bank.call("PUT", path, scope=scope, json=body, headers={"If-Match": tag})
        assert answer.status_code == status, answer.text
    wrong = await bank.call("PUT", path, scope=scope, json=body | {"official_code": "一"}, headers={"If-Match": "*"})
    assert wrong.status_code == 422
    await bank.book(camt(JINAN_IN, [Move(100, "无")]))
    [account] = [one for one in await bank.get("/accounts") if one["bankacct"] == JINAN_IN]
    assert account["official_code"] == "1001.01"
    trial = await bank.get(f"/trial-balance?since={DAY}&until={DAY}")
    assert {one["official_code"] for one in trial["accounts"] if one["title"] == "income_deposit"} == {"1001.01"}


async def test_each_fund_has_books_of_its_own(bank: Bank) -> None:
    await bank.get("/bank-accounts")
    path, body = f"/bank-accounts/{JINAN_IN_2}", {"hif_acct_type": "1", "use": "shared", "fund": "390"}
    moved = await bank.call("PUT", path, json=body, headers={"If-Match": '"1"'})
    assert (moved.status_code, moved.json()["fund"]) == (200, "390")
    await bank.book(camt(JINAN_IN, [Move(100, "居民缴费", BEIJING_OUT), Move(-70, "误转", "999")]))
    await bank.book(camt(JINAN_IN_2, [Move(250, "居民缴费", BEIJING_OUT)], opening=50))
    trial = await bank.get(f"/trial-balance?since={DAY}&until={DAY}")
    assert trial["adds_up"]
    held = {(one["fund"], one["title"]): one["closing_balance"] for one in trial["accounts"]}
    assert (held["310", "temporary_receipts"], held["390", "temporary_receipts"]) == ("1.00", "2.50")
    deposits = [one for one in trial["accounts"] if one["bankacct"] == JINAN_IN_2 and one["fund"] == "390"]
    assert [one["closing_balance"] for one in deposits] == ["3.00"]
    assert (await bank.get(f"/reconciliations/{JINAN}/{DAY}"))["adds_up"]
    _, out, other = [await item_of(bank, line["id"]) for line in (await bank.get("/suspense"))["items"]]
    against = {"other_line_id": int(other["line"]["id"]), "other_version": other["version"], "reason": "银行已冲回"}
    assert (await step(bank, "POST", out, "offset", against)).json()["type"].endswith("/suspense-not-adjustable")
    late = await bank.call("PUT", path, json=body | {"fund": "310"}, headers={"If-Match": '"2"'})
    assert (late.status_code, late.json()["type"].rpartition("/")[2]) == (409, "bank-account-has-lines")
    unsaid = {"hif_acct_type": "1", "use": "dedicated"}
    same = await bank.call("PUT", path, json=unsaid, headers={"If-Match": '"2"'})
    assert (same.status_code, same.json()["fund"]) == (200, "390")
    # Only the employees' fund moves: what agrees but for the fund waits, and the account of 310 is still waited for.
    case, next_day = bank.case(), DAY + timedelta(days=1)
    bank.clock.advance(days=1)
    await bank.payable(case, 300, to="payee")
    for account, opening, states in ((JINAN_IN_2, 300, ["open"]), (JINAN_IN, 30, ["matched"])):
        paid = Move(300, f"{case} 张三", BEIJING_OUT, on=next_day)
        await bank.book(camt(account, [paid], day=next_day, statement_no="2", opening=opening))
        assert [one["state"] for one in await bank.obligations(case)] == states
        assert (await bank.reasons()).count("other_fund") == 1
        if account == JINAN_IN_2:
            # By hand neither: nothing is offered, and two people cannot agree on it.
            [line] = (await bank.get(f"/suspense?rlts_traf_id={case}"))["items"]
            assert (await bank.get(f"/suspense/{line['id']}/candidates"))["items"] == []
            refused = await propose(bank, line["id"], (case, "1", "3.00"))
            assert (refused.status_code, refused.json()["errors"][0]["code"]) == (409, "other-fund")


async def test_what_the_registry_says_anew_of_an_account_is_taken_over(bank: Bank) -> None:
    await bank.get("/bank-accounts")
    present = snapshot()
    changed = {"acctname": "济南市医疗保险事业中心", "valid_to": date(2026, 12, 31)}
    areas = []
    for area in present.areas:
        own = [one.model_copy(update=changed) if one.bankacct == JINAN_IN else one for one in area.bank_accounts]
        areas.append(area.model_copy(update={"bank_accounts": tuple(own)}))
    newer = present.model_copy(update={"version": 2, "areas": tuple(areas)})
    async with bank.database.transaction() as connection:
        await repository.save(connection, StoredSnapshot(2, None, sign_snapshot(newer, ROOT), bank.clock.now()))
    await bank.registry.load()
    async with bank.database.transaction() as connection:
        await renew_bank_accounts(connection, [JINAN], bank.registry.current)
    [shown] = [one for one in await bank.get("/bank-accounts") if one["bankacct"] == JINAN_IN]
    assert (shown["acctname"], shown["valid_to"], shown["version"]) == (changed["acctname"], "2026-12-31", 1)
