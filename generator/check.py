"""What a librarian would say of a collection: rules, and what each of them finds.

A rule is one function in a table, with a name, a severity that the owner may change (`[check]` in
`bibpress.toml`) and what to do about what it finds. Rules of one paper see nothing but the paper,
so that what they find is remembered with it (`generator.facts`); the others see the collection.
What a build complains of by itself is found too, each complaint under the name of a rule.
`docs/check.md` says of every rule how often it was right on real collections.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, TypeVar, get_args

from generator import text
from generator.config import CONFIG, check_names
from generator.errors import ConfigError
from generator.ledger import LEDGER, Ledger
from generator.library import KINDS, Library, group_path, paper_path
from generator.model import UNDER_STRICT, UNREAD, Paper, Problem, Record, Severity, Where
from generator.names import OTHERS, shown
from generator.people import Alike, unnamed

F = TypeVar("F")

Level = Literal["off", "note", "warning", "error"]
LEVELS: tuple[Level, ...] = get_args(Level)

# A printed paper is no older than printing with movable type, and one may bear the coming year:
# journals print volumes ahead.
EARLIEST = 1450
AHEAD = 1
# Of a venue of which so many papers have a DOI, and at least this part, all should; likewise all
# papers have an abstract where this part has one. (Of 6,311 papers of a laboratory's own file none
# had: 6,128 notes would say one thing.)
VENUE_DOIS = 3
MOST = 0.5
# Since when nearly every journal registers DOIs (Crossref began in 2000).
DOIS_SINCE = 2000
# Files of the owner in which a line is named.
STEERING = ("content/topics.toml", "content/venues.toml", "content/people.toml", LEDGER)
# Characters of a text that a message repeats.
EXCERPT = 60


@dataclass(frozen=True, slots=True)
class Rule:
    """What is looked for, how grave it is where the owner says nothing, and what to do about it."""

    name: str
    severity: Severity
    about: str
    todo: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule found: where, in which words, and the id of the paper, if it is one."""

    where: Where
    rule: str
    severity: Severity
    message: str
    paper: str = ""

    @property
    def todo(self) -> str:
        """What to do about it."""
        return RULES[self.rule].todo


Oddity = tuple[str, str, str]
"""What a rule found in a paper alone: the rule, the field it is about, a message."""


@dataclass(frozen=True)
class Subject:
    """What is looked at: the collection, what its build complained of, what stands beside it.

    `oddities` are what `oddities` gives for every paper, by id. `today` is the day from which a
    year counts as future, or empty. `texts` are the owner's files that steer the build, by name.
    `before` is the ledger as it was, `published` the paths of the site as it was published, `alike`
    the names that may be one person's; all of them are empty on `quality.html`.
    """

    library: Library
    problems: Sequence[Problem] = ()
    oddities: Mapping[str, Sequence[Oddity]] = field(default_factory=dict)
    today: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    before: Ledger = field(default_factory=dict)
    published: Sequence[str] = ()
    alike: Sequence[Alike] = ()


OfPaper = Callable[[Paper], Iterator[tuple[str, str]]]
Place = tuple[Where, str, str]
OfAll = Callable[[Subject], Iterator[Place]]

RULES: dict[str, Rule] = {}
_OF_PAPER: dict[str, OfPaper] = {}
_OF_ALL: dict[str, OfAll] = {}


def findings(subject: Subject, severities: Mapping[str, Level]) -> tuple[Finding, ...]:
    """All that the rules find, by file and line; what the owner has turned off left out."""
    found = (
        Finding(where, name, level, message, paper)
        for where, name, message, paper in _found(subject)
        if (level := severities[name]) != "off"
    )
    return tuple(sorted(set(found), key=lambda f: (f.where, f.rule, f.message, f.paper)))


def severities(given: Mapping[str, str]) -> dict[str, Level]:
    """How grave every rule is, after what an owner says in [check].

    Raises ConfigError for a rule that there is none of, and for a word that is no severity.
    """
    check_names(given, RULES, CONFIG, "rule in [check]")
    levels: dict[str, Level] = {name: rule.severity for name, rule in RULES.items()}
    for name, said in given.items():
        if said not in LEVELS:
            known = ", ".join(f'"{level}"' for level in LEVELS)
            raise ConfigError(f'{CONFIG}: {name} in [check] is one of {known}, not "{said}"')
        levels[name] = said
    return levels


def oddities(paper: Paper) -> tuple[Oddity, ...]:
    """What the rules find in one paper alone."""
    return tuple(
        (name, about, message) for name, find in _OF_PAPER.items() for about, message in find(paper)
    )


def named(problem: Problem) -> str:
    """The rule that a problem of a build belongs to: its own, or else that of its severity.

    An extension may give a name that is no rule's.
    """
    return problem.rule if problem.rule in RULES else _BY_SEVERITY[problem.severity]


def _found(subject: Subject) -> Iterator[tuple[Where, str, str, str]]:
    owners = _Owners(subject.library)
    for problem in subject.problems:
        message = problem.message.removesuffix(UNDER_STRICT)
        yield problem.where, named(problem), message, owners.at(problem.where)
    for paper in subject.library.papers:
        for name, about, message in subject.oddities.get(paper.id, ()):
            yield _at(paper, about), name, message, paper.id
    for name, find in _OF_ALL.items():
        for where, message, paper_id in find(subject):
            yield where, name, message, paper_id


class _Owners:
    """Which paper a line of a source belongs to."""

    def __init__(self, library: Library) -> None:
        self._starts: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for paper in library.papers:
            for record in paper.records:
                where = record.where
                self._starts[where.file].append((where.line, where.end, paper.id))
        for starts in self._starts.values():
            starts.sort()

    def at(self, where: Where) -> str:
        """The paper's id, or an empty text."""
        starts = self._starts.get(where.file, [])
        i = bisect_right(starts, (where.line, 1 << 60, "")) - 1
        return starts[i][2] if i >= 0 and where.line <= max(starts[i][:2]) else ""


# --- the table ----------------------------------------------------------------------------------


def _rule(table: dict[str, F], name: str, severity: Severity, todo: str) -> Callable[[F], F]:
    def register(function: F) -> F:
        about = (function.__doc__ or "").partition("\n")[0]
        RULES[name] = Rule(name, severity, about, todo)
        table[name] = function
        return function

    return register


of_paper = partial(_rule, _OF_PAPER)
"""Registers a rule that looks at one paper: yields (field, message)."""

of_all: Callable[..., Callable[[OfAll], OfAll]] = partial(_rule, _OF_ALL)
"""Registers a rule that looks at the collection: yields (place, message, paper's id or "")."""


def _reported(name: str, severity: Severity, about: str, todo: str) -> None:
    """Registers a rule whose findings others report."""
    RULES[name] = Rule(name, severity, about, todo)


_reported(
    "no-papers",
    "error",
    "There is no paper at all.",
    "Name a folder or a file with papers in it.",
)
_reported(
    "skipped-entry",
    "error",
    "An entry that could not be read, or not to its end.",
    "Mend the entry at the line that the message names.",
)
_reported(
    UNREAD,
    "error",
    "A file or a folder that could not be read at all.",
    "Look at who may read it, and whether the disk is sound.",
)
_reported(
    "odd-entry",
    "warning",
    "An entry or a file of which something was left out, cut or guessed when it was read.",
    "Look at the entry, and write what is meant.",
)
_reported(
    "remark",
    "note",
    "Something that was read otherwise than it is written, and hardly matters.",
    "Nothing, or what the message says.",
)
_reported(
    "not-understood",
    "note",
    "A line that belongs to no paper.",
    "Take it out, or write it as the lines of the other papers are written.",
)
_reported(
    "odd-names",
    "warning",
    "Names of authors that had to be guessed at, or of which something was left out.",
    'Write them as "Family, Given and Family, Given"; a group in braces of its own.',
)
_reported(
    "key-clash",
    "warning",
    "Two entries with one key: BibTeX takes the first or stops.",
    "Give one of them another key; if they are one paper, delete the poorer entry.",
)
_reported(
    "missing-key",
    "note",
    "An entry without a key; one is made of its authors, year and title.",
    "Give it a key: nobody can cite it from a text otherwise.",
)
_reported(
    "unsafe-key",
    "warning",
    "A key that BibTeX, biber or LaTeX would stumble over; another is used.",
    "Give the entry a key of A-Z, a-z, 0-9 and . : / + -, as the message has it.",
)
_reported(
    "renamed-key",
    "note",
    "An entry whose key is not the one that the ledger remembers; the first key is kept.",
    "Nothing; or change the key in ledger.tsv too, with the old one among the other keys.",
)
_reported(
    "wrong-doi",
    "warning",
    "A doi that is none.",
    "Write the bare DOI, as 10.1000/182, or take the field out.",
)
_reported(
    "wrong-address",
    "warning",
    "An address that is none; no link is made of it.",
    "Write the whole address, with https:// before it; or put the file named into static/.",
)
_reported(
    "unknown-type",
    "note",
    "An entry of a type that BibTeX and biblatex do not know; it is read as @misc.",
    "Take one of theirs: @article, @inproceedings, @book, @phdthesis, @misc …",
)
_reported(
    "unknown-string",
    "warning",
    "The name of a @string that nobody defines; it is read as empty.",
    "Define the @string above the entry, or put the value in braces.",
)
_reported(
    "look-alike",
    "note",
    "Two papers that may be one.",
    "Say in content/papers.toml that they are the same, or that they are not.",
)
_reported(
    "unknown-paper",
    "warning",
    "A line of content/papers.toml that names no paper, or says two things at once.",
    "Write the id or the key of a paper, as the last part of its address.",
)
_reported(
    "unknown-key",
    "warning",
    "A note or a page that cites a key which no paper has.",
    "Write the key of a paper as its page shows it, or add the paper.",
)
_reported(
    "skipped-page",
    "error",
    "A page of your own that could not be read, or that has another's address: it is left out.",
    "Mend the page at the line that the message names, or give its file another name.",
)
_reported(
    "odd-page",
    "warning",
    "A page of your own of which something was left out or is not shown as it is meant.",
    "Look at the page, and write what is meant.",
)
_reported(
    "dead-link",
    "warning",
    "A link or an image of a page of your own that leads to nothing in the site.",
    "Write where the file or the page is, seen from the file that links to it.",
)
_reported(
    "broken-query",
    "error",
    "A saved query that cannot be read, so that its page has no list.",
    "Mend it at the column that the message names.",
)
_reported(
    "odd-query",
    "warning",
    "A saved query that asks for a name which no paper has.",
    "Write the name as its page shows it; or leave it, if papers of it are to come.",
)
_reported(
    "left-out-file",
    "warning",
    "A file of templates/ or static/ that is left out or not complete.",
    "Rename, move or complete it as the message says.",
)
_reported(
    "host-limit",
    "warning",
    "A file or a site that is near what GitHub takes.",
    "See [size] in the guide; a source that is too large can be split into several.",
)
_reported(
    "doi-address",
    "note",
    "A doi field that holds a whole address; BibTeX styles put https://doi.org/ before it again.",
    "Write the bare DOI; --fix does.",
)
_reported(
    "doi-in-url",
    "note",
    "An entry whose DOI stands in its url only: BibTeX styles and Zotero do not know it for one.",
    "Add a field doi with the bare DOI.",
)
_reported(
    "page-dash",
    "note",
    "Pages with one hyphen, which LaTeX sets as a hyphen and not as a dash.",
    "Write two hyphens, as in 123--145; --fix does.",
)
_reported(
    "html-in-entry",
    "note",
    "HTML or JATS in a title: LaTeX prints it as it stands.",
    "Write it as LaTeX; --fix does where this site reads the same afterwards.",
)

_BY_SEVERITY = {"error": "skipped-entry", "warning": "odd-entry", "note": "remark"}


# --- what is missing ----------------------------------------------------------------------------


@of_paper("missing-year", "warning", "Add year = {…} to the entry, or date = {…}.")
def _missing_year(paper: Paper) -> Iterator[tuple[str, str]]:
    """A paper without a year: it stands among the undated, behind all others."""
    if paper.year is None:
        yield "year", "no year"


@of_paper("missing-authors", "warning", "Add author = {Family, Given and Family, Given}.")
def _missing_authors(paper: Paper) -> Iterator[tuple[str, str]]:
    """A paper that nobody wrote."""
    written = paper.type not in _EDITED or not paper.detail("editor")
    if not paper.authors and written:
        yield "authors", "no authors"


_EDITED = frozenset({"book", "collection", "proceedings", "reference", "mvbook", "mvproceedings"})


@of_paper("unnamed-authors", "note", "Name them all, if you can: lists and search know them.")
def _others(paper: Paper) -> Iterator[tuple[str, str]]:
    """A list of authors that ends in "and others"."""
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


@of_paper("missing-venue", "warning", "Add the field that the message names, or take @misc.")
def _missing_venue(paper: Paper) -> Iterator[tuple[str, str]]:
    """An article without its journal, a conference paper without its proceedings, and so on."""
    wanted = _WHERE.get(paper.type)
    if wanted and not paper.venue and not paper.arxiv and not paper.detail(wanted):
        yield "type", f"@{paper.type} without {wanted}"


@of_all("missing-abstract", "note", "Add abstract = {…}: search, topics and neighbours live on it.")
def _missing_abstract(subject: Subject) -> Iterator[Place]:
    """A paper without an abstract, where most papers of the collection have one."""
    papers = subject.library.papers
    lacking = [paper for paper in papers if not paper.abstract and paper.type not in _EDITED]
    if len(lacking) <= len(papers) * MOST:
        for paper in lacking:
            yield _at(paper, "abstract"), "no abstract", paper.id


@of_all("missing-doi", "note", "Add doi = {…}; bibpress enrich looks it up.")
def _missing_doi(subject: Subject) -> Iterator[Place]:
    """A paper without a DOI where others of its venue have one."""
    library = subject.library
    held: dict[str, list[Paper]] = defaultdict(list)
    for paper in library.papers:
        venue = library.venue(paper)
        if venue and (paper.year or 0) >= DOIS_SINCE:
            held[venue.slug].append(paper)
    for papers in held.values():
        having = sum(bool(paper.doi) for paper in papers)
        if having >= VENUE_DOIS and having >= MOST * len(papers):
            for paper in papers:
                if not paper.doi:
                    said = f"no DOI, and {having} of {len(papers)} papers of its venue have one"
                    yield _at(paper, "venue"), said, paper.id


# --- what looks wrong ---------------------------------------------------------------------------


@of_all("odd-year", "warning", "Write the year of publication as four digits.")
def _odd_year(subject: Subject) -> Iterator[Place]:
    """A year that is none, that is still to come, or that is older than printing."""
    latest = int(subject.today[:4]) + AHEAD if subject.today else None
    for paper in subject.library.papers:
        year = paper.year
        if year is not None and year < EARLIEST:
            yield _at(paper, "year"), f"the year {year} is before printing", paper.id
        elif year is not None and latest and year > latest:
            yield _at(paper, "year"), f"the year {year} is still to come", paper.id


_reported(
    "odd-abstract",
    "note",
    "An abstract that says nothing, or that is only a few words long.",
    "Put the whole abstract in, or take the field out.",
)

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
    "latex-leftover", "note", "Write what it stands for; macros of one paper mean nothing here."
)
def _latex(paper: Paper) -> Iterator[tuple[str, str]]:
    """LaTeX that nobody could read, in a title, an abstract or a venue."""
    yield from _find_macro(paper)


@of_paper("html-leftover", "note", "Take the tags out, and write signs as themselves.")
def _html(paper: Paper) -> Iterator[tuple[str, str]]:
    """HTML or JATS that nobody could read, in a title, an abstract or a venue."""
    yield from _find_tag(paper)
    yield from _find_entity(paper)


_find_macro = _leftover(_MACRO, "\\", "LaTeX")
_find_tag = _leftover(_TAG, "<", "a tag")
_find_entity = _leftover(_ENTITY, "&", "an entity")


@of_paper("odd-braces", "note", "Close or remove the brace; put formulas between dollars.")
def _braces(paper: Paper) -> Iterator[tuple[str, str]]:
    """A brace without its other half, or a formula without its dollars, in a title or abstract."""
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


@of_paper("broken-letters", "warning", "Write the letter: a program took one encoding for another.")
def _broken_letters(paper: Paper) -> Iterator[tuple[str, str]]:
    """Letters that a wrong encoding has made two of, or lost."""
    values = [(name, getattr(paper, name)) for name in _TEXTS]
    values += [("authors", author.family) for author in paper.authors]
    values += [("authors", author.given) for author in paper.authors]
    for name, value in values:
        if not value.isascii() and (found := _BROKEN.search(value)):
            yield name, f'broken letters in the {name}: "{_around(found)}"'


# UTF-8 read as Latin-1 or Windows-1252, and what stands for a letter that could not be read.
_BROKEN = re.compile("\ufffd|Ã[\u0080-\u00bf]|â€[™œ“”\u009d]")


@of_paper("shouted-title", "note", "Write it as a sentence or with capitals as usual.")
def _shouted(paper: Paper) -> Iterator[tuple[str, str]]:
    """A title all in capitals."""
    title = _plain_parts(paper.title)
    long_words = [word for word in _WORD.findall(title) if len(word) > 3]
    if title.upper() == title and len(long_words) > 2:
        yield "title", f'the title is all in capitals: "{text.cut(paper.title, EXCERPT)}"'


_WORD = re.compile(r"[^\W\d_]+")


@of_paper("title-stop", "note", "Take the full stop out: styles put their own.")
def _title_stop(paper: Paper) -> Iterator[tuple[str, str]]:
    """A title that ends in a full stop."""
    several = _SENTENCES.search(paper.title)
    if _STOP.search(paper.title) and not several and not paper.title_derived:
        yield "title", f'the title ends in a full stop: "{paper.title[-EXCERPT:]}"'


_SENTENCES = re.compile(r"[.?!] \w")
_STOP = re.compile(r"[^\W\d_]{3}\.$")


@of_paper("derived-title", "note", "Give the paper its title.")
def _derived_title(paper: Paper) -> Iterator[tuple[str, str]]:
    """A paper whose source has no title: the first words of its abstract stand for one."""
    if paper.title_derived:
        yield "title", f'no title; "{text.cut(paper.title, EXCERPT)}" stands for it'


@of_paper("odd-pages", "note", "Write the first and the last page in full, as in 123--145.")
def _odd_pages(paper: Paper) -> Iterator[tuple[str, str]]:
    """Pages of which the last is before the first, as in 123-45."""
    found = _PAGES.fullmatch(paper.detail("pages"))
    if found and int(found[2]) < int(found[1]):
        yield "pages", f"pages {found[0]}: the last is before the first"


_PAGES = re.compile(r"(\d{1,9})\s?[–-]\s?(\d{1,9})")


@of_paper("unconfirmed", "note", "Look it up; the source itself says that it is not sure.")
def _unconfirmed(paper: Paper) -> Iterator[tuple[str, str]]:
    """A field whose value its own source does not vouch for."""
    if paper.unconfirmed:
        yield paper.unconfirmed[0], f"not vouched for by its source: {', '.join(paper.unconfirmed)}"


# --- what does not go together ------------------------------------------------------------------


@of_all("doubled-entry", "warning", "Delete the poorer of the two.")
def _doubled(subject: Subject) -> Iterator[Place]:
    """A paper that one file holds twice."""
    for paper in subject.library.papers:
        if len(paper.records) < 2:
            continue
        first: dict[str, Record] = {}
        for record in sorted(paper.records, key=lambda record: record.where):
            before = first.setdefault(record.where.file, record)
            if before is not record and _is_repeated(before, record):
                called = f' "{record.key}"' if record.key else ""
                said = f"the entry{called} is the paper of line {before.where.line} again"
                yield record.where, said, paper.id


def _is_repeated(one: Record, other: Record) -> bool:
    """Whether two records of a paper say one thing twice, and are not a preprint and its article.

    Nor two editions: they have another year, or each a DOI of its own.
    """
    editions = one.year != other.year or bool(one.arxiv) != bool(other.arxiv)
    editions = editions or bool(one.doi and other.doi and one.doi != other.doi)
    return not editions and other.format not in _MAY_REPEAT


# In a dump of pages a paper is listed wherever it was seen.
_MAY_REPEAT = frozenset({"dump"})


@of_all("one-person", "note", "Say so in content/people.toml; if they are two, say that there too.")
def _one_person(subject: Subject) -> Iterator[Place]:
    """Two names that look like one person's."""
    for each in subject.alike:
        paper = subject.library.by_id[each.paper]
        said = f'"{each.other}" may be "{each.name}" (authors/{each.slug}.html): {each.reason}'
        yield _at(paper, "authors"), said, paper.id


# --- the owner's files, and what was published --------------------------------------------------


@of_all("unused-topic", "note", "Give it words that papers use, or take it out.")
def _unused_topics(subject: Subject) -> Iterator[Place]:
    """A topic of content/topics.toml that no paper has."""
    if "content/topics.toml" in subject.texts:
        used = subject.library.groups["tags"]
        for topic in subject.library.vocabulary.topics:
            if topic.slug not in used:
                where = _line_of("content/topics.toml", (topic.slug, topic.name), subject)
                yield where, f'no paper has the topic "{topic.name}"', ""


@of_all(
    "unused-venue", "note", "Add the name that your entries have to its aliases, or take it out."
)
def _unused_venues(subject: Subject) -> Iterator[Place]:
    """A venue of content/venues.toml that no paper appeared in."""
    if "content/venues.toml" in subject.texts:
        used = subject.library.groups["venues"]
        for slug, venue in subject.library.venue_names.by_slug.items():
            if slug not in used:
                where = _line_of("content/venues.toml", (slug, venue.name), subject)
                yield where, f'no paper is of the venue "{venue.name}"', ""


@of_all(
    "unused-person", "note", "Add the name that your entries have to its variants, or take it out."
)
def _unused_people(subject: Subject) -> Iterator[Place]:
    """A person of content/people.toml whom no paper names."""
    for each in unnamed(subject.library.persons, subject.library.people):
        written = (str(each.name), f"{each.name.family}, {each.name.given}", each.slug)
        where = _line_of("content/people.toml", written, subject)
        yield where, f'no paper names "{shown(each.name)}"', ""


def _line_of(file: str, names: Iterable[str], subject: Subject) -> Where:
    """Where a file first has one of these names between quotes."""
    content = subject.texts.get(file, "")
    starts = [content.find(f"{quote}{name}{quote}") for name in names for quote in "\"'"]
    start = min((place for place in starts if place >= 0), default=-1)
    line = content.count("\n", 0, start) + 1 if start >= 0 else 0
    return Where(file, line, line)


@of_all("gone", "note", "Nothing, if it is meant; else bring the paper back under its key or DOI.")
def _gone(subject: Subject) -> Iterator[Place]:
    """A published paper that no source has any more: its page will say so."""
    after = subject.library.ledger
    lines = subject.texts.get(LEDGER, "").split("\n")
    numbers = {line.partition("\t")[0]: number for number, line in enumerate(lines, 1)}
    for id_, line in subject.before.items():
        if line.state == "live" and id_ in after and after[id_].state == "gone":
            number = numbers.get(id_, 0)
            said = f"{paper_path(id_)} was published, and no source has its paper"
            yield Where(LEDGER, number, number), said, ""


@of_all("vanished", "note", "Nothing, if it is meant; else see what has become of the name.")
def _vanished(subject: Subject) -> Iterator[Place]:
    """A published list whose topic, author, year or venue no paper has any more."""
    for kind in KINDS:
        moved = subject.library.moved_authors if kind == "authors" else {}
        now = {group_path(kind, slug) for slug in (*subject.library.groups[kind], *moved)}
        for path in sorted(subject.published):
            folder, _, name = path.partition("/")
            is_first = name.endswith(".html") and "." not in name[:-5] and name != "index.html"
            if folder == kind and is_first and path not in now:
                yield Where(path), "this page was published and would vanish", ""


def _at(paper: Paper, about: str) -> Where:
    """Where what is said of a field comes from; of one that is missing, where it should stand.

    That is in an entry: a note on a paper repeats none of its fields.
    """
    found = dict(paper.origins).get(about)
    if found is not None:
        return paper.records[found].where
    entries = [record for record in paper.records if record.format != "note"]
    return (entries or paper.records)[0].where


def counted(found: Iterable[Finding]) -> Mapping[str, int]:
    """How many findings each rule has, the gravest rules first, then those with most."""
    counts = Counter((finding.rule, finding.severity) for finding in found)
    gravest = sorted(counts, key=lambda each: (-LEVELS.index(each[1]), -counts[each], each))
    return {name: counts[name, level] for name, level in gravest}
