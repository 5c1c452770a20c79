"""A sheet of 60 rows: 300 months paid one by one, a break after every five, in two areas."""

from datetime import date

from pydantic import TypeAdapter

from shared.contracts.facts import Contribution
from shared.contracts.info_sheet import InfoSheet, SheetFinding
from shared.months import month_at, month_index
from shared.registry.models import RegistrySnapshot
from shared.registry.registry import Registry
from shared.sheet_rules import SheetContext, check_sheet, draft_rows

_TODAY = date(2024, 5, 10)
_FIRST, _ROWS, _MONTHS_OF_A_ROW = month_index("199401"), 60, 5
_OUT, _ELSEWHERE, _IN = "370100", "370200", "320100"
_NAMES = {_OUT: "济南市医疗保险事业中心", _ELSEWHERE: "青岛市医疗保险事业中心", _IN: "南京市医疗保障管理中心"}
_RECORDS = TypeAdapter(tuple[Contribution, ...])


def _registry() -> Registry:
    areas = [
        {"admdvs": code, "name": name, "province": f"{code[:2]}0000", "city": code, "valid_from": "2000-01-01"}
        | {"state": "connected"}
        for code, name in _NAMES.items()
    ]
    document = {"version": 1, "issued_at": "2024-01-01T00:00:00Z", "areas": areas, "platform_keys": []}
    return Registry(RegistrySnapshot.model_validate(document))


def _records() -> tuple[Contribution, ...]:
    months = (
        _FIRST + row * (_MONTHS_OF_A_ROW + 1) + month for row in range(_ROWS) for month in range(_MONTHS_OF_A_ROW)
    )
    return tuple(
        Contribution(
            rid=f"C{month}",
            insutype="310",
            cashym=month_at(month),
            accrym_begn=month_at(month),
            accrym_end=month_at(month),
            poolarea_no=_ELSEWHERE if month < month_index("200401") else None,
            psn_clctstd=500000,
        )
        for month in months
    )


def _sheet(records: tuple[Contribution, ...]) -> InfoSheet:
    drafted = draft_rows(records, admdvs=_OUT, areas=_REGISTRY, today=_TODAY)
    return InfoSheet.model_validate(
        {
            "rlts_traf_id": "ABCDEFGHJKMN2345",
            "version": 1,
            "trafout_admdvs": _OUT,
            "trafin_admdvs": _IN,
            "trafout_insutype": "310",
            "trafin_insutype": "310",
            "head": {"psn_name": "张三", "psn_cert_type": "01", "certno": "110105194912310011", "gend": "1"},
            "rows": drafted.rows,
            "foot": {
                "acctfund_traf_amt_cn": "壹仟贰佰叁拾肆元伍角陆分",
                "acctfund_traf_amt": 123456,
                "opter_name": "李四",
                "tel": "0531-12345678",
                "agency_name": _NAMES[_OUT],
                "issued_on": _TODAY,
            },
            "acct_disposition": "transfer",
            "has_account": True,
            "attachment": {"psn_no": "37010000000001", "contributions": records},
        }
    )


_REGISTRY = _registry()
_PAID = _records()
_SHEET = _sheet(_PAID)
_WRITTEN_RECORDS = _RECORDS.dump_json(_PAID)
_CONTEXT = SheetContext(
    rlts_traf_id=_SHEET.rlts_traf_id,
    trafout_admdvs=_OUT,
    trafin_admdvs=_IN,
    trafout_insutype="310",
    trafin_insutype="310",
    psn_name="张三",
    psn_cert_type="01",
    certno="110105194912310011",
    accepted_on=_TODAY,
    today=_TODAY,
    area=_REGISTRY.area,
)


def make_and_check_sixty_rows() -> tuple[InfoSheet, list[SheetFinding]]:
    """From the records to a checked sheet, as a draft is made and submitted."""
    sheet = _sheet(_PAID)
    return sheet, check_sheet(sheet, _CONTEXT)


def check_sixty_rows() -> list[SheetFinding]:
    """The checks alone, as platform and inbound make them."""
    return check_sheet(_SHEET, _CONTEXT)


def read_and_write_sixty_rows() -> bytes:
    """The floor: the records read from JSON and the sheet written as JSON, without any rule."""
    _RECORDS.validate_json(_WRITTEN_RECORDS)
    return _SHEET.model_dump_json().encode()
