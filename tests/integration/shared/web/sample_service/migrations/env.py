"""Run by the migrate command."""

from shared.database import migrations

migrations.run()
