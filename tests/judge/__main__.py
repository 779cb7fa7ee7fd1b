"""Sites, judged by the instruments of others: a line for each instrument and site.

    python -m tests.judge [--bib FILE] [--count N] [--only nu,axe] [--site WORD] [--lenient]

Judged are the demo, the demo at an address, its pages in German, and with `--bib` a sample of its
entries, 1,000 of them or `--count`, taken at even steps. What was found is told below each line;
the exit status is 1 where anything was. An instrument that gives no answer has found something,
too, and so has one that is not there, unless `--lenient`; the others go on.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Error as BrowserError

from tests.judge import bib, browser, feeds, html, lighthouse, links, tools
from tests.judge.sites import GERMAN, SAMPLE, Site, demo, german, lived_in, sample
from tests.judge.tools import Tools
from tests.judge.verdict import NoAnswerError, Verdict, verdict

SHOWN = 20
"""So many faults of one instrument and site are told; all of them are counted."""


@dataclass(frozen=True)
class Instrument:
    """What judges a site, and the tools it needs for that."""

    judge: Callable[[Site, Tools], Verdict]
    needs: tuple[str, ...] = ()
    in_german: bool = False
    """Whether the words of the interface matter to it."""


INSTRUMENTS: Mapping[str, Instrument] = {
    "csp": Instrument(html.csp, in_german=True),
    "feeds": Instrument(feeds.feeds),
    "bibtex": Instrument(bib.bibtex, ("bibtex",)),
    "biber": Instrument(bib.biber, ("biber",)),
    "pandoc": Instrument(bib.pandoc, ("pandoc",)),
    "lychee": Instrument(links.lychee, ("lychee",)),
    "nu": Instrument(html.nu, ("java", "vnu"), in_german=True),
    "console": Instrument(browser.console, ("chromium",), in_german=True),
    "axe": Instrument(browser.axe, ("chromium", "axe"), in_german=True),
    "lighthouse": Instrument(lighthouse.lighthouse, ("chromium", "node", "lighthouse")),
}

# How an instrument breaks off: it says nothing, does not start, says what is no JSON.
BROKEN = (NoAnswerError, BrowserError, OSError, ValueError)


def main(arguments: Sequence[str]) -> int:
    """Judge what the command line says; the exit status."""
    asked = _arguments(arguments)
    if trouble := tools.install():
        say(trouble)
    there = tools.there()
    found = 0
    with tempfile.TemporaryDirectory(prefix="bibpress-") as scratch:
        for site in _sites(Path(scratch), asked):
            for name in asked.only:
                if site.name == GERMAN and not INSTRUMENTS[name].in_german:
                    continue
                found += judged(name, site, there, lenient=asked.lenient)
    return int(found > 0)


def judged(name: str, site: Site, there: Tools, *, lenient: bool) -> int:
    """How many faults an instrument finds on a site; says them."""
    instrument = INSTRUMENTS[name]
    began = time.monotonic()
    if missing := [tool for tool in instrument.needs if tool not in there]:
        said = verdict(f"not there: {', '.join(missing)}", [] if lenient else ["not judged"])
    else:
        try:
            said = instrument.judge(site, there)
        except BROKEN as error:
            said = verdict("no answer", [f"{name}: {' '.join(str(error).split())}"])
    outcome = f"{len(said.faults):,} faults" if said.faults else "good" if not missing else "-"
    seconds = time.monotonic() - began
    say(f"{site.name:<17} {name:<11} {outcome:<12} {seconds:>6.1f} s  {said.judged}")
    for fault in said.faults[:SHOWN]:
        say(f"    {fault[:400]}")
    return len(said.faults)


def _sites(folder: Path, asked: argparse.Namespace) -> Iterator[Site]:
    """The sites that were asked for, built one by one."""
    wanted: dict[str, Callable[[Path], Site]] = {"demo": demo, "url": lived_in, "german": german}
    if asked.bib:
        wanted["sample"] = lambda place: sample(place, asked.bib, asked.count)
    for name, made in wanted.items():
        if asked.site in ("", name):
            yield made(folder / name)


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.judge",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--bib", type=Path, help="take a sample of this file's entries, too")
    parser.add_argument("--count", type=int, default=SAMPLE, help="how many of them")
    parser.add_argument("--only", type=_names, default=list(INSTRUMENTS), help="nu,axe")
    parser.add_argument("--site", default="", choices=("", "demo", "url", "german", "sample"))
    parser.add_argument("--lenient", action="store_true", help="let instruments be missing")
    return parser.parse_args(arguments)


def _names(said: str) -> list[str]:
    names = said.split(",")
    if unknown := [name for name in names if name not in INSTRUMENTS]:
        raise argparse.ArgumentTypeError(f"{unknown[0]} is none of {', '.join(INSTRUMENTS)}")
    return names


def say(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)  # noqa: T201 - this is a program


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
