"""Entries know the line of the import that brought them, so that the same file adds only what is missing.

Revision ID: 0013
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and their unique index; new databases have them from the table's own definition."""
    for column, kind in (("import_key", "TEXT"), ("import_line", "INTEGER"), ("row_digest", "TEXT")):
        op.execute(f"ALTER TABLE paper_entry ADD COLUMN IF NOT EXISTS {column} {kind}")
    op.execute("COMMENT ON COLUMN paper_entry.import_key IS 'the cut-over import that brought it'")
    op.execute("COMMENT ON COLUMN paper_entry.row_digest IS 'SHA-256, hex, of the line'")
    op.execute(
        "CREATE UNIQUE INDEX IF NOT EXISTS ux_paper_entry_import_line"
        " ON paper_entry (admdvs, import_key, import_line) WHERE import_key IS NOT NULL"
    )
