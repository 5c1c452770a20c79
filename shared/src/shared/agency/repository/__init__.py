"""Every query of the agency records; each takes and answers whole sets."""
