"""What the commands for operators of the registry share: a keeper on the service's database, and how they end."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import BinaryIO

import uvloop
from pydantic import ValidationError

from platform_gateway.context import RegistryKeeper
from platform_gateway.registry_source import RegistrySource
from shared.clock import SystemClock
from shared.database import Database
from shared.errors import DomainError, InvalidInput, Unavailable
from shared.outages import is_outage
from shared.settings import DatabaseSettings

Work = Callable[[RegistryKeeper], Awaitable[list[str]]]
"""Answers the lines to print."""
_SETTINGS_WRONG = 2


class FileUnreadable(InvalidInput):
    """There is no such file, or it holds no text in UTF-8."""

    code = "file-unreadable"


def read_text(file: Path) -> str:
    """An operator's file; a byte order mark before it is nothing. Raises ``FileUnreadable``."""
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise FileUnreadable(f"{file} 第{line}行：不是 UTF-8 编码，请另存为 UTF-8 后再试。") from error
    except OSError as error:
        reason = "没有这个文件" if isinstance(error, FileNotFoundError) else "不能读取"
        raise FileUnreadable(f"{file}：{reason}。") from error


def run(work: Work) -> int:
    """Do ``work`` and print its lines; 0, or 1 with what was wrong on the error output, 2 with wrong settings."""
    try:
        settings = DatabaseSettings()
    except ValidationError as error:
        names = "、".join(str(each["loc"][0]).upper() for each in error.errors())
        _print(sys.stderr.buffer, [f"环境变量 {names} 没有设置或不正确：请在平台容器里执行，本机试用时先载入环境。"])
        return _SETTINGS_WRONG
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            lines = runner.run(_on_database(work, settings))
    except DomainError as error:
        _print(sys.stderr.buffer, [error.message, *(found.message for found in error.errors)])
        return 1
    except Unavailable as error:
        _print(sys.stderr.buffer, [f"现在办不了：{error}"])
        return 1
    except Exception as error:
        # Outages come as errors of every library below; ``is_outage`` knows them, and all others are raised.
        if not is_outage(error):
            raise
        _print(sys.stderr.buffer, [f"数据库不可达：{type(error).__name__}"])
        return 1
    _print(sys.stdout.buffer, lines)
    return 0


async def _on_database(work: Work, settings: DatabaseSettings) -> list[str]:
    # One connection for the change, one for the registry that it is checked against.
    database = Database(settings.database_url.get_secret_value(), pool_size=2, name="operator")
    clock = SystemClock()
    try:
        return await work(RegistryKeeper(database, clock, RegistrySource(database, clock, root_key=None)))
    finally:
        await database.dispose()


def _print(stream: BinaryIO, lines: Iterable[str]) -> None:
    # As bytes, for the terminal's encoding may know no Chinese.
    stream.write("".join(f"{line}\n" for line in lines).encode())
