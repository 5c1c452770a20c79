"""Logs, metrics and traces of every process; certificate numbers are masked in all of them."""
