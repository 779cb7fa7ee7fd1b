"""The reader of .ris files: a line a field, from TY (its type) to ER (its end).

The format has no standard; this follows Research Information Systems' specification of 2001 and
its extension of 2011, and what Zotero, EndNote, Mendeley, Scopus, Web of Science, IEEE, ACM and
Google Scholar write: older and newer tags for one thing (T1 and TI, A1 and AU, Y1 and PY), values
that go on in further lines without a tag, one or two blanks before the hyphen, no ER.

Notes (N1, RN), files (L1 but on the web, L4) and the user's own fields (U1 to U5) are private; of
notes only what has become of the paper is read (`generator.rights`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from generator import rights
from generator.model import SourceText
from generator.sources.entries import (
    ISSN,
    Entry,
    bare_key,
    date,
    excerpts,
    keywords,
    latex,
    named,
    one_name,
    raw,
    seen,
    source_text,
)
from generator.sources.fields import Raw, Remark, Understood, understand
from generator.sources.identifiers import arxiv
from generator.sources.readers import Means, reader

_Lines = tuple[tuple[str, str], ...]  # (tag, value) of one entry, without TY and ER
_Source = tuple[str, _Lines, bool]  # its type, its fields, and whether it is ended by ER


class _First(Protocol):
    """The first value of the first of these tags that has one."""

    def __call__(self, *tags: str) -> str: ...


@reader("ris", ".ris")
def read(text: str, name: str, means: Means) -> SourceText:
    """The records of a .ris file. Never raises; takes time linear in the length of the text."""
    entries, loose = _cut(text)
    leftover = excerpts(text, loose)
    return source_text(name, "ris", entries, _understood, means, leftover=leftover)


def is_ris(text: str) -> bool:
    """Whether a text begins with a line TY."""
    return bool(_FIRST.match(text))


# Two letters or a letter and a digit, two blanks, a hyphen, a blank. With a single blank only what
# is known as a tag is one: "AI - a survey" is the second line of a title.
_TAGS = (
    "TY|ER|ID|T[123AIT]|CT|BT|ST|A[1234ABDNUV]|ED|PY|Y[12]|DA|J[12AFO]|VL|IS|CP|SP|EP|SE|ET|PB|PP|"
    "CY|SN|DO|UR|L[1234AK]|N[12]|RN|KW|M[123]|C[1-8]|CA|D[BPI]|OP|RI|RP|SV|NV|LB|U[1-5]"
)
_TAGGED = re.compile(rf"[ \t]*(?:([A-Z][A-Z0-9]) {{2,4}}-|({_TAGS}) ?-)(?:[ \t]|$)")
_FIRST = re.compile(r"\s*+TY {1,4}-[ \t]*[A-Za-z]")


def _cut(text: str) -> tuple[list[Entry[_Source]], list[int]]:
    """The entries, and the numbers of the lines that are in none."""
    entries: list[Entry[_Source]] = []
    loose: list[int] = []
    draft: _Draft | None = None
    for number, tag, value in _lines(text):
        if tag == "TY":
            if draft:
                entries.append(draft.entry(ended=False))
            draft = _Draft(number, number, value.upper())
        elif draft is None:
            loose.append(number)
        else:
            draft.end = number
            if tag == "ER":
                entries.append(draft.entry(ended=True))
                draft = None
            else:
                draft.add(tag, value)
    if draft:
        entries.append(draft.entry(ended=False))
    return entries, loose


def _lines(text: str) -> Iterator[tuple[int, str, str]]:
    """Number, tag and value of each line that is not blank; without a tag it is empty."""
    for number, line in enumerate(text.split("\n"), 1):
        if line and not line.isspace():
            found = _TAGGED.match(line)
            tag = (found[1] or found[2]) if found else ""
            yield number, tag, line[found.end() if found else 0 :].strip()


@dataclass(slots=True)
class _Draft:
    """An entry that has begun: its first line, its last so far, its type, and its fields."""

    line: int
    end: int
    type: str
    fields: list[tuple[str, list[str]]] = field(default_factory=list)

    def add(self, tag: str, value: str) -> None:
        """A field, or the next line of the one before."""
        if tag or not self.fields:
            self.fields.append((tag, [value]))
        else:
            self.fields[-1][1].append(value)

    def entry(self, *, ended: bool) -> Entry[_Source]:
        """The entry as it is."""
        lines = tuple((tag, " ".join(values)) for tag, values in self.fields)
        key = next((bare_key(value) for tag, value in lines if tag == "ID"), "")
        return Entry((self.type, lines, ended), self.line, self.end, key)


# --- from an entry to fields --------------------------------------------------------------------

# What each type of RIS is in BibTeX or biblatex; `fields.entry_type` takes it from there.
_TYPES = {
    tag: kind
    for kind, tags in {
        "article": "JOUR JFULL EJOUR INPR ABST MGZN NEWS",
        "book": "BOOK EBOOK EDBOOK WHOLE SER",
        "booklet": "PAMP",
        "incollection": "CHAP ECHAP",
        "inreference": "ENCYC DICT",
        "inproceedings": "CONF CPAPER",
        "thesis": "THES",
        "techreport": "RPRT GOVDOC",
        "unpublished": "UNPB MANSCPT",
        "online": "ELEC ICOMM BLOG WEB",
        "dataset": "DATA AGGR DBASE",
        "software": "COMP",
        "patent": "PAT",
        "standard": "STAND",
        "video": "VIDEO ADVS MPCT",
        "audio": "SOUND MUSIC",
        "artwork": "ART",
        "map": "MAP",
        "preprint": "PREPRINT",
        "misc": "GEN BILL CASE CHART CLSWK CTLG EQUA FIGURE GRNT HEAR LEGAL MULTI PCOMM SLIDE STAT "
        "UNBILL",
    }.items()
    for tag in tags.split()
}
_WHOLE = frozenset({"book", "booklet"})
_PART = frozenset({"incollection", "inreference", "inproceedings"})
# Types of which A4 has the translators, not a sponsor or a department (RIS of 2011; EndNote).
_TRANSLATED = frozenset(
    str.split("BOOK CHAP CPAPER CLSWK DICT EBOOK ECHAP EDBOOK ENCYC JOUR MGZN PAMP SER UNPB")
)
# Of these an entry has one, so that a second is worth a word; of most others there may be several.
_SINGLE = frozenset(str.split("DO EP ID IS PY SP T1 TI VL Y1"))


def _understood(source: _Source) -> Understood:
    return understand(_raw(*source))


def _raw(said_type: str, lines: _Lines, ended: bool) -> Raw:
    values: dict[str, list[str]] = {}
    for tag, value in lines:
        if value:
            values.setdefault(tag, []).append(value)
    kind = _TYPES.get(said_type, said_type.lower()[:60] or "misc")

    def first(*tags: str) -> str:
        return next((values[tag][0] for tag in tags if tag in values), "")

    def every(*tags: str) -> Iterator[str]:
        yield from (value for tag in tags for value in values.get(tag, ()))

    translators = every("A4") if said_type in _TRANSLATED else ()
    fields = {
        "title": latex(first("TI", "T1", *(("BT",) if kind in _WHOLE else ()), "CT")),
        "author": named(name for each in every("AU", "A1") for name in one_name(each)),
        "editor": named(name for each in every("ED", "A2") for name in one_name(each)),
        "translator": named(name for each in translators for name in one_name(each)),
        "abstract": latex(" ".join(dict.fromkeys(every("AB", "N2")))),
        "keywords": keywords([*every("KW")]),
        "volume": latex(first("VL")),
        "volumes": latex(first("NV")),
        "eid": latex(first("C7") if kind == "article" or kind in _PART else ""),
        "pages": latex(_pages(first("SP"), first("EP"))),
        "version" if kind in ("dataset", "software") else "edition": latex(first("ET")),
        "address": latex(first("CY", "PP")),
        "language": latex(first("LA")),
        **_dated(first),
        "month": latex(first("PD")),
        "note": latex(rights.told(every("N1", "RN", "M3"))),
        **seen(first("Y2")),
        **_placed(kind, first),
        **_published(kind, first),
        **_numbers(kind, [*every("SN")]),
        **_addresses([*every("UR", "LK", "L2")], [*every("L1")]),
        "arxiv": next((value for value in every("M1", "AN") if arxiv(value)), ""),
        "doi": _doi(first("DO"), [*every("M3", "L3", "DI")]),
    }
    return raw(kind, fields, tuple(_remarks(values, ended)))


def _remarks(values: Mapping[str, Sequence[str]], ended: bool) -> Iterator[Remark]:
    if "" in values:
        yield Remark(f'has a line without a tag: "{values[""][0][:60]}"; left out')
    for tag, said in values.items():
        if tag in _SINGLE and len(set(said)) > 1:
            yield Remark(f"has two lines {tag}; the first is used")
    if not ended:
        yield Remark("is not ended by a line ER; read as if it were")


def _pages(first: str, last: str) -> str:
    """The pages of a span; some write the whole of it into the first."""
    return f"{first}–{last}" if first and last and last != first else first or last


def _dated(first: _First) -> dict[str, str]:
    """The day (DA) where it is of the year that is given, else the year (PY, Y1)."""
    year, day = first("PY", "Y1"), first("DA")
    if day and (not year or day[:4] == year[:4]):
        return date(day)
    return date(year) if year else {}


def _placed(kind: str, first: _First) -> dict[str, str]:
    """Journal, proceedings or book, and the series.

    For a paper in proceedings Zotero has these in C3 and the meeting in T2; all others have T2.
    A book's T2 is its series.
    """
    journal = latex(first("JF", "JO", "T2", "JA", "J2", "J1", "BT"))
    if kind in _WHOLE:
        return {"series": latex(first("T2", "T3"))}
    if kind == "inproceedings":
        book = latex(first("C3", "BT", "T2", "JF", "JO", "J2"))
        return {"booktitle": book, "series": latex(first("T3"))}
    if kind in _PART:
        return {"booktitle": latex(first("BT", "T2", "JF", "JO")), "series": latex(first("T3"))}
    if kind == "article":
        return {"journal": journal}
    return {"booktitle": journal, "series": latex(first("T3"))}


def _published(kind: str, first: _First) -> dict[str, str]:
    """Who published it, what it is in words, and its number."""
    genre, publisher = latex(first("M3")), latex(first("PB"))
    if "10." in genre and "/" in genre:  # a DOI, in older exports of publishers
        genre = ""
    number = latex(first("IS", "CP"))
    if kind == "thesis":
        return {"type": genre, "school": publisher}
    if kind == "techreport":
        return {"type": genre, "institution": publisher, "number": number}
    worded = {} if kind in ("article", "inproceedings") else {"type": genre}
    return {"publisher": publisher, "number": number, **worded}


def _numbers(kind: str, said: Sequence[str]) -> dict[str, str]:
    """What stands in SN: ISSN, ISBN, or the number of a report, patent or other single thing.

    ISSN and ISBN are told by their form, which the number of a patent may have, too.
    "1234-5678 (print)" is an ISSN too. Journals have several of these; else the first is used.
    """
    found: dict[str, str] = {}
    issns: dict[str, None] = {}
    for value in said:
        if kind == "patent":
            found.setdefault("number", latex(value))
        elif several := _ISSNS.match(value):
            issns.update(dict.fromkeys(ISSN.findall(several[0])))
        elif _ISBN.match(value):
            found.setdefault("isbn", latex(value))
        elif kind in _NUMBERED:
            found.setdefault("number", latex(value))
    return {**found, "issn": ", ".join(issns)}


_NUMBERED = frozenset({"techreport", "standard", "dataset", "software", "map"})
# One or more of them, each with words behind it in brackets: "1234-5678 (Print) 8765-4321".
_ISSNS = re.compile(rf"{ISSN.pattern}(?:[\s,;]{{0,9}}(?:\([^()]{{0,40}}\)|{ISSN.pattern})){{0,9}}")
_ISBN = re.compile(r"(?:[0-9][- ]?){9,12}[0-9Xx](?![0-9])")


def _addresses(pages: Sequence[str], files: Sequence[str]) -> dict[str, str]:
    """Addresses on the web; files are private unless they are there too."""
    pdf = [value for value in files if value.lower().startswith(("http://", "https://"))]
    known = (part for value in pages for part in value.split(";http"))
    urls = [f"http{part}" if part.startswith(("s://", "://")) else part for part in known]
    return {"url": " ".join(urls), "pdf": " ".join(pdf)}


def _doi(said: str, elsewhere: Sequence[str]) -> str:
    return said or next((value for value in elsewhere if _DOI.search(value)), "")


_DOI = re.compile(r"\b10\.[0-9]{4,9}/")
