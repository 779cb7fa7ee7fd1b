"""Pages of the owner's own: Markdown in `content/pages/`, with citations and saved queries.

    ---
    title: For new students
    papers: topic = pruning and year >= 2020
    ---
    Begin with [@lecun1989optimal]; the rest is below, the newest first.

A file becomes the page `pages/NAME.html`. What it cites is listed at its end, and what its query
finds is a list like any other, with a .bib and a feed. A file that cannot be read is reported and
left out; the others are made.

Only `papers` steers what is listed: words of a page are not searched for papers, and the search
page does not know them.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from html import escape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote

from generator import disk, text
from generator.library import KINDS, Library, group_path, paper_path, source_slug
from generator.mentions import linked
from generator.model import UNREAD, Paper, Problem, Severity, Where
from generator.names import OTHERS
from generator.queries import Asking, QueryError, parse
from generator.sources import files, front_matter
from generator.sources.markup import Manner, outside, to_html, with_math

KIND = "pages"
"""The folder that these pages lie in, in `content/` and in the site."""

STATIC = "static"
# Bytes of a page's own words as HTML: 12,000 words. Beside them stand 50 cards of its list and
# CITED of what it cites, of 3 KB each at most, and no page is to have over 300 KB.
ROOM = 80_000
CITED = 20
# Characters of a title and of a description.
TITLE = 250
DESCRIPTION = 1_000
# Remarks on one page: who writes a thousand wrong keys learns it from the first.
REMARKS = 50
FIELDS = ("title", "description", "papers", "menu")
IMAGES = frozenset({".avif", ".gif", ".jpeg", ".jpg", ".png", ".svg", ".webp"})


@dataclass(frozen=True, slots=True)
class Prose:
    """A page of the owner's own.

    `title` and `description` are canonical texts, `body` is HTML whose links start at the page.
    `cited` are the ids of papers that it names, in its order; `papers` those that its `query`
    finds, in the order of all lists. Without a query that is empty.
    """

    slug: str
    file: str
    title: str
    description: str = ""
    body: str = ""
    cited: tuple[str, ...] = ()
    query: str = ""
    papers: tuple[str, ...] = ()
    in_menu: bool = False

    @property
    def path(self) -> str:
        """Where the page lies, from the site's root."""
        return group_path(KIND, self.slug)

    @property
    def all_papers(self) -> tuple[str, ...]:
        """What its .bib holds: all that it lists and cites."""
        return tuple(dict.fromkeys((*self.papers, *self.cited)))


def load(
    home: Path | None, library: Library, ids: Set[str] = frozenset()
) -> tuple[tuple[Prose, ...], tuple[Problem, ...]]:
    """The pages of a site folder, in the order of their files, and what is wrong with them.

    `ids` are those that templates give places of a page, beside those of its headings.
    """
    found = files.own_pages(home) if home else ()
    if not home or not found:
        return (), ()
    drafts, problems = [], list[Problem]()
    for file in found:
        draft, said = _draft(file)
        problems += said
        drafts += [draft] if draft else []
    kept, clashing = _apart(drafts)
    static = home / STATIC
    below = {
        path.relative_to(static).as_posix() for path in disk.files_below(static, forgiving=True)
    }
    paths = {draft.file: draft.path for draft in kept}
    read = (f"sources/{source_slug(source.file)}.html" for source in library.sources)
    own = (path for draft in kept for path in _files_of(draft))
    site = _Site(library, Asking(library), paths, frozenset((*own, *read)), below)
    finished = [_finished(draft, site) for draft in kept]
    places = {page.path: _ids(page) for page, _ in finished}
    for _, remarks in finished:
        remarks.add_lost(places, ids)
        problems += remarks.said.values()
    return tuple(page for page, _ in finished), (*problems, *clashing)


# --- reading ------------------------------------------------------------------------------------


class _Draft(NamedTuple):
    """A page as its file has it, before anything else is known.

    `source` is the whole text, of which `body` is the end.
    """

    file: str
    title: str
    description: str
    query: str
    in_menu: bool
    body: str
    source: str

    @property
    def path(self) -> str:
        return group_path(KIND, _slug(self.file))


_Said = tuple[Problem, ...]


def _files_of(draft: _Draft) -> Iterator[str]:
    """The paths of a page and of its .bib and feed, as far as it may have them."""
    yield draft.path
    if draft.query or "[" in draft.body:
        yield group_path(KIND, _slug(draft.file), suffix=".bib")
    if draft.query:
        yield group_path(KIND, _slug(draft.file), suffix=".xml")


def _draft(file: files.Found) -> tuple[_Draft | None, _Said]:
    """What a file says; no draft where that cannot be told."""
    try:
        source, problems = files.decode(files.contents(file.path), file.name)
    except OSError as error:
        said = f"cannot be read: {error.strerror or error}; the page is left out"
        return None, (Problem(Where(file.name), said, "error", UNREAD),)
    try:
        fields, twice, body = _parted(source)
    except front_matter.FrontMatterError as error:
        said = f"the page {error}; it is left out (an error under --strict)"
        return None, (*problems, _problem(file.name, error.line or 1, said, "skipped-page"))
    remarks = [
        *(f"has two fields {name[:60]}; the first is used" for name in twice),
        *_about_fields(fields),
    ]
    first, rest = _headed(body)
    given = _text(fields, "title")
    title = text.cut(text.from_plain(given or first), TITLE)
    draft = _Draft(
        file.name,
        title or _title_of(file.name),
        text.cut(text.from_plain(_text(fields, "description")), DESCRIPTION),
        " ".join(_text(fields, "papers").split()),
        _text(fields, "menu").casefold() in _YES,
        rest if first and (not given or text.from_plain(first) == title) else body,
        source,
    )
    return draft, (*problems, *(_problem(file.name, 1, f"the page {said}") for said in remarks))


def _parted(source: str) -> tuple[Mapping[str, front_matter.Value], tuple[str, ...], str]:
    """Fields, names that stand there twice, body; a page may go without front matter."""
    if not source.lstrip().startswith("---\n"):
        return {}, (), source
    matter, body, line = front_matter.split(source)
    fields, twice = front_matter.parse(matter, line) if matter.strip() else ({}, ())
    return fields, twice, body


def _about_fields(fields: Mapping[str, front_matter.Value]) -> Iterator[str]:
    """What is odd about front matter."""
    for name, value in fields.items():
        if name not in FIELDS:
            near = get_close_matches(name, FIELDS, n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; known are {', '.join(FIELDS)}"
            yield f"has the field {name[:60]}, which means nothing here{hint}"
        elif not isinstance(value, str):
            kind = "list" if isinstance(value, list) else "mapping"
            yield f"has the field {name}, which is a {kind} and no text; left out"
        elif name == "menu" and value.casefold() not in {*_YES, *_NO}:
            yield f'says "menu: {value[:60]}", and can say true or false'
        elif name == "papers" and not value.strip():
            yield 'says "papers:" and no query: say all, or which'


_YES, _NO = ("true", "yes", "on"), ("false", "no", "off", "")


def _text(fields: Mapping[str, front_matter.Value], name: str) -> str:
    value = fields.get(name, "")
    return value if isinstance(value, str) else ""


_HEADING = re.compile(r"\s*+(?:#[ \t]+([^\n]+)|([^\n]+)\n=+[ \t]*)(?:\n|\Z)")


def _headed(body: str) -> tuple[str, str]:
    """The heading of the first level that a text begins with, and what follows it."""
    found = _HEADING.match(body)
    if not found:
        return "", body
    return (found[1] or found[2]).strip().rstrip(" \t#"), body[found.end() :]


def _title_of(file: str) -> str:
    words = re.sub("[-_ ]+", " ", _name(file).rpartition("/")[2]).strip()
    return words[:1].upper() + words[1:]


def _name(file: str) -> str:
    """The name of a file below `content/pages/`, without its ending."""
    return file.removeprefix(f"{files.CONTENT}/{KIND}/").rpartition(".")[0]


def _slug(file: str) -> str:
    return text.slug(_name(file))


def _apart(drafts: Iterable[_Draft]) -> tuple[list[_Draft], list[Problem]]:
    """The drafts, of those with one address the first, and the others as problems."""
    taken: dict[str, _Draft] = {}
    problems = []
    for draft in drafts:
        if taken.setdefault(draft.path, draft) is not draft:
            said = (
                f"the page would be {draft.path}, which {taken[draft.path].file} is already; "
                "give one of the files another name; left out (an error under --strict)"
            )
            problems.append(_problem(draft.file, 1, said, "skipped-page"))
    return list(taken.values()), problems


def _problem(file: str, line: int, said: str, rule: str = "odd-page") -> Problem:
    severity: Severity = "error" if rule in ("skipped-page", "broken-query") else "warning"
    return Problem(Where(file, line, line), said, severity, rule)


# --- from a draft to a page ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Site:
    """What a page may name: papers, the other pages (path by file), the files of `static/`.

    `paths` are those of the pages with their .bib and feeds, and of the pages of sources.
    """

    library: Library
    asking: Asking
    pages: Mapping[str, str]
    paths: Set[str]
    static: Set[str]


@dataclass(slots=True)
class _Remarks:
    """What is said of a page while it is made, each message once, with its line.

    `leads` has the links to places of files: the address, the path of the file, the place.
    """

    draft: _Draft
    said: dict[str, Problem] = field(default_factory=dict)
    leads: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, message: str, at: str = "", rule: str = "odd-page") -> None:
        """Remark something, at the line of the body where `at` first stands; else of the page."""
        source, body = self.draft.source, self.draft.body
        self._say(message, max(0, source.find(at, len(source) - len(body))) if at else 0, rule)

    def add_of_query(self, message: str, rule: str) -> None:
        """Remark something at the line of the query."""
        self._say(message, self.draft.source.find("\npapers") + 1, rule)

    def add_lost(self, places: Mapping[str, Set[str]], others: Set[str]) -> None:
        """Remark the links whose place is neither among those of its page nor of the others."""
        for address, path, place in self.leads:
            known = places.get(path)
            if known is not None and not {place, unquote(place)} & (known | others):
                if len(self.said) > REMARKS:
                    return
                near = get_close_matches(unquote(place), sorted(known), n=1)
                hint = f'; did you mean "#{near[0]}"?' if near else ""
                whose = "it" if path == self.draft.path else "that page"
                said = f'links to "{address[:80]}", and {whose} has no heading of this name{hint}'
                self.add(said, address, "dead-link")

    def _say(self, message: str, place: int, rule: str) -> None:
        if message in self.said:
            return
        if len(self.said) == REMARKS:
            message, place, rule = "has more problems than are told here", 0, "odd-page"
        if len(self.said) <= REMARKS:
            line = self.draft.source.count("\n", 0, place) + 1
            problem = _problem(self.draft.file, line, f"the page {message}", rule)
            self.said[message] = problem


def _finished(draft: _Draft, site: _Site) -> tuple[Prose, _Remarks]:
    """The page with its links and lists, and what is said of it."""
    remarks = _Remarks(draft)
    body, cited = _written(draft, site, remarks)
    page = Prose(
        _slug(draft.file),
        draft.file,
        draft.title,
        draft.description,
        body,
        cited,
        in_menu=draft.in_menu,
    )
    return _asked(page, draft.query, site.asking, remarks), remarks


def _ids(page: Prose) -> Set[str]:
    """The ids of a page's headings."""
    return frozenset(_ID.findall(page.body))


_ID = re.compile(r'<h[2-6] id="([^"]*)">')


def _asked(page: Prose, query: str, asking: Asking, remarks: _Remarks) -> Prose:
    """The page with the papers of its query; without a list where that cannot be read."""
    if not query:
        return page
    try:
        answer = asking.answer(parse(query))
    except QueryError as error:
        said = f"has a query that cannot be read, so that it has no list: {error}"
        remarks.add_of_query(f"{said} (an error under --strict)", "broken-query")
        return page
    for doubt in answer.doubts:
        remarks.add_of_query(f"has a query to look at: {doubt}", "odd-query")
    return replace(page, query=query, papers=answer.papers)


def _written(draft: _Draft, site: _Site, remarks: _Remarks) -> tuple[str, tuple[str, ...]]:
    """The words of a page as HTML, and the papers that it names, in its order.

    Links to papers bring their titles and formulas their MathML: where that would be too much for
    a page, it goes without.
    """
    manner = Manner(
        level=2,
        anchors=True,
        room=ROOM,
        way=lambda address: _way(address, draft, site, remarks),
        image=lambda address: _image(address, draft, site, remarks),
    )
    html, said = to_html(draft.body.strip("\n"), manner)
    if said:
        remarks.add(f"is not formatted: {said}")
        remarks.leads.clear()  # its links are none
    named: dict[str, None] = {}

    def known(key: str) -> Paper | None:
        paper = site.library.by_key.get(key)
        if paper:
            named[paper.id] = None
        else:
            at = f"@{key}" if f"@{key}" in draft.body else f"[[{key}"
            remarks.add(f'names "{key[:80]}", and no paper has this key', at, "unknown-key")
        return paper

    faces: tuple[tuple[str, Callable[[str], str]], ...] = (
        ("links to papers", lambda html: _with_papers(html, known, site.library)),
        ("formulas", with_math),
    )
    for what, face in faces:
        made = face(html)
        if len(made.encode()) > ROOM:
            remarks.add(f"has too many {what} for one page: they are shown as they are written")
        else:
            html = made
    return html, tuple(named)


# --- papers -------------------------------------------------------------------------------------


def _with_papers(html: str, known: Callable[[str], Paper | None], library: Library) -> str:
    """HTML with links for [@key], by who wrote it, and for [[key]], by its title."""

    def link(key: str, words: str) -> str:
        paper = known(key)
        return _link(paper, words or str(text.to_html(_title(paper, library)))) if paper else ""

    def cite(key: str) -> str:
        paper = known(key)
        return _link(paper, escape(label(paper)), _title(paper, library)) if paper else ""

    return linked(html, link, cite)


def _link(paper: Paper, words: str, title: str = "") -> str:
    hover = f' title="{escape(text.to_plain(title))}"' if title else ""
    return f'<a href="../{paper_path(paper.id)}"{hover}>{words}</a>'


def _title(paper: Paper, library: Library) -> str:
    return library.cards[paper.id].title


def label(paper: Paper) -> str:
    """What stands for a paper within a sentence: "Kingma & Ba 2015"; its title if nobody's."""
    people = [text.to_plain(text.cut(name.family, 60)) for name in paper.authors if name != OTHERS]
    if not people:
        return text.to_plain(text.cut(paper.title, 60))
    others = OTHERS in paper.authors or len(people) > 2
    names = f"{people[0]} et al." if others else " & ".join(people)
    return f"{names} {paper.year}" if paper.year else names


# --- ways ---------------------------------------------------------------------------------------


def _way(address: str, draft: _Draft, site: _Site, remarks: _Remarks) -> str:
    """Where a link of a page leads: out of the site, within the page, or from the site's root.

    Built anew of its parts, so that no address leads where these do not say.
    """
    if found := outside(address):
        return found
    if _SCHEME.match(address):
        said = f'links to "{address[:80]}", and leads out of the site by {_WAYS} only'
        remarks.add(said, address, "dead-link")
        return ""
    path, fragment = _split(address)
    if not path and (fragment or not address):
        remarks.leads += _leads(address, draft.path)
        return fragment
    place = _place(path, draft)
    target = site.pages.get(unquote(place), "")
    if place.endswith((".md", ".markdown")) and not target:
        remarks.add(f'links to "{address[:80]}", and there is no such page', address, "dead-link")
    elif not target:
        target = _in_site(path, place, site)
        if not target:
            said = f'links to "{address[:80]}", which is not in this site'
            remarks.add(said, address, "dead-link")
    remarks.leads += _leads(address, target)
    return f"../{quote(target, safe=_SAFE)}{fragment}" if target else ""


_WAYS = "http, https, mailto and tel"


def _leads(address: str, path: str) -> Iterator[tuple[str, str, str]]:
    """The address, the path of the file that it leads to, and the place there, if it names one.

    Browsers know `#top` on any page, and with `#:~:text=` look for words.
    """
    place = address.partition("#")[2]
    if place and place.lower() != "top" and not place.startswith(":~:"):
        yield address, path, place.partition(":~:")[0]


def _image(address: str, draft: _Draft, site: _Site, remarks: _Remarks) -> str:
    """Where an image lies that the site has; nothing for one elsewhere, to which a link leads."""
    if outside(address):
        return ""
    path, _ = _split(address)
    target = _in_static(_place(path, draft), site)
    if target and posixpath.splitext(target)[1].casefold() in IMAGES:
        return f"../{quote(target, safe=_SAFE)}"
    said = f'shows "{address[:80]}", which is no image in {STATIC}/: put it there'
    remarks.add(f"{said} and write ../../{STATIC}/NAME", address, "dead-link")
    return ""


_SAFE = "/-._~()+,;=@!*"


def _split(address: str) -> tuple[str, str]:
    """Path, and query with fragment, which hold only what may stand in them; or nothing."""
    if "\\" in address or address.startswith("//") or _SCHEME.match(address):
        return "", ""
    path, sharp, fragment = address.partition("#")
    path, mark, asked = path.partition("?")
    rest = f"?{quote(asked, safe=_QUERY)}" if mark else ""
    return path.strip(), rest + (f"#{quote(fragment, safe=_QUERY)}" if sharp else "")


_SCHEME = re.compile(r"[^/?#]*:")
_QUERY = _SAFE + "&?:%"


def _place(path: str, draft: _Draft) -> str:
    """What a path names below the site folder, as the file of the page says it."""
    if path.startswith("/"):
        return posixpath.normpath(path.lstrip("/"))
    return posixpath.normpath(posixpath.join(posixpath.dirname(draft.file), path))


def _in_static(place: str, site: _Site) -> str:
    """A file of `static/`, by its place in the site."""
    name = unquote(place).removeprefix(f"{STATIC}/")
    return name if name in site.static else ""


def _in_site(path: str, place: str, site: _Site) -> str:
    """A file of the site: of `static/`, a page as it lies beside this one, or below the root."""
    if found := _in_static(place, site):
        return found
    beside = path.lstrip("/") if path.startswith("/") else f"{KIND}/{path}"
    target = posixpath.normpath(unquote(beside)) if path else ""
    is_there = target in _PAGES or target in site.paths or _is_known(target, site.library)
    return target if is_there else ""


_PAGES = frozenset(
    (
        *("index.html", "search.html", "glance.html", "glossary.html", "changes.html", "map.html"),
        *("quality.html", "bibliography.bib", "data/papers.jsonl", "data/site.json", "feed.xml"),
        *("changes.xml", "sitemap.xml", "opensearch.xml"),
        *(f"{kind}/index.html" for kind in ("papers", "sources", KIND, *KINDS)),
    )
)


def _is_known(target: str, library: Library) -> bool:
    """Whether a path is that of a paper or a list, or of its .bib or feed."""
    kind, _, name = target.partition("/")
    slug, suffix = posixpath.splitext(name)
    if kind == "papers":
        return suffix in (".html", ".bib") and (slug in library.by_id or slug in library.ledger)
    known = slug in library.groups.get(kind, {}) or slug in library.moved.get(kind, {})
    return suffix in (".html", ".bib", ".xml") and known
