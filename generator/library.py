"""The collection as a whole: its papers in order, its groups, every relation between them.

The only place that decides addresses. What a page shows of other papers comes from here, as cards
and links, so that a page's context never holds the library itself.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from heapq import nsmallest
from typing import Any, TypeVar

from generator import rights, text, volumes
from generator.acronyms import Found
from generator.attachments import Pdf
from generator.ledger import Ledger
from generator.memo import digest
from generator.mentions import Mention, known_by
from generator.model import Brief, Card, Group, Link, Paper, Ref, Related, Said, SourceText
from generator.names import Listed, former_slugs, listed, spelling, without_others
from generator.people import People, Person
from generator.topics import Assigned, Vocabulary
from generator.venues import Overrides, Venue, former_slug, series
from generator.words import Words, english

T = TypeVar("T")

KINDS = ("tags", "authors", "years", "venues")
UNDATED = "undated"
# A card names as many authors as fit on a line beside year and venue.
CARD_AUTHORS = 3
# And as many topics as a reader takes in; the paper's own page has all.
CARD_TOPICS = 6
# Characters of a title in a list, and of a name anywhere: of 10,000 papers the longest title has
# 189, the longest name 89. What is longer is cut, so that no list grows by what one paper says.
TITLE = 250
NAME = 120
# Papers with more authors than this say little of who works together, and pairs grow as squares.
LARGE_GROUP = 100
# A file name that its slug spells letter for letter.
_SPELLED = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.[a-z]+")


def paper_path(id_: str, suffix: str = ".html") -> str:
    """Where a paper's page (or export) lies, from the site's root."""
    return f"papers/{id_}{suffix}"


def group_path(kind: str, slug: str, page: int = 1, suffix: str = ".html") -> str:
    """Where a page of a list lies; page 2 of `tags/pruning.html` is `tags/pruning.2.html`."""
    return f"{kind}/{slug}{f'.{page}' if page > 1 else ''}{suffix}"


def source_slug(file: str) -> str:
    """The name of a source's page: of its whole name, so that no other file can change it.

    Where the slug does not spell the name (`a_b.bib`, `A.bib`, a folder), a hash goes with it.
    """
    name = file.removeprefix("content/")
    slug = text.slug(name)
    if _SPELLED.fullmatch(name):
        return slug
    return f"{slug[:70].rstrip('-')}-{blake2b(file.encode(), digest_size=3).hexdigest()}"


def in_order(papers: Iterable[Paper]) -> tuple[Paper, ...]:
    """The one order of all lists: newest first, then by title, then by id; undated papers last.

    Titles are sorted as a librarian does (`text.sort_key`).
    """
    return tuple(
        sorted(papers, key=lambda p: (p.year is None, -(p.year or 0), text.sort_key(p.title), p.id))
    )


@dataclass(frozen=True)
class Library:
    """All papers and every relation between them; `papers` are in the order of all lists.

    `digests` (by id) stand for all that is said of each paper itself. Authors of fewer papers than
    `authors_from` are named and have no page. What is said of papers beside their own words is in
    the language of `words`. `files` (by id) are links to files of the site, from its root;
    of these `pdfs` are copied from beside the sources.
    """

    papers: tuple[Paper, ...]
    sources: tuple[SourceText, ...] = ()
    ledger: Ledger = field(default_factory=dict)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    venue_names: Overrides = field(default_factory=Overrides)
    topics: Mapping[str, Sequence[Assigned]] = field(default_factory=dict)
    neighbours: Mapping[str, Sequence[tuple[str, float, tuple[str | Said, ...]]]] = field(
        default_factory=dict
    )
    mentions: Sequence[Mention] = ()
    acronyms: Mapping[str, Found] = field(default_factory=dict)
    authors: Mapping[str, tuple[Listed, ...]] = field(default_factory=dict)
    persons: People = field(default_factory=People)
    digests: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[Link, ...]] = field(default_factory=dict)
    pdfs: Mapping[str, Pdf] = field(default_factory=dict)
    authors_from: int = 1
    words: Words = field(default_factory=english)

    @cached_property
    def by_id(self) -> Mapping[str, Paper]:
        """The papers by id."""
        return {paper.id: paper for paper in self.papers}

    @cached_property
    def groups(self) -> Mapping[str, Mapping[str, Group]]:
        """Every topic, author, year and venue: kind → slug → group, in the order of its index."""
        return {
            "tags": self._topic_groups(),
            "authors": self._author_groups,
            "years": self._year_groups(),
            "venues": self._venue_groups(),
        }

    @cached_property
    def cards(self) -> Mapping[str, Card]:
        """What other pages show of each paper, by id."""
        return {paper.id: self._card(paper) for paper in self.papers}

    @cached_property
    def ties(self) -> Mapping[str, str]:
        """What stands for a paper in lists, by id: its card, and the names of all its groups."""
        names = {
            (kind, slug): f"{slug}\t{group.told}"
            for kind in KINDS
            for slug, group in self.groups[kind].items()
        }
        ties = {}
        for id_, card in self.cards.items():
            each = ((kind, slug) for kind in KINDS for slug in self._slugs[kind][id_])
            groups = [names[one] for one in each if one in names]
            ties[id_] = digest("\n".join((card.digest, *groups)))
        return ties

    @cached_property
    def briefs(self) -> Mapping[str, Brief]:
        """What papers' pages show of each other paper, by id."""
        return {
            id_: Brief(
                card.path,
                card.title,
                card.byline,
                card.year.name if self.by_id[id_].year else "",
                card.standing,
            )
            for id_, card in self.cards.items()
        }

    def ref(self, kind: str, slug: str, note: str = "") -> Ref:
        """A link to a group, with the number of its papers."""
        group = self.groups[kind][slug]
        return Ref(group_path(kind, slug), group.told, len(group.papers), note)

    def plain_ref(self, kind: str, slug: str) -> Ref:
        """A link to a group without its count, for cards and papers.

        A count would make every page anew that names an author of one new paper.
        """
        return Ref(group_path(kind, slug), self.groups[kind][slug].name)

    def authors_of(self, paper: Paper) -> tuple[Ref, ...]:
        """Links to a paper's authors, as named on this paper; no path where there is no page."""
        return tuple(
            Ref(
                group_path("authors", slug) if slug in self._author_groups else "",
                text.cut(name, NAME),
            )
            for slug, name, *_ in self.people[paper.id]
        )

    def year_of(self, paper: Paper) -> Ref:
        """The link to a paper's year, or to the papers without one."""
        return self.plain_ref("years", year_slug(paper))

    def venue(self, paper: Paper) -> Venue | None:
        """The venue that a paper appeared in: the series, not the volume."""
        return self._venues[paper.id]

    def venue_of(self, paper: Paper) -> Ref | None:
        """The link to a paper's venue, where it has one."""
        venue = self._venues[paper.id]
        return self.plain_ref("venues", venue.slug) if venue else None

    def topics_of(self, paper: Paper) -> tuple[Ref, ...]:
        """Links to the topics given to the paper itself, each with its reason."""
        return tuple(
            Ref(
                group_path("tags", topic.slug),
                self._topic_name(topic),
                0,
                self.words.say(topic.reason),
            )
            for topic in self.topics.get(paper.id, ())
        )

    def reason(self, id_: str, slug: str) -> str:
        """Why a paper belongs to a topic, in half a line: its evidence, or the narrower topic."""
        given = self.topics.get(id_, ())
        own = (self.words.say(topic.reason) for topic in given if topic.slug == slug)
        narrower = (
            self.words("reasons.within", topic=self._topic_name(topic))
            for topic in given
            if slug in self.vocabulary.ancestors(topic.slug)
        )
        return next(own, "") or next(narrower, "")

    def related_to(self, paper: Paper) -> tuple[Related, ...]:
        """The nearest papers, nearest first, with what they share."""
        return tuple(
            Related(self.briefs[other], score, tuple(map(self.words.say, shared)))
            for other, score, shared in self.neighbours.get(paper.id, ())
        )

    def within(self, wanted: Mapping[str, Sequence[str]]) -> tuple[Paper, ...]:
        """The papers that stand in every one of the groups: kind → slugs, in the order of lists."""
        papers = set(self.by_id)
        for kind, slug in ((kind, slug) for kind, slugs in wanted.items() for slug in slugs):
            papers &= set(self.groups[kind][slug].papers)
        return tuple(paper for paper in self.papers if paper.id in papers)

    def contents_of(self, paper: Paper) -> Sequence[Paper]:
        """The papers of a volume that is a paper of the collection, in the order of pages."""
        return self._contents.get(paper.id, ())

    @cached_property
    def volumes(self) -> Mapping[str, str]:
        """The volume that a paper stands in, where the collection has it, by their ids."""
        return volumes.volumes(self.papers)

    @cached_property
    def _contents(self) -> Mapping[str, Sequence[Paper]]:
        return volumes.contents(self.papers, self.volumes)

    def mentioned_by(self, paper: Paper) -> Sequence[Mention]:
        """Where other papers mention this one, by their ids."""
        return self._mentions[1][paper.id]

    def mentioned_in(self, paper: Paper) -> Sequence[Mention]:
        """Which papers this one mentions, by their ids."""
        return self._mentions[0][paper.id]

    @cached_property
    def _mentions(self) -> tuple[Mapping[str, list[Mention]], Mapping[str, list[Mention]]]:
        """The mentions by the paper that makes them, and by the one that is meant."""
        made: dict[str, list[Mention]] = defaultdict(list)
        meant: dict[str, list[Mention]] = defaultdict(list)
        for mention in self.mentions:
            made[mention.source].append(mention)
            meant[mention.target].append(mention)
        return made, meant

    @cached_property
    def by_key(self) -> Mapping[str, Paper]:
        """The papers by every key that stands for them, and by id; not by one that two share."""
        known = known_by((p.id, (p.key, *p.other_keys, p.id)) for p in self.papers)
        return {key: self.by_id[id_] for key, id_ in known.items() if id_}

    def beside(self, group: Group, kind: str, most: int = 12) -> tuple[Ref, ...]:
        """The groups of a kind that most papers of this one belong to, its own line left out."""
        kin = {group.slug, group.parent, *group.children} if kind == group.kind else set()
        of = self._slugs[kind]
        small = (of[id_] for id_ in group.papers if len(of[id_]) <= LARGE_GROUP)
        shown = self.groups[kind]
        counts = Counter(s for slugs in small for s in slugs if s not in kin and s in shown)
        best = nsmallest(most, counts.items(), key=lambda item: (-item[1], item[0]))
        return tuple(Ref(group_path(kind, slug), shown[slug].told, count) for slug, count in best)

    def years_of(self, group: Group) -> tuple[Ref, ...]:
        """The years of a group's papers, oldest first, with how many each has."""
        counts = Counter(year_slug(self.by_id[id_]) for id_ in group.papers)
        return tuple(
            Ref(group_path("years", slug), self.groups["years"][slug].name, counts[slug])
            for slug in sorted(counts)
            if slug != UNDATED
        )

    @cached_property
    def people(self) -> Mapping[str, tuple[Listed, ...]]:
        """Who wrote each paper, by its id, as far as its source says."""
        return {
            paper.id: self.authors.get(paper.id)
            or tuple(map(listed, without_others(paper.authors)))
            for paper in self.papers
        }

    def known_people(self, paper: Paper) -> tuple[Person | None, ...]:
        """Whom the owner's `people.toml` knows of a paper's authors; empty where it knows none."""
        known = self.persons.by_slug
        found = tuple([known.get(author.slug) for author in self.people[paper.id]]) if known else ()
        return found if any(found) else ()

    @cached_property
    def moved_authors(self) -> Mapping[str, str]:
        """Where authors' pages would be by other names of theirs, and where they are (slugs)."""
        former = dict(self.persons.former)
        for paper in self.papers:
            authors = without_others(paper.authors)
            for name, author in zip(authors, self.people[paper.id], strict=True):
                for slug in () if name.given.isascii() else former_slugs(name):
                    former.setdefault(slug, author.slug)
        shown = self._author_groups
        return {
            slug: former[slug]
            for slug in sorted(former.keys() - shown.keys())
            if former[slug] in shown
        }

    @cached_property
    def moved_venues(self) -> Mapping[str, str]:
        """Where venues' pages would be without `venues.toml`, and where they are (slugs)."""
        if not self.venue_names.by_name:
            return {}
        shown = self._members("venues")
        former: dict[str, str] = {}
        for name in sorted({paper.venue for paper in self.papers if paper.venue}):
            now, slug = series(name, self.venue_names), former_slug(name, self.venue_names)
            if now and slug and slug not in shown:
                former.setdefault(slug, now.slug)
        return dict(sorted(former.items()))

    @property
    def moved(self) -> Mapping[str, Mapping[str, str]]:
        """Kind → where pages of lists would be by another name, and where they are (slugs)."""
        return {"authors": self.moved_authors, "venues": self.moved_venues}

    # --- which groups a paper belongs to --------------------------------------------------------

    @cached_property
    def _venues(self) -> Mapping[str, Venue | None]:
        known: dict[str, Venue | None] = {}
        for paper in self.papers:
            if paper.venue not in known:
                known[paper.venue] = series(paper.venue, self.venue_names) if paper.venue else None
        return {paper.id: known[paper.venue] for paper in self.papers}

    @cached_property
    def _slugs(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """Kind → paper id → the slugs of the groups it belongs to (a topic's parents included)."""
        venues = self._venues
        of: Mapping[str, Callable[[Paper], Iterable[str]]] = {
            "tags": self._all_topics,
            "authors": lambda paper: (author.slug for author in self.people[paper.id]),
            "years": lambda paper: (year_slug(paper),),
            "venues": lambda paper: (v.slug for v in (venues[paper.id],) if v),
        }
        return {
            kind: {paper.id: tuple(dict.fromkeys(slugs(paper))) for paper in self.papers}
            for kind, slugs in of.items()
        }

    def _all_topics(self, paper: Paper) -> Iterable[str]:
        for topic in self.topics.get(paper.id, ()):
            yield topic.slug
            yield from self.vocabulary.ancestors(topic.slug)

    def _members(self, kind: str) -> Mapping[str, tuple[str, ...]]:
        """Slug → ids of its papers in the order of all lists, for one kind."""
        members: dict[str, list[str]] = defaultdict(list)
        for id_, slugs in self._slugs[kind].items():
            for slug in slugs:
                members[slug].append(id_)
        return {slug: tuple(ids) for slug, ids in members.items()}

    # --- the groups -----------------------------------------------------------------------------

    def _topic_name(self, topic: Assigned) -> str:
        return self._topic_names[topic.slug]

    @cached_property
    def _topic_names(self) -> Mapping[str, str]:
        """Slug → name: the vocabulary's, else the commonest spelling among the papers."""
        spellings: dict[str, Counter[str]] = defaultdict(Counter)
        for topics in self.topics.values():
            for topic in topics:
                spellings[topic.slug][topic.name] += 1
        named = {slug: text.cut(commonest(counter), NAME) for slug, counter in spellings.items()}
        return named | {topic.slug: topic.name for topic in self.vocabulary.topics}

    def _topic_groups(self) -> dict[str, Group]:
        members = self._members("tags")
        ordered = [t.slug for t in self.vocabulary.topics if t.slug in members]
        known = set(ordered)
        ordered += sorted(
            members.keys() - known, key=lambda slug: (text.sort_key(self._topic_names[slug]), slug)
        )
        return {slug: self._topic_group(slug, members) for slug in ordered}

    def _topic_group(self, slug: str, members: Mapping[str, tuple[str, ...]]) -> Group:
        topic = self.vocabulary.topic(slug)
        return Group(
            "tags",
            slug,
            self._topic_names[slug],
            members[slug],
            topic.definition if topic else "",
            self._facet(topic.facet or self.words("facets.topic"))
            if topic
            else self._facet(self.words("facets.keyword")),
            parent=topic.parent if topic else "",
            children=tuple(c for c in self.vocabulary.children(slug) if c in members),
        )

    def _facet(self, written: str) -> str:
        """A facet as it is written first: "Method" and "method" are one heading."""
        return self._facets.get(text.slug(written), written)

    @cached_property
    def _facets(self) -> Mapping[str, str]:
        return {text.slug(t.facet): t.facet for t in reversed(self.vocabulary.topics) if t.facet}

    @cached_property
    def _author_groups(self) -> Mapping[str, Group]:
        spellings: dict[str, Counter[Listed]] = defaultdict(Counter)
        for paper in self.papers:
            for author in self.people[paper.id]:
                spellings[author.slug][author] += 1
        members = {
            slug: ids
            for slug, ids in self._members("authors").items()
            if len(ids) >= self.authors_from
        }
        known = self.persons.by_slug
        best = {
            slug: listed(known[slug].name)._replace(slug=slug)
            if slug in known
            else commonest(spellings[slug], lambda author: spelling(author.name))
            for slug in members
        }
        ordered = sorted(best.values(), key=lambda author: (author.order, author.slug))
        apart = self._apart({slug: best[slug].name for slug in best}, members)
        return {
            slug: Group(
                "authors",
                slug,
                text.cut(name, NAME),
                members[slug],
                section=initial,
                listed=text.cut(sorted_name, NAME) + (f" ({apart[slug]})" if slug in apart else ""),
                links=known[slug].links if slug in known else (),
                apart=apart.get(slug, ""),
            )
            for slug, name, _, initial, sorted_name in ordered
        }

    def _apart(
        self, shown: Mapping[str, str], members: Mapping[str, Sequence[str]]
    ) -> Mapping[str, str]:
        """Slug → what tells an author from others of the name, for those who share theirs.

        The years and the commonest topic of the papers, which readers know a person by; where
        these are the same, the address, which its owner chose to tell them apart.
        """
        named: dict[str, list[str]] = defaultdict(list)
        for slug in sorted(shown):
            named[text.fold(shown[slug])].append(slug)
        apart: dict[str, str] = {}
        for alike in named.values():
            if len(alike) > 1:
                said = {slug: self._known_by(members[slug]) for slug in alike}
                differ = len(set(said.values())) == len(said) and all(said.values())
                apart |= said if differ else {slug: slug for slug in alike}
        return apart

    def _known_by(self, ids: Sequence[str]) -> str:
        """The years of some papers and their commonest topic: "2019–2021, Napkins"."""
        years = sorted(paper.year for id_ in ids if (paper := self.by_id[id_]).year)
        topics = Counter(topic.slug for id_ in ids for topic in self.topics.get(id_, ()))
        best = min(topics, key=lambda slug: (-topics[slug], slug), default="")
        span = "–".join(map(str, dict.fromkeys((years[0], years[-1])))) if years else ""
        return ", ".join(filter(None, (span, self._topic_names.get(best, ""))))

    def _year_groups(self) -> dict[str, Group]:
        members = self._members("years")
        years = sorted((slug for slug in members if slug != UNDATED), reverse=True)
        groups = {
            slug: Group("years", slug, slug, members[slug], section=self._decade(slug))
            for slug in years
        }
        if UNDATED in members:
            name = self.words("undated")
            groups[UNDATED] = Group("years", UNDATED, name, members[UNDATED], section=name)
        return groups

    def _decade(self, year: str) -> str:
        return self.words("decade", decade=f"{year[:-1]}0")

    def _venue_groups(self) -> dict[str, Group]:
        spellings: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        for venue in self._venues.values():
            if venue:
                spellings[venue.slug][text.cut(venue.name, NAME), venue.short] += 1
        members = self._members("venues")
        best = {slug: commonest(counter) for slug, counter in spellings.items()}
        names = {slug: best[slug][0] for slug in members}
        letters = {slug: text.initial(name) for slug, name in names.items()}
        ordered = sorted(  # what stands under no letter is together, behind Z
            names, key=lambda slug: (letters[slug] == "#", text.sort_key(names[slug]), slug)
        )
        return {
            slug: Group("venues", slug, names[slug], members[slug], section=letters[slug])
            for slug in ordered
        }

    # --- cards ----------------------------------------------------------------------------------

    def _card(self, paper: Paper) -> Card:
        authors = self.authors_of(paper)
        shown = authors if len(authors) <= CARD_AUTHORS + 1 else authors[:CARD_AUTHORS]
        more = len(authors) - len(shown)
        byline = ", ".join([author.name for author in shown])
        return Card(
            paper.id,
            paper_path(paper.id),
            text.cut(paper.title, TITLE),
            shown,
            more,
            self.year_of(paper),
            self._short_venue(paper),
            tuple(
                Ref(group_path("tags", topic.slug), self._topic_name(topic))
                for topic in self.topics.get(paper.id, ())[:CARD_TOPICS]
            ),
            f"{byline} {self.words('and_more', more)}" if more else byline,
            not paper.abstract,
            self.standing(paper),
        )

    def standing(self, paper: Paper) -> str:
        """What has become of a paper, in a word: of several the gravest."""
        became = rights.notices(paper.details)
        return self.words(f"standing.{became[0].kind}") if became else ""

    def _short_venue(self, paper: Paper) -> Ref | None:
        venue = self._venues[paper.id]
        if not venue:
            return None
        return Ref(group_path("venues", venue.slug), text.cut(venue.short or venue.name, NAME))


def year_slug(paper: Paper) -> str:
    """The name of the paper's year page."""
    return f"{paper.year:04}" if paper.year else UNDATED


def _fullest(value: object) -> tuple[int, str]:
    """Sorts spellings, the longest first: it has the accents, and the names in full."""
    return -len(str(value)), str(value)


def commonest(counter: Counter[T], rank: Callable[[T], Any] = _fullest) -> T:
    """The value counted most often; of equals the one that `rank` has first."""
    if len(counter) == 1:
        return next(iter(counter))
    return min(counter, key=lambda value: (-counter[value], rank(value)))
