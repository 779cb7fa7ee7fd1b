"""The static API: every paper as one line of JSON, and a file that says what there is.

The schema is in docs/data.md; what stands in it, scripts rely on.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from generator import __version__, names
from generator.config import Site
from generator.library import KINDS, Library, people
from generator.model import Name, Paper
from generator.output import Output

# A file that Git hosts still take without a warning, and a browser can still parse.
FILE_LIMIT = 50_000_000


def outputs(library: Library, site: Site) -> Iterator[Output]:
    """`data/papers.jsonl` (and `papers-2.jsonl` …) and `data/site.json`."""
    paths = []
    lines = (line(paper, library) for paper in library.papers)
    for number, part in enumerate(_files(lines), 1):
        paths.append(f"data/papers{f'-{number}' if number > 1 else ''}.jsonl")
        yield Output(paths[-1], joined, (part,))
    yield Output("data/site.json", joined, ((_description(library, site, paths),),))


def joined(lines: Sequence[str]) -> bytes:
    """Lines as a file."""
    return "".join(f"{line}\n" for line in lines).encode()


def line(paper: Paper, library: Library) -> str:
    """One paper as one line of JSON."""
    return _json(
        {
            "id": paper.id,
            "key": paper.key,
            "type": paper.type,
            "title": paper.title,
            "authors": [
                {"given": name.given, "family": _family(name), "slug": names.author_slug(name)}
                for name in people(paper.authors)
            ],
            "year": paper.year,
            "venue": paper.venue,
            "abstract": paper.abstract,
            "tags": [topic.slug for topic in library.topics.get(paper.id, ())],
            "doi": paper.doi,
            "arxiv": paper.arxiv,
            "links": [{"label": link.label, "url": link.url} for link in paper.links],
            "sources": [{"file": r.where.file, "line": r.where.line} for r in paper.records],
            "related": [
                {"id": other, "score": score, "shared": list(shared)}
                for other, score, shared in library.neighbours.get(paper.id, ())
            ],
            "mentions": [mention.target for mention in library.mentioned_in(paper)],
            "mentioned_by": [mention.source for mention in library.mentioned_by(paper)],
        }
    )


def _family(name: Name) -> str:
    return f"{name.family}, {name.suffix}" if name.suffix else name.family


def _files(lines: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """The lines cut into files below the limit; one empty file where there are none."""
    part: list[str] = []
    size = 0
    for each in lines:
        length = len(each.encode()) + 1
        if part and size + length > FILE_LIMIT:
            yield tuple(part)
            part, size = [], 0
        part.append(each)
        size += length
    yield tuple(part)


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
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
