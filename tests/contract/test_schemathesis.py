"""Every operation of every OpenAPI document, with what nobody thought of: no answer is 500 or more.

``SCHEMATHESIS_EXAMPLES`` says how many requests of each kind an operation gets, ``SEED`` which ones.
"""

import asyncio
import json
import os
from functools import cache
from random import SystemRandom
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import strategies
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from stack.documents import DOCS, GENERATED
from tests.contract.conftest import Settled
from tests.contract.file_strategies import register_file_strategies
from tests.contract.known_ids import OWNER, Ids, known_ids
from tests.courses import QIAN_GUYU, SUN_MANGZHONG, apply, enroll, seal
from tests.four_services import SERVICES, FourServices

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES") or 5)
SEED = int(os.environ.get("SEED") or SystemRandom().randrange(1_000_000))
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# As committed: ``test_generated_documents`` proves that this is what the code describes.
DOCUMENTS = {
    package: json.loads((DOCS / GENERATED / f"{package}.openapi.json").read_text(encoding="utf-8"))
    for package in SERVICES
}
OPERATIONS = [
    (package, method, path)
    for package, document in DOCUMENTS.items()
    for path, item in document["paths"].items()
    for method in item
]
register_file_strategies()
NOT_HTTP = b"Invalid HTTP request received."
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@cache
def described(package: str) -> Any:
    """A service's document as schemathesis reads it; read once."""
    return schemathesis.openapi.from_dict(DOCUMENTS[package])


@pytest.fixture(scope="module")
async def peopled(settled: Settled) -> tuple[FourServices, list[Ids]]:
    """One case closed, one being drafted, one waiting at the inbound; their ids."""
    system = settled.system
    numbers = [settled.case]
    for somebody in (QIAN_GUYU, SUN_MANGZHONG):
        await enroll(system, somebody)
        numbers.append(await apply(system, somebody))
    await seal(system, numbers[-1])
    known = await known_ids(system, settled.case)
    return system, [{name: ids | {"rlts_traf_id": number} for name, ids in known.items()} for number in numbers]


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: mode.value)
@pytest.mark.parametrize(("package", "method", "path"), OPERATIONS)
async def test_every_answer_is_one_that_was_promised(
    peopled: tuple[FourServices, list[Ids]], package: str, method: str, path: str, mode: GenerationMode
) -> None:
    system, known = peopled
    print(f"SEED={SEED} SCHEMATHESIS_EXAMPLES={EXAMPLES}")
    area = "*" if package == "platform_gateway" else OWNER[package]
    headers = {"Authorization": f"Bearer {system.token(package, admdvs=area)}"}
    operation = described(package)[path][method.upper()]

    @hypothesis.seed(SEED)
    @hypothesis.settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(
        case=operation.as_strategy(generation_mode=mode), place=strategies.none() | strategies.sampled_from(known)
    )
    def ask(case: schemathesis.Case[Any], place: Ids | None) -> None:
        if place is not None:
            there = place[package]
            case.path_parameters = {name: there.get(name, value) for name, value in case.path_parameters.items()}
            if "If-Match" in case.headers:
                case.headers["If-Match"] = "*"
        answer = case.call(base_url=system[package].url, headers=headers, timeout=20)
        if answer.content == NOT_HTTP:
            return  # the server could not read it as HTTP, and the application was never asked
        case.validate_response(answer, checks=CHECKS)

    try:
        await asyncio.to_thread(ask)
    except Unsatisfiable:
        assert mode is GenerationMode.NEGATIVE, "no request fits the document"
