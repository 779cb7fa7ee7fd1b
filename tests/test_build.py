"""The whole story on tiny sites: what goes in, what comes out, and what a second build does."""

from __future__ import annotations

import functools
import html
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator import facts, output, topics
from generator.build import build
from generator.errors import BibpressError, ConfigError, UsageError
from generator.load import Order, RefusedError
from tests.conftest import TODAY, Built, build_folder, write
from tests.links import Site

Make = Callable[..., Built]

ONE = """@inproceedings{smith20,
  title = {Deep things}, author = {Smith, Ada and Li, Bo}, year = 2020,
  booktitle = {Proceedings of the 37th International Conference on Machine Learning, ICML 2020},
  abstract = {We study deep things and what they are made of.},
}
"""
TWO = (
    ONE
    + """@article{li19,
  title = {Wide things}, author = {Li, Bo}, year = 2019, journal = {Journal of Things},
  doi = {10.1000/wide}, abstract = {Wide things are studied here.},
}
"""
)


def test_every_link_leads_somewhere(make_site: Make) -> None:
    """No link is broken, to a folder, to the root, or fetched from elsewhere."""
    assert list(Site(make_site({"a.bib": TWO}).out).faults()) == []


def test_every_paper_is_reached_without_javascript(make_site: Make) -> None:
    """Following links from the home page leads to every page but those that are not listed."""
    site = make_site({"a.bib": TWO})
    pages = Site(site.out)
    unreached = set(pages.pages()) - pages.reachable()
    assert unreached == {"404.html"}


def test_a_paper_stands_on_all_its_lists(make_site: Make) -> None:
    """Authors, year, venue and source pages all link to the paper."""
    site = make_site({"a.bib": ONE})
    link = "papers/smith-2020-deep-things.html"
    for page in ("authors/ada-smith.html", "authors/bo-li.html", "years/2020.html",
                 "papers/index.html", "sources/a-bib.html", "index.html"):  # fmt: skip
        assert link in site.read(page), page
    venue = site.out / "venues" / "icml.html"
    assert link in venue.read_text(encoding="utf-8")


def test_a_second_build_changes_nothing(make_site: Make) -> None:
    """The same sources give the same bytes, and no file is made again."""
    site = make_site({"a.bib": TWO})
    before = site.tree()
    report = site.rebuild()
    assert (site.tree(), report.made) == (before, 0)


def test_what_could_not_be_read_is_tried_again(
    make_site: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though no file has changed since: a disk or a network may have failed for a moment."""
    site = make_site({"a.bib": ONE})
    write(site.folder, {"content/b.bib": "@misc{x, title = {Other things}}"})
    with monkeypatch.context() as moment:
        moment.setattr("generator.sources.files.contents", _only_a)
        assert site.rebuild().papers == 1
    assert site.rebuild().papers == 2


def _only_a(path: Path) -> bytes:
    if path.name != "a.bib":
        raise OSError(5, "Input/output error")
    return path.read_bytes()


def test_the_order_of_files_on_disk_does_not_matter(make_site: Make) -> None:
    """Folders list their files in any order."""
    files = {f"{name}.bib": ONE.replace("smith20", name).replace("Deep", name) for name in "cab"}
    one, other = make_site(files), make_site(dict(reversed(files.items())))
    assert one.tree() == other.tree()


def test_an_edit_makes_few_files_again(make_site: Make) -> None:
    """An edited abstract touches the paper, its export and the data, not the lists it is in."""
    entries = "".join(
        ONE.replace("smith20", f"k{i}").replace("Deep things", f"Title {i} of many")
        for i in range(60)
    )
    site = make_site({"a.bib": entries})
    lists = {path: (site.out / path).stat().st_mtime_ns for path in ("papers/index.html",
             "authors/ada-smith.html", "years/2020.html", "bibliography.bib")}  # fmt: skip
    site.rebuild({"content/a.bib": entries.replace("deep things and", "edited things and", 1)})
    assert {path: (site.out / path).stat().st_mtime_ns for path in lists} == lists


def test_incremental_equals_clean(make_site: Make) -> None:
    """After any edit the tree is the one that a clean build of the same ledger makes."""
    site = make_site({"a.bib": TWO})
    third = ONE.replace("smith20", "x").replace("Deep", "Other")
    site.rebuild(
        {"content/a.bib": TWO.replace("Wide things}", "Wider things}"), "content/b.bib": third}
    )
    clean = make_site({"a.bib": "@misc{x, title={X}}"})
    write(clean.folder, {
        path.relative_to(site.folder).as_posix(): path.read_text(encoding="utf-8")
        for path in [*(site.folder / "content").iterdir(), site.folder / "ledger.tsv"]
    })  # fmt: skip
    clean.rebuild()
    assert clean.tree() == site.tree()


def test_records_add_up(make_site: Make) -> None:
    """`records = papers + merged + quarantined`, whatever is wrong with some of them."""
    report = make_site(
        {"a.bib": TWO + "@misc{bad}\n@misc{broken, title = {x\n", "b.bib": ONE}
    ).report
    assert report.records == report.papers + report.merged + report.quarantined == 5
    assert (report.papers, report.merged) == (2, 1)


def test_a_removed_paper_leaves_a_page_that_says_so(make_site: Make) -> None:
    """Its address answers, unlisted and not to be indexed; its .bib holds a comment."""
    site = make_site({"a.bib": TWO})
    site.rebuild({"content/a.bib": ONE})
    page = site.read("papers/li-2019-wide-things.html")
    assert "noindex" in page
    assert not re.search(r"^\s*@", site.read("papers/li-2019-wide-things.bib"), re.M)
    assert "li-2019-wide-things" not in site.read("papers/index.html")


def test_a_renamed_paper_redirects(make_site: Make) -> None:
    """An id changed in the ledger leaves a redirect that works from disk and on any host."""
    site = make_site({"a.bib": ONE})
    text = (site.folder / "ledger.tsv").read_text(encoding="utf-8")
    renamed = text.replace("smith-2020-deep-things\tsmith20", "deep\tsmith20")
    site.rebuild({"ledger.tsv": renamed})
    assert "0; url=deep.html" in site.read("papers/smith-2020-deep-things.html")
    (moved,) = (site.out / "search" / "moved").iterdir()
    assert '"smith-2020-deep-things":"deep"' in moved.read_text(encoding="utf-8")
    assert "deep.bib" in site.read("papers/smith-2020-deep-things.bib")
    assert list(Site(site.out).faults()) == []


def test_a_map_without_names_is_none(make_site: Make) -> None:
    """A few papers without topics would be specks on an empty sheet, beside what tells more."""
    bib = "".join(f"@misc{{k{n}, title={{T{n}}}, year=202{n}}}\n" for n in range(3))
    topic = bib.replace("year", "keywords={graphs}, year")
    drawn = ['class="plot map"' in make_site({"a.bib": each}).read("glance.html")
             for each in (bib, topic)]  # fmt: skip
    assert drawn == [False, True]


def test_a_site_and_a_file_are_one_collection(make_site: Make) -> None:
    """Beside a site folder further files may be named; the site's settings and ledger hold."""
    site = make_site({"a.bib": ONE, "bibpress.toml": 'title = "Mine"'})
    write(site.folder, {"more/b.bib": TWO})
    sources = (site.folder, site.folder / "more" / "b.bib")
    build(Order(sources, site.out, TODAY, executor="inline"), lambda *_: None)
    assert "Mine" in site.read("index.html")
    assert len(site.papers()) == 2


def test_a_folder_without_config_has_no_ledger(tmp_path: Path) -> None:
    """A plain folder of sources is only read."""
    write(tmp_path, {"a.bib": ONE})
    build_folder(tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"a.bib", "_site", "._site.bibpress"}


def test_nothing_to_build_leaves_the_output(make_site: Make) -> None:
    """Sources without a paper are refused; what was published stays as it was."""
    site = make_site({"a.bib": ONE})
    before = site.tree()
    with pytest.raises(RefusedError, match="no papers found"):
        site.rebuild({"content/a.bib": "nothing here"})
    assert site.tree() == before


def test_strict_publishes_nothing_on_a_warning(make_site: Make) -> None:
    """Under --strict an error or a warning stops the build, and the ledger is not written."""
    site = make_site({"a.bib": ONE})
    before, memory = site.tree(), (site.folder / "ledger.tsv").read_text(encoding="utf-8")
    with pytest.raises(RefusedError):
        site.rebuild({"content/a.bib": TWO + "@misc{bad}\n"}, strict=True)
    assert (site.tree(), (site.folder / "ledger.tsv").read_text(encoding="utf-8")) == (
        before,
        memory,
    )


@pytest.mark.parametrize(
    ("name", "is_told"),
    [
        ("index.html", True),
        ("papers/smith-2020-graphs-{}.html", False),
        ("papers/{}.html", True),
        ("papers/{}.bib", True),
        ("authors/index.html", True),
        ("bibliography.bib", True),
        ("data/site.json", True),
        ("CNAME", False),
        ("google1f.html", False),
        ("sitemap.xml", False),  # the site's address is not known
        ("style.css", False),
        ("icon.svg", False),
    ],
)
def test_what_takes_the_place_of_a_page_is_told(make_site: Make, name: str, is_told: bool) -> None:
    """An owner's file goes before ours, so a copy left in static/ would hide a page unseen."""
    site = make_site({"refs.bib": GRAPHS})
    name = f"static/{name.format(site.paper('one')['id'])}"
    site.rebuild({name: "mine"})
    told = [(each.where.file, each.severity) for each in site.report.problems]
    assert told == [(name, "warning")] * is_told
    assert site.rebuild().problems == site.report.problems


def test_a_robots_txt_of_ones_own_is_nothing_odd(make_site: Make) -> None:
    """There is no other way to write one; of the other files that an address brings we tell."""
    site = make_site({"refs.bib": GRAPHS, "static/robots.txt": "", "static/feed.xml": ""}, **ONLINE)
    assert [each.where.file for each in site.report.problems] == ["static/feed.xml"]


GRAPHS = "@misc{one, title = {Of graphs}, author = {Smith, Ada}, year = 2020}"
ONLINE = {"site_url": "https://example.org/"}


def test_undated_papers_are_neither_newer_nor_older(make_site: Make) -> None:
    """They come last in all lists, and nobody knows when they came."""
    undated = "".join(f"@misc{{u{i}, title = {{Undated {i}}}}}" for i in range(2))
    site = make_site(
        {"refs.bib": GRAPHS + GRAPHS.replace("one", "two").replace("Of", "On") + undated}
    )
    shown = [site.read(f"papers/{paper['id']}.html") for paper in site.papers()]
    beside = [(page.count('rel="prev"'), page.count('rel="next"')) for page in shown]
    assert sorted(beside) == [(0, 0), (0, 0), (0, 1), (1, 0)]


def test_a_foreign_folder_is_refused(make_site: Make) -> None:
    """A folder that holds other files is not an output, and is not touched."""
    site = make_site({"a.bib": ONE})
    other = site.folder / "other"
    write(other, {"thesis.tex": "mine"})
    with pytest.raises(UsageError):
        build(Order((site.folder,), other, TODAY, executor="inline"), lambda *_: None)
    assert [path.name for path in other.iterdir()] == ["thesis.tex"]


def test_a_file_put_into_the_site_is_refused(make_site: Make) -> None:
    """The build would remove it; nothing is touched, though there is something to publish."""
    site = make_site({"a.bib": ONE})
    write(site.folder, {"_site/mine.txt": "mine", "content/b.bib": TWO})
    before = {path: path.read_bytes() for path in site.folder.rglob("*") if path.is_file()}
    with pytest.raises(UsageError, match=r"mine\.txt"):
        site.rebuild()
    after = {path: path.read_bytes() for path in site.folder.rglob("*") if path.is_file()}
    assert after == before


def test_private_fields_stay_private(make_site: Make) -> None:
    """What reference managers keep for themselves is in no published file."""
    fields = ("file", "annote", "annotation", "owner", "timestamp", "groups", "mendeley-tags")
    private = ", ".join(f"{name} = {{sekrit}}" for name in fields)
    site = make_site({"a.bib": ONE.replace("year = 2020", f"year = 2020, {private}")})
    assert [path for path, content in site.tree().items() if b"sekrit" in content] == []


def test_math_is_mathml(make_site: Make) -> None:
    """TeX in titles and abstracts is rendered at build."""
    site = make_site({"a.bib": ONE.replace("Deep things", "Deep $x^2$ things")})
    assert "<msup>" in site.read("papers/smith-2020-deep-x-2-things.html")


def test_script_in_a_title_stays_text(make_site: Make) -> None:
    """Nothing in a bibliography becomes markup."""
    site = make_site({"a.bib": ONE.replace("Deep things", "Deep <script>alert(1)</script>")})
    assert [p for p, content in site.tree().items() if b"<script>alert" in content
            and p.endswith(".html")] == []  # fmt: skip


def test_the_api_tells_what_the_pages_show(make_site: Make) -> None:
    """One JSON object a paper with the fields that docs/data.md promises."""
    paper = make_site({"a.bib": TWO}).paper("li19")
    assert {k: paper[k] for k in ("id", "title", "year", "venue", "doi", "type")} == {
        "id": "li-2019-wide-things", "title": "Wide things", "year": 2019,
        "venue": "Journal of Things", "doi": "10.1000/wide", "type": "article",
    }  # fmt: skip
    assert paper["authors"] == [{"given": "Bo", "family": "Li", "slug": "bo-li"}]
    assert paper["sources"] == [{"file": "content/a.bib", "line": 6}]


def test_the_api_s_fields_are_documented(demo: Built) -> None:
    """docs/data.md has a row for every field of both files."""
    text = (Path(__file__).parent.parent / "docs" / "data.md").read_text(encoding="utf-8")
    fields = {*demo.papers()[0], *json.loads(demo.read("data/site.json"))}
    assert {field for field in fields if f"`{field}`" not in text} == set()


def test_the_index_of_sources_says_where_to_look(make_site: Make) -> None:
    """A file of which there is something to say is marked with how much; the others are not."""
    site = make_site({"a.bib": ONE, "b.bib": "@misc{bad}\n"})
    listed = re.findall(r"<li>.*</li>", site.read("sources/index.html"))
    marked = {
        line.partition("content/")[2][:5]: "remark" in line for line in listed if "content/" in line
    }
    assert marked == {"a.bib": False, "b.bib": True}


def test_lines_stand_only_on_source_pages(make_site: Make) -> None:
    """An entry that moves down its file makes no paper page anew."""
    site = make_site({"a.bib": TWO})
    before = site.read("papers/li-2019-wide-things.html")
    site.rebuild({"content/a.bib": "\n\n" + TWO})
    assert site.read("papers/li-2019-wide-things.html") == before


def test_every_line_of_a_dump_is_accounted_for(make_site: Make) -> None:
    """What nobody understood stands on the source's page."""
    abstract = "This is a sentence about papers that is long enough. " * 8
    site = make_site({"a.txt": f"Subscribe now\n\nA title of a paper\n\n{abstract}\n"})
    assert "Subscribe now" in site.read("sources/a-txt.html")
    assert site.papers()[0]["title"] == "A title of a paper"


def test_long_lists_are_paged(make_site: Make) -> None:
    """Page 2 of a list is NAME.2.html, and every paper is on exactly one page."""
    entries = "".join(
        f"@misc{{k{i}, title = {{Paper number {i}}}, year = 2020, author = {{Smith, Ada}}}}\n"
        for i in range(120)
    )
    site = make_site({"a.bib": entries})
    pages = [site.read(f"years/2020{n}.html") for n in ("", ".2", ".3")]
    found = [set(re.findall(r"papers/(smith-[a-z0-9-]+)\.html", page)) for page in pages]
    assert len(set().union(*found)) == sum(map(len, found)) == 120


def test_404_needs_an_address(make_site: Make) -> None:
    """At any depth: full addresses with a site URL, no links and no assets without one."""
    without = make_site({"a.bib": ONE}).read("404.html")
    assert not re.search(r'(href|src)="(?!#)', without)
    with_url = make_site({"a.bib": ONE}, site_url="https://example.org/x").read("404.html")
    links = re.findall(r'(?:href|src|action)="([^"]*)"', with_url)
    assert links
    relative = [url for url in links if not url.startswith(("https://example.org/x/", "#"))]
    assert relative == []


def test_unknown_settings_are_errors(make_site: Make) -> None:
    """A typing mistake in bibpress.toml is named, with what was meant."""
    with pytest.raises(ConfigError, match='did you mean "title"'):
        make_site({"a.bib": ONE, "bibpress.toml": 'titel = "x"'})


def test_a_name_of_endless_parts_is_an_error(make_site: Make) -> None:
    """It is named with its line before the library reads it, which takes time by the square."""
    with pytest.raises(ConfigError, match=r"^bibpress.toml:2: a name of more than 100 parts"):
        make_site({"a.bib": ONE, "bibpress.toml": "\n" + "a." * 101 + "a = 1"})


def test_settings_that_are_no_toml_are_named_with_their_line(make_site: Make) -> None:
    """And in words: a quotation mark that is missing is the commonest slip."""
    with pytest.raises(ConfigError, match=r"^bibpress.toml:2: .*a quotation mark is missing \("):
        make_site({"a.bib": ONE, "bibpress.toml": '\ntitle = "Papers\n'})


NO_TOML = {
    "title = “Papers”": "quotation marks are straight ones here",
    'title = "Papers”': "a quotation mark is missing",
    "coins = [“topics”]": "quotation marks are straight ones here",
    "abstracts = True": "true and false are written small",
    "abstracts = yes": "what is so or is not is true or false",
    "title = Papers": 'or a "text" in quotes',
    "title =": 'or a "text" in quotes',
    'title: "Papers"': 'a setting is written name = "…"',
    'coins = ["topics" "years"]': "commas between them",
    "title = 'it's'": "the value ends before this",
    r'description = "C:\users"': r"a backslash in a text is written \\",
    r'description = "C:\data"': r"a backslash in a text is written \\",
    "x = 2019-13-01": "2019-13-01 is no day",
    "x = 2019-02-30": "2019-02-30 is no day",
    "x = [{date = 2019-5}]": "2019-5 is no day",
    'author = "a"': "author is there already, in line 1: keep one of the two",
    "[look]\n\n[look]": "[look] is there already, in line 2: put its settings there",
    'look.font = "sans"\n[look]': "look has a setting before its heading, in line 2: put that",
    "x = {a = 1, a = 2}": "a is there already, in line 2",
    "[[a]]\n[a]": "a is there already, in line 2, in other brackets: write both [[a]]",
    "[a]\n[[a]]": "a is there already, in line 2, in other brackets: write both [[a]]",
    "x = 1\n[[x]]": "x is there already, in line 2: keep one of the two",
    "x = {}\n[x]": "x is there already, in line 2: keep one of the two",
    "x = {a.b = 1}\n[x.a]": "Cannot declare",
    "[a]\nb.c = 1\n[a.b]": 'in line 3: put that below [a.b], without "b."',
    "x y = x = 1": 'a setting is written name = "…"',
    'x = "The "True" story"': '" in a text is written',
    'x = "Carry "on" now"': '" in a text is written',
    "x = 1 true": "a line has one setting",
    "# 2019-1\x01": "a sign that cannot be seen stands here",
    "[look": "Expected ']'",  # the library's own words
}


@pytest.mark.parametrize(("line", "said"), NO_TOML.items())
def test_what_is_no_toml_is_said_with_what_to_do(make_site: Make, line: str, said: str) -> None:
    """The library's words say what it is, and not what to do: "Invalid value"."""
    number = 2 + line.count("\n")
    with pytest.raises(ConfigError) as error:
        make_site({"a.bib": ONE, "bibpress.toml": f'author = "x"\n{line}\n'})
    assert str(error.value).startswith(f"bibpress.toml:{number}: ")
    assert said in str(error.value)


@pytest.mark.parametrize(
    "text", ['"""b"=1\nx = 2', "'''b\n", "'b\nc = 2", "'b\nc = 'd'", '"b', '"""b\n\\']
)
def test_a_text_that_has_no_end_is_named_where_it_begins(make_site: Make, text: str) -> None:
    """The library finds it where the file ends; and what is within it is there but once."""
    with pytest.raises(ConfigError, match=r"^bibpress.toml:2: a text has no end"):
        make_site({"a.bib": ONE, "bibpress.toml": f"x = 1\ny = {text}"})


def test_the_second_of_two_long_lists_is_named_by_its_first_line(make_site: Make) -> None:
    """The library finds it where it ends."""
    with pytest.raises(ConfigError, match=r"^bibpress.toml:4: feeds is there already, in line 1"):
        make_site({"a.bib": ONE, "bibpress.toml": "feeds = [\n'topics'\n]\n" * 2})


def test_an_endless_setting_is_an_error(make_site: Make) -> None:
    """The title stands on every page."""
    with pytest.raises(ConfigError, match="title has 1,001 characters; at most 1,000"):
        make_site({"a.bib": ONE, "bibpress.toml": f'title = "{"a" * 1_001}"'})


def test_the_owner_s_templates_and_files(make_site: Make) -> None:
    """A template overrides ours and may extend it; further static files keep their name."""
    site = make_site({
        "a.bib": ONE,
        "templates/gone.html": "unused",
        "templates/404.html": '{% extends "default/404.html" %}',
        "static/CNAME": "example.org",
    })  # fmt: skip
    assert site.read("CNAME") == "example.org"
    before = site.read("papers/index.html")
    site.rebuild({"templates/list.html": "LIST of {{ cards|length }}"})
    assert site.read("papers/index.html") != before
    assert site.read("papers/index.html") == "LIST of 1"


def test_a_broken_template_is_one_error(make_site: Make) -> None:
    """The owner's mistake is named by file and line, and nothing is published."""
    site = make_site({"a.bib": ONE})
    before = site.tree()
    with pytest.raises(BibpressError, match=r"templates/list\.html:1"):
        site.rebuild({"templates/list.html": "{{ nothing.here }}"})
    assert site.tree() == before


def test_venues_toml_overrides(make_site: Make) -> None:
    """An alias of the owner's decides which venue a string is."""
    venues = '[[venue]]\nslug = "things"\nname = "All Things"\naliases = ["Journal of Things"]\n'
    site = make_site({"a.bib": TWO, "venues.toml": venues})
    assert "li-2019-wide-things" in site.read("venues/things.html")


ALIKE = """
@misc{one, title = {Learning to fold napkins}, author = {Ng, A.}, year = 2001, doi = {10.1234/one}}
@misc{two, title = {Learning to fold napkins}, author = {Ng, A.}, year = 2001, doi = {10.1234/two}}
"""


def test_the_owner_decides_what_looks_alike(make_site: Make) -> None:
    """The note on a look-alike gives the line which, written down, merges or parts for good."""
    site = make_site({"a.bib": ALIKE})
    (said,) = [problem.message for problem in site.report.problems]
    assert said in html.unescape(site.read("sources/a-bib.html"))
    entry = re.findall(r"apart = \[(.*)\] into content/papers.toml", said)[0]
    site.rebuild({"content/papers.toml": f"apart = [{entry}]\n"})
    assert (site.report.papers, site.report.problems) == (2, ())
    for _ in range(2):  # the ledger then says that they are one, and so does the next build
        site.rebuild({"content/papers.toml": f"same = [{entry}]\n"})
        assert (site.report.papers, site.report.merged, site.report.problems) == (1, 1, ())
    site.rebuild({"content/papers.toml": None})
    assert site.report.papers == 2
    assert {paper["id"] for paper in site.papers()} == set(json.loads(entry))


def test_what_names_an_id_follows_it(make_site: Make) -> None:
    """A decision, a page and a note name a paper by an id that was changed twice since."""
    site = make_site({"a.bib": TWO})
    before = site.paper("smith20")["id"]
    files = {
        "content/note.md": f"---\nkey: li19\n---\nRead [@{before}] first.\n",
        "content/pages/mine.md": f"---\ntitle: Mine\n---\nSee [@{before}].\n",
        "content/papers.toml": f'retracted = ["{before}"]\n',
    }
    for now in ("second", "third"):
        told = site.folder.joinpath("ledger.tsv").read_text("utf-8")
        edited = told.replace(f"\n{before}\tsmith20", f"\n{now}\tsmith20")
        site.rebuild({"ledger.tsv": edited, **files})
        before = now
    said, linked = site.report.problems, "papers/third.html" in site.read("pages/mine.html")
    assert (said, linked, "Retracted" in site.read("papers/third.html")) == ((), True, True)


def test_a_note_is_quoted_as_it_is_read(make_site: Make) -> None:
    """Where a note mentions papers by key, their pages quote it with words in the keys' place."""
    note = "---\nkey: smith20\n---\nRead [@li19] or [[li19|the wide one]] first.\n"
    site = make_site({"a.bib": TWO, "note.md": note})
    page = site.read(f"papers/{site.paper('li19')['id']}.html")
    assert "Read Wide things or the wide one first." in page


def test_what_the_owner_merged_leaves_a_redirect(make_site: Make) -> None:
    """Two papers with no mark in common, made one by the owner's word: the old address leads on."""
    site = make_site({"a.bib": TWO})
    one, other = sorted(paper["id"] for paper in site.papers())
    for _ in range(2):
        site.rebuild({"content/papers.toml": f'same = [["{one}", "{other}"]]'})
        (paper,) = site.papers()
        gone = ({one, other} - {paper["id"]}).pop()
        assert f"0; url={paper['id']}.html" in site.read(f"papers/{gone}.html")
    site.rebuild({"content/papers.toml": None})
    assert {paper["id"] for paper in site.papers()} == {one, other}


def test_topics_of_keywords(make_site: Make) -> None:
    """Without a vocabulary the keywords of a .bib are the topics."""
    site = make_site(
        {"a.bib": ONE.replace("year = 2020", "year = 2020, keywords = {Pruning, C++}")}
    )
    assert "Deep things" in site.read("tags/pruning.html")
    assert site.paper("smith20")["tags"] == ["pruning", "c-plus-plus"]


def test_a_parent_topic_shows_its_children_s_papers(make_site: Make) -> None:
    """Pages roll children up to their parents; the API does not."""
    topics = """
        [[topic]]
        slug = "big"
        name = "Big"
        [[topic]]
        slug = "small"
        name = "Small"
        parent = "big"
    """
    site = make_site(
        {"a.bib": ONE.replace("year =", "keywords = {small}, year ="), "topics.toml": topics}
    )
    assert "Deep things" in site.read("tags/big.html")
    assert site.paper("smith20")["tags"] == ["small"]
    assert "keyword: small" in site.read("tags/small.html")
    assert "within Small" in site.read("tags/big.html")


def test_published_files_are_readable_by_a_host(make_site: Make) -> None:
    """Files 0644, folders 0755, no links, no name beginning with an underscore or a dot."""
    mask = os.umask(0o077)
    try:
        site = make_site({"a.bib": ONE})
    finally:
        os.umask(mask)
    for path in site.out.rglob("*"):
        mode = 0o755 if path.is_dir() else 0o644
        assert (path.stat().st_mode & 0o777, path.is_symlink()) == (mode, False), path
        assert not path.name.startswith("_")
        assert path.name == ".nojekyll" or not path.name.startswith(".")


@pytest.mark.parametrize("kind", ["tags", "authors", "years", "venues"])
def test_every_list_has_its_bib(demo: Built, kind: str) -> None:
    """Each topic, author, year and venue can be taken along; its .bib has its papers' keys."""
    for page in (demo.out / kind).glob("*.html"):
        name = page.name.removesuffix(".html")
        if name != "index" and "." not in name:
            assert (page.parent / f"{name}.bib").read_text(encoding="utf-8").startswith("@")


# --- the demo collection ------------------------------------------------------------------------


def _titles(path: Path) -> dict[str, Any]:
    import pybtex.database

    database = pybtex.database.parse_string(path.read_text(encoding="utf-8"), "bibtex")
    return {key: entry.fields for key, entry in database.entries.items()}


def test_the_demo_has_its_228_papers(demo: Built) -> None:
    """250 records of the dumps and 228 entries are 228 papers with titles, authors and years."""
    papers = demo.papers()
    assert len(papers) == 228
    assert demo.report.records == 478
    assert demo.report.quarantined == 0
    assert [paper["id"] for paper in papers if not (paper["authors"] and paper["year"])] == []
    assert {paper["key"] for paper in papers} == set(
        _titles(demo.folder / "content" / "references.bib")
    )


def test_the_demo_s_dump_records_all_find_their_paper(demo: Built) -> None:
    """Every record of a dump is one of a paper that the .bib names."""
    for paper in demo.papers():
        files = [source["file"] for source in paper["sources"]]
        assert files[0] == "content/references.bib"
        assert len(files) >= 2


def test_the_demo_s_links(demo: Built) -> None:
    """All links of the demo lead somewhere, and links alone lead to every page."""
    site = Site(demo.out)
    assert list(site.faults()) == []
    listed = {f"papers/{paper['id']}.html" for paper in demo.papers()}
    assert listed <= site.reachable()


def test_the_demo_s_venues_are_series(demo: Built) -> None:
    """The 142 venue strings are at most 60 venues, and all ICML papers stand on one page."""
    venues = [p for p in (demo.out / "venues").glob("*.html") if p.name != "index.html"]
    assert len([p for p in venues if "." not in p.stem]) <= 60
    icml = [p for p in demo.papers() if "International Conference on Machine Le" in p["venue"]]
    assert len(icml) > 10
    assert {p["key"] for p in icml} == set(re.findall(r"@\w+{(.*),", demo.read("venues/icml.bib")))


def test_no_page_is_over_300_kb(demo: Built) -> None:
    """Every list is paged."""
    assert {
        p: len(b) for p, b in demo.tree().items() if p.endswith(".html") and len(b) > 300_000
    } == {}


def test_unconfirmed_facts_are_marked(demo: Built) -> None:
    """What the source does not vouch for is said on the page; the export has no such field."""
    entries = _titles(demo.folder / "content" / "references.bib")
    doubtful = [key for key, fields in entries.items() if "author" in fields.get("unconfirmed", "")]
    paper = demo.paper(doubtful[0])
    assert "Not confirmed by the source: authors" in demo.read(f"papers/{paper['id']}.html")
    assert "unconfirmed" not in demo.read(f"papers/{paper['id']}.bib")


def test_years_are_true(demo: Built) -> None:
    """Years on the pages are those of references.bib."""
    entries = _titles(demo.folder / "content" / "references.bib")
    assert {p["key"]: p["year"] for p in demo.papers()} == {
        key: int(fields["year"]) for key, fields in entries.items()
    }


def test_a_note_joins_the_paper_it_names(make_site: Make) -> None:
    """A key is enough; the note's text and topics are then the paper's."""
    note = "---\nkey: smith20\ntags: [speed]\n---\nRead *this* first.\n"
    site = make_site({"a.bib": ONE, "n.md": note})
    assert "<em>this</em>" in site.read("papers/smith-2020-deep-things.html")
    assert site.paper("smith20")["tags"] == ["speed"]


def test_a_note_on_no_paper_is_reported(make_site: Make) -> None:
    """A note whose key nobody has is an error with its place, and no page without a name."""
    report = make_site({"a.bib": ONE, "n.md": "---\nkey: smith21\n---\nRead this.\n"}).report
    assert (report.papers, report.quarantined, report.records) == (1, 1, 2)
    assert [p.where.file for p in report.problems if p.severity == "error"] == ["content/n.md"]


def test_entries_on_one_line_are_told_apart(make_site: Make) -> None:
    """Two entries, a broken one and a stray word on one line each have a place of their own."""
    line = "@misc{a, title={One}} @misc{b, title={Two}} @misc{c} stray"
    site = make_site({"a.bib": line})
    assert list(Site(site.out).faults()) == []
    assert 'a-bib.html#two"' in site.read("papers/two.html")


def test_sources_of_like_names_have_pages_of_their_own(make_site: Make) -> None:
    """Files whose names differ only in signs, case or folder do not share an address."""
    names = ("a-b.bib", "a_b.bib", "x/a-b.bib", "A-b.bib")
    files = {f"content/{name}": f"@misc{{k{i}, title={{T {i}}}}}" for i, name in enumerate(names)}
    site = make_site(files)
    pages = [p for p in (site.out / "sources").glob("*.html") if p.name != "index.html"]
    assert len(pages) == 4
    assert (site.out / "sources" / "a-b-bib.html").exists()


def test_pages_stay_below_their_limit(make_site: Make) -> None:
    """Thousands of authors, topics or sources do not make a page over 300 KB."""
    authors = " and ".join(f"Lastname{i}, Given" for i in range(3000))
    entries = "".join(
        f"@misc{{k{i}, title={{Paper {i}}}, year=2020, keywords={{{', '.join(words)}}}}}\n"
        for i in range(60)
        for words in [[f"some longer keyword number {i} {j}" for j in range(60)]]
    )
    many = f"@misc{{many, title={{Many}}, author={{{authors}}}}}"
    site = make_site({"a.bib": entries, "b.bib": many})
    large = {path for path, content in site.tree().items() if len(content) > 300_000}
    assert {path for path in large if path.endswith(".html")} == set()


def test_where_sources_disagree_their_pages_say_so(make_site: Make) -> None:
    """Either source's page tells what was kept and what was set aside, with places."""
    other = ONE.replace("smith20", "other").replace("year = 2020", "year = 2021")
    site = make_site({"a.bib": ONE, "b.bib": other})
    assert "year kept: “2020”; content/b.bib:1 says “2021”" in site.read("sources/a-bib.html")
    assert "year set aside: “2021”; content/a.bib:1 says “2020”" in site.read("sources/b-bib.html")


def test_neighbours_in_the_order_of_all_papers(make_site: Make) -> None:
    """A paper's page leads to the next newer and the next older one."""
    third = TWO + "@misc{old, title={Old things}, year=1999}"
    page = make_site({"a.bib": third}).read("papers/li-2019-wide-things.html")
    links = re.findall(r'rel="(prev|next)" href="([^"/]+)\.html"', page)
    assert links == [("prev", "smith-2020-deep-things"), ("next", "1999-old-things")]


def test_redirects_lead_to_the_end_of_a_chain(make_site: Make) -> None:
    """An address that moved twice leads to where the paper is; one in a circle says it is gone."""
    site = make_site({"a.bib": ONE})
    site.rebuild(
        {
            "ledger.tsv": (site.folder / "ledger.tsv").read_text(encoding="utf-8")
            + "first\t\t\t\t-> second\t\t\nsecond\t\t\t\t-> smith-2020-deep-things\t\t\n"
            + "round\t\t\t\t-> about\t\t\nabout\t\t\t\t-> round\t\t\n"
        }
    )
    assert "url=smith-2020-deep-things.html" in site.read("papers/first.html")
    assert 'http-equiv="refresh"' not in site.read("papers/round.html")


def test_the_api_is_split_above_its_limit(make_site: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers go on in papers-2.jsonl, and site.json names all files."""
    monkeypatch.setattr("generator.api.FILE_LIMIT", 500)
    site = make_site({"a.bib": TWO})
    files = json.loads(site.read("data/site.json"))["papers"]
    assert files == ["data/papers.jsonl", "data/papers-2.jsonl"]
    assert [json.loads(site.read(file))["key"] for file in files] == ["smith20", "li19"]


def test_and_others_is_said(make_site: Make) -> None:
    """A list that leaves authors out says so on the page and in the export, and names nobody."""
    site = make_site({"a.bib": ONE.replace("and Li, Bo", "and others")})
    assert "and others" in site.read("papers/smith-2020-deep-things.html").split("Abstract")[0]
    assert "and others" in site.read("papers/smith-2020-deep-things.bib")
    assert not (site.out / "authors" / "others.html").exists()


def test_a_collection_without_topics_gets_some(make_site: Make) -> None:
    """Phrases that many of its papers share; keywords or a vocabulary of one's own come first."""
    entries = [
        f"@misc{{k{n}, title={{On {what} of {thing}}}, year=2020, "
        f"abstract={{We study {what} of {thing} and what {what} does.}}}}"
        for n, (what, thing) in enumerate(
            (what, thing)
            for what in ("active learning", "motion planning", "speech recognition")
            for thing in ("bridges", "boats", "birds", "beetles", "beans", "bells")
        )
    ]
    site = make_site({"content/refs.bib": "\n".join(entries)})
    assert "tags/active-learning.html" in site.tree()
    site.rebuild(
        {"content/refs.bib": "\n".join(e.replace("year", "keywords={zoo}, year") for e in entries)}
    )
    assert {path for path in site.tree() if path.startswith("tags/") and path.endswith(".bib")} == {
        "tags/zoo.bib"
    }


def test_papers_that_mention_each_other_are_linked(make_site: Make) -> None:
    """In the abstract, on both pages with the sentence, in notes by key, and in the API."""
    site = make_site(
        {
            "refs.bib": "@misc{gp, title={GPipe: Pipelines for Large Nets}, author={Ann Ant}, "
            "year={2019}, abstract={We present GPipe, a library for pipelines of nets.}}\n"
            "@misc{lo, title={Long Trains of Layers}, author={Bo Bee}, year={2021}, "
            "abstract={Few-shot learning (FSL) is hard. We train nets in pipelines like GPipe.}}",
            "note.md": "---\nkey: gp\n---\nRead [@lo] and [[lo|the other]], not [@nobody].",
        }
    )
    gpipe, long_ = site.paper("gp"), site.paper("lo")
    page = site.read(f"papers/{long_['id']}.html")

    assert f'pipelines like <a href="{gpipe["id"]}.html">GPipe</a>' in page
    assert '<abbr title="Few-shot learning">FSL</abbr>' in page
    assert "Mentioned by" in site.read(f"papers/{gpipe['id']}.html")
    assert f'<a href="{long_["id"]}.html">the other</a>' in site.read(f"papers/{gpipe['id']}.html")
    assert (gpipe["mentions"], gpipe["mentioned_by"]) == ([long_["id"]], [long_["id"]])
    assert "Few-shot learning" in site.read("glossary.html")
    assert [(p.where.file, p.severity) for p in site.report.problems if "nobody" in p.message] == [
        ("content/note.md", "warning")
    ]


def test_an_edit_is_worked_on_alone(make_site: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """What one paper gives is worked out for the papers that changed, and for no other."""
    asked: list[str] = []

    def watched(module: object, name: str) -> None:
        function = getattr(module, name)

        @functools.wraps(function)
        def counted(*given: object) -> object:
            asked.append(name)
            return function(*given)

        monkeypatch.setattr(module, name, counted)

    site = make_site({"refs.bib": TWO})
    watched(facts, "of")
    watched(topics, "assign")
    site.rebuild({"content/refs.bib": TWO.replace("Deep", "Deeper")})
    assert asked == ["of", "assign"]
    site.rebuild({"content/more.bib": "@misc{new, title={Something new}, year={2020}}"})
    assert asked == ["of", "assign"] * 2


def raising(*_: object) -> None:
    """Stands in for a step that must not be reached."""
    raise AssertionError("this step is not needed")


def test_nothing_changed_is_nothing_done(make_site: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where everything is as it was, nothing is read, and the report says the same."""
    site = make_site({"a.bib": TWO, "note.md": "---\nkey: smith20\n---\nRead [@nobody].\n"})
    before = site.report
    monkeypatch.setattr("generator.build.load", raising)
    after = site.rebuild()
    assert (after.made, after.kept, after.removed) == (0, before.files, 0)
    assert (after.papers, after.problems, after.bytes) == (
        before.papers, before.problems, before.bytes,
    )  # fmt: skip
    with pytest.raises(RefusedError):
        site.rebuild(strict=True)


CHANGES: dict[str, tuple[dict[str, str | None], dict[str, Any]]] = {
    "a source": ({"content/a.bib": TWO + ONE}, {}),
    "a source more": ({"content/b.txt": "Title: Folding\nAbstract: We fold."}, {}),
    "settings": ({"bibpress.toml": 'title = "Other"\n'}, {}),
    "topics": ({"content/topics.toml": '[[topic]]\nslug = "a"\nname = "A"\n'}, {}),
    "a template": ({"templates/404.html": "nothing"}, {}),
    "a static file": ({"static/CNAME": "example.org"}, {}),
    "no ledger": ({"ledger.tsv": None}, {}),
    "decisions": ({"content/papers.toml": 'same = [["smith20", "li19"]]'}, {}),
    "venues": (
        {"content/venues.toml": '[[venue]]\nslug = "x"\nname = "X"\naliases = ["ICML"]\n'},
        {},
    ),
    "people": ({"content/people.toml": '[[person]]\nname = "Ann Li"\nvariants = ["Bo Li"]\n'}, {}),
    "the output": ({"_site/index.html": "changed by hand"}, {}),
    "a file too few": ({"_site/index.html": None}, {}),
    "the address": ({}, {"site_url": "https://example.org/"}),
}


def test_a_ledger_edited_while_building_is_seen(
    make_site: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an owner writes between reading and the end of a build is built the next time."""
    site = make_site({"a.bib": ONE})
    path = site.folder / "ledger.tsv"
    renamed = path.read_text(encoding="utf-8").replace(
        "smith-2020-deep-things\tsmith20", "deep\tsmith20"
    )
    publish = output.publish

    def edited(*given: Any, **named: Any) -> Any:
        path.write_text(renamed, encoding="utf-8")
        return publish(*given, **named)

    monkeypatch.setattr(output, "publish", edited)
    site.rebuild({"content/b.bib": TWO})
    monkeypatch.undo()
    site.rebuild()
    assert (site.out / "papers/deep.html").exists()


def test_every_mention_is_in_a_page_s_mark(
    make_site: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A paper mentioned beyond what a page lists is linked, and its address followed."""
    monkeypatch.setattr("generator.pages.MENTIONS", 1)
    named = "".join(
        f"@misc{{n{n}, title = {{{name}: a net}}, year = {2000 + n}, "
        f"abstract = {{We propose {name}, a network for folding napkins.}}}}\n"
        for n, name in enumerate(("NapNet", "FoldNet", "CutNet"))
    )
    survey = (
        "@misc{s, title={All}, year=2010, abstract={We compare NapNet, FoldNet and CutNet here.}}"
    )
    site = make_site({"a.bib": named + survey})
    ledger = (site.folder / "ledger.tsv").read_text(encoding="utf-8")
    for id_ in [paper["id"] for paper in site.papers() if paper["key"].startswith("n")]:
        ledger = re.sub(rf"^{id_}\t", f"new-{id_}\t", ledger, flags=re.M)
    site.rebuild({"ledger.tsv": ledger})
    built = site.tree()
    shutil.rmtree(site.out)
    shutil.rmtree(site.folder / "._site.bibpress")
    site.rebuild()
    assert site.tree() == built


@pytest.mark.parametrize(("files", "options"), CHANGES.values(), ids=CHANGES.keys())
def test_every_change_is_seen(
    files: dict[str, str | None], options: dict[str, Any], make_site: Make
) -> None:
    """Whatever the site is made of, a change to it is as good as a clean build of it."""
    site = make_site({"a.bib": TWO})
    site.rebuild(files, **options)
    after = site.tree()
    shutil.rmtree(site.out)
    shutil.rmtree(site.folder / "._site.bibpress")
    site.rebuild(**options)
    assert site.tree() == after
