"""An archive as whoever gets it uses it: unpacked somewhere and opened, in a real browser."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conftest import build_folder, write
from tests.test_browser import Visit, browser

__all__ = ["browser"]

BIB = """\
@misc{a, title = {Pruning of networks}, author = {Smith, Ada}, year = 2020, abstract = {We prune.}}
@misc{b, title = {Another matter}, author = {Li, Bo}, year = 2021}
"""
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>'
SETTINGS = 'title = "Ours"\n[look]\naccent = "#7a1f5c"\nlogo = "logo.svg"\n'


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site's archive, unpacked in a folder whose name has a space and a sign in it."""
    site = tmp_path_factory.mktemp("site")
    write(site, {"content/refs.bib": BIB, "bibpress.toml": SETTINGS, "static/logo.svg": LOGO})
    build_folder(site, archive=site / "ours.zip")
    folder = tmp_path_factory.mktemp("elsewhere") / "from a friend #1"
    with zipfile.ZipFile(site / "ours.zip") as archive:
        archive.extractall(folder)
    return folder / "_site"


@pytest.fixture
def visit(browser: Browser, unpacked: Path) -> Iterator[Visit]:
    """A browser that can open it."""
    context = browser.new_context(color_scheme="light")
    context.set_default_timeout(60_000)
    yield Visit(context.new_page(), unpacked.as_uri() + "/")
    context.close()


def test_an_unpacked_archive_is_the_site(visit: Visit) -> None:
    """From the home page to a paper by its links, and nothing is asked that is not in it."""
    visit.page.goto(visit.root + "index.html")
    visit.page.get_by_role("link", name="Pruning of networks").first.click()
    visit.page.wait_for_selector("article h1")
    assert [url for url in visit.requests if not url.startswith(visit.root)] == []
    assert visit.complaints == []


def test_an_unpacked_archive_is_searched(visit: Visit) -> None:
    """The index lies beside the page and is read from disk."""
    visit.page.goto(visit.root + "search.html")
    assert visit.search("prunning")["ids"] == ["smith-2020-pruning-networks"]


def test_the_look_of_the_settings(visit: Visit) -> None:
    """Links have the accent and the logo is there: the pages' own policy allows both."""
    visit.page.goto(visit.root + "papers/smith-2020-pruning-networks.html")
    visit.page.wait_for_load_state("networkidle")
    colour = visit.page.evaluate(
        "getComputedStyle(document.documentElement).getPropertyValue('--accent')"
    )
    width = visit.page.evaluate(
        "getComputedStyle(document.querySelector('.brand'), '::before').width"
    )
    asked = [url for url in visit.requests if url.endswith("logo.svg")]
    assert (colour, width, len(asked), visit.complaints) == ("#7a1f5c", "40px", 1, [])
