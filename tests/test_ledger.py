"""Addresses and keys that last."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import ledger
from generator.errors import ConfigError
from generator.identity import merge
from generator.ledger import Ledger, assign
from generator.model import Name, Paper, Record, Where
from tests.papers import BARE

_LINES = iter(range(1, 10**9))
ABSTRACT = "In this work we " + "really consider things that matter " * 6


def record(key: str = "", title: str = "Deep things", **fields: Any) -> Record:
    """A .bib entry of one Ada Smith in 2020, unless said otherwise."""
    given = {"authors": (Name("Smith", "Ada"),), "year": 2020, **fields}
    return Record(Where("a.bib", next(_LINES)), "bib", key, title=title, **given)


def run(records: Sequence[Record], before: Ledger | None = None, day: str = "2026-01-02") -> Any:
    """(papers by id, ledger after) of one build."""
    papers, after, _ = assign(merge(records), before or {}, day)
    return {paper.id: paper for paper in papers}, after


def test_an_id_is_made_of_the_paper() -> None:
    """Family name, year and the first words of the title."""
    papers, _ = run([record(title="On the Émile of $O(n)$ things")])
    assert list(papers) == ["smith-2020-emile-o-n-things"]


def test_a_clash_gets_a_hash_whoever_comes_first() -> None:
    """Two papers that would share an id both get a hash of what they are recognised by."""
    two = [record("a", doi="10.1/a"), record("b", doi="10.1/b")]
    ids = set(run(two)[0])
    assert ids == set(run(two[::-1])[0])
    assert all(id_.startswith("smith-2020-deep-things-") for id_ in ids)


def test_a_newcomer_does_not_change_an_id() -> None:
    """A paper that clashes with one in the ledger gets the hash alone."""
    _, before = run([record("a", doi="10.1/a")])
    papers, _ = run([record("b", doi="10.1/b"), record("a", doi="10.1/a")], before)
    assert papers["smith-2020-deep-things"].key == "a"


@pytest.mark.parametrize(
    "changed",
    [
        record("a", "Quite another title", doi="10.1/a"),
        record("b", doi="10.1/a", year=1999),
        record("a", "Quite another title", doi="10.1/corrected", abstract=ABSTRACT),
        record("a", "Quite another title", year=None, authors=(), abstract=ABSTRACT),
        record("b", "Quite another title", abstract=ABSTRACT),
        record("a", "Quite another title"),
    ],
    ids=[
        "title",
        "key and year",
        "title and DOI",
        "all but abstract",
        "key and title",
        "only key left",
    ],
)
def test_a_changed_paper_keeps_id_and_key(changed: Record) -> None:
    """Whatever still identifies a paper brings it back to its line."""
    _, before = run([record("a", doi="10.1/a", abstract=ABSTRACT)])
    papers, _ = run([changed], before)
    assert [(paper.id, paper.key) for paper in papers.values()] == [("smith-2020-deep-things", "a")]


def test_another_doi_is_another_paper() -> None:
    """The same title under another publisher's DOI does not take over an address."""
    _, before = run([record("a", doi="10.1/a")])
    papers, after = run([record("b", doi="10.1/b")], before)
    assert "smith-2020-deep-things" not in papers
    assert after["smith-2020-deep-things"].state == "gone"


def test_a_line_is_never_dropped() -> None:
    """A paper that is gone stays in the ledger and gets its address back when it returns."""
    _, before = run([record("a"), record("z", "Other things")])
    _, without = run([record("z", "Other things")], before)
    papers, after = run([record("a"), record("z", "Other things")], without)
    assert without["smith-2020-deep-things"].state == "gone"
    assert "smith-2020-deep-things" in papers
    assert after["smith-2020-deep-things"].state == "live"


def test_merged_papers_redirect() -> None:
    """When two papers turn out to be one, the other address leads to it."""
    one, two = record("a", "First title", doi="10.1/a"), record("b", "Second title", arxiv="2101.1")
    _, before = run([one, two])
    papers, after = run([replace(one, arxiv="2101.1"), two], before)
    assert list(papers) == ["smith-2020-first-title"]
    assert after["smith-2020-second-title"].target == "smith-2020-first-title"


def test_an_id_edited_by_hand_redirects() -> None:
    """An owner may write another id into a line: the paper moves, the old address follows."""
    _, before = run([record("a")])
    text = ledger.dump(before).replace("smith-2020-deep-things\ta", "deep-things\ta")
    papers, after = run([record("a")], ledger.parse(text))
    assert list(papers) == ["deep-things"]
    assert after["smith-2020-deep-things"].target == "deep-things"


def test_a_former_id_is_known_unless_another_goes_by_it() -> None:
    """What led to a paper names it; where another paper has that as its key, it names that one."""
    lines = (ledger.Line(id_, "", (), (), "-> p") for id_ in ("old", "q-key"))
    papers = [replace(BARE, id=id_, key=f"{id_}-key") for id_ in "pq"]
    known = ledger.with_former_ids(papers, {line.id: line for line in lines})
    assert [paper.other_keys for paper in known] == [("old",), ()]


def test_a_state_edited_by_hand_renames() -> None:
    """`-> new-id` in a line's state moves its paper to an id that no line has yet."""
    _, before = run([record("a")])
    moved = {"smith-2020-deep-things": replace(before["smith-2020-deep-things"], state="-> new")}
    papers, after = run([record("a")], moved)
    assert (list(papers), after["smith-2020-deep-things"].target) == (["new"], "new")
    assert run([record("a")], after)[1] == after


def test_dates_are_written_once() -> None:
    """A second build on another day changes nothing; a changed abstract changes `changed`."""
    _, first = run([record("a")], day="2026-01-01")
    _, second = run([record("a")], first, day="2026-02-02")
    _, third = run([record("a", abstract="New.")], second, day="2026-03-03")
    assert second == first
    line = third["smith-2020-deep-things"]
    assert (line.since, line.changed) == ("2026-01-01", "2026-03-03")


def test_the_owner_s_key_is_kept_letter_for_letter() -> None:
    """A key that BibTeX can take is not touched."""
    papers, _ = run([record("DBLP:conf/X+Y'20.a_b-C")])
    assert papers["smith-2020-deep-things"].key == "DBLP:conf/X+Y'20.a_b-C"


def test_keys_are_unique_ignoring_case() -> None:
    """BibTeX takes `Smith` and `smith` for one: the later is changed, and a warning says so."""
    papers, _, problems = assign(merge([record("Smith"), record("smith", "Other")]), {}, "")
    keys = [paper.key.casefold() for paper in papers]
    assert len(set(keys)) == 2
    assert [p.severity for p in problems] == ["warning"]


def test_an_unsafe_key_is_repaired() -> None:
    """What would break BibTeX is replaced, and the old key still resolves."""
    papers, _ = run([record("smith, 20}")])
    paper = papers["smith-2020-deep-things"]
    assert (paper.key, paper.other_keys) == ("smith-20", ("smith, 20}",))


def test_a_repaired_key_has_no_apostrophe() -> None:
    """biber stops at most of them; what they were the accent of is read."""
    papers, _ = run([record(r"estap{\'e}2024, x")])
    assert papers["smith-2020-deep-things"].key == "estape2024-x"


def test_a_paper_without_entry_gets_a_key() -> None:
    """Family name, year, word."""
    papers, _ = run([record("")])
    assert papers["smith-2020-deep-things"].key == "smith-2020-deep"


def test_other_keys_stay_valid() -> None:
    """The keys of merged entries resolve, but not one that is another paper's own."""
    papers, _ = run([record("a", doi="10.1/a"), record("b", doi="10.1/a"), record("c", "Other")])
    assert papers["smith-2020-deep-things"].other_keys == ("b",)


def test_a_title_alone_is_not_the_same_paper() -> None:
    """A report of the same title by others, or of another year, does not inherit an address."""
    reports = [record("k", "Annual report", year=2024), record("l", "Annual report", year=2020)]
    _, before = run(reports)
    _, after = run(reports[:1], before)
    assert after["smith-2020-annual-report"].state == "gone"
    others = record("z", "Annual report", authors=(Name("Li"),), year=2024)
    assert "smith-2024-annual-report" not in run([others], after)[0]


def test_a_reused_key_is_not_the_same_paper() -> None:
    """Another author's paper under an old key gets an address of its own."""
    _, before = run([record("k")])
    other = record("k", "Quantum chess", authors=(Name("Smithers"),), year=1999)
    papers, after = run([other], before)
    assert list(papers) == ["smithers-1999-quantum-chess"]
    assert after["smith-2020-deep-things"].state == "gone"


def test_many_of_one_title_keep_their_addresses() -> None:
    """A hundred talks of one title by different people without keys are told apart for good."""
    talks = [record("", "Weekly seminar", authors=(Name(f"Speaker{i}"),)) for i in range(100)]
    papers, before = run(talks)
    assert run(talks, before) == (papers, before)


def test_papers_alike_in_everything_are_numbered() -> None:
    """A thousand nameless prefaces get an address each, and keep them."""
    prefaces = [record("", "Preface", authors=(), year=None) for _ in range(1000)]
    papers, before = run(prefaces)
    assert len(papers) == 1000
    assert run(prefaces, before)[1] == before


def test_a_warning_stays_as_long_as_its_reason() -> None:
    """A key that had to be changed is reported on every build, not only on the first."""
    entries = [record("Smith"), record("smith", "Other"), record("x y", "Third")]
    merged = merge(entries)
    _, before, first = assign(merged, {}, "2026-01-02")
    assert assign(merged, before, "2026-01-02")[2] == first
    assert len(first) == 2


def test_blanks_that_an_editor_strips_are_no_loss() -> None:
    """A line may lose its empty last columns."""
    stripped = "deep\tk\t\t\tlive"
    assert ledger.parse(stripped)["deep"].state == "live"
    assert ledger.parse("deep\tk\t\t\t->new\t\t")["deep"].target == "new"


def test_an_unmerged_ledger_is_named_as_such() -> None:
    """What git leaves where two people changed it is the likeliest accident of a committed file."""
    with pytest.raises(ConfigError, match=r"ledger\.tsv:2: two versions"):
        ledger.parse(f"{ledger.HEADER}\n<<<<<<< HEAD\n")


@pytest.mark.parametrize(
    "line",
    [
        "a\tb",
        "A B\tk\t\t\tlive\t\t",
        "index\tk\t\t\tlive\t\t",
        "con\tk\t\t\tlive\t\t",
        "a\tk\t\t\t-> " + 200 * "b" + "\t\t",
        "a\tk}, x={y\t\t\tlive\t\t",
        "a\tk\t\t\tdead\t\t",
        "<<<<<<< HEAD",
        "../x\tk\t\t\tlive\t\t",
    ],
)
def test_a_broken_line_stops_the_build(line: str) -> None:
    """A ledger that cannot be read is not guessed at; the error names the line."""
    with pytest.raises(ConfigError, match=r"ledger\.tsv:1"):
        ledger.parse(line)


TITLES = ["Deep things", "Wide things", "Preface", "", "东京 things"]
entries = st.builds(
    record,
    st.sampled_from(["a", "b", "B", "c d", ""]),
    st.sampled_from(TITLES),
    doi=st.sampled_from(["", "10.1/a", "10.1/b", "10.1/c"]),
    arxiv=st.sampled_from(["", "2101.00001", "2101.00002"]),
    abstract=st.sampled_from(["", ABSTRACT, "Short words."]),
    year=st.sampled_from([None, 2020, 2021]),
    authors=st.sampled_from([(), (Name("Ng"),), (Name("Wu"), Name("Ng"))]),
)


@settings(deadline=None)
@given(st.lists(st.lists(entries, max_size=6), min_size=1, max_size=4))
def test_no_address_is_ever_lost(builds: list[list[Record]]) -> None:
    """Ids only grow in any series of builds; all are unique; a repeat changes nothing."""
    memory: Ledger = {}
    for records in builds:
        papers, after = run(records, memory)
        assert set(memory) | set(papers) <= set(after)
        keys = [paper.key.casefold() for paper in papers.values()]
        assert len(set(keys)) == len(keys) == len(merge(records))
        assert ledger.parse(ledger.dump(after)) == after
        assert run(records, after, "2030-01-01") == (papers, after)
        memory = after


def addresses(papers: dict[str, Paper]) -> dict[frozenset[Where], tuple[str, str]]:
    """Id and key of each paper, by the places of its records."""
    return {frozenset(r.where for r in p.records): (p.id, p.key) for p in papers.values()}


@settings(deadline=None)
@given(st.lists(entries, max_size=8), entries, st.randoms(use_true_random=False))
def test_neither_order_nor_newcomers_change_an_address(
    records: list[Record], newcomer: Record, rng: random.Random
) -> None:
    """With a ledger, reordering papers or adding one leaves each other paper's id and key.

    A newcomer may show that what was taken for one paper are two; those are not compared.
    """
    papers, memory = run(records)
    before = addresses(papers)
    shuffled = list(records)
    rng.shuffle(shuffled)
    after = addresses(run([*records, newcomer], memory)[0])
    assert addresses(run(shuffled, memory)[0]) == before
    kept = before.keys() & after.keys()
    assert {places: after[places] for places in kept} == {places: before[places] for places in kept}
