"""The story: from sources to a published site.

    sources → records → papers (merged, named by the ledger) → library → outputs → published

Every step returns values; only `generator.output` writes files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from functools import cache as cache_once
from functools import partial
from hashlib import blake2b
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from generator import (
    api,
    attachments,
    cache,
    check,
    cluster,
    config,
    disk,
    exports,
    extensions,
    facts,
    feeds,
    identity,
    keyphrases,
    ledger,
    lookalikes,
    memo,
    mentions,
    names,
    output,
    pages,
    people,
    prose,
    related,
    rights,
    search,
    sources,
    text,
    theme,
    topics,
    venues,
    web,
    weight,
)
from generator import look as look_of  # a theme is called look here
from generator.cache import Cache
from generator.config import Settings, Site
from generator.errors import BibpressError, ConfigError
from generator.extensions import Extensions
from generator.facts import Facts
from generator.library import KINDS, Library, group_path, in_order, paper_path
from generator.model import UNREAD, Link, Paper, Problem, Record, Ref, SourceText, Where
from generator.output import Output, Place, Published, Unit
from generator.place import plainly, refuse_strangers
from generator.theme import Theme
from generator.weight import Weight

Progress = Callable[[str, int, int], None]

# Beside the output, what was built last: what it was made of, and the report.
LAST = "last"

# Where a larger part of the papers has keywords, those are the topics, and nothing is made up.
FEW_SAY_TOPICS = 0.5

# Each uses only those before it.
SEARCH_SCRIPTS = (
    "vendor/lunr.min.js",
    "search/words.js",
    "search/index.js",
    "search/ask.js",
    "search/page.js",
)


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


def build(order: Order, progress: Progress) -> Report:
    """Bring the output folder up to date with the sources.

    Raises RefusedError when there is no paper, or when `strict` meets an error or a warning, and
    any other BibpressError with what was published before untouched.
    """
    place = Place(order.target)
    output.check(place, order.sources, order.archive)
    own = own_extensions(order.sources)
    with place.locked(site_folder(order.sources), progress), output.seldom_collecting():
        stamp = own.stamped(output.stamp())
        report = _unchanged(place, order, stamp) or _made_anew(place, order, own, stamp, progress)
        _refuse_if_strict(order, report)
        if order.archive:
            output.archive(place, order.archive)
    return report


def own_extensions(named: Sequence[Path]) -> Extensions:
    """What the site folder among the sources adds of its own; raises ConfigError."""
    home = site_folder(named)
    return extensions.load(home, config.load(home).extensions)


def _made_anew(
    place: Place, order: Order, own: Extensions, stamp: str, progress: Progress
) -> Report:
    refuse_strangers(place)
    given = _given(order)
    memory = Cache(place.work / "cache", stamp)
    with _workers(order) as (workers, jobs):
        pool = own.carried(workers)
        loaded = load(order, Means(memory, pool, progress, own))
        _refuse_if_strict(order, loaded.report)
        given += _save_ledger(loaded)
        published = output.publish(
            place,
            plan(loaded, memory),
            stamp=stamp,
            executor=pool,
            jobs=jobs,
            total=_expected(loaded.library),
            progress=progress,
        )
    memory.save()
    report = _published(loaded, published)
    _remember(place, stamp, given, report)
    return report


def _expected(library: Library) -> int:
    """About how many files the site will have: a page and a .bib each, and the search index."""
    groups = sum(len(library.groups[kind]) for kind in KINDS)
    return 2 * (len(library.papers) + groups) + len(library.papers) * 2 // 3


@contextmanager
def _workers(order: Order) -> Iterator[tuple[Executor, int]]:
    """Where work is done, and how much of it at a time."""
    kind, _, address = order.executor.partition("=")
    if kind == "dask":
        with cluster.executor(address) as workers:
            yield workers, workers.jobs
    else:
        with output.executor(kind, order.jobs) as pool:
            yield pool, order.jobs


def _refuse_if_strict(order: Order, report: Report) -> None:
    if order.strict and report.count("error", "warning"):
        raise RefusedError("there are errors or warnings, so nothing is published", report)


def load(order: Order, means: Means) -> Loaded:
    """Read the sources and say what they add up to; raises RefusedError when that is no paper."""
    home = site_folder(order.sources)
    settings = config.load(home)
    if order.site_url:
        settings = replace(settings, site=config.with_url(settings.site, order.site_url))
    check.severities(settings.check)  # which tells of a slip before the long work
    before, ledger_read = _ledger(home)
    look, blemishes = theme.load(home, settings.site.language, settings.look)
    if not settings.site.title:
        site = replace(settings.site, title=look.words("bibliography"))
        settings = replace(settings, site=site)
    own = means.extensions or own_extensions(order.sources)
    texts = sources.load(order.sources, means.memory, means.progress, means.pool, own.readers)
    papers, texts = _without_nameless(_merged(texts, None), texts)
    papers, after, repaired = ledger.assign(papers, before, order.today)
    said, unknown = identity.decided(_decisions(home), papers)
    if said:  # they name papers as these are without them
        single = papers
        papers, after, repaired = ledger.assign(_merged(texts, said), before, order.today)
        after = ledger.led_on(after, _moved(single, papers), order.today)
    if not settings.abstracts:  # which have told by now which records are one paper
        papers, texts = rights.without_abstracts(papers, texts)
        said, _ = identity.decided(_decisions(home), papers)  # of the records as they are now
    digests = {paper.id: memo.digest(repr(paper)) for paper in papers}
    tell = partial(means.progress, "reading closely")
    found = facts.of_all(papers, digests, means.memory, means.pool, tell)
    similar = [
        lookalikes.problem(pair, decidable=bool(home))
        for pair in lookalikes.lookalikes(papers, said, {i: f.keys for i, f in found.items()})
    ]
    who = people.load(_settings(home, people.NAME))
    authors, strangers = people.settled(papers, {i: f.authors for i, f in found.items()}, who)
    unheard = _unknown_keys(papers, found)
    files, no_files = attachments.named(papers, home)
    pdfs = attachments.pdfs(papers, home) if home and settings.pdfs else {}
    complaints = (
        *_said(texts), *similar, *repaired, *unknown, *blemishes, *unheard, *strangers,
        *look_of.remarks(settings.look), *no_files,
    )  # fmt: skip
    problems = tuple(sorted(complaints, key=_by_gravity))
    report = _report(texts, papers, problems)
    if not papers:
        named = ", ".join(
            source.name if source.is_file() else str(source) for source in order.sources
        )
        kinds = ".bib, .ris, .json (CSL), .xml (MODS, EndNote), .csv, .txt and .md files"
        raise RefusedError(f"no papers found in {named}; {kinds} are read", report)
    library = replace(
        _library(papers, found, authors, digests, home, means),
        sources=texts,
        ledger=after,
        persons=who,
        files=_with_pdfs(files, pdfs),
        pdfs=pdfs,
        authors_from=settings.size.authors_from,
        words=look.words,
    )
    written, blots = prose.load(home, library)
    problems = tuple(sorted((*problems, *blots), key=_by_gravity))
    report = replace(report, problems=problems)
    return Loaded(
        *(home, settings, look, before, ledger_read, library, found, problems, report, own, written)
    )


def plan(loaded: Loaded, memory: sources.Cache | None = None) -> Iterator[Output | Unit]:
    """Every file of the site, described and not yet made."""
    library, look = loaded.library, loaded.theme
    site, size = loaded.settings.site, loaded.settings.size
    entries = {paper.id: loaded.facts[paper.id].entry for paper in library.papers}
    items = {paper.id: loaded.facts[paper.id].item for paper in library.papers}

    @cache_once
    def index() -> search.Files:
        return _index(loaded, entries, items, memory or sources.NoCache())

    scripts = tuple(map(look.asset, SEARCH_SCRIPTS))
    dated, listed = loaded.home is not None, list[str]()
    collection = pages.Collection(
        library, site, size, loaded.problems, entries, items, dated, lambda: index().head, scripts
    )
    collection = replace(collection, find=partial(findings, loaded), prose=loaded.prose)
    collection = replace(collection, repository=loaded.settings.repository)
    menu = tuple(Ref(each.path, each.title) for each in loaded.prose if each.in_menu)
    own = {path for path, _ in look.files}
    yield from (Output(path, bytes, (content,)) for path, content in theme.outputs(look))
    made = chain(
        (
            _unit(page, site, look, menu)
            if isinstance(page, pages.Bundle)
            else _page(page, site, look, menu)
            for page in _listing(pages.plan(collection, loaded.extensions.pages), listed)
        ),
        _exports(loaded, entries),
        _pdfs(library),
        _indexed(index),
        api.outputs(library, site, {paper.id: _line(paper, loaded) for paper in library.papers}),
        feeds.outputs(library, site, _saved(loaded.prose), dated=dated),
        web.outputs(library, site, listed, dated=dated),  # last: by then all pages are listed
        [Output(".nojekyll", bytes, ())],
    )
    yield from _beside(own, made)


def findings(
    loaded: Loaded,
    today: str = "",
    further: Iterable[Problem] = (),
    published: Sequence[str] | None = None,
) -> tuple[check.Finding, ...]:
    """What the rules find in a collection, and in what `further` says.

    Without `published`, the paths of the site as it was, nothing is said of what would vanish, for
    that is true once only, nor of who may be whom, which takes too long for a build. Without a day,
    years count from the last in the ledger, so that nothing hangs on when a site is built.
    """
    home, library = loaded.home, loaded.library
    days = [line.changed for line in library.ledger.values()] if home else []
    subject = check.Subject(
        library,
        (*loaded.problems, *further),
        {id_: found.oddities for id_, found in loaded.facts.items()},
        today or max(days, default=""),
        dict(_owners_files(home)),
        {} if published is None else loaded.before,
        published or (),
        () if published is None else people.alike(library.papers, library.people, library.persons),
    )
    return check.findings(subject, check.severities(loaded.settings.check))


def _owners_files(home: Path | None) -> Iterator[tuple[str, str]]:
    """The files of a site folder in which lines are named, by their names."""
    for name in check.STEERING:
        path = home / name if home else None
        if path and path.is_file():
            yield name, config.decoded(disk.contents(path), name)


def _indexed(index: Callable[[], search.Files]) -> Iterator[Output]:
    """The files of the index, which is made when it is their turn: a preview may never ask."""
    yield from index().outputs


def _index(
    loaded: Loaded, entries: Mapping[str, str], items: Mapping[str, str], memory: sources.Cache
) -> search.Files:
    """The search index, begun from that of the last build."""
    before = memory.get("search index")
    state = before if isinstance(before, search.State) else search.NOTHING
    library = loaded.library
    documents, facets = search_documents(library), search_facets(library)
    moved = {id_: target for id_, target in pages.departures(library) if target}
    index = search.files(documents, facets, entries, items, state, moved)
    if index.state != state:
        memory.put("search index", index.state)
    return index


def search_documents(library: Library) -> list[search.Document]:
    """Every paper as it is indexed, in the order of all lists."""
    return [
        search.Document(
            ref=paper.id,
            title=text.to_plain(paper.title),
            abstract=text.to_plain(paper.abstract),
            authors=search.joined(_searched_names(paper, library)),
            tags=search.joined(ref.name for ref in library.topics_of(paper)),
            venue=_venue_words(paper, library),
            year=str(paper.year or ""),
        )
        for paper in library.papers
    ]


def search_facets(library: Library) -> list[search.Facet]:
    """Every topic, author and venue by which search results can be narrowed."""
    return [
        search.Facet(kind, group.slug, group.name, group.papers)
        for kind in search.KINDS
        for group in library.groups[kind].values()
    ]


# --- reading ------------------------------------------------------------------------------------


def site_folder(named: Sequence[Path]) -> Path | None:
    """The one site folder among the sources: it has `bibpress.toml` or `content/`.

    Of two neither can be the one whose settings and ledger hold.
    """
    sites = [
        folder
        for folder in named
        if (folder / config.CONFIG).is_file() or (folder / "content").is_dir()
    ]
    return sites[0] if len(sites) == 1 else None


def _library(
    papers: tuple[Paper, ...],
    found: Mapping[str, Facts],
    authors: people.Authors,
    digests: Mapping[str, str],
    home: Path | None,
    means: Means,
) -> Library:
    """The papers and what they have to do with each other."""
    memory, progress = means.memory, means.progress
    vocabulary = _vocabulary(papers, home, means)

    def subject(paper: Paper) -> tuple[object, ...]:
        return paper.title, paper.abstract, paper.keywords, paper.tags, vocabulary

    tell = partial(progress, "finding topics")
    known = memo.digest(repr(vocabulary))
    marks = [known + digests[paper.id] for paper in papers]
    assigned = memo.each(memory, means.pool, topics.assign, papers, marks, subject, tell)
    given = {paper.id: each for paper, each in zip(papers, assigned, strict=True)}
    progress("finding mentions", 0, len(papers))
    meant = mentions.mentions(
        [facts.mentioning(paper) for paper in papers],
        [found[paper.id].mentions for paper in papers],
    )
    progress("finding related papers", 0, len(papers))
    near = _neighbours(papers, authors, given, meant, memory)
    return Library(
        in_order(papers),
        vocabulary=vocabulary,
        venue_names=venues.load_overrides(_settings(home, "venues.toml")),
        topics=given,
        neighbours=near,
        mentions=meant,
        acronyms={id_: each.acronyms for id_, each in found.items()},
        authors=authors,
        digests=digests,
    )


def _vocabulary(papers: Sequence[Paper], home: Path | None, means: Means) -> topics.Vocabulary:
    """The owner's topics; without any, and where few papers say theirs, phrases found in them."""
    given = topics.load(_settings(home, "topics.toml"), "content/topics.toml")
    said = sum(bool(paper.keywords or paper.tags) for paper in papers)
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


def _merged(texts: Iterable[SourceText], said: identity.Decided | None) -> tuple[Paper, ...]:
    return identity.merge((record for source in texts for record in source.records), said)


def _moved(single: Iterable[Paper], papers: Iterable[Paper]) -> dict[str, str]:
    """Id of a paper by itself → the id of the one that its records are part of now."""
    now = {id(record): paper.id for paper in papers for record in paper.records}
    homes = {paper.id: now[id(paper.records[0])] for paper in single}
    return {id_: home for id_, home in homes.items() if home != id_}


def _decisions(home: Path | None) -> identity.Decisions:
    return identity.load_decisions(_settings(home, "papers.toml"))


def _settings(home: Path | None, name: str) -> dict[str, Any]:
    """What `content/NAME` of a site folder says; nothing where there is no such file."""
    path = home / "content" / name if home else None
    return config.read_toml(path, f"content/{name}") if path and path.is_file() else {}


def _ledger(home: Path | None) -> tuple[ledger.Ledger, str]:
    """The ledger of a site folder, and what stands for the file; nothing where there is none."""
    path = home / ledger.LEDGER if home else None
    if not path or not path.exists():
        return {}, ""
    try:
        content = disk.contents(path)
        return ledger.parse(content.decode("utf-8-sig")), _hash(content)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{ledger.LEDGER}: {error}") from error


def _save_ledger(loaded: Loaded) -> str:
    """Write the ledger of a site folder where it says something new; what stands for the file."""
    home, after = loaded.home, loaded.library.ledger
    if home and (after != loaded.before or not loaded.ledger_read):
        content = ledger.dump(after).encode()
        with plainly(f"cannot write {ledger.LEDGER}"):
            disk.replace(home / ledger.LEDGER, content, lasting=True)
        return _hash(content)
    return loaded.ledger_read


def _without_nameless(
    papers: Sequence[Paper], texts: Sequence[SourceText]
) -> tuple[tuple[Paper, ...], tuple[SourceText, ...]]:
    """Papers and sources without the records that name a paper which no source has."""
    lost = {r for paper in papers if identity.is_nameless(paper) for r in paper.records}
    return (
        tuple(paper for paper in papers if not identity.is_nameless(paper)),
        tuple(_without(source, lost) if lost else source for source in texts),
    )


def _without(source: SourceText, lost: Set[Record]) -> SourceText:
    """A source with the lost ones of its records quarantined, each with its error."""
    gone = [record for record in source.records if record in lost]
    problems = (Problem(record.where, _names_nothing(record)) for record in gone)
    return replace(
        source,
        records=tuple(record for record in source.records if record not in lost),
        quarantined=(*source.quarantined, *(record.where for record in gone)),
        problems=(*source.problems, *problems),
    )


def _names_nothing(record: Record) -> str:
    named = record.key or record.doi or record.arxiv
    return f'no source has the paper "{named}"; skipped (an error under --strict)'


def _unknown_keys(papers: Sequence[Paper], found: Mapping[str, Facts]) -> Iterator[Problem]:
    """What notes refer to as [@key] and no paper is, at the place of the note."""
    by_id = {paper.id: paper for paper in papers}
    said = [facts.mentioning(paper) for paper in papers]
    for id_, key in mentions.unknown_keys(said, [found[paper.id].mentions for paper in papers]):
        notes = [record for record in by_id[id_].records if key in record.body]
        where = (notes or by_id[id_].records)[0].where
        said_of_it = f'the note names "{key}", and no paper has this key'
        yield Problem(where, said_of_it, "warning", "unknown-key")


# --- what was built last ------------------------------------------------------------------------

# What a site is made of beside its sources, below the site folder; of ours only the theme.
_STEERING = (config.CONFIG, "content/*.toml")
_THEME = ("templates", "static")


def _unchanged(place: Place, order: Order, stamp: str) -> Report | None:
    """The report of the last build if it was of just this, and still lies there as it was."""
    found = cache.load(place.work / LAST, stamp)
    match found:
        case (str(given), Report() as report) if given == _given(order) + _ledger_now(order):
            whole = output.stands(place)
            return replace(report, made=0, kept=report.files, removed=0) if whole else None
    return None


def _remember(place: Place, stamp: str, given: str, report: Report) -> None:
    """Note what was built.

    Sources and settings are as they were before they were read, the ledger as it was read or
    written: should one have changed meanwhile, the next build sees another. A source that could
    not be read is tried again, though it is as it was: a disk or a network may have failed.
    """
    if any(problem.rule == UNREAD for problem in report.problems):
        return
    with suppress(OSError):
        cache.save(place.work / LAST, stamp, (given, report))


def _given(order: Order) -> str:
    """Stands for all that a site is made of, but for the ledger: 32 hexadecimal digits."""
    home = site_folder(order.sources)
    said = [(name, _digest(file)) for name, file in made_of(order.sources)]
    attached = attachments.present(home) if home and config.load(home).pdfs else []
    return memo.digest(repr((order.site_url, bool(home), said, attached)))


def made_of(named: Sequence[Path]) -> list[tuple[str, Path]]:
    """All files that a site of these sources is made of, but for the ledger: name and place.

    Sources go by the names that messages give them. Raises UsageError as `sources.find` does.
    """
    home = site_folder(named)
    homes = [theme.DEFAULT, *([home] if home else [])]
    steering = [file for each in homes for name in _THEME for file in disk.files_below(each / name)]
    steering += [file for each in _STEERING for file in sorted(home.glob(each))] if home else []
    own = own_extensions(named)
    steering += own.made_of
    steering += [page.path for page in sources.files.own_pages(home)] if home else []
    files = [(found.name, found.path) for found in sources.find(named, own.readers)]
    return files + [(str(file), file) for file in steering if file.is_file()]


def _ledger_now(order: Order) -> str:
    home = site_folder(order.sources)
    path = home / ledger.LEDGER if home else None
    return _digest(path) if path and path.is_file() else ""


def _digest(file: Path) -> str:
    """Stands for what a file holds; of one that is not or cannot be read, for when and why."""
    try:
        found = file.stat()
        if found.st_size > sources.LARGEST:
            return f"{found.st_size} {found.st_mtime_ns}"
        return _hash(disk.contents(file))
    except OSError as error:
        return str(error)


def _hash(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


# --- planning -----------------------------------------------------------------------------------


def _listing(
    planned: Iterable[pages.Page | pages.Bundle], listed: list[str]
) -> Iterator[pages.Page | pages.Bundle]:
    """The pages as they come, while those that search engines should know are written down."""
    for page in planned:
        if page.template not in web.UNLISTED:
            listed += page.paths if isinstance(page, pages.Bundle) else (page.path,)
        yield page


def _page(page: pages.Page, site: Site, look: Theme, menu: tuple[Ref, ...]) -> Output:
    context = {
        "site": site,
        "root": site.url if page.path == pages.NOT_FOUND else page.root,
        "path": page.path,
        "title": page.title,
        "here": page.here,
        "menu": menu,
        **page.context,
    }
    return Output(page.path, theme.paint, (theme.Layout(look, page.template), context))


def _unit(bundle: pages.Bundle, site: Site, look: Theme, menu: tuple[Ref, ...]) -> Unit:
    mark = f"{theme.Layout(look, bundle.template)!r}{site!r}{menu or ''}{bundle.mark}"
    return Unit(
        bundle.paths,
        mark,
        lambda: (_page(page, site, look, menu) for page in bundle.gather()),
    )


def _beside(own: Set[str], made: Iterable[Output | Unit]) -> Iterator[Output | Unit]:
    """All but the outputs in whose place the owner has put a file."""
    for each in made:
        paths = (each.path,) if isinstance(each, Output) else each.paths
        if own.isdisjoint(paths):
            yield each
        else:
            yield from (single for single in output.described([each]) if single.path not in own)


def _exports(loaded: Loaded, entries: Mapping[str, str]) -> Iterator[Output | Unit]:
    """The .bib of every paper (with its abstract), of every list, and of the whole."""
    library, size = loaded.library, loaded.settings.size
    listed = {paper.id: loaded.facts[paper.id].listed for paper in library.papers}
    # A list's .bib has no abstracts, so an edited one leaves its mark alone.
    marks = {id_: memo.digest(entry) for id_, entry in listed.items()}
    for paper in library.papers:
        path = paper_path(paper.id, ".bib")
        made_of = entries[paper.id], paper.abstract
        yield Output(path, exports.own_file, made_of, library.digests[paper.id])
    for kind in KINDS if size.author_bib else [kind for kind in KINDS if kind != "authors"]:
        for group in library.groups[kind].values():
            path = group_path(kind, group.slug, suffix=".bib")
            mark = "".join([marks[id_] for id_ in group.papers])
            yield Unit((path,), mark, partial(_list_bib, path, group.papers, listed))
    for own in loaded.prose:
        if own.all_papers:
            path = group_path(prose.KIND, own.slug, suffix=".bib")
            mark = "".join([marks[id_] for id_ in own.all_papers])
            yield Unit((path,), mark, partial(_list_bib, path, own.all_papers, listed))
    yield Output("bibliography.bib", exports.list_file, (tuple(entries.values()),))
    for id_, target in pages.departures(library):
        yield Output(paper_path(id_, ".bib"), exports.departed_file, (target,))
    for slug, target in library.moved_authors.items() if size.author_bib else ():
        path = group_path("authors", slug, suffix=".bib")
        yield Output(path, exports.departed_file, (target, "These papers are"))


def _saved(pages: Iterable[prose.Prose]) -> Iterator[feeds.Selection]:
    """The feeds of saved queries."""
    for each in pages:
        if each.query:
            path = feeds.path(prose.KIND, each.slug)
            yield feeds.Selection(path, each.path, each.papers, each.title, each.description)


def _pdfs(library: Library) -> Iterator[Unit]:
    """The PDFs that are published, each read when its turn comes: they may be gigabytes."""
    for id_, pdf in library.pdfs.items():
        path = paper_path(id_, ".pdf")
        yield Unit((path,), pdf.mark, partial(_copied, path, Path(pdf.path)))


def _copied(path: str, file: Path) -> Iterator[Output]:
    yield Output(path, bytes, (disk.contents(file),))


def _with_pdfs(
    files: Mapping[str, tuple[Link, ...]], pdfs: Iterable[str]
) -> Mapping[str, tuple[Link, ...]]:
    """The links to files by paper's id, the paper's PDF first."""
    own = {id_: (Link(paper_path(id_, ".pdf"), "PDF"),) for id_ in pdfs}
    return {**files, **{id_: (*link, *files.get(id_, ())) for id_, link in own.items()}}


def _list_bib(path: str, ids: Iterable[str], entries: Mapping[str, str]) -> Iterator[Output]:
    yield Output(path, exports.list_file, (tuple([entries[id_] for id_ in ids]),))


def _searched_names(paper: Paper, library: Library) -> Iterator[str]:
    """A paper's authors as searched: as named there, and by the name that their page has."""
    known = chain(library.known_people(paper), repeat(None))
    for author, person in zip(library.people[paper.id], known, strict=False):
        name = names.shown(person.name) if person else author.name
        same = text.fold(name) == text.fold(author.name)
        yield author.name if same else f"{author.name} ({name})"


def _line(paper: Paper, loaded: Loaded) -> api.Own:
    """What the API says of a paper alone, which is known, but where the owner knows its authors."""
    persons = loaded.library.known_people(paper)
    return api.own(paper, persons) if persons else loaded.facts[paper.id].line


def _venue_words(paper: Paper, library: Library) -> str:
    """A paper's venue as searched: the series as results show it, its full name, the volume."""
    venue = library.venue(paper)
    series = (venue.short, venue.name) if venue else ()
    said = dict.fromkeys(filter(None, (*series, text.to_plain(paper.venue))))
    return search.joined(said)


# --- reporting ----------------------------------------------------------------------------------

_GRAVITY = {"error": 0, "warning": 1, "note": 2}


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


def _report(
    texts: Sequence[SourceText], papers: Sequence[Paper], problems: tuple[Problem, ...]
) -> Report:
    quarantined = sum(len(source.quarantined) for source in texts)
    read = sum(len(source.records) for source in texts)
    return Report(
        records=read + quarantined,
        papers=len(papers),
        merged=read - len(papers),
        quarantined=quarantined,
        problems=problems,
    )


def _published(loaded: Loaded, published: Published) -> Report:
    sizes = published.sizes
    return replace(
        loaded.report,
        pages=sum(path.endswith(".html") for path in sizes),
        files=len(sizes),
        bytes=sum(sizes.values()),
        made=published.made,
        kept=published.kept,
        removed=published.removed,
        weight=weight.of(sizes, loaded.library),
    )
