"""The rules of the inbound side; pure."""
