"""The plots of a collection: the numbers of `generator.glance`, laid out for a template to draw.

A plot is plain data: places in hundredths of the plot's width (so that it fits any window) or in
pixels where text stands, and links. The map is laid out only when its page is made: until then it
is what it will be made from, and so an unchanged map costs a build nothing.

What a plot says beside names is in the language of `words`, English where none are given.

Known weakness: how wide a label is, is a guess from its letters; in a wide typeface two labels
may touch.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from math import sqrt
from typing import NamedTuple

from generator import glance, text
from generator.library import group_path, paper_path
from generator.model import Group, Paper, Ref, Said
from generator.words import Words, english

# Of each paper the near ones: id, how near, and what both say.
Neighbours = Mapping[str, Sequence[tuple[str, float, tuple[str | Said, ...]]]]

# More papers than this are shown by their topics: one dot each, which leads to the topic's map.
MOST_DOTS = 2000
# And no more topics: 200 dots with the longest names take 170 KB, and each has a map to be made.
MOST_TOPICS = 200
# Up to so many dots a map stands among the other plots; with more it has a page of its own.
BESIDE_OTHERS = 1000
# Fewer dots without a single name among them are a sheet of paper with specks on it.
SPARSE = 50


@dataclass(frozen=True, slots=True)
class Mark:
    """A bar or a dot that is a link: its middle and its size, and what it says.

    `x` is in hundredths of the width, `y` and `size` (a height or a radius) in pixels.
    """

    path: str
    name: str
    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Row:
    """A topic's papers in each period, as bars of their share."""

    ref: Ref
    bars: tuple[Mark, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Topics over time: the names of the periods, how many papers each has, a row a topic."""

    periods: tuple[str, ...]
    totals: tuple[int, ...]
    rows: tuple[Row, ...]
    width: float


@dataclass(frozen=True, slots=True)
class Matrix:
    """Topics that go together: one dot for each two that share papers, under a diagonal of names.

    `names` are those of `refs`, as short as their place; `step` is the width of a column in
    hundredths, `line` the height of a row in pixels, `pairs` the table: both topics, the count.
    """

    refs: tuple[Ref, ...]
    names: tuple[str, ...]
    marks: tuple[Mark, ...]
    pairs: tuple[tuple[Ref, Ref, int], ...]
    step: float
    line: int


class Spot(NamedTuple):
    """What a map needs of a dot before it is laid out; `size` counts a topic's papers.

    A named tuple, since a large collection's maps have thousands, which every build compares.
    """

    id: str
    path: str
    name: str
    tied: tuple[tuple[str, int], ...] = ()
    size: int = 0


@dataclass(frozen=True, slots=True)
class Label:
    """A topic's name on the map, in hundredths of its width and height.

    `anchor` is SVG's; `wide` labels have no room on a phone.
    """

    ref: Ref
    x: float
    y: float
    anchor: str
    wide: bool


@dataclass(frozen=True)
class Map:
    """A map, not yet laid out: its dots, and the topics that may name its parts."""

    spots: tuple[Spot, ...]
    areas: tuple[tuple[Ref, tuple[str, ...]], ...]
    of_topics: bool = False

    @cached_property
    def dots(self) -> tuple[Mark, ...]:
        """The dots in the order of `spots`; here `y` is in hundredths of the height, too."""
        most = max((spot.size for spot in self.spots), default=0)
        return tuple(
            Mark(
                spot.path,
                spot.name,
                _percent(self._at[spot.id][0]),
                _percent(self._at[spot.id][1]),
                _radius(spot.size, most),
            )
            for spot in self.spots
        )

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """Names where they have room, the clearest parts first; a topic's below its dot."""
        below = {dot.path: (dot.size + _HEIGHT / 2) / _DESK[1] for dot in self.dots if dot.size}
        return tuple(
            _labels(
                [(ref, x, y + below.get(ref.path, 0)) for ref, x, y in self._middles], self.dots
            )
        )

    @cached_property
    def table(self) -> tuple[tuple[Ref, str, tuple[Ref, ...]], ...]:
        """The map in words: the parts that have a name, where each lies, and beside which.

        Where is the name of a word: places.top_left has "top_left".
        """
        return tuple(
            (ref, _where(x, y), _nearest(ref, x, y, self._middles)) for ref, x, y in self._middles
        )

    @cached_property
    def _at(self) -> Mapping[str, tuple[float, float]]:
        return glance.positions({spot.id: spot.tied for spot in self.spots})

    @cached_property
    def _middles(self) -> Sequence[tuple[Ref, float, float]]:
        """The parts of the map that a topic names, and the middle of each; the clearest first."""
        found: list[tuple[float, Ref, float, float]] = []
        if self.of_topics:
            at = {spot.path: self._at[spot.id] for spot in self.spots}
            found += [(-ref.count, ref, *at[ref.path]) for ref, _ in self.areas]
        for ref, ids in self.areas if not self.of_topics else ():
            scatter = _scatter(ids, self._at)
            if scatter <= _VAGUE:
                found.append((scatter, ref, *_middle(ids, self._at)))
        found.sort(key=lambda each: (each[0], each[1].path))
        found = [each for i, each in enumerate(found) if each[0] <= _CLEAR or i < _AT_LEAST]
        return [(ref, x, y) for _, ref, x, y in found]


# --- topics over time ---------------------------------------------------------------------------

_ROWS = 12
_BAR = 24  # pixels, of the highest
_LEAST_BAR = 2


def timeline(
    topics: Iterable[Group], years: Mapping[str, int], words: Words | None = None
) -> Timeline | None:
    """The topics with most dated papers, those whose papers are oldest first; None for one period.

    `years` are those of the papers that have one, by id. The bars show a topic's part of each
    period's papers, all to one scale, so that a growing collection does not make all topics grow.
    """
    periods = glance.periods(years.values())
    dated = [(topic, [years[id_] for id_ in topic.papers if id_ in years]) for topic in topics]
    dated.sort(key=lambda each: (-len(each[1]), each[0].slug))
    counted = [(topic, glance.over_time(own, periods)) for topic, own in dated[:_ROWS] if own]
    if len(periods) < 2 or not counted:
        return None
    totals = glance.over_time(years.values(), periods)
    counted.sort(key=lambda each: (_mean_period(each[1], totals), each[0].slug))
    most = max(n / all_ for _, counts in counted for n, all_ in zip(counts, totals, strict=True))
    rows = (
        Row(_ref(topic), tuple(_bars(topic, counts, totals, periods, most, words)), counts)
        for topic, counts in counted
    )
    names = tuple(_period_name(*period) for period in periods)
    return Timeline(names, totals, tuple(rows), round(80 / len(periods), 2))


def _mean_period(counts: Sequence[int], totals: Sequence[int]) -> float:
    """The period about which a topic's shares lie."""
    shares = [count / total for count, total in zip(counts, totals, strict=True)]
    return round(sum(i * share for i, share in enumerate(shares)) / sum(shares), 4)


def _bars(
    topic: Group,
    counts: Sequence[int],
    totals: Sequence[int],
    periods: Sequence[tuple[int, int]],
    most: float,
    words: Words | None,
) -> Iterator[Mark]:
    say = words or english()
    for i, (count, total, (first, last)) in enumerate(zip(counts, totals, periods, strict=True)):
        if count:
            years = str(first) if first == last else f"{first}..{last}"
            height = round(_LEAST_BAR + (_BAR - _LEAST_BAR) * count / total / most, 1)
            yield Mark(
                f"search.html?tag={topic.slug}&year={years}",
                say("mark_period", total, period=_period_name(first, last), count=count),
                round(100 * (i + 0.5) / len(periods), 2),
                round(_BAR - height, 1),
                height,
            )


def _period_name(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


# --- topics that go together --------------------------------------------------------------------

_TOGETHER = 14
_CONSIDERED = 60
_STEP = 4.0  # hundredths; beside 14 columns a name of 24 letters has room on a phone
_LINE = 22  # pixels
_LARGEST = 6.5  # pixels: two of the largest dots do not touch on a phone
_PAIRS = 30


def matrix(topics: Iterable[Group], words: Words | None = None) -> Matrix | None:
    """The topics that share most papers, near ones side by side; None where none share any.

    A topic and those that it lies within go together by definition, which is not counted.
    """
    say, known = words or english(), {topic.slug: topic for topic in topics}
    large = sorted(known.values(), key=lambda topic: (-len(topic.papers), topic.slug))
    members = {topic.slug: topic.papers for topic in large[:_CONSIDERED]}
    parents = {topic.slug: topic.parent for topic in known.values()}
    shared = {
        (one, other): count
        for (one, other), count in glance.together(members).items()
        if one not in glance.kin(other, parents) and other not in glance.kin(one, parents)
    }
    row = _row(shared, members)
    number = {slug: i for i, slug in enumerate(row)}
    pairs = sorted(
        (-count, *_in_order(one, other, number))
        for (one, other), count in shared.items()
        if one in number and other in number
    )
    if not pairs:
        return None
    most = -pairs[0][0]
    marks = (
        Mark(
            f"search.html?tag={one}&tag={other}",
            say("mark_pair", -count, one=_plain(known[one]), other=_plain(known[other])),
            round((number[one] + 0.5) * _STEP, 2),
            number[other] * _LINE + _LINE / 2,
            round(1.5 + (_LARGEST - 1.5) * sqrt(-count / most), 1),
        )
        for count, one, other in pairs
    )
    table = ((_ref(known[one]), _ref(known[other]), -count) for count, one, other in pairs[:_PAIRS])
    refs = tuple(_ref(known[slug]) for slug in row)
    names = tuple(text.cut(_plain(known[slug]), _letters(i)) for i, slug in enumerate(row))
    return Matrix(refs, names, tuple(marks), tuple(table), _STEP, _LINE)


def _letters(row: int) -> int:
    """How many letters have room on a phone to the right of the diagonal."""
    return int(_PHONE[0] * (1 - (row + 0.5) * _STEP / 100) / _LETTER)


def _in_order(one: str, other: str, number: Mapping[str, int]) -> tuple[str, str]:
    return (one, other) if number[one] < number[other] else (other, one)


def _row(shared: Mapping[tuple[str, str], int], members: Mapping[str, Sequence[str]]) -> list[str]:
    """The topics that a matrix shows, in its order."""
    sums: dict[str, int] = {}
    for pair, count in shared.items():
        for slug in pair:
            sums[slug] = sums.get(slug, 0) + count
    most = sorted(sums, key=lambda slug: (-sums[slug], slug))[:_TOGETHER]

    def near(one: str, other: str) -> float:
        count = shared.get((one, other), 0) + shared.get((other, one), 0)
        return glance.likeness(count, len(members[one]), len(members[other]))

    return glance.chain(most, near)


# --- the map ------------------------------------------------------------------------------------

# Bytes that all dots of one map may take, and a dot without its id and its name.
_ROOM, _FRAME = 262_000, 57
_NAME, _SHORTEST = 90, 9  # letters of a dot's name
_AREAS = 40  # topics that may name a part of a map
_SMALLEST = 3  # papers that make a part
# How far a topic's papers lie from their middle, the nearer half of them, measured by a heap of
# as many dots: 1 is as near as can be. On the demo 1.8 is where a name stops telling the truth.
_CLEAR = 1.8
# Where fewer parts are so clear the clearest are named all the same, but none beyond this.
_AT_LEAST, _VAGUE = 6, 3.0


def fits(papers: Sequence[Paper]) -> bool:
    """Whether a map can show these papers themselves: few enough, with links short enough."""
    return len(papers) <= MOST_DOTS and _room(papers) >= _SHORTEST


def paper_map(papers: Sequence[Paper], topics: Iterable[Group], neighbours: Neighbours) -> Map:
    """The map of these papers, each a dot; of more than fit the first ones.

    `topics` name its parts; those that hold more than half of the papers name nothing.
    """
    return _paper_map(papers, _topics_of(topics), neighbours)


def paper_maps(
    mapped: Iterable[Group],
    papers: Mapping[str, Paper],
    topics: Iterable[Group],
    neighbours: Neighbours,
) -> Iterator[tuple[Group, Map]]:
    """For each of the `mapped` topics the map of its papers; `papers` are known by their ids."""
    topics_of = _topics_of(topics)
    for topic in mapped:
        yield topic, _paper_map([papers[id_] for id_ in topic.papers], topics_of, neighbours)


def _paper_map(
    papers: Sequence[Paper], topics_of: Mapping[str, Sequence[Group]], neighbours: Neighbours
) -> Map:
    shown = papers[:MOST_DOTS]
    while not fits(shown):
        shown = shown[: len(shown) * 9 // 10]
    room = min(_room(shown), _NAME)
    tied = glance.ties((paper.id for paper in shown), neighbours)
    spots = (
        Spot(paper.id, paper_path(paper.id), _name(paper, room), tied[paper.id]) for paper in shown
    )
    parts: dict[str, tuple[Group, list[str]]] = {}
    for paper in shown:
        for topic in topics_of.get(paper.id, ()):
            parts.setdefault(topic.slug, (topic, []))[1].append(paper.id)
    most = max(_SMALLEST, len(shown) // 2)
    areas = [part for part in parts.values() if _SMALLEST <= len(part[1]) <= most]
    areas.sort(key=lambda part: (-len(part[1]), part[0].slug))
    return Map(tuple(spots), tuple((_ref(topic), tuple(ids)) for topic, ids in areas[:_AREAS]))


def _topics_of(topics: Iterable[Group]) -> dict[str, list[Group]]:
    """The topics of each paper, by its id."""
    topics_of: dict[str, list[Group]] = {}
    for topic in topics:
        for id_ in topic.papers:
            topics_of.setdefault(id_, []).append(topic)
    return topics_of


def topic_map(topics: Iterable[Group], words: Words | None = None) -> Map:
    """The map of a large collection: its largest topics as dots, near those they share papers with.

    Each leads to the topic's own map (`map_path`).
    """
    shown = sorted(topics, key=lambda topic: (-len(topic.papers), topic.slug))[:MOST_TOPICS]
    size = {topic.slug: len(topic.papers) for topic in shown}
    neighbours: dict[str, list[tuple[str, float, tuple[str, ...]]]] = {slug: [] for slug in size}
    for (one, other), count in glance.together({t.slug: t.papers for t in shown}).items():
        near = glance.likeness(count, size[one], size[other])
        neighbours[one].append((other, near, ()))
        neighbours[other].append((one, near, ()))
    nearest = {
        slug: sorted(near, key=lambda each: (-each[1], each[0]))[:_NEAREST]
        for slug, near in neighbours.items()
    }
    tied, say = glance.ties(size, nearest), words or english()
    spots = (
        Spot(
            topic.slug,
            map_path(topic),
            say("mark_topic", len(topic.papers), name=_plain(topic)),
            tied[topic.slug],
            len(topic.papers),
        )
        for topic in shown
    )
    areas = ((replace(_ref(topic), path=map_path(topic)), ()) for topic in shown)
    return Map(tuple(spots), tuple(areas), of_topics=True)


_NEAREST = 6


def map_path(topic: Group) -> str:
    """Where a topic's own map lies; no slug has a dot, so it is no other topic's page."""
    return group_path(topic.kind, topic.slug, suffix=".map.html")


def _room(papers: Sequence[Paper]) -> int:
    """Letters that are left for each paper's name when all links have their bytes."""
    taken = sum(len(paper_path(paper.id)) + _FRAME for paper in papers)
    return (_ROOM - taken) // max(1, len(papers))


def _name(paper: Paper, room: int) -> str:
    """What a dot says, "Lovelace 1843: Notes on the engine", in so many bytes of HTML."""
    family = paper.authors[0].family if paper.authors else ""
    short = " ".join(filter(None, (family, str(paper.year or ""))))
    name = text.to_plain(": ".join(filter(None, (short, paper.title))))
    kept = _fitting(name, room - len("…".encode()))
    return name if kept == len(name) else name[:kept].rstrip() + "…"


def _fitting(name: str, room: int) -> int:
    """How many letters of a name have room in so many bytes of HTML."""
    most = min(len(name), room)
    if _size(name[:most]) <= room:
        return most
    return bisect_right(range(most), room, key=lambda kept: _size(name[:kept])) - 1


def _size(name: str) -> int:
    return len(escape(name).encode("utf-8", "replace"))


def _radius(size: int, most: int) -> float:
    """The radius of a topic's dot in pixels: areas are as the papers; of a paper's dot, nothing."""
    return round(3 + 13 * sqrt(size / most), 1) if size else 0.0


def _percent(part: float) -> float:
    """A place on the map in hundredths, with room for half a dot at the edges."""
    return round(2 + 96 * part, 1)


def _middle(ids: Sequence[str], at: Mapping[str, tuple[float, float]]) -> tuple[float, float]:
    """The dot-free middle of some dots: the median of either direction, which strays ignore."""
    half = len(ids) // 2
    return sorted(at[id_][0] for id_ in ids)[half], sorted(at[id_][1] for id_ in ids)[half]


def _scatter(ids: Sequence[str], at: Mapping[str, tuple[float, float]]) -> float:
    """How far some dots lie from their middle; see `_CLEAR`."""
    x, y = _middle(ids, at)
    far = sorted(sqrt((at[id_][0] - x) ** 2 + (at[id_][1] - y) ** 2) for id_ in ids)
    near = far[: (len(far) + 1) // 2]
    return round(sum(near) / len(near) / sqrt(len(ids) / len(at)), 3) * _HEAP


# Of a round heap the nearer half lie at 0.27 of √(its part of the map) from its middle.
_HEAP = 3.76


# --- names on the map ---------------------------------------------------------------------------

# The map's size in pixels on a desk and on a phone, as the style sheet draws it.
_DESK, _PHONE = (744, 558), (350, 438)
_LETTER, _HEIGHT = 7.2, 22  # pixels of a letter of a label, on average, and of its line
_LABELS = 24
_LONGEST = 40  # letters
# How far a name may move up or down, in hundredths of the height, to hide fewer dots.
_SHIFTS = (0.0, -1.5, 1.5, -3.0, 3.0, -4.5, 4.5)

_Box = tuple[float, float, float, float]


def _labels(middles: Iterable[tuple[Ref, float, float]], dots: Sequence[Mark]) -> Iterator[Label]:
    """Those names that overlap none before them; said for a phone too where they fit there.

    Each stands about the middle of its part, where it hides the fewest dots.
    """
    on_desk: list[_Box] = []
    on_phone: list[_Box] = []
    for ref, x, y in middles:
        name = text.cut(text.to_plain(ref.name), _LONGEST)
        anchor = "start" if x < 0.2 else "end" if x > 0.8 else "middle"
        left, middle = _percent(x), _percent(y)
        tops = [round(min(max(middle + shift, 2.5), 97.5), 1) for shift in _SHIFTS]
        free = [
            top
            for top in tops
            if not any(_overlap(_box(name, left, top, anchor, _DESK), box) for box in on_desk)
        ]
        if not free or len(on_desk) == _LABELS:
            continue
        top = min(free, key=lambda top: _hidden(_box(name, left, top, anchor, _DESK), dots))
        on_desk.append(_box(name, left, top, anchor, _DESK))
        small = _box(name, left, top, anchor, _PHONE)
        wide = any(_overlap(small, other) for other in on_phone) or not _inside(small, _PHONE)
        if not wide:
            on_phone.append(small)
        yield Label(Ref(ref.path, name, ref.count), left, top, anchor, wide)


def _hidden(box: _Box, dots: Iterable[Mark]) -> int:
    """How many dots lie under a name."""
    left, right = 100 * box[0] / _DESK[0], 100 * box[2] / _DESK[0]
    top, bottom = 100 * box[1] / _DESK[1], 100 * box[3] / _DESK[1]
    return sum(left < dot.x < right and top < dot.y < bottom for dot in dots)


def _box(name: str, left: float, top: float, anchor: str, size: tuple[int, int]) -> _Box:
    """The rectangle that a name takes on a map of this size: left, top, right, bottom."""
    width = _LETTER * len(name)
    x, y = left * size[0] / 100, top * size[1] / 100
    start = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
    return start, y - _HEIGHT / 2, start + width, y + _HEIGHT / 2


def _overlap(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _inside(box: _Box, size: tuple[int, int]) -> bool:
    return box[0] >= 0 and box[2] <= size[0]


_DOWN = ("top", "middle", "bottom")
_ACROSS = ("_left", "", "_right")


def _where(x: float, y: float) -> str:
    """A place on the map: "top_left", "middle"."""
    down, across = (min(int(part * 3), 2) for part in (y, x))
    return _DOWN[down] + _ACROSS[across]


def _nearest(
    ref: Ref, x: float, y: float, middles: Iterable[tuple[Ref, float, float]]
) -> tuple[Ref, ...]:
    """The three parts of the map nearest to one."""
    far = sorted(
        (round((x - other_x) ** 2 + (y - other_y) ** 2, 6), other.path, other.name)
        for other, other_x, other_y in middles
        if other.path != ref.path
    )
    return tuple(Ref(path, name) for _, path, name in far[:3])


# --- words --------------------------------------------------------------------------------------


def _ref(topic: Group) -> Ref:
    return Ref(group_path(topic.kind, topic.slug), _short(topic), len(topic.papers))


def _plain(topic: Group) -> str:
    return text.to_plain(_short(topic))


def _short(topic: Group) -> str:
    """A topic's name, as long as a table has room for."""
    return text.cut(topic.name, 60)
