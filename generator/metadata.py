"""What programs read on a paper's page: citation_* tags, a link's preview, linked data.

The tags of *Highwire* (`citation_title` …) are what Google Scholar and Zotero read: one an author,
"Family, Given", no affiliations. Which tag names the place of publication decides what kind of
publication Zotero takes it for (its translator "Embedded Metadata", 2026): with `citation_title`
alone it is a journal article, so what has no journal names an institution and becomes a report;
a book is told by its ISBN. The place is what the record calls it, as in all formats: the site's
name of the series is that of a volume's only where the record has no more than an acronym. A
group's name ends in a comma, or Zotero splits it into a given and a family name. Dates are written
as Scholar has them, 2020/07/04 (Inclusion Guidelines).

*OpenGraph* is what chats and social networks make a card of. They ask for full addresses, so it is
there where the site's own is known.

*Linked data* (schema.org) is for search engines and crawlers; Zotero passes it over. It says
nothing at length that the page says already: an abstract twice would be a third more of a page.
For the same reason there is no `citation_abstract`: 1.1 KB a paper, and 40,000 papers would no
longer fit into a host's gigabyte. The .bib that the page leads to has the abstract.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, repeat

from generator import rights, text
from generator.cite import one_line, published, span
from generator.config import Site
from generator.exports import editors
from generator.languages import language
from generator.model import Link, Name, Paper
from generator.names import shown, without_others
from generator.people import ORCID, Person

PREVIEW = 200
"""Characters of an abstract in the preview of a link; which show no more."""


@dataclass(frozen=True, slots=True)
class Meta:
    """One `<meta>`: the attribute that names it (name, property), the name, the content."""

    kind: str
    name: str
    content: str


def tags(paper: Paper, place: str, links: Iterable[Link], site: Site, path: str) -> Iterator[Meta]:
    """The `<meta>` tags of a paper's page; `place` is its venue as the site names it, or empty."""
    for name, content in _cited(paper, _publication(paper, place), links):
        written = one_line if name in _VERBATIM else text.to_plain
        yield Meta("name", f"citation_{name}", written(content))
    if site.url:
        yield Meta("name", "citation_abstract_html_url", site.url + path)
        for name, content in _previewed(paper, site, path):
            yield Meta("property", f"og:{name}", content)


def linked(
    paper: Paper,
    place: str,
    links: Iterable[Link],
    site: Site,
    path: str,
    persons: Iterable[Person | None] = (),
) -> str:
    """A paper as what schema.org calls its kind: JSON that may stand in a `<script>`.

    What is no article has a `name`, without which nobody's index of datasets takes one, and which
    all kinds have; articles have a `headline`, as search engines ask of them.
    `persons` are those of its authors whom the owner knows, each in the author's place.
    """
    authors = zip(without_others(paper.authors), chain(persons, repeat(None)), strict=False)
    kind = _KINDS.get(paper.type, "ScholarlyArticle")
    whole, is_book = _publication(paper, place), kind == "Book"
    said = {
        "@context": "https://schema.org",
        "@type": kind,
        "headline" if kind == "ScholarlyArticle" else "name": text.to_plain(paper.title),
        "author": [_person(author, known) for author, known in authors],
        "datePublished": _dated(paper, "-"),
        "inLanguage": language(paper),
        "editor": [_person(each, None) for each in _editors(paper)] if is_book else [],
        "isbn": paper.detail("isbn") if is_book else "",
        "isPartOf": whole and {"@type": _WHOLE.get(paper.type, "CreativeWork"), "name": whole},
        "sameAs": [link.url for link in links if link.label in ("DOI", "arXiv")],
        **_became(paper),
        "url": site.url and site.url + path,
    }
    return in_script(_JSON.encode({name: value for name, value in said.items() if value}))


def _became(paper: Paper) -> dict[str, str]:
    """That a paper was retracted or the like, and where that is said (`correction`: an address)."""
    became = rights.notices(paper.details)
    state = {"creativeWorkStatus": rights.status(became[0]).capitalize()} if became else {}
    return {**state, "correction": next((notice.url for notice in became if notice.url), "")}


def in_script(said: str) -> str:
    """JSON in which nothing can end the element it stands in (HTML, "script data state")."""
    return said.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e")


_VERBATIM = frozenset({"doi", "arxiv_id", "pdf_url"})
_KINDS = {
    **dict.fromkeys(("book", "booklet", "proceedings"), "Book"),
    **dict.fromkeys(("inbook", "incollection"), "Chapter"),
    **dict.fromkeys(("mastersthesis", "phdthesis"), "Thesis"),
    "techreport": "Report", "dataset": "Dataset", "software": "SoftwareSourceCode", "map": "Map",
    **dict.fromkeys(("artwork", "audio", "manual", "patent", "standard", "video"), "CreativeWork"),
}  # fmt: skip
_WHOLE = {
    "article": "Periodical",
    "inproceedings": "Book",
    "incollection": "Book",
    "inbook": "Book",
}
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _cited(paper: Paper, place: str, links: Iterable[Link]) -> Iterator[tuple[str, str]]:
    first, last = _ends(paper)
    placed = _placed(paper, place)
    yield "title", paper.title
    for author in without_others(paper.authors):
        yield "author", _as_cited(author)
    for editor in _editors(paper):
        yield "editor", _as_cited(editor)
    for name, content in (
        ("publication_date", _dated(paper, "/")),
        placed,
        ("volume", paper.detail("volume")),
        (_NUMBERS.get(placed[0], "issue"), _number(paper)),
        ("firstpage", first),
        ("lastpage", last),
        ("publisher", paper.detail("publisher")),
        ("isbn", paper.detail("isbn")),
        ("issn", paper.detail("issn")),
        ("doi", paper.doi),
        ("pmid", paper.detail("pmid")),
        ("arxiv_id", paper.arxiv),
        ("language", language(paper)),
        ("pdf_url", next((link.url for link in links if link.label == "PDF"), "")),
    ):
        if content:
            yield name, content


def _publication(paper: Paper, series: str) -> str:
    """Where a paper appeared in the words of its record; of a mere acronym the series' name."""
    is_acronym = len(paper.venue) <= LONGEST_ACRONYM and bool(_ACRONYM.fullmatch(paper.venue))
    return series if is_acronym else paper.venue


LONGEST_ACRONYM = 20
_ACRONYM = re.compile(r"[^\WA-Z]*+[A-Z][^\WA-Z]*+[A-Z]\w*+(?:[ ’'-](?:[0-9]{4}|[0-9]{2}))?")


def _editors(paper: Paper) -> tuple[Name, ...]:
    """Who edited it or the whole that it is in, at most `EDITORS`."""
    return without_others(editors(paper.detail("editor")))[:EDITORS]


EDITORS = 50
"""Editors who get a tag: some records have hundreds."""


def _ends(paper: Paper) -> tuple[str, str]:
    """First and last page; the number of an article without pages, as publishers have it there.

    Of a book a number alone is how many pages it has.
    """
    pages = paper.detail("pages")
    if paper.type in _WHOLES:
        first, last = span(pages)
        return (first, last) if last else ("", "")
    return span(pages or paper.detail("eid"))


_WHOLES = frozenset(
    str.split("book booklet manual mastersthesis phdthesis proceedings techreport unpublished")
)


def _placed(paper: Paper, place: str) -> tuple[str, str]:
    """The tag that names where a paper appeared."""
    school = paper.detail("school") or paper.detail("institution") or place
    series = paper.detail("series")
    by_type = {
        "article": ("journal_title", place),
        "book": ("series_title", series or place),
        "booklet": ("series_title", series or place),
        "proceedings": ("series_title", series),
        "inproceedings": ("conference_title", place),
        "incollection": ("inbook_title", place),
        "inbook": ("inbook_title", place),
        "phdthesis": ("dissertation_institution", school),
        "mastersthesis": ("dissertation_institution", school),
        "techreport": ("technical_report_institution", school),
    }
    report = place or ("arXiv" if paper.arxiv else "")
    return by_type.get(paper.type, ("technical_report_institution", report))


# What a number is the number of, by the tag of the place it is said with.
_NUMBERS = {"technical_report_institution": "technical_report_number"}


def _number(paper: Paper) -> str:
    """The number of an issue or a report; none of a volume in its series, nor of a patent."""
    is_in_series = paper.type != "article" and bool(paper.detail("series"))
    return "" if is_in_series or paper.type in _OWN_NUMBERS else paper.detail("number")


_OWN_NUMBERS = frozenset(
    str.split("artwork audio book booklet dataset map patent proceedings software standard video")
)


def _dated(paper: Paper, between: str) -> str:
    """When a paper appeared, as far as that is known: 2020, 2020/07 or 2020/07/04."""
    year, *rest = published(paper) or (0,)
    return between.join((f"{year:04}", *(f"{part:02}" for part in rest))) if year else ""


def _as_cited(author: Name) -> str:
    if author.group:
        return f"{author.family},"
    return ", ".join(filter(None, (author.family, author.given, author.suffix)))


def _person(author: Name, known: Person | None) -> dict[str, str]:
    said = {
        "@type": "Organization" if author.group else "Person",
        "name": text.to_plain(shown(author)),
        "sameAs": ORCID + known.orcid if known and known.orcid else "",
        "url": known.url if known else "",
    }
    return {name: value for name, value in said.items() if value}


def _previewed(paper: Paper, site: Site, path: str) -> Iterator[tuple[str, str]]:
    yield "type", "book" if _KINDS.get(paper.type) == "Book" else "article"
    yield "title", text.to_plain(paper.title)
    yield "url", site.url + path
    yield "site_name", site.title
    if paper.abstract:
        yield "description", text.cut(text.to_plain(paper.abstract), PREVIEW)
