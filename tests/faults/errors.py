"""The system refuses: an error at every n-th call of the command, of every kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from tests.faults import strace
from tests.faults.kills import recorded
from tests.faults.world import FAULTY, Ended, Trial, World, run, trial

ERRORS = ("ENOSPC", "EIO", "EACCES", "EMFILE")


def at_calls(
    world: World,
    *_: object,
    kinds: Sequence[str],
    every: int = 1,
    least: bool = False,
    errors: Sequence[str] = ERRORS,
    all_errors: bool = False,
    cold: bool = False,
) -> Iterator[Trial]:
    """An error at every n-th call of these kinds: the next error each time, or all of them.

    With `least` at one call of each kind, in the midst of them.
    """
    calls = [call for call in recorded(world, cold=cold) if call.kind in kinds][::every]
    if least:
        of_a_kind = [[call for call in calls if call.kind == kind] for kind in kinds]
        calls = [found[len(found) // 2] for found in of_a_kind if found]
    for at, call in enumerate(calls):
        for error in errors if all_errors else [errors[at % len(errors)]]:
            what = f"{error} at {call.name} {call.number}, {call.said[:150]}"
            yield trial(world, what, partial(_struck, call, error), FAULTY, cold=cold)


def _struck(call: strace.Call, error: str, world: World) -> Ended:
    log = world.folder.parent / "struck.log"
    log.unlink(missing_ok=True)
    ended = run(world, [*strace.struck(log, call, f"error={error}"), *world.command()])
    return replace(ended, met=strace.met(log))
