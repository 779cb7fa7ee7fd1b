"""What a bomb is, and the list of them all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

Files = Mapping[str, str | bytes]
"""Texts or bytes by path, below `content/` where no folder is named."""

ROOT_FILES = ("bibpress.toml", "ledger.tsv")


@dataclass(frozen=True)
class Bomb:
    """What is laid into the folder of a small collection, and what is to become of it.

    `lay(folder, n)` lays it, `full` and `short` say how large. By default a site comes of it with
    all the other papers in it. `says` is a part of what must be reported of one at full size,
    where something of the owner's is cut or left out. One that `stops` the build is a setting
    gone wrong: one line, and no site. `meddle` goes on changing files until the build is done.
    """

    name: str
    lay: Callable[[Path, int], None]
    full: int
    short: int
    says: str = ""
    stops: bool = False
    meddle: Callable[[Path, threading.Event], None] | None = None


BOMBS: list[Bomb] = []


def files(
    name: str,
    make: Callable[[int], Files],
    full: int,
    short: int,
    says: str = "",
    stops: bool = False,
) -> None:
    """Add a bomb that is a few files."""
    BOMBS.append(Bomb(name, lambda folder, n: write(folder, make(n)), full, short, says, stops))


def bib(
    name: str, full: int, short: int, says: str = ""
) -> Callable[[Callable[[int], str]], Callable[[int], str]]:
    """Add a bomb that is one .bib file, whose text a function gives for each size."""

    def register(text: Callable[[int], str]) -> Callable[[int], str]:
        files(name, lambda n: {"bomb.bib": text(n)}, full, short, says)
        return text

    return register


def write(folder: Path, made: Files) -> None:
    """Write files into the folder of a site."""
    for name, content in made.items():
        above = folder if "/" in name or name in ROOT_FILES else folder / "content"
        path = above / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def entry(key: str, kind: str = "article", **values: str) -> str:
    """A .bib entry with a title, and whatever else is given."""
    said = {"title": f"A bomb {key}", **values}
    body = "".join(f",\n  {name} = {{{value}}}" for name, value in said.items())
    return f"@{kind}{{{key}{body}\n}}\n"


def entries(count: int, **values: Callable[[int], str]) -> str:
    """A .bib file of so many entries, each value by the entry's number."""
    said = {"title": lambda i: f"A study of subject {i}", **values}
    return "".join(
        entry(f"e{i}", **{name: value(i) for name, value in said.items()}) for i in range(count)
    )
