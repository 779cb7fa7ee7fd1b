"""The reader of plain-text dumps: saved listing pages, collected abstracts.

Only their shape tells papers from what stands round them. A record is built round its abstract,
which can be told most surely:

1. An abstract is a long text that reads like prose, or whatever stands behind "Abstract:".
2. Its title is the short text before it, passing over authors, dates, ids and words of the page
   ("View PDF"), or whatever stands behind "Title:".
3. Labelled values and identifiers belong to the record they stand next to.
4. All else is left over, and listed as not understood.

Where that leaves a choice the rest of the file decides: whether abstracts near by have titles,
whether ids stand before titles, whether a word is a name or an ordinary one. Where even that says
nothing, a line is rather left over than taken for a paper.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from generator import rights
from generator.model import Link, Problem, Record, SourceText, Where
from generator.names import plain_list
from generator.sources.fields import (
    LONGEST,
    NO_TITLE,
    NOWHERE,
    SHORTEST_ABSTRACT,
    Remark,
    Remarks,
    Understood,
    bounded,
    checked_abstract,
    link_label,
    odd_year,
    split_list,
    wrong_doi,
    year_in,
)
from generator.sources.identifiers import address, arxiv, arxiv_id, doi
from generator.sources.readers import Means, reader, remembered
from generator.sources.units import Unit, units, word_count
from generator.text import from_plain

# An abstract of several paragraphs is no longer than this, or else it is several abstracts:
# arXiv takes 1,920 characters, journals some 300 words.
LONGEST_ABSTRACT = 2_500
# Nor has it more of them (background, methods, results, conclusions).
PARAGRAPHS = 4
# A title has no more words than this.
LONGEST_TITLE = 60
# So many abstracts before and behind say whether abstracts have titles here; fewer than three
# say nothing.
NEIGHBOURS = 4
FEWEST = 3


@reader("dump", ".txt", ".text")
def read(text: str, name: str, means: Means) -> SourceText:
    """The records of a plain-text file. Never raises; takes time linear in the text's length."""
    page = _Page(units(text))
    drafts = tuple(_drafts(page))
    places = [_place(draft, page, name) for draft in drafts]
    said = remembered(means, Understood, [_source(draft, page) for draft in drafts], _understood)
    read = tuple(zip(places, said, strict=True))
    leftover, ignored = _rest(text, page, {i for draft in drafts for i in draft.units})
    return SourceText(
        name,
        "dump",
        tuple(replace(each.record, where=where) for where, each in read if each.record),
        tuple(_problems(read)),
        leftover,
        ignored,
        tuple(where for where, each in read if not each.record),
    )


@dataclass(frozen=True, slots=True)
class _Draft:
    """A record in the making: which units of the page are what to it."""

    title: int | None
    authors: int | None
    abstract: range
    values: tuple[int, ...]

    @property
    def units(self) -> tuple[int, ...]:
        single = (i for i in (self.title, self.authors) if i is not None)
        return tuple(sorted((*single, *self.abstract, *self.values)))


# --- what the file as a whole says --------------------------------------------------------------


class _Page:
    """The units of a file, and what only the whole of it can say about one of them."""

    def __init__(self, found: Sequence[Unit]) -> None:
        self.units = found
        self._furniture = [self._looks_like_furniture(unit) for unit in found]
        self._above = [-1]
        for i, unit in enumerate(found):
            passed_over = self._furniture[i] or _is_value(unit)
            self._above.append(self._above[-1] if passed_over else i)
        self.prose = [
            i
            for i, unit in enumerate(found)
            if unit.field == "abstract" or (unit.kind == "prose" and not _is_boilerplate(unit.text))
        ]
        self._has_title = [self.is_below_title(i) for i in self.prose]

    def is_prose(self, i: int) -> bool:
        """Whether an abstract begins at a unit, to judge by that unit alone."""
        k = bisect_left(self.prose, i)
        return k < len(self.prose) and self.prose[k] == i

    def is_furniture(self, i: int) -> bool:
        """Whether a short unit is one of the words, dates and counts that pages have everywhere."""
        return self._furniture[i]

    def _looks_like_furniture(self, unit: Unit) -> bool:
        return unit.field == "" and (
            _is_of_pages(unit.text) or _is_boilerplate(unit.text) or unit.text in self._repeated
        )

    def is_titled(self, i: int) -> bool | None:
        """Whether abstracts near a unit have titles; None where too few are near to say."""
        k = bisect_left(self.prose, i)
        behind = k + 1 if k < len(self.prose) and self.prose[k] == i else k
        before = self._has_title[max(0, k - NEIGHBOURS) : k]
        near = before + self._has_title[behind : behind + NEIGHBOURS]
        return None if len(near) < FEWEST else 2 * sum(near) >= len(near)

    def is_title(self, i: int) -> bool:
        """Whether a unit that stands where a title would stand can be one."""
        unit = self.units[i]
        if unit.kind not in {"short", "sentence"} or self.is_furniture(i):
            return False
        if word_count(unit.text) > LONGEST_TITLE:
            return False
        titled = self.is_titled(i)
        plain = unit.text.endswith(".") or (unit.text.islower() and " " not in unit.text)
        return titled or (titled is None and not plain)

    def are_names(self, i: int) -> bool:
        """Whether a unit under a title looks like its authors.

        Several names do, if the file uses few of their words as ordinary ones. One alone does
        only where names stand above abstracts as a rule: it could be a short title.
        """
        names = self._names(i, 2 / 3 if self._has_authors else 1 / 3)
        return names > 1 or (names == 1 and self._has_authors is not False)

    def _names(self, i: int, most: float) -> int:
        """How many names a unit consists of; 0 where it is something else.

        At most that share of their words may be ordinary ones: Mark Young is a name, too.
        """
        unit = self.units[i]
        if unit.kind != "short":
            return 0
        parts = [part.split() for part in _NAMES_APART.split(_FOOTNOTES.sub("", unit.text))]
        parts = [part for part in parts if part]
        words = [word for part in parts for word in part if word not in _PARTICLES]
        if not words or 3 * sum(map(_is_name, parts)) < 2 * len(parts):
            return 0
        ordinary = sum(self._is_ordinary(word) for word in words)
        if ordinary > most * len(words) or (len(parts) == 1 and ordinary and most < 0.5):
            return 0
        several = sum(len(part) > 1 for part in parts)
        return len(parts) if 2 * several >= len(parts) or ";" in unit.text else 0

    @cached_property
    def ids_first(self) -> bool:
        """Whether ids and other labelled values stand before the title, as in arXiv's lists."""
        first_value = next((i for i, unit in enumerate(self.units) if _is_value(unit)), None)
        title = next((i for i, unit in enumerate(self.units) if unit.field == "title"), None)
        first = title if title is not None else next(iter(self.prose), None)
        return first_value is not None and first is not None and first_value < first

    @cached_property
    def labels_titles(self) -> bool:
        """Whether titles bear a label or a number here as a rule."""
        titles = sum(unit.field == "title" or unit.number is not None for unit in self.units)
        return 2 * titles >= len(self.prose)

    @cached_property
    def is_numbered(self) -> bool:
        """Whether the papers here are items of a numbered list."""
        titles = sum(
            self.units[i].number is not None for i in map(self.above, self.prose) if i >= 0
        )
        return titles > 1

    def above(self, i: int) -> int:
        """The unit before a unit, values and words of the page passed over; -1 if there is none."""
        return self._above[i]

    def is_below_title(self, i: int) -> bool:
        """Whether something that could be a title stands above a unit."""
        above = self.above(i)
        if above < 0:
            return False
        unit = self.units[above]
        return unit.field == "title" or unit.kind in {"short", "sentence"}

    def is_well_below_title(self, i: int) -> bool:
        """Whether a title stands above a unit in a paragraph of its own.

        Where it stands in the paragraph of the abstract, a blank line ends the paper.
        """
        apart = i > 0 and self.units[i - 1].paragraph != self.units[i].paragraph
        return apart and self.is_below_title(i)

    @cached_property
    def _repeated(self) -> frozenset[str]:
        """Short texts that stand before several different ones; a title twice stands before one."""
        following = defaultdict(set)
        for unit, after in pairwise(self.units):
            if unit.kind == "short":
                following[unit.text].add(after.text)
        return frozenset(text for text, others in following.items() if len(others) > 2)

    def _is_ordinary(self, word: str) -> bool:
        """Whether the file writes a word in lower case, too, so that it is hardly a name."""
        folded = word.casefold()
        return len(word) > 1 and (folded in self._small_words or folded in _FUNCTION_WORDS)

    @cached_property
    def _small_words(self) -> frozenset[str]:
        words = (
            word.strip(_PUNCTUATION) for i in self.prose for word in self.units[i].text.split()
        )
        return frozenset(word for word in words if word.islower() and word.isalpha())

    @cached_property
    def _has_authors(self) -> bool | None:
        """Whether names stand directly above most abstracts; None if there are too few to say."""
        named = sum(self._names(i, 1 / 3) > 0 for i in map(self.above, self.prose) if i >= 0)
        return None if len(self.prose) < FEWEST else 2 * named >= len(self.prose)


def _is_value(unit: Unit) -> bool:
    return unit.kind == "label" and unit.field not in {"title", "abstract"}


# --- what a text says by itself -----------------------------------------------------------------

# Words that stand by themselves on pages with papers, and are no titles.
_PAGE_WORDS = frozenset(
    str.split(
        "abs|abstract|arxiv|authors|back|bibtex|bookmark|browse|citations|cite|code|comments|copy|"
        "dataset|datasets|demo|details|discussion|download|download pdf|featured|follow|full text|"
        "github|home|hot|html|less|like|listen|log in|login|menu|models|more|n/a|new|next|none|"
        "no abstract|no abstract available|open access|oral|other|paper|papers|pdf|popular|"
        "poster|previous|project|project page|read more|references|related|related papers|save|"
        "search|see more|share|show less|show more|sign in|sign up|slides|sort|spaces|spotlight|"
        "submit|subscribe|summary|supplementary|tl;dr|today|top|trending|untitled|upvote|video|"
        "view|view abstract|view pdf|website|yesterday",
        "|",
    )
)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATE = re.compile(
    r"(?:(?:published|submitted|posted|updated|added|on) ?(?:on|at)?:? ?)?"
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? )?"
    rf"(?:(?:\d{{1,2}}(?:st|nd|rd|th)? )?(?:{_MONTHS})[a-z]{{0,6}}\.?"
    r"(?: \d{1,2}(?:st|nd|rd|th)?)?,?(?: \d{4})?|"
    r"\d{4}[-/.]\d{1,2}(?:[-/.]\d{1,2})?|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})",
    re.IGNORECASE,
)
_COUNT = re.compile(
    r"[^\w]{0,4}\d[\d.,]{0,12} ?[km]?\+?(?: ?(?:authors?|citations?|comments?|days?|downloads?|"
    r"hours?|likes?|min|minutes?|months?|pages?|papers?|stars?|upvotes?|views?|weeks?|years?)"
    r"(?: (?:ago|more|read))?)?[^\w]{0,4}",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S++|[^\s@]++@\S++")
_BOILERPLATE = re.compile(
    r"\bcookies?\b.{0,250}\b(?:site|website|browser|consent|policy)\b|\ball rights reserved\b|"
    r"\bprivacy policy\b|\bterms of (?:service|use)\b|\b(?:in|to) your (?:e-?mail )?inbox\b|"
    r"\bnewsletter\b|\benable javascript\b|\b(?:sign up|log in|sign in) (?:to|for)\b",
    re.IGNORECASE,
)
_AVAILABLE = re.compile(
    r"(?:(?:the|our|all|source|project|more) ){0,3}(?:codes?|data|datasets?|models?|weights|demo|"
    r"implementation|software|repository|website|page|videos?|results)\b.*"
    r"(?:\bavailable\b|\breleased?\b|https?://|\bgithub\b|\bfound at\b)",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    str.split(
        "af al al. bin da das de del della den der di do dos du el et ibn la le los ter van vom "
        "von y zu zum zur"
    )
)
# Few titles lack them all; in names they are rare (but So, An, Do and In are names in Asia).
_FUNCTION_WORDS = frozenset(
    str.split(
        "an and are as at be beyond by can do for from how in is it its of on or our that the "
        "this to toward towards using via we what when why with without"
    )
)
_NAMES_APART = re.compile(r" ?(?:[,;·•&]|\band\b) ?")
_FOOTNOTES = re.compile(r"[\d*†‡§¶∗⁰¹²³⁴-⁹]+|\([^()]{0,80}\)")
_NAME = re.compile(r"[^\W\d_][\w.'’`´¨^~-]*")
_PUNCTUATION = ".,;:!?()[]{}\"'“”‘’"


# What git leaves in a file that two people changed, beside a rule.
_CONFLICT = ("<<<<<<< ", ">>>>>>> ")


def _is_of_pages(text: str) -> bool:
    bare = text.casefold().strip(" .:…→←▲▼•·|[]()")
    return (
        bare in _PAGE_WORDS
        or text.startswith(_CONFLICT)
        or not any(map(str.isalpha, bare))
        or any(pattern.fullmatch(text) for pattern in (_DATE, _COUNT, _ADDRESS))
    )


def _is_boilerplate(text: str) -> bool:
    """Whether a paragraph is about the page it stands on; such are short, abstracts are not."""
    return len(text) < 250 and bool(_BOILERPLATE.search(text))


def _is_name(words: Sequence[str]) -> bool:
    return len(words) <= 6 and all(
        word in _PARTICLES or (_NAME.fullmatch(word) and not word[:3].islower()) for word in words
    )


# --- from units to records ----------------------------------------------------------------------


def _drafts(page: _Page) -> Iterator[_Draft]:
    """The records of a page in order.

    What stands between two abstracts is divided into values that belong to the one before, titles
    without an abstract, and the head of the one behind.
    """
    previous: _Draft | None = None
    start = 0
    for span in (*_abstracts(page), range(len(page.units), len(page.units))):
        title, authors = _head(page, start, span.start) if span else (None, None)
        top = _top(page, start, span.start if title is None else title) if span else span.start
        below = start
        while previous and below < top and _is_value(page.units[below]):
            below += 1
        if previous:
            yield replace(previous, values=(*previous.values, *range(start, below)))
        yield from _without_abstract(page, below, top)
        previous = _Draft(title, authors, span, _values(page, top, span.start)) if span else None
        start = span.stop


def _abstracts(page: _Page) -> Iterator[range]:
    """Which units are abstracts, those of several paragraphs together."""
    i = 0
    while i < len(page.units):
        if page.is_prose(i) or _is_short_abstract(page, i):
            end = _end_of_abstract(page, i)
            yield range(i, end)
            i = end
        else:
            i += 1


def _is_short_abstract(page: _Page, i: int) -> bool:
    """Whether one or two sentences are an abstract: under a title, or among untitled abstracts."""
    unit, above = page.units[i], page.above(i)
    if unit.kind != "sentence" or _is_boilerplate(unit.text):
        return False
    if above >= 0 and page.units[above].field == "title":
        return True
    before_another = page.is_prose(i + 1)
    if page.is_titled(i) is False:
        return unit.text.endswith(".")
    return not before_another and above >= 0 and page.is_title(above)


def _end_of_abstract(page: _Page, first: int) -> int:
    """Behind the last paragraph of the abstract that begins at a unit.

    Long paragraphs that follow each other are one abstract if the first has a title, the others
    have none, and together they are no longer than an abstract can be. Else each is one.
    """
    labelled = page.units[first].field == "abstract"
    limit = 2 * LONGEST_ABSTRACT if labelled else LONGEST_ABSTRACT
    end = first + 1
    if labelled or (page.is_well_below_title(first) and page.is_titled(first) is not False):
        size = len(page.units[first].text)
        while end < len(page.units) and size <= limit and _is_paragraph(page, end, labelled):
            size += len(page.units[end].text)
            end += 1
        parts = page.units[first:end]
        # Below a label a paragraph counts once, also where each of its sentences has a line.
        count = len({unit.paragraph for unit in parts}) if labelled else len(parts)
        end = end if size <= limit and count <= PARAGRAPHS else first + 1
    while end < len(page.units) and _says_where_code_is(page.units[end]):
        end += 1
    return end


def _is_paragraph(page: _Page, i: int, labelled: bool) -> bool:
    unit = page.units[i]
    if unit.kind == "prose":
        return page.is_prose(i) and unit.number is None
    together = unit.paragraph == page.units[i - 1].paragraph
    is_sentence = unit.kind == "sentence" or (
        unit.kind == "short" and unit.text.endswith((".", "!", "?")) and unit.number is None
    )
    return labelled and together and is_sentence and not page.is_prose(i + 1)


def _says_where_code_is(unit: Unit) -> bool:
    short = unit.kind in {"short", "sentence"} and unit.number is None
    return short and bool(_AVAILABLE.match(unit.text[:400]))


def _head(page: _Page, start: int, stop: int) -> tuple[int | None, int | None]:
    """The title and the authors among the units between two abstracts."""
    sure = [
        i for i in range(start, stop)
        if page.units[i].field == "title" or (page.is_numbered and _is_item(page.units[i]))
    ]  # fmt: skip
    nearer = _title_between(page, sure[-1], stop) if sure else None
    if sure and nearer is None:
        return sure[-1], _authors_below(page, sure[-1], stop)
    start = start if nearer is None else nearer
    authors: int | None = None
    for i in reversed(range(start, stop)):
        unit = page.units[i]
        if _is_value(unit) or unit.text.startswith("\\\\") or _is_of_pages(unit.text):
            continue
        above = page.above(i)
        if authors is None and above >= start and page.are_names(i) and page.is_title(above):
            authors = i
        elif not page.is_furniture(i):
            return (i, authors) if page.is_title(i) else (None, None)
    return None, None


def _title_between(page: _Page, sure: int, stop: int) -> int | None:
    """A title directly above an abstract, between it and a title that is sure to be one.

    Where titles bear no labels as a rule, a paper of which a listing gives only a labelled title
    must not get the abstract of the next.
    """
    i = page.above(stop)
    if page.labels_titles or i <= sure or stop >= len(page.units):
        return None
    nearest, abstract = page.units[i], page.units[stop]
    apart = nearest.paragraph != page.units[sure].paragraph
    near = nearest.paragraph == abstract.paragraph and not abstract.field
    return i if apart and near and page.is_title(i) and not page.are_names(i) else None


def _authors_below(page: _Page, title: int, stop: int) -> int | None:
    return title + 1 if title + 1 < stop and page.are_names(title + 1) else None


def _top(page: _Page, start: int, head: int) -> int:
    """Where a record begins: at its title, or at values that stand before it and are its own."""
    found, top = page.units, head
    while top > start and _is_value(found[top - 1]):
        with_this = found[top - 1].paragraph == found[top].paragraph
        with_last = start > 0 and found[top - 1].paragraph == found[start - 1].paragraph
        if not (with_this if with_this != with_last else page.ids_first or not start):
            break
        top -= 1
    return top


def _without_abstract(page: _Page, start: int, stop: int) -> Iterator[_Draft]:
    """Records that have only a title: one with its label, or an item of a numbered list."""
    for i in range(start, stop):
        unit = page.units[i]
        if unit.field == "title" or (page.is_numbered and _is_item(unit)):
            authors = _authors_below(page, i, stop)
            first = end = i + 1 if authors is None else i + 2
            while end < stop and _is_value(page.units[end]):
                end += 1
            yield _Draft(i, authors, range(0), tuple(range(first, end)))


def _values(page: _Page, start: int, stop: int) -> tuple[int, ...]:
    return tuple(i for i in range(start, stop) if _is_value(page.units[i]))


def _is_item(unit: Unit) -> bool:
    return unit.number is not None and unit.kind in {"short", "sentence"}


def _place(draft: _Draft, page: _Page, name: str) -> Where:
    found = [page.units[i] for i in draft.units]
    return Where(name, min(unit.line for unit in found), max(unit.end for unit in found))


def _rest(
    text: str, page: _Page, claimed: Container[int]
) -> tuple[tuple[tuple[int, str], ...], tuple[tuple[int, int], ...]]:
    """The lines in no record: those that nobody understands, and those that only separate."""
    lines = text.split("\n")
    taken: set[int] = set()
    loose: dict[int, None] = {}
    ignored = []
    for i, unit in enumerate(page.units):
        if i in claimed:
            taken.update(range(unit.line, unit.end + 1))
        elif unit.kind == "rule":
            ignored.append((unit.line, unit.end))
        else:
            loose |= dict.fromkeys(range(unit.line, unit.end + 1))
    leftover = tuple((line, lines[line - 1].strip()) for line in loose if line not in taken)
    return leftover, tuple(ignored)


# --- what a record says -------------------------------------------------------------------------


_Source = tuple[str, str, str, tuple[tuple[str, str], ...]]


def _source(draft: _Draft, page: _Page) -> _Source:
    """Title, authors, abstract, and (field, value) of what is labelled: all that a record says."""

    def text(i: int | None) -> str:
        return "" if i is None else page.units[i].text

    abstract = " ".join(map(text, draft.abstract))
    values = tuple((page.units[i].field, text(i)) for i in draft.values)
    return text(draft.title), text(draft.authors), abstract, values


def _understood(source: _Source) -> Understood:
    title, authors, abstract, values = source
    said: dict[str, str] = {}
    for name, value in values:
        said.setdefault(name, value)
    long = (CUT,) if max(map(len, (title, authors, abstract, *said.values()))) > LONGEST else ()
    said = {name: value[:LONGEST] for name, value in said.items()}
    abstract, about_abstract = checked_abstract(from_plain(abstract[:LONGEST]))
    title = from_plain(title[:LONGEST])
    if not title and len(abstract) < SHORTEST_ABSTRACT:
        return Understood(None, (NO_TITLE,))
    bare_doi, number, about_ids = _ids(said)
    keywords = split_list(said.get("keywords", ""))
    addresses = [url for name, value in values if name == "url" and (url := address(value))]
    record = Record(
        NOWHERE,
        "dump",
        title=title,
        authors=plain_list(from_plain(said.get("authors", authors[:LONGEST]))),
        year=year_in(said.get("year", "")),
        venue=from_plain(said.get("venue", "")),
        abstract=abstract,
        keywords=tuple(dict.fromkeys(filter(None, map(from_plain, keywords)))),
        doi=bare_doi,
        arxiv=number,
        links=tuple(Link(url, link_label("url", url)) for url in dict.fromkeys(addresses)),
        details=tuple(sorted(_details(title, said, number))),
    )
    about_year = _about_year(said, record.year)
    record, about_size = bounded(record)
    return Understood(record, (*long, *about_abstract, *about_ids, *about_year, *about_size))


CUT = Remark(f"has a part that was cut after {LONGEST:,} characters")


def _ids(said: Mapping[str, str]) -> tuple[str, str, Remarks]:
    given = said.get("doi", "")
    bare = doi(given)
    number = arxiv_id(said.get("arxiv", "")) or arxiv(given) or arxiv(said.get("url", ""))
    wrong = given and not bare
    remarks = (wrong_doi(given),) if wrong else ()
    return "" if arxiv(bare) else bare, number, remarks


def _details(title: str, said: Mapping[str, str], arxiv_number: str) -> Iterator[tuple[str, str]]:
    became, note = rights.in_fields(title, from_plain(said.get("comments", "")), "", "")
    yield from sorted(became.items())
    if note:
        yield "note", note
    if arxiv_number and (subject := _SUBJECT.search(said.get("subjects", ""))):
        yield "primaryclass", subject[1]


def _about_year(said: Mapping[str, str], year: int | None) -> Remarks:
    given = said.get("year", "")
    wrong = given and year is None
    return (odd_year(given),) if wrong else ()


_SUBJECT = re.compile(r"(?:^|\()([a-z-]{2,10}(?:\.[A-Za-z-]{2,20})?)(?:\)|$|\s)")


def _problems(read: Iterable[tuple[Where, Understood]]) -> Iterator[Problem]:
    for where, understood in read:
        record = understood.record
        paper = f'"{record.title[:80]}"' if record and record.title else "a record"
        skipped = "" if record else "; skipped (an error under --strict)"
        for remark in understood.remarks:
            said = f"{paper} {remark.message}{skipped}"
            yield Problem(where, said, remark.severity, remark.rule)
