"""What a case counts as stands in arrays, and what only directions are asked for has an index in their part alone."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forget every sum and mark every case, neighbours together: the sums are worked out from the cases alone."""
    for statement in (
        "DROP INDEX ix_statistic_month_other",
        "DROP INDEX ix_statistic_standing_other",
        "CREATE INDEX ix_statistic_month_direction_other ON statistic_month_direction (other)",
        "CREATE INDEX ix_statistic_standing_direction_other ON statistic_standing_direction (other)",
        "TRUNCATE statistic_month, statistic_standing, statistic_case, statistic_due",
        """
        ALTER TABLE statistic_case DROP COLUMN entries, ADD COLUMN measures TEXT[] NOT NULL,
            ADD COLUMN days DATE[] NOT NULL, ADD COLUMN amounts BIGINT[] NOT NULL
        """,
        """
        INSERT INTO statistic_due (rlts_traf_id, marked_at)
        SELECT rlts_traf_id, now() FROM transfer_case ORDER BY trafout_admdvs, trafin_admdvs
        """,
    ):
        op.execute(statement)
