"""All four services with one case that has gone all the way, for tests that only look."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from tests.courses import ZHENG_SHUANG, whole_transfer
from tests.databases import Postgres
from tests.four_services import FourServices, four_services


@dataclass(frozen=True)
class Settled:
    """The system and its closed case, from Jinan to Chengdu."""

    system: FourServices
    case: str


@pytest.fixture(scope="module")
async def settled(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Settled]:
    """Up for one module."""
    async with four_services(postgres, tmp_path_factory.mktemp("system")) as system:
        yield Settled(system, await whole_transfer(system, ZHENG_SHUANG))
