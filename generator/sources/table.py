"""The reader of tables with a header: .csv and .tsv, as spreadsheets and databases write them.

What a column is its name says, in whatever case: those of BibTeX's fields, and what Zotero,
Scopus, Web of Science, IEEE Xplore, PubMed and Publish or Perish call theirs (`_COLUMNS`). Others
are passed over. What parts the columns (a comma, a semicolon, a tab) is told by the header.

Rows follow RFC 4180. A quote that is wrong costs its row alone: the next line begins another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator import rights
from generator.model import SourceText
from generator.sources.entries import (
    Entry,
    bare_key,
    date,
    keywords,
    latex,
    named,
    names_in,
    nothing_read,
    ranges,
    raw,
    seen,
    source_text,
)
from generator.sources.fields import Raw, Remark, Understood, understand
from generator.sources.readers import Means, reader
from generator.text.patterns import again

# For each field the columns that it may stand in, the surest first; letters and digits alone.
_COLUMNS = {
    "title": "title documenttitle articletitle papertitle name",
    "subtitle": "subtitle",
    "author": "author authors authorfullnames authornames creator creators",
    "editor": "editor editors bookeditors",
    "abstract": "abstract abstractnote summary",
    "keywords": "keywords keyword tags manualtags authorkeywords topics",
    "date": "date publicationdate issued",
    "year": "year publicationyear pubyear",
    "month": "month",
    "venue": "venue journal journaltitle publicationtitle sourcetitle source booktitle conference "
    "conferencename containertitle journalbook proceedings publication",
    "volume": "volume vol",
    "number": "number issue no",
    "pages": "pages page pagerange",
    "first": "startpage pagestart firstpage spage",
    "last": "endpage pageend lastpage epage",
    "edition": "edition",
    "series": "series bookseriestitle",
    "publisher": "publisher",
    "institution": "institution",
    "school": "school university",
    "address": "address location place publisherlocation",
    "isbn": "isbn isbns",
    "issn": "issn",
    "doi": "doi doilink",
    "eprint": "arxiv arxivid eprint",
    "url": "url link articleurl permalink",
    "pdf": "pdf pdflink pdfurl",
    "code": "code github",
    "seen": "urldate accessdate accessed",
    "language": "language languageoforiginaldocument",
    "key": "key citekey citationkey bibtexkey id",
    "genre": "genre",
    "remarks": "note",
    "kind": "type itemtype documenttype entrytype publicationtype",
}
_KNOWN_COLUMNS = (
    "it wants title and one more, as of author, year, journal, doi, url, abstract, keywords"
)
_FIELDS = {column: field for field, names in _COLUMNS.items() for column in names.split()}
# A note may be its owner's affair, and only what has become of the paper is read of it. Beside
# these columns, which nobody else writes together, bibpress has exported it: then it is read whole.
EXPORTED = frozenset(str.split("key status note genre accessed arxiv editors"))
# What rows call their kind (Zotero, Scopus, Web of Science); other words are BibTeX's or nothing.
_KINDS = {
    "journalarticle": "article", "article": "article", "review": "article", "letter": "article",
    "editorial": "article", "note": "article", "shortsurvey": "article", "j": "article",
    "articleinpress": "article", "articleearlyaccess": "article", "magazinearticle": "article",
    "newspaperarticle": "article", "bookreview": "article",
    "conferencepaper": "inproceedings", "proceedingspaper": "inproceedings",
    "ieeeconferences": "inproceedings", "ieeejournals": "article", "c": "inproceedings",
    "conferencereview": "proceedings", "conference": "inproceedings",
    "articleproceedingspaper": "article", "paperconference": "inproceedings",
    "book": "book", "booksection": "incollection", "bookchapter": "incollection",
    "chapter": "incollection", "b": "book", "thesis": "thesis", "report": "techreport",
    "manuscript": "unpublished", "webpage": "online", "blogpost": "online",
    "computerprogram": "software", "dataset": "dataset", "preprint": "preprint",
    "audiorecording": "audio", "song": "audio", "videorecording": "video", "film": "video",
    "motionpicture": "video", "graphic": "artwork",
    "articlejournal": "article", "document": "misc", "pamphlet": "booklet",
}  # fmt: skip
# A header with fewer columns that anybody knows may be of any table; and a name is no title.
FEWEST = 2

_Row = tuple[tuple[str, str], ...]  # (field, cell) in the order of the header
_Source = tuple[_Row, str, int]  # its cells, what is wrong with it, how many cells are too many


@reader("csv", ".csv", ".tsv")
def read(text: str, name: str, means: Means) -> SourceText:
    """The records of a table. Never raises; takes time linear in the length of the text."""
    header = _header(text)
    if not header:
        said = f"is no table of papers: its first row names no column title; {_KNOWN_COLUMNS}"
        return nothing_read(name, "csv", text, said)
    entries, empty = [], [*range(header.first, header.line)]
    for line, end, cells, wrong in _rows(text, header.end, header.line, header.cell):
        columns = zip(header.fields, cells, strict=False)
        row = tuple((field, _bare(cell)) for field, cell in columns if field and cell)
        if wrong or any(cells):
            more = sum(map(bool, cells[len(header.fields) :]))
            key = next((bare_key(cell) for field, cell in row if field == "key"), "")
            entries.append(Entry((row, wrong, more), line, end, key))
        else:
            empty += range(line, end + 1)
    return source_text(name, "csv", entries, _understood, means, ignored=ranges(empty))


def _bare(cell: str) -> str:
    """A cell without the apostrophes that keep a spreadsheet from taking it for a formula."""
    return _GUARDED.sub(r"\1", cell)


_GUARDED = re.compile("(^|;)'(?='*[-=+@＝＋－＠])")  # as `csv` of `generator.cite` writes it


def is_table(text: str) -> bool:
    """Whether a text begins with the header of a table of papers."""
    return _header(text) is not None


@dataclass(frozen=True, slots=True)
class _Header:
    """What the first row says: a field for each column, empty for one that nobody knows.

    It begins in the line `first`; the rows begin at `end`, in the line `line`.
    """

    fields: tuple[str, ...]
    cell: re.Pattern[str]
    first: int
    end: int
    line: int


def _header(text: str) -> _Header | None:
    """The header, behind Excel's line `sep=;` if that is there; None where there is no title.

    What parts its columns is what makes most of them known.
    """
    begins = _BEFORE.match(text)
    start = begins.end() if begins else 0
    line = text.count("\n", 0, start) + 1
    head = text[start : start + _LONGEST_HEADER]
    found = []
    for cell in (_BY_COMMA, _BY_SEMICOLON, _BY_TAB):
        row = next(_rows(head, 0, line, cell), None)
        if row and not row[3]:
            names = _named(row[2])
            known = len({*names} - {""})
            if "title" in names and known >= FEWEST:
                lines = head.split("\n")[: row[1] - row[0] + 1]
                end = start + sum(len(each) + 1 for each in lines)
                first = line - bool(begins and begins[1])
                found.append((known, _Header(names, cell, first, end, row[1] + 1)))
    return max(found, key=lambda each: each[0])[1] if found else None


def _named(header: Sequence[str]) -> tuple[str, ...]:
    """The field that each column of a header holds."""
    columns = [_plain(each) for each in header]
    known = {**_FIELDS, "note": "note"} if EXPORTED.issubset(columns) else _FIELDS
    return tuple(known.get(each, "") for each in columns)


_BEFORE = re.compile(r"\s*+(sep=[^\n]{1,4}\n)?")
_LONGEST_HEADER = 20_000


def _plain(cell: str) -> str:
    return "".join(letter for letter in cell[:100].casefold() if letter.isalnum())


# --- rows ---------------------------------------------------------------------------------------


def _rows(
    text: str, position: int, line: int, cell: re.Pattern[str]
) -> Iterator[tuple[int, int, Sequence[str], str]]:
    """First line, last line, cells, and what is wrong, for each row from a position on."""
    while position < len(text):
        start, first, cells, wrong = position, line, list[str](), ""
        parted = True
        while parted and not wrong:
            if found := cell.match(text, position):
                quoted, bare, mark = found.groups()
                cells.append(bare if quoted is None else quoted.replace('""', '"'))
                line += (quoted or "").count("\n")
                position, parted = found.end(), mark not in ("\n", "")
            else:
                wrong = "a quote is never closed, or stands within a cell that begins with one"
                position, line = (text.find("\n", start) + 1 or len(text)), first
        yield first, line, [" ".join(each.split()) for each in cells], wrong
        line += 1


_QUOTED = again('[^"]++|""')
_CELL = rf'[ ]*+(?:"({_QUOTED})"[ ]*+|((?!")[^MARK\n]*+))([MARK]|\n|\Z)'
_BY_COMMA = re.compile(_CELL.replace("MARK", ","))
_BY_SEMICOLON = re.compile(_CELL.replace("MARK", ";"))
_BY_TAB = re.compile(_CELL.replace("MARK", r"\t"))


# --- from a row to fields -----------------------------------------------------------------------


def _understood(source: _Source) -> Understood:
    row, wrong, more = source
    if wrong:
        return Understood(None, (Remark(f"is broken: {wrong}", "error"),))
    remarks = (Remark(f"has more cells than the header: {more}; left out"),) if more else ()
    return understand(_raw(row, remarks))


def _raw(row: _Row, remarks: tuple[Remark, ...]) -> Raw:
    said: dict[str, str] = {}
    for field, cell in row:
        said.setdefault(field, cell)
    kind = _kind(said)
    say: Callable[[str], str] = lambda field: latex(said.get(field, ""))  # noqa: E731  # short
    is_thesis = kind in ("thesis", "phdthesis", "mastersthesis")
    fields = {
        **{field: say(field) for field in _AS_THEY_ARE},
        **{field: said.get(field, "") for field in ("doi", "eprint", "url", "pdf", "code")},
        **date(said.get("date") or said.get("year", "")),
        **seen(said.get("seen", "")),
        "author": named(names_in(said.get("author", ""))),
        "editor": named(names_in(said.get("editor", ""))),
        "keywords": keywords([said["keywords"]] if "keywords" in said else []),
        "pages": latex(_pages(said)),
        "type": say("genre"),
        "note": say("note") or latex(rights.told([said.get("remarks", "")])),
        **({"school": say("school") or say("publisher"), "publisher": ""} if is_thesis else {}),
        _VENUE.get(kind, "booktitle"): say("venue"),
    }
    return raw(kind, fields, remarks)


_AS_THEY_ARE = str.split(
    "title subtitle abstract volume number edition series publisher institution school address "
    "isbn issn language month"
)
_VENUE = {"article": "journal", "book": "journal"}


def _kind(said: Mapping[str, str]) -> str:
    """What a row says it is; else what its venue says: a paper of a meeting, or an article."""
    kind = _plain(said.get("kind", ""))
    if kind:
        return _KINDS.get(kind, kind[:60])
    if "venue" not in said:
        return "misc"
    return "inproceedings" if _MEETING.search(said["venue"]) else "article"


_MEETING = re.compile(r"proceedings|conference|conf\.|workshop|symposium|meeting", re.IGNORECASE)


def _pages(said: Mapping[str, str]) -> str:
    ends = dict.fromkeys(filter(None, (said.get("first", ""), said.get("last", ""))))
    return said.get("pages") or "–".join(ends)
