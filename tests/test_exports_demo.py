"""The demo's exports, judged by bibtex itself and by reading them back."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Built, needs

SAME = ("id", "key", "type", "title", "authors", "year", "venue", "abstract", "doi", "arxiv")


@pytest.fixture(scope="module")
def papers_bib(demo: Built) -> str:
    """All papers' own .bib files (with abstracts), one after the other."""
    files = sorted((demo.out / "papers").glob("*.bib"))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


@pytest.mark.parametrize("style", ["plain", "alpha", "abbrv", "unsrt"])
def test_bibtex_reads_all_of_it(demo: Built, papers_bib: str, style: str, tmp_path: Path) -> None:
    """Exit 0 and as many items as entries, for the whole and for every paper's own file."""
    needs(shutil.which("bibtex"), "bibtex")
    (tmp_path / "papers.bib").write_text(papers_bib, encoding="utf-8")
    shutil.copy(demo.out / "bibliography.bib", tmp_path / "whole.bib")
    for name in ("papers", "whole"):
        aux = rf"\citation{{*}}\bibstyle{{{style}}}\bibdata{{{name}}}".replace("}\\", "}\n\\")
        (tmp_path / f"{name}.aux").write_text(aux + "\n", encoding="utf-8")
        done = subprocess.run(["bibtex", name], cwd=tmp_path, capture_output=True, check=False)
        items = (tmp_path / f"{name}.bbl").read_text(encoding="utf-8").count("\\bibitem")
        assert (done.returncode, items) == (0, 228), done.stdout.decode()


def test_reading_the_exports_gives_the_same_papers(
    demo: Built, papers_bib: str, make_site: Callable[..., Built]
) -> None:
    """A site made of the papers' own .bib files has the same papers, letter for letter."""
    again = make_site({"all.bib": papers_bib})
    wanted = {paper["id"]: {name: paper[name] for name in SAME} for paper in demo.papers()}
    found = {paper["id"]: {name: paper[name] for name in SAME} for paper in again.papers()}
    assert found == wanted


def test_exports_are_ascii_and_private(demo: Built) -> None:
    """LaTeX escapes for all that has one; no field that is only the owner's."""
    text = demo.read("bibliography.bib")
    assert text.isascii()
    assert not re.search(r"^\s*(unconfirmed|file|abstract)\s*=", text, re.M)


def test_an_owner_s_capitals_come_out_again(demo: Built) -> None:
    """What a .bib protects from the styles of BibTeX is protected in every export."""
    assert "title = {Deep {Aramaic}: Towards" in demo.read("bibliography.bib")


def test_a_list_s_bib_is_its_papers_entries(demo: Built) -> None:
    """What a list exports is each paper's entry as it stands in the whole."""
    whole = demo.read("bibliography.bib")
    part = demo.read("venues/icml.bib")
    entries = [entry for entry in part.split("\n\n") if entry.strip()]
    assert len(entries) > 5
    assert [entry for entry in entries if entry.strip() not in whole] == []
