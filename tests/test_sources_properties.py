"""What holds for every file, however odd: nothing raises, no line is lost, no place matters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import sources
from generator.model import Format, Record, SourceText, Where
from generator.sources.files import decode
from generator.sources.readers import Means, remembered

FORMATS: tuple[Format, ...] = get_args(Format)
PROSE = (
    "We study how sparse networks learn and show that they keep what they have learned once "
    "before, in ten cases out of twelve and on all of the data that there are for this task. "
)
# Pieces from which files are put together that come near to what the readers look for.
PIECES: dict[Format, list[str]] = {
    "bib": [
        "@misc{a, title = {A}}", "@book{b,", "@misc{a,", "@article(p,", "title = {T},",
        "title = {U", "author = {Smith, Ada and Li, Bo},", "abstract = {We do it.},", "year = 2020",
        "crossref = {b},", "xdata = {a},", "journal = x,", '@string{x = "y" # jan}', "@comment{",
        "@preamble{", "@xdata{x, year = 1999}", "% @misc{c}", "{", "}", "(", ")", '"', "#", ",",
        "=", "\n", "\n\n", " ", "\t", "words", "\\'e", "$x$", "@", "é",
    ],
    "dump": [
        "Title: ", "Authors: Ada Smith, Bo Li", "Abstract: ", "Abstract", "Year: 2020",
        "DOI: 10.1000/x", "arXiv:2310.12345", "Short title", "View PDF", "Mar 14", "1. ", "2. ",
        "[3] ", "\\\\", "-----", PROSE, PROSE, PROSE[:60], "It works. We show it here for all.",
        "Code is available at https://example.org/.", "hyphen-", "\n", "\n", "\n\n", "\n\n", " ",
        "\t", "é", "稀疏网络。",
    ],
    "note": [
        "---\n", "---\n", "...\n", "title: ", "title: T\n", "key: k\n", "authors: [A, B]\n",
        "tags:\n- a\n", "links: {a: ", "arxiv: 2310.12345\n", "x", ": ", "- ", "[", "]", "{", "}",
        "&a ", "*a", "!!x ", "|\n", '"', "'", "# ", "\n", "\n\n", "<script>", "```\n", "é",
    ],
    "ris": [
        "TY  - JOUR\n", "TY - CONF\n", "TY  - \n", "ER  - \n", "ER -", "TI  - A title\n",
        "AU  - Smith, Ada\n", "PY  - 2020///\n", "KW  - a; b\n", "SP  - 1\n", "EP  - 9\n",
        "ID  - a\n", "AB  - ", PROSE, "  goes on\n", "AI - based", "UR  - https://x.org/\n",
        "N1  - private\n", "\n", "\n\n", " ", "\t", "words", "<i>", "&amp;", "é",
    ],
    "csl": [
        '[{"id": "a", "type": "book", "title": "A"},', '{"type": "book",', '"id": "a"',
        '"title": "T"',
        '"author": [{"family": "Smith", "given": "Ada"}]', '"issued": {"date-parts": [[2020]]}',
        '{"references": [', "{", "}", "[", "]", ",", ":", '"', "\\", "\\u00e9", "\n", "\n\n", " ",
        "null", "1e999", "-", "words", "é",
    ],
    "xml": [
        "<modsCollection>", "</modsCollection>", "<mods>", "<mods/>", "</mods>", "<mods ID='a'>",
        "<titleInfo><title>T</title></titleInfo>", "<titleInfo>", "</title>", "<records>",
        "<record>", "</record>", "<titles><title>A</title></titles>", "<rec-number>1</rec-number>",
        "<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE a [", "<!ENTITY b 'c'>", "&b;", "&amp;",
        "&nbsp;", "<", ">",
        "<?xml version='1.0'?>", "\n", "\n\n", " ", "words", "é",
    ],
    "csv": [
        "title,authors,year\n", "Title;Authors;Year\n", "sep=;\n", "A title,Ada Smith,2020\n", '"',
        '""', ",", ";", "\t", "\n", "\n\n", " ", "A title", "Smith, Ada", "2020", "é",
    ],
}  # fmt: skip


class Memory:
    """A cache that can be asked what it was not able to answer."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}
        self.missed = 0

    def get(self, key: str) -> object | None:
        """The value, if it was put before."""
        self.missed += key not in self.values
        return self.values.get(key)

    def put(self, key: str, value: object) -> None:
        """Keep a value."""
        self.values[key] = value

    def get_many(self, keys: Iterable[str]) -> Mapping[str, object]:
        """Those of the values that were put before."""
        return {key: value for key in keys if (value := self.get(key)) is not None}

    def put_many(self, values: Mapping[str, object]) -> None:
        """Keep values."""
        self.values |= values


def texts(form: Format) -> st.SearchStrategy[str]:
    """Texts that look somewhat like the format."""
    return st.lists(st.sampled_from(PIECES[form]), max_size=30).map("".join)


def accounted(text: SourceText) -> Iterator[int]:
    """Every line that belongs to something."""
    for where in (*(record.where for record in text.records), *text.quarantined):
        yield from range(where.line, where.end + 1)
    for first, last in text.ignored:
        yield from range(first, last + 1)
    for line, _ in text.leftover:
        yield line


def check_accounts(data: bytes, form: Format) -> SourceText:
    """Assert that no line of a file is lost and that nothing is said of a line it does not have.

    Gives back what the file says.
    """
    said = sources.read("f", data, form)
    lines = decode(data, "f")[0].split("\n")
    accounts = set(accounted(said))
    assert {i for i, line in enumerate(lines, 1) if line.strip()} <= accounts
    assert accounts <= set(range(1, len(lines) + 1))
    assert all(0 < problem.where.line <= len(lines) for problem in said.problems)
    errors = {problem.where for problem in said.problems if problem.severity == "error"}
    assert set(said.quarantined) <= errors
    return said


@pytest.mark.parametrize("form", FORMATS)
def test_no_line_is_lost(form: Format) -> None:
    """Each line that is not blank lies in a record, is quarantined with an error, or is listed."""

    @settings(max_examples=300, deadline=None)
    @given(texts(form))
    def check(text: str) -> None:
        check_accounts(text.encode(), form)

    check()


@pytest.mark.parametrize("form", FORMATS)
def test_no_bytes_raise(form: Format) -> None:
    """Whatever is in a file, it is read, and no line is lost."""

    @settings(max_examples=150, deadline=None)
    @given(st.binary(max_size=200) | st.text(max_size=100).map(lambda s: s.encode("utf-16")))
    def check(data: bytes) -> None:
        check_accounts(data, form)

    check()


@pytest.mark.parametrize("form", FORMATS)
def test_line_ends_do_not_matter(form: Format) -> None:
    """A file says the same with the line ends of Windows and of old Macs."""

    @settings(max_examples=75, deadline=None)
    @given(texts(form), st.sampled_from(["\r\n", "\r"]))
    def check(text: str, end: str) -> None:
        other = sources.read("f", text.replace("\n", end).encode(), form)
        assert other == sources.read("f", text.encode(), form)

    check()


@pytest.mark.parametrize("form", FORMATS)
def test_the_cache_changes_nothing(form: Format) -> None:
    """A file says the same to those who have read it before."""

    @settings(max_examples=75, deadline=None)
    @given(texts(form))
    def check(text: str) -> None:
        memory = Memory()
        first = sources.read("f", text.encode(), form, memory)
        memory.missed = 0
        assert sources.read("f", text.encode(), form, memory) == first
        assert memory.missed == 0

    check()


def moved(record: Record, lines: int) -> Record:
    """The record so many lines further down."""
    where = record.where
    return replace(record, where=Where("g", where.line + lines, where.end + lines))


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("bib", "@string{x = {X}}\n@misc{a, title = {A}, note = x}\n@misc{b,\n crossref = {a}}\n"),
        ("dump", f"A title\n\n{PROSE}\n\nAnother title\n\n{PROSE}\n"),
        ("ris", "TY  - JOUR\nTI  - A\nER  - \nTY  - JOUR\nTI  - B\nER  - \n"),
        ("csl", '[{"type": "book", "title": "A"},\n{"type": "book",\n"title": "B"}]'),
        ("xml", "<mods><titleInfo>\n<title>A</title></titleInfo></mods>"),
        ("csv", "title,year\nA,2020\nB,2021\n"),
    ],
)
def test_a_record_that_only_moved_is_known(form: Format, text: str) -> None:
    """Lines inserted above, and another name of the file, make nothing to be read anew."""
    memory = Memory()
    before = sources.read("f", text.encode(), form, memory)
    memory.missed = 0
    after = sources.read("g", b"\n\n\n" + text.encode(), form, memory)
    assert after.records == tuple(moved(record, 3) for record in before.records)
    assert memory.missed == 0


def test_a_changed_string_is_seen() -> None:
    """An entry is read anew when a @string that it uses has changed, and only then."""
    memory = Memory()
    entry = "@misc{a, title = {A}, note = x}"
    for value, missed in (("1", 1), ("2", 1), ("1", 0)):
        memory.missed = 0
        text = f"@string{{x = {{{value}}}}}\n@string{{y = {{{missed}}}}}\n{entry}"
        (record,) = sources.read("f", text.encode(), "bib", memory).records
        assert (record.details, memory.missed) == ((("note", value),), missed)


def test_a_missing_brace_is_seen() -> None:
    """An entry that is known is read anew when nothing closes it any more."""
    memory = Memory()
    for entry, count in (("@misc{a, title = {A}}", 1), ("@misc{a, title = {A}", 0)):
        assert len(sources.read("f", entry.encode(), "bib", memory).records) == count


def test_a_damaged_cache_is_not_believed() -> None:
    """A value of another kind counts as none."""
    memory = Memory()
    means = Means(memory)
    assert remembered(means, int, ["one"], len) == [3]
    memory.values = dict.fromkeys(memory.values, "damaged")
    assert remembered(means, int, ["one"], len) == [3]
