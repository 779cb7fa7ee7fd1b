"""Work that need not be done again: what a function of plain data gave the last time.

`each` remembers an answer for every item of a list: of ten thousand papers with one edited, one is
worked on. What is missing is shared out over an executor where there is enough of it. The memory is
a `Cache`: without it all of this costs time and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from hashlib import blake2b
from typing import Protocol, TypeVar, cast

from generator.errors import BibpressError

S = TypeVar("S")
T = TypeVar("T")

CHUNK = 200
"""Items that travel to a worker together."""

ENOUGH = 2 * CHUNK
"""Fewer items than this are done sooner here than workers start."""


class Memory(Protocol):
    """What is remembered under a key; `generator.cache.Cache` is one."""

    def get(self, key: str) -> object | None:
        """The value last put under a key, or None."""

    def put(self, key: str, value: object) -> None:
        """Remember a value under a key."""


def each(
    memory: Memory,
    pool: Executor,
    make: Callable[..., T],
    items: Sequence[S],
    digests: Sequence[str],
    arguments: Callable[[S], tuple[object, ...]],
    tell: Callable[[int, int], None] = lambda *_: None,
) -> list[T]:
    """What a function gives for the `arguments` of each item; `digests` stand for the items.

    The function stands at the top of a module, since it may be called in another process; what it
    gives can be pickled, and equal items may get one answer between them. `tell` is told how many
    items are done, and of how many.
    """
    key = f"each {_name(make)}"
    known = memory.get(key)
    before = cast(dict[str, T], known) if isinstance(known, dict) else {}
    new = {d: item for d, item in zip(digests, items, strict=True) if d not in before}
    missing = {d: arguments(item) for d, item in new.items()}
    if not missing and len(before) == len(set(digests)):
        return [before[d] for d in digests]
    answers = dict(zip(missing, shared_out(make, list(missing.values()), pool, tell), strict=True))
    after = {d: answers[d] if d in answers else before[d] for d in digests}
    memory.put(key, after)
    return [after[d] for d in digests]


def shared_out(
    make: Callable[..., T],
    items: Sequence[tuple[object, ...]],
    pool: Executor | None,
    tell: Callable[[int, int], None] = lambda *_: None,
    chunk: int = CHUNK,
    enough: int = ENOUGH,
) -> Iterator[T]:
    """What a function gives for each tuple of arguments, in order; by a pool where that pays.

    Raises BibpressError when a worker was killed, and what the function raises.
    """
    tell(0, len(items))
    if pool is None or len(items) < enough:
        yield from _all(make, items)
        return
    starts = range(0, len(items), chunk)
    futures: list[Future[list[T]]] = []
    try:
        futures += [pool.submit(_all, make, items[start : start + chunk]) for start in starts]
        for start, future in zip(starts, futures, strict=True):
            yield from future.result()
            tell(min(start + chunk, len(items)), len(items))
    except BrokenExecutor as error:
        raise BibpressError("a worker process was killed; is there enough memory?") from error
    finally:
        for future in futures:
            future.cancel()


def digest(said: str) -> str:
    """Stands for a text: 32 hexadecimal digits."""
    return digest_of_bytes(said.encode("utf-8", "backslashreplace"))


def digest_of_bytes(content: bytes) -> str:
    """Stands for what a file holds: 32 hexadecimal digits."""
    return blake2b(content, digest_size=16).hexdigest()


def _all(make: Callable[..., T], items: Sequence[tuple[object, ...]]) -> list[T]:
    return [make(*item) for item in items]


def _name(make: Callable[..., object]) -> str:
    return f"{make.__module__}.{make.__qualname__}"
