"""What must hold of the files of a built site, whatever its sources say; faults come as text."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any
from unicodedata import normalize
from xml.etree import ElementTree

from pybtex.database import parse_string

from generator.feeds import ATOM, LINE
from generator.text import canonical, cut, from_latex, to_plain
from tests.hostile import sites
from tests.hostile.sites import Planted
from tests.links import Site

Papers = Mapping[str, Mapping[str, Any]]

_NAME = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")
_OURS = frozenset({".nojekyll"})
_LICENCE = "lunr.LICENSE"  # the one name of ours with capitals, as its makers spell it
_NO_NAME = re.compile(
    r"""^(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?:\..*)?$|[. ]$|[<>:"|?*\\\x00-\x1f]""",
    re.IGNORECASE,
)


def faults(root: Path, papers: Papers) -> Iterator[str]:
    """All that is wrong with the files of a site."""
    yield from of_names(root)
    # 404.html has to name the site's own address.
    yield from (fault for fault in Site(root).faults() if not fault.startswith("404.html: "))
    yield from of_data(root, papers)
    yield from of_feeds(root, papers)
    yield from of_sitemap(root)
    yield from of_bibtex(root, papers)


def papers_of(root: Path) -> dict[str, dict[str, Any]]:
    """The papers of a site by id, as `data/papers.jsonl` has them."""
    lines = (root / "data/papers.jsonl").read_bytes().split(b"\n")
    return {paper["id"]: paper for paper in map(json.loads, filter(None, lines))}


def of_folder(folder: Path) -> Iterator[str]:
    """What a build left in a site folder besides the site, its memory and its workshop."""
    ours = {"_site", "._site.bibpress", "ledger.tsv"}
    owners = {"bibpress.toml", "content", "static", "templates"}
    yield from (
        f"{path.name}: is new" for path in folder.iterdir() if path.name not in ours | owners
    )


# --- names --------------------------------------------------------------------------------------


def of_names(root: Path, own: str = "//") -> Iterator[str]:
    """Names that some system cannot hold, takes for another, or for something outside.

    What begins with `own` is the owner's, whose names need not be made of a few letters.
    """
    known: dict[str, str] = {}
    for path in sorted(root.rglob("*")):
        said = path.relative_to(root).as_posix()
        if path.is_symlink() or not path.resolve().is_relative_to(root.resolve()):
            yield f"{said}: leads elsewhere"
        ours = _NAME.fullmatch(path.name.replace(_LICENCE, "lunr")) or path.name in _OURS
        if not ours and not said.startswith(own):
            yield f"{said}: the name is not of a-z, 0-9, hyphens and dots"
        if _NO_NAME.search(path.name) or len(path.name.encode()) > 255:
            yield f"{said}: not every system has such a name"
        folded = normalize("NFC", normalize("NFC", said).casefold())
        if known.setdefault(folded, said) != said:
            yield f"{said}: to some systems the same as {known[folded]}"


# --- data ---------------------------------------------------------------------------------------


def of_data(root: Path, papers: Papers) -> Iterator[str]:
    """Data that is no JSON, or texts in it that are not canonical."""
    described = json.loads((root / "data/site.json").read_bytes())
    if described["counts"]["papers"] != len(papers):
        yield "data/site.json: counts other papers than data/papers.jsonl has lines"
    for id_, paper in papers.items():
        for field in ("title", "abstract", "venue"):
            if canonical(paper[field]) != paper[field]:
                yield f"data/papers.jsonl: {field} of {id_} is not canonical: {paper[field]!r}"
        for value in _texts(paper):
            if _UNSEEN.search(value):
                yield f"data/papers.jsonl: {id_} has characters that nobody sees: {value!r}"


# Controls, overrides of direction, separators of lines, half characters.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def _texts(value: object) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from _texts(item)
        case dict():
            for item in value.values():
                yield from _texts(item)


def changed(planted: Iterable[Planted], papers: Papers) -> Iterator[str]:
    """Titles, abstracts and venues that are in the data, but not as they were written."""
    by_key = {paper["key"]: paper for paper in papers.values()}
    for record in planted:
        paper = by_key.get(record.key)
        for field, name in _SHOWN.items():
            if paper and record.fields == (field,) and _is_plain(record):
                # Some controls part words (a form feed), some are nothing (NUL); files know both.
                expected = [
                    normalised(re.sub(_CONTROL, controls, record.value)) for controls in ("", " ")
                ]
                if expected[0] and paper[name] not in ("", *expected):
                    yield f"{name} {record.value!r} became {paper[name]!r}"


# Half a letter counts as one.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_SHOWN = {"title": "title", "abstract": "abstract", "journal": "venue", "venue": "venue"}


def _is_plain(record: Planted) -> bool:
    """Whether a value says nothing but its letters in its form of source, and is nowhere cut."""
    # Of a .bib the bytes of half a letter are no UTF-8, and so read as letters of Windows.
    of_tex = r"\\|[{}$~<&`\ud800-\udfff]|--|''|/s" if record.form == "bib" else r"\\|\$|--"
    return len(record.value) <= 500 and not re.search(of_tex + "|[\x80-\x9f]", record.value)


def normalised(value: str) -> str:
    """What becomes of any text: one line of NFC, without ligatures and what nobody can see."""
    seen = re.sub(
        "[\x00-\x08\x0e-\x1b\x7f\xad\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc\ud800-\udfff"
        "\ufdd0-\ufdef]|[" + "".join(chr(n << 16 | e) for n in range(17) for e in (0xFFFE, 0xFFFF))
        + "]", "", value)  # fmt: skip
    parted = re.sub("[\ufb00-\ufb06]", lambda ligature: normalize("NFKC", ligature[0]), seen)
    return " ".join(normalize("NFC", parted).split())


# --- feeds --------------------------------------------------------------------------------------


def of_feeds(root: Path, papers: Papers) -> Iterator[str]:
    """Feeds that are no XML, or say other titles and authors than the data."""
    for path in sorted(root.rglob("*.xml")):
        said = path.relative_to(root).as_posix()
        try:
            feed = ElementTree.fromstring(path.read_bytes())  # noqa: S314 - our own, judged here
        except ElementTree.ParseError as error:
            yield f"{said}: {error}"
            continue
        for entry in feed.iter(f"{{{ATOM}}}entry"):
            link = entry.find(f"{{{ATOM}}}link")
            id_ = PurePosixPath(link.get("href", "") if link is not None else "").stem
            if id_ not in papers:
                yield f"{said}: an entry leads to no paper: {id_}"
                continue
            title = entry.findtext(f"{{{ATOM}}}title")
            if title != (to_plain(cut(papers[id_]["title"], LINE)) or "Untitled"):
                yield f"{said}: {id_} is called {title!r}, not {papers[id_]['title']!r}"


def of_sitemap(root: Path) -> Iterator[str]:
    """Addresses in the sitemap that are no pages of the site."""
    found = ElementTree.parse(root / "sitemap.xml").getroot()  # noqa: S314 - our own, judged here
    for loc in found.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc"):
        path = (loc.text or "").removeprefix(sites.URL)
        if not (root / path).is_file():
            yield f"sitemap.xml: {loc.text} is no page"


# --- exports by the command ---------------------------------------------------------------------

# How many papers there are in a text of each format; lines as any program may count them.
_COUNTED: Mapping[str, Callable[[str], int]] = {
    "bibtex": lambda text: len(parse_string(text, "bibtex").entries),
    "csl": lambda text: len(json.loads(text)),
    "ris": lambda text: sum(line.startswith("TY  - ") for line in text.splitlines()),
    "apa": lambda text: len(text.splitlines()),
    "ieee": lambda text: len(text.splitlines()),
}


def of_exports(folder: Path, papers: Papers) -> Iterator[str]:
    """Formats in which the command writes other papers than there are."""
    for name, counted in _COUNTED.items():
        command = [sys.executable, "-m", "generator", "export", str(folder), "--format", name]
        ran = subprocess.run([*command, "--abstracts"], capture_output=True, check=False)
        count = counted(ran.stdout.decode()) if ran.returncode == 0 else -1
        if count != len(papers):
            yield f"export --format {name}: {count} of {len(papers)} papers"


# --- .bib ---------------------------------------------------------------------------------------


def of_bibtex(root: Path, papers: Papers) -> Iterator[str]:
    """Files that pybtex cannot read, or that hold other entries than their papers' own."""
    expected = _expected(papers)
    everything = {paper["key"] for paper in papers.values()}
    for path in sorted(root.rglob("*.bib")):
        said = path.relative_to(root).as_posix()
        try:
            entries = parse_string(path.read_text(encoding="utf-8"), "bibtex").entries
        except Exception as error:  # pybtex raises a dozen kinds
            yield f"{said}: {error!r}"
            continue
        keys = set(entries)
        if keys - everything or keys != expected.get(said, keys):
            yield f"{said}: has the entries {sorted(keys ^ expected.get(said, everything))[:5]}"
        if said == "bibliography.bib":
            yield from _other_titles({key: e.fields for key, e in entries.items()}, papers)


def _expected(papers: Papers) -> dict[str, set[str]]:
    """Path → the keys of the entries that have to be there."""
    found: dict[str, set[str]] = defaultdict(set)
    for id_, paper in papers.items():
        year = "undated" if paper["year"] is None else f"{paper['year']:04}"
        slugs = {author["slug"] for author in paper["authors"]}
        named = (f"papers/{id_}", "bibliography", f"years/{year}", *(f"authors/{s}" for s in slugs))
        for path in named:
            found[f"{path}.bib"].add(paper["key"])
    return found


def _other_titles(entries: Mapping[str, Mapping[str, str]], papers: Papers) -> Iterator[str]:
    for paper in papers.values():
        title = entries.get(paper["key"], {}).get("title", "")
        # An entity in a formula is what it stands for to a reader of .bib files, and to no other.
        if from_latex(title) != paper["title"] and not re.search(r"\$.*&.*\$", paper["title"]):
            yield f"bibliography.bib: {paper['key']} is called {title!r}, not {paper['title']!r}"


def of_bibtex_itself(root: Path, papers: Papers) -> Iterator[str]:
    """What bibtex says of the whole bibliography, where it is no mere warning."""
    with tempfile.TemporaryDirectory() as folder:
        text = (root / "bibliography.bib").read_bytes()
        Path(folder, "all.bib").write_bytes(text)
        Path(folder, "all.aux").write_text(_AUX, encoding="ascii")
        ran = subprocess.run(["bibtex", "all"], cwd=folder, capture_output=True, check=False)
        found = Path(folder, "all.bbl").read_bytes().count(rb"\bibitem")
        if ran.returncode > 1 or found != len(papers):
            said = ran.stdout.decode("utf-8", "replace").splitlines()
            yield f"bibtex: {found} of {len(papers)} entries; {_errors(said)}"


_AUX = "\\citation{*}\n\\bibstyle{plain}\n\\bibdata{all}\n"


def _errors(said: Sequence[str]) -> Sequence[str]:
    return [line for line in said if "---" in line and "Warning" not in line][:5]
