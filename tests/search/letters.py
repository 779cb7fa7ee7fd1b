"""The two tables of `generator.search.letters`, made from Unicode's properties by these rules.

`python -m tests.search.letters` prints them anew, with a Python whose Unicode is theirs; a test
holds them equal.
"""

from __future__ import annotations

import sys
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator

from generator.search.letters import NOT_SPELLED_OUT, SIGNS, SPELLED, UNICODE

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
VARIANTS = {
    *range(0xFE00, 0xFE10),
    *range(0xE0100, 0xE01F0),
    *map(ord, "\u034f\u180b\u180c\u180d\u180f"),
}
PARTING = "\u200b\ufeff"  # format characters that stand for a space


def is_silent(char: str) -> bool:
    """Whether a character vanishes: an accent, a mark round a letter, a variant, a joiner, tatweel.

    Accents are marks by their combining class: overlays (1), the points of Hebrew, Arabic and
    Syriac (10 to 36), and what stands above or below (202 to 240). Signs of vowels in Indic and
    South-East Asian scripts, and the voicing of kana, have other classes: they are letters here.
    """
    category, place = unicodedata.category(char), unicodedata.combining(char)
    accent = category == "Mn" and (place == 1 or 10 <= place <= 36 or 202 <= place <= 240)
    joiner = category == "Cf" and char not in PARTING
    return accent or joiner or category == "Me" or ord(char) in VARIANTS or char == "\u0640"


def is_spoken(char: str) -> bool:
    """Whether a character, taken apart, leaves a letter, a digit, a mark or one of the signs."""
    if unicodedata.category(char) in {"Cn", "Co", "Cs"} or char in NOT_SPELLED_OUT:
        return False
    whole = SPELLED.get(char, unicodedata.normalize("NFKD", char))
    return not is_silent(char) and any(
        not is_silent(part) and (part in SIGNS or unicodedata.category(part)[0] in "LMN")
        for part in whole
    )


def encoded(codes: Iterable[int]) -> str:
    """Ranges as numbers of base 36: how far on the next begins, how much further it goes."""
    numbers, end = [], 0
    for first, last in ranges(codes):
        numbers += [first - end, last - first]
        end = last
    return " ".join(map(base_36, numbers))


def ranges(codes: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Runs of consecutive numbers, each as its first and last."""
    first = last = None
    for code in codes:
        if first is None or last is None or code != last + 1:
            if first is not None and last is not None:
                yield first, last
            first = code
        last = code
    if first is not None and last is not None:
        yield first, last


def base_36(number: int) -> str:
    """A number as JavaScript's parseInt(…, 36) reads it."""
    high, low = divmod(number, 36)
    return (base_36(high) if high else "") + DIGITS[low]


def tables() -> dict[str, str]:
    """Both tables, encoded; meaningful only where Python's Unicode is `UNICODE`."""
    every = [(code, chr(code)) for code in range(sys.maxunicode + 1)]
    return {
        "SPOKEN": encoded(code for code, char in every if is_spoken(char)),
        "SILENT": encoded(code for code, char in every if is_silent(char)),
    }


def main() -> None:
    """Print both tables in lines of 96 letters."""
    if unicodedata.unidata_version != UNICODE:
        sys.exit(f"needs a Python with Unicode {UNICODE}, not {unicodedata.unidata_version}")
    for name, table in tables().items():
        sys.stdout.write(f"{name}:\n{chr(10).join(textwrap.wrap(table, 92))}\n")


if __name__ == "__main__":
    main()
