"""The language of saved queries: which papers are meant by a line of words.

    papers where topic = pruning and (year >= 2020 or author in ("Ada Lovelace", turing-alan))

    query  = ["papers"] ["where"] ("all" | either)
    either = both {"or" both}
    both   = part {"and" part}
    part   = "not" part | "(" either ")" | field operator value | field ["not"] "in" "(" values ")"
    value  = a text in quotes, or words up to the next sign, "and" or "or"

A topic, an author or a venue is meant by its own name or by that of its page, whatever its capitals
and accents; a topic's narrower ones belong to it. `~` asks for words: "title ~ neural graph"
is true of titles with both, "author ~ lovelace" of whoever has that in the name.

A query that cannot be read is an error that says where. A name or words that no paper has are none,
for one may come tomorrow: the query holds, and what is odd about it is said beside the answer.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from operator import ge, gt, le, lt
from typing import NamedTuple, TypeVar

from generator import text
from generator.library import Library
from generator.names import listed
from generator.people import Person
from generator.search.ask import years_of
from generator.venues import series

T = TypeVar("T")

# A query is a line that somebody wrote by hand; what is longer or deeper is made to harm.
LONGEST = 2_000
DEEPEST = 30
# Names that nobody has are compared with all that there are: 0.1 s each among 13,000 authors.
HINTS = 5
# How many names somebody may have meant: more are no help.
NEAR = 3


class QueryError(Exception):
    """A query that cannot be read; the message says at which column of it, counted from 1."""


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison; of several values one is enough. `field` is a name in _FIELDS."""

    field: str
    operator: str
    values: tuple[str, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Not:
    """What the part is not true of."""

    part: Query


@dataclass(frozen=True, slots=True)
class Every:
    """What all parts are true of: without any, all papers."""

    parts: tuple[Query, ...] = ()


@dataclass(frozen=True, slots=True)
class Some:
    """What one of the parts is true of."""

    parts: tuple[Query, ...]


Query = Test | Not | Every | Some


class Answer(NamedTuple):
    """The papers (ids, in the order of all lists) that a query is true of, and what is odd."""

    papers: tuple[str, ...]
    doubts: tuple[str, ...] = ()


def parse(query: str) -> Query:
    """What a query says; raises QueryError where that cannot be told. Takes linear time."""
    if len(query) > LONGEST:
        raise QueryError(f"a query has {LONGEST:,} characters at most, this has {len(query):,}")
    reading = _Reading(tuple(_tokens(query)))
    for word in ("papers", "where"):
        if reading.now.is_word(word):
            reading.take()
    if reading.now.is_word("all"):
        reading.take()
        found: Query = Every()
    else:
        found = _either(reading, 0)
    if reading.now.kind != "end":
        raise _unexpected(reading.now, '"and", "or" or the end', _after(reading))
    return found


class Asking:
    """What queries are asked of: the papers of a library by whatever is asked for."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._those = {kind: _Those(library, kind) for kind in ("tags", "authors", "venues")}

    def answer(self, query: Query) -> Answer:
        """The papers that a query is true of, and which of its names no paper has."""
        found = self._found(query)
        unknown = list(self._unknown(query))
        doubts = [self._doubt(test, value, i < HINTS) for i, (test, value) in enumerate(unknown)]
        papers = tuple(paper.id for paper in self._library.papers if paper.id in found)
        return Answer(papers, tuple(doubts))

    def _found(self, query: Query) -> Set[str]:
        match query:
            case Test():
                return self._tested(query)
            case Not(part):
                return self._all - self._found(part)
            case Every(parts):
                return self._all.intersection(*map(self._found, parts))
            case Some(parts):
                return frozenset().union(*map(self._found, parts))

    def _tested(self, test: Test) -> Set[str]:
        finds = _FIELDS[test.field].finds
        find = finds["=" if test.operator in _SAID else test.operator]
        found = frozenset().union(*(find(self, value) for value in test.values))
        return self._all - found if test.operator == "!=" else found

    @cached_property
    def _all(self) -> frozenset[str]:
        return frozenset(self._library.by_id)

    # --- by name --------------------------------------------------------------------------------

    def named(self, kind: str, value: str) -> frozenset[str]:
        """The papers of the topic, author or venue that goes by a name, its own or its page's."""
        those, slug = self._those[kind], text.slug(value)
        exact = next((each for each in (value, slug) if each in those.members), "")
        slugs = {exact} if exact else those.slugs.get(slug, frozenset())
        if not slugs and kind == "tags" and (topic := self._library.vocabulary.topic(value)):
            slugs = {topic.slug}
        if not slugs and kind == "venues" and (venue := series(value, self._library.venue_names)):
            slugs = {venue.slug}
        return frozenset(id_ for slug in slugs for id_ in those.members.get(slug, ()))

    def like(self, kind: str, value: str) -> frozenset[str]:
        """The papers of all topics, authors or venues with these words in their name."""
        those, wanted = self._those[kind], set(text.words(value))
        names = those.words if wanted else ()
        slugs = {slug for words, slugs in names if wanted <= words for slug in slugs}
        return frozenset(id_ for slug in slugs for id_ in those.members[slug])

    # --- by what a paper says -------------------------------------------------------------------

    @cached_property
    def _years(self) -> Mapping[int, frozenset[str]]:
        return _grouped((paper.year or 0, paper.id) for paper in self._library.papers)

    def of_years(self, value: str) -> frozenset[str]:
        """The papers of a year, of a span of years, or of none."""
        first, last = years_of(value) or (1, 0)
        return self._of_years(year for year in self._years if first <= year <= last)

    def of_year(self, value: str, compare: Callable[[int, int], bool]) -> frozenset[str]:
        """The papers whose year compares so; without a year there is nothing to compare."""
        return self._of_years(year for year in self._years if year and compare(year, int(value)))

    def _of_years(self, years: Iterable[int]) -> frozenset[str]:
        return frozenset(id_ for year in years for id_ in self._years[year])

    @cached_property
    def _types(self) -> Mapping[str, frozenset[str]]:
        return _grouped((paper.type, paper.id) for paper in self._library.papers)

    def of_type(self, value: str) -> frozenset[str]:
        """The papers of a type of BibTeX, "article"."""
        return self._types.get(value.casefold(), frozenset())

    def of_key(self, value: str) -> frozenset[str]:
        """The paper with this key or id."""
        paper = self._library.by_key.get(value)
        return frozenset({paper.id} if paper else ())

    @cached_property
    def _titles(self) -> Mapping[str, frozenset[str]]:
        return _grouped((text.slug(paper.title), paper.id) for paper in self._library.papers)

    def titled(self, value: str) -> frozenset[str]:
        """The papers of this title."""
        return self._titles.get(text.slug(text.from_plain(value)), frozenset())

    @cached_property
    def _title_words(self) -> Mapping[str, frozenset[str]]:
        papers = self._library.papers
        return _grouped((word, paper.id) for paper in papers for word in text.words(paper.title))

    def in_title(self, value: str) -> frozenset[str]:
        """The papers with all these words in their title."""
        return _with_all(text.words(value), self._title_words)

    @cached_property
    def _abstract_words(self) -> Mapping[str, frozenset[str]]:
        papers = self._library.papers
        return _grouped((word, paper.id) for paper in papers for word in text.words(paper.abstract))

    def in_abstract(self, value: str) -> frozenset[str]:
        """The papers with all these words in their abstract."""
        return _with_all(text.words(value), self._abstract_words)

    # --- what is odd ----------------------------------------------------------------------------

    def _unknown(self, query: Query) -> Iterator[tuple[Test, str]]:
        """The names and words in a query that no paper has, with the test that each stands in."""
        match query:
            case Test(field, operator, values):
                if _FIELDS[field].kind or operator == "~":
                    find = _FIELDS[field].finds["~" if operator == "~" else "="]
                    yield from ((query, value) for value in values if not find(self, value))
            case Not(part):
                yield from self._unknown(part)
            case Every(parts) | Some(parts):
                for part in parts:
                    yield from self._unknown(part)

    def _doubt(self, test: Test, value: str, is_hinted: bool) -> str:
        in_words, kind = test.operator == "~", _FIELDS[test.field].kind
        find = self._near_words if in_words else self._near
        near = find(kind, value) if is_hinted else ()
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        if in_words:
            return f'column {test.column}: no {test.field} has the words "{value[:80]}"{hint}'
        return f'column {test.column}: no paper has the {test.field} "{value[:80]}"{hint}'

    def _near(self, kind: str, value: str) -> Sequence[str]:
        """The names that may have been meant: with these words in them, else spelled like it."""
        names = self._spelled(kind)
        wanted = set(text.words(value))
        holding = [name for name in names if wanted and wanted.issubset(text.words(name))]
        folded = {text.fold(name): name for name in reversed(names)}
        like = get_close_matches(text.fold(value), folded, n=NEAR) if not holding else ()
        if holding or like:
            return holding[:NEAR] or [folded[name] for name in like]
        pages = self._library.groups[kind] if kind in ("tags", "venues") else {}
        return get_close_matches(text.slug(value), pages, n=NEAR)

    def _near_words(self, kind: str, value: str) -> Sequence[str]:
        """The words that may have been meant by those of a value that no name of a kind has.

        Words of titles, and by the thousand those of abstracts, are of no kind: none are proposed.
        """
        names = self._those[kind].words if kind else ()
        known = sorted(frozenset().union(*(words for words, _ in names)))
        lost = (word for word in text.words(value) if word not in known)
        near = dict.fromkeys(like for word in lost for like in get_close_matches(word, known, NEAR))
        return list(near)[:NEAR]

    def _spelled(self, kind: str) -> Sequence[str]:
        """The names of a kind, those of most papers first."""
        if kind == "types":
            return sorted(self._types, key=lambda name: (-len(self._types[name]), name))
        if kind == "keys":
            return sorted(paper.key for paper in self._library.papers)
        groups = self._library.groups[kind].values()
        return [g.name for g in sorted(groups, key=lambda g: (-len(g.papers), g.slug))]


class _Those:
    """All topics, authors or venues, by what they are called; authors also without a page."""

    def __init__(self, library: Library, kind: str) -> None:
        self._library = library
        self._kind = kind

    @cached_property
    def members(self) -> Mapping[str, Iterable[str]]:
        """Slug → ids of papers."""
        if self._kind == "authors":
            people = self._library.people.items()
            return _grouped((author.slug, id_) for id_, authors in people for author in authors)
        return {slug: group.papers for slug, group in self._library.groups[self._kind].items()}

    @property
    def _known(self) -> Sequence[Person]:
        """The authors whom `people.toml` names; no paper may have them by that name."""
        persons = self._library.persons.persons if self._kind == "authors" else ()
        return [each for each in persons if each.slug in self.members]

    @cached_property
    def _names(self) -> Mapping[str, frozenset[str]]:
        """Name, as readers see it → slugs of those who go by it."""
        if self._kind == "authors":
            people = {author for authors in self._library.people.values() for author in authors}
            known = (listed(each.name)._replace(slug=each.slug) for each in self._known)
            return _grouped(
                (name, each.slug) for each in (*people, *known) for name in (each.name, each.listed)
            )
        groups = self._library.groups[self._kind].values()
        return _grouped((group.name, group.slug) for group in groups)

    @cached_property
    def slugs(self) -> Mapping[str, frozenset[str]]:
        """Slug of a name → slugs of those who go by it."""
        shown = ((text.slug(name), slug) for name, of in self._names.items() for slug in of)
        variants = ((address, each.slug) for each in self._known for address in each.addresses)
        return _grouped((*shown, *variants))

    @cached_property
    def words(self) -> Sequence[tuple[frozenset[str], frozenset[str]]]:
        """The words of each name, and slugs of those who go by it."""
        return [(frozenset(text.words(name)), slugs) for name, slugs in self._names.items()]


def _grouped(pairs: Iterable[tuple[T, str]]) -> Mapping[T, frozenset[str]]:
    found: dict[T, set[str]] = defaultdict(set)
    for value, id_ in pairs:
        found[value].add(id_)
    return {value: frozenset(ids) for value, ids in found.items()}


def _with_all(words: Iterable[str], index: Mapping[str, frozenset[str]]) -> frozenset[str]:
    found = [index.get(word, frozenset[str]()) for word in words]
    return frozenset.intersection(*found) if found else frozenset()


# --- reading ------------------------------------------------------------------------------------


class _Token(NamedTuple):
    """A piece of a query: a word, a text in quotes, a sign or its end, and where it begins."""

    kind: str
    said: str
    column: int

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these words, not in quotes."""
        return self.kind == "word" and self.said.casefold() in words


class _Reading:
    """Where the reading of a query stands."""

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def now(self) -> _Token:
        """The token that comes next; at the end, the end."""
        return self._tokens[self._at]

    @property
    def before(self) -> _Token:
        """The token that was taken last."""
        return self._tokens[max(0, self._at - 1)]

    def take(self) -> _Token:
        """The token that comes next, which is done with; the end is never done with."""
        token = self.now
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def take_sign(self, sign: str, wanted: str) -> None:
        """Go past a sign; QueryError where another token stands."""
        if (self.now.kind, self.now.said) != ("sign", sign):
            raise _unexpected(self.now, wanted)
        self.take()


def _tokens(query: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(query):
        kind, column = str(found.lastgroup), found.start(found.lastgroup or 0) + 1
        said = found[kind]
        if kind == "open":
            raise QueryError(f"column {column}: the quote that begins here does not end")
        yield _Token(kind, said[1:-1] if kind == "quoted" else _SAME.get(said, said), column)
    yield _Token("end", "", len(query) + 1)


_TOKEN = re.compile(
    # What lies between is white space, which no alternative takes and `finditer` passes over.
    r"""
        (?P<quoted>"[^"]*"|“[^“”]*”|'[^']*'(?!\w))
      | (?P<open>["“”])
      | (?P<sign>!=|<=|>=|==|[=<>~≠≤≥(),!])
      | (?P<word>[^\s"“”=<>~≠≤≥(),!]+)
    """,
    re.VERBOSE,
)
_SAME = {"==": "=", "≠": "!=", "≤": "<=", "≥": ">="}


def _either(reading: _Reading, depth: int) -> Query:
    """Parts of which one has to hold."""
    parts = [_both(reading, depth)]
    while reading.now.is_word("or"):
        reading.take()
        parts.append(_both(reading, depth))
    return Some(tuple(parts)) if len(parts) > 1 else parts[0]


def _both(reading: _Reading, depth: int) -> Query:
    """Parts that all have to hold."""
    parts = [_part(reading, depth)]
    while reading.now.is_word("and"):
        reading.take()
        parts.append(_part(reading, depth))
    return Every(tuple(parts)) if len(parts) > 1 else parts[0]


def _part(reading: _Reading, depth: int) -> Query:
    """A comparison, or what stands after "not" or in parentheses."""
    token = reading.now
    if depth > DEEPEST:
        raise QueryError(f"column {token.column}: nested more than {DEEPEST} deep")
    if token.is_word("not"):
        reading.take()
        return Not(_part(reading, depth + 1))
    if (token.kind, token.said) == ("sign", "("):
        reading.take()
        found = _either(reading, depth + 1)
        reading.take_sign(")", f'")" for the "(" at column {token.column}')
        return found
    return _test(reading)


def _test(reading: _Reading) -> Query:
    """A field, an operator, and a value or several."""
    token = reading.take()
    if token.kind != "word":
        raise _unexpected(token, "a field, as topic or year")
    name = _ALIASES.get(token.said.casefold(), token.said.casefold())
    if name not in _FIELDS:
        near = get_close_matches(name, [*_FIELDS, *_ALIASES], n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(_FIELDS)}"
        raise QueryError(f'column {token.column}: there is no field "{token.said[:40]}"; {hint}')
    is_not = reading.now.is_word("not")
    if is_not:
        reading.take()
    operator = reading.take()
    if is_not and not operator.is_word("in"):
        raise _unexpected(operator, '"in" after "not"')
    values = tuple(_values(reading, name, _operator(operator, name)))
    test = Test(name, operator.said.casefold(), values, token.column)
    return Not(test) if is_not else test


def _operator(token: _Token, field: str) -> str:
    """An operator that the field has; raises QueryError for all else."""
    operators = (*_FIELDS[field].finds, *(("!=", "in") if "=" in _FIELDS[field].finds else ()))
    said = token.said.casefold() if token.kind in ("word", "sign") else ""
    if said not in operators:
        raise _unexpected(token, f"one of {' '.join(operators)} after {field}")
    return said


def _values(reading: _Reading, field: str, operator: str) -> Iterator[str]:
    """The value after an operator, or those in the parentheses after "in"."""
    if operator != "in":
        yield _value(reading, field, operator)
        return
    begin = reading.now.column
    reading.take_sign("(", '"(" and values after in')
    yield _value(reading, field, operator)
    while (reading.now.kind, reading.now.said) == ("sign", ","):
        reading.take()
        yield _value(reading, field, operator)
    reading.take_sign(")", f'"," or ")" for the "(" at column {begin}')


def _value(reading: _Reading, field: str, operator: str) -> str:
    """A text in quotes, or all words up to what can be no part of a value."""
    token = reading.now
    if token.kind == "quoted":
        words = [reading.take().said]
    else:
        words = []
        while reading.now.kind == "word" and not reading.now.is_word("and", "or"):
            words.append(reading.take().said)
    value = " ".join(" ".join(words).split())
    if not value:
        raise _unexpected(token, f"a value after {field} {operator}")
    if field == "year" and not (_YEAR.fullmatch(value) or (operator in _SAID and years_of(value))):
        if _YEAR.match(value) and " " in value:
            raise QueryError(f'column {token.column}: expected "and" or "or" after the year')
        raise _unexpected(token, "a year, as 2020, or after = and != 2019-2021 or undated")
    return value


_YEAR = re.compile("[0-9]{1,4}(?![0-9])")
_SAID = ("=", "!=", "in")


def _after(reading: _Reading) -> str:
    """What may have been forgotten before a token that cannot stand where it does."""
    token, before = reading.now, reading.before
    if token.said == "," and before.kind == "word":
        return "; a value with a comma in it needs quotes"
    name = before.said.casefold()
    if token.kind == "sign" and before.kind == "word" and (name in _FIELDS or name in _ALIASES):
        return f'; is an "and" missing before {before.said}?'
    return ""


def _unexpected(token: _Token, wanted: str, hint: str = "") -> QueryError:
    there = f'"{token.said[:40]}"' if token.kind != "end" else "the end"
    return QueryError(f"column {token.column}: expected {wanted}, not {there}{hint}")


# --- the fields ---------------------------------------------------------------------------------

_Find = Callable[[Asking, str], frozenset[str]]


class _Field(NamedTuple):
    """How papers are found by a field, for each operator; "!=" and "in" follow from "=".

    `kind` says among what a value is looked for that no paper has; empty where that is nothing odd.
    """

    finds: Mapping[str, _Find]
    kind: str = ""


def _group(kind: str) -> _Field:
    return _Field(
        {"=": lambda a, value: a.named(kind, value), "~": lambda a, value: a.like(kind, value)},
        kind,
    )


def _year(compare: Callable[[int, int], bool]) -> _Find:
    return lambda asking, value: asking.of_year(value, compare)


_FIELDS: Mapping[str, _Field] = {
    "topic": _group("tags"),
    "author": _group("authors"),
    "venue": _group("venues"),
    "year": _Field(
        {
            "=": Asking.of_years,
            **{sign: _year(c) for sign, c in (("<", lt), ("<=", le), (">", gt), (">=", ge))},
        }
    ),
    "type": _Field({"=": Asking.of_type}, "types"),
    "key": _Field({"=": Asking.of_key}, "keys"),
    "title": _Field({"=": Asking.titled, "~": Asking.in_title}),
    "abstract": _Field({"~": Asking.in_abstract}),
}
_ALIASES = {
    **{f"{name}s": name for name in ("topic", "author", "venue", "year", "type", "key")},
    "tag": "topic",
    "tags": "topic",
    "id": "key",
}
