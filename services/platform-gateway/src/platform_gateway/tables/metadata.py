"""The one collection of the platform's tables."""

from shared.database import new_metadata

metadata = new_metadata()
