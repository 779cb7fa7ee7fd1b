"""Hostile strings where a site has room for one of them: settings, ledgers, file names, bytes.

Each trial builds sites by the command and says what was wrong. Right is a site, or one line that
says in which file (and where it can, in which line) something is that cannot be taken.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from generator.cli import main
from tests.hostile.files import of_folder
from tests.hostile.sites import URL, quoted

OWN = "of/"  # where an owner's static files and templates lie
# What a terminal obeys, or what turns a line of it.
_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
PAPER = "@misc{good, title = {The good paper}, author = {Good, Ann}, year = 2020}\n"


@dataclass
class Trial:
    """What was tried: how many strings in how many builds, the sites that came out, the faults."""

    folder: Path
    builds: int = 0
    sites: list[Path] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def build(self, name: str, files: Mapping[str, bytes], said: str) -> dict[str, Any]:
        """What one build reports; `said` is what its refusal has to begin with."""
        folder = self.folder / name
        for path, content in {"content/good.bib": PAPER.encode(), **files}.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        self.builds += 1
        ran = CliRunner().invoke(
            main, ["build", str(folder), "--executor", "inline", "--json"], catch_exceptions=True
        )
        last = ran.stderr.rstrip("\n").split("\n")[-1:]
        self.faults += of_folder(folder)
        if ran.exit_code == 0:
            self.sites.append(folder / "_site")
        elif ran.exit_code != 2 or not re.match(f"bibpress: (?:{said})", last[0]):
            self.faults.append(f"{name}: exit {ran.exit_code}, {ran.exception!r}, {last[0]!r}")
        elif _OBEYED.search(last[0]):
            self.faults.append(f"{name}: says what a terminal may obey: {last[0]!r}")
        return dict(json.loads(ran.stdout)) if ran.exit_code == 0 else {}


Try = Callable[[Sequence[str], Path], Trial]


def settings(values: Sequence[str], folder: Path) -> Trial:
    """Strings as title, description and author of a site; as its language and address too."""
    trial = Trial(folder)
    sound = [value for value in values if not re.search("[\ud800-\udfff]", value)]
    names = ("title", "description", "author")
    for first in range(0, len(sound), len(names)):
        part = zip(names, sound[first : first + len(names)], strict=False)
        lines = [*(f"{name} = {quoted(value)}" for name, value in part), _URL]
        trial.build(f"said{first}", {"bibpress.toml": _lines(lines)}, "bibpress.toml")
    for number, value in enumerate(sound):
        for name in ("language", "url"):
            line = f"{name} = {quoted(value)}"
            trial.build(f"{name}{number}", {"bibpress.toml": _lines([line])}, _REFUSED)
    return trial


_REFUSED = "bibpress.toml|the site's address"
_URL = f'url = "{URL}"'


def _lines(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def ledgers(values: Sequence[str], folder: Path) -> Trial:
    """Strings in a column of the ledger, each in another; and as the names of papers decided on."""
    trial = Trial(folder)
    columns = ["good-2020-good", "good", "title:0123456789", "", "live", "2020-01-01", "2020-01-01"]
    for number, value in enumerate(values):
        row = list(columns)
        row[number % len(row)] = value
        content = "\t".join(row).encode("utf-8", "surrogatepass")
        trial.build(f"line{number}", {"ledger.tsv": b"# ledger\n" + content + b"\n"}, "ledger.tsv")
    sound = [value for value in values if value.strip() and not re.search("[\ud800-\udfff]", value)]
    lists = ", ".join(f'[{quoted(value)}, "good"]' for value in sound if value != "good")
    said = {"content/papers.toml": f"same = [{lists}]\n".encode()}
    trial.build("decisions", said, "content/papers.toml")
    return trial


# --- names of files -----------------------------------------------------------------------------


def names(values: Sequence[str], folder: Path) -> Trial:
    """Strings as names of sources, of their folders, of templates and of static files."""
    trial = Trial(folder)
    files: dict[str, bytes] = {}
    planted = set()
    for number, name in enumerate(dict.fromkeys(_possible(values))):
        note = f"---\ntitle: Filed paper {number}\ndoi: 10.5555/filed.{number}\n---\n"
        bib = f"@misc{{k{number}, title = {{Foldered paper {number}}}, year = 2020}}\n"
        files[f"content/{name}.md"] = note.encode()
        files[f"content/in/{name}/refs.bib"] = bib.encode()
        files[f"static/{OWN}{name}"] = b"mine"
        files[f"templates/{OWN}{name}.html"] = b"mine"
        planted |= {f"Filed paper {number}", f"Foldered paper {number}"}
    trial.build("names", files, "nothing")
    lost = planted.difference(*map(_titles, trial.sites)) if trial.sites else ()
    trial.faults += [f"{title} is lost" for title in sorted(lost)]
    return trial


def _possible(values: Iterable[str]) -> Iterator[str]:
    """What can be part of a name on this machine, at most so long that all others fit behind it."""
    for value in (*values, "not utf-8 \udcff\udcfe"):
        name = re.sub("[/\0\ud800-\udc7f\udd00-\udfff]", "", value)
        while len(os.fsencode(name)) > 200:
            name = name[: len(name) // 2]
        if name.strip(".") and not name.startswith("."):
            yield name


def _titles(site: Path) -> set[str]:
    lines = (site / "data/papers.jsonl").read_bytes().split(b"\n")
    return {json.loads(line)["title"] for line in lines if line}


# --- bytes --------------------------------------------------------------------------------------

_TEXT = "Zwölf Boxkämpfer jagen Viktor quer über den Sylter Deich"
_BIB = f"@misc{{a, title = {{{_TEXT}}}, year = 2020}}\n"
_NOTE = f"---\ntitle: {_TEXT}\n---\nText.\n"
_DUMP = f"Title: {_TEXT}\nAbstract: {_TEXT}, and that is all there is to say of it here.\n"
_BYTES: Mapping[str, Callable[[str], bytes]] = {
    "utf-8": lambda text: text.encode(),
    "utf-8 with mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "two marks": lambda text: b"\xef\xbb\xbf\xef\xbb\xbf" + text.encode(),
    "utf-16 little": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "utf-16 big": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "utf-16 odd": lambda text: b"\xff\xfe" + text.encode("utf-16-le")[:-1],
    "utf-16 half pair": lambda text: b"\xff\xfe" + b"\x00\xd8" + text.encode("utf-16-le"),
    "utf-16 little unmarked": lambda text: text.encode("utf-16-le"),
    "utf-16 big unmarked": lambda text: text.encode("utf-16-be"),
    "utf-32 little": lambda text: b"\xff\xfe\x00\x00" + text.encode("utf-32-le"),
    "utf-32 big": lambda text: b"\x00\x00\xfe\xff" + text.encode("utf-32-be"),
    "windows-1252": lambda text: text.encode("cp1252"),
    "mixed": lambda text: text.encode() + text.replace("a", "b").encode("cp1252"),
    "overlong": lambda text: text.replace("Z", "").encode() + b"\xc0\xaf\xe0\x80\xaf",
    "half characters": lambda text: text.encode() + b"\xed\xa0\x80\xed\xb0\x80",
    "cut off": lambda text: text.encode() + b"\xf0\x9f\x98",
    "beyond unicode": lambda text: text.encode() + b"\xf4\x90\x80\x80\xff",
    "nul within": lambda text: text.replace("quer", "qu\0er").encode(),
    "nul before": lambda text: b"\0\0\0" + text.encode(),
    "nothing but nul": lambda _: b"\0" * 5000,
    "old mac": lambda text: text.replace("\n", "\r").encode(),
    "dos": lambda text: text.replace("\n", "\r\n").encode() + b"\x1a",
    "gzip": lambda _: b"\x1f\x8b\x08\x00" + bytes(range(256)) * 8,
    "pdf": lambda _: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
    "png": lambda _: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
    "html": lambda text: f"<html><script>boom()</script>{text}</html>".encode(),
    "nothing": lambda _: b"",
}  # fmt: skip
# What holds no paper by any reading; it has to be told, unless there is nothing in it at all.
_MAY_BE_LOST = frozenset({"utf-16 little unmarked", "utf-16 big unmarked"})
_NO_PAPER = frozenset({"nothing but nul", "gzip", "pdf", "png", "html", "nothing"})


def encodings(folder: Path, wanted: Sequence[str] = ()) -> Trial:
    """Files of every form of source in every encoding, and in none."""
    trial = Trial(folder)
    for name in wanted or _BYTES:
        forms = {"a.bib": _BIB, "b.md": _NOTE, "c.txt": _DUMP}
        files = {f"content/{file}": _BYTES[name](text) for file, text in forms.items()}
        report = trial.build(name, files, "nothing")
        for file in files:
            told = [each for each in report.get("problems", ()) if each["file"] == file]
            read = f'"file":"{file}"' in (folder / name / "_site/data/papers.jsonl").read_text()
            if name != "nothing" and not read and not any(each["line"] for each in told):
                trial.faults.append(f"{name}: {file} gave no paper and no problem with a line")
            if name not in _NO_PAPER | _MAY_BE_LOST and not read and not file.endswith(".md"):
                trial.faults.append(f"{name}: {file} gave no paper: {told[:2]}")
    return trial
