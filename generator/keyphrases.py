"""Topics for a collection that has no vocabulary: the phrases that divide it well.

A phrase that people would name a topic by has marks that can be counted. It stands in titles as
well as in abstracts ("experimental results" does not); where it stands a noun phrase ends ("graph
neural" goes on); no longer phrase stands nearly everywhere that it does; some of the papers are
about it, but not too many. Of the phrases that pass, those are taken one by one that say most
about papers of which least is said so far; several words say more than one. No language model and
no parts of speech: a list of words that part phrases, and counting.

What comes out is a vocabulary like an owner's, for `topics.assign` to give to papers and explain.
It is worked out anew each time, and one paper in a hundred more or less changes one topic or none
of 48, because what decides are sums over many papers, and nothing is decided by who came first.

Known weaknesses: what parts phrases is known for English (of six more languages the commonest
words, so that those at least make no topics); synonyms that share no word are two topics; wide
single words ("detection", "motion") fill the gaps where a collection has no phrase that many
papers share.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice

from generator import text
from generator.topics import Topic, Vocabulary, singular


@dataclass(frozen=True, slots=True)
class Text:
    """What a paper says: its title and its abstract, both canonical."""

    id: str
    title: str = ""
    abstract: str = ""


def keyphrases(papers: Sequence[Text], most: int = 48) -> Vocabulary:
    """The topics that divide the papers well, by name: at most `most`, and one for four papers.

    Fewer than 12 papers have none. The order of the papers does not matter.
    """
    read = [_Read(_units(paper.title), _units(paper.abstract)) for paper in _sample(papers)]
    if len(read) < _FEWEST:
        return Vocabulary()
    shorts = _abbreviations(read)
    keys = _Keys(shorts)
    candidates = _candidates(_phrases(read, keys), len(read))
    chosen = _chosen(candidates, min(most, len(read) // _PAPERS_PER_TOPIC))
    return Vocabulary(_topics(chosen, _spellings(chosen, read, keys), shorts))


_FEWEST = 12
_PAPERS_PER_TOPIC = 4

# --- reading ------------------------------------------------------------------------------------

# Of more papers than this every second, fourth, … speaks for all: that bounds time and memory, and
# what a thousand papers tell apart is no topic of a few dozen.
_SAMPLED = 1 << 14


def _sample(papers: Sequence[Text]) -> list[Text]:
    """The papers by which topics are chosen, in the order of their ids; each decides for itself."""
    every = 1
    while len(papers) > every * _SAMPLED:
        every *= 2
    chosen = papers if every == 1 else [each for each in papers if _number(each.id) % every == 0]
    return sorted(chosen, key=lambda paper: paper.id)


def _number(id_: str) -> int:
    digest = blake2b(id_.encode("utf-8", "surrogatepass"), digest_size=4).digest()
    return int.from_bytes(digest, "big")


@dataclass(frozen=True, slots=True)
class _Read:
    """A paper's units: words and hyphenated compounds as they are spelled, and signs."""

    title: Sequence[str]
    abstract: Sequence[str]


_UNIT = re.compile(r"[^\W_]+(?:[-‐‑–'’][^\W_]+)*|[^\w\s]")


def _units(canonical: str) -> list[str]:
    if "$" in canonical:  # no phrase goes through a formula
        pieces = text.segments(canonical)
        canonical = "".join(" , " if is_math else value for is_math, value in pieces)
    return _UNIT.findall(canonical)


def _key(words: Iterable[str]) -> str:
    """What two spellings of a phrase have in common: singular, American."""
    bases = map(singular, words)
    return " ".join(_AMERICAN.sub(lambda match: match[0].replace("s", "z"), b) for b in bases)


_AMERICAN = re.compile(r"is(?=ation$)")

# --- abbreviations ------------------------------------------------------------------------------

_SHORT = re.compile(r"([A-Z][A-Za-z]{0,4}[A-Z])s?")

# An abbreviation is known that so many papers explain, and three in four of them alike.
_EXPLAINED = 3

# Two letters mean too many things in other papers ("GP" and the plural of "GPS") to find any by.
_TELLING_SHORT = 3


def _abbreviations(papers: Iterable[_Read]) -> dict[str, str]:
    """Abbreviation → what it stands for, as keys: "gnn" → "graph neural network"."""
    meant: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for paper in papers:
        for short, full in dict.fromkeys(_explained(paper.abstract)):
            meant[short][full] += 1
    known = {}
    for short, fulls in meant.items():
        full, count = min(fulls.items(), key=lambda item: (-item[1], item[0]))
        if count >= _EXPLAINED and 4 * count >= 3 * fulls.total():
            known[short] = full
    return known


def _explained(units: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What is explained as in "graph neural networks (GNNs)", first letter by first letter."""
    for place, unit in enumerate(units):
        if unit == "(" and units[place + 2 : place + 3] == [")"]:
            short = _short(units[place + 1])
            before = " ".join(units[max(0, place - len(short)) : place])
            words = text.words(before)[-len(short) :]
            if short and [word[0] for word in words] == list(short):
                yield short, _key(words)


def _short(unit: str) -> str:
    """The letters of an abbreviation, in lower case and the singular; nothing for other units."""
    match = _SHORT.fullmatch(unit)
    return match[1].lower() if match else ""


# --- phrases ------------------------------------------------------------------------------------

_LONGEST = 3  # units of a phrase
_MOST_WORDS = 4  # and words, where compounds are counted as what they are made of

# A paper is about what stands in its title, or so often in its abstract; its first sentences,
# which tell what it is about rather than how, count twice. `topics.assign` weighs more finely;
# this is close enough to choose by.
_ABOUT = 4
_IN_OPENING = 2
_OPENING = 2  # sentences


@dataclass(slots=True)
class _Found:
    """What is known of all phrases, by key."""

    about: defaultdict[str, list[int]]  # the papers that are about it, by their places
    papers: Counter[str]  # how many mention it at all
    titles: Counter[str]  # in how many titles it stands
    times: Counter[str]  # how often it occurs
    ends: Counter[str]  # and how often a noun phrase ends there


def _phrases(papers: Sequence[_Read], keys: _Keys) -> _Found:
    """All phrases of which each word is in enough papers to matter."""
    keyed = [(keys.of(paper.title), keys.of(paper.abstract)) for paper in papers]
    mentions = Counter(key for title, abstract in keyed for key in {*title, *abstract})
    least = _least(len(papers))
    rare = {key for key, count in mentions.items() if count < least}
    found = _Found(defaultdict(list), Counter(), Counter(), Counter(), Counter())
    for number, (paper, (title, abstract)) in enumerate(zip(papers, keyed, strict=True)):
        opening = _opening(paper.abstract)
        in_title = _count(title, rare, found)
        in_opening = _count(abstract[:opening], rare, found)
        points = _count(abstract[opening:], rare, found)
        for phrase, count in in_opening.items():
            points[phrase] += _IN_OPENING * count
        for phrase in in_title:
            points[phrase] += _ABOUT
        found.titles.update(in_title.keys())
        found.papers.update(points.keys())
        for phrase, count in points.items():
            if count >= _ABOUT:
                found.about[phrase].append(number)
    return found


def _opening(units: Sequence[str]) -> int:
    """How many units the first sentences have; a full stop of whatever kind ends one."""
    ends = (place for place, unit in enumerate(units, 1) if unit == ".")
    return next(islice(ends, _OPENING - 1, None), len(units))


def _count(keys: Sequence[str], rare: set[str], found: _Found) -> Counter[str]:
    """How often each phrase occurs; that and where noun phrases end is added to what is known."""
    phrases: list[str] = []
    ending: list[str] = []
    for start in range(len(keys)):
        phrase = ""
        for place in range(start, min(start + _LONGEST, len(keys))):
            key = keys[place]
            if not key or key in rare:
                break
            phrase = f"{phrase} {key}" if phrase else key
            phrases.append(phrase)
            if place + 1 == len(keys) or not keys[place + 1]:
                ending.append(phrase)
    found.times.update(phrases)
    found.ends.update(ending)
    return Counter(phrases)


class _Keys(dict[str, str]):
    """Unit → its key, or nothing for a unit that parts phrases; worked out once for each."""

    def __init__(self, shorts: Mapping[str, str]) -> None:
        super().__init__()
        self.shorts = shorts

    def of(self, units: Sequence[str]) -> list[str]:
        """The keys of all units; what stands alone in brackets says nothing new."""
        keys = [self[unit] for unit in units]
        for place, (before, after) in enumerate(zip(units, units[2:], strict=False), 1):
            if before == "(" and after == ")":
                keys[place] = ""
        return keys

    def __missing__(self, unit: str) -> str:
        key = self._of_short(_short(unit)) or _of_words(text.words(unit))
        if len(self) < _REMEMBERED:
            self[unit] = key
        return key

    def _of_short(self, short: str) -> str:
        """What an abbreviation stands for; itself if that is no phrase (the A of SLAM is "and")."""
        full = self.shorts.get(short, "")
        words = full.split()
        return full if len(words) <= _MOST_WORDS and _STOP.isdisjoint(words) else short


def _of_words(words: Sequence[str]) -> str:
    if not words or len(words) > _MOST_WORDS or words[-1] in _STOP:
        return ""
    key = _key(words)
    parts = key in _STOP or len(key) < 2 or key.replace(" ", "").isdecimal()
    return "" if parts or (len(key) > _SHORT_NOUN and key.endswith("ly")) else key


_SHORT_NOUN = 5  # letters: "reply" is no adverb

# Enough for the words of a large collection; a hostile one must not fill the memory.
_REMEMBERED = 1 << 18

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
    least = _least(papers)
    largest = max(2 * least, papers // _LARGEST)
    often = {key: about for key, about in found.about.items() if len(about) >= least}
    within = _within(often, found)
    return [
        _Candidate(key, about, _worth(key, found))
        for key, about in often.items()
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


def _within(often: Iterable[str], found: _Found) -> Counter[str]:
    """For each phrase, how many papers have the commonest of the longer ones that hold it."""
    within: Counter[str] = Counter()
    for key in often:
        words = key.split()
        for size in range(1, len(words)):
            for start in range(len(words) - size + 1):
                part = " ".join(words[start : start + size])
                within[part] = max(within[part], found.papers[key])
    return within


def _chosen(candidates: Iterable[_Candidate], most: int) -> list[_Candidate]:
    """The phrases that say most about papers of which least is said, the most telling first."""
    said: Counter[int] = Counter()
    chosen: list[_Candidate] = []
    left = list(candidates)
    while left and len(chosen) < most:
        best = min(left, key=lambda one: (-_gain(one, said), one.key))
        chosen.append(best)
        for paper in best.about:
            said[paper] += _SAYS[_kind(best.key)]
        left = [one for one in left if _stem(one.key) != _stem(best.key)]
    return chosen


def _gain(one: _Candidate, said: Mapping[int, int]) -> int:
    return one.worth * sum([max(0, _ENOUGH - said[paper]) for paper in one.about])


def _stem(key: str) -> str:
    """What "grasp" and "grasping" have in common."""
    return key.removesuffix("ing")


# --- names --------------------------------------------------------------------------------------


def _spellings(
    chosen: Iterable[_Candidate], papers: Iterable[_Read], keys: _Keys
) -> dict[str, Counter[str]]:
    """How each chosen phrase is spelled where a noun phrase ends with it, and how often so."""
    spellings: dict[str, Counter[str]] = {one.key: Counter() for one in chosen}
    for paper in papers:
        for units in (paper.title, paper.abstract):
            known = [*keys.of(units), ""]
            for end in range(1, len(known)):
                if known[end - 1] and not known[end]:
                    for start in range(max(0, end - _LONGEST), end):
                        key = " ".join(known[start:end])
                        if key in spellings:
                            spellings[key][" ".join(units[start:end])] += 1
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
