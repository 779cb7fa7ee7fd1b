"""What a command takes: its seconds, and the work and memory of all its processes together.

Work is the processor time of the command and of all processes that it has waited for. It says how
far to believe the seconds: on a machine that does other things besides, only they become more.

Memory is what the kernel calls the proportional set size (PSS): of pages that several processes
share, as a parent and the workers forked from it do, each counts its part, so that the sum is what
the machine has to give. The peak of one process (`ru_maxrss`) would leave the workers out, the sum
of all resident sets would count the same pages several times.

What is between two looks is not seen: a peak of less than 50 ms may be missed. Elsewhere than on
Linux nothing is seen, and memory is 0.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter, thread_time
from typing import NamedTuple

LOOK = 0.05
"""Seconds between two looks."""

SHARE = 50
"""Looking may take one part in so many of a core: adding up the pages of 1 GB takes milliseconds,
and then looks are rarer. It is processor time that counts, not how long a look waited for its turn:
else nobody would look for a second wherever other programs are busy."""

_PSS = re.compile(r"^Pss: +(\d+) kB", re.MULTILINE)


class Ran(NamedTuple):
    """A command that has ended: seconds from its start to its end, of work, bytes at its peak."""

    seconds: float
    work: float
    memory: int
    output: str


def run(command: Sequence[str], folder: Path) -> Ran:
    """Run a command in a folder; raises CalledProcessError, with what it said, when it fails."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        started = perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=errors)
        with _Watch(process.pid) as watch:
            _, ended, usage = os.wait4(process.pid, 0)
            seconds = perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(ended)
        output.seek(0)
        errors.seek(0)
        if process.returncode:
            raise subprocess.CalledProcessError(
                process.returncode, command, output.read(), errors.read()
            )
        return Ran(seconds, usage.ru_utime + usage.ru_stime, watch.peak, output.read())


class _Watch:
    """A thread that looks at a process and all below it until told to end."""

    def __init__(self, pid: int) -> None:
        self.peak = 0
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        pause = 0.0
        while not self._ended.wait(pause):
            started = thread_time()
            self.peak = max(self.peak, sum(map(_bytes, _tree(self._pid))))
            pause = max(LOOK, SHARE * (thread_time() - started))


def _tree(pid: int) -> Iterator[int]:
    """A process and all that descend from it, but for those whose parent has ended."""
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _read(children).split():
            yield from _tree(int(child))


def _bytes(pid: int) -> int:
    found = _PSS.search(_read(Path(f"/proc/{pid}/smaps_rollup")))
    return int(found[1]) * 1024 if found else 0


def _read(path: Path) -> str:
    """What stands in a file of /proc; nothing when its process has ended meanwhile."""
    try:
        return path.read_text()
    except OSError:
        return ""
