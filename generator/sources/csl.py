"""The reader of CSL-JSON, as Zotero, Better BibTeX, pandoc, citation.js and Crossref write it.

A file is cut into its items by brackets alone, and Python's own parser reads each by itself: so a
broken item costs only itself, has its lines, and is never deeper than `DEEPEST`. Items stand in an
array, in one of the name "references" or "items", one a line, or alone.

Of Zotero's `note` (its field Extra) only an arXiv id, a citation key and what has become of the
paper (`generator.rights`) are used: the rest is the owner's affair, as is `annote`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from generator import rights
from generator.model import Name, SourceText
from generator.names import OTHERS
from generator.sources.entries import (
    Entry,
    bare_key,
    broken,
    date,
    dated,
    excerpts,
    keywords,
    latex,
    named,
    nothing_read,
    one_name,
    ranges,
    raw,
    seen,
    source_text,
    title,
)
from generator.sources.fields import Raw, Understood, understand
from generator.sources.readers import Means, reader
from generator.text.patterns import again

# No item has more levels than four; deeper ones may be more than a parser can take.
DEEPEST = 50

_Item = Mapping[str, Any]


@reader("csl", ".json")
def read(text: str, name: str, means: Means) -> SourceText:
    """The records of a file of CSL-JSON. Never raises; takes time linear in the text's length."""
    if not is_csl(text):
        return nothing_read(name, "csl", text, "is no CSL-JSON")
    blocks = _cut(text)
    entries = [Entry(block, line, end, _key(block)) for line, end, block in blocks]
    taken = {number for line, end, _ in blocks for number in range(line, end + 1)}
    others = [
        (number, line)
        for number, line in enumerate(text.split("\n"), 1)
        if number not in taken and line and not line.isspace()
    ]
    loose = [number for number, line in others if not _STRUCTURE.fullmatch(line)]
    brackets = [number for number, line in others if _STRUCTURE.fullmatch(line)]
    return source_text(name, "csl", entries, _understood, means,
                       leftover=excerpts(text, loose), ignored=ranges(brackets))  # fmt: skip


def is_csl(text: str) -> bool:
    """Whether a text is JSON, and an object in it has a type of CSL."""
    return bool(_BEGINNING.match(text) and _TYPED.search(text))


_TYPES = {
    "article": "preprint", "article-journal": "article", "article-magazine": "article",
    "article-newspaper": "article", "bill": "misc", "book": "book", "broadcast": "misc",
    "chapter": "incollection", "classic": "book", "collection": "book", "dataset": "dataset",
    "document": "misc", "entry": "inreference", "entry-dictionary": "inreference",
    "entry-encyclopedia": "inreference", "event": "misc", "figure": "misc", "graphic": "artwork",
    "hearing": "misc", "interview": "misc", "legal_case": "misc", "legislation": "misc",
    "manuscript": "unpublished", "map": "map", "motion_picture": "video",
    "musical_score": "misc", "pamphlet": "booklet", "paper-conference": "inproceedings",
    "patent": "patent", "performance": "misc", "periodical": "misc",
    "personal_communication": "misc", "post": "online", "post-weblog": "online",
    "proceedings": "proceedings", "regulation": "misc", "report": "techreport",
    "review": "article", "review-book": "article", "software": "software", "song": "audio",
    "speech": "misc", "standard": "standard", "thesis": "thesis", "treaty": "misc",
    "webpage": "online",
    # Crossref's, in what it gives as CSL-JSON.
    "journal-article": "article", "proceedings-article": "inproceedings",
    "book-chapter": "incollection", "monograph": "book", "edited-book": "book",
    "reference-book": "book", "posted-content": "preprint", "dissertation": "thesis",
    "reference-entry": "inreference",
}  # fmt: skip
_BEGINNING = re.compile(r"\s*+[\[{]")
_TYPED = re.compile(rf'"type"\s{{0,9}}:\s{{0,9}}"(?:{"|".join(map(re.escape, _TYPES))})"')
_STRUCTURE = re.compile(r"[\[\]{},\s]*+|\s*+\{?\s*+\"(?:items|references)\"\s*+:\s*+\[?\s*+")


# --- from a text to its items -------------------------------------------------------------------

# A string cannot go on in another line; so one that is never closed costs no more than its line.
_STRING = again(r'[^"\\\n]++|\\[^\n]')
_TOKEN = re.compile(rf'"{_STRING}"?|[\[\]{{}}]')
_LIST = re.compile(r'\s*+\{[^\[\]{}]{0,500}"(?:items|references)"\s{0,9}:\s{0,9}\[')
# Only an item has these, and never one that stands in another: where it seems to, the other one
# is not closed.
_NEW = re.compile(
    r'\{\s{0,200}"(?:id|type|DOI|ISBN|ISSN|URL|abstract|author|citation-key|container-title'
    r'|issued|title)"\s{0,9}:'
)

_Block = tuple[int, int, str]  # its first line, its last, its text


def _cut(text: str) -> list[_Block]:
    """The objects of a text that stand in no other, in order."""
    whole = _LIST.match(text)
    spans = _spans(text, whole.end() if whole else 0)
    blocks = []
    counted, line = 0, 1
    for start, end in (part for span in spans for part in _unclosed(text, *span)):
        line += text.count("\n", counted, start)
        last = line + text.count("\n", start, end)
        blocks.append((line, last, text[start:end]))
        counted, line = end, last
    return blocks


def _spans(text: str, position: int) -> Iterator[tuple[int, int]]:
    """Where each object that stands in no other begins and ends; the last may never end."""
    open_, start = 0, -1
    for token in _TOKEN.finditer(text, position):
        mark = token[0]
        if start < 0:
            if mark == "{":
                open_, start = 1, token.start()
        elif mark in "[{":
            open_ += 1
        elif mark in "]}":
            open_ -= 1
            if not open_:
                yield start, token.end()
                start = -1
    if start >= 0:
        yield start, len(text.rstrip())


def _unclosed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span itself or, where it cannot be read and holds what begin like items, each of them."""
    begins = [found.start() for found in _NEW.finditer(text, start + 1, end)]
    if not begins or _is_sound(text[start:end]):
        yield start, end
        return
    for first, last in zip([start, *begins], [*begins, end], strict=True):
        piece = text[first:last].rstrip(" \t\r\n,[]")
        yield first, first + next(_spans(piece, 0), (0, len(piece)))[1]


def _is_sound(block: str) -> bool:
    return isinstance(_parsed(block), dict)


def _parsed(block: str) -> _Item | Understood:
    """The object that a block is, or what is wrong with it."""
    if _depth(block) > DEEPEST:
        return broken(f"has more than {DEEPEST} levels of brackets", 0)
    try:
        item = json.loads(block)
    except json.JSONDecodeError as error:
        return _said(error)
    except (ValueError, RecursionError):  # a number of 5,000 digits
        return broken("holds a number that is too long", 0)
    return item if isinstance(item, dict) else broken("is no object", 0)


def _said(error: json.JSONDecodeError) -> Understood:
    """What the library says is wrong; of a comma too many, which it tells since 3.13, always so."""
    comma = error.doc.rfind(",", 0, error.pos + 1)
    ends = _LAST_COMMA.match(error.doc, comma) if comma >= 0 else None
    if ends and error.pos < ends.end():
        return broken("a comma with nothing after it", error.doc.count("\n", 0, comma))
    said = error.msg.removesuffix(" starting at").removesuffix(" at")
    return broken(f"{said[:1].lower()}{said[1:]}", error.lineno - 1)


_LAST_COMMA = re.compile(r",\s*+[\]}]")


def _depth(block: str) -> int:
    """How deep brackets nest, those in strings left out."""
    deepest = depth = 0
    for token in _TOKEN.finditer(block):
        if token[0] in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif token[0] in "]}":
            depth -= 1
    return deepest


def _key(block: str) -> str:
    """The key that others cite it by: `citation-key`, or an id that is no program's own."""
    found = {match[1]: match[2] for match in _KEYS.finditer(block)}
    extra = _EXTRA_KEY.search(block)
    said = found.get("citation-key") or (extra[1] if extra else "") or found.get("id", "")
    try:
        return bare_key(json.loads(f'"{said}"'))
    except ValueError:
        return ""


_KEYS = re.compile(r'"(citation-key|id)"\s{0,9}:\s{0,9}"((?:[^"\\\n]|\\.){0,1000})"')
_EXTRA_KEY = re.compile(r'Citation Key:[ ]?([^\s"\\,]{1,250})')


# --- from an item to fields ---------------------------------------------------------------------


def _understood(block: str) -> Understood:
    item = _parsed(block)
    return item if isinstance(item, Understood) else understand(_raw(item))


def _raw(item: _Item) -> Raw:
    said_type = _text(item, "type")
    kind = _TYPES.get(said_type, said_type.lower()[:60] or "misc")
    if kind == "preprint" and _text(item, "container-title"):
        kind = "misc"  # some call everything an article

    def say(*names: str) -> str:
        return latex(_text(item, *names))

    note = _text(item, "note")
    archive = _text(item, "archive").casefold()
    fields = {
        "title": title(_text(item, "title")),
        "subtitle": say("subtitle"),
        "author": named(_names(item.get("author"))),
        "editor": named(_names(item.get("editor"))),
        "bookauthor": named(_names(item.get("container-author"))),
        "abstract": say("abstract"),
        "keywords": keywords(_keywords(item)),
        "volume": say("volume"),
        "pages": say("page"),
        "edition": say("edition"),
        "version": say("version"),
        "translator": named(_names(item.get("translator"))),
        "volumes": say("number-of-volumes"),
        "pagetotal": say("number-of-pages"),
        "pmid": say("PMID"),
        "origdate": _original(item.get("original-date")),
        "chapter": say("chapter-number"),
        "address": say("publisher-place"),
        "series": say("collection-title"),
        "eventtitle": say("event-title", "event"),
        "language": say("language"),
        "isbn": say("ISBN"),
        "issn": say("ISSN"),
        "doi": _text(item, "DOI"),
        "url": _text(item, "URL"),
        "eprint": _text(item, "archive_location") if archive == "arxiv" else "",
        "note": _arxiv_in(note) or latex(rights.told([_updates(item), note])),
        "pubstate": say("status"),
        **_date(item.get("issued")),
        **_seen(item.get("accessed")),
        **_placed(kind, say),
        **_published(kind, say),
    }
    return raw(kind, fields)


_Say = Callable[..., str]


def _text(item: _Item, *names: str) -> str:
    """The first of these that has a text; of a list (Crossref's titles) its first."""
    for name in names:
        value = item.get(name)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            value = f"{value}"
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""


def _names(value: object) -> Iterator[Name]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str):
            yield from one_name(each)
        elif isinstance(each, dict):
            yield from _name(each)


def _name(said: _Item) -> Iterator[Name]:
    """A person in parts, particles with the family; or a name in one piece, which is a group's."""
    literal = _text(said, "literal", "name")
    parts = (_text(said, f"{kind}-particle") for kind in ("dropping", "non-dropping"))
    family = " ".join(filter(None, (*parts, _text(said, "family"))))
    if family:
        yield Name(family, _text(said, "given"), _text(said, "suffix"))
    elif literal.casefold().strip(" .") in {"others", "et al"}:
        yield OTHERS
    elif literal:
        yield Name(literal, group=True)
    else:
        yield from one_name(_text(said, "given"))


def _keywords(item: _Item) -> list[str]:
    values = (item.get(name) for name in ("keyword", "categories"))
    listed = (each for value in values for each in (value if isinstance(value, list) else [value]))
    return [each for each in listed if isinstance(each, str)]


def _date(value: object) -> dict[str, str]:
    """What `issued` says: in numbers, as text, or in words."""
    if isinstance(value, str):
        return date(value)
    if not isinstance(value, dict):
        return {}
    parts = value.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list):
        numbers = [int(part) for part in map(str, parts[0][:3]) if _NUMBER.fullmatch(part)]
        if numbers and 0 < numbers[0] < 10_000:
            return dated(*numbers)
    return date(_text(value, "raw", "literal", "year")) if value else {}


def _original(value: object) -> str:
    """When the original appeared: "1886", "1886-05"."""
    when = _date(value)
    return when.get("date") or when.get("year", "")


def _seen(value: object) -> dict[str, str]:
    return seen(_date(value).get("date", ""))


_NUMBER = re.compile(r"[0-9]{1,4}")


def _placed(kind: str, say: _Say) -> dict[str, str]:
    container = say("container-title")
    return {"journal" if kind in ("article", "book") else "booktitle": container}


def _published(kind: str, say: _Say) -> dict[str, str]:
    """Who published it, what it is in words, and its number: an issue's, a report's, a series'.

    `number` is that of the thing itself (CSL 1.0.2): of an article, which stands for its pages.
    """
    genre, publisher = say("genre"), say("publisher")
    if kind in _PARTS:
        number, eid = say("issue") or say("collection-number"), say("number", "article-number")
        return {"type": genre, "publisher": publisher, "number": number, "eid": eid}
    number = say("issue") or say("number") or say("collection-number")
    if kind == "thesis":
        return {"type": genre, "school": publisher, "number": number}
    if kind == "techreport":
        return {"type": genre, "institution": publisher, "number": number}
    return {"type": genre, "publisher": publisher, "number": number}


_PARTS = frozenset({"article", "incollection", "inproceedings"})


def _updates(item: _Item) -> str:
    """What Crossref knows to have become of the paper since (its `updated-by`)."""
    said = item.get("updated-by")
    found = [each for each in said if isinstance(each, dict)] if isinstance(said, list) else []
    updates = (
        {
            "type": _text(each, "type"),
            "DOI": _text(each, "DOI"),
            "day": _date(each.get("updated")).get("date", ""),
        }
        for each in found
    )
    return "\n".join(map(rights.sentence, rights.updates(updates)))


def _arxiv_in(note: str) -> str:
    found = _ARXIV.search(note)
    return found[0] if found else ""


_ARXIV = re.compile(r"(?i:\barxiv:) ?[\w./-]{4,30}")
