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
LONGEST = 200_000

_TAGS = frozenset(
    str.split(
        "a|blockquote|br|code|dd|del|dl|dt|em|h3|h4|h5|h6|hr|li|ol|p|pre|strong|sub|sup|table|tbody|td|"
        "th|thead|tr|ul",
        "|",
    )
)
_SCHEMES = frozenset({"http", "https", "mailto"})


def to_html(text: str) -> tuple[str, str]:
    """The HTML of a note in Markdown, and what is to be said of it, mostly nothing.

    Headings begin at the third level, links lead only to http, https and mailto, nothing is
    loaded. A text that Python-Markdown would take too long over is shown paragraph by paragraph,
    as it was written.
    """
    if len(text) > LONGEST:
        return _as_written(text), "its text is too long for Markdown; shown as it stands"
    if sum(map(_cost, text.split("\n\n"))) > BUDGET:
        return _as_written(text), "its text has too many brackets for Markdown; shown as it stands"
    try:
        made = _markdown().convert(text)
    except RecursionError:
        return _as_written(text), "its text is nested too deeply for Markdown; shown as it stands"
    return _clean(made), ""


def _cost(paragraph: str) -> int:
    return len(paragraph) * (paragraph.count("[") + paragraph.count("<"))


def _as_written(text: str) -> str:
    return "\n".join(
        f"<p>{escape(part)}</p>" for part in re.split(r"\n\s*\n", text.strip()) if part
    )


def _markdown() -> Markdown:
    """A converter that takes HTML for text; a new one for each note, for it keeps references."""
    converter = Markdown(extensions=["fenced_code", "tables"])
    converter.preprocessors.deregister("html_block")
    converter.inlinePatterns.deregister("html")
    converter.treeprocessors.register(_LowerHeadings(converter), "lower-headings", 0)
    return converter


class _LowerHeadings(Treeprocessor):
    """Puts a note's headings below those of the page, whose title is the first level."""

    def run(self, root: Element) -> None:
        """Change the tags in place."""
        for element in root.iter():
            if re.fullmatch("h[1-6]", element.tag):
                element.tag = f"h{min(6, int(element.tag[1]) + 2)}"


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=set(_TAGS),
        attributes={"a": {"href", "title"}},
        attribute_filter=_address_only,
        url_schemes=set(_SCHEMES),
        link_rel="noopener",
    )


def _address_only(_tag: str, attribute: str, value: str) -> str | None:
    """Attributes as they are, except links that would lead to some place within the site."""
    if attribute != "href" or _ADDRESS.match(value):
        return value
    return f"https:{value}" if value.startswith("//") else None


_ADDRESS = re.compile(r"https?://|mailto:", re.IGNORECASE)
