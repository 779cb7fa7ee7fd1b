"""Where in an owner's TOML file something stands, so that what is said of it names the line.

    said.wrong("orcid must be a text", "person", 2, "orcid")  →  content/people.toml:14: orcid …

The library that reads TOML tells no places (nor does tomlkit, which keeps comments). They are found
by going over the text once more, and only when something has to be said. This knows of TOML what
places need, and is believed only where it came upon just those keys and places in lists that the
library did. What has no line of its own has that of what is around it, in the end the file alone.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from heapq import nlargest
from itertools import accumulate
from os.path import commonprefix
from typing import Any

from generator.errors import ConfigError
from generator.model import Where
from generator.text.patterns import again

Way = tuple[str | int, ...]
"""The way to a value: names of tables and keys, and places in lists, which count from 0."""


@dataclass(frozen=True)
class Toml:
    """What a file in TOML says, under the name that messages give it; `source` is its text."""

    file: str
    data: Mapping[str, Any] = field(default_factory=dict)
    source: str = field(default="", repr=False, compare=False)

    def where(self, *path: str | int) -> Where:
        """The line of a key, of a table's heading, of a value in a list; else of what is around."""
        ways = (path[:length] for length in range(len(path), 0, -1))
        line = next((self._lines[way] for way in ways if way in self._lines), 0)
        return Where(self.file, line, line)

    def wrong(self, message: str, *path: str | int) -> ConfigError:
        """What is to be raised of a value that cannot be meant."""
        return ConfigError(f"{self.where(*path)}: {message}")

    def at(self, *path: str | int) -> Any:
        """What stands there; raises LookupError where nothing does."""
        found: Any = self.data
        for step in path:
            found = found[step]
        return found

    def check_names(self, kind: str, known: Iterable[str], *path: str | int) -> None:
        """Raise ConfigError at the first name in the table `path` that is not known."""
        known = list(known)
        for name in self.at(*path):
            if name not in known:
                raise self.wrong(unknown(kind, name, known), *path, name)

    def tables(self, name: str) -> Iterator[tuple[Way, Mapping[str, Any]]]:
        """The tables that are written [[name]], each with the way to it; ConfigError for others."""
        tables = self.data.get(name, [])
        if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
            raise self.wrong(f"{name} must be a list of tables: [[{name}]]", name)
        yield from (((name, place), table) for place, table in enumerate(tables))

    @cached_property
    def _lines(self) -> Mapping[Way, int]:
        return lines(self.source, self.data)


def unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """What is said of a name that is not known: the nearest one that is, or all of them."""
    known = list(known)
    several = f"; known are: {', '.join(known)}" if len(known) <= LISTED else ""
    hint = did_you_mean(name, known) or several
    return f'unknown {kind} "{name}"{hint}'


def did_you_mean(name: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """The end of a message on a name that nothing has: the nearest one; empty where none is near.

    `likeness` is difflib's, from 0 to 1. Capitals make no difference, nor does the order of the
    known. Of equals the one is meant that begins and ends most like the name: for "50x4" "5014",
    not "5704".
    """
    wanted = name.casefold()
    matcher = SequenceMatcher(b=wanted)

    def near(folded: str) -> tuple[float, int, str]:
        matcher.set_seq1(folded)
        return matcher.ratio(), _shared(wanted, folded), folded

    folded = {each.casefold(): each for each in sorted(known)}
    ratio, _, best = max(map(near, folded), default=(0, 0, ""))
    return f'; did you mean "{folded[best]}"?' if best and ratio >= likeness else ""


def of_no_paper(
    names: Iterable[str], known: Collection[str], several: Collection[str]
) -> Mapping[str, str]:
    """What is said of each of these names, by which no paper is meant: whose it is, or may be.

    `known` are the ids and keys of papers, `several` the keys that more than one has. A name that
    is neither is compared with those that have its first, its middle or its last third where it has
    it (two slips spoil two thirds), of these with the `COMPARED` that begin and end most like it;
    and no more than `HINTS` names are. Among 20,000 ids and keys each takes 15 ms, at most 40.
    """
    names = tuple(dict.fromkeys(names))
    said = {name: f'"{name}" is the key of several papers; name one by its id' for name in names}
    lost = [name for name in names if name not in several]
    folded = {each.casefold(): each for each in sorted(known)} if lost else {}
    for place, name in enumerate(lost):
        like = _like(name.casefold(), folded) if place < HINTS else ()
        hint = did_you_mean(name, [folded[each] for each in like], SAME_PAPER)
        said[name] = f'no paper has the id or key "{name}"{hint}'
    return said


COMPARED = 50
HINTS = 20
# Ids share years and words: with difflib's own 0.6 nearly every one is like some other.
SAME_PAPER = 0.75
# Names that a message lists at most: settings and rules are fewer, an owner's topics may be more.
LISTED = 100


def _like(name: str, known: Collection[str]) -> list[str]:
    """Those of many names that may be a name written wrong; all of them without capitals."""
    third = -(-len(name) // 3)
    head, middle, tail = name[:third], name[third:-third] or name, name[-third:]
    found = (
        each
        for each in known
        if each.startswith(head) or each.endswith(tail) or each.find(middle, 1) > 0
    )
    return nlargest(COMPARED, found, key=lambda each: (_shared(name, each), each))


def _shared(one: str, other: str) -> int:
    """How many letters two names share at their beginnings and ends."""
    both = (one, other), (one[::-1], other[::-1])
    return sum(len(commonprefix(pair)) for pair in both)  # noqa: RUF071  # of texts, not of paths


def lines(source: str, data: Mapping[str, Any]) -> Mapping[Way, int]:
    """The line of each key, table and value in a list of a TOML text that was read as `data`.

    Nothing at all where what is found is not just what was read.
    """
    walk = _walked(source)
    return walk.lines if walk.whole and walk.lines.keys() == _paths(data) else {}


def _paths(data: Mapping[str, Any]) -> set[Way]:
    """The ways to all that is in data."""
    found: set[Way] = set()
    waiting: list[tuple[Way, Any]] = [((), data)]
    while waiting:
        path, value = waiting.pop()
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        inside = [((*path, step), each) for step, each in inner]
        found.update(each for each, _ in inside)
        waiting += [each for each in inside if isinstance(each[1], (dict, list))]
    return found


# --- what is no TOML ----------------------------------------------------------------------------


def not_toml(file: str, source: str, said: str) -> str:
    """What is said of a text that the library cannot read: the place, and what to do there.

    `said` are the library's words; they stand where nobody here knows better.
    """
    source = source.replace("\r\n", "\n")  # as the library counts
    walk = _walked(source)
    if found := re.fullmatch(r"(?s)(.*) \(at line (\d+), column (\d+)\)", said):
        what, line, column = found[1], int(found[2]), int(found[3])
    else:
        what = said.removesuffix(" (at end of document)")
        ended = source.rstrip("\n")
        if walk.open is not None:  # whatever it was that the library stumbled over at the end
            what, ended = "Unterminated string", source[: walk.open]
        line = ended.count("\n") + 1
        column = len(ended) - ended.rfind("\n")
    if walk.again and walk.again[3] <= line and what.startswith(_TWICE):
        way, kind, first, second = walk.again
        name = ".".join(str(step) for step in way if isinstance(step, str))
        before = walk.before.get(way, "")
        advice = _AGAIN[kind].format(name=name, last=way[-1], line=first, before=before)
        return f"{file}:{second}: {advice}"
    text = source.split("\n")[line - 1]
    advice = _advice(what, text[: column - 1], text[column - 1 :])
    return f"{file}:{line}: {advice or what} (column {column})"


# How the library's words begin where something is there already. A walk may stumble over the same
# name elsewhere: behind what ends it for the library, nothing it comes upon is sure.
_TWICE = ("Cannot ", "Duplicate ")
_AGAIN = {
    "key": "{last} is there already, in line {line}: keep one of the two",
    "heading": (
        "[{name}] is there already, in line {line}: put its settings there; where there may be "
        "several, each is [[{name}]]"
    ),
    "list": "{name} is there already, in line {line}, in other brackets: write both [[{name}]]",
    "dotted": (
        "{name} has a setting before its heading, in line {line}: put that below [{name}], "
        'without "{before}."'
    ),
}


def _advice(said: str, before: str, after: str) -> str:
    """What to do where the library says this, between these parts of the line; empty: unknown."""
    around = _token(before[::-1])[::-1] + _token(after)
    parts = {"said": said, "before": before, "after": after, "around": around}
    fits = (advice for where, like, advice in _ADVICE if re.match(like, parts[where]))
    return next(fits, "").format(around)


_TOKEN = re.compile(r"[\w.+-]*")


def _token(text: str) -> str:
    found = _TOKEN.match(text)
    return found[0] if found else ""


# What is looked at, how it begins, and what to do. The library's words are those of Python 3.11
# to 3.13; where another version has others, and nothing else fits, they are shown as they are.
_ADVICE = (
    ("after", "[“”„‟‘’‚«»]", 'quotation marks are straight ones here: "…"'),
    (
        "said",
        r"""(?:Illegal|Found invalid) character '\\n'|Unterminated string|Expected ["']'""",
        "a text has no end: a quotation mark is missing",
    ),
    (
        "said",
        "(?:Illegal|Found invalid) character",
        "a sign that cannot be seen stands here: take it away",
    ),
    (
        "said",
        r"Invalid hex value|Unescaped '\\'|Invalid escape",
        r"a backslash in a text is written \\, or the text stands in '…'",
    ),
    (
        "before",  # words between marks in a text are none of those below
        r""".*["']\Z""",
        r'the value ends before this: a line has one setting, and " in a text is written \"',
    ),
    ("after", r"(?!true|false)(?i:true|false)\b", "true and false are written small"),
    (
        "around",
        r"\d{4}-\d",
        '{} is no day: one is written 2019-05-03, what is less stands in quotes: "2019-05"',
    ),
    ("around", r"(?i:yes|no|on|off)\Z", "what is so or is not is true or false"),
    ("said", "Invalid value", 'a value is a number, true, false, [a list], or a "text" in quotes'),
    (
        "said",
        "Expected '=' after",
        'a setting is written name = "…", and its name has no blanks',
    ),
    (
        "said",
        "Unclosed array",
        "a list goes on or ends otherwise: its values have commas between them, its end is ]",
    ),
    (
        "said",
        "Expected newline",
        "the value ends before this: a line has one setting",
    ),
)


# --- going over a text --------------------------------------------------------------------------

_BLANK = re.compile(again(r"[ \t\r\n]++|#[^\n]*+"))
# A text: three quotation marks, then two more may stand right before the last three; or one.
_TEXT = "|".join(
    (
        '"""' + again(r'[^"\\]++|\\.|"(?!""(?!"))') + '"""',
        "'''" + again("[^']++|'(?!''(?!'))") + "'''",
        '"(?!"")' + again(r'[^"\\\n]++|\\.') + '"',
        r"'(?!'')[^'\n]*+'",
    )
)
_KEY = re.compile(rf"{_TEXT}|[\w-]+", re.DOTALL)
# A number, a day or a truth; a day and its time may have a blank between them.
_VALUE = re.compile(rf"{_TEXT}|[^\s,\]}}#\"'][^\s,\]}}#]*+(?: \d[\d:.Z+-]*+)?", re.DOTALL)


PARTS = 100


class _Walk:
    """One walk over a TOML text; `lines` is what it comes upon.

    Of a text that is not sound that holds as far as the library came with it.
    """

    def __init__(self, source: str) -> None:
        self.lines: dict[Way, int] = {}
        self._source = source
        ends = (len(line) for line in source.split("\n"))
        self._ends = list(accumulate(ends, lambda end, length: end + 1 + length))
        self._lengths: dict[Way, int] = {}  # of the lists that are written [[so]]
        self._stated: dict[Way, str] = {}  # "key" or "heading"
        self.before: dict[Way, str] = {}
        """What stands before the key of tables that are there by "table.key = value"."""
        self.again: tuple[Way, str, int, int] | None = None
        """The first thing that is stated a second time: its kind (`_AGAIN`), and the two lines."""
        self.open: int | None = None
        """Where a text begins that has no end; the walk ended there."""
        self.whole = False
        """Whether it came to the end."""

    def over_all(self) -> None:
        """From one end to the other."""
        table: Way = ()
        at = self._on(0)
        while at < len(self._source):
            if self._source[at] == "[":
                table, at = self._heading(at)
            else:
                at = self._pair(at, table)
            at = self._on(at)
        self.whole = True

    def _heading(self, at: int) -> tuple[Way, int]:
        """[a.b] or [[a.b]]: the way to the table, and what comes after."""
        repeated = self._source.startswith("[[", at)
        steps, end = self._key(at + 1 + repeated)
        *outer, last = steps
        way = self._latest(outer)
        self._note_above(way, at)
        way = (*way, last)
        if way in (self._stated if repeated else self._lengths):
            self._note_again(way, at, "key" if self._stated.get(way) == "key" else "list")
        if repeated:
            self._note_above(way, at)
            self._lengths[way] = self._lengths.get(way, 0) + 1
            way = (*way, self._lengths[way] - 1)
        self._state(way, at, "heading")
        self.lines[way] = self._line(at)
        return way, end + 1 + repeated

    def _latest(self, steps: Iterable[str]) -> Way:
        """A way of names as a heading means it: of what is repeated, the last one so far."""
        way: Way = ()
        for step in steps:
            way = (*way, step)
            if way in self._lengths:
                way = (*way, self._lengths[way] - 1)
        return way

    def _pair(self, at: int, table: Way) -> int:
        """A key and its value; where they end."""
        steps, end = self._key(at)
        path = (*table, *steps)
        self._note_above(path[:-1], at)
        self._state(path, at, "key")
        for length in range(1, len(steps) if self._stated.get(table) != "key" else 0):
            self.before.setdefault((*table, *steps[:length]), ".".join(steps[:length]))
        return self._value(self._on(end + 1), path)

    def _value(self, at: int, path: Way) -> int:
        """A value and all that is in it; where it ends."""
        self.lines[path] = self._line(at)
        first = self._source[at]
        if first not in "[{":
            return self._found(_VALUE, at).end()
        at, place = self._on(at + 1), 0
        while self._source[at] not in "]}":
            at = self._value(at, (*path, place)) if first == "[" else self._pair(at, path)
            at, place = self._on(at), place + 1
            at = self._on(at + 1) if self._source[at] == "," else at
        return at + 1

    def _key(self, at: int) -> tuple[list[str], int]:
        """The names of a key with dots, and where the sign after it stands.

        One of more than `PARTS` ends the walk: each part has a way of its own, and all before it.
        """
        steps = []
        while True:
            found = self._found(_KEY, self._on(at))
            steps.append(_named(found[0]))
            at = self._on(found.end())
            if self._source[at] != ".":
                return steps, at
            if len(steps) == PARTS:
                raise ValueError
            at += 1

    def _state(self, path: Way, at: int, kind: str) -> None:
        """Note that a table or a key begins here, and if one of its name has before."""
        if kind == "heading" and path in self.before:
            self._note_again(path, at, "dotted")
        elif path in self._stated:
            self._note_again(path, at, self._stated[path])
        self._stated[path] = kind

    def _note_again(self, path: Way, at: int, kind: str) -> None:
        self.again = self.again or (path, kind, self.lines[path], self._line(at))

    def _note_above(self, path: Way, at: int) -> None:
        """Tables that are there because of what is in them begin where they are first met."""
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], self._line(at))

    def _on(self, at: int) -> int:
        """Past blanks and comments."""
        return self._found(_BLANK, at).end()

    def _found(self, pattern: re.Pattern[str], at: int) -> re.Match[str]:
        """What a pattern fits there; raises ValueError where it does not."""
        if found := pattern.match(self._source, at):
            return found
        if self._source[at] in "\"'":
            self.open = at
        raise ValueError

    def _line(self, at: int) -> int:
        return bisect_left(self._ends, at) + 1


def _walked(source: str) -> _Walk:
    """A walk as far as it comes: what is not sound TOML ends it."""
    walk = _Walk(source)
    with suppress(IndexError, RecursionError, ValueError):
        walk.over_all()
    return walk


def _named(key: str) -> str:
    """The name that a key is, without its quotation marks and what stands for signs in it."""
    return str(tomllib.loads(f"key = {key}")["key"]) if key[0] in "\"'" else key
