"""`bibpress search`: what the search page answers, in the terminal."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from shlex import quote

import click

from generator import disk
from generator.cli.ending import errors_said
from generator.cli.narrowing import narrowing, slugs_meant
from generator.cli.progress import teller
from generator.cli.saying import counted, say_json
from generator.cli.surroundings import default_target, existing, today
from generator.errors import BibpressError, UsageError
from generator.library import group_path
from generator.load import Means, Order, load
from generator.place import MARK
from generator.plan import search_documents
from generator.search import documents_json
from generator.search.ask import EVERYTHING, Answer, Narrow, Sort, answer, plain, years_of
from generator.search.read import Hit, Index


class _Searching(click.Command):
    """A command whose query may begin with the sign of a word that is to be left out."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does it, with a hint for who means such a word and no option."""
        said = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            short = not error.option_name.startswith("--")
            meant = next((a for a in said if short and a.startswith(error.option_name)), "")
            if not meant:
                raise
            hint = f"If it is part of the query: bibpress search -- {quote(meant)}"
            raise click.UsageError(f"{error.format_message()} {hint}", ctx) from error


@click.command("search", cls=_Searching, short_help="Search a built site, as its search page does.")
@click.argument("query", required=False)
@click.argument("site", type=click.Path(path_type=Path), required=False)
@click.option(
    "--limit",
    type=click.IntRange(1),
    metavar="N",
    default=10,
    help="How many are shown; by default 10.",
)
@narrowing
@click.option(
    "--year", "years", default="", metavar="YEARS", help="As 2019, 2019-2021 or 2019..2021."
)
@click.option(
    "--sort",
    type=click.Choice(["relevance", "year", "title"]),
    default="relevance",
    help="What comes first; by default what fits best.",
)
@click.option("--plain", "is_plain", is_flag=True, help="QUERY is in the language of Lunr.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array on standard output.")
@click.option(
    "--documents",
    is_flag=True,
    help="Print every document of the one folder or file named as it is indexed, as JSON.",
)
def search_command(
    query: str | None,
    site: Path | None,
    limit: int,
    tags: tuple[str, ...],
    authors: tuple[str, ...],
    venues: tuple[str, ...],
    years: str,
    sort: Sort,
    is_plain: bool,
    as_json: bool,
    documents: bool,
) -> None:
    """Search the built SITE, as its search page does.

    SITE is a published folder or the folder that it was built from; by default the current one.
    A SLUG is the name of a page, as pruning is of tags/pruning.html; several narrow further.
    Without a QUERY, all papers are listed that the options leave.
    A QUERY that begins with a minus goes after --.

    \b
    Examples:
      bibpress search "graph neural networks"
      bibpress search 'author:"ada smith" year:2019..' site --limit 3
      bibpress search networks --tag pruning --sort year
      bibpress search --tag pruning --year 2019..
      bibpress search "+graph -neural title:deep^2" --plain --json
      bibpress search --documents . > documents.json
    """
    with errors_said(False, time.monotonic()):
        if documents:
            say_documents(query, site)
            return
        is_narrowed = bool(tags or authors or venues or years)
        if query is None and not is_narrowed:
            raise UsageError('say what to search for: bibpress search "graph neural networks"')
        if is_narrowed and query and site is None and (Path(query) / MARK).is_file():
            query, site = "", Path(query)  # the one word names the site
        query, folder = query or "", published(site or Path())
        index = Index(folder)
        narrow = Narrow(
            _meant(index, folder, "tags", tags),
            _meant(index, folder, "authors", authors),
            _meant(index, folder, "venues", venues),
            years,
        )
        if years and not years_of(years):
            raise UsageError(f"--year {years}: say 2020, 2019..2021, 2019-2021, 2020.. or undated")
        if is_plain and (narrow != EVERYTHING or sort != "relevance"):
            raise UsageError("--plain is Lunr's own answer, which cannot be narrowed or sorted")
        found = plain(index, query) if is_plain else answer(index, query, narrow, sort)
        hits = index.hits(found.papers[:limit])
        if as_json:
            scores = (found.scores[paper] for paper in found.papers)
            shown = [_hit_json(hit, score) for hit, score in zip(hits, scores, strict=False)]
            say_json(json.dumps(shown, ensure_ascii=False))
        else:
            say_hits(query, found, hits)


def _meant(index: Index, folder: Path, kind: str, asked: Sequence[str]) -> Sequence[str]:
    leads = partial(_leads_to, folder, kind)
    return slugs_meant(kind, asked, index.pages(kind), leads) if asked else ()


def _leads_to(folder: Path, kind: str, slug: str) -> str:
    """Where the page of a list by another name leads on (a slug); empty where there is none."""
    try:
        found = _LEADS_ON.search(disk.contents(folder / group_path(kind, slug)))
    except OSError:
        return ""
    return found[1].decode() if found else ""


# What makes a page lead on in every browser, however an owner's own template writes it.
_LEADS_ON = re.compile(rb"<meta[^<>]* content=[\"']?0; *url=([a-z0-9-]+)\.html", re.I)


def published(site: Path) -> Path:
    """The folder of a built site: the one named, or the `_site` that a build makes of it."""
    if not site.exists():
        raise UsageError(f"{site}: no such file or folder; put a query of several words in quotes")
    if not site.is_dir():
        raise UsageError(f"{site} is a file: name the folder of a built site, as {_built_of(site)}")
    for folder in (site, default_target((site,))):
        if (folder / MARK).is_file() or (folder / "search" / "head").is_dir():
            return folder
    raise BibpressError(
        f"no built site in {site}: run bibpress build first, or name the folder it was built into"
    )


def _built_of(source: Path) -> Path:
    """Where the site of a file most likely is: beside it, or where a build of it would put it."""
    near = (folder for folder in (source.parent, *source.parent.parents)
            if (folder / "_site" / MARK).is_file())  # fmt: skip
    return next(near, Path()) / "_site"


def say_hits(query: str, found: Answer, hits: Sequence[Hit]) -> None:
    """How many papers match, and what is known of the first: a few lines each."""
    if not found.papers:
        click.echo(f"No paper matches {query!r}" if query else "No paper is so")
    else:
        click.echo(counted(len(found.papers), "paper"))
    for typed, words in found.instead.items() if found.papers else ():
        click.echo(f"No paper has {typed!r}: showing {' or '.join(words[:3])}")
    for hit in hits:
        facts = (hit.authors, hit.venue, str(hit.year or ""))
        title = f"{hit.title} [{hit.standing}]" if hit.standing else hit.title
        lines = (title, " · ".join(filter(None, facts)), f"papers/{hit.id}.html")
        click.echo("\n" + "\n".join(filter(None, lines)))


def _hit_json(hit: Hit, score: float) -> dict[str, object]:
    return {
        "id": hit.id,
        "score": score,
        "title": hit.title,
        "authors": hit.authors,
        "year": hit.year,
        "venue": hit.venue,
    }


def say_documents(source: str | None, more: Path | None) -> None:
    """What the index of a source is made of; the current folder when none is named."""
    if more is not None:
        raise UsageError("--documents takes one folder or file")
    sources = existing((Path(source or ""),))
    loaded = load(Order(sources, default_target(sources), today()), Means(progress=teller()))
    say_json(documents_json(search_documents(loaded.library)))
