"""Builds one site in every way there is, and compares all bytes with those of the first build.

    python -m tests.same_bytes [--papers N] [--only WORD] [--python COMMAND …]

A line a way: whether all was the same, and the seconds the build took. Ends with 1 where anything
differed; what cannot be tried here is said, and is no failure. A COMMAND is a further Python that
has bibpress's libraries, in the same versions (`python -m tests.versions` makes such).
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.same_bytes.site import PAPERS, Tree, Way, build, differences, reference
from tests.same_bytes.ways import corners, table
from tests.test_cluster import running

# How many differing files are named.
SHOWN = 5
SAME, DIFFERENT, NOT_TRIED = "same", "DIFFERENT", "not tried"


def main() -> int:
    """Try the ways that were asked for; the exit status."""
    asked = _arguments()
    with (
        tempfile.TemporaryDirectory(prefix="bibpress-") as name,
        _dask(Path(name), asked.only) as dask,
    ):
        site = Path(name, "first", "site")
        site.parent.mkdir()
        first = reference(site, asked.papers)
        say(f"{len(first):,} files and folders, {sum(len(b) for _, b in first.values()):,} bytes")
        ways = [*table(), *corners(), dask, *_pythons(asked.python)]
        chosen = [way for way in ways if asked.only in way.name]
        results = Counter(tried(way, site, Path(name, "work"), first) for way in chosen)
    say(", ".join(f"{count} {result}" for result, count in results.items()))
    return int(results[DIFFERENT] > 0 or not results[SAME])


def tried(way: Way, site: Path, work: Path, first: Tree) -> str:
    """Build in a way and say what came of it."""
    if way.missing:
        return said(way, NOT_TRIED, [way.missing])
    work.mkdir()
    began = time.monotonic()
    try:
        found = differences(first, build(way, site, work))
        seconds = time.monotonic() - began
    except subprocess.CalledProcessError as error:
        return said(way, DIFFERENT, error.stderr.decode("utf-8", "replace").splitlines()[-SHOWN:])
    finally:
        shutil.rmtree(work)
    if found:
        return said(way, DIFFERENT, [f"{len(found)} files differ", *found[:SHOWN]])
    return said(way, SAME, [f"{seconds:.1f} s"])


def said(way: Way, result: str, lines: Iterable[str]) -> str:
    """The result, after a line on it."""
    first, *more = lines
    say(f"{way.name:<42} {result:<10} {first}")
    for line in more:
        say(f"    {line}")
    return result


def say(line: str) -> None:
    """A line on standard output, at once."""
    print(line, flush=True)  # noqa: T201 - this is a command


@contextmanager
def _dask(folder: Path, only: str) -> Iterator[Way]:
    """The way by a Dask cluster, which runs meanwhile if that way is asked for."""
    name = "two workers of a Dask cluster"
    if not find_spec("distributed"):
        yield Way(name, missing="distributed is not installed")
    elif only not in name:
        yield Way(name)
    else:
        with running(folder / "dask", 2) as cluster:
            yield Way(name, ("--executor", f"dask={cluster.address}"))


def _pythons(commands: Iterable[str]) -> Iterator[Way]:
    for command in commands:
        code = "import sys; print(*sys.version_info[:3], sep='.')"
        version = subprocess.run([command, "-c", code], capture_output=True, text=True, check=True)
        yield Way(f"Python {version.stdout.strip()}", python=(command,))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.same_bytes")
    parser.add_argument("--papers", type=int, default=PAPERS, help="entries of the demo")
    parser.add_argument("--only", default="", metavar="WORD", help="ways whose name has it")
    parser.add_argument("--python", nargs="*", default=[], metavar="COMMAND", help="more Pythons")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
