"""A small collection of ordinary papers, and what a bomb laid beside it has done to them."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bombs import run
from tests.bombs.bomb import Bomb, write
from tests.bombs.run import Blast

REFS = r"""
@string{things = {Journal of Things}}
@article{smith2019thin,
  title = {Thin Things: Pruning What {N}obody Needs, in $O(n \log n)$},
  author = {Smith, Ada and Li, Bo and Gr{\"u}n, Carla},
  journal = things, year = 2019, doi = {10.1000/thin.2019},
  abstract = {We propose Thin Things, a method that prunes networks. It needs half of the time
    and keeps 99 \% of the accuracy on all data sets that we tried.},
  keywords = {pruning, sparsity},
}
@inproceedings{li2021thick,
  title = {Thick Things Are Better Than Thin Things},
  author = {Li, Bo and Smith, Ada}, crossref = {conf2021},
  abstract = {We compare pruned networks with those that are not, after doi:10.1000/thin.2019, and
    find that Thin Things (TT) does well where data are few.},
  keywords = {pruning},
}
@proceedings{conf2021, title = {Proceedings of the 4th Conference on Things}, year = 2021}
@misc{gruen2022, title = {What Is a Thing?}, author = {Grün, Carla}, eprint = {2201.01234}}
"""
DUMP = """Title: A Survey of Things

Abstract: We survey the literature on things that has appeared in the last ten years, and sort it by
the kind of thing, by its size and by its purpose. We find that most authors do not say what they
take for a thing, and that those who do contradict each other.
"""
NOTE = "---\nkey: gruen2022\ntags: [philosophy]\n---\nSee [@smith2019thin] for *thin* ones.\n"
FILES = {
    "bibpress.toml": 'title = "Things"\n',
    "content/refs.bib": REFS,
    "content/dump.txt": DUMP,
    "content/note.md": NOTE,
}
# No page is over 300 KB, whatever stands on it (the rule of all lists).
LARGEST = 300_000


@dataclass(frozen=True)
class Field:
    """A folder to blow things up in, with the site of the collection alone to compare with."""

    folder: Path

    @property
    def whole(self) -> Path:
        """The site that no bomb has touched."""
        return self.folder / "whole"

    def made(self) -> Field:
        """The same, with that site in it."""
        write(self.folder / "alone", FILES)
        blast = run.build(self.folder / "alone", self.whole)
        if blast.status:
            raise RuntimeError(f"the collection alone cannot be built: {blast.said}")
        return self

    def blown(self, bomb: Bomb, size: int) -> tuple[Blast, list[str]]:
        """What a build with the bomb beside the collection came to, and what is wrong with that."""
        source, site = self.folder / "source", self.folder / "site"
        for each in (source, site, self.folder / ".site.bibpress"):
            _remove(each)
        write(source, FILES)
        bomb.lay(source, size)
        with _meddled(bomb, source):
            blast = run.build(source, site)
        found = [*_stopped(site, blast)] if bomb.stops else [*harm(self.whole, site, blast)]
        if size == bomb.full and not any(bomb.says in problem for problem in blast.problems):
            found += [f'nothing that says "{bomb.says}"'] * bool(bomb.says)
        _remove(source)
        return blast, found


@contextmanager
def _meddled(bomb: Bomb, source: Path) -> Iterator[None]:
    """While somebody changes the files, if the bomb is of that kind."""
    done = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        meddling = pool.submit(bomb.meddle, source, done) if bomb.meddle else None
        try:
            yield
        finally:
            done.set()
    if meddling:
        meddling.result()


def _remove(path: Path) -> None:
    """Remove a file or folder, however deep: Python's own way ends at a thousand folders."""
    subprocess.run(["rm", "-rf", str(path)], check=True)


def _stopped(site: Path, blast: Blast) -> Iterator[str]:
    """What is wrong with a build that should have been refused: in one line, with no site made."""
    said = [line for line in blast.said.splitlines() if line.startswith("bibpress: ")]
    if blast.status not in (1, 2) or len(said) != 1 or "Traceback" in blast.said:
        yield f"exit {blast.status}: {blast.said[-300:]}"
    elif len(said[0]) > 2_000:
        yield f"a line of {len(said[0]):,} letters"
    if site.exists():
        yield "a site"


def harm(before: Path, after: Path, blast: Blast) -> Iterator[str]:
    """What is wrong with a site that should be as another one, and a bomb's papers more."""
    if blast.memory > run.MEMORY:
        yield f"{blast.memory:,} bytes of memory"
    if blast.work > run.SECONDS:
        yield f"{blast.work:.0f} s of work"
    if blast.status:
        yield f"exit {blast.status}: {blast.said[-300:]}"
        return
    if "Traceback" in blast.said:
        yield "a traceback"
    for path in sorted((before / "papers").glob("*-*.*")):
        now = after / "papers" / path.name
        if not now.is_file():
            yield f"papers/{path.name} is gone"
        elif _own(path) != _own(now):
            yield f"papers/{path.name} is another"
    yield from _too_large(after)


# Which papers and topics a paper's page leads on to depends on what else there is.
_ELSEWHERE = re.compile(
    r'<section>\n<h2>(?:Topics|Related)</h2>.*?</section>|<nav class="beside".*?</nav>',
    re.DOTALL,
)


def _own(path: Path) -> str:
    """What a file says of its paper itself."""
    return re.sub(r"\n+", "\n", _ELSEWHERE.sub("", path.read_text(encoding="utf-8")))


def _too_large(site: Path) -> Iterator[str]:
    for folder, _, names in os.walk(site):
        for name in names:
            path = Path(folder, name)
            if name.endswith(".html") and path.stat().st_size > LARGEST:
                size = path.stat().st_size
                yield f"{path.relative_to(site)} has {size:,} bytes"
