"""Sorted rows, cut into parts by what they hold: so that a change moves few of the cuts.

A row is its key, how it is written after the key, and what else belongs to it; a part of a table
keeps its rows as columns, each one text with spaces between. `recut` brings a table up to date and
looks only at the parts where something changes, and at those after them until the cuts are again
what they were.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple
from zlib import crc32

from generator.search.numbers import utf_16, write_number
from generator.search.texts import Known

# Sizes, measured at 10,000 papers (docs/search.md): smaller parts mean more files and a longer
# head, larger ones more bytes a query.
LEAST, MOST = 1_500, 6_000  # letters of a part that is cut by content

Row = tuple[str, ...]
"""A key, the rest as it is written, and whatever else."""


class Part(NamedTuple):
    """Some rows of a table, as columns; `files` is what the files made of them are known by."""

    columns: tuple[str, ...]
    files: tuple[Known, ...]

    @property
    def first(self) -> str:
        """The first key."""
        return self.columns[0].partition(" ")[0]

    @property
    def last(self) -> str:
        """The last key."""
        return self.columns[0].rpartition(" ")[2]

    def rows(self) -> list[Row]:
        """The rows."""
        return list(zip(*(column.split(" ") for column in self.columns), strict=True))


def columns(rows: Sequence[Row]) -> tuple[str, ...]:
    """Rows as a part keeps them."""
    return tuple(map(" ".join, zip(*rows, strict=True)))


def sort(rows: Iterable[Row]) -> list[Row]:
    """In the order in which JavaScript compares: by code point, but beyond U+FFFF.

    What is beyond comes before U+E000 there, and so high up there is hardly a letter.
    """
    listed = list(rows)
    letters = set("".join(row[0] for row in listed if not row[0].isascii()))
    if any("\ud7ff" < letter <= "\uffff" for letter in letters):
        return sorted(listed, key=lambda row: utf_16(row[0]))
    return sorted(listed, key=itemgetter(0))


def cut(rows: Sequence[Row], times: int = 1) -> Iterator[Sequence[Row]]:
    """Rows in parts of so many times `LEAST` to `MOST` letters, a longer row alone.

    Where a part may end is decided by the row there: so where a row grows, comes or goes the cuts
    move for a part or two and are then again what they were.
    """
    least, most = times * LEAST, times * MOST
    start, size = 0, 0
    for i, row in enumerate(rows):
        more = len(row[0]) + len(row[1])
        if i > start and (size + more > most or (size >= least and _may_cut(row, least))):
            yield rows[start:i]
            start, size = i, 0
        size += more
    if rows:
        yield rows[start:]


def recut(
    parts: Sequence[Part], changes: Mapping[str, Row | None], times: int = 1
) -> Iterator[Part | Sequence[Row]]:
    """What `cut` would give of these parts' rows after some changes: parts as they were, and rows.

    `changes`: key → its row from now on, None where it goes.
    """
    changed = _by_part(parts, changes)
    waiting: list[Row] = []  # since the last cut
    for i, part in enumerate(parts):
        rows = _changed(part, changed[i]) if i in changed else None
        if rows is None and i + 1 not in changed:  # so it begins and ends as it did
            if waiting and _is_cut(waiting, part.rows()[0], times):
                yield waiting
                waiting = []
            if not waiting:
                yield part
                continue
        pieces = list(cut([*waiting, *(part.rows() if rows is None else rows)], times))
        yield from pieces[:-1]
        waiting = list(pieces[-1]) if pieces else []
    yield from cut(waiting if parts else sort(filter(None, changes.values())), times)


def find(parts: Sequence[Part], keys: Iterable[str]) -> dict[str, Row]:
    """The rows of these keys, of those that there are."""
    wanted = _by_part(parts, dict.fromkeys(keys)) if parts else {}
    return {row[0]: row for i, of in wanted.items() for row in parts[i].rows() if row[0] in of}


def beginnings(ends: Iterable[tuple[str, str]]) -> str:
    """The shortest beginning of each part that tells it from the part before it.

    `ends` are the first and the last key of each.
    """
    before, begins = "", []
    for first, last in ends:
        begins.append(first[: _shared(before, first) + 1])
        before = last
    return " ".join(begins)


def folded(rows: Iterable[Row]) -> Iterator[str]:
    """Rows whose keys begin with how many letters, as UTF-16 counts, the key before has too."""
    before = ""
    for row in rows:
        key = row[0]
        units = same = _shared(before, key)
        if not key.isascii():
            units += sum(letter > "\uffff" for letter in key[:same])
        yield f"{write_number(units)}{key[same:]}{row[1]}"
        before = key


def _shared(one: str, other: str) -> int:
    """How many letters two texts begin with alike, of which the other is not shorter in order."""
    if other.startswith(one):
        return len(one)
    same = 0
    while one[same] == other[same]:
        same += 1
    return same


def _may_cut(row: Row, least: int) -> bool:
    """Whether a part may end before this row, by chance: once in `least` letters of rows.

    Were it much more often, a shifted cut would shift all that follow.
    """
    chance = crc32(row[0].encode("utf-8", "replace"))
    return chance * least < (len(row[0]) + len(row[1])) << 32


def _is_cut(rows: Sequence[Row], row: Row, times: int) -> bool:
    """Whether a part of these rows, which is not cut in itself, ends before this row."""
    return len(list(cut([*rows, row], times))) > 1


def _by_part(
    parts: Sequence[Part], changes: Mapping[str, Row | None]
) -> dict[int, dict[str, Row | None]]:
    """The changes by the number of the part in which their keys are, or would be."""
    begins = [utf_16(part.first) for part in parts]
    changed: dict[int, dict[str, Row | None]] = {}
    for key, row in changes.items():
        i = max(bisect_right(begins, utf_16(key)) - 1, 0)
        changed.setdefault(i, {})[key] = row
    return changed


def _changed(part: Part, changes: Mapping[str, Row | None]) -> list[Row]:
    """The rows of a part after some changes."""
    rows: dict[str, Row | None] = {row[0]: row for row in part.rows()}
    rows.update(changes)
    return sort(row for row in rows.values() if row)
