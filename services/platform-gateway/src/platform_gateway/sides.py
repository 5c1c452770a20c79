"""Asks the agencies for their facts and verdicts (N7), both sides at once. Who does not answer stays unknown.

The inbound is also asked what would come of dates that somebody names (N11).
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence

import httpx
import structlog
from pydantic import ValidationError

from shared.contracts.benefits_preview import BenefitsPreview, PreviewAnswer, PreviewQuery
from shared.contracts.facts import CheckQuery, CheckRequest, CheckResponse, CheckResult, Side
from shared.errors import TransferError, Unavailable

_log = structlog.get_logger(__name__)
_MAX_CHECKS = 500
_MAX_ANSWER_BYTES = 64 * 1024 * 1024


class AnswerTooLarge(Unavailable):
    """A side answers more than its facts can take; it has not answered."""


class SideSilent(Unavailable):
    """A side did not answer in time, or not with what was asked."""


_NO_ANSWER = (httpx.HTTPError, httpx.InvalidURL, ValidationError, TransferError, TimeoutError)
Asked = Mapping[tuple[str, Side], CheckResult]
"""By case number and side; an absent one did not answer."""


class Sides:
    """Calls ``POST {endpoint}/v1/checks`` and ``/v1/benefits-previews``; ``http`` brings the service's token.

    A call may take ``timeout_seconds`` and ``seconds_per_check`` for each application in it.
    """

    def __init__(
        self, http: httpx.AsyncClient, *, timeout_seconds: float, seconds_per_check: float, connections: int
    ) -> None:
        self._http = http
        self._timeout_seconds = timeout_seconds
        self._seconds_per_check = seconds_per_check
        self._slots = asyncio.Semaphore(connections)

    async def ask(self, queries: Sequence[tuple[str, CheckQuery]]) -> Asked:
        """Send each (endpoint, query), one call per endpoint and 500 queries, all at the same time."""
        by_endpoint: dict[str, list[CheckQuery]] = defaultdict(list)
        for endpoint, query in queries:
            by_endpoint[endpoint].append(query)
        calls = [
            self._call(endpoint, asked[begin : begin + _MAX_CHECKS])
            for endpoint, asked in by_endpoint.items()
            for begin in range(0, len(asked), _MAX_CHECKS)
        ]
        answers = await asyncio.gather(*calls)
        return {(result.rlts_traf_id, result.side): result for answer in answers for result in answer}

    async def preview(self, endpoint: str, query: PreviewQuery) -> BenefitsPreview | None:
        """What the inbound says of the case on the dates named, ``None``: nothing; raises ``SideSilent``."""
        # An inbound that is older need not know of what is not asked.
        asked = query.model_dump_json(exclude_none=True).encode()
        try:
            async with self._slots, asyncio.timeout(self._timeout_seconds):
                answer = await self._post(endpoint, "benefits-previews", asked)
                return PreviewAnswer.model_validate_json(answer).preview
        except _NO_ANSWER as error:
            _log.warning("side_did_not_preview", endpoint=endpoint, error=type(error).__name__)
            raise SideSilent(endpoint) from error

    async def _call(self, endpoint: str, queries: Sequence[CheckQuery]) -> Sequence[CheckResult]:
        body = CheckRequest(checks=tuple(queries)).model_dump_json().encode()
        seconds = self._timeout_seconds + self._seconds_per_check * len(queries)
        try:
            async with self._slots, asyncio.timeout(seconds):
                results = CheckResponse.model_validate_json(await self._post(endpoint, "checks", body)).results
        except _NO_ANSWER as error:
            # Whatever went wrong, the side has not answered: unknown, never a refusal.
            _log.warning("side_did_not_answer", endpoint=endpoint, checks=len(queries), error=type(error).__name__)
            return ()
        return _matching(queries, results)

    async def _post(self, endpoint: str, path: str, body: bytes) -> bytes:
        url, headers = f"{endpoint.rstrip('/')}/v1/{path}", {"Content-Type": "application/json"}
        async with self._http.stream("POST", url, content=body, headers=headers, timeout=None) as response:
            response.raise_for_status()
            answer = bytearray()
            async for chunk in response.aiter_bytes():
                answer += chunk
                if len(answer) > _MAX_ANSWER_BYTES:
                    raise AnswerTooLarge(endpoint)
        return bytes(answer)


def _matching(queries: Sequence[CheckQuery], results: Sequence[CheckResult]) -> Sequence[CheckResult]:
    """Only answers to what was asked of whom: a side speaks for itself alone."""
    asked = {(query.rlts_traf_id, query.side, query.admdvs) for query in queries}
    return [result for result in results if (result.rlts_traf_id, result.side, result.admdvs) in asked]
