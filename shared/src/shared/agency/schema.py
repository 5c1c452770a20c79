"""Creates the tables of the agency records; called by the first migration of outbound and inbound."""

from shared.agency.tables import APPEND_ONLY, WRITABLE, metadata
from shared.database import grants
from shared.database.operations import Operations


def create(op: Operations) -> None:
    """Create every table of ``shared.agency`` and grant the app role what it needs, and no more."""
    metadata.create_all(op.get_bind())
    for table in WRITABLE:
        grants.writable(op, table.name)
    for table in APPEND_ONLY:
        grants.append_only(op, table.name)


def version_periods(op: Operations) -> None:
    """Let a later sheet version replace the periods that an earlier one of its case brought, and take them back.

    A database made by ``create`` as it is now has all this already.
    """
    op.execute("ALTER TABLE period_taken_over ADD COLUMN IF NOT EXISTS sheet_version INTEGER NOT NULL DEFAULT 1")
    op.execute("ALTER TABLE period_taken_over DROP CONSTRAINT pk_period_taken_over")
    op.execute(
        "ALTER TABLE period_taken_over ADD CONSTRAINT pk_period_taken_over"
        " PRIMARY KEY (admdvs, rlts_traf_id, sheet_version, row_no)"
    )
    op.execute("ALTER TABLE period_taken_over ALTER COLUMN sheet_version DROP DEFAULT")
    metadata.tables["period_reversal"].create(op.get_bind(), checkfirst=True)
    grants.append_only(op, "period_reversal")


def report_back_payments(op: Operations) -> None:
    """Let the core say with a task that an interruption has been paid for.

    A database made by ``create`` as it is now has all this already.
    """
    op.execute(
        "ALTER TABLE core_task_answer ADD COLUMN IF NOT EXISTS back_paid_on DATE,"
        " ADD COLUMN IF NOT EXISTS is_back_paid_in_full BOOLEAN"
    )
