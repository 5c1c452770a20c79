"""How the tables of cases write sheets, records and findings, and back."""

import json
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from shared.contracts.facts import Contribution
from shared.contracts.info_sheet import InfoSheet, SheetFinding, SheetRow
from shared.money import parse_yuan
from shared.sheet_rules import SheetContext
from tests.unit.shared.sheet_rules.areas import CODES, NAMES, REGISTRY

CASE = "ABCDEFGHJKMN2345"
MAN = "110105194912310011"
ACCEPTED_ON, TODAY = date(2024, 5, 6), date(2024, 5, 10)
DEFAULT_ROWS = "202001-202012 1 12 JN; 202103-202404 1 38 JN"

_ROW = re.compile(
    r"(?:(?P<no>\d+):)?(?P<begin>\d{6})-(?P<end>\d{6}) (?P<type>\w+) (?P<months>-?\d+) (?P<area>\w+)"
    r"(?:=(?P<name>[^ #]*))?(?: #(?P<memo>.*))?"
)
_RECORD = re.compile(
    r"(?P<insutype>\d{3}) (?P<begin>\d{6})-(?P<end>\d{6})(?: @(?P<area>\w+))?(?: paid (?P<cashym>\d{6}))?"
    r"(?P<flags>(?: (?:unpaid|reversed))*)(?: #(?P<memo>.*))?"
)


def parts(cell: str) -> list[str]:
    """What a cell lists, parted by ``;``; ``-`` for nothing."""
    return [part.strip() for part in cell.split(";") if part.strip() not in ("", "-")]


def read_row(number: int, text: str) -> dict[str, Any]:
    """``202001-202012 1 12 JN=名称 #备注``, perhaps with ``序号:`` before it."""
    found = _ROW.fullmatch(text)
    assert found is not None, text
    code = CODES.get(found["area"], found["area"])
    return {
        "row_no": int(found["no"] or number),
        "accrym_begn": found["begin"],
        "accrym_end": found["end"],
        "row_type": found["type"],
        "months": int(found["months"]),
        "agency_name": NAMES.get(code, "某某处") if found["name"] is None else found["name"],
        "admdvs": code,
        "memo": found["memo"],
    }


def write_row(row: SheetRow) -> str:
    """As ``read_row`` reads it, with the registry's name left out."""
    short = {code: name for name, code in CODES.items()}.get(row.admdvs, row.admdvs)
    name = "" if row.agency_name == NAMES.get(row.admdvs) else f"={row.agency_name}"
    memo = f" #{row.memo}" if row.memo else ""
    return f"{row.accrym_begn}-{row.accrym_end} {row.row_type} {row.months} {short}{name}{memo}"


def read_record(number: int, text: str) -> Contribution:
    """``310 202001-202003 @JN paid 202405 unpaid reversed #备注``; its ``rid`` is its place."""
    found = _RECORD.fullmatch(text)
    assert found is not None, text
    return Contribution(
        rid=str(number),
        insutype=found["insutype"],
        cashym=found["cashym"] or found["end"],
        accrym_begn=found["begin"],
        accrym_end=found["end"],
        clct_flag="0" if "unpaid" in found["flags"] else "1",
        revs_flag="reversed" in found["flags"],
        poolarea_no=CODES.get(found["area"], found["area"]),
        memo=found["memo"],
    )


def read_records(cell: str) -> list[Contribution]:
    """All records of a cell."""
    return [read_record(number, text) for number, text in enumerate(parts(cell), start=1)]


def document(rows: str = "", otherwise: str = "") -> dict[str, Any]:
    """A right sheet with other ``rows`` and with boxes filled in otherwise (``foot.tel=``)."""
    sheet: dict[str, Any] = {
        "rlts_traf_id": CASE,
        "version": 1,
        "trafout_admdvs": "370100",
        "trafin_admdvs": "320100",
        "trafout_insutype": "310",
        "trafin_insutype": "310",
        "head": {"psn_name": "张三", "psn_cert_type": "01", "certno": MAN, "gend": "1"},
        "rows": [read_row(number, text) for number, text in enumerate(parts(rows or DEFAULT_ROWS), start=1)],
        "foot": {
            "acctfund_traf_amt_cn": "壹仟贰佰叁拾肆元伍角陆分",
            "acctfund_traf_amt": "1234.56",
            "opter_name": "李四",
            "tel": "0531-12345678",
            "agency_name": NAMES["370100"],
            "issued_on": "2024-05-10",
        },
        "acct_disposition": "transfer",
        "has_account": True,
        "attachment": {"psn_no": "37010000000001"},
    }
    for path, value in _boxes(otherwise):
        _set(sheet, path, value)
    return sheet


def _boxes(otherwise: str) -> list[tuple[str, str]]:
    pairs = (change.partition("=") for change in parts(otherwise))
    return [(path.strip(), value.strip()) for path, _, value in pairs]


def _set(sheet: dict[str, Any], path: str, value: str) -> None:
    attachment = sheet["attachment"]
    if path.startswith("case."):
        return
    if path == "certificate":
        kind, _, number = value.partition(" ")
        sheet["head"] |= {"psn_cert_type": kind, "certno": number, "gend": "9"}
    elif path.startswith("relation."):
        plain = {"psn_insu_rlts_id": "R1", "insutype": "310", "psn_insu_stas": "2", "insu_admdvs": "370102"}
        [relation] = attachment.setdefault("relations", [plain | {"crt_insu_date": "2020-01-01"}])
        relation[path.removeprefix("relation.")] = json.loads(value)
    elif path == "paid":
        texts = [text.strip() for text in value.split(",") if text.strip()]
        records = [read_record(number, text) for number, text in enumerate(texts, start=1)]
        attachment["contributions"] = [each.model_dump(mode="json") for each in records]
    elif path == "account.entries":
        amounts = [amount.strip() for amount in value.split(",")]
        attachment.setdefault("account", {})["entries"] = [
            {"rid": str(number), "booked_on": "2024-01-31", "amount": amount} for number, amount in enumerate(amounts)
        ]
    elif path.startswith("account."):
        attachment.setdefault("account", {})[path.removeprefix("account.")] = value
    else:
        _set_box(sheet, path.split("."), value)


def _set_box(part: Any, path: list[str], value: str) -> None:
    *way, last = path
    for name in way:
        part = part[int(name) - 1] if name.isdigit() else part[name]
    if value == "(none)":
        del part[last]
    else:
        part[last] = json.loads(value) if value in ("true", "false", "null") or value[:1] == "{" else value


def context(otherwise: str = "", **changes: Any) -> SheetContext:
    """The case that the right sheet belongs to; ``case.`` and ``certificate`` in ``otherwise`` change it."""
    for path, value in _boxes(otherwise):
        if path == "certificate":
            kind, _, number = value.partition(" ")
            changes |= {"psn_cert_type": kind, "certno": number}
        elif path == "case.drafted_amount":
            changes["drafted_amount"] = parse_yuan(value)
        elif path == "case.blocking_warnings":
            changes["blocking_warnings"] = frozenset(value.split())
        elif path.startswith("case."):
            changes[path.removeprefix("case.")] = value
    plain: dict[str, Any] = {
        "rlts_traf_id": CASE,
        "trafout_admdvs": "370100",
        "trafin_admdvs": "320100",
        "trafout_insutype": "310",
        "trafin_insutype": "310",
        "psn_name": "张三",
        "psn_cert_type": "01",
        "certno": MAN,
        "accepted_on": ACCEPTED_ON,
        "today": TODAY,
        "area": REGISTRY.area,
    }
    return SheetContext(**(plain | changes))


def info_sheet(rows: str = "", otherwise: str = "") -> InfoSheet:
    """The document as the contract, read as it comes over the wire."""
    return InfoSheet.model_validate_json(json.dumps(document(rows, otherwise)))


def write_findings(findings: Iterable[SheetFinding]) -> list[str]:
    """``E12@2.accrym_begn`` for a row's box, ``E16@opter_name`` for another."""
    return [f"{each.code}@{'' if each.row is None else f'{each.row}.'}{each.box}" for each in findings]
