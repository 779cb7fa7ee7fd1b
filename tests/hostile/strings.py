"""The lists of hostile strings, and what a text becomes that nobody meant to be TeX.

A list is a file of `lists/`, one string a line. `<U+0009>` stands for a character that would not
survive in a text file, `<U+0061*5000>` for five thousand; a line that begins with ";; " is a
remark.
"""

from __future__ import annotations

import re
from pathlib import Path

LISTS = Path(__file__).parent / "lists"
NAMES = tuple(sorted(path.stem for path in LISTS.glob("*.txt")))

_REMARK = ";; "
_CHARACTER = re.compile(r"<U\+([0-9A-F]{4,6})(?:\*([0-9]+))?>")


def strings(*names: str) -> tuple[str, ...]:
    """The strings of these lists, in order, each once; without names, of all."""
    found = (each for name in names or NAMES for each in strings_of(LISTS / f"{name}.txt"))
    return tuple(dict.fromkeys(found))


def strings_of(file: Path) -> tuple[str, ...]:
    """The strings of a file written like a list."""
    lines = file.read_text(encoding="utf-8").split("\n")
    return tuple(_meant(line) for line in lines if line and not line.startswith(_REMARK))


def _meant(line: str) -> str:
    return _CHARACTER.sub(lambda m: chr(int(m[1], 16)) * int(m[2] or 1), line)
