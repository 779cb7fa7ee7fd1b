"""The index is Lunr's, cut into files: same weights, same answers, and few files an edit."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.search import NAMES, Document, Facet, documents_json, files
from generator.search import texts as texts_of
from generator.search.analysis import FIELDS, terms
from generator.search.numbers import read_numbers, write_numbers
from generator.search.parts import SHEAF, SHEET, byline, snippet
from generator.search.tables import MOST
from generator.search.texts import Shelf, made
from tests.search_node import node
from tests.search_site import EMPTY, SEVERAL, lunr_queries, seeds, write_index


@pytest.mark.parametrize("documents", [(EMPTY,), SEVERAL, seeds()], ids=len)
def test_every_weight_is_lunrs(documents: tuple[Document, ...], tmp_path: Path) -> None:
    """Each term weighs in each field of each paper what Lunr.js says, to the third place."""
    write_index(tmp_path, documents)
    given = json.loads(documents_json(documents))
    count, wrong = node("weights", documents=given, folder=str(tmp_path))

    assert wrong == []
    assert count == sum(
        len(set(terms(getattr(document, field), field)))
        for document in documents
        for field in FIELDS
    )


def plain(
    documents: Sequence[Document], queries: Sequence[str], folder: Path
) -> list[list[object]]:
    """For each query what Lunr.js answers and what we do, as [id, score] by id, or an error."""
    write_index(folder, documents)
    given = json.loads(documents_json(documents))
    answers = node("plain", documents=given, folder=str(folder), queries=queries)
    return [[_rounded(own), _rounded(ours)] for own, ours in answers]


def _rounded(answer: object) -> object:
    if not isinstance(answer, list):
        return answer
    return [(ref, round(score, 6)) for ref, score in answer]


def test_lunr_s_own_queries_are_answered_as_lunr_does(tmp_path: Path) -> None:
    """Three hundred queries in all of its syntax: the same hits and scores, or the same error."""
    queries = lunr_queries(seeds(), 300)
    answers = plain(seeds(), queries, tmp_path)

    assert [q for q, (own, ours) in zip(queries, answers, strict=True) if own != ours] == []
    assert sum(isinstance(own, list) and bool(own) for own, _ in answers) > 150


def test_terms_are_in_the_order_of_utf_16(tmp_path: Path) -> None:
    """JavaScript compares by UTF-16 unit: 𐐨 (U+10428) comes before U+FA0E, and both are found."""
    filler = [replace(EMPTY, ref=f"f-{n}", title=f"{chr(0xFA11 + n)}{n:0200}") for n in range(100)]
    documents = [*filler, replace(EMPTY, title="\ufa0e 𐐨 𐐨a 𐐨ab")]
    answers = plain(documents, ["\ufa0e", "𐐨", "𐐨a", "𐐨ab", "𐐨*"], tmp_path)

    assert [[len(own), len(ours)] for own, ours in answers] == [[1, 1]] * 5  # type: ignore[arg-type]


def test_survey_finds_every_survey(tmp_path: Path) -> None:
    """The word whose stem other libraries get differently from Lunr.js."""
    wanted = {d.ref for d in seeds() if "survey" in terms(f"{d.title} {d.abstract}", "title")}
    ((_, ours),) = plain(seeds(), ["title:survey abstract:survey"], tmp_path)

    assert {ref for ref, _ in ours} == wanted != set()  # type: ignore[attr-defined]


def test_terms_with_digits_are_not_confused() -> None:
    """Lunr.js takes the nodes 2→3, 4→5 and 2→345 for one and loses "z2qqq"; words.js helps."""
    filler = [letter + "m" * 55 for letter in "bcdefg"]  # brings the count of nodes to 343
    words = ["a2b", "a4cd", *filler, "z2qqq"]

    assert node("automaton", words=words) == words


def test_lunr_is_not_modified() -> None:
    """Our scripts register pipeline functions and add nothing else to window.lunr."""
    before, after = node("names")

    assert before == after


# --- files --------------------------------------------------------------------------------------


def texts(documents: Sequence[Document], facets: Sequence[Facet] = ()) -> dict[str, bytes]:
    """Every file of an index by path."""
    entries = {document.ref: f"@misc{{{document.ref}}}" for document in documents}
    items = {document.ref: f'{{"id":"{document.ref}"}}' for document in documents}
    return {o.path: o.make(*o.args) for o in files(documents, facets, entries, items).outputs}


def many(count: int) -> list[Document]:
    """So many papers over a vocabulary of five thousand words."""
    chance = random.Random(5)  # noqa: S311 - nothing secret
    vocabulary = [f"{a}{b}{n}" for a in "bcdfglmnprst" for b in "aeiou" for n in range(84)]
    return [
        replace(
            EMPTY,
            ref=f"paper-{n}",
            title=" ".join(chance.choices(vocabulary, k=8)),
            abstract=" ".join(chance.choices(vocabulary, k=60)),
            year=str(2000 + n % 20),
        )
        for n in range(count)
    ]


@pytest.mark.parametrize("edit", ["replaced", "inserted", "dropped", "appended"])
def test_an_edited_abstract_makes_few_files_anew(edit: str) -> None:
    """The parts of the words that came and went, places of what follows, that paper, lengths."""
    before = many(600)
    words = before[300].abstract.split()
    new_words = {
        "replaced": ["zebra", *words[1:]],
        "inserted": ["zebra", *words],
        "dropped": words[1:],
        "appended": [*words, "zebra"],
    }[edit]
    edited = replace(before[300], abstract=" ".join(new_words))
    old, new = texts(before), texts([*before[:300], edited, *before[301:]])
    changed = Counter(path.split("/")[1] for path in new.keys() - old.keys())

    assert len(new) > 200
    assert 1 <= changed["terms"] <= 3
    assert changed["head"] == 1
    assert changed["hits"] + changed["entries"] + changed["items"] <= SHEAF // SHEET + 2
    assert changed["lengths"] <= 2
    assert changed["words"] + changed["endings"] <= 4
    assert changed["places"] <= len(set(words)) + 3
    assert not {"ids", "titles"} & changed.keys()


def test_where_parts_end_hangs_on_the_terms_there() -> None:
    """Three hundred terms that come before all others leave the other parts as they are."""
    before = many(600)
    first = " ".join(f"aa{n}" for n in range(300))
    old, new = texts([*before, EMPTY]), texts([*before, replace(EMPTY, abstract=first)])
    terms = [path for path in new if "/terms/" in path]

    assert len(terms) > 12
    assert len([path for path in terms if path not in old]) <= 4


def test_names_of_files_are_the_same_everywhere() -> None:
    """They are made of bytes alone; renew the name when what the files hold is changed."""
    assert files(SEVERAL, (), {}, {}).head == "search/head/w6vyuf.js"


def test_two_parts_of_one_name_get_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash of thirty bits is the same for two texts now and then."""
    monkeypatch.setattr(texts_of, "letters", lambda text: str(len(text)))
    shelf = Shelf()

    assert [shelf.add("ids", made(text)) for text in ("ab", "cd", "ab")] == ["2", "3", "2"]


def test_no_part_is_much_too_long() -> None:
    """A part is cut before it is too long, unless a single term is."""
    long = {path: len(text) for path, text in texts(many(300)).items() if "/terms/" in path}

    assert len(long) > 10
    assert max(long.values()) < 2 * MOST


def test_the_same_papers_give_the_same_files_in_any_order() -> None:
    """Papers are numbered by year and id, however they come."""
    documents = many(50)

    assert texts(documents) == texts(documents[::-1])


def test_every_paper_is_found_with_its_entry_and_place_by_title(tmp_path: Path) -> None:
    """What is cut by papers can be had of each of them: hit, entry, item, id, place by title."""
    documents = many(70)
    entries = {document.ref: f"@misc{{{document.ref}}}\n" for document in documents}
    items = {document.ref: f'{{"id":"{document.ref}"}}' for document in documents}
    write_index(tmp_path, documents, (), entries, items)
    numbers = list(range(70))
    calls = [["index", name, numbers] for name in ("hits", "entries", "ids", "items")]
    hits, found, ids, csl = node("call", folder=str(tmp_path), calls=calls)

    assert [hit["id"] for hit in hits] == ids
    assert sorted(ids) == sorted(entries)
    assert found == [entries[ref] for ref in ids]
    assert csl == [{"id": ref} for ref in ids]
    assert [hit["year"] for hit in hits] == sorted((hit["year"] for hit in hits), reverse=True)


def test_papers_are_found_by_their_ids(tmp_path: Path) -> None:
    """In the order asked for; an id that no paper has any more is passed over."""
    write_index(tmp_path, many(600))
    calls = [
        ["index", "papersOf", ["paper-599", "gone", "paper-0"]],
        ["index", "ids", list(range(600))],
    ]
    numbers, ids = node("call", folder=str(tmp_path), calls=calls)
    assert [ids[number] for number in numbers] == ["paper-599", "paper-0"]


@given(st.lists(st.integers(0, 10**9)))
def test_numbers_are_read_as_they_were_written(values: list[int]) -> None:
    """None holds what a quoted text cannot, or what parts numbers."""
    text = write_numbers(values)

    assert read_numbers(text) == values
    assert not set(text) & {"'", "\\", " ", "!", "\n"}
    text.encode("utf-8")


def test_javascript_reads_every_number() -> None:
    """Over the characters that are left out, and over the border where numbers get longer."""
    values = [*range(70_000), 10**6, 10**9]
    (read,) = node("call", calls=[["index", "numbers", write_numbers(values)]])

    assert list(read.values()) == values


def test_documents_are_printed_as_indexed() -> None:
    """Fields, boosts and pipelines too: all that rebuilding the index takes."""
    printed = json.loads(documents_json(SEVERAL))

    assert printed["ref"] == "id"
    assert printed["fields"] == [{"name": field, "boost": 1} for field in FIELDS]
    assert printed["pipeline"] == ["bibpress-fold", "bibpress-stop-words", "stemmer"]
    assert printed["searchPipeline"] == ["bibpress-fold", "stemmer"]
    assert printed["documents"][0] == {
        "id": SEVERAL[0].ref,
        **{field: getattr(SEVERAL[0], field) for field in FIELDS},
    }


def test_scripts_are_one_call_with_one_text(tmp_path: Path) -> None:
    """Whatever the papers say, the text stays a text."""
    nasty = replace(EMPTY, title="</script> ' \" \\ \\' \u2028 ${x}", abstract="'); alert(1); ('")
    write_index(tmp_path, [nasty])
    ((hit,),) = node("call", folder=str(tmp_path), calls=[["index", "hits", [0]]])

    assert (hit["title"], hit["snippet"]) == (nasty.title, nasty.abstract)


def test_a_result_shows_one_name_of_a_venue(tmp_path: Path) -> None:
    """A venue is found by all its names, and shown by the first."""
    venue = NAMES.join(("International Conference on Machine Learning", "ICML"))
    write_index(tmp_path, [replace(EMPTY, venue=venue)])
    ((hit,),) = node("call", folder=str(tmp_path), calls=[["index", "hits", [0]]])

    assert hit["venue"] == "International Conference on Machine Learning"


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([], ""),
        (["A. One"], "A. One"),
        (["A", "B", "C"], "A, B, C"),
        (["A", "B", "C", "D", "E"], "A, B, C\t2"),
    ],
)
def test_byline(people: list[str], expected: str) -> None:
    """Three authors are named, the others counted."""
    assert byline(NAMES.join(people)) == expected


def test_snippets_end_with_a_word() -> None:
    """A short abstract stands whole; a long one is cut between words, a wordless one anywhere."""
    assert snippet("Short.") == "Short."
    assert snippet("word, " * 100) == ("word, " * 33).rstrip(" ,") + " …"
    assert snippet("x" * 500) == "x" * 200 + " …"
