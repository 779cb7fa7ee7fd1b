"""In brief, what `make judge` has others' instruments judge at full length; and the judges' rules.

axe-core and the Nu checker are asked where `make judge` has installed them, and not fetched here:
elsewhere, in CI too, their two tests are skipped, and `make judge` is what asks them.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import needs
from tests.judge import bib, browser, feeds, html, links, tools
from tests.judge.__main__ import INSTRUMENTS, judged
from tests.judge.sites import Site, entries, lived_in

THERE = tools.there()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The demo at an address, after a paper went and another was renamed."""
    return lived_in(tmp_path_factory.mktemp("judged") / "site")


# --- the demo -----------------------------------------------------------------------------------


def test_every_kind_of_page_is_there(site: Site) -> None:
    """What is judged by its kind has all of them, redirects and what is gone included."""
    kinds = {"404", "gone", "index", "papers/*", "papers/index", "redirect", "search", "tags/*"}
    assert kinds <= site.kinds.keys()


def test_no_page_is_against_its_policy(site: Site) -> None:
    """Each says what it may load, before it loads it, and has no inline script or style."""
    pages = {path: list(html.against(site.read(path))) for path in site.some()}
    assert {path: faults for path, faults in pages.items() if faults} == {}


def test_feeds_are_as_the_rfc_says(site: Site) -> None:
    """Every rule of the table holds for every feed of the demo."""
    assert feeds.feeds(site, {}).faults == ()


@pytest.mark.parametrize("place", ["disk", "address"])
def test_the_console_is_told_nothing(site: Site, place: str) -> None:
    """Pages unfolded and with their buttons pressed, and a search in use.

    From disk a page of each kind; at an address what differs there.
    """
    needs("chromium" in THERE, "chromium")
    longest = [paths[0] for paths in site.kinds.values()]
    paths = longest if place == "disk" else ["404.html", "index.html"]
    assert browser.told_at(site, THERE, paths, place) == []


@pytest.mark.skipif("axe" not in THERE, reason="axe-core comes with make judge only, in CI too")
def test_axe_finds_nothing(site: Site) -> None:
    """Home, the longest paper and the longest topic, on a phone at night."""
    needs("chromium" in THERE, "chromium")
    paths = ["index.html", *(site.kinds[kind][0] for kind in ("papers/*", "tags/*"))]
    assert browser.axe_at(site, THERE, paths, "dark", 320) == []


@pytest.mark.skipif("vnu" not in THERE, reason="Nu comes with make judge only, in CI too")
def test_nu_finds_nothing(site: Site) -> None:
    """The longest page of each kind."""
    needs("java" in THERE, "java")
    pages = [site.folder / paths[0] for paths in site.kinds.values()]
    assert html.errors(site, THERE, "--skip-non-html", pages) == []


# --- instruments that do not judge --------------------------------------------------------------


@pytest.mark.parametrize("tool", ["/bin/false", "/etc/passwd"])
@pytest.mark.parametrize("name", ["lychee", "lighthouse"])
def test_an_instrument_that_says_nothing_has_found_something(
    site: Site, name: str, tool: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One that ends without an answer, or does not start, is told in a line; the others go on."""
    there = dict.fromkeys(INSTRUMENTS[name].needs, Path(tool))
    found = judged(name, site, there, lenient=True)
    assert (found, capsys.readouterr().out.count("\n")) == (1, 2)


def test_an_environment_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """Where instruments cannot be fetched, those that are there judge all the same."""
    occupied = tmp_path / "judge"
    occupied.write_text("", encoding="utf-8")
    assert str(occupied) in tools.install(occupied / "below")


# --- the judges that are our own ----------------------------------------------------------------

SOUND = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<id>urn:x:feed</id><title>T</title><updated>2026-01-02T00:00:00Z</updated>
<author><name>A</name></author>
<link rel="self" href="https://e.org/feed.xml"/><link href="https://e.org/"/>
<entry><id>urn:x:a</id><title>E</title><updated>2026-01-02T00:00:00Z</updated>
<published>2026-01-01T00:00:00Z</published><link href="https://e.org/a"/>
<category term="t"/><summary type="html">S</summary></entry>
</feed>"""

# What is put in place of what, and the section whose rule that breaks.
BROKEN = [
    ("urn:x:feed", "", "4.2.6"),
    ('xml:lang="en"', 'xml:lang="e_n"', "2"),
    ('type="html">S', 'type="text/html">S', "3.1.1"),
    ('type="html">S', 'type="xhtml">S', "3.1.1"),
    ("<title>E</title>", "<title><b>E</b></title>", "3.1.1"),
    ("<name>A</name>", "<name>A</name><name>B</name>", "3.2"),
    ("<name>A</name>", "<name> </name>", "3.2.1"),
    ("<name>A</name>", "<name>A</name><uri>a b</uri>", "3.2.2"),
    ("<name>A</name>", "<name>A</name><email>a</email>", "3.2.3"),
    ("2026-01-01T00:00:00Z", "2026-01-01", "3.3"),
    ("2026-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "3.3"),
    ("2026-01-01T00:00:00Z", "2026-01-01t00:00:00z", "3.3"),
    ("<title>T</title>", "", "4.1.1"),
    ("<title>T</title>", "<title>T</title><title>T</title>", "4.1.1"),
    ("<title>T</title>", "<title>T</title><published/>", "4.1.1"),
    ("<author><name>A</name></author>", "", "4.1.1"),
    ("</feed>", "<subtitle>S</subtitle></feed>", "4.1.1"),
    ('rel="self"', 'rel="related"', "4.1.1"),
    ('<link href="https://e.org/"/>', '<link href="https://e.org/"/>' * 2, "4.1.1"),
    ("<title>E</title>", "", "4.1.2"),
    ('<link href="https://e.org/a"/>', "", "4.1.2"),
    ('<link href="https://e.org/a"/>', '<link href="https://e.org/a"/>' * 2, "4.1.2"),
    ('<summary type="html">S</summary>', "", "4.1.2"),
    ("<title>E</title>", "<title> </title>", "4.1.1"),
    ('term="t"', 'label="t"', "4.2.2"),
    ("<author>", "<generator/><author>", "4.2.4"),
    ("<author>", "<icon>i.svg</icon><author>", "4.2.5"),
    ("urn:x:a", "a", "4.2.6"),
    ("urn:x:a", " urn:x:a", "4.2.6"),
    ("urn:x:a", "urn:x:feed", "4.2.6"),
    ("https://e.org/a", "a.html", "4.2.7"),
    ("https://e.org/a", "file:///a.html", "4.2.7"),
    ('"https://e.org/a"', '"https://e.org/a" type="html"', "4.2.7.3"),
    ('"https://e.org/a"', '"https://e.org/a" hreflang="e_n"', "4.2.7.4"),
    ("2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z", "4.2.9"),
    ("<title>T</title><updated>2026-01-02", "<title>T</title><updated>2026-01-01", "4.2.15"),
    ("https://e.org/feed.xml", "https://e.org/other.xml", "4.2.7.2"),
]


def rules_broken(document: str) -> list[str]:
    """The rules that a document breaks which is to be had at e.org."""
    return list(feeds.against(ET.fromstring(document), "https://e.org/feed.xml"))  # noqa: S314


def test_a_sound_feed_breaks_no_rule() -> None:
    """So what is broken below is what was put there."""
    assert rules_broken(SOUND) == []


@pytest.mark.parametrize(("old", "new", "section"), BROKEN)
def test_a_feed_that_breaks_a_rule_is_told(old: str, new: str, section: str) -> None:
    """Each row breaks a rule of the section it names."""
    assert section in [rule.partition(":")[0] for rule in rules_broken(SOUND.replace(old, new, 1))]


def test_every_rule_can_be_broken() -> None:
    """No rule holds whatever the document: each is broken by a row, but that it is a feed."""
    met = {rule for old, new, _ in BROKEN for rule in rules_broken(SOUND.replace(old, new, 1))}
    assert feeds.RULES.keys() - met == {"2: the document is an Atom feed"}


POLICY = '<meta http-equiv="Content-Security-Policy" content="default-src \'self\'">'


@pytest.mark.parametrize(
    "page",
    [
        "<p>x</p>",
        f'<script src="a.js"></script>{POLICY}',
        f'<link rel="stylesheet" href="a.css">{POLICY}',
        POLICY.replace("'self'", "'self' 'unsafe-inline'"),
        POLICY.replace("'self'", "*"),
        POLICY.replace("default-src", "img-src"),
        f"{POLICY}<script>alert(1)</script>",
        f"{POLICY}<style>a {{}}</style>",
        f'{POLICY}<p style="color: red">',
        f'{POLICY}<p onclick="a()">',
        f'{POLICY}<a href=" JavaScript:a()">',
    ],
)
def test_what_is_against_a_policy_is_told(page: str) -> None:
    """No policy, one that comes too late or allows all, and what it forbids."""
    assert list(html.against(page))


def test_a_page_that_keeps_its_policy() -> None:
    """Scripts and styles of its own, data for search engines, hosts it names."""
    assert not list(
        html.against(
            f'{POLICY}<script src="a.js"></script><script type="application/ld+json">{{}}</script>'
        )
    )


BIB = "@string{a = {A\u2028}}\n" + "".join(f"@misc{{k{i},\n  title = a\n}}\n" for i in range(10))


@pytest.mark.parametrize(
    ("count", "kept"), [(3, [0, 3, 6]), (10, [*range(10)]), (99, [*range(10)])]
)
def test_a_sample_is_taken_at_even_steps(count: int, kept: list[int]) -> None:
    """So many entries of all the file, whole, and the strings they may use."""
    taken = "\n".join(entries(BIB, count))
    assert taken.startswith("@string")
    assert re.findall(r"\{k(\d+),\n  title = a\n\}", taken) == [str(i) for i in kept]
    assert bib.count(taken) == len(kept) + 1


PLACED: dict[str, Callable[[str], bool]] = {
    "disk": lambda base: base.startswith("file:///"),
    "/": lambda base: bool(re.fullmatch(r"http://127.0.0.1:\d+/", base)),
    "/repo/": lambda base: bool(re.fullmatch(r"http://127.0.0.1:\d+/repo/", base)),
}


@pytest.mark.parametrize("place", links.PLACES)
def test_places(place: str, tmp_path: Path) -> None:
    """From disk, at a host's root, and below it."""
    with links.at(Site("x", tmp_path), place) as base:
        assert PLACED[place](base)
