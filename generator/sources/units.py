"""Plain text as units: logical lines, each with what it looks like by itself.

A unit is what an author would call one line: a title, an abstract, "Year: 2020". In the file it
may be a line, several lines broken at a fixed width, or a cell between tabs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median_low
from typing import Literal

from generator.sources.identifiers import arxiv, doi

Kind = Literal["prose", "sentence", "short", "label", "rule"]

# Lines broken at a fixed width are no longer and no shorter than this.
WIDEST = 200
NARROWEST = 40
# So many lines at the beginning of a paragraph may be a title and authors.
HEAD = 4
# From so many words on a text that reads like prose is an abstract and no title; with a full stop
# in it, even from fewer. Of 217 titles in the files at hand the longest has 21 words, of 250
# abstracts the shortest has 52.
PROSE = 40
PROSE_WITH_STOP = 25
# A text that ends with a full stop is a sentence from so many words on, or two from so few.
SENTENCE = 15
SENTENCES = 8


@dataclass(frozen=True, slots=True)
class Unit:
    """A logical line: its text, where it stands, and what it looks like.

    `prose` is long enough for an abstract, `sentence` could be a short abstract or a long title,
    a `label` is one that names its `field` ("Year: 2020", "arXiv:2310.12345"; its text is what
    follows), a `rule` only separates. `number` is its number in a list.
    """

    text: str
    line: int
    end: int
    paragraph: int
    kind: Kind
    field: str = ""
    number: int | None = None


def units(text: str) -> tuple[Unit, ...]:
    """The units of a text in order; every line that is not blank belongs to at least one."""
    paragraphs = tuple(_paragraphs(text))
    numbered = _numbered(paragraphs)
    stretches = [
        (i, stretch, _wrapping(stretch))
        for i, paragraph in enumerate(paragraphs)
        for stretch in _stretches(paragraph, numbered)
    ]
    known = [wrapping.width for _, _, wrapping in stretches if wrapping.width]
    usual = _Wrapping(median_low(known) if known else 0)
    words = _Words(text)
    found = [
        _unit(lines, i, numbered.get(lines[0].number), words)
        for i, stretch, wrapping in stretches
        for lines in _logical(stretch, wrapping if wrapping.width else usual)
    ]
    return tuple(_with_values(found))


def word_count(text: str) -> int:
    """How many words a text has; two Chinese, Japanese or Korean characters count as one."""
    return len(text.split()) + len(_CJK.findall(text)) // 2


def ends_with_stop(text: str) -> bool:
    """Whether a text ends as a sentence does."""
    return text.rstrip(_CLOSING).endswith(_STOPS)


def sentence_count(text: str) -> int:
    """How many sentences a text has, abbreviations taken for ends."""
    return len(_SENTENCE_END.findall(text))


_STOPS = (".", "!", "?", "…", "。", "！", "？")
_CLOSING = " \"'”’»)]"
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]?(?=\s|$)|[。！？]")
_CJK = re.compile(r"[\u3001-\u303f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff01-\uff5e]")


# --- from lines to logical lines ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the file, or one of its cells."""

    number: int
    text: str
    indented: bool
    cell: int = 0


def _paragraphs(text: str) -> Iterator[list[_Line]]:
    """The lines between two that are blank or only separate; arXiv's double backslash does not."""
    paragraph: list[_Line] = []
    for number, line in enumerate(text.split("\n"), 1):
        shown = line.strip()
        rule = _RULE.fullmatch(shown) and "\\" not in shown
        if paragraph and (rule or not shown):
            yield paragraph
            paragraph = []
        if shown:
            indented = line[0].isspace()
            cells = enumerate(_cells(shown))
            paragraph.extend(_Line(number, cell, indented, i) for i, cell in cells)
        if rule:
            yield paragraph
            paragraph = []
    if paragraph:
        yield paragraph


def _cells(line: str) -> list[str]:
    """A line cut at its tabs where that sets a long text apart from short ones, else whole."""
    cells = [" ".join(cell.split()) for cell in line.split("\t")]
    cells = [_DECORATION.sub("", cell) or cell for cell in cells if cell]
    long = sum(word_count(cell) >= PROSE_WITH_STOP for cell in cells)
    return cells if 0 < long < len(cells) else [" ".join(cells)]


# Marks of headings and bullets, which are the list's and not the text's.
_DECORATION = re.compile(r"^(?:#{1,6} |[•▪‣◦●] ?)")
_NUMBER = re.compile(r"(?:\[(\d{1,4})\] ?|(\d{1,4})[.)] )(?=\S)")


def _numbered(paragraphs: Iterable[Sequence[_Line]]) -> dict[int, int]:
    """Line → its number, for lines that are numbered one after the other ("1. ", "[12] ").

    A number at the beginning of a line says little: it may be an item of a list within an
    abstract. So what is before it must have ended, and the next number must follow later on;
    or it is a "1" that stands alone, at the beginning of a paragraph.
    """
    marks = []
    for paragraph in paragraphs:
        for before, line in zip((None, *paragraph), paragraph, strict=False):
            if (match := _NUMBER.match(line.text)) and (not before or ends_with_stop(before.text)):
                marks.append((line.number, before is None, match))
    found: dict[int, int] = {}
    for style in (1, 2):
        numbers = [(place, int(match[style])) for place, _, match in marks if match[style]]
        for (place, number), (next_place, following) in pairwise(numbers):
            if following == number + 1:
                found |= {place: number, next_place: following}
    if len(marks) == 1 and marks[0][1] and "1" in marks[0][2].groups():
        found[marks[0][0]] = 1
    return found


def _stretches(paragraph: Sequence[_Line], numbered: Mapping[int, int]) -> Iterator[list[_Line]]:
    """A paragraph cut where a line surely begins something: a label, a number, a rule, a cell."""
    stretch: list[_Line] = []
    for line in paragraph:
        last = stretch[-1] if stretch else line
        alone = line.number in numbered or line.cell or last.cell or _RULE.fullmatch(last.text)
        if stretch and (alone or _RULE.fullmatch(line.text) or _label(line.text)[0]):
            yield stretch
            stretch = []
        stretch.append(line)
    yield stretch


@dataclass(frozen=True, slots=True)
class _Wrapping:
    """The width at which lines are broken, 0 if they are not; `ragged`: not all are filled."""

    width: int
    ragged: bool = False


def _wrapping(stretch: Sequence[_Line]) -> _Wrapping:
    """How lines that stand together are broken.

    Where lines are filled, the first word of the next one would have been too much for each, and
    the longest line is the width, or nearly so. In text copied from a PDF lines are not so full,
    but go on in lower case. Either ends lines anywhere, lists of abstracts with a full stop.
    """
    width = max(len(line.text) for line in stretch)
    pairs = list(pairwise(stretch))
    stops = sum(ends_with_stop(line.text) for line, _ in pairs)
    if len(pairs) < 2 or not NARROWEST <= width <= WIDEST or 2 * stops > len(pairs):
        return _Wrapping(0)
    filled = [_is_filled(line, after, width) for line, after in pairs]
    if sum(filled) >= 0.6 * len(pairs):
        return _Wrapping(width)
    joined = sum(full or _goes_on_small(*pair) for full, pair in zip(filled, pairs, strict=True))
    return _Wrapping(width if joined >= 0.6 * len(pairs) else 0, ragged=True)


def _is_filled(line: _Line, following: _Line, width: int) -> bool:
    """Whether a line has no room for the word that follows; the width is known only roughly."""
    first_word = following.text.partition(" ")[0]
    return len(line.text) <= 1.15 * width and width < len(line.text) + 1 + len(first_word)


def _goes_on_small(line: _Line, following: _Line) -> bool:
    """Whether a line goes on in lower case: a sentence cut in two."""
    long = len(line.text) >= 0.75 * NARROWEST or line.text.endswith("-")
    lines = long and max(len(line.text), len(following.text)) <= WIDEST
    return lines and following.text[0].islower() and not ends_with_stop(line.text)


def _logical(stretch: Sequence[_Line], wrapping: _Wrapping) -> Iterator[list[_Line]]:
    """The lines of a stretch, those put together that were broken only for their width."""
    together: list[_Line] = []
    for i, line in enumerate(stretch):
        behind = len(stretch) - i
        if together and not _goes_on(together, line, behind, wrapping):
            yield together
            together = []
        together.append(line)
    yield together


def _goes_on(together: Sequence[_Line], line: _Line, behind: int, wrapping: _Wrapping) -> bool:
    """Whether a line, with which so many are still to come, continues those before it."""
    first, last = together[0], together[-1]
    labelled = bool(_label(first.text)[0])
    if (labelled and line.indented and not first.indented) or _goes_on_small(last, line):
        return True
    if not labelled and len(together) <= HEAD and _is_other_kind(last.text, line.text, behind):
        return False
    if not wrapping.width:
        return False
    if line.text[0].islower() and not ends_with_stop(last.text):
        return True
    if wrapping.ragged:
        return len(last.text) >= 0.6 * wrapping.width
    return _is_filled(last, line, wrapping.width)


def _is_other_kind(line: str, after: str, behind: int) -> bool:
    """Whether a line that is full by chance ends a title or a list of names all the same.

    Behind Words Like These a sentence begins that is some lines long, or names behind what is
    none.
    """
    if ends_with_stop(line) or not after[0].isupper():
        return False
    if _lists_names(after) and not _lists_names(line):
        return True
    return behind > HEAD and _capitals(line) >= 0.8 and _capitals(after) <= 0.35


def _capitals(text: str) -> float:
    """The share of longer words that begin with a capital; a half where there is but one."""
    words = [word for word in _WORD.findall(text) if len(word) > 4]
    return sum(word[0].isupper() for word in words) / len(words) if len(words) > 1 else 0.5


def _lists_names(text: str) -> bool:
    parts = [part.split() for part in re.split("[,;]", text) if part.strip()]
    capital = all(word[0].isupper() or len(word) < 4 for part in parts for word in part)
    return len(parts) > 1 and capital and all(1 < len(part) < 6 for part in parts)


class _Words:
    """The words of a text, looked at only if a line ends with a hyphen."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words: frozenset[str] | None = None

    def __contains__(self, word: str) -> bool:
        if self._words is None:
            self._words = frozenset(_WORD.findall(self._text.casefold()))
        return word in self._words


_WORD = re.compile(r"[^\W\d_]+")
_LAST_HALF = re.compile(r"^[^\W\d_]+")
_FIRST_HALF = re.compile(r"[^\W\d_]{1,60}(?=-$)")


def _joined(lines: Sequence[_Line], words: _Words) -> str:
    """Lines as one. A hyphen at the end of one goes if the file has the whole word elsewhere."""
    text = lines[0].text
    parts = [text]
    for before, after in pairwise(lines):
        first, last = _FIRST_HALF.search(before.text[-62:]), _LAST_HALF.match(after.text)
        if not first:
            wide = _CJK.match(before.text[-1]) and _CJK.match(after.text)
            parts += [after.text] if wide else [" ", after.text]
        elif last and (first[0] + last[0]).casefold() in words:
            parts[-1] = parts[-1][:-1]
            parts.append(after.text)
        else:
            parts.append(after.text)
    return "".join(parts)


# --- what a unit looks like ---------------------------------------------------------------------

# Labels in front of a value, and the field they name. `other` fields belong to a record and are
# of no use to us.
_LABELS = {
    label: field
    for field, labels in {
        "abstract": "abstract|summary",
        "arxiv": "arxiv|arxiv id|cite as",
        "authors": "author|authors|author(s)|by",
        "comments": "comments",
        "doi": "doi|related doi",
        "keywords": "keywords|key words|index terms|tags",
        "other": "acm-class|acm classes|journal-ref|journal reference|license|msc-class|"
        "msc classes|proxy|report-no|report number",
        "subjects": "subjects|categories",
        "title": "title|paper title",
        "url": "code|github|link|pdf|project page|url|website",
        "venue": "booktitle|conference|journal|published in|venue",
        "year": "date|publication date|published|submitted|year",
    }.items()
    for label in labels.split("|")
}
_LABEL = re.compile(r"[*_]{0,3}([A-Za-z][A-Za-z() -]{1,20}?)[*_]{0,3} ?[:：][*_]{0,3} ?")
_HEADING = re.compile(
    r"[*_]{0,3}(?:abstract[*_]{0,3} ?(?:[:：.—–][*_]{0,3}|- |$)|summary$"
    r"|(?-i:ABSTRACT(?= [A-Z][a-z]| (?:A|I) [a-z]))) ?",
    re.IGNORECASE,
)
_RULE = re.compile(r"[-=_*~#+.%—–─═\\/|]{2,}")
_URL = re.compile(r"https?://\S+")


def _label(text: str) -> tuple[str, str]:
    """The field that a line names at its beginning, and what it says of it; else two nothings."""
    if heading := _HEADING.match(text):
        return "abstract", text[heading.end() :]
    if label := _LABEL.match(text):
        field = _LABELS.get(" ".join(label[1].lower().split()), "")
        value = text[label.end() :]
        if field and _fits(field, value):
            return field, value
    return _identifier(text)


def _fits(field: str, value: str) -> bool:
    if field == "url":
        return bool(_URL.fullmatch(value))
    if field in {"arxiv", "doi"}:
        return any(c.isdecimal() for c in value)
    return True


def _identifier(text: str) -> tuple[str, str]:
    """Lines that are an arXiv id or a DOI without further label, perhaps with links beside it."""
    bare = _NUMBER.sub("", text[:400], count=1).lstrip("\\( ").removeprefix("or ").casefold()
    if len(text.split()) > 12:
        return "", ""
    if bare.startswith(("arxiv", "https://arxiv.org/", "http://arxiv.org/")) and arxiv(text):
        return "arxiv", text
    if bare.startswith(("doi", "https://doi.org/", "http://dx.doi.org/", "10.")) and doi(text):
        return "doi", text
    return "", ""


def _unit(lines: Sequence[_Line], paragraph: int, number: int | None, words: _Words) -> Unit:
    text = _joined(lines, words)
    if number is not None:
        text = _NUMBER.sub("", text, count=1)
    field, value = _label(text)
    kind: Kind = "label" if field else _kind(text)
    place = (lines[0].number, lines[-1].number, paragraph)
    return Unit(value if field else text, *place, kind, field, number)


def _kind(text: str) -> Kind:
    if _RULE.match(text) and (_RULE.fullmatch(text) or text.startswith("\\\\")):
        return "rule"
    count = word_count(text)
    stop = ends_with_stop(text)
    if not _reads_like_prose(text):
        return "short"
    if count >= PROSE or (count >= PROSE_WITH_STOP and (stop or sentence_count(text))):
        return "prose"
    if stop and (count >= SENTENCE or (count >= SENTENCES and sentence_count(text) > 1)):
        return "sentence"
    return "short"


def _reads_like_prose(text: str) -> bool:
    """Whether most words are in lower case: lists of names, of references, menus are not so."""
    words = [word for word in text.split() if word[0].isalpha()]
    small = sum(not word[0].isupper() for word in words)
    return (bool(words) and small >= 0.6 * len(words)) or (text.isupper() and ends_with_stop(text))


def _with_values(found: Sequence[Unit]) -> Iterator[Unit]:
    """The units, a label that stands alone put together with the value in the next."""
    waiting: Unit | None = None
    for unit, after in zip(found, (*found[1:], None), strict=False):
        if waiting is None:
            pass
        elif not _may_be_value(unit, waiting, after):
            yield waiting
        else:
            unit = replace(waiting, text=unit.text, end=unit.end)
        waiting = None
        if unit.kind == "label" and not unit.text:
            waiting = unit
        else:
            yield unit
    if waiting:
        yield waiting


def _may_be_value(unit: Unit, label: Unit, after: Unit | None) -> bool:
    """Whether a unit is what the label that stands alone before it names.

    Below a blank line it is only where it looks like that, or where another label follows: else a
    label without its value would take the title of the next paper.
    """
    if unit.kind in {"label", "rule"} or (label.field != "abstract" and unit.kind == "prose"):
        return False
    if unit.paragraph == label.paragraph or label.field == "title":
        return True
    if label.field == "abstract":
        return unit.kind != "short"
    names = label.field == "authors" and _lists_names(unit.text)
    return names or after is None or after.kind == "label"
