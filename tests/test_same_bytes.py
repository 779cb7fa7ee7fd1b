"""Where, when, by whom and how a site is built leaves no trace; what was published stays there.

`python -m tests.same_bytes` tries every difference by itself (docs/trust.md).
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from generator.build import build
from generator.load import Order
from tests import ledgers
from tests.conftest import ROOT, Built, build_folder, write
from tests.same_bytes import site as site_module
from tests.same_bytes.site import STARTUP, Tree, Way, differences, reference
from tests.same_bytes.ways import TELLING, corners

# Enough for workers to be started, and half a second.
PAPERS = 30
RECORDS = ledgers.records()


class Here(NamedTuple):
    """The site folder, and what building it in this process gave."""

    folder: Path
    tree: Tree


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Here:
    """The site with something of everything, built in this process."""
    folder = tmp_path_factory.mktemp("here") / "site"
    return Here(folder, reference(folder, PAPERS))


class Elsewhere(NamedTuple):
    """The same site after a build that differed in many ways, and the folder of all that."""

    way: Way
    tree: Tree
    work: Path


@pytest.fixture(scope="module", params=corners(), ids=lambda way: way.name)
def elsewhere(
    request: pytest.FixtureRequest, here: Here, tmp_path_factory: pytest.TempPathFactory
) -> Elsewhere:
    """The same site, built in other surroundings."""
    work = tmp_path_factory.mktemp("elsewhere")
    return Elsewhere(request.param, site_module.build(request.param, here.folder, work), work)


# --- one site, many surroundings ----------------------------------------------------------------


def test_surroundings_leave_no_trace(here: Here, elsewhere: Elsewhere) -> None:
    """Workers, hash seed, time zone, locale, umask, clock, order of folders, paths, home, -O.

    Every path, mode and byte is the same, of the archive and of the ledger, too.
    """
    assert differences(here.tree, elsewhere.tree) == []


def test_the_output_names_nothing_of_the_machine(elsewhere: Elsewhere) -> None:
    """No path, host or user is in any file: what is published says nothing about who did it."""
    names = [TELLING, str(elsewhere.work), str(ROOT), sys.prefix, str(Path.home()) + os.sep]
    telling = [*names, *([host] if len(host := socket.gethostname()) > 5 else [])]
    found = [
        f"{path}: {name}"
        for path, (_, content) in elsewhere.tree.items()
        for name in telling
        if name.encode() in content
    ]
    assert found == []


def test_a_build_asks_nothing_of_a_network(elsewhere: Elsewhere) -> None:
    """No process of a build so much as tries to reach another machine."""
    assert not (elsewhere.work / "network").exists()


def test_modes_are_those_that_hosts_serve(elsewhere: Elsewhere) -> None:
    """Files 0644 and folders 0755, whatever the umask."""
    made = {path: mode for path, (mode, _) in elsewhere.tree.items() if mode}
    assert made == {path: 0o755 if path.endswith("/") else 0o644 for path in made}


def asked(code: str, **changes: object) -> list[str]:
    """What a process says that starts in other surroundings."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(STARTUP), "SURROUNDINGS": json.dumps(changes), "TZ": "UTC"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_the_surroundings_are_what_they_should_be(tmp_path: Path) -> None:
    """A control: the changes by which these tests live do change what Python sees."""
    write(tmp_path, dict.fromkeys("abcdef", ""))
    listed = f"import os; print(*os.listdir({str(tmp_path)!r}))"
    walked = (
        f"from pathlib import Path; print(*[p.name for p in Path({str(tmp_path)!r}).iterdir()])"
    )
    now = "import datetime, time; print(datetime.datetime.now().date(), time.strftime('%Y'))"
    call = (
        "import socket\ntry: socket.create_connection(('127.0.0.1', 9))\nexcept OSError: print(1)"
    )
    assert asked(listed, order=0) == asked(walked, order=0) == list("fedcba")
    assert sorted(asked(listed, order=1)) == list("abcdef") != asked(listed, order=1)
    assert asked(now, clock=2**31 + 86_400)[0] == "2038-01-20"
    assert asked(call, network=str(tmp_path / "log")) == ["1"]
    assert (tmp_path / "log").exists()


# --- the day ------------------------------------------------------------------------------------

TWO = {
    "bibpress.toml": 'url = "https://example.org/"\n',
    "content/a.bib": "@misc{a, title={A thing}, author={Ada Smith}, year={2020}, keywords={x}}",
    "content/b.bib": "@misc{b, title={A swan}, author={Bo Li}, year={2021}, abstract={We fold.}}",
}


def files_that_differ(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> set[str]:
    """The paths whose bytes are not the same."""
    return {path for path in one.keys() | other.keys() if one.get(path) != other.get(path)}


def built_on(folder: Path, today: str) -> Built:
    """The site of two papers, built for the first time on a day."""
    write(folder, TWO)
    return Built(folder, build_folder(folder, today=today))


def test_the_first_day_shows_where_days_are_told(tmp_path: Path) -> None:
    """A site folder's ledger notes when a paper came; few files tell it, and no other.

    The rules count years from it: in 1999 the papers of 2020 are yet to come.
    """
    one, other = (built_on(tmp_path / day, day) for day in ("1999-12-31", "2038-01-20"))
    assert files_that_differ(one.tree(), other.tree()) == {
        "changes.html", "changes.xml", "feed.xml", "quality.html", "sitemap.xml", "tags/x.xml",
    }  # fmt: skip


def test_a_later_day_changes_nothing(tmp_path: Path) -> None:
    """Once a paper is in the ledger, the day of a build is neither noted nor shown."""
    site = built_on(tmp_path, "1999-12-31")
    before = site.tree(), (tmp_path / "ledger.tsv").read_bytes()
    write(tmp_path, {"_site/index.html": "changed by hand, so that all is built again"})
    site.rebuild(today="2038-01-20")
    assert (site.tree(), (tmp_path / "ledger.tsv").read_bytes()) == before


def loose(folder: Path, names: Sequence[str], today: str) -> dict[str, bytes]:
    """The site of the files of these names, which have no ledger."""
    out = folder / f"out-{today}-{'-'.join(names)}"
    order = Order(tuple(folder / name for name in names), out, today, "https://example.org/")
    build(order, lambda *_: None)
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}


def test_without_a_ledger_there_is_no_day(tmp_path: Path) -> None:
    """Files alone give the same feeds on any day."""
    write(tmp_path, {"a.bib": TWO["content/a.bib"]})
    first, last = (loose(tmp_path, ["a.bib"], day) for day in ("1999-12-31", "2038-01-20"))
    assert files_that_differ(first, last) == set()


def test_sources_may_be_named_in_any_order(tmp_path: Path) -> None:
    """`build a.bib b.bib` is `build b.bib a.bib`, also where both tell of one paper."""
    same = TWO["content/a.bib"].replace("{a,", "{again,").replace("2020", "2021")
    write(tmp_path, {"a.bib": TWO["content/a.bib"], "b.bib": same + TWO["content/b.bib"]})
    one, other = (
        loose(tmp_path, names, "2026-01-02") for names in (["a.bib", "b.bib"], ["b.bib", "a.bib"])
    )
    assert files_that_differ(one, other) == set()


# --- from version to version --------------------------------------------------------------------


@pytest.fixture(params=RECORDS, ids=lambda record: record.name)
def record(request: pytest.FixtureRequest) -> Path:
    """A site as a version left it."""
    found: Path = request.param
    return found


@pytest.fixture
def upgraded(record: Path, tmp_path: Path) -> Built:
    """That site, built by the present code."""
    folder = tmp_path / "site"
    ledgers.unpack(record, folder)
    return Built(folder, build_folder(folder, today="2099-01-01"))


def test_no_address_vanishes(record: Path, upgraded: Built) -> None:
    """Whatever a version published has a page or a redirect in every later one."""
    assert ledgers.published(record) - ledgers.addresses(upgraded.out) == set()


def test_an_upgrade_changes_no_line_of_a_ledger(record: Path, upgraded: Built) -> None:
    """Ids, keys, states and days stay as they were: to a reader of the feed nothing is new."""
    lasting = [0, 1, 3, 4, 5, 6]  # all but the marks, to which a version may add
    before, after = (
        [[line[i] for i in lasting] for line in ledgers.lines(folder)]
        for folder in (record, upgraded.folder)
    )
    assert after == before


def test_new_ids_are_those_of_earlier_versions(record: Path, tmp_path: Path) -> None:
    """Without its ledger a paper gets the id it got before: files alone have nothing else."""
    folder = tmp_path / "site"
    ledgers.unpack(record, folder)
    (folder / "ledger.tsv").unlink()
    build_folder(folder)
    born = {mark for line in ledgers.lines(record) for mark in line[2].split() if mark[:3] == "id:"}
    again = {f"id:{line[0]}" for line in ledgers.lines(folder)}
    assert again <= born


def test_what_left_is_still_told(record: Path, upgraded: Built) -> None:
    """The pages of papers that are gone say so, those of merged and renamed ones lead on."""
    states = {line[0]: line[4] for line in ledgers.lines(record) if line[4] != "live"}
    told = {
        id_: f'href="{state.removeprefix("-> ")}.html"' if state != "gone" else "This paper is gone"
        for id_, state in states.items()
    }
    silent = [id_ for id_ in told if told[id_] not in upgraded.read(f"papers/{id_}.html")]
    assert {state.partition(" ")[0] for state in states.values()} == {"gone", "->"}
    assert silent == []


def test_papers_that_leave_leave_their_addresses(record: Path, tmp_path: Path) -> None:
    """An upgrade and the loss of every paper at once: each address of a paper still stands."""
    folder = tmp_path / "site"
    ledgers.unpack(record, folder)
    for file in (folder / "content").glob("*.[btm][ixd]*"):
        file.unlink()
    write(folder, {"content/other.bib": TWO["content/a.bib"]})
    site = Built(folder, build_folder(folder))
    papers = {path for path in ledgers.published(record) if path.startswith("papers/")}
    assert papers - ledgers.addresses(site.out) == set()
