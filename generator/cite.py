"""Papers as reference managers and readers take them: CSL-JSON, RIS, and as lines of text.

    paper ─► Item (CSL-JSON) ─┬─► RIS
                              ├─► CSL-JSON
                              └─► APA, IEEE

All but the first step is done in the browser too, by `static/cite.js`: for any list, without a
file of each format for each list on the disk. What it writes is the same byte for byte, which is
held by a test; so a change here is a change there.

*CSL-JSON* is the format of citation styles (schema 1.0.2): pandoc, Zotero and every CSL processor
read it. *RIS* is written as Zotero and EndNote read it: two letters, two blanks, a hyphen, CRLF.
*APA* is its seventh edition and *IEEE* its reference guide of 2023, both as plain text, without
italics. Known weaknesses: titles keep their capitals (either style would lower some, and nobody
can tell which words are names); formulas are Unicode or TeX; an editor stands in neither.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from generator import text, venues
from generator.exports import EXPORTERS, exporter
from generator.model import Name, Paper
from generator.names import OTHERS

__all__ = ["ET_AL", "EXPORTERS", "Item", "apa", "csl", "ieee", "item", "ris", "written"]

Item = Mapping[str, Any]
"""One paper in CSL-JSON: what json.loads gives of it."""

AUTHORS = 500
"""Authors of an item: it stands on the paper's page too, and physics has lists of 5,000."""

ET_AL = {"literal": "others"}
"""How an item says that there are further authors, whom the source left out (as pandoc does)."""


def item(paper: Paper, *, abstract: bool = False) -> Item:
    """A paper in CSL-JSON, without what is empty; texts are plain, its id is the paper's key."""
    on_arxiv_only = bool(paper.arxiv) and venues.is_preprint(paper.venue)
    venue = "" if on_arxiv_only else _plain(paper.venue)
    kind = _TYPES.get(paper.type, "article" if paper.arxiv else "document")
    said: dict[str, Any] = {
        "id": paper.key,
        "type": kind,
        "title": _plain(paper.title),
        "author": list(filter(None, map(_person, _named(paper.authors)))),
        "issued": {"date-parts": [_date(paper)]} if paper.year else None,
        **_placed(paper, kind, venue),
        **{csl: _plain(paper.detail(name)) for name, csl in _DETAILS.items()},
        "page": "–".join(filter(None, span(_plain(paper.detail("pages"))))),
        "DOI": _plain(paper.doi),
        "URL": _plain(_url(paper)),
        **({"archive": "arXiv", "archive_location": paper.arxiv} if paper.arxiv else {}),
        "abstract": _plain(paper.abstract) if abstract else "",
    }
    return {name: value for name, value in said.items() if value}


def written(paper: Paper) -> str:
    """The item of a paper, without its abstract, as JSON on one line."""
    return _COMPACT.encode(item(paper))


_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_TYPES = {
    "article": "article-journal", "book": "book", "booklet": "pamphlet", "inbook": "chapter",
    "incollection": "chapter", "inproceedings": "paper-conference", "manual": "report",
    "mastersthesis": "thesis", "phdthesis": "thesis", "proceedings": "book",
    "techreport": "report", "unpublished": "manuscript",
}  # fmt: skip
_GENRES = {"phdthesis": "PhD thesis", "mastersthesis": "Master’s thesis"}
_DETAILS = {
    "volume": "volume", "edition": "edition", "series": "collection-title",
    "address": "publisher-place", "isbn": "ISBN", "issn": "ISSN",
}  # fmt: skip


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


def _named(authors: Sequence[Name]) -> Sequence[Name]:
    return authors if len(authors) <= AUTHORS else [*authors[:AUTHORS], OTHERS]


def _plain(value: str) -> str:
    """A text on one line, without what no format can hold."""
    return " ".join(_CONTROLS.sub(" ", text.to_plain(value)).split())


_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


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


def _date(paper: Paper) -> list[int]:
    month = paper.detail("month")
    return [paper.year or 0, *([int(month)] if month in _NUMBERS else [])]


_NUMBERS = frozenset(map(str, range(1, 13)))


def _placed(paper: Paper, kind: str, venue: str) -> dict[str, str]:
    """Where it appeared, who published it, and what its number is the number of."""
    school = _plain(paper.detail("school") or paper.detail("institution"))
    publisher = _plain(paper.detail("publisher"))
    number = _plain(paper.detail("number"))
    if kind in ("thesis", "report"):
        genre = _GENRES.get(paper.type, "")
        return {"genre": genre, "number": number, "publisher": school or venue or publisher}
    own = kind == "article" and not venue
    return {
        "container-title": venue,
        "issue": number,
        "publisher": "arXiv" if own else publisher,
        "number": f"arXiv:{paper.arxiv}" if own else "",
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
    "thesis": "THES", "article": "RPRT",
}  # fmt: skip


def _ris_lines(of: Item) -> Iterator[tuple[str, str]]:
    """The lines of one paper; its type first, its end last."""
    first, last = _ends(of.get("page", ""))
    yield "TY", _RIS_TYPES[of["type"]]
    yield "ID", of["id"]
    yield "TI", of.get("title", "")
    for author in of.get("author", ()):
        if author != ET_AL:
            yield "AU", _ris_name(author)
    for tag, value in (
        ("PY", str(_year(of) or "")),
        ("DA", "/".join(f"{part:02}" for part in _issued(of)) if len(_issued(of)) > 1 else ""),
        ("T2", of.get("container-title", "")),
        ("T3", of.get("collection-title", "")),
        ("VL", of.get("volume", "")),
        ("IS", of.get("issue", "")),
        ("M1", of.get("number", "")),
        ("M3", of.get("genre", "")),
        ("SP", first),
        ("EP", last),
        ("ET", of.get("edition", "")),
        ("PB", of.get("publisher", "")),
        ("CY", of.get("publisher-place", "")),
        ("SN", of.get("ISBN", "") or of.get("ISSN", "")),
        ("DO", of.get("DOI", "")),
        ("UR", of.get("URL", "")),
        ("AB", of.get("abstract", "")),
    ):
        if value:
            yield tag, value
    yield "ER", ""


def _ends(page: str) -> tuple[str, str]:
    """The first and the last page of an item's; all of it as the first where it is no span."""
    parts = page.split("–")
    return (parts[0], parts[1]) if len(parts) == 2 and "," not in page else (page, "")


def _ris_name(author: Mapping[str, str]) -> str:
    if "literal" in author:
        return author["literal"]
    return ", ".join(author[part] for part in ("family", "given", "suffix") if part in author)


# --- lines of text ------------------------------------------------------------------------------


def _apa(of: Item) -> str:
    """Authors. (Year). Title. Where it appeared. Where it is; the title first without authors."""
    authors = _stopped(_apa_authors(of.get("author", ())))
    title = _stopped(of.get("title", "") + _apa_kind(of))
    year = f"({_year(of) or 'n.d.'})."
    said = [authors, year, title] if authors else [title, year]
    return " ".join(filter(None, (*said, _stopped(_apa_place(of)), _address(of))))


def _apa_authors(authors: Sequence[Mapping[str, str]]) -> str:
    """Up to twenty are named; of more the first nineteen and the last (APA 7, 9.8)."""
    names = [_inverted(author) for author in authors if author != ET_AL]
    if ET_AL in authors:
        return ", ".join([*names[:19], "et al."])
    if len(names) > 20:
        return f"{', '.join(names[:19])}, . . . {names[-1]}"
    return f"{', '.join(names[:-1])}, & {names[-1]}" if len(names) > 1 else "".join(names)


def _inverted(author: Mapping[str, str]) -> str:
    """The name with the family first: "Lovelace, A. M., Jr." and the like."""
    if "literal" in author:
        return author["literal"]
    parts = (author.get("family", ""), _initials(author.get("given", "")), author.get("suffix", ""))
    return ", ".join(filter(None, parts))


def _apa_kind(of: Item) -> str:
    """What stands after the title: what it is, where that is not plain from where it appeared."""
    if of["type"] == "thesis":
        return f" [{', '.join(filter(None, (of.get('genre'), of.get('publisher'))))}]"
    number = of.get("number", "")
    if of["type"] == "article" and number:
        return f" ({number})"
    return f" (No. {number})" if number else ""


def _apa_place(of: Item) -> str:
    kind, container, pages = of["type"], of.get("container-title", ""), of.get("page", "")
    if kind == "thesis":
        return ""
    if kind in ("paper-conference", "chapter"):
        inside = f" (pp. {pages})" if pages else ""
        return ". ".join(
            filter(None, (container and f"In {container}{inside}", of.get("publisher")))
        )
    volume, issue = of.get("volume", ""), of.get("issue", "")
    numbered = f"{volume}({issue})" if volume and issue else volume or issue
    whole = ", ".join(filter(None, (container, numbered, pages)))
    return ". ".join(filter(None, (whole, "" if container else of.get("publisher"))))


def _ieee(of: Item) -> str:
    """A. Author and B. Author, “Title,” where it appeared, when, where it is."""
    authors = _ieee_authors(of.get("author", ()))
    rest = ", ".join(_ieee_place(of))
    title = _stopped(of.get("title", ""), "," if rest else ".")
    line = ", ".join(filter(None, (authors, f"“{title}”"))) + (f" {_stopped(rest)}" if rest else "")
    return f"{line} [Online]. Available: {of['URL']}" if "URL" in of else line


def _ieee_place(of: Item) -> Iterator[str]:
    """What stands between title and end, part by part."""
    kind, container, number = of["type"], of.get("container-title", ""), of.get("number", "")
    if container:
        yield f"in {container}" if kind in ("paper-conference", "chapter") else container
    pages = ("pp. " if "–" in of.get("page", "") else "p. ", of.get("page", ""))
    months = [_MONTHS[month - 1] for month in _issued(of)[1:]]
    date = ("", " ".join([*months, *map(str, _issued(of)[:1])]))
    for before, value in (
        ("vol. ", of.get("volume", "")),
        ("no. ", of.get("issue", "")),
        ("", of.get("genre", "")),
        ("", of.get("publisher", "") if kind != "article" else ""),
        ("" if kind == "article" else "Rep. ", number),
        *((pages, date) if kind == "article-journal" else (date, pages)),
        ("doi: ", of.get("DOI", "")),
    ):
        if value:
            yield before + value


_MONTHS = str.split("Jan. Feb. Mar. Apr. May June July Aug. Sept. Oct. Nov. Dec.")


def _ieee_authors(authors: Sequence[Mapping[str, str]]) -> str:
    """Up to six are named; of more the first (IEEE Reference Guide)."""
    names = [_upright(author) for author in authors if author != ET_AL]
    if len(names) > 6 or (names and ET_AL in authors):
        return f"{names[0]} et al."
    if len(names) > 2:
        return f"{', '.join(names[:-1])}, and {names[-1]}"
    return " and ".join(names)


def _upright(author: Mapping[str, str]) -> str:
    if "literal" in author:
        return author["literal"]
    parts = (_initials(author.get("given", "")), author.get("family", ""), author.get("suffix", ""))
    return " ".join(filter(None, parts))


# --- parts of lines -----------------------------------------------------------------------------


def _initials(given: str) -> str:
    """The initials of given names: of Jean-Luc M. they are J.-L. M."""
    words = re.sub(r"\.(?=[^ .-])", ". ", given).split()  # "M.L." are two
    short = ("-".join(f"{part[0]}." for part in word.split("-") if part) for word in words)
    return " ".join(filter(None, short))


def _issued(of: Item) -> Sequence[int]:
    dates: Sequence[Sequence[int]] = of.get("issued", {}).get("date-parts", ((),))
    return dates[0]


def _year(of: Item) -> int | None:
    return next(iter(_issued(of)), None)


def _stopped(said: str, stop: str = ".") -> str:
    """A part with its stop, where it does not end in one."""
    ended = said.endswith((".", "?", "!") if stop == "." else ("?", "!"))
    return said if ended or not said else said + stop


def _address(of: Item) -> str:
    return f"https://doi.org/{of['DOI']}" if "DOI" in of else str(of.get("URL", ""))
