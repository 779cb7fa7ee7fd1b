"""Emptying a tombstone for good: of a paper that is gone, nothing stays but its address.

A ledger remembers of every paper what it was recognised by, also of those that are gone. Who wants
a paper forgotten has its line emptied: it keeps the id, so that the address goes on answering and
is never given to another paper, and the day on which it came, by which the feeds of the oldest
paper's collection are known. The page of changes does not tell of it, and should the paper ever
come back, it is a new one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from generator import disk, ledger
from generator.errors import ConfigError, UsageError
from generator.exports import departed_file
from generator.ledger import LEDGER, Ledger
from generator.library import paper_path
from generator.load import Loaded, Means, Order, Progress, RefusedError, load
from generator.owner import site_folder
from generator.place import Place, cleared, plainly
from generator.trees import remove


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was done: the ids whose lines were emptied (none where all were), and what is left.

    `removed` are names in bibpress's own folder. `shown` says that the published site still has
    the paper, `naming` where it is still named in files of the site folder.
    """

    ids: tuple[str, ...]
    removed: tuple[str, ...]
    shown: bool
    naming: tuple[str, ...]


def forget(
    order: Order, id_: str, answers: Path, progress: Progress = lambda *_: None
) -> Forgotten:
    """Empty the ledger's line of a paper that is gone, and those that lead to it.

    What earlier builds remembered is removed, and so is `answers`, the folder of what services said
    of papers. The next build does likewise with the site that was published before it.

    Raises UsageError where there is no such line, and where the paper is still in the sources.
    """
    home = site_folder(order.sources)
    if not home:
        raise UsageError("only a site folder has a ledger.tsv to take a paper from: name that one")
    place = Place(order.target)
    with place.locked(home, progress):
        before = _read(home)
        if id_ not in before:
            near = get_close_matches(id_, before, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise UsageError(f"{LEDGER} has no paper {id_}{hint}")
        _refuse_if_there(id_, order, progress)
        ids = tuple(sorted({id_, *_leading_to(id_, before)}))
        said = [key for each in ids for key in (before[each].key, *before[each].other_keys) if key]
        after = {**before, **{each: ledger.emptied(before[each]) for each in ids}}
        if after != before:
            with plainly(f"cannot write {LEDGER}"):
                disk.replace(home / LEDGER, ledger.dump(after).encode(), lasting=True)
        return Forgotten(
            tuple(each for each in ids if after[each] != before[each]),
            (*cleared(place), *_removed(answers)),
            _is_shown(place, ids),
            tuple(_naming(home, [*ids, *said])),
        )


def _read(home: Path) -> Ledger:
    try:
        return ledger.parse(disk.contents(home / LEDGER).decode("utf-8-sig"))
    except FileNotFoundError as error:
        raise UsageError(f"{home} has no {LEDGER} yet: there is nothing to forget") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{LEDGER}: {error}") from error


def _refuse_if_there(id_: str, order: Order, progress: Progress) -> None:
    """Raises UsageError where a source has the paper, or one that it was merged into."""
    loaded = _loaded(order, progress)
    if loaded is None:
        return
    heir = ledger.destination(id_, loaded.library.ledger, loaded.library.by_id)
    if heir:
        records = loaded.library.by_id[heir].records
        places = ", ".join(map(str, sorted(record.where for record in records)))
        now = "is still there" if heir == id_ else f"leads to {heir}, which is there"
        raise UsageError(f"{id_} {now}: {places}; take it out of there first")


def _loaded(order: Order, progress: Progress) -> Loaded | None:
    """What the sources say; None where no paper is left in them."""
    try:
        return load(order, Means(progress=progress))
    except RefusedError:
        return None


def _leading_to(id_: str, lines: Ledger) -> Iterator[str]:
    return (each for each in lines if ledger.destination(each, lines, {id_}) == id_)


def _removed(folder: Path) -> Iterator[str]:
    """The folder's name, where it was still there."""
    if folder.is_dir():
        with plainly(f"cannot remove {folder}"):
            remove(folder)
        yield folder.name


def _is_shown(place: Place, ids: tuple[str, ...]) -> bool:
    """Whether the published site still has one of the papers itself."""
    files = [place.target / paper_path(each, ".bib") for each in ids]
    empty = departed_file("")
    return any(file.is_file() and disk.contents(file) != empty for file in files)


def _naming(home: Path, names: list[str]) -> Iterator[str]:
    """The decisions, notes and pages in which a paper is still named, by id or by key."""
    one = f"(?:{'|'.join(map(re.escape, names))})"
    for file in disk.files_below(home / "content", forgiving=True):
        before = _BEFORE_A_NAME.get(file.suffix)
        if before and file.is_file():
            said = disk.contents(file).decode("utf-8", "replace")
            if re.search(rf"{before}{one}(?![\w-])", said):
                yield file.relative_to(home).as_posix()


# A key may be a word like any other: in a text it is one behind the marks of a citation or a link.
_BEFORE_A_NAME = {".toml": r"(?<![\w-])", ".md": r"(?:@|\[\[|papers/)"}
