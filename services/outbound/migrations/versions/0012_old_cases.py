"""Old cases that were brought in at cut-over, with their numbers and the lines that brought them."""

from alembic import op

from shared.database import grants

revision = "outbound_0012"
down_revision = "outbound_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table."""
    op.execute(
        """
        CREATE TABLE old_case (
            rlts_traf_id TEXT NOT NULL,
            admdvs TEXT NOT NULL,
            refs JSONB NOT NULL,
            import_key TEXT NOT NULL,
            import_line INTEGER NOT NULL,
            row_digest TEXT NOT NULL,
            entered_by TEXT NOT NULL,
            entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
            CONSTRAINT pk_old_case PRIMARY KEY (rlts_traf_id),
            CONSTRAINT fk_old_case_rlts_traf_id FOREIGN KEY (rlts_traf_id) REFERENCES outbound_case (rlts_traf_id)
        )
        """
    )
    op.execute("CREATE UNIQUE INDEX ux_old_case_line ON old_case (admdvs, import_key, import_line)")
    op.execute("CREATE INDEX ix_old_case_refs ON old_case USING gin (refs)")
    grants.append_only(op, "old_case")
