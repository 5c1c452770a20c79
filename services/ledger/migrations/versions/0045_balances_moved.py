"""Balances that the bank moves by correcting earlier days: kept beside the statements, which stay as they were told."""

from alembic import op

from shared.database import grants

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_CHANGES = (
    "ALTER TABLE restatement ADD COLUMN told_from DATE",
    "UPDATE restatement SET told_from = period_from",
    "ALTER TABLE restatement ALTER COLUMN told_from SET NOT NULL",
    "ALTER TABLE restatement ADD COLUMN shift_fen BIGINT NOT NULL DEFAULT 0",
    """
    CREATE TABLE statement_shift (
        statement_id BIGINT NOT NULL,
        restatement_id UUID NOT NULL,
        shift_fen BIGINT NOT NULL,
        CONSTRAINT pk_statement_shift PRIMARY KEY (statement_id, restatement_id),
        CONSTRAINT ck_statement_shift_moves CHECK (shift_fen <> 0),
        CONSTRAINT fk_statement_shift_statement_id FOREIGN KEY(statement_id) REFERENCES statement (id),
        CONSTRAINT fk_statement_shift_restatement_id FOREIGN KEY(restatement_id) REFERENCES restatement (id)
    )
    """,
    "COMMENT ON TABLE statement_shift IS 'append-only; by how much corrections of earlier days move both balances'",
    """
    CREATE VIEW statement_now AS
    SELECT s.id, s.file_id, s.bank_account_id, s.statement_no, s.period_from, s.period_to,
           s.opening_fen + CAST(coalesce((
               SELECT sum(m.shift_fen) FROM statement_shift m WHERE m.statement_id = s.id
           ), 0) AS bigint) AS opening_fen,
           s.closing_fen + CAST(coalesce((
               SELECT sum(m.shift_fen) FROM statement_shift m WHERE m.statement_id = s.id
           ), 0) AS bigint) AS closing_fen,
           s.line_count, s.credit_fen, s.debit_fen, s.is_newest_first, s.content_digest, s.is_opening_computed,
           s.part_no
    FROM statement s
    """,
)


def upgrade() -> None:
    """Create what is needed."""
    for statement in _CHANGES:
        op.execute(statement)
    grants.append_only(op, "statement_shift")
    grants.readable(op, "statement_now")
