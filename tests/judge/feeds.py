"""What RFC 4287 demands of an Atom feed, rule by rule; none of it is asked of our own code.

`RULES` has a row for each demand that a document can break, with its section. A rule gets the
document's root, and the address it is to be had at, or '' where there is none.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from tests.judge.sites import Site
from tests.judge.tools import Tools
from tests.judge.verdict import Verdict, verdict

ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

# Elements: at least, at most so often; None for any number (4.1.1, 4.1.2).
Bounds = Mapping[str, tuple[int, int | None]]
IN_FEED: Bounds = {
    **dict.fromkeys(("id", "title", "updated"), (1, 1)),
    **dict.fromkeys(("generator", "icon", "logo", "rights", "subtitle"), (0, 1)),
    **dict.fromkeys(("author", "category", "contributor", "entry", "link"), (0, None)),
}
IN_ENTRY: Bounds = {
    **dict.fromkeys(("id", "title", "updated"), (1, 1)),
    **dict.fromkeys(("content", "published", "rights", "source", "summary"), (0, 1)),
    **dict.fromkeys(("author", "category", "contributor", "link"), (0, None)),
}
IN_PERSON: Bounds = {"name": (1, 1), "uri": (0, 1), "email": (0, 1)}

TEXTS = ("title", "subtitle", "summary", "rights")
DATES = ("updated", "published")
PEOPLE = ("author", "contributor")


def feeds(site: Site, _: Tools) -> Verdict:
    """The rules that a site's feeds break; a site without an address has none."""
    found = [path for path in site.files if _is_feed(site.read(path))]
    faults = (f"{path}: {fault}" for path in found for fault in broken(site, path))
    wrong = [*faults, *([] if bool(found) == bool(site.url) else ["feeds without an address"])]
    return verdict(f"{len(found)} feeds, {len(RULES)} rules", wrong)


def broken(site: Site, path: str) -> Iterator[str]:
    """The names of the rules that a feed breaks; a document that is no XML breaks all there are."""
    try:
        root = ET.parse(site.folder / path).getroot()  # noqa: S314 - of our own making
    except ET.ParseError as error:
        yield f"is no XML: {error}"
        return
    yield from against(root, site.url + path)


def against(root: ET.Element, address: str = "") -> Iterator[str]:
    """The names of the rules that a document breaks."""
    return (name for name, holds in RULES.items() if not holds(root, address))


def _is_feed(text: str) -> bool:
    return "http://www.w3.org/2005/Atom" in text[:500]


# --- parts of a document ------------------------------------------------------------------------


def entries(feed: ET.Element) -> list[ET.Element]:
    """The feed's entries."""
    return feed.findall(f"{ATOM}entry")


def parts(feed: ET.Element) -> list[ET.Element]:
    """The feed and its entries."""
    return [feed, *entries(feed)]


def every(feed: ET.Element, *names: str) -> list[ET.Element]:
    """All elements of these names, wherever they stand."""
    return [each for name in names for each in feed.iter(ATOM + name)]


def links(part: ET.Element, rel: str) -> list[ET.Element]:
    """A part's own links of a kind; one that says no kind is an alternate (4.2.7.2)."""
    own = part.findall(f"{ATOM}link")
    return [link for link in own if link.get("rel", "alternate") == rel]


def text(part: ET.Element, name: str) -> str:
    """What stands in a part's first element of a name."""
    return part.findtext(ATOM + name) or ""


def fits(part: ET.Element, bounds: Bounds) -> bool:
    """Whether a part has only such children of Atom's own, each as often as it may be there."""
    counts = Counter(each.tag.removeprefix(ATOM) for each in part if each.tag.startswith(ATOM))
    return counts.keys() <= bounds.keys() and all(
        least <= counts[name] and (most is None or counts[name] <= most)
        for name, (least, most) in bounds.items()
    )


# --- values -------------------------------------------------------------------------------------

_DATE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII
)  # RFC 3339, with the capitals that 3.3 asks for
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)
_EMAIL = re.compile(r".+@.+", re.DOTALL)
_MEDIA = re.compile(r"[\w.+-]+/[\w.+-]+(;.*)?", re.ASCII)


def is_date(value: str) -> bool:
    """Whether it is a date with time and zone, and of a day that exists."""
    try:
        return bool(_DATE.fullmatch(value)) and bool(datetime.fromisoformat(value))
    except ValueError:
        return False


def is_iri(value: str) -> bool:
    """Whether it is an address with a scheme, and nothing in it that none can have."""
    return bool(urlsplit(value).scheme) and not re.search(r'[\s<>"{}|\\^`\x00-\x1f]', value)


def is_text(element: ET.Element) -> bool:
    """Whether a text says of what type it is, and is that (3.1.1)."""
    kind = element.get("type", "text")
    if kind == "xhtml":
        return [child.tag for child in element] == ["{http://www.w3.org/1999/xhtml}div"]
    return kind in {"text", "html"} and not len(element)


def latest(values: Sequence[str]) -> str:
    """The last of some dates as they stand, all in one zone."""
    return max(values, default="")


Rule = Callable[[ET.Element, str], object]
RULES: Mapping[str, Rule] = {
    "2: the document is an Atom feed": lambda f, _: f.tag == f"{ATOM}feed",
    "2: a language is a language tag": lambda f, _: all(
        _LANGUAGE.fullmatch(each.get(LANGUAGE, "en")) for each in f.iter()
    ),
    "3.1.1: a text is plain, HTML or XHTML, and has no children but XHTML's": lambda f, _: all(
        map(is_text, every(f, *TEXTS))
    ),
    "3.2: a person has one name, and nothing twice": lambda f, _: all(
        fits(each, IN_PERSON) for each in every(f, *PEOPLE)
    ),
    "3.2.1: a name is not empty": lambda f, _: all(
        (each.text or "").strip() for each in every(f, "name")
    ),
    "3.2.2: a person's address is one": lambda f, _: all(
        is_iri(each.text or "") for each in every(f, "uri")
    ),
    "3.2.3: an e-mail address is one": lambda f, _: all(
        _EMAIL.fullmatch(each.text or "") for each in every(f, "email")
    ),
    "3.3: dates are RFC 3339's": lambda f, _: all(
        is_date(each.text or "") for each in every(f, *DATES)
    ),
    "4.1.1: a feed has id, title and date once, and nothing that is none of its own": (
        lambda f, _: fits(f, IN_FEED)
    ),
    "4.1.1: a feed has an author, or each of its entries has": lambda f, _: (
        f.find(f"{ATOM}author") is not None
        or all(each.find(f"{ATOM}author") is not None for each in entries(f))
    ),
    "4.1.1: entries follow what is said of the feed": lambda f, _: (
        "entry" not in [each.tag.removeprefix(ATOM) for each in f][: len(f) - len(entries(f))]
    ),
    "4.1.1: a feed links to itself": lambda f, _: len(links(f, "self")) == 1,
    "4.1.1: a feed has one alternate of a type and language": lambda f, _: _once(f),
    "4.1.2: an entry has id, title and date once, and nothing that is none of its own": (
        lambda f, _: all(fits(each, IN_ENTRY) for each in entries(f))
    ),
    "4.1.2: an entry has an alternate, or content": lambda f, _: all(
        links(each, "alternate") or each.find(f"{ATOM}content") is not None for each in entries(f)
    ),
    "4.1.2: an entry has one alternate of a type and language": lambda f, _: all(
        map(_once, entries(f))
    ),
    "4.1.2: an entry has a summary or content": lambda f, _: all(
        text(each, "summary").strip() or text(each, "content").strip() for each in entries(f)
    ),
    "4.1.1: titles are not empty": lambda f, _: all(
        text(each, "title").strip() for each in parts(f)
    ),
    "4.2.2: a category has a term": lambda f, _: all(
        each.get("term", "").strip() for each in every(f, "category")
    ),
    "4.2.4: a generator has a name": lambda f, _: all(
        (each.text or "").strip() for each in every(f, "generator")
    ),
    "4.2.5: icon and logo are addresses": lambda f, _: all(
        is_iri(each.text or "") for each in every(f, "icon", "logo")
    ),
    "4.2.6: ids are absolute, and have no white space round them": lambda f, _: all(
        is_iri(each.text or "") for each in every(f, "id")
    ),
    "4.2.6: ids are unique": lambda f, _: (
        len({text(each, "id") for each in parts(f)}) == len(parts(f))
    ),
    "4.2.7: links are absolute": lambda f, _: all(
        is_iri(each.get("href", "")) for each in every(f, "link")
    ),
    "4.2.7: links to pages are of the web": lambda f, _: all(
        each.get("href", "").startswith(("https://", "http://")) for each in every(f, "link")
    ),
    "4.2.7.3: a link's type is a media type": lambda f, _: all(
        _MEDIA.fullmatch(each.get("type", "text/html")) for each in every(f, "link")
    ),
    "4.2.7.4: a link's language is a language tag": lambda f, _: all(
        _LANGUAGE.fullmatch(each.get("hreflang", "en")) for each in every(f, "link")
    ),
    "4.2.9: nothing is published after it changed": lambda f, _: all(
        text(each, "published") <= text(each, "updated") for each in entries(f)
    ),
    "4.2.15: a feed's date is not before its entries'": lambda f, _: (
        text(f, "updated") >= latest([text(each, "updated") for each in entries(f)])
    ),
    "4.2.7.2: the link to itself is where it lies": lambda f, address: (
        not address or [each.get("href") for each in links(f, "self")] == [address]
    ),
}


def _once(part: ET.Element) -> bool:
    """Whether no two alternates of a part are of one type and language."""
    kinds = [(each.get("type"), each.get("hreflang")) for each in links(part, "alternate")]
    return len(set(kinds)) == len(kinds)
