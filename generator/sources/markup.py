"""What an owner writes, notes and pages of their own: from Markdown to HTML that can do no harm.

Python-Markdown makes the HTML, nh3 lets through what such texts need and no more. What one wrote in
HTML is shown as it stands, as text.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape, unescape
from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.extensions.fenced_code import FencedCodeExtension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from generator import text as texts

# Python-Markdown looks behind every bracket to the end of its paragraph: 200 of them in 100,000
# characters take 3 s (measured, version 3.11). What brackets times lengths may come to.
BUDGET = 2_000_000
LONGEST = 100_000
# Headings and list items take quadratic time, too: 4,000 of them 0.7 s (measured).
LINES = 3_000
# Bytes of HTML of a note, so that it fits on a page.
LARGEST = 200_000

_TAGS = frozenset(
    str.split(
        "a blockquote br code dd del dl dt em h2 h3 h4 h5 h6 hr img li ol p pre strong sub sup "
        "table tbody td th thead tr ul"
    )
)


def outside(address: str) -> str:
    """An address that leads out of the site, or nothing for whatever is none."""
    return address if _ADDRESS.match(address) else ""


_ADDRESS = re.compile(r"https?://|mailto:|tel:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a text is fitted into a page: by default a note into that of its paper.

    `way` and `image` say where an address leads, or nothing where it must not lead there; what
    they give is written as it is. An image of another host becomes a link to it. `room` is how many
    bytes of HTML there may be.
    """

    level: int = 3
    """The level of the text's largest headings, whichever those are."""
    anchors: bool = False
    """Whether headings have ids; no two texts of one page may."""
    room: int = LARGEST
    way: Callable[[str], str] = outside
    image: Callable[[str], str] = lambda _: ""


NOTE = Manner()


def to_html(text: str, manner: Manner = NOTE) -> tuple[str, str]:
    """The HTML of a text in Markdown, and what is to be said of it, mostly nothing.

    Links lead only where `manner` lets them. A text that Python-Markdown would take too long over,
    or would make too much of, is shown as it was written, paragraph by paragraph, as far as there
    is room for what may take five bytes a character.
    """
    shown = manner.room // 5
    as_it_stands = f"shown as it stands, as far as {shown:,} characters"
    if len(text) > LONGEST or text.count("\n") > LINES:
        said = "its text is too long for Markdown"
    elif sum(map(_cost, text.split("\n\n"))) > BUDGET:
        said = "its text has too many brackets for Markdown"
    else:
        html, said = _converted(text, manner)
        if not said:
            return html, ""
    return _as_written(text[:shown]), f"{said}; {as_it_stands}"


def _cost(paragraph: str) -> float:
    """What a paragraph costs, in brackets times lengths.

    Formulas are cheaper: 12,000 of them in 48,000 characters take 0.2 s (25,000 in 100,000: 6 s).
    """
    brackets = paragraph.count("[") + paragraph.count("<")
    return len(paragraph) * (brackets + paragraph.count("$") / 500)


def _converted(text: str, manner: Manner) -> tuple[str, str]:
    """The HTML of a text, or why there is none."""
    try:
        html = _clean(_markdown(manner).convert(text))
    except RecursionError:
        return "", "its text is nested too deeply for Markdown"
    if len(html.encode()) > manner.room:
        return "", "its text is too long for a page"
    return html, ""


def with_math(html: str) -> str:
    """HTML of `to_html` with its formulas, which stand between dollars, as MathML.

    In code and in the words of links they stay as they are written.
    """
    if "$" not in html:
        return html
    parts, inside = _TAG.split(html), 0
    for i, part in enumerate(parts):
        if i % 2:
            if kept := _KEPT.match(part):
                inside += -1 if kept[1] else 1
        elif "$" in part and not inside:
            bare = part.strip()
            start = part.index(bare)
            made = texts.to_html(texts.canonical(unescape(bare)))
            parts[i] = f"{part[:start]}{made}{part[start + len(bare) :]}"
    return "".join(parts)


# A tag with its attributes, whose values may hold any character; those that are left alone.
_TAG = re.compile(r"""(<[^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>)""")
_KEPT = re.compile(r"<(/?)(?:a|code|pre)\b")


def _as_written(text: str) -> str:
    parts = re.split(r"\n\s*\n", text.strip())
    return "\n".join(f"<p>{escape(part)}</p>" for part in parts if part)


def _markdown(manner: Manner) -> Markdown:
    """A converter that takes HTML for text; a new one for each text, for it keeps references."""
    # By class and not by name, for which all installed packages would be looked through, each time.
    converter = Markdown(extensions=[FencedCodeExtension(), TableExtension()])
    converter.preprocessors.deregister("html_block")
    converter.inlinePatterns.deregister("html")
    converter.inlinePatterns.deregister("automail")  # it hides addresses from programs, and from us
    # Before escapes (180), so that \\{ and _ in a formula mean what they mean in TeX.
    converter.inlinePatterns.register(_Formula(_FORMULA, converter), "formula", 185)
    converter.treeprocessors.register(_Fit(converter, manner), "fit", 0)
    return converter


# As `generator.text` tells formulas from money: the next dollar ends one, or there is none.
_FORMULA = r"(?<![\\$])(\${1,2})(?![\s$])[^$]+(?<![\s\\])\1(?![0-9$])"


class _Formula(InlineProcessor):
    """Keeps what stands between dollars from being read as Markdown."""

    def handleMatch(  # type: ignore[override]  # noqa: N802 - Python-Markdown calls it so
        self,
        m: re.Match[str],
        data: str,  # noqa: ARG002
    ) -> tuple[str, int, int]:
        """The formula as it is written, and where it stands."""
        return m[0], m.start(), m.end()


class _Fit(Treeprocessor):
    """Fits a text into a page of ours, element by element."""

    def __init__(self, converter: Markdown, manner: Manner) -> None:
        super().__init__(converter)
        self._manner = manner

    def run(self, root: Element) -> None:
        """Change headings, images and links in place, the only way a Treeprocessor can."""
        manner, anchors = self._manner, dict[str, int]()
        levels = {int(each.tag[1]) for each in root.iter() if _HEADING.fullmatch(each.tag)}
        lower = manner.level - min(levels, default=0)
        for element in root.iter():
            if _HEADING.fullmatch(element.tag):
                element.tag = f"h{min(6, int(element.tag[1]) + lower)}"
                if manner.anchors:
                    element.set("id", _anchor("".join(element.itertext()), anchors))
            elif element.tag == "img" and (place := manner.image(element.get("src", ""))):
                element.set("src", place)
            elif element.tag == "img":
                element.tag, element.text = "a", element.get("alt") or element.get("src")
                element.set("href", outside(element.get("src", "")))
            if element.tag == "a" and (place := manner.way(element.get("href", ""))):
                element.set("href", place)
            elif element.tag == "a":
                element.tag = "span"  # which is cleaned away; its text stays


_HEADING = re.compile("h[1-6]")


def _anchor(heading: str, taken: dict[str, int]) -> str:
    """An id that no heading has yet, and which is then taken; ids of ours begin with a line."""
    name = found = texts.slug(_STASHED.sub("", heading))
    while found in taken:
        taken[name] += 1
        found = f"{name}-{taken[name]}"
    taken[found] = 1
    return found


# What Python-Markdown writes for what it puts back last.
_STASHED = re.compile("\x02[^\x02\x03]*\x03")


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={
            "a": {"href", "title"},
            "img": {"src", "alt"},
            **{f"h{level}": {"id"} for level in range(2, 7)},
        },
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener",
    )
