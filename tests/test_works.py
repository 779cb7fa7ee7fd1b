"""When two records say of themselves that they are different works, and what becomes of them."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import works
from generator.identity import Decided, merge
from generator.ledger import Ledger, assign
from generator.lookalikes import lookalikes
from generator.model import Name, Record, Where
from tests.timing import is_linear

ABSTRACT = "We " + "study how very many different words " * 6 + "are folded."
_LINES = iter(range(1, 10**9))
Fields = Mapping[str, Any]
_OF_A_RECORD = frozenset(("authors", "year", "venue", "doi", "arxiv", "abstract", "key", "format"))


def record(type_: str, **fields: Any) -> Record:
    """An entry of one title and author on a line of its own; further fields are details."""
    own = {name: value for name, value in fields.items() if name in _OF_A_RECORD}
    details = {name: value for name, value in fields.items() if name not in _OF_A_RECORD}
    given = {"authors": (Name("Ng"),), "year": 2001, "format": "bib", **own}
    where = Where("a.bib", next(_LINES))
    told = tuple(sorted(details.items()))
    return Record(where, type=type_, title="A study of many things", details=told, **given)


J = {"venue": "Journal of Things", "volume": "3"}
ONE, OTHER = "978-0-14-043393-7", "978-0-14-043394-4"  # ISBNs
TEN = "0-14-043394-5"  # the other
APART: Mapping[str, tuple[Record, Record]] = {
    "volumes": (record("book", volume="1"), record("book", volume="2")),
    "volumes in Roman numbers": (record("book", volume="I"), record("book", volume="Vol. II")),
    "volumes of letters": (record("book", volume="A"), record("book", volume="B")),
    "volumes of proceedings": (record("proceedings", volume="1"), record("misc", volume="2")),
    "editions": (record("book", edition="3"), record("book", edition="Fourth")),
    "editions told in German": (record("book", edition="3. Aufl."), record("book", edition="2")),
    "ISBNs": (record("book", isbn=ONE), record("book", isbn=OTHER)),
    "ISBNs of two publishers": (
        record("book", isbn=ONE, publisher="Knopf"),
        record("book", isbn=OTHER, publisher="Hamilton"),
    ),
    "ISBNs of two years": (
        record("book", isbn=ONE, publisher="Knopf"),
        record("book", isbn=OTHER, publisher="Knopf", year=2002),
    ),
    "translations": (
        record("book", translator="Gilbert, Stuart"),
        record("book", translator="Laredo, Joseph"),
    ),
    "numbers of reports": (
        record("techreport", number="20"),
        record("techreport", number="21"),
    ),
    "yearly reports": (record("techreport"), record("techreport", year=2002)),
    "numbers of patents": (record("patent", number="US1"), record("patent", number="EP2")),
    "letters of standards": (
        record("standard", number="802.11g"),
        record("standard", number="802.11n"),
    ),
    "versions of data": (record("dataset", version="1.0"), record("dataset", version="v2")),
    "versions of a manual": (record("manual", version="1.1"), record("software", version="1.2")),
    "article and data": (record("article", venue="J"), record("dataset")),
    "data and program": (record("dataset"), record("software")),
    "report and patent": (record("techreport"), record("patent")),
    "chapter and book": (record("incollection", venue="A book"), record("book")),
    "article and book": (record("article", venue="J"), record("book")),
    "paper and proceedings": (record("inproceedings"), record("proceedings")),
    "thesis and article": (record("phdthesis"), record("article", venue="J")),
    "thesis and book": (record("mastersthesis"), record("book")),
    "thesis and report": (record("thesis"), record("techreport")),
    "pages of two issues": (
        record("article", **J, number="1", pages="1–20"),
        record("article", **J, number="2", pages="101–120"),
    ),
    "pages of two volumes": (
        record("article", **J, pages="1–20"),
        record("article", **{**J, "volume": "4"}, pages="11–20"),
    ),
    "article numbers of two volumes": (
        record("article", **J, eid="e17"),
        record("article", **{**J, "volume": "4"}, eid="e18"),
    ),
    "a thesis and its article, under one abstract": (
        record("phdthesis", abstract=ABSTRACT),
        record("article", venue="J", abstract=ABSTRACT),
    ),
    "editions of one blurb": (
        record("book", edition="1", abstract=ABSTRACT),
        record("book", edition="2", abstract=ABSTRACT),
    ),
}
TOGETHER: Mapping[str, tuple[Record, Record]] = {
    "one volume": (record("book", volume="II"), record("book", volume="vol. 2")),
    "a volume in words": (record("book", volume="Volume Two"), record("book", volume="Vol. II")),
    "volume V": (record("book", volume="V"), record("book", volume="5")),
    "a volume and none": (record("book", volume="1"), record("book")),
    "one edition": (record("book", edition="2nd"), record("book", edition="Second edition")),
    "editions of which one has no number": (
        record("book", edition="2"),
        record("book", edition="Revised"),
    ),
    "an ISBN in ten digits and thirteen": (record("book", isbn=OTHER), record("book", isbn=TEN)),
    "two ISBNs and one of them": (
        record("book", isbn=f"{OTHER} {ONE}"),
        record("book", isbn=ONE, year=2002),
    ),
    "cloth and paper": (
        record("book", isbn=ONE, publisher="Knopf"),
        record("book", isbn=OTHER, publisher="knopf"),
    ),
    "a paper in a volume of two ISBNs": (
        record("inproceedings", isbn=ONE, volume="1"),
        record("inproceedings", isbn=OTHER, volume="2"),
    ),
    "a translator said in short": (
        record("book", translator="Stuart Gilbert"),
        record("book", translator="Gilbert, S. and Others, A."),
    ),
    "a report's number with and without its series": (
        record("techreport", number="TR-98-012"),
        record("techreport", number="98/12"),
    ),
    "a report of one number, the year a slip": (
        record("techreport", number="7"),
        record("techreport", number="7", year=2002),
    ),
    "a report on arXiv before": (
        record("techreport", arxiv="0101.00001"),
        record("techreport", year=2002),
    ),
    "a patent with and without country and kind": (
        record("patent", number="US 7,123,456 B2"),
        record("patent", number="7123456"),
    ),
    "a version with and without its zeros": (
        record("software", version="v1.0"),
        record("software", version="1"),
    ),
    "a preprint and the article": (record("misc", arxiv="0101.00001"), record("article", **J)),
    "versions of a preprint": (
        record("misc", version="1", arxiv="0101.00001"),
        record("misc", version="2"),
    ),
    "draft and article": (record("unpublished"), record("article", venue="J")),
    "draft and thesis": (record("unpublished"), record("phdthesis")),
    "report and article": (record("techreport", number="7"), record("article", number="1")),
    "report and book": (record("techreport"), record("book")),
    "paper and chapter": (record("inproceedings"), record("incollection")),
    "paper and article": (
        record("inproceedings", venue="C", number="1", pages="1–2", volume="1"),
        record("article", venue="J", number="2", pages="7–9", volume="2"),
    ),
    "a program that is cited as a manual": (record("manual"), record("software")),
    "a slip in the pages": (
        record("article", **J, number="1", pages="1–20"),
        record("article", **J, number="1", pages="7–20"),
    ),
    "a slip in the issue": (
        record("article", **J, number="1", pages="1–20"),
        record("article", **J, number="2", pages="1"),
    ),
    "an issue that one does not give": (
        record("article", **J, number="1", pages="1–20"),
        record("article", **J, pages="7–20"),
    ),
    "one DOI": (record("dataset", doi="10.1/a"), record("article", doi="10.1/a", venue="J")),
    "one arXiv id": (
        record("book", arxiv="0101.00001"),
        record("article", arxiv="0101.00001", venue="J"),
    ),
    "a note on its key": (record("book", key="a"), record("dataset", key="a", format="note")),
    **{
        f"what has no type, and {kind}": (record("misc", format="dump"), record(kind, version="1"))
        for kind in (*works._KINDS, "a type of one's own")
    },
}


@pytest.mark.parametrize("pair", APART.values(), ids=APART.keys())
def test_different_works(pair: tuple[Record, Record]) -> None:
    """Records that contradict each other stay two papers, in either order."""
    assert len(merge(pair)) == len(merge(pair[::-1])) == 2


@pytest.mark.parametrize("pair", APART.values(), ids=APART.keys())
def test_different_works_are_reported(pair: tuple[Record, Record]) -> None:
    """Who is kept apart so is a look-alike, and what speaks against it is said."""
    papers = [replace(paper, id=f"id-{n}") for n, paper in enumerate(merge(pair))]
    ((evidence, against),) = [(each.evidence, each.against) for each in lookalikes(papers)]
    assert "the same title" in evidence and against


@pytest.mark.parametrize("pair", TOGETHER.values(), ids=TOGETHER.keys())
def test_one_work(pair: tuple[Record, Record]) -> None:
    """What is silent, unsure or said in other words contradicts nothing."""
    assert len(merge(pair)) == len(merge(pair[::-1])) == 1


SAID = {
    "volumes": "volumes 1 and 2",
    "editions": "editions 3 and Fourth",
    "ISBNs": "the ISBNs differ",
    "translations": "the translators differ",
    "yearly reports": "2001 and 2002",
    "article and data": "@article and @dataset",
    "thesis and article": "@phdthesis and @article",
    "pages of two issues": "other pages of another issue",
}


@pytest.mark.parametrize("name", SAID)
def test_what_is_said_of_them(name: str) -> None:
    """What speaks against two papers' being one is said in their own words, and nothing else."""
    one, other = (merge([each])[0] for each in APART[name])
    (found,) = lookalikes([one, replace(other, id="other")])
    assert found.against == (SAID[name],)


def test_types_that_do_not_show() -> None:
    """Where two papers show one type though their records' types tell them apart, that is said."""
    published = record("article", venue="J", doi="10.1/a")
    one, other = merge([published, record("dataset", doi="10.1/a")]), merge([record("article")])
    assert works.differences(one[0], other[0]) == ()
    thesis = merge([record("phdthesis")])[0]
    told = works.differences(replace(thesis, type="article"), other[0])
    assert told == ("the types of their entries differ",)


# --- three of a title ---------------------------------------------------------------------------


def test_what_fits_two_works_joins_the_first() -> None:
    """A bare record joins the one that is believed first, and makes one of nobody."""
    first = record("book", volume="1", publisher="Knopf")
    second, bare = record("book", volume="2"), record("misc", format="dump", year=None)
    papers = merge([bare, second, first])
    assert [paper.records for paper in papers] == [(first, bare), (second,)]


def test_a_go_between_joins_no_two() -> None:
    """A report fits an article and fits a book; what it has joined is not joined by the other."""
    article, book = record("article", venue="J"), record("book", publisher="Knopf")
    assert len(merge([article, record("techreport"), book])) == 2


@pytest.mark.parametrize(("number", "papers"), [("1", 1), ("2", 1), ("3", 2)])
def test_one_doi_makes_one_of_what_it_says(number: str, papers: int) -> None:
    """Two volumes under one DOI are one paper, and so is what names either volume."""
    volumes = [record("book", volume=number, doi="10.1/a") for number in "12"]
    assert len(merge([*volumes, record("book", volume=number)])) == papers


STATEMENTS = st.dictionaries(st.sampled_from("abc"), st.sets(st.sampled_from("1234"), min_size=1))


@given(STATEMENTS, STATEMENTS)
def test_statements_add_up(these: dict[str, set[str]], those: dict[str, set[str]]) -> None:
    """Each statement holds the values that either side had."""
    either = {name: these.get(name, set()) | those.get(name, set()) for name in {*these, *those}}
    assert works.together(these, those) == either


def test_the_owner_goes_before_what_they_say() -> None:
    """Two volumes that the owner says are one paper are."""
    volumes = [record("book", volume=number) for number in "12"]
    same = tuple(frozenset({volume}) for volume in volumes)
    assert len(merge(volumes, Decided(same=(same,)))) == 1


SOME = st.builds(
    record,
    st.sampled_from(["article", "book", "techreport", "phdthesis", "dataset", "misc"]),
    format=st.sampled_from(["bib", "dump"]),
    volume=st.sampled_from(["", "1", "2", "II"]),
    edition=st.sampled_from(["", "1", "second"]),
    isbn=st.sampled_from(["", ONE, TEN, OTHER]),
    doi=st.sampled_from(["", "", "10.1/a"]),
    abstract=st.sampled_from(["", ABSTRACT]),
    year=st.sampled_from([None, 2001, 2002]),
)


@settings(deadline=None)
@given(st.lists(SOME, max_size=10), st.randoms(use_true_random=False))
def test_order_does_not_matter(found: list[Record], rng: random.Random) -> None:
    """The same records in another order make the same papers, with the same addresses."""
    shuffled = list(found)
    rng.shuffle(shuffled)
    assert assign(merge(found), {}, "")[0] == assign(merge(shuffled), {}, "")[0]


@pytest.mark.parametrize("name", ["volume", "isbn", "number", "pages", "translator"])
@pytest.mark.parametrize("doi", ["10.1/a", ""])
def test_time_is_linear_in_what_is_said(name: str, doi: str) -> None:
    """However many values a work gathers, or however many works there are of one title."""

    def work(size: int) -> object:
        values = (f"{n:09}X" if name == "isbn" else f"n{n:09}" for n in range(size))
        return merge([
            record("techreport", doi=doi, venue=f"J {n}", **{"volume": "1", name: value})
            for n, value in enumerate(values)
        ])  # fmt: skip

    assert is_linear(work, 300)


@pytest.mark.parametrize("piece", ["9", "97 8", "1-", "i", "one ", "a0 ", "0-0.", "{A and "])
def test_a_value_takes_linear_time(piece: str) -> None:
    """A value of any length is read in proportion to it."""

    def work(size: int) -> object:
        value = piece * size
        names = ("volume", "edition", "isbn", "number", "version", "translator", "pages", "eid")
        fields = dict.fromkeys(names, value)
        return [works.statements(record(kind, **fields)) for kind in ("patent", "techreport")]

    assert is_linear(work, 1_000)


# --- their addresses ----------------------------------------------------------------------------

VOLUMES = [record("book", key=f"v{n}", volume=str(n), publisher="Knopf") for n in (1, 2)]
ID = "ng-2001-study-many-things"


def addresses(records: list[Record], before: Ledger) -> tuple[dict[str, str], Ledger]:
    """(key of each record → id of its paper, the ledger afterwards) of one build."""
    papers, after, _ = assign(merge(records), before, "2026-01-02")
    return {each.key: paper.id for paper in papers for each in paper.records}, after


def once_merged() -> Ledger:
    """The ledger of a site whose two volumes were one paper, by what they said of themselves."""
    as_one = [replace(each, details=()) for each in VOLUMES]
    ids, ledger = addresses(as_one, {})
    assert ids == {"v1": ID, "v2": ID}
    return ledger


@pytest.mark.parametrize("order", [1, -1])
def test_who_parts_from_a_paper_gets_a_new_address(order: int) -> None:
    """The old address stays with the record whose key the paper had; the other's is new."""
    ids, after = addresses(VOLUMES[::order], once_merged())
    assert ids["v1"] == ID and ids["v2"].startswith(f"{ID}-")
    assert after[ID].state == after[ids["v2"]].state == "live"


@pytest.mark.parametrize("gone", [(), ("v1",), ("v2",)])
def test_who_has_parted_keeps_the_address(gone: tuple[str, ...]) -> None:
    """In later builds each keeps its own, whatever is said anew of either, and whoever is gone."""
    ids, ledger = addresses(VOLUMES, once_merged())
    edited = [
        replace(each, details=(*each.details, ("note", "n")))
        for each in VOLUMES
        if each.key not in gone
    ]
    again, _ = addresses(edited[::-1], ledger)
    assert again == {key: id_ for key, id_ in ids.items() if key not in gone}


@pytest.mark.parametrize("order", [1, -1])
def test_a_volume_that_comes_later_changes_no_address(order: int) -> None:
    """Whichever volume was there first keeps its address; both have other ones without a ledger."""
    first, second = VOLUMES[::order]
    ids, ledger = addresses([first], {})
    both, _ = addresses([second, first], ledger)
    assert both[first.key] == ids[first.key] == ID != both[second.key]


def test_addresses_without_a_ledger() -> None:
    """Where neither is known yet, each has a hash of what is its own, in either order."""
    ids, _ = addresses(VOLUMES, {})
    assert ids == addresses(VOLUMES[::-1], {})[0] and len(set(ids.values())) == 2
