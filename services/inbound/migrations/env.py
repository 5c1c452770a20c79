"""Runs this service's migrations; everything else is in ``shared.database.migrations``."""

from shared.database import migrations

migrations.run()
