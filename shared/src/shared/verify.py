"""Checks a sealed sheet, or an addendum to one, from files alone.

``python -m shared.verify FILE --arrival FILE --registry FILE --root-key FILE`` needs no service and no
network. Exit code 0: the seal holds; 1: it does not, or could not be checked.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from shared.clock import SHANGHAI
from shared.errors import TransferError
from shared.registry.registry import Registry
from shared.registry.snapshot import MAX_SNAPSHOT_BYTES, open_snapshot
from shared.signing import jws
from shared.signing.addendum import AddendumArrival, OpenedAddendum, open_arrived_addendum
from shared.signing.countersign import ArrivedSheet, open_arrived_sheet
from shared.signing.errors import AlgorithmUnavailable, KeyUnreadable, VerificationFailed
from shared.signing.jws import MAX_TEXT_BYTES, DocumentType

_MAX_KEY_BYTES = 4096


class FileUnreadable(TransferError):
    """A file is missing, too large or not ASCII text; the message is Chinese for people."""


@dataclass(frozen=True, slots=True)
class SheetFiles:
    """The four files that decide: sheet or addendum, arrival, registry snapshot, root public key (PEM)."""

    sheet: Path
    arrival: Path
    registry: Path
    root_key: Path


@dataclass(frozen=True, slots=True)
class Report:
    """What was proved; instants are aware. ``revoked_at``: the sealing key was revoked, but after the arrival.

    ``addendum_no`` where the file is an addendum; ``sheet_version`` is then the version that the case had reached.
    ``sheet_digest`` is the file's.
    """

    rlts_traf_id: str
    sheet_version: int
    addendum_no: int | None
    sheet_digest: str
    sealed_by: str
    agency_name: str
    algorithm: str
    kid: str
    arrived_at: datetime
    platform_kid: str
    registry_version: int
    registry_issued_at: datetime
    revoked_at: datetime | None


def verify_files(files: SheetFiles) -> Report:
    """Proves root key → registry → arrival → seal, each by the one before.

    Raises ``VerificationFailed``, ``FileUnreadable``, ``KeyUnreadable`` or ``AlgorithmUnavailable``.
    """
    root_key = _read(files.root_key, _MAX_KEY_BYTES)
    registry = Registry(open_snapshot(_read(files.registry, MAX_SNAPSHOT_BYTES), root_key))
    sheet, arrival = _read(files.sheet, MAX_TEXT_BYTES), _read(files.arrival, MAX_TEXT_BYTES)
    if jws.read(sheet).only_signature.typ == DocumentType.ADDENDUM:
        platform_kid = jws.read(arrival).only_signature.kid
        return _addendum_report(*open_arrived_addendum(sheet, arrival, registry.keys), platform_kid, registry)
    return _report(open_arrived_sheet(sheet, arrival, registry.keys), registry)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; gives its exit code."""
    options = _parser().parse_args(arguments)
    files = SheetFiles(options.sheet, options.arrival, options.registry, options.root_key)
    try:
        report = verify_files(files)
    except (VerificationFailed, FileUnreadable, KeyUnreadable, AlgorithmUnavailable) as error:
        _print(_failure_json(error) if options.json else f"结论：未通过。{_reason(error)}")
        return 1
    _print(_success_json(report) if options.json else _text(report))
    return 0


def _report(arrived: ArrivedSheet, registry: Registry) -> Report:
    return Report(
        rlts_traf_id=arrived.arrival.rlts_traf_id,
        sheet_version=arrived.arrival.sheet_version,
        addendum_no=None,
        sheet_digest=arrived.arrival.sheet_digest,
        agency_name=arrived.opened.sheet.foot.agency_name,
        arrived_at=arrived.arrival.arrived_at,
        platform_kid=arrived.platform_kid,
        **_of_registry(registry, arrived.opened.kid),
    )


def _addendum_report(arrival: AddendumArrival, opened: OpenedAddendum, platform_kid: str, registry: Registry) -> Report:
    return Report(
        rlts_traf_id=opened.addendum.rlts_traf_id,
        sheet_version=opened.addendum.sheet_version,
        addendum_no=opened.addendum.addendum_no,
        sheet_digest=opened.digest,
        agency_name=opened.addendum.agency_name,
        arrived_at=arrival.arrived_at,
        platform_kid=platform_kid,
        **_of_registry(registry, opened.kid),
    )


def _of_registry(registry: Registry, kid: str) -> dict[str, Any]:
    key = registry.keys[kid]
    return {
        "sealed_by": str(key.owner),
        "algorithm": key.algorithm,
        "kid": kid,
        "registry_version": registry.version,
        "registry_issued_at": registry.snapshot.issued_at,
        "revoked_at": key.revoked_at,
    }


def _text(report: Report) -> str:
    lines = [
        f"登记库快照：第 {report.registry_version} 版，签发于 {_local(report.registry_issued_at)}，根密钥签名有效",
        f"到达凭证：平台于 {_local(report.arrived_at)} 收到，平台签名有效（密钥 {report.platform_kid}）",
        f"{_document(report)}，摘要 SHA-256 {report.sheet_digest}",
        f"签章：{report.agency_name}（{report.sealed_by}），算法 {report.algorithm}，密钥 {report.kid}，到达时有效",
    ]
    if report.revoked_at is not None:
        lines.append(f"提示：该密钥于 {_local(report.revoked_at)} 撤销，在到达之后，不影响本次签章")
    return "\n".join([*lines, "结论：通过"])


def _document(report: Report) -> str:
    number = f"办件编号 {report.rlts_traf_id}"
    if report.addendum_no is None:
        return f"信息表：{number}，第 {report.sheet_version} 版"
    return f"补充单：{number}，第 {report.addendum_no} 号（信息表第 {report.sheet_version} 版之后）"


def _success_json(report: Report) -> str:
    return json.dumps({"is_valid": True} | asdict(report), ensure_ascii=False, default=_iso)


def _failure_json(error: TransferError) -> str:
    code = error.code if isinstance(error, VerificationFailed) else "could-not-check"
    return json.dumps({"is_valid": False, "code": code, "reason": _reason(error)}, ensure_ascii=False)


def _reason(error: TransferError) -> str:
    if isinstance(error, KeyUnreadable):
        return "根密钥文件不是受支持算法的公钥（PEM）"
    if isinstance(error, AlgorithmUnavailable):
        return "本机缺少 SM2 算法库，请安装 tongsuopy 后再验证"
    return str(error)


def _iso(value: datetime) -> str:
    return value.isoformat()


def _local(instant: datetime) -> str:
    return f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}（北京时间）"


def _read(path: Path, max_bytes: int) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(max_bytes + 1)
        text = content.decode("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise FileUnreadable(f"文件无法读取或不是规定格式：{path}") from error
    if len(content) > max_bytes:
        raise FileUnreadable(f"文件过大：{path}")
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m shared.verify", description="离线验证信息表、补充单的电子签章")
    parser.add_argument("sheet", type=Path, metavar="FILE", help="加盖电子签章的信息表或补充单文件")
    parser.add_argument("--arrival", type=Path, required=True, help="平台的到达凭证文件")
    parser.add_argument("--registry", type=Path, required=True, help="登记库快照文件")
    parser.add_argument("--root-key", type=Path, required=True, help="平台根密钥（公钥，PEM）")
    parser.add_argument("--json", action="store_true", help="以 JSON 输出")
    return parser


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
