"""A finance clerk's day to walk through by hand (``docs/finance-day.md``): cases, and the banks' files about them."""
