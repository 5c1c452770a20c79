"""The jars of a Kafka broker, fetched once by Maven into ``.cache``."""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from stack.errors import StackError, ToolMissing
from stack.paths import CACHE, LOCAL

POM = LOCAL / "kafka" / "pom.xml"
NEEDED_JAVA = 17


def unavailable_reason() -> str | None:
    """Why real Kafka cannot run here, or ``None`` when it can: Java 17 and, before the first use, Maven."""
    if shutil.which("java") is None:
        return "Java is not installed (real Kafka needs Java 17 or newer)"
    version = _java_version()
    if version < NEEDED_JAVA:
        return f"Java {version} is too old (real Kafka needs Java 17 or newer)"
    if not _folder().exists() and shutil.which("mvn") is None:
        return "Maven is not installed (it fetches Kafka)"
    return None


def kafka_libraries(*, timeout_seconds: float = 300) -> Path:
    """The folder with the broker's jars; the first call fetches them.

    Safe when several processes ask at once. Raises ``ToolMissing`` without Java or Maven, ``StackError`` when
    Maven fails.
    """
    reason = unavailable_reason()
    if reason is not None:
        raise ToolMissing(reason)
    folder = _folder()
    if folder.exists():
        return folder
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "kafka-libs.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            _fetch(folder, timeout_seconds)
    return folder


def _folder() -> Path:
    """One folder per content of the pom, so that a new version never mixes with an old one."""
    return CACHE / "kafka-libs" / hashlib.sha256(POM.read_bytes()).hexdigest()[:12]


def _fetch(folder: Path, timeout_seconds: float) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="kafka-libs-") as name:
        command = [
            *("mvn", "-q", "-B", "-f", str(POM), f"-Dmaven.repo.local={CACHE / 'maven'}"),
            *("dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={name}/libs"),
        ]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout_seconds, check=False
        )
        if done.returncode != 0:
            raise StackError(f"Maven could not fetch Kafka:\n{(done.stdout + done.stderr)[-2000:]}")
        os.replace(Path(name) / "libs", folder)


def _java_version() -> int:
    shown = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False)
    found = re.search(r'version "(?:1\.)?(\d+)', shown.stderr + shown.stdout)
    return int(found[1]) if found else 0
