"""Papers in lists as Zotero's button in a browser finds them: COinS.

A COinS is an empty `<span class="Z3988">` whose title describes a paper, as an OpenURL 1.0
ContextObject in key/encoded-value form (ANSI/NISO Z39.88-2004): percent-encoded here, escaped for
HTML by the template. Where a page has several, Zotero offers a folder to choose from. They stand on
lists only: on a paper's own page Zotero would take them instead of the richer `citation_*` tags.

The formats say which keys there are, and `rft.genre` what kind of publication it is; the pairs are
those from which Zotero makes the right kind (its `parseContextObject`, 2026). A preprint has no
format of its own, so it goes by Dublin Core with Zotero's word for it, as Zotero writes it itself.

Who edited a book that has no authors is its `rft.au`, as Zotero writes it: the standard has no
other place for people.

Known weaknesses, all of Zotero's reading: a plus sign becomes a blank ("C++"), and "Jr." is lost.
Formulas are Unicode or TeX. That a source leaves out authors ("and others") cannot be said.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from generator.cite import ET_AL, Item

LONGEST = 2_500
"""Characters of a description. One that is longer names no authors: Zotero then looks them up by
DOI when the paper is chosen. What is still longer is left out, so that no page grows by one paper.
Of 1,228 papers none is: the longest, with a hundred authors, has 2,313, the average 390."""


@dataclass(frozen=True, slots=True)
class Coin:
    """A paper in a list: its CSL-JSON as `cite.written` gives it, described only where it is shown.

    To describe all papers takes seconds where there are 10,000; to compare what they are made of
    takes none.
    """

    item: str

    @property
    def title(self) -> str:
        """What stands in the span's title; empty where nothing short enough can be said."""
        item = json.loads(self.item)
        said = (context_object(item), context_object({**item, "author": []}))
        return next((each for each in said if len(each) <= LONGEST), "")


def context_object(item: Item) -> str:
    """A paper as an OpenURL ContextObject, percent-encoded: "ctx_ver=Z39.88-2004&rft_val_fmt=…"."""
    return urlencode([(key, value) for key, value in _pairs(item) if key and value])


def _pairs(item: Item) -> Iterator[tuple[str, str]]:
    """Keys and values in the order of the standard's examples; a value may be empty."""
    kind: str = item["type"]
    name, genre, titled, within, publisher = _FORMATS.get(kind, _DUBLIN_CORE)
    yield "ctx_ver", "Z39.88-2004"
    yield "rft_val_fmt", f"info:ofi/fmt:kev:mtx:{name}"
    yield "rft.genre", genre
    if name == "dc":
        yield "rft.type", _OF_ZOTERO.get(kind, kind)
    yield titled, item.get("title", "")
    yield within, item.get("container-title", "")
    for person in item.get("author") or item.get("editor", ()):
        if person != ET_AL:
            yield "rft.au", _name(person)
    yield "rft.date", _date(item)
    for csl, key in _DETAILS.items():
        yield key, item.get(csl, "")
    number = item.get("number", "") if genre in _NUMBERED else ""
    yield "rft.artnum" if name == "journal" else "", number
    yield "rft.pages", item.get("page", number).replace("–", "-")
    yield publisher, item.get("publisher", "")
    if name == "book":
        yield "rft.place", item.get("publisher-place", "")
        yield "rft.tpages", item.get("number-of-pages", "")
    if kind == "thesis":
        yield "rft.degree", item.get("genre", "")
    yield "rft_id", f"info:doi/{item['DOI']}" if "DOI" in item else ""
    yield "rft_id", item.get("URL", "")


# A kind of CSL-JSON → format, genre, and the keys of its title, of what it is part of, of its
# publisher.
_FORMATS = {
    "article-journal": ("journal", "article", "rft.atitle", "rft.jtitle", "rft.pub"),
    "paper-conference": ("book", "proceeding", "rft.atitle", "rft.btitle", "rft.pub"),
    "chapter": ("book", "bookitem", "rft.atitle", "rft.btitle", "rft.pub"),
    "book": ("book", "book", "rft.btitle", "rft.series", "rft.pub"),
    "pamphlet": ("book", "book", "rft.btitle", "rft.series", "rft.pub"),
    "report": ("book", "report", "rft.btitle", "rft.series", "rft.pub"),
    "thesis": ("dissertation", "", "rft.title", "rft.series", "rft.inst"),
}
# What Zotero calls a kind of CSL, where that is another name.
_OF_ZOTERO = {
    "article": "preprint", "graphic": "artwork", "motion_picture": "videoRecording",
    "software": "computerProgram", "song": "audioRecording",
}  # fmt: skip
_DUBLIN_CORE = ("dc", "", "rft.title", "rft.source", "rft.publisher")
_DETAILS = {
    "volume": "rft.volume",
    "issue": "rft.issue",
    "edition": "rft.edition",
    "ISBN": "rft.isbn",
    "ISSN": "rft.issn",
}


# Of what the number is an article's, which stands for its pages.
_NUMBERED = frozenset({"article", "proceeding", "bookitem"})


def _name(author: dict[str, str]) -> str:
    """A person as "Family, Given"; a group ends in a comma, or Zotero would cut it in two."""
    if "literal" in author:
        return f"{author['literal']},"
    return ", ".join(author[part] for part in ("family", "given", "suffix") if part in author)


def _date(item: dict[str, Any] | Item) -> str:
    """The day of publication as far as it is known: "2020", "2020-07"."""
    (parts,) = item.get("issued", {}).get("date-parts", [[]])
    return "-".join(f"{part:0{2 if i else 4}}" for i, part in enumerate(parts))
