"""The ledger with many lines: how fast statements come in, and how fast lists answer."""
