r"""How the parts of an index write numbers, and texts whose order a browser must share.

A number is one character from "#" on, without those that a quoted text cannot hold: `'`, `\` and
the surrogates; from 60,000 on it is `"` and two characters, which reaches to 3,600 million. So "!"
and " " are free to part what numbers make up. Of six ways that were tried it is the smallest when
gzipped, and `charCodeAt` reads it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain
from operator import sub


def write_number(value: int) -> str:
    """How one number, from nought on, is written."""
    return _WRITTEN[value]


def write_numbers(values: Iterable[int]) -> str:
    """How several are written."""
    return "".join(map(_WRITTEN.__getitem__, values))


def write_distances(values: Sequence[int]) -> str:
    """Rising numbers, the first as it is, each other as its distance from the one before."""
    if len(values) == 1:
        return _WRITTEN[values[0]]
    return write_numbers(map(sub, values, chain((0,), values)))


def read_numbers(text: str) -> list[int]:
    """The numbers that are written there; ValueError where something else is."""
    if '"' not in text:
        return list(map(_READ.__getitem__, text))
    return [
        _READ[one] if one else _READ[high] * _ONE_LETTER + _READ[low]
        for high, low, one in _WIDE.findall(text)
    ]


def split_numbers(text: str) -> Sequence[str]:
    """The numbers of a text, each as it is written."""
    return _EACH.findall(text) if '"' in text else text


def read_distances(text: str) -> list[int]:
    """The rising numbers that are written there."""
    return list(accumulate(read_numbers(text)))


def utf_16(text: str) -> bytes:
    """A text as JavaScript compares it."""
    return text.encode("utf-16-be", "surrogatepass")


_ONE_LETTER = 60_000
_WIDE = re.compile('"(.)(.)|(.)', re.DOTALL)
_EACH = re.compile('"..|.', re.DOTALL)


class _Written(dict[int, str]):
    """Number → how it is written."""

    def __missing__(self, value: int) -> str:
        """Work it out and remember it."""
        if value >= _ONE_LETTER:
            high, low = divmod(value, _ONE_LETTER)
            return f'"{self[high]}{self[low]}'
        code = value + ord("#")
        code += (code >= ord("'")) + (code + 1 >= ord("\\"))
        self[value] = chr(code + 0x800 if code >= 0xD800 else code)
        return self[value]


class _Read(dict[str, int]):
    """Character → the number that it stands for."""

    def __missing__(self, char: str) -> int:
        """Work it out and remember it."""
        code = ord(char)
        code -= 0x800 if code > 0xDFFF else 0
        value = code - ord("#") - (code > ord("'")) - (code > ord("\\"))
        if value < 0:
            raise ValueError("not a number")
        self[char] = value
        return value


_WRITTEN = _Written()
_READ = _Read()
