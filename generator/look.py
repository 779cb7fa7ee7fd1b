"""Colours, type and logo from the settings: a few lines of style, so that nobody has to write them.

    [look] ─► rules that set the tokens of static/style.css again, at its end

Whatever colour is named, links stay readable: it is darkened on light pages and lightened on dark
ones, as little as brings it to WCAG 2.2's contrast for text (1.4.3, AA: 4.5) on every ground that
text stands on, and the bars of plots, which are mixed of it and the page, to that for graphics
(1.4.11: 3). Who named a colour that had to be changed is told.

Known weakness: grounds are those of our own style; a site with another `static/style.css` looks
after its own. Printed pages stay black.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from generator.config import Look
from generator.model import Problem
from generator.toml import Toml

Colour = tuple[int, int, int]

TEXT, GRAPHICS = 4.5, 3.0
"""What WCAG asks of text and of graphics (success criteria 1.4.3 and 1.4.11, level AA)."""

PLOT = 65
"""Of a hundred parts of a bar in a plot, those that are of the accent (style.css)."""


@dataclass(frozen=True)
class Scheme:
    """Light pages or dark ones: what text stands on, and where a colour goes to be told from it."""

    name: str
    grounds: tuple[str, ...]
    end: str

    @cached_property
    def _grounds(self) -> tuple[Colour, ...]:
        return tuple(map(_parts, self.grounds))

    def readable(self, colour: str) -> str:
        """The nearest colour on the way to black (or to white) that can be read here."""
        start, end = _parts(colour), _parts(self.end)
        ways = (_mixed(start, end, step, 255) for step in range(256))
        return _written(next((each for each in ways if self._can_be_read(each)), end))

    def _can_be_read(self, colour: Colour) -> bool:
        page = self._grounds[0]
        bar = _mixed(page, colour, PLOT, 100)
        on_all = all(contrast(colour, ground) >= TEXT for ground in self._grounds)
        return on_all and contrast(bar, page) >= GRAPHICS


# --paper, --shade and --mark of style.css, in its two schemes.
LIGHT = Scheme("light", ("#fdfbf7", "#f5f1e8", "#fbe8a6"), "#000000")
DARK = Scheme("dark", ("#191815", "#22201c", "#423816"), "#ffffff")


def style(look: Look, logo: str = "") -> str:
    """The rules that these settings come to; empty where they say nothing of their own.

    `logo` is the way from the style sheet to the picture that stands before the title.
    """
    return "".join((*_colours(look), *_type(look), *_logo(logo)))


def remarks(look: Look, said: Toml) -> Iterator[Problem]:
    """What is to be said of colours that could not stay as they are, which `said` names."""
    for name, named, scheme in (
        ("accent", look.accent, LIGHT),
        ("accent_dark", look.accent_dark, DARK),
    ):
        used = scheme.readable(named) if named else ""
        if used != named:
            yield Problem(
                said.where("look", name),
                f"{name} {named} cannot be read on {scheme.name} pages; there it is {used}",
                "note",
            )


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, as WCAG 2 defines it: from 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _colours(look: Look) -> Iterator[str]:
    """On screens only: printed pages have their own."""
    if look.accent:
        yield _accent("screen", LIGHT.readable(look.accent))
    if dark := look.accent_dark or look.accent:
        yield _accent("screen and (prefers-color-scheme:dark)", DARK.readable(dark))


def _accent(media: str, colour: str) -> str:
    return f"@media {media}{{:root{{--accent:{colour}}}}}\n"


def _type(look: Look) -> Iterator[str]:
    if look.font == "sans":
        yield ":root{--text:var(--ui)}\n"


def _logo(path: str) -> Iterator[str]:
    if path:
        box = "display:inline-block;width:2.5rem;height:2.5rem;margin-inline-end:.6rem"
        picture = f'background:url("{quote(path)}") center/contain no-repeat'
        yield f'.brand::before{{content:"";{box};vertical-align:middle;{picture}}}\n'


# --- colours ------------------------------------------------------------------------------------


def _parts(colour: str) -> Colour:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue


def _written(colour: Colour) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)


def _mixed(one: Colour, other: Colour, share: int, whole: int) -> Colour:
    """A colour with so many parts of another, in whole numbers: the same on every machine."""
    red, green, blue = (
        (a * (whole - share) + b * share + whole // 2) // whole
        for a, b in zip(one, other, strict=True)
    )
    return red, green, blue


def _luminance(colour: Colour) -> float:
    """Relative luminance (WCAG 2.2, "relative luminance"): of black 0, of white 1."""
    linear = (
        part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in colour
    )
    return sum(weight * part for weight, part in zip(_WEIGHTS, linear, strict=True))


_WEIGHTS = 0.2126, 0.7152, 0.0722
