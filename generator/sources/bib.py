"""The reader of .bib files, BibTeX's and biblatex's.

A file is cut into blocks (`generator.sources.blocks`), and pybtex reads each by itself. So a
broken entry costs only itself, and an entry that was read before comes from the cache wherever it
has moved to. Entries of the plainest form, as nearly all are, are read by one pattern a field and
say the same as if pybtex had read them (10,000 entries of 1.5 kB: 0.25 s, by pybtex's low-level
parser 0.8 s; what its `parse_string` sets up for every call makes that one 12 times slower).

`crossref` and `xdata` are resolved between the entries of a file, in whatever order they stand.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pybtex.database.input.bibtex import LowLevelParser
from pybtex.scanner import PrematureEOF, PybtexSyntaxError, Token

from generator.model import Problem, SourceText, Where
from generator.sources.blocks import (
    COMMANDS,
    NO_PAPERS,
    Block,
    Leftover,
    cut,
    nested,
    other_lines,
)
from generator.sources.fields import (
    LONG_KEY,
    LONGEST_KEY,
    Fields,
    Raw,
    Remark,
    Remarks,
    Understood,
    is_kept,
    same_key,
    understand,
)
from generator.sources.readers import Means, reader, remembered
from generator.text.patterns import again

# Deeper braces mean that one was never closed; pybtex's own limit is the same.
DEEPEST = 100
# What the @strings in a block may add to it, and what an entry may inherit: this much, and four
# times its length. Twenty-five lines that each double the one before would else make 168 MB, and
# 2,000 heirs of one long entry 1.4 GB (measured).
ROOM = 2_000
# How far an entry may inherit from one that inherits, and from how many at once.
FARTHEST = 20

Macros = Mapping[str, str]
Written = list[tuple[str, str]]


@reader("bib", ".bib")
def read(text: str, name: str, means: Means) -> SourceText:
    """The records of a .bib file. Never raises; takes time linear in the length of the text."""
    blocks = tuple(cut(text, is_sound))
    written, about_strings = _with_strings(blocks, name)
    family = _Family(written, means)
    numbers = [i for i, entry in enumerate(written) if entry.block.type not in NO_PAPERS]
    sources = [family.source(i) for i in numbers]
    said = remembered(means, Understood, sources, _understood, _said)
    papers = [written[i].block for i in numbers]
    places = [Where(name, block.line, block.end) for block in papers]
    leftover, ignored = other_lines(text, blocks)
    read = tuple(zip(papers, places, said, strict=True))
    return SourceText(
        name,
        "bib",
        tuple(replace(u.record, where=w, key=_key(b)) for b, w, u in read if u.record),
        (*about_strings, *_problems(read), *_surplus_braces(read, leftover)),
        leftover,
        ignored,
        tuple(where for _, where, each in read if not each.record),
    )


def is_bib(text: str) -> bool:
    """Whether a text begins as a .bib file does, comments passed over."""
    first = _FIRST_LINE.search(text)
    return bool(first and _ENTRY.match(first[0]))


_FIRST_LINE = re.compile(r"^[ \t]*[^%\s].*$", re.MULTILINE)
_ENTRY = re.compile(r"\s*@[A-Za-z]{1,60}\s*[{(]")


# --- from a block to its fields -----------------------------------------------------------------

# The names that BibTeX's own styles define: months (kept as they are, to be numbered later) and
# the journals of plain.bst.
_STANDARD = {
    name: name for name in str.split("jan feb mar apr may jun jul aug sep oct nov dec")
} | {
    "acmcs": "ACM Computing Surveys",
    "acta": "Acta Informatica",
    "cacm": "Communications of the ACM",
    "ibmjrd": "IBM Journal of Research and Development",
    "ibmsj": "IBM Systems Journal",
    "ieeese": "IEEE Transactions on Software Engineering",
    "ieeetc": "IEEE Transactions on Computers",
    "ieeetcad": "IEEE Transactions on Computer-Aided Design of Integrated Circuits",
    "ipl": "Information Processing Letters",
    "jacm": "Journal of the ACM",
    "jcss": "Journal of Computer and System Sciences",
    "scp": "Science of Computer Programming",
    "sicomp": "SIAM Journal on Computing",
    "tcs": "Theoretical Computer Science",
    "tocs": "ACM Transactions on Computer Systems",
    "tods": "ACM Transactions on Database Systems",
    "tog": "ACM Transactions on Graphics",
    "toms": "ACM Transactions on Mathematical Software",
    "toois": "ACM Transactions on Office Information Systems",
    "toplas": "ACM Transactions on Programming Languages and Systems",
}
# A field of the plainest form: braces or quotes that match, a number, or the name of a @string.
_PLAIN_NAME = "[A-Za-z][A-Za-z0-9_-]*+"
_IN_BRACES = again("[^{}]++|" + nested(3))
_IN_QUOTES = again('[^{}"]++|' + nested(3))
_PLAIN_FIELD = re.compile(
    rf"\s*+({_PLAIN_NAME})\s*+=\s*+"
    rf"(?:\{{({_IN_BRACES})\}}|\"({_IN_QUOTES})\"|([0-9]++)|({_PLAIN_NAME}))"
    r"\s*+(?:,|\Z)"
)
_USED = re.compile(r"[=#]\s*([^\s\d{}\"#=,()%'][^\s{}\"#=,()%']{0,200})")
_MARK_IN_VALUE = re.compile(r"[{}\"]")

# What pybtex says of a broken entry, in words that help to find the place.
_MEANINGS = {
    "'}' expected": "a comma is missing, or a brace or quote is wrong",
    "'=' expected": "a field has no value",
    "field value expected": "a field has no value",
    "premature end of file": "a quote is never closed",
}
_NEVER_CLOSED = Remark("is never closed: a brace is missing", "error")
_SWALLOWS = Remark("holds what looks like another entry; is a brace missing?")
_NO_COMMA = Remark("has no comma behind its key; read as if it had")
_UNKNOWN_STRING = ("no @string before it defines", "unknown-string")
_LONG_STRINGS = ("is too long, taken together", "")
_NO_KEY = Remark("gets one made from its authors, year and title", "note", rule="missing-key")
# In place of a @string that there is no room for; a text has no such character (`files.decode`).
_TOO_LONG = "\0"


# All that an entry's meaning depends on: its type, its body, whether it is closed, whether it
# swallows another, and the @strings it uses.
_Source = tuple[str, str, bool, bool, Macros]


@dataclass(frozen=True, slots=True)
class _Written:
    """An entry and the @strings it uses, as they were defined before it."""

    block: Block
    macros: Macros

    @property
    def source(self) -> _Source:
        block = self.block
        return block.type, block.body, block.closed, block.swallows, self.macros


def parse(source: _Source) -> Raw:
    """The fields of an entry, its @strings filled in; of two with one name the first holds."""
    kind, body, closed, swallows, macros = source
    if not closed:
        return Raw(kind, {}, (_NEVER_CLOSED,), broken=True)
    try:
        written, about_strings = fields_of(body, macros)
    except PybtexSyntaxError as error:
        return Raw(kind, {}, (_broken(error),), broken=True)
    fields: dict[str, str] = {}
    twice: dict[str, None] = {}
    for name, value in written:
        if value and fields.setdefault(name, value) != value:
            twice[name[:60]] = None
    remarks = [Remark(f"has two fields {name}; the first is used") for name in twice]
    if swallows:
        remarks.append(_SWALLOWS)
    kept = {name: value for name, value in fields.items() if is_kept(name)}
    return Raw(kind, kept, (*about_strings, *remarks))


def fields_of(body: str, macros: Macros) -> tuple[Written, Remarks]:
    """The fields in an entry's body, and what is to be said of its @strings.

    Raises PybtexSyntaxError.
    """
    plain = plain_fields(body, macros)
    return (plain, ()) if plain is not None else parsed_fields(body, macros)


def parsed_fields(body: str, macros: Macros) -> tuple[Written, Remarks]:
    """What `fields_of` gives, by pybtex's parser; raises PybtexSyntaxError."""
    parser = _Parser(body, macros)
    return parser.fields(), parser.remarks()


def plain_fields(body: str, macros: Macros) -> Written | None:
    """What `fields_of` gives, where all fields are of the plainest form; None anywhere else."""
    fields = []
    position, room = 0, _room(body)
    while match := _PLAIN_FIELD.match(body, position):
        name, value = match[1], match[match.lastindex or 0]
        if match[5]:
            defined = _meaning(value, macros)
            if defined in (None, _TOO_LONG) or (room := room - len(defined)) < 0:
                return None
            value = defined
        fields.append((name.lower(), " ".join(value.split())))
        position = match.end()
    return fields if position == len(body) or body[position:].isspace() else None


def _key(block: Block) -> str:
    return block.key[:LONGEST_KEY]


def _understood(source: _Source | Raw) -> Understood:
    return understand(source if isinstance(source, Raw) else parse(source))


def _said(source: _Source | Raw) -> str:
    """A text that stands for a source: for plain entries a third of the effort of `repr`."""
    if isinstance(source, Raw):
        return repr(source)
    kind, body, closed, swallows, macros = source
    return f"{kind} {closed} {swallows} {macros!r} {body}"


def _meaning(name: str, macros: Macros) -> str | None:
    """The value of a @string, or None where no one defines it."""
    folded = name.lower()
    return macros.get(folded, _STANDARD.get(folded))


def _room(body: str) -> int:
    return ROOM + 4 * len(body)


def is_sound(body: str) -> bool:
    """Whether an entry's body can be parsed."""
    try:
        fields_of(body, {})
    except PybtexSyntaxError:
        return False
    return True


def _broken(error: PybtexSyntaxError) -> Remark:
    said = str(error.args[0])
    return Remark(f"is broken: {_MEANINGS.get(said, said)}", "error", error.lineno - 1)


class _Parser(LowLevelParser):  # type: ignore[misc]  # pybtex publishes no types
    """pybtex's parser for the fields of one block, made linear and bounded."""

    pos: int

    def __init__(self, body: str, macros: Macros) -> None:
        super().__init__(f"{body}\n}}")
        self._strings = macros
        self._room = _room(body)
        self._remarks: dict[Remark, None] = {}

    def fields(self) -> Written:
        """Names in lower case, and values; raises PybtexSyntaxError."""
        self.current_fields: list[tuple[str, list[str]]] = []
        self.parse_entry_fields()
        self.required([self.RBRACE])
        return [(name.lower(), " ".join("".join(v).split())) for name, v in self.current_fields]

    def remarks(self) -> Remarks:
        """What is to be said of the @strings in what was parsed."""
        return tuple(self._remarks)

    def substitute_macro(self, name: str) -> str:
        """The value of a @string; nothing if it is unknown, or where there is no room for it."""
        value = _meaning(name, self._strings)
        if value not in (None, _TOO_LONG) and len(value) <= self._room:
            self._room -= len(value)
            return value
        wrong, rule = _UNKNOWN_STRING if value is None else _LONG_STRINGS
        self._remarks[Remark(f'uses "{name[:60]}", which {wrong}; read as empty', rule=rule)] = None
        return ""

    def parse_string(self, string_end: object, *_levels: int) -> Iterator[Token]:
        """What stands between braces or quotes, in one piece, with the mark that closes it.

        pybtex's own looks for each kind of mark separately, to the end of the text if need be,
        and so takes quadratic time over a quoted value full of braces.
        """
        closing = '"' if string_end is self.QUOTE else "}"
        depth = 0
        for mark in _MARK_IN_VALUE.finditer(self.text, self.pos):
            if depth == 0 and mark[0] == closing:
                value = self.text[self.pos : mark.end()]
                self.pos = mark.end()
                self.update_lineno(value)
                yield Token(value, string_end)
                return
            depth += {"{": 1, "}": -1}.get(mark[0], 0)
            if not 0 <= depth <= DEEPEST:
                raise PybtexSyntaxError(
                    "too many nested braces" if depth > 0 else "braces do not match", self
                )
        raise PrematureEOF(self)


# --- @string ------------------------------------------------------------------------------------


def _with_strings(
    blocks: Iterable[Block], name: str
) -> tuple[tuple[_Written, ...], tuple[Problem, ...]]:
    """The entries, each with the @strings it uses, and what is wrong with the @strings."""
    macros: dict[str, str] = {}
    written, problems = [], []
    for block in blocks:
        if block.type == "string":
            defined, remarks = _defined(block, macros)
            macros.update(defined)
            where = Where(name, block.line, block.end)
            problems += [
                Problem(where, f"@string {r.message}", r.severity, r.rule) for r in remarks
            ]
        elif block.type == "preamble" and not block.closed:
            where = Where(name, block.line, block.end)
            problems.append(Problem(where, f"@preamble {_NEVER_CLOSED.message}", "error"))
        elif block.type not in COMMANDS:
            written.append(_Written(block, _used(block.body, macros)))
    return tuple(written), tuple(problems)


def _defined(block: Block, macros: Macros) -> tuple[Macros, tuple[Remark, ...]]:
    if not block.closed:
        return {}, (_NEVER_CLOSED,)
    try:
        fields, remarks = fields_of(block.body, _used(block.body, macros))
        return dict(fields), remarks
    except PybtexSyntaxError as error:
        return {}, (_broken(error),)


def _used(body: str, macros: Macros) -> Macros:
    """Those of the file's @strings that a body may use: its meaning depends on no others.

    Of a long one, or of many, there stands no more here than there is room for in the body.
    """
    if not macros:
        return {}
    names = sorted({name.lower() for name in _USED.findall(body)})
    used, room = {}, _room(body)
    for name in names:
        if name in macros:
            fits = len(macros[name]) <= room
            used[name] = macros[name] if fits else _TOO_LONG
            room -= len(used[name])
    return used


# --- from one entry to another ------------------------------------------------------------------

# What belongs to the whole, and so to what stands in it. (BibTeX adds all that is missing; but a
# volume's DOI, address on the web, abstract or pages are none of a paper's.)
_OF_THE_WHOLE = str.split(
    "address author booksubtitle booktitle date edition editor eventtitle institution isbn issn "
    "journal journalsubtitle journaltitle language location maintitle month number organization "
    "publisher school series shortjournal volume year"
)
# Under which names its title and subtitle are known to the parts (biblatex manual, appendix B).
_TITLES_OF_THE_WHOLE = {
    **dict.fromkeys(("article", "review", "suppperiodical"), ("journaltitle", "journalsubtitle")),
    **dict.fromkeys(("book", "collection", "proceedings", "reference"), ("maintitle", "")),
}


class _Family:
    """The entries of one file, which may inherit from each other."""

    def __init__(self, written: Sequence[_Written], means: Means) -> None:
        self._written = written
        self._means = means
        self._heirs = dict.fromkeys(i for i, e in enumerate(written) if _may_inherit(e))
        self._raw = dict(zip(self._heirs, self._parsed(self._heirs), strict=True))
        self._by_key: dict[str, int] = {}
        self._complete: dict[str, Raw] = {}
        self._path: list[str] = []  # from the entry that began it to the one being completed
        for i, entry in enumerate(written):
            self._by_key.setdefault(entry.block.key.casefold(), i)

    def source(self, i: int) -> _Source | Raw:
        """All that an entry's meaning depends on: itself or, if it inherits, itself completed."""
        if i not in self._heirs:
            return self._written[i].source
        key = self._written[i].block.key.casefold()
        own = self._relative(key) if self._by_key[key] == i else self._completed(i)
        return own if isinstance(own, Raw) else self._completed(i)

    def _parsed(self, numbers: Iterable[int]) -> list[Raw]:
        sources = [self._written[i].source for i in numbers]
        return remembered(self._means, Raw, sources, parse, _said)

    def _relative(self, key: str) -> Raw | str:
        """The entry of that key with all that it inherits, or why it cannot be had."""
        if key not in self._by_key:
            return "is no entry of this file"
        if key in self._path:
            return "leads back to itself"
        if len(self._path) >= FARTHEST:
            return f"leads over more than {FARTHEST} entries"
        if key not in self._complete:
            self._path.append(key)
            self._complete[key] = self._completed(self._by_key[key])
            self._path.pop()
        return self._complete[key]

    def _completed(self, i: int) -> Raw:
        if i not in self._raw:
            (self._raw[i],) = self._parsed([i])
        raw = self._raw[i]
        fields, remarks = dict(raw.fields), list(raw.remarks)
        room = _room(self._written[i].block.body)
        for name, key in _targets(raw.fields):
            relative = self._relative(key.casefold())
            if isinstance(relative, str):
                remarks.append(Remark(f'names in {name} "{key[:60]}", which {relative}'))
                continue
            inherited = _inherited(name, raw.type, relative.fields)
            new, left_out = _fitting(inherited, fields, room)
            room -= sum(map(len, new.values()))
            fields = new | fields
            if left_out:
                said = f'does not inherit {left_out} from "{key[:60]}": too long, taken together'
                remarks.append(Remark(said))
        return replace(raw, fields=fields, remarks=tuple(remarks))


def _may_inherit(entry: _Written) -> bool:
    """Whether an entry may name another that it inherits from, to judge by its letters alone."""
    body = entry.block.body.lower()
    return "crossref" in body or "xdata" in body


def _targets(fields: Fields) -> Iterator[tuple[str, str]]:
    """The entries that one inherits from; what `xdata` adds goes before a `crossref`."""
    keys = [key.strip() for key in fields.get("xdata", "").split(",")]
    for key in filter(None, keys[:FARTHEST]):
        yield "xdata", key
    if key := fields.get("crossref", "").strip():
        yield "crossref", key


def _fitting(inherited: Fields, own: Fields, room: int) -> tuple[dict[str, str], str]:
    """Those inherited fields that an entry lacks and has room for, and the names of the others."""
    new: dict[str, str] = {}
    left_out = []
    for name, value in inherited.items():
        if name in own:
            continue
        if len(value) <= room:
            new[name] = value
            room -= len(value)
        else:
            left_out.append(name[:60])
    return new, ", ".join(left_out[:FARTHEST])


def _inherited(name: str, kind: str, whole: Fields) -> dict[str, str]:
    """What an entry of a kind gets from the one it names in `crossref` or `xdata`."""
    if name == "xdata":
        return {name: value for name, value in whole.items() if name not in {"xdata", "crossref"}}
    title, subtitle = _TITLES_OF_THE_WHOLE.get(kind, ("booktitle", "booksubtitle"))
    titles = {title: whole.get("title", ""), subtitle: whole.get("subtitle", "")}
    if title in whole:
        titles = {}
    same = {name: whole[name] for name in _OF_THE_WHOLE if name in whole}
    return {name: value for name, value in (titles | same).items() if name and value}


# --- what is wrong ------------------------------------------------------------------------------

_FIELD = re.compile(r"[A-Za-z][\w-]{0,60}\s*=\s*[{\"\w]")
_Read = Sequence[tuple[Block, Where, Understood]]


def _problems(read: _Read) -> Iterator[Problem]:
    """What is wrong with the entries, in their order."""
    lines: dict[str, int] = {}
    for block, where, understood in read:
        key = _key(block).casefold()
        if not key:
            yield _problem(block, where, _NO_KEY)
        elif understood.record and lines.setdefault(key, block.line) != block.line:
            yield _problem(block, where, same_key(lines[key]))
        if not block.comma:
            yield _problem(block, where, _NO_COMMA)
        for remark in (*_about_key(block), *understood.remarks):
            yield _problem(block, where, remark, skipped=not understood.record)


def _about_key(block: Block) -> Remarks:
    return (LONG_KEY,) if len(block.key) > LONGEST_KEY else ()


def _problem(block: Block, where: Where, remark: Remark, *, skipped: bool = False) -> Problem:
    entry = f'entry "{block.key[:80]}"' if block.key else "entry without key"
    line = "" if remark.line is None else f" (line {block.body_line + remark.line})"
    consequence = (
        "; skipped (an error under --strict)" if skipped and remark.severity == "error" else ""
    )
    said = f"{entry} {remark.message}{line}{consequence}"
    return Problem(where, said, remark.severity, remark.rule)


def _surplus_braces(read: _Read, leftover: Leftover) -> Iterator[Problem]:
    """Entries that end before all of their fields: those then stand loose in the lines below."""
    starts = [where.line for _, where, _ in read]
    told = set()
    for line, text in leftover:
        i = bisect_right(starts, line) - 1
        if i >= 0 and i not in told and _FIELD.match(text):
            told.add(i)
            said = (
                f"ends in line {read[i][1].end}, before the field in line {line}: a brace too many"
            )
            yield _problem(read[i][0], read[i][1], Remark(said, "error"))
