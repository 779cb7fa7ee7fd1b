"""Mentions: by names that papers own, by titles and addresses, where nothing is doubtful."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import mentions
from generator.mentions import Mention, Text, linked
from generator.text import canonical
from tests.timing import is_linear

OWNER = Text("own", "GPipe: Efficient Training of Giant Networks", "We split layers.", year=2019)
USER = Text("use", "Faster Still", "We build upon GPipe. It is fast.", year=2021)


def found(*papers: Text) -> list[tuple[str, str, str, str]]:
    """The mentions without their sentences."""
    return [(m.source, m.target, m.name, m.how) for m in mentions.mentions(papers)]


def text(id_: str, abstract: str, title: str = "", **rest: Any) -> Text:
    """A paper with this abstract."""
    return Text(id_, title, abstract, **rest)


def user(abstract: str, **rest: Any) -> Text:
    """A paper that may mention OWNER."""
    return replace(USER, abstract=abstract, **rest)


LINK = ("use", "own", "GPipe", "name")


# --- what a paper owns --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "abstract", "names"),
    [
        ("GPipe: Efficient Training", "", ("GPipe",)),
        ("Mask R-CNN", "", ("Mask R-CNN",)),
        ("“SimCLR”: A Framework", "", ("SimCLR",)),
        ("Variable Stiffness Treadmill (VsT): A Tool", "", ("VsT",)),
        ("SAM 2: Segment Anything in Videos", "", ("SAM 2",)),
        ("A Survey: The ShapeNet Dataset", "", ("ShapeNet",)),
        ("$\\beta$-VAE: Learning Concepts", "", ("β-VAE",)),
        ("You Only Look Once: Unified Detection", "We present a YOLO.", ("YOLO",)),
        ("Lion: An Optimizer", "So Lion is fast, and Lion works.", ("Lion",)),
        ("Lion: An Optimizer", "It is fast.", ()),
        ("Overview: Of Everything", "Overview is given.", ()),
        ("A Long Study of Nothing: With Results", "", ()),
        ("", "We call it Lion.", ("Lion",)),
        ("", "We name the resulting method SimCLR.", ("SimCLR",)),
        ("", "We present a novel method called Deep Sets.", ("Deep Sets",)),
        ("", "We introduce GPipe, a library.", ("GPipe",)),
        ("", "We introduce the MegaDepth dataset.", ("MegaDepth",)),
        ("", "In this paper we propose a new framework, GPipe, that scales.", ("GPipe",)),
        ("", "Our method, GPipe, scales.", ("GPipe",)),
        ("", "We propose a novel random walk search (RWS) for it.", ("RWS",)),
        ("", "We propose Random Walk Search (RWS).", ("RWS",)),
        ("", "We propose a random walk search (RWS) for it.", ()),
        ("", "We propose a novel Sparse Random Walk Search (RWS) for it.", ()),
        ("", "We propose a way to learn from a Random Walk Search (RWS).", ()),
        ("", "We propose a convolutional neural network (CNN), new here.", ()),
        ("", "We build upon a detector named CornerNet.", ()),
        ("", "It is commonly called GPipe.", ()),
        ("", "We introduce GPipe-based training.", ()),
        ("", "We introduce GPU kernels.", ()),
        ("", "We compare SegNet, GPipe and others.", ()),
        ("", "The problem is called SegNet elsewhere.", ()),
        ("", "We call this Bayesian optimization.", ()),
    ],
)
def test_owned(title: str, abstract: str, names: tuple[str, ...]) -> None:
    """A name is a paper's own where its title or abstract introduces it, not where it uses it."""
    assert mentions.owned(Text("a", title, abstract)) == names


# --- names --------------------------------------------------------------------------------------


def test_name_links() -> None:
    """Who uses a name links to its owner and shows the sentence; the owner does not."""
    assert mentions.mentions([USER, OWNER]) == (
        Mention("use", "own", "GPipe", "We build upon GPipe.", "name"),
    )


def test_title_is_the_last_resort() -> None:
    """A name in the title alone links, too, and the title is what is shown."""
    (mention,) = mentions.mentions([OWNER, replace(USER, title="On GPipe", abstract="We do.")])
    assert mention.sentence == "On GPipe"


@pytest.mark.parametrize(
    "abstract",
    ["The GPipe's speed.", "In GPipe-like ways.", "See (GPipe).", "A GPipe/PyTorch mix.",
     "A PyTorch/GPipe mix.",
     "Many GPipes.", "As in GPipe [2]."],
)  # fmt: skip
def test_spellings_of_a_use(abstract: str) -> None:
    """Possessive, plural, brackets, and words made of the name use it."""
    assert found(OWNER, user(abstract)) == [LINK]


@pytest.mark.parametrize(
    "abstract",
    ["The GPipeline.", "So gpipe.", "With G-GPipe.", "See GPipe 2.", "The GPipe++.", "A GPipe-X.",
     "The Mega GPipe.", "At gpipe.GPipe.org.", "The GPipe$_2$."],
)  # fmt: skip
def test_longer_names_are_others(abstract: str) -> None:
    """A name within a longer one, or in other letters, is another name."""
    assert found(OWNER, user(abstract)) == []


def test_two_owners_none() -> None:
    """A name that two papers claim, in whatever spelling of it, is nobody's."""
    second = Text("two", "GPIPE: Gas in Pipes", year=2020)
    assert found(OWNER, second, USER) == []


def test_title_before_text() -> None:
    """A title that has the name first beats abstracts that claim it later; those link nowhere."""
    later = text("two", "We introduce GPipe, a pipe.", year=2020)
    assert found(OWNER, later, USER) == [LINK]
    assert found(OWNER, replace(later, year=2018), USER) == []


@pytest.mark.parametrize(("year", "links"), [(2017, False), (2018, True), (None, True)])
def test_no_mention_before_its_time(year: int | None, links: bool) -> None:
    """A paper older by more than a year cannot mean the owner, without years anyone can."""
    assert found(OWNER, replace(USER, year=year)) == ([LINK] if links else [])


def test_name_in_use_before() -> None:
    """A name that somebody used years before its owner came is not the owner's alone."""
    assert found(OWNER, USER, text("old", "The GPipe is known.", year=2001)) == []


def test_other_meaning() -> None:
    """Who spells a short form out in other words means something else."""
    owner = text("own", "We propose the Random Walk Search (RWS).", "Random Walk Search", year=2019)
    same = text("same", "We use random walk search (RWS).", year=2020)
    other = text("other", "We use rotary wing systems (RWS).", year=2020)
    titled = text("titled", "We try a random walk, RWS.", "Of rotary wing systems (RWS) here")
    silent = text("silent", "We try a random walk, RWS.", year=2020)
    assert [link[0] for link in found(owner, same, silent, *FILLER)] == ["same", "silent"]
    for differing in (other, titled):
        assert [link[0] for link in found(owner, same, differing, silent, *FILLER)] == ["same"]


def test_terms_are_not_names() -> None:
    """An expansion in small letters that others give, too, is a term."""
    owner = text("own", "We propose a novel random walk search (RWS).", year=2019)
    same = text("same", "We use random walk search (RWS).", year=2020)
    assert found(owner, same, *FILLER) == []


FILLER = [text(f"filler{n}", f"Nothing{n} at all{n} here.") for n in range(40)]


def test_capitals_need_a_common_subject() -> None:
    """A name in nothing but capitals links papers on one subject; another SPIN is another."""
    owner = Text("own", "SPIN: Turbulent Magnets Rotating", year=2019)
    near = text("near", "We beat SPIN at turbulent magnets.", year=2020)
    far = text("far", "We beat SPIN at tennis.", year=2020)
    assert [link[0] for link in found(owner, near, far, *FILLER)] == ["near"]


def test_common_words_make_no_common_subject() -> None:
    """What many papers write, in whatever form of the word, tells nothing of a subject."""
    owner = Text("own", "SPIN: Studies of Theories", year=2019)
    near = text("near", "We beat SPIN by a theory and a study.", year=2020)
    assert [link[0] for link in found(owner, near, *FILLER)] == ["near"]
    for common in ("Theories of studies.", "A theory, a study.", "THEORY STUDY"):
        many = [replace(each, abstract=common) for each in FILLER]
        assert found(owner, near, *many) == []


def test_plain_names_stand_in_capitals() -> None:
    """A name that is a plain word links where it has its capital within a sentence."""
    owner = text("own", "We call it Lion.", year=2019)
    assert found(owner, user("We train with Lion here.")) == [("use", "own", "Lion", "name")]
    for other in ("A lion. ", "Lion it is.", "The Lion King is.", "By Sea Lion."):
        assert found(owner, user(other)) == []


def test_everyday_words_are_not_names() -> None:
    """A plain word that papers write without its capital, too, is not a name."""
    owner = text("own", "We call it Lion.", year=2019)
    use = user("We train with Lion here.")
    assert found(owner, use, text("zoo", "A lion.", year=2020)) == []
    assert found(owner, use, text("zoo", "", notes=("A lion.",), year=2020)) == []


@pytest.mark.parametrize(("elsewhere", "links"), [("A deep sets. A.", 0), ("Sets are deep.", 1)])
def test_everyday_words_together(elsewhere: str, links: int) -> None:
    """Of a name of several plain words all must stand together to be everyday words."""
    owner = text("own", "We present a novel method called Deep Sets.", year=2019)
    zoo = text("zoo", elsewhere, year=2020)
    assert len(found(owner, user("We train with Deep Sets here."), zoo)) == links


@pytest.mark.parametrize("name", ["word2vec", "auto+ml", "Mask R-CNN"])
def test_names_are_found_whatever_their_letters(name: str) -> None:
    """A name needs no capitals, and may be of several words and signs; notes use names, too."""
    owner = Text("own", f"{name}: A Title", year=2019)
    assert mentions.owned(owner) == (name,)
    assert found(owner, user(f"We use {name}.")) == [("use", "own", name, "name")]
    assert found(owner, user("", notes=(f"<p>Has {name}.</p>",))) == [("use", "own", name, "name")]


def test_unrelated_paper_changes_nothing() -> None:
    """A paper that uses none of the names leaves all mentions as they were."""
    assert found(OWNER, USER, *FILLER) == found(OWNER, USER) == [LINK]


# --- titles, addresses, keys --------------------------------------------------------------------


def test_title_links() -> None:
    """A whole title written as one, in capitals or quotes, is a mention; the same words are not."""
    owner = Text("own", "Attention Is All You Really Need", year=2017)
    for said in ("See Attention is All You Really Need.", 'In "attention is all you really need".'):
        (link,) = found(owner, user(said))
        assert (*link[:2], link[3]) == ("use", "own", "title")
    assert found(owner, user("For attention is all you really need here.")) == []
    assert found(replace(owner, title="Attention Is All"), user("See Attention Is All.")) == []
    assert found(owner, replace(owner, id="two"), user("Attention Is All You Really Need.")) == []


@pytest.mark.parametrize(
    ("abstract", "name", "how"),
    [
        ("Code at https://doi.org/10.1000/AB.c1.", "10.1000/ab.c1", "doi"),
        ("See (doi:10.1000/ab.c1).", "10.1000/ab.c1", "doi"),
        ("See arXiv:1901.00001v2.", "1901.00001", "arxiv"),
        ("See https://arxiv.org/abs/1901.00001.", "1901.00001", "arxiv"),
        ("From https://github.com/Lab/Tool.git here.", "github.com/lab/tool", "repository"),
    ],
)
def test_addresses_link(abstract: str, name: str, how: str) -> None:
    """DOI, arXiv id and repository of another paper are mentions of it."""
    owner = Text("own", doi="10.1000/ab.c1", arxiv="1901.00001",
                 urls=("https://github.com/lab/tool",), year=2019)  # fmt: skip
    assert found(owner, user(abstract)) == [("use", "own", name, how)]


def test_repositories_that_are_named() -> None:
    """A repository is of who links to it; where nobody does, of the one whose abstract names it."""
    named = text("named", "Our code is at github.com/lab/tool.", year=2019)
    later = user("From github.com/lab/tool.", urls=("https://github.com/lab/other",))
    assert found(named, later) == []  # two name it
    noted = Text("use", notes=("From github.com/lab/tool.",))
    assert found(named, noted) == [("use", "named", "github.com/lab/tool", "repository")]
    linking = Text("own", urls=("https://github.com/lab/tool",))
    assert [link[:2] for link in found(named, noted, linking)] == [("named", "own"), ("use", "own")]


def test_shared_addresses_link_nowhere() -> None:
    """A repository that two papers link to is nobody's."""
    urls = ("https://github.com/lab/tool",)
    papers = [Text("own", urls=urls), Text("two", urls=urls)]
    assert found(*papers, user("Code: github.com/lab/tool.")) == []


@pytest.mark.parametrize(
    "note", ["See [@k1].", "As [see @k1, p. 3; @k9] says.", "<p>See <em>it</em>: [[k1]]</p>",
             "[[k2|that one]]", "[[own]]"],
)  # fmt: skip
def test_keys_in_notes(note: str) -> None:
    """Notes mention papers by any of their keys or their id, whatever the years."""
    owner = Text("own", key="k1", other_keys=("k2",), year=2030)
    (link,) = found(owner, text("use", "", notes=(note,), year=2000))
    assert (*link[:2], link[3]) == ("use", "own", "key")


def test_abstracts_hold_no_keys() -> None:
    """What looks like a key in an abstract is none."""
    assert found(Text("own", key="k1"), user("Let [@k1] and [[k1]] be.")) == []


def test_links_in_notes() -> None:
    """The address behind a link counts, and is not shown."""
    note = '<p>First. Like <a href="https://doi.org/10.1000/ab">them</a> &amp; us.</p><p>Last.</p>'
    (mention,) = mentions.mentions([Text("own", doi="10.1000/ab"), text("use", "", notes=(note,))])
    assert (mention.name, mention.sentence) == ("10.1000/ab", "Like them & us.")


def test_unknown_keys() -> None:
    """Keys in notes that nobody has are told with the paper whose note it is."""
    papers = [Text("a", key="k1", notes=("[@k1; @k3] and [[k4]]",)), Text("b", notes=("[@k1]",))]
    assert mentions.unknown_keys(papers) == (("a", "k3"), ("a", "k4"))


def test_best_evidence() -> None:
    """Of two papers only one mention is kept, with the best evidence."""
    owner = replace(OWNER, key="k1", doi="10.1000/ab")
    assert found(owner, user("GPipe is 10.1000/ab.")) == [("use", "own", "10.1000/ab", "doi")]
    assert found(owner, user("GPipe.", notes=("[@k1]",))) == [("use", "own", "k1", "key")]


# --- sentences ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("abstract", "sentence"),
    [
        ("One. We, cf. GPipe et al. 2019, do. Three.", "We, cf. GPipe et al. 2019, do."),
        ("One? The $a. B$ of GPipe! Three.", "The $a. B$ of GPipe!"),
        ("By 3.5 GPipe does (it.) Four.", "By 3.5 GPipe does (it.)"),
    ],
)
def test_sentence(abstract: str, sentence: str) -> None:
    """The sentence around the name: abbreviations, numbers and formulas do not end it."""
    (mention,) = mentions.mentions([OWNER, user(abstract)])
    assert mention.sentence == sentence


def test_long_sentences_are_cut_around_the_name() -> None:
    """A sentence of more than 300 characters is cut, and the name stays in it."""
    for before in (2, 200):
        said = "and so on, " * before + "with GPipe, " + "and on, " * 100
        (mention,) = mentions.mentions([OWNER, user(said)])
        assert "GPipe" in mention.sentence
        assert len(mention.sentence) <= 300


# --- facts --------------------------------------------------------------------------------------


def test_facts_hang_on_words_and_links_alone() -> None:
    """Another id, key, year or DOI makes no other facts, so those that are remembered hold."""
    paper = text("a", "We call it Lion.", "Lion: A Cat", notes=("See [@k1].",))
    other = replace(paper, id="b", key="k", other_keys=("l",), doi="10.1000/a", arxiv="1", year=1)
    assert mentions.facts(paper) == mentions.facts(other)


def test_facts_are_plain() -> None:
    """Facts are made of texts and tuples, which every process and every build reads alike."""
    paper = text("a", "A walk search (WS) of 10.1000/ab.", "Lion: A Cat", notes=("See [@k1].",))
    known = mentions.facts(paper)
    assert ast.literal_eval(repr(tuple(known))) == tuple(known)


def test_each_word_is_one_fact() -> None:
    """However often a text says something, its facts say it once."""
    said = "We like Cats 10.1000/ab: Attention Is All You Need by arXiv:1901.00001. "
    assert mentions.facts(text("a", said)) == mentions.facts(text("a", said * 3))


@pytest.mark.parametrize(
    ("papers", "read"),
    [
        ([OWNER, user("We walk.")], 0),
        ([OWNER, user("We walk GPipe-like.")], 1),
        ([replace(OWNER, doi="10.1000/ab"), user("By 10.1000/ac.")], 0),
        ([replace(OWNER, doi="10.1000/ab"), user("By 10.1000/ab.")], 1),
        ([OWNER, user("“Efficient Training of Giant Networks”")], 0),
        ([OWNER, user("“GPipe: Efficient Training of Giant Networks”")], 1),
    ],
)
def test_only_who_may_mention_is_read_again(
    papers: list[Text], read: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Combining facts looks into the sentences of those papers alone that may mention another."""
    known = [mentions.facts(paper) for paper in papers]
    splits: list[str] = []

    def split(said: str) -> list[str]:
        splits.append(said)
        return [said]

    monkeypatch.setattr(mentions, "_split", split)
    mentions.mentions(papers, known)
    assert len(splits) == read


# --- properties ---------------------------------------------------------------------------------

PIECES = st.lists(
    st.sampled_from([
        "GPipe", "Lion", "we", "We call it Lion.", "We propose GPipe, a", "SPIN", "lion",
        ". ", ": ",
        "random walk search (RWS)", "novel", "[@k]", "[[k]]", "10.1000/ab", "arXiv:1901.00001",
        "$x. Y$", "$5", "<p>", "“", "Attention Is All You Need Now", "a",
    ])
).map(lambda words: canonical(" ".join(words)))  # fmt: skip
PAPERS = st.lists(
    st.builds(
        Text,
        st.uuids().map(str),
        PIECES,
        PIECES,
        key=st.sampled_from(["", "k"]),
        doi=st.sampled_from(["", "10.1000/ab"]),
        arxiv=st.sampled_from(["", "1901.00001"]),
        notes=st.lists(PIECES, max_size=1).map(tuple),
        year=st.sampled_from([None, 2000, 2001, 2002, 2010]),
    ),
    max_size=6,
    unique_by=lambda paper: paper.id,
)


@given(PAPERS)
def test_what_always_holds(papers: list[Text]) -> None:
    """The same in any order of papers, with facts or without; sorted; one of a pair; in time."""
    links = mentions.mentions(papers)
    known = [mentions.facts(paper) for paper in papers]
    assert links == mentions.mentions(papers[::-1], known[::-1])
    assert mentions.unknown_keys(papers) == mentions.unknown_keys(papers[::-1], known[::-1])
    pairs = [(link.source, link.target) for link in links]
    assert pairs == sorted(set(pairs))
    years = {paper.id: paper.year for paper in papers}
    noted = {paper.id for paper in papers if paper.notes}
    for link in links:
        assert link.source != link.target
        assert link.how in mentions.HOW
        assert len(link.sentence) <= 300
        one, two = years[link.source], years[link.target]
        assert link.source in noted or one is None or two is None or one >= two - 1


@pytest.mark.parametrize(
    "piece",
    ["We call it Lion. ", "a", "GPipe ", "GPipe, ", "we propose ", "new called X", "$x. Y$ ", "Aa-",
     "we propose a walk (RWS) ", "[@", "[[", "10.1000/", "github.com/", "arxiv.",
     "<a href=\"", "</",
     "Attention Is All You Really ", "A. ", "\n ", "x: the ", "(A)"],
)  # fmt: skip
def test_linear(piece: str) -> None:
    """Time grows with the length of title, abstract and note, whatever is in them."""
    owner = Text("own", "Attention Is All You Really Need", "We call it Lion.", year=2000)

    def work(size: int) -> object:
        long = piece * size
        return mentions.mentions([OWNER, owner, Text("use", long, long, notes=(long,), year=2020)])

    assert is_linear(work, 2_000)


# --- links in notes -----------------------------------------------------------------------------


def _link(key: str, words: str) -> str:
    return f"<{key}:{words}>" if key != "nobody" else ""


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("[@lo], [[lo]] or [[lo|this &amp; that]].", "<lo:>, <lo:> or <lo:this &amp; that>."),
        ("[see @lo, p. 3; @gp.]", "[see <lo:>, p. 3; <gp:>.]"),
        ("[@nobody] [[nobody]] [none] [[lo#end]]", "[@nobody] [[nobody]] [none] <lo:>"),
        ("<code>[@lo]</code> [@lo]", "<code>[@lo]</code> <lo:>"),
        ("<a href='x'>[@lo]</a> [@lo]", "<a href='x'>[@lo]</a> <lo:>"),
        ('<p title="a>b [@lo] [[lo]]">x</p>', '<p title="a>b [@lo] [[lo]]">x</p>'),
    ],
)  # fmt: skip
def test_keys_in_notes_become_links(note: str, expected: str) -> None:
    """In text alone: a link put into an attribute would let a title add attributes of its own."""
    assert linked(note, _link) == expected
