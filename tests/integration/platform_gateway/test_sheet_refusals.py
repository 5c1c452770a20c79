"""Sheets that the platform does not take, each told why."""

import pytest

from shared.contracts.codes import AcctDisposition
from shared.contracts.events import (
    SheetRefused,
)
from shared.signing import json_text
from shared.signing.jws import DocumentType
from shared.signing.keys import Purpose
from shared.signing.seal import read_sheet
from tests.integration.platform_gateway.gateway import (
    HAN_MEI,
    JINAN,
    OPERATOR,
    QINGDAO,
    Gateway,
)
from tests.integration.platform_gateway.told_by_sides import INBOUND, OUTBOUND, returned


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"sealed_by": QINGDAO, "trafout_admdvs": QINGDAO}, "sheet-findings"),
        ({"head": HAN_MEI | {"gend": "9"}}, "sheet-findings"),
        ({"acct_disposition": AcctDisposition.REFUNDED_TO_PERSON}, "sheet-disposition-differs"),
        ({"rows": []}, "sheet-findings"),
    ],
)
async def test_refuses_a_sheet_that_is_not_right(gateway: Gateway, fault: dict[str, object], code: str) -> None:
    number = await gateway.accepted()
    await gateway.issue(number, **fault)  # type: ignore[arg-type]
    recipient, event = (await gateway.sent(number))[-1]
    assert recipient == "outbound.370100"
    assert isinstance(event, SheetRefused)
    assert event.code == code
    assert bool(event.findings) is (code == "sheet-findings")
    assert (await gateway.shown(number))["state"] == "accepted"
    assert (await gateway.history(number))[-1] == ("sheet_refused", "accepted", True)
    await gateway.issue(number)
    assert (await gateway.shown(number))["state"] == "inbound_processing"


async def test_refuses_a_sheet_changed_by_one_byte(gateway: Gateway) -> None:
    number = await gateway.accepted()
    sender, _, event = await gateway.issued(number)
    flipped = event.sealed_sheet.replace('"payload":"ey', '"payload":"eY', 1)
    await gateway.receive((sender, number, event.model_copy(update={"sealed_sheet": flipped})))
    refused = (await gateway.sent(number))[-1][1]
    assert isinstance(refused, SheetRefused)
    assert refused.code.startswith("signature-")
    assert [finding.code for finding in refused.findings] == ["E23"]


async def test_names_every_box_of_a_sealed_document_that_is_no_sheet(gateway: Gateway) -> None:
    number = await gateway.accepted()
    sender, _, event = await gateway.issued(number)
    document = read_sheet(event.sealed_sheet).model_dump(mode="json")
    document["foot"]["acctfund_traf_amt"] = "1234.567"
    document["rows"][0]["months"] += 1
    payload = json_text.canonical(document)
    sealed = await gateway.keys.signers.sign(OUTBOUND, Purpose.SEAL, payload, typ=DocumentType.SHEET)
    await gateway.receive((sender, number, event.model_copy(update={"sealed_sheet": sealed})))
    refused = (await gateway.sent(number))[-1][1]
    assert isinstance(refused, SheetRefused)
    assert refused.code == "signed-content-unreadable"
    assert [(each.code, each.row, each.box) for each in refused.findings] == [
        ("E29", None, "acctfund_traf_amt"),
        ("E07", 1, "months"),
    ]


async def test_refuses_a_sheet_with_revoked_key(gateway: Gateway) -> None:
    number = await gateway.accepted()
    seal = gateway.keys.signers.key(OUTBOUND, "seal")  # type: ignore[arg-type]
    path = f"/agencies/{JINAN}/keys/{seal.kid}/revocation"
    assert (await gateway.call("POST", path, OPERATOR, json={"reason": "私钥泄露"})).status_code == 204
    await gateway.issue(number)
    refused = (await gateway.sent(number))[-1][1]
    assert isinstance(refused, SheetRefused)
    assert refused.code == "signature-key-revoked"


async def test_takes_the_version_after_one_that_was_refused(gateway: Gateway) -> None:
    number = await gateway.accepted()
    await gateway.issue(number, 1, has_account=False)
    assert isinstance((await gateway.sent(number))[-1][1], SheetRefused)
    await gateway.issue(number, 2)
    assert (await gateway.shown(number))["state"] == "inbound_processing"


async def test_refuses_a_version_that_was_taken_before(gateway: Gateway) -> None:
    number = await gateway.accepted()
    await gateway.issue(number)
    await gateway.receive((INBOUND, number, returned(gateway)))
    await gateway.issue(number)
    refused = (await gateway.sent(number))[-1][1]
    assert isinstance(refused, SheetRefused)
    assert refused.code == "sheet-version-wrong"
