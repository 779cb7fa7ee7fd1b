"""Moving to bibpress: what docs/migrate-from-*.md promise, on folders that others' users have.

The folders are below `tests/migrations/`. Each guide's commands are run in order as they stand
there, then the files that it shows are put where it says, and the site is built once more.
"""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generator import sources
from generator.model import SourceText
from tests.conftest import ROOT, Built, build_folder, run, write

FOLDERS = ROOT / "tests" / "migrations"

Make = Callable[..., Built]


def text_of(name: str) -> str:
    """A page of the documentation."""
    return (ROOT / "docs" / f"{name}.md").read_text("utf-8")


def commands(guide: str) -> Iterator[list[str] | str]:
    """The commands that a guide shows, in order: words of bibpress's own, lines of a shell's."""
    for block in re.findall(r"^```console\n(.*?)^```", text_of(guide), re.DOTALL | re.MULTILINE):
        for line in re.findall(r"^\$ (.*)", block, re.MULTILINE):
            yield shlex.split(line)[1:] if line.startswith("bibpress ") else line


def files(guide: str) -> dict[str, str]:
    """The files that stand in a guide below `<!-- file: NAME -->`, by name."""
    pattern = r"<!-- file: (\S+) -->\n```\w+\n(.*?)^```"
    return dict(re.findall(pattern, text_of(guide), re.DOTALL | re.MULTILINE))


def follow(guide: str, folder: Path) -> Built:
    """The site that comes of following a guide in a folder, from its first line to its last."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        for command in commands(guide):
            if isinstance(command, list):
                inline = ["--executor", "inline"] * (command[0] == "build")
                result = run(*command, *inline)
                assert result.exit_code == 0, (command, result.output)
            elif command.startswith("cd "):
                patch.chdir(command.removeprefix("cd "))
            else:
                subprocess.run(["bash", "-ec", command], check=True)
        site = Path.cwd()
    write(site, files(guide))
    settings = (site / "bibpress.toml").read_text("utf-8")
    named = re.sub(r"^#extensions = .*", 'extensions = ["old_addresses.py"]', settings, flags=re.M)
    write(site, {"bibpress.toml": named})
    return Built(site, build_folder(site))


@pytest.fixture(scope="module")
def al_folio(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """What comes of an al-folio site."""
    folder = tmp_path_factory.mktemp("al-folio")
    shutil.copytree(FOLDERS / "al-folio", folder / "mysite")
    return follow("migrate-from-al-folio", folder)


@pytest.fixture(scope="module")
def hugo(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """What comes of a site of Hugo Blox."""
    folder = tmp_path_factory.mktemp("hugo")
    shutil.copytree(FOLDERS / "hugo", folder / "mysite")
    return follow("migrate-from-hugo", folder)


@pytest.fixture(scope="module")
def zotero(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """What comes of an export of Zotero."""
    folder = tmp_path_factory.mktemp("zotero")
    shutil.copy(FOLDERS / "zotero" / "library.bib", folder)
    return follow("migrate-from-zotero", folder)


def links(paper: dict[str, Any]) -> dict[str, str]:
    """Where a paper's links lead, by what stands on them."""
    return {link["label"]: link["url"] for link in paper["links"]}


def leads_to(site: Built, path: str) -> str:
    """The published file that a page at an old address leads on to."""
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', site.read(path))
    assert found, path
    target = (site.out / path).parent / found[1]
    assert target.is_file(), found[1]
    return target.resolve().relative_to(site.out.resolve()).as_posix()


def published(site: Built) -> bytes:
    """All that is published, in one."""
    return b"\n".join(site.tree().values())


# --- al-folio, jekyll-scholar -------------------------------------------------------------------


def test_al_folio_every_entry_is_a_paper_under_its_key(al_folio: Built) -> None:
    """Nothing has to be converted."""
    keys = {paper["key"] for paper in al_folio.papers()}
    assert keys == {"okafor2024folding", "lindqvist2022starch", "pereira2023unfolding"}


def test_al_folio_only_the_file_that_is_missing_is_reported(al_folio: Built) -> None:
    """The lines by which Jekyll knows a file are none that nobody understands."""
    (problem,) = al_folio.report.problems
    assert '"starch_supp.zip"' in problem.message


def test_al_folio_links_are_kept(al_folio: Built) -> None:
    """Addresses are links as they are."""
    assert links(al_folio.paper("okafor2024folding")).items() >= {
        ("Code", "https://example.org/folding/code"),
        ("HTML", "https://example.org/folding/"),
        ("Video", "https://example.org/folding/talk"),
    }


@pytest.mark.parametrize("name", ["okafor2024folding.pdf", "folding_poster.pdf"])
def test_al_folio_files_are_linked_where_they_lie(al_folio: Built, name: str) -> None:
    """The bare name of a file leads to it in static/pdf/."""
    page = al_folio.read("papers/okafor-2024-folding-napkins-without-regret.html")
    assert f'href="../pdf/{name}"' in page
    assert (al_folio.out / "pdf" / name).is_file()


@pytest.mark.parametrize(
    "said",
    ["Equal contribution", "u5HHmVD", "folding.gif", "248277", "Oral presentation", "bibtex_show"],
)
def test_al_folio_fields_of_its_own_appear_nowhere(al_folio: Built, said: str) -> None:
    """Neither on a page nor in an export."""
    assert said.encode() not in published(al_folio)


def test_al_folio_an_award_is_the_note(al_folio: Built) -> None:
    """`award_name` is in the .bib as BibTeX has it."""
    exported = al_folio.read("papers/okafor-2024-folding-napkins-without-regret.bib")
    assert "note = {Best Paper}" in exported


def test_al_folio_selected_papers_are_a_page(al_folio: Built) -> None:
    """The guide's query lists the two that it names."""
    found = re.findall(r"@\w+\{(\w+),", al_folio.read("pages/selected.bib"))
    assert sorted(found) == ["lindqvist2022starch", "okafor2024folding"]


def test_al_folio_the_link_of_a_coauthor(al_folio: Built) -> None:
    """It stands on the author's page."""
    assert "https://example.org/~lindqvist" in al_folio.read("authors/sven-lindqvist.html")


def test_jekyll_scholar_pages_of_entries_lead_on(al_folio: Built) -> None:
    """At the old address of each entry is a page that leads to the paper."""
    led = leads_to(al_folio, "bibliography/lindqvist2022starch.html")
    assert led == "papers/lindqvist-2022-starch-memory-how-linen.html"


@pytest.mark.parametrize(
    ("text", "leftover"),
    [
        ("---\n---\n@misc{a, title = {T}}", 0),
        ("---\nlayout: none\n---\n\n@misc{a, title = {T}}", 0),
        ("---\n---\n", 0),
        ("---\nlayout: none\n@misc{a, title = {T}}\n---\n", 3),
        ("@misc{a, title = {T}}\n---\n---\n", 2),
    ],
)
def test_the_front_matter_of_a_bib_is_understood(text: str, leftover: int) -> None:
    """Lines from `---` to `---` at the top hold no paper; what is no front matter is reported."""
    assert len(sources.read("papers.bib", text.encode(), "bib").leftover) == leftover


# --- Hugo Blox ----------------------------------------------------------------------------------


def test_hugo_each_folder_is_a_paper(hugo: Built) -> None:
    """cite.bib and index.md are one paper; the page of the list and drafts are none."""
    assert {paper["id"]: len(paper["sources"]) for paper in hugo.papers()} == {
        "okafor-2024-folding-napkins-without-regret": 2,
        "lindqvist-2022-starch-memory-how-linen": 2,
        "pereira-2023-unfolding": 1,
    }


def test_hugo_the_owner_has_a_name(hugo: Built) -> None:
    """Where index.md says "admin", the authors are those of cite.bib."""
    authors = [author["family"] for author in hugo.paper("okafor2024folding")["authors"]]
    assert authors == ["Okafor", "Lindqvist", "Pereira"]


def test_hugo_what_index_md_says_is_there(hugo: Built) -> None:
    """Abstract, topics and links come from the note."""
    paper = hugo.paper("okafor2024folding")
    found = (paper["abstract"][:15], paper["tags"], links(paper))
    assert found == (
        "We fold napkins",
        ["napkins", "regret"],
        {
            "Code": "https://example.org/folding/code",
            "Talk": "https://example.org/folding/talk",
            "Slides": "https://example.org/folding/slides",
        },
    )


def test_hugo_what_cite_bib_says_is_exported(hugo: Built) -> None:
    """Once `publication` is gone from the note, place and pages are those of the entry."""
    exported = hugo.read("papers/okafor-2024-folding-napkins-without-regret.bib")
    assert re.findall(r"(?:booktitle|pages) = .*", exported) == [
        "booktitle = {Proceedings of the 7th International Conference on Napkin Folding},",
        "pages = {11--20},",
    ]


def test_hugo_a_folder_without_cite_bib(hugo: Built) -> None:
    """Its note is enough: year, type, arXiv number and a venue that is one."""
    paper = hugo.paper("pereira-2023-unfolding")
    found = [paper[name] for name in ("year", "type", "arxiv", "venue")]
    assert found == [2023, "misc", "2301.04567", ""]


def test_hugo_the_text_is_a_note(hugo: Built) -> None:
    """What stands below the front matter stands on the paper's page."""
    page = hugo.read("papers/okafor-2024-folding-napkins-without-regret.html")
    assert "The rule that we use at every dinner since." in page


def test_hugo_a_pdf_beside_index_md_is_published(hugo: Built) -> None:
    """With `pdfs = true`, the file that url_pdf names."""
    assert "papers/okafor-2024-folding-napkins-without-regret.pdf" in hugo.tree()


@pytest.mark.parametrize(
    ("folder", "paper"),
    [
        ("okafor-2024-folding", "okafor-2024-folding-napkins-without-regret"),
        ("lindqvist-2022-starch", "lindqvist-2022-starch-memory-how-linen"),
        ("pereira-2023-unfolding", "pereira-2023-unfolding"),
    ],
)
def test_hugo_old_addresses_lead_on(hugo: Built, folder: str, paper: str) -> None:
    """At /publication/NAME/ is a page that leads to the paper."""
    assert leads_to(hugo, f"publication/{folder}/index.html") == f"papers/{paper}.html"


def note(front_matter: str) -> SourceText:
    """What an index.md says."""
    return sources.read("index.md", f"---\n{front_matter}\n---\n".encode(), "note")


@pytest.mark.parametrize(
    ("front_matter", "field", "value"),
    [
        ("publication: '*Journal of Cloth*'", "venue", "Journal of Cloth"),
        ("publication: In *Folding 2020*", "venue", "Folding 2020"),
        ("publication: In Vivo", "venue", "In Vivo"),
        ("publication: x\nvenue: y", "venue", "y"),
        ("publication: arXiv\narxiv: 2301.04567", "venue", ""),
        ("publication_types: [paper-conference]", "type", "inproceedings"),
        ("publication_types: ['2']", "type", "article"),
        ("publication_types: [2]\ntype: book", "type", "book"),
        ("publication_types: ['0']", "type", "misc"),
        ("hugoblox:\n  ids:\n    doi: 10.1234/5", "doi", "10.1234/5"),
        ("hugoblox:\n  ids:\n    arxiv: 2301.04567v2", "arxiv", "2301.04567"),
        ("hugoblox: []", "doi", ""),
        ("url_pdf: https://arxiv.org/pdf/2301.04567", "arxiv", "2301.04567"),
        ("draft: false", "title", "T"),
        ("url_pdf: a.pdf", "files", (("file", "PDF", "a.pdf"),)),
        ("url_pdf: ../a.pdf", "files", ()),
    ],
)
def test_fields_of_hugo_blox(front_matter: str, field: str, value: object) -> None:
    """What index.md calls otherwise than other notes is understood."""
    (record,) = note(f"title: T\n{front_matter}").records
    assert getattr(record, field) == value


def test_links_may_have_a_type() -> None:
    """Newer sites of Hugo Blox say what a link is, not what stands on it."""
    (record,) = note("title: T\nlinks:\n- type: code\n  url: https://example.org/c").records
    assert [(link.label, link.url) for link in record.links] == [("Code", "https://example.org/c")]


@pytest.mark.parametrize("owner", ["admin", "me"])
def test_a_list_with_a_nameless_author_is_no_list(owner: str) -> None:
    """Where one author is called by a folder's name, all are left to other sources; it is said."""
    said = note(f"title: T\nauthors: [{owner}, Ada Smith]")
    assert (said.records[0].authors, [p.severity for p in said.problems]) == ((), ["note"])


def test_a_draft_is_no_paper() -> None:
    """It is passed over with a remark; nothing is skipped as broken."""
    said = note("title: T\ndraft: true")
    assert (said.records, said.quarantined, said.ignored) == ((), (), ((1, 4),))


def test_toml_is_named() -> None:
    """Front matter in TOML is an error that says so."""
    said = sources.read("index.md", b"+++\ntitle = 'T'\n+++\n", "note")
    assert "TOML" in said.problems[0].message


# --- Zotero, Better BibTeX, Kerko ---------------------------------------------------------------

PRIVATE = ["/home/ada", "ABCD2345", "Referee 2", "Bought for", "Lend to", "Read until", "NPQR"]


def test_zotero_papers_keep_their_keys(zotero: Built) -> None:
    """Every item is a paper."""
    keys = {paper["key"] for paper in zotero.papers()}
    assert keys == {"lindqvist_starch_2022", "pereira_unfolding_2023"}


@pytest.mark.parametrize("name", ["library.bib", "better-bibtex.bib", "library.json"])
def test_zotero_private_things_go_nowhere(make_site: Make, name: str) -> None:
    """No path, no note and nothing of Extra is published, whatever it was exported as."""
    said = (FOLDERS / "zotero" / name).read_text("utf-8")
    assert any(word in said for word in PRIVATE)
    everything = published(make_site({name: said}))
    assert [word for word in PRIVATE if word.encode() in everything] == []


def test_zotero_tags_are_topics(zotero: Built) -> None:
    """Those that say what a paper is of; the guide warns of the others, which are exported."""
    assert zotero.paper("lindqvist_starch_2022")["tags"] == ["linen", "starch"]
    assert "to read" in zotero.read("bibliography.bib")


def test_zotero_extra_in_a_bib_is_shown(zotero: Built) -> None:
    """The guide warns of it."""
    assert b"Publisher: The Cloth Society" in published(zotero)


def test_zotero_a_note_of_ones_own_is_shown(zotero: Built) -> None:
    """A Markdown file with the paper's key stands on its page, and what it cites on the other's."""
    page = zotero.read("papers/lindqvist-2022-starch-memory-how-linen.html")
    assert "The measurements that everybody cites" in page


def test_zotero_several_exports_are_one_library(make_site: Make) -> None:
    """BibTeX, Better BibTeX and CSL JSON of one library: each paper once."""
    folder = FOLDERS / "zotero"
    site = make_site({path.name: path.read_text("utf-8") for path in folder.iterdir()})
    assert {paper["id"]: len(paper["sources"]) for paper in site.papers()} == {
        "okafor-2024-folding-napkins-without-regret": 1,
        "pereira-2023-unfolding": 3,
        "lindqvist-2022-starch-memory-how-linen": 2,
        "nowak-1998-damask-history": 1,
    }


def test_zotero_the_keys_of_an_export_without_better_bibtex(make_site: Make) -> None:
    """The key in Extra is one, the address that Zotero gives an item is none."""
    site = make_site({"library.json": (FOLDERS / "zotero" / "library.json").read_text("utf-8")})
    assert site.paper("nowakDamask1998")["title"] == "Damask: A History"


def test_zotero_a_changed_key_changes_no_address(make_site: Make) -> None:
    """Address and key stay what they were when Zotero makes another key of the item."""
    text = (FOLDERS / "zotero" / "library.bib").read_text("utf-8")
    site = make_site({"library.bib": text})
    before = {paper["id"]: paper["key"] for paper in site.papers()}
    site.rebuild({"content/library.bib": text.replace("{pereira_unf", "{pereira_on_unf")})
    assert {paper["id"]: paper["key"] for paper in site.papers()} == before


def test_kerko_old_addresses_lead_on(zotero: Built) -> None:
    """Those that the table names."""
    led = leads_to(zotero, "bibliography/ABCD2345/index.html")
    assert led == "papers/lindqvist-2022-starch-memory-how-linen.html"
