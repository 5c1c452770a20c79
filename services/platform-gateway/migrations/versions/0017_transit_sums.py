"""平台对账 by day: what moved between each pair of areas by day and month, and when each case's money was under way."""

from alembic import op

from shared.database import grants

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_CHANGES = (
    "DROP TABLE money_transit",
    """
    CREATE TABLE transit_case (
        rlts_traf_id VARCHAR(20) NOT NULL,
        trafout_admdvs VARCHAR(6) NOT NULL,
        trafin_admdvs VARCHAR(6) NOT NULL,
        kinds TEXT[] NOT NULL,
        days DATE[] NOT NULL,
        amounts BIGINT[] NOT NULL,
        CONSTRAINT pk_transit_case PRIMARY KEY (rlts_traf_id)
    )
    """,
    """
    CREATE TABLE transit_sum (
        period VARCHAR(8) NOT NULL,
        trafout_admdvs VARCHAR(6) NOT NULL,
        trafin_admdvs VARCHAR(6) NOT NULL,
        payments INTEGER NOT NULL,
        receipts INTEGER NOT NULL,
        paid BIGINT NOT NULL,
        returned BIGINT NOT NULL,
        received BIGINT NOT NULL,
        sent_back BIGINT NOT NULL,
        CONSTRAINT pk_transit_sum PRIMARY KEY (period, trafout_admdvs, trafin_admdvs)
    )
    """,
    """
    CREATE TABLE transit_span (
        rlts_traf_id VARCHAR(20) NOT NULL,
        begins_on DATE NOT NULL,
        ends_on DATE,
        trafout_admdvs VARCHAR(6) NOT NULL,
        trafin_admdvs VARCHAR(6) NOT NULL,
        net_fen BIGINT NOT NULL,
        since DATE NOT NULL,
        CONSTRAINT pk_transit_span PRIMARY KEY (rlts_traf_id, begins_on),
        CONSTRAINT ck_transit_span_not_level CHECK (net_fen <> 0)
    )
    """,
    "CREATE INDEX ix_transit_span_days ON transit_span USING gist (daterange(begins_on, ends_on))",
    # What is there already is counted as well, neighbours together.
    """
    INSERT INTO statistic_due (rlts_traf_id, marked_at)
    SELECT rlts_traf_id, now() FROM transfer_case c
    WHERE EXISTS (SELECT FROM money_fact f WHERE f.rlts_traf_id = c.rlts_traf_id)
    ORDER BY trafout_admdvs, trafin_admdvs
    """,
)


def upgrade() -> None:
    """Create the tables, and mark every case whose money was told of."""
    for statement in _CHANGES:
        op.execute(statement)
    grants.writable(op, "transit_case", "transit_sum", "transit_span")
