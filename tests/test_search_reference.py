"""lunr (Python) as an independent reader of our index: it must find what is in the documents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

import pytest
from lunr.index import Index
from lunr.pipeline import Pipeline
from lunr.token import Token

from generator.search import Document, build
from generator.search.analysis import FIELDS, fold, stem, terms

WORDS = ["survey", "key", "array", "neural", "müller", "c++", "o'brien", "東京", "2021", "𝜸-model"]
DOCUMENTS = [
    Document("a", "A survey of keys", "We survey neural arrays.", "Jörg Müller", "", "", "2021"),
    Document("b", "C++ in 東京", "Neural. The 𝜸-model is ﬁne.", "Ann O'Brien", "Surveys", "", ""),
    Document("c", "Nothing", "", "", "", "Array Conference", "2021"),
]  # fmt: skip


def folded(token: Token, index: int, tokens: Sequence[Token]) -> Iterable[Token]:
    """`bibpress-fold` as lunr (Python) calls it."""
    del index, tokens
    return [Token(word, {}) for word in fold(str(token))]


def stemmed(token: Token, index: int, tokens: Sequence[Token]) -> Token:
    """The stemmer of Lunr.js: lunr's own gives other stems for some words ("survey")."""
    del index, tokens
    return Token(stem(str(token)), {})


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Index:
    """Our index, loaded by lunr."""
    functions = {"bibpress-fold": folded, "stemmer": stemmed}
    for label, function in functions.items():
        function.label = label  # type: ignore[attr-defined]  # how lunr names its functions
    monkeypatch.setattr(Pipeline, "registered_functions", functions)
    return Index.load(json.loads(build(DOCUMENTS)))


@pytest.mark.parametrize("word", WORDS)
def test_lunr_finds_what_the_documents_hold(index: Index, word: str) -> None:
    """For every word the hits are the documents that hold one of its terms in some field."""
    wanted = set(terms(word, "authors"))
    holding = {
        document.ref
        for document in DOCUMENTS
        if any(wanted & set(terms(getattr(document, field), field)) for field in FIELDS)
    }
    assert {hit["ref"] for hit in index.search(word)} == holding != set()


def test_a_field_is_searched_alone(index: Index) -> None:
    """`title:survey` does not find the paper that has the word among its topics only."""
    assert [hit["ref"] for hit in index.search("title:survey")] == ["a"]
