"""How a service is started, kept turning and stopped."""
