"""docs/law.md: every article, what the system does about it, where, and what proves it."""
