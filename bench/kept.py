"""The database of a measurement: made for one run, or made once and kept where ``KEEP=<folder>`` says."""

import json
import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL

from bench.server import settings
from shared.database.engine import asyncpg_url
from shared.database.migrations import migrate
from stack.databases import ServiceDatabase, provision
from stack.postgres import EmbeddedPostgres, end_left_running

_CONTENT = "content.json"

Content = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Made:
    """A migrated and filled database: ``admin`` is the superuser's address of it."""

    service: ServiceDatabase
    admin: URL


@asynccontextmanager
async def made_once(service: str, content: Content, fill: Callable[[URL], Awaitable[None]]) -> AsyncIterator[Made]:
    """A database of ``service`` on a server of its own, filled by ``fill`` (which gets the superuser's address of it).

    With ``KEEP`` it stands under ``<folder>/<service>`` and is filled only when nothing is there; what is there is
    migrated and given as it is. ``content`` says what it is filled with: a folder that holds anything else is refused,
    and one whose filling was broken off is made anew. Ends the process with a message when the folder is refused.
    """
    with _folder(service) as folder:
        is_filled = _is_filled(folder, content)
        end_left_running(folder / "pg")
        with EmbeddedPostgres(folder / "pg", settings()) as server:
            made = (await provision(server.admin_url, [service], passwords_file=folder / "passwords.json"))[service]
            await migrate(service, made.owner_url, made.app_role)
            admin = asyncpg_url(server.admin_url).set(database=service)
            if not is_filled:
                await fill(admin)
                _note(folder, content, is_whole=True)
            yield Made(made, admin)


@contextmanager
def _folder(service: str) -> Iterator[Path]:
    keep = os.environ.get("KEEP")
    if keep:
        folder = Path(keep).resolve() / service
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix=f"{service}-bench-") as temporary:
        yield Path(temporary)


def _is_filled(folder: Path, content: Content) -> bool:
    """Whether the folder holds ``content``; an empty one is prepared for it."""
    note = folder / _CONTENT
    if not note.exists():
        if any(folder.iterdir()):
            sys.exit(f"{folder} 里有别的文件，KEEP 请另选一个文件夹。")
        _note(folder, content, is_whole=False)
        return False
    noted = json.loads(note.read_text())
    if not noted["is_whole"]:
        end_left_running(folder / "pg")
        shutil.rmtree(folder / "pg", ignore_errors=True)
        _note(folder, content, is_whole=False)
        return False
    if noted["content"] != dict(content):
        sys.exit(f"{folder} 里的数据是按 {noted['content']} 造的，要的是 {dict(content)}：KEEP 请另选一个文件夹。")
    return True


def _note(folder: Path, content: Content, *, is_whole: bool) -> None:
    (folder / _CONTENT).write_text(json.dumps({"content": dict(content), "is_whole": is_whole}))
