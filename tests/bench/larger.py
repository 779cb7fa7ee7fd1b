"""A collection ten times as large as the one at hand, mixed from it.

Every paper of the larger one is made of several: half of one title and half of another's, as many
sentences as one abstract has, drawn from all abstracts, the names of authors drawn likewise, topics
of one paper, year and venue of another. So words are as common, and texts as long, as they are in
nature.

What is not natural: no new words, of which a real collection of that size has two or three times
as many; and words that belong together stand together less often. Half the names take the given
name of one author and the family name of another, since authors do grow with papers.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from generator import text
from generator.search import NAMES, Document, Facet

_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Collection:
    """What a search index is made of; `entries` has each paper's BibTeX by id."""

    documents: Sequence[Document]
    facets: Sequence[Facet]
    entries: Mapping[str, str]


def enlarged(collection: Collection, size: int, seed: int) -> Collection:
    """So many papers mixed from a collection; the same seed mixes the same ones.

    Their BibTeX is that of the papers they are named after, their facets follow from what they are
    made of.
    """
    chance = Random(seed)  # noqa: S311 - nothing secret
    documents = collection.documents
    pool = _Pool(documents)
    members = _memberships(collection.facets)
    mixed, entries = [], {}
    papers: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for number in range(size):
        one, other = documents[number % len(documents)], chance.choice(documents)
        document = _mix(f"{one.ref}-{number}", one, other, pool, chance)
        mixed.append(document)
        entries[document.ref] = collection.entries.get(one.ref, "")
        kin = [*members["tags", one.ref], *members["venues", other.ref]]
        for facet in dict.fromkeys((*kin, *pool.facets(document.authors))):
            papers[facet].append(document.ref)
    facets = [Facet(*facet, tuple(refs)) for facet, refs in papers.items()]
    return Collection(mixed, facets, entries)


def _mix(ref: str, one: Document, other: Document, pool: _Pool, chance: Random) -> Document:
    return Document(
        ref=ref,
        title=" ".join((*_half(one.title, 0), *_half(other.title, 1))),
        abstract=" ".join(chance.choices(pool.sentences, k=len(_sentences(one.abstract)))),
        authors=NAMES.join(pool.name(chance) for _ in _names(one)),
        tags=one.tags,
        venue=other.venue,
        year=other.year,
    )


def _half(title: str, which: int) -> list[str]:
    words = title.split()
    middle = len(words) // 2
    return words[middle:] if which else words[:middle]


def _names(document: Document) -> list[str]:
    return [name for name in document.authors.split(NAMES) if name]


def _sentences(abstract: str) -> list[str]:
    return [sentence for sentence in _SENTENCES.split(abstract) if sentence]


def _memberships(facets: Iterable[Facet]) -> Mapping[tuple[str, str], list[tuple[str, str, str]]]:
    """(kind, paper) → the facets of this kind that it belongs to, as (kind, slug, name)."""
    found: dict[tuple[str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for facet in facets:
        for ref in facet.papers:
            found[facet.kind, ref].append((facet.kind, facet.slug, facet.name))
    return found


class _Pool:
    """All sentences and all authors' names of a collection, as often as they occur."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self.sentences = [s for document in documents for s in _sentences(document.abstract)]
        self.names = [name for document in documents for name in _names(document)]
        self.authors: dict[str, tuple[str, str, str]] = {}

    def name(self, chance: Random) -> str:
        """One of the names, or the given name of one with the family name of another."""
        one, other = chance.choice(self.names), chance.choice(self.names)
        return one if chance.random() < 0.5 else f"{one.split()[0]} {other.split()[-1]}"

    def facets(self, authors: str) -> list[tuple[str, str, str]]:
        """(kind, slug, name) of each author; the first spelling of a slug names it."""
        names = {text.slug(name): name for name in filter(None, authors.split(NAMES))}
        return [
            self.authors.setdefault(slug, ("authors", slug, name)) for slug, name in names.items()
        ]
