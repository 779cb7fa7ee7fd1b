"""On which line of a TOML file something stands, and which name was meant."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from generator import toml
from generator.cli import main
from generator.config import read_toml
from generator.errors import ConfigError
from generator.toml import Toml, Way, lines, not_toml, of_no_paper, unknown
from tests.conftest import ROOT
from tests.timing import is_linear

# --- lines --------------------------------------------------------------------------------------

# Every value that a sound reading gives a line is that line's number, whatever stands around it.
NUMBERED = {
    "keys": "a = 1\n\nb = 3\n",
    "no end of line": "a = 1\nb = 2",
    "lines end as on Windows": "a = 1\r\n\r\nb = 3\r\n",
    "comments": '# x = 9\na = 2 # "b" = 9 [c]\n# """\nb = 4\n',
    "keys with dots": "a.b = 1\na . c = 2\n'd.e'.f = 3\n\"g\\u0041\\\"\".h = 4\n1.2 = 5\n",
    "tables": "a = 1\n[b]\nc = 3\n[d.e]\nf = 5\n[d]\ng = 7\n [ d . 'h i' ] # [z]\nj = 9\n",
    "tables that repeat":
        "[[a]]\nb = 2\n[[a]]\n[a.c]\nb = 5\n[[a]]\n[[a.d]]\nb = 8\n[[a.d]]\nb = 10\n",
    "tables in the last of those before":
        "[[a]]\n[a.b]\n[[a.b.c]]\nd = 4\n[[a]]\n[[a.b.c]]\nd = 7\n",
    "lists": "a = [1, 1,\n# 9, ]\n3,\n 4 ]\nb = 5\n",
    "lists in lists": "a = [\n[2, [2,\n3]], [],\n[[4]],\n]\nb = [ ]\nc = 7",
    "tables in a line": "a = {b = 1, c.d = 1, 'e' = [1, {f = 1}], g = {}}\nh = 2\n",
    "tables in a line in a list": "a = [\n{b = 2}, {b = 2},\n{b = [\n4]}\n]\nc = 6",
    "texts of one line": 't = "a = 9\\" # [b]"\nu = \'\\\'\nv = ""\nw = \'\'\nb = 5\n',
    "texts of lines": 't = """\na = 9\n[b]\n\\""" # """\nb = 5\n',
    "texts of lines that end in marks": 't = """a"""""\nu = """"b\n"\n""""\nb = 5\n',
    "literal texts of lines": "t = '''\n[b]\n'' \\'''\nu = '''''''\nv = '''a'''''\nb = 6\n",
    "texts in a list": 'a = ["]", "\\"]", \'"\', """]\n""",\n3, "#"]\nb = 4\n',
    "days and truths": "t = 1979-05-27 07:32:00Z # x\nu = [true, 1979-05-27, 07:32:00.5]\n"
    "v = +1_0.5e3\nb = 4\n",
    "only comments": "# a = 9\n\n",
    "nothing": "",
}  # fmt: skip


@pytest.mark.parametrize("source", NUMBERED.values(), ids=NUMBERED)
def test_the_line_of_a_value(source: str) -> None:
    """Whatever strings, comments and lists over lines are around it."""
    data = tomllib.loads(source)
    found = lines(source, data)
    assert found or not data
    numbers = {way: value for way, value in values(data) if type(value) is int}
    assert {way: found[way] for way in numbers} == numbers


def values(data: Any, way: Way = ()) -> Iterator[tuple[Way, Any]]:
    """All that is in data, each with the way to it."""
    for step, value in data.items() if isinstance(data, dict) else enumerate(data):
        yield (*way, step), value
        if isinstance(value, (dict, list)):
            yield from values(value, (*way, step))


NAMES = st.sampled_from(["a", "b", "-", "1", '"a"', "'b c'", '"#\\""', "'.'", "a.b", "a . 'x'"])
TEXTS = st.sampled_from(
    ['""', "''", '"#"', "'['", '"\\""', '"""\n# a = 1\n"""', '""""x"""""', "'''\n''\n'''", "1.5",
     "true", "1979-05-27 07:32:00", "07:32:00", "nan", "[]", "{}", "[\n]"]
)  # fmt: skip
ENDS = st.sampled_from(["\n", " # [b]\n", "\n\n", "\r\n", '\n# """\n'])
VALUES = st.recursive(
    TEXTS | st.just("LINE"),
    lambda inner: (
        st.lists(inner | st.builds("\n{} #]\n".format, inner), max_size=3).map(
            lambda items: f"[{', '.join(items)}]"
        )
        | st.lists(st.builds("{} = {}".format, NAMES, inner), max_size=2).map(
            lambda pairs: f"{{{', '.join(pairs)}}}"
        )
    ),
    max_leaves=6,
)
PARTS = st.one_of(
    st.builds("{} = {}{}".format, NAMES, VALUES, ENDS),
    st.builds("[{}]{}".format, NAMES, ENDS),
    st.builds(" [[{}]]{}".format, NAMES, ENDS),
)


@given(st.lists(PARTS, max_size=8).map("".join))
def test_the_line_of_any_value(template: str) -> None:
    """In whatever order tables, lists and texts come, as far as the library reads them."""
    rows = template.split("\n")
    source = "\n".join(row.replace("LINE", str(n)) for n, row in enumerate(rows, 1))
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError:
        return
    found = lines(source, data)
    assert found.keys() == {way for way, _ in values(data)}
    numbers = {way: value for way, value in values(data) if type(value) is int}
    assert {way: found[way] for way in numbers} == numbers


@pytest.mark.parametrize(
    ("way", "line"),
    [
        (("person",), 3), (("person", 0), 3), (("person", 0, "name"), 4),
        (("person", 0, "papers", 1), 6), (("person", 0, "orcid"), 3), (("person", 1), 8),
        (("person", 2), 3), (("persons",), 0), ((), 0),
    ],
)  # fmt: skip
def test_what_is_not_there_has_the_line_of_what_is_around(way: Way, line: int) -> None:
    """A table's is that of its heading; of what nothing is around, the file alone is named."""
    source = '# who\n\n[[person]]\nname = "A"\npapers = [ "p",\n"q" ]\n\n[[person]]\n'
    said = Toml("people.toml", tomllib.loads(source), source)
    assert said.where(*way).line == line


@pytest.mark.parametrize(
    ("source", "data"),
    [
        ("a = 1\n", {"b": 1}), ("a = 1\n", {"a": 1, "b": 1}), ("a = [1]\n", {"a": [1, 2]}),
        ("a = ", {"a": 1}), ("a", {"a": 1}), ("[", {}), ("[a", {"a": {}}), ("a = [1", {"a": [1]}),
        ("a = 'b", {}), ("= 1", {"": 1}), ("\0", {}), ('"\\q" = 1', {"q": 1}),
    ],
)  # fmt: skip
def test_no_line_rather_than_a_wrong_one(source: str, data: dict[str, Any]) -> None:
    """What a walk finds is believed only where the library read just the same."""
    assert lines(source, data) == {}


def test_endless_lists_in_lists() -> None:
    """As many as the library reads, or no line: nothing is raised."""
    source = "a = " + "[" * 200 + "]" * 200
    deeper = "a = " + "[" * 5_000 + "]" * 5_000
    assert (len(lines(source, tomllib.loads(source))), lines(deeper, {"a": []})) == (200, {})


LONG: dict[str, Callable[[int], str]] = {
    "tables": lambda n: "[[a]]\nb = 1\n" * n,
    "lists": lambda n: f"a = [{'[1],' * n}]",
    "blanks": lambda n: "\n" * n + "a = 1",
    "a text": lambda n: f'a = """{"x" * n}"""',
    "marks in a text": lambda n: f'a = """{chr(34)}{(" " + chr(34)) * n} """',
    "comments": lambda n: "# x\n" * n,
}


@pytest.mark.parametrize("source", LONG.values(), ids=LONG)
def test_places_take_linear_time(source: Callable[[int], str]) -> None:
    """However long the file is, and whatever it is long of."""

    def work(size: int) -> object:
        return lines(source(size), tomllib.loads(source(size)))

    assert is_linear(work, 1_000)


def test_an_endless_name_takes_linear_time() -> None:
    """Also where the library has not come to it: what is no TOML is gone over once more."""

    def work(size: int) -> object:
        return not_toml("x.toml", f"x = “\ny = {{{'a.' * size}a = 1}}", "Invalid value")

    assert is_linear(work, 8_000)


@pytest.mark.parametrize("name", ["topics", "papers", "people", "venues"])
def test_the_lines_of_real_files(name: str) -> None:
    """Every text of the demo's and of a new site's files stands on the line that is said."""
    for path in (ROOT / f"content/{name}.toml", *ROOT.glob(f"generator/starter/**/{name}.toml")):
        if path.exists():
            assert_texts_stand_there(path)


def assert_texts_stand_there(path: Path) -> None:
    """Each short text of a file is part of the line that `where` names."""
    said = read_toml(path, path.name)
    rows = said.source.split("\n")
    texts = [(way, value) for way, value in values(said.data) if isinstance(value, str)]
    wrong = [way for way, value in texts if value not in rows[said.where(*way).line - 1]]
    assert wrong == []


# --- names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("smith20", '; did you mean "Smith2020"?'),
        ("SMITH2020", '; did you mean "Smith2020"?'),
        ("smith2019", '; did you mean "Smith2020"?'),
        ("doe-1999-on-thnigs", '; did you mean "doe-1999-on-things"?'),
        ("roe-2001-on-stars", ""),
        ("", ""),
    ],
)
def test_which_paper_was_meant(name: str, hint: str) -> None:
    """The nearest id or key, capitals or not; what is like none gets none."""
    known = ["Smith2020", "doe-1999-on-things", "x"]
    assert of_no_paper([name], known, ()) == {name: f'no paper has the id or key "{name}"{hint}'}


def test_of_equals_the_one_with_the_same_ends_is_meant() -> None:
    """One letter of it is wrong, of the other two have changed places besides."""
    assert '"doe5014"' in of_no_paper(["doe50x4"], ["doe5014", "doe5704"], ())["doe50x4"]


def test_names_that_differ_in_capitals_only_are_meant_in_any_order() -> None:
    """The known come out of a set here and there: the same is said every time."""
    known = ["Smith2020", "smith2020"]
    said = [of_no_paper(["smith2x20"], each, ())["smith2x20"] for each in (known, known[::-1])]
    assert said == ['no paper has the id or key "smith2x20"; did you mean "smith2020"?'] * 2


def test_a_key_of_several_papers_is_said_so() -> None:
    """An id tells which; another key is no help."""
    assert of_no_paper(["a"], ["ab"], ["a"]) == {
        "a": '"a" is the key of several papers; name one by its id'
    }


def many(size: int) -> list[str]:
    """Ids of so many papers, alike as those of a real collection are."""
    return [f"smith-{1990 + n % 30}-learning-{n * 99_991}-networks" for n in range(size)]


@pytest.mark.parametrize("place", range(0, 34, 11))
def test_one_slip_is_found_among_many(place: int) -> None:
    """Wherever in the name it is."""
    known = many(10_000)
    meant = known[5_014]
    wrong = meant[:place] + "x" + meant[place + 1 :]
    assert f'did you mean "{meant}"' in of_no_paper([wrong], known, ())[wrong]


def test_one_of_many_is_compared_with_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Among 10,000 papers, and for however many names that nobody has."""
    compared: list[int] = []

    def count(name: str, known: list[str], likeness: float) -> str:
        del name, likeness
        compared.append(len(known))
        return ""

    monkeypatch.setattr(toml, "did_you_mean", count)
    of_no_paper([f"smith-1999-{n}" for n in range(500)], many(10_000), ())
    assert max(compared) <= toml.COMPARED and sum(map(bool, compared)) <= toml.HINTS


def test_not_all_of_many_names_are_listed() -> None:
    """Of an owner's thousand topics the message would be a page."""
    assert unknown("parent", "qqqq", map(str, range(1000))) == 'unknown parent "qqqq"'


# --- in a site ----------------------------------------------------------------------------------

BIB = "@article{smith2020, title = {On things}, author = {Jo Smith}, year = 2020, journal = {J}}\n"
PERSON = '# who is who\n[[person]]\nname = "Jo Smith"\n'
REFUSED = {
    "bibpress.toml:2: unknown setting": ("bibpress.toml", "\ntitel = 'x'"),
    "bibpress.toml:2: language is a tag": ("bibpress.toml", "\nlanguage = 'no such'"),
    "bibpress.toml:3: accent must be a colour": ("bibpress.toml", "[look]\n\naccent = 'red'"),
    "bibpress.toml:2: url belongs above": ("bibpress.toml", "[size]\nurl = 'https://x.org/'"),
    "bibpress.toml:1: size must be a table": ("bibpress.toml", "size = 1"),
    "bibpress.toml:2: the site's address (url)": ("bibpress.toml", "\nurl = 'x'"),
    "bibpress.toml:1: unknown kind of list in feeds": ("bibpress.toml", "feeds = ['topic']"),
    "bibpress.toml:3: unknown rule in [check]": ("bibpress.toml", "\n[check]\nx = 'off'"),
    "bibpress.toml:3: missing-doi in [check]": ("bibpress.toml", "[check]\n\nmissing-doi = 'x'"),
    "bibpress.toml:2: missing-doi must be one of \"off\", \"note\"": (
        "bibpress.toml", "[check]\nmissing-doi = false"
    ),
    "bibpress.toml:2: mailto must be an address like": ("bibpress.toml", "\nmailto = 'nobody'"),
    "bibpress.toml:3: logo names": ("bibpress.toml", "[look]\n\nlogo = 'x.svg'"),
    "bibpress.toml:2: extensions names": ("bibpress.toml", "\nextensions = ['x.py']"),
    "bibpress.toml:2: there are no words": ("bibpress.toml", "\nlanguage = 'xx'"),
    "content/topics.toml:1: unknown setting": ("content/topics.toml", "[[topics]]\nname = 'A'"),
    "content/topics.toml:3: unknown setting": (
        "content/topics.toml", "[[topic]]\nname = 'A'\nx = 1"
    ),
    "content/topics.toml:2: a [[topic]] needs": ("content/topics.toml", "\n[[topic]]\nslug = 'a'"),
    'content/topics.toml:5: topic "B"': (
        "content/topics.toml", "[[topic]]\nname = 'A'\n[[topic]]\nname = 'B'\nparent = 'c'"
    ),
    "content/topics.toml:3: \"a\" names two": (
        "content/topics.toml", "[[topic]]\nname = 'A'\n[[topic]]\nname = 'a'"
    ),
    "content/venues.toml:4: slug of": (
        "content/venues.toml", "\n[[venue]]\nname = 'A'\nslug = 'A B'"
    ),
    "content/people.toml:4: orcid of": ("content/people.toml", f"{PERSON}orcid = '12'"),
    "content/people.toml:4: \"Jo Smith\" and \"J. Smith\" are both": (
        "content/people.toml", f"{PERSON}[[person]]\nname = 'J. Smith'\nvariants = ['Jo Smith']"
    ),
    "content/people.toml:7: \"Jo Smith\" and \"A B\" have one slug": (
        "content/people.toml",
        f"{PERSON}slug = 's'\n[[person]]\nname = 'A B'\nslug = 's'\npapers = ['smith2020']",
    ),
    "content/papers.toml:3: same is a list of lists": (
        "content/papers.toml", "same = [\n['a', 'b'],\n'c',\n]"
    ),
    "content/papers.toml:2: same is a list of lists of two or more": (
        "content/papers.toml", "same = [\n['a'],\n]"
    ),
    'content/papers.toml:3: "soon" is no date': (
        "content/papers.toml", "retracted = [\n'a',\n{paper = 'b', date = 'soon'}]"
    ),
    "content/papers.toml:3: unknown setting of retracted": (
        "content/papers.toml", "retracted = [\n'a',\n{paper = 'b', day = 'soon'}]"
    ),
}  # fmt: skip


@pytest.mark.parametrize(("said", "file"), REFUSED.items(), ids=REFUSED)
def test_what_is_refused_is_said_with_its_line(
    make_site: Callable[..., Any], said: str, file: tuple[str, str]
) -> None:
    """In each of an owner's files in the same way: file, line, what to do."""
    name, content = file
    with pytest.raises(ConfigError) as error:
        make_site({"content/refs.bib": BIB, name: content})
    assert str(error.value).startswith(said)


WARNED = {
    "content/papers.toml": (
        '# decisions\nsame = [\n  ["smith2020", "smith2O20"],\n]\n'
        'retracted = [\n  "nobody",\n  {paper = "smyth2020", date = 2021}]\n',
        [
            (3, 'no paper has the id or key "smith2O20"; did you mean "smith2020"?'),
            (6, 'no paper has the id or key "nobody"'),
            (7, 'no paper has the id or key "smyth2020"; did you mean "smith2020"?'),
        ],
    ),
    "content/people.toml": (
        f'{PERSON}slug = "jo-1"\npapers = [\n  "smiht2020",\n]\n',
        [
            (6, 'papers of "Jo Smith": no paper has the id or key "smiht2020"; '
                'did you mean "smith2020"?'),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WARNED)
def test_what_names_no_paper_is_said_with_its_line(tmp_path: Path, name: str) -> None:
    """And with what was meant, to programs too."""
    content, said = WARNED[name]
    (tmp_path / "content").mkdir()
    (tmp_path / "content/refs.bib").write_text(BIB)
    (tmp_path / name).write_text(content)
    shown = CliRunner().invoke(main, ["check", str(tmp_path), "--format", "json"]).stdout
    found = [each for each in json.loads(shown)["findings"] if each["rule"] == "unknown-paper"]
    assert [(each["file"], each["line"], each["message"]) for each in found] == [
        (name, line, message) for line, message in said
    ]
