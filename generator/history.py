"""What has changed in a collection, day by day, as its ledger tells it.

The ledger knows days and states and no more: that a paper changed, not what of it, and only its
last change. So a paper stands under two days at most, the one it came on and the last it changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from generator.ledger import Ledger, Line

NEW, CHANGED, GONE = "new", "changed", "gone"


@dataclass(frozen=True, slots=True)
class Event:
    """What became of a paper on a day: NEW, CHANGED or GONE, and its id."""

    day: str
    what: str
    id: str


def events(ledger: Ledger) -> tuple[Event, ...]:
    """All that the ledger tells, the newest day first; within a day new, changed, gone.

    The papers that were there on the first day are no news. Those that now lead to another are
    told of there, and those that were forgotten nowhere.
    """
    first = founded(ledger)[0]
    told = sorted(event for line in _own(ledger) for event in _of(line, first))
    told.sort(key=lambda event: (NEW, CHANGED, GONE).index(event[1]))
    told.sort(key=lambda event: event[0], reverse=True)
    return tuple(Event(*event) for event in told)


def founded(ledger: Ledger) -> tuple[str, int]:
    """The day of the ledger's first papers, and how many came on it; ("", 0) without any."""
    days = [line.came for line in _own(ledger) if line.came]
    first = min(days, default="")
    return first, days.count(first)


def _own(ledger: Ledger) -> Iterator[Line]:
    return (line for line in ledger.values() if not line.target and not line.is_empty)


def _of(line: Line, first: str) -> Iterator[tuple[str, str, str]]:
    if line.came > first:
        yield line.came, NEW, line.id
    if line.state == "gone" and line.went:
        yield line.went, GONE, line.id
    elif line.went > line.came:
        yield line.went, CHANGED, line.id
