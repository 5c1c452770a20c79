"""Loading of the shipped policies by the ``migrate`` command: once, and again when a later release ships others."""

from sqlalchemy import Connection, func, insert, select, text

from platform_gateway.policies import shipped_texts
from platform_gateway.repository.policies import latest_policies
from platform_gateway.repository.registry import ONE_CHANGE_AT_A_TIME
from platform_gateway.tables import policy_version, registry_version
from shared.registry.policy.checking import check_text
from shared.registry.policy.effective import PolicyBook
from shared.registry.policy.region_file import RegionFile

SHIPPED = "shipped"
"""Who loaded what ships. What an operator has loaded for a region is never replaced by it."""


def load_shipped(connection: Connection) -> None:
    """Put in what is new; raises ``PolicyRefused`` where it contradicts what an operator has loaded."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_CHANGE_AT_A_TIME})
    held = {row.region: row for row in connection.execute(latest_policies())}
    book = PolicyBook([RegionFile.model_validate(row.document) for row in held.values()])
    changed: list[str] = []
    for content in shipped_texts():
        file = check_text(content, book, None)
        before = held.get(file.region)
        if before is not None and (before.loaded_by != SHIPPED or before.digest == file.digest):
            continue
        book = book.with_file(file)
        changed.append(file.region)
        values = {
            "region": file.region,
            "revision": 1 if before is None else before.revision + 1,
            "digest": file.digest,
            "document": file.model_dump(mode="json"),
            "text": content,
            "loaded_at": func.now(),
            "loaded_by": SHIPPED,
        }
        connection.execute(insert(policy_version).values(values))
    if changed:
        _add_version(connection, changed)


def _add_version(connection: Connection, regions: list[str]) -> None:
    version = connection.scalar(select(func.max(registry_version.c.version)))
    # An empty registry stays empty: whoever registers the first areas makes its first version.
    if version is None:
        return
    values = {"made_at": func.now(), "made_by": SHIPPED, "what": "policy", "subject": ",".join(regions)}
    connection.execute(insert(registry_version).values(version=version + 1, content={}, **values))
