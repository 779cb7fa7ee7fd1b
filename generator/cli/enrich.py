"""`bibpress enrich`: what papers lack, filled in from what arXiv, Crossref and OpenAlex say."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path

import click

from generator import edit
from generator.cli.asking import asking, say_problems, services
from generator.cli.ending import errors_said
from generator.cli.progress import teller
from generator.cli.saying import counted, in_a_line
from generator.cli.surroundings import today
from generator.errors import UsageError
from generator.intake import (
    FIELDS,
    Collection,
    Filling,
    collected,
    contents,
    filling,
    save,
)
from generator.load import own_extensions
from generator.owner import is_site

SUPPLEMENTS = "enriched.bib"


@click.command("enrich", short_help="Fill in what papers lack: DOIs, abstracts and more.")
@click.argument("source", default=".", type=click.Path(path_type=Path))
@click.option(
    "--only",
    default=",".join(FIELDS),
    metavar="FIELDS",
    help=f"Which of {', '.join(FIELDS)} to fill in; by default all.",
)
@click.option("--write", is_flag=True, help="Write the changes, too.")
@asking
def enrich_command(
    source: Path, only: str, write: bool, mailto: str, refresh: bool, bases: tuple[str, ...]
) -> None:
    """Fill in what the papers of SOURCE lack; shows the changes, and writes them with --write.

    Papers are asked for by DOI and arXiv id, or else by title: then title, authors and year have to
    agree. Nothing that is there is changed. New fields go into a paper's own entry; a paper that
    has none in a .bib gets one in content/enriched.bib, which is merged with it.

    \b
    Examples:
      bibpress enrich
      bibpress enrich --only doi,abstract --write
      bibpress enrich refs.bib > changes.diff
    """
    with errors_said(False, time.monotonic()):
        wanted = _fields(only)
        collection = collected(source, today(), own_extensions([source]).readers)
        supplements = _supplements(collection)
        paths = {supplements: source / supplements} | dict(collection.paths)
        asked = services(source, mailto, refresh, bases, hopeful=False)
        tell = teller()
        try:
            found = filling(
                collection, asked, wanted, lambda name: contents(paths[name]), supplements, tell
            )
        finally:
            tell.end()
        say_problems(found.problems)
        before = {name: contents(paths[name]) for name in found.splices}
        for name, splices in found.splices.items():
            for line in edit.diff(name, before[name], splices):
                click.echo(in_a_line(line))
        agreed = bool(found.filled) and (write or _agreed(len(found.splices)))
        if agreed:
            _write(found, paths, before)
        _say(found, wanted, agreed)
        if any(problem.severity == "error" for problem in found.problems):
            sys.exit(1)


def _fields(only: str) -> list[str]:
    """The fields that are to be filled in; UsageError for one that is not."""
    said = [name.strip() for name in only.split(",") if name.strip()]
    for name in said:
        if name not in FIELDS:
            raise UsageError(f"--only {name}: known are {', '.join(FIELDS)}")
    return [name for name in FIELDS if name in said]


def _supplements(collection: Collection) -> str:
    """The file for what has no entry to go to; none for a source that is itself a file."""
    if not collection.root.is_dir():
        return ""
    return f"content/{SUPPLEMENTS}" if is_site(collection.root) else SUPPLEMENTS


def _agreed(files: int) -> bool:
    """Whether somebody at a terminal says yes; elsewhere nobody is asked."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    try:
        return click.confirm(f"Write these changes to {counted(files, 'file')}?", err=True)
    except click.Abort:  # Ctrl-C and Ctrl-D are a no
        click.echo(err=True)
        return False


def _write(found: Filling, paths: Mapping[str, Path], before: Mapping[str, str]) -> None:
    for name, splices in found.splices.items():
        save(paths[name], before[name], edit.spliced(before[name], splices))
        click.echo(f"written: {in_a_line(name)}", err=True)


def _say(found: Filling, wanted: list[str], written: bool) -> None:
    """How many papers get something, and what they get."""
    times = {name: sum(name in each.names for each in found.filled) for name in wanted}
    what = ", ".join(f"{name} {count:,}" for name, count in times.items() if count)
    papers = counted(len(found.filled), "paper")
    verb = "filled in" if written else "can be filled in"
    silent = [problem.where.file for problem in found.problems if problem.severity == "error"]
    if what:
        click.echo(f"{papers} {verb}: {what}", err=True)
    elif silent:
        click.echo(f"nothing is known to fill in: no answer from {', '.join(silent)}", err=True)
    else:
        click.echo("nothing to fill in", err=True)
    if found.filled and not written:
        click.echo("nothing is written; --write puts this into the files", err=True)
