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
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from generator import rights
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
    pages,
    split_list,
    year_in,
)
from generator.sources.front_matter import FrontMatterError, Value, parse, split
from generator.sources.identifiers import address, arxiv, arxiv_id, doi
from generator.sources.markup import to_html
from generator.sources.readers import Means, reader, remembered
from generator.text import from_plain

Fields = Mapping[str, Value]


@reader("note", ".md", ".markdown")
def read(text: str, name: str, means: Means) -> SourceText:
    """The one record of a note; quarantined if its front matter names no paper. Never raises."""
    if not text.strip():
        return SourceText(name, "note")
    (said,) = remembered(means, Understood, [text], _understood)
    where = Where(name, *_extent(text))
    problems = tuple(_problem(where, remark) for remark in said.remarks)
    if not said.record:
        return SourceText(name, "note", problems=problems, quarantined=(where,))
    return SourceText(name, "note", (replace(said.record, where=where),), problems)


def _extent(text: str) -> tuple[int, int]:
    """The first and the last line that is not blank."""
    first = text.count("\n", 0, len(text) - len(text.lstrip())) + 1
    return first, text.rstrip().count("\n") + 1


def _problem(where: Where, remark: Remark) -> Problem:
    line = f" (line {remark.line})" if remark.line else ""
    skipped = "; skipped (an error under --strict)" if remark.severity == "error" else ""
    return Problem(where, f"the note {remark.message}{line}{skipped}", remark.severity)


def _understood(text: str) -> Understood:
    try:
        matter, body, line = split(text)
        fields, twice = parse(matter, line)
    except FrontMatterError as error:
        return Understood(None, (Remark(str(error), "error", error.line or None),))
    record, about_fields = _record(fields)
    about_names = tuple(Remark(f"has two fields {name[:60]}; the first is used") for name in twice)
    remarks = (*about_names, *_about_kinds(fields), *about_fields)
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
    kind, about_kind = entry_type(_plain(fields, "type").lower() or "misc")
    given_year = _plain(fields, "year", "date")
    links, about_links = _links(fields)
    bare_doi, number, about_doi = _ids(fields)
    record = Record(
        NOWHERE,
        "note",
        key=" ".join(_plain(fields, "key", "citekey", "citation_key").split()),
        type=kind,
        title=_text(fields, "title"),
        authors=tuple(_authors(fields.get("authors") or fields.get("author") or "")),
        year=year_in(given_year),
        venue=_text(fields, "venue", "journal", "booktitle"),
        abstract=abstract,
        keywords=_list(fields, "keywords"),
        tags=_list(fields, "tags", "topics"),
        doi=bare_doi,
        arxiv=number,
        links=links,
        details=tuple(_details(fields)),
    )
    wrong_year = given_year and record.year is None
    about_year = (Remark(f'has the year "{given_year[:60]}", which is no year', "note"),)
    said = (about_abstract, about_kind, about_links, about_doi, about_year if wrong_year else ())
    return record, tuple(remark for part in said for remark in part)


_TEXTS = frozenset(
    ("abstract", "summary", "type", "year", "date", "title", "venue", "journal", "booktitle",
     "doi", "arxiv", "eprint", "key", "citekey", "citation_key",
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


def _authors(value: Value) -> Iterator[Name]:
    """Names from a text, or from a list of texts or of mappings with `name` or `family`."""
    if isinstance(value, str):
        yield from plain_list(value[:LONGEST])
        return
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str) and item.strip():
            yield person(item[:LONGEST])
        elif isinstance(item, dict) and _plain(item, "family"):
            yield Name(_text(item, "family"), _text(item, "given"), _text(item, "suffix"))
        elif isinstance(item, dict) and _plain(item, "name"):
            yield person(_plain(item, "name"))


def _ids(fields: Fields) -> tuple[str, str, tuple[Remark, ...]]:
    given_doi, given_arxiv = _plain(fields, "doi"), _plain(fields, "arxiv", "eprint")
    bare = doi(given_doi)
    number = arxiv_id(given_arxiv) or arxiv(given_doi) or arxiv(_plain(fields, "url"))
    remarks = []
    if given_doi and not bare:
        remarks.append(Remark(f'has the doi "{given_doi[:60]}", which is none'))
    if given_arxiv and not number:
        remarks.append(Remark(f'has the arxiv id "{given_arxiv[:60]}", which is none'))
    return "" if arxiv(bare) else bare, number, tuple(remarks)


def _links(fields: Fields) -> tuple[tuple[Link, ...], tuple[Remark, ...]]:
    links: dict[str, str] = {}
    remarks = []
    for label, value in (*_single_links(fields), *_listed_links(fields.get("links", ""))):
        if url := address(value):
            links.setdefault(url, label or link_label("url", url))
        elif value:
            remarks.append(Remark(f'has the link "{value[:60]}", which is no web address'))
    return tuple(Link(url, label) for url, label in links.items()), tuple(remarks)


def _single_links(fields: Fields) -> Iterator[tuple[str, str]]:
    """(label, address) of the fields that hold one address each."""
    for name in (*LINK_FIELDS, *sorted(name for name in fields if name.startswith("url_"))):
        value = _plain(fields, name)
        yield link_label(name, value), value


def _listed_links(value: Value) -> Iterator[tuple[str, str]]:
    """(label, address) from "links": addresses, mappings of label and url, or label: address."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield "", item
        elif isinstance(item, dict) and _plain(item, "url", "href"):
            yield _text(item, "label", "name", "title"), _plain(item, "url", "href")
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
