"""arXiv, Crossref and OpenAlex: how each is asked, and what its answers are as items of CSL.

Each thing is remembered by itself (`Net.keep`), also that somebody does not have it; so a question
for fifty things is made of those that were never asked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from unicodedata import normalize
from urllib.parse import quote, urlencode

from generator import sources
from generator.intake.net import Net, NetError
from generator.model import Record
from generator.sources import identifiers
from generator.sources.elements import Element, XmlError, blocks, parsed

Item = dict[str, Any]
"""A paper as CSL-JSON has it."""

# How many things one question asks for. Addresses of 2,000 letters are understood everywhere, and
# a DOI has some thirty; OpenAlex takes fifty joined by | (its documentation, "OR").
AT_ONCE = {"arXiv": 50, "Crossref": 20, "OpenAlex": 50}
# arXiv's terms of use: no more than one request every three seconds. The others ask for less.
PAUSES = {"arXiv": 3.0, "Crossref": 1.0, "OpenAlex": 1.0}
# Of a search by title, how many answers are looked at.
HITS = 5


@dataclass(frozen=True, slots=True)
class Services:
    """Where the three are asked. Each method gives records by what was asked for, in its order.

    `hopeful`: what they did not have before is asked for again. `tell` is told of whom how much is
    asked, and how much of it was.
    """

    net: Net
    arxiv: str = "https://export.arxiv.org/api/query"
    crossref: str = "https://api.crossref.org"
    openalex: str = "https://api.openalex.org"
    hopeful: bool = False
    tell: Callable[[str, int, int], None] = lambda *_: None

    def of_arxiv(self, ids: Iterable[str]) -> Mapping[str, Record]:
        """Those of these arXiv ids that arXiv knows; raises NetError."""
        return self._each("arXiv", ids, self._ask_arxiv)

    def of_crossref(self, dois: Iterable[str]) -> Mapping[str, Record]:
        """Those of these DOIs that Crossref knows; raises NetError."""
        return self._each("Crossref", dois, self._ask_crossref)

    def of_openalex(self, dois: Iterable[str]) -> Mapping[str, Record]:
        """Those of these DOIs that OpenAlex knows; raises NetError."""
        return self._each("OpenAlex", dois, self._ask_openalex)

    def titled(self, title: str, family: str) -> Sequence[Record]:
        """Papers that may have this title: those that Crossref finds, then OpenAlex's.

        `family`: of the first author, or empty. Raises NetError.
        """
        title = normalize("NFKC", title)
        words = " ".join(f"{title} {family}".split())[:300]
        asked = {"query.bibliographic": words, "rows": HITS}
        found = self._searched(f"Crossref title {words}", lambda: self._works(asked))
        plain = " ".join(re.findall(r"\w+", title))[:300]
        also = {"search": plain, "per-page": HITS}
        found += self._searched(f"OpenAlex title {plain}", lambda: self._results(also))
        return found

    # --- each ---

    def _each(
        self, name: str, ids: Iterable[str], ask: Callable[[Sequence[str]], Mapping[str, Item]]
    ) -> Mapping[str, Record]:
        """What a service says of each id, from memory or asked for, many at once."""
        said: dict[str, Item | None] = {}
        missing = []
        for id_ in dict.fromkeys(ids):
            try:
                said[id_] = self.net.recalled(f"{name} {id_}")
                asked = said[id_] is not None or not self.hopeful
            except KeyError:
                asked = False
            if not asked:
                missing.append(id_)
        left = iter(missing)
        done = 0
        while chunk := list(islice(left, AT_ONCE[name])):
            self.tell(f"asking {name}", done, len(missing))
            found = ask(chunk)
            for id_ in chunk:
                said[id_] = found.get(id_.casefold())
                self.net.keep(f"{name} {id_}", said[id_])
            done += len(chunk)
        if done:
            self.tell(f"asking {name}", done, done)
        read = ((id_, record(f"{name} {id_}", item)) for id_, item in said.items() if item)
        return {id_: found for id_, found in read if found}

    def _searched(self, question: str, ask: Callable[[], Sequence[Item]]) -> list[Record]:
        try:
            items = self.net.recalled(question)
        except KeyError:
            items = list(ask())
            self.net.keep(question, items)
        return [found for item in items if (found := record(question, item))]

    def _ask_arxiv(self, ids: Sequence[str]) -> Mapping[str, Item]:
        asked = {"id_list": ",".join(ids), "max_results": len(ids)}
        url = f"{self.arxiv}?{urlencode(asked, safe=',/')}"
        answer = self.net.get(url, "application/atom+xml", pause=PAUSES["arXiv"])
        if "<feed" not in answer.text:
            raise NetError("arXiv's answer is no feed of Atom; try again later")
        try:
            entries = [parsed(block.text) for block in blocks(answer.text, "entry")]
        except XmlError as broken:
            raise NetError(f"arXiv's answer is broken: {broken}; try again later") from broken
        items = map(_of_atom, entries)
        return {item["archive_location"]: item for item in items if item["archive_location"]}

    def _ask_crossref(self, dois: Sequence[str]) -> Mapping[str, Item]:
        plain = [doi for doi in dois if _LISTABLE.fullmatch(doi)]
        found = []
        if plain:
            asked = {"filter": ",".join(f"doi:{doi}" for doi in plain), "rows": len(plain)}
            found += self._works(asked)
        for doi in set(dois) - set(plain):
            said = self._json("Crossref", f"{self.crossref}/works/{quote(doi, safe='')}")
            found += [_of_crossref(_inside(said, "message"))] if said else []
        return _by_doi(found)

    def _ask_openalex(self, dois: Sequence[str]) -> Mapping[str, Item]:
        plain = [doi for doi in dois if _LISTABLE.fullmatch(doi)]
        asked = {"filter": f"doi:{'|'.join(plain)}", "per-page": len(plain)}
        return _by_doi(self._results(asked) if plain else [])

    def _works(self, asked: Mapping[str, object]) -> list[Item]:
        said = self._json("Crossref", f"{self.crossref}/works?{urlencode(asked, safe=':,/')}")
        return [_of_crossref(each) for each in _list(_inside(said, "message").get("items"))]

    def _results(self, asked: Mapping[str, object]) -> list[Item]:
        said = self._json("OpenAlex", f"{self.openalex}/works?{urlencode(asked, safe=':|/')}")
        return [_of_openalex(each) for each in _list(said.get("results"))]

    def _json(self, name: str, url: str) -> Item:
        """The object that an address answers with; an empty one where there is no such thing."""
        answer = self.net.get(url, "application/json", pause=PAUSES[name])
        if not answer.found:
            return {}
        try:
            said = json.loads(answer.text)
        except (ValueError, RecursionError) as broken:
            raise NetError(f"{name}'s answer is no JSON; try again later") from broken
        if not isinstance(said, dict):
            raise NetError(f"{name}'s answer is not what it should be; try again later")
        return said


def record(name: str, item: Item) -> Record | None:
    """The record that an item of CSL makes, read as a file of that name would be."""
    data = json.dumps([item]).encode("utf-8", "replace")
    records = sources.read(name, data, "csl").records
    return records[0] if records else None


# A comma and a bar part the values of a filter.
_LISTABLE = re.compile(r"[^,|\s&#]{1,200}")
# What the reader of CSL-JSON knows of Crossref's types and of CSL's own; else "document".
_KNOWN = frozenset(
    str.split(
        "journal-article proceedings-article book-chapter monograph edited-book reference-book "
        "posted-content dissertation reference-entry book report dataset proceedings standard"
    )
)
_FROM_CROSSREF = str.split(
    "DOI title subtitle author editor issued container-title volume issue page publisher ISBN ISSN "
    "abstract language edition-number"
)


def _of_atom(entry: Element) -> Item:
    """An entry of arXiv's feed (its API manual, "Details of Atom results returned")."""
    return {
        "type": "article",
        "title": entry.text("title"),
        "author": [each.text("name") for each in entry.all("author")],
        "issued": {"raw": entry.text("published")[:4]},
        "abstract": entry.text("summary"),
        "DOI": identifiers.doi(entry.text("doi")),
        "archive": "arXiv",
        "archive_location": identifiers.arxiv(entry.text("id")),
    }


def _of_crossref(work: Item) -> Item:
    """A work of Crossref's, which is nearly CSL: what a bibliography needs of it."""
    kind = str(work.get("type"))
    item = {name: work[name] for name in _FROM_CROSSREF if work.get(name)}
    return item | {"type": kind if kind in _KNOWN else "document"}


def _of_openalex(work: Item) -> Item:
    """A work of OpenAlex's ("Work object" in its documentation)."""
    place = _inside(work, "primary_location")
    source, where = _inside(place, "source"), _inside(work, "biblio")
    kind = str(source.get("type"))
    pages = [each for each in (where.get("first_page"), where.get("last_page")) if each]
    arxiv = identifiers.arxiv(str(place.get("landing_page_url") or ""))
    people = (_inside(each, "author") for each in _list(work.get("authorships")))
    names = [each.get("display_name") for each in people]
    return {
        "type": _PLACES.get(kind) or _TYPES.get(str(work.get("type")), "document"),
        "title": work.get("title") or work.get("display_name") or "",
        "author": [name for name in names if isinstance(name, str)],
        "issued": {"raw": str(work.get("publication_year") or "")},
        "container-title": source.get("display_name") if kind in _PLACES else "",
        "volume": where.get("volume") or "",
        "issue": where.get("issue") or "",
        "page": "-".join(map(str, dict.fromkeys(pages))),
        "abstract": _in_order(work.get("abstract_inverted_index")),
        "DOI": identifiers.doi(str(work.get("doi") or "")),
        **({"archive": "arXiv", "archive_location": arxiv} if arxiv else {}),
    }


_PLACES = {"journal": "article-journal", "conference": "paper-conference", "book series": "chapter"}
_TYPES = {"book": "book", "book-chapter": "chapter", "dissertation": "thesis",
          "dataset": "dataset", "report": "report"}  # fmt: skip
# No abstract has more words; a position beyond is a mistake.
_LAST_WORD = 20_000


def _in_order(places: object) -> str:
    """The text of an abstract that is given as its words, each with its positions."""
    if not isinstance(places, dict):
        return ""
    words = {
        place: word
        for word, each in places.items()
        for place in _list(each, int)
        if 0 <= place < _LAST_WORD
    }
    return " ".join(words[place] for place in sorted(words))


def _by_doi(items: Iterable[Item]) -> Mapping[str, Item]:
    return {identifiers.doi(str(item.get("DOI"))).casefold(): item for item in items}


def _inside(value: Item, name: str) -> Item:
    """The object under a name, or an empty one."""
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def _list(value: object, kind: type = dict) -> Iterator[Any]:
    """What a list holds of a kind; nothing where it is none."""
    return (each for each in (value if isinstance(value, list) else []) if isinstance(each, kind))
