"""Telling of long work while it goes on, and afterwards where the time went."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise

import click


def teller() -> Teller:
    """What tells of long work here."""
    return Teller(_bar() if sys.stderr.isatty() else _lines())


@dataclass
class Teller:
    """Tells of long work as it goes on, and afterwards where the time went.

    On a terminal a bar a stage, with how many a second and the time left; else a line a stage.
    """

    show: Callable[[str, int, int, float], bool]
    """Says how far a stage is (done, total, seconds so far); whether the line is still open."""
    stages: list[tuple[str, float]] = field(default_factory=list)
    is_open: bool = False

    def __call__(self, stage: str, done: int, total: int) -> None:
        """`done` of `total` (0 where that is not known) of a stage are done."""
        now = time.monotonic()
        if not self.stages or self.stages[-1][0] != stage:
            self.stages.append((stage, now))
        with suppress(BrokenPipeError):  # nobody looks any longer: no reason not to build
            self.is_open = self.show(stage, done, total, now - self.stages[-1][1])

    def end(self) -> None:
        """End a line that is still open: what follows is something else."""
        if self.is_open:
            self.is_open = False
            with suppress(BrokenPipeError):
                click.echo(err=True)

    def profile(self, started: float, ended: float) -> Iterator[str]:
        """Where the time went: a line a stage, with its seconds and its part of the whole."""
        begun = [("beginning", started), *self.stages, ("", ended)]
        for (stage, begin), (_, end) in pairwise(begun):
            part = (end - begin) / (ended - started) if ended > started else 0.0
            yield f"{stage:<24} {end - begin:8.2f} s {part:6.1%}"


def _bar() -> Callable[[str, int, int, float], bool]:
    shown = [0.0]
    is_open = [False]

    def show(stage: str, done: int, total: int, seconds: float) -> bool:
        now = time.monotonic()
        finished = 0 < total <= done
        if finished or now - shown[0] > 0.1:
            shown[0] = now
            line = f"\r{stage:<24} {filled(done, total, seconds)}\x1b[K"
            click.echo(line, nl=finished, err=True)
            is_open[0] = not finished
        return is_open[0]

    return show


def filled(done: int, total: int, seconds: float, width: int = 24) -> str:
    """How much is done, as a bar where the whole is known; how fast, and how long it will take."""
    rate = done / seconds if seconds > 0.5 else 0.0
    speed = f", {rate:,.0f}/s" if rate >= 1 else ""
    if not total:
        return f"{done:,}{speed}"
    bar = "#" * min(width, width * done // total)
    left = f", {_duration((total - done) / rate)} left" if rate and done < total else ""
    return f"[{bar:.<{width}}] {done:,} of {total:,}{speed}{left}"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def _lines() -> Callable[[str, int, int, float], bool]:
    said: set[str] = set()

    def show(stage: str, done: int, total: int, seconds: float) -> bool:
        del done, seconds
        if stage not in said:
            said.add(stage)
            click.echo(f"{stage}: {total:,}" if total else stage, err=True)
        return False

    return show
