"""The demo's outcome as one document: what the tests read, and what stays in the folder."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from demo.books import DailyReport, MoneyOverall
from demo.case_run import CaseRun
from demo.evidence import Verified
from demo.reasons import reasons_of
from demo.timeline import timeline
from shared.money import format_yuan

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything that came out; ``deviations`` are those of no single scenario."""

    runs: Sequence[CaseRun]
    reports: Sequence[DailyReport]
    overall: MoneyOverall
    verified: Sequence[Verified]
    deviations: Sequence[str]
    seconds: float

    @property
    def all_deviations(self) -> list[str]:
        """Everything that is not as expected, each with the scenario's letter where it belongs to one."""
        own = [f"情形 {run.scenario.letter}：{text}" for run in self.runs for text in run.deviations]
        return [*own, *self.deviations]


def summary(outcome: Outcome) -> Json:
    """The outcome as JSON; no person's name and no certificate number stands in it."""
    overall = outcome.overall
    return {
        "is_as_expected": not outcome.all_deviations,
        "deviations": outcome.all_deviations,
        "seconds": round(outcome.seconds, 1),
        "scenarios": [_scenario(run) for run in outcome.runs],
        "books": [each.document for each in outcome.reports],
        "money": {name: format_yuan(fen) for name, fen in asdict(overall).items()} | {"adds_up": overall.adds_up},
        "verified_sheets": [asdict(each) for each in outcome.verified],
    }


def _scenario(run: CaseRun) -> Json:
    shown = run.transfer
    return {
        "letter": run.scenario.letter,
        "title": run.scenario.title,
        "rlts_traf_id": run.rlts_traf_id or None,
        "outcome": run.outcome,
        "reasons": [reason["code"] for reason in run.answer.get("reasons", ())],
        "refused_beside": [reason["code"] for answer in run.answers[1:] for reason in answer.get("reasons", ())],
        "relation": shown.get("state"),
        "money": shown.get("money_state"),
        "is_closed": shown.get("closed_at") is not None,
        "sheet_versions": [sheet["sheet_version"] for sheet in shown.get("sheets", ())],
        "amount": shown["sheets"][-1]["amount"] if shown.get("sheets") else None,
        "suspense": [line["suspense"]["reason"] for line in run.suspense],
        "suspense_before_sheet": [line["suspense"]["reason"] for line in run.suspense_before_sheet],
        "timeline": [
            {"name": each.name, "at": each.at.isoformat(), "after_seconds": round(each.after_seconds, 3)}
            for each in timeline(run)
        ],
        "answered_seconds": round(run.answered_seconds, 3),
        "benefits_rule": run.benefits.get("outcome", {}).get("rule"),
        "is_years_reached": run.years.get("is_reached"),
        "why": reasons_of(run),
        "deviations": run.deviations,
    }
