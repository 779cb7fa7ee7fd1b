"""The static API: every paper as one line of JSON, and a file that says what there is.

The schema is in docs/data.md; what stands in it, scripts rely on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from itertools import chain, repeat
from pathlib import Path
from typing import NamedTuple

from generator import __version__, disk, rights
from generator.config import Site
from generator.library import KINDS, Library
from generator.model import Name, Paper
from generator.names import author_slug, without_others
from generator.output import Output
from generator.people import Person
from generator.words import english

# A file that Git hosts still take without a warning, and a browser can still parse.
FILE_LIMIT = 50_000_000


class Own(NamedTuple):
    """What a line says of the paper alone, as JSON without its braces: before `tags`, and after."""

    before: str
    after: str


def outputs(library: Library, site: Site, own: Mapping[str, Own]) -> Iterator[Output]:
    """`data/papers.jsonl` (and `papers-2.jsonl` …) and `data/site.json`; `own` by paper's id."""
    paths = []
    lines = (line(paper, own[paper.id], library).encode() for paper in library.papers)
    for number, content in enumerate(_files(lines), 1):
        paths.append(f"data/papers{f'-{number}' if number > 1 else ''}.jsonl")
        mark = blake2b(content, digest_size=16).hexdigest()
        yield Output(paths[-1], bytes, (content,), mark)
    description = f"{_description(library, site, paths)}\n".encode()
    yield Output("data/site.json", bytes, (description,))


def own(paper: Paper, persons: Iterable[Person | None] = ()) -> Own:
    """What a paper's line says of the paper alone, and of its authors whom the owner knows.

    `persons` are these, each in the author's place.
    """
    authors = zip(without_others(paper.authors), chain(persons, repeat(None)), strict=False)
    before = {
        "id": paper.id,
        "key": paper.key,
        "type": paper.type,
        "title": paper.title,
        "authors": [_author(name, known) for name, known in authors],
        "year": paper.year,
        "venue": paper.venue,
        "abstract": paper.abstract,
    }
    after = {
        "doi": paper.doi,
        "arxiv": paper.arxiv,
        "links": [{"label": link.label, "url": link.url} for link in paper.links],
    }
    if became := rights.notices(paper.details):
        after["notices"] = [notice._asdict() for notice in became]
    return Own(_json(before)[1:-1], _json(after)[1:-1])


def published_keys(folder: Path) -> dict[str, str]:
    """The key of every paper by its id, as a published site has them; none that cannot be read."""
    found: dict[str, str] = {}
    for file in sorted(folder.glob("data/papers*.jsonl")):
        with suppress(OSError):
            found.update(_KEYED.findall(disk.contents(file).decode("utf-8", "replace")))
    return found


_KEYED = re.compile(r'^\{"id":"([^"\\]*+)","key":"([^"\\]*+)"', re.MULTILINE)  # as `own` has it


def line(paper: Paper, own: Own, library: Library) -> str:
    """One paper as one line of JSON."""
    tags = _json([topic.slug for topic in library.topics.get(paper.id, ())])
    words = english()  # for programs, whatever the site's language
    relations = {
        "sources": [{"file": r.where.file, "line": r.where.line} for r in paper.records],
        "related": [
            {"id": other, "score": score, "shared": [words.say(each) for each in shared]}
            for other, score, shared in library.neighbours.get(paper.id, ())
        ],
        "mentions": [mention.target for mention in library.mentioned_in(paper)],
        "mentioned_by": [mention.source for mention in library.mentioned_by(paper)],
    }
    return f'{{{own.before},"tags":{tags},{own.after},{_json(relations)[1:]}\n'


def _author(name: Name, known: Person | None) -> dict[str, str]:
    slug = known.slug if known else author_slug(name)
    orcid = {"orcid": known.orcid} if known and known.orcid else {}
    return {"given": name.given, "family": _family(name), "slug": slug, **orcid}


def _family(name: Name) -> str:
    return f"{name.family}, {name.suffix}" if name.suffix else name.family


def _files(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The lines joined to files below the limit; one empty file where there are none."""
    part: list[bytes] = []
    size = 0
    for each in lines:
        if part and size + len(each) > FILE_LIMIT:
            yield b"".join(part)
            part, size = [], 0
        part.append(each)
        size += len(each)
    yield b"".join(part)


def _description(library: Library, site: Site, paths: Sequence[str]) -> str:
    return _json(
        {
            "generator": f"bibpress {__version__}",
            "title": site.title,
            "url": site.url,
            "counts": {
                "papers": len(library.papers),
                **{kind: len(library.groups[kind]) for kind in KINDS},
                "sources": len(library.sources),
            },
            "papers": list(paths),
        }
    )


def _json(value: object) -> str:
    return _ENCODER.encode(value)


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
