"""``python -m ledger api|worker|all|migrate|topics|openapi``."""

import sys

from ledger.service import SERVICE
from shared.runtime.command import main

sys.exit(main(SERVICE))
