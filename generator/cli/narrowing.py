"""`--tag`, `--author` and `--venue` of `export` and `search`: the pages that are meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar

import click

from generator import text
from generator.cli.saying import counted
from generator.errors import UsageError
from generator.library import group_path

F = TypeVar("F", bound=Callable[..., Any])

# How many pages a slip of the hand may have meant: more are no help.
SHOWN = 5

_OPTIONS = (
    ("--tag", "tags", "Only papers of this topic."),
    ("--author", "authors", "Only by this author."),
    ("--venue", "venues", "Only of this venue."),
)


def narrowing(function: F) -> F:
    """Adds the options of a command that takes the papers of some pages alone."""
    for option, name, meant in reversed(_OPTIONS):
        function = click.option(option, name, multiple=True, metavar="SLUG", help=meant)(function)
    return function


def slugs_meant(
    kind: str, asked: Sequence[str], pages: Mapping[str, tuple[str, int]]
) -> tuple[str, ...]:
    """The slugs of the pages asked for; what names one thing alone is its page's name, too.

    `kind` is one of a library's groups, `pages` slug → the thing's name, and how many papers it
    has. UsageError where there is no such page, with those that may be meant, most papers first.
    """
    bearers = defaultdict(list)
    for slug, (name, _) in pages.items():
        bearers[text.fold(name)].append(slug)
    # A name that two people have tells neither from the other; it is tried as a slug alone.
    named = {name: slugs[0] for name, slugs in bearers.items() if len(slugs) == 1}
    return tuple(_meant(kind, said, pages, named) for said in asked)


def _meant(
    kind: str, said: str, pages: Mapping[str, tuple[str, int]], named: Mapping[str, str]
) -> str:
    turned = " ".join(reversed(said.split(", ", 1)))  # "Smith, Ada", as .bib files have it
    by_name = named.get(text.fold(said)) or named.get(text.fold(turned))
    slug = said if said in pages else by_name or text.slug(said)
    if slug in pages:
        return slug
    holding = [name for name in pages if slug and slug in name]
    near = sorted(holding, key=lambda name: -pages[name][1]) or get_close_matches(slug, pages, 1)
    more = f" or {counted(len(near) - SHOWN, 'other')}" if near[SHOWN:] else ""
    hint = f"; did you mean {', '.join(near[:SHOWN])}{more}?" if near else ""
    raise UsageError(f"there is no page {group_path(kind, slug)}{hint}")
