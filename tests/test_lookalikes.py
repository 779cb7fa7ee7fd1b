"""Which papers may be one, and what is said of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import lookalikes as module
from generator.identity import Decisions, decided, merge
from generator.lookalikes import Keys, keys, lookalikes, problem
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


WORDS = st.lists(st.sampled_from(("fold", "napkin", "very", "large", "iv", "2")), max_size=9)


@given(st.lists(st.tuples(WORDS, st.booleans(), st.integers(0, 3)), max_size=8))
def test_remembered_keys_are_as_good(texts: list[tuple[list[str], bool, int]]) -> None:
    """With all, some or none of the keys known before, the same pairs look alike."""
    papers = [
        replace(
            paper(f"p{n}", n + 1, title=" ".join(words) or "None", doi=f"10.1/{n}"),
            title_derived=derived,
            abstract=" ".join(ABSTRACT.split()[start:]),
        )
        for n, (words, derived, start) in enumerate(texts)
    ]
    known = {each.id: keys(each.title, each.title_derived, each.abstract) for each in papers}
    alone = lookalikes(papers)
    assert lookalikes(papers, None, dict(list(known.items())[::2])) == alone
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "keys", None)
        assert lookalikes(papers, None, known) == alone


def test_keys_of_titles() -> None:
    """Titles have a key in common where their words are the same but for one, in any order."""

    def meet(one: str, other: str) -> bool:
        return not set(keys(one, False, "").blocks).isdisjoint(keys(other, False, "").blocks)

    assert meet(T, "Large napkins: learning to fold very")
    assert meet(T, T.replace("napkins", "towels"))
    assert meet(T, T.replace("very ", ""))
    assert not meet(T, T.replace("very large", "small dirty"))
    assert keys(T, True, "") == Keys((), ())


def test_strangers_that_meet_by_chance() -> None:
    """Two papers with one key, whatever it is of, look no more alike than before."""
    one, other = paper("a", 1, title=T), paper("b", 2, title="Something else entirely, of birds")
    assert lookalikes([one, other], None, dict.fromkeys("ab", Keys((1,), ()))) == ()


def long(letter: str, opening: str = "") -> str:
    """An abstract of three hundred words of its own."""
    return " ".join([opening, *(f"word{n}{letter}" for n in range(300))])


def test_samples_tell_what_is_worth_comparing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Abstracts that begin alike meet, and are not read again unless there is more to it."""
    opening = " ".join(f"shared{n}" for n in range(20))
    texts = [long(letter, opening) for letter in "abc"]
    papers = [paper(f"p{n}", n, title=f"On {n}", abstract=words) for n, words in enumerate(texts)]
    blocks = [set(keys("", True, words).blocks) for words in texts]
    assert blocks[0] & blocks[1] & blocks[2]
    with monkeypatch.context() as patch:
        patch.setattr(module, "_compare", None)
        assert lookalikes(papers) == ()
    again = paper("again", 9, title="On again", abstract=long("a"))
    (pair,) = lookalikes([*papers, again])
    assert (pair.first.id, pair.second.id) == ("p0", "again")


def test_titles_are_worth_comparing() -> None:
    """Of two papers with one title nothing in the abstracts is needed, and nothing gainsays it."""
    one, other = ({"title": T, "authors": NG, "abstract": long(letter)} for letter in "ab")
    assert "the same title, the same authors" in found(one, {**other, "doi": "10.1/b"})


@pytest.mark.parametrize(
    ("runs", "shared", "worth"),
    [(11, 0, True), (12, 2, False), (12, 3, True), (40, 9, False), (40, 10, True)],
)
def test_what_is_worth_comparing(runs: int, shared: int, worth: bool) -> None:
    """From twelve sampled runs on a quarter of the fewer must be shared."""
    more = tuple(range(1000, 1100))
    one, other = Keys((), tuple(range(runs))), Keys((), (*range(shared), *more))
    assert module._are_worth_it(one, other) == module._are_worth_it(other, one) == worth


@pytest.mark.parametrize("piece", ["word{} ", "a ", "1 ", "word{}", "é{} ", "$x${} "])
def test_keys_take_linear_time(piece: str) -> None:
    """A title or an abstract of any length is read in proportion to it."""

    def hostile(size: int) -> str:
        return "".join(piece.format(n) for n in range(size))

    assert is_linear(lambda size: keys(hostile(size), False, ""), 3_000)
    assert is_linear(lambda size: keys("", False, hostile(size)), 3_000)


def test_long_titles_are_compared_in_linear_time() -> None:
    """Two titles of thousands of words that differ in one are told apart soon."""

    def pair(size: int) -> list[Paper]:
        title = " ".join(f"word{'x' * (n % 7)}{chr(97 + n % 26)}" for n in range(size))
        return [paper("a", 1, title=title), paper("b", 2, title=f"{title} more")]

    (found,) = lookalikes(pair(100))
    assert found.evidence == ("the same title but for a word",)
    assert is_linear(lambda size: lookalikes(pair(size)), 2_000)
