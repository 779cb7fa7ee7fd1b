"""Reading files that somebody else may change at any moment, without ever waiting for one."""

from __future__ import annotations

import os
import stat
from pathlib import Path

_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def contents(path: Path | str, largest: int | None = None) -> bytes:
    """The bytes of an ordinary file; OSError for whatever else, and for one that is too large.

    A pipe would keep us until somebody writes into it. To look first and open then is not enough,
    for the file may have become a pipe in between; so it is opened in the way that never waits
    (POSIX open, O_NONBLOCK), and what was opened is looked at.
    """
    handle = os.open(path, _READ)
    with os.fdopen(handle, "rb") as file:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise OSError("this is no ordinary file")
        if largest is not None and found.st_size > largest:
            raise OSError(f"it is larger than {largest / 1e9:.0f} GB, split it")
        return file.read()
