"""Where nothing may be published, and how what is published comes to the disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path

from tests.conftest import write
from tests.faults import strace
from tests.faults.kills import recorded
from tests.faults.world import Ended, Trial, World, run, trial, wrongly_said

REFUSED: Mapping[str, str] = {
    "holds foreign files": "../foreign",
    "is a site of Hugo's": "../hugo",
    "is the source": ".",
    "holds the source": "..",
    "is read as a source": "content",
    "lies in what is read": "content/out",
    "is the root": "/",
    "is a link": "../link",
    "is a link to nothing": "../dangling",
    "is a file": "../file",
    "lies below a file": "../file/site",
    "is a working copy": "../cloned",
    "is home": "../home",
}
"""What an output folder may not be, and one that is it, from the site folder."""

MASKS = (0o000, 0o022, 0o027, 0o077, 0o177, 0o777)
"""What a user may have forbidden for all new files; the last forbids everything."""

ORDER = {
    "cold build": ("fsync", "rename", "syncfs", "rename"),
    "rebuild": ("fsync", "rename", "syncfs", "renameat2"),
}
"""In which order things reach the disk: the ledger, by itself; then all, before the site's place.

Of the calls that put something in its place only the ledger's and the site's are looked at.
"""


def refused(world: World, *_: object, cases: Iterable[str] = tuple(REFUSED)) -> Iterator[Trial]:
    """An output folder that is not ours to replace: status 2, one line, and nothing is touched."""
    _surroundings(world.folder)
    for what in cases:
        before = _states(world.folder)
        ended = run(world, world.command("-o", str(world.site / REFUSED[what])))
        wrong = [*wrongly_said(ended)]
        wrong += ["something was touched"] if _states(world.folder) != before else []
        wrong += [f"status {ended.status}"] if ended.status != 2 else []
        yield Trial(what, "old", ended.stage, ended.status, tuple(wrong))


def _surroundings(folder: Path) -> None:
    write(folder, {"foreign/thesis.tex": "x", "file": "x", "home/.profile": "x",
                   "cloned/data/site.json": "{}", "cloned/.git/HEAD": "x",
                   "hugo/data/site.json": "{}", "hugo/content/thesis.md": "x"})  # fmt: skip
    (folder / "link").symlink_to("site/_site")
    (folder / "dangling").symlink_to("nowhere")


def _states(folder: Path) -> dict[str, tuple[object, ...]]:
    """All that can be told of what lies in a folder, short of what the files hold."""
    found = ((path, path.lstat()) for path in (folder, *folder.rglob("*")))
    return {
        str(path): (s.st_ino, s.st_mode, s.st_size, s.st_mtime_ns, s.st_ctime_ns)
        for path, s in found
    }


def masked(world: World, *_: object) -> Iterator[Trial]:
    """Files 0644 and folders 0755 whatever the umask, which every trial looks at."""
    for mask in MASKS:
        for cold in (True, False):
            harm = partial(_masked, mask)
            yield trial(world, f"umask {mask:03o}", harm, (), cold=cold)


def _masked(mask: int, world: World) -> Ended:
    return run(world, world.command(), mask)


def synchronised(world: World, *_: object) -> Iterator[Trial]:
    """The disk is synchronised once, and nothing is written between that and the exchange."""
    for what, order in ORDER.items():
        calls = recorded(world, cold=what == "cold build")
        done = [call for call in calls if call.kind == "sync" or _is_placing(call, world)]
        wrong = [] if tuple(call.name for call in done) == order else [f"in this order: {done}"]
        between = calls[calls.index(done[-2]) + 1 : calls.index(done[-1])]
        wrong += [call.said for call in between if call.kind in strace.CHANGING]
        yield Trial(what, "new", "publish", 0, tuple(wrong))


def _is_placing(call: strace.Call, world: World) -> bool:
    places = (f'"{world.out}"', f'"{world.site / "ledger.tsv"}"')
    return call.kind == "rename" and any(place in call.said for place in places)
