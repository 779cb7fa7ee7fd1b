"""How a command says things: a line a thing, nothing in it that a terminal obeys."""

from __future__ import annotations

import re

import click

from generator.load import Report

# How many problems are spelled out on a terminal; all of them are in --json and on the site.
SHOWN = 20


# And how many notes, which ask for nothing: so that one does not look for the only one.
SHOWN_NOTES = 3


def show_problems(report: Report) -> None:
    """Errors and warnings, the first few of them, and how many there are of each kind."""
    serious = [problem for problem in report.problems if problem.severity != "note"]
    for problem in serious[:SHOWN]:
        click.echo(f"{problem.severity}: {in_a_line(problem)}", err=True)
    if len(serious) > SHOWN:
        click.echo(f"… and {len(serious) - SHOWN:,} more; the pages of sources list all", err=True)
    notes = [problem for problem in report.problems if problem.severity == "note"]
    shown = notes[: SHOWN_NOTES if len(serious) < SHOWN else 0]
    for problem in shown:
        click.echo(f"note: {in_a_line(problem)}", err=True)
    if more := len(notes) - len(shown):
        said = f"{more:,} more note{'' if more == 1 else 's'}" if shown else counted(more, "note")
        click.echo(f"… and {said}; the pages of sources list all", err=True)


def say_json(text: str) -> None:
    """JSON is UTF-8, whatever the locale makes of text for people (RFC 8259, section 8.1)."""
    click.echo(text.encode("utf-8", "backslashreplace"))


def in_a_line(said: object) -> str:
    """What is said as one line of a terminal: what it would obey, and what turns a line, by number.

    Messages repeat what a ledger or a source says.
    """
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", str(said))


_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def counted(count: int, noun: str) -> str:
    """A number with its noun: "1 paper", "2,000 papers"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
