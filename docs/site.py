"""What the documentation's site needs beside MkDocs: the files outside docs/ that pages link to.

A link as `../SECURITY.md` holds where the repository is looked at. For the site such files are
taken along below `repository/`, and links lead there; those in them lead back.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OUTSIDE = "repository"
# Code, in which nothing is a link; else where a link leads to.
LINK = re.compile(r"(?ms)^```.*?^```$|`[^`\n]*`|\]\((?![a-z]+:|#)([^()\s#]+)")


def on_files(files: Any, config: Any) -> Any:
    """The site's files, those outside to which pages link, and those to which these do in turn."""
    # What calls this has it, and nobody else needs it.
    from mkdocs.structure.files import File, InclusionLevel

    taken: set[Path] = set()
    waiting = [ROOT / "docs" / file.src_uri for file in files.documentation_pages()]
    while waiting:
        for path in links(waiting.pop()):
            if (ROOT / "docs") not in path.parents and path not in taken and path.is_file():
                taken.add(path)
                to = {"abs_src_path": str(path), "inclusion": InclusionLevel.NOT_IN_NAV}
                files.append(File.generated(config, place(path), **to))
                waiting += [path] if path.suffix == ".md" else []
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """A page whose links lead to where the files are in the site."""
    here = path_of(page.file.src_uri)

    def led(link: re.Match[str]) -> str:
        if not link[1]:
            return link[0]
        there = place((here.parent / link[1]).resolve())
        return f"]({os.path.relpath(there, PurePosixPath(page.file.src_uri).parent)}"

    return LINK.sub(led, markdown)


def links(page: Path) -> Iterator[Path]:
    """The files that a page links to, whether they are there or not."""
    for link in LINK.finditer(page.read_text("utf-8")):
        if link[1]:
            yield (page.parent / link[1]).resolve()


def place(path: Path) -> str:
    """Where a file of the repository lies in the site."""
    inside = path.relative_to(ROOT).as_posix()
    return inside.removeprefix("docs/") if inside.startswith("docs/") else f"{OUTSIDE}/{inside}"


def path_of(place: str) -> Path:
    """The file of the repository that lies there."""
    outside = place.startswith(f"{OUTSIDE}/")
    return ROOT / (place.removeprefix(f"{OUTSIDE}/") if outside else f"docs/{place}")
