"""Every finding that a sheet can have: stable code, the box it stands at, the Chinese text, the articles."""

from dataclasses import dataclass

from shared.contracts.info_sheet import SheetFinding

_FORM = ("N annex 3",)
_FORM_AND_CHECK = ("N annex 3", "N9")


@dataclass(frozen=True, slots=True)
class FindingRule:
    """``articles`` as ``shared.law`` cites them; none where the texts are silent and we chose (*design*)."""

    box: str
    text: str
    articles: tuple[str, ...] = ()


FINDINGS: dict[str, FindingRule] = {
    "E01": FindingRule("rows", "信息表没有参保记录行", _FORM),
    "E02": FindingRule("row_no", "序号应从1起连续编号", _FORM),
    "E03": FindingRule("accrym_begn", "各行应按时间先后排列", _FORM),
    "E04": FindingRule("accrym_end", "终止年月早于起始年月", _FORM),
    "E05": FindingRule("accrym_end", "职工医保的缴费月份不能晚于当前月份", _FORM),
    "E06": FindingRule("months", "缴费月数少于起止年月之间的月数，中断缴费应分行填写", _FORM),
    "E07": FindingRule("months", "缴费月数多于起止年月之间的月数", _FORM),
    "E08": FindingRule("row_type", "医保类型只能填1（职工）、2（居民）或3（其他）", _FORM),
    "E09": FindingRule("memo", "类型为3（其他）时应在备注中说明", _FORM),
    "E10": FindingRule("admdvs", "行政区划代码不是该时期登记的统筹地区代码", _FORM),
    "E11": FindingRule("agency_name", "经办机构名称与登记的名称不一致", _FORM),
    "E12": FindingRule("accrym_begn", "同一类型的两行参保时间重叠超过1个月", ("N5",)),
    "E13": FindingRule("acctfund_traf_amt_cn", "大写金额与小写金额不一致或书写不正确", _FORM),
    "E14": FindingRule("acctfund_traf_amt", "没有个人账户，转出资金应为0.00", _FORM),
    "E15": FindingRule("acctfund_traf_amt", "个人账户转出资金不能为负数", _FORM),
    "E16": FindingRule("opter_name", "缺少经办人", _FORM),
    "E17": FindingRule("tel", "缺少联系电话", _FORM),
    "E18": FindingRule("issued_on", "日期早于申请受理日期", ("N annex 3", "N8")),
    "E19": FindingRule("issued_on", "日期晚于当前日期", _FORM),
    "E20": FindingRule("gend", "性别与身份证号码不一致", _FORM_AND_CHECK),
    "E21": FindingRule("certno", "证件号码不符合该证件类型的规则", _FORM_AND_CHECK),
    "E22": FindingRule("head", "表头不是本办件的参保人员", _FORM_AND_CHECK),
    "E23": FindingRule("seal", "电子签章不是本办件转出地机构的有效签章", ("N8",)),
    "E24": FindingRule("case", "办件编号、转出转入地区或险种与本办件不一致", ("N9",)),
    "E25": FindingRule("agency_name", "转出地机构名称与登记的名称不一致", _FORM),
    "E26": FindingRule("acctfund_traf_amt", "账户余额不随关系划转，转出资金应为0.00", _FORM),
    "E27": FindingRule("rows", "参保记录超过200行，无法填入一张信息表"),
    "E28": FindingRule("acctfund_traf_amt", "转出资金超出大写金额可书写的范围"),
    "E29": FindingRule("acctfund_traf_amt", "小写金额应为元、角、分，恰有两位小数", _FORM),
    "E30": FindingRule("issued_on", "缺少日期，或日期不是真实存在的日期", _FORM),
    "E31": FindingRule("sheet", "缺少栏目或填写格式不正确", _FORM),
    "W01": FindingRule("attachment", "参保人员正在住院"),
    "W02": FindingRule("attachment", "有尚未结算的医疗费用"),
    "W03": FindingRule("attachment", "有欠缴费用"),
    "W04": FindingRule("accrym_begn", "同一月份出现在两行中，请确认为当月变更单位"),
    "W05": FindingRule("accrym_begn", "与前一行连续，可以合并为一行"),
    "W06": FindingRule("acctfund_traf_amt", "冻结余额与复核通过的草稿金额不同，以冻结余额为准", _FORM),
    "W07": FindingRule("agency_name", "早期记录的经办机构名称与现登记名称不同"),
    "W08": FindingRule("certno", "证件号码需要留意"),
    "W09": FindingRule("months", "所附缴费明细中没有这些月份的缴费", ("N8", "N16")),
    "W10": FindingRule("attachment", "个人账户期初余额与各笔收支之和不等于账户余额", ("N16",)),
    "W11": FindingRule("attachment", "出生日期与身份证号码不一致", ("N16",)),
}
"""By code: E… keeps a sheet from being sealed or has it returned (N annex 3 and its notes), W… is only shown.

E23 is found by whoever verifies the seal, E27 and E28 by whoever builds a sheet, E29 to E31 by whoever reads one that
cannot be read: ``check_sheet`` sees a parsed one."""


def sheet_finding(code: str, *, row: int | None = None, box: str | None = None, detail: str = "") -> SheetFinding:
    """The finding of ``code`` at ``row`` (from 1, ``None`` outside the rows); ``detail`` follows the text."""
    rule = FINDINGS[code]
    return SheetFinding(
        code=code,
        row=row,
        box=box or rule.box,
        message=f"{rule.text}：{detail}" if detail else rule.text,
        is_warning=code.startswith("W"),
        articles=rule.articles,
    )
