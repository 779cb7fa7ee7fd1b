"""`bibpress import`: what is brought in, from whom, how that is asked, and what stays as it was."""

from __future__ import annotations

import socket
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path

import pytest
from click.testing import Result

from generator import __version__, intake, sources
from generator.errors import UsageError
from generator.intake import Net, NetError, Services, net, page, services
from generator.intake.things import thing
from tests.conftest import Built, build_folder, run, write
from tests.intake.server import Reply, Served
from tests.test_extensions import LINES
from tests.timing import is_linear

FILED = f"""TY  - JOUR
AU  - Ferry, Ann
TI  - Boats without Sails
JO  - Sea Notes
PY  - 2012
DO  - 10.1000/boats
AB  - {"Boats that have no sails are rowed, or stay where they are. " * 4}
ER  -
"""


def bring(there: Served, *words: str) -> Result:
    """Call `bibpress import`, which asks the services on this machine."""
    return run("import", *words, *there.options)


def imported(site: Path) -> str:
    """The file that papers are put into."""
    return (site / "content/imported.bib").read_text(encoding="utf-8")


# --- what somebody means ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "kind", "id_"),
    [
        ("2001.01234", "arxiv", "2001.01234"),
        ("2001.01234v2", "arxiv", "2001.01234"),
        ("arXiv:2001.01234", "arxiv", "2001.01234"),
        ("hep-th/9901001", "arxiv", "hep-th/9901001"),
        ("math.GT/0309136", "arxiv", "math/0309136"),
        ("https://arxiv.org/abs/2001.01234v3", "arxiv", "2001.01234"),
        ("https://arxiv.org/pdf/2001.01234v3.pdf", "arxiv", "2001.01234"),
        ("http://www.arxiv.org/abs/hep-th/9901001", "arxiv", "hep-th/9901001"),
        ("10.48550/arXiv.2001.01234", "arxiv", "2001.01234"),
        ("10.1000/182", "doi", "10.1000/182"),
        ("doi:10.1000/182", "doi", "10.1000/182"),
        ("DOI: 10.1000/182", "doi", "10.1000/182"),
        ("https://doi.org/10.1000/a(b)c", "doi", "10.1000/a(b)c"),
        ("https://doi.org/10.1000/a%3Cb", "doi", "10.1000/a<b"),
        ("doi.org/10.1000/182", "doi", "10.1000/182"),
        ("https://press.example/doi/full/10.1000/182?tab=1#x", "doi", "10.1000/182"),
        ("https://press.example/articles/10.1000/x.2020.1/full", "doi", "10.1000/x.2020.1"),
        (
            "https://press.example/content/10.1000/2020.01.02v1.full.pdf",
            "doi",
            "10.1000/2020.01.02",
        ),
        ("https://press.example/paper/7", "page", "https://press.example/paper/7"),
        (f"https://press.example/{'a' * 300}", "page", f"https://press.example/{'a' * 300}"),
    ],
)
def test_what_is_named_is_known_by_its_form(said: str, kind: str, id_: str) -> None:
    """All the forms in which people copy an arXiv id, a DOI, or an address."""
    found = thing(said)
    assert (found.kind, found.id) == (kind, id_)


@pytest.mark.parametrize("said", ["nope.bib", "", "ftp://x.org/a", "hello", "10.1000", "https://"])
def test_what_is_nothing_is_wrong_usage(said: str) -> None:
    """A slip of the hand is said before anything is asked."""
    with pytest.raises(UsageError):
        thing(said)


# --- what comes back ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ("2001.01234", {"key": "van-der-holt-2020-pruning", "doi": "10.1000/lanterns.7"}),
        ("2001.01234", {"title": r"Pruning Lanterns: On the $\ell_1$ Norm of Light", "year": 2020}),
        ("hep-th/9901001", {"arxiv": "hep-th/9901001", "type": "misc"}),
        ("10.1000/kettles.1", {"title": "Kettles That Sing in H₂O", "type": "inproceedings"}),
        ("10.1000/lanterns.7", {"venue": "Journal of Lamps & Wicks", "type": "article"}),
        ("10.1000/comma,here", {"doi": "10.1000/comma,here", "venue": "Punctuation"}),
        ("10.5555/data.9", {"title": "All Kettles, Counted", "year": 2021}),
        ("PAGES/highwire.html", {"title": "Doors & Hinges", "venue": "Hinge Letters"}),
        ("PAGES/names-a-doi.html", {"doi": "10.1000/lanterns.7"}),
        ("PAGES/json-ld.html", {"title": "Windows Left Open", "year": 2022}),
        ("PAGES/coins.html", {"title": "Roofs in the Rain", "year": 2007, "type": "article"}),
    ],
)
def test_what_is_brought_is_a_paper(
    site: Path, there: Served, said: str, fields: dict[str, object]
) -> None:
    """From each service and each kind of page, read back from the file that was written."""
    bring(there, said.replace("PAGES", f"{there.base}/pages"))
    (record,) = sources.read("a.bib", imported(site).encode(), "bib").records
    assert {name: getattr(record, name) for name in fields} == fields


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("2001.01234", "Mira van der Holt; Émile Achterberg"),
        ("10.1000/kettles.1", "Tove Brandt; The Kettle Group"),
        ("PAGES/highwire.html", "Jörg Müller; Ada Door"),
    ],
)
def test_names_are_names(site: Path, there: Served, said: str, names: str) -> None:
    """Particles, groups and letters outside of ASCII arrive, whatever the charset of a page."""
    bring(there, said.replace("PAGES", f"{there.base}/pages"))
    (record,) = sources.read("a.bib", imported(site).encode(), "bib").records
    assert "; ".join(map(str, record.authors)) == names


@pytest.mark.parametrize("end", ["", "</"])
def test_a_hostile_page_takes_linear_time(end: str) -> None:
    """Scripts that never end, or all at once, are looked at once."""
    start = '<script type="application/ld+json">'
    assert is_linear(lambda n: page.item(start * n + end), 5_000)


def test_what_is_hostile_is_one_entry(site: Path, there: Served) -> None:
    """Braces, commands and turned lines from the net are the letters of one paper's fields."""
    bring(there, "2002.00666")
    said = sources.read("a.bib", imported(site).encode(), "bib")
    assert ([record.arxiv for record in said.records], said.problems, said.leftover) == (
        ["2002.00666"], (), ()
    )  # fmt: skip


def test_an_entry_says_where_it_is_from(site: Path, there: Served) -> None:
    """In a comment above it."""
    bring(there, "arXiv:hep-th/9901001")
    assert imported(site).startswith("% from hep-th/9901001: arXiv\n@misc{quist-1999-strings,\n")


def test_whoever_cannot_be_found_is_said_and_the_others_are_added(
    site: Path, there: Served
) -> None:
    """One wrong DOI costs only itself, and the exit status says that it was there."""
    result = bring(there, "10.9999/none", "10.1000/kettles.1")
    said = "error: 10.9999/none: Crossref does not have it; OpenAlex does not have it"
    assert (result.exit_code, said in result.stderr, "kettles" in imported(site)) == (1, True, True)


def test_each_that_failed_is_said(site: Path, there: Served) -> None:
    """Whom to try again, and whom not."""
    there.first = [Reply(403), Reply(403)]
    result = bring(there, "10.1000/kettles.1")
    both = "127.0.0.1 answers 403 Forbidden; 127.0.0.1 answers 403 Forbidden"
    assert (result.exit_code, both in result.stderr, list((site / "content").iterdir())) == (
        1, True, []
    )  # fmt: skip


# --- where it goes ------------------------------------------------------------------------------


def test_a_messy_file_becomes_tidy_bibtex(site: Path, there: Served) -> None:
    """Whatever bibpress reads can be turned into entries, and nobody is asked."""
    write(site, {"refs.ris": FILED})
    bring(there, "refs.ris")
    start = "% from refs.ris:1\n@article{ferry-2012-boats,\n  author = {Ferry, Ann},\n"
    assert (imported(site).startswith(start), there.asked) == (True, [])


def test_what_is_here_is_not_added_again(site: Path, there: Served) -> None:
    """By title, too; where it stands is said."""
    write(site, {"content/refs.bib": "\n@misc{b, title={Boats Without Sails}, author={A. Ferry}}"})
    write(site, {"refs.ris": FILED})
    result = bring(there, "refs.ris")
    here = "already here: papers/ferry-boats-without-sails, content/refs.bib:2 (refs.ris)"
    assert (here in result.stdout, (site / "content/imported.bib").exists()) == (True, False)


def test_the_second_time_nothing_is_asked_and_nothing_changes(site: Path, there: Served) -> None:
    """Answers are kept, and papers are known again."""
    words = ["2001.01234", "10.1000/kettles.1", f"{there.base}/pages/coins.html"]
    bring(there, *words)
    before, asked = imported(site), len(there.asked)
    bring(there, *words)
    assert (imported(site), len(there.asked)) == (before, asked)


@pytest.mark.usefixtures("site")
def test_refresh_asks_again(there: Served) -> None:
    """What was kept is not believed for ever."""
    bring(there, "2001.01234")
    bring(there, "2001.01234", "--refresh")
    assert len(there.asked) == 2


@pytest.mark.usefixtures("site")
def test_what_was_not_there_is_asked_for_again(there: Served) -> None:
    """A DOI may be registered a day after its paper came out."""
    bring(there, "10.9999/none")
    asked = len(there.asked)
    bring(there, "10.9999/none")
    assert len(there.asked) == 2 * asked


def test_a_dry_run_writes_nothing(site: Path, there: Served) -> None:
    """It shows the entry as lines that would be added."""
    result = bring(there, "10.1000/kettles.1", "--dry-run")
    assert ("+@inproceedings{brandt-2019-kettles," in result.stdout, list(
        (site / "content").iterdir()
    )) == (True, [])  # fmt: skip


A = "@misc{a,\n  title = {One},\n  note = {n}\n}\n"
Z = "@misc{z,\n  title = {Two},\n  note = {n}\n}\n"


@pytest.mark.parametrize(
    ("before", "where"),
    [
        ("", 0),
        (f"{A}\n{Z}", len(A) + 1),
        (f"{A}\n% about z\n{Z}", len(A) + 1),
        (f"{Z}\n{A}", None),
        (f"{A}\n@string{{x = {{y}}}}\n", None),
        ("just words, no end", None),
    ],
)
def test_a_new_entry_has_its_place_and_moves_no_line(
    site: Path, there: Served, before: str, where: int | None
) -> None:
    """In the order of keys where the file keeps it, else at the end; what was there stays."""
    write(site, {"content/imported.bib": before})
    bring(there, "10.1000/kettles.1")
    after = imported(site)
    place = after.index("% from")
    kept = after.replace(after[place : after.index("}\n}\n", place) + 4], "")
    expected = len(kept) if where is None else where
    assert (place, kept.split()) == (expected, before.split())


@pytest.mark.parametrize(
    "before",
    [
        "\ufeff@misc{z, title = {Two}}\n",
        "\ufeff",
        "@misc{a,\n  title = {One}\n} @misc{z, title = {Two}}\n",
        "@misc{a, title = {One},\n% note }\n@misc{z, title = {Two}}\n",
        "@misc{a, title = {One}} @misc{z, title = {Two}}\r\n",
        "@string{s = {S}} @misc{z, title = s}\n",
    ],
)
def test_a_new_entry_stands_in_no_other(site: Path, there: Served, before: str) -> None:
    """However entries share lines: each is read as it was, and a byte order mark stays first."""
    (site / "content/imported.bib").write_bytes(before.encode())
    bring(there, "10.1000/kettles.1")
    after = (site / "content/imported.bib").read_bytes()
    old, new = (sources.read("a.bib", data, "bib").records for data in (before.encode(), after))
    titles = sorted([record.title for record in old] + ["Kettles That Sing in H₂O"])
    assert sorted(record.title for record in new) == titles
    assert after.rfind(b"\xef\xbb\xbf") == before.find("\ufeff")


def test_a_note_that_waits_for_its_paper_is_not_the_paper(site: Path, there: Served) -> None:
    """Somebody wrote a note on a DOI: the paper is brought, without what the note says of it."""
    write(site, {"content/note.md": "---\ndoi: 10.1000/kettles.1\nvenue: Ours\n---\nRead it.\n"})
    result = bring(there, "10.1000/kettles.1")
    (record,) = sources.read("a.bib", imported(site).encode(), "bib").records
    assert "1 paper added" in result.stdout
    assert record.venue == "Proceedings of the Third Kettle Workshop"


def test_a_note_that_waits_keeps_no_key(site: Path, there: Served) -> None:
    """A paper is called by its own authors, year and title, whoever has written of it before."""
    write(site, {"content/note.md": "---\ndoi: 10.1000/boats\n---\nRead it.\n", "boats.ris": FILED})
    bring(there, "boats.ris")
    assert "@article{ferry-2012-boats," in imported(site)


OWN_READER = {"bibpress.toml": 'extensions = ["extras.py"]\n', "extras.py": LINES}


def test_a_paper_that_only_an_extension_reads_is_here(site: Path, there: Served) -> None:
    """What is new is decided as a build decides it, with the site's own readers."""
    write(site, {**OWN_READER, "content/x.lines": "Boats without Sails\n", "refs.ris": FILED})
    result = bring(there, "refs.ris")
    assert "1 already here" in result.stdout


def test_a_file_that_only_an_extension_reads_is_imported(site: Path, there: Served) -> None:
    """Whatever a build of this site reads."""
    write(site, {**OWN_READER, "x.lines": "Boats without Sails\n"})
    bring(there, "x.lines")
    assert imported(site).startswith("% from x.lines:1\n@misc{ferry-2012-boats,\n")


def test_two_papers_of_one_key_are_two_entries(site: Path, there: Served) -> None:
    """Of two that are called alike in a file the second gets another key; neither is lost."""
    twice = "".join(
        f"@misc{{x, title={{{t}}}, author={{A. B}}}}\n" for t in ("One tree", "No tree")
    )
    write(site, {"refs.bib": twice})
    bring(there, "refs.bib")
    found = sources.read("a.bib", imported(site).encode(), "bib").records
    assert (len({record.key for record in found}), sorted(record.title for record in found)) == (
        2, ["No tree", "One tree"]
    )  # fmt: skip


def test_one_paper_under_two_names_is_one_entry(site: Path, there: Served) -> None:
    """Whoever names it as an arXiv id, as an address and by DOI."""
    bring(there, "2001.01234", "arXiv:2001.01234v2", "10.1000/lanterns.7")
    assert imported(site).count("@") == 1


@pytest.mark.parametrize("kind", ["protected", "folder", "UTF-16"])
def test_a_file_that_cannot_be_added_to_is_named(site: Path, there: Served, kind: str) -> None:
    """In one line; a protected file stays as it is, though its folder would let it be replaced."""
    target = site / "content/imported.bib"
    if kind == "folder":
        target.mkdir()
    else:
        target.write_bytes(A.encode("utf-16" if kind == "UTF-16" else "utf-8"))
        target.chmod(0o444)
    before = target.is_dir() or target.read_bytes()
    result = bring(there, "10.1000/kettles.1")
    last = result.stderr.splitlines()[-1]
    assert ("content/imported.bib" in last, result.exit_code) in ((True, 1), (True, 2))
    assert (target.is_dir() or target.read_bytes()) == before


def test_letters_that_are_not_utf_8_stay_beside_those_that_are(site: Path, there: Served) -> None:
    """An old file in Windows' letters is read as before, with the new entry in it."""
    old = A.replace("One", "Caf\xe9").encode("cp1252")
    (site / "content/imported.bib").write_bytes(old)
    bring(there, "2001.01234")
    found = sources.read("a.bib", (site / "content/imported.bib").read_bytes(), "bib").records
    names = {str(author) for record in found for author in record.authors}
    assert ("Café" in [record.title for record in found], "Émile Achterberg" in names) == (
        True, True
    )  # fmt: skip


def test_ends_of_lines_stay(site: Path, there: Served) -> None:
    """A file from Windows stays one."""
    (site / "content/imported.bib").write_bytes(A.replace("\n", "\r\n").encode())
    bring(there, "10.1000/kettles.1")
    data = (site / "content/imported.bib").read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")


def test_a_key_that_is_taken_is_not_taken_again(site: Path, there: Served) -> None:
    """Whoever has it keeps it."""
    taken = "@misc{brandt-2019-kettles, title={Of Other Things}, author={B. Ode}}"
    write(site, {"content/refs.bib": taken})
    bring(there, "10.1000/kettles.1")
    (record,) = sources.read("a.bib", imported(site).encode(), "bib").records
    assert record.key.startswith("brandt-2019-kettles-")


def test_a_build_takes_the_papers_as_they_were_added(site: Path, there: Served) -> None:
    """Under the keys that were said, none of them merged, none of them asking anybody."""
    bring(there, "2001.01234", "10.1000/kettles.1", "10.5555/data.9")
    asked = len(there.asked)
    built = Built(site, build_folder(site))
    keys = {"van-der-holt-2020-pruning", "brandt-2019-kettles", "brandt-2021-all"}
    found = {paper["key"] for paper in built.papers()}
    assert (found, len(there.asked), built.report.count("error", "warning")) == (keys, asked, 0)


@pytest.mark.parametrize(
    "words",
    [
        ["x", "--into", "refs.bib"],
        ["x", "--into", "content/refs.txt"],
        ["x", "--into", "content/../../refs.bib"],
        ["x", "--into", "content/.refs.bib"],
        ["x", "--site", "nowhere"],
        ["content"],
        ["content/here.bib"],
        ["note.md"],
        ["10.1000/182", "--mailto", "me\r\nX-Evil: 1"],
        [],
    ],
)
def test_wrong_usage(site: Path, words: list[str]) -> None:
    """Exit 2, and nothing is written."""
    write(site, {"x": "", "note.md": "---\ntitle: T\n---\n", "content/here.bib": A})
    result = run("import", *("2001.01234" if word == "x" else word for word in words))
    assert (result.exit_code, len(list((site / "content").iterdir()))) == (2, 1)


def test_a_link_is_never_written_through(site: Path, there: Served) -> None:
    """A file of content/ that is a link out of it is none to add to."""
    write(site, {"elsewhere.bib": A})
    (site / "content/imported.bib").symlink_to(site / "elsewhere.bib")
    result = bring(there, "10.1000/kettles.1")
    assert (result.exit_code, (site / "elsewhere.bib").read_text(encoding="utf-8")) == (2, A)


# --- how it is asked ----------------------------------------------------------------------------


class Time:
    """A clock that goes on only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self.slept.append(seconds)
        self.now += seconds


def asker(there: Served, time: Time) -> Services:
    """The services, asked with such a clock."""
    means = Net("bibpress/test (mailto:me@example.org)", lambda: time.now, time.sleep)
    base = there.base
    return Services(means, f"{base}/arxiv", f"{base}/crossref", f"{base}/openalex")


def test_who_asks_is_said(site: Path, there: Served) -> None:
    """Crossref and OpenAlex serve those first whom they could write to."""
    write(site, {"bibpress.toml": 'mailto = "me@example.org"\n'})
    bring(there, "2001.01234")
    (agent,) = there.agents
    assert agent == f"bibpress/{__version__} (mailto:me@example.org)"


@pytest.mark.parametrize(
    ("wait", "slept"),
    [("7", [7.0]), ("", [3.0]), ("soon", [3.0]), (formatdate(1_700_000_009.0, usegmt=True), [9.0])],
)
def test_a_busy_server_is_asked_again_when_it_says(
    there: Served, wait: str, slept: list[float]
) -> None:
    """Retry-After in seconds or as a date; without it later, and never sooner than usual."""
    time = Time()
    there.first = [Reply(429, headers={"Retry-After": wait} if wait else {})]
    asker(there, time).of_arxiv(["2001.01234"])
    assert time.slept == slept


@pytest.mark.parametrize(
    ("replies", "said", "asked"),
    [
        ([Reply(429, headers={"Retry-After": "3600"})], "asks to wait 3,600 seconds", 1),
        ([Reply(500)] * 9, "answers 500 Internal Server Error", net.TRIES),
        ([Reply(403)], "answers 403 Forbidden", 1),
        ([Reply(body=b"half", cut=True)] * 9, "breaks off", net.TRIES),
        ([Reply(hang=True)] * 9, "does not answer in time", net.TRIES),
        ([Reply(302, headers={"Location": "file:///etc/passwd"})], "302 .* not allowed", 1),
        ([Reply(302, headers={"Location": "ftp://x.example/"})], "302 and leads off the web", 1),
        ([Reply(302, headers={"Location": "/arxiv?id_list=x"})] * 9, "redirect", 5),
        ([Reply(body=b"<html>down</html>")], "no feed of Atom", 1),
        ([Reply(body=b"<feed><entry><title>x</entry></feed>")], "broken", 1),
        ([Reply(body=b"<feed>" + b"x" * 5000)], "larger than", 1),
    ],
)
def test_a_server_that_fails_is_one_line(
    there: Served,
    monkeypatch: pytest.MonkeyPatch,
    replies: list[Reply],
    said: str,
    asked: int,
) -> None:
    """It is asked again where that may help, and then the owner is told what it did."""
    monkeypatch.setattr(net, "PATIENCE", 0.2)
    monkeypatch.setattr(net, "LARGEST", 4000)
    there.first = list(replies)
    with pytest.raises(NetError, match=said):
        asker(there, Time()).of_arxiv(["2001.01234"])
    assert len(there.asked) == asked


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"message":', b"[" * 100_000, b'"text"', b"\xff\xfe\x00"]
)
def test_what_is_no_answer_of_crossref_is_an_error(there: Served, body: bytes) -> None:
    """Never a traceback, never "not found"."""
    there.first = [Reply(body=body)]
    with pytest.raises(NetError, match="Crossref's answer"):
        asker(there, Time()).of_crossref(["10.1000/kettles.1"])


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"message": 7}',
        b'{"message": {"items": {"DOI": 1}}}',
        b'{"message": {"items": [null, {"DOI": 5, "title": 7, "author": "x"}]}}',
        b'{"message": {"items": [{"DOI": "10.1000/kettles.1", "title": [], "issued": [[]]}]}}',
        b'{"message": {"items": [{"DOI": "10.1000/kettles.1", "type": [{}]}]}}',
    ],
)
def test_an_answer_of_another_shape_is_no_paper(there: Served, body: bytes) -> None:
    """Whatever stands where something else should be."""
    there.first = [Reply(body=body)]
    assert asker(there, Time()).of_crossref(["10.1000/kettles.1"]) == {}


def test_letters_of_another_charset(there: Served) -> None:
    """The charset that the answer names is the one it is read in."""
    feed = (
        "<feed><entry><id>http://arxiv.org/abs/2001.01234</id><title>Größe</title></entry></feed>"
    )
    headers = {"Content-Type": "application/atom+xml; charset=iso-8859-1"}
    there.first = [Reply(body=feed.encode("iso-8859-1"), headers=headers)]
    assert asker(there, Time()).of_arxiv(["2001.01234"])["2001.01234"].title == "Größe"


def test_a_redirect_is_followed(there: Served) -> None:
    """Services move."""
    there.first = [Reply(301, headers={"Location": "/arxiv?id_list=2001.01234"})]
    assert list(asker(there, Time()).of_arxiv(["2001.01234"])) == ["2001.01234"]


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (
            socket.gaierror(-2, "Name or service not known"),
            "cannot be reached (Name or service not known); is there a network?",
        ),
        (ConnectionRefusedError(111, "refused"), "cannot be reached (refused)"),
        ("no host given", "cannot be reached (no host given)"),
    ],
)
def test_a_host_that_is_not_reached_is_told_in_words(reason: object, said: str) -> None:
    """The numbers of the system's errors help nobody."""
    assert net._unreached(reason) == said


@pytest.mark.usefixtures("site")
def test_what_nobody_could_be_asked_for_is_not_said_to_be_missing() -> None:
    """There may be such a paper: "not found" is what arXiv says that it does not have."""
    result = run("import", "2001.01234", "--service=arxiv=http://127.0.0.1:1")
    assert result.stdout == "0 papers added to content/imported.bib, 1 could not be asked for\n"


def test_import_does_not_speak_of_strict(site: Path) -> None:
    """It has no such option."""
    write(site, {"bad.bib": "@misc{k, author = {Kim, Bo}}\n"})
    said = run("import", "bad.bib").stderr
    assert ("skipped" in said, "--strict" in said) == (True, False)


def test_many_ids_are_one_question(there: Served) -> None:
    """Fifty at a time, with three seconds between: what arXiv asks of programs."""
    time, told = Time(), list[tuple[str, int, int]]()
    asked = replace(asker(there, time), tell=lambda *said: told.append(said))
    asked.of_arxiv(f"2001.{number:05}" for number in range(120))
    assert (len(there.asked), time.slept) == (3, [3.0, 3.0])
    assert told == [("asking arXiv", done, 120) for done in (0, 50, 100, 120)]


@pytest.mark.parametrize("kind", [[{}], {"a": 1}, 7, None])
def test_a_work_of_another_shape_is_no_fault_of_ours(kind: object) -> None:
    """Whatever stands where a service says what a work is, and where it appeared."""
    place = {"source": {"type": kind, "display_name": kind}}
    assert services._of_openalex({"type": kind, "primary_location": place})["type"] == "document"


def test_a_broken_memory_costs_a_question(tmp_path: Path, there: Served) -> None:
    """What is kept beside the site is never needed."""
    time = Time()
    for _ in range(2):
        means = Net("x", lambda: time.now, time.sleep, tmp_path / "net")
        Services(means, f"{there.base}/arxiv").of_arxiv(["2001.01234"])
        for file in (tmp_path / "net").iterdir():
            file.write_bytes(b'{"question": 7')
    assert len(there.asked) == 2


@pytest.mark.parametrize("places", [{"x": [10**9, -1, True]}, {"x": "y"}, [], {"x": None}, "text"])
def test_an_abstract_of_nonsense_is_none(places: object) -> None:
    """OpenAlex gives words with their places; a place far out is not room to be filled."""
    assert len(services._in_order(places)) <= 1


def test_a_file_that_was_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    """Somebody's editor may have written it."""
    file = tmp_path / "refs.bib"
    file.write_text("theirs", encoding="utf-8")
    with pytest.raises(intake.NetError.__base__, match="changed meanwhile"):  # type: ignore[arg-type]  # its base is one of ours
        intake.save(file, "ours", "new")


def test_help_has_an_example() -> None:
    """As every command's."""
    assert "bibpress import 2001.01234" in run("import", "--help").stdout
