"""A case remembers the most that may have been paid for its versions, and what of that is known to have been."""

from alembic import op

revision = "outbound_0016"
down_revision = "outbound_0015"
branch_labels = None
depends_on = None

# A return that was not owed says so by its reason alone in old facts.
_STATEMENTS = (
    """
    ALTER TABLE outbound_case
        ADD COLUMN most_stated BIGINT NOT NULL DEFAULT 0,
        ADD COLUMN shown_amount BIGINT NOT NULL DEFAULT 0
    """,
    """
    UPDATE outbound_case c SET most_stated = s.amount
    FROM (SELECT rlts_traf_id, max(amount) AS amount
          FROM sealed_sheet JOIN sheet_answer USING (rlts_traf_id, version)
          WHERE outcome = 'accepted' GROUP BY rlts_traf_id) s
    WHERE s.rlts_traf_id = c.rlts_traf_id
    """,
    """
    UPDATE outbound_case c SET shown_amount = p.amount
    FROM (SELECT rlts_traf_id, sum(CASE kind WHEN 'paid' THEN amount ELSE -amount END) AS amount
          FROM payment_fact
          WHERE CAST(obligation_no AS int) < 900 AND (kind = 'paid' OR reason <> '转入地按更正或终止退回')
          GROUP BY rlts_traf_id) p
    WHERE p.rlts_traf_id = c.rlts_traf_id
    """,
    "COMMENT ON COLUMN outbound_case.most_stated IS 'fen; by versions whose payment may be under way'",
    "COMMENT ON COLUMN outbound_case.shown_amount IS 'fen; the part of most_stated that is known to have been paid'",
)


def upgrade() -> None:
    """Add both, worked out for the cases that are there."""
    for statement in _STATEMENTS:
        op.execute(statement)
