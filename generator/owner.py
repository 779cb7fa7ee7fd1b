"""A site folder, its owner's own: which folder is one, what its files say, how one is edited."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from generator import config, disk, identity, ledger, memo
from generator.errors import BibpressError, ConfigError
from generator.model import Problem, Where
from generator.toml import Toml, of_no_paper

CONTENT = "content"
# The mode of a file that is new, where nobody has chosen one.
NEW = 0o644
_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def is_site(folder: Path) -> bool:
    """Whether a folder is a site's: it has `bibpress.toml` or `content/`, which alone is read."""
    return (folder / config.CONFIG).is_file() or (folder / CONTENT).is_dir()


def site_folder(named: Sequence[Path]) -> Path | None:
    """The one site folder among the sources.

    Of two neither can be the one whose settings and ledger hold.
    """
    sites = [folder for folder in named if is_site(folder)]
    return sites[0] if len(sites) == 1 else None


def said(home: Path | None, name: str) -> Toml:
    """What `content/NAME` says, and where; nothing where there is none, or no site folder."""
    path, called = home / CONTENT / name if home else None, f"{CONTENT}/{name}"
    return config.read_toml(path, called) if path and path.is_file() else Toml(called)


def decisions(home: Path | None) -> identity.Decisions:
    """What the owner decides of papers, in `content/papers.toml`; raises ConfigError."""
    return identity.load_decisions(said(home, "papers.toml"))


def read_ledger(home: Path | None) -> tuple[ledger.Ledger, str]:
    """The ledger, and what stands for the file; nothing where there is none.

    Raises ConfigError for one that cannot be read.
    """
    path = home / ledger.LEDGER if home else None
    if not path or not path.exists():
        return {}, ""
    try:
        content = disk.contents(path)
        return ledger.parse(content.decode("utf-8-sig")), memo.digest_of_bytes(content)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{ledger.LEDGER}: {error}") from error


def lost_ledger(named: Sequence[Path], target: Path) -> Iterator[Problem]:
    """What is to be said where a site of ours was published with a ledger that is gone, or emptied.

    `changes.html` is on the sites that have one. Before a build, which begins another.
    """
    home = site_folder(named)
    if home and (target / "changes.html").is_file() and _is_lost(home / ledger.LEDGER):
        said = (
            f"is gone or empty, and the site in {target.name} was made with one: addresses of "
            "papers that were renamed, merged or taken out lead nowhere without it; bring it back, "
            f"as by `git checkout -- {ledger.LEDGER}`, or delete {target.name} if it is not on the "
            "web"
        )
        yield Problem(Where(ledger.LEDGER), said, "warning", "lost-ledger")


def _is_lost(path: Path) -> bool:
    """Whether no paper stands in a ledger; read to its first, for every build asks."""
    if not path.is_file():
        return not path.exists()
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as rows:
            return all(row.startswith("#") or not row.strip() for row in rows)
    except OSError:
        return False  # who reads it says so


def dead_redirects(home: Path | None, after: ledger.Ledger) -> Iterator[Problem]:
    """What is to be said of lines of the ledger that lead to an id which is not there.

    `after` is the ledger as the build will write it: a new id that the owner gave a paper is there.
    """
    dead = {
        id_: line.target for id_, line in after.items() if line.target and line.target not in after
    }
    if not dead or not home:
        return
    ids = {line.key: line.id for line in after.values() if line.key}
    unknown = of_no_paper(dead.values(), after.keys(), ())
    wheres = ledger.places(config.decoded(disk.contents(home / ledger.LEDGER), ledger.LEDGER))
    for id_, target in dead.items():
        is_key = f'"{target}" is the key of "{ids[target]}": write that' if target in ids else ""
        said = f'"{id_}" leads to no page: {is_key or unknown[target]}'
        yield Problem(wheres.get(id_, Where(ledger.LEDGER)), said, "warning", "dead-redirect")


def edit(path: Path, before: bytes, after: bytes) -> None:
    """Put `after` in the place of an owner's file that holds `before`, in one step; its mode stays.

    `before` is empty for a file that is not there yet. Raises BibpressError where somebody has
    changed it meanwhile, where it is a link, and where nobody may write into it; OSError where it
    cannot be written.
    """
    if path.is_symlink():
        raise BibpressError(f"{path} is a link: name the file that it leads to")
    if (disk.contents(path) if path.exists() else b"") != before:
        raise BibpressError(f"{path} was changed meanwhile; nothing is written there, try again")
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else NEW
    if not mode & _WRITABLE:  # its folder is, so that it could be replaced all the same
        raise BibpressError(f"{path} is protected against writing; nothing is written there")
    disk.replace(path, after, mode=mode, lasting=True)
