"""The papers of a site as they are now: what they are called, and in which files they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator import config, disk, identity, ledger, sources
from generator.errors import ConfigError, UsageError
from generator.model import Paper, Record, SourceText
from generator.sources.readers import NO_OTHERS, Readers


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection before anything is added: its texts, its papers under their ids and keys.

    What only a note speaks of is none of the papers yet, here as for a build. `paths` leads from
    the name of each file, as places have it, to where it is. `known` is the ledger with all papers
    in it: who is there keeps id and key, whoever comes.
    """

    root: Path
    texts: tuple[SourceText, ...]
    papers: tuple[Paper, ...]
    paths: Mapping[str, Path]
    known: ledger.Ledger
    decisions: identity.Decisions
    today: str

    def together(self, records: Iterable[Record]) -> tuple[Paper, ...]:
        """The papers that there would be with these records too, named as a build names them."""
        here = (record for text in self.texts for record in text.records)
        return _named([*here, *records], self.known, self.decisions, self.today)[0]


def is_site(folder: Path) -> bool:
    """Whether a folder is a site's, of which only `content/` is read."""
    return (folder / config.CONFIG).is_file() or (folder / "content").is_dir()


def collected(root: Path, today: str, own: Readers = NO_OTHERS) -> Collection:
    """The collection that a site folder, another folder or a file holds, which may be empty.

    `own` are the readers that a site has beside ours. Raises UsageError for what is not there,
    ConfigError for a ledger or decisions that cannot be read.
    """
    if not root.exists():
        raise UsageError(f"{root}: no such file or folder")
    home = root if is_site(root) else None
    texts = sources.load((root,), own=own)
    paths = {found.name: found.path for found in sources.find((root,), own)}
    decisions = _decisions(home)
    records = [record for text in texts for record in text.records]
    papers, known = _named(records, _ledger(home), decisions, today)
    told = tuple(paper for paper in papers if not identity.is_nameless(paper))
    return Collection(root, texts, told, paths, known, decisions, today)


def _named(
    records: Sequence[Record], before: ledger.Ledger, decisions: identity.Decisions, today: str
) -> tuple[tuple[Paper, ...], ledger.Ledger]:
    """The papers of records, by the owner's decisions, and the ledger with them."""
    papers, after, _ = ledger.assign(identity.merge(records), before, today)
    said, _ = identity.decided(decisions, papers)
    if said.same or said.apart:
        papers, after, _ = ledger.assign(identity.merge(records, said), before, today)
    return papers, after


def _ledger(home: Path | None) -> ledger.Ledger:
    path = home / ledger.LEDGER if home else None
    if not path or not path.exists():
        return {}
    try:
        return ledger.parse(disk.contents(path).decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{ledger.LEDGER}: {error}") from error


def _decisions(home: Path | None) -> identity.Decisions:
    path = home / identity.DECISIONS if home else None
    known = config.read_toml(path, identity.DECISIONS) if path and path.is_file() else {}
    return identity.load_decisions(known)
