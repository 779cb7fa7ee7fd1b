"""The demo collection: the seeds as they came, and references that belong to them."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest
from pybtex.database import BibliographyData, Entry, parse_file

from generator import text

CONTENT = Path(__file__).parent.parent / "content"

SEEDS = {
    "000_116cfdd93375ce12.txt": "6f460a9c3eef8c24a215c35ff8cec8251e277524afffb6b62baebeae7004cce9",
    "001_e8da3e4ec61a9dc8.txt": "8926f8882a08ed40f938df29402d8c7ec05226119518c419bf9b07fcd54cf1e4",
    "002_34f04db391677b0e.txt": "b8bc575d11da98375bd60aa4f67b55a4e234c606624f4ea4be7e58d3500f3167",
    "003_e181cff9f5487a70.txt": "015b417f5debda2568eef5a0148b4ad9cb6b9d7019f82f148c3fb9d226c015a2",
    "004_060d071d17833c35.txt": "3c19cc96c8a447f58f9abd14640cfbe55bb274d6e3d83a54f63a1d71578f1c22",
}


@cache
def references() -> BibliographyData:
    """The references, read by pybtex, which stops at the first error."""
    return parse_file(str(CONTENT / "references.bib"))


def entries() -> dict[str, Entry]:
    """The references by key."""
    return dict(references().entries.items())


@cache
def seed_lines() -> frozenset[str]:
    """Every line of the seeds, in its canonical form."""
    return frozenset(
        text.from_plain(line)
        for name in SEEDS
        for line in (CONTENT / name).read_text(encoding="utf-8").splitlines()
    )


@pytest.mark.parametrize(("name", "digest"), SEEDS.items())
def test_seed_is_unchanged(name: str, digest: str) -> None:
    """The seeds stand here byte for byte as they came."""
    assert sha256((CONTENT / name).read_bytes()).hexdigest() == digest


def test_every_paper_has_an_entry() -> None:
    """228 papers, sorted by key, no two keys alike but for case."""
    keys = list(entries())
    assert len(keys) == len({key.lower() for key in keys}) == 228
    assert keys == sorted(keys)


def test_entries_are_complete() -> None:
    """Each entry has a title, authors, a year, and its address on arXiv."""
    for key, entry in entries().items():
        assert entry.fields["title"], key
        assert entry.persons["author"], key
        assert len(entry.fields["year"]) == 4, key
        assert entry.fields["eprinttype"] == "arxiv", key


def test_abstracts_stand_in_the_seeds() -> None:
    """An abstract decodes to what a line of a seed says: 29 papers are known by nothing else."""
    strangers = [
        key
        for key, entry in entries().items()
        if text.from_latex(entry.fields["abstract"]) not in seed_lines()
    ]
    assert strangers == []


def test_every_record_of_the_seeds_has_an_entry() -> None:
    """The 250 records of the seeds are the long lines; each one's abstract is in an entry."""
    abstracts = {text.from_latex(entry.fields["abstract"]) for entry in entries().values()}
    long = [line for line in seed_lines() if len(line) > 200]
    assert [line for line in long if line not in abstracts] == []


def test_unconfirmed_fields_are_named() -> None:
    """What no public source shows is named so, in words the reader of .bib files knows."""
    named = [
        word.strip()
        for entry in entries().values()
        for word in entry.fields.get("unconfirmed", "").split(",")
        if word
    ]
    assert {word: named.count(word) for word in sorted(set(named))} == {
        "arxiv": 2,
        "author": 18,
        "title": 2,
        "venue": 4,
    }


@pytest.mark.skipif(not shutil.which("bibtex"), reason="bibtex (texlive-binaries) is not installed")
def test_bibtex_reads_it(tmp_path: Path) -> None:
    """The program itself makes an item of every entry, without an error."""
    aux = [r"\citation{*}", r"\bibstyle{plain}", rf"\bibdata{{{CONTENT / 'references'}}}"]
    (tmp_path / "x.aux").write_text("\n".join(aux) + "\n", encoding="utf-8")
    subprocess.run(["bibtex", "x"], cwd=tmp_path, check=True, capture_output=True)
    items = (tmp_path / "x.bbl").read_text(encoding="utf-8").count(r"\bibitem{")
    assert items == 228
