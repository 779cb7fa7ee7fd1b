"""The reader of tables with a header: .csv and .tsv, as spreadsheets and databases write them.

What a column is its name says, in whatever case: those of BibTeX's fields, what Zotero, Scopus,
Web of Science, IEEE Xplore, PubMed and Publish or Perish call theirs, German words, and a few of
French, Spanish, Italian and Portuguese (`_COLUMNS`). Others are passed over. What parts the columns
(a comma, a semicolon, a tab) is told by the header. What a comma between names means, where it may
mean two things, the whole table tells (`_commas`).

Rows follow RFC 4180. A quote that is wrong costs its row alone: the next line begins another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from generator import rights
from generator.model import SourceText
from generator.sources.entries import (
    Commas,
    Entry,
    bare_key,
    date,
    keywords,
    latex,
    named,
    names_exported,
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
    "title": "title documenttitle articletitle papertitle name titel titre título titolo",
    "subtitle": "subtitle untertitel",
    "author": "author authors authorfullnames authornames creator creators autor autoren autorin "
    "autorinnen verfasser verfasserin verfasserinnen auteur auteurs autores autore autori",
    "editor": "editor editors bookeditors herausgeber herausgeberin herausgeberinnen",
    "translator": "translator translators übersetzer übersetzerin",
    "bookauthor": "bookauthor",
    "abstract": "abstract abstractnote summary zusammenfassung kurzfassung",
    "keywords": "keywords keyword tags manualtags authorkeywords topics schlagwörter schlagworte "
    "stichwörter stichworte",
    "date": "date publicationdate issued datum erscheinungsdatum",
    "year": "year publicationyear pubyear jahr erscheinungsjahr publikationsjahr année año ano "
    "anno",
    "month": "month monat",
    "venue": "venue journal journaltitle publicationtitle sourcetitle source booktitle conference "
    "conferencename containertitle journalbook proceedings publication zeitschrift "
    "zeitschriftentitel sammelband buchtitel tagungsband konferenz revue revista rivista",
    "volume": "volume vol band",
    "number": "number issue no seriesnumber nummer heft",
    "eid": "eid articleno articlenumber artno artnumber",
    "pages": "pages page pagerange seiten seite",
    "first": "startpage pagestart firstpage spage",
    "last": "endpage pageend lastpage epage",
    "pagetotal": "numpages pagetotal numberofpages seitenzahl",
    "edition": "edition auflage",
    "version": "version",
    "series": "series bookseriestitle reihe schriftenreihe",
    "volumes": "volumes numberofvolumes",
    "publisher": "publisher verlag",
    "institution": "institution",
    "school": "school university hochschule universität",
    "address": "address location place publisherlocation ort verlagsort erscheinungsort",
    "isbn": "isbn isbns",
    "issn": "issn",
    "doi": "doi doilink",
    "eprint": "arxiv arxivid eprint",
    "pmid": "pmid pubmedid",
    "url": "url link articleurl permalink",
    "pdf": "pdf pdflink pdfurl",
    "code": "code github",
    "seen": "urldate accessdate accessed",
    "language": "language languageoforiginaldocument sprache",
    "key": "key citekey citationkey bibtexkey id",
    "genre": "genre",
    "remarks": "note",
    "kind": "type itemtype documenttype entrytype publicationtype typ dokumenttyp publikationstyp",
}
_KNOWN_COLUMNS = (
    "it wants title and one more, as of author, year, journal, doi, url, abstract, keywords"
)
_FIELDS = {column: field for field, names in _COLUMNS.items() for column in names.split()}
# A note may be its owner's affair, and only what has become of the paper is read of it. Beside
# these columns, which nobody else writes together, bibpress has exported it: then it is read whole.
EXPORTED = frozenset(str.split("key status note genre accessed arxiv editors"))
# Zotero's columns: there only semicolons part people, Type says what kind of a report or thesis it
# is, and Code what law.
ZOTERO = frozenset(str.split("key itemtype"))
_OF_ZOTERO = {"type": "genre", "code": ""}
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
    "zeitschriftenartikel": "article", "zeitschriftenaufsatz": "article", "aufsatz": "article",
    "artikel": "article", "buch": "book", "monographie": "book", "monografie": "book",
    "buchkapitel": "incollection", "buchbeitrag": "incollection", "buchteil": "incollection",
    "konferenzbeitrag": "inproceedings", "tagungsbeitrag": "inproceedings",
    "dissertation": "phdthesis", "masterarbeit": "mastersthesis", "hochschulschrift": "thesis",
    "bericht": "techreport", "forschungsbericht": "techreport",
}  # fmt: skip
# A header with fewer columns that anybody knows may be of any table; and a name is no title.
FEWEST = 2

_Row = tuple[tuple[str, str], ...]  # (field, cell) in the order of the header
_Style = Commas | Literal["exported"]
# Its cells, what is wrong with it, how many cells are too many, what commas mean between names.
_Source = tuple[_Row, str, int, _Style]


@reader("csv", ".csv", ".tsv")
def read(text: str, name: str, means: Means) -> SourceText:
    """The records of a table. Never raises; takes time linear in the length of the text."""
    header = _header(text)
    if not header:
        return nothing_read(name, "csv", text, _NO_TABLE)
    drafts, empty = [], [*range(header.first, header.line)]
    for line, end, cells, wrong in _rows(text, header.end, header.line, header.cell):
        columns = zip(header.fields, cells, strict=False)
        row = tuple((field, _bare(cell)) for field, cell in columns if field and cell)
        if wrong or any(cells):
            more = sum(map(bool, cells[len(header.fields) :]))
            key = next((bare_key(cell) for field, cell in row if field == "key"), "")
            drafts.append(Entry((row, wrong, more), line, end, key))
        else:
            empty += range(line, end + 1)
    style = header.style or _commas(each.source[0] for each in drafts)
    entries = [Entry((*each.source, style), each.line, each.end, each.key) for each in drafts]
    return source_text(name, "csv", entries, _understood, means, ignored=ranges(empty))


def _bare(cell: str) -> str:
    """A cell without the apostrophes that keep a spreadsheet from taking it for a formula."""
    return _GUARDED.sub(r"\1", cell)


_GUARDED = re.compile("(^|;)'(?='*[-=+@＝＋－＠])")  # as `csv` of `generator.cite` writes it


def stranger(text: str, name: str) -> SourceText | None:
    """What is to be said of a table that lies in any folder and is none of papers: mostly nothing.

    A note, where it has a column that tables of other things hardly have.
    """
    head = text[:_LONGEST_HEADER].lstrip().partition("\n")[0]
    columns = {_FIELDS.get(_plain(cell), "") for cell in re.split("[,;\t]", head)}
    is_near = not columns.isdisjoint(_TELLING)
    return nothing_read(name, "csv", text, _NO_TABLE, "note") if is_near else None


_NO_TABLE = f"is no table of papers: its first row names no column title; {_KNOWN_COLUMNS}"
_TELLING = frozenset(str.split("author editor abstract doi isbn issn eprint pmid"))


def is_table(text: str) -> bool:
    """Whether a text begins with the header of a table of papers."""
    return _header(text) is not None


@dataclass(frozen=True, slots=True)
class _Header:
    """What the first row says: a field for each column, empty for one that nobody knows.

    It begins in the line `first`; the rows begin at `end`, in the line `line`.
    """

    fields: tuple[str, ...]
    style: _Style | None
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
            names = _known(row[2])
            known = len({*names} - {""})
            if "title" in names and known >= FEWEST:
                lines = head.split("\n")[: row[1] - row[0] + 1]
                end = start + sum(len(each) + 1 for each in lines)
                first = line - bool(begins and begins[1])
                style = _style(row[2])
                found.append((known, _Header(names, style, cell, first, end, row[1] + 1)))
    return max(found, key=lambda each: each[0])[1] if found else None


def _known(header: Sequence[str]) -> tuple[str, ...]:
    """The field that each column of a header holds."""
    columns = [_plain(each) for each in header]
    own = {"note": "note"} if EXPORTED.issubset(columns) else {}
    known = _FIELDS | own | (_OF_ZOTERO if ZOTERO.issubset(columns) else {})
    return tuple(known.get(each, "") for each in columns)


def _style(header: Sequence[str]) -> _Style | None:
    """What the columns alone tell of commas between names; None where that is nothing."""
    columns = {_plain(each) for each in header}
    return "exported" if columns >= EXPORTED else "never" if columns >= ZOTERO else None


def _commas(rows: Iterable[_Row]) -> Commas:
    """What a comma between names means in a table, told by those cells that leave no doubt.

    It stands "within" names where semicolons part them anywhere, or where far more cells, at least
    three, are one name turned round ("Smith, Ada") than are in another order or lists. So "Ferreira
    Pinto, Xulio Brais" is one person among rows of that form. Weakness: in a table where hardly a
    row has one word on either side of a comma, each speaks for itself (`names.plain_list`).
    """
    said = [cell for row in rows for field, cell in row if field in _PEOPLE]
    if any(";" in _IN_BRACES.sub("", cell) for cell in said):
        return "within"
    turned = sum(_TURNED.fullmatch(cell) is not None for cell in said)
    return "within" if turned > 2 * (1 + sum(map(_is_straight, said))) else "any"


def _is_straight(people: str) -> bool:
    """Whether a cell is "Ada Smith", or several such with commas between them."""
    parts = people.split(",")
    return len(parts) != 2 and all(" " in part.strip() for part in parts)


_PEOPLE = frozenset({"author", "editor", "translator"})
_IN_BRACES = re.compile(r"\{[^{}]*+\}")
_TURNED = re.compile(r"[^\s,]++,[^,]++|[^,]++,\s*+[^\s,]++")


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
    row, wrong, more, style = source
    if wrong:
        return Understood(None, (Remark(f"is broken: {wrong}", "error"),))
    remarks = (Remark(f"has more cells than the header: {more}; left out"),) if more else ()
    return understand(_raw(row, style, remarks))


def _raw(row: _Row, style: _Style, remarks: tuple[Remark, ...]) -> Raw:
    said: dict[str, str] = {}
    for field, cell in row:
        said.setdefault(field, cell)
    kind = _kind(said)
    say: Callable[[str], str] = lambda field: latex(said.get(field, ""))  # noqa: E731  # short
    role = _PUBLISHERS.get(kind, "publisher")
    fields = {
        **{field: say(field) for field in _AS_THEY_ARE},
        **{field: said.get(field, "") for field in ("doi", "eprint", "url", "pdf", "code")},
        **{field: _named(said.get(field, ""), style) for field in (*_PEOPLE, "bookauthor")},
        **date(said.get("date") or said.get("year", "")),
        **seen(said.get("seen", "")),
        "keywords": keywords([said["keywords"]] if "keywords" in said else []),
        "pages": latex(_pages(said)),
        "type": say("genre"),
        "note": say("note") or latex(rights.told([said.get("remarks", "")])),
        **({"publisher": "", role: say(role) or say("publisher")} if role != "publisher" else {}),
        _VENUE.get(kind, "booktitle"): say("venue"),
    }
    return raw(kind, fields, remarks)


_AS_THEY_ARE = str.split(
    "title subtitle abstract volume number eid edition version series volumes pagetotal publisher "
    "institution school address isbn issn pmid language month"
)
# Who gave it out, where BibTeX has another word for it than publisher.
_PUBLISHERS = {
    "thesis": "school", "phdthesis": "school", "mastersthesis": "school",
    "techreport": "institution",
}  # fmt: skip
_VENUE = {"article": "journal", "book": "journal"}


def _named(cell: str, style: _Style) -> str:
    return named(names_exported(cell) if style == "exported" else names_in(cell, style))


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
