"""Files that somebody else may change at any moment: read without waiting, replaced in one step."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from pathlib import Path

# Either flag is missing where it has no meaning.
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def contents(path: Path | str, largest: int | None = None, *, ours: bool = False) -> bytes:
    """The bytes of an ordinary file; OSError for whatever else, and for one that is too large.

    With `ours` also for one that is another user's. A pipe would keep us until somebody writes into
    it. To look first and open then is not enough, for the file may have become a pipe in between;
    so it is opened in the way that never waits (POSIX open, O_NONBLOCK), and what was opened is
    looked at.
    """
    handle = os.open(path, _READ)
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode):
            raise OSError("this is no ordinary file")
        if ours and sys.platform != "win32" and found.st_uid != os.geteuid():
            raise OSError("this is another user's file")
        if largest is not None and found.st_size > largest:
            raise OSError(f"it is larger than {largest / 1e9:.0f} GB, split it")
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read()
    finally:
        os.close(handle)


def replace(path: Path, content: bytes, *, mode: int = 0o644, lasting: bool = False) -> None:
    """Put a file in the place of another in one step: whoever reads meanwhile has the old or new.

    `lasting`: it is on the disk before it takes its place. What lies where the new one is made,
    left by a process that was killed or put there by a stranger, is removed, never written through.
    Not for two processes at once. Raises OSError, with the old file as it was.
    """
    fresh = path.with_name(f".{path.name}.tmp")
    with contextlib.suppress(FileNotFoundError):
        fresh.unlink()
    handle = os.open(fresh, _NEW, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            if hasattr(os, "fchmod"):
                os.fchmod(handle, mode)  # whatever the umask
            if lasting:
                os.fsync(handle)
        fresh.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            fresh.unlink()
        raise


def files_below(folder: Path, *, forgiving: bool = False) -> list[Path]:
    """All that lies below a folder and is no folder itself, sorted; links are not followed.

    A folder that is not there has nothing below it, nor has one whose path is too long to be
    asked for. Raises OSError for any other that cannot be listed: what it holds would be lost
    without a word; `forgiving` where somebody else tells of it. However deep: until Python 3.12
    both `os.walk` and `Path.glob` call themselves for each level, and end at a thousand.
    """
    found: list[str] = []
    folders = [str(folder)]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    is_folder = entry.is_dir(follow_symlinks=False)
                    (folders if is_folder else found).append(entry.path)
        except OSError as error:
            if not forgiving and error.errno not in _NOTHING_BELOW:
                raise
    return sorted(map(Path, found))


_NOTHING_BELOW = {errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG}
