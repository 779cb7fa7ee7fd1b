"""EndNote's XML: from a record to the fields of an entry.

Words are in runs of `<style>`, of which only raised and lowered letters mean something. Private,
and left: `notes`, `research-notes`, `custom1` to `custom7` (but an article's `custom7`, which is
its number), files (`internal-pdf://`), the database and where it lies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.model import Name
from generator.sources.elements import Element
from generator.sources.entries import ISSN, date, keywords, latex, named, one_name, raw, seen
from generator.sources.fields import Raw

# EndNote's types of references by their names, which no version of it changed, as types of
# BibTeX or biblatex.
_TYPES = {
    name: kind
    for kind, names in {
        "article": "journal article|electronic article|magazine article|newspaper article|serial",
        "book": "book|edited book|electronic book|classical work|ancient text",
        "booklet": "pamphlet",
        "incollection": "book section|electronic book section",
        "inreference": "encyclopedia|dictionary",
        "inproceedings": "conference paper|conference proceedings",
        "thesis": "thesis",
        "techreport": "report|government document",
        "unpublished": "unpublished work|manuscript",
        "online": "web page|blog|online database|online multimedia|discussion forum",
        "dataset": "dataset|aggregated database",
        "software": "computer program",
        "patent": "patent",
        "standard": "standard",
        "video": "film or broadcast|audiovisual material|podcast|multimedia application",
        "artwork": "artwork",
        "audio": "music",
        "map": "map",
        "misc": "generic|bill|case|catalog|chart or table|equation|figure|grant|hearing|"
        "interview|legal rule or regulation|personal communication|press release|"
        "social media|statute|television episode|unused 1|unused 2|unused 3",
        "preprint": "preprint",
    }.items()
    for name in names.split("|")
}
# Of these the subsidiary authors are the translators, of others sponsors or departments.
_TRANSLATED = frozenset({"book", "booklet", "incollection", "inreference"})
_NUMBERED = {
    "0": "article", "1": "book", "2": "thesis", "3": "inproceedings", "5": "incollection",
    "6": "book", "10": "inproceedings", "12": "online", "13": "misc", "17": "article",
    "27": "techreport", "28": "book", "32": "thesis", "34": "unpublished", "36": "unpublished",
    "43": "article", "44": "book", "47": "inproceedings", "59": "dataset",
}  # fmt: skip


def key(_text: str) -> str:
    """None: EndNote numbers its records, and its `label` is whatever its owner likes."""
    return ""


def raw_of(record: Element) -> Raw:
    """The fields of a record."""

    def say(*path: str) -> str:
        return latex(record.text(*path))

    said = next(record.all("ref-type"), record)
    kind = _TYPES.get(said.attributes.get("name", "").casefold()) or _NUMBERED.get(said.said(), "")
    kind = kind or said.attributes.get("name", "").lower()[:60] or "misc"
    fields = {
        "title": say("titles", "title"),
        "author": named(_people(record, "authors")),
        "editor": named(_people(record, "secondary-authors")),
        "abstract": say("abstract"),
        "keywords": keywords([each.said() for each in record.all("keywords", "keyword")]),
        **date(_when(record)),
        "month": say("dates", "pub-dates", "date"),
        **seen(record.text("access-date")),
        **_placed(kind, record),
        **_published(kind, record),
        "translator": named(_people(record, "subsidiary-authors") if kind in _TRANSLATED else ()),
        "eid": say("custom7") if kind == "article" else "",
        "volumes": say("num-vols"),
        "number": say("number") or say("issue"),
        "pages": say("pages"),
        "edition": say("edition"),
        "address": say("pub-location"),
        "language": say("language"),
        **_isbn(record.text("isbn")),
        "doi": record.text("electronic-resource-num"),
        "url": " ".join(_addresses(record)),
    }
    return raw(kind, fields)


def _people(record: Element, role: str) -> Iterator[Name]:
    for each in record.all("contributors", role, "author"):
        yield from one_name(each.said())


def _when(record: Element) -> str:
    """The year; with the day, where that is in numbers behind it."""
    day = record.text("dates", "pub-dates", "date")
    year = record.text("dates", "year")
    return day if year and re.match(rf"{re.escape(year[:4])}[-/]", day) else year or day


def _placed(kind: str, record: Element) -> dict[str, str]:
    second = latex(record.text("titles", "secondary-title"))
    journal = latex(record.text("periodical", "full-title"))
    if kind == "article":
        return {"journal": second or journal or latex(record.text("titles", "alt-title"))}
    if kind in ("book", "booklet"):
        return {"series": second}
    return {
        "booktitle": second or journal,
        "series": latex(record.text("titles", "tertiary-title")),
    }


def _published(kind: str, record: Element) -> dict[str, str]:
    """Who published it, what it is in words, and its volume: of a thesis the degree is there."""
    genre, publisher = latex(record.text("work-type")), latex(record.text("publisher"))
    volume = latex(record.text("volume"))
    if kind == "thesis" and not any(map(str.isdigit, volume)):
        genre, volume = genre or volume, ""
    role = {"thesis": "school", "techreport": "institution"}.get(kind, "publisher")
    return {"type": genre if kind != "article" else "", role: publisher, "volume": volume}


def _isbn(said: str) -> dict[str, str]:
    """`isbn` is the field of the ISSN too, and may hold several of either; one ISBN is enough."""
    first = said.split()[0] if said else ""
    if not ISSN.fullmatch(first):
        return {"isbn": first}
    return {"issn": ", ".join(dict.fromkeys(ISSN.findall(said)))}


def _addresses(record: Element) -> Iterator[str]:
    for kind in ("related-urls", "web-urls", "pdf-urls"):
        for each in record.all("urls", kind, "url"):
            if _ON_THE_WEB.match(said := each.said()):
                yield said


_ON_THE_WEB = re.compile(r"https?://|www\.")
