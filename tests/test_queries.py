"""The language of saved queries: what it means, and what it says of mistakes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.library import Library
from generator.load import Means, Order, load
from generator.queries import DEEPEST, LONGEST, Asking, QueryError, parse
from tests.conftest import TODAY, run, write

FILES = {
    "content/refs.bib": """\
@article{lottery, title = {The Lottery of Neural Graphs}, author = {Lovelace, Ada},
  journal = {Journal of Napkins}, year = 2021, keywords = {sparsity}, abstract = {We prune trees.}}
@inproceedings{magnitude, title = {Pruning by Magnitude}, author = {Lovelace, Ada and Núñez, Bo},
  booktitle = {Proceedings of the 37th International Conference on Machine Learning}, year = 2020,
  keywords = {pruning, theory}}
@misc{early, title = {An Early Graph}, author = {Núñez, Bo}, year = 1999, keywords = {Théorie}}
@misc{whenever, title = {Whenever: the Survey}, author = {Song, Di and Song, Ed}}
""",
    "content/people.toml": """\
[[person]]
name = "Diana Josephine Song"
variants = ["Song, Di", "Song, D."]
""",
    "content/topics.toml": """\
[[topic]]
slug = "pruning"
name = "Pruning and Sparsity"
aliases = ["sparsification"]
[[topic]]
slug = "sparsity"
name = "Sparsity"
parent = "pruning"
[[topic]]
slug = "theory"
name = "Theory"
aliases = ["théorie"]
[[topic]]
slug = "unused"
name = "Unused"
""",
}
ALL = {"lottery", "magnitude", "early", "whenever"}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Four papers, one of them without a year, a venue and topics."""
    folder = tmp_path_factory.mktemp("queries")
    write(folder, FILES)
    return load(Order((folder,), folder / "_site", TODAY), Means()).library


@pytest.fixture(scope="module")
def ask(library: Library) -> Callable[[str], set[str]]:
    """The keys of the papers that a query finds."""
    asking = Asking(library)
    return lambda query: {library.by_id[id_].key for id_ in asking.answer(parse(query)).papers}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("all", ALL),
        ("papers where all", ALL),
        # names of things, of their pages, of what is narrower, their other names
        ("topic = pruning", {"lottery", "magnitude"}),
        ('papers where topic = "pruning and sparsity"', {"lottery", "magnitude"}),
        ("topic = PRUNING-and-Sparsity", {"lottery", "magnitude"}),
        ("topic = sparsification", {"lottery", "magnitude"}),
        ("topic = sparsity", {"lottery"}),
        ("tag = Sparsity", {"lottery"}),
        ("author = Ada Lovelace", {"lottery", "magnitude"}),
        ("author = ada-lovelace", {"lottery", "magnitude"}),
        ("author = 'Lovelace, Ada'", {"lottery", "magnitude"}),
        ("author = “Bo Nunez”", {"magnitude", "early"}),
        ("author ~ song", {"whenever"}),
        ("author ~ nunez", {"magnitude", "early"}),
        # a person's own name and variants, which no paper has
        ("author ~ josephine", {"whenever"}),
        ("author = Diana Josephine Song", {"whenever"}),
        ("author = 'Song, Diana Josephine'", {"whenever"}),
        ("author = D. Song", {"whenever"}),
        ("venue = ICML", {"magnitude"}),
        ("venue = 'Journal of Napkins'", {"lottery"}),
        ("venue ~ machine", {"magnitude"}),
        ("venue = the 12th International Conference on Machine Learning", {"magnitude"}),
        # years
        ("year = 2020", {"magnitude"}),
        ("year == 2020", {"magnitude"}),
        ("year != 2020", ALL - {"magnitude"}),
        ("year > 2020", {"lottery"}),
        ("year >= 2020", {"lottery", "magnitude"}),
        ("year ≥ 2020", {"lottery", "magnitude"}),
        ("year < 2020", {"early"}),
        ("year <= 2020", {"early", "magnitude"}),
        ("year = undated", {"whenever"}),
        ("year = 2020-2021", {"lottery", "magnitude"}),
        ("year = 2020..2021", {"lottery", "magnitude"}),
        ("year = 2020–2021", {"lottery", "magnitude"}),
        ("year = ..2020", {"early", "magnitude"}),
        ("year = 2021-", {"lottery"}),
        ("year != 2000..", {"early", "whenever"}),
        ("year in (1999..2000, 2021)", {"early", "lottery"}),
        ("year in (1999, 2021)", {"early", "lottery"}),
        ("year not in (1999, 2021)", {"magnitude", "whenever"}),
        # what papers say
        ("type = Article", {"lottery"}),
        ("type != misc", {"lottery", "magnitude"}),
        ("key in (early, whenever)", {"early", "whenever"}),
        ("title ~ graph", {"early"}),
        ("title ~ neural lottery", {"lottery"}),
        ("title = 'whenever, the survey'", {"whenever"}),
        ("abstract ~ TREES", {"lottery"}),
        ("title ~ '!!'", set()),
        # and, or, not, parentheses
        ("topic = pruning and year >= 2021", {"lottery"}),
        ("topic = pruning AND Author = 'Bo Núñez' OR year = 1999", {"magnitude", "early"}),
        ("year = 1999 or topic = pruning and year = 2020", {"magnitude", "early"}),
        ("(year = 1999 or topic = pruning) and year = 2020", {"magnitude"}),
        ("not topic = pruning", {"early", "whenever"}),
        ("not not topic = pruning", {"lottery", "magnitude"}),
        ("not (topic = theory or year = undated)", {"lottery"}),
        ("topic != theory and topic = pruning", {"lottery"}),
    ],
)
def test_what_a_query_finds(ask: Callable[[str], set[str]], query: str, found: set[str]) -> None:
    """Each field, operator and way to name a thing finds what a reader would expect."""
    assert ask(query) == found


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "column 1: expected a field, as topic or year, not the end"),
        ("topics2 = x", 'column 1: there is no field "topics2"; did you mean topics?'),
        ("a = 1 and colour = red", 'no field "a"; there are topic, author, venue, year'),
        ("topic pruning", 'column 7: expected one of = ~ != in after topic, not "pruning"'),
        ("topic >= pruning", 'column 7: expected one of = ~ != in after topic, not ">="'),
        ("topic =", "column 8: expected a value after topic =, not the end"),
        ("topic = and year = 2020", 'column 9: expected a value after topic =, not "and"'),
        ("topic = ''", 'column 9: expected a value after topic =, not ""'),
        (
            "year >= abc",
            'column 9: expected a year, as 2020, or after = and != 2019-2021 or undated, not "abc"',
        ),
        (
            "year >= undated",
            'column 9: expected a year, as 2020, or after = and != 2019-2021 or undated, not "u',
        ),
        ("year >= 2019-2021", 'or undated, not "2019-2021"'),
        ("year = 2020 topic = x", 'column 8: expected "and" or "or" after the year'),
        (
            "topic = a year = 2020",
            'column 16: expected "and", "or" or the end, not "="; is an "and"',
        ),
        ("author = Lovelace, Ada", "a value with a comma in it needs quotes"),
        ("(topic = a", 'column 11: expected ")" for the "(" at column 1, not the end'),
        ("topic = a)", 'column 10: expected "and", "or" or the end, not ")"'),
        ("topic in a", 'column 10: expected "(" and values after in, not "a"'),
        ("topic in (a", 'column 12: expected "," or ")" for the "(" at column 10, not the end'),
        ("topic in ()", 'column 11: expected a value after topic in, not ")"'),
        ("topic not = a", 'column 11: expected "in" after "not", not "="'),
        ('topic = "a', "column 9: the quote that begins here does not end"),
        ("abstract = x", "column 10: expected one of ~ after abstract"),
        ("all and year = 2020", 'column 5: expected "and", "or" or the end, not "and"'),
        ("topic = a and", "column 14: expected a field, as topic or year, not the end"),
    ],
)
def test_what_is_said_of_a_mistake(query: str, said: str) -> None:
    """An error says at which column, what was expected, and what may have been meant."""
    with pytest.raises(QueryError) as raised:
        parse(query)
    assert said in str(raised.value)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("topic = prunning", 'no paper has the topic "prunning"'),
        ("topic = theroy", "did you mean Theory?"),
        ("topic = prunning", "did you mean pruning?"),
        ("topic = unused", 'no paper has the topic "unused"'),
        ("author = song", "did you mean Diana Josephine Song, Ed Song?"),
        ("year = 2020 and author != Ada Lovelance", "column 17: no paper has the author"),
        ("venue = Journal of Napkin", "did you mean Journal of Napkins?"),
        ("type = aritcle", "did you mean article?"),
        ("key in (early, whenevr)", "did you mean whenever?"),
        ("author ~ lovelacce", 'no author has the words "lovelacce"; did you mean lovelace?'),
        ("not author ~ ada nobody", 'column 5: no author has the words "ada nobody"'),
        ("title ~ nonsense", 'no title has the words "nonsense"'),
    ],
)
def test_a_name_that_no_paper_has_is_told(library: Library, query: str, said: str) -> None:
    """It may come tomorrow, so the query holds; today it may be a slip."""
    assert any(said in doubt for doubt in Asking(library).answer(parse(query)).doubts)


@pytest.mark.parametrize("query", ["year = 1812", "author ~ lovelace and title ~ survey"])
def test_an_empty_list_alone_is_nothing_odd(library: Library, query: str) -> None:
    """Years that no paper has are as good as those that one has, and so is what no two share."""
    assert Asking(library).answer(parse(query)) == ((), ())


def test_authors_without_a_page_are_found(tmp_path: Path) -> None:
    """Whether an author has a page is a matter of size, and none of who wrote what."""
    write(tmp_path, FILES | {"bibpress.toml": "[size]\nauthors_from = 2\n"})
    library = load(Order((tmp_path,), tmp_path / "_site", TODAY), Means()).library
    assert "di-song" not in library.groups["authors"]
    assert len(Asking(library).answer(parse("author = Di Song")).papers) == 1


def test_papers_come_in_the_order_of_all_lists(library: Library) -> None:
    """Newest first, whatever the order of what was asked."""
    found = Asking(library).answer(parse("year = undated or year = 1999 or year = 2021")).papers
    assert [library.by_id[id_].key for id_ in found] == ["lottery", "early", "whenever"]


@pytest.mark.parametrize(
    "bomb",
    [
        "(" * 2_000,
        "not " * 1_000 + "year = 2020",
        "topic = a or " * 1_000,
        "'" * LONGEST,
        "“" * LONGEST,
        "topic in (" + "a, " * 1_600,
        "x" * (LONGEST + 1),
    ],
)
def test_a_bomb_is_an_error(bomb: str) -> None:
    """What is deeper, longer or more broken than anybody writes ends in a message."""
    with pytest.raises(QueryError):
        parse(bomb)


def test_as_deep_as_is_allowed(ask: Callable[[str], set[str]]) -> None:
    """The deepest query is answered, not only read."""
    assert ask("(" * DEEPEST + "year = 1999" + ")" * DEEPEST) == {"early"}


PIECES = st.sampled_from(
    ["topic", "year", "author", "title", "=", "!=", ">=", "~", "in", "not", "and", "or", "(", ")",
     ",", "2020", "pruning", '"a b"', "'", "“", "papers", "where", "all", "undated", "\x00", "é"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=12).map(" ".join) | st.text(max_size=40))
def test_any_text_is_a_query_or_an_error(query: str) -> None:
    """Nothing that somebody may type raises anything else."""
    try:
        parse(query)
    except QueryError as error:
        assert str(error).startswith("column ")


# --- the command --------------------------------------------------------------------------------


@pytest.fixture
def refs(folder: Path) -> Path:
    """A .bib to export from, in the current folder."""
    write(folder, {"refs.bib": FILES["content/refs.bib"]})
    return folder


@pytest.mark.usefixtures("refs")
def test_export_takes_a_query() -> None:
    """`--where` speaks the language of saved queries, and narrows like the other options."""
    done = run("export", "refs.bib", "--where", "author ~ lovelace", "--year", "2020-2030",
               "--format", "apa")  # fmt: skip
    assert ("Magnitude" in done.stdout, "Lottery" in done.stdout, "Early" in done.stdout) == (
        (True, True, False)
    )


@pytest.mark.usefixtures("refs")
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("yaer = 2020", '--where: column 1: there is no field "yaer"; did you mean year?'),
        ("author = song", "--where: column 1: no paper has the author"),
        ("year = 1812", "--where: no paper is so"),
    ],
)
def test_a_query_without_papers_is_wrong_usage(query: str, said: str) -> None:
    """An empty file is nothing that somebody asked for."""
    done = run("export", "refs.bib", "--where", query)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
