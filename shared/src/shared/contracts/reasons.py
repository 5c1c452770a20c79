"""The catalogue of reasons: code, plain text, remedy, articles. Texts are Chinese and meant for applicants."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason as people read it; ``articles`` cite the source, ``design`` marks what no text decides."""

    code: str
    title: str
    remedy: str
    articles: tuple[str, ...]


def _reason(code: str, title: str, remedy: str, *articles: str) -> Reason:
    return Reason(code, title, remedy, articles)


REASONS = {
    reason.code: reason
    for reason in (
        _reason(
            "A01", "转出地尚未中止参保", "请先在转出地办理减员或停保，居民参保的待本年度保障期满后再申请。", "N5", "N7"
        ),
        _reason("A02", "尚未按规定在转入地参加所选险种", "请先在转入地办理参保登记并缴费。", "N5", "N7"),
        _reason("A03", "已享受职工医保退休待遇，不属于转移接续范围", "请在现参保地继续享受退休人员待遇。", "N2", "N12"),
        _reason(
            "A04",
            "当年度不办理居民医保之间的转移接续",
            "请按转入地规定参加下一年度居民医保后再申请；情况特殊的，可到转入地经办窗口说明理由。",
            "N5-2",
        ),
        _reason("A05", "无需办理转移接续", "由参保地经办机构直接办理参保变更（增员、减员）即可。", "N2", "N14"),
        _reason("A06", "申请信息或材料未通过校验", "请按提示更正后重新提交。", "design"),
        _reason(
            "A07", "受理窗口既不属于转出地也不属于转入地", "请到转出地或转入地经办窗口，或在全国平台在线申请。", "N6"
        ),
        _reason("A08", "同一参保关系已有正在办理的转移申请", "请查询已有申请的进度，或先撤销后再申请。", "design"),
        _reason(
            "A09",
            "未查到该参保人，或姓名与证件不一致",
            "请核对姓名、证件类型和证件号码；如信息确有变更，请先在当地更正。",
            "design",
        ),
        _reason(
            "A10",
            "单位只能为本单位在转入地参加职工医保的职工申请",
            "请由本人申请，或由现工作单位在办理增员后申请。",
            "N5",
        ),
        _reason("A11", "该统筹地区暂未接入平台", "请到下列经办窗口办理。", "N3", "N6"),
        _reason(
            "A12",
            "重复参保",
            "请先在其中一地、一个险种办理停保，重复缴费的按当地规定退费，只保留一个后再申请。",
            "N5",
        ),
        _reason("A13", "该参保关系此前已转出或不存在", "请核对转出地；如已转出，可按原办件编号查询。", "N13", "N4"),
        _reason("A14", "只办理职工医保（310）和居民医保（390）之间的转移", "请核对险种。", "N2"),
    )
}
"""By code."""
