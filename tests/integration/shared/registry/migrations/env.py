"""Runs the migrations of the tests."""

from shared.database import migrations

migrations.run()
