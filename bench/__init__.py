"""How fast the whole system is on this machine, against a floor measured in the same run."""
