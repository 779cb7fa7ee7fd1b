"""Which papers stand in a volume that is a record of its own, and in which order.

An entry in proceedings, or a chapter, names its volume by title and year (BibTeX's `booktitle`,
which `crossref` gives it too). Where the collection has that volume, a @proceedings or a @book, its
papers are its contents, in the order of their pages.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from generator import text
from generator.model import Paper

_WHOLE = frozenset({"book", "proceedings"})
_PART = frozenset({"inbook", "incollection", "inproceedings"})


def volumes(papers: Sequence[Paper]) -> Mapping[str, str]:
    """The volume of each paper that stands in one, by their ids.

    Of several volumes of one title and year the one that has the paper's number is meant, if any.
    """
    wholes: dict[tuple[str, int], list[Paper]] = defaultdict(list)
    for paper in papers:
        if paper.type in _WHOLE and paper.year and not paper.title_derived:
            wholes[text.fold(paper.title), paper.year].append(paper)
    if not wholes:
        return {}
    folded = {venue: text.fold(venue) for venue in {paper.venue for paper in papers} if venue}
    found = {}
    for paper in papers:
        if paper.type in _PART and paper.year and paper.venue:
            meant = wholes.get((folded[paper.venue], paper.year), [])
            if len(meant) > 1:
                meant = [each for each in meant if each.detail("volume") == paper.detail("volume")]
            if len(meant) == 1:
                found[paper.id] = meant[0].id
    return found


def contents(papers: Sequence[Paper], known: Mapping[str, str]) -> Mapping[str, tuple[Paper, ...]]:
    """The papers of each volume by its id, in the order of pages; `known` is what `volumes` gives.

    Those without pages come last, in the order of `papers`.
    """
    parts: dict[str, list[Paper]] = defaultdict(list)
    for paper in papers:
        if paper.id in known:
            parts[known[paper.id]].append(paper)
    return {id_: tuple(sorted(each, key=_first_page)) for id_, each in parts.items()}


def _first_page(paper: Paper) -> tuple[int, tuple[int, ...]]:
    """Sorts by the first page: front matter (xi) before 1, 12:1 (the 12th paper) after 2:30."""
    pages = paper.detail("pages") or paper.detail("eid")
    first = re.split("[–,;]", pages, maxsplit=1)[0]
    numbers = tuple(int(digits) for digits in _NUMBER.findall(first))
    if numbers:
        return 1, numbers
    return (0, (_roman(first.strip().lower()),)) if _ROMAN.fullmatch(first.strip()) else (2, ())


_NUMBER = re.compile(r"[0-9]{1,18}")
_ROMAN = re.compile(r"[ivxlc]{1,12}", re.IGNORECASE)
_WORTH = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def _roman(letters: str) -> int:
    """The number that letters are: one before a greater is taken off."""
    worth = [_WORTH[letter] for letter in letters]
    behind = [*worth[1:], 0]
    return sum(-one if one < other else one for one, other in zip(worth, behind, strict=True))
