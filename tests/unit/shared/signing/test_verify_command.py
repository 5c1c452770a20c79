"""The verify command works on files alone."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from shared.contracts.addendum import AddendumCause, SheetAddendum
from shared.contracts.info_sheet import InfoSheet
from shared.contracts.party import PLATFORM, Party, Role
from shared.money_cn import to_capital
from shared.registry.models import RegistrySnapshot
from shared.registry.snapshot import sign_snapshot
from shared.signing.addendum import countersign_addendum, open_addendum, seal_addendum
from shared.signing.countersign import countersign
from shared.signing.key_pair import PrivateKey
from shared.signing.keys import Purpose
from shared.signing.seal import open_sheet, seal_sheet
from shared.verify import main
from tests.unit.shared.signing.key_ring import KeyRing

JINAN = Party(Role.OUTBOUND, "370100")
DOCS = Path(__file__).parents[4] / "docs"
ARRIVED_AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class Files:
    """The four files of a sheet."""

    def __init__(self, folder: Path, ring: KeyRing, root: PrivateKey) -> None:
        self.folder, self.ring, self.root = folder, ring, root

    def path(self, name: str) -> Path:
        return self.folder / name

    def write(self, name: str, text: str) -> None:
        self.path(name).write_bytes(text.encode())

    def write_registry(self) -> None:
        area = {
            "admdvs": "370100",
            "name": "济南市医疗保险事业中心",
            "province": "370000",
            "city": "370100",
            "valid_from": "2000-01-01",
            "state": "connected",
            "keys": [key for key in self.ring.public.values() if key.owner == JINAN],
        }
        platform_keys = [key for key in self.ring.public.values() if key.owner == PLATFORM]
        snapshot = RegistrySnapshot.model_validate(
            {"version": 4, "issued_at": ARRIVED_AT, "areas": [area], "platform_keys": platform_keys}
        )
        self.write("registry", sign_snapshot(snapshot, self.root))

    def arguments(self, *more: str) -> list[str]:
        named = [f"--{name}={self.path(name)}" for name in ("arrival", "registry", "root-key")]
        return [str(self.path("sheet")), *named, *more]


@pytest.fixture
async def files(tmp_path: Path, ring: KeyRing, sheet: InfoSheet, algorithm: str) -> Files:
    files = Files(tmp_path, ring, PrivateKey.generate(algorithm))
    sealed = await seal_sheet(sheet, ring.signers, JINAN)
    files.write("sheet", sealed.text)
    opened = open_sheet(sealed.text, ring.public, ARRIVED_AT)
    files.write("arrival", await countersign(opened, ring.signers, ARRIVED_AT))
    files.write("root-key", files.root.public_key)
    files.write_registry()
    return files


def test_accepts_good_files_and_reports_in_chinese(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(files.arguments()) == 0

    report = capsys.readouterr().out
    assert "结论：通过" in report
    assert "7K2M9QX4TB6WPZ3C" in report
    assert "2026-03-02 09:00:00（北京时间）" in report
    assert "张三" not in report


def test_reports_as_json(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(files.arguments("--json")) == 0

    report = json.loads(capsys.readouterr().out)
    assert report["is_valid"] is True
    assert report["sealed_by"] == "outbound.370100"
    assert report["arrived_at"] == "2026-03-02T01:00:00+00:00"
    assert report["registry_version"] == 4


async def write_addendum(files: Files) -> None:
    addendum = SheetAddendum(
        rlts_traf_id="7K2M9QX4TB6WPZ3C",
        addendum_no=2,
        sheet_version=1,
        trafout_admdvs="370100",
        trafin_admdvs="510100",
        psn_name="张三",
        cause=AddendumCause.INTEREST,
        reason="利息",
        amount=5000,
        amount_cn=to_capital(5000),
        opter_name="王芳",
        agency_name="济南市医疗保险事业中心",
        issued_on=date(2026, 3, 2),
    )
    sealed = await seal_addendum(addendum, files.ring.signers)
    opened = open_addendum(sealed, files.ring.public, ARRIVED_AT)
    files.write("sheet", sealed)
    files.write("arrival", await countersign_addendum(opened, files.ring.signers, ARRIVED_AT))


async def test_verifies_an_addendum_and_takes_no_sheet_s_arrival_for_its_own(
    files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    arrival_of_sheet = files.path("arrival").read_text(encoding="ascii")
    await write_addendum(files)
    assert main(files.arguments("--json")) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["is_valid"], report["addendum_no"], report["sealed_by"]) == (True, 2, "outbound.370100")
    assert main(files.arguments()) == 0
    shown = capsys.readouterr().out
    assert "补充单：办件编号 7K2M9QX4TB6WPZ3C，第 2 号" in shown
    assert "张三" not in shown

    files.write("arrival", arrival_of_sheet)
    assert main(files.arguments("--json")) == 1
    assert json.loads(capsys.readouterr().out)["code"] == "signature-type-wrong"


def test_runs_as_a_command_of_its_own(files: Files) -> None:
    command = [sys.executable, "-m", "shared.verify", *files.arguments()]
    result = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False)

    assert (result.returncode, result.stderr) == (0, "")
    assert "结论：通过" in result.stdout


def test_refuses_a_sheet_changed_by_one_byte(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    content = bytearray(files.path("sheet").read_bytes())
    content[100] = ord("A") if content[100] != ord("A") else ord("B")
    files.path("sheet").write_bytes(content)

    assert main(files.arguments("--json")) == 1
    assert json.loads(capsys.readouterr().out)["code"] == "sheet-digest-differs"


def test_refuses_a_key_revoked_before_the_arrival_and_mentions_a_later_revocation(
    files: Files, ring: KeyRing, capsys: pytest.CaptureFixture[str]
) -> None:
    kid = ring.private[JINAN, Purpose.SEAL].kid
    ring.change(kid, revoked_at=ARRIVED_AT + timedelta(days=1), revocation_reason="更换密钥")
    files.write_registry()
    assert main(files.arguments()) == 0
    assert "撤销" in capsys.readouterr().out

    ring.change(kid, revoked_at=ARRIVED_AT - timedelta(days=1))
    files.write_registry()
    assert main(files.arguments("--json")) == 1
    assert json.loads(capsys.readouterr().out)["code"] == "signature-key-revoked"


def test_refuses_a_registry_of_another_root(files: Files, algorithm: str, capsys: pytest.CaptureFixture[str]) -> None:
    files.write("root-key", PrivateKey.generate(algorithm).public_key)

    assert main(files.arguments()) == 1
    assert "根密钥" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["sheet", "arrival", "registry", "root-key"])
def test_says_which_file_cannot_be_read(files: Files, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    files.path(name).unlink()
    assert main(files.arguments()) == 1
    assert name in capsys.readouterr().out

    files.path(name).write_bytes(b"\xff")
    assert main(files.arguments("--json")) == 1
    assert json.loads(capsys.readouterr().out)["is_valid"] is False


def test_refuses_a_file_that_is_too_large(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    files.write("root-key", " " * 5000)

    assert main(files.arguments()) == 1
    assert "文件过大" in capsys.readouterr().out


def test_says_when_the_root_key_is_no_key(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    files.write("root-key", "nonsense")

    assert main(files.arguments()) == 1
    assert "根密钥文件" in capsys.readouterr().out


def documented_commands(algorithm: str) -> str:
    """The shell blocks of the document, but for the line that only shows the usage; of the last block one algorithm."""
    blocks = re.findall(r"```sh\n(.*?)```", (DOCS / "verify.md").read_text(encoding="utf-8"), re.DOTALL)
    steps, es256, sm2 = re.split(r"^# (?:ES256|SM2-SM3).*$", blocks.pop(), flags=re.MULTILINE)
    blocks = [block for block in blocks if not block.startswith("verify-with-openssl.sh")]
    return "\n".join([*blocks, steps, es256 if algorithm == "ES256" else sm2])


@pytest.mark.usefixtures("openssl")
def test_commands_of_the_document_work_as_written(files: Files, tmp_path: Path, algorithm: str) -> None:
    folder = tmp_path / "reader"
    folder.mkdir()
    (folder / "docs").symlink_to(DOCS)
    names = {"sheet": "sheet.jws", "arrival": "arrival.jws", "registry": "registry.jws", "root-key": "root.pem"}
    for name, documented in names.items():
        files.path(name).rename(folder / documented)
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONUTF8": "1"}

    command = ["sh", "-eu", "-c", documented_commands(algorithm)]
    result = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=60, check=False
    )

    assert result.returncode == 0, result.stderr + result.stdout
    assert result.stdout.count("有效：") == 3
    assert re.search("Verified OK|Signature Verified Successfully", result.stdout)
    digest = re.search(r"摘要 SHA-256 (\w{64})", result.stdout)
    assert digest is not None
    assert digest[1] in (folder / "arrival.json").read_text()
    assert '"owner":"outbound.370100"' in result.stdout
