r"""The canonical form: what is a formula, what is text, and how the two are written as one line.

1. `clean` makes one line of NFC without characters that nobody can see.
2. `segments` tells formulas from text by pandoc's rule for dollars.
3. `join` writes segments as one text that splits into the same segments again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from unicodedata import normalize

from generator.text import symbols
from generator.text.patterns import again

Segments = tuple[tuple[bool, str], ...]
"""Pieces of a text: (True, TeX without its dollars) and (False, text as it is read)."""


def canonical(text: str) -> str:
    r"""The canonical form of a text that is decoded already; applied twice it changes nothing.

    `$$…$$` becomes `$…$`, a formula whose braces do not balance becomes text, a dollar that is
    none of math's is written plain or, where that would make it math, `\$`.
    """
    text = clean(text)
    return join(segments(text)) if "$" in text else text


def segments(text: str) -> Segments:
    r"""A text's formulas and what stands between them, in order.

    Pandoc's rule: an opening dollar is followed by something other than space, the closing one
    (always the next dollar) preceded by such and not followed by a digit; so "$5 and $6" is
    money. Before a dollar a backslash takes away its power, two of them are one literal
    backslash; elsewhere a backslash is a backslash. `$$…$$` is a formula like any other.
    """
    if "$" not in text:
        return ((False, text),) if text else ()
    return tuple(_split(text))


def join(pieces: Iterable[tuple[bool, str]]) -> str:
    """One canonical text of pieces that may be untidy, empty, or broken formulas."""
    tidy = _tidied(pieces)
    plain = _written(tidy, "$")
    if any("$" in value for math, value in tidy if not math) and segments(plain) != tidy:
        return _written(tidy, r"\$")
    return plain


def balanced(text: str, *, escaped: bool = False) -> bool:
    r"""Whether braces open and close in order; `\{` and `\}` count only when `escaped` is set.

    BibTeX counts them, TeX does not. What is nested deeper than `DEEPEST` counts as not balanced.
    """
    depth = 0
    for token in (_BRACE if escaped else _TEX_BRACE).findall(text):
        depth += {"{": 1, "}": -1}.get(token, 0)
        if not 0 <= depth <= DEEPEST:
            return False
    return depth == 0


# pybtex refuses a value with more than 100 levels of braces, and with it the whole file. A formula
# within braces has twice this much, and a few levels of ours; of 10,000 papers none has over 3.
DEEPEST = 40


_BRACE = re.compile(r"[{}]")
_TEX_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


# --- 1. one clean line --------------------------------------------------------------------------


def clean(text: str) -> str:
    """The text in NFC as one line, without ligatures and characters that nobody can see."""
    return " ".join(_visible(text).split())


_NONCHARACTERS = "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
_INVISIBLE = re.compile(
    # C0 and C1 controls, soft hyphens, zero-width spaces, overrides of direction (pages isolate
    # names with <bdi> instead), lone surrogates. Joiners and direction marks stay: scripts and
    # emoji need them.
    "[\x00-\x08\x0e-\x1b\x7f-\x9f\xad\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc"
    f"\ud800-\udfff\ufdd0-\ufdef{_NONCHARACTERS}]"
)
# How letters were set, not which they are: copied from PDFs, in 1 abstract of 50.
LIGATURES = {code: normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_ASCII_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x7f]")
_UTF8_AS_LATIN1 = re.compile(
    "[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)


def _visible(text: str) -> str:
    if text.isascii():  # the large set below takes ten times as long to look for
        return _ASCII_CONTROLS.sub("", text)
    if _INVISIBLE.search(text):
        text = _INVISIBLE.sub(_meant, _UTF8_AS_LATIN1.sub(_reread, text))
    return normalize("NFC", text.translate(LIGATURES))


def _reread(match: re.Match[str]) -> str:
    r"""Text that was UTF-8 and has been read as Latin-1 (`â\x80\x99`): 18 of 10,000 abstracts.

    Only with a C1 control in it, which stands in no text that was read rightly.
    """
    try:
        return match[0].encode("latin-1").decode() if _INVISIBLE.search(match[0]) else match[0]
    except UnicodeDecodeError:
        return match[0]


def _meant(match: re.Match[str]) -> str:
    """Nothing, but for a C1 control: that is a byte of Windows-1252, as HTML takes it too."""
    if not "\x80" <= match[0] <= "\x9f":
        return ""
    return match[0].encode("latin-1").decode("cp1252", errors="ignore")


# --- 2. formulas and text -----------------------------------------------------------------------

_DIGITS = re.compile(r"[0-9]+")
_DOLLAR = re.compile(r"(?<!\\)(\\*+)\$")


def _split(text: str) -> Iterator[tuple[bool, str]]:
    end = 0
    for start, stop, formula in _formulas(text):
        if start > end:
            yield False, _literal(text[end:start] + "$")[:-1]
        yield True, formula
        end = stop
    if end < len(text):
        yield False, _literal(text[end:])


def _formulas(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and TeX of each formula; every dollar is looked at twice at most."""
    live = [match.end() - 1 for match in _DOLLAR.finditer(text) if len(match[1]) % 2 == 0]
    index = 0
    while index + 1 < len(live):
        start, end = live[index : index + 2]
        body = text[start + 1 : end]
        if end == start + 1 and (display := _display(text, live[index : index + 4])):
            yield start, live[index + 3] + 1, display
            index += 4
        elif body and body == body.strip() and not _DIGITS.match(text, end + 1):
            yield start, end + 1, body
            index += 2
        else:
            index += 1


def _display(text: str, dollars: list[int]) -> str:
    """What four dollars, two and two, have between them."""
    if len(dollars) < 4 or dollars[3] != dollars[2] + 1:
        return ""
    return text[dollars[1] + 1 : dollars[2]].strip()


def _literal(text: str) -> str:
    return _DOLLAR.sub(lambda match: "\\" * (len(match[1]) // 2) + "$", text)


# --- 3. one text --------------------------------------------------------------------------------


def _written(pieces: Segments, dollar: str) -> str:
    """The pieces as one text, literal dollars as `dollar`, backslashes before any doubled."""

    def escaped(text: str) -> str:
        return _DOLLAR.sub(lambda match: 2 * match[1] + dollar, text)

    parts = []
    for index, (math, value) in enumerate(pieces):
        if math:
            parts.append(f"${value}$")
        elif index + 1 < len(pieces):
            parts.append(escaped(value + "$")[: -len(dollar)])
        else:
            parts.append(escaped(value))
    return "".join(parts)


def _tidied(pieces: Iterable[tuple[bool, str]]) -> Segments:
    """The pieces with tidy formulas, text pieces merged and clean, nothing empty.

    A formula cannot be followed by a digit, so digits that follow it join it: they look alike.
    """
    found: list[tuple[bool, str]] = []
    for math, group in groupby(_checked(pieces), key=lambda piece: piece[0]):
        if math:
            found.extend(group)
            continue
        value = _spaced("".join(text for _, text in group))
        if found and (digits := _DIGITS.match(value)):
            found[-1] = True, found[-1][1] + digits[0]
            value = value[digits.end() :]
        if value:
            found.append((False, value))
    return _trimmed(found)


def _checked(pieces: Iterable[tuple[bool, str]]) -> Iterator[tuple[bool, str]]:
    for math, value in pieces:
        if not math:
            yield False, value
        elif balanced(formula := tidy_formula(value)):
            if formula:
                yield True, formula
        else:
            yield False, f"${value}$"


def _spaced(text: str) -> str:
    """The same text clean, with one space where it began or ended with any."""
    text = _visible(text)
    inner = " ".join(text.split())
    if not inner:
        return " " if text else ""
    return " " * text[0].isspace() + inner + " " * text[-1].isspace()


def _trimmed(pieces: list[tuple[bool, str]]) -> Segments:
    if pieces and not pieces[0][0]:
        pieces[0] = False, pieces[0][1].lstrip()
    if pieces and not pieces[-1][0]:
        pieces[-1] = False, pieces[-1][1].rstrip()
    return tuple(piece for piece in pieces if piece[1])


# --- formulas -----------------------------------------------------------------------------------

# Marks that a letter is written with as macros, one within the other. No alphabet has a letter with
# more than three; a thousand would be as many levels of braces.
MOST_MARKS = 3
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ"
_LOWERED = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ"
_MARKS = {"\u0300": "grave", "\u0301": "acute", "\u0302": "hat", "\u0303": "tilde"} | {
    "\u0304": "bar",
    "\u0307": "dot",
    "\u0308": "ddot",
    "\u030c": "check",
    "\u20d7": "vec",
}
_IN_BRACES = again(r"[^{}\\]++|\\[^A-Za-z]")
_TOKEN = re.compile(
    r"(?P<text>\\(?:text(?:rm|normal|bf|it|sf|tt)?|[mh]box)\s*\{"
    rf"{_IN_BRACES}\}})"
    r"|(?P<brace>\\[lr]brace\{\})"
    # Braces that a publisher's converter ate: \mathcalO, \tildeO, \mathrmpoly. (\mathbbm is real.)
    r"|\\(?P<font>mathcal|mathbb(?!m)|mathbf|mathfrak|mathscr|boldsymbol|(?:wide)?(?:tilde|hat)"
    r"|sqrt)(?P<letter>[A-Za-z])(?![A-Za-z])"
    r"|\\(?P<roman>mathrm|operatorname(?!withlimits))(?P<word>[A-Za-z]++)"
    r"|(?P<macro>\\[A-Za-z]++)"
    r"|(?P<symbol>\\.)"
    r"|(?P<special>[%#&])"
    rf"|(?P<raised>[{_RAISED}]+)"
    rf"|(?P<lowered>[{_LOWERED}]+)"
    r"|(?P<letters>[A-Za-z][\u0300-\u036f\u20d7]++|[^\x00-\x7f][\u0300-\u036f\u20d7]*+)",
    re.DOTALL,
)
_UNTIDY = re.compile(
    r"[^\x00-\x7f]|[%#&]|brace\{\}|\\(?:math|bold|wide|tilde|hat|sqrt|operatorname)"
)


def tidy_formula(source: str) -> str:
    r"""TeX that LaTeX accepts where it would not: `50%` as `50\%`, α as `\alpha`, on one line.

    Dollars within it go (`\(a \text{ if $b$}\)`), as does a final backslash (`\( x \ \)`), which
    would take the closing dollar's power.
    """
    source = re.sub(r"(\\.)|\$", r"\1", clean(source)) if "$" in source else clean(source)
    if _UNTIDY.search(source):
        aligned = re.search(r"\\begin|matrix|cases", source) is not None
        source = _TOKEN.sub(lambda match: _tidy(match, aligned), source)
    return source.strip().rstrip("\\ ")


def _tidy(match: re.Match[str], aligned: bool) -> str:
    kind, token = match.lastgroup, match[0]
    after = match.string[match.end() : match.end() + 1]
    match kind:
        case "text":
            return re.sub(r"\\.|[%#&]", lambda part: _special(part[0], False), token)
        case "brace":
            return r"\{" if token[1] == "l" else r"\}"
        case "letter" | "word":
            return rf"\{match['font'] or match['roman']}{{{match[kind]}}}"
        case "macro":
            return token if not after or after.isascii() else f"{token} "
        case "special":
            return _special(token, aligned)
        case "raised" | "lowered":
            script = normalize("NFKC", token).replace("\u2212", "-")
            return f"{'^' if kind == 'raised' else '_'}{{{script}}}"
        case "letters":
            return _letters(token, after)
    return token


def _special(sign: str, aligned: bool) -> str:
    """A character that has a power in TeX which a formula hardly means."""
    return sign if sign[0] == "\\" or (aligned and sign == "&") else f"\\{sign}"


def _letters(token: str, after: str) -> str:
    """A character and its marks as TeX, or as they are where TeX has no macro for all of them."""
    base, marks = token[0], token[1:]
    if len(marks) > MOST_MARKS or not all(mark in _MARKS for mark in marks):
        return token
    source = base if base.isascii() else symbols.formula(base)
    if not source:
        return token
    for mark in marks:
        source = f"\\{_MARKS[mark]}{{{source}}}"
    touches = after.isalpha() or after > "~"
    return f"{source} " if touches and re.search(r"\\[A-Za-z]+$", source) else source
