"""One verb per file: load, decide, save; each takes a set."""
