"""Every link with its fragment, followed by lychee: from disk, at a host's root, and below it."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.host import hosted
from tests.judge.sites import Site
from tests.judge.tools import Tools
from tests.judge.verdict import NoAnswerError, Verdict, verdict

PLACES = ("disk", "/", "/repo/")
FEWEST = 3
"""Links that a page has at least, on average; lychee that found fewer has not looked."""

# By default lychee spares a host, which on this machine is our own: twenty requests a second.
PACE = ("--host-request-interval", "0ms", "--host-concurrency", "32", "--max-concurrency", "32")
OPTIONS = ("--no-progress", "--include-fragments", "--format", "json", "--no-ignore", *PACE)


def lychee(site: Site, tools: Tools) -> Verdict:
    """Links that lead nowhere, wherever the site lies; links to other hosts are not followed."""
    faults: list[str] = []
    links = 0
    for place in PLACES:
        with at(site, place) as base:
            answer = _followed(site, base, tools)
        links += answer["successful"] + answer["errors"]
        faults += (f"{place}: {fault}" for fault in _broken(answer, base))
        if answer["successful"] < FEWEST * len(site.pages):
            faults.append(f"{place}: only {answer['successful']} links were found")
    return verdict(f"{links:,} links of {len(site.pages):,} pages in {len(PLACES)} places", faults)


@contextmanager
def at(site: Site, place: str) -> Iterator[str]:
    """The address of a site at one of the places, with its final slash."""
    if place == "disk":
        yield site.folder.as_uri() + "/"
        return
    with tempfile.TemporaryDirectory() as root:
        inner = place.strip("/")
        (Path(root) / (inner or "site")).symlink_to(site.folder)
        with hosted(Path(root) if inner else site.folder) as host:
            yield host.url + (f"{inner}/" if inner else "")


def _followed(site: Site, base: str, tools: Tools) -> dict[str, Any]:
    """Lychee's answer for all files of a site at an address.

    What the site believes to be its own address is followed at this one: so are canonical links,
    the sitemap and feeds.
    """
    start = f"^{re.escape(base)}"
    remap = ["--remap", f"^{re.escape(site.url)} {base}"] if site.url else []
    inputs = [base + path for path in (*site.pages, *site.files)]
    if base.startswith("file:"):
        inputs = [str(site.folder / path) for path in (*site.pages, *site.files)]
    with tempfile.TemporaryDirectory() as scratch:
        listed, said = Path(scratch, "inputs"), Path(scratch, "said.json")
        listed.write_text("\n".join(inputs) + "\n", encoding="utf-8")
        only = [
            "--exclude",
            ".*",
            "--include",
            start,
            "--include",
            f"^{re.escape(site.url or base)}",
        ]
        command = [str(tools["lychee"]), *OPTIONS, *only, *remap]
        done = subprocess.run(
            [*command, "--output", str(said), "--files-from", str(listed)],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if not said.is_file():
            raise NoAnswerError(done.stderr[-300:] or f"exit {done.returncode}")
        answer: dict[str, Any] = json.loads(said.read_text(encoding="utf-8"))
    return answer


def _broken(answer: dict[str, Any], base: str) -> Iterator[str]:
    for source, failures in answer["error_map"].items():
        for each in failures:
            status = each["status"].get("text", each["status"])
            yield f"{source.removeprefix(base)}: {each['url']}: {status}"
