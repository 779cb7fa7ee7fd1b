"""Whether work grows in proportion to its input, told on machines that do other things besides."""

from __future__ import annotations

from collections.abc import Callable
from time import process_time

# A busy machine makes single measurements late, never early: one good try out of these decides.
TRIES = 5


def is_linear(work: Callable[[int], object], size: int) -> bool:
    """Whether four times the size takes about four times the processor time, not sixteen times."""
    return any(seconds(work, 4 * size) < 9 * seconds(work, size) + 0.1 for _ in range(TRIES))


def seconds(work: Callable[[int], object], size: int) -> float:
    """The processor time of one call."""
    start = process_time()
    work(size)
    return process_time() - start
