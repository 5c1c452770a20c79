"""Bank statements and business records with known answers: what should become of every line."""
