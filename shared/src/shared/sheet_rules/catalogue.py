"""Every finding that a sheet can have: stable code, the box it stands at, the Chinese text."""

from shared.contracts.info_sheet import SheetFinding

FINDINGS: dict[str, tuple[str, str]] = {
    "E01": ("rows", "信息表没有参保记录行"),
    "E02": ("row_no", "序号应从1起连续编号"),
    "E03": ("accrym_begn", "各行应按时间先后排列"),
    "E04": ("accrym_end", "终止年月早于起始年月"),
    "E05": ("accrym_end", "职工医保的缴费月份不能晚于当前月份"),
    "E06": ("months", "缴费月数少于起止年月之间的月数，中断缴费应分行填写"),
    "E07": ("months", "缴费月数多于起止年月之间的月数"),
    "E08": ("row_type", "医保类型只能填1（职工）、2（居民）或3（其他）"),
    "E09": ("memo", "类型为3（其他）时应在备注中说明"),
    "E10": ("admdvs", "行政区划代码不是该时期登记的统筹地区代码"),
    "E11": ("agency_name", "经办机构名称与登记的名称不一致"),
    "E12": ("accrym_begn", "同一类型的两行参保时间重叠超过1个月"),
    "E13": ("acctfund_traf_amt_cn", "大写金额与小写金额不一致或书写不正确"),
    "E14": ("acctfund_traf_amt", "没有个人账户，转出资金应为0.00"),
    "E15": ("acctfund_traf_amt", "个人账户转出资金不能为负数"),
    "E16": ("opter_name", "缺少经办人"),
    "E17": ("tel", "缺少联系电话"),
    "E18": ("issued_on", "日期早于申请受理日期"),
    "E19": ("issued_on", "日期晚于当前日期"),
    "E20": ("gend", "性别与身份证号码不一致"),
    "E21": ("certno", "证件号码不符合该证件类型的规则"),
    "E22": ("head", "表头不是本办件的参保人员"),
    "E23": ("seal", "电子签章不是本办件转出地机构的有效签章"),
    "E24": ("case", "办件编号、转出转入地区或险种与本办件不一致"),
    "E25": ("agency_name", "转出地机构名称与登记的名称不一致"),
    "E26": ("acctfund_traf_amt", "账户余额不随关系划转，转出资金应为0.00"),
    "E27": ("rows", "参保记录超过200行，无法填入一张信息表"),
    "E28": ("acctfund_traf_amt", "转出资金超出大写金额可书写的范围"),
    "W01": ("attachment", "参保人员正在住院"),
    "W02": ("attachment", "有尚未结算的医疗费用"),
    "W03": ("attachment", "有欠缴费用"),
    "W04": ("accrym_begn", "同一月份出现在两行中，请确认为当月变更单位"),
    "W05": ("accrym_begn", "与前一行连续，可以合并为一行"),
    "W06": ("acctfund_traf_amt", "冻结余额与复核通过的草稿金额不同，以冻结余额为准"),
    "W07": ("agency_name", "早期记录的经办机构名称与现登记名称不同"),
    "W08": ("certno", "证件号码需要留意"),
}
"""By code: E… keeps a sheet from being sealed or has it returned (N annex 3 and its notes), W… is only shown.

E23 is found by whoever verifies the seal, E27 and E28 by whoever builds a sheet: ``check_sheet`` sees a parsed one."""


def sheet_finding(code: str, *, row: int | None = None, box: str | None = None, detail: str = "") -> SheetFinding:
    """The finding of ``code`` at ``row`` (from 1, ``None`` outside the rows); ``detail`` follows the text."""
    default_box, text = FINDINGS[code]
    message = f"{text}：{detail}" if detail else text
    return SheetFinding(code=code, row=row, box=box or default_box, message=message, is_warning=code.startswith("W"))
