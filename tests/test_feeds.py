"""Feeds that readers can show, whose entries stay what they are when all around them changes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import config, feeds, ledger, names
from generator.config import Site
from generator.errors import ConfigError
from generator.feeds import ATOM, UNDATED, Entry, Feed, Selection, atom
from generator.identity import merge
from generator.ledger import Ledger, Line
from generator.library import Library, in_order
from generator.model import Name, Paper, Record, Where
from generator.output import fingerprint
from generator.topics import Assigned, Topic, Vocabulary
from tests.papers import BARE
from tests.timing import is_linear

IN = {"a": ATOM}
SITE = Site("Learning with Less", "Papers on less.", "Ada", "en", "https://example.org/x/")
PAPER = replace(
    BARE, title="Deep things", authors=(Name("Smith", "Ann"),), year=2020, venue="ICML",
    abstract="We go deep.",
)  # fmt: skip
ENTRY = Entry("urn:x", "papers/a.html", "Deep", (), (), "We go.", "", UNDATED)
FEED = Feed("urn:f", SITE.url, "feed.xml", "index.html", "Less", "", "", "en", "", "", (ENTRY,))

TRICKY = [
    "]]>",
    "a & b &amp; c",
    "1 < 2 > 1 <script>alert(1)</script>",
    "\"quoted\" 'twice'",
    "שלום עולם (abc) 123",
    "مرحبا \u200fabc",
    "日本語 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 🎉",
    "a\u00a0b\u2028c",
    "<![CDATA[x]]> <!-- x --> <?xml version='1.0'?>",
    "&#0; &#x1f; &nbsp;",
    r"back\slash",
]


def paper(id_: str = "a", **fields: Any) -> Paper:
    """A paper like `PAPER`, but for its id and some fields."""
    return replace(PAPER, **{"id": id_, "key": id_, **fields})


def library(papers: Sequence[Paper], known: Ledger | None = None, /, **topics: str) -> Library:
    """A library of these papers; `pruning="a b"` gives a topic to two of them."""
    of: dict[str, list[Assigned]] = {}
    for slug, ids in topics.items():
        for id_ in ids.split():
            of.setdefault(id_, []).append(Assigned(slug, slug.title(), ()))
    return Library(in_order(papers), (), known or {}, topics=of)


def lines(**days: str) -> Ledger:
    """A ledger: `a="2026-01-01 2026-01-02"` says when paper a came and when it last changed."""
    return {
        id_: Line(id_, id_, (f"id:{id_}",), (), "live", *(said.split() * 2)[:2])
        for id_, said in days.items()
    }


def planned(collection: Library, site: Site = SITE, **options: Any) -> dict[str, Feed]:
    """The feeds of a library by path."""
    selected = feeds.selections(collection, site.feeds)
    return {each.path: each for each in feeds.feeds(collection, site, selected, **options)}


def read(content: bytes) -> ET.Element:
    """A document as any XML parser reads it."""
    return ET.fromstring(content)  # noqa: S314  # our own


def documents(collection: Library, site: Site = SITE) -> dict[str, ET.Element]:
    """The feeds of a library as a reader has them, by path; that of changes among them."""
    return {o.path: read(o.make(*o.args)) for o in feeds.outputs(collection, site)}


def texts(element: ET.Element, path: str) -> list[str]:
    """The texts of the elements on a path, with Atom's names bare: `entry/author/name`."""
    steps = "/".join(f"a:{step}" for step in path.split("/"))
    return [found.text or "" for found in element.findall(steps, IN)]


def the(element: ET.Element, path: str) -> str:
    """The text of the only element on a path."""
    (found,) = texts(element, path)
    return found


def shown(feed: Feed) -> list[str]:
    """The ids of the papers in a feed."""
    return [entry.path.removeprefix("papers/").removesuffix(".html") for entry in feed.entries]


# --- where there are feeds, and what they say ---------------------------------------------------


def test_a_feed_needs_an_address() -> None:
    """Without the site's address there is no feed."""
    assert list(feeds.outputs(library([paper()]), replace(SITE, url=""))) == []


def test_one_for_all_and_one_a_topic() -> None:
    """The collection's feed is `feed.xml`, a topic's `tags/SLUG.xml`, of its own papers."""
    made = planned(library([paper("a"), paper("b"), paper("c")], pruning="a c", vision="b"))
    assert {where: shown(each) for where, each in made.items()} == {
        "feed.xml": ["a", "b", "c"],
        "tags/pruning.xml": ["a", "c"],
        "tags/vision.xml": ["b"],
    }
    assert list(made) == [feeds.WHOLE, feeds.path("tags", "pruning"), feeds.path("tags", "vision")]


@pytest.mark.parametrize(
    ("kinds", "found"),
    [
        ((), set()),
        (("tags",), {"tags/pruning.xml"}),
        (("authors", "years"), {"authors/ann-smith.xml", "years/2020.xml"}),
        (("venues",), {"venues/icml.xml"}),
    ],
)
def test_an_owner_says_which_lists_have_feeds(kinds: tuple[str, ...], found: set[str]) -> None:
    """A list's feed lies beside its page; the whole collection always has one."""
    collection = library([paper()], pruning="a")
    made = planned(collection, replace(SITE, feeds=kinds))
    assert set(made) == {"feed.xml"} | found
    assert {shown(each)[0] for each in made.values()} == {"a"}


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("", ("tags",)),
        ("feeds = []", ()),
        ('feeds = ["venues", "topics", "venues"]', ("tags", "venues")),
    ],
)
def test_the_setting_names_lists_as_pages_do(
    said: str, kinds: tuple[str, ...], tmp_path: Path
) -> None:
    """Topics unless something else is said; each once, in one order, so that no page changes."""
    (tmp_path / config.CONFIG).write_text(said)
    assert config.load(tmp_path).site.feeds == kinds


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ('feeds = "topics"', r'feeds must be a list, as in feeds = \["topics", "authors"\]'),
        ('feeds = ["author"]', 'unknown kind of list in feeds "author"; did you mean "authors"'),
        ("coins = [3]", 'in coins "3"; known are: topics, authors, years, venues'),
    ],
)
def test_a_setting_gone_wrong_is_told(said: str, error: str, tmp_path: Path) -> None:
    """What should stand there, in the words of the setting."""
    (tmp_path / config.CONFIG).write_text(said)
    with pytest.raises(ConfigError, match=error):
        config.load(tmp_path)


def test_any_papers_can_have_a_feed() -> None:
    """A set of papers with a name and a place is enough; its id stays when its papers do not."""
    collection = library([paper("a"), paper("b")], lines(a="2026-01-01", b="2026-01-02"))
    some = Selection("queries/mine.xml", "search.html", ("a",), "Mine", "What I follow.")
    more = replace(some, papers=("a", "b"), name="Ours")
    one, two = feeds.feeds(collection, SITE, [some, more])
    assert (shown(one), shown(two)) == (["a"], ["b", "a"])
    assert one.id == two.id
    assert the(read(atom(one)), "title") == "Mine – Learning with Less"


def test_what_a_feed_says_of_itself() -> None:
    """Title, subtitle, author, language, and absolute links to itself and to its page."""
    vocabulary = Vocabulary((Topic("pruning", "Pruning $x^2$", "Less & less.", "method"),))
    collection = replace(library([paper()], pruning="a"), vocabulary=vocabulary)
    made = documents(collection)
    said = {
        where: [*(the(each, name) for name in ("title", "subtitle", "author/name")), *hrefs(each)]
        for where, each in made.items()
    }
    assert said == {
        "feed.xml": [
            "Learning with Less", "Papers on less.", "Ada",
            "https://example.org/x/feed.xml", "https://example.org/x/index.html",
        ],
        "tags/pruning.xml": [
            "Pruning x^2 – Learning with Less", "Less & less.", "Ada",
            "https://example.org/x/tags/pruning.xml", "https://example.org/x/tags/pruning.html",
        ],
        "changes.xml": [
            "What changed – Learning with Less", "Papers on less.", "Ada",
            "https://example.org/x/changes.xml", "https://example.org/x/changes.html",
        ],
    }  # fmt: skip
    language = "{http://www.w3.org/XML/1998/namespace}lang"
    assert {each.get(language) for each in made.values()} == {"en"}


def hrefs(element: ET.Element) -> list[str]:
    """Where the links of a feed or an entry lead: to itself, then to its page."""
    found = {link.get("rel"): link.get("href", "") for link in element.findall("a:link", IN)}
    return [found[rel] for rel in ("self", "alternate") if rel in found]


def test_what_an_entry_says() -> None:
    """Title, dates, page, an <author> each, a category a topic, the abstract as HTML."""
    people = (Name("Smith", "Ann"), Name("OpenAI", group=True), names.OTHERS)
    made = documents(
        library(
            [paper(authors=people, abstract="Code: https://example.org/c.")],
            lines(a="2026-01-01 2026-02-03"),
            pruning="a",
            vision="a",
        )
    )
    (entry,) = made["feed.xml"].findall("a:entry", IN)
    assert the(entry, "title") == "Deep things"
    assert the(entry, "published") == "2026-01-01T00:00:00Z"
    assert the(entry, "updated") == "2026-02-03T00:00:00Z"
    assert hrefs(entry) == ["https://example.org/x/papers/a.html"]
    assert texts(entry, "author/name") == ["Ann Smith", "OpenAI"]
    assert [(c.get("term"), c.get("label")) for c in entry.findall("a:category", IN)] == [
        ("pruning", "Pruning"),
        ("vision", "Vision"),
    ]
    assert entry.find("a:summary", IN).get("type") == "html"  # type: ignore[union-attr]
    assert the(entry, "summary") == (
        '<p dir="auto">Code: <a href="https://example.org/c" rel="noopener">'
        "https://example.org/c</a>.</p>"
    )


BARE = paper("bare", title="Bare", authors=(), year=None, venue="", abstract="")
COLLECTIONS = {
    "plain": library([paper("a"), paper("b")], lines(a="2026-01-01", b="2026-01-02"), pruning="a"),
    "no ledger": library([paper("a"), paper("b", year=None)], pruning="a b"),
    "nothing known": library([BARE], pruning="bare"),
    "controls only": library([paper(title="\x00\x1f", abstract="\x08", authors=(Name("\x01"),))]),
    "surrogates only": library([paper(title="\ud800", abstract="\udfff")]),
    "odd years": library([paper(str(year), year=year) for year in (1, 987, 12024, -5, 0)]),
    "more than fit": library([paper(f"p{i}") for i in range(60)], pruning="p1 p59"),
    "much changed": library(
        [paper(f"p{i}") for i in range(60)],
        {
            **lines(p0="2026-01-01", **{f"p{i}": "2026-01-02" for i in range(1, 60)}),
            "gone": Line("gone", "", (), (), "gone", "2026-01-01", "2026-02-02"),
        },
    ),
}
SITES = {
    "named": SITE,
    "no author": replace(SITE, author="", description=""),
    "nameless": Site("", "", "", "", SITE.url),
    "controls": Site("\x00", "\x01", "\x02", "\x03", SITE.url),
}


def absolute(element: ET.Element) -> bool:
    """Whether all links are."""
    return all(
        link.get("href", "").startswith(SITE.url) for link in element.iter(f"{{{ATOM}}}link")
    )


def every(path: str, holds: Callable[[str], object]) -> Callable[[ET.Element], bool]:
    """A rule: the feed and each entry have one element on a path, and of its text this holds."""

    def rule(feed: ET.Element) -> bool:
        found = [texts(part, path) for part in (feed, *feed.findall("a:entry", IN))]
        return all(len(said) == 1 and all(map(holds, said)) for said in found)

    return rule


def has_link(rel: str, element: ET.Element) -> bool:
    """Whether there is exactly one link of this kind."""
    return len(element.findall(f"a:link[@rel='{rel}']", IN)) == 1


UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DATE = re.compile(r"\d{4}-\d{2}-\d{2}T00:00:00Z")
RULES: Mapping[str, Callable[[ET.Element], object]] = {
    "an id": every("id", UUID.fullmatch),
    "ids are unique": lambda feed: (
        len({*texts(feed, "id"), *texts(feed, "entry/id")}) == 1 + len(texts(feed, "entry/id"))
    ),
    "a title": every("title", str.strip),
    "a date": every("updated", DATE.fullmatch),
    "no more than one date of publication": lambda feed: all(
        len(texts(entry, "published")) <= 1 for entry in feed.findall("a:entry", IN)
    ),
    "published before updated": lambda feed: all(
        texts(entry, "published") <= texts(entry, "updated")
        for entry in feed.findall("a:entry", IN)
    ),
    "updated as its newest entry": lambda feed: (
        the(feed, "updated") == max(texts(feed, "entry/updated"), default=the(feed, "updated"))
    ),
    "an author": lambda feed: len(texts(feed, "author/name")) == 1,
    "authors have names": lambda feed: all(
        each.text and each.text.strip() for each in feed.iter(f"{{{ATOM}}}name")
    ),
    "a link to itself": lambda feed: has_link("self", feed),
    "links to pages": lambda feed: all(
        has_link("alternate", part) for part in (feed, *feed.findall("a:entry", IN))
    ),
    "absolute links": absolute,
    "a text each": lambda feed: all(
        len(texts(entry, "summary")) == 1 for entry in feed.findall("a:entry", IN)
    ),
    "no empty subtitle": lambda feed: all(said.strip() for said in texts(feed, "subtitle")),
    "at most fifty": lambda feed: len(texts(feed, "entry/id")) <= 50,
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_rules_of_the_format(rule: str) -> None:
    """What RFC 4287 and the W3C's validator demand holds, whatever the papers and the site say."""
    broken = [
        (papers, site, where)
        for papers, collection in COLLECTIONS.items()
        for site, settings in SITES.items()
        for where, document in documents(collection, settings).items()
        if not RULES[rule](document)
    ]
    assert broken == []


# --- what changed -------------------------------------------------------------------------------


def test_what_changed_can_be_followed() -> None:
    """Each event is an entry: what came, changed and went after the first day, the newest first."""
    papers = [paper("old", title="Old"), paper("edited", title="Edited"), paper("new", title="New")]
    days = lines(old="2026-01-01", edited="2026-01-01 2026-03-03", new="2026-02-02")
    days = {**days, "lost": Line("lost", "", (), (), "gone", "2026-01-01", "2026-04-04")}
    document = documents(library(papers, days))["changes.xml"]
    assert [
        (the(entry, "title"), the(entry, "updated")[:10], hrefs(entry)[0].removeprefix(SITE.url))
        for entry in document.findall("a:entry", IN)
    ] == [
        ("lost (gone)", "2026-04-04", "papers/lost.html"),
        ("Edited (changed)", "2026-03-03", "papers/edited.html"),
        ("New (new)", "2026-02-02", "papers/new.html"),
    ]


def test_an_event_stays_itself() -> None:
    """Later events leave its entry's id as it is, and so does another address of its paper."""

    def ids(known: Ledger, *papers: str) -> list[str]:
        feed = feeds.changes(library([paper(id_) for id_ in papers], known), SITE)
        return [entry.id for entry in feed.entries]

    first = lines(a="2026-01-01", b="2026-02-02")
    (before,) = ids(first, "a", "b")
    assert ids({**first, **lines(c="2026-03-03")}, "a", "b", "c")[-1] == before
    renamed = {
        **lines(a="2026-01-01", z="2026-02-02"),
        "b": Line("b", "", (), (), "-> z", "2026-02-02", "2026-02-02"),
    }
    assert ids(renamed, "a", "z") == [before]


def test_where_nothing_changed_the_first_day_holds() -> None:
    """A feed without entries is dated as the collection is; the fixed date says that none is."""
    collection = library([paper("a")], lines(a="2026-01-01"))
    assert the(documents(collection)["changes.xml"], "updated") == "2026-01-01T00:00:00Z"
    assert the(documents(library([paper("a")]))["changes.xml"], "updated") == UNDATED


def test_a_ledger_that_is_not_kept_knows_no_changes() -> None:
    """It tells of this build only."""
    made = feeds.outputs(library([paper()], lines(a="2026-01-01")), SITE, dated=False)
    assert [output.path for output in made] == ["feed.xml"]


# --- texts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", TRICKY)
def test_texts_are_read_back(said: str) -> None:
    """What a text says, a reader reads: in elements, attributes, and the HTML of a summary."""
    entry = replace(ENTRY, title=said, authors=(said,), topics=(("t", said),), summary=said)
    document = read(atom(replace(FEED, site=said, description=said, author=said, entries=(entry,))))
    paths = ("title", "subtitle", "author/name", "entry/title", "entry/author/name")
    assert [the(document, where) for where in paths] == [said] * len(paths)
    assert document.find("a:entry/a:category", IN).get("label") == said  # type: ignore[union-attr]
    summary = the(document, "entry/summary")
    assert "".join(read(summary.encode()).itertext()) == said


@given(st.lists(st.characters(), max_size=20).map("".join), st.text(max_size=30))
def test_any_text_makes_a_document(one: str, two: str) -> None:
    """Whatever characters there are, lone surrogates included, the document can be read."""
    entry = replace(ENTRY, title=one, authors=(two,), topics=((one, two),), summary=f"{one} {two}")
    content = atom(replace(FEED, url=f"https://e.org/{two}", site=one, name=two, entries=(entry,)))
    document = read(content)
    assert the(document, "entry/title").strip()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\ufffe\uffff]", content.decode())


@pytest.mark.parametrize(
    "character",
    ["\x00", "\x08", "\x1b", "\x7f", "\x9f", "\ud800", "\udfff", "\ufffe", "\uffff", "\U0010ffff"],
    ids=ascii,
)
def test_what_xml_cannot_say_is_dropped(character: str) -> None:
    """Such a character is illegal even when escaped; the letters around it stay."""
    document = read(atom(replace(FEED, entries=(replace(ENTRY, title=f"a{character}b"),))))
    assert the(document, "entry/title") == "ab"


def test_line_breaks_are_spaces() -> None:
    """A parser would make spaces of some and not of others."""
    assert the(read(atom(replace(FEED, site="a\r\nb\tc\x85d"))), "title") == "a b c d"


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        (r"$\alpha$-nets & $x<y$", "α-nets & x<y"),
        (r"$\mathbb{R}$ for $5", "ℝ for $5"),
        (r"$\sum_{i} \begin{matrix} a \end{matrix}$", r"\sum_{i} \begin{matrix} a \end{matrix}"),
        (r"\$x$ and y$", "$x$ and y$"),
    ],
)
def test_formulas_are_written_in_unicode(said: str, plain: str) -> None:
    """Readers drop MathML's tags: formulas are Unicode as far as they can be, else TeX."""
    document = read(atom(replace(FEED, entries=(replace(ENTRY, title=said, summary=said),))))
    assert the(document, "entry/title") == plain
    html = the(document, "entry/summary")
    assert html == f'<p dir="auto">{plain.replace("&", "&amp;").replace("<", "&lt;")}</p>'


def test_no_abstract_says_where_it_appeared() -> None:
    """An entry has some text: where there is no abstract, venue and year."""
    (entry,) = planned(library([paper(abstract="")]))["feed.xml"].entries
    assert entry.summary == "ICML, 2020"


def test_long_ones_are_cut() -> None:
    """A feed is fetched every hour: authors, topics and texts are bounded."""
    long = paper(
        title="very " * 1000,
        abstract="long " * 1000,
        authors=tuple(Name(f"N{i} {'x' * 1000}") for i in range(100)),
    )
    collection = library([long], **{f"t{i}": "a" for i in range(100)})
    (entry,) = planned(collection)["feed.xml"].entries
    assert len(entry.title) <= feeds.LINE
    assert feeds.ABSTRACT - 10 < len(entry.summary) <= feeds.ABSTRACT
    assert len(entry.authors) == feeds.AUTHORS
    assert all(len(name) <= feeds.LINE for name in entry.authors)
    assert len(entry.topics) == feeds.TOPICS


# --- which papers, and when ---------------------------------------------------------------------


def test_newest_first_by_the_day_they_came() -> None:
    """The ledger's day decides, not the year; papers of one day stand in the order of all lists."""
    papers = [
        paper("old", year=2025),
        paper("new", year=1999),
        paper("x", title="X"),
        paper("w", title="W"),
    ]
    days = lines(old="2026-01-01", new="2026-03-01", x="2026-02-01", w="2026-02-01")
    for order in (papers, papers[::-1]):
        made = planned(library(order, days, t="old x w"))
        assert shown(made["feed.xml"]) == ["new", "w", "x", "old"]
        assert shown(made["tags/t.xml"]) == ["w", "x", "old"]


def test_the_newest_fifty() -> None:
    """More do not fit, and the ones that came first are left out."""
    papers = [paper(f"p{i:03}", title=f"{i:03}") for i in range(70)]
    days = lines(**{f"p{i:03}": f"2026-01-{1 + i // 10:02}" for i in range(70)})
    ids = shown(planned(library(papers, days))["feed.xml"])
    assert ids == sorted(ids, key=lambda id_: (-(int(id_[1:]) // 10), id_))
    assert set(ids) == {f"p{i:03}" for i in range(20, 70)}


@pytest.mark.parametrize(
    ("year", "day", "dates"),
    [
        (2020, "2026-01-01 2026-01-05", ("2026-01-01T00:00:00Z", "2026-01-05T00:00:00Z")),
        (2020, "2024-02-29", ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z")),
        (2020, "2026-01-05 2026-01-01", ("2026-01-05T00:00:00Z", "2026-01-05T00:00:00Z")),
        (2020, "2026-02-29 today", ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z")),
        (2020, "yesterday 2026-01-05", ("2020-01-01T00:00:00Z", "2026-01-05T00:00:00Z")),
        (None, "2026-13-01", ("", UNDATED)),
        (None, "0000-01-01", ("", UNDATED)),
        (987, "", ("0987-01-01T00:00:00Z", "0987-01-01T00:00:00Z")),
        (2020, "", ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z")),
        (12024, "", ("", UNDATED)),
        (-5, "", ("", UNDATED)),
        (None, "", ("", UNDATED)),
    ],
)
def test_dates(year: int | None, day: str, dates: tuple[str, str]) -> None:
    """The ledger's days; without one, or where it has none, the year; else none and a fixed one."""
    collection = library([paper(year=year)], lines(a=day) if day else {})
    feed = planned(collection)["feed.xml"]
    (entry,) = feed.entries
    assert (entry.published, entry.updated) == dates
    assert the(read(atom(feed)), "updated") == dates[1]


def test_undated_papers_come_last() -> None:
    """Even after one from before the date that stands for none."""
    papers = [paper("none", year=None), paper("early", year=1950)]
    assert shown(planned(library(papers))["feed.xml"]) == ["early", "none"]


def test_a_ledger_that_is_not_kept_has_no_dates() -> None:
    """It holds the day of this build for every paper; nothing of it shows."""
    papers = [paper("a"), paper("b", year=2021)]
    one, two = (lines(a=day, b=day) for day in ("2026-01-01", "2026-01-02"))
    without = planned(library(papers))
    assert planned(library(papers, one), dated=False) == without
    assert planned(library(papers, two), dated=False) == without
    assert planned(library(papers, one)) != without


# --- identity -----------------------------------------------------------------------------------


def record(title: str = "Deep things", key: str = "a", **fields: Any) -> Record:
    """A .bib entry of one Ada Smith."""
    given = {"authors": (Name("Smith", "Ada"),), "year": 2020, **fields}
    return Record(Where("a.bib", 1), "bib", key, title=title, **given)


def build(records: Sequence[Record], before: Ledger, day: str = "2026-05-05") -> Library:
    """The library of one build, with the ledger that it leaves behind."""
    papers, after, _ = ledger.assign(merge(records), before, day)
    return library(papers, after)


def entries(collection: Library, site: Site = SITE) -> dict[str, Entry]:
    """The entries of the collection's feed by title."""
    return {entry.title: entry for entry in planned(collection, site)["feed.xml"].entries}


def edited(before: Ledger, old: str, new: str) -> Ledger:
    """The ledger after its owner wrote another id into a line."""
    return ledger.parse(re.sub(f"(?m)^{old}\t", f"{new}\t", ledger.dump(before)))


def redirected(before: Ledger, old: str, new: str) -> Ledger:
    """The ledger after its owner wrote a redirect into a line's state."""
    return {**before, old: replace(before[old], state=f"-> {new}")}


HISTORIES = {
    "edited id": ["edited deep"],
    "redirect": ["redirected deep"],
    "edited twice": ["edited deep", "edited deeper"],
    "redirect, then edited": ["redirected deep", "edited deeper"],
    "edited, then redirect": ["edited deep", "redirected deeper"],
    "redirected twice": ["redirected deep", "redirected deeper"],
}


@pytest.mark.parametrize("history", HISTORIES.values(), ids=HISTORIES)
def test_an_entry_stays_itself_when_its_id_changes(history: Sequence[str]) -> None:
    """Whatever an owner writes into the ledger, id and day of publication are those of birth.

    At the build that meets the new id, and at every later one; what the feed itself is called
    stays as well.
    """
    records = [record(), record("Other things", "b")]
    first = build(records, {}, "2026-01-01")
    before, feed = entries(first)["Deep things"], planned(first)["feed.xml"]
    after, id_ = first, "smith-2020-deep-things"
    for step in history:
        how, new = step.split()
        lines_now = {"edited": edited, "redirected": redirected}[how](after.ledger, id_, new)
        for _ in range(2):
            after = build(records, lines_now)
            lines_now, id_ = after.ledger, new
            found = entries(after)["Deep things"]
            assert found.path == f"papers/{new}.html"
            assert (found.id, found.published) == (before.id, before.published)
            assert planned(after)["feed.xml"].id == feed.id


def test_the_survivor_of_a_merger_stays_itself() -> None:
    """A paper that takes another one in is not born as that one."""
    one, two = record("First title", doi="10.1/a"), record("Aaa title", "b", arxiv="2101.1")
    first = build([one, two], {}, "2026-01-01")
    merged = build([replace(one, arxiv="2101.1"), two], first.ledger)
    assert list(entries(merged)) == ["First title"]
    assert entries(merged)["First title"].id == entries(first)["First title"].id


def test_of_two_births_the_older_holds() -> None:
    """Where two redirects lead to one paper, the earlier one does, whichever line comes first."""
    old, young = (
        Line(id_, "", (), (), "-> a", day)
        for id_, day in (("z", "2025-01-01"), ("b", "2025-01-02"))
    )
    known = {**lines(a="2026-01-01"), "b": young, "z": old}
    for each in (known, dict(reversed(known.items()))):
        (entry,) = planned(library([paper()], each))["feed.xml"].entries
        assert entry.published == "2025-01-01T00:00:00Z"
        assert entry.id == planned(library([paper("z")]))["feed.xml"].entries[0].id


def test_another_address_is_the_same_feed() -> None:
    """Neither the site's address nor its name is in an id, while there is a ledger."""
    collection = library([paper("a")], lines(a="2026-01-01"), t="a")
    moved = Site("Renamed", "", "", "de", "http://localhost:8000/")
    for where, feed in planned(collection).items():
        other = planned(collection, moved)[where]
        assert (feed.id, feed.entries) == (other.id, other.entries)


def test_ids_for_good() -> None:
    """These stand in readers' memory: a program that gives others shows all papers as new."""
    id_ = "smith-2020-deep-things"
    collection = library([paper(id_)], {id_: Line(id_, "a", (), since="2026-01-01")})
    feed = planned(collection)["feed.xml"]
    assert (feed.id, feed.entries[0].id) == (
        "urn:uuid:5ff5fbea-ecc6-5d13-9bab-29d22f84980d",
        "urn:uuid:f4b8ba2c-6266-52b7-8ad7-bc8f831d9cc9",
    )


def test_feeds_are_told_apart() -> None:
    """Each topic's feed has an id of its own, and so has each collection's; entries repeat."""
    collection = library([paper("a"), paper("b")], lines(a="2026-01-01", b="2026-01-02"), t="a")
    made = planned(collection)
    other = planned(library([paper("b")], lines(b="2026-01-01")))
    assert len({made["feed.xml"].id, made["tags/t.xml"].id, other["feed.xml"].id}) == 3
    assert made["tags/t.xml"].entries[0] in made["feed.xml"].entries
    alone, elsewhere = (planned(library([paper()]), replace(SITE, url=u)) for u in ("u/", "v/"))
    assert alone["feed.xml"].id != elsewhere["feed.xml"].id
    assert alone["feed.xml"].entries == elsewhere["feed.xml"].entries


def test_newcomers_do_not_rename_a_feed() -> None:
    """It is called after its oldest line, which is for good even when its paper is gone."""
    days = lines(m="2026-01-01", a="2026-01-02")
    first = planned(library([paper("m")], lines(m="2026-01-01")))["feed.xml"].id
    assert planned(library([paper("m"), paper("a")], days))["feed.xml"].id == first
    gone = {**days, "m": replace(days["m"], state="gone")}
    assert planned(library([paper("a")], gone))["feed.xml"].id == first


# --- how little is made anew --------------------------------------------------------------------


def test_an_edit_makes_the_feeds_anew_that_show_it() -> None:
    """Another abstract touches the feeds the paper stands in; what none shows touches none."""
    before = library([paper("a"), paper("b")], lines(a="2026-01-01", b="2026-01-01"), t="a", u="b")

    def stale(**fields: Any) -> set[str]:
        papers = [paper("a", **fields), paper("b")]
        after = replace(before, papers=in_order(papers))
        old, new = (
            {o.path: fingerprint(o, "") for o in feeds.outputs(each, SITE)}
            for each in (before, after)
        )
        return {where for where in old if old[where] != new[where]}

    assert stale() == set()
    assert stale(abstract="We go deeper.") == {"feed.xml", "tags/t.xml"}
    assert stale(bodies=("A note.",), doi="10.1/x", keywords=("k",), venue="NeurIPS") == set()


def test_a_paper_beyond_the_newest_touches_no_feed() -> None:
    """An edit of one that is too old to be in the feed does not show there."""
    papers = [paper(f"p{i}") for i in range(60)]
    days = lines(**{f"p{i}": "2026-02-01" for i in range(1, 60)}, p0="2026-01-01")
    again = [replace(papers[0], abstract="Edited."), *papers[1:]]
    assert planned(library(papers, days)) == planned(library(again, days))


def test_hostile_texts_take_linear_time() -> None:
    """A title, a name or an abstract of 100 KB."""

    def work(size: int) -> None:
        for unit in ("$x$ ", "$", "&<", "\x00", "https://a.b/", r"\$"):
            said = unit * (size // len(unit))
            entry = replace(ENTRY, title=said, authors=(said,), summary=said)
            atom(replace(FEED, about=said, name=said, entries=(entry,)))

    assert is_linear(work, 25_000)


def test_crowds_of_redirects_take_linear_time() -> None:
    """A long chain of renames, and a thousand papers merged into one."""

    def work(size: int) -> None:
        chain = {
            f"c{i}": Line(f"c{i}", "", (), (), f"-> c{i + 1}" if i < size else "live")
            for i in range(size + 1)
        }
        crowd = {f"m{i}": Line(f"m{i}", f"k{i}", (), (), f"-> c{size}") for i in range(size)}
        feed = planned(library([paper(f"c{size}")], chain | crowd))["feed.xml"]
        assert feed.entries[0].id == planned(library([paper("c0")]))["feed.xml"].entries[0].id

    assert is_linear(work, 2_000)
