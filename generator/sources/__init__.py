"""The input: from files to records.

    find → decode → a reader by the file's ending → SourceText

What is wrong with a file or an entry is a Problem with its place; nothing in a file's content
raises. A new format is one function under `@reader`.

Where an ending says too little (.txt, .json, .xml, .csv), or there is no name at all (standard
input), the text itself says what it is: see `guess`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

from generator.model import UNREAD, Format, Problem, SourceText, Where
from generator.sources import bib, csl, dump, files, notes, ris, table, xml
from generator.sources.files import LARGEST, Found
from generator.sources.readers import (
    FORMATS,
    NO_OTHERS,
    READERS,
    Cache,
    Means,
    NoCache,
    Readers,
    reader,
)

__all__ = ["LARGEST", "Cache", "Found", "Means", "NoCache", "Readers", "bib", "csl",
           "dump", "find", "guess", "load", "notes", "piped_name", "read", "reader", "ris", "table",
           "xml"]  # fmt: skip

Progress = Callable[[str, int, int], None]


def load(
    sources: Sequence[Path],
    cache: Cache | None = None,
    progress: Progress | None = None,
    pool: Executor | None = None,
    own: Readers = NO_OTHERS,
) -> tuple[SourceText, ...]:
    """What all files of the sources say, in the order of their names.

    `cache` remembers what was understood before, in the same version of this code; `progress` is
    told "reading", how many files are done, and how many there are. `pool` helps with files of
    many entries; the result is the same with and without. `own` are a site's own readers. A file
    that cannot be read is a SourceText with nothing but that problem. Raises UsageError as `find`
    does, BibpressError when a worker of the pool was killed.
    """
    found = find(sources, own)
    means = Means(cache or NoCache(), pool)
    texts = []
    for done, file in enumerate(found):
        if progress:
            progress("reading", done, len(found))
        if text := _read_file(file, means, own):
            texts.append(text)
    if progress:
        progress("reading", len(found), len(found))
    return tuple(texts)


def find(sources: Sequence[Path], own: Readers = NO_OTHERS) -> tuple[Found, ...]:
    """The files of the sources that some reader knows, sorted by name (`files.find`)."""
    return files.find(sources, {**FORMATS, **own.formats})


def read(
    name: str,
    data: bytes,
    form: Format,
    cache: Cache | None = None,
    pool: Executor | None = None,
) -> SourceText:
    """What one file says, from its bytes alone. Raises nothing, as long as the pool does not.

    A text file that holds BibTeX or RIS is read as what it is: EndNote and others save RIS as .txt.
    """
    return _read(name, data, form, Means(cache or NoCache(), pool))


def guess(data: bytes) -> str:
    """The format of a text that has no name, by how it begins; plain text if by nothing else."""
    text = files.decode(data, "")[0]
    return next((form for form, is_such in _SIGNS.items() if is_such(text)), "dump")


def piped_name(data: bytes) -> str:
    """How a text is called that came in by standard input; its ending says its format."""
    form = guess(data)
    return f"standard-input{next(ending for ending, of in FORMATS.items() if of == form)}"


# How a text shows its format, the surest sign first.
_SIGNS: Mapping[str, Callable[[str], bool]] = {
    "bib": bib.is_bib,
    "csl": csl.is_csl,
    "xml": xml.is_references,
    "note": lambda text: text.startswith("---\n"),
    "ris": ris.is_ris,
    "csv": table.is_table,
}
# Formats whose endings are used for all sorts of things. In a folder that is no site such a file
# is a source only if it shows that it is: package.json is none, and nobody has to be told.
_OF_ALL_SORTS = frozenset({"csl", "csv", "xml"})


def _read(name: str, data: bytes, form: str, means: Means, own: Readers = NO_OTHERS) -> SourceText:
    text, problems = files.decode(data, name)
    if form == "dump":
        form = next((other for other in _IN_TEXT_FILES if _SIGNS[other](text)), form)
    said = (own.reads.get(form) or READERS[form])(text, name, means)
    return replace(said, problems=(*problems, *said.problems)) if problems else said


_IN_TEXT_FILES = ("bib", "ris")


def _read_file(file: Found, means: Means, own: Readers) -> SourceText | None:
    """What a file says; None where it is passed over."""
    try:
        data = files.contents(file.path)
    except OSError as error:
        said = f"cannot be read: {error.strerror or error}"
        problem = Problem(Where(file.name), said, "error", UNREAD)
        return SourceText(file.name, file.format, problems=(problem,))
    if not file.meant and file.format in _OF_ALL_SORTS and not _shows(file.format, data):
        is_table = file.format == "csv"
        return table.stranger(files.decode(data, "")[0], file.name) if is_table else None
    return _read(file.name, data, file.format, means, own)


def _shows(form: str, data: bytes) -> bool:
    """Whether a file shows its format; one that is only half of UTF-16 shows what there is."""
    return _SIGNS[form](files.decode(data, "")[0])
