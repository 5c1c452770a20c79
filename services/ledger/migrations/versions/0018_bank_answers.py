"""What banks answer to payments: status reports (pain.002), rejected orders, and orders that pay anew."""

from alembic import op

from shared.database import grants

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_CHANGE = (
    """
    ALTER TABLE payment_order
        ADD COLUMN attempt INTEGER DEFAULT '1' NOT NULL,
        ADD COLUMN reissue_of UUID,
        ADD COLUMN reissue_reason TEXT,
        ADD COLUMN reissued_by TEXT,
        ADD COLUMN bank_status TEXT,
        ADD COLUMN rejection_code TEXT,
        ADD COLUMN rejection_text TEXT,
        ADD COLUMN rejected_by TEXT,
        ADD COLUMN rejected_at TIMESTAMP WITH TIME ZONE,
        DROP CONSTRAINT ck_payment_order_state,
        ADD CONSTRAINT ck_payment_order_state CHECK (state IN ('ready', 'held', 'awaiting_funds', 'proposed',
            'released', 'paid', 'returned', 'rejected', 'cancelled')),
        DROP CONSTRAINT ck_payment_order_released_by_batch,
        ADD CONSTRAINT ck_payment_order_released_by_batch CHECK (state NOT IN ('released', 'paid', 'returned',
            'rejected') OR (batch_id IS NOT NULL AND proposed_by IS NOT NULL AND released_by IS NOT NULL)),
        ADD CONSTRAINT ck_payment_order_rejected CHECK ((state = 'rejected') = (rejected_at IS NOT NULL)
            AND (rejected_at IS NULL) = (rejected_by IS NULL)),
        ADD CONSTRAINT ck_payment_order_reissued CHECK ((reissue_of IS NULL) = (attempt = 1)
            AND (reissue_of IS NULL) = (reissue_reason IS NULL) AND (reissue_of IS NULL) = (reissued_by IS NULL)),
        ADD CONSTRAINT fk_payment_order_reissue_of FOREIGN KEY(reissue_of) REFERENCES payment_order (id)
    """,
    # At most one order that may still pay, or has paid, an obligation.
    "DROP INDEX uq_payment_order_live",
    """
    CREATE UNIQUE INDEX uq_payment_order_live ON payment_order (obligation_id)
        WHERE state NOT IN ('cancelled', 'rejected')
    """,
    """
    CREATE UNIQUE INDEX uq_payment_order_reissue_of ON payment_order (reissue_of)
        WHERE reissue_of IS NOT NULL AND state <> 'cancelled'
    """,
    """
    CREATE TABLE status_report (
        id UUID NOT NULL,
        admdvs TEXT NOT NULL,
        digest TEXT NOT NULL,
        message_id TEXT NOT NULL,
        original_message_id TEXT,
        size_bytes BIGINT NOT NULL,
        line_count INTEGER NOT NULL,
        received_at TIMESTAMP WITH TIME ZONE NOT NULL,
        received_by TEXT NOT NULL,
        CONSTRAINT pk_status_report PRIMARY KEY (id),
        CONSTRAINT uq_status_report_admdvs_digest UNIQUE (admdvs, digest),
        CONSTRAINT uq_status_report_admdvs_message_id UNIQUE (admdvs, message_id)
    )
    """,
    "CREATE INDEX ix_status_report_recent ON status_report (admdvs, received_at, id)",
    """
    CREATE TABLE status_report_line (
        report_id UUID NOT NULL,
        line_no INTEGER NOT NULL,
        reference TEXT,
        order_id UUID,
        status TEXT NOT NULL,
        reason_code TEXT,
        reason_text TEXT,
        outcome TEXT NOT NULL,
        CONSTRAINT pk_status_report_line PRIMARY KEY (report_id, line_no),
        CONSTRAINT fk_status_report_line_report_id FOREIGN KEY(report_id) REFERENCES status_report (id),
        CONSTRAINT fk_status_report_line_order_id FOREIGN KEY(order_id) REFERENCES payment_order (id)
    )
    """,
)


def upgrade() -> None:
    """Change the orders and create the tables; what a bank has said is append-only."""
    for statement in _CHANGE:
        op.execute(statement)
    grants.append_only(op, "status_report", "status_report_line")
