"""References in styles of CSL, by citeproc-py where it is installed."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from generator import styles
from generator.cite import item
from generator.cli import main
from generator.errors import BibpressError, UsageError
from generator.model import Name, Paper
from tests.papers import BARE

STYLES = Path(__file__).with_name("styles")
SMITH = replace(BARE, key="A", type="article", title="On Things", year=2020, venue="J. of Things",
                authors=(Name("Smith", "Ann Mary"),))  # fmt: skip
BROWN = replace(SMITH, key="a", title="R&D", year=2019, authors=(Name("Brown", "Bo"),))
LI = replace(SMITH, key="b", title="Letters", authors=(Name("李", "四"),))


def written(papers: list[Paper], style: str) -> list[str]:
    """The lines of references in a style of the tests."""
    pytest.importorskip("citeproc", reason="citeproc-py is not installed")
    read = styles.read(str(STYLES / f"{style}.csl"))
    return styles.formatted(list(map(item, papers)), read).splitlines()


def test_a_style_orders_what_it_writes() -> None:
    """A line each, by name and year, though the keys of two differ in case alone."""
    assert written([SMITH, BROWN], "by-name") == [
        "Brown, B. 2019. “R&D”. J. of Things.",
        "Smith, A. M. 2020. “On Things”. J. of Things.",
    ]


def test_equals_stay_in_their_order() -> None:
    """What a style does not tell apart stands as it was given, every time."""
    papers = [replace(SMITH, key=key, title=key.upper()) for key in "dbca"]
    assert [line.split("“")[1][0] for line in written(papers, "by-name")] == ["D", "B", "C", "A"]


def test_numbers_go_by_the_order() -> None:
    """The first is number one, and a space stands between number and reference."""
    assert written([SMITH, BROWN], "numbered") == ["[1] On Things.", "[2] R&D."]


def test_a_name_in_chinese_is_not_turned_round() -> None:
    """Nor made into initials: 李四 is 李四."""
    assert written([LI], "by-name") == ["李四. 2020. “Letters”. J. of Things."]


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ("tests/nothing.csl", "no such file"),
        ("no-such-style-anywhere", "there is no style no-such-style-anywhere"),
        (str(STYLES / "for-footnotes.csl"), "no list of references"),
        (__file__, "no style of CSL"),
    ],
)
def test_what_is_no_style_is_wrong_usage(style: str, said: str) -> None:
    """It is said which file or name, and where there are styles."""
    pytest.importorskip("citeproc", reason="citeproc-py is not installed")
    with pytest.raises(UsageError, match=said):
        styles.read(style)


def test_a_paper_that_breaks_a_style_is_named() -> None:
    """Whatever citeproc-py makes of it, the user is told which paper it was."""
    pytest.importorskip("citeproc", reason="citeproc-py is not installed")
    broken = {**item(SMITH), "issued": {"literal": 7}}
    with pytest.raises(BibpressError, match="the paper A"):
        styles.formatted([broken], styles.read(str(STYLES / "by-name.csl")))


def test_the_extra_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is read, with the command that installs it; nothing is written."""
    monkeypatch.setitem(sys.modules, "citeproc", None)
    done = CliRunner().invoke(main, ["export", __file__, "--style", "apa"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert 'pip install "bibpress[csl]"' in done.stderr


def test_an_export_in_a_style(tmp_path: Path) -> None:
    """`bibpress export --style FILE`; a format beside it is a contradiction."""
    pytest.importorskip("citeproc", reason="citeproc-py is not installed")
    source = tmp_path / "refs.bib"
    source.write_text("@misc{a, title = {A thing}, author = {Smith, Ada}, year = 2020}\n")
    words = ["export", str(source), "--style", str(STYLES / "by-name.csl")]
    assert CliRunner().invoke(main, words).stdout == "Smith, A. 2020. “A thing”.\n"
    assert CliRunner().invoke(main, [*words, "--format", "apa"]).exit_code == 2
