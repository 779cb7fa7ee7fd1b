"""Fuzzing guided by coverage: atheris, where it is installed, with our edits as its mutations.

Atheris ends the process that it runs in, so that each target gets one of its own
(`python -m tests.fuzz.guided TARGET COUNT SEED FOLDER`). The modules of bibpress are instrumented
while they are imported: nothing of it may be imported before.
"""

from __future__ import annotations

import importlib
import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

# No input is longer, as in `edits`.
LONGEST = 20_000


def run(target: str, count: int, seed: int) -> list[bytes]:
    """The inputs on which a target fails, at most one: atheris ends with the first.

    Raises SystemExit where atheris is not installed, and where it does not even begin.
    """
    if importlib.util.find_spec("atheris") is None:
        raise SystemExit("atheris is not installed; --engine own needs nothing")
    with tempfile.TemporaryDirectory(prefix="bibpress-fuzz-") as folder:
        command = [sys.executable, "-m", __name__, target, str(count), str(seed), folder]
        ended = subprocess.run(command, capture_output=True, check=False)
        found = [path.read_bytes() for path in sorted(Path(folder).glob("*-*")) if path.is_file()]
        if ended.returncode and not found:
            raise SystemExit(ended.stderr.decode(errors="replace")[-2000:])
        return found


def guide(name: str, count: int, seed: int, folder: str) -> None:
    """Never comes back: atheris exits when it is done, or at the first failure."""
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["generator"]):
        targets: Any = importlib.import_module("tests.fuzz.targets")
    edits: Any = importlib.import_module("tests.fuzz.edits")
    random: Any = importlib.import_module("random")
    target = targets.TARGETS[name]
    corpus = Path(folder, "corpus")
    corpus.mkdir()
    for number, data in enumerate(target.seeds):
        (corpus / str(number)).write_bytes(data)

    def mutated(data: bytes, most: int, chance: int) -> bytes:
        drawn = random.Random(chance)
        if drawn.random() < 0.3:
            return bytes(atheris.Mutate(data, most))
        other = drawn.choice(target.seeds)
        return bytes(edits.edited(data, edits.drawn(drawn, target.pieces), other)[:most])

    options = (f"-runs={count}", f"-seed={seed}", f"-max_len={LONGEST}", "-timeout=60",
               f"-artifact_prefix={folder}/", "-verbosity=0", str(corpus))  # fmt: skip
    atheris.Setup([name, *options], target.check, custom_mutator=mutated)
    atheris.Fuzz()


if __name__ == "__main__":
    guide(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
