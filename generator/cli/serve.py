"""`bibpress serve`: a preview that follows every save."""

from __future__ import annotations

import signal
import sys
import threading
import time
import webbrowser
from pathlib import Path

import click

from generator import output
from generator.cli.ending import errors_said, status_of
from generator.cli.progress import teller
from generator.cli.saying import SHOWN, counted, in_a_line
from generator.cli.surroundings import Sources, cores, default_target, existing, today
from generator.load import Order
from generator.serve import AWAITED, PORTS, News, Preview, Watch, remembered, serving

# How many names of changed files stand in one line.
NAMED = 3


@click.command("serve", short_help="Show the site in a browser while you work on it.")
@Sources
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="N",
    help=f"The port; by default {PORTS[0]}, or the next that is free.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    metavar="ADDRESS",
    help="Where it is to be had: by default 127.0.0.1, on this machine alone.",
)
@click.option("--open", "opens", is_flag=True, help="Open it in a browser.")
@click.option(
    "--site-url",
    default="",
    metavar="URL",
    help="The address the site will have, as for build: with feeds, sitemap and full addresses.",
)
def serve_command(
    source: tuple[Path, ...], port: int | None, host: str, opens: bool, site_url: str
) -> None:
    """Show the site of SOURCE in a browser, and show it anew after every save.

    Pages are what build would publish. What is wrong with the sources is said in the page and here;
    what cannot be understood leaves the last good site in its place. Where there is none yet, as in
    an empty folder, both say why, and the first is waited for. Nothing is written, the ledger
    included. Ctrl-C ends it.

    \b
    Examples:
      bibpress serve
      bibpress serve my-papers --open
      bibpress serve refs.bib --port 9000
    """
    with errors_said(False, time.monotonic()), output.seldom_collecting():
        sources = existing(source)
        order = Order(sources, default_target(sources), today(), site_url)
        preview = Preview(order, remembered(order), _say_broken)
        try:
            with serving(preview, host, port) as server:
                watch = Watch(sources)
                _begin(preview, server.address, opens)
                _follow(preview, watch)
        except KeyboardInterrupt as interrupt:
            for number in (signal.SIGINT, signal.SIGTERM):  # a second one finds nothing to end
                signal.signal(number, signal.SIG_IGN)
            sys.exit(status_of(interrupt))


def _begin(preview: Preview, address: str, opens: bool) -> None:
    """Read the sources for the first time, which is all the work that later saves need not do."""
    tell = teller()
    started = time.monotonic()
    try:
        with output.executor("process", cores()) as pool:
            news = preview.refresh(pool, tell)
    finally:
        tell.end()
    say(news, "", time.monotonic() - started)
    if news.stopped:
        click.echo(AWAITED, err=True)
    click.echo(f"{address}  (Ctrl-C ends the preview)")
    if opens:
        webbrowser.open(address)


def _follow(preview: Preview, watch: Watch) -> None:
    """Follow every save, until somebody interrupts."""
    for changed in watch.changes(threading.Event(), time.monotonic):
        started = time.monotonic()
        news = preview.refresh()
        say(news, names(changed), time.monotonic() - started)


def say(news: News, changed: str, seconds: float) -> None:
    """A line on what came of a save, and the problems that it brought."""
    before = f"{changed}: " if changed else ""
    if news.trace:
        click.echo(news.trace, err=True)
    for problem in news.new[:SHOWN]:
        click.echo(f"{problem.severity}: {in_a_line(problem)}", err=True)
    if len(news.new) > SHOWN:
        click.echo(f"… and {len(news.new) - SHOWN:,} more", err=True)
    if news.stopped:
        named = news.stopped.startswith(f"{changed}:")  # what says its file needs no name before it
        click.echo(f"{'' if named else before}{in_a_line(news.stopped)}", err=True)
        return
    kinds = ("error", "warning", "note")
    counts = [counted(count, kind) for kind in kinds if (count := news.report.count(kind))]
    click.echo(
        f"{before}{', '.join([counted(news.report.papers, 'paper'), *counts])}, {seconds:.2f} s"
    )


def _say_broken(said: str) -> None:
    """Why a page that somebody asked for is not shown; lines of a fault of ours stay lines."""
    for line in said.splitlines():
        click.echo(in_a_line(line), err=True)


def names(changed: tuple[str, ...]) -> str:
    """What changed, in one line: files by the names that messages give them, or from here."""
    try:
        here = Path.cwd()
    except OSError:  # the current folder is gone
        here = Path()
    shown = [str(Path(name).relative_to(here)) if Path(name).is_relative_to(here) else name
             for name in changed]  # fmt: skip
    more = [counted(len(shown) - NAMED, "other")] if len(shown) > NAMED else []
    return in_a_line(", ".join([*shown[:NAMED], *more]))
