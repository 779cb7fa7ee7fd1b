"""`bibpress enrich`: what is filled in, what never is, and where it goes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import Result

from generator import sources
from generator.intake import Net, Services, collected, filling
from generator.model import Record
from tests.conftest import ROOT, TODAY, Built, build_folder, run, write
from tests.intake.server import Reply, Served

LANTERNS = """@article{lanterns,
  title = {Pruning {L}anterns: On the norm of light},
  author = {van der Holt, M. and {\\'E}. Achterberg},
  doi = {10.1000/lanterns.7}
}
"""
KETTLES = "@inproceedings{k, title={Kettles that Sing in H$_2$O}, author={Brandt, T. and others}}\n"


def fill(there: Served, *words: str) -> Result:
    """Call `bibpress enrich`, which asks the services on this machine."""
    return run("enrich", *words, *there.options)


def record(site: Path, name: str = "refs.bib") -> Record:
    """The only record of a file."""
    (found,) = sources.read("a.bib", (site / "content" / name).read_bytes(), "bib").records
    return found


@pytest.mark.parametrize(
    ("entry", "fields"),
    [
        (LANTERNS, {"year": 2020, "venue": "Journal of Lamps & Wicks"}),
        (KETTLES, {"doi": "10.1000/KETTLES.1", "year": 2019}),
        (KETTLES, {"venue": "Proceedings of the Third Kettle Workshop"}),
        ("@misc{x, title={Pruning Lanterns}, eprint={2001.01234}, eprinttype={arxiv}}",
         {"doi": "10.1000/lanterns.7", "year": 2020, "venue": "Journal of Lamps & Wicks"}),
        ("@misc{x, doi={10.1000/kettles.1}, title={Kettles that sing}}", {"year": 2019}),
    ],
)  # fmt: skip
def test_what_is_missing_is_filled_in(
    site: Path, there: Served, entry: str, fields: dict[str, object]
) -> None:
    """By DOI, by arXiv id, by title; and with the DOI that was found, what belongs to that."""
    write(site, {"content/refs.bib": entry})
    fill(there, "--write")
    assert {name: getattr(record(site), name) for name in fields} == fields


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ("@misc{x, title={Kettles that Sing in H2O}, author={Smith, A.}}", "other authors"),
        ("@misc{x, title={Kettles that Sing in H2O}, author={Brandt, T.}, year=2001}", "years"),
        ("@misc{x, title={Kettles that Sing}, author={Brandt, T.}}", "another title"),
        ("@misc{x, title={Kettles that Sing in H2O}}", "nothing beside the title"),
        ("@misc{x, title={Twin Papers About Twins}, author={Gem, A.}}", "two such papers"),
        ("@misc{x, title={Of Other Things}, author={Brandt, T.}, doi={10.1000/kettles.1}}",
         "a wrong DOI"),
    ],
)  # fmt: skip
def test_another_paper_says_nothing(site: Path, there: Served, entry: str, why: str) -> None:
    """Title, authors and year have to agree; one too few filled in is better than one wrong."""
    write(site, {"content/refs.bib": entry})
    fill(there, "--write")
    assert ((site / "content/refs.bib").read_text(encoding="utf-8"), why) == (entry, why)


@pytest.mark.parametrize(
    "said",
    ["year = {in press}", "year = 1999", "abstract = {Ours.}", "howpublished = {A leaflet}",
     "date = {forthcoming}", "journal = {Ours}"],
)  # fmt: skip
def test_what_the_owner_wrote_stays(site: Path, there: Served, said: str) -> None:
    """Whatever others say, and though it may be no year to us."""
    name = said.partition(" ")[0]
    others = {"date": "year", "howpublished": "journal", "journal": "booktitle"}
    write(site, {"content/refs.bib": LANTERNS.replace("doi =", f"{said},\n  doi =")})
    fill(there, "--write")
    after = (site / "content/refs.bib").read_text(encoding="utf-8")
    assert (said in after, f"\n  {others.get(name, name)} = " in after.replace(said, "")) == (
        True, False
    )  # fmt: skip


def test_the_rest_of_the_file_stays_byte_for_byte(site: Path, there: Served) -> None:
    """Ends of lines, letters that are no UTF-8, what nobody understands."""
    before = b"\xef\xbb\xbf% caf\xe9\r\n" + LANTERNS.replace("\n", "\r\n").encode() + b"rest \xff"
    (site / "content/refs.bib").write_bytes(before)
    fill(there, "--only", "year", "--write")
    after = (site / "content/refs.bib").read_bytes()
    put = (b"% year: Crossref\r\n", b",\r\n  year = {2020}")
    assert after.replace(put[0], b"").replace(put[1], b"") == before


def test_only_what_is_asked_for(site: Path, there: Served) -> None:
    """Whoever wants abstracts gets no years."""
    write(site, {"content/refs.bib": LANTERNS})
    fill(there, "--only", "abstract", "--write")
    assert (record(site).year, bool(record(site).abstract)) == (None, True)


def test_without_a_word_nothing_is_written(site: Path, there: Served) -> None:
    """The changes are shown as a diff, which can be kept."""
    write(site, {"content/refs.bib": LANTERNS})
    result = fill(there, "--only", "year")
    after = (site / "content/refs.bib").read_text(encoding="utf-8")
    assert (after, result.stdout) == (
        LANTERNS,
        "--- a/content/refs.bib\n+++ b/content/refs.bib\n@@ -1,5 +1,7 @@\n+% year: Crossref\n"
        + "".join(f" {line}\n" for line in LANTERNS.splitlines()[:3])
        + "-  doi = {10.1000/lanterns.7}\n+  doi = {10.1000/lanterns.7},\n+  year = {2020}\n }\n",
    )


@pytest.mark.skipif(sys.platform == "win32", reason="no such terminals")
@pytest.mark.parametrize(("typed", "written"), [("y\n", True), ("\n", False), ("\x04", False)])
def test_at_a_terminal_it_is_asked(folder: Path, there: Served, typed: str, written: bool) -> None:
    """Nothing is written without a yes, and Ctrl-D is none; in no case is there a traceback."""
    write(folder, {"refs.bib": LANTERNS})
    said = at_a_terminal(folder, typed, "refs.bib", "--only", "year", *there.options)
    after = (folder / "refs.bib").read_text(encoding="utf-8")
    assert ("year = {2020}" in after, "Traceback" in said) == (written, False), said
    assert ("nothing is written" in said) != written


def at_a_terminal(folder: Path, typed: str, *words: str) -> str:
    """What `bibpress enrich` says to somebody who types this when asked."""
    ours, theirs = os.openpty()  # type: ignore[attr-defined, unused-ignore]  # not on Windows
    command = [sys.executable, "-m", "generator", "enrich", *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    said = b""
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, env=environment
    ):
        os.close(theirs)
        with suppress(OSError):  # so Linux says that nobody has the other end any more
            while piece := os.read(ours, 1 << 16):
                said += piece
                if b"[y/N]" in piece:
                    os.write(ours, typed.encode())
    os.close(ours)
    return said.decode()


class Interrupt:
    """Somebody who waits so often and then presses Ctrl-C."""

    def __init__(self, patience: int) -> None:
        self.patience = patience

    def __call__(self, _seconds: float) -> None:
        """Wait once more."""
        self.patience -= 1
        if not self.patience:
            raise KeyboardInterrupt


def searched(site: Path, there: Served, memory: Path, sleep: Callable[[float], None]) -> list[int]:
    """Fill in what a site lacks; how far it was each time that somebody was told."""
    told: list[int] = []
    net = Net("test", lambda: 1.7e9, sleep, memory)
    services = Services(
        net, f"{there.base}/arxiv", f"{there.base}/crossref", f"{there.base}/openalex"
    )
    texts = {"content/refs.bib": (site / "content/refs.bib").read_text(encoding="utf-8")}
    filling(
        collected(site, TODAY), services, ["doi"], texts.__getitem__, "content/enriched.bib",
        lambda _stage, done, _total: told.append(done),
    )  # fmt: skip
    return told


def test_an_interrupted_search_goes_on_where_it_was(
    site: Path, there: Served, tmp_path: Path
) -> None:
    """A thousand titles take half an hour: Ctrl-C loses no answer, and nothing is half written."""
    entries = (f"@misc{{k{n}, title={{Of {n} lost things}}, author={{A. B}}}}\n" for n in range(5))
    write(site, {"content/refs.bib": "".join(entries)})
    with pytest.raises(KeyboardInterrupt):
        searched(site, there, tmp_path / "net", Interrupt(6))
    before = len(there.asked)
    told = searched(site, there, tmp_path / "net", Interrupt(0))
    again = len(there.asked) - len(set(there.asked))
    assert (before, len(there.asked), again, told) == (6, 10, 0, [0, 1, 2, 3, 4, 5])
    assert [path.name for path in (site / "content").iterdir()] == ["refs.bib"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_stays_a_link(folder: Path, there: Served) -> None:
    """What is edited is the file that it leads to."""
    write(folder, {"real.bib": LANTERNS})
    (folder / "refs.bib").symlink_to("real.bib")
    fill(there, "refs.bib", "--only", "year", "--write")
    after = (folder / "real.bib").read_text(encoding="utf-8")
    assert ((folder / "refs.bib").is_symlink(), "year = {2020}" in after) == (True, True)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_that_leads_out_is_not_written_through(site: Path, there: Served) -> None:
    """No build reads it, so it is none of the site's files."""
    write(site, {"content/x.ris": "TY  - CONF\nTI  - Kettles\nDO  - 10.1000/kettles.1\nER  -\n"})
    (site / "content/enriched.bib").symlink_to(site.parent / "out.bib")
    result = fill(there, "--only", "year", "--write")
    assert ((site.parent / "out.bib").exists(), "is a link" in result.stderr) == (False, True)


def test_a_note_without_its_paper_gets_no_supplement(site: Path, there: Served) -> None:
    """A build has no such paper; to have it, import it."""
    write(
        site, {"content/refs.bib": KETTLES, "content/n.md": "---\ndoi: 10.1000/lanterns.7\n---\n"}
    )
    fill(there, "--only", "abstract", "--write")
    assert not (site / "content/enriched.bib").exists()


def test_the_second_time_there_is_nothing_to_do(site: Path, there: Served) -> None:
    """All that can be known is filled in at once."""
    write(site, {"content/refs.bib": LANTERNS + KETTLES})
    fill(there, "--write")
    result = fill(there, "--write")
    assert (result.stdout, "nothing to fill in" in result.stderr) == ("", True)


def test_without_a_network_nobody_says_that_there_is_nothing(site: Path) -> None:
    """What was not asked is not known."""
    write(site, {"content/refs.bib": KETTLES})
    off = [f"--service={name}=http://127.0.0.1:1" for name in ("arxiv", "crossref", "openalex")]
    said = run("enrich", *off).stderr
    assert said.endswith("nothing is known to fill in: no answer from search by title\n")


def test_what_was_asked_is_not_asked_again(site: Path, there: Served) -> None:
    """Nor is what nobody had."""
    write(site, {"content/refs.bib": LANTERNS + KETTLES + "@misc{n, doi={10.9/n}, title={No}}"})
    fill(there)
    asked = len(there.asked)
    fill(there)
    assert (len(there.asked), asked > 0) == (asked, True)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.ris", "TY  - CONF\nTI  - Kettles that sing in H2O\nAU  - Brandt, Tove\nER  -\n"),
        ("x.ris", "TY  - CONF\nTI  - Kettles sing\nDO  - 10.1000/kettles.1\nID  - kk\nER  -\n"),
        ("n.md", "---\ntitle: Kettles that sing in H2O\nauthors: [Tove Brandt]\n---\nA note.\n"),
        ("x.json", '[{"type":"book","title":"Kettles that sing","DOI":"10.1000/kettles.1"}]'),
    ],
)
def test_a_paper_without_an_entry_gets_one_that_is_merged_with_it(
    site: Path, there: Served, name: str, content: str
) -> None:
    """In enriched.bib, under the paper's own key; the build has one paper, and it has the year."""
    write(site, {f"content/{name}": content})
    key = Built(site, build_folder(site)).papers()[0]["key"]
    fill(there, "--write")
    found = Built(site, build_folder(site)).papers()
    assert [(paper["key"], paper["year"]) for paper in found] == [(key, 2019)]


def test_a_doi_that_another_paper_has_is_not_given_twice(site: Path, there: Served) -> None:
    """Else two papers would become one without a word."""
    other = "@misc{other, title={Of Other Things}, author={O. Ther}, doi={10.1000/KETTLES.1}}\n"
    write(site, {"content/refs.bib": other + KETTLES})
    result = fill(there, "--only", "doi", "--write")
    said = (
        "content/refs.bib:2: 10.1000/KETTLES.1 is the DOI of papers/ther-other-things "
        "(content/refs.bib:1) too"
    )
    after = (site / "content/refs.bib").read_text(encoding="utf-8")
    assert (after, said in result.stderr) == (other + KETTLES, True)


def test_a_service_that_is_down_costs_only_what_it_knows(site: Path, there: Served) -> None:
    """The others are asked all the same; the exit status says that something is missing."""
    write(site, {"content/refs.bib": "@misc{k, title={Kettles sing}, doi={10.1000/kettles.1}}"})
    there.first = [Reply(503)] * 4
    result = fill(there, "--write")
    assert (result.exit_code, record(site).year, "error: Crossref" in result.stderr) == (
        1, 2019, True
    )  # fmt: skip


def test_a_single_file_is_edited_in_its_place(folder: Path, there: Served) -> None:
    """No site is needed."""
    write(folder, {"refs.bib": LANTERNS})
    fill(there, "refs.bib", "--only", "year", "--write")
    assert "year = {2020}" in (folder / "refs.bib").read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [["--only", "titel"], ["nowhere.bib"], ["--service", "x=y"]])
def test_wrong_usage(site: Path, words: list[str]) -> None:
    """Exit 2, and what would be right is said."""
    write(site, {"content/refs.bib": LANTERNS})
    assert run("enrich", *words).exit_code == 2


def test_help_has_an_example() -> None:
    """As every command's."""
    assert "bibpress enrich --only doi,abstract --write" in run("enrich", "--help").stdout
