"""Bombs among the files: what stands there and is none, or is another every moment."""

from __future__ import annotations

import os
import socket
import threading
from contextlib import chdir, suppress
from pathlib import Path

from tests.bombs.bomb import BOMBS, Bomb, entry

STEERING = ("topics.toml", "papers.toml", "people.toml", "venues.toml")


def _pipes(folder: Path, _n: int) -> None:
    """Whoever opens one of them waits for ever."""
    for path in (*(f"content/{name}" for name in STEERING), "content/pipe.bib", "content/pipe.md",
                 "static/pipe.txt", "templates/pipe.html"):  # fmt: skip
        (folder / path).parent.mkdir(exist_ok=True)
        os.mkfifo(folder / path)


def _sockets_and_devices(folder: Path, _n: int) -> None:
    content = folder / "content"
    with socket.socket(socket.AF_UNIX) as one, chdir(content):
        one.bind("socket.md")  # the address of a socket must be short
    for name in ("zero", "random", "stdin", "full"):
        (content / f"{name}.bib").symlink_to(f"/dev/{name}")
        (content / f"{name}.txt").symlink_to(f"/dev/{name}")


def _pipe_for_ledger(folder: Path, _n: int) -> None:
    os.mkfifo(folder / "ledger.tsv")


def _links(folder: Path, _n: int) -> None:
    """To itself, in a ring, up, out, to nothing."""
    for name, target in {
        "self.bib": "self.bib",
        "one.bib": "two.bib",
        "two.bib": "one.bib",
        "up": "..",
        "here": ".",
        "root": "/",
        "system.txt": "/etc/passwd",
        "out.bib": "../../../elsewhere.bib",
        "nothing.bib": "nosuch",
        "process": "/proc/self/root",
        "topics.toml": "topics.toml",
    }.items():
        (folder / "content" / name).symlink_to(target)
    (folder / "static").mkdir()
    (folder / "static/loop").symlink_to("..")


def _folders(folder: Path, n: int) -> None:
    for i in range(n):
        (folder / "content" / f"x{i}.bib" / "y.txt" / "z.md").mkdir(parents=True)


def _deep(folder: Path, n: int) -> None:
    """Deeper than the longest path there is; so no one can be told of what lies there."""
    for top in ("content", "static", "templates"):
        (folder / top).mkdir(exist_ok=True)
        with chdir(folder / top):
            for _ in range(n):
                Path("d").mkdir()
                os.chdir("d")
            Path("a.bib").write_text(entry("deep"))


def _unreadable(folder: Path, _n: int) -> None:
    content = folder / "content"
    (content / "secret").mkdir()
    (content / "secret.bib").write_text(entry("secret"))
    for name in ("secret", "secret.bib"):
        (content / name).chmod(0)


def _huge(folder: Path, n: int) -> None:
    """Takes no room on the disk: it is all holes."""
    for name in ("huge.bib", "huge.txt"):
        with (folder / "content" / name).open("wb") as file:
            file.truncate(n)


def _empty(folder: Path, n: int) -> None:
    for i in range(n):
        (folder / "content" / f"{i}.{('bib', 'txt', 'md')[i % 3]}").touch()


def _some(folder: Path, n: int) -> None:
    for i in range(n):
        (folder / "content" / f"bomb{i}.bib").write_text(entry(f"b{i}"))


def _change(folder: Path, done: threading.Event) -> None:
    """Let files come, grow, go, and be something else, as fast as can be."""
    turn = 0
    paths = sorted(folder.glob("content/bomb*.bib"))
    while not done.is_set():
        turn += 1
        for i, path in enumerate(paths):
            with suppress(OSError):
                _CHANGES[(turn + i) % len(_CHANGES)](path)


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _file(path: Path) -> None:
    with suppress(OSError):
        path.rmdir()
    with suppress(OSError):
        path.unlink()
    path.write_text(entry(path.stem) * 20)


_CHANGES = (_file, _pipe, _file, _folder, _file, Path.unlink, _file, lambda path: path.chmod(0))

BOMBS += [
    Bomb("pipes", _pipes, 1, 1),
    Bomb("sockets and devices", _sockets_and_devices, 1, 1),
    Bomb("a pipe for the ledger", _pipe_for_ledger, 1, 1, stops=True),
    Bomb("links in rings, up, out and to nothing", _links, 1, 1),
    Bomb("1,000 folders named like files", _folders, 1_000, 20),
    Bomb("10,000 folders in folders", _deep, 10_000, 1_500),
    Bomb("what must not be read", _unreadable, 1, 1),
    Bomb("files of a terabyte", _huge, 1 << 40, 1 << 40, says="cannot be read: it is larger"),
    Bomb("20,000 empty files", _empty, 20_000, 300),
    Bomb("files that change", _some, 200, 50, meddle=_change),
]
