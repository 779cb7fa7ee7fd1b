"""The benchmark of builds measures what it says: on ten papers, without Hugo."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from generator import sources
from generator.model import Record, Where
from generator.text import segments
from tests.bench import edits, hugo, memory
from tests.bench.builds import (
    ADD,
    COLD,
    EDIT,
    EDIT_AGAIN,
    PEER,
    SAME,
    STEPS,
    Build,
    Collection,
    Target,
    as_json,
    builds_table,
    measured,
    ratio,
    reached,
    sizes_table,
)
from tests.bench.memory import run

WORDS = ("pruning", "graphs", "robots", "vision", "speech", "proteins", "privacy", "planning",
         "fairness", "translation")  # fmt: skip
HEAD = "% ten papers\n\n"
ENTRIES = tuple(
    f"@article{{key{i},\n  title = {{On {word} and the number {i}}},\n"
    f"  author = {{{word.title()}, Ada and Jones, Bo}},\n  year = {{{2010 + i}}},\n"
    f"  journal = {{Journal of {word}}},\n"
    f"  abstract = {{We study {word} at last. Nothing like {word} has been studied with such care"
    f" in the last {i + 2} years. It takes $a_{{{i}}} + b$ steps. It costs \\${i}."
    f" All is paid in US\\$.}}\n}}\n\n"
    for i, word in enumerate(WORDS)
)
TEN = HEAD + "".join(ENTRIES)


def records(text: str) -> Sequence[Record]:
    """What our reader finds in a .bib, every part of it but the place."""
    read = sources.read("ten.bib", text.encode(), "bib")
    return [replace(record, where=Where("")) for record in read.records]


# --- edits --------------------------------------------------------------------------------------


def test_pieces_put_together_are_the_file() -> None:
    """A piece a paper; what stands between two papers belongs to the first."""
    assert edits.read(TEN) == edits.Bibliography(HEAD, ENTRIES)
    assert str(edits.read(TEN)) == TEN


def test_commands_come_first() -> None:
    """A @string stays when the paper before it is taken away."""
    string = '@string{j = "Journal"}\n'
    first, second = ENTRIES[:2]
    assert edits.read(first + string + second) == edits.Bibliography(string, (first, second))


def test_part_is_from_all_over() -> None:
    """A part of a sorted file has papers of all years; more than there are is all."""
    whole = edits.read(TEN)
    assert edits.part(whole, 3).entries == (ENTRIES[0], ENTRIES[3], ENTRIES[6])
    assert edits.part(whole, 11) == whole


def test_histories_change_one_paper_at_a_time() -> None:
    """Nine come; one is edited, another is; the tenth comes: and all of it elsewhere each run."""
    changed = set()
    for first, edited, edited_again, added in edits.histories(edits.read(TEN), 3, 1):
        versions = [dict.fromkeys(records(text)) for text in (first, edited, edited_again, added)]
        keys = [{record.key for record in version} for version in versions]
        assert [len(version) for version in versions] == [9, 9, 9, 10]
        assert keys[0] == keys[1] == keys[2] < keys[3]
        for before, after in pairwise(versions):
            (new,) = after.keys() - before.keys()
            changed.add(new.key)
    assert len(changed) == 9


def test_too_few_papers_are_told() -> None:
    """Ten papers are not enough for twelve changes."""
    with pytest.raises(LookupError, match="10 papers have an abstract, and 12 are to be changed"):
        next(edits.histories(edits.read(TEN), 4, 1))


def test_edit_is_of_the_abstract() -> None:
    """A whole sentence comes before the others, and nothing else changes."""
    edited = edits.with_sentence(ENTRIES[0], "All is new.")
    assert edited == ENTRIES[0].replace("{We study", "{All is new. We study")


def test_guests_are_what_changes() -> None:
    """Where the collection's own abstracts must stay as they are, others' are edited and come."""
    own, guests = edits.read(ENTRIES[0]), edits.read("".join(ENTRIES[1:]))
    for history in edits.visits(own, guests, 2, 1):
        assert all(text.startswith(ENTRIES[0]) for text in history)
        assert [len(records(text)) for text in history] == [3, 3, 3, 4]
        assert len(set(history)) == 4


def test_mixed_papers_are_many_and_different(tmp_path: Path) -> None:
    """Our reader finds as many as were asked for, with whole formulas; each time the same ones."""
    file = tmp_path / "ten.bib"
    file.write_text(TEN)
    text = "".join(edits.mixed(file, 40, 1))
    read = sources.read("mixed.bib", text.encode(), "bib")
    assert len({record.abstract for record in read.records}) > 35
    assert len({record.key for record in read.records}) == 40
    assert not read.problems
    maths = {part for r in read.records for is_math, part in segments(r.abstract) if is_math}
    assert maths <= {f"a_{{{i}}}~+~b" for i in range(10)}
    assert text == "".join(edits.mixed(file, 40, 1))


# --- what a command takes -----------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="memory is told on Linux only")
def test_memory_of_children_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A child's 60 MB are the command's, and so is its work; what it says is handed back."""
    seen = tmp_path / "seen"

    def looked(pid: int) -> int:
        if (found := looking(pid)) > 60_000_000:
            seen.touch()  # only now may the child end, however late it was looked at
        return found

    looking = memory._bytes
    monkeypatch.setattr(memory, "_bytes", looked)
    child = (
        "import os, time; held = b'x' * 60_000_000; end = time.monotonic() + 50\n"
        f"while not os.path.exists({str(seen)!r}) and time.monotonic() < end: time.sleep(0.1)"
    )
    parent = (
        f"import subprocess, sys; print('said'); subprocess.run([sys.executable, '-c', {child!r}])"
    )
    ran = run([sys.executable, "-c", parent], tmp_path)
    assert 60_000_000 < ran.memory < 120_000_000
    assert 0 < ran.work < ran.seconds < 600
    assert ran.output == "said\n"


def test_failure_is_told_with_what_was_said(tmp_path: Path) -> None:
    """A command that fails has no figures, but its last words."""
    with pytest.raises(subprocess.CalledProcessError) as caught:
        run([sys.executable, "-c", "import sys; sys.exit('no such thing')"], tmp_path)
    assert caught.value.returncode == 1
    assert caught.value.stderr == "no such thing\n"


# --- a run --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Build]]:
    """Where a run of ten papers has left its site, and what was measured."""
    folder = tmp_path_factory.mktemp("run")
    histories = tuple(edits.histories(edits.read(TEN), 1, 1))
    (built,) = measured(Collection("ten", "papers.bib", histories), folder, None)
    return folder / "run-0" / "published", dict(built)


def test_run_builds_each_version(published: tuple[Path, dict[str, Build]]) -> None:
    """From nothing, with nothing changed, after an edit, after another, after a paper has come."""
    _, built = published
    assert tuple(built) == STEPS
    assert [built[step].papers for step in STEPS] == [9, 9, 9, 9, 10]
    assert built[COLD].made == built[COLD].files
    assert built[SAME].made == 0
    for step in (EDIT, EDIT_AGAIN, ADD):
        assert 0 < built[step].made < built[step].files


def test_hugo_gets_all_papers(published: tuple[Path, dict[str, Build]], tmp_path: Path) -> None:
    """Each with its authors, topics, year, abstract and BibTeX, and layouts to show them."""
    site, _ = published
    wanted = hugo.write(site, tmp_path)
    assert wanted["papers/*.html"] == wanted["papers/*.bib"] == 10
    assert wanted["authors/*.html"] == 11
    assert wanted["years/*.html"] == 10
    pages = sorted((tmp_path / "content" / "papers").glob("*.md"))
    assert len(pages) == 10
    page = json.loads(pages[0].read_text())
    assert page["authors"][1] == "Bo Jones"
    assert page["bibtex"].startswith("@article{key")
    assert "We study" in page["abstract"]
    assert page["date"] == f"{page['years'][0]}-01-01"
    assert json.loads((tmp_path / "hugo.json").read_text())["outputs"]["page"] == ["html", "bib"]
    assert (tmp_path / "layouts" / "page.html").is_file()


def test_missing_files_are_noticed(tmp_path: Path) -> None:
    """A peer that did not make its pages has no time that counts; an index is no such page."""
    (tmp_path / "papers").mkdir()
    for name in ("a", "index"):
        (tmp_path / "papers" / f"{name}.html").touch()
    assert hugo.check({"papers/*.html": 1}, tmp_path) == 2
    with pytest.raises(LookupError, match="1 of papers"):
        hugo.check({"papers/*.html": 2}, tmp_path)


# --- what is told -------------------------------------------------------------------------------


def a_run(theirs: float, ours: float) -> dict[str, Build]:
    """A run in which all of our builds took the same."""
    run = {step: Build(ours, ours, 500_000_000, 100, 200, 1) for step in STEPS}
    return {PEER: Build(theirs, theirs, 9_000_000, 100, 150, 150), **run}


RUNS = [a_run(10, 2), a_run(40, 4), a_run(9, 3)]


def test_ratio_is_taken_within_a_run() -> None:
    """A slow moment that hits both does not change it; without Hugo there is none."""
    assert ratio(RUNS, COLD) == pytest.approx(1 / 5)
    assert ratio([{COLD: RUNS[0][COLD]}], COLD) is None


def test_tables_tell_medians() -> None:
    """A line for each kind of build, a line for each size."""
    told = str(builds_table("ten", RUNS))
    assert "| Hugo, cold | 10.00 | 9.00 to 40.00 | 1.00 | 10.00 | 9 | 150 | 150 |" in told
    assert "| cold | 3.00 | 2.00 to 4.00 | 1/5 | 3.00 | 500 | 200 | 1 |" in told
    assert "| 100 | 3.0 | 30.00 | 500 | 5000 |" in str(sizes_table({"ten": RUNS}))


def test_targets_are_judged() -> None:
    """Parts of Hugo's time, seconds, bytes and files, each by itself; what was not run is not."""
    target = Target("ten", COLD, part=1 / 4, seconds=2, memory=600_000_000, files=0.004)
    figures = list(reached(target, {"ten": RUNS}))
    assert [figure.is_met for figure in figures] == [True, False, True, False]
    assert figures[0].reached == "1/5 (3.0 s : 10.0 s)"
    assert not list(reached(target, {}))


def test_raw_numbers_are_all_there() -> None:
    """Every build of every run, by name."""
    raw = json.loads(as_json({"date": "2026-01-01"}, {"ten": RUNS}))
    assert raw["runs"]["ten"][1][COLD]["seconds"] == 4
    assert [set(run) for run in raw["runs"]["ten"]] == [{PEER, *STEPS}] * 3
