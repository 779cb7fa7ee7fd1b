"""A site of one page: the search page as it is published, with the index of a few papers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

from generator import theme
from generator.plan import SEARCH_SCRIPTS
from generator.search import Document, Facet, files
from tests.search_site import EMPTY

HOSTILE = Document(
    ref="hostile",
    title="<img src=x onerror=alert(1)> & survey",
    abstract="</script><script>alert(1)</script>",
    authors="<b>A</b>; B; C; D",
    tags="",
    venue="“V”",
    year="2020",
)
PAPERS = (
    *(
        replace(EMPTY, ref=f"p-{n:03}", title=f"Paper {n} on pruning", year=str(2010 + n % 12))
        for n in range(120)
    ),
    replace(EMPTY, ref="zeta", title="Zeta of quantization", year="2021"),
    replace(
        EMPTY, ref="alpha", title="Alpha of quantization", abstract="Pruned nets.", year="2001",
        standing="<i>Retracted</i>",
    ),
    HOSTILE,
)  # fmt: skip
EVEN = tuple(f"p-{n:03}" for n in range(0, 120, 2))
THIRD = tuple(f"p-{n:03}" for n in range(0, 120, 3))
FACETS = (
    Facet("tags", "even", "Even", EVEN),
    Facet("tags", "third", "<i>Third</i>", THIRD),
    *(Facet("authors", f"a-{n}", f"Author {n}", EVEN[n:]) for n in range(20)),
    Facet("venues", "v", "“V”", ("hostile",)),
)
BROWSE = SimpleNamespace(path="tags/index.html", name="Topics", count=2)
ENTRIES = {paper.ref: f"@misc{{{paper.ref},\n  title = {{é {paper.ref}}}\n}}\n" for paper in PAPERS}

MOVED = {"alpha-that-was": "alpha"}

ITEMS = {
    paper.ref: f'{{"id":"{paper.ref}","type":"document","title":"é {paper.ref}"}}'
    for paper in PAPERS
}


def write(
    folder: Path, papers: Iterable[Document] = PAPERS, facets: Iterable[Facet] = FACETS
) -> None:
    """Write search.html and all that it may load; papers lead nowhere."""
    look, _ = theme.load(None)
    index = files(papers, facets, ENTRIES, ITEMS, moved=MOVED)
    context = {
        "site": SimpleNamespace(language="en", title="Site", url="", author=""),
        "root": "",
        "path": "search.html",
        "here": "search",
        "title": "Search",
        "scripts": tuple(map(look.asset, SEARCH_SCRIPTS)),
        "head": index.head,
        "facets": (SimpleNamespace(heading="", refs=(BROWSE,)),),
    }
    outputs = dict(theme.outputs(look))
    outputs |= {output.path: output.make(*output.args) for output in index.outputs}
    outputs["search.html"] = theme.render(look, "search.html", context)
    for path, content in outputs.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
