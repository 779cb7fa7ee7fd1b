"""Small edits in a .bib file: what they change, and that they change nothing else."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import edit
from generator.edit import Change
from generator.sources import bib
from generator.sources.blocks import Block, cut
from tests.timing import is_linear

DOI = "{10.1000/x}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("@a{k,\n  title = {T}\n}", "@a{k,\n  title = {T},\n  doi = {10.1000/x}\n}"),
        ("@a{k,\n  title = {T},\n}", "@a{k,\n  title = {T},\n  doi = {10.1000/x},\n}"),
        ("@a{k, title={T}}", "@a{k, title={T}, doi={10.1000/x}}"),
        ('@a(k, title = "T")', '@a(k, title = "T", doi = {10.1000/x})'),
        ("@a{k,\r\n\ttitle = {T}\r\n}", "@a{k,\r\n\ttitle = {T},\r\n\tdoi = {10.1000/x}\r\n}"),
        (
            "@a{k,\n  title  = {T},\n  author = {A}\n}",
            "@a{k,\n  title  = {T},\n  author = {A},\n  doi    = {10.1000/x}\n}",
        ),
        ("@a{k, doi = {old}, year = 1999}", "@a{k, doi = {10.1000/x}, year = 1999}"),
        ("@a{k, DOI = old # {er}}", "@a{k, DOI = {10.1000/x}}"),
        ("@a{k,}", "@a{k,\n  doi = {10.1000/x},}"),
        ("@a{k, month = jan # {~1}}", "@a{k, month = jan # {~1}, doi = {10.1000/x}}"),
    ],
)
def test_a_field_is_put_in_as_the_others_are_written(before: str, after: str) -> None:
    """Indentation, signs, ends of lines and a last comma are those of the entry."""
    assert edit.with_fields(before, 1, {"doi": DOI}) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("@a{k,\n  note = {N},\n  title = {T}\n}", "@a{k,\n  title = {T}\n}"),
        ("@a{k,\n  title = {T},\n  note = {N}\n}", "@a{k,\n  title = {T},\n}"),
        ("@a{k, note = {N}, note = {M}, year = 1}", "@a{k, year = 1}"),
    ],
)
def test_a_field_is_taken_away(before: str, after: str) -> None:
    """None takes away every field of that name, with its comma."""
    assert edit.with_fields(before, 1, {"note": None}) == after


def test_one_field_goes_and_another_comes() -> None:
    """The comma is counted right where the last field goes and a new one comes."""
    after = edit.with_fields("@a{k, year = 1, note = {N}}", 1, {"note": None, "doi": DOI})
    assert after == "@a{k, year = 1, doi = {10.1000/x}}"


@pytest.mark.parametrize(
    "entry",
    [
        "@a{k, title = {T}",
        "@a{k, title = }",
        "@a{k title = {T}}",
        "@a{k, title = {T} year = 1}",
        "@a{k, title = {T}} @a{j, title = {U}}",
        "@a{k, 1x = {T}}",
        "@a{k, title = 12ab}",
        "@string{k = {T}}",
        "",
    ],
)
def test_what_is_not_understood_is_not_edited(entry: str) -> None:
    """Nothing is guessed where an entry is broken, or where two begin in the line."""
    with pytest.raises(ValueError, match="no entry"):
        edit.with_fields(entry, 1, {"doi": DOI})


@pytest.mark.parametrize(
    "value", ["{a", "a}", "{a}, evil = {b}", "{a\n@a{z, title={Z}}}", "", "{a} b", '{a}}@a{z,y="b"']
)
def test_a_value_that_is_none_is_refused(value: str) -> None:
    """Whatever a value holds, it cannot become another field or another entry."""
    with pytest.raises(ValueError, match="no entry"):
        edit.with_fields("@a{k, title = {T}}", 1, {"doi": value})


def test_a_comment_stands_above_its_entry() -> None:
    """It says where a field is from, and neither ends its line nor begins an entry."""
    change = Change({"doi": DOI}, "Crossref\n@a{x}")
    found, _ = edit.splices("\n@a{k, year = 1}", {2: change})
    expected = "\n% Crossref a x\n@a{k, year = 1, doi = {10.1000/x}}"
    assert edit.spliced("\n@a{k, year = 1}", found) == expected


FIELD = st.tuples(
    st.sampled_from(["title", "year", "Author", "doi", "note", "x-y"]),
    st.sampled_from([" = ", "=", "  =\t", " =\n "]),
    st.sampled_from(["{T}", '"a {b} c"', "1999", "jan", '{a} # "b"', "{a {b {c}} % d}", "{é}"]),
)
ENTRY = st.builds(
    lambda kind, fields, between, last, end: (
        f"@{kind}{{k{kind},{between}"
        + f",{between}".join(name + sign + value for name, sign, value in fields)
        + f"{last}{end}}}"
    ),
    st.sampled_from(["article", "Misc", "book"]),
    st.lists(FIELD, min_size=1, max_size=5),
    st.sampled_from([" ", "\n  ", "\r\n\t", "\r  ", ""]),
    st.sampled_from(["", ","]),
    st.sampled_from(["", "\n", "\r\n"]),
)
REST = st.sampled_from(
    ["", "\n", "% a comment @ home\n", "\r\n\r\n", "@string{s = {S}}\n", "x\ry\n"]
)
FILE = st.lists(st.tuples(REST, ENTRY, st.just("\n")), min_size=1, max_size=4).map(
    lambda parts: "".join(piece for part in parts for piece in part)
)
NEW = st.dictionaries(
    st.sampled_from(["doi", "year", "abstract", "note"]),
    st.sampled_from(["{10.1000/x}", "{An {Odd} \\& text}", "2020", None]),
    min_size=1,
)


def blocks_of(text: str) -> list[Block]:
    """The entries of a file, however its lines end."""
    return list(cut(edit._RETURN.sub("\n", text), bib.is_sound))


def changed(text: str, fields: Mapping[str, str | None]) -> str:
    """A file, each of its entries changed."""
    found, _ = edit.splices(text, {block.line: Change(fields, "why") for block in blocks_of(text)})
    return edit.spliced(text, found)


def said(text: str) -> list[tuple[str, dict[str, str]]]:
    """Every entry's key and fields, as the reader has them."""
    return [
        (block.key, dict(reversed(bib.fields_of(block.body, {})[0])))
        for block in blocks_of(text)
        if block.type != "string"
    ]


@given(FILE, NEW)
def test_an_edited_file_says_what_it_said_with_the_change(
    text: str, new: Mapping[str, str | None]
) -> None:
    """Read again, each entry has its fields and those put in, whatever the layout."""
    put = {name: value.removeprefix("{").removesuffix("}") for name, value in new.items() if value}
    meant = [
        (key, {name: value for name, value in fields.items() if name not in new} | put)
        for key, fields in said(text)
    ]
    assert said(changed(text, new)) == meant


@given(FILE)
def test_nothing_to_change_changes_nothing(text: str) -> None:
    """Not one character, whatever the ends of lines."""
    found, _ = edit.splices(text, {1: Change({})})
    assert edit.spliced(text, found) == text


@given(FILE, NEW)
def test_what_is_put_in_is_all_that_changes(text: str, new: Mapping[str, str | None]) -> None:
    """Without the characters that were put in, the file is what it was."""
    put = {name: value for name, value in new.items() if value}
    fresh = {name: value for name, value in put.items() if f"{name}" not in text.lower()}
    after = iter(changed(text, fresh))
    assert all(character in after for character in text)


@given(FILE, NEW)
def test_a_diff_turns_one_into_the_other(text: str, new: Mapping[str, str | None]) -> None:
    """The lines of a diff, put in by its numbers, make the edited file."""
    found, _ = edit.splices(text, {block.line: Change(new, "why") for block in blocks_of(text)})
    lines = list(edit.diff("refs.bib", text, found))
    assert patched(edit._lines(text), lines) == edit._lines(edit.spliced(text, found))


def patched(before: list[str], lines: list[str]) -> list[str]:
    """What a unified diff makes of lines, its context compared."""
    after, place = [], 0
    for line in lines[2:]:
        if line.startswith("@@"):
            span = line.split()[1].lstrip("-").split(",")
            first = int(span[0]) - (0 if span[1:] == ["0"] else 1)
            after += before[place:first]
            place = first
        elif line[0] == "+":
            after.append(line[1:])
        else:
            assert before[place] == line[1:]
            after += [before[place]] if line[0] == " " else []
            place += 1
    return after + before[place:]


def test_a_diff_is_what_diff_says() -> None:
    """The same lines as Python's own, which looks for them."""
    text = "".join(f"@a{{k{i},\n  title = {{T}},\n  year = 2000\n}}\n\n" for i in range(9))
    found, _ = edit.splices(text, {1: Change({"doi": DOI}), 16: Change({"year": "2001"}, "why")})
    after = edit.spliced(text, found)
    expected = difflib.unified_diff(
        text.splitlines(), after.splitlines(), "a/refs.bib", "b/refs.bib", lineterm=""
    )
    assert list(edit.diff("refs.bib", text, found)) == list(expected)


@pytest.mark.parametrize(
    "make",
    [
        lambda n: "".join(f"@a{{k{i},\n  title = {{T}}\n}}\n" for i in range(n)),
        lambda n: "@a{k,\n" + "".join(f"  x{i} = {{T}},\n" for i in range(n)) + "}",
        lambda n: "@a{k, title = " + "{" * n + "}" * n + "}",
        lambda n: "@a{k, title = {T}" + " " * n + "x}",
    ],
)
def test_edits_take_linear_time(make: Callable[[int], str]) -> None:
    """Four times the file takes about four times as long, whatever is in it."""
    assert is_linear(lambda n: changed(make(n), {"doi": DOI}), 2_000)
