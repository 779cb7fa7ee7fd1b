"""How long after a save the preview shows it, with a real server and a browser's requests.

    python -m tests.bench.preview refs.bib --count 20

For each kind of edit: save, wait for the event that says that the page looked at has changed, ask
for the page. Prints wall time and the server's own processor time (where the system tells it), the
median and the 95th percentile, in milliseconds; ends with 1 where an edit did not come through.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

TITLE, ABSTRACT = re.compile(r"\btitle = {"), re.compile(r"\babstract = {")
SETTINGS = 'title = "Preview {}"\n'
TEMPLATE = '{{% extends "default/paper.html" %}}{{% block footer %}}Ours {}{{% endblock %}}'
TOPICS = '[[topic]]\nslug = "robots"\nname = "Robots"\nphrases = ["robot", "robots"]\n'


def edits(bib: str) -> dict[str, Callable[[int], tuple[str, str]]]:
    """Kinds of edits: the n-th gives the file and what it says then. All show on the first page."""
    return {
        "an abstract": lambda n: ("content/refs.bib", ABSTRACT.sub(f"abstract = {{N{n} ", bib, 1)),
        "a title": lambda n: ("content/refs.bib", TITLE.sub(f"title = {{N{n} ", bib, 1)),
        "the site's title": lambda n: ("bibpress.toml", SETTINGS.format(n)),
        "a template": lambda n: ("templates/paper.html", TEMPLATE.format(n)),
        "a note": lambda n: ("content/note.md", f"---\nkey: {first_key(bib)}\n---\nNote {n}.\n"),
    }


def first_key(bib: str) -> str:
    """The key of the first entry."""
    found = re.search(r"^@\w+{([^,\s]+),", bib, re.MULTILINE)
    return found[1] if found else sys.exit("this is no .bib")


def laid_out(folder: Path, bib: str) -> None:
    """A site of one .bib, with what sites have beside it."""
    for name in ("content", "templates"):
        (folder / name).mkdir()
    (folder / "content/refs.bib").write_text(bib, encoding="utf-8")
    (folder / "content/topics.toml").write_text(TOPICS, encoding="utf-8")
    for kind in ("the site's title", "a template", "a note"):
        name, text = edits(bib)[kind](0)
        (folder / name).write_text(text, encoding="utf-8")


@contextmanager
def served(folder: Path) -> Iterator[tuple[str, int]]:
    """A preview at work: its address and the number of its process."""
    command = [sys.executable, "-m", "generator", "serve", str(folder), "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        line = next(line for line in server.stdout if line.startswith("http"))
        yield line.split()[0], server.pid
    finally:
        server.terminate()
        server.communicate()


def processor(pid: int) -> float:
    """Seconds that a process has worked; nought where the system does not say."""
    try:
        said = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(said[11]) + int(said[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, AttributeError):
        return 0.0


def get(url: str) -> str:
    """What a browser is given."""
    with urllib.request.urlopen(url, timeout=120) as answer:  # noqa: S310 - our own server
        return str(answer.read().decode())


def told(lines: Iterator[bytes]) -> dict[str, object]:
    """The next event of a stream."""
    line = next(line for line in lines if line.startswith(b"data: "))
    return dict(json.loads(line[6:]))


def measured(
    address: str, pid: int, folder: Path, change: Callable[[int], tuple[str, str]], count: int
) -> tuple[list[float], list[float]]:
    """Seconds of the clock and of the processor from each save until the page was there."""
    lines = map(json.loads, get(f"{address}data/papers.jsonl").splitlines())
    key = first_key((folder / "content/refs.bib").read_text(encoding="utf-8"))
    path = f"papers/{next(line['id'] for line in lines if line['key'] == key)}.html"
    clock, work = [], []
    for number in range(1, count + 1):
        page = get(address + path)
        with urllib.request.urlopen(f"{address}_preview/events?path={path}", timeout=120) as stream:  # noqa: S310
            before = told(stream)
            name, text = change(number)
            time.sleep(0.2)
            begun, worked = time.perf_counter(), processor(pid)
            (folder / name).write_text(text, encoding="utf-8")
            while told(stream)["mark"] == before["mark"]:
                pass
            assert get(address + path) != page
            clock.append(time.perf_counter() - begun)
            work.append(processor(pid) - worked)
    return clock, work


def said(seconds: list[float]) -> str:
    """Median and 95th percentile in milliseconds."""
    high = statistics.quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
    return f"{statistics.median(seconds) * 1000:8.0f} {high * 1000:8.0f}"


def main() -> None:
    """Measure every kind of edit and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bib", type=Path)
    parser.add_argument("--count", type=int, default=20)
    asked = parser.parse_args()
    bib = asked.bib.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        laid_out(folder, bib)
        with served(folder) as (address, pid):
            click.echo(f"{'edit of':<18} {'p50':>8} {'p95':>8} {'cpu p50':>8} {'cpu p95':>8}  (ms)")
            for kind, change in edits(bib).items():
                clock, work = measured(address, pid, folder, change, asked.count)
                click.echo(f"{kind:<18} {said(clock)} {said(work)}")


if __name__ == "__main__":
    main()
