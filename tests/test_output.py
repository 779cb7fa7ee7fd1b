"""From described files to a published site: made once, kept while it is right."""

from __future__ import annotations

import concurrent.futures
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import place as place_module
from generator.errors import BibpressError, ConfigError, PublishError
from generator.output import (
    ENOUGH,
    Output,
    Place,
    Published,
    Unit,
    executor,
    fingerprint,
    plan,
    publish,
    stands,
)
from generator.output import stamp as own_stamp
from generator.place import MARK
from generator.trees import Tree
from tests.publishing import NEW, OLD, Files, left_behind, outputs, put_out, text, tree


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A place where nothing was published yet."""
    return Place(tmp_path / "site")


@pytest.fixture(autouse=True, scope="module")
def _unsynchronised() -> Iterator[None]:
    """Tests need not wait for the disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(place_module, "synchronise", lambda _: None)
        yield


# --- units ----------------------------------------------------------------------------------------


def unit(mark: str, asked: list[str], *made: str) -> Unit:
    """Two files that say the mark; `asked` notes when they are described, `made` says as what."""

    def describe() -> Iterator[Output]:
        asked.append(mark)
        return (Output(path, text, (mark,)) for path in made or ("a", "b"))

    return Unit(("a", "b"), mark, describe)


def put_unit(place: Place, one: Unit) -> Published:
    """Publish a site of one unit."""
    with place.locked():
        return publish(place, [one], stamp="s")


def test_a_unit_is_described_only_where_it_is_new(place: Place) -> None:
    """Its mark decides: the same is not looked into, another one is made."""
    asked: list[str] = []
    for mark in ("1", "1", "2"):
        put_unit(place, unit(mark, asked))
    assert asked == ["1", "2"]
    assert tree(place) == {"a": "2", "b": "2"}


def test_of_a_unit_only_what_is_lacking_is_made(place: Place) -> None:
    """A file of it that somebody took away is made again; the other is kept."""
    put_unit(place, unit("1", []))
    for folder in (place.target, place.spare):
        (folder / "b").unlink()
    published = put_unit(place, unit("1", []))
    assert (published.made, published.kept) == (1, 1)


def test_a_unit_says_what_it_makes(place: Place) -> None:
    """Other paths than were said are a fault of ours, and nothing is published."""
    with pytest.raises(ValueError, match="are described"):
        put_unit(place, unit("1", [], "a", "c"))
    assert not place.target.exists()


def test_a_site_stands_while_nobody_touches_it(place: Place) -> None:
    """Whole and unchanged, or not: a file more, less or edited is seen."""
    assert not stands(place)
    put_out(place, OLD)
    assert stands(place)
    (place.target / "more").write_text("more")
    assert not stands(place)


# --- what is published --------------------------------------------------------------------------


def test_first_publish(place: Place) -> None:
    """What is described is there, and nothing else."""
    put_out(place, OLD)

    assert tree(place) == OLD


def test_next_publish(place: Place) -> None:
    """The next site replaces the first: changed, added, removed, file turned folder."""
    put_out(place, OLD)
    put_out(place, NEW)

    assert tree(place) == NEW


def test_and_back_again(place: Place) -> None:
    """A site can turn back into what it was."""
    for files in (OLD, NEW, OLD, OLD, NEW):
        put_out(place, files)

        assert tree(place) == files


def test_figures(place: Place) -> None:
    """Files are made or kept; removed are those that were there before."""
    put_out(place, OLD)
    published = put_out(place, NEW)

    assert (len(published.sizes), published.made, published.kept, published.removed) == (6, 5, 1, 3)
    assert published.sizes == {path: len(content) for path, content in NEW.items()}


def test_figures_of_nothing_changed(place: Place) -> None:
    """Nothing changed, nothing made, and the figures are still of the whole site."""
    first = put_out(place, OLD)
    again = put_out(place, OLD)

    assert (again.made, again.kept, again.removed) == (0, 6, 0)
    assert again.sizes == first.sizes


def test_nothing_changed_nothing_written(place: Place) -> None:
    """Where the site is already the one described, no file or folder changes in any way."""
    put_out(place, OLD)
    before = _states(place)
    put_out(place, OLD)

    assert _states(place) == before


def _states(place: Place) -> dict[str, tuple[int, ...]]:
    found = (path for root in (place.target, place.work) for path in (root, *root.rglob("*")))
    stats = ((str(path), path.lstat()) for path in found)
    return {path: (s.st_ino, s.st_mode, s.st_mtime_ns, s.st_ctime_ns) for path, s in stats}


def test_time_of_unchanged_files(place: Place) -> None:
    """What a mirror need not fetch again keeps its time."""
    put_out(place, OLD)
    before = (place.target / "papers/a.html").stat().st_mtime_ns
    put_out(place, NEW)

    assert (place.target / "papers/a.html").stat().st_mtime_ns == before


def test_time_of_files_made_again_to_the_same(place: Place) -> None:
    """After an upgrade everything is made anew; what came out as it was keeps its time."""
    put_out(place, OLD)
    before = (place.target / "papers/a.html").stat().st_mtime_ns
    published = put_out(place, OLD, stamp="2")

    assert published.made == len(OLD)
    assert (place.target / "papers/a.html").stat().st_mtime_ns == before


MADE: list[str] = []


def noted(content: str) -> bytes:
    """A file of this text, and a note that it was made."""
    MADE.append(content)
    return content.encode()


def test_one_change_among_thousands(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work is counted: one output changes, one is made, one file is written."""
    put_out(place, OLD)
    for first in ("0", "zero"):
        files = {MARK: first} | {f"papers/{i}.html": f"{i}" for i in range(1, 5000)}
        written: list[str] = []
        monkeypatch.setattr(Tree, "put", _noting(Tree.put, written))
        MADE.clear()
        with place.locked():
            publish(place, [Output(p, noted, (content,)) for p, content in files.items()], stamp="")

    assert (MADE, written) == (["zero"], [MARK])


def _noting(put: Callable[..., None], paths: list[str]) -> Callable[..., None]:
    def noting(tree: Tree, path: str, *args: object) -> None:
        paths.append(path)
        put(tree, path, *args)

    return noting


FILES = st.dictionaries(
    st.sampled_from(["a", "b.html", "a/x", "a/y/z", "b.html/c", "d/e/f", "d/e.html", "g"]),
    st.sampled_from(["", "1", "2", "other"]),
).map(lambda files: {MARK: ""} | {p: t for p, t in files.items() if not _in_the_way(p, files)})


def _in_the_way(path: str, files: Files) -> bool:
    return any(other.startswith(path + "/") for other in files)


@settings(max_examples=200, deadline=None)
@given(st.lists(FILES, min_size=1, max_size=5))
def test_incremental_equals_clean(history: list[Files]) -> None:
    """Whatever was published before, the last site is all there is."""
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder, "site"))
        for files in history:
            put_out(place, files)

        assert tree(place) == history[-1]


# --- harm done by hand --------------------------------------------------------------------------


def _rewritten(site: Path) -> None:
    with (site / "index.html").open("r+") as file:
        file.write("XX")
    os.utime(site / "index.html", (1, 1))  # a coarse clock may not have moved on meanwhile


def _twins(site: Path) -> None:
    (site / "papers/b.html").unlink()
    (site / "papers/b.html").hardlink_to(site / "papers/a.html")


def _unreadable(site: Path) -> None:
    (site / "gone").chmod(0)


def _linked_out(site: Path) -> None:
    shutil.move(site / "papers", site.parent / "elsewhere")
    (site / "papers").symlink_to(site.parent / "elsewhere")


def _copied(site: Path) -> None:
    shutil.copytree(site, site.parent / "copy")
    shutil.rmtree(site)
    (site.parent / "copy").rename(site)


def _folder_for_file(site: Path) -> None:
    (site / "index.html").unlink()
    (site / "index.html/deep/er").mkdir(parents=True)


def _garbage(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)
    path.unlink(missing_ok=True)
    path.write_text("garbage")


def _no_manifests(site: Path) -> None:
    for manifest in Place(site).work.glob("manifest-*"):
        manifest.unlink()


def _garbled_manifests(site: Path) -> None:
    for manifest in Place(site).work.glob("manifest-*"):
        _garbage(manifest)


def _lock_a_folder(site: Path) -> None:
    (Place(site).work / "lock").unlink()
    (Place(site).work / "lock").mkdir()


HARM: dict[str, Callable[[Path], object]] = {
    "rewritten in place": _rewritten,
    "longer": lambda site: (site / "index.html").write_text("something else entirely"),
    "deleted": lambda site: (site / "papers/a.html").unlink(),
    "folder deleted": lambda site: shutil.rmtree(site / "papers"),
    "folder for a file": _folder_for_file,
    "foreign file": lambda site: (site / "papers/foreign.html").write_text("x"),
    "foreign empty folder": lambda site: (site / "foreign/er").mkdir(parents=True),
    "link for a file": lambda site: (site / "link").symlink_to("index.html"),
    "link for a folder": _linked_out,
    "second name": _twins,
    "pipe": lambda site: os.mkfifo(site / "pipe"),
    "read-only file": lambda site: (site / "index.html").chmod(0o444),
    "private folder": lambda site: (site / "papers").chmod(0o700),
    "private site": lambda site: site.chmod(0o700),
    "unreadable folder": _unreadable,
    "touched": lambda site: os.utime(site / "index.html", (0, 0)),
    "copied": _copied,
    "work folder gone": lambda site: shutil.rmtree(Place(site).work),
    "spare gone": lambda site: shutil.rmtree(Place(site).work / "next"),
    "spare a file": lambda site: _garbage(Place(site).work / "next"),
    "spare rewritten": lambda site: _garbage(Place(site).work / "next/papers/a.html"),
    "manifests gone": _no_manifests,
    "manifests garbage": _garbled_manifests,
    "lock a folder": _lock_a_folder,
    "old and current site": lambda site: shutil.copytree(site, Place(site).old),
    "half an archive": lambda site: (Place(site).work / "archive.tmp").touch(),
    "odd journal": lambda site: (Place(site).work / "journal").touch(),
    "nothing": lambda _: None,
}


@pytest.mark.parametrize("files", [OLD, NEW], ids=["same site", "next site"])
@pytest.mark.parametrize("harm", HARM)
def test_harm_is_mended(place: Place, harm: str, files: Files) -> None:
    """Whatever was done to the site or to the work folder by hand, the next build mends it."""
    for before in (NEW, OLD):
        put_out(place, before)
    HARM[harm](place.target)
    put_out(place, files)

    assert tree(place) == files
    assert left_behind(place) == set()


@pytest.mark.parametrize("harm", HARM)
def test_harm_done_to_a_site_twice_published(place: Place, harm: str) -> None:
    """The spare, which shares files with the harmed site, is not taken for right either."""
    put_out(place, OLD)
    HARM[harm](place.target)
    for files in (NEW, OLD, NEW):
        put_out(place, files)

        assert tree(place) == files


def test_twins_of_one_content_are_told_apart(place: Place) -> None:
    """Two files of one content and one time, made one inode by hand, become two again."""
    files = {MARK: "", "a": "same", "b": "same"}
    put_out(place, files)
    for name in ("a", "b"):
        os.utime(place.target / name, (1, 1))
    put_out(place, files)
    (place.target / "b").unlink()
    (place.target / "b").hardlink_to(place.target / "a")
    put_out(place, files)

    assert tree(place) == files


@pytest.mark.parametrize("mask", [0o077, 0o777, 0o000], ids="{:03o}".format)
def test_modes_whatever_the_umask(place: Place, mask: int) -> None:
    """Files 0644 and folders 0755 under any umask: hosts refuse others."""
    before = os.umask(mask)
    try:
        put_out(place, OLD)
        put_out(place, NEW)
    finally:
        os.umask(before)

    assert tree(place) == NEW


def test_a_umask_does_not_lock_us_out(place: Place) -> None:
    """What we keep for ourselves can be opened again whatever the umask, which stays as it was."""
    before = os.umask(0o777)
    try:
        put_out(place, OLD)
    finally:
        after = os.umask(before)

    own = [place.work, *(path for path in place.work.iterdir() if path.is_file())]
    assert [path.name for path in own if path.stat().st_mode & 0o600 != 0o600] == []
    assert after == 0o777


# --- paths --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.html", "a.html"),
        ("a.html", "A.HTML"),
        ("caf\u00e9.html", "cafe\u0301.html"),
        ("stra\u00dfe", "STRASSE"),
        ("tags/a", "Tags/b"),
        ("a", "a/b"),
        ("a/b", "a"),
        ("A", "a/b"),
    ],
)
def test_one_path_for_two_files(place: Place, one: str, other: str) -> None:
    """Two files that some system takes for one are refused, and named."""
    put_out(place, OLD)
    both = [Output(MARK, text, ("",)), Output(one, text, ("",)), Output(other, text, ("",))]
    with pytest.raises(PublishError, match="two files want one path"), place.locked():
        publish(place, both, stamp="1")

    assert tree(place) == OLD


def test_the_error_names_both_paths(place: Place) -> None:
    """Whoever has to rename one of them is told both."""
    with pytest.raises(PublishError, match=r'"a\.html" and "A\.html"'):
        put_out(place, {"a.html": "", "A.html": ""})


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/etc/passwd",
        "..",
        "../x",
        "a/../b",
        "a//b",
        "a/",
        ".",
        "./a",
        "a/.",
        "a\\b",
        "a/..",
    ],
)
def test_no_path_leads_out(place: Place, path: str) -> None:
    """A path that is not plainly within the site is a fault of ours."""
    with pytest.raises(ValueError, match="no path within a site"):
        put_out(place, {path: ""})


def test_a_name_too_long_is_said_plainly(place: Place) -> None:
    """A name that the disk does not take is one line, and the site as it was."""
    put_out(place, OLD)
    with pytest.raises(PublishError, match="name too long") as error:
        put_out(place, {MARK: "", "x" * 300: ""})

    assert "\n" not in str(error.value)
    assert tree(place) == OLD


# --- fingerprints -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Thing:
    """Plain data."""

    name: str


BASE = Output("a", text, (Thing("x"), 1))


@pytest.mark.parametrize(
    ("other", "stamp", "same"),
    [
        (Output("a", text, (Thing("x"), 1)), "1", True),
        (Output("b", text, (Thing("x"), 1)), "1", True),
        (Output("a", text, (Thing("y"), 1)), "1", False),
        (Output("a", text, (Thing("x"), "1")), "1", False),
        (Output("a", noted, (Thing("x"), 1)), "1", False),
        (Output("a", text, (Thing("x"), 1)), "2", False),
    ],
)
def test_what_a_fingerprint_stands_for(other: Output, stamp: str, same: bool) -> None:
    """The function, its arguments and the stamp; equal values are equal, the path is left out."""
    assert (fingerprint(BASE, "1") == fingerprint(other, stamp)) is same


def test_half_characters_have_a_fingerprint() -> None:
    """A file name that is not UTF-8 is no reason to fail."""
    assert len(fingerprint(Output("a", text, ("\udc80",)), "1")) == 32


def test_functions_that_cannot_travel(place: Place) -> None:
    """A function that no worker could find is a fault of ours, found at once."""
    with pytest.raises(ValueError, match="top of a module"), place.locked():
        publish(place, [Output("a", lambda: b"", ())], stamp="1")


def test_the_stamp_is_one_for_all_processes() -> None:
    """A worker or the next build finds the same stamp, whatever its hash seed."""
    code = "from generator.output import stamp; print(stamp())"
    env = os.environ | {"PYTHONHASHSEED": "7"}
    found = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)

    assert found.stdout.strip() == own_stamp()


# --- dry runs -----------------------------------------------------------------------------------


def test_a_plan_says_what_would_happen(place: Place) -> None:
    """What would be made and removed is known without touching anything."""
    put_out(place, OLD)
    found = plan(place, outputs(NEW), stamp="1")

    assert found.made == [path for path in NEW if path != "papers/a.html"]
    assert sorted(found.removed) == ["gone/once/x.html", "papers/b.html", "turns"]
    assert tree(place) == OLD


# --- workers ------------------------------------------------------------------------------------


def fail(_: str) -> bytes:
    """A page that cannot be made."""
    raise KeyError("no\nsuch topic")


def fail_knowingly(_: str) -> bytes:
    """A page that the owner's files do not allow."""
    raise ConfigError("templates/paper.html:3: what is this")


def die(_: str) -> bytes:
    """A page whose worker is killed, as for want of memory."""
    os.kill(os.getpid(), signal.SIGKILL)
    return b""


def sleep_and_tell(folder: str) -> bytes:
    """Says who makes it, and takes long."""
    Path(folder, str(os.getpid())).touch()
    time.sleep(60)
    return b""


MANY: Files = {MARK: "", **{f"papers/{i}.html": f"paper {i}" * 50 for i in range(ENOUGH + 70)}}


def test_processes_make_the_same_bytes(place: Place) -> None:
    """Who makes a file does not show in it."""
    with executor("process", 2) as pool:
        put_out(place, MANY, executor=pool, jobs=2)

    assert tree(place) == MANY


def test_few_files_need_no_workers(place: Place) -> None:
    """Starting processes takes longer than making a few files."""
    with executor("process", 2) as pool:
        assert isinstance(pool, concurrent.futures.ProcessPoolExecutor)
        put_out(place, OLD, executor=pool, jobs=2)

        assert not pool._processes


def test_a_system_that_starts_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so in a line, and the workers that were started before are not left behind."""

    def refused(_: object) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("concurrent.futures.process._ExecutorManagerThread.start", refused)
    with (
        pytest.raises(BibpressError, match="no workers can be started"),
        executor("process", 2) as pool,
    ):
        pool.submit(int)
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("jobs", [1, 3])
def test_few_chunks_are_out_at_once(place: Place, jobs: int) -> None:
    """However large the site, only so many results wait in memory."""
    pool = Counting()
    put_out(place, {f"{i}": "" for i in range(64 * 20)}, executor=pool, jobs=jobs)

    assert pool.most == 2 * jobs + 1


P = ParamSpec("P")
T = TypeVar("T")


class Counting(concurrent.futures.Executor):
    """Counts the results that were ordered and not yet asked for."""

    def __init__(self) -> None:
        self.out = self.most = 0

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Orders a result."""
        self.out += 1
        self.most = max(self.most, self.out)
        return Ordered(self, lambda: fn(*args, **kwargs))


class Ordered(Future[T]):
    """Is made when it is asked for."""

    def __init__(self, pool: Counting, call: Callable[[], T]) -> None:
        super().__init__()
        self._pool = pool
        self._call = call

    def result(self, timeout: float | None = None) -> T:  # noqa: ARG002 - the name is given
        """Asks for it."""
        self._pool.out -= 1
        return self._call()


@pytest.mark.parametrize("kind", ["inline", "process"])
def test_a_page_that_cannot_be_made(place: Place, kind: str) -> None:
    """One line names the page and what was wrong; the site stays as it was."""
    put_out(place, OLD)
    bad = [*outputs(MANY), Output("papers/bad.html", fail, ("x",))]
    with executor(kind, 2) as pool, place.locked(), pytest.raises(PublishError) as error:
        publish(place, bad, stamp="1", executor=pool)

    assert str(error.value) == (r"papers/bad.html could not be made: KeyError: 'no\nsuch topic'")
    assert tree(place) == OLD


@pytest.mark.parametrize("kind", ["inline", "process"])
def test_an_error_of_the_owners_stays_what_it_is(place: Place, kind: str) -> None:
    """A message meant for the owner arrives as it is, with a note of the page."""
    bad = [*outputs(MANY), Output("papers/bad.html", fail_knowingly, ("x",))]
    with executor(kind, 2) as pool, place.locked(), pytest.raises(BibpressError) as error:
        publish(place, bad, stamp="1", executor=pool)

    assert str(error.value) == "templates/paper.html:3: what is this"
    assert "while making papers/bad.html" in error.value.__notes__


def test_a_killed_worker(place: Place) -> None:
    """A worker that dies ends the build with one line, the site as it was."""
    put_out(place, OLD)
    bad = [*outputs(MANY), Output("papers/bad.html", die, ("x",))]
    with (
        executor("process", 2) as pool,
        place.locked(),
        pytest.raises(PublishError, match="a worker process was killed"),
    ):
        publish(place, bad, stamp="1", executor=pool, jobs=2)

    assert tree(place) == OLD


def test_what_was_made_before_an_error_is_no_harm(place: Place) -> None:
    """After a build that failed half way the next one is right."""
    put_out(place, OLD)
    with pytest.raises(PublishError), place.locked():
        publish(place, [*outputs(NEW), Output("z", fail, ("",))], stamp="1")
    put_out(place, NEW)

    assert tree(place) == NEW


def test_workers_leave_an_interrupt_to_their_master() -> None:
    """Ctrl-C reaches every process of the terminal; only the command answers it."""
    with executor("process", 2) as pool:
        assert pool.submit(signal.getsignal, signal.SIGINT).result() == signal.SIG_IGN


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_workers_leave_with_their_master(tmp_path: Path) -> None:
    """Workers whose command was killed do not stay behind, waiting for ever."""
    pids = tmp_path / "pids"
    pids.mkdir()
    code = f"""
from pathlib import Path
from generator.output import *
from tests.test_output import sleep_and_tell
if __name__ == "__main__":
    place = Place(Path({str(tmp_path / "site")!r}))
    many = (Output(str(i), sleep_and_tell, ({str(pids)!r},)) for i in range(1000))
    with executor("process", 2) as pool, place.locked():
        publish(place, many, stamp="1", executor=pool, jobs=2)
"""
    script = tmp_path / "script.py"
    script.write_text(code)
    root = str(Path(__file__).parent.parent)
    with subprocess.Popen(
        [sys.executable, str(script)],
        env=os.environ | {"PYTHONPATH": root},
        stderr=subprocess.DEVNULL,
    ) as master:
        _wait_for(lambda: len(list(pids.iterdir())) == 2)
        master.kill()
    _wait_for(lambda: not any(_runs(int(file.name)) for file in pids.iterdir()))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120  # starting Python takes long on a busy machine
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_progress_ends_at_the_total(place: Place) -> None:
    """Every stage is reported to its end."""
    told: list[tuple[str, int, int]] = []
    put_out(place, MANY, total=len(MANY) // 2, progress=lambda *what: told.append(what))

    assert ("pages", len(MANY), len(MANY)) in told
    assert all(
        0 < done < total for stage, done, total in told if stage == "pages" and done < len(MANY)
    )
    assert told[-1][0] == "publish"
    assert told[-1][1] == told[-1][2]
