"""What one run tells the next, and which papers the next must look at again.

A paper's neighbours hang on three things: what it is known by, whom it meets by that, and what
those are known by. So it is looked at again when it changed (its text, its ties, or the rarity of
a term that it has), when one of its candidates changed or is gone, and when one that changed now
shares enough with it to be a candidate. Nobody else's list can differ: that makes the result the
same as without memory, which a test compares over random edits.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from itertools import chain
from typing import TypeVar

from generator.model import Said
from generator.related.near import (
    COMMON,
    TOO_COMMON,
    Index,
    Neighbour,
    Shelf,
    Text,
    Ties,
    Weigher,
    index,
    rarity,
    told,
)
from generator.related.rows import Rows, parts
from generator.related.terms import Vocabulary, counted

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class State:
    """What the next run can use: plain data, small, and read back from a file at once.

    All is by place, of a paper in the order of `ids`; terms are numbers of `words`.
    """

    ids: tuple[str, ...]
    texts: bytes  # a digest of each paper's title and abstract
    bound: bytes  # one digest of what else was said of all
    facts: bytes  # a digest of each paper's ties
    words: str  # of the vocabulary, by number
    common: Mapping[int, int]  # term → papers that have it, of those that at least COMMON have
    terms: Rows  # of each paper
    counts: Rows  # how much each of them counts
    known: Rows  # those by which it is known
    weights: Rows  # and what each weighs
    squares: array[int]  # its length, squared
    met: Rows  # the places of its candidates
    least: array[int]  # what the last of them shares with it
    near: Rows  # the places of its neighbours
    scores: Rows  # how near they are, in ten-thousandths
    shared: tuple[str, ...]  # a line for each of them, what is shared parted by tabs


def related(
    papers: Sequence[Text], before: State | None = None
) -> tuple[dict[str, tuple[Neighbour, ...]], State]:
    """For each paper the others that are nearest, nearest first: at most six, often fewer.

    Ids are unique. A score has four places and is the same seen from either paper; the lists need
    not be. `before` is the state an earlier call gave, of whatever papers: it saves time and never
    changes the result. Where nothing changed since, it is given back itself.
    """
    texts = b"".join(
        [_digest(f"{len(paper.title)} {paper.title}{paper.abstract}") for paper in papers]
    )
    bound = _digest(repr([(each.id, each.authors, each.tags, each.mentions) for each in papers]))
    if before and (texts, bound) == (before.texts, before.bound):
        return _neighbours(before), before
    then = before if before and _serves(texts, before) else _NOTHING
    state = _next(papers, texts, bound, then)
    return _neighbours(state), state


def _next(papers: Sequence[Text], texts: bytes, bound: bytes, then: State) -> State:
    ties = Ties(papers)
    facts = b"".join([_digest(ties.facts(place)) for place in range(len(papers))])
    words = Vocabulary(then.words.split("\n") if then.words else ())
    origins, homes = _places(_split(texts), _split(then.texts)), _places(ties.ids, then.ids)
    terms, counts = _counted(papers, origins, then, words)
    common, rarer = _common(terms, texts, then)
    known, weights, squares = _weighed(terms, counts, common, origins, rarer, then)
    changed = rarer | _changed(homes, texts, facts, then)
    shelve = partial(Shelf, known, weights, squares, ties, words=words)
    again, shelf = _again(changed, homes, known, then, shelve)
    met: dict[int, Sequence[int]] = {}
    near: dict[int, Sequence[int]] = {}
    scores: dict[int, Sequence[int]] = {}
    least, shared = array("Q"), list[str]()
    for place, home in enumerate(homes):
        if place not in again:
            least.append(then.least[home])
            shared.append(then.shared[home])
            continue
        met[place], last = shelf.candidates(place)
        chosen = shelf.nearest(place, met[place])
        near[place] = [other for _, other in chosen]
        scores[place] = [score for score, _ in chosen]
        least.append(last)
        shared.append("\n".join(["\t".join(shelf.shared(place, other)) for _, other in chosen]))
    moved = array("I", _places(then.ids, ties.ids, 0))
    return State(
        tuple(ties.ids), texts, bound, facts, "\n".join(words.words), common,
        terms, counts, known, weights, squares,
        then.met.renumbered(moved).changed(homes, met), least,
        then.near.renumbered(moved).changed(homes, near), then.scores.changed(homes, scores),
        tuple(shared),
    )  # fmt: skip


def _neighbours(state: State) -> dict[str, tuple[Neighbour, ...]]:
    """What a state says of who is near whom."""
    near = [state.ids[place] for place in state.near.numbers]
    scores = [score / 10_000 for score in state.scores.numbers]
    lines = "\n".join(filter(None, state.shared)).split("\n")
    # The same words again and again, and both ways the same lines.
    words: dict[str, str | Said] = {}
    said = {
        line: tuple([words.setdefault(word, told(word)) for word in line.split("\t")])
        for line in dict.fromkeys(lines)
    }
    shared = map(said.__getitem__, lines)
    all_, ends = list(zip(near, scores, shared, strict=False)), state.near.ends
    return {
        id_: tuple(all_[start:end])
        for id_, start, end in zip(state.ids, ends, ends[1:], strict=False)
    }


# --- what is known already ------------------------------------------------------------------------

_DIGEST = 16


def _digest(said: str) -> bytes:
    return blake2b(said.encode("utf-8", "surrogatepass"), digest_size=_DIGEST).digest()


def _at(digests: bytes, place: int) -> bytes:
    return digests[place * _DIGEST : (place + 1) * _DIGEST]


def _split(digests: bytes) -> list[bytes]:
    return [digests[start : start + _DIGEST] for start in range(0, len(digests), _DIGEST)]


def _serves(texts: bytes, before: State) -> bool:
    """Whether a state is worth using: of about as many papers, most of them the same."""
    now, then = set(_split(texts)), set(_split(before.texts))
    size, was = len(texts) // _DIGEST, len(before.texts) // _DIGEST
    few_words = len(before.words) < _LETTERS * (was + 1000)
    return (
        size.bit_length() == was.bit_length()
        and len(now ^ then) < min(size, was) * _NEW
        and few_words
    )


_NEW = 0.25  # where a larger part of the texts is new, starting afresh is about as fast
_LETTERS = 1000  # of the vocabulary, a paper; words that nobody has any more must not pile up


_NOTHING = State(
    (), b"", b"", b"", "", {}, Rows.of("Q"), Rows.of("B"), Rows.of("Q"), Rows.of("H"), array("Q"),
    Rows.of("I"), array("Q"), Rows.of("I"), Rows.of("H"), (),
)  # fmt: skip


def _places(ones: Iterable[_T], others: Iterable[_T], nowhere: int = -1) -> list[int]:
    """Where each of these is among the others."""
    places = {other: place for place, other in enumerate(others)}
    return [places.get(one, nowhere) for one in ones]


def _counted(
    papers: Sequence[Text], origins: Sequence[int], then: State, words: Vocabulary
) -> tuple[Rows, Rows]:
    """Every paper's terms, and how much each counts."""
    terms: dict[int, Iterable[int]] = {}
    counts: dict[int, Iterable[int]] = {}
    for place, origin in enumerate(origins):
        if origin < 0:
            found = counted(papers[place].title, papers[place].abstract, words)
            terms[place], counts[place] = array("Q", found), bytes(found.values())
    return then.terms.changed(origins, terms), then.counts.changed(origins, counts)


def _common(terms: Rows, texts: bytes, then: State) -> tuple[Mapping[int, int], Set[int]]:
    """How many papers have each common term; and the papers with a term whose rarity changed."""
    if not then.ids:
        return _all_common(terms), set(range(len(terms)))
    now, was = _split(texts), _split(then.texts)
    change = Counter(chain.from_iterable(map(terms.__getitem__, _beyond(now, was))))
    change.subtract(chain.from_iterable(map(then.terms.__getitem__, _beyond(was, now))))
    concerned = {term for term, more in change.items() if more}
    if not concerned:
        return then.common, set()
    common, rarer, papers = dict(then.common), set[int](), len(terms)
    for term, places in _who_has(concerned, terms).items():
        count = len(places)
        if rarity(count, papers) != rarity(count - change[term], papers):
            rarer.update(places)
        if count >= COMMON:
            common[term] = count
        else:
            common.pop(term, None)
    return common, rarer


def _beyond(ones: Sequence[bytes], others: Sequence[bytes]) -> Iterator[int]:
    """The places of those that are not, or not so often, among the others."""
    more = Counter(ones)
    more.subtract(others)
    for place, one in enumerate(ones):
        if more[one] > 0:
            more[one] -= 1
            yield place


def _who_has(concerned: set[int], terms: Rows) -> Mapping[int, Sequence[int]]:
    places: dict[int, list[int]] = {term: [] for term in concerned}
    for place, row in enumerate(terms):
        for term in concerned.intersection(row):
            places[term].append(place)
    return places


def _all_common(rows: Rows) -> dict[int, int]:
    common: dict[int, int] = {}
    for part in parts(rows):
        counts: Counter[int] = Counter()
        for terms in part:
            counts.update(terms)
        common.update((term, count) for term, count in counts.items() if count >= COMMON)
    return common


def _weighed(
    terms: Rows,
    counts: Rows,
    common: Mapping[int, int],
    origins: Sequence[int],
    rarer: Set[int],
    then: State,
) -> tuple[Rows, Rows, array[int]]:
    """What every paper is known by, the weights, and the squares of the lengths."""
    weigher = Weigher(common, len(terms))
    found = {
        place: weigher.known_by(terms[place], counts[place])
        for place, origin in enumerate(origins)
        if origin < 0 or place in rarer
    }
    squares = [found[p].square if p in found else then.squares[o] for p, o in enumerate(origins)]
    return (
        then.known.changed(origins, {place: known.terms for place, known in found.items()}),
        then.weights.changed(origins, {place: known.weights for place, known in found.items()}),
        array("Q", squares),
    )


# --- whom a change reaches ------------------------------------------------------------------------


def _changed(homes: Sequence[int], texts: bytes, facts: bytes, then: State) -> set[int]:
    """The papers that are new, or whose text or ties are others."""
    return {
        place
        for place, home in enumerate(homes)
        if home < 0
        or _at(texts, place) != _at(then.texts, home)
        or _at(facts, place) != _at(then.facts, home)
    }


def _again(
    changed: Set[int], homes: Sequence[int], known: Rows, then: State, shelve: Callable[..., Shelf]
) -> tuple[Set[int], Shelf]:
    """The papers to look at again, and all papers with an index of the terms of these.

    `shelve` makes that shelf from an index.
    """
    if len(changed) == len(homes):
        return changed, shelve(index(known), whole=True)
    left = set(range(len(then.ids))) - {h for p, h in enumerate(homes) if p not in changed}
    concerned = index(known, _numbers(known, changed) | _numbers(then.known, left))
    again = changed | _reached(changed, left, homes, shelve(concerned), then)
    again |= _crowding(changed, left, known, concerned, then)
    return again, shelve(index(known, _numbers(known, again)))


def _crowding(
    changed: Set[int], left: Set[int], known: Rows, concerned: Index, then: State
) -> set[int]:
    """The papers known by a term that only now is too common to lead to others, or is no more."""
    change = Counter(chain.from_iterable(map(known.__getitem__, changed)))
    change.subtract(chain.from_iterable(map(then.known.__getitem__, left)))
    reached = set[int]()
    for term, more in change.items():
        places = concerned.places(term)
        if (len(places) < TOO_COMMON) != (len(places) - more < TOO_COMMON):
            reached.update(places)
    return reached


def _reached(
    changed: Set[int], left: Set[int], homes: Sequence[int], shelf: Shelf, then: State
) -> set[int]:
    """The papers with a candidate that changed or is gone, or for whom one now is a candidate."""
    reached = {
        place
        for place, home in enumerate(homes)
        if place not in changed and not left.isdisjoint(then.met[home])
    }
    for place in changed:
        for other, weight in shelf.met_by(place).items():
            if other not in changed and weight >= then.least[homes[other]]:
                reached.add(other)
    return reached


def _numbers(rows: Rows, places: Iterable[int]) -> set[int]:
    return set(chain.from_iterable(map(rows.__getitem__, places)))
