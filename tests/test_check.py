"""What a librarian would say: each rule on what it is for and on what it must let pass."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import check, people, sources, weight
from generator.check import mend
from generator.check.numbers import wrong_isbns, wrong_issns
from generator.cli.check import SHOWN
from generator.errors import BibpressError, ConfigError
from generator.library import Library
from generator.model import Name, Problem, Severity, Where
from generator.sources import files
from generator.topics import Topic, Vocabulary
from tests.conftest import ROOT, Built, run, write
from tests.test_sources_examples import EXAMPLES, read
from tests.timing import is_linear

# An entry that no rule has anything to say of, and pieces to put into it.
SOUND = (
    "@article{sound, title = {A sound paper}, author = {Ada Smith}, journal = {J. Sound},"
    " year = {2020}, abstract = {All is well with it.}}\n"
)


def entry(more: str, kind: str = "article", title: str = "A paper", key: str = "x") -> str:
    """An entry beside the sound one, with these fields more or in place of those it has."""
    given = set(re.findall(r"(\w+) =", more))
    usual = {
        "title": title, "author": "Bo Li", "journal": "J. Odd", "year": "2020",
        "abstract": "Some words of an abstract.",
    }  # fmt: skip
    fields = [f"{name} = {{{value}}}" for name, value in usual.items() if name not in given]
    return SOUND + f"@{kind}{{{key}, {', '.join([*filter(None, [more]), *fields])}}}\n"


def found(folder: Path, files: Mapping[str, str], *options: str) -> list[dict[str, object]]:
    """The findings in a site of these files in the current folder."""
    write(folder, {"bibpress.toml": "", **files})
    findings = json.loads(run("check", "--format", "json", *options).stdout)["findings"]
    assert isinstance(findings, list)
    return findings


def names(
    folder: Path, files: Mapping[str, str], *options: str
) -> set[tuple[object, object, object]]:
    """File, line and rule of each finding."""
    return {(each["file"], each["line"], each["rule"]) for each in found(folder, files, *options)}


def test_a_sound_entry_has_no_findings(folder: Path) -> None:
    """Who has done all that is asked for reads nothing."""
    assert found(folder, {"content/refs.bib": SOUND}) == []


DOIS = "".join(
    f"@article{{d{i}, title = {{Number {word} of them}}, author = {{Di Roe}}, year = 2020,"
    f" journal = {{J. Odd}}, doi = {{10.1000/{i}}}, abstract = {{Words of {word}.}}}}\n"
    for i, word in enumerate(("one", "two", "three"))
)
# Rule → an entry, in line 2, that it finds.
ENTRIES = {
    "missing-year": entry("year = {}"),
    "odd-year": entry("year = {2091}"),
    "missing-authors": entry("author = {}"),
    "unnamed-authors": entry("author = {Bo Li and others}"),
    "missing-venue": entry("journal = {}"),
    "missing-abstract": entry("abstract = {}"),
    "missing-doi": entry("") + DOIS,
    "missing-key": entry("", key=""),
    "skipped-entry": entry("note = {never closed").rstrip("}\n"),
    "odd-entry": entry("note = {a}, note = {b}"),
    "odd-names": entry("author = {Bo Li, Ada Smith, Cy Young, Di Roe, Ed Poe}"),
    "odd-abstract": entry("abstract = {Only a few}") + SOUND.replace("sound", "sounder"),
    "wrong-doi": entry("doi = {none yet}"),
    "wrong-address": entry("url = {htp:/nowhere}"),
    "doi-address": entry("doi = {https://doi.org/10.1000/abc}"),
    "doi-in-url": entry("url = {https://doi.org/10.1000/abc}"),
    "page-dash": entry("pages = {12-34}"),
    "odd-pages": entry("pages = {123--45}"),
    "html-in-entry": entry(r"title = {On <i>E. coli</i> \& others}"),
    "html-leftover": entry(r"abstract = {Words {\textless}p{\textgreater} more of them.}"),
    "latex-leftover": entry(r"abstract = {We show that {\textbackslash}method wins by far.}"),
    "odd-braces": entry(r"abstract = {It takes 8e\^\{-5\} joules at most.}"),
    "broken-letters": entry("author = {RÃ¼diger Roe}"),
    "shouted-title": entry("title = {ALL ABOUT GRAPHS AND NETWORKS}"),
    "title-stop": entry("title = {All about graphs.}"),
    "unsafe-key": entry("", key="péré2018"),
    "unknown-type": entry("", kind="artikel"),
    "unknown-string": entry("publisher = nobody"),
    "key-clash": entry("title = {Another}", key="sound"),
    "doubled-entry": SOUND + SOUND.replace("{sound", "{again"),
    "unconfirmed": entry("unconfirmed = {year}"),
    "derived-title": entry("title = {}"),
    "maybe-retracted": entry("keywords = {graphs, Retracted Article}"),
    "odd-date": entry("date = {2020-02-30}, year = {}"),
    "unread-year": entry("year = {2O10}, doi = {10.1000/x}")
    + entry("doi = {10.1000/x}", key="y")[len(SOUND) :],
    "wrong-isbn": entry("isbn = {978-3-16-148410-9}"),
    "wrong-issn": entry("issn = {1234-5678}"),
}


@pytest.mark.parametrize("rule", ENTRIES)
def test_a_rule_finds_what_it_is_for(folder: Path, rule: str) -> None:
    """Each rule names the line in which the entry begins."""
    assert ("content/refs.bib", 2, rule) in names(folder, {"content/refs.bib": ENTRIES[rule]})


# Rule → an entry that looks like what it finds and is not.
SOUND_ENTRIES = {
    "missing-year": entry("year = {in press}"),
    "missing-authors": entry("author = {}, editor = {Bo Li}", kind="proceedings"),
    "missing-venue": entry("journal = {}, eprint = {2401.00001}, archiveprefix = {arXiv}"),
    "missing-abstract": entry("abstract = {}")
    + entry("abstract = {}", title="More", key="y")[len(SOUND) :],
    "odd-date": entry("date = {1900-02-29}, urldate = {2024-02-29}, year = {}"),
    "wrong-isbn": entry("isbn = {978 3 16 148410 0}"),
    "wrong-issn": entry("issn = {2434-561x}"),
    "missing-doi": entry("journal = {J. Other}") + DOIS.replace("J. Odd", "J. Other", 2),
    "odd-year": entry("year = {2024}"),
    "odd-pages": entry("pages = {e123--e45}"),
    "page-dash": entry("pages = {12--34, 36}"),
    "html-leftover": entry(r"abstract = {The last {\textless}EOS{\textgreater} token.}"),
    "latex-leftover": entry(r"abstract = {It is $\alpha$ and \emph{that}.}"),
    "odd-braces": entry(r"abstract = {Labels in \{0,1\} and $2^{x}$.}"),
    "broken-letters": entry("author = {João Ângelo}"),
    "shouted-title": entry("title = {BERT}"),
    "title-stop": entry("title = {Is it so? Probably not.}"),
    "maybe-retracted": entry("keywords = {retracted}, note = {Retracted}")
    + entry("keywords = {retraction}", title="Why papers go", key="y"),
    "doi-in-url": entry("url = {https://doi.org/10.1000/abc}, doi = {10.1000/abc}"),
    "doubled-entry": SOUND.replace("{sound", "{preprint").replace(
        "journal = {J. Sound}", "eprint = {2001.00001}, eprinttype = {arxiv}"
    )
    + SOUND,
}


@pytest.mark.parametrize("rule", SOUND_ENTRIES)
def test_a_rule_lets_pass_what_is_sound(folder: Path, rule: str) -> None:
    """What only looks like what a rule is for is no finding."""
    findings = names(folder, {"content/refs.bib": SOUND_ENTRIES[rule]})
    assert rule not in {name for _, _, name in findings}


@pytest.mark.parametrize(
    "value",
    [
        "978-3-16-148410-0 (hbk.), 0-306-40615-2 (pbk.)",
        "9783161484100 0306406152",
        "ISBN-13: 978\u20133\u201316\u2013148410\u20130",
        "080442957x",
        "306406152",
        "",
    ],
)
def test_an_isbn_in_whatever_form(value: str) -> None:
    """Several, with hyphens, dashes or spaces, of ten digits, or of nine as before 1970."""
    assert list(wrong_isbns(value)) == []


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("0-306-40615-3", "its last digit does not fit the others, to which 2 belongs"),
        ("0-306-40615-2, 9783161484101", "the ISBN 9783161484101 is none"),
        ("9783161484100 0306406151", "the ISBN 0306406151 is none"),
        ("978-3-16", "it has 6 digits, not 10 or 13"),
        ("4006381333931", "one of 13 digits begins with 978 or 979"),
        ("n/a", "the ISBN n/a is none"),
        ("0092-8674", "is an ISSN; it belongs into issn"),
    ],
)
def test_an_isbn_that_is_none(value: str, said: str) -> None:
    """It is named as it is written, with what is wrong; those beside it are not."""
    (found,) = wrong_isbns(value)
    assert said in found


@given(st.from_regex(r"[0-9]{7}", fullmatch=True), st.integers(0, 6), st.integers(1, 9))
def test_one_wrong_digit_of_an_issn_shows(digits: str, place: int, more: int) -> None:
    """Whichever it is: ISO 3297 weighs them so that no two slips of one digit are the same."""
    (last,) = [x for x in "0123456789X" if not list(wrong_issns(digits + x))]
    wrong = str((int(digits[place]) + more) % 10)
    assert list(wrong_issns(digits[:place] + wrong + digits[place + 1 :] + last))


def test_books_count_neither_way_for_abstracts(folder: Path) -> None:
    """An article is not asked for what books beside it have, nor excused by what they lack."""
    book = entry("abstract = {}", kind="book", title="%s", key="%s")[len(SOUND) :]
    books = "".join(book % (word, word) for word in ("one", "two", "three"))
    lacking = entry("abstract = {}", title="More", key="y")
    assert ("content/refs.bib", 2, "missing-abstract") in names(
        folder, {"content/refs.bib": lacking + books}
    )


def test_books_that_have_abstracts_ask_for_none(folder: Path) -> None:
    """One article and one book, of which the book alone has an abstract."""
    text = entry("abstract = {}", kind="book") + entry("abstract = {}", key="y", title="More")
    text = text.replace(SOUND, "") + entry("", kind="book", key="z", title="Else")[len(SOUND) :]
    rules = {name for *_, name in names(folder, {"content/refs.bib": text})}
    assert "missing-abstract" not in rules


def test_a_year_that_is_none_is_one_finding(folder: Path) -> None:
    """That a paper has no year and what stands in its place are one thing to mend."""
    findings = found(folder, {"content/refs.bib": entry("year = {2O10}")})
    assert [(each["rule"], each["message"]) for each in findings] == [
        ("missing-year", 'entry "x" has the year "2O10", which is no year')
    ]


def test_a_macro_of_somebodys_own_is_told(folder: Path) -> None:
    """A word that is missing on the site, since only its author knows what it stands for."""
    text = entry(r"abstract = {We show that \ourmethod{} wins over \emph{them} and $\mathbbm 1$.}")
    findings = found(folder, {"content/refs.bib": text}, "--rule", "latex-leftover")
    assert [each["message"] for each in findings] == [
        r'entry "x" has in its abstract \ourmethod, which nobody here knows; left out'
    ]


def test_what_is_missing_is_missing_in_the_entry(folder: Path) -> None:
    """A note on a paper, whose body goes before the entry, need not repeat the entry's fields."""
    note = "---\nkey: x\n---\nGood.\n"
    files = {"content/refs.bib": entry("journal = {}"), "content/n.md": note}
    assert ("content/refs.bib", 2, "missing-venue") in names(folder, files)


# Rule → files, and where it finds something in them.
STEERING = {
    "unused-topic": ({"content/topics.toml": '[[topic]]\nname = "Nothing"\n'}, 2),
    "unused-venue": ({"content/venues.toml": '[[venue]]\nname = "J. None"\n'}, 2),
    "unused-person": ({"content/people.toml": '[[person]]\nname = "Nemo"\n'}, 2),
    "unknown-paper": ({"content/papers.toml": 'same = [["sound", "nobody"]]\n'}, 1),
    "unknown-key": ({"content/n.md": "---\nkey: sound\n---\nAs [@nobody] says.\n"}, 1),
    "left-out-file": ({"static/index.html": "x", "static/index.HTML": "x"}, 0),
    "not-understood": ({"content/more.bib": "hello there\n" + SOUND}, 1),
    "remark": ({"content/n.md": "---\ntitle: Not yet\ndraft: true\n---\n"}, 1),
    "skipped-page": ({"content/pages/a.md": "---\ntitle: never closed\n"}, 1),
    "odd-page": ({"content/pages/a.md": "---\ntitel: A\n---\n"}, 1),
    "dead-link": ({"content/pages/a.md": "Look [there](nowhere.html).\n"}, 1),
    "broken-query": ({"content/pages/a.md": "---\npapers: year\n---\n"}, 2),
    "odd-query": ({"content/pages/a.md": "---\npapers: topic = none\n---\n"}, 2),
    "dead-redirect": (
        {"ledger.tsv": "x\t\tdoi:10.1/x\t\t-> nowhere\t2020-01-01\t2020-02-01\n"},
        1,
    ),
}
# Rules that tests of their own find something by.
ELSEWHERE = ("gone", "host-limit", "look-alike", "lost-key", "lost-ledger", "no-papers",
             "one-person", "renamed-key", "unread-file", "vanished")  # fmt: skip


def test_every_rule_is_tried() -> None:
    """A rule that nothing is found by in these tests might find nothing at all."""
    assert sorted(check.RULES) == sorted({*ENTRIES, *STEERING, *ELSEWHERE})


@pytest.mark.parametrize("rule", STEERING)
def test_lines_of_the_owners_files_that_name_nothing(folder: Path, rule: str) -> None:
    """A topic, venue, person or key that nothing in the collection bears is told with its line."""
    files, line = STEERING[rule]
    findings = names(folder, {"content/refs.bib": SOUND, **files})
    assert (next(iter(files)), line, rule) in findings


def test_a_person_is_found_as_written(folder: Path) -> None:
    """Family first, or the other way round."""
    people = '# mine\n[[person]]\nname = "Nemo, Ned"\n'
    findings = names(folder, {"content/refs.bib": SOUND, "content/people.toml": people})
    assert ("content/people.toml", 3, "unused-person") in findings


def test_a_file_saved_half_written_meanwhile_stops_nothing() -> None:
    """A preview reads the owner's files again for their lines, while the owner is writing."""
    vocabulary = Vocabulary((Topic("sound", "Sound"),))
    texts = {"content/topics.toml": "[[topic]"}
    subject = check.Subject(Library((), vocabulary=vocabulary), texts=texts)
    found = check.findings(subject, check.severities({}))
    assert [str(each.where) for each in found] == ["content/topics.toml"]


def test_many_persons_whom_no_paper_names_take_linear_time() -> None:
    """A list of a whole faculty may stand beside few papers, and is looked at in every build."""

    def work(size: int) -> object:
        persons = people.People(
            tuple(people.Person(Name(f"N{n}"), f"n{n}", ()) for n in range(size))
        )
        levels = check.severities({})
        return check.findings(check.Subject(Library((), persons=persons)), levels)

    assert is_linear(work, 1_000)


def test_the_line_is_that_of_the_name_itself(folder: Path) -> None:
    """Not of a comment or of another topic's word that is the same."""
    topics = '# no "Nothing" yet\n[[topic]]\nname = "A"\nhints = ["Nothing"]\n'
    topics += '[[topic]]\nname = "Nothing"\n'
    findings = names(folder, {"content/refs.bib": SOUND, "content/topics.toml": topics})
    assert ("content/topics.toml", 6, "unused-topic") in findings


def test_names_that_look_like_one_person(folder: Path) -> None:
    """Names that differ in an initial are proposed as one."""
    text = entry("author = {Robert J. Roe and Zoe Zed}")
    text += entry("author = {Robert Roe and Zoe Zed}", title="Other", key="y")[len(SOUND) :]
    assert "one-person" in {name for *_, name in names(folder, {"content/refs.bib": text})}


def test_papers_that_look_like_one(folder: Path) -> None:
    """The later of the two is where an owner reads of it."""
    one = "@book{%s, title = {On the %s of graph networks that learn}, author = {Ada Smith}}\n"
    text = one % ("a", "power") + one % ("b", "powers")
    findings = names(folder, {"content/refs.bib": text})
    assert ("content/refs.bib", 2, "look-alike") in findings


def test_a_file_that_nobody_can_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an error of its own: no entry in it can be mended."""
    monkeypatch.setattr(files, "LARGEST", len(SOUND))
    more = {"content/refs.bib": SOUND, "content/more.bib": SOUND + " "}
    assert names(folder, more) == {("content/more.bib", 0, "unread-file")}


def test_a_file_that_the_host_does_not_take(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is near the limit of a host is told before the push."""
    monkeypatch.setattr(weight, "FILE_LIMIT", len(SOUND))
    assert names(folder, {"content/refs.bib": SOUND}) == {("content/refs.bib", 0, "host-limit")}


@pytest.mark.parametrize("key", ["new", "OLD"])
def test_a_key_that_is_not_the_one_of_the_ledger(make_site: Callable[..., Built], key: str) -> None:
    """A key that was published stays; a note says so, and no build does, which would each time."""
    site = make_site({"refs.bib": entry("doi = {10.1000/x}", key="old")})
    report = site.rebuild({"content/refs.bib": entry("doi = {10.1000/x}", key=key)})
    said = json.loads(run("check", str(site.folder), "--format", "json").stdout)["findings"]
    assert ("renamed-key", 2) in {(each["rule"], each["line"]) for each in said}
    assert not report.problems


@pytest.mark.parametrize(
    ("key", "others", "found"), [("new", "", True), ("new", "old", False), ("Old", "", True)]
)
def test_a_key_that_was_changed_in_both_places(
    make_site: Callable[..., Built], key: str, others: str, found: bool
) -> None:
    """Neither the entry nor the ledger has the old one: the published site still does."""
    site = make_site({"refs.bib": SOUND.replace("{sound,", "{old,")})
    ledger = site.folder / "ledger.tsv"
    rows = ledger.read_text(encoding="utf-8").replace("\told\t", f"\t{key}\t")
    ledger.write_text(rows.replace("\t\tlive", f"\t{others}\tlive"), encoding="utf-8")
    entry_now = SOUND.replace("{sound,", f"{{{key},")
    site.folder.joinpath("content/refs.bib").write_text(entry_now, encoding="utf-8")
    said = json.loads(run("check", str(site.folder), "--format", "json").stdout)["findings"]
    lost = [(each["file"], each["line"]) for each in said if each["rule"] == "lost-key"]
    assert lost == ([("ledger.tsv", 2)] if found else [])


def test_a_paper_that_is_taken_out_is_gone_and_nothing_else(
    make_site: Callable[..., Built],
) -> None:
    """Its key went with it, and was not lost."""
    site = make_site({"refs.bib": SOUND + entry("", key="other")[len(SOUND) :]})
    site.folder.joinpath("content/refs.bib").write_text(SOUND, encoding="utf-8")
    said = json.loads(run("check", str(site.folder), "--format", "json").stdout)["findings"]
    assert {"gone", "lost-key"} & {each["rule"] for each in said} == {"gone"}


def test_a_ledger_that_is_lost_is_missed(make_site: Callable[..., Built]) -> None:
    """By check and by the build, and check says which pages would vanish with it."""
    site = make_site({"refs.bib": SOUND})
    retitled = re.sub("title *= *{", "title = {Quite another: ", SOUND)
    site.folder.joinpath("content/refs.bib").write_text(retitled, encoding="utf-8")
    site.folder.joinpath("ledger.tsv").unlink()
    said = json.loads(run("check", str(site.folder), "--format", "json").stdout)["findings"]
    found = [(each["rule"], each["file"]) for each in said if "papers/" in each["file"]]
    assert "lost-ledger" in {each["rule"] for each in said}
    assert [rule for rule, _ in found] == ["vanished"]
    assert "ledger.tsv: is gone" in run("build", str(site.folder)).stderr
    assert "ledger.tsv: is gone" not in run("build", str(site.folder)).stderr


def test_a_site_of_others_had_no_ledger_of_ours(folder: Path) -> None:
    """Whatever its pages are called."""
    write(folder, {"content/refs.bib": SOUND, "_site/changes.html": ""})
    assert "lost-ledger" not in run("check").stdout


@pytest.mark.parametrize("left", [None, b"", b"\xef\xbb\xbf# id\tkey\r\n\r\n"])
def test_a_strict_build_without_the_ledger_is_refused(
    make_site: Callable[..., Built], left: bytes | None
) -> None:
    """It would begin another, and then nothing tells any more that there was one."""
    site = make_site({"refs.bib": SOUND})
    ledger = site.folder / "ledger.tsv"
    ledger.unlink()
    if left is not None:
        ledger.write_bytes(left)
    refused = run("build", str(site.folder), "--strict")
    now = ledger.read_bytes() if ledger.exists() else None
    assert (refused.exit_code, now) == (1, left)


SOUND_ID = "smith-2020-sound-paper"
NO_ID = "no paper has the id or key"


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("smith-2020-sound-papr", f'{NO_ID} "smith-2020-sound-papr"; did you mean "{SOUND_ID}"?'),
        ("sound", f'"sound" is the key of "{SOUND_ID}": write that'),
        ("nowhere", f'{NO_ID} "nowhere"'),
    ],
)
def test_a_build_tells_of_a_redirect_to_nowhere(folder: Path, target: str, said: str) -> None:
    """With its line in the ledger as the owner wrote it, and with what may be meant."""
    line = f"x\t\tdoi:10.1/x\t\t-> {target}\t2020-01-01\t2020-02-01\n"
    write(folder, {"bibpress.toml": "", "content/refs.bib": SOUND, "ledger.tsv": f"# mine\n{line}"})
    told = run("build").stderr
    assert f'warning: ledger.tsv:2: "x" leads to no page: {said}\n' in told


@pytest.mark.parametrize("rule", ["", "no-such-rule"])
def test_every_complaint_has_a_rule(rule: str) -> None:
    """A problem without a rule of its own, and an extension's of another, goes by its gravity."""
    where = Where("refs.bib", 1, 1)
    grades: tuple[Severity, ...] = ("error", "warning", "note")
    said = [check.named(Problem(where, "whatever", each, rule)) for each in grades]
    assert said == ["skipped-entry", "odd-entry", "remark"]


def test_a_slip_is_as_grave_in_a_build_as_in_a_check() -> None:
    """What is reported of any example has the severity of its rule."""
    problems = [problem for path in EXAMPLES for problem in read(path).problems]
    graves = {(check.RULES[check.named(each)].severity, each.severity) for each in problems}
    assert graves == {(each, each) for each in get_args(Severity)}


def test_words_of_an_entry_are_no_rule(folder: Path) -> None:
    """What a stranger calls an entry does not say what is wrong with it."""
    text = entry("note = {a}, note = {b}", key="k has the key of the entry in line 1; skipped (")
    assert ("content/refs.bib", 2, "odd-entry") in names(folder, {"content/refs.bib": text})


# --- how grave, and how it ends -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "options", "status"),
    [
        ("", (), 0),
        ("", ("--strict",), 1),
        ('[check]\nmissing-year = "error"\n', (), 1),
        ('[check]\nmissing-year = "note"\n', ("--strict",), 0),
        ('[check]\nmissing-year = "off"\n', ("--strict",), 0),
    ],
)
def test_the_owner_says_how_grave_a_rule_is(
    folder: Path, table: str, options: tuple[str, ...], status: int
) -> None:
    """An error ends with 1, under --strict a warning too; what is off is not looked for."""
    write(folder, {"bibpress.toml": table, "content/refs.bib": ENTRIES["missing-year"]})
    assert run("check", *options).exit_code == status


def test_what_is_off_is_not_told(folder: Path) -> None:
    """A rule that is off finds nothing."""
    off = {"bibpress.toml": '[check]\nmissing-year = "off"\n'}
    assert found(folder, {"content/refs.bib": ENTRIES["missing-year"], **off}) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"missing-yaer": "off"}, 'did you mean "missing-year"'),
        ({"missing-year": "fatal"}, '"off", "note", "warning", "error", not "fatal"'),
    ],
)
def test_a_slip_in_check_is_an_error(given: dict[str, str], said: str) -> None:
    """Names of rules and words for gravity are checked."""
    with pytest.raises(ConfigError, match=re.escape(said)):
        check.severities(given)


def test_a_build_tells_of_a_slip_too(folder: Path) -> None:
    """The settings of a check are those of a site."""
    write(folder, {"bibpress.toml": '[check]\nnot-a-rule = "off"\n', "content/refs.bib": SOUND})
    assert run("build").exit_code == 2


def test_a_rule_that_there_is_none_of(folder: Path) -> None:
    """A slip on the command line is told with what was meant."""
    write(folder, {"refs.bib": SOUND})
    assert "did you mean page-dash?" in run("check", "--rule", "page-dush").output


@pytest.mark.usefixtures("folder")
def test_no_papers_is_an_error() -> None:
    """A folder with nothing in it has not passed its check."""
    assert run("check").exit_code == 1


def test_a_check_writes_nothing(folder: Path) -> None:
    """Looking leaves no trace, neither a ledger nor what a build keeps for itself."""
    write(folder, {"bibpress.toml": "", "content/refs.bib": ENTRIES["page-dash"]})
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    run("check")
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


# --- how it is said -----------------------------------------------------------------------------


def test_annotations_are_escaped_as_github_wants_it(folder: Path) -> None:
    """A per cent sign begins a code, and a comma or colon would end a property."""
    write(folder, {"a,b.bib": entry("title = {100% OF ALL GRAPHS: LOUD WORDS}")})
    assert (
        "::notice file=a%2Cb.bib,line=2,title=shouted-title::"
        'the title is all in capitals: "100%25 OF ALL GRAPHS: LOUD WORDS"'
    ) in run("check", "--format", "github").stdout


def test_annotations_name_files_from_where_the_command_is_called(folder: Path) -> None:
    """GitHub looks for them from the root of the repository, wherever the site lies in it."""
    write(folder, {"site/bibpress.toml": "", "site/content/refs.bib": ENTRIES["missing-year"]})
    said = run("check", "site", "--format", "github").stdout
    assert "::warning file=site/content/refs.bib,line=2,title=missing-year::" in said


def many(count: int) -> str:
    """So many entries without a year."""
    return "".join(
        f"@misc{{k{i}, title = {{Paper number {i}}}, author = {{A{i} B}}}}\n" for i in range(count)
    )


def test_of_many_findings_of_one_rule_the_first_are_told(folder: Path) -> None:
    """Ten of a kind are enough to see what it is about."""
    write(folder, {"refs.bib": many(SHOWN + 5)})
    assert run("check").stdout.count("[missing-year]") == SHOWN


def test_all_findings_of_a_rule_that_is_asked_for(folder: Path) -> None:
    """--rule tells all, and nothing else."""
    write(folder, {"refs.bib": many(SHOWN + 5)})
    told = re.findall(r"\[([a-z-]+)\]$", run("check", "--rule", "missing-year").stdout, re.M)
    assert told == ["missing-year"] * (SHOWN + 5)


# --- what would vanish --------------------------------------------------------------------------


def test_a_paper_that_is_gone_is_told_before_it_is_published(
    make_site: Callable[..., Built],
) -> None:
    """A published paper that no source has any more stands with its line in the ledger."""
    site = make_site({"refs.bib": entry("")})
    site.folder.joinpath("content/refs.bib").write_text(SOUND, encoding="utf-8")
    said = json.loads(run("check", str(site.folder), "--format", "json").stdout)["findings"]
    gone = next(each for each in said if each["rule"] == "gone")
    line = site.folder.joinpath("ledger.tsv").read_text("utf-8").splitlines()[gone["line"] - 1]
    assert f"papers/{line.split()[0]}.html" in gone["message"]


def test_a_list_that_would_vanish_is_told(make_site: Callable[..., Built]) -> None:
    """An author's page has no ledger: it is told from what was published."""
    site = make_site({"refs.bib": entry("")})
    site.folder.joinpath("content/refs.bib").write_text(SOUND, encoding="utf-8")
    said = json.loads(run("check", str(site.folder), "--format", "json").stdout)["findings"]
    gone = {each["file"] for each in said if each["rule"] == "vanished"}
    assert gone == {"authors/bo-li.html", "venues/j-odd.html"}


def test_an_address_that_leads_on_does_not_vanish(make_site: Callable[..., Built]) -> None:
    """An author's page that was published and leads to another since is still made."""
    site = make_site({"refs.bib": entry("")})
    people = '[[person]]\nname = "Bo Xavier Li"\nvariants = ["Bo Li"]\n'
    site.folder.joinpath("content/people.toml").write_text(people, encoding="utf-8")
    said = json.loads(run("check", str(site.folder), "--format", "json").stdout)["findings"]
    assert "vanished" not in {each["rule"] for each in said}


# --- putting right ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("doi = {https://doi.org/10.1000/a.b}", "doi = {10.1000/a.b}"),
        ("doi = {http://dx.doi.org/10.1000/a_b}", "doi = {10.1000/a_b}"),
        ('DOI = "doi:10.1000/ab"', 'DOI = "10.1000/ab"'),
        ("pages = {12-34}", "pages = {12--34}"),
        ("pages = {12 - 34, 40}", "pages = {12--34, 40}"),
        ("title = {A &amp; B}", r"title = {A \& B}"),
        ("title = {A &amp;amp; B}", r"title = {A \& B}"),
        ("title = {An &eacute;t&#233;}", "title = {An été}"),
        ("title = {Of <i>E. coli</i>}", r"title = {Of \emph{E. coli}}"),
        ("title = {<jats:p>Of H<sub>2</sub>O</jats:p>}", r"title = {Of H\textsubscript{2}O}"),
    ],
)
def test_what_is_put_right(before: str, after: str) -> None:
    """Each edit that is safe, and nothing beside it, whatever ends lines."""
    rest = f"% mine\r\n@misc{{a,\r\n  {{}},\r\n  author = {{Ä. Ö}}, year = 2020}}\r\n{SOUND}"
    text = "\ufeff" + rest.replace("{}", before, 1)
    made, _ = mend.mended("refs.bib", text.encode())
    assert made.decode() == "\ufeff" + rest.replace("{}", after, 1)


@pytest.mark.parametrize(
    "kept",
    [
        "doi = {https://doi.org/10.1000/a%20b}",
        "doi = {see https://doi.org/10.1000/ab}",
        "pages = {e12-e34}",
        "pages = {12--34}",
        "pages = {1999-a}",
        "title = {A &lt; B}",
        "title = {Tags <i>unclosed}",
        "abstract = {pages = {12-34}}",
        "doi = {https://doi.org/10.1000/ab} # x",
    ],
)
def test_what_is_not_sure_is_left_alone(kept: str) -> None:
    """Where an edit might lose something, or means something else, there is none."""
    text = f"@misc{{a, author = {{A B}}, {kept}}}\n".encode()
    assert mend.mended("refs.bib", text) == (text, ())


PIECES = st.sampled_from(
    [
        "@misc{a, ",
        "@article{b,\n",
        "title = {",
        "}",
        "},\n",
        "doi = {https://doi.org/10.1000/x}",
        "pages = {1-2}",
        "<i>",
        "</i>",
        "&amp;",
        "&eacute;",
        '"',
        'pages = "3-4",',
        "\r\n",
        "\\",
        "{",
        "$x$",
        " # ",
        "é",
        "%",
        "=",
        ",",
        "@string{s = {t}}\n",
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_a_file_says_the_same_when_it_is_put_right(text: str) -> None:
    """Whatever the file: its reader gives what it gave, and a second run has nothing to do."""
    before = text.encode()
    after, _ = mend.mended("x.bib", before)
    assert sources.read("x.bib", after, "bib") == sources.read("x.bib", before, "bib")
    assert mend.mended("x.bib", after) == (after, ())


def test_fix_changes_the_owners_file_and_says_what(folder: Path) -> None:
    """The file keeps its mode, and the line that was changed is shown."""
    write(folder, {"refs.bib": ENTRIES["page-dash"]})
    (folder / "refs.bib").chmod(0o640)
    said = run("check", "--fix").stdout
    assert "fixed refs.bib:2: pages = {12-34}: with a dash it is {12--34} [page-dash]\n" in said
    assert stat.S_IMODE((folder / "refs.bib").stat().st_mode) == 0o640
    assert (folder / "refs.bib").read_text("utf-8") == entry("pages = {12--34}")


def test_fixed_once_is_fixed(folder: Path) -> None:
    """A second run writes nothing."""
    write(folder, {"refs.bib": ENTRIES["html-in-entry"]})
    run("check", "--fix")
    before = (folder / "refs.bib").stat()
    assert "fixed" not in run("check", "--fix").stdout
    assert (folder / "refs.bib").stat().st_ino == before.st_ino


def test_fix_refuses_what_is_not_utf8() -> None:
    """Of another encoding nobody can tell what its bytes mean."""
    with pytest.raises(BibpressError, match=r"refs\.bib:2: not UTF-8"):
        mend.mended("refs.bib", "\n@misc{a, title = {é}, pages = {1-2}}".encode("latin-1"))


def test_fix_never_writes_through_a_link(folder: Path) -> None:
    """A link may lead to a file that is somebody else's."""
    write(folder, {"elsewhere/refs.bib": ENTRIES["page-dash"]})
    Path("refs.bib").symlink_to("elsewhere/refs.bib")
    assert run("check", "refs.bib", "--fix").exit_code == 2
    assert Path("refs.bib").is_symlink()
    assert Path("elsewhere/refs.bib").read_text("utf-8") == ENTRIES["page-dash"]


# --- the page -----------------------------------------------------------------------------------


def test_the_page_links_to_the_record_and_the_paper(make_site: Callable[..., Built]) -> None:
    """A finding stands beside its place, which leads to the record, and its paper."""
    site = make_site({"refs.bib": ENTRIES["missing-year"]})
    shown = site.read("quality.html").partition('id="missing-year"')[2]
    id_ = site.paper("x")["id"]
    assert f'<a href="sources/refs-bib.html#{id_}"><bdi>content/refs.bib:2</bdi></a>' in shown
    assert f'<a href="papers/{id_}.html">A paper</a>' in shown


def test_the_page_says_when_nothing_is_found(make_site: Callable[..., Built]) -> None:
    """An empty page would look like a mistake."""
    assert "It finds nothing." in make_site({"refs.bib": SOUND}).read("quality.html")


def test_the_page_is_what_the_setting_says(make_site: Callable[..., Built]) -> None:
    """A rule that is off is no rule for readers either."""
    off = '[check]\nmissing-year = "off"\n'
    site = make_site({"refs.bib": ENTRIES["missing-year"], "bibpress.toml": off})
    assert "missing-year" not in site.read("quality.html")


def test_no_page_of_findings_is_too_large(make_site: Callable[..., Built]) -> None:
    """However much is wrong, pages stay below 300 KB; what stands on none is counted."""
    title = "A very long title with many words in it " * 20
    bib = "".join(f"@misc{{k{i}, title = {{{title} {i}}}}}\n" for i in range(210))
    site = make_site({"refs.bib": bib})
    pages = [data.decode() for path, data in site.tree().items() if path.startswith("quality")]
    assert max(len(page.encode()) for page in pages) < 300_000
    assert sum(page.count(">no year</bdi>") for page in pages) == 200
    assert sum(page.count("and 10 more") for page in pages) == 2  # no year, no authors


def test_records_link_to_their_lines_in_the_repository(make_site: Callable[..., Built]) -> None:
    """With the setting, and only where line numbers may stand; papers lead to their record."""
    there = "https://codeberg.org/me/papers/src/branch/main"
    site = make_site({"refs b.bib": SOUND, "bibpress.toml": f'repository = "{there}/"\n'})
    page = next(path for path in site.tree() if re.fullmatch(r"sources/refs-b.*\.html", path))
    paper = site.read(f"papers/{site.paper('sound')['id']}.html")
    assert f'href="{there}/content/refs%20b.bib#L1"' in site.read(page)
    assert there not in paper
    assert "Report or fix" in paper


def test_without_a_repository_papers_say_nothing_of_it(make_site: Callable[..., Built]) -> None:
    """What is not used costs no page a byte."""
    site = make_site({"refs.bib": SOUND})
    assert "Report or fix" not in site.read(f"papers/{site.paper('sound')['id']}.html")


# --- the reference ------------------------------------------------------------------------------


def test_every_rule_is_in_the_reference() -> None:
    """docs/check.md has a row for each rule with its severity, and none for another."""
    text = (ROOT / "docs" / "check.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z-]+)` \| ([a-z]+) \|", text, re.M)
    assert sorted(rows) == sorted((rule.name, rule.severity) for rule in check.RULES.values())
