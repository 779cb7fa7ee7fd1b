"""Which records become one paper."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.errors import ConfigError
from generator.identity import Decisions, decided, load_decisions, merge, title_from
from generator.model import Format, Name, Record, Where
from generator.toml import Toml
from tests.timing import is_linear

ABSTRACT = "We " + "study how very many different words " * 6 + "are folded."
_LINES = iter(range(1, 10**9))


def record(format: Format = "bib", **fields: Any) -> Record:  # noqa: A002 - the field's name
    """A record at a line of its own."""
    return Record(Where("a.bib", next(_LINES)), format, **fields)


def people(*families: str) -> tuple[Name, ...]:
    """Authors by family name."""
    return tuple(Name(family) for family in families)


def count(*records: Record) -> int:
    """How many papers the records make."""
    return len(merge(records))


T = "A study of many things"
SAME = {
    "DOI, whatever its case": (record(title="A", doi="10.1/Ab"), record(title="B", doi="10.1/aB")),
    "arXiv id": (record(title="A", arxiv="2101.00001"), record(title="B", arxiv="2101.00001")),
    "abstract": (record(title="A", abstract=ABSTRACT), record("dump", abstract=ABSTRACT.upper())),
    "title, authors missing": (record(title=T), record(title=T, authors=people("Ng"), year=2001)),
    "title, fewer authors": (
        record(title=T, authors=people("Ng", "Li"), year=2001),
        record(title=T + ".", authors=people("li"), year=2002),
    ),
    "title, an arXiv version two years older": (
        record(title=T, authors=people("Ng"), year=2003, venue="ICML", doi="10.1/x"),
        record(title=T, authors=people("Ng"), year=2001, arxiv="2101.00001"),
    ),
    "title in other accents of the authors": (
        record(title=T, authors=people("Müller")),
        record(title=T, authors=people("Muller")),
    ),
}
SAME["a note on its key"] = (record(key="a", title=T), record("note", key="a"))
APART = {
    "two publishers' DOIs": (record(title=T, doi="10.1/a"), record(title=T, doi="10.1/b")),
    "two arXiv ids": (
        record(title=T, arxiv="2101.00001", abstract=ABSTRACT),
        record(title=T, arxiv="2101.00002", abstract=ABSTRACT),
    ),
    "a generic title": (record(title="Preface"), record(title="Preface")),
    "other authors": (
        record(title=T, authors=people("Ng", "Li")),
        record(title=T, authors=people("Ng", "Wu")),
    ),
    "two years apart in print": (record(title=T, year=2001), record(title=T, year=2003)),
    "a message like many": (
        record(title="Message from the General Chair 2020"),
        record(title="Message from the General Chair 2020"),
    ),
    "three of a name and another": (
        record(title=T, authors=people("Wang", "Wang", "Wang")),
        record(title=T, authors=people("Wang", "Li")),
    ),
    "a short abstract": (
        record(title="A", abstract="No abstract."),
        record(abstract="No abstract."),
    ),
    "C and C++": (record(title="Programming in C"), record(title="Programming in C++")),
    "C and C#": (record(title="Programming in C"), record(title="Programming in C#")),
    "parts one and two": (record(title="Learning, part I"), record(title="Learning, part II")),
    "versions": (record(title="Llama 2 models"), record(title="Llama 3 models")),
}


@pytest.mark.parametrize("records", SAME.values(), ids=SAME.keys())
def test_same_paper(records: tuple[Record, Record]) -> None:
    """Records that share what identifies a paper are one, in either order."""
    assert count(*records) == count(*reversed(records)) == 1


@pytest.mark.parametrize("records", APART.values(), ids=APART.keys())
def test_kept_apart(records: tuple[Record, Record]) -> None:
    """What is merely similar stays apart, in either order."""
    assert count(*records) == count(*reversed(records)) == 2


def test_a_chain_does_not_join_two_dois() -> None:
    """A record that fits both of two published papers joins one and does not make them one."""
    a, b = record(title=T, doi="10.1/a"), record(title=T, doi="10.1/b")
    assert count(a, b, record("dump", title=T)) == 2


def test_a_bare_record_does_not_join_two_author_lists() -> None:
    """A title without authors fits many papers, but they do not fit one another."""
    a, b = record(title=T, authors=people("Ng")), record(title=T, authors=people("Wu"))
    assert count(a, record("dump", title=T), b) == 2


def test_precedence_is_by_format_then_fullness() -> None:
    """A note's word goes before a .bib's, a .bib's before a dump's, for every field it has."""
    shared = {"doi": "10.1/a"}
    papers = merge(
        [
            record("dump", title="dump", abstract=ABSTRACT, **shared),
            record("bib", title="bib", year=2001, venue="ICML", **shared),
            record("note", title="note", **shared),
        ]
    )
    assert (papers[0].title, papers[0].year, papers[0].abstract) == ("note", 2001, ABSTRACT)


def test_every_field_remembers_its_record() -> None:
    """Origins lead from a field to the record it was taken from."""
    papers = merge([record("bib", title=T, year=2001), record("dump", title=T, abstract=ABSTRACT)])
    origins = dict(papers[0].origins)
    formats = {name: papers[0].records[i].format for name, i in origins.items()}
    assert formats == {"title": "bib", "year": "bib", "abstract": "dump"}


def test_disagreement_is_kept() -> None:
    """Where two records differ, the paper says what was set aside and where."""
    papers = merge([record(title=T, year=2001, venue="ICML"), record(title=T, year=2002)])
    (conflict,) = papers[0].conflicts
    assert (conflict.field, conflict.kept, conflict.other) == ("year", "2001", "2002")


def test_volume_goes_with_its_venue() -> None:
    """A journal's volume is not mixed with a conference's name."""
    papers = merge(
        [
            record(title=T, year=2001, venue="ICML", doi="10.1/a", authors=people("Ng")),
            record(title=T, venue="Journal", details=(("note", "n"), ("volume", "7"))),
        ]
    )
    assert papers[0].details == (("note", "n"),)


@pytest.mark.parametrize(("said", "kept"), [("ICML 2001", "1--9"), ("Journal", "")])
def test_a_venue_said_shorter_costs_no_pages(said: str, kept: str) -> None:
    """A note that names the venue in short has the pages of the entry; another venue has none."""
    pages = (("pages", "1--9"),)
    (paper,) = merge([
        record("note", title=T, doi="10.1/a", venue=said),
        record(title=T, doi="10.1/a", venue="Proceedings of ICML 2001", details=pages),
    ])  # fmt: skip
    assert paper.detail("pages") == kept


def test_type_and_year_go_with_the_venue() -> None:
    """A preprint beside the published version gives neither the type nor the year."""
    papers = merge(
        [
            record(title=T, year=2000, arxiv="2101.00001", abstract=ABSTRACT, authors=people("Ng"),
                   details=(("note", "n"),)),
            record(type="article", title=T, year=2001, venue="Journal"),
        ]
    )  # fmt: skip
    assert (papers[0].type, papers[0].year, papers[0].venue) == ("article", 2001, "Journal")


def test_untitled_gets_its_first_sentence() -> None:
    """An abstract that nothing names is called by its first sentence, and says so."""
    papers = merge([record("dump", abstract="Cats sleep. Dogs do not.")])
    assert (papers[0].title, papers[0].title_derived) == ("Cats sleep", True)


def test_derived_titles_are_short() -> None:
    """A long first sentence is cut between words."""
    title = title_from("word " * 100)
    assert len(title) <= 110
    assert title.endswith("word…")


records = st.builds(
    record,
    st.sampled_from(["note", "bib", "dump"]),
    title=st.sampled_from(["", T, "Preface", "Another title altogether"]),
    authors=st.sampled_from([(), people("Ng"), people("Ng", "Li"), people("Wu")]),
    year=st.sampled_from([None, 2001, 2002, 2003]),
    doi=st.sampled_from(["", "10.1/a", "10.1/b"]),
    arxiv=st.sampled_from(["", "2101.00001", "2101.00002"]),
    abstract=st.sampled_from(["", ABSTRACT, "Short."]),
)


@settings(deadline=None)
@given(st.lists(records, max_size=12), st.randoms(use_true_random=False))
def test_order_does_not_matter(found: list[Record], rng: random.Random) -> None:
    """The same records in another order make the same papers."""
    shuffled = list(found)
    rng.shuffle(shuffled)
    assert merge(found) == merge(shuffled)


@settings(deadline=None)
@given(st.lists(records, max_size=12))
def test_no_record_is_lost_or_doubled(found: list[Record]) -> None:
    """Every record is in exactly one paper, and none has two DOIs or arXiv ids."""
    papers = merge(found)
    placed = [r for paper in papers for r in paper.records]
    assert sorted(placed, key=lambda r: r.where) == sorted(found, key=lambda r: r.where)
    assert all(len({r.doi for r in paper.records if r.doi}) <= 1 for paper in papers)
    assert all(len({r.arxiv for r in paper.records if r.arxiv}) <= 1 for paper in papers)


@pytest.mark.parametrize("apart", [True, False])
def test_time_is_linear_in_records_of_one_title(apart: bool) -> None:
    """Work per record is bounded however many share a title, whether they merge or not."""

    def work(size: int) -> None:
        found = [replace(record(title=T), arxiv=f"{i:04}.00001" * apart) for i in range(size)]
        assert count(*found) == (size if apart else 1)

    assert is_linear(work, 500)


def test_pages_that_differ_are_said() -> None:
    """Two records of one venue that give other pages disagree; those of another venue do not."""

    def of(venue: str, pages: str) -> Record:
        return record(title=T, venue=venue, details=(("pages", pages),))

    assert [c.field for c in merge([of("ICML", "1–9"), of("ICML", "11–19")])[0].conflicts] == [
        "pages"
    ]
    fields = {c.field for c in merge([of("ICML", "1–9"), of("JMLR", "11–19")])[0].conflicts}
    assert fields == {"venue"}


def test_a_title_can_begin_with_a_long_formula() -> None:
    """A formula that does not fit is cut as its source; a title is never empty."""
    assert title_from("$" + "x" * 200 + "$ holds. More.").startswith("xxx")


# --- the owner's word ---------------------------------------------------------------------------


def merged(records: list[Record], decisions: Decisions) -> list[set[str]]:
    """The keys of each paper's records, as an owner's decisions (by key) have it."""
    named = [replace(paper, id=f"id-{n}", key=f"k{n}") for n, paper in enumerate(merge(records))]
    said, _ = decided(decisions, named)
    return sorted(({r.key for r in paper.records} for paper in merge(records, said)), key=sorted)


def test_the_owner_makes_one_of_two() -> None:
    """What the owner says is one paper is one, two publishers' DOIs or not."""
    records = [record(key="a", title=T, doi="10.1/a"), record(key="b", title="B", doi="10.1/b")]
    assert merged(records, Decisions(same=(("a", "b"),))) == [{"a", "b"}]


def test_what_the_owner_joined_still_admits_others() -> None:
    """A paper of two DOIs by the owner's word takes in a record of either, and of no third."""
    records = [record(key=key, title=key, doi=f"10.1/{key[0]}") for key in ("a", "b", "a2", "c")]
    records[3] = replace(records[3], title="a")
    assert merged(records, Decisions(same=(("a", "b"),))) == [{"a", "a2", "b"}, {"c"}]


def test_the_owner_makes_two_of_one() -> None:
    """What the owner says are several papers are, whatever they share; a third joins either."""
    records = [record(key=key, title=T, doi="10.1/a") for key in ("a", "b", "c")]
    papers = merged(records, Decisions(apart=(("a", "b"),)))
    assert len(papers) == 2 and all(len(paper & {"a", "b"}) == 1 for paper in papers)


def test_a_decision_may_name_ids() -> None:
    """A dump's record has no key; its paper's id, as in its address, names it."""
    records = [record("dump", title="A long title"), record("dump", title="Another long title")]
    assert len(merged(records, Decisions(same=(("id-0", "id-1"),)))) == 1


def test_a_decision_on_nobody_is_reported() -> None:
    """A name that no paper bears is a warning, and changes nothing."""
    said, (problem,) = decided(Decisions(same=(("a", "nobody"),)), merge([record(key="a")]))
    assert problem.severity == "warning" and '"nobody"' in problem.message
    assert len(merge([record(key="a"), record(key="b")], said)) == 2


@pytest.mark.parametrize(
    "data",
    [{"same": "a"}, {"same": ["a", "b"]}, {"apart": [["a"]]}, {"same": [["a", 1]]}, {"sane": []}],
)
def test_decisions_are_checked(data: dict[str, object]) -> None:
    """What is no list of lists of names is refused, with how it should be written."""
    with pytest.raises(ConfigError, match=r"content/papers\.toml"):
        load_decisions(Toml("content/papers.toml", data))


def test_a_contradiction_is_reported() -> None:
    """Two papers that are said to be one and to be two are two, and a warning says so."""
    decisions = Decisions(same=(("a", "b"),), apart=(("id-1", "a"),))
    papers = tuple(
        replace(paper, id=f"id-{n}")
        for n, paper in enumerate(merge([record(key="a", title="A"), record(key="b", title="B")]))
    )
    said, (problem,) = decided(decisions, papers)
    named = '"a" and "b" are the same by this list and apart by another; apart holds'
    kept = len(merge([r for p in papers for r in p.records], said))
    assert (problem.severity, problem.message, kept) == ("warning", named, 2)


def test_a_key_of_two_papers_decides_nothing() -> None:
    """A key that two different entries bear names neither: a warning asks for an id."""
    records = [record(key="a", title="One"), record(key="a", title="Two"), record(key="b")]
    named = [replace(paper, id=f"id-{n}") for n, paper in enumerate(merge(records))]
    said, (problem,) = decided(Decisions(same=(("a", "b"),)), named)
    assert "several papers" in problem.message and len(merge(records, said)) == 3


def test_a_former_key_of_two_papers_decides_nothing() -> None:
    """Nor does a key that two papers had once, as the ledger knows."""
    records = [record(key="a", title="One"), record(key="b", title="Two")]
    named = [
        replace(paper, id=f"id-{n}", other_keys=("old",)) for n, paper in enumerate(merge(records))
    ]
    _, (problem,) = decided(Decisions(same=(("old", "id-0"),)), named)
    assert "several papers" in problem.message


def test_entries_on_one_line_are_decided_apart() -> None:
    """A decision is about records, wherever they stand: three on one line are three."""
    line = Where("a.bib", 1, 1)
    records = [Record(line, "bib", key=key, title=f"Title {key}") for key in ("a", "b", "c")]
    assert merged(records, Decisions(same=(("a", "b"),))) == [{"a", "b"}, {"c"}]


def test_a_decision_needs_names() -> None:
    """An empty name would be every entry without a key."""
    with pytest.raises(ConfigError):
        load_decisions(Toml("content/papers.toml", {"same": [["", "a"]]}))


def test_many_decisions_take_linear_time() -> None:
    """Each record is looked up once, however many decisions there are."""

    def work(size: int) -> object:
        records = [record(key=f"k{n}", title=f"A title {n}") for n in range(size)]
        papers = [replace(paper, id=f"id-{n}") for n, paper in enumerate(merge(records))]
        pairs = tuple((f"k{n}", f"k{n + 1}") for n in range(0, size - 1, 2))
        return merge(records, decided(Decisions(same=pairs), papers)[0])

    assert is_linear(work, 300)
