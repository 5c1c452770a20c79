"""The inbound agency's side: check, compare, sync or return, credit after the match."""
