"""What an owner may set, in `bibpress.toml`; checked here, trusted everywhere else."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from generator.errors import ConfigError

CONFIG = "bibpress.toml"


@dataclass(frozen=True, slots=True)
class Site:
    """What pages show of the collection as a whole; every field is a setting of `bibpress.toml`."""

    title: str = "Bibliography"
    description: str = ""
    author: str = ""
    language: str = "en"
    url: str = ""


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
    check_names(data, [*(item.name for item in fields(Site)), "size"], CONFIG, "setting")
    said = {name: _checked(name, value, str) for name, value in data.items() if name != "size"}
    size = _checked("size", data.get("size", {}), dict)
    kinds = {item.name: type(item.default) for item in fields(Size)}
    check_names(size, kinds, CONFIG, "setting of [size]")
    sizes = Size(**{name: _checked(name, value, kinds[name]) for name, value in size.items()})
    return Settings(with_url(Site(**said), data.get("url", "")), sizes)


_EXAMPLES: Mapping[type, str] = {
    str: 'a text, as in {} = "…"',
    bool: "true or false, as in {} = false",
    int: "a whole number above zero, as in {} = 2",
    dict: "a table: [{}]",
}


def _checked(name: str, value: Any, kind: type) -> Any:
    """A value that is of the kind it should be; raises ConfigError for another."""
    if type(value) is not kind or (isinstance(value, int) and kind is int and value < 1):
        raise ConfigError(f"{CONFIG}: {name} must be {_EXAMPLES[kind].format(name)}")
    return value


def with_url(site: Site, url: str) -> Site:
    """The same site under the address `url` (with its final slash); empty: address unknown."""
    if not url:
        return replace(site, url="")
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise ConfigError(f"{url} is no address: {error}") from error
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise ConfigError(
            f"the site's address must look like https://example.org/papers/, not {url}"
        )
    return replace(site, url=url.rstrip("/") + "/")


def read_toml(path: Path, name: str) -> dict[str, Any]:
    """A TOML file as plain data; errors name the file as `name`, and the line."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{name}: {error}") from error


def check_names(data: Mapping[str, Any], known: Iterable[str], file: str, kind: str) -> None:
    """Raise ConfigError at the first name that is not known, with the nearest one that is."""
    known = list(known)
    for name in data:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"known are: {', '.join(known)}"
            raise ConfigError(f'{file}: unknown {kind} "{name}"; {hint}')
