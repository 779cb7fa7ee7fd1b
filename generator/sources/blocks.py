"""A .bib file cut into its entries and commands, in one pass over its braces.

To know where an entry ends no value has to be understood, only which brace closes which. So the
cut is cheap (15 MB: 0.15 s), and what is broken inside an entry does no harm outside of it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from generator.text.patterns import again

Leftover = tuple[tuple[int, str], ...]
Ranges = tuple[tuple[int, int], ...]

COMMANDS = frozenset({"comment", "preamble", "string"})
# Entries that say something to a program and are no papers (biblatex manual, 2.1.1; IEEEtran).
NO_PAPERS = frozenset({"control", "ieeetranbstctl", "set", "xdata"})


@dataclass(frozen=True, slots=True)
class Block:
    """An entry, or a command such as @string, as it stands in the file.

    `body` is what stands between the comma behind the key (in a command: the opening brace) and
    the closing brace; it begins in line `body_line`. A block that nothing closes ends before the
    next one. `swallows`: within one of its values a line begins like another entry. `comma`:
    whether its key is followed by one. `place`: where in the text its body begins.
    """

    type: str
    key: str
    body: str
    line: int
    end: int
    body_line: int
    closed: bool = True
    swallows: bool = False
    comma: bool = True
    place: int = 0


def cut(text: str, is_sound: Callable[[str], bool]) -> Iterator[Block]:
    """The blocks of a .bib file in order; between them stands what BibTeX does not read either.

    An entry ends with the brace that closes it. If there is none, or if a line within it begins
    another entry where only fields can stand, it ends before that line. Where such a line stands
    in a value, `is_sound` decides by the entry's body whether it is the value's own.
    """
    braces = _Braces(text)
    position = counted = 0
    line = 1
    while opening := _OPENING.search(text, position):
        if _is_commented(text, opening.start(), position):
            position = _end_of_line(text, opening.end())
            continue
        end, closed, swallows = braces.end(opening)
        if swallows and not is_sound(_key_and_body(text[opening.end() : end - 1])[1]):
            end, closed, swallows = braces.next_line(opening), False, False
        line += text.count("\n", counted, opening.start())
        counted = opening.start()
        yield _block(opening, text[opening.end() : end].rstrip(), line, closed, swallows)
        position = end


def other_lines(text: str, blocks: Sequence[Block]) -> tuple[Leftover, Ranges]:
    """What no entry holds: lines that nobody understands, and lines that hold no paper."""
    lines = text.split("\n")
    leftover = []
    ignored = [(b.line, b.end) for b in blocks if b.type in COMMANDS or b.type in NO_PAPERS]
    covered = _head(lines, blocks[0].line if blocks else len(lines) + 1)
    if covered:
        ignored.append((1, covered))
    for first, last in [*((b.line, b.end) for b in blocks), (len(lines) + 1, 0)]:
        for number in range(covered + 1, first):
            shown = lines[number - 1].strip()
            if shown.startswith("%") or shown.lower().startswith("@comment"):
                ignored.append((number, number))
            elif shown:
                leftover.append((number, shown))
        covered = max(covered, last)
    return tuple(leftover), tuple(sorted(ignored))


def _head(lines: Sequence[str], limit: int) -> int:
    """The last line of a front matter before line `limit`, by which Jekyll knows its files."""
    if lines[0].rstrip() != "---":
        return 0
    marks = (i for i in range(2, limit) if lines[i - 1].rstrip() == "---")
    return next(marks, 0)


# An address such as me@example is no beginning. No two tries run over the same text for long.
_OPENING = re.compile(r"(?<![\w.+-])@[ \t]*([^\s@{}()\"#%',=]{1,60})\s*[{(]")
_OPENING_OF_TEXT = re.compile(rf"[ \t]*{_OPENING.pattern}")
_OPENING_OF_LINE = re.compile(rf"\n{_OPENING_OF_TEXT.pattern}")  # found five times as fast as "^"
_BRACE = re.compile(r"[{}]")
_MARK_IN_PARENTHESES = re.compile(r"[{}()\"]")
_FIELD = re.compile(r"\s*[A-Za-z][\w-]{0,60}\s*=\s*[{\"\w]")
# A key and the first field, with nothing but blanks between them.
_WITHOUT_COMMA = re.compile(rf"\s*([^\s=,]{{1,200}})\s(?={_FIELD.pattern})")


def _block(opening: re.Match[str], rest: str, line: int, closed: bool, swallows: bool) -> Block:
    kind = opening[1].lower()
    inner = rest[:-1] if closed else rest
    key, body = ("", inner) if kind in COMMANDS else _key_and_body(inner)
    first = line + opening[0].count("\n")
    end = first + rest.count("\n")
    comma = kind in COMMANDS or not _WITHOUT_COMMA.match(inner)
    place = opening.end() + len(inner) - len(body)
    return Block(kind, key, body, line, end, end - body.count("\n"), closed, swallows, comma, place)


def _key_and_body(inner: str) -> tuple[str, str]:
    """An entry's key, which may be missing or have spaces in it, and its fields."""
    if found := _WITHOUT_COMMA.match(inner):
        return found[1], inner[found.end() :]
    key, _, body = inner.partition(",")
    return ("", inner) if _FIELD.match(key) else (" ".join(key.split()), body)


def nested(depth: int) -> str:
    """A pattern for braces and what stands between them, with so many levels of braces within.

    It is possessive throughout: where it fails, each character was looked at `depth` times at most.
    """
    within = again("[^{}]++|" + nested(depth - 1)) if depth else "[^{}]*+"
    return r"\{" + within + r"\}"


# An entry, its values, and braces in these, four deep. Entries that go no deeper and are closed are
# found by one match each, and nobody has to look at all the braces of the file.
_CLOSED = re.compile(nested(5))


class _Braces:
    """Which brace closes which, and which lines begin an entry: found once, for the whole text."""

    def __init__(self, text: str) -> None:
        self._text = text
        first = _OPENING_OF_TEXT.match(text)
        found = list(_OPENING_OF_LINE.finditer(text))
        self._lines = [0] * bool(first) + [match.start() + 1 for match in found]
        self._openings = [match.end() - 1 for match in (first, *found) if match]

    @cached_property
    def _pairs(self) -> tuple[dict[int, int], dict[int, int]]:
        """The closing brace of each, and the one round each line that begins an entry."""
        closing: dict[int, int] = {}
        outer: dict[int, int] = {}
        beginnings = frozenset(self._openings)
        stack = [-1]
        for match in _BRACE.finditer(self._text):
            place = match.start()
            if match[0] == "{":
                if place in beginnings:
                    outer[place] = stack[-1]
                stack.append(place)
            elif len(stack) > 1:
                closing[stack.pop()] = place
        return closing, outer

    def end(self, opening: re.Match[str]) -> tuple[int, bool, bool]:
        """Where a block ends, whether it is closed there, whether it holds another's beginning."""
        start = opening.end() - 1
        limit = self.next_line(opening)
        if found := _CLOSED.match(self._text, start, limit):
            return found.end(), True, False
        if self._text[start] == "(":
            end = self._closing_parenthesis(start, limit)
        else:
            end = self._pairs[0].get(start)
        if end is None:
            return limit, False, False
        if end < limit or opening[1].lower() == "comment":
            return end + 1, True, False
        if self._pairs[1].get(self._openings[self._next(start)]) == start:
            return limit, False, False
        return end + 1, True, True

    def next_line(self, opening: re.Match[str]) -> int:
        """Where the next line begins that begins an entry."""
        i = self._next(opening.end() - 1)
        return self._lines[i] if i < len(self._lines) else len(self._text)

    def _next(self, place: int) -> int:
        return bisect_right(self._openings, place)

    def _closing_parenthesis(self, start: int, limit: int) -> int | None:
        depth, quoted = 0, False
        for match in _MARK_IN_PARENTHESES.finditer(self._text, start + 1, limit):
            if match[0] in "{}":
                depth += 1 if match[0] == "{" else -1
            elif depth == 0 and match[0] == '"':
                quoted = not quoted
            elif depth == 0 and match[0] == ")" and not quoted:
                return match.start()
        return None


def _is_commented(text: str, place: int, since: int) -> bool:
    """Whether a % stands first in the line; biber takes that for a comment, BibTeX does not."""
    beginning = max(text.rfind("\n", since, place) + 1, since)
    return text[beginning:place].lstrip().startswith("%")


def _end_of_line(text: str, place: int) -> int:
    end = text.find("\n", place)
    return end if end >= 0 else len(text)
