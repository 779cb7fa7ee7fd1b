"""What is indexed of a paper and how the browser gets it; see `analysis` and `index`."""

from generator.search.index import (
    NAMES,
    Document,
    build,
    documents_json,
    names,
    outputs,
)

__all__ = ["NAMES", "Document", "build", "documents_json", "names", "outputs"]
