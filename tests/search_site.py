"""A search index of a few documents, written to a folder as a site has it."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from generator.search import Document, Facet, Files, files

ROOT = Path(__file__).resolve().parent.parent

EMPTY = Document("empty", "", "", "", "", "", "")
SEVERAL = (
    Document(
        "obrien-2020-survey",
        "A survey of C++ and 𝜸-rays: the ﬁrst",
        "We survey surveys. The key array decays, e.g., x86/64 😀 — isn't it?",
        "Can So; Flann O’Brien; Łukasz Müller; An Will",
        "survey; GPU kernels",
        "ICML",
        "2020",
    ),
    Document("tokyo-2021", "東京都の地図", "東京 𝒪(n) Müller naïve", "山田太郎", "", "", "2021"),
    Document("constructor", "__proto__ constructor", "toString 10 9 1e3", "", "", "NeurIPS", ""),
    EMPTY,
)


def paper(ref: str, title: str = "", **fields: str) -> Document:
    """A document of which most is not known."""
    return replace(EMPTY, ref=ref, title=title, **fields)


PAPERS = (
    paper("graphs", "Graph networks", abstract="A survey of deep learning on graphs."),
    paper("graph", "Graph neural networks: a survey", authors="Can So; Łukasz Müller"),
    paper(
        "cats",
        "A study of cats",
        abstract="Neural networks see graph after graph.",
        tags="survey",
        year="2020",
    ),
    paper(
        "theory",
        "A theory of representation learning",
        authors="Flann O'Brien",
        venue="ICML; International Conference on Machine Learning",
        year="2019",
    ),
    paper("tokyo", "東京都の地図", abstract="C++ and F#"),
)


FACETS = (
    Facet("tags", "graphs", "Graphs", ("graphs", "graph", "cats")),
    Facet("tags", "theory", "Theory", ("theory",)),
    Facet("authors", "can-so", "Can So", ("graph",)),
)


@cache
def seeds() -> tuple[Document, ...]:
    """The demo's sources as documents: any two lines that follow each other."""
    documents = []
    for path in sorted((ROOT / "content").glob("*.txt")):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        for number, (title, abstract) in enumerate(zip(lines[::2], lines[1::2], strict=False)):
            ref = f"p-{path.name[:3]}-{number}"
            documents.append(replace(EMPTY, ref=ref, title=title, abstract=abstract, year="2019"))
    return (*documents, *SEVERAL)


def write_index(
    folder: Path,
    documents: Sequence[Document],
    facets: Iterable[Facet] = (),
    entries: Mapping[str, str] | None = None,
    items: Mapping[str, str] | None = None,
) -> Files:
    """Write the files of an index below a folder."""
    made = files(documents, facets, entries or {}, items or {})
    for output in made.outputs:
        path = folder / output.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(output.make(*output.args))
    return made


def lunr_queries(documents: Sequence[Document], number: int) -> list[str]:
    """Queries of all Lunr's kinds over words of the documents, and some that are errors."""
    chance = random.Random(3)  # noqa: S311 - nothing secret
    vocabulary = sorted({w for d in documents for w in d.title.lower().split() if w.isalnum()})
    kinds = (
        "{0}", "{0} {1}", "{0} {1} {2}", "+{0} {1}", "+{0} +{1}", "{0} -{1}", "-{0}", "title:{0}",
        "title:{0} abstract:{1}", "+title:{0} -abstract:{1}", "{0}^5 {1}", "{0:.4}*", "*{0:.3}",
        "{0:.2}*{1:.1}", "{0}~1", "{0}~1 {1}^2", "year:2019 +{0}", "authors:can", "o'brien {0}",
        "{0}~", "nofield:{0}", "+", "c++ {0}", "ﬁrst 𝜸 {0}", "東京 Müller", "+— {0}", "+the {0}",
        "x86/64 {0}", "", "\\+{0}", "constructor __proto__", "e.g. {0}", "😀", "+title:the",
    )  # fmt: skip
    return [
        kinds[i % len(kinds)].format(*(chance.choice(vocabulary) for _ in range(3)))
        for i in range(number)
    ]
