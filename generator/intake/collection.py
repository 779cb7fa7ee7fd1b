"""The papers of a site as they are now: what they are called, and in which files they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator import identity, ledger, naming, owner, sources
from generator.errors import UsageError
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
        return naming.named([*here, *records], self.known, self.decisions, self.today).papers


def collected(root: Path, today: str, own: Readers = NO_OTHERS) -> Collection:
    """The collection that a site folder, another folder or a file holds, which may be empty.

    `own` are the readers that a site has beside ours. Raises UsageError for what is not there,
    ConfigError for a ledger or decisions that cannot be read.
    """
    if not root.exists():
        raise UsageError(f"{root}: no such file or folder")
    home = root if owner.is_site(root) else None
    texts = sources.load((root,), own=own)
    paths = {found.name: found.path for found in sources.find((root,), own)}
    decisions = owner.decisions(home)
    records = (record for text in texts for record in text.records)
    named = naming.named(records, owner.read_ledger(home)[0], decisions, today)
    return Collection(root, texts, named.papers, paths, named.ledger, decisions, today)
