"""The beginning of a site: what `bibpress init` lays, what it leaves, and that all of it works."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from click.testing import Result

from generator import config, start
from generator.cli import main
from generator.config import Settings
from generator.start import WORKFLOWS
from tests.conftest import build_folder, needs, run, write

BIB = "@misc{a, title = {A thing}, author = {Smith, Ada}, year = 2020}\n"
MARK = '{"generator": "bibpress 0.1.0"}'
BIBPRESS = "bibpress==0.1.0"


def tree(folder: Path) -> dict[str, bytes]:
    """Every file's bytes by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


# --- what is laid -------------------------------------------------------------------------------


def test_a_new_site_builds_strictly(folder: Path) -> None:
    """What init makes has no error and no warning in it, and not even a note."""
    start.begin(folder, (), BIBPRESS)
    report = build_folder(folder, strict=True)
    assert (report.papers, report.quarantined, report.problems) == (6, 0, ())


@pytest.mark.parametrize(
    "name",
    [
        *("content/example.bib", "content/example.txt", "content/example-note.md"),
        *("content/topics.toml", "content/papers.toml", "content/venues.toml"),
        "content/pages/about.md",
        "content/people.toml",
        *("bibpress.toml", "README.md", ".gitignore", *WORKFLOWS),
    ],
)
def test_one_of_each_kind(folder: Path, name: str) -> None:
    """Every kind of content and every file that steers a build has its example."""
    assert name in start.begin(folder, (), BIBPRESS).made


def test_every_example_counts(folder: Path) -> None:
    """Each source says something, each topic has papers, each decision and venue is used."""
    start.begin(folder, (), BIBPRESS)
    build_folder(folder)
    papers = [
        json.loads(line)
        for line in (folder / "_site/data/papers.jsonl").read_text("utf-8").splitlines()
    ]
    topics = tomllib.loads((folder / "content/topics.toml").read_text("utf-8"))["topic"]
    read = {source["file"].rpartition("/")[2] for paper in papers for source in paper["sources"]}
    assert read == {"example.bib", "example.txt", "example-note.md"}
    assert {tag for paper in papers for tag in paper["tags"]} == {each["slug"] for each in topics}
    assert (folder / "_site/venues/phil-trans.html").is_file()
    assert (folder / "_site/authors/william-sealy-gosset.html").is_file()
    assert all(paper["abstract"] and paper["doi"] and paper["year"] for paper in papers)


def test_the_example_needs_its_decision(folder: Path) -> None:
    """Without content/papers.toml the example has a look-alike: what is decided there matters."""
    start.begin(folder, (), BIBPRESS)
    (folder / "content/papers.toml").unlink()
    assert build_folder(folder).papers == 7


def test_examples_leave_nothing_behind(folder: Path) -> None:
    """Who deletes them as content/README.md says has a site of their own papers alone."""
    start.begin(folder, (), BIBPRESS)
    build_folder(folder)
    said = (folder / "content/README.md").read_text("utf-8")
    for name in ("example.bib", "example.txt", "example-note.md", "pages/about.md"):
        assert f"`{name}`" in said
        (folder / "content" / name).unlink()
    assert "`ledger.tsv` and `_site`" in said
    (folder / "ledger.tsv").unlink()
    shutil.rmtree(folder / "_site")
    for name in ("topics.toml", "papers.toml", "people.toml", "venues.toml"):
        file = folder / "content" / name
        file.write_text(start.commented(file.read_text("utf-8")), "utf-8")
    write(folder, {"content/refs.bib": BIB})
    assert build_folder(folder, strict=True).papers == 1
    assert [path.name for path in (folder / "_site/papers").glob("*-*.html")] == [
        "smith-2020-thing.html"
    ]


# --- settings -----------------------------------------------------------------------------------


def settings() -> Iterator[tuple[str, str]]:
    """(table, name) of every setting that bibpress.toml may have; the site's own are in none."""
    for table in fields(Settings):
        made = getattr(Settings(), table.name)
        if is_dataclass(made):
            for each in fields(made):
                yield ("" if table.name == "site" else table.name), each.name
        elif not isinstance(made, Mapping):  # a table with free names
            yield "", table.name


def in_force(text: str) -> dict[str, Any]:
    """The settings of a commented file with every line in force; prose has a space after its #."""
    return tomllib.loads(re.sub(r"^#(?! |$)", "", text, flags=re.MULTILINE))


@pytest.mark.parametrize(("table", "name"), list(settings()))
def test_every_setting_is_explained(table: str, name: str) -> None:
    """A setting that config knows stands in the file that init lays, with a line above it."""
    text = (start.STARTER / "site/bibpress.toml").read_text("utf-8")
    given = in_force(text)
    assert name in (given[table] if table else given)
    assert re.search(rf"^# .+\n#?({table}\.)?{name} = ", text, flags=re.MULTILINE)


def test_every_line_may_be_put_in_force(folder: Path) -> None:
    """A bibpress.toml with every # taken away is understood, and says what defaults do not."""
    text = (start.STARTER / "site/bibpress.toml").read_text("utf-8")
    write(folder, {"bibpress.toml": re.sub(r"^#(?! |$)", "", text, flags=re.MULTILINE)})
    assert config.load(folder).size == config.Size(authors_from=2, author_bib=False)


def test_one_setting_may_be_put_in_force(folder: Path) -> None:
    """Each line works by itself: it names its table, and no heading has to be put in force."""
    text = (start.STARTER / "site/bibpress.toml").read_text("utf-8")
    for line in re.findall(r"^#[^ \n].*$", text, flags=re.MULTILINE):
        write(folder, {"bibpress.toml": text.replace(line, line[1:])})
        assert config.load(folder) != Settings()


@pytest.mark.parametrize("name", ["look", "size", "check"])
def test_a_table_of_the_guide_may_be_put_at_the_end(folder: Path, name: str) -> None:
    """The blocks of the guide begin with a heading, which the file must not have already."""
    text = (start.STARTER / "site/bibpress.toml").read_text("utf-8")
    more = {"look": 'font = "sans"', "size": "authors_from = 2", "check": 'missing-doi = "off"'}
    write(folder, {"bibpress.toml": f"{text}\n[{name}]\n{more[name]}\n"})
    assert config.load(folder) != Settings()


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("bibpress.toml", 'accent = "red"', "below a line [look], or is look.accent"),
        ("bibpress.toml", 'titel = "x"', 'unknown setting "titel"; did you mean "title"?'),
        ("bibpress.toml", "[size]\nauthor_form = 2", 'of [size] "author_form"; did you mean'),
        ("bibpress.toml", 'feeds = ["topic"]', 'did you mean "topics"?'),
        ("content/topics.toml", "[[topics]]", 'unknown setting "topics"; did you mean "topic"?'),
        ("content/topics.toml", '[[topic]]\nname = "x"\nphrase = []', 'did you mean "phrases"?'),
        ("content/papers.toml", "sane = []", 'unknown setting "sane"; did you mean "same"?'),
        ("content/venues.toml", '[[venues]]\nname = "x"', 'did you mean "venue"?'),
        ("content/people.toml", '[[persons]]\nname = "x"', 'did you mean "person"?'),
        ("content/people.toml", '[[person]]\nname = "x"\norchid = ""', 'did you mean "orcid"?'),
        ("content/venues.toml", '[[venue]]\nname = "x"\nalias = []', 'did you mean "aliases"?'),
    ],
)  # fmt: skip
def test_a_misspelled_setting_is_named(folder: Path, file: str, content: str, said: str) -> None:
    """Whichever file it stands in: exit 2, the file, what was meant, and nothing is built."""
    write(folder, {"content/refs.bib": BIB, file: content})
    result = run("build", "--executor", "inline")
    assert (result.exit_code, said in result.stderr) == (2, True), result.stderr
    assert file.rpartition("/")[2] in result.stderr
    assert not (folder / "_site").exists()


# --- one's own files ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("init", "site", "refs.bib"),
        ("init", "refs.bib", "site"),
        ("init", "site", "--from", "refs.bib"),
        ("init", "--from", "refs.bib", "site"),
    ],
)
def test_a_file_takes_the_place_of_the_examples(folder: Path, words: tuple[str, ...]) -> None:
    """Named in whichever way, it lies in content/, byte for byte, and is all that is read."""
    write(folder, {"refs.bib": BIB})
    assert run(*words).exit_code == 0
    assert (folder / "site/content/refs.bib").read_text("utf-8") == BIB
    assert build_folder(folder / "site", strict=True).papers == 1


def test_the_bib_of_the_folder_is_taken(folder: Path) -> None:
    """Where refs.bib lies, `bibpress init` alone puts it in: beside content/ nobody reads it."""
    write(folder, {"refs.bib": BIB, "style.bib": "% nothing\n"})
    result = run("init")
    assert "content/refs.bib is a copy of refs.bib" in result.stdout
    assert {path.name for path in (folder / "content").glob("*.*")} == {
        "refs.bib", "topics.toml", "papers.toml", "people.toml", "venues.toml",
    }  # fmt: skip


def test_a_folder_of_papers_is_taken_as_it_is(folder: Path) -> None:
    """--from takes a folder's files with the folders they lie in, and only what is read."""
    write(
        folder, {"mine/a.bib": BIB, "mine/deep/b.txt": "x", "mine/README.md": "x", "mine/c.pdf": ""}
    )
    run("init", "site", "--from", "mine")
    assert {"a.bib", "deep"} <= {path.name for path in (folder / "site/content").iterdir()}
    assert not (folder / "site/content/c.pdf").exists()


TOPICS = '[[topic]]\nname = "Napkins"\n'


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"mine/refs.bib": BIB, "mine/topics.toml": TOPICS}, ("site", "--from", "mine")),
        ({"refs.bib": BIB, "topics.toml": TOPICS}, ("site", "refs.bib", "topics.toml")),
        ({"site/refs.bib": BIB, "site/topics.toml": TOPICS}, ("site",)),
    ],
)
def test_what_is_said_of_papers_comes_along(
    folder: Path, files: Mapping[str, str], words: tuple[str, ...]
) -> None:
    """Topics beside the papers, or named with them, are the site's, and no comments of ours."""
    write(folder, files)
    run("init", *words)
    assert (folder / "site" / "content" / "topics.toml").read_text(encoding="utf-8") == TOPICS


def test_two_files_of_one_name(folder: Path) -> None:
    """They lie in content/ under the folders that tell them apart."""
    write(folder, {"one/refs.bib": BIB, "two/refs.bib": BIB.replace("{a,", "{b,")})
    run("init", "site", "one/refs.bib", "two/refs.bib")
    content = folder / "site/content"
    assert (content / "one/refs.bib").is_file()
    assert (content / "two/refs.bib").is_file()


def test_no_vocabulary_of_ours_is_laid_on_others_papers(folder: Path) -> None:
    """With one's own papers, what explains topics, venues and decisions is all comments."""
    write(folder, {"refs.bib": BIB})
    run("init")
    for name in ("topics", "papers", "venues"):
        assert tomllib.loads((folder / f"content/{name}.toml").read_text("utf-8")) == {}


# --- what was there -----------------------------------------------------------------------------


@pytest.mark.parametrize("words", [(), ("refs.bib",)])
def test_a_second_init_changes_nothing(folder: Path, words: tuple[str, ...]) -> None:
    """And the ledger, the site and edits stay as they are."""
    write(folder, {"refs.bib": BIB} if words else {})
    run("init", *words)
    build_folder(folder)
    before = tree(folder)
    assert run("init", *words).exit_code == 0
    assert tree(folder) == before


def test_files_that_were_there_are_kept_and_named(folder: Path) -> None:
    """Nothing is overwritten, not even through a link that leads to nothing."""
    write(folder, {"README.md": "mine", "content/topics.toml": ""})
    (folder / "bibpress.toml").symlink_to(folder / "nowhere")
    result = run("init")
    assert "kept what was there: README.md, bibpress.toml, content/topics.toml\n" in result.stdout
    assert (folder / "README.md").read_text() == "mine"
    assert not (folder / "nowhere").exists()


def test_a_folder_with_papers_gets_no_examples(folder: Path) -> None:
    """Whoever has begun is not given six old papers into the bargain."""
    write(folder, {"content/mine.bib": BIB})
    run("init")
    assert build_folder(folder).papers == 1


def test_what_a_gitignore_lacks_is_said(folder: Path) -> None:
    """An owner's own .gitignore is kept, so the lines are told, and only those it has not."""
    write(folder, {".gitignore": "_site\n"})
    assert ".gitignore lacks these lines: .*.bibpress/\n" in run("init").stderr


def test_what_was_built_before_is_ignored(folder: Path) -> None:
    """After `bibpress build refs.bib -o out`, `git add --all` takes the .bib and not out/."""
    write(folder, {"refs.bib": BIB, "out/data/site.json": MARK})
    run("init")
    assert "/out/" in (folder / ".gitignore").read_text().splitlines()


def test_a_workflow_below_a_repository_is_told(folder: Path) -> None:
    """GitHub does not look there, and nothing would ever say so."""
    (folder / ".git").mkdir()
    assert "look for workflows at its root only" in run("init", "site").stderr
    assert "root only" not in run("init").stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nope.bib",), "nope.bib: no such file"),
        (("site", "nope.bib"), "nope.bib: no such file"),
        (("one", "two"), "one or two? init makes one site"),
        (("site", "-"), "- is standard input"),
        (("photo.jpg",), "photo.jpg: only files that end in"),
        (("site", "--from", "nowhere"), "nowhere: there is no such file or folder"),
        (("site", "empty.bib"), "no papers found in empty.bib"),
        (("site", "--from", "begun"), "begun is a site already"),
        (("out",), "out is a site that bibpress built"),
        (("taken", "refs.bib"), "refs.bib is there already and says something else than refs.bib"),
        (("blocked",), "content is a file, and has to be a folder"),
        (("leading", "refs.bib"), "content leads out of leading"),
    ],
)
def test_nonsense_is_refused(folder: Path, words: tuple[str, ...], said: str) -> None:
    """With exit 2 and what is wrong, before anything is made."""
    given = {"refs.bib": BIB, "empty.bib": "% nothing\n", "photo.jpg": "", "blocked/content": ""}
    write(folder, {**given, "taken/content/refs.bib": "% mine\n", "out/data/site.json": MARK})
    (folder / "begun/content").mkdir(parents=True)
    (folder / "leading").mkdir()
    (folder / "leading/content").symlink_to(folder / "begun", target_is_directory=True)
    before = tree(folder)
    result = run("init", *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert tree(folder) == before


def test_half_a_file_is_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk is full, what could not be written is not kept by the next call."""

    class Full:
        def __enter__(self) -> Full:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def write(self, _: bytes) -> None:
            raise OSError(28, "No space left on device")

    def opened(path: Path, *_: object) -> Full:
        path.touch()
        return Full()

    monkeypatch.setattr(Path, "open", opened)
    monkeypatch.setattr(start, "_files", lambda *_, **__: {".gitignore": b"/_site/"})
    with pytest.raises(OSError, match="No space"):
        start.begin(folder, (), BIBPRESS)
    assert tree(folder) == {}


# --- what comes next ----------------------------------------------------------------------------


def next_lines(result: Result) -> list[str]:
    """The commands that init tells of."""
    return [line.strip() for line in result.stdout.partition("\nNext")[2].splitlines()[1:]]


@pytest.mark.parametrize("words", [("my papers",), ("--from", "refs.bib")])
def test_the_three_commands_work(folder: Path, words: tuple[str, ...]) -> None:
    """One after the other in a shell: a site is built, and all but that is committed."""
    needs(shutil.which("git"), "git")
    write(folder, {"refs.bib": BIB} if "refs.bib" in words else {})
    lines = next_lines(run("init", *words))
    assert len(lines) == 3
    home = folder / words[0] if len(words) == 1 else folder
    shell("\n".join(lines), folder)
    committed = git(home, "ls-files").split()
    assert {"ledger.tsv", "bibpress.toml", *WORKFLOWS} <= set(committed)
    assert not [name for name in committed if "_site" in name]
    assert (home / "_site/index.html").is_file()


def test_in_a_repository_none_is_begun(folder: Path) -> None:
    """Its three commands are the build and the commit."""
    (folder / ".git").mkdir()
    lines = next_lines(run("init"))
    assert lines[0].endswith("bibpress build")
    assert lines[1:] == ["git add --all", 'git commit -m "A bibliography"']


# --- the workflows ------------------------------------------------------------------------------


def workflow(folder: Path, name: str) -> Any:
    """A workflow as its host reads it."""
    start.begin(folder, (), BIBPRESS)
    return yaml.safe_load((folder / name).read_text("utf-8"))


def scripts(part: object) -> Iterator[str]:
    """Every line of shell in a workflow."""
    for name, value in part.items() if isinstance(part, dict) else ():
        if name in {"run", "script"}:
            yield from value if isinstance(value, list) else value.splitlines()
        else:
            yield from scripts(value)
    for value in part if isinstance(part, list) else ():
        yield from scripts(value)


@pytest.mark.parametrize("name", [*WORKFLOWS, "README.md"])
def test_what_is_called_exists(folder: Path, name: str) -> None:
    """Every command and option of bibpress that the files of a new site name is one."""
    start.begin(folder, (), BIBPRESS)
    text = (folder / name).read_text("utf-8")
    called = re.findall(r"\bbibpress ([a-z]+)((?: (?:--?[a-z-]+|\"\$[A-Z_]+\"|public\b))*)", text)
    commands = {word: main.commands[word] for word, _ in called if word in main.commands}
    known = {
        (word, option)
        for word, command in commands.items()
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
    }
    used = {
        (word, option) for word, rest in called for option in re.findall(r"(?<= )--?[a-z-]+", rest)
    }
    assert "build" in commands
    assert used <= known


@pytest.mark.parametrize("name", WORKFLOWS)
def test_workflows_check(folder: Path, name: str) -> None:
    """A problem is a check that failed; what is published leaves out what cannot be read."""
    said = workflow(folder, name)
    jobs = said.get("jobs", said)
    assert any(line.startswith("bibpress check") for line in scripts(jobs["check"]))
    assert not any("--strict" in line for line in scripts(jobs.get("build", jobs.get("pages"))))


@pytest.mark.parametrize("name", WORKFLOWS)
def test_workflows_ask_for_this_bibpress(folder: Path, name: str) -> None:
    """They have the version that made them, in the one place that an owner changes."""
    said = workflow(folder, name)
    assert (said.get("env") or said.get("variables"))["BIBPRESS"] == BIBPRESS
    assert 'pip install "$BIBPRESS"' in list(scripts(said))


def test_each_job_may_do_what_it_must_and_no_more(folder: Path) -> None:
    """What installs bibpress and builds cannot write; what writes installs nothing."""
    said = workflow(folder, WORKFLOWS[0])
    writing = {
        name: {key for key, value in job.get("permissions", {}).items() if value == "write"}
        for name, job in said["jobs"].items()
    }
    assert said["permissions"] == {"contents": "read"}
    assert writing.pop("ledger") == {"contents"}
    assert writing.pop("publish") == {"pages", "id-token"}
    assert not any(writing.values())
    assert not any("pip" in line for line in scripts(said["jobs"]["ledger"]))


def test_pull_requests_are_only_checked(folder: Path) -> None:
    """Whatever commits or publishes waits for the build, which is not done for them."""
    jobs = workflow(folder, WORKFLOWS[0])["jobs"]
    assert jobs["build"]["if"] == "github.event_name != 'pull_request'"
    assert {name: job.get("needs") for name, job in jobs.items() if name != "check"} == {
        "build": None, "ledger": "build", "publish": "build",
    }  # fmt: skip


def test_the_site_is_built_for_the_address_pages_gives_it(folder: Path) -> None:
    """What the workflow's own line builds knows the address."""
    steps = workflow(folder, WORKFLOWS[0])["jobs"]["build"]["steps"]
    (step,) = (step for step in steps if "bibpress build" in step.get("run", ""))
    (asked,) = (step for step in steps if "configure-pages" in step.get("uses", ""))
    assert step["env"] == {"SITE_URL": f"${{{{ steps.{asked['id']}.outputs.base_url }}}}"}
    shell(step["run"], folder, SITE_URL="https://ada.github.io/papers")
    assert "https://ada.github.io/papers/" in (folder / "_site/feed.xml").read_text("utf-8")


def test_gitlab_builds_where_gitlab_looks(folder: Path) -> None:
    """Its line makes public/, with the address that GitLab says."""
    (line,) = (
        line
        for line in workflow(folder, WORKFLOWS[1])["pages"]["script"]
        if line.startswith("bibpress")
    )
    shell(line, folder, CI_PAGES_URL="https://ada.gitlab.io/papers")
    assert "https://ada.gitlab.io/papers/" in (folder / "public/feed.xml").read_text("utf-8")


def test_a_forgotten_ledger_is_committed_once(folder: Path) -> None:
    """GitHub's workflow pushes what a push left out, and finds nothing to do the next time."""
    home, remote = published(folder)
    build_folder(home)
    script = ledger_script(home)
    shell(script, home)
    assert git(remote, "show", "--name-only", "--format=%s", "main").split("\n") == [
        "Keep the addresses of new papers", "", "ledger.tsv", "",
    ]  # fmt: skip
    before = git(remote, "rev-parse", "main")
    shell(script, home)
    assert git(remote, "rev-parse", "main") == before


def test_a_ledger_that_cannot_be_pushed_stops_nothing(folder: Path) -> None:
    """Where a branch is protected the site is published, and a warning says what to do."""
    home, remote = published(folder)
    build_folder(home)
    write(remote, {"hooks/pre-receive": "#!/bin/sh\nexit 1\n"})
    (remote / "hooks/pre-receive").chmod(0o755)
    assert "::warning file=ledger.tsv::" in shell(ledger_script(home), home)


def test_gitlab_says_that_a_ledger_was_forgotten(folder: Path) -> None:
    """Its job fails where the build left ledger.tsv other than committed, and only there."""
    home, _ = published(folder)
    (line,) = workflow(home, WORKFLOWS[1])["ledger"]["script"]
    build_folder(home)
    with pytest.raises(AssertionError, match=r"ledger\.tsv lacks papers"):
        shell(line, home)
    git(home, "add", "--all")
    git(home, "commit", "-m", "with it")
    shell(line, home)


@pytest.mark.parametrize(
    ("origin", "asked"),
    [
        (None, "bibpress==1.2"),
        ('{"url": "file:///home/ada/bibpress", "dir_info": {"editable": true}}', "bibpress==1.2"),
        (
            '{"url": "https://example.org/b", "vcs_info": {"vcs": "git", "commit_id": "abc"}}',
            "bibpress @ git+https://example.org/b@abc",
        ),
    ],
)
def test_what_workflows_ask_pip_for(origin: str | None, asked: str) -> None:
    """The version from the index, or the commit that was installed: what can be had elsewhere."""
    assert start.requirement("1.2", origin) == asked


@pytest.mark.parametrize(("origin", "times"), [(None, 0), ('{"url": "file:///home/ada/b"}', 1)])
def test_what_no_workflow_can_have_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, origin: str | None, times: int
) -> None:
    """A bibpress from a folder of this machine is none that a host can install."""
    monkeypatch.setattr("generator.cli.init.installed_from", lambda: origin)
    said = run("init").stderr
    assert said.count("say there after BIBPRESS where else they get it") == times
    assert folder.name not in said


# --- helpers ------------------------------------------------------------------------------------


def published(folder: Path) -> tuple[Path, Path]:
    """A new site that was committed and pushed without a ledger, and the repository it went to."""
    needs(shutil.which("git"), "git")
    home, remote = folder / "site", folder / "remote.git"
    start.begin(home, (), BIBPRESS)
    git(folder, "init", "--bare", "-b", "main", str(remote))
    git(home, "init", "-b", "main")
    git(home, "remote", "add", "origin", str(remote))
    git(home, "add", "--all")
    git(home, "commit", "-m", "begun")
    git(home, "push", "-u", "origin", "main")
    return home, remote


def ledger_script(home: Path) -> str:
    """What GitHub's workflow does once it has the ledger."""
    (step,) = (
        step for step in workflow(home, WORKFLOWS[0])["jobs"]["ledger"]["steps"] if "run" in step
    )
    return str(step["run"])


def git(folder: Path, *words: str) -> str:
    """What git answers."""
    return shell(shlex.join(["git", *words]), folder)


def shell(script: str, folder: Path, **surroundings: str) -> str:
    """Run lines as a workflow does: each must succeed. Ours is the first bibpress on PATH."""
    nobody = {"NAME": "Ada", "EMAIL": "ada@example.org"}
    env = {
        **os.environ,
        **{f"GIT_{who}_{what}": text for who in ("AUTHOR", "COMMITTER")
           for what, text in nobody.items()},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
        **surroundings,
    }  # fmt: skip
    done = subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout
