r"""A canonical text without its TeX: to read, to compare, to count, to put into an address."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from unicodedata import category, lookup, normalize

from generator.text.canon import segments
from generator.text.symbols import MATH_ACCENTS, symbol


def to_plain(text: str) -> str:
    r"""The text for where no markup can be: math in Unicode where that can be read, else as TeX.

    `$\alpha$` is α, `6$\times$` 6×, `$O(n^2)$` O(n^2), `$\frac{a+b}{2}$` (a+b)/2.
    """
    if "$" not in text:
        return text
    return "".join(_readable(value) if math else value for math, value in segments(text))


def fold(text: str) -> str:
    """The text as it is compared: equal for two spellings of one title.

    NFKC and case are folded, formulas read as by `to_plain`; letters, marks, numbers, `+ # *` and
    signs beyond ASCII (∞) stay, apostrophes go, other punctuation is a space. Accents stay: of
    10,000 titles no two differed in accents only (151 occurred twice), so folding them would
    merge nothing that belongs together, and would make one of Müller and Muller.
    """
    folded = normalize("NFKC", to_plain(text)).casefold().translate(_COMPARED)
    return " ".join(normalize("NFKC", folded).split())


def filed(plain: str) -> str:
    """A text without TeX as lists are sorted by it: folded, Latin letters without accents."""
    return " ".join(_latin(plain).translate(_COMPARED).split())


def words(text: str) -> list[str]:
    """The words and numbers of a text in lower case, without accents, in order.

    Hyphens part words, apostrophes do not: "G-SimCLR's" is "g", "simclrs".
    """
    plain = to_plain(text)
    folded = plain.lower() if plain.isascii() else _latin(plain)
    return folded.translate(_COUNTED).split()


def slug(text: str, limit: int = 80) -> str:
    """The name of a thing as part of an address: `[a-z0-9]+(-[a-z0-9]+)*`, `limit` long at most.

    A pure function of the text. Case, accents, spaces and punctuation do not make another slug,
    but "C", "C++", "C#" differ. What ASCII cannot say (all but Latin letters), what is cut, and
    names that mean something else (`index`, Windows' devices) get a hash of the folded text. A
    slug is its own slug (so a name that is spelled like another's slug with its hash shares it).
    """
    name = _named(text)
    readable = "-".join(_ASCII_WORD.findall(name))
    said = name.isascii() and len(readable) <= limit
    if said and readable and readable not in _RESERVED:
        return readable
    hashed = (name or " ".join(text.split())).encode("utf-8", "surrogatepass")
    digest = blake2b(hashed, digest_size=5).hexdigest()
    short = _shortened(readable, limit - len(digest) - 1)
    return f"{short}-{digest}" if short else digest[:limit]


def runs_leftward(text: str) -> bool:
    """Whether a text has letters, or marks, that make a line run from right to left."""
    return not text.isascii() and _LEFTWARD.search(text) is not None


# Blocks of right-to-left scripts and the marks that turn a line (Unicode 16, DerivedBidiClass:
# what is R or AL by default, RLM, RLE, RLO, RLI).
_LEFTWARD = re.compile(
    "[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufeff"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


# --- folding ------------------------------------------------------------------------------------


class _Folding(dict[int, str | None]):
    """A table for `str.translate`: what becomes of each character, worked out when first met.

    It holds at most one entry for each character there is.
    """

    def __init__(self, kept: str, signs: str) -> None:
        super().__init__()
        self.kept = kept
        self.signs = signs

    def __missing__(self, code: int) -> str | None:
        self[code] = value = self.folded(chr(code))
        return value

    def folded(self, character: str) -> str | None:
        kind = category(character)
        if character in "'’‘`´ʼ" or kind == "Cf":
            return None
        if kind == "Sk" or character == "\u2044" or (kind[0] == "S" and character.isascii()):
            return character if character in self.signs else " "
        return character if kind[0] in self.kept or character in self.signs else " "


_COMPARED = _Folding("LMNS", "+#*")
_COUNTED = _Folding("LMN", "")

_LATIN = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th",
        "ı": "i", "ȷ": "j", "ħ": "h", "ŋ": "ng", "ŧ": "t", "ƒ": "f", "ĸ": "k", "ə": "e",
    }
)  # fmt: skip
_LATIN_MARKS = re.compile(r"(?<=[a-z])[\u0300-\u036f]+")


def _latin(text: str) -> str:
    """NFKC and lower case, Latin letters without their accents; other scripts keep their marks.

    There a mark makes another letter (й, が) or is a vowel.
    """
    folded = normalize("NFKC", text).casefold().translate(_LATIN)
    return normalize("NFKC", _LATIN_MARKS.sub("", normalize("NFKD", folded)))


# --- slugs --------------------------------------------------------------------------------------

_RESERVED = frozenset(
    ["index", "con", "prn", "aux", "nul"]
    + [f"{device}{number}" for device in ("com", "lpt") for number in range(10)]
)
_SIGNS = re.compile(r"(?<![+#*])[+#*]++")
_SIGN_NAMES = {"+": " plus ", "#": " sharp ", "*": " star "}
_ASCII_WORD = re.compile(r"[a-z0-9]+")


def _named(text: str) -> str:
    """The folded text a slug stands for, signs that are part of a word spelled out."""

    def spelled(match: re.Match[str]) -> str:
        start, end = match.span()
        neighbours = match.string[max(start - 1, 0) : start] + match.string[end : end + 1]
        if not any(letter.isalnum() for letter in neighbours):
            return " "
        return "".join(_SIGN_NAMES[sign] for sign in match[0])

    folded = _SIGNS.sub(spelled, _latin(to_plain(text)))
    return " ".join(folded.translate(_COMPARED).split())


def _shortened(readable: str, room: int) -> str:
    """As many whole words as there is room for, or the first letters of the first."""
    if len(readable) <= room:
        return readable
    if room < 1:
        return ""
    return readable[: room + 1].rpartition("-")[0] or readable[:room]


# --- readable math ------------------------------------------------------------------------------

_TOKEN = re.compile(r"\\operatorname\*?|\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
_FONTS = re.compile(
    r"math(?:rm|bf|it|sf|tt|cal|frak|scr|normal)|boldsymbol|bm|operatorname\*?|emph"
    r"|text(?:rm|bf|it|sc|sf|tt)?|mbox"
)
_IGNORED = re.compile(
    r"left|right|middle|[bB]igg?[lr]?|(?:display|text|script)style|(?:no)?limits|rm|bf|it|cal|!"
)
_SPACES = frozenset({" ", ",", ";", ":", "quad", "qquad"})
_RAISED = str.maketrans("0123456789+-=()∘", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾°")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_ONE = re.compile(r"√?\w++(?:\^\w++)?|\W", re.DOTALL)
_SIGNED = re.compile(r"[-+]?\w+|\W|′+", re.DOTALL)
_LONGEST, _DEEPEST = 500, 10


class _NotSimpleError(Exception):
    """A formula says something that plain text cannot."""


@lru_cache(maxsize=4096)
def _readable(source: str) -> str:
    if len(source) > _LONGEST:
        return source
    tokens = _TOKEN.findall(source)[::-1]
    try:
        text = _sequence(tokens, 0)
    except _NotSimpleError:
        return source
    return source if tokens else " ".join(text.split())


def _sequence(tokens: list[str], depth: int) -> str:
    """All that stands before a closing brace or the end."""
    text = ""
    while tokens and tokens[-1] != "}":
        atom = tokens.pop()
        if atom in {"^", "_"}:
            text += _script(atom, _argument(tokens, depth), alone=not text)
            continue
        part = _meaning(atom, tokens, depth)
        if part == atom[1:] and part.isalpha() and text[-1:].isalnum():
            text += " "  # n\log n
        text += part
    return text


def _argument(tokens: list[str], depth: int) -> str:
    while tokens and tokens[-1].isspace():
        tokens.pop()
    if not tokens or tokens[-1] == "}":
        raise _NotSimpleError
    return _meaning(tokens.pop(), tokens, depth)


def _meaning(atom: str, tokens: list[str], depth: int) -> str:
    """What an atom and its arguments, taken from the end of `tokens`, look like."""
    if depth > _DEEPEST or atom == "&":
        raise _NotSimpleError
    if atom[0] == "\\":
        return _macro(atom[1:], tokens, depth + 1)
    if atom != "{":
        return atom
    text = _sequence(tokens, depth + 1)
    if not tokens:
        raise _NotSimpleError
    tokens.pop()
    return text


def _macro(name: str, tokens: list[str], depth: int) -> str:
    if name in _SPACES:
        return " "
    if _IGNORED.fullmatch(name):
        if tokens and tokens[-1] == "." and name in {"left", "right"}:
            tokens.pop()
        return ""
    if _FONTS.fullmatch(name):
        return _argument(tokens, depth)
    if name == "mathbb":
        return _double_struck(_argument(tokens, depth))
    if name in MATH_ACCENTS:
        return _accented(_argument(tokens, depth), MATH_ACCENTS[name])
    if name in {"frac", "dfrac", "tfrac", "nicefrac"}:
        return f"{_grouped(_argument(tokens, depth))}/{_grouped(_argument(tokens, depth))}"
    if name == "sqrt" and tokens and tokens[-1] != "[":
        return f"√{_grouped(_argument(tokens, depth))}"
    if name and name in "{}%&_#$":
        return name
    if text := "‖" if name == "|" else symbol(name):
        return text
    raise _NotSimpleError


def _script(kind: str, text: str, *, alone: bool) -> str:
    """A script after its base: n^2, l_∞, x^(a+b); before any, it belongs to the text: H₂, 90°."""
    table = _RAISED if kind == "^" else _LOWERED
    if text and (alone or text == "∘") and all(ord(character) in table for character in text):
        return text.translate(table)
    if not text:
        raise _NotSimpleError
    if text.strip("′") == "":
        return text
    return f"{kind}{text}" if _SIGNED.fullmatch(text) else f"{kind}({text})"


def _grouped(text: str) -> str:
    return text if _ONE.fullmatch(text) else f"({text})"


def _accented(text: str, mark: str) -> str:
    if len(text) != 1:
        raise _NotSimpleError
    return normalize("NFC", text + mark)


def _double_struck(text: str) -> str:
    """ℝ for R, where there is such a letter."""
    for block in ("DOUBLE-STRUCK CAPITAL", "MATHEMATICAL DOUBLE-STRUCK CAPITAL"):
        try:
            return lookup(f"{block} {text}") if text.isupper() else text
        except KeyError:
            continue
    return text
