"""Every route with an id, and how it is knocked at: what the disclosure tests go through."""

import re
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import httpx

from shared.case_number import new_case_number
from tests.contract.conftest import Settled
from tests.contract.known_ids import OWNER
from tests.registry import JINAN

# Rules, calendars and the chart of accounts are everybody's; a month is the caller's own, whoever calls.
NOT_ABOUT_CASES = re.compile(
    r"^/v1/(agencies|platform-keys|registry|daily-totals|policies|calendar-years|periods|account-titles)\b"
)
UNKNOWN_UUID = str(UUID(int=7, version=4))
UNKNOWN_CASE = new_case_number(Random(99))
ID = {"If-Match": "*"}
ROW = {
    "row_no": 1,
    "accrym_begn": "202401",
    "accrym_end": "202412",
    "row_type": "1",
    "months": 12,
    "agency_name": "济南市医疗保险事业中心",
    "admdvs": JINAN,
}
HOLD = {"is_held": True, "reason": "金额待核"}
FORWARDING = {"admdvs": "370200", "reason": "选错统筹区"}
TERMINATION = {"kind": "termination", "cause": "death", "reason": "本人死亡", "money_path": "none"}
NOTE = {"kind": "dispatch", "on": "2026-03-02", "note": "挂号信"}
INTEREST = {"line_class": "interest", "reason": "结息"}
CSV = {"Content-Type": "text/csv"}
PAYERS_LIST = f"办件编号,姓名,金额\n{UNKNOWN_CASE},张三,1.00\n".encode()
MATCH = {"reason": "已核实", "parts": [{"rlts_traf_id": UNKNOWN_CASE, "obligation_no": "1", "amount": "1.00"}]}
ADDENDUM = {"cause": "interest", "reason": "补付利息", "amount": "1.00"}
CORRECTION = {"kind": "correction", "reason": "年限有误"}
ACCEPT, APPROVE = {"decision": "accept", "memo": "已核对"}, {"decision": "approve"}
PAPER_ADDENDUM = {
    "addendum_no": 1,
    "cause": "interest",
    "reason": "利息",
    "amount": "1.00",
    "amount_cn": "壹元整",
    "opter_name": "某某",
    "issued_on": "2026-03-01",
    "received_on": "2026-03-02",
    "scan_digest": "ab" * 32,
}
PAPER_END = {"cause": "other", "money_path": "none", "note": "来函", "scan_digest": "ab" * 32}


@dataclass(frozen=True)
class Door:
    """A route with an id, and what to send so that only the id decides; ``owner`` is what its owner is answered."""

    package: str
    method: str
    path: str
    body: dict[str, Any] | None = None
    owner: tuple[int, ...] = (200,)
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None

    def __str__(self) -> str:
        return f"{self.package} {self.method} {self.path}"


DOORS = [
    Door("platform_gateway", "GET", "/transfers/{rlts_traf_id}"),
    Door("platform_gateway", "GET", "/transfers/{rlts_traf_id}/history"),
    Door("platform_gateway", "GET", "/transfers/{rlts_traf_id}/benefits-preview?pay_on=2026-04-10"),
    Door("platform_gateway", "POST", "/transfers/{rlts_traf_id}/withdrawal", {"reason": "不转了"}, (409,)),
    Door("platform_gateway", "POST", "/transfers/{rlts_traf_id}/forwarding", FORWARDING, (409,), ID),
    Door("platform_gateway", "GET", "/transfers/{rlts_traf_id}/sheets/{version}"),
    Door("platform_gateway", "GET", "/transfers/{rlts_traf_id}/sheets/{version}/arrival"),
    Door("platform_gateway", "GET", "/transfers/{rlts_traf_id}/sheets/{version}/changes"),
    # The case has no addendum: its owner is told that one is missing, not the case.
    Door("platform_gateway", "GET", "/transfers/{rlts_traf_id}/addenda/{addendum_no}", None, (404,)),
    Door("platform_gateway", "GET", "/transfers/{rlts_traf_id}/proposals"),
    Door("platform_gateway", "POST", "/transfers/{rlts_traf_id}/proposals", TERMINATION, (409,), ID),
    # The case has no proposal: its owner is told that one is missing, not the case.
    Door(
        "platform_gateway",
        "POST",
        "/transfers/{rlts_traf_id}/proposals/{proposal_id}/confirmation",
        None,
        (404,),
        ID,
    ),
    Door("outbound", "GET", "/cases/{rlts_traf_id}"),
    Door("outbound", "GET", "/cases/{rlts_traf_id}/history"),
    Door("outbound", "GET", "/cases/{rlts_traf_id}/sheets/{version}"),
    Door("outbound", "GET", "/cases/{rlts_traf_id}/draft-sheet"),
    Door("outbound", "PUT", "/cases/{rlts_traf_id}/draft-sheet", {"rows": [ROW], "reason": "更正"}, (409,), ID),
    Door("outbound", "POST", "/cases/{rlts_traf_id}/draft-sheet/renewal", {"reason": "重算"}, (409,), ID),
    Door("outbound", "POST", "/cases/{rlts_traf_id}/submission", None, (409,), ID),
    Door("outbound", "POST", "/cases/{rlts_traf_id}/review", APPROVE, (409,), ID),
    Door("outbound", "POST", "/cases/{rlts_traf_id}/payment-hold", HOLD, (200, 409), ID),
    Door("outbound", "GET", "/cases/{rlts_traf_id}/sheets/{version}/print"),
    Door("outbound", "GET", "/cases/{rlts_traf_id}/paper-steps"),
    Door("outbound", "POST", "/cases/{rlts_traf_id}/paper-steps", NOTE, (409,), ID),
    # The case is none on paper, which its owner is told; another agency is told of no case.
    Door("outbound", "POST", "/cases/{rlts_traf_id}/paper-steps/{step_id}/approval", APPROVE, (409,), ID),
    Door("outbound", "POST", "/cases/{rlts_traf_id}/correction/abandonment", {"reason": "不用更正"}, (409,), ID),
    Door("outbound", "POST", "/cases/{rlts_traf_id}/recall", {"reason": "误签章"}, (409,), ID),
    Door("outbound", "POST", "/cases/{rlts_traf_id}/recall/review", APPROVE, (409,), ID),
    Door("outbound", "GET", "/cases/{rlts_traf_id}/addenda"),
    Door("outbound", "GET", "/cases/{rlts_traf_id}/addenda/{addendum_no}/print", None, (404,)),
    Door("outbound", "POST", "/cases/{rlts_traf_id}/addenda/{addendum_no}/review", APPROVE, (404, 409), ID),
    Door("outbound", "GET", "/persons/{psn_no}"),
    Door("inbound", "GET", "/cases/{rlts_traf_id}"),
    Door("inbound", "GET", "/cases/{rlts_traf_id}/benefits-preview"),
    Door("inbound", "GET", "/cases/{rlts_traf_id}/sheets/{sheet_version}"),
    Door("inbound", "POST", "/cases/{rlts_traf_id}/submission", ACCEPT, (409,), ID),
    Door("inbound", "POST", "/cases/{rlts_traf_id}/review", {"decision": "approve"}, (409,), ID),
    # Nothing came on paper: its owner is told the same as anybody.
    Door("inbound", "GET", "/paper-cases/{entry_id}", None, (404,)),
    Door("inbound", "POST", "/paper-cases/{entry_id}/confirmation", {"decision": "confirm"}, (404,), ID),
    Door("inbound", "GET", "/cases/{rlts_traf_id}/paper-addenda"),
    Door("inbound", "POST", "/cases/{rlts_traf_id}/paper-addenda", PAPER_ADDENDUM, (409,), ID),
    Door(
        "inbound",
        "POST",
        "/cases/{rlts_traf_id}/paper-addenda/{entry_id}/confirmation",
        {"decision": "confirm"},
        (404,),
        ID,
    ),
    Door("inbound", "GET", "/cases/{rlts_traf_id}/paper-ends"),
    Door("inbound", "POST", "/cases/{rlts_traf_id}/paper-ends", PAPER_END, (409,), ID),
    Door("inbound", "POST", "/cases/{rlts_traf_id}/paper-ends/{end_id}/approval", APPROVE, (404,), ID),
    Door("inbound", "GET", "/persons/{psn_no}"),
    Door("inbound", "GET", "/persons/{psn_no}/contribution-record"),
    Door("ledger", "GET", "/statements/{statement_id}"),
    Door("ledger", "GET", "/statements/{statement_id}/lines"),
    # Nobody has brought a corrected statement.
    Door("ledger", "GET", "/statement-restatements/{restatement_id}", None, (404,)),
    Door("ledger", "POST", "/statement-restatements/{restatement_id}/proposal", {"reason": "更正"}, (404,), ID),
    Door("ledger", "POST", "/statement-restatements/{restatement_id}/approval", APPROVE, (404,), ID),
    Door("ledger", "GET", "/payment-batches/{batch_id}"),
    Door("ledger", "POST", "/payment-batches/{batch_id}/approval", APPROVE, (409,), ID),
    # All that it held is paid: nothing is left to write into a file, and there is none.
    Door("ledger", "POST", "/payment-batches/{batch_id}/files", None, (409,)),
    Door("ledger", "GET", "/payment-batches/{batch_id}/files"),
    Door("ledger", "GET", "/payment-files/{file_id}", None, (404,)),
    Door("ledger", "POST", "/payment-files/{file_id}/download", None, (404,)),
    Door("ledger", "POST", "/payment-files/{file_id}/download-permission", {"reason": "上传中断"}, (404,), ID),
    Door("ledger", "GET", "/payment-orders/{order_id}"),
    # It is paid: its owner is told that there is nothing to refuse.
    Door("ledger", "POST", "/payment-orders/{order_id}/rejection", {"reason": "户名不符"}, (409,), ID),
    Door("ledger", "POST", "/payment-orders/{order_id}/rejection-withdrawal", {"reason": "已付"}, (409,), ID),
    Door("ledger", "POST", "/payment-orders/{order_id}/reissue", {"reason": "已更正"}, (409,), ID),
    Door("ledger", "GET", "/payment-status-reports/{report_id}", None, (404,)),
    Door("ledger", "GET", "/payment-status-reports/{report_id}/lines", None, (404,)),
    Door("ledger", "GET", "/accounts/{account_id}/balance"),
    Door("ledger", "GET", "/accounts/{account_id}/entries"),
    Door("ledger", "GET", "/accounts/{account_id}/statement?since=2026-01-01&until=2026-12-31"),
    Door("ledger", "GET", "/statement-lines/{line_id}"),
    Door("ledger", "POST", "/statement-lines/{line_id}/reclassification", INTEREST, (409,), ID),
    Door("ledger", "POST", "/suspense/{line_id}/write-off", {"reason": "尾差"}, (404,), ID),
    Door(
        "ledger",
        "POST",
        "/suspense/{line_id}/offset",
        {"other_line_id": 999999998, "other_version": 1, "reason": "冲回"},
        (404,),
        ID,
    ),
    # The payer waits for no money of the case.
    Door("ledger", "GET", "/obligations/{rlts_traf_id}/{obligation_no}", None, (404,)),
    Door("ledger", "POST", "/obligations/{rlts_traf_id}/{obligation_no}/write-off", {"reason": "尾差"}, (404,), ID),
    # Nobody has proposed an adjustment.
    Door("ledger", "GET", "/adjustments/{adjustment_id}", None, (404,)),
    Door("ledger", "POST", "/adjustments/{adjustment_id}/approval", APPROVE, (404,), ID),
    Door("ledger", "POST", "/adjustments/{adjustment_id}/withdrawal", {}, (404,), ID),
    # Nothing of the case waits: its owner is told the same as anybody.
    Door("ledger", "GET", "/suspense/{line_id}", None, (404,)),
    Door("ledger", "GET", "/suspense/{line_id}/events", None, (404,)),
    Door("ledger", "PUT", "/suspense/{line_id}/assignment", {"assigned_to": "zhang"}, (404,), ID),
    Door("ledger", "POST", "/suspense/{line_id}/comments", {"comment": "已联系"}, (404,), ID),
    Door("ledger", "POST", "/suspense/{line_id}/return", {"reason": "误付"}, (404,), ID),
    Door("ledger", "POST", "/suspense/{line_id}/return/withdrawal", {"reason": "不退了"}, (404,), ID),
    Door("ledger", "GET", "/opening-items/{item_id}", None, (404,)),
    Door("ledger", "POST", "/opening-items/{item_id}/cancellation", {"reason": "重复"}, (404,), ID),
    Door("ledger", "GET", "/suspense/{line_id}/candidates", None, (404,)),
    Door("ledger", "POST", "/suspense/{line_id}/proposals", MATCH, (409,), ID),
    Door("ledger", "POST", "/suspense/{line_id}/remittance-list", None, (422,), ID | CSV, PAYERS_LIST),
    Door("ledger", "POST", "/statement-lines/{line_id}/correction", {"reason": "匹配有误"}, (409,), ID),
    # Nobody has proposed anything: its owner is told the same as anybody.
    Door("ledger", "GET", "/proposals/{proposal_id}", None, (404,)),
    Door("ledger", "POST", "/proposals/{proposal_id}/approval", APPROVE, (404,), ID),
    Door("ledger", "GET", "/vouchers/{voucher_id}"),
    Door("ledger", "PUT", "/vouchers/{voucher_id}/gl-number", {"gl_voucher_no": "记-1"}, (200,), ID),
    # There is no alert and no request for funds: their owner is told the same as anybody.
    Door("ledger", "PUT", "/alerts/{alert_id}/settlement", {"reason": "已核对"}, (404,), ID),
    Door("ledger", "POST", "/alerts/{alert_id}/release", {"reason": "已核对"}, (404,), ID),
    Door("ledger", "GET", "/fund-requests/{request_id}", None, (404,)),
    Door("ledger", "PUT", "/fund-requests/{request_id}/decision", APPROVE, (404,), ID),
    Door("ledger", "PUT", "/fund-requests/{request_id}/allotment", {"line_id": 1}, (404,), ID),
    Door("ledger", "PUT", "/bank-accounts/{bankacct}", {"hif_acct_type": "2", "use": "dedicated"}, (200, 201, 204), ID),
    Door("ledger", "GET", "/reconciliations/{admdvs}/months/{month}"),
    Door("ledger", "GET", "/reconciliations/{admdvs}/months/{month}/lists/{section}"),
    Door("ledger", "GET", "/reconciliations/{admdvs}/{day}"),
    Door("ledger", "GET", "/reconciliations/{admdvs}/{day}/lists/{section}"),
    *(
        Door(package, "POST", "/quarantine/{quarantine_id}/replay?dry_run=true")
        for package in ("platform_gateway", "outbound", "inbound", "ledger")
    ),
    *(Door(package, "GET", "/persons/imports/{import_id}") for package in ("outbound", "inbound")),
    *(Door(package, "POST", "/core-tasks/{task_id}/reopening", None, (409,)) for package in ("outbound", "inbound")),
]
# Last: what these begin or end changes what is there.
DOORS += [
    Door("outbound", "POST", "/cases/{rlts_traf_id}/addenda", ADDENDUM, (201, 409), ID),
    Door("outbound", "POST", "/cases/{rlts_traf_id}/correction", CORRECTION, (200, 409), ID),
]
DOORS += [Door(package, "POST", "/quarantine/{quarantine_id}/dismissal", {"reason": "重复"}) for package in OWNER]
# A person written under a number makes a record of the caller's own; an embedded core takes no results from anybody.
WRITES_ITS_OWN = {
    ("outbound", "PUT", "/v1/persons/{psn_no}"),
    ("inbound", "PUT", "/v1/persons/{psn_no}"),
    ("outbound", "POST", "/v1/core-tasks/{task_id}/result"),
    ("inbound", "POST", "/v1/core-tasks/{task_id}/result"),
}


async def knock(settled: Settled, door: Door, values: dict[str, str], area: str) -> httpx.Response:
    path = re.sub(r"\{(\w+)\}", lambda found: values[found[1]], door.path)
    options: dict[str, Any] = {} if door.body is None else {"json": door.body}
    if door.content is not None:
        options["content"] = door.content
    return await settled.system.call(
        door.package,
        door.method,
        path,
        claims={"admdvs": area, "sub": "somebody-else"},
        headers=dict(door.headers),
        **options,
    )


def seen(answer: httpx.Response) -> str:
    """Everything that a caller could compare: status, headers and body, without the trace and the time of day."""
    headers = {name: value for name, value in answer.headers.items() if name not in ("date", "x-trace-id")}
    body = re.sub(r'"trace_id": "[0-9a-f]+"', "", answer.text)
    return f"{answer.status_code} {sorted(headers.items())} {body}"
