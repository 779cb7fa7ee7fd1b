"""What the page of a publisher says of its paper, for programs that look at it.

Three ways are known: `citation_*` (Highwire's, which Google Scholar asks for), JSON-LD of
schema.org, and COinS. No page is understood as a whole: only these tags are looked for.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from html import unescape
from typing import Any
from urllib.parse import parse_qs

from generator.sources import identifiers

Item = dict[str, Any]


def item(html: str) -> Item:
    """The paper of a page as an item of CSL; an empty one where the page names no title."""
    said = sorted((_highwire(html), _json_ld(html), _coins(html)), key=lambda one: not one["title"])
    found = {name: value for each in reversed(said) for name, value in each.items() if value}
    return {"type": "document"} | found if found.get("title") else {}


_TAG = re.compile(r"<(meta|span)\b([^<>]{1,20000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w:.-]{1,60})\s{0,9}=\s{0,9}(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))")
_SCRIPT = re.compile(r"<script\b[^<>]{0,300}\bapplication/ld\+json\b[^<>]{0,300}>", re.IGNORECASE)


def _attributes(said: str) -> Mapping[str, str]:
    found = _ATTRIBUTE.finditer(said)
    return {each[1].lower(): unescape(each[2] or each[3] or each[4] or "") for each in found}


def _tags(html: str, name: str) -> Iterator[Mapping[str, str]]:
    return (_attributes(tag[2]) for tag in _TAG.finditer(html) if tag[1].lower() == name)


def _highwire(html: str) -> Item:
    said: dict[str, list[str]] = defaultdict(list)
    for tag in _tags(html, "meta"):
        name = (tag.get("name") or tag.get("property") or "").lower()
        if tag.get("content", "").strip():
            said[name].append(tag["content"].strip())

    def first(*names: str) -> str:
        return next((said[name][0] for name in names if said.get(name)), "")

    journal, conference = first("citation_journal_title"), first("citation_conference_title")
    book = first("citation_inbook_title")
    kind = "article-journal" if journal else "paper-conference" if conference else ""
    pages = [first("citation_firstpage"), first("citation_lastpage")]
    arxiv = identifiers.arxiv_id(first("citation_arxiv_id"))
    return {
        "type": "chapter" if book else kind,
        "title": first("citation_title", "dc.title"),
        "author": [_name(each) for each in said["citation_author"] or said["dc.creator"]],
        "issued": first("citation_publication_date", "citation_date", "dc.date"),
        "container-title": journal or conference or book,
        "volume": first("citation_volume"),
        "issue": first("citation_issue"),
        "page": "-".join(dict.fromkeys(filter(None, pages))),
        "publisher": first("citation_publisher"),
        "abstract": first("citation_abstract"),
        "DOI": identifiers.doi(first("citation_doi", "dc.identifier")),
        **({"archive": "arXiv", "archive_location": arxiv} if arxiv else {}),
    }


def _json_ld(html: str) -> Item:
    for content in _scripts(html):
        try:
            said = json.loads(content)
        except (ValueError, RecursionError):
            continue
        for each in _objects(said):
            if "article" in str(each.get("@type")).casefold():
                return _of_schema(each)
    return {"title": ""}


def _scripts(html: str) -> Iterator[str]:
    """What scripts of JSON-LD hold, each up to the next end of any element."""
    end = 0
    while script := _SCRIPT.search(html, end):  # never within another: each letter is seen once
        end = html.find("</", script.end())
        if end < 0:
            return
        yield html[script.end() : end]


def _objects(said: Any) -> Iterator[Mapping[str, Any]]:
    """The objects that a script holds: itself, those of its list, those of its graph."""
    for each in said if isinstance(said, list) else [said]:
        if isinstance(each, dict):
            yield each
            graph = each.get("@graph")
            parts = graph if isinstance(graph, list) else []
            yield from (part for part in parts if isinstance(part, dict))


def _of_schema(said: Mapping[str, Any]) -> Item:
    """An article of schema.org."""
    people = said.get("author")
    names = [
        each.get("name") if isinstance(each, dict) else each
        for each in (people if isinstance(people, list) else [people])
    ]
    whole = said.get("isPartOf")
    kept = {"headline", "name", "datePublished", "abstract", "description"}
    text = {name: str(value) for name, value in said.items() if name in kept and value}
    ids_ = json.dumps([said.get(name) for name in ("identifier", "sameAs", "@id", "url")])
    return {
        "type": "article-journal",
        "title": text.get("headline") or text.get("name", ""),
        "author": [_name(name) for name in names if isinstance(name, str)],
        "issued": text.get("datePublished", ""),
        "container-title": str(whole.get("name") or "") if isinstance(whole, dict) else "",
        "abstract": text.get("abstract", ""),
        "DOI": identifiers.doi(ids_),
    }


def _coins(html: str) -> Item:
    """What the first span of class Z3988 says (OpenURL's context objects in spans, COinS)."""
    spans = _tags(html, "span")
    title = next((tag.get("title", "") for tag in spans if "Z3988" in tag.get("class", "")), "")
    try:
        said = parse_qs(title[:20_000], max_num_fields=200)
    except ValueError:
        return {"title": ""}

    def first(name: str) -> str:
        return said.get(name, [""])[0]

    journal = first("rft.jtitle") or first("rft.title")
    return {
        "type": "article-journal" if journal else "",
        "title": first("rft.atitle"),
        "author": [_name(each) for each in said.get("rft.au", [])],
        "issued": first("rft.date"),
        "container-title": journal,
        "volume": first("rft.volume"),
        "issue": first("rft.issue"),
        "page": first("rft.pages"),
        "DOI": identifiers.doi(" ".join(said.get("rft_id", []))),
    }


def _name(said: str) -> str | Item:
    """A name as CSL has it: "Family, Given" in parts, any other in one piece, for its reader."""
    family, comma, given = said.partition(",")
    return {"family": family.strip(), "given": given.strip()} if comma else said
