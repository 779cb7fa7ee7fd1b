"""Takes a record of the present version: see `tests.ledgers`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from generator.ledger import LEDGER
from tests.conftest import build_folder
from tests.ledgers import ADDRESSES, HERE, addresses, records, unpack


def take(version: str) -> None:
    """Write the record of a version, from the sources and the ledger of the newest one."""
    newest = records()[-1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "site")
        unpack(newest, folder)
        build_folder(folder)
        record = HERE / version
        if record != newest:
            unpack(newest, record)
        shutil.copyfile(folder / LEDGER, record / LEDGER)
        found = sorted(addresses(folder / "_site"))
    (record / ADDRESSES).write_text("".join(f"{path}\n" for path in found), encoding="utf-8")
    print(f"{len(found)} addresses in {record}")  # noqa: T201 - this is a command


if __name__ == "__main__":
    take(sys.argv[1])
