"""Every query of the service; each takes and answers whole sets."""
