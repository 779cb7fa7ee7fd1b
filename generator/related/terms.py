"""The terms of a text, as numbers: its telling words, and every two of them in a row.

Each word has one number, in the singular; two words in a row have one that is made of theirs.
Numbers are given in the order in which words are met, so nothing may ever hang on them but whether
two terms are the same: what must be sorted is sorted by the words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise

from generator.text import words
from generator.topics import singular


class Vocabulary(dict[str, int]):
    """Word as it stands in a text → its number; 0 for a word that tells nothing.

    `known` are the words by number that another vocabulary had, its `words`.
    """

    def __init__(self, known: Iterable[str] = ()) -> None:
        super().__init__()
        self.words = list(known) or ["", *_HALVES]
        self._pieces: dict[str, list[int]] = {}  # text without spaces → the numbers of its words
        self._numbers = {word: number for number, word in enumerate(self.words)}

    def read(self, text: str) -> list[int]:
        """The numbers of the words of a text, in order."""
        if not text.isascii() and "$" not in text:
            # Folding letters beyond ASCII takes ten times as long, so each piece only once.
            return list(chain.from_iterable(map(self._read_piece, text.split())))
        return list(map(self.__getitem__, words(text)))

    def _read_piece(self, piece: str) -> list[int]:
        found = self._pieces.get(piece)
        if found is None:
            self._pieces[piece] = found = [self[word] for word in words(piece)]
        return found

    def __missing__(self, word: str) -> int:
        self[word] = number = self._number(word)
        return number

    def _number(self, word: str) -> int:
        base = singular(word)
        if word in _STOP or base in _STOP or word.isdecimal() or len(word) < 2:
            return 0
        number = self._numbers.setdefault(base, len(self.words))
        if number == len(self.words):
            self.words.append(base)
        return number

    def name(self, term: int) -> tuple[str, int, int]:
        """A term in words ("graph", "graph network"), and the numbers of its words."""
        first, second = divmod(term, _PAIRED)
        if not first:
            return self.words[second], second, second
        return f"{self.words[first]} {self.words[second]}", first, second


# More than there are words in any collection that fits into memory. Its bits are mixed (it is a
# prime near 2³² divided by the golden ratio), so that pairs spread evenly over a hash table.
_PAIRED = 2_654_435_761


def is_pair(term: int) -> bool:
    """Whether a term is two words in a row."""
    return term >= _PAIRED


def counted(title: str, abstract: str, numbers: Vocabulary) -> dict[int, int]:
    """Term → how much it counts in a paper, before its rarity: from 1 to 5."""
    counts = Counter(_terms(abstract, numbers))
    for term, count in counts.items():
        if count > _IN_ABSTRACT:
            counts[term] = _IN_ABSTRACT
    for term in set(_terms(title, numbers)):
        counts[term] += _IN_TITLE
    return counts


_IN_TITLE = 2  # a word of the title counts like so many in the abstract, on top of those
_IN_ABSTRACT = 3  # and more than so many there count no more


def _terms(text: str, numbers: Vocabulary) -> list[int]:
    row = numbers.read(text)
    pairs = [one * _PAIRED + other for one, other in pairwise(row) if one and other]
    return [number for number in row if number > _LAST_HALF] + pairs


# --- words that tell nothing ---------------------------------------------------------------------

# Words that tell nothing of a paper's subject: English ones, and those of any abstract.
_STOP_WORDS = """
    a about above across after again against all almost along already also although always among
    an and another any are around as at available be became because become been before being
    below best better between beyond both but by can cannot case certain could current currently
    despite did different do does done due during e each easily either enough especially et etc
    even every example existing extensive few finally first following for four from full fully
    further furthermore g given good great had half has have having he hence her highly his how
    however i ie if important in including indeed instead interesting into is it its itself just
    key known large largely last later latter leading least less like likely little long made
    mainly make makes making many may mean means might more moreover most much must my namely
    nearly need needed needs never nevertheless new next no non none nor not novel now number
    numerous o obtain obtained of off often on once one ones only onto or order other others our
    out over overall own part particular particularly per perhaps possible previous previously
    prior quite rather real really recent recently relatively respectively same second see seen
    several shall she should show showed showing shown shows significant significantly similar
    simple simply since single small so some still strong such suitable t than that the their
    them then there thereby therefore these they third this those though three through
    throughout thus to together too toward towards two type typical typically u under unlike
    until up upon us use used useful uses using usually various versus very via vs was way ways
    we well were what when where whereas whether which while who whole whose why wide widely
    will with within without world would x yet you your

    ability able abstract account achieve achieved achieves achieving additional additionally
    address addresses addressing advance advanced affect aim aims allow allowing allows analysis
    analyze analyzed analyzing applied apply approach approaches art article aspect author aware
    based benefit build called challenge challenging chapter code com commonly compare compared
    comparison competitive complex component comprehensive comprehensively compute consider
    considered consist consisting contrast contribution crucial datum degree demonstrate
    demonstrated demonstrates demonstrating describe design designed develop developed
    development difficult difficulty directly discuss easy effect effective effectively
    effectiveness efficient efficiently emerged empirical empirically enable enabled enables
    enabling entire entirely evaluate evaluated evaluation evidence exist experiment
    experimental experimentally explore fact favorably find finding focus focuses focusing
    framework fundamental gain general generally github goal help http https idea illustrate
    implement implementation improve improved improvement improves improving include increase
    increasing input insight introduce introduced introduces investigate investigated issue lead
    limit limitation limited longer look main major manner method methodology objective offer
    open outcome outperform outperforming outperforms output overview page paper perform
    performance performed point popular potential practical practice present presented presents
    problem procedure process produce project promising propose proposed proposes proposing
    provide provided provides providing publicly purpose question range reach reduce reduced
    reduces reducing related release released rely remain report require required requirement
    requires research researcher result resulting review rich role scenario science secondly
    section seriously setting solution solve source specific specifically standard state step
    studied studies study suboptimal successfully suggest superior support survey take taxonomy
    technique term test tested thesis tool toolkit train trained understand understood unit
    variety verify whilst work www
"""
_STOP = frozenset(_STOP_WORDS.split())

# These tell something only in a pair: "self supervised", "language model".
_HALF_WORDS = """
    bi co cross dataset de end high inter intra knowledge level low meta mid model multi post pre
    re self semi set system task time training understanding
"""
_HALVES: Sequence[str] = _HALF_WORDS.split()
_LAST_HALF = len(_HALVES)  # they have the first numbers
