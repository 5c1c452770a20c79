"""A small real HTTP server in place of the agencies' services and of the token issuer."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared.contracts.benefits_preview import BenefitsPreview, PreviewAnswer, PreviewQuery
from shared.contracts.codes import PsnInsuStas
from shared.contracts.facts import (
    CheckQuery,
    CheckRequest,
    CheckResponse,
    CheckResult,
    Finding,
    Relation,
    Side,
    SideFacts,
)
from tests.clocks import AdvancingClock
from tests.embedded_server import EmbeddedServer

ISSUER, AUDIENCE = "https://issuer.test", "transfer"


@dataclass
class Agencies:
    """What the stand-in answers: findings by (side, name), sides that are down, and what it was asked."""

    clock: AdvancingClock
    findings: dict[tuple[Side, str], tuple[Finding, ...]] = field(default_factory=dict)
    without_account: set[tuple[Side, str]] = field(default_factory=set)
    down: set[Side] = field(default_factory=set)
    facts_age: timedelta = timedelta(0)
    know_relations: bool = False
    insured_year: int | None = None
    calls: list[list[CheckQuery]] = field(default_factory=list)
    preview: BenefitsPreview | None = None
    previewed: list[PreviewQuery] = field(default_factory=list)

    def refuse(self, side: Side, name: str, *codes: str) -> None:
        """From now on ``side`` has these findings about the person of that name."""
        self.findings[side, name] = tuple(Finding(code=code) for code in codes)

    def answer(self, query: CheckQuery) -> CheckResult:
        name = query.lodged.application.psn_name
        facts = SideFacts(
            facts_as_of=self.clock.now() - self.facts_age,
            psn_no="P1",
            relations=(_relation("310"), _relation("390")) if self.know_relations else (),
            has_account=(query.side, name) not in self.without_account,
            balc=123456,
            last_paid_ym="202602",
            last_insured_year=self.insured_year,
            is_on_employer_roll=query.lodged.application.applicant.emp_no is not None or None,
        )
        return CheckResult(
            rlts_traf_id=query.rlts_traf_id,
            side=query.side,
            admdvs=query.admdvs,
            facts=facts,
            findings=self.findings.get((query.side, name), ()),
        )


def _relation(insutype: str) -> Relation:
    return Relation(
        psn_insu_rlts_id=f"R{insutype}",
        insutype=insutype,
        psn_insu_stas=PsnInsuStas.SUSPENDED,
        insu_admdvs="370102",
        crt_insu_date=date(2020, 1, 1),
    )


class StandIn:
    """Serves ``/v1/checks``, ``/v1/benefits-previews``, ``/token`` and ``/jwks`` on a free port."""

    def __init__(self, agencies: Agencies) -> None:
        self.agencies = agencies
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.url = ""

    def token(self, claims: dict[str, Any], now: datetime) -> str:
        """A bearer token of our issuer."""
        issued = int(now.timestamp())
        body = {"iss": ISSUER, "aud": AUDIENCE, "iat": issued, "exp": issued + 86_400 * 400, **claims}
        return jwt.encode(body, self._key, algorithm="ES256", headers={"kid": "test"})

    @asynccontextmanager
    async def running(self) -> AsyncIterator["StandIn"]:
        """Serve until the block ends."""
        listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        routes = [
            Route("/{side}/v1/checks", self._checks, methods=["POST"]),
            Route("/inbound/v1/benefits-previews", self._previews, methods=["POST"]),
            Route("/token", self._token, methods=["POST"]),
            Route("/jwks", self._jwks),
        ]
        server = EmbeddedServer(uvicorn.Config(Starlette(routes=routes), lifespan="off", log_level="error"))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield self
        finally:
            server.should_exit = True
            await serving

    async def _checks(self, request: Request) -> Response:
        if not request.headers.get("authorization", "").startswith("Bearer "):
            return Response(status_code=401)
        asked = CheckRequest.model_validate_json(await request.body())
        if any(query.side in self.agencies.down for query in asked.checks):
            return Response(status_code=503)
        self.agencies.calls.append(list(asked.checks))
        answer = CheckResponse(results=tuple(self.agencies.answer(query) for query in asked.checks))
        return Response(answer.model_dump_json(), media_type="application/json")

    async def _previews(self, request: Request) -> Response:
        if Side.INBOUND in self.agencies.down:
            return Response(status_code=503)
        self.agencies.previewed.append(PreviewQuery.model_validate_json(await request.body()))
        answer = PreviewAnswer(preview=self.agencies.preview)
        return Response(answer.model_dump_json(), media_type="application/json")

    async def _token(self, _request: Request) -> Response:
        token = self.token({"sub": "platform", "scope": "platform"}, self.agencies.clock.now())
        return JSONResponse({"access_token": token, "expires_in": 3600})

    async def _jwks(self, _request: Request) -> Response:
        public = jwt.algorithms.ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return JSONResponse({"keys": [{**public, "kid": "test", "alg": "ES256", "use": "sig"}]})
