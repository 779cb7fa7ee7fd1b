"""Pages in Chromium: axe-core in both schemes and two widths, and what the console is told.

Of each kind of page the longest and the shortest are opened, and the search page with many hits,
with none, and with the papers of a basket. What is folded is judged folded and unfolded, and so
are the first abstracts of lists.
"""

from __future__ import annotations

import itertools
import json
import mimetypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Response, Route, sync_playwright

from tests.judge.sites import ADDRESS, Site
from tests.judge.tools import Tools
from tests.judge.verdict import Verdict, verdict

SCHEMES = ("light", "dark")
WIDTHS = (320, 1280)
# WCAG 2.2 up to AA has these tags in axe-core, beside its own good practice.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")
PATIENCE = 30_000  # milliseconds

# A query in the address, with hits and without any; one that is only typed is no kind of page.
SEARCHES = ("search.html?q=learning", f"search.html?q={quote('no such word as xyzzyx')}")
TYPED = ("learning", "title:", '"deep learning" -graph', "xyzzyx", "")


@contextmanager
def opened(chromium: Path) -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


def scenes(site: Site) -> list[str]:
    """The pages that are opened, with their queries."""
    return [*site.some(), *SEARCHES, f"search.html#papers={','.join(_put_aside(site))}"]


def _put_aside(site: Site) -> list[str]:
    """The ids of a few papers."""
    return [Path(path).stem for path in site.kinds["papers/*"][:3]]


# --- accessibility ------------------------------------------------------------------------------


def axe(site: Site, tools: Tools) -> Verdict:
    """Violations that axe-core finds; one that turns up in several places is told once."""
    places: dict[str, list[str]] = {}
    for scheme, width in itertools.product(SCHEMES, WIDTHS):
        for place, fault in axe_at(site, tools, scenes(site), scheme, width):
            places.setdefault(fault, []).append(place)
    faults = (f"{each}: {first}, {1 + len(more)} times" for each, (first, *more) in places.items())
    settings = len(SCHEMES) * len(WIDTHS)
    return verdict(f"{len(scenes(site))} pages in {settings} settings", faults)


def axe_at(
    site: Site, tools: Tools, paths: Sequence[str], scheme: str, width: int
) -> list[tuple[str, str]]:
    """Violations on some pages in one setting of the browser: where, and what."""
    with (
        opened(tools["chromium"]) as browser,
        _page(browser, site, scheme, width, stays=True) as page,
    ):
        page.add_init_script(path=tools["axe"])
        page.add_init_script(_kept(_put_aside(site)))
        return [
            (f"{path} ({scheme}, {width}{how})", fault)
            for path in paths
            for how, found in violations(page, ADDRESS + path)
            for fault in found
        ]


def violations(page: Page, url: str) -> Iterator[tuple[str, list[str]]]:
    """What axe-core says of a page as it opens, and again with all unfolded that was folded."""
    _go(page, url)
    yield "", page.evaluate(_AXE, list(TAGS))
    if page.evaluate(_UNFOLD):
        _rest(page)
        yield ", unfolded", page.evaluate(_AXE, list(TAGS))


_AXE = """async (tags) => {
  const { violations } = await axe.run(document, {
    runOnly: { type: "tag", values: tags }, resultTypes: ["violations"],
  });
  return violations.flatMap(({ id, help, nodes }) => nodes.slice(0, 3).map(({ html, any }) =>
    `${id}: ${help}: ${html.slice(0, 160)} ${(any[0] || { message: "" }).message}`));
}"""
_UNFOLD = """() => {
  const folded = [...document.querySelectorAll("details:not([open])")];
  folded.forEach((each) => { each.open = true; });
  const abstracts = [...document.querySelectorAll(".unfold")].slice(0, 3);
  abstracts.forEach((each) => each.click());
  return folded.length + abstracts.length;
}"""


def _kept(ids: Sequence[str]) -> str:
    """The script that has a browser keep these papers in the basket of the site's address."""
    said = json.dumps(json.dumps(ids))
    return f"localStorage.setItem('bibpress basket {ADDRESS}', {said})"


# --- the console --------------------------------------------------------------------------------


def console(site: Site, tools: Tools) -> Verdict:
    """Anything that a page tells the console, asks of others, or asks for in vain.

    Each page is opened from disk and at its address; then all is unfolded and every button pressed
    that sends no form. The search is typed into, and narrowed.
    """
    paths = scenes(site)
    faults = [each for place in PLACES for each in told_at(site, tools, paths, place)]
    return verdict(f"{len(paths)} pages and a search in use, from disk and at an address", faults)


PLACES = ("disk", "address")


def told_at(site: Site, tools: Tools, paths: Sequence[str], place: str) -> list[str]:
    """What some pages and the search tell at one of the places."""
    root = site.folder.as_uri() + "/" if place == "disk" else ADDRESS
    faults: list[str] = []
    with opened(tools["chromium"]) as browser, _page(browser, site, "light", 1280) as page:
        told = Told(page, root)
        for path in paths:
            # From disk 404.html asks for its style at the site's address, as it has to.
            if place == "address" or path != "404.html" or not site.url:
                use(page, root + path)
                faults += (f"{path} ({place}): {each}" for each in told.taken())
        search(page, root)
        faults += (f"search, in use ({place}): {each}" for each in told.taken())
    return faults


class Told:
    """What a page's console was told, and which requests went wrong, since it was asked last."""

    def __init__(self, page: Page, root: str) -> None:
        self._root = root
        self._lines: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda error: self._lines.append(f"raises {error}"))
        page.on("request", lambda request: self._asked(request.url))
        page.on("response", self._answered)

    def taken(self) -> list[str]:
        """All that was told since."""
        lines, self._lines = self._lines, []
        return lines

    def _said(self, message: ConsoleMessage) -> None:
        self._lines.append(f"console, {message.type}: {message.text}")

    def _asked(self, url: str) -> None:
        if not url.startswith((self._root, "data:", "blob:")):
            self._lines.append(f"asks for {url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400:
            self._lines.append(f"{response.status} for {response.url}")


def use(page: Page, url: str) -> None:
    """Open a page, unfold all, and press every button that sends no form."""
    _go(page, url)
    page.evaluate(_UNFOLD)
    _rest(page)
    page.evaluate(_PRESS)
    _rest(page)


# A click by script: buttons that others cover, or that come and go, are pressed all the same. Of
# those that unfold an abstract, which are all alike, a few; the first ones fold it again.
_PRESS = """() => [
  ...[...document.querySelectorAll("button:not(.unfold)")]
    .filter((each) => each.type !== "submit" || !each.form),
  ...[...document.querySelectorAll(".unfold")].slice(0, 6),
].forEach((each) => each.click())"""


def search(page: Page, root: str) -> None:
    """Type queries of several kinds, and take the first thing that narrows the hits."""
    _go(page, f"{root}search.html")
    for query in TYPED:
        page.locator("#search input[type=search]").fill(query)
        page.wait_for_function(_ANSWERED, arg=query)
    _go(page, root + SEARCHES[0])
    page.evaluate(_UNFOLD)
    narrower = page.locator(".facet a")
    before = page.url
    narrower.first.click()  # raises where nothing narrows the hits
    page.wait_for_url(lambda now: now != before)
    _settle(page)
    page.evaluate(_PRESS)
    _rest(page)


_ANSWERED = """query => {
  const { state, query: answered } = document.getElementById("search-results").dataset;
  return state === "done" && answered === query;
}"""
_SETTLED = """() => {
  const list = document.getElementById("search-results");
  return !list || ["done", "failed"].includes(list.dataset.state);
}"""
# No abstract is on its way, no button is at work ("Collecting …"), and results are there.
_RESTED = f"""() => ({_SETTLED})()
  && !document.querySelector(".cards .abstract:not([data-state])")
  && ![...document.querySelectorAll("#search-export button")]
    .some((each) => each.textContent.endsWith("…"))"""


# --- going --------------------------------------------------------------------------------------


@contextmanager
def _page(
    browser: Browser, site: Site, scheme: Any, width: int, *, stays: bool = False
) -> Iterator[Page]:
    """A page of a fresh context, for which the site stands at its address too.

    If it `stays`, pages that lead on at once do not, and can be looked at.
    """
    context = browser.new_context(
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
        reduced_motion="reduce",
        permissions=["clipboard-read", "clipboard-write"],
    )
    context.set_default_timeout(PATIENCE)
    context.route(f"{ADDRESS}**", lambda route: _answer(route, site.folder, stays))
    yield context.new_page()
    context.close()


def _answer(route: Route, folder: Path, stays: bool) -> None:
    """Answer as a host of static files would."""
    path = unquote(urlsplit(route.request.url).path.removeprefix(urlsplit(ADDRESS).path))
    file = folder / path
    if file.is_file():
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        body = file.read_bytes()
        body = body.replace(_LEADS_ON, b'name="led-on"') if stays else body
        route.fulfill(body=body, content_type=kind)
    else:
        route.fulfill(status=404, body="")


_LEADS_ON = b'http-equiv="refresh"'


def _go(page: Page, url: str) -> None:
    page.goto(url, wait_until="load")
    if page.locator("meta[http-equiv=refresh]").count():
        page.wait_for_url(lambda now: now != url)
        page.wait_for_load_state("load")
    if "search.html" in url:
        _settle(page)


def _settle(page: Page) -> None:
    page.wait_for_function(_SETTLED)


def _rest(page: Page) -> None:
    page.wait_for_function(_RESTED)
