"""The collection at a glance, in numbers: what lies where on a map, what rose, what goes together.

The map's one idea is to take turns between two simple steps. Every dot moves to the middle of its
neighbours, many times at first, so that far relations show, then once; and in between all dots are
spread evenly again, by halving the map where half of them lie on either side. Last they gather a
little around their neighbours, which lets clusters show, and give way to each other, so that each
can be hit. A dot starts from a hash of its id, so an arrival moves the others little. Only + - * /
decide, in an order that ids fix. Time is n log n.

Known weaknesses: two dimensions cannot keep all of a collection's neighbours (about four in ten
stay among the nearest), and a paper without neighbours lies anywhere.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from hashlib import blake2b
from itertools import combinations, pairwise
from math import sqrt

# The ids that one is tied to, each with how strongly: a whole number from 1.
Ties = Mapping[str, Sequence[tuple[str, int]]]


def ties(
    ids: Iterable[str], neighbours: Mapping[str, Sequence[tuple[str, float, object]]]
) -> dict[str, tuple[tuple[str, int], ...]]:
    """Who is near whom among these ids, seen alike from both sides, in the order of ids.

    Scores enter in sixteenths: a small change in one leaves the map as it is. Those that are near
    one and the same paper which is not among them are tied in a row, weakly.
    """
    among = sorted(set(ids))
    tied: dict[str, dict[str, int]] = {id_: {} for id_ in among}
    outside: defaultdict[str, list[str]] = defaultdict(list)
    for one, near in tied.items():
        for other, score, _ in neighbours.get(one, ()):
            if (others := tied.get(other)) is None:
                outside[other].append(one)
            elif other != one:
                near[other] = others[one] = max(int(score * 16) + 1, near.get(other, 1))
    for row in outside.values():
        for one, other in pairwise(row):
            tied[one].setdefault(other, 1)
            tied[other].setdefault(one, 1)
    return {one: tuple(sorted(others.items())) for one, others in tied.items()}


def positions(tied: Ties) -> dict[str, tuple[float, float]]:
    """Where each id lies on the map, near what it is tied to: (x, y) from 0 to 1, three places.

    A tie to what is not on the map counts nothing. The map is a third wider than high, so as much
    of x is a third farther than of y.
    """
    ids = sorted(tied)
    place = {id_: number for number, id_ in enumerate(ids)}
    pulls = [_pulls(tied[id_], place) for id_ in ids]
    dots = [_start(id_) for id_ in ids]
    for steps in _SCHEDULE:
        for _ in range(steps):
            dots = _towards(dots, pulls, _KEPT)
        dots = _spread(dots)
    for _ in range(2):
        dots = _towards(dots, pulls, _GATHERED)
    xs, ys = [dot.real for dot in dots], [dot.imag for dot in dots]
    drawn = [number for number, (_, all_) in enumerate(pulls) if all_] or range(len(ids))
    xs, ys = _stretched(xs, drawn, _WIDE), _stretched(ys, drawn, 1.0)
    _give_way(xs, ys)
    everyone = range(len(ids))
    xs, ys = _stretched(xs, everyone, 1.0), _stretched(ys, everyone, 1.0)
    return {id_: (round(x, 3), round(y, 3)) for id_, x, y in zip(ids, xs, ys, strict=True)}


def periods(years: Iterable[int], most: int = 10) -> tuple[tuple[int, int], ...]:
    """The years of papers cut into at most so many periods: (first, last), oldest first.

    A period ends with the year that fills its part of all papers, so a share of it means
    something; what is left at the end belongs to the last.
    """
    counts = Counter(years)
    enough = counts.total() / most
    cut: list[tuple[int, int]] = []
    first, held = None, 0
    for year in sorted(counts):
        first = year if first is None else first
        held += counts[year]
        if held >= enough:
            cut.append((first, year))
            first, held = None, 0
    if first is not None:
        since = cut.pop()[0] if cut else first
        cut.append((since, max(counts)))
    return tuple(cut)


def over_time(years: Iterable[int | None], cut: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """How many of these years lie in each period."""
    counts = Counter(years)
    return tuple(
        sum(count for year, count in counts.items() if year and first <= year <= last)
        for first, last in cut
    )


def together(members: Mapping[str, Sequence[str]]) -> dict[tuple[str, str], int]:
    """How many papers each two topics share: (slug, slug) in the order of `members` → papers.

    `members` are the papers of each topic. Of a paper's topics the first twenty count: nobody
    gives more with a meaning, and pairs grow as squares.
    """
    topics_of: dict[str, list[str]] = {}
    for slug, papers in members.items():
        for paper in papers:
            topics_of.setdefault(paper, []).append(slug)
    shared: Counter[tuple[str, str]] = Counter()
    for slugs in topics_of.values():
        shared.update(combinations(slugs[:_TOPICS], 2))
    return dict(sorted(shared.items()))


def likeness(shared: int, one: int, other: int) -> float:
    """How much two topics go together, from 0 to 1: papers shared, by how many they have each."""
    return round(shared / sqrt(one * other), 4) if shared else 0.0


def chain(slugs: Iterable[str], near: Callable[[str, str], float]) -> list[str]:
    """The topics in a row, each beside the one nearest to it that was left; the first stays first.

    Quadratic: for the few dozen that a plot shows.
    """
    left = list(slugs)
    row = left[:1]
    left = left[1:]
    while left:
        last = row[-1]
        best = min(left, key=lambda slug: (-near(last, slug), slug))
        left.remove(best)
        row.append(best)
    return row


# --- the map ------------------------------------------------------------------------------------

# Steps towards the neighbours before each spreading. Four times as many keep 2,000 papers' ties
# 3 % better, none but single steps a fifth worse.
_SCHEDULE = (30, *[8] * 5, *[4] * 8, *[2] * 8, *[1] * 8)
_KEPT = 0.3 + 0j  # of its own place, in each of them; from .1 to .5 it makes no difference
_GATHERED = 0.5 + 0j  # likewise in the last two; less hides clusters, more makes heaps
_WIDE = 4 / 3
_APART = 0.6  # of the room that each dot has, kept free around it where that is possible
_ROUNDS = 8
_TOPICS = 20

# A dot is a complex number, x + yi, and so are weights, since that is quickest: both directions in
# one go. Sums are written out, since `sum` adds in other ways in other versions of Python.
_Pulls = tuple[list[tuple[int, complex]], complex]  # what pulls at a dot, the sum of the weights


def _start(id_: str) -> complex:
    """Anywhere on the map, from the id alone."""
    mark = blake2b(id_.encode(), digest_size=8).digest()
    x, y = int.from_bytes(mark[:4], "big"), int.from_bytes(mark[4:], "big")
    return complex(_WIDE * x / (1 << 32), y / (1 << 32))


def _pulls(tied: Iterable[tuple[str, int]], place: Mapping[str, int]) -> _Pulls:
    known = sorted((place[id_], strength) for id_, strength in tied if id_ in place)
    return [(at, complex(weight)) for at, weight in known], complex(sum(w for _, w in known))


def _towards(dots: Sequence[complex], pulls: Sequence[_Pulls], kept: complex) -> list[complex]:
    """Each dot moved towards the mean of its neighbours."""
    moved = 1 - kept
    after = []
    for dot, (near, all_) in zip(dots, pulls, strict=True):
        if all_:
            pull = 0j
            for at, weight in near:
                pull += weight * dots[at]
            after.append(kept * dot + moved * pull / all_)
        else:
            after.append(dot)
    return after


def _spread(dots: Sequence[complex]) -> list[complex]:
    """The dots spread evenly over the map: who lay left of whom stays so, as far as it can.

    The map is halved across its longer side, and each half again, until every dot has its own.
    """
    xs, ys = [dot.real for dot in dots], [dot.imag for dot in dots]
    after = list(dots)
    boxes = [(list(range(len(dots))), 0.0, 0.0, _WIDE, 1.0)] if dots else []
    while boxes:
        inside, left, top, width, height = boxes.pop()
        if len(inside) == 1:
            after[inside[0]] = complex(left + width / 2, top + height / 2)
            continue
        half = len(inside) // 2
        part = half / len(inside)
        if width >= height:
            inside.sort(key=xs.__getitem__)
            cut = width * part
            boxes.append((inside[:half], left, top, cut, height))
            boxes.append((inside[half:], left + cut, top, width - cut, height))
        else:
            inside.sort(key=ys.__getitem__)
            cut = height * part
            boxes.append((inside[:half], left, top, width, cut))
            boxes.append((inside[half:], left, top + cut, width, height - cut))
    return after


def _stretched(values: list[float], by: Sequence[int], size: float) -> list[float]:
    """The values drawn out so that those `by` which it goes reach from 0 to `size`; none farther.

    In the middle where they are all one.
    """
    least, most = min((values[i] for i in by), default=0.0), max((values[i] for i in by), default=0)
    if most - least <= _NOTHING:
        return [size / 2 for _ in values]
    return [min(max(size * (v - least) / (most - least), 0.0), size) for v in values]


_NOTHING = 1e-9


def _give_way(xs: list[float], ys: list[float]) -> None:
    """Push dots apart that are too near, a few rounds, in the order of ids; in place.

    After the spreading no part of the map is more than some eight times as full as the average,
    so the dots around one are few.
    """
    if not xs:
        return
    apart = _APART * sqrt(_WIDE / len(xs))
    for _ in range(_ROUNDS):
        cells: dict[tuple[int, int], list[int]] = {}
        for dot, (x, y) in enumerate(zip(xs, ys, strict=True)):
            cells.setdefault((int(x / apart), int(y / apart)), []).append(dot)
        for (column, row), dots in cells.items():
            around = [
                other
                for shift in _AROUND
                for other in cells.get((column + shift[0], row + shift[1]), ())
            ]
            for dot in dots:
                for other in around:
                    if dot < other:
                        _part(xs, ys, dot, other, apart)
        xs[:] = [min(max(x, 0.0), _WIDE) for x in xs]
        ys[:] = [min(max(y, 0.0), 1.0) for y in ys]


_AROUND = [(column, row) for column in (-1, 0, 1) for row in (-1, 0, 1)]


def _part(xs: list[float], ys: list[float], one: int, other: int, apart: float) -> None:
    """Move two dots half the missing way from each other; from one place, sideways."""
    across, down = xs[other] - xs[one], ys[other] - ys[one]
    far = across * across + down * down
    if far >= apart * apart:
        return
    if far <= _NOTHING * _NOTHING:
        across, down, far = _NOTHING, 0.0, _NOTHING * _NOTHING
    length = sqrt(far)
    push = (apart - length) / (2 * length)
    xs[one] -= across * push
    ys[one] -= down * push
    xs[other] += across * push
    ys[other] += down * push


def kin(slug: str, parents: Mapping[str, str]) -> Set[str]:
    """The topics that a topic lies within, and so goes together with by definition."""
    found: dict[str, None] = {}
    while (slug := parents.get(slug, "")) and slug not in found:
        found[slug] = None
    return found.keys()
