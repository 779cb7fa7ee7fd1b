"""A published search index, read as far as a query needs it.

    search/head/….js ─► Index ─ term, words, places, … ─► one file each, the first time it is needed

Everything here undoes what `parts` does, and says what the files are. The browser's reader is
`static/search/index.js`.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from generator.errors import BibpressError
from generator.search.analysis import FIELDS
from generator.search.counts import COLUMNS
from generator.search.documents import KINDS
from generator.search.numbers import read_distances, read_numbers, utf_16
from generator.search.parts import IDS, SHEAF, SHEET, SIZE
from generator.search.texts import NAME

T = TypeVar("T")


class Group(NamedTuple):
    """The papers, by number and rising, that have a term `often` times in one of `COLUMNS`."""

    column: int
    often: int
    papers: list[int]


@dataclass(frozen=True, slots=True)
class Term:
    """Where a term stands.

    `holders`: in how many fields of papers Lunr counts it. `part`: the name of the part it is in.
    """

    text: str
    holders: int
    groups: tuple[Group, ...]
    part: str

    def within(self, column: int) -> Iterator[Group]:
        """The groups of one column."""
        return (group for group in self.groups if group.column == column)


@dataclass(frozen=True, slots=True)
class Hit:
    """What a result shows of a paper; `authors` are the first few and how many more there are.

    `standing` is empty but for a paper that was retracted or the like.
    """

    id: str
    title: str
    authors: str
    venue: str
    snippet: str
    year: int | None
    standing: str = ""


class Index:
    """The search index of a published site; its papers are numbers from 0, newest year first.

    `papers`: how many it has. `means`: the mean length of each field. BibpressError, which names
    the file, where one is missing or is not what was published.
    """

    def __init__(self, site: Path) -> None:
        self._folder = site / "search"
        name = f"head/{_only_file(self._folder / 'head').stem}"
        self._head = self._part(name, _head)
        self.papers = self._head.papers
        self.means = self._head.means
        self._term_parts = _Remembered(lambda name: self._part(f"terms/{name}", _term_part))
        self._word_parts = _Remembered(lambda name: self._part(name, _word_part))
        self._sheets = _Remembered(lambda name: self._part(f"hits/{name}", _sheet))

    # --- terms ---

    def term(self, text: str) -> Term | None:
        """Where a term stands; None where it stands nowhere."""
        for name in self._head.terms.parts_for(text):
            row = self._term_parts[name].get(text)
            if row is not None:
                with self._sound(f"terms/{name}"):
                    groups = tuple(map(self._group, row.split("!")))
                holders = sum(len(g.papers) for g in groups if g.column < len(FIELDS))
                return Term(text, holders, groups, name)
        return None

    def terms_from(self, start: str) -> list[str]:
        """All terms that begin like this, in order."""
        names = self._head.terms.parts_for(start, as_prefix=True)
        rows = (self._term_parts[name] for name in names)
        return [text for part in rows for text in part if text.startswith(start)]

    def places(self, term: Term, field: int) -> dict[int, list[int]]:
        """Paper → which of the terms of a field this one is; common words have no place."""
        names = self._part(f"places/{self._head.places}", _words)
        row = list(self._term_parts[term.part]).index(term.text)
        with self._sound(f"places/{self._head.places}"):
            name = names[self._head.terms.names.index(term.part)]
        with self._sound(f"places/{name}"):
            groups = self._part(f"places/{name}", _words)[row].split("!")[1:]
            return {
                paper: places
                for group, text in zip(term.groups, groups, strict=True)
                if group.column == field
                for paper, places in zip(
                    group.papers, _chunks(read_numbers(text), group.often), strict=True
                )
            }

    def words(self, kind: str, start: str = "") -> dict[str, int]:
        """Folded word → how common it is, of all that begin like this, in order.

        `kind` is "words", or "endings" for words spelled backwards; a word is as common as the
        number of bits of how often its term stands anywhere.
        """
        found: dict[str, int] = {}
        for name in self._head.words[kind].parts_for(start, as_prefix=True):
            part = self._word_parts[f"{kind}/{name}"]
            found.update((word, bits) for word, bits in part.items() if word.startswith(start))
        return found

    def lengths(self, field: int) -> list[int]:
        """How many terms a field has, of all papers."""
        return self._blocks(self._head.lengths[field])

    def sizes(self) -> list[float]:
        """How many terms an abstract has roughly, of all papers."""
        return [(size + 0.5) * SIZE for size in self._blocks(self._head.sizes)]

    # --- papers ---

    def hits(self, papers: Iterable[int]) -> list[Hit]:
        """What results show of these papers."""
        return [self._hit(paper) for paper in papers]

    def ids(self, papers: Iterable[int]) -> list[str]:
        """The ids of these papers."""
        parts = _Remembered(lambda name: self._part(f"ids/{name}", _words))
        names = self._head.ids
        with self._sound("ids"):
            return [parts[names[paper // IDS]][paper % IDS] for paper in papers]

    def of_years(self, first: int, last: int) -> set[int]:
        """The papers of these years and those between them; papers without a year are of 0."""
        return {
            paper
            for run in self._head.years
            if first <= run.year <= last
            for paper in range(run.first, run.first + run.papers)
        }

    def of_facet(self, kind: str, slug: str) -> set[int]:
        """The papers of a topic, an author or a venue; none where there is no such value.

        `kind` is one of `documents.KINDS`.
        """
        for table in self._head.facets[kind]:
            for name in table.parts_for(slug):
                found = self._part(f"{kind}/{name}", _facets).get(slug)
                if found is not None:
                    return set(found[1])
        return set()

    def pages(self, kind: str) -> dict[str, tuple[str, int]]:
        """The topics, authors or venues that there are: slug → name, and how many papers.

        `kind` is one of `documents.KINDS`.
        """
        parts = (name for table in self._head.facets[kind] for name in table.names)
        return {
            slug: (name, len(papers))
            for part in parts
            for slug, (name, papers) in self._part(f"{kind}/{part}", _facets).items()
        }

    def title_order(self) -> list[int]:
        """The place of every paper in the order of titles."""
        return self._of_all(self._part(f"titles/{self._head.titles}", read_numbers), "titles")

    # --- files ---

    def _group(self, text: str) -> Group:
        code, *distances = read_numbers(text)
        often, column = divmod(code, len(COLUMNS))
        papers = list(accumulate(distances))
        if papers[-1] >= self.papers:
            raise ValueError("a paper that the index does not have")
        return Group(column, often + 1, papers)

    def _hit(self, paper: int) -> Hit:
        head = self._head
        sheaf = paper // SHEAF
        letter = chr(ord("a") + paper // SHEET % (SHEAF // SHEET))
        name = f"{sheaf}{letter}.{head.sheaves[NAME * sheaf : NAME * (sheaf + 1)]}"
        with self._sound(f"hits/{name}"):
            shown = self._sheets[name][paper % SHEET]
        run = head.years[bisect_right(head.years, paper, key=lambda run: run.first) - 1]
        return Hit(*shown[:-1], run.year or None, shown[-1])

    def _blocks(self, names: Iterable[str]) -> list[int]:
        found: list[int] = []
        for name in names:
            found += self._part(f"lengths/{name}", read_numbers)
        return self._of_all(found, "lengths")

    def _of_all(self, numbers: list[int], kind: str) -> list[int]:
        with self._sound(kind):
            if len(numbers) != self.papers:
                raise ValueError(f"{len(numbers)} numbers for {self.papers} papers")
            return numbers

    def _part(self, name: str, read: Callable[[str], T]) -> T:
        """What a part holds."""
        path = self._folder / f"{name}.js"
        try:
            script = path.read_bytes()
        except FileNotFoundError as error:
            raise BibpressError(f"{path} is missing: run bibpress build again") from error
        with self._sound(name):
            return read(_handed_in(name, script.decode("utf-8")))

    @contextmanager
    def _sound(self, name: str) -> Iterator[None]:
        """Around all that takes a part's text apart, which fails where it is another's."""
        try:
            yield
        except (ValueError, LookupError, TypeError) as error:
            path = self._folder / name
            file = path if path.is_dir() else path.with_name(f"{path.name}.js")
            raise BibpressError(f"{file} is damaged: run bibpress build again") from error


def _only_file(folder: Path) -> Path:
    found = sorted(folder.glob("*.js"))
    if len(found) == 1:
        return found[0]
    state = "holds several files" if found else "holds no search index"
    raise BibpressError(f"{folder} {state}: run bibpress build again")


_ESCAPED = re.compile(r"\\(.)")


def _handed_in(name: str, script: str) -> str:
    """The text that a script hands in, as `parts` quotes it."""
    before, after = f"bibpress.receive('{name}','", "');\n"
    if not (script.startswith(before) and script.endswith(after)):
        raise ValueError("not a part of the index")
    quoted = script[len(before) : -len(after)]
    return _ESCAPED.sub(r"\1", quoted)


class _Remembered(dict[str, T]):
    """Name → what a function reads of it, once."""

    def __init__(self, read: Callable[[str], T]) -> None:
        super().__init__()
        self.read = read

    def __missing__(self, name: str) -> T:
        """Read what is asked for the first time."""
        self[name] = self.read(name)
        return self[name]


# --- the head -----------------------------------------------------------------------------------


class _Run(NamedTuple):
    """The papers of one year."""

    year: int
    first: int
    papers: int


class _Table(NamedTuple):
    """The parts of sorted rows: what each begins with, as JavaScript compares, and its name."""

    begins: list[bytes]
    names: list[str]

    def parts_for(self, key: str, *, as_prefix: bool = False) -> Sequence[str]:
        """The parts that may hold a key, or with `as_prefix` keys that begin like it."""
        wanted = utf_16(key)
        first = max(bisect_right(self.begins, wanted) - 1, 0)
        end = first + 1
        while as_prefix and end < len(self.begins) and self.begins[end].startswith(wanted):
            end += 1
        return self.names[first:end]


@dataclass(frozen=True, slots=True)
class _Head:
    papers: int
    means: list[float]
    years: list[_Run]
    terms: _Table
    places: str
    words: dict[str, _Table]
    lengths: list[list[str]]
    sizes: list[str]
    sheaves: str
    ids: list[str]
    titles: str
    facets: dict[str, list[_Table]]


def _head(text: str) -> _Head:
    found = json.loads(text)
    counts = [int(count) for _, count in found["years"]]
    firsts = accumulate(counts, initial=0)
    return _Head(
        papers=int(found["papers"]),
        means=[float(mean) for mean in found["means"]],
        years=[
            _Run(int(year), first, count)
            for (year, _), first, count in zip(found["years"], firsts, counts, strict=False)
        ],
        terms=_table(found["terms"]),
        places=str(found["places"]),
        words={kind: _table(found[kind]) for kind in ("words", "endings")},
        lengths=[list(map(str, found["lengths"][field])) for field in range(len(FIELDS))],
        sizes=list(map(str, found["sizes"])),
        sheaves=str(found["sheaves"]),
        ids=list(map(str, found["ids"])),
        titles=str(found["titles"]),
        facets={kind: [_table(table) for table in found[kind]] for kind in KINDS},
    )


def _table(found: Any) -> _Table:
    begins, names = found
    return (
        _Table([utf_16(key) for key in begins.split(" ")], names.split())
        if names
        else _Table([], [])
    )


# --- the other parts ----------------------------------------------------------------------------


def _term_part(text: str) -> dict[str, str]:
    """Term → its groups as they are written."""
    return dict(_unfolded(text.split(" ")))


def _word_part(text: str) -> dict[str, int]:
    return {word: read_numbers(bits)[0] for word, bits in _unfolded(text.split(" "))}


def _unfolded(rows: Iterable[str]) -> Iterator[tuple[str, str]]:
    """(key, the rest) of rows whose keys begin with how much of the key before they repeat."""
    key = ""
    for row in rows:
        same, rest = row.split("!", 1)
        key = _beginning(key, read_numbers(same[0])[0]) + same[1:]
        yield key, rest


def _beginning(text: str, units: int) -> str:
    """As many letters as UTF-16 counts."""
    return text[:units] if text.isascii() else utf_16(text)[: 2 * units].decode("utf-16-be")


_Shown = tuple[str, str, str, str, str, str]  # as `Hit`, without the year


def _words(text: str) -> list[str]:
    return text.split(" ")


def _sheet(text: str) -> list[_Shown]:
    return [
        (ref, title, _byline(authors), venue, snippet, "".join(standing))
        for ref, title, authors, venue, snippet, *standing in json.loads(text)
    ]


def _byline(authors: str) -> str:
    """The authors as the command names them: see `parts.byline`."""
    names, _, more = authors.partition("\t")
    return f"{names} and {more} more" if more else names


def _facets(text: str) -> dict[str, tuple[str, list[int]]]:
    return {slug: (name, read_distances(papers)) for slug, name, papers in json.loads(text)}


def _chunks(numbers: list[int], size: int) -> list[list[int]]:
    return [numbers[i : i + size] for i in range(0, len(numbers), size)]
