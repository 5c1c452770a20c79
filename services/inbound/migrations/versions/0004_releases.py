"""Money that a later version does not state goes back: credited in part, or taken off the account again.

Revision ID: 0004
"""

from alembic import op

from shared.database import grants

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_CREATE = (
    """
    CREATE TABLE balance_release (
        rlts_traf_id TEXT NOT NULL,
        obligation_no TEXT NOT NULL,
        amount BIGINT NOT NULL,
        reversed_amount BIGINT NOT NULL,
        decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
        released_on DATE,
        core_ref TEXT,
        core_failure TEXT,
        CONSTRAINT pk_balance_release PRIMARY KEY (rlts_traf_id, obligation_no),
        CONSTRAINT ck_balance_release_amounts CHECK (amount > 0 AND reversed_amount BETWEEN 0 AND amount)
    )
    """,
    "COMMENT ON COLUMN balance_release.amount IS 'fen; goes back to the outbound'",
    "COMMENT ON COLUMN balance_release.reversed_amount IS 'fen; taken off the account again first'",
)

_CHANGES = (
    "ALTER TABLE balance_credit ADD COLUMN IF NOT EXISTS matched_amount BIGINT",
    "UPDATE balance_credit SET matched_amount = amount WHERE matched_amount IS NULL",
    "ALTER TABLE balance_credit ALTER COLUMN matched_amount SET NOT NULL",
    "ALTER TABLE balance_credit DROP CONSTRAINT fk_balance_credit_match",
    """ALTER TABLE balance_credit ADD CONSTRAINT fk_balance_credit_match
        FOREIGN KEY (rlts_traf_id, obligation_no, matched_amount)
        REFERENCES balance_match (rlts_traf_id, obligation_no, amount)""",
    "ALTER TABLE balance_credit DROP CONSTRAINT IF EXISTS ck_balance_credit_not_over_match",
    """ALTER TABLE balance_credit ADD CONSTRAINT ck_balance_credit_not_over_match
        CHECK (amount > 0 AND amount <= matched_amount)""",
    "COMMENT ON COLUMN balance_credit.matched_amount IS 'fen'",
    "COMMENT ON COLUMN balance_credit.amount IS 'fen; all that was matched unless the rest goes back'",
)


def upgrade() -> None:
    """A credit may be less than its match, and what goes back has a table."""
    for statement in _CHANGES:
        op.execute(statement)
    for statement in _CREATE:
        op.execute(statement)
    grants.writable(op, "balance_release")
