"""What the demo leaves in its folder: sealed sheets with their arrivals, registry, root key, reports."""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from demo.books import DailyReport
from demo.case_run import CaseRun
from demo.services import OUTBOUND, PLATFORM, Call
from demo.world import World

_VERIFY_SECONDS = 30.0
_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Verified:
    """What ``shared.verify`` said of one sheet, from files alone."""

    file: str
    is_valid: bool
    said: str


class Evidence:
    """Writes into ``folder``; ``deviations`` tells what was not as it must be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bank_folder = folder / "bank"
        self.deviations: list[str] = []
        self._sheets: list[Path] = []

    async def keep_registry(self, world: World, root_key: bytes) -> None:
        """The signed snapshot, and the root's public key (PEM) that it is proved by."""
        call = Call(world.callers.operator(), PLATFORM, "GET", "/registry")
        self._write("registry.json", (await world.services.send(call)).content)
        self._write("root.pem", root_key)

    async def keep_sheets(self, world: World, runs: Sequence[CaseRun]) -> None:
        """Every version of every sheet with its arrival, byte for byte."""
        wanted = [(run, sheet["sheet_version"]) for run in runs for sheet in run.transfer.get("sheets", ())]
        await asyncio.gather(*(self._keep_sheet(world, run, version) for run, version in wanted))
        self._sheets.sort()

    async def verify_sheets(self) -> list[Verified]:
        """Check every kept sheet with the command of the documents, each in a process of its own."""
        limit = asyncio.Semaphore(_AT_ONCE)

        async def verify(sheet: Path) -> Verified:
            async with limit:
                return await self._verify(sheet)

        verified = list(await asyncio.gather(*(verify(sheet) for sheet in self._sheets)))
        self.deviations += [f"{each.file} 的签章未通过验证：{each.said}" for each in verified if not each.is_valid]
        return verified

    def keep_reports(self, reports: Sequence[DailyReport]) -> None:
        """The daily reports as JSON and CSV."""
        for each in reports:
            name = f"reconciliation/{each.admdvs}-{each.on:%Y%m%d}"
            document = json.dumps(each.document, ensure_ascii=False, indent=1)
            self._write(f"{name}.json", document.encode())
            self._write(f"{name}.csv", each.csv)

    async def _keep_sheet(self, world: World, run: CaseRun, version: int) -> None:
        number = run.rlts_traf_id
        token = world.callers.agency("clerk", run.scenario.application.trafout_admdvs)
        path = f"/transfers/{number}/sheets/{version}"
        sheet, arrival, issued = await asyncio.gather(
            world.services.send(Call(token, PLATFORM, "GET", path)),
            world.services.send(Call(token, PLATFORM, "GET", f"{path}/arrival")),
            world.services.send(Call(token, OUTBOUND, "GET", f"/cases/{number}/sheets/{version}")),
        )
        if sheet.content != issued.content:
            self.deviations.append(f"{number} 第 {version} 版信息表在平台与转出地的字节不同")
        self._sheets.append(self._write(f"{number}-v{version}.sheet.json", sheet.content))
        self._write(f"{number}-v{version}.arrival.json", arrival.content)

    async def _verify(self, sheet: Path) -> Verified:
        arrival = sheet.with_name(sheet.name.replace(".sheet.", ".arrival."))
        arguments = (
            *("-m", "shared.verify", str(sheet), "--arrival", str(arrival)),
            *("--registry", str(self.folder / "registry.json"), "--root-key", str(self.folder / "root.pem"), "--json"),
        )
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        try:
            async with asyncio.timeout(_VERIFY_SECONDS):
                said, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return Verified(sheet.name, process.returncode == 0, said.decode(errors="replace").strip())

    def _write(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path
