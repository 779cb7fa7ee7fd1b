"""What is worked out from one paper alone, whatever else is in the collection.

All of it in one go, so that a paper travels to a worker once and what comes back is remembered
under one digest: a build after an edit works on the papers that were edited.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import NamedTuple

from generator import acronyms, api, check, cite, exports, lookalikes, memo, mentions, names
from generator.model import Paper


class Facts(NamedTuple):
    """What one paper alone gives; tuples and texts, which are quick to unpickle."""

    entry: str
    """Its BibTeX without the abstract."""
    listed: str
    """The same as lists have it: in brief, where it is long."""
    item: str
    """The same as CSL-JSON."""
    line: api.Own
    """Its part of the static API."""
    authors: tuple[names.Listed, ...]
    """Its authors as lists have them."""
    keys: lookalikes.Keys
    """By what it meets papers that may be the same."""
    acronyms: acronyms.Found
    """What its abstract says of acronyms."""
    mentions: mentions.Facts
    """What it says that may concern other papers."""
    oddities: tuple[check.Oddity, ...]
    """What is wrong with it."""


def of_all(
    papers: Sequence[Paper],
    digests: Mapping[str, str],
    memory: memo.Memory,
    pool: Executor,
    tell: Callable[[int, int], None],
) -> dict[str, Facts]:
    """The facts of every paper by id; `digests` (by id) stand for what is said of each."""
    marks = [digests[paper.id] for paper in papers]
    found = memo.each(memory, pool, of, papers, marks, _bare, tell)
    return {paper.id: facts for paper, facts in zip(papers, found, strict=True)}


def _bare(paper: Paper) -> tuple[Paper]:
    return (paper.without_sources(),)


def of(paper: Paper) -> Facts:
    """The facts of one paper, its records left out."""
    found = acronyms.found(paper.abstract)
    entry = exports.entry(paper, abstract=False)
    return Facts(
        entry,
        exports.in_brief(paper, entry),
        cite.written(paper),
        api.own(paper),
        tuple([names.listed(name) for name in names.without_others(paper.authors)]),
        lookalikes.keys(paper.title, paper.title_derived, paper.abstract),
        found,
        mentions.facts(mentioning(paper), found),
        check.oddities(paper),
    )


def mentioning(paper: Paper) -> mentions.Text:
    """A paper as one that may mention others, and be mentioned."""
    return mentions.Text(
        id=paper.id,
        title=paper.title,
        abstract=paper.abstract,
        key=paper.key,
        other_keys=paper.other_keys,
        doi=paper.doi,
        arxiv=paper.arxiv,
        urls=tuple(link.url for link in paper.links),
        notes=paper.bodies,
        year=paper.year,
    )
