"""What has changed in a collection, day by day, as its ledger tells it.

The ledger knows days and states and no more: that a paper changed, not what of it, and only its
last change. So a paper stands under two days at most, the one it came on and the last it changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.ledger import Line
from generator.library import Library

NEW, CHANGED, GONE = "new", "changed", "gone"


@dataclass(frozen=True, slots=True)
class Event:
    """What became of a paper on a day: NEW, CHANGED or GONE, and its id."""

    day: str
    what: str
    id: str


def events(library: Library) -> tuple[Event, ...]:
    """All that the ledger tells, the newest day first; within a day new, changed, gone.

    The papers that were there on the first day are no news. Those that now lead to another are
    told of there.
    """
    lines = [line for line in library.ledger.values() if line.since and not line.target]
    first = founded(library)
    told = sorted(event for line in lines for event in _of(line, first))
    order = {NEW: 0, CHANGED: 1, GONE: 2}
    told.sort(key=lambda event: order[event[1]])
    told.sort(key=lambda event: event[0], reverse=True)
    return tuple(Event(*event) for event in told)


def founded(library: Library) -> str:
    """The day of the ledger's first papers; empty without a ledger."""
    return min((line.since for line in library.ledger.values() if line.since), default="")


def _of(line: Line, first: str) -> Iterator[tuple[str, str, str]]:
    if line.since > first:
        yield line.since, NEW, line.id
    if line.changed > line.since:
        yield line.changed, CHANGED if line.state == "live" else GONE, line.id
