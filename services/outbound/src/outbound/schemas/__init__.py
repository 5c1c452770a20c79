"""Bodies and answers of the outbound's API."""
