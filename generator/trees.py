"""A tree of finished files on disk, and the one place that writes what a site consists of.

A tree comes with a *manifest*, kept outside of it, that says of every file which fingerprint it
was made for and what the system said of it when it was written: kind and mode, size, time and
inode. A file is trusted as long as the system still says the same, so that a file edited,
replaced, linked or added by hand is noticed by walking the tree and asking for each file, without
reading any. The manifest is bound to the folder's own inode, so that two trees may change places
without either losing its manifest.

A file may be one inode in two trees. Therefore none is ever written in place: it is removed and
written anew, or linked from the other tree. Such a change is no single step, so trees are changed
only where nobody looks; `generator.place` then lets two of them change places.

What is trusted can be fooled by whoever sets a file's time back after changing it without
changing its size; the next cold build mends that.
"""
# Paths are strings here, for os: a Path for each of 77,000 files would cost more than the calls.
# ruff: noqa: PTH101, PTH102, PTH105, PTH108

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from collections.abc import Container, Iterator, Mapping
from copy import copy
from pathlib import Path
from types import MappingProxyType

from generator.cache import load, save

Signature = tuple[int, int, int, int]
"""Kind and mode, size, time of change in nanoseconds, inode; of a folder only the first."""

Entry = tuple[str, Signature]
"""A fingerprint (empty for folders) and the signature of the file when it was written."""

Found = Iterator[tuple[str, Signature]]

CLOSED: Signature = (0, 0, 0, 0)
"""The signature of a folder that may not be read, which none is known by."""

ROOT = "./"
"""The tree's own folder. Folders end in a slash: "papers/", "a/b/"."""

MANIFEST = "manifest-"
MANIFEST_FORMAT = "1"

FILE_MODE = 0o644
FOLDER_MODE = 0o755

# os.link answers one of these where a file can have no second name: other file systems, FAT,
# someone else's files, too many names already. A copy does as well.
NO_LINKS = {
    errno.EPERM,
    errno.EXDEV,
    errno.EMLINK,
    errno.ENOSYS,
    errno.EINVAL,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
}

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
# Windows gives an inode when asked for one file, but not when a folder is listed.
_HAS_INODES = os.name != "nt"


class Tree:
    """One folder of finished files: `entries` are those known to be right, `strays` all else.

    `kin` is another tree which may share inodes: a file that is its known file is known here too.
    A missing folder is an empty tree.
    """

    def __init__(self, root: Path, work: Path, kin: Tree | None = None) -> None:
        self.root = str(root)
        self.entries: dict[str, Entry] = {}
        self.strays: list[str] = []
        self._work = work
        self.identity = identity(root)
        self._kin = kin.entries if kin and _on_one_disk(kin.identity, self.identity) else {}
        self._manifest = remembered(self.identity, work)
        self._look()

    def moved(self, root: Path) -> Tree:
        """The same tree, now that its folder lies elsewhere."""
        tree = copy(self)
        tree.root = str(root)
        return tree

    def full(self, path: str) -> str:
        """Where the file of this path lies on disk."""
        return f"{self.root}/{path}"

    def holds(self, wanted: dict[str, str]) -> bool:
        """Whether the tree is exactly this: fingerprints by path, folders included."""
        found = {path: entry[0] for path, entry in self.entries.items()}
        return found == wanted and not self.strays

    def files(self) -> Iterator[str]:
        """Every path found that is no folder, known or not."""
        return (path for path in (*self.entries, *self.strays) if not path.endswith("/"))

    # --- changing it ----------------------------------------------------------------------------

    def open(self) -> None:
        """Make ready to be changed: whatever happens now, the old manifest vouches no longer.

        What is not known goes at once: it may be half written and stand in the way.
        """
        if self.identity:
            manifest_of(self._work, self.identity).unlink(missing_ok=True)
            self._mend_folders()
            for path in self.strays:
                os.unlink(self.full(path))
            self.strays = []
        else:
            remove(Path(self.root))
            os.mkdir(self.root, FOLDER_MODE)
            self.entries[ROOT] = "", _settled(self.root, FOLDER_MODE)
            self.identity = identity(Path(self.root))

    def put(self, path: str, fingerprint: str, content: bytes) -> None:
        """Write a file anew."""
        full = self._make_room(path)
        handle = os.open(full, _NEW, FILE_MODE)
        try:
            rest = memoryview(content)
            while rest:
                rest = rest[os.write(handle, rest) :]
        finally:
            os.close(handle)
        self.entries[path] = fingerprint, _settled(full, FILE_MODE)

    def take(self, path: str, other: Tree, fingerprint: str) -> None:
        """Have a file that the other tree knows, as a second name of it or else as a copy."""
        try:
            self.link(path, other, fingerprint)
        except OSError as error:
            if error.errno not in NO_LINKS:
                raise
            duplicate(other.full(path), self.full(path))
            self.entries[path] = fingerprint, _settled(self.full(path), FILE_MODE)

    def link(self, path: str, other: Tree, fingerprint: str) -> None:
        """Have a file that the other tree knows as a second name of it; raises OSError.

        It is entered with the signature it is known by, not the one it has by now: should it have
        been edited since, the next look tells.
        """
        os.link(other.full(path), self._make_room(path))
        self.entries[path] = fingerprint, other.entries[path][1]

    def prune(self, wanted: Container[str]) -> None:
        """Remove every known file and folder that is not wanted."""
        surplus = [path for path in self.entries if path not in wanted]
        # In this order what lies in a folder comes before the folder.
        for path in sorted(surplus, reverse=True):
            (os.rmdir if path.endswith("/") else os.unlink)(self.full(path))
            del self.entries[path]

    def save(self) -> None:
        """Write the manifest: from here on the tree is known by what it holds now."""
        if self.identity:
            file = manifest_of(self._work, self.identity)
            save(file, MANIFEST_FORMAT, (self.identity, self.entries))

    # --- changing it under the eyes of readers --------------------------------------------------

    def become(self, other: Tree) -> None:
        """Become equal to another tree file by file, each in one step; ends with a manifest.

        It can be broken off anywhere and begun again.
        """
        spare = self.full(".bibpress.tmp")
        for path in other.entries:
            if path.endswith("/"):
                self._lay_folder(path)
            elif self.entries.get(path, ("",))[0] != other.entries[path][0]:
                for folder in folders(path):
                    self._lay_folder(folder)
                remove(Path(spare))
                duplicate(other.full(path), spare)
                _settled(spare, FILE_MODE)
                if os.path.isdir(self.full(path)):  # noqa: PTH112 - as above
                    remove(Path(self.full(path)))
                os.replace(spare, self.full(path))
        found = dict(walk(self.root))
        if CLOSED in found.values():
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), self.root)
        for path in sorted(found.keys() - other.entries.keys(), reverse=True):
            remove(Path(self.full(path)))
        kept = found.keys() & other.entries.keys()
        self.entries = {path: (other.entries[path][0], found[path]) for path in sorted(kept)}
        self.strays = []
        self.save()

    def _lay_folder(self, folder: str) -> None:
        full = self.full(folder.rstrip("/"))
        if os.path.islink(full) or not os.path.isdir(full):  # noqa: PTH112, PTH114 - as above
            remove(Path(full))
            os.mkdir(full, FOLDER_MODE)
        _settled(full, FOLDER_MODE)

    # --- what is known --------------------------------------------------------------------------

    def _look(self) -> None:
        """Tell what is known from what is not."""
        self.entries, self.strays, self._closed = {}, [], ""
        for path, signature in walk(self.root, self._kin) if self.identity else ():
            if signature == CLOSED:  # it was listed by the folder that it lies in
                self.entries.pop(path, None)
                self._closed = path
            for entry in (self._manifest.get(path), self._kin.get(path)):
                if entry and entry[1] == signature:
                    self.entries[path] = entry
                    break
            else:
                self.strays.append(path)

    def _mend_folders(self) -> None:
        """Make every folder one that can be read and written, and know it by what it is then.

        A folder that could not be read may hold others, hence the loop.
        """
        mended: set[str] = set()
        while new := [path for path in self.strays if path.endswith("/") and path not in mended]:
            for path in sorted(new):
                with contextlib.suppress(OSError):
                    os.chmod(self.full(path), FOLDER_MODE)
            mended.update(new)
            self._look()
        if self._closed:  # whatever it holds would be published
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), self.full(self._closed))
        for path in self.strays:
            if path.endswith("/"):
                self.entries[path] = "", _folder_signature(os.lstat(self.full(path)))
        self.strays = [path for path in self.strays if not path.endswith("/")]

    # --- making room ----------------------------------------------------------------------------

    def _make_room(self, path: str) -> str:
        """Where to put the file of this path: in a folder that is there, nothing in the way."""
        if (path[: path.rfind("/") + 1] or ROOT) not in self.entries:
            for folder in folders(path):
                self._ensure_folder(folder)
        full = self.full(path)
        if path in self.entries:
            os.unlink(full)
            del self.entries[path]
        elif path + "/" in self.entries:
            remove(Path(full))
            for gone in [known for known in self.entries if known.startswith(path + "/")]:
                del self.entries[gone]
        return full

    def _ensure_folder(self, folder: str) -> None:
        if folder in self.entries:
            return
        name = folder[:-1]
        if name in self.entries:
            os.unlink(self.full(name))
            del self.entries[name]
        full = self.full(name)
        os.mkdir(full, FOLDER_MODE)
        self.entries[folder] = "", _settled(full, FOLDER_MODE)


def is_whole(root: Path, work: Path) -> bool:
    """Whether all that a folder's manifest vouches for lies there as it was, and nothing else."""
    manifest = remembered(identity(root), work)
    count = 0
    for path, signature in walk(str(root)) if manifest else ():
        entry = manifest.get(path)
        if entry is None or entry[1] != signature:
            return False
        count += 1
    return 0 < count == len(manifest)


def walk(root: str, kin: Mapping[str, Entry] = MappingProxyType({})) -> Found:
    """Every path below `root` with its signature, and ROOT itself; links are not followed.

    A folder that may not be read, or not to its end, is listed once more, as CLOSED. A file that
    is the inode `kin` knows by this path need not be asked for again: half the time of a walk.
    """
    yield ROOT, _folder_signature(os.lstat(root))
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        try:
            with os.scandir(f"{root}/{prefix}") as found:
                for item in found:
                    path = prefix + item.name
                    relative = kin.get(path)
                    if relative and relative[1][3] == item.inode() and _HAS_INODES:
                        yield path, relative[1]
                    elif item.is_dir(follow_symlinks=False):
                        waiting.append(path + "/")
                        yield path + "/", _folder_signature(item.stat(follow_symlinks=False))
                    else:
                        yield path, _signature(item.stat(follow_symlinks=False))
        except FileNotFoundError:  # gone meanwhile
            pass
        except PermissionError:
            yield prefix or ROOT, CLOSED


def folders(path: str) -> Iterator[str]:
    """The folders that a path lies in, the outermost first: "a/b/c" gives "./", "a/", "a/b/"."""
    yield ROOT
    end = path.find("/")
    while end >= 0:
        yield path[: end + 1]
        end = path.find("/", end + 1)


def identity(folder: Path) -> tuple[int, int] | None:
    """What tells this folder from every other one now on this machine; None if it is none."""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return None
    return (found.st_dev, found.st_ino) if stat.S_ISDIR(found.st_mode) else None


def _on_one_disk(one: tuple[int, int] | None, other: tuple[int, int] | None) -> bool:
    return bool(one and other and one[0] == other[0])


def manifest_of(work: Path, whose: tuple[int, int]) -> Path:
    """The manifest of the folder with this identity, whether there is one or not."""
    return work / f"{MANIFEST}{whose[1]:x}"


def remembered(whose: tuple[int, int] | None, work: Path) -> dict[str, Entry]:
    """All that the manifest of the folder with this identity vouches for; empty where none is."""
    found = load(manifest_of(work, whose), MANIFEST_FORMAT) if whose else None
    if isinstance(found, tuple) and found[0] == whose:
        entries: dict[str, Entry] = found[1]
        return entries
    return {}


def duplicate(source: str, target: str) -> None:
    """A copy with the time of the original."""
    shutil.copyfile(source, target)
    found = os.stat(source)  # noqa: PTH116 - as above
    os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))


def remove(path: Path) -> None:
    """Remove whatever is there, if anything; a link itself, not what it leads to."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _settled(full: str, mode: int) -> Signature:
    """The signature of a file or folder just written, with this mode whatever the umask.

    Asked for by name and after closing: some file systems set the time only then. Where modes
    mean nothing (FAT) the attempt is enough: what comes of it is what the manifest remembers.
    """
    found = os.lstat(full)
    if stat.S_IMODE(found.st_mode) != mode:
        with contextlib.suppress(PermissionError):
            os.chmod(full, mode)
        found = os.lstat(full)
    return _folder_signature(found) if stat.S_ISDIR(found.st_mode) else _signature(found)


def _signature(found: os.stat_result) -> Signature:
    return (
        found.st_mode,
        found.st_size,
        found.st_mtime_ns,
        found.st_ino if _HAS_INODES else 0,
    )


def _folder_signature(found: os.stat_result) -> Signature:
    """Size, time and inode of a folder change with what it holds, which is looked at anyway."""
    return found.st_mode, 0, 0, 0
