"""Files that somebody else may change: read without waiting, replaced without writing through."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from generator.disk import contents, files_below, replace

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes, links and modes")


def test_a_pipe_keeps_nobody_waiting(tmp_path: Path) -> None:
    """What is no ordinary file when it is opened is an error, whatever it was a moment before."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="no ordinary file"):
        contents(tmp_path / "pipe")


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    """Nor is memory asked for it."""
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(OSError, match="larger than 1 GB"):
        contents(tmp_path / "huge", 1_000_000_000)


def test_another_users_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it must be ours."""
    (tmp_path / "file").write_bytes(b"x")
    stranger = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: stranger)
    with pytest.raises(OSError, match="another user"):
        contents(tmp_path / "file", ours=True)


OBSTACLES: dict[str, Callable[[Path, Path], object]] = {
    "a link": lambda path, victim: path.symlink_to(victim),
    "a hard link": lambda path, victim: path.hardlink_to(victim),
    "a pipe": lambda path, _: os.mkfifo(path),
    "a file": lambda path, _: path.write_bytes(b"half"),
}


@pytest.mark.parametrize("obstacle", OBSTACLES.values(), ids=OBSTACLES)
def test_nothing_is_written_through(
    tmp_path: Path, obstacle: Callable[[Path, Path], object]
) -> None:
    """Whatever lies where the new file is made, nobody else's file is changed by it."""
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    (tmp_path / "in").mkdir()
    obstacle(tmp_path / "in/.file.tmp", victim)
    replace(tmp_path / "in/file", b"new", lasting=True)

    assert victim.read_bytes() == b"precious"
    assert [path.name for path in (tmp_path / "in").iterdir()] == ["file"]
    assert (tmp_path / "in/file").read_bytes() == b"new"


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    """And nothing beside it."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="folder"):
        replace(tmp_path / "folder", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


@pytest.mark.parametrize("mode", [0o644, 0o600])
def test_the_mode_is_as_asked(tmp_path: Path, mode: int) -> None:
    """Whatever the user has forbidden for new files."""
    before = os.umask(0o277)
    try:
        replace(tmp_path / "file", b"", mode=mode)
    finally:
        os.umask(before)
    assert (tmp_path / "file").stat().st_mode & 0o777 == mode


def test_folders_in_folders(tmp_path: Path) -> None:
    """However deep they are, and whatever lies there."""
    (tmp_path / "b").touch()
    (tmp_path / "a").symlink_to(tmp_path)
    deep = tmp_path
    for _ in range(1_200):
        deep = deep / "d"
        deep.mkdir()
    (deep / "c").touch()
    found = files_below(tmp_path)
    subprocess.run(["rm", "-r", str(tmp_path / "d")], check=True)  # Python's way ends at a thousand
    assert found == [tmp_path / "a", tmp_path / "b", deep / "c"]
    assert files_below(tmp_path / "none") == []


def _refused(_: object) -> NoReturn:
    raise PermissionError(errno.EACCES, "Permission denied")


def test_a_folder_that_cannot_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it holds would be lost without a word, so it is an error unless somebody else tells."""
    monkeypatch.setattr(os, "scandir", _refused)
    assert files_below(tmp_path, forgiving=True) == []
    with pytest.raises(PermissionError):
        files_below(tmp_path)
