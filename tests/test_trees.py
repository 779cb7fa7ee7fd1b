"""A tree knows its files, and takes nothing for its own that it did not write."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.cache import save
from generator.trees import (
    MANIFEST_FORMAT,
    ROOT,
    Tree,
    folders,
    identity,
    manifest_of,
    remove,
    walk,
)
from tests.publishing import refuse

FILES = {"a.html": "a", "papers/b.html": "b", "papers/deep/c.html": "c"}
WANTED = {ROOT: "", "papers/": "", "papers/deep/": "", **dict.fromkeys(FILES, "mark")}


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """Where manifests lie."""
    (tmp_path / "work").mkdir()
    (tmp_path / "work/lock").touch()  # by which a build holds it
    return tmp_path / "work"


@pytest.fixture
def root(tmp_path: Path, work: Path) -> Path:
    """The folder of a tree with three files and its manifest."""
    fill(tmp_path / "tree", work)
    return tmp_path / "tree"


def fill(root: Path, work: Path) -> Tree:
    """A tree of these files, with its manifest."""
    tree = Tree(root, work)
    tree.open()
    for path, content in FILES.items():
        tree.put(path, "mark", content.encode())
    tree.save()
    return tree


def test_a_missing_folder_is_an_empty_tree(tmp_path: Path, work: Path) -> None:
    """What is not there holds nothing."""
    assert not Tree(tmp_path / "none", work).entries


def test_a_tree_is_known_again(root: Path, work: Path) -> None:
    """What was written is known by its manifest."""
    assert Tree(root, work).holds(WANTED)


def test_without_its_manifest_nothing_is_known(root: Path, work: Path) -> None:
    """Files alone do not say what they are."""
    shutil.rmtree(work)
    tree = Tree(root, work)

    assert not tree.entries
    assert sorted(tree.strays) == sorted(WANTED)


def test_two_trees_change_places(root: Path, work: Path, tmp_path: Path) -> None:
    """A manifest belongs to a folder, wherever that is moved."""
    root.rename(tmp_path / "moved")

    assert Tree(tmp_path / "moved", work).holds(WANTED)


def test_a_tree_in_anothers_place_is_not_known(root: Path, work: Path, tmp_path: Path) -> None:
    """A folder that took the place of another is not taken for it."""
    root.rename(tmp_path / "moved")
    shutil.copytree(tmp_path / "moved", root)

    assert not Tree(root, work).entries


def test_a_manifest_of_a_deleted_folder_vouches_for_nothing(
    root: Path, work: Path, tmp_path: Path
) -> None:
    """Inodes are used again: a new folder with an old one's number knows none of its new files."""
    known = Tree(root, work).entries
    other = tmp_path / "other"
    shutil.copytree(root, other)
    whose = identity(other)
    assert whose
    save(manifest_of(work, whose), MANIFEST_FORMAT, (whose, known))

    assert [path for path in Tree(other, work).entries if not path.endswith("/")] == []


def test_opened_a_tree_is_not_known_until_it_is_saved(root: Path, work: Path) -> None:
    """A crash between opening and saving leaves no lie."""
    Tree(root, work).open()

    assert not Tree(root, work).entries


def test_files_are_shared_by_linking(root: Path, work: Path, tmp_path: Path) -> None:
    """What two trees have in common is on the disk once."""
    other, tree = Tree(root, work), Tree(tmp_path / "next", work)
    tree.open()
    tree.take("papers/b.html", other, "new mark")

    assert (tmp_path / "next/papers/b.html").samefile(root / "papers/b.html")
    assert tree.entries["papers/b.html"][0] == "new mark"


def test_replacing_leaves_the_other_tree_alone(root: Path, work: Path, tmp_path: Path) -> None:
    """A shared file is never written to: the other tree may be what readers see."""
    other, tree = Tree(root, work), Tree(tmp_path / "next", work)
    tree.open()
    tree.take("a.html", other, "mark")
    tree.put("a.html", "new mark", b"A")

    assert (root / "a.html").read_text() == "a"
    assert (tmp_path / "next/a.html").read_text() == "A"


@pytest.mark.parametrize("code", [errno.EPERM, errno.EXDEV, errno.EMLINK, errno.ENOTSUP])
def test_where_nothing_can_be_linked_it_is_copied(
    root: Path, work: Path, tmp_path: Path, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without links a tree is as right, with the times of the files it has copied."""
    monkeypatch.setattr(os, "link", refuse(code))
    other, tree = Tree(root, work), Tree(tmp_path / "next", work)
    tree.open()
    for path in FILES:
        tree.take(path, other, "mark")
    tree.save()

    assert Tree(tmp_path / "next", work).holds(WANTED)
    times = [(folder / "a.html").stat().st_mtime_ns for folder in (root, tmp_path / "next")]
    assert times[0] == times[1]


def test_shared_files_are_known_by_kinship(root: Path, work: Path, tmp_path: Path) -> None:
    """A tree that lost its manifest in a crash still has what it shares with the published one."""
    other, tree = Tree(root, work), Tree(tmp_path / "next", work)
    tree.open()
    for path in FILES:
        tree.take(path, other, "mark")

    assert Tree(tmp_path / "next", work, kin=other).holds(WANTED)


def test_kin_that_was_edited_vouches_for_nothing(root: Path, work: Path, tmp_path: Path) -> None:
    """A shared file edited in one place is known in neither."""
    tree = Tree(tmp_path / "next", work)
    tree.open()
    for path in FILES:
        tree.take(path, Tree(root, work), "mark")
    tree.save()
    os.utime(root / "a.html", (1, 1))

    assert "a.html" in Tree(tmp_path / "next", work, kin=Tree(root, work)).strays


def test_pruning_removes_files_before_their_folders(root: Path, work: Path) -> None:
    """What is not wanted goes, with folders that hold nothing else."""
    tree = Tree(root, work)
    tree.open()
    tree.prune({ROOT: "", "a.html": ""})

    assert [path.name for path in root.iterdir()] == ["a.html"]


def test_a_write_may_take_several_calls(
    root: Path, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system may take a file in pieces."""
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, rest: write(handle, rest[:3]))
    tree = Tree(root, work)
    tree.open()
    tree.put("long", "mark", b"0123456789")

    assert (root / "long").read_bytes() == b"0123456789"


def test_walking_follows_no_link(root: Path, tmp_path: Path) -> None:
    """What lies outside is never seen, let alone removed."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/precious").touch()
    (root / "link").symlink_to(tmp_path / "outside")
    (root / "circle").symlink_to(root)

    assert {path for path, _ in walk(str(root))} == {*WANTED, "link", "circle"}


def test_a_folder_that_cannot_be_listed_at_first(
    root: Path, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not taken for empty but looked at again: what it holds would be published unseen."""
    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refusing("deep/", os.scandir))
        tree = Tree(root, work)
    tree.open()

    assert tree.holds(WANTED)


def test_a_folder_that_cannot_be_listed(
    root: Path, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is done to a tree of which a part cannot be seen, though its mode says it can.

    A security module may refuse it, or a network file system.
    """
    monkeypatch.setattr(os, "scandir", refusing("deep/", os.scandir))
    with pytest.raises(PermissionError) as error:
        Tree(root, work).open()

    assert error.value.filename.endswith("papers/deep/")


def refusing(end: str, scandir: Callable[[str], Any]) -> Callable[[str], Any]:
    """A listing of folders that is refused for those whose path ends so."""
    return lambda path: refuse(errno.EACCES)() if path.endswith(end) else scandir(path)


def test_removing_a_link_leaves_what_it_leads_to(root: Path, tmp_path: Path) -> None:
    """A link is removed itself."""
    (tmp_path / "link").symlink_to(root)
    remove(tmp_path / "link")

    assert (root / "a.html").exists()


@pytest.mark.parametrize("depth", [1, 50, 1500])
def test_deep_folders(tmp_path: Path, work: Path, depth: int) -> None:
    """However deep the folders, as long as the system takes the path."""
    tree = Tree(tmp_path / "deep", work)
    tree.open()
    path = "d/" * min(depth, (4000 - len(str(tmp_path))) // 2) + "file"
    tree.put(path, "mark", b"")
    tree.save()
    again = Tree(tmp_path / "deep", work)
    again.open()
    again.prune({ROOT: ""})

    assert not any((tmp_path / "deep").iterdir())


@given(st.lists(st.text("ab.", min_size=1), min_size=1))
def test_folders_of_a_path(parts: list[str]) -> None:
    """Each begins with the one before, and all but the first begin the path."""
    found = list(folders("/".join(parts)))

    assert found == [ROOT] + ["/".join(parts[:n]) + "/" for n in range(1, len(parts))]
