"""How good and how cheap the search is: `python -m tests.bench.search refs.bib [--large]`.

    refs.bib ─ as a build reads it ─► documents, facets, entries ─► index, search page ─► figures

Every figure stands beside the target that the project has set itself for 10,000 papers, and beside
what Lunr.js itself takes over the same documents where the two can be compared. It asks for Node
and Chromium, as the tests do, and takes some minutes. Seconds and milliseconds depend on the
machine and on what else it does; bytes, ranks and ratios hardly do.
"""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from math import ceil
from pathlib import Path
from statistics import fmean
from time import process_time
from typing import NamedTuple

import click

from generator import exports, search
from generator.load import Loaded, Means, Order, load
from generator.output import Output, described
from generator.plan import plan, search_documents, search_facets
from tests.bench import browser, queries
from tests.bench.host import Sent, by_kind, gzipped, kind
from tests.bench.larger import Collection, enlarged
from tests.search_node import node

ROUNDS = 3  # of which the best counts: other programs make a round longer, never shorter
SEEDS = (11, 12)
KNOWN = 400  # queries of a kind and seed
DEPTH = 100  # a paper further down the results counts as not found: 1/100 is nearly nothing
FIRST = 6  # queries of every kind, each with an empty cache
WARM = 19  # queries of every kind, about 300
HEAVY = 3
LARGE = 100_000

INDEX = ("head", "terms", "places", "words, endings", "lengths")
"""The kinds of files that hold what Lunr.js's index holds; the others are not in its JSON."""


class Figure(NamedTuple):
    """One line of the summary; `is_met` says whether the target is reached, if there is one."""

    name: str
    reached: str
    target: str = ""
    is_met: bool | None = None


class Table(NamedTuple):
    """A table with its heading, as Markdown when it is a text."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]

    def __str__(self) -> str:
        lines = (self.columns, ["---"] * len(self.columns), *self.rows)
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return f"## {self.heading}\n\n{table}\n"


class Measured(NamedTuple):
    """What one part of the benchmark has to say."""

    figures: Sequence[Figure]
    tables: Sequence[Table]


class Targets(NamedTuple):
    """For a collection of some size: bytes of a first query, milliseconds of a warm one.

    `long`: how many long tasks there may be, or None where nothing was said of them.
    """

    first: int
    warm: int
    long: int | None = None


TARGETS = Targets(120_000, 20, 0)
TARGETS_LARGE = Targets(300_000, 60)
BUILD = 1 / 3  # of the processor time that Lunr.js takes
SIZE = 0.25  # of the bytes of Lunr.js's JSON, both gzipped
RANKS = dict(zip(queries.KINDS, (0.965, 0.95, 0.90, 0.99, 0.93, 0.85), strict=True))

PARTS = ("index", "ranks", "page")


@click.command()
@click.argument("source", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--large", is_flag=True, help=f"Also mix {LARGE:,} papers of these and search them.")
@click.option("--only", multiple=True, type=click.Choice(PARTS), help="Leave out other parts.")
def main(source: tuple[Path, ...], large: bool, only: tuple[str, ...]) -> None:
    """Measure the search of the papers in SOURCE: tables in Markdown, the summary last."""
    for tool, found in {"node": shutil.which("node"), "chromium": browser.CHROMIUM}.items():
        if not found:
            raise click.ClickException(f"{tool} is not installed, and some figures are asked of it")
    wanted = only or PARTS
    figures: list[Figure] = []

    def say(measured: Measured) -> None:
        figures.extend(measured.figures)
        for table in measured.tables:
            click.echo(table)

    with tempfile.TemporaryDirectory(prefix="bibpress-bench-") as scratch:
        site = Path(scratch, "site")
        loaded = load(Order(source, site, "2026-01-01"), Means())
        collection = collected(loaded)
        said = f"{len(collection.documents):,} papers"
        click.echo(f"{said}; Python {platform.python_version()}, Node {_node_version()}\n")
        if "index" in wanted:
            say(index_figures(collection))
        write(described(plan(loaded)), site)
        if "ranks" in wanted:
            say(rank_figures(collection.documents, site))
        if "page" in wanted:
            say(page_figures(collection.documents, site, said, TARGETS))
        if large:
            more = enlarged(collection, LARGE, SEEDS[0])
            with_index(site, search.files(more.documents, more.facets, more.entries, {}))
            say(page_figures(more.documents, site, f"{LARGE:,} papers", TARGETS_LARGE))
    click.echo(Table("Summary", ("figure", "reached", "target", ""), [_line(f) for f in figures]))


# --- what is measured ---------------------------------------------------------------------------


def collected(loaded: Loaded) -> Collection:
    """What the search index of a loaded library is made of, as a build has it."""
    library = loaded.library
    return Collection(
        search_documents(library),
        search_facets(library),
        {paper.id: exports.entry(paper, abstract=False) for paper in library.papers},
    )


def write(outputs: Iterable[Output], folder: Path) -> None:
    """Make the search page, its scripts and its index in a folder, and no other page."""
    for output in outputs:
        if output.path == "search.html" or output.path.startswith(("search/", "assets/")):
            path = folder / output.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(output.make(*output.args))


def with_index(folder: Path, index: search.Files) -> None:
    """Put another index in the place of the one that a folder's search page has."""
    (before,) = (folder / "search" / "head").iterdir()
    page = folder / "search.html"
    said, new = page.read_text(encoding="utf-8"), Path(index.head).name
    if before.name not in said:
        raise LookupError(f"search.html does not name {before.name}")
    page.write_text(said.replace(before.name, new), encoding="utf-8")
    shutil.rmtree(folder / "search")
    write(index.outputs, folder)


# --- the index ----------------------------------------------------------------------------------


class Cost(NamedTuple):
    """What Lunr.js takes: seconds of processor time, and bytes of its JSON."""

    build: float
    write: float
    bytes: int
    gzipped: int


def index_figures(collection: Collection) -> Measured:
    """What it takes to build the index, and how large it is, against Lunr.js 2.3.9.

    Our time is that of every file of the search, what results show and facets included; Lunr.js's
    of adding all documents and building, without writing the JSON.
    """
    documents = search.documents_json(collection.documents)
    ours, theirs = [], []
    for _ in range(ROUNDS):
        start = process_time()
        files = search.files(collection.documents, collection.facets, collection.entries, {})
        ours.append(process_time() - start)
        theirs.append(_lunr(documents))
    seconds, build = min(ours), min(cost.build for cost in theirs)
    written = min(cost.write for cost in theirs)
    sizes = _sizes(files.outputs)
    whole = sum(size for name in INDEX for _, size in sizes[name])
    share = whole / theirs[0].gzipped
    rows = [
        (name, f"{len(each):,}", *map(_kilo, (sum(raw for raw, _ in each),
         sum(size for _, size in each), max(size for _, size in each))))
        for name, each in sizes.items()
    ]  # fmt: skip
    rows.append(("Lunr.js's JSON", "1", *map(_kilo, (theirs[0].bytes, *[theirs[0].gzipped] * 2))))
    return Measured(
        [
            Figure(
                "building: processor time against Lunr.js's",
                f"{seconds / build:.2f} ({seconds:.1f} s : {build:.1f} s,"
                f" and {written:.1f} s to write JSON)",
                f"≤ {BUILD:.2f}",
                seconds <= BUILD * build,
            ),
            Figure(
                "size: index against Lunr.js's JSON, gzipped",
                f"{share:.1%} ({_kilo(whole)} : {_kilo(theirs[0].gzipped)} KB)",
                f"≤ {SIZE:.0%}",
                share <= SIZE,
            ),
        ],
        [Table("Files of the search, KB", ("kind", "files", "raw", "gzipped", "largest"), rows)],
    )


def _lunr(documents: str) -> Cost:
    script = Path(__file__).with_name("lunr.js")
    done = subprocess.run(
        ["node", str(script)], input=documents, capture_output=True, encoding="utf-8", check=True
    )
    return Cost(**json.loads(done.stdout))


def _sizes(outputs: Iterable[Output]) -> Mapping[str, list[tuple[int, int]]]:
    """Kind of file → bytes of each, plain and gzipped."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for output in outputs:
        data = output.make(*output.args)
        found[kind(output.path)].append((len(data), len(gzipped(data))))
    return found


# --- ranks --------------------------------------------------------------------------------------


def rank_figures(documents: Sequence[search.Document], site: Path) -> Measured:
    """How high up the paper stands that is asked for: the mean of 1/place (MRR), by kind of query.

    Beside ours stands what Lunr.js itself finds for the same words, over the same folded terms.
    """
    figures, rows = [], []
    for name, target in RANKS.items():
        sets = [queries.known(documents, name, seed, KNOWN) for seed in SEEDS]
        if not all(sets):
            continue  # a collection without a single accent, say
        ours = [_mean_rank(site, each, plain=False) for each in sets]
        lunr = [_mean_rank(site, each, plain=True) for each in sets]
        rows.append((name, *(f"{rank:.3f}" for rank in (*ours, *lunr)), sets[0][0].query))
        figures.append(
            Figure(
                f"MRR: {name}",
                f"{fmean(ours):.3f} (Lunr.js {fmean(lunr):.3f})",
                f"≥ {target}",
                fmean(ours) >= target,
            )
        )
    sets_named = [f"{who}, set {i + 1}" for who in ("ours", "Lunr.js") for i in range(len(SEEDS))]
    return Measured(figures, [Table("Known papers, MRR", ("kind", *sets_named, "such as"), rows)])


def _mean_rank(site: Path, known: Sequence[queries.Known], *, plain: bool) -> float:
    options = {"plain": plain, "limit": DEPTH}
    texts = [item.query for item in known]
    answers = node("box", folder=str(site), queries=texts, options=options)
    return fmean(map(_reciprocal, known, answers))


def _reciprocal(known: queries.Known, answer: Sequence[Mapping[str, str]]) -> float:
    """One over the place of the paper among the answers; 0 where it is not there."""
    ids = [hit["id"] for hit in answer]
    return 1 / (1 + ids.index(known.ref)) if known.ref in ids else 0.0


# --- the page -----------------------------------------------------------------------------------


def page_figures(
    documents: Sequence[search.Document], site: Path, said: str, targets: Targets
) -> Measured:
    """What a first query fetches, and how long the page works on a warm one, in Chromium.

    Bytes are those of the usual kinds of queries; the heavy ones stand in the table. Milliseconds
    are those of the best round.
    """
    first = queries.typed(documents, SEEDS[0], FIRST)
    heavy = queries.heavy(documents, SEEDS[0], HEAVY)
    warm = [*chain.from_iterable(queries.typed(documents, SEEDS[1], WARM).values())]
    with browser.opened(site) as (chromium, host):
        fetched = {
            name: list(browser.first_queries(chromium, host, texts))
            for name, texts in (*first.items(), *heavy.items())
            if texts
        }
        times = browser.warm_queries(chromium, host, warm)
    usual = [sent for name in first for sent in fetched.get(name, ())]
    sizes = list(map(_total, usual))
    best = min(times.again, key=lambda works: _p95([work.answer for work in works]))
    answers = [work.answer for work in best]
    tasks = [work.task for work in best if work.task]
    figures = [
        Figure(
            f"first query, {said}",
            f"at most {_kilo(max(sizes))} KB, p95 {_kilo(_p95(sizes))} KB,"
            f" mean {_kilo(fmean(sizes))} KB in {fmean(map(len, usual)):.0f} requests",
            f"≤ {_kilo(targets.first)} KB",
            max(sizes) <= targets.first,
        ),
        Figure(
            f"warm query, {said}",
            f"p95 {_p95(answers):.1f} ms, at most {max(answers):.1f} ms",
            f"p95 ≤ {targets.warm} ms",
            _p95(answers) <= targets.warm,
        ),
        Figure(
            f"long tasks of {len(warm)} warm queries, {said}",
            f"{len(tasks)}" + (f", at most {max(tasks):.0f} ms" if tasks else ""),
            "" if targets.long is None else str(targets.long),
            None if targets.long is None else len(tasks) <= targets.long,
        ),
    ]
    return Measured(
        figures, [_files_table(usual, said), _kinds_table(fetched, said), _times_table(times, said)]
    )


def _total(sent: Sequence[Sent]) -> int:
    return sum(each.bytes for each in sent)


def _files_table(fetched: Sequence[Sequence[Sent]], said: str) -> Table:
    """By kind of file: what the mean query fetches of it, and what it does at most."""
    by_query = [by_kind(sent) for sent in fetched]
    kinds = dict.fromkeys(name for found in by_query for name in found)
    rows = [_spread(name, [found.get(name, (0, 0)) for found in by_query]) for name in kinds]
    rows.append(_spread("all", [(len(sent), _total(sent)) for sent in fetched]))
    columns = ("kind of file", "files: mean", "most", "KB: mean", "p95", "most")
    return Table(f"What {len(fetched)} first queries fetch, {said}, gzipped", columns, rows)


def _kinds_table(fetched: Mapping[str, Sequence[Sequence[Sent]]], said: str) -> Table:
    """By kind of query: the files and bytes that it takes."""
    rows = [
        _spread(name, [(len(sent), _total(sent)) for sent in each])
        for name, each in fetched.items()
    ]
    columns = ("kind of query", "files: mean", "most", "KB: mean", "p95", "most")
    return Table(f"What a first query fetches by kind, {said}, gzipped", columns, rows)


def _spread(name: str, found: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    files, sizes = [files for files, _ in found], [size for _, size in found]
    counted = (f"{fmean(files):.1f}", str(max(files)))
    return (name, *counted, _kilo(fmean(sizes)), _kilo(_p95(sizes)), _kilo(max(sizes)))


def _times_table(times: browser.Warm, said: str) -> Table:
    """How long the page works on the queries, the first time and again."""
    rounds = {"the first time": times.first}
    rounds |= {f"again, round {number}": works for number, works in enumerate(times.again, 1)}
    rows = [
        (*_spent(name, [work.answer for work in works]), str(sum(work.task > 0 for work in works)))
        for name, works in rounds.items()
    ]
    rows.append((*_spent("`bibpress.search`", times.call), ""))
    columns = ("", "p50", "p95", "most", "long tasks")
    return Table(f"Milliseconds of {len(times.call)} queries in one page, {said}", columns, rows)


def _spent(name: str, values: Sequence[float]) -> tuple[str, ...]:
    spread = (_percentile(values, 50), _p95(values), max(values))
    return (name, *(f"{value:.1f}" for value in spread))


# --- numbers ------------------------------------------------------------------------------------


def _percentile(values: Sequence[float], percent: int) -> float:
    """The least value that so many percent of all do not exceed."""
    return sorted(values)[ceil(len(values) * percent / 100) - 1]


def _p95(values: Sequence[float]) -> float:
    return _percentile(values, 95)


def _kilo(size: float) -> str:
    return f"{size / 1000:,.1f}"


def _line(figure: Figure) -> tuple[str, ...]:
    verdict = {True: "reached", False: "**missed**", None: ""}[figure.is_met]
    return figure.name, figure.reached, figure.target, verdict


def _node_version() -> str:
    done = subprocess.run(["node", "--version"], capture_output=True, encoding="utf-8", check=True)
    return done.stdout.strip().removeprefix("v")


if __name__ == "__main__":
    main()
