"""The default templates in every state a page can be in, and what an owner may lay over them."""

from __future__ import annotations

import pickle
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from html.parser import HTMLParser
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator import theme
from generator.config import Site
from generator.errors import BibpressError
from generator.metadata import Meta
from generator.model import (
    Abbreviation,
    Brief,
    Card,
    Entry,
    Link,
    Meaning,
    Mentioned,
    Name,
    Pager,
    Paper,
    Ref,
    Related,
    Section,
)
from generator.text import Span
from generator.theme import DEFAULT, Layout, Memo, Template, Theme
from tests.conftest import Built

DEFAULT_THEME, _ = theme.load(None)

# --- pages to render ----------------------------------------------------------------------------

SITE = Site("Papers of the group", "What we read.", "The group", "en", "https://example.org/p/")
TOPIC = Ref("tags/pruning.html", "Pruning", 12, "title: pruning")
AUTHOR = Ref("authors/ada-lovelace.html", "Ada Lovelace", 3)
YEAR = Ref("years/2020.html", "2020", 4)
VENUE = Ref("venues/icml.html", "ICML", 5)
SOURCE = Ref("sources/refs-bib.html", "refs.bib", 9)
CARD = Card("a-2020-b", "papers/a-2020-b.html", "On $x^2$", (AUTHOR,), 2, YEAR, VENUE, (TOPIC,))
BARE_CARD = Card("x", "papers/x.html", "X", (), 0, Ref("years/undated.html", "Undated"), None, ())
PAPER = Paper(
    id="a-2020-b",
    key="lovelace2020",
    other_keys=("b",),
    type="inproceedings",
    title="On $x^2$",
    title_derived=True,
    authors=(Name("Lovelace", "Ada"), Name("The Engine Group", group=True)),
    year=2020,
    venue="Proceedings of ICML",
    abstract="We show $x < y$ and more.",
    keywords=("pruning",),
    tags=("pruning",),
    doi="10.1/x",
    arxiv="2001.00001",
    links=(Link("https://example.org/x.pdf", "PDF"),),
    details=(("pages", "12–34"), ("volume", "3")),
    unconfirmed=("author",),
    bodies=(),
    origins=(),
    records=(),
)
BRIEF = Brief(CARD.path, CARD.title, "Ng, A and 4 more", "2020")
BARE_PAPER = replace(
    PAPER, type="misc", title_derived=False, authors=(), year=None, venue="", abstract="",
    doi="", arxiv="", links=(), details=(), unconfirmed=(),
)  # fmt: skip
ONE_PAGE = Pager(1, ("papers/index.html",), 1, 1, 1)
NO_ITEMS = Pager(1, ("papers/index.html",), 1, 0, 0)
MANY = Pager(9, tuple(f"papers/index.{n}.html" for n in range(1, 31)), 401, 450, 1480)
LIST = {
    "heading": "All papers", "lead": "All $n$ of them.", "cards": (CARD, BARE_CARD),
    "pager": MANY, "bib": "bibliography.bib",
}  # fmt: skip
EMPTY_LIST = LIST | {"lead": "", "cards": (), "pager": NO_ITEMS}
GROUP = LIST | {
    "pager": ONE_PAGE, "kind": "tags", "parent": TOPIC, "children": (TOPIC,), "beside": (TOPIC,),
    "beside_label": "Goes together with", "earlier": YEAR, "later": YEAR,
    "years": (Ref("years/1936.html", "1936", 1), YEAR), "map": "tags/pruning.map.html",
    "feed": "tags/pruning.xml", "coins": (), "links": (),
    "reasons": {CARD.id: "title: “folded $n$ napkins”"},
}  # fmt: skip
EMPTY_GROUP = GROUP | EMPTY_LIST | {
    "kind": "years", "parent": None, "children": (), "beside": (), "years": (),
    "earlier": None, "later": None, "map": "", "reasons": {}, "feed": "",
}  # fmt: skip
GROUPS = {
    "kind": "tags", "heading": "Topics", "lead": "", "pager": ONE_PAGE,
    "sections": (Section("method", (TOPIC,)), Section("task", (TOPIC,))),
    "letters": (Ref("tags/index.html#method", "method"),),
}  # fmt: skip
HOME = {
    "counts": (Ref("papers/index.html", "papers", 12345),), "span": ("1936", "2020"),
    "years": GROUP["years"], "facets": GROUPS["sections"], "latest": (CARD,),
    "venues": (VENUE,), "sources": (SOURCE, SOURCE), "bib": "bibliography.bib",
    "changes": "changes.html", "prose": (TOPIC,),
}  # fmt: skip
EMPTY_HOME = HOME | {
    "counts": (), "span": None, "years": (), "facets": (), "latest": (), "venues": (),
    "sources": (), "changes": "", "prose": (),
}  # fmt: skip
HISTORY = {
    "since": "2026-01-02", "founders": 1234, "feed": "feed.xml", "pager": ONE_PAGE,
    "sections": (Section("2026-03-04", (replace(TOPIC, note="changed"),)),),
}  # fmt: skip
PAPER_PAGE = {
    "paper": PAPER, "authors": (AUTHOR,) * 30, "year": YEAR, "venue": VENUE,
    "venue_text": "Proceedings of ICML", "facts": (("Volume", "3"),), "tags": (TOPIC,),
    "links": (Link("https://doi.org/10.1/x", "DOI"), *PAPER.links), "bibtex": "@misc{x}",
    "bib": "papers/a-2020-b.bib", "related": (Related(BRIEF, 0.5, ("pruning", "same author")),),
    "earlier": BRIEF, "later": BRIEF, "records": (SOURCE,), "notes": ("<p>Read it.</p>",),
    "spans": (Span(0, 2, "abbr", "long <form>"),),
    "mentions": (Mentioned("papers/y.html", "On $y$", "Y", "Unlike Y, $z$."),), "mentioned_by": (),
    "unconfirmed": ("authors",), "more": 0, "others": False,
    "meta": (Meta("name", "citation_title", 'On "x"'),), "linked": '{"@type":"ScholarlyArticle"}',
    "item": '{"id":"x"}',
    "kind": "Book", "lang": "de", "files": (), "citing": (SOURCE,), "report": "",
    "volume": None, "contents": (),
    "notices": (("Retracted", "2024-01-02", "https://example.org/n"),),
}  # fmt: skip
BARE_PAPER_PAGE = PAPER_PAGE | {
    "paper": BARE_PAPER, "authors": (), "venue": None, "venue_text": "", "facts": (), "tags": (),
    "links": (), "related": (), "earlier": None, "later": None, "notes": (), "unconfirmed": (),
    "spans": (), "mentions": (), "notices": (), "citing": (), "kind": "", "lang": "",
    "contents": (),
}  # fmt: skip
SOURCE_PAGE = {
    "heading": "refs.bib", "format": "BibTeX", "pager": ONE_PAGE, "summary": (("records", 1234),),
    "entries": (
        Entry("a-2020-b", "1–4", "On x", Ref(CARD.path, CARD.title), "published", ("year kept",)),
        Entry("a-2020-b.2", "6", "On x", Ref(CARD.path, CARD.title), "merged"),
        Entry("line-9", "9–12", "", None, "quarantined", ("error: no title",)),
    ),
    "leftover": ((14, "Sign up!"),), "problems": ("warning: refs.bib: odd",),
}  # fmt: skip
EMPTY_SOURCE_PAGE = SOURCE_PAGE | {"summary": (), "entries": (), "leftover": (), "problems": ()}
SEARCH = {
    "scripts": ("assets/lunr.00000000.js", "assets/page.00000000.js"), "head": "search/head/h.js",
    "facets": (Section("", (TOPIC,)), Section("method", (TOPIC,))),
}  # fmt: skip

SHORT = Abbreviation("FSL", (Meaning("few-shot $k$", (Ref(CARD.path, CARD.title),), 2),))

PAGES: dict[str, tuple[str, str, Mapping[str, object]]] = {
    "home": ("home.html", "index.html", HOME),
    "home, empty": ("home.html", "index.html", EMPTY_HOME),
    "list": ("list.html", "papers/index.9.html", LIST),
    "list, empty": ("list.html", "papers/index.html", EMPTY_LIST),
    "group": ("group.html", "tags/pruning.html", GROUP),
    "group, empty": ("group.html", "years/2020.html", EMPTY_GROUP),
    "groups": ("groups.html", "tags/index.html", GROUPS),
    "groups, empty": ("groups.html", "tags/index.html", GROUPS | {"sections": (), "letters": ()}),
    "paper": ("paper.html", "papers/a-2020-b.html", PAPER_PAGE),
    "paper, bare": ("paper.html", "papers/a-2020-b.html", BARE_PAPER_PAGE),
    "source": ("source.html", "sources/refs-bib.html", SOURCE_PAGE),
    "source, empty": ("source.html", "sources/refs-bib.html", EMPTY_SOURCE_PAGE),
    "sources": (
        "sources.html",
        "sources/index.html",
        {
            "sources": (SOURCE,),
            "problems": 1,
            "pager": ONE_PAGE,
        },
    ),
    "sources, empty": (
        "sources.html",
        "sources/index.html",
        {
            "sources": (),
            "problems": 0,
            "pager": NO_ITEMS,
        },
    ),
    "changes": ("changes.html", "changes.html", HISTORY),
    "changes, none": (
        "changes.html",
        "changes.html",
        HISTORY | {"sections": (), "feed": "", "pager": NO_ITEMS},
    ),
    "glossary": ("glossary.html", "glossary.html", {"entries": (SHORT,), "pager": ONE_PAGE}),
    "glossary, empty": ("glossary.html", "glossary.html", {"entries": (), "pager": NO_ITEMS}),
    "search": ("search.html", "search.html", SEARCH),
    "search, empty": (
        "search.html",
        "search.html",
        {"scripts": (), "head": "search/head/h.js", "facets": ()},
    ),
    "404": ("404.html", "404.html", {}),
    "gone": ("gone.html", "papers/x.html", {"id": "x"}),
    "redirect": (
        "redirect.html",
        "papers/x.html",
        {"target": "y.html", "name": "On $x$", "kind": "papers"},
    ),
}
every_page = pytest.mark.parametrize("name", PAGES)


def page(which: str, look: Theme = DEFAULT_THEME, /, **changed: object) -> str:
    """A page of the table, with some values of its context changed."""
    template, path, context = PAGES[which]
    shared = {"site": SITE, "path": path, "title": "On $x$", "here": "papers"}
    values: dict[str, Any] = {**shared, **context, **changed}
    values["root"] = values["site"].url if path == "404.html" else "../" * path.count("/")
    return theme.render(look, template, values).decode()


class Outline(HTMLParser):
    """The start tags of a page with their attributes, in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def values(self, attribute: str) -> list[str]:
        """All values of an attribute."""
        return [attributes[attribute] for _, attributes in self.tags if attribute in attributes]

    def named(self, *tags: str) -> list[tuple[str, dict[str, str]]]:
        """The tags of these names."""
        return [(tag, attributes) for tag, attributes in self.tags if tag in tags]


# --- every page ---------------------------------------------------------------------------------


@every_page
def test_every_template_renders(name: str) -> None:
    """Full and empty contexts make a page, the same each time, with nothing undefined in it."""
    assert page(name) == page(name)
    assert page(name).startswith("<!doctype html>")
    assert page(name).endswith("</html>\n")


@every_page
def test_one_h1_and_no_heading_skipped(name: str) -> None:
    """A page has one h1, first, and no heading is two steps below the one before it."""
    levels = [int(tag[1]) for tag, _ in Outline(page(name)).named("h1", "h2", "h3", "h4")]
    assert levels[:1] == [1]
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


@every_page
def test_a_page_has_its_landmarks(name: str) -> None:
    """One main part, a language, a skip link that arrives, and ids that are there once."""
    outline = Outline(page(name))
    ids = outline.values("id")
    assert outline.tags[0] == ("html", {"lang": "en"})
    assert len(outline.named("main")) == 1
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in outline.values("href") if link.startswith("#")} <= set(ids)


DATA = {"application/ld+json", "application/json"}


@every_page
def test_nothing_inline_and_nothing_from_elsewhere(name: str) -> None:
    """The page's own policy, right after its charset, forbids what the templates never do."""
    outline = Outline(page(name))
    head = [attributes for tag, attributes in outline.tags if tag == "meta"]
    assert head[0] == {"charset": "utf-8"}
    assert head[1]["http-equiv"] == "Content-Security-Policy"
    assert head[1]["content"].startswith("default-src 'self'; ")
    assert not outline.named("style", "iframe", "object", "base")
    assert all("src" in each or each["type"] in DATA for _, each in outline.named("script"))
    names = {attribute for _, attributes in outline.tags for attribute in attributes}
    assert not [name for name in names if name == "style" or name.startswith("on")]


@every_page
def test_links_are_relative_and_name_a_file(name: str) -> None:
    """No link leads to a folder or to `/`: the site works under any prefix and from disk."""
    outline = Outline(page(name, site=replace(SITE, url="")))
    addresses = [*outline.values("href"), *outline.values("src"), *outline.values("action")]
    ours = [address for address in addresses if not re.match(r"https?:|#", address)]
    assert [a for a in ours if not re.fullmatch(r"(\.\./)?([\w-]+/)*[\w.-]+\.\w+(#.+)?", a)] == []


@pytest.mark.parametrize(
    ("name", "has"), [("home", True), ("list, empty", True), ("group", False), ("paper", False)]
)
def test_pages_in_thousands_have_one_way_to_all_else(name: str, has: bool) -> None:
    """What stands below the first page and the indexes, other pages reach by one link."""
    ways = Outline(page(name)).values("href")
    assert ("glossary.html" in " ".join(ways)) == has
    assert ("../index.html#_ways" in ways) != has


def test_what_is_the_same_on_all_pages_is_little() -> None:
    """An empty list takes 1.5 KB: what a frame takes more, 38,000 pages of 10,000 papers take."""
    assert len(page("group, empty", site=replace(SITE, url="", author=""))) < 1_550


@pytest.mark.parametrize("name", ["404", "gone", "redirect"])
def test_pages_that_stand_for_none_are_not_indexed(name: str) -> None:
    """Search engines are told not to list what is not there."""
    assert '<meta name="robots" content="noindex">' in page(name)


def test_404_without_an_address_has_no_links() -> None:
    """A page shown at any depth can link to nothing unless the site's address is known."""
    outline = Outline(page("404", site=replace(SITE, url="")))
    assert outline.values("href") + outline.values("src") + outline.values("action") == []
    assert all(
        link.startswith(("https://example.org/p/", "#"))
        for link in Outline(page("404")).values("href")
    )


def test_a_file_beside_is_named_alone() -> None:
    """The way to a file of one's own folder is its name: shorter, thousands of times."""
    assert theme.beside("papers/a.html") == theme.beside("a.html") == "a.html"


def test_a_redirect_works_without_a_server() -> None:
    """A paper that moved is found by the refresh, and by a link where that is switched off."""
    outline = Outline(page("redirect"))
    assert "0; url=y.html" in outline.values("content")
    assert "y.html" in [attributes["href"] for _, attributes in outline.named("a")]


# --- what stands in a page ----------------------------------------------------------------------


def test_doubts_are_said_in_words() -> None:
    """A title that no source gives and fields that none confirms are marked, others are not."""
    assert "taken from its first sentence" in page("paper")
    assert "Not confirmed by the source: authors." in page("paper")
    assert "first sentence" not in page("paper, bare")
    assert "Not confirmed" not in page("paper, bare")


def test_counts_have_their_noun() -> None:
    """One paper, many papers."""
    assert "<span>1 paper</span>" in page("group")
    assert "<span>1,480 papers</span>" in page("list")


def test_the_pager_shows_both_ends_and_where_one_is() -> None:
    """Of thirty pages the first, the last and the nearest are linked."""
    shown = re.findall(r'aria-label="Page (\d+)"', page("list"))
    assert shown == ["1", "7", "8", "9", "10", "11", "30"]
    assert 'rel="prev" href="../papers/index.8.html"' in page("list")
    assert 'rel="next" href="../papers/index.10.html"' in page("list")


def test_the_bars_have_their_numbers_in_a_table() -> None:
    """What a plot shows can be read, and every mark is a link."""
    html = page("group")
    assert html.count("<rect") == 4
    assert '<th scope="row"><a href="../years/1936.html">1936</a></th><td>1</td>' in html


def test_the_search_page_tells_its_script_where_things_are() -> None:
    """The form knows the root; scripts come in their order, the index's head before the last.

    What exports and unfolds comes after them: results do not wait for it.
    """
    form = dict(Outline(page("search")).named("form"))["form"]
    assert (form["id"], form["data-root"]) == ("search", "")
    assert re.findall(r'<script src="([\w/]+)', page("search")) == [
        *("assets/site", "assets/lunr", "search/head/h", "assets/page"),
        *("assets/cite", "assets/search/table", "assets/search/lists"),
    ]


def test_a_source_shows_what_it_said_where_that_differs() -> None:
    """A record is linked by its paper's title; its own words follow when they are others."""
    assert '<q class="found"><bdi>On x</bdi></q>' in page("source")
    same = Entry("x", "1", CARD.title, Ref(CARD.path, CARD.title), "published")
    assert "<q" not in page("source", entries=(same,))


def test_a_long_author_list_is_folded() -> None:
    """Of thirty authors twelve stand in the open, the rest one click away."""
    assert "and 18 more" in page("paper")
    assert "<details" not in page("paper", authors=(AUTHOR,) * 24)


# --- hostile values -----------------------------------------------------------------------------

HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 * 7 }}</title></pre>&lt;"


def changed(value: Any, change: Callable[[str], str]) -> Any:
    """The same plain data with every text in it changed; a status and a kind are no texts."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple):
        return tuple(changed(item, change) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in fields(value) if field.name not in ("status", "kind")]
        return replace(value, **{name: changed(getattr(value, name), change) for name in names})
    return value


@every_page
def test_hostile_values_stay_text(name: str) -> None:
    """Whatever stands in any value, the page has the same elements and attributes."""
    context = PAGES[name][2]

    def shape(change: Callable[[str], str]) -> list[tuple[str, tuple[str, ...]]]:
        # Notes and JSON are made safe elsewhere; a kind is one of four words, files have our names.
        kept = {"notes", "linked", "item", "kind", "files"}
        new = {k: v if k in kept else changed(v, change) for k, v in context.items()}
        site = replace(SITE, title=change("T"), description=change("D"), author=change("A"))
        html = page(name, site=site, title=change("T"), **new)
        return [(tag, tuple(attributes)) for tag, attributes in Outline(html).tags]

    assert shape(lambda _: HOSTILE) == shape(lambda _: "harmless")


class Nesting(HTMLParser):
    """How deep links stand in links, at most."""

    depth = deepest = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Go in."""
        del attrs
        self.depth += tag == "a"
        self.deepest = max(self.deepest, self.depth)

    def handle_endtag(self, tag: str) -> None:
        """Come out."""
        self.depth -= tag == "a"


@every_page
def test_no_link_stands_in_a_link(name: str) -> None:
    """A title that holds an address does not break the link it stands in."""
    kept = {"notes", "kind", "files"}
    context = PAGES[name][2]
    new = {
        k: v if k in kept else changed(v, lambda _: "See https://example.org/x now")
        for k, v in context.items()
    }
    nesting = Nesting()
    nesting.feed(page(name, **new))
    assert nesting.deepest == 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=40))
def test_any_title_keeps_the_page_whole(title: str) -> None:
    """A title of any characters makes a page that is UTF-8 and ends where it should."""
    html = page("paper", title=title, paper=replace(PAPER, title=title))
    assert html.count("</html>") == 1
    assert len(Outline(html).named("h1")) == 1


def test_half_characters_become_question_marks() -> None:
    """A file name that is not UTF-8 is shown as well as can be."""
    assert "<bdi>a?.bib</bdi>" in page("source", heading="a\udcff.bib")


# --- what decides that a page is made again -----------------------------------------------------


def made_of(templates: Mapping[str, str], **paths: str) -> Theme:
    """A theme of a few templates; assets are called by the names of the arguments."""
    return Theme({name: Template(text, name, own=True) for name, text in templates.items()}, paths)


SMALL = {
    "page": '{% extends "base" %}{% from "macros" import m %}{{ m() }}',
    "base": '{% block b %}{% include "part" %}{% endblock %}{{ asset("css") }}',
    "part": "part",
    "macros": "{% macro m() %}macro{% endmacro %}",
    "other": "other",
}


@pytest.mark.parametrize("name", ["page", "base", "part", "macros"])
def test_a_digest_follows_every_template_that_takes_part(name: str) -> None:
    """What is extended, included or imported counts like the template itself."""
    before = theme.digest(made_of(SMALL, css="1"), "page")
    after = theme.digest(made_of(SMALL | {name: SMALL[name] + "!"}, css="1"), "page")
    assert before != after


def test_a_digest_follows_the_assets_that_are_named() -> None:
    """A style sheet with another address makes the pages anew that name it."""
    assert theme.digest(made_of(SMALL, css="1"), "page") != theme.digest(
        made_of(SMALL, css="2"), "page"
    )


def test_a_digest_follows_nothing_else() -> None:
    """Other templates and other assets leave a page as it is."""
    before = made_of(SMALL, css="1", js="1")
    after = made_of(SMALL | {"other": "changed"}, css="1", js="2")
    assert before != after
    assert theme.digest(before, "page") == theme.digest(after, "page")
    assert theme.digest(before, "other") != theme.digest(after, "other")


@pytest.mark.parametrize(
    "source", ["{% include x %}", "{{ asset(x) }}", "{% set a = asset %}{{ a('js') }}"]
)
def test_a_computed_name_may_be_any(source: str) -> None:
    """Where a template computes which it takes, all of them count."""
    before = made_of({"page": source, "other": "1"}, js="1")
    after = made_of({"page": source, "other": "2"}, js="2")
    assert theme.digest(before, "page") != theme.digest(after, "page")


def test_a_layout_stands_for_its_digest() -> None:
    """As the argument of an output a layout is its template's digest, also after a journey."""
    layout = Layout(made_of(SMALL, css="1"), "page")
    there = pickle.loads(pickle.dumps(layout))  # noqa: S301  # our own bytes
    assert repr(there) == repr(layout)
    assert theme.digest(layout.theme, "page") in repr(layout)
    assert theme.paint(there, {}) == b"part1"


# --- what is rendered once ----------------------------------------------------------------------


def labelled(look: Theme) -> list[str]:
    """What a new process turns into labels from now on: texts in their order."""
    theme.environment.cache_clear()
    texts: list[str] = []

    def isolated(text: str) -> str:
        texts.append(text)
        return theme.isolated(text)

    theme.environment(look).filters["isolated"] = isolated
    return texts


def test_a_card_is_rendered_once() -> None:
    """However many lists it stands in, its title is converted once."""
    texts = labelled(DEFAULT_THEME)
    for name in ("list", "group", "list", "group"):
        page(name)
    assert texts.count(CARD.title) == 1
    theme.environment.cache_clear()


REF = Ref("tags/x.html", "X")
CHANGES: Mapping[str, Any] = {
    "id": "other", "path": "papers/other.html", "title": "On $y$", "authors": (REF,), "more": 3,
    "year": REF, "venue": REF, "tags": (REF, TOPIC), "byline": "Others", "bare": True,
    "standing": "Retracted",
}  # fmt: skip


@pytest.mark.parametrize("name", [field.name for field in fields(Card)])
def test_cards_that_differ_never_share_html(name: str) -> None:
    """Whatever was rendered before, a page shows its own cards: as in a process just begun."""
    other = replace(CARD, **{name: CHANGES[name]})
    theme.environment.cache_clear()
    new = {which: page(which, cards=(other,)) for which in ("list", "group")}
    theme.environment.cache_clear()
    for card in (CARD, other):
        both = {which: page(which, cards=(card,)) for which in ("list", "group")}
    assert both == new


@pytest.mark.parametrize("name", ["list", "paper", "source"])
def test_a_frame_is_that_of_its_page(name: str) -> None:
    """What the frame says of root, place and site is this page's, whatever was shown before."""
    changes: Sequence[Mapping[str, object]] = (
        {}, {"here": "tags"}, {"here": ""}, {"site": replace(SITE, url="")},
    )  # fmt: skip
    warm = [page(name, **change) for change in changes for _ in range(2)][::2]
    cold = []
    for change in reversed(changes):
        theme.environment.cache_clear()
        cold.append(page(name, **change))
    assert warm == cold[::-1]
    assert len(set(warm)) == len(changes)


@pytest.mark.parametrize(
    ("here", "path", "said"),
    [
        ("tags", "tags/index.html", [("tags", "page")]),
        ("tags", "tags/index.2.html", [("tags", "true")]),
        ("tags", "tags/pruning.html", [("tags", "true")]),
        ("sources", "sources/index.html", []),
    ],
)
def test_the_frame_says_where_one_is(here: str, path: str, said: list[tuple[str, str]]) -> None:
    """An index is the current page, what lies within it is under its heading."""
    html = page("groups", here=here, path=path)
    assert re.findall(r'href="\.\./(\w+)/index.html" aria-current="(\w+)"', html) == said


COUNTING = "{% set n = namespace(i=0) %}{% macro m(x) %}{% set n.i = n.i + 1 %}{{ n.i }}"


@pytest.mark.parametrize(
    ("macros", "source", "said"),
    [
        # A file of nothing but macros: the second call is not made.
        ("{% macro m(x) %}{{ count() }}{% endmacro %}", "{{ m(1) }}{{ m(1) }}{{ m(2) }}", "112"),
        ("{% macro m(x) %}{{ k(x) }}{% endmacro %}{% macro k(x) %}{{ count() }}{% endmacro %}",
         "{{ m(1) }}{{ m(1) }}", "11"),
        # What is no plain value may change, and what is named is not looked up.
        ("{% macro m(x) %}{{ count() }}{% endmacro %}", "{{ m([1]) }}{{ m([1]) }}", "12"),
        ("{% macro m(x) %}{{ count() }}{% endmacro %}", "{{ m(x=1) }}{{ m(x=1) }}", "12"),
        # Neighbours, and macros of one name in two files, are told apart.
        ("{% macro m(x) %}m{% endmacro %}{% macro k(x) %}k{% endmacro %}",
         "{% from 'macros' import k %}{{ m(1) }}{{ k(1) }}", "mk"),
        ("{% macro m(x) %}m{% endmacro %}",
         "{% from 'more' import m as k %}{{ m(1) }}{{ k(1) }}", "mmore"),
        # A file that sets, imports, includes or repeats something.
        (COUNTING + "{% endmacro %}", "{{ m(1) }}{{ m(1) }}", "12"),
        ("{% for i in [1] %}{% endfor %}{% macro m(x) %}{{ count() }}{% endmacro %}",
         "{{ m(1) }}{{ m(1) }}", "12"),
        ("Words{% macro m(x) %}{{ count() }}{% endmacro %}", "{{ m(1) }}{{ m(1) }}", "12"),
        ("{% macro m(x) %}{% from 'state' import m as k %}{{ k(x) }}{% endmacro %}",
         "{{ m(1) }}{{ m(1) }}", "12"),
        ("{% macro m(x) %}{% include 'part' %}{% endmacro %}", "{{ m(1) }}{{ m(1) }}", "12"),
        # A macro within a macro sees more than its own arguments.
        ("{% macro m(y) %}{% macro k(x) %}{{ x }}{{ y[0] }}{% endmacro %}{{ k(1) }}{% endmacro %}",
         "{{ m([2]) }}{{ m([3]) }}", "1213"),
        ("{% macro m(x) %}{{ x }}{{ caller() }}{% endmacro %}",
         "{% call m(1) %}a{% endcall %}{% call m(1) %}b{% endcall %}", "1a1b"),
        # Values of different types are told apart.
        ("{% macro m(x) %}{{ x }}{% endmacro %}", "{{ m(1) }}{{ m(true) }}{{ m('1') }}", "1True1"),
        ("{% macro m(x) %}{{ x }}{% endmacro %}", "{{ m('<') }}{{ m('<'|safe) }}", "&lt;<"),
        ("{% macro m(x) %}{{ x }}{% endmacro %}",
         "{{ m('<') }}{% autoescape false %}{{ m('<')|e }}{% endautoescape %}", "&lt;&amp;lt;"),
    ],
)  # fmt: skip
def test_a_macro_remembers_only_what_its_arguments_decide(
    macros: str, source: str, said: str
) -> None:
    """Nothing that a macro sees beside its arguments can be lost."""
    look = made_of(
        {
            "page": '{% from "macros" import m %}' + source,
            "macros": macros,
            "state": COUNTING + "{% endmacro %}",
            "part": '{% from "state" import m %}{{ m(x) }}',
            "more": "{% macro m(x) %}more{% endmacro %}",
        }
    )
    calls = count(1)
    theme.environment.cache_clear()
    theme.environment(look).globals["count"] = lambda: next(calls)
    assert theme.render(look, "page", {}).decode() == said


@pytest.mark.parametrize(
    "source",
    [
        '{% from "macros" import m with context %}{{ m(1) }}',
        "{% macro m(x) %}{{ who }}{% endmacro %}{{ m(1) }}",
        '{% include "own" %}',
    ],
)
def test_a_macro_that_sees_the_page_shows_the_page(source: str) -> None:
    """With a page's values in its sight a macro is rendered for each."""
    own = "{% macro m(x) %}{{ who }}{% endmacro %}"
    look = made_of({"page": source, "macros": own, "own": own + "{{ m(1) }}"})
    assert [theme.render(look, "page", {"who": who}) for who in ("a", "b")] == [b"a", b"b"]


def test_a_memory_has_an_end() -> None:
    """Full it is emptied, and what is very long is not remembered: nothing can fill a machine."""
    memo = Memo(room=1_000)
    for number in range(100):
        memo.keep(("m", number), "x" * 100)
        assert len(memo.html) <= 7
    assert memo.html["m", 99] == "x" * 100
    memo.keep(("m", "long"), "x" * (theme.LONGEST + 1))
    assert ("m", "long") not in memo.html


# --- an owner's files ---------------------------------------------------------------------------


@pytest.fixture
def site(tmp_path: Path) -> Callable[[Mapping[str, str]], Path]:
    """Makes a site folder of some files."""

    def made(files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / "site" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path / "site"

    return made


Made = Callable[[Mapping[str, str]], Path]


def test_an_owners_template_extends_the_default_of_its_name(site: Made) -> None:
    """`default/NAME` is ours, whatever the owner has under NAME."""
    look, _ = theme.load(
        site({
            "templates/paper.html": '{% extends "default/paper.html" %}'
            "{% block main %}<p>Mine</p>{{ super() }}{% endblock %}"
        })
    )  # fmt: skip
    assert "<p>Mine</p>" in page("paper", look)
    assert "<h2>Cite</h2>" in page("paper", look)
    assert page("list", look) == page("list")


def test_an_owners_base_is_that_of_all_pages(site: Made) -> None:
    """Our own templates extend the owner's frame."""
    look, _ = theme.load(
        site({
            "templates/base.html": '{% extends "default/base.html" %}'
            '{% block head %}<link rel="stylesheet" href="{{ asset("own.css") }}">{% endblock %}',
            "static/own.css": "",
        })
    )  # fmt: skip
    assert [name for name in PAGES if 'href="own.css"' not in page(name, look)] == []
    assert "own.css" not in page("404", look, site=replace(SITE, url=""))


def test_an_owners_macros_are_used_by_our_pages(site: Made) -> None:
    """A file of macros is replaced as a whole; what it extends, it adds to."""
    look, _ = theme.load(
        site({
            "templates/_plot.html": "{% macro plot(years, root) %}No plot.{% endmacro %}",
            "templates/_lists.html": '{% extends "default/_lists.html" %}'
            "{% macro more() %}more{% endmacro %}",
            "templates/groups.html": '{% extends "default/groups.html" %}'
            '{% from "_lists.html" import more %}{% block head %}{{ more() }}{% endblock %}',
        })
    )  # fmt: skip
    assert "No plot." in page("home", look)
    assert "<svg" not in page("home", look)
    assert "more" in page("groups", look)


def test_an_owners_asset_takes_the_place_of_ours(site: Made) -> None:
    """A style sheet of the owner's has a marked address, and ours is not published."""
    look, problems = theme.load(site({"static/style.css": "body { color: red }"}))
    published = dict(theme.outputs(look))
    assert published[look.asset("style.css")] == b"body { color: red }"
    assert look.asset("style.css") != DEFAULT_THEME.asset("style.css")
    assert len(published) == len(dict(theme.outputs(DEFAULT_THEME)))
    assert problems == ()


def test_an_owners_other_files_keep_their_names(site: Made) -> None:
    """What a host looks for by name is published there; names with a dot before them are not."""
    folder = site({
        "static/CNAME": "example.org", "static/img/logo.svg": "<svg/>", "static/.DS_Store": "",
        "static/.git/config": "",
    })  # fmt: skip
    look, problems = theme.load(folder)
    ours = dict(theme.outputs(DEFAULT_THEME))
    further = {path: data for path, data in theme.outputs(look) if path not in ours}
    assert further == {"CNAME": b"example.org", "img/logo.svg": b"<svg/>"}
    assert problems == ()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"templates/papre.html": "x"},
            [
                "templates/papre.html: no page uses a template of this name; "
                "did you mean paper.html?"
            ],
        ),
        ({"templates/papre.html": "x", "templates/base.html": '{% include "papre.html" %}'}, []),
        (
            {"templates/_paper.html": "x", "templates/paper.html": "x", "templates/mine.html": "x"},
            [],
        ),
    ],
)
def test_a_slip_in_the_name_of_a_template_is_told(
    site: Made, files: Mapping[str, str], said: list[str]
) -> None:
    """Else it would have no effect, and nobody know why."""
    look, _ = theme.load(site(files))
    assert [str(problem) for problem in theme.slips(look)] == said


BASE = '{% extends "default/base.html" %}'


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"templates/base.html": BASE + "\n{% block mian %}x{% endblock %}"}, [2, "mian", "main"]),
        ({"templates/base.html": BASE + "{% block content %}{% endblock %}"}, [1, "content", ""]),
        # A part of a block that is there, and what another template of the owner's makes of it.
        (
            {
                "templates/base.html": BASE
                + "{% block footer %}{% block ours %}{% endblock %}{% endblock %}",
                "templates/paper.html": '{% extends "default/paper.html" %}{% block ours %}x'
                "{% endblock %}",
            },
            [],
        ),
        (
            {
                "templates/base.html": BASE + "{% block main %}{{ self.ours() }}{% endblock %}"
                "{% block ours %}x{% endblock %}"
            },
            [],
        ),
        ({"templates/base.html": "{% block whatever %}{% endblock %}"}, []),
        ({"templates/base.html": '{% extends "de" ~ "x" %}{% block a %}{% endblock %}'}, []),
        ({"templates/base.html": '{% extends "base.html" %}{% block a %}{% endblock %}'}, []),
        ({"templates/base.html": BASE + "{% block %}"}, []),
        ({"templates/base.html": '{% extends "bass.html" %}{% block a %}{% endblock %}'}, []),
    ],
)
def test_a_block_that_no_page_shows_is_told(
    site: Made, files: Mapping[str, str], said: list[object]
) -> None:
    """What stands in it would vanish without a word; nothing is said where it may be shown."""
    look, _ = theme.load(site(files))
    found = list(theme.lost_blocks(look))
    if not said:
        assert found == []
        return
    line, block, meant = said
    (problem,) = found
    hint = f'did you mean "{meant}"?' if meant else "there are assets, finder, footer, head, header"
    assert str(problem).startswith(
        f'templates/base.html:{line}: no page shows the block "{block}": '
        f"what this extends has none such; {hint}"
    )


def test_a_lost_block_is_told_by_a_build(make_site: Callable[..., Built]) -> None:
    """As a warning of the report, beside which the site is made."""
    lost = {"templates/base.html": BASE + "{% block mian %}{% endblock %}"}
    report = make_site({"refs.bib": "@misc{a, title = {A}}", **lost}).report
    assert [each.severity for each in report.problems if "mian" in each.message] == ["warning"]


def test_links_that_lead_out_are_not_followed(site: Made, tmp_path: Path) -> None:
    """A link in static/ cannot publish what lies outside the site folder, or run in a circle."""
    folder = site({"static/CNAME": "example.org", "notes.txt": "inside"})
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    for name, target in {
        "out.txt": "../../secret.txt", "in.txt": "../notes.txt", "loop": "loop", "up": "..",
        "none": "nowhere",
    }.items():  # fmt: skip
        (folder / "static" / name).symlink_to(target)
    look, problems = theme.load(folder)
    assert {path for path, _ in theme.outputs(look)} >= {"CNAME", "in.txt"}
    assert b"secret" not in dict(theme.outputs(look)).values()
    assert [str(problem) for problem in problems] == [
        "static/loop: this is no ordinary file; left out",
        "static/none: this is no ordinary file; left out",
        "static/out.txt: the link leads out of the site folder; left out",
        "static/up: this is no ordinary file; left out",
    ]


def test_a_template_that_leads_out_is_left_out_too(site: Made, tmp_path: Path) -> None:
    """The default stands where the owner's file cannot be used, and the owner is told."""
    folder = site({"templates/parts/note.html": "A part of mine."})
    (tmp_path / "list.html").write_text("secret", encoding="utf-8")
    (folder / "templates" / "list.html").symlink_to("../../list.html")
    look, problems = theme.load(folder)
    assert page("list", look) == page("list")
    assert [problem.where.file for problem in problems] == ["templates/list.html"]
    assert theme.render(look, "parts/note.html", {}) == b"A part of mine."


def test_names_that_no_address_can_hold_are_left_out(site: Made) -> None:
    """Control characters and backslashes mean different things to different systems."""
    _, problems = theme.load(site({"static/a\nb": "", "static/a\\b": ""}))
    assert [problem.severity for problem in problems] == ["warning", "warning"]


def test_our_own_checkout_overrides_nothing() -> None:
    """Built as a site, the repository's templates/ and static/ are the defaults they are."""
    look, problems = theme.load(DEFAULT)
    assert look == DEFAULT_THEME
    assert not any(template.own for template in look.templates.values())
    assert problems == ()


def test_the_order_of_files_does_not_matter(site: Made) -> None:
    """What was written first or last makes no difference."""
    files = {f"static/{name}": name for name in "cab"}
    first, _ = theme.load(site(files))
    again, _ = theme.load(site(dict(reversed(files.items()))))
    assert first.files == again.files


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<p>\n{% if %}", "templates/list.html:2: "),
        ("<p>\n{{ nobody }}", "templates/list.html:2: 'nobody' is undefined"),
        ("\n\n{{ 1 / 0 }}", "templates/list.html:3: division by zero"),
        ("{{ siet }}", "templates/list.html:1: 'siet' is undefined; did you mean \"site\"?"),
        ("{{ site.titel }}", 'templates/list.html:1: site has no "titel"; did you mean "title"?'),
        (
            "{{ site.title.uper() }}",
            'templates/list.html:1: a text has no "uper"; did you mean "upp',
        ),
        ("{{ site.zzzzz }}", 'templates/list.html:1: site has no "zzzzz"'),
        ("{{ asset('no.css') }}", 'templates/list.html:1: there is no file "no.css" in static/'),
        ("{% include 'no.html' %}", 'templates/list.html:1: there is no template "no.html"'),
        ("{% extends 'list.html' %}", "templates/list.html:1: the template leads back to itself"),
    ],
)
def test_an_owners_mistake_is_told_with_its_place(site: Made, source: str, said: str) -> None:
    """Whatever is wrong in an owner's template, the message says file and line."""
    look, _ = theme.load(site({"templates/list.html": source}))
    with pytest.raises(BibpressError) as error:
        page("list", look)
    assert str(error.value).startswith(said)


def test_what_an_owners_file_lacks_is_told(site: Made) -> None:
    """A file that ours need more of than it has is named, though the fault shows in ours."""
    look, _ = theme.load(site({"templates/_lists.html": ""}))
    with pytest.raises(BibpressError, match=r"^templates/_lists\.html: "):
        page("list", look)


def test_a_template_that_cannot_be_parsed_is_told_before_pages_are_made(site: Made) -> None:
    """The digest of a page reads its templates, so it meets the mistake first."""
    look, _ = theme.load(site({"templates/list.html": "{% if %}"}))
    with pytest.raises(BibpressError, match=r"^templates/list\.html:1: "):
        theme.digest(look, "list.html")


def test_a_template_must_be_utf8(site: Made) -> None:
    """Anything else would be guessed at."""
    folder = site({"templates/list.html": ""})
    (folder / "templates" / "list.html").write_bytes(b"\n\xff")
    with pytest.raises(BibpressError, match=r"^templates/list\.html:2: "):
        theme.load(folder)


# --- what readers download ----------------------------------------------------------------------


def test_the_default_theme_is_small() -> None:
    """At most 20 KB of style and 15 KB of script (search aside), as its readers were promised."""
    static = DEFAULT / "static"
    assert (static / "style.css").stat().st_size <= 20_000
    assert sum(path.stat().st_size for path in static.glob("*.js")) <= 15 * 1024


TEMPLATES = {path.name for path in (DEFAULT / "templates").glob("[a-z]*.html")}


@pytest.mark.parametrize("template", sorted(TEMPLATES - {"search.html"}))
def test_no_page_but_the_search_has_much_script(template: str) -> None:
    """At most 15 KB a page, those of `search/lists.js` included, which the sum leaves out.

    All scripts that there are outside the search page come to 21 KB with it; no page has all.
    """
    named = {*SCRIPT.findall(source("_frame.html")), *SCRIPT.findall(source(template))}
    assert sum((DEFAULT / "static" / name).stat().st_size for name in named) <= 15 * 1024


SCRIPT = re.compile(r'asset\("([^"]+\.js)"\)')


def source(template: str) -> str:
    """A template of ours."""
    return (DEFAULT / "templates" / template).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("language", "html"),
    [("en", 'lang="en">'), ("fa-IR", 'lang="fa-IR" dir="rtl">'), ("az-Latn", 'lang="az-Latn">')],
)
def test_a_page_runs_as_its_language_is_written(language: str, html: str) -> None:
    """From right to left where the interface's language does."""
    start = page("home", site=replace(SITE, language=language))[:60]
    assert f"<html {html}" in start


def test_a_paper_in_another_language_says_so() -> None:
    """Its title and its abstract, for screen readers, hyphenation and translation."""
    html = page("paper", lang="de")
    assert ('<h1 lang="de">' in html, 'dir="auto" lang="de">' in html) == (True, True)
    assert 'lang="de"' not in page("paper", lang="")


def test_a_paper_that_says_little_is_a_small_page() -> None:
    """The frame of a page is a small part of it: 40,000 papers must fit a host's gigabyte."""
    assert len(page("paper, bare")) < 4_000


def test_the_style_asks_nobody() -> None:
    """No font, image or other style sheet is fetched."""
    style = (DEFAULT / "static" / "style.css").read_text(encoding="utf-8")
    assert not re.search(r"@import|url\(|https?:", style)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (#rrggbb), as WCAG 2 defines it."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def palettes() -> Iterator[dict[str, str]]:
    """The colours of the light and of the dark scheme."""
    style = (DEFAULT / "static" / "style.css").read_text(encoding="utf-8")
    for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)[:2]:
        yield dict(re.findall(r"--(\w+): (#\w{6})", block))


@pytest.mark.parametrize("colours", [*palettes()], ids=["light", "dark"])
def test_colours_can_be_read(colours: dict[str, str]) -> None:
    """Text reaches AAA; links, notes and warnings AA on every ground, marked ones too.

    Edges of fields and the bars and dots of plots, which the style mixes of accent and paper,
    reach 3:1 (WCAG 1.4.11), in both schemes.
    """
    for ground in ("paper", "shade", "mark"):
        for text in ("ink", "soft", "accent", "warn"):
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for ground in ("paper", "shade"):
        assert contrast(colours["ink"], colours[ground]) >= 7
    assert contrast(colours["edge"], colours["paper"]) >= 3
    assert shares()
    for share in shares():
        assert contrast(mixed(colours["accent"], colours["paper"], share), colours["paper"]) >= 3


def shares() -> set[int]:
    """In how many hundredths the style mixes the accent with the paper."""
    style = (DEFAULT / "static" / "style.css").read_text(encoding="utf-8")
    return {int(share) for share in re.findall(r"var\(--accent\) (\d+)%, var\(--paper\)", style)}


def mixed(one: str, other: str, share: int) -> str:
    """So many hundredths of a colour with another, as `color-mix(in srgb, …)` gives it."""
    parts = (tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5)) for colour in (one, other))
    return "#" + "".join(
        f"{round((a * share + b * (100 - share)) / 100):02x}" for a, b in zip(*parts, strict=True)
    )


def test_nothing_moves() -> None:
    """No animation, no transition, no smooth scrolling: nothing is there to be reduced."""
    style = (DEFAULT / "static" / "style.css").read_text(encoding="utf-8")
    assert not re.search(r"animation|transition|@keyframes|scroll-behavior", style)
