"""Topics for a collection that has no vocabulary: the phrases that divide it well.

A phrase that people would name a topic by has marks that can be counted. It stands in titles as
well as in abstracts ("experimental results" does not); where it stands a noun phrase ends ("graph
neural" goes on); no longer phrase stands nearly everywhere that it does; some of the papers are
about it, but not too many. Of the phrases that pass, those are taken one by one that say most
about papers of which least is said so far; several words say more than one. No language model and
no parts of speech: a list of words that part phrases, and counting.

What a paper says (`facts`) is worked out from it alone, so that can be done anywhere and be
remembered. Putting the facts together (`vocabulary`) is counting: what papers are about is said
in words; all else that they say is checksums, of which only those count that may be topics.

What comes out is a vocabulary like an owner's, for `topics.assign` to give to papers and explain.
One paper in a hundred more or less changes one topic or none of 48, because what decides are sums
over many papers, and nothing is decided by who came first.

Known weaknesses: what parts phrases is known for English (of six more languages the commonest
words, so that those at least make no topics); synonyms that share no word are two topics; wide
single words ("detection", "motion") fill the gaps where a collection has no phrase that many
papers share; an abbreviation that is also a word which parts phrases ("DEM", German "dem") stands
for nothing.
"""

from __future__ import annotations

import re
import sys
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from hashlib import blake2b
from heapq import heapify, heappop, heapreplace
from itertools import chain, islice
from typing import NamedTuple
from zlib import crc32

from generator import text
from generator.topics import Topic, Vocabulary, singular


@dataclass(frozen=True, slots=True)
class Text:
    """What a paper says: its title and its abstract, both canonical."""

    id: str
    title: str = ""
    abstract: str = ""


class Facts(NamedTuple):
    """What one paper says, by phrases; an abbreviation says itself and what most mean by it.

    Thousands are unpickled at once, which is why there are so few and so plain objects in it.
    Checksums are those of phrases, four bytes each.
    """

    in_title: tuple[str, ...]  # the phrases of the title
    repeated: tuple[str, ...]  # and those of the abstract, if the paper is about them
    spelled: str  # how both are spelled where noun phrases end: lines of phrase, tab, spelling
    marks: bytes  # the checksum of every phrase, once
    again: bytes  # and again for each further time that it occurs
    ends: bytes  # and for each time that a noun phrase ends there
    points: bytes  # how much the paper is about each of the marks; only beside `short`
    short: tuple[Short, ...]
    written: tuple[str, ...]  # abbreviations that it uses
    explained: tuple[tuple[str, str], ...]  # abbreviations, and the phrases that they stand for


# A phrase with abbreviations, as they are spelled and as mere words, whether it is in the title,
# how much the paper is about it, how often it occurs, and how often a noun phrase ends there.
Short = tuple[str, str, bool, int, int, int]


def keyphrases(papers: Sequence[Text], most: int = 48) -> Vocabulary:
    """The topics that divide the papers well, by name: at most `most`, and one for four papers.

    Fewer than 12 papers have none. The order of the papers does not matter.
    """
    heard = sample(paper.id for paper in papers)
    found = [facts(paper.title, paper.abstract) for paper in papers if paper.id in heard]
    return vocabulary(found, most)


def sample(ids: Iterable[str]) -> Set[str]:
    """The papers by which topics are chosen: all, or of many a part; each decides for itself."""
    known = tuple(ids)
    every = 1
    while len(known) > every * _SAMPLED:
        every *= 2
    return {id_ for id_ in known if every == 1 or _number(id_) % every == 0}


# Of more papers than this every second, fourth, … speaks for all: that bounds time and memory, and
# what a thousand papers tell apart is no topic of a few dozen.
_SAMPLED = 1 << 14


def _number(id_: str) -> int:
    digest = blake2b(id_.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest, "big")


# --- what one paper says ------------------------------------------------------------------------

_LONGEST = 3  # units of a phrase
_MOST_WORDS = 4  # and words, where compounds are counted as what they are made of

# A paper is about what stands in its title, or so often in its abstract; its first sentences,
# which tell what it is about rather than how, count twice. `topics.assign` weighs more finely;
# this is close enough to choose by.
_ABOUT = 4
_OPENING = 2  # sentences


def facts(title: str, abstract: str) -> Facts:
    """What a paper of this title and abstract (canonical) says; no other paper plays a part."""
    units = _units(abstract)
    opening = _opening(units)
    parts = [_Part(part, _keys(part)) for part in (_units(title), units[:opening], units[opening:])]
    (titled, title_ends), (early, early_ends), (late, late_ends) = map(_phrases, parts)
    in_title = dict.fromkeys(titled)
    times = Counter(titled + early + late)
    in_opening = Counter(early)

    def points(phrase: str) -> int:
        count = times[phrase] + in_opening.get(phrase, 0)
        return _ABOUT if phrase in in_title else min(count, _ABOUT)

    marks: dict[str, int] = {}
    again: list[int] = []
    repeated: list[str] = []
    for phrase, count in times.items():
        mark = marks[phrase] = crc32(phrase.encode())
        if count > 1:
            again += [mark] * (count - 1)
            if phrase not in in_title and points(phrase) == _ABOUT:
                repeated.append(phrase)
    ends = title_ends + early_ends + late_ends
    explained = tuple(dict.fromkeys(_explained(units)))
    short = tuple(_shorts(parts))
    told = {*in_title, *repeated, *(full for _, full in explained)}
    return Facts(
        in_title=tuple(in_title),
        repeated=tuple(repeated),
        spelled="\n".join([f"{each}\t{spelling}" for each, spelling in ends if each in told]),
        marks=_packed(marks.values()),
        again=_packed(again),
        ends=_packed([marks[phrase] for phrase, _ in ends]),
        points=bytes([points(each) for each in marks]) if short else b"",
        short=short,
        written=tuple([_short(each) for each, *_ in short if " " not in each]),
        explained=explained,
    )


class _Part(NamedTuple):
    """The units of a title, of the opening of an abstract, or of the rest of it; and their keys."""

    units: Sequence[str]
    keys: Sequence[str]


def _packed(marks: Iterable[int]) -> bytes:
    """Checksums as bytes, on every machine the same."""
    numbers = array("I", marks)
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes()


def _unpacked(packed: Iterable[bytes]) -> array[int]:
    """The checksums of all of these, in a row."""
    numbers = array("I", b"".join(packed))
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


_SIGNS = ".,()"
_UNIT = re.compile(r"\w+(?:[-‐‑–'’]\w+)*|[^\w\s]")


def _units(canonical: str) -> list[str]:
    """Words and hyphenated compounds as they are spelled, and signs."""
    if "$" in canonical:  # no phrase goes through a formula
        pieces = text.segments(canonical)
        canonical = "".join(" , " if is_math else value for is_math, value in pieces)
    for sign in _SIGNS:  # what is left for the expression, which is slower, is little
        canonical = canonical.replace(sign, f" {sign} ")
    units: list[str] = []
    for piece in canonical.replace("_", " ").split():
        if piece.isalnum() or piece in _SIGNS:
            units.append(piece)
        else:
            units += _UNIT.findall(piece)
    return units


def _opening(units: Sequence[str]) -> int:
    """How many units the first sentences have; a full stop of whatever kind ends one."""
    ends = (place for place, unit in enumerate(units, 1) if unit == ".")
    return next(islice(ends, _OPENING - 1, None), len(units))


def _phrases(part: _Part) -> tuple[list[str], list[tuple[str, str]]]:
    """Each time that a phrase occurs; and with its spelling, each time that a noun phrase ends so.

    Up to three keys in a row are a phrase (`_LONGEST`); a noun phrase ends where no key follows.
    """
    phrases: list[str] = []
    ends: list[tuple[str, str]] = []
    units = part.units
    keys = [*part.keys, "", "", ""]
    for place, phrase in enumerate(keys):
        if not phrase:
            continue
        phrases.append(phrase)
        if not (following := keys[place + 1]):
            ends.append((phrase, units[place]))
            continue
        phrase = f"{phrase} {following}"
        phrases.append(phrase)
        if not (following := keys[place + 2]):
            ends.append((phrase, f"{units[place]} {units[place + 1]}"))
            continue
        phrase = f"{phrase} {following}"
        phrases.append(phrase)
        if not keys[place + 3]:
            ends.append((phrase, " ".join(units[place : place + 3])))
    return phrases, ends


def _shorts(parts: Iterable[_Part]) -> Iterator[Short]:
    """The phrases with abbreviations in them, in the parts of a paper."""
    plain: dict[str, str] = {}
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for worth, (units, keys) in zip((_ABOUT, 2, 1), parts, strict=True):
        places = [
            place
            for place, unit in enumerate(units)
            if not unit[1:].islower() and keys[place] and _short(unit)
        ]
        if not places:
            continue
        spelled = list(keys)
        for place in places:
            spelled[place] = units[place]
        for start, end in dict.fromkeys(chain.from_iterable(map(_around, places))):
            if start >= 0 and end <= len(keys) and all(keys[start:end]):
                phrase = " ".join(spelled[start:end])
                plain[phrase] = " ".join(keys[start:end])
                last = not any(keys[end : end + 1])
                for sign, more in enumerate((worth == _ABOUT, worth, 1, last)):
                    counts[phrase][sign] += more
    for phrase, (titled, points, times, ends) in counts.items():
        yield phrase, plain[phrase], titled > 0, min(points, _ABOUT), times, ends


def _around(place: int) -> Iterator[tuple[int, int]]:
    """From where to where phrases go that a unit is in."""
    for size in range(1, _LONGEST + 1):
        for start in range(place + 1 - size, place + 1):
            yield start, start + size


def _keys(units: Sequence[str]) -> list[str]:
    """The keys of all units; what stands alone in brackets says nothing new."""
    keys = [*map(_KEYS.__getitem__, units)]
    for place in _bracketed(units):
        keys[place] = ""
    return keys


def _bracketed(units: Sequence[str]) -> Iterator[int]:
    """Where a unit stands alone in brackets."""
    place = -1
    for _ in range(units.count("(")):
        place = units.index("(", place + 1)
        if units[place + 2 : place + 3] == [")"]:
            yield place + 1


class _Keys(dict[str, str]):
    """Unit → its key, or nothing for one that parts phrases."""

    def __missing__(self, unit: str) -> str:
        plain = unit.isascii() and unit.isalnum()
        key = _of_words([unit.lower()] if plain else text.words(unit))
        if len(self) < _REMEMBERED and len(unit) <= _LONG:
            self[unit] = key
        return key


# Enough for the words of a large collection; a hostile one must not fill the memory.
_REMEMBERED, _LONG = 1 << 18, 40
_KEYS = _Keys()


def _of_words(words: Sequence[str]) -> str:
    if not words or len(words) > _MOST_WORDS or words[-1] in _STOP:
        return ""
    key = _key(words)
    parts = key in _STOP or len(key) < 2 or key.replace(" ", "").isdecimal()
    return "" if parts or (len(key) > _SHORT_NOUN and key.endswith("ly")) else key


_SHORT_NOUN = 5  # letters: "reply" is no adverb


def _key(words: Iterable[str]) -> str:
    """What two spellings of a phrase have in common: singular, American."""
    bases = map(singular, words)
    return " ".join(b[:-7] + "ization" if b.endswith("isation") else b for b in bases)


# --- abbreviations ------------------------------------------------------------------------------

_SHORT = re.compile(r"([A-Z][A-Za-z]{0,4}[A-Z])s?")

# An abbreviation is known that so many papers explain, and three in four of them alike.
_EXPLAINED = 3

# Two letters mean too many things in other papers ("GP" and the plural of "GPS") to find any by.
_TELLING_SHORT = 3


def _explained(units: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What is explained as in "graph neural networks (GNNs)", first letter by first letter."""
    for place in _bracketed(units):
        if (short := _short(units[place])) and _of_words((short,)):
            before = " ".join(units[max(0, place - 1 - len(short)) : place - 1])
            words = text.words(before)[-len(short) :]
            if [word[0] for word in words] == list(short):
                yield short, _key(words)


def _short(unit: str) -> str:
    """The letters of an abbreviation, in lower case and the singular; nothing for other units."""
    match = _SHORT.fullmatch(unit)
    return match[1].lower() if match else ""


def _abbreviations(papers: Iterable[Facts]) -> dict[str, str]:
    """Abbreviation → what it stands for, as keys: "gnn" → "graph neural network"."""
    meant: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for paper in papers:
        for short, full in paper.explained:
            meant[short][full] += 1
    known = {}
    for short, fulls in meant.items():
        full, count = min(fulls.items(), key=lambda item: (-item[1], item[0]))
        if count >= _EXPLAINED and 4 * count >= 3 * fulls.total():
            known[short] = full
    return known


# --- what all papers say ------------------------------------------------------------------------


def vocabulary(papers: Sequence[Facts], most: int = 48) -> Vocabulary:
    """What `keyphrases` gives, from the facts of its `sample`; these in any order."""
    if len(papers) < _FEWEST:
        return Vocabulary()
    shorts = _abbreviations(papers)
    known = {short: _meaning(short, full) for short, full in shorts.items()}
    read = [_in_full(paper, known) for paper in papers]
    candidates = _candidates(_found(read), len(read))
    chosen = _chosen(candidates, min(most, len(read) // _PAPERS_PER_TOPIC))
    return Vocabulary(_topics(chosen, _spellings(chosen, read), shorts))


_FEWEST = 12
_PAPERS_PER_TOPIC = 4


def _meaning(short: str, full: str) -> str:
    """What an abbreviation is counted as: itself if the other is no phrase (the A of SLAM)."""
    words = full.split()
    return full if len(words) <= _MOST_WORDS and _STOP.isdisjoint(words) else short


def _in_full(paper: Facts, known: Mapping[str, str]) -> Facts:
    """The same paper as if it had written in full what its abbreviations stand for.

    Of the abbreviations themselves it only says that they occur: it is not about them.
    """
    if known.keys().isdisjoint(paper.written):
        return paper
    points = dict(zip(_unpacked([paper.marks]), paper.points, strict=True))
    in_title, repeated = dict.fromkeys(paper.in_title), dict.fromkeys(paper.repeated)
    marks: list[int] = []
    again: list[int] = []
    ends: list[int] = []
    for spelled, plain, titled, added, times, ended in paper.short:
        words = zip(spelled.split(" "), plain.split(" "), strict=True)
        phrase = " ".join([known.get(_short(short), word) for short, word in words])
        if phrase == plain:
            continue
        in_title.pop(plain, None)
        repeated.pop(plain, None)
        mark = crc32(phrase.encode())
        (again if mark in points else marks).append(mark)
        again += [mark] * (times - 1)
        ends += [mark] * ended
        points[mark] = points.get(mark, 0) + added
        if points[mark] >= _ABOUT:
            (in_title if titled else repeated)[phrase] = None
    return paper._replace(
        in_title=tuple(in_title),
        repeated=tuple([each for each in repeated if each not in in_title]),
        marks=paper.marks + _packed(marks),
        again=paper.again + _packed(again),
        ends=paper.ends + _packed(ends),
    )


@dataclass(slots=True)
class _Found:
    """What is known of the phrases that may be topics, and of what they begin with, by key."""

    about: Mapping[str, Sequence[int]]  # the papers that are about it, by their places
    papers: Counter[str]  # how many mention it at all
    titles: Counter[str]  # in how many titles it stands
    times: Counter[str]  # how often it occurs
    ends: Counter[str]  # and how often a noun phrase ends there


def _found(papers: Sequence[Facts]) -> _Found:
    """What all papers say of the phrases that enough of them are about."""
    titles = Counter(chain.from_iterable(paper.in_title for paper in papers))
    others = Counter(chain.from_iterable(paper.repeated for paper in papers))
    least = _least(len(papers))
    often = {
        key for key in chain(titles, others) if titles.get(key, 0) + others.get(key, 0) >= least
    }
    about: dict[str, list[int]] = {key: [] for key in sorted(often)}
    for number, paper in enumerate(papers):
        for key in filter(often.__contains__, paper.in_title + paper.repeated):
            about[key].append(number)
    parts = {part for key in about for part in (key, key.rpartition(" ")[0] or key)}
    wanted = {crc32(part.encode()): part for part in sorted(parts)}
    seen = _count(wanted, (paper.marks for paper in papers))
    again = _count(wanted, (paper.again for paper in papers))
    ends = _count(wanted, (paper.ends for paper in papers))
    return _Found(about, seen, titles, seen + again, ends)


def _count(wanted: Mapping[int, str], marks: Iterable[bytes]) -> Counter[str]:
    """How many of the marks are each wanted phrase's."""
    counts = Counter(filter(wanted.__contains__, _unpacked(marks)))
    return Counter({wanted[mark]: count for mark, count in counts.items()})


# --- which phrases divide the papers well -------------------------------------------------------

# Of a hundred papers that have a phrase, so many have it in the title; of a hundred times that it
# occurs, so often a noun phrase ends there; and so many titles at all. These and the next were set
# by reading what they choose from two collections, of 228 and of 10,000 papers.
_IN_TITLES = {"word": 20, "phrase": 10}
_ENDING = {"word": 45, "phrase": 40}
_TITLES = {"word": 3, "phrase": 2}

# Nobody chooses among more papers than one in so many, and few choose among less than so many.
_LARGEST, _SMALLEST = 5, 256
_FEW = 3

# What a topic is worth to each paper about it: several words tell more than one, and a word that
# is common in titles, so many in a hundred, more than one that is not.
_PHRASE, _TITLE_WORD, _WORD = 6, 2, 1
_TITLE_WORDS = 30

# What is said of a paper already makes the next topic worth less: from the fifth point on nothing.
_ENOUGH = 5
_SAYS = {"word": 1, "phrase": 2}


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A phrase that may be a topic, the papers about it, and what it is worth to each."""

    key: str
    about: Sequence[int]
    worth: int


def _least(papers: int) -> int:
    """How many papers a topic has at least."""
    return max(_FEW, papers // _SMALLEST)


def _candidates(found: _Found, papers: int) -> list[_Candidate]:
    """The phrases that may be topics."""
    largest = max(2 * _least(papers), papers // _LARGEST)
    within = _within(found)
    return [
        _Candidate(key, about, _worth(key, found))
        for key, about in found.about.items()
        if len(about) <= largest
        and _is_name(key, found)
        # "learning rate schedule" nearly wherever there is "rate schedule".
        and 4 * within[key] < 3 * found.papers[key]
    ]


def _kind(key: str) -> str:
    return "phrase" if " " in key else "word"


def _is_name(key: str, found: _Found) -> bool:
    *first, last = words = key.split()
    return (
        len(words) <= _MOST_WORDS
        and key not in _VAGUE
        # "machine learning model" tells no more than "machine learning".
        and not (last in _VAGUE and len(first) > 1 and _ends(" ".join(first), found))
        and found.titles[key] >= _TITLES[_kind(key)]
        and 100 * found.titles[key] >= _IN_TITLES[_kind(key)] * found.papers[key]
        and _ends(key, found)
    )


def _ends(key: str, found: _Found) -> bool:
    return 100 * found.ends[key] > _ENDING[_kind(key)] * found.times[key]


def _worth(key: str, found: _Found) -> int:
    if " " in key:
        return _PHRASE
    of_titles = 100 * found.titles[key] >= _TITLE_WORDS * found.papers[key]
    return _TITLE_WORD if of_titles else _WORD


def _within(found: _Found) -> Counter[str]:
    """For each phrase, how many papers have the commonest of the longer ones that hold it."""
    within: Counter[str] = Counter()
    for key in found.about:
        words = key.split()
        for size in range(1, len(words)):
            for start in range(len(words) - size + 1):
                part = " ".join(words[start : start + size])
                within[part] = max(within[part], found.papers[key])
    return within


def _chosen(candidates: Iterable[_Candidate], most: int) -> list[_Candidate]:
    """The phrases that say most about papers of which least is said, the most telling first.

    What a phrase is worth only falls as others are chosen, so it is worked out anew only for those
    that come first by what it was before.
    """
    said: defaultdict[int, int] = defaultdict(int)
    known = {one.key: one for one in candidates}
    waiting = [(-_gain(one, said), one.key) for one in known.values()]
    heapify(waiting)
    stems: set[str] = set()
    chosen: list[_Candidate] = []
    while waiting and len(chosen) < most:
        best = known[waiting[0][1]]
        now = (-_gain(best, said), best.key)
        if _stem(best.key) in stems:
            heappop(waiting)
        elif now > waiting[0]:
            heapreplace(waiting, now)
        else:
            heappop(waiting)
            chosen.append(best)
            stems.add(_stem(best.key))
            for paper in best.about:
                said[paper] += _SAYS[_kind(best.key)]
    return chosen


def _gain(one: _Candidate, said: defaultdict[int, int]) -> int:
    return one.worth * sum([max(0, _ENOUGH - said[paper]) for paper in one.about])


def _stem(key: str) -> str:
    """What "grasp" and "grasping" have in common."""
    return key.removesuffix("ing")


# --- names --------------------------------------------------------------------------------------


def _spellings(chosen: Iterable[_Candidate], papers: Iterable[Facts]) -> dict[str, Counter[str]]:
    """How the papers about each chosen phrase spell it where a noun phrase ends, how often."""
    spellings: dict[str, Counter[str]] = {one.key: Counter() for one in chosen}
    lines = Counter(chain.from_iterable(paper.spelled.splitlines() for paper in papers))
    for line, count in lines.items():
        key, _, spelling = line.partition("\t")
        if key in spellings:
            spellings[key][spelling] = count
    return spellings


def _name(key: str, spellings: Mapping[str, int]) -> str:
    """The commonest spelling, in title case; words keep the capitals that they mostly have.

    "graph neural networks" is Graph Neural Networks, "LiDAR" and "3D" stay as they are. A plural
    counts twice: a topic is about many of what a text often has one of.
    """
    alike: Counter[str] = Counter()
    cased: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for spelling, count in spellings.items():
        words = text.words(spelling)
        if _key(words) == key:  # and is no abbreviation of it
            alike[spelling.lower()] += count * (1 if words[-1] == singular(words[-1]) else 2)
            for word in _LETTERS.findall(spelling):
                cased[word.lower()][word] += count
    name = min(alike, key=lambda spelling: (-alike[spelling], spelling), default=key)
    return _LETTERS.sub(lambda match: _capital(match[0], cased[match[0]]), name)


_LETTERS = re.compile(r"[^\W_]+")


def _capital(word: str, cased: Mapping[str, int]) -> str:
    usual = min(cased, key=lambda each: (-cased[each], each), default=word)
    if usual[1:] != usual[1:].lower():
        return usual
    return word if word in _SMALL else word[:1].upper() + word[1:]


_SMALL = frozenset(("a", "and", "as", "at", "by", "for", "in", "of", "on", "or", "the", "to"))


def _topics(
    chosen: Iterable[_Candidate],
    spellings: Mapping[str, Mapping[str, int]],
    shorts: Mapping[str, str],
) -> tuple[Topic, ...]:
    """The phrases as topics, by name; one that ends with another is below it.

    An address comes of the key, so it stays when the commonest spelling changes.
    """
    keys = [one.key for one in chosen]
    others: defaultdict[str, list[str]] = defaultdict(list)
    for short, full in sorted(shorts.items()):
        others[full].append(short)
        others[short].append(full)
    topics = []
    for name, key in sorted((_name(key, spellings[key]), key) for key in keys):
        words = key.split()
        shorter = (" ".join(words[start:]) for start in range(1, len(words)))
        parent = next((text.slug(each) for each in shorter if each in keys), "")
        aliases = tuple(each for each in others[key] if each not in keys)
        phrases = (key, *(each for each in aliases if len(each) >= _TELLING_SHORT))
        topics.append(Topic(text.slug(key), name, parent=parent, aliases=aliases, phrases=phrases))
    return tuple(topics)


# --- words --------------------------------------------------------------------------------------

# Words that part phrases: of grammar, of any abstract, and of grammar in other languages.
_STOP_WORDS = """
    a ability able about above abstract account achieve achieved achieves achieving across
    additional additionally address addresses addressing advance advanced affect after again
    against aim aims all allow allowing allows almost along already also although always among
    an analyze analyzed analyzing and another any application applied apply approach approaches
    are around art article arxiv as aspect at author available aware based be became because
    become been before being below benefit best better between beyond both build but by called
    can cannot case certain challenge challenging chapter cid code com commonly compare compared
    comparison competitive complete complex comprehensive comprehensively compute consider
    considered consist consisting contrast contribution correct could crucial current currently
    degree demonstrate demonstrated demonstrates demonstrating describe design designed
    desirable despite develop developed development did different difficult difficulty directly
    discuss diverse do does done due during dynamically e each easily easy effect effective
    effectively effectiveness efficient efficiently either emerged empirical empirically enable
    enabled enables enabling enhance enhancement enough entire entirely especially et etc
    evaluate evaluated evaluation even every everyday evidence example exist existing experiment
    experimental experimentally explore extend extensive fact favorably fewer final finally
    find finding first focus focuses focusing following for formulation four framework from full
    fully fundamental further furthermore future g gain general generally generic github given
    goal good great had half has have having he help hence her highly his how however http https
    hundred i idea ie ieee if illustrate implement implementation important improve improved
    improvement improves improving in include including increase increasing increasingly indeed
    initial input insight inspired instead interesting into introduce introduced introduces
    investigate investigated involve involving is issue it its itself just key known lack
    largely last later latest latter lead leading least less like likely limit limitation
    limited little long longer look made main mainly major make makes making manner many may
    mean means method methodology might more moreover most much multiple must my namely nearly
    necessary need needed needs never nevertheless new next no non none nor not novel now number
    numerous o objective obtain obtained of off offer often on once one ones only onto open
    operate or order original other others our out outcome outperform outperforming outperforms
    output over overall overcome overview own paper paradigm part particular particularly per
    perform performance performed perhaps popular possible potential practical practice precise
    presence present presented presents previous previously primary prior problem procedure
    produce project promising propose proposed proposes proposing provide provided provides
    providing publicly purpose question quite range rather reach real really recent recently
    reduce reduced reduces reducing related relatively release released relevant reliable rely
    remain report require required requirement requires research researcher respectively result
    resulting review role same scalable scenario scheme science second secondly section see seen
    separate seriously setting several shall she should show showed showing shown shows
    significant significantly similar simple simply since single small so solution solve some
    special specific specifically standard step still strategy strong studied studies study
    suboptimal success successful successfully such suggest suitable superior support survey t
    take task taxonomy technique tested than that the their them then there thereby therefore
    these thesis they third this those though thousand three through throughout thus to today
    together too tool toolkit toward towards trade traditional train trained true two type
    typical typically u under understand understood unified unlike until up upon us usage use
    used useful uses using usually utilize variety various vast verify versus very via vs was
    way ways we well were what when where whereas whether which while whilst who whole whose why
    wide widely widespread will with within without work world worldwide would www x yet you
    your

    aber al alla als am au auch aus aux avec bei bij bis ce ces come como con cette da dal dalla
    dans das dei del della delle dem den der des deux di die dos du durch ein eine einem einen
    einer eines een el elle entre es est et fur gli het ich il im ist je kann la las le les los
    mais mas met mit nach naar nicht nel nella nos nous nur oder ont op ou para par pas per pour
    por que qui se sein sich sie sind sobre son su sul sulla sur te tra um una uma und une uno vom
    von voor vor wie wir wird zu zum zur zwischen
"""
# Compounds likewise; a compound that ends with a stop word ("graph-based") is one anyhow.
_STOP_COMPOUNDS = ("state of the art", "real world", "large scale", "high quality", "low cost")
_STOP = frozenset((*_STOP_WORDS.split(), *_STOP_COMPOUNDS))

# These name a topic in company only, and after two words they add nothing.
_VAGUE_WORDS = """
    ability acquisition algorithm amount analysis approximation area aspect attempt behavior bound
    capability change characteristic class component computation computing concept condition
    context cost count data dataset decision degree design detail difference discovery effect
    efficiency element environment error estimate event expert extraction factor feature field
    flow form foundation function group history identification impact information instance
    instruction integration introduction item knowledge label law layer learning level line matter
    measure measurement mechanism model modeling nature net network noise object observation
    output page parameter part pattern people period perspective phase place policy power
    principle problem process processing property quality question rate reality region relation
    relationship representation research resource response rule sample sampling scaling scenario
    scene science selection sensing sequence set shape signal size source space stage state
    structure subject success supervision supply synthesis system target technology term test
    testing theme theory time tool topic training transfer treatment trend understanding unit
    update usage user value variable view way weight word world year
"""
# And so do these.
_VAGUE_PHRASES = (
    "black box", "case study", "deep model", "deep network", "learning rate", "neural model",
    "robot system", "robotic system", "training data",
)  # fmt: skip
_VAGUE = frozenset((*_VAGUE_WORDS.split(), *_VAGUE_PHRASES))
