"""Small edits in a .bib file: fields of its entries, with every other character left as it is.

What is to be changed is said entry by entry (`Change`, under the line in which the entry begins);
it becomes `Splice`s, places in the text and what shall stand there, which `spliced` puts in and
`diff` shows. So what an owner is shown is what is written.

An entry is edited only where all of it is understood, and the edit is tried before it is given: the
edited entry has to read as the entry did, with the change. Everything here is linear in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator.sources import bib
from generator.sources.blocks import COMMANDS, Block, cut, nested
from generator.text.patterns import again

# How many lines a diff shows round a change, as `diff -u` does.
AROUND = 3


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of one entry.

    `fields`: by their names the values as they shall be written, braces and all; None takes a field
    away. `comment`: a line to stand above the entry, without its percent sign.
    """

    fields: Mapping[str, str | None]
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Splice:
    """What shall stand in place of the characters from `start` to `end`."""

    start: int
    end: int
    new: str


def with_fields(text: str, line: int, fields: Mapping[str, str | None]) -> str:
    """The text of a .bib file, with these fields in the entry that begins in `line`.

    Values are written as they are given, braces and all; None takes a field away. A field that is
    there has its value replaced, a new one becomes the last. Raises ValueError where there is no
    such entry, where it is not understood, or where the value would not be read as one.
    """
    found, refused = splices(text, {line: Change(fields)})
    if refused:
        raise ValueError(f"line {line}: no entry begins there that can be edited")
    return spliced(text, found)


def splices(text: str, changes: Mapping[int, Change]) -> tuple[tuple[Splice, ...], tuple[int, ...]]:
    """How the entries that begin in these lines are changed, and the lines where that cannot be.

    It cannot where no entry begins in the line, or two do, where an entry is broken, or where it
    would not say what it should. Nothing of such an entry is changed.
    """
    lined = _RETURN.sub("\n", text)  # of the same length, so that places hold in both
    blocks = [block for block in cut(lined, bib.is_sound) if block.line in changes]
    starts = _starts(lined)
    many = Counter(block.line for block in blocks)
    found: list[Splice] = []
    done = set()
    for block in blocks:
        change = changes[block.line]
        wanted = {name.lower(): value for name, value in change.fields.items()}
        inside = _in_entry(text, block, wanted) if many[block.line] == 1 else None
        if inside is not None:
            done.add(block.line)
            found += [*_above(text, starts[block.line - 1], change.comment), *inside]
    return tuple(found), tuple(sorted(set(changes) - done))


def fields_in(text: str, lines: Container[int]) -> dict[int, dict[str, str]]:
    """What the fields of the entries that begin in these lines hold, by line and name.

    Entries that are broken are not among them.
    """
    blocks = cut(_RETURN.sub("\n", text), bib.is_sound)
    return {
        block.line: dict(reversed(bib.fields_of(block.body, {})[0]))
        for block in blocks
        if block.line in lines and block.type not in COMMANDS and bib.is_sound(block.body)
    }


def comment_line(said: str) -> str:
    """A line of comment, which ends nowhere but at its end.

    Without what begins an entry: BibTeX has no comments, it only passes over what stands between.
    """
    return f"% {_HARMFUL.sub(' ', said).strip()}"


def spliced(text: str, found: Sequence[Splice]) -> str:
    """A text with its splices put in; they come in order, and none overlaps another."""
    ends = [0, *(splice.end for splice in found)]
    starts = [*(splice.start for splice in found), len(text)]
    news = [*(splice.new for splice in found), ""]
    return "".join(
        text[end:start] + new for end, start, new in zip(ends, starts, news, strict=True)
    )


def diff(name: str, text: str, found: Sequence[Splice]) -> Iterator[str]:
    """The lines of a unified diff between a text and the same with its splices, without their ends.

    It is made from the splices: to look for what differs takes time by the square of a long file.
    """
    before = _lines(text)
    hunks = [hunk for hunk in _hunks(text, found) if hunk.last > hunk.first or hunk.new]
    if hunks:
        yield f"--- a/{name}"
        yield f"+++ b/{name}"
    shift = 0
    for group in _near(hunks):
        first = max(0, group[0].first - AROUND)
        last = min(len(before), group[-1].last + AROUND)
        grown = sum(len(hunk.new) - (hunk.last - hunk.first) for hunk in group)
        yield f"@@ -{_span(first, last)} +{_span(first + shift, last + shift + grown)} @@"
        shift += grown
        for hunk in group:
            yield from _marked(" ", before[first : hunk.first])
            yield from _marked("-", before[hunk.first : hunk.last])
            yield from _marked("+", hunk.new)
            first = hunk.last
        yield from _marked(" ", before[first:last])


# --- the fields of an entry, by place -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Field:
    """A field in an entry's body: where its name begins, its value, and where that ends."""

    name: str
    start: int
    value: int
    end: int


_RETURN = re.compile(r"\r(?!\n)")
_NAME = re.compile(r"\s*+([^\s{}()\"#%',=]++)\s*+=\s*+")
_IN_QUOTES = again('[^{}"]++|' + nested(4))
_PIECE = re.compile(rf"{nested(5)}|\"{_IN_QUOTES}\"|[^\s{{}}()\"#%',=]++")
_AND = re.compile(r"\s*+#\s*+")
_COMMA = re.compile(r"\s*+,")


def _fields(body: str) -> tuple[_Field, ...] | None:
    """The fields of a body in order; None where anything else stands in it.

    Braces deeper than five levels are beyond it: nobody writes them, and a pattern has to end.
    """
    found = []
    place = 0
    while match := _NAME.match(body, place):
        end = _value_end(body, match.end())
        if end is None:
            return None
        found.append(_Field(match[1].lower(), match.start(1), match.end(), end))
        comma = _COMMA.match(body, end)
        place = comma.end() if comma else len(body)
        if not comma and body[end:].strip():
            return None
    return None if body[place:].strip() else tuple(found)


def _value_end(body: str, place: int) -> int | None:
    while piece := _PIECE.match(body, place):
        more = _AND.match(body, piece.end())
        if not more:
            return piece.end()
        place = more.end()
    return None


def _in_entry(
    text: str, block: Block, wanted: Mapping[str, str | None]
) -> tuple[Splice, ...] | None:
    """How an entry gets these fields; None where it cannot, or would say something else."""
    body = text[block.place : block.place + len(block.body)]
    fields = _fields(body)
    if fields is None or not block.closed or block.swallows or block.type in COMMANDS:
        return None
    if not block.comma or not block.key:
        return None
    found = tuple(_in_body(body, fields, wanted))
    if not _says(spliced(body, found), body, wanted):
        return None
    return tuple(Splice(s.start + block.place, s.end + block.place, s.new) for s in found)


def _in_body(
    body: str, fields: Sequence[_Field], wanted: Mapping[str, str | None]
) -> Iterator[Splice]:
    """Values in place of others, fields away, and last the new ones."""
    there = {field.name for field in fields}
    for field in fields:
        if field.name not in wanted:
            continue
        value = wanted[field.name]
        if value is not None:
            yield Splice(field.value, field.end, value)
        else:
            comma = _COMMA.match(body, field.end)
            before = len(body[: field.start].rstrip())
            yield Splice(before, comma.end() if comma else field.end, "")
    new = {name: value for name, value in wanted.items() if value is not None and name not in there}
    if new:
        last_stays = bool(fields) and wanted.get(fields[-1].name, "") is not None
        yield _added(body, fields, new, last_stays)


def _added(body: str, fields: Sequence[_Field], new: Mapping[str, str], last_stays: bool) -> Splice:
    """New fields behind the last, written as the others are: a line each, their signs in line."""
    if not fields:
        return Splice(0, 0, "".join(f"\n  {name} = {value}," for name, value in new.items()))
    last = fields[-1]
    comma = _COMMA.match(body, last.end)
    place = comma.end() if comma else last.end
    before = body[len(body[: last.start].rstrip()) : last.start] or " "
    sign = _sign(body, fields)
    joined = ",".join(
        f"{before}{name.ljust(sign[0] if len(name) < sign[0] else len(name) + 1)}{sign[1]}{value}"
        if sign[0]
        else f"{before}{name}{sign[1]}{value}"
        for name, value in new.items()
    )
    return Splice(place, place, f"{joined}," if comma else f"{',' * last_stays}{joined}")


def _sign(body: str, fields: Sequence[_Field]) -> tuple[int, str]:
    """How wide names are, where all equals signs stand in one column, and how a sign looks."""
    written = [body[field.start + len(field.name) : field.value] for field in fields]
    widths = {
        len(field.name) + len(sign) - len(sign.lstrip())
        for field, sign in zip(fields, written, strict=True)
    }
    if len({len(field.name) for field in fields}) > 1 and len(widths) == 1:
        return widths.pop(), written[-1].lstrip()
    return 0, written[-1]


def _says(after: str, before: str, wanted: Mapping[str, str | None]) -> bool:
    """Whether an entry, edited, says what it said and what was wanted, by its reader."""
    put = {name: value for name, value in wanted.items() if value is not None}
    if not all(_value_end(value, 0) == len(value) for value in put.values()):
        return False
    written = "".join(f"{name} = {value}," for name, value in put.items())
    if not all(map(bib.is_sound, (after, before, written))):
        return False
    said, had, meant = (
        dict(reversed(bib.fields_of(body, {})[0])) for body in (after, before, written)
    )
    kept = {name: value for name, value in had.items() if name not in wanted}
    return said == kept | meant and meant.keys() == put.keys() and not _ENTRY.search(after)


_ENTRY = re.compile(r"[\r\n][ \t]*@")  # some readers take it for an entry, even within a value


# --- comments, and how it is shown --------------------------------------------------------------


def _above(text: str, start: int, comment: str) -> Iterator[Splice]:
    """A comment in a line of its own above an entry, where the entry begins its line."""
    if comment and _BEGINNING.match(text, start):
        line = text.find("\n", start)
        end = "\r\n" if text[max(line - 1, 0)] == "\r" else "\n"
        yield Splice(start, start, f"{comment_line(comment)}{end}")


_BEGINNING = re.compile(r"[ \t]*+@")
_HARMFUL = re.compile(r"[@{}\s\x00-\x1f\x7f-\x9f]+")


def _starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]


def _lines(text: str) -> list[str]:
    """The lines as its reader counts them: `str.splitlines` ends a line at form feeds too."""
    lines = re.split(r"\r\n?|\n", text)
    return lines if lines[-1] else lines[:-1]


@dataclass(frozen=True, slots=True)
class _Hunk:
    """Whole lines, counted from 0, and what stands there afterwards."""

    first: int
    last: int
    new: tuple[str, ...]


def _hunks(text: str, found: Sequence[Splice]) -> Iterator[_Hunk]:
    """The lines that splices change, those of the same line together."""
    starts = _starts(_RETURN.sub("\n", text))
    starts = starts if starts[-1] < len(text) else starts[:-1]
    group: list[Splice] = []
    for splice in found:
        if group and _line(starts, group[-1].end) < _line(starts, splice.start):
            yield _hunk(text, starts, group)
            group = []
        group.append(splice)
    if group:
        yield _hunk(text, starts, group)


def _line(starts: Sequence[int], place: int) -> int:
    return max(bisect_right(starts, place) - 1, 0)


def _hunk(text: str, starts: Sequence[int], group: Sequence[Splice]) -> _Hunk:
    first, last = _line(starts, group[0].start), _line(starts, group[-1].end) + 1
    begin = starts[first] if starts else 0
    old = text[begin : starts[last] if last < len(starts) else len(text)]
    here = [Splice(splice.start - begin, splice.end - begin, splice.new) for splice in group]
    before, after = _lines(old), _lines(spliced(old, here))
    last = first + len(before)
    same = _same(before, after)
    before, after, first = before[same:], after[same:], first + same
    same = _same(before[::-1], after[::-1])
    return _Hunk(first, last - same, tuple(after[: len(after) - same]))


def _same(these: Sequence[str], those: Sequence[str]) -> int:
    """How many lines two texts have in common at their beginnings."""
    pairs = enumerate(zip(these, those, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(these), len(those)))


def _near(hunks: Iterable[_Hunk]) -> Iterator[list[_Hunk]]:
    """Hunks, those together whose surroundings touch."""
    group: list[_Hunk] = []
    for hunk in hunks:
        if group and hunk.first - group[-1].last > 2 * AROUND:
            yield group
            group = []
        group.append(hunk)
    if group:
        yield group


def _span(first: int, last: int) -> str:
    """Lines as a hunk's head says them; of none, the line before them."""
    count = last - first
    return f"{first + bool(count)}" + ("" if count == 1 else f",{count}")


def _marked(mark: str, lines: Iterable[str]) -> Iterator[str]:
    return (f"{mark}{line}" for line in lines)
