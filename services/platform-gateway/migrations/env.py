"""Runs this service's migrations, then loads the policies that ship with it; the rest is in ``shared.database``."""

from alembic import context

from platform_gateway.repository.shipped_policies import load_shipped
from shared.database import migrations

migrations.run()
load_shipped(context.config.attributes["connection"])
