"""Addenda to the sheet: money that came after sealing."""

from alembic import op

from shared.database import grants

revision = "outbound_0007"
down_revision = "outbound_0006"
branch_labels = None
depends_on = None

_CHANGES = (
    "ALTER TABLE outbound_case ADD COLUMN accepted_version SMALLINT NOT NULL DEFAULT 0",
    "ALTER TABLE outbound_case ADD COLUMN addenda_balc BIGINT NOT NULL DEFAULT 0",
    "COMMENT ON COLUMN outbound_case.addenda_balc IS 'fen'",
    """UPDATE outbound_case c SET accepted_version = a.version
        FROM (SELECT rlts_traf_id, max(version) AS version FROM sheet_answer WHERE outcome = 'accepted'
              GROUP BY rlts_traf_id) a
        WHERE a.rlts_traf_id = c.rlts_traf_id""",
    """
    CREATE TABLE addendum (
        rlts_traf_id TEXT NOT NULL,
        addendum_no SMALLINT NOT NULL,
        cause TEXT NOT NULL,
        reason TEXT NOT NULL,
        amount BIGINT NOT NULL,
        state TEXT NOT NULL,
        proposed_by TEXT NOT NULL,
        proposed_name TEXT NOT NULL,
        proposed_at TIMESTAMP WITH TIME ZONE NOT NULL,
        reviewed_by TEXT,
        reviewed_name TEXT,
        reviewed_at TIMESTAMP WITH TIME ZONE,
        review_reason TEXT,
        sealed_addendum TEXT,
        arrival TEXT,
        payer_bankacct TEXT,
        payee_bankacct TEXT,
        refusal TEXT,
        CONSTRAINT pk_addendum PRIMARY KEY (rlts_traf_id, addendum_no),
        CONSTRAINT ck_addendum_state_known CHECK (
            state IN ('proposed', 'rejected', 'approved', 'booked', 'issued', 'accepted', 'refused')),
        CONSTRAINT ck_addendum_amount_positive CHECK (amount > 0),
        CONSTRAINT ck_addendum_two_people CHECK (state = 'proposed' OR reviewed_by <> proposed_by),
        CONSTRAINT ck_addendum_sealed CHECK (state NOT IN ('issued', 'accepted') OR sealed_addendum IS NOT NULL),
        CONSTRAINT fk_addendum_rlts_traf_id_outbound_case
            FOREIGN KEY(rlts_traf_id) REFERENCES outbound_case (rlts_traf_id)
    )
    """,
    "CREATE INDEX ix_addendum_to_seal ON addendum (rlts_traf_id) WHERE state = 'booked'",
)


def upgrade() -> None:
    """Add the table and what a case knows of its addenda."""
    for statement in _CHANGES:
        op.execute(statement)
    grants.writable(op, "addendum")
