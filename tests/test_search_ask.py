"""The terminal answers what the search page answers, and what Lunr itself would."""

from __future__ import annotations

import json
import random
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from lunr.builder import Builder
from lunr.index import Index as Reference
from lunr.pipeline import Pipeline
from lunr.token import Token
from lunr.token_set import TokenSet

from generator.errors import BibpressError, UsageError
from generator.search import ask as ask_module
from generator.search import documents_json, parts
from generator.search import texts as texts_of
from generator.search.analysis import FIELDS, fold, is_kept, stem, tokens
from generator.search.ask import EVERYTHING, Answer, Narrow, Sort, answer, plain
from generator.search.read import Hit, Index
from tests.search_node import node
from tests.search_site import FACETS, PAPERS, ROOT, SEVERAL, write_index

ASTRAL = replace(PAPERS[0], ref="astral", title="𠀀𠀁𠀂 graph networks", year="2020")
DOCUMENTS = (*PAPERS, *SEVERAL, ASTRAL)

Ask = Callable[..., list[str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the index of the documents."""
    folder = tmp_path_factory.mktemp("ask")
    write_index(folder, DOCUMENTS, FACETS)
    return folder


@pytest.fixture(scope="module")
def index(folder: Path) -> Index:
    """The index of the documents."""
    return Index(folder)


@pytest.fixture
def ask(index: Index) -> Ask:
    """The ids that answer a text, best first."""

    def ids(text: str, narrow: Narrow = EVERYTHING) -> list[str]:
        return index.ids(answer(index, text, narrow).papers)

    return ids


# --- the browser's twin -------------------------------------------------------------------------

NARROWED = (
    Narrow(tags=("graphs",)), Narrow(tags=("graphs",), years="2020"), Narrow(authors=("can-so",)),
    Narrow(tags=("graphs", "theory")), Narrow(venues=("nowhere",)), Narrow(years="..2019"),
    Narrow(years="undated"), Narrow(years="soon"),
)  # fmt: skip


SORTS: tuple[Sort, ...] = ("relevance", "year", "title")


def test_the_terminal_lists_what_the_page_lists(folder: Path, index: Index) -> None:
    """Whatever is typed, narrowed and sorted: the same papers in the same order, the same slips."""
    chance = random.Random(1)  # noqa: S311 - nothing secret
    asked = [
        (text, chance.choice(NARROWED) if chance.random() < 0.2 else EVERYTHING, sort)
        for text in _texts(chance, 500)
        for sort in chance.choices(SORTS, (8, 1, 1))
    ]
    page = node(
        "answers",
        folder=str(folder),
        asked=[(text, asdict(narrow), sort) for text, narrow, sort in asked],
    )
    ours = [answer(index, text, narrow, sort) for text, narrow, sort in asked]

    assert [
        text
        for (text, _, _), their, our in zip(asked, page, ours, strict=True)
        if their["ids"] != index.ids(our.papers) or dict(their["instead"]) != our.instead
    ] == []
    assert sum(bool(our.papers) for our in ours) > 250
    assert sum(bool(our.instead) for our in ours) > 25


def test_scores_are_the_page_s(folder: Path, index: Index) -> None:
    """To the fourth place, as they are rounded before they are compared."""
    texts = list(_texts(random.Random(2), 300))  # noqa: S311 - nothing secret
    page = node("box", folder=str(folder), queries=texts, options={})
    ours = [_scored(index, answer(index, text)) for text in texts]

    assert [
        text for text, their, our in zip(texts, page, ours, strict=True) if _pairs(their) != our
    ] == []


def test_plain_is_the_page_s(folder: Path, index: Index) -> None:
    """In Lunr's language too: the same order and scores, or the same refusal."""
    texts = [*ODD, *_texts(random.Random(3), 400)]  # noqa: S311 - nothing secret
    page = node("box", folder=str(folder), queries=texts, options={"plain": True})
    ours = [_plain(index, text) for text in texts]

    assert [
        text for text, their, our in zip(texts, page, ours, strict=True) if _pairs(their) != our
    ] == []
    assert sum(our == "QueryParseError" for our in ours) > 20


def test_plain_is_lunrs(folder: Path, index: Index) -> None:
    """Lunr.js itself, which indexes the documents anew, finds the same and scores it the same."""
    texts = [*ODD, *_texts(random.Random(4), 200)]  # noqa: S311 - nothing secret
    given = json.loads(documents_json(DOCUMENTS))
    answers = node("plain", documents=given, folder=str(folder), queries=texts)
    lunrs = [_pairs([{"id": ref, "score": score} for ref, score in own])
             if isinstance(own, list) else own for own, _ in answers]  # fmt: skip
    ours = [_plain(index, text) for text in texts]

    assert [
        text
        for text, their, our in zip(texts, lunrs, ours, strict=True)
        if sorted(their) != sorted(our)
    ] == []


# Numbers of Lunr's, and of what only the browser does.
BROWSERS = {"AT_ONCE", "FEW_IDS", "K1", "B", "MOST_NEAREST", "MOST_LIKE"}


@pytest.mark.parametrize(
    ("script", "modules", "least"),
    [("ask", [ask_module], 15), ("index", [parts, texts_of], 6)],
    ids=["ask.js", "index.js"],
)
def test_both_sides_have_the_same_numbers(
    script: str, modules: list[ModuleType], least: int
) -> None:
    """Every number that has a name in a script has it in a module, and is the same there."""
    source = (ROOT / "static" / "search" / f"{script}.js").read_text(encoding="utf-8")
    theirs = dict(
        re.findall(r"^  const ([A-Z_]+) = ([0-9.]+|\[[0-9., ]+\]);", source, re.MULTILINE)
    )
    named = {name: value for module in modules for name, value in vars(module).items()}
    ours = {name: named[name] for name in theirs if name not in BROWSERS}

    assert json.loads(json.dumps(ours)) == {name: json.loads(theirs[name]) for name in ours}
    assert len(ours) >= least


# Where parsers and automatons of Lunr are likely to differ.
ODD = (
    "", "a~", "^", "+", "+ -", "foo:bar", "title:", "a:b:c", "graph^x", "graph~1^2~2", r"\-", "\\",
    r"gra\*ph", r"graph\ net", "+—", "—", "—~1", "*", "**", "*aph", "g*h", "gr*p*h", "gr*~1", "*~1",
    "grpah~1", "garph~2", "gph~2", "graph~0", "graph^0", "graph^" + "9" * 400, "𠀀*", "*𠀁", "𠀀~1",
    "𠀀𠀁~1", "+x86/64", "+x86/nothing", "+nothing/x86", "+the", "-the", "-graph", "+title:graph",
    "graph\u2028neural", "graph\x85neural", "+graph\u3000+neural", "graph\ufeff-neural", "\ud83d*",
)  # fmt: skip


def _texts(chance: random.Random, count: int) -> Iterator[str]:
    """Texts made of what the documents hold, mistyped and with everything else that is typed."""
    words = (
        *("graph", "graphs", "networks", "neural", "survey", "deep", "learning", "cats", "study"),
        *("theory", "representation", "müller", "Mueller", "O'Brien", "icml", "2020", "x86/64"),
        *("東京都", "地図", "京", "𠀀𠀁", "𝜸-rays", "ﬁrst", "naïve", "c++", "f#", "e.g.", "😀"),
        *("the", "of", "can", "so", "__proto__", "toString"),
    )
    fields = ("title:", "abstract:", "author:", "Topic:", "tags:", "venue:", "year:", "foo:")
    years = (
        "year:2020",
        "year:2019..",
        "+year:..2019",
        "-year:2020",
        "year:undated",
        "year:..",
        "year:2019–2020",
        "year:–",
    )
    ends = ("*", "~1", "~2", "^2", "^", "~", "*~1", "?", ":", "-", "\ufeff", "\u3000", "\x85")

    def word() -> str:
        found = chance.choice(words)
        while chance.random() < 0.3:
            found = _mistyped(chance, found)
        return found

    def item() -> str:
        kind = chance.random()
        if kind < 0.06:
            return chance.choice(years)
        text = f'"{word()} {word()}"' if kind < 0.16 else word()
        sign = chance.choice("+-") if chance.random() < 0.15 else ""
        field = chance.choice(fields) if chance.random() < 0.15 else ""
        return sign + field + text + (chance.choice(ends) if chance.random() < 0.15 else "")

    for _ in range(count):
        yield chance.choice((" ", " ", "  ", "\u3000")).join(
            item() for _ in range(chance.randint(1, 4))
        )


def _mistyped(chance: random.Random, word: str) -> str:
    at = chance.randrange(len(word))
    before, after = word[:at], word[at:]
    return (
        chance.choice(
            (before + after[1:], before + "e" + after, before + after[1::-1] + after[2:], before)
        )
        or word
    )


def _plain(index: Index, text: str) -> list[tuple[str, float]] | str:
    try:
        return _scored(index, plain(index, text))
    except UsageError:
        return "QueryParseError"


def _scored(index: Index, found: Answer) -> list[tuple[str, float]]:
    scores = (round(found.scores[paper], 6) for paper in found.papers)
    return list(zip(index.ids(found.papers), scores, strict=True))


def _pairs(answer: Any) -> Any:
    if isinstance(answer, str):
        return answer
    return [(hit["id"], round(hit["score"], 6)) for hit in answer]


# --- lunr (Python) ------------------------------------------------------------------------------


def _reference() -> Reference:
    """An index of the documents that lunr builds and reads itself, with our analysis."""
    builder = Builder()
    for field in FIELDS:
        builder.field(field, extractor=partial(_tokens, field))
    builder.pipeline.add(_stemmed)
    builder.search_pipeline.add(_folded, _stemmed)
    for document in DOCUMENTS:
        builder.add({"id": document.ref, "document": document})
    return builder.build()


def _tokens(field: str, record: dict[str, Any]) -> list[str]:
    words = (word for token in tokens(getattr(record["document"], field)) for word in fold(token))
    return [word for word in words if is_kept(word, field)]


def _folded(token: Token, at: int, others: Sequence[Token]) -> Iterable[Token]:
    del at, others
    return [Token(word, {}) for word in fold(str(token))]


def _stemmed(token: Token, at: int, others: Sequence[Token]) -> Token:
    """The stemmer of Lunr.js: lunr's own gives other stems for some words ("survey")."""
    del at, others
    return Token(stem(str(token)), {})


@pytest.fixture
def reference(monkeypatch: pytest.MonkeyPatch) -> Reference:
    """The index of the documents as lunr has it."""
    for function in (_folded, _stemmed):
        monkeypatch.setattr(function, "label", function.__name__, raising=False)
    monkeypatch.setattr(Pipeline, "registered_functions", {})
    monkeypatch.setattr(TokenSet, "_next_id", 10**9)  # it loses terms with digits, as Lunr.js does
    return _reference()


QUERIES = (
    "graph", "graphs neural", "survey", "müller", "title:survey", "+graph -neural", "-graph",
    "graph^3 cats", "gra*", "*aph", "s*y", "grpah~1", "represntation~2", "東京", "c++", "o'brien",
    "x86/64", "+graph +title:survey", "authors:so", "2020", "year:2020", "𠀀𠀁", "10", "1e3",
)  # fmt: skip


@pytest.mark.parametrize("query", QUERIES)
def test_lunr_for_python_agrees(reference: Reference, index: Index, query: str) -> None:
    """An index that another program made and read gives the same hits and scores, and some."""
    hits = {hit["ref"]: pytest.approx(hit["score"], abs=0.01) for hit in reference.search(query)}

    assert dict(_scored(index, plain(index, query))) == hits != {}


# --- without any other program ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("graph neural networks: a survey", "graph"),
        ("muller networks", "graph"),
        ("representa", "theory"),
        ("represenattion", "theory"),
        ("epresentation", "theory"),
        ("theories icml", "theory"),
        ("京都 f#", "tokyo"),
        ("can so graph", "graph"),
        ('"study of cats"', "cats"),
        ("graph survey -title:survey", "graphs"),
        ("+neurla~1 graph title:cats^9", "cats"),
    ],
)
def test_the_right_paper_comes_first(ask: Ask, text: str, first: str) -> None:
    """All words beat some; slips, half words and accents are forgiven; signs and quotes count."""
    found, *_ = ask(text)

    assert found == first


def test_what_says_nothing_finds_nothing(ask: Ask) -> None:
    """No word, only common ones, or a phrase of them: an empty answer, not the collection."""
    assert [ask(text) for text in ("", "the of", '"the of"', "—", "nothinglikeit")] == [[]] * 5


def test_narrowed_without_a_word_lists_all(ask: Ask) -> None:
    """Facets and years alone list what they have, newest first."""
    assert ask("", Narrow(tags=("graphs",))) == ["cats", "graph", "graphs"]


def test_a_paper_is_shown(index: Index) -> None:
    """What is known of a hit; a paper without a year has none."""
    (theory, graph) = index.hits([*answer(index, "icml theory").papers[:1],
                                  *answer(index, "graph author:so").papers[:1]])  # fmt: skip

    assert (theory, graph.year) == (
        Hit("theory", "A theory of representation learning", "Flann O'Brien", "ICML", "", 2019),
        None,
    )


def test_years_and_titles_sort(index: Index) -> None:
    """Newest first, equals by id; titles by their words, an article before them left out."""
    by_year, by_title = (index.ids(answer(index, "graph", sort=sort).papers) for sort in SORTS[1:])

    assert (by_year, by_title) == (
        ["astral", "cats", "graph", "graphs"],
        ["graphs", "graph", "cats", "astral"],
    )


def test_many_stars_end(index: Index) -> None:
    """No number of them is tried in all ways."""
    assert plain(index, "*" * 200 + "g*r*a*" * 20 + "z").papers == []


def test_more_errors_than_letters_end(index: Index) -> None:
    """`~99` keeps a browser busy for ever; here it is another way of saying everything."""
    assert len(plain(index, "graph~99").papers) == len(DOCUMENTS) - 1  # one has no word at all


def test_only_what_a_query_needs_is_read(folder: Path, tmp_path: Path) -> None:
    """Nothing but the head, a part of terms and the titles' lengths for a word that is found."""
    site = shutil.copytree(folder, tmp_path / "site")
    for kind in ("places", "words", "endings", "hits", "entries", "ids", "titles", "tags"):
        shutil.rmtree(site / "search" / kind)
    index = Index(site)

    assert len(answer(index, '"graph"').papers) == 4


# --- what may be wrong with the files -----------------------------------------------------------


def test_a_missing_file_is_named(folder: Path, tmp_path: Path) -> None:
    """With what to do about it."""
    site = shutil.copytree(folder, tmp_path / "site")
    (path,) = (site / "search" / "terms").iterdir()
    path.unlink()

    with pytest.raises(BibpressError, match=rf"terms.{path.name} is missing: run bibpress build"):
        answer(Index(site), "graph")


@pytest.mark.parametrize("kind", ["head", "terms", "words", "lengths", "places", "hits", "titles"])
@pytest.mark.parametrize("text", ["", "bibpress.receive(", None], ids=["empty", "cut", "another's"])
def test_a_damaged_file_is_named(folder: Path, tmp_path: Path, kind: str, text: str | None) -> None:
    """Whether nothing is left of it, a part, or another file of the index is in its place."""
    site = shutil.copytree(folder, tmp_path / "site")
    other = next((site / "search" / "ids").iterdir())
    for path in (site / "search" / kind).iterdir():
        whole = other.read_text(encoding="utf-8").replace(
            f"ids/{other.stem}", f"{kind}/{path.stem}"
        )
        path.write_text(whole if text is None else text, encoding="utf-8")

    with pytest.raises(BibpressError, match=f"{kind}.* is (damaged|missing): run bibpress build"):
        _everything(Index(site))


def _everything(index: Index) -> None:
    found = answer(index, '"graph networks" represen', sort="title")
    index.hits(found.papers or [0])


def test_a_folder_without_an_index_says_so(tmp_path: Path) -> None:
    """And one with two heads, which only a copy of two sites into one folder has."""
    with pytest.raises(BibpressError, match="no search index: run bibpress build"):
        Index(tmp_path)
    write_index(tmp_path, PAPERS)
    write_index(tmp_path, SEVERAL)
    with pytest.raises(BibpressError, match="several files: run bibpress build"):
        Index(tmp_path)
