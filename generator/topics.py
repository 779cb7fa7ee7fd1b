"""Which topics a paper is about, and the words that say so.

A topic comes to a paper by hand, by a keyword, or by evidence: the phrases that the vocabulary
(`topics.toml`) lists for it, found in the title and the abstract. The one idea here is that where
a phrase stands says how much it means: the title over the abstract, "we propose" over background,
background over evaluation, and next to nothing after "unlike" or "such as". All phrases of all
topics, and those cues, are looked for together, in one pass over the words. What they show is
weighed by one linear score, the same for all topics, whose weights were fitted on labelled papers.

Known weaknesses: phrases are all there is. A paper whose subject is never named in words that
somebody listed gets no topic, and topics whose words stand in most abstracts (image
classification, efficient training) are told less surely than the rest. The weights were fitted on
papers about deep learning, with its vocabulary; another field may want another `ENOUGH`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property, lru_cache
from math import sqrt
from typing import Any, NamedTuple

from generator import text
from generator.model import Said
from generator.toml import Toml, Way, unknown


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as `topics.toml` describes it; its fields are the settings of a [[topic]].

    `parent` is a slug, or empty. `aliases` name the topic in tags and keywords. The last five
    are evidence; what each means is told at the head of `content/topics.toml`.
    """

    slug: str
    name: str
    definition: str = ""
    facet: str = ""
    parent: str = ""
    aliases: tuple[str, ...] = ()
    decisive: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """The topics that an owner knows, in the order of the file; without any, it knows nothing.

    What is prepared for looking them up stays behind when it is pickled; a process to which the
    same vocabulary comes again uses what it has prepared.
    """

    topics: tuple[Topic, ...] = ()

    def __reduce__(self) -> tuple[object, ...]:
        return _met, (self.topics,)

    def topic(self, name: str) -> Topic | None:
        """The topic with this slug, name or alias, however it is spelled; None if there is none."""
        return self._named.get(text.slug(name))

    def ancestors(self, slug: str) -> tuple[str, ...]:
        """The slugs of a topic's parent, its parent's parent and so on; empty for unknown slugs."""
        found: list[str] = []
        while parent := self._parents.get(found[-1] if found else slug):
            found.append(parent)
        return tuple(found)

    def children(self, slug: str) -> tuple[str, ...]:
        """The slugs of the topics right below this one, in the order of the file."""
        return self._children.get(slug, ())

    @cached_property
    def _parents(self) -> dict[str, str]:
        return {topic.slug: topic.parent for topic in self.topics}

    @cached_property
    def _children(self) -> dict[str, tuple[str, ...]]:
        children: defaultdict[str, list[str]] = defaultdict(list)
        for topic in self.topics:
            children[topic.parent].append(topic.slug)
        return {parent: tuple(slugs) for parent, slugs in children.items()}

    @cached_property
    def _named(self) -> dict[str, Topic]:
        return {name: topic for topic in self.topics for name in _names(topic)}

    @cached_property
    def _tree(self) -> _Node:
        return _tree(self.topics)

    @cached_property
    def _defined(self) -> dict[str, tuple[dict[str, float], float]]:
        """The words of each topic's definition and their sum; the more use one, the lighter."""
        words = {topic.slug: sorted(set(text.words(topic.definition))) for topic in self.topics}
        uses = Counter(word for each in words.values() for word in each)
        weighed = {
            slug: {word: 1 / (uses[word] * uses[word]) for word in each}
            for slug, each in words.items()
        }
        return {slug: (weights, sum(weights.values()) or 1) for slug, weights in weighed.items()}


@lru_cache(maxsize=4)
def _met(topics: tuple[Topic, ...]) -> Vocabulary:
    """The vocabulary of these topics: the same as before, with all that it has prepared."""
    return Vocabulary(topics)


@dataclass(frozen=True, slots=True)
class Assigned:
    """A topic that a paper has, and why: "title: few-shot learning; 3 times in the abstract".

    The reason is not yet in a language (`generator.words`).
    """

    slug: str
    name: str
    reason: tuple[Said, ...]


def load(said: Toml) -> Vocabulary:
    """The vocabulary that `topics.toml` describes; an empty one where it says nothing.

    Raises ConfigError for unknown settings, values of a wrong kind, a parent
    that is missing or its own ancestor, a name that stands for two topics, and what is too long or
    too deep for pages to show (LONGEST, DEEPEST).
    """
    said.check_names("setting", ["topic"])
    vocabulary = _met(tuple(_topic(said, path, table) for path, table in said.tables("topic")))
    _check_names_differ(vocabulary, said)
    _check_parents(vocabulary, said)
    return vocabulary


def assign(
    title: str,
    abstract: str,
    keywords: Sequence[str],
    tags: Sequence[str],
    vocabulary: Vocabulary,
) -> tuple[Assigned, ...]:
    """The topics of one paper: those set by hand, then by keyword, then by evidence, best first.

    A tag or keyword that names no topic of the vocabulary becomes a topic of its own; one without
    letters or digits is none, nor is a keyword that says nothing of the subject (`telling`). No
    topic comes twice: its first reason stays.
    """
    found: dict[str, Assigned] = {}
    for given in (
        *_by_name(tags, "reasons.hand", vocabulary),
        *_by_name(telling(keywords, vocabulary), "reasons.keyword", vocabulary),
        *_by_evidence(title, abstract, vocabulary),
    ):
        found.setdefault(given.slug, given)
    return tuple(found.values())


def telling(keywords: Iterable[str], vocabulary: Vocabulary) -> tuple[str, ...]:
    """The keywords that say what a paper is about, and not what has become of it or of its file.

    What names a topic of the vocabulary always does.
    """
    return tuple(each for each in keywords if vocabulary.topic(each) or not _is_remark(each))


def _is_remark(keyword: str) -> bool:
    bare = keyword.strip().casefold()
    return bare in _MARKS or bare.startswith("⛔") or text.slug(keyword) in _REMARKS


# Keywords that programs and readers put beside the authors' own, as slugs. Each is left out only
# as a whole: "preprints" and "printed electronics" are subjects.
_REMARKS = frozenset(str.split(
    # what has become of the paper
    "retracted retracted-article retracted-paper retracted-publication withdrawn "
    "in-press forthcoming to-appear accepted submitted under-review unpublished preprint "
    # what a reader has done with it, or means to; JabRef has its own words for that
    "to-read toread unread read read-later reading-list must-read skimmed printed relevant "
    "qualityassured todo to-do done favorite favorites favourite starred important "
    "prio1 prio2 prio3 rank1 rank2 rank3 rank4 rank5 "
    # what a program has noticed or done: Better BibTeX, Zotero, JabRef, CiteULike, BibSonomy
    "duplicate-citation-key no-source jabref-nokeywordassigned no-tag bibtex-import "
    "imported notion"
))  # fmt: skip
# Marks that would be words without their signs: ZotFile's of what lies on a tablet, for one.
_MARKS = frozenset({"#nosource", "_tablet", "_tablet_modified", "_read"})


def nearly(title: str, abstract: str, vocabulary: Vocabulary) -> tuple[Assigned, ...]:
    """Topics that evidence all but gives to a paper, best first: worth an owner's look."""
    least = ENOUGH - _NEARLY
    return tuple(_scored(title, abstract, vocabulary, lambda points: least <= points < ENOUGH))


def _by_name(names: Iterable[str], reason: str, vocabulary: Vocabulary) -> Iterator[Assigned]:
    for name in names:
        if topic := vocabulary.topic(name):
            yield Assigned(topic.slug, topic.name, (Said(reason, (("name", name),)),))
        elif text.words(name):
            yield Assigned(text.slug(name), name, (Said(reason, (("name", name),)),))


# --- evidence -----------------------------------------------------------------------------------

# What a phrase is worth by the place where it stands; a hint is worth half. Set by hand and kept
# round: it only ranks the topics of one paper, what is enough is said by `_WEIGHTS`.
_WORTH = {"title": 16, "proposal": 10, "opening": 8, "body": 5, "evaluation": 4, "aside": 2}

# The kinds of evidence: phrases count in full, words for titles in titles only, hints half.
_FIRM = ("decisive", "phrases")
_KINDS = frozenset({*_FIRM, "title", "hints"})

# How much each sign (see `signs`) adds to a topic's score, and how much is enough. Fitted by
# `python -m tests.topics_eval --fit` on 149 labelled papers, the same for all topics. On 68 of them
# F1, cross-validated, is .83 and moves by .01 while `ENOUGH` moves from -0.8 to -0.2.
_WEIGHTS = {
    "always": -2.97,
    "decisive": 1.11,
    "title phrase": 1.35,
    "title word": 0.82,
    "proposal": 0.91,
    "opening": 0.5,
    "body": 0.49,
    "evaluation": -0.08,
    "aside": 0.11,
    "phrases": 0.59,
    "share": 1.17,
    "rank": -1.15,
    "definition": 0.64,
    "child": -0.42,
}
ENOUGH = -0.45

# A topic that lacks no more than this is worth showing to the owner. Set by hand.
_NEARLY = 0.7

# How many sentences of a place, and how many different phrases, count. More add nothing: a long
# abstract is not about more than a short one.
_AT_MOST = {"proposal": 2, "opening": 2, "body": 3, "evaluation": 2, "aside": 2}
_PHRASES_AT_MOST = 4
_RANK_AT_MOST = 8

_OPENING = 2  # sentences that tell what the paper is about rather than how
_ASIDE = 6  # words after "unlike" or "such as" that still belong to it

_CUES = {
    "proposal": (
        "we propose", "we introduce", "we present", "we develop", "we study", "we investigate",
        "we design", "we describe", "we explore", "we address", "we consider", "we analyze",
        "we derive", "we formulate", "we devise", "we extend", "we examine", "we review",
        "we survey", "we revisit", "we argue", "we aim", "this paper", "this work",
        "this article", "this thesis", "this dissertation", "this study", "this survey",
        "this review", "this chapter", "our method", "our approach", "our work", "our framework",
        "our main", "our key", "is proposed", "are proposed", "is introduced", "is presented",
        "proposed method", "proposed approach", "proposed framework",
    ),
    "evaluation": (
        "experiment", "experimental results", "we evaluate", "are evaluated", "is evaluated",
        "evaluated on", "outperform", "outperforming", "state-of-the-art", "results show",
        "results demonstrate", "results on", "empirical results", "accuracy on", "datasets",
        "top-1", "tested on", "validated on", "our code", "source code", "available at",
    ),
    "aside": (
        "unlike", "such as", "compared to", "compared with", "in contrast to", "instead of",
        "rather than", "e.g.", "for example", "for instance", "including", "other than",
        "different from", "as opposed to", "inspired by", "similar to", "alternative to",
    ),
}  # fmt: skip

# A full stop within a number or an abbreviation is followed by no capital.
_STOPS = (".", "!", "?")
_SENTENCE_END = re.compile(r"(?<=[.!?]) +(?=[A-Z(\[\"“‘'$])")


class _Mark(NamedTuple):
    """What a phrase says: a kind of evidence and for which topic, or a cue and for none."""

    says: str
    slug: str
    phrase: str


_GAP = "…"
_GAP_WORDS = 3


@dataclass(slots=True, eq=False)
class _Node:
    """A place in a tree of words: what the phrase says that ends here, and what may follow it.

    `beyond` is what may follow after up to `_GAP_WORDS` words of any kind.
    """

    marks: tuple[_Mark, ...] = ()
    words: dict[str, _Node] = field(default_factory=dict)
    beyond: _Node | None = None


@dataclass(slots=True)
class _Evidence:
    """What speaks for one topic so far; `firm` counts the sentences of a place with a phrase."""

    points: int = 0
    firm: dict[str, int] = field(default_factory=dict)
    is_decisive: bool = False
    title_word: bool = False
    phrases: set[str] = field(default_factory=set)
    in_title: list[str] = field(default_factory=list)
    in_abstract: list[str] = field(default_factory=list)

    @property
    def is_firm(self) -> bool:
        """Whether there is more than hints, which alone are never enough."""
        return bool(self.phrases) or self.title_word

    def reason(self) -> tuple[Said, ...]:
        """The phrases; of those in the abstract only what the title does not tell."""
        times = len(self.in_abstract)
        often = [phrase for phrase, _ in Counter(self.in_abstract).most_common()]
        news = ", ".join([phrase for phrase in often if phrase not in self.in_title][:3])
        title = ", ".join(dict.fromkeys(self.in_title))
        name = "reasons.abstract_phrases" if news else "reasons.abstract"
        told = [Said("reasons.title", (("phrases", title),))] if title else []
        return (*told, *([Said(name, (("n", times), ("phrases", news)))] if times else ()))


def _by_evidence(title: str, abstract: str, vocabulary: Vocabulary) -> Iterator[Assigned]:
    """The topics that the text speaks for clearly enough, best first."""
    return _scored(title, abstract, vocabulary, lambda points: points >= ENOUGH)


def _scored(
    title: str, abstract: str, vocabulary: Vocabulary, is_wanted: Callable[[float], bool]
) -> Iterator[Assigned]:
    """The topics that more than hints speak for, if their scores are wanted, best first."""
    if not vocabulary.topics:
        return
    found, words = _evidence(title, abstract, vocabulary)
    scores = {
        slug: max(score(each), ENOUGH) if each["decisive"] else score(each)
        for slug, each in _signs(found, words, vocabulary).items()
    }
    names = vocabulary._named
    for slug in sorted(scores, key=lambda slug: (-scores[slug], slug)):
        if is_wanted(scores[slug]):
            yield Assigned(slug, names[slug].name, found[slug].reason())


def signs(title: str, abstract: str, vocabulary: Vocabulary) -> dict[str, dict[str, float]]:
    """What the text shows of each topic that more than hints speak for: sign → how much, by slug.

    In how many sentences of each kind a phrase stands; whether one stands in the title, or a word
    that counts there; how many different ones there are; the topic's points as a share of the
    best topic's, its rank by them (0 the best, 1 the eighth or worse), how much of its definition
    the paper uses, and how many points its best child has, as a share of the best topic's.
    """
    return _signs(*_evidence(title, abstract, vocabulary), vocabulary)


def score(shown: Mapping[str, float]) -> float:
    """What signs say together; `ENOUGH` makes a topic. Rounded, so that no last bit decides."""
    return round(sum(weight * shown[sign] for sign, weight in _WEIGHTS.items()), 6)


def _is_cut_from(title: str, abstract: str) -> bool:
    """Whether the title is only the abstract's first sentence or its start, for want of one."""
    start = title.removesuffix("…").rstrip()
    return abstract.startswith(start) and (start != title or abstract[len(start) :][:1] in _STOPS)


def _signs(
    found: Mapping[str, _Evidence], words: Collection[str], vocabulary: Vocabulary
) -> dict[str, dict[str, float]]:
    ranked = sorted(found, key=lambda slug: (-found[slug].points, slug))
    best = found[ranked[0]].points if ranked else 1
    signs: dict[str, dict[str, float]] = {}
    for rank, slug in enumerate(ranked):
        evidence = found[slug]
        if not evidence.is_firm:
            continue
        children = [found[child].points for child in vocabulary.children(slug) if child in found]
        signs[slug] = {
            "always": 1,
            "decisive": evidence.is_decisive,
            "title phrase": min(evidence.firm.get("title", 0), 1),
            "title word": evidence.title_word,
            **{place: min(evidence.firm.get(place, 0), most) for place, most in _AT_MOST.items()},
            "phrases": min(len(evidence.phrases), _PHRASES_AT_MOST),
            "share": evidence.points / best,
            "rank": min(rank, _RANK_AT_MOST) / _RANK_AT_MOST,
            "definition": _likeness(*vocabulary._defined[slug], words),
            "child": max(children, default=0) / best,
        }
    return signs


def _likeness(weights: Mapping[str, float], total: float, words: Collection[str]) -> float:
    """How much of a definition's weight stands in words that the paper uses, too: 0 to 1."""
    return sqrt(sum([weight for word, weight in weights.items() if word in words]) / total)


def _evidence(
    title: str, abstract: str, vocabulary: Vocabulary
) -> tuple[dict[str, _Evidence], set[str]]:
    """What title and abstract say sentence by sentence, by the slug of the topic; their words."""
    found: defaultdict[str, _Evidence] = defaultdict(_Evidence)
    title = "" if _is_cut_from(title, abstract) else title
    words = text.words(title)
    used = set(words)
    _weigh(_marks(words, vocabulary._tree), "title", found)
    for number, sentence in enumerate(_SENTENCE_END.split(abstract)):
        words = text.words(sentence)
        used.update(words)
        marks = _marks(words, vocabulary._tree)
        cues = {mark.says for _, mark in marks}
        plain = "opening" if number < _OPENING else "body"
        place = next((cue for cue in ("proposal", "evaluation") if cue in cues), plain)
        _weigh(marks, place, found)
    return found, used


def _marks(words: Sequence[str], tree: _Node) -> list[tuple[int, _Mark]]:
    """What the longest phrase at each word says, with its place; phrases within others say nothing.

    A phrase with a gap hides nothing and nothing hides it, unless it speaks against. Linear: no
    phrase is longer than the longest of the vocabulary.
    """
    found: list[tuple[int, _Mark]] = []
    closed = [*words, ""]  # what no phrase goes on with
    covered = 0
    for start, following in enumerate(closed[1:]):
        node = tree.words.get(words[start])
        # Most words begin a phrase and do not go on with it.
        if not node or not (node.marks or following in node.words or node.beyond or tree.beyond):
            continue
        longest: tuple[_Mark, ...] = ()
        end = position = start + 1
        while node and not node.beyond:
            if node.marks:
                longest, end = node.marks, position
            node = node.words.get(closed[position])
            position += 1
        if node or tree.beyond:
            longest, end = _longest(words, start, tree, found)
        if longest and end > covered:
            covered = end
            found += [(start, mark) for mark in longest]
    return found


def _longest(
    words: Sequence[str], start: int, tree: _Node, found: list[tuple[int, _Mark]]
) -> tuple[tuple[_Mark, ...], int]:
    """What the longest phrase at a word says, and the place after it; adds those with a gap.

    As `_marks` does it, but for phrases with gaps, which most are not.
    """
    longest: tuple[_Mark, ...] = ()
    end = start
    node = tree
    for position in range(start, len(words) + 1):
        following = node.words.get(words[position]) if position < len(words) else None
        if following and following.marks and position + 1 > end:
            longest, end = following.marks, position + 1
        if node.beyond:
            for marks, after in _beyond(node.beyond, words, position):
                found += [(start, mark) for mark in marks]
                against = tuple(mark for mark in marks if mark.says == "against")
                if against and after > end:
                    longest, end = against, after
        if not following:
            break
        node = following
    return longest, end


def _beyond(
    node: _Node, words: Sequence[str], position: int
) -> Iterator[tuple[tuple[_Mark, ...], int]]:
    """The phrases that go on after a gap at a word: what they say, and the place after them."""
    reached = words[position : position + _GAP_WORDS + 1]
    if not node.beyond and node.words.keys().isdisjoint(reached):
        return
    ways = [(position + skipped, node) for skipped in range(_GAP_WORDS + 1)]
    while ways:
        position, node = ways.pop()
        if position < len(words) and (following := node.words.get(words[position])):
            ways.append((position + 1, following))
            if following.marks:
                yield following.marks, position + 1
        if beyond := node.beyond:
            ways += [(position + skipped, beyond) for skipped in range(_GAP_WORDS + 1)]


def _weigh(
    marks: Sequence[tuple[int, _Mark]], place: str, found: defaultdict[str, _Evidence]
) -> None:
    """Add what the marks of one sentence say to what has been found.

    One sentence gives a topic no more than its best phrase does: two sentences that each say it
    once tell more than one that says it twice.
    """
    points: dict[str, tuple[int, str, bool]] = {}
    aside = -_ASIDE
    in_title = place == "title"
    for start, (says, slug, phrase) in marks:
        if says == "aside":
            aside = start
        if says not in _KINDS or (says == "title" and not in_title):
            continue
        evidence = found[slug]
        is_firm = says in _FIRM
        if is_firm:
            evidence.phrases.add(phrase)
            evidence.is_decisive |= says == "decisive"
        elif says == "title":
            evidence.title_word = True
        here = "aside" if start - aside < _ASIDE and not in_title else place
        said = (_WORTH[here] if says == "hints" else 2 * _WORTH[here], here, is_firm)
        if slug not in points or said > points[slug]:
            points[slug] = said
        (evidence.in_title if in_title else evidence.in_abstract).append(phrase)
    for slug, (worth, here, is_firm) in points.items():
        found[slug].points += worth
        found[slug].firm[here] = found[slug].firm.get(here, 0) + is_firm


# --- reading the vocabulary ---------------------------------------------------------------------

# Characters of a topic's name and of its other texts, and levels of topics within topics. A paper
# belongs to all the topics that its own are within, so depth multiplies; libraries' trees of
# subjects have up to a dozen levels.
LONGEST = {"name": 200}
LONGEST_TEXT = 2_000
DEEPEST = 20

_LISTS = ("aliases", "decisive", "phrases", "hints", "title", "against")
_EVIDENCE = _LISTS[1:]


def _topic(said: Toml, path: Way, table: Mapping[str, Any]) -> Topic:
    name = table.get("name")
    if not isinstance(name, str) or not text.words(name):
        raise said.wrong('a [[topic]] needs a name: name = "…"', *path, "name")
    said.check_names("setting of a topic", [item.name for item in fields(Topic)], *path)
    values = {key: _value(said, (*path, key), value) for key, value in table.items()}
    topic = Topic(**{"slug": text.slug(name)} | values)
    if topic.slug != text.slug(topic.slug):
        how = f'write the slug of "{name[:60]}" as "{text.slug(topic.slug)}"'
        raise said.wrong(how, *path, "slug")
    return topic


def _value(said: Toml, path: Way, value: object) -> Any:
    """A setting's value as its field wants it: one text, or several."""
    key = str(path[-1])
    if key not in _LISTS:
        if not isinstance(value, str):
            raise said.wrong(f'{key} must be a text: {key} = "…"', *path)
        if len(value) > (most := LONGEST.get(key, LONGEST_TEXT)):
            raise said.wrong(f"{key} has {len(value):,} characters; at most {most:,}", *path)
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise said.wrong(f'{key} must be a list of texts: {key} = ["…", "…"]', *path)


def _names(topic: Topic) -> list[str]:
    """Everything that names a topic, as slugs, each once."""
    return list(dict.fromkeys(map(text.slug, (topic.slug, topic.name, *topic.aliases))))


def _check_names_differ(vocabulary: Vocabulary, said: Toml) -> None:
    taken: dict[str, str] = {}
    for place, topic in enumerate(vocabulary.topics):
        for name in _names(topic):
            if name in taken:
                both = f"{taken[name]}, {topic.name}"
                raise said.wrong(f'"{name}" names two topics: {both}', "topic", place)
            taken[name] = topic.name


def _check_parents(vocabulary: Vocabulary, said: Toml) -> None:
    """Every parent is there, nobody is below itself, and none is too far below the first."""
    parents = {topic.slug: topic.parent for topic in vocabulary.topics}
    for place, topic in enumerate(vocabulary.topics):
        if topic.parent and topic.parent not in parents:
            wrong = unknown("parent", topic.parent, parents)
            raise said.wrong(f'topic "{topic.name}": {wrong}', "topic", place, "parent")
    for place, topic in enumerate(vocabulary.topics):
        seen = {topic.slug}
        slug = topic.parent
        while slug and slug not in seen and len(seen) <= DEEPEST:
            seen.add(slug)
            slug = parents[slug]
        if slug:
            is_round = f'its parents lead back to "{slug}"'
            wrong = is_round if slug in seen else f"it is within more than {DEEPEST} others"
            raise said.wrong(f'topic "{topic.name}": {wrong}', "topic", place, "parent")


def _tree(topics: Sequence[Topic]) -> _Node:
    """All phrases of all topics, and the cues, in one tree."""
    tree = _Node()
    for cue, phrases in _CUES.items():
        for phrase in phrases:
            _plant(tree, _Mark(cue, "", phrase))
    for topic in topics:
        for says in _EVIDENCE:
            for phrase in getattr(topic, says):
                _plant(tree, _Mark(says, topic.slug, phrase))
    return tree


def _plant(tree: _Node, mark: _Mark) -> None:
    """Put a phrase into the tree; all spellings of a word lead to the same place."""
    node = tree
    for word in _words(mark.phrase):
        if word == _GAP:
            node.beyond = node.beyond or _Node()
            node = node.beyond
            continue
        spellings = _spellings(word)
        following = next((node.words[each] for each in spellings if each in node.words), _Node())
        for each in spellings:
            node.words.setdefault(each, following)
        node = following
    if node is not tree:
        node.marks = (*node.marks, mark)


def _words(phrase: str) -> Iterator[str]:
    """The words of a phrase, with a mark for each gap within it."""
    for number, part in enumerate(phrase.split(_GAP)):
        if number:
            yield _GAP
        yield from text.words(part)


def _spellings(word: str) -> list[str]:
    """A word in singular and plural, American and British; the same list for each of them.

    By rule, so with forms that nobody writes ("speechs"): they cost nothing and find nothing.
    """
    base = singular(word)
    for british, american in _AMERICAN:
        if base.endswith(british):
            base = base.removesuffix(british) + american
    bases = [base] + [
        base.removesuffix(american) + british
        for british, american in _AMERICAN
        if base.endswith(american)
    ]
    return [form for each in bases for form in (each, _plural(each))]


_AMERICAN = (
    ("isation", "ization"), ("ise", "ize"), ("ised", "ized"), ("ising", "izing"),
    ("elled", "eled"), ("elling", "eling"), ("our", "or"), ("yse", "yze"),
)  # fmt: skip


def singular(word: str) -> str:
    """A folded English word in the singular, by rule: "studies" → "study", "bias" stays "bias"."""
    if len(word) < 4 or not word.endswith("s"):
        return word
    if word.endswith(_NO_PLURAL) and word not in _PLURAL:
        return word
    if word.endswith("ies"):
        return word.removesuffix("ies") + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word.removesuffix("es")
    return word.removesuffix("s")


_NO_PLURAL = ("ss", "us", "is", "ics", "ias", "lens", "series", "species")
_PLURAL = frozenset(("topics", "metrics", "heuristics", "critics", "clinics", "characteristics"))


def _plural(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word.removesuffix("y") + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")
