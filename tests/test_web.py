"""What the web expects of a site whose address is known."""

from __future__ import annotations

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


def test_robots_are_told_of_the_sitemap() -> None:
    """And may go everywhere."""
    assert files()["robots.txt"].decode().splitlines() == [
        "User-agent: *",
        "Allow: /",
        "",
        "Sitemap: https://example.org/p/sitemap.xml",
    ]


def test_the_search_can_be_added_to_a_browser() -> None:
    """Its name has at most sixteen characters, and the address takes what is searched for."""
    document = files()["opensearch.xml"]
    assert texts(document, "ShortName") == ["Papers & people"]
    (url,) = (each for each in parsed(document) if each.tag.endswith("Url"))
    assert url.get("template") == "https://example.org/p/search.html?q={searchTerms}"


def test_what_stands_for_no_content_is_not_listed(make_site: Callable[..., Built]) -> None:
    """A sitemap has every page that is made but those for addresses without content."""
    entry = "@misc{x, title = {On things}, author = {Li, Bo}, year = 2020}"
    site = make_site({"a.bib": entry, "bibpress.toml": f'url = "{ONLINE.url}"'})
    listed = texts((site.out / "sitemap.xml").read_bytes(), "loc")
    made = {path for path in site.tree() if path.endswith(".html")}
    assert {loc.removeprefix(ONLINE.url) for loc in listed} == made - {"404.html", "search.html"}
