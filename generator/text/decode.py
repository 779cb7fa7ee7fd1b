r"""What LaTeX, and what publishers leave in a text, means: as canonical text.

One pass over tokens. The only state is what a later token may close or change: open groups, and
accents that wait for their letter. Groups may nest to any depth and need not balance.

`from_latex` reads a .bib field: all characters have TeX's meaning but `%`, which in a .bib nearly
always is a per cent sign. `from_plain` reads a text dump: macros that everybody knows and math
are decoded, all else is taken at its word.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property, partial
from html import unescape
from html.entities import html5
from unicodedata import normalize

from generator.text.canon import balanced, clean, join
from generator.text.patterns import again
from generator.text.symbols import ACCENTS, LETTERS, MATH_ACCENTS, ensured, symbol

Pieces = list[tuple[bool, str]]


def from_latex(value: str) -> str:
    r"""The canonical text of a .bib field's value; any string has one.

    Unknown macros go, their arguments stay. HTML's entities and tags that publishers leave in
    (`&amp;`, `<i>`, `<sub>`, `<jats:p>`) and IEEE's own (`/spl pi/`) become what they mean;
    math whose dollars a converter escaped (`\$f\_t(x)\$`) is math again.
    """
    if not (_LATEX_HINT.search(value) or "--" in value or "''" in value or "/s" in value):
        return clean(value)
    return _written(_Decoder(_HEADING.sub("", value), latex=True).pieces())


def lost_macros(value: str) -> tuple[str, ...]:
    r"""The macros of a .bib field that `from_latex` leaves out without a trace, each once.

    Nobody knows them and they have no argument: of `\ourmethod{} wins` there is only "wins" left.
    """
    if all(map(_is_known, _NAME_OF_MACRO.findall(value))):
        return ()
    decoder = _Decoder(_HEADING.sub("", value), latex=True)
    decoder.pieces()
    return tuple(dict.fromkeys(decoder.lost))


def from_plain(value: str) -> str:
    r"""The canonical text of a plain-text dump; any string has one.

    Decoded are macros that `from_latex` knows, with their braces (`25\%`, `\textbf{…}`,
    `{\it …}`, `\'e`), math, and dashes (`--` but not `--flag`). Braces, `~`, `%`, `&`, `_` and
    backslashes that begin no such macro stay as they are; so do Windows paths.
    """
    if not (_PLAIN_HINT.search(value) or "--" in value):
        return clean(value)
    return _written(_Decoder(value, latex=False).pieces())


def _written(pieces: Pieces) -> str:
    """What `join` makes of the pieces, sooner where they hold no formula and no dollar."""
    if any(math or "$" in value for math, value in pieces):
        return join(pieces)
    return clean("".join(value for _, value in pieces))


# --- tokens: every repetition is possessive or stops at the next of its kind, so time is linear --

_LATEX_HINT = re.compile(r"[\\{}$~<&`]")
_PLAIN_HINT = re.compile(r"[\\$]")

_IN_DOLLARS = again(r"[^$\\]++|\\[^$]", 1)
_IN_PARENTHESES = again(r"[^\\]++|\\[^()]")
_IN_BRACKETS = again(r"[^\\]++|\\[^\[\]]")
_COMMON = (
    rf"(?P<escaped>\\\$(?P<body>{_IN_DOLLARS})\\\$(?![0-9]))"
    rf"|(?P<math>\\\({_IN_PARENTHESES}\\\)|\\\[{_IN_BRACKETS}\\\])"
    r"|(?P<word>\\(?P<name>[A-Za-z]++))"
    r"|(?P<control>\\.)"
    # arXiv's usual tilde, {\raise.17ex\hbox{$\scriptstyle\sim$}}, after a converter had it.
    r"|(?P<lifted>\{?\braise[.0-9]+ex\s*(?=[{\\$]))"
    r"|(?P<opening>\{)|(?P<closing>\})"
    r"|(?P<dollar>\$)"
)
_BLOCKS = "p|br|title|sec|section|div|[uo]l|li|list|list-item|disp-formula"
_TAGS = (
    f"{_BLOCKS}|i|b|em|strong|u|sub|sup|tt|italic|bold|scp?|span|a|font|small|big|monospace|underline"
    "|inline-formula|tex-math|alternatives|ext-link|xref|named-content|styled-content|semantics"
    "|annotation|math|m(?:row|[inos]|text|style|sub|sup|subsup|frac|sqrt|over|under)"
)
_LT, _GT, _NAMESPACE = r"(?:<|&(?:amp;)?lt;)", r"(?:>|&(?:amp;)?gt;)", r"(?:\w{1,9}:)?"
_LATEX_TOKEN = re.compile(
    rf"(?P<script>{_LT}{_NAMESPACE}su(?P<kind>[bp]){_GT}(?P<inner>[^<>{{}}$\\]{{1,40}}?)"
    rf"{_LT}/{_NAMESPACE}su[bp]{_GT})"
    rf"|(?P<tag>{_LT}/?{_NAMESPACE}(?P<element>{_TAGS})(?:\s+[\w:-]++\s*=[^<>&]*+)?\s*/?{_GT})"
    r"|(?P<entity>\\?&(?:amp;)*(?P<entity_name>\#[0-9]{1,7}|\#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});)"
    rf"|{_COMMON}"
    r"|(?P<ieee>/su(?P<level>[bp])\s(?P<set>/spl\s[a-z]{1,16}/|[^/<>{}$\\\s]{1,16})\s?/)"
    r"|(?P<ieee_sign>/spl\s(?P<sign>[a-z]{1,16})/)"
    r"|(?P<dash>-{2,3})"
    r"|(?P<quote>``|''|[?!]`(?!`)|[`'])"
    r"|(?P<tie>~)",
    re.DOTALL | re.IGNORECASE,
)
_PLAIN_TOKEN = re.compile(
    r"(?P<path>(?<![A-Za-z0-9])[A-Za-z]:\\(?![A-Za-z]+\{)[^\s{}$\"]*+|(?<!\S)\\\\\w[^\s{}$]*+)"
    rf"|{_COMMON}"
    r"|(?P<dash>(?<![-<!])-{2,3}(?![->]))",
    re.DOTALL,
)
# Where a token can begin. The patterns above try all they know at every letter; with a look for
# these first, 10,000 real abstracts are decoded in 0.4 s instead of 0.9 s.
_LATEX_BEGINNING = re.compile(
    r"[<&\\{}$`'~/?!rR-](?:(?<![?!rR-])|(?<=[?!])(?=`)|(?<=[rR])(?=(?i:aise))|(?<=-)(?=-))"
)
_PLAIN_BEGINNING = re.compile(r"[\\{}$A-Za-z-](?:(?<=[\\{}$])|(?<=r)(?=aise)|(?<=-)(?=-)|(?=:\\))")


def next_token(text: str, position: int, *, latex: bool) -> re.Match[str] | None:
    """The first token that begins at a position or behind it."""
    token = _LATEX_TOKEN if latex else _PLAIN_TOKEN
    beginning = _LATEX_BEGINNING if latex else _PLAIN_BEGINNING
    while begins := beginning.search(text, position):
        if match := token.match(text, begins.start()):
            return match
        position = begins.end()
    return None


# Of a formula's entities only those that no alignment can be: `&in;` may be a cell and a comma.
# Some who write .bib files put a backslash before every "&", those of entities too.
_ENTITY_IN_MATH = re.compile(
    r"(?:(?<!\\)\\)?&(?:amp;)*(lt|gt|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});|&(?:amp;)+"
)

_TEX = again(r"[^$\\]++|\\.", 1)
_DISPLAY = re.compile(rf"\$\$({_TEX})\$\$", re.DOTALL)
_INLINE = re.compile(rf"\$({_TEX})\$", re.DOTALL)
_IN_ENVIRONMENT = again(r"[^\\]++|\\(?!(?:begin|end)\{).")
_ENVIRONMENT = re.compile(
    r"\\begin\{((?:equation|displaymath|math|eqnarray|align|gather|multline|aligned|gathered|split"
    rf"|cases|[pbvBV]?matrix)\*?)\}}({_IN_ENVIRONMENT})\\end\{{\1\}}",
    re.DOTALL,
)
_SPACES = re.compile(r"\s*")
_OPTIONS = re.compile(r"(?:\s*\[[^\[\]{}]*\])*")
_UNKNOWN = re.compile(r"\*?\s*(?:\[[^\[\]{}]*\](?=\{))?")
_ARGUMENT = re.compile(r"\{(?!\s*\})")
_NAME_OF_MACRO = re.compile(r"\\([A-Za-z]++)")
_BREAK = re.compile(r"\*?(?:\[[^\[\]{}]{0,20}\])?")
_MACRO = re.compile(r"\\(?:([A-Za-z]++)|(.))", re.DOTALL)
_NUMBER = r"-?(?:[0-9]++(?:\.[0-9]++)?|\.[0-9]++)"
_LENGTH = re.compile(rf"\s*+{_NUMBER}\s*+(?:ex|em|pt|mu|cm|mm|in|sp|bp|pc)\s*+")
_VERBATIM = re.compile(r"\*?([^\sA-Za-z*])(.{0,200}?)\1")
_ACCENTED = re.compile(
    r"\s*\{\s*\\?(?P<braced>[A-Za-z])\s*\}|\\(?P<dotless>[ij])(?![A-Za-z])|(?P<bare>[A-Za-z])"
)
# Braces that a converter ate: "\emphminimum", "\textscBest".
_GLUED = re.compile(r"(?:emph|text(?:bf|it|sc|tt|sf|rm))(?=.)")

_HEADING = re.compile(
    r"^\s*<(?:\w{1,9}:)?title>\s*(?:abstract|summary)\s*</(?:\w{1,9}:)?title>", re.I
)


# --- formulas or money --------------------------------------------------------------------------

_QUIET = re.compile(r"\\(?:text|mathrm|operatorname|mbox)\w*\s*\{[^{}]*\}|\\[A-Za-z]+")
_LONG_WORD = re.compile(
    r"\b(?!(?:log|exp|min|max|sup|inf|lim|sin|cos|tan|poly|polylog|dim|det|arg|argmin|argmax|mod)\b)"
    r"[^\W\d_]{3}"
)
_OPERATOR = re.compile(r"[\\^_=<>+*/|(-]")
_DIGIT = re.compile("[0-9]")
_PROSE = re.compile(r"(?:\b[A-Za-z]{2,}+[ ,.;]++){10}")
_EVIDENCE = re.compile(r"[\\^_=]|^[A-Za-z]$")
_NAME = re.compile(r"[A-Za-z]{2,}")
_FONT_AND_LETTER = re.compile(
    r"(?:math(?:cal|bb|bf|rm|frak)|boldsymbol|tilde|hat|sqrt)[A-Za-z]?|left|right"
)
_ESCAPED_TEX = re.compile(r"\{?\\(text[a-z]+)\}?(?:\{\}|\s)?|\\([_^{}&])")


def _is_formula(source: str) -> bool:
    """Whether what stands between dollars looks like math: no words, and an operator or no gap."""
    if not source or source[0] in ")],;:/.?!" or _LONG_WORD.search(_QUIET.sub(" ", source)):
        return False
    return not re.search(r"\s", source) or _OPERATOR.search(source) is not None


def _formula_at(text: str, start: int) -> tuple[str, int]:
    r"""The TeX between the dollar at `start` and the next, and where it ends; "" if it is money.

    Pandoc's rule (see `segments`), and beyond it what TeX allows where it can be nothing else:
    `$ x^2 $`, `$k$2`. Ten words in a row are a formula whose end was lost. Dollars within a
    formula's `\text{…}` are not seen; such stays text.
    """
    for pattern in (_DISPLAY, _INLINE):
        match = pattern.match(text, start)
        if not match or not balanced(match[1]) or _PROSE.search(match[1]):
            continue
        body = match[1].strip()
        tight = body == match[1] and not _DIGIT.match(text, match.end())
        if body and (
            tight or pattern is _DISPLAY or (_EVIDENCE.search(body) and _is_formula(body))
        ):
            return body, match.end()
    return "", start


def _unescaped(source: str) -> str:
    r"""TeX of which a converter made text: `f\_t`, `{\textbackslash}mu`, `ell_2`, `mathcalO(n)`.

    Where all backslashes are lost, a word is a macro again if it is the name of one.
    """
    source = _ESCAPED_TEX.sub(lambda m: m[2] or symbol(m[1]) or m[0], source)
    return source if "\\" in source else _NAME.sub(_macro_again, source)


def _macro_again(match: re.Match[str]) -> str:
    name = match[0]
    known = symbol(name) and name not in LETTERS
    return f"\\{name}" if known or _FONT_AND_LETTER.fullmatch(name) else name


# --- scripts ------------------------------------------------------------------------------------

_RAISED = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_ORDINALS = frozenset({"st", "nd", "rd", "th"})


def _script(text: str, kind: str) -> tuple[bool, str]:
    """A script ("b" below, "p" above) as a piece: in Unicode's own characters, else a formula."""
    text = clean(text).replace("\u2212", "-")
    table = _LOWERED if kind == "b" else _RAISED
    if all(ord(letter) in table for letter in text):
        return False, text.translate(table)
    if text.lower() in _ORDINALS or not re.fullmatch(r"[\w ,.+*'-]+", text):
        return False, text
    inner = text if len(text) == 1 else rf"\text{{{text}}}"
    return True, f"{'_' if kind == 'b' else '^'}{{{inner}}}"


# --- the decoder --------------------------------------------------------------------------------


class _Decoder:
    """Where we are in one text, what was found so far, and what is still open."""

    def __init__(self, text: str, *, latex: bool) -> None:
        self.text = text
        self.latex = latex
        self.position = 0
        self.argument = -1  # where a macro's first argument would begin
        self.found: Pieces = []
        self.groups: list[Callable[[], object] | None] = []
        self.accents: list[str] = []
        self.quoted = False
        self.lost: list[str] = []  # the names of macros of which nothing is left

    def pieces(self) -> Pieces:
        """The pieces of the whole text, for `join`."""
        while match := next_token(self.text, self.position, latex=self.latex):
            self.say(self.text[self.position : match.start()])
            self.position = match.end()
            _TOKENS[match.lastgroup or ""](self, match)
        self.say(self.text[self.position :])
        self.drop_accents()
        return self.found

    def say(self, text: str) -> None:
        """Find text; accents that waited go on its first letter."""
        if self.accents and (text := text.lstrip()):
            if text[0].isalpha():
                marks = "".join(ACCENTS[name] for name in reversed(self.accents))
                text = {"ı": "i", "ȷ": "j"}.get(text[0], text[0]) + marks + text[1:]
                self.accents.clear()
            self.drop_accents()
        if text:
            self.found.append((False, text))

    def show(self, formula: str) -> None:
        """Find a formula."""
        self.drop_accents()
        if self.latex and "&" in formula:
            formula = _ENTITY_IN_MATH.sub(lambda m: unescape(f"&{m[1] or 'amp'};"), formula)
        self.found.append((True, formula))

    def ends_in_word(self) -> bool:
        r"""Whether a function's name would touch what stands before it: `n\log n`."""
        return bool(self.found) and self.found[-1][1][-1:].isalnum()

    def short_since(self, first: int) -> str:
        """What was found from piece `first` on; "" if it is long (groups nest) or has a formula."""
        inner = self.found[first : first + 20]
        plain = not any(math or len(value) > 200 for math, value in inner)
        return clean("".join(value for _, value in inner)) if plain and len(inner) < 20 else ""

    def drop_accents(self) -> None:
        r"""Accents on nothing: `\^{}` and `\~{}` are ways to write the character itself."""
        names = [name for name in self.accents if not name.isalpha()]
        self.accents.clear()
        self.found.extend((False, name) for name in names)

    def skip(self, pattern: re.Pattern[str]) -> None:
        if match := pattern.match(self.text, self.position):
            self.position = match.end()

    def take(self) -> str:
        """The group that begins here, as it stands; nothing if none does."""
        end = self.partners.get(self.position)
        if end is None:
            return ""
        raw = self.text[self.position + 1 : end]
        self.position = end + 1
        return raw

    def enter(self, closer: Callable[[], object]) -> None:
        """Go into the group that begins here, if one does; `closer` is called at its end."""
        if self.text.startswith("{", self.position):
            self.position += 1
            self.groups.append(closer)

    @cached_property
    def partners(self) -> dict[int, int]:
        """The closing brace of each opening one that has one."""
        found, opened = {}, []
        for match in re.finditer(r"\\.|[{}]", self.text, re.DOTALL):
            if match[0] == "{":
                opened.append(match.start())
            elif match[0] == "}" and opened:
                found[opened.pop()] = match.start()
        return found

    def arguments_end(self, count: int) -> int:
        """Where `count` arguments of a formula's macro end, braced or single; 0 if they do not."""
        self.skip(_OPTIONS)
        end = self.position
        for _ in range(count):
            end = _SPACES.match(self.text, end).end()  # type: ignore[union-attr]  # always matches
            if self.text.startswith("{", end):
                end = self.partners.get(end, -1) + 1
            elif macro := _MACRO.match(self.text, end):
                end = macro.end()
            else:
                end = end + 1 if self.text[end : end + 1].isalnum() else 0
            if not end:
                return 0
        return end

    def knows(self, position: int) -> bool:
        """Whether a macro that we know begins at a position."""
        match = _MACRO.match(self.text, position)
        if not match:
            return False
        return match[2] in ACCENTS if match[2] else _is_known(match[1])


def _is_known(name: str) -> bool:
    return name in _MACROS or name in ACCENTS or bool(symbol(name))


# --- what the tokens mean -----------------------------------------------------------------------


def _opening(text: _Decoder, match: re.Match[str]) -> None:
    """A brace is TeX's; in a dump only where a macro stands before it or begins it."""
    if text.latex or match.start() == text.argument or text.knows(match.end()):
        text.groups.append(None)
    else:
        text.say("{")
        text.groups.append(partial(text.say, "}"))


def _closing(text: _Decoder, _match: re.Match[str]) -> None:
    text.drop_accents()
    if not text.groups:
        text.say("" if text.latex else "}")
    elif closer := text.groups.pop():
        closer()


def _word(text: _Decoder, match: re.Match[str]) -> None:
    name = match["name"]
    if meaning := _MACROS.get(name):
        text.skip(_SPACES)
        meaning(text, match)
    elif name in ACCENTS:
        return _accent(text, match)
    elif known := symbol(name):
        if name in LETTERS:
            text.skip(_SPACES)
        text.say(f" {known}" if known == name and text.ends_in_word() else known)
    elif glued := _GLUED.match(name):
        text.say(name[glued.end() :])
    elif text.latex:
        text.skip(_UNKNOWN)
        if not _ARGUMENT.match(text.text, text.position):
            text.lost.append(name)
    else:
        return text.say(match[0])
    text.argument = text.position
    return None


def _control(text: _Decoder, match: re.Match[str]) -> None:
    character = match[0][1]
    if character in ACCENTS:
        _accent(text, match)
    elif character in "%&_#${}":
        text.say(character)
    elif character in " ,;:\n\r\t":
        text.say(" ")
    elif character == "\\":
        _line_break(text, match)
    elif not text.latex:
        text.say(match[0])
    elif character not in "!/-@>":
        text.say("‖" if character == "|" else character)


def _line_break(text: _Decoder, match: re.Match[str]) -> None:
    after = text.text[match.end() : match.end() + 1]
    if text.latex:
        text.skip(_BREAK)
    text.say(" " if text.latex or not after or after.isspace() else match[0])


def _accent(text: _Decoder, match: re.Match[str]) -> None:
    r"""An accent waits for its letter; in a dump it is one only where it makes one letter.

    Else it is `\d` of a regular expression or the `\"` of a quotation.
    """
    name = match[0][1:]
    if text.latex:
        if name.isalpha():
            text.skip(_SPACES)
        return text.accents.append(name)
    letter = _ACCENTED.match(text.text, match.end())
    if letter and not (name.isalpha() and letter["bare"]):
        composed = normalize("NFC", letter[letter.lastgroup or 0] + ACCENTS[name])
        if len(composed) == 1:
            text.position = letter.end()
            return text.say(composed)
    return text.say(match[0])


def _dollar(text: _Decoder, match: re.Match[str]) -> None:
    formula, end = _formula_at(text.text, match.start())
    if formula:
        text.show(formula)
        text.position = end
    else:
        text.say("$")


def _escaped(text: _Decoder, match: re.Match[str]) -> None:
    r"""`\$…\$` is a formula if it looks like one: converters escape dollars (1 abstract in 40)."""
    source = _unescaped(match["body"])
    if source == source.strip() and balanced(source) and _is_formula(source):
        text.show(source)
    else:
        text.say("$")
        text.position = match.start() + 2


def _tag(text: _Decoder, match: re.Match[str]) -> None:
    text.say(" " if re.fullmatch(_BLOCKS, match["element"], re.IGNORECASE) else "")


def _dash(text: _Decoder, match: re.Match[str]) -> None:
    """In a dump `--flag` stays: two hyphens before a letter, at the beginning of a word."""
    before = text.text[match.start() - 1 : match.start()]
    begins = not before or before.isspace() or before in "([{\"'`/"
    letter = text.text[match.end() : match.end() + 1].isalpha()
    flag = not text.latex and len(match[0]) == 2 and begins and letter
    text.say(match[0] if flag else "–—"[len(match[0]) - 2])


def _html_script(text: _Decoder, match: re.Match[str]) -> None:
    text.found.append(_script(unescape(match["inner"]), match["kind"]))


def _ieee_script(text: _Decoder, match: re.Match[str]) -> None:
    """`H/sub /spl infin//` as IEEE's abstracts have it (1 of 500)."""
    inner = match["set"]
    name = inner[5:-1] if inner.startswith("/") else ""
    text.found.append(_script(_entity(name, inner) if name else inner, match["level"]))


def _ieee_sign(text: _Decoder, match: re.Match[str]) -> None:
    text.say(_entity(match["sign"], match[0]))


def _entity(name: str, otherwise: str) -> str:
    """The character that HTML, and IEEE after it, calls `name`."""
    return unescape(f"&{name};") if name.startswith("#") else html5.get(f"{name};", otherwise)


_QUOTES = {"``": "“", "''": "”", "?`": "¿", "!`": "¡", "`": "‘"}


def _quote(text: _Decoder, match: re.Match[str]) -> None:
    """An apostrophe stays one, unless it closes what a single backquote opened."""
    after = text.text[match.end() : match.end() + 1]
    if match[0] == "'":
        closes = text.quoted and not after.isalnum()
        text.quoted = text.quoted and not closes
        text.say("’" if closes else "'")
    else:
        text.quoted = text.quoted or match[0] == "`"
        text.say(_QUOTES[match[0]])


_TOKENS: dict[str, Callable[[_Decoder, re.Match[str]], None]] = {
    "closing": _closing,
    "control": _control,
    "dash": _dash,
    "dollar": _dollar,
    "entity": lambda text, match: text.say(_entity(match["entity_name"], match[0])),
    "escaped": _escaped,
    "ieee": _ieee_script,
    "ieee_sign": _ieee_sign,
    "lifted": lambda text, match: text.groups.extend([None] * match[0].count("{")),
    "math": lambda text, match: text.show(match[0][2:-2]),
    "opening": _opening,
    "path": lambda text, match: text.say(match[0]),
    "quote": _quote,
    "script": _html_script,
    "tag": _tag,
    "tie": lambda text, _match: text.say(" "),
    "word": _word,
}


# --- what the macros mean that are not characters -----------------------------------------------

Macro = Callable[[_Decoder, re.Match[str]], object]


def _style(_text: _Decoder, _match: re.Match[str]) -> None:
    """A font, a size, a box: its argument is text like any other."""


def _gap(text: _Decoder, _match: re.Match[str]) -> None:
    text.say(" ")


def _without(count: int) -> Macro:
    """A macro whose first `count` arguments nobody reads; what follows them is text."""

    def meaning(text: _Decoder, _match: re.Match[str]) -> None:
        for _ in range(count):
            text.skip(_OPTIONS)
            text.take()

    return meaning


def _between(before: str, after: str) -> Macro:
    """A macro that puts something round its argument."""

    def meaning(text: _Decoder, _match: re.Match[str]) -> None:
        if text.text.startswith("{", text.position):
            text.say(before)
            text.enter(partial(text.say, after))

    return meaning


def _bare_math(arguments: int) -> Macro:
    r"""A macro of math outside math, `O(\sqrt{n})`: a formula of itself and its arguments."""

    def meaning(text: _Decoder, match: re.Match[str]) -> None:
        if end := text.arguments_end(arguments):
            text.show(text.text[match.start() : end])
            text.position = end

    return meaning


def _script_macro(kind: str) -> Macro:
    def meaning(text: _Decoder, _match: re.Match[str]) -> None:
        first = len(text.found)

        def closer() -> None:
            if inner := text.short_since(first):
                text.found[first:] = [_script(inner, kind)]

        text.enter(closer)

    return meaning


def _ensuremath(text: _Decoder, _match: re.Match[str]) -> None:
    r"""One character that text can hold (`\ensuremath{\alpha}` is α), else a formula."""
    source = text.take()
    if character := ensured(source):
        text.say(character)
    else:
        text.show(source)


def _boundary(text: _Decoder, _match: re.Match[str]) -> None:
    r"""`\begin` or `\end` of something that is no formula, with its name."""
    text.take()
    text.skip(_OPTIONS)
    text.say(" ")


def _environment(text: _Decoder, match: re.Match[str]) -> None:
    formula = _ENVIRONMENT.match(text.text, match.start())
    if not formula:
        return _boundary(text, match)
    name, body = formula[1].rstrip("*"), formula[2]
    if name.endswith(("cases", "matrix")):
        body = formula[0]
    elif "&" in body or "\\\\" in body:
        body = rf"\begin{{aligned}}{body}\end{{aligned}}"
    text.show(body)
    text.position = formula.end()
    return None


def _verbatim(text: _Decoder, _match: re.Match[str]) -> None:
    if verbatim := _VERBATIM.match(text.text, text.position):
        text.position = verbatim.end()
        text.say(verbatim[2])


def _address(raw: str) -> str:
    r"""An address as it is typed: LaTeX's `\%`, `\_`, `\~{}` in it without their escapes."""
    raw = re.sub(r"\{?\\textasciitilde(?:\{\})?\}?|\\~(?:\{\})?", "~", raw)
    return re.sub(r"\\([%#&_{}^$])", r"\1", raw).strip()


def _url(text: _Decoder, _match: re.Match[str]) -> None:
    text.say(_address(text.take()))


def _href(text: _Decoder, _match: re.Match[str]) -> None:
    """What is linked, and after it the address in brackets unless it is the same."""
    address = _address(text.take())
    first = len(text.found)

    def closer() -> None:
        shown = text.short_since(first).rstrip("/")
        same = "." in shown and address.rstrip("/").endswith(shown)
        if same or len(text.found) == first:
            text.found[first:] = [(False, address)]
        elif address.startswith(("https://", "http://")):
            text.say(f" ({address})")

    text.enter(closer)


def _cite(text: _Decoder, _match: re.Match[str]) -> None:
    """Citations of papers that are not here: their keys in brackets."""
    text.skip(_OPTIONS)
    if keys := text.take():
        text.say(f"[{', '.join(key.strip() for key in keys.split(','))}]")


def _all(names: str, meaning: Macro) -> dict[str, Macro]:
    return dict.fromkeys(names.split(), meaning)


_SWITCHES = """
    em it bf tt sc sf rm sl cal tiny scriptsize footnotesize small normalsize large Large LARGE
    huge Huge bfseries mdseries itshape slshape scshape upshape rmfamily sffamily ttfamily
    normalfont boldmath unboldmath displaystyle textstyle scriptstyle scriptscriptstyle centering
    raggedright noindent indent protect relax allowbreak nobreak leavevmode xspace thinspace
    left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr mleft mright
    limits nolimits ignorespaces mathstrut strut
"""
_STYLES = """
    emph textbf textit textsl textsc texttt textsf textrm textup textmd textnormal text mbox hbox
    fbox underline uline ul sout so hl mathrm mathbf mathit mathsf mathtt mathnormal boldsymbol bm
    pmb operatorname uppercase lowercase MakeUppercase MakeLowercase centerline mkbibemph
    mkbibbold mkbibitalic emphasize title section subsection paragraph
"""
_GAPS = "par newline linebreak nolinebreak quad qquad enspace enskip space nobreakspace item hfill"
_UNREAD = """
    label hspace vspace color textcolor colorbox includegraphics hypertarget hyperlink index
    phantom hphantom vphantom thanks input noopsort SortNoop fontsize pagestyle thispagestyle
    bibliographystyle ref eqref autoref cref Cref
"""
_CITATIONS = """
    cite Cite citep citet Citet Citep citealp citealt citeauthor citeyear citeyearpar nocite
    parencite textcite autocite footcite fullcite supercite smartcite
"""

_MACROS: dict[str, Macro] = {
    **_all(_SWITCHES, _style),
    **_all(_STYLES, _style),
    **_all(_GAPS, _gap),
    **_all(_UNREAD, _without(1)),
    **_all(_CITATIONS, _cite),
    **_all("sqrt mathcal mathbb mathfrak mathscr underbrace overbrace", _bare_math(1)),
    **_all(" ".join(MATH_ACCENTS), _bare_math(1)),
    **_all("frac dfrac tfrac nicefrac binom", _bare_math(2)),
    **_all("url nolinkurl path doi", _url),
    **_all("enquote textquote mkbibquote", _between("“", "”")),
    **_all("raise lower kern hskip vskip mkern", lambda text, _match: text.skip(_LENGTH)),
    "begin": _environment,
    "end": _boundary,
    "ensuremath": _ensuremath,
    "footnote": _between(" (", ")"),
    "href": _href,
    "texorpdfstring": lambda text, _match: text.enter(text.take),
    "textsubscript": _script_macro("b"),
    "textsuperscript": _script_macro("p"),
    "verb": _verbatim,
}
