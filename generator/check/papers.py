"""Rules that see one paper and nothing else: what is missing in it, and what looks wrong.

What they find is remembered with the paper (`generator.facts`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator import rights, text
from generator.check.numbers import wrong_isbns, wrong_issns
from generator.check.table import OfPaper, of_paper
from generator.cite import to_come
from generator.model import Paper
from generator.names import OTHERS

# Characters of a text that a message repeats.
EXCERPT = 60


# --- what is missing ----------------------------------------------------------------------------


@of_paper(
    "missing-year",
    "warning",
    "A paper without a year: it stands among the undated, behind all others.",
    "Give the entry year = {…}, four digits, or date = {…}; or pubstate = {inpress} and the like.",
)
def _missing_year(paper: Paper) -> Iterator[tuple[str, str]]:
    if paper.year is None and not to_come(paper):
        yield "year", "no year"


@of_paper(
    "missing-authors",
    "warning",
    "A paper that nobody wrote.",
    "Add author = {Family, Given and Family, Given}.",
)
def _missing_authors(paper: Paper) -> Iterator[tuple[str, str]]:
    written = paper.type not in EDITED or not paper.detail("editor")
    if not paper.authors and written:
        yield "authors", "no authors"


EDITED = frozenset({"book", "collection", "proceedings", "reference", "mvbook", "mvproceedings"})


@of_paper(
    "unnamed-authors",
    "note",
    'A list of authors that ends in "and others".',
    "Name them all, if you can: lists and search know them.",
)
def _others(paper: Paper) -> Iterator[tuple[str, str]]:
    if OTHERS in paper.authors:
        yield "authors", f'the list of {len(paper.authors) - 1} authors ends in "and others"'


# Where a paper of a type appeared; the field as BibTeX calls it.
_WHERE = {
    "article": "journal",
    "inproceedings": "booktitle",
    "incollection": "booktitle",
    "phdthesis": "school",
    "mastersthesis": "school",
    "techreport": "institution",
}


@of_paper(
    "missing-venue",
    "warning",
    "An article without its journal, a conference paper without its proceedings, and so on.",
    "Add the field that the message names, or take @misc.",
)
def _missing_venue(paper: Paper) -> Iterator[tuple[str, str]]:
    wanted = _WHERE.get(paper.type)
    if wanted and not paper.venue and not paper.arxiv and not paper.detail(wanted):
        yield "type", f"@{paper.type} without {wanted}"


# --- what looks wrong ---------------------------------------------------------------------------


# Names of elements that HTML and JATS have in titles and abstracts. (The reader takes out what it
# knows; `<EOS>`, `<think>` and their like are words of a paper.)
_TAG = re.compile(
    r"</?(?:(?:jats|mml|xref|ali):[\w-]{1,30}|p|i|b|u|em|strong|sub|sup|br|span|div|a|font|tt|title|"
    r"sec|italic|bold|inline-formula|tex-math|inf|scp|sc)(?:\s[^<>]{0,200})?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#\d{2,6}|#x[0-9a-fA-F]{2,5}|[a-zA-Z][a-zA-Z0-9]{1,8});")
_MACRO = re.compile(r"\\[A-Za-z]{2,}|\\[`'^\"~=.][A-Za-z{]")
_TEXTS = ("title", "abstract", "venue")


def _plain_parts(value: str) -> str:
    """A text without its formulas, each of them a sign that is in no text."""
    if "$" not in value:
        return value
    return "".join("\0" if is_formula else part for is_formula, part in text.segments(value))


def _leftover(pattern: re.Pattern[str], mark: str, said: str) -> OfPaper:
    """A rule that looks for a pattern in a paper's texts; `mark` is part of all that it finds."""

    def find(paper: Paper) -> Iterator[tuple[str, str]]:
        for name in _TEXTS:
            value = getattr(paper, name)
            if mark in value and (found := pattern.search(_plain_parts(value))):
                yield name, f'{said} in the {name}: "{_around(found)}"'

    return find


def _around(found: re.Match[str]) -> str:
    """What was found, with a few words on either side."""
    before = found.string[max(0, found.start() - 25) : found.start()]
    behind = found.string[found.end() : found.end() + 25]
    lead = before if found.start() <= 25 else f"…{before.partition(' ')[2]}"
    tail = behind if found.end() + 25 >= len(found.string) else f"{behind.rpartition(' ')[0]}…"
    return f"{lead}{text.cut(found[0], EXCERPT)}{tail}".replace("\0", "…").strip()


@of_paper(
    "latex-leftover",
    "note",
    "LaTeX that nobody could read, in a title, an abstract or a venue.",
    "Write what it stands for; macros of one paper mean nothing here.",
)
def _latex(paper: Paper) -> Iterator[tuple[str, str]]:
    yield from _find_macro(paper)


@of_paper(
    "html-leftover",
    "note",
    "HTML or JATS that nobody could read, in a title, an abstract or a venue.",
    "Take the tags out, and write signs as themselves.",
)
def _html(paper: Paper) -> Iterator[tuple[str, str]]:
    yield from _find_tag(paper)
    yield from _find_entity(paper)


_find_macro = _leftover(_MACRO, "\\", "LaTeX")
_find_tag = _leftover(_TAG, "<", "a tag")
_find_entity = _leftover(_ENTITY, "&", "an entity")


@of_paper(
    "odd-braces",
    "note",
    "A brace without its other half, or a formula without its dollars, in a title or abstract.",
    "Close or remove the brace; put formulas between dollars.",
)
def _braces(paper: Paper) -> Iterator[tuple[str, str]]:
    for name in _TEXTS:
        value = getattr(paper, name)
        if "{" not in value and "}" not in value:
            continue
        plain = _plain_parts(value)
        if found := _BARE_FORMULA.search(plain):
            yield name, f'a formula without dollars in the {name}: "{_around(found)}"'
        elif plain.count("{") != plain.count("}") and (found := _BRACE.search(plain)):
            yield name, f'a brace without its other half in the {name}: "{_around(found)}"'


_BARE_FORMULA = re.compile(r"[A-Za-z0-9)][_^]\{")
_BRACE = re.compile(r"[{}]")


@of_paper(
    "broken-letters",
    "warning",
    "Letters that a wrong encoding has made two of, or lost.",
    "Write the letter: a program took one encoding for another.",
)
def _broken_letters(paper: Paper) -> Iterator[tuple[str, str]]:
    values = [(name, getattr(paper, name)) for name in _TEXTS]
    values += [("authors", author.family) for author in paper.authors]
    values += [("authors", author.given) for author in paper.authors]
    for name, value in values:
        if not value.isascii() and (found := _BROKEN.search(value)):
            yield name, f'broken letters in the {name}: "{_around(found)}"'


# UTF-8 read as Latin-1 or Windows-1252, and what stands for a letter that could not be read.
_BROKEN = re.compile("\ufffd|Ã[\u0080-\u00bf]|â€[™œ“”\u009d]")


@of_paper(
    "shouted-title",
    "note",
    "A title all in capitals.",
    "Write it as a sentence or with capitals as usual.",
)
def _shouted(paper: Paper) -> Iterator[tuple[str, str]]:
    title = _plain_parts(paper.title)
    long_words = [word for word in _WORD.findall(title) if len(word) > 3]
    if title.upper() == title and len(long_words) > 2:
        yield "title", f'the title is all in capitals: "{text.cut(paper.title, EXCERPT)}"'


_WORD = re.compile(r"[^\W\d_]+")


@of_paper(
    "title-stop",
    "note",
    "A title that ends in a full stop.",
    "Take the full stop out: styles put their own.",
)
def _title_stop(paper: Paper) -> Iterator[tuple[str, str]]:
    several = _SENTENCES.search(paper.title)
    if _STOP.search(paper.title) and not several and not paper.title_derived:
        yield "title", f'the title ends in a full stop: "{paper.title[-EXCERPT:]}"'


_SENTENCES = re.compile(r"[.?!] \w")
_STOP = re.compile(r"[^\W\d_]{3}\.$")


@of_paper(
    "derived-title",
    "note",
    "A paper whose source has no title: the first words of its abstract stand for one.",
    "Give the paper its title.",
)
def _derived_title(paper: Paper) -> Iterator[tuple[str, str]]:
    if paper.title_derived:
        yield "title", f'no title; "{text.cut(paper.title, EXCERPT)}" stands for it'


@of_paper(
    "odd-pages",
    "note",
    "Pages of which the last is before the first, as in 123-45.",
    "Write the first and the last page in full, as in 123--145.",
)
def _odd_pages(paper: Paper) -> Iterator[tuple[str, str]]:
    found = _PAGES.fullmatch(paper.detail("pages"))
    if found and int(found[2]) < int(found[1]):
        yield "pages", f"pages {found[0]}: the last is before the first"


_PAGES = re.compile(r"(\d{1,9})\s?[–-]\s?(\d{1,9})")


@of_paper(
    "odd-date",
    "warning",
    "A date that no calendar has, as 2020-02-30.",
    "Write the day that the source has, or leave it out.",
)
def _odd_date(paper: Paper) -> Iterator[tuple[str, str]]:
    own = "-".join((str(paper.year or ""), paper.detail("month"), paper.detail("day")))
    for name, given in (("day", own), *((each, paper.detail(each)) for each in _OTHER_DATES)):
        found = _DATE.fullmatch(given)
        if found and not _is_day(*found.groups("")):
            year, month, day = found.groups("")
            said = f"{year}-{month:0>2}-{day:0>2}".strip("-")
            yield name, f"{'the date' if name == 'day' else name} {said} is in no calendar"


_OTHER_DATES = ("urldate", "origdate")
_DATE = re.compile(r"([0-9]{4})?-([0-9]{1,2})-([0-9]{1,2})")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _is_day(year: str, month: str, day: str) -> bool:
    """Whether a year has a day by either calendar: 1900 was a leap year where the Julian stayed."""
    is_leap = not year or int(year) % 4 == 0
    known = 1 <= int(month) <= len(_DAYS) and 1 <= int(day) <= _DAYS[int(month) - 1]
    return known and (is_leap or (int(month), int(day)) != (2, 29))


@of_paper(
    "wrong-isbn",
    "warning",
    "An ISBN that is none: its last digit does not fit the others, or it has too few or too many.",
    "Copy it from the book or a catalogue; commas part several.",
)
def _wrong_isbn(paper: Paper) -> Iterator[tuple[str, str]]:
    yield from (("isbn", said) for said in wrong_isbns(paper.detail("isbn")))


@of_paper(
    "wrong-issn",
    "warning",
    "An ISSN that is none: its last digit does not fit the others, or it has too few or too many.",
    "Copy it from the journal or a catalogue; commas part several.",
)
def _wrong_issn(paper: Paper) -> Iterator[tuple[str, str]]:
    yield from (("issn", said) for said in wrong_issns(paper.detail("issn")))


@of_paper(
    "maybe-retracted",
    "warning",
    "A keyword that says the paper was retracted, where nothing else says so.",
    "Say in content/papers.toml what became of it, if it did.",
)
def _maybe_retracted(paper: Paper) -> Iterator[tuple[str, str]]:
    said = [each for each in paper.keywords if text.slug(each) in _RETRACTED]
    if said and not rights.notices(paper.details):
        yield "keywords", f'the keyword "{said[0]}" is not believed: anybody may have put it there'


_RETRACTED = frozenset(
    str.split("retracted retracted-article retracted-paper retracted-publication withdrawn")
)


@of_paper(
    "unconfirmed",
    "note",
    "A field whose value its own source does not vouch for.",
    "Look it up; the source itself says that it is not sure.",
)
def _unconfirmed(paper: Paper) -> Iterator[tuple[str, str]]:
    if paper.unconfirmed:
        yield paper.unconfirmed[0], f"not vouched for by its source: {', '.join(paper.unconfirmed)}"
