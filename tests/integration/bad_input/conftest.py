"""All four services with one person known and one case under way, and what every table holds."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from tests.courses import ZHENG_SHUANG, apply, enroll
from tests.databases import Postgres
from tests.four_services import FourServices, four_services

# What custody itself is made of: a message that cannot be applied is kept, and its sender told that we have it.
KEPT_ANYWAY = ("quarantine", "message_log", "inbox", "custody_receipt", "message_receipt", "outbox", "inbox_cursor")


@dataclass(frozen=True)
class UnderWay:
    """The system and a case from Jinan to Chengdu whose sheet is being drafted."""

    system: FourServices
    case: str


@pytest.fixture(scope="module")
async def under_way(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[UnderWay]:
    """Up for one module."""
    async with four_services(postgres, tmp_path_factory.mktemp("system")) as system:
        await enroll(system, ZHENG_SHUANG)
        yield UnderWay(system, await apply(system, ZHENG_SHUANG))
