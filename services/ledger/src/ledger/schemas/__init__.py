"""What the ledger's API takes and answers; amounts are decimal strings in yuan."""
