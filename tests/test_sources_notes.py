"""Notes: what their front matter may not do, and what their text may not contain."""

from __future__ import annotations

import re
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import sources
from generator.model import Record, SourceText
from generator.sources.markup import to_html
from tests.timing import is_at_most, is_linear

TAGS = re.compile(r"<(/?)([a-z0-9]+)((?: [a-z]+=\"[^\"<>]*\")*) ?/?>")
PIECES = [
    "<script>", "</script>", "<img src=x onerror=alert(1)>", "<a href='javascript:x'>", "[a](",
    "javascript:alert(1)", "data:text/html,x", ")", "![", "]", "`", "```\n", "    ", "<!--", "-->",
    "&lt;", "&#106;", "\n", "\n\n", "# ", "> ", "- ", "| a | b |\n|---|---|\n", "**", "_", "\\",
    '"', "'", "onclick=", "style=", "https://example.org/", "<", ">", "text", "[x]: javascript:a\n",
    "\x02wzxhzdk:0\x03", "<svg/onload=x>", "<math>", "a" * 20,
]  # fmt: skip


def record(front_matter: str, body: str = "") -> Record:
    """The record of a note."""
    text = f"---\n{front_matter}\n---\n{body}"
    (found,) = sources.read("note.md", text.encode(), "note").records
    return found


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_no_note_can_do_harm(text: str) -> None:
    """The HTML of a note has only harmless tags, and links only to web, mail and telephone."""
    html, _ = to_html(text)
    for tag in re.findall(r"<[^>]*>", html):
        match = TAGS.fullmatch(tag)
        assert match, tag
        assert match[2] not in {"script", "img", "svg", "math", "style", "iframe"}
        for name, value in re.findall(r" ([a-z]+)=\"([^\"]*)\"", match[3]):
            assert name in {"href", "rel", "title"}
            leads_out = value.lower().startswith(("http://", "https://", "mailto:", "tel:"))
            assert name != "href" or leads_out


def test_headings_stand_below_those_of_the_page() -> None:
    """A note's first heading is on the third level, and none is deeper than the sixth."""
    html, _ = to_html("# One\n\n###### Six\n")
    assert re.findall("h[1-6]", html) == ["h3", "h3", "h6", "h6"]


def test_numbers_keep_their_digits() -> None:
    """An arXiv id without quotes is a text and no number that ends in a zero."""
    assert record("arxiv: 2310.12340").arxiv == "2310.12340"


@pytest.mark.parametrize(
    "authors",
    [
        "authors: [Ada Smith, Bo Li]",
        "authors: Ada Smith and Bo Li",
        "author: Smith, Ada; Li, Bo",
        "Authors:\n  - Ada Smith\n  - name: Li, Bo",
        "authors:\n- {given: Ada, family: Smith}\n- Bo Li",
        'authors: ["\\uFFFE\\uFFFF", "Ada \\u200BSmith", "\\u2028", Bo Li]',
    ],
)
def test_authors(authors: str) -> None:
    """Authors are a text or a list, of texts or of parts; what nobody can see is none."""
    names = record(f"title: T\n{authors}").authors
    assert [(name.given, name.family) for name in names] == [("Ada", "Smith"), ("Bo", "Li")]


UNKNOWN = {
    "tag: x": ['has the field tag, which means nothing here; did you mean "tags"?'],
    "Titel: x": ['has the field titel, which means nothing here; did you mean "title"?'],
    "autor: x\nkeyword: y": [
        'has the field autor, which means nothing here; did you mean "author"?',
        'has the field keyword, which means nothing here; did you mean "keywords"?',
    ],
    "layout: x\ncategories: [x]\nlang: en\nslidesurl: x\nurl_source: https://x.org/": [],
    "publish: true\npublished: true\nparent: x\nvideos: [x]": [],
    "ids: x\nedited: 2020-01-02": [],  # nor is any of theirs what was meant
}


@pytest.mark.parametrize(("fields", "said"), UNKNOWN.items())
def test_a_field_that_resembles_one_of_ours_is_noted(fields: str, said: list[str]) -> None:
    """A slip is told; what Hugo, Jekyll and Obsidian have of their own is nobody's slip."""
    text = f"---\ntitle: T\nauthors: A B\nyear: 2020\n{fields}\n---\n"
    problems = sources.read("note.md", text.encode(), "note").problems
    assert [(each.severity, each.message) for each in problems] == [
        ("note", f"the note {message}") for message in said
    ]


def test_of_endless_unknown_fields_few_are_compared() -> None:
    """Each is compared with all that there are."""
    fields = "\n".join(f"tag{number}: x" for number in range(900))
    with patch("generator.sources.notes.did_you_mean", return_value="") as compared:
        sources.read("note.md", f"---\ntitle: T\n{fields}\n---\n".encode(), "note")
    assert compared.call_count == 50


@pytest.mark.parametrize(
    "front_matter",
    [
        pytest.param(
            "a: &a [x,x]\n" + "\n".join(f"{b}: &{b} [*{a},*{a}]" for a, b in zip("abcd", "bcde")),  # noqa: B905
            id="aliases",
        ),
        pytest.param("a: " + "[" * 40_000, id="depth"),
        pytest.param("a: " + "{" * 40_000, id="depth of mappings"),
        pytest.param("- " * 40_000, id="depth of lists"),
        pytest.param("? " * 40_000, id="keys"),
        pytest.param("title: " + "'" * 90_000, id="quotes"),
        pytest.param("title: [" + "a," * 40_000 + "]", id="long list"),
        pytest.param("\n".join(f"k{i}: v" for i in range(9_000)), id="many fields"),
        pytest.param("title: !!python/object/apply:os.abort []", id="tags"),
        pytest.param("x" * 200_000, id="too long"),
    ],
)
def test_hostile_front_matter(front_matter: str) -> None:
    """It is refused or read, in linear time, and nothing in it is done."""

    def read(size: int) -> SourceText:
        return sources.read("note.md", f"---\n{front_matter[:size]}\n---\n".encode(), "note")

    text = read(len(front_matter))
    assert len(text.records) + len(text.quarantined) == 1
    assert is_linear(read, len(front_matter) // 2)


@pytest.mark.parametrize(
    "piece",
    ["[", "![", "![a](", "](<", "<a ", "<http://a", "# a\n", "- a\n", "a\n=\n", "> ", "   - ", "*_",
     "***a", "`a", "\\`", "[a]: b\n", "a|b\n-|-\n"],
)  # fmt: skip
def test_hostile_markdown_takes_little_time(piece: str) -> None:
    """A text over which Python-Markdown would sit for minutes is shown as it was written."""
    ordinary = "Some *words* of a [note](a.html), and `others`.\n\n" * 1_000
    hostile = (piece * 100_000)[:100_000]
    assert is_at_most(100, lambda: to_html(ordinary), lambda: to_html(hostile))
