"""The beginning of a canonical text: its first sentence, or as much as there is room for."""

from __future__ import annotations

import re

from generator.text.canon import canonical, segments

# A full stop that ends a sentence: before a space and a capital, not after an abbreviation, an
# initial or a number of a list.
_END = re.compile(r"[.!?]['\")\]’”]?(?=\s+[\"'(\[“‘]?[A-Z0-9À-Þ])")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[])(?:e\.g|i\.e|cf|vs|al|etc|resp|fig|figs|eq|eqs|sec|no|vol|dr|mr|mrs|ms|prof|st"
    r"|approx|[A-Z]|\d{1,2})$",
    re.IGNORECASE,
)
# Sentences are looked for in so many characters; one that is longer is cut anyway.
_LOOKED_AT = 2_000


def cut(text: str, most: int) -> str:
    """At most `most` characters, cut between words with an ellipsis, no formula cut in two."""
    if len(text) <= most:
        return text
    kept, room = [], most - 1
    for math, value in segments(text[: most + _LOOKED_AT]):
        written = f"${value}$" if math else value
        if len(written) > room:
            kept.append("" if math else _whole_words(written, room))
            break
        kept.append(written)
        room -= len(written)
    shortened = canonical("".join(kept)).rstrip(" ,;:–—(")
    # A text that begins with a formula too long for the room is cut as its source.
    return (shortened or canonical(text[:most].replace("$", ""))) + "…"


def first_sentence(text: str) -> str:
    """The first sentence of a text, without what follows it."""
    beginning = text[:_LOOKED_AT]
    for end in _END.finditer(beginning):
        if not _ABBREVIATION.search(beginning[max(0, end.start() - 12) : end.start()]):
            return beginning[: end.end()]
    return beginning if len(beginning) == len(text) else cut(beginning, _LOOKED_AT)


def _whole_words(text: str, room: int) -> str:
    """As many whole words as there is room for; the first letters of a word longer than that."""
    if room <= 0:
        return ""
    return text[: room + 1].rpartition(" ")[0] or text[:room]
