"""The YAML at the head of a note, read without trust: mappings, lists and texts, nothing else.

Every scalar stays the text that was written: YAML would make a number of the arXiv id 2310.12340
and lose its last digit, and a boolean of the title "No".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Union

import yaml

# A note has lists in a mapping, at most mappings in those; what is deeper is made to harm.
DEEPEST = 10
LONGEST = 100_000

Value = Union[str, list["Value"], dict[str, "Value"]]  # noqa: UP007 - a name in quotes takes no |


class FrontMatterError(Exception):
    """Front matter that cannot be read; `line` counts from 1 within the file, 0 is unknown."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def split(text: str) -> tuple[str, str, int]:
    """The front matter of a file, the text below it, and the line where the front matter begins.

    Raises FrontMatterError where there is none, or none that ends.
    """
    start = len(text) - len(text.lstrip("\n\t "))
    line = text.count("\n", 0, start) + 1
    first, _, rest = text[start:].partition("\n")
    if first.rstrip() == "+++":
        raise FrontMatterError("has front matter in TOML (+++); in YAML (---) it can be read", line)
    if first.rstrip() != "---":
        raise FrontMatterError("has no front matter (lines between --- and ---)")
    end = _END.search(rest)
    if not end:
        raise FrontMatterError("has front matter that no line --- ends", line)
    return rest[: end.start()], rest[end.end() :], line + 1


def parse(text: str, line: int) -> tuple[dict[str, Value], tuple[str, ...]]:
    """The fields of front matter that begins at `line`, and the names that stand there twice.

    Names are in lower case; of two fields with one name the first holds. A title with a colon in
    it needs quotes in YAML; where only that is wrong, it is read all the same. Raises
    FrontMatterError.
    """
    if len(text) > LONGEST:
        raise FrontMatterError(f"has front matter of more than {LONGEST:,} characters", line)
    try:
        pairs = _parse(text, line)
    except yaml.YAMLError as error:
        try:
            pairs = _parse(_UNQUOTED.sub(_quoted, text), line)
        except yaml.YAMLError:
            raise _explained(error, text, line) from error
    fields: dict[str, Value] = {}
    twice: dict[str, None] = {}
    for given, value in pairs:
        name = given.lower().replace("-", "_")
        if fields.setdefault(name, value) != value:
            twice[name] = None
    return fields, tuple(twice)


_END = re.compile(r"^(?:---|\.\.\.)[ \t]*$\n?", re.MULTILINE)
_UNQUOTED = re.compile(
    r"^(title|abstract|venue|journal|booktitle|note|key|description|papers)"
    r"(:[ \t]+)(?![\"'|>])(\S.*)$",
    re.MULTILINE | re.IGNORECASE,
)
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


def _quoted(field: re.Match[str]) -> str:
    return f"{field[1]}{field[2]}'{field[3].replace(chr(39), chr(39) * 2)}'"


def _explained(error: yaml.YAMLError, text: str, line: int) -> FrontMatterError:
    said = getattr(error, "problem", None) or "a character that YAML does not allow"
    mark = getattr(error, "problem_mark", None)
    position = getattr(error, "position", 0)  # of a ReaderError, which has no mark
    at = mark.line if mark else text.count("\n", 0, position)
    return FrontMatterError(f"has front matter that is no YAML: {said}", line + at)


def _parse(text: str, line: int) -> list[tuple[str, Value]]:
    """Names and values of the first mapping in a text that begins at `line`."""
    events = yaml.parse(text, Loader=yaml.SafeLoader)
    for event in events:
        if isinstance(event, yaml.MappingStartEvent):
            return _pairs(event, events, line, 0)
        if isinstance(event, yaml.NodeEvent):
            break
    raise FrontMatterError("has front matter without fields", line)


def _value(event: yaml.Event, events: Iterator[yaml.Event], line: int, depth: int) -> Value:
    _check(event, line, depth)
    if isinstance(event, yaml.SequenceStartEvent):
        items = _until(events, yaml.SequenceEndEvent)
        return [_value(item, events, line, depth + 1) for item in items]
    if isinstance(event, yaml.MappingStartEvent):
        fields: dict[str, Value] = {}
        for name, value in _pairs(event, events, line, depth):
            fields.setdefault(name, value)
        return fields
    text: str = event.value if isinstance(event, yaml.ScalarEvent) else ""
    plain = isinstance(event, yaml.ScalarEvent) and event.style is None
    return "" if plain and text in _NOTHING else _NO_TEXT.sub(" ", text)


def _pairs(
    event: yaml.Event, events: Iterator[yaml.Event], line: int, depth: int
) -> list[tuple[str, Value]]:
    _check(event, line, depth)
    pairs = []
    for name in _until(events, yaml.MappingEndEvent):
        known = str(_value(name, events, line, depth + 1))
        pairs.append((known, _value(next(events), events, line, depth + 1)))
    return pairs


def _check(event: yaml.Event, line: int, depth: int) -> None:
    """Raise FrontMatterError where a value is made to harm, or refers to another."""
    at = line + event.start_mark.line if event.start_mark else line
    if depth > DEEPEST:
        raise FrontMatterError("has front matter that is nested too deeply", at)
    if isinstance(event, yaml.NodeEvent) and event.anchor:
        raise FrontMatterError(
            "has front matter with anchors or aliases (& or *): not supported", at
        )


def _until(events: Iterator[yaml.Event], end: type[yaml.Event]) -> Iterator[yaml.Event]:
    """The events up to one of a kind; each is the beginning of a value that the caller consumes."""
    for event in events:
        if isinstance(event, end):
            return
        yield event


# What escapes in double quotes can bring in and no file has once it is decoded: control
# characters, ends of lines that only some programs see, and halves of letters in UTF-16.
_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
