"""The sites that are judged, built into a folder as a reader would get them.

The demo with an address and without one, and a sample of some thousand papers of any .bib. The one
with an address has been lived in: a paper of it is gone, and another was renamed.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from generator import ledger
from generator.build import build
from generator.load import Order
from generator.sources.bib import is_sound
from generator.sources.blocks import cut
from tests.judge.tools import ROOT

ADDRESS = "https://example.org/repo/"
"""Where a site says it is to be found; nothing is asked of that host."""

SAMPLE = 1000
GERMAN = "demo in German"
TODAY = "2026-01-02"
TITLE = 'title = "A sample"\ndescription = "Some of many papers."\n'


@dataclass(frozen=True)
class Site:
    """A published site: its name in the table, its folder, and its address, or ''."""

    name: str
    folder: Path
    url: str = ""

    @cached_property
    def pages(self) -> tuple[str, ...]:
        """The paths of all pages, in order."""
        return tuple(
            sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.html"))
        )

    @cached_property
    def files(self) -> tuple[str, ...]:
        """The paths of all that is XML or plain text with addresses in it, in order."""
        paths = (*self.folder.rglob("*.xml"), self.folder / "robots.txt")
        return tuple(
            sorted(path.relative_to(self.folder).as_posix() for path in paths if path.is_file())
        )

    def read(self, path: str) -> str:
        """A file's text."""
        return (self.folder / path).read_text(encoding="utf-8")

    @cached_property
    def kinds(self) -> dict[str, tuple[str, ...]]:
        """The pages of each kind, the longest first.

        A kind is a folder's index, its further pages, or its things: `tags/index`, `tags/*.N`,
        `tags/*`; each page at the top is one of its own. So are redirects, and papers that went.
        """
        found: dict[str, list[str]] = {}
        for path in sorted(self.pages, key=lambda path: (-self._size(path), path)):
            found.setdefault(self._kind(path), []).append(path)
        return {kind: tuple(paths) for kind, paths in sorted(found.items())}

    def some(self) -> Iterator[str]:
        """Of each kind the longest page, where there is most to be wrong, and the shortest."""
        for paths in self.kinds.values():
            yield from dict.fromkeys((paths[0], paths[-1]))

    def _size(self, path: str) -> int:
        return (self.folder / path).stat().st_size

    def _kind(self, path: str) -> str:
        *folders, name = path.removesuffix(".html").split("/")
        numbered = re.fullmatch(r"(.+)\.\d+", name)
        if not folders or name == "index":
            return "/".join((*folders, f"{numbered[1]}.N" if numbered else name))
        if folders == ["papers"] and self._size(path) < _A_STUB and (said := self._stub(path)):
            return said
        return "/".join((*folders, "*.N" if numbered else "*"))

    def _stub(self, path: str) -> str:
        html = self.read(path)
        if 'http-equiv="refresh"' in html:
            return "redirect"
        return "gone" if 'name="robots" content="noindex"' in html else ""


# Bytes; a paper's page that only says where it went, or that it did, is shorter.
_A_STUB = 4_000


def demo(folder: Path) -> Site:
    """The demo collection, as `make site` builds it."""
    _demo_sources(folder)
    _build(folder)
    return Site("demo", folder / "_site")


def lived_in(folder: Path) -> Site:
    """The demo at an address, after a paper went and another was renamed."""
    _demo_sources(folder)
    book = folder / "ledger.tsv"
    lines = ledger.parse(book.read_text(encoding="utf-8"))
    first, second, *_ = sorted(lines)
    ghost = replace(
        lines[second], id="gone-2001-away", key="gone2001", marks=("id:gone-2001-away",)
    )
    moved = replace(lines[first], id="renamed-by-hand")
    edited = {line.id: line for line in (*lines.values(), ghost, moved) if line.id != first}
    book.write_text(ledger.dump(edited), encoding="utf-8")
    _build(folder, ADDRESS)
    return Site("demo with url", folder / "_site", ADDRESS)


def german(folder: Path) -> Site:
    """The demo with the words of its interface in German."""
    _demo_sources(folder)
    settings = folder / "bibpress.toml"
    kept = re.sub(r"(?m)^language.*\n", "", settings.read_text(encoding="utf-8"))
    settings.write_text(f'language = "de"\n{kept}', encoding="utf-8")
    _build(folder)
    return Site(GERMAN, folder / "_site")


def sample(folder: Path, bib: Path, count: int = SAMPLE) -> Site:
    """A site of so many entries of a .bib, taken at even steps, at an address."""
    (folder / "content").mkdir(parents=True)
    (folder / "bibpress.toml").write_text(TITLE, encoding="utf-8")
    text = "\n\n".join(entries(bib.read_text(encoding="utf-8"), count)) + "\n"
    (folder / "content" / "sample.bib").write_text(text, encoding="utf-8")
    _build(folder, ADDRESS)
    return Site(f"sample of {count:,}", folder / "_site", ADDRESS)


def entries(text: str, count: int) -> Iterator[str]:
    """All @string commands of a .bib file, and so many of its entries, at even steps."""
    lines = text.split("\n")  # splitlines() would count U+2028 and others, too
    blocks = tuple(cut(text, is_sound))
    papers = [block for block in blocks if block.type not in {"string", "comment", "preamble"}]
    size = min(count, len(papers))
    kept = {papers[i * len(papers) // size].line for i in range(size)}
    for block in blocks:
        if block.type == "string" or block.line in kept:
            yield "\n".join(lines[block.line - 1 : block.end])


def _demo_sources(folder: Path) -> None:
    folder.mkdir(parents=True)
    shutil.copytree(ROOT / "content", folder / "content")
    for name in ("bibpress.toml", "ledger.tsv"):
        shutil.copy(ROOT / name, folder / name)


def _build(folder: Path, url: str = "") -> None:
    build(Order((folder,), folder / "_site", TODAY, url), lambda *_: None)
