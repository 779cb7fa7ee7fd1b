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
    if first.rstrip() != "---":
        raise FrontMatterError("has no front matter (lines between --- and ---)")
    end = _END.search(rest)
    if not end:
        raise FrontMatterError("has front matter that no line --- ends", line)
    return rest[: end.start()], rest[end.end() :], line + 1


def parse(text: str, line: int) -> dict[str, Value]:
    """The fields of front matter that begins at `line`, by name in lower case; of two the first.

    A title with a colon in it needs quotes in YAML; where only that is wrong, it is read all the
    same. Raises FrontMatterError.
    """
    if len(text) > LONGEST:
        raise FrontMatterError(f"has front matter of more than {LONGEST:,} characters", line)
    try:
        value = _parse(text)
    except yaml.YAMLError as error:
        try:
            value = _parse(_UNQUOTED.sub(_quoted, text))
        except yaml.YAMLError:
            raise _explained(error, line) from error
    if not isinstance(value, dict):
        raise FrontMatterError("has front matter without fields", line)
    return {name.lower().replace("-", "_"): item for name, item in value.items()}


_END = re.compile(r"^(?:---|\.\.\.)[ \t]*$\n?", re.MULTILINE)
_UNQUOTED = re.compile(
    r"^(title|abstract|venue|journal|booktitle|note|key)(:[ \t]+)(?![\"'|>])(\S.*)$",
    re.MULTILINE | re.IGNORECASE,
)
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})


def _quoted(field: re.Match[str]) -> str:
    return f"{field[1]}{field[2]}'{field[3].replace(chr(39), chr(39) * 2)}'"


def _explained(error: yaml.YAMLError, line: int) -> FrontMatterError:
    mark = getattr(error, "problem_mark", None)
    said = getattr(error, "problem", None) or "not YAML"
    at = line + mark.line if mark else 0
    return FrontMatterError(f"has front matter that is no YAML: {said}", at)


def _parse(text: str) -> Value:
    events = yaml.parse(text, Loader=yaml.SafeLoader)
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            return _value(next(events), events, 0)
    return ""


def _value(event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Value:
    if depth > DEEPEST:
        raise FrontMatterError("has front matter that is nested too deeply")
    if isinstance(event, yaml.NodeEvent) and event.anchor:
        raise FrontMatterError("has front matter with anchors or aliases (& or *): not supported")
    if isinstance(event, yaml.SequenceStartEvent):
        return [_value(item, events, depth + 1) for item in _until(events, yaml.SequenceEndEvent)]
    if isinstance(event, yaml.MappingStartEvent):
        fields: dict[str, Value] = {}
        for name in _until(events, yaml.MappingEndEvent):
            known = _value(name, events, depth + 1)
            value = _value(next(events), events, depth + 1)
            fields.setdefault(str(known), value)
        return fields
    text: str = event.value if isinstance(event, yaml.ScalarEvent) else ""
    plain = isinstance(event, yaml.ScalarEvent) and event.style is None
    return "" if plain and text in _NOTHING else text


def _until(events: Iterator[yaml.Event], end: type[yaml.Event]) -> Iterator[yaml.Event]:
    """The events up to one of a kind; each is the beginning of a value that the caller consumes."""
    for event in events:
        if isinstance(event, end):
            return
        yield event
