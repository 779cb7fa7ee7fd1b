"""A small site, the real command on it, and what must hold whatever is done to the command.

A `World` is a folder with a site folder, a folder for temporary files, and nothing else. Its
sources are in one of three versions; what is published of each is known before any harm is done.
A *trial* turns the sources to the next version, builds while something is done to the command, and
asks: is what is published one whole site, old or new, was one plain line said, does the next build
need no help, and is nothing left behind?

Three versions, not two: beside the published site lies the one before it, and a build that goes
back to that would have nothing to make.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import ROOT, write
from tests.publishing import snapshot

Snapshot = Mapping[str, tuple[int, bytes]]
"""Mode and bytes by path, folders included: what `tests.publishing.snapshot` finds."""

NOTHING: Snapshot = {}

VERSIONS = ("first", "second", "third")

PATIENCE = 60
"""Seconds after which a command counts as hung; a build takes one or two."""

LINGER = 10
"""Seconds in which a worker has noticed that its command is gone, on a machine that does more."""

NAP = 0.01
"""Seconds between two looks."""

KILLED = -int(signal.SIGKILL)

KEPT = {"lock", "cache", "last", "next"}
"""The names that the work folder may have beside two manifests, as `generator.place` says."""

# What the command says of its progress where it is not talking to a terminal; what readers say of
# the sources; and the lines that end a list of them.
SAID = re.compile(
    r"(beginning|reading|reading closely|looking for topics|finding [a-z ]+|pages|publish|"
    r"waiting for another build)"
    r"(: [\d,]+)?|(warning|note|error): .*|… and [\d,]+ (more|more notes?|notes?); .*"
)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its status (negative: the signal), what it said, who lives on."""

    status: int
    out: str
    err: str
    survivors: tuple[str, ...] = ()
    met: str | None = None
    """What the harm struck, where that is known; empty where it came too late."""
    wrong: tuple[str, ...] = ()
    """What whoever did the harm has seen go wrong."""

    @property
    def stage(self) -> str:
        """What it was at, as far as it had said: "start" before the first stage."""
        stages = [line.partition(":")[0] for line in self.err.splitlines() if SAID.fullmatch(line)]
        return next((stage for stage in reversed(stages) if stage in STAGES), "start")

    @property
    def is_mute(self) -> bool:
        """Whether the harm struck its voice, or its life, so that it could not say why.

        Python's resource tracker may speak for the dead.
        """
        return self.status == KILLED or (self.met or "").startswith("write(2,")

    @property
    def left_out(self) -> bool:
        """Whether it says of a source that it could not be read: that costs only itself."""
        return ": cannot be read: " in self.err


STAGES = ("reading", "reading closely", "looking for topics", "finding topics", "finding mentions",
          "finding related papers", "pages", "publish")  # fmt: skip


@dataclass
class World:
    """A folder with a site in it; `papers` says how large the site is, `words` how it is built.

    From about 90 papers on the pages are made by workers.
    """

    folder: Path
    papers: int = 8
    words: tuple[str, ...] = ("--executor", "inline")
    exchanges: bool = True
    """Whether the system lets two folders change places; if not, the next start completes."""
    version: str = VERSIONS[0]
    sites: dict[str, Snapshot] = field(default_factory=dict)

    @property
    def site(self) -> Path:
        """The site folder."""
        return self.folder / "site"

    @property
    def out(self) -> Path:
        """The published folder."""
        return self.site / "_site"

    @property
    def work(self) -> Path:
        """The folder of what bibpress keeps for itself."""
        return self.site / "._site.bibpress"

    @property
    def published(self) -> Snapshot:
        """What is published; AssertionError for links of either kind in it."""
        return snapshot(self.out) if self.out.exists() else NOTHING

    @property
    def wanted(self) -> Snapshot:
        """What a build should publish now."""
        return self.sites[self.version]

    def settle(self) -> World:
        """Build every version and remember it, once the ledger knows the papers of them all."""
        (self.folder / "tmp").mkdir(parents=True)
        write(self.site, {**sources(VERSIONS[0], self.papers), **every_paper(self.papers)})
        self.must_build()
        for version in VERSIONS:
            self.turn(version)
            self.must_build()
            self.sites[version] = self.published
        return self

    def turn(self, version: str = "") -> str:
        """Give the sources the next version, or the one named; which it is now."""
        after = VERSIONS.index(self.version) + 1
        self.version = version or VERSIONS[after % len(VERSIONS)]
        write(self.site, sources(self.version, self.papers))
        return self.version

    def clear(self) -> None:
        """Make the next build a cold one, with nothing published."""
        for folder in (self.out, self.work):  # of a mount point only what it holds
            shutil.rmtree(folder, ignore_errors=True)

    def command(self, *words: str) -> list[str]:
        """The words of a build; -P: nothing is looked for in the current folder."""
        build = [sys.executable, "-P", "-m", "generator", "build", str(self.site)]
        return [*build, *self.words, *words]

    def must_build(self) -> None:
        """Build with nobody in the way; AssertionError when that does not work."""
        ended = run(self, self.command())
        assert ended.status == 0, ended.err

    @contextmanager
    def begun(self, command: Sequence[str], mask: int = 0o022) -> Iterator[Running]:
        """A command under way, in a session of its own; whatever is left of it ends with the block.

        Its marks are in the environment of all that it starts, so that survivors are known.
        """
        mark = uuid.uuid4().hex
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            # So a shell has started us in the background, and the command would ignore it as well.
            signal.signal(signal.SIGINT, signal.default_int_handler)
        with (
            tempfile.TemporaryFile("w+") as out,
            tempfile.TemporaryFile("w+") as err,
            subprocess.Popen(
                command,
                cwd=self.folder,
                env=environment(self, mark),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
                umask=mask,
            ) as process,
        ):
            running = Running(process, mark, out.fileno(), err.fileno())
            try:
                yield running
            finally:
                for pid in living(mark):
                    _kill(pid)


@dataclass(frozen=True, slots=True)
class Running:
    """A command under way."""

    process: subprocess.Popen[bytes]
    mark: str
    out: int
    err: int

    def ended(self) -> Ended:
        """Wait for its end, and a little longer for that of its workers."""
        hung = not until(lambda: self.process.poll() is not None, PATIENCE)
        if hung:
            os.killpg(self.process.pid, signal.SIGKILL)
        status = self.process.wait()
        until(lambda: not living(self.mark), LINGER)
        survivors = tuple(map(_said, living(self.mark)))
        wrong = (f"no end after {PATIENCE} s",) if hung else ()
        return Ended(status, _text(self.out), _text(self.err), survivors, wrong=wrong)

    def workers(self) -> list[int]:
        """The processes that it has started to make pages."""
        return [pid for pid in living(self.mark) if "spawn_main" in _said(pid)]

    def wait_for_workers(self) -> list[int]:
        """The workers, as soon as there are any; none if it ended without."""
        until(lambda: self.workers() or self.process.poll() is not None, PATIENCE)
        return self.workers()


def run(world: World, command: Sequence[str], mask: int = 0o022) -> Ended:
    """Run a command to its end."""
    with world.begun(command, mask) as running:
        return running.ended()


def environment(world: World, mark: str = "") -> dict[str, str]:
    """What the command finds around it; always the same day, and a folder for temporary files."""
    return {
        **{name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ},
        "HOME": str(world.folder / "home"),
        "PYTHONPATH": str(ROOT),
        "PYTHONHASHSEED": "0",
        "SOURCE_DATE_EPOCH": "1700000000",
        "TMPDIR": str(world.folder / "tmp"),
        "BIBPRESS_TRIAL": mark,
    }


# --- trials -------------------------------------------------------------------------------------

STATUSES = {
    signal.SIGKILL: (KILLED,),
    signal.SIGINT: (130, -int(signal.SIGINT)),
    signal.SIGTERM: (143, -int(signal.SIGTERM)),
}
"""How a command ends by a signal: in good order, or at once where it has only begun to import.

To a shell both are one status, 128 and the number. From its first stage on it is in good order.
"""

AT_ONCE = (-int(signal.SIGINT), -int(signal.SIGTERM))

FAULTY = (1, 2)
"""And by a fault of the machine; 2 where that strikes while the words of the call are looked at."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What was done, and what came of it.

    `found` is what was published right after: nothing, old, new, or new and "less" a source that
    was reported; "under way" where the next start completes it; "unmet" where the harm came too
    late. `wrong` is what should not be.
    """

    what: str
    found: str
    stage: str
    status: int
    wrong: tuple[str, ...]


def trial(
    world: World,
    what: str,
    harm: Callable[[World], Ended],
    statuses: Sequence[int],
    *,
    cold: bool = False,
) -> Trial:
    """Turn to the next version, build it while harm is done, and see what is left of that."""
    if cold:
        world.clear()
    before = world.published
    world.turn()
    ended = harm(world)
    found = _found(world, before, ended)
    wrong = (*wrongs_now(world, ended, before, statuses), *wrongs_later(world))
    if wrong:  # the next trial shall begin with a whole site
        world.clear()
        world.must_build()
    return Trial(what, found, ended.stage, ended.status, wrong)


def _found(world: World, before: Snapshot, ended: Ended) -> str:
    if ended.left_out or ended.met == "":
        return "less" if ended.left_out else "unmet"
    try:
        now = world.published
    except AssertionError:
        return "neither"
    if now == world.wanted:
        return "new"
    if now == before:
        return "old" if len(now) > 1 else "nothing"
    return "under way" if is_under_way(world, now, before) else "neither"


# --- what must hold -----------------------------------------------------------------------------


def wrongs_now(
    world: World, ended: Ended, before: Snapshot, statuses: Sequence[int]
) -> Iterator[str]:
    """What is wrong right after harm was done to a build; nothing, if all is well.

    `before` is what was published; `statuses` are those that a command may have which was kept
    from publishing.
    """
    yield from ended.wrong
    try:
        now = world.published
    except AssertionError as error:
        yield str(error)
        return
    whole = now in (before, world.wanted) or ended.left_out
    if not whole and not is_under_way(world, now, before):
        yield f"neither the old nor the new site: {difference(now, world.wanted)}"
    if ended.status not in (0, *statuses):
        yield f"status {ended.status}: {ended.err[-2000:]}"
    if ended.status in AT_ONCE and ended.stage != "start":
        yield f"not in good order, status {ended.status} at {ended.stage}: {ended.err[-2000:]}"
    if ended.status == 0 and now != world.wanted and not ended.left_out:
        yield f"status 0, and not the new site: {difference(now, world.wanted)}"
    if ended.survivors:
        yield f"left running: {', '.join(ended.survivors)}"
    yield from wrongly_said(ended)


def is_under_way(world: World, now: Snapshot, before: Snapshot) -> bool:
    """Whether this is a state that the next start completes, where the system cannot exchange.

    Between two renames nothing is published; file by file, each file is an old or a new one.
    """
    if world.exchanges:
        return False
    if (world.work / "journal").exists():
        known = [*before.items(), *world.wanted.items()]
        return all(item in known for item in now.items() if item[0] != ".bibpress.tmp")
    return not now and (world.work / "old").exists()


def wrongly_said(ended: Ended) -> Iterator[str]:
    """What should not be on the terminal, and whether the one line that should be there is not."""
    lines = ended.err.splitlines()
    errors = [line for line in lines if line.startswith("bibpress: ")]
    if ended.is_mute:
        return
    other = [line for line in lines if line not in errors and not SAID.fullmatch(line)]
    if other:
        yield f"said besides: {chr(10).join(other)[-2000:]}"
    if len(errors) != (ended.status > 0) or errors != lines[-1:][: len(errors)]:
        yield f"not one line of error at the end: {errors or lines[-3:]}"


def wrongs_later(world: World) -> Iterator[str]:
    """What is wrong with the next build: it needs no help, is right, and leaves nothing behind."""
    ended = run(world, world.command())
    if ended.status or ended.survivors:
        yield f"the next build: status {ended.status}, {ended.survivors}: {ended.err[-2000:]}"
        return
    if world.published != world.wanted:
        yield f"the next build is not right: {difference(world.published, world.wanted)}"
    if remains := left_behind(world):
        yield f"left behind: {', '.join(remains)}"


def left_behind(world: World) -> list[str]:
    """Whatever lies in the world that no build may leave there."""
    work = {path.name for path in world.work.iterdir()}
    manifests = {name for name in work if name.startswith("manifest-")}
    names = sorted(work - KEPT - (manifests if len(manifests) <= 2 else set()))
    allowed = {"_site", "._site.bibpress", "ledger.tsv"}
    allowed |= {name.split("/")[0] for name in sources(world.version, world.papers)}
    beside = sorted({path.name for path in world.site.iterdir()} - allowed)
    temporary = sorted(path.name for path in (world.folder / "tmp").iterdir())
    return [*names, *beside, *temporary]


def difference(one: Snapshot, other: Snapshot) -> str:
    """Where two sites differ, in a few words."""
    more, less = sorted(one.keys() - other.keys()), sorted(other.keys() - one.keys())
    changed = sorted(path for path in one.keys() & other.keys() if one[path] != other[path])
    return f"{len(one)} files, too many {more[:5]}, missing {less[:5]}, different {changed[:5]}"


# --- processes ----------------------------------------------------------------------------------


def living(mark: str) -> list[int]:
    """The processes with a mark in their environment that have not ended; Linux only."""
    return [pid for pid in _processes() if mark in _read(f"/proc/{pid}/environ")]


def until(condition: Callable[[], object], seconds: float) -> bool:
    """Wait until something holds, or so many seconds; whether it does.

    They are counted in naps, for somebody may stop us and what we wait for, and go on later.
    """
    for _ in range(round(seconds / NAP)):
        if condition():
            return True
        time.sleep(NAP)
    return bool(condition())


def _processes() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdecimal()]  # noqa: PTH208 - names


def _said(pid: int) -> str:
    return _read(f"/proc/{pid}/cmdline").replace("\0", " ").strip()


def _read(path: str) -> str:
    try:
        return Path(path).read_text(errors="replace")
    except OSError:  # it has ended meanwhile, or is none of ours
        return ""


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _text(handle: int) -> str:
    return os.pread(handle, 1_000_000, 0).decode(errors="replace")


# --- the site -----------------------------------------------------------------------------------

FAMILIES = ("Smith", "Li", "Müller", "Ng", "Okafor")
GIVEN = ("Ada", "Bo", "Cyd", "Dee", "Eli", "Fay", "Gus")
SUBJECTS = ("pruning graphs", "folding napkins", "training sparse networks")

TOPICS = '[[topic]]\nslug = "graphs"\nname = "Graphs"\nphrases = ["graphs", "networks"]\n'
LISTING = "Title: On the shape of napkins\nAbstract: We show that napkins have a shape.\n"


def sources(version: str, papers: int) -> dict[str, str]:
    """The files of the site folder: in the next version a paper goes, one comes, a third differ."""
    first = VERSIONS.index(version)
    entries = "".join(_entry(number, version) for number in range(first, papers + first))
    return {
        "bibpress.toml": 'title = "A small site"\nurl = "https://example.org/"\n',
        "content/refs.bib": entries,
        "content/listing.txt": LISTING,
        "content/note.md": f"---\nkey: k2\n---\nThe {version} note, with $x^2$, on [@k3].\n",
        "content/topics.toml": TOPICS,
        "static/CNAME": "example.org\n",
    }


def every_paper(papers: int) -> dict[str, str]:
    """The file with the papers of all versions."""
    entries = (_entry(number, VERSIONS[0]) for number in range(papers + len(VERSIONS) - 1))
    return {"content/refs.bib": "".join(entries)}


def _entry(number: int, version: str) -> str:
    author = f"{FAMILIES[number % len(FAMILIES)]}, {GIVEN[number % len(GIVEN)]}"
    subject = SUBJECTS[number % len(SUBJECTS)]
    said = version if number % 3 == 0 else "only"
    return f"""@article{{k{number}, title = {{Part {number} on {subject}}},
  author = {{{author} and Li, Bo}}, year = {2000 + number % 9}, journal = {{Journal of Napkins}},
  abstract = {{We report on {subject}, the {said} part {number}.}}}}
"""
