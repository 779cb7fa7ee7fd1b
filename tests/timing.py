"""Whether work grows in proportion to its input, told on machines that do other things besides.

Time is that of the processor in this thread: what other programs and threads take does not count.
They still make it longer, by up to twice and a half (shared caches, two threads of one core). So
sizes are compared that lie far apart, and the shortest of several tries counts: a busy machine
makes single measurements late, never early.
"""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from time import process_time, thread_time
from types import FrameType
from typing import Any

# Sizes that lie so far apart are compared. Linear work takes 16 times as long, quadratic work 256
# times; the limit is in the middle, four times away from either. Measured with and without six
# other programs on two cores: linear work 14 to 25, and to 40 where it leaves the cache; quadratic
# work, of which little is linear, 216 to 269.
STEP = 16
LIMIT = 64
# How often the smaller and the larger size are tried.
ROUNDS = 4
TRIES = 3
# The time that the smaller size must take before it says anything (a thousand times what a look at
# the clock takes); how much longer than the first size, lest it be mostly what is the same for all
# sizes; how many times the first size, and how long an input, is tried to get there.
TELLING = 0.002
GROWN = 2
FURTHEST = 128
LONGEST = 400_000
# What takes longer than this over the larger size has said enough.
LONG = 1
# What takes longer than this for all its tries is as good as endless.
HANGING = 60
# A function that remembers as much as this remembers texts.
REMEMBERED = 4096


def is_linear(work: Callable[[int], object], size: int) -> bool:
    """Whether sixteen times the size takes about sixteen times as long, once it can be told.

    `size` is one that work may well have: the first that is tried is a sixteenth, and then it
    is doubled until the work takes `TELLING` seconds, or the input is `LONGEST`, to which quadratic
    work does not come; nor is work quadratic that is as long for `FURTHEST` times the size. What
    grows faster may do so only up to a bound (a piece of at most 2,000 letters), and is measured
    again at larger sizes until it takes `LONG` seconds. Work that does not end is not linear.

    Weakness: work whose quadratic part takes less than a fifth of the time at the smaller size
    passes for linear.
    """
    try:
        with stopped_after(HANGING), _no_garbage():
            return _is_linear(work, max(1, size // 16))
    except TimeoutError:
        return False


def _is_linear(work: Callable[[int], object], begin: int) -> bool:
    first, size = _shortest(work, begin), begin
    while size < LONGEST:
        little = _shortest(work, size, enough := max(TELLING, GROWN * first))
        if little >= enough:
            for _ in range(TRIES):
                much = seconds(work, STEP * size)
                if much < LIMIT * little:
                    return True
                little = min(little, seconds(work, size))
            if much > LONG:
                return False
        elif little >= TELLING and size >= FURTHEST * begin:
            return True
        size *= 2
    return True


def _shortest(work: Callable[[int], object], size: int, enough: float = 0) -> float:
    """The shortest time of some calls; of fewer, when one takes less than is enough."""
    shortest = seconds(work, size)
    for _ in range(ROUNDS - 1):
        if shortest < enough:
            break
        shortest = min(shortest, seconds(work, size))
    return shortest


def is_quick(work: Callable[[int], object], size: int, each: float) -> bool:
    """Whether work takes less time than `each` second a character; the cheap way to say linear.

    Where `each` is far above what linear work takes, and far below what quadratic work takes at
    this size, either on a machine ten times faster or slower, nothing more needs to be measured.
    """
    return any(seconds(work, size) < each * size for _ in range(2))


def is_at_most(times: float, ordinary: Callable[[], object], work: Callable[[], object]) -> bool:
    """Whether work takes at most so many times what ordinary work does here and now.

    For work that is not linear, but bounded.
    """
    usual = min(seconds(lambda _: ordinary(), 0) for _ in range(ROUNDS))
    return any(seconds(lambda _: work(), 0) < times * usual for _ in range(TRIES))


def seconds(work: Callable[[int], object], size: int) -> float:
    """The processor time that one call takes in this thread, with nothing left of earlier calls."""
    for function in _remembering(len(sys.modules)):
        function.cache_clear()
    start = thread_time()
    work(size)
    return thread_time() - start


@lru_cache(1)
def _remembering(_modules: int) -> list[Any]:
    """Our functions that remember texts: asked again, they would tell nothing of the work.

    Those which remember for good or little are tables, to be made once.
    """
    ours = [vars(module) for name, module in sys.modules.items() if name.startswith("generator")]
    found = [value for names in ours for value in names.values() if hasattr(value, "cache_clear")]
    return [each for each in found if (each.cache_parameters()["maxsize"] or 0) >= REMEMBERED]


@contextmanager
def _no_garbage() -> Iterator[None]:
    """No collection of garbage, which would go through all that other tests have left behind."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


@contextmanager
def stopped_after(limit: float) -> Iterator[None]:
    """TimeoutError in whatever takes more processor time; without alarms (Windows), nothing.

    An alarm on processor time itself would make the clock of that coarse (Linux); so it is one on
    time that looks how much of it was ours.
    """
    began = process_time()

    def stop(_number: int, _frame: FrameType | None) -> None:
        if process_time() - began > limit:
            raise TimeoutError

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, limit, limit / 4)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
