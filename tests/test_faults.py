"""Harm done to the real command: a little of each kind. All of it: `python -m tests.faults`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from random import Random
from signal import SIGINT, SIGKILL, SIGTERM, Signals

import pytest
from click.testing import CliRunner

from generator.cli import main
from tests.conftest import ROOT
from tests.faults import disks, errors, folders, kills, strace
from tests.faults.strace import CHANGING
from tests.faults.world import FAULTY, Ended, Trial, World, trial
from tests.publishing import Fault, broken_disk, full_disk

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="processes are followed through /proc"
)

MANY = 90
"""Papers of a site whose pages are made by workers."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A site that is built in no time."""
    return World(tmp_path_factory.mktemp("small") / "world").settle()


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A site whose pages are made by workers."""
    return World(tmp_path_factory.mktemp("many") / "world", MANY, ("--jobs", "2")).settle()


@pytest.fixture
def moments(request: pytest.FixtureRequest) -> Random:
    """The same moments in every run, others for every test."""
    return Random(request.node.name)  # noqa: S311 - nothing secret


@pytest.fixture
def _traced() -> None:
    """Skip where calls cannot be traced."""
    if missing := strace.missing():
        pytest.skip(missing)


def all_is_well(trials: Iterable[Trial], least: int = 1) -> bool:
    """Whether so many of the trials did harm, and nothing was wrong in any; says what was."""
    every = list(trials)
    wrong = {one.what: one.wrong for one in every if one.wrong}
    met = [one.what for one in every if one.found != "unmet"]
    assert not wrong
    assert len(met) >= least, [(one.what, one.found) for one in every]
    return True


# --- the end of the command ---------------------------------------------------------------------


@pytest.mark.usefixtures("_traced")
@pytest.mark.parametrize("number", [SIGKILL, SIGINT, SIGTERM], ids=lambda number: number.name)
def test_ended_at_a_call_that_writes(small: World, moments: Random, number: Signals) -> None:
    """What is published is the old or the new site, and the next build needs no help."""
    assert all_is_well(kills.at_calls(small, 1, moments, number=number, kinds=CHANGING))


def test_killed_at_a_random_moment(many: World, moments: Random) -> None:
    """Neither a half site nor a worker nor a temporary file is left of a cold build."""
    assert all_is_well(kills.at_moments(many, 1, moments, number=SIGKILL, cold=True))


def test_a_killed_worker(many: World, moments: Random) -> None:
    """The build ends with one line and status 1, and nothing is published."""
    assert all_is_well(kills.of_workers(many, 1, moments))


def test_an_interrupt_reaches_workers_too(many: World) -> None:
    """A terminal sends it to all processes, also to a worker that has only begun to import."""

    def harm(world: World) -> Ended:
        with world.begun(world.command()) as running:
            running.wait_for_workers()
            os.killpg(running.process.pid, SIGINT)
            return running.ended()

    assert all_is_well([trial(many, "an interrupt to all", harm, (130,), cold=True)])


def test_two_builds_at_once(small: World, moments: Random) -> None:
    """The second is told so, or comes after the first."""
    assert all_is_well(kills.two_at_once(small, 1, moments))


def test_one_site_folder_to_two_places(small: World) -> None:
    """Both builds write its ledger, and neither loses a line of the other."""
    assert all_is_well(kills.to_two_places(small, 1))


# --- the system refuses -------------------------------------------------------------------------

KINDS = ("open", "write", "sync", "mkdir", "link", "rename")
"""The calls that a short run does not do without."""

WRITING = tuple((os, name) for name in ("write", "link", "unlink", "mkdir", "rename", "replace"))


@pytest.mark.usefixtures("_traced")
def test_an_error_at_calls_that_write(small: World) -> None:
    """One line says what the system refused; what is published is the old or the new site."""
    assert all_is_well(errors.at_calls(small, kinds=KINDS, least=True), len(KINDS))


@pytest.mark.parametrize("fault", [full_disk, broken_disk])
def test_a_fault_within_the_process(
    small: World, fault: Callable[[], BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Likewise where nothing can be traced: Python's own functions fail."""
    assert all_is_well(_within(small, fault, monkeypatch, (40,)))


def _within(
    world: World,
    fault: Callable[[], BaseException],
    monkeypatch: pytest.MonkeyPatch,
    numbers: Iterable[int],
) -> Iterator[Trial]:
    for number in numbers:

        def harm(world: World, number: int = number) -> Ended:
            with monkeypatch.context() as patch:
                patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
                one = Fault(number, fault)
                one.arm(patch, WRITING)
                done = CliRunner().invoke(main, world.command()[4:])
            return Ended(done.exit_code, done.stdout, done.stderr, met=None if one.met else "")

        yield trial(world, f"{fault.__name__} {number}", harm, FAULTY)


def test_full_disks() -> None:
    """A disk without room, and one without names: on small file systems that we may mount."""
    if not disks.namespace():
        pytest.skip("nothing may be mounted here, not even in a namespace of its own")
    words = [sys.executable, "-m", "tests.faults", "disks", "--count", "5"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "nothing was wrong" in done.stdout, done.stdout + done.stderr


# --- folders ------------------------------------------------------------------------------------


def test_refused_folders(small: World) -> None:
    """The command itself ends with status 2 and touches nothing (of all cases: test_place)."""
    cases = ("holds foreign files", "is a site of Hugo's", "is the root")
    assert all_is_well(folders.refused(small, cases=cases), len(cases))


@pytest.mark.usefixtures("_traced")
def test_synchronised_once(small: World) -> None:
    """The disk is synchronised once before the exchange, and nothing is written in between."""
    assert all_is_well(folders.synchronised(small))
