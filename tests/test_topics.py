"""Topics: the vocabulary is checked at the door, and words lead to the topics they speak for."""

from __future__ import annotations

import pickle
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import topics
from generator.errors import ConfigError
from generator.topics import Assigned, Vocabulary

DEMO = Path(__file__).parent.parent / "content" / "topics.toml"

VOCABULARY = topics.load(
    {
        "topic": [
            {
                "name": "Model Compression",
                "aliases": ["Network Compression"],
                "phrases": ["model compression"],
            },
            {
                "name": "Pruning",
                "parent": "model-compression",
                "phrases": ["pruning", "lottery ticket"],
                "hints": ["sparse"],
            },
            {
                "name": "Graphs",
                "slug": "graph-learning",
                "aliases": ["GNN"],
                "phrases": ["graph neural network"],
                "title": ["graph"],
                "against": ["computation graph"],
            },
            {"name": "Quantization", "phrases": ["quantization"]},
            {"name": "Thesis", "decisive": ["this thesis"]},
        ]
    },
    "topics.toml",
)


def slugs(title: str = "", abstract: str = "", keywords: tuple[str, ...] = ()) -> list[str]:
    """The topics of a paper, by slug."""
    return [each.slug for each in topics.assign(title, abstract, keywords, (), VOCABULARY)]


@pytest.mark.parametrize(
    ("title", "abstract", "expected"),
    [
        pytest.param("Graph Neural Networks in Practice", "", ["graph-learning"], id="title"),
        pytest.param("", "Weights are many. Some like pruning.", [], id="passing mention"),
        pytest.param(
            "", "We propose pruning by rank. Our pruning is fast.", ["pruning"], id="proposal"
        ),
        pytest.param("", "This thesis is on cats.", ["thesis"], id="decisive"),
        pytest.param(
            "", "Nets are sparse. They are sparse. So sparse. And sparse. Very sparse.", [],
            id="hints alone",
        ),
        pytest.param("Sparse nets", "We propose pruning.", ["pruning"], id="hint and phrase"),
        pytest.param(
            "", "We propose X, unlike pruning. We present Y rather than pruning.", [], id="contrast"
        ),
        pytest.param("The computation graph", "", [], id="against hides what it covers"),
        pytest.param("Graph embeddings", "", ["graph-learning"], id="title only, in the title"),
        pytest.param("", "We study a graph. This paper draws a graph.", [], id="title only, below"),
        pytest.param("On Quantisations", "", ["quantization"], id="plural and spelling"),
        pytest.param("Elagage", "", [], id="nothing"),
    ],
)  # fmt: skip
def test_where_a_phrase_stands_decides(title: str, abstract: str, expected: list[str]) -> None:
    """A title is enough, a proposal with one more sentence too; passing words are not."""
    assert slugs(title, abstract) == expected


def test_parent_needs_evidence_of_its_own() -> None:
    """A child in the paper does not bring its parent along, unless the paper is about that too."""
    both = "Pruning for model compression"
    assert slugs(both, "") == ["pruning"]
    assert slugs(both, "We propose model compression. This work is model compression.") == [
        "model-compression",
        "pruning",
    ]


def test_tags_before_keywords_before_evidence() -> None:
    """What a hand set comes first and keeps its reason; no topic comes twice."""
    found = topics.assign("Pruning", "", ("gnn", "Pruning"), ("PRUNING",), VOCABULARY)
    assert found == (
        Assigned("pruning", "Pruning", "set by hand"),
        Assigned("graph-learning", "Graphs", "keyword: gnn"),
    )


def test_keyword_nobody_knows_is_a_topic_of_its_own() -> None:
    """An unknown keyword keeps its spelling as a name; one of mere punctuation is none."""
    assert topics.assign("", "", ("Carbon Footprint", "—"), (), Vocabulary()) == (
        Assigned("carbon-footprint", "Carbon Footprint", "keyword: Carbon Footprint"),
    )


def test_reason_names_the_words() -> None:
    """A topic says which words led to it, those of the title first."""
    (found,) = topics.assign(
        "Pruning early", "We like pruning. A lottery ticket wins.", (), (), VOCABULARY
    )
    assert found.reason == "title: pruning; twice in the abstract (lottery ticket)"


def test_family() -> None:
    """Ancestors go up to the root, children one step down; unknown topics have neither."""
    assert VOCABULARY.ancestors("pruning") == ("model-compression",)
    assert VOCABULARY.children("model-compression") == ("pruning",)
    assert VOCABULARY.ancestors("cats") == VOCABULARY.children("cats") == ()


def test_vocabulary_travels() -> None:
    """A vocabulary pickles, also after use, and its repr is the same in every process."""
    slugs("Pruning")
    copy = pickle.loads(pickle.dumps(VOCABULARY))  # noqa: S301  our own bytes
    assert copy == VOCABULARY
    assert repr(copy) == repr(VOCABULARY)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({"topics": []}, 'did you mean "topic"'),
        ({"topic": {"name": "A"}}, "[[topic]]"),
        ({"topic": [{"slug": "a"}]}, "needs a name"),
        ({"topic": [{"name": "—"}]}, "needs a name"),
        ({"topic": [{"name": "Ants", "phrase": []}]}, '"Ants": unknown setting "phrase"'),
        ({"topic": [{"name": "Ants", "phrases": "ants"}]}, '"Ants": phrases must be a list'),
        ({"topic": [{"name": "Ants", "parent": ["bees"]}]}, '"Ants": parent must be a text'),
        ({"topic": [{"name": "Ants", "slug": "The Ants"}]}, '"Ants": write its slug'),
        ({"topic": [{"name": "Ants", "parent": "bees"}]}, '"Ants": unknown parent "bees"'),
        ({"topic": [{"name": "Ants", "parent": "ants"}]}, '"Ants": its parents lead back'),
        (
            {"topic": [{"name": "A1", "parent": "b1"}, {"name": "B1", "parent": "a1"}]},
            '"A1": its parents lead back',
        ),
        ({"topic": [{"name": "Ants"}, {"name": "ants"}]}, "two topics: Ants, ants"),
        (
            {"topic": [{"name": "Ants", "aliases": ["b"]}, {"name": "Bees", "slug": "b"}]},
            "two topics: Ants, Bees",
        ),
    ],
)
def test_bad_vocabulary_is_refused(data: dict[str, Any], complaint: str) -> None:
    """What cannot be meant is an error that names the file and the topic."""
    with pytest.raises(ConfigError) as error:
        topics.load(data, "topics.toml")
    assert str(error.value).startswith("topics.toml: ")
    assert complaint in str(error.value)


def test_no_vocabulary_is_fine() -> None:
    """A collection without topics.toml has no topics by evidence."""
    assert topics.load({}, "topics.toml") == Vocabulary()
    assert topics.assign("Graph neural networks", "", (), (), Vocabulary()) == ()


def test_demo_vocabulary() -> None:
    """The demo's topics load, and no topic lists a phrase twice in ways that mean the same."""
    vocabulary = topics.load(tomllib.loads(DEMO.read_text(encoding="utf-8")), "topics.toml")
    assert len(vocabulary.topics) == 55
    for topic in vocabulary.topics:
        phrases = [
            phrase.casefold().replace("-", " ")
            for kind in ("decisive", "phrases", "hints", "title", "against")
            for phrase in getattr(topic, kind)
            if kind != "title"
        ]
        assert len(phrases) == len(set(phrases)), topic.slug


WORDS = st.lists(
    st.sampled_from(
        ["pruning", "graph", "neural", "networks", "sparse", "computation", "we", "propose",
         "unlike", ". We", "model", "compression", "é", "$x$", "lottery"]
    )
).map(" ".join)  # fmt: skip


@given(WORDS, WORDS | st.text())
def test_topics_are_those_of_the_vocabulary_once_each(title: str, abstract: str) -> None:
    """Evidence gives topics of the vocabulary, none twice, each with a reason."""
    found = topics.assign(title, abstract, (), (), VOCABULARY)
    assert len({each.slug for each in found}) == len(found)
    assert all(VOCABULARY.topic(each.slug) and each.reason for each in found)


@given(WORDS, WORDS)
def test_order_of_topics_in_the_file_does_not_matter(title: str, abstract: str) -> None:
    """The same topics for the same reasons, however the owner sorts the file."""
    turned = Vocabulary(VOCABULARY.topics[::-1])
    assert topics.assign(title, abstract, (), (), turned) == topics.assign(
        title, abstract, (), (), VOCABULARY
    )
