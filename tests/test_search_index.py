"""The index is the one that Lunr.js 2.3.9 would build, and answers as it would."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from functools import cache
from hashlib import blake2b

import pytest

from generator.search import NAMES, Document, build, documents_json, names, outputs
from generator.search.analysis import FIELDS, terms
from generator.search.index import byline, hits_script, index_script, snippet
from tests.search_node import ROOT, node

EMPTY = Document("empty", "", "", "", "", "", "")
SEVERAL = (
    Document(
        "obrien-2020-survey",
        "A survey of C++ and 𝜸-rays: the ﬁrst",
        "We survey surveys. The key array decays, e.g., x86/64 😀 — isn't it?",
        "Can So; Flann O’Brien; Łukasz Müller; An Will",
        "survey; GPU kernels",
        "ICML",
        "2020",
    ),
    Document("tokyo-2021", "東京都の地図", "東京 𝒪(n) Müller naïve", "山田太郎", "", "", "2021"),
    Document("constructor", "__proto__ constructor", "toString 10 9 1e3", "", "", "NeurIPS", ""),
    EMPTY,
)


@cache
def seeds() -> tuple[Document, ...]:
    """The demo's sources as documents: any two lines that follow each other."""
    documents = []
    for path in sorted((ROOT / "content").glob("*.txt")):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        for number, (title, abstract) in enumerate(zip(lines[::2], lines[1::2], strict=False)):
            ref = f"p-{path.name[:3]}-{number}"
            documents.append(replace(EMPTY, ref=ref, title=title, abstract=abstract, year="2019"))
    return (*documents, *SEVERAL)


@pytest.mark.parametrize("documents", [(), (EMPTY,), SEVERAL, seeds()], ids=len)
def test_the_index_is_lunrs(documents: tuple[Document, ...]) -> None:
    """Same terms in the same order, same numbers, same weights, same form."""
    ours = json.loads(build(documents))
    theirs = node("index", documents=json.loads(documents_json(documents)))

    assert list(ours) == list(theirs)
    for part in theirs:
        assert ours[part] == theirs[part]


def test_terms_are_in_the_order_of_utf_16() -> None:
    """Lunr.js throws over an index sorted by code point; 𐐨 is U+10428, in UTF-16 it begins D801."""
    index = json.loads(build([replace(EMPTY, title="\ufa0e 𐐨")]))

    assert [term for term, _ in index["invertedIndex"]] == ["𐐨", "\ufa0e"]


def test_lunr_answers_every_query_the_same_from_our_index() -> None:
    """Three hundred queries in all of its syntax: the same hits and scores, or the same error."""
    queries = list(_queries(300))
    answers = node(
        "queries",
        documents=json.loads(documents_json(seeds())),
        index=json.loads(build(seeds())),
        queries=queries,
    )

    assert [q for q, (a, b) in zip(queries, answers, strict=True) if a != b] == []
    assert sum(isinstance(answer, list) and bool(answer) for answer, _ in answers) > 150


def test_survey_finds_every_survey() -> None:
    """The word whose stem other libraries get differently from Lunr.js."""
    wanted = {d.ref for d in seeds() if "survey" in terms(f"{d.title} {d.abstract}", "title")}
    ((_, ours),) = node(
        "queries",
        documents=json.loads(documents_json(seeds())),
        index=json.loads(build(seeds())),
        queries=["title:survey abstract:survey"],
    )

    assert {ref for ref, _ in ours} == wanted != set()


def test_terms_with_digits_are_not_confused() -> None:
    """Lunr.js takes the nodes 2→3, 4→5 and 2→345 for one and loses "z2qqq"; search.js helps."""
    filler = [letter + "m" * 55 for letter in "bcdefg"]  # brings the count of nodes to 343
    words = ["a2b", "a4cd", *filler, "z2qqq"]

    assert node("automaton", words=words) == words


def test_lunr_is_not_modified() -> None:
    """search.js registers pipeline functions and adds nothing else to window.lunr."""
    before, after = node("names")

    assert before == after


# --- files --------------------------------------------------------------------------------------


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


def test_files_are_named_by_what_they_are_made_of() -> None:
    """Another text gives another name, so a browser may keep each file for ever."""
    changed = (*SEVERAL[:-1], replace(EMPTY, abstract="new"))

    assert {output.path for output in outputs(SEVERAL)} == set(names(SEVERAL).values())
    assert set(names(SEVERAL)) == {"index", "hits"}
    assert names(SEVERAL) == names(list(SEVERAL))
    assert set(names(SEVERAL).values()).isdisjoint(names(changed).values())


def test_the_format_is_raised_when_bytes_change() -> None:
    """When this fails: raise FORMAT, else browsers keep the old file; then renew the digest."""
    digest = blake2b(index_script(SEVERAL) + hits_script(SEVERAL), digest_size=6).hexdigest()

    assert digest == "624c7b81be66"


def test_scripts_are_one_call_with_one_text() -> None:
    """Whatever the papers say, the text stays a text."""
    nasty = replace(EMPTY, title="</script> ' \" \\ \\' \u2028 ${x}", abstract="'); alert(1); ('")
    script = hits_script([nasty]).decode()

    assert script.startswith("bibpress.receive('hits','")
    assert script.endswith("');\n")
    inside = script.removeprefix("bibpress.receive('hits','").removesuffix("');\n")
    assert json.loads(_unquoted(inside)) == [["empty", nasty.title, "", "", "", nasty.abstract]]


def test_a_result_shows_one_name_of_a_venue() -> None:
    """A venue is found by all its names, and shown by the first."""
    venue = NAMES.join(("International Conference on Machine Learning", "ICML"))
    script = hits_script([replace(EMPTY, venue=venue)]).decode()

    assert '"International Conference on Machine Learning"' in script
    assert "ICML" not in script


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([], ""),
        (["A. One"], "A. One"),
        (["A", "B", "C"], "A, B, C"),
        (["A", "B", "C", "D", "E"], "A, B, C and 2 more"),
    ],
)
def test_byline(people: list[str], expected: str) -> None:
    """Three authors are named, the others counted."""
    assert byline(NAMES.join(people)) == expected


def test_snippets_end_with_a_word() -> None:
    """A short abstract stands whole; a long one is cut between words, a wordless one anywhere."""
    assert snippet("Short.") == "Short."
    assert snippet("word, " * 100) == ("word, " * 40).rstrip(" ,") + " …"
    assert snippet("x" * 500) == "x" * 240 + " …"


def _unquoted(text: str) -> str:
    """A JavaScript string as its engine reads it, of which we use only these escapes."""
    assert "'" not in text.replace("\\\\", "").replace("\\'", "")
    return text.replace("\\\\", "\0").replace("\\'", "'").replace("\0", "\\")


def _queries(number: int) -> list[str]:
    """Queries of all Lunr's kinds over words of the documents, and some that are errors."""
    chance = random.Random(3)  # noqa: S311 - nothing secret
    vocabulary = sorted({w for d in seeds() for w in d.title.lower().split() if w.isalnum()})
    kinds = (
        "{0}", "{0} {1}", "{0} {1} {2}", "+{0} {1}", "+{0} +{1}", "{0} -{1}", "-{0}", "title:{0}",
        "title:{0} abstract:{1}", "+title:{0} -abstract:{1}", "{0}^5 {1}", "{0:.4}*", "*{0:.3}",
        "{0:.2}*{1:.1}", "{0}~1", "{0}~1 {1}^2", "year:2019 +{0}", "authors:can", "o'brien {0}",
        "{0}~", "nofield:{0}", "+", "c++ {0}", "ﬁrst 𝜸 {0}", "東京 Müller", "+— {0}", "+the {0}",
        "x86/64 {0}", "", "\\+{0}", "constructor __proto__", "e.g. {0}", "😀", "+title:the",
    )  # fmt: skip
    return [
        kinds[i % len(kinds)].format(*(chance.choice(vocabulary) for _ in range(3)))
        for i in range(number)
    ]
