"""What papers lack, filled in from what others say of them, and never anything that is there.

A paper is asked for by its DOI and its arXiv id; where it has neither, by its title, and then only
an answer counts that the rules of merging would take for the same paper. What was found goes into
the paper's own entry where that stands in a .bib, else into an entry of `enriched.bib` that is
merged with it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from generator import edit, exports, identity, sources, text
from generator.intake.adding import placed
from generator.intake.collection import Collection
from generator.intake.net import NetError
from generator.intake.services import Services
from generator.model import Paper, Problem, Record, Where

# What is filled in, in the order in which it is looked for, and how a paper or record says it.
_SAID: Mapping[str, Callable[[Paper | Record], object]] = {
    "doi": lambda each: each.doi,
    "authors": lambda each: each.authors,
    "year": lambda each: each.year,
    "venue": lambda each: each.venue,
    "abstract": lambda each: each.abstract,
}
FIELDS = tuple(_SAID)
# The fields of an entry that an owner may have used for it, in BibTeX and biblatex.
_WRITTEN = {
    "doi": ("doi",),
    "authors": ("author",),
    "year": ("year", "date"),
    "venue": ("journal", "journaltitle", "booktitle", "howpublished", "school", "institution"),
    "abstract": ("abstract",),
}
# An answer to an id speaks of the paper if it shares this part of the words of the shorter title:
# subtitles come and go, but under a wrong id stands quite another title.
ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Filled:
    """What is filled in for one paper: names of fields, and from whom; `where` it is put."""

    paper: Paper
    names: tuple[str, ...]
    origin: str
    where: Where


@dataclass(frozen=True, slots=True)
class Filling:
    """What is to be changed in which files, what for, and what else is to be said.

    `splices`: by a file's name. An error is of somebody who gave no answer, and names him as place.
    """

    splices: Mapping[str, tuple[edit.Splice, ...]] = field(default_factory=dict)
    filled: tuple[Filled, ...] = ()
    problems: tuple[Problem, ...] = ()


def filling(
    collection: Collection,
    services: Services,
    only: Sequence[str],
    contents: Callable[[str], str],
    supplements: str,
    tell: Callable[[str, int, int], None] = lambda *_: None,
) -> Filling:
    """What others can say of what the papers lack of the fields `only`.

    `contents` gives the text of a file by its name; `supplements` is the name of the file for what
    cannot be put into an entry, or empty. `tell` is told whom is asked, and how far that is.
    """
    asked = _Asked(replace(services, tell=tell), only, tell)
    fitting, loose = _by_entry(asked.answers(collection.papers))
    splices, filled, refused = _in_entries(fitting, contents)
    entries, more, unmerged = _beside(collection, [*loose, *refused], supplements)
    if entries:
        beside = (*placed(contents(supplements), entries), *splices.get(supplements, ()))
        splices[supplements] = tuple(sorted(beside, key=lambda splice: splice.start))
    problems = (*asked.problems, *unmerged)
    order = {paper.id: number for number, paper in enumerate(collection.papers)}
    return Filling(
        splices,
        tuple(sorted([*filled, *more], key=lambda each: order[each.paper.id])),
        tuple(sorted(problems, key=lambda problem: (problem.where, problem.message))),
    )


@dataclass(frozen=True, slots=True)
class _Answer:
    """What is new for a paper: the values as a record of just these, and who said each."""

    paper: Paper
    record: Record
    origins: Mapping[str, str]

    @property
    def origin(self) -> str:
        """Who said what: "doi, year: Crossref"."""
        by: dict[str, list[str]] = defaultdict(list)
        for name, origin in self.origins.items():
            by[origin].append(name)
        return "; ".join(f"{', '.join(names)}: {origin}" for origin, names in by.items())


# --- asking -------------------------------------------------------------------------------------


class _Asked:
    """Asks for what papers lack, service by service; `problems` says what did not come."""

    def __init__(
        self, services: Services, only: Sequence[str], tell: Callable[[str, int, int], None]
    ) -> None:
        self._services = services
        self._only = only
        self._tell = tell
        self._said: dict[str, list[tuple[str, Record]]] = defaultdict(list)
        self._owners: dict[str, Paper] = {}
        self.problems: list[Problem] = []

    def answers(self, papers: Sequence[Paper]) -> list[_Answer]:
        """For each paper that lacks something and can get it, what it gets."""
        self._owners = {paper.doi.casefold(): paper for paper in papers if paper.doi}
        lacking = [paper for paper in papers if self._missing(paper)]
        self._ask("arXiv", lacking, _arxiv, self._services.of_arxiv)
        self._search([paper for paper in lacking if not paper.doi and not paper.arxiv])
        for name, ask in (
            ("Crossref", self._services.of_crossref),
            ("OpenAlex", self._services.of_openalex),
        ):
            left = [paper for paper in lacking if self._missing(paper)]
            self._ask(name, left, self._doi, ask)
        return [answer for paper in lacking if (answer := self._answer(paper))]

    def _doi(self, paper: Paper) -> str:
        """The DOI of a paper, its own or what was found just now."""
        found = (record.doi for _, record in self._said[paper.id] if record.doi)
        return paper.doi or next(found, "")

    def _hear(self, name: str, paper: Paper, record: Record) -> None:
        """Note what somebody says of a paper, but for a DOI that another paper has.

        With that, two papers would silently become one.
        """
        owner = self._owners.setdefault(record.doi.casefold(), paper) if record.doi else paper
        if owner is not paper and not paper.doi:
            said = (
                f"{record.doi} is the DOI of papers/{owner.id} ({owner.records[0].where}) too; "
                "if they are one paper, say so in content/papers.toml"
            )
            self.problems.append(Problem(paper.records[0].where, said, "warning"))
            record = replace(record, doi="")
        self._said[paper.id].append((name, record))

    def _missing(self, paper: Paper) -> list[str]:
        """The fields that neither the paper nor an answer has so far."""
        said: list[Paper | Record] = [paper, *(record for _, record in self._said[paper.id])]
        return [name for name in self._only if not any(_SAID[name](each) for each in said)]

    def _ask(
        self,
        name: str,
        papers: Iterable[Paper],
        id_of: Callable[[Paper], str],
        ask: Callable[[Iterable[str]], Mapping[str, Record]],
    ) -> None:
        wanted = {paper.id: paper for paper in papers if id_of(paper)}
        try:
            found = ask([id_of(paper) for paper in wanted.values()]) if wanted else {}
        except NetError as error:
            self.problems.append(Problem(Where(name), str(error), "error"))
            return
        for paper in wanted.values():
            record = found.get(id_of(paper))
            if record and not _speaks_of(paper, record):
                said = f'{id_of(paper)} is "{record.title[:100]}" at {name}; nothing is taken of it'
                self.problems.append(Problem(paper.records[0].where, said, "warning"))
            elif record:
                self._hear(name, paper, record)

    def _search(self, papers: Sequence[Paper]) -> None:
        """Ask for papers by their titles, one after another."""
        searched = [paper for paper in papers if _can_be_searched(paper)]
        for done, paper in enumerate(searched):
            self._tell("asking for titles", done, len(searched))
            family = paper.authors[0].family if paper.authors else ""
            try:
                hits = self._services.titled(text.to_plain(paper.title), family)
            except NetError as error:
                self.problems.append(Problem(Where("search by title"), str(error), "error"))
                break
            self._choose(paper, [hit for hit in hits if _is(paper, hit)])
        if searched:
            self._tell("asking for titles", len(searched), len(searched))

    def _choose(self, paper: Paper, hits: Sequence[Record]) -> None:
        """Take the one paper among hits: published ones go before preprints; of two, none."""
        hits = [hit for hit in hits if hit.venue and hit.doi] or hits
        dois = list(dict.fromkeys(hit.doi.casefold() for hit in hits if hit.doi))
        if len(dois) > 1:
            said = f"several papers have this title: {', '.join(dois[:HITS_SHOWN])}; none is taken"
            self.problems.append(Problem(paper.records[0].where, said, "note"))
        else:
            for hit in hits:
                self._hear(f"{hit.where.file.partition(' ')[0]} by title", paper, hit)

    def _answer(self, paper: Paper) -> _Answer | None:
        """What a paper lacks, each from the first that said it."""
        values: dict[str, object] = {}
        origins = {}
        kind = ""
        for name in self._only:
            for origin, record in self._said[paper.id] if not _SAID[name](paper) else ():
                if value := _SAID[name](record):
                    values[name], origins[name] = value, origin
                    kind = record.type if name == "venue" else kind
                    break
        if not values:
            return None
        new = replace(_EMPTY, type=kind or "misc", **values)  # type: ignore[arg-type]  # by name
        return _Answer(paper, new, origins)


def _arxiv(paper: Paper) -> str:
    return paper.arxiv


HITS_SHOWN = 3
_EMPTY = Record(Where(""), "bib")


def _speaks_of(paper: Paper, record: Record) -> bool:
    """Whether an answer to a paper's id has a title that may be the paper's."""
    ours, theirs = (set(text.fold(each.title).split()) for each in (paper, record))
    shorter = min(len(ours), len(theirs))
    return paper.title_derived or not shorter or len(ours & theirs) >= ALIKE * shorter


def _can_be_searched(paper: Paper) -> bool:
    """Whether a title says enough to look for: its own words, and authors or a year beside them."""
    named = not paper.title_derived and identity.title_mark(paper.title)
    return bool(named and (paper.authors or paper.year))


def _is(paper: Paper, hit: Record) -> bool:
    """Whether a hit is the paper by the rules of merging: the title, then authors and year."""
    ours = replace(
        _EMPTY, title=paper.title, authors=paper.authors, year=paper.year, venue=paper.venue
    )
    return len(identity.merge([ours, replace(hit, abstract="")])) == 1


# --- writing ------------------------------------------------------------------------------------


def _by_entry(answers: Iterable[_Answer]) -> tuple[dict[str, list[_Answer]], list[_Answer]]:
    """The answers whose papers have an entry of BibTeX, by its file; and the others."""
    fitting: dict[str, list[_Answer]] = defaultdict(list)
    loose = []
    for answer in answers:
        where = _entry_of(answer.paper)
        if where:
            fitting[where.file].append(answer)
        else:
            loose.append(answer)
    return fitting, loose


def _entry_of(paper: Paper) -> Where | None:
    return next((record.where for record in paper.records if record.format == "bib"), None)


def _in_entries(
    fitting: Mapping[str, Sequence[_Answer]], contents: Callable[[str], str]
) -> tuple[dict[str, tuple[edit.Splice, ...]], list[Filled], list[_Answer]]:
    """How the entries are edited, what they get, and the answers whose entries cannot be."""
    splices, filled, refused = {}, [], []
    for file, answers in fitting.items():
        content = contents(file)
        had = edit.fields_in(content, {_line(answer.paper) for answer in answers})
        lacking = (_lacking(answer, had.get(_line(answer.paper), {})) for answer in answers)
        lines = {_line(answer.paper): answer for answer in lacking if answer.origins}
        changes = {
            line: edit.Change(_as_written(answer.record), answer.origin)
            for line, answer in lines.items()
        }
        found, not_edited = edit.splices(content, changes)
        refused += [lines[line] for line in not_edited]
        filled += [
            _filled(answer, Where(file, line))
            for line, answer in lines.items()
            if line not in not_edited
        ]
        if found:
            splices[file] = found
    return splices, filled, refused


def _line(paper: Paper) -> int:
    where = _entry_of(paper)
    return where.line if where else 0


def _lacking(answer: _Answer, had: Mapping[str, str]) -> _Answer:
    """An answer without what would stand in place of something that the owner wrote.

    "in press" is no year to us, and yet the owner's word.
    """
    kept = {
        name: origin
        for name, origin in answer.origins.items()
        if not any(map(had.get, _WRITTEN[name]))
    }
    values = {name: _SAID[name](answer.record) for name in kept}
    record = replace(_EMPTY, type=answer.record.type, **values)  # type: ignore[arg-type]  # by name
    return replace(answer, record=record, origins=kept)


def _as_written(record: Record) -> dict[str, str | None]:
    """The values of a record as our own .bib has them, a field a line."""
    paper = replace(identity.combine([record]), key="k", title="", title_derived=False)
    lines = exports.entry(paper, abstract=True).split("\n")[1:-2]
    parted = (line.strip().removesuffix(",").partition(" = ") for line in lines)
    fields: dict[str, str | None] = {name: value for name, _, value in parted}
    if "booktitle" in fields:
        fields.pop("howpublished", None)  # the same once more, for a @misc of our own
    return fields


def _filled(answer: _Answer, where: Where) -> Filled:
    return Filled(answer.paper, tuple(answer.origins), answer.origin, where)


def _beside(
    collection: Collection, answers: Sequence[_Answer], supplements: str
) -> tuple[dict[str, str], list[Filled], list[Problem]]:
    """Entries by key for papers that have none of their own; only such as will be merged."""
    if not supplements:
        said = "has no entry of BibTeX to put it in; bibpress import makes one"
        return {}, [], [Problem(a.paper.records[0].where, said, "warning") for a in answers]
    written = {answer.paper.id: _supplement(answer) for answer in answers}
    records = {
        id_: sources.read(supplements, entry.encode(), "bib").records
        for id_, entry in written.items()
    }
    homes = {
        id(record): id(paper.records)
        for paper in collection.together(each for found in records.values() for each in found)
        for record in paper.records
    }
    new, filled, problems = {}, [], []
    for answer in answers:
        own = [*records[answer.paper.id], *answer.paper.records]
        if len({homes.get(id(record)) for record in own}) == 1:
            new[answer.paper.key] = written[answer.paper.id]
            filled.append(_filled(answer, Where(supplements)))
        else:
            said = "lacks what a supplement could be merged by: give it a DOI"
            problems.append(Problem(answer.paper.records[0].where, said, "warning"))
    return new, filled, problems


def _supplement(answer: _Answer) -> str:
    """An entry with what is new, and what the paper is recognised by."""
    paper, new = answer.paper, answer.record
    values = {name: value for name in answer.origins if (value := _SAID[name](new))}
    known = replace(
        paper,
        title="" if paper.title_derived else paper.title,
        title_derived=False,
        abstract="",
        keywords=(),
        details=(),
        venue="",
        type="misc",
    )
    entry = exports.entry(
        replace(known, **values, type=new.type),  # type: ignore[arg-type]  # by name
        abstract=True,
    )
    return f"{edit.comment_line(answer.origin)}\n{entry}"
