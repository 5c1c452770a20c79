"""The outbound agency's rules (pure)."""
