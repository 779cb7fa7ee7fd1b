r"""What LaTeX calls the characters that are on no keyboard, in both directions.

The everyday ones stand here; the long tail (Greek, arrows, relations, mathematical alphabets) is
taken from pylatexenc's tables, on first need: loading them takes 30 ms.
"""

from __future__ import annotations

import re
from functools import cache

ACCENTS = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "d": "\u0323",
    "textcommabelow": "\u0326",
    "c": "\u0327",
    "k": "\u0328",
    "b": "\u0331",
    "t": "\u0361",
}
"""Accent macros and the combining mark each one puts on the letter that follows."""

MATH_ACCENTS = {
    "grave": "\u0300",
    "acute": "\u0301",
    "hat": "\u0302",
    "widehat": "\u0302",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "bar": "\u0304",
    "overline": "\u0304",
    "breve": "\u0306",
    "dot": "\u0307",
    "ddot": "\u0308",
    "mathring": "\u030a",
    "check": "\u030c",
    "vec": "\u20d7",
}
"""The same within math."""

LETTERS = {
    "AA": "Å",
    "AE": "Æ",
    "DH": "Ð",
    "DJ": "Đ",
    "IJ": "Ĳ",
    "L": "Ł",
    "NG": "Ŋ",
    "O": "Ø",
    "OE": "Œ",
    "SS": "ẞ",
    "TH": "Þ",
    "aa": "å",
    "ae": "æ",
    "dh": "ð",
    "dj": "đ",
    "i": "ı",
    "ij": "ĳ",
    "j": "ȷ",
    "l": "ł",
    "ng": "ŋ",
    "o": "ø",
    "oe": "œ",
    "ss": "ß",
    "th": "þ",
}
"""Macros for letters. Only these (and accents) take in the spaces that follow them.

TeX takes them in after every macro, but "360\\textdegree Video", as real files have it, means a
space; and within a word, as in "Stra\\ss e", only a letter can stand.
"""

_SIGNS = {
    "LaTeX": "LaTeX",
    "P": "¶",
    "S": "§",
    "TeX": "TeX",
    "BibTeX": "BibTeX",
    "cdots": "⋯",
    "colon": ":",
    "copyright": "©",
    "dag": "†",
    "ddag": "‡",
    "dots": "…",
    "euro": "€",
    "lbrace": "{",
    "lbrack": "[",
    "ldots": "…",
    "lq": "‘",
    "lvert": "|",
    "lVert": "‖",
    "pounds": "£",
    "prime": "′",
    "rbrace": "}",
    "rbrack": "]",
    "rq": "’",
    "rvert": "|",
    "rVert": "‖",
    "slash": "/",
    "textasciicircum": "^",
    "textasciigrave": "`",
    "textasciitilde": "~",
    "textbackslash": "\\",
    "textbar": "|",
    "textbraceleft": "{",
    "textbraceright": "}",
    "textdollar": "$",
    "textellipsis": "…",
    "textemdash": "—",
    "textendash": "–",
    "textgreater": ">",
    "textless": "<",
    "textperiodcentered": "·",
    "textquotedbl": '"',
    "textquotedblleft": "“",
    "textquotedblright": "”",
    "textquoteleft": "‘",
    "textquoteright": "’",
    "textquotesingle": "'",
    "textunderscore": "_",
    "vert": "|",
    "Vert": "‖",
}

_KNOWN = LETTERS | _SIGNS

# pylatexenc's names for these are of rare packages (tipa), of none, or say something else.
_ODD = re.compile(
    "texthvlig|textnrleg|textschwa|textphi|textglotstop|textturnk|mathchar|arrowwave(?:left|right)"
    "|dblarrowupdown|DownArrowUpArrow|rightangle|(?:surf|vol|clw)integral|homothetic|lazysinv"
    "|approxnotequal|tildetrpl|allequal|estimates|starequal|notlessgreater|notgreaterless"
    "|truestate|forcesextra|original|hermitconjmatrix|rightanglearc|verymuch(?:less|greater)"
    "|precedesnotsimilar|varperspcorrespond|recorder|clockoint|sqrint"
)
_TEXT_MACRO = re.compile(r"\\(text[a-zA-Z]+|guil[a-z]+|quote[a-z]+)")
_ENSURED = re.compile(r"\\ensuremath\{(.*)\}", re.DOTALL)
_FORMULA = re.compile(
    r"\\([A-Za-z]+)(?:\{\\?[A-Za-z0-9]+\}|\{\\mathit\{.\}\})?|\\not\\[a-z]+|[_^][\w+=()-]|[-*/:=]{1,2}"
)


def symbol(name: str) -> str:
    r"""The text that the macro `\name` stands for ("…" for "ldots"), or an empty string."""
    return _KNOWN.get(name) or _all_symbols().get(name, "")


def ensured(formula: str) -> str:
    r"""The one character that `\ensuremath{formula}` writes in text, or an empty string."""
    return _characters().get(formula, "")


def macro(character: str) -> str:
    r"""LaTeX for a character in text, in braces: `{\ss}`, `{\ensuremath{\leq}}`; "" if it has none.

    Only what `symbol` and `ensured` read back as the same character. Cyrillic counts as having
    none: its macros (`\cyrd`) are known to LaTeX alone, and only under one font encoding, while
    all that reads .bib files otherwise (biber, pandoc, Zotero) takes the letter itself.
    """
    return _macros().get(character, "")


def formula(character: str) -> str:
    r"""TeX for a character within math: `\alpha` for α; "" where it should stay as it is."""
    return _formulas().get(character, "")


@cache
def _all_symbols() -> dict[str, str]:
    """Every macro without arguments that stands for some text."""
    from pylatexenc.latex2text import get_default_latex_context_db

    known = {
        spec.macroname: spec.simplify_repl
        for spec in get_default_latex_context_db().iter_macro_specs()
        if isinstance(spec.simplify_repl, str)
        and spec.macroname.isalpha()
        and not re.search("[%<]|^$|^November", spec.simplify_repl)
    }
    for character, latex in _table():
        if match := _TEXT_MACRO.fullmatch(latex):
            known.setdefault(match[1], character)
    return known | _KNOWN


@cache
def _characters() -> dict[str, str]:
    r"""What stands in `\ensuremath{…}` for one character, and the character."""
    known = {"'": "′"}
    for character, latex in _table():
        match = _ENSURED.fullmatch(latex)
        shape = match and _FORMULA.fullmatch(match[1])
        if match and shape and not _ODD.fullmatch(shape[1] or ""):
            known.setdefault(_usual_font(match[1]), character)
    return known


@cache
def _macros() -> dict[str, str]:
    known = {char: f"{{\\ensuremath{{{formula}}}}}" for formula, char in _characters().items()}
    for character, latex in _table():
        match = _TEXT_MACRO.fullmatch(latex)
        if match and not _ODD.fullmatch(match[1]) and symbol(match[1]) == character:
            known[character] = f"{{{latex}}}"
    known |= {char: f"{{\\{name}}}" for name, char in LETTERS.items()}
    return {character: latex for character, latex in known.items() if not character.isascii()}


@cache
def _formulas() -> dict[str, str]:
    known = {
        character: re.sub(r"\\mathit\{(.)\}", r"\1", formula)
        for formula, character in _characters().items()
        if not character.isascii()
    }
    return known | {
        "¹": "^1",
        "²": "^2",
        "³": "^3",
        "µ": r"\mu",
        "·": r"\cdot",
        "×": r"\times",
        "÷": r"\div",
        "¬": r"\neg",
        "°": r"^\circ",
        "…": r"\ldots",
        "′": "'",
        "’": "'",
        "∆": r"\Delta",
        "ℝ": r"\mathbb{R}",
    }


def _usual_font(formula: str) -> str:
    r"""Script capitals as `\mathcal{O}`: `\mathscr` needs a package."""
    return re.sub(r"\\mathscr\{([A-Z])\}", r"\\mathcal{\1}", formula)


@cache
def _table() -> tuple[tuple[str, str], ...]:
    """The pairs, in pylatexenc, of a character and its LaTeX, in the order of the characters."""
    from pylatexenc.latexencode import get_builtin_uni2latex_dict

    pairs = sorted(get_builtin_uni2latex_dict().items())
    return tuple((chr(code), latex) for code, latex in pairs)
