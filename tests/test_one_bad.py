"""One bad entry among many good ones costs none of them, and is said with file and line.

`tests/fuzz/bad/` holds the bad ones, a file and a row each. The tests put each among ten good
ones; `python -m tests.test_one_bad --count 999` among as many as one likes, with every site
published and read again from disk.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import click
import pytest
from click.testing import CliRunner

from generator.build import build
from generator.cli import main
from generator.load import Loaded, Means, Order, Report, load
from generator.model import Format, Problem
from generator.output import described
from generator.plan import plan

FOLDER = Path(__file__).parent / "fuzz" / "bad"
TODAY = "2026-01-02"
FEW = 10
# What the words for a number are made of, so that no two titles and abstracts are alike.
SYLLABLES = ("ba", "de", "fi", "go", "ku", "la", "me", "ni", "po", "ru")
FILES = {
    "bib": "refs.bib",
    "csl": "refs.json",
    "csv": "refs.csv",
    "dump": "listing.txt",
    "note": "note{}.md",
    "ris": "refs.ris",
    "xml": "refs.xml",
}


HEADER = "title,authors,year,abstract,doi,url\n"


@dataclass(frozen=True, slots=True)
class Bad:
    """A bad text, where it is put, and what has to become of it (`tests/fuzz/bad/README.md`)."""

    name: str
    at: str
    papers: int
    lost: int
    said: str

    @property
    def format(self) -> str:
        """The format of the files that it is put into."""
        return self.name.partition("/")[0]

    @property
    def text(self) -> bytes:
        """What stands in the file."""
        return (FOLDER / self.name).read_bytes()


def table() -> Iterator[Bad]:
    """The rows of the table."""
    for line in (FOLDER / "expected.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            name, at, papers, lost, said = line.split("\t")
            yield Bad(name, at, int(papers), int(lost), said)


BAD = tuple(table())


# --- a folder with one bad entry ----------------------------------------------------------------


def good(form: str, number: int) -> bytes:
    """One good entry; no two look alike."""
    word = "".join(SYLLABLES[int(digit)] for digit in f"{number:04}")
    prose = (
        f"We study how {word} networks learn and show that {word} methods keep what they have "
        f"learned once before, in {number} cases out of twelve and on all of the {word} data."
    )
    title = f"Good {word.title()} Networks"
    return {
        "bib": f"@article{{good{number:04},\n  title = {{{title}}},\n  author = {{Smith, Ada}},\n"
        f"  year = 2020,\n  abstract = {{{prose}}}\n}}\n\n",
        "csl": f'{{"id": "good{number:04}", "type": "book", "title": "{title}",\n "author": '
        f'[{{"family": "Smith", "given": "Ada"}}], "abstract": "{prose}"}}\n',
        "csv": f'{"" if number else HEADER}{title},Ada Smith,2020,"{prose}"\n',
        "dump": f"{title}\n{prose}\n\n",
        "note": f"---\ntitle: {title}\nauthors: [Ada Smith]\nyear: 2020\n---\n{prose}\n",
        "ris": f"TY  - JOUR\nID  - good{number:04}\nTI  - {title}\nAU  - Smith, Ada\nPY  - 2020\n"
        f"AB  - {prose}\nER  - \n\n",
        "xml": f'<mods ID="good{number:04}"><titleInfo><title>{title}</title></titleInfo>\n'
        f"<name><namePart>Smith, Ada</namePart></name><abstract>{prose}</abstract></mods>\n",
    }[form].encode()


def write(folder: Path, bad: Bad | None, form: str, count: int) -> tuple[str, int]:
    """A folder of so many good entries and the bad one; its file, and the line before it."""
    folder.mkdir(parents=True, exist_ok=True)
    if form == "note":
        for number in range(count):
            (folder / f"note{number:04}.md").write_bytes(good(form, number))
    place = "note0004-bad.md" if form == "note" else f"bad-{FILES[form]}"
    half = count if bad and bad.at == "end" else count // 2
    before = b"".join(good(form, number) for number in range(half))
    behind = b"".join(good(form, number) for number in range(half, count))
    among = b"" if bad is None or bad.at == "own" else bad.text + (b"" if half == count else b"\n")
    if form != "note":
        (folder / FILES[form]).write_bytes(before + among + behind)
    if bad and bad.at == "own":
        (folder / place).write_bytes(bad.text)
        return place, 0
    return FILES[form], before.count(b"\n")


# --- what has to hold ---------------------------------------------------------------------------


def check(bad: Bad, report: Report, place: tuple[str, int], count: int) -> None:
    """The records add up, the bad one is counted as expected, and said where it stands."""
    assert report.records == report.papers + report.merged + report.quarantined
    said = (report.papers - bad.papers, report.merged, report.quarantined)
    assert said == (count, 0, bad.lost), [str(problem) for problem in report.problems]
    _check_said(bad, report.problems, place)


def _check_said(bad: Bad, problems: Sequence[Problem], place: tuple[str, int]) -> None:
    """The problem that the row tells is among those of the build, at its file and line."""
    file, before = place
    severity, line, words = re.fullmatch(r"(\w+) (\d+): (.*)", bad.said).groups()  # type: ignore[union-attr]  # rows are so
    words = re.sub(r"\{(\d+)\}", lambda found: str(int(found[1]) + before), words)
    there = [
        problem.message
        for problem in problems
        if (problem.where.file, problem.where.line) == (file, before + int(line))
        and problem.severity == severity
    ]
    assert any(words in message for message in there), [str(problem) for problem in problems]


def _titles(form: str, count: int) -> set[str]:
    return {
        re.search(r"Good \w+ Networks", good(form, number).decode())[0]  # type: ignore[index]  # it is there
        for number in range(count)
    }


def ids(bad: Bad) -> str:
    """How a row is named in the output of the tests."""
    return bad.name


@pytest.mark.parametrize("bad", BAD, ids=ids)
def test_one_bad_entry_costs_no_other(bad: Bad, tmp_path: Path) -> None:
    """Every good entry has its page, and the bad one is said with its file and line."""
    place = write(tmp_path, bad, bad.format, FEW)
    loaded = load(Order((tmp_path,), tmp_path / "_site", TODAY, executor="inline"), Means())
    check(bad, loaded.report, place, FEW)
    assert _titles(bad.format, FEW) <= {paper.title for paper in loaded.library.papers}
    assert {f"papers/{paper.id}.html" for paper in loaded.library.papers} <= paths(loaded)


def paths(loaded: Loaded) -> set[str]:
    """The files that the site would have."""
    return {output.path for output in described(plan(loaded))}


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder of good entries of each format, built."""
    folders = {form: tmp_path_factory.mktemp(form) for form in get_args(Format)}
    for form, folder in folders.items():
        publish_good(folder, form, FEW)
    return folders


@pytest.mark.parametrize("bad", BAD, ids=ids)
def test_strict_publishes_nothing(bad: Bad, sites: dict[str, Path]) -> None:
    """With --strict an error or a warning ends with 1, and what was published stays; a note not."""
    folder = sites[bad.format]
    write(folder, bad, bad.format, FEW)
    try:
        check_strict(bad, folder)
    finally:
        publish_good(folder, bad.format, FEW)


def check_strict(bad: Bad, folder: Path) -> None:
    """The command refuses what is worse than a note, and leaves the published site as it was."""
    before = tree(folder / "_site")
    command = ["build", str(folder), "--strict", "--json", "--executor", "inline"]
    ended = CliRunner().invoke(main, command)
    serious = not bad.said.startswith("note")
    assert ended.exit_code == serious, ended.output
    assert not serious or tree(folder / "_site") == before


def publish_good(folder: Path, form: str, count: int) -> None:
    """Publish the good entries alone; the bad one goes, where there is one."""
    for path in folder.glob("*bad*"):
        path.unlink()
    write(folder, None, form, count)
    published(folder)


def published(folder: Path) -> Report:
    """Publish what is in a folder."""
    return build(Order((folder,), folder / "_site", TODAY, executor="inline"), lambda *_: None)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_there_are_thirty_kinds_in_every_format() -> None:
    """Each format has at least thirty rows, and each file its row."""
    files = {path.relative_to(FOLDER).as_posix() for path in FOLDER.glob("*/*") if path.is_file()}
    assert files == {bad.name for bad in BAD}
    assert all(sum(bad.format == form for bad in BAD) >= 30 for form in get_args(Format))


# --- among as many as one likes -----------------------------------------------------------------


def run(count: int, form: str) -> tuple[int, list[str]]:
    """Every bad one of a format among so many good ones, published: how many, and what failed."""
    tried, failures = 0, []
    with tempfile.TemporaryDirectory(prefix="bibpress-one-bad-") as name:
        folder = Path(name) / "papers"
        publish_good(folder, form, count)
        for bad in (bad for bad in BAD if bad.format == form):
            tried += 1
            try:
                check_published(bad, folder, count)
            except AssertionError as error:
                failures.append(f"{bad.name}: {error}")
            for path in folder.glob("*bad*"):
                path.unlink()
    return tried, failures


def check_published(bad: Bad, folder: Path, count: int) -> None:
    """Refused with --strict; without it every good entry has its page in the published site."""
    place = write(folder, bad, bad.format, count)
    check_strict(bad, folder)
    check(bad, published(folder), place, count)
    lines = (folder / "_site/data/papers.jsonl").read_text(encoding="utf-8").splitlines()
    papers = {paper["title"]: paper["id"] for paper in map(json.loads, lines)}
    lost = _titles(bad.format, count) - papers.keys()
    assert not lost, f"{len(lost)} papers lost: {min(lost)}"
    pages = {path.stem for path in (folder / "_site/papers").glob("*.html")}
    assert pages.issuperset(papers.values()), "a paper has no page"


def program(arguments: Sequence[str]) -> int:
    """Run what the command line says, print a table; 1 if a good entry was ever lost."""
    parser = argparse.ArgumentParser("python -m tests.test_one_bad", description=__doc__)
    parser.add_argument("--count", type=int, default=999, help="good entries, at most 9,999")
    count = parser.parse_args(arguments).count
    failed = False
    click.echo(f"{'format':<8}{'good':>8}{'kinds of bad':>14}{'failures':>10}{'seconds':>9}")
    for form in get_args(Format):
        start = time.monotonic()
        tried, failures = run(count, form)
        taken = time.monotonic() - start
        click.echo(f"{form:<8}{count:>8,}{tried:>14}{len(failures):>10}{taken:>9.0f}")
        for failure in failures:
            click.echo(f"  {failure[:300]}")
        failed = failed or bool(failures)
    return int(failed)


if __name__ == "__main__":
    sys.exit(program(sys.argv[1:]))
