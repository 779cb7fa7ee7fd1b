"""Hostile strings, a few of each kind: what `python -m tests.hostile` does with all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pybtex.database import parse_string

from generator import config, exports, text, theme
from generator.errors import ConfigError
from generator.model import Name
from tests.conftest import needs
from tests.hostile import sites, trials
from tests.hostile.browser import CHROMIUM, chromium
from tests.hostile.strings import NAMES, strings
from tests.hostile.whole import Found, look_through, shapes
from tests.papers import BARE

# Of each list every so manieth string is tried: some of each kind, other ones as lists grow.
STEP = 45


def some(step: int = STEP) -> list[str]:
    """A few strings of every list."""
    return [value for name in NAMES for value in strings(name)[::step]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser that may look into frames."""
    needs(CHROMIUM, "chromium")
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def found(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Found:
    """What is wrong with a site that has each of some strings in all of its fields."""
    folder = tmp_path_factory.mktemp("hostile")
    known = shapes(folder / "harmless", browser)
    planted = tuple(sites.together(some()))
    queries = some(4 * STEP)
    return look_through(folder / "site", browser, known, planted, queries=queries, singly=_is_first)


def _is_first(path: str) -> bool:
    return path in {"index.html", "tags/index.html", "authors/index.html", "glance.html"}


def test_nothing_comes_of_hostile_strings(found: Found) -> None:
    """In every field: nothing runs, nothing is asked of others, no element is made of a string.

    Names of files, links, data, feeds and .bib are sound and say the same as the pages.
    """
    assert found.faults == []
    assert found.counts["pages"] > 100


@pytest.mark.parametrize("trial", [trials.settings, trials.ledgers])
def test_what_steers_a_build_is_taken_or_refused(trial: trials.Try, tmp_path: Path) -> None:
    """Hostile settings and ledgers give a site, or one line that names the file."""
    assert trial(some(4 * STEP), tmp_path).faults == []


def test_any_name_of_a_file_is_a_source(tmp_path: Path) -> None:
    """Sources, templates and static files of any name are published, or told."""
    assert trials.names(strings("names")[::6], tmp_path).faults == []


@pytest.mark.parametrize("name", ["utf-16 odd", "overlong", "nul within", "pdf"])
def test_any_bytes_are_a_source(name: str, tmp_path: Path) -> None:
    """A file gives papers, or a problem with a line."""
    assert trials.encodings(tmp_path, [name]).faults == []


# --- what they found ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "{" * 200 + "x" + "}" * 200,
        "$" + "{" * 200 + "x" + "}" * 200 + "$",
        "a" + "\u0301" * 1000,
        "$a" + "\u0302" * 1000 + "$",
        "{" * 40 + "$" + "{" * 40 + "x" + "}" * 40 + "$" + "}" * 40,
    ],
    ids=["braces", "formula", "accents", "accents in a formula", "both"],
)
def test_no_title_costs_the_whole_bibliography(title: str) -> None:
    """pybtex takes at most 100 levels of braces, and else refuses the file."""
    written = exports.bibtex([replace(BARE, key="a", title=text.canonical(title))], abstracts=True)
    assert list(parse_string(written, "bibtex").entries) == ["a"]


@pytest.mark.parametrize("hyphens", ["-", "–", "- -"])
def test_a_name_of_hyphens_is_one(hyphens: str) -> None:
    """They part words, so bibtex sees no name in them and says that one ends in a comma."""
    paper = replace(BARE, key="a", authors=(Name("Smith", hyphens), Name(hyphens, "Ann")))
    dashes = text.to_latex(hyphens)
    assert f"{{Smith, {{{dashes}}} and {{{dashes}}}, Ann}}" in exports.entry(paper, abstract=False)


def test_no_address_has_a_port_that_is_none() -> None:
    """Browsers take none above 65535, and a link to it leads nowhere."""
    said = "http://a.example:65535/x http://a.example:65536/ http://b.example:123456/"
    assert text.links(said) == ("http://a.example:65535/x", "http://a.example", "http://b.example")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site folder without anything in it."""
    (tmp_path / "site").mkdir()
    return tmp_path / "site"


def test_settings_are_one_line_that_can_be_seen(site: Path) -> None:
    """What turns a line, ends one, or is no character, is left out of all that TOML says."""
    (site / "bibpress.toml").write_text('title = "a\\u202Eb\\u0000\\nc"\ndescription = "\\u200B"\n')
    said = config.load(site).site
    assert (said.title, said.description) == ("ab c", "")


@pytest.mark.parametrize(
    ("setting", "value"),
    [("language", "<script>"), ("language", "en us"), ("url", "https://a.example/a b"),
     ("url", 'https://a.example/"x'), ("url", "https://a.example:99999/"),
     ("url", "https://a.example/\u200e"), ("url", "javascript:boom()")],
)  # fmt: skip
def test_settings_that_are_none_are_refused(site: Path, setting: str, value: str) -> None:
    """A language is a tag, an address one that a browser takes."""
    (site / "bibpress.toml").write_text(f"{setting} = {sites.quoted(value)}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"bibpress\.toml"):
        config.load(site)


def test_settings_are_utf8(site: Path) -> None:
    """The line is said, and what to do."""
    (site / "bibpress.toml").write_bytes(b'title = "a"\nauthor = "M\xfcller"\n')
    with pytest.raises(ConfigError, match=r"^bibpress\.toml:2: this is not UTF-8; save"):
        config.load(site)


def test_static_files_of_one_name_are_told(site: Path) -> None:
    """macOS and Windows would keep one of them, and nobody knows which; we keep the first."""
    for name in ("A.txt", "a.txt", "\u00e9", "e\u0301"):
        (site / "static" / name).mkdir(parents=True)
        (site / "static" / name / "x").touch()
    look, problems = theme.load(site)
    assert [problem.where.file for problem in problems] == ["static/a.txt/x", "static/\u00e9/x"]
    assert {"A.txt/x", "\u00e9/x"} <= {path for path, _ in look.files}


@pytest.mark.parametrize("name", ["aux.txt", "CON", "a.", "a ", "a:b", "a?", "\u0958" * 85])
def test_static_files_that_no_system_could_hold_are_told(site: Path, name: str) -> None:
    """Windows refuses some names; a few letters take more bytes composed than apart."""
    (site / "static").mkdir()
    (site / "static" / name).touch()
    _, problems = theme.load(site)
    assert [problem.severity for problem in problems] == ["warning"]


def test_names_of_files_are_said_in_print(site: Path) -> None:
    """A terminal obeys control characters, also those in a name."""
    (site / "static").mkdir()
    (site / "static" / "a\x1b[2J").touch()
    _, (problem,) = theme.load(site)
    assert str(problem.where) == "static/a\\u001b[2J"
