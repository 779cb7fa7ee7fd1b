"""The command as a user or a script calls it."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from generator.place import Place
from tests.conftest import ROOT, run, write

BIB = "@misc{a, title = {A thing}, author = {Smith, Ada}, year = 2020, abstract = {We do.}}\n"


def answer(*words: str) -> Any:
    """What `build --json` prints."""
    return json.loads(run("build", "--json", "--executor", "inline", *words).stdout)


def test_a_bib_file_needs_no_configuration(folder: Path) -> None:
    """`bibpress build refs.bib -o out` makes a site of it, and nothing else."""
    write(folder, {"refs.bib": BIB})
    result = run("build", "refs.bib", "-o", "out")
    assert result.exit_code == 0
    assert (folder / "out" / "papers" / "smith-2020-thing.html").is_file()
    assert {path.name for path in folder.iterdir()} == {"refs.bib", "out", ".out.bibpress"}


def test_the_current_folder_is_the_default(folder: Path) -> None:
    """Without words the current folder is built into its `_site`."""
    write(folder, {"refs.bib": BIB})
    assert run("build").exit_code == 0
    assert (folder / "_site" / "index.html").is_file()


def test_the_output_lies_in_the_source_folder(folder: Path) -> None:
    """For one folder `_site` is inside it; for files it is in the current folder."""
    write(folder, {"papers/refs.bib": BIB})
    run("build", "papers")
    assert (folder / "papers" / "_site" / "index.html").is_file()
    run("build", "papers/refs.bib")
    assert (folder / "_site" / "index.html").is_file()


def test_json_is_all_there_is(folder: Path) -> None:
    """One object with the fields that the contract names."""
    write(folder, {"refs.bib": BIB + "@misc{broken, title = {x\n"})
    report = answer("refs.bib")
    assert set(report) == {
        "records", "papers", "merged", "quarantined", "problems", "pages", "files", "bytes",
        "made", "kept", "removed", "seconds",
    }  # fmt: skip
    assert (report["records"], report["papers"], report["quarantined"]) == (2, 1, 1)
    problem = report["problems"][0]
    assert (problem["file"], problem["line"], problem["severity"]) == ("refs.bib", 2, "error")


def test_json_counts_what_is_on_disk(folder: Path) -> None:
    """Files, pages and bytes are those of the published folder."""
    write(folder, {"refs.bib": BIB})
    report = answer("refs.bib", "-o", "out")
    files = [path for path in (folder / "out").rglob("*") if path.is_file()]
    assert report["files"] == len(files) == report["made"]
    assert report["bytes"] == sum(path.stat().st_size for path in files)
    assert report["pages"] == sum(path.suffix == ".html" for path in files)


def test_nothing_found_is_exit_1(folder: Path) -> None:
    """With the object on standard output too, one plain line of error, and no trace of a site."""
    write(folder, {"refs.bib": "% empty\n"})
    result = run("build", "--json", "refs.bib")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["papers"] == 0
    assert "no papers found in refs.bib" in result.stderr
    assert [path.name for path in folder.iterdir()] == ["refs.bib"]


def test_strict_is_exit_1(folder: Path) -> None:
    """An error in the data stops a strict build; without --strict it does not."""
    write(folder, {"refs.bib": BIB + "@misc{broken, title = {x\n"})
    assert run("build", "refs.bib", "--strict").exit_code == 1
    assert [path.name for path in folder.iterdir()] == ["refs.bib"]
    assert run("build", "refs.bib").exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        ["build", "nowhere.bib"],
        ["build", "--jobs", "0"],
        ["build", "--nonsense"],
        ["build", "refs.bib", "-o", "mine"],
        ["build", "refs.bib", "--site-url", "ftp://example.org"],
        ["build", "refs.bib", "--site-url", "http://[x"],
        ["nonsense"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_exit_2(folder: Path, words: list[str]) -> None:
    """What is wrong with the call itself is told apart from what is wrong with the data."""
    write(folder, {"refs.bib": BIB, "mine/thesis.tex": "x"})
    assert run(*words).exit_code == 2
    assert [path.name for path in (folder / "mine").iterdir()] == ["thesis.tex"]


def test_an_archive_is_the_same_site(folder: Path) -> None:
    """--zip: one top folder, sorted, dated 1980, the same bytes twice."""
    write(folder, {"refs.bib": BIB})
    run("build", "refs.bib", "-o", "out", "--zip", "one.zip")
    run("build", "refs.bib", "-o", "out", "--zip", "two.zip")
    assert (folder / "one.zip").read_bytes() == (folder / "two.zip").read_bytes()
    with zipfile.ZipFile(folder / "one.zip") as archive:
        names = [info.filename for info in archive.infolist() if not info.is_dir()]
        assert names == sorted(names)
        assert {info.date_time[0] for info in archive.infolist()} == {1980}
        assert archive.read("out/index.html") == (folder / "out" / "index.html").read_bytes()


@pytest.mark.parametrize("name", ["static", "static/deep", "templates", "content"])
def test_an_archive_does_not_lie_in_what_is_read(folder: Path, name: str) -> None:
    """In static/ it would be published with the next build, and hold all that were before it."""
    write(folder, {"content/refs.bib": BIB, f"{name}/x": ""})
    result = run("build", "--executor", "inline", "--zip", f"{name}/site.zip")
    assert (result.exit_code, "which is read as a source" in result.stderr) == (2, True)
    assert not (folder / "_site").exists()


def test_an_archive_may_lie_beside_what_is_read(folder: Path) -> None:
    """In the site folder itself it is neither a source nor a part of the site."""
    write(folder, {"content/refs.bib": BIB, "static/x": ""})
    for _ in range(2):
        assert run("build", "--executor", "inline", "--zip", "site.zip").exit_code == 0
    assert not list((folder / "_site").rglob("*.zip"))


def test_an_archive_replaces_nothing_but_an_archive(folder: Path) -> None:
    """A slip of the hand does not cost a file: what is there and is no archive is refused."""
    write(folder, {"content/refs.bib": BIB})
    assert run("build", "--zip", "content/refs.bib").exit_code == 2
    assert (folder / "content" / "refs.bib").read_text(encoding="utf-8") == BIB


def test_documents_are_what_is_indexed(folder: Path) -> None:
    """`search --documents` gives anyone what it takes to build the same index."""
    write(folder, {"refs.bib": BIB})
    printed = json.loads(run("search", "--documents", "refs.bib").stdout)
    assert [field["name"] for field in printed["fields"]] == [
        "title", "abstract", "authors", "tags", "venue", "year",
    ]  # fmt: skip
    (document,) = printed["documents"]
    assert (document["id"], document["title"], document["year"]) == (
        "smith-2020-thing", "A thing", "2020",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ([], "@misc{a,"),
        (["--format", "ris"], "TY  - GEN"),
        (["--format", "csl"], "["),
        (["--format", "apa"], "Smith, A. (2020). A thing."),
        (
            ["--format", "ieee", "--author", "ada-smith", "--year", "2020"],
            "[1] A. Smith, “A thing,” 2020.",
        ),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, list) else "",
)
def test_papers_are_exported(folder: Path, words: list[str], first: str) -> None:
    """All papers, or those of some pages, in any format."""
    write(folder, {"refs.bib": BIB})
    assert run("export", "refs.bib", *words).stdout.splitlines()[0] == first


def test_an_export_is_a_file_where_one_is_named(folder: Path) -> None:
    """With the line ends that the format asks for."""
    write(folder, {"refs.bib": BIB})
    run("export", "refs.bib", "--format", "ris", "-o", "refs.ris")
    assert (folder / "refs.ris").read_bytes().endswith(b"ER  - \r\n")


def test_an_export_never_replaces_its_source(folder: Path) -> None:
    """A slip of the hand does not cost the bibliography."""
    write(folder, {"refs.bib": BIB})
    assert run("export", "refs.bib", "-o", "refs.bib").exit_code == 2
    assert (folder / "refs.bib").read_text(encoding="utf-8") == BIB


def test_an_export_says_what_was_left_out(folder: Path) -> None:
    """As a build does."""
    write(folder, {"refs.bib": BIB + "@misc{broken, title = {x\n"})
    assert "refs.bib:2" in run("export", "refs.bib").stderr


def test_a_page_that_is_not_there_is_wrong_usage(folder: Path) -> None:
    """The nearest one that is there is named, and no file is made."""
    write(folder, {"refs.bib": BIB})
    refused = run("export", "refs.bib", "--author", "ada-smyth", "-o", "x.bib")
    assert (refused.exit_code, (folder / "x.bib").exists()) == (2, False)
    assert "no page authors/ada-smyth.html; did you mean ada-smith?" in refused.stderr


def test_several_processes_make_the_same_bytes(folder: Path) -> None:
    """The number of workers decides nothing but the time."""
    entries = "".join(
        BIB.replace("{a,", f"{{a{i},").replace("A thing", f"Thing {i}") for i in range(90)
    )
    write(folder, {"refs.bib": entries})
    run("build", "refs.bib", "-o", "one", "--jobs", "1")
    run("build", "refs.bib", "-o", "two", "--jobs", "2")
    one, two = (
        {
            p.relative_to(folder / name): p.read_bytes()
            for p in (folder / name).rglob("*")
            if p.is_file()
        }
        for name in ("one", "two")
    )
    assert one == two


def test_surroundings_decide_nothing(folder: Path) -> None:
    """Hash seed, time zone, locale, clock and the folder's place leave every byte as it is."""
    trees = []
    for name, settings in {
        "one": {"PYTHONHASHSEED": "1", "TZ": "UTC", "LC_ALL": "C", "SOURCE_DATE_EPOCH": "1"},
        "deeper/two": {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8"},
    }.items():
        shutil.copytree(ROOT / "content", folder / name / "content")
        (folder / name / "ledger.tsv").write_bytes((ROOT / "ledger.tsv").read_bytes())
        subprocess.run(
            [sys.executable, "-m", "generator", "build", name, "--jobs", "2"],
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", **settings},
            check=True,
            capture_output=True,
        )
        site = folder / name / "_site"
        trees.append({p.relative_to(site): p.read_bytes() for p in site.rglob("*") if p.is_file()})
    assert trees[0] == trees[1]


def test_a_traceback_never_reaches_a_user(folder: Path) -> None:
    """A file nobody may write is one plain line and exit 1, from the real command."""
    write(folder, {"refs.bib": BIB, "file": ""})
    done = subprocess.run(
        [sys.executable, "-m", "generator", "build", "refs.bib", "-o", "file/out"],
        capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode in {1, 2}
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("bibpress: ")


def test_a_fault_of_ours_is_said_to_be_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody foresaw ends like any error, one line and status 1, after where it happened."""
    write(folder, {"refs.bib": BIB})
    monkeypatch.setattr("generator.cli.build.build", lambda *_, **__: os.environ["GONE"])
    done = run("build", "refs.bib")
    assert done.exit_code == 1
    assert "KeyError: 'GONE'" in done.stderr
    assert done.stderr.splitlines()[-1].startswith(
        "bibpress: this is a fault of bibpress, KeyError"
    )


def test_a_build_goes_on_when_nobody_looks(folder: Path) -> None:
    """Whoever closes the pipe that progress is told to still gets the site."""
    write(folder, {"refs.bib": BIB})
    read, told = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "generator", "build", "refs.bib", "-o", "out"],
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE, stderr=told, check=False,
    )  # fmt: skip
    os.close(told)
    assert done.returncode == 0
    assert Path("out/index.html").is_file()


def test_two_builds_of_one_site_folder_wait_for_each_other(folder: Path) -> None:
    """They write one ledger: while one builds, another that publishes elsewhere does not begin."""
    write(folder, {"content/refs.bib": BIB})
    with Place(folder / "a").locked(folder):
        second = subprocess.Popen(
            [sys.executable, "-m", "generator", "build", str(folder), "-o", "b"],
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        with pytest.raises(subprocess.TimeoutExpired):
            second.wait(3)
        assert not (folder / "ledger.tsv").exists()
    second.communicate()
    assert second.returncode == 0


def test_control_c_while_loading_is_no_traceback(folder: Path) -> None:
    """Whoever stops the command before it has begun sees nothing of what it was importing."""
    stop = "import os, signal; os.kill(os.getpid(), signal.SIGINT)"
    write(folder, {"jinja2.py": stop})  # found before the library, and imported by the program
    done = subprocess.run(
        [sys.executable, "-m", "generator", "--help"],
        env={"PYTHONPATH": f"{folder}:{ROOT}", "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, check=False, cwd=folder,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")


@pytest.mark.parametrize(
    "words",
    [
        ["build", "--json"],
        ["search", "thing", "--json"],
        ["search", "thing"],
        ["search", "--documents", "refs.bib"],
    ],
    ids=" ".join,
)
def test_a_locale_that_lacks_letters_is_no_error(folder: Path, words: list[str]) -> None:
    """Where a terminal has no 東, people see it as an escape; JSON is UTF-8 everywhere."""
    write(folder, {"refs.bib": BIB.replace("Smith, Ada", "東, Ada").replace("{a,", "{東 a,")})
    run("build", "refs.bib", "-o", "_site")
    done = subprocess.run(
        [sys.executable, "-m", "generator", *words],
        env={"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)
    if words[-1] != "thing":
        assert "東" in json.dumps(json.loads(done.stdout), ensure_ascii=False)


@pytest.mark.parametrize("command", [[], ["build"], ["search"]])
def test_help_has_an_example(command: list[str]) -> None:
    """Every command explains itself with at least one example."""
    text = run(*command, "--help").stdout
    assert "Example" in text
    assert "\b" not in text
    assert "\\b" not in text
    assert "bibpress " in text


def test_the_day_is_the_one_that_is_set(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SOURCE_DATE_EPOCH decides the ledger's dates; nonsense in it is wrong usage."""
    write(folder, {"content/refs.bib": BIB})
    run("build")
    assert "2023-11-14" in (folder / "ledger.tsv").read_text(encoding="utf-8")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "999999999999999")
    assert run("build").exit_code == 2


TWO = BIB + BIB.replace("{a,", "{b,").replace("A thing", "Another thing").replace("2020", "2021")


@pytest.mark.parametrize(
    ("files", "within", "up"),
    [
        (["bibpress.toml"], "content", ".."),
        (["ledger.tsv"], "content/a/b", "../../.."),
        (["bibpress.toml"], "static", ""),
        (["bibpress.toml"], ".", ""),
        ([], "content", ""),
        (["bibpress.toml", "content/a/bibpress.toml"], "content/a", ""),
    ],
)
@pytest.mark.parametrize("source", [[], ["."]])
def test_a_site_is_built_from_its_own_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch, files: Sequence[str], within: str, up: str,
    source: Sequence[str],
) -> None:  # fmt: skip
    """Who calls a command in content/ has neither the site's settings nor its ledger there."""
    write(folder, {f"{within}/refs.bib": TWO, "content/refs.bib": TWO, **dict.fromkeys(files, "")})
    monkeypatch.chdir(folder / within)
    done = run("export", *source)
    assert (done.exit_code == 2, f"cd {up} first" in done.stderr) == (bool(up), bool(up))


@pytest.fixture
def site(folder: Path) -> Path:
    """The current folder with two papers and its built site."""
    write(folder, {"content/refs.bib": TWO})
    assert run("build", "--executor", "inline").exit_code == 0
    return folder


def test_a_built_site_is_searched(site: Path) -> None:
    """How many papers match, then a few lines each: title, what is known, and the page."""
    del site
    result = run("search", "another thing")
    assert (result.exit_code, result.stdout.splitlines()) == (0, [
        "2 papers",
        "",
        "Another thing",
        "Ada Smith · 2021",
        "papers/smith-2021-another-thing.html",
        "",
        "A thing",
        "Ada Smith · 2020",
        "papers/smith-2020-thing.html",
    ])  # fmt: skip


@pytest.mark.parametrize("where", [".", "_site", "content/.."])
def test_a_site_is_found_by_its_folder_or_its_source(site: Path, where: str) -> None:
    """The published folder, or the one that it was built from."""
    del site
    assert run("search", "year:2021", where).stdout.startswith("1 paper\n")


def test_search_json_is_a_list_of_papers(site: Path) -> None:
    """With scores, best first, as many as are asked for."""
    del site
    (hit,) = json.loads(run("search", "another thing", "--json", "--limit", "1").stdout)
    score = hit.pop("score")
    assert isinstance(score, float)
    assert hit == {
        "id": "smith-2021-another-thing", "title": "Another thing", "authors": "Ada Smith",
        "year": 2021, "venue": "",
    }  # fmt: skip


def test_nothing_found_is_no_error(site: Path) -> None:
    """One line, or an empty list."""
    del site
    result = run("search", "nothinglikeit")
    assert (result.exit_code, result.stdout) == (0, "No paper matches 'nothinglikeit'\n")
    assert run("search", "nothinglikeit", "--json").stdout == "[]\n"


def test_plain_is_lunrs_language(site: Path) -> None:
    """There `foo:bar` is a field that nobody knows; to people's search it is two words."""
    del site
    refused = run("search", "--plain", "foo:thing")
    assert refused.exit_code == 2
    assert 'Unrecognized field "foo"' in refused.stderr
    assert run("search", "foo:thing").stdout.startswith("2 papers\n")
    assert run("search", "--plain", "+thing -another").stdout.startswith("1 paper\n")


def test_a_search_is_narrowed_and_sorted(site: Path) -> None:
    """As on the page: by slugs of pages and by years; by title, whose article does not count."""
    del site
    assert run("search", "thing", "--year", "2021").stdout.startswith("1 paper\n")
    found = run("search", "thing", "--author", "ada-smith", "--sort", "title", "--json")
    assert [hit["title"] for hit in json.loads(found.stdout)] == ["Another thing", "A thing"]
    assert run("search", "thing", "--plain", "--sort", "year").exit_code == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--author", "nobody"), "there is no page authors/nobody.html\n"),
        (("--author", "smith"), "authors/smith.html; did you mean ada-smith?"),
        (("--author", "ada-smyth"), "authors/ada-smyth.html; did you mean ada-smith?"),
        (("--tag", "nix"), "there is no page tags/nix.html\n"),
    ],
)
def test_a_page_that_there_is_none_of_is_told(site: Path, words: Sequence[str], said: str) -> None:
    """Else nobody could tell it from one without such a paper."""
    del site
    refused = run("search", "thing", *words)
    assert (refused.exit_code, said in refused.stderr) == (2, True)


def test_a_page_of_a_site_that_is_named(site: Path) -> None:
    """Without a query the one word is the site where it is one."""
    del site
    assert run("search", "--author", "Ada Smith", "_site").stdout.startswith("2 papers\n")


@pytest.mark.parametrize("name", ["Ada Smith", "Smith, Ada", "ADA SMITH"])
def test_a_page_may_be_named_as_what_it_is_of(site: Path, name: str) -> None:
    """Who knows a name, either way round, need not know what its page is called."""
    del site
    assert run("search", "thing", "--author", name).stdout.startswith("2 papers\n")


PEOPLE = """[[person]]
name = "Ada Smith"
slug = "smith"
variants = ["A. B. Smith"]
"""
VENUES = """[[venue]]
name = "Napkin Letters"
slug = "letters"
aliases = ["Napk. L."]
"""
BY_OTHER_NAMES = TWO.replace("year = 2020", "journal = {Napk. L.}, year = 2020").replace(
    "year = 2021", "journal = {Proceedings of the London Mathematical Society}, year = 2021"
)


@pytest.mark.parametrize("command", [["search"], ["export"]], ids=" ".join)
@pytest.mark.parametrize(
    ("option", "name", "papers"),
    [
        ("--author", "A. B. Smith", 2),
        ("--author", "Smith, A. B.", 2),
        ("--venue", "Napk. L.", 1),
        ("--venue", "napkin letters", 1),
        ("--venue", "Proc. London Math. Soc.", 1),
        ("--venue", "Soil Napkins", 0),
    ],
)
def test_a_name_that_leads_on_is_followed(
    folder: Path, command: list[str], option: str, name: str, papers: int
) -> None:
    """Variants and aliases have pages that lead on; either command takes that of the one meant."""
    write(folder, {
        "content/refs.bib": BY_OTHER_NAMES,
        "content/people.toml": PEOPLE,
        "content/venues.toml": VENUES,
    })  # fmt: skip
    assert run("build", "--executor", "inline").exit_code == 0
    said = run(*command, option, name).stdout
    assert said.count("papers/" if command == ["search"] else "@") == papers


def test_what_a_search_is_narrowed_to_needs_no_query(site: Path) -> None:
    """Who asks for an author alone has all papers, in the order of an empty query."""
    del site
    alone = run("search", "--author", "ada-smith")
    assert (alone.exit_code, alone.stdout) == (0, run("search", "", "--author", "ada-smith").stdout)


@pytest.mark.parametrize("file", ["content/refs.bib", "elsewhere/refs.bib"])
def test_a_file_is_no_site_to_search(site: Path, file: str) -> None:
    """Else the site of the current folder would answer, whatever file is named."""
    write(site, {file: TWO})
    refused = run("search", "thing", file)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert f"{file} is a file: name the folder of a built site, as _site\n" in refused.stderr


@pytest.mark.parametrize(
    ("odd", "told"),
    [
        (3, []),
        (4, ["… and 1 more note; the pages of sources list all"]),
        (9, ["… and 6 more notes; the pages of sources list all"]),
    ],
)
def test_notes_that_are_not_shown_are_counted(folder: Path, odd: int, told: list[str]) -> None:
    """And where all are; of those that are shown nothing more is said."""
    entry = (
        "@artcle{{k{0}, title = {{{0} things of {0}}}, author = {{Smith, Ada}}, year = 190{0}}}\n"
    )
    write(folder, {"refs.bib": "".join(map(entry.format, range(odd)))})
    said = run("build", "refs.bib", "--executor", "inline").stderr.splitlines()
    assert [line for line in said if line.startswith("… ") or "pages of" in line] == told


@pytest.mark.parametrize("years", ["2020..2021", "2020-2021", "2020–2021"])
def test_years_are_spelt_either_way(site: Path, years: str) -> None:
    """As on the page, and as in `export`."""
    del site
    both = run("search", "thing", "--year", years).stdout
    assert (both, both[:8]) == (run("search", f"thing year:{years}").stdout, "2 papers")


def test_years_that_are_none_are_told(site: Path) -> None:
    """Else nobody could tell them from years without a paper."""
    del site
    refused = run("search", "thing", "--year", "20x")
    assert refused.exit_code == 2
    assert "--year 20x: say 2020, 2019..2021, 2019-2021, 2020.. or undated" in refused.stderr


@pytest.mark.parametrize(
    ("word", "hinted"), [("-another thing", True), ("-x", True), ("--tga", False)]
)
def test_a_word_to_leave_out_is_no_option(site: Path, word: str, hinted: bool) -> None:
    """Who begins with one is told how; who misspelt an option is told that alone."""
    del site
    said = run("search", word).stderr
    assert ("-- " in said and shlex.quote(word) in said) == hinted
    assert run("search", "--", word).exit_code == 0


def test_a_slip_is_told(site: Path) -> None:
    """What a mistyped word was taken for."""
    del site
    assert "No paper has 'anothre': showing another\n" in run("search", "anothre ").stdout


@pytest.mark.parametrize("words", [["thing"], ["thing", "."]], ids=" ".join)
def test_what_is_not_built_cannot_be_searched(folder: Path, words: list[str]) -> None:
    """The remedy is said."""
    write(folder, {"refs.bib": BIB})
    result = run("search", *words)
    assert result.exit_code == 1
    assert "run bibpress build first" in result.stderr


@pytest.mark.parametrize(
    "words", [[], ["a", "thing"], ["--documents", "refs.bib", "more"]], ids=" ".join
)
def test_wrong_search_is_exit_2(folder: Path, words: list[str]) -> None:
    """No query, a query without quotes, two sources."""
    write(folder, {"refs.bib": BIB})
    assert run("search", *words).exit_code == 2


def test_a_terminal_is_not_made_to_obey(folder: Path) -> None:
    """What a ledger says of itself is repeated, but its control characters by their numbers."""
    write(folder, {"content/refs.bib": BIB, "ledger.tsv": "\x1b[2J\tk\tm\t\tlive\t\t\n"})
    result = run("build")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert result.stderr.startswith('bibpress: ledger.tsv:1: "\\u001b[2J" cannot be an address')
