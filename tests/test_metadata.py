"""What programs read on a paper's page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest

from generator.config import Site
from generator.languages import language
from generator.metadata import linked, tags
from generator.model import Link, Name, Paper
from generator.names import OTHERS
from tests.conftest import Built

AT_HOME = Site("Papers of the group")
ONLINE = replace(AT_HOME, url="https://example.org/p/")
PATH = "papers/a-2020-b.html"
PAPER = Paper(
    id="a-2020-b",
    key="lovelace2020",
    other_keys=(),
    type="inproceedings",
    title="On $x^2$ & <Machines>",
    title_derived=False,
    authors=(Name("Lovelace", "Ada", "Jr."), Name("The Engine Group", group=True)),
    year=2020,
    venue="Proceedings of ICML",
    abstract="We show $x < y$ and more.",
    keywords=(),
    tags=(),
    doi="10.1/x",
    arxiv="2001.00001",
    links=(),
    details=(("pages", "12–34"), ("volume", "3")),
    unconfirmed=(),
    bodies=(),
    origins=(),
    records=(),
)
LINKS = (Link("https://doi.org/10.1/x", "DOI"), Link("https://example.org/x.pdf", "PDF"))


def cited(
    paper: Paper, place: str = "ICML", links: Iterable[Link] = LINKS
) -> list[tuple[str, str]]:
    """The citation_* tags of a paper, without what all names begin with."""
    return [
        (tag.name.removeprefix("citation_"), tag.content)
        for tag in tags(paper, place, links, AT_HOME, PATH)
    ]


def test_a_paper_says_how_it_is_cited() -> None:
    """One tag an author, a group closed by a comma, pages apart, texts without markup."""
    assert cited(PAPER) == [
        ("title", "On x^2 & <Machines>"),
        ("author", "Lovelace, Ada, Jr."),
        ("author", "The Engine Group,"),
        ("publication_date", "2020"),
        ("conference_title", "Proceedings of ICML"),
        ("volume", "3"),
        ("firstpage", "12"),
        ("lastpage", "34"),
        ("doi", "10.1/x"),
        ("arxiv_id", "2001.00001"),
        ("pdf_url", "https://example.org/x.pdf"),
    ]


@pytest.mark.parametrize(
    ("said", "tag"),
    [
        ("ngerman", "de"),
        ("German", "de"),
        ("ger", "de"),
        ("de_DE", "de-DE"),
        ("pt-BR", "pt-BR"),
        ("Русский", "ru"),
        ("english", "en"),
        ("zh-Hant-TW", "zh-Hant-TW"),
        ("English and German", ""),
        ("klingon", ""),
        ("", ""),
    ],
)
def test_a_language_is_a_tag(said: str, tag: str) -> None:
    """However a source says it; one that nobody can be sure of is none."""
    assert language(replace(PAPER, details=(("language", said),))) == tag


def test_a_paper_says_its_language() -> None:
    """To reference managers and to search engines; one without says nothing."""
    german = replace(PAPER, details=(("language", "ngerman"),))
    told = json.loads(linked(german, "", (), AT_HOME, PATH)).get("inLanguage")
    assert (dict(cited(german))["language"], told) == ("de", "de")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("doi", "10.1/a_$1$_b"),
        ("pdf_url", "https://x.org/a_$1$_b.pdf"),
        ("pdf_url", "https://x.org/~a/$\\alpha$?b=--"),
    ],
)
def test_addresses_have_no_markup(name: str, value: str) -> None:
    """A DOI or an address stays as it is, whatever would be a formula or a dash in a text."""
    paper = replace(PAPER, doi=value)
    assert (name, value) in cited(paper, links=[Link(value, "PDF")])


def test_addresses_are_on_one_line() -> None:
    """What no reader of tags can hold is left out of them."""
    assert ("doi", "10.1/a b") in cited(replace(PAPER, doi="10.1/a\n\x00b\x85"))


@pytest.mark.parametrize(
    ("kind", "said", "named"),
    [
        ("article", "ScholarlyArticle", "headline"),
        ("dataset", "Dataset", "name"),
        ("software", "SoftwareSourceCode", "name"),
        ("patent", "CreativeWork", "name"),
        ("book", "Book", "name"),
        ("proceedings", "Book", "name"),
        ("incollection", "Chapter", "name"),
        ("phdthesis", "Thesis", "name"),
        ("techreport", "Report", "name"),
    ],
)
def test_linked_data_says_what_a_thing_is(kind: str, said: str, named: str) -> None:
    """A dataset is no article; and whoever looks for one looks for its name."""
    told = json.loads(linked(replace(PAPER, type=kind), "", (), AT_HOME, PATH))
    assert (told["@type"], told[named]) == (said, "On x^2 & <Machines>")


@pytest.mark.parametrize(
    ("kind", "tag"),
    [
        ("article", "journal_title"),
        ("inproceedings", "conference_title"),
        ("incollection", "inbook_title"),
        ("inbook", "inbook_title"),
        ("phdthesis", "dissertation_institution"),
        ("mastersthesis", "dissertation_institution"),
        ("techreport", "technical_report_institution"),
        ("misc", "technical_report_institution"),
    ],
)
def test_the_place_decides_the_kind(kind: str, tag: str) -> None:
    """Zotero takes the kind of a publication from the tag that names its place."""
    assert (tag, "Proceedings of ICML") in cited(replace(PAPER, type=kind))


@pytest.mark.parametrize(
    ("venue", "series", "said"),
    [
        ("Proceedings of the Fourth Workshop on Folding", "Workshop on Folding",
         "Proceedings of the Fourth Workshop on Folding"),
        ("The Lancet", "Lancet", "The Lancet"),
        ("Art & Craft", "Art and Craft", "Art & Craft"),
        ("ICML", "International Conference on Machine Learning",
         "International Conference on Machine Learning"),
        ("NeurIPS 2019", "Conference on Neural Information Processing Systems",
         "Conference on Neural Information Processing Systems"),
    ],
)  # fmt: skip
def test_the_place_is_what_the_record_calls_it(venue: str, series: str, said: str) -> None:
    """As in every export, not as the site calls its series; an acronym is written out."""
    paper = replace(PAPER, type="inproceedings", venue=venue)
    told = json.loads(linked(paper, series, (), AT_HOME, PATH))["isPartOf"]["name"]
    assert (dict(cited(paper, series))["conference_title"], told) == (said, said)


@pytest.mark.parametrize(
    ("paper", "tags"),
    [
        (replace(PAPER, type="book", details=(("editor", "Jones, Bo"), ("isbn", "1"),
                                              ("publisher", "ACM"), ("series", "LNCS"))),
         {"editor": "Jones, Bo", "isbn": "1", "publisher": "ACM", "series_title": "LNCS",
          "technical_report_institution": None}),
        (replace(PAPER, details=(("issn", "2"), ("pmid", "55"))), {"issn": "2", "pmid": "55"}),
        (replace(PAPER, details=(("eid", "e7"),)), {"firstpage": "e7", "lastpage": None}),
        (replace(PAPER, details=(("eid", "e7"), ("pages", "1-9"))), {"firstpage": "1"}),
        (replace(PAPER, type="book", details=(("pages", "345"),)), {"firstpage": None}),
        (replace(PAPER, type="techreport", details=(("pages", "3-9"),)), {"firstpage": "3"}),
    ],
)  # fmt: skip
def test_a_book_is_told_from_an_article(paper: Paper, tags: dict[str, str | None]) -> None:
    """By its ISBN and publisher; it has editors, and how many pages it has is no first page."""
    said = dict(cited(paper))
    assert {name: said.get(name) for name in tags} == tags


def test_a_preprint_without_a_venue_is_a_report() -> None:
    """Without any place Zotero would take it for an article of a journal."""
    bare = replace(PAPER, type="misc", venue="")
    assert ("technical_report_institution", "arXiv") in cited(bare, place="")


def test_a_thesis_names_its_school() -> None:
    """The school is where a thesis appeared, whatever else is said."""
    thesis = replace(PAPER, type="phdthesis", details=(("school", "MIT"),))
    assert ("dissertation_institution", "MIT") in cited(thesis)


@pytest.mark.parametrize(
    ("paper", "tag"),
    [
        (replace(PAPER, type="article", details=(("number", "4"),)), ("issue", "4")),
        (replace(PAPER, details=(("number", "4"),)), ("issue", "4")),
        (replace(PAPER, details=(("number", "4"), ("series", "LNCS"))), None),
        (replace(PAPER, type="techreport", details=(("number", "TR-1"),)),
         ("technical_report_number", "TR-1")),
        (replace(PAPER, type="patent", details=(("number", "US1"),)), None),
        (replace(PAPER, type="standard", details=(("number", "12"),)), None),
    ],
)  # fmt: skip
def test_a_number_says_of_what(paper: Paper, tag: tuple[str, str] | None) -> None:
    """An issue's, a report's own; that of a volume in its series has no tag."""
    said = [each for each in cited(paper) if each[0] in ("issue", "technical_report_number")]
    assert said == ([tag] if tag else [])


@pytest.mark.parametrize(
    ("details", "cited_as", "linked_as"),
    [
        ((), "2020", "2020"),
        ((("month", "7"),), "2020/07", "2020-07"),
        ((("day", "4"), ("month", "7")), "2020/07/04", "2020-07-04"),
    ],
)
def test_a_date_has_the_month_where_it_is_known(
    details: tuple[tuple[str, str], ...], cited_as: str, linked_as: str
) -> None:
    """Between slashes for Scholar, between hyphens for schema.org (ISO 8601)."""
    paper = replace(PAPER, details=details)
    assert ("publication_date", cited_as) in cited(paper)
    assert json.loads(linked(paper, "", (), AT_HOME, PATH))["datePublished"] == linked_as


def test_linked_data_says_what_a_book_is_known_by() -> None:
    """Its ISBN and who edited it."""
    book = replace(PAPER, type="book", details=(("editor", "Jones, Bo"), ("isbn", "978-1")))
    told = json.loads(linked(book, "", (), AT_HOME, PATH))
    assert (told["isbn"], told["editor"]) == ("978-1", [{"@type": "Person", "name": "Bo Jones"}])


@pytest.mark.parametrize(
    ("field", "said", "row"),
    [
        ("eid", "e0123", "Article number</dt><dd><bdi>e0123"),
        ("articleno", "17", "Article number</dt><dd><bdi>17"),
        ("translator", "Zohn, Harry and Roe, R.", "Translators</dt><dd><bdi>Harry Zohn, R. Roe"),
        ("bookauthor", "Eco, Umberto", "Author of the book</dt><dd><bdi>Umberto Eco"),
        ("holder", "{Fold Inc}", "Holder</dt><dd><bdi>Fold Inc"),
        ("version", "1.2", "Version</dt><dd><bdi>1.2"),
        ("volumes", "6", "Volumes</dt><dd><bdi>6"),
        ("pagetotal", "345", "Pages in all</dt><dd><bdi>345"),
        ("origdate", "1886", "First published</dt><dd><bdi>1886"),
        ("pmid", "55", "PubMed</dt><dd><bdi>55"),
        ("location", "countryde", "Place</dt><dd><bdi>Germany"),
    ],
)
def test_a_page_tells_what_its_bib_has(
    make_site: Callable[..., Built], field: str, said: str, row: str
) -> None:
    """Each further field has its row in the record, people by their names."""
    bib = f"@book{{a, title={{A fold}}, author={{Roe, Rick}}, year=2000, {field}={{{said}}}}}"
    built = make_site({"refs.bib": bib})
    assert f"<div><dt>{row}</bdi></dd></div>" in built.read(f"papers/{built.paper('a')['id']}.html")


def test_others_are_nobody() -> None:
    """That there are others is no author to import."""
    paper = replace(PAPER, authors=(Name("Lovelace", "Ada"), OTHERS))
    assert [value for name, value in cited(paper) if name == "author"] == ["Lovelace, Ada"]
    assert len(json.loads(linked(paper, "", (), AT_HOME, PATH))["author"]) == 1


def previewed(site: Site) -> list[tuple[str, str]]:
    """The tags of OpenGraph."""
    said = tags(PAPER, "", (), site, PATH)
    return [(tag.name, tag.content) for tag in said if tag.kind == "property"]


def test_a_preview_needs_the_address() -> None:
    """OpenGraph asks for full addresses, so there is none while the site's own is unknown."""
    assert previewed(AT_HOME) == []
    assert previewed(ONLINE) == [
        ("og:type", "article"),
        ("og:title", "On x^2 & <Machines>"),
        ("og:url", f"https://example.org/p/{PATH}"),
        ("og:site_name", "Papers of the group"),
        ("og:description", "We show x < y and more."),
    ]


def test_linked_data_gives_back_what_went_in() -> None:
    """It is JSON whatever a title holds, of the kind that crawlers look for."""
    assert json.loads(linked(PAPER, "ICML", LINKS, ONLINE, PATH)) == {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "headline": "On x^2 & <Machines>",
        "author": [
            {"@type": "Person", "name": "Ada Lovelace Jr."},
            {"@type": "Organization", "name": "The Engine Group"},
        ],
        "datePublished": "2020",
        "isPartOf": {"@type": "Book", "name": "Proceedings of ICML"},
        "sameAs": ["https://doi.org/10.1/x"],
        "url": f"https://example.org/p/{PATH}",
    }


@pytest.mark.parametrize("title", ["</script><script>x()</script>", "<!--<script", "a & b > c"])
def test_linked_data_cannot_end_its_element(title: str) -> None:
    """No character with a meaning for HTML stands in a script."""
    said = linked(replace(PAPER, title=title), "", (), AT_HOME, PATH)
    assert not set("<>&") & set(said)
    assert json.loads(said)["headline"] == title


def test_what_is_not_known_is_not_said() -> None:
    """A paper with nothing but a title has a title."""
    bare = replace(
        PAPER, type="misc", title="X", authors=(), year=None, venue="", doi="", arxiv="", details=()
    )
    assert cited(bare, place="") == [("title", "X"), ("pdf_url", "https://example.org/x.pdf")]
    assert list(json.loads(linked(bare, "", (), AT_HOME, PATH))) == [
        "@context",
        "@type",
        "headline",
    ]
