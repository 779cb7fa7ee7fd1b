"""The search page's script in a real browser, from disk, on a page of a few lines."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from generator.search import Document, names, outputs
from tests.conftest import needs
from tests.search_node import ROOT

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)

HTML = """<!doctype html>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; script-src 'self'; img-src data:">
<link rel="icon" href="data:,">
<script src="lunr.js" defer></script><script src="search.js" defer></script>
<main><form id="search" action="search.html" role="search" data-root=""
 data-index="{index}" data-hits="{hits}"><input type="search" name="q"></form>
<p id="search-status" role="status"></p><ol id="search-results"></ol></main>
"""
DONE = "text => document.querySelector('#search-results[data-state=done]')?.dataset.query === text"

PAPER = Document("p", "", "", "", "", "", "")
PAPERS = (
    *(replace(PAPER, ref=f"p-{n}", title=f"Paper {n} on pruning") for n in range(120)),
    replace(
        PAPER,
        ref="hostile",
        title="<img src=x onerror=alert(1)> & survey",
        authors="<b>A</b>; B; C; D",
        abstract="</script><script>alert(1)</script>",
        venue="“V”",
        year="2020",
    ),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the page, the two scripts and the data."""
    lunr = ROOT / "static" / "vendor" / "lunr.js"
    needs(lunr.exists(), str(lunr))
    folder = tmp_path_factory.mktemp("search")
    for script in (lunr, ROOT / "static" / "search.js"):
        shutil.copy(script, folder)
    for output in outputs(PAPERS):
        path = folder / output.path
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(output.make(*output.args))
    (folder / "search.html").write_text(HTML.format(**names(PAPERS)), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """A tab of Debian's Chromium."""
    needs(CHROMIUM, "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_default_timeout(20_000)
        yield page
        browser.close()


def ids(page: Page) -> list[str]:
    """The hits that are shown, from the top."""
    items = page.locator("#search-results > li").all()
    return [item.get_attribute("data-id") or "" for item in items]


def test_results_come_while_one_types(page: Page, folder: Path) -> None:
    """No key but letters; the caret stays, and the address holds the query for a reload."""
    page.goto((folder / "search.html").as_uri())
    page.locator("input").press_sequentially("prun", delay=5)
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(DONE, arg="prun")

    assert len(ids(page)) == 50
    assert page.evaluate("document.querySelector('input').selectionStart") == 3
    assert page.inner_text("#search-status") == "120 papers"
    page.reload()
    page.wait_for_function(DONE, arg="prun")
    assert page.input_value("input") == "prun"


def test_more_are_shown_on_demand(page: Page, folder: Path) -> None:
    """Fifty more at each press; the first new one has the focus; at the end the button goes."""
    page.goto((folder / "search.html").as_uri() + "?q=pruning")
    page.wait_for_function(DONE, arg="pruning")
    shown = ids(page)
    page.click("#search-more")

    assert ids(page)[:50] == shown
    assert len(set(ids(page))) == 100
    assert page.evaluate("document.activeElement.closest('li').dataset.id") == ids(page)[50]
    page.click("#search-more")
    assert len(set(ids(page))) == 120
    assert page.locator("#search-more").is_hidden()


def test_texts_stay_texts(page: Page, folder: Path) -> None:
    """What looks like markup in a paper is shown as it is and runs nothing."""
    complaints: list[str] = []
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto((folder / "search.html").as_uri() + "?q=survey")
    page.wait_for_function(DONE, arg="survey")

    assert page.get_attribute("#search-results a", "href") == "papers/hostile.html"
    assert page.inner_text("#search-results").split("\n")[0].startswith("<img src=x onerror=")
    assert "<b>A</b>, B, C and 1 more" in page.inner_text("#search-results")
    assert complaints == []


def test_an_empty_answer_says_so(page: Page, folder: Path) -> None:
    """The reader is told that nothing was found; clearing the box clears list and address."""
    page.goto((folder / "search.html").as_uri() + "?q=zebrafish")
    page.wait_for_function(DONE, arg="zebrafish")

    assert page.get_attribute("#search-results", "data-total") == "0"
    assert "“zebrafish”" in page.inner_text("#search-status")
    page.fill("input", "")
    page.wait_for_function(DONE, arg="")
    assert page.inner_text("#search-status") == ""
    assert page.url.endswith("search.html")


def test_going_back_shows_the_results_again(page: Page, folder: Path) -> None:
    """From a paper back to the list that led there."""
    page.goto((folder / "search.html").as_uri())
    page.fill("input", "pruning")
    page.wait_for_function(DONE, arg="pruning")
    page.goto("about:blank")
    page.go_back()
    page.wait_for_function(DONE, arg="pruning")

    assert page.input_value("input") == "pruning"


def test_missing_files_are_admitted(page: Page, folder: Path) -> None:
    """Where the index cannot be had, the page says so instead of loading for ever."""
    html = HTML.format(index="search/gone.js", hits="search/gone.js")
    (folder / "lost.html").write_text(html, encoding="utf-8")
    page.goto((folder / "lost.html").as_uri() + "?q=pruning")
    page.wait_for_selector("#search-results[data-state=failed]", state="attached")

    assert "could not be loaded" in page.inner_text("#search-status")
