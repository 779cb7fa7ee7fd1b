"""Work is done once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from generator import memo
from generator.cache import Cache
from generator.errors import BibpressError
from generator.output import Inline

DONE: list[object] = []


class Memory:
    """A memory that keeps what it is given, as long as it lives."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}

    def get(self, key: str) -> object | None:
        """What was put there last."""
        return self.values.get(key)

    def put(self, key: str, value: object) -> None:
        """Keep a value."""
        self.values[key] = value


@pytest.fixture(autouse=True)
def nothing_done() -> Iterator[None]:
    """Every test begins with no work done."""
    DONE.clear()
    yield


def double(number: int) -> int:
    """Twice the number, noting that it was asked."""
    DONE.append(number)
    return 2 * number


def doubled(memory: memo.Memory, *numbers: int) -> list[int]:
    """Twice each number, remembered under the number itself."""
    digests = [str(number) for number in numbers]
    return memo.each(memory, Inline(), double, numbers, digests, one)


def one(number: int) -> tuple[int]:
    """The arguments that a number is doubled by."""
    return (number,)


def test_of_each_only_the_new_are_made() -> None:
    """Of a list with one item changed, one is worked on; the answers come in the list's order."""
    memory = Memory()
    assert doubled(memory, 1, 2, 3) == [2, 4, 6]
    assert doubled(memory, 3, 5, 1) == [6, 10, 2]
    assert DONE == [1, 2, 3, 5]


def test_equal_items_are_worked_on_once() -> None:
    """Two items of one digest get one answer."""
    assert doubled(Memory(), 4, 4) == [8, 8] and DONE == [4]


def test_what_is_not_asked_for_is_forgotten() -> None:
    """A memory does not grow with every paper that ever was."""
    memory = Memory()
    doubled(memory, 1, 2)
    doubled(memory, 1)
    doubled(memory, 1, 2)
    assert DONE == [1, 2, 2]


def test_much_is_shared_out() -> None:
    """Enough work goes to the pool, in chunks, and comes back in order."""
    numbers = range(memo.ENOUGH + 1)
    with ThreadPoolExecutor(2) as pool:
        found = memo.each(Memory(), pool, double, numbers, [str(n) for n in numbers], one)
    assert found == [2 * n for n in numbers]


def test_a_memory_of_something_else_is_none(tmp_path: Path) -> None:
    """What lies under the key and is no dictionary costs time and nothing else."""
    (tmp_path / "lock").touch()
    cache = Cache(tmp_path / "cache", "stamp")
    cache.put(f"each {double.__module__}.{double.__qualname__}", 7)
    assert doubled(cache, 1) == [2]


def die(number: int) -> int:
    """Not come back."""
    os._exit(number)


def test_a_killed_worker_is_one_line() -> None:
    """Whoever kills a worker gets an error that says so, and no traceback."""
    numbers = range(1, memo.ENOUGH + 2)
    with ProcessPoolExecutor(1, get_context("spawn")) as pool, pytest.raises(BibpressError):
        memo.each(Memory(), pool, die, numbers, [str(n) for n in numbers], one)


@pytest.mark.parametrize("count", [3, memo.ENOUGH + 1])
def test_progress_is_told_from_nothing_to_all(count: int) -> None:
    """Who waits is told how much there is before it begins; what goes to a pool, as it comes."""
    told: list[tuple[int, int]] = []
    with ThreadPoolExecutor(1) as pool:
        list(memo.shared_out(double, [(n,) for n in range(count)], pool, lambda *d: told.append(d)))
    assert told[0] == (0, count) and told == sorted(told)
    assert count < memo.ENOUGH or told[-1] == (count, count)
