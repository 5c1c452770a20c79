"""A service's own copy of the registry, from which seals are verified while the platform is down."""

import asyncio
from datetime import datetime, timedelta

import httpx
import structlog

from shared.clock import Clock
from shared.database import Database
from shared.errors import Unavailable
from shared.registry import repository
from shared.registry.fetch import RegistryUnavailable, fetch_snapshot
from shared.registry.registry import Registry
from shared.registry.repository import StoredSnapshot
from shared.registry.snapshot import open_snapshot
from shared.signing.errors import VerificationFailed

log = structlog.get_logger(__name__)


_LOOK_AGAIN = timedelta(seconds=60)


class RegistryMissing(Unavailable):
    """No snapshot has been fetched yet, so nothing can be looked up or verified."""


class RegistryCopy:
    """Holds the newest snapshot seen, in memory and in the service's database.

    ``root_key`` is the pinned public key (PEM); ``http`` brings its own authentication. A snapshot of a lower
    version than the one held is never taken.
    """

    def __init__(
        self,
        database: Database,
        http: httpx.AsyncClient,
        root_key: str,
        *,
        platform_url: str,
        clock: Clock,
        min_interval_seconds: float = 5.0,
        timeout_seconds: float = 10.0,
    ) -> None:
        self._database = database
        self._http = http
        self._root_key = root_key
        self._platform_url = platform_url
        self._clock = clock
        self._min_interval = timedelta(seconds=min_interval_seconds)
        self._timeout_seconds = timeout_seconds
        self._registry: Registry | None = None
        self._etag: str | None = None
        self._asked_at: datetime | None = None
        self._looked_at: datetime | None = None
        self._one_at_a_time = asyncio.Lock()

    @property
    def current(self) -> Registry:
        """The newest version held; raises ``RegistryMissing`` when there is none yet."""
        if self._registry is None:
            raise RegistryMissing("no registry snapshot has been fetched yet")
        return self._registry

    async def load(self) -> None:
        """Takes the snapshot that the database holds, at the start. One that no longer verifies is left aside."""
        async with self._database.connection() as connection:
            stored = await repository.load(connection)
        if stored is None:
            return
        try:
            registry = self._open_if_newer(stored.jws)
        except VerificationFailed as error:
            log.warning("registry_copy_not_accepted", version=stored.version, code=error.code)
            return
        if registry is not None:
            self._registry, self._etag = registry, stored.etag

    async def keep_up(self) -> None:
        """See to it that a version is held, and not one much older than what the worker keeps in the database.

        A process that serves only the API has no loop of its own that refreshes it. Never raises for a platform
        that is down: then ``current`` does, where nothing was ever fetched.
        """
        now = self._clock.now()
        if self._looked_at is not None and now - self._looked_at < _LOOK_AGAIN:
            return
        await self.load()
        if self._registry is None:
            await self.refresh_for_unknown()
        else:
            self._looked_at = now

    async def refresh(self) -> bool:
        """Asks the platform; says whether a newer version came.

        Raises ``RegistryUnavailable`` when it did not answer and ``VerificationFailed`` when what it answered is
        not signed by the root key; what is held stays in both cases.
        """
        async with self._one_at_a_time:
            return await self._refresh()

    async def refresh_for_unknown(self) -> bool:
        """``refresh`` because a key or an area is unknown, at most once in ``min_interval_seconds``.

        Says whether a newer version came, so that the caller looks again; never raises for a platform that is
        down or answers wrongly.
        """
        version = self._version
        async with self._one_at_a_time:
            if self._version != version:
                return True
            if self._asked_at is not None and self._clock.now() - self._asked_at < self._min_interval:
                return False
            try:
                return await self._refresh()
            except (RegistryUnavailable, VerificationFailed) as error:
                log.warning("registry_not_refreshed", reason=str(error))
                return False

    @property
    def _version(self) -> int:
        return 0 if self._registry is None else self._registry.version

    async def _refresh(self) -> bool:
        self._asked_at = self._clock.now()
        fetched = await fetch_snapshot(self._http, self._platform_url, self._etag, self._timeout_seconds)
        registry = None if fetched is None else self._open_if_newer(fetched.text)
        if fetched is None or registry is None:
            return False
        # Stored before it is used: what has been judged by it must not be forgotten by a restart.
        async with self._database.transaction() as connection:
            snapshot = StoredSnapshot(registry.version, fetched.etag, fetched.text, self._asked_at)
            await repository.save(connection, snapshot)
        self._registry, self._etag = registry, fetched.etag
        log.info("registry_refreshed", version=registry.version)
        return True

    def _open_if_newer(self, text: str) -> Registry | None:
        snapshot = open_snapshot(text, self._root_key)
        if snapshot.version < self._version:
            log.warning("registry_went_back", held=self._version, offered=snapshot.version)
        return Registry(snapshot) if snapshot.version > self._version else None
