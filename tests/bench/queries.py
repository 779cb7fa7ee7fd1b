"""What people might type into the search box, made of the papers themselves.

`known` asks for one paper each time, so that its place among the results can be judged; `typed` is
a mixture of all that the box understands, to measure bytes and milliseconds with. All depend on
nothing but the documents and a seed.

`known` asks for papers that exist by words that they have; a reader who remembers a paper wrongly
in other ways than these, or who looks for a subject, is not imitated.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from random import Random
from typing import NamedTuple

from generator.search import NAMES, Document
from generator.search.analysis import fold, is_kept

Make = Callable[[Document, Random], str]
"""Makes a query of a paper; empty where the paper has not what such a query is made of."""

SHORTEST = 4  # letters of a word that is asked for: shorter ones are seldom what is remembered
START = 4  # letters that are typed so far of a last word
LONG_ENOUGH = 5  # letters of a word that may lose one: the box forgives no error in shorter ones
ENOUGH_WORDS = 20  # different ones in an abstract; a shorter one is a note, not an abstract
COMMON = 50  # the commonest words of titles, which have the longest lists of papers
TRIES = 200  # papers looked at for each query before a kind is given up


class Known(NamedTuple):
    """A query and the one paper that it asks for."""

    query: str
    ref: str


def known(documents: Sequence[Document], kind: str, seed: int, count: int) -> list[Known]:
    """So many queries of a kind of `KINDS`; fewer where hardly any paper can be asked for so."""
    chance = _chance(seed, kind)
    drawn = (chance.choice(documents) for _ in range(TRIES * count))
    made = (Known(KINDS[kind](document, chance), document.ref) for document in drawn)
    return list(islice((item for item in made if item.query), count))


def typed(documents: Sequence[Document], seed: int, each: int) -> dict[str, list[str]]:
    """Kind → so many different queries, for `KINDS`, `OTHERS` and the commonest words."""
    kinds = {**KINDS, **OTHERS, "a common word": _common(documents)}
    return {kind: _several(documents, kind, make, seed, each) for kind, make in kinds.items()}


def heavy(documents: Sequence[Document], seed: int, each: int) -> dict[str, list[str]]:
    """Kind → so many queries of those that by their nature need much: see `HEAVY`."""
    return {kind: _several(documents, kind, make, seed, each) for kind, make in HEAVY.items()}


def _several(
    documents: Sequence[Document], kind: str, make: Make, seed: int, count: int
) -> list[str]:
    chance = _chance(seed, kind)
    made = (make(chance.choice(documents), chance) for _ in range(TRIES * count))
    different: dict[str, None] = {}
    for query in filter(None, made):
        different.setdefault(query)
        if len(different) == count:
            break
    return list(different)


def _chance(*seed: object) -> Random:
    return Random(repr(seed))  # noqa: S311 - nothing secret


# --- words --------------------------------------------------------------------------------------

_WORD = re.compile(r"[^\W_]+")
_PAIR = re.compile(rf"[^\W\d_]{{{SHORTEST},}} [^\W\d_]{{{SHORTEST},}}")


def words(text: str) -> list[str]:
    """The words of a text that are worth asking for, each once, in small letters.

    They have at least `SHORTEST` letters, are no stop words, and one term in the index.
    """
    found = (word.lower() for word in _WORD.findall(text))
    return list(dict.fromkeys(word for word in found if _is_telling(word)))


def _is_telling(word: str) -> bool:
    folded = fold(word)
    return (
        len(word) >= SHORTEST
        and not word.isdigit()
        and len(folded) == 1
        and is_kept(folded[0], "title")
    )


def _in_order(found: Sequence[str], count: int, chance: Random) -> list[str]:
    """So many of the words in the order of the text; none where there are fewer."""
    if len(found) < count:
        return []
    return [found[i] for i in sorted(chance.sample(range(len(found)), count))]


def _family(name: str) -> str:
    return name.split()[-1] if name else ""


def _unaccented(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


# --- queries for one paper ----------------------------------------------------------------------


def three_words(document: Document, chance: Random) -> str:
    """Three words of the title, in its order."""
    return " ".join(_in_order(words(document.title), 3, chance))


def lost_letter(document: Document, chance: Random) -> str:
    """Three words of the title, one of them without one of its letters."""
    found = _in_order(words(document.title), 3, chance)
    long = [i for i, word in enumerate(found) if len(word) >= LONG_ENOUGH]
    if not long:
        return ""
    i = chance.choice(long)
    return " ".join((*found[:i], _without_letter(found[i], chance), *found[i + 1 :]))


def _without_letter(word: str, chance: Random) -> str:
    at = chance.randrange(len(word))
    return word[:at] + word[at + 1 :]


def author_and_word(document: Document, chance: Random) -> str:
    """The first author's family name and one word of the title."""
    family, found = _family(document.authors.split(NAMES)[0]), words(document.title)
    return f"{family} {chance.choice(found)}" if family and found else ""


def without_accents(document: Document, chance: Random) -> str:
    """An author's name that has accents, typed without, and two words of the title."""
    names = [part for part in document.authors.replace(NAMES, " ").split() if not part.isascii()]
    plain = [name for name in map(_unaccented, names) if name.isascii()]
    found = _in_order(words(document.title), 2, chance)
    return " ".join((chance.choice(plain), *found)) if plain and found else ""


def cut_word(document: Document, chance: Random) -> str:
    """Three words of the title, of whose last only `START` letters are typed."""
    *before, last = _in_order(words(document.title), 3, chance) or [""]
    return " ".join((*before, last[:START])) if len(last) > START else ""


def abstract_words(document: Document, chance: Random) -> str:
    """Four words of the abstract, in any order."""
    found = words(document.abstract)
    return " ".join(chance.sample(found, 4)) if len(found) > ENOUGH_WORDS else ""


KINDS: Mapping[str, Make] = {
    "three words of the title": three_words,
    "one of them without a letter": lost_letter,
    "first author and a word": author_and_word,
    "a name without its accents": without_accents,
    "the last word cut to four letters": cut_word,
    "four words of the abstract": abstract_words,
}


# --- what else is typed -------------------------------------------------------------------------


def whole_title(document: Document, chance: Random) -> str:
    """The title, pasted."""
    del chance
    return document.title.replace('"', "")


def start(document: Document, chance: Random) -> str:
    """The first three to five letters of a word: what stands there while somebody types."""
    found = words(document.title)
    return chance.choice(found)[: chance.randint(3, 5)] if found else ""


def two_errors(document: Document, chance: Random) -> str:
    """A long word of the title without two of its letters."""
    long = [word for word in words(document.title) if len(word) >= 2 * LONG_ENOUGH]
    return _without_letter(_without_letter(chance.choice(long), chance), chance) if long else ""


def phrase(document: Document, chance: Random) -> str:
    """Two words that follow each other in the title, in quotes."""
    pairs = [pair for pair in _PAIR.findall(document.title) if len(words(pair)) == 2]
    return f'"{chance.choice(pairs)}"' if pairs else ""


def by_author(document: Document, chance: Random) -> str:
    """A word of the title, and an author by the field of that name."""
    family, found = _family(document.authors.split(NAMES)[0]), words(document.title)
    return f"{chance.choice(found)} author:{family}" if family and found else ""


def of_years(document: Document, chance: Random) -> str:
    """A word of the title within three years."""
    found = words(document.title)
    if not found or not document.year:
        return ""
    year = int(document.year)
    return f"{chance.choice(found)} year:{year - 1}..{year + 1}"


def but_not(document: Document, chance: Random) -> str:
    """One word of the title without another."""
    found = chance.sample(words(document.title), 2) if len(words(document.title)) > 1 else []
    return " -".join(found)


def in_lunr(document: Document, chance: Random) -> str:
    """Lunr's own language: a word that has to be there, and all that begin like another."""
    found = _in_order(words(document.title), 2, chance)
    return f"+{found[0]} {found[1][:START]}*" if found else ""


def unknown(document: Document, chance: Random) -> str:
    """A word that no paper has, or hardly any: one of the title, spelled backwards."""
    found = words(document.title)
    return chance.choice(found)[::-1] if found else ""


OTHERS: Mapping[str, Make] = {
    "the whole title": whole_title,
    "a beginning": start,
    "two errors": two_errors,
    "a phrase": phrase,
    "an author's": by_author,
    "of some years": of_years,
    "without a word": but_not,
    "Lunr's language": in_lunr,
    "an unknown word": unknown,
}


def _common(documents: Sequence[Document]) -> Make:
    """One of the commonest words of all titles."""
    often = Counter(word for document in documents for word in words(document.title))
    commonest = [word for word, _ in often.most_common(COMMON)]
    return lambda _, chance: chance.choice(commonest) if commonest else ""


# --- what needs much ----------------------------------------------------------------------------


def pasted_abstract(document: Document, chance: Random) -> str:
    """The abstract, pasted: the box asks for its first fifty words, each with its own files."""
    del chance
    return document.abstract if len(words(document.abstract)) > ENOUGH_WORDS else ""


def errors_in_lunr(document: Document, chance: Random) -> str:
    """A word with one error as Lunr has it, for which the whole list of words is looked through."""
    found = words(document.title)
    return f"{chance.choice(found)}~1" if found else ""


HEAVY: Mapping[str, Make] = {
    "a pasted abstract": pasted_abstract,
    "Lunr's word~1": errors_in_lunr,
}
