"""The numbers of the collection at a glance: near lies near, periods hold enough, pairs count."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from generator import glance
from tests.timing import is_linear


def ring(count: int, step: int = 1) -> dict[str, list[tuple[str, int]]]:
    """So many dots, each tied to the next ones of a ring."""
    names = [f"p{number}" for number in range(count)]
    return {
        name: [(names[(i + far) % count], 4) for far in (-step, step)]
        for i, name in enumerate(names)
    }


def far(one: tuple[float, float], other: tuple[float, float]) -> float:
    """How far two dots lie apart, squared."""
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2


def test_ties_are_seen_from_both_sides_and_coarse() -> None:
    """A neighbour is tied whoever named it; scores are sixteenths, strangers count nothing."""
    found = glance.ties(["b", "a"], {"a": [("b", 0.2, ()), ("stranger", 0.9, ())]})
    assert found == {"a": (("b", 4),), "b": (("a", 4),)}


def test_near_the_same_stranger() -> None:
    """Two that are near one paper outside of the map are tied, as weakly as can be."""
    near = {"a": [("x", 0.9, ())], "b": [("x", 0.5, ())], "c": [("y", 0.5, ())]}
    assert glance.ties("abc", near) == {"a": (("b", 1),), "b": (("a", 1),), "c": ()}


def test_near_lies_near() -> None:
    """Two heaps without a tie between them lie apart."""
    heaps = {
        f"{heap}{i}": [(f"{heap}{j}", 8) for j in range(12) if j != i]
        for heap in "ab"
        for i in range(12)
    }
    at = glance.positions(heaps)
    within = [far(at[f"{h}{i}"], at[f"{h}{j}"]) for h in "ab" for i in range(12) for j in range(i)]
    between = [far(at[f"a{i}"], at[f"b{j}"]) for i in range(12) for j in range(12)]
    assert 2 * sum(within) / len(within) < sum(between) / len(between)


def test_every_dot_has_its_place() -> None:
    """No two dots of a map lie on one another, and it is filled from edge to edge."""
    at = glance.positions(ring(300, 7))
    assert len(set(at.values())) == 300
    for direction in (0, 1):
        values = [place[direction] for place in at.values()]
        assert (min(values), max(values)) == (0, 1)


def test_dots_give_way() -> None:
    """Dots that all pull at one another make no heap in one point: each keeps half of its room."""
    clan = {
        f"{clan}{i}": [(f"{clan}{j}", 9) for j in "12345"] for clan in "abcdefgh" for i in "12345"
    }
    places = [(4 / 3 * x, y) for x, y in glance.positions(clan).values()]
    nearest = min(far(one, other) for i, one in enumerate(places) for other in places[:i])
    assert nearest > (4 / 3) / 40 * 0.5**2


def test_a_lone_dot_stands_in_the_middle() -> None:
    """The smallest maps: none, and one."""
    assert glance.positions({}) == {}
    assert glance.positions({"a": ()}) == {"a": (0.5, 0.5)}


def test_one_more_moves_the_others_little() -> None:
    """An arrival without ties leaves half of the dots within a tenth of where they were."""
    papers = ring(150, 1)
    before, after = glance.positions(papers), glance.positions({**papers, "new": []})
    moved = sorted(far(before[id_], after[id_]) for id_ in papers)
    assert moved[len(moved) // 2] < 0.1**2


TIES = st.dictionaries(
    st.text("abc", min_size=1, max_size=4),
    st.lists(st.tuples(st.text("abc", min_size=1, max_size=4), st.integers(1, 20)), max_size=6),
    max_size=25,
)


@settings(max_examples=40)
@given(TIES)
def test_the_map_does_not_hang_on_any_order(tied: dict[str, list[tuple[str, int]]]) -> None:
    """The same places however dots and ties are sorted; all on the map, to three places."""
    turned = {id_: near[::-1] for id_, near in reversed(tied.items())}
    at = glance.positions(tied)
    assert at == glance.positions(turned)
    for x, y in at.values():
        assert 0 <= x <= 1 and 0 <= y <= 1
        assert (x, y) == (round(x, 3), round(y, 3))


@given(st.lists(st.tuples(st.floats(0, 1.3), st.floats(0, 1)), min_size=1, max_size=9), st.data())
def test_complex_numbers_are_two_of_the_usual(
    places: list[tuple[float, float]], data: st.DataObject
) -> None:
    """A step of all dots gives to the last bit what it would if either direction went alone."""
    pull = st.lists(st.tuples(st.integers(0, len(places) - 1), st.integers(1, 20)), max_size=5)
    pulls = [data.draw(pull) for _ in places]
    moved = glance._towards(
        [complex(*place) for place in places],
        [([(i, complex(w)) for i, w in near], complex(sum(w for _, w in near))) for near in pulls],
        glance._KEPT,
    )
    for axis in (0, 1):
        for place, near, found in zip(places, pulls, moved, strict=True):
            total = 0.0
            for other, weight in near:
                total += weight * places[other][axis]
            kept, all_ = 0.3, sum(weight for _, weight in near)
            alone = kept * place[axis] + (1 - kept) * total / all_ if all_ else place[axis]
            assert (found.real, found.imag)[axis] == alone


def test_maps_take_linear_time() -> None:
    """Also where all are tied to one, who pulls them together."""
    assert is_linear(lambda n: glance.positions(ring(n, 3)), 150)
    assert is_linear(lambda n: glance.positions({f"p{i}": [("p0", 9)] for i in range(n)}), 150)


def test_periods_hold_their_part() -> None:
    """A period ends with the year that fills it; the last holds what is left."""
    years = [1987, 1990, 2001, 2001, 2002, 2003, 2003, 2003, 2005]
    assert glance.periods(years, 3) == ((1987, 2001), (2002, 2005))
    assert glance.periods([]) == ()
    assert glance.periods([2001]) == ((2001, 2001),)


@given(st.lists(st.integers(1900, 2030)), st.integers(1, 12))
def test_every_paper_lies_in_one_period(years: list[int], most: int) -> None:
    """Periods are few, in order, do not overlap, and lose nobody."""
    cut = glance.periods(years, most)
    assert len(cut) <= most
    assert sum(glance.over_time(years, cut)) == len(years)
    assert list(cut) == sorted(cut)


def test_over_time_leaves_the_undated_out() -> None:
    """A paper without a year lies in no period."""
    assert glance.over_time([None, 2001, 2003], [(2000, 2001), (2002, 2003)]) == (1, 1)


def test_together_counts_papers() -> None:
    """Each two topics with the papers that have both; those that share none are not there."""
    assert glance.together({"s": "xyz", "t": "yz", "u": "w"}) == {("s", "t"): 2}


def test_a_paper_of_all_topics_is_no_square() -> None:
    """Of a paper's topics twenty count."""
    assert len(glance.together({f"t{i:03}": ["x"] for i in range(200)})) == 190


def test_likeness_weighs_size() -> None:
    """Sharing all is 1, sharing none 0."""
    assert [glance.likeness(4, 4, 4), glance.likeness(0, 4, 4)] == [1.0, 0.0]
    assert glance.likeness(2, 2, 8) == 0.5


def test_chain_puts_the_nearest_side_by_side() -> None:
    """Each is followed by the nearest that is left; ties go by slug."""
    row = glance.chain("adcb", lambda one, other: -abs(ord(one) - ord(other)))
    assert row == ["a", "b", "c", "d"]
    assert glance.chain("cba", lambda _, __: 0) == ["c", "a", "b"]


def test_kin_is_what_a_topic_lies_within() -> None:
    """Parents of parents too; a loop ends."""
    assert set(glance.kin("c", {"c": "b", "b": "a"})) == {"a", "b"}
    assert set(glance.kin("a", {"a": "b", "b": "a"})) == {"a", "b"}
