"""Every page's HTML and CSS: by the Nu HTML checker, and by what its own policy promises."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from tests.judge.sites import Site
from tests.judge.tools import Tools
from tests.judge.verdict import Verdict, verdict

# The checker's parser is recursive; with Java's own stack long pages are too deep for it.
STACK = "-Xss4m"
OPTIONS = ("--errors-only", "--format", "json", "--stdout")
# Files by what they are: how the checker is told. In one run it would take scripts for pages.
KINDS = {"*.html": "--skip-non-html", "*.css": "--css", "*.svg": "--svg"}


def nu(site: Site, tools: Tools) -> Verdict:
    """Errors that the Nu HTML checker finds in pages, style sheets and images.

    Its warnings are left out: it takes the folder for another origin than the policy's 'self', and
    says so of every script.
    """
    faults: list[str] = []
    counts: list[str] = []
    for pattern, how in KINDS.items():
        files = sorted(site.folder.rglob(pattern))
        counts.append(f"{len(files):,} {pattern}")
        # Thousands of names are too many for one command; of pages it finds all in a folder.
        faults += errors(site, tools, how, [site.folder] if how.startswith("--skip") else files)
    return verdict(", ".join(counts), faults)


def errors(site: Site, tools: Tools, how: str, files: Iterable[Path]) -> list[str]:
    """What the checker says of some files of a site, which are of one of the `KINDS`."""
    program = [str(tools["java"]), STACK, "-jar", str(tools["vnu"])]
    return list(_said([*program, *OPTIONS, how, *map(str, files)], site))


def _said(command: list[str], site: Site) -> Iterator[str]:
    """The checker's messages as lines; where it did not answer, that."""
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    try:
        messages: list[dict[str, Any]] = json.loads(done.stdout)["messages"]
    except (ValueError, KeyError):
        yield f"no answer: {(done.stdout + done.stderr)[-200:]}"
        return
    for each in messages:
        path = each.get("url", "").rpartition(f"{site.folder.as_posix()}/")[2]
        yield f"{path}:{each.get('lastLine', 0)}: {each['message']}"


# --- the pages' own policy ----------------------------------------------------------------------

# What a page may carry in a <script> without `src`: it is data, which no browser runs.
DATA = frozenset({"application/ld+json", "application/json"})
POLICY = "content-security-policy"


def csp(site: Site, _: Tools) -> Verdict:
    """Pages that have no policy, have it too late, or have what it forbids."""
    faults = (f"{path}: {fault}" for path in site.pages for fault in against(site.read(path)))
    return verdict(f"{len(site.pages):,} pages", faults)


def against(html: str) -> Iterator[str]:
    """What in a page is against a policy that allows neither inline script nor inline style."""
    page = _Page()
    page.feed(html)
    if page.policy is None:
        yield "no Content-Security-Policy"
    elif unsafe := re.search(r"'unsafe-[a-z-]+'|(?<![-\w.])\*(?![.\w])", page.policy):
        yield f"its policy allows {unsafe[0]}"
    elif not re.search(r"(^|; *)(default|script)-src ", page.policy):
        yield "its policy says nothing of scripts"
    yield from page.faults


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.policy: str | None = None
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "meta" and values.get("http-equiv", "").lower() == POLICY:
            self.policy = values.get("content", "")
        # A policy does not hold for what stands before it.
        if tag in {"script", "link", "style", "body"} and self.policy is None:
            self.faults.append(f"<{tag}> before the policy")
        if tag == "style":
            self.faults.append("<style>")
        if tag == "script" and "src" not in values and values.get("type") not in DATA:
            self.faults.append("an inline script")
        for name, value in values.items():
            if name == "style" or name.startswith("on"):
                self.faults.append(f"<{tag} {name}>")
            if value.lstrip().lower().startswith("javascript:"):
                self.faults.append(f"<{tag} {name}> leads to a script")
