"""Volumes that are records of their own: which papers stand in them, and in which order."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace

import pytest

from generator.model import Paper
from generator.volumes import contents, volumes
from tests.conftest import Built
from tests.papers import BARE

WHOLE = replace(BARE, id="w", type="proceedings", title="Proc. of Folding", year=2020)
PART = replace(BARE, id="p", type="inproceedings", title="A", year=2020, venue="Proc. of Folding")
FIRST = replace(WHOLE, details=(("volume", "1"),))
SECOND = replace(WHOLE, id="w2", details=(("volume", "2"),))


@pytest.mark.parametrize(
    ("papers", "volume"),
    [
        ((WHOLE, PART), "w"),
        ((replace(WHOLE, title="Proc. of FOLDING."), PART), "w"),
        ((replace(WHOLE, type="book"), replace(PART, type="incollection")), "w"),
        ((WHOLE, replace(PART, year=2021)), None),
        ((WHOLE, replace(PART, venue="Proc. of Napkins")), None),
        ((replace(WHOLE, type="article"), PART), None),
        ((WHOLE, replace(PART, type="article")), None),
        ((replace(WHOLE, title_derived=True), PART), None),
        ((WHOLE, replace(WHOLE, id="w2"), PART), None),
        ((FIRST, SECOND, replace(PART, details=(("volume", "2"),))), "w2"),
        ((PART,), None),
    ],
)
def test_which_volume_a_paper_stands_in(papers: tuple[Paper, ...], volume: str | None) -> None:
    """The one of its booktitle and year, where there is one and no doubt which."""
    assert volumes(papers).get("p") == volume


@pytest.mark.parametrize(
    ("pages", "order"),
    [
        (("20–29", "3–19", "100"), [1, 0, 2]),
        (("1–9", "xi–xx", "ix"), [2, 1, 0]),
        (("2:30–2:31", "12:1–12:9", "2:4"), [2, 0, 1]),
        (("", "S7", "A3"), [2, 1, 0]),
    ],
)
def test_the_order_within_a_volume(pages: tuple[str, ...], order: list[int]) -> None:
    """By first page as a number, front matter before it, what has none last."""
    papers = [replace(PART, id=f"p{i}", details=(("pages", p),)) for i, p in enumerate(pages)]
    found = contents(papers, {paper.id: "w" for paper in papers})["w"]
    assert [int(paper.id[1:]) for paper in found] == order


BIB = """
@proceedings{w, title = {Proceedings of Folding}, editor = {Ada Smith}, year = 2020}
@inproceedings{b, crossref = {w}, title = {Napkins}, author = {Bo Li}, pages = {10--19}}
@inproceedings{a, crossref = {w}, title = {Towels}, author = {Cy Young}, pages = {1--9}}
"""


def test_a_volume_lists_its_papers_and_they_lead_to_it(make_site: Callable[..., Built]) -> None:
    """In the order of pages, whatever their titles are."""
    site = make_site({"refs.bib": BIB})
    a, b, w = (site.paper(key)["id"] for key in "abw")
    whole = site.read(f"papers/{w}.html").partition("<h2>Contents</h2>")[2]
    assert 0 < whole.index(f"papers/{a}.html") < whole.index(f"papers/{b}.html")
    assert f'<a href="{w}.html">Proceedings of Folding</a>' in site.read(f"papers/{a}.html")


@pytest.mark.parametrize(
    "after",
    [
        BIB.replace("{1--9}", "{20--29}"),
        BIB.replace("Towels", "Table cloths"),
        BIB.partition("@inproceedings{b")[0],
        BIB.replace("{Proceedings of Folding}", "{Proceedings of Towels}"),
        BIB.replace("@proceedings{w", "@misc{w"),
    ],
)
def test_volumes_are_incremental(make_site: Callable[..., Built], after: str) -> None:
    """Other pages, another title, fewer papers, another volume or none: as if built anew."""
    site = make_site({"refs.bib": BIB})
    site.rebuild({"content/refs.bib": after})
    incremental = site.tree()
    shutil.rmtree(site.out)
    shutil.rmtree(site.folder / "._site.bibpress")
    site.rebuild()
    assert site.tree() == incremental
