"""The whole pipeline on one input: sources, ledger and settings in, every file of the site out.

An input is a site folder in one text: a line `==== NAME` begins each file. Edits may spoil these
lines as well; what stands below an unknown name belongs to the file before it.
"""

from __future__ import annotations

import json
import posixpath
import re
import shutil
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

from generator import sources
from generator.errors import ConfigError
from generator.load import Loaded, Means, Order, RefusedError, load
from generator.output import described
from generator.plan import plan
from tests.links import Site

FILES = ("content/refs.bib", "content/dump.txt", "content/note.md", "content/topics.toml",
         "content/papers.toml", "content/people.toml", "content/venues.toml", "bibpress.toml",
         "ledger.tsv")  # fmt: skip


def check(data: bytes) -> None:
    """Whatever a site folder holds, it becomes a whole site, or one of two errors says why not."""
    made = built(data)
    if made is None:
        return
    loaded, files = made
    report = loaded.report
    assert report.records == report.papers + report.merged + report.quarantined, report
    assert report.papers == len(loaded.library.papers) > 0, report
    for path, content in files.items():
        _check_file(path, content)
    _check_links(files)
    lines = files["data/papers.jsonl"].decode().splitlines()
    assert len(lines) == report.papers, "the API lacks a paper"
    again = sources.read("f.bib", files["bibliography.bib"], "bib")
    assert len(again.records) == report.papers, "an exported entry cannot be read again"
    assert not again.quarantined, again.problems
    if len(data) % 8 == 0:
        assert built(data) == (loaded, files), "the same input, other bytes"


def built(data: bytes) -> tuple[Loaded, dict[str, bytes]] | None:
    """What a site folder adds up to and every file of its site; None where it is refused."""
    folder = _folder()
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in parts(data).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    try:
        order = Order((folder,), folder / "_site", "2026-01-02", executor="inline")
        loaded = load(order, Means())
    except (RefusedError, ConfigError) as error:
        assert "\n" not in str(error), error
        return None
    outputs = list(described(plan(loaded)))
    files = {output.path: output.make(*output.args) for output in outputs}
    assert len({path.casefold() for path in files}) == len(outputs), "two outputs of one path"
    return loaded, files


def parts(data: bytes) -> dict[str, bytes]:
    """The files of a site folder in one text, by name; `content/` is always there."""
    found: dict[str, bytes] = {FILES[0]: b""}
    name = FILES[0]
    for line in data.splitlines(keepends=True):
        if line.startswith(b"==== ") and (said := line[5:].strip().decode("latin1")) in FILES:
            name = said
            found.setdefault(name, b"")
        else:
            found[name] += line
    return found


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="bibpress-fuzz-")) / "site"


# --- what every file has to be ------------------------------------------------------------------

_RECEIVED = re.compile(r"bibpress\.receive\('([^'\\]+)','((?:[^'\\\n\r]|\\[\\'nr])*)'\);\n")
_JSON_PARTS = ("head/", "entries/", "hits/", "authors/", "tags/", "venues/")


def _check_file(path: str, content: bytes) -> None:
    """A file can be read by what reads files of its kind."""
    text = content.decode()
    suffix = posixpath.splitext(path)[1]
    if suffix == ".html":
        assert text.startswith("<!doctype html>"), path
        assert text.rstrip().endswith("</html>"), path
        assert "\0" not in text, path
    elif suffix == ".json":
        json.loads(text)
    elif suffix == ".jsonl":
        for line in text.split("\n")[:-1]:
            json.loads(line)
    elif suffix in {".xml", ".svg"}:
        ElementTree.fromstring(text)  # noqa: S314  # it is what we made ourselves
    elif suffix == ".js" and path.startswith("search/"):
        _check_part(path, text)


def _check_part(path: str, text: str) -> None:
    """A part of the search index is one call with two texts, and JSON where it should be."""
    found = _RECEIVED.fullmatch(text)
    assert found, f"{path} is no part of an index: {text[:200]!r}"
    if found[1].startswith(_JSON_PARTS):
        json.loads(found[2].replace("\\'", "'").replace("\\\\", "\\"))


def _check_links(files: Mapping[str, bytes]) -> None:
    """Every link within the site leads to a file of it, and no id stands twice on a page.

    The page for what is not found, shown at any depth, has full addresses.
    """
    out = _folder() / "_site"
    for path, content in files.items():
        (out / path).parent.mkdir(parents=True, exist_ok=True)
        (out / path).write_bytes(content)
    faults = [fault for fault in Site(out).faults() if not fault.startswith("404.html:")]
    assert not faults, faults[:3]


# --- to begin with ------------------------------------------------------------------------------

_PROSE = (
    "We study how {} networks learn and show that they keep what they have learned once before, "
    "in ten cases out of twelve [1] and on all of the $n^2$ data (DATA) that there are for it."
)
SEEDS: tuple[bytes, ...] = (
    f"""==== content/refs.bib
@string{{jot = "Journal of Tests"}}
@article{{smith20, title = {{Sparse Networks: {{Why}} $O(n)$}}, author = {{Smith, Ada and Li, Bo}},
  year = 2020, journal = jot, volume = 3, doi = {{10.1000/x_y}}, keywords = {{pruning, sparse}},
  abstract = {{{_PROSE.format("sparse")}}}, url = {{https://example.org/a_b}}}}
@inproceedings{{li21, title = {{Deep Networks}}, author = {{Bo Li and others}}, date = {{2021-05}},
  booktitle = {{Proc. of the 38th Int. Conf. on Machine Learning (ICML)}}, eprint = {{2310.12340}},
  eprinttype = {{arxiv}}, abstract = {{{_PROSE.format("deep")} See Sparse Networks.}}}}
==== content/dump.txt
Dense Networks
{_PROSE.format("dense")}

Sparse Networks: Why O(n)
{_PROSE.format("sparse")}
==== content/note.md
---
title: Wide Networks
authors: [Ada Smith, {{name: Jo Roe}}]
year: 2022
tags: [pruning]
links: {{Code: "https://example.org/code"}}
---
Compare [@smith20] and **[@li21]**: `x`.

- [a link](https://example.org/)
==== content/topics.toml
[[topic]]
name = "Pruning"
phrases = ["sparse networks"]
==== bibpress.toml
title = "Papers"
url = "https://example.org/x/"
==== ledger.tsv
li-2021-deep\tli21\tid:li-2021-deep arxiv:2310.12340\tli2021\tlive\t2025-01-02\t2025-01-02
gone-one\tgone1\tid:gone-one\t\tgone\t2025-01-02\t2025-01-02
moved-one\t\tid:moved-one\t\t-> li-2021-deep\t2025-01-02\t2025-01-02
""".encode(),
    f"""==== content/refs.bib
@misc{{a, title = {{One}}, author = {{Roe, Jo}}, year = 2019}}
@misc{{b, title = {{One of them}}, author = {{Roe, Jo}}, year = 2020, abstract = {{{_PROSE}}}}}
@phdthesis{{c, title = {{Of {{\\"U}}n{{\\'i}}c{{\\o}}de}}, crossref = {{a}}, school = {{X}}}}
==== content/venues.toml
[[venue]]
name = "Journal of Tests"
==== content/people.toml
[[person]]
name = "Jo Roe"
variants = ["J. Roe"]
[[person]]
name = "Jo Roe"
slug = "jo-roe-2"
papers = ["b"]
==== content/papers.toml
same = [["a", "b"]]
apart = [["a", "c"]]
""".encode(),
    f"""==== content/dump.txt
Title: Labelled Networks
Authors: Ada Smith, Bo Li
Year: 2020
DOI: 10.1000/z
Abstract: {_PROSE.format("labelled")}

1. Numbered Networks
{_PROSE.format("numbered")}

2. Numbers Again
{_PROSE.format("other")}
==== content/note.md
---
doi: 10.1000/z
---
Only a body.
""".encode(),
)
