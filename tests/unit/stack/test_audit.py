"""A vulnerability fails the build; an unreachable service of advisories is said, and fails only where required."""

import json

import pytest

from stack.audit import Audit, exit_code, read_report

CLEAN = {"name": "httpx", "version": "0.28.1", "vulns": []}
BAD = {"name": "lxml", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
SKIPPED = {"name": "rich", "skip_reason": "not found"}


def report(*packages: object) -> Audit:
    return read_report(json.dumps({"dependencies": packages, "fixes": []}))


def test_reads_findings_with_the_version_that_fixes_them() -> None:
    audit = report(CLEAN, BAD, SKIPPED)
    assert audit.findings == ("lxml 1.0: PYSEC-1, fixed in 1.1",)
    assert (audit.audited, audit.unaudited) == (2, ("rich: not found",))


@pytest.mark.parametrize(
    ("audit", "is_required", "code"),
    [
        (report(CLEAN), True, 0),
        (report(CLEAN, BAD), False, 1),
        (report(CLEAN, SKIPPED), False, 0),
        (report(CLEAN, SKIPPED), True, 1),
        (None, False, 0),
        (None, True, 1),
    ],
)
def test_exit_code(audit: Audit | None, is_required: bool, code: int) -> None:
    assert exit_code(audit, is_required=is_required) == code


def test_output_that_is_no_report_is_not_taken_for_a_clean_one() -> None:
    with pytest.raises(ValueError, match="Expecting value"):
        read_report("connection refused")
