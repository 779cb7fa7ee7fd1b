"""Readers, exporters and pages of a site's own; the examples of docs/extending.md as they stand."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from generator import extensions, output
from generator.build import made_of
from generator.errors import BibpressError, ConfigError
from generator.exports import EXPORTERS
from generator.load import own_extensions
from generator.pages import PAGES
from generator.sources.readers import FORMATS, READERS
from tests.conftest import ROOT, Built, run, write

Make = Callable[..., Built]

BIB = """\
@misc{a, title = {A thing}, author = {Smith, Ada}, year = 2020, note = {Best paper award}}
@misc{b, title = {Another matter}, author = {Smith, Ada}, year = 2021, doi = {10.1234/b[1]}}
"""
NAMED = 'extensions = ["extras.py"]\n'
DOCUMENT = (ROOT / "docs/extending.md").read_text("utf-8")


def example(name: str) -> str:
    """The code that stands below `<!-- example: NAME -->`."""
    found = re.search(rf"<!-- example: {re.escape(name)} -->\n```\w*\n(.*?)^```$", DOCUMENT,
                      re.DOTALL | re.MULTILINE)  # fmt: skip
    assert found, name
    return found[1]


def site(extras: str, **more: str) -> Mapping[str, str]:
    """A site with an extension."""
    return {"refs.bib": BIB, "bibpress.toml": NAMED, "./extras.py": extras, **more}


PAGE = """\
from generator.extensions import Page, page
@page
def mine(collection):
    yield Page("mine.html", "mine.html", "Mine", "", {"value": VALUE})
"""
SHOWN = '{% extends "base.html" %}{% block main %}<p>{{ value }}</p>{% endblock %}'


def paged(value: str, path: str = "mine.html") -> Mapping[str, str]:
    """A site with a page that shows one value, as Python writes it."""
    extras = PAGE.replace("VALUE", value).replace('"mine.html", "mine', f'"{path}", "mine')
    return site(extras, **{"templates/mine.html": SHOWN})


LINES = """\
from generator.extensions import Entry, reader, source_text, understood
@reader("lines", ".lines")
def lines(text, name, means):
    each = [Entry(line, n, n) for n, line in enumerate(text.split("\\n"), 1) if line]
    return source_text(name, "lines", each, paper, means)
def paper(line):
    return understood("misc", {"title": line, "year": "2012"}, {"author": ["Ferry, Ann"]})
"""


# --- the documented examples --------------------------------------------------------------------


def test_the_documented_reader(make_site: Make) -> None:
    """A file of the new ending is a source like any other: papers, their page, their .bib."""
    made = make_site(site(example("reader"), **{"refs.nbib": example("refs.nbib")}))
    paper = made.paper("pmid12345678")
    said = {name: paper[name] for name in ("title", "year", "venue", "doi", "sources")}
    assert said == {
        "title": "Reading in the dark: a study of forty readers",
        "year": 2021,
        "venue": "Journal of Reading",
        "doi": "10.1234/jr.2021.7",
        "sources": [{"file": "content/refs.nbib", "line": 1}],
    }


def test_the_documented_reader_loses_no_line(make_site: Make) -> None:
    """What it does not understand stands on the source's page, which names the format."""
    text = example("refs.nbib") + "\nwhatever this is\n\nPMID- 1\n"
    made = make_site(site(example("reader"), **{"refs.nbib": text}))
    found = [(p.where.line, p.severity) for p in made.report.problems]
    assert (found, made.report.quarantined) == ([(13, "error"), (11, "note")], 1)
    assert "nbib" in made.read("sources/refs-nbib.html")


def test_the_documented_exporter(folder: Path) -> None:
    """The command knows it, with the papers and their order as of any format."""
    write(folder, {"content/refs.bib": BIB, "bibpress.toml": NAMED,
                   "extras.py": example("exporter")})  # fmt: skip
    result = run("export", "--format", "markdown")
    assert result.stdout == (
        "- Ada Smith. [Another matter](https://doi.org/10.1234/b[1]). 2021\n"
        "- Ada Smith. A thing. 2020\n"
    ), result.stderr


def test_the_documented_page(make_site: Make) -> None:
    """It is there, shows what it was given, and every page leads to it."""
    templates = {name: example(name) for name in ("templates/awards.html", "templates/base.html")}
    made = make_site(site(example("page"), **templates))
    shown = made.read("awards.html")
    assert 'href="papers/smith-2020-thing.html">A thing</a>' in shown
    assert "Best paper award" in shown
    assert "Another matter" not in shown
    assert '<a href="../awards.html">Awards</a>' in made.read("papers/smith-2020-thing.html")


def test_a_list_of_an_extension_is_like_ours(make_site: Make) -> None:
    """Its papers stand under headings and unfold like those of a topic, by the same one script."""
    templates = {"templates/awards.html": example("templates/awards.html")}
    made = make_site(site(example("page"), **templates))
    for path in ("awards.html", "papers/index.html"):
        shown = made.read(path)
        assert (shown.count("/lists."), '<h2 class="year">' in shown) == (1, True), path
    assert "/lists." not in made.read("papers/smith-2020-thing.html")


def test_the_examples_agree(make_site: Make) -> None:
    """All three at once, each a file of its own."""
    kinds = ("reader", "exporter", "page")
    made = make_site({
        "refs.bib": BIB,
        "refs.nbib": example("refs.nbib"),
        "bibpress.toml": f"extensions = {[f'{kind}.py' for kind in kinds]}",
        **{f"./{kind}.py": example(kind) for kind in kinds},
        "templates/awards.html": example("templates/awards.html"),
    })  # fmt: skip
    assert (made.report.papers, (made.out / "awards.html").exists()) == (3, True)


def test_every_name_is_documented() -> None:
    """What extensions may rely on stands in the table, and nothing else does."""
    table = DOCUMENT.partition("## What you can rely on")[2].partition("## How it behaves")[0]
    first = re.findall(r"^\| (`.+?) \|", table, flags=re.MULTILINE)
    named = {name for cell in first for name in re.findall(r"`(\w+)", cell)}
    assert named == set(extensions.__all__)


# --- nothing of a site is left ------------------------------------------------------------------


def test_nothing_of_it_is_left(make_site: Make) -> None:
    """Another site of the same process knows no reader, exporter or page of it."""
    before = [table.copy() for table in (FORMATS, READERS, EXPORTERS, PAGES)]
    extras = example("reader") + example("exporter") + example("page")
    files = {"templates/awards.html": example("templates/awards.html")}
    make_site(site(extras, **files))
    assert before == [FORMATS, READERS, EXPORTERS, PAGES]
    other = make_site({"refs.bib": BIB, "refs.nbib": example("refs.nbib")})
    assert (other.report.papers, (other.out / "awards.html").exists()) == (2, False)


def test_a_module_that_fails_leaves_nothing(make_site: Make) -> None:
    """Neither in our tables nor among the modules of the process."""
    before, known = dict(EXPORTERS), set(sys.modules)
    with pytest.raises(ConfigError):
        make_site(site(example("exporter") + "1 / 0\n"))
    assert (
        EXPORTERS,
        [name for name in sys.modules if "extras" in name and name not in known],
    ) == (
        before,
        [],
    )


def test_only_the_site_folder_s_own_settings_load_anything(tmp_path: Path) -> None:
    """What lies beside a source that is no site, or in one of two sites, is not run."""
    write(tmp_path, {"a/bibpress.toml": NAMED, "a/extras.py": "1 / 0", "b/content/x.bib": BIB,
                     "extras.py": "1 / 0", "refs.bib": BIB})  # fmt: skip
    for named in ((tmp_path / "refs.bib",), (tmp_path / "a", tmp_path / "b")):
        assert own_extensions(named) == extensions.NONE


# --- what hangs on it is made anew --------------------------------------------------------------


def test_a_changed_page_type_is_seen(make_site: Make) -> None:
    """Without a change in any source; and nothing is made when nothing has changed."""
    made = make_site(paged("1"))
    first = made.read("mine.html")
    assert made.rebuild().made == 0
    made.rebuild({"extras.py": PAGE.replace("VALUE", "2")})
    assert ("<p>1</p>" in first, "<p>2</p>" in made.read("mine.html")) == (True, True)


def test_a_changed_reader_is_seen(make_site: Make) -> None:
    """What it understood before is not remembered; a page that comes out the same stays."""
    made = make_site(site(example("reader"), **{"refs.nbib": example("refs.nbib")}))
    made.rebuild({"extras.py": example("reader").replace('said.get("JT", "")', '"Another"')})
    assert made.paper("pmid12345678")["venue"] == "Another"


def test_an_extension_that_is_taken_out_leaves_no_page(make_site: Make) -> None:
    """Its page goes, as any page whose reason is gone."""
    made = make_site(paged("1"))
    made.rebuild({"bibpress.toml": ""})
    assert not (made.out / "mine.html").exists()


# --- workers ------------------------------------------------------------------------------------

CLASSES = """\
from dataclasses import dataclass
from generator.extensions import Page, page
@dataclass(frozen=True)
class Prize:
    name: str
    def __str__(self):
        return self.name + "!"
def shout(value):
    return Prize(value)
@page
def mine(collection):
    yield Page("mine.html", "mine.html", "Mine", "", {"value": Prize("Gold")})
"""


def test_workers_know_an_extension(tmp_path: Path) -> None:
    """A process that has never seen the file calls its functions and gives back its values."""
    write(tmp_path, {"extras.py": CLASSES})
    own = extensions.load(tmp_path, ["extras.py"])
    shout = vars(sys.modules[own.modules[0].name])["shout"]
    with output.executor("process", 2) as pool:
        said = own.carried(pool).submit(shout, "Gold").result()
    assert (str(said), type(said)) == ("Gold!", type(shout("")))


def test_a_changed_class_is_seen(make_site: Make) -> None:
    """Even where a context says the same: what a value shows of itself is the module's."""
    made = make_site(site(CLASSES, **{"templates/mine.html": SHOWN}))
    made.rebuild({"extras.py": CLASSES.replace('"!"', '" and silver"')})
    assert "<p>Gold and silver</p>" in made.read("mine.html")


def test_a_build_knows_what_it_hangs_on(make_site: Make) -> None:
    """The file is among those that a preview watches."""
    made = make_site(paged("1"))
    assert made.folder / "extras.py" in [path for _, path in made_of([made.folder])]


def test_classes_of_its_own_in_a_context(make_site: Make) -> None:
    """A template calls them; a frozen dataclass is plain data like ours."""
    made = make_site(site(CLASSES, **{"templates/mine.html": SHOWN}))
    assert "<p>Gold!</p>" in made.read("mine.html")


def test_without_extensions_workers_get_nothing(tmp_path: Path) -> None:
    """Who has none pays nothing: the pool is the pool."""
    pool = output.executor("process", 2)
    assert extensions.load(tmp_path, []).carried(pool) is pool  # type: ignore[arg-type, comparison-overlap]


# --- what goes wrong ----------------------------------------------------------------------------

READ = """\
from generator.extensions import reader, SourceText
@reader("x", ".x")
def read(text, name, means):
    {}
"""
WRONG = [
    ("", "the folder has no such file", 2),
    ("import nowhere", "extras.py:1: ModuleNotFoundError: No module named 'nowhere'", 2),
    ("\n\nx = = 1", "extras.py:3: invalid syntax", 2),
    ("\nraise SystemExit(7)", "extras.py:2: SystemExit: 7", 2),
    ("def f():\n    1 / 0\nf()", "extras.py:2: ZeroDivisionError: division by zero", 2),
    (READ.format("pass").replace('"x"', '"bib"'),
     'extras.py:2: the reader "bib" is there already; give', 2),
    (READ.format("pass").replace("reader", "exporter").replace('".x"', 'suffix="", mime=""')
     .replace('"x"', '"ris"').replace(", SourceText", ""),
     'extras.py:2: the exporter "ris" is there already; give', 2),
    (READ.format("pass").replace(".x", "x"),
     'extras.py:2: "x" is no ending; say it like ".nbib"', 2),
    (READ.format("return {}[text]"),
     "extras.py:4: while reading content/a.x: KeyError: 'hello'", 1),
    (READ.format("raise SystemExit(7)"),
     "extras.py:4: while reading content/a.x: SystemExit: 7", 1),
    ("x = 1\0", "extras.py: ", 2),
    ("f = '", "extras.py:1: unterminated string literal", 2),
    (READ.format("pass"), "extras.py:2: the reader x gives a NoneType, and should a SourceText", 1),
    (PAGE.replace("VALUE", "1 / 0"),
     "extras.py:4: while making the pages of mine: ZeroDivisionError: division by zero", 1),
    (PAGE.replace("VALUE", "collection.library"),
     'mine.html: "value" holds the whole collection', 1),
    (PAGE.replace("VALUE", "{1, 2}"),
     'extras.py:4: mine.html: "value" holds a set, which is no plain data', 1),
    (PAGE.replace("VALUE", "({'a': [lambda: 1]},)"), '"value" holds a function, which is', 1),
    (PAGE.replace("VALUE", "collection.library.papers[0]"), "paper.without_sources()", 1),
    (PAGE.replace("VALUE", "1").replace('"mine.html", "mine.html"', '"../x.html", "mine.html"'),
     'a page has the path "../x.html"; it must be like', 1),
    (PAGE.replace("VALUE", "1").replace('"mine.html", "mine.html"', '"index.html", "mine.html"'),
     'two files want one path: "index.html"', 1),
    (PAGE.replace("VALUE", "1").replace('"mine.html", "mine.html"', '"mine.html", "no.html"'),
     'there is no template "no.html"; put it into templates/', 1),
    (PAGE.replace("yield Page", "yield str"), "extras.py:4: while making the pages of mine", 1),
]  # fmt: skip


@pytest.mark.parametrize(("extras", "said", "status"), WRONG, ids=range(len(WRONG)))
def test_what_is_wrong_is_one_line(folder: Path, extras: str, said: str, status: int) -> None:
    """With its place, the right exit status, no traceback, and nothing published."""
    files = {"content/refs.bib": BIB, "content/a.x": "hello", "bibpress.toml": NAMED,
             "templates/mine.html": SHOWN}  # fmt: skip
    write(folder, {**files, **({"extras.py": extras} if extras else {})})
    result = run("build", "--executor", "inline")
    last = result.stderr.splitlines()[-1]
    assert (said in last, result.exit_code) == (True, status), result.stderr
    assert "Traceback" not in result.stderr
    assert not (folder / "_site").exists()


@pytest.mark.parametrize("name", ["../extras.py", "/etc/extras.py", "link.py", "folder.py"])
def test_a_file_outside_the_folder_is_not_run(tmp_path: Path, name: str) -> None:
    """Nor one that a link leads to, nor what is no file."""
    home = tmp_path / "site"
    write(tmp_path, {"extras.py": "1 / 0", "site/folder.py/x": ""})
    (home / "link.py").symlink_to(tmp_path / "extras.py")
    with pytest.raises(ConfigError, match="the folder has no such file"):
        extensions.load(home, [name])


@pytest.mark.parametrize("name", ["", ".", "..x", "no such", "a/b"])
def test_what_is_no_name_is_told_so(tmp_path: Path, name: str) -> None:
    """With both kinds of names there are."""
    with pytest.raises(ConfigError, match=r"neither a file .* nor a module"):
        extensions.load(tmp_path, [name])


def test_two_exporters_of_one_name(tmp_path: Path) -> None:
    """Which of two modules came first is nobody's to remember."""
    write(tmp_path, {"a.py": example("exporter"), "b.py": example("exporter")})
    with pytest.raises(ConfigError, match=r'^b\.py:\d+: the exporter "markdown" is there'):
        extensions.load(tmp_path, ["a.py", "b.py"])


def test_two_readers_of_one_ending(tmp_path: Path) -> None:
    """Nor which of two readers a file would go to."""
    write(tmp_path, {"a.py": READ, "b.py": READ.replace('"x", ', '"y", ')})
    with pytest.raises(ConfigError, match=r'^b\.py:2: the reader of "\.x" .* another ending'):
        extensions.load(tmp_path, ["a.py", "b.py"])


def test_an_ending_of_ours_can_be_taken(make_site: Make) -> None:
    """A site whose .bib files are written in a way of its own reads them in a way of its own."""
    nbib = example("reader").replace('".nbib"', '".bib"')
    made = make_site({**site(nbib), "refs.bib": example("refs.nbib")})
    assert [paper["key"] for paper in made.papers()] == ["pmid12345678"]


def test_an_exporter_that_fails_is_one_line(folder: Path) -> None:
    """With its place; nothing is written."""
    extras = example("exporter").replace("    title = ", "    1 / 0\n    title = ")
    write(folder, {"content/refs.bib": BIB, "bibpress.toml": NAMED, "extras.py": extras})
    result = run("export", "--format", "markdown", "-o", "out.md")
    last = result.stderr.splitlines()[-1]
    assert re.fullmatch(r"bibpress: extras\.py:\d+: while writing markdown: ZeroDiv.*", last), last
    assert not (folder / "out.md").exists()


def test_a_name_with_spaces(tmp_path: Path) -> None:
    """A file may be called as its owner calls it."""
    write(tmp_path, {"my extras.py": example("exporter")})
    assert list(extensions.load(tmp_path, ["my extras.py"]).exporters) == ["markdown"]


def test_annotations_are_what_their_owner_wrote(tmp_path: Path) -> None:
    """A file is compiled by itself: nothing of how ours are written holds for it."""
    write(tmp_path, {"extras.py": "def f(x: int): ...\nassert f.__annotations__ == {'x': int}\n"})
    extensions.load(tmp_path, ["extras.py"])


def test_an_unknown_format_is_named(folder: Path) -> None:
    """Those of the site are among what may have been meant; it is said before the long work."""
    write(folder, {"content/refs.bib": BIB, "bibpress.toml": NAMED,
                   "extras.py": example("exporter")})  # fmt: skip
    result = run("export", "--format", "markdwn")
    assert (result.exit_code, result.stderr.splitlines()) == (
        2, ["bibpress: --format markdwn: there is no such format; did you mean markdown?"]
    )  # fmt: skip


# --- installed modules --------------------------------------------------------------------------


def test_an_installed_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What its packages register is taken in and out like a file's, each time it is asked for."""
    write(tmp_path, {"group_extras/__init__.py": "from . import inner\n",
                     "group_extras/inner.py": example("exporter")})  # fmt: skip
    monkeypatch.syspath_prepend(str(tmp_path))
    found = [extensions.load(tmp_path, ["group_extras"]) for _ in range(2)]
    assert [list(each.exporters) for each in found] == [["markdown"], ["markdown"]]
    assert "markdown" not in EXPORTERS
    assert [path.name for path in found[0].made_of] == ["__init__.py", "inner.py"]


def test_a_module_that_is_not_installed(tmp_path: Path) -> None:
    """It is named with the line of the setting; who meant a file is told how it is called."""
    write(tmp_path, {"bibpress.toml": '\nextensions = ["no_such_module"]\n'})
    said = r'^bibpress.toml:2: extensions names "no_such_module", .*is called "no_such_module.py"$'
    with pytest.raises(ConfigError, match=said):
        extensions.load(tmp_path, ["no_such_module"])


# --- ours among them ----------------------------------------------------------------------------


def test_an_extension_can_take_an_ending(make_site: Make) -> None:
    """Its reader goes before ours for every file of the ending."""
    extras = READ.format('return SourceText(name, "x", ignored=((1, 1),))').replace(".x", ".txt")
    made = make_site(site(extras, **{"a.txt": "A title\nAn abstract that nobody reads."}))
    assert [made.report.papers, "x" in made.read("sources/a-txt.html")] == [2, True]


def test_its_records_are_believed_like_csl(make_site: Make) -> None:
    """After .bib, before RIS."""
    nbib = example("refs.nbib").replace("VI  - 7", "VI  - 8\nAB  - What makes it the fuller one.")
    bib = (
        "@article{k, title={Reading in the dark: A study of forty readers}, "
        "author={Lovelace, Ada and Hopper, Grace}, year=2021, journal={J}, volume=7}"
    )
    made = make_site({"refs.bib": bib, "refs.nbib": nbib, "bibpress.toml": NAMED,
                      "./extras.py": example("reader")})  # fmt: skip
    assert "volume = {7}" in made.read("bibliography.bib")


def test_errors_that_an_extension_raises_on_purpose(make_site: Make) -> None:
    """BibpressError is a message as it stands."""
    extras = "from generator.errors import BibpressError\n" + READ.format(
        'raise BibpressError("say it like this")'
    )
    with pytest.raises(BibpressError, match=r"^say it like this$"):
        make_site(site(extras, **{"a.x": "x"}))
