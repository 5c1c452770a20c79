"""The platform's routes: parse, call, return."""
