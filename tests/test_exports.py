"""What is exported is read back as the same paper, by pybtex and by bibtex itself."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pybtex.database import Entry, parse_string

from generator import names, text
from generator.exports import (
    EXPORTERS,
    bibtex,
    departed_file,
    entry,
    exporter,
    list_file,
    own_file,
)
from generator.model import Name, Paper
from tests.conftest import needs
from tests.papers import BARE

PAPER = replace(
    BARE, id="smith-2020-deep", key="smith2020deep", type="inproceedings", title="Deep Things",
    authors=(Name("Smith", "Ann"),), year=2020,
    venue="International Conference on Machine Learning", abstract="We go deep.",
    tags=("deep-learning",),
)  # fmt: skip

HOSTILE = [
    "x},\n  note = {injected",
    "x}\n}\n@misc{evil, title = {evil}}",
    "@misc{evil, title = {evil}}",
    "\n@string{a = {b}}",
    "} @comment{",
    "{",
    "}",
    "}{",
    "\\",
    "\\}",
    "{\\",
    '"',
    '" # evil # "',
    "%",
    "$",
    "$x$}$y$",
    "$\\{x$ and {y",
    "a\x00b\x1bc\u2028d",
    "\ud800",
    "A and B and and",
    "a, b, c, d, e",
    ",",
    "and",
    "others",
]


def paper(**fields: Any) -> Paper:
    """A paper like `PAPER`, but for some fields; `details` may be a dict."""
    if isinstance(details := fields.get("details"), dict):
        fields["details"] = tuple(sorted(details.items()))
    return replace(PAPER, **fields)


def read(bib: str) -> dict[str, Entry]:
    """The entries of a .bib by key, as pybtex reads them when it is strict."""
    return dict(parse_string(bib, "bibtex").entries)


def one(**fields: Any) -> Entry:
    """The one entry that is the export of such a paper, abstract included."""
    entries = read(entry(paper(**fields), abstract=True))
    assert list(entries) == [fields.get("key", PAPER.key)]
    return next(iter(entries.values()))


def authors_of(read_entry: Entry) -> tuple[Name, ...]:
    """The authors of a parsed entry."""
    persons = read_entry.persons.get("author", [])
    return names.people(" and ".join(map(str, persons)))[0]


# --- the form -----------------------------------------------------------------------------------


def test_an_entry() -> None:
    """Fields come one a line in a fixed order, months are macros, pages have two hyphens."""
    bib = entry(
        paper(
            title="BERT and ﬁne-tuning: 50% of $\\alpha$ in Zürich",
            authors=(Name("van der Berg", "Jörg"), Name("OpenAI", group=True), names.OTHERS),
            doi="10.1000/a_b%20c",
            arxiv="2001.00001",
            keywords=("deep learning", "R&D"),
            details={
                "month": "7", "pages": "1–9", "url": "https://example.org/a_b?c=d&e#f~g",
                "volume": "12", "primaryclass": "cs.LG", "publisher": "PMLR",
            },
        ),
        abstract=False,
    )  # fmt: skip

    assert [line.split(" = ")[0].strip() for line in bib.splitlines()] == [
        "@inproceedings{smith2020deep,", "author", "title", "booktitle", "volume", "pages",
        "publisher", "month", "year", "doi", "eprint", "eprinttype", "archivePrefix",
        "primaryClass", "url", "keywords", "}",
    ]  # fmt: skip
    assert bib.isascii()
    for line in (
        "  month = jul,\n",
        "  pages = {1--9},\n",
        "  year = {2020},\n",
        "  doi = {10.1000/a_b%20c},\n",
        "  url = {https://example.org/a_b?c=d&e#f~g},\n",
        "  eprint = {2001.00001},\n  eprinttype = {arxiv},\n  archivePrefix = {arXiv},\n",
        "  primaryClass = {cs.LG},\n",
        "  keywords = {deep learning, R\\&D}\n}\n",
        " and {OpenAI} and others},\n",
    ):
        assert line in bib
    assert "{BERT}" in bib
    assert "\\%" in bib


@pytest.mark.parametrize(
    ("title", "protected", "written"),
    [
        ("Deep Bayesian Nets", "Deep {Bayesian} Nets", "Deep {Bayesian} Nets"),
        ("In New York", "In {New York}", "In {New York}"),
        ("A Whole Title", "{A Whole Title}", "{A Whole Title}"),
        ("BERT and LSTMs", "{BERT} and LSTMs", "{BERT} and {LSTMs}"),
        ("On BERT in Rome", "On {BERT in Rome}", "On {{BERT} in Rome}"),
        ("Gödel's R&D", "{Gödel}'s {R&D}", r"{G{\"o}del}'s {R\&D}"),
        ("A $x_{i}$ of Bayes", "A $x_{i}$ of {Bayes}", "A {$x_{i}$} of {Bayes}"),
        ("Of another", "{Of} a different one", "Of another"),
        ("Of braces", "{Of} }braces{", "Of braces"),
        ("Of braces", "{{Of} braces}", "Of braces"),
        ("\ufdd0x", "", "\ufdd0x"),
    ],
)
def test_what_an_owner_protects_stays_protected(title: str, protected: str, written: str) -> None:
    """His braces come out again beside ours; those that match no title are as if not there."""
    exported = paper(title=title, details={"protected": protected})
    bib = entry(exported, abstract=False)

    assert f"  title = {{{written}}}" in bib
    assert "protected" not in bib


@given(st.text("aB {}$x", max_size=12), st.text("aB {}$x", max_size=12))
def test_no_braces_of_an_owner_break_an_entry(title: str, protected: str) -> None:
    """Whatever is said to be protected, the entry is one and its title the same."""
    canonical = text.from_latex(text.to_latex(title))
    found = one(title=canonical, details={"protected": protected})
    assert text.from_latex(found.fields.get("title", "")) == canonical


@pytest.mark.parametrize("style", ["plain", "alpha", "abbrv", "unsrt"])
def test_bibtex_keeps_protected_capitals(tmp_path: Path, style: str) -> None:
    """bibtex lowers what is not in braces, in titles of articles, and leaves the rest alone."""
    needs(shutil.which("bibtex"), "bibtex")
    kept = paper(title="Deep Bayesian Nets", details={"protected": "Deep {Bayesian} Nets"})
    (tmp_path / "x.bib").write_text(entry(kept, abstract=False), encoding="utf-8")
    commands = f"\\citation{{*}}\n\\bibstyle{{{style}}}\n\\bibdata{{x}}\n"
    (tmp_path / "x.aux").write_text(commands, encoding="utf-8")
    subprocess.run(["bibtex", "x"], cwd=tmp_path, capture_output=True, check=True)
    assert "Deep {Bayesian} nets" in (tmp_path / "x.bbl").read_text(encoding="utf-8")


def test_a_paper_on_arxiv_alone() -> None:
    """A preprint is a @misc that prints its number, whatever journal it was said to be in."""
    for venue, kind in (("", "misc"), ("", "article"), ("CoRR", "article"),
                        ("arXiv preprint arXiv:2001.00001", "article")):  # fmt: skip
        found = one(type=kind, venue=venue, arxiv="2001.00001")

        assert found.type == "misc"
        assert found.fields["howpublished"] == "arXiv:2001.00001"
        assert found.fields["url"] == "https://arxiv.org/abs/2001.00001"
        assert "journal" not in found.fields


def test_a_published_paper_keeps_its_eprint() -> None:
    """A paper in proceedings names both them and its arXiv number."""
    found = one(arxiv="2001.00001")

    assert (found.type, found.fields["booktitle"]) == ("inproceedings", PAPER.venue)
    assert found.fields["eprint"] == "2001.00001"


@pytest.mark.parametrize(
    ("kind", "venue", "details", "expected", "field"),
    [
        ("article", "Nature", {}, "article", "journal"),
        ("article", "", {}, "misc", ""),
        ("inproceedings", "ICML", {}, "inproceedings", "booktitle"),
        ("inproceedings", "", {}, "misc", ""),
        ("incollection", "", {"booktitle": "A Book"}, "incollection", "booktitle"),
        ("inbook", "A Book", {}, "incollection", "booktitle"),
        ("inbook", "", {"chapter": "2"}, "inbook", "chapter"),
        ("phdthesis", "", {"school": "MIT"}, "phdthesis", "school"),
        ("phdthesis", "MIT", {}, "phdthesis", "school"),
        ("techreport", "", {"institution": "MIT"}, "techreport", "institution"),
        ("unpublished", "", {"note": "Draft"}, "unpublished", "note"),
        ("unpublished", "", {}, "misc", ""),
        ("misc", "A Workshop", {}, "misc", "booktitle"),
        ("software", "", {}, "misc", ""),
    ],
)
def test_types(kind: str, venue: str, details: dict[str, str], expected: str, field: str) -> None:
    """A type that lacks what BibTeX wants is a @misc; the venue goes where the type has it."""
    found = one(type=kind, venue=venue, details=details)

    assert found.type == expected
    if field:
        assert found.fields[field] == (details.get(field) or venue)


@pytest.mark.parametrize(
    ("authors", "written"),
    [
        ([Name("van der Berg", "Jan")], "van der Berg, Jan"),
        ([Name("King", "Martin Luther", "Jr.")], "King, Jr., Martin Luther"),
        ([Name("OpenAI", group=True)], "{OpenAI}"),
        ([Name("Barnes and Noble", group=True)], "{Barnes and Noble}"),
        ([Name("Plato")], "Plato"),
        ([Name("van Gogh")], "van Gogh"),
        ([Name("García Márquez")], "{Garc{\\'\\i}a M{\\'a}rquez}"),
        ([Name("Smith, Inc.", "A")], "{Smith, Inc.}, A"),
        ([Name("Smith", "Ann and Bo")], "Smith, {Ann and Bo}"),
        ([Name("李", "四")], "李, 四"),
        ([Name("Ramakrishnan", "IV")], "Ramakrishnan, {IV}"),
        ([Name("Smith", "Ann"), names.OTHERS], "Smith, Ann and others"),
    ],
)
def test_names(authors: list[Name], written: str) -> None:
    """A name is written so that BibTeX finds its parts again."""
    bib = entry(paper(authors=tuple(authors)), abstract=False)

    field = re.search("author = {(.*)},\n", bib)
    assert field
    assert text.from_latex(field[1]) == text.from_latex(written)
    assert field[1].count("{") >= written.count("{") - written.count("{\\")


def test_editors_are_names() -> None:
    """Editors, one text in a record, are written as names, which bibtex can take apart."""
    found = one(details={"editor": "Ann Smith, Bo Jones, Cy Brown, Di Black"})

    assert list(map(str, found.persons["editor"])) == [
        "Smith, Ann", "Jones, Bo", "Brown, Cy", "Black, Di",
    ]  # fmt: skip


def test_what_is_not_confirmed_is_exported() -> None:
    """What no source vouches for is marked on the page; the entry is whole and names no doubts."""
    assert entry(paper(unconfirmed=("authors", "venue")), abstract=False) == entry(
        paper(), abstract=False
    )


def test_private_fields_stay_private() -> None:
    """An owner's files and remarks are his; fields that refer to other entries would dangle."""
    private = str.split(
        "file annote annotation owner timestamp groups mendeley-tags bdsk-url-1 crossref "
        "unconfirmed __markedentry date-added comment Bad=Name"
    )
    found = one(details=dict.fromkeys([*private, "volume"], "secret"))

    assert set(found.fields) == {"title", "booktitle", "year", "volume", "abstract"}


def test_a_derived_title_says_so() -> None:
    """A title made from the abstract is exported, with a note beside what note there was."""
    assert "derived" in one(title_derived=True).fields["note"]
    assert one(title_derived=True, details={"note": "Oral"}).fields["note"].startswith("Oral; ")


def test_abstracts_when_wanted() -> None:
    """Lists leave the abstract out, a paper's own file has it."""
    assert "abstract" not in bibtex([PAPER], abstracts=False)
    assert "abstract = {We go deep.}" in bibtex([PAPER], abstracts=True)
    own = own_file(entry(PAPER, abstract=False), PAPER.abstract)
    assert own.decode() == bibtex([PAPER], abstracts=True)


def test_an_abstract_stands_in_its_place() -> None:
    """Last of the fields that have a place, before those that have none; with no field too."""
    found = one(details={"eventtitle": "A Meeting", "volume": "3"})
    assert list(found.fields)[-2:] == ["abstract", "eventtitle"]
    bare = paper(title="", authors=(), year=None, venue="", type="misc")
    assert entry(bare, abstract=True) == ("@misc{smith2020deep,\n  abstract = {We go deep.}\n}\n")


@pytest.mark.parametrize(
    "abstract", [f"x{end}  year = {{1}}{end}}}" for end in ("\n", ",\n", "\r")]
)
def test_an_abstract_cannot_end_its_entry(abstract: str) -> None:
    """Lines in a value are none in the file, so an entry can be taken apart by its lines."""
    hostile = paper(abstract=abstract, title=abstract, details=(("volume", abstract),))
    written = entry(hostile, abstract=True)
    lines = entry(hostile, abstract=False).splitlines()
    assert [line for line in written.splitlines() if "abstract = " not in line][:-2] == lines[:-2]
    assert len(written.splitlines()) == len(lines) + 1


def test_a_list_is_made_of_its_entries() -> None:
    """A list's file is what the exporter makes of its papers, and keeps their order."""
    papers = [paper(key=key) for key in ("b", "a")]
    made = list_file([entry(each, abstract=False) for each in papers])

    assert made.decode() == bibtex(papers, abstracts=False)
    assert list(read(made.decode())) == ["b", "a"]
    assert bibtex([], abstracts=True) == ""


def test_a_paper_that_is_gone() -> None:
    """What stands in place of a departed paper's .bib is a comment to BibTeX."""
    for target in ("", "smith-2020-deep"):
        said = departed_file(target).decode()

        assert target in said
        assert not read(said)


def test_formats_are_found_by_name() -> None:
    """Adding a format is one decorated function; it is then found like our own."""

    @exporter("titles", suffix=".txt", mime="text/plain")
    def titles(papers: Any, /, *, abstracts: bool) -> str:  # noqa: ARG001  # the shape of all exporters
        return "\n".join(each.title for each in papers)

    try:
        assert EXPORTERS["titles"].export([PAPER], abstracts=False) == "Deep Things"
    finally:
        del EXPORTERS["titles"]
    assert EXPORTERS["bibtex"].suffix == ".bib"
    assert EXPORTERS["bibtex"].export is bibtex


# --- nothing gets out of its field --------------------------------------------------------------


def poisoned(bad: str) -> Iterator[Paper]:
    """Papers with a hostile text in one field after another."""
    for field in ("title", "venue", "abstract", "doi", "arxiv", "type"):
        yield paper(**{field: bad})
    for field in ("keywords", "tags"):
        yield paper(**{field: (bad, "x")})
    for name in (Name(bad), Name(bad, "Ann"), Name("Smith", bad), Name("Smith", "Ann", bad),
                 Name(bad, group=True)):  # fmt: skip
        yield paper(authors=(name, Name("Jones", "Bo")))
    for field in ("note", "volume", "pages", "month", "url", "editor", "publisher", "eprint"):
        yield paper(details={field: bad})


@pytest.mark.parametrize("bad", HOSTILE)
def test_no_text_leaves_its_field(bad: str) -> None:
    """No text in any field makes another entry or field, or a line that begins with an @."""
    for poison in poisoned(bad):
        bib = entry(poison, abstract=True)
        entries = read(bib)
        known = {"note", "volume", "pages", "month", "url", "publisher", "eprint", "title", "year",
                 "booktitle", "abstract", "keywords", "doi", "eprinttype", "archiveprefix",
                 "howpublished"}  # fmt: skip

        assert list(entries) == [PAPER.key]
        assert {name.lower() for name in entries[PAPER.key].fields} <= known
        assert bib.count("\n@") == 0
        assert "evil" not in entries
        bib.encode()


@given(st.text(), st.sampled_from(range(len(list(poisoned(""))))))
def test_no_generated_text_leaves_its_field(bad: str, field: int) -> None:
    """What holds for the strings above holds for any."""
    poison = list(poisoned(bad))[field]

    assert list(read(entry(poison, abstract=True))) == [PAPER.key]


# --- what is written is read back ---------------------------------------------------------------

WORDS = [
    "graph", "BERT", "of", "a", "LSTMs", "iPhone", "C++", "C#", "50%", "R&D", "a_b", "#1", "x^2",
    "~ten", "naïve", "Łódź", "Straße", "Ørsted", "東京", "“quoted”", "don’t", "1–2", "—", "ﬁne",
    "$\\alpha$", "$x_{i}^2$", "e.g.,", "(and)", "[sic]", "@home", "and", "L'Hôpital", "a/b", "<b>",
    "\\$5", "{x}", "}", "{", "\\",
]  # fmt: skip
sentences = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(
    lambda words: text.from_latex(text.to_latex(" ".join(words)))
)
families = st.sampled_from(
    ["Smith", "van der Berg", "García Márquez", "O'Brien", "Łoś", "d'Aspremont", "de la Cruz", "李"]
)
given_names = st.sampled_from(["Ann", "J.-P.", "Mary Jane", "Šárka", "Xin", "四", "Jan and Jo"])
people = st.one_of(
    st.builds(Name, families, given_names, st.sampled_from(["", "Jr.", "III"])),
    st.builds(
        Name,
        st.sampled_from(["OpenAI", "Barnes and Noble", "A, B and C", "R&D Ltd."]),
        group=st.just(True),
    ),
)
papers = st.builds(
    paper,
    type=st.sampled_from(["article", "inproceedings", "misc", "phdthesis", "book", "techreport"]),
    title=sentences,
    venue=st.just("") | sentences,
    abstract=st.just("") | sentences,
    authors=st.lists(people, max_size=4).map(tuple),
    year=st.none() | st.integers(1900, 2030),
    doi=st.sampled_from(["", "10.1000/a_b%20c", "10.1000/(x)<y>;2-#"]),
    arxiv=st.sampled_from(["", "2001.00001", "math.GT/0309136"]),
    keywords=st.lists(sentences.map(lambda s: s.replace(",", "")), max_size=2).map(tuple),
    details=st.fixed_dictionaries(
        {},
        optional={
            "pages": st.sampled_from(["1–9", "e0299297", "173:1–173:65", "A1–A5"]),
            "month": st.integers(1, 12).map(str),
            "url": st.sampled_from(["https://example.org/a_b?c=d&e%20f#g~h"]),
            "editor": st.sampled_from(["Ann Smith", "Smith, Ann and Jones, Bo", "A, B, C, D, E"]),
            "note": sentences,
            "volume": st.integers(1, 99).map(str),
        },
    ),
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(papers)
def test_pybtex_reads_the_same_paper(exported: Paper) -> None:
    """What pybtex reads in an export is the paper: key, authors, title, year, venue, DOI."""
    found = read(entry(exported, abstract=True))[exported.key]
    fields = {name.lower(): value for name, value in found.fields.items()}
    places = ("journal", "booktitle", "school", "institution")
    venue = next((fields[name] for name in places if name in fields), "")

    assert authors_of(found) == exported.authors
    assert text.from_latex(fields["title"]) == exported.title
    assert fields.get("year", "") == (str(exported.year) if exported.year else "")
    assert text.from_latex(venue) == exported.venue
    assert fields.get("doi", "") == exported.doi
    assert fields.get("eprint", "") == exported.arxiv
    assert text.from_latex(fields.get("abstract", "")) == exported.abstract
    assert text.from_latex(fields.get("note", "")) == exported.detail("note")
    assert fields.get("url", "").startswith(exported.detail("url"))


@pytest.fixture
def bibtex_reads(tmp_path: Path) -> Callable[[str, str], int]:
    """Runs the program `bibtex` over a .bib and counts the items it makes of it."""
    if not shutil.which("bibtex"):
        if os.environ.get("CI") == "true":
            pytest.fail("bibtex is missing: install texlive-binaries")
        pytest.skip("bibtex is not installed")

    def run(bib: str, style: str) -> int:
        (tmp_path / "x.bib").write_text(bib, encoding="utf-8", newline="\n")
        commands = f"\\citation{{*}}\n\\bibstyle{{{style}}}\n\\bibdata{{x}}\n"
        (tmp_path / "x.aux").write_text(commands, encoding="utf-8")
        done = subprocess.run(["bibtex", "x"], cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout.decode(errors="replace")
        return (tmp_path / "x.bbl").read_bytes().count(b"\\bibitem")

    return run


def numbered(those: Sequence[Paper]) -> list[Paper]:
    """The papers under keys and in years that differ.

    `alpha` has no more labels than Smi20a to about Smi20z for one author and year.
    """
    return [replace(each, key=f"key{i}", year=1900 + i % 100) for i, each in enumerate(those)]


@pytest.mark.parametrize("style", ["plain", "alpha"])
def test_bibtex_reads_hostile_papers(bibtex_reads: Callable[[str, str], int], style: str) -> None:
    """bibtex itself makes one item of each entry, without an error, whatever stands in it."""
    hostile = numbered([each for bad in HOSTILE for each in poisoned(bad)])

    assert bibtex_reads(bibtex(hostile, abstracts=True), style) == len(hostile)


@pytest.mark.parametrize("style", ["plain", "alpha"])
@settings(
    deadline=None,
    max_examples=10,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(those=st.lists(papers, min_size=1, max_size=30))
def test_bibtex_reads_generated_papers(
    bibtex_reads: Callable[[str, str], int], style: str, those: list[Paper]
) -> None:
    """bibtex makes one item of each entry of any collection."""
    assert bibtex_reads(bibtex(numbered(those), abstracts=True), style) == len(those)


def test_bibtex_reads_very_many_authors(bibtex_reads: Callable[[str, str], int]) -> None:
    """An experiment's two thousand authors are one entry like any other."""
    crowd = tuple(Name(f"Family{i}", "Jörg") for i in range(2000))

    assert bibtex_reads(bibtex([paper(authors=crowd)], abstracts=True), "alpha") == 1
