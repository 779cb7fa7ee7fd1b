"""From described files to a published site: what is to be made is made, the rest stays.

An `Output` describes a file that is not made yet: a path, a function and its arguments. Its
*fingerprint* stands for the function, the arguments, our own code and the libraries that make
bytes; where a tree holds a file of this path and fingerprint, it is the file that would be made.
So nothing tracks dependencies: what is not in the arguments cannot show in the file. What takes
longer to gather than to compare comes with a *mark* that stands for its arguments, and as a `Unit`
is not even gathered where the file is there: then it is the mark that has to hold everything.

Outputs are looked at one by one as they come and let go of when they are kept or made, so a site
needs no more memory than its list of paths. Workers, wherever they are, return bytes; only this
process writes, into a spare tree which then takes the published one's place (`generator.place`).
"""

from __future__ import annotations

import contextlib
import errno
import functools
import gc
import importlib.metadata
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
import traceback
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain, islice
from multiprocessing import resource_tracker
from pathlib import Path
from typing import ParamSpec, TypeVar

from generator.errors import BibpressError, PublishError
from generator.memo import digest
from generator.place import Place, archive, check, plainly, ready, take_place
from generator.trees import ROOT, Tree, folders, identity, is_whole, remove

__all__ = [
    "Inline",
    "Output",
    "Place",
    "Plan",
    "Published",
    "Unit",
    "archive",
    "check",
    "content_of",
    "described",
    "executor",
    "fingerprint",
    "plan",
    "publish",
    "seldom_collecting",
    "stamp",
    "stands",
]

Progress = Callable[[str, int, int], None]
"""Called now and then with the stage, how much of it is done, and the total (0 if unknown)."""

LIBRARIES = (
    "jinja2",
    "latexcodec",
    "markdown",
    "markupsafe",
    "math-core",
    "nh3",
    "pybtex",
    "pylatexenc",
    "pyyaml",
)
"""The libraries whose versions can change a byte of the site."""

_NO_NAME = ("/", "/.", "/..")

P = ParamSpec("P")
T = TypeVar("T")

CHUNK = 64
"""Outputs that travel to a worker together: enough to make the way there cheap."""

ENOUGH = 4 * CHUNK
"""Fewer outputs than this are made sooner here than the workers start (a third of a second)."""


@dataclass(frozen=True, slots=True)
class Output:
    """A file of the site, not yet made: `make(*args)` gives its bytes, in whatever process.

    `make` is a function at the top level of a module, `args` frozen plain data whose `repr` is
    the same for equal values in every process. `path` is relative to the site, with slashes.
    `mark`, where it is given, stands for the arguments, and they are not looked at.
    """

    path: str
    make: Callable[..., bytes]
    args: tuple[object, ...]
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """Outputs that are not even described where the site has their files.

    `mark` stands for everything that `describe` and what it gives depend on; its outputs have
    just these `paths`. What a page shows of 10,000 others is dearer to gather than to compare.
    """

    paths: tuple[str, ...]
    mark: str
    describe: Callable[[], Iterable[Output]]


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did: `made` + `kept` files are there now; `removed` were there before.

    `sizes` are the bytes of every file by path.
    """

    sizes: Mapping[str, int]
    made: int
    kept: int
    removed: int


def publish(
    place: Place,
    outputs: Iterable[Output | Unit],
    *,
    stamp: str,
    executor: Executor | None = None,
    jobs: int = os.cpu_count() or 1,
    total: int = 0,
    progress: Progress = lambda *_: None,
) -> Published:
    """Bring a place, which must be locked, from one complete site to the next, in one step.

    Where the site is already the one described, nothing is written at all. Bytes come from the
    `executor` (by default from this process) if there is enough to make.

    Raises PublishError when two outputs have one path, one cannot be made, a worker dies, or the
    disk refuses; what was published before is then untouched. (Where the system can replace a
    site only file by file, and the disk refuses in the midst of it, the next start goes on.)
    `total` is about how many files are expected, for those who are told of the progress.
    """
    with plainly(f"cannot publish to {place.target}"), _leaving_room(place):
        coming = Plan(place, stamp)
        made = _made(coming.stale(outputs), executor or Inline(), jobs)
        for done, (path, content) in enumerate(made):
            coming.put(path, content)
            if not done % CHUNK:
                progress("pages", coming.seen, max(total, coming.seen + 1) if total else 0)
        progress("pages", coming.seen, coming.seen)
        if coming.live.holds(coming.wanted):
            return coming.published(coming.live)
        coming.complete(progress)
        coming.refuse_if_moved()
        take_place(place)
        if not coming.live.entries:
            ready(place, coming.spare.moved(place.target))
        return coming.published(coming.spare)


def described(outputs: Iterable[Output | Unit]) -> Iterator[Output]:
    """Every single output, those of units too."""
    for each in outputs:
        yield from (each,) if isinstance(each, Output) else each.describe()


def stands(place: Place) -> bool:
    """Whether what was published last still lies there, whole, unchanged and with nothing added."""
    return is_whole(place.target, place.work)


def plan(place: Place, outputs: Iterable[Output | Unit], *, stamp: str) -> Plan:
    """What publishing would do, without doing it."""
    found = Plan(place, stamp)
    deque(found.stale(outputs), maxlen=0)
    return found


class Plan:
    """The next site, compared with the published one while its outputs go by.

    `wanted` gives the fingerprint of every path, folders included; `made` are the paths that have
    to be made, `removed` those of the published site that the next one does not have.
    """

    def __init__(self, place: Place, stamp: str) -> None:
        self.live = Tree(place.target, place.work)
        self.wanted: dict[str, str] = {ROOT: ""}
        self.made: list[str] = []
        self.seen = 0
        self._place = place
        self._stamp = stamp
        self._claimed: dict[str, str] = {}
        self._begun = False

    @functools.cached_property
    def spare(self) -> Tree:
        """The tree in the making; looked at only when there is anything to make."""
        return Tree(self._place.spare, self._place.work, kin=self.live)

    @property
    def removed(self) -> list[str]:
        """Files of the published site that the next one does not have."""
        return [path for path in self.live.files() if path not in self.wanted]

    def stale(self, outputs: Iterable[Output | Unit]) -> Iterator[Output]:
        """Those of the outputs that neither tree has; all are entered into the plan.

        Raises PublishError where two paths are one on some system: without regard to case and
        to the form of accents, or a file where another path has a folder.
        """
        for output in outputs:
            if isinstance(output, Unit):
                yield from self._stale_of(output)
            elif self._is_lacking(output.path, fingerprint(output, self._stamp)):
                yield output

    def _stale_of(self, unit: Unit) -> Iterator[Output]:
        mark = digest(f"{self._stamp}\0{unit.mark}")
        lacking = {path for path in unit.paths if self._is_lacking(path, mark)}
        if lacking:
            described = tuple(unit.describe())
            if tuple(output.path for output in described) != unit.paths:
                raise ValueError(f"{unit.paths} are said to be made, {described} are described")
            yield from (output for output in described if output.path in lacking)

    def _is_lacking(self, path: str, mark: str) -> bool:
        """Enter a path; whether neither tree has its file."""
        self._enter(path)
        self.wanted[path] = mark
        self.seen += 1
        if _has(self.live, path, mark) or _has(self.spare, path, mark):
            return False
        self.made.append(path)
        return True

    def put(self, path: str, content: bytes) -> None:
        """Enter a file just made into the spare.

        Where it has come out as it was (after an upgrade most do), the old one stays, time and
        all, so that neither a mirror nor a browser has to fetch it again.
        """
        self._begin()
        if _is(self.live, path, content):
            self.spare.take(path, self.live, self.wanted[path])
        else:
            self.spare.put(path, self.wanted[path], content)

    def complete(self, progress: Progress) -> None:
        """Give the spare what only the published tree has, and nothing that is not wanted."""
        self._begin()
        lacking = [path for path in self.wanted if not self._in_spare(path)]
        for done, path in enumerate(lacking):
            if not _has(self.live, path, self.wanted[path]):
                raise PublishError(f"{path} was changed while the build was running")
            self.spare.take(path, self.live, self.wanted[path])
            if not done % CHUNK:
                progress("publish", done, len(lacking))
        self.spare.prune(self.wanted)
        self.spare.save()
        progress("publish", len(lacking), len(lacking))

    def refuse_if_moved(self) -> None:
        """Raise PublishError if a folder is no longer the one it was, lock or no lock."""
        for tree in (self.live, self.spare):
            if tree.identity != identity(Path(tree.root)):
                raise PublishError(f"{tree.root} was replaced while the build was running")

    def published(self, tree: Tree) -> Published:
        """The figures, once `tree` is what is published."""
        # Folders have no mark.
        sizes = {path: size for path, (mark, (_, size, _, _)) in tree.entries.items() if mark}
        return Published(
            sizes=sizes,
            made=len(self.made),
            kept=len(sizes) - len(self.made),
            removed=0 if tree is self.live else len(self.removed),
        )

    def _begin(self) -> None:
        if not self._begun:
            self.spare.open()
            self._begun = True

    def _in_spare(self, path: str) -> bool:
        return path.endswith("/") or _has(self.spare, path, self.wanted[path])

    def _enter(self, path: str) -> None:
        if (path[: path.rfind("/") + 1] or ROOT) not in self.wanted:
            for folder in folders(path):
                if folder not in self.wanted:
                    self.wanted[folder] = ""
                    self._claim(folder[:-1])
        self._claim(path)

    def _claim(self, path: str) -> None:
        if (
            path in ("", ".", "..")
            or path.endswith(_NO_NAME)
            or path.startswith("./")
            or "\\" in path
        ):
            raise ValueError(f"{path!r} is no path within a site")
        fold = path.lower() if path.isascii() else _fold(path)
        if fold in self._claimed:
            raise PublishError(f'two files want one path: "{self._claimed[fold]}" and "{path}"')
        self._claimed[path if fold == path else fold] = path


def _has(tree: Tree, path: str, mark: str) -> bool:
    entry = tree.entries.get(path)
    return entry is not None and entry[0] == mark


def _is(tree: Tree, path: str, content: bytes) -> bool:
    """Whether the tree has a known file of just this content."""
    entry = tree.entries.get(path)
    if entry is None or entry[1][1] != len(content):
        return False
    with contextlib.suppress(OSError):
        return Path(tree.full(path)).read_bytes() == content
    return False


def _fold(path: str) -> str:
    """What systems that ignore case and the form of accents make of a path, at their worst."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


@contextlib.contextmanager
def _leaving_room(place: Place) -> Iterator[None]:
    """Where the disk is full, do not leave it full of a tree that came to nothing."""
    try:
        yield
    except OSError as error:
        needed = place.journal.exists() or identity(place.old)
        if error.errno in (errno.ENOSPC, errno.EDQUOT) and not needed:
            with contextlib.suppress(OSError):
                remove(place.spare)
        raise


# --- fingerprints -------------------------------------------------------------------------------


def fingerprint(output: Output, stamp: str) -> str:
    """Stands for the bytes that an output will have: 32 hexadecimal digits.

    The path is left out: what a file says of its own address is in its arguments.
    """
    return digest(f"{stamp}\0{_name(output.make)}\0{output.mark or repr(output.args)}")


@functools.cache
def stamp() -> str:
    """Stands for everything but the arguments that can change a byte: 32 hexadecimal digits.

    That is our own code, the versions of the libraries that make bytes, Python's version and
    that of its Unicode tables. Templates and assets are arguments of the pages that use them.
    """
    home = Path(__file__).parent
    code = [
        (file.relative_to(home).as_posix(), blake2b(file.read_bytes()).hexdigest())
        for file in sorted(home.rglob("*.py"))
    ]
    versions = [(name, version(name)) for name in LIBRARIES]
    whole = (code, versions, sys.version_info[:2], unicodedata.unidata_version)
    return digest(repr(whole))


def version(library: str) -> str:
    """The version of an installed library; empty where it is not."""
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return ""


@functools.cache
def _name(make: Callable[..., bytes]) -> str:
    name = f"{make.__module__}.{make.__qualname__}"
    if "<" in name:
        raise ValueError(f"{name} cannot travel to a worker: it must stand at the top of a module")
    return name


# --- making -------------------------------------------------------------------------------------


class Inline(Executor):
    """Does everything at once, in this process; what other executors must equal."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """A future that is done."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # raised where the result is asked for, as every executor does
            future.set_exception(error)
        return future


@contextlib.contextmanager
def seldom_collecting() -> Iterator[None]:
    """Look for cyclic garbage once in a million new objects, not once in 700.

    A build makes millions of objects that stay and next to no cycles; looking through them again
    and again took a quarter of the processor time of 10,000 papers (83 s; 64 s where it was off).
    """
    before = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


_SELDOM = (1_000_000, 50, 100)


@contextlib.contextmanager
def executor(kind: str, jobs: int) -> Iterator[Executor]:
    """Where outputs are made: "inline", in this process, or "process", in `jobs` of their own.

    Processes start when the first work is handed to them, none if there is none.
    """
    if kind == "inline" or jobs == 1:
        yield Inline()
        return
    # Spawned, not forked: a forked worker would hold the build's lock for as long as it lives,
    # and all of its memory. The same on every system.
    context = multiprocessing.get_context("spawn")
    if sys.platform != "win32":  # when it starts it lets through what we hold back (Python 3.11)
        resource_tracker.ensure_running()
    with _undisturbed():
        pool = _Processes(jobs, context, initializer=_serve_one_master)
    try:
        yield pool
    finally:
        with _undisturbed():  # what workers are at takes a moment; half a shutdown would hang
            pool.end()


class _Processes(ProcessPoolExecutor):
    """Workers to which an interrupt is blocked from their first moment on.

    A terminal sends it to all of them, also to one that has only begun to import and would die of
    it with a traceback. What is blocked where a process is started stays blocked in it.
    """

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Hand work out, for which a worker may be started; BibpressError where none can be."""
        with _undisturbed():
            try:
                return super().submit(fn, *args, **kwargs)
            except BrokenExecutor:
                raise
            except RuntimeError as error:  # so Python says that the system starts no thread
                said = f"no workers can be started ({error}); try --executor inline"
                raise BibpressError(said) from error

    def end(self) -> None:
        """Clear all workers away, those too that nobody tends to: the thread for it may be missing.

        Python (3.11 to 3.13) starts the workers first, and has no other way to end them then.
        """
        workers = list((self._processes or {}).values())
        try:
            self.shutdown(wait=True, cancel_futures=True)
        except RuntimeError:
            for worker in workers:
                worker.kill()
                worker.join()


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """An interrupt meanwhile comes after: half a pool could not clear away what it has made."""
    if sys.platform == "win32":  # no such call there
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve_one_master() -> None:
    """Leave an interrupt to the command, and the world when the command is gone.

    A worker whose command was killed would wait for work for ever: nothing closes the queue.
    """
    gc.set_threshold(*_SELDOM)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":  # the one way to end a worker whose fellow was killed
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    master = multiprocessing.parent_process()
    if master:
        threading.Thread(target=_die_with, args=(master.sentinel,), daemon=True).start()


def _die_with(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)


def _made(outputs: Iterator[Output], pool: Executor, jobs: int) -> Iterator[tuple[str, bytes]]:
    """Paths and bytes, in the order of the outputs; few chunks are out at a time.

    So memory stays bounded however large the site, and workers make one chunk while the next is
    being described.
    """
    first = list(islice(outputs, ENOUGH))
    if len(first) < ENOUGH:
        pool = Inline()
    chunks = _chunks(chain(first, outputs))
    waiting: deque[tuple[list[Output], Future[list[bytes]]]] = deque()
    try:
        while True:
            for chunk in islice(chunks, 2 * jobs + 1 - len(waiting)):
                waiting.append((chunk, pool.submit(_make_all, chunk)))
            if not waiting:
                return
            chunk, future = waiting[0]
            contents = future.result()
            waiting.popleft()
            yield from zip([output.path for output in chunk], contents, strict=True)
    except BrokenExecutor as error:
        near = f" while making {waiting[0][0][0].path} or a file near it" if waiting else ""
        raise PublishError(f"a worker process was killed{near}; is there enough memory?") from error
    finally:
        for _, future in waiting:
            future.cancel()


def _chunks(outputs: Iterator[Output]) -> Iterator[list[Output]]:
    while chunk := list(islice(outputs, CHUNK)):
        yield chunk


def _make_all(chunk: list[Output]) -> list[bytes]:
    return [content_of(output) for output in chunk]


def content_of(output: Output) -> bytes:
    """The bytes of one output; whatever goes wrong becomes an error that can travel home."""
    try:
        return output.make(*output.args)
    except BibpressError as error:
        error.add_note(f"while making {output.path}")
        raise
    except Exception as error:
        what = " ".join(f"{type(error).__name__}: {error}".split())
        fault = PublishError(f"{output.path} could not be made: {what}")
        fault.add_note(traceback.format_exc())
        raise fault from None
