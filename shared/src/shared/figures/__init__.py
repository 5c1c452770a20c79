"""The daily report of a service's own figures to the platform; outbound, inbound and ledger make it alike."""
