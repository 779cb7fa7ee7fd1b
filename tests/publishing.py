"""Tiny sites to publish, what must hold of every published tree, and ways to do it harm.

Run as a program (`python -m tests.publishing TARGET`) it publishes two versions of a site in turn
for ever, for others to kill.
"""

from __future__ import annotations

import errno
import io
import itertools
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from generator import place as place_module
from generator.output import Output, Place, Published, publish
from generator.place import MARK

Files = Mapping[str, str]

OLD: Files = {
    MARK: "old",
    "index.html": "old home",
    "papers/a.html": "a",
    "papers/b.html": "b",
    "gone/once/x.html": "x",
    "turns": "from file to folder",
}
NEW: Files = {
    MARK: "new",
    "index.html": "new home",
    "papers/a.html": "a",
    "papers/c.html": "c",
    "tags/index.html": "tags",
    "turns/index.html": "from file to folder",
}


def text(content: str) -> bytes:
    """A file of just this text."""
    return content.encode()


def outputs(files: Files) -> list[Output]:
    """The outputs of a site of these files."""
    return [Output(path, text, (content,)) for path, content in files.items()]


def put_out(place: Place, files: Files, **options: Any) -> Published:
    """Publish these files as one build does."""
    with place.locked():
        return publish(place, outputs(files), **{"stamp": "1", **options})


def tree(place: Place) -> dict[str, str]:
    """The texts of the published files by path, after checking what every published tree keeps."""
    found = snapshot(place.target) if place.target.exists() else {}
    return {path: content.decode() for path, (mode, content) in found.items() if stat.S_ISREG(mode)}


def snapshot(root: Path) -> dict[str, tuple[int, bytes]]:
    """Mode and bytes of all that is published, by path; folders, which have no bytes, included.

    AssertionError for what no published tree may have: modes other than 0644 and 0755, links of
    either kind.
    """
    whole: dict[str, tuple[int, bytes]] = {}
    inodes: set[int] = set()
    for path in (root, *root.rglob("*")):
        found = path.lstat()
        assert found.st_mode in {0o40755, 0o100644}, f"{path} has mode {found.st_mode:o}"
        is_file = stat.S_ISREG(found.st_mode)
        assert not (is_file and found.st_ino in inodes), f"{path} is a second name"
        inodes.add(found.st_ino)
        name = path.relative_to(root).as_posix()
        whole[name] = found.st_mode, path.read_bytes() if is_file else b""
    return whole


def left_behind(place: Place) -> set[str]:
    """The names in the work folder that no build may leave there."""
    names = {path.name for path in place.work.iterdir()}
    manifests = {name for name in names if name.startswith("manifest-")}
    return names - {"lock", "next"} - (manifests if len(manifests) <= 2 else set())


# --- harm ---------------------------------------------------------------------------------------


class Killed(BaseException):
    """Nothing more happens in this process, not even tidying up."""


def full_disk() -> BaseException:
    """What a write on a full disk raises."""
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def broken_disk() -> BaseException:
    """What anything on a broken disk raises."""
    return OSError(errno.EIO, os.strerror(errno.EIO))


# Every call by which the output side changes the disk, and those by which it looks at it.
CALLS: tuple[tuple[Any, str], ...] = (
    *((os, name) for name in ("open", "write", "close", "link", "unlink", "mkdir", "rmdir")),
    *((os, name) for name in ("chmod", "rename", "replace", "utime", "scandir", "lstat")),
    (io, "open"),
    (shutil, "copyfile"),
    (place_module, "exchange"),
    (place_module, "synchronise"),
)


os_close = os.close


class Fault:
    """Makes the n-th call fail; with `for_good`, every later one too, as after kill -9."""

    def __init__(
        self, number: int, fault: Callable[[], BaseException], for_good: bool = False
    ) -> None:
        self.number = number
        self.met = False
        self._fault = fault
        self._for_good = for_good
        self._calls = itertools.count(1)

    def arm(self, patch: pytest.MonkeyPatch, calls: Iterable[tuple[Any, str]] = CALLS) -> None:
        """Put it in the way of these calls, taken together."""
        for module, name in calls:
            patch.setattr(module, name, self._wrapped(getattr(module, name)))

    def _wrapped(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            now = next(self._calls)
            fails = now == self.number or (self._for_good and now > self.number)
            if fails and call is os_close:
                call(*args)  # a handle is closed even where closing fails, or by the process's end
            if fails:
                self.met = True
                raise self._fault()
            return call(*args, **kwargs)

        return wrapped


def faults(fault: Callable[[], BaseException], *, for_good: bool = False) -> Iterator[Fault]:
    """One fault at the first call, one at the second …, until a run has met none."""
    for number in itertools.count(1):
        one = Fault(number, fault, for_good)
        yield one
        if not one.met:
            return


def refuse(code: int) -> Callable[..., None]:
    """A call that the system does not have or does not allow."""

    def refused(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    return refused


def many(version: str) -> dict[str, str]:
    """A site of some hundred files, a third of which differ between versions."""
    return {MARK: version} | {
        f"papers/{i}.html": f"{i} {version if i % 3 else ''}" for i in range(200)
    }


if __name__ == "__main__":
    mine = Place(Path(sys.argv[1]))
    while True:
        for version in ("one", "two"):
            put_out(mine, many(version))
