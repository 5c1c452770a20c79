"""Every number that the general ledger gave a voucher, the replaced ones too, and who recorded it."""

from alembic import op

from shared.database import grants

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_STATEMENTS = (
    """
    CREATE TABLE voucher_number (
        voucher_id UUID NOT NULL,
        version INTEGER NOT NULL,
        gl_voucher_no TEXT NOT NULL,
        recorded_by TEXT NOT NULL,
        recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT pk_voucher_number PRIMARY KEY (voucher_id, version),
        CONSTRAINT fk_voucher_number_voucher_id FOREIGN KEY(voucher_id) REFERENCES voucher (id)
    )
    """,
    "COMMENT ON COLUMN voucher_number.version IS 'that the voucher had with it'",
    """
    INSERT INTO voucher_number (voucher_id, version, gl_voucher_no, recorded_by, recorded_at)
    SELECT id, version, gl_voucher_no, gl_recorded_by, gl_recorded_at FROM voucher WHERE gl_voucher_no IS NOT NULL
    """,
)


def upgrade() -> None:
    """Keep them; what was replaced before is not known any more."""
    for statement in _STATEMENTS:
        op.execute(statement)
    grants.append_only(op, "voucher_number")
