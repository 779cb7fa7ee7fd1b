"""The reader of notes: Markdown files, each on one paper that its front matter names.

    ---
    title: "Adam: A Method for Stochastic Optimization"
    authors: [Diederik P. Kingma, Jimmy Ba]
    year: 2015
    arxiv: 1412.6980
    tags: [optimizers]
    ---
    Why the bias correction matters …

What the front matter says is the owner's word; the text below it is shown on the paper's page.

The pages of publications that sites of Hugo Blox (once Academic, Wowchemy) have are notes, too:
`content/publication/NAME/index.md`, whose fields of other names are understood here. A draft, which
Hugo does not publish, is none of ours either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import islice

from generator import rights
from generator.attachments import FILE
from generator.model import Link, Name, Problem, Record, SourceText, Where
from generator.names import person, plain_list
from generator.sources.fields import (
    DETAILS,
    LINK_FIELDS,
    LONGEST,
    NOWHERE,
    Remark,
    Understood,
    bounded,
    checked_abstract,
    entry_type,
    link_label,
    odd_year,
    pages,
    split_list,
    wrong_address,
    wrong_doi,
    year_in,
)
from generator.sources.front_matter import FrontMatterError, Value, parse, split
from generator.sources.identifiers import address, arxiv, arxiv_id, doi
from generator.sources.markup import to_html
from generator.sources.readers import Means, reader, remembered
from generator.text import from_plain
from generator.toml import did_you_mean

Fields = Mapping[str, Value]


@reader("note", ".md", ".markdown")
def read(text: str, name: str, means: Means) -> SourceText:
    """The one record of a note; quarantined if its front matter names no paper. Never raises."""
    if not text.strip():
        return SourceText(name, "note")
    (said,) = remembered(means, Understood, [text], _understood)
    where = Where(name, *_extent(text))
    problems = tuple(_problem(where, remark) for remark in said.remarks)
    if said.remarks == (DRAFT,):
        return SourceText(name, "note", problems=problems, ignored=((where.line, where.end),))
    if not said.record:
        return SourceText(name, "note", problems=problems, quarantined=(where,))
    return SourceText(name, "note", (replace(said.record, where=where),), problems)


DRAFT = Remark("is a draft (draft: true); left out", "note")


def _extent(text: str) -> tuple[int, int]:
    """The first and the last line that is not blank."""
    first = text.count("\n", 0, len(text) - len(text.lstrip())) + 1
    return first, text.rstrip().count("\n") + 1


def _problem(where: Where, remark: Remark) -> Problem:
    line = f" (line {remark.line})" if remark.line else ""
    skipped = "; skipped (an error under --strict)" if remark.severity == "error" else ""
    said = f"the note {remark.message}{line}{skipped}"
    return Problem(where, said, remark.severity, remark.rule)


def _understood(text: str) -> Understood:
    try:
        matter, body, line = split(text)
        fields, twice = parse(matter, line)
    except FrontMatterError as error:
        return Understood(None, (Remark(str(error), "error", error.line or None),))
    if _plain(fields, "draft").casefold() == "true":
        return Understood(None, (DRAFT,))
    record, about_fields = _record(fields)
    about_names = tuple(Remark(f"has two fields {name[:60]}; the first is used") for name in twice)
    remarks = (*about_names, *_about_kinds(fields), *_about_unknown(fields), *about_fields)
    if not (record.title or record.doi or record.arxiv or record.key):
        remarks = (*remarks, Remark("names no paper: no title, doi, arxiv or key", "error"))
        return Understood(None, remarks)
    html, said = to_html(body.strip("\n"))
    about_body = (Remark(f"is not formatted: {said}"),) if said else ()
    record, about_size = bounded(replace(record, body=html))
    return Understood(record, (*remarks, *about_body, *about_size))


# --- from front matter to a record --------------------------------------------------------------


def _record(fields: Fields) -> tuple[Record, tuple[Remark, ...]]:
    abstract, about_abstract = checked_abstract(_text(fields, "abstract", "summary"))
    kind, about_kind = entry_type(_type(fields))
    given_year = _plain(fields, "year", "date")
    links, about_links = _links(fields)
    bare_doi, number, about_doi = _ids(fields)
    authors, about_authors = _named(fields)
    record = Record(
        NOWHERE,
        "note",
        key=" ".join(_plain(fields, "key", "citekey", "citation_key").split()),
        type=kind,
        title=_text(fields, "title"),
        authors=authors,
        year=year_in(given_year),
        venue=_text(fields, "venue", "journal", "booktitle") or _publication(fields, number),
        abstract=abstract,
        keywords=_list(fields, "keywords"),
        tags=_list(fields, "tags", "topics"),
        doi=bare_doi,
        arxiv=number,
        links=links,
        details=tuple(_details(fields)),
        files=tuple(_files(fields)),
    )
    wrong_year = given_year and record.year is None
    about_year = (odd_year(given_year),)
    said = (about_abstract, about_kind, about_authors, about_links, about_doi,
            about_year if wrong_year else ())  # fmt: skip
    return record, tuple(remark for part in said for remark in part)


_TEXTS = frozenset(
    ("abstract", "summary", "type", "year", "date", "title", "venue", "journal", "booktitle",
     "doi", "arxiv", "eprint", "key", "citekey", "citation_key", "publication", "draft",
     *LINK_FIELDS, *(name for names in DETAILS.values() for name in names))
)  # fmt: skip


def _about_kinds(fields: Fields) -> Iterator[Remark]:
    """What is to be said of fields whose value is of a kind that they cannot have."""
    for name, value in fields.items():
        items = value if isinstance(value, list) else [value]
        if name in _TEXTS and not isinstance(value, str):
            kind = "list" if isinstance(value, list) else "mapping"
            yield Remark(f"has the field {name}, which is a {kind} and no text; left out")
        elif name in _ITEMS and not all(map(_ITEMS[name], items)):
            yield Remark(f"has the field {name}, of which not all can be read; that is left out")


def _is_text(item: Value) -> bool:
    return isinstance(item, str)


def _is_author(item: Value) -> bool:
    named = isinstance(item, dict) and bool(_plain(item, "family", "name"))
    return named or isinstance(item, str)


def _is_link(item: Value) -> bool:
    return isinstance(item, (str, dict))


# The fields that may hold several values, and whether one can be read.
_ITEMS: Mapping[str, Callable[[Value], bool]] = {
    **dict.fromkeys(("keywords", "tags", "topics"), _is_text),
    **dict.fromkeys(("author", "authors"), _is_author),
    "links": _is_link,
}


def _about_unknown(fields: Fields) -> Iterator[Remark]:
    """What is to be said of fields that nobody here knows, and whose names are nearly of ours.

    Others are passed over: notes come from Hugo, Jekyll and Obsidian, which have fields of theirs.
    """
    passed = _READ | _OF_OTHERS
    unknown = (name for name in fields if name not in passed and not name.startswith("url_"))
    for name in islice(unknown, _MOST_UNKNOWN):
        if hint := _hint(name[:60]):
            yield Remark(f"has the field {name[:60]}, which means nothing here{hint}", "note")


@lru_cache(maxsize=1024)  # all notes of a folder have the same ones, and each takes a millisecond
def _hint(name: str) -> str:
    return did_you_mean(name, _READ, _NEARLY)


_READ = frozenset((*_TEXTS, *_ITEMS, "publication_types", "hugoblox"))  # the last are Hugo Blox's
# Hugo's, Jekyll's and Obsidian's, which resemble some of ours and are nothing to us.
_OF_OTHERS = frozenset(
    str.split(
        "id lang edit publish published publishdate caption citation slidesurl page parent videos"
    )
)
_MOST_UNKNOWN = 50
_NEARLY = 0.8  # "titel" is as near as that to "title", "tag" nearer to "tags"


def _plain(fields: Fields, *names: str) -> str:
    """The first of these fields that has a text, as it was written."""
    values = (fields.get(name) for name in names)
    return next((value for value in values if isinstance(value, str) and value), "")[:LONGEST]


def _text(fields: Fields, *names: str) -> str:
    return from_plain(_plain(fields, *names))


def _list(fields: Fields, *names: str) -> tuple[str, ...]:
    """The texts of a list, which may be written as one text with commas in it."""
    value = next((fields[name] for name in names if fields.get(name)), "")
    items = (
        value if isinstance(value, list) else split_list(value) if isinstance(value, str) else []
    )
    texts = (from_plain(item[:LONGEST]) for item in items if isinstance(item, str))
    return tuple(dict.fromkeys(filter(None, texts)))


def _named(fields: Fields) -> tuple[tuple[Name, ...], tuple[Remark, ...]]:
    """The authors; none where Hugo Blox names one of them by what its owner's folder is called.

    A list of authors that lacks one is worse than none: a .bib beside the note has them all.
    """
    authors = tuple(_authors(fields.get("authors") or fields.get("author") or ""))
    owner = next((name.family for name in authors if str(name) in _OWNERS), "")
    if not owner:
        return authors, ()
    said = f'names "{owner}" among its authors, not who that is; the authors of other sources hold'
    return (), (Remark(said, "note"),)


# Hugo Blox's names for the owner of a site, `content/authors/admin`, in newer ones `me`.
_OWNERS = frozenset({"admin", "me"})


def _authors(value: Value) -> Iterator[Name]:
    """Names from a text, or from a list of texts or of mappings with `name` or `family`."""
    if isinstance(value, str):
        yield from plain_list(value[:LONGEST])
        return
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            name = person(item[:LONGEST])
            if str(name):
                yield name
        elif isinstance(item, dict) and _plain(item, "family"):
            yield Name(_text(item, "family"), _text(item, "given"), _text(item, "suffix"))
        elif isinstance(item, dict) and _plain(item, "name"):
            yield person(_plain(item, "name"))


def _ids(fields: Fields) -> tuple[str, str, tuple[Remark, ...]]:
    known = _mapping(_mapping(fields, "hugoblox"), "ids")
    given_doi = _plain(fields, "doi") or _plain(known, "doi")
    given_arxiv = _plain(fields, "arxiv", "eprint") or _plain(known, "arxiv")
    bare = doi(given_doi)
    said = (_plain(fields, name) for name in _MAY_SAY_ARXIV)
    number = arxiv_id(given_arxiv) or next(filter(None, map(arxiv, (given_doi, *said))), "")
    remarks = []
    if given_doi and not bare:
        remarks.append(wrong_doi(given_doi))
    if given_arxiv and not number:
        remarks.append(Remark(f'has the arxiv id "{given_arxiv[:60]}", which is none; left out'))
    return "" if arxiv(bare) else bare, number, tuple(remarks)


# Where Hugo Blox has an address in arXiv that is the paper's own.
_MAY_SAY_ARXIV = ("url", "url_preprint", "url_pdf")


def _mapping(fields: Fields, name: str) -> Fields:
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def _type(fields: Fields) -> str:
    """The type as BibTeX or biblatex calls it."""
    own = next(iter(_list(fields, "publication_types")), "").lower()
    return _plain(fields, "type").lower() or _PUBLICATION_TYPES.get(own, "misc")


# What Hugo Blox has in `publication_types`: types of CSL, in older sites numbers.
_PUBLICATION_TYPES = {
    "article-journal": "article", "paper-conference": "inproceedings", "report": "techreport",
    "book": "book", "chapter": "incollection", "thesis": "thesis", "patent": "patent",
    "1": "inproceedings", "2": "article", "4": "techreport", "5": "book", "6": "incollection",
    "7": "thesis", "8": "patent",
}  # fmt: skip


def _publication(fields: Fields, arxiv_number: str) -> str:
    """The venue from "In *Proceedings of …*", where it stands in Markdown; arXiv is none."""
    said = _plain(fields, "publication").strip()
    if arxiv_number and "arxiv" in said.lower():
        return ""
    if said.lower().startswith(("in *", "in _")):
        said = said[2:]
    return from_plain(said.strip(" *_"))


def _files(fields: Fields) -> Iterator[tuple[str, str, str]]:
    """The PDF that lies beside the note, which only the owner may know of."""
    if _is_beside(value := _plain(fields, "url_pdf")):
        yield FILE, "PDF", value


def _is_beside(value: str) -> bool:
    return bool(_PDF_NAME.fullmatch(value))


_PDF_NAME = re.compile(r"(?!www\.)\w[\w. -]{0,200}\.pdf", re.IGNORECASE | re.ASCII)


def _links(fields: Fields) -> tuple[tuple[Link, ...], tuple[Remark, ...]]:
    links: dict[str, str] = {}
    remarks = []
    for label, value in (*_single_links(fields), *_listed_links(fields.get("links", ""))):
        if url := address(value):
            links.setdefault(url, label or link_label("url", url))
        elif value:
            remarks.append(wrong_address("link", value))
    return tuple(Link(url, label) for url, label in links.items()), tuple(remarks)


def _single_links(fields: Fields) -> Iterator[tuple[str, str]]:
    """(label, address) of the fields that hold one address each."""
    for name in (*LINK_FIELDS, *sorted(name for name in fields if name.startswith("url_"))):
        value = _plain(fields, name)
        if name != "url_pdf" or not _is_beside(value):
            yield link_label(name, value), value


def _listed_links(value: Value) -> Iterator[tuple[str, str]]:
    """(label, address) from "links": addresses, mappings of label and url, or label: address."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield "", item
        elif isinstance(item, dict) and _plain(item, "url", "href"):
            linked = _plain(item, "url", "href")
            label = _text(item, "label", "name", "title")
            yield label or link_label(_plain(item, "type") or "url", linked), linked
        elif isinstance(item, dict):
            for label, url in item.items():
                yield from_plain(label), url if isinstance(url, str) else str(url)


def _details(fields: Fields) -> Iterator[tuple[str, str]]:
    found = {name: _text(fields, *names) for name, names in DETAILS.items() if name != "type"}
    found["pages"] = pages(found["pages"])
    found["url"] = address(_plain(fields, "url"))
    title, state = _text(fields, "title"), found["pubstate"]
    became, found["note"] = rights.in_fields(title, found["note"], state, "")
    found |= became
    yield from sorted((name, value) for name, value in found.items() if value)
