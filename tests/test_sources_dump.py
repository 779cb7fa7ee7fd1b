"""The demo's text files, read by shape alone; and files that are made to take long."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator import sources
from generator.model import SourceText
from tests.timing import is_linear

CONTENT = Path(__file__).parents[1] / "content"
FURNITURE = [
    "new",
    "Get trending papers in your email inbox!",
    "Subscribe",
    "byAK and the research community",
    "Mar 14",
]
PROSE = (
    "We study how sparse networks learn and show that they keep what they have learned once "
    "before, in ten cases out of twelve and on all of the data that there are for this task."
)


def read(text: str) -> SourceText:
    """What a text file says."""
    return sources.read("a.txt", text.encode(), "dump")


@pytest.mark.parametrize(
    ("name", "records", "titled"),
    [("000", 11, 0), ("001", 11, 0), ("002", 68, 68), ("003", 11, 0), ("004", 149, 149)],
)
def test_seed_files(name: str, records: int, titled: int) -> None:
    """Every abstract is a record, with its title if it has one; words of the page are left over."""
    (path,) = CONTENT.glob(f"{name}_*.txt")
    text = sources.read(path.name, path.read_bytes(), "dump")
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line]
    assert (len(text.records), sum(bool(r.title) for r in text.records)) == (records, titled)
    assert [shown for _, shown in text.leftover] == (FURNITURE if titled else [])
    assert len(lines) == records + titled + len(text.leftover)
    assert text.problems == ()


def test_neighbours_say_whether_a_short_line_is_a_title() -> None:
    """Above many untitled abstracts a short line is a header; among titled ones it is a title."""
    untitled = read("My list of abstracts\n" + f"{PROSE}\n" * 6)
    assert [record.title for record in untitled.records] == [""] * 6
    assert [shown for _, shown in untitled.leftover] == ["My list of abstracts"]
    titled = read(f"A title.\n\n{PROSE}\n\n" * 6)
    assert [record.title for record in titled.records] == ["A title."] * 6


def test_too_much_text_is_no_one_abstract() -> None:
    """Untitled paragraphs under a title are its abstract, unless they are too many for one."""
    few = read(f"A title\n\n{PROSE}\n\n{PROSE}\n\nAnother\n\n{PROSE}\n")
    many = read(f"A title\n\n{PROSE}\n\n" + f"{PROSE}\n\n" * 5)
    assert (len(few.records), len(many.records)) == (2, 6)


def test_repeated_lines_are_the_page_and_not_the_paper() -> None:
    """What stands above several different abstracts is no title of any."""
    papers = [f"Title {i}\n\nOpen Archive\n\n{i} {PROSE}" for i in range(4)]
    text = read("\n\n".join(papers))
    assert [record.title for record in text.records] == [f"Title {i}" for i in range(4)]


def test_very_long_text_is_cut() -> None:
    """Nobody's abstract has more than 100,000 characters; it is cut, and said."""
    text = read(f"A title\n\n{PROSE * 600}\n")
    assert len(text.records[0].abstract) <= 100_000
    assert "cut" in text.problems[0].message


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a\n" * 100_000, id="short lines"),
        pytest.param("Title:\n" * 30_000, id="labels without values"),
        pytest.param("Year: 2020\n" * 20_000, id="values without titles"),
        pytest.param(f"{PROSE}\n" * 1_500, id="prose"),
        pytest.param("View PDF\n\n" * 20_000 + PROSE, id="furniture"),
        pytest.param("1. a\n" * 40_000, id="numbers"),
        pytest.param("".join(f"{i}. a\n" for i in range(20_000)), id="counting"),
        pytest.param("a-\nb" * 50_000, id="hyphens"),
        pytest.param("word " * 40_000, id="one long line"),
        pytest.param("Ada Smith, " * 20_000, id="names"),
        pytest.param("cookie " * 30_000, id="boilerplate"),
        pytest.param("arXiv:" * 30_000, id="ids"),
        pytest.param("\t" * 200_000, id="tabs"),
        pytest.param("a\t" * 100_000, id="cells"),
        pytest.param("Code " * 100 + "\n" + "Code is \n" * 20_000, id="code"),
        pytest.param("(" * 200_000, id="parentheses"),
        pytest.param("10.1000" * 30_000, id="almost a DOI"),
        pytest.param("\\\\\n" * 60_000, id="rules"),
        pytest.param("." * 200_000, id="full stops"),
        pytest.param("A. " * 60_000, id="initials"),
    ],
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    """All of it takes about sixteen times as long as a sixteenth of it; a square, 256 times."""
    assert is_linear(lambda size: read(text[:size]), len(text) // 2)
