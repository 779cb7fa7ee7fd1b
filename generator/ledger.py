"""The committed memory of a collection: which paper bears which id and key, for good.

`ledger.tsv` in a site folder holds one line a paper, sorted by id, seven columns between tabs:

    id  key  recognised by  other keys  state  since  changed

*Recognised by* are marks between spaces: `doi:` and `arxiv:` with their values; `title:` and
`abstract:` with a digest of the folded text (`text:` of all there is, where neither can identify a
paper: "Preface"); `by:` and `in:`, the first author's family name and the year, without which a
title or a key is weak; `content:`, a digest of what is said of the paper, so that `changed` is the
day it last changed; and `id:`, the id the paper was first given, so that an id edited by hand
leaves a redirect behind. *State* is `live`, `gone` (the page says so) or `-> ID` (the page sends
readers on). Dates are days; they stand nowhere but here.

A build adds and updates lines; it never changes an id and never drops a line. A paper that was
forgotten (`bibpress forget`) has a line of its id, its state and the day on which it came.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from hashlib import blake2b, shake_256
from itertools import product

from generator import identity, text
from generator.errors import ConfigError
from generator.model import Paper, Problem, Where
from generator.names import without_others

LEDGER = "ledger.tsv"
HEADER = "# id\tkey\trecognised by\tother keys\tstate\tsince\tchanged"

# What a key may hold: safe in BibTeX, biber, pandoc and LaTeX alike (each tried with every ASCII
# character). Keys that differ only in case are one key to BibTeX.
VALID_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/+'-]*")
ID_LIMIT = 80
VALID_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

# How much a shared mark says that a line and a paper are the same.
_WEIGHTS = {"doi": 16, "arxiv": 16, "content": 8, "abstract": 4, "title": 4, "text": 4, "key": 5}
_KINDS = ("id", "doi", "arxiv", "title", "abstract", "text", "by", "in", "content")
# These are shared by different papers too ("Annual report", a key used again), so they count only
# where the first author agrees or one side names none.
_WEAK = frozenset({"title", "key"})
# A DOI or arXiv id that differs takes away all that one other mark can bring; two together still
# win: that is an identifier being corrected.
_AGAINST = -5
# Where more papers share a mark, they are paired with lines in order instead of each with each;
# bounds the work on collections full of one title.
_CROWD = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the ledger."""

    id: str
    key: str
    marks: tuple[str, ...]
    other_keys: tuple[str, ...] = ()
    state: str = "live"
    since: str = ""
    changed: str = ""

    @property
    def target(self) -> str:
        """The id that readers are sent on to, or an empty string."""
        return self.state.removeprefix("-> ") if self.state.startswith("->") else ""

    @property
    def is_empty(self) -> bool:
        """Whether the paper was forgotten: nothing is left that it could be recognised by."""
        return not (self.key or self.marks or self.other_keys or self.changed)

    @property
    def came(self) -> str:
        """The day on which the paper came; empty for what is none, as a hand may leave it."""
        return self.since if is_day(self.since) else ""

    @property
    def went(self) -> str:
        """The day on which it last changed, or went; empty for what is none."""
        return self.changed if is_day(self.changed) else ""

    def __str__(self) -> str:
        marks, keys = " ".join(self.marks), " ".join(self.other_keys)
        return "\t".join((self.id, self.key, marks, keys, self.state, self.since, self.changed))


_DAY = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", re.ASCII)


def is_day(value: str) -> bool:
    """Whether this is a day of the calendar as ISO 8601 writes it: 2026-01-02."""
    if not (match := _DAY.fullmatch(value)):
        return False
    year, month, day = map(int, match.groups())
    return year > 0 and day <= monthrange(year, month)[1]


Ledger = Mapping[str, Line]


def parse(content: str) -> Ledger:
    """The lines of a ledger by id; raises ConfigError at a line that is none."""
    lines: dict[str, Line] = {}
    for number, row in enumerate(content.splitlines(), 1):
        if row.strip() and not row.startswith("#"):
            line = _parse_line(row, number)
            if line.id in lines:
                raise ConfigError(f"{LEDGER}:{number}: the id {line.id} stands on two lines")
            lines[line.id] = line
    return lines


def forgotten(content: str) -> list[str]:
    """The ids of the papers that a ledger has forgotten, as it has them.

    Asked before every build, so other lines are not looked at: a tenth of a second for 10,000.
    """
    empty = (row for row in content.splitlines() if _EMPTY in row)
    return [row.partition("\t")[0] for row in empty]


_EMPTY = "\t" * 4  # no key, nothing that it is recognised by, no other keys


def _parse_line(row: str, number: int) -> Line:
    # Editors strip the blanks at the end of a line, and with them columns that are empty.
    columns = [column.strip() for column in row.split("\t")]
    columns += [""] * (7 - len(columns)) if len(columns) >= 5 else []
    if row.startswith(_CONFLICT):
        raise ConfigError(
            f"{LEDGER}:{number}: two versions were not merged; keep the lines of both, each id once"
        )
    if len(columns) != 7:
        raise ConfigError(
            f"{LEDGER}:{number}: expected 7 columns between tabs, found {len(columns)}; "
            "restore the line from an earlier commit"
        )
    id_, key, marks, keys, state, since, changed = columns
    _check_id(id_, number)
    if state.startswith("->"):
        target = state.removeprefix("->").strip()
        _check_id(target, number)
        state = f"-> {target}"
    elif state not in {"live", "gone"}:
        raise ConfigError(f'{LEDGER}:{number}: state is live, gone or "-> ID", not "{state}"')
    if key and not VALID_KEY.fullmatch(key):
        raise ConfigError(f'{LEDGER}:{number}: "{key}" is no key that BibTeX can take')
    return Line(id_, key, tuple(marks.split()), tuple(keys.split()), state, since, changed)


# What git leaves in a file that two people changed.
_CONFLICT = ("<<<<<<<", "=======", ">>>>>>>")


def _check_id(id_: str, number: int) -> None:
    """Raise ConfigError where an id cannot be an address on every system."""
    if not _is_address(id_):
        raise ConfigError(
            f'{LEDGER}:{number}: "{id_}" cannot be an address; use at most {ID_LIMIT} of a-z, '
            '0-9 and "-", and no name that stands for something else (index, con)'
        )


def _is_address(id_: str) -> bool:
    return bool(VALID_ID.fullmatch(id_)) and len(id_) <= ID_LIMIT and text.slug(id_) == id_


def places(content: str) -> Mapping[str, Where]:
    """Where each id stands in a ledger, as its owner has written it."""
    return {
        row.partition("\t")[0].strip(): Where(LEDGER, number, number)
        for number, row in enumerate(content.splitlines(), 1)
        if row.strip()
    }


def dump(ledger: Ledger) -> str:
    """The ledger as text: a header and the lines in order of id."""
    return "".join(f"{line}\n" for line in (HEADER, *(ledger[id_] for id_ in sorted(ledger))))


def assign(
    papers: Sequence[Paper], ledger: Ledger, today: str
) -> tuple[tuple[Paper, ...], Ledger, tuple[Problem, ...]]:
    """The papers with their ids and keys, the ledger brought up to date, and keys repaired.

    `today` (an ISO date) is written only where a line is new or its paper changed.
    """
    before = _with_hand_edits(ledger)
    marks = [_marks(paper) for paper in papers]
    known, candidates = _recognise(papers, marks, before)
    ids = _ids(papers, marks, known, before)
    keys, problems = _keys(papers, ids, before)
    after = dict(before)
    for paper, id_, key, own in zip(papers, ids, keys, marks, strict=True):
        after[id_] = _updated(before.get(id_), paper, id_, key, own, today)
    here = set(ids)
    for line in before.values():
        if line.id not in here:
            after[line.id] = _without_paper(line, candidates.get(line.id), ids, today)
    claimed = {key.casefold() for key in keys}
    named = (
        replace(paper, id=id_, key=key, other_keys=_others(paper, key, after[id_], claimed))
        for paper, id_, key in zip(papers, ids, keys, strict=True)
    )
    return tuple(named), after, problems


def led_on(ledger: Ledger, merged: Mapping[str, str], today: str) -> Ledger:
    """The ledger with a redirect for every id whose paper an owner merged: old id → new id.

    What tells that two papers are one is then the owner's word alone, which leaves no other mark.
    """
    gone = {id_: target for id_, target in merged.items() if id_ in ledger}
    return {
        **ledger,
        **{
            id_: replace(ledger[id_], state=f"-> {target}", changed=today)
            for id_, target in gone.items()
            if ledger[id_].state == "gone"
        },
    }


def emptied(line: Line) -> Line:
    """The line of a paper that is to be forgotten: nothing in it tells which paper it was.

    The day on which it came stays, for a collection's feeds are known by its oldest line.
    """
    return Line(line.id, "", (), (), line.state if line.target else "gone", line.since)


def destination(id_: str, ledger: Ledger, here: Container[str]) -> str:
    """Where a chain of redirects ends; nowhere when it ends in a paper not `here`, or a loop."""
    passed: set[str] = set()
    while id_ not in here:
        line = ledger.get(id_)
        if line is None or not line.target or id_ in passed:
            return ""
        passed.add(id_)
        id_ = line.target
    return id_


def with_former_ids(papers: Sequence[Paper], ledger: Ledger) -> tuple[Paper, ...]:
    """The papers, each known by the ids that lead to it, too, as far as nobody else is.

    Where an owner still names a paper by an id that it had, it is meant as its old address is.
    """
    here = {paper.id for paper in papers}
    ends = {
        id_: destination(id_, ledger, here)
        for id_ in sorted(ledger)
        if ledger[id_].target and id_ not in here
    }
    if not ends:
        return tuple(papers)
    taken = {key for paper in papers for key in (paper.key, *paper.other_keys)}
    former: dict[str, list[str]] = defaultdict(list)
    for id_ in ends.keys() - taken:
        former[ends[id_]].append(id_)
    return tuple(
        replace(paper, other_keys=(*paper.other_keys, *sorted(former[paper.id])))
        if paper.id in former
        else paper
        for paper in papers
    )


def _with_hand_edits(ledger: Ledger) -> dict[str, Line]:
    """The ledger with a redirect for every id that an owner changed in place."""
    lines = dict(ledger)
    for line in ledger.values():
        born = next((m[3:] for m in line.marks if m.startswith("id:")), line.id)
        if born not in lines and _is_address(born):
            lines[born] = Line(
                born, "", (f"id:{born}",), (), f"-> {line.id}", line.since, line.changed
            )
    return lines


# --- recognising --------------------------------------------------------------------------------


def _marks(paper: Paper) -> dict[str, str]:
    """What a paper is recognised by, kind → value, as far as it has it."""
    title = "" if paper.title_derived else identity.title_mark(paper.title)
    abstract = identity.abstract_mark(paper.abstract)
    marks = {
        "doi": paper.doi.casefold(),
        "arxiv": paper.arxiv.casefold(),
        "title": title and _digest(title),
        "abstract": abstract and _digest(abstract),
    }
    found = {kind: value for kind, value in marks.items() if value}
    found = found or {"text": _digest(_essence(paper, {}))}
    people = without_others(paper.authors)
    by = {"by": identity.family(people[0])} if people else {}
    year = {"in": str(paper.year)} if paper.year else {}
    return {**found, **by, **year, "content": _digest(repr(_said(paper)))}


def _digest(value: str) -> str:
    return blake2b(value.encode(), digest_size=5).hexdigest()


def _said(paper: Paper) -> tuple[object, ...]:
    """What is said of a paper itself; where that changes, `changed` does.

    Plain values only: their digest outlives this program, so no class of ours may be in it.
    """
    return (
        paper.title,
        tuple(map(str, paper.authors)),
        paper.year,
        paper.venue,
        paper.abstract,
        paper.type,
        paper.doi,
        paper.arxiv,
        tuple([detail for detail in paper.details if detail[0] not in _NOT_TOLD]),
    )


# Fields that are read since a ledger had its first lines: a new version changes no paper.
_NOT_TOLD = frozenset(
    str.split(
        "protected day urldate bookauthor eid holder numpages origdate pagetotal part pmid "
        "translator version volumes"
    )
)


def _line_marks(line: Line) -> dict[str, str]:
    return dict(mark.split(":", 1) for mark in line.marks if ":" in mark)


def _recognise(
    papers: Sequence[Paper], marks: Sequence[Mapping[str, str]], ledger: Ledger
) -> tuple[dict[int, str], dict[str, int]]:
    """Which line each paper has (index → id), and for every line the paper nearest to it.

    All pairs that share a mark are weighed and taken best first, so that the result does not
    depend on the order of papers; a line that is live goes before one that was.
    """
    lines = {id_: _line_marks(line) for id_, line in ledger.items()}
    pairs = []
    for i, id_ in _sharing(papers, marks, ledger, lines):
        weight, proof = _weight(papers[i], marks[i], ledger[id_], lines[id_])
        retired = ledger[id_].state != "live"
        if weight > 0 and (proof or not retired):
            # A line keeps the keys of a paper that was part of it and was parted: that has its own.
            borrowed = ledger[id_].key not in papers[i].other_keys
            pairs.append((-weight, retired, borrowed, id_, i, proof))
    nearest: dict[str, int] = {}
    known: dict[int, str] = {}
    taken: set[str] = set()
    for _, _, _, id_, i, proof in sorted(pairs):
        if proof:
            nearest.setdefault(id_, i)
        heir = _heir(ledger, id_)
        if i not in known and heir not in taken:
            known[i] = heir
            taken.add(heir)
    return known, nearest


def _heir(ledger: Ledger, id_: str) -> str:
    """The id that a line's paper bears: its own, or the new one an owner wrote as its target.

    A target that has a line of its own is another paper, into which this one was merged; should
    the two be parted again, this one gets its old address back.
    """
    target = ledger[id_].target
    return target if target and target not in ledger else id_


def _sharing(
    papers: Sequence[Paper],
    marks: Sequence[Mapping[str, str]],
    ledger: Ledger,
    lines: Mapping[str, Mapping[str, str]],
) -> Iterator[tuple[int, str]]:
    """Every pair of a paper and a line that share a mark or a key, each once."""
    by_mark: dict[tuple[str, str], list[str]] = defaultdict(list)
    for id_ in sorted(ledger):
        for mark in (*lines[id_].items(), *_keys_of(ledger[id_])):
            by_mark[mark].append(id_)
    bearers: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, paper in enumerate(papers):
        for mark in (*marks[i].items(), *(("key", key) for key in paper.other_keys)):
            if mark in by_mark and mark[0] in _WEIGHTS:
                bearers[mark].append(i)
    found: dict[tuple[int, str], None] = {}
    for mark, those in bearers.items():
        ids = by_mark[mark]
        crowd = max(len(those), len(ids)) > _CROWD
        pairs = zip(those, ids, strict=False) if crowd else product(those, ids)
        found.update(dict.fromkeys(pairs))
    return iter(found)


def _keys_of(line: Line) -> Iterator[tuple[str, str]]:
    return (("key", key) for key in (line.key, *line.other_keys) if key)


def _weight(
    paper: Paper, marks: Mapping[str, str], line: Line, theirs: Mapping[str, str]
) -> tuple[int, bool]:
    """How surely a line is this paper's (above zero it may be), and whether there is proof.

    It takes proof to bring a paper back to a line that was retired, or to send the readers of a
    line without paper to it.
    """
    strangers = _differ("by", marks, theirs)
    weights = {
        kind: 0 if strangers and kind in _WEAK else worth
        for kind, worth in _WEIGHTS.items()
        if kind in marks and theirs.get(kind) == marks[kind]
    }
    against = sum(_AGAINST for kind in ("doi", "arxiv") if _differ(kind, marks, theirs))
    shared = {line.key, *line.other_keys}.intersection(paper.other_keys)
    key = _WEIGHTS["key"] if shared and not strangers else 0
    # Keys are used again, and a report has the same title every year.
    proof = sum(weights.values()) - _differ("in", marks, theirs) * weights.get("title", 0) > 0
    return sum(weights.values()) + against + key, proof


def _differ(kind: str, marks: Mapping[str, str], theirs: Mapping[str, str]) -> bool:
    return kind in marks and kind in theirs and marks[kind] != theirs[kind]


# --- ids and keys -------------------------------------------------------------------------------


def _ids(
    papers: Sequence[Paper],
    marks: Sequence[Mapping[str, str]],
    known: Mapping[int, str],
    ledger: Ledger,
) -> list[str]:
    """An id for every paper: the known one, else one made from the paper alone."""
    taken = set(ledger) | set(known.values())
    wanted = {i: _new_id(paper) for i, paper in enumerate(papers) if i not in known}
    claims: dict[str, list[int]] = defaultdict(list)
    for i, id_ in wanted.items():
        claims[id_].append(i)
    ids = dict(known)
    for id_, claimants in claims.items():
        if len(claimants) == 1 and id_ not in taken:
            ids[claimants[0]] = id_
    taken |= set(ids.values())
    alike: dict[str, list[int]] = defaultdict(list)
    for i in sorted(wanted.keys() - ids.keys()):
        alike[_essence(papers[i], marks[i])].append(i)
    for essence in sorted(alike):
        new = []
        for number in range(len(alike[essence])):  # papers alike in everything are numbered
            new.append(_free(wanted[alike[essence][0]], f"{essence}#{number}", taken.__contains__))
            taken.add(new[-1])
        # In order, as `_recognise` will pair them when nothing else tells them apart.
        ids.update(zip(alike[essence], sorted(new), strict=True))
    return [ids[i] for i in range(len(papers))]


def _new_id(paper: Paper) -> str:
    """Family name of the first author, year, first words of the title: `gu-2024-quadratic-…`."""
    family = paper.authors[0].family if paper.authors else ""
    year = str(paper.year) if paper.year else ""
    return text.slug(" ".join((family, year, *_title_words(paper)[:4])))


# Words that say nothing of a paper at the beginning of its title.
_SMALL_WORDS = frozenset({
    "a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "is", "of", "on", "or", "the",
    "to", "with",
})  # fmt: skip


def _title_words(paper: Paper) -> list[str]:
    plain = text.to_plain(paper.title)
    words = [word for word in plain.split() if _folded(word) not in _SMALL_WORDS]
    return words or plain.split()


def _folded(word: str) -> str:
    """As `text.fold` has it, sooner for what nearly every word is."""
    return word.lower() if word.isascii() and word.isalpha() else text.fold(word)


def _essence(paper: Paper, marks: Mapping[str, str]) -> str:
    """What tells a paper from all others that would get the same id or key."""
    strong = marks.get("doi") or marks.get("arxiv")
    authors = tuple(map(str, paper.authors))
    rest = (paper.title, authors, paper.year, paper.abstract, sorted(paper.other_keys))
    return strong or repr(rest)


def _free(wanted: str, essence: str, taken: Callable[[str], bool]) -> str:
    """`wanted` with a short hash of the paper's essence, longer until nobody has it."""
    digest = shake_256(essence.encode()).hexdigest(ID_LIMIT)
    lengths = range(4, ID_LIMIT, 4)
    candidates = (f"{wanted[: ID_LIMIT - n - 1].rstrip('-')}-{digest[:n]}" for n in lengths)
    return next(candidate for candidate in candidates if not taken(candidate))


def _keys(
    papers: Sequence[Paper], ids: Sequence[str], ledger: Ledger
) -> tuple[list[str], tuple[Problem, ...]]:
    """A key for every paper, unique ignoring case, and a warning for each one that was changed.

    Who had a key before keeps it: papers that are live in the ledger, those that come back to
    it, then new ones in order of precedence.
    """
    keys: dict[int, str] = {}
    taken: set[str] = set()
    made = Counter(_wanted_key(paper).casefold() for paper in papers if not paper.other_keys)
    for i in sorted(range(len(papers)), key=lambda i: (_seniority(ledger.get(ids[i])), i)):
        paper, line = papers[i], ledger.get(ids[i])
        wanted = line.key if line and line.key else _wanted_key(paper)
        rivals = not line and not paper.other_keys and made[wanted.casefold()] > 1
        if rivals or wanted.casefold() in taken:
            wanted = _free(wanted, ids[i], lambda key: key.casefold() in taken)
        keys[i] = wanted
        taken.add(wanted.casefold())
    problems = (_key_problem(paper, keys[i], taken) for i, paper in enumerate(papers))
    return [keys[i] for i in range(len(papers))], tuple(filter(None, problems))


def _seniority(line: Line | None) -> int:
    return 2 if line is None else int(line.state != "live")


def _wanted_key(paper: Paper) -> str:
    """The paper's own key, made safe where it is not; one made of the paper where it has none."""
    own = paper.other_keys[0] if paper.other_keys else ""
    return own if VALID_KEY.fullmatch(own) else _repaired(own) or _made_key(paper)


def _key_problem(paper: Paper, used: str, taken: Set[str]) -> Problem | None:
    """What is to be said where a paper does not go by a key of its own."""
    if not paper.other_keys or used in paper.other_keys:
        return None
    own = paper.other_keys[0]
    where = next(record.where for record in paper.records if record.key == own)
    if not VALID_KEY.fullmatch(own):
        said, rule = "is not safe in BibTeX", "unsafe-key"
    elif own.casefold() != used.casefold() and own.casefold() in taken:
        said, rule = "is another paper's too", "key-clash"
    else:
        return None  # one that is new: `check` says so, not every build
    return Problem(where, f'the key "{own}" {said}; "{used}" is used', "warning", rule)


def _repaired(key: str) -> str:
    r"""A key with what is not allowed in it replaced; may be empty.

    An accent that is written as a command (`estap{\'e}`) is read; and no apostrophe is made, for
    biber 2.18 stops at most keys that have one.
    """
    key = text.to_plain(text.from_latex(key)) if "\\" in key else key
    ascii_key = text.slug(key) if not key.isascii() else re.sub(r"[^A-Za-z0-9_.:/+-]+", "-", key)
    return re.sub(r"^[^A-Za-z0-9]+", "", ascii_key).rstrip("-")


def _made_key(paper: Paper) -> str:
    """Family name, year and a word of the title: `gu-2024-quadratic`."""
    family = paper.authors[0].family if paper.authors else ""
    year = str(paper.year) if paper.year else ""
    return text.slug(" ".join((family, year, *_title_words(paper)[:1])))


# --- what the ledger says afterwards ------------------------------------------------------------


def _updated(
    line: Line | None, paper: Paper, id_: str, key: str, marks: Mapping[str, str], today: str
) -> Line:
    """The line of a paper that is here: new marks replace old ones of their kind."""
    old = line or Line(id_, key, (f"id:{id_}",), since=today)
    was = _line_marks(old)
    now = {**was, "id": id_, **marks}
    others = tuple(
        sorted({*old.other_keys, *filter(VALID_KEY.fullmatch, paper.other_keys)} - {key})
    )
    changed = was.get("content") != marks["content"] or old.state != "live"
    return Line(
        id_,
        key,
        tuple(f"{kind}:{now[kind]}" for kind in _KINDS if kind in now),
        others,
        "live",
        old.since or today,
        today if changed else old.changed,
    )


def _without_paper(line: Line, nearest: int | None, ids: Sequence[str], today: str) -> Line:
    """The line of a paper that is not here: merged into one that is, or gone."""
    if line.target:
        return line
    state = "gone" if nearest is None else f"-> {ids[nearest]}"
    return line if state == line.state else replace(line, state=state, changed=today)


def _others(paper: Paper, key: str, line: Line, claimed: Iterable[str]) -> tuple[str, ...]:
    """Every other key that `[@key]` may use for a paper: those no paper has as its own."""
    keys = dict.fromkeys((*paper.other_keys, *line.other_keys))
    return tuple(k for k in keys if k != key and k.casefold() not in claimed)
