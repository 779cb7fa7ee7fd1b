"""The beginning of a site: which files `bibpress init` lays into a folder, and which it leaves.

The files are plain ones below `generator/starter/`: what every site has in `site/`, one example of
each kind of content in `example/`. Where a name there begins with "dot-", it begins with a dot in
the site, so that nothing takes them for this repository's own.

A file that is there already is never touched, so that a second call changes nothing and a folder
may hold whatever it likes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from generator import disk, sources
from generator.errors import UsageError
from generator.place import is_published
from generator.sources.readers import FORMATS

STARTER = Path(__file__).with_name("starter")
CONTENT = "content"
# What hosts read. Each asks pip for bibpress in one place, by its mere name in quotes.
WORKFLOWS = (".github/workflows/publish.yml", ".gitlab-ci.yml")


@dataclass(frozen=True, slots=True)
class Begun:
    """What became of each file of a new site, by its path in the folder.

    `given` says which files of the owner's own were put in, and under which names; `unignored`
    what git would take although every build makes it anew; `repository` is the one that the folder
    lies in, if any.
    """

    folder: Path
    made: tuple[str, ...]
    kept: tuple[str, ...]
    given: Mapping[Path, str]
    unignored: tuple[str, ...]
    repository: Path | None

    @property
    def workflows(self) -> tuple[str, ...]:
        """The files made that have a host build and publish the site."""
        return tuple(name for name in WORKFLOWS if name in self.made)


def begin(folder: Path, given: Sequence[Path], bibpress: str) -> Begun:
    """Lay a site into a folder: with these files and folders of papers in it, else with examples.

    Without `given`, .bib files that lie in the folder itself are put in, and a folder that has
    papers in `content/` gets no examples. With a folder of papers come its `topics.toml` and the
    like. `bibpress` is what the workflows ask pip for. Raises
    UsageError, before anything is made, for a folder that cannot become a site, for what has no
    papers, and where another file already has the name of one that is given.
    """
    _check_folder(folder)
    has_papers = _has_papers(folder)
    own = _own(given or (() if has_papers else _lying(folder)))
    _check_names(folder, own)
    files = _files(bibpress, is_example=not own and not has_papers)
    files |= {name: disk.contents(path) for path, name in own.items()}
    files[".gitignore"] += _sites_built(folder).encode()
    _check_folders(folder, files)
    made = tuple(name for name, content in sorted(files.items()) if _made(folder / name, content))
    return Begun(
        folder,
        made,
        tuple(sorted(files.keys() - set(made))),
        own,
        _unignored(folder, files[".gitignore"]),
        _repository(folder),
    )


def parted(names: Sequence[Path]) -> tuple[Path, tuple[Path, ...]]:
    """The folder among names (the current one where there is none), and the files.

    Raises UsageError for several folders, for a file that is not there, and for standard input.
    """
    if Path("-") in names:
        raise UsageError("- is standard input, which has no name to be kept under: name a file")
    for name in names:
        if not name.exists() and name.suffix.casefold() in FORMATS:
            raise UsageError(f"{name}: no such file")
    folders = [name for name in names if not name.is_file()]
    if len(folders) > 1:
        raise UsageError(
            f"{folders[0]} or {folders[1]}? init makes one site; --from takes a folder of papers in"
        )
    return (folders or [Path()])[0], tuple(name for name in names if name.is_file())


def requirement(version: str, origin: str | None) -> str:
    """What pip is asked for so that a workflow has the bibpress that made it.

    `origin` is what pip recorded of where it installed bibpress from (direct_url.json, PEP 610);
    only a commit of a repository can be had again elsewhere.
    """
    said = json.loads(origin) if origin else {}
    vcs = said.get("vcs_info")
    if not vcs:
        return f"bibpress=={version}"
    return f"bibpress @ {vcs['vcs']}+{said['url']}@{vcs['commit_id']}"


def commented(settings: str) -> str:
    """The same TOML with none of it in force: how a file of examples comes to those with papers."""
    return re.sub(r"^(?=[^#\n])", "#", settings, flags=re.MULTILINE)


# --- what is laid -------------------------------------------------------------------------------


def _files(bibpress: str, *, is_example: bool) -> dict[str, bytes]:
    """The files of a new site by name; without examples, what they would say is comments."""
    files = dict(_below(STARTER / "site"))
    for name in WORKFLOWS:
        files[name] = files[name].replace('"bibpress"', json.dumps(bibpress))
    for name, text in _below(STARTER / "example"):
        if is_example:
            files[name] = text
        elif name.endswith(".toml"):
            files[name] = commented(text)
    return {name: text.encode() for name, text in files.items()}


def _below(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            parts = path.relative_to(folder).parts
            name = PurePosixPath(*(re.sub("^dot-", ".", part) for part in parts))
            yield str(name), path.read_text(encoding="utf-8")


def _own(given: Sequence[Path]) -> dict[Path, str]:
    """The files to put in, and their names in the site; UsageError for what has no papers.

    What the owner has said of topics, people and the like comes along, from a folder's top as from
    a site's.
    """
    said = {path: f"{CONTENT}/{path.name}" for source in given for path in _sayings(source)}
    papers = [source for source in given if source not in said]
    for source in papers or given:
        if source.is_dir() and (source / CONTENT).is_dir():
            raise UsageError(f"{source} is a site already; name its files")
        if not _says_papers(source):
            raise UsageError(f"no papers found in {source}")
    found = sources.find(papers) if papers else ()
    return {file.path: f"{CONTENT}/{file.name}" for file in found} | said


def _sayings(source: Path) -> list[Path]:
    """The files that a build finds by name: the one that is given, or those in a folder."""
    names = [path.name for path in sorted((STARTER / "example" / CONTENT).glob("*.toml"))]
    if source.is_dir():
        return [source / name for name in names if (source / name).is_file()]
    return [source] if source.name in names else []


def _lying(folder: Path) -> tuple[Path, ...]:
    """The .bib files that lie in the folder itself: what is in `content/` alone will be read.

    With them goes what is said of their papers.
    """
    papers = tuple(path for path in sorted(folder.glob("*.bib")) if _says_papers(path))
    return (*papers, *_sayings(folder)) if papers else ()


def _says_papers(source: Path) -> bool:
    return any(text.records for text in sources.load((source,)))


def _has_papers(folder: Path) -> bool:
    content = folder / CONTENT
    return content.is_dir() and bool(sources.find((content,)))


def _made(path: Path, content: bytes) -> bool:
    """Whether the file was made: not where anything of this name is, even a link to nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        file = path.open("xb")
    except FileExistsError:
        return False
    try:
        with file:
            file.write(content)
    except OSError:
        path.unlink(missing_ok=True)  # half a file would be kept by the next call
        raise
    return True


def _sites_built(folder: Path) -> str:
    """Lines of .gitignore for what was built into the folder before it became a site."""
    built = sorted(path.name for path in folder.glob("*") if _is_published(path))
    return "".join(f"/{name}/\n" for name in built if name != "_site")


def _is_published(folder: Path) -> bool:
    try:
        return is_published(folder)
    except OSError:  # it has nothing that says so
        return False


# --- what cannot be -----------------------------------------------------------------------------


def _check_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{folder} is a file that bibpress does not read, and no folder")
    if _is_published(folder):
        raise UsageError(f"{folder} is a site that bibpress built; begin one in another folder")


def _check_names(folder: Path, own: Mapping[Path, str]) -> None:
    """Raises UsageError where a file of another content stands in the place of a given one."""
    for path, name in own.items():
        there = folder / name
        if there.exists() and (not there.is_file() or there.read_bytes() != path.read_bytes()):
            raise UsageError(
                f"{there} is there already and says something else than {path.name}; "
                "nothing is overwritten: move one of them, or give it another name"
            )


def _check_folders(folder: Path, files: Mapping[str, bytes]) -> None:
    """Raises UsageError where a folder of ours cannot be, or leads out of the site."""
    root = folder.resolve()
    inside = {str(above) for name in files for above in PurePosixPath(name).parents}
    for name in sorted(inside):
        there = folder / name
        if there.exists() and not there.is_dir():
            raise UsageError(f"{there} is a file, and has to be a folder")
        if not there.resolve().is_relative_to(root):
            raise UsageError(f"{there} leads out of {folder}; make it a folder")


# --- what the owner should know -----------------------------------------------------------------


def _unignored(folder: Path, ours: bytes) -> tuple[str, ...]:
    """The lines that a .gitignore of the owner's own lacks."""
    there = folder / ".gitignore"
    has = there.read_text(encoding="utf-8", errors="replace").split() if there.is_file() else ()
    lines = [line for line in ours.decode().split("\n") if line and not line.startswith("#")]
    known = {line.strip("/") for line in has}
    return tuple(line for line in lines if line.strip("/") not in known)


def _repository(folder: Path) -> Path | None:
    """The root of the repository of git that a folder lies in."""
    root = folder.resolve()
    return next((above for above in (root, *root.parents) if (above / ".git").exists()), None)
