"""Every page of the site, described and not yet made: a path, a template, a context.

One generator function a page type. A context holds frozen plain data and only what its template
shows: what is not in it cannot appear on the page, so a page whose context is unchanged is never
stale. What takes long to gather comes as a `Bundle`: whether it is made already is told first. A
new page type is one function under `@page` and its template.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import islice, pairwise
from operator import itemgetter
from typing import Literal, TypeVar
from urllib.parse import quote

from generator import acronyms, check, coins, feeds, history, metadata, plots, rights, text
from generator.cite import place
from generator.config import Site, Size
from generator.exports import editors
from generator.languages import language
from generator.ledger import destination
from generator.library import (
    KINDS,
    UNDATED,
    Library,
    group_path,
    paper_path,
    source_slug,
)
from generator.mentions import Mention, linked
from generator.model import (
    Abbreviation,
    Brief,
    Card,
    Conflict,
    Entry,
    Group,
    Link,
    Meaning,
    Mentioned,
    Pager,
    Paper,
    Problem,
    Record,
    Ref,
    Section,
    SourceText,
    Where,
)
from generator.names import OTHERS, shown
from generator.prose import CITED, KIND, Prose
from generator.sources.markup import with_math
from generator.words import Words

T = TypeVar("T")

# The one page whose links cannot be relative: a host shows it at any depth.
NOT_FOUND = "404.html"
# How much a page holds, so that none grows over 300 KB: a card with its links takes about 1.5 KB
# (3 KB with math in its title), a link in an index 150 bytes, a record on a source's page 1 KB.
CARDS = 50
LINKS = 600
ROWS = 100
# What the home page shows of each kind; the indexes have the rest.
HOME_TOPICS = 24
HOME_PAPERS = 8
HOME_VENUES = 12
HOME_SOURCES = 8
HOME_PROSE = 12
# Findings of one rule; `bibpress check --rule NAME` has all.
FINDINGS = 200
# Longest piece of a source that its page repeats, and how many remarks on one record.
EXCERPT = 240
REMARKS = 20
# Lines that nobody understood, of one file: a million of them, a log that went astray, would make
# 10,000 pages. The report and `--json` have all.
LEFTOVER = 10_000
# What a paper's page shows: bytes of BibTeX and of notes, places it was read from, topics, links.
# (All of it is elsewhere: in the .bib, on the pages of sources and topics, in the API.)
BIBTEX = 60_000
NOTES = 100_000
PLACES = 100
TOPICS = 300
ADDRESSES = 100
# Authors named on a paper's page; all of them stand in its .bib. (Physics has lists of 5,000.)
AUTHORS = 500
# Abbreviations on a page of the glossary, and papers that each meaning of one is linked to.
TERMS = 200
EXPLAINING = 3
MEANINGS = 20
# Papers that mention one, or that it mentions; a famous one is mentioned by hundreds.
MENTIONS = 100
# Papers of a volume that its page lists: the proceedings of a workshop, or a day of a conference.
CONTENTS = 200
# Characters of a sentence of a note, with titles in place of its keys.
SENTENCE = 500
# Disagreements told of one paper; where hundreds of records share a DOI, one tells the story.
CONFLICTS = 200


@dataclass(frozen=True, slots=True)
class Page:
    """A page not yet made. The context's values have a canonical `repr`; its order is fixed."""

    path: str
    template: str
    title: str
    here: str
    context: Mapping[str, object]

    @property
    def root(self) -> str:
        """The way from this page to the site's root: empty or "../"."""
        return "../" * self.path.count("/")


@dataclass(frozen=True, slots=True)
class Bundle:
    """Pages that are gathered only where they are not yet made: their paths in order, and how.

    All of one template. `mark` stands for everything that their contexts are made of; what takes
    longer to gather than to compare is described so.
    """

    paths: tuple[str, ...]
    template: str
    mark: str
    gather: Callable[[], Iterable[Page]]


@dataclass(frozen=True)
class Collection:
    """What page functions plan from: the library, the site's settings, what is wrong, exports.

    `dated` says that the ledger is kept from build to build, so that its days mean something.
    """

    library: Library
    site: Site
    size: Size
    problems: tuple[Problem, ...]
    entries: Mapping[str, str]
    items: Mapping[str, str]
    dated: bool
    search_head: Callable[[], str]
    search_scripts: tuple[str, ...]
    find: Callable[[], tuple[check.Finding, ...]] = tuple
    repository: str = ""
    prose: tuple[Prose, ...] = ()

    @property
    def words(self) -> Words:
        """The words of the interface."""
        return self.library.words

    @cached_property
    def citing(self) -> Mapping[str, tuple[Ref, ...]]:
        """Paper (id) → the owner's own pages that cite it."""
        found: dict[str, list[Ref]] = defaultdict(list)
        for each in self.prose:
            for id_ in each.cited:
                found[id_].append(Ref(each.path, each.title))
        return {id_: tuple(refs) for id_, refs in found.items()}

    @cached_property
    def sources(self) -> Mapping[str, tuple[SourcePage, ...]]:
        """File → the pages that show how it was understood."""
        return {s.file: _source_pages(s, self) for s in self.library.sources}

    @cached_property
    def findings(self) -> tuple[check.Finding, ...]:
        """What the rules find; looked for when a page asks."""
        return self.find()

    # Records are looked up by identity: two entries may be alike in all they say.

    @cached_property
    def places(self) -> Mapping[int, Ref]:
        """Every record's link to where it is shown."""
        return {
            id(row): Ref(f"{page.path}#{self.anchors[id(row)]}", file)
            for file, pages in self.sources.items()
            for page in pages
            for _, row in page.rows
            if isinstance(row, Record)
        }

    @cached_property
    def anchors(self) -> Mapping[int, str]:
        """Every record's anchor on its source's page: its paper's id, and a number from two on.

        A dot is in no id, so a second record of a paper cannot take another paper's anchor.
        """
        anchors: dict[int, str] = {}
        for source in self.library.sources:
            used: Counter[str] = Counter()
            for record in source.records:
                paper, _ = self.records[id(record)]
                used[paper.id] += 1
                again = f".{used[paper.id]}" if used[paper.id] > 1 else ""
                anchors[id(record)] = paper.id + again
        return anchors

    @cached_property
    def records(self) -> Mapping[int, tuple[Paper, int]]:
        """The paper that each record belongs to, and its number among that paper's records."""
        return {
            id(record): (paper, number)
            for paper in self.library.papers
            for number, record in enumerate(paper.records)
        }

    @cached_property
    def map(self) -> tuple[plots.Map, int]:
        """The map of all papers, or of their topics where they are too many; papers not on it."""
        return _map(self.library, tuple(self.library.groups["tags"].values()))

    @cached_property
    def mapped(self) -> Set[str]:
        """The topics (slugs) that have a map of their own."""
        whole, _ = self.map
        return {spot.id for spot in whole.spots} if whole.of_topics else set()

    @cached_property
    def problems_of(self) -> Mapping[str, Sequence[Problem]]:
        """File → what is wrong in it."""
        found: dict[str, list[Problem]] = defaultdict(list)
        for problem in self.problems:
            found[problem.where.file].append(problem)
        return found

    @cached_property
    def remarks(self) -> Mapping[str, Mapping[int, tuple[str, ...]]]:
        """File → first line of a record → what is wrong with it."""
        return {source.file: _remarks(source, self) for source in self.library.sources}

    @cached_property
    def skipped(self) -> Mapping[str, Mapping[Where, int]]:
        """File → the place of each entry that was left out → its number."""
        return {
            source.file: {where: number for number, where in enumerate(source.quarantined, 1)}
            for source in self.library.sources
        }

    @cached_property
    def shown_at(self) -> Mapping[tuple[str, int], str]:
        """File and first line of what stands there → the address at which its page shows it."""
        found: dict[tuple[str, int], str] = {}
        for file, pages in self.sources.items():
            for page in pages:
                for line, row in page.rows:
                    if isinstance(row, Record):
                        anchor = self.anchors[id(row)]
                    elif isinstance(row, Where):
                        anchor = f"skipped.{self.skipped[file][row]}"
                    else:
                        anchor = f"line.{line}" if isinstance(row, str) else ""
                    found.setdefault((file, line), f"{page.path}#{anchor}".rstrip("#"))
        return found

    @cached_property
    def disagreements(self) -> Mapping[int, Sequence[str]]:
        """Record → where it and other records of its paper disagree."""
        found: dict[int, list[str]] = defaultdict(list)
        for paper in self.library.papers:
            said: dict[Where, list[str]] = defaultdict(list)
            for where, remark in _disagreements(paper.conflicts[:CONFLICTS], self.words):
                said[where].append(remark)
            found |= {id(record): said[record.where] for record in paper.records if said}
        return found


PageType = Callable[[Collection], Iterator[Page | Bundle]]
PAGES: list[PageType] = []


def page(function: PageType) -> PageType:
    """Register a page type: a function from the collection to its pages."""
    PAGES.append(function)
    return function


def plan(collection: Collection, own: Sequence[PageType] = ()) -> Iterator[Page | Bundle]:
    """Every page of the site; `own` are page types that it has beside ours."""
    for function in (*PAGES, *own):
        yield from function(collection)


# --- the page types -----------------------------------------------------------------------------


@page
def home(c: Collection) -> Iterator[Page]:
    """What the collection is, at a glance."""
    library = c.library
    years = _dated(library)
    venues = sorted(library.groups["venues"].values(), key=lambda g: (-len(g.papers), g.slug))
    few = len(library.sources) <= HOME_SOURCES
    context = {
        "counts": tuple(ref for ref in _counts(library) if ref.path != "years/index.html"),
        "span": (years[0].name, years[-1].name) if years else None,
        "years": tuple(map(_ref, years)),
        "facets": tuple(_topics_at_a_glance(library)),
        "latest": _cards(library, [paper.id for paper in library.papers[:HOME_PAPERS]]),
        "venues": tuple(_ref(group) for group in venues[:HOME_VENUES]),
        "sources": tuple(_source_ref(each) for each in library.sources) if few else (),
        "bib": "bibliography.bib",
        "changes": "changes.html" if c.dated else "",
        "prose": _and_more(
            [Ref(each.path, each.title) for each in c.prose[:HOME_PROSE]],
            len(c.prose),
            f"{KIND}/index.html",
            c.words,
        ),
    }
    yield Page("index.html", "home.html", c.site.title, "home", context)


@page
def papers(c: Collection) -> Iterator[Bundle]:
    """One page per paper, with its topics, its neighbours and where its record came from."""
    library = c.library
    around: Sequence[Paper | None] = [None, *library.papers, None]
    for later, paper, earlier in zip(around, library.papers, around[2:], strict=False):
        topics = library.topics_of(paper)
        elsewhere = {
            "records": _and_more(
                [c.places[id(record)] for record in paper.records[:PLACES]],
                len(paper.records),
                "sources/index.html",
                c.words,
            ),
            "related": library.related_to(paper),
            "earlier": _beside(paper, earlier, library),
            "later": _beside(paper, later, library),
            "notes": tuple(_first_notes(paper.bodies, library)),
            "mentions": _mentioned(library, library.mentioned_in(paper), "target"),
            "mentioned_by": _mentioned(library, library.mentioned_by(paper), "source"),
            "tags": _and_more(topics[:TOPICS], len(topics), "tags/index.html", c.words),
            "spans": _spans(paper, library),
            "files": tuple(_in_words(each, c.words) for each in library.files.get(paper.id, ())),
            "report": c.places[id(paper.records[0])].path if c.repository else "",
            "volume": paper_path(library.volumes[paper.id]) if paper.id in library.volumes else "",
            "contents": _contents(paper, library, c.words),
            "citing": _and_more(
                c.citing.get(paper.id, ())[:MENTIONS],
                len(c.citing.get(paper.id, ())),
                f"{KIND}/index.html",
                c.words,
            ),
        }
        mark = (
            library.digests[paper.id],
            library.ties[paper.id],
            library.known_people(paper),
            elsewhere,
        )
        gather = partial(_paper_page, c, paper, elsewhere)
        yield Bundle((paper_path(paper.id),), "paper.html", repr(mark), gather)


def _beside(paper: Paper, other: Paper | None, library: Library) -> Brief | None:
    """A neighbour in the order of all lists; none where nobody knows which of the two is newer."""
    return library.briefs[other.id] if other and other.year and paper.year else None


def _paper_page(c: Collection, paper: Paper, elsewhere: Mapping[str, object]) -> Iterator[Page]:
    """A paper's page: what it says itself, and what is to be said of it from `elsewhere`."""
    library = c.library
    authors = library.authors_of(paper)
    path, venue = paper_path(paper.id), library.venue_of(paper)
    links = tuple(islice(_links(paper), ADDRESSES))
    root, files = c.site.url, library.files.get(paper.id, ())
    published = (*(replace(file, url=root + file.url) for file in files if root), *links)
    named = replace(paper.without_sources(), authors=paper.authors[:AUTHORS])
    persons = library.known_people(paper)[:AUTHORS]
    machines = named, venue.name if venue else paper.venue, published, c.site, path
    context = {
        "paper": named,
        "authors": authors[:AUTHORS],
        "more": max(0, len(authors) - AUTHORS),
        "others": OTHERS in paper.authors,
        "year": library.year_of(paper),
        "venue": venue,
        "venue_text": paper.venue,
        "notices": tuple(_notices(paper, c.words)),
        "facts": tuple(_facts(paper, c.words)),
        "links": tuple(_in_words(link, c.words) for link in links),
        "kind": _kind(paper, c.words),
        "lang": _foreign(language(paper), c.site.language),
        "meta": tuple(metadata.tags(*machines)),
        "linked": metadata.linked(*machines, persons),
        "item": metadata.in_script(c.items[paper.id]),
        "bibtex": _shown_bibtex(c.entries[paper.id], c.words),
        "bib": paper_path(paper.id, ".bib"),
        "unconfirmed": tuple(_field(name, c.words) for name in paper.unconfirmed),
        **elsewhere,
    }
    yield Page(path, "paper.html", paper.title, "papers", context)


def _kind(paper: Paper, words: Words) -> str:
    """What kind of publication a paper is, where that is not what one expects; else empty."""
    if f"types.{paper.type}" not in words.entries:
        return ""
    return paper.detail("type") or words(f"types.{paper.type}")


def _foreign(language: str, site: str) -> str:
    """A paper's language where it is another one than the site's, else empty."""
    return "" if language.split("-")[0] == site.casefold().split("-")[0] else language


@page
def all_papers(c: Collection) -> Iterator[Page]:
    """All papers, newest first."""
    ids = [paper.id for paper in c.library.papers]
    heading = c.words("all_papers")
    for pager, part in paged("papers/index", ids, CARDS):
        context = {
            "heading": heading,
            "lead": "",
            "cards": _cards(c.library, part),
            "pager": pager,
            "bib": "bibliography.bib",
        }
        yield Page(pager.paths[pager.number - 1], "list.html", heading, "papers", context)


@page
def groups(c: Collection) -> Iterator[Page | Bundle]:
    """One page per topic, author, year and venue, on as many pages as its papers need."""
    for kind in KINDS:
        for group in c.library.groups[kind].values():
            if kind in ("authors", "venues"):
                yield _bundled(c, group)
            else:
                yield from _group_pages(c, group)


def _bundled(c: Collection, group: Group) -> Bundle:
    """The pages of a group that has no relations but those of its papers; there are thousands."""
    ties = c.library.ties
    paths = _paths(f"{group.kind}/{group.slug}", len(group.papers), CARDS)
    files, coined = (_bib(c, group), _feed(c, group)), _coins(c, group, group.papers)
    mark = f"{files}{group!r}{''.join([ties[id_] for id_ in group.papers])}{coined}"
    return Bundle(paths, "group.html", mark, partial(_group_pages, c, group))


@page
def prose(c: Collection) -> Iterator[Page]:
    """The owner's own pages, each with what it cites and what its query finds, and their index."""
    for each in c.prose:
        yield from _prose_pages(c, each)
    refs = tuple(Ref(each.path, each.title) for each in c.prose)
    heading = c.words("prose")
    for pager, part in paged(f"{KIND}/index", refs, LINKS) if refs else ():
        context = {
            "kind": KIND,
            "heading": heading,
            "lead": "",
            "sections": (Section("", part),),
            "pager": pager,
            "letters": (),
        }
        yield Page(pager.paths[pager.number - 1], "groups.html", heading, KIND, context)


def _prose_pages(c: Collection, own: Prose) -> Iterator[Page]:
    suffixed = partial(group_path, KIND, own.slug)
    shared = {
        "heading": own.title,
        "lead": own.description,
        "has_list": bool(own.query),
        "bib": suffixed(suffix=".bib") if own.all_papers else "",
        "feed": suffixed(suffix=".xml") if own.query and c.site.url else "",
    }
    for pager, ids in paged(f"{KIND}/{own.slug}", own.papers, CARDS):
        is_first = pager.number == 1
        context = {
            **shared,
            "body": own.body if is_first else "",
            "cited": _cards(c.library, own.cited[:CITED]) if is_first else (),
            "more": max(0, len(own.cited) - CITED),
            "cards": _cards(c.library, ids),
            "pager": pager,
        }
        yield Page(pager.paths[pager.number - 1], "own.html", own.title, KIND, context)


@page
def indexes(c: Collection) -> Iterator[Page]:
    """All topics, authors, years and venues, each kind on its index."""
    for kind in KINDS:
        sections = _sections(c.library.groups[kind].values())
        heading = c.words(f"kinds.{kind}")
        parts = list(paged(f"{kind}/index", _numbered(sections), LINKS))
        starts = _starts(parts)
        for pager, part in parts:
            context = {
                "kind": kind,
                "heading": heading,
                "lead": "",
                "sections": tuple(_regrouped(part)),
                "pager": pager,
                "letters": starts if len(starts) > 1 else (),
            }
            yield Page(pager.paths[pager.number - 1], "groups.html", heading, kind, context)


@page
def sources(c: Collection) -> Iterator[Page]:
    """How each input file was understood, and the index of them."""
    library = c.library
    for source in library.sources:
        summary = tuple(_summary(source, c))
        for source_page in c.sources[source.file]:
            context = {
                "heading": source.file,
                "format": _format(source.format, c.words),
                "pager": source_page.pager,
                "summary": summary,
                **_shown_rows(source, source_page.rows, c),
            }
            yield Page(source_page.path, "source.html", source.file, "sources", context)
    serious = sum(problem.severity != "note" for problem in c.problems)
    for pager, part in paged("sources/index", library.sources, LINKS):
        listed = {
            "sources": tuple(
                _source_ref(source, c.problems_of.get(source.file, ()), c.words) for source in part
            ),
            "problems": serious,
            "pager": pager,
        }
        yield Page(
            pager.paths[pager.number - 1], "sources.html", c.words("sources"), "sources", listed
        )


@page
def quality(c: Collection) -> Iterator[Page]:
    """What the rules of `bibpress check` find, the gravest first, each beside its record."""
    counts = check.counted(c.findings)
    of_rule: dict[str, list[check.Finding]] = defaultdict(list)
    for finding in c.findings:
        of_rule[finding.rule].append(finding)
    shown = [finding for rule in counts for finding in of_rule[rule][:FINDINGS]]
    last = {finding.rule: finding for finding in shown}
    parts = list(paged("quality", shown, ROWS))
    starts: dict[str, Ref] = {}
    for pager, part in parts:
        for rule in dict.fromkeys(finding.rule for finding in part):
            path = f"{pager.paths[pager.number - 1]}#{rule}"
            starts.setdefault(rule, Ref(path, rule, counts[rule]))
    for pager, part in parts:
        path, title = pager.paths[pager.number - 1], c.words("quality")
        context = {
            "rules": tuple(starts.values()) if pager.number == 1 else (),
            "sections": tuple(_ruled(part, counts, last, c)),
            "pager": pager,
        }
        yield Page(path, "quality.html", title, "quality", context)


@page
def search(c: Collection) -> Iterator[Page]:
    """The search page; without JavaScript it shows the ways to browse."""
    ways = Section("", tuple(_counts(c.library)))
    context = {
        "head": c.search_head(),
        "scripts": c.search_scripts,
        "facets": (ways, *_topics_at_a_glance(c.library)),
    }
    yield Page("search.html", "search.html", c.words("search"), "search", context)


@page
def at_a_glance(c: Collection) -> Iterator[Page]:
    """The collection in plots; where a map has many dots, on pages of its own."""
    library = c.library
    topics = tuple(library.groups["tags"].values())
    years = {paper.id: paper.year for paper in library.papers if paper.year}
    whole, left_out = c.map
    apart = len(whole.spots) > plots.BESIDE_OTHERS
    dated = tuple(map(_ref, _dated(library)))
    is_void = len(whole.spots) < plots.SPARSE and not whole.areas and len(dated) > 1
    yield _plots_page(
        "glance.html",
        c.words("glance"),
        "glance",
        years=dated,
        timeline=plots.timeline(topics, years, c.words),
        matrix=plots.matrix(topics, c.words),
        map=None if apart or is_void else whole,
        left_out=left_out,
        map_page=Ref("map.html", c.words("map_of_all")) if apart else None,
    )
    if apart:
        glance = Ref("glance.html", c.words("glance"))
        shown = {"crumb": glance, "map": whole, "left_out": left_out}
        yield _plots_page("map.html", c.words("map"), "glance", **shown)
    mapped = [topic for topic in topics if topic.slug in c.mapped]
    for topic, plot in plots.paper_maps(mapped, library.by_id, topics, library.neighbours):
        yield _topic_map(topic, plot, c.words)


@page
def changes(c: Collection) -> Iterator[Page]:
    """What came, changed and went, by day; none without a ledger that is kept."""
    if not c.dated:
        return
    told = history.events(c.library.ledger)
    since, founders = history.founded(c.library.ledger)
    for pager, part in paged("changes", told, ROWS):
        context = {
            "since": since,
            "founders": founders,
            "sections": tuple(
                _regrouped((c.words.day(event.day), _event_ref(event, c)) for event in part)
            ),
            "feed": feeds.CHANGES if c.site.url else "",
            "pager": pager,
        }
        path = pager.paths[pager.number - 1]
        yield Page(path, "changes.html", c.words("changes"), "changes", context)


def _event_ref(event: history.Event, c: Collection) -> Ref:
    paper, note = c.library.by_id.get(event.id), c.words(f"events.{event.what}")
    return Ref(paper_path(event.id), paper.title if paper else event.id, note=note)


@page
def glossary(c: Collection) -> Iterator[Page]:
    """What the abbreviations stand for that papers explain, and which papers do."""
    defined = ((paper.id, c.library.acronyms[paper.id].acronyms) for paper in c.library.papers)
    entries = [_explained(entry, c.library) for entry in acronyms.glossary(defined)]
    for pager, part in paged("glossary", entries, TERMS):
        path, title = pager.paths[pager.number - 1], c.words("abbreviations")
        context = {"entries": part, "pager": pager}
        yield Page(path, "glossary.html", title, "glossary", context)


@page
def missing(c: Collection) -> Iterator[Page]:
    """What a host shows for an address that is none."""
    yield Page(NOT_FOUND, "404.html", c.words("not_found"), "", {})


@page
def departed(c: Collection) -> Iterator[Page]:
    """A page for every address the ledger remembers: gone, or moved to another."""
    for id_, target in departures(c.library):
        if target:
            name = c.library.by_id[target].title
            context: Mapping[str, object] = {
                "target": f"{target}.html",
                "name": name,
                "kind": "papers",
            }
            yield Page(paper_path(id_), "redirect.html", name, "", context)
        else:
            yield Page(paper_path(id_), "gone.html", c.words("gone"), "", {"id": id_})


@page
def moved_lists(c: Collection) -> Iterator[Page]:
    """A page that leads on, where that of an author or a venue would be by another name."""
    moved = ((kind, *each) for kind, slugs in c.library.moved.items() for each in slugs.items())
    for kind, slug, target in moved:
        name = c.library.groups[kind][target].name
        context = {"target": f"{target}.html", "name": name, "kind": kind}
        yield Page(group_path(kind, slug), "redirect.html", name, "", context)


def departures(library: Library) -> Iterator[tuple[str, str]]:
    """Every id of the ledger that is no paper now, with the paper it leads to, if any."""
    for id_ in sorted(library.ledger.keys() - library.by_id.keys()):
        yield id_, destination(id_, library.ledger, library.by_id)


# --- lists --------------------------------------------------------------------------------------


def paged(stem: str, items: Sequence[T], size: int) -> Iterator[tuple[Pager, tuple[T, ...]]]:
    """The parts of a list with their pagers: STEM.html, STEM.2.html …; at least one page."""
    parts = [tuple(items[i : i + size]) for i in range(0, len(items), size)] or [()]
    paths = _paths(stem, len(items), size)
    for i, part in enumerate(parts):
        first = i * size + 1
        yield Pager(i + 1, paths, first, first + len(part) - 1, len(items)), part


def _paths(stem: str, items: int, size: int) -> tuple[str, ...]:
    pages = max(1, -(-items // size))
    return (f"{stem}.html", *(f"{stem}.{n}.html" for n in range(2, pages + 1)))


def _group_pages(c: Collection, group: Group) -> Iterator[Page]:
    library, kind = c.library, group.kind
    earlier, later = _neighbouring_years(library, group)
    shared = {
        "kind": kind,
        "heading": group.name,
        "lead": group.lead or group.apart,
        "links": group.links,
        "bib": _bib(c, group),
        "feed": _feed(c, group),
        "parent": _parent(library, group),
        "children": tuple(library.ref(kind, slug) for slug in group.children),
        "beside": () if _is_single(group) else library.beside(group, _BESIDE[kind]),
        "beside_label": c.words(f"beside.{kind}"),
        "years": library.years_of(group) if kind != "years" else (),
        "map": plots.map_path(group) if kind == "tags" and group.slug in c.mapped else "",
        "earlier": earlier,
        "later": later,
    }
    for pager, ids in paged(f"{kind}/{group.slug}", group.papers, CARDS):
        context = {
            **shared,
            "cards": _cards(library, ids),
            "reasons": {id_: library.reason(id_, group.slug) for id_ in ids if kind == "tags"},
            "coins": _coins(c, group, ids),
            "pager": pager,
        }
        yield Page(pager.paths[pager.number - 1], "group.html", group.told, kind, context)


def _is_single(group: Group) -> bool:
    """Whether it is an author of one paper: whom they write with stands there already."""
    return group.kind == "authors" and len(group.papers) == 1


def _bib(c: Collection, group: Group) -> str:
    """Where a group's .bib is, if it has one."""
    has = group.kind != "authors" or c.size.author_bib
    return group_path(group.kind, group.slug, suffix=".bib") if has else ""


def _feed(c: Collection, group: Group) -> str:
    """Where a group's feed is, if it has one."""
    has = c.site.url and group.kind in c.site.feeds
    return feeds.path(group.kind, group.slug) if has else ""


def _coins(c: Collection, group: Group, ids: Iterable[str]) -> tuple[coins.Coin, ...]:
    """Papers of a list as Zotero finds them; of a list of one it would offer no folder."""
    has = group.kind in c.site.coins and len(group.papers) > 1
    return tuple(coins.Coin(c.items[id_]) for id_ in ids) if has else ()


def _parent(library: Library, group: Group) -> Ref | None:
    known = library.groups[group.kind]
    return library.plain_ref(group.kind, group.parent) if group.parent in known else None


def _dated(library: Library) -> list[Group]:
    """The years, oldest first."""
    years = library.groups["years"]
    return [years[slug] for slug in sorted(years) if slug != UNDATED]


def _neighbouring_years(library: Library, group: Group) -> tuple[Ref | None, Ref | None]:
    """The years before and after a year that have papers."""
    if group.kind != "years" or group.slug == UNDATED:
        return None, None
    years = [year.slug for year in _dated(library)]
    before = {b: a for a, b in pairwise(years)}
    after = dict(pairwise(years))
    earlier, later = before.get(group.slug), after.get(group.slug)
    return (
        library.plain_ref("years", earlier) if earlier else None,
        library.plain_ref("years", later) if later else None,
    )


def _cards(library: Library, ids: Iterable[str]) -> tuple[Card, ...]:
    return tuple(library.cards[id_] for id_ in ids)


def _ref(group: Group) -> Ref:
    return Ref(group_path(group.kind, group.slug), group.told, len(group.papers))


def _counts(library: Library) -> Iterator[Ref]:
    counts = {"papers": len(library.papers)} | {k: len(library.groups[k]) for k in KINDS}
    for kind, count in counts.items():
        if count:
            yield Ref(f"{kind}/index.html", library.words(f"nouns.{kind}", count), count)


def _topics_at_a_glance(library: Library) -> Iterator[Section]:
    """The biggest topics of each facet."""
    for section in _sections(library.groups["tags"].values()):
        yield Section(section.heading, _biggest(section.refs, HOME_TOPICS))


def _biggest(refs: Sequence[Ref], most: int) -> tuple[Ref, ...]:
    """The links with the most papers, in the order they had."""
    best = set(sorted(refs, key=lambda ref: (-ref.count, ref.path))[:most])
    return tuple(ref for ref in refs if ref in best)


def _sections(members: Iterable[Group]) -> list[Section]:
    """Groups under their headings; headings in order of first appearance."""
    sections: dict[str, list[Ref]] = defaultdict(list)
    for group in members:
        path = group_path(group.kind, group.slug)
        name = group.listed or group.name
        sections[group.section].append(Ref(path, name, len(group.papers)))
    return [Section(heading, tuple(refs)) for heading, refs in sections.items()]


def _numbered(sections: Sequence[Section]) -> list[tuple[str, Ref]]:
    return [(section.heading, ref) for section in sections for ref in section.refs]


def _regrouped(part: Iterable[tuple[str, Ref]]) -> Iterator[Section]:
    sections: dict[str, list[Ref]] = defaultdict(list)
    for heading, ref in part:
        sections[heading].append(ref)
    return (Section(heading, tuple(refs)) for heading, refs in sections.items())


def _starts(parts: Sequence[tuple[Pager, tuple[tuple[str, Ref], ...]]]) -> tuple[Ref, ...]:
    """A link to where each section of an index begins."""
    starts: dict[str, Ref] = {}
    for pager, part in parts:
        for heading, _ in part:
            path = pager.paths[pager.number - 1]
            starts.setdefault(heading, Ref(f"{path}#{text.slug(heading)}", heading))
    return tuple(starts.values())


# --- maps ---------------------------------------------------------------------------------------


def _map(library: Library, topics: Sequence[Group]) -> tuple[plots.Map, int]:
    """The map of all papers, or of their topics where they are too many; papers not on it."""
    if plots.fits(library.papers) or not topics:
        plot = plots.paper_map(library.papers, topics, library.neighbours)
        return plot, len(library.papers) - len(plot.spots)
    plot = plots.topic_map(topics, library.words)
    shown = {spot.id for spot in plot.spots}
    held = {id_ for topic in topics if topic.slug in shown for id_ in topic.papers}
    return plot, len(library.papers) - len(held)


def _topic_map(topic: Group, plot: plots.Map, words: Words) -> Page:
    """The map of the papers of one topic, or of the newest of them."""
    shown, all_ = len(plot.spots), len(topic.papers)
    return _plots_page(
        plots.map_path(topic),
        words("map_title", topic=topic.name),
        "tags",
        crumb=Ref(group_path("tags", topic.slug), topic.name),
        lead=words("map_newest", shown=shown, total=all_) if shown < all_ else "",
        map=plot,
    )


def _plots_page(path: str, heading: str, here: str, **shown: object) -> Page:
    """A page of plots: those that are named, and what goes with them."""
    nothing = dict.fromkeys(("crumb", "timeline", "matrix", "map", "map_page"))
    context = {"heading": heading, "lead": "", **nothing, "years": (), "left_out": 0, **shown}
    return Page(path, "glance.html", heading, here, context)


# --- papers -------------------------------------------------------------------------------------


def _explained(entry: acronyms.Entry, library: Library) -> Abbreviation:
    """A line of the glossary, with links to the first papers that give each meaning."""
    return Abbreviation(
        entry.short,
        tuple(
            Meaning(
                each.long,
                tuple(
                    Ref(paper_path(id_), library.cards[id_].title)
                    for id_ in each.papers[:EXPLAINING]
                ),
                max(0, len(each.papers) - EXPLAINING),
            )
            for each in entry.expansions[:MEANINGS]
        ),
    )


def _mentioned(
    library: Library, mentions: Sequence[Mention], side: Literal["source", "target"]
) -> tuple[Mentioned, ...]:
    """Links to the papers on one side of mentions, newest first, the first `MENTIONS` of them."""
    said = sorted(
        ((library.by_id[getattr(mention, side)], mention) for mention in mentions),
        key=lambda pair: (-(pair[0].year or 0), pair[0].id),
    )
    return tuple(
        Mentioned(
            paper_path(paper.id),
            library.cards[paper.id].title,
            mention.name,
            _readable(mention, library),
        )
        for paper, mention in said[:MENTIONS]
    )


def _contents(paper: Paper, library: Library, words: Words) -> tuple[Ref, ...]:
    """Links to the papers of a volume, with authors and pages; the rest are with its venue or year.

    A volume of no papers has none.
    """
    inside = library.contents_of(paper)
    shown = [
        Ref(brief.path, brief.title, 0, " · ".join(filter(None, (brief.authors, pages))))
        for each in inside[:CONTENTS]
        for brief, pages in [(library.briefs[each.id], each.detail("pages"))]
    ]
    if not inside:
        return ()
    elsewhere = library.venue_of(inside[0]) or library.year_of(inside[0])
    return _and_more(shown, len(inside), elsewhere.path, words)


def _readable(mention: Mention, library: Library) -> str:
    """The sentence of a mention, with words in place of the keys that a note has."""
    if mention.how != "key":
        return mention.sentence

    def words(key: str, said: str) -> str:
        paper = library.by_key.get(key)
        return said or (library.cards[paper.id].title if paper else "")

    return text.cut(linked(mention.sentence, words), SENTENCE)


def _and_more(shown: Sequence[Ref], total: int, path: str, words: Words) -> tuple[Ref, ...]:
    """Links, and one to where the others are to be found."""
    more = total - len(shown)
    return (*shown, Ref(path, words("and_more", more))) if more > 0 else tuple(shown)


def _first_notes(notes: Sequence[str], library: Library) -> Iterator[str]:
    """As many notes as a page has room for, with links and formulas, and how many more there are.

    One whose links, or MathML, alone would fill the page goes without them.
    """
    room = NOTES
    for i, note in enumerate(notes):
        shown, most = note, max(len(note), NOTES)
        for face in (partial(_with_links, library=library), with_math):
            made = face(shown)
            shown = made if len(made) <= most else shown
        room -= len(shown)
        if i and room < 0:
            yield f"<p>{library.words.html('and_more', len(notes) - i)}</p>"
            return
        yield shown


def _shown_bibtex(entry: str, words: Words) -> str:
    """An entry as a page shows it: of one that is very long, only where it is."""
    if len(entry) <= BIBTEX:
        return entry
    return f"% {words('bibtex_long', len(entry))}\n"


def _spans(paper: Paper, library: Library) -> tuple[text.Span, ...]:
    """What stands in an abstract for more than it says: names of other papers, and acronyms."""
    names = [
        text.Span(start, start + len(mention.name), "a", f"{mention.target}.html")
        for mention in library.mentioned_in(paper)
        if mention.how == "name" and (start := _place_of(mention.name, paper.abstract)) >= 0
    ]
    short = [text.Span(*use[:2], "abbr", use[2]) for use in library.acronyms[paper.id].uses]
    return tuple(sorted([*names, *short]))


_FORMULA = re.compile(r"\$[^$]*\$")


def _place_of(name: str, abstract: str) -> int:
    """Where a name first stands as a word of its own in a text, outside of formulas; or -1."""
    masked = _FORMULA.sub(lambda formula: " " * len(formula[0]), abstract)
    found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", masked)
    return found.start() if found else -1


def _with_links(note: str, library: Library) -> str:
    """A note (HTML) in which the keys of papers are links to them; an unknown key stays."""

    def link(key: str, words: str) -> str:
        paper = library.by_key.get(key)
        if not paper:
            return ""
        title = library.cards[paper.id].title
        return f'<a href="{paper.id}.html">{words or text.to_html(title)}</a>'

    return linked(note, link)


def _facts(paper: Paper, words: Words) -> Iterator[tuple[str, str]]:
    details = dict(paper.details)
    for name in _FACTS:
        if value := details.get(name):
            if name in _PEOPLE:
                value = words("lists.comma").join(map(shown, editors(value)))
            if name == "address":
                value = place(value)
            if name == "urldate":
                value = words.day(value)
            yield words(f"facts.{name}"), value


def _notices(paper: Paper, words: Words) -> Iterator[tuple[str, str, str]]:
    """What has become of a paper: in a word, on which day, and the address of the notice."""
    for notice in rights.notices(paper.details):
        yield words(f"standing.{notice.kind}"), words.day(notice.day), notice.url


def _links(paper: Paper) -> Iterator[Link]:
    """Where the paper itself is to be had: DOI, arXiv, then what its records link to, each once."""
    own = []
    if paper.doi:
        own.append(Link("https://doi.org/" + quote(paper.doi, safe="/:;()"), "DOI"))
    if paper.arxiv:
        own.append(Link(f"https://arxiv.org/abs/{quote(paper.arxiv)}", "arXiv"))
    seen = {_bare(link.url) for link in own}
    yield from own
    for link in paper.links:
        if _bare(link.url) not in seen:
            seen.add(_bare(link.url))
            yield link


def _in_words(link: Link, words: Words) -> Link:
    """A link whose label is in the site's language; a label that there is no word for stays."""
    slug = text.slug(link.label)
    is_known = f"links.{slug}" in words.entries
    return replace(link, label=words(f"links.{slug}")) if is_known else link


def _bare(url: str) -> str:
    """An address without what does not make it another one, to tell whether two are the same."""
    bare = url.split("://", 1)[-1].removeprefix("dx.").removeprefix("www.")
    return bare.rstrip("/").casefold()


# --- quality ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as a page shows it: its place, what is wrong, and the paper."""

    place: Ref
    message: str
    paper: Ref | None


@dataclass(frozen=True, slots=True)
class Ruled:
    """What one rule finds, as far as one page shows it; `more` findings stand on no page."""

    rule: str
    severity: str
    about: str
    todo: str
    rows: tuple[Found, ...]
    more: int = 0


def _ruled(
    part: Sequence[check.Finding],
    counts: Mapping[str, int],
    last: Mapping[str, check.Finding],
    c: Collection,
) -> Iterator[Ruled]:
    for name in dict.fromkeys(finding.rule for finding in part):
        rule, own = check.RULES[name], [finding for finding in part if finding.rule == name]
        rows = tuple(_found(finding, c) for finding in own)
        more = max(0, counts[name] - FINDINGS) if own[-1] is last[name] else 0
        yield Ruled(name, own[0].severity, rule.about, rule.todo, rows, more)


def _found(finding: check.Finding, c: Collection) -> Found:
    where, paper = finding.where, c.library.by_id.get(finding.paper)
    path = c.shown_at.get((where.file, where.line), "")
    if not path and where.file in c.sources:
        path = c.sources[where.file][0].path
    said = text.clean(text.cut(finding.message, EXCERPT))
    title = text.cut(paper.title, EXCERPT) if paper else ""
    return Found(Ref(path, str(where)), said, Ref(paper_path(paper.id), title) if paper else None)


# --- sources ------------------------------------------------------------------------------------


# A record, the place of an entry that was left out, a problem elsewhere, a line left over.
_Row = tuple[int, Record | Where | Problem | str]


@dataclass(frozen=True, slots=True)
class SourcePage:
    """One page of a source: what stands in its lines, by line."""

    path: str
    pager: Pager
    rows: tuple[_Row, ...]


def _source_pages(source: SourceText, c: Collection) -> tuple[SourcePage, ...]:
    """What a source holds, in the order of its lines, on as many pages as that needs."""
    rows: list[_Row] = [(record.where.line, record) for record in source.records]
    rows += [(where.line, where) for where in source.quarantined]
    rows += _loose_problems(source, c)
    rows += source.leftover[:LEFTOVER]
    if (more := len(source.leftover) - LEFTOVER) > 0:
        rows.append((source.leftover[LEFTOVER][0], c.words("more_lines", more)))
    rows.sort(key=itemgetter(0))
    return tuple(
        SourcePage(pager.paths[pager.number - 1], pager, part)
        for pager, part in paged(f"sources/{source_slug(source.file)}", rows, ROWS)
    )


def _shown_rows(source: SourceText, rows: Sequence[_Row], c: Collection) -> dict[str, object]:
    """What the page of a source shows of its rows, each kind by itself."""
    skipped = c.skipped[source.file]
    remarks = c.remarks[source.file]
    entries = []
    for line, row in rows:
        if isinstance(row, Record):
            entries.append(_entry(row, remarks.get(line, ()), c))
        elif isinstance(row, Where):
            lines, anchor = _lines(row.line, row.end), f"skipped.{skipped[row]}"
            said, edit = remarks.get(line, ()), _in_repository(row, c.repository)
            entries.append(Entry(anchor, lines, "", None, "quarantined", said, edit))
    return {
        "entries": tuple(entries),
        "leftover": tuple(
            (line, text.clean(text.cut(row, EXCERPT))) for line, row in rows if isinstance(row, str)
        ),
        "problems": tuple(_told(row) for _, row in rows if isinstance(row, Problem)),
    }


def _entry(record: Record, remarks: Sequence[str], c: Collection) -> Entry:
    paper, number = c.records[id(record)]
    return Entry(
        c.anchors[id(record)],
        _lines(record.where.line, record.where.end),
        text.clean(text.cut(record.title or record.abstract or record.key, EXCERPT)),
        Ref(paper_path(paper.id), text.cut(paper.title, EXCERPT)),
        "merged" if number else "published",
        _first([*c.disagreements.get(id(record), ()), *remarks], REMARKS, c.words),
        _in_repository(record.where, c.repository),
    )


def _in_repository(where: Where, repository: str) -> str:
    """The address of a line of a source, where the owner says whose repository it is in.

    GitHub, GitLab, Codeberg (Forgejo) and SourceHut all show line 12 at `#L12`. Only what lies in
    `content/` is in the repository of the site.
    """
    if not repository or not where.file.startswith("content/"):
        return ""
    return f"{repository}/{quote(where.file)}#L{where.line}"


def _lines(first: int, last: int) -> str:
    return f"{first}–{last}" if last > first else str(first)


def _starts_of(source: SourceText) -> list[tuple[int, int]]:
    places = [record.where for record in source.records] + list(source.quarantined)
    return sorted((where.line, max(where.line, where.end)) for where in places)


def _owner(line: int, starts: Sequence[tuple[int, int]]) -> int:
    """The first line of the record that a line belongs to, or 0."""
    i = bisect_right(starts, (line, 1 << 60)) - 1
    return starts[i][0] if i >= 0 and line <= starts[i][1] else 0


def _remarks(source: SourceText, c: Collection) -> Mapping[int, tuple[str, ...]]:
    """First line of a record → what is wrong with it."""
    starts = _starts_of(source)
    remarks: dict[int, list[str]] = defaultdict(list)
    for problem in c.problems_of[source.file]:
        if line := _owner(problem.where.line, starts):
            remarks[line].append(text.clean(f"{problem.severity}: {problem.message}"))
    return {line: _first(messages, REMARKS, c.words) for line, messages in remarks.items()}


def _loose_problems(source: SourceText, c: Collection) -> Iterator[_Row]:
    """What is wrong with a file outside of its records, lines not understood aside."""
    starts = _starts_of(source)
    left = {line for line, _ in source.leftover}
    for problem in c.problems_of[source.file]:
        line = problem.where.line
        not_understood = problem.severity == "note" and line in left
        if not _owner(line, starts) and not not_understood:
            yield line, problem


def _told(problem: Problem) -> str:
    """A problem as pages show it, without what a source may have in it that nobody can see."""
    return text.clean(f"{problem.severity}: {problem}")


def _first(remarks: Sequence[str], most: int, words: Words) -> tuple[str, ...]:
    """The first remarks, and how many more there are."""
    more = len(remarks) - most
    return (*remarks[:most], *([words("and_more", more)] if more > 0 else ()))


def _disagreements(conflicts: Iterable[Conflict], words: Words) -> Iterator[tuple[Where, str]]:
    """Where sources disagree: a remark for either place."""
    for conflict in conflicts:
        said = {
            "field": _field(conflict.field, words),
            "kept": text.cut(conflict.kept, 120),
            "other": text.cut(conflict.other, 120),
        }
        yield conflict.other_at, words("set_aside", place=str(conflict.kept_at), **said)
        yield conflict.kept_at, words("kept", place=str(conflict.other_at), **said)


def _summary(source: SourceText, c: Collection) -> Iterator[tuple[str, int]]:
    """What a source gave, in numbers: label and count, none that are nought but the first."""
    merged = sum(c.records[id(record)][1] > 0 for record in source.records)
    total = len(source.records) + len(source.quarantined)
    for name, count in (
        ("records", total),
        ("first_named", len(source.records) - merged),
        ("joined", merged),
        ("left_out", len(source.quarantined)),
        ("not_understood", len(source.leftover)),
    ):
        if count or name == "records":
            yield c.words(f"nouns.{name}", count), count


def _source_ref(
    source: SourceText, problems: Sequence[Problem] = (), words: Words | None = None
) -> Ref:
    """The link to a source's page, with its records, and how much there is to say of it."""
    said = words("source_remarks", len(problems)) if words and problems else ""
    path = f"sources/{source_slug(source.file)}.html"
    return Ref(path, source.file, len(source.records), said)


# --- tables -------------------------------------------------------------------------------------

# Of which kind the lists are that stand beside one.
_BESIDE = {"tags": "tags", "authors": "authors", "years": "tags", "venues": "tags"}
# What a paper's page tells of its record, in this order.
_FACTS = (
    "volume",
    "volumes",
    "part",
    "number",
    "eid",
    "pages",
    "numpages",
    "pagetotal",
    "series",
    "bookauthor",
    "editor",
    "translator",
    "publisher",
    "organization",
    "school",
    "institution",
    "holder",
    "address",
    "edition",
    "version",
    "origdate",
    "chapter",
    "isbn",
    "issn",
    "pmid",
    "howpublished",
    "urldate",
    "note",
)
_PEOPLE = frozenset({"bookauthor", "editor", "holder", "translator"})


def _field(name: str, words: Words) -> str:
    """What a field is called; one that there is no word for, by its name."""
    return words(f"fields.{name}") if f"fields.{name}" in words.entries else name


def _format(name: str, words: Words) -> str:
    """What a format is called; one of a site's own reader by its name."""
    return words(f"formats.{name}") if f"formats.{name}" in words.entries else name
