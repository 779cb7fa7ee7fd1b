"""What one build remembers for the next: a file that may vanish at any time at no loss but time.

Whatever is wrong with the file (missing, truncated, altered, written by another version, by
another user or in another folder) it counts as empty. It lies in bibpress's own work folder and
holds a pickle, and a pickle is a program: a stranger's folder may come with such a file. So each
is sealed with what tells this folder, on this disk, from the one that the stranger packed, and
nothing is unpickled before the seal is verified. A copied folder starts afresh.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import stat
import sys
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from generator import disk

FORMAT = "bibpress memory 3"
DIGEST_SIZE = 32
# The file by which a work folder is locked (generator.place); it is made once and never written.
LOCK = "lock"
# Small values lie in one drawer if their keys begin with the same two digits: 40 of 10,000. So few
# pickles are read, and after an edit few are made anew.
DRAWER = 2


class Cache:
    """Values by key, from one build to the next.

    A key says everything the value depends on; what depends on the program itself is covered by
    `stamp`. Values are plain data that can be pickled. One of `put` is unpickled anew whenever it
    is asked for, so nobody can alter what another reads. Those of `put_many` lie together in
    drawers, each unpickled once and its values shared.
    """

    def __init__(self, path: Path, stamp: str) -> None:
        self._path = path
        self._stamp = stamp
        found = load(path, stamp)
        self._old: _Memory = found if isinstance(found, _Memory) else _Memory({}, {})
        self._used: dict[str, bytes] = {}
        self._drawers: dict[str, _Drawer] = {}

    def get(self, key: str) -> object | None:
        """The value last put under `key`, or None."""
        blob = self._used.get(key) or self._old.values.get(key)
        if blob is None:
            return None
        value = _unpickled(blob)
        if value is not None:
            self._used[key] = blob
        return value

    def put(self, key: str, value: object) -> None:
        """Remember `value` (not None) under `key`."""
        self._used[key] = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)

    def get_many(self, keys: Iterable[str]) -> dict[str, object]:
        """Those of the values of `put_many` that are there; they are shared: nobody alters them."""
        found = {}
        for key in keys:
            value = self._drawer(key).get(key)
            if value is not None:
                found[key] = value
        return found

    def put_many(self, values: Mapping[str, object]) -> None:
        """Remember frozen values (not None) for `get_many`; keys are digests in hexadecimal."""
        for key, value in values.items():
            self._drawer(key).put(key, value)

    def save(self) -> None:
        """Write down the keys used since opening, and only those; nothing if nothing changed.

        A disk that takes no more is no error here: the next build is slower, that is all.
        """
        drawers = {name: blob for name, drawer in self._drawers.items() if (blob := drawer.blob())}
        memory = _Memory(self._used, drawers)
        if memory != self._old:
            with contextlib.suppress(OSError):
                save(self._path, self._stamp, memory)
                self._old = _Memory(dict(self._used), drawers)

    def _drawer(self, key: str) -> _Drawer:
        name = key[:DRAWER]
        if name not in self._drawers:
            self._drawers[name] = _Drawer(self._old.drawers.get(name, b""))
        return self._drawers[name]


class _Memory(NamedTuple):
    """What the file holds: pickles of single values by key, and of dicts of values by drawer."""

    values: dict[str, bytes]
    drawers: dict[str, bytes]


class _Drawer:
    """Small values that are pickled together: what was found, and what somebody has used of it."""

    def __init__(self, blob: bytes) -> None:
        found = _unpickled(blob) if blob else None
        self._blob = blob
        self._found: dict[str, object] = found if isinstance(found, dict) else {}
        self._used: dict[str, object] = {}

    def get(self, key: str) -> object | None:
        value = self._used.get(key, self._found.get(key))
        if value is not None:
            self._used[key] = value
        return value

    def put(self, key: str, value: object) -> None:
        self._used[key] = value

    def blob(self) -> bytes:
        """The used values in one pickle: the one they came in, if they are the same."""
        if self._used != self._found:
            self._blob = pickle.dumps(self._used, pickle.HIGHEST_PROTOCOL)
            self._found = dict(self._used)
        return self._blob if self._used else b""


def load(path: Path, stamp: str) -> object | None:
    """The value saved at `path` under the same `stamp`, or None if there is anything amiss."""
    blob = _read(path)
    head = _head(stamp)
    if not blob.startswith(head):
        return None
    seal, data = blob[len(head) : len(head) + DIGEST_SIZE], blob[len(head) + DIGEST_SIZE :]
    return _unpickled(data) if seal and seal == _seal(path, data) else None


def save(path: Path, stamp: str, value: object) -> None:
    """Replace the file at `path` by one that holds `value`, in one step; raises OSError.

    Nothing is synchronised to the disk: a file torn by a power cut fails its seal.
    """
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    if seal := _seal(path, data):
        disk.replace(path, _head(stamp) + seal + data)


def _unpickled(data: bytes) -> object | None:
    """The value of a pickle from our own file, whose seal was verified before; or None.

    Meanwhile nobody searches for garbage: there is none, and each search would go through all that
    was made so far. 10,000 records take a third of the time so.
    """
    searching = gc.isenabled()
    gc.disable()
    try:
        value: object = pickle.loads(data)  # noqa: S301 - see above
    except Exception:  # classes may have moved since: whatever it raises, there is nothing to use
        return None
    finally:
        if searching:
            gc.enable()
    return value


def _seal(path: Path, data: bytes) -> bytes:
    """What stands for these bytes in this folder; empty where nothing can be sealed."""
    key = _identity(path)
    return blake2b(data, digest_size=DIGEST_SIZE, key=key).digest() if key else b""


def _identity(path: Path) -> bytes:
    """What tells the folder of a file from all others; empty where there is nothing to tell by.

    Inode and time of the file by which the folder is locked (POSIX stat, st_ctime: no program can
    set it, and whoever packs a folder cannot foresee either). Windows keeps the time of its making.
    """
    try:
        found = os.lstat(path.with_name(LOCK))
    except OSError:
        return b""
    return b"%d %d" % (found.st_ino, found.st_ctime_ns) if stat.S_ISREG(found.st_mode) else b""


def _head(stamp: str) -> bytes:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"{FORMAT} {version} {stamp}\n".encode()


def _read(path: Path) -> bytes:
    """The bytes of an ordinary file that belongs to this user; none of anything else."""
    try:
        return disk.contents(path, ours=True)
    except OSError:
        return b""
