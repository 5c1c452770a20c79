"""Who may ask the development issuer for a token."""

import hmac
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, SecretStr, TypeAdapter


class Client(BaseModel):
    """One client; ``claims`` go into its tokens (``scope``, ``admdvs`` and so on), ``sub`` is its id by default."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    client_id: str
    client_secret: SecretStr
    claims: dict[str, Any]

    def claims_for(self, wanted_scope: str | None) -> dict[str, Any] | None:
        """Its claims, narrowed to ``wanted_scope``; None when it asks for more than it has."""
        held = str(self.claims.get("scope", "")).split()
        wanted = held if wanted_scope is None else wanted_scope.split()
        if not set(wanted) <= set(held):
            return None
        return {"sub": self.client_id, **self.claims, "scope": " ".join(wanted)}


class Clients:
    """The clients of a JSON file: a list of ``client_id``, ``client_secret``, ``claims``."""

    def __init__(self, clients: list[Client]) -> None:
        self._by_id = {client.client_id: client for client in clients}

    @classmethod
    def load(cls, file: Path) -> "Clients":
        """Read ``file``; raises pydantic's ``ValidationError`` when it is not right."""
        return cls(TypeAdapter(list[Client]).validate_json(file.read_bytes()))

    def authenticate(self, client_id: str, client_secret: str) -> Client | None:
        """The client with this id and secret."""
        client = self._by_id.get(client_id)
        expected = client.client_secret.get_secret_value() if client is not None else ""
        is_right = hmac.compare_digest(expected.encode(), client_secret.encode())
        return client if is_right else None
