"""What makes reading fast changes nothing: every short cut against the long way, and the pool."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import sources
from generator.cache import Cache
from generator.errors import BibpressError
from generator.model import SourceText
from generator.output import Inline
from generator.sources import bib, blocks, readers
from generator.sources.readers import CHUNK, ENOUGH, Means, NoCache, remembered
from generator.text import decode
from generator.text.canon import join
from tests.timing import is_linear

NEVER = re.compile("(?!)")
HEIRS = 100


def _entry(i: int) -> str:
    inherits = ", crossref = {k0}" if 0 < i <= HEIRS else ""
    return (
        f"@misc{{k{i},\n title = {{Title {{\\'e}} {i}}}, author = {{Li, Bo and Ada Smith}},\n"
        f" journal = where, month = aug{inherits}}}\n"
    )


ENTRIES = ENOUGH + CHUNK // 2
FILE = (
    "@string{where = {Journal of Things}}\n"
    + "".join(map(_entry, range(ENTRIES)))
    + "@misc{broken, title = }\n@misc{k7, title = {Again}}\nleft over\n@misc{open, title = {\n"
).encode()


class Counting(Inline):
    """Does all at once and counts what it was handed."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[int] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Note the size of the chunk, and do the work."""
        self.sizes.append(len(args[1]))
        return super().submit(fn, *args, **kwargs)


def spy(monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str) -> list[object]:
    """The arguments of every call of a function of the module, as they come."""
    calls: list[object] = []
    function = getattr(module, name)

    def noted(*args: object) -> object:
        calls.append(args)
        return function(*args)

    monkeypatch.setattr(module, name, noted)
    return calls


def read(text: str) -> SourceText:
    """What a .bib file says."""
    return sources.read("a.bib", text.encode(), "bib")


# --- short cuts ---------------------------------------------------------------------------------

BODY = (
    "title", "Year", "month", "x-1", "jan", "Mine", "none", "=", "=", "=", ",", ",", ",", "{", "}",
    '"', '"', "#", " ", "\n", "2020", "007", "{a}", "{b {c} {{d}}}", '"e {"} f"', '"g"', "{}", "é",
    "{{{{{deep}}}}}", "\\", "@", "a.b", "_", " , ", "= {v},", '= "w" ,', "= jan,", "= mine # {x},",
)  # fmt: skip


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.sampled_from(BODY), max_size=16).map("".join))
def test_plain_fields_are_those_of_pybtex(body: str) -> None:
    """What the pattern for plain fields reads, pybtex reads in the same way."""
    macros = {"mine": "My Journal"}
    plain = bib.plain_fields(body, macros)
    if plain is not None:
        assert (plain, ()) == bib.parsed_fields(body, macros)


@pytest.mark.parametrize(
    ("body", "plain"),
    [
        ('title = {A {B} {\\\'{e}}},\n year = 2020,\n month = jan, note = "x"\n', True),
        ("", True),
        ("title = {A} year = 2020", False),
        ("title = {A}, month = 1 # jan", False),
        ("title = unknown", False),
        ("title = {A}, }", False),
        ("title = {A", False),
    ],
)
def test_which_fields_are_plain(body: str, plain: bool) -> None:
    """Whatever is broken or has something said of it is left to pybtex."""
    assert (bib.plain_fields(body, {}) is not None) == plain


def test_strings_of_plain_fields_have_the_same_room() -> None:
    """Neither way fills in more than there is room for."""
    body = "note = long, title = long"
    room = bib.ROOM + 4 * len(body)
    for length, count in ((room // 2, 0), (room // 2 + 1, 1)):
        macros = {"long": "x" * length}
        written, remarks = bib.parsed_fields(body, macros)
        assert len(remarks) == count
        assert bib.plain_fields(body, macros) == (None if remarks else written)


def test_pybtex_is_asked_only_where_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of four entries one is not plain; so much is parsed, and no more."""
    asked = spy(monkeypatch, bib, "parsed_fields")
    text = read(
        "@misc{a, title = {A}, year = 2020}\n@misc{b, title = {B}, month = jan,}\n"
        '@misc{c, title = "C" # " D"}\n@misc{d, title = {\\"{U}ber {\\\'E}}}\n'
    )
    assert [record.title for record in text.records] == ["A", "B", "C D", "Über É"]
    assert len(asked) == 1


PIECES = (
    "@misc{a,", " @book{b,\n", "@misc(p,", "\n@misc{c, t = {x},\n", "\n", "\n\t", "{", "}", "}}",
    "(", ")", '"', "@comment{", "@string{s = {x}}", "% @misc{z}", "t = {a {b}},", "words", " ",
    "{{{{{{{deep}}}}}}}", "me@example", "@", "t = {\n@misc{q, u = {v}}\n},", "=", ",", "é",
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
def test_blocks_are_those_that_the_braces_make(text: str) -> None:
    """Entries found by one match end where counting all the braces of the file ends them."""
    quick = list(blocks.cut(text, bib.is_sound))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "_CLOSED", NEVER)
        assert list(blocks.cut(text, bib.is_sound)) == quick


@pytest.mark.parametrize("before", ["", " ", "\n", "\n\t"])
def test_an_entry_in_the_first_line_ends_before_the_next(before: str) -> None:
    """An entry that nothing closes costs only itself, also where the file begins with it."""
    text = read(f"{before}@misc{{a, title = {{A\n@misc{{b, title = {{B}}}}")
    assert [record.title for record in text.records] == ["B"]


def test_braces_are_counted_only_where_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No entry that is closed and not deep has the braces of the whole file counted."""
    monkeypatch.setattr(blocks, "_BRACE", None)
    assert len(read("@misc{a, title = {A {B} {\\'{e}}}}\n\n  @misc{b, title = {B}}").records) == 2


TEX = (
    "\\", "{", "}", "$", "$x$", "~", "<", "<i>", "</sub>", "&amp;", "&", "-", "--", "---", "/",
    "/su", "/sub 2/", "/spl pi/", "`", "``", "'", "''", "?`", "!", "raise", "Raise.2ex",
    "{raise.17ex", "C:\\", "\\\\host", "\\'e", "\\alpha", "\\$", "\\(", "\\)", " ", "word", "r",
    "é", "ſ", "1",
)  # fmt: skip


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.sampled_from(TEX), max_size=12).map("".join), st.booleans())
def test_tokens_are_those_that_the_patterns_find(text: str, latex: bool) -> None:
    """No token is passed over by looking only where one can begin."""
    pattern = decode._LATEX_TOKEN if latex else decode._PLAIN_TOKEN
    for position in range(len(text)):
        quick, slow = (
            match and (match.span(), match.lastgroup)
            for match in (
                decode.next_token(text, position, latex=latex),
                pattern.search(text, position),
            )
        )
        assert quick == slow


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(TEX), max_size=12).map("".join), st.booleans())
def test_texts_without_dollars_are_joined_alike(text: str, latex: bool) -> None:
    """Pieces without a formula are the same text, however they are put together."""
    pieces = decode._Decoder(text, latex=latex).pieces()
    assert decode._written(pieces) == join(pieces)


@pytest.mark.parametrize(
    "line",
    [
        "@misc{a, t = {{{{{{\n",
        "@misc{a, t = {{{{x}}}}, u = {{{{{{y}}}}}}}\n",
        '@misc{a, t = "{x" {\n',
        "@misc{a, t = {x},\n\n\n",
        "@misc{a, t = {words and words",
        "{{a}{a}{a}{a}",
    ],
)
def test_hostile_files_take_linear_time(line: str) -> None:
    """Four times as much of what no pattern can match takes four times as long."""
    assert is_linear(lambda size: read(line * size), 1_000)


# --- what was understood before -----------------------------------------------------------------


def test_one_edit_is_one_entry_to_understand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a file that was read before, only the entry that was edited is understood anew."""
    (tmp_path / "lock").touch()
    done = spy(monkeypatch, bib, "understand")
    for title, count in (("Title", ENTRIES + 3), ("Title", 0), ("Another", 1), ("Another", 0)):
        done.clear()
        cache = Cache(tmp_path / "cache", "stamp")
        text = FILE.replace(b"{Title {\\'e} 500}", f"{{{title} 500}}".encode())
        (found,) = (
            record
            for record in sources.read("a.bib", text, "bib", cache).records
            if record.key == "k500"
        )
        cache.save()
        assert (found.title, len(done)) == (f"{title} 500", count)


def test_equal_sources_are_understood_once() -> None:
    """An entry that stands in a file twice is no more work than one."""
    done: list[str] = []

    def make(source: str) -> str:
        done.append(source)
        return source.upper()

    assert remembered(Means(), str, ["a", "b", "a"], make) == ["A", "B", "A"]
    assert done == ["a", "b"]


# --- the pool -----------------------------------------------------------------------------------


@pytest.fixture(params=["inline", "threads", "processes"])
def pool(request: pytest.FixtureRequest) -> Iterator[Executor]:
    """An executor of each kind."""
    if request.param == "inline":
        yield Inline()
    elif request.param == "threads":
        with ThreadPoolExecutor(2) as threads:
            yield threads
    else:
        with ProcessPoolExecutor(2, get_context("spawn")) as processes:
            yield processes


def test_a_pool_changes_nothing(pool: Executor) -> None:
    """A file says the same whoever helped to read it: broken entries, @strings and crossref too."""
    assert sources.read("a.bib", FILE, "bib", pool=pool) == sources.read("a.bib", FILE, "bib")


def test_many_entries_are_sent_in_chunks() -> None:
    """Entries go out by the hundred, and each once."""
    pool = Counting()
    sources.read("a.bib", FILE, "bib", pool=pool)
    assert (sum(pool.sizes), max(pool.sizes)) == (ENTRIES + 3, CHUNK)


def test_few_entries_are_not_sent() -> None:
    """No worker is started for what takes less time than that."""
    pool = Counting()
    few = b"".join(b"@misc{k%d, title = {T %d}}\n" % (i, i) for i in range(ENOUGH - 1))
    assert len(sources.read("a.bib", few, "bib", pool=pool).records) == ENOUGH - 1
    assert pool.sizes == []


def test_what_is_known_is_not_sent(tmp_path: Path) -> None:
    """A second reading sends nothing, of however many entries."""
    (tmp_path / "lock").touch()
    cache = Cache(tmp_path / "cache", "stamp")
    for sent in (True, False):
        pool = Counting()
        sources.read("a.bib", FILE, "bib", cache, pool)
        assert bool(pool.sizes) == sent


def test_a_file_is_loaded_with_a_pool(tmp_path: Path) -> None:
    """`load` hands the pool on."""
    (tmp_path / "a.bib").write_bytes(FILE)
    pool = Counting()
    assert sources.load([tmp_path], pool=pool) == sources.load([tmp_path])
    assert pool.sizes


def _die(_source: int) -> int:
    os._exit(1)


def test_a_killed_worker_ends_it_with_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a worker is killed, the build ends and says so; it does not wait."""
    monkeypatch.setattr(readers, "ENOUGH", 1)
    with (
        ProcessPoolExecutor(1, get_context("spawn")) as processes,
        pytest.raises(BibpressError, match="worker process was killed"),
    ):
        remembered(Means(NoCache(), processes), int, [1, 2], _die)
