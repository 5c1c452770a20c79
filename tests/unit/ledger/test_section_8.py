"""Every case of domain §8 has its scenario, and every scenario named is there."""

import ast
import tomllib
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "integration" / "ledger"
PLAYED: dict[str, str] = tomllib.loads((FOLDER / "section_8.toml").read_text("utf-8"))
CASES = {
    "money before the sheet",
    "sheet before the money",
    "paid twice",
    "paid in parts",
    "one transfer for many",
    "off by one fen",
    "same amount and day for two people",
    "wrong note",
    "empty note",
    "returned payment",
    "payment for a closed case",
    "payment for a withdrawn case",
    "file twice",
    "restated file",
    "genuine twins",
    "cut-off days",
    "corrected sheet after crediting",
    "payer account not in the registry",
    "another account of the outbound",
    "an addendum",
    "balance refunded to the person",
    "case that came on paper",
    "interest and premiums on a shared account",
    "swept to zero at month end",
}
TAKES_A_STATEMENT = {"book", "upload", "show", "lines", "waiting", "come_back"}


def test_every_case_is_played_and_no_other() -> None:
    assert set(PLAYED) == CASES


@pytest.mark.parametrize("case", sorted(CASES))
def test_scenario_is_there_and_goes_through_the_api_with_a_statement(case: str) -> None:
    file, _, name = PLAYED[case].partition("::")
    tree = ast.parse((FOLDER / file).read_text("utf-8"))
    [scenario] = [one for one in tree.body if isinstance(one, ast.AsyncFunctionDef) and one.name == name]
    # Both drive the service through its API.
    assert {one.arg for one in scenario.args.args} & {"bank", "town"}
    called = {ast.unparse(node.func).rpartition(".")[2] for node in ast.walk(scenario) if isinstance(node, ast.Call)}
    assert called & TAKES_A_STATEMENT
