"""How a text becomes the terms of the search index, letter for letter as the browser does it.

    text ─ tokens ─► "G-SimCLR's" → "g", "simclr's"       Lunr's own tokenizer
         ─ fold ───► "simclr"                             bibpress-fold
         ─ (stop words are dropped, names kept)           bibpress-stop-words, when indexing only
         ─ stem ───► "simclr"                             stemmer, Lunr's own

The twin of this module is `static/search/words.js`; whatever changes here changes
there. Both fold character by character over the explicit table in `letters`, so that a Python and
a browser of different Unicode versions agree: a character that the table does not know parts
words on both sides. What remains: a capital added to Unicode later as the partner of a small
letter that is old (U+A7DC of Unicode 16) is lower-cased by a new browser before we see it.

Known weaknesses: Thai, Lao, Khmer and Burmese write no spaces between words, and a whole phrase
is one token there; "Müller" is found as "muller", not as "mueller".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from generator.search import letters

FIELDS = ("title", "abstract", "authors", "tags", "venue", "year")
PIPELINE = ("bibpress-fold", "bibpress-stop-words", "stemmer")
SEARCH_PIPELINE = ("bibpress-fold", "stemmer")

LONGEST = 64  # letters a token keeps: longer is no word, and Lunr's automaton grows by the letter

# Lunr's own list. In the field `authors` they stay: An, So, May, Will and Can write papers.
_WORDS = """
a able about across after all almost also am among an and any are as at be because been but by can
cannot could dear did do does either else ever every for from get got had has have he her hers him
his how however i if in into is it its just least let like likely may me might most must my
neither no nor not of off often on only or other our own rather said say says she should since so
some than that the their them then there these they this tis to too twas us wants was we were what
when where which while who whom why will with would yet you your
"""
STOP_WORDS = frozenset(_WORDS.split())


def terms(text: str, field: str) -> list[str]:
    """The terms under which Lunr.js, with our pipeline, indexes `text` in a field, in order."""
    return [stem(word) for token in tokens(text) for word in fold(token) if is_kept(word, field)]


def tokens(text: str) -> list[str]:
    """The text as Lunr.js's tokenizer cuts it: lower case, parted at white space and hyphens."""
    if text.isprintable() or not _OTHER_SPACE.search(text):
        return text.lower().replace("-", " ").split()  # the same, three times as fast
    return [token for token in _SEPARATOR.split(text.lower()) if token]


def fold(token: str) -> tuple[str, ...]:
    """The words in a token: NFKC, no accents, no case, no outer punctuation; CJK in bigrams.

    `École,` → ecole · `x86/64` → x86, 64 · `GPT-3.5` keeps its 3.5 · `e.g.` → eg · `c++`, `f#`
    stay · `solver++` → solver, solver++ · `o'brien` → obrien, brien · `model's` → model · 東京都 →
    東京, 京都. Where nothing is left the answer is one empty word: Lunr.js breaks on a required
    term (`+—`) that the search pipeline drops, while an empty one is merely not found.
    """
    if token.isascii() and (word := token.strip(_AROUND)).isalnum():
        return (word.lower()[:LONGEST],)  # nearly all are like this; the rest of it would say so
    words = token.translate(_CHARACTERS).split()
    return tuple(part for word in words for part in _parts(_composed(word))) or ("",)


def is_kept(word: str, field: str) -> bool:
    """Whether a folded word is indexed in a field: it is not empty, and no stop word."""
    return word != "" and (field == "authors" or word not in STOP_WORDS)


def stem(word: str) -> str:
    """The Porter stem of a folded word, exactly as Lunr.js 2.3.9 gives it ("surveys" → "survey").

    Lunr.js follows Porter's paper but for this: "logi" becomes "log", "bli" becomes "ble", a word
    keeps a letter before every ending, and letters are counted in UTF-16 units.
    """
    if not word.isascii() and max(word) > "\uffff":
        return _joined_pairs(_stem(_ASTRAL.sub(_surrogates, word)))
    return _stem(word)


# --- characters ---------------------------------------------------------------------------------

# What may stand around a word and says nothing there.
_AROUND = "\"'!?()[]{}<>,.;:/"

# What JavaScript means by \s, and the hyphen.
_SEPARATOR = re.compile("[\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff-]+")


# Where Python and JavaScript do not agree what white space is.
_OTHER_SPACE = re.compile("[\x1c-\x1f\x85\ufeff]")


class _Characters(dict[int, str]):
    """What a character becomes, worked out when it is first met: letters, nothing, or a space."""

    def __missing__(self, code: int) -> str:
        """Work it out and remember it."""
        self[code] = letters.fold(chr(code))
        return self[code]


_CHARACTERS = _Characters()


def _composed(word: str) -> str:
    """The word with its Hangul and kana composed.

    Longer than any word it stays as it is: normalising takes quadratic time over marks in a
    hostile order.
    """
    if word.isascii() or len(word) > 4 * LONGEST:
        return word
    return unicodedata.normalize("NFC", word)


# --- words --------------------------------------------------------------------------------------
# A word is made of letters, digits and the four signs ' . + # that may stand inside of one.

_SIGNED = re.compile(r"([^+#]+)(\+\+|[+#](?![^'.+#]))?[+#]*")
_INITIALS = re.compile(r"(?:[^'.0-9]\.)+[^'.0-9]")
_DOT = re.compile(r"(?<![0-9])\.+|\.+(?![0-9])")

# Han, kana and Hangul; what else lies in these ranges is no letter, so it does not get here.
CJK = re.compile(
    "([\u1100-\u11ff\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3041-\u30ff\u31f0-\u31ff\u3400-\u9fff"
    "\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U0001aff0-\U0001b16f\U00020000-\U0003ffff]+)"
)


def _parts(word: str) -> Iterator[str]:
    """The tokens of one word: each piece between signs, and after it the piece with its sign."""
    for piece, sign in _SIGNED.findall(word):
        base = piece.strip("'.")
        found = [token for part in _undotted(base) for token in _spelled(part)]
        signed = _with_sign(found[-1], sign) if found and sign and piece.endswith(base) else ""
        if len(signed) == 1 + len(sign):
            found.pop()  # "c++" is not about "c", while "solver++" is a solver
        yield from found
        if signed:
            yield signed


def _with_sign(token: str, sign: str) -> str:
    """A letter and its sign ("c++", "f#"); empty after a digit, as in "100+", and after CJK."""
    return "" if token[-1] in "0123456789" or CJK.match(token) else token + sign


def _undotted(base: str) -> list[str]:
    """The parts between full stops; those within a number stay, those of initials vanish."""
    return [base.replace(".", "")] if _INITIALS.fullmatch(base) else _DOT.split(base)


def _spelled(part: str) -> Iterator[str]:
    """Every token by which a part with apostrophes may be looked for: "o'brien": obrien, brien."""
    pieces = [piece for piece in part.split("'") if piece]
    if len(pieces) > 1 and pieces[-1] == "s":
        pieces.pop()
    yield from _cut("".join(pieces))
    for piece in pieces[1:]:
        if len(piece) > 2:
            yield from _cut(piece)


def _cut(text: str) -> Iterator[str]:
    """CJK as overlapping pairs of characters, the rest whole but for its length."""
    for number, run in enumerate(CJK.split(text)):
        if number % 2 and len(run) > 1:
            yield from map("".join, pairwise(run))
        elif run:
            yield run[:LONGEST]


# --- Porter's stemmer ---------------------------------------------------------------------------
# M. F. Porter, "An algorithm for suffix stripping", Program 14 (1980); the steps bear his numbers.

_STEP_2 = {
    "ational": "ate",
    "tional": "tion",
    "enci": "ence",
    "anci": "ance",
    "izer": "ize",
    "bli": "ble",
    "alli": "al",
    "entli": "ent",
    "eli": "e",
    "ousli": "ous",
    "ization": "ize",
    "ation": "ate",
    "ator": "ate",
    "alism": "al",
    "iveness": "ive",
    "fulness": "ful",
    "ousness": "ous",
    "aliti": "al",
    "iviti": "ive",
    "biliti": "ble",
    "logi": "log",
}
_STEP_3 = {
    "icate": "ic",
    "ative": "",
    "alize": "al",
    "iciti": "ic",
    "ical": "ic",
    "ful": "",
    "ness": "",
}
_ENDINGS = "al ance ence er ic able ible ant ement ment ent ou ism ate iti ous ive ize"
_STEP_4 = dict.fromkeys(_ENDINGS.split(), "")
# Nearly half of all words end in none of these, so there is nothing to look for.
_TAILS = frozenset(ending[-2:] for ending in (*_STEP_2, *_STEP_3, *_STEP_4, "sion", "tion"))

# Consonants, one vowel, one consonant, as in "hop": such a word gets its e back, or keeps it.
_SHORT = re.compile("[^aeiou][^aeiouy]*[aeiouy][^aeiouwxy]")
# Consonants and vowels in a row: a y is a consonant after a vowel, and a vowel after a consonant.
_C, _V = "[^aeiou][^aeiouy]*", "[aeiouy][aeiou]*"
_VOWEL = re.compile(f"(?:{_C})?[aeiouy]")
# Porter's m says how often a vowel is followed by a consonant: more than nought, more than one.
_SOME = re.compile(f"(?:{_C})?{_V}{_C}")
_SEVERAL = re.compile(f"(?:{_C})?{_V}{_C}{_V}{_C}")


def _stem(word: str) -> str:
    """The stem; a y that begins a word is a consonant, so it is a capital on the way."""
    if len(word) < 3:
        return word
    capital = word[0] == "y"
    word = "Y" + word[1:] if capital else word
    word = _without_past(_without_plural(word))
    if word[-1] == "y" and len(word) > 2 and word[-2] not in "aeiou":
        word = word[:-1] + "i"
    if word[-2:] in _TAILS:
        word = _replaced(word, _STEP_2, _SOME)
        word = _replaced(word, _STEP_3, _SOME)
        if word.endswith(("sion", "tion")) and len(word) > 4:
            word = word[:-3] if _SEVERAL.match(word[:-3]) else word
        else:
            word = _replaced(word, _STEP_4, _SEVERAL)
    word = _without_e(word)
    return "y" + word[1:] if capital else word


def _without_plural(word: str) -> str:
    """Step 1a: "caresses" → "caress", "ponies" → "poni", "cats" → "cat"."""
    if word[-1] != "s":
        return word
    if word.endswith(("sses", "ies")) and len(word) > (4 if word.endswith("sses") else 3):
        return word[:-2]
    return word[:-1] if len(word) > 2 and word[-2] != "s" else word


def _without_past(word: str) -> str:
    """Step 1b: "agreed" → "agree", "plastered" → "plaster", "hopping" → "hop"."""
    if word.endswith("eed") and len(word) > 3:
        return word[:-1] if _SOME.match(word[:-3]) else word
    for ending in ("ed", "ing"):
        if word.endswith(ending) and (rest := word[: -len(ending)]):
            return _mended(rest) if _VOWEL.match(rest) else word
    return word


def _mended(word: str) -> str:
    """Step 1b, continued: the e comes back ("conflat" → "conflate"), a doubled letter goes."""
    if word.endswith(("at", "bl", "iz")):
        return word + "e"
    if len(word) > 1 and word[-1] == word[-2] and word[-1] not in "aeiouylsz":
        return word[:-1]
    return word + "e" if _SHORT.fullmatch(word) else word


def _replaced(word: str, endings: dict[str, str], measure: re.Pattern[str]) -> str:
    """The longest of these endings replaced, if what stands before it measures enough."""
    for size in range(min(7, len(word) - 1), 1, -1):
        if (new := endings.get(word[-size:])) is not None:
            rest = word[:-size]
            return rest + new if measure.match(rest) else word
    return word


def _without_e(word: str) -> str:
    """Step 5: "probate" → "probat", "rate" stays; "controll" → "control"."""
    if word[-1] == "e" and len(word) > 1:
        rest = word[:-1]
        if _SEVERAL.match(rest) or (_SOME.match(rest) and not _SHORT.fullmatch(rest)):
            word = rest
    return word[:-1] if word.endswith("ll") and _SEVERAL.match(word) else word


_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


def _surrogates(match: re.Match[str]) -> str:
    """One character beyond U+FFFF as JavaScript counts it: two."""
    high, low = divmod(ord(match[0]) - 0x10000, 0x400)
    return chr(0xD800 + high) + chr(0xDC00 + low)


def _joined_pairs(word: str) -> str:
    """The surrogates of a word put together again."""
    return word.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
