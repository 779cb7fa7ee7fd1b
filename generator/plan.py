"""Every file of the site, described and not yet made: pages, exports, search, feeds, theme."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cache as cache_once
from functools import partial
from itertools import chain, repeat
from pathlib import Path
from types import MappingProxyType

from generator import (
    api,
    check,
    config,
    disk,
    exports,
    feeds,
    memo,
    names,
    output,
    pages,
    people,
    prose,
    search,
    sources,
    text,
    theme,
    web,
)
from generator.config import Site
from generator.library import KINDS, Library, group_path, paper_path
from generator.load import Loaded, with_problems
from generator.model import Paper, Problem, Ref, Where
from generator.output import Output, Unit
from generator.theme import Theme

# Each uses only those before it.
SEARCH_SCRIPTS = (
    "vendor/lunr.min.js",
    "search/words.js",
    "search/index.js",
    "search/ask.js",
    "search/page.js",
)


def plan(loaded: Loaded, memory: sources.Cache | None = None) -> Iterator[Output | Unit]:
    """Every file of the site, described and not yet made."""
    look = loaded.theme

    @cache_once
    def index() -> search.Files:
        return _index(loaded, memory or sources.NoCache())

    own = {path for path, _ in look.files}
    yield from (Output(path, bytes, (content,)) for path, content in theme.outputs(look))
    made = _made(loaded, lambda: index().head, partial(findings, loaded))
    yield from _beside(own, chain(made, _indexed(index)))


def remarked(loaded: Loaded) -> Loaded:
    """The same, with a warning for each file of static/ in whose place the site would have its own.

    Where there may be such a file, the site is planned once more to know: 2 s for the pages and
    .bib of 10,000 papers. Nothing is said of an owner's robots.txt, for which there is no other
    way.
    """
    own = {path for name, path in loaded.theme.paths.items() if name == path}
    suspects = {path for path in own if path.endswith(_MADE) and _is_among_ours(path)}
    if not suspects:
        return loaded
    described = _made(loaded, lambda: "", tuple)
    made = {
        p for each in described for p in ((each.path,) if isinstance(each, Output) else each.paths)
    }
    return with_problems(loaded, map(_in_place_of, sorted(suspects & made)))


def _is_among_ours(path: str) -> bool:
    """Whether a file lies where ours do: an owner's PDFs in a folder of their own cost no plan.

    Weakness: an extension's page in a folder of its own gives way without a word.
    """
    return path.rpartition("/")[0] in _FOLDERS


_FOLDERS = frozenset({"", *KINDS, prose.KIND, "data", "papers", "sources"})
# How the files end that we make under names which an owner could give a file, too.
_MADE = (".html", ".bib", ".xml", ".json", ".jsonl", ".pdf")


def _in_place_of(path: str) -> Problem:
    is_page = path.endswith(".html")
    what = "a page" if is_page else "a file"
    instead = "change its template in templates/, or " if is_page else ""
    said = f"takes the place of {what} of the site; {instead}give this file another name"
    return Problem(Where(f"static/{path}"), said, "warning", "left-out-file")


def _made(
    loaded: Loaded, search_head: Callable[[], str], find: Callable[[], tuple[check.Finding, ...]]
) -> Iterator[Output | Unit]:
    """Every file but those of the theme and of the search index."""
    library, look = loaded.library, loaded.theme
    site, size = loaded.settings.site, loaded.settings.size
    entries, items = _entries(loaded), _items(loaded)
    dated, listed = loaded.home is not None, list[str]()
    collection = pages.Collection(
        library,
        site,
        size,
        loaded.problems,
        entries,
        items,
        dated,
        search_head=search_head,
        search_scripts=tuple(map(look.asset, SEARCH_SCRIPTS)),
        find=find,
        prose=loaded.prose,
        repository=loaded.settings.repository,
    )
    menu = tuple(Ref(each.path, each.title) for each in loaded.prose if each.in_menu)
    return chain(
        (
            _unit(page, site, look, menu)
            if isinstance(page, pages.Bundle)
            else _page(page, site, look, menu)
            for page in _listing(pages.plan(collection, loaded.extensions.pages), listed)
        ),
        _exports(loaded, entries),
        _pdfs(library),
        api.outputs(library, site, {paper.id: _line(paper, loaded) for paper in library.papers}),
        feeds.outputs(library, site, _saved(loaded.prose), dated=dated),
        web.outputs(library, site, listed, dated=dated),  # last: by then all pages are listed
        [Output(".nojekyll", bytes, ())],
    )


def _entries(loaded: Loaded) -> Mapping[str, str]:
    return {paper.id: loaded.facts[paper.id].entry for paper in loaded.library.papers}


def _items(loaded: Loaded) -> Mapping[str, str]:
    return {paper.id: loaded.facts[paper.id].item for paper in loaded.library.papers}


def findings(
    loaded: Loaded,
    today: str = "",
    further: Iterable[Problem] = (),
    published: Sequence[str] | None = None,
    keys: Mapping[str, str] = MappingProxyType({}),
) -> tuple[check.Finding, ...]:
    """What the rules find in a collection, and in what `further` says.

    `published` are the paths of the site as it was, `keys` those that papers had there, by id.
    Without them nothing is said of what would vanish, for that is true once only, nor of who may be
    whom, which takes too long for a build. Without a day, years count from the last in the ledger,
    so that nothing hangs on when a site is built.
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
        keys,
    )
    return check.findings(subject, check.severities(loaded.settings.check))


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
            standing=library.standing(paper),
        )
        for paper in library.papers
    ]


def search_facets(library: Library) -> list[search.Facet]:
    """Every topic, author and venue by which search results can be narrowed."""
    return [
        search.Facet(kind, group.slug, group.told, group.papers)
        for kind in search.KINDS
        for group in library.groups[kind].values()
    ]


# --- pages ----------------------------------------------------------------------------------------


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


# --- exports and files ----------------------------------------------------------------------------


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
    for kind in library.moved if size.author_bib else ["venues"]:
        for slug, target in library.moved[kind].items():
            path = group_path(kind, slug, suffix=".bib")
            yield Output(path, exports.departed_file, (target, "These papers are"))


def _list_bib(path: str, ids: Iterable[str], entries: Mapping[str, str]) -> Iterator[Output]:
    yield Output(path, exports.list_file, (tuple([entries[id_] for id_ in ids]),))


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


def _line(paper: Paper, loaded: Loaded) -> api.Own:
    """What the API says of a paper alone, which is known, but where the owner knows its authors."""
    persons = loaded.library.known_people(paper)
    return api.own(paper, persons) if persons else loaded.facts[paper.id].line


# --- search ---------------------------------------------------------------------------------------


def _indexed(index: Callable[[], search.Files]) -> Iterator[Output]:
    """The files of the index, which is made when it is their turn: a preview may never ask."""
    yield from index().outputs


def _index(loaded: Loaded, memory: sources.Cache) -> search.Files:
    """The search index, begun from that of the last build."""
    before = memory.get("search index")
    state = before if isinstance(before, search.State) else search.NOTHING
    library = loaded.library
    documents, facets = search_documents(library), search_facets(library)
    moved = {id_: target for id_, target in pages.departures(library) if target}
    index = search.files(documents, facets, _entries(loaded), _items(loaded), state, moved)
    if index.state != state:
        memory.put("search index", index.state)
    return index


def _searched_names(paper: Paper, library: Library) -> Iterator[str]:
    """A paper's authors as searched: as named there, and by the name that their page has."""
    known = chain(library.known_people(paper), repeat(None))
    for author, person in zip(library.people[paper.id], known, strict=False):
        name = names.shown(person.name) if person else author.name
        same = text.fold(name) == text.fold(author.name)
        yield author.name if same else f"{author.name} ({name})"


def _venue_words(paper: Paper, library: Library) -> str:
    """A paper's venue as searched: the series as results show it, its full name, the volume."""
    venue = library.venue(paper)
    series = (venue.short, venue.name) if venue else ()
    said = dict.fromkeys(filter(None, (*series, text.to_plain(paper.venue))))
    return search.joined(said)


# --- what the rules look at -----------------------------------------------------------------------


def _owners_files(home: Path | None) -> Iterator[tuple[str, str]]:
    """The files of a site folder in which lines are named, by their names."""
    for name in check.STEERING:
        path = home / name if home else None
        if path and path.is_file():
            yield name, config.decoded(disk.contents(path), name)
