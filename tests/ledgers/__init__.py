"""Sites as earlier versions left them: sources, ledger, and all the addresses they had published.

One folder a version, never changed once that version is released. `python -m tests.ledgers 0.2.0`
takes one more: the sources and the ledger of the newest record, built by the present code. Where a
version brings a new kind of address, its record gets sources that have one.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from generator.ledger import LEDGER

HERE = Path(__file__).parent
ADDRESSES = "addresses.txt"

# Their names say what they hold, so they change with it, and nobody links to them.
HASHED = ("assets/", "search/")


def records() -> list[Path]:
    """The folders of all records, the oldest version first."""
    found = [path.parent for path in HERE.glob(f"*/{ADDRESSES}")]
    return sorted(found, key=lambda folder: [int(part) for part in folder.name.split(".")])


def unpack(record: Path, folder: Path) -> None:
    """Put a record's site folder, ready to be built, where `folder` is not yet."""
    shutil.copytree(record, folder, ignore=shutil.ignore_patterns(ADDRESSES))


def addresses(site: Path) -> set[str]:
    """The paths of a built site that others may link to."""
    paths = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    return {path for path in paths if not path.startswith(HASHED)}


def published(record: Path) -> set[str]:
    """The addresses that a record's version had published."""
    return set((record / ADDRESSES).read_text(encoding="utf-8").splitlines())


def lines(folder: Path) -> list[list[str]]:
    """The ledger of a site folder: the columns of each line, without the header."""
    content = (folder / LEDGER).read_text(encoding="utf-8")
    return [line.split("\t") for line in content.splitlines() if not line.startswith("#")]
