"""What changed, day by day."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generator.history import CHANGED, GONE, NEW, Event, events, founded
from generator.ledger import Line
from tests.conftest import Built

FIRST, THEN, LATER = "2026-01-02", "2026-02-03", "2026-03-04"


def told(*lines: tuple[str, str, str, str]) -> tuple[Event, ...]:
    """The events of a ledger, a line as (id, state, since, changed)."""
    ledger = {
        id_: Line(id_, id_, (), state=state, since=since, changed=changed)
        for id_, state, since, changed in lines
    }
    return events(ledger)


def test_a_paper_comes_changes_and_goes() -> None:
    """The newest day first, within a day what is new before what changed, what went last."""
    assert told(
        ("old", "live", FIRST, FIRST), ("edited", "live", FIRST, LATER),
        ("late", "live", THEN, THEN), ("later", "live", LATER, LATER),
        ("lost", "gone", FIRST, LATER),
    ) == (
        Event(LATER, NEW, "later"), Event(LATER, CHANGED, "edited"), Event(LATER, GONE, "lost"),
        Event(THEN, NEW, "late"),
    )  # fmt: skip


@pytest.mark.parametrize("state", ["-> other", "live"])
def test_the_first_day_and_what_moved_are_no_news(state: str) -> None:
    """All papers came on the first day; one that leads to another is told of there."""
    assert told(("a", "live", FIRST, FIRST), ("b", state, FIRST, FIRST)) == ()
    assert told(("a", "live", FIRST, FIRST), ("b", "-> a", FIRST, LATER)) == ()


def test_a_collection_begins_with_its_first_paper() -> None:
    """Its day is the oldest in the ledger."""
    lines = (Line("a", "a", (), since=THEN), Line("b", "b", (), state="-> a", since=THEN))
    assert founded({line.id: line for line in lines}) == (THEN, 1)
    assert founded({}) == ("", 0)


def test_what_is_no_day_is_passed_over() -> None:
    """A hand may leave anything in the ledger; what went on a known day is told all the same."""
    assert told(("a", "live", FIRST, "yesterday"), ("b", "gone", "", LATER)) == (
        Event(LATER, GONE, "b"),
    )


def test_a_paper_that_came_and_went_on_one_day_is_gone() -> None:
    """Or it would be new for ever."""
    assert told(("a", "live", FIRST, FIRST), ("b", "gone", LATER, LATER))[-1] == Event(
        LATER, GONE, "b"
    )


def test_a_page_tells_what_changed(make_site: Callable[..., Built]) -> None:
    """A site folder has the page, linked from the first one; it leads to the papers."""
    one, two = "@misc{a, title = {First}}\n", "@misc{b, title = {Second}}\n"
    site = make_site({"a.bib": one})
    site.rebuild({"content/a.bib": one + two}, today=LATER)
    page = site.read("changes.html")
    assert 'href="changes.html"' in site.read("index.html")
    assert f"<h2>{LATER}</h2>" in page
    assert '<span class="why">new</span> <a href="papers/second.html">Second</a>' in page
    assert "papers/first.html" not in page


def test_the_page_leads_to_its_feed(make_site: Callable[..., Built]) -> None:
    """Where the address is known: a link that programs find, and one to click."""
    one = "@misc{a, title = {First}}\n"
    site = make_site({"a.bib": one, "bibpress.toml": 'url = "https://example.org/"'})
    page = site.read("changes.html")
    assert '<link rel="alternate" href="changes.xml" type="application/atom+xml"' in page
    assert '<a href="changes.xml">' in page
    assert "changes.xml" in site.tree()
    assert "changes.xml" not in make_site({"a.bib": one}).read("changes.html")
