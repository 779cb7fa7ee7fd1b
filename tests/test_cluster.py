"""Pages made on a Dask cluster of real processes are those made here, whatever dies meanwhile."""

from __future__ import annotations

import json
import os
import pickle
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

import pytest

from generator import cluster
from generator.cluster import Cluster
from generator.errors import BibpressError, PublishError, UsageError
from generator.load import Means, Order, load
from generator.output import CHUNK, ENOUGH, Output, Place, publish
from generator.plan import plan
from tests.conftest import ROOT, TODAY, needs, write
from tests.publishing import OLD, put_out, tree

ENTRIES = "\n".join(
    f"@article{{k{i}, title={{Paper {i} on $x^{i}$}}, author={{Ada Smith and B. Number{i}}}, "
    f"year={{{1990 + i % 30}}}, keywords={{topic {i % 7}}}, abstract={{We prune network {i}.}}}}"
    for i in range(60)
)
SOON = 120  # seconds: far more than anything here takes


class Dask:
    """A scheduler and its workers, each a process; the scheduler cannot import bibpress."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        self.workers: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start the scheduler."""
        said = self.folder / "scheduler.json"
        self.scheduler = self._start(
            "dask_scheduler", lacking(self.folder), "--port", "0", "--host", "127.0.0.1",
            "--scheduler-file", str(said),
        )  # fmt: skip
        until(lambda: said.exists() and said.read_text().rstrip().endswith("}"))
        self.address: str = json.loads(said.read_text())["address"]

    def add(self, path: Path = ROOT) -> subprocess.Popen[bytes]:
        """Start a worker that finds bibpress below a folder."""
        worker = self._start("dask_worker", path, self.address, "--nthreads", "1", "--no-nanny")
        self.workers.append(worker)
        return worker

    def wait(self) -> None:
        """Until all workers that live are known to the scheduler, and no other."""
        import distributed

        living = sum(worker.poll() is None for worker in self.workers)
        with distributed.Client(self.address, set_as_default=False) as client:
            until(lambda: len(client.nthreads()) == living)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """What the system does when there is no memory left."""
        process.kill()
        process.wait()

    def close(self) -> None:
        """Leave no process behind."""
        for process in reversed(self.processes):
            self.kill(process)

    def _start(self, program: str, path: Path, *args: str) -> subprocess.Popen[bytes]:
        paths = os.pathsep.join(filter(None, (str(path), os.environ.get("PYTHONPATH"))))
        known = {"PYTHONPATH": paths, "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{program}", "--no-dashboard", *args],
                cwd=self.folder, env=os.environ | known, stdout=log, stderr=log,
            )  # fmt: skip
        self.processes.append(process)
        return process


def until(holds: Callable[[], object]) -> None:
    """Wait for something that is bound to happen."""
    for _ in range(SOON * 20):
        if holds():
            return
        time.sleep(0.05)
    pytest.fail("it never came about")


def lacking(folder: Path) -> Path:
    """A folder below which `generator` is not found, even where bibpress is installed."""
    (folder / "lacking" / "generator").mkdir(parents=True, exist_ok=True)
    code = "raise ModuleNotFoundError('No module named generator', name='generator')"
    (folder / "lacking" / "generator" / "__init__.py").write_text(code)
    return folder / "lacking"


def altered(folder: Path) -> Path:
    """A folder with a bibpress that has one more comment."""
    shutil.copytree(ROOT / "generator", folder / "altered" / "generator")
    with (folder / "altered" / "generator" / "plots.py").open("a") as file:
        file.write("# another version\n")
    return folder / "altered"


@contextmanager
def running(folder: Path, workers: int) -> Iterator[Dask]:
    """A cluster with so many workers."""
    needs(find_spec("distributed"), "distributed")
    folder.mkdir(exist_ok=True)
    with closing(Dask(folder)) as dask:
        dask.start()
        for _ in range(workers):
            dask.add()
        dask.wait()
        yield dask


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    """A cluster of two workers that nobody harms."""
    with running(tmp_path_factory.mktemp("dask"), 2) as dask:
        yield dask


def slow_page(number: int) -> bytes:
    """A page that takes a while."""
    time.sleep(0.004)
    return b"page %d" % number


def deadly_page(home: int) -> bytes:
    """A page that kills whatever process makes it, but for the tests'."""
    if os.getpid() != home:
        os.kill(os.getpid(), signal.SIGKILL)
    return b""


def failing_page(what: str) -> bytes:
    """A page that cannot be made."""
    raise ValueError(what)


SLOW = [Output(f"{i:03}", slow_page, (i,)) for i in range(ENOUGH + 2 * CHUNK)]


# --- the same bytes -----------------------------------------------------------------------------


def built(folder: Path, pool: Cluster | None, progress: Callable[[str, int, int], None]) -> Place:
    """A site of sixty papers behind some slow pages, made on a cluster or here."""
    write(folder, {"content/refs.bib": ENTRIES})
    place = Place(folder / "_site")
    means = Means() if pool is None else Means(pool=pool)
    with place.locked():
        pages = plan(load(Order((folder,), place.target, TODAY), means))
        made = chain(SLOW, pages)
        publish(place, made, stamp="1", executor=pool, jobs=2, progress=progress)
    return place


def test_same_bytes_though_a_worker_is_killed(tmp_path: Path) -> None:
    """Three workers, one of them killed when the first page has come: the site made here."""
    here = built(tmp_path / "here", None, lambda *_: None)
    with running(tmp_path / "dask", 3) as dask, cluster.executor(dask.address) as pool:
        assert pool.jobs == 3
        there = built(tmp_path / "there", pool, lambda *_: dask.kill(dask.workers[0]))
        assert dask.workers[0].returncode == -signal.SIGKILL
    assert tree(there) == tree(here)


def test_faults_are_those_of_the_page(tmp_path: Path, dask: Dask) -> None:
    """A page that cannot be made is named, as it would be by any executor, notes and all."""
    place = Place(tmp_path / "site")
    put_out(place, OLD)
    wrong = [*SLOW, Output("wrong", failing_page, ("no reason",))]
    with cluster.executor(dask.address) as pool, place.locked():
        with pytest.raises(
            PublishError, match=r"^wrong could not be made: ValueError: no"
        ) as error:
            publish(place, wrong, stamp="1", executor=pool, jobs=1)
        assert "Traceback" in error.value.__notes__[0]
    assert tree(place) == OLD


def test_what_is_too_heavy_stays(dask: Dask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work that is larger than Dask likes is done in this process."""
    monkeypatch.setattr(cluster, "HEAVY", 10_000)
    with cluster.executor(dask.address) as pool:
        light, heavy = (pool.submit(_pid, "x" * size) for size in (1, 20_000))
        assert light.result(SOON) != os.getpid() == heavy.result(SOON)


def _pid(text: str) -> int:
    del text
    return os.getpid()


def test_equal_work_is_done_each_time(dask: Dask) -> None:
    """Dask takes no two calls for one."""
    with cluster.executor(dask.address) as pool:
        futures = [pool.submit(os.urandom, 8) for _ in range(5)]
        assert len({future.result(SOON) for future in futures}) == 5


def test_arguments_are_left_alone(dask: Dask) -> None:
    """A tuple that begins with a function is no task of Dask's, and a text none of its keys."""
    odd = ((len, "abc"), "loads-1", {"a": [(sum, [1, 2])]})
    with cluster.executor(dask.address) as pool:
        assert pool.submit(pickle.dumps, odd).result(SOON) == pickle.dumps(odd)


def test_threads_of_a_worker_take_turns() -> None:
    """Nothing of ours has to bear two threads, however many a worker has."""
    work = pickle.dumps((_alone, (), {}))
    with ThreadPoolExecutor(4) as threads:
        done = [threads.submit(cluster._do, cluster.here(), work) for _ in range(8)]
        assert all(future.result(SOON) for future in done)


BUSY: list[None] = []


def _alone() -> bool:
    BUSY.append(None)
    time.sleep(0.01)
    alone = len(BUSY) == 1
    BUSY.pop()
    return alone


# --- who may work -------------------------------------------------------------------------------


def test_other_workers_are_refused(tmp_path: Path) -> None:
    """Code, library or Python other than ours: named before any work begins."""
    faked = tmp_path / "faked"
    write(faked, {"jinja2-0.9.dist-info/METADATA": "Name: jinja2\nVersion: 0.9\n"})
    (faked / "generator").symlink_to(ROOT / "generator")
    said = {
        altered(tmp_path): "has other code of bibpress",
        lacking(tmp_path): "has no bibpress",
        faked: "has jinja2 0.9, this is ",
    }
    with running(tmp_path / "dask", 0) as dask:
        for path, what in said.items():
            other = dask.add(path)
            dask.wait()
            with pytest.raises(BibpressError) as error, cluster.executor(dask.address):
                pytest.fail("it was let in")
            assert re.match(f"the Dask worker tcp://[^ ]+ {what}.*$", str(error.value))
            dask.kill(other)
            dask.wait()


@pytest.mark.parametrize("other", [altered, lacking])
def test_who_joins_later_is_refused_too(tmp_path: Path, other: Callable[[Path], Path]) -> None:
    """A worker that differs makes no byte, though it was not there to be asked."""
    with running(tmp_path / "dask", 0) as dask, cluster.executor(dask.address) as pool:
        dask.add(other(tmp_path))
        with pytest.raises(BibpressError, match=r"^the Dask worker .* has (no|other code of) bibp"):
            pool.submit(len, "abc").result(SOON)


# --- what ends a build --------------------------------------------------------------------------


def test_work_that_kills_its_workers_ends_the_build(tmp_path: Path) -> None:
    """One line which says where; the published site is untouched."""
    place = Place(tmp_path / "site")
    put_out(place, OLD)
    deadly = [Output("deadly", deadly_page, (os.getpid(),)), *SLOW]
    with (
        running(tmp_path / "dask", 2) as dask,
        cluster.executor(dask.address) as pool,
        place.locked(),
        pytest.raises(PublishError, match="killed while making deadly or a file near it"),
    ):
        publish(place, deadly, stamp="1", executor=pool, jobs=2)
    assert tree(place) == OLD


def test_a_cluster_may_be_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers may come later, but not for ever; without a scheduler none will."""
    monkeypatch.setattr(cluster, "CONNECT", 5)
    monkeypatch.setattr(cluster, "LOOK", 0.2)
    monkeypatch.setattr(cluster, "PATIENCE", 1)
    with running(tmp_path / "dask", 0) as dask, cluster.executor(dask.address) as pool:
        with pytest.raises(PublishError, match=r"has had no worker for 1\.\d* seconds"):
            pool.submit(len, "abc").result(SOON)
        dask.kill(dask.scheduler)
        for _ in range(2):
            with pytest.raises(
                PublishError, match=r"^the Dask cluster at tcp://[^ ]+ (is gone|has)"
            ):
                pool.submit(len, "abc").result(SOON)


def test_what_is_no_address_is_wrong_usage() -> None:
    """It is refused before a network is asked."""
    for wrong in ("", "host", "tcp://host", "http://host:8787", "tcp://host:1/", "inproc://a:1"):
        with pytest.raises(UsageError, match=r"dask=tcp://HOST:PORT"), cluster.executor(wrong):
            pytest.fail("nothing is there")


COMMAND = """
import sys, time
from generator import cluster
from generator.errors import BibpressError
cluster.CONNECT = 3
try:
    with cluster.executor(sys.argv[1]) as pool:
        future = pool.submit(time.sleep, 10)
        print("working", flush=True)
        future.result()
except BibpressError as error:
    print(error)
except KeyboardInterrupt:
    print("interrupted")
"""


def said(address: str, meanwhile: Callable[[subprocess.Popen[str]], None]) -> list[str]:
    """All that a command says which works on a cluster, or would, while something happens to it."""
    paths = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    with subprocess.Popen(
        [sys.executable, "-c", COMMAND, address], text=True, env=os.environ | {"PYTHONPATH": paths},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        meanwhile(process)
        lines, _ = process.communicate(timeout=SOON)
        assert process.returncode == 0
    return lines.splitlines()


def working(process: subprocess.Popen[str]) -> None:
    """Until the command has handed out its work."""
    assert process.stdout and process.stdout.readline() == "working\n"


@pytest.mark.parametrize("answers", [False, True])
def test_where_no_scheduler_is_one_line_says_so(answers: bool) -> None:
    """Where nobody listens, and where something does that is no scheduler and says nothing."""
    needs(find_spec("distributed"), "distributed")
    with closing(socket.socket()) as mute:
        mute.bind(("127.0.0.1", 0))
        if answers:
            mute.listen()
        address = f"tcp://127.0.0.1:{mute.getsockname()[1]}"
        lines = said(address, lambda _: None)
    assert len(lines) == 1 and lines[0].startswith(f"no Dask scheduler answers at {address}: ")


def test_where_dask_gives_up_one_line_says_why() -> None:
    """Nor does a client that never was hold up the end."""
    needs(find_spec("distributed"), "distributed")
    (line,) = said("tls://127.0.0.1:1", lambda _: None)
    assert line.startswith("cannot use a Dask cluster at tls://127.0.0.1:1: ")


def test_what_comes_too_late_is_not_done(dask: Dask) -> None:
    """Work that is handed out when the connection is closed."""
    with cluster.executor(dask.address) as pool:
        pass
    with pytest.raises(PublishError, match="is gone"):
        pool.submit(len, "abc").result(SOON)


def test_a_lost_scheduler_is_one_line(tmp_path: Path) -> None:
    """What Dask has to say of it besides is not for the terminal."""
    with running(tmp_path / "dask", 0) as doomed:

        def lose(process: subprocess.Popen[str]) -> None:
            working(process)
            doomed.kill(doomed.scheduler)

        (line,) = said(doomed.address, lose)
    assert line.startswith(f"the Dask cluster at {doomed.address} is gone")


def test_an_interrupt_is_heard(dask: Dask) -> None:
    """Ctrl-C ends the command while a worker still works."""

    def interrupt(process: subprocess.Popen[str]) -> None:
        working(process)
        process.send_signal(signal.SIGINT)

    assert said(dask.address, interrupt) == ["interrupted"]


def test_where_dask_is_not_installed_one_line_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what to do about it."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(BibpressError) as error, cluster.executor("tcp://127.0.0.1:1"):
        pytest.fail("nothing is there")
    assert 'pip install "bibpress[dask]"' in str(error.value)
