"""What one build remembers for the next: a file that may vanish at any time at no loss but time.

Whatever is wrong with the file (missing, truncated, altered, written by another version or by
another user) it counts as empty. It lies in bibpress's own work folder and holds a pickle, and a
pickle is a program: so the checksum is verified before anything is unpickled, and a file that
does not belong to the user who runs the build is not even read. The checksum tells an accident
from what was written; it is no seal against the owner of the folder, who could change the
program just as well.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import stat
import sys
from hashlib import blake2b
from pathlib import Path

FORMAT = "bibpress memory 1"
DIGEST_SIZE = 32

# A named pipe in the file's place must not make the build wait; Windows needs telling that
# bytes are bytes. Either flag is missing where it has no meaning.
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Cache:
    """Values by key, from one build to the next.

    A key says everything the value depends on; what depends on the program itself is covered by
    `stamp`. Values are plain data that can be pickled; each is unpickled anew whenever it is
    asked for, so nobody can alter what another reads.
    """

    def __init__(self, path: Path, stamp: str) -> None:
        self._path = path
        self._stamp = stamp
        found = load(path, stamp)
        self._old: dict[str, bytes] = found if isinstance(found, dict) else {}
        self._used: dict[str, bytes] = {}

    def get(self, key: str) -> object | None:
        """The value last put under `key`, or None."""
        blob = self._used.get(key) or self._old.get(key)
        if blob is None:
            return None
        try:
            value: object = pickle.loads(blob)  # noqa: S301 - the checksum was verified on loading
        except Exception:  # whatever unpickling meets, a value that cannot be had is missing
            return None
        self._used[key] = blob
        return value

    def put(self, key: str, value: object) -> None:
        """Remember `value` (not None) under `key`."""
        self._used[key] = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)

    def save(self) -> None:
        """Write down the keys used since opening, and only those; nothing if nothing changed.

        A disk that takes no more is no error here: the next build is slower, that is all.
        """
        if self._used != self._old:
            with contextlib.suppress(OSError):
                save(self._path, self._stamp, self._used)
                self._old = dict(self._used)


def load(path: Path, stamp: str) -> object | None:
    """The value saved at `path` under the same `stamp`, or None if there is anything amiss."""
    blob = _read(path)
    head = _head(stamp)
    if not blob.startswith(head):
        return None
    digest, data = blob[len(head) : len(head) + DIGEST_SIZE], blob[len(head) + DIGEST_SIZE :]
    if digest != blake2b(data, digest_size=DIGEST_SIZE).digest():
        return None
    try:
        value: object = pickle.loads(data)  # noqa: S301 - our own file, its checksum verified above
    except Exception:  # classes may have moved since: whatever it raises, there is nothing to use
        return None
    return value


def save(path: Path, stamp: str, value: object) -> None:
    """Replace the file at `path` by one that holds `value`, in one step; raises OSError.

    Nothing is synchronised to the disk: a file torn by a power cut fails its checksum.
    """
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    digest = blake2b(data, digest_size=DIGEST_SIZE).digest()
    fresh = path.with_name(path.name + ".tmp")
    try:
        fresh.write_bytes(_head(stamp) + digest + data)
        fresh.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            fresh.unlink()
        raise


def _head(stamp: str) -> bytes:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"{FORMAT} {version} {stamp}\n".encode()


def _read(path: Path) -> bytes:
    """The bytes of a regular file of our own; none of anything else."""
    try:
        handle = os.open(path, _READ)
    except OSError:
        return b""
    try:
        if not _is_ours(os.fstat(handle)):
            return b""
        with open(handle, "rb", closefd=False) as file:
            return file.read()
    except OSError:
        return b""
    finally:
        os.close(handle)


def _is_ours(found: os.stat_result) -> bool:
    owned = sys.platform == "win32" or found.st_uid == os.geteuid()
    return owned and stat.S_ISREG(found.st_mode)
