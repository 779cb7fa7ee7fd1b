"""A paper of which nothing is said: `replace(BARE, title=…)` says what a test is about."""

from generator.model import Paper

BARE = Paper(
    id="", key="", other_keys=(), type="misc", title="", title_derived=False, authors=(), year=None,
    venue="", abstract="", keywords=(), tags=(), doi="", arxiv="", links=(), details=(),
    unconfirmed=(), bodies=(), origins=(), records=(),
)  # fmt: skip
