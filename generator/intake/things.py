"""What an owner names to be brought in: a file, an arXiv id, a DOI, or the address of a page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from os.path import isdir, isfile
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from generator import sources
from generator.errors import UsageError
from generator.intake import page
from generator.intake.net import NetError
from generator.intake.services import Services, record
from generator.model import Problem, Record, Where
from generator.sources import identifiers
from generator.sources.readers import FORMATS, NO_OTHERS, Readers

Kind = Literal["file", "arxiv", "doi", "page"]


@dataclass(frozen=True, slots=True)
class Thing:
    """What was named, `said` as it was, `id` bare: a path, an arXiv id, a DOI, an address."""

    kind: Kind
    id: str
    said: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What a thing gave: its records, what is wrong with it, and from whom they are.

    `unasked`: somebody who may have it gave no answer, so nobody can say that there is no such.
    """

    thing: Thing
    records: tuple[Record, ...] = ()
    problems: tuple[Problem, ...] = ()
    origin: str = ""
    unasked: bool = False


def thing(said: str) -> Thing:
    """What somebody means who says this; raises UsageError where that is nothing we know."""
    path = Path(said)
    # Of what is too long for a path, as an address may be, a Path's own `is_file` raises OSError.
    if isfile(path):  # noqa: PTH113
        return Thing("file", said, said)
    if isdir(path):  # noqa: PTH112
        raise UsageError(f"{said} is a folder: name the files in it")
    if arxiv := identifiers.arxiv(said) or _bare_arxiv(said):
        return Thing("arxiv", arxiv, said)
    is_address = bool(_ADDRESS.match(said))
    doi = identifiers.doi(said) if _SPOKEN_DOI.match(said) else ""
    if doi or (doi := _doi_in(said) if is_address else ""):
        return Thing("doi", doi, said)
    if is_address and (address := identifiers.address(said)):
        return Thing("page", address, said)
    if path.suffix.casefold() in FORMATS:
        raise UsageError(f"{said}: there is no such file")
    raise UsageError(
        f"{said} is no file that is there, no arXiv id (2001.01234), no DOI (10.1000/182) "
        "and no address (https://…)"
    )


def brought(
    things: Sequence[Thing], services: Services | None, own: Readers = NO_OTHERS
) -> tuple[Brought, ...]:
    """What each thing gives, in their order; what failed is a problem of its.

    Ids of a kind are asked for together. `services` may be missing where all things are files;
    `own` are the readers that a site has beside ours. Raises UsageError for a file that is none to
    bring papers from.
    """
    files = {each: _file(each, own) for each in things if each.kind == "file"}
    asked = [each for each in things if each.kind != "file"]
    found = files | (_Asked(services).all(asked) if services and asked else {})
    return tuple(found[each] for each in things)


_BARE = re.compile(
    r"\d{4}\.\d{4,5}(?:v\d{1,3})?|[a-z]{2,8}(?:-[a-z]{2,5})?(?:\.[A-Z]{2})?/\d{7}(?:v\d{1,3})?"
)
_ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)
_SPOKEN_DOI = re.compile(
    r"\s*(?:doi:?\s*|info:doi/|(?:https?://)?(?:dx\.|www\.)?doi\.org/)?10\.", re.IGNORECASE
)
# What publishers put behind the DOI in the addresses of their pages and files.
_BEHIND = re.compile(
    r"(?:/(?:full|pdf|epdf|abstract|html|meta|fulltext|summary)|\.pdf|\.full|\.abstract|\.html?"
    r"|v\d{1,2})/?$",
    re.IGNORECASE,
)
# As many of them as stand there together: "v1.full.pdf", "/abstract/meta".
_MOST_BEHIND = 4


def _bare_arxiv(said: str) -> str:
    return identifiers.arxiv_id(said) if _BARE.fullmatch(said.strip()) else ""


def _doi_in(address: str) -> str:
    """The DOI that an address holds, as those of many publishers' pages do."""
    try:
        path = unquote(urlsplit(address).path)
    except ValueError:
        return ""
    for _ in range(_MOST_BEHIND):
        path = _BEHIND.sub("", path)
    return identifiers.doi(path)


def _file(each: Thing, own: Readers) -> Brought:
    """A file, read as a source of the site would be."""
    (text,) = sources.load((Path(each.id),), own=own) or (None,)
    if text is None:
        raise UsageError(f"{each.said}: bibpress never reads a file of this name")
    if text.format == "note":
        raise UsageError(f"{each.said} is a note: copy it into content/ as it is")
    loose = (
        Problem(Where(text.file, line, line), f'nobody understands "{said[:60]}"', "note")
        for line, said in text.leftover
    )
    return Brought(each, text.records, (*text.problems, *loose), text.file)


class _Asked:
    """Things that the net knows, asked for kind by kind."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._unasked: set[tuple[Kind, str]] = set()

    def all(self, things: Sequence[Thing]) -> dict[Thing, Brought]:
        """What each gives."""
        found: dict[Thing, Brought] = {}
        for each in things:
            if each.kind == "page":
                found[each] = self._page(each)
        known = self._ids("arxiv", [each.id for each in things if each.kind == "arxiv"])
        known |= self._ids("doi", [each.id for each in things if each.kind == "doi"])
        for each in things:
            if each.kind != "page":
                place = each.kind, each.id
                found[each] = self._said(each, known[place], place in self._unasked)
        return found

    def _ids(
        self, kind: Kind, ids: Sequence[str]
    ) -> dict[tuple[Kind, str], tuple[Record, str] | str]:
        """For each id its record and who gave it, or why there is none."""
        ways = {
            "arxiv": (("arXiv", self._services.of_arxiv),),
            "doi": (
                ("Crossref", self._services.of_crossref),
                ("OpenAlex", self._services.of_openalex),
            ),
        }[kind]
        said: dict[tuple[Kind, str], tuple[Record, str] | str] = {}
        for name, ask in ways:
            left = [id_ for id_ in ids if not isinstance(said.get((kind, id_)), tuple)]
            try:
                known = ask(left) if left else {}
                none = f"{name} does not have it"
            except NetError as error:
                known, none = {}, str(error)
                self._unasked.update((kind, id_) for id_ in left)
            for id_ in left:
                before = said.get((kind, id_))
                missing = f"{before}; {none}" if before else none
                said[kind, id_] = (known[id_], name) if id_ in known else missing
        return said

    def _said(
        self, each: Thing, answer: tuple[Record, str] | str, unasked: bool = False
    ) -> Brought:
        if isinstance(answer, str):
            problem = Problem(Where(each.said), answer, "error")
            return Brought(each, problems=(problem,), unasked=unasked)
        return Brought(each, (answer[0],), origin=answer[1])

    def _page(self, each: Thing) -> Brought:
        """A page's paper: by the id that it names, else as the page itself says."""
        question = f"page {each.id}"
        net = self._services.net
        try:
            try:
                item = net.recalled(question)
            except KeyError:
                answer = net.get(each.id, "text/html")
                item = page.item(answer.text) if answer.found else {}
                if item:
                    net.keep(question, item)
        except NetError as error:
            return self._said(each, str(error), unasked=True)
        arxiv, doi = (str(item.get(name) or "") for name in ("archive_location", "DOI"))
        kinds: tuple[tuple[Kind, str], ...] = (("arxiv", arxiv), ("doi", doi))
        for kind, id_ in kinds:
            known = self._ids(kind, [id_])[kind, id_] if id_ else ""
            if isinstance(known, tuple):
                return self._said(each, known)
        found = record(each.id, item) if item else None
        return self._said(each, (found, each.id) if found else "the page names no paper")
