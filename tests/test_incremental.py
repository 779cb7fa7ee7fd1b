"""Whatever is done to a site, the next build is byte for byte what a clean one would be."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Built, build_folder, write

# Few words, people and places, so that any two papers have much to do with each other.
WORDS = (
    "pruning", "graph", "neural", "networks", "sparse", "training", "of", "transformers", "by",
    "magnitude",
)  # fmt: skip
PEOPLE = ("Smith, Ada", "Li, Bo", "Müller, Eva", "Ng, Ann")
VENUES = ("International Conference on Machine Learning", "ICML", "Proc. London Math. Soc.")
TOPICS = '[[topic]]\nslug = "graphs"\nname = "Graphs"\nphrases = ["graph", "neural networks"]\n'
PERSONS = """[[person]]
name = "Eva Mueller"
variants = ["Eva Müller", "Bo Li"]
orcid = "0000-0002-1825-0097"
"""
ONE_OF_TWO = '[[person]]\nname = "Ada Smith"\nslug = "ada-smith-napkins"\npapers = ["k0", "k9"]\n'
TEMPLATE = '{% extends "default/paper.html" %}{% block footer %}<footer>Ours</footer>{% endblock %}'


@dataclass
class Paper:
    """An entry of the .bib that edits are made to."""

    title: str
    authors: tuple[str, ...]
    year: int
    venue: str
    abstract: str
    keywords: tuple[str, ...] = ()

    def entry(self, key: str) -> str:
        """The paper as BibTeX."""
        return (
            f"@inproceedings{{{key}, title = {{{self.title}}}, year = {self.year},\n"
            f"  author = {{{' and '.join(self.authors)}}}, booktitle = {{{self.venue}}},\n"
            f"  keywords = {{{', '.join(self.keywords)}}}, abstract = {{{self.abstract}}}}}\n"
        )


phrases = st.lists(st.sampled_from(WORDS), min_size=2, max_size=8).map(" ".join)
papers = st.builds(
    Paper,
    st.builds("{} {}".format, phrases, st.sampled_from(("", "NapNet", "again"))),
    st.lists(st.sampled_from(PEOPLE), max_size=3, unique=True).map(tuple),
    st.integers(2018, 2021),
    st.sampled_from(VENUES),
    st.lists(phrases, max_size=5).map(lambda said: ". We propose NapNet (NN) for ".join(said)),
    st.lists(st.sampled_from(("sparse", "graphs", "napkins")), max_size=2, unique=True).map(tuple),
)
# A page of the owner's own making, of the papers since a year.
EXTRAS = """\
from generator.extensions import CARDS, Page, page, paged
@page
def recent(c):
    ids = [paper.id for paper in c.library.papers if (paper.year or 0) > 2019]
    for pager, part in paged("recent", ids, CARDS):
        cards = tuple(c.library.cards[each] for each in part)
        shown = {"heading": "Recent", "lead": "", "bib": "", "cards": cards, "pager": pager}
        yield Page(pager.paths[pager.number - 1], "list.html", "Recent", "", shown)
"""
files = st.sampled_from(
    [
        {"content/topics.toml": TOPICS},
        {"content/topics.toml": None},
        {"templates/paper.html": TEMPLATE},
        {"templates/paper.html": None},
        {"static/CNAME": "example.org"},
        {"static/papers/index.html": "the owner's own"},
        {"bibpress.toml": 'title = "Other"\nurl = "https://example.org/x/"\n'},
        {"bibpress.toml": "[size]\nauthors_from = 2\nauthor_bib = false\n"},
        {"bibpress.toml": None},
        {"bibpress.toml": 'language = "de"\n'},
        {"bibpress.toml": '[look]\naccent = "#7a1f5c"\nfont = "sans"\n'},
        {"bibpress.toml": 'extensions = ["extras.py"]\n', "extras.py": EXTRAS},
        {"extras.py": EXTRAS.replace("2019", "2020")},
        {"templates/words/en.toml": 'abstract = "Summary"\n[script."paper.js"]\ncopy = "Take"\n'},
        {"templates/words/en.toml": None},
        {"content/note.md": "---\nkey: k0\ntags: [napkins]\n---\nSee [@k1] and [[k2|this]].\n"},
        {"content/note.md": None},
        {"content/pages/a.md": "---\nmenu: yes\npapers: topic = graphs or year > 2019\n---\n[@k1]"},
        {"content/pages/a.md": "---\npapers: author = Ada Smith\n---\n[@k2] [b](b.md)"},
        {"content/pages/b.md": "# B\n\n[[k0]]"},
        {"content/pages/b.md": None},
        {"content/papers.toml": 'apart = [["k0", "k1"]]\n'},
        {"content/papers.toml": 'retracted = ["k0"]\n'},
        {"bibpress.toml": "abstracts = false\n"},
        {"content/papers.toml": None},
        {"content/people.toml": PERSONS},
        {"content/people.toml": ONE_OF_TWO},
        {"content/people.toml": None},
    ]
)
# One thing at a time, so that nothing else makes the pages anew that have to follow it.
NAPKINS = "Journal of Napkins"
THREE = {
    "k0": Paper(
        "Folding napkins", ("Smith, Ada", "Li, Bo"), 2019, NAPKINS, "We fold napkins here."
    ),
    "k1": Paper("Cutting graphs", ("Smith, Ada",), 2020, NAPKINS, "We cut sparse graphs there."),
    "k2": Paper("Training nets", ("Ng, Ann",), 2021, NAPKINS, "We train neural networks."),
}
ALONE: Mapping[str, tuple[dict[str, dict[str, Any]], dict[str, str | None]]] = {
    "an abstract": ({"k0": {"abstract": "We fold other napkins here."}}, {}),
    "keywords": ({"k0": {"keywords": ("sparse",)}}, {}),
    "a year": ({"k0": {"year": 2018}}, {}),
    "a title": ({"k0": {"title": "Folding a napkin"}}, {}),
    "who wrote it": ({"k0": {"authors": ("Smith, Ada",)}}, {}),
    "how others spell an author": ({"k1": {"authors": ("SMITH, Ada",)}}, {}),
    "how others spell the venue": (
        {"k1": {"venue": NAPKINS.upper()}, "k2": {"venue": NAPKINS.upper()}},
        {},
    ),
    "which authors have pages": ({}, {"bibpress.toml": "[size]\nauthors_from = 2\n"}),
    "whether authors have a .bib": ({}, {"bibpress.toml": "[size]\nauthor_bib = false\n"}),
    "topics": ({}, {"content/topics.toml": TOPICS}),
    "a retraction": ({}, {"content/papers.toml": 'retracted = ["k0"]\n'}),
    "whether abstracts are shown": ({}, {"bibpress.toml": "abstracts = false\n"}),
    "who is who": ({}, {"content/people.toml": PERSONS}),
    "which of two of a name it is": ({}, {"content/people.toml": ONE_OF_TWO}),
    "the language": ({}, {"bibpress.toml": 'language = "de"\n'}),
    "the colours": ({}, {"bibpress.toml": '[look]\naccent = "#7a1f5c"\n'}),
    "a page of one's own making": (
        {},
        {"bibpress.toml": 'extensions = ["extras.py"]\n', "extras.py": EXTRAS},
    ),
    "a word": ({}, {"templates/words/en.toml": 'related = "Near by"\nundated = "No year"\n'}),
    "a word of a script": (
        {},
        {"templates/words/en.toml": '[script."site.js"]\nbasket = "Pile"\n'},
    ),
}


@pytest.mark.parametrize(("papers", "files"), ALONE.values(), ids=ALONE.keys())
def test_one_change_alone(
    papers: dict[str, dict[str, Any]], files: dict[str, str | None], tmp_path: Path
) -> None:
    """Every page that shows what changed follows it, where nothing else would make it anew."""
    write(tmp_path, {"content/a.bib": "@misc{begun, title = {Begun}}"})
    edited = Edited(Built(tmp_path, build_folder(tmp_path)), dict(THREE))
    edited.build({})
    edited.papers |= {key: replace(THREE[key], **change) for key, change in papers.items()}
    edited.build(files)
    built = edited.site.tree()
    shutil.rmtree(tmp_path / "._site.bibpress")
    shutil.rmtree(tmp_path / "_site")
    edited.site.rebuild()
    assert edited.site.tree() == built


CACHE = st.sampled_from(("kept", "deleted", "truncated", "garbled"))


@dataclass
class Edited:
    """A site and the papers in it, while edits go on."""

    site: Built
    papers: dict[str, Paper] = field(default_factory=dict)

    def build(self, more: Mapping[str, str | None]) -> None:
        """Write papers and files, then build."""
        bib = "\n".join(paper.entry(key) for key, paper in self.papers.items())
        known = {
            name: text
            for name, text in more.items()
            if text is not None or (self.site.folder / name).exists()
        }
        self.site.rebuild({"content/a.bib": bib, **known})


edits = st.lists(
    st.tuples(st.integers(0, 7), st.none() | papers, st.just({}) | files, CACHE),
    min_size=1,
    max_size=5,
)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(first=st.lists(papers, min_size=3, max_size=6), history=edits)
def test_incremental_equals_clean(
    first: list[Paper], history: list[tuple[int, Paper | None, dict[str, str | None], str]]
) -> None:
    """Papers added, removed and changed, templates, settings, topics: the tree is the clean one."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name, "site")
        write(folder, {"content/a.bib": "@misc{begun, title = {Begun}}"})
        edited = Edited(Built(folder, build_folder(folder)))
        edited.papers = {f"k{n}": paper for n, paper in enumerate(first)}
        edited.build({})
        for number, paper, more, cache in history:
            key = f"k{number}"
            if paper:
                edited.papers[key] = paper
            elif len(edited.papers) > 1:
                edited.papers.pop(key, None)
            memory = folder / "._site.bibpress" / "cache"
            if memory.exists():
                HARM[cache](memory)
            edited.build(more)
        built = edited.site.tree()
        shutil.rmtree(folder / "._site.bibpress")
        shutil.rmtree(folder / "_site")
        edited.site.rebuild()
        assert edited.site.tree() == built


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _garble(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


HARM: Mapping[str, Callable[[Path], None]] = {
    "kept": lambda _: None,
    "deleted": Path.unlink,
    "truncated": _truncate,
    "garbled": _garble,
}
