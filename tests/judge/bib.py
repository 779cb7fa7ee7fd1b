"""The whole bibliography, read by bibtex in its four styles, by biber and by pandoc."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.judge.sites import Site
from tests.judge.tools import Tools
from tests.judge.verdict import Verdict, verdict

STYLES = ("plain", "alpha", "abbrv", "unsrt")
WHOLE = "bibliography.bib"

_ENTRY = re.compile(r"^@\w+\{", re.M)


def count(bib: str) -> int:
    """The entries of one of our .bib files: each begins its line, and nothing else does so."""
    return len(_ENTRY.findall(bib))


def bibtex(site: Site, tools: Tools) -> Verdict:
    """Whether each style makes an item of each entry, without an error."""

    def found(folder: Path) -> Iterator[tuple[str, int, str]]:
        for style in STYLES:
            aux = f"\\citation{{*}}\n\\bibstyle{{{style}}}\n\\bibdata{{bibliography}}\n"
            (folder / f"{style}.aux").write_text(aux, encoding="utf-8")
            code, said = _run([str(tools["bibtex"]), style], folder)
            made = folder / f"{style}.bbl"
            items = made.read_bytes().count(b"\\bibitem") if made.is_file() else 0
            yield style, items, "" if code == 0 else said

    return _judged(site, found)


def biber(site: Site, tools: Tools) -> Verdict:
    """Whether biber knows every entry, and finds nothing against its data model but warnings."""

    def found(folder: Path) -> Iterator[tuple[str, int, str]]:
        options = ["--tool", "--validate-datamodel", "--nolog", "--output-file", "made.bib"]
        code, said = _run([str(tools["biber"]), *options, WHOLE], folder)
        made = folder / "made.bib"
        entries = count(made.read_text(encoding="utf-8")) if made.is_file() else 0
        wrong = [line for line in said.splitlines() if line.startswith("ERROR")]
        yield "biber", entries, "; ".join(wrong) or ("" if code == 0 else said)

    return _judged(site, found)


def pandoc(site: Site, tools: Tools) -> Verdict:
    """Whether pandoc reads every entry, as BibTeX and as biblatex, and citeproc sets it."""

    def found(folder: Path) -> Iterator[tuple[str, int, str]]:
        for format_ in ("bibtex", "biblatex"):
            code, said = _run([str(tools["pandoc"]), "-f", format_, "-t", "csljson", WHOLE], folder)
            yield format_, len(json.loads(said)) if code == 0 else 0, "" if code == 0 else said
        ask = f"---\nbibliography: {WHOLE}\nnocite: '@*'\n---\n"
        (folder / "all.md").write_text(ask, encoding="utf-8")
        code, said = _run([str(tools["pandoc"]), "--citeproc", "-t", "html", "all.md"], folder)
        yield "citeproc", said.count('class="csl-entry"'), "" if code == 0 else said

    return _judged(site, found)


Found = Callable[[Path], Iterator[tuple[str, int, str]]]


def _judged(site: Site, found: Found) -> Verdict:
    """The verdict of those that say: name, how many entries it made something of, what is wrong."""
    entries = count(site.read(WHOLE))
    faults, names = [], []
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copy(site.folder / WHOLE, scratch)
        for name, made, wrong in found(Path(scratch)):
            names.append(name)
            if wrong:
                faults.append(f"{name}: {wrong.strip()[-500:]}")
            if made != entries:
                faults.append(f"{name}: {made:,} of {entries:,} entries")
    return verdict(f"{entries:,} entries: {', '.join(names)}", faults)


def _run(command: list[str], folder: Path) -> tuple[int, str]:
    """Exit status, and what was said: the answer where all went well, else with the complaints."""
    done = subprocess.run(
        command, cwd=folder, capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    return done.returncode, done.stdout if done.returncode == 0 else done.stdout + done.stderr
