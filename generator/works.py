"""What a record says that it is, and whether two records say that they are different works.

Volumes, editions, yearly reports and versions of data have one title and one author, and so have a
thesis and the article made of it. What tells them apart are statements of one form: a name (the
volume, the ISBN) and values. Two sources *contradict* each other where both make a statement and
no value is common to both; who is silent contradicts nobody. So statements of many records add up
by union, whatever their order.

Only what cannot be a slip or another way of saying the same is a statement. Known weaknesses: a
book and its reprint by another publisher are two, and volumes of which nobody gives the number are
one, if publisher and year are the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache

from generator import text
from generator.model import Paper, Record
from generator.names import named_in

Statements = Mapping[str, Set[str]]


def statements(record: Record) -> dict[str, set[str]]:
    """What a record says of the work that it is: name of a statement → the values it admits."""
    said = {name: {value} for name, value in _KINDS.get(record.type, ())}
    details = dict(record.details)
    said.update(_of_a_whole(record, details))
    said.update(_of_a_part(record, details))
    return said


def contradictions(these: Statements, those: Statements) -> tuple[str, ...]:
    """The names of the statements that both sides make and that have no value in common."""
    fewer, more = (these, those) if len(these) <= len(those) else (those, these)
    return tuple(name for name in fewer if name in more and fewer[name].isdisjoint(more[name]))


def together(these: dict[str, set[str]], those: dict[str, set[str]]) -> dict[str, set[str]]:
    """What both say; changes its arguments, the larger by the smaller, so that it stays linear."""
    fewer, more = (these, those) if len(these) <= len(those) else (those, these)
    for name, values in fewer.items():
        smaller, larger = sorted((values, more.get(name, set())), key=len)
        more[name] = larger
        larger |= smaller
    return more


def differences(one: Paper, other: Paper) -> tuple[str, ...]:
    """What two papers say of themselves that makes them different works, in words, each once.

    Years are left to who compares them: here those of reports alone tell anything.
    """
    said = contradictions(_statements_of(one.records), _statements_of(other.records))
    told = (_in_words(name, one, other) for name in sorted(said) if name != "year")
    return tuple(dict.fromkeys(told))


def _statements_of(records: Iterable[Record]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for record in records:
        found = together(found, statements(record))
    return found


def _in_words(name: str, one: Paper, other: Paper) -> str:
    """A contradiction in words: "volumes 1 and 2" where both papers have the field, too."""
    if name in _KIND_NAMES:
        same = one.type == other.type  # what it is may be said by a record that gives no venue
        return "the types of their entries differ" if same else f"@{one.type} and @{other.type}"
    a, b = (text.cut(text.to_plain(paper.detail(name)), 30) for paper in (one, other))
    if name in _SHOWN and a and b and a != b:
        return f"{name}s {a} and {b}"
    return _WORDS.get(name) or (f"the {name}s differ" if name in _SHOWN else _ELSEWHERE)


_SHOWN = frozenset({"edition", "number", "version", "volume"})
_WORDS = {
    "isbn": "the ISBNs differ",
    "translator": "the translators differ",
}
_ELSEWHERE = "other pages of another issue"


# --- what kind of work it is --------------------------------------------------------------------

_PART = (("form", "text"), ("extent", "part"), ("degree", "none"))
_WHOLE = (("form", "text"), ("extent", "whole"), ("degree", "none"))
_REPORT = (("form", "text"), ("degree", "none"))
_TEXT = (("form", "text"),)
_THESIS = (("form", "text"), ("degree", "some"))

# What a type says. `form`: a text, data, a program … `extent`: a book as a whole, or something
# within a journal or a book; a report may be either, so one that became an article or a book stays
# one with it. `degree`: a thesis is none of what is published, but for a draft. A manual may be
# a program, for R cites its packages so. @misc says nothing: so is written what has no other type.
_KINDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    **dict.fromkeys(("article", "inproceedings", "incollection", "inbook"), _PART),
    **dict.fromkeys(("book", "proceedings"), _WHOLE),
    **dict.fromkeys(("techreport", "standard"), _REPORT),
    **dict.fromkeys(("booklet", "unpublished"), _TEXT),
    **dict.fromkeys(("phdthesis", "mastersthesis", "thesis"), _THESIS),
    "manual": (),
    **{
        name: (("form", name),)
        for name in ("artwork", "audio", "dataset", "map", "patent", "software", "video")
    },
}
_KIND_NAMES = frozenset({"form", "extent", "degree"})


# --- which one of its kind it is ----------------------------------------------------------------


def _of_a_whole(record: Record, details: Mapping[str, str]) -> Iterator[tuple[str, set[str]]]:
    """What a work that stands alone says of itself: a part's volume or ISBN is that of the whole.

    Nor does a @misc with a venue or on arXiv: it may be a part, or a version before any.
    """
    part = _KINDS.get(record.type) is _PART
    if part or (record.type not in _KINDS and (record.venue or record.arxiv)):
        return
    for name, read in _READ.items():
        if name in details and (value := read(details[name])):
            yield name, {value}
    yield from _isbn(record, details)
    translators = {text.slug(name.family) for name in named_in(details.get("translator", ""))}
    if translators:
        yield "translator", translators
    if record.type in _NUMBERED:
        yield from _number(record, details)


def _isbn(record: Record, details: Mapping[str, str]) -> Iterator[tuple[str, set[str]]]:
    """The ISBNs; what one publisher prints in one year is one book, in cloth and in paper."""
    if isbns := {_bare_isbn(found[0]) for found in _ISBN.finditer(details.get("isbn", ""))}:
        publisher = text.fold(details.get("publisher", ""))
        printed = {f"{record.year} {publisher}"} if record.year and publisher else set()
        yield "isbn", isbns | printed


def _number(record: Record, details: Mapping[str, str]) -> Iterator[tuple[str, set[str]]]:
    """The number; and of a report the year, for one of the same title may come every year."""
    number = details.get("number", "")
    numbers = {_patent(number) if record.type == "patent" else _ordinal(number)} - {""}
    if numbers:
        yield "number", numbers
    if record.type == "techreport" and record.year and not record.arxiv:
        yield "year", {str(record.year), *(f"number {number}" for number in numbers)}


_NUMBERED = frozenset({"patent", "standard", "techreport"})


def _of_a_part(record: Record, details: Mapping[str, str]) -> Iterator[tuple[str, set[str]]]:
    """Where in its venue it stands. Only another issue *and* another page is another paper.

    Either alone may be a slip, and an article's number may stand for its pages.
    """
    begun = (text.words(details.get(name, ""))[:1] for name in ("pages", "eid"))
    pages = {f"page {word}" for words in begun for word in words}
    for name in ("volume", "number") if pages else ():
        if value := _ordinal(details.get(name, "")):
            yield f"{name} in {_folded(record.venue)}", {value, *pages}


# --- two spellings of one value -----------------------------------------------------------------


# Few different volumes and venues stand in many records. A hostile collection must not fill the
# memory.
_REMEMBERED = 1 << 14
_folded = lru_cache(_REMEMBERED)(text.fold)


@lru_cache(_REMEMBERED)
def _ordinal(value: str) -> str:
    """The number that a value says, however: "Vol. II", "two", "second", "2" and "002" are one.

    What stands before the digits is a name of the series, often left out: "TR-98-12" is "98-12".
    """
    words = text.words(value)
    first = next((n for n, word in enumerate(words) if _DIGITS.search(word)), None)
    if first is not None:
        begun = _DIGITS.search(words[first])
        words = [words[first][begun.start() if begun else 0 :], *words[first + 1 :]]
        return "-".join(word.lstrip("0") or "0" for word in words)
    words = [word for word in words if word not in _OF_A_SET] or words
    return "-".join(_WORDS_OF_NUMBERS.get(word) or _roman(word) for word in words)


def _edition(value: str) -> str:
    """The number of an edition, or nothing: what is revised or international may be any."""
    words = text.words(value)
    digits = _DIGITS.search(value)
    said = digits[0] if digits else next(filter(None, map(_WORDS_OF_NUMBERS.get, words)), "")
    return said.lstrip("0")


def _version(value: str) -> str:
    """A version's number without the zeros at its end: "v1.0" and "1" are one."""
    if not _DIGITS.search(value):
        return ""
    numbers = _ordinal(value).split("-")
    while len(numbers) > 1 and numbers[-1] == "0":
        numbers.pop()
    return "-".join(numbers)


def _patent(value: str) -> str:
    """A patent's number without its country and kind: "US 7,123,456 B2" and "7123456" are one."""
    digits = _DIGITS.search(said := "".join(text.words(value)))
    return _KIND_OF_PATENT.sub("", said[digits.start() :].lstrip("0")) if digits else said


def _bare_isbn(value: str) -> str:
    """What ISBN-10 and ISBN-13 have in common: all but 978 and the check digit (ISO 2108)."""
    digits = "".join(filter(str.isalnum, value))[:-1]
    return digits.removeprefix("978") if len(digits) > _ISBN_10 else digits


_ISBN_10 = 9  # digits without the last
_ISBN = re.compile(r"(?:97[89][\s\u2010-\u2015-]?)?(?:[0-9][\s\u2010-\u2015-]?){9}[0-9Xx](?![0-9])")
_DIGITS = re.compile(r"[0-9]+")
_KIND_OF_PATENT = re.compile(r"[a-z][0-9]?$")
_READ: Mapping[str, Callable[[str], str]] = {
    "edition": _edition,
    "version": _version,
    "volume": _ordinal,
}
_OF_A_SET = frozenset(str.split("v vol volume band bd no nr number part pt t teil tome"))
_WORDS_OF_NUMBERS: Mapping[str, str] = {
    word: str(number)
    for words in (
        "one two three four five six seven eight nine ten eleven twelve",
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
    )
    for number, word in enumerate(words.split(), 1)
}
_ROMAN = re.compile(r"(?=[clxvi])(c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})")
_LETTERS = {"c": 100, "l": 50, "x": 10, "v": 5, "i": 1}


def _roman(word: str) -> str:
    """A Roman number up to 399 as digits, any other word as it is."""
    if not _ROMAN.fullmatch(word):
        return word
    values: Sequence[int] = [_LETTERS[letter] for letter in word]
    pairs = zip(values, [*values[1:], 0], strict=True)
    return str(sum(-value if value < after else value for value, after in pairs))
