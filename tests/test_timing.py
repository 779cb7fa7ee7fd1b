"""What judges whether work is linear, by a clock that tests make: no time is taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from random import Random

import pytest

from generator.text import plain
from tests import timing

LINEAR: dict[str, Callable[[int], float]] = {
    "quick": lambda n: 1e-9 * n,
    "slow": lambda n: 1e-3 * n,
    "sorted": lambda n: 1e-7 * n * n.bit_length(),
    "out of the cache": lambda n: 1e-6 * n * (1 if n < 30_000 else 2),
    "nothing": lambda _: 0,
    "the same for all": lambda _: 0.1,
    "the same and more": lambda n: 0.1 + 1e-6 * n,
    "square up to 2,000": lambda n: 1e-8 * n * min(n, 2_000),
    "cut off": lambda n: 1e-6 * min(n, 5_000) ** 2 / 1_000,
}
SQUARE: dict[str, Callable[[int], float]] = {
    "quick": lambda n: 1e-11 * n * n,
    "slow": lambda n: 1e-7 * n * n,
    "and much that is the same": lambda n: 0.1 + 1e-7 * n * n,
    "and half that is linear": lambda n: 1e-6 * n + 1e-9 * n * n,
    "a power of 1.7": lambda n: 1e-8 * n**1.7,
}


def busy() -> Iterator[float]:
    """How much longer things take where many have the processor, by chance: up to three times."""
    random = Random(1)  # noqa: S311 - nothing secret
    return iter(lambda: random.uniform(1, 3), None)


@pytest.fixture(params=["quiet", "busy", "late", "early"])
def judged(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Callable[[int], float]], bool]:
    """What `is_linear` says of work that takes so long, on machines of several kinds.

    On the worst of them two calls of three take three times as long.
    """
    delays: dict[str, Iterator[float]] = {
        "quiet": cycle([1]),
        "busy": busy(),
        "late": cycle([1, 1, 3]),
        "early": cycle([3, 3, 1]),
    }
    delay = delays[request.param]
    now = 0.0

    def is_linear(time: Callable[[int], float]) -> bool:
        def work(size: int) -> None:
            nonlocal now
            now += time(size) * next(delay)

        return timing.is_linear(work, 1_000)

    monkeypatch.setattr(timing, "thread_time", lambda: now)
    return is_linear


Judged = Callable[[Callable[[int], float]], bool]


@pytest.mark.parametrize("time", LINEAR.values(), ids=LINEAR)
def test_what_is_linear_passes(judged: Judged, time: Callable[[int], float]) -> None:
    """However long it takes, whatever it takes besides, and whoever else is at work."""
    assert judged(time)


@pytest.mark.parametrize("time", SQUARE.values(), ids=SQUARE)
def test_what_is_square_does_not(judged: Judged, time: Callable[[int], float]) -> None:
    """Nor what is nearly so."""
    assert not judged(time)


def test_what_is_remembered_is_measured_each_time() -> None:
    """Else work over a text that was asked for before would take no time, however slow it is."""
    asked = []

    def work(_size: int) -> None:
        plain._readable("a^{b}")
        asked.append(plain._readable.cache_info()[:2])

    for _ in range(2):
        timing.seconds(work, 1)
    assert asked == [(0, 1), (0, 1)]


def test_what_does_not_end_is_not_linear(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is stopped, whatever it is at."""
    monkeypatch.setattr(timing, "HANGING", 0.05)

    def work(_size: int) -> None:
        while True:
            pass

    assert not timing.is_linear(work, 1_000)
