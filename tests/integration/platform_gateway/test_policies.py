"""A city's policy is added by following ``docs/policy.md`` alone, and changes the decisions of new cases only."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from platform_gateway.service import SERVICE
from platform_gateway.use_cases.watch_deadlines import Recounting
from shared.runtime.command import main
from tests.integration.platform_gateway.gateway import JINAN, OPERATOR, QINGDAO, Gateway, agency


def run(arguments: list[str]) -> int:
    return main(SERVICE.package, lambda: SERVICE, arguments)


GUIDE = (Path(__file__).parents[3] / "docs" / "policy.md").read_text(encoding="utf-8")
COMMAND = "python -m platform_gateway "


def block_after(mark: str) -> str:
    """The first fenced block of the guide after ``mark``."""
    found = re.search(r"```[a-z]*\n(.*?)```", GUIDE[GUIDE.index(mark) :], re.DOTALL)
    assert found is not None
    return found[1]


def commands() -> list[list[str]]:
    """Every command of the guide, in order, without the interpreter; the first block is the environment."""
    _environment, *blocks = re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    assert all(line.startswith(COMMAND) for line in lines)
    return [line.removeprefix(COMMAND).split() for line in lines]


async def days(gateway: Gateway, number: str) -> dict[str, int]:
    return {
        f"{clock['kind']}{clock['sheet_version']}": clock["days"] for clock in (await gateway.shown(number))["clocks"]
    }


@pytest.fixture
def workplace(gateway: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the guide's files, and the environment in which operators run commands."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", gateway.process.settings.database_url.get_secret_value())
    (tmp_path / "370200.toml").write_text(block_after("`370200.toml`："), encoding="utf-8")
    (tmp_path / "2027.toml").write_text(block_after("文件 `2027.toml`"), encoding="utf-8")
    return tmp_path


def test_says_which_setting_a_command_lacks(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert run(["policy", "show", "370200"]) == 2
    assert "DATABASE_URL" in capfdbinary.readouterr().err.decode()


@pytest.mark.law("N10", "N15", "S54-9")
async def test_follows_the_guide(gateway: Gateway, workplace: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    before = await gateway.accepted(trafin_admdvs=QINGDAO)
    said: list[str] = []
    for command in commands():
        assert await asyncio.to_thread(run, command) == 0
        said.append(capfdbinary.readouterr().out.decode())
    assert "可以载入" in said[0]
    assert "outbound_days = 6    山东省 2022-04-01起 S54-9" in said[1]
    assert "benefits.long_gap_across_provinces    （各级均未设定）" in said[1]
    assert "benefits.long_gap_reach = within_province    （各级均未设定，取默认）" in said[1]
    assert "青岛市（370200）：已载入，第1次" in said[2]
    assert "outbound_days = 4    青岛市 2026-01-01起 青医保发〔2025〕1号第三条" in said[3]
    assert "2025-12-31：9    山东省" in said[4]
    assert "2027年的放假安排：已载入" in said[6]
    audited = await gateway.rows("SELECT what, subject, made_by FROM registry_version ORDER BY version DESC LIMIT 2")
    assert [(row["what"], row["subject"], row["made_by"]) for row in audited] == [
        ("calendar", "2027", "王运维"),
        ("policy", QINGDAO, "王运维"),
    ]
    new = await gateway.accepted(
        person={"psn_name": "韩梅", "psn_cert_type": "01", "certno": "11010119900307002X"}, trafin_admdvs=QINGDAO
    )
    later = workplace / "later.toml"
    later.write_text(block_after("`370200.toml`：").replace("inbound_days = 2", "inbound_days = 1"), encoding="utf-8")
    assert await asyncio.to_thread(run, ["policy", "load", "later.toml"]) == 0
    for number in (before, new):
        await gateway.issue(number)
    assert not await Recounting().turn(gateway.process)
    assert await days(gateway, before) == {"outbound0": 6, "total0": 9, "inbound1": 3, "payment1": 6}
    assert await days(gateway, new) == {"outbound0": 6, "total0": 6, "inbound1": 2, "payment1": 6}
    versions = [(await gateway.shown(number))["policy_version"] for number in (before, new)]
    assert [f"{QINGDAO}@2026-01-01#" in version for version in versions] == [False, True]
    wrong = (workplace / "370200.toml").read_text(encoding="utf-8").replace("outbound_days = 4", "outbound_days = 8")
    (workplace / "370200.toml").write_text(wrong, encoding="utf-8")
    capfdbinary.readouterr()
    assert await asyncio.to_thread(run, ["policy", "load", "370200.toml"]) == 1
    assert capfdbinary.readouterr().err.decode() == block_after("把 `outbound_days` 写成 8")


async def effective(gateway: Gateway, path: str, admdvs: str = JINAN) -> dict[str, Any]:
    shown = await gateway.call("GET", f"/policies/{admdvs}/effective", agency(JINAN))
    assert shown.status_code == 200
    return next(value for value in shown.json()["values"] if value["path"] == path)


async def test_the_api_takes_a_file_whole_or_not_at_all(gateway: Gateway) -> None:
    held = await gateway.call("GET", f"/policies/{JINAN}", OPERATOR)
    text = held.json()["text"] + "\n[versions.account]\nmoves_balance = false\n"
    assert (await gateway.call("PUT", f"/policies/{JINAN}", agency(JINAN), json={"text": text})).status_code == 403
    assert (await gateway.call("PUT", f"/policies/{JINAN}", OPERATOR, json={"text": text})).status_code == 428
    seen = {"If-Match": held.headers["etag"]}
    wrong = await gateway.call(
        "PUT", f"/policies/{JINAN}", OPERATOR, json={"text": text + "moves_blance = 1\n"}, headers=seen
    )
    line = len(text.splitlines()) + 1
    assert (wrong.status_code, wrong.json()["type"].rsplit("/", 1)[-1]) == (422, "policy-refused")
    assert wrong.json()["errors"][0]["message"] == f"第{line}行 versions[1].account.moves_blance：不认识的字段"
    assert (await effective(gateway, "account.moves_balance"))["region"] == "000000"
    taken = await gateway.call("PUT", f"/policies/{JINAN}", OPERATOR, json={"text": text}, headers=seen)
    assert (taken.status_code, taken.json()["revision"]) == (200, 2)
    value = await effective(gateway, "account.moves_balance", "370102")
    assert (value["value"], value["region"], value["valid_from"]) == (False, JINAN, "2022-04-01")
    changed = await gateway.call("GET", f"/policies/{JINAN}/differences?from=2022-03-31&to=2022-04-01", OPERATOR)
    assert "account.moves_balance" in {each["path"] for each in changed.json()}
    shown = await gateway.shown(await gateway.accepted())
    assert shown["money"]["acct_disposition"] == "refunded_to_person"
    [asked] = shown["decision"]["local_questions"]
    assert (asked["reading"], shown["decision"]["needs_local_decision"]) == ("balance-without-inbound-account", True)
    listed = await gateway.call("GET", "/policies", OPERATOR)
    assert [each["region"] for each in listed.json()["items"]] == ["000000", "370000", JINAN]
