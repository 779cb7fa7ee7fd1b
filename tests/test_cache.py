"""The cache is only a cache: whatever happens to its file costs time and nothing else."""

from __future__ import annotations

import gc
import os
import pickle
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.cache import Cache, load, save

STAMP = "0123"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file of a cache that holds one paper, and some among many."""
    (tmp_path / "work").mkdir()
    (tmp_path / "work/lock").touch()
    cache = Cache(tmp_path / "work/cache", STAMP)
    cache.put("a.bib", ("Deep nets", 2020))
    cache.put_many({"00a": ("One",), "00b": ("Two",), "01a": ("Three",)})
    cache.save()
    return tmp_path / "work/cache"


def test_a_value_comes_back(path: Path) -> None:
    """What was put and saved is there on the next start."""
    assert Cache(path, STAMP).get("a.bib") == ("Deep nets", 2020)


def test_a_value_can_be_had_before_saving(tmp_path: Path) -> None:
    """What was put can be had at once."""
    cache = Cache(tmp_path / "cache", STAMP)
    cache.put("a", [1])

    assert cache.get("a") == [1]


def test_values_are_not_shared(path: Path) -> None:
    """Nobody can change what the next reader gets."""
    cache = Cache(path, STAMP)
    cache.put("list", [1])
    given_out = cache.get("list")
    assert isinstance(given_out, list)
    given_out.append(2)

    assert cache.get("list") == [1]


def test_many_values_come_back(path: Path) -> None:
    """Of many values those that are there are had at once, the others are missing."""
    wanted = ["01a", "00c", "00a", "02a", ""]

    assert Cache(path, STAMP).get_many(wanted) == {"01a": ("Three",), "00a": ("One",)}


def test_many_values_can_be_had_before_saving(tmp_path: Path) -> None:
    """What was put among many can be had at once, the last that was put."""
    cache = Cache(tmp_path / "cache", STAMP)
    cache.put_many({"a": 1, "b": 1})
    cache.put_many({"b": 2})

    assert cache.get_many("ab") == {"a": 1, "b": 2}


def test_one_and_many_are_kept_apart(path: Path) -> None:
    """A value is had in the way in which it was put."""
    cache = Cache(path, STAMP)

    assert cache.get("00a") is None
    assert cache.get_many(["a.bib"]) == {}


def test_a_drawer_is_unpickled_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Values whose keys begin alike come back together."""
    cache = Cache(path, STAMP)
    loads, done = pickle.loads, []

    def noted(data: bytes) -> object:
        done.append(data)
        return loads(data)

    monkeypatch.setattr(pickle, "loads", noted)
    cache.get_many(["00a"])
    cache.get_many(["00b", "00a", "00c"])

    assert len(done) == 1


def test_an_untouched_drawer_is_not_pickled_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After one edit only what lies beside it is pickled anew, and the file as a whole."""
    cache = Cache(path, STAMP)
    cache.get_many(["00a", "00b", "01a"])
    cache.put_many({"01b": ("Four",)})
    dumps, done = pickle.dumps, []

    def noted(value: object, protocol: int) -> bytes:
        done.append(value)
        return dumps(value, protocol)

    monkeypatch.setattr(pickle, "dumps", noted)
    cache.save()

    assert done[:-1] == [{"01a": ("Three",), "01b": ("Four",)}]


def test_only_used_ones_of_many_are_kept(path: Path) -> None:
    """Of many values, too, those are forgotten that a build did not ask for."""
    cache = Cache(path, STAMP)
    cache.get_many(["00a"])
    cache.save()

    assert Cache(path, STAMP).get_many(["00a", "00b", "01a"]) == {"00a": ("One",)}


def test_a_drawer_with_a_class_that_is_gone_is_empty(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Values that cannot be unpickled are missing, and those beside them; the others are there."""
    cache = Cache(path, STAMP)
    cache.get_many(["00a", "00b", "01a"])
    cache.put_many({"00c": Vanishing()})
    cache.save()
    monkeypatch.delattr(sys.modules[__name__], "Vanishing")

    assert Cache(path, STAMP).get_many(["00a", "00b", "00c", "01a"]) == {"01a": ("Three",)}


@pytest.mark.parametrize("searching", [True, False])
def test_unpickling_leaves_the_garbage_collector_as_it_was(path: Path, searching: bool) -> None:
    """The search for garbage that unpickling puts off is on again, if it was on."""
    (gc.enable if searching else gc.disable)()
    try:
        Cache(path, STAMP).get_many(["00a"])
        assert gc.isenabled() == searching
    finally:
        gc.enable()


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(data)


def _to_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _to_pipe(path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no named pipes here")
    path.unlink()
    os.mkfifo(path)


def _to_other_type(path: Path) -> None:
    save(path, STAMP, ({"a.bib": b""}, {"00": b""}))


DAMAGES: tuple[Callable[[Path], object], ...] = (
    Path.unlink,
    lambda path: path.write_bytes(b""),
    lambda path: path.write_bytes(b"\x80\x05garbage"),
    lambda path: path.write_bytes(path.read_bytes() + b"x"),
    _truncate,
    _flip,
    _to_folder,
    _to_pipe,
    _to_other_type,
)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_is_an_empty_cache(path: Path, damage: Callable[[Path], object]) -> None:
    """Missing, empty, torn, altered or no file at all: empty, and never an error."""
    damage(path)

    assert Cache(path, STAMP).get("a.bib") is None
    assert Cache(path, STAMP).get_many(["00a", "01a"]) == {}


def test_every_torn_file_is_empty(path: Path) -> None:
    """A file cut off at any byte holds nothing."""
    whole = path.read_bytes()
    for size in range(len(whole)):
        path.write_bytes(whole[:size])

        assert load(path, STAMP) is None


def test_another_version_starts_afresh(path: Path) -> None:
    """What another version of the program wrote is not believed."""
    assert Cache(path, "4567").get("a.bib") is None


def test_a_strangers_file_is_empty(path: Path, tmp_path: Path) -> None:
    """A pickle is a program, and comes with any folder: only what was sealed here is run."""
    shutil.copytree(path.parent, tmp_path / "unpacked")

    assert load(path, STAMP) is not None
    assert load(tmp_path / "unpacked/cache", STAMP) is None


def test_a_folder_that_moves_keeps_its_cache(path: Path, tmp_path: Path) -> None:
    """It is the same on the same disk."""
    path.parent.rename(tmp_path / "moved")

    assert load(tmp_path / "moved/cache", STAMP) is not None


@pytest.mark.parametrize("harm", ["gone", "a link", "a folder"])
def test_where_nothing_tells_the_folder_nothing_is_kept(path: Path, harm: str) -> None:
    """A link might lead to a file that every machine has alike."""
    lock = path.with_name("lock")
    lock.rename(path.parent.parent / "lock")
    if harm == "a link":
        lock.symlink_to("../lock")
    elif harm == "a folder":
        lock.mkdir()
    path.unlink()
    save(path, STAMP, 1)

    assert not path.exists()


def test_nothing_is_unpickled_before_the_seal(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pickle is a program: one whose seal is broken is never run."""
    _flip(path)
    monkeypatch.setattr(pickle, "loads", lambda _: pytest.fail("unpickled"))

    assert load(path, STAMP) is None


@pytest.mark.skipif(sys.platform == "win32", reason="files have no such owner there")
def test_another_users_file_is_not_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pickle that someone else put there could run anything, so it is left alone."""
    stranger = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: stranger)

    assert load(path, STAMP) is None


def test_a_value_whose_class_is_gone_is_missing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A single value that cannot be unpickled is missing, the others are there."""
    cache = Cache(path, STAMP)
    cache.put("gone", Vanishing())
    monkeypatch.delattr(sys.modules[__name__], "Vanishing")

    assert cache.get("gone") is None
    assert cache.get("a.bib") is not None


class Vanishing:
    """A class that the next version does not have."""


def test_only_used_keys_are_kept(path: Path) -> None:
    """The file does not grow: what a build did not ask for is forgotten."""
    cache = Cache(path, STAMP)
    cache.put("b.bib", 1)
    cache.save()

    again = Cache(path, STAMP)
    assert again.get("a.bib") is None
    assert again.get("b.bib") == 1


def test_nothing_changed_nothing_written(path: Path) -> None:
    """A build that only read what is there leaves the file alone, also when it put the same."""
    before = path.stat()
    cache = Cache(path, STAMP)
    cache.put("a.bib", ("Deep nets", 2020))
    cache.put_many({"01a": ("Three",)})
    cache.get_many(["00b", "00a"])
    cache.save()

    assert path.stat().st_ino == before.st_ino


def test_a_full_disk_is_no_error(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the cache cannot be written the old one stays, and no half one beside it."""
    cache = Cache(path, STAMP)
    cache.put("b.bib", 1)
    monkeypatch.setattr(Path, "replace", _no_space)
    cache.save()

    assert [file.name for file in path.parent.iterdir() if file.name != "lock"] == ["cache"]
    assert Cache(path, STAMP).get("a.bib") is not None


def _no_space(*_: object) -> None:
    raise OSError(28, "No space left on device")


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.lists(st.text())))
def test_what_is_saved_is_what_is_loaded(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, object]
) -> None:
    """Saving and opening again changes nothing."""
    path = tmp_path_factory.mktemp("cache") / "cache"
    path.with_name("lock").touch()
    cache = Cache(path, STAMP)
    for key, value in values.items():
        cache.put(key, value)
    cache.put_many(values)
    cache.save()
    again = Cache(path, STAMP)

    assert {key: again.get(key) for key in values} == values
    assert again.get_many(values) == values
