"""Plots: what is shown, where it links to, and that no map outgrows its page."""

from __future__ import annotations

import pickle
import re
from dataclasses import replace
from html import escape
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import plots, theme
from generator.config import Site
from generator.model import Group, Name, Paper, Ref
from tests.timing import is_linear

LOOK, _ = theme.load(None)


def paper(id_: str, title: str = "On engines", year: int | None = 1843) -> Paper:
    """A paper by Lovelace."""
    return Paper(
        id_, id_, (), "misc", title, False, (Name("Lovelace", "Ada"),), year, "", "", (), (),
        "", "", (), (), (), (), (), (),
    )  # fmt: skip


def topic(slug: str, papers: str | list[str], parent: str = "") -> Group:
    """A topic of these papers."""
    return Group("tags", slug, slug.title(), tuple(papers), parent=parent)


def page(**plotted: object) -> str:
    """The page that shows these plots."""
    context: dict[str, object] = {
        "site": Site(), "root": "../", "path": "glance.html", "title": "At a glance",
        "here": "glance", "heading": "At a glance", "lead": "", "crumb": None, "years": (),
        "timeline": None, "matrix": None, "map": None, "left_out": 0, "map_page": None,
    }  # fmt: skip
    return theme.render(LOOK, "glance.html", context | plotted).decode()


YEARS = {"a": 2001, "b": 2001, "c": 2002, "d": 2002}


def test_bars_are_shares_of_their_time() -> None:
    """A bar's height is the topic's part of the period's papers; it leads to just these papers."""
    plot = plots.timeline([topic("all", "abcd"), topic("half", "ac")], YEARS)
    assert plot is not None
    half = next(row for row in plot.rows if row.ref.name == "Half")
    assert [bar.path for bar in half.bars] == [
        "search.html?tag=half&year=2001",
        "search.html?tag=half&year=2002",
    ]
    assert half.bars[0].name == "2001: 1 of 2 papers"
    assert half.bars[0].size == 13
    assert plot.rows[0].bars[0].size == 24


def test_who_had_their_time_first_stand_first() -> None:
    """Rows are in the order of time, topics without a dated paper are not there."""
    plot = plots.timeline([topic("new", "cd"), topic("old", "ab"), topic("never", "x")], YEARS)
    assert plot is not None
    assert [row.ref.name for row in plot.rows] == ["Old", "New"]
    assert [row.counts for row in plot.rows] == [(2, 0), (0, 2)]


@pytest.mark.parametrize("years", [{}, {"a": 2001}])
def test_one_period_is_no_time(years: dict[str, int]) -> None:
    """Without two periods, or without topics, there is no plot of time."""
    assert plots.timeline([topic("t", "a")], years) is None
    assert plots.timeline([], YEARS) is None


def test_pairs_link_to_what_they_share() -> None:
    """A dot lies in the row of one topic and the column of the other."""
    plot = plots.matrix([topic("s", "abc"), topic("t", "bcd"), topic("lone", "e")])
    assert plot is not None
    assert [ref.name for ref in plot.refs] == ["S", "T"]
    (mark,) = plot.marks
    assert (mark.path, mark.name) == ("search.html?tag=s&tag=t", "S and T: 2 papers")
    assert (mark.x, mark.y) == (2, 33)


def test_kin_do_not_go_together() -> None:
    """A topic shares all papers with what it lies within, however far above; that says nothing."""
    family = [topic("a", "xyz"), topic("b", "xy", "a"), topic("c", "x", "b")]
    assert plots.matrix(family) is None
    assert plots.matrix([topic("a", "x", "b"), topic("b", "x")]) is None


def test_a_dot_says_who_when_and_what() -> None:
    """The name of a dot; a long one is cut to what room there is, markup and all."""
    (spot,) = plots.paper_map([paper("x")], [], {}).spots
    assert (spot.path, spot.name) == ("papers/x.html", "Lovelace 1843: On engines")
    (spot,) = plots.paper_map([paper("x", "&" * 200)], [], {}).spots
    assert len(escape(spot.name).encode()) <= 90
    assert spot.name.endswith("&…")


@given(st.text("aé&'\" \ud800", max_size=30), st.integers(9, 60))
def test_names_fill_their_room(title: str, room: int) -> None:
    """A name has as many of its letters as have room, and an ellipsis where some have not."""
    whole = f"Lovelace 1843: {title}" if title else "Lovelace 1843"
    name = plots._name(paper("x", title), room)
    most = room - len("…".encode())

    def size(part: str) -> int:
        return len(escape(part).encode("utf-8", "replace"))

    if size(whole) <= most:
        assert name == whole
    else:
        kept = next(n for n in range(len(whole), -1, -1) if size(whole[:n]) <= most)
        assert name == whole[:kept].rstrip() + "…"


def test_maps_of_topics_are_those_of_their_papers() -> None:
    """All maps together are the same as each alone."""
    papers = {id_: paper(id_) for id_ in "abcdefgh"}
    topics = [topic("s", "abcdef"), topic("t", "abc"), topic("u", "fgh")]
    near = {"a": [("b", 0.5, ()), ("h", 0.4, ())]}
    made = list(plots.paper_maps(topics[:2], papers, topics, near))
    assert made == [
        (one, plots.paper_map([papers[id_] for id_ in one.papers], topics, near))
        for one in topics[:2]
    ]
    assert [ref.path for ref, _ in made[0][1].areas] == ["tags/t.html"]


def test_maps_are_planned_in_linear_time() -> None:
    """Twice the topics of half the papers each take as long: no topic looks at all others."""

    def plan(size: int) -> None:
        papers = {f"p{n}": paper(f"p{n}") for n in range(size)}
        ids = list(papers)
        topics = [topic(f"t{n}", ids[4 * n : 4 * n + 4]) for n in range(size // 4)]
        assert (
            sum(len(made.spots) for _, made in plots.paper_maps(topics, papers, topics, {})) == size
        )

    assert is_linear(plan, 512)  # of which a sixteenth is whole topics, too


def test_an_unmade_map_is_its_input() -> None:
    """The layout is no part of a map's `repr`, and travels or not as it likes."""
    one = plots.paper_map([paper("x"), paper("y")], [topic("t", "xy")], {})
    before = repr(one)
    assert len(one.dots) == 2
    assert repr(one) == before == repr(pickle.loads(pickle.dumps(one)))  # noqa: S301 - our own
    assert one == plots.paper_map([paper("x"), paper("y")], [topic("t", "xy")], {})


def test_more_than_fit_are_told_by_their_topics() -> None:
    """Too many papers do not fit, nor do fewer with the longest addresses there are."""
    many = [paper(f"p{i}") for i in range(plots.MOST_DOTS)]
    assert plots.fits(many)
    assert not plots.fits([*many, paper("one-more")])
    assert not plots.fits([paper(f"{i:080}") for i in range(plots.MOST_DOTS)])


def test_a_topic_s_dot_leads_to_its_map() -> None:
    """Areas of dots are as the papers; topics that share papers are tied."""
    plot = plots.topic_map([topic("s", "abcd"), topic("t", "d")])
    assert [(d.path, d.name, d.size) for d in plot.dots] == [
        ("tags/s.map.html", "S: 4 papers", 16.0),
        ("tags/t.map.html", "T: 1 paper", 9.5),
    ]
    assert plot.spots[1].tied == (("s", 9),)


def heaps() -> plots.Map:
    """Four heaps of papers, two with a topic, and a topic here and there."""
    names = {heap: [f"{heap}{i:02}" for i in range(10)] for heap in "abcd"}
    near = {
        one: [(other, 0.6, ()) for other in heap if other != one]
        for heap in names.values()
        for one in heap
    }
    stray = topic("stray", [id_ for heap in names.values() for id_ in heap[:3]])
    topics = [topic("apples", names["a"]), topic("bread", names["b"]), stray]
    return plots.paper_map([paper(id_) for heap in names.values() for id_ in heap], topics, near)


def test_names_stand_where_a_topic_gathers() -> None:
    """A topic that lies in one place is named there, one that lies everywhere is not."""
    made = heaps()
    assert {label.ref.name for label in made.labels} == {"Apples", "Bread"}
    told = {ref.name: [other.name for other in beside] for ref, _, beside in made.table}
    assert told == {"Apples": ["Bread"], "Bread": ["Apples"]}


def test_a_map_without_clear_parts_names_the_clearest() -> None:
    """Where no topic gathers well the best are named all the same, those all over never."""
    papers = [f"p{i:02}" for i in range(60)]
    near = {one: [(other, 0.5, ())] for one, other in pairwise(papers)}
    loose = topic("loose", papers[:24:2])
    plot = plots.paper_map([paper(id_) for id_ in papers], [loose], near)
    assert len(plot.table) <= 1
    assert ("<details" in page(map=plot)) == bool(plot.table)


def test_names_do_not_overlap() -> None:
    """Of two names in one place the clearer stands."""
    made = heaps()
    twice = replace(
        made, areas=(*made.areas, *((replace(r, path="z"), ids) for r, ids in made.areas))
    )
    boxes = [plots._box(x.ref.name, x.x, x.y, x.anchor, plots._DESK) for x in twice.labels]
    assert not any(plots._overlap(a, b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_every_dot_is_a_link_with_a_name() -> None:
    """On the page each paper has its link, its name and its dot; nothing is styled inline."""
    html = page(map=heaps())
    dots = re.findall(
        r'<a href="\.\./papers/\w+\.html"><title>[^<]+</title><circle cx="[\d.]+%" [^>]+/>', html
    )
    assert len(dots) == 40
    assert "style=" not in html


def test_every_plot_has_its_table() -> None:
    """Numbers in words: one table each, and no mark is reached by the keyboard but by its table."""
    topics = [topic("s", "abc"), topic("t", "bcd")]
    html = page(timeline=plots.timeline(topics, YEARS), matrix=plots.matrix(topics))
    assert html.count("<table>") == html.count("<details>") == 2
    assert "search.html?tag=s&amp;tag=t" in html


def test_a_map_is_under_300_kb() -> None:
    """Two thousand dots with usual addresses and the worst of names fit a page."""
    many = [paper(f"{i:04}-lovelace-1843-{'x' * 30}", "&'\"<>" * 30) for i in range(2000)]
    assert plots.fits(many)
    assert len(page(map=plots.paper_map(many, [], {})).encode()) <= 300_000


def test_a_page_of_hostile_topics_is_small() -> None:
    """Three thousand topics with endless names: the page shows the largest, and is under 300 KB."""
    topics = [replace(topic(f"t{i:04}", "abcd"), name="W" * 300) for i in range(3000)]
    parts = plots.timeline(topics, YEARS), plots.matrix(topics), plots.topic_map(topics)
    html = page(timeline=parts[0], matrix=parts[1], map=parts[2])
    assert len(html.encode()) <= 300_000


def test_a_large_map_is_elsewhere() -> None:
    """Where the map has a page of its own, the page of plots leads there."""
    assert 'href="../map.html"' in page(map_page=Ref("map.html", "The map"))
