"""Input made to take for ever, or all memory: none does, and the other papers stay.

A short version of `python -m tests.bombs`. Of a bomb that is named here, that command tells more:
`python -m tests.bombs --part bombs --short --only NAME`.
"""

from __future__ import annotations

import os
import re
import tracemalloc
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator.cli import main
from generator.sources import bib, csl, table
from generator.sources.blocks import nested
from generator.text import decode, encode, markup
from tests.bombs import run
from tests.bombs.all import BOMBS
from tests.bombs.bomb import Bomb, write
from tests.bombs.collection import FILES, Field
from tests.bombs.growth import functions_that_grow, growing, patterns_that_grow
from tests.bombs.patterns import attacks, repeats_a_group, used
from tests.timing import stopped_after

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes, links and modes")

# Of the bombs that are sources, every so manieth goes off here, all at once.
STEP = 6
PLACES = [bomb for bomb in BOMBS if bomb.lay.__module__ == "tests.bombs.in_places"]
ALONE = {bomb.name: bomb for bomb in PLACES if bomb.meddle or bomb.name == "pipes"}
STOPPING = [bomb for bomb in BOMBS if bomb.stops]
SOURCES = [bomb for bomb in BOMBS if bomb not in PLACES and not bomb.stops]


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> Field:
    """A small collection to blow bombs up in."""
    return Field(tmp_path_factory.mktemp("bombs")).made()


def together(bombs: Sequence[Bomb]) -> Bomb:
    """Many bombs in one collection, the sources of each in a folder of its own."""

    def lay(folder: Path, _n: int) -> None:
        for number, bomb in zip(count(), bombs, strict=False):
            own = folder / f"own{number}"
            (own / "content").mkdir(parents=True)
            bomb.lay(own, bomb.short)
            (own / "content").rename(folder / "content" / f"bomb{number}")

    return Bomb("many", lay, 0, 0)


def test_sources_that_are_bombs(field: Field) -> None:
    """Nesting, doubling, crowds, rings, endless lines: a site, within bounds, nothing else lost."""
    blast, wrong = field.blown(together(SOURCES[::STEP]), 0)
    assert wrong == []
    assert blast.report["papers"] > len(SOURCES[::STEP])


def test_places_that_are_bombs(field: Field) -> None:
    """Devices, sockets, rings of links, folders named like files, files of a terabyte."""
    bombs = [bomb for bomb in PLACES if bomb.name not in ALONE and not bomb.stops]
    assert field.blown(together(bombs), 0)[1] == []


@pytest.mark.parametrize("bomb", ALONE.values(), ids=ALONE)
def test_a_place_that_is_a_bomb(field: Field, bomb: Bomb) -> None:
    """Nobody waits at a pipe that stands for a settings file; sources may change while we read."""
    assert field.blown(bomb, bomb.short)[1] == []


@pytest.mark.parametrize("bomb", STOPPING, ids=lambda bomb: bomb.name)
def test_settings_that_are_bombs(tmp_path: Path, bomb: Bomb) -> None:
    """Settings gone wrong are one line that can be read, soon, and nothing is published."""
    write(tmp_path, FILES)
    bomb.lay(tmp_path, bomb.short)
    with stopped_after(run.SECONDS):
        done = CliRunner().invoke(main, ["build", str(tmp_path), "-o", str(tmp_path / "out")])
    said = [line for line in done.stderr.splitlines() if line.startswith("bibpress: ")]
    assert done.exit_code in (1, 2)
    assert len(said) == 1
    assert len(said[0]) < 2_000
    assert not (tmp_path / "out").exists()


def test_every_regular_expression_is_linear() -> None:
    """Found in the modules, and asked over texts made of their own parts."""
    assert [*patterns_that_grow(20)] == []


def test_no_regular_expression_repeats_a_group_possessively() -> None:
    """Python before 3.11.5 gets that wrong: names lose their initials, texts their addresses."""
    assert [each.where for each in used()[0] if repeats_a_group(each.pattern)] == []


@pytest.mark.parametrize(
    ("source", "wrong"),
    [("(?:ab|c)*+", True), ("x(?:y(ab)?+)", True), ("[ab]*+", False), ("(?>(?:ab|c)*)", False)],
)
def test_a_group_that_is_repeated_possessively_is_found(source: str, wrong: bool) -> None:
    """Wherever it stands; a class of characters may be repeated so."""
    assert repeats_a_group(re.compile(source)) is wrong


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (nested(5), "{" + "{}" * 200_000 + "}"),
        (bib._PLAIN_FIELD, 'a="' + "{}" * 200_000 + '",'),
        (csl._TOKEN, '"' + r"\a" * 200_000 + '"'),
        (table._BY_COMMA, '"' + '""' * 200_000 + '",'),
        (decode._DISPLAY, "$$" + r"\a" * 200_000 + "$$"),
        (decode._ENVIRONMENT, r"\begin{align}" + "\\\\" * 200_000 + r"\end{align}"),
        (encode._WORDS_AND_TOKENS, "a\u0301" * 200_000),
        (markup._ADDRESS, "https://a.de/" + "a" * 400_000),
        (markup._ADDRESS, "https://" + "a." * 200_000 + "de"),
    ],
)
def test_what_is_repeated_is_not_kept(pattern: str | re.Pattern[str], text: str) -> None:
    """`re` keeps 60 bytes and more for each repetition it may go back to: 10 MB were a gigabyte."""
    compiled = re.compile(pattern)
    tracemalloc.start()
    found = compiled.match(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found is not None
    assert (found.end(), peak < 3_000_000) == (len(text), True)


def test_every_function_of_a_text_is_linear() -> None:
    """All that are public and read what a source says, over pieces that repeat and that nest."""
    assert [*functions_that_grow(500, step=9)] == []


@pytest.mark.parametrize("source", [r"\s*,\s*$", r"x.*y.*z$"])
def test_what_is_not_linear_is_found(source: str) -> None:
    """The judge itself can tell: a pattern that takes time by the square does not pass."""
    pattern = re.compile(source)
    ways: list[tuple[str, Callable[[str], object]]] = [("search", pattern.search)]
    assert [*growing("here", ways, attacks(pattern, 20))] != []
