"""Regional policy: what N, the provinces and the cities set, as data with effective dates and inheritance."""
