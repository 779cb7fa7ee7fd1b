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

from tests.conftest import write
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
    """A build with something before its command that ends it; unmet if it came to its own end."""
    ended = run(world, [*before, *world.command()])
    return replace(ended, met=None if ended.status else "")


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


MORE = {
    "one.bib": "@misc{one, title={One paper more}, author={More, Ann}, year=2001}\n",
    "two.bib": "@misc{two, title={And another one}, author={More, Bea}, year=2002}\n",
}
"""A paper for each of two builds that the other does not have."""


def to_two_places(world: World, count: int, *_moments: object) -> Iterator[Trial]:
    """A site folder without a ledger, built to two places at once, each with a paper more.

    Both builds write the ledger, and no line of either may be lost: one waits for the other. Each
    publishes what it does where they come one after another, in either order. Ends with the world
    as it was.
    """
    ledger, (more, other) = world.site / "ledger.tsv", (world.folder / name for name in MORE)
    remembered = ledger.read_bytes()
    write(world.folder, MORE)
    one = world.command(str(more), "-o", str(world.out))
    two = world.command(str(other), "-o", str(world.folder / "other"))
    orders = [_from_nothing(world, [first], [second]) for first, second in ((one, two), (two, one))]
    for _ in range(count):
        both = _from_nothing(world, [one, two])
        wrong = [name for name in both if both[name] not in [order[name] for order in orders]]
        said = [f"{name}: {both[name]}"[:2000] for name in wrong]
        yield Trial("to two places", "neither" if wrong else "new", "publish", 0, tuple(said))
    more.unlink()
    other.unlink()
    ledger.write_bytes(remembered)
    world.clear()
    world.must_build()


def _from_nothing(world: World, *turns: Sequence[Sequence[str]]) -> dict[str, object]:
    """What comes of commands, those of a turn at once, where there is neither site nor ledger."""
    world.clear()
    (world.site / "ledger.tsv").unlink()
    errors = [ended.err for turn in turns for ended in _at_once(world, turn) if ended.status]
    other = world.folder / "other"
    found: dict[str, object] = {
        "errors": errors,
        "ledger": (world.site / "ledger.tsv").read_text(),
        "one place": world.published,
        "the other": snapshot(other),
        "remains": left_behind(world),
    }
    for folder in (other, other.with_name(".other.bibpress")):
        shutil.rmtree(folder)
    return found


def _at_once(world: World, commands: Sequence[Sequence[str]]) -> list[Ended]:
    with ExitStack() as stack:
        running = [stack.enter_context(world.begun(command)) for command in commands]
        return [each.ended() for each in running]
