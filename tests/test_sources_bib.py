"""What only a few files show of the .bib reader: bombs, size, and the fields nobody may see."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest

from generator import sources
from generator.model import Record, SourceText
from generator.sources.fields import Raw, understand
from tests.timing import is_linear

CORPUS = Path(__file__).parents[2] / "shared" / "corpus" / "papers-10k.bib.xz"


def read(text: str) -> SourceText:
    """What a .bib file says."""
    return sources.read("a.bib", text.encode(), "bib")


def record(fields: str, kind: str = "misc") -> Record:
    """The record of an entry with these fields."""
    (found,) = read(f"@{kind}{{key, title = {{T}}, {fields}}}").records
    return found


@pytest.mark.parametrize(
    ("fields", "month"),
    [
        ("month = aug", "8"),
        ('month = "26--28~" # aug', "8"),
        ("month = {26--28 Aug}", "8"),
        ("month = {Sept.}", "9"),
        ("month = {July/August}", "7"),
        ("month = {29 Apr--01 May}", "4"),
        ("month = 08", "8"),
        ("month = {8}", "8"),
        ("date = {2020-08-01}", "8"),
        ("date = {2020-08/2020-09}", "8"),
        ("month = {Maybe}", ""),
        ("month = {13}", ""),
        (f"month = {{000000001{'0' * 5000}}}", ""),
        ("month = {summer}", ""),
        ("date = {2020-13}", ""),
    ],
)
def test_month(fields: str, month: str) -> None:
    """A month is a number, however it was written."""
    assert dict(record(fields).details).get("month", "") == month


@pytest.mark.parametrize(
    ("fields", "year"),
    [
        ("year = 2020", 2020),
        ("year = {{2020}}", 2020),
        ("year = {2020a}", 2020),
        ("year = {2019/2020}", 2019),
        ("year = {c. 1850}", 1850),
        ("year = {in press}", None),
        ("year = {20201}", None),
        ("year = {0020}", None),
        ("date = {2020~}", 2020),
        ("date = {/2020}", 2020),
        ("date = {2020-03-01/2021-01}", 2020),
        ("date = {199X}", None),
        ("date = {2020}, year = {1999}", 2020),
        ("date = {soon}, year = {1999}", 1999),
    ],
)
def test_year(fields: str, year: int | None) -> None:
    """A year is a number of four digits; biblatex's date goes before it."""
    assert record(fields).year == year


@pytest.mark.parametrize(
    ("value", "doi"),
    [
        ("10.1000/x", "10.1000/x"),
        ("https://doi.org/10.1000/x.", "10.1000/x"),
        ("http://dx.doi.org/10.1002/%28SICI%291", "10.1002/(SICI)1"),
        ("doi:10.1000/x(1)2", "10.1000/x(1)2"),
        ("(10.1000/x)", "10.1000/x"),
        (r"10.1000/a\_b{\_}c", "10.1000/a_b_c"),
        ("10.10/x", ""),
        ("n/a", ""),
    ],
)
def test_doi(value: str, doi: str) -> None:
    """A DOI is bare, whatever stood round it, or none."""
    assert record(f"doi = {{{value}}}").doi == doi


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://example.org/a_b", "https://example.org/a_b"),
        (r"https://example.org/a\_b\%20c\&d", "https://example.org/a_b%20c&d"),
        ("https://example.org/opac?id=1&amp;x=2", "https://example.org/opac?id=1&x=2"),
        (r"https://example.org/?id=1\&#38;x=2", "https://example.org/?id=1&x=2"),
        ("https://example.org/?a=1&amplitude=2", "https://example.org/?a=1&amplitude=2"),
        (r"\url{https://example.org/}", "https://example.org/"),
        ("HTTP://example.org/", "http://example.org/"),
        ("//example.org/", "https://example.org/"),
        ("www.example.org", "https://www.example.org"),
        ("mailto:ada@example.org", "mailto:ada@example.org"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("http://[", ""),
        ("http:", ""),
    ],
)
def test_url(url: str, kept: str) -> None:
    """Only addresses on the web, and of mail, become links."""
    found = record(f"url = {{{url}}}")
    assert [link.url for link in found.links] == [kept] * bool(kept)
    assert dict(found.details).get("url", "") == kept


def test_several_addresses_in_one_field() -> None:
    """Each of them is a link; the first is the paper's own."""
    found = record("url = {https://a.example/ https://b.example/}")
    assert [link.url for link in found.links] == ["https://a.example/", "https://b.example/"]
    assert dict(found.details)["url"] == "https://a.example/"


PRIVATE = (
    "file", "annote", "annotation", "owner", "timestamp", "groups", "mendeley-tags", "bdsk-file-1",
    "date-added", "date-modified", "urldate", "abstractnote", "review", "comment", "unknown-field",
)  # fmt: skip


@pytest.mark.parametrize("field", PRIVATE)
def test_private_fields_stay_private(field: str) -> None:
    """What a reference manager notes for its owner gets into no record."""
    assert "secret" not in repr(record(f"{field} = {{secret}}, url_pdf = {{https://a.example/}}"))


def test_string_bomb() -> None:
    """Strings that double each other 25 times over cost nothing but what they stand for."""
    lines = ['@string{a0 = "lol lol "}']
    lines += [f"@string{{a{i} = a{i - 1} # a{i - 1}}}" for i in range(1, 60)]
    text = read("\n".join([*lines, "@misc{x, title = {T}, note = a59}", "@misc{y, title = {U}}"]))
    assert [found.title for found in text.records] == ["T", "U"]
    assert len(repr(text)) < 100_000
    assert any("too long" in problem.message for problem in text.problems)


def test_very_long_field_is_cut() -> None:
    """Nobody's abstract has more than 100,000 characters."""
    text = read(f"@misc{{x, title = {{T}}, abstract = {{{'word ' * 30_000}}}}}")
    assert len(text.records[0].abstract) <= 100_000
    assert "abstract" in text.problems[0].message


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{" * 200_000, id="open braces"),
        pytest.param("@misc{a," * 25_000, id="entries in entries"),
        pytest.param("@misc{a,\n" * 22_000, id="entries in entries, by line"),
        pytest.param("@misc{a, t = {\n" * 13_000 + "}}\n" * 13_000, id="entries in fields"),
        pytest.param("@misc(a, t = " * 15_000, id="parentheses"),
        pytest.param("@misc(a\n" * 22_000, id="parentheses, by line"),
        pytest.param('@misc{a, title = "' + "{x}" * 60_000 + '"}', id="braces in quotes"),
        pytest.param("@misc{a, title = {" + "{" * 90 + "{x}" * 60_000 + "}" * 92, id="deep"),
        pytest.param("@misc{a, title = x" + " # x" * 50_000 + "}", id="concatenation"),
        pytest.param("@" * 200_000, id="at signs"),
        pytest.param("@ " * 100_000, id="at signs and spaces"),
        pytest.param("@misc" + " " * 200_000, id="spaces"),
        pytest.param("@misc{a, crossref = {a}, t = {" + "= " * 90_000 + "}}", id="equals signs"),
        pytest.param("%" * 200_000, id="comments"),
        pytest.param("\n" * 200_000, id="blank lines"),
        pytest.param(
            "".join(
                f"@misc{{k{i}, title = {{T}}, crossref = {{k{i + 1}}}}}\n" for i in range(4000)
            ),
            id="chain",
        ),
        pytest.param(
            "".join(f"@misc{{k{i}, xdata = {{{'k1,k2,k3,' * 9}}}}}\n" for i in range(1500)),
            id="web",
        ),
    ],
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    """All of it takes about sixteen times as long as a sixteenth of it, with its end in both."""
    assert is_linear(lambda size: read(text[:size] + text[-200:]), len(text) // 2)


@pytest.mark.skipif(not CORPUS.is_file(), reason="the corpus of 10,000 entries is not at hand")
def test_ten_thousand_real_entries() -> None:
    """All become records with a title; six author lists and 34 abstracts are worth a word."""
    text = sources.read("a.bib", lzma.decompress(CORPUS.read_bytes()), "bib")
    assert (len(text.records), len(text.quarantined), len(text.leftover)) == (10_000, 0, 0)
    assert all(found.title and found.authors and found.year for found in text.records)
    assert sum(problem.rule == "odd-names" for problem in text.problems) == 6
    assert sum(problem.rule == "latex-leftover" for problem in text.problems) == 34


@pytest.mark.parametrize(
    ("title", "protected"),
    [
        ("Deep {Bayesian} Nets", "Deep {Bayesian} Nets"),
        ("{D}eep {B}ayesian nets", "{Deep} {Bayesian} nets"),
        ("{S}elf{M}ix and {C}hinese", "SelfMix and {Chinese}"),
        ("{A Whole Title}", "{A Whole Title}"),
        ("In {New York} {city}", "In {New York} city"),
        (r"{G\"odel} and {\"O}rsted, \"{O}x, \emph{Drosophila}",
         "{Gödel} and Örsted, Öx, Drosophila"),
        ("{L}evenberg--{M}arquardt for $x_{I}$", "{Levenberg}–{Marquardt} for $x_{I}$"),
        ("{BERT} and {GAN}s", ""),
        ("Nothing of it", ""),
        ("\ue000{X}", ""),
    ],
)  # fmt: skip
def test_capitals_in_braces_are_remembered(title: str, protected: str) -> None:
    """By whole words, for exports; those that any export protects are not."""
    understood = understand(Raw("article", {"title": title})).record
    assert understood
    assert dict(understood.details).get("protected", "") == protected


@pytest.mark.parametrize(
    ("fields", "when"),
    [
        ({"date": "2020-07-04"}, ("7", "4")),
        ({"date": "2020-07-04/2020-07-09"}, ("7", "4")),
        ({"year": "2020", "month": "jul", "day": "04"}, ("7", "4")),
        ({"date": "2020", "month": "jul", "day": "4"}, ("7", "4")),
        ({"date": "2020-07-04", "month": "aug"}, ("8", None)),
        ({"year": "2020", "day": "4"}, (None, None)),
        ({"year": "2020", "month": "jul", "day": "32"}, ("7", None)),
    ],
)
def test_a_day_belongs_to_its_month(
    fields: dict[str, str], when: tuple[str | None, str | None]
) -> None:
    """It is known where biblatex's date or BibTeX's fields say it, and no other month does."""
    understood = understand(Raw("misc", {"title": "X", **fields})).record
    assert understood
    details = dict(understood.details)
    assert (details.get("month"), details.get("day")) == when


@pytest.mark.parametrize(
    ("date", "said"),
    [
        ("1905/1906", ["has a date that runs from 1905 to 1906; 1905 is kept"]),
        ("2020-12-30/2021-01-02", ["has a date that runs from 2020 to 2021; 2020 is kept"]),
        ("2020-07-04/2020-07-09", []),
        ("1905/", []),
    ],
)
def test_a_span_of_years_is_told_of(date: str, said: list[str]) -> None:
    """A paper has one year; that the other is lost is noted."""
    understood = understand(Raw("misc", {"title": "X", "date": date}))
    assert [remark.message for remark in understood.remarks] == said


@pytest.mark.parametrize(
    ("said", "kind"),
    [("software", "software"), ("movie", "video"), ("image", "artwork"), ("online", "misc")],
)
def test_what_csl_and_ris_know_is_no_misc(said: str, kind: str) -> None:
    """Biblatex's types of things that are no texts, under one name each."""
    assert record("year = 2020", said).type == kind


def test_a_patent_says_of_which_country() -> None:
    """In words, where biblatex has a key."""
    assert dict(record("type = {patentus}", "patent").details)["type"] == "U.S. patent"


def test_when_a_page_was_seen_is_kept() -> None:
    """biblatex's urldate, where it is a day."""
    understood = understand(Raw("misc", {"title": "X", "urldate": "2021-01-02"})).record
    assert understood
    assert ("urldate", "2021-01-02") in understood.details


def test_a_field_with_an_endless_name_is_left_out() -> None:
    """Its name would stand on the paper's page; the entry itself stays."""
    text = read(f"@misc{{a, title = {{T}}, url_{'t' * 1000} = {{http://a.b}}}}")
    assert [record.title for record in text.records] == ["T"]
    assert any("whose name has 1,004 characters; left out" in p.message for p in text.problems)


def test_an_abstract_of_a_letter_makes_no_paper() -> None:
    """Where there is no title either, nothing would be known of it."""
    assert not read("@misc{a, abstract = {A}}").records
