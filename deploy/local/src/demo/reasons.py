"""Why a case came out as it did, in plain Chinese."""

from collections.abc import Iterable, Iterator

from demo.case_run import CaseRun, Json

_DISPOSITIONS = {"refunded_to_person": "余额退给本人", "retained_at_outbound": "余额留在转出地"}
_OUR_CHOICE = "本系统设计"


def reasons_of(run: CaseRun) -> list[str]:
    """Reasons with remedy and articles, what waits in suspense and what to do, what was returned or decided."""
    return [
        *(_stated(reason) for reason in run.answer.get("reasons", ())),
        *(f"另一终端：{_stated(reason)}" for answer in run.answers[1:] for reason in answer.get("reasons", ())),
        *(f"信息表前到账，挂账：{line['suspense']['reason_text']}" for line in run.suspense_before_sheet),
        *_returned(run),
        *_disposition(run),
        *(_waiting(line) for line in run.suspense),
        *_decided("待遇", run.benefits, run.benefits.get("outcome", {}).get("articles", ())),
        *_decided("年限", run.years, run.years.get("articles", ())),
    ]


def _stated(reason: Json) -> str:
    note = f"（{reason['note']}）" if reason.get("note") else ""
    basis = _basis(reason.get("articles", ()))
    return f"{reason['code']}：{reason.get('title', '')}{note}。{reason.get('remedy', '')}{basis}"


def _decided(what: str, decision: Json, articles: Iterable[str]) -> Iterator[str]:
    """The decision's own sentences with its articles, and why the area itself has to decide where it does."""
    if not decision:
        return
    yield f"{what}：{''.join(decision['explanation'])}{_basis(articles)}"
    for reason in decision["local_decision_reasons"]:
        yield f"{what}，须当地决定：{reason}"


def _basis(articles: Iterable[str]) -> str:
    cited = "、".join(_OUR_CHOICE if each == "design" else each for each in articles)
    return f"【{cited}】" if cited else ""


def _waiting(line: Json) -> str:
    suspense = line["suspense"]
    difference = f"，差额{suspense['difference']}元" if suspense["difference"] else ""
    why = f"挂账{line['amount']}元：{suspense['reason_text']}{difference}"
    return f"{why}；{suspense['owner']}：{suspense['next_step']}"


def _returned(run: CaseRun) -> Iterator[str]:
    returned = run.scenario.course.inbound_returns
    if returned is not None and any(line["command"] == "return_sheet" for line in run.history):
        yield f"第1版退回（{returned.code}）：第{returned.row}行，{returned.text}"


def _disposition(run: CaseRun) -> Iterator[str]:
    disposition = run.transfer.get("money", {}).get("acct_disposition")
    if disposition in _DISPOSITIONS:
        yield f"转入险种没有个人账户，{_DISPOSITIONS[disposition]}"
