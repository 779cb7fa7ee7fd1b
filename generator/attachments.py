"""Files beside the papers: PDFs that lie beside a source, and files of `static/` that entries name.

A field `file` holds paths on its owner's disk, and nobody sees it. Where the owner says so
(`pdfs = true`), the PDF that it names, or that the field `pdf` names, or one called after the
entry's key, is published as `papers/ID.pdf`, if it lies in `content/` itself: whatever a field
says, nothing else is read, and no link is followed. Of a PDF its name, size and time stand for
what is in it.

A field such as `pdf` may hold the bare name of a file, as al-folio's do (it has them in
`assets/pdf/`). It is a link where `static/` has such a file, which is published anyway; a `pdf`
that lies beside its source instead is published as one that `file` names, and else a note says how.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from generator import disk
from generator.model import Link, Paper, Problem, Record

FILE = "file"
"""The field that reference managers keep paths in (Zotero, JabRef, Mendeley, Better BibTeX)."""

_PDF = "pdf"

_CONTENT, _STATIC = "content", "static"
# Where in `static/` a file may lie that is named without its folder.
_FOLDERS = ("", "pdf", "assets/pdf", "assets/html")


class Pdf(NamedTuple):
    """A PDF to be published: where it lies, and what stands for its bytes."""

    path: str
    mark: str


def pdfs(papers: Iterable[Paper], home: Path) -> dict[str, Pdf]:
    """The PDF of each paper that has one in the `content/` of a site folder, by the paper's id."""
    root = Path(os.path.realpath(home / _CONTENT))
    found = {}
    for paper in papers:
        first = next(filter(None, (_pdf(record, root) for record in paper.records)), None)
        if first:
            found[paper.id] = first
    return found


def present(home: Path) -> list[tuple[str, str]]:
    """Every PDF in the `content/` of a site folder: its path, and what stands for its bytes."""
    root = home / _CONTENT
    files = (
        file for file in disk.files_below(root, forgiving=True) if file.suffix.lower() == ".pdf"
    )
    marks = ((str(file.relative_to(root)), _mark(file)) for file in files)
    return [(name, mark) for name, mark in marks if mark]


def named(
    papers: Iterable[Paper], home: Path | None, published: Mapping[str, Pdf]
) -> tuple[dict[str, tuple[Link, ...]], list[Problem]]:
    """Links to files of `static/` that entries name, by the paper's id; and names of no file.

    The addresses are paths from the site's root. A `pdf` that is `published` (what `pdfs` gives)
    has its link there already.
    """
    links: dict[str, tuple[Link, ...]] = {}
    problems, waiting = [], []
    for paper in papers:
        for record in paper.records:
            for label, name, value in _names(record):
                beside = _beside(record, value, home) if name == _PDF else None
                if beside and paper.id in published and published[paper.id].path == str(beside):
                    continue
                if path := _in_static(value, home):
                    links[paper.id] = (*links.get(paper.id, ()), Link(path, label))
                elif beside and paper.id not in published:
                    waiting.append((record, value))
                elif not beside:
                    problems.append(_no_file(record, name, value, home))
    told = [*problems, *_not_published(waiting)]
    return {id_: tuple(dict.fromkeys(each)) for id_, each in links.items()}, told


def paths_in(value: str) -> Iterator[str]:
    r"""The paths that a field `file` names.

    It holds paths, or `description:path:type`, several between semicolons; a backslash takes the
    meaning from the mark behind it, and parts the folders of Windows.
    """
    for entry in _parts(value, ";"):
        parts = _parts(entry, ":")
        path = parts[1] if len(parts) > 2 else parts[0]
        drive = len(parts) > 3 and len(path) == 1  # C:\…, where nobody has escaped the colon
        yield (f"{path}:{parts[2]}" if drive else path).replace("\\", "/").strip()


def _parts(value: str, mark: str) -> list[str]:
    r"""The parts of a text between marks, without those strokes that take a mark's meaning."""
    parts = [""]
    for piece in re.findall(r"\\[:;\\_{}%&$#]|[^\\]|\\", value):
        if piece == mark:
            parts.append("")
        elif len(piece) == 2 and (mark == ":" or piece[1] not in ":\\"):
            parts[-1] += piece[1]
        else:
            parts[-1] += piece
    return parts


def _pdf(record: Record, root: Path) -> Pdf | None:
    """The PDF of a record: the first that its fields name and that is there, or KEY.pdf."""
    folder = _folder(record, root)
    if not folder:
        return None
    said = [path for name, _, value in record.files if name == FILE for path in paths_in(value)]
    said += [value for name, _, value in record.files if name == _PDF]
    own = [f"{record.key}.pdf"] if record.key else []
    for path in [*(path for path in said if path.lower().endswith(".pdf")), *own]:
        file = _within(root, folder / path)
        if file and (mark := _mark(file)):
            return Pdf(str(file), mark)
    return None


def _folder(record: Record, root: Path) -> Path | None:
    """The folder of `content/` that a record's source lies in; None for any other source."""
    inside = record.where.file.removeprefix(f"{_CONTENT}/")
    return None if inside == record.where.file else (root / inside).parent


def _beside(record: Record, name: str, home: Path | None) -> Path | None:
    """The PDF of this name beside a record's source, if there is one."""
    if not home:
        return None
    root = Path(os.path.realpath(home / _CONTENT))
    folder = _folder(record, root)
    file = _within(root, folder / name) if folder and name.lower().endswith(".pdf") else None
    return file if file and _mark(file) else None


def _no_file(record: Record, name: str, value: str, home: Path | None) -> Problem:
    """A name of nothing that could be linked to."""
    places = " nor a file of static/" if home else ""
    places += " or beside its source" if home and name == _PDF else ""
    said = f'entry "{record.key[:80]}" has the {name} "{value[:60]}"'
    why = f"which is no web address{places}; left out"
    return Problem(record.where, f"{said}, {why}", "warning", "wrong-address")


def _not_published(waiting: Sequence[tuple[Record, str]]) -> Iterator[Problem]:
    """One note for all PDFs that lie beside their sources and stay there.

    Their owner may have meant it, and would read of each in every build.
    """
    if waiting:
        record, value = waiting[0]
        said = f'entry "{record.key[:80]}" has the pdf "{value[:60]}"'
        why = "which lies beside its source and is not published"
        more = f" (the first of {len(waiting)} such)" if len(waiting) > 1 else ""
        todo = "pdfs = true in bibpress.toml publishes it"
        yield Problem(record.where, f"{said}, {why}{more}: {todo}", "note")


def _within(root: Path, path: Path) -> Path | None:
    """A path made plain, if it lies below a folder (which is plain) and leads over no link."""
    if "\0" in str(path):
        return None
    plain = Path(os.path.normpath(path))
    try:
        is_inside = plain.is_relative_to(root) and os.path.realpath(plain) == str(plain)
    except (OSError, ValueError):
        return None
    return plain if is_inside else None


def _mark(file: Path) -> str:
    """Stands for the bytes of an ordinary file that has some; empty for anything else."""
    try:
        found = file.lstat()
    except (OSError, ValueError):
        return ""
    is_file = stat.S_ISREG(found.st_mode) and found.st_size
    return f"{found.st_size} {found.st_mtime_ns}" if is_file else ""


def _names(record: Record) -> Iterator[tuple[str, str, str]]:
    return ((label, name, value) for name, label, value in record.files if name != FILE)


def _in_static(value: str, home: Path | None) -> str:
    """The path of a file of `static/`, from the site's root; empty where there is none."""
    if not home:
        return ""
    root = Path(os.path.realpath(home / _STATIC))
    for folder in _FOLDERS:
        file = _within(root, root / folder / value)
        if file and _mark(file):
            return quote(file.relative_to(root).as_posix())
    return ""
