"""One verb per file: load, decide, save. All of them take sets."""
