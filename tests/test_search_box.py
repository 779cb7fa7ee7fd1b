"""What people type is understood: `window.bibpress.search` without `plain`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from generator.search import Document, Facet
from tests.search_node import node
from tests.search_site import write_index

BARE = Document("", "", "", "", "", "", "")


def _paper(ref: str, title: str, **fields: str) -> Document:
    return replace(BARE, ref=ref, title=title, **fields)


PAPERS = (
    _paper("graphs", "Graph networks", abstract="A survey of deep learning on graphs."),
    _paper("graph", "Graph neural networks: a survey", authors="Can So; Łukasz Müller"),
    _paper(
        "cats",
        "A study of cats",
        abstract="Neural networks see graph after graph.",
        tags="survey",
        year="2020",
    ),
    _paper(
        "theory",
        "A theory of representation learning",
        authors="Flann O'Brien",
        venue="ICML",
        year="2019",
    ),
    _paper("tokyo", "東京都の地図", abstract="C++ and F#"),
)


FACETS = (
    Facet("tags", "graphs", "Graphs", ("graphs", "graph", "cats")),
    Facet("tags", "theory", "Theory", ("theory",)),
    Facet("authors", "can-so", "Can So", ("graph",)),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the index of the papers."""
    folder = tmp_path_factory.mktemp("box")
    write_index(folder, PAPERS, FACETS)
    return folder


def ask(folder: Path, *queries: str, **options: Any) -> list[list[str]]:
    """The ids that each query finds, best first."""
    answers = node("box", folder=str(folder), queries=queries, options=options)
    return [[hit["id"] for hit in answer] for answer in answers]


def answers(folder: Path, *asked: Sequence[Any], kinds: Sequence[str] = ()) -> Any:
    """What the page gets for each text, perhaps narrowed and sorted."""
    return node("answers", folder=str(folder), asked=asked, kinds=kinds)


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("graph neural networks: a survey", "graph"),
        ("Graph networks", "graphs"),
        ("survey of graph neural networks", "graph"),
        ("muller", "graph"),
        ("obrien", "theory"),
        ("representa", "theory"),
        ("representatio", "theory"),
        ("theories icml", "theory"),
        ("東", "tokyo"),
        ("京都", "tokyo"),
        ("c++", "tokyo"),
        ("can so", "graph"),
        ("CATS?", "cats"),
        ("title:theory", "theory"),
        ("graph -neural", "graphs"),
        ("representtion", "theory"),
        ("epresentation", "theory"),
        ("represenattion", "theory"),
        ("rrepresentation", "theory"),
        ("reprsentaton", "theory"),
        ("Mueller", "graph"),
    ],
)
def test_the_right_paper_comes_first(folder: Path, query: str, first: str) -> None:
    """All words beat some, titles weigh more, half a last word is enough, accents are optional.

    One typing error is forgiven, two in a long word.
    """
    ((found, *_),) = ask(folder, query)

    assert found == first


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("author:muller", {"graph"}),
        ("author:graph", set()),
        ("title:graph", {"graphs", "graph"}),
        ("title:graph author:so", {"graph"}),
        ("author:obrien graph", {"theory"}),
        ("venue:icml", {"theory"}),
        ("tag:survey", {"cats"}),
        ("topic:survey", {"cats"}),
        ("year:2020", {"cats"}),
        ("year:2019..2020", {"cats", "theory"}),
        ("year:..2019", {"theory"}),
        ("year:2020..", {"cats"}),
        ("year:undated", {"graphs", "graph", "tokyo"}),
        ("graph year:2020", {"cats"}),
        ("-graph", {"theory", "tokyo"}),
        ("-author:obrien year:2019..2020", {"cats"}),
        ('"graph neural"', {"graph"}),
        ("“graph neural”", {"graph"}),
        ('"neural graph"', set()),
        ('"theory of representation"', {"theory"}),
        ('graph -"neural networks"', {"graphs"}),
        ('title:"neural networks"', {"graph"}),
        ('author:"Łukasz Müller"', {"graph"}),
        ('author:"Müller Łukasz"', set()),
        ("+graph +survey", {"graphs", "graph", "cats"}),
        ("+graph -neural", {"graphs"}),
        ("net*", {"graphs", "graph", "cats"}),
        ("grap~1", {"graphs", "graph", "cats"}),
    ],
)
def test_what_is_asked_for_is_all_that_is_found(folder: Path, query: str, found: set[str]) -> None:
    """A field, a year, quotes and a minus hold without exception; Lunr's own signs as in Lunr."""
    (answer,) = ask(folder, query)

    assert set(answer) == found


@pytest.mark.parametrize("query", ["", "  ", "the of and", "nothinglikeit", "—", "😀", "*", "~1"])
def test_what_says_nothing_finds_nothing(folder: Path, query: str) -> None:
    """No word, only common words or an unknown one: an empty answer, not the whole collection."""
    assert ask(folder, query) == [[]]


def test_an_exact_word_needs_no_forgiveness(folder: Path) -> None:
    """A word that is found in enough papers is not taken for one like it."""
    (answer,) = answers(folder, ["graph"])

    assert answer["instead"] == []
    assert answer["marks"] == ["graph"]


def test_the_words_taken_for_a_mistyped_one_are_told(folder: Path) -> None:
    """So that the page can say what it shows."""
    (answer,) = answers(folder, ["represntation"])

    assert answer["instead"] == [["represntation", ["representation"]]]


def test_no_text_makes_the_box_throw(folder: Path) -> None:
    """Broken queries, huge ones and those that would keep Lunr busy for hours are just words."""
    texts = ("title:", "a:b:c", "+", "-", "+ -", '"', "c++", "graph~", "graph^", "graph~9", "\\",
             "\ud83d", "+—", "-the", "+graph bar~99", "a*b*c*d* +graph", "graph " * 2000,
             "x" * 10_000, "constructor", "__proto__:x", "title:graph^x", "year:", "year:..",
             "author:", '-""', '""', "-year:x", "year:x..y", '"graph', "- graph", "--graph",
             "author:-graph", "title:title:x", "constructor:graph", "__proto__:",
             "+title:", "\u0000", "a\nb\tc")  # fmt: skip
    found = ask(folder, *texts)

    assert [type(answer) for answer in found] == [list] * len(texts)


def test_the_limit_cuts_the_answer(folder: Path) -> None:
    """`limit` takes the best so many."""
    ((only,),) = ask(folder, "graph", limit=1)

    assert only == ask(folder, "graph")[0][0]


def test_a_plain_query_that_lunr_refuses_is_refused(folder: Path) -> None:
    """With `plain` the answer is Lunr's, its QueryParseError included."""
    options = {"plain": True}
    found = node("box", folder=str(folder), queries=["title:"], options=options)

    assert found == ["QueryParseError"]


# --- narrowing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("narrow", "found"),
    [
        ({"tags": ["graphs"]}, {"graphs", "graph", "cats"}),
        ({"tags": ["graphs"], "authors": ["can-so"]}, {"graph"}),
        ({"tags": ["graphs", "theory"]}, set()),
        ({"years": "2020"}, {"cats"}),
        ({"years": "2019..2020"}, {"cats", "theory"}),
        ({"years": "nonsense"}, set()),
        ({"tags": ["unknown"]}, set()),
    ],
)
def test_narrowing_without_a_text(folder: Path, narrow: object, found: set[str]) -> None:
    """Everything that has all of what is asked for."""
    (answer,) = answers(folder, ["", narrow])

    assert set(answer["ids"]) == found


def test_facets_count_the_answer(folder: Path) -> None:
    """Most papers first; what has none is not listed."""
    (answer,) = answers(folder, ["graph"], kinds=["tags", "years", "authors"])
    counts = {
        kind: [(value["slug"], value["count"]) for value in values]
        for kind, values in answer["facets"].items()
    }

    assert counts == {
        "tags": [("graphs", 3)],
        "years": [("2020", 1), ("undated", 2)],
        "authors": [("can-so", 1)],
    }


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("year", ["cats", "theory", "graph", "graphs", "tokyo"]),
        ("title", ["cats", "theory", "graphs", "graph", "tokyo"]),
    ],
)
def test_sorting(folder: Path, sort: str, found: list[str]) -> None:
    """By year the newest first and by title as in a register; equals by id."""
    (answer,) = answers(folder, ["", {"years": "0..9999"}, sort])

    assert answer["ids"] == found


def test_poor_answers_are_left_out_where_there_are_enough_good_ones(tmp_path: Path) -> None:
    """Five papers with both words: those with one of them are not shown; with fewer they are."""
    good = [_paper(f"good-{n}", "zebra fish") for n in range(5)]
    poor = [_paper(f"poor-{n}", "zebra finch") for n in range(5)]
    write_index(tmp_path / "many", [*good, *poor])
    write_index(tmp_path / "few", [*good[1:], *poor])

    assert len(ask(tmp_path / "many", "zebra fish ")[0]) == 5
    assert len(ask(tmp_path / "few", "zebra fish ")[0]) == 9
