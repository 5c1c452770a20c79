"""The environment of each service's processes: every setting that the stack decides."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stack.local_stack import LocalStack

# Our own services are on this machine; a proxy for the rest of the world must not come between them.
_DIRECT = "127.0.0.1,localhost"


def inherited() -> dict[str, str]:
    """What processes take over from the launcher's environment."""
    return {**os.environ, "NO_PROXY": _DIRECT, "no_proxy": _DIRECT, "PYTHONUNBUFFERED": "1"}


def of_package(package: str, stack: "LocalStack") -> dict[str, str]:
    """The settings of one service (``shared.settings`` and its own), all but ``PORT`` and ``REPLICA``.

    The owner's address of the database is not among them: only the ``migrate`` command gets it.
    """
    database = stack.databases[package]
    settings = {
        "ENVIRONMENT": "development",
        "DEPLOYMENT": "local",
        "AGENCIES": ",".join(stack.agencies),
        "DATABASE_URL": database.app_url,
        "APP_ROLE": database.app_role,
        "KAFKA_BOOTSTRAP_SERVERS": stack.broker.bootstrap,
        "KEYS_DIR": str(stack.keys.service_folder(package)),
        "REGISTRY_ROOT_KEY_FILE": str(stack.keys.root_public),
        "PLATFORM_URL": stack.urls["platform_gateway"],
        "HOST": "127.0.0.1",
        **stack.issuer.settings_of(package),
    }
    if package == "platform_gateway":
        settings["ROOT_KEY_FILE"] = str(stack.keys.root_private)
    return settings
