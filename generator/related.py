"""The papers to read next: which are nearest to each one, and in words why.

Papers are near that share telling words: each paper keeps its few dozen weightiest terms (a word,
or two words in a row; in the title they weigh more), and the cosine between two such lists is the
text's part of the score. Shared authors and topics add to it. Three things keep one edit from
changing every page: how many papers have a term counts only as a power of two, scores are rounded
before they are compared, and ties go by id. Only + - * / and square roots decide, which every
machine computes alike.

Time is near linear: candidates come from an inverted index of the rarer terms alone, and only the
best of them are compared in full. So two papers that share nothing but common words never meet;
that loses next to nothing. Known weakness: stop words are English, in other languages rarity has
to do their work.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import sqrt

from generator.topics import singular

# The id of a near paper, how near it is, and what the two share.
Neighbour = tuple[str, float, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Text:
    """What nearness is judged by: a paper's words (folded), its authors' slugs, its topics'."""

    id: str
    title: Sequence[str] = ()
    abstract: Sequence[str] = ()
    authors: Sequence[str] = ()
    tags: Sequence[str] = ()


def related(papers: Sequence[Text]) -> dict[str, tuple[Neighbour, ...]]:
    """For each paper the others that are nearest, nearest first: at most six, often fewer.

    A score has four places and is the same seen from either paper; the lists need not be.
    """
    terms = [_terms(paper) for paper in papers]
    rarity = _rarity(terms)
    tag_rarity = _rarity([paper.tags for paper in papers])
    profiles = [
        _profile(paper, counts, rarity, tag_rarity)
        for paper, counts in zip(papers, terms, strict=True)
    ]
    index = _index(profiles)
    return {one.paper.id: _nearest(one, profiles, index) for one in profiles}


# --- what a paper is known by -------------------------------------------------------------------

_KEPT = 40  # terms a paper is known by; 30 or 60 find neighbours about as good
_IN_TITLE = 2  # a word of the title counts like so many in the abstract, on top of those
_IN_ABSTRACT = 3  # and more than so many there count no more
_PAIR, _SINGLE = 3, 2  # two words in a row tell more than one
_ALONE = ""


@dataclass(frozen=True, slots=True)
class _Profile:
    """A paper's weightiest terms with their weights, weightiest first; its topics' rarities."""

    paper: Text
    weights: Mapping[str, int]
    length: float
    authors: frozenset[str]
    tags: Mapping[str, int]
    tags_in_all: int


def _terms(paper: Text) -> Counter[str]:
    """How much each term counts in a paper, before its rarity."""
    counts = Counter(_phrases(paper.abstract))
    for term, count in counts.items():
        if count > _IN_ABSTRACT:
            counts[term] = _IN_ABSTRACT
    for term in set(_phrases(paper.title)):
        counts[term] += _IN_TITLE
    return counts


def _phrases(words: Iterable[str]) -> Iterator[str]:
    """The words that tell something, and every two of them in a row; in the singular."""
    before = ""
    for word in map(_SINGULARS.__getitem__, words):
        if word:
            if word not in _HALF:
                yield word
            if before:
                yield f"{before} {word}"
        before = word


def _rarity(papers: Sequence[Iterable[str]]) -> dict[str, int]:
    """How rare each term is that at least two papers have: from 1, one more for half as many.

    Both numbers enter as powers of two, so that one paper more changes almost nothing. Under
    _ALONE stands the rarity of all terms that a single paper has.
    """
    counts: Counter[str] = Counter()
    for terms in papers:
        counts.update(set(terms))
    most = len(papers).bit_length() + 1
    rarity = {term: most - count.bit_length() for term, count in counts.items() if count > 1}
    return rarity | {_ALONE: most - 1}


def _profile(
    paper: Text, counts: Mapping[str, int], rarity: Mapping[str, int], tag_rarity: Mapping[str, int]
) -> _Profile:
    weighed = sorted(
        (-count * rarity.get(term, rarity[_ALONE]) * (_PAIR if " " in term else _SINGLE), term)
        for term, count in counts.items()
    )
    shared = ((term, -weight) for weight, term in weighed if term in rarity)
    weights = dict(islice(shared, _KEPT))
    # What nobody else says lengthens a paper, too: or else two would be one by a single word.
    length = sqrt(sum([weight * weight for weight, _ in weighed[:_KEPT]]))
    tags = {tag: tag_rarity[tag] for tag in dict.fromkeys(paper.tags) if tag in tag_rarity}
    return _Profile(paper, weights, length, frozenset(paper.authors), tags, sum(tags.values()))


# --- who is near --------------------------------------------------------------------------------

_MOST = 6
_LEAST = 0.05
_CANDIDATES = 12  # compared in full; 32 find 3 % more neighbours, in a fifth more time
_LEADING = 24  # terms of a paper, the weightiest, that lead to candidates
_TOO_COMMON = 128  # papers; a term (or author) that more have leads to no candidates

_PER_AUTHOR, _AUTHORS = 0.03, 3  # up to so many shared authors add so much each
_FIRST_AUTHOR = 0.04
_TAGS = 0.1  # for all topics shared

# Two neighbours so alike are one to a reader, and the farther one gives way.
_SAME, _SAME_SCORE = 0.9, 0.1

_Index = Mapping[str, Sequence[int]]


def _index(profiles: Sequence[_Profile]) -> _Index:
    """Term or author → the places of the papers that have it, common ones left out."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, profile in enumerate(profiles):
        for key in islice(profile.weights, _LEADING):
            places[key].append(place)
        for author in profile.paper.authors:
            places["@" + author].append(place)
    return {key: found for key, found in places.items() if 1 < len(found) < _TOO_COMMON}


def _nearest(one: _Profile, profiles: Sequence[_Profile], index: _Index) -> tuple[Neighbour, ...]:
    scored = [(_score(one, other), other) for other in _candidates(one, profiles, index)]
    scored.sort(key=lambda pair: (-pair[0], pair[1].paper.id))
    chosen: list[tuple[float, _Profile]] = []
    for score, other in scored:
        if len(chosen) == _MOST or score < _LEAST:
            break
        if not any(_are_same(score, other, *near) for near in chosen):
            chosen.append((score, other))
    return tuple((other.paper.id, score, _shared(one, other)) for score, other in chosen)


def _are_same(score: float, one: _Profile, other_score: float, other: _Profile) -> bool:
    """Whether two neighbours say nearly the same; then they are equally near, too."""
    return other_score - score < _SAME_SCORE and _cosine(one, other) >= _SAME


def _candidates(one: _Profile, profiles: Sequence[_Profile], index: _Index) -> Iterator[_Profile]:
    """Those with which it shares most rare terms or an author; who ties with the last comes too."""
    met: defaultdict[int, int] = defaultdict(int)
    for term, weight in islice(one.weights.items(), _LEADING):
        for place in index.get(term, ()):
            met[place] += weight
    heaviest = max(one.weights.values(), default=1)
    for author in one.paper.authors:
        for place in index.get("@" + author, ()):
            met[place] += heaviest
    least = min(sorted(met.values(), reverse=True)[: _CANDIDATES + 1], default=0)
    return (
        profiles[place]
        for place, weight in met.items()
        if weight >= least and profiles[place] is not one
    )


def _score(one: _Profile, other: _Profile) -> float:
    """How near two papers are, from 0 for nothing shared to 1.23, to four places."""
    score = _cosine(one, other)
    if not one.authors.isdisjoint(other.authors):
        score += min(len(one.authors & other.authors), _AUTHORS) * _PER_AUTHOR
        score += _FIRST_AUTHOR if one.paper.authors[0] == other.paper.authors[0] else 0.0
    if not one.tags.keys().isdisjoint(other.tags):
        common = sum([one.tags[tag] for tag in one.tags.keys() & other.tags.keys()])
        score += _TAGS * 2 * common / (one.tags_in_all + other.tags_in_all)
    return round(score, 4)


def _cosine(one: _Profile, other: _Profile) -> float:
    # The order of a set does not matter to a sum of integers.
    common = one.weights.keys() & other.weights.keys()
    dot = sum([one.weights[term] * other.weights[term] for term in common])
    return dot / (one.length * other.length) if dot else 0.0


def _shared(one: _Profile, other: _Profile) -> tuple[str, ...]:
    """The most telling words that both have, at most three, then the authors."""
    terms = sorted(
        (-one.weights[term] * other.weights[term], term)
        for term in one.weights.keys() & other.weights.keys()
    )
    words: list[str] = []
    for _, term in terms:
        if len(words) < _WORDS and not any(_says_again(term, word) for word in words):
            words.append(term)
    return (*words, *_shared_authors(one, other))


_WORDS = 3


def _says_again(term: str, word: str) -> bool:
    return bool(set(term.split()) & set(word.split()))


def _shared_authors(one: _Profile, other: _Profile) -> Iterator[str]:
    authors = len(one.authors & other.authors)
    if authors and one.paper.authors[0] == other.paper.authors[0]:
        yield "same first author"
    elif authors:
        yield "one author in common" if authors == 1 else f"{authors} authors in common"


# --- words --------------------------------------------------------------------------------------

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
_HALVES = """
    bi co cross dataset de end high inter intra knowledge level low meta mid model multi post pre
    re self semi set system task time training understanding
"""
_HALF = frozenset(_HALVES.split())


class _Singulars(dict[str, str]):
    """Word → its singular, or nothing for words that tell nothing; worked out once for each."""

    def __missing__(self, word: str) -> str:
        base = singular(word)
        told = "" if word in _STOP or base in _STOP or word.isdecimal() or len(word) < 2 else base
        if len(self) < _REMEMBERED:
            self[word] = told
        return told


# Enough for the words of a large collection; a hostile one must not fill the memory.
_REMEMBERED = 1 << 18
_SINGULARS = _Singulars()
