"""Which papers the records are: merged, under their ids and keys for good, as the owner decided.

    records ─ merge ─► papers ─ ledger ─► named papers ─ the owner's word ─► merged and named again

What an owner decides names papers as they are without it. So these are named first, and where
anything was decided, the records are merged once more, by the owner's word too. A build and an
import both ask here, so that what is new, and what is one paper, is the same to both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace

from generator import identity, ledger
from generator.identity import Decided, Decisions
from generator.ledger import Ledger
from generator.model import Paper, Problem, Record, SourceText


@dataclass(frozen=True, slots=True)
class Named:
    """The papers that records add up to, and the ledger with them.

    `decided` is what the owner says of these records, `problems` what was odd about keys and
    decisions. `nameless` are the records that are part of no paper: a note on one that no source
    has.
    """

    papers: tuple[Paper, ...]
    ledger: Ledger
    decided: Decided
    problems: tuple[Problem, ...]
    nameless: tuple[Record, ...]


def named(records: Iterable[Record], before: Ledger, decisions: Decisions, today: str) -> Named:
    """The papers of records, by a ledger and the owner's decisions; `today` is for new lines."""
    merged = identity.merge(records)
    nameless = tuple(_records(paper for paper in merged if identity.is_nameless(paper)))
    told = tuple(paper for paper in merged if not identity.is_nameless(paper))
    papers, after, repaired = ledger.assign(told, before, today)
    papers = ledger.with_former_ids(papers, after)
    decided, unknown = identity.decided(decisions, papers)
    if decided:
        single = papers
        merged = identity.merge(_records(single), decided)
        papers, after, repaired = ledger.assign(merged, before, today)
        after = ledger.led_on(after, _moved(single, papers), today)
        papers = ledger.with_former_ids(papers, after)
    return Named(papers, after, decided, (*repaired, *unknown), nameless)


def without_nameless(
    texts: Iterable[SourceText], nameless: Sequence[Record]
) -> tuple[SourceText, ...]:
    """The sources with these of their records quarantined, each with its error."""
    lost = set(nameless)
    return tuple(_without(source, lost) if lost else source for source in texts)


def _records(papers: Iterable[Paper]) -> Iterable[Record]:
    return (record for paper in papers for record in paper.records)


def _moved(single: Iterable[Paper], papers: Iterable[Paper]) -> dict[str, str]:
    """Id of a paper by itself → the id of the one that its records are part of now."""
    now = {id(record): paper.id for paper in papers for record in paper.records}
    homes = {paper.id: now[id(paper.records[0])] for paper in single}
    return {id_: home for id_, home in homes.items() if home != id_}


def _without(source: SourceText, lost: Set[Record]) -> SourceText:
    gone = [record for record in source.records if record in lost]
    problems = (Problem(record.where, _names_nothing(record)) for record in gone)
    return replace(
        source,
        records=tuple(record for record in source.records if record not in lost),
        quarantined=(*source.quarantined, *(record.where for record in gone)),
        problems=(*source.problems, *problems),
    )


def _names_nothing(record: Record) -> str:
    meant = record.key or record.doi or record.arxiv
    return f'no source has the paper "{meant}"; skipped (an error under --strict)'
