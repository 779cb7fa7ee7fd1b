"""The search page in Chromium: what it fetches for a first query, how long it works on others."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.host import Host, Sent, hosted

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
PATIENCE = 60_000  # milliseconds until an answer is given up
SHOWN = 50  # results that the page shows at first, so a program asks for as many
ROUNDS = 3  # of warm queries

# Puts a query into the box and presses Enter, waits for the filled list and until it is painted:
# [the page's own count of milliseconds, that of the longest task, or 0 without a long one].
_ASK = """([query, patience]) => new Promise((answer, fail) => {
  setTimeout(() => fail(new Error(`no answer to ${query}`)), patience);
  const list = document.getElementById("search-results");
  const form = document.getElementById("search");
  const tasks = [];
  const long = new PerformanceObserver((found) => tasks.push(...found.getEntries()));
  long.observe({ type: "longtask" });
  const painted = () => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => {
    tasks.push(...long.takeRecords());
    long.disconnect();
    answer([Number(list.dataset.ms), Math.max(0, ...tasks.map(({ duration }) => duration))]);
  })));
  new MutationObserver((_, observer) => {
    if (list.dataset.state !== "done" || list.dataset.query !== query) return;
    observer.disconnect();
    painted();
  }).observe(list, { attributes: true });
  form.querySelector("input[type=search]").value = query;
  form.requestSubmit();
})"""

_CALL = """async ([query, limit]) => {
  const start = performance.now();
  await bibpress.search(query, { limit });
  return performance.now() - start;
}"""


class Work(NamedTuple):
    """Milliseconds that one query keeps the page busy.

    `answer`: from the question to the filled list, waiting for files left out, by the page's own
    count. `task`: the longest task until it is painted, 0 where none took 50 ms, from which on
    browsers call a task long.
    """

    answer: float
    task: float


class Warm(NamedTuple):
    """The work of queries in one page, in their order.

    `first`: while parts of the index came in. `again`: with all that they need in memory, in
    `ROUNDS` rounds. `call`: milliseconds that a program waits for `bibpress.search` then.
    """

    first: list[Work]
    again: list[list[Work]]
    call: list[float]


@contextmanager
def opened(folder: Path) -> Iterator[tuple[Browser, Host]]:
    """Chromium, and a host of the published site in a folder."""
    with hosted(folder) as host, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser, host
        browser.close()


def first_queries(
    browser: Browser, host: Host, queries: Iterable[str]
) -> Iterator[tuple[Sent, ...]]:
    """All that a browser with an empty cache fetches for each query: page, scripts, index.

    Facets that the page loads by itself after the results count too.
    """
    for query in queries:
        with _page(browser) as page:
            page.goto(f"{host.url}search.html?q={quote(query, safe='')}")
            page.wait_for_selector("#search-results[data-state=done]", state="attached")
            sent = host.taken()
        if missing := [each.path for each in sent if not each.bytes]:
            raise LookupError(f"{query!r} asks for files that are not there: {missing}")
        yield sent


def warm_queries(browser: Browser, host: Host, queries: Sequence[str]) -> Warm:
    """How long the page works on each query, all in one page."""
    with _page(browser) as page:
        page.goto(f"{host.url}search.html?q=")
        page.wait_for_selector("#search-results[data-state=done]", state="attached")
        first = [Work(*page.evaluate(_ASK, [query, PATIENCE])) for query in queries]
        again = [
            [Work(*page.evaluate(_ASK, [query, PATIENCE])) for query in queries]
            for _ in range(ROUNDS)
        ]
        call = [page.evaluate(_CALL, [query, SHOWN]) for query in queries]
        host.taken()
    return Warm(first, again, call)


def first_query(folder: Path, query: str) -> tuple[Sent, ...]:
    """All that a first query fetches of the published site in a folder, for the tests.

    Files and their gzipped bytes are the same on every machine, however busy it is. It starts a
    browser of its own: where one is running, `first_queries` with that one and a `hosted` folder
    says the same. Raises LookupError where a file is missing.
    """
    with opened(folder) as (browser, host):
        (sent,) = first_queries(browser, host, [query])
    return sent


@contextmanager
def _page(browser: Browser) -> Iterator[Page]:
    """A page in a context of its own: nothing is cached there."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()
