"""Building a collection with a bomb in it, by the real command, with bounds on all it may take."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

try:
    import resource
except ImportError:  # Windows, where nothing is bounded but the time
    resource = None  # type: ignore[assignment]

ROOT = Path(__file__).resolve().parents[2]
MEMORY = 2 << 30
# Processor time that no build may take; and, for machines that do other things besides, how much
# longer than that we wait.
SECONDS = 60
PATIENCE = 5


@dataclass(frozen=True)
class Blast:
    """What a build came to: its status, time, memory (bytes, all its processes), what it said.

    `work` is processor time: what a build takes on a machine that does nothing else.
    """

    status: int
    seconds: float
    work: float
    memory: int
    said: str
    report: Mapping[str, Any] = field(default_factory=dict)

    @property
    def problems(self) -> list[str]:
        """Everything that was reported of the sources."""
        found = self.report.get("problems", ())
        return [f"{each['file']}:{each['line']}: {each['message']}" for each in found]


def build(folder: Path, out: Path, *options: str) -> Blast:
    """Build a folder; nothing it starts outlives it, or has more than MEMORY."""
    command = [sys.executable, "-m", "generator", "build", str(folder), "-o", str(out)]
    started, before = time.monotonic(), _work_of_children()
    with subprocess.Popen(
        [*command, "--json", "--jobs", "2", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        process_group=0 if sys.platform != "win32" else None,
        preexec_fn=_bound if resource else None,
        env={**os.environ, "SOURCE_DATE_EPOCH": "1767312000"},
    ) as process:
        watch = _Watch(process.pid)
        try:
            output, said = process.communicate(timeout=SECONDS * PATIENCE)
        except subprocess.TimeoutExpired:
            _kill(process)
            output, said = process.communicate()
            said += f"\nstopped after {SECONDS * PATIENCE} s"
        peak = watch.peak()
    took = time.monotonic() - started
    work = _work_of_children() - before
    return Blast(process.returncode, took, work, peak, said, _json(output))


def _work_of_children() -> float:
    """The processor time of every process that was started from here and has ended."""
    times = os.times()
    return times.children_user + times.children_system


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _kill(process: subprocess.Popen[str]) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, 9)


def _json(output: str) -> dict[str, Any]:
    try:
        found = json.loads(output)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


class _Watch(threading.Thread):
    """Adds up the memory of a process and all that it started, as long as it runs (Linux)."""

    def __init__(self, group: int) -> None:
        super().__init__(daemon=True)
        self._group = group
        self._peak = 0
        self._done = threading.Event()
        self.start()

    def run(self) -> None:
        """Look every so often."""
        while not self._done.wait(0.05):
            self._peak = max(self._peak, sum(map(self._resident, Path("/proc").glob("[0-9]*"))))

    def peak(self) -> int:
        """The most memory that all processes had at one time, in bytes; ends the watch."""
        self._done.set()
        self.join()
        return self._peak

    def _resident(self, process: Path) -> int:
        try:
            stat = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0
        return int(stat[21]) * os.sysconf("SC_PAGE_SIZE") if int(stat[2]) == self._group else 0
