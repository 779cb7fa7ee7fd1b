r"""A canonical text as LaTeX that BibTeX can hold.

What `to_latex` writes, `from_latex` reads back as the same text. Measured with bibtex 0.99d: it
counts `\{` as a brace, so literal braces are written as such only where they balance.
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import normalize

from generator.text.canon import LIGATURES, MOST_MARKS, balanced, segments
from generator.text.patterns import again
from generator.text.symbols import ACCENTS, LETTERS, macro


def to_latex(text: str, *, protect: bool = False) -> str:
    r"""The text as LaTeX: one line of ASCII, braces balanced, never beginning with `@`.

    Letters for which LaTeX has no macro (CJK, Cyrillic, emoji) stay as they are. `protect` puts
    words with a capital beyond their first letter (`{BERT}`, `{iPhone}`, `{GANs}`) in braces,
    and formulas, for styles that lower the capitals of titles; words of a hyphenated one are
    looked at one by one.
    """
    if not protect and text.isascii() and not _SPECIAL.search(text) and not _PAIRS.search(text):
        return text
    pieces = [
        (True, value) if math and balanced(value) else (False, f"${value}$" if math else value)
        for math, value in segments(text)
    ]
    literal = "".join(value for math, value in pieces if not math)
    table = _escapes(braces=balanced(literal, escaped=True), dollars=literal.count("$"))
    # BibTeX's styles lower the capitals of formulas too: O(n) would become o(n).
    shield = "{{{}}}".format if protect else str
    latex = "".join(
        shield(_formula(value)) if math else _text(value, table, protect=protect)
        for math, value in pieces
    )
    return f"{{@}}{latex[1:]}" if latex.startswith("@") else latex


_SPECIAL = re.compile(r"[&%_#${}~^\\<>|`@]")
_PAIRS = re.compile(r"--|''|/s")

# --- text ---------------------------------------------------------------------------------------

_ESCAPES = {character: f"\\{character}" for character in "&%_#"} | {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "`": r"\textasciigrave{}",
    "|": r"\textbar{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "~": r"\textasciitilde{}",
    "–": "--",
    "—": "---",
    "“": "``",
    "”": "''",
    "’": r"{\textquoteright}",
}


def _escapes(*, braces: bool, dollars: int) -> dict[str, str]:
    r"""How this text's special characters are written.

    Two bare `\$` could be read back as a formula's, whose dollars a converter escaped.
    """
    return _ESCAPES | {
        "{": r"\{" if braces else r"\textbraceleft{}",
        "}": r"\}" if braces else r"\textbraceright{}",
        "$": r"\$" if dollars == 1 else r"{\$}",
    }


_WORD = "(?P<word>" + again(r"[^\W_]++[\u0300-\u036f]*+", 1) + ")"
_SPECIALS = (
    # Neighbours that TeX would read as one, an ampersand that HTML would, and a slash that IEEE.
    r"(?P<hyphens>[-–—]{2,})|(?P<quotes>['’”]{2,})|(?P<ligature>(?<=[?!])“)|(?P<entity>&(?=#?\w{1,31};))"
    r"|(?P<ieee>/(?=s(?:pl|u[bp])\s))"
    r"|(?P<special>[&%_#${}~^\\<>|`–—“”’])"
    r"|(?P<letter>[A-Za-z][\u0300-\u036f]++|[^\x00-\x7f][\u0300-\u036f]*+)"
)
_TOKENS = re.compile(_SPECIALS)
_WORDS_AND_TOKENS = re.compile(f"{_WORD}|{_SPECIALS}")


def _text(text: str, table: dict[str, str], *, protect: bool) -> str:
    def latex(match: re.Match[str]) -> str:
        token = match[0]
        match match.lastgroup:
            case "word":
                inner = _TOKENS.sub(latex, token)
                return f"{{{inner}}}" if any(map(str.isupper, token[1:])) else inner
            case "hyphens":
                return "{}".join(table.get(character, character) for character in token)
            case "quotes":
                return "".join(f"{{{table.get(mark, mark).strip('{}')}}}" for mark in token)
            case "ligature" | "entity" | "ieee":
                return f"{{{table.get(token, token)}}}"
            case "special":
                return table[token]
        return _letter(token)

    return (_WORDS_AND_TOKENS if protect else _TOKENS).sub(latex, text)


# Marks below a letter leave an i its dot: ị is \d{i}.
_BELOW = frozenset(ACCENTS[name] for name in ("d", "textcommabelow", "c", "k", "b"))
_ACCENT_OF = {mark: name for name, mark in ACCENTS.items()}
_LETTER_MACRO = {letter: f"\\{name}" for name, letter in LETTERS.items()}


@lru_cache(maxsize=4096)
def _letter(cluster: str) -> str:
    r"""A letter with its marks: `{\"o}`, `{\c{c}}`, `{\'{\i}}`; what has no macro, as it is."""
    letters = normalize("NFD", cluster)
    base, marks = letters[0], letters[1:]
    plain = base if base.isascii() else _LETTER_MACRO.get(base, "")
    known = len(marks) <= MOST_MARKS and all(mark in _ACCENT_OF for mark in marks)
    if marks and plain and base not in "ıȷ" and known:
        is_dotless = base in "ij" and not _BELOW.issuperset(marks)
        latex = f"\\{base}" if is_dotless else plain
        for mark in marks:
            name = _ACCENT_OF[mark]
            simple = len(latex) == 1 and not name.isalpha()
            latex = f"\\{name}{latex}" if simple else f"\\{name}{{{latex}}}"
        return f"{{{latex}}}"
    # The cluster's own character may have a macro where its marks have none.
    return (macro(cluster[0]) or LIGATURES.get(ord(cluster[0]), cluster[0])) + cluster[1:]


# --- formulas -----------------------------------------------------------------------------------


def _formula(source: str) -> str:
    r"""A formula between dollars; where `\{` and `\}` do not balance they get their other names."""
    if not balanced(source, escaped=True):
        source = re.sub(
            r"\\(?:([{}])|.)",
            lambda m: {"{": r"\lbrace{}", "}": r"\rbrace{}"}.get(m[1] or "", m[0]),
            source,
        )
    return f"${source}$"
