"""Money that a later version does not state goes back: credited in part, or taken off the account again.

Revision ID: 0004
"""

from alembic import op

from inbound.tables import balance_release
from shared.database import grants

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

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
)


def upgrade() -> None:
    """A credit may be less than its match, and what goes back has a table."""
    for statement in _CHANGES:
        op.execute(statement)
    balance_release.create(op.get_bind(), checkfirst=True)
    grants.writable(op, "balance_release")
