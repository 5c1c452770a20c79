"""``python -m outbound api|worker|all|migrate|topics|openapi``."""

import sys
from importlib import import_module

from shared.runtime.command import main

sys.exit(main("outbound", lambda: import_module("outbound.service").SERVICE))
