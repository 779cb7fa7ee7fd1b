"""The words of the interface, a file a language; what the papers say stays as they say it.

`templates/words/en.toml` has every word, German's `de.toml` too. An owner's folder may hold files
of the same kind: a language more, or other words in one that is there. Word by word the owner's go
before ours, the language's before English, so that what a file lacks is English.

A word is a text with named parts ("Page {n}"), or a few of them, one for each plural form that the
language has: which form a number takes is a rule in the file, written as the Unicode CLDR writes
them ("n % 10 = 2..4 and n % 100 != 12..14"), so that a translator copies it from there. Python and
the browser count by the same rule: scripts get it with their words (`Words.script`).

Known weakness: a rule sees whole numbers only; nothing here counts anything else.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import Any

from generator import languages
from generator.config import CONFIG, as_written
from generator.errors import BibpressError
from generator.model import Problem, Said, Where
from generator.text import clean, to_html
from generator.text.markup import shown
from generator.toml import Toml

HERE = Path(__file__).parent
DEFAULT = HERE / "default" if (HERE / "default").is_dir() else HERE.parent
"""Where our own templates/ and static/ lie: inside a wheel, or at the root of a checkout."""

FOLDER = "templates/words"
ENGLISH = "en"

FORMS = frozenset({"zero", "one", "two", "few", "many", "other"})
"""The plural categories of the Unicode CLDR; every language has "other"."""

NAMED = 5
"""How many missing words a message names."""

HTML = type(to_html(""))  # what is escaped already; only generator.text knows the library

Part = str | int
# A text, or a text for each plural form.
Entry = str | Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Words:
    """Every word of the interface in one language, by name ("kinds.tags"), and its plural rules.

    `rules` are (form, rule) in their order; a number that none of them takes is "other".
    """

    entries: Mapping[str, Entry]
    rules: tuple[tuple[str, str], ...]
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        said = repr((sorted(self.entries.items()), self.rules)).encode("utf-8", "replace")
        object.__setattr__(self, "digest", blake2b(said, digest_size=8).hexdigest())

    def __repr__(self) -> str:
        return f"Words({self.digest})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Words) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return Words, (self.entries, self.rules)  # what is worked out from them does not travel

    def __call__(self, name: str, n: Part = "", /, **parts: Part) -> str:
        """A word with its parts: words("papers", 3), words("page_title", name="Pruning").

        A first value is the part "n", whose plural form is taken; numbers are written as
        `number` writes them.
        """
        filled = self._filled(name, {"n": n, **parts}, str)
        return "".join(filled)

    def html(self, name: str, n: Part = "", /, **parts: Part) -> str:
        """The same as HTML: the word is escaped, and so are its parts unless they are HTML."""
        return HTML("".join(self._filled(name, {"n": n, **parts}, shown)))

    def say(self, said: str | Said | Iterable[str | Said]) -> str:
        """What is not yet in a language, in this one; a text stays, several things are listed."""
        match said:
            case str():
                return said
            case Said():
                return self(said.name, **dict(said.parts))
        return self("lists.apart").join(map(self.say, said))

    def number(self, value: int) -> str:
        """A count as people read it: 12345 gives "12,345"."""
        return f"{value:,}".replace(",", self._thousands)

    def day(self, iso: str) -> str:
        """A day of the calendar ("2024-05-01") as people read it; what is no day stays."""
        found = _DAY.fullmatch(iso)
        if not found or not 1 <= int(found[2]) <= 12:
            return iso
        year, month, day = found.groups()
        return self(
            "dates.day",
            year=year,
            month=self(f"months.{int(month)}"),
            mm=month,
            dd=day,
            d=day.lstrip("0"),
        )

    def form(self, count: int) -> str:
        """The plural form that a number takes."""
        return next((form for form, takes in self._rules if takes(count)), "other")

    def script(self, name: str) -> str:
        """What stands before a script of static/ and sets its words; empty where it has none.

        A script finds them in `bibpress.words`, by the names of its table in the file; there are
        also `plural`, from a number to its form, and `thousands`.
        """
        table = _nested(self.entries, f"script.{name}.")
        if not table:
            return ""
        forms = "".join(f"{_javascript(rule)}?{json.dumps(form)}:" for form, rule in self.rules)
        said = {"thousands": self._thousands, **table}
        words = f"Object.assign({_json(said)},{{plural:(n)=>{forms}{json.dumps('other')}}})"
        return f"(globalThis.bibpress=globalThis.bibpress||{{}}).words={words};\n"

    @cached_property
    def spoken(self) -> Spoken:
        """The words as templates name them."""
        return Spoken(self)

    @cached_property
    def _rules(self) -> tuple[tuple[str, Callable[[int], bool]], ...]:
        return tuple((form, _python(rule)) for form, rule in self.rules)

    @cached_property
    def _thousands(self) -> str:
        return str(self.entries["numbers.thousands"])

    @cached_property
    def _pieces(self) -> dict[str, list[str]]:
        return {}

    def _filled(
        self, name: str, parts: Mapping[str, Part], show: Callable[[object], str]
    ) -> Iterator[str]:
        """The pieces of a word: its own text, and its parts in their places."""
        entry = self.entry(name)
        if not isinstance(entry, str):
            count = parts["n"]
            form = self.form(count) if isinstance(count, int) else "other"
            entry = entry.get(form, entry["other"])
        pieces = self._pieces.setdefault(entry, _PART.split(entry))
        for at, piece in enumerate(pieces):
            value = parts[piece] if at % 2 else piece
            yield show(self.number(value) if type(value) is int else value)

    def entry(self, name: str) -> Entry:
        """The text or texts of a word; raises BibpressError for one that there is not."""
        if name not in self.entries:
            raise BibpressError(f'there is no word "{name}"{_hint(name, self.entries)}')
        return self.entries[name]


class Spoken:
    """Words as templates name them: `words.cite`, `words.papers(3)`, `words.places[where]`."""

    def __init__(self, words: Words, within: str = "") -> None:
        self._words, self._within = words, within

    def __getattr__(self, name: str) -> str | Callable[..., str] | Spoken:
        if name.startswith("_"):  # Jinja2 and Python ask for what only they know
            raise AttributeError(name)
        made = self._made(self._within + name)
        setattr(self, name, made)
        return made

    def _made(self, name: str) -> str | Callable[..., str] | Spoken:
        words = self._words
        if any(known.startswith(f"{name}.") for known in words.entries):
            return Spoken(words, f"{name}.")
        entry = words.entry(name)
        # What English has parts of is called, though a language may say it without them.
        if isinstance(entry, str) and not any(map(_PART.search, (entry, _english_text(name)))):
            return entry

        def filled(n: Part = "", **parts: Part) -> str:
            return words.html(name, n, **parts)

        return filled


def load(
    language: str,
    own: Mapping[str, Path] = MappingProxyType({}),
    setting: Toml = Toml(CONFIG),  # noqa: B008  # frozen
) -> tuple[Words, tuple[Problem, ...]]:
    """The words of a language ("de", "de-AT"), and what is wrong with them.

    `own` are the owner's files by language, `setting` is where the language is set. Raises
    ConfigError for a language that no file is there for, a file that is not TOML, and a plural rule
    that cannot be understood.
    """
    ours = {file.stem: file for file in (DEFAULT / FOLDER).glob("*.toml")}
    english = as_written(ours[ENGLISH], f"{FOLDER}/{ENGLISH}.toml")
    known = dict(_words(english.data))
    entries, rules = dict(known), _rules(english)
    names = _names(language, {*ours, *own}, setting)
    said: set[str] = set()
    problems: list[Problem] = []
    for name in (ENGLISH, *names):
        place = f"{FOLDER}/{name}.toml"
        for file in (files[name] for files in (ours, own) if name in files):
            said_there = as_written(file, place)
            found, wrong = _sound(said_there, known)
            entries |= found
            rules = _rules(said_there) or rules
            problems += wrong
            said |= found.keys() if name != ENGLISH else set()
    missing = [name for name in known if name not in said]
    if missing and not _is_english(language):
        problems.append(_lacking(missing, f"{FOLDER}/{names[-1]}.toml", len(known)))
    return Words(entries, rules), tuple(problems)


def leftward(language: str) -> bool:
    """Whether a language ("ar", "fa-IR") is written from right to left.

    A script in its tag decides ("pa-Arab", "az-Latn"), else the script that it is mostly written in
    (the Unicode CLDR's likely subtags).
    """
    first, *further = language.casefold().split("-")
    script = next((part for part in further if len(part) == len("Arab")), "")
    return script in _LEFTWARD_SCRIPTS if script.isalpha() else first in _LEFTWARD


_LEFTWARD = {"ar", "arc", "ckb", "dv", "fa", "he", "iw", "ks", "ps", "sd", "syr", "ug", "ur", "yi"}
_LEFTWARD_SCRIPTS = {"adlm", "arab", "hebr", "mand", "nkoo", "rohg", "samr", "syrc", "thaa"}


@lru_cache(maxsize=1)
def english() -> Words:
    """The words as they are unless an owner says otherwise."""
    return load(ENGLISH)[0]


def _english_text(name: str) -> str:
    entry = english().entries[name]
    return entry if isinstance(entry, str) else "{n}"


# --- reading the files --------------------------------------------------------------------------

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_PART = re.compile(r"\{(\w+)\}")


def _names(language: str, there: Iterable[str], setting: Toml) -> list[str]:
    """The files that a language is read from beside English, the wider first: de, then de-AT."""
    by_case = {name.casefold(): name for name in sorted(there)}
    tag = language.casefold().split("-")
    wider = ["-".join(tag[:length]) for length in range(1, len(tag) + 1)]
    if found := [by_case[name] for name in wider if name in by_case]:
        return [name for name in found if name != ENGLISH]
    meant = languages.tag(language) or language
    hint = _hint(meant, by_case.values())
    if meant.split("-")[0] in by_case:
        hint = f'; did you mean "{meant}"?'
    else:
        hint += f" (to add a language, write {FOLDER}/{meant}.toml)"
    raise setting.wrong(f'there are no words in language "{language}"{hint}', "language")


def _is_english(language: str) -> bool:
    return language.casefold().split("-")[0] == ENGLISH


def _hint(name: str, known: Iterable[str]) -> str:
    """What may have been meant by a name that is none: the nearest, else a few that there are."""
    known = sorted(known)
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f'; did you mean "{near[0]}"?'
    return f"; known are: {', '.join(known)}" if len(known) < 20 else ""


def _words(table: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, Entry]]:
    """The words of our English file by their full names."""
    for name, value in table.items():
        if isinstance(value, str) or "other" in value:
            yield within + name, value
        elif within + name != "plural":
            yield from _words(value, f"{within}{name}.")


def _sound(file: Toml, known: Mapping[str, Entry]) -> tuple[dict[str, Entry], list[Problem]]:
    """The words of a file that can be used, and why others cannot: names, forms and parts.

    `known` are the English ones, which say what there is.
    """
    found: dict[str, Entry] = {}
    problems: list[Problem] = []
    for way, value in _listed(file.data, known):
        name = ".".join(way)
        fault = _fault(name, value, known)
        if fault:
            where = file.where(*way)
            problems.append(Problem(where, f"{fault}; left out", "warning", "left-out-file"))
        elif isinstance(value, str):
            found[name] = _tidy(value)
        else:
            found[name] = {form: _tidy(text) for form, text in value.items()}
    return found, problems


def _tidy(text: str) -> str:
    """A text on one line and without what nobody can see; spaces at its ends stay.

    So do no-break spaces (French puts them before signs, some languages between thousands) and
    soft hyphens: a heading in the margin has room for 14 letters in a line.
    """
    tidy = "".join(each if each in _KEPT else clean(each) for each in _KEEPING.split(text))
    before, after = (" " if end == " " else "" for end in (text[:1], text[-1:]))
    return f"{before}{tidy}{after}" if tidy else before


_KEPT = "\u00a0\u202f\u00ad"
_KEEPING = re.compile(f"([{_KEPT}])")


def _listed(
    table: Mapping[str, Any], known: Mapping[str, Entry], within: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The words of any file by the ways to them; what is none comes under the name it has."""
    for name, value in table.items():
        way = (*within, name)
        begin = ".".join((*way, ""))
        if way == ("plural",):
            continue
        if isinstance(value, dict) and any(word.startswith(begin) for word in known):
            yield from _listed(value, known, way)
        else:
            yield way, value


def _fault(name: str, value: Any, known: Mapping[str, Entry]) -> str:
    """Why a word cannot be used, or an empty string."""
    if name not in known:
        return f'there is no word "{name}"{_hint(name, known)}'
    texts = list(value.values()) if isinstance(value, dict) else [value]
    if not all(isinstance(text, str) for text in texts):
        return f'"{name}" is no text'
    if isinstance(value, dict) and not _is_counted(name, known[name]):
        return f'"{name}" has no plural forms: write it as one text'
    if isinstance(value, dict) and not ("other" in value and value.keys() <= FORMS):
        return f'"{name}" needs a text for "other", and may have more for {_and(FORMS - {"other"})}'
    allowed = parts_of(known[name]) | _FURTHER.get(name, set())
    strange = sorted(set().union(*map(parts_of, texts)) - allowed)
    if strange:
        has = _and(f"{{{part}}}" for part in allowed) or "none"
        return f'"{name}" has no part {{{strange[0]}}}; its parts are: {has}'
    return ""


def _is_counted(name: str, entry: Entry) -> bool:
    """Whether a number goes with an English word, and who says the word can choose a form by it."""
    is_read_whole = name.startswith("script.") and not name.startswith(_CHOOSING)
    return not is_read_whole and (not isinstance(entry, str) or "n" in parts_of(entry))


# The one script that chooses among forms (its `filled`); in others a word is a text, {n} or not.
_CHOOSING = "script.search/page.js."

# What a word may have that English does without.
_FURTHER = {"dates.day": {"year", "month", "mm", "dd", "d"}}


def parts_of(entry: Entry) -> set[str]:
    """The names of a word's parts, those of all its forms together."""
    texts = [entry] if isinstance(entry, str) else entry.values()
    return {part for text in texts for part in _PART.findall(text)}


def _and(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _lacking(missing: list[str], file: str, total: int) -> Problem:
    """The note that says how much of a language is not there."""
    named = ", ".join(missing[:NAMED]) + (", …" if len(missing) > NAMED else "")
    said = f"{len(missing)} of {total} words are missing and stay English: {named}"
    return Problem(Where(file), said, "note")


def _nested(entries: Mapping[str, Entry], within: str) -> dict[str, Any]:
    """The words whose names begin so, as tables in tables."""
    tables: dict[str, Any] = {}
    for name, entry in entries.items():
        if name.startswith(within):
            *path, last = name.removeprefix(within).split(".")
            table = tables
            for step in path:
                table = table.setdefault(step, {})
            table[last] = entry
    return tables


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# --- plural rules -------------------------------------------------------------------------------

# A relation of the CLDR's syntax (Unicode TR 35, "Plural rules syntax"): "n % 10 = 2..4, 9".
# n and i are the number; v, w, f, t, c and e tell of its decimals, of which there are none.
_RELATION = re.compile(
    r"([nivwftce]) ?(?:% ?([1-9]\d{0,8}) ?)?(!?=) ?"
    r"(\d{1,9}(?:\.\.\d{1,9})?(?: ?, ?\d{1,9}(?:\.\.\d{1,9})?)*)"
)

Test = tuple[str, int, bool, tuple[tuple[int, int], ...]]


def _rules(file: Toml) -> tuple[tuple[str, str], ...]:
    """The plural rules of a file, without the CLDR's examples; raises ConfigError for others."""
    given = file.data.get("plural", {})
    if not isinstance(given, dict):
        raise file.wrong("the plural rules are a table: [plural]", "plural")
    rules = []
    for form, rule in given.items():
        if form not in FORMS - {"other"} or not isinstance(rule, str):
            raise file.wrong(f"a plural form is one of {_and(FORMS - {'other'})}", "plural", form)
        said = " ".join(rule.split("@")[0].split())
        try:
            _parsed(said)
        except ValueError as error:
            how = f'the rule for {form} must look like "n % 10 = 2..4 and n % 100 != 12..14"'
            raise file.wrong(f'{how}, not "{rule}"', "plural", form) from error
        rules.append((form, said))
    return tuple(rules)


@lru_cache(maxsize=64)
def _parsed(rule: str) -> tuple[tuple[Test, ...], ...]:
    """A rule as alternatives of tests that hold together; raises ValueError for what is none."""
    return tuple(tuple(map(_test, each.split(" and "))) for each in rule.split(" or "))


def _test(relation: str) -> Test:
    found = _RELATION.fullmatch(relation.strip())
    if not found:
        raise ValueError(relation)
    operand, modulus, sign, values = found.groups()
    ends = (value.strip().split("..") for value in values.split(","))
    ranges = tuple((int(each[0]), int(each[-1])) for each in ends)
    return operand, int(modulus or 0), sign == "=", ranges


def _python(rule: str) -> Callable[[int], bool]:
    """Whether a number is one that the rule takes."""
    alternatives = _parsed(rule)

    def holds(test: Test, count: int) -> bool:
        operand, modulus, wanted, ranges = test
        value = count if operand in "ni" else 0
        value = value % modulus if modulus else value
        return any(first <= value <= last for first, last in ranges) == wanted

    return lambda count: any(all(holds(test, count) for test in tests) for tests in alternatives)


def _javascript(rule: str) -> str:
    """The same as an expression of JavaScript about `n`; made of numbers and signs only."""

    def holds(test: Test) -> str:
        operand, modulus, wanted, ranges = test
        value = ("n" if operand in "ni" else "0") + (f"%{modulus}" if modulus else "")
        within = "||".join(
            f"{value}==={first}" if first == last else f"{value}>={first}&&{value}<={last}"
            for first, last in ranges
        )
        return f"({within})" if wanted else f"!({within})"

    return "||".join("&&".join(map(holds, tests)) for tests in _parsed(rule))
