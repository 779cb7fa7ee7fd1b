"""Citations in the formats of others, in Python and in the browser alike."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from generator.cite import COLUMNS, Item, apa, csl, csv, ieee, item, published, ris, span
from generator.exports import EXPORTERS
from generator.identity import combine
from generator.model import Link, Name, Paper, Problem, Record
from generator.names import OTHERS
from generator.sources import csl as csl_reader
from generator.sources import ris as ris_reader
from generator.sources import table
from generator.sources.readers import Means
from tests.conftest import needs
from tests.papers import BARE

ADA, JAN, GROUP = Name("Lovelace", "Ada Mary"), Name("van Berg", "Jean-Luc"), Name("X", group=True)
PAPER = replace(
    BARE, id="a", key="lovelace2020", type="article", title="On $x^2$", authors=(ADA, JAN),
    year=2020, venue="Journal of Things", doi="10.1/x",
    details=(("month", "7"), ("volume", "3"), ("number", "4"), ("pages", "12–34")),
)  # fmt: skip
IN_PROCEEDINGS = replace(
    PAPER, type="inproceedings", venue="Proceedings of ICML", doi="",
    links=(Link("https://x.org/p", "PDF"),), details=(("publisher", "PMLR"), ("pages", "1-9")),
)  # fmt: skip
THESIS = replace(PAPER, type="phdthesis", venue="", details=(("school", "MIT"),), authors=(ADA,))
WHOLE = replace(
    PAPER, type="book", venue="",
    details=(("isbn", "7"), ("pagetotal", "345"), ("url", "https://x.org/p"), ("volumes", "2")),
)  # fmt: skip
REPORT = replace(
    PAPER, type="techreport", venue="", details=(("number", "TR-1"), ("institution", "MIT")), doi=""
)
PREPRINT = replace(
    PAPER, type="misc", venue="arXiv preprint arXiv:2001.00001", arxiv="2001.00001", doi="",
    details=(),
)  # fmt: skip
UNTITLED = replace(BARE, key="x", title="What?")
EDITED = replace(
    PAPER, type="incollection", venue="A Handbook", doi="", authors=(ADA,),
    details=(("edition", "Second"), ("editor", "Bo Jones and Di Black"), ("pages", "7"),
             ("publisher", "ACM"), ("volume", "3")),
)  # fmt: skip
VOLUME = replace(
    PAPER, type="book", venue="", doi="", authors=(),
    details=(("edition", "3rd ed."), ("editor", "Jones, Bo"), ("number", "12"),
             ("publisher", "ACM"), ("series", "LNCS")),
)  # fmt: skip
WORKING = replace(
    REPORT, details=(("institution", "MIT"), ("number", "7"), ("type", "Working Paper"))
)
PAGE = replace(
    UNTITLED, authors=(ADA,), year=2020, title="A page",
    links=(Link("https://x.org/", "Website"),),
    details=(("day", "4"), ("month", "7"), ("urldate", "2021-01-02")),
)  # fmt: skip

BOOK = replace(
    VOLUME, authors=(ADA,),
    details=(("address", "Berlin"), ("edition", "2. Aufl."), ("editor", "Jones, Bo"),
             ("publisher", "ACM"), ("translator", "Zohn, Harry")),
)  # fmt: skip
NUMBERED = replace(
    PAPER, doi="",
    details=(("eid", "e0123"), ("number", "1"), ("publisher", "PLoS"), ("volume", "3")),
)  # fmt: skip
NEWS = replace(
    PAPER, doi="", venue="The News", details=(("day", "4"), ("month", "3"), ("pages", "A-12"))
)
BANK = replace(
    REPORT, authors=(Name("World Bank", group=True),),
    details=(("institution", "World Bank"), ("number", "7"), ("pages", "45")),
)  # fmt: skip

MADE = replace(THESIS, type="misc", details=(("publisher", "Zenodo"), ("version", "1.2")))

# A paper, how APA has it, how IEEE has it.
LINES = {
    "article": (PAPER,
        "Lovelace, A. M., & van Berg, J.-L. (2020). On x^2. Journal of Things, 3(4), 12–34. "
        "https://doi.org/10.1/x",
        "A. M. Lovelace and J.-L. van Berg, “On x^2,” Journal of Things, vol. 3, no. 4, pp. 12–34, "
        "July 2020, doi: 10.1/x."),
    "proceedings": (IN_PROCEEDINGS,
        "Lovelace, A. M., & van Berg, J.-L. (2020). On x^2. In Proceedings of ICML (pp. 1–9). "
        "PMLR. https://x.org/p",
        "A. M. Lovelace and J.-L. van Berg, “On x^2,” in Proceedings of ICML, PMLR, 2020, pp. 1–9. "
        "[Online]. Available: https://x.org/p"),
    "thesis": (THESIS,
        "Lovelace, A. M. (2020). On x^2 [PhD thesis, MIT]. https://doi.org/10.1/x",
        "A. M. Lovelace, “On x^2,” PhD thesis, MIT, 2020, doi: 10.1/x."),
    "report": (REPORT,
        "Lovelace, A. M., & van Berg, J.-L. (2020). On x^2 (No. TR-1). MIT.",
        "A. M. Lovelace and J.-L. van Berg, “On x^2,” MIT, Rep. TR-1, 2020."),
    "preprint": (PREPRINT,
        "Lovelace, A. M., & van Berg, J.-L. (2020). On x^2 (arXiv:2001.00001). arXiv. "
        "https://arxiv.org/abs/2001.00001",
        "A. M. Lovelace and J.-L. van Berg, “On x^2,” arXiv:2001.00001, 2020. [Online]. Available: "
        "https://arxiv.org/abs/2001.00001"),
    "next to nothing": (UNTITLED, "What? (n.d.).", "“What?”"),
    "still to come": (replace(UNTITLED, details=(("pubstate", "inpress"),)),
        "What? (in press).", "“What?”"),
    "editors of the whole": (EDITED,
        "Lovelace, A. M. (2020). On x^2. In B. Jones & D. Black (Eds.), A Handbook (2nd ed., "
        "Vol. 3, p. 7). ACM.",
        "A. M. Lovelace, “On x^2,” in A Handbook, B. Jones and D. Black, Eds., 2nd ed., vol. 3. "
        "ACM, 2020, p. 7."),
    "editors alone": (VOLUME,
        "Jones, B. (Ed.). (2020). On x^2 (3rd ed.). ACM.",
        "B. Jones, Ed., On x^2, 3rd ed. ACM, 2020."),
    "a book with a part of others in it": (BOOK,
        "Lovelace, A. M. (2020). On x^2 (B. Jones, Ed.; H. Zohn, Trans.; 2nd ed.). ACM.",
        "A. M. Lovelace, On x^2, B. Jones, Ed., H. Zohn, Trans., 2nd ed. Berlin: ACM, 2020."),
    "a book and no more": (replace(BOOK, details=(("publisher", "ACM"),)),
        "Lovelace, A. M. (2020). On x^2. ACM.",
        "A. M. Lovelace, On x^2. ACM, 2020."),
    "a translated chapter": (
        replace(EDITED, title="On “x”", details=(("pages", "S1-S9, 12-14"), *BOOK.details[:1],
                                                 *BOOK.details[-2:])),
        "Lovelace, A. M. (2020). On “x” (H. Zohn, Trans.). In A Handbook (pp. S1–S9, 12–14). ACM.",
        "A. M. Lovelace, “On ‘x’,” in A Handbook, H. Zohn, Trans. Berlin: ACM, 2020, "
        "pp. S1–S9, 12–14."),
    "an article without pages": (NUMBERED,
        "Lovelace, A. M., & van Berg, J.-L. (2020). On x^2. Journal of Things, 3(1), "
        "Article e0123.",
        "A. M. Lovelace and J.-L. van Berg, “On x^2,” Journal of Things, vol. 3, no. 1, "
        "Art. no. e0123, 2020."),
    "a numbered paper of proceedings": (
        replace(IN_PROCEEDINGS, links=(), details=(("eid", "17"), ("pages", "1–25"))),
        "Lovelace, A. M., & van Berg, J.-L. (2020). On x^2. In Proceedings of ICML (Article 17).",
        "A. M. Lovelace and J.-L. van Berg, “On x^2,” in Proceedings of ICML, 2020, Art. no. 17."),
    "an article of a day": (NEWS,
        "Lovelace, A. M., & van Berg, J.-L. (2020, March 4). On x^2. The News, A-12.",
        "A. M. Lovelace and J.-L. van Berg, “On x^2,” The News, p. A-12, Mar. 4, 2020."),
    "an article of a day in a volume": (replace(NEWS, details=(*NEWS.details, ("volume", "3"))),
        "Lovelace, A. M., & van Berg, J.-L. (2020). On x^2. The News, 3, A-12.",
        "A. M. Lovelace and J.-L. van Berg, “On x^2,” The News, vol. 3, p. A-12, Mar. 2020."),
    "published by its author": (BANK,
        "World Bank. (2020). On x^2 (No. 7).",
        "World Bank, “On x^2,” World Bank, Rep. 7, 2020."),
    "proceedings of a meeting": (
        replace(VOLUME, type="proceedings", venue="ICML 2020", details=(("publisher", "ACM"),)),
        "On x^2. (2020). ACM.",
        "On x^2. ACM, 2020."),
    "a preprint elsewhere": (
        replace(PREPRINT, arxiv="", venue="bioRxiv", details=(("type", "preprint"),)),
        "Lovelace, A. M., & van Berg, J.-L. (2020). On x^2 [preprint]. bioRxiv.",
        "A. M. Lovelace and J.-L. van Berg, “On x^2,” preprint, bioRxiv, 2020."),
    "a DOI beside an address": (
        replace(THESIS, details=(("school", "MIT"), ("url", "https://x.org/p"))),
        "Lovelace, A. M. (2020). On x^2 [PhD thesis, MIT]. https://doi.org/10.1/x",
        "A. M. Lovelace, “On x^2,” PhD thesis, MIT, 2020, doi: 10.1/x."),
    "a kind of report": (WORKING,
        "Lovelace, A. M., & van Berg, J.-L. (2020). On x^2 (Working Paper No. 7). MIT.",
        "A. M. Lovelace and J.-L. van Berg, “On x^2,” MIT, Working Paper 7, 2020."),
    "a kind of thesis": (replace(THESIS, details=(("school", "MIT"), ("type", "Diploma thesis"))),
        "Lovelace, A. M. (2020). On x^2 [Diploma thesis, MIT]. https://doi.org/10.1/x",
        "A. M. Lovelace, “On x^2,” Diploma thesis, MIT, 2020, doi: 10.1/x."),
    "a page of the web": (PAGE,
        "Lovelace, A. M. (2020, July 4). A page. Retrieved January 2, 2021, from https://x.org/",
        "A. M. Lovelace, “A page,” July 4, 2020. Accessed: Jan. 2, 2021. [Online]. Available: "
        "https://x.org/"),
    "names in CJK": (replace(THESIS, authors=(Name("李", "四"), Name("김", "철수"), ADA)),
        "李四, 김철수, & Lovelace, A. M. (2020). On x^2 [PhD thesis, MIT]. https://doi.org/10.1/x",
        "李四, 김철수, and A. M. Lovelace, “On x^2,” PhD thesis, MIT, 2020, doi: 10.1/x."),
    "a dataset": (replace(MADE, type="dataset"),
        "Lovelace, A. M. (2020). On x^2 (Version 1.2) [Data set]. Zenodo. https://doi.org/10.1/x",
        "A. M. Lovelace, “On x^2,” Version 1.2, Data set, Zenodo, 2020, doi: 10.1/x."),
    "a program": (replace(MADE, type="software", details=(*MADE.details, ("number", "7"))),
        "Lovelace, A. M. (2020). On x^2 (Version 1.2, Computer software No. 7). Zenodo. "
        "https://doi.org/10.1/x",
        "A. M. Lovelace, “On x^2,” Version 1.2, Zenodo, Computer software 7, 2020, doi: 10.1/x."),
    "a patent": (replace(MADE, type="patent", doi="", details=(("number", "US1234"),)),
        "Lovelace, A. M. (2020). On x^2 (Patent No. US1234).",
        "A. M. Lovelace, “On x^2,” Patent US1234, 2020."),
    "a patent of a country": (
        replace(MADE, type="patent", doi="",
                details=(("number", "1,234"), ("type", "U.S. Patent"))),
        "Lovelace, A. M. (2020). On x^2 (U.S. Patent No. 1,234).",
        "A. M. Lovelace, “On x^2,” U.S. Patent 1,234, 2020."),
    "a group, and others": (replace(THESIS, authors=(GROUP, OTHERS)),
        "X, et al. (2020). On x^2 [PhD thesis, MIT]. https://doi.org/10.1/x",
        "X et al., “On x^2,” PhD thesis, MIT, 2020, doi: 10.1/x."),
}  # fmt: skip


@pytest.mark.parametrize(("paper", "expected"), [case[:2] for case in LINES.values()], ids=LINES)
def test_apa(paper: Paper, expected: str) -> None:
    """Authors, year, title, where it appeared and where it is, as the Publication Manual has it."""
    assert apa([item(paper)]) == f"{expected}\n"


@pytest.mark.parametrize(("paper", "expected"), [case[::2] for case in LINES.values()], ids=LINES)
def test_ieee(paper: Paper, expected: str) -> None:
    """Authors, title, where it appeared, when and where it is, as the Reference Guide has it."""
    assert ieee([item(paper)]) == f"[1] {expected}\n"


@pytest.mark.parametrize(
    ("count", "end"), [(20, "A18, A19, & A20. (2020)."), (21, "A18, A19, . . . A21. (2020).")]
)
def test_apa_names_twenty_authors(count: int, end: str) -> None:
    """Of more than twenty, the first nineteen and the last."""
    authors = tuple(Name(f"A{number}", "") for number in range(1, count + 1))
    assert end in apa([item(replace(PAPER, authors=authors))])


@pytest.mark.parametrize(
    ("given", "short"),
    [("M.L.", "M. L."), ("Jean-Luc M.", "J.-L. M."), ("J.-P.", "J.-P."), ("-", ""), ("Ada", "A.")],
)
def test_given_names_become_initials(given: str, short: str) -> None:
    """Joined initials are several, a double name keeps its hyphen, a lone hyphen is none."""
    line = apa([item(replace(THESIS, authors=(Name("King", given),)))])
    assert line.startswith(", ".join(filter(None, ("King", short))).rstrip(".") + ". (2020)")


@pytest.mark.parametrize(
    ("pages", "first", "last"),
    [("7", "7", ""), ("7--9", "7", "9"), ("7-9", "7", "9"), ("1—9", "1", "9"), ("", "", ""),
     ("A-1--A-9", "A-1", "A-9"), ("1-2, 5-6", "1–2, 5–6", ""), ("e7", "e7", ""),
     ("A-12", "A-12", ""), ("S1-S9, 12-14", "S1–S9, 12–14", ""), ("S1-S9", "S1", "S9"),
     ("18:1-18:25", "18:1", "18:25"), ("iv - xii", "iv", "xii"), ("C-12", "C-12", "")],
)  # fmt: skip
def test_pages_are_parted_at_their_dash(pages: str, first: str, last: str) -> None:
    """A page may be called A-1, and of several spans none is the one."""
    assert span(pages) == (first, last)


def test_ieee_names_six_authors() -> None:
    """Of more than six, the first."""
    authors = tuple(Name(f"A{number}", "B") for number in range(1, 8))
    assert "[1] B. A1 et al., “" in ieee([item(replace(PAPER, authors=authors))])
    assert "B. A5, and B. A6, “" in ieee([item(replace(PAPER, authors=authors[:6]))])


def test_ris_is_read_by_its_tags() -> None:
    """Two letters, two blanks, a hyphen, CRLF; the type first, the end last, authors one a line."""
    assert ris([item(PAPER, abstract=True), item(UNTITLED)]).split("\r\n") == [
        "TY  - JOUR", "ID  - lovelace2020", "TI  - On x^2", "AU  - Lovelace, Ada Mary",
        "AU  - van Berg, Jean-Luc", "PY  - 2020", "DA  - 2020/07", "T2  - Journal of Things",
        "VL  - 3", "IS  - 4", "SP  - 12", "EP  - 34", "DO  - 10.1/x", "ER  - ",
        "TY  - GEN", "ID  - x", "TI  - What?", "ER  - ", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("paper", "lines"),
    [
        (EDITED, ["TY  - CHAP", "A2  - Jones, Bo", "A2  - Black, Di", "ET  - 2"]),
        (VOLUME, ["TY  - BOOK", "ED  - Jones, Bo"]),
        (
            IN_PROCEEDINGS,
            ["TY  - CPAPER", "T2  - Proceedings of ICML", "C3  - Proceedings of ICML"],
        ),
        (REPORT, ["TY  - RPRT", "SN  - TR-1"]),
        (WORKING, ["M3  - Working Paper", "SN  - 7"]),
        (NUMBERED, ["IS  - 1", "SP  - e0123", "C7  - e0123"]),
        (BOOK, ["ED  - Jones, Bo", "A4  - Zohn, Harry", "ET  - 2"]),
        (WHOLE, ["NV  - 2", "SP  - 345", "SN  - 7", "UR  - https://x.org/p"]),
        (PAGE, ["TY  - ELEC", "DA  - 2020/07/04", "Y2  - 2021/01/02", "UR  - https://x.org/"]),
        (replace(THESIS, authors=(Name("李", "四"),)), ["AU  - 李, 四"]),
    ],
)
def test_ris_names_things_as_zotero_and_endnote_do(paper: Paper, lines: list[str]) -> None:
    """Each value under the tag that its readers have for it."""
    assert [line for line in ris([item(paper)]).split("\r\n") if line in lines] == lines


@pytest.mark.parametrize(
    ("paper", "said"),
    [
        (EDITED, {"type": "chapter", "edition": "2", "volume": "3",
                  "editor": [{"family": "Jones", "given": "Bo"},
                             {"family": "Black", "given": "Di"}]}),
        (VOLUME, {"type": "book", "edition": "3", "collection-title": "LNCS",
                  "collection-number": "12"}),
        (REPORT, {"type": "report", "number": "TR-1", "publisher": "MIT"}),
        (WORKING, {"genre": "Working Paper"}),
        (PAGE, {"type": "webpage", "issued": {"date-parts": [[2020, 7, 4]]},
                "accessed": {"date-parts": [[2021, 1, 2]]}, "URL": "https://x.org/"}),
        (replace(THESIS, authors=(Name("李", "四"),)),
         {"author": [{"family": "李", "given": "四"}]}),
        (replace(PAGE, details=(("howpublished", "Blog"),)), {"publisher": "Blog"}),
        (replace(PAGE, doi="10.1/x"), {"type": "document"}),
        (replace(PAGE, venue="A site"), {"type": "webpage", "container-title": "A site"}),
        (replace(PAGE, venue="A site", details=()), {"type": "document"}),
        (replace(PREPRINT, arxiv="", venue="bioRxiv"), {"type": "article", "publisher": "bioRxiv",
                                                        "container-title": None}),
        (replace(PREPRINT, arxiv="", venue="", details=(("type", "Preprint"),)),
         {"type": "article"}),
        (replace(PREPRINT, venue="A workshop"), {"type": "article", "container-title": "A workshop",
                                                 "publisher": None}),
        (replace(PAPER, details=(("eid", "e1"), ("pmid", "55"))), {"number": "e1", "PMID": "55"}),
        (replace(PAPER, details=(("eid", "e1"), ("pages", "e1"))), {"number": "e1", "page": None}),
        (replace(PAPER, details=(("url", "https://x.org/p"),)), {"URL": "https://x.org/p"}),
        (replace(PAPER, details=(("url", "http://dx.doi.org/10.1/x"),)), {"URL": None}),
        (WHOLE, {"number-of-volumes": "2", "number-of-pages": "345", "page": None}),
        (BANK, {"number-of-pages": "45", "page": None}),
        (replace(BANK, details=(("pages", "xii, 345 p."),)), {"number-of-pages": "xii, 345 p."}),
        (replace(BANK, details=(("pages", "3-45"),)), {"page": "3–45"}),
        (replace(EDITED, details=(("bookauthor", "Eco, Umberto"),)),
         {"container-author": [{"family": "Eco", "given": "Umberto"}], "editor": None}),
        (replace(VOLUME, type="proceedings", venue="ICML 2020"),
         {"event-title": "ICML 2020", "container-title": None}),
        (replace(MADE, type="patent", details=(("address", "countryde"),)),
         {"publisher-place": "Germany"}),
    ],
)  # fmt: skip
def test_csl_has_a_variable_for_each_detail(paper: Paper, said: dict[str, Any]) -> None:
    """A number is the report's, the issue's or the series'; names keep their parts."""
    found = item(paper)
    assert {name: found.get(name) for name in said} == said


@pytest.mark.parametrize(
    ("written", "edition"),
    [("Second", "2"), ("2nd", "2"), ("2nd ed.", "2"), ("third edition", "3"), ("11", "11"),
     ("Revised", "Revised"), ("ed.", "ed."), ("2. Aufl.", "2"), ("2e éd.", "2"), ("3ª ed.", "3"),
     ("3., überarb. Aufl.", "3., überarb. Aufl.")],
)  # fmt: skip
def test_editions_are_numbers_where_they_can_be(written: str, edition: str) -> None:
    """Styles write the ordinal themselves, each in its language."""
    assert item(replace(VOLUME, details=(("edition", written),)))["edition"] == edition


@pytest.mark.parametrize(
    ("edition", "nth"),
    [("1", "1st"), ("2", "2nd"), ("3", "3rd"), ("4", "4th"), ("11", "11th"), ("12", "12th"),
     ("21", "21st"), ("112", "112th"), ("Revised", "Revised")],
)  # fmt: skip
def test_ordinals(edition: str, nth: str) -> None:
    """Tenths aside, an ordinal goes by the last digit."""
    assert f"({nth} ed.)" in apa([item(replace(VOLUME, details=(("edition", edition),)))])


@pytest.mark.parametrize(
    ("edition", "said"),
    [("3., überarb. Aufl.", " (3., überarb. Aufl.)"), ("Nouvelle éd.", " (Nouvelle éd.)"),
     ("2009/05/01", "")],
)  # fmt: skip
def test_an_edition_that_says_so_is_told_once(edition: str, said: str) -> None:
    """No "Aufl. ed."; and a day (PubMed's, through EndNote) is no edition."""
    told = apa([item(replace(VOLUME, details=(("edition", edition),)))])
    assert told == f"On x^2{said}. (2020).\n"


@pytest.mark.parametrize(
    ("year", "details", "parts"),
    [
        (2020, {"month": "7", "day": "4"}, (2020, 7, 4)),
        (2020, {"month": "7"}, (2020, 7)),
        (2020, {"day": "4"}, (2020,)),
        (2020, {"month": "13", "day": "4"}, (2020,)),
        (2020, {"month": "7", "day": "32"}, (2020, 7)),
        (None, {"month": "7"}, ()),
    ],
)
def test_a_date_goes_as_far_as_it_is_known(
    year: int | None, details: dict[str, str], parts: tuple[int, ...]
) -> None:
    """No day without its month, no month without its year."""
    assert published(replace(BARE, year=year, details=tuple(details.items()))) == parts


# Every variable and type of CSL-JSON 1.0.2 that an item may have, as its schema names them.
CSL_TYPES = frozenset(
    str.split(
        "article article-journal book chapter document manuscript pamphlet paper-conference report "
        "thesis webpage dataset graphic map motion_picture patent software song standard"
    )
)
CSL_TEXTS = frozenset(
    str.split(
        "id type title container-title collection-title collection-number volume issue number "
        "genre publisher publisher-place page edition chapter-number DOI URL ISBN ISSN archive "
        "archive_location abstract language keyword status note version number-of-pages "
        "number-of-volumes event-title PMID"
    )
)


@pytest.mark.parametrize("field", ["title", "venue", "abstract", "doi"])
def test_nothing_begins_a_line_of_its_own(field: str) -> None:
    """A value cannot end a record of RIS or begin a tag, whatever stands in it."""
    said: dict[str, Any] = {field: "a\r\nER  - \nTY  - X\x00\u2028\x85b"}
    hostile = replace(PAPER, **said)
    lines = ris([item(hostile, abstract=True)]).split("\r\n")
    assert [line[:6] for line in lines if line[:2] in ("TY", "ER")] == ["TY  - ", "ER  - "]
    assert all(len(line.splitlines()) < 2 for line in lines)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"doi": "10.1/a_$1$_b"}, {"DOI": "10.1/a_$1$_b"}),
        ({"links": (Link("https://x.org/a_$1$_b.pdf", "PDF"),)},
         {"URL": "https://x.org/a_$1$_b.pdf"}),
        ({"links": (Link("https://x.org/~a/$\\alpha$?b=--", "PDF"),)},
         {"URL": "https://x.org/~a/$\\alpha$?b=--"}),
    ],
)  # fmt: skip
def test_addresses_have_no_markup(fields: dict[str, Any], said: dict[str, str]) -> None:
    """A DOI or an address stays as it is, whatever would be a formula or a dash in a text."""
    found = item(replace(UNTITLED, **fields))
    assert {name: found.get(name) for name in said} == said


def test_csl_says_what_is_known_and_no_more() -> None:
    """Types and names of fields are those of CSL-JSON 1.0.2; what is empty is left out."""
    assert json.loads(csl([item(IN_PROCEEDINGS), item(UNTITLED)])) == [
        {
            "id": "lovelace2020", "type": "paper-conference", "title": "On x^2",
            "author": [{"family": "Lovelace", "given": "Ada Mary"},
                       {"family": "van Berg", "given": "Jean-Luc"}],
            "issued": {"date-parts": [[2020]]}, "container-title": "Proceedings of ICML",
            "publisher": "PMLR", "page": "1–9", "URL": "https://x.org/p",
        },
        {"id": "x", "type": "document", "title": "What?"},
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["csl", "csv", "ris", "apa", "ieee"])
def test_an_abstract_is_written_where_it_is_asked_for(name: str) -> None:
    """Reference managers take abstracts, lines of references have no place for one."""
    paper = replace(PAPER, abstract="We go deep.")
    export = EXPORTERS[name].export
    assert "deep" not in export([paper], abstracts=False)
    assert ("deep" in export([paper], abstracts=True)) == (name in ("csl", "csv", "ris"))


REMARKED = replace(
    PAPER, keywords=("sparse, deep", "nets"), authors=(ADA, OTHERS),
    details=(("language", "de"), ("note", "With code"), ("number", "4")),
)  # fmt: skip


def test_what_is_said_besides_goes_along() -> None:
    """Keywords, language and note are in RIS as in BibTeX, and so is that there are others."""
    lines = ris([item(REMARKED)]).split("\r\n")
    assert lines[4:5] + lines[9:13] == [
        "AU  - et al.", "LA  - de", "KW  - sparse deep", "KW  - nets", "N1  - With code",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "told"), [("ngerman", "de"), ("pt_BR", "pt-BR"), ("Old Norse", "Old Norse")]
)
def test_a_language_is_told_by_its_tag(said: str, told: str) -> None:
    """As CSL has it; one that has none for us stays as its source writes it."""
    assert item(replace(PAPER, details=(("language", said),)))["language"] == told


def test_an_issue_without_a_volume_stands_in_brackets() -> None:
    """As APA has it: (3), not 3, which would be the volume."""
    assert "Journal of Things, (4). " in apa([item(REMARKED)])


# --- tables -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "cell"),
    [
        ("plain", "plain"), ("a, b", '"a, b"'), ('a "b"', '"a ""b"""'), ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"), ("-1", "'-1"), ("+1, 2", '"\'+1, 2"'), ("＝1", "'＝1"),
        ("'a", "'a"), ("'=1", "''=1"), ("a=1", "a=1"), ("a;=1;@b", "a;'=1;'@b"),
    ],
)  # fmt: skip
def test_a_cell_is_text_and_never_a_formula(said: str, cell: str) -> None:
    """Quoted as RFC 4180 has it, behind an apostrophe where a spreadsheet would run it."""
    row = csv([{"title": said}]).splitlines()[1]
    assert row == f",,{cell}{',' * (len(COLUMNS) - 3)}"


def test_spreadsheets_know_the_encoding_of_a_table() -> None:
    """Excel takes a file without a byte order mark for one of its own encoding."""
    assert csv([]).startswith("\ufeffkey,type,title,authors,")


TABLED = {
    "article": PAPER,
    "proceedings": IN_PROCEEDINGS,
    "thesis": THESIS,
    "a master's": replace(
        THESIS, type="mastersthesis", details=(("school", "MIT"), ("type", "Master’s thesis"))
    ),
    "report": REPORT,
    "preprint": replace(PREPRINT, venue=""),
    "a formula": replace(PAPER, title="=HYPERLINK(1)", abstract="-5 degrees, and “quotes”"),
    "a formula behind a semicolon": replace(PAPER, title="x;=HYPERLINK(1);+2"),
    "others": replace(PAPER, authors=(Name("King", "Martin", "Jr."), OTHERS)),
    "a group alone": replace(PAPER, authors=(Name("IFLA Study Group", group=True),)),
    "groups": replace(PAPER, authors=(Name("Smith and Sons; Ltd", group=True), ADA, GROUP)),
    "keywords": replace(PAPER, keywords=("sparse", "nets"), details=(("language", "de"),)),
    "retracted": replace(
        PAPER, details=(("retracted", "2012-03-04 https://doi.org/10.1234/x"), ("volume", "3"))
    ),
    "retracted, with a note": replace(
        PAPER, details=(("retracted", "2012-03-04"), ("note", "With a preface; and an index"))
    ),
}


@pytest.mark.parametrize("paper", TABLED.values(), ids=TABLED)
def test_a_table_is_read_back(paper: Paper) -> None:
    """Our reader of tables finds in it what was written."""
    paper = replace(paper, doi=paper.doi and "10.1234/x")
    back, problems = through_a_table(paper)
    assert (back, problems) == (item(paper, abstract=True), ())


# Kinds of things that BibTeX has no type for, what CSL calls them, and what RIS does.
KINDS = {
    "artwork": ("graphic", "ART"), "audio": ("song", "SOUND"), "dataset": ("dataset", "DATA"),
    "map": ("map", "MAP"), "patent": ("patent", "PAT"), "software": ("software", "COMP"),
    "standard": ("standard", "STAND"), "video": ("motion_picture", "VIDEO"),
}  # fmt: skip
READERS = {"csl": csl_reader.read, "csv": table.read, "ris": ris_reader.read}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_that_bibtex_lacks_is_kept(kind: str, name: str) -> None:
    """Through every format that has a name for it: who exports a dataset gets a dataset back."""
    paper = replace(PAPER, type=kind, venue="", doi="", details=(("number", "US 12"),))
    assert through(name, paper).type == kind


@pytest.mark.parametrize(("kind", "said", "tag"), [(a, b, c) for a, (b, c) in KINDS.items()])
def test_each_kind_has_the_name_of_the_format(kind: str, said: str, tag: str) -> None:
    """CSL 1.0.2 lists its types in its schema; RIS has its own tags."""
    made = item(replace(PAPER, type=kind))
    assert (made["type"], ris([made]).partition("\r\n")[0]) == (said, f"TY  - {tag}")


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize(
    "group", ["IFLA Study Group", "Smith and Sons Ltd", "University of California, Irvine"]
)
def test_a_group_stays_a_group(group: str, name: str) -> None:
    """Through every format: none makes a person called Group of a study group."""
    authors = (Name(group, group=True), ADA)
    assert through(name, replace(PAPER, authors=authors)).authors == authors


@pytest.mark.parametrize(
    ("name", "details"),
    [
        ("csl", {"version": "1.2", "translator": "Hopper, Grace", "origdate": "1886"}),
        ("ris", {"version": "1.2", "number": "7"}),
    ],
)
def test_what_is_said_of_a_program_is_kept(name: str, details: dict[str, str]) -> None:
    """Its version and number, who translated it, and when the original appeared."""
    paper = replace(PAPER, type="software", venue="", doi="", details=tuple(details.items()))
    assert dict(through(name, paper).details).items() >= details.items()


def through(name: str, paper: Paper) -> Record:
    """What is read of a paper's export in a format."""
    written = EXPORTERS[name].export([paper], abstracts=True).removeprefix("\ufeff")
    (found,) = READERS[name](written.replace("\r\n", "\n"), "x", Means()).records
    return found


def through_a_table(paper: Paper) -> tuple[Item, tuple[Problem, ...]]:
    """The item of what is read of a paper's table, and what is said of it."""
    written = EXPORTERS["csv"].export([paper], abstracts=True).removeprefix("\ufeff")
    read = table.read(written.replace("\r\n", "\n"), "x.csv", Means())
    back = replace(combine(read.records), id=paper.id, key=paper.key)
    return item(back, abstract=True), read.problems


# Signs that mean something in a table, in LaTeX or in HTML; a backslash is LaTeX in tables, too.
SIGNS = st.text("aZ é1漢ß;,:'\"=+-@.()&%#_~^{}<>$/|!?–’", min_size=1, max_size=12)
FIELDS = str.split(
    "volume number pages edition series publisher address isbn issn type note language"
)
TYPES = {
    "article": "Journal of X", "inproceedings": "Proceedings of X", "book": "Series of X",
    "techreport": "", "phdthesis": "",
}  # fmt: skip


@given(st.sampled_from(["title", "venue", "abstract", *FIELDS]), SIGNS, st.sampled_from([*TYPES]))
def test_every_field_of_a_table_is_read_back(name: str, said: str, kind: str) -> None:
    """Whatever stands in it, and whatever the paper is; two hyphens are a dash in any source."""
    said = " ".join(re.sub("-+", "-", said).split()) or "a"
    fields: dict[str, Any] = {"title": "A title", "venue": TYPES[kind], "details": ()}
    fields |= {"details": ((name, said),)} if name in FIELDS else {name: said}
    paper = replace(PAPER, type=kind, doi="10.1234/x", **fields)
    assert through_a_table(paper)[0] == item(paper, abstract=True)


def test_a_note_of_others_stays_with_them() -> None:
    """Beside other columns it is a reader's own: only what has become of the paper is read."""
    text = "title,note,year\nOne,good; I must read it,2020\nTwo,Retracted,2020\n"
    read = table.read(text, "x.csv", Means())
    assert [item(combine([each])).get("note") for each in read.records] == [None, "Retracted"]


def test_a_table_of_ours_has_the_columns_it_is_known_by() -> None:
    """Else no note would be read back."""
    assert not table.EXPORTED.difference(COLUMNS)


# --- the browser --------------------------------------------------------------------------------


def in_the_browser(lists: Sequence[Sequence[Item]]) -> list[dict[str, str]]:
    """What static/cite.js writes of each list, by format; without Node the test is skipped."""
    needs(shutil.which("node"), "node")
    script = Path(__file__).with_name("cite_node.js")
    done = subprocess.run(
        ["node", str(script)], input=json.dumps(lists), capture_output=True, encoding="utf-8",
        timeout=120, check=True,
    )  # fmt: skip
    written: list[dict[str, str]] = json.loads(done.stdout)
    return written


def in_python(items: Sequence[Item]) -> dict[str, str]:
    """What generator.cite writes of a list, by format."""
    return {write.__name__: write(items) for write in (csl, ris, csv, apa, ieee)}


TEXTS = st.text(
    st.sampled_from("aB. -é–—?!,;=@\"“” \n\t\\{}$'\u00a0\u0301\U0001d4aa"), max_size=12
) | st.text(max_size=8)
HAN = st.text("李四김ア一\U00020000", max_size=3)
NAMES = (
    st.just(OTHERS)
    | st.builds(Name, TEXTS.filter(bool), TEXTS, TEXTS, st.booleans())
    | st.builds(Name, HAN, HAN)
)
DETAILS = st.dictionaries(
    st.sampled_from(["month", "day", "volume", "number", "pages", "publisher", "school", "series",
                     "isbn", "institution", "address", "edition", "issn", "type", "howpublished",
                     "organization", "language", "note", "retracted", "corrected", "version",
                     "eid", "pmid", "volumes", "pagetotal", "url"]),
    TEXTS | st.integers(0, 40).map(str), max_size=9,
)  # fmt: skip
SEEN = st.dictionaries(
    st.sampled_from(["urldate", "editor", "translator", "bookauthor", "pubstate"]),
    st.sampled_from(["2020-07-04", "2020-09-30", "2020-02", "A B", "A B and C D and others",
                     "李, 四 and E F and G H", "inpress"]), max_size=2,
)  # fmt: skip
PAPERS = st.builds(
    replace,
    st.just(BARE),
    key=st.just("k"),
    type=st.sampled_from(["article", "inproceedings", "phdthesis", "techreport", "misc", "book",
                          "incollection", "unpublished", "booklet", "odd", "dataset", "software",
                          "proceedings",
                          "patent", "standard", "artwork", "video", "audio", "map"]),
    abstract=TEXTS,
    links=st.lists(
        st.builds(Link, TEXTS, st.sampled_from(["PDF", "Website"])), max_size=1
    ).map(tuple),
    keywords=st.lists(TEXTS, max_size=3).map(tuple),
    title=TEXTS, authors=st.lists(NAMES, max_size=23).map(tuple), venue=TEXTS, doi=TEXTS,
    year=st.none() | st.integers(1, 2100), arxiv=st.sampled_from(["", "2001.00001"]),
    details=st.builds(lambda some, more: tuple((some | more).items()), DETAILS, SEEN),
)  # fmt: skip


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(PAPERS)
def test_items_follow_the_schema(paper: Paper) -> None:
    """Texts, people and dates of CSL-JSON, nothing empty and nothing else, whatever the paper."""
    said = dict(item(paper, abstract=True))
    roles = ("author", "editor", "translator", "container-author")
    days = ("issued", "accessed", "original-date")
    people = [person for role in roles for person in said.pop(role, [])]
    dated = [said.pop(name) for name in days if name in said]
    dates = [each["date-parts"] for each in dated if "literal" not in each]
    assert said["type"] in CSL_TYPES
    assert set(said) <= CSL_TEXTS
    assert all(isinstance(value, str) and value for value in said.values())
    assert all(set(each) <= {"family", "given", "suffix", "literal"} for each in people)
    assert all(1 <= len(parts) <= 3 for ((*parts,),) in dates)


# A failure is told as it was found: to make it smaller would start Node some hundred times.
@settings(
    max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate]
)
@given(st.lists(st.lists(PAPERS, max_size=4), min_size=25, max_size=25))
def test_the_browser_writes_the_same_bytes(lists: Iterable[Iterable[Paper]]) -> None:
    """Whatever the papers, each format is the same from Python and from the browser."""
    items = [[item(paper, abstract=True) for paper in papers] for papers in lists]
    assert in_the_browser(items) == [in_python(each) for each in items]
