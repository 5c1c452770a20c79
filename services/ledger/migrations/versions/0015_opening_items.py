"""Old money items at cut-over, and the doubt that a case of these books is the same money."""

from alembic import op

from shared.database import grants

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_CHANGE = (
    """
    CREATE TABLE opening_item (
        item_id UUID NOT NULL,
        admdvs TEXT NOT NULL,
        kind TEXT NOT NULL,
        own_ref TEXT NOT NULL,
        refs JSONB NOT NULL,
        amount_fen BIGINT NOT NULL,
        open_since DATE NOT NULL,
        rlts_traf_id TEXT,
        side TEXT,
        trafout_admdvs TEXT,
        trafin_admdvs TEXT,
        psn_name TEXT,
        match_name TEXT,
        stated_bankacct TEXT,
        stated_acctname TEXT,
        stated_bankcode TEXT,
        bankacct TEXT,
        direction TEXT,
        booked_on DATE,
        value_on DATE,
        bank_ref TEXT,
        note TEXT,
        counterparty_acct TEXT,
        counterparty_name TEXT,
        import_key TEXT NOT NULL,
        import_line INTEGER NOT NULL,
        row_digest TEXT NOT NULL,
        entered_by TEXT NOT NULL,
        entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
        state TEXT NOT NULL,
        decided_by TEXT,
        decided_at TIMESTAMP WITH TIME ZONE,
        reason TEXT,
        row_version INTEGER NOT NULL,
        obligation_id BIGINT,
        line_id BIGINT,
        CONSTRAINT pk_opening_item PRIMARY KEY (item_id),
        CONSTRAINT fk_opening_item_obligation_id FOREIGN KEY (obligation_id) REFERENCES obligation (id),
        CONSTRAINT fk_opening_item_line_id FOREIGN KEY (line_id) REFERENCES statement_line (id),
        CONSTRAINT ck_opening_item_kind CHECK (kind IN ('receivable', 'payable', 'suspense')),
        CONSTRAINT ck_opening_item_state CHECK (state IN ('entered', 'booked', 'rejected', 'cancelled')),
        CONSTRAINT ck_opening_item_amount_positive CHECK (amount_fen > 0),
        CONSTRAINT ck_opening_item_decided CHECK ((state = 'entered') = (decided_by IS NULL)),
        CONSTRAINT ck_opening_item_two_people CHECK (decided_by IS NULL OR decided_by <> entered_by),
        CONSTRAINT ck_opening_item_booked_as_one
            CHECK ((state IN ('booked', 'cancelled')) = (num_nonnulls(obligation_id, line_id) = 1))
    )
    """,
    "CREATE UNIQUE INDEX ux_opening_item_ref ON opening_item (admdvs, own_ref) WHERE state <> 'rejected'",
    "CREATE UNIQUE INDEX ux_opening_item_line ON opening_item (admdvs, import_key, import_line)",
    "CREATE INDEX ix_opening_item_list ON opening_item (admdvs, state, item_id)",
    "CREATE INDEX ix_opening_item_person ON opening_item (admdvs, match_name)",
    "CREATE INDEX ix_opening_item_refs ON opening_item USING gin (refs)",
    "CREATE INDEX ix_opening_item_case ON opening_item (admdvs, rlts_traf_id)",
    "CREATE INDEX ix_opening_item_account ON opening_item (admdvs, bankacct) WHERE line_id IS NOT NULL",
    """
    CREATE TABLE opening_duplicate (
        item_id UUID NOT NULL,
        obligation_id BIGINT NOT NULL,
        admdvs TEXT NOT NULL,
        is_same_number BOOLEAN NOT NULL,
        is_same_amount BOOLEAN NOT NULL,
        found_at TIMESTAMP WITH TIME ZONE NOT NULL,
        settled_at TIMESTAMP WITH TIME ZONE,
        settled_by TEXT,
        reason TEXT,
        CONSTRAINT pk_opening_duplicate PRIMARY KEY (item_id, obligation_id),
        CONSTRAINT fk_opening_duplicate_item_id FOREIGN KEY (item_id) REFERENCES opening_item (item_id),
        CONSTRAINT fk_opening_duplicate_obligation_id FOREIGN KEY (obligation_id) REFERENCES obligation (id),
        CONSTRAINT ck_opening_duplicate_settled CHECK ((settled_at IS NULL) = (settled_by IS NULL))
    )
    """,
    "CREATE INDEX ix_opening_duplicate_obligation ON opening_duplicate (obligation_id)",
    """
    ALTER TABLE obligation
        ADD COLUMN is_doubtful BOOLEAN NOT NULL DEFAULT false,
        DROP CONSTRAINT ck_obligation_reason,
        ADD CONSTRAINT ck_obligation_reason
            CHECK (reason IN ('balance', 'addendum', 'correction', 'termination', 'opening'))
    """,
    # An old line stands on no statement of these books: its money is in the opening balance of its account.
    "ALTER TABLE statement_line ALTER COLUMN statement_id DROP NOT NULL",
)


def upgrade() -> None:
    """Add the tables; items and their duplicates change as people decide."""
    for statement in _CHANGE:
        op.execute(statement)
    grants.writable(op, "opening_item")
    grants.writable(op, "opening_duplicate")
