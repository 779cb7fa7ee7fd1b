"""The power fails: what a journalling file system has kept of a build, and what comes of that.

The site lies on an ext4 file system in an image file. A build is killed at a call; the image as it
is a little later, without what the system still had in memory, is what a disk holds after a power
cut if it keeps the order of its writes. That image is mounted again in the place of the first.

Weaknesses: a disk that lies about what it has written, or that tears a block, is not tried, nor
another file system than ext4 as it comes.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from random import Random

from tests.faults import strace
from tests.faults.kills import recorded
from tests.faults.world import KILLED, Ended, Trial, World, run, trial

MEGABYTES = 64

LONGEST = 2.5
"""Seconds until the power fails; the journal, which ext4 writes every five seconds, every one."""

PUBLISHING = 8
"""So many of the last calls that write have to do with the site's place."""

NOT_SYNCHRONISED = ("syncfs:retval=0",)
"""A system that says that it has synchronised and has not."""


def missing() -> str:
    """Why there can be no such disk here; empty where there can."""
    if not all(shutil.which(tool) for tool in ("mkfs.ext4", "losetup")):
        return "mkfs.ext4 or losetup is not installed"
    return "" if _free_device() else "there is no loop device to be had"


def plug_in(disk: Path) -> None:
    """Mount a new file system on a folder, from an image beside it."""
    image = disk.with_suffix(".image")
    with image.open("wb") as file:
        file.truncate(MEGABYTES << 20)
    subprocess.run(["mkfs.ext4", "-q", image], check=True)
    disk.mkdir()
    _mount(image, disk, _free_device())


def cut(disk: Path) -> None:
    """Cut the power: what is not on the disk by now is gone."""
    image = disk.with_suffix(".image")
    kept, device = _settled_copy(image), _device(disk)
    subprocess.run(["umount", disk], check=True)
    kept.replace(image)
    _mount(image, disk, device)  # the same one, for a folder is known by that and its inode


def cuts(
    world: World, count: int, moments: Random, *, cold: bool = False, lies: bool = False
) -> Iterator[Trial]:
    """The power fails a little after random calls, half of them where the site takes its place.

    `lies` says that nothing is synchronised, though the system says so.
    """
    calls = [call for call in recorded(world, cold=cold) if call.kind in strace.CHANGING]
    refused = NOT_SYNCHRONISED if lies else ()
    for number in range(count):
        call = moments.choice(calls[-PUBLISHING:] if number % 2 else calls)
        later = moments.uniform(0, LONGEST)

        def harm(world: World, call: strace.Call = call, later: float = later) -> Ended:
            disk, log = world.folder.parent, world.folder.parent.with_suffix(".log")
            subprocess.run(["sync", "-f", disk], check=True)
            before = strace.struck(log, call, "signal=KILL", refused)
            ended = run(world, [*before, *world.command()])
            time.sleep(later)
            cut(disk)
            return replace(ended, status=KILLED)

        what = f"{later:.1f} s after {call.name} {call.number}"
        yield trial(world, what, harm, (KILLED,), cold=cold)


def control(world: World, count: int, moments: Random) -> Iterator[Trial]:
    """The same, nothing synchronised: if no half site is found so, the others prove nothing."""
    found = [one.found for one in cuts(world, max(8, count), moments, lies=True)]
    wrong = () if "neither" in found else ("half a site was never found",)
    half = f"time {found.count('neither')} half sites of {len(found)}"
    yield Trial("not synchronised", half, "", KILLED, wrong)


# --- the image ----------------------------------------------------------------------------------


def _settled_copy(image: Path) -> Path:
    """A copy during which nothing was written; the journal might be, meanwhile."""
    copy = image.with_suffix(".copy")
    while True:
        shutil.copyfile(image, copy)
        if _digest(copy) == _digest(image):
            return copy


def _digest(file: Path) -> bytes:
    return blake2b(file.read_bytes()).digest()


def _mount(image: Path, disk: Path, device: str) -> None:
    subprocess.run(["losetup", device, image], check=True)
    subprocess.run(["mount", "-o", "commit=1", device, disk], check=True)
    subprocess.run(["losetup", "-d", device], check=True)  # as soon as it is mounted no more


def _free_device() -> str:
    done = subprocess.run(["losetup", "-f"], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _device(disk: Path) -> str:
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    return next(words[0] for words in mounts if words[1] == str(disk))
