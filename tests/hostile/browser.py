"""Pages of a site opened in a real browser, with nothing that would hold a script back.

The pages' own security policy is switched off, and frames may look into each other (in Chromium
files are strangers to each other otherwise). What a page then does that it should not is told as
lines of text.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Request,
    sync_playwright,
)

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
ARGUMENTS = ["--no-sandbox", "--allow-file-access-from-files"]
LOOK = Path(__file__).with_name("look.js")
WIDE = 800  # pixels of the window, beyond which nobody should have to scroll
FRAMES = 40  # pages that are opened at a time, each in a frame
# What a reader may be led to by a click, besides the site's own files.
SCHEMES = frozenset({"http", "https", "mailto"})

# What may stand within a formula and within a note, wherever it likes: elements, attributes.
ANYWHERE = {
    "math": (
        "b code em i menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts "
        "mroot mrow mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover "
        "span.math-core-sans-serif-font span.math-core-serif-font strong",
        "accent accentunder displaystyle form height linethickness lspace mathvariant maxsize "
        "minsize movablelimits notation rspace scriptlevel stretchy symmetric voffset width",
    ),
    "div.note": (
        "a blockquote br code dd del dl dt em h3 h4 h5 h6 hr li ol p pre strong sub sup table "
        "tbody td th thead tr ul",
        "href rel title",
    ),
}

Look = dict[str, Any]


# A part of the search index that is just being loaded.
LOADING = " > html > head > script[src]"


def shapes_anywhere() -> set[str]:
    """The shapes of `ANYWHERE`, as `look.js` tells them, and what may pass by."""
    return {LOADING} | {
        f"{within} ... {element}[{attribute}]"
        for within, (elements, attributes) in ANYWHERE.items()
        for element in elements.split()
        for attribute in ("", *attributes.split())
    }


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """Goes through a site; `faults` says what happened that should not, `seen` counts.

    `known` are the shapes of elements that may be; what is not among them is a fault, or, to a
    visitor that `learns`, known from then on.
    """

    context: BrowserContext
    root: Path
    site: str  # the address that the site's settings say, of which only 404.html asks
    known: set[str]
    learns: bool
    faults: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.home = self.root.as_uri() + "/"
        self.context.expose_binding("boom", self._ran)
        self.context.add_init_script(path=LOOK)
        self.context.route(f"{self.site}**", lambda route: route.fulfill(body=""))
        self.page = self.context.new_page()
        self.page.set_viewport_size({"width": WIDE, "height": 800})
        self.page.set_default_timeout(60_000)
        self._watch()

    # --- going ------------------------------------------------------------------------------

    def frames(self, paths: Sequence[str]) -> Iterator[tuple[str, Look]]:
        """What each of these pages is, opened in frames."""
        self.page.goto(self.home + quote(paths[0]), wait_until="load")
        self._teach()
        for first in range(0, len(paths), FRAMES):
            part = paths[first : first + FRAMES]
            urls = [self.home + quote(path) for path in part]
            looks = self.page.evaluate("urls => hostile.frames(urls, hostile.known)", urls)
            for path, look in zip(part, looks, strict=True):
                self._judge(path, look)
                yield path, look

    def visit(self, path: str, query: str = "") -> Look:
        """What a page is, opened by itself."""
        self.page.goto(self.home + quote(path) + query, wait_until="load")
        look = self._look(path)
        if look["width"] > WIDE:
            self._fault(path, f"is {look['width']} pixels wide")
        return look

    def search(self, query: str) -> Look:
        """What the search page is when it has answered a query that was typed."""
        self.page.locator("#search input[type=search]").fill(query)
        typed = self.page.locator("#search input[type=search]").input_value()
        self.page.wait_for_function(_ANSWERED, arg=typed)
        self.page.evaluate(_OPEN_ALL)
        return self._look(f"search.html?q={query[:40]}")

    def settled(self) -> None:
        """Wait for the answer to a query in the address."""
        self.page.wait_for_function(_SETTLED)
        self.page.evaluate(_OPEN_ALL)
        self._look(self.page.url)

    def begin_search(self) -> None:
        """Go to the search page, and let it know what pages may consist of."""
        self.visit("search.html")
        self._teach()

    # --- judging ----------------------------------------------------------------------------

    def _teach(self) -> None:
        self.page.evaluate("known => { hostile.known = new Set(known); }", sorted(self.known))

    def _look(self, path: str) -> Look:
        look: Look = self.page.evaluate(
            "known => hostile.look(document, new Set(known))", sorted(self.known)
        )
        self._judge(path, look)
        return look

    def _judge(self, path: str, look: Look) -> None:
        self.seen["pages"] += 1
        self.seen["elements"] += look["elements"]
        for shape, excerpt in look["strange"]:
            if self.learns:
                self.known.add(shape)
            else:
                self._fault(path, f"an element of no kind that we make: {shape} {excerpt}")
        for odd in look["odd"]:
            self._fault(path, f"odd: {odd}")
        if look["polluted"]:
            self._fault(path, f"prototypes have {look['polluted']}")
        for element, _, address in (each.partition(" ") for each in look["addresses"]):
            self.seen["addresses"] += 1
            if not self._may_lead_to(element, address):
                self._fault(path, f"<{element}> leads to {address}")

    def _may_lead_to(self, element: str, address: str) -> bool:
        if address.startswith((self.home, self.site)):
            return True
        return element in {"a", "link"} and urlsplit(address).scheme in SCHEMES

    def _fault(self, path: str, said: str) -> None:
        self.faults.append(f"{path}: {said}")

    # --- listening --------------------------------------------------------------------------

    def _watch(self) -> None:
        told = self._fault
        self.context.on("page", lambda page: told(page.url, "another window"))
        self.page.on("request", self._asked)
        self.page.on("dialog", self._talked)
        self.page.on("download", lambda load: told("", f"downloads {load.url}"))
        self.page.on("pageerror", lambda error: told(self.page.url, f"raises {error}"))
        self.page.on("console", self._complained)

    def _talked(self, dialog: Dialog) -> None:
        self._fault("", f"a dialog: {dialog.message}")
        dialog.dismiss()

    def _complained(self, said: ConsoleMessage) -> None:
        if said.type == "error":
            self._fault(said.location.get("url", ""), f"complains: {said.text}")

    def _asked(self, request: Request) -> None:
        self.seen["requests"] += 1
        if not request.url.startswith((self.home, self.site)):
            self._fault(request.frame.url, f"asks for {request.url}")

    def _ran(self, source: Any, *_: object) -> None:
        self._fault(unquote(source["frame"].url), "a script ran")


_ANSWERED = """query => {
    const list = document.getElementById("search-results");
    return list.dataset.state === "done" && list.dataset.query === query;
}"""
_SETTLED = """() => {
    const { state } = document.getElementById("search-results").dataset;
    return state === "done" || state === "failed";
}"""
_OPEN_ALL = "() => document.querySelectorAll('details').forEach((each) => { each.open = true; })"


def pages(root: Path) -> list[str]:
    """The paths of all pages of a site, in order."""
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*.html"))
