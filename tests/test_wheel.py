"""What a user gets by `pip install`: the wheel, made from the sdist as packagers make it."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from collections.abc import Iterable, Mapping
from email.parser import Parser
from pathlib import Path
from typing import TypeVar

import pytest

from tests.test_setup import committed

T = TypeVar("T")

ROOT = Path(__file__).parent.parent
LUNR = ROOT / "static" / "vendor" / "lunr.min.js"
PIP = (sys.executable, "-m", "pip")

REFS = """\
@article{lovelace1843notes,
  author = {Lovelace, Ada},
  title = {Notes on the Analytical Engine},
  journal = {Scientific Memoirs},
  year = {1843},
}
"""


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of sources."""
    folder = tmp_path_factory.mktemp("sdist")
    run(sys.executable, "-m", "hatchling", "build", "--target", "sdist", "--directory", folder)
    return only(folder.glob("*.tar.gz"))


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, made from the sdist alone."""
    return made(sdist, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def site(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that held nothing but refs.bib, after the installed command built it into out/."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "refs.bib").write_text(REFS, encoding="utf-8")
    command = installed(wheel, tmp_path_factory.mktemp("venv"))
    run(command, "build", "refs.bib", "-o", "out", cwd=folder, env={"HOME": str(folder / "home")})
    return folder


def test_the_sdist_carries_what_a_build_reads(sdist: Path) -> None:
    """What the build hook and the tests need travels in the sdist, vendored files included."""
    needed = {
        *("hatch_build.py", "package.json", "package-lock.json", ".npmrc", "Makefile", "LICENSE"),
        *("static/vendor/lunr.min.js", "static/vendor/lunr.LICENSE.txt", "tests/test_wheel.py"),
    }
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert not needed - names


def test_the_wheel_is_the_package_and_the_default_theme(wheel: Path) -> None:
    """The wheel has every module and every theme file, and nothing else: no tests, no content."""
    modules = files(ROOT / "generator", "generator")
    theme = [
        name
        for folder in ("templates", "static")
        for name in files(ROOT / folder, f"generator/default/{folder}")
    ]
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == {*modules, *theme}


def test_the_sdist_has_nothing_that_is_not_committed(sdist: Path) -> None:
    """But for Lunr.js, a packager gets what stands in the repository and nothing else."""
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    fetched = {name for name in names if name.startswith("static/vendor/")}
    assert names - fetched - {"PKG-INFO"} == {path.as_posix() for path in committed()}


def test_the_same_sdist_gives_the_same_wheel(
    sdist: Path, wheel: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Anybody can check what a wheel was made of: umask, time zone and home are all one."""
    folder = tmp_path_factory.mktemp("elsewhere")
    surroundings = {"TZ": "Asia/Tokyo", "HOME": str(folder), "PYTHONHASHSEED": "7"}
    before = os.umask(0o077)
    try:
        assert digest(made(sdist, folder, surroundings)) == digest(wheel)
    finally:
        os.umask(before)


def test_the_wheel_names_nothing_of_this_machine(wheel: Path) -> None:
    """No file in it knows where it was made."""
    with zipfile.ZipFile(wheel) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert [name for name, content in files.items() if str(ROOT).encode() in content] == []


def test_the_wheel_asks_for_what_is_declared(wheel: Path) -> None:
    """Its metadata has the dependencies of pyproject.toml, and those of extras only as extras."""
    asked = re.findall("^Requires-Dist: ([^;\\n]+)$", metadata(wheel), flags=re.M)
    with (ROOT / "pyproject.toml").open("rb") as file:
        assert asked == tomllib.load(file)["project"]["dependencies"]


def test_the_wheel_says_what_it_is(wheel: Path) -> None:
    """The licence as programs read it (SPDX); and no address, for there is none."""
    head = Parser().parsestr(metadata(wheel), headersonly=True)
    names = ("Metadata-Version", "License-Expression", "License-File", "Project-URL", "Home-page")
    assert [head.get_all(name) for name in names] == [["2.4"], ["MIT"], ["LICENSE"], None, None]


def test_the_wheel_is_found_by_what_it_is(wheel: Path) -> None:
    """Indexes sort by classifiers; of licences an expression is the only word (PEP 639)."""
    said = Parser().parsestr(metadata(wheel), headersonly=True).get_all("Classifier", [])
    assert {each.partition(" :: ")[0] for each in said} == {
        *("Development Status", "Environment", "Intended Audience", "Natural Language"),
        *("Operating System", "Programming Language", "Topic"),
    }


def test_the_wheel_brings_lunr_with_its_licence(wheel: Path) -> None:
    """Third-party code is shipped unmodified, and its licence beside it."""
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read("generator/default/static/vendor/lunr.min.js") == LUNR.read_bytes()
        assert b"Permission is hereby granted" in archive.read(
            "generator/default/static/vendor/lunr.LICENSE.txt"
        )


def test_the_wheel_has_our_licence(wheel: Path) -> None:
    """Our own licence is among the metadata."""
    with zipfile.ZipFile(wheel) as archive:
        licence = only(name for name in archive.namelist() if name.endswith("licenses/LICENSE"))
        assert archive.read(licence) == (ROOT / "LICENSE").read_bytes()


def test_an_installed_bibpress_builds_a_site(site: Path) -> None:
    """In an empty folder, `bibpress build refs.bib -o out` makes a home page and a paper's page."""
    out = site / "out"
    pages = {path.relative_to(out).as_posix() for path in out.rglob("*.html")}
    assert "index.html" in pages
    assert any(re.fullmatch(r"papers/lovelace-1843-[a-z-]+\.html", page) for page in pages)


def test_an_installed_bibpress_finds_its_theme(site: Path) -> None:
    """What the pages ask for is in the output: styles, scripts, and Lunr.js as it was published."""
    broken = [
        f"{page.name}: {link}"
        for page in (site / "out").rglob("*.html")
        for link in re.findall(r'(?:src|href)="([^"#?:]+)[^":]*"', page.read_text("utf-8"))
        if not (page.parent / link).is_file()
    ]
    digests = {digest(path) for path in (site / "out").rglob("*.js")}
    assert not broken
    assert digest(LUNR) in digests


def test_an_installed_bibpress_makes_the_same_bytes(site: Path, tmp_path: Path) -> None:
    """The wheel and the checkout make one site."""
    (tmp_path / "refs.bib").write_text(REFS, encoding="utf-8")
    ours = (sys.executable, "-m", "generator", "build", "refs.bib", "-o", "out")
    run(*ours, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)})
    trees = (
        {
            path.relative_to(folder): path.read_bytes()
            for path in (folder / "out").rglob("*")
            if path.is_file()
        }
        for folder in (site, tmp_path)
    )
    assert next(trees) == next(trees)


def test_a_build_writes_only_the_output_and_its_companion(site: Path) -> None:
    """A build leaves `out` and `.out.bibpress`, and no trace beside them or in the home folder."""
    assert {path.name for path in site.iterdir()} <= {"refs.bib", "out", ".out.bibpress"}


# --- helpers -------------------------------------------------------------------------------------


def made(sdist: Path, folder: Path, surroundings: Mapping[str, str] | None = None) -> Path:
    """A wheel made from the sdist alone: no npm is on PATH, and no index is asked."""
    arguments = ("--no-build-isolation", "--no-deps", "--no-index", "--wheel-dir", folder)
    run(*PIP, "wheel", *arguments, sdist, env={"PATH": str(folder), **(surroundings or {})})
    return only(folder.glob("*.whl"))


def metadata(wheel: Path) -> str:
    """What the wheel says of itself: fields as in a mail, and the README below them."""
    with zipfile.ZipFile(wheel) as archive:
        name = only(name for name in archive.namelist() if name.endswith("/METADATA"))
        return archive.read(name).decode()


def installed(wheel: Path, folder: Path) -> Path:
    """The command `bibpress` of a fresh environment that has the wheel.

    Its dependencies are those of the environment the tests run in, so that no index is asked. They
    are added by a .pth file, whose folders' own .pth files are not read: an editable bibpress of
    the tests' environment stays out of sight.
    """
    run(sys.executable, "-m", "venv", "--without-pip", folder)
    python = folder / "bin" / "python"
    run(*PIP, "--python", python, "install", "--no-deps", "--no-index", wheel)
    here = only((folder / "lib").glob("python*")) / "site-packages"
    ours = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (here / "dependencies.pth").write_text("\n".join(sorted(ours)) + "\n", encoding="utf-8")
    return folder / "bin" / "bibpress"


def run(*arguments: str | Path, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> None:
    """Run a command; if it fails, what it said is the assertion's message.

    It sees the environment of the tests as `env` amends it, but no configuration of pip or Python.
    """
    ours = {name: value for name, value in os.environ.items() if name[:4] not in {"PIP_", "PYTH"}}
    done = subprocess.run(
        arguments,
        cwd=cwd,
        env={**ours, "PIP_CONFIG_FILE": os.devnull, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def files(folder: Path, name: str) -> list[str]:
    """Every file below `folder`, by its path below `name`; what tools leave there is left out."""
    paths = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    return [
        f"{name}/{path.as_posix()}"
        for path in paths
        if not any(part == "__pycache__" or part.startswith(".") for part in path.parts)
    ]


def digest(path: Path) -> str:
    """A file's SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def only(found: Iterable[T]) -> T:
    """The one thing that was found."""
    (thing,) = found
    return thing
