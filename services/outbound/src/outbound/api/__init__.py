"""The routes of the outbound: parse, call, return."""
