"""`bibpress forget`: empty a tombstone for good."""

from __future__ import annotations

import time
from pathlib import Path

import click

from generator.cli.asking import answers
from generator.cli.ending import errors_said
from generator.cli.progress import teller
from generator.cli.surroundings import default_target, target_option, today
from generator.errors import UsageError
from generator.forget import Forgotten, forget
from generator.ledger import LEDGER
from generator.load import Order


@click.command("forget", short_help="Empty the ledger's line of a paper that is gone.")
@click.argument("id_", metavar="ID")
@click.argument("source", required=False, type=click.Path(path_type=Path))
@target_option("Where the site is published, if not to _site.")
def forget_command(id_: str, source: Path | None, target: Path | None) -> None:
    """Forget a paper that is gone from the site folder SOURCE: ledger.tsv keeps ID and no more.

    The address goes on answering, with a page that says that the paper is gone. Take the paper out
    of its source first, and build. What a repository has kept of it is told in the guide.

    \b
    Examples:
      bibpress forget smith-2020-pruning
      bibpress forget smith-2020-pruning my-papers
    """
    with errors_said(False, time.monotonic()):
        folder = source or Path()
        if not folder.is_dir():
            raise UsageError(f"{folder}: no such folder")
        tell = teller()
        try:
            order = Order((folder,), target or default_target((folder,)), today())
            done = forget(order, id_, answers(folder), tell)
        finally:
            tell.end()
        _say(done, id_)


def _say(done: Forgotten, id_: str) -> None:
    """What was done, a line each, and what is left to do."""
    for each in done.ids:
        click.echo(f"{LEDGER}: the line of {each} keeps its id and no more")
    if not done.ids:
        click.echo(f"{LEDGER}: the line of {id_} was empty already")
    if done.removed:
        click.echo(f"removed what earlier builds remembered: {', '.join(done.removed)}")
    for file in done.naming:
        click.echo(f"note: {file} still names it", err=True)
    if done.shown:
        click.echo("note: the published site still shows it: build, and publish that", err=True)
