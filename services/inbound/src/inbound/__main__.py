"""``python -m inbound api|worker|all|migrate|topics|openapi``."""

import sys
from importlib import import_module

from shared.runtime.command import main

sys.exit(main("inbound", lambda: import_module("inbound.service").SERVICE))
