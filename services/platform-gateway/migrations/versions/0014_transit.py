"""Cases whose money has left one bank account and not arrived on the other, or the other way round."""

from alembic import op

from shared.database import grants

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_CREATE = (
    """
    CREATE TABLE money_transit (
        rlts_traf_id VARCHAR(20) NOT NULL,
        trafout_admdvs VARCHAR(6) NOT NULL,
        trafin_admdvs VARCHAR(6) NOT NULL,
        net_fen BIGINT NOT NULL,
        since DATE NOT NULL,
        CONSTRAINT pk_money_transit PRIMARY KEY (rlts_traf_id),
        CONSTRAINT ck_money_transit_not_level CHECK (net_fen <> 0),
        CONSTRAINT fk_money_transit_rlts_traf_id_transfer_case
            FOREIGN KEY(rlts_traf_id) REFERENCES transfer_case (rlts_traf_id)
    )
    """,
    # What stands already is taken in roughly; the next fact of a case, and every report, work it out from all facts.
    """
    INSERT INTO money_transit
    SELECT f.rlts_traf_id, c.trafout_admdvs, c.trafin_admdvs,
           sum(CASE f.kind WHEN 'paid' THEN f.amount ELSE -f.amount END), min(f.booked_on)
    FROM money_fact f JOIN transfer_case c USING (rlts_traf_id)
    WHERE f.kind IN ('paid', 'returned', 'matched')
    GROUP BY 1, 2, 3 HAVING sum(CASE f.kind WHEN 'paid' THEN f.amount ELSE -f.amount END) <> 0
    """,
)


def upgrade() -> None:
    """Create and fill the table."""
    for statement in _CREATE:
        op.execute(statement)
    grants.writable(op, "money_transit")
