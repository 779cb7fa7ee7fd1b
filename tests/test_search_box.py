"""What people type is understood: `window.bibpress.search` without `plain`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from generator.search import Document, Facet
from generator.search.analysis import stem
from tests.search_node import node
from tests.search_site import FACETS, PAPERS, paper, write_index


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
        ("year:2020-2019", {"cats", "theory"}),
        ("conference", set()),
        ("venue:conference", {"theory"}),
        ("icml", {"theory"}),
        ('"of the" graph', {"graphs", "graph", "cats"}),
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
        ('author:"Müller, Łukasz"', {"graph"}),
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


# --- the rules at their borders -----------------------------------------------------------------

WORD = "zebrafish"


def order(folder: Path, query: str, *papers: Document) -> list[str]:
    """The ids that a query finds among these papers, best first."""
    write_index(folder, papers)
    return ask(folder, query)[0]


def taken(folder: Path, query: str, *papers: Document) -> list[str]:
    """The terms that a query may mean, among these papers."""
    write_index(folder, papers)
    (answer,) = answers(folder, [query])
    marks: list[str] = answer["marks"]
    return marks


def test_all_words_beat_some(tmp_path: Path) -> None:
    """However often and prominently a paper has one of two words."""
    one = paper("a", f"{WORD} {WORD} {WORD}", abstract=f"{WORD} {WORD}", tags=WORD)
    both = paper("b", abstract=f"A finch, a cow, a {WORD} and so on, not much of each.")

    assert order(tmp_path, f"{WORD} finch ", one, both) == ["b", "a"]


def test_places_weigh_in_this_order(tmp_path: Path) -> None:
    """The title, the first author, any author, topics, the abstract, the venue."""
    found = order(
        tmp_path,
        f"{WORD} ",
        paper("f", "A book", authors=f"Ann {WORD}"),
        paper("e", "A book", authors=f"Ann Ant; Bob {WORD}"),
        paper("d", "A book", tags=WORD),
        paper("c", "A book", abstract=WORD),
        paper("b", "A book", venue=WORD),
        paper("g", f"A book on {WORD}"),
    )

    assert found == ["g", "f", "e", "d", "c", "b"]


def test_long_abstracts_say_less(tmp_path: Path) -> None:
    """A word among five hundred others is worth less than one among a few."""
    filler = " ".join(f"word{n}" for n in range(500))
    long = paper("a", abstract=f"{WORD} {filler}")
    short = paper("b", abstract=f"{WORD} alone")

    assert order(tmp_path, f"{WORD} ", long, short) == ["b", "a"]


def test_a_title_typed_in_full_comes_first(tmp_path: Path) -> None:
    """Whatever else others have, and whether or not it goes on with the same words."""
    rivals = [
        paper("a", "Deep finches again", abstract="deep finches " * 5, tags="deep finches"),
        paper("b", "Deep finches, deep finches", abstract="deep finches " * 9),
    ]
    for query in ("Deep finches", "deep finches ", "Deep, finches!"):
        assert order(tmp_path, query, *rivals, paper("z", "Deep Finches"))[0] == "z"


def test_the_word_itself_beats_what_it_may_become(tmp_path: Path) -> None:
    """Typed "zeb" that is found before "zebra", typed "zebrafich" that before "zebrafish"."""
    assert order(tmp_path, "zeb", paper("a", tags="zebra"), paper("b", tags="zeb")) == ["b", "a"]
    found = order(tmp_path, "zebrafich ", paper("a", tags=WORD), paper("b", tags="zebrafich"))
    assert found == ["b", "a"]


def test_a_word_is_found_among_many_that_begin_like_it(tmp_path: Path) -> None:
    """Only forty commoner ones are taken for what it may become; itself it stays."""
    others = [paper(f"a{n}", tags=f"net{n:03} net{n:03}x net{n:03}") for n in range(60)]
    found = order(tmp_path, "net", *others, paper("z", "Net"))

    assert found[0] == "z"
    assert len(found) < 60


@pytest.mark.parametrize(("typed", "is_found"), [("ze", False), ("zeb", True)])
def test_three_letters_may_begin_a_word(tmp_path: Path, typed: str, is_found: bool) -> None:
    """Fewer begin too many."""
    assert bool(order(tmp_path, typed, paper("a", WORD))) is is_found


@pytest.mark.parametrize(
    ("typed", "meant", "is_taken"),
    [
        ("lins", "lions", True),  # five letters were meant
        ("lin", "lion", False),
        ("lionn", "lion", False),
        ("lionss", "lions", True),
        ("finhces", "finches", True),  # two letters in each other's place
        ("fnchs", "finches", False),  # two errors in seven letters
        ("zebrafssh", WORD, True),
        ("zebrafxxh", WORD, True),  # two in nine
        ("zebrfxxh", "zebrafsh", False),  # two in eight
        ("ebrafishe", WORD, False),  # one at each end
    ],
)
def test_so_many_errors_are_forgiven(
    tmp_path: Path, typed: str, meant: str, is_taken: bool
) -> None:
    """One from five letters on, two from nine on."""
    assert taken(tmp_path, f"{typed} ", paper("a", meant)) == ([stem(meant)] if is_taken else [])


@pytest.mark.parametrize(("holders", "is_taken"), [(2, True), (3, False)])
def test_a_word_that_is_found_is_no_error(tmp_path: Path, holders: int, is_taken: bool) -> None:
    """In up to two fields of papers it may be one all the same."""
    slips = [paper(f"a{n}", tags="zebrafich") for n in range(holders)]
    found = taken(tmp_path, "zebrafich ", *slips, paper("z", WORD))

    assert (stem(WORD) in found) is is_taken


@pytest.mark.parametrize(("holders", "is_taken"), [(100, True), (101, False)])
def test_a_form_that_nobody_writes_is_doubted_longer(
    tmp_path: Path, holders: int, is_taken: bool
) -> None:
    """The stem of "connecter" is that of many words, yet none of them: another may be meant."""
    others = [paper(f"a{n}", tags="connected") for n in range(holders)]
    found = taken(tmp_path, "connecter ", *others, paper("b", tags="cornecter"))

    assert ("cornect" in found) is is_taken


def test_eight_words_at_most_are_taken_for_one(tmp_path: Path) -> None:
    """The commonest of those that are near."""
    papers = [paper(f"a{n}", tags=f"finche{letter}") for n, letter in enumerate("abcdefghij")]

    assert len(taken(tmp_path, "finchex ", *papers)) == 8


def test_quotes_are_to_the_letter(tmp_path: Path) -> None:
    """A quoted word is neither completed nor taken for another."""
    assert order(tmp_path, '"zebrafis"', paper("a", WORD)) == []


@pytest.mark.parametrize(("before", "is_found"), [(49, True), (50, False)])
def test_fifty_words_are_read(tmp_path: Path, before: int, is_found: bool) -> None:
    """Of a pasted text the beginning says enough."""
    text = " ".join([*(f"x{n}" for n in range(before)), WORD, ""])

    assert bool(order(tmp_path, text, paper("a", WORD))) is is_found


def test_two_thousand_letters_are_read(tmp_path: Path) -> None:
    """And nothing of what follows them."""
    assert order(tmp_path, "x " * 999 + f" {WORD}", paper("a", WORD)) == []
    assert order(tmp_path, "x " * 995 + f"{WORD}", paper("a", WORD)) == ["a"]


def test_scores_are_rounded(folder: Path) -> None:
    """To four places, before they are compared."""
    (found,) = node("box", folder=str(folder), queries=["graph survey"], options={})
    scores = [hit["score"] for hit in found]

    assert scores == [round(score, 4) for score in scores]
    assert any(score != round(score, 3) for score in scores)


def test_what_would_keep_lunr_busy_is_words(tmp_path: Path) -> None:
    """Two errors in two hundred letters take Lunr.js 22 seconds."""
    text = "".join(chr(97 + n % 26) for n in range(41))

    assert order(tmp_path, f"{text}~2", paper("a", WORD)) == []
    assert order(tmp_path, f"{WORD} {text}~2", paper("a", WORD)) == ["a"]


def test_a_title_with_a_power_is_not_lunrs_language(tmp_path: Path) -> None:
    """As a formula is shown in plain text."""
    rival = paper("a", "Barriers barrier log")

    assert (
        order(tmp_path, "On the log^2 barrier", rival, paper("z", "On the log^2 barrier"))[0] == "z"
    )


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
        ("title", ["graphs", "graph", "cats", "theory", "tokyo"]),
    ],
)
def test_sorting(folder: Path, sort: str, found: list[str]) -> None:
    """By year the newest first and by title as in a register, "A study" under S; equals by id."""
    (answer,) = answers(folder, ["", {"years": "0..9999"}, sort])

    assert answer["ids"] == found


def test_poor_answers_are_left_out_where_there_are_enough_good_ones(tmp_path: Path) -> None:
    """Five papers with both words: those with one of them are not shown; with fewer they are."""
    good = [paper(f"good-{n}", "zebra fish") for n in range(5)]
    poor = [paper(f"poor-{n}", "zebra finch") for n in range(5)]
    write_index(tmp_path / "many", [*good, *poor])
    write_index(tmp_path / "few", [*good[1:], *poor])

    assert len(ask(tmp_path / "many", "zebra fish ")[0]) == 5
    assert len(ask(tmp_path / "few", "zebra fish ")[0]) == 9


def test_a_value_that_is_not_listed_narrows_too(tmp_path: Path) -> None:
    """Where authors are many, those of one paper are not counted, but can be asked for."""
    papers = [paper(f"p-{n}", "A book") for n in range(400)]
    authors = [Facet("authors", f"author-{n}", f"Author {n}", (f"p-{n}",)) for n in range(400)]
    several = Facet("authors", "zoe", "Zoe", ("p-1", "p-2"))
    write_index(tmp_path, papers, [*authors, several])
    found, all_of_them = answers(
        tmp_path, ["", {"authors": ["author-7"]}], ["book"], kinds=["authors"]
    )

    assert found["ids"] == ["p-7"]
    assert [value["slug"] for value in all_of_them["facets"]["authors"]] == ["zoe"]
