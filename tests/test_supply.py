"""What bibpress is made of is known and pinned; a built site brings all it needs and asks nobody.

`python -m tests.versions oldest` (or newest, or locked) runs all tests with those versions.
"""

from __future__ import annotations

import re
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser

from generator.output import LIBRARIES
from tests import versions
from tests.conftest import ROOT, Built, build_folder
from tests.same_bytes.site import lay_out
from tests.test_browser import browser  # noqa: F401 - a fixture

LOCK = versions.LOCK.read_text(encoding="utf-8")
PAPERS = 60

# --- the lock -----------------------------------------------------------------------------------


def locked() -> dict[str, str]:
    """Package → version, as the lock has them."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", LOCK, flags=re.M))


def test_the_lock_names_no_host() -> None:
    """The lock holds on any mirror: hashes say what is right, no address says where it is."""
    assert not re.search(r"://|\bindex\b|^-(?!-hash)", LOCK, flags=re.M)


def test_every_package_of_the_lock_has_hashes() -> None:
    """Each entry is one exact version and the SHA-256 of each of its files; nothing else."""
    entries = re.split(r"^(?=[a-z])", re.sub(r"^#.*\n", "", LOCK, flags=re.M), flags=re.M)[1:]
    shape = re.compile(r"[a-z0-9-]+==[\w.]+( ; [^\\]+)?( \\\n +--hash=sha256:[0-9a-f]{64})+\n")
    assert [entry.partition(" ")[0] for entry in entries if not shape.fullmatch(entry)] == []


@pytest.mark.parametrize("requirement", versions.requirements())
def test_the_lock_is_within_the_bounds(requirement: str) -> None:
    """What pyproject.toml asks for is in the lock, in a version it allows (else: `make lock`)."""
    name, *bounds = re.split("([<>]=?)", requirement.replace(",", ""))
    version = numbers(locked()[name.lower()])
    for sign, bound in zip(bounds[::2], bounds[1::2], strict=True):
        assert version >= numbers(bound) if sign == ">=" else version < numbers(bound)


def numbers(version: str) -> list[int]:
    """A version as it is compared."""
    return [int(part) for part in re.findall(r"\d+", version)]


def test_the_oldest_versions_are_the_lower_bounds() -> None:
    """`make oldest` installs exactly what the bounds say."""
    assert versions.oldest(["ruff>=0.17,<0.18", "nh3>=0.2.17"]) == ["ruff==0.17", "nh3==0.2.17"]


# Libraries that run, and have no say in any byte of a site.
NO_BYTES = {"click", "lunr"}


def test_every_library_that_makes_bytes_is_in_the_stamp() -> None:
    """Another version of a library makes all anew: a kept page is the page it would make."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {re.split("[<>=]", item)[0] for item in project["dependencies"]}
    assert named - NO_BYTES <= set(LIBRARIES)


@pytest.mark.parametrize("name", versions.QUICK)
def test_the_quick_tests_are_there(name: str) -> None:
    """What CI runs with the oldest and newest versions is not lost when a file is renamed."""
    assert (ROOT / "tests" / name).is_file()


# --- what a site brings -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A site with something of everything, and with an address of its own."""
    folder = tmp_path_factory.mktemp("supply") / "site"
    lay_out(folder, PAPERS)
    return Built(folder, build_folder(folder))


def test_lunr_keeps_its_notice_and_comes_with_its_licence(site: Built) -> None:
    """The MIT licence asks for both in every copy, so a site that is copied has them."""
    (script,) = site.out.glob("assets/vendor/lunr.min.*.js")
    (licence,) = site.out.glob("assets/vendor/lunr.LICENSE.*.txt")
    head = script.read_text(encoding="utf-8")[:300]
    assert "Copyright (C) 2020 Oliver Nightingale" in head
    assert "@license MIT" in head
    assert "Permission is hereby granted, free of charge" in licence.read_text(encoding="utf-8")


def test_nothing_else_of_others_is_shipped(site: Built) -> None:
    """Every script and style is ours, but for Lunr.js: there is no further notice to keep."""
    ours = {path.name for path in (ROOT / "static").rglob("*.*") if "vendor" not in path.parts}
    shipped = [path for path in site.out.glob("assets/**/*.*") if "vendor" not in path.parts]
    assert {re.sub(r"\.[0-9a-f]{8}(?=\.\w+$)", "", path.name) for path in shipped} <= ours


# --- what a site asks for -----------------------------------------------------------------------

ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.I)
# Where an address only leads, for a reader who follows it, or is told to other programs.
LEADING = {("a", "href"), ("meta", "content")}
TELLING = {"canonical", "alternate"}
# Text for people, and names of vocabularies; no browser asks for these.
TEXT = {"title", "alt", "value", "placeholder", "id", "class", "xmlns", "content"}


class Asking(HTMLParser):
    """Gathers every attribute that is not known to be harmless, and what scripts and styles say."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element; links to feeds and canonical addresses are not fetched."""
        values = {name: value or "" for name, value in attrs}
        is_data = values.get("type", "").endswith("json")
        self._within = tag if tag in ("script", "style") and not is_data else ""
        if values.get("http-equiv", "").lower() == "refresh":
            self.found.append(values["content"].partition("url=")[2])
        if tag == "link" and set(values.get("rel", "").split()) <= TELLING:
            return
        self.found += [
            value
            for name, value in values.items()
            if (tag, name) not in LEADING
            and name not in TEXT
            and not name.startswith(("data-", "aria-"))
        ]

    def handle_data(self, data: str) -> None:
        """Text; a style or a script among it."""
        if self._within:
            self.found.append(data)

    def handle_endtag(self, tag: str) -> None:
        """An element's end."""
        self._within = "" if tag == self._within else self._within


def asked_by_html(page: str) -> list[str]:
    """What a page names that a browser might fetch by itself, as far as it names a host."""
    asking = Asking()
    asking.feed(page)
    return [value for value in asking.found if ADDRESS.search(value)]


@pytest.mark.parametrize(
    "html",
    [
        '<img src="//example.com/a.png">',
        '<img srcset="a.png 1x, https://example.com/b.png 2x">',
        '<link rel="preconnect" href="https://example.com">',
        '<a ping="https://example.com" href="x.html">x</a>',
        '<p style="background: url(//example.com/a)">',
        "<style>@import '//example.com/a.css'</style>",
        '<meta http-equiv="refresh" content="0; url=https://example.com/">',
        '<svg><image href="https://example.com/a.svg"/></svg>',
        '<form action="https://example.com/">',
    ],
)
def test_what_would_be_asked_is_seen(html: str) -> None:
    """A control: each way in which a page asks another host is one that the next test sees."""
    assert asked_by_html(html)


def test_no_page_asks_another_host(site: Built) -> None:
    """No element names a host to fetch from; only 404.html names one, the site's own."""
    own = "https://example.org/folded/"
    asked = {
        (path.relative_to(site.out).as_posix(), value)
        for path in site.out.rglob("*.html")
        for value in asked_by_html(path.read_text(encoding="utf-8"))
    }
    assert {each for each in asked if each[0] != "404.html" or not each[1].startswith(own)} == set()


CALLS = re.compile(
    r"""["'`](?:https?:|wss?:)?//|\b(?:fetch|importScripts|import)\(|XMLHttpRequest|WebSocket"""
    r"""|EventSource|sendBeacon|new Worker|\burl\((?!["']?data:)|@import"""
)
COMMENT = re.compile(r"/\*.*?\*/|^\s*//.*$", re.S | re.M)
# Ours, which adds a script of the site to the page: a file cannot be fetched from disk.
OWN_CALL = "bibpress.fetch("


def asked_by_code(code: str) -> list[str]:
    """What a script or a style says that could reach another host."""
    return CALLS.findall(COMMENT.sub("", code).replace(OWN_CALL, ""))


def test_no_script_or_style_asks_another_host(site: Built) -> None:
    """Nothing in them could reach a host but by the way of adding a script of the site."""
    asked = {
        path.name: found
        for path in (*site.out.glob("assets/**/*.js"), *site.out.glob("assets/**/*.css"))
        if (found := asked_by_code(path.read_text(encoding="utf-8")))
    }
    assert asked == {}


def test_no_feed_asks_another_host(site: Built) -> None:
    """A feed names no style sheet, no external definition and no picture."""
    feeds = {p.name: p.read_text(encoding="utf-8") for p in site.out.rglob("*.xml")}
    asks = re.compile(r"<\?xml-stylesheet|<!|&lt;(?:img|script|iframe|link)|<(?:icon|logo)>")
    assert {name for name, content in feeds.items() if asks.search(content)} == set()
    assert "feed.xml" in feeds


@pytest.fixture(scope="module")
def unnamed(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The same site without an address, as it is opened from disk."""
    folder = tmp_path_factory.mktemp("unnamed") / "site"
    lay_out(folder, PAPERS)
    settings = folder / "bibpress.toml"
    lines = settings.read_text(encoding="utf-8").splitlines(keepends=True)
    settings.write_text("".join(line for line in lines if line[:3] != "url"), encoding="utf-8")
    return Built(folder, build_folder(folder))


def kinds(out: Path) -> list[str]:
    """Pages of every kind: all at the top, and of each folder its index, a page, a second page."""
    pages = sorted(path.relative_to(out).as_posix() for path in out.rglob("*.html"))
    found = {(page.rpartition("/")[0], _part(page)): page for page in pages}
    found |= {("", page): page for page in pages if "/" not in page}
    moved = [page for page in pages if "noindex" in (out / page).read_text(encoding="utf-8")]
    return sorted({*found.values(), *moved})


def _part(page: str) -> str:
    return "index" if page.endswith("index.html") else "2" if page.count(".") > 1 else "1"


def test_a_browser_asks_nobody_else(browser: Browser, unnamed: Built) -> None:  # noqa: F811
    """Every page of every kind, opened from disk and searched in: all it loads is its own files."""
    asked: dict[str, None] = {}
    context = browser.new_context()
    context.on("request", lambda request: asked.setdefault(request.url))
    page = context.new_page()
    root = unnamed.out.as_uri() + "/"
    for path in kinds(unnamed.out):
        page.goto(urljoin(root, path), wait_until="commit")
        page.wait_for_load_state("networkidle")  # with what scripts ask, and where it leads on to
    page.goto(urljoin(root, "search.html?q=fold"))
    page.wait_for_selector("#search-results[data-state=done] li")
    page.locator("#search-results a").first.click()
    page.wait_for_load_state("networkidle")
    context.close()
    assert [url for url in asked if not url.startswith(root)] == []
    assert len(asked) > len(kinds(unnamed.out)) > 20
