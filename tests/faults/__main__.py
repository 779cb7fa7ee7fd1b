"""`python -m tests.faults`: all kinds of harm at full length, and a table of what came of it.

Takes about two hours of one core; `--count` and `--every` make it shorter, names of parts choose
some of it. Ends with status 1 if anything was wrong. Linux only; what needs strace or mounts is
left out, and said, where there is none.
"""

from __future__ import annotations

import argparse
import functools
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from signal import SIGINT, SIGKILL, SIGTERM, Signals

import click

from tests.faults import disks, errors, folders, kills, power, strace
from tests.faults.strace import CHANGING
from tests.faults.world import Trial, World

MANY = 120
"""Papers of a site whose pages are made by workers, of which a rebuild makes enough for that."""

READING = ("read", "list", "stat", "close")
"""Kinds of calls of which there are thousands; of them only some meet a fault."""

NO_EXCHANGE = ("renameat2:error=EINVAL",)
NO_PROCESS = ("EAGAIN", "ENOMEM", "EMFILE", "ENOSPC")

INSIDE = "BIBPRESS_FAULTS_INSIDE"
"""Set in the environment where this has started itself again in its own mount namespace."""


@dataclass(frozen=True)
class Worlds:
    """The sites that harm is done to, each built when it is first asked for."""

    folder: Path

    @functools.cached_property
    def small(self) -> World:
        """A site of which every call can be looked at."""
        return World(self.folder / "small").settle()

    @functools.cached_property
    def many(self) -> World:
        """A site that is made by workers."""
        return World(self.folder / "many", MANY, ("--jobs", "2")).settle()

    @functools.cached_property
    def stepwise(self) -> World:
        """A site on a system that has no exchange of folders."""
        return World(self.folder / "stepwise", exchanges=False).settle()

    @functools.cached_property
    def disk(self) -> World:
        """A site on a disk with room for a few of it."""
        disks.mount(self.folder / "disk", size="16m", nr_inodes="2048")
        return World(self.folder / "disk/world").settle()

    @functools.cached_property
    def powered(self) -> World:
        """A site on a disk whose power may fail."""
        power.plug_in(self.folder / "powered")
        return World(self.folder / "powered/world").settle()

    @functools.cached_property
    def mounted(self) -> World:
        """A site whose published folder is a mount point."""
        world = World(self.folder / "mounted", exchanges=False)
        world.out.mkdir(parents=True)
        disks.mount(world.out)
        return world.settle()


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table: trials of one kind on one of the worlds.

    `part` of the whole number of trials is done; `needs` is what they cannot do without.
    """

    group: str
    what: str
    world: str
    trials: Callable[[World, int, Random], Iterator[Trial]]
    part: float = 1.0
    needs: str = ""


BUILDS = ((True, "cold build"), (False, "rebuild"))


def rows(every: int) -> Iterator[Row]:
    """All kinds of harm."""
    for cold, build in BUILDS:
        yield from _ended(SIGKILL, "kill -9", cold, build)
    for number in (SIGINT, SIGTERM):
        for cold, build in BUILDS:
            yield from _ended(number, number.name, cold, build)
    twice = partial(kills.at_moments, number=SIGINT, cold=True, group=True, again=True)
    yield Row("SIGINT", "cold build, all processes, twice", "many", twice, 1 / 8)
    yield from _without_exchange()
    yield Row("workers", "one is killed", "many", kills.of_workers, 0.2)
    yield Row("at once", "two builds of one place", "small", kills.two_at_once, 0.2)
    yield Row("at once", "two builds of one site folder", "small", kills.to_two_places, 0.2)
    yield from _errors(every)
    for cold, build in BUILDS:
        for what, trials in (("full", disks.full), ("no inodes", disks.nameless)):
            limited = partial(trials, cold=cold)
            yield Row("disks", f"{what}, {build}", "disk", limited, 0.2, MOUNTS)
    for cold, build in BUILDS:
        cuts = partial(power.cuts, cold=cold)
        yield Row("power", f"cut, {build}", "powered", cuts, 0.2, POWER)
    yield Row("power", "cut, had nothing been synchronised", "powered", power.control, 0.1, POWER)
    yield Row("folders", "refused", "small", folders.refused)
    yield Row("folders", "any umask", "small", folders.masked)
    yield Row("folders", "one syncfs, then the exchange", "small", folders.synchronised, 1, TRACES)


def _ended(number: Signals, name: str, cold: bool, build: str) -> Iterator[Row]:
    """A signal, over all builds together as often as the count says."""
    clock = partial(kills.at_moments, number=number, cold=cold)
    yield Row(name, f"{build}, by the clock", "many", clock, 1 / 8)
    everyone = partial(clock, group=True)
    yield Row(name, f"{build}, all processes", "many", everyone, 1 / 8)
    calls = partial(kills.at_calls, number=number, cold=cold)
    yield Row(name, f"{build}, at any call", "many", calls, 1 / 8, TRACES)
    writing = partial(calls, kinds=CHANGING)
    yield Row(name, f"{build}, at a call that writes", "many", writing, 1 / 8, TRACES)


def _without_exchange() -> Iterator[Row]:
    killed = partial(kills.at_calls, number=SIGKILL)
    renames = partial(killed, kinds=("rename",), refused=NO_EXCHANGE)
    yield Row("no exchange", "kill -9 at every rename", "stepwise", renames, 1, TRACES)
    for cold, build in BUILDS:
        mounted = partial(killed, kinds=CHANGING, cold=cold)
        yield Row("no exchange", f"{build} on a mount point", "mounted", mounted, 0.2, MOUNTS)


def _errors(every: int) -> Iterator[Row]:
    """Faults at the calls of a rebuild; of a cold one and of the start of workers."""
    at_calls = errors.at_calls
    for kind in CHANGING:
        each = partial(at_calls, kinds=(kind,), all_errors=True)
        yield Row("errors", f"every {kind}, every error", "small", each, 1, TRACES)
    yield Row("errors", "every open", "small", partial(at_calls, kinds=("open",)), 1, TRACES)
    for kind in READING:
        some = partial(at_calls, kinds=(kind,), every=every)
        yield Row("errors", f"{kind}, one in {every}", "small", some, 1, TRACES)
    cold = partial(at_calls, kinds=CHANGING, every=every, cold=True)
    yield Row("errors", f"cold build, writing, one in {every}", "small", cold, 1, TRACES)
    starting = partial(at_calls, kinds=("start",), cold=True, errors=NO_PROCESS, all_errors=True)
    yield Row("errors", "every start of a worker", "many", starting, 1, TRACES)
    memory = partial(at_calls, kinds=("memory",), errors=("ENOMEM",))
    yield Row("errors", "every call for memory", "small", memory, 1, TRACES)


# --- doing it -----------------------------------------------------------------------------------


@dataclass
class Tally:
    """What came of the trials of a row."""

    found: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: int = 0
    seconds: float = 0.0

    @property
    def tried(self) -> int:
        """How many there were."""
        return self.found.total()


def main() -> int:
    """Do what was asked for; the status to end with."""
    asked = _asked()
    if not os.environ.get(INSIDE) and (words := disks.namespace()):
        again = [*words, sys.executable, "-m", "tests.faults", *sys.argv[1:]]
        os.execvpe(words[0], again, {**os.environ, INSIDE: "1"})  # noqa: S606 - as it stands there
    chosen = [
        row
        for row in rows(asked.every)
        if (not asked.group or row.group in asked.group) and asked.only in row.what
    ]
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        try:
            return _done(chosen, Worlds(Path(folder)), asked.count, asked.seed)
        finally:
            disks.unmount_below(Path(folder))


def _asked() -> argparse.Namespace:
    groups = list(dict.fromkeys(row.group for row in rows(1)))
    parser = argparse.ArgumentParser("python -m tests.faults", description=__doc__)
    parser.add_argument("group", nargs="*", help=f"which kinds: {', '.join(groups)}; else all")
    parser.add_argument("--count", type=int, default=200, help="kills, and so on in proportion")
    parser.add_argument("--only", default="", metavar="WORD", help="rows that are called so")
    parser.add_argument("--every", type=int, default=5, help="of frequent calls one in so many")
    parser.add_argument("--seed", type=int, default=6, help="another one, other moments")
    parser.add_argument("--folder", type=Path, help="where the sites are made; else as tempfile")
    return parser.parse_args()


def _done(chosen: Sequence[Row], worlds: Worlds, count: int, seed: int) -> int:
    """Do all rows, print each with its figures; 1 if anything was wrong."""
    click.echo(f"{'':11} {'':40} {'tried':>5} {'wrong':>5} {'s':>6}  published right after; status")
    wrong = 0
    for row in chosen:
        if lacking := LACKING[row.needs]():
            click.echo(f"{row.group:11} {row.what:40} skipped: {lacking}")
            continue
        tally = _tallied(row, getattr(worlds, row.world), count, Random(seed))  # noqa: S311 - nothing secret
        wrong += tally.wrong
        click.echo(_line(row, tally))
    click.echo("nothing was wrong" if not wrong else f"{wrong} WRONG")
    return int(wrong > 0)


def _tallied(row: Row, world: World, count: int, moments: Random) -> Tally:
    tally = Tally()
    begun = time.monotonic()
    for trial in row.trials(world, max(1, round(count * row.part)), moments):
        tally.found[trial.found] += 1
        tally.statuses[trial.status] += 1
        tally.wrong += bool(trial.wrong)
        for wrong in trial.wrong:
            click.echo(f"WRONG {row.group}, {row.what}: {trial.what}, at {trial.stage}: {wrong}")
    tally.seconds = time.monotonic() - begun
    return tally


def _line(row: Row, tally: Tally) -> str:
    found = ", ".join(f"{times} {what}" for what, times in sorted(tally.found.items()))
    statuses = ", ".join(f"{times}x {status}" for status, times in sorted(tally.statuses.items()))
    figures = f"{tally.tried:5} {tally.wrong:5} {tally.seconds:6.0f}"
    return f"{row.group:11} {row.what:40} {figures}  {found}; {statuses}"


def _mounts() -> str:
    inside = os.environ.get(INSIDE)
    return "" if inside else "nothing may be mounted here, not even in a namespace of its own"


TRACES, MOUNTS, POWER = "strace", "mounts", "disks"
LACKING: Mapping[str, Callable[[], str]] = {
    "": lambda: "",
    TRACES: strace.missing,
    MOUNTS: lambda: _mounts() or strace.missing(),
    POWER: lambda: _mounts() or strace.missing() or power.missing(),
}
"""Why what trials need cannot be had here; empty where it can."""


if __name__ == "__main__":
    sys.exit(main())
