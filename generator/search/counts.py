"""Where each term of the documents stands: all that an index is made of.

A word is folded and stemmed once, however often it stands somewhere: of 1.9 million in
10,000 papers 54,000 differ.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple, TypeVar

from generator.search.analysis import FIELDS, fold, is_kept, stem, tokens
from generator.search.documents import NAMES, Document
from generator.search.numbers import write_number

T = TypeVar("T")

LEAD = "lead"
"""Beside Lunr's fields: the name of the first author, whom people remember."""

SERIES = "series"
"""And the one name of the venue that a result shows: its others have words ("Vision") that a reader
who did not ask for a venue does not mean."""

COLUMNS = (*FIELDS, LEAD, SERIES)

Stands = list[Any]
"""Where a term stands in one column: a paper's number and a place in turn, papers rising, and each
as often as the term stands there. The place is which of the column's terms it is, from nought on,
as `numbers` writes it. (One list, not two: what is looked up a million times has to lie together.)
"""


class Counts(NamedTuple):
    """Where each term stands. Terms are numbers here, as they are met; `terms` has their letters.

    `forms`: for each term the folded words of which it is the stem, and how often each stands in
    any of `FIELDS`. `stands`: for each of `COLUMNS` the terms that stand there. `lengths`: for each
    of `FIELDS` the number of terms that each document has.
    """

    terms: list[str]
    forms: list[dict[str, int]]
    stands: list[Mapping[int, Stands]]
    lengths: list[list[int]]


def count(documents: Sequence[Document], numbers: Sequence[int] | None = None) -> Counts:
    """Count the terms of every field of every document; `numbers` are the papers', rising."""
    words = _Words()
    common, named = _Tokens("title", words), _Tokens("authors", words)
    stands: list[Mapping[int, Stands]] = []
    lengths: list[list[int]] = []
    often: Counter[int] = Counter()
    for column in COLUMNS:
        read = _Texts(named if column in ("authors", LEAD) else common)
        texts = map(_TEXTS[column], documents)
        where = _Where(words.terms_of)
        length: list[int] = []
        papers = iter(numbers or range(len(documents)))
        for block in _blocks(map(read.__getitem__, texts)):
            if column in FIELDS:
                often.update(chain.from_iterable(block))
            for found in block:
                length.append(len(found))
                _note(found, next(papers), where)
        stands.append(where.of_terms)
        lengths.append(length)
    forms: list[dict[str, int]] = [{} for _ in words.terms]
    for word, number in words.items():
        forms[words.terms_of[number]][word] = often[number]
    return Counts(list(words.terms), forms, stands, lengths[: len(FIELDS)])


class _Where(dict[int, Stands]):
    """Word → where its term stands, by the numbers of both."""

    def __init__(self, terms_of: Sequence[int]) -> None:
        super().__init__()
        self.terms_of = terms_of
        self.of_terms: dict[int, Stands] = {}

    def __missing__(self, word: int) -> Stands:
        """What all words of a term share."""
        self[word] = stands = self.of_terms.setdefault(self.terms_of[word], [])
        return stands


def _note(found: Sequence[int], paper: int, where: _Where) -> None:
    """Enter the words of one column of a paper; the innermost loop of all, so it is bare."""
    places = _places(len(found))
    for stands, place in zip(map(where.__getitem__, found), places, strict=False):
        stands.append(paper)
        stands.append(place)


_PLACES: list[str] = []


def _places(count: int) -> Sequence[str]:
    """At least so many numbers from nought on, as they are written; each is written once."""
    _PLACES.extend(map(write_number, range(len(_PLACES), count)))
    return _PLACES


_BLOCK = 512  # documents whose words are counted together: each count has a price of its own


def _blocks(items: Iterator[T]) -> Iterator[list[T]]:
    block: list[T] = []
    for item in items:
        block.append(item)
        if len(block) == _BLOCK:
            yield block
            block = []
    if block:
        yield block


class _Words(dict[str, int]):
    """Folded word → its number, from 1 on; each distinct word is stemmed once."""

    def __init__(self) -> None:
        super().__init__()
        self.terms: dict[str, int] = {}
        self.terms_of = [0]  # by the number of a word

    def __missing__(self, word: str) -> int:
        """Stem a word that is met for the first time."""
        self[word] = number = len(self.terms_of)
        self.terms_of.append(self.terms.setdefault(stem(word), len(self.terms)))
        return number


class _Tokens(dict[str, int]):
    """Token → the number of its word in one field, 0 for none; each distinct token is folded once.

    The few that are several words have a negative number: -1 is the first of `several`.
    """

    def __init__(self, field: str, words: _Words) -> None:
        super().__init__()
        self.field = field
        self.words = words
        self.several: list[list[int]] = []

    def __missing__(self, token: str) -> int:
        """Fold a token that is met for the first time."""
        words = [word for word in fold(token) if is_kept(word, self.field)]
        if len(words) > 1:
            self.several.append([self.words[word] for word in words])
            number = -len(self.several)
        else:
            number = self.words[words[0]] if words else 0
        self[token] = number
        return number

    def read(self, text: str) -> list[int]:
        """The numbers of the words of a text."""
        found = list(filter(None, map(self.__getitem__, tokens(text))))
        if found and min(found) < 0:
            several = self.several
            found = [
                word for number in found for word in (several[~number] if number < 0 else (number,))
            ]
        return found


class _Texts(dict[str, list[int]]):
    """Text → the numbers of its words; years and venues come again and again."""

    def __init__(self, numbers: _Tokens) -> None:
        super().__init__()
        self.numbers = numbers

    def __missing__(self, text: str) -> list[int]:
        """Read a text that is met for the first time, and remember it if it is short."""
        found = self.numbers.read(text)
        if len(text) < _SHORT:
            self[text] = found
        return found


_SHORT = 200  # letters: longer texts hardly come twice


def _first(names: str) -> str:
    return names.split(NAMES)[0]


_TEXTS: Mapping[str, Callable[[Document], str]] = {
    "title": lambda document: document.title,
    "abstract": lambda document: document.abstract,
    "authors": lambda document: document.authors,
    "tags": lambda document: document.tags,
    "venue": lambda document: document.venue,
    "year": lambda document: document.year,
    LEAD: lambda document: _first(document.authors),
    SERIES: lambda document: _first(document.venue),
}


def grouped(stands: Stands) -> Iterable[tuple[int, list[int], list[str]]]:
    """The papers by how often the term stands there, seldom first, with its places in them."""
    papers, places = stands[::2], stands[1::2]
    if len(set(papers)) == len(papers):
        return [(1, papers, places)]
    times = Counter(papers)
    holders: defaultdict[int, list[int]] = defaultdict(list)
    where: defaultdict[int, list[str]] = defaultdict(list)
    for paper, often in times.items():
        holders[often].append(paper)
    for paper, place in zip(papers, places, strict=True):
        where[times[paper]].append(place)
    return [(often, holders[often], where[often]) for often in sorted(holders)]
