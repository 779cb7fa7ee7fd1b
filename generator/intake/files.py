"""The files that are added to and edited: read so that every byte can be put back, and replaced."""

from __future__ import annotations

from pathlib import Path

from generator import disk, owner
from generator.errors import BibpressError, UsageError


def contents(path: Path) -> str:
    """A file's text, letters that are not UTF-8 kept as they are; empty where there is no file.

    Raises BibpressError for what cannot be read, UsageError for UTF-16, whose bytes are no such
    text.
    """
    if not path.exists():
        return ""
    try:
        data = disk.contents(path)
    except OSError as error:
        raise BibpressError(f"{path}: {error.strerror or error}") from error
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UsageError(f"{path}: save the file as UTF-8, then it can be edited")
    return data.decode("utf-8", "surrogateescape")


def save(path: Path, before: str, after: str) -> None:
    """Put `after` in place of a file that says `before`, in one step; its folder is made.

    Raises what `generator.owner.edit` does.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    owner.edit(path, _bytes(before), _bytes(after))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
