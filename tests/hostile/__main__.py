"""Every hostile string in every field of every source, every page in a browser; a table of figures.

    python -m tests.hostile [--count N] [--only PART …] [--keep FOLDER]

Exit status 1 where anything was not as it should be. With `--count` so many strings of each list.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Browser

from tests.hostile import files, sites, trials
from tests.hostile.browser import chromium, pages
from tests.hostile.strings import NAMES, strings
from tests.hostile.trials import OWN
from tests.hostile.whole import Found, again, look_through, shapes, visiting

# Of so many faults of one part the text is shown.
SHOWN = 20
COLUMNS = ("strings", "builds", "records", "papers", "pages", "addresses", "queries", "faults")

Part = Callable[[Sequence[str], Path, Browser, set[str]], Found]


def together(values: Sequence[str], folder: Path, browser: Browser, known: set[str]) -> Found:
    """Each string in all fields of a record at once; papers and lists opened by themselves too."""

    def singly(path: str) -> bool:
        return path.startswith("papers/") or "/index" in f"/{path}"

    planted = tuple(sites.together(values))
    found = look_through(folder, browser, known, planted, queries=values, singly=singly)
    root = folder / "_site"
    papers = files.papers_of(root)
    found.faults += files.of_bibtex_itself(root, papers)
    found.faults += files.of_exports(folder, papers)
    found.faults += again(folder)
    return found


def apart(values: Sequence[str], folder: Path, browser: Browser, known: set[str]) -> Found:
    """Each string in each field of a record of its own."""
    planted = tuple(sites.apart(values))
    return look_through(folder, browser, known, planted, queries=(), singly=lambda _: False)


def of_trial(trial: trials.Try) -> Part:
    """The part of small sites: those that were built are opened, too."""

    def part(values: Sequence[str], folder: Path, browser: Browser, known: set[str]) -> Found:
        tried = trial(values, folder)
        found = Found({"builds": tried.builds}, tried.faults)
        found.faults += (fault for site in tried.sites for fault in files.of_names(site, OWN))
        paths = [
            f"{site.relative_to(folder)}/{page}"
            for site in tried.sites
            for page in pages(site)
            if _is_shown(page, len(tried.sites))
        ]
        with visiting(browser, folder, known) as visitor:
            for _ in visitor.frames(paths):
                pass
            found.faults += visitor.faults
            found.counts |= visitor.seen
        return found

    return part


def _is_shown(page: str, sites: int) -> bool:
    """Whether a page of one of so many sites is opened: of a few all, of many what differs.

    404.html asks of the site's own address, which some of them are told.
    """
    return page == "index.html" or page.startswith("papers/") or (sites < 50 and page != "404.html")


PARTS: dict[str, Part] = {
    "together": together,
    "apart": apart,
    "settings": of_trial(trials.settings),
    "ledgers": of_trial(trials.ledgers),
    "names": of_trial(trials.names),
    "encodings": of_trial(lambda _, folder: trials.encodings(folder)),
}
# These take a list at a time, the others all strings at once.
BY_LIST = frozenset({"together", "apart"})


def tasks(wanted: Sequence[str], count: int) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """What is to be tried: a part, the list it takes or nothing, and the strings."""
    for part in wanted:
        for name in NAMES if part in BY_LIST else [""]:
            values = [strings(each)[:count] for each in ([name] if name else NAMES)]
            yield part, name, tuple(dict.fromkeys(value for each in values for value in each))


def main() -> int:
    """Try it all, and print what happened."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="strings of each list")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--keep", type=Path, help="a folder in which the sites are left")
    given = parser.parse_args()
    failed = False
    print(f"{'':22}", *(f"{name:>9}" for name in COLUMNS), f"{'s':>6}")  # noqa: T201
    with tempfile.TemporaryDirectory() as scratch, chromium() as browser:
        folder = given.keep or Path(scratch)
        known = shapes(folder / "harmless", browser)
        for part, name, values in tasks(given.only, given.count):
            started = time.monotonic()
            found = PARTS[part](values, folder / part / name, browser, known)
            failed |= bool(found.faults)
            show(f"{part} {name}", len(values), found, time.monotonic() - started)
    return int(failed)


def show(name: str, strings: int, found: Found, seconds: float) -> None:
    """A row of the table, and below it what was wrong."""
    counts = {"builds": 1, "strings": strings, "faults": len(found.faults), **found.counts}
    row = (f"{counts.get(column, 0):9,}" for column in COLUMNS)
    print(f"{name:22}", *row, f"{seconds:6.0f}", flush=True)  # noqa: T201
    for fault in found.faults[:SHOWN]:
        print(f"    {fault[:400]}", flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
