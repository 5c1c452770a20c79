"""The banks of the demo: what the agencies' statements look like, filled in with what was really paid."""
