"""Every query of the ledger; amounts in fen, days of Asia/Shanghai."""
