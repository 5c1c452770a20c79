"""Seals and message signatures: verify first, parse after; verification raises, it never answers with a boolean."""
