"""One performance of the demo: a fresh stack, all scenarios, the books, what stays in the folder."""

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from demo.banks.settling import Banks
from demo.books import DailyReport, book_deviations, money_overall, read_reports
from demo.case_run import CaseRun
from demo.course import run_courses
from demo.evidence import Evidence
from demo.feeding import feed
from demo.progress import Progress
from demo.scenario import Scenario, load_scenarios
from demo.summary import Outcome, summary
from demo.tables import print_outcome
from demo.world import World, connected
from shared.clock import SystemClock, local_date
from stack.clean import start_afresh
from stack.local_stack import LocalStack
from stack.options import Options

WIDTH_WITHOUT_TERMINAL = 200
_RUN_ID = "demo"


@dataclass(frozen=True, slots=True)
class Performance:
    """``state`` is made anew; ``within_seconds`` bounds every wait; ``progress`` says what happens."""

    state: Path
    progress: Progress
    within_seconds: float

    @property
    def folder(self) -> Path:
        """What the demo leaves."""
        return self.state / "out"

    @property
    def logs(self) -> Path:
        """The services' logs."""
        return self.state / "logs"

    async def give(self) -> int:
        """Run everything and print what came out; gives the exit code.

        Raises ``DemoError`` or ``StackError`` when it cannot be carried through; no process is left either way.
        """
        scenarios = load_scenarios(local_date(SystemClock().now()))
        start_afresh(self.state)
        evidence = Evidence(self.folder)
        self.progress.say("启动数据库、消息代理、签发器和四个服务……")
        async with LocalStack(Options(state=self.state)) as stack:
            self.progress.say("已就绪：" + "，".join(f"{step} {took:.1f} 秒" for step, took in stack.timings.items()))
            async with connected(stack.urls, stack.tokens, stack.areas, within_seconds=self.within_seconds) as world:
                runs, reports, deviations = await self._play(world, scenarios, evidence)
                await evidence.keep_registry(world, stack.keys.root_public.read_bytes())
                overall = money_overall(reports, world.areas)
            self.progress.say("停止全部服务……")
        self.progress.say("服务均已停止，仅凭文件验证每份信息表的签章……")
        verified = await evidence.verify_sheets()
        found = [*deviations, *evidence.deviations]
        outcome = Outcome(runs, reports, overall, verified, found, self.progress.seconds)
        self._show(outcome, {area.admdvs: area.name for area in world.areas.values()})
        return 1 if outcome.all_deviations else 0

    async def _play(
        self, world: World, scenarios: Sequence[Scenario], evidence: Evidence
    ) -> tuple[list[CaseRun], list[DailyReport], list[str]]:
        pushed = await feed(world, scenarios, run_id=_RUN_ID)
        self.progress.say(f"已写入 {pushed} 条参保记录，同时开始 {len(scenarios)} 个情形")
        runs = [CaseRun(scenario, _RUN_ID, on_progress=self.progress.step) for scenario in scenarios]
        banks = Banks(world.areas, first_day=world.today, last_day=world.today, folder=evidence.bank_folder)
        with self.progress.shown(runs):
            await run_courses(world, runs, banks)
        self.progress.say("核对账务，取回信息表、到达凭证和对账报告……")
        reports = await read_reports(world, {file.statement.on for file in banks.files} or {world.today})
        evidence.keep_reports(reports)
        await evidence.keep_sheets(world, runs)
        return runs, reports, book_deviations(reports, banks.files, world.areas)

    def _show(self, outcome: Outcome, names: dict[str, str]) -> None:
        console = self.progress.console
        print_outcome(outcome, console, names)
        copy = Console(record=True, file=io.StringIO(), width=WIDTH_WITHOUT_TERMINAL)
        print_outcome(outcome, copy, names)
        copy.save_html(str(self.folder / "result.html"))
        document = json.dumps(summary(outcome), ensure_ascii=False, indent=1)
        (self.folder / "summary.json").write_text(document, encoding="utf-8")
        console.print(f"结果文件夹：{self.folder}（信息表、到达凭证、登记库、银行文件、对账报告）", markup=False)
        if outcome.all_deviations:
            for text in outcome.all_deviations:
                console.print(f"不符：{text}", markup=False, soft_wrap=True)
            console.print(f"演示结果与预期不符，共 {len(outcome.all_deviations)} 处；日志：{self.logs}", markup=False)
            return
        console.print(f"全部 {len(outcome.runs)} 个情形与预期相符，用时 {outcome.seconds:.1f} 秒。", markup=False)
