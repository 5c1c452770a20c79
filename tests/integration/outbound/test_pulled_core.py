"""``facts_mode`` pull: the core is asked by HTTP; what it does not tell rightly and in time is unknown."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from shared.contracts.core_facts import CoreFactsAnswer
from shared.contracts.facts import PersonRecord
from tests.integration.outbound.conftest import StartDesk
from tests.integration.outbound.desk import SUSPENDED, Desk
from tests.integration.outbound.parties import OUT_AREA
from tests.integration.outbound.stand_in_core import StandInCore
from tests.integration.outbound.test_checks_api import ask, query
from tests.people import LI_LEI, person_document, relation


@pytest.fixture
async def core() -> AsyncIterator[StandInCore]:
    async with StandInCore().running() as core:
        yield core


@pytest.fixture
async def desk(core: StandInCore, start_desk: StartDesk) -> Desk:
    """An outbound that asks the core; what it holds itself is old and says something else."""
    return await start_desk(
        external_core_agencies=frozenset({OUT_AREA}),
        pulled_cores={OUT_AREA: core.settings},
        core_timeout_seconds=0.5,
        person={"relations": [relation()]},
    )


def told(desk: Desk, *persons: dict[str, Any], **changes: Any) -> CoreFactsAnswer:
    records = tuple(PersonRecord.model_validate(each) for each in persons)
    return CoreFactsAnswer(**({"facts_as_of": desk.clock.now(), "persons": records} | changes))


def person(desk: Desk, **changes: Any) -> dict[str, Any]:
    at = desk.clock.now().isoformat()
    return person_document(**({"relations": [SUSPENDED], "updt_time": at, "rid": "2"} | changes))


async def test_what_the_core_tells_decides_and_is_kept(desk: Desk, core: StandInCore) -> None:
    as_of = desk.clock.now() - timedelta(hours=2)
    core.answer = told(desk, person(desk), facts_as_of=as_of)
    [result] = await ask(desk, query())
    assert (result["findings"], result["facts"]["psn_no"]) == ([], "P1")
    assert result["facts"]["facts_as_of"] == as_of.isoformat().replace("+00:00", "Z")
    [(url, body)] = core.asked
    assert (body, LI_LEI in url) == ({"psn_cert_type": "01", "certno": LI_LEI}, False)
    kept = await desk.call("GET", "/persons/P1", {"sub": "c", "admdvs": OUT_AREA, "scope": "records:read"})
    assert (kept.json()["record"]["rid"], kept.json()["record"]["relations"][0]["psn_insu_stas"]) == ("2", "2")
    core.answer = told(desk)
    [nobody] = await ask(desk, query())
    assert [(each["code"], each["is_unknown"]) for each in nobody["findings"]] == [("A09", False)]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ("slow", "TimeoutError"),
        ("down", "core-status-503"),
        ("not json", "core-answer-no-json"),
        ("other fields", "core-answer-invalid"),
        ("somebody else", "core-answer-other-person"),
        ("from tomorrow", "core-answer-implausible"),
        ("too large", "core-answer-too-large"),
    ],
)
async def test_anything_else_is_unknown_and_logged_by_its_code(
    desk: Desk, core: StandInCore, capsys: pytest.CaptureFixture[str], wrong: str, code: str
) -> None:
    core.answer = told(desk, person(desk))
    document = json.loads(core.answer.model_dump_json())
    match wrong:
        case "slow":
            core.delay_seconds = 2
        case "down":
            core.status = 503
        case "not json":
            core.answer = b"{"
        case "other fields":
            core.answer = json.dumps(document | {"as_of": "x"}).encode()
        case "somebody else":
            core.answer = told(desk, person(desk, certno="11010119900307002X"))
        case "from tomorrow":
            core.answer = told(desk, person(desk), facts_as_of=desk.clock.now() + timedelta(days=1))
        case _:
            core.answer = b" " * (4 * 1024 * 1024 + 1)
    [result] = await ask(desk, query())
    assert [each["is_unknown"] for each in result["findings"]] == [True]
    assert result["facts"]["facts_as_of"] is None
    logged = capsys.readouterr().out
    assert code in logged
    assert LI_LEI not in logged
