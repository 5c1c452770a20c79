"""Which policies each case is decided under, and the files that these were."""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import bindparam, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from inbound.tables import case_policy, policy_file
from shared.database.rowset import ROWS, insert_new_rows
from shared.registry.policy.effective import DIGEST_LENGTH
from shared.registry.policy.region_file import RegionFile

_PIN = insert_new_rows(case_policy, tuple(column.name for column in case_policy.columns))
_KEEP = insert_new_rows(policy_file, tuple(column.name for column in policy_file.columns))
_HELD = select(policy_file.c.region, policy_file.c.digest).where(policy_file.c.region == func.any(bindparam("regions")))


async def versions_of(connection: AsyncConnection, cases: Collection[str]) -> dict[str, str]:
    """The policy version of each of these cases that has been decided under one."""
    columns = (case_policy.c.rlts_traf_id, case_policy.c.policy_version)
    rows = await connection.execute(select(*columns).where(case_policy.c.rlts_traf_id.in_(sorted(cases))))
    return {row.rlts_traf_id: row.policy_version for row in rows}


async def files_kept(connection: AsyncConnection, names: Collection[tuple[str, str]]) -> list[RegionFile]:
    """The files of (region, beginning of the digest)."""
    columns = tuple_(policy_file.c.region, policy_file.c.digest)
    found = await connection.scalars(select(policy_file.c.document).where(columns.in_(sorted(names))))
    return [RegionFile.model_validate(document) for document in found]


async def keep_policies(connection: AsyncConnection, versions: Mapping[str, str], files: Iterable[RegionFile]) -> None:
    """By case number the policy version, once and for all; and the files that these name."""
    if not versions:
        return
    named = {(file.region, file.digest[:DIGEST_LENGTH]): file for file in files}
    regions = sorted({region for region, _ in named})
    held = {(row.region, row.digest) for row in await connection.execute(_HELD, {"regions": regions})}
    missing = [
        {"region": region, "digest": digest, "document": file.model_dump(mode="json")}
        for (region, digest), file in named.items()
        if (region, digest) not in held
    ]
    if missing:
        await connection.execute(_KEEP, {ROWS: missing})
    pinned = [{"rlts_traf_id": number, "policy_version": versions[number]} for number in sorted(versions)]
    await connection.execute(_PIN, {ROWS: pinned})
