"""From the fields of a .bib entry, BibTeX's and biblatex's alike, to a record.

What the two call differently has one name here, BibTeX's. Only fields that a table below names
get into a record: whatever else a reference manager writes (files on its owner's disk, private
remarks, dates, groups) stays behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import groupby
from typing import TypeVar

from generator import rights
from generator.attachments import FILE
from generator.model import Link, Name, Plain, Record, Severity, Where
from generator.names import in_words, people
from generator.sources.identifiers import address, arxiv, arxiv_id, doi
from generator.sources.units import word_count
from generator.text import cut, from_latex, lost_macros

T = TypeVar("T")

NOWHERE = Where("")
# No field of a real entry is longer, as it is written; the longest abstract of 10,000 from
# conferences has 3,700 characters. A list of authors may be: physics has papers with 5,000.
LONGEST = 100_000
LONGEST_AUTHORS = 1_000_000
# What is kept of a record, in characters as they are shown, and in numbers: so much that nothing
# real is cut, so little that no page that shows or lists it gets too large. Of 10,000 papers from
# conferences the longest title has 189 characters, venue 187, further field 504 (editors); no
# abstract of a thesis has 20,000, and the longest list of authors in print 15,025 (2021, surgeons).
MOST = {"title": 1_000, "venue": 1_000, "abstract": 20_000}
MOST_OF_DETAIL = 3_000
# A longer key is a text that nobody cites by; the longest of 10,000 real ones has 44 characters.
LONGEST_KEY = 250
LONGEST_FIELD_NAME = 100
LONGEST_TYPE = 20
# A title is made of an abstract where there is none; of fewer characters it says nothing.
SHORTEST_ABSTRACT = 10
MOST_OF_NAME = 300
MOST_OF_KEYWORD = 200
MOST_AUTHORS = 20_000
MOST_KEYWORDS = 500
MOST_LINKS = 100
# Macros of a field that are named where nobody knows them.
MOST_MACROS = 5
# An abstract of fewer words tells nobody anything.
SHORTEST = 4

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Remark(Plain):
    """What is wrong with an entry, without the place, so that it can be remembered."""

    message: str
    severity: Severity = "warning"
    line: int | None = None  # within the entry's body, from 0
    rule: str = ""  # of `generator.check`, where the severity does not tell


Remarks = tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Raw:
    """An entry as it was written: its type, and its fields in LaTeX under lower-case names."""

    type: str
    fields: Fields
    remarks: Remarks = ()
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Understood(Plain):
    """What became of an entry: a record without place and key or, lacking a title, none."""

    record: Record | None
    remarks: Remarks = ()


def understand(raw: Raw) -> Understood:
    """The record an entry is; none where it has neither a title nor an abstract. Never raises."""
    if raw.broken:
        return Understood(None, raw.remarks)
    fields, about_length = _bounded(raw.fields)
    kind, about_type = entry_type(raw.type, fields.get("type", ""))
    title = _title(kind, fields)
    abstract, about_abstract = checked_abstract(from_latex(fields.get("abstract", "")))
    if not title and len(abstract) < SHORTEST_ABSTRACT:
        return Understood(None, (*raw.remarks, NO_TITLE))
    year, when, about_date = _date(fields)
    protected = _protected(fields, title) if "{" in fields.get("title", "") else ""
    authors, about_authors = people(fields.get("author", ""))
    bare_doi, arxiv_number, about_doi = _identifiers(fields)
    links, about_links = _links(fields, bare_doi, arxiv_number)
    venue, spare = _venue(kind, fields, arxiv_number)
    record = Record(
        NOWHERE,
        "bib",
        type="misc" if kind == "article" and arxiv_number and not venue else kind,
        title=title,
        authors=authors,
        year=year,
        venue=venue,
        abstract=abstract,
        keywords=tuple(_distinct(map(from_latex, split_list(fields.get("keywords", ""))))),
        doi=bare_doi,
        arxiv=arxiv_number,
        links=links,
        details=_details(
            kind,
            title,
            fields,
            {"protected": protected, **when, **spare, **_genre(raw.type, fields, arxiv_number)},
            arxiv_number,
        ),
        unconfirmed=tuple(_distinct(map(_record_field, split_list(fields.get("unconfirmed", ""))))),
        files=tuple(_files(fields)),
    )
    names = (Remark(f"has odd {said}", rule="odd-names") for said in about_authors)  # "names: …"
    record, about_size = bounded(record)
    said = (about_length, about_type, about_abstract, about_date, _about_month(fields), names,
            about_doi, about_links, _about_macros(fields), about_size)  # fmt: skip
    return Understood(record, (*raw.remarks, *(remark for part in said for remark in part)))


def bounded(record: Record) -> tuple[Record, Remarks]:
    """A record with no more in it than is kept of any, and what was cut.

    Texts are cut between words and get an ellipsis. Every reader ends with this.
    """
    cuts: dict[str, str] = {}
    if len(record.key) > LONGEST_KEY:
        cuts["key"] = LONG_KEY.message
    kept = {name: _cut(getattr(record, name), most, name, cuts) for name, most in MOST.items()}
    details = [(name, _cut(value, MOST_OF_DETAIL, name, cuts)) for name, value in record.details]
    authors = _first_of(record.authors, MOST_AUTHORS, "authors", cuts)
    bounded = replace(
        record,
        key=record.key[:LONGEST_KEY],
        **kept,  # type: ignore[arg-type]  # the names in MOST are those of texts
        details=tuple(details),
        authors=tuple([_short_name(name, cuts) for name in authors]),
        keywords=_short_words(record.keywords, "keywords", cuts),
        tags=_short_words(record.tags, "tags", cuts),
        links=_first_of(record.links, MOST_LINKS, "links", cuts),
    )
    return (bounded, tuple(map(Remark, cuts.values()))) if cuts else (record, ())


def is_kept(name: str) -> bool:
    """Whether anything here wants a field of this name; the others are its owner's affair."""
    return name in _KEPT or name.startswith("url_")


def checked_abstract(text: str) -> tuple[str, Remarks]:
    """An abstract without its heading, or none where there stands only that it is missing."""
    bare = _HEADING.sub("", text)
    if bare.strip(" .-–—!").casefold() in _NO_ABSTRACT:
        said = Remark(f'has an abstract that says only "{bare}"; left out', "note")
        return "", (said,) if bare else ()
    if len(bare.split(maxsplit=SHORTEST)) >= SHORTEST:
        return bare, ()
    if (words := word_count(bare)) < SHORTEST:
        few = f"has an abstract of only {words} word{'s' * (words > 1)}"
        return bare, (Remark(few, rule="odd-abstract"),)
    return bare, ()


def split_list(value: str) -> Iterator[str]:
    """The parts of a list held together by commas or semicolons, except those within braces."""
    depth = start = 0
    for mark in _LIST_MARK.finditer(value):
        if mark[0] in "{}":
            depth = max(0, depth + (1 if mark[0] == "{" else -1))
        elif not depth:
            yield value[start : mark.start()].strip()
            start = mark.end()
    yield value[start:].strip()


def year_in(text: str) -> int | None:
    """The first number of four digits that can be a year in print."""
    found = _YEAR.search(text)
    return int(found[0]) if found else None


def _record_field(name: str) -> str:
    """What a record calls a field of BibTeX or biblatex."""
    folded = name.casefold()
    return _RECORD_FIELDS.get(folded, folded)


NO_TITLE = Remark("has no title", "error")
LONG_KEY = Remark(f"has a key that was cut after {LONGEST_KEY} characters")


def same_key(first: int) -> Remark:
    """Says that the entry has the key of one before it, in line `first`."""
    said = f"has the key of the entry in line {first}; both are kept"
    return Remark(said, rule="key-clash")


def odd_year(given: str) -> Remark:
    """Says that what stands for a year is none."""
    return Remark(f'has the year "{given[:60]}", which is no year', "note", rule="unread-year")


def wrong_doi(given: str) -> Remark:
    """Says that what stands for a DOI is none."""
    return Remark(f'has the doi "{given[:60]}", which is none; left out', rule="wrong-doi")


def wrong_address(name: str, given: str) -> Remark:
    """Says that the value of a field is no address."""
    said = f'has the {name} "{given[:60]}", which is no web address; left out'
    return Remark(said, rule="wrong-address")


_HEADING = re.compile(r"^\s*abstract\s*(?:[:.—–]|-\s)\s*", re.IGNORECASE)
_NO_ABSTRACT = frozenset(
    ("", "abstract", "abstract not available", "n/a", "na", "no abstract", "none", "null",
     "no abstract available", "no abstract is available", "no abstract provided",
     "not available", "tba", "tbd", "to appear", "unavailable")
)  # fmt: skip
_RECORD_FIELDS = {
    "author": "authors",
    "booktitle": "venue",
    "date": "year",
    "eprint": "arxiv",
    "journal": "venue",
    "journaltitle": "venue",
}
_LIST_MARK = re.compile(r"(?<!\\)[{},;]")
_YEAR = re.compile(r"(?<!\d)(?:1[0-9]|20|21)\d\d(?!\d)")


def _distinct(values: Iterable[str]) -> Iterator[str]:
    return iter(dict.fromkeys(value for value in values if value))


def _bounded(fields: Fields) -> tuple[Fields, Remarks]:
    """The fields as far as they are looked at, and what is to be said of those that are longer."""
    most = {name: LONGEST_AUTHORS if name == "author" else LONGEST for name in fields}
    long = [name for name, value in fields.items() if len(value) > most[name]]
    endless = [name for name in fields if len(name) > LONGEST_FIELD_NAME]
    if not long and not endless:
        return fields, ()
    said = (
        *(Remark(f"has a field {name[:60]} that was cut after {most[name]:,} characters")
          for name in long),
        *(Remark(f"has a field whose name has {len(name):,} characters; left out")
          for name in endless),
    )  # fmt: skip
    kept = fields.keys() - endless
    return {name: value[: most[name]] for name, value in fields.items() if name in kept}, said


# A cut is noted under the name of what was cut, so that it is told of once.
_Cuts = dict[str, str]


def _cut(text: str, most: int, name: str, cuts: _Cuts) -> str:
    if len(text) <= most:
        return text
    cuts[name] = f"has {len(text):,} characters of {name}; cut after {most:,}"
    return cut(text, most)


def _first_of(items: tuple[T, ...], most: int, name: str, cuts: _Cuts) -> tuple[T, ...]:
    if len(items) <= most:
        return items
    cuts[f"how many {name}"] = f"has {len(items):,} {name}; the first {most:,} are kept"
    return items[:most]


def _short_words(words: tuple[str, ...], name: str, cuts: _Cuts) -> tuple[str, ...]:
    first = _first_of(words, MOST_KEYWORDS, name, cuts)
    return tuple([_cut(word, MOST_OF_KEYWORD, f"one of the {name}", cuts) for word in first])


def _short_name(name: Name, cuts: _Cuts) -> Name:
    if len(name.family) + len(name.given) + len(name.suffix) <= MOST_OF_NAME:
        return name
    family, given, suffix = (
        _cut(part, MOST_OF_NAME, "an author's name", cuts)
        for part in (name.family, name.given, name.suffix)
    )
    return replace(name, family=family, given=given, suffix=suffix)


def _first(fields: Fields, *names: str) -> str:
    """The decoded value of the first of these fields that has one."""
    for name in names:
        if name in fields and (text := from_latex(fields[name])):
            return text
    return ""


def _joined(*parts: str) -> str:
    """Title and subtitle as one; a colon between them where nothing else parts them."""
    text = ""
    for part in filter(None, parts):
        text += f"{'' if not text else ' ' if text[-1] in '?!:' else ': '}{part}"
    return text


# --- what it is ---------------------------------------------------------------------------------

# BibTeX's types, and those of biblatex that CSL and RIS know too, each with what else stands for
# it (biblatex manual, 2.1; Zotero, JabRef). A .bib is written with BibTeX's alone (`exports`).
_TYPES = {
    name: kind
    for kind, names in {
        "article": "article review suppperiodical",
        "artwork": "artwork image",
        "audio": "audio music",
        "book": "book collection mvbook mvcollection mvreference reference",
        "booklet": "booklet",
        "dataset": "dataset data",
        "inbook": "inbook bookinbook suppbook",
        "incollection": "incollection inreference suppcollection",
        "inproceedings": "inproceedings conference paper",
        "manual": "manual",
        "map": "map",
        "mastersthesis": "mastersthesis bachelorsthesis",
        "misc": "misc bibnote commentary electronic hyperref jurisdiction legal legislation letter "
        "online performance periodical preprint webpage www",
        "patent": "patent",
        "phdthesis": "phdthesis",
        "proceedings": "proceedings mvproceedings",
        "software": "software",
        "standard": "standard",
        "techreport": "techreport report",
        "unpublished": "unpublished",
        "video": "video movie",
    }.items()
    for name in names.split()
}
_LOWER_DEGREE = re.compile(
    r"mathesis|bathesis|magister|master|bachelor|diplom|[mb]\.? ?sc"
    r"|(?<![^\W\d_])[mb]\.? ?(?:a|ed|eng|phil|s)(?![^\W\d_])",
    re.IGNORECASE,
)
_THESES = frozenset({"mastersthesis", "phdthesis"})
# Works of several volumes: `maintitle` is theirs, not that of the proceedings they stand in.
_WHOLE = frozenset({"book", "booklet", "manual", "proceedings"})


def entry_type(name: str, degree: str = "") -> tuple[str, Remarks]:
    """The type of a record for a type of BibTeX or biblatex; `degree` says which thesis it is."""
    if name == "thesis":
        lower = _LOWER_DEGREE.search(degree)
        return "mastersthesis" if lower else "phdthesis", ()
    if name not in _TYPES:
        # Longer ones are no slips, and would take long to compare.
        near = get_close_matches(name, _TYPES, 1, 0.8) if len(name) <= LONGEST_TYPE else ()
        meant = f"; did you mean @{near[0]}?" if near else ""
        said = f"is of the unknown type @{name}; read as @misc{meant}"
        return "misc", (Remark(said, "note", rule="unknown-type"),)
    return _TYPES[name], ()


def _about_macros(fields: Fields) -> Iterator[Remark]:
    """What is to be said of words that are macros of somebody's own, and so are left out."""
    for name in ("title", "subtitle", "booktitle", "journal", "abstract"):
        if "\\" in fields.get(name, "") and (lost := lost_macros(fields[name])):
            shown = ", ".join(f"\\{macro[:40]}" for macro in lost[:MOST_MACROS])
            said = f"has in its {name} {shown}, which nobody here knows; left out"
            yield Remark(said, "note", rule="latex-leftover")


def _title(kind: str, fields: Fields) -> str:
    title = _joined(_first(fields, "title"), _first(fields, "subtitle"))
    if kind in _WHOLE:
        return _joined(_first(fields, "maintitle"), title) or _first(fields, "booktitle")
    return title


def _protected(fields: Fields, title: str) -> str:
    """The title with braces round the words whose capitals its owner protects.

    They are those that BibTeX leaves alone, within braces that are no macro's, with the rest of
    the words they stand in. Nothing where all of it is protected anyway (`text.to_latex`), as
    {BERT} is, or where there are more titles than title and subtitle.
    """
    marked = _joined(*(from_latex(_marked(fields.get(name, ""))) for name in ("title", "subtitle")))
    if marked.translate(_UNMARKED) != title:
        return ""
    said = "".join(
        f"{{{piece}}}" if is_protected and _needs_braces(piece) else piece
        for is_protected, piece in _pieces(marked)
    )
    return said if said != title else ""


# Where an owner's braces stand, on the way through `from_latex`: for private use (Unicode, 23.5).
_OPEN, _CLOSE = "\ue000", "\ue001"
_UNMARKED: dict[int, None] = {ord(_OPEN): None, ord(_CLOSE): None}
_BRACES = re.compile(r"\$[^$]*+\$|\\(?:[A-Za-z]++|.)\s*+\{?|\{|\}", re.DOTALL)
_CHUNKS = re.compile(rf"[\w{_OPEN}{_CLOSE}]++|[^\w{_OPEN}{_CLOSE}]++")


def _marked(value: str) -> str:
    r"""LaTeX with marks within the outermost braces, but for a macro's and for `{\"o}`."""
    open_braces: list[bool] = []

    def mark(found: re.Match[str]) -> str:
        brace = found[0]
        if brace == "}" and open_braces:
            return f"{_CLOSE}}}" if open_braces.pop() else "}"
        if brace.endswith("{") and brace != r"\{":
            is_special = found.string.startswith("\\", found.end())
            is_own = brace == "{" and not open_braces and not is_special
            open_braces.append(is_own)
            return f"{brace}{_OPEN}" if is_own else brace
        return brace

    return _BRACES.sub(mark, value.translate(_UNMARKED))


def _needs_braces(text: str) -> bool:
    """Whether a word in it has no capital but its first letter: others get braces anyway."""
    words = _LETTERS.findall(text)
    return any(word[0].isupper() and not any(map(str.isupper, word[1:])) for word in words)


_LETTERS = re.compile(r"[^\W_]+")


def _pieces(marked: str) -> Iterator[tuple[bool, str]]:
    """A marked text in pieces, protected or not; a word is one or the other as a whole."""
    is_inside = False
    chunks = []
    for chunk in _CHUNKS.findall(marked):
        chunks.append((is_inside or _OPEN in chunk, chunk.translate(_UNMARKED)))
        if _OPEN in chunk or _CLOSE in chunk:
            is_inside = chunk.rfind(_OPEN) > chunk.rfind(_CLOSE)
    for is_protected, group in groupby(chunks, key=lambda chunk: chunk[0]):
        yield is_protected, "".join(piece for _, piece in group)


def _venue(kind: str, fields: Fields, arxiv_number: str) -> tuple[str, dict[str, str]]:
    """Journal or proceedings, and the other of the two where both are given.

    arXiv is no venue where the paper's number there is known.
    """
    journal = _joined(
        _first(fields, "journal", "journaltitle", "shortjournal"),
        _first(fields, "journalsubtitle"),
    )
    book = _joined(
        _first(fields, "maintitle"), _first(fields, "booktitle"), _first(fields, "booksubtitle")
    )
    if kind in _WHOLE:
        book = ""  # which is its own title, for the sake of those that inherit it
    if arxiv_number and _is_only_arxiv(journal):
        journal = ""
    names = {"journal": journal, "booktitle": book, "eventtitle": _first(fields, "eventtitle")}
    order = sorted(names, key=lambda name: name == "journal") if kind != "article" else list(names)
    venue = next((names[name] for name in order if names[name]), "")
    spare = {name: names[name] for name in ("journal", "booktitle") if names[name] != venue}
    return venue, spare


_ARXIV_WORDS = frozenset(
    str.split("abs arxiv available corr e-print e-prints eprint eprints org preprint preprints v")
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SUBJECT = re.compile(r"\[[^][]*\]|\b[a-z-]{1,20}(?:\.[a-z-]{1,20})?/(?=\d{7})")


def _is_only_arxiv(text: str) -> bool:
    """Whether a text says no more than that, or where, a paper stands in arXiv (once "CoRR")."""
    words = _WORD.findall(_SUBJECT.sub("", text.casefold()))
    return bool({"arxiv", "corr"} & set(words)) and _ARXIV_WORDS.issuperset(words)


# --- when ---------------------------------------------------------------------------------------

# biblatex's dates are those of ISO 8601-2: 2020, 2020-03, 2020-03-01/2020-03-04, 2020~, /2020.
_DATE = re.compile(
    r"(?<!\d)(\d{4})(?!\d)(?:-(0[1-9]|1[0-2])(?!\d)(?:-(0[1-9]|[12]\d|3[01])(?!\d))?)?"
)
_LAST_DAY = re.compile(r"/\s*+(\d{4})(?!\d)")
_MONTHS = str.split("jan feb mar apr may jun jul aug sep oct nov dec")
_MONTH = re.compile(
    r"(?<![^\W\d_])(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![^\W\d_])",
    re.IGNORECASE,
)
_NUMBERS = frozenset(map(str, range(1, 13)))
_DAYS = frozenset(map(str, range(1, 32)))


def _date(fields: Fields) -> tuple[int | None, dict[str, str], Remarks]:
    """Year, month ("1" to "12") and day, and what is to be said of them.

    `date` goes before `year`, in which some programs write the whole date; its day is that of its
    own month.
    """
    in_year = _DATE.fullmatch(fields.get("year", "").strip(" {}"))
    date = _DATE.search(fields.get("date", "")) or (in_year if in_year and in_year[2] else None)
    dated, day = (date[2], date[3] or "") if date and date[2] else ("", fields.get("day", ""))
    month = _month(from_latex(fields.get("month", ""))) or dated.lstrip("0")
    day = day.strip(" {}").lstrip("0")
    fits = month and dated.lstrip("0") in ("", month) and day in _DAYS
    when = {"month": month, "day": day if fits else ""}
    if date and (year := year_in(date[1])):
        last = _LAST_DAY.search(date.string, date.end())
        return year, when, (_cut_span(year, last[1]),) if last and last[1] != date[1] else ()
    said = from_latex(fields.get("year", "")) or from_latex(fields.get("date", ""))
    if not said:
        return None, when, ()
    if state := _PUBSTATES.get(said.strip(" .()").casefold()):
        kept = from_latex(fields.get("pubstate", "")) or state
        remark = Remark(f'has the year "{said}", kept as pubstate = {{{kept}}}', "note")
        return None, {**when, "pubstate": kept}, (remark,)
    year = year_in(said)
    if year and said == str(year):
        return year, when, ()
    read_as = Remark(f'has the year "{said[:60]}", read as {year}', "note")
    return year, when, (read_as if year else odd_year(said),)


def _about_month(fields: Fields) -> Remarks:
    """Says that a month is none (a season, a number above twelve), or the end of a date."""
    given = from_latex(fields.get("month", ""))
    date = _WHOLE_DATE.fullmatch(fields.get("date", "").strip(" {}"))
    kept = _DATE.match(date[0]) if date else None
    if given and not _month(given):
        said = f'has the month "{given[:60]}", which is none; left out'
    elif date and kept and kept[0] != date[0]:
        said = f'has the date "{date[0]}", of which only "{kept[0]}" is one; the rest is left out'
    else:
        return ()
    return (Remark(said, "note"),)


_WHOLE_DATE = re.compile(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?")


# What many write where there is no year yet → biblatex's word for it (its manual, `pubstate`).
_PUBSTATES = {
    "in preparation": "inpreparation",
    "submitted": "submitted", "under review": "submitted", "in review": "submitted",
    "forthcoming": "forthcoming", "to appear": "forthcoming",
    "in press": "inpress", "accepted": "inpress",
}  # fmt: skip


def _cut_span(year: int, last: str) -> Remark:
    """Says that of a span of years the first is kept: a paper has one."""
    return Remark(f"has a date that runs from {year} to {last}; {year} is kept", "note")


def _month(text: str) -> str:
    """The number of a month from "8", "aug", "26–28 Aug" or "July/August" (the first of them)."""
    if found := _MONTH.search(text):
        return str(_MONTHS.index(found[1][:3].lower()) + 1)
    number = text.strip(" .").lstrip("0")
    return number if number in _NUMBERS else ""


# --- where to find it ---------------------------------------------------------------------------

# Fields that hold an address, and what stands on its link. Beside BibTeX's own they are those of
# al-folio and Hugo Blox (`url_code`), which many group pages use.
LINK_FIELDS = {
    "url": "Website",
    "pdf": "PDF",
    "code": "Code",
    "github": "Code",
    "html": "HTML",
    "link": "Website",
    "project page": "Website",
    "website": "Website",
    "slides": "Slides",
    "poster": "Poster",
    "video": "Video",
    "dataset": "Dataset",
    "demo": "Demo",
    "blog": "Blog",
    "supp": "Supplement",
}
# What stands on the link of a `url_…` (BibBase, Hugo Blox) that is no field by itself.
_URL_FIELDS = {
    "arxiv": "arXiv",
    "data": "Dataset",
    "doi": "DOI",
    "paper": "Paper",
    "preprint": "Preprint",
    "project": "Project",
    "software": "Code",
    "source": "Code",
}
_MAY_SAY_ARXIV = ("doi", "url", "journal", "journaltitle", "howpublished", "number", "pdf")
_SEVERAL = re.compile(r"(?<=\S)\s(?=https?://)")
_URL_IN_TEXT = re.compile(r"\\url\s?\{[^{}]+\}|https?://[^\s{}]+")


def _identifiers(fields: Fields) -> tuple[str, str, Remarks]:
    """DOI, arXiv id, and what is to be said of them. arXiv's own DOIs count as its ids."""
    given = fields.get("doi", "").strip()
    bare = doi(given) or doi(_doi_address(fields))
    number = next(filter(None, _arxiv_numbers(fields)), "")
    if arxiv(bare):
        bare = ""
    wrong = given and not doi(given)
    return bare, number, (wrong_doi(given),) if wrong else ()


def _doi_address(fields: Fields) -> str:
    url = fields.get("url", "")
    return url if "doi.org/" in url.casefold() else ""


def _arxiv_numbers(fields: Fields) -> Iterator[str]:
    """Every arXiv id that the entry says is its own, the surest first."""
    register = (fields.get("eprinttype") or fields.get("archiveprefix") or "arxiv").strip().lower()
    if register == "arxiv":
        yield arxiv_id(fields.get("eprint", ""))
    yield from (arxiv_id(fields[name]) for name in ("arxiv", "arxivid") if name in fields)
    yield from (arxiv(fields[name]) for name in _MAY_SAY_ARXIV if name in fields)
    volume = fields.get("volume", "").strip()
    if volume.startswith("abs/"):  # as dblp cites CoRR
        yield arxiv_id(volume.removeprefix("abs/"))
    note = fields.get("note", "")
    if note.lstrip(" {").lower().startswith("arxiv"):  # and not "see also arXiv:…"
        yield arxiv(note)


def _links(fields: Fields, bare_doi: str, arxiv_number: str) -> tuple[tuple[Link, ...], Remarks]:
    """Links to what the entry's addresses name, except the paper's own DOI and arXiv page."""
    links: dict[str, str] = {}
    remarks = []
    for name, value in _addresses(fields):
        if _is_file(name, value):
            continue
        if not (url := address(value)):
            remarks.append(wrong_address(name, value))
        elif not (
            bare_doi and doi(_doi_address({"url": url})).lower() == bare_doi.lower()
        ) and not (arxiv_number and name == "url" and arxiv(url) == arxiv_number):
            links.setdefault(url, link_label(name, url))
    return tuple(Link(url, label) for url, label in links.items()), tuple(remarks)


def _addresses(fields: Fields) -> Iterator[tuple[str, str]]:
    named = [name for name in LINK_FIELDS if name in fields]
    for name in (*named, *sorted(name for name in fields if name.startswith("url_"))):
        for value in _SEVERAL.split(fields[name].strip()):
            yield name, value
    if not fields.get("url") and (found := _URL_IN_TEXT.search(fields.get("howpublished", ""))):
        yield "url", found[0]


# The fields in which al-folio has names of its own files.
_MAY_NAME_A_FILE = frozenset({"html", "pdf", "poster", "slides", "supp"})
_FILE_NAME = re.compile(r"(?!www\.)\w[\w. -]{0,200}\.(?:html|key|odp|pdf|pptx?|zip)", re.I | re.A)


def _is_file(name: str, value: str) -> bool:
    """Whether a field holds the bare name of a file (`attachments` looks whether there is one)."""
    return name in _MAY_NAME_A_FILE and bool(_FILE_NAME.fullmatch(_unescaped(value)))


def _unescaped(value: str) -> str:
    return value.replace("\\_", "_").strip()


def _files(fields: Fields) -> Iterator[tuple[str, str, str]]:
    """What the entry says of files, which only its owner may know of."""
    if said := fields.get(FILE, ""):
        yield FILE, "PDF", said[:MOST_OF_DETAIL]
    for name in sorted(_MAY_NAME_A_FILE & fields.keys()):
        if _is_file(name, fields[name]):
            yield name, LINK_FIELDS[name], _unescaped(fields[name])


def link_label(name: str, url: str) -> str:
    """What stands on the link to an address that a field of this name gives."""
    if name in {"url", "link"} and url.casefold().endswith(".pdf"):
        return "PDF"
    name = name.removeprefix("url_")
    known = LINK_FIELDS.get(name) or _URL_FIELDS.get(name)
    return known or name.replace("_", " ").strip().capitalize() or "Website"


# --- what else is worth keeping -----------------------------------------------------------------

# Further fields that get into a record, each with the fields it may be written under.
DETAILS = {
    "address": ("address", "location"),
    "bookauthor": ("bookauthor",),
    "chapter": ("chapter",),
    "edition": ("edition",),
    "editor": ("editor",),
    "eid": ("eid", "articleno"),
    "holder": ("holder",),
    "howpublished": ("howpublished",),
    "institution": ("institution",),
    "isbn": ("isbn",),
    "issn": ("issn",),
    "language": ("language", "langid"),
    "note": ("note", "award_name"),
    "number": ("number", "issue"),
    "numpages": ("numpages",),
    "organization": ("organization",),
    "origdate": ("origdate",),
    "pages": ("pages",),
    "pagetotal": ("pagetotal",),
    "part": ("part",),
    "pmid": ("pmid",),
    "publisher": ("publisher",),
    "pubstate": ("pubstate",),
    "school": ("school",),
    "series": ("series",),
    "translator": ("translator",),
    "type": ("type",),
    "version": ("version",),
    "volume": ("volume",),
    "volumes": ("volumes",),
}
_DETAILS_BY_FIELD = {field: detail for detail, names in DETAILS.items() for field in names}
# biblatex's words for what an entry type says by itself, and our exports' (`cite`).
_TYPE_WORDS = frozenset(
    str.split("bathesis candthesis mathesis phdthesis resreport techreport")
) | frozenset(
    ("artwork", "audio", "computer software", "data set", "dataset", "map", "patent", "software",
     "standard", "video")
)  # fmt: skip
# biblatex's keys for kinds of patents, as its English strings have them (its manual, 4.9.2.13).
_PATENTS = {
    "patentde": "German patent", "patenteu": "European patent", "patentfr": "French patent",
    "patentuk": "British patent", "patentus": "U.S. patent", "patreq": "patent request",
    "patreqde": "German patent request", "patreqeu": "European patent request",
    "patreqfr": "French patent request", "patrequk": "British patent request",
    "patrequs": "U.S. patent request",
}  # fmt: skip
_RANGE = re.compile(r"(?>(?:(?<!\s)\s++)?)(?:-{2,3}|[–—])\s*+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HYPHENATED = re.compile(r"(\d)\s*-\s*(?=\d)")


def _details(
    kind: str, title: str, fields: Fields, found: Mapping[str, str], arxiv_number: str
) -> tuple[tuple[str, str], ...]:
    """The further fields, sorted by name; `found` are those already known, empty ones left out."""
    details = dict.fromkeys(DETAILS, "")
    for name in fields:
        if detail := _DETAILS_BY_FIELD.get(name):
            details[detail] = _first(fields, *DETAILS[detail])
    for role in ("bookauthor", "editor", "translator"):
        if details[role]:
            details[role] = in_words(fields[role])
    details |= found
    details["pages"] = pages(details["pages"])
    if details["type"].casefold() in _TYPE_WORDS:
        details["type"] = ""
    details["type"] = _PATENTS.get(details["type"].casefold(), details["type"])
    if kind in _THESES and not details["school"]:
        details["school"], details["institution"] = details["institution"], ""
    for name in ("note", "howpublished", "number"):
        if arxiv_number and _is_only_arxiv(details[name]):
            details[name] = ""
    if details["volume"].startswith("abs/"):
        details["volume"] = ""
    if _URL_IN_TEXT.fullmatch(fields.get("howpublished", "").strip()):
        details["howpublished"] = ""
    details["url"] = next(
        (address(value) for name, value in _addresses(fields) if name == "url"), ""
    )
    seen = fields.get("urldate", "").strip(" {}")
    details["urldate"] = seen if _DAY.fullmatch(seen) else ""
    details |= _register(fields, arxiv_number)
    state, genre = details["pubstate"], details["type"]
    became, details["note"] = rights.in_fields(title, details["note"], state, genre)
    details |= became
    return tuple(sorted((name, value) for name, value in details.items() if value))


def _genre(said_type: str, fields: Fields, arxiv_number: str) -> dict[str, str]:
    """That it is a preprint, which no type of BibTeX says; on arXiv its number does."""
    is_preprint = said_type == "preprint" and not arxiv_number and not fields.get("type")
    return {"type": "Preprint"} if is_preprint else {}


def _register(fields: Fields, arxiv_number: str) -> dict[str, str]:
    """Where else than in arXiv it is registered, or of which subject it is there."""
    if arxiv_number:
        return {"primaryclass": _first(fields, "primaryclass", "eprintclass")}
    names = {"eprint": ("eprint",), "eprinttype": ("eprinttype", "archiveprefix")}
    return {name: _first(fields, *given) for name, given in names.items()}


def pages(text: str) -> str:
    """A range of pages with an en dash in it: "1616–1624"."""
    return _RANGE.sub("–", text) if _RANGE.search(text) else _HYPHENATED.sub(r"\1–", text)


_KEPT = frozenset(
    str.split(
        "abstract archiveprefix arxiv arxivid author booksubtitle booktitle crossref date day doi "
        "eprint eprintclass eprinttype eventtitle journal journalsubtitle journaltitle keywords "
        "file maintitle month primaryclass shortjournal subtitle title unconfirmed urldate xdata "
        "year"
    )
).union(LINK_FIELDS, *DETAILS.values())
