"""Where each term of the documents stands: all that an index is made of.

A word is folded and stemmed once, however often it stands somewhere: of 1.9 million in
10,000 papers 88,000 differ.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from generator.search.analysis import FIELDS, fold, is_kept, stem, tokens
from generator.search.documents import NAMES, Document

LEAD = "lead"
"""Beside Lunr's fields: the name of the first author, whom people remember."""

SERIES = "series"
"""And the one name of the venue that a result shows: its others have words ("Vision") that a reader
who did not ask for a venue does not mean."""

COLUMNS = (*FIELDS, LEAD, SERIES)


@dataclass(frozen=True, slots=True)
class Counts:
    """Where each term stands; the fields are `COLUMNS`.

    `terms`: term → its number, as they are met. `words`: folded word → number of its term.
    `places`: field → how often a term stands in one paper → number of the term → where, in order:
    the paper's number shifted by `PLACE_BITS`, plus which of the field's terms it is. `lengths`:
    field → the number of terms in each paper's.
    """

    terms: Mapping[str, int]
    words: Mapping[str, int]
    places: Mapping[str, Mapping[int, Mapping[int, list[int]]]]
    lengths: Mapping[str, list[int]]


PLACE_BITS = 24
"""Enough for the terms of any text: the readers cut it long before."""


class _Words(dict[str, int]):
    """Folded word → the number of its term; each distinct word is stemmed once."""

    def __init__(self) -> None:
        super().__init__()
        self.terms: dict[str, int] = {}

    def __missing__(self, word: str) -> int:
        """Stem a word that is met for the first time."""
        self[word] = self.terms.setdefault(stem(word), len(self.terms))
        return self[word]


class _Tokens(dict[str, tuple[int, ...]]):
    """Token → the numbers of its terms in one field; each distinct token is folded once."""

    def __init__(self, field: str, words: _Words) -> None:
        super().__init__()
        self.field = field
        self.words = words

    def __missing__(self, token: str) -> tuple[int, ...]:
        """Fold a token that is met for the first time."""
        kept = (word for word in fold(token) if is_kept(word, self.field))
        self[token] = tuple(self.words[word] for word in kept)
        return self[token]


def count(documents: Sequence[Document]) -> Counts:
    """Count the terms of every field of every document."""
    words = _Words()
    common, named = _Tokens("title", words), _Tokens("authors", words)
    places: dict[str, dict[int, dict[int, list[int]]]] = {}
    lengths: dict[str, list[int]] = {}
    for column in COLUMNS:
        terms = _Terms(named if column in ("authors", LEAD) else common)
        where = places[column] = defaultdict(lambda: defaultdict(list))
        once = where[1]
        length = lengths[column] = []
        for number, document in enumerate(documents):
            found = terms[_text(document, column)]
            length.append(len(found))
            if len(set(found)) == len(found):  # nearly all but the abstracts
                for place, term in enumerate(found, number << PLACE_BITS):
                    once[term].append(place)
            else:
                often = Counter(found)
                for place, term in enumerate(found, number << PLACE_BITS):
                    times = often[term]
                    (once if times == 1 else where[times])[term].append(place)
    return Counts(words.terms, words, places, lengths)


class _Terms(dict[str, list[int]]):
    """Text → the numbers of its terms; years and venues come again and again."""

    def __init__(self, numbers: _Tokens) -> None:
        super().__init__()
        self.numbers = numbers

    def __missing__(self, text: str) -> list[int]:
        """Cut a text that is met for the first time, and remember it if it is short."""
        found = list(chain.from_iterable(map(self.numbers.__getitem__, tokens(text))))
        if len(text) < _SHORT:
            self[text] = found
        return found


_SHORT = 200  # letters: longer texts hardly come twice


def _text(document: Document, column: str) -> str:
    if column == LEAD:
        return document.authors.split(NAMES)[0]
    if column == SERIES:
        return document.venue.split(NAMES)[0]
    text: str = getattr(document, column)
    return text
