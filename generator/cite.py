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
can tell which words are names); formulas are Unicode or TeX; the day is said of web pages only,
as both styles have it.
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
    said: dict[str, Any] = {
        "id": paper.key,
        "type": kind,
        "title": _plain(paper.title),
        "author": _people(paper.authors),
        "editor": _people(editors(detail("editor", ""))),
        "translator": _people(editors(detail("translator", ""))),
        "issued": _dated(published(paper)),
        "original-date": _dated(_begun(detail("origdate", ""))),
        "accessed": _dated(_day(detail("urldate", ""))),
        **_placed(paper, kind, venue),
        **{csl: _plain(detail(name, "")) for name, csl in _DETAILS.items()},
        "edition": _edition(_plain(detail("edition", ""))),
        "page": "–".join(filter(None, span(_plain(detail("pages", ""))))),
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
    "volume": "volume", "series": "collection-title", "address": "publisher-place",
    "chapter": "chapter-number", "isbn": "ISBN", "issn": "ISSN", "version": "version",
}  # fmt: skip


def _kind_of_misc(paper: Paper, venue: str) -> str:
    """What a paper is that has no type of its own: on arXiv, on the web, or anything else.

    BibTeX has no type for a page of the web; the address of one is all that tells it.
    """
    if paper.arxiv:
        return "article"
    is_page = any(link.label == "Website" for link in paper.links) and not (venue or paper.doi)
    return "webpage" if is_page else "document"


def span(pages: str) -> tuple[str, str]:
    """The first and the last page; the whole as the first where it is no span of two.

    A dash parts two pages, or two hyphens; a single hyphen does where there is no other, since a
    page may be called A-1.
    """
    for dash in (" ?(?:--+|[–—]+) ?", " ?- ?"):
        parts = [part for part in re.split(dash, pages) if part]
        if len(parts) == 2 and "," not in pages:
            return parts[0], parts[1]
        if len(parts) > 1:
            return re.sub(dash, "–", pages), ""
    return pages, ""


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
    """An edition's number, as styles ask for it ("2" of "Second", "2nd ed."), or its name."""
    name = _EDITION.sub("", said)
    return _ORDINALS.get(name.lower()) or re.sub(r"^([0-9]{1,4})(?:st|nd|rd|th)$", r"\1", name)


_EDITION = re.compile(r" (?:ed(?:ition|n)?\.?)$", re.IGNORECASE)
_ORDINALS = {
    name: str(number)
    for number, name in enumerate(
        str.split("first second third fourth fifth sixth seventh eighth ninth tenth"), 1
    )
}


def _placed(paper: Paper, kind: str, venue: str) -> dict[str, str]:
    """Where it appeared, who published it, what kind of thing it is, and its number's meaning.

    A number is a report's own, else that of an issue or, in a series, of the volume there.
    """
    detail = {name: _plain(value) for name, value in paper.details if name in _PLACING}
    genre = detail.get("type") or _GENRES.get(paper.type, "")
    number = detail.get("number", "")
    publisher = detail.get("publisher") or detail.get("organization", "")
    if kind in ("thesis", "report"):
        school = detail.get("school") or detail.get("institution")
        return {"genre": genre, "number": number, "publisher": school or publisher or venue}
    if kind == "article" and not venue:
        return {"genre": genre, "publisher": "arXiv", "number": f"arXiv:{paper.arxiv}"}
    in_series = kind not in ("article-journal", *_NUMBERED) and "series" in detail
    in_issue = venue and kind not in _NUMBERED
    place = "" if venue else detail.get("howpublished", "")
    return {
        "container-title": venue,
        "genre": genre,
        "collection-number" if in_series else "issue" if in_issue else "number": number,
        "publisher": publisher or place,
    }


_PLACING = frozenset(
    str.split("type number publisher organization school institution series howpublished")
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
    """Where it is to be had, if a DOI does not say so."""
    if paper.doi:
        return ""
    if paper.arxiv:
        return f"https://arxiv.org/abs/{paper.arxiv}"
    return paper.links[0].url if paper.links else ""


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
    whole is A2, which to a book is the editor of its series (RIS of 2011; Zotero's translator).
    """
    first, last = _ends(of.get("page", ""))
    kind, container = of["type"], of.get("container-title", "")
    yield "TY", _RIS_TYPES[kind]
    yield from ((tag, of[name]) for tag, name in (("ID", "id"), ("TI", "title")) if of.get(name))
    editor = "A2" if kind in _PARTS_OF_BOOKS else "ED"
    for tag, role in (("AU", "author"), (editor, "editor")):
        yield from ((tag, _ris_name(person)) for person in of.get(role, ()))
    for tag, value in (
        ("PY", str(next(iter(_parts(of)), ""))),
        ("DA", _slashed(_parts(of)) if len(_parts(of)) > 1 else ""),
        ("Y2", _slashed(_parts(of, "accessed"))),
        ("T2", container),
        ("C3", container if kind == "paper-conference" else ""),
        ("T3", of.get("collection-title", "")),
        ("VL", of.get("volume", "")),
        ("IS", of.get("issue", "")),
        ("M3", of.get("genre", "")),
        ("SP", first),
        ("EP", last),
        ("ET", of.get("edition", "") or of.get("version", "")),
        ("PB", of.get("publisher", "")),
        ("CY", of.get("publisher-place", "")),
        ("SN", of.get("ISBN", "") or of.get("ISSN", "") or of.get("number", "")),
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
        "key type title authors editors year date venue volume issue pages edition series "
        "publisher address isbn issn doi arxiv url accessed genre language keywords status note "
        "abstract"
    )
)
# What stands under a column as it does in an item.
_COLUMNS = {
    "key": "id", "type": "type", "title": "title", "venue": "container-title", "volume": "volume",
    "pages": "page", "edition": "edition", "series": "collection-title", "publisher": "publisher",
    "address": "publisher-place", "isbn": "ISBN", "issn": "ISSN", "doi": "DOI",
    "arxiv": "archive_location", "url": "URL", "genre": "genre", "language": "language",
    "status": "status", "abstract": "abstract",
}  # fmt: skip
_NUMBERS = ("issue", "number", "collection-number")
_FORMULA = re.compile("(^|;)(?='*[-=+@\t＝＋－＠])")
_QUOTED = re.compile('[",\r\n]|^ | $')


def _cells(of: Item) -> Iterator[str]:
    """The cells of an item's row, in the order of `COLUMNS`."""
    issued = _parts(of)
    said = {
        "authors": "; ".join(map(_listed_name, of.get("author", ()))),
        "editors": "; ".join(map(_listed_name, of.get("editor", ()))),
        "year": str(next(iter(issued), "")),
        "date": _day_of(issued) if len(issued) > 1 else "",
        "issue": next((of[name] for name in _NUMBERS if name in of), ""),
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
    place, address = _stopped(_apa_place(of)), _apa_address(of)
    return " ".join(filter(None, (*said, place, address, _became(of))))


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
    """The year and, of a page of the web, month and day."""
    year, month, day = (*map(str, _parts(of)), "", "", "")[:3]
    if not month or of["type"] != "webpage":
        return year or "n.d."
    return f"{year}, {' '.join(filter(None, (_MONTHS[int(month) - 1], day)))}"


def _apa_kind(of: Item) -> str:
    """What stands after the title: what it is, where that is not plain from where it appeared."""
    kind, genre, number = of["type"], of.get("genre", ""), of.get("number", "")
    if kind == "thesis":
        return f" [{', '.join(filter(None, (genre, of.get('publisher'))))}]"
    said = "" if "container-title" in of else _volume(of)
    if number:
        own = number if kind == "article" else f"{genre} No. {number}".lstrip()
        return _bracketed(said, own)
    return _bracketed(said) + (f" [{genre}]" if genre and "container-title" not in of else "")


def _apa_place(of: Item) -> str:
    kind, container = of["type"], of.get("container-title", "")
    if kind == "thesis":
        return ""
    if container and kind in _PARTS_OF_BOOKS:
        inside = _bracketed(_volume(of), _paged(of))
        by = f"{_upright_list(of['editor'], '&')} ({_ed(of)}), " if "editor" in of else ""
        return ". ".join(filter(None, (f"In {by}{container}{inside}", of.get("publisher"))))
    volume, issue = of.get("volume", "") if container else "", of.get("issue", "")
    numbered = f"{volume}({issue})" if issue else volume
    whole = ", ".join(filter(None, (container, numbered, of.get("page"))))
    return ". ".join(filter(None, (whole, "" if container else of.get("publisher"))))


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
    by = _upright_list(of.get("author", ()), "and") or _ieee_editors(of)
    rest = ", ".join(_ieee_place(of))
    title = _stopped(of.get("title", ""), "," if rest else ".")
    line = ", ".join(filter(None, (by, f"“{title}”"))) + (f" {_stopped(rest)}" if rest else "")
    if "URL" not in of:
        return line
    seen = _when(_parts(of, "accessed"), _SHORT_MONTHS)
    return f"{line}{seen and f' Accessed: {seen}.'} [Online]. Available: {of['URL']}"


def _ieee_editors(of: Item) -> str:
    return f"{_upright_list(of['editor'], 'and')}, {_ed(of)}" if "editor" in of else ""


def _ieee_place(of: Item) -> Iterator[str]:
    """What stands between title and end, part by part."""
    kind, number, genre = of["type"], of.get("number", ""), of.get("genre", "")
    inside = "in " if kind in _PARTS_OF_BOOKS else ""
    when = _when(_parts(of)[: 3 if kind == "webpage" else 2], _SHORT_MONTHS)
    for before, value in (
        (inside, of.get("container-title", "")),
        ("", _ieee_editors(of) if "author" in of else ""),
        ("", _nth(of)),
        ("vol. ", of.get("volume", "")),
        ("no. ", of.get("issue", "")),
        ("", "" if number else genre),
        ("", of.get("publisher", "") if kind != "article" else ""),
        ("" if kind == "article" else f"{genre or 'Rep.'} ", number),
        *(("", part) for part in _in_order(_paged(of), when, kind)),
        ("doi: ", of.get("DOI", "")),
    ):
        if value:
            yield before + value


def _in_order(pages: str, when: str, kind: str) -> tuple[str, str]:
    """In journals the pages come before the date."""
    return (pages, when) if kind == "article-journal" else (when, pages)


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
    return "Eds." if len(of["editor"]) > 1 else "Ed."


def _nth(of: Item) -> str:
    """The edition: "2nd ed.", or "Revised ed." where it is no number; else the version."""
    edition: str = of.get("edition", "")
    if not edition:
        return f"Version {of['version']}" if "version" in of else ""
    if re.fullmatch("[0-9]+", edition):
        last = "" if edition[-2:-1] == "1" else edition[-1]
        edition += {"1": "st", "2": "nd", "3": "rd"}.get(last, "th")
    return f"{edition} ed."


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
