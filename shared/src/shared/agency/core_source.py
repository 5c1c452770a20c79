"""Pulls facts from the cores of the agencies that do not push them (``facts_mode`` pull).

One call for each person. A core that is silent, slow, or answers something else than the contract has told nothing:
unknown, asked again, and logged with a stable code and without anybody's data.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import structlog
from pydantic import ValidationError

from shared.agency.known_person import PersonQuery
from shared.agency.record_checks import record_problems
from shared.agency.settings import AgencySettings, PulledCore
from shared.certno import person_key
from shared.clock import Clock
from shared.contracts.core_facts import CoreFactsAnswer, CoreFactsQuery
from shared.contracts.core_pull_document import PATH
from shared.contracts.facts import PersonRecord
from shared.errors import TransferError
from shared.settings import MEBIBYTE
from shared.web.client_credentials import ClientCredentials
from shared.web.strict_json import parse

MAX_ANSWER_BYTES = 4 * MEBIBYTE
_CLOCK_SKEW = timedelta(minutes=5)

_log = structlog.get_logger(__name__)


class _WrongAnswer(TransferError):
    """An answer that is not of the contract; its text is a stable code."""


@dataclass(frozen=True, slots=True)
class Core:
    """A core's base address, without a trailing slash, and what proves us there."""

    url: str
    auth: httpx.Auth


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a core told: whole records as of an instant (UTC); nobody is an answer too."""

    as_of: datetime
    persons: tuple[PersonRecord, ...]


class CoreSource:
    """Asks ``POST {url}/v1/facts-queries``; ``http`` brings no authentication of its own.

    A whole set of people may take ``timeout_seconds``, over at most ``connections`` calls at a time.
    """

    def __init__(
        self,
        cores: Mapping[str, Core],
        http: httpx.AsyncClient,
        clock: Clock,
        *,
        timeout_seconds: float,
        connections: int = 20,
    ) -> None:
        self._cores = cores
        self._http = http
        self._clock = clock
        self._timeout_seconds = timeout_seconds
        self._slots = asyncio.Semaphore(connections)

    @classmethod
    def of(cls, settings: AgencySettings, http: httpx.AsyncClient, clock: Clock) -> "CoreSource":
        """The cores that the settings name."""
        cores = {admdvs: _reached(each, clock) for admdvs, each in settings.pulled_cores.items()}
        return cls(cores, http, clock, timeout_seconds=settings.core_timeout_seconds)

    def is_pulled(self, admdvs: str) -> bool:
        """Whether this agency's core is asked, instead of pushing."""
        return admdvs in self._cores

    async def ask(self, people: Sequence[PersonQuery]) -> list[Pulled | None]:
        """What the cores tell of each of ``people``, in order; ``None``: unknown."""
        # One deadline for all: who asked us waits for the whole set.
        deadline = asyncio.get_running_loop().time() + self._timeout_seconds
        return list(await asyncio.gather(*(self._ask(person, deadline) for person in people)))

    async def _ask(self, person: PersonQuery, deadline: float) -> Pulled | None:
        try:
            async with asyncio.timeout_at(deadline), self._slots:
                body = await self._post(self._cores[person.admdvs], person)
            return self._read(body, person)
        except (httpx.HTTPError, httpx.InvalidURL, TransferError, TimeoutError) as error:
            code = str(error) if isinstance(error, _WrongAnswer) else type(error).__name__
            _log.warning("core_facts_unknown", admdvs=person.admdvs, code=code)
            return None

    async def _post(self, core: Core, person: PersonQuery) -> bytes:
        query = CoreFactsQuery(psn_cert_type=person.psn_cert_type, certno=person.certno)
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        answer = bytearray()
        async with self._http.stream(
            "POST",
            f"{core.url}{PATH}",
            content=query.model_dump_json().encode(),
            headers=headers,
            auth=core.auth,
            follow_redirects=False,
            timeout=None,
        ) as response:
            if response.status_code != httpx.codes.OK:
                raise _WrongAnswer(f"core-status-{response.status_code}")
            async for chunk in response.aiter_bytes():
                answer += chunk
                if len(answer) > MAX_ANSWER_BYTES:
                    raise _WrongAnswer("core-answer-too-large")
        return bytes(answer)

    def _read(self, body: bytes, person: PersonQuery) -> Pulled:
        try:
            told = CoreFactsAnswer.model_validate(parse(body))
        except ValidationError:
            raise _WrongAnswer("core-answer-invalid") from None
        except TransferError as error:
            raise _WrongAnswer("core-answer-no-json") from error
        now, wanted = self._clock.now(), person_key(person.psn_cert_type, person.certno)
        if any(person_key(each.psn_cert_type, each.certno) != wanted for each in told.persons):
            raise _WrongAnswer("core-answer-other-person")
        if told.facts_as_of > now + _CLOCK_SKEW or any(record_problems(each, now) for each in told.persons):
            raise _WrongAnswer("core-answer-implausible")
        return Pulled(min(told.facts_as_of, now), told.persons)


def _reached(core: PulledCore, clock: Clock) -> Core:
    secret = core.client_secret.get_secret_value()
    return Core(str(core.url).rstrip("/"), ClientCredentials(str(core.token_url), core.client_id, secret, clock))
