"""Which records are the same paper, and what the paper is when all of them are put together.

Merging is careful: a wrong merge loses a paper, a missed one only shows it twice. Records join
by the first of these that holds (DOI, arXiv id, a note that names the key, whole abstract, title
with authors and year), never against a publisher's DOI or an arXiv id; what is merely similar is
reported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import replace

from generator import text
from generator.model import Conflict, Name, Paper, Problem, Record
from generator.names import OTHERS

# Titles that many different papers bear are never a reason to merge, nor to recognise a paper by.
# They are told by what they begin or end with, numbers aside: lists of whole titles have gaps.
_GENERIC_STARTS = (
    "preface", "foreword", "editorial", "editor s ", "editors ", "guest editor", "message from",
    "letter from the", "from the editor", "from the chair", "welcome message", "welcome from",
    "welcome to", "call for papers", "call for participation", "table of contents",
    "front matter", "frontmatter", "back matter", "backmatter", "title page", "copyright page",
    "author index", "subject index", "list of reviewers", "list of authors", "program committee",
    "programme committee", "organizing committee", "organising committee", "technical program",
    "steering committee", "acknowledgment", "acknowledgement", "erratum", "errata", "corrigend",
    "keynote address", "keynote speech", "keynote talk", "invited talk", "poster session",
    "book review", "in memoriam", "obituary", "vorwort", "préface", "inhaltsverzeichnis",
)  # fmt: skip
_GENERIC_TITLES = frozenset({
    "introduction", "abstract", "abstracts", "conclusion", "conclusions", "reply", "comment",
    "comments", "response", "discussion", "posters", "workshop report", "overview", "summary",
    "untitled", "announcement", "announcements", "news", "sponsors", "tutorials", "workshops",
    "index", "contents", "organization", "organisation", "committee", "committees", "panel",
    "panels", "keynote", "keynotes", "welcome", "reviewers", "copyright", "correction",
    "corrections", "retraction", "addendum", "editors", "prefacio", "prólogo",
})  # fmt: skip
# A title longer than this says something of its own, whatever it begins with.
_GENERIC_WORDS = 6
# Shorter abstracts are placeholders ("No abstract available.") that many papers share.
ABSTRACT_WORDS = 30
# How many different papers of one title a record is compared with; bounds the time that ten
# thousand entries of one title can take, and no real collection comes near it.
TITLE_CANDIDATES = 50

_FORMATS = {"note": 0, "bib": 1, "dump": 2}
# What belongs to one publication and must not be mixed with another's volume or pages.
_OF_THE_VENUE = frozenset({
    "volume", "number", "pages", "publisher", "series", "address", "month", "isbn", "issn",
    "editor", "organization", "institution", "school", "chapter", "edition", "journal",
    "booktitle",
})  # fmt: skip


def merge(records: Iterable[Record]) -> tuple[tuple[Paper, ...], tuple[Problem, ...]]:
    """One paper for each distinct work among the records (no id or key yet), and what is similar.

    The result depends on the records alone, not on the order in which they come.
    """
    ordered = sorted(records, key=precedence)
    groups = _Groups(ordered)
    for rule in (_same_doi, _same_arxiv, _note_on_key, _same_abstract, _same_title):
        rule(ordered, groups)
    papers = tuple(combine([ordered[i] for i in members]) for members in groups.members())
    return papers, tuple(_similar(papers))


def precedence(record: Record) -> tuple[object, ...]:
    """Sorts records by who is believed first: notes, .bib, dumps; the fuller before the barer."""
    filled = sum(
        bool(value)
        for value in (record.title, record.authors, record.year, record.venue, record.doi,
                      record.arxiv, record.abstract, record.details)
    )  # fmt: skip
    where = record.where
    return (
        _FORMATS[record.format],
        -filled,
        -len(record.authors),
        -len(record.abstract),
        where.file,
        where.line,
        where.end,
    )


def is_nameless(paper: Paper) -> bool:
    """Whether nothing says what a paper is: a note on a key or DOI that no other source has."""
    return paper.title_derived and not paper.abstract


def is_generic(title: str) -> bool:
    """Whether a title names no paper in particular ("Preface", "Message from the Chairs 2020")."""
    folded = " ".join(word for word in text.fold(title).split() if not word.isdigit())
    if folded in _GENERIC_TITLES or not folded:
        return True
    return folded.startswith(_GENERIC_STARTS) and folded.count(" ") < _GENERIC_WORDS


def family(name: Name) -> str:
    """What two spellings of a family name have in common: no case, accents, spaces or dots."""
    return text.slug(name.family)


# --- when two records are one paper -------------------------------------------------------------


class _Groups:
    """Disjoint sets of records that refuse to unite against different strong identifiers."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._parent = list(range(len(records)))
        self._dois = [{r.doi.casefold()} if r.doi else set() for r in records]
        self._arxivs = [{r.arxiv.casefold()} if r.arxiv else set() for r in records]

    def find(self, i: int) -> int:
        while self._parent[i] != i:
            self._parent[i] = self._parent[self._parent[i]]
            i = self._parent[i]
        return i

    def unite(self, i: int, j: int) -> bool:
        """Make one set of two, unless that would hold two publishers' DOIs or two arXiv ids."""
        a, b = sorted((self.find(i), self.find(j)))
        if a == b:
            return True
        dois, arxivs = self._dois[a] | self._dois[b], self._arxivs[a] | self._arxivs[b]
        if len(dois) > 1 or len(arxivs) > 1:
            return False
        self._parent[b], self._dois[a], self._arxivs[a] = a, dois, arxivs
        return True

    def members(self) -> list[list[int]]:
        """The sets, each in order of precedence."""
        sets: dict[int, list[int]] = defaultdict(list)
        for i in range(len(self._parent)):
            sets[self.find(i)].append(i)
        return list(sets.values())


def _blocks(records: Sequence[Record], key: Callable[[Record], str]) -> Iterator[list[int]]:
    """The records that share a non-empty key, where there are at least two of them."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for i, record in enumerate(records):
        if value := key(record):
            blocks[value].append(i)
    return (block for block in blocks.values() if len(block) > 1)


def _unite_with_any(block: list[int], groups: _Groups) -> None:
    """Unite every member of a block with the first set in it that admits it."""
    heads: list[int] = []
    for i in block:
        if not any(groups.unite(head, i) for head in heads[:TITLE_CANDIDATES]):
            heads.append(i)


def _same_doi(records: Sequence[Record], groups: _Groups) -> None:
    for block in _blocks(records, lambda r: r.doi.casefold()):
        _unite_with_any(block, groups)


def _same_arxiv(records: Sequence[Record], groups: _Groups) -> None:
    for block in _blocks(records, lambda r: r.arxiv.casefold()):
        _unite_with_any(block, groups)


def _note_on_key(records: Sequence[Record], groups: _Groups) -> None:
    """Unite every note that names a key with the entry that bears it."""
    bearers: dict[str, int] = {}
    for i, record in enumerate(records):
        if record.format != "note" and record.key:
            bearers.setdefault(record.key, i)
    for i, record in enumerate(records):
        if record.format == "note" and record.key in bearers:
            groups.unite(bearers[record.key], i)


def _same_abstract(records: Sequence[Record], groups: _Groups) -> None:
    for block in _blocks(records, lambda r: abstract_mark(r.abstract)):
        _unite_with_any(block, groups)


def _same_title(records: Sequence[Record], groups: _Groups) -> None:
    for block in _blocks(records, lambda r: title_mark(r.title)):
        sets: dict[int, set[_Testimony]] = defaultdict(set)
        for i in block:
            sets[groups.find(i)].add(_testimony(records[i]))
        heads: dict[int, set[_Testimony]] = {}
        for i, said in sets.items():
            for head in list(heads)[:TITLE_CANDIDATES]:
                if _agree(heads[head], said) and groups.unite(head, i):
                    heads[head] |= said
                    break
            else:
                heads[i] = said


def title_mark(title: str) -> str:
    """The folded title where it can identify a paper, else an empty string."""
    return "" if is_generic(title) else text.fold(title)


def abstract_mark(abstract: str) -> str:
    """The folded abstract where it is long enough to identify a paper, else an empty string."""
    folded = text.fold(abstract)
    return folded if folded.count(" ") >= ABSTRACT_WORDS - 1 else ""


def _agree(these: Set[_Testimony], those: Set[_Testimony]) -> bool:
    """Whether authors and years of one set of records speak against none of the other."""
    return all(_compatible(a, b) for a in these for b in those)


# What a record says in the matter: its authors' families, how many there are, its year, and
# whether it is a version on arXiv.
_Testimony = tuple[frozenset[str], int, int | None, bool]


def _testimony(record: Record) -> _Testimony:
    preprint = bool(record.arxiv) and not record.venue and not record.doi
    authors = [family(name) for name in record.authors if name != OTHERS]
    return frozenset(authors), len(authors), record.year, preprint


def _compatible(a: _Testimony, b: _Testimony) -> bool:
    """Whether the families of the shorter list stand in the longer and the years are near.

    One year apart, or two when one is an arXiv version: conferences print what was on arXiv
    long before.
    """
    (names_a, count_a, year_a, preprint_a), (names_b, count_b, year_b, preprint_b) = a, b
    shorter, longer = (names_a, names_b) if count_a <= count_b else (names_b, names_a)
    if not shorter <= longer and not (count_a == count_b and longer <= shorter):
        return False
    apart = 2 if preprint_a or preprint_b else 1
    return year_a is None or year_b is None or abs(year_a - year_b) <= apart


# --- what the paper is --------------------------------------------------------------------------


def combine(records: Sequence[Record]) -> Paper:
    """The paper that these records (by precedence) speak of; every field remembers its record."""
    origins: dict[str, int] = {}

    def first(field: str, order: Sequence[int] = range(len(records))) -> object:
        for i in order:
            value = getattr(records[i], field)
            if value:
                origins[field] = i
                return value
        return getattr(records[0], field)

    venue = first("venue")
    # Type, year and details go with the venue; a note, being the owner's word, goes before all.
    published = origins.get("venue", 0)
    together = sorted(
        range(len(records)), key=lambda i: (records[i].format != "note", i != published, i)
    )
    title = first("title")
    abstract = first("abstract")
    details = _details(records, together, published, origins)
    paper = Paper(
        id="",
        key="",
        other_keys=tuple(dict.fromkeys(r.key for r in records if r.key)),
        type=_type(records, together),
        title=str(title) or title_from(str(abstract)),
        title_derived=not title,
        authors=first("authors"),  # type: ignore[arg-type]  # getattr knows no types
        year=first("year", together),  # type: ignore[arg-type]  # likewise
        venue=str(venue),
        abstract=str(abstract),
        keywords=_union(records, "keywords"),
        tags=_union(records, "tags"),
        doi=str(first("doi")),
        arxiv=str(first("arxiv")),
        links=_union(records, "links"),
        details=details,
        unconfirmed=(),
        bodies=tuple(r.body for r in records if r.body),
        origins=tuple(sorted(origins.items())),
        records=tuple(records),
    )
    return _with_doubts(paper, origins)


def title_from(abstract: str) -> str:
    """A title made of an abstract's first sentence, at most about a line long."""
    sentence = text.first_sentence(abstract).rstrip(".:;, ")
    if len(sentence) <= 110:
        return sentence or "Untitled"
    return text.cut(sentence, 100)


def _type(records: Sequence[Record], order: Sequence[int]) -> str:
    """The first type that says more than "misc"."""
    return next((records[i].type for i in order if records[i].type != "misc"), "misc")


def _details(
    records: Sequence[Record], order: Sequence[int], published: int, origins: dict[str, int]
) -> tuple[tuple[str, str], ...]:
    """The further fields, each from the first record that has it and may speak of it."""
    details: dict[str, str] = {}
    venue = text.fold(records[published].venue)
    for i in order:
        same = text.fold(records[i].venue) == venue
        for name, value in records[i].details:
            if name not in details and (same or name not in _OF_THE_VENUE):
                details[name] = value
                origins[name] = i
    return tuple(sorted(details.items()))


def _union(records: Sequence[Record], field: str) -> tuple:  # type: ignore[type-arg]  # of any field
    """All values of a field that holds several, in order of precedence, each once."""
    return tuple(dict.fromkeys(value for record in records for value in getattr(record, field)))


def _with_doubts(paper: Paper, origins: dict[str, int]) -> Paper:
    """The paper with what its sources disagree on or do not vouch for."""
    doubtful = {name for name, i in origins.items() if name in paper.records[i].unconfirmed}
    return replace(
        paper,
        unconfirmed=tuple(sorted(doubtful)),
        conflicts=tuple(_conflicts(paper.records, origins)),
    )


# How two values of a field are compared, and shown, where sources may disagree.
_COMPARED: dict[str, tuple[Callable[[Record], object], Callable[[Record], str]]] = {
    "title": (lambda r: text.fold(r.title), lambda r: r.title),
    "authors": (
        lambda r: tuple(family(name) for name in r.authors),
        lambda r: "; ".join(map(str, r.authors)),
    ),
    "year": (lambda r: r.year, lambda r: str(r.year)),
    "venue": (lambda r: text.fold(r.venue), lambda r: r.venue),
    "abstract": (lambda r: text.fold(r.abstract), lambda r: r.abstract),
}


def _conflicts(records: Sequence[Record], origins: dict[str, int]) -> Iterator[Conflict]:
    if len(records) == 1:
        return
    for name, (value, shown) in _COMPARED.items():
        if name not in origins:
            continue
        kept = records[origins[name]]
        for other in records:
            if value(other) and value(other) != value(kept):
                yield Conflict(name, shown(kept), kept.where, shown(other), other.where)
    yield from _conflicts_of_details(records, origins)


def _conflicts_of_details(records: Sequence[Record], origins: dict[str, int]) -> Iterator[Conflict]:
    """Volumes and pages that differ though they speak of one venue; further fields that differ."""
    details = [dict(record.details) for record in records]
    venues = [text.fold(record.venue) for record in records]
    for name, i in origins.items():
        if name in _COMPARED or name not in details[i]:
            continue
        for j, other in enumerate(details):
            comparable = name not in _OF_THE_VENUE or venues[j] == venues[i]
            if (
                name in other
                and comparable
                and text.fold(other[name]) != text.fold(details[i][name])
            ):
                kept = records[i]
                yield Conflict(name, details[i][name], kept.where, other[name], records[j].where)


# --- what is only similar -----------------------------------------------------------------------


def _similar(papers: Sequence[Paper]) -> Iterator[Problem]:
    """Papers that look alike and were kept apart: one note each, at the later place."""
    seen: set[tuple[int, int]] = set()
    for likeness, key in _LIKENESS.items():
        blocks: dict[str, list[int]] = defaultdict(list)
        for i, paper in enumerate(papers):
            if value := key(paper):
                blocks[value].append(i)
        for block in blocks.values():
            for other in block[1:]:  # each with the first only: n notes, not n² of them
                if (block[0], other) not in seen:
                    seen.add((block[0], other))
                    yield _look_alike(papers[block[0]], papers[other], likeness)


def _look_alike(a: Paper, b: Paper, likeness: str) -> Problem:
    first, second = sorted((a, b), key=lambda paper: paper.records[0].where)
    title = text.cut(text.to_plain(first.title), 60)
    message = f'{likeness} as {first.records[0].where}, "{title}"; kept apart'
    return Problem(second.records[0].where, message, "note")


def _bare_title(paper: Paper) -> str:
    """A title's words without numbers, in alphabetical order; empty for fewer than four."""
    words = sorted(w for w in text.words(paper.title) if not any(c.isdigit() for c in w))
    return " ".join(words) if len(words) >= 4 and not paper.title_derived else ""


def _opening(paper: Paper) -> str:
    """The first twelve words of an abstract that has at least thirty."""
    words = text.words(paper.abstract[:2000])
    return " ".join(words[:12]) if len(words) >= ABSTRACT_WORDS else ""


_LIKENESS: dict[str, Callable[[Paper], str]] = {
    "same title": lambda paper: title_mark(paper.title),
    "nearly the same title": _bare_title,
    "abstract begins the same": _opening,
}
