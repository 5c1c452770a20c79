"""The sample's tables and those of the HTTP side."""

from alembic import op
from sqlalchemy import Column, Text

from shared.database import grants
from shared.web import schema

revision = "0001"
down_revision = None


def upgrade() -> None:
    schema.create(op)
    op.create_table("thing", Column("id", Text, primary_key=True))
    op.create_table("turn", Column("state", Text, nullable=False))
    grants.writable(op, "thing", "turn")
