"""Related papers: near by telling words, explained, and little moved by what others do."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from generator import related
from generator.related import Neighbour, Text


def paper(id_: str, words: str, title: str = "", **rest: Sequence[str]) -> Text:
    """A paper whose abstract is these words."""
    return Text(id_, title.split(), words.split(), **rest)


def nearest(id_: str, *papers: Text) -> tuple[Neighbour, ...]:
    """The neighbours of one paper among all of them."""
    return related.related(papers)[id_]


FILLER = [paper(f"filler-{n}", f"unrelated{n} subject{n} matter{n}") for n in range(9)]


def test_shared_rare_words_make_neighbours() -> None:
    """Papers that share telling words are near and say which; in common words they are not."""
    found = nearest(
        "a",
        paper("a", "certified robustness of graph networks"),
        paper("b", "certified robustness for images"),
        paper("c", "the of for and with"),
        *FILLER,
    )
    ((id_, score, shared),) = found
    assert (id_, shared) == ("b", ("certified robustness",))
    assert 0.06 < score < 1


def test_nothing_shared_no_neighbour() -> None:
    """A paper unlike all others has no neighbours, and no paper is its own."""
    assert nearest("a", paper("a", "graph networks"), *FILLER) == ()


def test_title_counts_more() -> None:
    """A word shared by two titles is more than one shared by two abstracts."""
    found = nearest(
        "a",
        paper("a", "pruning lions", "octopus"),
        paper("by-abstract", "pruning", "walrus"),
        paper("by-title", "rabbits", "octopus"),
        *FILLER,
    )
    assert [id_ for id_, *_ in found] == ["by-title", "by-abstract"]


def test_singular_and_plural_are_one() -> None:
    """A word in the plural is the same word, and shown in the singular."""
    (found,) = nearest("a", paper("a", "octopus networks"), paper("b", "octopus network"), *FILLER)
    assert found[2] == ("octopus network",)


def test_authors_and_topics_add() -> None:
    """Shared authors bring papers nearer and are named; shared topics bring them nearer."""
    plain, written, tagged = (
        nearest(
            "a",
            paper("a", "octopus cats", authors=authors, tags=tags),
            paper("b", "octopus dogs", authors=authors, tags=tags),
            *FILLER,
        )
        for authors, tags in (((), ()), (("x",), ()), ((), ("t",)))
    )
    assert written[0][1] == round(plain[0][1] + 0.07, 4)
    assert written[0][2] == ("octopus", "same first author")
    assert tagged[0][1] == round(plain[0][1] + 0.1, 4)


def test_authors_in_common_are_counted() -> None:
    """Authors who are not both first are counted in words."""
    (found,) = nearest(
        "a",
        paper("a", "octopus", authors=["x", "y", "z"]),
        paper("b", "octopus", authors=["y", "z"]),
        *FILLER,
    )
    assert found[2] == ("octopus", "2 authors in common")


def test_at_most_six_ties_by_id() -> None:
    """Six neighbours at most; of equally near ones those whose ids come first."""
    others = [paper(f"p{n}", f"octopus garden own{n} song{n} line{n}") for n in range(9)]
    found = nearest("a", paper("a", "octopus garden mine"), *reversed(others), *FILLER)
    assert [id_ for id_, *_ in found] == [f"p{n}" for n in range(6)]


def test_near_duplicates_do_not_crowd() -> None:
    """Of neighbours that say the same only the first is shown."""
    same = "octopus garden under sea shade warm below storm"
    found = nearest(
        "a",
        paper("a", "octopus garden melody"),
        paper("b1", same),
        paper("b2", same),
        paper("c", "octopus melody piano violin"),
        *FILLER,
    )
    assert [id_ for id_, *_ in found if id_ != "c"] == ["b1"]


def test_unrelated_paper_changes_nothing() -> None:
    """A paper about something else leaves everyone's neighbours and scores as they were."""
    papers = [paper("a", "octopus garden"), paper("b", "octopus shade"), *FILLER]
    before = related.related(papers)
    after = related.related([*papers, paper("new", "zebra crossing")])
    assert {**before, "new": ()} == after


def test_common_words_lead_nowhere() -> None:
    """Work is bounded: two papers that share only what everyone has are not even compared."""
    papers = [paper(f"p{n}", f"octopus own{n} word{n}") for n in range(200)]
    assert not any(related.related(papers).values())


def test_empty() -> None:
    """No papers, papers without words: no neighbours and no complaint."""
    assert related.related([]) == {}
    assert related.related([Text("a"), Text("b")]) == {"a": (), "b": ()}


PAPERS = st.lists(
    st.builds(
        paper,
        st.uuids().map(str),
        st.lists(st.sampled_from(["red", "blue", "green", "ochre"])).map(" ".join),
        st.sampled_from(["", "red", "blue sky"]),
        authors=st.lists(st.sampled_from(["x", "y", "z"]), unique=True),
        tags=st.lists(st.sampled_from(["s", "t"]), unique=True),
    ),
    max_size=12,
    unique_by=lambda each: each.id,
)


@given(PAPERS)
def test_order_of_papers_does_not_matter(papers: list[Text]) -> None:
    """The same neighbours, scores and words, however the papers are sorted."""
    turned = papers[::-1]
    assert related.related(turned) == related.related(papers)


@given(PAPERS)
def test_scores_are_seen_alike_from_both_sides(papers: list[Text]) -> None:
    """A score has four places, falls along the list, and is the same in both directions."""
    found = related.related(papers)
    scores = {(one, other): score for one, near in found.items() for other, score, _ in near}
    for (one, other), score in scores.items():
        assert score == round(score, 4) == scores.get((other, one), score)
    for near in found.values():
        assert [score for _, score, _ in near] == sorted((s for _, s, _ in near), reverse=True)
