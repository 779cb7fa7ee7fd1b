"""Damaged inputs: those that once did harm, and some hundred new ones at every run.

`tests/fuzz/found/TARGET/` holds the first kind; another case is another file there.
`python -m tests.fuzz` tries as many of the second kind as one likes.
"""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fuzz import __main__ as fuzzer
from tests.fuzz import site
from tests.fuzz.edits import KINDS, WHOLE, Edit, drawn, edited, smaller
from tests.fuzz.targets import FOUND, TARGETS, Target

CASES = sorted(path for path in FOUND.glob("*/*") if path.is_file())
# How many inputs a run of the tests tries; a site takes fifty times as long as a file.
EXAMPLES = {"site": 20, "identity": 60, "ledger": 80, "note": 150}
USUAL = 200


def damaged(target: Target) -> st.SearchStrategy[bytes]:
    """Valid inputs of a target after a few edits, as data that Hypothesis can make smaller."""
    places = st.integers(0, WHOLE - 1)
    edits = st.lists(
        st.builds(Edit, st.sampled_from(sorted(KINDS)), places, places,
                  st.sampled_from(target.pieces)),
        min_size=1, max_size=6,
    )  # fmt: skip
    seeds = st.sampled_from(target.seeds)
    return st.builds(edited, seeds, edits, seeds)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_was_found_does_no_harm_any_more(path: Path) -> None:
    """Each input that once failed passes the check of its target."""
    TARGETS[path.parent.name].check(path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_valid_inputs_pass(name: str) -> None:
    """What the damage begins with has nothing wrong with it."""
    for seed in TARGETS[name].seeds:
        TARGETS[name].check(seed)


@pytest.mark.parametrize("name", TARGETS)
def test_damaged_inputs_do_no_harm(name: str) -> None:
    """Nothing raises, nothing is lost, and all that is made can be read, whatever the input."""

    @settings(
        max_examples=EXAMPLES.get(name, USUAL),
        deadline=None,
        suppress_health_check=list(HealthCheck),
        # Making a site's input smaller takes minutes; `python -m tests.fuzz` does it in order.
        phases=[phase for phase in Phase if phase is not Phase.shrink or name != "site"],
    )
    @given(damaged(TARGETS[name]))
    def check(data: bytes) -> None:
        TARGETS[name].check(data)

    check()


def test_the_same_seed_tries_the_same_inputs() -> None:
    """A failure can be had again from the seed alone."""
    pieces = TARGETS["bib"].pieces
    one, other = (
        [drawn(random.Random(5), pieces) for _ in range(3)]  # noqa: S311  # no secret
        for _ in range(2)
    )
    assert one == other


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_edit_damages_every_file(kind: str) -> None:
    """No edit falls on an empty file, and each changes one that is not empty somewhere."""
    edits = [Edit(kind, place, 7, b"x") for place in range(0, WHOLE, WHOLE // 7)]
    assert isinstance(edited(b"", edits, b""), bytes)
    assert any(edited(b"one, two\nthree\n", [edit], b"other") != b"one, two\nthree\n"
               for edit in edits)  # fmt: skip


def test_what_fails_is_made_small() -> None:
    """Of an input that fails only what makes it fail is kept."""
    data = b"one\ntwo BAD three\nfour\n" * 20
    assert smaller(data, lambda part: b"BAD" in part) == b"BAD"


def test_a_failure_is_told_by_its_place() -> None:
    """Failures in one place of the code count once."""
    broken = Target("broken", (b"a",), (b"x",), _broken, 1)
    run = fuzzer.tried(broken, 20, 1)
    assert (run.tried, list(run.failures)) == (20, ["KeyError in _broken"])


def _broken(data: bytes) -> None:
    raise KeyError(data)


def test_a_site_in_one_text_is_its_files() -> None:
    """A line with a known name begins a file; any other line belongs to the file before it."""
    said = b"==== content/dump.txt\nA\n==== no such file\n==== ledger.tsv\nB\n"
    assert site.parts(said) == {
        "content/refs.bib": b"",
        "content/dump.txt": b"A\n==== no such file\n",
        "ledger.tsv": b"B\n",
    }


def test_the_command_ends_well_where_nothing_fails() -> None:
    """`python -m tests.fuzz` prints a line for each target, and exits with 0."""
    command = [sys.executable, "-m", "tests.fuzz", "--count", "20", "--target", "venues"]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ended.stdout.splitlines()[1].split()[:2] == ["venues", "20"]


def test_atheris_tries_what_our_own_engine_tries() -> None:
    """Where it is installed, it runs a target as often as asked, and finds nothing in good code."""
    pytest.importorskip("atheris")
    run = fuzzer.led(TARGETS["venues"], 20, 1)
    assert (run.tried, run.failures) == (20, {})
