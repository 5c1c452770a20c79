"""When benefits begin after a transfer (N11, S54-1 to S54-5, J1 to J4); pure."""
