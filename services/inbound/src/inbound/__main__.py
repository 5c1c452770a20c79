"""``python -m inbound api|worker|all|migrate|topics|openapi``."""

import sys

from inbound.service import SERVICE
from shared.runtime.command import main

sys.exit(main(SERVICE))
