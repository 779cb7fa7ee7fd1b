"""Papers in lists as Zotero finds them: what went in is read back, and nothing breaks the page."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import cite
from generator.coins import LONGEST, Coin, context_object
from generator.model import Name, Paper
from generator.names import OTHERS
from tests.conftest import Built
from tests.papers import BARE

PAPER = replace(
    BARE, type="inproceedings", title="On $x^2$ & <Machines>", year=2020, venue="Proceedings of X",
    authors=(Name("Lovelace", "Ada", "Jr."), Name("The Engine Group", group=True), OTHERS),
    doi="10.1000/a_b%20c", details=(("month", "7"), ("pages", "12--34"), ("volume", "3")),
)  # fmt: skip


def said(paper: Paper) -> Mapping[str, list[str]]:
    """What the description of a paper says, as a reader of query strings has it."""
    return parse_qs(Coin(cite.written(paper)).title, strict_parsing=True)


def test_a_paper_is_read_back() -> None:
    """One value a key, but for an author each; a group ends in a comma, others are nobody."""
    assert said(PAPER) == {
        "ctx_ver": ["Z39.88-2004"],
        "rft_val_fmt": ["info:ofi/fmt:kev:mtx:book"],
        "rft.genre": ["proceeding"],
        "rft.atitle": ["On x^2 & <Machines>"],
        "rft.btitle": ["Proceedings of X"],
        "rft.au": ["Lovelace, Ada, Jr.", "The Engine Group,"],
        "rft.date": ["2020-07"],
        "rft.volume": ["3"],
        "rft.pages": ["12-34"],
        "rft_id": ["info:doi/10.1000/a_b%20c"],
    }


def test_an_address_stands_beside_a_doi() -> None:
    """Where the source gives both: Zotero reads the one and the other."""
    paper = replace(PAPER, details=(("url", "https://x.org/p"),))
    assert said(paper)["rft_id"] == ["info:doi/10.1000/a_b%20c", "https://x.org/p"]


@pytest.mark.parametrize(
    ("fields", "keys"),
    [
        ({"type": "article"}, {"rft_val_fmt": "journal", "rft.genre": "article"}),
        ({"type": "article"}, {"rft.atitle": "T", "rft.jtitle": "V"}),
        ({"type": "inproceedings"}, {"rft_val_fmt": "book", "rft.genre": "proceeding"}),
        ({"type": "inproceedings"}, {"rft.atitle": "T", "rft.btitle": "V"}),
        ({"type": "incollection"}, {"rft_val_fmt": "book", "rft.genre": "bookitem"}),
        ({"type": "book"}, {"rft_val_fmt": "book", "rft.genre": "book", "rft.btitle": "T"}),
        ({"type": "techreport"}, {"rft.genre": "report", "rft.btitle": "T", "rft.pub": "V"}),
        ({"type": "phdthesis"}, {"rft_val_fmt": "dissertation", "rft.title": "T"}),
        ({"type": "phdthesis"}, {"rft.inst": "V", "rft.degree": "PhD thesis"}),
        ({"arxiv": "2001.1", "venue": ""}, {"rft_val_fmt": "dc", "rft.type": "preprint"}),
        ({"arxiv": "2001.1", "venue": ""}, {"rft_id": "https://arxiv.org/abs/2001.1"}),
        ({"venue": ""}, {"rft_val_fmt": "dc", "rft.type": "document", "rft.title": "T"}),
        ({"details": (("isbn", "1"), ("issn", "2"))}, {"rft.isbn": "1", "rft.issn": "2"}),
        ({"type": "book", "details": (("editor", "Jones, Bo"),)}, {"rft.au": "Jones, Bo"}),
        (
            {"type": "book", "details": (("address", "Bonn"), ("pages", "345"))},
            {"rft.place": "Bonn", "rft.tpages": "345", "rft.pages": None},
        ),
        ({"type": "article", "details": (("eid", "e1"),)}, {"rft.artnum": "e1", "rft.pages": "e1"}),
        (
            {"type": "inproceedings", "details": (("eid", "17"), ("pages", "1–9"))},
            {"rft.artnum": None, "rft.pages": "1-9"},
        ),
    ],
)
def test_the_kind_of_publication(fields: Mapping[str, Any], keys: Mapping[str, str | None]) -> None:
    """Format, genre and the keys of title and place are those that Zotero makes each kind of."""
    found = said(replace(BARE, **{"title": "T", "venue": "V", **fields}))
    short = {key: values[0].removeprefix("info:ofi/fmt:kev:mtx:") for key, values in found.items()}
    assert {key: short.get(key) for key in keys} == keys


def test_what_is_not_known_is_not_said() -> None:
    """A paper with nothing but a title has a title."""
    assert list(said(replace(BARE, title="T"))) == [
        "ctx_ver", "rft_val_fmt", "rft.type", "rft.title",
    ]  # fmt: skip


@given(st.lists(st.characters(), min_size=1, max_size=20).map("".join), st.text(max_size=30))
def test_any_text_is_read_back(title: str, name: str) -> None:
    """Whatever characters there are; all that HTML or an address has a use for is encoded."""
    item = cite.item(replace(PAPER, title=title, authors=(Name("x" + name),)))
    encoded = context_object(item)
    assert not set(encoded) & set("\"'<> \n") and encoded.isascii()
    found = parse_qs(encoded, strict_parsing=True)
    assert found.get("rft.atitle", [""]) == [item.get("title", "")]
    assert found["rft.au"] == [item["author"][0]["family"]]


@pytest.mark.parametrize(
    ("fields", "keys"),
    [
        ({"authors": tuple(Name("Smith", str(i)) for i in range(1000))}, ["rft.atitle"]),
        ({"authors": (Name("Smith", "A"),) * 20}, ["rft.atitle", "rft.au"]),
        ({"title": "very " * 1000}, []),
    ],
)
def test_what_is_too_long_is_not_said(fields: Mapping[str, Any], keys: list[str]) -> None:
    """A thousand authors are left out together: a few of them would be a wrong citation."""
    title = Coin(cite.written(replace(PAPER, **fields))).title
    assert len(title) <= LONGEST
    assert [key for key in ("rft.atitle", "rft.au") if f"&{key}=" in title] == keys


# --- on pages -----------------------------------------------------------------------------------


class Spans(HTMLParser):
    """The titles of the spans of a page that Zotero looks at, and the papers of its lists."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.titles: list[str] = []
        self.listed: list[str] = []
        self._begins = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A start tag, its attributes as the browser has them."""
        given = dict(attrs)
        if tag == "span" and given.get("class") == "Z3988":
            self.titles.append(given["title"] or "")
        if tag == "a" and self._begins:  # a row begins with the link to its paper
            self.listed.append((given["href"] or "").rpartition("/papers/")[2])
        self._begins = tag == "li"


REFS = """
@article{a, title = {Pruning "all" \\& more}, author = {Li, Bo}, year = 2020, journal = {J},
  keywords = {pruning}}
@article{b, title = {Pruning less}, author = {Li, Bo and Kim, Al}, year = 2021, journal = {J},
  keywords = {pruning, vision}}
"""


def spans(page: str) -> list[str]:
    """The titles of the papers that Zotero finds on a page."""
    return [parse_qs(title)["rft.atitle"][0] for title in Spans(page).titles]


BOTH = ["Pruning less", 'Pruning "all" & more']


@pytest.mark.parametrize(
    ("setting", "found"),
    [
        ("", {"tags/pruning.html": BOTH}),
        ("coins = []", {}),
        (
            'coins = ["authors", "venues"]',
            {"authors/bo-li.html": BOTH, "venues/j.html": BOTH},
        ),
    ],
)
def test_lists_of_several_offer_a_folder(
    make_site: Callable[..., Built], setting: str, found: Mapping[str, list[str]]
) -> None:
    """Topics do by default, other lists where a setting says so; papers and single ones never.

    On a paper's own page Zotero would take it instead of the richer citation_* tags.
    """
    site = make_site({"a.bib": REFS, "bibpress.toml": setting})
    pages = {path: spans(site.read(path)) for path in site.tree() if path.endswith(".html")}
    assert {path: titles for path, titles in pages.items() if titles} == found
    assert not any("&rft" in site.read(path) for path in pages), "escaped for HTML"


def test_an_edit_shows_on_every_list(make_site: Callable[..., Built]) -> None:
    """Volume and pages stand nowhere else on a list; its page is made anew all the same."""
    site = make_site({"a.bib": REFS, "bibpress.toml": 'coins = ["authors", "topics", "venues"]'})
    site.rebuild({"content/a.bib": REFS.replace("{Pruning less}", "{Pruning less}, volume = 7")})
    for path in ("authors/bo-li.html", "tags/pruning.html", "venues/j.html"):
        assert "rft.volume=7" in site.read(path), path


def test_the_demo_is_read_back(demo: Built) -> None:
    """Every paper of every topic, in the order of the list, as its own page has it."""
    papers = {f"{paper['id']}.html" for paper in demo.papers()}
    said = {file: context_object(json.loads(_item(demo.read(f"papers/{file}")))) for file in papers}
    topics = [Spans(demo.read(path)) for path in demo.tree() if _is_topic(path)]
    found = [(topic.titles, [said[file] for file in topic.listed if file in papers])
             for topic in topics]  # fmt: skip
    assert sum(len(titles) for titles, _ in found) > len(papers)
    assert [titles for titles, _ in found] == [listed for _, listed in found]


def _is_topic(path: str) -> bool:
    return path.startswith("tags/") and path.endswith(".html")


def _item(page: str) -> str:
    return page.split('id="_item">')[1].split("</script>")[0]
