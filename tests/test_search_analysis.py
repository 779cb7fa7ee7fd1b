"""Text becomes the same terms in Python and in the browser, and those that people look for."""

from __future__ import annotations

import lzma
import random
import re
import sys
import unicodedata
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.search import letters
from generator.search.analysis import (
    _STEP_2,
    _STEP_3,
    _STEP_4,
    STOP_WORDS,
    fold,
    stem,
    terms,
    tokens,
)
from tests.search.letters import tables
from tests.search_node import ROOT, node

SCRIPT = ROOT / "static" / "search" / "words.js"
CORPUS = ROOT.parent / "shared" / "corpus" / "papers-10k.bib.xz"  # where it lies beside a checkout

FOLDED = [
    ("École,", ["ecole"]),
    ("(e.g.,", ["eg"]),
    ("U.S.A.", ["usa"]),
    ("x86/64", ["x86", "64"]),
    ("node.js", ["node", "js"]),
    ("gpt3.5,", ["gpt3.5"]),
    ("v2.3.9", ["v2.3.9"]),
    ("o'brien", ["obrien", "brien"]),
    ("l’école", ["lecole", "ecole"]),
    ("don't", ["dont"]),
    ("model's", ["model"]),
    ("models'", ["models"]),
    ("(c++),", ["c++"]),
    ("c#/f#", ["c#", "f#"]),
    ("c♯", ["c#"]),
    ("c++11", ["c++", "11"]),
    ("solver++", ["solver", "solver++"]),
    ("a+b", ["a", "b"]),
    ("100+", ["100"]),
    ("#1", ["1"]),
    ("ﬁne", ["fine"]),
    ("𝜸", ["γ"]),
    ("σας", ["σασ"]),
    ("i̇stanbul", ["istanbul"]),
    ("Łukasz", ["lukasz"]),
    ("Straße", ["strasse"]),
    ("Foo™", ["foo"]),
    ("½", ["1", "2"]),
    ("co\u00adop", ["coop"]),
    ("東京都", ["東京", "京都"]),
    ("東", ["東"]),
    ("か\u3099くしゅう", ["がく", "くし", "しゅ", "ゅう"]),
    ("gpu를", ["gpu", "를"]),
    ("हिन्दी", ["हिन्दी"]),
    ("—", [""]),
    ("😀", [""]),
    ("'…'", [""]),
    ("x" * 99, ["x" * 64]),
]


@pytest.mark.parametrize(("token", "words"), FOLDED)
def test_fold(token: str, words: list[str]) -> None:
    """A token becomes the words that a person would type to find it."""
    assert list(fold(token)) == words


def test_the_browser_folds_the_examples_alike() -> None:
    """What holds for Python holds for the twin in static/search/words.js."""
    found = node("folds", tokens=[token.lower() for token, _ in FOLDED])

    assert found == [list(fold(token.lower())) for token, _ in FOLDED]


def test_every_character_folds_alike() -> None:
    """Alone and between letters, each code point of the planes in use becomes the same on both."""
    blocks = [
        "/".join(f"a{char}b/{char}/" for char in map(chr, range(start, start + 64)) if char != "/")
        for first, end in ((0, 0xD800), (0xE000, 0x40000), (0xE0000, 0xF0040))
        for start in range(first, end, 64)
    ]
    theirs = node("folds", tokens=blocks)

    different = [
        f"U+{ord(block[1]):04X} ff."
        for block, there in zip(blocks, theirs, strict=True)
        if list(fold(block)) != there
    ]
    assert different == []


def test_random_texts_become_the_same_terms() -> None:
    """Tokenizer, fold, stop words and stemmer together: marks, signs, CJK, sigma and all."""
    texts = list(_texts(20_000))

    for field in ("title", "authors"):
        assert node("terms", texts=texts, field=field) == [terms(text, field) for text in texts]


@given(st.text(max_size=40))
def test_folding_again_changes_nothing(text: str) -> None:
    """A folded word is one token and folds to itself, but for one with a sign after it."""
    for word in (word for word in fold(text) if not word.endswith(("+", "#"))):
        assert fold(word) == (word,)


@pytest.mark.parametrize("change", [str.upper, str.title, lambda text: f"“{text}”,"])
@given(text=st.text(st.characters(categories=["Ll", "Nd"], max_codepoint=0x24F), min_size=1))
def test_case_and_outer_punctuation_do_not_matter(change: object, text: str) -> None:
    """However a word is written in a text, it is found."""
    assert callable(change)
    assert fold(change(text).lower()) == fold(text)


def test_no_lower_casing_of_lunr_gets_between() -> None:
    """Lunr.js lower-cases before we fold, with whatever Unicode the browser has."""
    cased = [char for char in map(chr, range(sys.maxunicode + 1)) if char.lower() != char]

    assert [char for char in cased if fold(char.lower()) != fold(char)] == []


def test_hostile_marks_take_linear_time() -> None:
    """A million marks in the worst order are folded at once; normalising them would take hours."""
    assert fold("a" + "\u0e48\u0e38" * 500_000) != ("",)


# --- stop words ---------------------------------------------------------------------------------


def test_authors_are_found_by_names_that_are_common_words() -> None:
    """An, So, May, Will and Can are people in the field of authors, and nowhere else."""
    assert terms("Can So, Will May", "authors") == ["can", "so", "will", "may"]
    assert terms("Can we? So will May", "abstract") == []


def test_stop_words_are_those_of_lunr() -> None:
    """The list is Lunr's own, no more and no less."""
    candidates = sorted(STOP_WORDS | _words())

    assert node("stopWords", words=candidates) == sorted(STOP_WORDS)


# --- stems --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("surveys", "survey"),
        ("survey", "survey"),
        ("keys", "key"),
        ("arrays", "array"),
        ("decay", "decay"),
        ("yields", "yield"),
        ("relational", "relat"),
        ("hopping", "hop"),
        ("ies", "ie"),
        ("c++", "c++"),
        ("𐐨s", "𐐨"),
        ("", ""),
    ],
)
def test_stem(word: str, expected: str) -> None:
    """The words that other stemmers get differently, and some of Porter's own examples."""
    assert stem(word) == expected


def test_stems_are_those_of_lunr() -> None:
    """Every word of the collection at hand, and made-up ones from all endings the steps know."""
    words = sorted(_words()) + list(_made_up_words(60_000))

    stems = node("stems", words=words)
    different = [word for word, there in zip(words, stems, strict=True) if stem(word) != there]
    assert different == []


# --- the two tables -----------------------------------------------------------------------------


@pytest.mark.skipif(
    unicodedata.unidata_version != letters.UNICODE, reason="this Python has another Unicode"
)
def test_the_tables_follow_their_rules() -> None:
    """Nothing in the tables is written by hand."""
    assert tables() == {"SPOKEN": letters.SPOKEN, "SILENT": letters.SILENT}


@pytest.mark.parametrize("name", ["SPOKEN", "SILENT"])
def test_the_browser_has_the_same_tables(name: str) -> None:
    """The tables in static/search/words.js are those in letters.py."""
    literal = re.search(rf"const {name} =([^;]*);", SCRIPT.read_text(encoding="utf-8"))

    assert literal is not None
    assert "".join(re.findall('"(.*)"', literal[1])) == getattr(letters, name)


# --- what to test with --------------------------------------------------------------------------


@cache
def _words() -> frozenset[str]:
    """All folded words of the demo's sources and, where it is at hand, of the shared corpus."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "content").iterdir())]
    if CORPUS.exists():
        texts.append(lzma.decompress(CORPUS.read_bytes()).decode())
    distinct = {token for text in texts for token in tokens(text)}
    return frozenset(word for token in distinct for word in fold(token))


_OTHER_ENDINGS = "s es sses ies ed ing eed y e ion sion tion ll ss l zed at bl iz"


def _made_up_words(number: int) -> list[str]:
    chance = random.Random(1)  # noqa: S311 - nothing secret
    ends = [*_STEP_2, *_STEP_3, *_STEP_4, *_OTHER_ENDINGS.split()]
    return [
        "".join(chance.choices("aeiouybcdlstzwxY𐐨éγ", k=chance.randint(0, 6)))
        + "".join(chance.choices(ends, k=chance.randint(0, 3)))
        for _ in range(number)
    ]


def _texts(number: int) -> list[str]:
    chance = random.Random(2)  # noqa: S311 - nothing secret
    anything = [
        char
        for char in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(char) not in {"Cn", "Co", "Cs"}
    ]
    alphabets = ("'.+#’-/()", "  \t\u3000\u2003\ufeff\x1c\x85", anything, "abcsSΣİ19",
                 "東京かがアー가각\u3099\u309a\u1161\u11a8")  # fmt: skip
    return [
        "".join(chance.choice(chance.choice(alphabets)) for _ in range(chance.randint(1, 12)))
        for _ in range(number)
    ]
