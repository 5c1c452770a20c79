"""``facts_mode`` pull at the inbound: its core is asked by HTTP, and what it does not tell is unknown."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from shared.contracts.application import LodgedApplication
from shared.contracts.codes import OptChnl
from shared.contracts.core_facts import CoreFactsAnswer
from shared.contracts.facts import PersonRecord
from tests.integration.inbound.conftest import As, StartService
from tests.integration.inbound.parts import InboundService
from tests.integration.outbound.stand_in_core import StandInCore
from tests.people import LI_LEI, person_document, relation
from tests.unit.inbound.builders import IN_AREA, application


@pytest.mark.law("N5-1", "N7-2")
async def test_what_the_core_tells_decides_and_what_it_does_not_is_unknown(
    core: StandInCore, start_service: StartService, as_caller: Callable[[InboundService], As]
) -> None:
    service = await start_service(
        external_core_agencies=frozenset({IN_AREA}), pulled_cores={IN_AREA: core.settings}, core_timeout_seconds=0.5
    )
    as_of = service.clock.now() - timedelta(hours=2)
    # Our own copy says insured; the core says under another scheme.
    relations = [relation(insutype="390")]
    told = person_document(relations=relations, updt_time=service.clock.now().isoformat(), rid="9")
    core.answer = CoreFactsAnswer(facts_as_of=as_of, persons=(PersonRecord.model_validate(told),))
    platform = as_caller(service)("platform", admdvs="*")
    lodged = LodgedApplication(application=application(), opt_chnl=OptChnl.PLATFORM).model_dump(mode="json")
    check = {"rlts_traf_id": "CASE0001", "side": "inbound", "admdvs": IN_AREA, "lodged": lodged}

    [result] = (await platform.post("/v1/checks", json={"checks": [check]})).json()["results"]
    assert [(each["code"], each["is_unknown"]) for each in result["findings"]] == [("A02", False)]
    assert result["facts"]["facts_as_of"] == as_of.isoformat().replace("+00:00", "Z")
    [(url, body)] = core.asked
    assert (body["certno"], LI_LEI in url) == (LI_LEI, False)

    core.status = 503
    [silent] = (await platform.post("/v1/checks", json={"checks": [check]})).json()["results"]
    assert [each["is_unknown"] for each in silent["findings"]] == [True]
