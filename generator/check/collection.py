"""Rules that see the collection, its owner's files, and the site as it was published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from tomllib import TOMLDecodeError

from generator.check.table import Place, Subject, of_all, place_of
from generator.config import parsed
from generator.ledger import LEDGER, VALID_KEY, destination, places
from generator.library import KINDS, group_path, paper_path
from generator.model import Paper, Record, Where
from generator.names import shown
from generator.people import unnamed
from generator.toml import Toml

# A printed paper is no older than printing with movable type, and one may bear the coming year:
# journals print volumes ahead.
EARLIEST = 1450
AHEAD = 1
# Of a venue of which so many papers have a DOI, and at least this part, all should; likewise papers
# have an abstract where this part of their like has one. (Of 6,311 papers of a laboratory's own
# file none had: 6,128 notes would say one thing.)
VENUE_DOIS = 3
MOST = 0.5
# Since when nearly every journal registers DOIs (Crossref began in 2000).
DOIS_SINCE = 2000


# --- what is missing, where others have it ------------------------------------------------------


@of_all(
    "missing-abstract",
    "note",
    "A paper without an abstract, where at least half of its like in the collection have one.",
    "Add abstract = {…}: search, topics and neighbours live on it.",
)
def _missing_abstract(subject: Subject) -> Iterator[Place]:
    papers = [paper for paper in subject.library.papers if _should_have_abstract(paper)]
    lacking = [paper for paper in papers if not paper.abstract]
    if len(lacking) <= len(papers) * MOST:
        for paper in lacking:
            yield place_of(paper, "abstract"), "no abstract", paper.id


def _should_have_abstract(paper: Paper) -> bool:
    """Whether what is of its type appears with an abstract; a page of the web, say, does not."""
    return paper.type in _WITH_ABSTRACT or (paper.type == "misc" and bool(paper.arxiv))


_WITH_ABSTRACT = frozenset({"article", "inproceedings", "techreport", "unpublished"})


@of_all(
    "missing-doi",
    "note",
    "A paper without a DOI where others of its venue have one.",
    "Add doi = {…}; bibpress enrich looks it up.",
)
def _missing_doi(subject: Subject) -> Iterator[Place]:
    library = subject.library
    held: dict[str, list[Paper]] = defaultdict(list)
    for paper in library.papers:
        venue = library.venue(paper)
        if venue and (paper.year or 0) >= DOIS_SINCE:
            held[venue.slug].append(paper)
    for papers in held.values():
        having = sum(bool(paper.doi) for paper in papers)
        if having >= VENUE_DOIS and having >= MOST * len(papers):
            for paper in papers:
                if not paper.doi:
                    said = f"no DOI, and {having} of {len(papers)} papers of its venue have one"
                    yield place_of(paper, "venue"), said, paper.id


# --- what does not go together ------------------------------------------------------------------


@of_all(
    "odd-year",
    "warning",
    "A year that is still to come, or that is older than printing.",
    "Write the year of publication as four digits.",
)
def _odd_year(subject: Subject) -> Iterator[Place]:
    latest = int(subject.today[:4]) + AHEAD if subject.today else None
    for paper in subject.library.papers:
        year = paper.year
        if year is not None and year < EARLIEST:
            yield place_of(paper, "year"), f"the year {year} is before printing", paper.id
        elif year is not None and latest and year > latest:
            yield place_of(paper, "year"), f"the year {year} is still to come", paper.id


@of_all(
    "doubled-entry",
    "warning",
    "A paper that one file holds twice.",
    "Delete the poorer of the two; if they are two works, say apart in content/papers.toml.",
)
def _doubled(subject: Subject) -> Iterator[Place]:
    for paper in subject.library.papers:
        if len(paper.records) < 2:
            continue
        first: dict[str, Record] = {}
        for record in sorted(paper.records, key=lambda record: record.where):
            before = first.setdefault(record.where.file, record)
            if before is not record and _is_repeated(before, record):
                called = f' "{record.key}"' if record.key else ""
                said = f"the entry{called} is the paper of line {before.where.line} again"
                yield record.where, said, paper.id


def _is_repeated(one: Record, other: Record) -> bool:
    """Whether two records of a paper say one thing twice, and are not a preprint and its article.

    Nor two editions: they have another year, or each a DOI of its own.
    """
    editions = one.year != other.year or bool(one.arxiv) != bool(other.arxiv)
    editions = editions or bool(one.doi and other.doi and one.doi != other.doi)
    return not editions and other.format not in _MAY_REPEAT


# In a dump of pages a paper is listed wherever it was seen.
_MAY_REPEAT = frozenset({"dump"})


@of_all(
    "one-person",
    "note",
    "Two names that look like one person's.",
    "Say so in content/people.toml; if they are two, say that there too.",
)
def _one_person(subject: Subject) -> Iterator[Place]:
    for each in subject.alike:
        paper = subject.library.by_id[each.paper]
        said = f'"{each.other}" may be "{each.name}" (authors/{each.slug}.html): {each.reason}'
        yield place_of(paper, "authors"), said, paper.id


# --- the owner's files, and what was published --------------------------------------------------


@of_all(
    "unused-topic",
    "note",
    "A topic of content/topics.toml that no paper has.",
    "Give it words that papers use, or take it out.",
)
def _unused_topics(subject: Subject) -> Iterator[Place]:
    if "content/topics.toml" in subject.texts:
        used = subject.library.groups["tags"]
        said = _said("content/topics.toml", subject)
        for place, topic in enumerate(subject.library.vocabulary.topics):
            if topic.slug not in used:
                where = said.where("topic", place, "name")
                yield where, f'no paper has the topic "{topic.name}"', ""


@of_all(
    "unused-venue",
    "note",
    "A venue of content/venues.toml that no paper appeared in.",
    "Add the name that your entries have to its aliases, or take it out.",
)
def _unused_venues(subject: Subject) -> Iterator[Place]:
    if "content/venues.toml" in subject.texts:
        used = subject.library.groups["venues"]
        said = _said("content/venues.toml", subject)
        for place, (slug, venue) in enumerate(subject.library.venue_names.by_slug.items()):
            if slug not in used:
                where = said.where("venue", place, "name")
                yield where, f'no paper is of the venue "{venue.name}"', ""


@of_all(
    "unused-person",
    "note",
    "A person of content/people.toml whom no paper names.",
    "Add the name that your entries have to its variants, or take it out.",
)
def _unused_people(subject: Subject) -> Iterator[Place]:
    persons = subject.library.persons
    places = {each.slug: place for place, each in enumerate(persons.persons)}
    for each in unnamed(persons, subject.library.people):
        where = persons.said.where("person", places[each.slug], "name")
        yield where, f'no paper names "{shown(each.name)}"', ""


def _said(file: str, subject: Subject) -> Toml:
    """What a file of the owner says, and where.

    Nothing, so that no line is told, where somebody has saved it half written since it was read.
    """
    source = subject.texts[file]
    try:
        return Toml(file, parsed(source), source)
    except TOMLDecodeError:
        return Toml(file)


@of_all(
    "gone",
    "note",
    "A published paper that no source has any more: its page will say so.",
    "Nothing, if it is meant; else bring the paper back under its key or DOI.",
)
def _gone(subject: Subject) -> Iterator[Place]:
    after = subject.library.ledger
    wheres = places(subject.texts.get(LEDGER, ""))
    for id_, line in subject.before.items():
        if line.state == "live" and id_ in after and after[id_].state == "gone":
            said = f"{paper_path(id_)} was published, and no source has its paper"
            yield wheres.get(id_, Where(LEDGER)), said, ""


@of_all(
    "renamed-key",
    "note",
    "An entry whose key is not the one that the ledger remembers; the first key is kept.",
    "Nothing; or change the key in ledger.tsv too, with the old one among the other keys.",
)
def _renamed_key(subject: Subject) -> Iterator[Place]:
    """Of keys that are unsafe or another paper's a build tells."""
    bearers = {paper.key.casefold(): paper.id for paper in subject.library.papers}
    for paper in subject.library.papers:
        keyed = [record for record in paper.records if record.key]
        if keyed and all(record.key != paper.key for record in keyed):
            own = keyed[0].key
            is_free = bearers.get(own.casefold(), paper.id) == paper.id
            if is_free and VALID_KEY.fullmatch(own):
                said = f'the key "{own}" is new; the ledger keeps the first, "{paper.key}"'
                yield keyed[0].where, said, paper.id


@of_all(
    "lost-key",
    "warning",
    "A key that was published and means no paper now, as where ledger and entry both changed.",
    "Write it among the other keys of that line of ledger.tsv.",
)
def _lost_key(subject: Subject) -> Iterator[Place]:
    library = subject.library
    meant = {key for paper in library.papers for key in (paper.key, *paper.other_keys)}
    wheres = places(subject.texts.get(LEDGER, ""))
    for id_, key in subject.keys.items():
        heir = destination(id_, library.ledger, library.by_id)
        if heir in library.by_id and heir in wheres and key not in meant:
            said = f'the key "{key}" of {paper_path(heir)} was published, and means no paper now'
            yield wheres[heir], said, heir


@of_all(
    "vanished",
    "note",
    "A published page of a topic, an author, a year or a venue that no paper has any more.",
    "Nothing, if it is meant; else see what has become of the name.",
)
def _vanished(subject: Subject) -> Iterator[Place]:
    """Or of a paper that the ledger knows nothing of, as where it was lost."""
    known = subject.library.by_id.keys() | subject.library.ledger.keys()
    for path in sorted(subject.published):
        folder, _, name = path.partition("/")
        id_, _, end = name.partition(".")
        if folder == "papers" and end == "html" and id_ != "index" and id_ not in known:
            yield Where(path), "this page was published and would vanish", ""
    for kind in KINDS:
        moved = subject.library.moved.get(kind, {})
        now = {group_path(kind, slug) for slug in (*subject.library.groups[kind], *moved)}
        for path in sorted(subject.published):
            folder, _, name = path.partition("/")
            is_first = name.endswith(".html") and "." not in name[:-5] and name != "index.html"
            if folder == kind and is_first and path not in now:
                yield Where(path), "this page was published and would vanish", ""
