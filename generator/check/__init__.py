"""What a librarian would say of a collection: rules, and what each of them finds.

A rule has a name, a severity that the owner may change (`[check]` in `bibpress.toml`) and words for
what to do about what it finds. A new one stands in one of four modules, and nowhere else:

    papers       a function under `@of_paper`, which sees one paper and nothing else
    collection   a function under `@of_all`, which sees the collection and what its owner says of it
    mend         a row of what is looked for in a .bib file's own writing, and put right by --fix
    reported     a row, where a build complains of it by itself: each complaint becomes a finding

`docs/check.md` says of every rule how often it was right on real collections.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from generator.check import collection, mend, papers
from generator.check.reported import named
from generator.check.table import (
    OF_ALL,
    OF_PAPER,
    RULES,
    STEERING,
    Oddity,
    Rule,
    Subject,
    place_of,
)
from generator.config import CONFIG
from generator.library import Library
from generator.model import UNDER_STRICT, Paper, Severity, Where
from generator.toml import Toml, unknown

__all__ = ["LEVELS", "RULES", "STEERING", "Finding", "Level", "Oddity", "Rule", "Subject",
           "collection", "counted", "findings", "mend", "named", "oddities", "papers",
           "severities"]  # fmt: skip

Level = Literal["off", "note", "warning", "error"]
LEVELS: tuple[Level, ...] = get_args(Level)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule found: where, in which words, and the id of the paper, if it is one."""

    where: Where
    rule: str
    severity: Severity
    message: str
    paper: str = ""

    @property
    def todo(self) -> str:
        """What to do about it."""
        return RULES[self.rule].todo


def findings(subject: Subject, severities: Mapping[str, Level]) -> tuple[Finding, ...]:
    """All that the rules find, by file and line; what the owner has turned off left out."""
    found = (
        Finding(where, name, level, message, paper)
        for where, name, message, paper in _found(subject)
        if (level := severities[name]) != "off"
    )
    return tuple(sorted(set(found), key=lambda f: (f.where, f.rule, f.message, f.paper)))


def severities(
    given: Mapping[str, str],
    setting: Toml = Toml(CONFIG),  # noqa: B008  # frozen
) -> dict[str, Level]:
    """How grave every rule is, after what an owner says in [check] of the file `setting`.

    Raises ConfigError for a rule that there is none of, and for a word that is no severity.
    """
    levels: dict[str, Level] = {name: rule.severity for name, rule in RULES.items()}
    for name, said in given.items():
        if name not in RULES:
            raise setting.wrong(unknown("rule in [check]", name, RULES), "check", name)
        if said not in LEVELS:
            known = ", ".join(f'"{level}"' for level in LEVELS)
            wrong = f'{name} in [check] is one of {known}, not "{said}"'
            raise setting.wrong(wrong, "check", name)
        levels[name] = said
    return levels


def oddities(paper: Paper) -> tuple[Oddity, ...]:
    """What the rules find in one paper alone."""
    return tuple(
        (name, about, message) for name, find in OF_PAPER.items() for about, message in find(paper)
    )


def counted(found: Iterable[Finding]) -> Mapping[str, int]:
    """How many findings each rule has, the gravest rules first, then those with most."""
    counts = Counter((finding.rule, finding.severity) for finding in found)
    gravest = sorted(counts, key=lambda each: (-LEVELS.index(each[1]), -counts[each], each))
    return {name: counts[name, level] for name, level in gravest}


def _found(subject: Subject) -> Iterator[tuple[Where, str, str, str]]:
    owners = _Owners(subject.library)
    unread = set()  # papers without a year, of which is said what stands in its place
    for problem in subject.problems:
        message = problem.message.removesuffix(UNDER_STRICT)
        name, id_ = named(problem), owners.at(problem.where)
        if name == "unread-year" and id_ and subject.library.by_id[id_].year is None:
            name = "missing-year"
            unread.add(id_)
        yield problem.where, name, message, id_
    for paper in subject.library.papers:
        for name, about, message in subject.oddities.get(paper.id, ()):
            if name != "missing-year" or paper.id not in unread:
                yield place_of(paper, about), name, message, paper.id
    for name, find in OF_ALL.items():
        for where, message, paper_id in find(subject):
            yield where, name, message, paper_id


class _Owners:
    """Which paper a line of a source belongs to."""

    def __init__(self, library: Library) -> None:
        self._starts: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for paper in library.papers:
            for record in paper.records:
                where = record.where
                self._starts[where.file].append((where.line, where.end, paper.id))
        for starts in self._starts.values():
            starts.sort()

    def at(self, where: Where) -> str:
        """The paper's id, or an empty text."""
        starts = self._starts.get(where.file, [])
        i = bisect_right(starts, (where.line, 1 << 60, "")) - 1
        return starts[i][2] if i >= 0 and where.line <= max(starts[i][:2]) else ""
