"""Who is near whom: what a paper is known by, whom it meets by that, and how near they are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from math import isqrt, sqrt
from typing import NamedTuple, TypeVar

from generator.model import Said
from generator.related.rows import Rows, parts
from generator.related.terms import Vocabulary, is_pair

_T = TypeVar("_T")

# The id of a near paper, how near it is, and what the two share.
Neighbour = tuple[str, float, tuple[str | Said, ...]]


@dataclass(frozen=True, slots=True)
class Text:
    """What nearness is judged by; `title` and `abstract` canonical.

    `authors` and `tags` are slugs (of topics), `mentions` the ids of papers that this one mentions.
    """

    id: str
    title: str = ""
    abstract: str = ""
    authors: Sequence[str] = ()
    tags: Sequence[str] = ()
    mentions: Sequence[str] = ()


# --- what a paper is known by --------------------------------------------------------------------

# What fewer papers have is equally rare. Where two already counted less than one, an edit changed
# the scores of all who had been alone with a word; from 4 to 8 the neighbours are about as good.
COMMON = 8


def rarity(count: int, papers: int) -> int:
    """How rare that is which so many of the papers have: from 1, one more for half as many.

    Both numbers enter as powers of two, so that one paper more changes almost nothing.
    """
    return max(1, papers.bit_length() + 1 - max(count, COMMON - 1).bit_length())


class Weigher:
    """Weighs the terms of a paper; `common` says how many papers have those that many have."""

    def __init__(self, common: Mapping[int, int], papers: int) -> None:
        rare = rarity(0, papers)
        self._single, self._pair = rare * _SINGLE, rare * _PAIR
        self._common = {
            term: rarity(count, papers) * (_PAIR if is_pair(term) else _SINGLE)
            for term, count in common.items()
        }

    def known_by(self, terms: Sequence[int], counts: Iterable[int]) -> Known:
        """What a paper is known by, of its terms and how much each counts."""
        weight, single, pair = self._common.get, self._single, self._pair
        weights = [
            count * (weight(term) or (pair if is_pair(term) else single))
            for term, count in zip(terms, counts, strict=True)
        ]
        square = sum([weight * weight for weight in weights])
        least = (isqrt(square) + _TELLS - 1) // _TELLS
        return Known(
            [term for term, weight in zip(terms, weights, strict=True) if weight >= least],
            [weight for weight in weights if weight >= least],
            square,
        )


class Known(NamedTuple):
    """A paper's telling terms, their weights, and the square of the length of all its terms.

    What does not tell lengthens a paper, too: a long text that shares a few words is not near.
    """

    terms: list[int]
    weights: list[int]
    square: int


_PAIR, _SINGLE = 3, 2  # two words in a row tell more than one

# A term tells where it weighs such a part of a paper's length, and leads to others where it weighs
# such a part. Of 9 to 16 all do about as well; more take longer.
_TELLS, _LEADS = 14, 10


# --- who is near ---------------------------------------------------------------------------------

_MOST = 6
_LEAST = 400  # ten-thousandths; at 500 one paper in four of a small collection has under five
_CANDIDATES = 12  # compared in full; 8 to 16 do about as well
TOO_COMMON = (
    128  # papers; what as many have leads nowhere. At 64 a tenth fewer right ones are found
)

_PER_AUTHOR, _AUTHORS = 0.03, 3  # up to so many shared authors add so much each
_FIRST_AUTHOR = 0.04
_TAGS = 0.1  # for all topics shared
# By judgement: of 10,000 papers drawn from all of a field only 57 mention another.
_MENTION = 0.1  # where one mentions the other
_PER_MENTION, _MENTIONS = 0.03, 3  # up to so many papers that both mention add so much each

# Two neighbours so alike are one to a reader, and the farther one gives way. They have the
# weightiest term in common then, or next to always: it is asked first, since that is cheap.
_SAME, _SAME_SCORE = 0.9, 1000


class Bonds(NamedTuple):
    """What binds a paper to others besides its words."""

    id: str
    first_author: str
    authors: frozenset[str]
    tags: frozenset[tuple[str, int]]  # each with its rarity
    tags_in_all: int
    mentions: frozenset[str]
    keys: tuple[str, ...]


class Ties:
    """Which papers share an author or a mention, and how rare each topic is."""

    def __init__(self, papers: Sequence[Text]) -> None:
        self._papers = papers
        self.ids = [paper.id for paper in papers]
        tagged = Counter(tag for paper in papers for tag in dict.fromkeys(paper.tags))
        self._tags = {tag: (tag, rarity(count, len(papers))) for tag, count in tagged.items()}
        holders: defaultdict[str, list[int]] = defaultdict(list)
        for place, paper in enumerate(papers):
            for key in _keys(paper):
                holders[key].append(place)
        self._crowded = {key for key, places in holders.items() if len(places) >= TOO_COMMON}
        self.holders = {key: places for key, places in holders.items() if len(places) > 1}

    def facts(self, place: int) -> str:
        """All of a paper's ties that its nearness to others hangs on."""
        paper = self._papers[place]
        crowded = [key for key in _keys(paper) if key in self._crowded] if self._crowded else []
        tags = [self._tags[tag] for tag in paper.tags]
        return repr((tuple(paper.authors), tags, tuple(paper.mentions), crowded))

    def bonds(self, place: int) -> Bonds:
        """What binds a paper."""
        paper = self._papers[place]
        tags = frozenset([self._tags[tag] for tag in paper.tags])
        return Bonds(
            paper.id,
            paper.authors[0] if paper.authors else "",
            frozenset(paper.authors),
            tags,
            sum([rare for _, rare in tags]),
            frozenset(paper.mentions),
            tuple([k for k in _keys(paper) if k in self.holders and k not in self._crowded]),
        )


def _keys(paper: Text) -> list[str]:
    """What leads from a paper to others: its authors, what it mentions, and itself as mentioned."""
    keys = ["@" + author for author in dict.fromkeys(paper.authors)]
    keys += ["#" + id_ for id_ in dict.fromkeys((paper.id, *paper.mentions))]
    return keys


class _Made(dict[int, _T]):
    """Values that are made when first asked for."""

    def __init__(self, make: Callable[[int], _T]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: int) -> _T:
        self[key] = value = self._make(key)
        return value


class Index(NamedTuple):
    """Term → the places of the papers known by it: of terms that lead to others, and too common."""

    leading: dict[int, list[int]]
    crowded: dict[int, list[int]]

    def places(self, term: int) -> Sequence[int]:
        """The papers known by a term, where they are more than one."""
        return self.leading.get(term) or self.crowded.get(term) or ()


def index(known: Rows, wanted: set[int] | None = None) -> Index:
    """Who is known by what, for all terms by which two papers are; or for the wanted ones."""
    everyone = list(range(len(known)))  # made at once they lie side by side: twice as fast later
    leading: dict[int, list[int]] = {}
    for part in parts(known) if wanted is None else [map(wanted.intersection, known)]:
        found: defaultdict[int, list[int]] = defaultdict(list)
        for place, terms in zip(everyone, part, strict=True):
            for term in terms:
                found[term].append(place)
        leading.update((term, places) for term, places in found.items() if len(places) > 1)
    crowded = {term: places for term, places in leading.items() if len(places) >= TOO_COMMON}
    for term in crowded:
        del leading[term]
    return Index(leading, crowded)


def _profile(
    known: Rows, weights: Rows, shared: Mapping[int, int] | None, place: int
) -> dict[int, int]:
    """What a paper is known by, with its weights; of what is `shared` by others alone, if given."""
    terms = zip(known[place], weights[place], strict=True)
    if shared is None:
        return dict(terms)
    return {shared[term]: weight for term, weight in terms if term in shared}


def _heads(known: Rows, weights: Rows, heaviest: Mapping[int, int], place: int) -> tuple[int, ...]:
    """The terms of a paper that weigh most."""
    terms, most = zip(known[place], weights[place], strict=True), heaviest[place]
    return tuple([term for term, weight in terms if weight == most])


class Shelf:
    """All papers by place, each with what it is known by and bound by.

    The index must have the terms of those papers that are asked about. `whole` says that it has
    those of all: then what nobody shares is left out of profiles, which is half of them.
    """

    def __init__(
        self,
        known: Rows,
        weights: Rows,
        squares: Iterable[int],
        ties: Ties,
        index: Index,
        words: Vocabulary,
        *,
        whole: bool = False,
    ) -> None:
        self._known, self._weights, self._index = known, weights, index
        self._lengths = [sqrt(square) or 1.0 for square in squares]
        self._ids, self._ties, self._bonds = ties.ids, ties.holders, _Made(ties.bonds)
        self._names = _Made(words.name)
        # One object for each term: they are compared a thousand times.
        shared = {term: term for term in chain(*index)} if whole else None
        # None of these leads back to the shelf: without circles it goes as soon as it is let go.
        heaviest = _Made(lambda place: max(weights[place], default=1))
        self._profiles = _Made(partial(_profile, known, weights, shared))
        self._heaviest = heaviest
        self._weightiest = _Made(partial(_heads, known, weights, heaviest))

    def candidates(self, place: int) -> tuple[list[int], int]:
        """Those with whom a paper shares most weight; and how much the last of them shares.

        A shared author or mention counts like its heaviest term. 0 where there is room for more.
        """
        met: dict[int, int] = {}
        share = met.get
        leading = self._index.leading.get
        enough = self._lengths[place] / _LEADS
        for term, weight in self._profiles[place].items():
            if weight >= enough:
                for other in leading(term, ()):
                    met[other] = share(other, 0) + weight
        for key in self._bonds[place].keys:
            for other in self._ties[key]:
                met[other] = share(other, 0) + self._heaviest[place]
        met.pop(place, None)
        if len(met) < _CANDIDATES:
            return list(met), 0
        least = _last_of(_CANDIDATES, met.values())
        best = [other for other, weight in met.items() if weight >= least]
        if len(best) > _CANDIDATES:
            tied = sorted([o for o in best if met[o] == least], key=self._ids.__getitem__)
            best = [o for o in best if met[o] > least]
            best += tied[: _CANDIDATES - len(best)]
        return best, least

    def met_by(self, place: int) -> dict[int, int]:
        """Who shares how much with a paper, each in its own weights: as `candidates` sees it."""
        met: defaultdict[int, int] = defaultdict(int)
        for term in self._known[place]:
            for other in self._index.leading.get(term, ()):
                weight = self._weights[other][self._known[other].index(term)]
                if weight >= self._lengths[other] / _LEADS:
                    met[other] += weight
        for key in self._bonds[place].keys:
            for other in self._ties[key]:
                met[other] += self._heaviest[other]
        return met

    def nearest(self, place: int, candidates: Iterable[int]) -> list[tuple[int, int]]:
        """The nearest of the candidates, nearest first, each after its score in ten-thousandths.

        At most six, often fewer.
        """
        bonds, profiles, lengths, ids = self._bonds, self._profiles, self._lengths, self._ids
        own, terms, length = bonds[place], profiles[place].items(), lengths[place]
        scored: list[tuple[int, str, int]] = []
        for other in candidates:
            two = profiles[other]
            dot = sum([weight * two[term] for term, weight in terms if term in two])
            score = dot / (length * lengths[other]) + _bonus(own, bonds[other])
            scored.append((-round(score * 10_000), ids[other], other))
        chosen: list[tuple[int, int]] = []
        for distance, _, other in sorted(scored):
            if len(chosen) == _MOST or -distance < _LEAST:
                break
            if not self._repeats(other, -distance, chosen):
                chosen.append((-distance, other))
        return chosen

    def _cosine(self, place: int, other: int) -> float:
        one, two = self._profiles[place], self._profiles[other]
        dot = sum([weight * two[term] for term, weight in one.items() if term in two])
        return dot / (self._lengths[place] * self._lengths[other])

    def _repeats(self, other: int, score: int, chosen: Iterable[tuple[int, int]]) -> bool:
        """Whether a paper says nearly the same as one that is chosen; they are as near, then."""
        terms, weightiest = self._profiles[other].keys(), self._weightiest
        for better, near in chosen:
            if (
                better - score < _SAME_SCORE
                and not terms.isdisjoint(weightiest[near])
                and not self._profiles[near].keys().isdisjoint(weightiest[other])
                and self._cosine(other, near) >= _SAME
            ):
                return True
        return False

    def shared(self, place: int, other: int) -> tuple[str, ...]:
        """The most telling words that both have, at most three, then what else binds them."""
        one, two, names = self._profiles[place], self._profiles[other], self._names
        terms = [(-weight * two[term], names[term]) for term, weight in one.items() if term in two]
        terms.sort()
        chosen: list[str] = []
        said: set[int] = set()
        for _, (name, first, second) in terms:
            if first not in said and second not in said:
                chosen.append(name)
                if len(chosen) == _WORDS:
                    break
                said.add(first)
                said.add(second)
        own, bound = self._bonds[place], self._bonds[other]
        if own.authors.isdisjoint(bound.authors) and not (own.mentions or bound.mentions):
            return tuple(chosen)
        return (*chosen, *_bound(own, bound))


_WORDS = 3


def _last_of(most: int, weights: Iterable[int]) -> int:
    """The smallest of the so many largest weights. Few differ, so counting beats sorting."""
    often = Counter(weights)
    for weight in sorted(often, reverse=True):
        most -= often[weight]
        if most <= 0:
            return weight
    return 0


def _bonus(one: Bonds, two: Bonds) -> float:
    """What their ties add to the nearness of two papers, at most 0.42."""
    bonus = 0.0
    if not one.authors.isdisjoint(two.authors):
        bonus += min(len(one.authors & two.authors), _AUTHORS) * _PER_AUTHOR
        bonus += _FIRST_AUTHOR if one.first_author == two.first_author else 0.0
    if not one.tags.isdisjoint(two.tags):
        common = sum([rarity for _, rarity in one.tags & two.tags])
        bonus += _TAGS * 2 * common / (one.tags_in_all + two.tags_in_all)
    if one.mentions or two.mentions:
        bonus += _MENTION if one.id in two.mentions or two.id in one.mentions else 0.0
        bonus += min(len(one.mentions & two.mentions), _MENTIONS) * _PER_MENTION
    return bonus


def _bound(one: Bonds, two: Bonds) -> Iterator[str]:
    """What besides words two papers share, as seen from the first: a name and a number, "@name 2".

    The first letter tells it from words, which have none such; `told` reads it.
    """
    authors = len(one.authors & two.authors)
    if authors and one.first_author == two.first_author:
        yield "@shared.first_author 1"
    elif authors:
        yield f"@shared.authors {authors}"
    if two.id in one.mentions:
        yield "@shared.mentioned 1"
    if one.id in two.mentions:
        yield "@shared.mentions 1"
    mentions = len(one.mentions & two.mentions)
    if mentions:
        yield f"@shared.mentions_both {mentions}"


def told(piece: str) -> str | Said:
    """A piece of what two papers share: words of theirs, or a word of the interface."""
    if not piece.startswith("@"):
        return piece
    name, count = piece[1:].split(" ")
    return Said(name, (("n", int(count)),))
