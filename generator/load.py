"""What there is to publish: from sources to papers, and from papers to a library.

    sources → records → papers (merged, named by the ledger) → library

What is wrong on the way becomes problems; only a ledger or settings that cannot be read, and a
collection without a paper, stop it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path

from generator import (
    attachments,
    check,
    config,
    extensions,
    facts,
    identity,
    keyphrases,
    ledger,
    lookalikes,
    memo,
    mentions,
    naming,
    output,
    owner,
    people,
    prose,
    related,
    rights,
    sources,
    text,
    theme,
    topics,
    venues,
)
from generator import look as look_of  # a theme is called look here
from generator.config import Settings
from generator.errors import BibpressError
from generator.extensions import Extensions
from generator.facts import Facts
from generator.library import Library, in_order, paper_path
from generator.model import Link, Paper, Problem, SourceText, Where
from generator.naming import Named
from generator.theme import Theme
from generator.weight import Weight

Progress = Callable[[str, int, int], None]


# Where a larger part of the papers has keywords, those are the topics, and nothing is made up.
FEW_SAY_TOPICS = 0.5


@dataclass(frozen=True, slots=True)
class Order:
    """What to build: the sources as named, where to, and what was said on the command line."""

    sources: tuple[Path, ...]
    target: Path
    today: str
    site_url: str = ""
    strict: bool = False
    jobs: int = 1
    executor: str = "process"
    archive: Path | None = None


@dataclass(frozen=True, slots=True)
class Means:
    """What a build works with: what was remembered, who does the work, whom to tell of it.

    `extensions` are the site's own; None: those that its settings name.
    """

    memory: sources.Cache = field(default_factory=sources.NoCache)
    pool: Executor = field(default_factory=output.Inline)
    progress: Progress = lambda *_: None
    extensions: Extensions | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What a build did; `records` = `papers` + `merged` + `quarantined`, always."""

    records: int = 0
    papers: int = 0
    merged: int = 0
    quarantined: int = 0
    problems: tuple[Problem, ...] = ()
    pages: int = 0
    files: int = 0
    bytes: int = 0
    made: int = 0
    kept: int = 0
    removed: int = 0
    weight: Weight = field(default_factory=Weight)

    def as_json(self, seconds: float) -> dict[str, object]:
        """The object that `build --json` prints."""
        problems = [
            {
                "file": problem.where.file,
                "line": problem.where.line,
                "message": problem.message,
                "severity": problem.severity,
            }
            for problem in self.problems
        ]
        shown = {**asdict(self), "problems": problems, "seconds": round(seconds, 3)}
        del shown["weight"]
        return shown

    def count(self, *severities: str) -> int:
        """How many problems are of these severities."""
        return sum(problem.severity in severities for problem in self.problems)


class RefusedError(BibpressError):
    """The data does not allow publishing; `report` says what was found."""

    def __init__(self, message: str, report: Report) -> None:
        super().__init__(message)
        self.report = report


@dataclass(frozen=True, slots=True)
class Loaded:
    """All that a site is made of, before any page is planned."""

    home: Path | None
    settings: Settings
    theme: Theme
    before: ledger.Ledger
    ledger_read: str
    library: Library
    facts: Mapping[str, Facts]
    problems: tuple[Problem, ...]
    report: Report
    extensions: Extensions = extensions.NONE
    prose: tuple[prose.Prose, ...] = ()


def load(order: Order, means: Means) -> Loaded:
    """Read the sources and say what they add up to; raises RefusedError when that is no paper."""
    home = owner.site_folder(order.sources)
    own = means.extensions or own_extensions(order.sources)
    settings, look, remarks = _looks(order, home, own)
    before, ledger_read = owner.read_ledger(home)
    texts = sources.load(order.sources, means.memory, means.progress, means.pool, own.readers)
    named, texts = _named(texts, before, home, order.today, abstracts=settings.abstracts)
    seen = _seen(named.papers, home, settings, means)
    alike = _alike(named, seen.facts, decidable=bool(home))
    dead = owner.dead_redirects(home, named.ledger)
    heard = (*remarks, *dead, *named.problems, *alike, *seen.problems)
    report = _report(texts, len(named.papers), heard)
    if not named.papers:
        raise RefusedError(_no_papers(order), report)
    library = replace(
        _library(named.papers, seen, home, means),
        sources=texts,
        ledger=named.ledger,
        authors_from=settings.size.authors_from,
        words=look.words,
    )
    written, blots = prose.load(home, library, theme.ids(look))
    report = replace(report, problems=_in_order((*report.problems, *blots)))
    return Loaded(
        home=home,
        settings=settings,
        theme=look,
        before=before,
        ledger_read=ledger_read,
        library=library,
        facts=seen.facts,
        problems=report.problems,
        report=report,
        extensions=own,
        prose=written,
    )


def with_problems(loaded: Loaded, more: Iterable[Problem]) -> Loaded:
    """What was loaded, and what is wrong with it besides."""
    report = replace(loaded.report, problems=_in_order((*loaded.problems, *more)))
    return replace(loaded, problems=report.problems, report=report)


def own_extensions(named: Sequence[Path]) -> Extensions:
    """What the site folder among the sources adds of its own; raises ConfigError."""
    home = owner.site_folder(named)
    return extensions.load(home, config.load(home).extensions)


# --- settings and the ledger ----------------------------------------------------------------------


def _looks(
    order: Order, home: Path | None, own: Extensions
) -> tuple[Settings, Theme, tuple[Problem, ...]]:
    """What the owner set, how the site looks, and what is to be said of that."""
    settings = config.load(home)
    check.severities(settings.check, config.said(home))  # tells of a slip before the long work
    look, blemishes = theme.load(home, settings.site.language, settings.look)
    site = settings.site
    if order.site_url:
        site = config.with_url(site, order.site_url)
    if not site.title:
        site = replace(site, title=look.words("bibliography"))
    slips = () if own.pages else theme.slips(look)  # pages of an extension use what they like
    of_look = look_of.remarks(settings.look, config.said(home))
    remarks = (*blemishes, *of_look, *slips, *theme.lost_blocks(look))
    return replace(settings, site=site), look, remarks


# --- which papers there are -----------------------------------------------------------------------


def _named(
    texts: tuple[SourceText, ...],
    before: ledger.Ledger,
    home: Path | None,
    today: str,
    *,
    abstracts: bool,
) -> tuple[Named, tuple[SourceText, ...]]:
    """The papers as they may be published, and the sources without what belongs to none."""
    decisions = owner.decisions(home)
    records = (record for source in texts for record in source.records)
    named = naming.named(records, before, decisions, today)
    texts = naming.without_nameless(texts, named.nameless)
    if abstracts:
        return named, texts
    # Those have told by now which records are one paper.
    papers, texts = rights.without_abstracts(named.papers, texts)
    decided, _ = identity.decided(decisions, papers)  # of the records as they are now
    return replace(named, papers=papers, decided=decided), texts


# --- what each is by itself -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is known of papers by themselves, by id; `persons` are those that the owner names.

    `problems` are what is odd about people, files and the keys that notes name.
    """

    digests: Mapping[str, str]
    facts: Mapping[str, Facts]
    persons: people.People
    authors: people.Authors
    files: Mapping[str, tuple[Link, ...]]
    pdfs: Mapping[str, attachments.Pdf]
    problems: tuple[Problem, ...]


def _seen(papers: Sequence[Paper], home: Path | None, settings: Settings, means: Means) -> _Seen:
    digests = {paper.id: memo.digest(repr(paper)) for paper in papers}
    tell = partial(means.progress, "reading closely")
    found = facts.of_all(papers, digests, means.memory, means.pool, tell)
    who = people.load(owner.said(home, people.NAME))
    authors, strangers = people.settled(papers, {i: f.authors for i, f in found.items()}, who)
    pdfs = attachments.pdfs(papers, home) if home and settings.pdfs else {}
    files, no_files = attachments.named(papers, home, pdfs)
    problems = (*strangers, *no_files, *_unknown_keys(papers, found))
    return _Seen(digests, found, who, authors, _with_pdfs(files, pdfs), pdfs, problems)


def _with_pdfs(
    files: Mapping[str, tuple[Link, ...]], pdfs: Iterable[str]
) -> Mapping[str, tuple[Link, ...]]:
    """The links to files by paper's id, the paper's PDF first."""
    own = {id_: (Link(paper_path(id_, ".pdf"), "PDF"),) for id_ in pdfs}
    return {**files, **{id_: (*link, *files.get(id_, ())) for id_, link in own.items()}}


# --- what they have to do with each other ---------------------------------------------------------


def _library(papers: Sequence[Paper], seen: _Seen, home: Path | None, means: Means) -> Library:
    """The papers and what they have to do with each other."""
    memory, progress = means.memory, means.progress
    vocabulary = _vocabulary(papers, home, means)

    def subject(paper: Paper) -> tuple[object, ...]:
        return paper.title, paper.abstract, paper.keywords, paper.tags, vocabulary

    tell = partial(progress, "finding topics")
    known = memo.digest(repr(vocabulary))
    marks = [known + seen.digests[paper.id] for paper in papers]
    assigned = memo.each(memory, means.pool, topics.assign, papers, marks, subject, tell)
    given = {paper.id: each for paper, each in zip(papers, assigned, strict=True)}
    progress("finding mentions", 0, len(papers))
    meant = mentions.mentions(
        [facts.mentioning(paper) for paper in papers],
        [seen.facts[paper.id].mentions for paper in papers],
    )
    progress("finding related papers", 0, len(papers))
    near = _neighbours(papers, seen.authors, given, meant, memory)
    return Library(
        in_order(papers),
        vocabulary=vocabulary,
        venue_names=venues.load_overrides(owner.said(home, "venues.toml")),
        topics=given,
        neighbours=near,
        mentions=meant,
        acronyms={id_: each.acronyms for id_, each in seen.facts.items()},
        authors=seen.authors,
        digests=seen.digests,
        persons=seen.persons,
        files=seen.files,
        pdfs=seen.pdfs,
    )


def _vocabulary(papers: Sequence[Paper], home: Path | None, means: Means) -> topics.Vocabulary:
    """The owner's topics; without any, and where few papers say theirs, phrases found in them."""
    given = topics.load(owner.said(home, "topics.toml"))
    said = sum(bool(topics.telling(paper.keywords, given) or paper.tags) for paper in papers)
    if given.topics or said > len(papers) * FEW_SAY_TOPICS:
        return given
    tell = partial(means.progress, "looking for topics")
    sample = keyphrases.sample([paper.id for paper in papers])
    asked = [(paper.title, paper.abstract) for paper in papers if paper.id in sample]
    marks = [memo.digest(repr(each)) for each in asked]
    heard = memo.each(means.memory, means.pool, keyphrases.facts, asked, marks, tuple, tell)
    return keyphrases.vocabulary(heard)


def _neighbours(
    papers: Sequence[Paper],
    authors: people.Authors,
    given: Mapping[str, Sequence[topics.Assigned]],
    meant: Iterable[mentions.Mention],
    memory: sources.Cache,
) -> Mapping[str, tuple[related.Neighbour, ...]]:
    """The papers nearest to each, begun from those of the last build."""
    mentioned: dict[str, list[str]] = defaultdict(list)
    for mention in meant:
        mentioned[mention.source].append(mention.target)
    texts = [
        related.Text(
            paper.id,
            paper.title,
            paper.abstract,
            [author.slug for author in authors[paper.id]],
            [topic.slug for topic in given[paper.id]],
            mentioned.get(paper.id, ()),
        )
        for paper in papers
    ]
    before = memory.get("related papers")
    near, state = related.related(texts, before if isinstance(before, related.State) else None)
    if state is not before:
        memory.put("related papers", state)
    return near


# --- what is wrong --------------------------------------------------------------------------------


_GRAVITY = {"error": 0, "warning": 1, "note": 2}


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems as they are told: what is gravest first, then by place."""
    return tuple(sorted(problems, key=_by_gravity))


def _by_gravity(problem: Problem) -> tuple[object, ...]:
    return _GRAVITY[problem.severity], problem.where, problem.message


def _said(texts: Iterable[SourceText]) -> Iterator[Problem]:
    """What the readers complained of, and every line that none of them understood."""
    for source in texts:
        yield from source.problems
        for line, content in source.leftover:
            excerpt = text.cut(content.strip(), 60)
            said = f'not understood: "{excerpt}"'
            yield Problem(Where(source.file, line, line), said, "note", "not-understood")


def _alike(named: Named, found: Mapping[str, Facts], *, decidable: bool) -> Iterator[Problem]:
    """Papers that may be one and were not merged."""
    keys = {id_: each.keys for id_, each in found.items()}
    for pair in lookalikes.lookalikes(named.papers, named.decided, keys):
        yield lookalikes.problem(pair, decidable=decidable)


def _unknown_keys(papers: Sequence[Paper], found: Mapping[str, Facts]) -> Iterator[Problem]:
    """What notes refer to as [@key] and no paper is, at the place of the note."""
    by_id = {paper.id: paper for paper in papers}
    said = [facts.mentioning(paper) for paper in papers]
    for id_, key in mentions.unknown_keys(said, [found[paper.id].mentions for paper in papers]):
        notes = [record for record in by_id[id_].records if key in record.body]
        where = (notes or by_id[id_].records)[0].where
        said_of_it = f'the note names "{key}", and no paper has this key'
        yield Problem(where, said_of_it, "warning", "unknown-key")


def _report(texts: Sequence[SourceText], papers: int, heard: Iterable[Problem]) -> Report:
    """What is known once the records are papers; `heard` is what others than readers say."""
    quarantined = sum(len(source.quarantined) for source in texts)
    read = sum(len(source.records) for source in texts)
    return Report(
        records=read + quarantined,
        papers=papers,
        merged=read - papers,
        quarantined=quarantined,
        problems=_in_order((*_said(texts), *heard)),
    )


def _no_papers(order: Order) -> str:
    named = ", ".join(each.name if each.is_file() else str(each) for each in order.sources)
    kinds = ".bib, .ris, .json (CSL), .xml (MODS, EndNote), .csv, .txt and .md files"
    return f"no papers found in {named}; {kinds} are read"
