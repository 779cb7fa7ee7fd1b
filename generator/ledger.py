"""The committed memory of a collection: which paper bears which id and key, for good.

`ledger.tsv` in a site folder holds one line a paper, sorted by id, seven columns between tabs:

    id  key  recognised by  other keys  state  since  changed

*Recognised by* are marks between spaces: `doi:` and `arxiv:` with their values, `title:` and
`abstract:` with a digest of the folded text (`text:` of all there is, where neither can identify
a paper: "Preface"), `id:` with the id the paper was first given (so that
an id edited by hand leaves a redirect behind), `content:` with a digest of what readers see (so
that `changed` is the day it last changed). *State* is `live`, `gone` (the page says so) or
`-> ID` (the page sends readers on). Dates are days; they stand nowhere but here.

A build adds and updates lines; it never changes an id and never drops a line.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from generator import identity, text
from generator.errors import ConfigError
from generator.model import Paper, Problem

LEDGER = "ledger.tsv"
HEADER = "# id\tkey\trecognised by\tother keys\tstate\tsince\tchanged"

# What a key may hold: safe in BibTeX, biber, pandoc and LaTeX alike (each tried with every ASCII
# character). Keys that differ only in case are one key to BibTeX.
VALID_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/+'-]*")
ID_LIMIT = 80
VALID_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

# How much a shared mark says that a line and a paper are the same.
_WEIGHTS = {"doi": 16, "arxiv": 16, "abstract": 4, "title": 4, "text": 4, "key": 1}
# A DOI or arXiv id that differs takes away all that a title or an abstract alone can bring; with
# the key beside it they still win: that is an identifier being corrected.
_AGAINST = -4
# A mark that so many share names nothing; bounds the work on collections full of one title.
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
        return self.state[3:].strip() if self.state.startswith("->") else ""

    def __str__(self) -> str:
        marks, keys = " ".join(self.marks), " ".join(self.other_keys)
        return "\t".join((self.id, self.key, marks, keys, self.state, self.since, self.changed))


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


def _parse_line(row: str, number: int) -> Line:
    columns = row.split("\t")
    if len(columns) != 7:
        raise ConfigError(
            f"{LEDGER}:{number}: expected 7 columns between tabs, found {len(columns)}; "
            "restore the line from an earlier commit"
        )
    id_, key, marks, keys, state, since, changed = (column.strip() for column in columns)
    target = state.removeprefix("->").strip() if state.startswith("->") else ""
    if not (VALID_ID.fullmatch(id_) and len(id_) <= ID_LIMIT):
        raise ConfigError(f'{LEDGER}:{number}: "{id_}" cannot be an address; use a-z, 0-9 and "-"')
    if state not in {"live", "gone"} and not VALID_ID.fullmatch(target):
        raise ConfigError(f'{LEDGER}:{number}: state is live, gone or "-> ID", not "{state}"')
    return Line(id_, key, tuple(marks.split()), tuple(keys.split()), state, since, changed)


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


def _with_hand_edits(ledger: Ledger) -> dict[str, Line]:
    """The ledger with a redirect for every id that an owner changed in place."""
    lines = dict(ledger)
    for line in ledger.values():
        born = next((m[3:] for m in line.marks if m.startswith("id:")), line.id)
        if born not in lines and VALID_ID.fullmatch(born):
            lines[born] = Line(born, "", (f"id:{born}",), (), f"-> {line.id}", line.since, "")
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
    return found or {"text": _digest(_essence(paper, {}))}


def _digest(value: str) -> str:
    return blake2b(value.encode(), digest_size=5).hexdigest()


def _content(paper: Paper) -> str:
    """A digest of what readers see of a paper, for `changed`."""
    shown = (paper.title, paper.authors, paper.year, paper.venue, paper.abstract, paper.type,
             paper.doi, paper.arxiv, paper.details)  # fmt: skip
    return _digest(repr(shown))


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
        weight = _weight(papers[i], marks[i], ledger[id_], lines[id_])
        if weight > 0:
            pairs.append((-weight, ledger[id_].state != "live", id_, i))
    nearest: dict[str, int] = {}
    known: dict[int, str] = {}
    taken: set[str] = set()
    for weight, retired, id_, i in sorted(pairs):
        if -weight > 1:
            nearest.setdefault(id_, i)
        heir = _heir(ledger, id_)
        if i in known or heir in taken or (retired and -weight <= 1):
            continue
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
    for id_, line in ledger.items():
        for mark in lines[id_].items():
            by_mark[mark].append(id_)
        for key in (line.key, *line.other_keys):
            by_mark["key", key].append(id_)
    bearers: dict[tuple[str, str], int] = defaultdict(int)
    own = [_marks_and_keys(paper, m) for paper, m in zip(papers, marks, strict=True)]
    for each in own:
        for mark in each:
            bearers[mark] += 1
    for i, each in enumerate(own):
        shared = (id_ for mark in each if bearers[mark] <= _CROWD for id_ in by_mark[mark][:_CROWD])
        for id_ in dict.fromkeys(shared):
            yield i, id_


def _marks_and_keys(paper: Paper, marks: Mapping[str, str]) -> list[tuple[str, str]]:
    return [*marks.items(), *(("key", key) for key in paper.other_keys)]


def _weight(paper: Paper, marks: Mapping[str, str], line: Line, theirs: Mapping[str, str]) -> int:
    """How surely a line is this paper's: above zero it may be, at one only the key agrees."""
    weight = 0
    for kind, value in marks.items():
        if theirs.get(kind) == value:
            weight += _WEIGHTS[kind]
        elif kind in {"doi", "arxiv"} and kind in theirs:
            weight += _AGAINST
    known = {line.key, *line.other_keys}.intersection(paper.other_keys)
    return weight + (_WEIGHTS["key"] if known else 0)


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
    for i in sorted(wanted.keys() - ids.keys(), key=lambda i: _essence(papers[i], marks[i])):
        ids[i] = _free(wanted[i], _essence(papers[i], marks[i]), taken.__contains__)
        taken.add(ids[i])
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
    words = [word for word in plain.split() if text.fold(word) not in _SMALL_WORDS]
    return words or plain.split()


def _essence(paper: Paper, marks: Mapping[str, str]) -> str:
    """What tells a paper from all others that would get the same id or key."""
    strong = marks.get("doi") or marks.get("arxiv")
    rest = (paper.title, paper.authors, paper.year, paper.abstract, sorted(paper.other_keys))
    return strong or repr(rest)


def _free(wanted: str, essence: str, taken: Callable[[str], bool]) -> str:
    """`wanted` with a short hash of the paper's essence, longer until nobody has it."""
    digest = blake2b(essence.encode(), digest_size=16).hexdigest()
    for length in range(4, len(digest) + 1, 4):
        candidate = f"{wanted[: ID_LIMIT - length - 1].rstrip('-')}-{digest[:length]}"
        if not taken(candidate):
            return candidate
    return _free(wanted, essence + "+", taken)  # two papers alike in everything


def _keys(
    papers: Sequence[Paper], ids: Sequence[str], ledger: Ledger
) -> tuple[list[str], tuple[Problem, ...]]:
    """A key for every paper, unique ignoring case, and a warning for each one that was changed.

    Who had a key before keeps it: papers that are live in the ledger, those that come back to
    it, then new ones in order of precedence.
    """
    keys: dict[int, str] = {}
    taken: set[str] = set()
    problems = []
    for i in sorted(range(len(papers)), key=lambda i: (_seniority(ledger.get(ids[i])), i)):
        paper, line = papers[i], ledger.get(ids[i])
        own = paper.other_keys[0] if paper.other_keys else ""
        wanted = line.key if line and line.key else _wanted_key(paper, own)
        if wanted.casefold() in taken:
            wanted = _free(wanted, ids[i], lambda key: key.casefold() in taken)
        keys[i] = wanted
        taken.add(wanted.casefold())
        if own and own != wanted and not (line and line.key == wanted):
            problems.append(_key_problem(paper, own, wanted))
    return [keys[i] for i in range(len(papers))], tuple(problems)


def _seniority(line: Line | None) -> int:
    return 2 if line is None else int(line.state != "live")


def _wanted_key(paper: Paper, own: str) -> str:
    return own if VALID_KEY.fullmatch(own) else _repaired(own) or _made_key(paper)


def _key_problem(paper: Paper, own: str, used: str) -> Problem:
    where = next(record.where for record in paper.records if record.key == own)
    why = "is another paper's too" if VALID_KEY.fullmatch(own) else "is not safe in BibTeX"
    return Problem(where, f'the key "{own}" {why}; "{used}" is used', "warning")


def _repaired(key: str) -> str:
    """A key with what is not allowed in it replaced; may be empty."""
    ascii_key = text.slug(key) if not key.isascii() else re.sub(r"[^A-Za-z0-9_.:/+'-]+", "-", key)
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
    content = _content(paper)
    now = {**was, "id": id_, **marks, "content": content}
    others = tuple(
        sorted({*old.other_keys, *filter(VALID_KEY.fullmatch, paper.other_keys)} - {key})
    )
    changed = was.get("content") != content or old.state != "live"
    return Line(
        id_,
        key,
        tuple(f"{kind}:{now[kind]}" for kind in ("id", *_WEIGHTS, "content") if kind in now),
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
