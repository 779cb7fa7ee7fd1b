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
    terms     how often each term stands in which paper content, see `tables`   a query has a term
    places    at which place of the text, and one that  as terms                it is a phrase
              names the others
    words     every word as written, folded             content                 a last word is open,
    endings   the same, spelled backwards               content                 or one is mistyped
    lengths   how long each field is                    `BLOCK` papers a field  titles always, and
                                                                                abstracts roughly
    hits      what a result shows of a paper            `SHEET` papers          it is shown
    entries   its BibTeX                                `SHEAF` papers          it is exported
    items     the same as CSL-JSON                      `SHEAF` papers          as all but BibTeX
    ids       the papers' ids                           `IDS` papers            a program asks
    titles    the order by title                        one                     sorted by title
    moved     what became of ids, where any has         one                     in an old basket
    tags, authors, venues: the papers of each           content                 facets

Papers are numbered newest year first, then by id: so that years and sorting by year cost nothing,
and another title moves no other paper.

The index of a collection that has changed a little is made from the `State` that the last one left:
papers that are gone are taken out of the rows, those that have come are put in, and parts without a
changed row keep their names and are not even written. It is the index that would be made from
nothing, byte for byte.

Known weaknesses: a paper that comes or goes renumbers all after it, and nearly all files are others
then; the state is half as large again as the documents.
"""

from __future__ import annotations

import json
import marshal
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import chain, pairwise, repeat
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from generator.output import Output
from generator.search.analysis import FIELDS
from generator.search.counts import Counts, count
from generator.search.documents import KINDS, NAMES, Document, Facet, in_order
from generator.search.numbers import write_distances, write_numbers
from generator.search.rows import (
    Moved,
    read_forms,
    renumbered,
    revised,
    term_rows,
    word_rows,
)
from generator.search.tables import (
    MOST,
    Part,
    Row,
    beginnings,
    columns,
    cut,
    find,
    folded,
    recut,
    sort,
)
from generator.search.texts import Known, Shelf, Text, known, made, mark
from generator.text import sort_key

T = TypeVar("T")

BYLINE = 3  # authors that a result names; the paper's page names all
SNIPPET = 200  # letters of the abstract that a result shows: two lines on a wide screen

# Sizes, measured at 10,000 papers (docs/search.md): smaller parts mean more files and a longer
# head, larger ones more bytes a query.
WORDS = 2  # times as long as parts of terms are those of words
SELDOM = 8  # and those of facets: few need them, but the head has to name them
SHEET = 2  # papers a file of hits: fifty results lie in nearly as many places
SHEAF = 32  # papers that share one hash in the head, which all its files bear
BLOCK = 16_384  # papers a file of lengths
SIZE = 64  # terms: how long an abstract is roughly, which takes a fifth of the room of its length
IDS = 512  # papers a file of ids

FEW = 5  # where more than one paper in so many has changed, it is sooner to begin from nothing


class Files(NamedTuple):
    """The files of a search index; `head` is the path of the one that names the others.

    `state` is what the next index may be made from.
    """

    head: str
    outputs: tuple[Output, ...]
    state: State


class State(NamedTuple):
    """An index as far as a similar one can be made from it: plain data.

    `papers` are the documents in order, `lengths` those of each of their `FIELDS`; `terms`, `words`
    and `endings` are the parts of these tables, `titles` is the order by title as it is written,
    `listings` are of each of `KINDS`.
    """

    papers: tuple[tuple[str, ...], ...]
    lengths: tuple[tuple[int, ...], ...]
    terms: tuple[Part, ...]
    words: tuple[Part, ...]
    endings: tuple[Part, ...]
    sheaves: tuple[Sheaf, ...]
    titles: str
    listings: tuple[Listing, ...]


class Sheaf(NamedTuple):
    """Files of hits, entries and items: the mark of what is exported, and what all are known by."""

    exported: str
    known: Known


class Listing(NamedTuple):
    """The facets of a kind, in two tables: those that are listed with counts, and the others.

    `made_of` is the mark of the facets and the papers' numbers. `small`: so little is listed that
    it is counted without being asked for. A table is what its parts begin with and are known by.
    """

    made_of: str
    small: bool
    tables: tuple[tuple[str, tuple[Known, ...]], ...]


NOTHING = State((), ((),) * len(FIELDS), (), (), (), (), "", ())


def files(
    documents: Iterable[Document],
    facets: Iterable[Facet],
    entries: Mapping[str, str],
    items: Mapping[str, str],
    before: State = NOTHING,
    moved: Mapping[str, str] = MappingProxyType({}),
) -> Files:
    """Every file that the search page may load.

    `entries` has each paper's finished BibTeX, `items` its CSL-JSON as JSON text, both by ref.
    `moved` says what became of refs that are no more, for those who have put them aside.
    From the state of a similar index they are the same, made in a fraction of the time.
    """
    ordered = in_order(documents)
    papers = tuple(map(_FIELDS_OF, ordered))
    before, change = _since(before, papers)
    counts = count([ordered[number] for number in change.come], change.come)
    shelf = Shelf()
    lengths = tuple(_lengths(before, change, counts))
    tables = terms, words, endings = _tables(shelf, before, change, counts)
    sheaves = tuple(_sheaves(shelf, before, change, ordered, entries, items))
    titles = _titles(before, ordered)
    ids = [paper[0] for paper in papers]
    listings, named = zip(*_listings(shelf, before, ids, facets), strict=True)
    state = State(
        papers, lengths, terms.parts, words.parts, endings.parts, sheaves, titles, listings
    )
    head = _head(shelf, state, _years(ordered), tables, named)
    if moved:
        head["moved"] = shelf.add("moved", made(_json(dict(sorted(moved.items())))))
    path = f"search/head/{shelf.add('head', made(_json(head)))}.js"
    return Files(path, tuple(shelf.outputs()), state)


def _head(
    shelf: Shelf,
    state: State,
    years: Sequence[tuple[int, int]],
    tables: tuple[_Table, _Table, _Table],
    listed: Iterable[list[list[str]]],
) -> dict[str, object]:
    """What the head says: how many there are of everything, and what each file is called.

    `listed` are the names of the files of each kind of facets.
    """
    terms, words, endings = tables
    ids = [paper[0] for paper in state.papers]
    return {
        "papers": len(ids),
        "years": years,
        "means": [_mean(length) for length in state.lengths],
        "terms": terms.named(),
        "places": shelf.add("places", made(" ".join(terms.names[1]))),
        "words": words.named(),
        "endings": endings.named(),
        "lengths": [_in_blocks(shelf, length) for length in state.lengths],
        "sizes": _in_blocks(shelf, [length // SIZE for length in state.lengths[_ABSTRACT]]),
        "sheaves": "".join(sheaf.known.letters for sheaf in state.sheaves),
        "ids": [shelf.add("ids", made(" ".join(block))) for block in _blocks(ids, IDS)],
        "titles": shelf.add("titles", made(state.titles)),
        "small": [kind for kind, each in zip(KINDS, state.listings, strict=True) if each.small],
        **dict(zip(KINDS, listed, strict=True)),
    }


# --- what has changed ---------------------------------------------------------------------------

_ABSTRACT = FIELDS.index("abstract")
_TITLE = 1 + FIELDS.index("title")
_FIELDS_OF = attrgetter("ref", *FIELDS)


class _Change(NamedTuple):
    """What has become of the papers.

    `stays`: for each number the one that the same paper had, -1 for another paper. `gone` are old
    numbers, `come` new ones; `moved` is None where all that stay keep theirs.
    """

    stays: list[int]
    gone: list[int]
    come: list[int]
    moved: Moved | None


def _since(before: State, papers: tuple[tuple[str, ...], ...]) -> tuple[State, _Change]:
    """What to begin with, and what is different now."""
    if papers == before.papers:
        return before, _Change(list(range(len(papers))), [], [], None)
    were = {paper[0]: number for number, paper in enumerate(before.papers)}
    stays = [were.get(paper[0], -1) for paper in papers]
    for number, (old, paper) in enumerate(zip(stays, papers, strict=True)):
        if old >= 0 and before.papers[old] != paper:
            stays[number] = -1
    kept = [old for old in stays if old >= 0]
    come = [number for number, old in enumerate(stays) if old < 0]
    changed = max(len(come), len(before.papers) - len(kept))
    # (Papers of one id are in no order that lasts. Nobody makes such an index, but it can be made.)
    if changed * FEW > len(papers) or any(one >= other for one, other in pairwise(kept)):
        everything = list(range(len(papers)))
        return NOTHING, _Change([-1] * len(papers), [], everything, None)
    moved = [-1] * len(before.papers)
    for number, old in enumerate(stays):
        if old >= 0:
            moved[old] = number
    gone = [old for old, number in enumerate(moved) if number < 0]
    same = all(old < 0 or number == old for number, old in enumerate(stays))
    return before, _Change(stays, gone, come, None if same else moved)


def _lengths(before: State, change: _Change, counts: Counts) -> Iterator[tuple[int, ...]]:
    """How many terms each field has, of every paper."""
    for old, new in zip(before.lengths, counts.lengths, strict=True):
        come = iter(new)
        yield tuple(old[number] if number >= 0 else next(come) for number in change.stays)


# --- what is cut by content ---------------------------------------------------------------------


class _Table(NamedTuple):
    """The parts of a table, and the names of their files: of each file of a part a list."""

    parts: tuple[Part, ...]
    names: list[list[str]]

    def named(self) -> list[str]:
        """What the parts begin with, and their names, both parted by spaces."""
        return [beginnings((part.first, part.last) for part in self.parts), " ".join(self.names[0])]


def _tables(
    shelf: Shelf, before: State, change: _Change, counts: Counts
) -> tuple[_Table, _Table, _Table]:
    """The tables of terms, with their places, of words and of endings."""
    terms: Iterable[Part | Sequence[Row]]
    words: dict[str, Row | None]
    if before.papers:
        gone = [Document(*before.papers[number]) for number in change.gone]
        lost = count(gone, change.gone)
        were = find(before.terms, [*lost.terms, *counts.terms])
        now = revised(were, lost, counts, change.moved)
        words = _changes(_words(were.values()), _words(now.values()))
        if change.moved:
            terms = cut(sort(_all_rows(before.terms, now, change.moved)))
        else:
            terms = recut(before.terms, now)
    else:
        rows = sort(term_rows(counts))
        words = {row[0]: row for forms in counts.forms for row in word_rows(forms)}
        terms = cut(rows)
    endings = {word[::-1]: (word[::-1], row[1]) if row else None for word, row in words.items()}
    return (
        _shelved(shelf, terms, "terms", "places"),
        _shelved(shelf, recut(before.words, words, WORDS), "words"),
        _shelved(shelf, recut(before.endings, endings, WORDS), "endings"),
    )


def _all_rows(
    parts: Iterable[Part], changes: Mapping[str, Row | None], moved: Moved
) -> Iterator[Row]:
    """The rows of terms where papers have other numbers, and some terms other papers."""
    for part in parts:
        for row in part.rows():
            if row[0] not in changes:
                yield renumbered(row, moved)
    yield from filter(None, changes.values())


def _words(terms: Iterable[Row | None]) -> dict[str, Row]:
    """The rows of the words of some terms."""
    forms = (read_forms(term[3]) for term in terms if term)
    return {row[0]: row for each in forms for row in word_rows(each)}


def _changes(old: Mapping[str, Row], new: Mapping[str, Row]) -> dict[str, Row | None]:
    gone: dict[str, Row | None] = {key: None for key in old if key not in new}
    return gone | {key: row for key, row in new.items() if old.get(key) != row}


def _shelved(shelf: Shelf, pieces: Iterable[Part | Sequence[Row]], *kinds: str) -> _Table:
    """The files of a table, of each part one of each kind; what did not change is not written."""
    parts: list[Part] = []
    names: list[list[str]] = [[] for _ in kinds]
    for piece in pieces:
        if isinstance(piece, Part):
            part = piece
            texts = [
                Text(each, partial(_written_again, kind, part))
                for kind, each in zip(kinds, part.files, strict=True)
            ]
        else:
            texts = [made(_written(kind, piece)) for kind in kinds]
            part = Part(columns(piece), tuple(text.known for text in texts))
        parts.append(part)
        for kind, text, of_kind in zip(kinds, texts, names, strict=True):
            of_kind.append(shelf.add(kind, text))
    return _Table(tuple(parts), names)


def _written(kind: str, rows: Iterable[Row]) -> str:
    return " ".join(row[2] for row in rows) if kind == "places" else " ".join(folded(rows))


def _written_again(kind: str, part: Part) -> str:
    return _written(kind, part.rows())


def _in_blocks(shelf: Shelf, lengths: Sequence[int]) -> list[str]:
    return [shelf.add("lengths", made(write_numbers(block))) for block in _blocks(lengths, BLOCK)]


def _mean(lengths: Sequence[int]) -> float:
    """As Lunr has it: every paper has every field, if only an empty one."""
    return sum(lengths) / len(lengths) if lengths else 0.0


# --- what is cut by papers ----------------------------------------------------------------------


def _sheaves(
    shelf: Shelf,
    before: State,
    change: _Change,
    documents: Sequence[Document],
    entries: Mapping[str, str],
    items: Mapping[str, str],
) -> Iterator[Sheaf]:
    """What results show, and what they are exported as; a sheaf's files share one name."""
    for number, start in enumerate(range(0, len(documents), SHEAF)):
        sheaf = documents[start : start + SHEAF]
        end = start + len(sheaf)
        bibtex = [entries.get(document.ref, "") for document in sheaf]
        csl = [items.get(document.ref, "null") for document in sheaf]
        exported = _mark([bibtex, csl])
        sheets = list(_blocks(sheaf, SHEET))
        stays = (
            change.stays[start:end] == list(range(start, end))
            and before.sheaves[number].exported == exported
        )
        if stays:
            known_by = before.sheaves[number].known
            hits = [partial(_hits, sheet) for sheet in sheets]
            texts = [partial(_json, bibtex), partial(_joined, csl), *hits]
        else:
            made_now = [_json(bibtex), _joined(csl), *map(_hits, sheets)]
            known_by = known(_json(made_now))
            texts = [partial(str, text) for text in made_now]
        yield Sheaf(exported, known_by)
        kinds = chain(["entries", "items"], repeat("hits"))
        for kind, letter, text in zip(kinds, _LETTERS, texts, strict=False):
            shelf.put(kind, f"{number}{letter}.{known_by.letters}", Text(known_by, text))


def _joined(items: Iterable[str]) -> str:
    """A list of what is JSON already."""
    return f"[{','.join(items)}]"


# What stands after the number of a sheaf: nothing for its exports, a letter for each sheet.
_LETTERS = ("", "", *map(chr, range(ord("a"), ord("a") + SHEAF // SHEET)))


def _hits(sheet: Iterable[Document]) -> str:
    return _json([_hit(document) for document in sheet])


def _hit(document: Document) -> tuple[str, ...]:
    return (
        document.ref,
        document.title,
        byline(document.authors),
        document.venue.split(NAMES)[0],
        snippet(document.abstract),
        *filter(None, [document.standing]),
    )


def byline(authors: str) -> str:
    r"""The first authors and, after a tab, how many more: "A. One, B. Two, C. Three\t4".

    Whoever shows them says so in words, the search page in the site's language.
    """
    people = [name for name in authors.split(NAMES) if name]
    more = len(people) - BYLINE
    return ", ".join(people[:BYLINE]) + (f"\t{more}" if more > 0 else "")


def snippet(abstract: str) -> str:
    """How an abstract begins, cut after a word."""
    if len(abstract) <= SNIPPET:
        return abstract
    words = abstract[: SNIPPET + 1].rsplit(None, 1)
    return (words[0] if len(words) == 2 else abstract[:SNIPPET]).rstrip(" ,;:.") + " …"


def _years(documents: Iterable[Document]) -> list[tuple[int, int]]:
    """(year, papers of that year) in the order of the papers; 0 for no year."""
    return list(Counter(int(document.year or 0) for document in documents).items())


def _titles(before: State, documents: Iterable[Document]) -> str:
    """The place of each paper in the order of titles, as it is written."""
    titles = [document.title for document in documents]
    if titles == [paper[_TITLE] for paper in before.papers]:
        return before.titles
    keys = list(map(sort_key, titles))
    ranks = [0] * len(titles)
    for rank, number in enumerate(sorted(range(len(titles)), key=keys.__getitem__)):
        ranks[number] = rank
    return write_numbers(ranks)


# --- facets -------------------------------------------------------------------------------------


class _Facets(NamedTuple):
    """The parts of two tables: the first and the last key of each, and its text."""

    small: bool
    tables: list[list[tuple[str, str, str]]]


def _listings(
    shelf: Shelf, before: State, ids: Sequence[str], facets: Iterable[Facet]
) -> Iterator[tuple[Listing, list[list[str]]]]:
    """The tables of each kind, and what the head says of them."""
    numbers = {ref: number for number, ref in enumerate(ids)}
    numbered = _mark(ids)
    of_kinds: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {kind: [] for kind in KINDS}
    for facet in facets:
        of_kinds[facet.kind].append((facet.slug, facet.name, facet.papers))
    were = {listing.made_of: listing for listing in before.listings}
    for kind, of_kind in of_kinds.items():
        made_of = _mark((kind, numbered, of_kind))
        tables = cache(partial(_facets, of_kind, numbers))
        listing = were.get(made_of) or _listing(made_of, tables())
        yield (
            listing,
            [
                [
                    begins,
                    " ".join(
                        shelf.add(kind, Text(each, partial(_facet_text, tables, table, part)))
                        for part, each in enumerate(files)
                    ),
                ]
                for table, (begins, files) in enumerate(listing.tables)
            ],
        )


def _listing(made_of: str, facets: _Facets) -> Listing:
    return Listing(
        made_of,
        facets.small,
        tuple(
            (
                beginnings((first, last) for first, last, _ in table),
                tuple(known(text) for _, _, text in table),
            )
            for table in facets.tables
        ),
    )


def _facet_text(tables: Callable[[], _Facets], table: int, part: int) -> str:
    return tables().tables[table][part][2]


def _facets(
    facets: Iterable[tuple[str, str, Sequence[str]]], numbers: Mapping[str, int]
) -> _Facets:
    """The values of one kind that are listed with counts, and the others.

    Where there are many, those of one paper are not listed.
    """
    several: list[Row] = []
    single: list[Row] = []
    for slug, name, refs in facets:
        papers = write_distances(sorted([numbers[ref] for ref in refs]))
        row = slug, f"[{_json(slug)},{_json(name)},{_json(papers)}]"
        (several if len(refs) > 1 else single).append(row)
    if _size(several) + _size(single) <= MOST:
        several += single
        single = []
    tables = [list(cut(sorted(rows), SELDOM)) for rows in (several, single)]
    return _Facets(
        _size(several) <= MOST,
        [
            [(rows[0][0], rows[-1][0], f"[{','.join(row[1] for row in rows)}]") for rows in table]
            for table in tables
        ],
    )


def _size(rows: Iterable[Row]) -> int:
    return sum(len(row[1]) for row in rows)


# --- helpers ------------------------------------------------------------------------------------

_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _mark(value: Any) -> str:
    """Stands for plain data: version 0 of `marshal` has one way to write it, and is the fastest."""
    return mark(marshal.dumps(value, 0))


def _blocks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[i : i + size] for i in range(0, len(items), size))
