"""Papers in the formats of others' programs: pure functions from papers to text.

A format is one function under `@exporter`; commands, pages and tests find it in `EXPORTERS`.

BibTeX as written here is read alike by bibtex, biber, pandoc, pybtex and Zotero: ASCII with LaTeX
escapes (bibtex's `alpha` cuts UTF-8 letters in half), flat entries, one field a line in the order
of `_ORDER`, values in braces that always match, and addresses and identifiers verbatim.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol
from urllib.parse import quote

from generator import rights, text, venues
from generator.model import Name, Paper
from generator.names import OTHERS, is_suffix, named_in, people


class Export(Protocol):
    """A format: papers to the text of one file, with their abstracts or without."""

    def __call__(self, papers: Iterable[Paper], /, *, abstracts: bool) -> str:
        """The papers in their order."""


@dataclass(frozen=True, slots=True)
class Exporter:
    """A format as others see it: its name, the suffix and media type of its files."""

    name: str
    suffix: str
    mime: str
    export: Export


EXPORTERS: dict[str, Exporter] = {}


def exporter(name: str, *, suffix: str, mime: str) -> Callable[[Export], Export]:
    """Make a function the exporter of the format `name`; the function itself stays as it is."""

    def register(export: Export) -> Export:
        EXPORTERS[name] = Exporter(name, suffix, mime, export)
        return export

    return register


@exporter("bibtex", suffix=".bib", mime="application/x-bibtex")
def bibtex(papers: Iterable[Paper], /, *, abstracts: bool) -> str:
    """The papers as a .bib file, in their order; nothing for no papers."""
    return "\n".join(entry(paper, abstract=abstracts) for paper in papers)


def entry(paper: Paper, *, abstract: bool) -> str:
    """A paper as one BibTeX entry, with a newline at its end.

    The key is written as it is: whoever made the `Paper` has checked it. That it was retracted or
    corrected stands in `note`, which BibTeX's styles print; and so does that a title was made from
    the abstract. What no source vouches for (`Paper.unconfirmed`) is marked on the
    paper's page; a .bib has no place to say so.
    """
    kind, fields = _fields(paper)
    lines = [f"{name} = {fields[name]}" for name in sorted(fields, key=_place)]
    written = _entry(f"@{kind}{{{paper.key}", lines)
    return with_abstract(written, paper.abstract) if abstract else written


def with_abstract(written: str, abstract: str) -> str:
    """An entry, as `entry` writes it without its abstract, and an abstract in its place there.

    So each is written once, though lists have the one and a paper's own file has both.
    """
    if not abstract:
        return written
    head, *lines = written.removesuffix(_END).split(_BETWEEN)  # no value has a line's end in it
    place = bisect(lines, _place("abstract"), key=lambda line: _place(line.partition(" ")[0]))
    return _entry(head, [*lines[:place], f"abstract = {_text(abstract)}", *lines[place:]])


def own_file(written: str, abstract: str) -> bytes:
    """A paper's own .bib, the only one that has its abstract: its entry in lists, and that."""
    return with_abstract(written, abstract).encode()


def in_brief(paper: Paper, written: str) -> str:
    """The entry of a paper (as `entry` wrote it) for the .bib of a topic, author, year or venue.

    Where it is long its authors end early ("and others"), and keywords and long fields are left
    out: each of 5,000 authors has such a list, and else there would be 5,000 names in all of them.
    """
    if len(written) <= LONG:
        return written
    several = len(paper.authors) > MOST_AUTHORS
    details = tuple([(name, value) for name, value in paper.details if len(value) <= LONG_VALUE])
    brief = replace(
        paper,
        authors=(*paper.authors[:MOST_AUTHORS], OTHERS) if several else paper.authors,
        keywords=(),
        details=details,
    )
    return entry(brief, abstract=False)


def list_file(entries: Iterable[str]) -> bytes:
    """The .bib of a list, from the entries of its papers."""
    return "\n".join(entries).encode()


@lru_cache(maxsize=4096)  # the papers of one volume share their editors
def editors(value: str) -> tuple[Name, ...]:
    """The editors of a paper, who are one text in a record, as names."""
    return named_in(value)


def departed_file(target: str, what: str = "This paper is") -> bytes:
    """What stands in the .bib of a paper that is gone or, with a target, has another id now.

    So it does in that of an author with another page now. BibTeX takes everything outside entries
    for a comment.
    """
    said = f"{what} in {target}.bib now." if target else "This paper is no longer here."
    return f"% {said}\n".encode()


# Of 10,000 papers none has an entry longer than this, the abstract aside.
LONG, LONG_VALUE, MOST_AUTHORS = 4_000, 500, 100
_BETWEEN, _END = ",\n  ", "\n}\n"


def _entry(head: str, lines: Iterable[str]) -> str:
    return _BETWEEN.join([head, *lines]) + _END


# --- the fields of an entry ---------------------------------------------------------------------

# Who and what; where; when; how to find it; the long ones. Any others come last, by name.
_ORDER = {
    name: i
    for i, name in enumerate(
        str.split(
            "author title journal booktitle school institution howpublished editor volume number "
            "series chapter edition pages organization publisher address day month year type note "
            "doi eprint eprinttype archivePrefix primaryClass url urldate isbn issn language "
            "keywords abstract"
        )
    )
}
_TYPES = frozenset(
    str.split(
        "article book booklet inbook incollection inproceedings manual mastersthesis misc "
        "phdthesis proceedings techreport unpublished"
    )
)
# The field that says where a paper of this type is to be found: the venue, if no other does.
_PLACES = {
    "article": "journal",
    "mastersthesis": "school",
    "phdthesis": "school",
    "techreport": "institution",
}
# Without these bibtex prints a sentence with a hole in it; a @misc asks for nothing.
_NEEDED = {
    "article": "journal",
    "incollection": "booktitle",
    "inproceedings": "booktitle",
    "unpublished": "note",
}
_SPELLINGS = {"archiveprefix": "archivePrefix", "primaryclass": "primaryClass"}
_MONTHS = str.split("jan feb mar apr may jun jul aug sep oct nov dec")
# LaTeX escapes would break these (measured with Zotero, biber and pandoc).
_VERBATIM = frozenset({"doi", "eprint", "url"})
# Never taken from the further fields: what the paper itself says, what would refer to other
# entries, and what is its owner's business (his disk, his remarks, his program's state).
_WITHHELD = re.compile(
    r"author|title|protected|year|keywords|abstract|doi|crossref|xdata|xref|ids|unconfirmed"
    r"|(?:local-?)?file|annot(?:e|ation)|owner|timestamp|groups|comments?|review|priority|ranking"
    rf"|{'|'.join(rights.KINDS)}"
    r"|read-?status|relevance|printed|username|date-(?:added|modified)|(?:creation|modification)date"
    r"|(?:mendeley|bdsk|jabref|zotero|citeulike|posted|__).*"
)
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_-]*")
_RANGE = re.compile(r"(?<=\d) ?[-‐‑–—]+ ?(?=[A-Za-z]{0,3}\d)")
_DERIVED = "Title derived from the abstract"


def _place(field: str) -> tuple[int, str]:
    return _ORDER.get(field, len(_ORDER)), field


def _fields(paper: Paper) -> tuple[str, dict[str, str]]:
    """The type of a paper's entry and its fields as they are written, all but the abstract."""
    details = dict(_details(paper))
    on_arxiv_only = paper.arxiv and venues.is_preprint(paper.venue)
    kind, place = _placed(paper.type, "" if on_arxiv_only else paper.venue, details)
    found = details | place | dict(_own(paper))
    if paper.arxiv:
        found |= _of_arxiv(paper.arxiv, found, alone=kind == "misc")
    return kind, found


def _own(paper: Paper) -> Iterator[tuple[str, str]]:
    """What the paper itself says of authors, title, year, DOI and keywords."""
    if paper.authors:
        yield "author", f"{{{' and '.join(map(_name, paper.authors))}}}"
    if paper.title:
        yield "title", f"{{{_title(paper.title, paper.detail('protected'))}}}"
    note = paper.detail("note")
    became = list(map(rights.sentence, rights.notices(paper.details)))
    derived = _DERIVED if paper.title_derived and _DERIVED not in note else ""
    if became or derived:
        yield "note", _text("; ".join(filter(None, (*became, note, derived))))
    if paper.year:
        yield "year", f"{{{paper.year}}}"
    if paper.doi:
        yield "doi", _verbatim(paper.doi)
    if paper.keywords:
        yield "keywords", _text(", ".join(word.replace(",", " ") for word in paper.keywords))


def _details(paper: Paper) -> Iterator[tuple[str, str]]:
    """The further fields of a paper that may be published, each as it is written."""
    for name, value in paper.details:
        if value and _FIELD_NAME.fullmatch(name) and not _WITHHELD.fullmatch(name):
            yield _SPELLINGS.get(name, name), _WRITERS.get(name, _text)(value)


def _placed(kind: str, venue: str, details: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The type that an entry can have, and the field that says where it appeared.

    A chapter (@inbook) of a named book is what BibTeX calls @incollection. A @misc names its
    venue twice: bibtex prints `howpublished`, programs read `booktitle`.
    """
    kind = kind if kind in _TYPES else "misc"
    kind = "incollection" if kind == "inbook" and venue else kind
    field = _PLACES.get(kind, "booktitle")
    place = {field: _text(venue)} if venue and field not in details else {}
    needed = _NEEDED.get(kind)
    if needed and needed not in place and needed not in details:
        kind = "misc"
    if kind == "misc" and venue and "howpublished" not in details:
        place["howpublished"] = _text(venue)
    return kind, place


def _of_arxiv(arxiv: str, fields: Mapping[str, str], *, alone: bool) -> dict[str, str]:
    """What says that a paper is on arXiv: biber reads one spelling, Zotero the other.

    bibtex prints neither; where arXiv is all there is, `howpublished` says so.
    """
    found = {"eprint": _verbatim(arxiv), "eprinttype": "{arxiv}", "archivePrefix": "{arXiv}"}
    if alone:
        found["howpublished"] = fields.get("howpublished", f"{{arXiv:{_bare(arxiv)}}}")
        found["url"] = fields.get("url", f"{{https://arxiv.org/abs/{_bare(arxiv)}}}")
    return found


# --- values -------------------------------------------------------------------------------------

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_NOT_IN_ADDRESSES = re.compile(r"[^\x21-\x7e]|[{}\\]")
_AND = re.compile(r"(?:^|\s)and(?=\s|$)", re.IGNORECASE)


def _text(value: str, *, protect: bool = False) -> str:
    """A text as a value: in LaTeX, on one line, in braces that match."""
    return f"{{{_latex(value, protect=protect)}}}"


def _latex(value: str, *, protect: bool = False) -> str:
    printable = value if value.isprintable() else _UNPRINTABLE.sub(" ", value)
    return text.to_latex(printable.strip(), protect=protect)


def _title(title: str, protected: str) -> str:
    """A title in LaTeX, its owner's braces round what he protected of it, and ours.

    `protected` is the title with just those braces. Where it is none of this title (of merged
    records another's holds) or its braces do not match, the title stands as if it were not there.
    """
    marked = _BRACE.sub(lambda found: _MARKS.get(found[0], found[0]), protected)
    if not _MARKED.fullmatch(marked) or marked.translate(_UNMARKED) != title:
        return _latex(title, protect=True)
    latex = _latex(marked, protect=True)
    return _TWICE.sub(r"\1", latex).translate(_BRACES)


# Braces on their way through `to_latex`: characters that no text holds (Unicode, 23.7).
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"
_BRACE = re.compile(r"\$[^$]*\$|[{}]")  # those of formulas are theirs
_MARKS = {"{": _OPEN, "}": _CLOSE}
_UNMARKED: dict[int, None] = {ord(_OPEN): None, ord(_CLOSE): None}
_BRACES = {ord(_OPEN): "{", ord(_CLOSE): "}"}
_INSIDE = f"[^{_OPEN}{_CLOSE}]"
_MARKED = re.compile(f"(?>(?:{_INSIDE}++|{_OPEN}{_INSIDE}++{_CLOSE})*)")
_TWICE = re.compile(rf"{_OPEN}(\{{[^{{}}{_OPEN}{_CLOSE}]*+\}}){_CLOSE}")


def _verbatim(value: str) -> str:
    return f"{{{_bare(value)}}}"


def _bare(value: str) -> str:
    """An address or identifier as it is; what would end the value is percent-encoded."""
    return _NOT_IN_ADDRESSES.sub(lambda found: quote(found[0], "", errors="replace"), value)


def _month(value: str) -> str:
    """The macro of a month, which every style spells in its own way."""
    number = int(value) if value.isdecimal() and len(value) < 3 else 0
    return _MONTHS[number - 1] if 1 <= number <= 12 else _text(value)


def _pages(value: str) -> str:
    return _text(_RANGE.sub("–", value))


def _editors(value: str) -> str:
    """Editors as names again: bibtex refuses a fourth comma."""
    return f"{{{' and '.join(map(_name, editors(value)))}}}"


_WRITERS: Mapping[str, Callable[[str], str]] = {
    "bookauthor": _editors, "doi": _verbatim, "editor": _editors, "eprint": _verbatim,
    "month": _month, "pages": _pages, "translator": _editors, "url": _verbatim,
}  # fmt: skip


@lru_cache(maxsize=1 << 16)  # an author's name is written for every paper and twice for each
def _name(name: Name) -> str:
    """A name as BibTeX reads it back: "van der Berg, Jan", "King, Jr., Martin", "{OpenAI}"."""
    if name == OTHERS:
        return "others"
    family, suffix, given = map(_part, (name.family, name.suffix, name.given))
    if family and given and not name.group:
        given = f"{{{given}}}" if is_suffix(given) else given
        return ", ".join(part for part in (family, suffix, given) if part)
    whole = _latex(str(name))
    return whole if not name.group and people(whole)[0] == (name,) else f"{{{whole}}}"


def _part(value: str) -> str:
    """A part of a name, in braces where a comma or an "and" in it would begin another.

    So is one of hyphens alone, which part words and are none to bibtex: it finds no name there.
    """
    latex = _latex(value)
    hidden = "," in latex or _AND.search(latex) or (latex and not latex.strip("- "))
    return f"{{{latex}}}" if hidden else latex
