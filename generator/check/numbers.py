"""Numbers of books and journals as fields hold them: which of them are none, and why.

Both have a last digit that follows from the others (ISO 2108, ISO 3297), so that a slip shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

# Characters of a number that a message repeats.
EXCERPT = 40


def wrong_isbns(value: str) -> Iterator[str]:
    """What is wrong with each ISBN of a field that is none, as the end of a sentence."""
    return _wrong(value, "ISBN", _about_isbn, 10)


def wrong_issns(value: str) -> Iterator[str]:
    """What is wrong with each ISSN of a field that is none, as the end of a sentence."""
    return _wrong(value, "ISSN", _about_issn, 8)


def _wrong(value: str, name: str, about: Callable[[str], str], shortest: int) -> Iterator[str]:
    for given in _parts(value, shortest):
        if why := about(_bare(given)):
            yield f"the {name} {given[:EXCERPT]} {why}"


def _parts(value: str, shortest: int) -> Iterator[str]:
    """The numbers of a field, as they are written; `shortest` has a whole one.

    Commas, semicolons and strokes part them; spaces do where what they part is long enough, and
    otherwise stand for hyphens. What stands in brackets tells one from another: "(pbk.)".
    """
    if not _DIGIT.search(value):
        yield from filter(None, [value.strip()])
        return
    for part in filter(_DIGIT.search, _BETWEEN.split(_BESIDE.sub(" ", value))):
        pieces = [piece.strip(".:") for piece in part.split()]
        long = [each for each in pieces if _DIGIT.search(each) and len(_bare(each)) >= shortest]
        yield from long or [" ".join(pieces)]


def _bare(given: str) -> str:
    return _HYPHENS.sub("", given).upper()


_DIGIT = re.compile(r"[0-9]")
_BETWEEN = re.compile(r"[,;/|]|\band\b")
_BESIDE = re.compile(r"\([^()]*\)|\b(?:[ep]-?)?IS[BS]N(?:-1[03])?\b:?", re.IGNORECASE)
_HYPHENS = re.compile(r"[\s\u2010-\u2015\u2212-]+")


def _about_isbn(bare: str) -> str:
    """Thirteen digits weigh 1 and 3 in turn; nine are a book's of before 1970, without the 0."""
    if re.fullmatch(r"(?!97[89])[0-9]{13}", bare):
        return "is none: one of 13 digits begins with 978 or 979"
    if re.fullmatch(r"97[89][0-9]{10}", bare):
        total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(bare[:-1]))
        return _about_last(bare, str(-total % 10))
    why = _by_eleven(f"0{bare}" if len(bare) == 9 else bare, 10, "10 or 13")
    return "is an ISSN; it belongs into issn" if why and not _by_eleven(bare, 8, "8") else why


def _about_issn(bare: str) -> str:
    why = _by_eleven(bare, 8, "8")
    return "is an ISBN; it belongs into isbn" if why and not _about_isbn(bare) else why


def _by_eleven(bare: str, size: int, sizes: str) -> str:
    """The digits weigh as many as they are from the end; X is ten."""
    if len(bare) != size or not re.fullmatch("[0-9]++X?", bare):
        digits = len(re.findall(r"[0-9]", bare))
        return f"is none: it has {digits} digits, not {sizes}" if digits else "is none"
    total = sum(int(digit) * (size - at) for at, digit in enumerate(bare[:-1]))
    return _about_last(bare, "0123456789X"[-total % 11])


def _about_last(bare: str, last: str) -> str:
    if bare[-1] == last:
        return ""
    return f"is none: its last digit does not fit the others, to which {last} belongs"
