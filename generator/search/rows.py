"""The rows of terms and of words: written from counts, and brought up to date.

A row of terms is the term, in which papers it stands, at which places, and its forms:

    survey  !#%!,#!$#  !$!#$!#  survey!&!surveys!$

`!` begins a group: the number that says in which of `COLUMNS` and how often, then the papers'
numbers, each as the distance from the one before. A group of places holds as many numbers for each
paper as the term stands there times. The forms, which are not published, are the words of which it
is the stem, each with how often it stands in any field: they say when a word is no more, and what
the rows of words are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from generator.search.counts import COLUMNS, Counts, grouped
from generator.search.numbers import (
    read_distances,
    read_numbers,
    split_numbers,
    write_distances,
    write_number,
)
from generator.search.tables import Row

Moved = Sequence[int]
"""For each paper that there was its number now; for those that are gone, any."""


def term_rows(counts: Counts) -> Iterator[Row]:
    """The row of every term, in no order."""
    papers: list[list[str]] = [[] for _ in counts.terms]
    places: list[list[str]] = [[] for _ in counts.terms]
    for column, stands in enumerate(counts.stands):
        once = write_number(column)
        for term, each in stands.items():
            if len(each) == 2:  # one time in one paper, as most terms
                papers[term].append(f"!{once}{write_number(each[0])}")
                places[term].append(f"!{each[1]}")
                continue
            for often, holders, where in grouped(each):
                head = write_number(_code(column, often))
                papers[term].append(f"!{head}{write_distances(holders)}")
                places[term].append(f"!{''.join(where)}")
    forms = map(_forms, counts.forms)
    return zip(counts.terms, map("".join, papers), map("".join, places), forms, strict=True)


def word_rows(forms: Mapping[str, int]) -> Iterator[Row]:
    """The words of a term, each with how common the term is.

    That is the number of bits of how often it stands anywhere.
    """
    rest = f"!{write_number(sum(forms.values()).bit_length())}"
    return ((word, rest) for word in forms)


def revised(
    before: Mapping[str, Row], lost: Counts, found: Counts, moved: Moved | None
) -> dict[str, Row | None]:
    """The rows of all terms of papers that are gone or come; None for a term that is no more.

    `before` has the rows of these terms that there were; in `lost` papers have their old numbers,
    in `found` the new ones. Where `moved` is None those that stay keep theirs.
    """
    gone, come = _by_term(lost), _by_term(found)
    return {
        term: _revised(
            before.get(term, (term, "", "", "")),
            gone.get(term, _NOWHERE),
            come.get(term, _NOWHERE),
            moved,
        )
        for term in sorted(gone.keys() | come.keys())
    }


def renumbered(row: Row, moved: Moved) -> Row:
    """A row whose papers have other numbers, and stand in the order in which they stood."""
    groups = map(read_numbers, row[1].split("!")[1:])
    papers = "".join(
        f"!{write_number(code)}{write_distances([moved[paper] for paper in accumulate(distances)])}"
        for code, *distances in groups
    )
    return row[0], papers, *row[2:]


class _Stands(NamedTuple):
    """Where a term stands in a few papers: its forms; and by group, paper by paper, its places."""

    forms: Mapping[str, int]
    groups: Mapping[int, Mapping[int, str]]


_NOWHERE = _Stands({}, {})


def _by_term(counts: Counts) -> dict[str, _Stands]:
    found: list[dict[int, Mapping[int, str]]] = [{} for _ in counts.terms]
    for column, stands in enumerate(counts.stands):
        for term, each in stands.items():
            for often, papers, places in grouped(each):
                found[term][_code(column, often)] = _of_papers(papers, places, often)
    return dict(zip(counts.terms, map(_Stands, counts.forms, found), strict=True))


def _revised(row: Row, gone: _Stands, come: _Stands, moved: Moved | None) -> Row | None:
    """A row without the papers that are gone, and with those that come."""
    forms = read_forms(row[3])
    for word, times in gone.forms.items():
        forms[word] -= times
    for word, times in come.forms.items():
        forms[word] = forms.get(word, 0) + times
    groups = _groups(row)
    changed = gone.groups.keys() | come.groups.keys()
    for code in groups.keys() | changed if moved else changed:
        papers, places = groups.get(code, ("", ""))
        often = code // len(COLUMNS) + 1
        stands = _of_papers(read_distances(papers), split_numbers(places), often)
        for paper in gone.groups.get(code, ()):
            del stands[paper]
        if moved:
            stands = {moved[paper]: where for paper, where in stands.items()}
        stands.update(come.groups.get(code, {}))
        holders = sorted(stands)
        groups[code] = write_distances(holders), "".join(map(stands.__getitem__, holders))
    left = [
        (write_number(code), *groups[code])
        for code in sorted(groups, key=lambda code: (code % len(COLUMNS), code))
        if groups[code][0]
    ]
    return (
        (
            row[0],
            "".join(f"!{head}{papers}" for head, papers, _ in left),
            "".join(f"!{places}" for _, _, places in left),
            _forms({word: times for word, times in forms.items() if times}),
        )
        if left
        else None
    )


def _groups(row: Row) -> dict[int, tuple[str, str]]:
    """The groups of a row: papers and places by the number that says what they are."""
    groups: dict[int, tuple[str, str]] = {}
    for papers, places in zip(row[1].split("!")[1:], row[2].split("!")[1:], strict=True):
        head = papers[: 3 if papers[0] == '"' else 1]
        groups[read_numbers(head)[0]] = papers[len(head) :], places
    return groups


def _of_papers(papers: Sequence[int], places: Sequence[str], often: int) -> dict[int, str]:
    """Paper → its places in a group, as they are written."""
    if often == 1:
        return dict(zip(papers, places, strict=True))
    each = ("".join(places[i : i + often]) for i in range(0, len(places), often))
    return dict(zip(papers, each, strict=True))


def _code(column: int, often: int) -> int:
    """The number that says which group it is."""
    return (often - 1) * len(COLUMNS) + column


def read_forms(text: str) -> dict[str, int]:
    """Word → how often it stands, as a row of terms has it."""
    parts = text.split("!") if text else []
    often = (read_numbers(number)[0] for number in parts[1::2])
    return dict(zip(parts[::2], often, strict=True))


def _forms(forms: Mapping[str, int]) -> str:
    if len(forms) == 1:  # as nearly all
        ((word, often),) = forms.items()
        return f"{word}!{write_number(often)}"
    return "!".join(f"{word}!{write_number(often)}" for word, often in sorted(forms.items()))
