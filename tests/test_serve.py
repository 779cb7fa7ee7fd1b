"""The preview: what a build would publish, soon after a save, whatever is saved."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from playwright.sync_api import Page, sync_playwright

from generator import exports, extensions, output, serve
from generator.cli.serve import names, say
from generator.errors import UsageError
from generator.load import Order
from generator.serve import (
    AGAIN,
    AWAITED,
    Memory,
    Preview,
    Server,
    Watch,
    injected,
    media_type,
    remembered,
    serving,
)
from tests.conftest import ROOT, TODAY, build_folder, needs, write
from tests.test_browser import CHROMIUM
from tests.test_extensions import LINES

BIB = """\
@inproceedings{smith, title = {Pruning of graphs}, author = {Smith, Ada}, year = 2020,
  booktitle = {ICML}, abstract = {We prune a graph until it is a tree, and then the tree.}}
@inproceedings{li, title = {Trees of graphs}, author = {Li, Bo and Smith, Ada}, year = 2021,
  booktitle = {ICML}, abstract = {Unlike Pruning of graphs, we let a graph grow to a tree.}}
@misc{ng, title = {On naps}, author = {Ng, Ann}, keywords = {naps},
  abstract = {We sleep, and wake, and sleep again.}}
"""
TOPICS = '[[topic]]\nslug = "trees"\nname = "Trees"\nphrases = ["tree"]\n'
NOTE = "---\nkey: ng\n---\nSee [@smith].\n"
SITE = {
    "bibpress.toml": 'title = "Papers"\nurl = "https://example.org/x/"\n',
    "content/refs.bib": BIB,
    "content/topics.toml": TOPICS,
    "content/note.md": NOTE,
    "static/CNAME": "example.org\n",
}
SMITH = "papers/smith-2020-pruning-graphs.html"
TEMPLATE = '{% extends "default/paper.html" %}{% block footer %}Ours{% endblock %}'
OWN = "templates/paper.html"


def place(folder: Path, files: Mapping[str, str] = SITE) -> Path:
    """A site folder with these files."""
    (folder / "content").mkdir(exist_ok=True)
    write(folder, files)
    return folder


def preview(folder: Path) -> Preview:
    """A preview that has read its sources."""
    made = Preview(Order((folder,), folder / "_site", TODAY))
    made.refresh()
    return made


def text(one: Preview, path: str) -> str:
    """What is shown at a path."""
    return one.answer(path).content.decode()


# --- the same as a build --------------------------------------------------------------------------

EDITS: tuple[dict[str, str | None], ...] = (
    {},
    {"content/refs.bib": BIB.replace("We sleep", "We sleep long, as in Trees of graphs")},
    {"content/refs.bib": BIB.replace("{Pruning of graphs}", "{Growing of naps}")},
    {"content/refs.bib": BIB.replace("Ada", "Eva").replace("ICML", "ICLR")},
    {"content/more.bib": "@misc{kim, title = {A kitchen}, author = {Kim, Bo}, year = 2022}\n"},
    {"content/topics.toml": TOPICS.replace("tree", "graph")},
    {"content/note.md": NOTE.replace("smith", "li")},
    {"content/note.md": None},
    {"content/papers.toml": 'same = [["smith", "li"]]\n'},
    {"bibpress.toml": 'language = "de"\n'},
    {OWN: TEMPLATE},
    {"static/CNAME": "example.net\n", "static/papers/index.html": "mine"},
    {"content/refs.bib": None},
)


def test_every_path_is_what_a_build_publishes(tmp_path: Path) -> None:
    """After any edit the preview answers with the bytes of a build, and at no further path."""
    one = preview(place(tmp_path))
    wrong = []
    for edit in EDITS:
        write(tmp_path, edit)
        one.refresh()
        build_folder(tmp_path)
        out = tmp_path / "_site"
        tree = {path.relative_to(out).as_posix(): path for path in out.rglob("*")}
        wrong += [
            (edit, path)
            for path, file in tree.items()
            if file.is_file() and one.answer(path).content != file.read_bytes()
        ]
        wrong += [(edit, path) for path in (SMITH, "tags/naps.html", "authors/smith-ada.bib")
                  if (one.answer(path).status == 200) != (path in tree)]  # fmt: skip
    assert wrong == []


def test_nothing_is_written(tmp_path: Path) -> None:
    """No output folder, no memory, no ledger: a preview leaves a folder as it was."""
    place(tmp_path)
    one = preview(tmp_path)
    text(one, "search.html")
    found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    assert {name for name in found if not (tmp_path / name).is_dir()} == set(SITE)


def test_one_edit_is_the_work_of_one_paper(tmp_path: Path) -> None:
    """What was worked out of the other papers before is not worked out again."""
    one = preview(place(tmp_path))
    write(tmp_path, {"content/refs.bib": BIB.replace("We sleep", "We nap")})
    with patch("generator.exports.in_brief", wraps=exports.in_brief) as worked_out:
        one.refresh()
    assert worked_out.call_count == 1


def test_no_more_is_made_than_is_looked_at(tmp_path: Path) -> None:
    """A page is shown without the search index, which would take as long as all the rest."""
    with patch("generator.search.files", side_effect=AssertionError):
        one = preview(place(tmp_path))
        with one.watched(SMITH):
            write(tmp_path, {"content/refs.bib": BIB.replace("We sleep", "We nap")})
            stopped = one.refresh().stopped
        assert (stopped, one.answer(SMITH).status) == ("", 200)


def test_memory_forgets_what_no_load_asks_for() -> None:
    """A day of edits does not fill the memory with every state of every entry."""
    memory = Memory()
    for number in range(100):
        memory.put_many({f"{number}": number, "kept": 0})
        memory.turn()
    assert memory.get_many(["kept", "0", "97", "99"]) == {"kept": 0, "99": 99}


# --- extensions -----------------------------------------------------------------------------------

EXTENDED = {"bibpress.toml": 'title = "Papers"\nextensions = ["extras.py"]\n'}
PAGES = """\
from generator.extensions import Page, page
@page
def mine(collection):
    yield Page("mine.html", "mine.html", "Mine", "", {"value": 1})
"""


def test_a_changed_extension_is_seen(tmp_path: Path) -> None:
    """It is watched, and the next answer is that of its new text; a slip in it stops nothing."""
    shown = '{% extends "base.html" %}{% block main %}<p>{{ value }}</p>{% endblock %}'
    files = {**SITE, **EXTENDED, "extras.py": PAGES, "templates/mine.html": shown}
    one, watch = preview(place(tmp_path, files)), Watch((tmp_path,))
    seen = ["<p>1</p>" in text(one, "mine.html")]
    for extras, said in ((PAGES.replace("1", "2"), ""), ("x = = 1", "extras.py:1: invalid syntax")):
        write(tmp_path, {"extras.py": extras})
        seen.append((("extras.py",) in steps(watch)) is True)
        assert one.refresh().stopped == said
        seen.append("<p>2</p>" in text(one, "mine.html"))
    assert seen == [True] * 5


def test_workers_know_an_extension(tmp_path: Path) -> None:
    """Large files are read by several processes, which get the module along with their work."""
    lines = "".join(f"On matter {n}\n" for n in range(1000))
    place(tmp_path, {**EXTENDED, "extras.py": LINES, "content/x.lines": lines})
    one = Preview(Order((tmp_path,), tmp_path / "_site", TODAY))
    with output.executor("process", 2) as pool:
        news = one.refresh(pool)
    assert (news.stopped, news.report.papers) == ("", 1000)


def test_with_an_extension_the_last_build_is_remembered(tmp_path: Path) -> None:
    """What a build has worked out, with the same extension, is not worked out again."""
    place(tmp_path, {**SITE, **EXTENDED, "extras.py": LINES, "content/x.lines": "On matter\n"})
    build_folder(tmp_path)
    order = Order((tmp_path,), tmp_path / "_site", TODAY)
    with patch("generator.exports.in_brief", wraps=exports.in_brief) as worked_out:
        news = Preview(order, remembered(order)).refresh()
    assert (news.stopped, worked_out.call_count) == ("", 0)


def test_a_preview_may_begin_with_a_broken_extension(tmp_path: Path) -> None:
    """There is nothing to remember, and what is wrong is said as of any setting."""
    place(tmp_path, {**SITE, **EXTENDED, "extras.py": "1 / 0"})
    order = Order((tmp_path,), tmp_path / "_site", TODAY)
    assert "extras.py:1: ZeroDivisionError" in Preview(order, remembered(order)).refresh().stopped


def test_a_broken_extension_is_tried_again_when_a_file_has_changed(tmp_path: Path) -> None:
    """It is a program of the owner's: what it does before it fails is not done each second."""
    watch = Watch((place(tmp_path, {**SITE, **EXTENDED, "extras.py": "1 / 0"}),))
    with patch("generator.extensions._run", wraps=extensions._run) as run:
        steps(watch, 3 * AGAIN)
        assert run.call_count == 0
        with (tmp_path / "extras.py").open("a", encoding="utf-8") as file:
            file.write("# the folder's own time stays as it was\n")
        assert steps(watch) == [("extras.py",)]
        assert run.call_count == 1


def test_what_is_known_once_the_settings_are_mended_did_not_change(tmp_path: Path) -> None:
    """Which files there are could not be told before; the one that was mended is named."""
    watch = Watch((place(tmp_path, {**SITE, "bibpress.toml": "title ="}),))
    write(tmp_path, {"bibpress.toml": 'title = "T"\n'})
    assert steps(watch) == [("bibpress.toml",)]


def test_an_extension_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    """Its file is watched by its name, though no build can say what a site is made of."""
    watch = Watch((place(tmp_path, {**SITE, "bibpress.toml": 'extensions = ["deep/extras.py"]'}),))
    write(tmp_path, {"deep/extras.py": ""})
    assert "deep/extras.py" in steps(watch)[0]


# --- what goes wrong ------------------------------------------------------------------------------

BROKEN: Mapping[str, tuple[dict[str, str], str]] = {
    "settings": ({"bibpress.toml": 'title = "A\n'}, "bibpress.toml:1: a text has no end"),
    "a setting": ({"bibpress.toml": 'titel = "A"\n'}, 'did you mean "title"?'),
    "topics": ({"content/topics.toml": "[[topic]\n"}, "content/topics.toml"),
    "no paper": ({"content/refs.bib": "", "content/note.md": ""}, "no papers found"),
    "the ledger": ({"ledger.tsv": "nonsense\n"}, "ledger.tsv:1"),
    "a template's form": ({"templates/group.html": "\n{% if %}"}, "templates/group.html:2"),
    "a template's sense": ({OWN: "\n{{ nothing.at.all }}"}, "templates/paper.html:2"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_breaks_the_site_leaves_the_last_good_one(tmp_path: Path, name: str) -> None:
    """The site stays, each page says what is wrong and where, and the next save mends it."""
    files, said = BROKEN[name]
    one = preview(place(tmp_path))
    good = text(one, SMITH)
    with one.watched(SMITH):
        write(tmp_path, files)
        stopped = one.refresh().stopped
        assert said in stopped
        assert (text(one, SMITH), one.state(SMITH)["stopped"]) == (good, stopped)
        write(tmp_path, {file: SITE.get(file) for file in files})
        one.refresh()
    assert (text(one, SMITH), one.state(SMITH)["stopped"]) == (good, "")


def test_a_page_that_nobody_looked_at_says_what_breaks_it(tmp_path: Path) -> None:
    """What only shows when a page is made is said there, with file and line, under status 500."""
    one = preview(place(tmp_path, {**SITE, OWN: "\n{{ nothing.at.all }}"}))
    answer = one.answer(SMITH)
    assert (answer.status, b"templates/paper.html:2: " in answer.content) == (500, True)


def test_what_breaks_a_page_is_told_in_the_terminal_once(tmp_path: Path) -> None:
    """Whoever comes to the page again need not read it again, until the next save."""
    told: list[str] = []
    folder = place(tmp_path, {**SITE, OWN: "\n{{ nothing }}"})
    one = Preview(Order((folder,), folder / "_site", TODAY), tell=told.append)
    for _ in range(2):
        one.refresh()
        one.answer(SMITH), one.answer(SMITH)
    assert told == [f"{SMITH} cannot be shown: templates/paper.html:2: 'nothing' is undefined"] * 2


def test_what_cannot_be_planned_is_said_of_every_page(tmp_path: Path) -> None:
    """After an error in the middle of a plan, the pages behind it are not said to be none."""
    one = preview(place(tmp_path, {**SITE, **EXTENDED, "extras.py": PAGES.replace("1", "1 / 0")}))
    answers = [one.answer("bibliography.bib") for _ in range(2)]
    assert [answer.status for answer in answers] == [500, 500]
    assert b"extras.py:4: while making the pages of mine" in answers[1].content


def test_an_owners_own_file_is_read_when_it_is_asked_for(tmp_path: Path) -> None:
    """No other page waits for it, and nobody holds it; one that is gone costs only itself."""
    one = preview(place(tmp_path, {**SITE, "static/late.txt": "late", "static/index.html": "Mine"}))
    (tmp_path / "static/late.txt").unlink()
    paths = ("late.txt", SMITH, "index.html")
    assert [one.answer(path).status for path in paths] == [500, 200, 200]
    assert text(one, "index.html") == "Mine"


def test_a_fault_of_ours_is_no_end(tmp_path: Path) -> None:
    """What we did not foresee is told with its place, and the last good site stays."""
    one = preview(place(tmp_path))
    with patch("generator.serve.load", side_effect=ZeroDivisionError("oh")):
        news = one.refresh()
    assert ("ZeroDivisionError: oh" in news.stopped, "Traceback" in news.trace) == (True, True)
    assert one.answer(SMITH).status == 200


def test_before_there_is_a_site_the_page_says_why_not(tmp_path: Path) -> None:
    """A preview may begin with what is broken: the page says so, and comes once it is mended."""
    one = preview(place(tmp_path, {**SITE, "bibpress.toml": 'titel = "<A>"'}))
    answer = one.answer("")
    assert (answer.status, b"did you mean &quot;title&quot;" in answer.content) == (503, True)
    assert AWAITED.encode() in answer.content


def test_before_there_is_a_site_none_is_called_the_last_good_one(tmp_path: Path) -> None:
    """What stops the first site stands in the page itself, and in no bar above an older one."""
    one = preview(place(tmp_path, {**SITE, "bibpress.toml": "titel = 1"}))
    assert one.state("")["stopped"] == ""


def test_in_an_empty_folder_the_first_paper_is_waited_for(tmp_path: Path) -> None:
    """What `build` ends with is said, and the page comes with the file that was missing."""
    one, watch = preview(tmp_path), Watch((tmp_path,))
    before = text(one, "")
    write(tmp_path, {"refs.bib": BIB})
    changed = steps(watch)
    one.refresh()
    assert "no papers found" in before
    assert (changed, one.answer("").status) == ([("refs.bib",)], 200)


# --- what a page is told --------------------------------------------------------------------------


def test_a_page_has_another_mark_only_if_it_has_changed(tmp_path: Path) -> None:
    """The page that shows the edit comes anew, one that does not stays."""
    one = preview(place(tmp_path))
    seen = [SMITH, "papers/ng-naps.html", "no-such.html"]
    before = [one.state(path)["mark"] for path in seen]
    write(tmp_path, {"content/refs.bib": BIB.replace("We prune", "We cut")})
    one.refresh()
    after = [one.state(path)["mark"] for path in seen]
    assert [one == other for one, other in zip(before, after, strict=True)] == [False, True, True]


def test_who_corrects_the_title_of_a_new_paper_still_sees_it(tmp_path: Path) -> None:
    """A paper that no ledger knows moves with its title; its old address leads to the new one."""
    one = preview(place(tmp_path))
    for title in ("Fell", "Felling of trees"):
        write(tmp_path, {"content/refs.bib": BIB.replace("{Pruning of graphs}", f"{{{title}}}")})
        one.refresh()
    assert one.answer(SMITH).elsewhere == "/papers/smith-2020-felling-trees.html"


def test_an_owners_own_file_gives_pages_another_mark(tmp_path: Path) -> None:
    """No page says in its bytes that a picture of the owner's has changed."""
    one = preview(place(tmp_path))
    before = one.state("")["mark"]
    write(tmp_path, {"static/CNAME": "another.example.org\n"})
    one.refresh()
    assert one.state("")["mark"] != before


def test_problems_of_the_page_come_first(tmp_path: Path) -> None:
    """A paper's page begins with what is wrong in its own entry."""
    odd = "@misc{a b, title = {One}, year = 2001}\n@misc{c d, title = {Two}, year = 2002}\n"
    one = preview(place(tmp_path, {"content/refs.bib": odd}))
    state = one.state("papers/2002-two.html")
    shown = [(each["place"], each["own"]) for each in state["problems"]]  # type: ignore[attr-defined]
    assert shown == [("content/refs.bib:2", True), ("content/refs.bib:1", False)]


def test_only_new_problems_are_told_in_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A save is one line, and what it brought; what was wrong before has been said."""
    one = preview(place(tmp_path, {**SITE, "content/a.bib": "@misc{a b, title = {One}}\n"}))
    write(tmp_path, {"content/b.bib": "@misc{c d, title = {Two}}\n"})
    say(one.refresh(), "content/b.bib", 0.25)
    told = capsys.readouterr()
    assert told.out == "content/b.bib: 5 papers, 2 warnings, 0.25 s\n"
    assert [line.partition(": the")[0] for line in told.err.splitlines()] == [
        "warning: content/b.bib:1"
    ]


@pytest.mark.parametrize(
    ("changed", "begin"), [("bibpress.toml", "bibpress.toml:1: "), ("a.bib", "a.bib: bibpress.to")]
)
def test_a_line_names_its_file_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], changed: str, begin: str
) -> None:
    """What stops a site has its place already; a save elsewhere is named before it."""
    one = preview(place(tmp_path))
    write(tmp_path, {"bibpress.toml": 'titel = "x"'})
    say(one.refresh(), changed, 0.25)
    assert capsys.readouterr().err.startswith(f"{begin}")


# --- watching -------------------------------------------------------------------------------------


def steps(watch: Watch, count: int = 3) -> list[tuple[str, ...]]:
    """What so many looks report."""
    return [changed for _ in range(count) if (changed := watch.step())]


CHANGES: Mapping[str, tuple[dict[str, str | None], tuple[str, ...]]] = {
    "a save": ({"content/refs.bib": BIB + "\n"}, ("content/refs.bib",)),
    "a new file": ({"content/deep/er/new.bib": BIB}, ("content/deep/er/new.bib",)),
    "a file that goes": ({"content/note.md": None}, ("content/note.md",)),
    "settings": ({"bibpress.toml": ""}, ("bibpress.toml",)),
    "broken settings": ({"bibpress.toml": "="}, ("bibpress.toml",)),
    "the ledger": ({"ledger.tsv": ""}, ("ledger.tsv",)),
    "a template": ({"templates/new.html": ""}, ("templates/new.html",)),
    "what editors leave": ({"content/.refs.bib.swp": "", "content/refs.bib~": "", "x.txt": ""}, ()),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changes_are_noticed_once_by_name(tmp_path: Path, name: str) -> None:
    """Every file that steers a build is watched, and no other."""
    files, changed = CHANGES[name]
    watch = Watch((place(tmp_path),))
    write(tmp_path, files)
    assert steps(watch) == ([changed] if changed else [])


def test_a_file_is_read_when_it_is_at_rest(tmp_path: Path) -> None:
    """While a file still changes from look to look it is not reported."""
    watch = Watch((place(tmp_path),))
    reported = []
    for number in range(5):
        write(tmp_path, {"content/refs.bib": BIB + "\n" * (number + 1)})
        reported += steps(watch, 1)
    assert (reported, steps(watch)) == ([], [("content/refs.bib",)])


def test_a_file_that_never_rests_is_read_all_the_same(tmp_path: Path) -> None:
    """Something that writes all the time holds up the preview for a while only."""
    watch = Watch((place(tmp_path),))
    reported = []
    for number in range(60):
        write(tmp_path, {"content/refs.bib": BIB + "\n" * (number + 1)})
        reported += steps(watch, 1)
    assert len(reported) == 1


def test_a_replaced_file_is_no_change_until_it_is_there_again(tmp_path: Path) -> None:
    """An editor that puts the old file aside, and then the new one in its place, is waited for."""
    watch = Watch((place(tmp_path),))
    old = tmp_path / "content/refs.bib"
    old.rename(tmp_path / "content/refs.bib~")
    first = steps(watch, 1)
    write(tmp_path, {"content/refs.bib": BIB.replace("naps", "dreams")})
    assert (first, steps(watch)) == ([], [("content/refs.bib",)])


def test_a_folder_that_vanishes_is_waited_for(tmp_path: Path) -> None:
    """Another branch is checked out, a disk is unplugged: the last good site stays meanwhile."""
    home, away = tmp_path / "site", tmp_path / "away"
    home.mkdir()
    one, watch = preview(place(home)), Watch((home,))
    good = text(one, SMITH)
    home.rename(away)
    gone = steps(watch)
    stopped = one.refresh().stopped
    assert (bool(gone), "no such file or folder" in stopped, text(one, SMITH)) == (True, True, good)
    away.rename(home)
    assert (bool(steps(watch)), one.refresh().stopped) == (True, "")


def test_changes_have_names_though_the_current_folder_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing that is removed ends a preview."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    (tmp_path / "here").rmdir()
    assert names(("content/refs.bib", "/x.bib")) == "content/refs.bib, /x.bib"


def test_looking_is_cheap(tmp_path: Path) -> None:
    """As long as nothing changes, the files are not searched for but now and then."""
    watch = Watch((place(tmp_path),))
    with patch("generator.serve.made_of", wraps=lambda _: []) as searched:
        steps(watch, 19)
    assert searched.call_count == 0


# --- the server -----------------------------------------------------------------------------------


@contextmanager
def at_work(folder: Path) -> Iterator[Server]:
    """A server in this process."""
    with serving(preview(place(folder)), "127.0.0.1", 0) as server:
        yield server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of the small site."""
    with at_work(tmp_path) as server:
        yield server


def ask(
    server: Server, path: str, method: str = "GET", **headers: str
) -> tuple[int, Mapping[str, str], str]:
    """Status, headers (by lower-case name) and text of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=20)
    connection.request(method, path, headers=headers)
    with connection.getresponse() as answer:
        found = {name.lower(): value for name, value in answer.getheaders()}
        said = answer.status, found, answer.read().decode()
    connection.close()
    return said


REQUESTS = {
    "/": 200,
    "/index.html?q=1": 200,
    f"/{SMITH}": 200,
    "/papers/smith%2D2020-pruning-graphs.html": 200,
    "/tags/": 200,
    "/tags": 302,
    "/tags/nope.html": 404,
    "/_preview/": 404,
    "/_preview/preview.js": 200,
    "/_preview/serve.py": 404,
    "/../bibpress.toml": 404,
    "/%2e%2e/bibpress.toml": 404,
    "//etc/passwd": 404,
    "/content/refs.bib": 404,
    "/papers/%00.html": 404,
    "/papers%5Cindex.html": 404,
    "/%2e%2e%2f%2e%2e%2fetc/passwd": 404,
    "/..%c0%af..%c0%afetc/passwd": 404,
    "/static/CNAME": 404,
    "/CNAME": 200,
    "/_preview/..%2fserve.py": 404,
}


@pytest.mark.parametrize("path", REQUESTS)
def test_only_what_a_build_publishes_is_served(server: Server, path: str) -> None:
    """Paths are looked up among those planned, never on the disk; a folder is its index."""
    assert ask(server, path)[0] == REQUESTS[path]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT"])
def test_nothing_can_be_done_but_looking(server: Server, method: str) -> None:
    """There is nothing to change here, and no other site may ask whether it could."""
    status, headers, _ = ask(server, "/", method)
    assert (status, [name for name in headers if name.startswith("access-")]) == (501, [])


def test_what_is_no_address_is_told_so(server: Server) -> None:
    """In an answer: a connection that breaks off says nothing."""
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=20) as client:
        client.sendall(b"GET http://[/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 400 ")


def test_who_says_nothing_is_given_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a request holds up nobody, and its connection not for ever."""
    assert serve._Handler.timeout == serve.PATIENCE
    address, half = ("127.0.0.1", server.server_port), b"GET / HTTP/1.1\r\nHost: local"
    with socket.create_connection(address, timeout=20) as slow:
        slow.sendall(half)
        assert ask(server, "/")[0] == 200
    monkeypatch.setattr(serve._Handler, "timeout", 1)  # whoever asks in earnest is in time
    with socket.create_connection(address, timeout=60) as slow:
        slow.sendall(half)
        assert slow.recv(100) == b""


def test_pages_that_are_closed_are_watched_no_longer(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirty pages at once are told, and a sign of life finds out that they have gone."""
    monkeypatch.setattr(serve, "HEARTBEAT", 0.05)
    streams = [http.client.HTTPConnection("127.0.0.1", server.server_port) for _ in range(30)]
    for stream in streams:
        stream.request("GET", f"/_preview/events?path={SMITH}")
    answers = [stream.getresponse() for stream in streams]  # one that nobody holds is closed
    told = [answer.readline()[:6] for answer in answers]
    watched = server.preview._watched[SMITH]
    for answer, stream in zip(answers, streams, strict=True):
        answer.close()
        stream.close()
    assert (told, watched) == ([b"data: "] * 30, 30)
    end = time.monotonic() + 20
    while server.preview._watched and time.monotonic() < end:
        time.sleep(0.05)
    assert not server.preview._watched


def test_an_address_of_the_newer_kind(tmp_path: Path) -> None:
    """On ::1 as on 127.0.0.1, with the address that a browser wants."""
    try:
        with serving(preview(place(tmp_path)), "::1", 0) as server:
            connection = http.client.HTTPConnection("::1", server.server_port, timeout=20)
            connection.request("GET", "/")
            found = connection.getresponse().status, server.address, server.is_local
            connection.close()
    except UsageError:
        pytest.skip("this machine has no IPv6")
    assert found == (200, f"http://[::1]:{server.server_port}/", True)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        *(("localhost:8000", 200), ("127.0.0.1", 200), ("[::1]:9", 200), ("a.localhost", 200)),
        *(("evil.example", 421), ("localhost.evil.example", 421), ("192.168.1.2", 421)),
        *(("", 421), ("[", 421)),
    ],
)
def test_only_this_machine_is_answered(server: Server, host: str, status: int) -> None:
    """A page of another site, whose name leads here (DNS rebinding), is told nothing."""
    assert ask(server, "/", Host=host)[0] == status


def test_no_page_of_another_site_may_read(server: Server) -> None:
    """Nothing is kept, nothing is guessed, and no header lets others in."""
    headers = ask(server, "/", Origin="https://evil.example")[1]
    assert "access-control-allow-origin" not in headers
    assert (headers["cache-control"], headers["cross-origin-resource-policy"]) == (
        "no-store",
        "same-origin",
    )


def test_head_is_get_without_the_content(server: Server) -> None:
    """The headers are the same, its length included."""
    (_, get, content), (_, head, nothing) = (ask(server, "/", each) for each in ("GET", "HEAD"))
    names = ("content-type", "content-length")
    assert ([get[n] for n in names], nothing) == ([head[n] for n in names], "")
    assert int(head["content-length"]) == len(content.encode())


def test_the_page_of_what_is_not_there_leads_to_the_preview(server: Server) -> None:
    """Its links are full addresses of the site to be; here they lead to what is looked at."""
    content = ask(server, "/no/such.html")[2]
    assert ("https://example.org" in content, 'href="/index.html"' in content) == (False, True)


def test_a_taken_port_is_told_or_passed_over(server: Server, tmp_path: Path) -> None:
    """A port that was asked for is had or refused; without one the next free one is taken."""
    one = preview(tmp_path)
    taken = range(server.server_port, server.server_port + 20)
    with patch("generator.serve.PORTS", taken), serving(one, "127.0.0.1", None) as other:
        assert other.server_port in taken[1:]
    with (
        pytest.raises(UsageError, match=r"is there already; .*--port"),
        serving(one, "127.0.0.1", taken[0]),
    ):
        pass


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a.html", "text/html; charset=utf-8"),
        ("a.JS", "text/javascript; charset=utf-8"),
        ("a.svg", "image/svg+xml; charset=utf-8"),
        ("a.png", "image/png"),
        ("CNAME", "application/octet-stream"),
    ],
)
def test_media_types(path: str, kind: str) -> None:
    """By the ending alone, whatever a system thinks of it; text is UTF-8."""
    assert media_type(path) == kind


def test_the_script_is_in_pages_alone(tmp_path: Path) -> None:
    """It stands before the body's end, or at the end; any other file is served as it is."""
    one = preview(place(tmp_path, {**SITE, "static/bare.html": "no end"}))
    page, bare = (injected(one.answer(path)) for path in ("", "bare.html"))
    assert page.rpartition(b"<script")[2].endswith(b"></script>\n</body>\n</html>\n")
    assert bare.startswith(b"no end<script")
    assert injected(one.answer("bibliography.bib")) == one.answer("bibliography.bib").content


# --- the command ----------------------------------------------------------------------------------


@contextmanager
def command(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`bibpress serve` of a folder, and its address."""
    words = [sys.executable, "-m", "generator", "serve", str(folder), "--port", "0"]
    process = subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        cwd=ROOT, env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"},
    )  # fmt: skip
    try:
        assert process.stdout
        yield process, next(line for line in process.stdout if line.startswith("http")).split()[0]
    finally:
        process.kill()
        process.communicate()


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_save_is_told_and_the_end_is_quiet(tmp_path: Path, number: signal.Signals) -> None:
    """A page hears of a save by an event; a signal ends all with its status, and no word more."""
    with command(place(tmp_path)) as (process, address):
        host, port = address.removeprefix("http://").rstrip("/").split(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=60)
        connection.request("GET", f"/_preview/events?path={SMITH}")
        stream = connection.getresponse()
        first = json.loads(stream.readline()[6:])
        write(tmp_path, {"content/refs.bib": BIB.replace("We prune", "We cut")})
        heard = next(line for line in stream if line.startswith(b"data: ") and line[6:] != first)
        assert json.loads(heard[6:])["mark"] != first["mark"]
        assert process.stdout
        line = process.stdout.readline()  # told when the pages have been told
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
        connection.close()
    assert line.startswith("content/refs.bib: 3 papers")
    told = process.returncode, out, "interrupted" in err, "Traceback" in err
    assert told == (128 + number, "", False, False)


# --- in a browser ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    """A page of Debian's Chromium, headless."""
    needs(CHROMIUM, "chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 800, "height": 300})
        page.set_default_timeout(60_000)
        yield page
        browser.close()


def test_a_browser_shows_what_was_saved(browser_page: Page, tmp_path: Path) -> None:
    """The page comes anew where it was scrolled to, says what is wrong, and what stops the site."""
    page, complaints = browser_page, list[str]()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with at_work(tmp_path) as server:
        one = server.preview
        page.goto(server.address + SMITH)
        page.evaluate("scrollTo(0, 100)")
        odd = "@misc{a b, title = {A}}"
        write(tmp_path, {"content/refs.bib": BIB.replace("We prune", "We cut") + odd})
        one.refresh()
        page.wait_for_selector("text=We cut a graph")
        for _ in range(600):  # wait_for_function evaluates a string, which the page forbids
            if page.evaluate("scrollY") == 100:
                break
            page.wait_for_timeout(100)
        assert page.evaluate("scrollY") == 100
        page.locator("#problems summary").filter(has_text="1 problem").click()
        assert "content/refs.bib:7" in page.locator("#problems li").inner_text()
        write(tmp_path, {"bibpress.toml": "titel = 1"})
        one.refresh()
        page.wait_for_selector("#stopped >> text=did you mean")
        write(tmp_path, {"bibpress.toml": SITE["bibpress.toml"]})
        one.refresh()
        page.locator("#stopped").filter(has_not_text="did").wait_for(state="attached")
    assert complaints == []
