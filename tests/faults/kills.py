"""Builds that are ended: at random moments, at random calls, with and without their workers."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import replace
from functools import partial
from random import Random
from signal import Signals

from tests.faults import strace
from tests.faults.world import STATUSES, Ended, Trial, World, left_behind, run, trial
from tests.publishing import snapshot

IMPATIENCE = 0.05
"""Seconds between two signals of someone who cannot wait."""

SAYS_ANOTHER = "another build is writing"


def at_calls(
    world: World,
    count: int,
    moments: Random,
    *,
    number: Signals,
    cold: bool = False,
    kinds: Sequence[str] = tuple(strace.KINDS),
    refused: Sequence[str] = (),
) -> Iterator[Trial]:
    """A signal at random calls of the command, of these kinds; needs strace.

    `refused` are calls that the system shall not have, as strace is told of them.
    """
    log = world.folder.parent / "calls.log"
    calls = [call for call in recorded(world, cold=cold, refused=refused) if call.kind in kinds]
    for call in moments.sample(calls, min(count, len(calls))):
        before = strace.struck(log, call, f"signal={number.name.removeprefix('SIG')}", refused)
        what = f"{number.name} at {call.name} {call.number}"
        yield trial(world, what, partial(under, before), STATUSES[number], cold=cold)


def under(before: Sequence[str], world: World) -> Ended:
    """A build with something before its command."""
    return run(world, [*before, *world.command()])


def recorded(world: World, *, cold: bool = False, refused: Sequence[str] = ()) -> list[strace.Call]:
    """The calls of a build that nobody harms."""
    log = world.folder.parent / "recorded.log"
    if cold:
        world.clear()
    world.turn()
    ended = run(world, [*strace.traced(log, refused), *world.command()])
    assert ended.status == 0, ended.err
    return strace.calls(log, world.folder)


def at_moments(
    world: World,
    count: int,
    moments: Random,
    *,
    number: Signals,
    cold: bool = False,
    group: bool = False,
    again: bool = False,
) -> Iterator[Trial]:
    """A signal at random moments, to the command or to all of its processes at once.

    A terminal sends an interrupt to all of them, and so does what ends a service. `again`: and a
    second one right after, from someone who cannot wait.
    """
    seconds = duration(world, cold=cold)
    for _ in range(count):
        moment = moments.uniform(0, seconds)

        def harm(world: World, moment: float = moment) -> Ended:
            with world.begun(world.command()) as running:
                for wait in (moment, IMPATIENCE) if again else (moment,):
                    time.sleep(wait)
                    with suppress(ProcessLookupError):
                        (os.killpg if group else os.kill)(running.process.pid, number)
                return running.ended()

        whom = "all processes" if group else "the command"
        what = f"{number.name} to {whom} after {moment:.2f} s"
        yield trial(world, what, harm, STATUSES[number], cold=cold)


def duration(world: World, *, cold: bool = False) -> float:
    """How long a build takes here and now."""
    if cold:
        world.clear()
    world.turn()
    begun = time.monotonic()
    world.must_build()
    return time.monotonic() - begun


def of_workers(world: World, count: int, moments: Random) -> Iterator[Trial]:
    """A worker killed, as for want of memory, at random moments from its first on."""
    for _ in range(count):
        moment = moments.uniform(0, 0.5)

        def harm(world: World, moment: float = moment) -> Ended:
            with world.begun(world.command()) as running:
                workers = running.wait_for_workers()
                time.sleep(moment)
                for pid in workers[:1]:
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                return running.ended()

        yield trial(world, f"a worker killed after {moment:.2f} s", harm, (1,), cold=True)


# --- two at once --------------------------------------------------------------------------------


def two_at_once(world: World, count: int, moments: Random) -> Iterator[Trial]:
    """A second build of a place while the first is under way: refused in one line, or after it."""
    seconds = duration(world)
    for _ in range(count):
        moment = moments.uniform(0, seconds)

        def harm(world: World, moment: float = moment) -> Ended:
            with world.begun(world.command()) as first:
                time.sleep(moment)
                second = run(world, world.command())
                return _the_refused(first.ended(), second)

        yield trial(world, f"a second build after {moment:.2f} s", harm, (1,))


def _the_refused(first: Ended, second: Ended) -> Ended:
    """Of two builds of a place the one that was refused, with what is wrong about that."""
    refused = [ended for ended in (first, second) if ended.status]
    wrong = ["both were refused"] if len(refused) == 2 else []
    wrong += [f"refused otherwise: {e.err}" for e in refused if SAYS_ANOTHER not in e.err]
    return replace((*refused, second)[0], wrong=tuple(wrong))


def to_two_places(world: World, count: int, *_moments: object) -> Iterator[Trial]:
    """A site folder without a ledger, built to two places at once: all as if it were one.

    Both builds write the ledger. Ends with the world as it was.
    """
    ledger, other = world.site / "ledger.tsv", world.folder / "other"
    remembered = ledger.read_bytes()
    alone = _from_nothing(world, world.command())
    for _ in range(count):
        both = _from_nothing(world, world.command(), world.command("-o", str(other)))
        wrong = [f"{name} differ" for name in alone if both[name] != alone[name]]
        wrong += ["the places differ"] if snapshot(other) != both["published files"] else []
        shutil.rmtree(other)
        shutil.rmtree(other.with_name(".other.bibpress"))
        yield Trial("to two places", "new", "publish", 0, tuple(wrong))
    ledger.write_bytes(remembered)
    world.clear()
    world.must_build()


def _from_nothing(world: World, *commands: Sequence[str]) -> dict[str, object]:
    """What comes of commands that run at once, where there is neither a site nor a ledger."""
    world.clear()
    (world.site / "ledger.tsv").unlink()
    with ExitStack() as stack:
        running = [stack.enter_context(world.begun(command)) for command in commands]
        errors = [ended.err for each in running if (ended := each.ended()).status]
    return {
        "errors": errors,
        "published files": world.published,
        "ledgers": (world.site / "ledger.tsv").read_text(),
        "remains": left_behind(world),
    }
