"""Statistics for oversight: cases to be counted, what each is counted as, the sums; where a case came from."""

from alembic import op

from shared.database import grants

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_COUNTS = (
    *("applied", "accepted", "refused", "withdrawn", "terminated", "completed", "closed"),
    *("sheets", "returned", *(f"returned_s0{code}" for code in range(1, 7))),
    *(f"{clock}_{how}" for clock in ("outbound", "inbound", "total", "payment") for how in ("kept", "late")),
    *("paid", "credited", "sent_back"),
)
_SUMS = ("paid_amount", "credited_amount", "sent_back_amount")
_CELL = "kind, area, other, trafout_insutype, trafin_insutype, distance, origin"
_CELL_COLUMNS = """
        kind VARCHAR(16) NOT NULL,
        area VARCHAR(6) NOT NULL,
        other VARCHAR(6) NOT NULL,
        trafout_insutype VARCHAR(3) NOT NULL,
        trafin_insutype VARCHAR(3) NOT NULL,
        distance VARCHAR(16) NOT NULL,
        origin VARCHAR(10) NOT NULL,
"""

_CHANGES = (
    "ALTER TABLE transfer_case ADD COLUMN origin VARCHAR(10) NOT NULL DEFAULT 'electronic'",
    "CREATE INDEX ix_case_history_at ON case_history USING brin (at)",
    "CREATE INDEX ix_money_fact_booked_on ON money_fact USING brin (booked_on)",
    "CREATE INDEX ix_sheet_arrived_at ON sheet USING brin (arrived_at)",
    """
    CREATE TABLE statistic_due (
        due_no BIGINT GENERATED ALWAYS AS IDENTITY,
        rlts_traf_id VARCHAR(20) NOT NULL,
        marked_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_statistic_due PRIMARY KEY (due_no)
    )
    """,
    """
    CREATE TABLE statistic_case (
        rlts_traf_id VARCHAR(20) NOT NULL,
        trafout_admdvs VARCHAR(6) NOT NULL,
        trafin_admdvs VARCHAR(6) NOT NULL,
        trafout_county VARCHAR(6) NOT NULL,
        trafin_county VARCHAR(6) NOT NULL,
        trafout_insutype VARCHAR(3) NOT NULL,
        trafin_insutype VARCHAR(3) NOT NULL,
        origin VARCHAR(10) NOT NULL,
        entries JSONB NOT NULL,
        CONSTRAINT pk_statistic_case PRIMARY KEY (rlts_traf_id)
    )
    """,
    f"""
    CREATE TABLE statistic_month ({_CELL_COLUMNS}
        month VARCHAR(6) NOT NULL,
        {", ".join(f"{name} INTEGER NOT NULL" for name in _COUNTS)},
        {", ".join(f"{name} BIGINT NOT NULL" for name in _SUMS)},
        CONSTRAINT pk_statistic_month PRIMARY KEY ({_CELL}, month)
    )
    """,
    "CREATE INDEX ix_statistic_month_other ON statistic_month (kind, other)",
    f"""
    CREATE TABLE statistic_standing ({_CELL_COLUMNS}
        measure VARCHAR(32) NOT NULL,
        day DATE NOT NULL,
        n INTEGER NOT NULL,
        amount BIGINT NOT NULL,
        CONSTRAINT pk_statistic_standing PRIMARY KEY ({_CELL}, measure, day)
    )
    """,
    "CREATE INDEX ix_statistic_standing_gone ON statistic_standing (n) WHERE n = 0",
    "CREATE INDEX ix_statistic_standing_other ON statistic_standing (kind, other)",
    # What is there already is counted as well.
    "INSERT INTO statistic_due (rlts_traf_id, marked_at) SELECT rlts_traf_id, now() FROM transfer_case",
)


def upgrade() -> None:
    """Add the tables and the columns."""
    for statement in _CHANGES:
        op.execute(statement)
    grants.writable(op, "statistic_due", "statistic_case", "statistic_month", "statistic_standing")
