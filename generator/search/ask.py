"""What people type, understood: the answers of the search page, in a terminal.

    text ─ read ─► words, phrases, years ─ what each stands for ─► terms ─ ranked ─► papers in order

The twin of `static/search/ask.js` and, for `plain`, of `static/search/index.js`, step by step and
with the same names: whatever changes here changes there. docs/search.md has the measurements
behind the numbers.

Both add and multiply in the same order, so that scores differ in the last bits at most, where two
machines' logarithms do; before they are compared they are rounded.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from math import floor, isnan, log, sqrt
from typing import Literal, NamedTuple

from lunr.exceptions import QueryParseError
from lunr.query import Clause, Query, QueryPresence
from lunr.query_parser import QueryParser

from generator.errors import UsageError
from generator.search import letters
from generator.search.analysis import CJK, FIELDS, STOP_WORDS, fold, stem, tokens
from generator.search.counts import COLUMNS, LEAD
from generator.search.documents import KINDS
from generator.search.numbers import utf_16
from generator.search.read import Index, Term

Sort = Literal["relevance", "year", "title"]


@dataclass(frozen=True, slots=True)
class Narrow:
    """What an answer is narrowed to: slugs, and a text as after `year:`."""

    tags: Sequence[str] = ()
    authors: Sequence[str] = ()
    venues: Sequence[str] = ()
    years: str = ""


EVERYTHING = Narrow()
SCALE = 10_000  # scores are rounded before they are compared: the same order everywhere


@dataclass(frozen=True, slots=True)
class Answer:
    """The papers that match, by number, in order; the score of each.

    `instead`: words that no paper has → the words taken for each.
    """

    papers: Sequence[int]
    scores: Mapping[int, float]
    instead: Mapping[str, Sequence[str]]


def answer(
    index: Index, text: str, narrow: Narrow = EVERYTHING, sort: Sort = "relevance"
) -> Answer:
    """All that matches a text, as the search page lists it.

    Scores are rounded to `SCALE`. Papers of the same score, or of the same year when sorted by it,
    are in the order of the index: newest first, then by id.
    """
    found = _in_lunr(index, text) or _in_words(index, text, narrow != EVERYTHING)
    needed = _words_needed(found)  # whatever it is narrowed by: so a facet's count holds
    papers = set(found.papers)
    for kind in KINDS:
        for slug in getattr(narrow, kind):
            papers &= index.of_facet(kind, slug)
    if narrow.years:
        papers &= index.of_years(*(years_of(narrow.years) or (1, 0)))
    papers = {paper for paper in papers if found.matched[paper] >= needed} or papers
    scores = {paper: _rounded(found.scores.get(paper, 0.0), SCALE) for paper in papers}
    return Answer(_ordered(index, scores, sort), scores, found.instead)


def plain(index: Index, text: str) -> Answer:
    """The papers that Lunr.js finds for a query in its language, best first, with its scores.

    UsageError where Lunr.js raises a QueryParseError. The steps are those of its Index.query.
    """
    query = _parsed(text)
    asked: list[dict[str, tuple[Term, float]]] = [{} for _ in FIELDS]  # term → it, and its boost
    required: dict[int, set[int]] = {}
    prohibited: set[int] = set()
    for clause in query.clauses:
        fields = [FIELDS.index(field) for field in clause.fields]
        is_required = clause.presence == QueryPresence.REQUIRED
        expanded = _expanded(index, clause)
        # What is required and is not there ends a clause, but what came before it still counts.
        met = list(takewhile(len, expanded)) if is_required else expanded
        terms = [term for found in met for term in map(index.term, found) if term]
        matches = {
            paper
            for term in terms
            for group in term.groups
            if group.column in fields
            for paper in group.papers
        }
        if clause.presence == QueryPresence.PROHIBITED:
            prohibited |= matches
            continue
        if is_required:
            needed = matches if len(met) == len(expanded) else set()
            for field in fields:
                required[field] = required.get(field, needed) & needed
        boost = float(str(clause.boost))  # of hundreds of digits: infinite, as in JavaScript
        for field in fields:
            for term in terms:
                _, before = asked[field].get(term.text, (term, 0.0))
                asked[field][term.text] = term, boost + before
    scores = dict.fromkeys(range(index.papers) if query.is_negated() else (), 0.0)
    for field, terms_asked in enumerate(asked):
        if terms_asked:
            for paper, more in _similarity(index, field, terms_asked.values()).items():
                scores[paper] = scores.get(paper, 0.0) + more
    allowed = (scores.keys() - prohibited).intersection(*required.values())
    found = {paper: scores[paper] for paper in allowed}
    return Answer(_ordered(index, found, "relevance"), found, {})


class _Found(NamedTuple):
    """What matches a text; `matched` is how many of its words each paper has."""

    papers: set[int]
    scores: Mapping[int, float]
    matched: Counter[int]
    instead: Mapping[str, Sequence[str]]


def _in_lunr(index: Index, text: str) -> _Found | None:
    """What Lunr answers to a text that looks like its language and is; else None."""
    units = _units(text)
    if not LUNR.search(units) or TOO_MUCH.search(units):
        return None
    try:
        found = plain(index, text)
    except UsageError:
        return None
    return _Found(set(found.papers), found.scores, Counter(), {})


def _in_words(index: Index, text: str, is_narrowed: bool) -> _Found:
    asked = read(text)
    words = [meaning(index, word) for word in asked.words]
    ranked = rank(index, words, asked.size)
    if ranked:
        papers = set(ranked.scores)
    else:
        is_limited = asked.years or asked.without or is_narrowed
        papers = set(range(index.papers)) if is_limited else set()
    for phrase in asked.phrases:
        papers &= _with_phrase(index, phrase)
    for phrase in asked.without:
        papers -= _with_phrase(index, phrase)
    if asked.years:
        papers &= index.of_years(*asked.years)
    scores, matched = ranked or Ranked({}, Counter())
    instead = {word.word.text: word.instead for word in words if word.is_nowhere and word.instead}
    return _Found(papers, scores, matched, instead)


def _words_needed(found: _Found) -> int:
    """How many of the words a paper needs: where enough papers have more, those with fewer go."""
    counts = Counter(found.matched[paper] for paper in found.papers)
    least = max(counts, default=0)
    have = counts[least]
    while least > 0 and have < ENOUGH:
        least -= 1
        have += counts[least]
    return least


def _ordered(index: Index, scores: Mapping[int, float], sort: Sort) -> list[int]:
    if sort == "title":
        places = index.title_order()
        return sorted(scores, key=lambda paper: places[paper])
    if sort == "year":
        return sorted(scores)
    return sorted(scores, key=lambda paper: (-scores[paper], paper))


def _rounded(number: float, scale: int) -> float:
    """As JavaScript rounds: a half up."""
    return floor(number * scale + 0.5) / scale


# --- what is typed ------------------------------------------------------------------------------

NAMES = {
    "title": "title", "abstract": "abstract", "author": "authors", "authors": "authors",
    "tag": "tags", "tags": "tags", "topic": "tags", "venue": "venue", "year": "year",
}  # fmt: skip
SPACE = "\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
"""What JavaScript means by \\s, for a class of characters."""
AUTHORS = COLUMNS.index("authors")
ANYWHERE = tuple(i for i, column in enumerate(COLUMNS) if column != "venue")
"""Where a word may stand that names no field: of a venue's names only in the one that is shown."""
ITEM = re.compile(
    rf"([+-](?=[^{SPACE}+-]))?(?:([a-z]+):(?=[^{SPACE}:]))?"
    rf'(?:"([^"]*)"|([^{SPACE}"]+))',
    re.ASCII | re.IGNORECASE,
)
"""An item: perhaps a sign, perhaps a field, and a word or a text in quotes."""
YEARS = re.compile(
    r"(?P<only>\d{1,4})|(?P<first>\d{1,4})?(?:\.\.|[-–])(?P<last>\d{1,4})?|(?P<undated>undated)",
    re.ASCII | re.IGNORECASE,
)
QUOTES = re.compile("[“”„«»]")
MOST_WORDS = 50  # of a pasted text, from its first so many letters; the rest is ignored
MOST_LETTERS = 2000  # as UTF-16 counts them

# What only someone who knows Lunr's query language would type: word~1. Longer, or with more errors,
# it would keep a browser busy. Both count UTF-16 units.
LUNR = re.compile(rf"[^{SPACE}~^]{{3}}~[0-9](?=[{SPACE}]|\Z)")
TOO_MUCH = re.compile(
    rf".{{200}}|~[0-9][0-9]|~[3-9]|\*.*\*.*\*|[^{SPACE}~^]{{41}}~|\"|\.\.", re.DOTALL
)


class Phrase(NamedTuple):
    """Words that follow each other in one of some columns."""

    words: Sequence[str]
    fields: Sequence[int]


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word and the columns that it may stand in.

    `is_must`: it has to. `is_exact`: it is meant to the letter. `is_open`: it is only how a word
    begins.
    """

    text: str
    fields: Sequence[int]
    is_must: bool
    is_exact: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What a text asks for.

    `without` may not stand there; `years` are the first and the last; `size`: of how many words a
    title would be that says just this.
    """

    words: Sequence[Word]
    phrases: Sequence[Phrase]
    without: Sequence[Phrase]
    years: tuple[int, int] | None
    size: int


def read(text: str) -> Asked:
    """A text as what it asks for."""
    source = _with_paired_quotes(QUOTES.sub('"', _first_units(text, MOST_LETTERS)))
    is_open = not letters.fold(source[-1:] or " ").endswith(" ") and not source.endswith('"')
    words: list[Word] = []
    phrases: list[Phrase] = []
    without: list[Phrase] = []
    years = None
    for item in ITEM.finditer(source):
        sign, name, quoted, bare = item.groups()
        field = NAMES.get((name or "").lower())
        said = bare if quoted is None else quoted
        if field == "year" and sign != "-" and (found := years_of(said)):
            years = found
            continue
        whole = said if field or not name else item[0][len(sign or "") :]
        folded = [word for token in tokens(whole) for word in fold(token) if word]
        fields = (FIELDS.index(field),) if field else ANYWHERE
        if sign == "-":
            without += [Phrase(folded, fields)] if _tells(folded, fields) else []
            continue
        is_exact = quoted is not None
        if is_exact and len(folded) > 1 and _tells(folded, fields):
            phrases.append(Phrase(folded, fields))
        is_must = is_exact or field is not None or sign == "+"
        is_start = (is_open and item.end() == len(source)) or item[0].endswith("*")
        for at, word in enumerate(folded, 1):
            is_half = not is_exact and is_start and at == len(folded)
            words.append(Word(word, fields, is_must, is_exact, is_half))
    size = sum(word.text not in STOP_WORDS for word in words)
    return Asked(_distinct(words)[:MOST_WORDS], phrases, without, years, size)


def _tells(words: Sequence[str], fields: Sequence[int]) -> bool:
    """Whether words are not all so common that no index has them."""
    return any(word not in STOP_WORDS for word in words) or fields == (AUTHORS,)


def years_of(text: str) -> tuple[int, int] | None:
    """The first and the last year of "2019", "2019..2021", "2019-2021", "2019.." or "..2021".

    Papers without a year, "undated", are of year 0.
    """
    match = YEARS.fullmatch(text)
    if not match or text in ("..", "-", "–"):
        return None
    if match["undated"]:
        return 0, 0
    if match["only"]:
        return int(match["only"]), int(match["only"])
    ends = int(match["first"] or 1), int(match["last"] or 9999)
    return min(ends), max(ends)


def _units(text: str) -> str:
    """A text with each character beyond U+FFFF as the two that JavaScript counts."""
    if text.isascii():
        return text
    code = utf_16(text)
    return "".join(chr(high << 8 | low) for high, low in zip(code[::2], code[1::2], strict=True))


def _first_units(text: str, most: int) -> str:
    return utf_16(text)[: 2 * most].decode("utf-16-be", "surrogatepass")


def _with_paired_quotes(text: str) -> str:
    """A last quote that is not closed is none."""
    before, quote, after = text.rpartition('"')
    return f"{before} {after}" if quote and before.count('"') % 2 == 0 else text


def _distinct(words: Iterable[Word]) -> list[Word]:
    """Each word once; the last of them counts, as it may be open."""
    seen: dict[tuple[Sequence[int], str], Word] = {}
    for word in words:
        before = seen.get((word.fields, word.text))
        is_must = word.is_must or (before is not None and before.is_must)
        seen[word.fields, word.text] = replace(word, is_must=is_must)
    return list(seen.values())


# --- what each word stands for ------------------------------------------------------------------

SHORTEST_START = 3  # letters; with fewer too much begins like that
MOST_STARTS = 40  # words that a last word is completed to, the commonest first
START_SHARE = 0.8  # of the weight of a word, for one that only begins like it
LITTLE = 2  # in so few fields of papers a word may be a typing error, though it is found
FEW = 100  # and in so few if it is written there in other forms only
SHORTEST_TYPO = 5  # letters of a word in which one error is forgiven
SHORTEST_TYPOS = 9  # and two
MOST_TYPOS = 8  # words that a mistyped one may have been, the commonest first
TYPO_SHARE = 0.7  # of the weight of a word, for one that it may have been meant for


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word stands for.

    `terms`: each with how much of the word's weight it is worth. `holders`: in how many fields of
    papers they stand together. `instead`: the words taken for a mistyped one. `is_nowhere`: no
    paper has the word.
    """

    word: Word
    is_common: bool
    terms: Sequence[tuple[Term, float]]
    instead: Sequence[str]
    is_nowhere: bool

    @property
    def holders(self) -> int:
        """In how many fields of papers the terms stand together."""
        return _holders(self.terms)


def meaning(index: Index, word: Word) -> Meaning:
    """What a word stands for: its term, what it begins, and what it may be a slip of."""
    is_common = word.text in STOP_WORDS
    exact = index.term(stem(word.text))
    completed = _starts(index, word.text) if word.is_open and not is_common else {}
    # The stem of half a word may be another word's ("visu"): it counts if that is a word too.
    is_trusted = not completed or word.text in completed
    terms = [(exact, 1.0)] if exact and is_trusted else []
    terms += _more(index, terms, _commonest(completed, MOST_STARTS), START_SHARE)
    instead: list[str] = []
    is_sure = word.is_exact or is_common
    if not is_sure and _is_doubtful(index, word.text, _holders(terms)):
        instead = [other for other in _meant(index, word.text) if other != word.text]
    terms += _more(index, terms, instead, TYPO_SHARE)
    return Meaning(word, is_common, terms, instead, exact is None and not completed)


def _is_doubtful(index: Index, text: str, holders: int) -> bool:
    return holders <= LITTLE or (holders <= FEW and text not in index.words("words", text))


def _holders(terms: Iterable[tuple[Term, float]]) -> int:
    return sum(term.holders for term, _ in terms)


def _more(
    index: Index, known: Iterable[tuple[Term, float]], words: Iterable[str], share: float
) -> list[tuple[Term, float]]:
    """The terms of words, each once and worth a share, but for those that are known."""
    texts = {term.text for term, _ in known}
    stems = dict.fromkeys(text for text in map(stem, words) if text not in texts)
    return [(term, share) for term in map(index.term, stems) if term]


def _starts(index: Index, text: str) -> Mapping[str, int]:
    """The words that begin like this, and how common they are."""
    if len(text) < SHORTEST_START and not CJK.match(text):
        return {}
    return index.words("words", text)


def _meant(index: Index, text: str) -> list[str]:
    """The words that a mistyped one may be meant for: those with one error, else those with two.

    The commonest come first. One error lies in the word's first half, then its end is right, or in
    the second; so of all words only those that begin or end like this one are looked at. Of two
    errors one at each end are not found.
    """
    size = len(text)
    if size < SHORTEST_TYPO - 1 or CJK.search(text):
        return []
    half = (size - 1) // 2
    near = _similar(index, text, half, size - 1 - half, 1)
    return near if near or size < SHORTEST_TYPOS else _similar(index, text, 3, 3, 2)


def _similar(index: Index, text: str, before: int, after: int, most: int) -> list[str]:
    words = dict(index.words("words", text[:before]))
    endings = index.words("endings", text[-after:][::-1])
    words.update((ending[::-1], bits) for ending, bits in endings.items())
    near = {
        word: bits
        for word, bits in words.items()
        if len(word) >= SHORTEST_TYPO
        and abs(len(word) - len(text)) <= most
        and _distance(text, word, most) <= most
    }
    return _commonest(near, MOST_TYPOS)


def _commonest(words: Mapping[str, int], most: int) -> list[str]:
    def order(word: str) -> tuple[int, int, bytes]:
        code = utf_16(word)
        return -words[word], len(code), code

    return sorted(words, key=order)[:most]


def _distance(a: str, b: str, most: int) -> int:
    """How many letters to add, drop, change or swap with the next make one word of the other.

    More than `most` may come out as any number above it.
    """
    older: list[int] = []
    old = list(range(len(b) + 1))
    for i in range(1, len(a) + 1):
        row = [i]
        for j in range(1, len(b) + 1):
            least = min(old[j] + 1, row[j - 1] + 1, old[j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                least = min(least, older[j - 2] + 1)
            row.append(least)
        if min(row) > most:
            return min(row)
        older, old = old, row
    return old[-1]


# --- ranking ------------------------------------------------------------------------------------

WEIGHTS = (6, 1, 2, 1.5, 0.7, 0.7, 4, 0.7)  # of the columns
SATURATION = 1.2  # Lunr's k1
SHORTNESS = 0.4  # Lunr's b, for abstracts; of other fields the length says nothing
TYPICAL = 100  # terms of an abstract: the mean of 10,000
COVERAGE = 10  # the power of the share of the words that a paper has: all beat some
LIKE_TITLE = 1.2  # what a title of just these words adds to the score, against the score
WHOLE_TITLE = 100_000  # and in itself: no score reaches this, so it comes first
MOST_TURNS = 4  # ways to begin a name of several words
ENOUGH = 5  # where so many papers have more of the words, those with fewer are left out
ABSTRACT = COLUMNS.index("abstract")
PEOPLE = (AUTHORS, COLUMNS.index(LEAD))


class Ranked(NamedTuple):
    """The papers that have any of the words: the score of each, and how many of them it has."""

    scores: Mapping[int, float]
    matched: Counter[int]


def rank(index: Index, words: Sequence[Meaning], size: int) -> Ranked | None:
    """The papers that have any of the words, and all that must be; None where none says anything.

    The score is the sum over the words of the best of what each stands for, times a power of the
    share of the words that the paper has, more for a title that is made of them, and most for a
    title that is `size` words and these.
    """
    telling = sum(not word.is_common for word in words)
    heard = [word for word in words if not word.is_common or AUTHORS in word.word.fields]
    if not telling and not any(word.terms for word in heard):
        return None
    sums: dict[int, float] = {}
    matched: Counter[int] = Counter()
    in_title: dict[int, float] = {}
    musts = []
    halves = _saturations(index)
    for word in heard:
        gain, there = _gains(index, word, halves)
        for paper, more in gain.items():
            sums[paper] = sums.get(paper, 0.0) + more
            in_title[paper] = in_title.get(paper, 0.0) + there.get(paper, 0.0)
        if not word.is_common:
            matched.update(gain.keys())
        if word.word.is_must and (not word.is_common or len(word.word.fields) == 1):
            musts.append(gain.keys())
    titles = index.lengths(0)
    scores = {}
    for paper in set(sums).intersection(*musts):
        share = matched[paper] / telling if telling else 1.0
        alike = 2 * min(in_title[paper], telling) / (titles[paper] + telling or 1)
        scores[paper] = sums[paper] * (share**COVERAGE * (1 + LIKE_TITLE * alike))
        if matched[paper] == telling and titles[paper] == in_title[paper] == size > 0:
            scores[paper] += WHOLE_TITLE
    return Ranked(scores, matched)


def _saturations(index: Index) -> list[float]:
    """How often a word has to stand in an abstract to be worth half of what it can be."""
    return [SATURATION * (1 - SHORTNESS + SHORTNESS * size / TYPICAL) for size in index.sizes()]


def _gains(
    index: Index, word: Meaning, halves: Sequence[float]
) -> tuple[dict[int, float], dict[int, float]]:
    """What a word gives the papers that have it: the part of the score, how often in the title."""
    rarity = _idf(word.holders, index.papers)
    fields = word.word.fields
    if word.is_common:
        fields = [field for field in fields if field in PEOPLE]
    gain: dict[int, float] = {}
    in_title: dict[int, float] = {}
    for term, share in word.terms:
        own: dict[int, float] = {}
        for group in term.groups:
            if group.column in fields:
                often = group.often
                most = share * WEIGHTS[group.column] * rarity * (SATURATION + 1) * often
                for paper in group.papers:
                    half = halves[paper] if group.column == ABSTRACT else SATURATION
                    own[paper] = own.get(paper, 0.0) + most / (half + often)
        for paper, more in own.items():
            gain[paper] = max(more, gain.get(paper, 0.0))
        for group in term.within(0):
            for paper in group.papers:
                in_title[paper] = max(share * group.often, in_title.get(paper, 0.0))
    return gain, in_title


def _idf(holders: int, papers: int) -> float:
    return log(1 + abs((papers - holders + 0.5) / (holders + 0.5)))


# --- what must and must not stand there ---------------------------------------------------------


def _with_phrase(index: Index, phrase: Phrase) -> set[int]:
    """The papers in one of whose fields these words follow each other, common words aside.

    A name may be turned: "Kim, Ji-Hoon".
    """
    found: set[int] = set()
    terms = [(index.term(stem(word)), word in STOP_WORDS) for word in phrase.words]
    for field in phrase.fields:
        kept = [term for term, is_common in terms if field == AUTHORS or not is_common]
        turns = min(len(kept), MOST_TURNS) if field == AUTHORS else 1
        for turn in range(turns):
            found |= _in_turn(index, [*kept[turn:], *kept[:turn]], field)
    return found


def _in_turn(index: Index, terms: Sequence[Term | None], field: int) -> set[int]:
    """The papers in a field of which these terms follow each other."""
    if len(terms) == 1 and terms[0]:
        return {paper for group in terms[0].within(field) for paper in group.papers}
    starts: dict[int, set[int]] | None = None  # paper → where the phrase may begin
    for i, term in enumerate(terms):
        if term is None:
            return set()
        here = {
            paper: {place - i for place in places}
            for paper, places in index.places(term, field).items()
            if starts is None or paper in starts
        }
        if starts is not None:
            here = {paper: places & starts[paper] for paper, places in here.items()}
        starts = {paper: places for paper, places in here.items() if places}
    return set(starts or ())


# --- Lunr's own answers -------------------------------------------------------------------------

K1 = 1.2  # Lunr's defaults
B = 0.75


def _similarity(index: Index, field: int, asked: Iterable[tuple[Term, float]]) -> dict[int, float]:
    """How like the terms asked for a field is, of all papers that have one of them there."""
    lengths, mean = index.lengths(field), index.means[field]
    sums: dict[int, float] = {}
    square = 0.0
    for term, boost in asked:
        square += boost * boost
        rarity = _idf(term.holders, index.papers)
        for group in term.within(field):
            for paper in group.papers:
                more = boost * _weight(rarity, group.often, lengths[paper], mean)
                sums[paper] = sums.get(paper, 0.0) + more
    magnitude = sqrt(square)
    shares = {paper: total / magnitude if magnitude else 0.0 for paper, total in sums.items()}
    return {paper: 0.0 if isnan(share) else share for paper, share in shares.items()}


def _weight(rarity: float, often: int, length: int, mean: float) -> float:
    """BM25 as Lunr has it, rounded to three places as Lunr does."""
    score = rarity * ((K1 + 1) * often) / (K1 * (1 - B + B * (length / mean)) + often)
    return _rounded(score, 1000)


_AS_BLANKS = str.maketrans(
    dict.fromkeys("\u1680\u2028\u2029\u202f\u205f\u3000\ufeff", " ")
    | dict.fromkeys(map(chr, range(0x2000, 0x200B)), " ")
)  # which part words in Lunr.js, and not in lunr


def _parsed(text: str) -> Query:
    query = Query(FIELDS)
    try:
        QueryParser(text.translate(_AS_BLANKS), query).parse()
    except QueryParseError as error:
        raise UsageError(f"Lunr does not understand {text!r}: {error}") from error
    return query


def _expanded(index: Index, clause: Clause) -> list[Sequence[str]]:
    """Of each term that the pipeline makes of a clause, the terms of the index it stands for."""
    texts = [stem(word) for word in fold(clause.term)] if clause.use_pipeline else [clause.term]
    return [_alternatives(index, text, clause.edit_distance) for text in texts]


def _alternatives(index: Index, text: str, edits: int) -> Sequence[str]:
    before, star, after = text.partition("*")
    if edits:
        return _terms_like(index, _near(text, edits))
    if after:
        pattern = _with_stars(text)
        return _terms_like(index, lambda term: pattern.fullmatch(term) is not None)
    if star:
        return index.terms_from(before)
    return [text] if index.term(text) else []


def _with_stars(text: str) -> re.Pattern[str]:
    """What fits a text with stars: each piece where it first comes, so nothing is tried twice."""
    first, *middle, last = map(re.escape, text.split("*"))
    return re.compile(first + "".join(f"(?>.*?{piece})" for piece in middle) + ".*" + last, re.S)


def _terms_like(index: Index, accepts: Callable[[str], bool]) -> list[str]:
    """All terms of this kind; the list of terms is made of the words, as in the browser."""
    return list(filter(accepts, dict.fromkeys(map(stem, index.words("words")))))


State = frozenset[tuple[str, int]]
"""What of a text may still be to come, and how many errors are left then."""


def _near(text: str, edits: int) -> Callable[[str], bool]:
    """Whether Lunr's automaton of a text with so many typing errors accepts a term.

    To have more errors left is never worse. Letters are UTF-16 units; a star is any of them.
    """
    steps: dict[tuple[State, str], State] = {}
    begin: State = frozenset({(_units(text), edits)})

    def accepts(term: str) -> bool:
        state = begin
        for letter in _units(term):
            if (state, letter) not in steps:
                steps[state, letter] = _step(state, letter)
            state = steps[state, letter]
        return any(len(rest) <= left for rest, left in state)

    return accepts


def _step(state: State, letter: str) -> State:
    """What is to come after a letter: as it should be, or added, changed or swapped; some drop."""
    after: dict[str, int] = {}

    def add(rest: str, left: int) -> None:
        if left >= 0:
            after[rest] = max(left, after.get(rest, 0))

    for whole, most in state:
        for drop in range(min(most, max(len(whole) - 1, 0)) + 1):
            rest, left = whole[drop:], most - drop
            add(rest, left - 1)
            if rest:
                add(rest[1:], left if rest[0] in (letter, "*") else left - 1)
            if len(rest) > 1 and rest[1] in (letter, "*"):
                add(rest[0] + rest[2:], left - 1)
    return frozenset(after.items())
