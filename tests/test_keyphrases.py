"""Keyphrase topics: what papers share by name, named as people would, and little moved by one."""

from __future__ import annotations

import pickle
import re
from collections import Counter
from random import Random
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import keyphrases, topics
from generator.keyphrases import Text
from generator.text import slug
from generator.toml import Toml
from generator.words import english
from tests.timing import is_linear


def about(phrase: str, count: int = 4, abstract: str = "") -> list[Text]:
    """Papers that share a title's phrase, and nothing else."""
    name = slug(f"{phrase} {abstract}").replace("-", "")
    return [Text(f"{name}-{n}", f"{phrase} by {name}{n}author", abstract) for n in range(count)]


FILLER = [Text(f"filler-{n}", f"Subject{n} and matter{n}") for n in range(40)]


def slugs(*papers: Text, most: int = 48) -> list[str]:
    """The topics of a collection, by address."""
    return [topic.slug for topic in keyphrases.keyphrases([*papers, *FILLER], most).topics]


def test_what_titles_share_is_a_topic() -> None:
    """A phrase in some titles is a topic, in full, and finds its papers by that."""
    (topic,) = (
        vocabulary := keyphrases.keyphrases([*about("Graph neural networks"), *FILLER])
    ).topics
    assert (topic.slug, topic.name) == ("graph-neural-network", "Graph Neural Networks")
    (found,) = topics.assign("A graph neural network", "", (), (), vocabulary)
    assert english().say(found.reason) == "title: graph neural network"


@pytest.mark.parametrize(
    "papers",
    [
        pytest.param(about("", abstract="Octopus garden. Octopus garden."), id="never in a title"),
        pytest.param(about("Toward a novel approach"), id="words of any title"),
        pytest.param(about("State-of-the-art results"), id="compound of any title"),
        pytest.param(about("In der and sur la"), id="grammar of other languages"),
        pytest.param(about("Octopus-based things2 of"), id="compound that qualifies"),
        pytest.param(about("1999 versus 2001"), id="numbers"),
        pytest.param(about("Hopefully"), id="adverb"),
        pytest.param(about("Models of data"), id="vague words alone"),
        pytest.param(about("Octopus garden", 2), id="too few papers"),
        pytest.param(about("Octopus garden", 20), id="a third of the papers"),
        pytest.param(about("$octopus$"), id="a formula"),
    ],
)
def test_what_is_no_topic(papers: list[Text]) -> None:
    """Boilerplate, grammar, and what next to nobody or everybody writes of, name no topic."""
    assert [s for s in slugs(*papers) if s != "things2"] == []


def test_fewer_than_twelve_papers_have_none() -> None:
    """A handful of papers has no topics; from a dozen on there may be some."""
    few = [*about("Octopus garden"), *FILLER[:7]]
    assert keyphrases.keyphrases(few).topics == ()
    assert len(keyphrases.keyphrases([*few, FILLER[7]]).topics) == 1


def test_text_says_what_a_paper_is_about() -> None:
    """Papers count for a phrase that they repeat, or open with twice, as for one in the title."""
    twice = about("", 3, "Octopus garden. Octopus garden.")
    titled = about("Octopus garden", 2)
    assert slugs(*titled) == []
    assert slugs(*titled, *twice) == ["octopus-garden"]
    assert slugs(*titled, *about("", 3, "Octopus garden. One. Two.")) == []
    assert slugs(*titled, *about("", 3, "One. Two. Octopus garden. Octopus garden.")) == []


def test_titles_must_agree() -> None:
    """A phrase that few titles have for all the papers that write of it is no topic."""
    twice = about("", 5, "Octopus garden. Octopus garden.")
    assert slugs(*about("Octopus garden", 1), *twice) == []
    often = about("", 30, "One. Two. Octopus garden.")
    assert slugs(*about("Octopus garden", 3), *often) == []


def test_noun_phrases_end() -> None:
    """What always goes on, to something else each time, is no topic."""
    ends = [paper for noun in ("cats", "dogs", "cows") for paper in about(f"Certified {noun}", 3)]
    assert slugs(*ends) == ["certified-cat", "certified-cow", "certified-dog"]


def test_formulas_and_signs_part_phrases() -> None:
    """No phrase goes through a comma, a bracket or a formula."""
    for middle in (", ", " (", " $x$ ", ": "):
        assert slugs(*about(f"Octopus{middle}garden")) == ["garden", "octopus"]


@pytest.mark.parametrize(
    ("spellings", "name"),
    [
        ({"octopus gardens": 2, "Octopus garden": 3}, "Octopus Gardens"),
        ({"octopus gardens": 2, "Octopus garden": 5}, "Octopus Garden"),
        ({"LiDAR mapping": 3, "Lidar mapping": 2}, "LiDAR Mapping"),
        ({"LIDAR MAPPING": 2, "Lidar mapping": 3}, "Lidar Mapping"),
        ({"3D reconstruction": 3}, "3D Reconstruction"),
        ({"few-shot learning": 4, "few shot learning": 3}, "Few-Shot Learning"),
        ({"few-shot learning": 3, "few shot learning": 4}, "Few Shot Learning"),
        ({"out-of-distribution detection": 3}, "Out-of-Distribution Detection"),
        ({"optimisation of": 3}, "Optimisation"),
        ({"Poincaré embedding": 3}, "Poincaré Embedding"),
    ],
)
def test_names(spellings: dict[str, int], name: str) -> None:
    """The commonest spelling in title case; plurals count twice, capitals within a word stay."""
    titles = [spelling for spelling, count in spellings.items() for _ in range(count)]
    papers = [Text(f"p{n}", f"{title} by author{n}") for n, title in enumerate(titles)]
    (topic,) = keyphrases.keyphrases([*papers, *FILLER]).topics
    assert topic.name == name


def test_spellings_are_one_topic() -> None:
    """Plurals, hyphens and British spelling make no second topic, and no second address."""
    papers = [*about("Tidal-flow optimisation"), *about("Tidal flow optimizations")]
    assert slugs(*papers) == ["tidal-flow-optimization"]


def test_abbreviations() -> None:
    """What papers explain alike finds the topic too, and its papers count for it."""
    explained = about("Purple", 3, "We love octopus garden networks (OGNs) and cats.")
    brief = [Text(f"brief-{n}", f"OGNs by author{n}") for n in range(3)]
    (topic,) = (
        topic
        for topic in keyphrases.keyphrases([*explained, *brief, *FILLER]).topics
        if topic.slug != "purple"
    )
    assert topic.name == "Octopus Garden Networks"
    assert topic.aliases == ("ogn",)
    assert topic.phrases == ("octopus garden network", "ogn")
    assert "octopus-garden-network" not in slugs(*explained[:2], *brief)


def test_abbreviations_of_several_things() -> None:
    """What means now this and now that is no abbreviation of either, and a name of its own."""
    papers = [
        *about("Purple", 3, "We love octopus garden networks (OGNs) and cats."),
        *about("Yellow", 3, "Our orange green nets (OGNs) and cats."),
        *about("OGNs"),
    ]
    assert "ogn" in slugs(*papers)


def test_abbreviation_is_one_topic_of_two() -> None:
    """An abbreviation that is a word, too, names the topic of that word only."""
    papers = [
        *about("Octopus gardens", 4, "Some octopus nest gardens (ONGs) and cats."),
        *about("Octopus nest gardens"),
        *about("Every ong"),
    ]
    found = {
        topic.slug: topic.aliases for topic in keyphrases.keyphrases([*papers, *FILLER]).topics
    }
    assert found["ong"] == found["octopus-nest-garden"] == ()


def test_brackets_say_nothing_again() -> None:
    """A phrase with its abbreviation behind it occurs once."""
    papers = [Text(f"o{n}", "", "Green octopus gardens (GOGs) grow.") for n in range(3)]
    assert slugs(*about("Green octopus garden", 2), *papers) == []


def test_ambiguous_abbreviations() -> None:
    """Two letters are an alias but no evidence: they mean other things in other papers."""
    (topic,) = keyphrases.keyphrases(
        [*about("Octopus gardens", 4, "Some octopus gardens (OGs) and cats."), *FILLER]
    ).topics
    assert (topic.aliases, topic.phrases) == (("og",), ("octopus garden",))


def test_abbreviation_of_what_is_no_phrase() -> None:
    """An abbreviation with an "and" in it is a topic under its short name."""
    (topic,) = keyphrases.keyphrases(
        [*about("SLAM", 4, "Simultaneous localization and mapping (SLAM)."), *FILLER]
    ).topics
    assert topic.name == "SLAM"
    assert topic.phrases == ("slam", "simultaneous localization and mapping")


def test_longer_phrases_are_below_those_they_end_with() -> None:
    """What a phrase ends with is its parent; what it begins with is not."""
    papers = [*about("Gardens"), *about("Octopus gardens", 3), *about("Gardens walls", 3)]
    found = keyphrases.keyphrases([*papers, *FILLER]).topics
    assert [(topic.slug, topic.parent) for topic in found] == [
        ("garden", ""),
        ("garden-wall", ""),
        ("octopus-garden", "garden"),
    ]


def test_parts_are_no_topics() -> None:
    """A part that hardly stands elsewhere says nothing new, nor does a phrase with a vague end."""
    assert slugs(*about("Octopus garden"), *about("Octopus garden model", 3)) == ["octopus-garden"]


def test_grasping_is_grasp() -> None:
    """Of a verb's two forms one is enough."""
    assert slugs(*about("Grasping", 4), *about("Grasp", 3)) == ["grasping"]


def test_covers_first() -> None:
    """With room for few topics, those come first that say something of most papers."""
    papers = [
        *about("Purple ocean and green garden", 5),
        *about("Green garden", 1, "else"),
        *about("Yellow submarine", 4),
    ]
    assert slugs(*papers, most=1) == ["green-garden"]
    assert slugs(*papers, most=2) == ["green-garden", "yellow-submarine"]
    assert slugs(*papers, most=3) == ["green-garden", "purple-ocean", "yellow-submarine"]


def test_one_topic_for_four_papers() -> None:
    """However many phrases there are, a small collection gets few topics."""
    title = " or ".join(f"octopus{n}" for n in range(20))
    papers = [Text(f"p{n}", title) for n in range(5)]
    assert len(keyphrases.keyphrases([*papers, *FILLER[:11]]).topics) == 4


def test_several_words_before_one() -> None:
    """A phrase is a better topic than a word that as many papers have."""
    assert slugs(*about("Aardvark", 5), *about("Zebra crossing", 4), most=1) == ["zebra-crossing"]


def test_large_collections_are_sampled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many papers some speak for all, and each decides for itself whether it does."""
    monkeypatch.setattr(keyphrases, "_SAMPLED", 100)
    ids = [f"p{n}" for n in range(400)]
    sample = keyphrases.sample(ids)
    assert 70 < len(sample) < 130
    assert keyphrases.sample(ids[:350]) == sample & set(ids[:350])
    assert keyphrases.sample(ids[:100]) == set(ids[:100])
    titles = dict.fromkeys(sorted(sample)[:10], "A garden")
    titles |= dict.fromkeys(sorted({*ids} - sample)[:10], "A zebra")
    papers = [Text(id_, titles.get(id_, "")) for id_ in ids]
    assert [topic.slug for topic in keyphrases.keyphrases(papers).topics] == ["garden"]


def test_hyphens_make_no_difference_to_counts() -> None:
    """A phrase that is now hyphenated, now not, counts in all its papers."""
    papers = [*about("Sea urchin gardens", 2), *about("Sea-urchin gardens", 1)]
    assert "sea-urchin-garden" in slugs(*papers)


def test_abbreviations_that_are_words_stand_for_nothing() -> None:
    """Letters that are a word which parts phrases, in whatever language, are no abbreviation."""
    papers = [*about("Digital eel maps", 3, "Our digital eel maps (DEMs)."), *about("DEMs", 5)]
    (topic,) = keyphrases.keyphrases([*papers, *FILLER]).topics
    assert (topic.slug, topic.aliases) == ("digital-eel-map", ())


def test_unrelated_paper_changes_nothing() -> None:
    """A paper about something else leaves every topic as it was."""
    papers = [*about("Octopus gardens"), *about("Yellow submarine"), *FILLER]
    more = [*papers, Text("new", "Zebra crossing", "A crossing of zebras.")]
    assert keyphrases.keyphrases(more) == keyphrases.keyphrases(papers)


PIECES = (
    "octopus", "gardens", "Gardens", "garden-based", "neural", "networks", "of", "(GNN)", "graph",
    ",", ".", "$x$", "ß", "图", "é's",
)  # fmt: skip
WORDS = st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)
PAPERS = st.lists(st.tuples(WORDS, WORDS), min_size=12, max_size=30)


@given(PAPERS)
def test_any_papers(texts: list[tuple[str, str]]) -> None:
    """Whatever the texts: the order is nothing, and addresses, names and parents are sound."""
    papers = [Text(f"p{n}", *pair) for n, pair in enumerate(texts)]
    found = keyphrases.keyphrases(papers)
    assert keyphrases.keyphrases(papers[::-1]) == found
    tables = [
        {"slug": t.slug, "name": t.name, "parent": t.parent, "aliases": list(t.aliases)}
        for t in found.topics
    ]
    assert len(topics.load(Toml("topics.toml", {"topic": tables})).topics) == len(found.topics)


def numbers(packed: bytes) -> Counter[int]:
    """How often each checksum is there."""
    return Counter(keyphrases._unpacked([packed]))


def counted(texts: tuple[str, str]) -> tuple[Counter[str], Counter[str], set[str]]:
    """How often a paper says each phrase and ends with it, and what it is about, the slow way."""
    said: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    points: Counter[str] = Counter()
    title, units = map(keyphrases._units, texts)
    opening = keyphrases._opening(units)
    for worth, part in ((4, title), (2, units[:opening]), (1, units[opening:])):
        keys = [*keyphrases._keys(part), ""]
        for start in range(len(part)):
            for end in range(start + 1, min(start + 3, len(part)) + 1):
                if all(keys[start:end]):
                    phrase = " ".join(keys[start:end])
                    said[phrase] += 1
                    points[phrase] += worth
                    ends[phrase] += not keys[end]
    return said, +ends, {phrase for phrase in points if points[phrase] >= 4}


@given(st.tuples(WORDS, WORDS))
def test_facts_count_right(texts: tuple[str, str]) -> None:
    """Every phrase is counted once, as often as it comes again, and as often as it ends."""
    found = keyphrases.facts(*texts)
    said, ends, about = counted(texts)
    marks = {phrase: crc32(phrase.encode()) for phrase in said}
    assert numbers(found.marks) == Counter(marks.values())
    assert numbers(found.again) == +Counter({marks[each]: said[each] - 1 for each in said})
    assert numbers(found.ends) == Counter({marks[each]: ends[each] for each in ends})
    assert {*found.in_title, *found.repeated} == about
    assert len(found.in_title + found.repeated) == len(about)


GNN = st.lists(
    st.sampled_from(("GNN", "GNNs", "graph-neural network", "train", "nodes", "of", ".", "(GNN)")),
    max_size=12,
).map(" ".join)


@given(GNN, GNN)
def test_abbreviations_count_as_in_full(title: str, abstract: str) -> None:
    """With known abbreviations a paper says what it would, had it written them in full."""
    known = {"gnn": "graph neural network"}
    read = keyphrases._in_full(keyphrases.facts(title, abstract), known)
    spelled = (
        re.sub(r"(?<!\()GNNs?", "graph-neural-network", each).replace("(GNN)", "()")
        for each in (title, abstract)
    )
    full = keyphrases.facts(*spelled)
    assert set(read.in_title) == set(full.in_title)
    assert set(read.repeated) == set(full.repeated)
    assert len(read.in_title + read.repeated) == len(set(read.in_title + read.repeated))
    said = numbers(full.marks).keys()
    for field in ("marks", "again", "ends"):
        counts = numbers(getattr(read, field))
        assert {each: counts[each] for each in counts if each in said} == numbers(
            getattr(full, field)
        )


@given(PAPERS, st.randoms(use_true_random=False))
def test_facts_say_all(texts: list[tuple[str, str]], chance: Random) -> None:
    """Facts are of one paper alone, travel as they are, and give in any order what papers give."""
    papers = [Text(f"p{n}", *pair) for n, pair in enumerate(texts)]
    said = [keyphrases.facts(*pair) for pair in texts]
    chance.shuffle(said)
    sent = pickle.loads(pickle.dumps(said))  # noqa: S301 - our own
    assert repr(sent) == repr(said)
    assert keyphrases.vocabulary(sent) == keyphrases.keyphrases(papers)


@pytest.mark.parametrize(
    "piece", ["octopus ", "a-", "(AB) ", "$x$ ", "A", "octopus gardens. ", "(", "é", "$"]
)
def test_linear_in_text(piece: str) -> None:
    """A text made to be slow is read in proportion to its length."""

    def read(size: int) -> None:
        hostile = [Text(f"h{n}", "", piece * size) for n in range(3)]
        keyphrases.keyphrases([*hostile, *FILLER])

    assert is_linear(read, 5_000)


def test_linear_in_papers() -> None:
    """Four times the papers take about four times as long."""

    def read(size: int) -> None:
        keyphrases.keyphrases(
            [Text(f"{n}", f"Octopus{n % 50} garden{n % 7}", "Blue sea.") for n in range(size)]
        )

    assert is_linear(read, 500)
