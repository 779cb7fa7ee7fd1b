"""Papers as reference managers and readers take them: CSL-JSON, RIS, and as lines of text.

    paper ─► Item (CSL-JSON) ─┬─► RIS
                              ├─► CSL-JSON
                              ├─► a table (CSV)
                              └─► APA, IEEE

All but the first step is done in the browser too, by `static/cite.js` and `static/search/table.js`:
for any list, without a file of each format for each list on the disk. What they write is the same
byte for byte, which is held by a test; so a change here is a change there.

*CSL-JSON* is the format of citation styles (schema 1.0.2): pandoc, Zotero and every CSL processor
read it. *RIS* is written as Zotero and EndNote read it: two letters, two blanks, a hyphen, CRLF.
*CSV* is that of RFC 4180, as spreadsheets open it (see `csv`).
*APA* is its seventh edition and *IEEE* its reference guide of 2023, both as plain text, without
italics. Known weaknesses: titles keep their capitals (either style would lower some, and nobody
can tell which words are names); formulas are Unicode or TeX; the day is said of web pages and of
newspapers only, as both styles have it, and a newspaper is told by what it lacks (`_is_daily`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

from generator import rights, text, venues
from generator.exports import EXPORTERS, editors, exporter
from generator.languages import language
from generator.model import Name, Paper
from generator.names import HAN, OTHERS

__all__ = [
    "ET_AL",
    "EXPORTERS",
    "Item",
    "apa",
    "csl",
    "csv",
    "ieee",
    "item",
    "one_line",
    "published",
    "ris",
    "span",
    "written",
]

Item = Mapping[str, Any]
"""One paper in CSL-JSON: what json.loads gives of it."""

AUTHORS = 500
"""Authors of an item: it stands on the paper's page too, and physics has lists of 5,000."""

KEYWORDS = 50
"""Keywords of an item, for the same reason: somebody's may hold a whole index."""

ET_AL = {"literal": "others"}
"""How an item says that there are further authors, whom the source left out (as pandoc does)."""


def item(paper: Paper, *, abstract: bool = False) -> Item:
    """A paper in CSL-JSON, without what is empty; texts are plain, its id is the paper's key."""
    detail = dict(paper.details).get
    on_arxiv_only = bool(paper.arxiv) and venues.is_preprint(paper.venue)
    venue = "" if on_arxiv_only else _plain(paper.venue)
    kind = _TYPES.get(paper.type) or _kind_of_misc(paper, venue)
    placed = _placed(paper, kind, venue)
    said: dict[str, Any] = {
        "id": paper.key,
        "type": kind,
        "title": _plain(paper.title),
        "author": _people(paper.authors),
        "editor": _people(editors(detail("editor", ""))),
        "translator": _people(editors(detail("translator", ""))),
        "container-author": _people(editors(detail("bookauthor", ""))),
        "issued": _dated(published(paper)) or _literal(to_come(paper)),
        "original-date": _dated(_begun(detail("origdate", ""))),
        "accessed": _dated(_day(detail("urldate", ""))),
        **placed,
        **{csl: _plain(detail(name, "")) for name, csl in _DETAILS.items()},
        "publisher-place": place(_plain(detail("address", ""))),
        "edition": _edition(_plain(detail("edition", ""))),
        **_paged_in(paper, kind, placed),
        "DOI": one_line(paper.doi),
        "URL": one_line(_url(paper)),
        **({"archive": "arXiv", "archive_location": paper.arxiv} if paper.arxiv else {}),
        "language": language(paper) or _plain(detail("language", "")),
        "keyword": ", ".join(map(_keyword, paper.keywords[:KEYWORDS])),
        **_remarked(paper),
        "abstract": _plain(paper.abstract) if abstract else "",
    }
    return {name: value for name, value in said.items() if value}


def written(paper: Paper) -> str:
    """The item of a paper, without its abstract, as JSON on one line."""
    return _COMPACT.encode(item(paper))


def published(paper: Paper) -> tuple[int, ...]:
    """When a paper appeared: its year, and month and day as far as they are known."""
    said = (str(paper.year or ""), paper.detail("month"), paper.detail("day"))
    known = takewhile(lambda part: part[0] in part[1], zip(said, _DATES, strict=True))
    return tuple([int(value) for value, _ in known])


def to_come(paper: Paper) -> str:
    """How far what has no year yet has come ("in press"), from biblatex's word; or nothing."""
    return "" if paper.year else _STATES.get(paper.detail("pubstate").casefold(), "")


def place(address: str) -> str:
    """Where a publisher is, or of which country a patent: biblatex has keys for the latter."""
    return _COUNTRIES.get(address.casefold(), address)


# As biblatex's English strings have them (english.lbx, names of countries).
_COUNTRIES = {
    "countryde": "Germany", "countryeu": "European Union", "countryep": "European Union",
    "countryfr": "France", "countryuk": "United Kingdom",
    "countryus": "United States of America",
}  # fmt: skip


def one_line(value: str) -> str:
    """What stands on one line as it is, without what no format can hold: an address, a DOI.

    Neither has markup: in `https://example.org/a_$1$_b.pdf` the dollars are no formula's.
    """
    return " ".join(_CONTROLS.sub(" ", value).split())


_DATES = [frozenset(map(str, range(1, most + 1))) for most in (9999, 12, 31)]
_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_TYPES = {
    "article": "article-journal", "book": "book", "booklet": "pamphlet", "inbook": "chapter",
    "incollection": "chapter", "inproceedings": "paper-conference", "manual": "report",
    "mastersthesis": "thesis", "phdthesis": "thesis", "proceedings": "book",
    "techreport": "report", "unpublished": "manuscript", "artwork": "graphic", "audio": "song",
    "dataset": "dataset", "map": "map", "patent": "patent", "software": "software",
    "standard": "standard", "video": "motion_picture",
}  # fmt: skip
# What a thing is called where it does not say so; of what is no text, as APA has it behind the
# title (APA 7, 10.9 to 10.14).
_GENRES = {
    "phdthesis": "PhD thesis", "mastersthesis": "Master’s thesis", "artwork": "Artwork",
    "audio": "Audio", "dataset": "Data set", "map": "Map", "patent": "Patent",
    "software": "Computer software", "standard": "Standard", "video": "Video",
}  # fmt: skip
_DETAILS = {
    "volume": "volume", "series": "collection-title", "chapter": "chapter-number",
    "isbn": "ISBN", "issn": "ISSN", "version": "version", "volumes": "number-of-volumes",
    "pmid": "PMID",
}  # fmt: skip
# What stands in something else, with the number of an article, if it has one, in place of pages.
_ARTICLES = frozenset({"article-journal", "chapter", "paper-conference"})
_WHOLES = frozenset({"book", "manuscript", "pamphlet", "report", "thesis"})


def _kind_of_misc(paper: Paper, venue: str) -> str:
    """What a paper is that has no type of its own: a preprint, a page of the web, anything else.

    BibTeX has no type for a page of the web. The address of one is all that tells it, or, where the
    site has a name, the day on which somebody saw it there.
    """
    if paper.arxiv or _is_preprint(paper, venue):
        return "article"
    on_web = any(link.label == "Website" for link in paper.links) and not paper.doi
    is_page = on_web and (not venue or bool(paper.detail("urldate")))
    return "webpage" if is_page else "document"


def _is_preprint(paper: Paper, venue: str) -> bool:
    """Whether it says that it is a preprint, or names a server of such in place of a venue."""
    where = venue or paper.detail("publisher")
    return paper.detail("type").casefold() == "preprint" or venues.is_preprint(where)


def span(pages: str) -> tuple[str, str]:
    """The first and the last page; the whole as the first where it is no span of two.

    A dash parts two pages, or two hyphens. A single hyphen does where both sides of it can be a
    page: not in A-1, which is one.
    """
    said = _DASH.sub("–", _HYPHEN.sub("–", pages))
    parts = [part for part in said.split("–") if part]
    return (parts[0], parts[1]) if len(parts) == 2 and "," not in said else (said, "")


_DASH = re.compile(" ?(?:--+|[–—]+) ?")
# Two pages with digits in them, or two in Roman numerals: S1-S9, 18:1-18:25, iv-xii.
_HYPHEN = re.compile(
    r"(?<=[0-9]) ?- ?(?=[0-9]|[^-–—, ]{0,6}[0-9][^-–—, ]{0,20}(?:[, –—]|$))"
    "|(?<=[ivxlc]) ?- ?(?=[ivxlc]{1,9}(?:[, ]|$))"
)


def _paged_in(paper: Paper, kind: str, placed: Mapping[str, str]) -> dict[str, str]:
    """The pages that it fills in something else, or how many a whole has; what names both, both.

    A number alone is the number of pages of a book, as Zotero and EndNote write it in RIS; so it is
    of all that stands in nothing.
    """
    pages, total = _plain(paper.detail("pages")), _plain(paper.detail("pagetotal"))
    is_whole = kind in _WHOLES or (kind not in _ARTICLES and not placed.get("container-title"))
    if is_whole and _TOTAL.fullmatch(pages):
        pages, total = "", total or pages
    said = "–".join(filter(None, span(pages)))
    is_number = kind in _ARTICLES and said == placed.get("number")  # some sources give it as both
    return {"page": "" if is_number else said, "number-of-pages": total}


_TOTAL = re.compile("(?:[ivxlc]{1,9} ?[,+] ?)?[0-9]{1,5}(?: ?(?:pp?|pages|S|Seiten)[.]?)?")


def _plain(value: str) -> str:
    """A text on one line, without its markup."""
    return one_line(text.to_plain(value))


_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def _people(names: Sequence[Name]) -> list[Mapping[str, str]]:
    named = names if len(names) <= AUTHORS else [*names[:AUTHORS], OTHERS]
    return list(filter(None, map(_person, named)))


def _person(author: Name) -> Mapping[str, str]:
    if author == OTHERS:
        return ET_AL
    parts = {"family": author.family, "given": author.given, "suffix": author.suffix}
    said = (
        {"literal": _plain(author.family)}
        if author.group
        else {name: _plain(part) for name, part in parts.items()}
    )
    return {name: part for name, part in said.items() if part}


def _literal(said: str) -> Mapping[str, str]:
    return {"literal": said} if said else {}


_STATES = {
    "inpreparation": "in preparation", "submitted": "submitted",
    "forthcoming": "forthcoming", "inpress": "in press",
}  # fmt: skip


def _dated(parts: Sequence[int]) -> Mapping[str, Sequence[Sequence[int]]]:
    return {"date-parts": [list(parts)]} if parts else {}


def _day(said: str) -> Sequence[int]:
    """The day that biblatex writes as 2020-07-04; nothing for what is none."""
    found = _ISO_DAY.fullmatch(said)
    return list(map(int, found.groups())) if found else []


def _begun(said: str) -> Sequence[int]:
    """Year, month and day that a date begins with, as far as biblatex's origdate says them."""
    found = _ISO_DATE.match(said)
    return [int(part) for part in found.groups() if part] if found else []


_ISO_DAY = re.compile("([1-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
_ISO_DATE = re.compile(
    r"([1-9][0-9]{3})(?![0-9])(?:-(0[1-9]|1[0-2])(?![0-9])(?:-(0[1-9]|[12][0-9]|3[01])\b)?)?"
)


def _edition(said: str) -> str:
    """An edition's number, as styles ask for it ("2" of "Second", "2. Aufl."), or its name.

    A day is none: EndNote has there when a paper of PubMed was on the web.
    """
    name = _EDITION.sub("", said)
    if found := _NUMBERED_EDITION.fullmatch(said):
        return found[1]
    return "" if _SLASHED_DAY.fullmatch(said) else _ORDINALS.get(name.lower(), name)


_EDITION = re.compile(r" (?:ed(?:ition|n)?\.?)$", re.IGNORECASE)
_NUMBERED_EDITION = re.compile(
    r"([0-9]{1,4})(?:st|nd|rd|th|\.|ª|º|a|e|ed?r|ère|ème)?"
    r"(?: ?(?:[eé]d|edn|[eé]dition|edición|edizione|edição|aufl|auflage|utg|uppl|druk)\.?)?",
    re.IGNORECASE,
)
_SLASHED_DAY = re.compile("[0-9]{4}/[0-9]{2}/[0-9]{2}")
_ORDINALS = {
    name: str(number)
    for number, name in enumerate(
        str.split("first second third fourth fifth sixth seventh eighth ninth tenth"), 1
    )
}


def _placed(paper: Paper, kind: str, venue: str) -> dict[str, str]:
    """Where it appeared, who published it, what kind of thing it is, and its number's meaning.

    A number is a report's own, else that of an issue or, in a series, of the volume there. That of
    an article is its `eid`, as CSL's styles for APA, Chicago and IEEE ask for it. Proceedings are
    of a meeting, and in nothing else.
    """
    detail = {name: _plain(value) for name, value in paper.details if name in _PLACING}
    genre = detail.get("type") or _GENRES.get(paper.type, "")
    number = detail.get("number", "")
    publisher = detail.get("publisher") or detail.get("organization", "")
    if kind in ("thesis", "report"):
        school = detail.get("school") or detail.get("institution")
        return {"genre": genre, "number": number, "publisher": school or publisher or venue}
    if kind == "article" and paper.arxiv and not venue:
        return {"genre": genre, "publisher": "arXiv", "number": f"arXiv:{paper.arxiv}"}
    if kind == "article" and (not venue or venues.is_preprint(venue)):
        return {"genre": genre, "publisher": venue or publisher, "number": number}
    meeting = venue if paper.type == "proceedings" and venue != _plain(paper.title) else ""
    venue = "" if paper.type == "proceedings" else venue
    in_series = kind not in ("article-journal", *_NUMBERED) and "series" in detail
    in_issue = kind in _ARTICLES or (venue and kind not in _NUMBERED)
    where = "" if venue else detail.get("howpublished", "")
    return {
        "container-title": venue,
        "event-title": meeting,
        "genre": genre,
        "number": detail.get("eid", "") if kind in _ARTICLES else "",
        "collection-number" if in_series else "issue" if in_issue else "number": number,
        "publisher": publisher or where,
    }


_PLACING = frozenset(
    str.split("type number eid publisher organization school institution series howpublished")
)


# What has a number of its own, whatever it stands in.
_NUMBERED = frozenset({"patent", "standard"})


def _keyword(said: str) -> str:
    """A keyword as it may stand between commas."""
    return one_line(_plain(said).replace(",", " "))


def _remarked(paper: Paper) -> dict[str, str]:
    """Its note, before which stands what has become of it, a line each; and its `status`."""
    became = rights.notices(paper.details)
    lines = [*map(rights.sentence, became), _plain(paper.detail("note"))]
    return {
        "status": rights.status(became[0]) if became else "",
        "note": "\n".join(filter(None, lines)),
    }


def _url(paper: Paper) -> str:
    """Where it is to be had; beside a DOI what its source says, but for the address of a DOI."""
    if paper.doi:
        said = paper.detail("url")
        return "" if _RESOLVER.match(said) else said
    if paper.arxiv:
        return f"https://arxiv.org/abs/{paper.arxiv}"
    return paper.links[0].url if paper.links else ""


_RESOLVER = re.compile("https?://(?:dx[.]|www[.])?doi[.]org/", re.IGNORECASE)


# --- formats: each has its twin in static/cite.js -----------------------------------------------


def csl(items: Iterable[Item]) -> str:
    """A file of CSL-JSON."""
    return json.dumps(list(items), ensure_ascii=False, indent=2) + "\n"


def ris(items: Iterable[Item]) -> str:
    """A file of RIS."""
    return "".join(f"{tag}  - {value}\r\n" for each in items for tag, value in _ris_lines(each))


def csv(items: Iterable[Item]) -> str:
    """A table with a header, a row for each item: RFC 4180, as our own reader of tables reads it.

    In UTF-8 with a byte order mark, without which Excel takes it for another encoding. A cell that
    a spreadsheet would take for a formula (=, +, -, @ first, full-width too, a tab) gets an
    apostrophe before it, which says that it is text (OWASP, "CSV Injection"); the reader takes it
    away again, and one that has such an apostrophe gets another. So does what stands behind a
    semicolon: where a comma parts decimals (half of Europe), Excel begins another cell there,
    whatever is in quotes.
    """
    rows = (COLUMNS, *(tuple(_cells(each)) for each in items))
    return "\ufeff" + "".join(f"{','.join(map(_cell, row))}\r\n" for row in rows)


def apa(items: Iterable[Item]) -> str:
    """A list of references in the style of APA, a line each, in the order given."""
    return "".join(f"{_apa(each)}\n" for each in items)


def ieee(items: Iterable[Item]) -> str:
    """A list of references in the style of IEEE, numbered, a line each."""
    return "".join(f"[{number}] {_ieee(each)}\n" for number, each in enumerate(items, 1))


@exporter("csl", suffix=".json", mime="application/vnd.citationstyles.csl+json")
def export_csl(papers: Iterable[Paper], /, *, abstracts: bool) -> str:
    """Papers in CSL-JSON."""
    return csl(item(paper, abstract=abstracts) for paper in papers)


@exporter("ris", suffix=".ris", mime="application/x-research-info-systems")
def export_ris(papers: Iterable[Paper], /, *, abstracts: bool) -> str:
    """Papers in RIS."""
    return ris(item(paper, abstract=abstracts) for paper in papers)


@exporter("csv", suffix=".csv", mime="text/csv")
def export_csv(papers: Iterable[Paper], /, *, abstracts: bool) -> str:
    """Papers as a table."""
    return csv(item(paper, abstract=abstracts) for paper in papers)


@exporter("apa", suffix=".txt", mime="text/plain")
def export_apa(papers: Iterable[Paper], /, *, abstracts: bool) -> str:
    """Papers as a list of references in the style of APA; abstracts have no place in it."""
    del abstracts
    return apa(item(paper) for paper in papers)


@exporter("ieee", suffix=".txt", mime="text/plain")
def export_ieee(papers: Iterable[Paper], /, *, abstracts: bool) -> str:
    """Papers as a list of references in the style of IEEE; abstracts have no place in it."""
    del abstracts
    return ieee(item(paper) for paper in papers)


# --- RIS ----------------------------------------------------------------------------------------

_RIS_TYPES = {
    "article-journal": "JOUR", "book": "BOOK", "chapter": "CHAP", "document": "GEN",
    "manuscript": "UNPB", "pamphlet": "PAMP", "paper-conference": "CPAPER", "report": "RPRT",
    "thesis": "THES", "article": "RPRT", "webpage": "ELEC", "dataset": "DATA", "graphic": "ART",
    "map": "MAP", "motion_picture": "VIDEO", "patent": "PAT", "software": "COMP", "song": "SOUND",
    "standard": "STAND",
}  # fmt: skip
_PARTS_OF_BOOKS = frozenset({"chapter", "paper-conference"})


def _ris_lines(of: Item) -> Iterator[tuple[str, str]]:
    """The lines of one paper; its type first, its end last.

    Zotero asks for proceedings in C3 (T2 is the meeting to it), others for every container in T2;
    the number of a report or patent is its SN, the version of a program its ET; who edited the
    whole is A2, which to a book is the editor of its series; a translator is A4 (RIS of 2011;
    Zotero's translator). The number of an article is C7, as EndNote and Scopus have it, and stands
    for its pages, since Zotero has no other place for it. SP of a book is how many pages it has.
    """
    own = of.get("number", "")
    eid = own if of["type"] in _ARTICLES else ""
    first, last = _ends(of.get("page", "") or of.get("number-of-pages", "") or eid)
    kind, container = of["type"], of.get("container-title", "")
    yield "TY", _RIS_TYPES[kind]
    yield from ((tag, of[name]) for tag, name in (("ID", "id"), ("TI", "title")) if of.get(name))
    editor = "A2" if kind in _PARTS_OF_BOOKS else "ED"
    for tag, role in (("AU", "author"), (editor, "editor"), ("A4", "translator")):
        yield from ((tag, _ris_name(person)) for person in of.get(role, ()))
    for tag, value in (
        ("PY", str(next(iter(_parts(of)), ""))),
        ("DA", _slashed(_parts(of)) if len(_parts(of)) > 1 else ""),
        ("Y2", _slashed(_parts(of, "accessed"))),
        ("T2", container),
        ("C3", container if kind == "paper-conference" else ""),
        ("T3", of.get("collection-title", "")),
        ("VL", of.get("volume", "")),
        ("NV", of.get("number-of-volumes", "")),
        ("IS", of.get("issue", "")),
        ("M3", of.get("genre", "")),
        ("SP", first),
        ("EP", last),
        ("C7", eid),
        ("ET", of.get("edition", "") or of.get("version", "")),
        ("PB", of.get("publisher", "")),
        ("CY", of.get("publisher-place", "")),
        ("SN", of.get("ISBN", "") or of.get("ISSN", "") or ("" if eid else own)),
        ("DO", of.get("DOI", "")),
        ("UR", of.get("URL", "")),
        ("LA", of.get("language", "")),
        ("AB", of.get("abstract", "")),
        *(("KW", word) for word in of.get("keyword", "").split(", ")),
        *(("N1", line) for line in of.get("note", "").split("\n")),
    ):
        if value:
            yield tag, value
    yield "ER", ""


def _ends(page: str) -> tuple[str, str]:
    """The first and the last page of an item's; all of it as the first where it is no span."""
    found = re.fullmatch("([^–,]*)–([^–,]*)", page)
    return (found[1], found[2]) if found else (page, "")


def _slashed(parts: Iterable[int]) -> str:
    return "/".join(f"{part:02}" for part in parts)


def _ris_name(author: Mapping[str, str]) -> str:
    """A name; others who are not named are "et al.", for RIS has no other way to say so.

    A group ends in a comma, and the first comma of its own is two, as EndNote asks for it; without
    it, EndNote and Zotero make a person of it.
    """
    if "literal" in author and author != ET_AL:
        return f"{author['literal'].replace(',', ',,', 1)},"
    return _listed_name(author)


def _listed_name(author: Mapping[str, str]) -> str:
    """A name between semicolons: "Lovelace, Ada"; a group in braces, as in BibTeX."""
    if author == ET_AL:
        return "et al."
    if "literal" in author:
        return f"{{{_BRACES.sub('', author['literal'])}}}"
    return ", ".join(author[part] for part in ("family", "given", "suffix") if part in author)


_BRACES = re.compile("[{}]+")


# --- a table ------------------------------------------------------------------------------------

COLUMNS = tuple(
    str.split(
        "key type title authors editors translators year date venue volume issue eid pages "
        "edition version series volumes publisher address isbn issn doi arxiv pmid url accessed "
        "genre language keywords status note abstract"
    )
)
# What stands under a column as it does in an item.
_COLUMNS = {
    "key": "id", "type": "type", "title": "title", "venue": "container-title", "volume": "volume",
    "edition": "edition", "version": "version", "series": "collection-title",
    "volumes": "number-of-volumes", "publisher": "publisher", "address": "publisher-place",
    "isbn": "ISBN", "issn": "ISSN", "doi": "DOI", "arxiv": "archive_location", "pmid": "PMID",
    "url": "URL", "genre": "genre", "language": "language", "status": "status",
    "abstract": "abstract",
}  # fmt: skip
_MARK_OF_A_LIST = re.compile("[,;{}]")
_ONE_WORD = re.compile("[A-Za-z\u0080-\U0010ffff]+")  # whatever Unicode says of letters, and when
_FORMULA = re.compile("(^|;)(?='*[-=+@\t＝＋－＠])")
_QUOTED = re.compile('[",\r\n]|^ | $')


def _name_in_cell(author: Mapping[str, str]) -> str:
    """A name that `sources.entries.names_exported` reads back as just this one.

    A part that holds what parts names is in braces; a family name alone has a comma behind it,
    unless it is one word, which can be nothing else.
    """
    if "literal" in author or author == ET_AL:
        return _listed_name(author)
    parts = (author.get(part, "") for part in ("family", "given", "suffix"))
    said = ", ".join(
        f"{{{_BRACES.sub('', part)}}}" if _MARK_OF_A_LIST.search(part) else part for part in parts
    ).rstrip(", ")
    is_plain = "given" in author or "suffix" in author or _ONE_WORD.fullmatch(said)
    return said if is_plain else f"{said},"


def _cells(of: Item) -> Iterator[str]:
    """The cells of an item's row, in the order of `COLUMNS`."""
    issued = _parts(of)
    number = "eid" if of.get("type") in _ARTICLES else "issue"
    said = {
        "authors": "; ".join(map(_name_in_cell, of.get("author", ()))),
        "editors": "; ".join(map(_name_in_cell, of.get("editor", ()))),
        "translators": "; ".join(map(_name_in_cell, of.get("translator", ()))),
        "year": str(next(iter(issued), "")),
        "date": _day_of(issued) if len(issued) > 1 else "",
        "issue": of.get("issue", "") or of.get("collection-number", ""),
        "eid": "",
        **({number: of["number"]} if "number" in of else {}),
        "pages": of.get("page", "") or of.get("number-of-pages", ""),
        "accessed": _day_of(_parts(of, "accessed")),
        "keywords": of.get("keyword", "").replace(", ", "; "),
        "note": of.get("note", "").replace("\n", "; "),
    }
    yield from (said[name] if name in said else of.get(_COLUMNS[name], "") for name in COLUMNS)


def _day_of(parts: Iterable[int]) -> str:
    return "-".join(f"{part:02}" for part in parts)


def _cell(said: str) -> str:
    safe = _FORMULA.sub(r"\1'", said)
    return '"{}"'.format(safe.replace('"', '""')) if _QUOTED.search(safe) else safe


# --- lines of text ------------------------------------------------------------------------------


def _apa(of: Item) -> str:
    """Authors. (Date). Title. Where it appeared. Where it is; the title first without authors."""
    by = _stopped(_apa_authors(of.get("author", ())))
    if not by and "editor" in of:
        by = f"{_apa_authors(of['editor'])} ({_ed(of)})."
    title = _stopped(of.get("title", "") + _apa_kind(of))
    date = f"({_apa_date(of)})."
    said = [by, date, title] if by else [title, date]
    where, address = _stopped(_apa_place(of)), _apa_address(of)
    return " ".join(filter(None, (*said, where, address, _became(of))))


def _apa_authors(people: Sequence[Mapping[str, str]]) -> str:
    """Up to twenty are named; of more the first nineteen and the last (APA 7, 9.8)."""
    names = [_inverted(person) for person in people if person != ET_AL]
    if len(names) < len(people):
        return ", ".join([*names[:19], "et al."])
    if len(names) > 20:
        return f"{', '.join(names[:19])}, . . . {names[-1]}"
    return _joined(names, ", & ")


def _inverted(author: Mapping[str, str]) -> str:
    """The name with the family first: "Lovelace, A. M., Jr." and the like."""
    family, given = author.get("family", ""), author.get("given", "")
    parts = (family, _initials(given), author.get("suffix", ""))
    return _whole(author) or ", ".join(filter(None, parts))


def _apa_date(of: Item) -> str:
    """The year and, of what appears by the day, month and day."""
    year, month, day = (*map(str, _parts(of)), "", "", "")[:3]
    if not month or not _is_daily(of):
        return year or of.get("issued", {}).get("literal", "n.d.")
    return f"{year}, {' '.join(filter(None, (_MONTHS[int(month) - 1], day)))}"


def _is_daily(of: Item) -> bool:
    """Whether it is told by its day: a page of the web, or what is in a newspaper.

    BibTeX has no type for the latter: they are articles of a day without volume, issue and DOI.
    """
    is_loose = {"DOI", "issue", "volume"}.isdisjoint(of)
    is_article = of["type"] == "article-journal" and is_loose and len(_parts(of)) == 3
    return is_article or of["type"] == "webpage"


def _apa_kind(of: Item) -> str:
    """What stands after the title: who edited it, what it is where its place does not say so."""
    kind, genre, number = of["type"], of.get("genre", ""), of.get("number", "")
    if kind == "thesis":
        return f" [{', '.join(filter(None, (genre, of.get('publisher'))))}]"
    is_whole = "container-title" not in of
    own = "" if kind in _ARTICLES else number
    told = own if kind == "article" or not own else f"{genre} No. {own}".lstrip()
    edited = _role(of.get("editor", ()), "&", _ed(of)) if is_whole and "author" in of else ""
    translated = _role(of.get("translator", ()), "&", "Trans.")
    which = ", ".join(filter(None, (_volume(of) if is_whole else "", told)))
    what = f" [{genre}]" if genre and is_whole and not own else ""
    return _bracketed("; ".join(filter(None, (edited, translated, which)))) + what


def _apa_place(of: Item) -> str:
    """Where it appeared and who published it, if not its authors, who are named already."""
    kind, container, publisher = of["type"], of.get("container-title", ""), of.get("publisher", "")
    publisher = "" if publisher == _apa_authors(of.get("author", ())) else publisher
    if kind == "thesis" or not container:
        return "" if kind == "thesis" else publisher
    number = _numbered(of, "Article ")
    if kind in _PARTS_OF_BOOKS:
        inside = _bracketed(_volume(of), number or _paged(of))
        edited = f"{_upright_list(of['editor'], '&')} ({_ed(of)}), " if "editor" in of else ""
        whole = f"In {edited}{container}{inside}"
        return ". ".join(filter(None, (whole, publisher)))
    volume, issue = of.get("volume", ""), of.get("issue", "")
    inside = f"{volume}({issue})" if issue else volume
    return ", ".join(filter(None, (container, inside, number or of.get("page"))))


def _numbered(of: Item, before: str) -> str:
    """The number of an article, which stands for its pages."""
    return before + of["number"] if of["type"] in _ARTICLES and "number" in of else ""


def _volume(of: Item) -> str:
    """Which edition and volume of a book: "2nd ed., Vol. 3"."""
    return ", ".join(filter(None, (_nth(of), f"Vol. {of['volume']}" if "volume" in of else "")))


def _apa_address(of: Item) -> str:
    if "DOI" in of:
        return f"https://doi.org/{of['DOI']}"
    seen = _when(_parts(of, "accessed"), _MONTHS) if of["type"] == "webpage" else ""
    return f"Retrieved {seen}, from {of['URL']}" if seen and "URL" in of else of.get("URL", "")


def _ieee(of: Item) -> str:
    """A. Author and B. Author, “Title,” where it appeared, when, where it is, what became of it."""
    return " ".join(filter(None, (_ieee_itself(of), _became(of))))


def _ieee_itself(of: Item) -> str:
    """A line; the title of a book is in no quotes, and its publisher begins a sentence."""
    by = _upright_list(of.get("author", ()), "and") or _ieee_editors(of)
    where, when = ", ".join(_ieee_place(of)), ", ".join(_ieee_date(of))
    is_book = of["type"] in _BOOKS
    if not is_book and of["type"] != "chapter":
        where, when = ", ".join(filter(None, (where, when))), ""
    title = _stopped(of.get("title", ""), "," if where or (when and not is_book) else ".")
    named = title if is_book else f"“{title.translate(_INNER_QUOTES)}”"
    line = " ".join(filter(None, (by and f"{by},", named, _stopped(where), _stopped(when))))
    if "URL" not in of or "DOI" in of:
        return line
    seen = _when(_parts(of, "accessed"), _SHORT_MONTHS)
    return f"{line}{seen and f' Accessed: {seen}.'} [Online]. Available: {of['URL']}"


_BOOKS = frozenset({"book", "pamphlet"})
_INNER_QUOTES = str.maketrans("“”", "‘’")


def _ieee_editors(of: Item) -> str:
    return _role(of.get("editor", ()), "and", _ed(of))


def _ieee_place(of: Item) -> Iterator[str]:
    """What stands between title and publisher, part by part."""
    for before, value in (
        ("in " if of["type"] in _PARTS_OF_BOOKS else "", of.get("container-title", "")),
        ("", _ieee_editors(of) if "author" in of else ""),
        ("", _role(of.get("translator", ()), "and", "Trans.")),
        ("", _nth(of)),
        ("vol. ", of.get("volume", "")),
        ("no. ", of.get("issue", "")),
    ):
        if value:
            yield before + value


def _ieee_date(of: Item) -> Iterator[str]:
    """Publisher, number, date and pages, part by part; journals have no publisher.

    The number of a preprint on arXiv names arXiv.
    """
    kind, genre = of["type"], of.get("genre", "")
    number = "" if kind in _ARTICLES else of.get("number", "")
    is_journal = kind == "article-journal"
    address = of.get("publisher-place", "") if kind in _SEATED else ""
    publisher = "" if of.get("publisher") == "arXiv" else of.get("publisher", "")
    publisher = ": ".join(filter(None, (address, publisher)))
    when = _when(_parts(of)[: 3 if _is_daily(of) else 2], _SHORT_MONTHS)
    pages = _numbered(of, "Art. no. ") or _paged(of)
    for before, value in (
        ("", "" if number else genre),
        ("", "" if is_journal else publisher),
        ("" if kind == "article" else f"{genre or 'Rep.'} ", number),
        *(("", part) for part in ((pages, when) if is_journal else (when, pages))),
        ("doi: ", of.get("DOI", "")),
    ):
        if value:
            yield before + value


# Where IEEE has the place of the publisher: of papers in proceedings it would be the meeting's.
_SEATED = frozenset({*_BOOKS, "chapter"})


def _role(people: Sequence[Mapping[str, str]], last: str, what: str) -> str:
    """Who had a part in it, and which: "B. Jones and D. Black, Eds."."""
    return f"{_upright_list(people, last)}, {what}" if people else ""


def _upright_list(people: Sequence[Mapping[str, str]], last: str) -> str:
    """Names with the given ones first: up to six, of more the first (IEEE Reference Guide).

    So are editors within a reference of APA, which gives no number of its own for them.
    """
    names = [_upright(person) for person in people if person != ET_AL]
    if len(names) > 6 or (names and len(names) < len(people)):
        return f"{names[0]} et al."
    return _joined(names, f", {last} " if len(names) > 2 else f" {last} ")


def _upright(author: Mapping[str, str]) -> str:
    given, family = _initials(author.get("given", "")), author.get("family", "")
    return _whole(author) or " ".join(filter(None, (given, family, author.get("suffix", ""))))


# --- parts of lines -----------------------------------------------------------------------------

_MONTHS = str.split(
    "January February March April May June July August September October November December"
)
_SHORT_MONTHS = str.split("Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.")


def _joined(names: Sequence[str], last: str) -> str:
    return f"{', '.join(names[:-1])}{last}{names[-1]}" if len(names) > 1 else "".join(names)


def _whole(author: Mapping[str, str]) -> str:
    """A name that is written as it is: a group's, or one in the letters of `HAN`.

    An item has its parts all the same: Zotero, citeproc-js and pandoc know by the letters how to
    write such a name.
    """
    name = author.get("family", "") + author.get("given", "")
    return author.get("literal") or (name if HAN.fullmatch(name) else "")


def _initials(given: str) -> str:
    """The initials of given names: of Jean-Luc M. they are J.-L. M."""
    words = re.sub(r"\.(?=[^ .-])", ". ", given).split()  # "M.L." are two
    short = ("-".join(f"{part[0]}." for part in word.split("-") if part) for word in words)
    return " ".join(filter(None, short))


def _became(of: Item) -> str:
    """That it was retracted or the like, in brackets at the end (APA 7, 10.1, example 12)."""
    return f"({of['note'].partition(chr(10))[0]})" if "status" in of else ""


def _ed(of: Item) -> str:
    return "Eds." if len(of.get("editor", ())) > 1 else "Ed."


def _nth(of: Item) -> str:
    """The edition: "2nd ed.", "Revised ed.", one that says so itself as it is; else the version."""
    edition: str = of.get("edition", "")
    if not edition:
        return f"Version {of['version']}" if "version" in of else ""
    if re.fullmatch("[0-9]+", edition):
        last = "" if edition[-2:-1] == "1" else edition[-1]
        edition += {"1": "st", "2": "nd", "3": "rd"}.get(last, "th")
    elif _NAMED_EDITION.search(edition):
        return edition
    return f"{edition} ed."


_NAMED_EDITION = re.compile("[0-9]|[EÉé]d|edi|[Aa]ufl")


def _paged(of: Item) -> str:
    page: str = of.get("page", "")
    return page and ("pp. " if "–" in page else "p. ") + page


def _bracketed(*parts: str) -> str:
    inner = ", ".join(filter(None, parts))
    return inner and f" ({inner})"


def _parts(of: Item, name: str = "issued") -> Sequence[int]:
    dates: Sequence[Sequence[int]] = of.get(name, {}).get("date-parts", ((),))
    return dates[0]


def _when(parts: Sequence[int], months: Sequence[str]) -> str:
    """A date as English has it: "July 4, 2020", "July 2020", "2020"."""
    year, month, day = (*map(str, parts), "", "", "")[:3]
    before = f"{months[int(month) - 1]} " if month else ""
    return f"{before}{day and f'{day}, '}{year}"


def _stopped(said: str, stop: str = ".") -> str:
    """A part with its stop, where it does not end in one."""
    ended = said.endswith((".", "?", "!") if stop == "." else ("?", "!"))
    return said if ended or not said else said + stop
