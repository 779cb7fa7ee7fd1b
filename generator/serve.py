"""The preview: the site that a build would publish, given out by a server before it is made.

After a save the sources are loaded and the site is planned by the build's own code, with a memory
that lives in this process; a page is made when a browser asks for it, out of the same `Output`. So
a save costs what has to be looked at to know the site, and no page more than is looked at. Nothing
is written: no output folder, no cache, no ledger; ids are those that a build would give now.

What cannot be loaded, or breaks a page that somebody looks at, never takes the place of the last
good site. That one is given out further, with what is wrong on top of each page.

Changes are found by asking for the times and sizes of the files: that works on every system, on
network disks and in containers (where notices of the system's get lost), and needs no library.
1,000 files take 5 ms a look; the pauses between looks grow with the number of files.

Known weaknesses: the day is that on which the preview began. Two outputs of one path, which a build
refuses, are noticed by a build only. Whoever may look may open as many streams as the system lets
them, and each holds a thread.
"""

from __future__ import annotations

import errno
import html
import http.server
import ipaddress
import json
import os
import socket
import socketserver
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from urllib.parse import parse_qs, quote, unquote, urlsplit

from generator import cache, config, disk, ledger, output, theme
from generator.build import made_of
from generator.errors import BibpressError, UsageError
from generator.library import paper_path, source_slug
from generator.load import (
    Loaded,
    Means,
    Order,
    Progress,
    RefusedError,
    Report,
    load,
    own_extensions,
)
from generator.memo import digest
from generator.model import Paper, Problem, Where
from generator.output import Inline, Output, Place, Unit
from generator.owner import site_folder
from generator.pages import NOT_FOUND
from generator.plan import plan, remarked
from generator.sources import Cache, NoCache

OWN = "_preview/"
"""Where the preview's own files lie; no file of a site has such a name."""

EVENTS = OWN + "events"

AWAITED = "There is no site to show yet; the page comes by itself once there is one."
"""What page and terminal say as long as nothing could be loaded."""

SHOWN = 50
"""Problems that are listed in a page; the pages of sources have all."""


# --- what is given out ----------------------------------------------------------------------------


class Memory:
    """What one load remembers for the next: values as they are, which nobody alters.

    Small values that a whole load did not ask for are forgotten (`turn`). What neither this load
    nor the last one left is looked up in `before`, which is only read: what the last build wrote.
    """

    def __init__(self, before: Cache | None = None) -> None:
        self._before = before or NoCache()
        self._values: dict[str, object] = {}
        self._old: Mapping[str, object] = {}
        self._used: dict[str, object] = {}

    def get(self, key: str) -> object | None:
        """The value last put under `key`, or None."""
        found = self._values.get(key)
        if found is None and (found := self._before.get(key)) is not None:
            self._values[key] = found
        return found

    def put(self, key: str, value: object) -> None:
        """Remember `value` under `key`; there are a dozen such keys."""
        self._values[key] = value

    def get_many(self, keys: Iterable[str]) -> dict[str, object]:
        """Those of the values of `put_many` that are there."""
        asked = list(keys)
        found = {key: self._old[key] for key in asked if key in self._old}
        found |= {key: self._used[key] for key in asked if key in self._used}
        found = found or dict(self._before.get_many(asked))
        self._used |= found
        return found

    def put_many(self, values: Mapping[str, object]) -> None:
        """Remember small values for `get_many`."""
        self._used |= values

    def turn(self) -> None:
        """A load has come to its end: what it did not use is not wanted any longer."""
        self._old, self._used, self._before = self._used, {}, NoCache()


def remembered(order: Order) -> Cache:
    """What the last build of this wrote down for the next, for a quick beginning."""
    try:
        stamp = own_extensions(order.sources).stamped(output.stamp())
    except BibpressError:  # which loading will meet too, and say
        return NoCache()
    return cache.Cache(Place(order.target).work / "cache", stamp)


class Site:
    """A site that was loaded: every file of it by path, described as far as it was asked for.

    An owner's own files are read when they are asked for: there may be gigabytes of them. Safe for
    threads: they wait for each other.
    """

    def __init__(self, loaded: Loaded, memory: Cache) -> None:
        self.loaded = loaded
        look = loaded.theme
        self._own = {path: Path(file) for path, file in look.files if not _is_asset(path)}
        assets = tuple((path, file) for path, file in look.files if _is_asset(path))
        self._coming = plan(replace(loaded, theme=replace(look, files=assets)), memory)
        self._known: dict[str, Output | Unit] = {}
        self._broken: Exception | None = None
        self._lock = threading.Lock()

    def content(self, path: str) -> bytes | None:
        """The bytes that a build would publish at a path; None where it would publish nothing.

        Raises BibpressError, or OSError for an owner's own file, for what a build would stop at.
        """
        if path in self._own:
            return disk.contents(self._own[path])
        with self._lock:
            known = self._found(path)
            if known is None:
                return None
            singles = [each for each in output.described([known]) if each.path == path]
            return output.content_of(singles[0])

    def _found(self, path: str) -> Output | Unit | None:
        while path not in self._known:
            further = self._next()
            if further is None:
                return None
            for each in (further.path,) if isinstance(further, Output) else further.paths:
                self._known[each] = further
        return self._known[path]

    def _next(self) -> Output | Unit | None:
        """The next of what is coming; an error comes again, for nothing comes after it."""
        if self._broken:
            raise self._broken.with_traceback(None)  # which would grow each time
        try:
            return next(self._coming, None)
        except Exception as error:
            self._broken = error
            raise

    @cached_property
    def beside(self) -> str:
        """Stands for the owner's files that keep their names: no page says when they change."""
        return digest(repr([(path, _signature(file)) for path, file in self._own.items()]))

    def own(self, path: str) -> list[Problem]:
        """The problems that a page is about, as far as that is easily told: a paper's, a source's.

        A paper's are those in the lines of its records.
        """
        papers = (paper for paper in self.loaded.library.papers if paper_path(paper.id) == path)
        paper = next(papers, None) if path.startswith("papers/") else None
        serious = _serious(self.loaded.problems)
        if paper:
            return [problem for problem in serious if _is_about(problem.where, paper)]
        return [each for each in serious if self.source_page(each.where.file) == path]

    def source_page(self, file: str) -> str:
        """The path of the page of an input file; empty for a file that has none."""
        known = any(source.file == file for source in self.loaded.library.sources)
        return f"sources/{source_slug(file)}.html" if known else ""


def _is_asset(path: str) -> bool:
    """Whether a page names a file by what it holds: theme's files, in the owner's version too."""
    return path.startswith("assets/")


def _is_about(where: Where, paper: Paper) -> bool:
    return any(
        record.where.file == where.file and record.where.line <= where.line <= record.where.end
        for record in paper.records
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered to a request; `mark` stands for what a reader sees of it.

    `elsewhere` is the address that the request should have named; `beside` stands for files that
    the page may show.
    """

    status: HTTPStatus
    kind: str
    content: bytes
    elsewhere: str = ""
    beside: str = ""

    @property
    def mark(self) -> str:
        """Another one where anything is to be seen that was not."""
        content = self.content.decode("utf-8", "replace")
        return digest(f"{self.status} {self.elsewhere} {self.beside} {content}")


@dataclass(frozen=True, slots=True)
class News:
    """What came of a look at the sources.

    `stopped` says why there is no new site, `trace` where, if it is a fault of ours; `report` is
    what was found, `new` the errors and warnings that the last site had not.
    """

    report: Report
    stopped: str = ""
    trace: str = ""
    new: tuple[Problem, ...] = ()


class Preview:
    """The last good site, and what is wrong with the sources now.

    `refresh` is called by one thread, all else by any number of them. `tell` is told what breaks a
    page that somebody asks for, once until the next save.
    """

    def __init__(
        self,
        order: Order,
        memory: Cache | None = None,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._order = order
        self._tell = tell
        self._told: set[str] = set()
        self._memory = Memory(memory)
        self._site: Site | None = None
        self._news = News(Report(), "the sources are being read")
        self._number = 0
        self._ended = False
        self._changed = threading.Condition()
        self._watched: Counter[str] = Counter()
        self._moved: dict[str, str] = {}

    def refresh(self, pool: Executor | None = None, progress: Progress = lambda *_: None) -> News:
        """Look at the sources again; whatever is wrong with them is said and raises nothing."""
        news = self._renewed(pool or Inline(), progress)
        with self._changed:
            self._news = news
            self._told.clear()
            self._number += 1
            self._changed.notify_all()
        return news

    def _renewed(self, pool: Executor, progress: Progress) -> News:
        before = set(self._site.loaded.problems) if self._site else set()
        try:
            own = own_extensions(self._order.sources)
            means = Means(self._memory, own.carried(pool), progress, own)
            loaded = remarked(load(self._order, means))
            site = Site(loaded, self._memory)
            moved = _moved(self._site, site, self._moved) if self._site else {}
            self._refuse_if_broken(site, moved)
        except RefusedError as refused:
            return News(refused.report, str(refused), new=_serious(refused.report.problems))
        except Exception as error:
            return News(self._news.report, _reason(error), _trace(error))
        self._memory.turn()
        self._moved = moved
        self._site = site
        new = tuple(each for each in _serious(loaded.problems) if each not in before)
        return News(loaded.report, new=new)

    def _refuse_if_broken(self, site: Site, moved: Mapping[str, str]) -> None:
        """Raise what a build would stop at, as far as it shows in the owner's templates.

        How they are written is looked at in all of them, what they do in the pages looked at.
        """
        look = site.loaded.theme
        for name, template in look.templates.items():
            if template.own:
                theme.digest(look, name)
        with self._changed:
            watched = tuple(self._watched)
        for path in watched:
            site.content(moved.get(path, path))

    def answer(self, path: str) -> Answer:
        """What a browser gets that asks for a path ("", "papers/a.html"), before `injected`."""
        site = self._site
        if site is None:
            return _plain(HTTPStatus.SERVICE_UNAVAILABLE, self._news.stopped, AWAITED)
        try:
            return _answer(site, path, self._moved)
        except Exception as error:  # the connection would break off, and nobody know why
            shown = quote(file_of(path))
            self._tell_once(f"{_trace(error)}{shown} cannot be shown: {_reason(error)}")
            said = f"{_reason(error)}. Until this is mended, the page cannot be shown."
            return _plain(HTTPStatus.INTERNAL_SERVER_ERROR, said)

    def _tell_once(self, said: str) -> None:
        with self._changed:
            is_new = said not in self._told
            self._told.add(said)
        if is_new:
            self._tell(said)

    def state(self, path: str) -> dict[str, object]:
        """What a page at `path` is told: what stands for its content, and what is wrong.

        What keeps the last good site in its place is `stopped`; before there is one, the page
        itself says it.
        """
        site, news = self._site, self._news
        own = site.own(file_of(path)) if site else []
        serious = _serious(news.report.problems)
        first = [*own, *(each for each in serious if each not in own)]
        return {
            "mark": self.answer(path).mark,
            "stopped": news.stopped if site else "",
            "problems": [_shown(each, site, each in own) for each in first[:SHOWN]],
            "total": len(serious),
        }

    @contextmanager
    def watched(self, path: str) -> Iterator[None]:
        """As long as a page is looked at: what breaks it does not become the site."""
        with self._changed:
            self._watched[path] += 1
        try:
            yield
        finally:
            with self._changed:
                self._watched[path] -= 1
                self._watched += Counter()  # drops what is at nought

    def wait(self, number: int, seconds: float) -> int:
        """The number of the present state, once it is not `number`; or after some seconds.

        -1 when the preview has ended.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._ended or self._number != number, seconds)
            return -1 if self._ended else self._number

    def end(self) -> None:
        """Let go of everybody who waits."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()


def _serious(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(problem for problem in problems if problem.severity != "note")


def _reason(error: Exception) -> str:
    """Why there is no new site, or no page, in one line."""
    if isinstance(error, (BibpressError, OSError)):
        return str(error)
    return f"this is a fault of bibpress, {type(error).__name__}: {error}"


def _trace(error: Exception) -> str:
    """Where a fault of ours is; nothing for what an owner can put right."""
    is_ours = not isinstance(error, (BibpressError, OSError))
    return "".join(traceback.format_exception(error)) if is_ours else ""


def file_of(path: str) -> str:
    """The file that a path within the site names: a folder's is its index."""
    return f"{path}index.html" if path == "" or path.endswith("/") else path


def _answer(site: Site, path: str, moved: Mapping[str, str]) -> Answer:
    file = file_of(path)
    if file in moved:
        return Answer(HTTPStatus.FOUND, _HTML, b"", f"/{quote(moved[file])}")
    content = site.content(file)
    if content is not None:
        return Answer(HTTPStatus.OK, media_type(file), content, beside=site.beside)
    if site.content(f"{file}/index.html") is not None:
        return Answer(HTTPStatus.FOUND, _HTML, b"", f"/{quote(path)}/")
    lost = site.content(NOT_FOUND) or b""
    url = site.loaded.settings.site.url  # the links of this one page are full addresses
    return Answer(HTTPStatus.NOT_FOUND, _HTML, lost.replace(url.encode(), b"/") if url else lost)


def _moved(before: Site, now: Site, earlier: Mapping[str, str]) -> dict[str, str]:
    """Pages of papers that lie elsewhere now: who corrects the title of a new paper still sees it.

    An address lasts from the first build on, when the ledger knows it. A paper is known by its key.
    """
    places = {paper.key: paper_path(paper.id) for paper in now.loaded.library.papers}
    pages = {paper_path(paper.id): paper.key for paper in before.loaded.library.papers}
    there = set(places.values())
    gone = {page: places[key] for page, key in pages.items() if page not in there and key in places}
    followed = {page: gone.get(place, place) for page, place in earlier.items()}
    return {page: place for page, place in (followed | gone).items() if page not in there}


def _shown(problem: Problem, site: Site | None, is_own: bool) -> dict[str, object]:
    return {
        "severity": problem.severity,
        "place": str(problem.where),
        "message": problem.message,
        "page": site.source_page(problem.where.file) if site else "",
        "own": is_own,
    }


def _plain(status: HTTPStatus, *said: str) -> Answer:
    """A page of ours with a paragraph for each thing said, where there is none of the site."""
    paragraphs = "".join(f"<p>{html.escape(each)}</p>" for each in said)
    page = (
        '<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>bibpress</title>\n'
        f"<body><h1>bibpress</h1>{paragraphs}</body></html>\n"
    )
    return Answer(status, _HTML, page.encode("utf-8", "replace"))


def injected(answer: Answer) -> bytes:
    """A page with the preview's script before its end, and its mark; anything else as it is."""
    if answer.kind != _HTML or answer.elsewhere:
        return answer.content
    script = f'<script src="/{OWN}preview.js" data-mark="{answer.mark}" defer></script>\n'
    head, end, tail = answer.content.rpartition(b"</body>")
    return head + script.encode() + end + tail if end else answer.content + script.encode()


_HTML = "text/html; charset=utf-8"
_TYPES = {
    ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml",
    ".json": "application/json", ".jsonl": "application/jsonl", ".xml": "application/xml",
    ".bib": "application/x-bibtex", ".ris": "application/x-research-info-systems",
    ".csv": "text/csv", ".txt": "text/plain", ".md": "text/markdown", ".pdf": "application/pdf",
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
    ".webp": "image/webp", ".avif": "image/avif", ".ico": "image/x-icon",
    ".woff": "font/woff", ".woff2": "font/woff2", ".webmanifest": "application/manifest+json",
}  # fmt: skip
_NO_TEXT = ("image/", "font/", "application/pdf")


def media_type(path: str) -> str:
    """The media type by a name's ending, the same on every system; text is UTF-8."""
    kind = _TYPES.get(PurePosixPath(path).suffix.lower(), "application/octet-stream")
    is_text = kind == "image/svg+xml" or not kind.startswith((*_NO_TEXT, "application/octet"))
    return f"{kind}; charset=utf-8" if is_text else kind


# --- watching -------------------------------------------------------------------------------------

Signature = tuple[int, int, int]
"""What changes with a file: when it was changed, its size, its inode."""

UNSETTLED = 40
"""Looks at files that never come to rest (a second), after which they are read as they are."""


PAUSE = 0.05
"""Seconds between looks; one takes 0.2 ms, and 5 ms where there are 1,000 files."""

SETTLING = 0.025
"""Seconds until the second look at what changed: longer than an editor takes to replace a file."""

BUSY = 10
"""How many times as long as a look the pause after it lasts: looking costs a tenth at most."""

FOLDERS = ("content", "templates", "static")
"""Those of a site folder that a build reads."""

AGAIN = 20
"""Looks after which the files are searched for without a sign that there are others."""


class Watch:
    """Notices changes by looking.

    A change is reported once two looks agree on it: programs write in pieces, and some remove a
    file before they put the new one in its place.
    """

    def __init__(self, sources: Sequence[Path]) -> None:
        self._sources = sources
        self._files: list[tuple[str, Path]] = []
        self._folders: list[tuple[str, Path]] = []
        self._error = ""
        self._is_broken = False
        self._found: dict[str, object] = {}
        self._age = AGAIN
        self._seen = self._coming = self._look()
        self._looks = 0

    def step(self) -> tuple[str, ...]:
        """Look once; the names of what changed, once it is at rest, and none until then."""
        now = self._look()
        is_at_rest, self._coming = now == self._coming, now
        self._looks = self._looks + 1 if now != self._seen else 0
        if now == self._seen or not (is_at_rest or self._looks > UNSETTLED):
            return ()
        seen, self._seen, self._looks = self._seen, now, 0
        # As long as nobody could say which files there are, those found afterwards are not new.
        names = seen.keys() if seen[""] else now.keys() | seen.keys()
        changed = [name for name in names if now.get(name) != seen.get(name)]
        return tuple(sorted(filter(None, changed))) or ("the sources",)

    def changes(
        self, ended: threading.Event, clock: Callable[[], float]
    ) -> Iterator[tuple[str, ...]]:
        """What changed, each time that something did, until somebody says that it is enough."""
        pause = PAUSE
        while not ended.wait(pause):
            begun = clock()
            if changed := self.step():
                yield changed
                pause = PAUSE
            else:
                pause = SETTLING if self._looks else max(PAUSE, BUSY * (clock() - begun))

    def _look(self) -> dict[str, object]:
        """What the system says of every file that a site is made of, the ledger included.

        Which files these are is asked again where something changed, a folder above all; now and
        then without, for a folder's time may be too coarse to tell. Where nobody can say (settings
        that are no TOML, a source that is gone for a moment), they are those that they were, and
        those that say it. An extension that cannot be run is a program of the owner's: it is not
        run again until a file has changed.
        """
        now = _signatures([*self._files, *self._folders])
        self._age += 1
        if now != self._found or (self._age >= AGAIN and not self._is_broken):
            self._find()
        return {name: self._found[name] for name, _ in self._files} | {"": self._error}

    def _find(self) -> None:
        self._age, self._error, self._is_broken = 0, "", False
        try:
            self._is_broken = bool(config.load(site_folder(self._sources)).extensions)
            own_extensions(self._sources)
            self._is_broken = False
            self._files = _files(self._sources)
        except Exception as refused:  # which loading will meet too, and say
            self._error = str(refused)
            self._files = list(dict.fromkeys((*self._files, *_saying(self._sources))))
        self._folders = [(f"{folder}/", folder) for folder in _folders(self._sources)]
        self._found = _signatures([*self._files, *self._folders])


def _signatures(files: Iterable[tuple[str, Path]]) -> dict[str, object]:
    return {name: _signature(file) for name, file in files}


def _signature(file: Path) -> Signature:
    try:
        found = os.stat(file)  # noqa: PTH116 - thousands of times a second
    except OSError:
        return (0, 0, 0)
    return found.st_mtime_ns, found.st_size, found.st_ino


def _files(sources: Sequence[Path]) -> list[tuple[str, Path]]:
    """All files that a site is made of, those of its folder by the names they have there."""
    home = site_folder(sources)
    own = [(ledger.LEDGER, home / ledger.LEDGER)] if home else []
    files = [*own, *made_of(sources)]
    return [
        (str(file.relative_to(home)) if home and file.is_relative_to(home) else name, file)
        for name, file in files
    ]


def _saying(sources: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """The files of a site folder that say which files a site is made of."""
    if home := site_folder(sources):
        yield config.CONFIG, home / config.CONFIG
        with suppress(BibpressError):
            names = config.load(home).extensions
            yield from ((name, home / name) for name in names if name.endswith(".py"))


def _folders(sources: Sequence[Path]) -> Iterator[Path]:
    """The folders in which a file may come to be that a site is made of."""
    home = site_folder(sources)
    if home:
        yield home
    waiting = [home / name for name in FOLDERS] if home else []
    waiting += [source for source in sources if source != home and source.is_dir()]
    while waiting:
        folder = waiting.pop()
        with suppress(OSError), os.scandir(folder) as entries:
            yield folder
            below = [entry for entry in entries if entry.is_dir(follow_symlinks=False)]
            waiting += [Path(entry.path) for entry in below if not entry.name.startswith(".")]


# --- serving --------------------------------------------------------------------------------------

# How long a connection may say nothing before it is given up, and an open stream before a sign of
# life finds out whether anybody is there.
PATIENCE = 30.0
HEARTBEAT = 10.0

_SAFE = (
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
    # Pages of other sites can neither read what is given out nor show it.
    ("Cross-Origin-Resource-Policy", "same-origin"),
)


class Server(http.server.ThreadingHTTPServer):
    """Gives a preview out, at `address`; raises OSError where host or port cannot be had."""

    daemon_threads = True
    allow_reuse_address = os.name != "nt"  # Windows would let two servers have one port

    def __init__(self, preview: Preview, host: str, port: int) -> None:
        family, *_, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        self.address_family = family
        self.preview = preview
        self.named = host
        super().__init__((str(place[0]), port), _Handler)

    def server_bind(self) -> None:
        """Take the port, without asking who on the network knows our name."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = self.named, int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that hangs up in the middle is nothing to tell of."""

    @property
    def address(self) -> str:
        """The address for a browser."""
        host = f"[{self.named}]" if ":" in self.named else self.named
        anywhere = self.named in ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
        return f"http://{'localhost' if anywhere else host}:{self.server_port}/"

    @property
    def is_local(self) -> bool:
        """Whether nobody but this machine can reach the server."""
        return ipaddress.ip_address(str(self.server_address[0]).split("%")[0]).is_loopback

    def trusts(self, host: str) -> bool:
        """Whether a request that says it is for `host` may be answered.

        A page of another site may have its own name lead to this machine, and read as its own what
        comes from there (DNS rebinding); but the browser then says that name.
        """
        try:
            name = urlsplit(f"//{host}").hostname or ""
            known = name in ("localhost", self.named.lower()) or name.endswith(".localhost")
            return not self.is_local or known or ipaddress.ip_address(name).is_loopback
        except ValueError:
            return False


@contextmanager
def serving(preview: Preview, host: str, port: int | None) -> Iterator[Server]:
    """A server at work in threads of its own, until the end of the block.

    Without a port it is the first of PORTS that is free. Raises UsageError where there is none.
    """
    server = _bound(preview, host, PORTS if port is None else (port,))
    thread = threading.Thread(target=server.serve_forever, args=(_POLL,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        preview.end()
        server.shutdown()
        server.server_close()


PORTS = range(8000, 8020)
_POLL = 0.05  # seconds that the end of the server may take


def _bound(preview: Preview, host: str, ports: Sequence[int]) -> Server:
    for port in ports:
        try:
            return Server(preview, host, port)
        except (OSError, OverflowError, UnicodeError) as error:
            last = error
    ports_said = f"port {ports[0]}" if len(ports) == 1 else f"ports {ports[0]} to {ports[-1]}"
    why = _REFUSED.get(getattr(last, "errno", None) or 0, str(last))
    raise UsageError(f"cannot serve at {host}, {ports_said}: {why}")


# What the codes of an operating system mean here, and what to do.
_REFUSED = {
    errno.EADDRINUSE: "another program is there already; say another with --port",
    errno.EACCES: "only the system's own programs may; say a port from 1024 on with --port",
    errno.EADDRNOTAVAIL: "this machine does not have that address; say another with --host",
    **dict.fromkeys(
        (socket.EAI_NONAME, socket.EAI_AGAIN), "nobody knows that name; say another with --host"
    ),
}


class _Handler(http.server.BaseHTTPRequestHandler):
    """Answers one connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "bibpress", ""
    timeout = PATIENCE

    def do_GET(self) -> None:
        """A file of the site, of the preview's own, or the stream of events."""
        with suppress(ConnectionError, TimeoutError):
            if not self.server.trusts(self.headers.get("Host", "")):
                said = f"this preview is to be had at {self.server.address}"
                self._send(_plain(HTTPStatus.MISDIRECTED_REQUEST, said))
                return
            try:
                asked = urlsplit(self.path)
            except ValueError as error:
                self._send(_plain(HTTPStatus.BAD_REQUEST, f"this is no address: {error}"))
                return
            path = unquote(asked.path).removeprefix("/")
            if path == EVENTS:
                self._tell(parse_qs(asked.query).get("path", ["/"])[0].removeprefix("/"))
            elif path in _OWN_FILES:
                content = (Path(__file__).parent / path.removeprefix(OWN)).read_bytes()
                self._send(Answer(HTTPStatus.OK, media_type(path), content))
            else:
                self._send(self.server.preview.answer(path))

    do_HEAD = do_GET  # noqa: N815 - the base class's name

    def _send(self, answer: Answer) -> None:
        content = injected(answer)
        self._begin(answer.status, answer.kind)
        self.send_header("Content-Length", str(len(content)))
        if answer.elsewhere:
            self.send_header("Location", answer.elsewhere)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _tell(self, path: str) -> None:
        """Tell a page of every change, as server-sent events, until it goes away."""
        self.close_connection = True
        self._begin(HTTPStatus.OK, "text/event-stream; charset=utf-8")
        self.send_header("Connection", "close")
        self.end_headers()
        preview, number = self.server.preview, -2  # any but a real one: the first is told at once
        if self.command == "HEAD":
            return
        with preview.watched(file_of(path)):
            while (now := preview.wait(number, HEARTBEAT)) >= 0:
                said = f"data: {json.dumps(preview.state(path))}\n\n" if now != number else ":\n\n"
                self.wfile.write(said.encode())
                number = now

    def _begin(self, status: HTTPStatus, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in _SAFE:
            self.send_header(name, value)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing: what the terminal tells of are the sources."""


_OWN_FILES = frozenset((f"{OWN}preview.js", f"{OWN}preview.css"))
