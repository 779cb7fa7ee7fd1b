"""Which files are read, what they are called, and how their bytes become text."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import disk, sources
from generator.errors import UsageError
from generator.sources import files

Folder = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Makes empty files (and, by a final slash, folders) below a fresh folder, and returns it."""

    def make(*names: str) -> Path:
        for name in names:
            path = tmp_path / name
            if name.endswith("/"):
                path.mkdir(parents=True, exist_ok=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(b'{"generator": "bibpress 0.1.0"}' * name.endswith("site.json"))
        return tmp_path

    return make


def names(*found: Path) -> list[str]:
    """The names of the files that these sources stand for."""
    return [file.name for file in sources.find(found)]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        pytest.param(["b.bib", "a.txt", "c/d.MD"], ["a.txt", "b.bib", "c/d.MD"], id="any folder"),
        pytest.param(["x.pdf", "y.toml", "z"], [], id="other endings"),
        pytest.param(
            ["bibpress.toml", "loose.bib", "content/a.bib"], ["content/a.bib"], id="site folder"
        ),
        pytest.param(["content/a.bib", "b.bib"], ["content/a.bib"], id="site without settings"),
        pytest.param(["bibpress.toml", "a.bib"], [], id="site without content"),
        pytest.param([".a.bib", ".git/b.bib", ".x.bibpress/c.bib"], [], id="names with a dot"),
        pytest.param(
            ["README.md", "readme.txt", "License", "CHANGELOG.markdown", "requirements-dev.txt"],
            [],
            id="what stands beside papers",
        ),
        pytest.param(["readme-papers.md"], ["readme-papers.md"], id="only whole names"),
        pytest.param(
            ["_site/data/site.json", "_site/a.bib", "b.bib"], ["b.bib"], id="published folder"
        ),
        pytest.param(
            ["venv/pyvenv.cfg", "venv/lib/entry_points.txt", "b.bib"], ["b.bib"], id="environment"
        ),
        pytest.param(
            ["content/pages/about.md", "content/pages/x/y.MD", "content/note.md"],
            ["content/note.md"],
            id="pages of a site",
        ),
        pytest.param(["pages/note.md"], ["pages/note.md"], id="pages of no site"),
    ],
)
def test_find(folder: Folder, made: list[str], expected: list[str]) -> None:
    """A site gives its content, another folder all it has; some names are never read."""
    assert names(folder(*made)) == expected


def test_published_folder_named_itself(folder: Folder) -> None:
    """What bibpress published is no source even if it is named."""
    assert names(folder("data/site.json", "a.bib")) == []


def test_anothers_site_json_is_no_mark(folder: Folder) -> None:
    """Hugo's sites may have a file of that name; their sources are read."""
    root = folder("data/site.json", "a.bib")
    (root / "data/site.json").write_text('{"generator": "another"}')
    assert "a.bib" in names(root)


def test_single_files(folder: Folder) -> None:
    """A file is called by its own name; named twice, or found in a folder, it is read once."""
    root = folder("x/a.bib", "x/b.bib")
    assert names(root / "x/b.bib", root / "x/b.bib") == ["b.bib"]
    assert names(root / "x/b.bib", root / "x") == ["a.bib", "b.bib"]


def test_files_of_one_name_are_told_apart(folder: Folder) -> None:
    """As many folders are named as it takes."""
    root = folder("x/one/refs.bib", "x/two/refs.bib", "other.bib")
    files = (root / "x/one/refs.bib", root / "x/two/refs.bib", root / "other.bib")
    assert names(*files) == ["one/refs.bib", "other.bib", "two/refs.bib"]


@pytest.mark.parametrize("name", ["missing.bib", "missing/", "slides.pdf"])
def test_a_source_that_cannot_be_one(folder: Folder, name: str) -> None:
    """What is not there, or is nothing that can be read, is wrong usage."""
    with pytest.raises(UsageError, match=name.rstrip("/")):
        sources.find([folder("slides.pdf") / name])


def test_links(folder: Folder) -> None:
    """Links within are followed and give nothing twice; links out, rings and pipes are passed."""
    root = folder("in/papers/a.bib", "in/.hidden/h.bib", "out/b.bib")
    for link, target in {
        "in/again.bib": "in/papers/a.bib",
        "in/ring": "in",
        "in/out": "out",
        "in/out.bib": "out/b.bib",
        "in/nowhere.bib": "in/nothing.bib",
        "in/hidden.bib": "in/.hidden/h.bib",
    }.items():
        (root / link).symlink_to(root / target)
    (root / "in/self.bib").symlink_to("self.bib")
    os.mkfifo(root / "in/pipe.bib")
    assert names(root / "in") == ["papers/a.bib"]


def test_names_that_look_alike_are_told_apart(folder: Folder) -> None:
    """One é is one character and the other two: both files are read, each under a name of its own.

    They were told apart by the folders above them, which are the same: the build broke off.
    """
    root = folder("é.bib", "e\u0301.bib", "in/é/a.bib", "in/e\u0301/a.bib", "ü.bib")
    assert names(root) == [
        "\\xe9.bib", "e\\u0301.bib", "in/\\xe9/a.bib", "in/e\\u0301/a.bib", "ü.bib"
    ]  # fmt: skip


def test_what_turns_a_line_is_shown_in_names(folder: Folder) -> None:
    """A terminal obeys control characters, and a name must not read backwards."""
    assert names(folder("a\u202egpj.bib", "b\x1b[31m.bib", "c\u2028.bib")) == [
        "a\\u202egpj.bib", "b\\u001b[31m.bib", "c\\u2028.bib"
    ]  # fmt: skip


def test_content_that_leads_out_is_not_read(folder: Folder) -> None:
    """A site whose content is a link to elsewhere has none."""
    root = folder("site/bibpress.toml", "elsewhere/a.bib")
    (root / "site/content").symlink_to(root / "elsewhere")
    assert names(root / "site") == []


def test_unreadable_folder_is_a_problem(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that cannot be listed is said, not passed over."""
    root = folder("closed/a.bib", "open.bib")
    whole = os.scandir

    def closed(path: Path) -> object:
        if path.name == "closed":
            raise PermissionError(13, "Permission denied")
        return whole(path)

    monkeypatch.setattr(os, "scandir", closed)
    said = {text.file: [str(problem) for problem in text.problems] for text in sources.load([root])}
    assert said == {"closed/": ["closed/: cannot be read: Permission denied"], "open.bib": []}


def test_unreadable_file_is_a_problem(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that cannot be read costs only itself."""
    root = folder("a.bib", "b.bib")
    (root / "b.bib").write_text("@misc{b, title = {B}}")
    whole = disk.contents

    def broken(path: Path, largest: int | None = None) -> bytes:
        if path.name == "a.bib":
            raise OSError(5, "Input/output error")
        return whole(path, largest)

    monkeypatch.setattr(disk, "contents", broken)
    bad, good = sources.load([root])
    assert [str(problem) for problem in bad.problems] == [
        "a.bib: cannot be read: Input/output error"
    ]
    assert len(good.records) == 1


def test_progress_is_told(folder: Folder) -> None:
    """Each file is counted, and the end."""
    told: list[tuple[str, int, int]] = []
    sources.load([folder("a.bib", "b.bib")], progress=lambda *step: told.append(step))
    assert told == [("reading", 0, 2), ("reading", 1, 2), ("reading", 2, 2)]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param("é\n".encode(), "é\n", id="utf-8"),
        pytest.param("\ufeffé".encode(), "é", id="utf-8 with a mark"),
        pytest.param("\ufeffé".encode("utf-16-le"), "é", id="utf-16"),
        pytest.param("\ufeffé".encode("utf-16-be"), "é", id="utf-16, other way round"),
        pytest.param("\ufeffé".encode("utf-32-le"), "é", id="utf-32"),
        pytest.param(b"a\r\nb\rc\n", "a\nb\nc\n", id="line ends"),
    ],
)
def test_decode(data: bytes, expected: str) -> None:
    """Unicode is read in all its encodings, and lines end in one way."""
    assert files.decode(data, "f") == (expected, ())


def test_decode_what_is_not_utf8() -> None:
    """Such a byte is read as Windows-1252 wherever it stands, and said once with its line."""
    text, problems = files.decode("é\n".encode() + b"M\xfcller \x93x\x94", "f")
    assert text == "é\nMüller “x”"
    assert [problem.where.line for problem in problems] == [2]


def test_decode_control_characters() -> None:
    """They become spaces, so that they neither join words nor end lines."""
    text, problems = files.decode("a\0b\fc\u2028d\n\x1be\uffff\ufdd0f\U0001fffe".encode(), "f")
    assert text == "a b c d\n e  f "
    assert "7" in problems[0].message


SPACES = "\u2028\u2029\ufdd0\ufffe\U0003ffff\U0010fffe"


@given(
    st.text(
        "a \t\n\r\0\f\x1b\x7f\x80\x85\x9f\xa0°±¿é\u2027\u202aℂ𠅂\ufffd\ufdcf\ufdf0\U0010fffd"
        + SPACES
    )
)
def test_decode_alters_nothing_else(text: str) -> None:
    """Of a text in UTF-8 only line ends and control characters become other characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    spaced = "".join(
        " " if c in SPACES or (category(c) == "Cc" and c not in "\t\n") else c for c in lines
    )
    assert files.decode(text.encode(), "f")[0] == spaced


@given(st.binary(max_size=400))
def test_decode_takes_anything(data: bytes) -> None:
    """No bytes are too odd, and no text has characters that programs see differently."""
    text, _ = files.decode(data, "f")
    assert len(text.splitlines()) <= text.count("\n") + 1
    assert "\0" not in text
    text.encode()
