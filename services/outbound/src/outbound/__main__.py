"""``python -m outbound api|worker|all|migrate|topics|openapi``."""

import sys

from outbound.service import SERVICE
from shared.runtime.command import main

sys.exit(main(SERVICE))
