"""The files that are added to and edited: read so that every byte can be put back, and replaced."""

from __future__ import annotations

from pathlib import Path

from generator import disk
from generator.errors import BibpressError, UsageError

# A file's permissions stay; those of a new one are as everywhere.
NEW = 0o644


def contents(path: Path) -> str:
    """A file's text, letters that are not UTF-8 kept as they are; empty where there is no file.

    Raises OSError for what cannot be read, UsageError for UTF-16, whose bytes are no such text.
    """
    if not path.exists():
        return ""
    data = disk.contents(path)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UsageError(f"{path}: save the file as UTF-8, then it can be edited")
    return data.decode("utf-8", "surrogateescape")


def save(path: Path, before: str, after: str) -> None:
    """Put `after` in place of a file that says `before`, in one step; its folder is made.

    Raises BibpressError where somebody has changed the file meanwhile, OSError where it cannot be
    written.
    """
    if contents(path) != before:
        raise BibpressError(f"{path} was changed meanwhile; nothing is written there, try again")
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else NEW
    disk.replace(path, after.encode("utf-8", "surrogateescape"), mode=mode, lasting=True)
