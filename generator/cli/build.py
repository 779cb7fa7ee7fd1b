"""`bibpress build`: make the site, and say what came of it."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import click

from generator.build import build
from generator.cli.ending import errors_said
from generator.cli.progress import teller
from generator.cli.saying import counted, say_json, show_problems
from generator.cli.surroundings import (
    Sources,
    cores,
    default_target,
    existing,
    target_option,
    today,
)
from generator.load import Order, Report

# How many kinds of files the summary names, those with most bytes.
HEAVIEST = 4


@click.command("build", short_help="Make the site of your papers.")
@Sources
@target_option("Where the site goes; by default _site in the source folder.")
@click.option(
    "--jobs",
    type=click.IntRange(1),
    metavar="N",
    default=None,
    help="How many processes make pages; by default one a core.",
)
@click.option(
    "--executor",
    callback=lambda _context, _option, kind: executor_kind(kind),
    metavar="inline|process|dask=ADDRESS",
    default="process",
    help="Where pages are made: in this process, in several, or on a Dask cluster.",
)
@click.option(
    "--site-url",
    default="",
    metavar="URL",
    help="The address the site will have; full addresses are written where they help.",
)
@click.option("--strict", is_flag=True, help="Publish nothing when there is an error or a warning.")
@click.option(
    "--zip",
    "archive",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also pack the site into one archive.",
)
@click.option("--profile", is_flag=True, help="Say where the time went.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
def build_command(
    source: tuple[Path, ...],
    target: Path | None,
    jobs: int | None,
    executor: str,
    site_url: str,
    strict: bool,
    archive: Path | None,
    profile: bool,
    as_json: bool,
) -> None:
    """Build the site of SOURCE: a site folder, a folder of files, or files.

    Reads .bib, .ris, CSL-JSON, MODS and EndNote's XML, tables (.csv, .tsv), .txt and .md; by
    default the current folder. A lone - is standard input, whose format is told by what it says.
    What could not be read is reported, and shown on the site's pages of sources.

    \b
    Examples:
      bibpress build
      bibpress build refs.bib zotero.ris notes/ -o site
      cat refs.bib | bibpress build - -o site
      bibpress build --site-url https://example.org/papers/ --strict
    """
    started = time.monotonic()
    with errors_said(as_json, started):
        order = Order(
            sources=existing(source),
            target=target or default_target(source),
            today=today(),
            site_url=site_url,
            strict=strict,
            jobs=jobs or cores(),
            executor=executor,
            archive=archive,
        )
        tell = teller()
        try:
            report = build(order, tell)
        finally:
            tell.end()
        ended = time.monotonic()
        if profile:
            for line in tell.profile(started, ended):
                click.echo(line, err=True)
        for warning in report.weight.warnings:
            click.echo(f"warning: {warning}", err=True)
        say(report, order.target, as_json, ended - started)


def executor_kind(kind: str) -> str:
    """What --executor says; click.BadParameter for what is no executor."""
    if kind in ("inline", "process") or re.fullmatch(r"dask=[a-z]+://\S+", kind):
        return kind
    raise click.BadParameter(f"{kind!r} is neither inline nor process nor dask=tcp://HOST:PORT")


def say(report: Report, target: Path, as_json: bool, seconds: float) -> None:
    """The summary of a build that published."""
    if as_json:
        say_json(json.dumps(report.as_json(seconds), ensure_ascii=False))
        return
    show_problems(report)
    click.echo(
        f"{counted(report.papers, 'paper')} from {counted(report.records, 'record')} "
        f"({report.merged:,} merged, {report.quarantined:,} skipped)"
    )
    click.echo(
        f"{counted(report.files, 'file')}, {report.bytes / 1e6:.1f} MB, in {target}: "
        f"{report.made:,} made, {report.kept:,} kept, {report.removed:,} removed, {seconds:.1f} s"
    )
    click.echo(f"of which {_heaviest(report)}")
    click.echo(f"open {target / 'index.html'}")


def _heaviest(report: Report) -> str:
    """Where most of the bytes are, in one line."""
    kinds = report.weight.kinds[:HEAVIEST]
    return ", ".join(f"{kind} {size / 1e6:.1f} MB" for kind, _, size in kinds)
