"""The input: from files to records.

    find → decode → a reader by the file's ending → SourceText

What is wrong with a file or an entry is a Problem with its place; nothing in a file's content
raises. A new format is one function under `@reader`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from pathlib import Path

from generator.model import Format, Problem, SourceText, Where
from generator.sources import bib, dump, files, notes
from generator.sources.files import LARGEST, Found
from generator.sources.readers import FORMATS, READERS, Cache, Means, NoCache, reader

__all__ = ["LARGEST", "Cache", "Found", "Means", "NoCache", "bib", "dump", "find", "load", "notes",
           "read", "reader"]  # fmt: skip

Progress = Callable[[str, int, int], None]


def load(
    sources: Sequence[Path],
    cache: Cache | None = None,
    progress: Progress | None = None,
    pool: Executor | None = None,
) -> tuple[SourceText, ...]:
    """What all files of the sources say, in the order of their names.

    `cache` remembers what was understood before, in the same version of this code; `progress` is
    told "reading", how many files are done, and how many there are. `pool` helps with files of
    many entries; the result is the same with and without. A file that cannot be read is a
    SourceText with nothing but that problem. Raises UsageError as `find` does, BibpressError when
    a worker of the pool was killed.
    """
    found = find(sources)
    means = Means(cache or NoCache(), pool)
    texts = []
    for done, file in enumerate(found):
        if progress:
            progress("reading", done, len(found))
        texts.append(_read_file(file, means))
    if progress:
        progress("reading", len(found), len(found))
    return tuple(texts)


def find(sources: Sequence[Path]) -> tuple[Found, ...]:
    """The files of the sources that some reader knows, sorted by name (`files.find`)."""
    return files.find(sources, FORMATS)


def read(
    name: str,
    data: bytes,
    form: Format,
    cache: Cache | None = None,
    pool: Executor | None = None,
) -> SourceText:
    """What one file says, from its bytes alone. Raises nothing, as long as the pool does not.

    A text file that holds BibTeX is read as what it is.
    """
    return _read(name, data, form, Means(cache or NoCache(), pool))


def _read(name: str, data: bytes, form: Format, means: Means) -> SourceText:
    text, problems = files.decode(data, name)
    if form == "dump" and bib.is_bib(text):
        form = "bib"
    said = READERS[form](text, name, means)
    return replace(said, problems=(*problems, *said.problems)) if problems else said


def _read_file(file: Found, means: Means) -> SourceText:
    try:
        data = files.contents(file.path)
    except OSError as error:
        problem = Problem(Where(file.name), f"cannot be read: {error.strerror or error}", "error")
        return SourceText(file.name, file.format, problems=(problem,))
    return _read(file.name, data, file.format, means)
