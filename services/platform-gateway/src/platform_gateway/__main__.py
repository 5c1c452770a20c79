"""``python -m platform_gateway api|worker|all|migrate|topics|openapi|policy|calendar|statistics``."""

import sys
from importlib import import_module

from shared.runtime.command import main

sys.exit(main("platform_gateway", lambda: import_module("platform_gateway.service").SERVICE))
