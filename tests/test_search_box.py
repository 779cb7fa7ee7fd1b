"""What people type is understood: `window.bibpress.search` without `plain`."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from generator.search import Document, build
from tests.search_node import node

BARE = Document("", "", "", "", "", "", "")


def _paper(ref: str, title: str, **fields: str) -> Document:
    return replace(BARE, ref=ref, title=title, **fields)


PAPERS = (
    _paper("graphs", "Graph networks", abstract="A survey of deep learning on graphs."),
    _paper("graph", "Graph neural networks: a survey", authors="Can So; Łukasz Müller"),
    _paper("cats", "A study of cats", abstract="Neural networks see graph after graph."),
    _paper("theory", "A theory of representation learning", authors="Flann O'Brien", venue="ICML"),
    _paper("tokyo", "東京都の地図", abstract="C++ and F#"),
)


def ask(*queries: str, **options: Any) -> list[list[str]]:
    """The ids that each query finds, best first."""
    answers = node("box", index=json.loads(build(PAPERS)), queries=queries, options=options)
    return [[hit["id"] for hit in answer] for answer in answers]


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
    ],
)
def test_the_right_paper_comes_first(query: str, first: str) -> None:
    """All words beat some, titles weigh more, half a last word is enough, accents are optional."""
    ((found, *_),) = ask(query)

    assert found == first


@pytest.mark.parametrize("query", ["", "  ", "the of and", "nothinglikeit", "—", "😀", "*", "~1"])
def test_what_says_nothing_finds_nothing(query: str) -> None:
    """No word, only common words or an unknown one: an empty answer, not the whole collection."""
    assert ask(query) == [[]]


def test_no_text_makes_the_box_throw() -> None:
    """Broken queries, huge ones and those that would keep Lunr busy for hours are just words."""
    texts = ("title:", "a:b:c", "+", "-", "+ -", '"', "c++", "graph~", "graph^", "graph~9", "\\",
             "\ud83d", "+—", "-the", "+graph bar~99", "a*b*c*d* +graph", "graph " * 2000,
             "x" * 10_000, "constructor", "__proto__:x", "title:graph^x")  # fmt: skip
    answers = ask(*texts)

    assert [type(answer) for answer in answers] == [list] * len(texts)


def test_the_limit_cuts_the_answer() -> None:
    """`limit` takes the best so many."""
    ((only,),) = ask("graph", limit=1)

    assert only == ask("graph")[0][0]


def test_a_plain_query_that_lunr_refuses_is_refused() -> None:
    """With `plain` the answer is Lunr's, its QueryParseError included."""
    answers = node("box", index=json.loads(build(PAPERS)), queries=["title:"],
                   options={"plain": True})  # fmt: skip

    assert answers == ["QueryParseError"]
