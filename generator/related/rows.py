"""Rows of whole numbers in one array: little memory, and read back from a file at once."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of whole numbers from 0 to the largest of the array's type, each of its own length."""

    numbers: array[int]
    ends: array[int] = field(default_factory=lambda: array("Q", [0]))

    @classmethod
    def of(cls, code: str) -> Rows:
        """No rows yet, for numbers of the type that `array` calls so."""
        return cls(array(code))

    def append(self, row: Iterable[int]) -> None:
        """Add a row at the end."""
        self.numbers.extend(row)
        self.ends.append(len(self.numbers))

    def changed(self, origins: Sequence[int], fresh: Mapping[int, Iterable[int]]) -> Rows:
        """A row for each of `origins`: the fresh one of its place, or else the one there here."""
        rows, place = Rows.of(self.numbers.typecode), 0
        while place < len(origins):
            if place in fresh:
                rows.append(fresh[place])
                place += 1
                continue
            start, first = place, origins[place]
            while place < len(origins) and place not in fresh:
                if origins[place] - first != place - start:
                    break
                place += 1
            rows._extend(self, first, first + place - start)
        return rows

    def _extend(self, rows: Rows, start: int, stop: int) -> None:
        """Add several rows at once, those of others from one place to another."""
        first = rows.ends[start]
        shift = len(self.numbers) - first
        self.numbers.extend(rows.numbers[first : rows.ends[stop]])
        self.ends.extend([end + shift for end in rows.ends[start + 1 : stop + 1]])

    def renumbered(self, numbers: Sequence[int]) -> Rows:
        """The same rows of other numbers: for each the one that `numbers` has at its place."""
        other = [numbers[number] for number in self.numbers]
        return Rows(array(self.numbers.typecode, other), self.ends)

    def __len__(self) -> int:
        return len(self.ends) - 1

    def __getitem__(self, place: int) -> array[int]:
        return self.numbers[self.ends[place] : self.ends[place + 1]]

    def __iter__(self) -> Iterator[array[int]]:
        return map(self.__getitem__, range(len(self)))


def parts(rows: Rows) -> Iterator[Iterator[Sequence[int]]]:
    """All rows several times, each time with another part of their numbers.

    For what must be told of each number: all at once they would fill the memory.
    """
    shares = 1 + len(rows) // _AT_ONCE
    if shares == 1:
        yield iter(rows)
        return
    for share in range(shares):
        yield ([number for number in row if number % shares == share] for row in rows)


_AT_ONCE = 20_000  # rows; at 130 numbers in each their count takes about 200 MB
