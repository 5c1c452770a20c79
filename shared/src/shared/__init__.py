"""What the four services have in common; it never imports one of them."""
