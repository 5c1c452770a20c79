"""The table of what was told last as each reporting service's migration makes it. This is history: never edited."""

from shared.database import grants
from shared.database.operations import Operations

_CREATE = """
    CREATE TABLE figures_told (
        admdvs text NOT NULL,
        rlts_traf_id text NOT NULL,
        side text NOT NULL,
        digest bytea NOT NULL,
        CONSTRAINT pk_figures_told PRIMARY KEY (admdvs, rlts_traf_id, side)
    )
"""


def create(op: Operations) -> None:
    """Make the table, and let the app role write it."""
    op.execute(_CREATE)
    grants.writable(op, "figures_told")
