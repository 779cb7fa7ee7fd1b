r"""A canonical text as HTML: escaped, formulas as MathML, bare addresses as links.

The one door to math_core. That library escapes its input and is fast, but dies on deep nesting
(the process, not an exception: 6,000 levels), so we count before we call it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from html import unescape
from typing import Literal
from urllib.parse import quote

from markupsafe import Markup, escape
from math_core import LatexError, LatexToMathML

from generator.text.canon import segments
from generator.text.patterns import again


def to_html(text: str) -> Markup:
    """The text as HTML that can stand in any paragraph; without ids, styles or scripts.

    A formula that cannot be shown as MathML stands as its source, `<code class="tex">$…$</code>`.
    """
    if not (_MARKUP.search(text) or _may_have_address(text)):
        return Markup(text)  # noqa: S704  # no character in it needs an escape
    return Markup("").join(
        _formula(value) if math else _linked(value) for math, value in segments(text)
    )


def shown(value: object) -> str:
    """A value as it stands in a page: HTML as it is, all else as text, escaped.

    The characters that `markupsafe.escape` gives, sooner for what nearly every value is: HTML
    already, or a text with nothing in it to escape. A page shows a hundred.
    """
    if type(value) is Markup or (type(value) is str and not _ESCAPED.search(value)):
        return value
    return escape(value)


_ESCAPED = re.compile("[&<>\"']")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A part of a canonical text, outside of its formulas, that means more than it says.

    Of the kind "a" it leads to the address `value`, of "abbr" it is short for `value`.
    """

    start: int
    end: int
    kind: Literal["a", "abbr"]
    value: str


def annotated(text: str, spans: Iterable[Span]) -> Markup:
    """The text as `to_html` gives it, with some parts as links and abbreviations.

    Of spans that overlap the first holds.
    """
    parts, end = [], 0
    for span in sorted(spans):
        if span.start >= end:
            inner = to_html(text[span.start : span.end])
            parts += [to_html(text[end : span.start]), _TAGS[span.kind].format(span.value, inner)]
            end = span.end
    return Markup("").join([*parts, to_html(text[end:])])


_TAGS = {
    "a": Markup('<a href="{}">{}</a>'),
    "abbr": Markup('<abbr title="{}">{}</abbr>'),
}


def links(text: str) -> tuple[str, ...]:
    """The addresses that `to_html` makes links of, each once, in order."""
    if not _may_have_address(text):
        return ()
    literals = (value for math, value in segments(text) if not math)
    return tuple(dict.fromkeys(url for value in literals for _, _, url in _addresses(value)))


_MARKUP = re.compile(r"[$&<>\"'\\]")

# --- addresses ----------------------------------------------------------------------------------

_LABEL = r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?"
_LABELS = again(rf"{_LABEL}\.(?=[a-z0-9])", 1)
_HOST = rf"{_LABELS}[a-z]{{2,24}}(?![\w-])"
# Letters of alphabets that part words by spaces; a Chinese sentence goes on right after an address.
_PATH = r"[\w./?\#\[\]@!$&'()*+,;:=%~\u00c0-\u024f\u0370-\u04ff-]"
# Two addresses stuck together, and the middle of a Markdown link, end the first.
_PATHS = again(rf"(?!(?<=[a-z0-9])https?://|\]\(){_PATH}")
# No port has a number above 65535, and a browser takes no address that says so.
_PORT = r"(?::(?:[0-5]?[0-9]{1,4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])(?![0-9]))"
_REST = rf"{_PORT}?(?:[/?\#]{_PATHS})?"
_ENDINGS = "com|org|net|edu|gov|io|ai|dev|app|info|xyz|science|de|uk|fr|ch|nl|eu|cn|jp|kr|ca|au"
_ADDRESS = re.compile(
    rf"(?P<full>https?://(?:{_HOST}|localhost|[0-9]{{1,3}}(?:\.[0-9]{{1,3}}){{3}}){_REST})"
    rf"|(?<![\w:/.\\-])(?P<relative>//{_HOST}{_REST})"
    # Without a scheme only known endings, and something after the slash.
    rf"|(?<![\w:/.@\\-])(?P<bare>www\.{_HOST}{_REST}"
    rf"|{_LABELS}(?:{_ENDINGS})/(?=[\w~?\#]){_PATHS})",
    re.IGNORECASE | re.ASCII,
)
_BARE = re.compile(rf"\.(?:{_ENDINGS})/", re.IGNORECASE)
_SCHEMES = {"full": "", "relative": "https:", "bare": "https://"}


def _may_have_address(text: str) -> bool:
    if "ww." in text or "WW." in text:
        return True
    return "/" in text and ("//" in text or _BARE.search(text) is not None)


def _linked(text: str) -> Markup:
    if not _may_have_address(text):
        return escape(text)
    parts, end = [], 0
    for start, stop, url in _addresses(text):
        link = Markup('<a href="{}" rel="noopener">{}</a>').format(url, text[start:stop])
        parts += [escape(text[end:start]), link]
        end = stop
    return Markup("").join([*parts, escape(text[end:])])


def _addresses(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and full address of each address in a text."""
    for match in _ADDRESS.finditer(text):
        shown = _trimmed(match[0])
        url = _quoted(_SCHEMES[match.lastgroup or ""] + shown)
        yield match.start(), match.start() + len(shown), url


_BRACKETS = {"(": ")", "[": "]"}


def _trimmed(address: str) -> str:
    """The address without what ends the sentence, and without brackets that it did not open."""
    surplus = {end: address.count(end) - address.count(start) for start, end in _BRACKETS.items()}
    end = len(address)
    while end:
        last = address[end - 1]
        if surplus.get(last, 0) > 0:
            surplus[last] -= 1
        elif last in _BRACKETS:
            surplus[_BRACKETS[last]] += 1
        elif last not in ".,;:!?'*":
            break
        end -= 1
    return address[:end]


def _quoted(url: str) -> str:
    """The address as HTML wants it: no brackets or second `#` in a path, no lone per cent sign."""
    base, mark, fragment = url.partition("#")
    safe = "/:?@!$&'()*+,;=~%"
    joined = quote(base, safe=safe) + mark + quote(fragment, safe=safe)
    return re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", joined)


# --- formulas -----------------------------------------------------------------------------------

_LONGEST, _DEEPEST = 2000, 50
_MACROS = {
    # What math_core does not know, and papers use: each stood in the 10,000 abstracts we measured
    # or is as common in its field. \widetilde it draws differently from browser to browser.
    "C": r"\mathbb{C}",
    "E": r"\mathbb{E}",
    "N": r"\mathbb{N}",
    "R": r"\mathbb{R}",
    "Tr": r"\operatorname{Tr}",
    "Z": r"\mathbb{Z}",
    "abs": r"\left|#1\right|",
    "allowbreak": "",
    "defeq": r"\coloneqq",
    "diag": r"\operatorname{diag}",
    "ensuremath": "#1",
    "eps": r"\epsilon",
    "hbox": r"\text{#1}",
    "mathbbm": r"\mathbb{#1}",
    "mathds": r"\mathbb{#1}",
    "mathnormal": "#1",
    "mbox": r"\text{#1}",
    "nicefrac": "{#1}/{#2}",
    "nobreak": "",
    "norm": r"\left\|#1\right\|",
    "opt": r"\operatorname{opt}",
    "otilde": r"\tilde{O}",
    "poly": r"\operatorname{poly}",
    "polylog": r"\operatorname{polylog}",
    "rank": r"\operatorname{rank}",
    "reals": r"\mathbb{R}",
    "sfrac": "{#1}/{#2}",
    "sgn": r"\operatorname{sgn}",
    "sign": r"\operatorname{sign}",
    "smallsetminus": r"\setminus",
    "supp": r"\operatorname{supp}",
    "textnormal": r"\text{#1}",
    "tr": r"\operatorname{tr}",
    "ve": r"\varepsilon",
    "widetilde": r"\tilde{#1}",
}
# Definitions can be bombs, references make links to nowhere.
_REFUSED = re.compile(
    r"\\(?:[egx]?def|let|(?:new|renew|provide)command|DeclareMathOperator|label|tag|(?:eq)?ref)"
    r"(?![A-Za-z])"
)
_LEVEL = re.compile(
    r"\\(?:(?P<open>left|begin)|(?P<close>right|end))(?![A-Za-z])|\\.|[{}\[\]]", re.DOTALL
)
_CHAIN = re.compile(rf"(?:\\[A-Za-z]++\s*+){{{_DEEPEST}}}")
_MLEFT = re.compile(r"\\m(left|right)(?![A-Za-z])")
_STYLE = re.compile(r' style="[^"]*"')
_TABLE = re.compile(r'(?<=<mtable )displaystyle="(\w+)" scriptlevel="0"')
_NAMED_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot);)[A-Za-z]+;")
_FOREIGN = re.compile(
    r"<(?!/?(?:m[a-z]+|b|i|em|strong|code|span)[\s/>])|<[^<>]*\s(?:id|href|src|xlink:href|on\w+)\s*=",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def _formula(source: str) -> Markup:
    return _mathml(source) or Markup('<code class="tex">${}$</code>').format(source)


def _mathml(source: str) -> Markup:
    """MathML of a formula; empty where it has none or is too large for the library to survive.

    Inline styles go (a page's security policy forbids them; they align columns), so does an
    attribute that the Nu checker refuses, and named entities, unknown to XML, become characters.
    The library escapes; that nothing but MathML comes out of it is looked at all the same.
    """
    if len(source) > _LONGEST or _REFUSED.search(source) or not _is_shallow(source):
        return Markup("")
    source = _MLEFT.sub(r"\\\1", source)
    try:
        found = _converter().convert_with_local_state(source, displaystyle=False)
    except LatexError:
        return Markup("")
    found = _TABLE.sub(r'displaystyle="\1"', _STYLE.sub("", found))
    found = _NAMED_ENTITY.sub(lambda match: unescape(match[0]), found)
    return Markup("" if _FOREIGN.search(found) else found)  # noqa: S704  # looked at just now


def _is_shallow(source: str) -> bool:
    """Whether groups, and macros that take macros, nest no deeper than `_DEEPEST`."""
    level = 0
    for match in _LEVEL.finditer(source):
        if match["open"] or match[0] in "{[":
            level += 1
        elif match["close"] or match[0] in "}]":
            level = max(level - 1, 0)
        if level > _DEEPEST:
            return False
    return not _CHAIN.search(source)


@cache
def _converter() -> LatexToMathML:
    return LatexToMathML(macros=_MACROS, fancy_error=False)
