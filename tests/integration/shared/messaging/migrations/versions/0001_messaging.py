"""The tables of the exchange, and one where the tests' handlers note what they were given."""

from alembic import op

import shared.web.schema
from shared.database import grants
from shared.messaging import schema

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables and grant the app role its rights."""
    schema.create(op)
    schema.add_resends(op)
    shared.web.schema.create(op)
    op.execute("CREATE TABLE noted (id int GENERATED ALWAYS AS IDENTITY, rlts_traf_id text, body text)")
    grants.writable(op, "noted")
