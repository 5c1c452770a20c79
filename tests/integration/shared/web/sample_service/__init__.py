"""A service of the tests' own, started as a process: one table, one route, one loop."""
