"""What has become of papers, and what an owner may keep off the site."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from generator import attachments, rights
from generator.cite import EXPORTERS, apa, ieee, item, ris
from generator.config import Site
from generator.errors import ConfigError
from generator.exports import entry
from generator.identity import load_decisions
from generator.metadata import linked
from generator.model import Record, SourceText, Where
from generator.rights import Notice
from generator.search.read import Index
from generator.sources import bib, csl
from generator.sources import ris as ris_reader
from generator.sources.readers import Means
from generator.toml import Toml
from tests.conftest import Built, run, write
from tests.papers import BARE

MakeSite = Callable[..., Built]

NOTICE = Notice("retracted", "2012-03-04", "https://doi.org/10.1234/a_b(1)")
PAPER = replace(
    BARE, id="x", key="k", type="article", title="On things", venue="Journal", year=2001,
    details=(("note", "With a note"), rights.as_detail(NOTICE)),
)  # fmt: skip
SAID = "Retraction published 2012-03-04: https://doi.org/10.1234/a_b(1)"


# --- what sources say ---------------------------------------------------------------------------

# A title, a note, a state, a type, and what they say has become of the paper.
SOURCES = {
    "elsevier": ("RETRACTED: On things", "", "", "", "retracted"),
    "springer": ("RETRACTED ARTICLE: On things", "", "", "", "retracted"),
    "acl": ("[RETRACTED] On things", "", "", "", "retracted"),
    "hindawi": ("[Retracted] On things", "", "", "", "retracted"),
    "rsc": ("Retracted Article: On things", "", "", "", "retracted"),
    "web of science": ("On things (Retracted article. See vol. 3, pg. 2, 2012)", "", "", "",
                       "retracted"),
    "withdrawn title": ("WITHDRAWN: On things", "", "", "", "withdrawn"),
    "a study of retractions": ("Retracted articles in the wild", "", "", "", ""),
    "a study with a colon": ("Retracted: how journals correct themselves", "", "", "", ""),
    "a notice": ("Retraction: On things", "", "", "", ""),
    "a retraction note": ("Retraction Note: On things", "", "", "", ""),
    "hindawi's notice": ("Retracted: On things", "", "", "", ""),
    "a notice in capitals": ("RETRACTED: ON THINGS", "", "", "", ""),
    "about the retracted": ("Citing papers (retracted) for ever", "", "", "", ""),
    "a note": ("", "Retracted", "", "", "retracted"),
    "a note in brackets": ("", "[Retracted in 2012]", "", "", "retracted"),
    "a note among others": ("", "With code; Retracted 2012-03.", "", "", "retracted"),
    "arxiv": ("", "This paper has been withdrawn by the author due to an error", "", "",
              "withdrawn"),
    "out of a conference": ("", "This submission was withdrawn from the conference", "", "", ""),
    "out of arxiv": ("", "This paper was withdrawn from arXiv", "", "", "withdrawn"),
    "a correction": ("", "Correction published 2012: 10.1234/x", "", "", "corrected"),
    "a concern": ("", "Expression of concern published", "", "", "concern"),
    "a note on others": ("", "Retracted claims are discussed in section 3", "", "", ""),
    "a note not retracted": ("", "Not retracted", "", "", ""),
    "a record of a notice": ("", "Retraction", "", "", ""),
    "a note to oneself": ("", "Corrected", "", "", ""),
    "a state": ("", "", "Retracted", "", "retracted"),
    "another state": ("", "", "inpress", "", ""),
    "pubmed's type": ("", "", "", "Article; Retracted Publication", "retracted"),
    "a type of its own": ("", "", "", "Retracted Publication Notice", ""),
}  # fmt: skip


@pytest.mark.parametrize("said", SOURCES.values(), ids=SOURCES)
def test_a_source_is_believed_at_its_word_and_no_further(said: tuple[str, ...]) -> None:
    """What publishers write of retracted papers counts; what merely resembles it does not."""
    *fields, kind = said
    found, _ = rights.in_fields(*fields)
    assert list(found) == ([kind] if kind else [])


def test_the_rest_of_a_note_stays() -> None:
    """What a note says besides is none the less said."""
    assert rights.in_note("With code; Retracted 2012; Best paper")[1] == "With code; Best paper"


def test_a_reason_stays() -> None:
    """Why its authors withdrew a paper is told along, and nowhere but in their words."""
    said = "This paper has been withdrawn by the author due to an error in Lemma 3"
    assert rights.in_note(said) == ((Notice("withdrawn"),), said)


@pytest.mark.parametrize("note", ["Retracted; {}", "{}; Retracted"])
def test_the_fullest_word_counts(note: str) -> None:
    """Where a note says it twice, its day and its notice are kept."""
    assert rights.in_fields("", note.format(SAID), "", "")[0] == dict([rights.as_detail(NOTICE)])


@pytest.mark.parametrize("kind", rights.KINDS)
@pytest.mark.parametrize("day", ["", "2012", "2012-03", "2012-03-04"])
@pytest.mark.parametrize("url", ["", NOTICE.url, "https://example.org/a;b"])
def test_what_is_written_is_read_back(kind: str, day: str, url: str) -> None:
    """As a detail of a record and as a sentence of an export alike."""
    notice = Notice(kind, day, url)
    back = (
        *rights.notices([rights.as_detail(notice)]),
        *rights.in_note(rights.sentence(notice))[0],
    )
    assert back == (notice, notice)


@pytest.mark.parametrize(
    "said", ["javascript:alert(1)", "2012 data:text/html,x", "soon", "yes", ""]
)
def test_a_notice_leads_to_the_web_or_nowhere(said: str) -> None:
    """Details come from extensions as well, and a page makes a link of the address."""
    day = "2012" if said.startswith("2012") else ""
    assert rights.notices([("retracted", said)]) == (Notice("retracted", day),)


def test_crossref_says_what_became_of_a_paper() -> None:
    """Of its `updated-by` the type, the DOI of the notice and the day are read."""
    read = csl.read(
        '[{"type": "journal-article", "DOI": "10.1/x", "title": ["On things"], "updated-by": ['
        '{"type": "retraction", "DOI": "10.1234/n", "updated": {"date-parts": [[2012, 3, 4]]}},'
        '{"type": "new_version", "DOI": "10.1234/v"}]}]',
        "x.json",
        Means(),
    )
    assert _noted(read) == (Notice("retracted", "2012-03-04", "https://doi.org/10.1234/n"),)


def _noted(read: SourceText) -> tuple[Notice, ...]:
    return rights.notices(read.records[0].details)


# --- exports ------------------------------------------------------------------------------------

READERS = {"bibtex": bib.read, "ris": ris_reader.read, "csl": csl.read}


@pytest.mark.parametrize("name", READERS)
def test_an_export_says_it_and_is_read_back(name: str) -> None:
    """Whoever takes a paper from here to elsewhere takes along that it was retracted."""
    written = EXPORTERS[name].export([PAPER], abstracts=False)
    assert _noted(READERS[name](written, "x", Means())) == (NOTICE,)


def test_bibtex_says_it_where_styles_print_it() -> None:
    """In `note`, before what else stands there."""
    assert f"note = {{{SAID}; With a note}}".replace("_", r"\_") in entry(PAPER, abstract=False)


@pytest.mark.parametrize(
    ("kind", "state"), [("retracted", "retracted"), ("concern", "expression of concern")]
)
def test_csl_and_linked_data_name_the_state(kind: str, state: str) -> None:
    """`status` is a variable of CSL 1.0.2, `creativeWorkStatus` one of schema.org's."""
    paper = replace(PAPER, details=(rights.as_detail(Notice(kind)),))
    told = json.loads(linked(paper, "", (), Site("S"), "papers/x.html"))["creativeWorkStatus"]
    assert (item(paper)["status"], told) == (state, state.capitalize())


@pytest.mark.parametrize("write", [apa, ieee])
def test_a_reference_ends_with_it(write: Callable[..., str]) -> None:
    """In brackets behind the reference, as APA has it of retracted articles."""
    assert write([item(PAPER)]).endswith(f" ({SAID})\n")


def test_a_paper_that_is_sound_has_no_more_fields() -> None:
    """A state, a note, a sentence cost only those papers that have one."""
    assert not {"status", "note"} & set(item(replace(PAPER, details=())))


def test_others_who_are_not_named_survive_ris() -> None:
    """RIS has no way to say so but to name them so."""
    line = "AU  - et al.\r\n"
    assert line in ris([{"type": "book", "author": [{"family": "A"}, {"literal": "others"}]}])


# --- the owner's word ---------------------------------------------------------------------------


def test_the_owner_says_when_and_where() -> None:
    """A list may hold names alone and tables that say more."""
    given = {"corrected": ["a", {"paper": "b", "date": "2012", "notice": "10.1234/x"}]}
    said = load_decisions(Toml("content/papers.toml", given))
    assert said.notices == (
        ("a", Notice("corrected")),
        ("b", Notice("corrected", "2012", "https://doi.org/10.1234/x")),
    )


@pytest.mark.parametrize(
    "given",
    [{"retracted": [3]}, {"retracted": [{"paper": "a", "notice": "somewhere"}]},
     {"retracted": [{"paper": "a", "date": "soon"}]}, {"retracted": [{"notice": "10.1234/x"}]},
     {"cleared": [{"paper": "a"}]}, {"retract": ["a"]}],
)  # fmt: skip
def test_what_is_no_such_word_is_refused(given: dict[str, object]) -> None:
    """A mistake in papers.toml is told of, with how it is done."""
    with pytest.raises(ConfigError, match=r"^content/papers\.toml: "):
        load_decisions(Toml("content/papers.toml", given))


@pytest.mark.parametrize(
    ("more", "said"),
    [({"date": "yesterday"}, '"yesterday" is no date'), ({"notice": "10.1"}, '"10.1" is neither')],
)
def test_what_is_wrong_with_a_notice_is_said(more: dict[str, str], said: str) -> None:
    """The value itself, and not all that might have been written."""
    given = {"retracted": [{"paper": "a", **more}]}
    with pytest.raises(ConfigError, match=said):
        load_decisions(Toml("content/papers.toml", given))


# --- the site -----------------------------------------------------------------------------------

REFS = """
@article{a, title = {On things}, author = {Doe, Jo}, journal = {J}, year = 2001}
@article{b, title = {On other things}, author = {Doe, Jo}, journal = {J}, year = 2001}
"""
TOML = 'retracted = [{paper = "a", date = 2012-03-04, notice = "10.1234/x"}]'
PAGE = "papers/doe-2001-things.html"


def test_its_page_says_it_above_the_title(make_site: MakeSite) -> None:
    """With a link to the notice."""
    page = make_site({"refs.bib": REFS, "papers.toml": TOML}).read(PAGE)
    before = page.partition("<h1>")[0]
    assert (
        '<strong>Retracted</strong> · 2012-03-04 · <a href="https://doi.org/10.1234/x">' in before
    )


@pytest.mark.parametrize(
    "path", ["index.html", "years/2001.html", "papers/doe-2001-other-things.html"]
)
def test_lists_say_it(make_site: MakeSite, path: str) -> None:
    """Nobody has to open a paper to know; only the one that was retracted is marked."""
    site = make_site({"refs.bib": REFS, "papers.toml": TOML})
    assert site.read(path).count('<strong class="doubt">Retracted</strong>') == 1


def test_feeds_say_it(make_site: MakeSite) -> None:
    """Behind the title: readers of feeds see no more of a paper."""
    url = 'url = "https://example.org/"\n'
    site = make_site({"refs.bib": REFS, "papers.toml": TOML, "bibpress.toml": url})
    assert site.read("feed.xml").count("On things [Retracted]</title>") == 1


def test_the_search_says_it(make_site: MakeSite) -> None:
    """On its page as in the terminal, behind the title; the others' results are as they were."""
    site = make_site({"refs.bib": REFS, "papers.toml": TOML})
    hits = {hit.id: hit.standing for hit in Index(site.out).hits(range(2))}
    assert hits == {"doe-2001-other-things": "", "doe-2001-things": "Retracted"}
    assert "\nOn things [Retracted]\n" in run("search", "things", str(site.out)).stdout


def test_the_index_is_of_the_paper_alone(make_site: MakeSite) -> None:
    """Whether it was retracted is shown, and nobody finds it by that word."""
    site = make_site({"refs.bib": REFS, "papers.toml": TOML})
    said = [run("search", *words).stdout for words in
            (["--documents", str(site.folder)], ["retracted", str(site.out)])]  # fmt: skip
    assert ("Retracted" in said[0], "No paper matches" in said[1]) == (False, True)


def test_programs_are_told(make_site: MakeSite) -> None:
    """Linked data has schema.org's words, the static API its `notices`."""
    site = make_site({"refs.bib": REFS, "papers.toml": TOML})
    linked = '"creativeWorkStatus":"Retracted","correction":"https://doi.org/10.1234/x"'
    expected = [{"kind": "retracted", "day": "2012-03-04", "url": "https://doi.org/10.1234/x"}]
    assert (linked in site.read(PAGE), site.paper("a")["notices"]) == (True, expected)


def test_the_owner_overrules_a_source(make_site: MakeSite) -> None:
    """A paper that is `cleared` is sound, whatever a source says."""
    refs = REFS.replace("year = 2001}", "year = 2001, note = {Retracted}}", 1)
    site = make_site({"refs.bib": refs, "papers.toml": 'cleared = ["a"]'})
    assert "Retracted" not in site.read(PAGE)


def test_a_paper_that_was_retracted_has_changed(make_site: MakeSite) -> None:
    """The page of changes tells of it, and its address stays."""
    site = make_site({"refs.bib": REFS})
    site.rebuild({"content/papers.toml": TOML}, today="2026-02-03")
    assert PAGE in site.read("changes.html") and "doe-2001-other" not in site.read("changes.html")


def test_the_decision_is_incremental(make_site: MakeSite) -> None:
    """A build after the decision gives the bytes of a clean one."""
    site = make_site({"refs.bib": REFS})
    site.rebuild({"content/papers.toml": TOML})
    clean = make_site({"refs.bib": REFS, "papers.toml": TOML})
    assert site.tree() == clean.tree()


# --- abstracts ----------------------------------------------------------------------------------

# Every word of the abstract is in no other text; the second record disagrees about it, and the line
# behind is nobody's.
WORDS = "xylophones bewilder zealous juggernauts wherever quixotic flamboyance prevails"
HELD_BACK = {
    "refs.bib": f"""
@article{{a, title = {{On things}}, author = {{Doe, Jo}}, doi = {{10.1234/x}},
abstract = {{{WORDS}}}}}
@article{{b, title = {{On other things}}, abstract = {{Some {WORDS} Else. Named Foo Bar (FB).}}}}
flamboyance prevails again
""",
    "more.bib": f"@misc{{c, title={{On things}}, doi={{10.1234/x}}, abstract={{Truly {WORDS}}}}}",
    "note.md": f"---\nkey: b\nabstract: {WORDS} indeed\n---\nA remark.\n",
    "bibpress.toml": 'url = "https://example.org/"\nabstracts = false\n',
}


def test_abstracts_stay_off_the_site(make_site: MakeSite) -> None:
    """No file of a site that holds them back has a word of one: no page, index, feed or export."""
    tree = make_site(HELD_BACK).tree()
    assert not [
        (path, word)
        for path, content in tree.items()
        for word in WORDS.split()
        if word[:7].encode() in content.lower()
    ]


def test_abstracts_still_tell_papers_apart(make_site: MakeSite) -> None:
    """What is held back is known none the less: the same papers, under the same addresses."""
    shown = {**HELD_BACK, "bibpress.toml": ""}
    held, site = make_site(HELD_BACK), make_site(shown)
    assert [paper["id"] for paper in held.papers()] == [paper["id"] for paper in site.papers()]


def test_the_setting_is_incremental(make_site: MakeSite) -> None:
    """Whoever sets it later has the site that it would have been from the start."""
    site = make_site({**HELD_BACK, "bibpress.toml": 'url = "https://example.org/"\n'})
    site.rebuild({"bibpress.toml": HELD_BACK["bibpress.toml"]})
    assert site.tree() == make_site(HELD_BACK).tree()


@pytest.mark.parametrize("words", [["export", "--abstracts"], ["search", "--documents"]])
def test_no_command_gives_what_is_held_back(words: list[str], folder: Path) -> None:
    """Neither an export nor the documents of the search have it."""
    placed = {name if name == "bibpress.toml" else f"content/{name}": text
              for name, text in HELD_BACK.items()}  # fmt: skip
    write(folder, placed)
    assert "zealous" not in run(*words).stdout


def test_decisions_hold_without_abstracts(make_site: MakeSite) -> None:
    """Papers that the owner calls apart are not reported as alike, though they look the same."""
    files = {
        "refs.bib": "".join(
            f"@misc{{k{i}, title = {{Folding of many napkins, part {i}}}, author = {{Doe, Jo}},"
            f" year = 2001, abstract = {{{WORDS} {WORDS}}}}}\n"
            for i in (1, 1, 2)
        ).replace("k1,", "k0,", 1),
        "bibpress.toml": "abstracts = false\n",
        "papers.toml": 'apart = [["k0", "k1"]]\n',
    }
    site = make_site(files)
    assert not [each for each in site.report.problems if "may be" in each.message]


# --- files beside papers ------------------------------------------------------------------------

PDF = "%PDF-1.4 of this paper"
NAMED = """
@misc{{a, title = {{On things}}, year = 2001, file = {{{}}}}}
@misc{{b, title = {{On other things}}, year = 2001}}
"""
COPY = "papers/2001-things.pdf"
PDFS = "pdfs = true\n"


# What `file` says (reference managers differ), and whether it is the PDF in content/pdf/.
FILES = {
    "a path": ("pdf/x.pdf", True),
    "zotero": ("Full Text PDF:pdf/x.pdf:application/pdf", True),
    "jabref": (":pdf/x.pdf:PDF", True),
    "jabref, with a remark": ("a\\: b:pdf/x.pdf:PDF", True),
    "several": ("Snapshot:pdf/x.html:text/html;Full Text:pdf/x.pdf:application/pdf", True),
    "windows": ("pdf\\\\x.pdf", True),
    "in capitals it is another file": ("pdf/X.PDF", False),
    "on the way out and in": ("../content/pdf/x.pdf", True),
    "outside": ("../outside.pdf", False),
    "far outside": ("../../../../../../etc/passwd.pdf", False),
    "no PDF": ("pdf/x.html", False),
    "a folder": ("pdf/folder.pdf", False),
    "a link": ("pdf/link.pdf", False),
    "over a link": ("elsewhere/outside.pdf", False),
    "nowhere": ("nowhere.pdf", False),
    "a drive": ("C:\\Users\\me\\x.pdf", False),
}


def _lay(folder: Path) -> None:
    """PDFs in content/ and outside of it, and links from the one to the other."""
    (folder / "content" / "pdf" / "folder.pdf").mkdir(parents=True)
    write(folder, {"content/pdf/x.pdf": PDF, "content/pdf/x.html": PDF, "outside.pdf": PDF})
    (folder / "content" / "pdf" / "link.pdf").symlink_to("x.pdf")
    (folder / "content" / "elsewhere").symlink_to("..")


def _with_files(make_site: MakeSite, file: str, settings: str = PDFS) -> Built:
    site = make_site({"refs.bib": NAMED.format(file), "bibpress.toml": settings})
    _lay(site.folder)
    site.rebuild()
    return site


@pytest.mark.parametrize(("file", "found"), FILES.values(), ids=FILES)
def test_a_pdf_is_taken_from_the_sources_alone(tmp_path: Path, file: str, found: bool) -> None:
    """What an entry names is copied where it lies in content/ itself, and nothing else ever."""
    _lay(tmp_path)
    record = Record(Where("content/refs.bib", 1), "bib", files=(("file", "PDF", file),))
    pdfs = attachments.pdfs([replace(BARE, id="a", records=(record,))], tmp_path)
    expected = [str(tmp_path / "content" / "pdf" / "x.pdf")] if found else []
    assert [pdf.path for pdf in pdfs.values()] == expected


def test_a_path_that_is_whole_may_lead_to_the_sources(make_site: MakeSite, tmp_path: Path) -> None:
    """As JabRef writes it of a folder that has moved nowhere."""
    site = _with_files(make_site, f"{tmp_path}/site0/content/pdf/x.pdf")
    assert site.read(COPY) == PDF


def test_without_the_setting_no_pdf_is_published(make_site: MakeSite) -> None:
    """Nor does a page, an export or the API say what `file` holds."""
    tree = _with_files(make_site, ":pdf/x.pdf:PDF", "").tree()
    assert not [path for path, content in tree.items() if b"x.pdf" in content or path == COPY]


def test_a_pdf_may_be_called_after_the_key(make_site: MakeSite) -> None:
    """An entry that names none has the one beside it."""
    site = make_site({"refs.bib": NAMED.format(""), "bibpress.toml": PDFS, "b.pdf": PDF})
    assert site.read("papers/2001-other-things.pdf") == PDF


def test_its_page_leads_to_the_pdf(make_site: MakeSite) -> None:
    """By a link; and to search engines by a full address, where the site's own is known."""
    site = _with_files(make_site, "pdf/x.pdf", f'url = "https://x.org/"\n{PDFS}')
    page = site.read("papers/2001-things.html")
    meta = f'<meta name="citation_pdf_url" content="https://x.org/{COPY}">'
    assert ('<a href="../papers/2001-things.pdf">PDF</a>' in page, meta in page) == (True, True)


@pytest.mark.parametrize(
    "change",
    [
        {"content/pdf/x.pdf": "another"},
        {"content/b.pdf": PDF},
        {"content/pdf/x.pdf": None},
        {"bibpress.toml": ""},
    ],
)
def test_pdfs_are_incremental(make_site: MakeSite, change: dict[str, str | None]) -> None:
    """A PDF that changes, comes or goes is seen, though no source has changed."""
    site, clean = (_with_files(make_site, "pdf/x.pdf") for _ in range(2))
    site.rebuild(change)
    write(clean.folder, change)
    shutil.rmtree(clean.out)
    shutil.rmtree(clean.folder / "._site.bibpress")
    clean.rebuild()
    assert site.tree() == clean.tree()


def test_what_a_field_holds_does_not_change_a_paper(make_site: MakeSite) -> None:
    """A path is its owner's affair: moving the files of a library is no news of its papers."""
    site = make_site({"refs.bib": NAMED.format("/home/me/a.pdf")})
    before = (site.folder / "ledger.tsv").read_text()
    site.rebuild({"content/refs.bib": NAMED.format("/home/you/a.pdf")}, today="2026-05-05")
    assert (site.folder / "ledger.tsv").read_text() == before


@pytest.mark.parametrize("place", ["x.pdf", "pdf/x.pdf", "assets/pdf/x.pdf"])
def test_a_file_of_static_is_linked(make_site: MakeSite, place: str) -> None:
    """al-folio's entries name files of its assets/pdf/; here of static/."""
    refs = "@misc{a, title = {On things}, year = 2001, slides = {x.pdf}}"
    page = make_site({"refs.bib": refs, f"static/{place}": PDF}).read("papers/2001-things.html")
    assert f'<a href="../{place}">Slides</a>' in page


PROCEEDINGS = {"refs.bib": "@misc{a, title = {On things}, year = 2001, pdf = {paper1.pdf}}\n"}


def test_a_pdf_that_the_field_pdf_names_is_published(make_site: MakeSite) -> None:
    """As proceedings have it: the files lie beside the .bib, and nothing is wrong with that."""
    site = make_site({**PROCEEDINGS, "bibpress.toml": PDFS, "paper1.pdf": PDF})
    assert (site.read(COPY), site.report.problems) == (PDF, ())


def test_a_pdf_that_is_published_is_linked_once(make_site: MakeSite) -> None:
    """Though another of its name lies in static/."""
    files = {"bibpress.toml": PDFS, "paper1.pdf": PDF, "static/paper1.pdf": PDF}
    page = make_site({**PROCEEDINGS, **files}).read("papers/2001-things.html")
    assert re.findall(r'href="([^"]*\.pdf)"', page) == ["../papers/2001-things.pdf"]


def test_a_paper_that_has_another_pdf_is_not_told_of_the_setting(make_site: MakeSite) -> None:
    """What `file` names is published, and the setting is there."""
    refs = PROCEEDINGS["refs.bib"].replace("pdf =", "file = {x.pdf}, pdf =")
    files = {"bibpress.toml": PDFS, "paper1.pdf": PDF, "x.pdf": PDF}
    assert make_site({"refs.bib": refs, **files}).report.problems == ()


def test_a_pdf_that_is_not_published_is_no_mistake(make_site: MakeSite) -> None:
    """Its owner may want it so: one note for all says how it would be, and no build fails."""
    other = "@misc{b, title = {On more}, year = 2002, pdf = {paper2.pdf}}\n"
    refs = {"refs.bib": PROCEEDINGS["refs.bib"] + other}
    site = make_site({**refs, "paper1.pdf": PDF, "paper2.pdf": PDF})
    assert [(each.severity, str(each)) for each in site.report.problems] == [
        (
            "note",
            'content/refs.bib:1: entry "a" has the pdf "paper1.pdf", which lies beside its source '
            "and is not published (the first of 2 such): pdfs = true in bibpress.toml publishes it",
        )
    ]


def test_a_pdf_that_comes_is_no_longer_missed(make_site: MakeSite) -> None:
    """What the page of findings says of it, too, though no source has changed."""
    site = make_site(PROCEEDINGS)
    site.rebuild({"content/paper1.pdf": PDF})
    assert "nor a file of static" not in site.read("quality.html")


def test_a_file_that_is_nowhere_is_told_of(make_site: MakeSite) -> None:
    """A link that would lead nowhere is left out, with a warning at its entry."""
    site = make_site({"refs.bib": "@misc{a, title = {On things}, year = 2001, pdf = {x.pdf}}"})
    said = 'content/refs.bib:1: entry "a" has the pdf "x.pdf", which is no web address nor a file'
    said += " of static/ or beside its source; left out"
    assert said in str(site.report.problems[0])


# Fields of BibBase, al-folio and Hugo Blox, and what stands on their links in either language.
LABELS = {
    "url_code": ("Code", "Code"),
    "url_slides": ("Slides", "Folien"),
    "url_paper": ("Paper", "Volltext"),
    "url_dataset": ("Dataset", "Datensatz"),
    "supp": ("Supplement", "Anhang"),
    "url_arxiv": ("arXiv", "arXiv"),
    "url_press_kit": ("Press kit", "Press kit"),
}


@pytest.mark.parametrize("language", ["en", "de"])
def test_links_are_called_in_the_language_of_the_site(make_site: MakeSite, language: str) -> None:
    """What others' fields are called in English a reader finds in the language of the page."""
    fields = ", ".join(f"{name} = {{https://x.org/{name}}}" for name in LABELS)
    files = {"refs.bib": f"@misc{{a, title = {{On things}}, year = 2001, {fields}}}",
             "bibpress.toml": f'language = "{language}"\n'}  # fmt: skip
    page = make_site(files).read("papers/2001-things.html")
    shown = [label[language == "de"] for label in LABELS.values()]
    links = [f'<a href="https://x.org/{name}">{label}</a>'
             for name, label in zip(LABELS, shown, strict=True)]  # fmt: skip
    assert [link for link in links if link in page] == links
