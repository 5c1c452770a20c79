"""``python -m platform_gateway api|worker|all|migrate|topics|openapi|policy|calendar``."""

import sys

from platform_gateway.service import SERVICE
from shared.runtime.command import main

sys.exit(main(SERVICE))
