"""Cases and sheets as they come to Jinan."""

from datetime import date, datetime, timedelta
from typing import Any

from shared.agency.known_person import HeldRecord
from shared.contracts.application import Applicant, ApplicantKind, Application, LodgedApplication
from shared.contracts.codes import AcctDisposition, OptChnl
from shared.contracts.events import TransferAccepted
from shared.contracts.facts import CheckResult, Relation, Side, SideFacts
from shared.contracts.info_sheet import InfoSheet
from tests.clocks import SOME_MORNING
from tests.people import LI_LEI, person_record, relation

IN_AREA, OUT_AREA = "370100", "110000"
CASE = "TR0000000001"
OUT_NAME = "北京市医疗保障经办机构"


def application(**changes: Any) -> Application:
    """Li Lei from Beijing to Jinan, as an employee in both."""
    values = {
        "psn_name": "李雷",
        "psn_cert_type": "01",
        "certno": LI_LEI,
        "trafout_admdvs": OUT_AREA,
        "trafin_admdvs": IN_AREA,
        "trafout_insutype": "310",
        "trafin_insutype": "310",
    }
    return Application.model_validate(values | changes)


def by_employer(emp_no: str = "E100") -> Applicant:
    """An employer applies."""
    return Applicant(kind=ApplicantKind.EMPLOYER, emp_no=emp_no, emp_name="济南某某有限公司")


def accepted_event(case: str = CASE, **changes: Any) -> TransferAccepted:
    """What the platform says once it has accepted."""
    values: dict[str, Any] = {
        "lodged": LodgedApplication(application=application(), opt_chnl=OptChnl.PLATFORM),
        "trafout_admdvs": OUT_AREA,
        "trafin_admdvs": IN_AREA,
        "accepted_at": SOME_MORNING - timedelta(days=3),
        "outbound_facts": _result(case, Side.OUTBOUND, OUT_AREA, "B1", "RB1"),
        "inbound_facts": _result(case, Side.INBOUND, IN_AREA, "P1", "R1"),
        "acct_disposition": AcctDisposition.TRANSFER,
        "outbound_due_on": date(2026, 3, 13),
        "inbound_days": 5,
        "total_due_on": date(2026, 3, 20),
    }
    return TransferAccepted(**(values | changes))


def _result(case: str, side: Side, admdvs: str, psn_no: str, relation_id: str) -> CheckResult:
    relations = (Relation.model_validate(relation(psn_insu_rlts_id=relation_id)),)
    facts = SideFacts(facts_as_of=SOME_MORNING, psn_no=psn_no, relations=relations, has_account=True)
    return CheckResult(rlts_traf_id=case, side=side, admdvs=admdvs, facts=facts)


def sheet_document(**changes: Any) -> dict[str, Any]:
    """A right sheet of Li Lei's years in Beijing, with a balance."""
    return {
        "rlts_traf_id": CASE,
        "version": 1,
        "trafout_admdvs": OUT_AREA,
        "trafin_admdvs": IN_AREA,
        "trafout_insutype": "310",
        "trafin_insutype": "310",
        "head": {"psn_name": "李雷", "psn_cert_type": "01", "certno": LI_LEI, "gend": "1"},
        "rows": [sheet_row()],
        "foot": sheet_foot(),
        "acct_disposition": "transfer",
        "has_account": True,
        "attachment": {"psn_no": "B1", "account": {"balc": "1234.56"}},
    } | changes


def sheet_row(**changes: Any) -> dict[str, Any]:
    """2015 to 2019 in Beijing."""
    return {
        "row_no": 1,
        "accrym_begn": "201501",
        "accrym_end": "201912",
        "row_type": "1",
        "months": 60,
        "agency_name": OUT_NAME,
        "admdvs": OUT_AREA,
    } | changes


def sheet_foot(**changes: Any) -> dict[str, Any]:
    """A balance of 1234.56."""
    return {
        "acctfund_traf_amt_cn": "壹仟贰佰叁拾肆元伍角陆分",
        "acctfund_traf_amt": "1234.56",
        "opter_name": "王经办",
        "tel": "010-12345678",
        "agency_name": OUT_NAME,
        "issued_on": "2026-03-02",
    } | changes


def info_sheet(**changes: Any) -> InfoSheet:
    """The sheet as the contract."""
    return InfoSheet.model_validate(sheet_document(**changes))


def held(**changes: Any) -> HeldRecord:
    """Li Lei's own record in Jinan."""
    return HeldRecord(IN_AREA, person_record(**changes))


NOW: datetime = SOME_MORNING
