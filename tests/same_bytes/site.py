"""A site with something of everything, and a build of it by the real command in another process."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import ROOT, TODAY, build_folder
from tests.ledgers import records, unpack

STARTUP = Path(__file__).parent / "startup"
PAPERS = 150
SOURCES = ROOT / "tests" / "sources"
TEMPLATE = """\
{% extends "default/paper.html" %}
{% block main %}{{ super() }}<p>Ours: {{ 1234567|number }}</p>{% endblock %}
"""

Tree = Mapping[str, tuple[int, bytes]]
"""What a build left: path → mode and bytes. Folders end in a slash; `site.zip` and `ledger.tsv`
stand under these names."""


@dataclass(frozen=True)
class Way:
    """How a build is called, and what surrounds it. Paths are below a work folder of its own."""

    name: str
    options: tuple[str, ...] = ()
    """Options of `bibpress build`."""
    variables: Mapping[str, str] = field(default_factory=dict)
    changes: Mapping[str, object] = field(default_factory=dict)
    """What `startup` changes: clock, order, network."""
    before: tuple[str, ...] = ()
    """The command in front of Python's; "{work}" is the work folder."""
    python: tuple[str, ...] = (sys.executable,)
    umask: int = 0o022
    source: str = "site"
    """Where the site folder lies."""
    links: Mapping[str, str] = field(default_factory=dict)
    """Symbolic links: where they stand, and what they say."""
    cwd: str = "."
    named: str | None = None
    """What the command is given as SOURCE, "" for nothing at all; by default the absolute path."""
    out: str = ""
    """Where the site goes; by default where the command puts it."""
    program: str = ""
    """Where a copy of the program lies; by default it is that of this checkout."""
    missing: str = ""
    """Why it cannot be tried here."""


def lay_out(folder: Path, papers: int = PAPERS) -> None:
    """Write a site folder: every format, accents, math, notes, topics, a ledger with a past."""
    unpack(records()[-1], folder)
    content = folder / "content"
    (content / "demo.bib").write_text(demo_entries(papers), encoding="utf-8")
    for file in sorted(SOURCES.rglob("*")):
        if file.is_file() and file.suffix != ".json":
            name = "-".join(file.relative_to(SOURCES).parts)
            shutil.copyfile(file, content / name)
    shutil.copyfile(ROOT / "content" / "topics.toml", content / "topics.toml")
    (folder / "templates").mkdir()
    (folder / "templates" / "paper.html").write_text(TEMPLATE, encoding="utf-8")


def demo_entries(count: int) -> str:
    """The first entries of the demo collection."""
    text = (ROOT / "content" / "references.bib").read_text(encoding="utf-8")
    starts = [match.start() for match in re.finditer("^@", text, flags=re.M)]
    return text[: starts[count]] if count < len(starts) else text


def reference(folder: Path, papers: int = PAPERS) -> Tree:
    """Lay out the site and build it in this process; afterwards its ledger knows every paper."""
    lay_out(folder, papers)
    archive = folder.parent / "site.zip"
    build_folder(folder, today=TODAY, archive=archive)
    return tree(folder / "_site", folder, archive)


def build(way: Way, site: Path, work: Path) -> Tree:
    """A copy of the site built that way below the empty folder `work`.

    Raises CalledProcessError, with what the command said, where it failed.
    """
    source = work / way.source
    shutil.copytree(site, source, ignore=shutil.ignore_patterns("_site", ".*"))
    for link, target in way.links.items():
        (work / link).parent.mkdir(parents=True, exist_ok=True)
        (work / link).symlink_to(target)
    program = ROOT
    if way.program:
        program = work / way.program
        for name in ("generator", "templates", "static"):
            shutil.copytree(ROOT / name, program / name, ignore=shutil.ignore_patterns("__py*"))
    (work / way.cwd).mkdir(parents=True, exist_ok=True)
    (work / "home").mkdir(exist_ok=True)
    out = work / way.out if way.out else source / "_site"
    archive = work / "site.zip"
    subprocess.run(
        [*(word.format(work=work) for word in way.before), *command(way, source, out, archive)],
        cwd=work / way.cwd,
        env=variables(way, program, work),
        umask=way.umask,
        capture_output=True,
        check=True,
    )
    return tree(out, source, archive)


def command(way: Way, source: Path, out: Path, archive: Path) -> Iterator[str]:
    """The command line."""
    yield from (*way.python, "-m", "generator", "build")
    if way.named is None:
        yield str(source)
    elif way.named:
        yield way.named
    if way.out:
        yield from ("--output", str(out))
    yield from ("--zip", str(archive), *way.options)


def variables(way: Way, program: Path, work: Path) -> dict[str, str]:
    """The environment of the command; of ours only where programs and locales are found."""
    return {
        **{name: os.environ[name] for name in ("PATH", "LOCPATH") if name in os.environ},
        "HOME": str(work / "home"),
        "PYTHONPATH": os.pathsep.join((str(STARTUP), str(program))),
        "SURROUNDINGS": json.dumps(dict(way.changes)).replace("{work}", str(work)),
        **way.variables,
    }


def tree(out: Path, source: Path, archive: Path) -> Tree:
    """All that a build left, with modes."""
    found = {"site.zip": (0, archive.read_bytes())}
    found["ledger.tsv"] = (0, (source / "ledger.tsv").read_bytes())
    for path in (out, *out.rglob("*")):
        name = path.relative_to(out).as_posix()
        mode = stat.S_IMODE(path.lstat().st_mode)
        if path.is_dir():
            found[f"{name}/"] = (mode, b"")
        else:
            found[name] = (mode, path.read_bytes())
    return found


def differences(one: Tree, other: Tree) -> list[str]:
    """In what two trees differ, a line a path, the place where the bytes part included."""
    said = []
    for path in sorted(one.keys() | other.keys()):
        if path not in one or path not in other:
            said.append(f"{path}: only in {'the second' if path in other else 'the first'}")
        elif one[path][0] != other[path][0]:
            said.append(f"{path}: mode {one[path][0]:o} and {other[path][0]:o}")
        elif one[path][1] != other[path][1]:
            said.append(f"{path}: {_parting(one[path][1], other[path][1])}")
    return said


def _parting(one: bytes, other: bytes) -> str:
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    at = min(len(one), len(other)) if at is None else at
    around = slice(max(0, at - 40), at + 40)
    return f"from byte {at}: {one[around]!r} and {other[around]!r}"


def digest(tree: Tree) -> str:
    """Stands for a tree: paths, modes and bytes."""
    whole = hashlib.sha256()
    for path, (mode, content) in sorted(tree.items()):
        whole.update(f"{path}\0{mode:o}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()
