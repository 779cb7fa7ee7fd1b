"""What is published is a whole site, old or new, whatever happens while it changes."""

from __future__ import annotations

import contextlib
import errno
import os
import random
import stat
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator import place as place_module
from generator import trees
from generator.cache import LOCK
from generator.errors import BibpressError, PublishError, UsageError
from generator.place import MARK, WAITING, Place, archive, check, refuse_strangers
from tests.conftest import write
from tests.publishing import (
    NEW,
    OLD,
    Fault,
    Killed,
    broken_disk,
    faults,
    full_disk,
    left_behind,
    many,
    put_out,
    refuse,
    tree,
)

Patch = pytest.MonkeyPatch

SYNCHRONISE = place_module.synchronise

NO_EXCHANGE = {"exchange": errno.EINVAL}
NO_RENAME = {"exchange": errno.EBUSY, "rename": errno.EBUSY}
WAYS = {"exchange": {}, "two renames": NO_EXCHANGE, "file by file": NO_RENAME}
"""The ways in which a site takes its place, by what the system refuses."""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A place where nothing was published yet."""
    return Place(tmp_path / "site")


@pytest.fixture(autouse=True)
def _unsynchronised(monkeypatch: Patch) -> None:
    """Tests need not wait for the disk; that it is asked to is a test of its own."""
    monkeypatch.setattr(place_module, "synchronise", lambda _: None)


def take_away(patch: Patch, place: Place, refused: dict[str, int]) -> None:
    """Let the system refuse to exchange folders, or to rename the published one."""
    if "exchange" in refused:
        patch.setattr(place_module, "exchange", refuse(refused["exchange"]))
    if "rename" in refused:
        rename = Path.rename

        def stuck(path: Path, target: Path) -> Path:
            if path == place.target:
                refuse(refused["rename"])()
            return rename(path, target)

        patch.setattr(Path, "rename", stuck)


# --- the ways -----------------------------------------------------------------------------------


@pytest.mark.parametrize("way", WAYS)
def test_every_way_leads_there(place: Place, way: str, monkeypatch: Patch) -> None:
    """Whatever the system refuses, the site is published and nothing is left behind."""
    take_away(monkeypatch, place, WAYS[way])
    for files in (OLD, NEW, NEW, OLD, {MARK: ""}, NEW):
        put_out(place, files)

        assert tree(place) == files
        assert left_behind(place) == set()


@pytest.mark.parametrize("way", WAYS)
def test_into_an_empty_folder(place: Place, way: str, monkeypatch: Patch) -> None:
    """An empty folder is published to like a missing one."""
    place.target.mkdir()
    take_away(monkeypatch, place, WAYS[way])
    put_out(place, OLD)

    assert tree(place) == OLD


@pytest.mark.parametrize("way", WAYS)
def test_where_nothing_can_be_remembered(place: Place, way: str, monkeypatch: Patch) -> None:
    """Where no memory can be kept (a user without a home) each site is published all the same."""
    monkeypatch.setattr(trees, "save", lambda *_: None)
    take_away(monkeypatch, place, WAYS[way])
    for files in (OLD, NEW, OLD):
        put_out(place, files)

        assert tree(place) == files


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_an_exchange_that_fails_is_an_error(place: Place, code: int, monkeypatch: Patch) -> None:
    """Only a system that cannot exchange is asked for less; a failure is said."""
    put_out(place, OLD)
    take_away(monkeypatch, place, {"exchange": code})
    with pytest.raises(PublishError, match="cannot publish to"):
        put_out(place, NEW)

    assert tree(place) == OLD


def test_the_second_of_two_renames_fails(place: Place, monkeypatch: Patch) -> None:
    """Then the first is taken back."""
    put_out(place, OLD)
    take_away(monkeypatch, place, NO_EXCHANGE)
    rename = Path.rename

    def stuck(path: Path, target: Path) -> Path:
        if path == place.spare:
            refuse(errno.EIO)()
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", stuck)
        with pytest.raises(PublishError):
            put_out(place, NEW)

    assert tree(place) == OLD


def test_the_disk_is_synchronised_before_the_exchange(place: Place, monkeypatch: Patch) -> None:
    """A power cut after the exchange finds the new site's bytes on the disk; once is enough."""
    steps: list[str] = []
    exchange = place_module.exchange

    def noted(one: Path, other: Path) -> None:
        steps.append("exchange")
        exchange(one, other)

    put_out(place, OLD)
    monkeypatch.setattr(place_module, "synchronise", lambda _: steps.append("synchronise"))
    monkeypatch.setattr(place_module, "exchange", noted)
    put_out(place, NEW)

    assert steps == ["synchronise", "exchange"]


@pytest.mark.parametrize("missing", [False, True])
def test_this_system_synchronises(tmp_path: Path, missing: bool, monkeypatch: Patch) -> None:
    """With or without a call for one file system, all is sent to the disk."""
    if missing:
        monkeypatch.setattr(place_module, "_libc", object)
    SYNCHRONISE(tmp_path)


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="no exchange of folders here")
def test_this_system_exchanges(tmp_path: Path) -> None:
    """Two folders change places in one step."""
    for name in ("one", "other"):
        (tmp_path / name / name).mkdir(parents=True)
    place_module.exchange(tmp_path / "one", tmp_path / "other")

    assert (tmp_path / "one/other").exists()
    assert (tmp_path / "other/one").exists()


def test_the_next_build_has_only_its_changes_to_do(place: Place, monkeypatch: Patch) -> None:
    """The spare is made with the first site, so that the second build links nothing anew."""
    put_out(place, many("one"))
    monkeypatch.setattr(os, "link", lambda *_: pytest.fail("linked"))
    put_out(place, many("one") | {"papers/7.html": "seven"})

    assert (place.target / "papers/7.html").read_text() == "seven"


def test_without_links_no_spare_is_made_ahead(place: Place, monkeypatch: Patch) -> None:
    """Copying a whole site for the next build's sake would cost too much; publishing works."""
    monkeypatch.setattr(os, "link", refuse(errno.EPERM))
    for files in (OLD, NEW, OLD):
        put_out(place, files)

        assert tree(place) == files


# --- faults and crashes -------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [full_disk, broken_disk, KeyboardInterrupt])
@pytest.mark.parametrize("way", WAYS)
def test_a_fault_at_every_call(
    tmp_path: Path, way: str, fault: Callable[[], BaseException], monkeypatch: Patch
) -> None:
    """The disk refuses, or the user interrupts, at every single call: the site is old or new.

    An error is one line. Where a site is replaced file by file, the next start completes it.
    """
    for one in faults(fault):
        place = _published_before(tmp_path / str(one.number))
        with monkeypatch.context() as patch:
            take_away(patch, place, WAYS[way])
            with patch.context() as inner, contextlib.suppress(KeyboardInterrupt):
                _try_with(one, place, inner)
            if way == "file by file":
                _start_again(place)
        _old_or_new(place)
        put_out(place, NEW)
        _all_is_well(place)


@pytest.mark.parametrize("way", WAYS)
def test_a_crash_at_every_call(tmp_path: Path, way: str, monkeypatch: Patch) -> None:
    """The process ends between any two calls: the site is old or new, at once or after a start.

    The next build takes what it finds for its own, without help.
    """
    for one in faults(Killed, for_good=True):
        place = _published_before(tmp_path / str(one.number))
        with monkeypatch.context() as patch:
            take_away(patch, place, WAYS[way])
            with patch.context() as inner, contextlib.suppress(Killed):
                _try_with(one, place, inner)
            check(place, [])
            if way != "exchange":
                _start_again(place)
        _old_or_new(place)
        with place.locked():
            refuse_strangers(place)
        put_out(place, NEW)
        _all_is_well(place)


@pytest.mark.parametrize("way", WAYS)
def test_a_crash_while_recovering(tmp_path: Path, way: str, monkeypatch: Patch) -> None:
    """A start that completes an interrupted build may itself be interrupted, anywhere."""
    for one in faults(Killed, for_good=True):
        place = _published_before(tmp_path / str(one.number))
        with monkeypatch.context() as patch:
            take_away(patch, place, WAYS[way])
            _crash_in_the_midst(place, patch)
            with patch.context() as inner, contextlib.suppress(Killed):
                one.arm(inner)
                with place.locked():
                    pass
            _start_again(place)
        _old_or_new(place)
        put_out(place, OLD)
        assert tree(place) == OLD


def _published_before(folder: Path) -> Place:
    """A place with a history, so that the spare is another site than the published one."""
    place = Place(folder / "site")
    for files in ({**OLD, "z.html": "z"}, OLD):
        put_out(place, files)
    return place


def _try_with(fault: Fault, place: Place, patch: Patch) -> None:
    fault.arm(patch)
    try:
        put_out(place, NEW)
    except PublishError as error:
        assert "\n" not in str(error)
        assert fault.met


def _crash_in_the_midst(place: Place, patch: Patch) -> None:
    """Stop where most is in flux: the old site set aside, or half of the files replaced."""
    calls = {"rename": 2, "replace": 4}
    with patch.context() as inner, contextlib.suppress(Killed):
        for name, number in calls.items():
            inner.setattr(os, name, _killing(getattr(os, name), number))
        put_out(place, NEW)


def _killing(call: Callable[..., object], number: int) -> Callable[..., object]:
    calls = iter(range(1, number))

    def killing(*args: object) -> object:
        if next(calls, None) is None:
            raise Killed
        return call(*args)

    return killing


def _start_again(place: Place) -> None:
    with place.locked():
        pass


def _old_or_new(place: Place) -> None:
    found = tree(place)
    assert found in (OLD, NEW)


def _all_is_well(place: Place) -> None:
    assert tree(place) == NEW
    assert left_behind(place) == set()
    put_out(place, OLD)
    assert tree(place) == OLD


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_kill_at_random_moments(place: Place) -> None:
    """Killed ten times at random moments, the site is one of two whole ones every time."""
    moments = random.Random(6)  # noqa: S311 - nothing secret
    root = Path(__file__).parent.parent
    put_out(place, many("one"))
    for _ in range(10):
        command = [sys.executable, "-m", "tests.publishing", str(place.target)]
        with subprocess.Popen(command, cwd=root) as builder:
            _wait_until_busy(place)
            time.sleep(moments.uniform(0, 0.05))
            builder.kill()
        assert tree(place) in (many("one"), many("two"))
    put_out(place, OLD)

    assert tree(place) == OLD
    assert left_behind(place) == set()


def _wait_until_busy(place: Place) -> None:
    """Until the builder has published something since this was called."""
    before = place.target.stat().st_ino
    _wait_for(lambda: place.target.stat().st_ino != before)


def _wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 120  # starting Python takes long on a busy machine
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.001)


def test_a_full_disk_is_not_left_full(place: Place, monkeypatch: Patch) -> None:
    """What was written towards a site that did not fit is given back."""
    with monkeypatch.context() as patch:
        patch.setattr(place_module, "synchronise", refuse(errno.ENOSPC))
        with pytest.raises(PublishError, match="No space left on device"):
            put_out(place, OLD)

    assert not place.spare.exists()


def test_a_folder_replaced_meanwhile(place: Place) -> None:
    """A folder that someone put in the published one's place during the build is not touched."""
    put_out(place, OLD)

    def meddle(stage: str, *_: int) -> None:
        if stage == "publish" and (place.target / MARK).exists():
            place.target.rename(place.target.with_name("aside"))
            place.target.mkdir()
            (place.target / "precious").touch()

    with pytest.raises(PublishError, match="was replaced while the build was running"):
        put_out(place, NEW, progress=meddle)

    assert (place.target / "precious").exists()


def test_the_errors_name_the_folder_and_the_reason(place: Place, monkeypatch: Patch) -> None:
    """Whoever reads the line knows what to look at."""
    monkeypatch.setattr(os, "mkdir", refuse(errno.EROFS))
    with pytest.raises(PublishError, match=r"site: Read-only file system$"):
        put_out(place, OLD)


# --- one build at a time ------------------------------------------------------------------------


def test_two_builds_at_once(place: Place) -> None:
    """The second is told so and touches nothing."""
    with place.locked(), pytest.raises(PublishError, match="another build is writing"):
        put_out(place, OLD)

    assert not place.target.exists()


def test_one_build_after_another(place: Place) -> None:
    """The lock ends with the build, also with one that failed."""
    with pytest.raises(ZeroDivisionError), place.locked():
        raise ZeroDivisionError
    put_out(place, OLD)

    assert tree(place) == OLD


@pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be locked there")
def test_one_site_folder_to_two_places(tmp_path: Path) -> None:
    """They would write one ledger: the second says that it waits, and leaves no file."""
    (tmp_path / "mine").mkdir()
    done: list[str] = []

    def tell(stage: str, *_: int) -> None:
        done.append(stage)

    def second() -> None:
        with Place(tmp_path / "b").locked(tmp_path / "mine", tell):
            done.append("second")

    waiting = threading.Thread(target=second)
    with Place(tmp_path / "a").locked(tmp_path / "mine", tell):
        waiting.start()
        _wait_for(lambda: done)
        waiting.join(0.1)
        done.append("first")
    waiting.join(20)

    assert done == [WAITING, "first", "second"]
    assert not list((tmp_path / "mine").iterdir())


def test_a_lock_in_a_deleted_folder_is_no_lock(place: Place, monkeypatch: Patch) -> None:
    """Whoever deletes the work folder just when a build starts does not get two builds at once."""
    take = place_module._lock_handle

    def late(handle: int) -> None:
        monkeypatch.setattr(place_module, "_lock_handle", take)
        (place.work / "lock").unlink()
        take(handle)

    monkeypatch.setattr(place_module, "_lock_handle", late)
    with place.locked(), pytest.raises(PublishError, match="another build is writing"):
        put_out(place, OLD)


def test_of_what_comes_to_nothing_no_trace_is_left(tmp_path: Path) -> None:
    """A refused build takes along what was made for it, folders on the way too, and no more."""
    (tmp_path / "there").mkdir()
    with pytest.raises(ZeroDivisionError), Place(tmp_path / "there/not/yet/site").locked():
        raise ZeroDivisionError

    assert [path.name for path in tmp_path.rglob("*")] == ["there"]


def test_what_earlier_builds_left_outlives_a_refused_one(place: Place) -> None:
    """A build that is refused costs the next one nothing."""
    put_out(place, OLD)
    before = {path.name for path in place.work.iterdir()} | {LOCK}
    with pytest.raises(ZeroDivisionError), place.locked():
        raise ZeroDivisionError

    assert {path.name for path in place.work.iterdir()} == before


@pytest.mark.parametrize("step", ["_open_lock", "_lock_handle"])
def test_a_build_beside_a_refused_one_keeps_its_lock(
    place: Place, monkeypatch: Patch, step: str
) -> None:
    """What goes with the refused one is not what the other has, who stood at the door meanwhile."""
    refused = contextlib.ExitStack()
    refused.enter_context(place.locked())
    taken = getattr(place_module, step)

    def late(what: object) -> object:
        monkeypatch.setattr(place_module, step, taken)
        refused.close()
        return taken(what)

    monkeypatch.setattr(place_module, step, late)
    with place.locked(), pytest.raises(PublishError, match="another build is writing"):
        put_out(place, OLD)


ODD: dict[str, Callable[[Path], object]] = {
    "a link": lambda lock: lock.symlink_to("../outside"),
    "a link to a folder": lambda lock: lock.symlink_to(".."),
    "a pipe": os.mkfifo,
}


@pytest.mark.skipif(sys.platform == "win32", reason="no such files there")
@pytest.mark.parametrize("make", ODD.values(), ids=ODD)
def test_a_lock_that_is_no_file(place: Place, make: Callable[[Path], object]) -> None:
    """It is named in one line; nothing is made or locked where a link leads."""
    place.work.mkdir()
    make(place.work / "lock")
    with (
        pytest.raises(PublishError, match=r"lock should be a file of .*delete it$"),
        place.locked(),
    ):
        pass

    assert [path.name for path in place.target.parent.iterdir()] == [place.work.name]


@pytest.mark.skipif(sys.platform == "win32", reason="no such files there")
@pytest.mark.parametrize(
    "make",
    [Path.touch, lambda work: work.symlink_to("nowhere"), lambda work: work.symlink_to(".")],
    ids=["a file", "a link to nothing", "a link to a folder"],
)
def test_what_stands_in_the_place_of_our_folder(
    place: Place, make: Callable[[Path], object]
) -> None:
    """It is named in one line at once: nothing is waited for, and nothing taken out of there."""
    make(place.work)
    with (
        pytest.raises(PublishError, match=r"bibpress should be a folder of .*delete it$"),
        place.locked(),
    ):
        pass

    assert [path.name for path in place.target.parent.iterdir()] == [place.work.name]


def test_a_missing_parent_is_made(tmp_path: Path) -> None:
    """Publishing makes the folders on the way."""
    place = Place(tmp_path / "not/yet/site")
    put_out(place, OLD)

    assert tree(place) == OLD


def test_relative_places_stay_where_they_are(tmp_path: Path, monkeypatch: Patch) -> None:
    """A place is meant from the folder in which it was named."""
    monkeypatch.chdir(tmp_path)
    place = Place(Path("site"))
    monkeypatch.chdir("/")

    assert place.target == tmp_path.resolve() / "site"
    assert place.work == tmp_path.resolve() / ".site.bibpress"


# --- what may not be published to ---------------------------------------------------------------


def _home(folder: Path) -> Path:
    return folder / "home/me"


REFUSED: dict[str, tuple[str, str]] = {
    "root": ("/", "root of the file system"),
    "link": ("link", "is a link"),
    "link to nothing": ("dangling", "is a link"),
    "file": ("file", "not a folder"),
    "below a file": ("file/site", "not a folder"),
    "foreign files": ("foreign", "not empty"),
    "foreign folder": ("foreign/..", "current folder"),
    "hidden file only": ("hidden", "not empty"),
    "a site of Hugo's": ("hugo", "not empty"),
    "data of another program": ("theirs", "not empty"),
    "data that is no JSON": ("garbled", "not empty"),
    "a folder for data": ("odd", "not empty"),
    "current folder": (".", "current folder"),
    "parent of the current folder": ("..", "current folder"),
    "home": ("home/me", "home folder"),
    "parent of home": ("home", "home folder"),
    "the source": ("sources", "the source"),
    "holds a source": ("sources/deep", "the source"),
    "in content": ("mysite/content/out", "read as a source"),
    "deep in content": ("mysite/content/a/b/out", "read as a source"),
    "content itself": ("mysite/content", "read as a source"),
    "in templates": ("mysite/templates/out", "read as a source"),
    "in static": ("mysite/static/out", "read as a source"),
    "by another name": ("alias/content/out", "read as a source"),
    "a working copy": ("cloned", "working copy"),
    "NUL": ("a\0b", "cannot publish"),
    "too long": ("x" * 300, "name too long"),
    "circle": ("circle/site", "cannot publish"),
}


MARKS = {
    "ours": '{"generator":"bibpress 0.1.0","title":"Mine"}',
    "upgraded": '{\n  "title": "Mine", "generator": "bibpress 9.0"\n}',
    "cloned": '{"generator":"bibpress 0.1.0"}',
    "hugo": '{"title": "My thesis"}',
    "theirs": '{"generator": "bibpressed"}',
    "garbled": "[" * 100_000,
}
"""What folders say of who made them."""


@pytest.fixture
def world(tmp_path: Path, monkeypatch: Patch) -> Path:
    """A folder with all that must not be published to."""
    files = dict.fromkeys(("file", "foreign/notes.txt", "hidden/.keep", "sources/deep/a.bib",
                           "plain/a.bib", "ours/index.html", "cloned/.git/HEAD"), "x")  # fmt: skip
    files |= {f"{folder}/{MARK}": said for folder, said in MARKS.items()}
    for folder in ("home/me", "mysite/content", "empty", "odd/" + MARK):
        (tmp_path / folder).mkdir(parents=True)
    write(tmp_path, files)
    (tmp_path / "link").symlink_to("ours")
    (tmp_path / "dangling").symlink_to("nowhere")
    (tmp_path / "alias").symlink_to("mysite")
    (tmp_path / "circle").symlink_to("circle")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Path, "home", lambda: _home(tmp_path))
    return tmp_path


SOURCES = [Path("sources/deep/a.bib"), Path("sources"), Path("mysite")]


@pytest.mark.parametrize(("target", "why"), REFUSED.values(), ids=REFUSED)
def test_refused_with_nothing_touched(world: Path, target: str, why: str) -> None:
    """A folder that is not ours to replace is refused as a wrong use, and left as it is."""
    before = sorted(world.rglob("*"))
    with pytest.raises(UsageError, match=why) as error:
        check(Place(world / target if target != "/" else Path("/")), SOURCES)

    assert error.value.exit_status == 2
    assert "\n" not in str(error.value)
    assert sorted(world.rglob("*")) == before


@pytest.mark.parametrize(("code", "status"), [(errno.EACCES, 2), (errno.EIO, 1)])
def test_a_folder_that_cannot_be_looked_at(
    world: Path, code: int, status: int, monkeypatch: Patch
) -> None:
    """A folder that is closed to us is a wrong use, a disk that fails is not."""
    monkeypatch.setattr(os, "listdir", refuse(code))
    with pytest.raises(BibpressError) as error:
        check(Place(world / "ours"), SOURCES)

    assert error.value.exit_status == status


@pytest.mark.parametrize(
    "target",
    [
        "missing",
        "not/yet/there",
        "empty",
        "ours",
        "upgraded",
        "mysite/_site",
        "sources/_site",
        "é ü",
    ],
)
def test_accepted(world: Path, target: str) -> None:
    """Missing, empty or published before, also in the site or source folder itself."""
    check(Place(world / target), SOURCES)


def test_a_source_file_protects_only_its_folders(world: Path) -> None:
    """Where the source is one file, a folder beside it may be published to."""
    check(Place(world / "sources/out"), [Path("sources/deep/a.bib")])


def test_a_half_replaced_site_is_still_ours(place: Place, monkeypatch: Patch) -> None:
    """A site whose publishing file by file broke off is not taken for someone else's."""
    place.target.mkdir()
    with monkeypatch.context() as patch:
        take_away(patch, place, NO_RENAME)
        patch.setattr(os, "replace", _killing(os.replace, 2))
        with contextlib.suppress(Killed):
            put_out(place, OLD)
    (place.target / MARK).unlink(missing_ok=True)
    check(place, [])
    put_out(place, NEW)

    assert tree(place) == NEW


def _break_off(place: Place, patch: Patch) -> None:
    """Publish NEW over OLD file by file, and stop in the midst of it."""
    put_out(place, OLD)
    with patch.context() as inner, contextlib.suppress(Killed):
        take_away(inner, place, NO_RENAME)
        _crash_in_the_midst(place, inner)
    assert place.journal.exists()
    assert tree(place) not in (OLD, NEW)


def test_a_file_put_into_a_half_replaced_site(place: Place, monkeypatch: Patch) -> None:
    """The site is not completed at the cost of a file that is not ours."""
    _break_off(place, monkeypatch)
    (place.target / "thesis.tex").touch()
    with pytest.raises(UsageError, match=r"did not put thesis\.tex there"):
        put_out(place, NEW)

    assert (place.target / "thesis.tex").exists()


def test_another_folder_in_a_half_replaced_one_s_place(place: Place, monkeypatch: Patch) -> None:
    """What was interrupted is forgotten: the folder that is there now is looked at like any."""
    _break_off(place, monkeypatch)
    place.target.rename(place.target.with_name("aside"))
    write(place.target, {"thesis.tex": "mine"})
    with pytest.raises(UsageError, match="not empty"):
        check(place, [])
    _start_again(place)

    assert [path.name for path in place.target.iterdir()] == ["thesis.tex"]


# --- files among ours ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (["mine.txt"], r"did not put mine\.txt there and would remove it"),
        (["papers/b.txt", "papers/a.txt", "z"], r"papers/a\.txt and 2 more there .* remove them"),
        ([".htaccess"], r"did not put \.htaccess there"),
        (["a\nb"], r"did not put a\?b there"),
    ],
)
def test_files_among_ours_are_refused(place: Place, files: list[str], said: str) -> None:
    """The next site would be without them: a wrong use, which names the first and what to do."""
    put_out(place, OLD)
    write(place.target, dict.fromkeys(files, ""))
    with place.locked(), pytest.raises(UsageError, match=rf"{said}.* static/"):
        refuse_strangers(place)


def _forget(place: Place) -> None:
    (place.target / "mine.txt").touch()
    for file in place.work.glob("manifest-*"):
        file.unlink()


OURS: dict[str, Callable[[Place], object]] = {
    "as published": lambda _: None,
    "edited": lambda place: (place.target / "index.html").write_text("edited"),
    "deleted": lambda place: (place.target / "index.html").unlink(),
    "missing": lambda place: place.target.rename(place.target.with_name("aside")),
    "nothing is remembered": _forget,
    "an empty folder": lambda place: (place.target / "mine").mkdir(),
    "looked at by a file manager": lambda place: (place.target / "papers/.DS_Store").touch(),
    "an older page": lambda place: (place.target / "papers/a.html").touch(),
}


@pytest.mark.parametrize("change", OURS.values(), ids=OURS)
def test_a_site_without_other_files(place: Place, change: Callable[[Place], object]) -> None:
    """It goes on: what we published may be changed, and a lost memory refuses nothing."""
    for files in (OLD, NEW):
        put_out(place, files)
    change(place)
    with place.locked():
        refuse_strangers(place)


def test_a_mark_of_the_owner_s(place: Place) -> None:
    """Who puts a file of their own in the mark's place can still build a second time."""
    put_out(place, {MARK: "mine"})
    check(place, [])


# --- the archive --------------------------------------------------------------------------------


def pack(place: Place, file: Path) -> None:
    """Write the archive as one build does."""
    with place.locked():
        archive(place, file)


@pytest.fixture
def packed(place: Place) -> Iterator[zipfile.ZipFile]:
    """The archive of a published site."""
    put_out(place, OLD)
    pack(place, place.target.with_name("site.zip"))
    with zipfile.ZipFile(place.target.with_name("site.zip")) as file:
        yield file


def test_the_archive_holds_the_site(packed: zipfile.ZipFile) -> None:
    """The same bytes, in one folder."""
    texts = {name: packed.read(name).decode() for name in packed.namelist()}

    assert texts == {f"site/{path}": content for path, content in OLD.items()}


def test_the_archive_says_nothing_of_when_and_where(packed: zipfile.ZipFile) -> None:
    """Sorted, dated 1980, every file 0644."""
    items = packed.infolist()

    assert packed.namelist() == sorted(packed.namelist())
    assert {item.date_time for item in items} == {(1980, 1, 1, 0, 0, 0)}
    assert {item.external_attr >> 16 for item in items} == {stat.S_IFREG | 0o644}


def test_one_site_one_archive(place: Place) -> None:
    """The same site gives the same bytes, whatever was published before."""
    archives = []
    for before in (OLD, NEW):
        for files in (before, OLD):
            put_out(place, files)
        pack(place, place.target.with_name("site.zip"))
        archives.append(place.target.with_name("site.zip").read_bytes())

    assert archives[0] == archives[1]


def test_a_failing_archive_leaves_the_former(place: Place, monkeypatch: Patch) -> None:
    """A full disk leaves the archive as it was, and nothing half written."""
    put_out(place, OLD)
    file = place.target.with_name("site.zip")
    file.write_text("former")
    monkeypatch.setattr(zipfile.ZipFile, "writestr", refuse(errno.ENOSPC))
    with pytest.raises(PublishError, match=r"cannot write .*site\.zip: No space left on device"):
        pack(place, file)

    assert file.read_text() == "former"
    assert left_behind(place) == set()


def test_an_archive_on_another_disk(place: Place, monkeypatch: Patch) -> None:
    """Where it cannot be renamed into its place it is copied beside it first."""
    put_out(place, OLD)
    replace = Path.replace

    def stuck(path: Path, target: Path) -> Path:
        if path.parent != target.parent:
            refuse(errno.EXDEV)()
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", stuck)
    folder = place.target.with_name("elsewhere")
    folder.mkdir()
    pack(place, folder / "site.zip")

    assert zipfile.is_zipfile(folder / "site.zip")
    assert [path.name for path in folder.iterdir()] == ["site.zip"]


@pytest.mark.skipif(sys.platform == "win32", reason="links are for the few there")
@pytest.mark.parametrize("unfinished", [".site.bibpress/archive.tmp", ".site.zip.tmp"])
def test_an_archive_is_never_written_through_a_link(
    place: Place, unfinished: str, monkeypatch: Patch
) -> None:
    """What lies where it is made, or copied to, is removed; what a link leads to stays."""
    put_out(place, OLD)
    file = place.target.with_name("site.zip")
    write(place.target.parent, {"precious": "mine"})
    replace = Path.replace

    def stuck(path: Path, target: Path) -> Path:
        if path.parent != target.parent:
            refuse(errno.EXDEV)()
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", stuck)
    with place.locked():
        (place.target.parent / unfinished).symlink_to(place.target.with_name("precious"))
        archive(place, file)

    assert place.target.with_name("precious").read_text() == "mine"
    assert stat.S_IMODE(file.lstat().st_mode) == 0o644
    assert zipfile.is_zipfile(file)


def test_an_archive_s_folder_gone_meanwhile(place: Place) -> None:
    """The error names the archive that was asked for, not the one in the making."""
    put_out(place, OLD)
    with pytest.raises(PublishError) as error:
        pack(place, place.target.parent / "gone/site.zip")

    assert "archive.tmp" not in str(error.value)


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("gone/site.zip", "there is no folder .*gone$"),
        ("ours/site.zip", "would lie in what it is made of"),
        (".ours.bibpress/site.zip", "would lie in what it is made of"),
        ("foreign", "is a folder"),
        ("sources/deep/a.bib", "is a source"),
    ],
)
def test_refused_archives(world: Path, file: str, why: str) -> None:
    """An archive never replaces a source, nor becomes part of the site."""
    with pytest.raises(UsageError, match=why):
        check(Place(world / "ours"), SOURCES, world / file)
