"""What docs/templates.md says that templates see is what they see; its examples work."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import fields

import pytest

from generator import model, theme
from generator.build import build
from generator.config import Look, Site
from generator.load import Means, Order, load
from generator.output import described
from generator.plan import plan
from tests.conftest import ROOT, TODAY, Built, write

DOCUMENT = (ROOT / "docs/templates.md").read_text("utf-8")
TEMPLATES = {path.name for path in (theme.DEFAULT / "templates").glob("[!_]*.html")} - {"base.html"}

BIB = """\
@article{a, title = {Pruning things}, author = {Smith, Ada}, year = 2020, journal = {J}}
@misc{b, title = {Another}, author = {Smith, Ada and Li, Bo}, year = 2021}
"""
SITE = {
    "content/refs.bib": BIB + "@misc{c, title = {Gone}}\n@misc{d, title = {Moved}}\n",
    "content/topics.toml": '[[topic]]\nname = "Pruning"\nphrases = ["pruning"]\n',
    "content/pages/about.md": "# About\n\nSee [@b].\n",
    "bibpress.toml": 'url = "https://example.org/x"\n',
}


def section(heading: str) -> str:
    """What stands below a heading of the document, up to the next one."""
    found = re.search(rf"^##+ {re.escape(heading)}\n(.*?)(?=^##+ |\Z)", DOCUMENT, re.M | re.S)
    assert found, heading
    return found[1]


def rows(text: str) -> Iterator[tuple[str, str]]:
    """First and second cell of every row of the tables in a text."""
    for first, second in re.findall(r"^\| (.+?) \| (.+?) \|", text, flags=re.MULTILINE):
        if first not in ("name", "type", "---"):
            yield first, second


def names(cell: str) -> set[str]:
    """The names in a cell, in backticks; what they hold in their turn stands in brackets."""
    bare = re.sub(r"\([^()]*\)(?!`)", "", cell)
    return set(re.findall(r"`(\w+)(?:\([\w, ]*\))?`", bare))


@pytest.fixture(scope="module")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Set[frozenset[str]]]:
    """Template → the sets of names that its pages were given, of a site that has one of each."""
    folder = tmp_path_factory.mktemp("contexts")
    write(folder, SITE)
    order = Order((folder,), folder / "_site", TODAY, executor="inline")
    build(order, lambda *_: None)
    ledger = (folder / "ledger.tsv").read_text("utf-8")
    moved = re.sub(r"(?m)^(moved.*)\tlive\t", r"\1\t-> smith-2021-another\t", ledger)
    write(folder, {"content/refs.bib": BIB, "ledger.tsv": moved})
    found: dict[str, set[frozenset[str]]] = defaultdict(set)
    for output in described(plan(load(order, Means()))):
        if output.make is theme.paint:
            layout, context = output.args
            assert isinstance(layout, theme.Layout)
            assert isinstance(context, Mapping)
            found[layout.template].add(frozenset(context))
    return found


def test_every_page_s_names_are_documented(contexts: Mapping[str, Set[frozenset[str]]]) -> None:
    """What all pages have is what "On every page" says; the functions among it are no values."""
    functions = {"asset"}
    common = frozenset.intersection(*(each for found in contexts.values() for each in found))
    documented = set().union(*(names(first) for first, _ in rows(section("On every page"))))
    assert documented - functions == common


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_every_name_is_documented(
    template: str, contexts: Mapping[str, Set[frozenset[str]]]
) -> None:
    """A template's section names just what each of its pages gives it: no more, no less."""
    every = set().union(*(names(first) for first, _ in rows(section("On every page"))))
    documented = set().union(*(names(first) for first, _ in rows(section(template))))
    assert {frozenset(each - every) for each in contexts[template]} == {frozenset(documented)}


def test_every_template_is_listed() -> None:
    """In the table of files, and none that there is not."""
    listed = set().union(*(names_of_files(first) for first, _ in rows(section("Templates"))))
    assert listed == {path.name for path in (theme.DEFAULT / "templates").glob("*.html")}


def names_of_files(cell: str) -> set[str]:
    """The files in a cell."""
    return set(re.findall(r"`([\w.]+\.html)`", cell))


VALUES = dict(rows(section("What the values are")))


@pytest.mark.parametrize("name", VALUES)
def test_values_are_as_documented(name: str) -> None:
    """Every field of a value is named, and nothing that it does not have."""
    kind = getattr(model, name)
    have = {each.name for each in fields(kind)}
    said = names(VALUES[name])
    hidden = {"other_keys", "tags", "links", "details", "unconfirmed", "bodies", "origins",
              "records", "conflicts"} if name == "Paper" else set()  # fmt: skip
    assert (have - hidden - said, {each for each in said if not hasattr(kind, each)} - have) == (
        set(),
        set(),
    )


def test_the_site_is_as_documented() -> None:
    """Settings that pages see; of those that steer alone nobody needs to know."""
    said = names(dict(rows(section("On every page")))["`site`"])
    steering = {"feeds", "coins"}
    assert said - {"short_title"} == {each.name for each in fields(Site)} - steering


# --- the examples -------------------------------------------------------------------------------


def example(name: str) -> str:
    """The code below `<!-- example: NAME -->`."""
    found = re.search(rf"<!-- example: {re.escape(name)} -->\n```\w+\n(.*?)^```$", DOCUMENT,
                      re.DOTALL | re.MULTILINE)  # fmt: skip
    assert found, name
    return found[1]


Make = Callable[..., Built]


def test_a_template_that_extends_ours(make_site: Make) -> None:
    """The documented page of a paper: ours, and a section more."""
    site = make_site({"a.bib": BIB, "templates/paper.html": example("templates/paper.html")})
    page = site.read("papers/smith-2020-pruning-things.html")
    assert ("<h2>Discussion</h2>" in page, "Pruning things</h1>" in page) == (True, True)


def test_a_style_sheet_of_one_s_own(make_site: Make) -> None:
    """The documented colours: every page asks for them, behind our style."""
    of_two = {name: example(name) for name in ("templates/base.html", "static/colours.css")}
    page = make_site({"a.bib": BIB, **of_two}).read("papers/smith-2020-pruning-things.html")
    found = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    assert [re.sub(r"\.[0-9a-f]{8}\.", ".", each) for each in found] == [
        "../assets/style.css", "../colours.css",
    ]  # fmt: skip


def test_the_settings_of_the_look(make_site: Make) -> None:
    """The documented ones are all there are, and can be put in force as they stand."""
    block = re.search(r"```toml\n(\[look\]\n.*?)^```", DOCUMENT, re.DOTALL | re.MULTILINE)
    assert block
    site = make_site({"a.bib": BIB, "bibpress.toml": block[1], "static/logo.svg": "<svg/>"})
    assert set(tomllib.loads(block[1])["look"]) == {each.name for each in fields(Look)}
    assert site.report.problems == ()


def test_the_path_of_a_template_is_said_once() -> None:
    """No section twice: the second would hide what the first says."""
    headings = re.findall(r"^### (.+)$", DOCUMENT, flags=re.MULTILINE)
    assert len(headings) == len(set(headings))
