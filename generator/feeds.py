"""Atom feeds of what is new: of the whole collection, of lists, and of what changed (RFC 4287).

Which lists have one is the owner's to say; by default each topic has. Any other set of papers can
have one too: a `Selection` is all that a feed needs to know of it.

A feed needs absolute links, so there is none until the site's address is known. Dates and
identities come from the ledger, never from the clock: a paper is published on the day it first
came (`since`) and updated on the day it last changed.

*Identity.* An entry's id is a `urn:uuid:` made of the id its paper was born with, found by going
back over the renames in the ledger. The site's address, title and the day are left out on purpose:
each may change (a ledger that nobody commits has a new first day at every build), and an id that
changes shows every paper as new to every reader. So two collections give the same paper the same
id where its id is the same; an aggregator that reads both shows it once. Feeds of two collections
must differ: theirs is made of the ledger's oldest line, and without a ledger of their address.

*Formulas* are written in Unicode as far as they can be (`generator.text.to_plain`), else as TeX.
Readers clean what they show, and MathML without its tags is worse than TeX: x² becomes "x2".

Known weaknesses: an id that was changed, together with its key, by a redirect written into the
ledger, or changed back to what it was, is a new entry; a feed's id can change on the collection's
first day, or in a ledger that is not kept; the ledger has days and no hours, so that all of one day
have one date; a reader away while over `ENTRIES` papers came misses the rest; a paper stands in the
feed of changes with its last change only, since the ledger has no other; of a paper with more
authors than `AUTHORS` the others are left out without a word, since every reader takes an "and
others" for a person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from heapq import nlargest
from html import escape
from uuid import UUID, uuid5

from generator import __version__, text
from generator.config import Site
from generator.history import Event, events, founded
from generator.ledger import Ledger, Line, is_day
from generator.library import Library, group_path, paper_path
from generator.model import Paper
from generator.output import Output
from generator.xml import legal, plain, tag, written

# As many as a page of a list shows. With whole abstracts the largest feed of 10,000 papers then has
# 108 KB and the demo's 125 KB, and readers fetch a feed every hour or so.
ENTRIES = 50
# Characters of an abstract; of 10,000 papers 99.7 % have no more, of the demo all.
ABSTRACT = 2_000
# Characters of a title, a topic's name or definition, and an author's name: the longest title of
# 10,000 papers has 189.
LINE = 500
# Authors of an entry; of 10,000 papers 99.96 % have no more.
AUTHORS = 25
# Topics of an entry; of 10,000 papers none has more than 5, but owners' keywords have no limit.
TOPICS = 12
# When a paper without a day and a year was last changed. RFC 4287 asks for a date, and this is the
# one that programs take for none.
UNDATED = "1970-01-01T00:00:00Z"

WHOLE, CHANGES = "feed.xml", "changes.xml"
"""Where the feed of all papers lies, and that of what changed."""

MIME = "application/atom+xml"
ATOM = "http://www.w3.org/2005/Atom"

# Drawn once, at random. Another one would make every entry new to every reader.
_NAMESPACE = UUID("6b0c2c0e-52a7-4d0c-9f3b-1c9a8d7e4f25")


@dataclass(frozen=True, slots=True)
class Selection:
    """Papers (ids, in the order of all lists) that have a feed at `path`; `page` shows the same.

    The feed's id is made of `path`, so that is for good. `name` and `about` are canonical texts,
    both empty for the whole collection. `now` is where the feed is to be had by now, if it moved.
    """

    path: str
    page: str
    papers: tuple[str, ...]
    name: str = ""
    about: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper, or what became of it; texts canonical, dates of RFC 3339, `published` may be empty.

    `path` is that of the paper's page.
    """

    id: str
    path: str
    title: str
    authors: tuple[str, ...]
    topics: tuple[tuple[str, str], ...]
    summary: str
    published: str
    updated: str


@dataclass(frozen=True, slots=True)
class Feed:
    """All that one feed shows. `url` is the site's address, `path` where in it the feed is now.

    `page` is the path of the page that shows the same papers; `name` and `about` are canonical
    texts, both empty for the whole collection. `updated` is empty where no date is known, and
    `untitled` stands for a title that says nothing.
    """

    id: str
    url: str
    path: str
    page: str
    site: str
    description: str
    author: str
    language: str
    name: str
    about: str
    entries: tuple[Entry, ...]
    updated: str = ""
    untitled: str = "Untitled"


def path(kind: str, slug: str) -> str:
    """Where the feed of a list lies: `tags/SLUG.xml`."""
    return group_path(kind, slug, suffix=".xml")


def outputs(
    library: Library, site: Site, further: Iterable[Selection] = (), *, dated: bool = True
) -> Iterator[Output]:
    """All feeds, the `further` ones last; none while the site's address is unknown.

    `dated` says that the library's ledger is kept from build to build. One that is not has only
    the day of this build, so a paper's date is then its year, and nothing is known to have changed.
    """
    if site.url:
        moved = _moved(library, site.feeds)
        selected = (*selections(library, site.feeds), *moved, *further)
        described = feeds(library, site, selected, dated=dated)
        for each, feed in zip(selected, described, strict=True):
            yield Output(each.path, atom, (feed,))
        if dated:
            yield Output(CHANGES, atom, (changes(library, site),))


def selections(library: Library, kinds: Iterable[str]) -> Iterator[Selection]:
    """The whole collection, then every list of these kinds in the order of its index."""
    yield Selection(WHOLE, "index.html", tuple(paper.id for paper in library.papers))
    for kind in kinds:
        for group in library.groups[kind].values():
            where, page = path(kind, group.slug), group_path(kind, group.slug)
            yield Selection(where, page, group.papers, group.name, group.lead)


def _moved(library: Library, kinds: Iterable[str]) -> Iterator[Selection]:
    """The feeds of lists of these kinds at the addresses that their pages had.

    A host of plain files can send nobody on who asks for XML. So the feed stays where it is asked
    for, and keeps its id (RFC 4287, 4.2.6: it must not change when a feed is moved); that the other
    address is the better one is said by its link to itself (4.2.7.2).
    """
    moved = ((kind, *each) for kind in kinds for each in library.moved.get(kind, {}).items())
    for kind, slug, target in moved:
        if group := library.groups[kind].get(target):
            where, now = path(kind, slug), path(kind, target)
            page = group_path(kind, target)
            yield Selection(where, page, group.papers, group.name, group.lead, now)


def feeds(
    library: Library, site: Site, selected: Iterable[Selection], *, dated: bool = True
) -> Iterator[Feed]:
    """What the feed of each selection shows.

    Newest first by the day a paper came, then in the order of all lists.
    """
    ledger = library.ledger if dated else {}
    lives = _lives(ledger)
    founder = _founder(ledger, lives.values())
    came = {paper.id: _came(paper, lives.get(paper.id, ())) for paper in library.papers}

    @cache
    def entry(id_: str) -> Entry:
        return _entry(library, id_, lives.get(id_, ()))

    for each in selected:
        # nlargest keeps the order of equals, which is the order of all lists.
        newest = nlargest(ENTRIES, each.papers, key=came.__getitem__)
        yield _feed(library, site, each, founder, tuple(map(entry, newest)))


def changes(library: Library, site: Site) -> Feed:
    """What came, changed and went, the newest day first, as the page of changes tells it."""
    lives = _lives(library.ledger)
    founder = _founder(library.ledger, lives.values())
    told = events(library.ledger)[:ENTRIES]
    selected = Selection(CHANGES, "changes.html", (), library.words("changes"))
    entries = tuple(_event(library, each, lives) for each in told)
    feed = _feed(library, site, selected, founder, entries)
    since = _day(founded(library.ledger)[0])
    return replace(feed, description=site.description, updated=feed.updated or since)


def atom(feed: Feed) -> bytes:
    """A feed as an Atom document."""
    return "\n".join(_document(feed)).encode()


# --- what a feed shows --------------------------------------------------------------------------


def _feed(
    library: Library, site: Site, selected: Selection, founder: str, entries: tuple[Entry, ...]
) -> Feed:
    return Feed(
        id=_urn("feed", founder or site.url, selected.path),
        url=site.url,
        path=selected.now or selected.path,
        page=selected.page,
        site=site.title,
        description="" if selected.name else site.description,
        author=site.author,
        language=site.language,
        name=text.cut(selected.name, LINE),
        about=text.cut(selected.about, LINE),
        entries=entries,
        updated=max((entry.updated for entry in entries), default=""),
        untitled=library.words("untitled"),
    )


def _entry(library: Library, id_: str, life: tuple[Line, ...]) -> Entry:
    paper = library.by_id[id_]
    came = _came(paper, life)
    given = library.topics.get(id_, ())[:TOPICS]
    return Entry(
        id=_urn("paper", life[0].id if life else id_),
        path=paper_path(id_),
        title=_told(library, id_),
        authors=tuple(text.cut(a.name, LINE) for a in library.people[paper.id][:AUTHORS]),
        topics=tuple(
            (topic.slug, text.cut(ref.name, LINE))
            for topic, ref in zip(given, library.topics_of(paper), strict=False)
        ),
        summary=text.cut(paper.abstract, ABSTRACT) or _placed(paper),
        published=came,
        updated=max(_day(life[-1].changed) if life else "", came) or UNDATED,
    )


def _event(library: Library, event: Event, lives: Mapping[str, tuple[Line, ...]]) -> Entry:
    paper, day = library.by_id.get(event.id), _day(event.day)
    title = _told(library, event.id) if paper else event.id
    what = library.words(f"events.{event.what}")
    return Entry(
        id=_urn("change", lives[event.id][0].id, event.day, event.what),
        path=paper_path(event.id),
        title=f"{text.cut(title, LINE)} ({what})",
        authors=(),
        topics=(),
        summary=text.cut(paper.abstract, ABSTRACT) or _placed(paper) if paper else title,
        published=day,
        updated=day,
    )


def _told(library: Library, id_: str) -> str:
    """A paper's title, behind it that the paper was retracted or the like."""
    title, standing = text.cut(library.by_id[id_].title, LINE), library.cards[id_].standing
    return f"{title} [{standing}]" if standing else title


def _placed(paper: Paper) -> str:
    """Where and when a paper appeared: RFC 4287 wants an entry to have some text."""
    said = filter(None, (paper.venue, str(paper.year or "")))
    return text.cut(", ".join(said) or paper.title, LINE)


def _urn(*parts: str) -> str:
    """The one name of what these parts say, the same on every machine and for good."""
    return uuid5(_NAMESPACE, legal("\n".join(parts))).urn


# --- what the ledger says -----------------------------------------------------------------------


def _lives(ledger: Ledger) -> Mapping[str, tuple[Line, ...]]:
    """Id → the lines of its paper, from the one with the id it was born with to its own.

    A rename leaves a redirect without a key, or, written by hand, with the key that the paper
    still has. A paper that was merged into another leaves one with a key of its own, and that
    says nothing of the other's birth.
    """
    led_here: dict[str, list[Line]] = defaultdict(list)
    for line in ledger.values():
        if line.target:
            led_here[line.target].append(line)
    return {line.id: _life(line, led_here) for line in ledger.values() if not line.target}


def _life(line: Line, led_here: Mapping[str, list[Line]]) -> tuple[Line, ...]:
    """Back over the renames; a line leads to one other, so no way back meets itself."""
    life = [line]
    while renamed := [old for old in led_here.get(life[-1].id, ()) if old.key in {"", line.key}]:
        life.append(min(renamed, key=lambda old: (old.since, old.id)))
    return tuple(reversed(life))


def _founder(ledger: Ledger, lives: Iterable[tuple[Line, ...]]) -> str:
    """The id of the oldest line, by which a collection is told from others; lines are for good.

    A line that a rename made is as old as the one before it, and not counted.
    """
    renamed = {line.id for life in lives for line in life[1:]}
    lines = ((line.since, line.id) for line in ledger.values() if line.id not in renamed)
    return min(lines, default=("", ""))[1]


def _day(value: str) -> str:
    """The beginning of an ISO day; empty for what is none, as an owner's hand may leave it."""
    return f"{value}T00:00:00Z" if is_day(value) else ""


def _came(paper: Paper, life: tuple[Line, ...]) -> str:
    """When a paper came: its first day, else the beginning of its year; empty if it has none."""
    year = _day(f"{paper.year:04}-01-01") if paper.year else ""
    return (_day(life[0].since) if life else "") or year


# --- XML ----------------------------------------------------------------------------------------


def _document(feed: Feed) -> Iterator[str]:
    language = plain(feed.language)
    title = plain(feed.site) or feed.url
    name = plain(text.to_plain(feed.name))
    about = plain(text.to_plain(feed.about) or feed.description)
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield f"<feed{written({'xmlns': ATOM} | ({'xml:lang': language} if language else {}))}>"
    yield tag("id", feed.id)
    yield tag("title", f"{name} – {title}" if name else title)
    if about:
        yield tag("subtitle", about)
    yield tag("updated", feed.updated or UNDATED)
    yield _link("self", MIME, feed.url + feed.path)
    yield _link("alternate", "text/html", feed.url + feed.page)
    yield _author(plain(feed.author) or title)
    yield tag("generator", "bibpress", version=__version__)
    for entry in feed.entries:
        yield from _entry_lines(entry, feed)
    yield "</feed>\n"


def _entry_lines(entry: Entry, feed: Feed) -> Iterator[str]:
    yield "<entry>"
    yield tag("id", entry.id)
    # Plain: readers show titles in lists and notifications, where none of them has markup.
    yield tag("title", plain(text.to_plain(entry.title)) or feed.untitled)
    yield tag("updated", entry.updated)
    if entry.published:
        yield tag("published", entry.published)
    yield _link("alternate", "text/html", feed.url + entry.path)
    yield from map(_author, filter(None, (plain(text.to_plain(name)) for name in entry.authors)))
    for slug, name in entry.topics:
        yield tag("category", term=slug, label=text.to_plain(name))
    if entry.summary:
        yield tag("summary", _paragraph(entry.summary), type="html")
    yield "</entry>"


def _paragraph(canonical: str) -> str:
    """A canonical text as one paragraph of HTML: links, and no markup that readers take away."""
    pieces = (_piece(value, math=math) for math, value in text.segments(canonical))
    return f'<p dir="auto">{"".join(pieces)}</p>'


def _piece(value: str, *, math: bool) -> str:
    if math:
        return escape(text.to_plain(f"${value}$"), quote=False)
    # A dollar in what is no formula must not begin one.
    return escape(value, quote=False) if "$" in value else str(text.to_html(value))


def _author(name: str) -> str:
    return f"<author>{tag('name', name)}</author>"


def _link(rel: str, mime: str, href: str) -> str:
    return tag("link", rel=rel, type=mime, href=href)
