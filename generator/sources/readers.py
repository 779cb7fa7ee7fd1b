"""The table of input formats, and what helps a reader to be quick.

A new format is one decorated function: `@reader("ris", ".ris")` over text, name, means →
SourceText. `generator.sources` then finds, reads and caches files of that ending.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from generator.memo import digest, shared_out
from generator.model import SourceText

S = TypeVar("S")
T = TypeVar("T")

# Fewer sources than these are understood here: it takes 0.2 s, as long as two processes need to
# start. A chunk takes a worker some 50 ms (measured with the 10,000 entries of a real .bib file).
ENOUGH = 1_000
CHUNK = 250


class Cache(Protocol):
    """What was understood before, under digests of what it was understood from.

    It belongs to one version of this code: keys hold only the input. All it may cost to lose it,
    or a part of it, is time.
    """

    def get(self, key: str) -> object | None:
        """The value, or None."""

    def put(self, key: str, value: object) -> None:
        """Keep a value, which is plain data."""

    def get_many(self, keys: Iterable[str]) -> Mapping[str, object]:
        """Those of many small values that are there. They may be shared: nobody alters them."""

    def put_many(self, values: Mapping[str, object]) -> None:
        """Keep many small values, which are frozen plain data, for `get_many`."""


class NoCache:
    """A cache that remembers nothing."""

    def get(self, key: str) -> object | None:
        """None, always."""

    def put(self, key: str, value: object) -> None:
        """Forget the value."""

    def get_many(self, keys: Iterable[str]) -> Mapping[str, object]:  # noqa: ARG002
        """Nothing, always."""
        return {}

    def put_many(self, values: Mapping[str, object]) -> None:
        """Forget the values."""


@dataclass(frozen=True, slots=True)
class Means:
    """What a reader may use: what was understood before, and a pool of workers to share with."""

    cache: Cache = field(default_factory=NoCache)
    pool: Executor | None = None


Read = Callable[[str, str, Means], SourceText]

FORMATS: dict[str, str] = {}  # by the ending of a file's name
READERS: dict[str, Read] = {}


@dataclass(frozen=True, slots=True)
class Readers:
    """Readers that a site has beside ours, and which endings they are for; theirs go first."""

    formats: Mapping[str, str] = field(default_factory=dict)
    reads: Mapping[str, Read] = field(default_factory=dict)


NO_OTHERS = Readers()


def reader(form: str, *endings: str) -> Callable[[Read], Read]:
    """Registers a function as the reader of files with these endings (lower case, with the dot).

    It gets the text (lines ended by a line feed alone), the name to use in places, and its means;
    it returns a SourceText and never raises, whatever the text.
    """

    def register(function: Read) -> Read:
        READERS[form] = function
        FORMATS.update(dict.fromkeys(endings, form))
        return function

    return register


def remembered(
    means: Means,
    kind: type[T],
    sources: Collection[S],
    make: Callable[[S], T],
    said: Callable[[S], str] = repr,
) -> list[T]:
    """What `make` gives for each source, from the cache where it was made of an equal one before.

    Sources are plain data, `make` stands at the top of a module, so that both can travel to a
    worker; `said` gives a text that is the same for equal sources, and for those alone. Neither a
    source nor a value may hold a place: a file's name or a line number would make an entry that
    has only moved a new one. Raises BibpressError when a worker was killed, and what `make` raises.
    """
    maker = f"{make.__module__}.{make.__qualname__}"
    keys = [digest(f"{maker} {said(source)}") for source in sources]
    known = means.cache.get_many(keys)
    found = {key: value for key, value in known.items() if isinstance(value, kind)}
    missing = {key: source for key, source in zip(keys, sources, strict=True) if key not in found}
    if missing:
        items = [(source,) for source in missing.values()]
        values = shared_out(make, items, means.pool, chunk=CHUNK, enough=ENOUGH)
        made = dict(zip(missing, values, strict=True))
        means.cache.put_many(made)
        found |= made
    return [found[key] for key in keys]
