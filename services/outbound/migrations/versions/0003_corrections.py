"""A case may be corrected after its relation has ended."""

from alembic import op

from shared.agency import schema

revision = "outbound_0003"
down_revision = "outbound_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what a correction states, and let an ended case stay without the people of a version given up."""
    schema.version_periods(op)
    op.execute("ALTER TABLE outbound_case ADD COLUMN correction_kind TEXT")
    op.execute("ALTER TABLE outbound_case ADD COLUMN correction_reason TEXT")
    op.execute("ALTER TABLE outbound_case ADD COLUMN corrected_amount BIGINT")
    op.execute("ALTER TABLE outbound_case ADD COLUMN corrected_at TIMESTAMP WITH TIME ZONE")
    op.execute("COMMENT ON COLUMN outbound_case.corrected_amount IS 'fen; what the correction states'")
    op.execute("ALTER TABLE outbound_case DROP CONSTRAINT ck_outbound_case_handled_before_sealed")
    op.execute(
        """ALTER TABLE outbound_case ADD CONSTRAINT ck_outbound_case_handled_before_sealed CHECK (
            state NOT IN ('approved', 'issued', 'sheet_accepted', 'ended')
            OR (submitter_id IS NOT NULL AND reviewer_id IS NOT NULL) OR (state = 'ended' AND ended_on IS NOT NULL))"""
    )
    op.execute(
        """ALTER TABLE outbound_case ADD CONSTRAINT ck_outbound_case_correction_kind_known CHECK (
            correction_kind IN ('correction', 'sealed_in_error'))"""
    )
