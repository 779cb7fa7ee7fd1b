"""What happens to a collection: an abstract is edited, a paper comes; and one that is far larger.

A .bib file is taken as text: what stands before its first paper, and a piece for each. So an edit
changes what it is about and not a byte more.

A sentence of another paper is put before an abstract. That is a change like any other for pages,
index and related papers; for topics and mentions it weighs more than most, since what stands first
weighs more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import NamedTuple

from generator import exports, identity, sources, text
from generator.model import Name, Record, Where
from generator.search import NAMES, Document
from generator.sources.bib import is_sound
from generator.sources.blocks import COMMANDS, NO_PAPERS, cut
from tests.bench.larger import Collection, enlarged

_ABSTRACT = re.compile(r"^[ \t]*abstract\s*=\s*[{\"]", re.MULTILINE | re.IGNORECASE)
# A sentence that means the same wherever it is put: no markup that it could take half of.
_SENTENCE = re.compile(r"(?<=[.!?]\s)[A-Z][^{}\\$\"%@#.!?]{40,300}[.!?](?=\s)")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Bibliography:
    """A .bib file: what is no paper (@string, comments before the first), and the papers."""

    head: str
    entries: tuple[str, ...]

    def __str__(self) -> str:
        return self.head + "".join(self.entries)


class Versions(NamedTuple):
    """A .bib file as it becomes by one change after another."""

    first: str
    edited: str
    edited_again: str
    added: str


def read(content: str) -> Bibliography:
    """The pieces of a .bib file. All commands are put first: a @string holds for what follows."""
    blocks = list(cut(content, is_sound))
    lines = content.splitlines(keepends=True)
    starts = sorted({block.line - 1 for block in blocks})
    no_papers = {b.line - 1 for b in blocks if b.type in COMMANDS or b.type in NO_PAPERS}
    head, entries = lines[: starts[0]] if starts else lines, []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        piece = lines[start:end]
        if start in no_papers:
            head += piece
        else:
            entries.append("".join(piece))
    return Bibliography("".join(head), tuple(entries))


def part(bib: Bibliography, size: int) -> Bibliography:
    """So many of the papers, from all over the file: many are sorted by year or venue."""
    count = len(bib.entries)
    kept = (bib.entries[i * count // size] for i in range(size)) if size < count else bib.entries
    return replace(bib, entries=tuple(kept))


def histories(bib: Bibliography, runs: int, seed: int) -> Iterator[Versions]:
    """A file's history for each of several runs; no paper is taken for two changes.

    At first one paper is missing, then two abstracts are edited, and the missing paper comes: so
    it is a real one, and as near to the others as papers are.
    """
    chance = Random(seed)  # noqa: S311 - nothing secret
    taken = _drawn(bib, 3 * runs, chance)
    for changed in zip(taken, taken, taken, strict=True):
        yield _history(bib, changed, bib, chance)


def visits(bib: Bibliography, guests: Bibliography, runs: int, seed: int) -> Iterator[Versions]:
    """Likewise of a file in which three papers are guests: these are edited and come.

    For a collection whose abstracts stand in other files too, and are recognised by that.
    """
    chance = Random(seed)  # noqa: S311 - nothing secret
    taken = _drawn(guests, 3 * runs, chance)
    size = len(bib.entries)
    for three in zip(taken, taken, taken, strict=True):
        invited = tuple("\n" + guests.entries[i] for i in three)
        both = Bibliography(bib.head + guests.head, bib.entries + invited)
        yield _history(both, (size, size + 1, size + 2), guests, chance)


def _history(
    bib: Bibliography, changed: tuple[int, int, int], others: Bibliography, chance: Random
) -> Versions:
    """Two abstracts edited, with sentences of others, and a paper come."""
    one, other, missing = changed
    sentences = [found for entry in others.entries for found in _SENTENCE.findall(entry)]
    entries = list(bib.entries)
    entries[missing] = ""
    first = _text(bib, entries)
    entries[one] = with_sentence(entries[one], chance.choice(sentences))
    edited = _text(bib, entries)
    entries[other] = with_sentence(entries[other], chance.choice(sentences))
    edited_again = _text(bib, entries)
    entries[missing] = bib.entries[missing]
    return Versions(first, edited, edited_again, added=_text(bib, entries))


def _drawn(bib: Bibliography, count: int, chance: Random) -> Iterator[int]:
    """So many different papers with an abstract; raises LookupError when there are fewer."""
    found = [i for i, entry in enumerate(bib.entries) if _ABSTRACT.search(entry)]
    if len(found) < count:
        raise LookupError(f"{len(found)} papers have an abstract, and {count} are to be changed")
    return iter(chance.sample(found, count))


def with_sentence(entry: str, sentence: str) -> str:
    """An entry with one sentence more at the beginning of its abstract."""
    return _ABSTRACT.sub(lambda found: f"{found[0]}{sentence} ", entry, count=1)


def _text(bib: Bibliography, entries: Sequence[str]) -> str:
    return bib.head + "".join(entries)


# --- more papers than there are -----------------------------------------------------------------


def mixed(file: Path, size: int, seed: int) -> Iterator[str]:
    """The entries of a collection of any size, mixed from the papers of a file.

    How they are mixed, and what is not natural about it: `tests.bench.larger`. Papers have a
    title, authors, a year, a venue and an abstract, and none of the rest: no keywords, links or
    pages, and since nearly nothing has a name of its own, few of them mention each other.
    """
    texts = sources.load((file,))
    records = [record for source in texts for record in source.records]
    known = {str(name): name for record in records for name in record.authors}
    collection = Collection([_document(i, each) for i, each in enumerate(records)], (), {})
    for number, document in enumerate(enlarged(collection, size, seed).documents):
        yield _entry(f"mixed{number}", document, known)


def _document(number: int, record: Record) -> Document:
    """A paper as far as it is mixed."""
    return Document(
        ref=str(number),
        title=_whole(record.title),
        abstract=_whole(record.abstract),
        authors=NAMES.join(map(str, record.authors)),
        tags="",
        venue=record.venue,
        year=str(record.year or ""),
    )


def _whole(value: str) -> str:
    """A text in which each formula is one word, and no other dollar begins one when it is torn."""
    return "".join(
        f"${_SPACE.sub('~', part)}$" if is_math else part.replace("$", r"\$")
        for is_math, part in text.segments(value)
    )


def _entry(key: str, document: Document, known: dict[str, Name]) -> str:
    names = filter(None, document.authors.split(NAMES))
    record = Record(
        Where(""),
        "bib",
        key=key,
        type="inproceedings",
        title=text.canonical(document.title),
        authors=tuple(known.get(name) or _name(name) for name in names),
        year=int(document.year) if document.year else None,
        venue=document.venue,
        abstract=text.canonical(document.abstract),
    )
    return exports.entry(replace(identity.combine([record]), key=key), abstract=True)


def _name(name: str) -> Name:
    given, _, family = name.rpartition(" ")
    return Name(family, given)
