"""``python -m stack.audit``: known vulnerabilities of what requirements.lock pins.

A vulnerability fails. A service of advisories that cannot be reached is no finding: it is reported loudly and
does not fail, because a build must not depend on somebody else's machine. With ``AUDIT_REQUIRED=1`` it fails.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass

from stack.paths import REPOSITORY

_TIMEOUT_SECONDS = 90


@dataclass(frozen=True)
class Audit:
    """What came of it: ``findings`` one line each, ``unaudited`` names with the reason, ``audited`` a count."""

    audited: int
    findings: tuple[str, ...]
    unaudited: tuple[str, ...]


def read_report(report: str) -> Audit:
    """Read the JSON that pip-audit prints; raises ``ValueError`` when it is none."""
    packages = json.loads(report)["dependencies"]
    checked = [each for each in packages if "vulns" in each]
    return Audit(
        audited=len(checked),
        findings=tuple(
            f"{each['name']} {each['version']}: {found['id']}, fixed in {', '.join(found['fix_versions']) or '-'}"
            for each in checked
            for found in each["vulns"]
        ),
        unaudited=tuple(f"{each['name']}: {each['skip_reason']}" for each in packages if "skip_reason" in each),
    )


def exit_code(audit: Audit | None, *, is_required: bool) -> int:
    """1 for a finding, or for an audit that did not cover everything where it is required; else 0."""
    if audit is not None and audit.findings:
        return 1
    is_complete = audit is not None and not audit.unaudited
    return 1 if is_required and not is_complete else 0


def main() -> int:
    """Run the audit and print what it found."""
    command = [
        *(sys.executable, "-m", "pip_audit", "-r", str(REPOSITORY / "requirements.lock")),
        *("--require-hashes", "--disable-pip", "--format", "json", "--progress-spinner", "off", "--timeout", "5"),
    ]
    audit, errors = _run(command)
    _print(audit, errors)
    return exit_code(audit, is_required=os.environ.get("AUDIT_REQUIRED") == "1")


def _run(command: list[str]) -> tuple[Audit | None, str]:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_TIMEOUT_SECONDS, check=False)
        return read_report(done.stdout), done.stderr
    except subprocess.TimeoutExpired:
        return None, f"no answer within {_TIMEOUT_SECONDS} s"
    except ValueError:
        return None, done.stderr


def _print(audit: Audit | None, errors: str) -> None:
    if audit is None:
        print(f"{errors[-1000:]}\n!!! NOT AUDITED: the service of advisories could not be reached.")
        return
    for finding in audit.findings:
        print(f"VULNERABLE {finding}")
    if audit.unaudited:
        print(f"!!! NOT AUDITED: {len(audit.unaudited)} packages have no advisories here, such as {audit.unaudited[0]}")
    if not audit.audited:
        print("!!! NOT AUDITED AT ALL: the service of advisories does not answer for any package.")
    print(f"audited {audit.audited} packages, {len(audit.findings)} known vulnerabilities")


if __name__ == "__main__":
    sys.exit(main())
