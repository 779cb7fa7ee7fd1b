"""What an owner may set, in `bibpress.toml`; checked here, trusted everywhere else.

Also how every file that steers a build is read: as UTF-8 or not at all, its texts clean.
"""

from __future__ import annotations

import difflib
import re
import textwrap
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from generator import disk
from generator.errors import ConfigError
from generator.text import clean

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
class Settings:
    """All of `bibpress.toml`."""

    site: Site = field(default_factory=Site)
    size: Size = field(default_factory=Size)


def load(folder: Path | None) -> Settings:
    """The settings of a site folder, or the defaults where there is none.

    Raises ConfigError for a file that is not TOML, an unknown setting or a value of a wrong kind.
    """
    path = folder / CONFIG if folder else None
    if path is None or not path.is_file():
        return Settings()
    data = read_toml(path, CONFIG)
    _check_places(data)
    check_names(data, [*(item.name for item in fields(Site)), "size"], CONFIG, "setting")
    others = {"feeds", "coins", "size"}
    texts = {name: value for name, value in data.items() if name not in others}
    given = {name: _checked(name, value, str) for name, value in texts.items()}
    said = {name: value for name, value in given.items() if value}  # blank is as good as not said
    size = _checked("size", data.get("size", {}), dict)
    kinds = {item.name: type(item.default) for item in fields(Size)}
    check_names(size, kinds, CONFIG, "setting of [size]")
    sizes = Size(**{name: _checked(name, value, kinds[name]) for name, value in size.items()})
    _check_language(said.get("language", ""))
    site = Site(**said, feeds=_lists("feeds", data), coins=_lists("coins", data))
    return Settings(with_url(site, data.get("url", "")), sizes)


def _check_places(data: Mapping[str, Any]) -> None:
    """Raise ConfigError at a setting that is known and stands in the wrong table.

    Whoever adds a line to the end of a file that has a [size] puts it below that.
    """
    inside = data.get("size", {})
    for item in fields(Size):
        if item.name in data:
            raise ConfigError(f"{CONFIG}: {item.name} belongs below the line [size]")
    for item in fields(Site):
        if isinstance(inside, dict) and item.name in inside:
            raise ConfigError(f"{CONFIG}: {item.name} belongs above the line [size]")


_EXAMPLES: Mapping[type, str] = {
    str: 'a text, as in {} = "…"',
    bool: "true or false, as in {} = false",
    int: "a whole number above zero, as in {} = 2",
    dict: "a table: [{}]",
    list: 'a list, as in {} = ["topics", "authors"]',
}


def _checked(name: str, value: Any, kind: type) -> Any:
    """A value that is of the kind it should be; raises ConfigError for another."""
    if type(value) is not kind or (isinstance(value, int) and kind is int and value < 1):
        raise ConfigError(f"{CONFIG}: {name} must be {_EXAMPLES[kind].format(name)}")
    if isinstance(value, str) and len(value) > LONGEST:
        raise ConfigError(f"{CONFIG}: {name} has {len(value):,} characters; at most {LONGEST:,}")
    return value


def _lists(name: str, data: Mapping[str, Any]) -> tuple[str, ...]:
    """The kinds of lists that a setting names, each once, or topics where it is not there.

    Raises ConfigError for an unknown one.
    """
    named = dict.fromkeys(map(str, _checked(name, data.get(name, ["topics"]), list)))
    check_names(named, LISTS, CONFIG, f"kind of list in {name}")
    return tuple(kind for word, kind in LISTS.items() if word in named)


# A tag of RFC 5646 by its form: HTML and Atom take no other.
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")


def _check_language(language: str) -> None:
    if language and not _LANGUAGE.fullmatch(language):
        raise ConfigError(f'{CONFIG}: language is a tag like "en" or "pt-BR", not "{language}"')


def with_url(site: Site, url: str) -> Site:
    """The same site under the address `url` (with its final slash); empty: address unknown."""
    if not url:
        return replace(site, url="")
    if not _is_address(url):
        raise ConfigError(
            f"the site's address (url in {CONFIG}, or --site-url) must look like "
            f"https://example.org/papers/, not {url}"
        )
    return replace(site, url=url.rstrip("/") + "/")


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


def read_toml(path: Path, name: str) -> dict[str, Any]:
    """A TOML file as plain data, its texts clean; errors name the file as `name`, and the line."""
    try:
        source = decoded(disk.contents(path), name)
        if endless := _ENDLESS_NAME.search(source):
            line = source.count("\n", 0, endless.start()) + 1
            raise ConfigError(f"{name}:{line}: a name of more than 100 parts")
        data = tomllib.loads(source)
        return {key: _clean(value) for key, value in data.items()}
    except (OSError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{name}: {error}") from error


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


def check_names(data: Mapping[str, Any], known: Iterable[str], file: str, kind: str) -> None:
    """Raise ConfigError at the first name that is not known, with the nearest one that is."""
    known = list(known)
    for name in data:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"known are: {', '.join(known)}"
            raise ConfigError(f'{file}: unknown {kind} "{name}"; {hint}')
