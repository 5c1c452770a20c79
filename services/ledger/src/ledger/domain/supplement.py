"""An account's days exported again with more lines: what was told stays, and what is new goes on from there."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ledger.domain.restated import StatementRestated, Told, ToldLine
from ledger.domain.statement import StatementHead, Totals
from shared.errors import FieldError
from shared.law import design


class NotASupplement(StatementRestated):
    """The file does not merely go on where what was told before ends."""

    code = "statement-not-a-supplement"


@design("a day that was exported before it was over goes on by a statement of the lines that are new")
def require_supplement(
    index: int, head: StatementHead, told: Told, before: Sequence[ToldLine], again: Sequence[ToldLine]
) -> None:
    """Returns when statement ``index`` of a file tells all of ``before``, and besides only what came later.

    ``before`` are the lines kept of the days of ``head``, ``again`` those that it tells itself. Raises
    ``NotASupplement`` with all that stands in the way: lines that are gone or changed, new ones of a day before the
    last one told, a balance that does not go on, days of which it tells only a part.
    """
    counted, kept = Counter(again), Counter(before)
    wrong = [("line-missing", f"本次缺少：{line}") for line in (kept - counted).elements()]
    early = [line for line in (counted - kept).elements() if line.booked_on < told.period_to]
    wrong += [("line-too-early", f"多出的流水早于已导入的最后一日 {told.period_to}：{line}") for line in early]
    if head.period_to < told.period_to:
        wrong.append(("period-ends-early", f"本次只到 {head.period_to}，已导入的到 {told.period_to}"))
    if head.opening_fen != told.closing_fen - sum(line.signed_fen for line in before):
        wrong.append(("opening-differs", "期初余额与已导入的对账单不衔接"))
    if wrong:
        raise NotASupplement(
            "文件除多出新的流水外还有不同，不能补充导入；请向银行核实，确已更正的由两人替换（statement-restatements）。缺少整日的，只导出缺少的那几日再导入",
            errors=[FieldError(f"/statements/{index}/lines", code, text) for code, text in wrong],
        )


def continued(head: StatementHead, told: Told, added: Totals) -> StatementHead:
    """The statement of the lines ``added`` alone: it opens where what was told closed."""
    return replace(
        head,
        period_from=max(head.period_from, told.period_to),
        opening_fen=told.closing_fen,
        totals=added,
        is_opening_computed=False,
        part_no=told.part_no + 1,
    )
