"""Load a region's policy: checked as a whole, audited, in force for what is decided from then on."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.context import RegistryKeeper
from platform_gateway.repository import policies
from platform_gateway.repository import registry as repository
from platform_gateway.use_cases.change_registry import add_checked_version
from shared.errors import InvalidInput
from shared.registry.policy.checking import check_text
from shared.registry.policy.effective import PolicyBook
from shared.registry.policy.region_checks import Parents
from shared.registry.policy.region_file import RegionFile
from shared.web.etags import Expected
from shared.web.refusals import PreconditionRequired


class RegionDiffers(InvalidInput):
    """The file is another region's than the one that it was sent for."""

    code = "policy-region-differs"


@dataclass(frozen=True, slots=True)
class Loaded:
    """The region's revision now, and whether this made it; ``is_new``: the region had none before."""

    file: RegionFile
    revision: int
    is_new: bool
    is_changed: bool


async def load_policy(
    keeper: RegistryKeeper, by: str, text: str, expected: Expected | None, *, region: str | None = None
) -> Loaded:
    """Take the file ``text`` (TOML) in; the same content again changes nothing.

    A change wants the revision that the caller has seen. Raises ``PolicyRefused``, ``PolicyFileUnreadable`` and, where
    ``region`` is not the file's, ``RegionDiffers``.
    """
    async with keeper.database.transaction() as connection:
        await repository.lock(connection)
        file = await checked_policy(keeper, connection, text)
        if region is not None and file.region != region:
            raise RegionDiffers(f"文件写的是地区 {file.region}，不是 {region}。")
        present = await policies.policy_of(connection, file.region)
        if present is not None:
            if expected is None:
                raise PreconditionRequired("修改已载入的政策须带 If-Match 请求头。")
            expected.require(present.revision)
            if present.text == text:
                return Loaded(file, present.revision, is_new=False, is_changed=False)
        revision = 1 if present is None else present.revision + 1
        await policies.add_policy(connection, file, text, revision=revision, by=by, now=keeper.clock.now())
        if await repository.version(connection):
            content = {"revision": revision, "digest": file.digest}
            await add_checked_version(keeper, connection, by, what="policy", subject=file.region, content=content)
    return Loaded(file, revision, is_new=present is None, is_changed=True)


async def checked_policy(keeper: RegistryKeeper, connection: AsyncConnection, text: str) -> RegionFile:
    """The file, if it may be loaded beside what is loaded; raises as ``load_policy`` does, and stores nothing."""
    held = await policies.policies(connection)
    book = PolicyBook([RegionFile.model_validate(row.document) for row in held])
    return check_text(text, book, await _parents(keeper, connection))


async def _parents(keeper: RegistryKeeper, connection: AsyncConnection) -> Parents | None:
    # Before the first areas are registered nobody can say which regions there are.
    if not await repository.version(connection):
        return None
    return (await keeper.registry.at(connection)).parents
