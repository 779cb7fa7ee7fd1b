"""New papers as entries of a .bib file of the site; papers that are already there, left out.

Entries stand in the order of their keys. So a new one changes no line that is there, the file is
the same whatever came first, and two people who import on two branches seldom write at the same
place: what both append at the end, git cannot merge. In a file that its owner keeps in another
order, new entries come last.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, compress

from generator import edit, exports, identity
from generator.intake.collection import Collection
from generator.intake.things import Brought
from generator.model import Paper, Record, Where
from generator.sources import bib
from generator.sources.blocks import COMMANDS, NO_PAPERS, Block, cut


@dataclass(frozen=True, slots=True)
class Found:
    """A paper that was brought, by what was said; `where` it already stands, or None for new."""

    said: str
    paper: Paper
    where: Where | None


@dataclass(frozen=True, slots=True)
class Addition:
    """What is to be put into a file, and what became of each paper that was brought."""

    splices: tuple[edit.Splice, ...]
    found: tuple[Found, ...]


def addition(collection: Collection, things: Sequence[Brought], target: str) -> Addition:
    """The new papers among things, as entries to be put into the text of the file `target`.

    What is new, and what is one paper, is decided as a build decides it, so that the next build
    merges no paper that was added here with another.
    """
    brought = {id(record): each for each in things for record in each.records}
    here = {id(record): paper for paper in collection.papers for record in paper.records}
    found = []
    for paper in collection.together(record for each in things for record in each.records):
        new = [record for record in paper.records if id(record) in brought]
        old = [record for record in paper.records if id(record) in here]
        if new:
            said = brought[id(new[0])].thing.said
            known = here[id(old[0])] if old else _without_notes(paper, new)
            found.append(Found(said, known, old[0].where if old else None))
    fresh = [each.paper for each in found if not each.where]
    entries = {paper.key: _entry(paper, brought[id(paper.records[0])]) for paper in fresh}
    order = {each.thing.said: number for number, each in enumerate(things)}
    found.sort(key=lambda each: (order[each.said], each.paper.records[0].where, each.paper.id))
    return Addition(tuple(placed(target, entries)), tuple(found))


def _without_notes(paper: Paper, brought: Sequence[Record]) -> Paper:
    """A new paper as it was brought: without what a note says that waited for it in content/."""
    return replace(identity.combine(brought), id=paper.id, key=paper.key)


def _entry(paper: Paper, brought: Brought) -> str:
    """A paper as an entry, with a line above it that says where it is from."""
    where = paper.records[0].where
    said = dict.fromkeys((brought.thing.id, brought.origin))
    origin = str(where) if brought.thing.kind == "file" else ": ".join(said)
    return f"{edit.comment_line(f'from {origin}')}\n{exports.entry(paper, abstract=True)}"


def placed(target: str, entries: Mapping[str, str]) -> Iterator[edit.Splice]:
    """Where each of these entries, by key, goes: before the first that comes after it, or last."""
    end = "\r\n" if "\r\n" in target else "\n"
    keys, starts = _in_order(target)
    late = []
    place = 0
    for key in sorted(entries, key=str.casefold):
        while place < len(keys) and keys[place] <= key.casefold():
            place += 1
        written = entries[key].replace("\n", end)
        if place < len(starts):
            start = starts[place]
            before = end if start and target[start - 1] not in f"\n{_MARK}" else ""
            yield edit.Splice(start, start, f"{before}{written}{end}")
        else:
            late.append(written)
    if late:
        between = end if target.endswith("\n") else end * 2
        joined = end.join(late)
        yield edit.Splice(len(target), len(target), f"{between if target else ''}{joined}")


_MARK = "\ufeff"  # of the order of bytes: it means nothing but at the very beginning


def _in_order(target: str) -> tuple[list[str], list[int]]:
    """The keys of a file that keeps their order, and where another entry goes before each.

    Nothing of a file in any other order.
    """
    blocks = list(cut(target, bib.is_sound))
    papers = [block.type not in COMMANDS | NO_PAPERS for block in blocks]
    keys = list(compress((block.key.casefold() for block in blocks), papers))
    if keys != sorted(keys):
        return [], []
    return keys, list(compress(_starts(target, blocks), papers))


def _starts(target: str, blocks: Sequence[Block]) -> Iterator[int]:
    """Where each entry begins with the comments above it; at its own line if it has none.

    Never within the entry before: that may end in the same line, or in what looks like a comment.
    """
    lines = target.split("\n")
    places = list(accumulate((len(line) + 1 for line in lines), initial=0))
    last = len(_MARK) if target.startswith(_MARK) else 0
    for block in blocks:
        number = block.line - 1
        while number and lines[number - 1].startswith("%"):
            number -= 1
        yield max(places[number], last)
        last = block.place + len(block.body) + block.closed
