"""`--tag`, `--author` and `--venue` of `export` and `search`: the pages that are meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, NoReturn, TypeVar

import click

from generator import text
from generator.cli.saying import counted
from generator.errors import UsageError
from generator.library import group_path
from generator.names import author_slug, person
from generator.venues import Overrides, series

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
    kind: str,
    asked: Sequence[str],
    pages: Mapping[str, tuple[str, int]],
    leads_to: Callable[[str], str],
) -> tuple[str, ...]:
    """The slugs of the pages asked for; what names one thing alone is its page's name, too.

    `kind` is one of a library's groups, `pages` slug → the thing's name, and how many papers it
    has; `leads_to` gives the slug to which a page by another name leads on, empty for none.
    UsageError where there is no such page, with those that may be meant, most papers first.
    """
    bearers = defaultdict(list)
    for slug, (name, _) in pages.items():
        bearers[text.fold(name)].append(slug)
    # A name that two people have tells neither from the other; it is tried as a slug alone.
    named = {name: slugs[0] for name, slugs in bearers.items() if len(slugs) == 1}
    return tuple(
        next((slug for slug in _slugs(kind, said, named, leads_to) if slug in pages), "")
        or _refused(kind, text.slug(said), pages)
        for said in asked
    )


def _slugs(
    kind: str, said: str, named: Mapping[str, str], leads_to: Callable[[str], str]
) -> Iterator[str]:
    """The pages that something said may mean, likeliest first, be they there or not."""
    yield said
    turned = " ".join(reversed(said.split(", ", 1)))  # "Smith, Ada", as .bib files have it
    yield from (named.get(text.fold(name), "") for name in (said, turned))
    slugs = dict.fromkeys(filter(None, (text.slug(said), _OF_NAME.get(kind, text.slug)(said))))
    yield from slugs
    yield from map(leads_to, slugs)


def _of_venue(said: str) -> str:
    venue = series(said, Overrides())
    return venue.slug if venue else ""


# Where the page of a name is that nobody has said anything else of: of "Proc. X" it is that of X.
_OF_NAME: Mapping[str, Callable[[str], str]] = {
    "authors": lambda said: author_slug(person(said)),
    "venues": _of_venue,
}


def _refused(kind: str, slug: str, pages: Mapping[str, tuple[str, int]]) -> NoReturn:
    holding = [name for name in pages if slug and slug in name]
    near = sorted(holding, key=lambda name: -pages[name][1]) or get_close_matches(slug, pages, 1)
    more = f" or {counted(len(near) - SHOWN, 'other')}" if near[SHOWN:] else ""
    hint = f"; did you mean {', '.join(near[:SHOWN])}{more}?" if near else ""
    raise UsageError(f"there is no page {group_path(kind, slug)}{hint}")
