"""The environment of each service's processes: every setting that the stack decides."""

import os

from stack.databases import ServiceDatabase
from stack.issuer import Issuer
from stack.keys import KeyFolder

# Our own services are on this machine; a proxy for the rest of the world must not come between them.
_DIRECT = "127.0.0.1,localhost"


def inherited() -> dict[str, str]:
    """What processes take over from the launcher's environment."""
    return {**os.environ, "NO_PROXY": _DIRECT, "no_proxy": _DIRECT, "PYTHONUNBUFFERED": "1"}


def of_package(
    package: str,
    *,
    agencies: tuple[str, ...],
    database: ServiceDatabase,
    kafka: str,
    keys: KeyFolder,
    platform_url: str,
    issuer: Issuer,
) -> dict[str, str]:
    """The settings of one service (``shared.settings`` and its own), all but ``PORT`` and ``REPLICA``.

    ``kafka``: the bootstrap servers. The owner's address of the database is not among the settings: only the
    ``migrate`` command gets it.
    """
    settings = {
        "ENVIRONMENT": "development",
        "DEPLOYMENT": "local",
        "AGENCIES": ",".join(agencies),
        "DATABASE_URL": database.app_url,
        "APP_ROLE": database.app_role,
        "KAFKA_BOOTSTRAP_SERVERS": kafka,
        "KEYS_DIR": str(keys.service_folder(package)),
        "REGISTRY_ROOT_KEY_FILE": str(keys.root_public),
        "PLATFORM_URL": platform_url,
        "HOST": "127.0.0.1",
        **issuer.settings_of(package),
    }
    if package == "platform_gateway":
        settings["ROOT_KEY_FILE"] = str(keys.root_private)
    return settings
