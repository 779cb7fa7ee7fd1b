"""Whether work grows in proportion to its input, told on machines that do other things besides."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import process_time
from types import FrameType

# A busy machine makes single measurements late, never early: one good try out of these decides.
TRIES = 5
# The processor time that a measurement must take before it says anything, and the longest input
# that is tried to get there; the time after which it has said enough.
TELLING = 0.005
LONGEST = 400_000
LONG = 0.5
# What takes longer than this over a short input is as good as endless.
HANGING = 6


def is_linear(work: Callable[[int], object], size: int) -> bool:
    """Whether four times the size takes about four times the processor time, not sixteen times."""
    return any(seconds(work, 4 * size) < 9 * seconds(work, size) + 0.1 for _ in range(TRIES))


def seconds(work: Callable[[int], object], size: int) -> float:
    """The processor time of one call."""
    start = process_time()
    work(size)
    return process_time() - start


def is_quick(work: Callable[[int], object], size: int, each: float) -> bool:
    """Whether work takes less time than `each` second a character; the cheap way to say linear.

    Where `each` is far above what linear work takes, and far below what quadratic work takes at
    this size, either on a machine ten times faster or slower, nothing more needs to be measured.
    """
    return any(seconds(work, size) < each * size for _ in range(2))


def grows_linearly(work: Callable[[int], object], size: int) -> bool:
    """Whether four times the size takes about four times as long, once it can be told.

    The size is doubled until the work takes `TELLING` seconds, or the input is `LONGEST`, to which
    quadratic work does not come. What grows faster then may do so only up to a bound (a piece of at
    most 2,000 letters), and is measured again at larger sizes until it takes `LONG` seconds. Work
    that does not end is not linear.
    """
    try:
        with stopped_after(HANGING):
            while size < LONGEST and seconds(work, size) < TELLING:
                size *= 2
            while size < LONGEST:
                if any(seconds(work, 4 * size) < 8 * seconds(work, size) for _ in range(TRIES)):
                    return True
                size *= 4
                if seconds(work, size) > LONG:
                    return False
            return True
    except TimeoutError:
        return False


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
