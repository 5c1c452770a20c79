"""Sealing: one version has one form, whatever breaks or races."""

import asyncio
from contextlib import suppress

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from outbound.use_cases import issue_sheets as issuing
from shared.contracts.events import TransferWithdrawn
from shared.database import Database
from shared.registry.policy.region_file import RegionFile, read_toml
from shared.signing.signers import Signers
from tests.integration.outbound.conftest import StartDesk
from tests.integration.outbound.desk import CLERK, Desk
from tests.people import contribution
from tests.unit.shared.registry.policy.shipped import SHIPPED

EVIDENCE = (
    "sealed_sheet",
    "sheet_answer",
    "sheet_return",
    "case_history",
    "draft_correction",
    "payment_fact",
    "accepted_transfer",
)


class PowerCut(Exception):
    """The process died at this point."""


async def approved(desk: Desk) -> None:
    await desk.accept()
    await desk.core()
    await desk.approve()


async def test_a_crash_between_seal_and_commit_loses_nothing_and_doubles_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await approved(desk)
    with monkeypatch.context() as patched:

        async def cut(*_arguments: object, **_named: object) -> None:
            raise PowerCut

        patched.setattr(issuing, "save_decisions", cut)
        with suppress(PowerCut):
            await desk.seal()
    assert await desk.state() == "approved"
    assert await desk.rows("SELECT 1 FROM sealed_sheet") == []
    assert await desk.letters("platform") == []

    assert await desk.seal() == 1
    [row] = await desk.rows("SELECT sealed_sheet FROM sealed_sheet")
    [letter] = await desk.letters("platform")
    assert letter["sealed_sheet"] == row.sealed_sheet


async def test_two_workers_that_seal_at_once_issue_one_form(desk: Desk) -> None:
    await approved(desk)
    await asyncio.gather(desk.seal(), desk.seal(), desk.seal())
    [row] = await desk.rows("SELECT sealed_sheet FROM sealed_sheet")
    [letter] = await desk.letters("platform")
    assert letter["sealed_sheet"] == row.sealed_sheet


async def test_a_withdrawal_while_the_seal_is_being_made_wins(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await approved(desk)
    sign = Signers.sign

    async def slow(self: Signers, *arguments: object, **named: object) -> str:
        await desk.receive(TransferWithdrawn(withdrawn_at=desk.clock.now(), reason="本人撤销"))
        return await sign(self, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Signers, "sign", slow)
    await desk.seal()
    assert await desk.state() == "withdrawn"
    assert await desk.rows("SELECT 1 FROM sealed_sheet") == []
    assert await desk.letters("platform") == []


async def test_the_database_refuses_a_second_form_of_one_version(desk: Desk) -> None:
    await desk.issue()
    copy = (
        "INSERT INTO sealed_sheet SELECT rlts_traf_id, version, sealed_sheet || ' ', sheet_digest, kid, amount,"
        " payer_bankacct, payee_bankacct, sealed_at FROM sealed_sheet"
    )
    with pytest.raises(DBAPIError, match="pk_sealed_sheet"):
        await execute(desk.database, copy)


async def test_evidence_cannot_be_changed_by_the_service(desk: Desk) -> None:
    for table in EVIDENCE:
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET rlts_traf_id = rlts_traf_id"):  # noqa: S608
            with pytest.raises(DBAPIError, match="permission denied"):
                await execute(desk.database, statement)


async def execute(database: Database, statement: str) -> None:
    async with database.transaction() as connection:
        await connection.execute(text(statement))


async def test_sealing_waits_for_the_accounts_of_the_registry(start_desk: StartDesk) -> None:
    desk = await start_desk(person={"accounts": ("payer",)})
    await approved(desk)
    await desk.seal()
    assert await desk.state() == "approved"
    assert await desk.seal() == 0
    await desk.publish(("payer", "receiver"), version=2)
    desk.clock.advance(seconds=61)
    assert await desk.seal() == 1
    assert await desk.state() == "issued"
    steps = [row.name for row in await desk.rows("SELECT name FROM case_history ORDER BY step_id")]
    assert steps.count("sealing_postponed") == 1


STRICT = """region = "370100"
name = "济南市"
inherits = "000000"

[[versions]]
valid_from = 2022-01-01
sources = ["济南市某号文"]
sheet.blocking_warnings = ["W06"]
"""


def strict_policies() -> tuple[RegionFile, RegionFile]:
    nation = next(file for file in SHIPPED if file.region == "000000")
    return nation, RegionFile.model_validate(read_toml(STRICT))


async def test_a_draft_that_became_faulty_goes_back_to_the_clerk_and_frees_the_account(
    start_desk: StartDesk,
) -> None:
    desk = await start_desk()
    await desk.publish(("payer", "receiver"), version=2, policies=strict_policies())
    await desk.accept()
    await desk.publish(("payer", "receiver"), version=3)
    await desk.core()
    await desk.submit()
    await desk.push(rid="2", updt_time="2026-03-02T00:30:00Z", account={"balc": "9.00"})
    await desk.review()
    await desk.core()
    await desk.seal()
    await desk.core()
    shown = await desk.case()
    assert shown["state"] == "drafting"
    # What the region takes back later does not reach a case that was taken on before.
    assert [finding["code"] for finding in shown["findings"]] == ["W06"]
    assert (await desk.holds())["frozen"] == 0


async def test_the_frozen_balance_counts_where_it_differs_from_the_draft(desk: Desk) -> None:
    await desk.accept()
    # What the region lays down later does not reach a case that was taken on before.
    await desk.publish(("payer", "receiver"), version=2, policies=strict_policies())
    await desk.core()
    await desk.submit()
    await desk.push(rid="2", updt_time="2026-03-02T00:30:00Z", account={"balc": "9.00"})
    await desk.review()
    await desk.core()
    await desk.seal()
    sheet = await desk.sheet()
    assert sheet.foot.acctfund_traf_amt == 900
    assert any(warning.startswith("W06") for warning in sheet.warnings)


async def test_a_person_without_any_paid_month_cannot_be_submitted(start_desk: StartDesk) -> None:
    unpaid = contribution(clct_flag="0")
    desk = await start_desk(person={"contributions": [unpaid]})
    await desk.accept()
    await desk.core()
    answer = await desk.submit()
    assert answer.status_code == 422
    assert [error["code"] for error in answer.json()["errors"]] == ["E01"]
    history = await desk.call("GET", "/cases/ABCDEFGHJKMN2345/history", CLERK)
    assert history.json()["items"][-1]["name"] == "submission_refused"
