"""How many months of 310 count for retiree benefits, and how many are missing (N12, S54-6, S54-7); pure."""
