"""What was held for an alert goes on by two people: an approved adjustment lifts it, and nothing else can.

Holds lifted before stand as they were lifted. Lines of an adjustment are found by index, whichever of the two it names,
and so are alerts by what they are about, and the line as which a return to a payer came back.
"""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_CHANGES = (
    """
    ALTER TABLE adjustment
        ADD COLUMN alert_id BIGINT,
        ADD CONSTRAINT fk_adjustment_alert_id FOREIGN KEY(alert_id) REFERENCES alert (id),
        DROP CONSTRAINT ck_adjustment_kind,
        ADD CONSTRAINT ck_adjustment_kind CHECK (kind IN ('write_off', 'offset', 'reclassification', 'release')),
        DROP CONSTRAINT ck_adjustment_what,
        ADD CONSTRAINT ck_adjustment_what CHECK (CASE kind
            WHEN 'write_off' THEN num_nonnulls(line_id, obligation_id) = 1
                AND num_nonnulls(other_line_id, to_class, alert_id) = 0 AND amount_fen > 0
            WHEN 'offset' THEN num_nonnulls(line_id, other_line_id) = 2
                AND num_nonnulls(obligation_id, to_class, alert_id) = 0 AND amount_fen > 0
            WHEN 'release' THEN alert_id IS NOT NULL
                AND num_nonnulls(line_id, other_line_id, obligation_id, to_class, amount_fen) = 0
            ELSE num_nonnulls(line_id, to_class) = 2
                AND num_nonnulls(other_line_id, obligation_id, alert_id, amount_fen) = 0
            END)
    """,
    "CREATE UNIQUE INDEX uq_adjustment_open_alert ON adjustment (alert_id) WHERE state = 'proposed'",
    "CREATE INDEX ix_adjustment_line ON adjustment (line_id) WHERE line_id IS NOT NULL",
    "CREATE INDEX ix_adjustment_other_line ON adjustment (other_line_id) WHERE other_line_id IS NOT NULL",
    "CREATE INDEX ix_alert_subject ON alert (subject, kind, admdvs)",
    """
    CREATE INDEX ix_suspense_returned_order ON suspense (returned_order_id) WHERE returned_order_id IS NOT NULL
    """,
    """
    ALTER TABLE order_hold
        ADD COLUMN adjustment_id UUID,
        ADD COLUMN adjustment_state TEXT,
        ADD CONSTRAINT fk_order_hold_adjustment_id_adjustment_state
            FOREIGN KEY(adjustment_id, adjustment_state) REFERENCES adjustment (id, state),
        ADD CONSTRAINT ck_order_hold_lifted_by_two
            CHECK (lifted_at IS NULL OR coalesce(adjustment_state, '') = 'approved' AND adjustment_id IS NOT NULL)
            NOT VALID
    """,
)


def upgrade() -> None:
    """Change the tables; nothing that was lifted is held again."""
    for statement in _CHANGES:
        op.execute(statement)
