"""The texts that the files of an index hand in, each known by what stands for it.

A text need not be there for its file to be described: its name and its mark are remembered with
what it was made of, and the text itself is made if the file turns out to be missing.
"""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import NamedTuple

from generator.output import Output

NAME = 6  # letters of a hash: it cannot be compressed, and the head has one for every part


class Known(NamedTuple):
    """What a text is known by: the letters that its file is named by, and its mark.

    The mark tells any two texts apart (128 bits, 32 hexadecimal digits), the letters nearly any.
    """

    letters: str
    mark: str


class Text:
    """A text that may not be made yet.

    For fingerprints, which go by the `repr`, it is its mark. It travels as the text that it is.
    """

    __slots__ = ("_make", "known")

    def __init__(self, known: Known, make: Callable[[], str]) -> None:
        self.known = known
        self._make = make

    def __str__(self) -> str:
        return self._make()

    def __repr__(self) -> str:
        return f"Text({self.known.mark!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and self.known == other.known

    def __hash__(self) -> int:
        return hash(self.known)

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """In another process it is a string."""
        return str, (str(self),)


def made(content: str) -> Text:
    """A text that is at hand."""
    return Text(known(content), lambda: content)


def known(content: str) -> Known:
    """What stands for a text."""
    return Known(letters(content), mark(content.encode("utf-8", "replace")))


def letters(content: str) -> str:
    """`NAME` letters and digits that stand for a text: thirty bits."""
    digest = blake2b(content.encode("utf-8", "replace"), digest_size=5).digest()
    return b32encode(digest).decode().lower()[:NAME]


def mark(content: bytes) -> str:
    """What tells these bytes from any others."""
    return blake2b(content, digest_size=16).hexdigest()


class Shelf:
    """The files of an index while it is made."""

    def __init__(self) -> None:
        self.texts: dict[str, Text] = {}  # by name, which is the path without its ending

    def add(self, kind: str, text: Text) -> str:
        """Put a text in a file named by its content; the answer is the name, without its folder."""
        name = text.known.letters
        while self.texts.get(f"{kind}/{name}", text) != text:
            name = letters(name + str(text))  # another has that name, as in one index of a hundred
        self.put(kind, name, text)
        return name

    def put(self, kind: str, name: str, text: Text) -> None:
        """Put a text in a file of this name."""
        self.texts[f"{kind}/{name}"] = text

    def outputs(self) -> Iterator[Output]:
        """The files."""
        for name, text in self.texts.items():
            yield Output(f"search/{name}.js", script, (name, text))


def script(name: str, text: Text | str) -> bytes:
    """A script that hands in a text, which has no line ends: what may hold some is JSON."""
    quoted = str(text).replace("\\", "\\\\").replace("'", "\\'")
    return f"bibpress.receive('{name}','{quoted}');\n".encode("utf-8", "replace")
