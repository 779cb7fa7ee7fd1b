"""The documentation: all that there is stands in it, all that stands in it is there, and it runs.

What a page shows in a block ```console is called line by line, in a folder that has what the page
names: a page is one session. Lines without a `$` are what must come out; `…` is anything.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from click.testing import CliRunner

from generator import config, identity, people, sources, theme, topics, venues
from generator.cite import EXPORTERS
from generator.cli import main
from generator.config import Settings
from generator.errors import ConfigError
from generator.sources.readers import FORMATS as ENDINGS
from generator.toml import Toml
from tests.conftest import ROOT, build_folder, write
from tests.intake.server import Served, served

DOCS = ROOT / "docs"
OTHERS = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
PAGES = tuple(
    path.relative_to(ROOT).as_posix()
    for path in sorted([*DOCS.rglob("*.md"), *(ROOT / name for name in OTHERS)])
)


@cache
def page(name: str) -> str:
    """The text of a page."""
    return (ROOT / name).read_text("utf-8")


FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(language: str) -> list[Any]:
    """(page, code) of every block in a language, as parameters of a test."""
    return [
        pytest.param(name, code, id=f"{name}:{page(name).count(chr(10), 0, found.start()) + 1}")
        for name in PAGES
        for found in FENCE.finditer(page(name))
        if (found[1], code := found[2])[0] == language
    ]


def sections(name: str, level: int) -> dict[str, str]:
    """The parts of a page by their headings of one level; deeper ones belong to them."""
    parts = re.split(rf"^#{{{level}}} (.+)\n", page(name), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def rows(text: str) -> list[list[str]]:
    """The cells of all rows of the tables in a text, their heads left out."""
    found = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    heads = {i - 1 for i, cells in enumerate(found) if set("".join(cells)) <= set("-| ")}
    return [cells for i, cells in enumerate(found) if i not in heads and i - 1 not in heads]


def code(cell: str) -> list[str]:
    """What stands between backticks in a cell."""
    return re.findall(r"`([^`]+)`", cell)


# --- links --------------------------------------------------------------------------------------

LINK = re.compile(r"\]\(([^()\s]+)\)|^\[[^\]]+\]: (\S+)$", re.MULTILINE)


def prose(text: str) -> str:
    """A page without its code."""
    return re.sub(r"`[^`\n]*`", "", FENCE.sub("", text))


def anchors(name: str) -> set[str]:
    """The fragments that a page's headings have at GitHub; MkDocs makes the same of them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", page(name)), flags=re.MULTILINE)
    bare = (re.sub(r"\]\([^()]*\)|[^\w\s-]", "", heading.lower()) for heading in headings)
    return {each.strip().replace(" ", "-") for each in bare}


@pytest.mark.parametrize("name", PAGES)
def test_no_link_is_dead(name: str) -> None:
    """A relative link leads to a file of the repository, its fragment to a heading of it."""
    dead = []
    for target in (one or other for one, other in LINK.findall(prose(page(name)))):
        path, _, fragment = target.partition("#")
        if re.match(r"[a-z]+:", path):
            continue
        led = (ROOT / name).parent.joinpath(path).resolve() if path else ROOT / name
        known = anchors(led.relative_to(ROOT).as_posix()) if led.suffix == ".md" else set()
        if not led.exists() or (fragment and fragment not in known):
            dead.append(target)
    assert dead == []


def test_what_the_code_names_is_there() -> None:
    """Comments, messages and files that others get name pages of the documentation that exist."""
    named = {
        (path.relative_to(ROOT).as_posix(), said)
        for folder in ("generator", "tests", "templates", "static", "content")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".md", ".toml", ".html", ".js", ".css", ".yml"}
        for said in re.findall(r"\bdocs/[\w/-]+\.md\b", path.read_text("utf-8", "replace"))
    }
    assert {each for each in named if not (ROOT / each[1]).exists()} == set()


def test_every_page_is_in_the_menu() -> None:
    """The site of the documentation leads to every page, and to none that there is not."""

    def leaves(menu: Any) -> Iterator[str]:
        for each in menu.values() if isinstance(menu, dict) else menu:
            yield from [each] if isinstance(each, str) else leaves(each)

    menu = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))["nav"]
    assert sorted(f"docs/{each}" for each in leaves(menu)) == sorted(
        name for name in PAGES if name.startswith("docs/")
    )


# --- commands -----------------------------------------------------------------------------------

COMMANDS = "docs/reference/commands.md"


def options(command: click.Command) -> list[tuple[str, ...]]:
    """The names of each option that a command shows."""
    return [
        tuple(sorted((*each.opts, *each.secondary_opts), key=len))
        for each in command.params
        if isinstance(each, click.Option) and not each.hidden
    ]


def named_options(text: str) -> list[tuple[str, ...]]:
    """The names of each option in a section's table."""
    cells = (code(cells[0])[0] for cells in rows(text) if code(cells[0])[:1] > ["-"])
    return [tuple(re.findall(r"(?<!\S)--?[\w-]+", cell)) for cell in cells if cell[0] == "-"]


def test_every_command_is_documented() -> None:
    """A section each, and none of a command that there is not."""
    said = [name for name in sections(COMMANDS, 2) if name.startswith("bibpress ")]
    assert sorted(said) == sorted(f"bibpress {name}" for name in main.commands)


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_option_is_documented(name: str) -> None:
    """With all its names, and no other; and the command is written as its --help has it."""
    command, text = main.commands[name], sections(COMMANDS, 2)[f"bibpress {name}"]
    usage = command.collect_usage_pieces(click.Context(command))
    assert sorted(named_options(text)) == sorted(options(command))
    assert text.strip().startswith(f"`{' '.join(('bibpress', name, *usage))}` ")


def test_the_command_s_own_options_are_documented() -> None:
    """--version, and --help, which each command has."""
    text = page(COMMANDS).partition("\n## ")[0]
    assert named_options(text) == [*options(main), ("-h", "--help")]


@pytest.mark.parametrize("name", sorted(main.commands))
def test_help_is_whole(name: str) -> None:
    """In the list of commands each has a sentence that ends, and each option says what it does."""
    command = main.commands[name]
    listed = CliRunner().invoke(main, ["--help"], terminal_width=80).stdout
    assert re.search(rf"^  {name} +[A-Z][^\n]+[^.]\.$", listed, flags=re.MULTILINE)
    shown = [each for each in command.params if isinstance(each, click.Option) and not each.hidden]
    assert [each.name for each in shown if not re.fullmatch("[A-Z].+[.]", each.help or "")] == []
    assert "Example" in (command.help or "")


# --- settings -----------------------------------------------------------------------------------

SETTINGS = "docs/reference/settings.md"
KINDS = {str: {"text", "colour"}, bool: {"yes or no"}, int: {"number"}, tuple: {"list"}}


def defaults() -> Iterator[tuple[str, str, Any]]:
    """(table, name, default) of every setting of bibpress.toml."""
    for each in fields(Settings):
        made = getattr(Settings(), each.name)
        if is_dataclass(made):
            table = "" if each.name == "site" else each.name
            yield from ((table, inner.name, getattr(made, inner.name)) for inner in fields(made))
        elif not isinstance(made, Mapping):
            yield "", each.name, made


def documented() -> dict[tuple[str, str], tuple[str, Any]]:
    """(table, name) → (kind, default) as the page has it."""
    found = {}
    parts = re.split(r"^### (.+)\n", sections(SETTINGS, 2)["bibpress.toml"], flags=re.MULTILINE)
    for heading, text in zip(parts[1::2], parts[2::2], strict=True):
        for name, kind, default, *_ in rows(text):
            value = tomllib.loads(f"x = {code(default)[0]}")["x"]
            table = heading.strip("[]") if heading.startswith("[") else ""
            found[table, code(name)[0]] = kind, value
    return found


def test_every_setting_is_documented() -> None:
    """In its table, with its default, and none that there is not."""
    lists = {kind: word for word, kind in config.LISTS.items()}
    known = {
        (table, name): [lists.get(each, each) for each in value] if type(value) is tuple else value
        for table, name, value in defaults()
    }
    assert {place: default for place, (_, default) in documented().items()} == known


def test_every_setting_s_kind_is_documented() -> None:
    """As text, number, list, or yes or no."""
    wrong = [
        name
        for table, name, value in defaults()
        if documented()[table, name][0] not in KINDS[type(value)]
    ]
    assert wrong == []


def test_tables_with_free_names_are_documented() -> None:
    """They have a heading, and no rows."""
    names = [each.name for each in fields(Settings)]
    free = [name for name in names if isinstance(getattr(Settings(), name), Mapping)]
    assert [name for name in free if f"\n### [{name}]\n" not in page(SETTINGS)] == []


Load = Callable[[Mapping[str, Any]], object]
FILES: Mapping[str, tuple[str, Load]] = {
    "topics": ("topic", lambda data: topics.load(Toml("topics.toml", data))),
    "people": ("person", lambda data: people.load(Toml("people.toml", data))),
    "venues": ("venue", lambda data: venues.load_overrides(Toml("venues.toml", data))),
    "papers": ("", lambda data: identity.load_decisions(Toml("papers.toml", data))),
}
"""Each file of content/ that steers a build: the table it is made of, and how it is read."""


def known_settings(table: str, load: Load) -> list[str]:
    """The settings that a file may have, as the message for one that it may not have names them."""
    wrong = {"qqqqqq": ["x", "y"]}
    with pytest.raises(ConfigError) as caught:
        load({table: [{"name": "A name", **wrong}]} if table else wrong)
    return str(caught.value).rpartition("known are: ")[2].split(", ")


@pytest.mark.parametrize("name", FILES)
def test_every_setting_of_the_other_files_is_documented(name: str) -> None:
    """A row each, and none of a setting that there is not."""
    table, load = FILES[name]
    said = [code(cells[0])[0] for cells in rows(sections(SETTINGS, 2)[f"content/{name}.toml"])]
    assert sorted(said) == sorted(known_settings(table, load))


@pytest.mark.parametrize("name", FILES)
def test_every_setting_of_the_other_files_has_an_example(name: str) -> None:
    """The page's own block uses each of them."""
    table, load = FILES[name]
    (found,) = FENCE.finditer(sections(SETTINGS, 2)[f"content/{name}.toml"])
    data = tomllib.loads(found[2])
    used = {key for each in data[table] for key in each} if table else data.keys()
    assert used == set(known_settings(table, load))


@pytest.mark.parametrize(("name", "text"), blocks("toml"))
def test_toml_loads(name: str, text: str, tmp_path: Path) -> None:
    """Every example of a settings file is one: the file is told by what stands in it."""
    del name
    data = tomllib.loads(text)
    for table, load in FILES.values():
        if table in data or (not table and data.keys() <= set(known_settings(table, load))):
            load(data)
            return
    write(tmp_path, {"bibpress.toml": text})
    config.load(tmp_path)


# --- formats ------------------------------------------------------------------------------------

FORMATS = "docs/reference/formats.md"


def test_every_ending_is_documented() -> None:
    """With the name that the data gives to what is read from it."""
    said = {
        ending: code(cells[2])[0]
        for cells in rows(sections(FORMATS, 2)["Which files are read"])
        for ending in code(cells[0])
    }
    assert said == dict(ENDINGS)


def test_every_export_is_documented() -> None:
    """With the ending of its files."""
    said = {
        name: code(cells[1])[0]
        for cells in rows(sections(FORMATS, 2)["What is written"])
        for name in code(cells[0])
    }
    assert said == {name: each.suffix for name, each in EXPORTERS.items()}


# --- code ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "text"), blocks("python"))
def test_python_compiles(name: str, text: str) -> None:
    """Every example is a program; what CONTRIBUTING leaves out of one is an ellipsis there, too."""
    compile(text.replace("…", "..."), name, "exec")


@pytest.mark.parametrize(("name", "text"), blocks("jinja"))
def test_jinja_compiles(name: str, text: str) -> None:
    """Every template is one, with filters and blocks that there are."""
    del name
    theme.environment(theme.load(None)[0]).compile(text)


@pytest.mark.parametrize(("name", "text"), blocks("bibtex"))
def test_bibtex_is_read(name: str, text: str) -> None:
    """Every entry is one, and nothing is wrong with it."""
    read = sources.read(name, text.encode(), "bib")
    assert (bool(read.records), read.problems) == (True, ())


# --- commands that are shown --------------------------------------------------------------------

START = "docs/start.md"
(REFS,) = (found[2] for found in FENCE.finditer(page(START)) if found[1] == "bibtex")
GONE = """
@article{roe02, title = {Folding Napkins}, author = {Roe, Rae}, journal = {J}, year = 2002}
@article{smith20, title = {Pruning}, author = {Smith, Al}, journal = {J}, year = 2020}
"""
RIS = "TY  - JOUR\nTI  - Napkins, Folded\nAU  - Carberry, Josiah\nJO  - J\nPY  - 2019\nER  -\n"
SITE: Mapping[str, str] = {
    "refs.bib": REFS,
    "zotero.ris": RIS,
    "old/one.txt": "Title: Unfolding Napkins\nAuthors: Kim Lee\nAbstract: Napkins are unfolded "
    "as late as can be. We ask when. Of forty guests most wait for the soup.\n",
    "notes/on-paper.md": "---\nkey: lovelace20paper\n---\nThe one to begin with.\n",
    "content/refs.bib": REFS,
    "content/topics.toml": '[[topic]]\nname = "Pruning"\n\n[[topic]]\nname = "Model Compression"\n',
}
"""What the pages' commands work on, beside two papers that are gone."""

PLACED: Mapping[str, Mapping[str, str]] = {
    START: {},
    "docs/guide/checking.md": {
        "refs.bib": "@article{a, title = {Napkins}, author = {Roe, Rae}, year = 2001, "
        "doi = {https://doi.org/10.1000/182}}\n"
    },
    "docs/extending.md": {"bibpress.toml": 'extensions = ["extras.py"]\n'},
    "docs/migrate-from-al-folio.md": {
        "mysite/_bibliography/papers.bib": f"---\n---\n{REFS}",
        "mysite/assets/pdf/one.pdf": "%PDF",
    },
    "docs/migrate-from-hugo.md": {
        "mysite/content/publication/one/cite.bib": REFS.partition("\n\n")[0],
        "mysite/content/publication/one/index.md": "---\ntitle: A thing\nauthors: [Roe]\n---\n",
        "mysite/content/publication/one/one.pdf": "%PDF",
    },
    "docs/migrate-from-zotero.md": {"library.bib": REFS},
}
"""Files that stand in the folder of one page only, or in another form."""

NOT_CALLED: Mapping[str, str] = {
    r"python3 -m venv|\S*/pip |export PATH": "it installs: tests/test_wheel.py does that",
    r"make ": "it sets up or judges the whole of bibpress: tests/test_setup.py has the rules",
    r".*/(?:python|pytest|ruff|mypy)\b": "it is a developer's, and calls the tests themselves",
    r"git (?:remote|push)": "it needs a host",
    r"bibpress serve": "it goes on until it is interrupted: tests/test_serve.py has it",
    r".* --style ": "it needs an extra of 15 MB: tests/test_styles.py has a style of its own",
}
"""What is not called here (the beginning of a line), and why."""

SHELL = {"cp", "for", "git", "mkdir", "sed"}
"""What a line begins with that is a shell's."""


@dataclass(frozen=True)
class Step:
    """A line behind a `$`, and the lines that it must print."""

    line: str
    said: tuple[str, ...] = ()


def steps(text: str) -> Iterator[Step]:
    """The lines of a block ```console."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        line, *said = part.splitlines()
        yield Step(line, tuple(said))


def sessions() -> list[Any]:
    """(page, its steps) of every page that shows commands."""
    found = {
        name: [step for block in FENCE.finditer(page(name)) if block[1] == "console"
               for step in steps(block[2])]
        for name in PAGES
    }  # fmt: skip
    return [pytest.param(name, each, id=name) for name, each in found.items() if each]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built site, which had two papers more."""
    folder = tmp_path_factory.mktemp("prepared")
    write(folder, {**SITE, "content/gone.bib": GONE})
    build_folder(folder)
    write(folder, {"content/gone.bib": None})
    build_folder(folder)
    return folder


@pytest.fixture
def there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """An empty current folder, and those whom `import` and `enrich` ask, on this machine."""
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "ada@example.org")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setattr("generator.cli.asking.time.sleep", lambda _: None)
    monkeypatch.chdir(folder)
    with served() as server:
        yield server


@pytest.mark.parametrize(("name", "session"), sessions())
def test_commands_work(name: str, session: Sequence[Step], prepared: Path, there: Served) -> None:
    """Every command that a page shows ends well, and prints what the page says it does."""
    settle(name, prepared)
    for step in session:
        follow(step, there)


@pytest.mark.parametrize("name", sorted(main.commands))
def test_examples_in_help_work(name: str, prepared: Path, there: Served) -> None:
    """Those of every command, one after the other, in a site."""
    settle("", prepared)
    shutil.copytree("_site", "site")
    shutil.copytree(".", "my-papers", ignore=shutil.ignore_patterns("my-papers"))
    shown = re.findall(r"^ +((?:cat|bibpress) .+)$", main.commands[name].help or "", re.MULTILINE)
    assert shown
    for line in shown:
        follow(Step(line), there)


def settle(name: str, prepared: Path) -> None:
    """Fill the current folder with what a page's commands work on."""
    if name == START:
        write(Path(), {"refs.bib": REFS})
    else:
        shutil.copytree(prepared, Path(), dirs_exist_ok=True)
    write(Path(), PLACED.get(name, {}))
    if name == "docs/extending.md":
        after = page(name).partition("<!-- example: exporter -->\n")[2]
        write(Path(), {"extras.py": next(FENCE.finditer(after))[2]})


def follow(step: Step, there: Served) -> None:
    """Do what a line says, but for what cannot be done here."""
    if any(re.match(pattern, step.line) for pattern in NOT_CALLED):
        return
    lexer = shlex.shlex(step.line, posix=True, punctuation_chars="|>")
    lexer.whitespace_split = True
    words = list(lexer)
    if words[0] in SHELL:
        done = subprocess.run(["sh", "-ec", step.line], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        return
    typed, target = None, ""
    if "|" in words:
        cat, file, _, *words = words
        assert cat == "cat"
        typed = Path(file).read_bytes()
    if ">" in words:
        *words, _, target = words
    named = [word for each in words for word in meant(each)]
    printed = called(named, typed, there)
    if target:
        write(Path(), {target: printed})
    expected = "\n".join(re.escape(line).replace("…", ".*") for line in step.said)
    expected = re.sub(r"(?m)^\.\*$\n?", r"(?:.*\\n)*?", expected)
    assert re.search(f"^{expected}", printed, flags=re.MULTILINE), f"{step.line}\n{printed}"


def meant(word: str) -> Sequence[str]:
    """The files that a word with a `*` in it stands for, as a shell has it."""
    return sorted(map(str, Path().glob(word))) if "*" in word else [word]


def called(words: Sequence[str], typed: bytes | None, there: Served) -> str:
    """What one command prints; AssertionError unless it ends well."""
    first, *rest = words
    if first == "cd":
        os.chdir(rest[0])
        return ""
    assert first.rpartition("/")[2] == "bibpress", words
    further = {"build": ["--executor", "inline"], "import": there.options, "enrich": there.options}
    result = CliRunner().invoke(
        main, [*rest, *further.get(rest[0], [])], input=typed, catch_exceptions=False
    )
    assert result.exit_code == 0, f"{words}\n{result.output}"
    return result.stdout


@pytest.mark.parametrize("pattern", NOT_CALLED)
def test_what_is_not_called_is_shown(pattern: str) -> None:
    """A reason that no line needs any more has to go."""
    shown = [step.line for each in sessions() for step in each.values[1]]
    assert any(re.match(pattern, line) for line in shown)


def test_the_data_can_be_read_as_shown(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program in docs/data.md counts the papers of 2024 in a site beside it."""
    monkeypatch.chdir(prepared)
    (program,) = (block for block in FENCE.finditer(page("docs/data.md")) if block[1] == "python")
    said = io.StringIO()
    with redirect_stdout(said):
        exec(program[2].replace("2024", "2021"), {})  # noqa: S102 - a program of ours
    assert said.getvalue() == "1\n"
