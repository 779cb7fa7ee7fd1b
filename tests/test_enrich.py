"""`bibpress enrich`: what is filled in, what never is, and where it goes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result

from generator import sources
from generator.model import Record
from tests.conftest import Built, build_folder, run, write
from tests.intake.server import Reply, Served, served

LANTERNS = """@article{lanterns,
  title = {Pruning {L}anterns: On the norm of light},
  author = {van der Holt, M. and {\\'E}. Achterberg},
  doi = {10.1000/lanterns.7}
}
"""
KETTLES = "@inproceedings{k, title={Kettles that Sing in H$_2$O}, author={Brandt, T. and others}}\n"


@pytest.fixture
def there() -> Iterator[Served]:
    """The services, on this machine."""
    with served() as server:
        yield server


@pytest.fixture
def site(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty site in the current folder; nobody waits."""
    (folder / "content").mkdir()
    monkeypatch.setattr("generator.cli.asking.time.sleep", lambda _: None)
    return folder


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


def test_the_second_time_there_is_nothing_to_do(site: Path, there: Served) -> None:
    """All that can be known is filled in at once."""
    write(site, {"content/refs.bib": LANTERNS + KETTLES})
    fill(there, "--write")
    result = fill(there, "--write")
    assert (result.stdout, "nothing to fill in" in result.stderr) == ("", True)


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
