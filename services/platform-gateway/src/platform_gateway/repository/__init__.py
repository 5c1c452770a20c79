"""Every query of the platform, a set of rows at a time."""
