"""Every public function that takes a text, and the texts that it should choke on.

Nobody lists the functions: those of `MODULES` are called with whatever their annotations ask for,
made of one text. Only one that asks for something new needs a row, and fails until it has one.
"""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from pybtex.scanner import PybtexSyntaxError

from generator import check, identity, keyphrases, mentions, naming, people, rights, topics
from generator.edit import Change, Splice
from generator.errors import BibpressError
from generator.identity import Decisions
from generator.intake import Brought, Collection, Thing
from generator.ledger import Line
from generator.library import Library
from generator.model import Link, Name, Paper, Problem, Record, SourceText, Where
from generator.names import LONGEST, listed, without_others
from generator.queries import QueryError
from generator.sources import bib
from generator.sources.elements import Element, XmlError
from generator.sources.fields import Raw
from generator.sources.front_matter import FrontMatterError
from generator.sources.readers import Means
from generator.text import slug
from generator.toml import Toml
from generator.venues import Overrides
from tests.bombs.patterns import modules
from tests.bombs.pieces import FIELDS, LINES, MARKDOWN, OPENINGS, PIECES, nested, repeated

MODULES = (
    "acronyms", "attachments", "check", "edit", "exports", "identity", "intake", "keyphrases",
    "languages", "lookalikes", "mentions", "names", "naming", "people", "prose", "queries",
    "rights", "search.analysis", "search.ask", "search.parts", "sources", "text", "toml", "topics",
    "venues",
)  # fmt: skip


@dataclass(frozen=True)
class Work:
    """A function, and what it is to be called with, made of a text."""

    name: str
    call: Callable[[str], object]


def works() -> tuple[list[Work], list[str]]:
    """Every function to be tried, and those of which nobody knows how to call them."""
    found, unknown = [], []
    for module in modules():
        if module.__name__.removeprefix("generator.").startswith(MODULES):
            for name, function in _public(module):
                place = f"{module.__name__.removeprefix('generator.')}.{name}"
                if place in EXEMPT:
                    continue
                makers = [_maker(module, each) for each in _needed(function)]
                if None in makers:
                    unknown.append(place)
                else:
                    found.append(Work(place, partial(_call, function, makers)))
    return found, unknown


def _public(module: ModuleType) -> Iterator[tuple[str, Any]]:
    for name, value in vars(module).items():
        its_own = getattr(value, "__module__", "") == module.__name__
        if its_own and inspect.isfunction(inspect.unwrap(value)) and not name.startswith("_"):
            yield name, value


def _needed(function: Callable[..., object]) -> list[inspect.Parameter]:
    """The parameters that have to be given."""
    parameters = inspect.signature(function).parameters.values()
    return [each for each in parameters if each.default is inspect.Parameter.empty]


def _maker(module: ModuleType, parameter: inspect.Parameter) -> Any:
    """The name to give a value under (empty for a place), and what makes it of a text."""
    asked = str(parameter.annotation).replace("'", "")
    make = MADE.get(f"{module.__name__}.{asked}") or MADE.get(asked)
    by_name = parameter.kind is inspect.Parameter.KEYWORD_ONLY
    return make and (parameter.name if by_name else "", make)


def _call(function: Callable[..., Any], makers: list[Any], text: str) -> None:
    given = [make(text) for name, make in makers if not name]
    named = {name: make(text) for name, make in makers if name}
    try:
        result = function(*given, **named)
        if isinstance(result, Iterator):
            deque(result, maxlen=0)
    except Exception as error:
        if not isinstance(error, REFUSALS):
            raise


# What a function may say to a text that is none of its own.
REFUSALS = (BibpressError, FrontMatterError, PybtexSyntaxError, QueryError, XmlError)

# Functions whose arguments are no texts of a source's, and those that others stand for.
EXEMPT = {
    "check.counted": "what check.findings gave",
    "check.table.reported": "rules of ours",
    "edit.with_fields": "edit.splices and edit.spliced",
    "exports.exporter": "a decorator",
    "identity.decided": "the owner's decisions; their number is tried in test_identity",
    "identity.load_decisions": "likewise",
    "intake.collection.collected": "a folder",
    "intake.files.contents": "a path",
    "intake.files.save": "a path",
    "intake.filling.filling": "asks others: tests/test_enrich.py",
    "intake.things.brought": "likewise: tests/test_import.py",
    "keyphrases.sample": "ids",
    "keyphrases.vocabulary": "what facts gave: keyphrases.keyphrases",
    "lookalikes.problem": "two papers that lookalikes gave",
    "mentions.known_by": "ids and keys",
    "rights.without_abstracts": "papers with just their sources: tests/test_rights.py",
    "search.ask.answer": "needs an index: tests/test_search_ask.py",
    "search.ask.meaning": "likewise",
    "search.ask.plain": "likewise",
    "search.ask.rank": "likewise",
    "search.parts.files": "whole collections: tests/test_search_state.py",
    "sources.files.own_pages": "a folder: tests/test_disk.py",
    "sources.blocks.nested": "a number",
    "sources.entries.source_text": "entries and a function",
    "sources.files.contents": "a path",
    "sources.files.find": "paths",
    "sources.find": "paths",
    "sources.load": "paths",
    "sources.readers.reader": "a decorator",
    "sources.readers.remembered": "values and a function",
    "text.canon.join": "what segments gave",
    "topics.load": "the owner's topics: tests/bombs/in_text.py",
    "topics.score": "numbers",
    "venues.load_overrides": "the owner's venues",
}  # fmt: skip

TOPICS = topics.load(
    Toml("topics.toml", {
        "topic": [
            {"slug": "pruning", "name": "Pruning", "facet": "task", "definition": "It prunes.",
             "phrases": ["pruning", "we show that"]},
            {"slug": "a", "name": "A", "facet": "task", "definition": "A.", "phrases": ["a b"]},
        ]
    })
)  # fmt: skip


def _paper(text: str, id_: str = "a") -> Paper:
    record = replace(_record(text), links=(Link(text, text),), body=text)
    return replace(identity.combine([record]), id=id_, key=id_)


def _record(text: str, number: int = 0) -> Record:
    return Record(
        Where("a.bib", number),
        "bib",
        key=f"a{number}",
        title=f"{text} {number // 2}",
        abstract=text,
        venue=text,
        authors=(Name(text, text),),
        keywords=(text,),
        details=(("note", text), ("pages", text)),
    )


def _subject(text: str) -> check.Subject:
    """A collection of one paper, with all that a check looks at besides."""
    library = _library(text)
    return check.Subject(
        replace(library, persons=_people(text)),
        (_problem(text),),
        {"a": check.oddities(library.papers[0])},
        "2026-01-02",
        dict.fromkeys(check.STEERING, text),
        {"a": Line("a", "a", (), since="2026-01-02")},
        text.split(" "),
    )


def _problem(text: str) -> Problem:
    return Problem(Where("a.bib", 1, 1), text)


def _library(text: str) -> Library:
    return Library(tuple(_papers(text)), authors=_authors(text))


def _papers(text: str) -> list[Paper]:
    """Two papers with every word for an author, or every second one, as far as readers let it."""
    words = [word[:LONGEST] for word in (text, *text.split(" ")) if word.strip()]
    names = tuple(Name(word, "B.") for word in words)
    papers = [_paper(text), _paper(f"{text} b", "b")]
    return [replace(paper, authors=names[:: i + 1]) for i, paper in enumerate(papers)]


def _authors(text: str) -> people.Authors:
    """Of `_papers`, as a build has them."""
    return {paper.id: tuple(map(listed, without_others(paper.authors))) for paper in _papers(text)}


def _people(text: str) -> people.People:
    """Somebody with every word for a name, and somebody with papers."""
    words = tuple(dict.fromkeys(map(slug, text.split(" "))))
    known = people.Person(Name(text, "B."), "somebody", words)
    return people.People((known, people.Person(Name("C"), "other", words, papers=(text, *words))))


def _persons(text: str) -> Toml:
    words = [word for word in text.split(" ") if word.strip()]
    said = {"person": [{"name": "Ann Smith", "variants": [*words, text], "papers": words}]}
    return Toml("people.toml", said, text)


def _source(text: str) -> SourceText:
    return SourceText("a.bib", "bib", (_record(text),), leftover=((9, text),))


def _collection(text: str) -> Collection:
    source = _source(text)
    named = naming.named(source.records, {}, Decisions(), "2026-01-02")
    known = named.ledger, Decisions(), "2026-01-02"
    return Collection(Path(), (source,), named.papers, {}, *known)


def _site(text: str) -> Path:
    """A site folder with a text for a page, and for a saved query."""
    home = Path(_SCRATCH.name)
    pages = home / "content" / "pages"
    pages.mkdir(parents=True, exist_ok=True)
    written = text.encode("utf-8", "replace")
    (pages / "a.md").write_bytes(written)
    (pages / "b.md").write_bytes(b"---\npapers: " + written.replace(b"\n", b" ") + b"\n---\n")
    return home


_SCRATCH = TemporaryDirectory(prefix="bibpress-")


def _element(text: str) -> Element:
    """A record of MODS and of EndNote at once, with a text in each place that is looked at."""
    paths = (
        "titles/title", "titles/secondary-title", "contributors/authors/author", "abstract",
        "keywords/keyword", "dates/year", "isbn", "pages", "urls/web-urls/url", "titleInfo/title",
        "name/namePart", "subject/topic", "originInfo/dateIssued", "part/extent/list", "genre",
    )  # fmt: skip
    root = Element("record", {})
    for path in paths:
        inner: list[str | Element] = [text]
        for name in reversed(path.split("/")):
            inner = [Element(name, {}, inner)]
        root.parts += inner
    return root


MADE: dict[str, Callable[[str], object]] = {
    "str": lambda text: text,
    "object": lambda text: text,
    "bytes": lambda text: text.encode("utf-8", "replace"),
    "bool": lambda _: True,
    "int": lambda _: 100,
    "Format": lambda _: "dump",
    "Name": lambda text: Name(text, text),
    "Paper": _paper,
    "Record": _record,
    "Raw": lambda text: Raw("article", dict.fromkeys(FIELDS, text)),
    "Element": lambda text: _element(text),
    "Means": lambda _: Means(),
    "Mapping[str, str]": lambda text: dict.fromkeys(FIELDS, text),
    "Macros": lambda _: {},
    "Vocabulary": lambda _: TOPICS,
    "_Source": lambda text: ("article", text, True, False, {}),
    "Iterable[int]": lambda _: [1],
    "Iterable[str]": lambda text: text.split(" "),
    "Sequence[str]": lambda text: text.split(" "),
    "Iterable[Name]": lambda text: [Name(word) for word in text.split(" ")],
    "Iterable[Paper]": lambda text: [_paper(text)],
    "Sequence[Paper]": lambda text: [_paper(text), _paper(f"{text} b", "b")],
    "Iterable[Record]": lambda text: [_record(text, i) for i in range(4)],
    "Sequence[Record]": lambda text: [_record(text, i) for i in range(4)],
    "Iterable[Span]": lambda _: (),
    "Sequence[Block]": lambda _: (),
    "Iterable[tuple[str, Iterable[Acronym]]]": lambda _: (),
    "Callable[[str], bool]": lambda _: bib.is_sound,
    "Callable[[str, str], str]": lambda _: lambda key, words: key and words,
    "Authors": _authors,
    "Collection": _collection,
    "Collection[str]": lambda text: text.split(" "),
    "Container[int]": lambda _: range(1 << 30),
    "Decisions": lambda text: Decisions(same=(("a", text),), apart=((text, "a"),)),
    "Item": lambda text: {"title": text, "abstract": text, "author": [{"family": text}]},
    "Iterable[SourceText]": lambda text: [_source(text)],
    "Iterable[Mapping[str, str]]": lambda text: [{"type": "retraction", "DOI": text, "day": text}],
    "Iterable[tuple[str, str]]": lambda text: [("retracted", text), ("note", text)],
    "Ledger": lambda _: {},
    "Library": _library,
    "Mapping[int, Change]": lambda text: dict.fromkeys(range(1, 99), Change({"note": "{a}"}, text)),
    "Mapping[str, Any]": lambda _: {},
    "Mapping[str, Pdf]": lambda _: {},
    "Mapping[str, Level]": lambda _: check.severities({}),
    "Notice": lambda text: rights.Notice("retracted", text, text),
    "Overrides": lambda _: Overrides(),
    "Path": _site,
    "Path | None": _site,
    "People": _people,
    "Problem": _problem,
    "Sequence[Brought]": lambda text: [Brought(Thing("doi", text, text), (_record(text),))],
    "Sequence[Splice]": lambda text: [Splice(i, i + 1, "a") for i in range(0, len(text), 9)],
    "Subject": _subject,
    "generator.check.Mapping[str, str]": lambda text: {"title-stop": text},
    "generator.naming.Iterable[Record]": lambda text: [_record(text)],
    "generator.people.Sequence[Paper]": _papers,
    "generator.people.Toml": _persons,
    "generator.keyphrases.Sequence[Text]": lambda text: [keyphrases.Text("a", text, text)],
    "generator.mentions.Text": lambda text: mentions.Text("a", text, text, notes=(text,)),
    "generator.mentions.Sequence[Text]": lambda text: [
        mentions.Text("a", text, text, notes=(text,)),
        mentions.Text("b", "Bomb: A Bomb", "We propose Bomb."),
    ],
}


# --- texts --------------------------------------------------------------------------------------

Made = Callable[[int], str]


def texts() -> Iterator[tuple[str, Made]]:
    """Texts by their length, with a name each: pieces over and over, and what opens and closes."""
    for table in (PIECES, MARKDOWN, LINES):
        for name, piece in table.items():
            yield name, partial(repeated, piece)
    for name, (opening, closing) in OPENINGS.items():
        yield f"{name}, open", partial(repeated, opening)
        yield f"{name}, closed", partial(_nested, opening, closing)


def _nested(opening: str, closing: str, size: int) -> str:
    return nested(opening, closing, max(1, size // len(opening + closing)))
