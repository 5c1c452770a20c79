"""Vouchers that the general ledger has given no number yet are found by an index."""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.execute(
        "CREATE INDEX ix_voucher_unnumbered ON voucher (admdvs, booking_date, fund, voucher_no)"
        " WHERE gl_voucher_no IS NULL"
    )
