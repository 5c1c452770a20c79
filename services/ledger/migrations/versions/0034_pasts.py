"""What items in suspense said and what obligations owed before they changed: a past day's report shows what it showed.

The list of what waits is read by reason, or by who has taken it, and ends at once where there is nothing.
"""

from alembic import op

from shared.database import grants

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_CHANGES = (
    """
    CREATE TABLE suspense_past (
        line_id BIGINT NOT NULL,
        until_on DATE NOT NULL,
        admdvs TEXT NOT NULL,
        booked_on DATE NOT NULL,
        reason TEXT NOT NULL,
        owner TEXT NOT NULL,
        difference_fen BIGINT,
        CONSTRAINT pk_suspense_past PRIMARY KEY (line_id, until_on),
        CONSTRAINT fk_suspense_past_line_id FOREIGN KEY(line_id) REFERENCES suspense (line_id)
    )
    """,
    "COMMENT ON TABLE suspense_past IS 'append-only; a row where an item said something else the day before'",
    "COMMENT ON COLUMN suspense_past.until_on IS 'the first day that no longer ended with it'",
    "CREATE INDEX ix_suspense_past_day ON suspense_past (admdvs, until_on) INCLUDE (booked_on, line_id, reason)",
    """
    CREATE TABLE obligation_past (
        obligation_id BIGINT NOT NULL,
        until_on DATE NOT NULL,
        admdvs TEXT NOT NULL,
        kind TEXT NOT NULL,
        known_on DATE NOT NULL,
        due_fen BIGINT NOT NULL,
        CONSTRAINT pk_obligation_past PRIMARY KEY (obligation_id, until_on),
        CONSTRAINT ck_obligation_past_kind CHECK (kind IN ('receipt', 'payment')),
        CONSTRAINT ck_obligation_past_due CHECK (due_fen > 0),
        CONSTRAINT ck_obligation_past_days CHECK (known_on < until_on),
        CONSTRAINT fk_obligation_past_obligation_id FOREIGN KEY(obligation_id) REFERENCES obligation (id)
    )
    """,
    "COMMENT ON TABLE obligation_past IS 'append-only; a row where an obligation owed something else before'",
    "COMMENT ON COLUMN obligation_past.until_on IS 'the first day that no longer ended with it'",
    "CREATE INDEX ix_obligation_past_day ON obligation_past (admdvs, until_on)",
    "DROP INDEX ix_suspense_open",
    "CREATE INDEX ix_suspense_open ON suspense (admdvs, reason, line_id) WHERE settled_on IS NULL",
    """
    CREATE INDEX ix_suspense_assigned ON suspense (admdvs, assigned_to, line_id)
    WHERE settled_on IS NULL AND assigned_to IS NOT NULL
    """,
)


def upgrade() -> None:
    """Create the tables, append-only, and change the indexes."""
    for statement in _CHANGES:
        op.execute(statement)
    grants.append_only(op, "suspense_past", "obligation_past")
