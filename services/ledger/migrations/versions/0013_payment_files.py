"""Files of payments for banks: made once, kept with their digest, handed out once."""

from alembic import op

from shared.database import grants

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_CREATE = (
    "ALTER TABLE bank_account ADD COLUMN payment_form TEXT DEFAULT 'pain.001' NOT NULL",
    """
    CREATE TABLE payment_file (
        id UUID NOT NULL,
        admdvs TEXT NOT NULL,
        batch_id UUID NOT NULL,
        payer_bankacct TEXT NOT NULL,
        form TEXT NOT NULL,
        name TEXT NOT NULL,
        media_type TEXT NOT NULL,
        content BYTEA NOT NULL,
        digest TEXT NOT NULL,
        order_count INTEGER NOT NULL,
        amount_fen BIGINT NOT NULL,
        made_by TEXT NOT NULL,
        made_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_payment_file PRIMARY KEY (id),
        CONSTRAINT fk_payment_file_batch_id FOREIGN KEY(batch_id) REFERENCES payment_batch (id),
        CONSTRAINT uq_payment_file_batch_id_payer_bankacct UNIQUE (batch_id, payer_bankacct)
    )
    """,
    """
    CREATE TABLE payment_file_item (
        file_id UUID NOT NULL,
        order_id UUID NOT NULL,
        CONSTRAINT pk_payment_file_item PRIMARY KEY (file_id, order_id),
        CONSTRAINT uq_payment_file_item_order_id UNIQUE (order_id),
        CONSTRAINT fk_payment_file_item_file_id FOREIGN KEY(file_id) REFERENCES payment_file (id),
        CONSTRAINT fk_payment_file_item_order_id FOREIGN KEY(order_id) REFERENCES payment_order (id)
    )
    """,
    """
    CREATE TABLE payment_download (
        file_id UUID NOT NULL,
        download_no INTEGER NOT NULL,
        permitted_by TEXT,
        permitted_at TIMESTAMP WITH TIME ZONE,
        reason TEXT,
        downloaded_by TEXT,
        downloaded_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT pk_payment_download PRIMARY KEY (file_id, download_no),
        CONSTRAINT fk_payment_download_file_id FOREIGN KEY(file_id) REFERENCES payment_file (id),
        CONSTRAINT ck_payment_download_permitted CHECK ((download_no = 1) = (permitted_by IS NULL)
            AND (permitted_by IS NULL) = (permitted_at IS NULL) AND (permitted_by IS NULL) = (reason IS NULL)),
        CONSTRAINT ck_payment_download_downloaded CHECK ((downloaded_by IS NULL) = (downloaded_at IS NULL)
            AND (download_no > 1 OR downloaded_by IS NOT NULL)),
        CONSTRAINT ck_payment_download_two_people CHECK (downloaded_by <> permitted_by)
    )
    """,
)


def upgrade() -> None:
    """Create the tables: what a file says is append-only; a permission is used up by the download that it allows."""
    for statement in _CREATE:
        op.execute(statement)
    grants.append_only(op, "payment_file", "payment_file_item")
    grants.writable(op, "payment_download")
