"""MODS, the Library of Congress's schema (version 3), as libraries, bibutils and Zotero write it.

From a `mods` element to the fields of an entry. What a paper stands in is its `relatedItem` of
type "host"; its volume, number and pages are in a `part` there, or in the paper's own.
`note` and `recordInfo` are the library's affair and left.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.model import Name
from generator.sources.elements import Element
from generator.sources.entries import bare_key, date, keywords, latex, named, one_name, raw
from generator.sources.fields import Raw

# What its `genre` says it is (MARC's terms, bibutils', Zotero's), as a type of BibTeX or biblatex.
_GENRES = {
    "academic journal": "article", "article": "article", "journal article": "article",
    "journalarticle": "article", "magazinearticle": "article", "newspaperarticle": "article",
    "book": "book", "booksection": "incollection", "book chapter": "incollection",
    "collection": "book", "conferencepaper": "inproceedings",
    "conference paper": "inproceedings", "conference publication": "inproceedings",
    "artwork": "artwork", "audiorecording": "audio", "map": "map", "standard": "standard",
    "videorecording": "video",
    "dataset": "dataset", "computer program": "software", "computerprogram": "software",
    "diploma thesis": "mastersthesis", "doctoral thesis": "phdthesis",
    "dissertation": "phdthesis", "masters thesis": "mastersthesis",
    "master's thesis": "mastersthesis", "ph.d. thesis": "phdthesis", "thesis": "thesis",
    "theses": "thesis", "encyclopediaarticle": "inreference", "manuscript": "unpublished",
    "patent": "patent", "preprint": "preprint", "report": "techreport",
    "technical report": "techreport", "software": "software", "unpublished": "unpublished",
    "web page": "online", "webpage": "online", "web site": "online", "blogpost": "online",
}  # fmt: skip
_OF_THE_HOST = {
    "academic journal": "article", "journal": "article", "periodical": "article",
    "magazine": "article", "newspaper": "article", "journal article": "article",
    "conference publication": "inproceedings", "book": "incollection",
    "collection": "incollection",
}  # fmt: skip


def key(text: str) -> str:
    """What bibutils keeps a citation key in: the record's ID."""
    found = _ID.match(text)
    return bare_key(found[1]) if found else ""


_ID = re.compile(r"<[\w:.-]{1,40}(?:\s[^<>]{0,500})?\sID=[\"']([^\"'<>&]{1,300})[\"']")


def raw_of(record: Element) -> Raw:
    """The fields of a record."""
    host = _related(record, "host")
    kind = _kind(record, host)
    origins = (*record.all("originInfo"), *host.all("originInfo"))
    parts = (*host.all("part"), *record.all("part"))
    ids = dict(_identifiers(host)) | dict(_identifiers(record))
    publisher = _first(origins, "publisher")
    role = {"phdthesis": "school", "mastersthesis": "school", "thesis": "school",
            "techreport": "institution"}.get(kind, "publisher")  # fmt: skip
    fields = {
        "title": _title(record),
        "author": named(_people(record, "aut", "author", "creator", "")),
        "editor": named((*_people(record, "edt", "editor"), *_people(host, "edt", "editor", ""))),
        "translator": named(_people(record, "trl", "translator")),
        "abstract": latex(" ".join(each.said() for each in record.all("abstract"))),
        "keywords": keywords([each.said() for each in record.all("subject", "topic")]),
        **_when((*origins, *parts)),
        "journal" if kind == "article" else "booktitle": _title(host),
        "series": _title(_related(record, "series")) or _title(_related(host, "series")),
        "volume": latex(_counted(parts, "volume")),
        "number": latex(_counted(parts, "number", "issue") or ids.get("report number", "")),
        "eid": latex(_counted(parts, "articlenumber", "article number")),
        "pages": latex(_pages(parts)),
        **_extent(record.text("physicalDescription", "extent")),
        "edition": latex(_first(origins, "edition")),
        role: latex(publisher),
        "address": latex(_first(origins, "place", "placeTerm")),
        "language": latex(record.text("language", "languageTerm")),
        "isbn": latex(ids.get("isbn", "")),
        "issn": latex(ids.get("issn", "")),
        "doi": ids.get("doi", ""),
        "eprint": ids.get("arxiv", ""),
        "url": " ".join(_addresses(record, ids)),
    }
    return raw(kind, fields)


def _related(record: Element, kind: str) -> Element:
    found = (each for each in record.all("relatedItem") if each.attributes.get("type") == kind)
    return next(found, Element("", {}))


def _kind(record: Element, host: Element) -> str:
    """What it is, by its own genre, else by that of what it stands in, else by what that has."""
    genres = [each.said().casefold() for each in record.all("genre")]
    outer = [each.said().casefold() for each in host.all("genre")]
    own = next((_GENRES[genre] for genre in genres if genre in _GENRES), "")
    if own in ("book", "") and host.parts:
        inside = next((_OF_THE_HOST[genre] for genre in outer if genre in _OF_THE_HOST), "")
        has_isbn = any(name == "isbn" for name, _ in _identifiers(host))
        return inside or ("incollection" if has_isbn else "article")
    single = any(each.said() == "monographic" for each in record.all("originInfo", "issuance"))
    return own or ("book" if single else "misc")


def _title(record: Element) -> str:
    """The title proper: not one that is abbreviated, translated or uniform."""
    every = [*record.all("titleInfo")]
    proper = [each for each in every if not each.attributes.get("type")] or every[:1]
    for info in proper[:1]:
        main = " ".join(filter(None, (info.text("nonSort"), info.text("title"))))
        return latex(": ".join(filter(None, (main, info.text("subTitle")))))
    return ""


def _people(record: Element, *roles: str) -> Iterator[Name]:
    """Those in one of these roles, by MARC's code or its word; "" is who has none."""
    for each in record.all("name"):
        said = {role.said().casefold() for role in each.all("role", "roleTerm")} or {""}
        if said & set(roles):
            yield from _name(each)


def _name(said: Element) -> Iterator[Name]:
    parts: dict[str, list[str]] = {}
    for part in said.all("namePart"):
        parts.setdefault(part.attributes.get("type", ""), []).append(part.said())
    family, given, whole = (" ".join(parts.get(name, ())) for name in ("family", "given", ""))
    if said.attributes.get("type") in ("corporate", "conference"):
        yield Name(whole or family, group=True)
    elif family:
        suffix = " ".join(parts.get("termsOfAddress", ()))
        yield Name(family, given, suffix if _SUFFIX.fullmatch(suffix) else "")
    else:
        yield from one_name(whole or given)


_SUFFIX = re.compile(r"[JS]r\.?|I{2,3}|IV", re.IGNORECASE)


def _identifiers(record: Element) -> Iterator[tuple[str, str]]:
    """(kind, identifier), the last of a kind first, so that a dict of them keeps the first."""
    for each in reversed([*record.all("identifier")]):
        yield each.attributes.get("type", "").casefold(), each.said()


def _first(origins: tuple[Element, ...], *path: str) -> str:
    for each in origins:
        texts = [
            found.said() for found in each.all(*path) if found.attributes.get("type") != "code"
        ]
        if texts:
            return texts[0]
    return ""


def _when(places: tuple[Element, ...]) -> dict[str, str]:
    for name in ("dateIssued", "date", "copyrightDate", "dateCreated", "dateOther"):
        for each in places:
            if said := each.text(name):
                return date(said)
    return {}


def _counted(parts: tuple[Element, ...], *kinds: str) -> str:
    for part in parts:
        for each in part.all("detail"):
            if each.attributes.get("type") in kinds:
                return each.text("number") or each.text("caption") or each.text("title")
    return ""


def _pages(parts: tuple[Element, ...]) -> str:
    for part in parts:
        for extent in part.all("extent"):
            if extent.attributes.get("unit", "page").startswith("page"):
                ends = [extent.text("start"), extent.text("end")]
                return extent.text("list") or "–".join(dict.fromkeys(filter(None, ends)))
    return ""


def _extent(said: str) -> dict[str, str]:
    """How many volumes or pages it has: "3 v.", "xii, 345 p. : ill. ; 24 cm"."""
    found = _EXTENT.match(said)
    return {"volumes" if found[2] else "pagetotal": found[1]} if found else {}


_EXTENT = re.compile(
    r"((?:[ivxlc]{1,9} ?[,+] ?)?[0-9]{1,5}) ?(?:(v(?:ol(?:ume)?s?)?)|p(?:p|ages)?)(?![^\W\d_])"
)


def _addresses(record: Element, ids: dict[str, str]) -> Iterator[str]:
    said = [each.said() for each in record.all("location", "url")] + [ids.get("uri", "")]
    yield from (url for url in dict.fromkeys(said) if url.startswith(("http://", "https://")))
