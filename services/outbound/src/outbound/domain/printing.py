"""A sealed 信息表 (N annex 3), or its addendum, as a page to print, for an area that takes paper only."""

from html import escape

from shared.contracts.addendum import AddendumCause, SheetAddendum
from shared.contracts.info_sheet import InfoSheet, SheetRow
from shared.law import design, law
from shared.money import format_yuan

_TYPES = {"1": "职工", "2": "居民", "3": "其他"}
_CAUSES = {
    AddendumCause.LATE_PREMIUM: "签章后到账的保费",
    AddendumCause.INTEREST: "利息",
    AddendumCause.REFUND: "退费",
    AddendumCause.OTHER: "其他",
}
_BOXES = ("序号", "自", "至", "类型", "月数", "经办机构名称", "行政区划代码", "备注")
_STYLE = "table{border-collapse:collapse}td,th{border:1px solid #000;padding:.2em .5em}"


@law("N annex 3")
def printed(sheet: InfoSheet, digest: str) -> str:
    """The whole page (HTML, UTF-8); ``digest`` is of the sealed file that it was printed from."""
    head, foot = sheet.head, sheet.foot
    lines = (
        f"姓名：{head.psn_name}　证件类型：{head.psn_cert_type}　证件号码：{head.certno}",
        f"办件编号：{sheet.rlts_traf_id}（第 {sheet.version} 版）　转入地：{sheet.trafin_admdvs}",
    )
    money = f"个人账户实际转出资金：{foot.acctfund_traf_amt_cn}（小写 {format_yuan(foot.acctfund_traf_amt)} 元）"
    signed = f"经办人：{foot.opter_name}　联系电话：{foot.tel}　转出地经办机构：{foot.agency_name}"
    issued = f"日期：{foot.issued_on.isoformat()}　（盖章）"
    table = "".join(f"<tr>{''.join(f'<td>{escape(box)}</td>' for box in _boxes(row))}</tr>" for row in sheet.rows)
    rows = f"<table><tr>{''.join(f'<th>{box}</th>' for box in _BOXES)}</tr>{table}</table>"
    body = f"{_paragraphs(*lines)}{rows}{_paragraphs(money, signed, issued)}"
    return _page("参保人员基本医疗保险信息表", body, digest)


@design("addendum for money after sealing")
def printed_addendum(addendum: SheetAddendum, digest: str) -> str:
    """As ``printed``, for an addendum to the sheet."""
    lines = (
        f"姓名：{addendum.psn_name}　办件编号：{addendum.rlts_traf_id}（对第 {addendum.sheet_version} 版信息表）",
        f"补充单序号：{addendum.addendum_no}　转入地：{addendum.trafin_admdvs}",
        f"补充划转资金：{addendum.amount_cn}（小写 {format_yuan(addendum.amount)} 元）",
        f"来源：{_CAUSES[addendum.cause]}　说明：{addendum.reason}",
        f"经办人：{addendum.opter_name}　转出地经办机构：{addendum.agency_name}",
        f"日期：{addendum.issued_on.isoformat()}　（盖章）",
    )
    return _page("参保人员基本医疗保险信息表补充单", _paragraphs(*lines), digest)


def _page(title: str, body: str, digest: str) -> str:
    seal = _paragraphs(f"本页由电子签章文件打印，文件 SHA-256：{digest}")
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1>{body}{seal}</body></html>"
    )


def _boxes(row: SheetRow) -> tuple[str, ...]:
    begin, end = (f"{month[:4]}-{month[4:]}" for month in (row.accrym_begn, row.accrym_end))
    kind = _TYPES.get(row.row_type, row.row_type)
    return (str(row.row_no), begin, end, kind, str(row.months), row.agency_name, row.admdvs, row.memo or "")


def _paragraphs(*lines: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in lines)
