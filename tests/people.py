"""Made-up people as an agency's core pushes them; certificate numbers have valid check digits."""

from datetime import UTC, date, datetime
from typing import Any

from shared.contracts.facts import PersonRecord

LI_LEI = "110101199003078494"
UPDATED = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


def relation(**changes: Any) -> dict[str, Any]:
    """A relation of 310, active, with an account and a real employer."""
    return {
        "psn_insu_rlts_id": "R1",
        "insutype": "310",
        "psn_insu_stas": "1",
        "insu_admdvs": "370102",
        "crt_insu_date": "2020-01-01",
        "hi_type": "1",
        "has_account": True,
        "emp_no": "E100",
        "emp_name": "济南某某有限公司",
        "emp_mgt_type": "1",
    } | changes


def contribution(begin: str = "202401", end: str = "202412", **changes: Any) -> dict[str, Any]:
    """A paid stretch of 310."""
    return {
        "rid": f"C{begin}{changes.get('insutype', '310')}",
        "insutype": "310",
        "cashym": end,
        "accrym_begn": begin,
        "accrym_end": end,
    } | changes


def person_document(psn_no: str = "P1", **changes: Any) -> dict[str, Any]:
    """A person as JSON."""
    return {
        "psn_no": psn_no,
        "psn_name": "李雷",
        "psn_cert_type": "01",
        "certno": LI_LEI,
        "gend": "1",
        "brdy": date(1990, 3, 7).isoformat(),
        "relations": [relation()],
        "contributions": [contribution()],
        "account": {"balc": "1234.56", "entries": []},
        "rid": "1",
        "updt_time": UPDATED.isoformat(),
    } | changes


def person_record(psn_no: str = "P1", **changes: Any) -> PersonRecord:
    """A person as the contract."""
    return PersonRecord.model_validate(person_document(psn_no, **changes))
