"""The search index, cut into files of which a query loads the few it needs.

    documents ─ count ─► postings ─ rows ─► parts ─► search/terms/3f….js, … and search/head.….js

What a part holds is how often a term stands where, never what that weighs: weights hang on the
number of papers and on mean lengths, so one edited abstract would change nearly every part
(measured: 466 of 500). The browser works out Lunr's weights from the head, which has the mean
lengths. So an edit makes anew the parts that hold its terms, what is shown of that paper, and the
head.

A part's name holds a hash of its content, so that a browser may keep it for ever; the head knows
all names, and the search page the head's. Everything is a classic script that hands in one text,
since a page opened from disk may load nothing else.

    kind      what                                      cut by                  loaded when
    head      number of papers, means, tables of parts  one                     with the page
    terms     how often each term stands in which paper content, see `_cut`     a query has a term
    places    at which place of the text, and one that  as terms                it is a phrase
              names the others
    words     every word as written, folded             content                 a last word is open,
    endings   the same, spelled backwards               content                 or one is mistyped
    lengths   how long each field is                    `BLOCK` papers a field  titles always, and
                                                                                abstracts roughly
    hits      what a result shows of a paper            `SHEET` papers          it is shown
    entries   its BibTeX                                `SHEAF` papers          it is exported
    ids       the papers' ids                           `IDS` papers            a program asks
    titles    the order by title                        one                     sorted by title
    tags, authors, venues: the papers of each           content                 facets

Papers are numbered newest year first, then by id: so that years and sorting by year cost nothing,
and another title moves no other paper.
"""

from __future__ import annotations

import gc
import json
from base64 import b32encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from operator import attrgetter
from typing import NamedTuple, TypeVar
from zlib import crc32

from generator.output import Output
from generator.search.analysis import FIELDS, fold, tokens
from generator.search.counts import COLUMNS, PLACE_BITS, Counts, count
from generator.search.documents import KINDS, NAMES, Document, Facet, in_order
from generator.search.numbers import utf_16, write_distances, write_number, write_numbers

T = TypeVar("T")

BYLINE = 3  # authors that a result names; the paper's page names all
SNIPPET = 200  # letters of the abstract that a result shows: two lines on a wide screen

# Sizes, measured at 10,000 papers (docs/search.md): smaller parts mean more files and a longer
# head, larger ones more bytes a query.
LEAST, MOST = 1_500, 6_000  # letters of a part that is cut by content
SELDOM = 8  # times as long are the parts of facets: few need them, but the head has to name them
SHEET = 2  # papers a file of hits: fifty results lie in nearly as many places
SHEAF = 32  # papers that share one hash in the head, which all its files bear
BLOCK = 16_384  # papers a file of lengths
SIZE = 64  # terms: how long an abstract is roughly, which takes a fifth of the room of its length
IDS = 512  # papers a file of ids
NAME = 6  # letters of a hash: it cannot be compressed, and the head has one for every part

_PLACE = (1 << PLACE_BITS) - 1


class Files(NamedTuple):
    """The files of a search index; `head` is the path of the one that names the others."""

    head: str
    outputs: tuple[Output, ...]


def files(
    documents: Iterable[Document], facets: Iterable[Facet], entries: Mapping[str, str]
) -> Files:
    """Every file that the search page may load; `entries` has each paper's finished BibTeX."""
    ordered = in_order(documents)
    with _uncollected():
        parts = _Parts()
        head = {
            "papers": len(ordered),
            "years": _years(ordered),
            **_terms(parts, count(ordered)),
            **_shown(parts, ordered, entries),
            "titles": parts.add("titles", write_numbers(_ranks(ordered))),
            **_facets(parts, ordered, facets),
        }
        path = f"search/head/{parts.add('head', _json(head))}.js"
    return Files(path, tuple(parts.outputs()))


# --- what is cut by content ---------------------------------------------------------------------


class _Row(NamedTuple):
    """A row of a part that is sorted by a key; how it is written depends on the row before it."""

    key: str
    rest: str
    places: str = ""


def _terms(parts: _Parts, counts: Counts) -> dict[str, object]:
    """The tables of terms, words, endings and lengths, and the mean length of each field."""
    terms, words = list(_cut(_term_rows(counts))), _word_rows(counts)
    return {
        "means": [_mean(counts.lengths[field]) for field in FIELDS],
        "terms": _table(parts, terms, _word_part("terms")),
        "places": parts.add("places", " ".join(_places(parts, terms))),
        "words": _table(parts, _cut(_sorted(words), 2), _word_part("words")),
        "endings": _table(parts, _cut(_sorted(map(_backwards, words)), 2), _word_part("endings")),
        "lengths": [_in_blocks(parts, counts.lengths[field]) for field in FIELDS],
        "sizes": _in_blocks(parts, [length // SIZE for length in counts.lengths["abstract"]]),
    }


def _in_blocks(parts: _Parts, lengths: Sequence[int]) -> list[str]:
    return [parts.add("lengths", write_numbers(block)) for block in _blocks(lengths, BLOCK)]


def _mean(lengths: Sequence[int]) -> float:
    """As Lunr has it: every paper has every field, if only an empty one."""
    return sum(lengths) / len(lengths) if lengths else 0.0


def _term_rows(counts: Counts) -> list[_Row]:
    """Every term, sorted, with its groups of papers and of places.

    A group is `!`, the number that says in which column and how often, and the papers' numbers,
    each as the distance from the one before. Groups of places hold as many numbers for each paper
    as the term stands there times.
    """
    papers: list[list[str]] = [[] for _ in counts.terms]
    places: list[list[str]] = [[] for _ in counts.terms]
    for column, name in enumerate(COLUMNS):
        for often, found in sorted(counts.places[name].items()):
            head = write_number((often - 1) * len(COLUMNS) + column)
            for term, group in found.items():
                if len(group) == 1:  # as of most terms
                    papers[term].append(f"!{head}{write_number(group[0] >> PLACE_BITS)}")
                    places[term].append(f"!{write_number(group[0] & _PLACE)}")
                else:
                    holders = write_distances([place >> PLACE_BITS for place in group[::often]])
                    papers[term].append(f"!{head}{holders}")
                    places[term].append(f"!{write_numbers([place & _PLACE for place in group])}")
    rows = map(_Row, counts.terms, map("".join, papers), map("".join, places))
    return _sorted(rows)


def _word_rows(counts: Counts) -> list[_Row]:
    """Every word, with how common its term is: the bits of how often it stands anywhere."""
    often: Counter[int] = Counter()
    for column in FIELDS:
        for found in counts.places[column].values():
            for term, places in found.items():
                often[term] += len(places)
    bits = {term: f"!{write_number(count.bit_length())}" for term, count in often.items()}
    return [_Row(word, bits[term]) for word, term in counts.words.items()]


def _backwards(row: _Row) -> _Row:
    """The same word from its end."""
    return _Row(row.key[::-1], row.rest)


def _sorted(rows: Iterable[_Row]) -> list[_Row]:
    """In the order in which JavaScript compares: by code point, but beyond U+FFFF."""
    listed = list(rows)
    if all(row.key.isascii() or max(row.key) <= "\uffff" for row in listed):
        return sorted(listed, key=attrgetter("key"))
    return sorted(listed, key=lambda row: utf_16(row.key))


def _table(
    parts: _Parts,
    cut: Iterable[Sequence[_Row]],
    write: Callable[[_Parts, Sequence[_Row]], str],
) -> list[str]:
    """The parts of sorted rows: what each begins with, and its name, both parted by spaces."""
    begins, names, before = [], [], ""
    for part in cut:
        begins.append(_parting(before, part[0].key))
        names.append(write(parts, part))
        before = part[-1].key
    return [" ".join(begins), " ".join(names)]


def _cut(rows: Sequence[_Row], times: int = 1) -> Iterator[Sequence[_Row]]:
    """Rows in parts of so many times `LEAST` to `MOST` letters, a longer row alone.

    Where a part may end is decided by the row there: so where a row grows, comes or goes the cuts
    move for a part or two and are then again what they were.
    """
    least, most = times * LEAST, times * MOST
    start, size = 0, 0
    for i, row in enumerate(rows):
        more = len(row.key) + len(row.rest)
        if i > start and (size + more > most or (size >= least and _may_cut(row, least))):
            yield rows[start:i]
            start, size = i, 0
        size += more
    if rows:
        yield rows[start:]


def _may_cut(row: _Row, least: int) -> bool:
    """Whether a part may end before this row, by chance: once in `least` letters of rows.

    Were it much more often, a shifted cut would shift all that follow.
    """
    chance = crc32(row.key.encode("utf-8", "replace"))
    return chance * least < (len(row.key) + len(row.rest)) << 32


def _parting(before: str, key: str) -> str:
    """The shortest beginning of a key that tells it from the key before it."""
    same = _shared(before, key)
    return key[: same + 1]


def _shared(one: str, other: str) -> int:
    """How many letters two texts begin with alike."""
    same = 0
    for letter, beside in zip(one, other, strict=False):
        if letter != beside:
            break
        same += 1
    return same


def _places(parts: _Parts, cut: Iterable[Sequence[_Row]]) -> Iterator[str]:
    """The names of the parts that have the places of each part of terms.

    They are not named in those: one word more shifts the places of all that follow it.
    """
    for part in cut:
        yield parts.add("places", " ".join(row.places for row in part))


def _word_part(kind: str) -> Callable[[_Parts, Sequence[_Row]], str]:
    return lambda parts, rows: parts.add(kind, " ".join(_folded(rows)))


def _folded(rows: Sequence[_Row]) -> Iterator[str]:
    """Rows whose keys begin with how many letters, as UTF-16 counts, the key before has too."""
    before = ""
    for row in rows:
        same = _shared(before, row.key)
        units = same + sum(letter > "\uffff" for letter in row.key[:same])
        yield f"{write_number(units)}{row.key[same:]}{row.rest}"
        before = row.key


# --- what is cut by papers ----------------------------------------------------------------------


def _shown(
    parts: _Parts, documents: Sequence[Document], entries: Mapping[str, str]
) -> dict[str, object]:
    """What results show, their BibTeX and their ids; a sheaf's files share one name."""
    names = []
    for number, sheaf in enumerate(_blocks(documents, SHEAF)):
        bibtex = _json([entries.get(document.ref, "") for document in sheaf])
        hits = [_json([_hit(document) for document in sheet]) for sheet in _blocks(sheaf, SHEET)]
        name = _hash(_json((bibtex, hits)))
        names.append(name)
        parts.put("entries", f"{number}.{name}", bibtex)
        for place, sheet in enumerate(hits):
            parts.put("hits", f"{number}{chr(ord('a') + place)}.{name}", sheet)
    ids = [" ".join(document.ref for document in block) for block in _blocks(documents, IDS)]
    return {
        "sheaves": "".join(names),
        "ids": [parts.add("ids", block) for block in ids],
    }


def _hit(document: Document) -> tuple[str, ...]:
    return (
        document.ref,
        document.title,
        byline(document.authors),
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


def _years(documents: Sequence[Document]) -> list[tuple[int, int]]:
    """(year, papers of that year) in the order of the papers; 0 for no year."""
    years = Counter(int(document.year or 0) for document in documents)
    return list(years.items())


def _ranks(documents: Sequence[Document]) -> list[int]:
    """The place of each paper in the order of titles."""
    order = sorted(range(len(documents)), key=lambda i: (" ".join(_title_words(documents[i])), i))
    ranks = [0] * len(order)
    for rank, i in enumerate(order):
        ranks[i] = rank
    return ranks


def _title_words(document: Document) -> Iterator[str]:
    return (word for token in tokens(document.title) for word in fold(token))


# --- facets -------------------------------------------------------------------------------------


def _facets(
    parts: _Parts, documents: Sequence[Document], facets: Iterable[Facet]
) -> dict[str, object]:
    """Two tables a kind: of the values that are listed with counts, and of the others.

    Where there are many, those of one paper are not listed. `small` names the kinds of which so
    little is listed that it is counted without being asked for.
    """
    numbers = {document.ref: number for number, document in enumerate(documents)}
    several: dict[str, list[_Row]] = {kind: [] for kind in KINDS}
    single: dict[str, list[_Row]] = {kind: [] for kind in KINDS}
    for facet in facets:
        papers = sorted(numbers[ref] for ref in facet.papers)
        row = _Row(facet.slug, _json([facet.slug, facet.name, write_distances(papers)]))
        (several if len(papers) > 1 else single)[facet.kind].append(row)
    for kind in KINDS:
        if _size(several[kind]) + _size(single[kind]) <= MOST:
            several[kind] += single[kind]
            single[kind].clear()
    return {
        "small": [kind for kind in KINDS if _size(several[kind]) <= MOST],
        **{
            kind: [
                _table(parts, _cut(sorted(rows[kind]), SELDOM), _facet_part(kind))
                for rows in (several, single)
            ]
            for kind in KINDS
        },
    }


def _size(rows: Iterable[_Row]) -> int:
    return sum(len(row.rest) for row in rows)


def _facet_part(kind: str) -> Callable[[_Parts, Sequence[_Row]], str]:
    return lambda parts, rows: parts.add(kind, f"[{','.join(row.rest for row in rows)}]")


# --- files --------------------------------------------------------------------------------------


class _Parts:
    """The files of an index while it is made."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}  # by name, which is the path without its ending

    def add(self, kind: str, text: str) -> str:
        """Put a text in a file named by its content; the answer is the name, without its folder."""
        name = _hash(text)
        while self.texts.get(f"{kind}/{name}", text) != text:
            name = _hash(name + text)  # another has that name, as in one index of some thousands
        self.put(kind, name, text)
        return name

    def put(self, kind: str, name: str, text: str) -> None:
        """Put a text in a file of this name."""
        self.texts[f"{kind}/{name}"] = text

    def outputs(self) -> Iterator[Output]:
        """The files."""
        for name, text in self.texts.items():
            yield Output(f"search/{name}.js", bytes, (_script(name, text),))


def _script(name: str, text: str) -> bytes:
    """A script that hands in a text, which has no line ends: what may hold some is JSON."""
    quoted = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"bibpress.receive('{name}','{quoted}');\n".encode("utf-8", "replace")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _hash(text: str) -> str:
    """`NAME` letters and digits that stand for a text: thirty bits."""
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=5).digest()
    return b32encode(digest).decode().lower()[:NAME]


def _blocks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[i : i + size] for i in range(0, len(items), size))


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
