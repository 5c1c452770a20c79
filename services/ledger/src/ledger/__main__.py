"""``python -m ledger api|worker|all|migrate|topics|openapi``."""

import sys
from importlib import import_module

from shared.runtime.command import main

sys.exit(main("ledger", lambda: import_module("ledger.service").SERVICE))
