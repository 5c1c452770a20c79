"""One verb per file: load, decide, save. Every use case takes a set."""
