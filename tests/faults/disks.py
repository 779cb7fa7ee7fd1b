"""Disks that are full: of bytes, of names; and places that cannot be exchanged.

These need a file system of their own, so they run in a mount namespace of their own, which takes
all mounts along when it ends: `python -m tests.faults` starts itself again in one where it may.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random

from tests.faults.world import FAULTY, Ended, Trial, World, run, trial

PAGE = 4096
"""tmpfs gives bytes away in pages of this size."""

CHANGED = 4
"""A rebuild writes about one in so many files."""

SLACK = 64 * 1024
"""What a build that found no room may have left more than was there: a ledger, a cache."""


@functools.cache
def namespace() -> tuple[str, ...]:
    """What goes before a command that may then mount something; empty where that cannot be."""
    for words in (("unshare", "-m"), ("unshare", "-r", "-m")):
        tried = [*words, "mount", "-t", "tmpfs", "none", "/mnt"]
        found = shutil.which("unshare")
        if found and not subprocess.run(tried, capture_output=True, check=False).returncode:
            return words
    return ()


def mount(folder: Path, **options: str) -> None:
    """Mount a small file system in memory, with the mode of a published folder."""
    folder.mkdir(exist_ok=True)
    said = ",".join(f"{name}={value}" for name, value in {"mode": "755", **options}.items())
    subprocess.run(["mount", "-t", "tmpfs", "-o", said, "none", folder], check=True)


def unmount_below(folder: Path) -> None:
    """Take away all that was mounted below a folder."""
    mounts = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    for place in mounts:
        if place.startswith(f"{folder}/"):
            subprocess.run(["umount", "-l", place], check=True)


def full(world: World, count: int, moments: Random, *, cold: bool = False) -> Iterator[Trial]:
    """Less room than the site takes, down to none; the world lies on a small file system."""
    whole = sum(len(content) for _, content in world.wanted.values()) // PAGE + len(world.wanted)
    for _ in range(count):
        pages = moments.randrange(whole if cold else whole // CHANGED)
        yield trial(world, f"{pages} pages left", partial(_full, pages), FAULTY, cold=cold)


def _full(pages: int, world: World) -> Ended:
    """A build where so many pages are left; a wrong, if it leaves the disk fuller than it was."""
    filler = world.folder / "filler"
    with filler.open("wb") as file:
        free = os.statvfs(world.folder).f_bavail - pages
        os.posix_fallocate(file.fileno(), 0, max(1, free) * PAGE)
    ended = run(world, world.command())
    left = os.statvfs(world.folder).f_bavail
    filler.unlink()
    wrong = [f"left {left} of {pages} pages"] if left < pages - SLACK // PAGE else []
    return replace(ended, wrong=tuple(wrong if ended.status else []))


def nameless(world: World, count: int, moments: Random, *, cold: bool = False) -> Iterator[Trial]:
    """Fewer inodes than the site takes, down to none; the world lies on a small file system."""
    for _ in range(count):
        names = moments.randrange(len(world.wanted) if cold else len(world.wanted) // CHANGED)
        yield trial(world, f"{names} inodes left", partial(_nameless, names), FAULTY, cold=cold)


def _nameless(names: int, world: World) -> Ended:
    filler = world.folder / "filler"
    filler.mkdir()
    while (free := os.statvfs(world.folder).f_favail) > names:
        for number in range(free - names):
            (filler / f"{free}-{number}").touch()
    ended = run(world, world.command())
    shutil.rmtree(filler)
    return ended
