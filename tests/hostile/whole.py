"""One large site made of strings, and all that must hold of it: of its files and in a browser."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Browser

from generator.text import to_plain
from tests.hostile import files, sites
from tests.hostile.browser import Look, Visitor, pages, shapes_anywhere
from tests.hostile.sites import Planted
from tests.hostile.strings import strings_of

HARMLESS = Path(__file__).with_name("harmless.txt")

# What is asked of a harmless site: something found, narrowed, mistyped, and not there.
QUERIES = ("paper", "shard papr", "nothinglike", "2020", "tag:planning", "journal", "good", "")

# Harmless files besides: what something is to be said of (no title, no record, an odd byte),
# papers of many years that share topics, so that there are plots and long lists, every other one
# with an abstract and in another language, and papers that are gone or lead to others, so that
# there is something changed.
FURTHER = {
    "content/untitled.txt": b"Abstract: This is what a paper says, and nobody says what it is.\n",
    "content/odd.bib": b"Not of an entry: \xff\n",
    "content/shared.bib": "".join(
        f"@article{{s{n}, title = {{Shared paper {n}}}, author = {{Author {n}, A. and Good, Ann}}, "
        f"journal = {{Journal of Plants {'ABC'[n % 3]}}}, year = {2000 + n}, "
        f"keywords = {{planning, learning, topic {n % 9}, topic {n % 10}, "
        f"a topic whose name takes room {n % 4}}}"
        f"{', abstract = {What the paper says.}, language = {ngerman}' if n % 2 else ''}}}\n"
        for n in range(30)
    ).encode()
    + b"@misc{named, title = {QuuxNet: a harmless net}, year = 2001}\n"
    + b"@misc{naming, title = {Of nets}, year = 2002, abstract = {It is built like QuuxNet.}}\n",
    "ledger.tsv": b"went-2020-away\t\tdoi:10.5555/gone\t\tgone\t2020-01-01\t2020-02-01\n"
    b"moved-2020-on\t\tdoi:10.5555/moved\t\t-> planted-note-1\t2020-01-01\t2020-02-01\n",
}

# Shapes that only collections have which are too large to be made here: of more findings than a
# page of one rule shows, of so many papers that the map of all shows topics.
LARGE = frozenset({
    " > html > body > main > section > div > p > code[]",
    " > html > body > main > section.chart > div > figure.map.plot > svg > g"
    " > text[dy text-anchor x y]",
    " > html > body > main > section.chart > div > figure.map.plot > svg > g"
    " > text.wide[dy text-anchor x y]",
})  # fmt: skip

Spread = Callable[[Iterable[str]], Iterable[Planted]]


@dataclass
class Found:
    """What was tried, in numbers, and all that was wrong."""

    counts: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def build(folder: Path, planted: Sequence[Planted]) -> dict[str, Any]:
    """Make a site folder of these records and build it by the command; what that reports."""
    sites.write(folder, planted)
    return _built(folder)


def again(folder: Path) -> Iterator[str]:
    """What differs when a site is built once more, from its sources and its ledger alone."""
    before = _bytes(folder)
    shutil.rmtree(folder / "._site.bibpress")
    _built(folder)
    after = _bytes(folder)
    if before != after:
        differ = [path for path in before | after if before.get(path) != after.get(path)]
        yield f"built once more {len(differ)} files are others: {sorted(differ)[:5]}"


def _bytes(folder: Path) -> dict[str, bytes]:
    found = (folder / "ledger.tsv", *(folder / "_site").rglob("*"))
    return {str(path): blake2b(path.read_bytes()).digest() for path in found if path.is_file()}


def _built(folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "generator", "build", str(folder), "--json"]
    ran = subprocess.run(command, capture_output=True, check=False)
    if ran.returncode:
        raise RuntimeError(ran.stderr.decode(errors="replace"))
    return dict(json.loads(ran.stdout))


def shapes(folder: Path, browser: Browser) -> set[str]:
    """The shapes of elements that pages of harmless sites have."""
    values = strings_of(HARMLESS)
    few = (Planted(1, "note", ("body",), values[0]),)
    for name, content in FURTHER.items():
        sites.lay(folder / "few" / name, content)
    sites.lay(folder / "bare/content/bare.md", b"---\ntitle: A thing\n---\n")
    known = {*LARGE}
    harmless = {"together": (*sites.together(values),), "few": few, "bare": ()}
    for name, planted in harmless.items():
        build(folder / name, planted)
        with visiting(browser, folder / name / "_site", known, learns=True) as visitor:
            for _ in visitor.frames(pages(visitor.root)):
                pass
            if name == "few":
                _search(visitor, QUERIES)
                visitor.visit("search.html", "?tag=planning&year=2000..2010")
                visitor.settled()
            known |= visitor.known
            if visitor.faults:
                raise RuntimeError(f"the harmless site is none: {visitor.faults[:5]}")
    return known


def look_through(
    folder: Path,
    browser: Browser,
    known: set[str],
    planted: Sequence[Planted],
    *,
    queries: Sequence[str],
    singly: Callable[[str], bool],
) -> Found:
    """All that is wrong with the site of these records.

    Every page is opened, those that `singly` chooses by themselves, the others in frames. The
    queries are typed into the search page and given to it in its address.
    """
    report = build(folder, planted)
    root = folder / "_site"
    papers = files.papers_of(root)
    found = Found({"records": report["records"], "papers": len(papers)})
    found.faults += of_report(report, planted)
    found.faults += files.of_folder(folder)
    found.faults += files.faults(root, papers)
    found.faults += files.changed(planted, papers)
    entries = set(_entries(root))
    with visiting(browser, root, known) as visitor:
        alone = {path for path in pages(root) if singly(path)}
        framed = [path for path in pages(root) if path not in alone]
        looks = ((path, visitor.visit(path)) for path in sorted(alone))
        for path, look in chain(looks, visitor.frames(framed)):
            found.faults += of_texts(path, look, papers, entries)
        found.faults += _search(visitor, queries, papers)
        found.faults += visitor.faults
        found.counts |= visitor.seen
    found.counts["queries"] = len(queries)
    return found


@contextmanager
def visiting(
    browser: Browser, root: Path, known: set[str], *, learns: bool = False
) -> Iterator[Visitor]:
    """A visitor of a site; its pages' own policy is switched off."""
    context = browser.new_context(bypass_csp=True)
    yield Visitor(context, root, sites.URL, known | shapes_anywhere(), learns)
    context.close()


# --- what must hold -----------------------------------------------------------------------------


def of_report(report: Mapping[str, Any], planted: Iterable[Planted]) -> Iterator[str]:
    """Records that are neither published nor told, and problems without a place."""
    if report["records"] != report["papers"] + report["merged"] + report["quarantined"]:
        yield "records are not papers, merged and quarantined ones"
    errors = [each for each in report["problems"] if each["severity"] == "error"]
    if len({(each["file"], each["line"]) for each in errors}) < report["quarantined"]:
        yield f"{report['quarantined']} records are left out and {len(errors)} errors told"
    for problem in report["problems"]:
        if not problem["file"] or (problem["severity"] == "error" and not problem["line"]):
            yield f"a problem without a place: {problem}"
    least = sum(record.form == "note" or sites.is_sound(record.value) for record in planted)
    if report["records"] < least:
        yield f"only {report['records']} records of {least} were seen"


def of_texts(path: str, look: Look, papers: files.Papers, entries: set[str]) -> Iterator[str]:
    """Texts on a paper's page that are not those of the data and of its .bib."""
    id_ = path.removeprefix("papers/").removesuffix(".html")
    if id_ not in papers or not path.startswith("papers/"):
        return
    title = to_plain(papers[id_]["title"])
    if look["heading"] is not None and look["heading"] != title:
        yield f"{path}: the heading is {look['heading']!r}, not {title!r}"
    if not look["title"].startswith(title):
        yield f"{path}: the window's title is {look['title']!r}, not {title!r}"
    # An entry that is too long to be shown (generator.pages.BIBTEX) is told of in one line.
    if look["entry"] not in entries and not _TOO_LONG.fullmatch(look["entry"]):
        yield f"{path}: shows another entry than the bibliography: {look['entry']!r}"
    if {look["linked"], look["cited"]} != {title}:
        yield f"{path}: programs read {look['linked']!r} and {look['cited']!r}, not {title!r}"
    yield from (f"{path}: {fault}" for fault in look["formats"])


_TOO_LONG = re.compile(r"% \d{2,},\d{3} characters, too many to be shown here: [^\n]*\n")


def _entries(root: Path) -> Iterator[str]:
    text = (root / "bibliography.bib").read_text(encoding="utf-8")
    first, *others = text.split("\n@")
    yield first.removesuffix("\n") + "\n"
    yield from (f"@{entry.removesuffix(chr(10))}\n" for entry in others)


def _search(
    visitor: Visitor, queries: Sequence[str], papers: files.Papers | None = None
) -> list[str]:
    """What the search page says that it should not; without papers their titles are not told."""
    visitor.begin_search()
    found = list(_other_titles(visitor, papers)) if papers else []
    for query in queries:
        if not re.search("[\ud800-\udfff]", query):
            visitor.search(query)
    for query in queries:
        part = quote(query, errors="replace")
        narrowed = f"tag={part}&author={part}&year={part}&sort={part}"
        visitor.visit("search.html", f"?q={part}&{narrowed}#papers={part}")
        visitor.settled()
    return found


def _other_titles(visitor: Visitor, papers: files.Papers) -> Iterator[str]:
    told = visitor.page.evaluate(
        "count => bibpress.index.hits(Array.from({length: count}, (_, i) => i))", len(papers)
    )
    for hit in told:
        if hit["title"] != to_plain(papers[hit["id"]]["title"]):
            yield f"search.html: {hit['id']} is called {hit['title']!r}"
    if len({hit["id"] for hit in told}) != len(papers):
        yield "search.html: knows other papers than the data"
    yield from (f"search.html: {fault}" for fault in visitor.page.evaluate(_MISFORMED, len(papers)))


_MISFORMED = """async (count) => {
    const items = await bibpress.index.items(Array.from({length: count}, (_, i) => i));
    return hostile.misformed(bibpress.cite, items);
}"""
