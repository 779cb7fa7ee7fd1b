"""Acronyms and what they stand for, wherever a text itself says so: "few-shot learning (FSL)".

Nothing is guessed: a short form counts only where its expansion stands right before the bracket
(or within it: "FSL (few-shot learning)"), and only if its letters are found there in order, the
first at the beginning of the expansion, each of the others at the beginning of a word or inside
a word that begins with one. Of several ways the cheapest wins, and what would have to pass over
too many words is none.

Known weaknesses: some six in a hundred are not found, because letters come in another order than
the words, or a letter is in no word ("deep equilibrium models (DEQs)") or counts others (I3SA).
Where a later beginning fits as well, an expansion is cut there ("Proportional plus Gravity …
(PG…)"). Formulas in a short form are not read, and definitions without brackets are not seen.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from generator.text import fold, segments, to_plain, words
from generator.topics import singular


class Acronym(NamedTuple):
    """A short form in the singular ("GAN") and its expansion as written, formulas made plain."""

    short: str
    long: str


@dataclass(frozen=True, slots=True, order=True)
class Definition:
    """A place where a text says what an acronym stands for.

    The offsets count characters of the text that was given: `start` to `end` is the short form
    (with its plural s), `long_start` to `long_end` the expansion.
    """

    start: int
    end: int
    long_start: int
    long_end: int
    acronym: Acronym


class Found(NamedTuple):
    """All that one text says of acronyms: what it defines, in order, and where it uses it.

    A use is start, end and expansion, the places of the definitions among them, plurals too. A
    short form that a text defines twice has the meaning given first. Plain and small: it is
    remembered for every paper.
    """

    acronyms: tuple[Acronym, ...] = ()
    uses: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Expansion:
    """One meaning of a short form: its commonest spelling and the papers that give it, by id."""

    long: str
    papers: tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """A line of the glossary: a short form and its meanings, the one most papers give first."""

    short: str
    expansions: tuple[Expansion, ...]


def found(text: str) -> Found:
    """The acronyms that a canonical text defines, and where it uses them."""
    masked = _masked(text)
    acronyms = tuple(each.acronym for each in _definitions(text, masked))
    if not acronyms:
        return Found()
    meaning: dict[str, str] = {}
    for short, long in acronyms:
        meaning.setdefault(short, long)
    for short in tuple(meaning):
        if short[-1].isupper():
            meaning.setdefault(f"{short}s", meaning[short])
    places = (
        (*match.span(), long)
        for match in _TOKEN.finditer(masked)
        if (long := meaning.get(match[0], ""))
    )
    return Found(acronyms, tuple(places))


def definitions(text: str) -> tuple[Definition, ...]:
    """The acronyms that a canonical text defines, in the order of their places."""
    return tuple(_definitions(text, _masked(text)))


def glossary(papers: Iterable[tuple[str, Iterable[Acronym]]]) -> tuple[Entry, ...]:
    """All acronyms that papers define (id, what it defines), sorted as a reader looks them up.

    Expansions that differ in case, hyphens, spelling (-ise, -ize) or plural are one. Those given
    by more papers come first, of equals by the alphabet.
    """
    spellings: defaultdict[str, defaultdict[str, Counter[str]]] = defaultdict(
        lambda: defaultdict(Counter)
    )
    ids: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for id_, acronyms in papers:
        for acronym in sorted(set(acronyms)):
            meaning = same(acronym.long)
            spellings[acronym.short][meaning][acronym.long] += 1
            ids[acronym.short, meaning].add(id_)
    entries = (
        Entry(
            short,
            tuple(
                sorted(
                    (
                        Expansion(_commonest(counts), tuple(sorted(ids[short, meaning])))
                        for meaning, counts in meanings.items()
                    ),
                    key=lambda each: (-len(each.papers), fold(each.long), each.long),
                )
            ),
        )
        for short, meanings in spellings.items()
    )
    return tuple(sorted(entries, key=lambda entry: (fold(entry.short), entry.short)))


def same(long: str) -> str:
    """What two spellings of one expansion have in common; to compare, not to show."""
    joined = "".join(map(singular, words(long)))
    for british, american in (("isation", "ization"), ("ised", "ized"), ("our", "or")):
        joined = joined.replace(british, american)
    return joined


def _commonest(counts: Counter[str]) -> str:
    """The spelling most papers use; of equals the one with fewest capitals, then the shortest."""
    return min(
        counts,
        key=lambda long: (-counts[long], sum(map(str.isupper, long)), len(long), long),
    )


# --- where to look ------------------------------------------------------------------------------

# Characters of a bracket, and of what stands before it, that are looked at: of 6,677 definitions in
# 10,000 abstracts the longest expansion has 76.
_LONGEST = 120
_BRACKET = re.compile(rf"\(([^()\0]{{2,{_LONGEST}}})\)")
# A bracket's short form may be led in, quoted, and followed by a remark.
_LEAD = re.compile(
    r"(?>(?:(?:or|also|called|termed|named|denoted|abbreviated|abbr\.|a\.k\.a\.|aka|hereafter"
    r"|henceforth|dubbed|known|as|by|simply|the|short|for|i\.e\.,?) +)*)[\"'“‘]?"
)
_SHORT = r"[^\W_][\w&/.+-]{0,13}[\w.+]"
_LED_SHORT = re.compile(rf"({_SHORT})[\"'”’]?(?= *(?:$|[,;]|: | or | in short))")
_LAST_SHORT = re.compile(rf"(?<![\w&/.+-])({_SHORT})[\"'”’]? $")
# An expansion in a bracket may be led in, too, and ends where a remark begins.
_LED_LONG = re.compile(r"(?:(?:short|abbreviation|acronym) for |i\.e\.,? |[\"“‘])?([^,;:\"”]*)")
# What no expansion reaches beyond.
_BREAK = re.compile(r"(?<![.!?:;])[.!?:;]++ |[()\[\]{}“”\"—\0]|, (?:and|or|which|that) | – ")
_PART = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_TOKEN = re.compile(r"[^\W_](?:[\w&/.+-]*[\w+])?")

_Span = tuple[int, int]


def _definitions(text: str, masked: str) -> Iterator[Definition]:
    for bracket in _BRACKET.finditer(masked):
        spans = _outside(masked, bracket) or _inside(masked, bracket)
        if spans:
            (start, end), (long_start, long_end) = spans
            short = _singular(text[start:end])
            long = to_plain(text[long_start:long_end])
            yield Definition(start, end, long_start, long_end, Acronym(short, long))


def _masked(text: str) -> str:
    """The text with every formula blotted out, each character where it was."""
    if "$" not in text:
        return text
    kept, end = [], 0
    for math, value in segments(text):
        if math:
            start = text.find(f"${value}$", end)
            if start < 0:  # not canonical: dollars are what they are
                return text
            kept += [text[end:start], "\0" * (len(value) + 2)]
            end = start + len(value) + 2
    return "".join(kept) + text[end:]


def _outside(text: str, bracket: re.Match[str]) -> tuple[_Span, _Span] | None:
    """Short form within the bracket, expansion before it."""
    lead = _LEAD.match(bracket[1])
    short = _LED_SHORT.match(bracket[1], lead.end() if lead else 0)
    if not short:
        return None
    first = max(0, bracket.start() - _LONGEST)
    before = text[first : bracket.start()].rstrip(" \"'”’")
    begin = max((each.end() for each in _BREAK.finditer(before)), default=0)
    long = _expansion(before[begin:], short[1])
    return (_moved(short.span(1), bracket.start(1)), _moved(long, first + begin)) if long else None


def _inside(text: str, bracket: re.Match[str]) -> tuple[_Span, _Span] | None:
    """Short form before the bracket, expansion within it: all of it up to a remark."""
    first = max(0, bracket.start() - _LONGEST)
    short = _LAST_SHORT.search(text[first : bracket.start()])
    said = _LED_LONG.match(bracket[1])
    if not short or not said or " " not in said[1].strip():
        return None
    long = _expansion(said[1], short[1])
    if not long or said[1][: long[0]].strip():
        return None
    return _moved(short.span(1), first), _moved(long, bracket.start(1) + said.start(1))


def _moved(span: _Span, by: int) -> _Span:
    return span[0] + by, span[1] + by


# --- whether the letters fit --------------------------------------------------------------------

# What it costs to pass over a word, and to take a letter from within one; and how much an acronym
# may cost for each of its letters after the first. Words that acronyms leave out cost nothing.
_PASSED, _WITHIN = 2, 1
_PASSING = frozenset({
    "a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to",
    "via", "with", "without", "s", "de", "du", "et", "la", "le",
})  # fmt: skip
_IMPOSSIBLE = 1_000
# Nouns that often stand between an expansion and its short form.
_HEAD = re.compile(
    r" (?:network|model|method|framework|algorithm|approach|problem|system|architecture|module"
    r"|layer|technique|task|principle|signal|mechanism|strategy|dataset|benchmark|function|loss"
    r"|scheme|setting|procedure|process|space|test|estimator|operator|condition|tract)s?$"
)
# Letters in a short form: more are a word.
_MOST_LETTERS = 10
# Signs that stand for the beginnings of words.
_SPELLED = {
    "1": ("one", "single", "first"), "2": ("two", "to", "second"), "3": ("three",),
    "4": ("four", "for"), "5": ("five",), "6": ("six",), "x": ("ex", "cross", "trans"),
}  # fmt: skip


def _singular(short: str) -> str:
    """A short form without its plural s: "GANs" is "GAN", "DAS" stays."""
    return short[:-1] if len(short) > 2 and short[-1] == "s" and short[-2].isupper() else short


def _expansion(text: str, short: str) -> _Span | None:
    """The words at a text's end that a short form stands for; a general noun may follow them."""
    if fitting := _fitting(text, short):
        return fitting
    head = _HEAD.search(text)
    return _fitting(text[: head.start()], short) if head else None


def _fitting(text: str, short: str) -> _Span | None:
    """The last words of a text, from the first to the last, whose letters a short form has."""
    letters = [letter for letter in _singular(short) if letter.isalnum()]
    capitals = sum(map(str.isupper, letters))
    lower = not capitals
    if not 2 <= len(letters) <= _MOST_LETTERS or all(map(str.isdigit, letters)):
        return None
    # A word in lower case may be anything; three initials in a row are no chance. One capital
    # makes a short form only with a digit or a small letter before it (mAP, 3D).
    if (lower and len(letters) < 3) or (capitals == 1 and letters[0].isupper() and len(letters) > 2
                                        and not any(map(str.isdigit, letters))):  # fmt: skip
        return None
    parts = list(_PART.finditer(text))[-2 * len(letters) - 4 :]
    if not parts:
        return None
    # The last word must give a letter, unless it is the end of one that does (auto-encoder).
    unread = _PASSED if _is_joined(text, parts[-1]) else _IMPOSSIBLE
    most = 0 if lower else len(letters) - 1
    costs = _costs([part[0] for part in parts], letters, unread, most)
    # The rightmost of the cheapest; one that begins with "to", or behind a hyphen, is dearer.
    ways = (
        (cost + (part[0].lower() in _PASSING or _is_joined(text, part)), -place)
        for place, (part, cost) in enumerate(zip(parts, costs, strict=True))
        if cost <= most
    )
    cost, before = min(ways, default=(_IMPOSSIBLE, 0))
    if cost > most:
        return None
    first, last = parts[-before], parts[-1]
    long = text[first.start() : last.end()]
    is_longer = len(long) >= 2 * len(letters) and fold(short) not in fold(long).split()
    return (first.start(), last.end()) if is_longer else None


def _is_joined(text: str, part: re.Match[str]) -> bool:
    """Whether a hyphen joins a word to the one before."""
    return text[max(0, part.start() - 1) : part.start()] == "-"


def _costs(parts: Sequence[str], letters: Sequence[str], unread: int, most: int) -> list[int]:
    """For each part, what it costs to read the letters from its first letter to the text's end.

    `unread` is what it costs to pass over the last part; what costs more than `most` counts as
    impossible.
    """
    small = [letter.lower() for letter in letters]
    # rest[j]: the least cost of reading letters[j:] from the parts behind the one at hand.
    rest = [_IMPOSSIBLE] * len(letters) + [0]
    begun = [_IMPOSSIBLE] * len(parts)
    skip = unread
    for place in reversed(range(len(parts))):
        part = parts[place]
        lower = part.lower()
        if len(lower) != len(part):  # İ is two characters in lower case
            lower = part
        passed = [cost + skip for cost in rest]
        best = passed[:]
        for j, letter in enumerate(small):
            if not lower.startswith(letter) and letter not in _SPELLED:
                continue
            taken = _IMPOSSIBLE
            for used, cost in _readings(part, lower, letters, small, j):
                taken = min(taken, cost + rest[used])
            best[j] = min(best[j], taken)
            if j == 0:
                begun[place] = taken
        if min(best) > most:
            break
        rest = best
        skip = 0 if place and parts[place - 1].lower() in _PASSING else _PASSED
    return begun


def _readings(
    part: str, lower: str, letters: Sequence[str], small: Sequence[str], first: int
) -> Iterator[tuple[int, int]]:
    """How far into the letters one word can lead, from a first one on, and at what cost.

    It begins with its own first letter. A capital within the word is where it should be, and so
    is a small letter that follows a capital in the short form: LoRA. (A short form in small
    letters alone may cost nothing.)
    """
    at = _beginning(lower, small[first])
    if not at:
        return
    cost = 0
    yield first + 1, 0
    for j in range(first + 1, len(letters)):
        at = lower.find(small[j], at) + 1
        if not at:
            return
        free = part[at - 1].isupper() or (letters[j].islower() and letters[first].isupper())
        cost += 0 if free else _WITHIN
        yield j + 1, cost


def _beginning(part: str, letter: str) -> int:
    """How many characters of a word a letter stands for at its beginning; 0 where it does not."""
    if part.startswith(letter):
        return 1
    return next((len(each) for each in _SPELLED.get(letter, ()) if part.startswith(each)), 0)
