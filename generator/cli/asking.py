"""What `import` and `enrich` have in common: whom they ask, and how they tell of it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import click

from generator import __version__, config
from generator.cli.saying import SHOWN, counted, in_a_line
from generator.cli.surroundings import default_target
from generator.errors import UsageError
from generator.intake import Net, Services
from generator.model import UNDER_STRICT, Problem
from generator.place import Place

F = TypeVar("F", bound=Callable[..., None])

_ADDRESS = re.compile(r"[^@\s<>()\x00-\x1f\x7f-\U0010ffff]+@[^@\s<>()\x00-\x1f\x7f-\U0010ffff]+")


def asking(function: F) -> F:
    """Adds the options of a command that asks others."""
    for option in (
        click.option(
            "--mailto",
            default="",
            metavar="ADDRESS",
            help="Whom those who are asked can write to; else mailto in bibpress.toml.",
        ),
        click.option("--refresh", is_flag=True, help="Ask again what was answered before."),
        click.option("--service", "bases", multiple=True, hidden=True, metavar="NAME=URL"),
    ):
        function = option(function)
    return function


def services(
    site: Path, mailto: str, refresh: bool, bases: Sequence[str], *, hopeful: bool
) -> Services:
    """arXiv, Crossref and OpenAlex, asked in the name of the owner of a site folder.

    `hopeful`: what they did not have before is asked for again.

    Answers are kept beside the site's output, where bibpress keeps all that is its own.
    """
    whom = mailto or config.load(site if site.is_dir() else None).mailto
    if whom and not _ADDRESS.fullmatch(whom):
        raise UsageError(f"mailto: {whom} is no address; say it as you@example.org")
    agent = f"bibpress/{__version__}" + (f" (mailto:{whom})" if whom else "")
    net = Net(agent, time.time, time.sleep, answers(site), refresh, tell)
    known = Services(net, hopeful=hopeful)
    said = dict(map(_base, bases))
    return replace(
        known,
        arxiv=said.get("arxiv", known.arxiv),
        crossref=said.get("crossref", known.crossref),
        openalex=said.get("openalex", known.openalex),
    )


def answers(site: Path) -> Path:
    """The folder in which the services' answers are kept."""
    return Place(default_target([site])).work / "net"


def _base(said: str) -> tuple[str, str]:
    name, is_said, url = said.partition("=")
    if not is_said or name not in {"arxiv", "crossref", "openalex"}:
        raise UsageError(f"--service {said}: say arxiv, crossref or openalex, =, and an address")
    return name, url


def tell(said: str) -> None:
    """Say what goes on, on standard error."""
    click.echo(in_a_line(said), err=True)


def say_problems(problems: Sequence[Problem]) -> None:
    """What is wrong, the first few of each kind, and how many more there are."""
    for severity in ("error", "warning", "note"):
        of_it = [problem for problem in problems if problem.severity == severity]
        for problem in of_it[:SHOWN]:
            tell(f"{severity}: {problem}".removesuffix(UNDER_STRICT))
        if len(of_it) > SHOWN:
            tell(f"… and {counted(len(of_it) - SHOWN, f'more {severity}')}")
