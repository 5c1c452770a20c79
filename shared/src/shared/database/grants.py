"""What the app role may do: read and write rows, but make or change no table, and rewrite no evidence.

Called inside a migration; the app role is the one that ``migrations.migrate`` was given.
"""

from shared.database.operations import Operations


def writable(op: Operations, *tables: str) -> None:
    """Let the app role read and change the rows of ordinary ``tables``."""
    _grant(op, "SELECT, INSERT, UPDATE, DELETE", tables)


def append_only(op: Operations, *tables: str) -> None:
    """Let the app role read and add rows to ``tables``, never change or remove them."""
    _grant(op, "SELECT, INSERT", tables)


def readable(op: Operations, *tables: str) -> None:
    """Let the app role only read ``tables``, which triggers of the database write."""
    _grant(op, "SELECT", tables)


def numbering(op: Operations, *sequences: str) -> None:
    """Let the app role draw the next number of ``sequences`` itself."""
    role = _app_role(op)
    for sequence in sequences:
        op.execute(f"GRANT USAGE ON SEQUENCE {_quoted(op, sequence)} TO {role}")


def never_deleted(op: Operations, *tables: str) -> None:
    """Take from the app role what ``writable`` gave it to remove rows of ``tables``: others refer to them."""
    role = _app_role(op)
    for table in tables:
        op.execute(f"REVOKE DELETE ON TABLE {_quoted(op, table)} FROM {role}")


def _grant(op: Operations, rights: str, tables: tuple[str, ...]) -> None:
    role = _app_role(op)
    for table in tables:
        op.execute(f"GRANT {rights} ON TABLE {_quoted(op, table)} TO {role}")


def _app_role(op: Operations) -> str:
    config = op.get_context().config
    if config is None:
        raise RuntimeError("grants need the configuration that shared.database.migrations runs with")
    return _quoted(op, str(config.attributes["app_role"]))


def _quoted(op: Operations, name: str) -> str:
    return op.get_bind().dialect.identifier_preparer.quote(name)
