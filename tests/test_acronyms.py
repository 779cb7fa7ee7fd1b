"""Acronyms: found only where a text spells them out, and gathered in a glossary."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import acronyms
from generator.acronyms import Acronym, Entry, Expansion
from generator.text import canonical
from tests.timing import is_linear


def defined(text: str) -> list[tuple[str, str]]:
    """What a text defines, as (short form, expansion)."""
    return [(each.acronym.short, each.acronym.long) for each in acronyms.definitions(text)]


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("We study few-shot learning (FSL).", "FSL", "few-shot learning"),
        ("Train generative adversarial nets (GANs).", "GAN", "generative adversarial nets"),
        ("A bird's eye view (BEV) of it.", "BEV", "bird's eye view"),
        ("It uses light detection and ranging (LiDAR).", "LiDAR", "light detection and ranging"),
        ("In 3D Gaussian splatting (3D-GS) we", "3D-GS", "3D Gaussian splatting"),
        ("a device-to-device (D2D) link", "D2D", "device-to-device"),
        ("by explainable AI (XAI)", "XAI", "explainable AI"),
        ("the mean average precision (mAP)", "mAP", "mean average precision"),
        ("at 30 frames per second (fps)", "fps", "frames per second"),
        ("are independent and identically distributed (i.i.d.)", "i.i.d.",
         "independent and identically distributed"),
        ("a long short-term memory network (LSTM)", "LSTM", "long short-term memory"),
        ("stacked denoising auto-encoders (SDAs)", "SDA", "stacked denoising auto-encoders"),
        ("the iterative closest point (or ICP)", "ICP", "iterative closest point"),
        ("natural language processing (NLP; see [3])", "NLP", "natural language processing"),
        ("natural language processing (NLP, for short)", "NLP", "natural language processing"),
        ('the "Hidden Control Network" ("HCN")', "HCN", "Hidden Control Network"),
        ("built on ROS (Robot Operating System) here", "ROS", "Robot Operating System"),
        ("GenIE (short for generative information extraction)", "GenIE",
         "generative information extraction"),
        ("average target-to-target interval (TTI)", "TTI", "target-to-target interval"),
        ("random $k$-sparse networks (RKN)", "RKN", ""),
    ],
)  # fmt: skip
def test_definition(text: str, short: str, long: str) -> None:
    """A short form whose letters begin the words beside its bracket is an acronym of them."""
    assert defined(text) == ([(short, long)] if long else [])


@pytest.mark.parametrize(
    "text",
    [
        "some approaches (e.g. ABC) exist",
        "as shown before (Figure 1)",
        "as Smith has found early (SHE 2020)",
        "in two thousand and twenty (2020)",
        "see table (II)",
        "we use methods of old (ABC)",
        "un(cid:12)ed criterion distin(cid:173)guishes",
        "the second point (iv) is",
        "reinforcement learning. It is (RL) here",
        "our robot (Our)",
        "the formula holds of every x $f(FSL)$",
        "GAN (GAN)",
        "the FSL system line (FSL)",
        "with five open parts (fps)",
        "a random very long winding search (RS)",
        "()(",
    ],
)
def test_no_definition(text: str) -> None:
    """Remarks, years, figures, numbers, formulas and letters that fit nothing are no acronyms."""
    assert defined(text) == []


def test_spans() -> None:
    """The offsets cut the short form, with its plural s, and the expansion out of the text."""
    text = "Of $x$ and conditional random fields (CRFs), and more."
    (found,) = acronyms.definitions(text)
    assert text[found.start : found.end] == "CRFs"
    assert text[found.long_start : found.long_end] == "conditional random fields"
    text = "With CRF (conditional random fields)."
    (found,) = acronyms.definitions(text)
    assert text[found.start : found.end] == "CRF"
    assert text[found.long_start : found.long_end] == "conditional random fields"


def test_uses() -> None:
    """Every later use is found with its place, plurals too; parts of words and formulas are not."""
    text = "A graph neural network (GNN). GNNs are, $GNN$ aside, GNN-like; a GNN. XGNN."
    found = acronyms.found(text)
    assert [text[start:end] for start, end, _ in found.uses] == ["GNN", "GNNs", "GNN"]
    assert {long for *_, long in found.uses} == {"graph neural network"}
    assert found.acronyms == (Acronym("GNN", "graph neural network"),)
    assert acronyms.found("A GNN.") == acronyms.Found()


def test_first_meaning_holds() -> None:
    """What a text defines twice has the meaning given first; both are definitions."""
    found = acronyms.found("A few shot loss (FSL) is no full signal length (FSL). FSL.")
    assert {long for *_, long in found.uses} == {"few shot loss"}
    assert [each.long for each in found.acronyms] == ["few shot loss", "full signal length"]


def test_glossary_folds_spellings() -> None:
    """Case, hyphens, plural and British spelling make no other meaning; the commonest is shown."""
    found = acronyms.glossary(
        [
            ("b", [Acronym("FSL", "Few Shot Learning")]),
            ("a", [Acronym("FSL", "few-shot learning"), Acronym("VO", "vector optimisation")]),
            ("c", [Acronym("FSL", "few-shot learnings"), Acronym("VO", "vector optimization")]),
            ("d", [Acronym("FSL", "few-shot learning"), Acronym("FSL", "finite state logic")]),
        ]
    )
    assert found == (
        Entry(
            "FSL",
            (
                Expansion("few-shot learning", ("a", "b", "c", "d")),
                Expansion("finite state logic", ("d",)),
            ),
        ),
        Entry("VO", (Expansion("vector optimisation", ("a", "c")),)),
    )


def test_glossary_is_sorted_for_readers() -> None:
    """By letters, capitals aside; meanings with more papers first, equal ones by the alphabet."""
    found = acronyms.glossary(
        [
            ("a", [Acronym("ZA", "zebra art"), Acronym("bA", "big art"), Acronym("AA", "an art")]),
            ("b", [Acronym("AA", "any arc")]),
        ]
    )
    assert [entry.short for entry in found] == ["AA", "bA", "ZA"]
    assert [each.long for each in found[0].expansions] == ["an art", "any arc"]


WORDS = st.lists(
    st.sampled_from([
        "few", "shot", "learning", "Graph", "Neural", "nets", "-", "(", ")", "(FSL)", "(GNNs)",
        "(a)", "$x(AB)$", "$5", "\\$", ",", ".", "İ", "ß", "(İS)", "(fl)", "a-b", "3D", "(3D)", "F",
    ])
).map(" ".join)  # fmt: skip


@given(WORDS | st.text())
def test_offsets_hold(text: str) -> None:
    """Whatever the text: places are in order, within it, and begin alike."""
    text = canonical(text)
    end = 0
    for each in acronyms.definitions(text):
        first, last = min(each.start, each.long_start), max(each.end, each.long_end)
        assert end <= each.start < each.end <= len(text)
        assert each.end <= each.long_start or each.long_end <= each.start
        assert text[each.start : each.end].startswith(each.acronym.short)
        assert text[each.long_start : each.long_end].strip()
        assert last - first < 2 * acronyms._LONGEST
        end = each.end
    found = acronyms.found(text)
    assert found.acronyms == tuple(each.acronym for each in acronyms.definitions(text))
    assert [place for *place, _ in found.uses] == sorted(place for *place, _ in found.uses)
    for start, stop, long in found.uses:
        assert (text[start:stop], long) in found.acronyms or text[start:stop].endswith("s")


@given(st.lists(st.tuples(st.uuids().map(str), st.lists(
    st.builds(Acronym, st.sampled_from(["A", "B"]), st.sampled_from(["x y", "X Y", "x ys", "z"]))
)), unique_by=lambda each: each[0]))  # fmt: skip
def test_glossary_does_not_depend_on_order(papers: list[tuple[str, list[Acronym]]]) -> None:
    """The same lines from the papers in any order; every definition is in it."""
    found = acronyms.glossary(papers)
    assert found == acronyms.glossary(papers[::-1])
    given_by = {(entry.short, id_) for entry in found for e in entry.expansions for id_ in e.papers}
    assert given_by == {(each.short, id_) for id_, many in papers for each in many}


@pytest.mark.parametrize(
    "piece", ["few shot (FSL) ", "((", "a", "FSL (", "(a", "a-", "(also ", "$(FSL)$ ", '"("', "(F-"]
)
def test_linear(piece: str) -> None:
    """Time grows with the length of the text, whatever is in it."""
    assert is_linear(lambda size: acronyms.found(piece * size), 8_000)
