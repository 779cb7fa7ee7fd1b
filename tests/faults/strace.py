"""The system's calls of a command: which there are, and one of them that fails or ends it.

strace counts the calls of the command's first thread, so a fault can be put at the n-th call of
every kind. Workers are other processes and stay as they are.
"""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

KINDS = {
    "open": ("open", "openat"),
    "read": ("read", "pread64"),
    "list": ("getdents64",),
    "stat": ("stat", "lstat", "fstat", "newfstatat", "statx"),
    "write": ("write", "sendfile", "copy_file_range"),
    "close": ("close",),
    "sync": ("fsync", "fdatasync", "sync", "syncfs"),
    "mkdir": ("mkdir", "mkdirat"),
    "link": ("link", "linkat", "symlink", "symlinkat"),
    "unlink": ("unlink", "unlinkat"),
    "rmdir": ("rmdir",),
    "rename": ("rename", "renameat", "renameat2"),
    "mode": ("chmod", "fchmod", "fchmodat", "utimensat"),
    "lock": ("flock",),
    "start": ("vfork", "fork", "clone", "clone3", "pipe2", "ftruncate"),
    "memory": ("mmap", "brk"),
}
"""The calls that are counted, by what they do: about files, about processes, for memory."""

CHANGING = ("write", "sync", "mkdir", "link", "unlink", "rmdir", "rename", "mode", "lock")
"""The kinds that change what is on the disk."""


@dataclass(frozen=True, slots=True)
class Call:
    """The `number`-th call of a name, counted from the start of the command; `said` by strace."""

    name: str
    number: int
    said: str

    @property
    def kind(self) -> str:
        """What it does."""
        return next(kind for kind, names in KINDS.items() if self.name in names)


@functools.cache
def missing() -> str:
    """Why nothing can be traced here; empty where it can."""
    if not shutil.which("strace"):
        return "strace is not installed"
    tried = ["strace", "-qq", "-o", "/dev/null", "-e", "inject=chdir:error=EIO", "true"]
    done = subprocess.run(tried, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"strace may not trace here: {done.stderr.strip()}"


def traced(log: Path, refused: Sequence[str] = ()) -> list[str]:
    """What goes before a command so that its calls are written to a log.

    `refused` are calls that fail whenever they are made: "renameat2:error=EINVAL".
    """
    return _strace(log, [f"?{name}" for names in KINDS.values() for name in names], refused)


def struck(log: Path, call: Call, harm: str, refused: Sequence[str] = ()) -> list[str]:
    """What goes before a command so that one call meets harm: "error=EIO", "signal=KILL"."""
    if call.name == "brk" and harm.startswith("error="):
        harm = "retval=0"  # so Linux refuses (man 2 brk); an error would be taken for an address
    names = {call.name: None} | {each.partition(":")[0]: None for each in refused}
    return _strace(log, list(names), [f"{call.name}:{harm}:when={call.number}", *refused])


def _strace(log: Path, names: Sequence[str], harms: Sequence[str]) -> list[str]:
    injected = [word for harm in harms for word in ("-e", f"inject={harm}")]
    quiet = ["strace", "-qq", "-o", str(log), "-s", "200", "-e", "signal=!all"]
    return [*quiet, "-e", f"trace={','.join(names)}", *injected]


def calls(log: Path, world: Path) -> list[Call]:
    """The calls of a log from the first that names something in the world on.

    Those before are Python's own, on the way to the first line of ours.
    """
    every = list(_numbered(log.read_text(errors="replace").splitlines()))
    ours = (at for at, call in enumerate(every) if f'"{world}' in call.said)
    return every[next(ours, len(every)) :]


def met(log: Path) -> str:
    """The call that met an error; empty if none did."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return next((line for line in lines if line.endswith("(INJECTED)")), "")


_CALL = re.compile(r"(?:\d+ +)?(\w+)\(")


def _numbered(lines: Sequence[str]) -> Iterator[Call]:
    seen: Counter[str] = Counter()
    for line in lines:
        if begin := _CALL.match(line):
            seen[begin[1]] += 1
            yield Call(begin[1], seen[begin[1]], line)
