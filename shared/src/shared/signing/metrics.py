"""How often this process signed and verified."""

from prometheus_client import Counter

SIGNATURES = Counter("transfer_signatures_total", "Signatures made", ["algorithm"])
VERIFICATIONS = Counter("transfer_verifications_total", "Signatures checked, whatever came of it", ["algorithm"])
