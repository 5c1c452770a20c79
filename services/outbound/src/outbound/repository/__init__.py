"""Every query of the outbound service; each takes and answers whole sets."""
