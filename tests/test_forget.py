"""A paper that is gone can be forgotten: its address stays, and nothing else."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.place import cleared
from tests.conftest import Built, run, write

MakeSite = Callable[..., Built]

KEPT = "@misc{kept, title = {A paper that stays}, author = {Doe, Jo}, year = 2001}\n"
LOST = (
    "@misc{secretkey, title = {Folding wet napkins}, author = {Roe, Al}, year = 2002,"
    " doi = {10.1234/secret}}\n"
)
ID = "roe-2002-folding-wet-napkins"


@pytest.fixture
def site(make_site: MakeSite) -> Built:
    """A site that a paper was taken from, a day after it came, and that was built again."""
    made = make_site({"refs.bib": KEPT})
    made.rebuild({"content/refs.bib": KEPT + LOST}, today="2026-01-03")
    made.rebuild({"content/refs.bib": KEPT}, today="2026-01-04")
    return made


def forget(site: Built, id_: str = ID) -> str:
    """Call the command; what it said, errors too."""
    return run("forget", id_, str(site.folder)).output


def line(site: Built, id_: str = ID) -> list[str]:
    """The columns of a line of the ledger."""
    rows = (site.folder / "ledger.tsv").read_text().splitlines()
    return next(row.split("\t") for row in rows if row.startswith(f"{id_}\t"))


def test_the_line_keeps_the_id_alone(site: Built) -> None:
    """No key, no digest, no DOI; the day on which it came is the feeds', and tells nothing."""
    forget(site)
    assert line(site) == [ID, "", "", "", "gone", "2026-01-03", ""]


def test_the_address_goes_on_answering(site: Built) -> None:
    """With a page that says that the paper is gone, and names its id alone."""
    forget(site)
    site.rebuild()
    assert "This paper is gone" in site.read(f"papers/{ID}.html")


def test_nothing_else_tells_of_it(site: Built) -> None:
    """Neither the page of changes nor any other file of the site, ours included."""
    forget(site)
    site.rebuild()
    naming = [path for path, content in site.tree().items() if b"wet" in content]
    assert naming == [f"papers/{ID}.html"]


def test_what_builds_remember_goes_too(site: Built) -> None:
    """bibpress's own folder has nothing of its words afterwards."""
    forget(site)
    work = site.folder / "._site.bibpress"
    kept = [path.name.partition("-")[0] for path in work.iterdir()]
    said = [path for path in work.rglob("*") if path.is_file() and b"secret" in path.read_bytes()]
    assert (sorted(kept), said) == (["lock", "manifest"], [])


# A word in every place where a paper has words, none of which is in its id.
TOLD = (
    "@article{quokkakey, title = {On and of the quokkatitle}, author = {Roe, Quokkagiven and"
    " Quokkafamily, Al}, journal = {Quokkajournal}, year = 2002, doi = {10.1234/quokkadoi},"
    " keywords = {quokkaword}, abstract = {Of a quokkaabstract it is told at some length, and of"
    " its consequences.}}\n"
)
TOLD_ID = "roe-2002-told"


def leftovers(folder: Path) -> list[str]:
    """The files anywhere below a folder, hidden ones and names too, that have a word of TOLD."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    naming = [path for path in files if b"quokka" in f"{path}".encode() + path.read_bytes().lower()]
    return [path.relative_to(folder).as_posix() for path in naming]


@pytest.fixture
def told(make_site: MakeSite) -> Built:
    """A site with a paper that the sources no longer have, which it still shows."""
    files = {"bibpress.toml": 'url = "https://example.org/"\n', "refs.bib": KEPT + TOLD}
    site = make_site(files)
    ledger = site.folder / "ledger.tsv"
    ledger.write_text(ledger.read_text().replace("roe-2002-quokkatitle", TOLD_ID))
    site.rebuild()
    write(site.folder, {"content/refs.bib": KEPT})
    (site.folder / "._site.bibpress" / "net").mkdir()
    (site.folder / "._site.bibpress" / "net" / "answer").write_text("quokkatitle")
    return site


@pytest.mark.parametrize("builds_between", [0, 1, 2])
def test_no_byte_is_left_anywhere(told: Built, tmp_path: Path, builds_between: int) -> None:
    """Neither in the site, nor in what we keep, nor in an archive; however often it was built."""
    for _ in range(builds_between):
        told.rebuild()
    forget(told, TOLD_ID)
    archive = tmp_path / "site.zip"
    told.rebuild(archive=archive)
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(tmp_path / "packed")
    assert leftovers(told.folder) + leftovers(tmp_path / "packed") == []


def test_what_was_forgotten_elsewhere_goes_here_too(told: Built) -> None:
    """A ledger comes from another machine, where the command was called."""
    ledger = told.folder / "ledger.tsv"
    rows = ledger.read_text().splitlines(keepends=True)
    emptied = f"{TOLD_ID}\t\t\t\tgone\t2026-01-02\t\n"
    ledger.write_text("".join(emptied if TOLD_ID in row else row for row in rows))
    told.rebuild()
    assert leftovers(told.folder) == []


def test_what_came_back_and_was_forgotten_again_goes_again(told: Built) -> None:
    """That nothing of it was left holds until its ledger comes back, as by `git checkout`."""
    ledger = told.folder / "ledger.tsv"
    known = ledger.read_text()
    forget(told, TOLD_ID)
    told.rebuild()
    forgotten = ledger.read_text()
    ledger.write_text(known)
    told.rebuild({"content/refs.bib": KEPT + TOLD})
    ledger.write_text(forgotten)
    told.rebuild({"content/refs.bib": KEPT})
    assert leftovers(told.folder) == []


def test_a_build_broken_off_is_made_up_for(told: Built, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where it ended between publishing and clearing away, the next one clears away."""
    forget(told, TOLD_ID)
    calls = [cleared]
    with monkeypatch.context() as broken, pytest.raises(IndexError):
        broken.setattr("generator.build.cleared", lambda place: calls.pop()(place))
        told.rebuild()
    between = leftovers(told.folder)
    told.rebuild()
    assert (bool(between), leftovers(told.folder)) == (True, [])


def test_a_build_keeps_the_site_before_it_again(told: Built) -> None:
    """What is cleared away once is not cleared away by every later build."""
    forget(told, TOLD_ID)
    told.rebuild()
    told.rebuild({"content/refs.bib": KEPT.replace("stays", "remains")})
    assert (told.folder / "._site.bibpress" / "next").is_dir()


def test_the_next_build_knows_its_own_files(site: Built) -> None:
    """What was remembered of the published files stays: a stranger's among them is still told."""
    forget(site)
    (site.out / "mine.txt").write_text("precious")
    with pytest.raises(Exception, match=r"bibpress did not put mine\.txt there"):
        site.rebuild()


def test_forgetting_again_does_nothing(site: Built) -> None:
    """A second time is no error, and changes no byte of the ledger."""
    forget(site)
    before = (site.folder / "ledger.tsv").read_bytes()
    assert "was empty already" in forget(site)
    assert (site.folder / "ledger.tsv").read_bytes() == before


def test_a_build_leaves_the_line_as_it_is(site: Built) -> None:
    """A line is never dropped, and an emptied one is not filled again."""
    forget(site)
    before = (site.folder / "ledger.tsv").read_bytes()
    site.rebuild(today="2026-02-02")
    assert (site.folder / "ledger.tsv").read_bytes() == before


def test_what_comes_back_is_a_new_paper(site: Built) -> None:
    """It gets another address: the old one says that the paper is gone, to whoever linked to it."""
    forget(site)
    site.rebuild({"content/refs.bib": KEPT + LOST})
    assert site.paper("secretkey")["id"].startswith(f"{ID}-")


def test_a_paper_that_is_there_is_not_forgotten(site: Built) -> None:
    """It is said where it stands, so that it can be taken out."""
    said = forget(site, "doe-2001-paper-that-stays")
    assert "is still there: content/refs.bib:1; take it out of there first" in said


def test_a_paper_that_was_merged_is_not_forgotten(make_site: MakeSite) -> None:
    """What its address leads to is there, and says what it said."""
    site = make_site({"refs.bib": KEPT + LOST})
    site.rebuild({"content/papers.toml": f'same = [["kept", "{ID}"]]'})
    said = forget(site, "doe-2001-paper-that-stays")
    assert f"leads to {ID}, which is there: content/refs.bib:1, content/refs.bib:2" in said


def test_what_leads_to_it_is_forgotten_too(site: Built) -> None:
    """A line of an older id of the paper says as much of it as its own."""
    ledger = site.folder / "ledger.tsv"
    ledger.write_text(
        f"{ledger.read_text()}older\tkey2\ttitle:abc\t\t-> {ID}\t2026-01-01\t2026-01-02\n"
    )
    forget(site)
    assert line(site, "older") == ["older", "", "", "", f"-> {ID}", "2026-01-01", ""]


def test_all_papers_may_be_gone(make_site: MakeSite) -> None:
    """A folder without a paper is no obstacle."""
    site = make_site({"refs.bib": LOST})
    (site.folder / "content" / "refs.bib").write_text("")
    assert f"the line of {ID} keeps its id and no more" in forget(site)


def test_a_site_that_still_shows_it_is_told_of(site: Built, make_site: MakeSite) -> None:
    """Whoever forgets before building is told to build, and to forget again."""
    early = make_site({"refs.bib": KEPT + LOST})
    (early.folder / "content" / "refs.bib").write_text(KEPT)
    assert ("still shows it" in forget(early), "still shows it" in forget(site)) == (True, False)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("papers.toml", 'apart = [["kept", "secretkey"]]'),
        ("note.md", "---\nkey: kept\n---\nSee [@secretkey].\n"),
        ("pages/about.md", "---\ntitle: About\n---\nMore than [[secretkey|that]].\n"),
        ("pages/more.md", f"---\ntitle: More\n---\n[That](../papers/{ID}.html) is it.\n"),
    ],
)
def test_a_file_that_names_it_is_told_of(site: Built, name: str, text: str) -> None:
    """The command changes no file of the owner's."""
    write(site.folder, {f"content/{name}": text})
    assert f"content/{name} still names it" in forget(site)


def test_a_word_is_no_name(site: Built) -> None:
    """A key may be a word of the language: a text that has it names no paper by it."""
    write(site.folder, {"content/note.md": "---\nkey: kept\n---\nThe secretkey of it all.\n"})
    assert "still names it" not in forget(site)


def test_what_is_no_file_is_passed_over(site: Built) -> None:
    """The ledger is emptied by then: a link that leads nowhere must not end the command."""
    (site.folder / "content" / "odd.toml").symlink_to("nowhere.toml")
    assert f"the line of {ID} keeps its id and no more" in forget(site)


@pytest.mark.parametrize(
    ("id_", "said"), [("roe-2002-folding", f"did you mean {ID}?"), ("x", "has no paper x")]
)
def test_an_id_that_is_none(site: Built, id_: str, said: str) -> None:
    """Nothing is changed, and the nearest one is offered."""
    assert said in forget(site, id_)


def test_feeds_stay_the_same(make_site: MakeSite) -> None:
    """Readers follow a feed by its id, which the oldest paper of a collection gives it."""
    files = {"refs.bib": LOST, "bibpress.toml": 'url = "https://example.org/"\n'}
    site = make_site(files)
    site.rebuild({"content/refs.bib": KEPT}, today="2026-01-03")
    ids = [part.partition("<")[0] for part in site.read("feed.xml").split("<id>")][1]
    forget(site)
    site.rebuild()
    assert ids in site.read("feed.xml")


def test_only_a_site_has_a_ledger(folder: Path) -> None:
    """In any other folder there is nothing that is remembered."""
    (folder / "refs.bib").write_text(KEPT)
    assert "only a site folder has a ledger.tsv" in run("forget", "x").output
