"""The ledger's HTTP interface: parse, call, return."""
