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
from generator.toml import Toml
from generator.topics import Assigned, Vocabulary
from generator.words import english
from tests.timing import is_linear

DEMO = Path(__file__).parent.parent / "content" / "topics.toml"

VOCABULARY = topics.load(
    Toml(
        "topics.toml",
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
                {
                    "name": "Efficient Training",
                    "definition": "Cuts the time that training takes.",
                    "phrases": ["reduce … training time"],
                    "title": ["fast"],
                    "against": ["attracted … attention"],
                    "hints": ["attention"],
                },
            ]
        },
    )
)


def why(topic: Assigned) -> str:
    """The reason of a topic as an English page tells it."""
    return english().say(topic.reason)


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
        pytest.param(
            "Graph embeddings", "We propose a graph neural network.", ["graph-learning"],
            id="title only, in the title",
        ),
        pytest.param(
            "", "We propose a graph neural network.", ["graph-learning"], id="a proposal alone"
        ),
        pytest.param("", "We study a graph. This paper draws a graph.", [], id="title only, below"),
        pytest.param("On Quantisations", "", ["quantization"], id="plural and spelling"),
        pytest.param("Elagage", "", [], id="nothing"),
    ],
)  # fmt: skip
def test_where_a_phrase_stands_decides(title: str, abstract: str, expected: list[str]) -> None:
    """A title is enough, and so is a proposal; passing words are not."""
    assert slugs(title, abstract) == expected


@pytest.mark.parametrize(
    ("abstract", "expected"),
    [
        pytest.param("We propose to reduce training time.", True, id="nothing between"),
        pytest.param("We propose to reduce the total cluster training time.", True, id="three"),
        pytest.param("We propose to reduce the very total cluster training time.", False, id="4"),
        pytest.param("We propose to reduce errors. Training time stays.", False, id="sentences"),
    ],
)
def test_gap(abstract: str, expected: bool) -> None:
    """A gap in a phrase takes up to three words of the same sentence."""
    assert ("efficient-training" in slugs("", abstract)) is expected


def test_gap_hides_nothing_unless_it_speaks_against() -> None:
    """What stands within a gap counts; what a phrase under `against` spans does not."""
    within = topics.assign("Reduce graph neural network training time", "", (), (), VOCABULARY)
    assert {each.slug for each in within} == {"graph-learning", "efficient-training"}
    (fast,) = topics.assign("Reduce training time: attracted attention", "", (), (), VOCABULARY)
    assert "attention" not in why(fast)


@pytest.mark.parametrize(
    ("title", "abstract", "expected"),
    [
        pytest.param("Pruning is old and…", "Pruning is old and nice. So.", False, id="cut"),
        pytest.param("Pruning is old", "Pruning is old. So.", False, id="first sentence"),
        pytest.param("Pruning", "Pruning is old. So.", True, id="a title that begins alike"),
        pytest.param("Pruning…", "We draw cats.", True, id="a title that ends like that"),
    ],
)
def test_title_made_of_the_abstract_is_no_title(title: str, abstract: str, expected: bool) -> None:
    """Papers without a title are shown by their abstract's start, which does not count twice."""
    signs = topics.signs(title, abstract, VOCABULARY)
    assert (signs["pruning"]["title phrase"] == 1) is expected


def test_decisive_phrase_is_enough() -> None:
    """A decisive phrase brings its topic along, however much more the paper says of others."""
    abstract = "Graph neural networks. " * 3 + "Pruning. " * 3 + "Unlike this thesis."
    assert "thesis" in slugs("Pruning graph neural networks", abstract)


def test_definition_speaks_for_a_topic() -> None:
    """A paper that uses the words of the definition has more of the topic."""
    alike, unlike = (
        topics.signs("We reduce training time", abstract, VOCABULARY)["efficient-training"]
        for abstract in ("It takes less and cuts that.", "Cats sleep.")
    )
    assert alike["definition"] > unlike["definition"]
    assert topics.score(alike) > topics.score(unlike)


def test_sentence_that_proposes_and_evaluates_proposes() -> None:
    """What is proposed counts as that, also where the same sentence speaks of results."""
    signs = topics.signs("", "We propose pruning and show experimental results.", VOCABULARY)
    assert (signs["pruning"]["proposal"], signs["pruning"]["evaluation"]) == (1, 0)


def test_hints_alone_show_nothing() -> None:
    """A topic that only hints speak for is not even weighed."""
    assert "pruning" not in topics.signs("Sparse nets", "We propose sparse nets.", VOCABULARY)


def test_nearly() -> None:
    """A mention that just misses is offered to the owner; what the paper has, is not."""
    abstract = "Weights are many. Some like pruning."
    assert [each.slug for each in topics.nearly("", abstract, VOCABULARY)] == ["pruning"]
    assert topics.nearly("Pruning", "", VOCABULARY) == ()
    assert topics.nearly("Graph neural networks", abstract, VOCABULARY) == ()
    assert topics.nearly("Cats", "", VOCABULARY) == ()
    assert topics.nearly("Pruning", "", Vocabulary()) == ()


@pytest.mark.parametrize(
    "piece", ["reduce ", "reduce training ", "graph neural ", "We. ", "unlike "]
)
def test_long_text_takes_time_in_proportion(piece: str) -> None:
    """Hostile text, full of phrases that begin and never end, costs no more than other text."""
    assert is_linear(lambda n: topics.signs("", piece * n, VOCABULARY), 5_000)


def test_parent_needs_evidence_of_its_own() -> None:
    """A child in the paper does not bring its parent along, unless the paper is about that too."""
    child = "We propose pruning. Model compression is old."
    assert slugs("Pruning early", child) == ["pruning"]
    assert slugs("Pruning for model compression", child) == ["pruning", "model-compression"]


def test_tags_before_keywords_before_evidence() -> None:
    """What a hand set comes first and keeps its reason; no topic comes twice."""
    found = topics.assign("Pruning", "", ("gnn", "Pruning"), ("PRUNING",), VOCABULARY)
    assert [(each.slug, each.name, why(each)) for each in found] == [
        ("pruning", "Pruning", "set by hand"),
        ("graph-learning", "Graphs", "keyword: gnn"),
    ]


@pytest.mark.parametrize(
    "keyword",
    ["retracted", "Retracted Article", "in press", "To Read", "/unread", "preprint", "_tablet",
     "#nosource", "duplicate-citation-key", "⛔ No DOI found", "jabref_noKeywordAssigned"],
)  # fmt: skip
def test_a_keyword_that_is_a_remark_is_no_topic(keyword: str) -> None:
    """What became of a paper, or of its file, is not what it is about, unless the owner says so."""
    named = topics.load(Toml("topics.toml", {"topic": [{"name": "Mine", "aliases": [keyword]}]}))

    assert topics.assign("", "", [keyword], [], Vocabulary()) == ()
    assert [each.name for each in topics.assign("", "", [keyword], [], named)] == ["Mine"]


@pytest.mark.parametrize("keyword", ["preprints", "retraction", "tablet", "printed electronics"])
def test_a_keyword_that_holds_a_remark_is_a_topic(keyword: str) -> None:
    """Remarks are looked for as a whole only."""
    assert [each.name for each in topics.assign("", "", [keyword], [], Vocabulary())] == [keyword]


def test_a_remark_that_is_set_by_hand_is_a_topic() -> None:
    """What an owner's note says under `tags` always holds."""
    assert [each.name for each in topics.assign("", "", [], ["unread"], Vocabulary())] == ["unread"]


def test_keyword_nobody_knows_is_a_topic_of_its_own() -> None:
    """An unknown keyword keeps its spelling as a name; one of mere punctuation is none."""
    (found,) = topics.assign("", "", ("Carbon Footprint", "—"), (), Vocabulary())
    assert (found.slug, found.name) == ("carbon-footprint", "Carbon Footprint")
    assert why(found) == "keyword: Carbon Footprint"


def test_reason_names_the_words() -> None:
    """A topic says which words led to it, those of the title first."""
    (found,) = topics.assign(
        "Pruning early", "We like pruning. A lottery ticket wins.", (), (), VOCABULARY
    )
    assert why(found) == "title: pruning; twice in the abstract (lottery ticket)"


def test_family() -> None:
    """Ancestors go up to the root, children one step down; unknown topics have neither."""
    assert VOCABULARY.ancestors("pruning") == ("model-compression",)
    assert VOCABULARY.children("model-compression") == ("pruning",)
    assert VOCABULARY.ancestors("cats") == VOCABULARY.children("cats") == ()


def test_vocabulary_travels() -> None:
    """A vocabulary pickles, also after use, and its repr is the same in every process."""
    fresh = pickle.dumps(Vocabulary(VOCABULARY.topics))
    slugs("Pruning")
    assert pickle.dumps(VOCABULARY) == fresh  # without what use has prepared
    copy = pickle.loads(fresh)  # noqa: S301  our own bytes
    assert copy == VOCABULARY
    assert repr(copy) == repr(VOCABULARY)


def test_vocabulary_is_prepared_once_in_a_process() -> None:
    """However often a worker is sent the same vocabulary, it plants its phrases once."""
    sent = pickle.dumps(VOCABULARY)
    first, second = pickle.loads(sent), pickle.loads(sent)  # noqa: S301  our own bytes
    assert first._tree is second._tree


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        ({"topics": []}, 'did you mean "topic"'),
        ({"topic": {"name": "A"}}, "[[topic]]"),
        ({"topic": [{"slug": "a"}]}, "needs a name"),
        ({"topic": [{"name": "—"}]}, "needs a name"),
        ({"topic": [{"name": "Ants", "phrase": []}]}, 'unknown setting of a topic "phrase"'),
        ({"topic": [{"name": "Ants", "phrases": "ants"}]}, "phrases must be a list"),
        ({"topic": [{"name": "Ants", "parent": ["bees"]}]}, "parent must be a text"),
        ({"topic": [{"name": "Ants", "slug": "The Ants"}]}, 'write the slug of "Ants" as'),
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
        topics.load(Toml("topics.toml", data))
    assert str(error.value).startswith("topics.toml: ")
    assert complaint in str(error.value)


def test_no_vocabulary_is_fine() -> None:
    """A collection without topics.toml has no topics by evidence."""
    assert topics.load(Toml("topics.toml")) == Vocabulary()
    assert topics.assign("Graph neural networks", "", (), (), Vocabulary()) == ()


def test_demo_vocabulary() -> None:
    """The demo's topics load, and no topic lists a phrase twice in ways that mean the same."""
    vocabulary = topics.load(Toml("topics.toml", tomllib.loads(DEMO.read_text(encoding="utf-8"))))
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
         "unlike", ". We", "model", "compression", "é", "$x$", "lottery", "reduce", "training",
         "time", "this", "thesis"]
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
