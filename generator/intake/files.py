"""The files that are added to and edited: read so that every byte can be put back, and replaced."""

from __future__ import annotations

import stat
from pathlib import Path

from generator import disk
from generator.errors import BibpressError, UsageError

# A file's permissions stay; those of a new one are as everywhere.
NEW = 0o644
_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


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

    Raises BibpressError where somebody has changed the file meanwhile and where it is a link or
    nobody may write into it, OSError where it cannot be written.
    """
    if path.is_symlink():
        raise BibpressError(f"{path} is a link: name the file that it leads to")
    if contents(path) != before:
        raise BibpressError(f"{path} was changed meanwhile; nothing is written there, try again")
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else NEW
    if not mode & _WRITABLE:  # its folder is, so that it could be replaced all the same
        raise BibpressError(f"{path} is protected against writing; nothing is written there")
    disk.replace(path, after.encode("utf-8", "surrogateescape"), mode=mode, lasting=True)
