"""What a rule is, what it sees, and how it comes into the table of all rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from generator.ledger import LEDGER, Ledger
from generator.library import Library
from generator.model import Paper, Problem, Severity, Where
from generator.people import Alike

F = TypeVar("F")

# Files of the owner in which a line is named.
STEERING = ("content/topics.toml", "content/venues.toml", "content/people.toml", LEDGER)


@dataclass(frozen=True, slots=True)
class Rule:
    """What is looked for, how grave it is where the owner says nothing, and what to do about it."""

    name: str
    severity: Severity
    about: str
    todo: str


Oddity = tuple[str, str, str]
"""What a rule found in a paper alone: the rule, the field it is about, a message."""


@dataclass(frozen=True)
class Subject:
    """What is looked at: the collection, what its build complained of, what stands beside it.

    `oddities` are what `oddities` gives for every paper, by id. `today` is the day from which a
    year counts as future, or empty. `texts` are the owner's files that steer the build, by name.
    `before` is the ledger as it was, `published` the paths of the site as it was published, `alike`
    the names that may be one person's, `keys` those that papers had in the published site, by id;
    all of them are empty on `quality.html`.
    """

    library: Library
    problems: Sequence[Problem] = ()
    oddities: Mapping[str, Sequence[Oddity]] = field(default_factory=dict)
    today: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    before: Ledger = field(default_factory=dict)
    published: Sequence[str] = ()
    alike: Sequence[Alike] = ()
    keys: Mapping[str, str] = field(default_factory=dict)


OfPaper = Callable[[Paper], Iterator[tuple[str, str]]]
"""Looks at one paper: yields (field, message)."""

Place = tuple[Where, str, str]
OfAll = Callable[[Subject], Iterator[Place]]
"""Looks at the collection: yields (place, message, paper's id or "")."""

RULES: dict[str, Rule] = {}
OF_PAPER: dict[str, OfPaper] = {}
OF_ALL: dict[str, OfAll] = {}


def _rule(
    table: dict[str, F], name: str, severity: Severity, about: str, todo: str
) -> Callable[[F], F]:
    def register(function: F) -> F:
        RULES[name] = Rule(name, severity, about, todo)
        table[name] = function
        return function

    return register


of_paper = partial(_rule, OF_PAPER)
"""Registers a rule that looks at one paper: name, severity, what it finds, what to do about it."""

of_all: Callable[..., Callable[[OfAll], OfAll]] = partial(_rule, OF_ALL)
"""Registers a rule that looks at the collection, likewise."""


def reported(*rules: Rule) -> None:
    """Registers rules whose findings others report."""
    RULES.update((rule.name, rule) for rule in rules)


def place_of(paper: Paper, about: str) -> Where:
    """Where what is said of a field comes from; of one that is missing, where it should stand.

    That is in an entry: a note on a paper repeats none of its fields.
    """
    found = dict(paper.origins).get(about)
    if found is not None:
        return paper.records[found].where
    entries = [record for record in paper.records if record.format != "note"]
    return (entries or paper.records)[0].where
