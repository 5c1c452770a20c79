"""Files for banks: pain.001 and the banks' own batch templates."""
