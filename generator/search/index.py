"""The search index, exactly as Lunr.js 2.3.9 would build it over the same documents.

    documents ─ count ─► how often each term stands in each field ─ serialised ─► Lunr's own JSON

Lunr numbers terms as it meets them, weighs them by BM25 (k1 = 1.2, b = 0.75, no boosts) and rounds
to three places, which also hides the last bits in which two machines' logarithms may differ.
Terms are sorted by UTF-16 unit, as JavaScript sorts: Lunr.js refuses to load any other order.

The browser gets two scripts, as a page opened from disk may load nothing else: the index, and
what a result shows of each paper. Their names hold a hash of what they are made of, so that they
can be named before they are made, and be kept by a browser for ever.
"""

from __future__ import annotations

import gc
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import blake2b
from itertools import chain
from math import floor, log

from generator.output import Output
from generator.search.analysis import (
    FIELDS,
    PIPELINE,
    SEARCH_PIPELINE,
    fold,
    is_kept,
    stem,
    tokens,
)

FORMAT = 1
"""Raise it when the same documents give other bytes; a test tells."""

NAMES = "; "
"""What stands between two names in one field of a document, since names hold spaces."""

BYLINE = 3  # authors that a result names; the paper's page names all
SNIPPET = 240  # letters of the abstract that a result shows: two lines on a wide screen


@dataclass(frozen=True, slots=True)
class Document:
    """What is indexed of a paper: plain text without markup, empty where nothing is known.

    `ref` is the paper's id. Of `authors`, `tags` and `venue` there may be several names, with
    `NAMES` between them; a result shows the first of a venue's.
    """

    ref: str
    title: str
    abstract: str
    authors: str
    tags: str
    venue: str
    year: str


def names(documents: Sequence[Document]) -> dict[str, str]:
    """What the search page must know: "index" and "hits" → the path of that file."""
    key = _hash(tuple(documents))
    return {name: f"search/{name}.{key}.js" for name in ("hits", "index")}


def outputs(documents: Sequence[Document]) -> Iterator[Output]:
    """The files that the search page loads when somebody searches."""
    paths, everything = names(documents), tuple(documents)
    yield Output(paths["index"], index_script, (everything,))
    yield Output(paths["hits"], hits_script, (everything,))


def index_script(documents: Sequence[Document]) -> bytes:
    """The whole index as a script that hands it to `static/search.js`."""
    return _script("index", build(documents))


def hits_script(documents: Sequence[Document]) -> bytes:
    """What a result shows of each paper (id, title, authors, year, venue, snippet), as a script."""
    return _script("hits", _json([_row(document) for document in documents]))


def documents_json(documents: Iterable[Document]) -> str:
    """All that anyone needs to build the same index with Lunr.js: fields, pipelines, documents.

    The pipeline's labels are those under which `static/search.js` registers its functions.
    """
    return _json(
        {
            "ref": "id",
            "fields": [{"name": field, "boost": 1} for field in FIELDS],
            "pipeline": PIPELINE,
            "searchPipeline": SEARCH_PIPELINE,
            "documents": [_renamed(asdict(document)) for document in documents],
        }
    )


def build(documents: Sequence[Document]) -> str:
    """The serialised index: what `JSON.stringify` gives of the index that Lunr.js builds."""
    with _uncollected():
        return _serialised(count(documents))


# --- counting -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each term stands where: all that an index is made of.

    `terms` in the order in which Lunr meets and numbers them; `fields[name][i]` holds, for
    document `refs[i]`, term number → how often.
    """

    refs: tuple[str, ...]
    terms: tuple[str, ...]
    fields: Mapping[str, Sequence[Counter[int]]]


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
    numbers = {field: _Tokens(field, words) for field in FIELDS}
    fields: dict[str, list[Counter[int]]] = {field: [] for field in FIELDS}
    for document in documents:
        for field in FIELDS:
            found = map(numbers[field].__getitem__, tokens(getattr(document, field)))
            fields[field].append(Counter(chain.from_iterable(found)))
    return Counts(tuple(document.ref for document in documents), tuple(words.terms), fields)


# --- Lunr's JSON --------------------------------------------------------------------------------

K1 = 1.2
B = 0.75


def _serialised(counts: Counts) -> str:
    """Lunr's JSON, written piece by piece: as Python objects it would take ten times the room."""
    head = {"version": "2.3.9", "fields": FIELDS}
    return (
        f'{_json(head)[:-1]},"fieldVectors":[{",".join(_vectors(counts))}],'
        f'"invertedIndex":[{",".join(_postings(counts))}],"pipeline":{_json(SEARCH_PIPELINE)}}}'
    )


def _vectors(counts: Counts) -> Iterator[str]:
    """["title/ID",[term number,weight,…]] for each field of each document, in Lunr's order."""
    rarities = _rarities(counts)
    means = {field: _mean_length(found) for field, found in counts.fields.items()}
    for position, ref in enumerate(counts.refs):
        for field in FIELDS:
            vector = _vector(counts.fields[field][position], means[field], rarities)
            yield f"[{_json(f'{field}/{ref}')},[{vector}]]"


def _vector(found: Counter[int], mean: float, rarities: Sequence[float]) -> str:
    """Term numbers in order, each with its weight; the arithmetic is Lunr's, step by step.

    Only a field with terms has a mean length other than nought.
    """
    length = K1 * (1 - B + B * (found.total() / mean)) if found else 0.0
    weights = (
        (term, floor(rarities[term] * ((K1 + 1) * often) / (length + often) * 1000 + 0.5))
        for term, often in sorted(found.items())
    )
    return ",".join([f"{term},{_thousandths(weight)}" for term, weight in weights])


@cache
def _thousandths(number: int) -> str:
    """So many thousandths as JavaScript writes them: 1500 gives "1.5"."""
    return f"{number / 1000:.3f}".rstrip("0").rstrip(".")


def _mean_length(found: Sequence[Counter[int]]) -> float:
    return sum(field.total() for field in found) / len(found) if found else 0.0


def _rarities(counts: Counts) -> list[float]:
    """Lunr's idf of each term; it counts a document once for each field that holds the term."""
    holders = Counter(chain.from_iterable(chain.from_iterable(counts.fields.values())))
    total = len(counts.refs)
    return [
        log(1 + abs((total - holders[term] + 0.5) / (holders[term] + 0.5)))
        for term in range(len(counts.terms))
    ]


def _postings(counts: Counts) -> Iterator[str]:
    """["term",{"_index":number,"title":{"ID":{}},…}] for each term, in the order of UTF-16."""
    refs = [f"{_json(ref)}:{{}}" for ref in counts.refs]
    holders: dict[str, list[list[str]]] = {}
    for field, found in counts.fields.items():
        lists: list[list[str]] = [[] for _ in counts.terms]
        for ref, numbers in zip(refs, found, strict=True):
            for number in numbers:
                lists[number].append(ref)
        holders[field] = lists
    order = sorted(enumerate(counts.terms), key=lambda item: item[1].encode("utf-16-be"))
    for number, term in order:
        fields = ",".join(f'"{field}":{{{",".join(holders[field][number])}}}' for field in FIELDS)
        yield f'[{_json(term)},{{"_index":{number},{fields}}}]'


@contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage collection meanwhile: there are a million small objects and not one cycle."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


# --- files --------------------------------------------------------------------------------------


def _row(document: Document) -> tuple[str, ...]:
    return (
        document.ref,
        document.title,
        byline(document.authors),
        document.year,
        document.venue.split(NAMES)[0],
        snippet(document.abstract),
    )


def byline(authors: str) -> str:
    """The first authors and how many more there are: "A. One, B. Two, C. Three and 4 more"."""
    people = [name for name in authors.split(NAMES) if name]
    more = len(people) - BYLINE
    return ", ".join(people[:BYLINE]) + (f" and {more} more" if more > 0 else "")


def snippet(abstract: str) -> str:
    """How an abstract begins, cut after a word."""
    if len(abstract) <= SNIPPET:
        return abstract
    words = abstract[: SNIPPET + 1].rsplit(None, 1)
    return (words[0] if len(words) == 2 else abstract[:SNIPPET]).rstrip(" ,;:.") + " …"


def _renamed(fields: dict[str, str]) -> dict[str, str]:
    """The same document with its reference under the name that Lunr knows it by."""
    return {"id": fields.pop("ref"), **fields}


def _script(name: str, text: str) -> bytes:
    """A script that hands in a text; JSON.parse of a string is faster than an object literal."""
    quoted = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"bibpress.receive('{name}','{quoted}');\n".encode("utf-8", "replace")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _hash(value: object) -> str:
    """Twelve hexadecimal digits that stand for a value of plain data."""
    return blake2b(repr((FORMAT, value)).encode("utf-8", "replace"), digest_size=6).hexdigest()
