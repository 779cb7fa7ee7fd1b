"""`bibpress export`: which papers, in which order, and where to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.cli import main
from tests.conftest import run, write

Export = Callable[..., Result]
BIB = """\
@misc{a, title = {Older}, author = {Smith, Ada}, year = 2018}
@misc{b, title = {Middle}, author = {Smith, Bo and Jones, Cy}, year = 2020}
@article{c, title = {Newer}, author = {Smith, Bo}, journal = {Journal of Things}, year = 2021}
@misc{d, title = {Whenever}, author = {Smithers, Di}}
"""


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Export:
    """Runs `bibpress export refs.bib` with more words, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    Path("refs.bib").write_text(BIB, encoding="utf-8")
    return lambda *words: CliRunner().invoke(main, ["export", "refs.bib", *words])


def titles(done: Result) -> set[str]:
    """The titles in an export in APA."""
    return {word for word in ("Older", "Middle", "Newer", "Whenever") if word in done.stdout}


@pytest.mark.parametrize(
    ("years", "found"),
    [
        ("2020", {"Middle"}),
        ("2018-2020", {"Older", "Middle"}),
        ("2018..2020", {"Older", "Middle"}),
        ("2018–2020", {"Older", "Middle"}),
        ("2020-2018", {"Older", "Middle"}),
        ("2020-", {"Middle", "Newer"}),
        ("2020..", {"Middle", "Newer"}),
        ("-2020", {"Older", "Middle"}),
        ("undated", {"Whenever"}),
        ("", {"Older", "Middle", "Newer", "Whenever"}),
    ],
)
def test_years_are_one_or_a_span(export: Export, years: str, found: set[str]) -> None:
    """Both ends belong; an open end is open; a paper without a year is in no span."""
    assert titles(export("--format", "apa", "--year", years)) == found


def test_a_thing_goes_by_its_name(folder: Path) -> None:
    """Also where its page has another: a topic that was found is called as papers write it most."""
    write(folder, {
        "content/a.bib": "@misc{a, title = {A}, keywords = {robot}}",
        "content/topics.toml": '[[topic]]\nslug = "robot"\nname = "Machines that walk"\n',
    })  # fmt: skip
    done = run("export", "--tag", "machines that walk")
    assert (done.exit_code, done.stdout[:8]) == (0, "@misc{a,")


@pytest.mark.parametrize(
    ("slug", "said"), [("", "Mine"), ("slug = 'wei-wang-steam'", "did you mean wei-wang-")]
)
def test_a_name_that_two_people_have_is_a_slug(folder: Path, slug: str, said: str) -> None:
    """Whose papers are meant cannot be told: those of the page that has it, where one has."""
    napkins = "[[person]]\nname = 'Wei Wang'\nslug = 'wei-wang-napkins'\npapers = ['b']\n"
    steam = f"[[person]]\nname = 'Wei Wang'\n{slug}\n"
    write(folder, {
        "content/a.bib": "@misc{a, title = {Mine}, author = {Wang, Wei}}"
        "@misc{b, title = {Another's}, author = {Wang, Wei}}",
        "content/people.toml": steam + napkins,
    })  # fmt: skip
    done = run("export", "--format", "apa", "--author", "Wei Wang")
    assert (said in done.output, "Another's" in done.output) == (True, False)


@pytest.mark.parametrize(
    "name", ["content/a.bib", "content/new.bib", "bibpress.toml", "ledger.tsv"]
)
def test_nothing_of_a_site_folder_is_written_over(folder: Path, name: str) -> None:
    """Whatever is exported, from wherever: a slip of the hand would cost a collection."""
    write(
        folder, {"content/a.bib": "@misc{a, title = {A}}", "content/b.bib": "@misc{b, title = {B}}"}
    )
    before = (folder / "content/a.bib").read_bytes()
    for source in ((), ("content/b.bib",)):
        done = run("export", *source, "--format", "csv", "-o", name)
        assert (done.exit_code, (folder / "content/a.bib").read_bytes()) == (2, before)


@pytest.mark.parametrize("source", ["refs.bib", "there/refs.bib"])
@pytest.mark.parametrize(
    ("beside", "status"), [({}, 0), ({"bibpress.toml": ""}, 2), ({"ledger.tsv": ""}, 2)]
)
def test_a_folder_of_others_that_has_a_content_is_no_site(
    folder: Path, beside: Mapping[str, str], status: int, source: str
) -> None:
    """An export may go into Hugo's content/; into that of another site of ours it may not."""
    write(folder, {"there/content/post.html": "", **{f"there/{n}": t for n, t in beside.items()}})
    write(folder, {source: "@misc{a, title = {A}}"})
    done = run("export", source, "-o", "there/content/refs.bib")
    assert (done.exit_code, "belongs to the site folder" in done.stderr) == (status, bool(status))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--year", "20x"], "say 2020, 2019-2021, 2020-, -2019 or undated"),
        (["--year", "-"], "say 2020, 2019-2021, 2020-, -2019 or undated"),
        (["--year", "1990-1995"], "no paper is of 1990-1995: those there are go from 2018 to 2021"),
        (["--author", "smith"], "smith.html; did you mean bo-smith, ada-smith, di-smithers?"),
        (["--author", "ada-smyth"], "no page authors/ada-smyth.html; did you mean ada-smith?"),
        (["--venue", "journal"], "no page venues/journal.html; did you mean journal-of-things?"),
        (["--author", "-"], "no page authors/"),
        (["-o", "nodir/x.bib"], "nodir: no such folder"),
        (["-o", "."], "is a folder: name a file in it"),
        (["-o", "refs.bib"], "is a source"),
    ],
)
def test_a_slip_of_the_hand_is_wrong_usage(export: Export, words: list[str], said: str) -> None:
    """What was meant is named, most papers first; nothing is written."""
    done = export(*words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert Path("refs.bib").read_text(encoding="utf-8") == BIB


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--author", "Bo Smith"], {"Middle", "Newer"}),
        (["--venue", "Journal of Things"], {"Newer"}),
        (["--author", "bo-smith", "--year", "2021-"], {"Newer"}),
    ],
)
def test_a_thing_may_be_named_as_it_is(export: Export, words: list[str], found: set[str]) -> None:
    """Who knows a name need not know what its page is called."""
    assert titles(export("--format", "apa", *words)) == found
