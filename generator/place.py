"""Where a site is published, and how it gets there in one step.

Beside the published folder NAME lies `.NAME.bibpress/`, which holds all that bibpress keeps for
itself and may be deleted at any time while no build is running:

    lock          held by the build that is writing
    cache         what the next build need not read or work out again
    last          what was built last: if that is asked for again, there is nothing to do
    forgotten     which forgotten papers nothing is left of here
    next/         the spare: the tree that is made ready, and then takes the published one's place
    manifest-*    what we know of either tree, by the folder's inode
    old/          only while publishing by two renames
    journal       only while publishing file by file: which folder that is about

How the spare takes its place, the first that the system allows:

1. Nothing is there yet: one rename.
2. One exchange of two folders (Linux: renameat2, macOS: renamex_np). Any reader sees the old or
   the new site, a crash leaves the old or the new one.
3. Two renames (Windows, FAT, older systems). A crash between the two leaves no site for as long as
   it takes to start bibpress again: whenever `old/` is there, the next start completes it.
4. File by file, each replaced in one step (the published folder is a mount point, or Windows has
   it open). Readers may see some pages old and some new meanwhile; a crash leaves that state, and
   whenever `journal` is there the next start completes it from the spare.

Before 1, 2 and 3 the disk is synchronised once. That orders what was written before the exchange,
on file systems that keep this order; more is not promised about power cuts.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import functools
import json
import os
import shutil
import stat
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

from generator import disk
from generator.cache import LOCK
from generator.errors import BibpressError, PublishError, UsageError
from generator.trees import (
    FILE_MODE,
    MANIFEST,
    Tree,
    identity,
    manifest_of,
    remembered,
    remove,
    walk,
)

Progress = Callable[[str, int, int], None]

MARK = "data/site.json"
"""Every version says in this file that bibpress made the folder (`generator` in docs/data.md).

The name alone says nothing: Hugo's sites may have a file of that name, too.
"""

WAITING = "waiting for another build"
"""The stage that is told of while another build holds the site folder."""

LITTER = {".DS_Store", "Thumbs.db", "desktop.ini"}
"""What file managers put into any folder that they show (macOS, Windows), and nobody misses."""

UNFINISHED = ".bibpress.tmp"
"""What `Tree.become` writes before it takes its place."""

SITE_FOLDERS = ("content", "templates", "static")
"""What is read of a site folder; nothing may be published into these."""

REPOSITORIES = (".git", ".hg", ".svn")
"""What must not vanish from a published folder, though nothing of ours put it there."""

# What the system answers when it cannot exchange two folders but may be able to rename one.
NO_EXCHANGE = {
    errno.EBUSY,
    errno.EINVAL,
    errno.ENOSYS,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
    errno.EPERM,
    errno.EXDEV,
}
# And when the published folder cannot be renamed at all. Windows says "access denied" of a folder
# in which some program has a file open.
NO_RENAME = {errno.EBUSY, errno.EXDEV} | ({errno.EACCES, errno.EPERM} if os.name == "nt" else set())

MACHINE = {errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC}
"""What the system answers for reasons of its own, whatever was asked."""

_AT_CWD = -100  # linux/fcntl.h: AT_FDCWD
_EXCHANGE = 2  # linux/fs.h: RENAME_EXCHANGE; macOS sys/stdio.h: RENAME_SWAP


@dataclass(frozen=True, slots=True)
class Place:
    """The folder a site is published to; relative paths are taken from the current folder."""

    target: Path

    def __post_init__(self) -> None:
        # Links on the way are followed once and for all, a link in the folder's own place is not.
        try:
            target = Path(os.path.abspath(self.target))  # noqa: PTH100 - resolve() would follow that
            parent = target.parent.resolve()
            if any(folder.is_symlink() for folder in (parent, *parent.parents)):
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))  # nobody says so since 3.13
            target = parent / target.name
        except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: before that
            raise _refusal(self.target, error) from error
        object.__setattr__(self, "target", target)

    @property
    def work(self) -> Path:
        """The folder of what bibpress keeps for itself."""
        return self.target.with_name(f".{self.target.name}.bibpress")

    @property
    def spare(self) -> Path:
        """The tree in the making."""
        return self.work / "next"

    @property
    def old(self) -> Path:
        """Where the published folder stands aside between two renames."""
        return self.work / "old"

    @property
    def journal(self) -> Path:
        """Says that the published folder is becoming equal to the spare file by file."""
        return self.work / "journal"

    @contextlib.contextmanager
    def locked(
        self, site: Path | None = None, progress: Progress = lambda *_: None
    ) -> Iterator[None]:
        """No other build writes here meanwhile, and what an interrupted one left is put right.

        Nor does one that publishes the site folder `site` to another place: both would write its
        ledger, each without the lines that the other adds. That one is waited for, and `progress`
        is told so.

        What was made for it goes again where nothing came of it: a build that was refused leaves
        no trace.

        Raises PublishError when another build is at work here or the folder cannot be written,
        UsageError where an interrupted build cannot be completed without harm to other files.
        """
        what = f"cannot publish to {self.target}"
        with _gone_if_empty(self.target.parent):
            with plainly(what):
                self.target.parent.mkdir(parents=True, exist_ok=True)
            with _plain_modes():
                with plainly(what):
                    handle = _lock(self.work / "lock", self.target)
                try:
                    with plainly(f"cannot complete the interrupted build in {self.work}"):
                        recover(self)
                    with _alone_in(site, progress) if site else contextlib.nullcontext():
                        yield
                finally:
                    _release(handle, self.work)


def is_published(folder: Path) -> bool:
    """Whether a folder says itself that bibpress published it; OSError where it cannot be asked."""
    try:
        said = json.loads(disk.contents(folder / MARK))
    except (ValueError, RecursionError):
        return False
    maker = said.get("generator") if isinstance(said, dict) else None
    return isinstance(maker, str) and maker.startswith("bibpress ")


def check(place: Place, sources: Iterable[Path], archive: Path | None = None) -> None:
    """Raise UsageError, nothing touched, where publishing would destroy what is not ours.

    The folder must be missing, empty or one that bibpress published; it must not be or hold a
    source, the current folder or the home folder, nor lie in what is read of a site folder. The
    archive must be no source, no folder, and lie outside, in a folder that is there.
    """
    sources = tuple(sources)
    try:
        for objection in (
            *_objections_to_target(place, sources),
            *(_objections_to_archive(place, sources, archive) if archive else ()),
        ):
            raise UsageError(f"cannot publish to {objection}")
    except (OSError, ValueError) as error:
        raise _refusal(place.target, error) from error


def refuse_strangers(place: Place) -> None:
    """Raise UsageError where the published folder holds files that bibpress did not put there.

    They would vanish with the next site. A place must be locked for this, and what was
    interrupted there completed: else the files of another build could be taken for them. Where
    nothing is remembered of the published site, no file of it can be told from another.
    """
    with plainly(f"cannot look at {place.target}"):
        found = sorted(_strangers(place))
    if found:
        more = f" and {len(found) - 1:,} more" if len(found) > 1 else ""
        them = "them" if more else "it"
        raise UsageError(
            f"cannot publish to {place.target}: bibpress did not put {_shown(found[0])}{more} "
            f"there and would remove {them}; move {them} to the site folder's static/, "
            f"which is copied, or delete {them}"
        )


def _strangers(place: Place) -> list[str]:
    """Files in the published folder that we remember from no site, neither this nor the last.

    The spare is asked, too: of its files there are some where a site was half replaced file by
    file, and where a file system gives its numbers to other folders when it is mounted again.
    Costs a fifth of a second for 80,000 files.
    """
    known = remembered(identity(place.target), place.work)
    if not known:
        return []
    paths = (path for path, _ in walk(str(place.target), known) if not path.endswith("/"))
    found = [path for path in paths if path not in known and not _is_litter(path)]
    spare = remembered(identity(place.spare), place.work) if found else {}
    return [path for path in found if path not in spare]


def _is_litter(path: str) -> bool:
    return path == UNFINISHED or path.rpartition("/")[2] in LITTER


def recover(place: Place) -> None:
    """Complete what an interrupted build began, and remove what it no longer needs."""
    if _is_half_replaced(place):
        refuse_strangers(place)
        complete(place)
    remove(place.journal)
    if identity(place.old):
        if not identity(place.target):
            (place.spare if identity(place.spare) else place.old).rename(place.target)
        if identity(place.old):
            remove(place.spare)
            place.old.rename(place.spare)
    trees = [whose for whose in (identity(place.target), identity(place.spare)) if whose]
    needed = {manifest_of(place.work, whose).name for whose in trees}
    for file in place.work.iterdir():
        outlived = file.name.startswith(MANIFEST) and file.name not in needed
        if outlived or file.suffix == ".tmp":
            remove(file)


def cleared(place: Place) -> tuple[str, ...]:
    """The names of what was remembered of earlier sites, which is removed; the lock must be held.

    What stays is the list of the published files (paths and times), without which nobody could tell
    a stranger's file among them; with all else gone the next build is a cold one. Raises
    PublishError.
    """
    whose = identity(place.target)
    kept = {LOCK, manifest_of(place.work, whose).name} if whose else {LOCK}
    with plainly(f"cannot clear {place.work}"):
        found = [file for file in sorted(place.work.iterdir()) if file.name not in kept]
        for file in found:
            remove(file)
    return tuple(file.name for file in found)


def take_place(place: Place) -> None:
    """Publish the spare, which is complete and has its manifest; raises OSError."""
    if not identity(place.target):
        synchronise(place.work)
        place.spare.rename(place.target)
        return
    synchronise(place.work)
    try:
        exchange(place.spare, place.target)
    except OSError as error:
        if error.errno not in NO_EXCHANGE:
            raise
        _take_place_in_steps(place)


def _take_place_in_steps(place: Place) -> None:
    try:
        rename_twice(place)
    except OSError as error:
        if error.errno not in NO_RENAME:
            raise
        disk.replace(place.journal, _names(place.target))
        _replace_files(place, _known(place))
        place.journal.unlink()


def _is_half_replaced(place: Place) -> bool:
    """Whether the folder that is there now is the one that the journal is about."""
    try:
        return disk.contents(place.journal) == _names(place.target) != b""
    except OSError as error:
        if error.errno in MACHINE:
            raise
        return False


def _names(folder: Path) -> bytes:
    """What a journal holds: the numbers that tell this folder from others; nothing if it is none.

    After a restart of the machine some disks have other numbers. Then the half replaced site is
    looked at like any, and most often it has its mark.
    """
    return "{} {}\n".format(*found).encode() if (found := identity(folder)) else b""


def rename_twice(place: Place) -> None:
    """Publish the spare by setting the published folder aside first; on failure it is put back."""
    try:
        place.target.rename(place.old)
        place.spare.rename(place.target)
    except BaseException:  # an interrupt by the user as well
        if not identity(place.target):
            place.old.rename(place.target)
        raise
    with contextlib.suppress(OSError):  # the site is published; the next start tries again
        place.old.rename(place.spare)


def complete(place: Place) -> None:
    """Make the published folder equal to the spare, in place.

    A spare without a manifest is not complete, so there is nothing to complete from: what is
    published stays as it is until this build replaces it.
    """
    spare = Tree(place.spare, place.work)
    if spare.entries and not spare.strays:
        _replace_files(place, spare)


def _known(place: Place) -> Tree:
    """The spare that was just completed: all of it is right, also where nothing is remembered."""
    spare = Tree(place.spare, place.work)
    for path, signature in walk(spare.root) if spare.strays else ():
        spare.entries.setdefault(path, ("" if path.endswith("/") else "new", signature))
    spare.strays = []
    return spare


def _replace_files(place: Place, spare: Tree) -> None:
    Tree(place.target, place.work).become(spare)
    synchronise(place.target)


def ready(place: Place, live: Tree) -> None:
    """Make a spare of the published site, so that the next build has only its changes to do.

    Costs a second for 77,000 files, once, when the site was made from nothing. It is a service
    to the next build: where it does not succeed, that one does it.
    """
    with contextlib.suppress(OSError):
        spare = Tree(place.spare, place.work, kin=live)
        spare.open()
        for path, (fingerprint, _) in live.entries.items():
            if path not in spare.entries and not path.endswith("/"):
                spare.link(path, live, fingerprint)
        spare.prune(live.entries)
        spare.save()


# --- the steps that are the system's ------------------------------------------------------------


def exchange(one: Path, other: Path) -> None:
    """Let two folders change places in one step; OSError with ENOSYS where there is no such call.

    Python has no such function (3.14), so the C library is asked by way of ctypes.
    """
    first, second = os.fsencode(one), os.fsencode(other)
    if sys.platform == "linux" and hasattr(_libc(), "renameat2"):
        failed = _libc().renameat2(_AT_CWD, first, _AT_CWD, second, ctypes.c_uint(_EXCHANGE))
    elif sys.platform == "darwin":
        failed = _libc().renamex_np(first, second, ctypes.c_uint(_EXCHANGE))
    else:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    if failed:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), str(other))


def synchronise(folder: Path) -> None:
    """Have everything written to this file system reach the disk, in one call for all files."""
    if sys.platform == "win32":
        return  # no such call there
    if not hasattr(_libc(), "syncfs"):
        os.sync()
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        if _libc().syncfs(handle):
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), str(folder))
    finally:
        os.close(handle)


@contextlib.contextmanager
def _plain_modes() -> Iterator[None]:
    """Whatever is made meanwhile can be read and written by its owner, as nearly any umask has it.

    Under one that forbids even that, our own lock could not be opened a second time.
    """
    before = os.umask(0o022)
    try:
        yield
    finally:
        os.umask(before)


@functools.cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _lock(file: Path, target: Path) -> int:
    """A handle that holds the lock until it is closed, by whatever end the process comes to."""
    if _exists(file.parent) and not identity(file.parent):
        raise _odd(file.parent, "folder")
    if identity(file):
        remove(file)
    while True:
        with contextlib.suppress(FileExistsError):  # which the lock then says better
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            handle = _open_lock(file)
        except FileNotFoundError:  # a build beside this one has just taken its folder with it
            continue
        try:
            _lock_handle(handle)
        except OSError as error:
            os.close(handle)
            if error.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
                raise PublishError(f"another build is writing {target}; try again later") from error
            raise
        # Someone may have deleted the folder between the two steps: then this lock is nobody's.
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(handle), file.stat()):
                return handle
        os.close(handle)


@contextlib.contextmanager
def _gone_if_empty(folder: Path) -> Iterator[None]:
    """Of a folder and those that it lies in, what is made meanwhile and stays empty goes again."""
    missing = [each for each in (folder, *folder.parents) if not _exists(each)]
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # something lies there, or it was never made
            for each in missing:
                each.rmdir()


def _release(handle: int, work: Path) -> None:
    """Give the lock up; where nothing else lies in its folder, that goes too.

    It goes before the lock ends, so that no other build can have it by then; who waits at the door
    finds that its lock is nobody's (`_lock`). Windows deletes no open file, and so none that
    another build has opened.
    """
    if sys.platform == "win32":
        _close(handle)
        _remove_lock(work)
        return
    try:
        _remove_lock(work)
    finally:
        _close(handle)


def _remove_lock(work: Path) -> None:
    with contextlib.suppress(OSError):
        if [file.name for file in work.iterdir()] == [LOCK]:
            (work / LOCK).unlink()
            work.rmdir()


def _open_lock(file: Path) -> int:
    """Open the lock, or make it; PublishError where it is a link, a pipe, or whatever else."""
    try:
        handle = os.open(file, _LOCK, 0o600)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK, errno.ENXIO):  # EMLINK: FreeBSD, of a link
            raise _odd(file, "file") from error
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise _odd(file, "file")
    return handle


_LOCK = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def _odd(path: Path, kind: str) -> PublishError:
    return PublishError(f"{path} should be a {kind} of bibpress's own, and is none; delete it")


@contextlib.contextmanager
def _alone_in(folder: Path, progress: Progress) -> Iterator[None]:
    """No one else is in here meanwhile; whoever is, is waited for.

    The folder itself is locked, so nothing is written into it and the lock ends with the process.
    Where folders cannot be locked (Windows, some network file systems) there is no such promise.
    """
    if sys.platform == "win32":
        yield
        return
    with plainly(f"cannot read {folder}"):
        handle = os.open(folder, os.O_RDONLY)
    try:
        if _is_held(handle):
            progress(WAITING, 0, 0)
            with contextlib.suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        _close(handle)


def _is_held(handle: int) -> bool:
    """Whether somebody else has locked this; if not, it is ours now where it can be locked."""
    try:
        _lock_handle(handle)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _close(handle: int) -> None:
    with contextlib.suppress(OSError):  # closed it is, whatever the system says
        os.close(handle)


def _lock_handle(handle: int) -> None:
    if sys.platform == "win32":
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


# --- one archive --------------------------------------------------------------------------------


def archive(place: Place, file: Path) -> None:
    """Write the published site as one zip file, in one step: the same site, the same bytes.

    One folder at the top, named as the published one; sorted, dated 1980. The compressed bytes
    are those of this machine's zlib, what they unpack to is the same everywhere.

    The place must be locked. Raises PublishError with any former archive untouched.
    """
    fresh = place.work / "archive.tmp"
    with plainly(f"cannot write {file}"):
        try:
            _pack(place, fresh)
            _move(fresh, file)
        finally:
            fresh.unlink(missing_ok=True)


def _pack(place: Place, file: Path) -> None:
    with _new(file) as fresh, zipfile.ZipFile(fresh, "w") as packed:
        for path in sorted(Tree(place.target, place.work).files()):
            info = zipfile.ZipInfo(f"{place.target.name}/{path}", date_time=(1980, 1, 1, 0, 0, 0))
            info.create_system = 3  # Unix, wherever it was made: the mode is read only then
            info.external_attr = (stat.S_IFREG | FILE_MODE) << 16
            content = (place.target / path).read_bytes()
            packed.writestr(info, content, zipfile.ZIP_DEFLATED, compresslevel=6)


@contextlib.contextmanager
def _new(file: Path) -> Iterator[BinaryIO]:
    """A file of our own to write to, mode 0644: what lies there is removed, no link followed."""
    file.unlink(missing_ok=True)
    handle = os.open(file, _FRESH, FILE_MODE)
    with os.fdopen(handle, "wb") as fresh:
        yield fresh
    file.chmod(FILE_MODE)


_FRESH = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
"""With O_EXCL no link is followed either (POSIX, open)."""


def _move(fresh: Path, file: Path) -> None:
    """Put a file in another's place in one step, across file systems too."""
    try:
        fresh.replace(file)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise OSError(error.errno, error.strerror, str(file)) from error
        beside = file.with_name(f".{file.name}.tmp")
        try:
            with fresh.open("rb") as packed, _new(beside) as copy:
                shutil.copyfileobj(packed, copy)
            beside.replace(file)
        finally:
            beside.unlink(missing_ok=True)


# --- what may not be published to ---------------------------------------------------------------


def _objections_to_target(place: Place, sources: Sequence[Path]) -> Iterator[str]:
    target = place.target
    if not target.name:
        yield f"{target}: it is the root of the file system"
    elif target.is_symlink():
        yield f"{target}: it is a link; name the folder it leads to"
    elif _exists(target) and not target.is_dir():
        yield f"{target}: it is a file, not a folder"
    elif file := next((parent for parent in target.parents if parent.is_file()), None):
        yield f"{target}: {file} is a file, not a folder"
    elif _exists(place.work) and not identity(place.work):
        yield f"{target}: {place.work} should be a folder of bibpress's own, and is none"
    else:
        yield from _objections_to_where(place, sources)
        if target.is_dir() and not _is_half_replaced(place):
            yield from _objections_to_content(place)


def _objections_to_where(place: Place, sources: Sequence[Path]) -> Iterator[str]:
    target = place.target
    for path, what in _to_be_kept(sources):
        if any(_same(target, folder) for folder in _lineage(path)):
            yield f"{target}: it is, or holds, {what}"
    for folder in _read_and_above(target, sources):
        yield f"{target}: it lies in {folder}, which is read as a source"


def _read_and_above(path: Path, sources: Iterable[Path]) -> Iterator[Path]:
    """The folders that are read of a site and hold a path, or are it."""
    for source in sources:
        site = source.resolve()
        if any((site / name).exists() for name in ("bibpress.toml", "content")):
            for name in SITE_FOLDERS:
                if any(_same(folder, site / name) for folder in _lineage(path)):
                    yield source / name


def _to_be_kept(sources: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Folders and files that must outlive publishing; of sources in one folder only the first."""
    yield Path.cwd(), "the current folder"
    with contextlib.suppress(RuntimeError):  # nobody's home
        yield Path.home(), "your home folder"
    folders = {source.resolve().parent: source for source in reversed(sources)}
    for source in (*folders.values(), *(source for source in sources if source.is_dir())):
        yield source, f"the source {source}"


def _objections_to_content(place: Place) -> Iterator[str]:
    target = place.target
    names = os.listdir(target)  # noqa: PTH208 - names are all that is needed
    for name in REPOSITORIES:
        if name in names:
            yield f"{target}: it is a working copy ({name}), whose history would be lost"
    if names and not _is_ours(place):
        yield (
            f"{target}: it is not empty, and no folder that bibpress published "
            f"(those say so in {MARK}); choose another or empty it"
        )


def _is_ours(place: Place) -> bool:
    """Whether we have published this folder: it says so itself, or we remember it.

    The latter where an owner has put a file of their own in the mark's place.
    """
    try:
        says_so = is_published(place.target)
    except OSError as error:
        if error.errno in MACHINE | {errno.EACCES}:
            raise
        says_so = False
    return says_so or bool(remembered(identity(place.target), place.work))


def _objections_to_archive(place: Place, sources: Sequence[Path], file: Path) -> Iterator[str]:
    if file.is_dir():
        yield f"{file}: it is a folder; name the archive, such as {file / 'site.zip'}"
    if any(_same(file, source) for source in sources):
        yield f"{file}: it is a source"
    if file.is_file() and not zipfile.is_zipfile(file):
        yield f"{file}: it is there already, and is no archive"
    absolute = Path(os.path.abspath(file))  # noqa: PTH100 - a link is replaced, not followed
    inside = (place.target, place.work)
    if any(_same(folder, own) for folder in _lineage(absolute.parent) for own in inside):
        yield f"{file}: the archive would lie in what it is made of"
    for folder in _read_and_above(absolute.parent, sources):  # of static/ it would be published
        yield f"{file}: it lies in {folder}, which is read as a source"
    if not file.parent.is_dir():
        yield f"{file}: there is no folder {file.parent}"


def _refusal(target: Path, error: Exception) -> BibpressError:
    """What to raise for a folder that cannot even be looked at, by the call or by the machine."""
    is_machine = isinstance(error, OSError) and error.errno in MACHINE
    kind = PublishError if is_machine else UsageError
    return kind(f"cannot publish to {target}: {reason(error)}")


def _lineage(path: Path) -> tuple[Path, ...]:
    """A path and all the folders it lies in."""
    whole = path.resolve()
    return (whole, *whole.parents)


def _same(one: Path, other: Path) -> bool:
    """Whether two names are one file, also by letters' case or by a mount; missing ones by name."""
    if one == other:
        return True
    return one.exists() and other.exists() and one.samefile(other)


def _exists(path: Path) -> bool:
    return path.is_symlink() or path.exists()


# --- errors -------------------------------------------------------------------------------------


@contextlib.contextmanager
def plainly(what: str) -> Iterator[None]:
    """Turn what the system refuses into one line: what was tried, why not, with which file."""
    try:
        yield
    except OSError as error:
        raise PublishError(f"{what}: {reason(error)}") from error


def reason(error: Exception) -> str:
    """Why, in one line: the system's own words and the file, if it names one."""
    if not isinstance(error, OSError):
        return " ".join(str(error).split())
    file = f" ({error.filename})" if isinstance(error.filename, str) else ""
    text = f"{error.strerror or type(error).__name__}{file}"
    return _shown(text)


def _shown(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)
