"""`bibpress export`: the papers themselves, in the formats of others."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence, Set
from difflib import get_close_matches
from pathlib import Path
from typing import IO

import click

from generator import owner, styles
from generator.cite import EXPORTERS, item
from generator.cli.ending import errors_said
from generator.cli.narrowing import narrowing, slugs_meant
from generator.cli.progress import teller
from generator.cli.saying import in_a_line, show_problems
from generator.cli.surroundings import Sources, default_target, existing, today
from generator.config import CONFIG
from generator.errors import UsageError
from generator.exports import Export, Exporter
from generator.ledger import LEDGER
from generator.library import Library
from generator.load import Means, Order, load, own_extensions
from generator.model import Group, Paper
from generator.queries import Asking, Query, QueryError, parse
from generator.search.ask import years_of
from generator.sources import find


@click.command("export", short_help="Write papers in another format: RIS, CSL-JSON, APA and more.")
@Sources
@click.option(
    "--format",
    "name",
    metavar=f"[{'|'.join(sorted(EXPORTERS))}]",
    help="How they are written: for BibTeX (the default), others (csl, ris), or as lines of text. "
    "A site may have further formats of its own.",
)
@click.option(
    "--style",
    default="",
    metavar="STYLE",
    help="As text in any style of CSL: a .csl file, or its name, as chicago-author-date.",
)
@click.option(
    "-o",
    "--output",
    "target",
    type=click.File("wb", lazy=True),
    default="-",
    metavar="FILE",
    help="Where to; by default standard output.",
)
@narrowing
@click.option(
    "--year", "years", default="", metavar="YEARS", help="As 2020, 2019-2021, 2020-, or undated."
)
@click.option(
    "--where",
    "query",
    default="",
    metavar="QUERY",
    help='As a saved query has it: "topic = pruning and year >= 2020".',
)
@click.option("--abstracts", is_flag=True, help="With abstracts, in formats that have them.")
def export_command(
    source: tuple[Path, ...],
    name: str | None,
    style: str,
    target: IO[bytes],
    tags: tuple[str, ...],
    authors: tuple[str, ...],
    venues: tuple[str, ...],
    years: str,
    query: str,
    abstracts: bool,
) -> None:
    """Write the papers of SOURCE in a format of others, in the order of all lists.

    A SLUG is the name of a page, as pruning is of tags/pruning.html; several narrow further. Styles
    of CSL need an optional extra, and order the papers as they like: pip install "bibpress[csl]".

    \b
    Examples:
      bibpress export refs.bib --format ris -o refs.ris
      bibpress export --tag pruning --year 2019-2021 --format apa
      bibpress export --where "author = 'Ada Lovelace' and not type = misc"
      bibpress export --style chicago-author-date -o references.txt
      bibpress export --format csl --abstracts > papers.json
    """
    with errors_said(False, time.monotonic()):
        sources = existing(source)
        if target.name != "-":
            _check_target(Path(target.name), sources)
        if style and name:
            raise UsageError("--style is a format of its own: leave --format out")
        read_style = styles.read(style) if style else None
        own = own_extensions(sources)
        export = _exporter(name or "bibtex", own.exporters)
        first, last = span_of_years(years)
        asked_for = _parsed(query)
        tell = teller()
        try:
            loaded = load(
                Order(sources, default_target(sources), today()),
                Means(progress=tell, extensions=own),
            )
        finally:
            tell.end()
        show_problems(loaded.report)
        asked = {"tags": tags, "authors": authors, "venues": venues}
        found = _chosen(loaded.library, asked, asked_for)
        papers = [paper for paper in found if first <= (paper.year or 0) <= last]
        if found and not papers:
            raise UsageError(f"no paper is of {years}: {_years_of(found)}")
        written = (
            styles.formatted(list(map(item, papers)), read_style)
            if style
            else export(papers, abstracts=abstracts)
        )
        target.write(written.encode())


def _chosen(library: Library, asked: Mapping[str, Sequence[str]], query: Query) -> Sequence[Paper]:
    """The papers that stand in all lists asked for and that the query means."""
    wanted = {
        kind: slugs_meant(kind, names, _pages(library.groups[kind]), _leading(library, kind))
        for kind, names in asked.items()
        if names
    }
    within = library.within(wanted)
    meant = _meant(query, library)
    return [paper for paper in within if paper.id in meant]


def _pages(groups: Mapping[str, Group]) -> Mapping[str, tuple[str, int]]:
    return {slug: (group.name, len(group.papers)) for slug, group in groups.items()}


def _leading(library: Library, kind: str) -> Callable[[str], str]:
    moved = library.moved.get(kind, {})
    return lambda slug: moved.get(slug, "")


def _parsed(query: str) -> Query:
    """What --where says, all papers if nothing; UsageError where that cannot be told."""
    try:
        return parse(query or "all")
    except QueryError as error:
        raise UsageError(f"--where: {error}") from error


def _meant(query: Query, library: Library) -> Set[str]:
    """The papers (ids) that a query means; UsageError where there are none, and why."""
    found = Asking(library).answer(query)
    if not found.papers:
        why = "; ".join(found.doubts) or "no paper is so"
        raise UsageError(f"--where: {why}")
    for doubt in found.doubts:
        click.echo(f"warning: --where: {in_a_line(doubt)}", err=True)
    return set(found.papers)


def _exporter(name: str, own: Mapping[str, Exporter]) -> Export:
    """The exporter of a format, ours or the site's own; UsageError for one that nobody knows."""
    known = {**EXPORTERS, **own}
    if name in known:
        return known[name].export
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}"
    raise UsageError(f"--format {name}: there is no such format; {hint}")


def span_of_years(said: str) -> tuple[int, int]:
    """The first and the last year of what --year says; 0 stands for papers without a year.

    UsageError for what is neither a year nor a span of years.
    """
    found = years_of(said) if said else (0, _NEVER)
    if not found:
        raise UsageError(f"--year {said}: say 2020, 2019-2021, 2020-, -2019 or undated")
    return found


_NEVER = 10_000


def _years_of(papers: Sequence[Paper]) -> str:
    years = [paper.year for paper in papers if paper.year]
    return f"those there are go from {min(years)} to {max(years)}" if years else "none has a year"


_OWNERS = (owner.CONTENT, CONFIG, LEDGER, "templates")


def _check_target(target: Path, sources: Sequence[Path]) -> None:
    """Raises UsageError for a file that cannot be made, or that belongs to an owner's collection.

    That is a source, and in any site folder all that is read of it, be it there already or not.
    A folder with nothing of ours but `content/` is one only where that is exported from: Hugo has
    such a folder, too, and a `refs.bib` may lie beside it.
    """
    whole = target.resolve()
    if whole in {path.resolve() for path in sources} | {each.path for each in find(sources)}:
        raise UsageError(f"{target} is a source: export to another file")
    read = [path.resolve() for path in sources]
    for folder in whole.parents:
        content = folder / owner.CONTENT
        is_read = folder in read or any(path.is_relative_to(content) for path in read)
        is_ours = is_read or any((folder / name).is_file() for name in (CONFIG, LEDGER))
        is_owners = whole.relative_to(folder).parts[0] in _OWNERS
        if is_ours and is_owners and owner.is_site(folder):
            raise UsageError(f"{target} belongs to the site folder {folder}: export elsewhere")
    if not target.parent.is_dir():
        raise UsageError(f"{target.parent}: no such folder; make it first")
    if target.is_dir():
        raise UsageError(f"{target} is a folder: name a file in it")
