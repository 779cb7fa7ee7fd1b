"""Runs the tests with the oldest, the newest or the locked versions of all libraries.

    python -m tests.versions oldest|newest|locked [--python COMMAND] [--quick] [-- OPTION …]

*Oldest* are the lower bounds in pyproject.toml, *newest* is what the index has today within them,
*locked* is what requirements-dev.txt says. Each lives in an environment of its own below
`build/versions/`. With --quick only tests in which libraries have a say are run, which is what CI
does; further options go to pytest. Needs nothing but Python itself; the first run, and every one
with the newest versions, needs a network.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements-dev.txt"
HOME = ROOT / "build" / "versions"
EXTRAS = ("dask", "test")

# Where bytes come from a library, a library is told what to do, or all of it comes together.
QUICK = (
    "test_build.py",
    "test_cli.py",
    "test_exports.py",
    "test_exports_demo.py",
    "test_feeds.py",
    "test_hostile.py",
    "test_same_bytes.py",
    "test_search_ask.py",
    "test_sources_bib.py",
    "test_sources_examples.py",
    "test_sources_notes.py",
    "test_styles.py",
    "test_text.py",
    "test_text_math.py",
    "test_theme.py",
)


def main() -> int:
    """Make the environment and run the tests in it; pytest's exit status.

    Where the environment cannot be made, that is said, and is no failure.
    """
    asked = _arguments()
    try:
        python = environment(asked.kind, asked.python)
    except subprocess.CalledProcessError as error:
        say(f"the {asked.kind} versions cannot be had here, so nothing was tried: {error}")
        return 0  # what an index lacks is no fault of ours, and CI may have no other
    tests = [f"tests/{name}" for name in QUICK] if asked.quick else ["tests"]
    say(f"tests with the {asked.kind} versions, in {python.parent.parent.relative_to(ROOT)}")
    options = ("-n", "2", "--dist", "loadfile", "-p", "no:cacheprovider", *asked.options)
    return subprocess.run(
        [python, "-m", "pytest", *options, *tests],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=False,
    ).returncode


def environment(kind: str, command: str = sys.executable) -> Path:
    """The Python of an environment that has these versions; made where it is not there yet.

    Raises CalledProcessError where pip cannot have them; what it says stands above.
    """
    answer = subprocess.run([command, "-c", _WHICH], capture_output=True, text=True, check=True)
    folder = HOME / f"{kind}-{answer.stdout.strip()}"
    python, stamp = folder / "bin" / "python", folder / "installed"
    wanted = install_arguments(kind)
    holds = "\n".join(wanted) if kind != "locked" else LOCK.read_text(encoding="utf-8")
    if kind == "newest" or not stamp.exists() or stamp.read_text(encoding="utf-8") != holds:
        subprocess.run([command, "-m", "venv", "--clear", folder], check=True)
        pip = (python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        subprocess.run([*pip, *wanted], check=True, cwd=ROOT)
        stamp.write_text(holds, encoding="utf-8")
    return python


_WHICH = "import sys; print(*sys.version_info[:2], sep='.')"


def install_arguments(kind: str) -> list[str]:
    """What pip is to install."""
    if kind == "locked":
        return ["--require-hashes", "--requirement", LOCK.name]
    return oldest(requirements()) if kind == "oldest" else requirements()


def requirements() -> list[str]:
    """All that pyproject.toml asks for, to run and to be tested."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    extras = project["optional-dependencies"]
    return [*project["dependencies"], *(item for name in EXTRAS for item in extras[name])]


def oldest(requirements: Sequence[str]) -> list[str]:
    """The lower bounds as the only versions: "ruff>=0.17,<0.18" gives "ruff==0.17".

    What these libraries need in turn comes in the newest versions that they allow.
    """
    return [item.partition(",")[0].replace(">=", "==") for item in requirements]


def say(line: str) -> None:
    """A line on standard output, at once."""
    print(line, flush=True)  # noqa: T201 - this is a command


def _arguments() -> argparse.Namespace:
    words = sys.argv[1:]
    end = words.index("--") if "--" in words else len(words)
    parser = argparse.ArgumentParser(prog="python -m tests.versions")
    parser.add_argument("kind", choices=("oldest", "newest", "locked"))
    parser.add_argument("--python", default=sys.executable, metavar="COMMAND")
    parser.add_argument("--quick", action="store_true", help="only tests of what libraries do")
    parser.set_defaults(options=words[end + 1 :])
    return parser.parse_args(words[:end])


if __name__ == "__main__":
    sys.exit(main())
