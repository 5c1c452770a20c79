"""What the platform decides, as pure functions."""
