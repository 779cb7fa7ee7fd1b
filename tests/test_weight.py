"""What a site weighs, and what is said where it comes near a host's limits."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generator import weight
from generator.config import Size
from generator.errors import ConfigError
from generator.library import Library
from generator.load import Means, Order, load
from tests.conftest import Built

Make = Callable[..., Built]

BIB = """
@misc{one, title = {One thing}, author = {Ng, Ann and Li, Bo}, year = 2001}
@misc{two, title = {Another thing}, author = {Ng, Ann}, year = 2002}
"""


def test_kinds() -> None:
    """Bytes are counted by outermost folder and suffix, the heaviest first."""
    sizes = {"papers/a.html": 4, "papers/b.html": 1, "search/hits/1.js": 2, "CNAME": 9, "a.css": 1}
    assert weight.of(sizes, Library(())).kinds == (
        ("*", 1, 9),
        ("papers/*.html", 2, 5),
        ("search/*.js", 1, 2),
        ("*.css", 1, 1),
    )


def test_a_light_site_is_not_spoken_of() -> None:
    """Below four fifths of the limits nothing is said."""
    sizes = {f"{n}.html": 79_000_000 for n in range(10)}
    assert weight.of(sizes, Library(())).warnings == ()


def test_a_large_file_is_named() -> None:
    """A file near what GitHub takes is named with its size."""
    (said,) = weight.of({"data/papers.jsonl": 81_000_000}, Library(())).warnings
    assert "data/papers.jsonl has 81 MB" in said


def test_the_setting_that_saves_most_is_named(make_site: Make) -> None:
    """Near the limit of a site the advice is the setting that saves most of just this one."""
    site = make_site({"a.bib": BIB})
    library = library_of(site)
    heavy = {f"papers/{n}.html": 9_000_000 for n in range(90)}
    once = heavy | {"authors/bo-li.html": 2_000_000, "authors/bo-li.bib": 1_000_000}
    assert "authors_from = 2" in weight.of(once, library).warnings[0]
    assert "saves 3 MB" in weight.of(once, library).warnings[0]
    bibs = heavy | {"authors/ann-ng.bib": 3_000_000, "authors/bo-li.bib": 1_000_000}
    assert "author_bib = false" in weight.of(bibs, library).warnings[0]
    assert "saves" not in weight.of(heavy, library).warnings[0]


def library_of(site: Built) -> Library:
    """The library that a site was made of."""
    return load(Order((site.folder,), site.out, "2026-01-02"), Means()).library


def test_authors_of_one_paper_may_have_no_page(make_site: Make) -> None:
    """Below `authors_from` papers an author is named, found, and not linked."""
    site = make_site({"a.bib": BIB, "bibpress.toml": "[size]\nauthors_from = 2\n"})
    assert not (site.out / "authors/bo-li.html").exists()
    assert not (site.out / "authors/bo-li.bib").exists()
    assert (site.out / "authors/ann-ng.html").exists()
    page = site.read(f"papers/{site.paper('one')['id']}.html")
    assert "Bo Li" in page and "bo-li.html" not in page and "ann-ng.html" in page
    assert 'href="../"' not in page
    assert "Bo Li" not in site.read("authors/index.html")


def test_authors_may_have_no_bib(make_site: Make) -> None:
    """Without `author_bib` no author has a .bib, and no page offers one."""
    site = make_site({"a.bib": BIB, "bibpress.toml": "[size]\nauthor_bib = false\n"})
    assert not list((site.out / "authors").glob("*.bib"))
    assert "ann-ng.bib" not in site.read("authors/ann-ng.html")
    assert (site.out / "years/2001.bib").exists()


@pytest.mark.parametrize(
    "settings",
    ["size = 2", "[size]\nauthors_from = 0", '[size]\nauthors_from = "2"',
     "[size]\nauthors_from = true", "[size]\nauthor_bib = 1", "[size]\nauthors_form = 2"],
)  # fmt: skip
def test_settings_are_checked(settings: str, make_site: Make) -> None:
    """A setting of another kind, or one that is none, ends with a line that says what is right."""
    with pytest.raises(ConfigError, match=r"bibpress\.toml"):
        make_site({"a.bib": BIB, "bibpress.toml": settings})


def test_by_default_everything_is_there() -> None:
    """What is left out is left out on request alone."""
    assert Size() == Size(authors_from=1, author_bib=True)
