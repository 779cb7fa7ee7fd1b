"""A venue is the series, not the volume: what is left of "Proceedings of the 8th …" as found.

Three steps, each a pure function of the string, so that no other paper's arrival can move an
address: the grammar by which volumes are written takes off what changes from year to year; a
table of well-known series (`series.toml`) brings acronyms and names together; an owner's
`venues.toml` overrules both. A string that no table knows is still reduced, and keeps the acronym
found beside it as its short name. What is abbreviated is wholly expanded, or shown as it is written
(`journals`).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import dropwhile
from pathlib import Path
from typing import Any

from generator import journals, text
from generator.toml import Toml, Way

# Longer than any real title of proceedings; what is longer is cut, not understood.
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Venue:
    """A series: its address, its name without year or publisher, and its acronym where known."""

    slug: str
    name: str
    short: str = ""


@dataclass(frozen=True, slots=True)
class Overrides:
    """An owner's `venues.toml`: the series that are meant by a folded name, alias or slug."""

    by_name: Mapping[str, Venue] = field(default_factory=dict)
    by_slug: Mapping[str, Venue] = field(default_factory=dict)


_NONE = Overrides()


def series(venue: str, overrides: Overrides = _NONE) -> Venue | None:
    """The series that a journal or proceedings as found in a record belongs to.

    None for what is no venue: a university, a thesis, a preprint server (CoRR too: it reviews
    nothing and everything is on it), a publisher, a technical report, a mere submission.
    """
    found = " ".join(venue.translate(_NO_BRACES).split())[:LONGEST]
    reduced = _reduce(found)
    if own := _own((found, reduced.name), overrides):
        return own
    if not reduced.name or _is_no_venue(found, reduced):
        return None
    known = _known(reduced) or _unknown(reduced)
    return _own((known.name, known.short), overrides) or overrides.by_slug.get(known.slug) or known


def _unknown(reduced: _Reduced) -> Venue:
    """The series of a name that no table has: expanded, if every word of it says what it is."""
    whole = journals.expanded(reduced.name) if reduced.abbreviated else ""
    if whole:
        return Venue(text.slug(whole), whole, reduced.short)
    return Venue(text.slug(reduced.name), reduced.written or reduced.name, reduced.short)


def _own(names: Iterable[str], overrides: Overrides) -> Venue | None:
    """The owner's venue that one of the names means."""
    own = (overrides.by_name.get(text.fold(name)) for name in names if name and overrides.by_name)
    return next(filter(None, own), None)


def former_slug(venue: str, overrides: Overrides) -> str:
    """Where the page of a venue's series was before the owner gave it another; empty if nowhere."""
    now, known = series(venue, overrides), series(venue)
    return known.slug if now and known and known.slug != now.slug else ""


def is_preprint(venue: str) -> bool:
    """Whether the "venue" is a server of preprints ("arXiv preprint arXiv:2401.00001", "CoRR")."""
    return bool(_PREPRINT.match(venue.translate(_NO_BRACES).strip()))


def load_overrides(said: Toml) -> Overrides:
    """What the owner's `venues.toml` says: `[[venue]]` with name, slug, short, aliases.

    A venue whose slug is that of a series we know by ourselves renames it. Raises ConfigError for
    an unknown setting, a value of a wrong kind, and two venues that claim one slug or one alias.
    """
    said.check_names("setting", ["venue"])
    by_name: dict[str, Venue] = {}
    by_slug: dict[str, Venue] = {}
    for path, table in said.tables("venue"):
        venue, aliases = _override(said, path, table)
        if by_slug.setdefault(venue.slug, venue) is not venue:
            raise said.wrong(f'two venues have the slug "{venue.slug}"', *path, "slug")
        for alias in (venue.name, *aliases):
            other = by_name.setdefault(text.fold(alias), venue)
            if other is not venue:
                both = f'both "{other.name}" and "{venue.name}"'
                raise said.wrong(f'"{alias}" names {both}', *path)
    return Overrides(by_name, by_slug)


def _override(said: Toml, path: Way, table: Mapping[str, Any]) -> tuple[Venue, Sequence[str]]:
    said.check_names("setting of a venue", ["slug", "name", "short", "aliases"], *path)
    name = table.get("name")
    if not isinstance(name, str) or not name.strip():
        raise said.wrong('every venue needs a name: name = "…"', *path, "name")
    slug, short = table.get("slug", text.slug(name)), table.get("short", "")
    aliases = table.get("aliases", [])
    if not isinstance(slug, str) or text.slug(slug) != slug:
        raise said.wrong(f'slug of "{name}" must be of a-z, 0-9 and hyphens', *path, "slug")
    if not isinstance(short, str):
        raise said.wrong(f'short of "{name}" must be a text', *path, "short")
    if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
        how = 'must be a list of texts: aliases = ["…"]'
        raise said.wrong(f'aliases of "{name}" {how}', *path, "aliases")
    return Venue(slug, name.strip(), short.strip()), aliases


# --- what is no venue ---------------------------------------------------------------------------

_NO_BRACES = str.maketrans("", "", '{}"“”')
_PREPRINT = re.compile(
    r"(?:psy|soc|eng|eco|ed|bio|med|chem|tech)?a?rxiv\b|corr\b|ssrn\b|abs/\d|osf preprints"
    r"|research square|e-?prints?\b|(?:e-?)?preprints?\b",
    re.IGNORECASE,
)
_REPORT = re.compile(
    r"\b(?:thesis|dissertation|habilitation\w*|tech(?:nical|\.)? rep(?:ort|\.)?|white ?paper"
    r"|working paper|blog(?: ?post)?|git(?:hub|lab)|zenodo)\b",
    re.IGNORECASE,
)
_PENDING = re.compile(
    r"^(?:submitted|under (?:review|submission)|in (?:preparation|submission)|unpublished"
    r"|manuscript|https?:|www\.)|\b(?:withdrawn|rejected|submission)s?$|://",
    re.IGNORECASE,
)
_INSTITUTION = re.compile(
    r"\b(?:universit\w+|universidade?|college|institut[eo]?|polytechni\w*|department|faculty"
    r"|laborator(?:y|ies)|école|school of|academy|eth z[uü]rich)\b"
    r"|\b(?:press|publish(?:ers?|ing)|verlag)$",
    re.IGNORECASE,
)
_PERIODICAL = re.compile(
    r"\b(?:journal|proceedings|transactions|annal\w*|acta|bulletin|review|letters|magazine|notices"
    r"|archiv\w*|advances|communications|reports|zeitschrift|revue|quarterly|studies)\b",
    re.IGNORECASE,
)


def _is_no_venue(found: str, reduced: _Reduced) -> bool:
    periodical = reduced.conference or _PERIODICAL.search(found)
    return bool(
        _PREPRINT.match(found)
        or _REPORT.search(found)
        or _PENDING.search(found)
        or all(_is_publisher(word) for word in reduced.name.split())
        or not any(map(_means_something, reduced.name.split()))
        or (not periodical and _INSTITUTION.search(found))
    )


# --- the grammar: what changes from volume to volume --------------------------------------------

_COUNTS = frozenset(
    str.split(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
        "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth "
        "thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth hundredth twenty "
        "thirty forty fifty sixty seventy eighty ninety hundred"
    )
)
_KINDS = {
    "conference": "conference", "conferences": "conference", "symposium": "symposium",
    "symposia": "symposium", "workshop": "workshop", "workshops": "workshop",
    "meeting": "meeting", "congress": "congress", "colloquium": "colloquium",
    "convention": "convention", "summit": "summit",
}  # fmt: skip
_EXPANSIONS = {
    "int.": "International", "intl": "International", "intl.": "International",
    "int'l": "International", "conf": "Conference", "conf.": "Conference",
    "symp": "Symposium", "symp.": "Symposium", "wksp": "Workshop", "wksp.": "Workshop",
    "proc": "Proceedings", "proc.": "Proceedings", "trans.": "Transactions", "&": "and",
}  # fmt: skip
# Who prints or sponsors, and is named or not from year to year. SIAM, USENIX, AAAI and the like
# are none of these: they tell one series from another (SDM and ICDM are both "on Data Mining").
_PUBLISHERS = frozenset(
    str.split(
        "ieee acm cvf rsj iapr wic ifip inns enns iet eurasip embs pmlr lncs lnai ccis ceur "
        "springer elsevier spie w&cp"
    )
)
# Capitals that are no acronym of a series.
_NO_ACRONYMS = frozenset(str.split("usa uk uae us ii iii iv vi vii viii jmlr"))
_SMALL = frozenset(str.split("of on in for and the to a an at by with from"))
_REPEATED = frozenset({"annual", "biennial", "biannual", "edition"})
_NO_CONTENT = _SMALL | _KINDS.keys() | {"international", "joint", "annual", "proceedings"}
_YEAR = r"(?:1[89]|20)\d\d"
_COUNT = rf"\d+(?:st|nd|rd|th)\b|{_YEAR}\b|(?:{'|'.join(sorted(_COUNTS))})\b"

_AT = re.compile(
    r"in:? (?=proc|the \d|\d)|in: |(?:to appear|accepted|presented|published|appears?)"
    r"(?: for (?:publication|presentation))?(?: in| at| by| to)?:? (?=\S)",
    re.IGNORECASE,
)
_PROCEEDINGS = re.compile(
    r"(?:(?:pre-?|online |companion |adjunct |joint |short |conference )?proceedings"
    r"|conference record|extended abstracts|companion(?: volume)?) (?:of |[-–:] )?(?:the )?",
    re.IGNORECASE,
)
_WORKSHOPS_AT = re.compile(r"(?:proceedings of the )?workshops? at (?:the )?", re.IGNORECASE)
_WITH_YEAR = re.compile(rf"([A-Za-z0-9&*+/@-]*?[A-Za-z*])(?:[ '’-]*{_YEAR}| ?['’-]\d\d)(?!\w)")
_THEMED = re.compile(rf" [–—-] ([A-Za-z0-9/&*+-]*[A-Za-z])[ '’-]*{_YEAR}(?!\w)(.*)")
_BRACKETS = re.compile(r" ?[(\[]([^()\[\]]*)[)\]]")
_NUMBER = re.compile(
    rf"\d[\d()/.:–-]*|['’]\d\d|(?:vol(?:ume)?|no|nr|number|issue|pp?|pages?|part|edition)\.?"
    rf"|\({_YEAR}\)",
    re.IGNORECASE,
)
# What begins a part of a title that says which volume, track or event this is.
_VOLUME = re.compile(
    rf"{_COUNT}|the \d|annual |(?:pre-?)?proceedings|vol(?:ume)?s?\b|part (?:\d|[ivx]+\b)"
    r"|(?:system |software )?demonstrations?\b|demos?\b|industr(?:y|ial) |main (?:conference|track"
    r"|volume|papers)|(?:long|short|full|student) papers|tutorials?\b|shared task|"
    r"(?:conference|research|applied|special) track|datasets and benchmarks|posters?\b|virtual\b",
    re.IGNORECASE,
)
_SECOND_EVENT = re.compile(
    rf" and (?:the )?(?:{_COUNT})|,? (?:held (?:in|at|as)|in conjunction|co-?located|jointly) ",
    re.IGNORECASE,
)
_TRACK = re.compile(
    r" (?:(?:track on )?datasets and benchmarks|(?:position paper|industry|demo|demonstrations?"
    r"|research|main|creative ai|applied data science|special|system)(?= track))(?: track)?$",
    re.IGNORECASE,
)
_PRINTED_SERIES = re.compile(r"\b(?:conference|workshop) (?:series|proceedings?\b)")
_SPONSOR = re.compile(r"(?:ACM[/-])?SIG[A-Z]\S*")
_PART = re.compile(r"(?:part|ser(?:ies|\.)|sect(?:ion|\.)) [a-h]\b", re.IGNORECASE)
# Where a journal is published, which tells it from others of its name (ISO 4): "(China)"; but
# these say something else.
_PLACE = re.compile(r"[(\[](?!(?:Methodological|Online|Print)[)\]])[A-Z][^\W\d_]{3,}[)\]]")
_LANDS = re.compile(r"bosnia and|trinidad and|antigua and|saint .* and|são tomé and", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Reduced:
    """What the grammar leaves of a venue: the series' name, the acronym beside it, and its kind.

    Of an `abbreviated` name, which may stand for a whole one, a part may be expanded; `written` is
    then the name without that.
    """

    name: str
    short: str = ""
    conference: bool = False
    abbreviated: bool = False
    written: str = ""


@cache
def _reduce(found: str) -> _Reduced:
    """A venue without ordinal, year, place, dates, volume, publisher and "Proceedings of the"."""
    found = found[match.end() :] if (match := _AT.match(found)) else found
    return _workshops_of(found) or _themed(found) or _headed(found) or _titled(found)


def _workshops_of(found: str) -> _Reduced | None:
    """The workshops that go with a conference: "Workshops at the 32nd AAAI Conference on …"."""
    match = _WORKSHOPS_AT.match(found)
    host = _reduce(found[match.end() :]) if match else _Reduced("")
    workshops = replace(host, name=f"{host.name} Workshops", short="")
    return workshops if host.conference else None


def _themed(found: str) -> _Reduced | None:
    """Lecture notes: "Computer Vision – ECCV 2020". Series share such a theme, not the acronym."""
    match = _THEMED.search(found)
    if not match or not _acronym(match[1]) or _is_conference(found[: match.start()]):
        return None
    return _dated(_acronym(match[1]), match[2] if "workshop" in match[2].lower() else "")


def _headed(found: str) -> _Reduced | None:
    """A venue that begins with an acronym and its year: "ICML 2020", "KDD '18: Proceedings …"."""
    unprinted = " ".join(dropwhile(_is_publisher, found.split()))
    match = _WITH_YEAR.match(unprinted)
    acronym = _acronym(match[1]) if match else ""
    return _dated(acronym, unprinted[match.end() :]) if match and acronym else None


def _dated(acronym: str, rest: str) -> _Reduced:
    """What an acronym with its year is, by what follows: itself, a title, one of its workshops."""
    said = rest.lower()
    if rest.startswith(":"):
        reduced = _reduce(rest[1:].strip())
        if "workshop" in reduced.name.lower():
            return replace(reduced, name=f"{acronym} {reduced.name}", short="")
        return replace(reduced, short=acronym)
    if "workshop" in said or "findings" in said:
        stem, _ = _without_brackets(rest)
        clause, _ = _first_clause(stem.strip(" ,:-–"))
        return _Reduced(_tidy([acronym, *clause.split()]), conference=True)
    return _Reduced(acronym, acronym, conference=True)


def _titled(found: str) -> _Reduced:
    """A venue by its title: a journal's name, or a conference's with what surrounds it."""
    stem, short = _without_brackets(_THEMED.sub(lambda m: f", {m[0][3:]}", found))
    words = stem.split()
    whole = " ".join(_EXPANSIONS.get(word.lower(), word) for word in words)
    rest = whole[match.end() :] if (match := _PROCEEDINGS.match(whole)) else whole
    counted = match and _is_count((rest.split() or [""])[0], spoken=True)
    if not counted and not _is_conference(rest):
        clause, beside = _first_clause(whole)
        reduced = _as_written(_Reduced(_tidy(clause.split()), short or beside), words)
        is_elsewhere = not short and _PLACE.search(found)
        return replace(reduced, abbreviated=False) if is_elsewhere else reduced
    clause, beside = _first_clause(rest)
    name = _TRACK.sub("", _tidy(_bare(clause.split())))
    return _as_written(_Reduced(name, short or beside, conference=True), words)


def _as_written(reduced: _Reduced, found: Sequence[str]) -> _Reduced:
    """The name with what is known of its abbreviation; `found` are the words it was made of."""
    if not any(map(journals.is_abbreviated, found)):
        return reduced
    words = reduced.name.split()
    # The last dot is an abbreviation's, unless it ends a name that is whole: "Journal of Foo."
    whole = reduced.conference or not _SMALL.isdisjoint(words)
    short = any(map(journals.is_abbreviated, words)) or any(map(journals.is_stem, words[-1:]))
    dotted = {word.rstrip(",;:") for word in found}
    if words and f"{words[-1]}." in dotted and (short or not whole):
        words[-1] += "."
    given = {_EXPANSIONS[word.lower()]: word for word in found if word.lower() in _EXPANSIONS}
    if any(map(journals.is_abbreviated, words)):
        words = [given.get(word, word) for word in words]
    return replace(reduced, abbreviated=True, written=" ".join(words))


def _without_brackets(found: str) -> tuple[str, str]:
    """The text without what stands in brackets, and the first acronym in them.

    An acronym ends the name, "workshops" in brackets is part of it.
    """
    short = ""
    pieces: list[str] = []
    end = 0
    for match in _BRACKETS.finditer(found):
        inner = match[1].strip()
        pieces.append(found[end : match.start()])
        end = match.end()
        if aside := re.search("workshop|findings", inner.lower()):
            pieces.append("" if aside[0] in found[: match.start()].lower() else f" {inner}")
        elif acronym := _acronym(inner):
            short = short or acronym
            pieces.append("" if re.match(r"\s*(?:\w+ )?workshop", found[end:], re.I) else ",")
    text_left = "".join([*pieces, found[end:]])
    return re.sub(r"[()\[\]]", " ", text_left).replace(",,", ","), short


def _is_conference(name: str) -> bool:
    """Whether a name is that of meetings, not of a journal, by a word or by being an acronym."""
    words = [word.strip(",:;.").lower() for word in name.split()]
    kinds = [word for word in words if word in _KINDS]
    said = " ".join(words)
    if kinds:
        return not ({"journal", "transactions"} & {*words} or _PRINTED_SERIES.search(said))
    first = name.split(",")[0].split(":")[0]
    return bool(_acronym(" ".join(w for w in first.split() if not _is_publisher(w))))


def _first_clause(name: str) -> tuple[str, str]:
    """What of a title is the series' name, before place, dates and pages, and the acronym there."""
    if second := _SECOND_EVENT.search(name):
        name = name[: second.start()]
    head, *tails = name.split(": ")
    for tail in tails:
        if _VOLUME.match(tail) or _acronym(tail.split(",")[0]) or _ends_in_number(head):
            break
        head = f"{head}: {tail}"
    first, *rest = map(str.strip, head.split(","))
    workshop = next((part for part in rest if "workshop" in part.lower()), "")
    if "workshop track" in workshop.lower():
        workshop = "Workshops"
    if _acronym(first):
        return f"{first} {workshop}", "" if workshop else _acronym(first)
    stop = next((i for i, part in enumerate(rest) if _is_of_volume(part)), len(rest))
    joined = next((i + 1 for i, part in enumerate(rest[:stop]) if _joins(part)), 0)
    clause = ", ".join([first, *rest[:joined]])
    if joined < len(rest) and _PART.match(rest[joined]):
        clause += f", {rest[joined]}"
    if workshop and "workshop" not in clause.lower():
        clause += f" {workshop}"
    return clause, next(filter(None, (_beside(part, clause) for part in rest[joined:])), "")


def _beside(part: str, name: str) -> str:
    """The acronym in a part after the name; places ("CA", "USA") have no year and spell nothing."""
    acronym = _acronym(part)
    dated = len(acronym) > 2 and re.search(rf"{_YEAR}$", part) and "workshop" not in name.lower()
    return acronym if dated or _spells(acronym, name) else ""


def _is_of_volume(part: str) -> bool:
    return not part or bool(re.search(r"\d", part) or _acronym(part) or _VOLUME.match(part))


def _joins(part: str) -> bool:
    """Whether a part after a comma belongs to an enumeration: "Systems, Man, and Cybernetics"."""
    return "and" in part.lower().split() and not _LANDS.match(part)


def _ends_in_number(name: str) -> bool:
    return bool(name) and name.split()[-1].isdigit()


def _bare(words: Sequence[str]) -> Sequence[str]:
    """A conference's name without ordinals, years, "Annual", and who prints or sponsors it.

    These stand before the word that says what it is ("Conference"); when they are all there is
    ("ACM SIGGRAPH Conference"), they are the name.
    """
    kind = next((i for i, word in enumerate(words) if word.lower() in _KINDS), len(words))
    counted = [word for word in words[:kind] if not _is_count(word, kind < len(words))]
    rest = [word for word in words[kind:] if not re.fullmatch(_YEAR, word)]
    if counted and counted[0].lower() == _initials([*counted[1:], *rest]):
        counted = counted[1:]  # "IJCAI International Joint Conference on Artificial Intelligence"
    unprinted = [word for word in counted if not _is_publisher(word)]
    if len(unprinted) < len(counted) and unprinted[:2] == ["Computer", "Society"]:
        unprinted = unprinted[2:]
    if any(map(_means_something, rest)):
        return [*(word for word in unprinted if not _SPONSOR.fullmatch(word)), *rest]
    return [*unprinted, *rest] if any(map(_means_something, unprinted)) else [*counted, *rest]


def _means_something(word: str) -> bool:
    return word.lower() not in _NO_CONTENT


def _initials(words: Sequence[str]) -> str:
    return "".join(word[0] for word in words if word.lower() not in _SMALL).lower()


def _is_count(word: str, spoken: bool) -> bool:
    """Whether a word counts events: "8th", "2021"; `spoken`: also "XIV", "Third", "Annual"."""
    plain = word.strip(".,:;()'’").lower()
    if re.fullmatch(rf"\d+(?:st|nd|rd|th)|{_YEAR}|\d\d", plain) or plain == "the":
        return True
    counts = all(part in _COUNTS for part in plain.split("-"))
    return spoken and bool(counts or plain in _REPEATED or re.fullmatch("[XVI]{2,}", word))


@cache
def _is_publisher(word: str) -> bool:
    parts = word.strip(",.:;").casefold().replace("/", "-").split("-")
    return all(part in _PUBLISHERS or part.isdigit() for part in parts)


def _tidy(words: Sequence[str]) -> str:
    """A name without trailing volume and pages, and spelled in one way."""
    words = [_EXPANSIONS.get(word.lower(), word) if word == "&" else word for word in words]
    while words and _NUMBER.fullmatch(words[-1].strip(",;:.–—-")):
        words.pop()
    while words and (not words[-1].strip(",;:–—-") or _is_dashed_proceedings(words)):
        words.pop()
    if len(words) > 2 and re.fullmatch("[IVX]+", words[-1]) and words[-2].lower() == "part":
        words = words[:-2]
    while len(words) > 1 and (words[0].lower() == "the" or re.fullmatch(_YEAR, words[0])):
        words = words[1:]
    shouted = len(words) > 1 and max(map(len, words)) > 5 and all(w == w.upper() for w in words)
    words = [word.capitalize() for word in words] if shouted else words
    small = [
        w.lower() if i and w.lower() in _SMALL and w[1:].islower() else w
        for i, w in enumerate(words)
    ]
    return " ".join(small).strip(" ,;:–—-").removesuffix(".") if words else ""


def _is_dashed_proceedings(words: Sequence[str]) -> bool:
    """Whether a name ends as in "International Conference on Data Engineering - Proceedings"."""
    return len(words) > 2 and words[-1].lower() == "proceedings" and words[-2] in {"-", "–"}


def _acronym(value: str) -> str:
    """The acronym that a text is, without its year ("ICRA2022", "AAAI-18", "ECML PKDD 2020").

    Empty for a text that is none: an acronym has two capitals and no spaces, but that two of them
    may stand together.
    """
    bare = re.sub(rf"(?:(?<![ '’-])[ '’-]*+{_YEAR}| ?['’-]\d\d|(?<=[A-Z])\d\d)$", "", value.strip())
    words = [word for word in bare.split() if not _is_publisher(word)]
    fit = words and len(words) <= 2 and all(map(_is_acronym, words))
    return " ".join(words) if fit else ""


def _is_acronym(word: str) -> bool:
    capitals = sum(char.isupper() for char in word) + ("*" in word) + word[0].isdigit()
    shape = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9&*+/@-]*", word)
    return bool(shape) and capitals > 1 and word.lower() not in _NO_ACRONYMS and len(word) > 1


def _spells(acronym: str, name: str) -> bool:
    """Whether the acronym's letters stand in the name in this order: "CA" and "USA" do not."""
    letters = iter(name.casefold())
    short = [char for char in acronym.casefold() if char.isalpha()]
    return len(short) > 2 and all(char in letters for char in short)


# --- well-known series --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Known:
    """The table of `series.toml`, by what identifies a name and by acronym."""

    names: Mapping[str, Venue]
    acronyms: Mapping[str, Venue]
    shapes: Mapping[tuple[int, str], Sequence[tuple[Sequence[str], Venue]]]  # names by `_shape`
    vocabulary: Mapping[str, frozenset[str]]  # slug → all words of its names


def _known(reduced: _Reduced) -> Venue | None:
    """The well-known series that a reduced venue is, by its name, else by its acronym."""
    known = _table()
    for name in _readings(reduced):
        if venue := known.names.get(_key(name)):
            return venue
    if venue := known.acronyms.get(_acronym(reduced.name).casefold()):
        return venue
    venue = known.acronyms.get(reduced.short.casefold()) if reduced.short else None
    if venue and _abridges(reduced.name, known.vocabulary[venue.slug]):
        return venue
    return _abbreviated(reduced.name, known) if reduced.abbreviated else None


def _readings(reduced: _Reduced) -> Iterator[str]:
    """The name, and for a conference also the parts of it that may be the name of the series."""
    name = re.sub(r" [XVI]{2,}$", "", reduced.name)
    yield name
    if match := _PROCEEDINGS.match(name):
        yield name[match.end() :]
    while reduced.conference and ": " in name:
        name, _, tail = name.rpartition(": ")
        if "workshop" in tail.lower():
            return
        yield name


def _abridges(name: str, vocabulary: frozenset[str]) -> bool:
    """Whether a name has only words of the series', or their beginnings, and the same kind."""
    words = _key(name).split()
    return all(
        any(long.startswith(word) for long in vocabulary) if len(word) > 2 else word in vocabulary
        for word in words
    )


def _abbreviated(name: str, known: _Known) -> Venue | None:
    """The one series whose words begin as these do: "Adv. Neural Inf. Process. Syst."."""
    words = _key(name).split()
    found = {
        venue
        for full, venue in known.shapes.get(_shape(words), ())
        if all(map(_is_short_for, words, full))
    }
    return found.pop() if len(found) == 1 else None


def _is_short_for(word: str, full: str) -> bool:
    other = _NOT_SHORT_FOR.get(word)
    return full.startswith(word) and not (other and full.startswith(other))


# What a word that begins so does not stand for: "Adv. Mat." are the Advanced Materials, "Ann. Mat."
# the Annali di Matematica; "Comp. Math." may be computational.
_NOT_SHORT_FOR = {"mat": "math", "comp": "compositio"}


def _shape(words: Sequence[str]) -> tuple[int, str]:
    """What a name and its abbreviation have in common: how many words, and the first letter."""
    return len(words), words[0][0] if words else ""


@cache
def _key(name: str) -> str:
    """What identifies a series in its name: its kind, then its words that mean something.

    "International" counts in journals only, where it tells two apart ("Journal of Forecasting",
    "International Journal of Forecasting"); conferences are called either way.
    """
    marks = unicodedata.normalize("NFKD", name.casefold())
    words = re.findall(r"[^\W_]+", "".join(c for c in marks if not unicodedata.combining(c)))
    kinds = sorted({_KINDS[word] for word in words if word in _KINDS})
    weak = {"of", "on", "in", "for", "and", "the", "to", "at", *_KINDS}
    if kinds:
        weak |= {"international", "annual", "ieee", "acm"}
    return " ".join([*kinds, *(word for word in words if word not in weak)])


# Short names that are also words, and so are read as acronyms only in capitals.
_WORDS = frozenset(str.split("case clear date fast log micro"))


@cache
def _table() -> _Known:
    """The table of well-known series, with the workshops that go with each conference."""
    data = tomllib.loads(Path(__file__).with_name("series.toml").read_text(encoding="utf-8"))
    names: dict[str, Venue] = {}
    acronyms: dict[str, Venue] = {}
    vocabulary: dict[str, frozenset[str]] = {}
    rows = [(Venue(text.slug(row[0]), row[1], row[0]), row) for row in data["conferences"]]
    rows += [(Venue(text.slug(row[1]), row[1], row[0]), row) for row in data["journals"]]
    rows += [_workshops(row) for row in data["conferences"]]
    for venue, row in rows:
        for name in filter(None, row):
            if _acronym(name):
                acronyms.setdefault(_acronym(name).casefold(), venue)
            if not _acronym(name) or (len(name) > 3 and name.casefold() not in _WORDS):
                names.setdefault(_key(name), venue)
        vocabulary[venue.slug] = frozenset(" ".join(map(_key, row)).split())
    shapes: defaultdict[tuple[int, str], list[tuple[Sequence[str], Venue]]] = defaultdict(list)
    for key, venue in names.items():
        shapes[_shape(key.split())].append((key.split(), venue))
    return _Known(names, acronyms, shapes, vocabulary)


def _workshops(row: Sequence[str]) -> tuple[Venue, Sequence[str]]:
    """The workshops of a conference, which are another venue than the conference itself."""
    short, name, *_ = row
    venue = Venue(text.slug(f"{short} workshops"), f"{name} Workshops", f"{short}W")
    return venue, [f"{short}W", *(f"{each} Workshops" for each in row)]
