"""The inbound service's first tables.

Revision ID: 0001
"""

from alembic import op

from inbound.tables import APPEND_ONLY, WRITABLE, metadata
from shared.agency import schema as agency
from shared.database import grants
from shared.messaging import schema as messaging
from shared.registry import schema as registry
from shared.web import schema as web

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create everything that this service keeps."""
    for part in (messaging, web, registry, agency):
        part.create(op)
    metadata.create_all(op.get_bind())
    grants.writable(op, *(table.name for table in WRITABLE))
    grants.append_only(op, *(table.name for table in APPEND_ONLY))
