"""Each file below `tests/sources/FORMAT/` is read as its .json twin says.

Adding a case is adding a file to `good` or `bad`; `python -m tests.test_sources_examples` writes
the twins anew, to be read in review.
"""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any, cast, get_args

import pytest

from generator import sources
from generator.model import Format, Record, SourceText

FOLDER = Path(__file__).parent / "sources"
EXAMPLES = tuple(path for path in sorted(FOLDER.glob("*/*/*")) if path.suffix != ".json")


def read(path: Path) -> SourceText:
    """What an example says; the folder names its format."""
    form = path.relative_to(FOLDER).parts[0]
    assert form in get_args(Format)
    return sources.read(path.name, path.read_bytes(), cast(Format, form))


def as_json(text: SourceText) -> dict[str, Any]:
    """A source's text as plain data, empty fields left out."""
    parts = {
        "format": text.format,
        "records": [record_as_json(record) for record in text.records],
        "problems": [f"{problem.severity} {problem}" for problem in text.problems],
        "quarantined": [[where.line, where.end] for where in text.quarantined],
        "ignored": [list(lines) for lines in text.ignored],
        "leftover": [f"{line}: {shown}" for line, shown in text.leftover],
    }
    return {name: part for name, part in parts.items() if part}


def record_as_json(record: Record) -> dict[str, Any]:
    """A record as plain data."""
    plain: dict[str, Any] = {"lines": [record.where.line, record.where.end]}
    shown: dict[str, Any] = {
        "authors": [
            name.family + f"|{name.given}|{name.suffix}".rstrip("|") + "*" * name.group
            for name in record.authors
        ],
        "links": {link.label: link.url for link in record.links},
        "details": dict(record.details),
        "body": record.body.split("\n") if record.body else [],
    }
    for field in fields(record):
        value = shown.get(field.name, getattr(record, field.name))
        if field.name not in {"where", "format"} and value and value != "misc":
            plain[field.name] = value
    return plain


def twin(path: Path) -> Path:
    """Where what is expected of an example is written down."""
    return path.with_suffix(".json")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_example_is_read_as_its_twin_says(path: Path) -> None:
    """Records, problems, ignored and left-over lines of each example are those written down."""
    said = json.loads(json.dumps(as_json(read(path))))
    assert said == json.loads(twin(path).read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_good_examples_have_no_problems_and_bad_ones_do(path: Path) -> None:
    """What is good is read without a word; what is bad is said, or listed as not understood."""
    text = read(path)
    loud = [problem for problem in text.problems if problem.severity != "note"]
    if path.parent.name == "good":
        assert loud == []
    else:
        assert text.problems or text.leftover


def write() -> None:
    """Write every twin from what is read now."""
    for path in EXAMPLES:
        text = json.dumps(as_json(read(path)), indent=1, ensure_ascii=False)
        twin(path).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
