"""Related papers: near by telling words, explained, little moved by what others do, and quick."""

from __future__ import annotations

import gc
import pickle
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.related import Neighbour, State, Text, near, related, state, terms
from generator.related.rows import Rows
from generator.text import words
from generator.words import english
from tests.timing import is_linear


def paper(id_: str, abstract: str, title: str = "", **rest: Sequence[str]) -> Text:
    """A paper with its abstract first: that is what most tests are about."""
    return Text(id_, title, abstract, **rest)


def nearest(id_: str, *papers: Text) -> tuple[Neighbour, ...]:
    """The neighbours of one paper among all of them, what they share told in English."""
    found = related(papers)[0][id_]
    return tuple(
        (other, score, tuple(map(english().say, shared))) for other, score, shared in found
    )


FILLER = [paper(f"filler-{n}", f"unrelated{n} subject{n} matter{n}") for n in range(9)]


def test_what_a_run_works_with_is_let_go() -> None:
    """Nothing leads back to itself: a preview of 1,000 papers would keep 3 MB after each save."""
    gc.collect()
    gc.disable()
    try:
        related([paper("a", "Graphs of µ"), paper("b", "Graphs of µ"), *FILLER])
        left = [
            type(each) for each in gc.get_objects() if type(each) in (near.Shelf, terms.Vocabulary)
        ]
    finally:
        gc.enable()
    assert left == []


# --- what is near --------------------------------------------------------------------------------


def test_shared_rare_words_make_neighbours() -> None:
    """Papers that share telling words are near and say which; in common words they are not."""
    found = nearest(
        "a",
        paper("a", "Certified robustness of graph networks."),
        paper("b", "Certified robustness, for images"),
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


def test_words_that_tell_only_in_pairs() -> None:
    """Some words count only beside another: "model" is nothing, "octopus model" is."""
    alone = nearest("a", paper("a", "a model for lions"), paper("b", "rabbits in a model"), *FILLER)
    paired = nearest("a", paper("a", "octopus model"), paper("b", "octopus models"), *FILLER)
    assert (alone, paired[0][2]) == ((), ("octopus model",))


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


@pytest.mark.parametrize(
    ("mine", "theirs", "more", "said"),
    [
        (["b"], [], 0.1, "mentioned here"),
        ([], ["a"], 0.1, "mentions this paper"),
        (["z"], ["z"], 0.03, "one mention in common"),
        (["y", "z"], ["z", "y"], 0.06, "2 mentions in common"),
        (["z"], ["y"], 0.0, None),
    ],
)
def test_mentions_add(mine: list[str], theirs: list[str], more: float, said: str | None) -> None:
    """Papers are nearer where one mentions the other or both mention a third, and say so."""
    ((_, plain, _),) = nearest("a", paper("a", "octopus cats"), paper("b", "octopus dogs"), *FILLER)
    ((_, score, shared),) = nearest(
        "a",
        paper("a", "octopus cats", mentions=mine),
        paper("b", "octopus dogs", mentions=theirs),
        *FILLER,
    )
    assert score == round(plain + more, 4)
    assert shared == ("octopus", *([said] if said else []))


def test_words_then_authors_then_mentions() -> None:
    """What is shared is said in this order."""
    (found,) = nearest(
        "a",
        paper("a", "octopus", authors=["x"], mentions=["b"]),
        paper("b", "octopus", authors=["x"]),
        *FILLER,
    )
    assert found[2] == ("octopus", "same first author", "mentioned here")


def test_mention_alone_suffices() -> None:
    """Who mentions a paper is its neighbour, though they share no word."""
    (found,) = nearest("a", paper("a", "cats", mentions=["b"]), paper("b", "dogs"), *FILLER)
    assert found == ("b", 0.1, ("mentioned here",))


def test_at_most_six_ties_by_id() -> None:
    """Six neighbours at most; of equally near ones those whose ids come first."""
    others = [paper(f"p{n:02}", f"octopus garden own{n} song{n} line{n}") for n in range(20)]
    found = nearest("a", paper("a", "octopus garden mine"), *reversed(others), *FILLER)
    assert [id_ for id_, *_ in found] == [f"p{n:02}" for n in range(6)]


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
    before, _ = related(papers)
    after, _ = related([*papers, paper("new", "zebra crossing")])
    assert {**before, "new": ()} == after


def test_few_more_who_say_a_word_change_no_score() -> None:
    """Up to seven papers a word is equally rare: one more leaves the others' scores alone."""
    papers = [paper(f"p{n}", f"octopus own{n}") for n in range(6)]
    before, _ = related([*papers, *FILLER])
    after, _ = related([*papers, *FILLER, paper("z", "octopus fresh")])
    assert {id_: after[id_][:5] for id_ in before} == before


def test_common_words_lead_nowhere() -> None:
    """Work is bounded: two papers that share only what everyone has are not even compared."""
    papers = [paper(f"p{n}", f"octopus own{n} word{n}") for n in range(200)]
    assert not any(related(papers)[0].values())


def test_math_and_accents() -> None:
    """Formulas are read as text, accents folded, and what is shown is folded, too."""
    (found,) = nearest("a", paper("a", "Poincaré $O(n^2)$"), paper("b", "poincare embed"), *FILLER)
    assert found[2] == ("poincare",)


def test_empty() -> None:
    """No papers, papers without words: no neighbours and no complaint."""
    assert related([])[0] == {}
    assert related([Text("a"), Text("b")])[0] == {"a": (), "b": ()}


# --- what one run tells the next ------------------------------------------------------------------

RED = st.sampled_from(["red", "blue", "green", "ochre", "teal", "pink"])


def papers_by(ids: st.SearchStrategy[str]) -> st.SearchStrategy[Text]:
    """Papers of few words, so that they share most of them."""
    return st.builds(
        Text,
        ids,
        st.lists(RED, max_size=3).map(" ".join),
        st.lists(RED, max_size=7).map(" ".join),
        authors=st.lists(st.sampled_from("xyz"), unique=True, max_size=2),
        tags=st.lists(st.sampled_from("st"), unique=True, max_size=2),
        mentions=st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=2),
    )


ONE = papers_by(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
MANY = st.lists(ONE, max_size=24, unique_by=lambda each: each.id)
Edit = tuple[str, int, Text]
EDITS: st.SearchStrategy[list[Edit]] = st.lists(
    st.tuples(
        st.sampled_from(["add", "edit", "tie", "remove", "rename", "turn"]), st.integers(0, 99), ONE
    ),
    max_size=5,
)


def edited(papers: Sequence[Text], edit: Edit) -> list[Text]:
    """The papers after an edit; those that it cannot be applied to as they were."""
    what, number, new = edit
    at = number % len(papers) if papers else 0
    before, old, after = papers[:at], papers[at : at + 1], papers[at + 1 :]
    taken = new.id in {each.id for each in papers}
    it = old[0] if old else new
    tied = replace(it, authors=new.authors, tags=new.tags, mentions=new.mentions)
    made = {
        "add": [*old, *([] if taken else [new])],
        "edit": [replace(new, id=it.id)],
        "tie": [tied],
        "remove": [],
        "rename": [it if taken else replace(it, id=new.id)],
        "turn": old,
    }[what]
    return [*made, *after, *before] if what == "turn" else [*before, *made, *after]


@contextmanager
def small_numbers(common: int = 3, crowd: int = 5, candidates: int = 4) -> Iterator[None]:
    """What is common or too common is so among few papers, and states always serve."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (near, state):
            patch.setattr(module, "COMMON", common)
            patch.setattr(module, "TOO_COMMON", crowd)
        patch.setattr(near, "_CANDIDATES", candidates)
        patch.setattr(state, "_NEW", 9.0)
        yield


@settings(max_examples=400, deadline=None)
@given(MANY, EDITS, st.tuples(st.integers(2, 6), st.integers(3, 6), st.integers(3, 12)))
def test_memory_never_changes_the_result(
    papers: list[Text], edits: list[Edit], numbers: tuple[int, int, int]
) -> None:
    """After any edits the result with what earlier runs told is the one without."""
    with small_numbers(*numbers):
        _, carried = related(papers)
        for edit in edits:
            papers = edited(papers, edit)
            stored: State = pickle.loads(pickle.dumps(carried))  # noqa: S301 - made just here
            found, carried = related(papers, stored)
            clean, _ = related(papers)
            assert found == clean
            assert list(found) == [each.id for each in papers]


def test_word_that_becomes_too_common() -> None:
    """Where one more paper makes a word lead nowhere, all that have it are looked at again."""
    few = [*FILLER, *(paper(f"p{n}", f"octopus own{n}") for n in range(4))]
    many = [*few, paper("p4", "octopus own4")]
    with small_numbers():
        found, before = related(few)
        parted, after = related(many, before)
        assert (len(found["p0"]), parted["p0"]) == (3, ())
        assert related(few, after)[0] == found


@settings(max_examples=50, deadline=None)
@given(MANY, MANY)
def test_state_of_another_collection(papers: list[Text], others: list[Text]) -> None:
    """A state may come from anywhere: it helps less, and changes nothing."""
    assert related(papers, related(others)[1])[0] == related(papers)[0]


COLLECTION = [paper(f"p{n}", f"octopus{n % 9} lion{n % 7} own{n} pair{n}") for n in range(60)]


def counting(monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> list[object]:
    """The calls of a function from now on, each with its first argument."""
    called: list[object] = []
    real = getattr(owner, name)

    def counted(*given: object) -> object:
        called.append(given[0])
        return real(*given)

    monkeypatch.setattr(owner, name, counted)
    return called


def test_nothing_changed_no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an unchanged collection no text is read, and the state is given back as it is."""
    found, before = related(COLLECTION)
    read = counting(monkeypatch, state, "counted")
    assert related(COLLECTION, before) == (found, before)
    assert related(COLLECTION, before)[1] is before
    assert not read


def test_one_edit_reads_one_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """One edited abstract: one text is read, and only those it can reach are looked at again."""
    _, before = related(COLLECTION)
    read = counting(monkeypatch, state, "counted")
    looked = counting(monkeypatch, near.Shelf, "nearest")
    changed = replace(COLLECTION[0], abstract="octopus0 lion0 other words")
    related([changed, *COLLECTION[1:]], before)
    assert len(read) == 1
    assert 1 <= len(looked) < len(COLLECTION) / 2


def test_renamed_paper_is_not_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text is known by itself, not by the id of its paper."""
    _, before = related(COLLECTION)
    read = counting(monkeypatch, state, "counted")
    related([replace(COLLECTION[0], id="other"), *COLLECTION[1:]], before)
    assert not read


# --- properties ----------------------------------------------------------------------------------


@settings(deadline=None)
@given(MANY)
def test_order_of_papers_does_not_matter(papers: list[Text]) -> None:
    """The same neighbours, scores and words, however the papers are sorted."""
    assert related(papers[::-1])[0] == related(papers)[0]


@settings(deadline=None)
@given(MANY)
def test_scores_are_seen_alike_from_both_sides(papers: list[Text]) -> None:
    """A score has four places, falls along the list, and is the same in both directions."""
    found, _ = related(papers)
    scores = {(one, other): score for one, near in found.items() for other, score, _ in near}
    for (one, other), score in scores.items():
        assert score == round(score, 4) == scores.get((other, one), score)
    for neighbours in found.values():
        assert [n[1] for n in neighbours] == sorted((n[1] for n in neighbours), reverse=True)


@given(st.text(st.sampled_from("aB é\u0301\u3000-'ßﬁ１.－“Σς\u00a0яй")))
def test_read_gives_the_words_of_a_text(text: str) -> None:
    """Folding word by word is a short cut: it gives what the whole text gives."""
    numbers = terms.Vocabulary()
    assert numbers.read(text) == [numbers[word] for word in words(text)]


@given(st.lists(st.lists(st.integers(0, 9))), st.data())
def test_rows_changed(rows: list[list[int]], data: st.DataObject) -> None:
    """Rows are taken over from where they were, or are fresh ones."""
    old = Rows.of("I")
    for row in rows:
        old.append(row)
    origins = data.draw(st.lists(st.integers(-1, len(rows) - 1), max_size=9))
    fresh = {place: [place, 7] for place, origin in enumerate(origins) if origin < 0}
    made = old.changed(origins, fresh)
    assert [list(row) for row in made] == [
        fresh[place] if place in fresh else rows[origin] for place, origin in enumerate(origins)
    ]


# --- time ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        lambda size: "octopus " * size,
        lambda size: " ".join(f"word{n}" for n in range(size)),
        lambda size: "é" * size,
        lambda size: "octo\u0301pus-" * size,
    ],
)
def test_linear_in_the_text(text: Callable[[int], str]) -> None:
    """Time grows with a text's length, whatever is in it."""
    assert is_linear(lambda size: related([paper("a", text(size)), *FILLER]), 5_000)


def test_linear_in_papers() -> None:
    """Time grows with the number of papers, also where all say the same."""
    assert is_linear(
        lambda size: related([paper(f"p{n}", f"octopus garden own{n % 300}") for n in range(size)]),
        500,
    )
