"""Papers that may be one and were not merged: which they are, what speaks for it and against it.

Candidates meet in blocks: of one title, of one title but for a word, of abstracts that begin alike
or share rare-looking runs of words. Then each pair is compared, and what is found is said in words,
so that the owner can decide; `content/papers.toml` takes the decision in one line.

Time is linear: every paper stands in a bounded number of blocks, and in a crowded one it is
compared with the first alone. In which it stands (`keys`) is worked out from it alone, so that can
be done anywhere and be remembered. Known weaknesses: a translated or wholly rewritten abstract
under another title is not found, and of abstracts whose titles differ a sample tells whether they
are worth comparing: where six runs in ten are the same, it errs one to three times in a thousand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations
from typing import NamedTuple
from zlib import crc32

from generator import text, works
from generator.identity import ABSTRACT_WORDS, DECISIONS, Decided, family, title_mark
from generator.model import Paper, Problem, Record
from generator.names import whole, without_others


@dataclass(frozen=True, slots=True)
class LookAlike:
    """Two papers that may be one (the first stands first in the sources), and the evidence."""

    first: Paper
    second: Paper
    evidence: tuple[str, ...]
    against: tuple[str, ...] = ()

    @property
    def entry(self) -> str:
        """What decides, in the list of `same` or of `apart` in the owner's decisions."""
        return f'["{self.first.id}", "{self.second.id}"]'


class Keys(NamedTuple):
    """By what a paper is found, as checksums: a named tuple, since thousands are unpickled."""

    blocks: tuple[int, ...]  # those that it stands in
    runs: tuple[int, ...]  # a sample of the runs of words in its abstract


def lookalikes(
    papers: Sequence[Paper],
    said: Decided | None = None,
    known: Mapping[str, Keys] | None = None,
) -> tuple[LookAlike, ...]:
    """Every pair of papers that may be one, by place; not those that the owner said are apart.

    `known` gives the `keys` of papers by id; those of others are worked out.
    """
    ordered = sorted(papers, key=lambda paper: paper.records[0].where)
    keys_of = [_keys(paper, known or {}) for paper in ordered]
    pairs = sorted(dict.fromkeys(_meeting([each.blocks for each in keys_of])))
    compared = (
        _compare(ordered[a], ordered[b])
        for a, b in pairs
        if _are_worth_it(keys_of[a], keys_of[b]) or _titles(ordered[a], ordered[b])
    )
    apart = said.apart if said else ()
    return tuple(found for found in compared if found and not _are_apart(found, apart))


def _keys(paper: Paper, known: Mapping[str, Keys]) -> Keys:
    if paper.id in known:
        return known[paper.id]
    return keys(paper.title, paper.title_derived, paper.abstract)


def problem(found: LookAlike, decidable: bool) -> Problem:
    """The note for the owner, at the later paper; how to decide it where that can be done."""
    first = found.first
    said = f'may be {first.records[0].where}, "{text.cut(text.to_plain(first.title), 60)}": '
    said += ", ".join(found.evidence)
    said += f"; but {', '.join(found.against)}" if found.against else ""
    how = f"; write same = [{found.entry}] or apart = [{found.entry}] into {DECISIONS}"
    where = found.second.records[0].where
    return Problem(where, said + (how if decidable else ""), "note", "look-alike")


def _are_apart(found: LookAlike, apart: Iterable[Sequence[Set[Record]]]) -> bool:
    first, second = (frozenset(paper.records) for paper in (found.first, found.second))
    return any(
        any(first & one for one in names) and any(second & one for one in names) for names in apart
    )


# --- who meets whom -----------------------------------------------------------------------------

# In a block of more papers each is compared with the first alone.
_CROWD = 6
# Fewer words of a title say too little to be one "but for a word": of 10,000 titles, those of four
# words or fewer met unrelated ones.
_TITLE_WORDS = 5
_RUN = 5  # words; shorter runs are phrases that everybody uses
_RUNS = 4  # of an abstract, those with the smallest checksums: the same of any text that has them
# One word in so many begins a run that can be among them; all would take 4 times longer.
_ANCHORS = 8


def keys(title: str, title_derived: bool, abstract: str) -> Keys:
    """By what a paper of this title and abstract is found.

    Where two blocks have one checksum, papers meet that have nothing in common, that is all: of
    10,000 papers 1,152 pairs meet, none of them by that.
    """
    blocks = [] if title_derived else [*_title_blocks(title)]
    runs: list[int] = []
    words = text.words(abstract[:_READ])
    if len(words) >= ABSTRACT_WORDS:
        blocks.append(crc32(f"opening {' '.join(words[:12])}".encode()))
        runs = _sampled_runs(words)
    return Keys(tuple(dict.fromkeys(blocks + runs[:_RUNS])), tuple(runs))


def _title_blocks(title: str) -> Iterator[int]:
    if mark := title_mark(title):
        yield crc32(mark.encode())
        words = [crc32(word.encode()) for word in _telling(title)]
        if len(words) >= _TITLE_WORDS:
            # A sum does not hang on the order of the words, and it is quickly had without one.
            all_words = sum(words)
            yield all_words % _CHECKSUMS
            yield from ((all_words - word) % _CHECKSUMS for word in words)


_CHECKSUMS = 1 << 32


def _meeting(keys_of: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Places of papers that stand in one block, the smaller first; pairs may come again."""
    once: set[int] = set()
    blocks: dict[int, list[int]] = {}
    for each in keys_of:
        blocks.update((key, []) for key in once.intersection(each))
        once.update(each)
    for place, each in enumerate(keys_of):
        for key in filter(blocks.__contains__, each):
            blocks[key].append(place)
    for block in blocks.values():
        if len(block) > _CROWD:
            yield from ((block[0], other) for other in block[1:])
        else:
            yield from combinations(block, 2)


_READ = 4000  # letters of an abstract; hostile ones have millions


def _sampled_runs(words: Sequence[str]) -> list[int]:
    """A sample of a text's runs of words that any text with the same runs samples alike.

    The smallest of them stand for all: Broder, "On the resemblance and containment of documents",
    1997.
    """
    starts = [place for place, word in enumerate(words[: 1 - _RUN]) if _ANCHORED[word]]
    return sorted({crc32(" ".join(words[start : start + _RUN]).encode()) for start in starts})


def _are_worth_it(one: Keys, other: Keys) -> bool:
    """Whether the abstracts may be much the same: not if their samples are not even nearly so."""
    fewer = min(len(one.runs), len(other.runs))
    return fewer < _TELLING_RUNS or len({*one.runs} & {*other.runs}) >= _NEARLY * fewer


# Fewer runs than this tell too little (of 10,000 abstracts a fifth have fewer; in the mean it is
# 17). Where six in ten of all runs are shared, less than a quarter of twelve are 28 times in
# 10,000, by the binomial distribution, and of 17 25 times.
_TELLING_RUNS, _NEARLY = 12, 0.25


class _Anchored(dict[str, bool]):
    """Word → whether runs that may be sampled begin with it; worked out once for each."""

    def __missing__(self, word: str) -> bool:
        anchored = crc32(word.encode()) % _ANCHORS == 0
        if len(self) < _REMEMBERED and len(word) <= _LONG:
            self[word] = anchored
        return anchored


# Enough for the words of a large collection; a hostile one must not fill the memory.
_REMEMBERED, _LONG = 1 << 18, 40
_ANCHORED = _Anchored()


def _telling(title: str) -> list[str]:
    """A title's words without numbers, which tell the volumes of a series apart."""
    return [word for word in text.words(title) if not _is_number(word)]


def _is_number(word: str) -> bool:
    if word.isalpha():
        return word in _ROMAN
    return any(character.isdigit() for character in word)


_ROMAN = frozenset(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"))


# --- what speaks for it and against it ----------------------------------------------------------

# Of the shorter abstract's runs, the part that stands in the other.
_MUCH = 0.6
_ALIKE = 0.8  # two words are one misspelt


def _compare(one: Paper, other: Paper) -> LookAlike | None:
    """What was found about a pair; nothing where too little speaks for it.

    Either the abstracts are much the same, or the titles are and the authors do not say no.
    """
    shared = _shared_runs(one.abstract, other.abstract)
    titles = _titles(one, other)
    if shared < _MUCH and not titles:
        return None
    numbers = _numbers(one.title) != _numbers(other.title)
    strangers = _are_strangers(one, other)
    if shared < _MUCH and (strangers or numbers):
        return None
    against = (
        ("the numbers in the titles differ", numbers),
        ("no author in common", strangers),
        ("the DOIs differ", _differ(one.doi, other.doi)),
        ("the arXiv ids differ", _differ(one.arxiv, other.arxiv)),
        *((words, True) for words in works.differences(one, other)),
        (f"{one.year} and {other.year}", bool(one.year and other.year and one.year != other.year)),
    )
    return LookAlike(
        one,
        other,
        tuple(filter(None, (titles, _abstracts(shared), _authors(one, other)))),
        tuple(words for words, holds in against if holds),
    )


def _titles(one: Paper, other: Paper) -> str:
    """How near the titles are, in words; nothing where they are not."""
    if one.title_derived or other.title_derived:
        return ""
    if title_mark(one.title) == title_mark(other.title):
        return "the same title"
    a, b = sorted(_telling(one.title)), sorted(_telling(other.title))
    if min(len(a), len(b)) < _TITLE_WORDS - 1:
        return ""
    if a == b:
        return "a title of the same words"
    only_a, only_b = _without(a, b), _without(b, a)
    misspelt = len(only_a) == len(only_b) == 1 and _is_misspelt(only_a[0], only_b[0])
    return "the same title but for a word" if misspelt or len(only_a + only_b) == 1 else ""


def _without(words: Iterable[str], others: Iterable[str]) -> list[str]:
    return [*(Counter(words) - Counter(others)).elements()]


def _is_misspelt(word: str, other: str) -> bool:
    return SequenceMatcher(None, word[:80], other[:80], autojunk=False).ratio() >= _ALIKE


def _numbers(title: str) -> list[str]:
    return sorted(filter(_is_number, text.words(title)))


def _shared_runs(abstract: str, other: str) -> float:
    """Of the runs of words in the shorter abstract, the part that the other has, too."""
    runs, others = _runs(abstract), _runs(other)
    fewer = min(len(runs), len(others))
    return len(runs & others) / fewer if fewer >= ABSTRACT_WORDS - _RUN else 0.0


def _runs(abstract: str) -> Set[tuple[str, ...]]:
    words = text.words(abstract[:_READ])
    return frozenset(zip(*(words[start:] for start in range(_RUN)), strict=False))


def _abstracts(shared: float) -> str:
    """How near the abstracts are, in words, in steps of a tenth."""
    if shared < _MUCH:
        return ""
    return "the same abstract" if shared == 1 else f"{int(shared * 10) * 10} % of the abstract"


def _authors(one: Paper, other: Paper) -> str:
    common = len(_families(one) & _families(other))
    if not common:
        return ""
    same = _families(one) == _families(other)
    return "the same authors" if same else f"{common} author{'s' if common > 1 else ''} in common"


def _are_strangers(one: Paper, other: Paper) -> bool:
    """Whether both name their authors and no family name is common."""
    return bool(one.authors and other.authors) and _families(one).isdisjoint(_families(other))


def _families(paper: Paper) -> frozenset[str]:
    return frozenset(family(whole(name)) for name in without_others(paper.authors))


def _differ(one: str, other: str) -> bool:
    return bool(one and other) and one.casefold() != other.casefold()
