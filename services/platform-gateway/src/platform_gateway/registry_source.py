"""The registry as this process sees it, straight from the platform's own tables, and its signed snapshot."""

import asyncio
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from platform_gateway.repository import registry as repository
from shared.clock import Clock
from shared.database import Database
from shared.errors import Unavailable
from shared.registry.models import CodeName, RegistrySnapshot
from shared.registry.registry import Registry
from shared.registry.snapshot import sign_snapshot
from shared.signing.key_pair import PrivateKey

_NEVER = datetime.min.replace(tzinfo=UTC)


class RegistryEmpty(Unavailable):
    """Nothing has been registered yet, so nothing can be judged."""


class RootKeyMissing(Unavailable):
    """This process holds no root key, so it cannot sign the registry."""


class RegistrySource:
    """Gives the present registry, read again when its version has grown."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        root_key: PrivateKey | None,
        cert_types: tuple[CodeName, ...] = (),
        refresh_seconds: float = 1.0,
    ) -> None:
        self._database = database
        self._clock = clock
        self._root_key = root_key
        self._cert_types = cert_types
        self._refresh = timedelta(seconds=refresh_seconds)
        self._registry: Registry | None = None
        self._looked_at = _NEVER
        self._one_at_a_time = asyncio.Lock()

    @property
    def current(self) -> Registry:
        """The version read last; raises ``RegistryEmpty``."""
        if self._registry is None:
            raise RegistryEmpty("the registry is empty")
        return self._registry

    async def fresh(self) -> Registry:
        """A version that was the present one within the refresh interval; raises ``RegistryEmpty``."""
        if self._clock.now() - self._looked_at >= self._refresh:
            async with self._database.connection() as connection:
                await self._follow(await repository.version(connection))
        return self.current

    async def at(self, connection: AsyncConnection) -> Registry:
        """The version that ``connection``'s transaction sees, for judging keys at its commit."""
        await self._follow(await repository.version(connection))
        return self.current

    async def refresh_for_unknown(self) -> bool:
        """Look again because a key or an area is unknown; says whether a newer version came."""
        before = self._registry
        async with self._database.connection() as connection:
            await self._follow(await repository.version(connection))
        return self._registry is not before

    async def signed(self) -> tuple[int, str]:
        """Version and JWS text of the present snapshot; raises ``RegistryEmpty`` or ``RootKeyMissing``."""
        registry = await self.fresh()
        async with self._database.connection() as connection:
            kept = await repository.signed_snapshot(connection, registry.version)
        return registry.version, kept or await self._sign(registry)

    async def snapshot_in(self, connection: AsyncConnection) -> RegistrySnapshot:
        """The snapshot as ``connection``'s transaction sees it; raises pydantic's ``ValidationError``."""
        content = await repository.snapshot_content(connection)
        return RegistrySnapshot.model_validate(content | {"cert_types": self._cert_types})

    async def _follow(self, version: int) -> None:
        async with self._one_at_a_time:
            held = 0 if self._registry is None else self._registry.version
            if version > held:
                self._registry = await self._read()
            self._looked_at = self._clock.now()

    async def _read(self) -> Registry:
        # All tables of one moment, so that a version never holds half of the next.
        async with self._database.snapshot() as connection:
            return Registry(await self.snapshot_in(connection))

    async def _sign(self, registry: Registry) -> str:
        if self._root_key is None:
            raise RootKeyMissing("no root key in this process")
        jws = sign_snapshot(registry.snapshot, self._root_key)
        async with self._database.transaction() as connection:
            return await repository.keep_snapshot(connection, registry.version, jws)
