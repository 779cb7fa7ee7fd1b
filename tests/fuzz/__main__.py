"""Try as many damaged inputs as one likes: `python -m tests.fuzz --count 1000000`.

    --count N      how many inputs in all; every target has its share (`targets.py`)
    --target NAME  only this one, with all N inputs; may be said several times
    --seed S       the same seed and count try the same inputs again, on any machine
    --engine E     own (edits drawn from the seed) or atheris (guided by coverage, where installed)

Prints a table of what was tried, and how it ended. An input that fails is made smaller and put
into `tests/fuzz/found/TARGET/`, where `tests/test_fuzz.py` tries it again from then on; the exit
status is then 1.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import click

from tests.fuzz import guided
from tests.fuzz.edits import drawn, edited, smaller
from tests.fuzz.targets import FOUND, TARGETS, Target

# Nothing this short may take longer than this, in seconds of processor time: what is slow in
# proportion to its length takes a hundredth of it, what is quadratic more.
SLOW = 10.0


@dataclass
class Run:
    """What became of one target's inputs; `failures` has one input for each place in the code."""

    tried: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    failures: dict[str, bytes] = field(default_factory=dict)


def main(arguments: Sequence[str]) -> int:
    """Run what the command line says; the exit status."""
    said = _arguments(arguments)
    whole = sum(TARGETS[name].share for name in said.target or TARGETS)
    say(f"{'target':<10}{'inputs':>10}{'seconds':>10}{'slowest':>10}{'failures':>10}")
    runs = []
    for name in said.target or TARGETS:
        target = TARGETS[name]
        count = max(1, said.count * target.share // whole)
        engine = led if said.engine == "atheris" else tried
        run = engine(target, count, said.seed)
        keep(name, run)
        runs.append(run)
        say(
            f"{name:<10}{run.tried:>10,}{run.seconds:>10.1f}{run.slowest:>10.2f}"
            f"{len(run.failures):>10}"
        )
    say(f"{'all':<10}{sum(run.tried for run in runs):>10,}{sum(r.seconds for r in runs):>10.1f}")
    return int(any(run.failures for run in runs))


def say(line: str) -> None:
    """A line of the table, at once: a run may take an hour."""
    click.echo(line)
    sys.stdout.flush()


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--target", action="append", choices=list(TARGETS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=("own", "atheris"), default="own")
    return parser.parse_args(arguments)


def tried(target: Target, count: int, seed: int) -> Run:
    """A target tried with so many inputs, which depend on its name and the seed alone."""
    chance = random.Random(f"{target.name} {seed}")  # noqa: S311  # nothing to keep secret
    run = Run()
    start = time.process_time()
    for _ in range(count):
        data = edited(
            chance.choice(target.seeds), drawn(chance, target.pieces), chance.choice(target.seeds)
        )
        before = time.process_time()
        fault = failure(target, data)
        taken = time.process_time() - before
        run.slowest = max(run.slowest, taken)
        fault = fault or (f"takes {taken:.0f} s" if taken > SLOW else "")
        if fault:
            run.failures.setdefault(fault, data)
    run.tried, run.seconds = count, time.process_time() - start
    return run


def failure(target: Target, data: bytes) -> str:
    """The place in the code where an input fails, and how; empty where it does not."""
    try:
        target.check(data)
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} in {frame.name}"
    return ""


def led(target: Target, count: int, seed: int) -> Run:
    """A target tried by atheris, which ends with the first failure."""
    start = time.monotonic()
    found = guided.run(target.name, count, seed)
    return Run(
        count, time.monotonic() - start, 0.0, {failure(target, data): data for data in found}
    )


def keep(name: str, run: Run) -> None:
    """Put every input that failed, made smaller, where the tests find it."""
    target = TARGETS[name]
    for fault, data in run.failures.items():
        small = data if fault.startswith("takes") else smaller(data, _like(target, fault))
        path = FOUND / name / blake2b(small, digest_size=4).hexdigest()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(small)
        say(f"{name}: {fault}; kept as {path}")


def _like(target: Target, fault: str) -> Callable[[bytes], bool]:
    return lambda data: failure(target, data) == fault


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
