"""In which order lists and indexes stand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Built

ENTRY = "@article{{k{n}, title = {{{title}}}, author = {{{{{author}}}}}, journal = {{{journal}}},"
ENTRY += " keywords = {{{topic}}}, year = 2020}}\n"
ROWS = [
    ("Two on things", "The Folding Consortium", "Zeitschrift für Bibliothek", "zebras"),
    ("Äpfel on things", "Éclair Team", "東京", "émeutes"),
    ("The Crease on things", "An Team", "Élan", "apes"),
    ("東京 on things", "Zoo", "Zeitschrift für Bäckerei", "elks"),
    ("Eb on things", "Dot Group", "3D Printing", "the end"),
]


@pytest.fixture
def site(make_site: Callable[..., Built]) -> Built:
    """A site of a few papers of one year."""
    entries = [
        ENTRY.format(n=n, title=title, author=author, journal=journal, topic=topic)
        for n, (title, author, journal, topic) in enumerate(ROWS)
    ]
    return make_site({"refs.bib": "".join(entries)})


def in_order(page: str, column: int) -> list[int]:
    """The rows in the order in which a page names what stands in a column of theirs."""
    return sorted(range(len(ROWS)), key=lambda n: page.index(f">{ROWS[n][column]}<"))


def test_papers_of_a_year_stand_by_title(site: Built) -> None:
    """Without accents and articles; other scripts come last."""
    assert in_order(site.read("years/2020.html"), 0) == [1, 2, 4, 0, 3]


@pytest.mark.parametrize(
    ("path", "column", "order"),
    [
        ("venues", 2, [2, 3, 0, 4, 1]),
        ("authors", 1, [4, 1, 0, 2, 3]),
        ("tags", 3, [2, 3, 1, 4, 0]),
    ],
)
def test_indexes_stand_by_name(site: Built, path: str, column: int, order: list[int]) -> None:
    """What begins with no letter is in one place behind Z, and "The Folding Consortium" under F."""
    assert in_order(site.read(f"{path}/index.html"), column) == order
