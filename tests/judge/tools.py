"""The instruments of others: which are there, and how those come that need no system package.

`requirements.txt` and `package-lock.json` beside this file pin them, each with its hash. They are
installed below `build/judge/`, where nothing of what an installation of bibpress fetches lies, and
run from there. A browser, Java, bibtex, biber and pandoc are the system's (`make judge` asks apt).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
FOLDER = ROOT / "build" / "judge"
"""Where they are installed by default."""

Tools = Mapping[str, Path]
"""Name of an instrument, or of what runs it → the file that is it."""

PINS = ("requirements.txt", "package.json", "package-lock.json")

# Where the system may have them; the first that is found counts.
OF_THE_SYSTEM = {
    "chromium": ("chromium", "chromium-browser"),
    "java": ("java",),
    "bibtex": ("bibtex",),
    "biber": ("biber",),
    "pandoc": ("pandoc",),
}
# Node comes with them, since Lighthouse wants a newer one than Debian has.
INSTALLED = {
    "node": "bin/node",
    "lychee": "bin/lychee",
    "axe": "node_modules/axe-core/axe.min.js",
    "lighthouse": "node_modules/lighthouse/cli/index.js",
    "vnu": "node_modules/vnu-jar/build/dist/vnu.jar",
}


def there(folder: Path = FOLDER) -> Tools:
    """The instruments that are there, by name."""
    system = {
        name: next(filter(None, map(shutil.which, names)), None)
        for name, names in OF_THE_SYSTEM.items()
    }
    found = {name: Path(path) for name, path in system.items() if path}
    own = {name: folder / path for name, path in INSTALLED.items()}
    return found | {name: path for name, path in own.items() if path.is_file()}


def install(folder: Path = FOLDER) -> str:
    """Fetch what is pinned, unless it is there already; the answer says what went wrong, or ''.

    What could not be had is missing from `there` afterwards.
    """
    stamp = folder / "installed"
    wanted = sha256(b"".join((HERE / name).read_bytes() for name in PINS)).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return ""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        venv.create(folder, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as error:
        return f"no environment for them in {folder}: {error}"
    for name in PINS:
        shutil.copy(HERE / name, folder)
    shutil.copy(ROOT / ".npmrc", folder)
    said = [_run(command, folder) for command in _commands(folder)]
    shutil.rmtree(folder / "cache", ignore_errors=True)
    if not any(said):
        stamp.write_text(wanted, encoding="utf-8")
    return "\n".join(filter(None, said))


def _commands(folder: Path) -> tuple[list[str], ...]:
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    npm = [str(folder / "bin" / "npm"), "ci", "--include=dev", "--no-audit", "--no-fund"]
    return (
        [*pip, "--disable-pip-version-check", "--require-hashes", "-r", "requirements.txt"],
        # No script of theirs is run; the cache is ours, since a home folder may be read only.
        [*npm, "--ignore-scripts", f"--cache={folder / 'cache'}"],
    )


def _run(command: list[str], folder: Path) -> str:
    """Run an installer in its folder; what it said, where it failed."""
    path = os.pathsep.join((str(folder / "bin"), os.environ.get("PATH", "")))
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "PATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except OSError as error:
        return f"{Path(command[0]).name}: {error.strerror}"
    return done.stdout.strip() if done.returncode else ""


if __name__ == "__main__":
    sys.exit(install() or 0)
