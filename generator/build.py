"""The story: from sources to a published site.

    sources → records → papers → library → outputs → published
    `generator.load` ─────────────────┘       │          │
    `generator.plan` ─────────────────────────┘          │
    `generator.output` ──────────────────────────────────┘

Every step returns values; only `generator.output` writes files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from generator import (
    attachments,
    cache,
    cluster,
    config,
    disk,
    ledger,
    memo,
    output,
    sources,
    theme,
    weight,
)
from generator.cache import Cache
from generator.extensions import Extensions
from generator.library import KINDS, Library
from generator.load import (
    Loaded,
    Means,
    Order,
    Progress,
    RefusedError,
    Report,
    load,
    own_extensions,
)
from generator.model import UNREAD
from generator.output import Place, Published
from generator.owner import lost_ledger, site_folder
from generator.place import cleared, plainly, refuse_strangers
from generator.plan import plan, remarked

# Beside the output, what was built last: what it was made of, and the report.
LAST = "last"
# And which forgotten papers nothing there is left of.
FORGOTTEN = "forgotten"


def build(order: Order, progress: Progress) -> Report:
    """Bring the output folder up to date with the sources.

    Raises RefusedError when there is no paper, or when `strict` meets an error or a warning, and
    any other BibpressError with what was published before untouched.
    """
    place = Place(order.target)
    output.check(place, order.sources, order.archive)
    own = own_extensions(order.sources)
    with place.locked(site_folder(order.sources), progress), output.seldom_collecting():
        lost = tuple(lost_ledger(order.sources, place.target))  # this build begins another
        _refuse_if_strict(order, Report(problems=lost))
        stamp = own.stamped(output.stamp())
        report = _unchanged(place, order, stamp) or _made_anew(place, order, own, stamp, progress)
        _refuse_if_strict(order, report)
        if order.archive:
            output.archive(place, order.archive)
    return replace(report, problems=(*lost, *report.problems))


def _made_anew(
    place: Place, order: Order, own: Extensions, stamp: str, progress: Progress
) -> Report:
    refuse_strangers(place)
    given = _given(order)
    with _forgetting(place, order), _workers(order) as (workers, jobs):
        memory = Cache(place.work / "cache", stamp)
        pool = own.carried(workers)
        loaded = remarked(load(order, Means(memory, pool, progress, own)))
        _refuse_if_strict(order, loaded.report)
        given += _save_ledger(loaded)
        published = output.publish(
            place,
            plan(loaded, memory),
            stamp=stamp,
            executor=pool,
            jobs=jobs,
            total=_expected(loaded.library),
            progress=progress,
        )
    memory.save()
    report = _published(loaded, published)
    _remember(place, stamp, given, report)
    return report


@contextmanager
def _forgetting(place: Place, order: Order) -> Iterator[None]:
    """Where papers were forgotten, nothing that we keep for ourselves outlasts what is done inside.

    Before it goes what earlier builds remembered, behind it the site that was published before,
    which would be kept for the next exchange. Which papers that was done for is noted last, so that
    a build broken off is made up for by the next; and here, since a forgotten paper may come with a
    ledger that was changed elsewhere.
    """
    now = _forgotten(order)
    note = place.work / FORGOTTEN
    if now == (cache.load(note, ledger.HEADER) or ""):
        yield
        return
    is_first = not cleared(place) and not place.target.exists()
    yield
    if not is_first:
        cleared(place)
    with suppress(OSError):
        cache.save(note, ledger.HEADER, now)


def _forgotten(order: Order) -> str:
    """Stands for the papers that the ledger has forgotten; empty where it has forgotten none."""
    home = site_folder(order.sources)
    path = home / ledger.LEDGER if home else None
    if not path or not path.is_file():
        return ""
    with plainly(f"cannot read {ledger.LEDGER}"):
        ids = ledger.forgotten(disk.contents(path).decode("utf-8", "replace"))
    return memo.digest(" ".join(ids)) if ids else ""


@contextmanager
def _workers(order: Order) -> Iterator[tuple[Executor, int]]:
    """Where work is done, and how much of it at a time."""
    kind, _, address = order.executor.partition("=")
    if kind == "dask":
        with cluster.executor(address) as workers:
            yield workers, workers.jobs
    else:
        with output.executor(kind, order.jobs) as pool:
            yield pool, order.jobs


def _expected(library: Library) -> int:
    """About how many files the site will have: a page and a .bib each, and the search index."""
    groups = sum(len(library.groups[kind]) for kind in KINDS)
    return 2 * (len(library.papers) + groups) + len(library.papers) * 2 // 3


def _refuse_if_strict(order: Order, report: Report) -> None:
    if order.strict and report.count("error", "warning"):
        raise RefusedError("there are errors or warnings, so nothing is published", report)


def _save_ledger(loaded: Loaded) -> str:
    """Write the ledger of a site folder where it says something new; what stands for the file."""
    home, after = loaded.home, loaded.library.ledger
    if home and (after != loaded.before or not loaded.ledger_read):
        content = ledger.dump(after).encode()
        with plainly(f"cannot write {ledger.LEDGER}"):
            disk.replace(home / ledger.LEDGER, content, lasting=True)
        return memo.digest_of_bytes(content)
    return loaded.ledger_read


def _published(loaded: Loaded, published: Published) -> Report:
    sizes = published.sizes
    return replace(
        loaded.report,
        pages=sum(path.endswith(".html") for path in sizes),
        files=len(sizes),
        bytes=sum(sizes.values()),
        made=published.made,
        kept=published.kept,
        removed=published.removed,
        weight=weight.of(sizes, loaded.library),
    )


# --- what was built last --------------------------------------------------------------------------


# What a site is made of beside its sources, below the site folder; of ours only the theme.
_STEERING = (config.CONFIG, "content/*.toml")


_THEME = ("templates", "static")


def _unchanged(place: Place, order: Order, stamp: str) -> Report | None:
    """The report of the last build if it was of just this, and still lies there as it was."""
    found = cache.load(place.work / LAST, stamp)
    match found:
        case (str(given), Report() as report) if given == _given(order) + _ledger_now(order):
            whole = output.stands(place)
            return replace(report, made=0, kept=report.files, removed=0) if whole else None
    return None


def _remember(place: Place, stamp: str, given: str, report: Report) -> None:
    """Note what was built.

    Sources and settings are as they were before they were read, the ledger as it was read or
    written: should one have changed meanwhile, the next build sees another. A source that could
    not be read is tried again, though it is as it was: a disk or a network may have failed.
    """
    if any(problem.rule == UNREAD for problem in report.problems):
        return
    with suppress(OSError):
        cache.save(place.work / LAST, stamp, (given, report))


def _given(order: Order) -> str:
    """Stands for all that a site is made of, but for the ledger: 32 hexadecimal digits."""
    home = site_folder(order.sources)
    said = [(name, _digest(file)) for name, file in made_of(order.sources)]
    attached = attachments.present(home) if home else []
    return memo.digest(repr((order.site_url, bool(home), said, attached)))


def made_of(named: Sequence[Path]) -> list[tuple[str, Path]]:
    """All files that a site of these sources is made of, but for the ledger: name and place.

    Sources go by the names that messages give them. Raises UsageError as `sources.find` does.
    """
    home = site_folder(named)
    homes = [theme.DEFAULT, *([home] if home else [])]
    steering = [file for each in homes for name in _THEME for file in disk.files_below(each / name)]
    steering += [file for each in _STEERING for file in sorted(home.glob(each))] if home else []
    own = own_extensions(named)
    steering += own.made_of
    steering += [page.path for page in sources.files.own_pages(home)] if home else []
    files = [(found.name, found.path) for found in sources.find(named, own.readers)]
    return files + [(str(file), file) for file in steering if file.is_file()]


def _ledger_now(order: Order) -> str:
    home = site_folder(order.sources)
    path = home / ledger.LEDGER if home else None
    return _digest(path) if path and path.is_file() else ""


def _digest(file: Path) -> str:
    """Stands for what a file holds; of one that is not or cannot be read, for when and why."""
    try:
        found = file.stat()
        if found.st_size > sources.LARGEST:
            return f"{found.st_size} {found.st_mtime_ns}"
        return memo.digest_of_bytes(disk.contents(file))
    except OSError as error:
        return str(error)
