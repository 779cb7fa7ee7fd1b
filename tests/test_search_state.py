"""An index made from the state of another is the index made from nothing, and little work."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.output import fingerprint
from generator.search import Document, Facet, Files, State, documents, files, parts, tables, texts
from generator.search.texts import Text, made, script
from tests.search_site import SEVERAL, paper
from tests.timing import is_linear

# Forms of one stem, stop words, words that are several, pairs of signs, and letters beyond U+FFFF
# beside letters that JavaScript sorts after them.
_WORDS = """
survey surveys surveyed graph graphs network the of can an learning learned deep-learning o'brien
x86/64 c++ f# 2020 GPT-3.5 Müller 東京都 𐐨 𐐨a \ufa0e
"""
VOCABULARY = _WORDS.split()

words = st.lists(st.sampled_from(VOCABULARY), max_size=12).map(" ".join)
names = st.lists(st.sampled_from(["Can So", "Łukasz Müller", "An Will"]), max_size=3).map(
    documents.joined
)


def papers_of(ref: int) -> st.SearchStrategy[Document]:
    """A paper of this number; most fields of most papers come again in others."""
    return st.builds(
        Document,
        ref=st.just(f"p{ref}"),
        title=words,
        abstract=words,
        authors=names,
        tags=names,
        venue=st.sampled_from(["", "ICML", "ICML; Learning"]),
        year=st.sampled_from(["", "2020", "2021"]),
    )


collections = st.lists(st.integers(0, 15), max_size=12, unique=True).flatmap(
    lambda refs: st.tuples(*map(papers_of, refs))
)


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[Document, ...]]:
    """A collection, and what becomes of it by a few changes: papers edited, added and removed."""
    history = [draw(collections)]
    for _ in range(draw(st.integers(1, 3))):
        now = {document.ref: document for document in history[-1]}
        now |= {document.ref: document for document in draw(collections)[:2]}
        for ref in draw(st.lists(st.sampled_from(sorted(now)), max_size=2)) if now else ():
            now.pop(ref, None)
        history.append(tuple(now.values()))
    return history


def facets_of(documents: Sequence[Document]) -> list[Facet]:
    """The authors of papers, as facets."""
    of: dict[str, list[str]] = {}
    for document in documents:
        for name in filter(None, document.authors.split("; ")):
            of.setdefault(name, []).append(document.ref)
    return [Facet("authors", name.lower(), name, tuple(refs)) for name, refs in of.items()]


def index(documents: Sequence[Document], before: State = parts.NOTHING) -> Files:
    """The index of some papers, whose BibTeX hangs on their titles."""
    entries = {document.ref: f"@misc{{{len(document.title)}}}" for document in documents}
    return files(documents, facets_of(documents), entries, {}, before)


def contents(made: Files) -> dict[str, bytes]:
    """The files of an index by path."""
    return {output.path: output.make(*output.args) for output in made.outputs}


@contextmanager
def small_parts() -> Iterator[None]:
    """A few rows in a part, a few papers in a file, one name for all; no index is too small."""
    letters = texts.letters

    def colliding(content: str) -> str:
        return letters(content) if content.startswith("same") else "same"

    with (
        patch.multiple(tables, LEAST=10, MOST=60),
        patch.multiple(parts, SHEAF=4, IDS=3, BLOCK=5, MOST=60, FEW=0),
        patch.object(texts, "letters", colliding),
    ):
        yield


@given(histories())
def test_an_index_from_a_state_is_the_one_from_nothing(
    history: list[tuple[Document, ...]],
) -> None:
    """After any changes: the same files, fingerprints and state, however long it is handed on."""
    with small_parts():
        state = parts.NOTHING
        for documents in history:
            now, clean = index(documents, state), index(documents)
            state = pickle.loads(pickle.dumps(now.state))  # noqa: S301 - just made

            assert now.head == clean.head
            assert contents(now) == contents(clean)
            assert repr(now.outputs) == repr(clean.outputs)
            assert state == clean.state


@given(collections, collections)
def test_any_state_will_do(documents: tuple[Document, ...], others: tuple[Document, ...]) -> None:
    """That of another collection too, and that of one in which two papers have one id."""
    with small_parts():
        clean = contents(index(documents))

        assert contents(index(documents, index(others).state)) == clean
        assert contents(index(documents, index((*documents, *others)).state)) == clean
        assert contents(index((*documents, *others), index(documents).state)) == contents(
            index((*documents, *others))
        )


def test_another_entry_makes_the_files_of_its_sheaf() -> None:
    """The BibTeX of a paper may change though nothing that is indexed does."""
    entries = {document.ref: "@misc{a}" for document in many(40)}
    before = files(many(40), (), entries, {})
    entries["p7"] = "@misc{b}"

    assert contents(files(many(40), (), entries, {}, before.state)) == contents(
        files(many(40), (), entries, {})
    )


@pytest.mark.parametrize("edit", ["edited", "gone", "come", "first"])
def test_numbers_that_take_three_letters(edit: str) -> None:
    """From 60,000 on: so long is a text, and so often does a word stand in it."""
    long = paper("long", abstract="alpha " * 60_001 + " ".join(f"w{n % 50}" for n in range(99)))
    others = [paper(f"p{n}", f"alpha {n}", year="2020") for n in range(9)]
    before = index([long, *others])
    papers = {
        "edited": [replace(long, abstract=f"beta {long.abstract}"), *others],
        "gone": others,
        "come": [long, *others, paper("q", "alpha beta", year="2020")],
        "first": [long, *others, paper("a", "alpha", year="2021")],
    }[edit]

    assert contents(index(papers, before.state)) == contents(index(papers))


# --- how much work ------------------------------------------------------------------------------


def many(count: int) -> list[Document]:
    """So many papers of forty words each, nearly all of their own."""
    return [
        paper(f"p{n}", f"Paper {n}", abstract=" ".join(f"w{n}x{i} v{i}" for i in range(20)))
        for n in range(count)
    ]


@contextmanager
def counted(module: Any, name: str) -> Iterator[list[int]]:
    """How long the first argument of each call of a function is."""
    calls: list[int] = []
    function = getattr(module, name)

    def count(given: Any, *rest: Any) -> Any:
        calls.append(len(given))
        return function(given, *rest)

    with patch.object(module, name, count):
        yield calls


def test_an_unchanged_collection_is_neither_counted_nor_written() -> None:
    """Not one document is read, not one part of a table written."""
    documents = many(200)
    before = index(documents)
    with counted(parts, "count") as read, counted(parts, "_written") as written:
        index(documents, before.state)

    assert sum(read) == 0
    assert written == []


def test_after_an_edit_one_paper_is_counted_and_few_parts_are_written() -> None:
    """It is counted as it was and as it is; parts are written where its words came and went."""
    documents = many(200)
    before = index(documents)
    documents[100] = replace(documents[100], abstract=f"{documents[100].abstract} zebra")
    with counted(parts, "count") as read, counted(parts, "_written") as written:
        index(documents, before.state)
    with counted(parts, "_written") as all_written:
        index(documents)

    assert sum(read) == 2
    assert 0 < len(written) < len(all_written) / 3


def test_a_paper_that_comes_is_counted_alone() -> None:
    """The others have other numbers, and are not read again."""
    before = index(many(200))
    with counted(parts, "count") as read:
        index([*many(200), paper("a", "The first of all")], before.state)

    assert sum(read) == 1


def test_text_of_one_word_takes_linear_time() -> None:
    """However often it stands there: made from nothing, and after an edit."""
    others = many(30)

    def work(size: int) -> None:
        document = paper("x", abstract="word " * size)
        before = index([*others, document])
        index([*others, replace(document, abstract="word " * (size + 1))], before.state)

    assert is_linear(work, 50_000)


# --- texts --------------------------------------------------------------------------------------


def test_a_fingerprint_needs_no_text() -> None:
    """It goes by the mark: a text that is not made yet has the fingerprint of one that is."""
    at_hand = index(SEVERAL).outputs

    def unmade() -> str:
        raise AssertionError

    for output in at_hand:
        name, text = output.args
        assert isinstance(text, Text)
        described = replace(output, args=(name, Text(text.known, unmade)))
        assert fingerprint(described, "") == fingerprint(output, "")


def test_other_texts_have_other_marks() -> None:
    """Or a file would stay that is to be another."""
    assert repr(made("a")) != repr(made("b"))
    assert made("a") == made("a") != made("b")


def test_a_text_travels_as_a_string() -> None:
    """To a worker, which makes the same file of it."""
    text = Text(made("it's").known, lambda: "it's")
    there = pickle.loads(pickle.dumps(text))  # noqa: S301 - just made

    assert there == "it's"
    assert script("ids/a", there) == script("ids/a", text) != script("ids/a", made("its"))
