"""What a site weighs, by kind of file, and what would make it lighter where a host has limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from generator.library import Library, group_path

SITE_LIMIT = 1_000_000_000
"""Bytes of a site that GitHub Pages publishes (docs.github.com, "GitHub Pages limits")."""

FILE_LIMIT = 100_000_000
"""Bytes of a file that GitHub takes (docs.github.com, "About large files on GitHub")."""

NEAR = 0.8
"""The part of a limit from which on one is warned."""


@dataclass(frozen=True, slots=True)
class Weight:
    """Where the bytes are (kind, files, bytes; the heaviest first), and what to say of it."""

    kinds: tuple[tuple[str, int, int], ...] = ()
    warnings: tuple[str, ...] = ()


def of(sizes: Mapping[str, int], library: Library) -> Weight:
    """What files of these sizes (bytes by path) weigh."""
    files: Counter[str] = Counter()
    weights: Counter[str] = Counter()
    for path, weight in sizes.items():
        name = kind(path)
        files[name] += 1
        weights[name] += weight
    heaviest = sorted(weights, key=lambda name: (-weights[name], name))
    kinds = tuple((name, files[name], weights[name]) for name in heaviest)
    return Weight(kinds, tuple(_warnings(sizes, library)))


def kind(path: str) -> str:
    """What a file is counted under: its outermost folder and its suffix, "papers/*.html"."""
    folder, slash, name = path.rpartition("/")
    _, dot, suffix = name.rpartition(".")
    outermost = folder.partition("/")[0]
    return f"{outermost}{slash}*{dot}{suffix if dot else ''}"


def _warnings(sizes: Mapping[str, int], library: Library) -> Iterator[str]:
    whole = sum(sizes.values())
    if whole > NEAR * SITE_LIMIT:
        yield (
            f"the site has {_mega(whole)}, and GitHub Pages ends at {_mega(SITE_LIMIT)}"
            f"{_advice(sizes, library)}"
        )
    for path, weight in sorted(sizes.items()):
        if weight > NEAR * FILE_LIMIT:
            yield f"{path} has {_mega(weight)}, and GitHub takes no file over {_mega(FILE_LIMIT)}"


def _advice(sizes: Mapping[str, int], library: Library) -> str:
    """The setting that saves most, and about how much."""
    once = [group for group in library.groups["authors"].values() if len(group.papers) == 1]
    paths = [group_path("authors", group.slug, suffix=each) for group in once for each in _BOTH]
    savings = (
        ("authors_from = 2", sum(sizes.get(path, 0) for path in paths)),
        ("author_bib = false", sum(sizes[path] for path in sizes if kind(path) == "authors/*.bib")),
    )
    setting, saved = max(savings, key=lambda each: each[1])
    return f"; {setting} under [size] in bibpress.toml saves {_mega(saved)}" if saved else ""


_BOTH = (".html", ".bib")


def _mega(weight: int) -> str:
    return f"{weight / 1e6:,.0f} MB"
