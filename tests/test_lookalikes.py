"""Which papers may be one, and what is said of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.identity import Decisions, decided, merge
from generator.lookalikes import lookalikes, problem
from generator.model import Name, Paper, Record, Where
from tests.timing import is_linear

ABSTRACT = " ".join(f"word{n} and then w{n}" for n in range(40))
T = "Learning to fold very large napkins"
NG, LI = (Name("Ng"),), (Name("Li"),)


def paper(id_: str, line: int, **fields: Any) -> Paper:
    """A paper of one record on a line of its own, with an id."""
    (made,) = merge([Record(Where("a.bib", line), "bib", **fields)])
    return replace(made, id=id_, key=id_)


def found(one: dict[str, Any], other: dict[str, Any]) -> str:
    """What is said of two papers; nothing where they do not look alike."""
    pairs = lookalikes([paper("a", 1, **one), paper("b", 2, **other)])
    return str(problem(pairs[0], decidable=True)) if pairs else ""


ALIKE: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "one title, two DOIs": (
        {"title": T, "authors": NG, "doi": "10.1/a"},
        {"title": T, "authors": NG, "doi": "10.1/b"},
        "the same title, the same authors; but the DOIs differ",
    ),
    "one title, two years": (
        {"title": T, "authors": NG, "year": 2001},
        {"title": T, "authors": NG, "year": 2009},
        "the same title, the same authors; but 2001 and 2009",
    ),
    "a misspelt title": (
        {"title": T, "authors": NG},
        {"title": T.replace("napkins", "napkinns"), "authors": NG},
        "the same title but for a word, the same authors",
    ),
    "a word more": (
        {"title": T, "authors": NG + LI},
        {"title": f"{T} quickly", "authors": NG},
        "the same title but for a word, 1 author in common",
    ),
    "an abstract that was cut, under another title": (
        {"title": T, "abstract": ABSTRACT},
        {"title": "Folding", "abstract": ABSTRACT[: len(ABSTRACT) * 2 // 3]},
        "the same abstract",
    ),
    "an abstract with a sentence less at its beginning": (
        {"title": T, "abstract": f"These words stand before all others. {ABSTRACT}"},
        {"title": "Folding", "abstract": f"{ABSTRACT} And these words come after them all."},
        "90 % of the abstract",
    ),
}


@pytest.mark.parametrize(("one", "other", "said"), ALIKE.values(), ids=ALIKE.keys())
def test_alike(one: dict[str, Any], other: dict[str, Any], said: str) -> None:
    """The note at the later paper names the earlier one, and says what speaks for and against."""
    note = found(one, other)
    assert note.startswith("a.bib:2: may be a.bib:1, ") and said in note


DIFFERENT: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "one title of two people": ({"title": T, "authors": NG}, {"title": T, "authors": LI}),
    "parts of a series": (
        {"title": f"{T}: Part I", "authors": NG},
        {"title": f"{T}: Part II", "authors": NG},
    ),
    "yearly reports": (
        {"title": f"{T} 2001", "authors": NG},
        {"title": f"{T} 2002", "authors": NG},
    ),
    "a title that everybody uses": ({"title": "Preface"}, {"title": "Preface"}),
    "a short title but for a word": (
        {"title": "Folding napkins", "authors": NG},
        {"title": "Folding large napkins", "authors": NG},
    ),
    "abstracts that begin alike": (
        {"title": T, "abstract": "We fold. " * 5 + ABSTRACT},
        {"title": "Folding", "abstract": "We fold. " * 5 + " ".join(reversed(ABSTRACT.split()))},
    ),
}


@pytest.mark.parametrize(("one", "other"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_different(one: dict[str, Any], other: dict[str, Any]) -> None:
    """What is in the nature of two papers is no evidence that they are one."""
    assert not found(one, other)


def test_the_entry_decides() -> None:
    """What the note says to write, written as apart, silences it."""
    alike = {"title": T, "authors": NG}
    papers = [paper("a", 1, doi="10.1/a", **alike), paper("b", 2, doi="10.1/b", **alike)]
    (pair,) = lookalikes(papers)
    assert pair.entry == '["a", "b"]' and pair.entry in str(problem(pair, decidable=True))
    said, _ = decided(Decisions(apart=(("a", "b"),)), papers)
    assert lookalikes(papers, said) == ()


def test_no_entry_where_none_is_read() -> None:
    """Without a site folder there is nowhere to write a decision, so none is asked for."""
    alike = {"title": T, "authors": NG}
    (pair,) = lookalikes([paper("a", 1, **alike), paper("b", 2, **alike, doi="10.1/b")])
    assert "papers.toml" not in str(problem(pair, decidable=False))


@given(st.permutations(range(6)))
def test_the_order_does_not_matter(order: list[int]) -> None:
    """The same pairs, the earlier in the sources first, in whatever order the papers come."""
    papers = [
        paper(f"p{n}", n + 1, title=T + ("", " now")[n % 2], authors=NG, doi=f"10.1/{n}")
        for n in range(6)
    ]
    assert lookalikes([papers[n] for n in order]) == lookalikes(papers)


def test_one_title_a_thousand_times_is_linear() -> None:
    """Ten thousand entries of one title are each compared with the first, not with one another."""

    def crowd(size: int) -> list[Paper]:
        return [paper(f"p{n}", n + 1, title=T, doi=f"10.1/{n}") for n in range(size)]

    assert len(lookalikes(crowd(40))) == 39
    assert is_linear(lambda size: lookalikes(crowd(size)), 400)
