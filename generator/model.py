r"""The data that flows through a build, from what a file says to what a page shows.

Everything here is frozen plain data: it can be pickled, compared, and its `repr` is canonical
(the same for equal values, in every process), which is what fingerprints are taken of.

Texts are *canonical*: Unicode in NFC, one line, TeX math between dollars, no other LaTeX, a
dollar sign that means money written `\$` where it could be taken for math (`generator.text`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from typing import ClassVar, Literal


class Plain:
    """Travels as the arguments it is made of: in half the time that frozen dataclasses take."""

    __slots__ = ()
    __match_args__: ClassVar[tuple[str, ...]]

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), tuple([getattr(self, name) for name in self.__match_args__])


# --- what the sources say -----------------------------------------------------------------------

Severity = Literal["error", "warning", "note"]
Format = Literal["note", "bib", "csl", "csv", "ris", "xml", "dump"]
"""The formats that we read ourselves; a site's own readers have further ones, of any name."""


@dataclass(frozen=True, slots=True, order=True)
class Where(Plain):
    """A place in the sources: a file (relative to the source that was named) and its lines.

    Lines count from 1; 0 stands for the file as a whole. `end` is the last line that belongs.
    """

    file: str
    line: int = 0
    end: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in the data, as a value: shown and counted, fatal only under --strict.

    `rule` is the rule of `generator.check` that it belongs to; empty for the one of its severity.
    """

    where: Where
    message: str
    severity: Severity = "error"
    rule: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


UNDER_STRICT = " (an error under --strict)"
"""The end of messages that only a build means: other commands have no --strict."""

UNREAD = "unread-file"
"""The rule of problems with files that could not be read: the next build has to try again."""


@dataclass(frozen=True, slots=True)
class Name(Plain):
    """A person or a group as named on one paper.

    `family` holds particles ("van der Berg") and, for a group, the whole name ("OpenAI Team").
    """

    family: str
    given: str = ""
    suffix: str = ""
    group: bool = False

    def __str__(self) -> str:
        return " ".join(part for part in (self.given, self.family, self.suffix) if part)


@dataclass(frozen=True, slots=True)
class Link(Plain):
    """An address outside the site (http, https or mailto) and what stands there: "PDF", "Code"."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class Record(Plain):
    """One paper as one source gives it; texts canonical, nothing checked against other records.

    `type` is a BibTeX type in lower case (biblatex's own are mapped), `venue` the journal or
    proceedings as found, `doi` and `arxiv` bare ids (no address, no version), `tags` topics set
    by hand, `body` sanitised HTML (a note's own text). `details` holds what else is worth
    exporting: (BibTeX field, canonical text) sorted by field; months are numbers, url verbatim, and
    `protected` is no field but the title with braces round the capitals that its owner protects.
    `unconfirmed` names fields whose value the source itself does not vouch for. `files` are what
    only its owner may know: (field, what stands on its link, value) of fields that name files.
    """

    where: Where
    format: str
    key: str = ""
    type: str = "misc"
    title: str = ""
    authors: tuple[Name, ...] = ()
    year: int | None = None
    venue: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    doi: str = ""
    arxiv: str = ""
    links: tuple[Link, ...] = ()
    details: tuple[tuple[str, str], ...] = ()
    unconfirmed: tuple[str, ...] = ()
    body: str = ""
    files: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class SourceText:
    """What one input file gave: its records, what is wrong with it, and what nobody understood.

    Every non-blank line of the file lies within a record's `where`, within a quarantined
    entry's, or is one of `leftover` (line number, text). `ignored` are lines that carry no
    record by their nature (a .bib's @string, @preamble and comments): counted as understood.
    `quarantined` are entries that could not become records, each with its error in `problems`.
    """

    file: str
    format: str
    records: tuple[Record, ...] = ()
    problems: tuple[Problem, ...] = ()
    leftover: tuple[tuple[int, str], ...] = ()
    ignored: tuple[tuple[int, int], ...] = ()
    quarantined: tuple[Where, ...] = ()


# --- what we know -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two records of one paper disagree: the value kept and the one set aside, each with place."""

    field: str
    kept: str
    kept_at: Where
    other: str
    other_at: Where


@dataclass(frozen=True, slots=True)
class Paper(Plain):
    """One paper, merged from all its records (the one that takes precedence first).

    `origins` says for each field which of `records` it came from. Places are kept out of `repr`,
    so that a line inserted above an entry does not make its pages anew.
    """

    id: str
    key: str
    other_keys: tuple[str, ...]
    type: str
    title: str
    title_derived: bool
    authors: tuple[Name, ...]
    year: int | None
    venue: str
    abstract: str
    keywords: tuple[str, ...]
    tags: tuple[str, ...]
    doi: str
    arxiv: str
    links: tuple[Link, ...]
    details: tuple[tuple[str, str], ...]
    unconfirmed: tuple[str, ...]
    bodies: tuple[str, ...]
    origins: tuple[tuple[str, int], ...] = field(repr=False)
    records: tuple[Record, ...] = field(repr=False)
    conflicts: tuple[Conflict, ...] = field(default=(), repr=False)

    def without_sources(self) -> Paper:
        """The paper as pages and exports may see it: nothing that its `repr` leaves out."""
        return replace(self, origins=(), records=(), conflicts=())

    def detail(self, name: str) -> str:
        """The value of a further BibTeX field ("volume"), or an empty string."""
        return dict(self.details).get(name, "")


# --- what pages show ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said(Plain):
    """A word of the interface that is not yet in a language: its name, and what goes into it.

    Said("reasons.keyword", (("name", "pruning"),)) is "keyword: pruning" in English; whoever
    shows it knows the language (`generator.words`).
    """

    name: str
    parts: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True, slots=True)
class Ref(Plain):
    """A link within the site: the target's path from the site's root, its name, and a count.

    The path may end in a fragment. `count` is the number of papers there, `note` a half line
    that says why the link stands here ("title: graph neural network").
    """

    path: str
    name: str
    count: int = 0
    note: str = ""


class Digested:
    """What stands on many pages: its `repr` is a digest of its fields, worked out once."""

    __match_args__: ClassVar[tuple[str, ...]]

    @cached_property
    def digest(self) -> str:
        """Sixteen hexadecimal digits that stand for all the fields."""
        said = repr([getattr(self, name) for name in self.__match_args__])
        return blake2b(said.encode("utf-8", "backslashreplace"), digest_size=8).hexdigest()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.digest})"


@dataclass(frozen=True, repr=False)
class Card(Digested):
    """The little of a paper that other pages show of it.

    `authors` are the first few and `more` says how many follow. An edited abstract does not touch
    a card, so it does not touch the lists the paper stands in. `byline` is the authors as one text:
    "A, B and 4 more". `bare` says that the paper has no abstract, `standing` in a word that
    it was retracted or the like.
    """

    id: str
    path: str
    title: str
    authors: tuple[Ref, ...]
    more: int
    year: Ref
    venue: Ref | None
    tags: tuple[Ref, ...]
    byline: str = ""
    bare: bool = False
    standing: str = ""


@dataclass(frozen=True, repr=False)
class Brief(Digested):
    """What a paper's page shows of another paper: enough to know it by.

    `authors` are the names as one text ("A, B and 4 more"), `year` is empty where there is none,
    `standing` says in a word that it was retracted or the like.
    """

    path: str
    title: str
    authors: str = ""
    year: str = ""
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Related(Plain):
    """A neighbour of a paper: how near (four places) and what they share, in words."""

    paper: Brief
    score: float
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an abbreviation stands for in some papers: links to a few, and how many more."""

    long: str
    papers: tuple[Ref, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form and what it stands for, what most papers say first."""

    short: str
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True, slots=True)
class Mentioned:
    """A paper that another mentions, or that mentions it, by which words, in which sentence."""

    path: str
    title: str
    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Pager:
    """Where one page of a paged list stands: `paths` of all its pages, `number` from 1."""

    number: int
    paths: tuple[str, ...]
    first: int
    last: int
    total: int

    @property
    def previous(self) -> str:
        """The path of the page before this one, or an empty string."""
        return self.paths[self.number - 2] if self.number > 1 else ""

    @property
    def next(self) -> str:
        """The path of the page after this one, or an empty string."""
        return self.paths[self.number] if self.number < len(self.paths) else ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an index page: a heading (a facet, a letter, a decade) and its links."""

    heading: str
    refs: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """How one record of a source was understood, at `#anchor` of the source's page.

    `edit` is the address of its line in the repository, where there is one.
    """

    anchor: str
    lines: str
    title: str
    ref: Ref | None
    status: Literal["published", "merged", "quarantined"]
    remarks: tuple[str, ...] = ()
    edit: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """One topic, author, year or venue: a name, an address, and the papers that belong there.

    All four are the same thing. `papers` are ids, newest first; `lead` says what it is; `section`
    is where it stands in the index of its kind (a facet, a letter, a decade), and `listed` how,
    where that is not by its name ("Lovelace, Ada"). `links` lead elsewhere. `apart` tells a group
    from others of its name, and is empty where there are none.
    """

    kind: str
    slug: str
    name: str
    papers: tuple[str, ...]
    lead: str = ""
    section: str = ""
    listed: str = ""
    parent: str = ""
    children: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    apart: str = ""

    @property
    def told(self) -> str:
        """The name, with what tells it from others of its name: "Wei Wang (2019–2021, Napkins)"."""
        return f"{self.name} ({self.apart})" if self.apart else self.name
