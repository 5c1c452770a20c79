"""The table of the reports as each reporting service's migration makes it. This is history: never edited."""

from shared.database import grants
from shared.database.operations import Operations

_CREATE = (
    """
    CREATE TABLE figures_run (
        admdvs text NOT NULL,
        reported_on date NOT NULL,
        since timestamptz NOT NULL,
        started_at timestamptz NOT NULL,
        after text NOT NULL,
        part integer NOT NULL,
        case_count integer NOT NULL,
        finished_at timestamptz,
        CONSTRAINT pk_figures_run PRIMARY KEY (admdvs, reported_on)
    )
    """,
    "CREATE INDEX ix_figures_run_open ON figures_run (reported_on, admdvs) WHERE finished_at IS NULL",
)


def create(op: Operations) -> None:
    """Make the table, and let the app role write it."""
    for statement in _CREATE:
        op.execute(statement)
    grants.writable(op, "figures_run")
