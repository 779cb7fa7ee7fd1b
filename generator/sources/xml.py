"""The reader of .xml files: collections in MODS, and libraries of EndNote."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from generator.model import Problem, SourceText, Where
from generator.sources import endnote, mods
from generator.sources.elements import Block, Element, XmlError, blocks, parsed
from generator.sources.entries import (
    Entry,
    broken,
    excerpts,
    nothing_read,
    ranges,
    source_text,
)
from generator.sources.fields import Raw, Remark, Understood, understand
from generator.sources.readers import Means, reader

_Source = tuple[str, str, bool]  # the name of its kind of record, its text, and if it is closed

# For each kind of record how its fields are told, and where its key is.
_KINDS: dict[str, tuple[Callable[[Element], Raw], Callable[[str], str]]] = {
    "mods": (mods.raw_of, mods.key),
    "record": (endnote.raw_of, endnote.key),
}


@reader("xml", ".xml")
def read(text: str, name: str, means: Means) -> SourceText:
    """The records of a file in MODS or EndNote's XML. Never raises; linear in the text's length."""
    kind = _kind(text)
    if not kind:
        return nothing_read(name, "xml", text, "is XML, but neither MODS nor EndNote's")
    found = blocks(text, kind)
    key = _KINDS[kind][1]
    entries = [
        Entry((kind, block.text, block.closed), block.line, block.end, key(block.text))
        for block in found
    ]
    return source_text(name, "xml", entries, _understood, means,
                       _doctype(text, name, found), *_others(text, found))  # fmt: skip


def is_references(text: str) -> bool:
    """Whether a text is XML that holds records of MODS or of EndNote."""
    return bool(_kind(text))


_BEGINNING = re.compile(r"\s*+<")
_MODS = re.compile(r"<(?:[\w.-]{1,30}:)?mods[\s/>]")
_ENDNOTE = re.compile(r"<record>")
_ENDNOTES_OWN = re.compile(r"<(?:rec-number|ref-type|contributors|titles)\b")
_DOCTYPE = re.compile(r"<!DOCTYPE\b")
_TAG = re.compile(r"<[^<>]{0,2000}>")
# What a declaration looks like, or the tag of the whole collection where it has several lines.
_OF_THE_FILE = re.compile(
    r"\s*+(?:<[?!]|\]?>|</?(?:[\w.-]{1,30}:)?(?:records|modsCollection)\b|[\w:.-]{1,60}=[\"'])"
)


def _kind(text: str) -> str:
    if not _BEGINNING.match(text):
        return ""
    if _MODS.search(text):
        return "mods"
    return "record" if _ENDNOTE.search(text) and _ENDNOTES_OWN.search(text) else ""


def _doctype(text: str, name: str, found: Iterable[Block]) -> list[Problem]:
    """A document type is said not to be read, where it stands before the first record."""
    first = next((block.line for block in found), 0)
    match = _DOCTYPE.search(text)
    line = text.count("\n", 0, match.start()) + 1 if match else 0
    if not 0 < line <= (first or line):
        return []
    said = "a document type is not read; entities that it declares stand for nothing"
    return [Problem(Where(name, line, line), said, "note")]


def _others(
    text: str, found: Iterable[Block]
) -> tuple[tuple[tuple[int, str], ...], tuple[tuple[int, int], ...]]:
    """The lines in no record: those that say something, and those of tags alone."""
    taken = {number for block in found for number in range(block.line, block.end + 1)}
    loose: list[int] = []
    tags: list[int] = []
    for number, line in enumerate(text.split("\n"), 1):
        if number in taken or not line or line.isspace():
            continue
        bare = _OF_THE_FILE.match(line) or not _TAG.sub("", line).strip()
        (tags if bare else loose).append(number)
    return excerpts(text, loose), ranges(tags)


def _understood(source: _Source) -> Understood:
    kind, text, closed = source
    if not closed:
        return Understood(None, (Remark(f"is never closed: </{kind}> is missing", "error"),))
    try:
        element = parsed(text)
    except XmlError as error:
        return broken(str(error), error.line)
    return understand(_KINDS[kind][0](element))
