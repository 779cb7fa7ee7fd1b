"""All bombs, regular expressions and functions, at full length: `python -m tests.bombs`.

Prints a line for each bomb, a summary for the others, and ends with 1 if anything went wrong.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bombs import run
from tests.bombs.all import BOMBS
from tests.bombs.collection import Field
from tests.bombs.growth import functions_that_grow, patterns_that_grow


def main() -> int:
    """Try what was asked for; how many things went wrong."""
    asked = _asked()
    parts: dict[str, Callable[[], Iterator[str]]] = {
        "patterns": lambda: patterns_that_grow(asked.count, asked.only),
        "functions": lambda: functions_that_grow(asked.size, asked.only),
        "bombs": lambda: _bombs(asked.only, asked.short),
    }
    wrong = 0
    for name, part in parts.items():
        if asked.part in ("all", name):
            started = time.monotonic()
            for fault in part():
                wrong += 1
                print(f"WRONG: {fault}", flush=True)  # noqa: T201 - a report for whoever runs it
            print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)  # noqa: T201
    print(f"{wrong} went wrong")  # noqa: T201
    return min(wrong, 1)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=("all", "patterns", "functions", "bombs"), default="all")
    parser.add_argument("--only", default="", help="only what has this in its name")
    parser.add_argument("--count", type=int, default=1_000, help="texts a regular expression")
    parser.add_argument(
        "--size", type=int, default=8_000, help="letters of a function's first text"
    )
    parser.add_argument("--short", action="store_true", help="bombs as small as in the tests")
    return parser.parse_args()


def _bombs(only: str, short: bool) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        field = Field(Path(folder)).made()
        chosen = [bomb for bomb in BOMBS if only in bomb.name]
        blasts = []
        for bomb in chosen:
            blast, wrong = field.blown(bomb, bomb.short if short else bomb.full)
            blasts.append(blast)
            papers, pages = (blast.report.get(name, 0) for name in ("papers", "pages"))
            took = f"{blast.work:6.1f} s {blast.memory / 1e6:6.0f} MB"
            print(f"{bomb.name:52.52} {took} {papers:>6} papers {pages:>6} pages", flush=True)  # noqa: T201
            yield from (f"{bomb.name}: {each}" for each in wrong)
        if blasts:
            print(  # noqa: T201
                f"{len(blasts)} bombs; at most {max(b.work for b in blasts):.1f} s of work and "
                f"{max(b.memory for b in blasts) / 1e6:.0f} MB (allowed are {run.SECONDS} s and "
                f"{run.MEMORY / 1e6:.0f} MB)"
            )


if __name__ == "__main__":
    sys.exit(main())
