"""The table of input formats, and what a reader is given.

A new format is one decorated function: `@reader("ris", ".ris")` over text, name, cache →
SourceText. `generator.sources` then finds, reads and caches files of that ending.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import Protocol, TypeVar

from generator.model import Format, SourceText

T = TypeVar("T")


class Cache(Protocol):
    """What was understood before, under digests of what it was understood from.

    It belongs to one version of this code: keys hold only the input.
    """

    def get(self, key: str) -> object | None:
        """The value, or None."""

    def put(self, key: str, value: object) -> None:
        """Keep a value, which is frozen plain data."""


Read = Callable[[str, str, Cache], SourceText]

FORMATS: dict[str, Format] = {}  # by the ending of a file's name
READERS: dict[Format, Read] = {}


def reader(form: Format, *endings: str) -> Callable[[Read], Read]:
    """Registers a function as the reader of files with these endings (lower case, with the dot).

    It gets the text (lines ended by a line feed alone), the name to use in places, and the cache;
    it returns a SourceText and never raises, whatever the text.
    """

    def register(function: Read) -> Read:
        READERS[form] = function
        FORMATS.update(dict.fromkeys(endings, form))
        return function

    return register


class NoCache:
    """A cache that remembers nothing."""

    def get(self, key: str) -> object | None:
        """None, always."""

    def put(self, key: str, value: object) -> None:
        """Forget the value."""


def cached(cache: Cache, kind: type[T], source: object, make: Callable[[], T]) -> T:
    """What `make` gives, from the cache if it was made of an equal `source` before.

    Neither `source` nor the value may hold a place: a file's name or a line number would make an
    entry that has only moved a new one.
    """
    key = blake2b(f"{kind.__name__} {source!r}".encode(), digest_size=16).hexdigest()
    value = cache.get(key)
    if not isinstance(value, kind):
        value = make()
        cache.put(key, value)
    return value
