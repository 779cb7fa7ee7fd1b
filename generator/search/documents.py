"""What is indexed of a paper, and by what results are narrowed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from generator.search.analysis import FIELDS, PIPELINE, SEARCH_PIPELINE

NAMES = "; "
"""What stands between two names in one field of a document, since names hold spaces."""

KINDS = ("tags", "authors", "venues")
"""What results can be narrowed by, beside years."""


@dataclass(frozen=True, slots=True)
class Document:
    """What is indexed of a paper: plain text without markup, empty where nothing is known.

    `ref` is the paper's id. Of `authors`, `tags` and `venue` there may be several names, with
    `NAMES` between them; a result shows the first of a venue's. `standing` is shown and not
    indexed: that the paper was retracted or the like, in a word.
    """

    ref: str
    title: str
    abstract: str
    authors: str
    tags: str
    venue: str
    year: str
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """One topic, author or venue by which results are narrowed; `papers` are their ids."""

    kind: str
    slug: str
    name: str
    papers: tuple[str, ...]


def joined(names: Iterable[str]) -> str:
    """Several names as one field of a document; a name that holds `NAMES` gets a comma there."""
    return NAMES.join(name.replace(NAMES, ", ") for name in names)


def documents_json(documents: Iterable[Document]) -> str:
    """All that anyone needs to build the same index with Lunr.js: fields, pipelines, documents.

    The pipeline's labels are those under which `static/search/words.js` registers its functions.
    """
    return json.dumps(
        {
            "ref": "id",
            "fields": [{"name": field, "boost": 1} for field in FIELDS],
            "pipeline": PIPELINE,
            "searchPipeline": SEARCH_PIPELINE,
            "documents": [_renamed(asdict(document)) for document in documents],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _renamed(fields: dict[str, str]) -> dict[str, str]:
    """What is indexed of a document, its reference under the name that Lunr knows it by."""
    del fields["standing"]
    return {"id": fields.pop("ref"), **fields}


def in_order(documents: Iterable[Document]) -> list[Document]:
    """Documents as the index numbers them: newest year first, the undated last; then by id."""
    return sorted(documents, key=lambda document: (-int(document.year or 0), document.ref))
