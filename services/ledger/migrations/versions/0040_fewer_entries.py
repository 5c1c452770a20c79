"""Fewer index entries for a bank line, and room beside an obligation for what it becomes.

Every matched line rewrites an obligation, adds a claim, and is news: the indexes that said the same twice go. What an
order's claim refers to is looked up once a statement, like its line and its obligation (decision 0082). That a sheet
version has one number is held where payables are recorded, under the agency's lock.
"""

from alembic import op

from shared.database import grants

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_CHANGES = (
    "ALTER TABLE obligation DROP CONSTRAINT uq_obligation_rlts_traf_id_sheet_version_reason_admdvs_side",
    "DROP INDEX ix_obligation_recent",
    "DROP INDEX ix_obligation_state",
    "CREATE INDEX ix_obligation_state ON obligation (admdvs, side, state, id)",
    # The next version of a row finds place on its page, and its entry on the page of the old one's.
    "ALTER TABLE obligation SET (fillfactor = 45)",
    "ALTER INDEX pk_obligation SET (fillfactor = 50)",
    "DROP INDEX uq_claim_pair",
    "DROP INDEX uq_claim_line",
    """
    CREATE UNIQUE INDEX uq_claim_line ON claim (line_id, (CASE WHEN is_exclusive THEN 0 ELSE obligation_id END))
        WHERE undone_on IS NULL
    """,
    "DROP INDEX ix_claim_obligation",
    "DROP INDEX uq_claim_obligation",
    """
    CREATE UNIQUE INDEX uq_claim_obligation ON claim (
        obligation_id, (CASE WHEN is_exclusive AND undone_on IS NULL AND kind = 'receipt' THEN 0 ELSE id END)
    ) INCLUDE (kind, claimed_on)
    """,
    "ALTER TABLE claim DROP CONSTRAINT fk_claim_order_id",
    """
    CREATE OR REPLACE FUNCTION claim_refers() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM added a
            LEFT JOIN LATERAL (SELECT admdvs FROM statement_line WHERE id = a.line_id OFFSET 0) l ON true
            LEFT JOIN LATERAL (SELECT admdvs FROM obligation WHERE id = a.obligation_id OFFSET 0) o ON true
            LEFT JOIN LATERAL (
                SELECT admdvs FROM payment_order WHERE a.order_id IS NOT NULL AND id = a.order_id OFFSET 0
            ) p ON true
            WHERE l.admdvs IS DISTINCT FROM a.admdvs OR o.admdvs IS DISTINCT FROM a.admdvs
               OR a.order_id IS NOT NULL AND p.admdvs IS DISTINCT FROM a.admdvs
        ) THEN
            RAISE EXCEPTION 'a row of claim refers to what is not there, or not of its agency'
                USING ERRCODE = 'foreign_key_violation';
        END IF;
        RETURN NULL;
    END $$
    """,
    "DROP INDEX ix_untold_case",
    "CREATE INDEX ix_untold_line ON untold (line_id)",
)


def upgrade() -> None:
    """Change them; nobody removes an order, and matching draws the numbers of its claims."""
    for statement in _CHANGES:
        op.execute(statement)
    grants.never_deleted(op, "payment_order")
    grants.numbering(op, "claim_id_seq")
