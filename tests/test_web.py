"""What the web expects of a site whose address is known."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from generator import web
from generator.config import Site
from generator.ledger import Line
from generator.library import Library
from tests.conftest import Built
from tests.papers import BARE

ONLINE = Site("Papers & people of the group", url="https://example.org/p/")
LIBRARY = Library(
    (replace(BARE, id="a"), replace(BARE, id="b")),
    ledger={"a": Line("a", "a", (), since="2026-01-02", changed="2026-03-04")},
)
PATHS = ("papers/b.html", "papers/a.html", "index.html")


def files(
    site: Site = ONLINE, paths: Iterable[str] = PATHS, *, dated: bool = True
) -> dict[str, bytes]:
    """What is made for the web, by path."""
    made = web.outputs(LIBRARY, site, tuple(paths), dated=dated)
    return {output.path: output.make(*output.args) for output in made}


def texts(document: bytes, name: str) -> list[str]:
    """The texts of all elements of this name."""
    return [each.text or "" for each in parsed(document).iter() if each.tag.endswith(name)]


def parsed(document: bytes) -> ET.Element:
    """A document of ours."""
    return ET.fromstring(document)  # noqa: S314 - we wrote it ourselves


def test_there_is_nothing_until_the_address_is_known() -> None:
    """All of these name full addresses."""
    assert files(replace(ONLINE, url="")) == {}


def test_a_sitemap_names_every_page_in_one_order() -> None:
    """Full addresses, whatever order the pages came in."""
    assert texts(files()["sitemap.xml"], "loc") == [
        "https://example.org/p/index.html",
        "https://example.org/p/papers/a.html",
        "https://example.org/p/papers/b.html",
    ]


@pytest.mark.parametrize(("dated", "days"), [(True, ["2026-03-04"]), (False, [])])
def test_a_page_changed_when_its_paper_did(dated: bool, days: list[str]) -> None:
    """The day is the ledger's, never the build's; a ledger that is not kept has none to tell."""
    assert texts(files(dated=dated)["sitemap.xml"], "lastmod") == days


def test_a_sitemap_is_split_at_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """An index names the parts, and the parts together have every page once."""
    monkeypatch.setattr(web, "MOST", 2)
    made = files()
    parts = [loc.removeprefix(ONLINE.url) for loc in texts(made["sitemap.xml"], "loc")]
    assert parts == ["sitemap-1.xml", "sitemap-2.xml"]
    assert [loc for part in parts for loc in texts(made[part], "loc")] == [
        ONLINE.url + path for path in sorted(PATHS)
    ]


def test_a_sitemap_holds_fifty_thousand() -> None:
    """The limit of sitemaps.org: with one page more there are two parts, none above it."""

    def parts(pages: int) -> list[int]:
        made = files(paths=[f"papers/{number}.html" for number in range(pages)])
        names = sorted(path for path in made if path.startswith("sitemap"))
        return [made[name].count(b"<loc>") for name in names]

    assert parts(50_000) == [50_000]
    assert parts(50_001) == [50_000, 1, 2]


def test_robots_are_told_of_the_sitemap() -> None:
    """And may go everywhere."""
    assert files()["robots.txt"].decode().splitlines() == [
        "User-agent: *",
        "Allow: /",
        "",
        "Sitemap: https://example.org/p/sitemap.xml",
    ]


TITLES = [
    "ML",
    "Papers & people of the group",
    "Deep",
    "Bibliographieverzeichnisse",
    "\U0001f9ea" * 30,
    "<script>",
]


@pytest.mark.parametrize("title", TITLES, ids=ascii)
def test_the_search_can_be_added_to_a_browser(title: str) -> None:
    """What OpenSearch 1.1 asks of a description, whatever the site is called."""
    site = replace(ONLINE, title=title, description="on papers " * 1000)
    document = files(site)["opensearch.xml"]
    root = parsed(document)
    assert root.tag == "{http://a9.com/-/spec/opensearch/1.1/}OpenSearchDescription"
    (name,), (about,) = texts(document, "}ShortName"), texts(document, "}Description")
    assert 0 < len(name) <= 16 and title.startswith(name) and name == name.strip()
    assert 0 < len(about) <= 1024
    (url,) = (each for each in root if each.tag.endswith("Url"))
    assert url.attrib == {
        "type": "text/html",
        "template": "https://example.org/p/search.html?q={searchTerms}",
    }
    assert texts(document, "InputEncoding") == ["UTF-8"]


def test_a_short_name_has_whole_words() -> None:
    """As many as fit; of a word that does not fit alone, its beginning."""
    names = [replace(ONLINE, title=title).short_title for title in TITLES[:4]]
    assert names == ["ML", "Papers & people", "Deep", "Bibliographiever"]


HEAD = re.compile(r'<link rel="(\w+)" href="([^"]*)"(?: type="([^"]*)")?(?: title="([^"]*)")?>')


def test_what_every_page_says_of_itself(make_site: Callable[..., Built]) -> None:
    """Its address, the feed, and the search under the name that its description has."""
    entry = "@misc{x, title = {On things}, author = {Li, Bo}, year = 2020, keywords = {k}}"
    settings = f'title = "{ONLINE.title}"\nurl = "{ONLINE.url}"\nfeeds = ["authors", "topics"]'
    site = make_site({"a.bib": entry, "bibpress.toml": settings})
    title, atom = "Papers &amp; people of the group", "application/atom+xml"
    search = ("opensearch.xml", "application/opensearchdescription+xml", "Papers &amp; people")

    def links(path: str) -> set[tuple[str, ...]]:
        found = set(HEAD.findall(site.read(path)))
        always = {
            ("canonical", ONLINE.url + path, "", ""),
            ("alternate", "../feed.xml", atom, title),
            ("search", f"../{search[0]}", *search[1:]),
        }
        assert always <= found
        return {each for each in found - always if each[0] == "alternate"}

    bib = "application/x-bibtex"
    assert {path: links(path) for path in ("papers/li-2020-things.html", "papers/index.html")} == {
        "papers/li-2020-things.html": {("alternate", "li-2020-things.bib", bib, "BibTeX")},
        "papers/index.html": {("alternate", "../bibliography.bib", bib, "All papers")},
    }
    for path, name in (("authors/bo-li", "Bo Li"), ("tags/k", "k")):
        assert links(f"{path}.html") == {
            ("alternate", f"{path.split('/')[1]}.bib", bib, ""),
            ("alternate", f"../{path}.xml", atom, f"{name} – {title}"),
        }
    assert set(HEAD.findall(site.read("years/2020.html"))) & {("alternate", "2020.bib", bib, "")}


def test_no_name_is_kept_back(demo: Built) -> None:
    """Hosts leave out names that begin with a dot or a line; one they ask for, and it is empty."""
    hidden = [path for path in demo.tree() if any(part[0] in "._" for part in path.split("/"))]
    assert hidden == [".nojekyll"]
    assert demo.tree()[".nojekyll"] == b""


@pytest.mark.parametrize("url", ["", ONLINE.url])
def test_a_missing_page_stands_at_any_depth(make_site: Callable[..., Built], url: str) -> None:
    """A host shows it below any folder: it names full addresses, or nothing."""
    site = make_site({"a.bib": "@misc{x, title = {X}}", "bibpress.toml": f'url = "{url}"'})
    page = site.read("404.html")
    named = re.findall(r'(?:href|src|action)="([^"]*)"', page)
    assert all(each.startswith((url, "#")) for each in named if url)
    assert bool(named) == bool(url)


def test_what_stands_for_no_content_is_not_listed(make_site: Callable[..., Built]) -> None:
    """A sitemap has every page that is made but those for addresses without content."""
    entry = "@misc{x, title = {On things}, author = {Li, Bo}, year = 2020}"
    site = make_site({"a.bib": entry, "bibpress.toml": f'url = "{ONLINE.url}"'})
    listed = texts((site.out / "sitemap.xml").read_bytes(), "loc")
    made = {path for path in site.tree() if path.endswith(".html")}
    assert {loc.removeprefix(ONLINE.url) for loc in listed} == made - {"404.html", "search.html"}
