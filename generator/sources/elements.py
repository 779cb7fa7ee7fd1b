"""XML as a few nested elements, read without anything that XML can do to its reader.

The parser is expat, from Python's standard library, and it is safe here for two reasons. It is
only ever given one record of a file, never what stands before the first: so there is no document
type, nothing is declared, and no entity can stand for anything (no "billion laughs", no external
entity, no file or address opened). And should a record itself hold a declaration, its handlers
refuse it. Expat does not recurse, and an element deeper than `DEEPEST` is refused.

Records are cut out by their tags before any of it is parsed, so that a broken one costs only
itself. Namespaces are passed over: `mods:title` is `title`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.entities import html5
from typing import NoReturn
from xml.parsers import expat

from generator.errors import BibpressError

# MODS nests some ten levels, EndNote eight.
DEEPEST = 100


class XmlError(BibpressError):
    """What is wrong with a record, and in which of its lines, from 0."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


@dataclass(slots=True)
class Element:
    """An element: its name without a prefix, attributes, and texts and elements in their order."""

    name: str
    attributes: Mapping[str, str]
    parts: list[str | Element] = field(default_factory=list)

    @property
    def elements(self) -> Iterator[Element]:
        """The elements in it, not those in them."""
        return (part for part in self.parts if isinstance(part, Element))

    def all(self, *path: str) -> Iterator[Element]:
        """The elements that a path of names leads to."""
        found = [self]
        for name in path:
            found = [each for above in found for each in above.elements if each.name == name]
        return iter(found)

    def text(self, *path: str) -> str:
        """The text of the first element there that has one; an empty string for none."""
        return next(filter(None, (each.said() for each in self.all(*path))), "")

    def said(self) -> str:
        """All text in it, on one line."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> Iterator[str]:
        for part in self.parts:
            if isinstance(part, str):
                yield part
            else:
                before, behind = _SCRIPTS.get(part.attributes.get("face", ""), ("", ""))
                yield before
                yield from part._texts()
                yield behind


# EndNote's runs of letters set higher or lower, as tags of HTML.
_SCRIPTS = {"superscript": ("<sup>", "</sup>"), "subscript": ("<sub>", "</sub>")}


@dataclass(frozen=True, slots=True)
class Block:
    """A record as it stands in the file; `closed` where its end tag was found."""

    text: str
    line: int
    end: int
    closed: bool = True


def blocks(text: str, name: str) -> list[Block]:
    """The elements of a name, in order; what stands in comments and in CDATA is none.

    One that begins within another of the same name ends that one, which is then not closed.
    """
    return [block for block in _numbered(text, _spans(text, name)) if block.text]


def _numbered(text: str, spans: Iterator[tuple[int, int, bool]]) -> Iterator[Block]:
    counted, line = 0, 1
    for start, end, closed in spans:
        end = start + len(text[start:end].rstrip())
        line += text.count("\n", counted, start)
        last = line + text.count("\n", start, end)
        yield Block(text[start:end], line, last, closed)
        counted, line = end, last


def _spans(text: str, name: str) -> Iterator[tuple[int, int, bool]]:
    """Where each record begins and ends, and whether it is closed."""
    position, start = 0, -1
    never = set[str]()  # what is opened and has no end in the rest of the text
    while mark := _MARK.search(text, position):
        position = mark.end()
        closing = {"<!--": "-->", "<![CDATA[": "]]>"}.get(mark[0])
        if closing:
            end = -1 if closing in never else text.find(closing, position)
            if end < 0:
                never.add(closing)
            else:
                position = end + len(closing)
            continue
        if mark[2] != name:
            continue
        if not mark[1]:
            if start >= 0:
                yield start, mark.start(), False
            start = mark.start()
            if (end := _end_of_tag(text, position)) and text[end - 2] == "/":
                yield start, end, True
                start, position = -1, end
        elif start >= 0:
            position = text.find(">", position) + 1 or len(text)
            yield start, position, True
            start = -1
    if start >= 0:
        yield start, len(text), False


_MARK = re.compile(r"<!--|<!\[CDATA\[|<(/?)(?:[\w.-]{1,30}:)?([\w.-]{1,30})(?=[\s/>])")


def _end_of_tag(text: str, position: int) -> int:
    found = _TAG_END.match(text, position)
    return found.end() if found else 0


_TAG_END = re.compile(r"[^<>]{0,2000}>")


def parsed(text: str) -> Element:
    """The element that a record is; raises XmlError. Takes time linear in its length."""
    root = Element("", {})
    open_ = [root]
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_) > DEEPEST:
            raise XmlError("elements are nested too deeply", parser.CurrentLineNumber - 1)
        element = Element(_bare(name), {_bare(key): said for key, said in attributes.items()})
        open_[-1].parts.append(element)
        open_.append(element)

    def end(_name: str) -> None:
        open_.pop()

    def refuse(*_: object) -> NoReturn:
        raise XmlError("declares a document type or an entity", parser.CurrentLineNumber - 1)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = lambda said: open_[-1].parts.append(said)
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    try:
        parser.Parse(_ENTITY.sub(_meant, text).encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        raise XmlError(expat.errors.messages[error.code], error.lineno - 1) from error
    return next(root.elements, root)


def _bare(name: str) -> str:
    return name.rpartition(":")[2]


_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31};)")
_OWN = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})


def _meant(found: re.Match[str]) -> str:
    """A character for an entity of HTML, which some programs write and XML does not know."""
    said = html5.get(found[1], "") if found[1] not in _OWN else ""
    return "".join(f"&#{ord(letter)};" for letter in said) or found[0]
