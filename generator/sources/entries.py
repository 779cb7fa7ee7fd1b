"""What the readers of formats other than BibTeX share: from entries to what a file says.

Each of them turns an entry into the fields of a .bib entry (`fields.Raw`), so that what a field
means, how it is cleaned and how long it may be is known in one place. Fields hold LaTeX there;
these formats are none, and what they say is written as LaTeX that means just that (`latex`).

Two things are decoded on the way, because whoever exports leaves them in: the tags and entities of
HTML and JATS, and what arXiv's abstracts have in them, TeX math and the macros that everybody
knows. Braces, tildes, underscores and the like are taken at their word.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Generic, Literal, TypeVar

from generator.model import Name, Problem, Severity, SourceText, Where
from generator.names import LONGEST as LONGEST_NAME
from generator.names import OTHERS, is_suffix, people, person, plain_list
from generator.sources.fields import (
    LONG_KEY,
    LONGEST,
    LONGEST_AUTHORS,
    LONGEST_KEY,
    Raw,
    Remark,
    Remarks,
    Understood,
    is_kept,
    same_key,
)
from generator.sources.identifiers import arxiv
from generator.sources.readers import Means, remembered
from generator.text import clean, from_plain, to_latex
from generator.text.patterns import again

S = TypeVar("S")
Lines = tuple[tuple[int, str], ...]
Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Entry(Generic[S]):
    """An entry as it stands in its file: `source` is all that its meaning depends on."""

    source: S
    line: int
    end: int
    key: str = ""


def source_text(
    name: str,
    form: str,
    entries: Sequence[Entry[S]],
    make: Callable[[S], Understood],
    means: Means,
    problems: Iterable[Problem] = (),
    leftover: Lines = (),
    ignored: Ranges = (),
) -> SourceText:
    """What a file says whose entries `make` understands, each by itself.

    `problems` are those of the file as a whole. Where the source of an entry makes a record, it
    gets the entry's place and key.
    """
    understood = remembered(means, Understood, [entry.source for entry in entries], make)
    read = tuple(zip(entries, understood, strict=True))
    places = [Where(name, entry.line, entry.end) for entry in entries]
    return SourceText(
        name,
        form,
        tuple(
            replace(said.record, where=where, format=form, key=entry.key[:LONGEST_KEY])
            for where, (entry, said) in zip(places, read, strict=True)
            if said.record
        ),
        (*problems, *_problems(name, read)),
        leftover,
        ignored,
        tuple(where for where, (_, said) in zip(places, read, strict=True) if not said.record),
    )


def nothing_read(
    name: str, form: str, text: str, said: str, severity: Severity = "warning"
) -> SourceText:
    """What a file gives that is in another format than its name promises: one problem.

    Its lines are not listed one by one: of a table of measurements there may be a million.
    """
    if not text.strip():
        return SourceText(name, form)
    first = text.count("\n", 0, len(text) - len(text.lstrip())) + 1
    last = text.rstrip().count("\n") + 1
    problem = Problem(Where(name, first, last), f"{said}; nothing is read from it", severity)
    return SourceText(name, form, problems=(problem,), ignored=((first, last),))


def excerpts(text: str, numbers: Iterable[int]) -> Lines:
    """These lines of a text as they are listed where nobody understands them."""
    lines = text.split("\n")
    return tuple((number, lines[number - 1].strip()) for number in numbers)


def ranges(numbers: Iterable[int]) -> Ranges:
    """Line numbers in their order, as spans from first to last."""
    spans: list[tuple[int, int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1] = spans[-1][0], number
        else:
            spans.append((number, number))
    return tuple(spans)


# --- what is wrong ------------------------------------------------------------------------------


def _problems(name: str, read: Iterable[tuple[Entry[S], Understood]]) -> Iterator[Problem]:
    lines: dict[str, int] = {}
    for entry, said in read:
        remarks = said.remarks
        if entry.key:
            first = lines.setdefault(entry.key.casefold(), entry.line)
            if first != entry.line:
                remarks = (same_key(first), *remarks)
        if len(entry.key) > LONGEST_KEY:
            remarks = (LONG_KEY, *remarks)
        for remark in remarks:
            yield _problem(name, entry, said, remark)


def _problem(name: str, entry: Entry[S], said: Understood, remark: Remark) -> Problem:
    called = entry.key or (said.record.title if said.record else "")
    paper = f'entry "{called[:80]}"' if called else "an entry"
    line = "" if remark.line is None else f" (line {entry.line + remark.line})"
    error = remark.severity == "error" and not said.record
    skipped = "; skipped (an error under --strict)" if error else ""
    where = Where(name, entry.line, entry.end)
    message = f"{paper} {remark.message}{line}{skipped}"
    return Problem(where, message, remark.severity, remark.rule)


# --- the fields of an entry ---------------------------------------------------------------------


def raw(kind: str, fields: Mapping[str, str], remarks: Remarks = ()) -> Raw:
    """An entry with those of its fields that have a value and that somebody wants.

    A thesis is told by what it is called. For a preprint, and for what some call a report, arXiv
    is no publisher: it is where the paper is to be had. Its number may stand where a DOI should.
    What stands for the pages of a book is how many it has, unless it is a span, and for those of an
    article its number. No edition is the day on which PubMed had it, which EndNote has there.
    """
    if "10." not in (said := fields.get("doi", "")) and arxiv(said):
        fields = {**fields, "doi": "", "arxiv": said}
    if kind == "thesis":
        kind, genre = thesis(fields.get("type", ""))
        fields = {**fields, "type": genre}
    for role in ("publisher", "institution"):
        if kind in ("misc", "preprint", "techreport") and fields.get(role, "").lower() == "arxiv":
            kind, fields = "misc", {**fields, role: ""}
    pages = fields.get("pages", "").strip()
    if kind in _WHOLES and _TOTAL.fullmatch(pages):
        fields = {**fields, "pages": "", "pagetotal": fields.get("pagetotal") or pages}
    elif pages and pages == fields.get("eid", "").strip():
        fields = {**fields, "pages": ""}
    if _DAY_ONLINE.fullmatch(fields.get("edition", "")):
        fields = {**fields, "edition": ""}
    kept = {name: value for name, value in fields.items() if value and is_kept(name)}
    return Raw(kind, {name: _CONTROLS.sub(" ", value) for name, value in kept.items()}, remarks)


ISSN = re.compile(r"[0-9]{4}-?[0-9]{3}[0-9Xx](?![0-9A-Za-z-])")
"""An ISSN, with or without its hyphen."""

_WHOLES = frozenset(
    str.split("book booklet mastersthesis phdthesis proceedings techreport thesis unpublished")
)
# "345", "xii, 345 p.", "214 S."
_TOTAL = re.compile(
    r"(?:[ivxlcIVXLC]{1,9} ?[,+] ?)?[0-9]{1,5}(?: ?(?:pp?|pages|S|Seiten|s|leaves)\.?)?"
)
_DAY_ONLINE = re.compile("[0-9]{4}/[0-9]{2}(?:/[0-9]{2})?")

# What a file cannot hold once it is decoded, but escapes of JSON and XML can say: "\\b", "&#x85;".
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def broken(said: str, line: int | None = None) -> Understood:
    """What becomes of an entry that cannot be read; `line` counts from its first, which is 0."""
    return Understood(None, (Remark(f"is broken: {said}", "error", line),))


def latex(value: str) -> str:
    """A text of a format that is no LaTeX, as LaTeX that says the same.

    What is too long to be looked at (`fields.LONGEST`) is cut before the effort, to one character
    more, so that the cut is told of.
    """
    if "<" not in value and "&" not in value:
        return _written(value[: LONGEST + 1])
    parts = _MARKUP.split(value[: LONGEST + 1])
    return "".join(part if i % 2 else _written(part) for i, part in enumerate(parts))


# A tag or an entity: what from_latex knows of them goes, what it does not know stays as it is.
_MARKUP = re.compile(
    r"(</?[A-Za-z](?:[\w.-]{0,20}:)?[\w.-]{0,30}(?:\s[^<>{}\\$]{0,300})?/?>"
    r"|&(?:#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)"
)


def _written(text: str) -> str:
    """A piece without tags; from_plain takes the spaces at its ends, which part it from others."""
    said = to_latex(from_plain(text))
    before, behind = text[:1].isspace(), text[-1:].isspace()
    return f"{' ' * before}{said}{' ' * (behind and bool(said))}" if before or behind else said


def title(value: str) -> str:
    """A title, in braces what no style may lower: CSL marks it by a span of class nocase."""
    parts = _NOCASE.split(value[: LONGEST + 1])
    said = (f"{{{latex(part)}}}" if i % 2 else latex(part) for i, part in enumerate(parts))
    return "".join(said)


_NOCASE = re.compile(r"<span class=[\"']nocase[\"']>([^<>]{1,1000})</span>")


def seen(said: str) -> dict[str, str]:
    """The day on which somebody saw a page, where it is one: 2020/7/4, 2020-07-04."""
    found = _DATE.match(said.strip()[:LONGEST])
    if not found or not found[3]:
        return {}
    day = dated(*(int(part) for part in found.groups())).get("date", "")
    return {"urldate": day} if len(day) == _WHOLE_DAY else {}


_WHOLE_DAY = len("2020-07-04")


def keywords(values: Sequence[str]) -> str:
    """A field of keywords, which values hold one by one, or all of them a single value.

    Semicolons part keywords; so do commas, where there is but one value and no semicolon in it.
    """
    single = len(values) == 1 and ";" not in values[0]
    parts = (part.strip() for value in values for part in value.split("," if single else ";"))
    return _words(parts)


def _words(values: Iterable[str]) -> str:
    """Each in braces, so that its commas part nothing."""
    return "; ".join(f"{{{said}}}" for value in values if (said := latex(value).strip()))


def bare_key(value: str) -> str:
    """An entry's own key; none where it is the number or the address that a program gives.

    Zotero has `http://zotero.org/users/…`, `12345/ABCDEFGH` or `ABCDEFGH`, EndNote counts.
    """
    key = clean(value[: 4 * LONGEST_KEY])
    return "" if _NO_KEY.search(key) or not any(map(str.isalpha, key)) else key


_NO_KEY = re.compile(r"^https?://|^(?:[0-9]{1,12}/)?[A-Z0-9]{8}$|^WOS:|^\S*\s")


def thesis(genre: str) -> tuple[str, str]:
    """The type of a thesis by what it is called, and what it is called where that says more.

    A mere degree says no more: what EndNote has it for is the kind of a thesis.
    """
    folded = genre.casefold().replace("’", "'").replace(". ", ".")
    return next(
        ((kind, "") for kind, names in _THESES.items() if folded in names), ("thesis", genre)
    )


_THESES = {
    "phdthesis": ("phd thesis", "ph.d.thesis", "ph.d.", "phd", "doctoral"),
    "mastersthesis": ("master's thesis", "masters thesis", "master thesis", "masters", "master's"),
}


# --- names --------------------------------------------------------------------------------------


def named(names: Iterable[Name]) -> str:
    """A field of authors or editors that `names.people` reads back as these very names."""
    room, written = LONGEST_AUTHORS, []
    for name in names:
        is_long = len(name.family) + len(name.given) > LONGEST_NAME  # which no memory is for
        written.append(_name.__wrapped__(name) if is_long else _name(name))
        room -= len(written[-1])
        if room < 0:
            break
    return " and ".join(filter(None, written))


def names_in(value: str, commas: Commas = "any") -> Iterator[Name]:
    """The names in a text that lists them: "Smith, Ada; Li, Bo", "Smith A.B., Lee C.".

    What stands in braces is one group, whatever is in them, as in BibTeX: "{Smith and Sons; Ltd}".
    `commas` tells what is known of them from elsewhere: nothing; that in this table a single one
    stands "within" a name; that there semicolons "never" part anything but people.
    """
    value = value[:LONGEST_AUTHORS].translate(_ARABIC)
    parted = ";" in value or _GROUP.fullmatch(value.strip()) or commas == "never"
    if parted or (commas == "within" and _INVERTED_PAIR.fullmatch(value)):
        yield from (name for part in _LISTED.findall(value) for name in one_name(part))
        return
    parts = value.split(",")
    if all(map(_INVERTED.fullmatch, map(str.strip, parts))):
        yield from (name for part in parts for name in one_name(part))
    else:
        yield from plain_list(value)


Commas = Literal["any", "within", "never"]

# Comma and semicolon of Arabic, Persian and Urdu.
_ARABIC = {0x60C: ",", 0x61B: ";"}
# "Family, Given", and no "A. Smith, B. Jones".
_INVERTED_PAIR = re.compile(r"(?!\s*+[^\W\d_]\.)(?!.*(?:&| and ))[^,]++,[^,]++")
# What stands between semicolons, but for those within braces; and what is in braces as a whole.
_LISTED = re.compile(again(r"\{[^{}]*+\}|[^;{]++|\{", 1))
_GROUP = re.compile(r"\{([^{}]++)\}")


def names_exported(value: str) -> Iterator[Name]:
    """The names in a cell as `csv` of `generator.cite` writes them, each exactly as it was.

    "Family, Given, Suffix", each part in braces that holds a comma or a semicolon; a comma at the
    end of a family name that stands alone. What somebody has written into such a table by hand, and
    the exporter would not, is read as in any other.
    """
    for said in map(str.strip, _LISTED.findall(value[:LONGEST_AUTHORS])):
        parts = ["".join(part).strip() for part in _NAME_PARTS.findall(said)]
        if _ONE_WORD.fullmatch(said) and said not in _OTHERS:
            yield Name(said)
            continue
        by_hand = len(parts) == 1 or len(parts) > _MOST_PARTS or not parts[0]
        if by_hand or (is_suffix(parts[1]) and not is_suffix(parts[-1])):
            yield from one_name(said)
        else:
            family, given, suffix = (*map(from_plain, parts), "")[:_MOST_PARTS]
            yield Name(family, given, suffix)


# What stands between the commas of a name, the last of which ends the text: with or without braces.
_NAME_PARTS = re.compile(r"(?:^|,)[ ]*+(?:\{([^{}]*+)\}(?=[ ]*+(?:,|$))|([^,]*+))")
_MOST_PARTS = 3
_ONE_WORD = re.compile("[A-Za-z\u0080-\U0010ffff]+")


def one_name(value: str) -> Iterator[Name]:
    """The name that a text is: "Family, Given", "Given Family", or a group's.

    Databases write "Smith A.B." (Scopus). Braces round it make a group of it, and so do, as EndNote
    has it, a comma at the end ("Google Research,") and two for the first one that is its own
    ("University of California,, Irvine"). Where semicolons part several names, each is one.
    """
    value = _NUMBERED.sub("", value.strip(" ;")[:LONGEST_AUTHORS])
    listed = _LISTED.findall(value) if ";" in value else ()
    bare = value.rstrip(" ,")
    inverted = _INVERTED.fullmatch(bare)
    if bare.casefold().strip(" .") in _OTHERS:
        yield OTHERS
    elif group := _GROUP.fullmatch(value):
        yield Name(from_plain(group[1]), group=True)
    elif len(listed) > 1:
        yield from (name for part in listed for name in one_name(part))
    elif ",," in bare:
        yield Name(from_plain(bare.replace(",,", ",", 1)), group=True)
    elif inverted:
        yield Name(from_plain(inverted[1]), inverted[2])
    elif value.endswith(",") and "," not in bare:
        yield Name(from_plain(bare), group=True)
    elif str(name := person(bare)):
        yield name


# A family name and initials with dots; and the number that Scopus gives an author.
_FAMILY = again(r"[^\W\d_][\w'’-]*+ ", 1)
_INVERTED = re.compile(rf"({_FAMILY})((?:[^\W\d_]\.-?){{1,5}})")
_NUMBERED = re.compile(r" ?\([0-9]{5,15}\)$")
_OTHERS = frozenset({"others", "et al", "and others"})


@lru_cache(maxsize=65536)
def _name(name: Name) -> str:
    """A name that is read back as it is: without braces, where that makes no difference."""
    if name == OTHERS:
        return "others"
    bare = f"{name.family}, {name.given}"
    # Without braces it takes a third of the time; but behind another name brackets are a remark.
    if not bare.startswith("(") and people(bare) == ((name,), ()):
        return bare
    family, given = _in_braces(name.family), _in_braces(name.given)
    if name.group:
        return family
    if is_suffix(name.suffix):  # which is one without braces alone
        return f"{family}, {name.suffix}, {given}"
    if name.suffix:
        given = _in_braces(f"{name.given} {name.suffix}")
    # Braces round the whole of a name would make it a group.
    return f"{family}, {given}" if given else family and f"{family}{{}}"


def _in_braces(part: str) -> str:
    said = latex(part).strip()
    return f"{{{said}}}" if said else ""


# --- when ---------------------------------------------------------------------------------------


def date(said: str) -> dict[str, str]:
    """The fields of a date that begins with its year: 2020/07/04/, 2020-07, 2020; or in words."""
    said = " ".join(said[:LONGEST].split())
    if found := _DATE.match(said):
        return dated(*(int(part or 0) for part in found.groups()))
    return {"year": latex(said)}


def dated(year: int, month: int = 0, day: int = 0) -> dict[str, str]:
    """The fields of a date, whose month and day are 0 where they are not known."""
    if not 1 <= month <= 12:
        return {"year": f"{year:04}"}
    known = f"{year:04}-{month:02}"
    return {"date": f"{known}-{day:02}" if 1 <= day <= 31 else known}


_DATE = re.compile(r"([0-9]{4})(?![0-9])(?:[-/]([0-9]{1,2})(?:[-/]([0-9]{1,2}))?)?(?![0-9])")
