"""Which records are the same paper, and what the paper is when all of them are put together.

Merging is careful: a wrong merge loses a paper, a missed one only shows it twice. Records join
by the first of these that holds (DOI, arXiv id, a note that names the key, whole abstract, title
with authors and year), never against a publisher's DOI or an arXiv id, and by the last two not
where they say of themselves that they are different works (`works`). The owner's word, in
`content/papers.toml`, goes before every rule.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import (
    Callable,
    Collection,
    Container,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
    Set,
)
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from generator import rights, text, works
from generator.model import Conflict, Name, Paper, Problem, Record, Where
from generator.names import whole, without_others
from generator.toml import Toml, Way, of_no_paper, unknown

DECISIONS = "content/papers.toml"

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

_FORMATS = {"note": 0, "bib": 1, "csl": 2, "xml": 2, "ris": 3, "csv": 4, "dump": 5}
# What a site's own reader gives is believed like the exports of reference managers.
OTHER_FORMATS = _FORMATS["csl"]
# What belongs to one publication and must not be mixed with another's volume or pages.
_OF_THE_VENUE = frozenset({
    "volume", "number", "pages", "publisher", "series", "address", "month", "isbn", "issn",
    "editor", "organization", "institution", "school", "chapter", "edition", "eid", "journal",
    "booktitle",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the owner says: lists of names, each of papers that are one or are several.

    A name is a paper's id (as in its address) or the key of an entry. `notices` say what has become
    of a paper, and None that nothing has, whatever its sources say. `said` is the file, which tells
    of lines.
    """

    same: tuple[tuple[str, ...], ...] = ()
    apart: tuple[tuple[str, ...], ...] = ()
    notices: tuple[tuple[str, rights.Notice | None], ...] = ()
    said: Toml = field(default=Toml(DECISIONS), repr=False, compare=False)

    def __bool__(self) -> bool:
        return bool(self.same or self.apart or self.notices)


@dataclass(frozen=True, slots=True)
class Decided:
    """The same decisions about records: each list holds, for each of its names, the records."""

    same: tuple[tuple[frozenset[Record], ...], ...] = ()
    apart: tuple[tuple[frozenset[Record], ...], ...] = ()
    notices: tuple[tuple[frozenset[Record], rights.Notice | None], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.same or self.apart or self.notices)


def load_decisions(said: Toml) -> Decisions:
    """The decisions that `content/papers.toml` holds; raises ConfigError where it says no such."""
    said.check_names("setting", ("same", "apart", *rights.KINDS, CLEARED))
    together = {name: tuple(_named_together(name, said)) for name in ("same", "apart")}
    noted = (each for name in (*rights.KINDS, CLEARED) for each in _noted(name, said))
    return Decisions(**together, notices=tuple(noted), said=said)


# The setting for papers of which nothing has become, whatever their sources say.
CLEARED = "cleared"


def _each(setting: str, said: Toml) -> Iterator[tuple[Way, Any]]:
    """What a setting holds and where; a value that stands alone is as good as a list of it."""
    given = said.data.get(setting, [])
    for place, each in enumerate(given if isinstance(given, list) else [given]):
        yield (setting, place), each


def _noted(setting: str, said: Toml) -> Iterator[tuple[str, rights.Notice | None]]:
    """Papers and what the owner says has become of them: names, or tables that say more."""
    for way, each in _each(setting, said):
        more = each if isinstance(each, dict) and setting != CLEARED else {"paper": each}
        for name in more:
            if name not in _OF_A_NOTICE:
                raise said.wrong(unknown(f"setting of {setting}", name, _OF_A_NOTICE), *way, name)
        paper, day = more.get("paper"), str(more.get("date", ""))
        url = rights.address(str(more.get("notice", "")))
        if day and not rights.day(day):
            wrong = f'"{day[:40]}" is no date: write 2021, 2021-05 or 2021-05-03'
            raise said.wrong(wrong, *way, "date")
        if more.get("notice") and not url:
            wrong = f'"{more["notice"]}" is neither a DOI nor an address, as 10.1000/182'
            raise said.wrong(wrong, *way, "notice")
        if not isinstance(paper, str) or not paper:
            how = _HOW_CLEARED if setting == CLEARED else _HOW_NOTED.format(setting)
            raise said.wrong(how, *way)
        yield paper, None if setting == CLEARED else rights.Notice(setting, day, url)


_OF_A_NOTICE = ("paper", "notice", "date")
_HOW_CLEARED = f'{CLEARED} is a list of ids or keys: {CLEARED} = ["one-id", "other-key"]'
_HOW_NOTED = (
    '{0} is a list of ids or keys, or of what more is known: {0} = ["one-id", '
    '{{paper = "other-key", date = 2021-05-03, notice = "10.1000/182"}}]; '
    "a notice is a DOI or an address, a date 2021, 2021-05 or 2021-05-03"
)


def _named_together(setting: str, said: Toml) -> Iterator[tuple[str, ...]]:
    for way, names in _each(setting, said):
        texts = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
        if len(set(texts)) < 2 or texts != names or not all(texts):
            how = f"{setting} is a list of lists of two or more ids or keys: "
            how += f'{setting} = [["one-id", "other-id"]]'
            raise said.wrong(how, *way)
        yield tuple(texts)


def decided(decisions: Decisions, papers: Sequence[Paper]) -> tuple[Decided, tuple[Problem, ...]]:
    """The decisions about the records of papers (as they are without them), and names unknown."""
    if not decisions:
        return Decided(), ()
    known, several = _bearers(papers)

    def meant(lists: Iterable[Sequence[str]]) -> tuple[tuple[frozenset[Record], ...], ...]:
        return tuple(tuple(known.get(name, frozenset()) for name in names) for names in lists)

    notices = tuple((known.get(name, frozenset()), notice) for name, notice in decisions.notices)
    said = Decided(meant(decisions.same), meant(decisions.apart), notices)
    return said, (*_unknown(decisions, known, several), *_contradictions(decisions, said))


def _bearers(papers: Sequence[Paper]) -> tuple[Mapping[str, frozenset[Record]], Set[str]]:
    """The records that an id or a key means, and the keys that mean none, as several bear them.

    A key of an entry means the entry, a paper's own key and id all of the paper.
    """
    bearing: dict[str, list[tuple[str, Record]]] = defaultdict(list)
    for paper in papers:
        for record in paper.records:
            for key in {record.key, paper.key if paper.key not in paper.other_keys else ""} - {""}:
                bearing[key].append((paper.id, record))
    by_id = {paper.id: frozenset(paper.records) for paper in papers}
    several = {key for key, borne in bearing.items() if len({id_ for id_, _ in borne}) > 1}
    by_key = {
        key: frozenset(record for _, record in borne)
        for key, borne in bearing.items()
        if key not in several
    }
    before, of_several = _known_before(papers, bearing)
    return {**before, **by_key, **by_id}, (several | of_several) - by_id.keys()


def _named(decisions: Decisions) -> Iterator[tuple[str, Way]]:
    """Every name of a paper in the file, and where it stands there."""
    for setting, lists in (("same", decisions.same), ("apart", decisions.apart)):
        for place, names in enumerate(lists):
            for number, name in enumerate(names):
                yield name, (setting, place, number)
    counted: Counter[str] = Counter()
    for name, notice in decisions.notices:
        setting = notice.kind if notice else CLEARED
        yield name, (setting, counted[setting], "paper")
        counted[setting] += 1


def _unknown(
    decisions: Decisions, known: Collection[str], several: Collection[str]
) -> Iterator[Problem]:
    """Names by which no paper is meant, each once."""
    ways: dict[str, Way] = {}
    for name, way in _named(decisions):
        ways.setdefault(name, way)
    lost = (name for name in ways if name not in known)
    for name, message in of_no_paper(lost, known, several).items():
        yield Problem(decisions.said.where(*ways[name]), message, "warning", "unknown-paper")


def _contradictions(decisions: Decisions, said: Decided) -> Iterator[Problem]:
    """Lists of papers that are one and of which another list says that they are not."""
    for place, (names, one) in enumerate(zip(decisions.same, said.same, strict=True)):
        if any(_contradict(one, apart) for apart in said.apart):
            named = " and ".join(f'"{name}"' for name in names)
            message = f"{named} are the same by this list and apart by another; apart holds"
            where = decisions.said.where("same", place)
            yield Problem(where, message, "warning", "unknown-paper")


def _known_before(
    papers: Iterable[Paper], bearing: Container[str]
) -> tuple[Mapping[str, frozenset[Record]], Set[str]]:
    """The same of what only the ledger remembers: keys and ids that papers had."""
    known: dict[str, frozenset[Record]] = {}
    several = set()
    for paper in papers:
        for key in (key for key in paper.other_keys if key not in bearing):
            if key in known:
                several.add(key)
            known[key] = frozenset(paper.records)
    return {key: records for key, records in known.items() if key not in several}, several


def _contradict(same: Sequence[Set[Record]], apart: Sequence[Set[Record]]) -> bool:
    """Whether two of the papers that are apart are said to be the same, by whatever names."""
    one = frozenset[Record]().union(*same)
    return sum(not one.isdisjoint(each) for each in apart) > 1


def merge(records: Iterable[Record], said: Decided | None = None) -> tuple[Paper, ...]:
    """One paper for each distinct work among the records (no id or key yet).

    The result depends on the records and on what the owner `said` of them, not on the order in
    which they come.
    """
    ordered = sorted(records, key=precedence)
    groups = _Groups(ordered, said or Decided())
    for rule in (_same_doi, _same_arxiv, _note_on_key, _same_abstract, _same_title):
        rule(ordered, groups)
    papers = tuple(combine([ordered[i] for i in members]) for members in groups.members())
    return tuple(_as_noted(papers, said.notices)) if said and said.notices else papers


def _as_noted(
    papers: Iterable[Paper], noted: Sequence[tuple[Set[Record], rights.Notice | None]]
) -> Iterator[Paper]:
    """The papers, those that the owner speaks of with what has become of them in his words."""
    by_place: dict[Where, list[rights.Notice | None]] = defaultdict(list)
    for records, notice in noted:
        for record in records:
            by_place[record.where].append(notice)
    for paper in papers:
        said = [each for record in paper.records for each in by_place.get(record.where, ())]
        if said:
            is_cleared = None in said
            believed = (d for d in paper.details if not (is_cleared and d[0] in rights.KINDS))
            own = (rights.as_detail(notice) for notice in said if notice)
            yield replace(paper, details=tuple(sorted(dict([*believed, *own]).items())))
        else:
            yield paper


def precedence(record: Record) -> tuple[object, ...]:
    """Sorts records by who is believed first: notes, .bib, dumps; the fuller before the barer."""
    filled = sum(
        bool(value)
        for value in (record.title, record.authors, record.year, record.venue, record.doi,
                      record.arxiv, record.abstract, record.details)
    )  # fmt: skip
    where = record.where
    return (
        _FORMATS.get(record.format, OTHER_FORMATS),
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
    """Disjoint sets of records that refuse to unite against different strong identifiers.

    They begin with what the owner says is one, and never unite what the owner says is not. What
    the records of a set say of the work adds up, so that a record which fits two that contradict
    each other joins one of them and does not make them one.
    """

    def __init__(self, records: Sequence[Record], said: Decided) -> None:
        self._parent = list(range(len(records)))
        self._dois = [{r.doi.casefold()} if r.doi else set() for r in records]
        self._arxivs = [{r.arxiv.casefold()} if r.arxiv else set() for r in records]
        self._works = [works.statements(r) for r in records]
        # Number of a decision → which of the papers it names the set belongs to.
        self._sides: list[dict[int, int]] = [{} for _ in records]
        self._obey(records, said)

    def _obey(self, records: Sequence[Record], said: Decided) -> None:
        meant = {record for names in (*said.same, *said.apart) for each in names for record in each}
        places: dict[Record, list[int]] = defaultdict(list)
        for i, record in enumerate(records) if meant else ():
            if record in meant:
                places[record].append(i)
        for number, names in enumerate(said.apart):
            for side, each in enumerate(names):
                for i in _all_places(each, places):
                    self._sides[i][number] = side
        for names in said.same:
            one = sorted(i for each in names for i in _all_places(each, places))
            for i in one[1:]:
                self._join(one[0], i)

    def find(self, i: int) -> int:
        while self._parent[i] != i:
            self._parent[i] = self._parent[self._parent[i]]
            i = self._parent[i]
        return i

    def unite_alike(self, i: int, j: int) -> bool:
        """Make one set of two that only look like one paper, if not even they contradict it."""
        a, b = self.find(i), self.find(j)
        different = a != b and works.contradictions(self._works[a], self._works[b])
        return not different and self.unite(a, b)

    def unite(self, i: int, j: int) -> bool:
        """Make one set of two, unless their DOIs, their arXiv ids or the owner say otherwise."""
        a, b = self.find(i), self.find(j)
        admitted = _admit(self._dois[a], self._dois[b]) and _admit(self._arxivs[a], self._arxivs[b])
        return a == b or (admitted and self._join(a, b))

    def _join(self, i: int, j: int) -> bool:
        """Make one set of two, unless the owner says that they are not one."""
        a, b = sorted((self.find(i), self.find(j)))
        if any(self._sides[b].get(number, side) != side for number, side in self._sides[a].items()):
            return False
        if a != b:
            self._parent[b] = a
            self._dois[a] |= self._dois[b]
            self._arxivs[a] |= self._arxivs[b]
            self._sides[a] |= self._sides[b]
            self._works[a] = works.together(self._works[a], self._works[b])
        return True

    def members(self) -> list[list[int]]:
        """The sets, each in order of precedence."""
        sets: dict[int, list[int]] = defaultdict(list)
        for i in range(len(self._parent)):
            sets[self.find(i)].append(i)
        return list(sets.values())


def _admit(these: Set[str], those: Set[str]) -> bool:
    """Whether two sets of identifiers may be one paper's: an owner may have given it several."""
    return these <= those or those <= these


def _all_places(records: Iterable[Record], places: Mapping[Record, Sequence[int]]) -> Iterator[int]:
    return (i for record in records for i in places[record])


def _blocks(records: Sequence[Record], key: Callable[[Record], str]) -> Iterator[list[int]]:
    """The records that share a non-empty key, where there are at least two of them."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for i, record in enumerate(records):
        if value := key(record):
            blocks[value].append(i)
    return (block for block in blocks.values() if len(block) > 1)


def _unite_with_any(block: list[int], unite: Callable[[int, int], bool]) -> None:
    """Unite every member of a block with the first set in it that admits it."""
    heads: list[int] = []
    for i in block:
        if not any(unite(head, i) for head in heads[:TITLE_CANDIDATES]):
            heads.append(i)


def _same_doi(records: Sequence[Record], groups: _Groups) -> None:
    for block in _blocks(records, lambda r: r.doi.casefold()):
        _unite_with_any(block, groups.unite)


def _same_arxiv(records: Sequence[Record], groups: _Groups) -> None:
    for block in _blocks(records, lambda r: r.arxiv.casefold()):
        _unite_with_any(block, groups.unite)


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
        _unite_with_any(block, groups.unite_alike)


def _same_title(records: Sequence[Record], groups: _Groups) -> None:
    for block in _blocks(records, lambda r: title_mark(r.title)):
        sets: dict[int, set[_Testimony]] = defaultdict(set)
        for i in block:
            sets[groups.find(i)].add(_testimony(records[i]))
        heads: dict[int, set[_Testimony]] = {}
        for i, said in sets.items():
            for head in list(heads)[:TITLE_CANDIDATES]:
                if _agree(heads[head], said) and groups.unite_alike(head, i):
                    heads[head] |= said
                    break
            else:
                heads[i] = said


# Titles and abstracts are asked for twice, to merge and to recognise. A hostile collection must not
# fill the memory.
_REMEMBERED = 1 << 17


@lru_cache(_REMEMBERED)
def title_mark(title: str) -> str:
    """The folded title where it can identify a paper, else an empty string."""
    return "" if is_generic(title) else text.fold(title)


@lru_cache(_REMEMBERED)
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
    authors = [family(whole(name)) for name in without_others(record.authors)]
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
    return Paper(
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
        unconfirmed=tuple(sorted(n for n, i in origins.items() if n in records[i].unconfirmed)),
        bodies=tuple(r.body for r in records if r.body),
        origins=tuple(sorted(origins.items())),
        records=tuple(records),
        conflicts=tuple(_conflicts(records, origins)),
    )


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
        same = _same_venue(text.fold(records[i].venue), venue)
        for name, value in records[i].details:
            fuller = name in rights.KINDS and len(value) > len(details.get(name, ""))
            if fuller or (name not in details and (same or name not in _OF_THE_VENUE)):
                details[name] = value
                origins[name] = i
    return tuple(sorted(details.items()))


def _same_venue(one: str, other: str) -> bool:
    """Whether two folded venues of one paper are one, the one perhaps said shorter.

    "ICML 2020" within "Proceedings of ICML 2020"; else a note that names the venue in short would
    cost the paper its volume and pages.
    """
    shorter, longer = sorted((f" {one} ", f" {other} "), key=len)
    return shorter in longer if one and other else one == other


def _union(records: Sequence[Record], field: str) -> tuple:  # type: ignore[type-arg]  # of any field
    """All values of a field that holds several, in order of precedence, each once."""
    return tuple(dict.fromkeys(value for record in records for value in getattr(record, field)))


# How two values of a field are compared, and shown, where sources may disagree.
_COMPARED: dict[str, tuple[Callable[[Record], object], Callable[[Record], str]]] = {
    "title": (lambda r: text.fold(r.title), lambda r: r.title),
    "authors": (
        lambda r: tuple(family(whole(name)) for name in r.authors),
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
        if name in _COMPARED or name not in details[i] or name in rights.KINDS:
            continue
        for j, other in enumerate(details):
            comparable = name not in _OF_THE_VENUE or _same_venue(venues[j], venues[i])
            if (
                name in other
                and comparable
                and text.fold(other[name]) != text.fold(details[i][name])
            ):
                kept = records[i]
                yield Conflict(name, details[i][name], kept.where, other[name], records[j].where)
