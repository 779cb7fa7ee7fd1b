"""An owner's note on a paper: from Markdown to HTML that can do no harm.

Python-Markdown makes the HTML, nh3 lets through what a note needs and no more. What one wrote in
HTML is shown as it stands, as text.
"""

from __future__ import annotations

import re
from html import escape
from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

# Python-Markdown looks behind every bracket to the end of its paragraph: 200 of them in 100,000
# characters take 3 s (measured, version 3.11). What brackets times lengths may come to.
BUDGET = 2_000_000
LONGEST = 100_000
# Headings and list items take quadratic time, too: 4,000 of them 0.7 s (measured).
LINES = 3_000
# Bytes of HTML, so that it fits on a page; and characters of a text that is shown as it stands,
# of which each may take five bytes.
LARGEST = 200_000
SHOWN = 40_000

_TAGS = frozenset(
    str.split(
        "a blockquote br code dd del dl dt em h3 h4 h5 h6 hr li ol p pre strong sub sup table "
        "tbody td th thead tr ul"
    )
)


def to_html(text: str) -> tuple[str, str]:
    """The HTML of a note in Markdown, and what is to be said of it, mostly nothing.

    Headings begin at the third level, links lead only to http, https and mailto, an image becomes
    a link to it. A text that Python-Markdown would take too long over, or would make too much of,
    is shown as it was written, paragraph by paragraph, its first SHOWN characters.
    """
    if len(text) > LONGEST or text.count("\n") > LINES:
        return _as_written(text), f"its text is too long for Markdown; {AS_IT_STANDS}"
    if sum(map(_cost, text.split("\n\n"))) > BUDGET:
        return _as_written(text), f"its text has too many brackets for Markdown; {AS_IT_STANDS}"
    try:
        made = _markdown().convert(text)
    except RecursionError:
        return _as_written(text), f"its text is nested too deeply for Markdown; {AS_IT_STANDS}"
    html = _clean(made)
    if len(html.encode()) > LARGEST:
        return _as_written(text), f"its text is too long for a page; {AS_IT_STANDS}"
    return html, ""


def _cost(paragraph: str) -> int:
    return len(paragraph) * (paragraph.count("[") + paragraph.count("<"))


AS_IT_STANDS = f"shown as it stands, as far as {SHOWN:,} characters"


def _as_written(text: str) -> str:
    parts = re.split(r"\n\s*\n", text.strip()[:SHOWN])
    return "\n".join(f"<p>{escape(part)}</p>" for part in parts if part)


def _markdown() -> Markdown:
    """A converter that takes HTML for text; a new one for each note, for it keeps references."""
    converter = Markdown(extensions=["fenced_code", "tables"])
    converter.preprocessors.deregister("html_block")
    converter.inlinePatterns.deregister("html")
    converter.inlinePatterns.deregister("automail")  # it hides addresses from programs, and from us
    converter.treeprocessors.register(_Fit(converter), "fit", 0)
    return converter


class _Fit(Treeprocessor):
    """Fits a note into a page of ours, element by element."""

    def run(self, root: Element) -> None:
        """Change headings, images and links in place, the only way a Treeprocessor can."""
        for element in root.iter():
            if re.fullmatch("h[1-6]", element.tag):
                element.tag = f"h{min(6, int(element.tag[1]) + 2)}"  # the page's title is the first
            elif element.tag == "img":
                element.tag, element.text = "a", element.get("alt") or element.get("src")
                element.set("href", element.get("src", ""))
            if element.tag == "a" and not _ADDRESS.match(element.get("href", "")):
                element.tag = "span"  # which is cleaned away; its text stays


_ADDRESS = re.compile(r"https?://|mailto:", re.IGNORECASE)


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={"a": {"href", "title"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )
