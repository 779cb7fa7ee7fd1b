"""Writing XML that every parser reads, whatever a text holds."""

from __future__ import annotations

import re
from html import escape


def tag(name: str, content: str = "", **attributes: str) -> str:
    """An element that holds a text, or nothing."""
    start = f"<{name}{written(attributes)}"
    return f"{start}>{escape(plain(content), quote=False)}</{name}>" if content else f"{start}/>"


def written(attributes: dict[str, str]) -> str:
    """Attributes as they stand in a start tag, each after a space."""
    return "".join(f' {name}="{escape(plain(value))}"' for name, value in attributes.items())


def legal(value: str) -> str:
    """A text without what XML cannot say."""
    return _ILLEGAL.sub("", value)


def plain(value: str) -> str:
    """The text on one line, with nothing in it that XML cannot say."""
    return _BREAKS.sub(" ", legal(value)).strip()


# What XML 1.0 cannot say, even escaped, and what it advises against: controls, half pairs of
# surrogates, and code points that are no characters.
_ILLEGAL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(
        f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 1 << 16)
    )
    + "]"
)
# These a parser would change.
_BREAKS = re.compile("[\t\n\r\x85]+")
