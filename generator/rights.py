"""What has become of a paper since it was published: retracted, withdrawn, doubted or corrected.

A record says it among its details, under the name of the kind, so that a paper of which nothing of
the kind is known costs nothing. It is believed of the owner (`content/papers.toml`) and of what a
source says in so many words; on mere likeness nobody is called retracted:

- a title as publishers write those of retracted articles: "RETRACTED: …" (Elsevier, PLOS),
  "RETRACTED ARTICLE: …" (Springer, Taylor & Francis), "Retracted Article: …" (RSC), "[RETRACTED] …"
  (ACL), "[Retracted] …" (Hindawi), "WITHDRAWN: …" (Elsevier), "… (Retracted article. See vol. 3,
  2012)" (Web of Science). But "Retracted: …" is what Hindawi calls its notices, and "Retraction: …"
  and "Retraction note: …" are notices everywhere;
- a note that says no more than that it was retracted, when, and where the notice is; or arXiv's
  "This paper has been withdrawn by …", but not "… withdrawn from the conference";
- a state (`pubstate`, CSL's `status`) "retracted" or "withdrawn"; a type "Retracted Publication"
  (PubMed, Web of Science);
- Crossref's `updated-by`, which names the kind and the notice (`generator.sources.csl`).

And what of a collection its owner may not publish: `without_abstracts`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from generator.model import Paper, Record, SourceText

# Of each kind the state a paper is in, that state as a sentence, and what is published then.
_NAMES = {
    "retracted": ("retracted", "Retracted", "Retraction"),
    "withdrawn": ("withdrawn", "Withdrawn", "Withdrawal"),
    "concern": (
        "expression of concern", "Expression of concern published", "Expression of concern",
    ),
    "corrected": ("corrected", "Correction published", "Correction"),
}  # fmt: skip
KINDS = tuple(_NAMES)
"""What may have become of a paper, the gravest first."""


class Notice(NamedTuple):
    """That something has become of a paper: one of `KINDS`, on which day, and where that is said.

    `day` is 2021, 2021-05 or 2021-05-03, `url` an address of the web; either may be empty.
    """

    kind: str
    day: str = ""
    url: str = ""


def notices(details: Iterable[tuple[str, str]]) -> tuple[Notice, ...]:
    """What a paper's details say has become of it, the gravest first."""
    said = {name: value for name, value in details if name in _NAMES}
    return tuple(_read(kind, said[kind]) for kind in KINDS if kind in said)


def as_detail(notice: Notice) -> tuple[str, str]:
    """A notice as it stands among details: `notices` reads it."""
    return notice.kind, " ".join(filter(None, (notice.day, notice.url))) or _NOTHING_MORE


def status(notice: Notice) -> str:
    """The state that a paper is in by a notice, as CSL's `status` and schema.org's have it."""
    return _NAMES[notice.kind][0]


def sentence(notice: Notice) -> str:
    """What exports say, in English: "Retraction published 2012-03-04: https://doi.org/10.1/x".

    "Retraction published 2012" are the words of APA's seventh edition. `in_note` reads it back.
    """
    _, bare, noun = _NAMES[notice.kind]
    said = f"{noun} published {notice.day}" if notice.day else bare
    return f"{said}: {notice.url}" if notice.url else said


def address(said: str) -> str:
    """The address of a notice given as one or as a DOI; empty for what is neither."""
    bare = _DOI.fullmatch(said)
    if bare:
        return f"https://doi.org/{bare[1]}"
    return said if _ADDRESS.fullmatch(said) else ""


def in_fields(title: str, note: str, state: str, kind: str) -> tuple[dict[str, str], str]:
    """What a source says has become of a paper, as details; and what else its note says.

    Of `title`, `note`, the state of publication and the kind of publication, each canonical.
    """
    found, rest = in_note(note)
    fullest_last = sorted(map(as_detail, found), key=lambda detail: len(detail[1]))
    state, kind = state.casefold(), kind.casefold()
    bare = [
        *(each for each, pattern in _TITLES if pattern.search(title)),
        *(each for each in ("retracted", "withdrawn") if state == each),
        *(["retracted"] if _TYPE.search(kind) else []),
    ]
    said = dict(as_detail(Notice(each)) for each in bare)
    return {**said, **dict(fullest_last)}, rest


def in_note(note: str) -> tuple[tuple[Notice, ...], str]:
    """The notices that a note speaks of, in parts between semicolons, and the rest of the note.

    What arXiv's authors say stays in the rest, as it most often gives the reason.
    """
    parts = [(part, _claim(part)) for part in note.split("; ")] if _HINT.search(note) else []
    if not any(claim for _, claim in parts):
        return (), note
    rest = "; ".join(part for part, claim in parts if not claim or _ON_ARXIV.match(part.strip()))
    return tuple(claim for _, claim in parts if claim), rest


def told(texts: Iterable[str]) -> str:
    """What private texts (a program's field for remarks) say in the words of `sentence`, as one.

    Each line is looked at by itself, and a kind of publication is one.
    """
    lines = [line for said in texts for line in said.split("\n")]
    found = [each for line in lines for each in in_note(line)[0]]
    found += [Notice("retracted") for line in lines if _TYPE.search(line.casefold())]
    return "; ".join(dict.fromkeys(map(sentence, found)))


def updates(said: Iterable[Mapping[str, str]]) -> Iterator[Notice]:
    """The notices of Crossref's updates of a paper, each with its `type`, `DOI` and `day`."""
    for each in said:
        if kind := _CROSSREF.get(each.get("type", "").casefold().replace("-", "_")):
            yield Notice(kind, day(each.get("day", "")), address(each.get("DOI", "")))


def day(said: str) -> str:
    """A day, month or year as ISO 8601 writes them; empty for anything else."""
    return said if _DAY.fullmatch(said) else ""


def without_abstracts(
    papers: Iterable[Paper], texts: Iterable[SourceText]
) -> tuple[tuple[Paper, ...], tuple[SourceText, ...]]:
    """Papers and sources of a site that publishes no abstracts, as all that follows may see them.

    Nothing is made of an abstract then: an index of its words with their places would be the
    abstract in another form, and reasons, shared words and mentions quote it. Lines that nobody
    understood may be of one, and go too. A title that was made of one stays, as there is no other.
    """
    bare: dict[int, Record] = {}  # by identity: two entries may be alike in all they say
    read = []
    for source in texts:
        records = tuple(replace(record, abstract="") for record in source.records)
        bare |= {id(old): new for old, new in zip(source.records, records, strict=True)}
        leftover = tuple((line, "…") for line, _ in source.leftover)
        read.append(replace(source, records=records, leftover=leftover))
    published = tuple(
        replace(
            paper,
            abstract="",
            records=tuple(bare[id(record)] for record in paper.records),
            conflicts=tuple(each for each in paper.conflicts if each.field != "abstract"),
        )
        for paper in papers
    )
    return published, tuple(read)


_NOTHING_MORE = "yes"
_ISO = "[12][0-9]{3}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?"
_DAY = re.compile(_ISO)
_DOI = re.compile(
    r"(?:doi: ?|https?://(?:dx\.)?doi\.org/)?(10\.[0-9]{4,9}/[^\s\"<>\\^`{|}]{1,500})", re.I
)
_ADDRESS = re.compile(r"https?://[^\s\"<>\\^`{|}/]{1,255}(?:/[^\s\"<>\\^`{|}]{0,1000})?")

# A title wholly in capitals may be a notice's whose program has raised them.
_TITLES = (
    ("retracted", re.compile(r"^RETRACTED: (?=.*[a-z])")),
    ("retracted", re.compile(r"^(?:RETRACTED|Retracted) (?:ARTICLE|[Aa]rticle): ")),
    ("retracted", re.compile(r"^\[(?:RETRACTED|Retracted)\] ")),
    ("retracted", re.compile(r"\([Rr]etracted [Aa]rticle(?:[.,:] [^()]*)?\)$")),
    ("withdrawn", re.compile(r"^WITHDRAWN: (?=.*[a-z])")),
)
_TYPE = re.compile(r"(?:^|; ?)retracted (?:publication|article)(?:$|;)")
_HINT = re.compile("retract|withdraw|concern|correction", re.I)
_CLAIM = re.compile(
    r"(?:(?P<bare>retracted|withdrawn)"
    r"|(?P<noun>retraction|withdrawal|expression of concern|correction) published)"
    rf"(?:,? (?:in |on )?(?P<day>{_ISO}))?(?:[:,]? (?P<at>(?:doi: ?)?(?:https?://|10\.)\S+))?",
    re.I,
)
_ON_ARXIV = re.compile(
    r"this (?:paper|article|manuscript|submission) (?:has been|was|is) (retracted|withdrawn)\b"
    r"(?! from (?!(?:the )?arxiv|publication))",
    re.I,
)
_LONGEST = 1_000  # characters of a part of a note that is looked at
_NOUNS = {noun.casefold(): kind for kind, (_, _, noun) in _NAMES.items()}
# Crossref's types of updates (its documentation, "Crossmark", and Retraction Watch's). A part that
# is retracted leaves a paper that is corrected; a removal is the withdrawal of what was there.
_CROSSREF = {
    "retraction": "retracted",
    "withdrawal": "withdrawn",
    "removal": "withdrawn",
    "expression_of_concern": "concern",
    "partial_retraction": "corrected",
    "correction": "corrected",
    "corrigendum": "corrected",
    "erratum": "corrected",
}


def _read(kind: str, said: str) -> Notice:
    """A notice from a detail; one that an extension's reader has made may hold anything."""
    first, _, rest = said.partition(" ")
    dated = day(first)
    return Notice(kind, dated, address(rest if dated else said))


def _claim(part: str) -> Notice | None:
    """What a part of a note says has become of the paper, if it says nothing else."""
    part = part.strip()
    if found := _ON_ARXIV.match(part):
        return Notice(found[1].casefold())
    bare = part.rstrip(".")
    bare = bare[1:-1] if bare[:1] + bare[-1:] in ("()", "[]") else bare
    found = _CLAIM.fullmatch(bare) if len(part) < _LONGEST else None
    if not found:
        return None
    kind = (found["bare"] or "").casefold() or _NOUNS[found["noun"].casefold()]
    url = address(found["at"] or "")
    return Notice(kind, found["day"] or "", url) if url or not found["at"] else None
