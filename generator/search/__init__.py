"""The search index: `documents` say what is indexed, `counts` counts it, `parts` are its files."""

from generator.search.documents import KINDS, NAMES, Document, Facet, documents_json, joined
from generator.search.parts import NOTHING, Files, State, files

__all__ = [
    "KINDS",
    "NAMES",
    "NOTHING",
    "Document",
    "Facet",
    "Files",
    "State",
    "documents_json",
    "files",
    "joined",
]
