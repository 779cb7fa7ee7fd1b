"""What an owner may set, in `bibpress.toml`; checked here, trusted everywhere else.

Also how every file that steers a build is read: as UTF-8 or not at all, its texts clean.
"""

from __future__ import annotations

import re
import textwrap
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from generator import disk
from generator.errors import ConfigError
from generator.text import clean
from generator.toml import Toml, not_toml, unknown

CONFIG = "bibpress.toml"
# Characters of a setting: the title of a site stands on every page of it.
LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Site:
    """What pages show of the collection as a whole; every field is a setting of `bibpress.toml`."""

    title: str = ""
    description: str = ""
    author: str = ""
    language: str = "en"
    url: str = ""
    feeds: tuple[str, ...] = ("tags",)
    """The kinds of lists of which each has a feed."""
    coins: tuple[str, ...] = ("tags",)
    """The kinds of lists on which Zotero finds the papers."""

    @property
    def short_title(self) -> str:
        """As many words of the title as browsers show of a search: sixteen characters.

        The limit is OpenSearch's (1.1, "ShortName"); a link to its description has the same title.
        """
        return textwrap.shorten(self.title, SHORT, placeholder="") or self.title[:SHORT]


SHORT = 16
LISTS = {"topics": "tags", "authors": "authors", "years": "years", "venues": "venues"}
"""What owners call the kinds of lists, and what addresses do."""


@dataclass(frozen=True, slots=True)
class Size:
    """What a large collection may do without; the settings of `[size]` in `bibpress.toml`."""

    authors_from: int = 1
    """How many papers an author must have for a page of their own."""
    author_bib: bool = True
    """Whether every author's page has its .bib."""


@dataclass(frozen=True, slots=True)
class Look:
    """How pages look without a style sheet of one's own; the settings of `[look]`."""

    accent: str = ""
    """The colour of links and of all that stands out: "#7a1f5c"; on dark pages a lighter one."""
    accent_dark: str = ""
    """The colour on dark pages, where it is to be another."""
    font: str = "serif"
    """The type of titles and abstracts: "serif" or "sans"."""
    logo: str = ""
    """A picture of static/ that stands before the title."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All of `bibpress.toml`: a table of it is a dataclass, or a mapping where its names are free.

    A new setting is a field, a new table a field here. A setting is of the kind of its default:
    text, whole number, yes or no, tuple of texts; what else has to hold of one says `_RULES`. At
    the top of the file stand those of `site`, which every page sees, and those here that are no
    table, which none does.
    """

    site: Site = field(default_factory=Site)
    size: Size = field(default_factory=Size)
    look: Look = field(default_factory=Look)
    abstracts: bool = True
    """Whether abstracts are published."""
    pdfs: bool = False
    """Whether PDFs that lie beside a source are published."""
    extensions: tuple[str, ...] = ()
    """Modules with readers, exporters and pages of one's own: files of the folder, or installed."""
    repository: str = ""
    """Where the lines of the sources can be seen: `https://github.com/USER/REPO/blob/main`."""
    mailto: str = ""
    """Whom arXiv, Crossref and OpenAlex can write to about the questions that `import` asks."""
    check: Mapping[str, str] = field(default_factory=dict)
    """Rule of `bibpress check` → "off", "note", "warning" or "error"."""


def load(folder: Path | None) -> Settings:
    """The settings of a site folder, or the defaults where there is none.

    Raises ConfigError for a file that is not TOML, an unknown setting or a value of a wrong kind.
    """
    file = said(folder)
    _check_places(file)
    file.check_names("setting", [*_TOP, *_TABLES])
    top = _values(file, [name for name in file.data if name in _TOP], _TOP)
    site = {name: top.pop(name) for name in _settings(Site()) if name in top}
    tables = {name: _table(file, name) for name in _TABLES if name in file.data}
    return replace(Settings(), site=replace(Site(), **site), **top, **tables)


def said(folder: Path | None) -> Toml:
    """What `bibpress.toml` of a site folder says, and where; nothing where there is none."""
    path = folder / CONFIG if folder else None
    return read_toml(path, CONFIG) if path and path.is_file() else Toml(CONFIG)


def _settings(table: Any) -> dict[str, Any]:
    """The settings of a table by name, each as it is where nobody says anything."""
    return {each.name: getattr(table, each.name) for each in fields(table)}


_TABLES: Mapping[str, Any] = {
    name: table
    for name, table in _settings(Settings()).items()
    if name != "site" and (is_dataclass(table) or isinstance(table, Mapping))
}
_TOP: Mapping[str, Any] = _settings(Site()) | {
    name: default
    for name, default in _settings(Settings()).items()
    if name != "site" and name not in _TABLES
}


def _table(file: Toml, name: str) -> Any:
    """A table of the file: what it says, and the defaults for the rest."""
    default = _TABLES[name]
    values = _value(file, (name,), {})
    if isinstance(default, Mapping):
        return {key: _value(file, (name, key), "") for key in values}
    known = _settings(default)
    file.check_names(f"setting of [{name}]", known, name)
    return replace(default, **_values(file, values, known, name))


def _values(
    file: Toml, names: Iterable[str], known: Mapping[str, Any], *table: str
) -> dict[str, Any]:
    """The settings of these names in a table; a blank one is as good as not said."""
    found = {name: _value(file, (*table, name), known[name]) for name in names}
    return {name: value for name, value in found.items() if value != ""}


def _value(file: Toml, path: tuple[str, ...], default: Any) -> Any:
    """What a setting says, of the kind of its default and as its rule wants it."""
    kind = list if isinstance(default, tuple) else type(default)
    further = _RULES.get(".".join(path)) or (_texts if kind is list else None)
    try:
        example = _EXAMPLES.get(path[-1]) or _EXAMPLES.get(f"{path[0]}.") or _EXAMPLES[kind]
        checked = _checked(path[-1], file.at(*path), kind, example)
        return further(path[-1], checked) if further and checked != "" else checked
    except ValueError as error:
        raise file.wrong(str(error), *path) from error


def _check_places(file: Toml) -> None:
    """Raise ConfigError at a setting that is known and stands in the wrong table.

    Whoever adds a line to the end of a file that has a [size] puts it below that.
    """
    places = {"": _TOP} | {name: _settings(table) if is_dataclass(table) else {}
                           for name, table in _TABLES.items()}  # fmt: skip
    for table, known in places.items():
        inside = file.data.get(table, {}) if table else file.data
        for name in inside if isinstance(inside, dict) else ():
            right = [place for place, names in places.items() if name in names]
            if right and name not in known and (table or name not in _TABLES):
                first = next((each for each in file.data if each in _TABLES), "")
                below = f"below a line [{right[0]}]" + f", or is {right[0]}.{name}" * (not table)
                side = below if right[0] else f"above the line [{first}]"
                raise file.wrong(f"{name} belongs {side}", *filter(None, (table, name)))


_EXAMPLES: Mapping[type | str, str] = {
    str: 'a text, as in {} = "…"',
    bool: "true or false, as in {} = false",
    int: "a whole number above zero, as in {} = 2",
    dict: "a table: [{}]",
    list: 'a list, as in {} = ["topics", "authors"]',
    "extensions": 'a list, as in {} = ["extras.py"]',
    "check.": 'one of "off", "note", "warning", "error", as in {} = "off"',
}
"""What to write for a setting by its name, that of its table with a dot, or the kind of it."""


def _checked(name: str, value: Any, kind: type, example: str) -> Any:
    """A value that is of the kind it should be; raises ValueError for another."""
    if type(value) is not kind or (isinstance(value, int) and kind is int and value < 1):
        raise ValueError(f"{name} must be {example.format(name)}")
    if isinstance(value, str) and len(value) > LONGEST:
        raise ValueError(f"{name} has {len(value):,} characters; at most {LONGEST:,}")
    return value


def _texts(name: str, values: Iterable[Any]) -> tuple[str, ...]:
    """The texts of a list, each once."""
    of = f'a text, as in {name} = ["…"]'
    return tuple(dict.fromkeys(_checked(f"each of {name}", value, str, of) for value in values))


def _lists(name: str, values: Iterable[Any]) -> tuple[str, ...]:
    """The kinds of lists that a setting names, each once; raises ValueError for an unknown one."""
    named = [_known(f"kind of list in {name}", str(value), LISTS) for value in values]
    return tuple(kind for word, kind in LISTS.items() if word in named)


def _known(kind: str, name: str, known: Collection[str]) -> str:
    """The name, if it is known; else raises ValueError."""
    if name not in known:
        raise ValueError(unknown(kind, name, known))
    return name


# A tag of RFC 5646 by its form: HTML and Atom take no other.
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")


def _language(name: str, language: str) -> str:
    if not _LANGUAGE.fullmatch(language):
        raise ValueError(f'{name} is a tag like "en" or "pt-BR", not "{language}"')
    return language


def with_url(site: Site, url: str) -> Site:
    """The same site under the address `url` (with its final slash); empty: address unknown."""
    try:
        return replace(site, url=_address("--site-url", url) if url else "")
    except ValueError as error:
        raise ConfigError(str(error)) from error


def _address(name: str, url: str) -> str:
    """The address of a site with its final slash; raises ValueError for what is none."""
    if not _is_address(url):
        raise ValueError(
            f"the site's address ({name}) must look like https://example.org/papers/, not {url}"
        )
    return url.rstrip("/") + "/"


def _repository(name: str, url: str) -> str:
    """The address below which the files of a repository lie, without a final slash."""
    if not _is_address(url):
        raise ValueError(f"{name} must look like https://github.com/USER/REPO/blob/main, not {url}")
    return url.rstrip("/")


_COLOUR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")


def _colour(name: str, colour: str) -> str:
    """A colour in six digits; raises ValueError for what is none."""
    said = colour.strip().lower()
    if not _COLOUR.fullmatch(said):
        raise ValueError(f'{name} must be a colour like "#7a1f5c", not "{colour}"')
    return said if len(said) > len("#123") else "#" + "".join(digit * 2 for digit in said[1:])


def _font(name: str, font: str) -> str:
    return _known(f"type face in {name}", font, FONTS)


FONTS = ("serif", "sans")


# What comes before @ and behind it (RFC 5322 has more, and nobody's address is so).
_MAILBOX = re.compile(r"[^\s@<>,;:\"()]+@[^\s@<>,;:\"()]+\.[^\s@<>,;:\"().]+")


def _mailbox(name: str, address: str) -> str:
    if not _MAILBOX.fullmatch(address):
        raise ValueError(f'{name} must be an address like you@example.org, not "{address}"')
    return address


_RULES: Mapping[str, Callable[[str, Any], Any]] = {
    "coins": _lists,
    "feeds": _lists,
    "language": _language,
    "look.accent": _colour,
    "look.accent_dark": _colour,
    "look.font": _font,
    "mailto": _mailbox,
    "url": _address,
    "repository": _repository,
}
"""What has to hold of a setting beside its kind, by its name ("size.authors_from"): from its name
and what is given to what is meant, or ValueError, whose message gets the place."""


# RFC 3986 has no place for these; some of them end an attribute or a line elsewhere.
_NOT_IN_ADDRESSES = re.compile(r"""[\s"<>\\^`{|}?#]""")


def _is_address(url: str) -> bool:
    """Whether a text is an address, without a query and a fragment, that a browser takes."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # which is looked at only when it is asked for
    except ValueError:
        return False
    sound = url.isprintable() and not _NOT_IN_ADDRESSES.search(url)
    return sound and parts.scheme in {"http", "https"} and bool(parts.netloc)


def read_toml(path: Path, name: str) -> Toml:
    """What a TOML file says, its texts clean; errors name the file as `name`, and the line."""
    said = as_written(path, name)
    return replace(said, data=_clean(said.data))


def as_written(path: Path, name: str) -> Toml:
    """The same, its texts as they stand there."""
    source = ""
    try:
        source = decoded(disk.contents(path), name)
        if endless := _ENDLESS_NAME.search(source):
            line = source.count("\n", 0, endless.start()) + 1
            raise ConfigError(f"{name}:{line}: a name of more than 100 parts")
        return Toml(name, parsed(source), source)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(not_toml(name, source, str(error))) from error
    except (OSError, RecursionError) as error:
        raise ConfigError(f"{name}: {error}") from error


@lru_cache(maxsize=16)
def parsed(source: str) -> dict[str, Any]:
    """What a TOML text says; read only, for the next who asks is given the same.

    A preview asks for the same ones after every save, and 1,000 settings take 30 ms.
    """
    return tomllib.loads(source)


# The library takes time by the square of the parts of a name (3.11: a million of them 220 s).
_ENDLESS_NAME = re.compile(
    r"""^[\[ \t]*+(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){100}""", re.MULTILINE
)


def decoded(data: bytes, name: str) -> str:
    """The text of a file that steers a build; raises ConfigError at what is not UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{name}:{line}: this is not UTF-8; save the file as UTF-8") from error


def _clean(value: Any) -> Any:
    """The same data, every text in it on one line and without what nobody can see."""
    match value:
        case str():
            return clean(value)
        case list():
            return [_clean(item) for item in value]
        case dict():
            return {key: _clean(item) for key, item in value.items()}
    return value
